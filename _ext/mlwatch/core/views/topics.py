"""Views of topics: the page of one, the list of all, and the largest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from ..collection import PROMINENT
from ..names import slug
from .lists import top
from .pieces import group_ref, list_view, row
from .shapes import TopicCard, TopicView

if TYPE_CHECKING:
    from ..collection import Collection, Group
    from .shapes import Ref, Row

#: How many picks and starred entries a topic's page shows first; how many keywords a topic has in the list of topics.
HIGHLIGHTS: Final = 5
KEYWORDS: Final = 6


def topic(collection: Collection, key: str, page: str = "") -> TopicView | None:
    """Return the topic whose id is *key*; further pages have only more entries."""
    group = collection.topics.get(key)
    listed = list_view(collection, f"topics/{key}", page, group.entries) if group else None
    if group is None or listed is None:
        return None
    if page:
        return TopicView("", (), (), (), listed)
    keywords = _keywords(collection, key)
    return TopicView(
        collection.settings.topics[key].description,
        _highlights(collection, group),
        tuple(ref for ref in keywords if ref.size >= PROMINENT),
        tuple(ref for ref in keywords if ref.size < PROMINENT),
        listed,
    )


def _highlights(collection: Collection, group: Group) -> tuple[Row, ...]:
    """Return the newest picks and starred entries; nothing where they are all the entries there are."""
    chosen = list(islice((entry for entry in group.entries if entry.pick or entry.star), HIGHLIGHTS))
    if len(chosen) == len(group.entries):
        return ()
    return tuple([row(collection, entry) for entry in chosen])


def _keywords(collection: Collection, key: str) -> list[Ref]:
    """Return the keywords of a topic that entries have, the most frequent first, else in the order of the setting."""
    groups = collection.keywords
    found = [groups[name] for name in map(slug, collection.settings.topics[key].keywords) if name in groups]
    refs = [group_ref("keyword", group, len(group.entries)) for group in found]
    return sorted(refs, key=lambda ref: -ref.size)


def topics(collection: Collection, _key: str = "", _page: str = "") -> tuple[TopicCard, ...]:
    """Return all topics that have entries, in the order of the setting."""
    return tuple(
        TopicCard(
            group_ref("topic", group, len(group.entries)),
            collection.settings.topics[key].description,
            tuple(ref for ref in _keywords(collection, key)[:KEYWORDS] if ref.size >= PROMINENT),
        )
        for key, group in collection.topics.items()
    )


def top_topics(collection: Collection, key: str = "20", _page: str = "") -> tuple[Ref, ...]:
    """Return the topics with the most entries, in the order of the setting; *key* says how many."""
    return top(collection, "topic", key)
