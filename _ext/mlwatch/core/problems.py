"""What can be wrong with a collection, and how it is told.

A :class:`Problem` is what ``mlwatch check`` prints and what a build gives as a warning of type
``mlwatch`` and subtype :class:`Code`; both show the same text at the same place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class Code(StrEnum):
    """The kinds of problem; each is the subtype of a warning: ``mlwatch.<code>``. A member is its name and what it means."""

    meaning: str

    def __new__(cls, name: str, meaning: str) -> Self:
        """Make a member that is the text *name*."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        return member

    ENCODING = (
        "encoding",
        "A page or a .bib file is not UTF-8, or holds a NUL byte. Such a page is left out of the build.",
    )
    UNREADABLE = (
        "unreadable",
        "A page cannot be read, or its front matter holds a YAML alias. It is left out of the build.",
    )
    TOO_LARGE = "too-large", "A page is larger than `mlwatch_max_page_bytes`. It is left out of the build."
    FILE_NAME = (
        "file-name",
        "A page's file name is too long or not UTF-8. The page is left out of the build.",
    )
    BLOCKED_FOLDER = (
        "blocked-folder",
        "A folder of generated pages cannot be made, because a file has its name. The pages are left out of the build.",
    )
    NO_TITLE = "no-title", "An entry's page has no heading, so that the entry has no title."
    NO_ENTRY = "no-entry", "A page in the folder of the entries has no `mlentry` block."
    SECOND_ENTRY = "second-entry", "A page has more than one `mlentry` block. Only the first counts."
    UNCLOSED = "unclosed", "The fence of an `mlentry` block is not closed."
    OPTION_SYNTAX = "option-syntax", "A line in an `mlentry` block is no option and continues none."
    UNKNOWN_OPTION = "unknown-option", "`mlentry` has no option of this name."
    REPEATED_OPTION = "repeated-option", "An option stands twice in one block. Only the first counts."
    MISSING_OPTION = "missing-option", "An option that every entry needs is missing or empty."
    BAD_DATE = "bad-date", "A date, or a day, is not in one of its forms, or there is no such day."
    BAD_URL = (
        "bad-url",
        "An address is not a web address, or a link is neither an address nor `[label](address)`.",
    )
    BAD_VALUE = (
        "bad-value",
        "An option's value is not in the form that the option has, or not one of its choices.",
    )
    DUPLICATE = "duplicate", "Two entries watch the same article."
    UNKNOWN_SERIES = "unknown-series", "`:digest:` names a series that `mlwatch_series` does not declare."
    BAD_ISSUE = "bad-issue", "`:digest:` names an issue that its series cannot have."
    UNKNOWN_SECTION = "unknown-section", "`:section:` names a section that no digest of the entry has."
    BIB_SYNTAX = "bib-syntax", "A .bib file cannot be read at this line."
    BIB_REPEATED = "bib-repeated", "A BibTeX key stands at two records."
    BIB_FIELD = "bib-field", "A BibTeX record lacks a field that its type needs."
    BIB_MISSING = "bib-missing", "A .bib file that `bibtex_bibfiles` names is not there."
    LINK_REPORT = (
        "link-report",
        "A line of the report that `mlwatch_link_report` names is none of a link check, or the file cannot be read.",
    )
    CITE = "cite", "A citation key has no BibTeX record, or cannot be a key."
    CONFIG = "config", "A `mlwatch_*` setting in `conf.py` is wrong."
    REFERENCE = "reference", "A role, a link or a directive names something that is not there."
    MISMATCH = "mismatch", "The build reads an `mlentry` block otherwise than the scan before it did."
    RAW_HTML = "raw-html", "An untrusted page has raw HTML. It is left out."
    NOT_ALLOWED = (
        "not-allowed",
        "An untrusted page has Markdown that is not in the restricted dialect: a directive, a role, a link or a picture. It is shown as text.",
    )
    TOO_DEEP = (
        "too-deep",
        "Markup on an untrusted page is nested too deep. The innermost levels are left out.",
    )
    FRONT_MATTER = (
        "front-matter",
        "An untrusted page sets something in its front matter that only trusted pages can, or its front matter is not YAML.",
    )
    STRAY_FILE = (
        "stray-file",
        "A file among the untrusted pages is not a Markdown page, or is a link to a place outside the project. It is left out of the build.",
    )


class Remark(StrEnum):
    """The kinds of remark that ``mlwatch check`` makes by its rules (:mod:`~mlwatch.core.rules`); no build makes them."""

    KEYWORD_SPELLING = "keyword-spelling"
    NO_TOPIC = "no-topic"
    NO_LANG = "no-lang"
    SOURCE_HOST = "source-host"
    SAME_WORK = "same-work"
    NO_BIBTEX = "no-bibtex"
    UNUSED_RECORD = "unused-record"
    NAME_CASE = "name-case"
    RESERVED_NAME = "reserved-name"


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
    here = Path.cwd()
    for found in (os.path.abspath(path), os.path.realpath(path)):  # noqa: PTH100 - a link is shown as a link
        if Path(found).is_relative_to(here):
            return Path(found).relative_to(here).as_posix()
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
