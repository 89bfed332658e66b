"""Shares of the entries: how many are starred, read, or have what an entry can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .over_time import ENOUGH
from .shapes import NONE, Bars, Line, Part, Parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...collection import Collection
    from ...model import Entry
    from ...timeline import Axis

#: Steps of time that there is room for.
SMALL: Final = 24
#: A share of fewer than this is none.
WHOLE: Final = 5


def axis_of_shares(collection: Collection) -> Axis | None:
    """Return steps so long that most have entries enough for a share."""
    return collection.timeline.exact_axis(max(2, min(SMALL, len(collection.entries) // WHOLE)))


def shares(counts: Sequence[int], every: Sequence[int]) -> tuple[int, ...]:
    """Return *counts* in thousandths of *every*; where that is few, none."""
    return tuple(1000 * n // w if w >= WHOLE else NONE for n, w in zip(counts, every, strict=True))


def chart_starred(collection: Collection, _key: str = "") -> Bars | None:
    """Return which share of the entries is starred, over time."""
    axis = axis_of_shares(collection)
    if axis is None or len(collection.starred) < ENOUGH:
        return None
    every = collection.timeline.counts(collection.entries, axis)
    stars = collection.timeline.counts(collection.starred, axis)
    shown = shares(stars, every)
    whole = axis.language.percent(1000 * len(collection.starred) // len(collection.entries))
    _ = axis.language.gettext
    about = _(
        "Percentage of each {unit}’s entries that are starred; overall, {whole}. Periods with fewer than {few} entries are omitted."
    ).format(unit=axis.unit, whole=whole, few=WHOLE)
    return Bars(_("Share of starred entries"), about, axis, Line(_("Starred"), "", shown), share=True)


def chart_reading(collection: Collection, _key: str = "") -> Parts | None:
    """Return how far the reading list is read, and how many entries have what an entry can have."""
    entries, lists = collection.entries, collection.lists
    if not entries:
        return None
    language = collection.settings.language
    _ = language.gettext
    listed = [entry for entry in entries if entry.status]
    parts = []
    if listed:
        read = sum(entry.status == "read" for entry in listed)
        parts += [
            Part(_("Read"), "", read, len(listed)),
            Part(_("Being read"), _list_page(lists, "reading"), len(lists["reading"]), len(listed)),
            Part(_("To read"), _list_page(lists, "to-read"), len(lists["to-read"]), len(listed)),
        ]
    for name, key in ((_("With a summary"), "no-summary"), (_("With keywords"), "no-keywords")):
        parts.append(Part(name, _list_page(lists, key), len(entries) - len(lists[key]), len(entries)))
    with_paper = len(collection.papers_of.keys() & {entry.docname for entry in entries})
    parts.append(Part(_("With a paper"), _list_page(lists, "no-paper"), with_paper, len(entries)))
    about = _(
        "How much of the reading list is done, and what entries have. Each label links to the entries that remain."
    )
    if not listed:
        about = _("What entries have. Each label links to the entries that lack it.")
    return Parts(_("Reading list and missing fields"), about, tuple(parts), language)


def _list_page(lists: dict[str, tuple[Entry, ...]], key: str) -> str:
    return f"reading-list/{key}" if lists[key] else ""
