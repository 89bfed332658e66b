"""Views of papers: on the page of an entry, and in the list of papers with the entries that cover each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..records import anchor, part_title, year_of
from ..urls import host
from .pieces import entry_ref, part_docname
from .shapes import PaperRow, PapersView, PaperView, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..bibtex import Record
    from ..collection import Collection, Paper

#: How many authors of a paper are named, before "et al.".
AUTHORS: Final = 3
#: How many of the entries that cover a paper are shown with it.
COVERING: Final = 20
#: How many of the papers that entries covered last are shown where the list has parts.
RECENT: Final = 20


def paper_view(record: Record) -> PaperView:
    """Return the paper that *record* is about."""
    more = record.more or len(record.authors) > AUTHORS
    authors = record.authors[:AUTHORS]
    return PaperView(record.key, record.title, authors, more, record.published, record.pages, record.raw)


def papers(collection: Collection, key: str = "", _page: str = "") -> PapersView | None:
    """Return the part *key* of the papers; without a key all of them, or the parts when there are several."""
    parts = collection.paper_parts
    if key:
        return PapersView(0, False, (), (), _years(parts[key])) if key in parts else None
    total, records = len(collection.papers), bool(collection.catalogue.bibliography.records)
    if len(parts) < 2:
        return PapersView(total, records, (), (), _years(parts.get("", ())))
    language = collection.settings.language
    refs = (
        Ref(part_docname("papers/index", name), part_title(name, language), size=len(part))
        for name, part in parts.items()
    )
    return PapersView(total, records, tuple(refs), tuple(_row(paper) for paper in recent(collection)), ())


def recent(collection: Collection) -> list[Paper]:
    """Return the papers that the newest entries cover."""
    by_id = {paper.id: paper for paper in collection.papers}
    found: dict[str, Paper] = {}
    for entry in collection.newest:
        for id_ in collection.paper_ids(entry):
            if id_ in by_id:
                found.setdefault(id_, by_id[id_])
        if len(found) >= RECENT:
            break
    return list(found.values())[:RECENT]


def _years(listed: Iterable[Paper]) -> tuple[tuple[str, tuple[PaperRow, ...]], ...]:
    years: dict[str, list[PaperRow]] = {}
    for paper in listed:
        years.setdefault(year_of(paper), []).append(_row(paper))
    return tuple((year, tuple(rows)) for year, rows in years.items())


def _row(paper: Paper) -> PaperRow:
    if paper.record:
        shown, id_ = paper_view(paper.record), anchor(paper.record.key)
    else:
        title = paper.label or host(paper.url) or paper.url
        shown, id_ = (
            PaperView("", title, (), more=False, place="", links=(("article", paper.url),), bibtex=""),
            "",
        )
    return PaperRow(shown, id_, tuple(entry_ref(entry) for entry in paper.entries[:COVERING]))


def cited_by(
    collection: Collection, _key: str = "", _page: str = ""
) -> tuple[tuple[str, tuple[Ref, ...]], ...]:
    """Return each BibTeX key with the entries that cite it."""
    return tuple(
        (key, tuple(entry_ref(e) for e in entries)) for key, entries in sorted(collection.cited_by.items())
    )
