"""What a page loads: no inline scripts, so that a site can be served under a strict Content-Security-Policy, and little else.

pydata-sphinx-theme, and the book theme with it, write three scripts into each page. Hashes of them could not be listed by a host:
one of them names the page. And they load 0.5 MB of Font Awesome's script, which draws again the icons that a font draws already.
"""

from __future__ import annotations

import posixpath
import re
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final

from .navigation import SITES, Once, fingerprint
from .needed import is_known

if TYPE_CHECKING:
    from collections.abc import Callable

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
#: Font Awesome's script (only icons of one's own need it), and scripts that stand at the end of the page and need not go ahead
#: of what the page is drawn with.
_ICONS: Final = re.compile(
    r'\s*<!--[^<>]*-->\s*<script defer src="[^"]*/scripts/fontawesome\.js[^"]*"></script>'
)
_AHEAD: Final = re.compile(r'(?:\s*<!--[^<>]*-->)?(?:\s*<link rel="preload" as="script" [^>]*>)+')


def register(app: Sphinx) -> None:
    """Look at what a page loads when all other extensions have put in theirs."""
    app.connect("html-page-context", partial(_page_context, Once(app)), priority=950)


def _page_context(
    once: Once,
    app: Sphinx,
    _pagename: str,
    _template: str,
    context: dict[str, Any],
    _doctree: Node | None,
) -> None:
    # The book theme writes these into pages as they are, and a keyword or a source may be named as a script is written.
    for name in ("pagetitle", "root_title"):
        if name in context:
            context[name] = escape(context[name], quote=False)
    if app.builder.name not in SITES:
        return
    switcher = bool(context.get("theme_switcher"))
    files = context["script_files"]
    files[:] = [file for file in files if not _needless(file, switcher=switcher)]
    if (
        "mlwatch_head" in context
    ):  # the scripts of Sphinx's own search, which need others at once, are not there
        _defer(files)
        _drop_marking(app, files)
    own_icons = any("fa-custom" in icon.get("icon", "") for icon in context.get("theme_icon_links") or ())
    source = f"{context['pathto'](f'_static/{_SCRIPT}', True)}?v={fingerprint(_SCRIPT)}"

    def styles(draw: Callable[[], str]) -> str:
        head = _MODE.sub(
            lambda found: f'<script data-mode="{found[1]}" src="{escape(source)}"></script>', draw()
        )
        head = head if own_icons else _ICONS.sub("", head)
        return _AHEAD.sub("", head)

    # Pages of one folder begin alike; what pydata-sphinx-theme draws there has nothing of the page itself.
    alike = (source, context.get("default_mode"), own_icons) if "generate_toc_html" in context else None

    def shared(name: str, files: list[Any], draw: Callable[[], str]) -> str:
        if alike is None or not all(hasattr(file, "attributes") for file in files):
            return draw()
        return once.draw((name, *alike, *files), draw)

    context["mlwatch_styles"] = lambda draw: shared("styles", context["css_files"], lambda: styles(draw))
    context["mlwatch_scripts"] = lambda draw: shared("scripts", files, draw)


def _defer(files: list[Any]) -> None:
    """Have scripts run in their order once the page stands; not where one in the page itself may need those before it."""
    if not any(file.attributes.get("body") for file in files):
        for file in files:
            if not {"async", "defer", "type"}.intersection(file.attributes):
                file.attributes["defer"] = "defer"


def _drop_marking(app: Sphinx, files: list[Any]) -> None:
    """Remove the scripts that mark what Sphinx's own search has found, which is not there."""
    keys = getattr(app.builder, "theme_options", {}).get("navigation_with_keys")
    used = str(keys).lower() == "true"
    if used or not all(is_known(posixpath.basename(str(file.filename))) for file in files if file.filename):
        return
    files[:] = [
        file
        for file in files
        if str(file.filename) not in ("_static/sphinx_highlight.js", "_static/doctools.js")
    ]


def _needless(file: Any, *, switcher: bool) -> bool:
    body = getattr(file, "attributes", {}).get("body") or ""
    return body == _AS_YOU_TYPE or (body.startswith(_PAGENAME) and not switcher)
