"""What an exporter takes and gives.

An exporter is a pure function of a portion of the catalogue: it opens no file, and the same portion gives the
same bytes at any time on any machine. What its format holds is declared with it; the guide's table is made
from that, and tests hold it true by importing what was exported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from ..model import FIELDS
from ..page import read_page
from ..topics import topics_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..bibtex import Record
    from ..catalogue import Catalogue
    from ..model import Entry

#: All that a collection knows of an entry: its title, its options, its texts, the records that it cites.
HELD: Final = ("title", *(field.name for field in FIELDS), "summary", "comment", "body", "records")


class ExportFailure(Exception):  # noqa: N818 - the word that the command line shows
    """A format that cannot be written on this machine; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The entries to export, in order, with all that belongs to them.

    ``bodies`` has the Markdown of each page beside summary and comment, by docname; a page without such is left
    out. ``records`` are the BibTeX records that the entries cite, by key, in the order of the files. ``topics`` has
    the ids of an entry's topics, by docname; they follow from its keywords, so no import takes them.
    """

    entries: tuple[Entry, ...]
    bodies: Mapping[str, str]
    records: Mapping[str, Record]
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cited_by(self, entry: Entry) -> list[Record]:
        """Return the records that the options of *entry* cite, in its order."""
        return [self.records[key] for key in entry.cite if key in self.records]


class Exporter(Protocol):
    """One format."""

    #: What the command line calls it, such as ``jsonl``.
    name: str
    #: What a person calls it.
    title: str
    #: The end of a file's name, with the dot.
    suffix: str
    #: Whether it is no text, and so needs a file.
    binary: bool

    @property
    def holds(self) -> frozenset[str]:
        """What of :data:`HELD` comes back as it was when the export is imported."""
        ...

    @property
    def partly(self) -> Mapping[str, str]:
        """What of :data:`HELD` comes back with a loss, and which, in a few words."""
        ...

    def write(self, portion: Portion) -> bytes:
        """Return the file. Raises :class:`ExportFailure` and nothing else."""
        ...


def portion_of(catalogue: Catalogue, entries: Sequence[Entry]) -> Portion:
    """Return *entries* of *catalogue* with their bodies and records. Reads the pages; one that is gone has no body."""
    bodies: dict[str, str] = {}
    for entry in entries:
        try:
            text = (catalogue.srcdir / entry.path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        if body := body_of(text):
            bodies[entry.docname] = body
    wanted = {key for entry in entries for key in entry.cite}
    records = {key: record for key, record in catalogue.bibliography.records.items() if key in wanted}
    topics = {
        entry.docname: tuple(topic.id for topic in topics_of(entry, catalogue.settings)) for entry in entries
    }
    return Portion(tuple(entries), bodies, records, topics)


def body_of(text: str) -> str:
    """Return what stands on the page *text* beside its summary and its comment, as sections.

    What stands above the first section gets the heading "Notes", so that it stays apart from the comment when
    the page is written anew.
    """
    parts = read_page(text).rest
    return "\n\n".join(f"## {heading or 'Notes'}\n\n{words}" for heading, words in parts)
