"""Shorten the style sheets of themes: a page shows a tenth of what they have rules for.

A rule stays when each class and id that its selector needs is in the vocabulary below: what the theme's layout, Sphinx, MyST
and the common components of sphinx-design write into pages. What was removed is remembered by name, so that a page that uses
such a name after all can load the whole sheet instead (``parts/sheets.py``). So a name that is missing here costs bytes on
the pages that use it and never their look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

#: Classes and ids on every page: the layout, plain text, and what ML Watch draws; each line is a family.
_PLAIN: Final = r"""
    # Layout of pydata-sphinx-theme and sphinx-book-theme
    bd-(?:container|page|sidebar|main|content|article|breadcrumbs|toc).* | bd-header | bd-header-article | bd-header__inner | bd-footer | bd-footer-(?:article|content).*
    | breadcrumb-(?:item|home)
    | sidebar-(?:primary|secondary|header|toggle).* | footer-(?:article|item|content).* | prev-next.* | toc-entry | page-toc | header-article.* | article-header-buttons | navbar-(?:header-items.*|brand|item) | logo.*
    | pst-(?:async-banner-revealer|navbar-icon|js-only|sidebar-hidden|show_toc_level|skip-link|page-.*|primary-.*|secondary-.*|scrollable-.*|header) | nav(?:-link|-item)? | sbt-.* | jb-print-.*
    | left-prev | right-next | onthispage | section-nav | skip-link | ellipsis | only-(?:dark|light) | onlyprint | noprint
    | scrolled | (?:primary|secondary)-toggle | main-content | copyright
    # The few classes of Bootstrap that the layout uses, where ML Watch's own sheets do not replace them
    | d-(?:none|flex|print-none) | flex-column | align-items-center | active | visible
    # Docutils and Sphinx
    | simple | docutils | field-(?:list|even|odd) | reference | external | internal | headerlink | rubric | caption(?:-text)?
    | highlight | literal | pre | compound | toctree-wrapper | highlighted | align-default | clearer
    # sphinx-design: cards, buttons, badges
    | sd-(?:sphinx-override|card|card-body|mb-[34]|btn|btn-primary|badge)
"""
#: More of them on pages of lists: records of a bibliography, and columns and buttons of sphinx-design.
_COLUMNS: Final = r"""
    | citation(?:-list)? | label | sd-btn-outline-secondary
    | sd-(?:row|col|container-fluid|d-flex-column|col-(?:\w\w-)?(?:5|7|12)|row-cols-(?:\w\w-)?[12]|g-(?:\w\w-)?4)
"""
#: Names of which pages need no rules, although they have them: ML Watch's own sheets replace those of the header and of the icons
#: (a page with other icons has their names, too), and the warning of an old version needs a version switcher.
_REPLACED: Final = re.compile(
    r"[.#](?:navbar|navbar-expand-lg|col-lg-[39]|container|fas|fa-(?:solid|lg|fw)|bd-header-version-warning|searchbox)"
)
#: More of them on pages that a person writes.
_TEXT: Final = r"""
    | table | admonition(?:-title)? | note | tip | hint | important | warning | caution | attention | danger | error | seealso
    | align-(?:left|right|center) | align(?:left|right|center) | arabic | figure | footnote.* | fn-.* | brackets | label | aside | classifier
    | literal.* | code-block-caption | caption-number | highlight.* | linenos.* | linenodiv | hll | g[op] | math | eqno
    | toctree-l\d | sd-tab-(?:set|label|content)
"""
#: What few pages show, and the header and sidebar that the book theme has by itself.
_RICH: Final = r"""
    | container | btn.* | dropdown.* | rounded-pill | form-control | me-1 | search-button.* | bd-search | bd-links.* | bd-docs-nav | navbar-.*
    | theme-switch.* | kbd-shortcut.* | pst-(?:back-to-top|search-dialog) | toctree-.* | current | search-.*
    | show | collaps.* | fade | hide | (?:bs-)?tooltip.* | ethical-ad-.* | (?:gen|mod)index-.* # scripts add the first of them
    | sidebar.* | bd-header-announcement | bd-footer.* | footer-.* | sig(?:-.*)? | full-width | margin | topic | todo | figure-.* | line.*
    | download | kbd | version(?:added|changed|removed|modified) | added | changed | removed | deprecated | option-list | glossary | guilabel | menuselection | epigraph | attribution
    | sd-(?:summary-.* | dropdown | octicon | material-.* | details | outline-void | hide-link-text | animate-.* | fs-\d | card-.* | tab-.*)
    | sd-(?:(?:col|row-cols)-(?:\w\w-)?\d+ | g-(?:\w\w-)?\d | m[bt]-\d | btn-.* | bg-.* | text-.* | shadow-.* | stretched-link)
"""
_PIECES: Final = re.compile(
    r"""/\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^"')]*\) | [{};] | [^/"'{};u]+ | .""",
    re.VERBOSE | re.DOTALL,
)
_NAME: Final = re.compile(r"[.#]-?[A-Za-z_](?:[\w-]|\\.)*")
_ESCAPED: Final = re.compile(r"\\(.)")
#: Colors of the themes for pages without a script, which :func:`follow_system` takes from those of the light theme.
_NO_THEME: Final = "html:not([data-theme])"
_FUNCTION: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CONDITION: Final = re.compile(r"@(?:media|supports|container|layer)\b")
_VARIABLE: Final = re.compile(r"var\(\s*(--[\w-]+)")
_ANIMATION: Final = re.compile(r"\banimation(?:-name)?:([^;}]*)")
_WORD: Final = re.compile(r"[\w-]+")
_CODE_RULE: Final = re.compile(r"(.*\.highlight) (\.\w+)")
_COLON: Final = re.compile(r":[ \n]+(?=\S)")
_LISTED: Final = re.compile(r"(,) ")
_COMBINED: Final = re.compile(r" ?([,>]) ?")
_SPACES: Final = re.compile(r"\s+")
_DARK: Final = re.compile(r"""html\[data-theme=["']?dark["']?\]""")
_LIGHT: Final = re.compile(r"""html\[data-theme=["']?light["']?\]""")


class Rule(NamedTuple):
    """A rule with what is between its braces, or a declaration, which has no braces (``body`` is None)."""

    head: str
    body: list[Rule] | None


def parse(text: str) -> list[Rule]:
    """Return the rules of a style sheet; ValueError if its braces do not match."""
    levels: list[list[Rule]] = [[]]
    heads: list[str] = []
    head = ""
    for piece in _PIECES.findall(text):
        if piece.startswith("/*"):
            continue
        if piece not in "{};":
            head += piece
            continue
        stripped, head = head.strip(), ""
        if piece == "{":
            heads.append(stripped)
            levels.append([])
            continue
        if stripped:
            levels[-1].append(Rule(stripped, None))
        if piece == "}":
            if not heads:
                raise ValueError("unmatched }")
            body = levels.pop()
            levels[-1].append(Rule(heads.pop(), body))
    if heads or head.strip():
        raise ValueError("unmatched {")
    return levels[0]


def written(rules: Iterable[Rule]) -> str:
    """Return *rules* as text, one line for each of the outermost."""
    return "\n".join(_written([rule]) for rule in rules) + "\n"


def _written(rules: Sequence[Rule]) -> str:
    return "".join(
        f"{_short(head, _COMBINED)}{{{_written(body)}}}"
        if body is not None
        else f"{_short(_COLON.sub(':', head, count=1), _LISTED)};"
        for head, body in rules
    )


def _short(text: str, spaced: re.Pattern[str]) -> str:
    """Return *text* without spaces around what *spaced* finds, unless it has quotes, inside which they count."""
    return text if '"' in text or "'" in text else spaced.sub(r"\1", _SPACES.sub(" ", text))


def names(rules: Iterable[Rule]) -> set[str]:
    """Return the classes and ids that selectors have, as ``.name`` and ``#name``."""
    found: set[str] = set()
    for head, body in rules:
        if body is None:
            continue
        if _CONDITION.match(head):
            found |= names(body)
        elif not head.startswith("@"):
            found |= {_ESCAPED.sub(r"\1", name) for name in _NAME.findall(head)}
    return found


def _vocabulary(*families: str) -> Callable[[str], bool]:
    matches = re.compile("".join(families), re.VERBOSE).fullmatch
    return lambda name: matches(name, 1) is not None


#: Tell whether the rules for a name, as :func:`names` returns it, belong to pages of lists, of text, and of more than that.
LISTS: Final = _vocabulary(_PLAIN, _COLUMNS)
TEXT: Final = _vocabulary(_PLAIN, _TEXT)
RICH: Final = _vocabulary(_PLAIN, _COLUMNS, _TEXT, _RICH)


def replaced(name: str) -> bool:
    """Tell whether a page that has the class or id *name* needs no rule for it."""
    return _REPLACED.fullmatch(name) is not None


def mentioned(text: str) -> set[str]:
    """Return all that could be a class or an id in the *text* of a sheet, which need not be well-formed."""
    return {_ESCAPED.sub(r"\1", name) for name in _NAME.findall(text)}


def purge(rules: Iterable[Rule], missing: Container[str]) -> list[Rule]:
    """Return *rules* without those whose selectors need a class or an id that is *missing*."""
    kept = []
    for head, body in rules:
        if body is None:
            kept.append(Rule(head, None))
        elif _CONDITION.match(head):
            if inner := purge(body, missing):
                kept.append(Rule(head, inner))
        elif head.startswith("@"):
            kept.append(Rule(head, body))
        elif head == _NO_THEME:
            continue
        elif left := [one for one in selectors(head) if not any(name in missing for name in _needed(one))]:
            kept.append(Rule(",".join(left), body))
    return kept


def selectors(head: str) -> list[str]:
    """Split a list of selectors at the commas that are not inside parentheses or brackets."""
    parts, depth = [""], 0
    for character in head:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [_SPACES.sub(" ", part.strip()) for part in parts]


def _needed(selector: str) -> set[str]:
    """Return the names without which *selector* matches nothing; those in ``:not(…)`` and its like are not among them."""
    before = ""
    while before != selector:
        before, selector = selector, _FUNCTION.sub("", selector)
    return {_ESCAPED.sub(r"\1", name) for name in _NAME.findall(selector)}


def drop_unused(sheets: Mapping[str, list[Rule]], others: str) -> tuple[dict[str, list[Rule]], set[str]]:
    """Remove custom properties and animations that neither *sheets* nor the text of *others* use; return what is left, and their names.

    A property may be used by one that is itself unused, so this goes on until nothing more is found.
    """
    left = dict(sheets)
    dropped: set[str] = set()
    while True:
        text = "".join(map(written, left.values())) + others
        used = set(_VARIABLE.findall(text))
        used.update(f"@{word}" for value in _ANIMATION.findall(text) for word in _WORD.findall(value))
        found: set[str] = set()
        left = {name: _without(rules, used, found) for name, rules in left.items()}
        if not found:
            return left, dropped
        dropped |= found


def _without(rules: list[Rule], used: Container[str], found: set[str]) -> list[Rule]:
    """Return *rules* without properties and animations that are not *used*, whose names are added to *found*."""
    kept = []
    for head, body in rules:
        name = ""
        if body is None and head.startswith("--"):
            name = head.partition(":")[0].rstrip()
        elif head.startswith(("@keyframes", "@-webkit-keyframes")):
            name = f"@{head.split()[-1]}"
        if name and name not in used:
            found.add(name)
        elif body is None:
            kept.append(Rule(head, None))
        elif inner := _without(body, used, found):
            kept.append(Rule(head, inner))
    return kept


def grouped(rules: Iterable[Rule]) -> list[Rule]:
    """Return the *rules* of Pygments with those that say the same put together: no element has two of its classes."""
    groups: dict[tuple[str, str], tuple[list[str], list[Rule]]] = {}
    found: list[Rule | tuple[str, str]] = []
    for head, body in rules:
        match = _CODE_RULE.fullmatch(head)
        if match is None or body is None:
            found.append(Rule(head, body))
            continue
        key = (match[1], _written(body))
        if key not in groups:
            found.append(key)
        groups.setdefault(key, ([], body))[0].append(match[2])
    return [
        one if isinstance(one, Rule) else Rule(f"{one[0]} :is({','.join(groups[one][0])})", groups[one][1])
        for one in found
    ]


def follow_system(rules: Iterable[Rule]) -> list[Rule]:
    """Return *rules* for pages whose script did not run, too: those of the dark theme apply where the system asks for it.

    The themes set ``data-theme`` on ``<html>`` by a script. Where it is missing, rules of the light theme apply, and those of
    the dark theme after them inside a media query.
    """
    found = []
    for head, body in rules:
        if body is not None and _CONDITION.match(head):
            found.append(Rule(head, follow_system(body)))
            continue
        found.append(Rule(_LIGHT.sub("html:not([data-theme=dark])", head), body))
        if body is not None and (dark := [one for one in selectors(head) if _DARK.search(one)]):
            bare = ",".join(_DARK.sub("html:not([data-theme])", one) for one in dark)
            found.append(Rule("@media (prefers-color-scheme:dark)", [Rule(bare, body)]))
    return found
