"""Pieces that several views share: references, rows, pages of a list."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from .. import topics
from ..names import slug
from ..parting import part
from ..urls import identity
from .shapes import ListView, Pages, Part, Ref, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Sized

    from ..bibtex import Record
    from ..collection import Collection, Group
    from ..language import Language
    from ..model import Entry


#: How many pages before and after a page it has links to; and what stands for those left out.
NEAR: Final = 2
GAP: Final = "…"
#: The name of a part whose entries have no date.
UNDATED: Final = "undated"


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
    return part_docname(base, "" if number == 1 else f"page-{number}")


def source_of(collection: Collection, entry: Entry) -> Ref | None:
    """Return the source of *entry* with its page."""
    return _refs(collection, "source")[slug(entry.source)] if entry.source else None


def keywords_of(collection: Collection, entry: Entry) -> tuple[Ref, ...]:
    """Return the keywords of *entry* with their pages, spelled as most entries do."""
    refs = _refs(collection, "keyword")
    return tuple([refs[slug(name)] for name in entry.keywords])


def topics_of(collection: Collection, entry: Entry) -> tuple[Ref, ...]:
    """Return the topics of *entry* with their pages, in the order of the setting."""
    refs = _refs(collection, "topic")
    return tuple([refs[topic.id] for topic in topics.topics_of(entry, collection.settings)])


def group_ref(kind: str, group: Group, size: int = 0) -> Ref:
    """Return a link to the page of a keyword, a source or a topic; *size* is shown as a count."""
    return Ref(f"{kind}s/{group.slug}", group.name, size=size)


def _refs(collection: Collection, kind: str) -> dict[str, Ref]:
    """Return a link to each group of a *kind*, by slug."""
    found = collection.refs.get(kind)
    if found is None:
        found = {slug: group_ref(kind, group) for slug, group in collection.groups(kind).items()}
        collection.refs[kind] = found
    return found


def row(collection: Collection, entry: Entry, *, full: bool = False, note: str = "") -> Row:
    """Return *entry* as a list shows it; *full* adds its topics, its whole summary and the comment."""
    kept = collection.rows
    found = kept.get((entry.docname, full))
    if found is None:
        record = collection.record_of(entry)
        excerpt = beginning(collection.catalogue.pages[entry.docname].excerpt)
        found = kept[entry.docname, full] = Row(
            page=entry_ref(entry),
            alt_title=entry.alt_title,
            date=entry.date.label if entry.date else "",
            source=source_of(collection, entry),
            star=entry.star,
            pick=entry.pick,
            kind=entry.kind,
            status=entry.status,
            links=tuple(links_of(entry, record)),
            excerpt=excerpt,
            paper=(record.title, record.credit) if record and not excerpt else ("", ""),
            topics=topics_of(collection, entry) if full else (),
            summary=entry.summary if full else "",
            comment=entry.comment if full else "",
        )
    return found._replace(note=note) if note else found


def links_of(entry: Entry, record: Record | None) -> Iterator[tuple[str, str]]:
    """Yield the links of a row as (kind, URL): the article, the paper behind it, its code."""
    seen = set()
    paper = next((link.url for link in entry.links if link.rel == "paper"), record.url if record else "")
    code = next((link.url for link in entry.links if link.rel == "code"), "")
    for kind, url in (
        ("paper" if entry.kind == "paper" else "article", entry.url),
        ("paper", paper),
        ("code", code),
    ):
        if url and identity(url) not in seen:
            seen.add(identity(url))
            yield kind, url


def beginning(text: str, limit: int = 200) -> str:
    """Return the first sentences of *text* that fit into *limit* characters; the first one is cut at a word if it is longer."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(f"{mark} ", 0, limit) for mark in ".?!")
    if end >= limit // 3:
        return text[: end + 1]
    return text[:limit].rpartition(" ")[0].rstrip(",;:. …") + " …"


def page_size(collection: Collection, *, full: bool = False) -> int:
    """Return how many rows a page has; *full* ones, with the whole summary, weigh double."""
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
    """Return a part of the list of *entries*, newest first: the one with the name *page*, or the first, *base*; None when there is none."""
    parts = parted(collection, base, entries)
    names = list(parts)
    if page not in parts:
        return None
    rows = tuple(
        row(collection, e, note=e.todo if base == "reading-list/todo" else "") for e in entries[parts[page]]
    )
    if base.startswith("sources/"):
        rows = tuple(one._replace(source=None) for one in rows)  # the page is about it
    place = Part(base, page, nearby(names, page), () if page else tuple(names[1:]))
    return ListView(rows, place, 0 if page else len(entries))


def nearby(names: Sequence[str], here: str) -> tuple[str, ...]:
    """Return those of the pages *names* that *here* has links to: first, last and those next to it; :data:`GAP` for those left out."""
    at = names.index(here)
    near = [i for i in range(len(names)) if abs(i - at) <= NEAR or i in (0, len(names) - 1)]
    gaps = {i for before, i in pairwise(near) if i - before > 1}
    return tuple(name for i in near for name in ((GAP, names[i]) if i in gaps else (names[i],)))


def parted(collection: Collection, base: str, entries: Sequence[Entry]) -> dict[str, slice]:
    """Return the parts of a list that is newest first by name, newest first; the first one is "".

    The others have the date of their newest entry for a name, or :data:`UNDATED`, and a number where several have the same.
    """
    found = collection.parts.get(base)
    if found is None:
        found = collection.parts[base] = _named(
            entries, part([e.docname for e in entries], page_size(collection))
        )
    return found


def _named(entries: Sequence[Entry], parts: list[slice]) -> dict[str, slice]:
    """Return *parts*, the oldest first, by name, the newest first; of those with one date the older has the lower number."""
    named: dict[str, slice] = {}
    seen: Counter[str] = Counter()
    for place in parts[:-1]:
        date = entries[place.start].date
        label = date.label if date else UNDATED
        seen[label] += 1
        named[f"{label}-{seen[label]}" if seen[label] > 1 else label] = place
    named[""] = parts[-1]
    return dict(reversed(named.items()))


def part_docname(base: str, name: str) -> str:
    """Return the docname of the part *name* of the list *base*."""
    return f"{base.removesuffix('/index')}/{name}" if name else base


def list_names(collection: Collection, base: str, entries: Sequence[Entry]) -> list[str]:
    """Return the docnames of all parts of the list of *entries*, newest first."""
    return [part_docname(base, name) for name in parted(collection, base, entries)]


def page_names(collection: Collection, base: str, items: Sized, *, full: bool = False) -> list[str]:
    """Return the docnames of all pages of the list of *items*."""
    return [page_docname(base, n + 1) for n in range(page_count(collection, items, full=full))]
