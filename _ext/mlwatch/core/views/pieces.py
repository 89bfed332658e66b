"""Pieces that several views share: references, rows, pages of a list."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final
from zlib import crc32

from ..names import slug
from .shapes import ListView, Pages, Ref, Row

if TYPE_CHECKING:
    from collections.abc import Sequence, Sized

    from ..collection import Collection
    from ..language import Language
    from ..model import Entry


#: How many pages up the list a page tells of, and where a page's links stop.
NEAR: Final = 2


def entry_ref(entry: Entry) -> Ref:
    """Return a reference to the page of *entry*."""
    return Ref(entry.docname, entry.title, entry.lang)


def month_text(label: str, language: Language) -> str:
    """Return "September 2021" for ``2021-09`` and a year as it is."""
    year, _, month = label.partition("-")
    return language.month(int(month), int(year)) if month else year


def month_docname(label: str) -> str:
    """Return the docname of the page of a month or year."""
    return f"years/{label}"


def page_docname(base: str, number: int) -> str:
    """Return the docname of the *number*-th page of a list whose first page is *base*."""
    return base if number == 1 else further_docname(base, number)


def further_docname(base: str, number: int) -> str:
    """Return the docname of the page *number* of a list, which is not its first page *base*."""
    return f"{base.removesuffix('/index')}/page-{number}"


def part_docname(name: str) -> str:
    """Return the docname of a part of the bibliography."""
    return f"bibliography/{name}"


def source_of(collection: Collection, entry: Entry) -> Ref | None:
    """Return the source of *entry* with its page."""
    return _refs(collection, "sources")[slug(entry.source)] if entry.source else None


def keywords_of(collection: Collection, entry: Entry) -> tuple[Ref, ...]:
    """Return the keywords of *entry* with their pages, spelled as most entries do."""
    refs = _refs(collection, "keywords")
    return tuple([refs[slug(name)] for name in entry.keywords])


def _refs(collection: Collection, folder: str) -> dict[str, Ref]:
    """Return a link to each keyword or source, by slug."""
    found = collection.refs.get(folder)
    if found is None:
        groups = collection.keywords if folder == "keywords" else collection.sources
        found = {slug: Ref(f"{folder}/{slug}", group.name) for slug, group in groups.items()}
        collection.refs[folder] = found
    return found


def row(collection: Collection, entry: Entry, *, full: bool = False, note: str = "") -> Row:
    """Return *entry* as a list shows it; *full* adds keywords and the beginning of its summary."""
    kept = collection.rows
    found = kept.get((entry.docname, full))
    if found is None:
        found = kept[entry.docname, full] = Row(
            page=entry_ref(entry),
            alt_title=entry.alt_title,
            date=entry.date.label if entry.date else "",
            source=source_of(collection, entry),
            star=entry.star,
            pick=entry.pick,
            kind=entry.kind,
            status=entry.status,
            keywords=keywords_of(collection, entry) if full else (),
            excerpt=collection.catalogue.pages[entry.docname].excerpt if full else "",
        )
    return found._replace(note=note) if note else found


def page_size(collection: Collection, *, full: bool = False) -> int:
    """Return how many rows a page has; *full* ones, with keywords and summary, weigh double."""
    size = collection.settings.page_size
    return max(1, size // 2) if full else size


def page_count(collection: Collection, items: Sized, *, full: bool = False) -> int:
    """Return how many pages a list of *items* takes; an empty one takes one."""
    return max(1, ceil(len(items) / page_size(collection, full=full)))


def paged(
    collection: Collection, base: str, page: str, items: Sequence[object], *, full: bool = False
) -> tuple[Pages, slice]:
    """Return where the page *page* of *items* stands, and which items it shows."""
    size = page_size(collection, full=full)
    pages = Pages(base, int(page or 1), page_count(collection, items, full=full))
    return pages, slice((pages.number - 1) * size, pages.number * size)


def list_view(collection: Collection, base: str, page: str, entries: Sequence[Entry]) -> ListView | None:
    """Return a page of the list of *entries*, newest first: the one with the number *page*, or the first, *base*; None when there is none."""
    parts = parted(collection, base, entries)
    count = len(parts)
    number = int(page or count)
    if number > count - bool(page):
        return None
    rows = tuple(
        row(collection, e, note=e.todo if base == "reading-list/todo" else "")
        for e in entries[parts[count - number]]
    )
    pages = Pages(base, number, min(count, number + NEAR + 2), falling=True)
    return ListView(rows, pages, 0 if page else len(entries))


def parted(collection: Collection, base: str, entries: Sequence[Entry]) -> tuple[slice, ...]:
    """Part a list that is newest first into pages, so that one entry more or less changes one page and seldom its neighbours.

    A page ends where the docname of an entry says so, once it has about half of what it may have (content-defined
    chunking, as in rsync and restic). Pages are made from the oldest entry on and numbered so; the first page has the newest
    entries, as many as are left.
    """
    found = collection.parts.get(base)
    if found is None:
        found = collection.parts[base] = tuple(_parts(entries, page_size(collection)))
    return found


def _parts(entries: Sequence[Entry], size: int) -> list[slice]:
    start = end = len(entries)
    parts: list[slice] = []
    most = max(1, size * 3 // 4)
    while start and len(entries) > size:
        start -= 1
        has = end - start
        if has == most or (
            2 * has >= most and crc32(entries[start].docname.encode()) % max(2, size // 8) == 0
        ):
            parts.append(slice(start, end))
            end = start
    if end < max(1, size // 4) and parts:
        end = parts.pop().stop
    return [slice(0, end), *reversed(parts)]


def list_names(collection: Collection, base: str, entries: Sequence[Entry]) -> list[str]:
    """Return the docnames of all pages of the list of *entries*, newest first."""
    further = range(len(parted(collection, base, entries)) - 1, 0, -1)
    return [base, *(further_docname(base, number) for number in further)]


def page_names(collection: Collection, base: str, items: Sized, *, full: bool = False) -> list[str]:
    """Return the docnames of all pages of the list of *items*."""
    return [page_docname(base, n + 1) for n in range(page_count(collection, items, full=full))]
