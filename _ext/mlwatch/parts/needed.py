"""Scripts that a page does not use are not loaded, which is known when the page is whole.

Themes and extensions put theirs on every page: Bootstrap's 81 KB for menus that a page may not have, the copying of code
for pages without code.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

#: Patterns begin with what is rare: a regular expression is then looked for as a text is.
_SCRIPT: Final = re.compile(r'<script\b[^>]*\bsrc="(?:[^"?]*/)?([\w.-]+)(?:\?[^"]*)?"[^>]*></script>')
#: What a page that uses the script has.
_USES: Final = {
    "bootstrap.js": (
        re.compile(r'data-bs-(?!toggle="tooltip"|placement=)'),
        re.compile(r'id="pst-collapse-sidebar-button"'),
    ),
    "clipboard.min.js": (re.compile(r"<pre\b"),),
    "copybutton.js": (re.compile(r"<pre\b"),),
    "design-tabs.js": (re.compile(r"sd-tab-set\b"),),
}
#: Other scripts that are known not to need those. A script that is not known may use any of them.
_KNOWN: Final = re.compile(
    r"mlwatch-[\w-]+\.js|documentation_options\.js|doctools\.js|sphinx_highlight\.js|searchtools\.js|language_data\.js|searchindex\.js"
    r"|pydata-sphinx-theme\.js|sphinx-book-theme\.js|fontawesome\.js"
)


@cache
def is_known(name: str) -> bool:
    """Tell whether it is known which other scripts the script *name*, a file's name, needs."""
    return name in _USES or _KNOWN.fullmatch(name) is not None


def without_unused(page: str) -> str:
    """Return *page* without the scripts that it does not use."""
    scripts = list(_SCRIPT.finditer(page))
    if not all(is_known(script[1]) for script in scripts):
        return page
    for script in reversed(scripts):
        if script[1] in _USES and not any(use.search(page) for use in _USES[script[1]]):
            page = page[: script.start()].rstrip() + page[script.end() :]
    return page
