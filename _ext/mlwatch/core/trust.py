"""Which pages are untrusted: anyone may send them by pull request, and they are built without a review of what they run.

The entries and the generated folders always are. ``mlwatch_untrusted`` adds to them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: The folders below the sources that hold generated pages; in ``bibliography`` an earlier version had some.
FOLDERS: Final = (
    "bibliography",
    "digests",
    "keywords",
    "papers",
    "reading-list",
    "sources",
    "starred",
    "topics",
    "trends",
    "years",
)
_WILDCARDS: Final = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


class Untrusted:
    """Decides by its path whether a page is untrusted; call it with a path relative to the source folder, with slashes.

    *entries* is the folder of the entries. *patterns* have the form of Sphinx's ``exclude_patterns``; one that
    begins with ``!`` makes pages trusted again, and the last one that matches decides. No pattern makes entries or
    generated folders trusted.
    """

    def __init__(self, entries: str, patterns: Iterable[str]) -> None:
        self._always = tuple(f"{folder}/" for folder in (entries, *FOLDERS))
        self._rules = [
            (not pattern.startswith("!"), matcher([pattern.removeprefix("!")])) for pattern in patterns
        ]

    def __call__(self, path: str) -> bool:
        if path.startswith(self._always):
            return True
        decided = False
        for untrusted, matches in self._rules:
            if decided != untrusted and matches(path):
                decided = untrusted
        return decided


def matcher(patterns: Iterable[str]) -> Callable[[str], object]:
    """Return a function that says whether a path matches one of Sphinx's *patterns*.

    ``*`` and ``?`` stop at a slash, ``**`` does not (``sphinx.util.matching``).
    """
    regexes = "|".join(filter(None, map(_regex, patterns)))
    return re.compile(f"(?:{regexes})$").match


def _regex(pattern: str) -> str:
    out = ""
    for part in re.findall(r"\*\*|\*|\?|\[!?+\]?+[^\]]{0,100}+\]|.", pattern, flags=re.DOTALL):
        if part in _WILDCARDS:
            out += _WILDCARDS[part]
        elif len(part) > 1:
            held = part[1:-1].replace("\\", "\\\\")
            held = f"^/{held[1:]}" if held[0] == "!" else f"\\{held}" if held[0] == "^" else held
            out += f"[{held}]"
        else:
            out += re.escape(part)
    try:
        re.compile(out)
    except re.error:
        return ""  # Sphinx refuses the pattern, and says so
    return out
