"""The view of what is about the same as an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .pieces import entry_ref, source_of
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
    covered = {other.docname for _, other in collection.coverage(this) if other}
    papers = set(collection.papers_of.get(docname, ()))
    rows: list[RelatedRow] = []
    room = BYTES
    for _, name in collection.related.get(docname, ()):
        if name not in covered and len(rows) < SHOWN:
            other = collection.catalogue.by_docname[name]
            room -= len(other.title.encode()) + len(name)
            if rows and room < 0:
                break
            source = source_of(collection, other)
            rows.append(
                RelatedRow(
                    page=entry_ref(other),
                    source=source.text if source else "",
                    date=other.date.label if other.date else "",
                    same_paper=not papers.isdisjoint(collection.papers_of.get(name, ())),
                )
            )
    return tuple(rows)
