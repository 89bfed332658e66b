"""Views of entries, of lists of entries, and of indexes of names and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..collection import PROMINENT
from ..filters import NEWEST, FilterError, parse, parse_order, select, unknown
from ..language import mark
from ..names import letter, name_key
from .digests import latest_issue
from .papers import paper_view
from .pieces import (
    entry_ref,
    group_ref,
    keywords_of,
    list_names,
    list_view,
    month_docname,
    month_text,
    paged,
    row,
    source_of,
    topics_of,
)
from .shapes import (
    EntryView,
    FiguresView,
    ListView,
    NamesView,
    Pages,
    Ref,
    SelectionView,
    YearsView,
    YearView,
)

if TYPE_CHECKING:
    from ..collection import Collection, Group


def entry(collection: Collection, docname: str) -> EntryView | None:
    """Return what the page of the entry *docname* shows of others."""
    this = collection.catalogue.by_docname.get(docname)
    if this is None:
        return None
    month = collection.month_of(this)
    return EntryView(
        source=source_of(collection, this),
        month=Ref(month_docname(month), "") if month else None,
        keywords=keywords_of(collection, this),
        digests=tuple(Ref(issue.docname, issue.title) for issue in collection.digests_of(this)),
        coverage=tuple(
            (url, entry_ref(other) if other else None) for url, other in collection.coverage(this)
        ),
        papers=tuple(paper_view(record) for record in collection.records_of(this)),
        broken=_broken(collection, docname),
        topics=topics_of(collection, this),
    )


def _broken(collection: Collection, docname: str) -> tuple[str, ...]:
    links = (collection.catalogue.health or {}).get(docname, {})
    return tuple(url for url, link in links.items() if link.state == "broken")


def keyword(collection: Collection, key: str, page: str = "") -> ListView | None:
    """Return the entries of the keyword whose slug is *key*."""
    group = collection.keywords.get(key)
    return list_view(collection, f"keywords/{key}", page, group.entries) if group else None


def source(collection: Collection, key: str, page: str = "") -> ListView | None:
    """Return the entries of the source whose slug is *key*."""
    group = collection.sources.get(key)
    return list_view(collection, f"sources/{key}", page, group.entries) if group else None


def month(collection: Collection, key: str, page: str = "") -> ListView | None:
    """Return the entries of a month, or those of a year of which no month is known."""
    found = collection.months.get(key)
    return list_view(collection, month_docname(key), page, found) if found else None


def undated(collection: Collection, _key: str = "", page: str = "") -> ListView | None:
    """Return the entries without a date."""
    return list_view(collection, "years/undated", page, collection.undated)


def starred(collection: Collection, _key: str = "", page: str = "") -> ListView | None:
    """Return the starred entries, newest first."""
    return list_view(collection, "starred/index", page, collection.starred)


def newest(collection: Collection, key: str = "10", without: str = "") -> ListView:
    """Return the newest entries; *key* says how many. *without* "latest-digest" leaves those of the latest digest out."""
    latest = latest_issue(collection) if without else None
    left = {entry.docname for entry in latest.entries} if latest else set()
    others = [e for e in collection.newest if e.docname not in left] or collection.newest
    rows = tuple(row(collection, e, full=True) for e in others[: int(key or 10)])
    return ListView(rows, Pages("", 1, 1), len(collection.entries))


def newest_starred(collection: Collection, key: str = "10", _page: str = "") -> ListView:
    """Return the newest starred entries; *key* says how many."""
    rows = tuple(row(collection, e) for e in collection.starred[: int(key or 10)])
    return ListView(rows, Pages("", 1, 1), len(collection.starred))


def entries(
    collection: Collection, wanted: str = "", sort: str = "", limit: str = ""
) -> SelectionView | None:
    """Return the entries that the filter *wanted* selects, in the order *sort* (newest first); None when one is none.

    Without *limit* they are as many as a page of a list takes.
    """
    try:
        fits = parse(wanted, collection.settings, collection.catalogue.health)
        order = parse_order(sort) if sort else NEWEST
    except FilterError:
        return None
    found = select(collection.entries, fits, order)
    most = int(limit or collection.settings.page_size)
    rows = tuple(row(collection, e) for e in found[:most])
    shown = ListView(rows, Pages("", 1, 1), len(found))
    return SelectionView(shown, not limit and len(found) > most, unknown(fits, collection.entries))


LIST_TITLES: Final = {
    "to-read": mark("To read"),
    "reading": mark("Being read"),
    "no-summary": mark("Without a summary"),
    "no-keywords": mark("Without keywords"),
    "no-paper": mark("Without a paper"),
    "todo": mark("With a to-do note"),
}


def reading(collection: Collection, key: str, page: str = "") -> ListView | None:
    """Return one part of the reading list."""
    found = collection.lists.get(key)
    return None if found is None else list_view(collection, f"reading-list/{key}", page, found)


def reading_list(collection: Collection, _key: str = "", _page: str = "") -> tuple[Ref, ...]:
    """Return the parts of the reading list that have entries."""
    return tuple(
        Ref(f"reading-list/{key}", collection.settings.language.gettext(LIST_TITLES[key]), size=len(found))
        for key, found in collection.lists.items()
        if found
    )


def _names(collection: Collection, folder: str, page: str, groups: dict[str, Group]) -> NamesView:
    ordered = list(groups.values())
    pages, part = paged(collection, f"{folder}/index", page, ordered)
    size = collection.settings.page_size
    letters: dict[str, int] = {}
    for position, group in enumerate(ordered):
        letters.setdefault(letter(group.name), position // size + 1)
    parts: dict[str, list[Ref]] = {}
    children: list[str] = []
    for group in ordered[part]:
        docname = f"{folder}/{group.slug}"
        parts.setdefault(letter(group.name), []).append(Ref(docname, group.name, size=len(group.entries)))
        children += list_names(collection, docname, group.entries)
    return NamesView(
        tuple((name, tuple(refs)) for name, refs in parts.items()),
        tuple(letters.items()),
        pages,
        tuple(children),
    )


def keywords(collection: Collection, _key: str = "", page: str = "") -> NamesView:
    """Return a page of the keywords, A to Z."""
    return _names(collection, "keywords", page, collection.keywords)


def sources(collection: Collection, _key: str = "", page: str = "") -> NamesView:
    """Return a page of the sources, A to Z."""
    return _names(collection, "sources", page, collection.sources)


def top(collection: Collection, kind: str, key: str, least: int = 1) -> tuple[Ref, ...]:
    """Return the groups with the most entries in their usual order; *key* says how many, *least* of how many entries."""
    groups = collection.groups(kind)
    largest = sorted(groups.values(), key=lambda group: (-len(group.entries), name_key(group.name)))
    chosen = {group.slug for group in largest[: int(key or 20)] if len(group.entries) >= least}
    return tuple(
        group_ref(kind, group, len(group.entries)) for group in groups.values() if group.slug in chosen
    )


def top_keywords(collection: Collection, key: str = "20", _page: str = "") -> tuple[Ref, ...]:
    """Return the most frequent of the prominent keywords, A to Z; *key* says how many."""
    return top(collection, "keyword", key, PROMINENT)


def top_sources(collection: Collection, key: str = "20", _page: str = "") -> tuple[Ref, ...]:
    """Return the sources with the most entries, A to Z; *key* says how many."""
    return top(collection, "source", key)


def figures(collection: Collection, _key: str = "", _page: str = "") -> FiguresView:
    """Return the counts that the front page shows, and which time the collection covers."""
    ngettext = collection.settings.language.ngettext
    counted = (
        ("years/index", ngettext("{n} entry", "{n} entries", n := len(collection.entries)), n),
        ("starred/index", ngettext("{n} starred", "{n} starred", n := len(collection.starred)), n),
        ("papers/index", ngettext("{n} paper", "{n} papers", n := len(collection.papers)), n),
        ("sources/index", ngettext("{n} source", "{n} sources", n := len(collection.sources)), n),
        ("keywords/index", ngettext("{n} keyword", "{n} keywords", n := len(collection.keywords)), n),
    )
    months = [label for label in collection.months if "-" in label]
    counts = tuple(Ref(docname, text, size=size) for docname, text, size in counted if size)
    return FiguresView(counts, (min(months), max(months)) if months else ("", ""))


def years(collection: Collection, _key: str = "", _page: str = "") -> YearsView:
    """Return all years and months with how many entries they have."""
    listed = []
    children: list[str] = []
    for label, months in collection.years.items():
        total = sum(len(month.entries) for month in months)
        refs = (
            Ref(
                month_docname(m.label), month_text(m.label, collection.settings.language), size=len(m.entries)
            )
            for m in months
            if m.label != label
        )
        listed.append((Ref(month_docname(label), label, size=total), tuple(refs)))
        children.append(month_docname(label))
    undated_ref = (
        Ref("years/undated", collection.settings.language.gettext("Undated"), size=len(collection.undated))
        if collection.undated
        else None
    )
    if undated_ref:
        children += list_names(collection, "years/undated", collection.undated)
    return YearsView(tuple(listed), undated_ref, tuple(children))


def year(collection: Collection, key: str, page: str = "") -> YearView | None:
    """Return the months of the year *key*; further pages have only more entries without a month."""
    months = collection.years.get(key)
    if months is None:
        return None
    rest = next((m.entries for m in months if m.label == key), ())
    shown = list_view(collection, month_docname(key), page, rest) if rest else None
    if page:
        return YearView((), (), shown) if shown else None
    known = [m for m in months if m.label != key]
    refs = (
        Ref(month_docname(m.label), month_text(m.label, collection.settings.language), size=len(m.entries))
        for m in known
    )
    children = [name for m in known for name in list_names(collection, month_docname(m.label), m.entries)]
    children += list_names(collection, month_docname(key), rest)[1:]
    return YearView(tuple(refs), tuple(children), shown)
