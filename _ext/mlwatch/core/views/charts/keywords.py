"""Keywords: which rise and fall, which occur together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from ...names import name_key, slug
from ...timeline import span
from ..shapes import Ref
from .over_time import ENOUGH, OWN_SCALE
from .shapes import Line, Matrix, Panels
from .shares import axis_of_shares, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...collection import Collection, Group
    from ...timeline import Axis, Timeline

#: Keywords that are looked at for rise and fall: the most frequent; how many rise, and fall, in the chart.
TOP: Final = 60
PANELS: Final = 6
#: Keywords in the matrix.
MATRIX: Final = 12


class _Trend(NamedTuple):
    """How a keyword's share changed: from *before* to *recently*, in thousandths; *strength* in standard errors."""

    strength: float
    group: Group
    before: int
    recently: int


def chart_keywords(collection: Collection, _key: str = "") -> Panels | None:
    """Return the keywords whose share of the entries rose and fell most in the last twelve months that have entries."""
    timeline = collection.timeline
    axis, last = axis_of_shares(collection), timeline.last_month
    if axis is None or last is None:
        return None
    recent = {e.docname for e in collection.entries if _within(timeline.month(e), last)}
    earlier = {e.docname for e in collection.entries if e.docname not in recent and timeline.month(e)}
    if not recent or not earlier:
        return None
    frequent = sorted(collection.keywords.values(), key=lambda g: (-len(g.entries), name_key(g.name)))[:TOP]
    trends = [
        trend
        for group in frequent
        if len(group.entries) >= ENOUGH
        and (trend := _trend(group, recent, earlier)) is not None
        and abs(trend.strength) >= 1
    ]
    every = timeline.counts(collection.entries, axis)
    groups = []
    _ = axis.language.gettext
    for heading, sign in ((_("Rising"), 1), (_("Falling"), -1)):
        found = [trend for trend in trends if trend.strength * sign > 0]
        found.sort(key=lambda trend: (-abs(round(trend.strength, 6)), name_key(trend.group.name)))
        if found:
            groups.append((heading, tuple(_panel(timeline, axis, every, trend) for trend in found[:PANELS])))
    if not groups:
        return None
    told = _(
        "Share of each {unit}’s entries that have the keyword, {span}. The figures are the share before and in the last twelve months."
    )
    about = f"{told.format(unit=axis.unit, span=axis.covers)} {_(OWN_SCALE)}"
    return Panels(_("Rising and falling keywords"), about, axis, tuple(groups), share=True)


def _within(month: int | None, last: int) -> bool:
    return month is not None and last - 12 < month <= last


def _trend(group: Group, recent: set[str], earlier: set[str]) -> _Trend | None:
    """Compare the share of *group* in the two sets by the usual test for two proportions."""
    now = sum(e.docname in recent for e in group.entries)
    then = sum(e.docname in earlier for e in group.entries)
    share = (now + then) / (len(recent) + len(earlier))
    spread = sqrt(share * (1 - share) * (1 / len(recent) + 1 / len(earlier)))
    if not spread:
        return None
    strength = (now / len(recent) - then / len(earlier)) / spread
    return _Trend(strength, group, 1000 * then // len(earlier), 1000 * now // len(recent))


def _panel(timeline: Timeline, axis: Axis, every: Sequence[int], trend: _Trend) -> Line:
    counts = timeline.counts(trend.group.entries, axis)
    shown = shares(counts, every)
    before, recently = axis.language.percent(trend.before), axis.language.percent(trend.recently)
    spoken = span(axis.language, before, recently)
    return Line(trend.group.name, f"keywords/{trend.group.slug}", shown, f"{before} → {recently}", spoken)


def chart_pairs(collection: Collection, _key: str = "") -> Matrix | None:
    """Return the keywords that stand together most often."""
    sizes = {key: len(group.entries) for key, group in collection.keywords.items() if len(group.entries) > 1}
    frequent = sorted(sizes, key=lambda key: (-sizes[key], key))[: MATRIX * 5]
    known = set(frequent)
    together: Counter[tuple[str, str]] = Counter()
    for entry in collection.entries:
        mine = sorted(known.intersection(slug(name) for name in entry.keywords))
        together.update(combinations(mine, 2))
    pairs = sorted(
        (pair for pair, count in together.items() if count > 1),
        key=lambda pair: (-together[pair], pair),
    )
    chosen: dict[str, None] = {}
    for pair in pairs:
        if len(chosen.keys() | set(pair)) <= MATRIX:
            chosen |= dict.fromkeys(pair)
    if len(chosen) < 3:
        return None
    ordered = _neighbourly(list(chosen), together)
    counts = tuple(
        tuple(together[min(one, other), max(one, other)] for other in ordered[:row])
        for row, one in enumerate(ordered)
    )
    groups = [collection.keywords[key] for key in ordered]
    names = tuple(Ref(f"keywords/{g.slug}", g.name, size=len(g.entries)) for g in groups)
    language = collection.settings.language
    _ = language.gettext
    about = _("How many entries have both the keyword of the row and that of the column.")
    return Matrix(_("Keywords that occur together"), about, names, counts, language)


def _neighbourly(keys: list[str], together: Counter[tuple[str, str]]) -> list[str]:
    """Order *keys* so that those which often stand together are near: each time the one closest to the last."""
    left = sorted(keys)
    totals = {key: sum(together[min(key, o), max(key, o)] for o in left if o != key) for key in left}
    ordered = [max(left, key=lambda key: totals[key])]
    left.remove(ordered[0])
    while left:
        last = ordered[-1]
        nearest = max(left, key=lambda key: (together[min(key, last), max(key, last)], totals[key]))
        ordered.append(nearest)
        left.remove(nearest)
    return ordered
