"""What an importer takes and gives.

An importer is a pure function of a file's text: it opens no file, asks no network and knows no page that
is there already. It says of each line what became of it; a line that it does not name is reported as not
understood, so that nothing can be lost silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from ..model import Entry
    from ..settings import Settings


class ImportFailure(ValueError):  # noqa: N818 - the word that the command line shows
    """A file that cannot be imported at all; the text is for a person. No importer raises anything else."""


@dataclass(frozen=True, slots=True)
class Document:
    r"""A file to import: the ``name`` it was given by, its decoded ``text`` with ``\n`` for line ends.

    Decoding, a byte order mark, line ends and NUL bytes are dealt with before an importer sees it.
    """

    name: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends; line *n* of the file is ``lines[n - 1]``."""
        return self.text.split("\n")


class Use(StrEnum):
    """What became of a line that is not a field of an entry (for those, ``Line.use`` is the option's name)."""

    TITLE = "title"
    SUMMARY = "summary"
    COMMENT = "comment"
    BODY = "body"
    RECORD = "record"
    HEADING = "heading"
    SEPARATOR = "separator"
    BLANK = "blank"
    SYNTAX = "syntax"
    UNPARSED = "unparsed"


class Line(NamedTuple):
    """What became of line ``number``: a :class:`Use` or the name of an option, and of which item (an index)."""

    number: int
    use: str
    item: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the file.

    In ``entry`` the ``docname`` is empty, ``path`` is the document's name and ``line`` where the item begins
    in it; ``summary`` and ``comment`` are Markdown. ``body`` is Markdown that belongs below them on the page,
    sections with headings of level two (the answers of a thread, say). ``records`` are the BibTeX records,
    as text, that the entry cites.
    """

    entry: Entry
    body: str = ""
    records: tuple[str, ...] = ()


@dataclass(slots=True)
class Harvest:
    """All that an importer found: the items in the order of the file, and what became of each line.

    ``advice`` is text for ``conf.py`` that the file suggests and no importer writes: OPML names sources, not articles.
    """

    items: list[Item] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


class Importer(Protocol):
    """One format."""

    #: What ``--format`` calls it, such as ``watch-page``.
    name: str
    #: What a person calls it, such as "Markdown watch page".
    title: str

    def sniff(self, document: Document) -> int:
        """Return how sure it is that *document* is of this format: 0 no, 100 certain; looks at the text first."""
        ...

    def read(self, document: Document, settings: Settings) -> Harvest:
        """Return what stands in *document*. Raises :class:`ImportFailure` and nothing else."""
        ...
