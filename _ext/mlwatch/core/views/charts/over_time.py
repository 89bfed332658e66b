"""Entries over time: all of them, those of the largest sources, those of one keyword or source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...language import mark
from ...names import name_key
from .shapes import Bars, Line, Panels

if TYPE_CHECKING:
    from ...collection import Collection, Group
    from ...timeline import Axis

#: Steps of time that there is room for: in a wide chart, in a low or a small one.
WIDE: Final = 180
NARROW: Final = 60
#: Sources that are shown.
SOURCES: Final = 9
#: Fewer entries than this make no chart.
ENOUGH: Final = 3
OWN_SCALE: Final = mark("Each chart has its own scale.")


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
    return axis.language.gettext("Entries per {unit}").format(unit=axis.unit)


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
            note = _("{n} total, at most {most} per {unit}").format(
                n=axis.language.number(len(group.entries)),
                most=axis.language.number(max(counts)),
                unit=axis.unit,
            )
            lines.append(Line(group.name, f"sources/{group.slug}", counts, note))
    if not lines:
        return None
    told = _("Entries per {unit}, for the sources with the most entries, {span}.")
    about = f"{told.format(unit=axis.unit, span=axis.covers)} {_(OWN_SCALE)}"
    return Panels(_("Sources over time"), about, axis, (("", tuple(lines)),))


def _left_out(collection: Collection, drawn: int, axis: Axis) -> str:
    """Return a sentence on the entries that *axis* cannot show, "" when there are none."""
    missing = len(collection.entries) - drawn
    if not missing:
        return ""
    if axis.step < 12:
        return axis.language.ngettext(
            " {n} entry is not shown: its month is unknown, or it is far from the others in time.",
            " {n} entries are not shown: their month is unknown, or they are far from the others in time.",
            missing,
        )
    return axis.language.ngettext(
        " {n} entry is not shown: it has no date, or is far from the others in time.",
        " {n} entries are not shown: they have no date, or are far from the others in time.",
        missing,
    )


def chart_keyword(collection: Collection, key: str) -> Bars | None:
    """Return the entries of the keyword *key* over time; None when they are too few."""
    return _own_line(collection, collection.keywords.get(key))


def chart_source(collection: Collection, key: str) -> Bars | None:
    """Return the entries of the source *key* over time; None when they are too few."""
    return _own_line(collection, collection.sources.get(key))


def chart_topic(collection: Collection, key: str) -> Bars | None:
    """Return the entries of the topic *key* over time; None when they are too few."""
    return _own_line(collection, collection.topics.get(key))


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
