"""Views of charts: what each shows, in numbers. How it is drawn is told in ``core/plots.py``."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from ..language import ENGLISH, Language, mark
from ..names import name_key, slug
from ..timeline import span
from .shapes import Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..collection import Collection, Group
    from ..model import Entry
    from ..timeline import Axis, Timeline

#: Steps of time that there is room for: a wide chart, one of shares, a low or a small one.
WIDE: Final = 180
SMALL: Final = 24
NARROW: Final = 60
#: Sources; keywords that rise, and that fall; keywords in the matrix.
SOURCES: Final = 9
PANELS: Final = 6
MATRIX: Final = 12
#: Fewer entries than this make no chart; a share of fewer than this is none.
ENOUGH: Final = 3
WHOLE: Final = 5
OWN_SCALE: Final = mark("Each has a scale of its own, from nothing to its highest.")
#: What stands for a share that is none.
NONE: Final = -1
#: Keywords that are looked at for rise and fall: the most frequent.
TOP: Final = 60


class Line(NamedTuple):
    """A row of values over time: of what, its page ("" for none), a value for each step, and a word on it, also as it is read aloud."""

    name: str
    docname: str
    values: tuple[int, ...]
    note: str = ""
    spoken: str = ""


class Bars(NamedTuple):
    """Bars over time; values are counts, or thousandths (or :data:`NONE`) when ``share``; ``more`` is a page on it."""

    title: str
    about: str
    axis: Axis
    line: Line
    share: bool = False
    height: int = 160
    more: str = ""


class Panels(NamedTuple):
    """Small charts side by side, in groups with a heading ("" for none); values as those of :class:`Bars`."""

    title: str
    about: str
    axis: Axis
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    share: bool = False


class Matrix(NamedTuple):
    """What occurs together: for each name after the first how often with each before it."""

    title: str
    about: str
    names: tuple[Ref, ...]
    counts: tuple[tuple[int, ...], ...]
    language: Language = ENGLISH


class Part(NamedTuple):
    """A part of a whole, and the page that lists what is (or is not yet) in it."""

    name: str
    docname: str
    part: int
    whole: int


class Parts(NamedTuple):
    """Parts of wholes, one below the other."""

    title: str
    about: str
    parts: tuple[Part, ...]
    language: Language = ENGLISH


Chart = Bars | Panels | Matrix | Parts


def chart_strip(collection: Collection, _key: str = "") -> Bars | None:
    """Return all entries over time, for the front page."""
    return _all(collection, height=84, more="trends/index")


def chart_months(collection: Collection, _key: str = "") -> Bars | None:
    """Return all entries over time, for the page of trends."""
    drawn = _all(collection, height=180, more="")
    if drawn is None:
        return None
    _ = collection.settings.language.gettext
    left_out = _left_out(collection, sum(drawn.line.values), drawn.axis)
    return drawn._replace(about=_("{sentence}.").format(sentence=drawn.about) + left_out)


def _all(collection: Collection, *, height: int, more: str) -> Bars | None:
    axis = collection.timeline.exact_axis(WIDE)
    if axis is None:
        return None
    _ = collection.settings.language.gettext
    line = Line(_("Entries"), "", collection.timeline.counts(collection.entries, axis))
    return Bars(_("Entries over time"), _entries_a(axis), axis, line, height=height, more=more)


def _entries_a(axis: Axis) -> str:
    return axis.language.gettext("Entries a {unit}").format(unit=axis.unit)


def chart_sources(collection: Collection, _key: str = "") -> Panels | None:
    """Return the entries of the largest sources over time."""
    timeline = collection.timeline
    axis = timeline.exact_axis(NARROW)
    if axis is None:
        return None
    most = sorted(collection.sources.values(), key=lambda g: (-len(g.entries), name_key(g.name)))[:SOURCES]
    lines = []
    _ = axis.language.gettext
    for group in most:
        counts = timeline.counts(group.entries, axis)
        if len(group.entries) >= ENOUGH and any(counts):
            note = _("{n} in all, up to {most} a {unit}").format(
                n=axis.language.number(len(group.entries)),
                most=axis.language.number(max(counts)),
                unit=axis.unit,
            )
            lines.append(Line(group.name, f"sources/{group.slug}", counts, note))
    if not lines:
        return None
    told = _("Entries a {unit} of the sources with the most entries, {span}.")
    about = f"{told.format(unit=axis.unit, span=_span(axis))} {_(OWN_SCALE)}"
    return Panels(_("Sources over time"), about, axis, (("", tuple(lines)),))


def _span(axis: Axis) -> str:
    return span(axis.language, axis.label(0), axis.label(axis.size - 1))


def _left_out(collection: Collection, drawn: int, axis: Axis) -> str:
    """Return a sentence on the entries that *axis* cannot show, "" when there are none."""
    missing = len(collection.entries) - drawn
    if not missing:
        return ""
    if axis.step < 12:
        return axis.language.ngettext(
            " {n} entry is not drawn: of which no month is known, or far from all others in time.",
            " {n} entries are not drawn: of which no month is known, or far from all others in time.",
            missing,
        )
    return axis.language.ngettext(
        " {n} entry is not drawn: without a date or far from all others in time.",
        " {n} entries are not drawn: without a date or far from all others in time.",
        missing,
    )


def chart_keyword(collection: Collection, key: str) -> Bars | None:
    """Return the entries of the keyword *key* over time; None when they are too few."""
    return _own_line(collection, collection.keywords.get(key))


def chart_source(collection: Collection, key: str) -> Bars | None:
    """Return the entries of the source *key* over time; None when they are too few."""
    return _own_line(collection, collection.sources.get(key))


def _own_line(collection: Collection, group: Group | None) -> Bars | None:
    """Draw *group* over the whole years of the collection: so its page changes with its own entries, and once a year."""
    axis = collection.timeline.axis(NARROW)
    if group is None or axis is None or len(group.entries) < ENOUGH:
        return None
    counts = collection.timeline.counts(group.entries, axis)
    if sum(counts) < ENOUGH:
        return None
    return Bars(
        group.name, _entries_a(axis), axis, Line(group.name, "", counts), height=72, more="trends/index"
    )


class _Trend(NamedTuple):
    """How a keyword's share changed: from *before* to *recently*, in thousandths; *strength* in standard errors."""

    strength: float
    group: Group
    before: int
    recently: int


def chart_keywords(collection: Collection, _key: str = "") -> Panels | None:
    """Return the keywords whose share of the entries rose and fell most in the last twelve months that have entries."""
    timeline = collection.timeline
    axis, last = _axis_of_shares(collection), timeline.last_month
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
        "Share of the entries of each {unit} that have the keyword, {span}; in figures, the share in all time "
        "before and in the last twelve months."
    )
    about = f"{told.format(unit=axis.unit, span=_span(axis))} {_(OWN_SCALE)}"
    return Panels(_("Rise and fall of keywords"), about, axis, tuple(groups), share=True)


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
    shares = _shares(counts, every)
    before, recently = axis.language.percent(trend.before), axis.language.percent(trend.recently)
    spoken = span(axis.language, before, recently)
    return Line(trend.group.name, f"keywords/{trend.group.slug}", shares, f"{before} → {recently}", spoken)


def _axis_of_shares(collection: Collection) -> Axis | None:
    """Return steps so long that most have entries enough for a share."""
    return collection.timeline.exact_axis(max(2, min(SMALL, len(collection.entries) // WHOLE)))


def _shares(counts: Sequence[int], every: Sequence[int]) -> tuple[int, ...]:
    """Return *counts* in thousandths of *every*; where that is few, none."""
    return tuple(1000 * n // w if w >= WHOLE else NONE for n, w in zip(counts, every, strict=True))


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
    about = _("How many entries have both keywords: the one of the row and the one of the column.")
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


def chart_starred(collection: Collection, _key: str = "") -> Bars | None:
    """Return which share of the entries is starred, over time."""
    axis = _axis_of_shares(collection)
    if axis is None or len(collection.starred) < ENOUGH:
        return None
    every = collection.timeline.counts(collection.entries, axis)
    stars = collection.timeline.counts(collection.starred, axis)
    shares = _shares(stars, every)
    whole = axis.language.percent(1000 * len(collection.starred) // len(collection.entries))
    _ = axis.language.gettext
    about = _(
        "Starred entries, in percent of the entries of each {unit}; of all entries {whole} are starred. "
        "No bar stands where fewer than {few} entries are."
    ).format(unit=axis.unit, whole=whole, few=WHOLE)
    return Bars(_("Share of starred entries"), about, axis, Line(_("Starred"), "", shares), share=True)


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
        "How far the reading list is read, and what the entries have; a name leads to the entries that are left."
    )
    if not listed:
        about = _("What the entries have; a name leads to those that lack it.")
    return Parts(_("Reading list and gaps"), about, tuple(parts), language)


def _list_page(lists: dict[str, tuple[Entry, ...]], key: str) -> str:
    return f"reading-list/{key}" if lists[key] else ""


#: What the directive ``mlchart`` can draw (``trends`` apart, the views ``chart-…``), each with a line for the guide.
CHARTS: Final = {
    "strip": "all entries over time, as a low strip",
    "months": "all entries over time",
    "sources": "the entries of the largest sources over time",
    "keywords": "keywords whose share rises and falls",
    "pairs": "keywords that occur together",
    "starred": "the share of starred entries over time",
    "reading": "how far the reading list is read, and what entries lack",
    "keyword": "the entries of a keyword over time; `:key:` is the last part of its page's address",
    "source": "the entries of a source over time; `:key:` is the last part of its page's address",
    "trends": "all that the page of trends shows, each with a heading",
}
#: Those that the page of trends shows, in order.
TRENDS: Final = ("months", "sources", "keywords", "pairs", "starred", "reading")
