"""The view of what is about the same as an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .pieces import source_of
from .shapes import RelatedRow

if TYPE_CHECKING:
    from ..collection import Collection

#: How many related entries a page shows, and how many bytes their titles and addresses take: every entry's page pays.
SHOWN: Final = 5
BYTES: Final = 850


def related(collection: Collection, docname: str) -> tuple[RelatedRow, ...]:
    """Return the entries that are about the same as *docname*, the closest first; its other coverage stands elsewhere."""
    this = collection.catalogue.by_docname.get(docname)
    if this is None:
        return ()
    listed = collection.related.get(docname)
    if not listed:
        return ()
    covered = collection.covered.get(docname, ())
    papers_of = collection.papers_of
    papers = set(papers_of.get(docname, ()))
    rows: list[RelatedRow] = []
    room = BYTES
    for _, name in listed:
        if name not in covered:
            size, row = _row(collection, name)
            room -= size
            if len(rows) == SHOWN or (rows and room < 0):
                break
            shared = papers and not papers.isdisjoint(papers_of.get(name, ()))
            rows.append(row._replace(same_paper=True) if shared else row)
    return tuple(rows)


def _row(collection: Collection, name: str) -> tuple[int, RelatedRow]:
    """Return how many bytes the entry *name* takes in a list, and what is shown of it."""
    found = collection.related_rows.get(name)
    if found is None:
        entry = collection.catalogue.by_docname[name]
        source = source_of(collection, entry)
        date = entry.date.label if entry.date else ""
        row = RelatedRow(name, entry.title, entry.lang, source.text if source else "", date, same_paper=False)
        found = collection.related_rows[name] = (len(entry.title.encode()) + len(name), row)
    return found
