"""What can be wrong with a collection, and how it is told.

A :class:`Problem` is what ``mlwatch check`` prints and what a build gives as a warning of type
``mlwatch`` and subtype :class:`Code`; both show the same text at the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Code(StrEnum):
    """The kinds of problem; each is the subtype of a warning: ``mlwatch.<code>``."""

    ENCODING = "encoding"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    NO_TITLE = "no-title"
    NO_ENTRY = "no-entry"
    SECOND_ENTRY = "second-entry"
    UNCLOSED = "unclosed"
    OPTION_SYNTAX = "option-syntax"
    UNKNOWN_OPTION = "unknown-option"
    REPEATED_OPTION = "repeated-option"
    MISSING_OPTION = "missing-option"
    BAD_DATE = "bad-date"
    BAD_URL = "bad-url"
    BAD_VALUE = "bad-value"
    DUPLICATE = "duplicate"
    UNKNOWN_SERIES = "unknown-series"
    BAD_ISSUE = "bad-issue"
    UNKNOWN_SECTION = "unknown-section"
    BIB_SYNTAX = "bib-syntax"
    BIB_REPEATED = "bib-repeated"
    BIB_FIELD = "bib-field"
    BIB_MISSING = "bib-missing"
    LINK_REPORT = "link-report"
    CITE = "cite"
    CONFIG = "config"
    REFERENCE = "reference"
    MISMATCH = "mismatch"
    RAW_HTML = "raw-html"


class Remark(StrEnum):
    """The kinds of remark that ``mlwatch check`` makes by its rules (:mod:`~mlwatch.core.rules`); no build makes them."""

    KEYWORD_SPELLING = "keyword-spelling"
    NO_LANG = "no-lang"
    SOURCE_HOST = "source-host"
    SAME_WORK = "same-work"
    NO_BIBTEX = "no-bibtex"
    UNUSED_RECORD = "unused-record"


class Level(StrEnum):
    """How much something weighs: an error ends a check with 1, a warning is shown, an info is shown when asked for."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend.

    ``path`` is absolute or relative to the working folder, ``line`` counts from 1, ``message`` says
    what stands there, why it is wrong and how to mend it.
    """

    path: str
    line: int
    code: Code | Remark
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}: {self.message}"


def shown_path(path: str) -> str:
    """Return *path* relative to the working folder where it lies below it, so that an editor can open it."""
    try:
        return Path(path).resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path


#: More choices than these are compared with only where they begin alike, and the most alike of them first.
_MANY: Final = 200
#: Nobody mistypes a name longer than this.
_LONGEST: Final = 200
#: How many words of one kind get a suggestion in one run.
MOST_HINTS: Final = 20


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return `` (did you mean "a" or "b"?)`` with the nearest of *choices*, or an empty string.

    Each call looks at all of *choices*; where many words may be wrong, ask :class:`Hints`.
    """
    if len(word) > _LONGEST:
        return ""
    asked = word.casefold()
    known = {choice.casefold(): choice for choice in choices}
    among: Iterable[str] = known
    if len(known) > _MANY:
        among = _alike(asked, known)
    near = [known[key] for key in get_close_matches(asked, among, n=3, cutoff=0.6)]
    if not near:
        return ""
    return f" (did you mean {' or '.join(quote(choice) for choice in near)}?)"


def _alike(asked: str, known: Iterable[str]) -> list[str]:
    """Return the names of *known* that begin like *asked* and share the most letters with it, whatever their order."""
    among = [key for key in known if key[:1] == asked[:1] and abs(len(key) - len(asked)) < 4]
    if len(among) <= _MANY:
        return among
    matcher = SequenceMatcher(b=asked)

    def shared(key: str) -> float:
        matcher.set_seq1(key)
        return matcher.quick_ratio()

    return nlargest(_MANY, among, key=shared)


class Hints:
    """The suggestions of one run: each wrong word is looked up once, and only the first twenty of a kind.

    Comparing thousands of wrong words with thousands of names takes minutes, and nobody reads past the first ones.
    """

    def __init__(self) -> None:
        self._found: dict[str, dict[str, str]] = {}

    def suggest(self, kind: str, word: str, choices: Iterable[str]) -> str:
        """Return what :func:`suggest` does, or an empty string when enough words of this *kind* were looked up."""
        found = self._found.setdefault(kind, {})
        if word not in found and len(found) < MOST_HINTS:
            found[word] = suggest(word, choices)
        return found.get(word, "")


def quote(text: str, limit: int = 80) -> str:
    """Return *text* in quotation marks on one line, cut at *limit* characters, control characters shown."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    if shown.isprintable():
        return f'"{shown}"'
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in shown) + '"'
