"""The scripts of every page: each a file of its own, loaded once for the whole site, after the page.

What they must know of the site stands in one more file, which the build writes: so no page repeats it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..base.config import settings_of
from ..base.locale import language
from ..core.atomic import write_if_changed
from . import words
from .domain import domain_of
from .markup import DIRECT
from .navigation import fingerprint

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.config import Config

_SITE: Final = "mlwatch-site.js"
_EVERY: Final = (
    _SITE,
    "mlwatch-comfort.js",
    "mlwatch-comfort-marks.js",
    "mlwatch-comfort-previews.js",
    "mlwatch-comfort-help.js",
    "mlwatch-comfort-keys.js",
    "mlwatch-comfort-instant.js",
)
#: The scripts of the search: of its page, and of what finds and shows entries elsewhere.
SEARCH: Final = tuple(f"mlwatch-search{part}.js" for part in ("", "-engine", "-facets", "-text"))
_ENTRY: Final = "mlwatch-comfort-entry.js"


def register(app: Sphinx) -> None:
    """Connect what writes the site's file and what adds the scripts; builders other than HTML's have none."""
    app.connect("builder-inited", _begin)
    app.connect("html-page-context", _page_context)


def site(config: Config, builder: str) -> str:
    """Return the script that tells the others the site's language, its folder of entries, and their words."""
    facts = {
        "lang": language().code.replace("_", "-"),
        "english": language().english,
        "weeks": settings_of(config).weeks,
        "entries": config.mlwatch_entries.strip("/") + "/",
        "ending": ".html" if builder == "html" else "/",
        "search": fingerprint(*SEARCH),
        "words": {"comfort": words.comfort(), "search": words.search()},
    }
    return f"window.mlwatchSite = {json.dumps(facts, ensure_ascii=False, separators=(',', ':'))};\n"


def _begin(app: Sphinx) -> None:
    if app.builder.name in DIRECT:  # they know an entry by its address
        write_if_changed(Path(app.outdir) / "_static" / _SITE, site(app.config, app.builder.name).encode())
        for name in _EVERY:
            app.add_js_file(name, loading_method="defer")


def _page_context(
    app: Sphinx, pagename: str, _template: str, _context: dict[str, Any], _doctree: Node | None
) -> None:
    if app.builder.name in DIRECT and pagename in domain_of(app.env).collection.catalogue.by_docname:
        app.add_js_file(_ENTRY, loading_method="defer")
