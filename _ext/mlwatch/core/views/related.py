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
    papers_of, by_docname = collection.papers_of, collection.catalogue.by_docname
    papers = set(papers_of.get(docname, ()))
    rows: list[RelatedRow] = []
    room = BYTES
    for _, name in listed:
        if name not in covered:
            other = by_docname[name]
            room -= len(other.title.encode()) + len(name)
            if len(rows) == SHOWN or (rows and room < 0):
                break
            shared = not papers.isdisjoint(papers_of.get(name, ()))
            source = source_of(collection, other)
            rows.append(
                RelatedRow(
                    name,
                    other.title,
                    other.lang,
                    source.text if source else "",
                    other.date.label if other.date else "",
                    shared,
                )
            )
    return tuple(rows)
