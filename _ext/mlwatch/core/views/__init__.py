"""What each page shows of the collection, as plain values.

A view is a function of the collection and of a few texts that name what is shown. Directives draw
what a view returns and nothing else, and the fingerprint of it decides whether a page that was
read before must be read again: so a page is never stale, and never read again for nothing.
A view whose basis is the same (:mod:`.basis`) is not made to find that out.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from . import charts as _charts
from . import digests as _digests
from . import lists as _lists
from . import papers as _papers
from . import related as _related
from . import topics as _topics
from .basis import basis

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..catalogue import Catalogue
    from ..collection import Collection

#: The basis of a view, and the fingerprint of what it shows.
Mark = tuple[bytes, bytes]

VIEWS: Final[dict[str, Callable[..., object]]] = {
    view.__name__.replace("_", "-"): view
    for view in (
        _lists.entry,
        _related.related,
        _lists.keyword,
        _lists.source,
        _topics.topic,
        _lists.month,
        _lists.undated,
        _lists.starred,
        _lists.newest,
        _lists.newest_starred,
        _lists.entries,
        _lists.reading,
        _lists.reading_list,
        _lists.keywords,
        _lists.sources,
        _topics.topics,
        _topics.top_topics,
        _lists.top_keywords,
        _lists.top_sources,
        _lists.figures,
        _lists.years,
        _lists.year,
        _papers.papers,
        _papers.cited_by,
        _digests.digests,
        _digests.latest_digest,
        _digests.series,
        _digests.issue,
        _charts.chart_strip,
        _charts.chart_months,
        _charts.chart_sources,
        _charts.chart_keywords,
        _charts.chart_pairs,
        _charts.chart_starred,
        _charts.chart_reading,
        _charts.chart_links,
        _charts.chart_keyword,
        _charts.chart_source,
        _charts.chart_topic,
    )
}


#: What a view gives never holds itself.
_encode: Final = json.JSONEncoder(check_circular=False).encode


def show(collection: Collection, view: str, *arguments: str) -> tuple[Any, Mark]:
    """Return what *view* shows and its mark, the same in every process and on every machine."""
    shown = VIEWS[view](collection, *arguments)
    fingerprint = blake2b(_encode(shown).encode(), digest_size=16).digest()
    return shown, (basis(collection, view, *arguments), fingerprint)


def marked_again(collection: Collection, mark: Mark, view: str, *arguments: str) -> Mark | None:
    """Return the mark that *view* has now when it shows what it did when it had *mark*, None when it shows something else."""
    now = basis(collection, view, *arguments)
    if now and now == mark[0]:
        return mark
    fresh = show(collection, view, *arguments)[1] if view in VIEWS else None
    return fresh if fresh and fresh[1] == mark[1] else None


def state(catalogue: Catalogue) -> bytes:
    """Return the hash of all that views depend on: what pages show of each other, records, links, settings; all else is the code."""
    hashed = blake2b(digest_size=16)
    hashed.update(repr(catalogue.settings).encode())
    for docname, page in sorted(catalogue.pages.items()):
        hashed.update(docname.encode("utf-8", "surrogateescape"))
        hashed.update(page.facts)
    hashed.update(catalogue.bibliography.key)
    hashed.update(catalogue.links.key if catalogue.links else b"")
    return hashed.digest()
