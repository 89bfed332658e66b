"""Pages without inline scripts, so that a site can be served under a strict Content-Security-Policy.

pydata-sphinx-theme, and the book theme with it, write three scripts into each page. Hashes of them could not be listed by a host:
one of them names the page.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from .navigation import STATIC

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

_SCRIPT: Final = "mlwatch-theme.js"
#: Sets light or dark before the first paint.
_MODE: Final = re.compile(
    r'<script data-cfasync="false">[^<]*dataset\.mode = [^<]*\|\| "(\w*)"[^<]*</script>'
)
#: What the theme's scripts read only where a version switcher is, and a value that is the same as none.
_PAGENAME: Final = "DOCUMENTATION_OPTIONS.pagename = "
_AS_YOU_TYPE: Final = "DOCUMENTATION_OPTIONS.search_as_you_type = false;"


def register(app: Sphinx) -> None:
    """Take the scripts out when all other extensions have put theirs in."""
    app.connect("html-page-context", _page_context, priority=950)


def _page_context(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Node | None
) -> None:
    # The book theme writes these into pages as they are, and a keyword or a source may be named as a script is written.
    for name in ("pagetitle", "root_title"):
        if name in context:
            context[name] = escape(context[name], quote=False)
    if app.builder.name not in ("html", "dirhtml"):
        return
    switcher = bool(context.get("theme_switcher"))
    files = context["script_files"]
    files[:] = [file for file in files if not _needless(file, switcher=switcher)]
    source = f"{context['pathto'](f'_static/{_SCRIPT}', True)}?v={_mark()}"

    def styles(head: str) -> str:
        return _MODE.sub(
            lambda found: f'<script data-mode="{found[1]}" src="{escape(source)}"></script>', head
        )

    context["mlwatch_styles"] = styles


@cache
def _mark() -> str:
    """Return what changes with the script, so that a browser keeps no older one."""
    return f"{crc32((STATIC / _SCRIPT).read_bytes()):08x}"


def _needless(file: Any, *, switcher: bool) -> bool:
    body = getattr(file, "attributes", {}).get("body") or ""
    return body == _AS_YOU_TYPE or (body.startswith(_PAGENAME) and not switcher)
