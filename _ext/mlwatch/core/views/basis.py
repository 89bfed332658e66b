"""What a view follows from, at a glance: while that is the same, so is the view, which then need not be made.

A basis names all entries that the view looks at, by the hash of what other pages can show of them
(:attr:`~mlwatch.core.collection.Collection.facts`), in their order, beside :attr:`~mlwatch.core.collection.Collection.common`.
It may change though the view does not. The views of which there are many have one: those of entries, of lists of them and of records.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from .charts.over_time import NARROW
from .papers import COVERING, recent
from .pieces import month_docname

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..collection import Collection, Group
    from ..model import Entry


def basis(collection: Collection, view: str, *arguments: str) -> bytes:
    """Return a hash of what *view* follows from; nothing when that is not known without making it."""
    names = BASES.get(view)
    if names is None:
        return b""
    return blake2b(collection.common + names(collection, *arguments), digest_size=16).digest()


def _marks(collection: Collection, entries: Iterable[Entry | None]) -> bytes:
    facts = collection.facts
    return b"".join([facts[entry.docname] if entry else b"-" for entry in entries])


def _entry(collection: Collection, docname: str) -> bytes:
    this = collection.catalogue.by_docname.get(docname)
    if this is None:
        return b""
    covered = [other for _, other in collection.coverage(this)]
    return _marks(collection, (this, *covered))


def _related(collection: Collection, docname: str) -> bytes:
    facts = collection.facts
    if docname not in facts:
        return b""
    found = [facts[docname], *[facts[name] for _, name in collection.related.get(docname, ())]]
    covered = collection.covered.get(docname)
    if covered:
        found.append(repr(sorted(covered)).encode())
    return b"".join(found)


def _list(collection: Collection, base: str, entries: Iterable[Entry] | None) -> bytes:
    """Return what every part of the list *base* follows from."""
    found = collection.bases.get(base)
    if found is None:
        found = collection.bases[base] = blake2b(_marks(collection, entries or ())).digest()
    return found


def _group(collection: Collection, base: str, group: Group | None) -> bytes:
    return _list(collection, base, group and group.entries)


def _keyword(collection: Collection, key: str, _page: str = "") -> bytes:
    return _group(collection, f"keywords/{key}", collection.keywords.get(key))


def _source(collection: Collection, key: str, _page: str = "") -> bytes:
    return _group(collection, f"sources/{key}", collection.sources.get(key))


def _topic(collection: Collection, key: str, _page: str = "") -> bytes:
    return _group(collection, f"topics/{key}", collection.topics.get(key))


def _month(collection: Collection, key: str, _page: str = "") -> bytes:
    return _list(collection, month_docname(key), collection.months.get(key))


def _undated(collection: Collection, _key: str = "", _page: str = "") -> bytes:
    return _list(collection, "years/undated", collection.undated)


def _starred(collection: Collection, _key: str = "", _page: str = "") -> bytes:
    return _list(collection, "starred/index", collection.starred)


def _reading(collection: Collection, key: str, _page: str = "") -> bytes:
    return _list(collection, f"reading-list/{key}", collection.lists.get(key))


def _issue(collection: Collection, key: str, _page: str = "") -> bytes:
    series, _, id_ = key.partition(" ")
    this, parts = collection.find_issue(series, id_)
    if this is None:
        return b""
    found = collection.bases.get(this.docname)
    if found is None:
        named = repr([(one.docname, one.title, len(one.entries)) for one in parts]).encode()
        if not parts and (same := collection.repeated(this)):
            named += repr((same.docname, len(same.entries))).encode()
        found = blake2b(_marks(collection, this.entries) + named).digest()
        collection.bases[this.docname] = found
    return found


def _papers(collection: Collection, key: str = "", _page: str = "") -> bytes:
    parts = collection.paper_parts
    papers = parts.get(key, ()) if key or len(parts) < 2 else recent(collection)
    counts = [] if key else [(name, len(part)) for name, part in parts.items()]
    named = repr((counts, [(paper.id, paper.label, paper.url) for paper in papers])).encode()
    return named + b"".join([_marks(collection, paper.entries[:COVERING]) for paper in papers])


def _chart_keyword(collection: Collection, key: str) -> bytes:
    return _keyword(collection, key) + _axis(collection)


def _chart_source(collection: Collection, key: str) -> bytes:
    return _source(collection, key) + _axis(collection)


def _chart_topic(collection: Collection, key: str) -> bytes:
    return _topic(collection, key) + _axis(collection)


def _axis(collection: Collection) -> bytes:
    found = collection.bases.get("")
    if found is None:
        axis = collection.timeline.axis(NARROW)
        found = collection.bases[""] = repr(axis and (axis.step, axis.first, axis.size)).encode()
    return found


BASES: Final[dict[str, Callable[..., bytes]]] = {
    "entry": _entry,
    "related": _related,
    "keyword": _keyword,
    "source": _source,
    "topic": _topic,
    "month": _month,
    "undated": _undated,
    "starred": _starred,
    "reading": _reading,
    "issue": _issue,
    "papers": _papers,
    "chart-keyword": _chart_keyword,
    "chart-source": _chart_source,
    "chart-topic": _chart_topic,
}
