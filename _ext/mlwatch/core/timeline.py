"""Time as charts show it: which months and years a collection covers, and entries counted in equal steps of time."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from .language import ENGLISH, Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .collection import Collection
    from .model import Entry

#: The lengths that a step can have, in months: from a month to a thousand years.
STEPS: Final = (1, 3, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
#: Years apart from all others by more than this, with at most a twentieth of the entries, are not drawn.
GAP: Final = 5
#: Steps that a chart has room for at least.
NARROWEST: Final = 6
#: How many labels an axis has room for on a phone.
LABELS: Final = 6


class Axis(NamedTuple):
    """Time in ``size`` equal steps of ``step`` months; ``first`` is the number of the first one, counted from year 0."""

    step: int
    first: int
    size: int
    language: Language = ENGLISH

    @property
    def room(self) -> int:
        """Return how many steps a chart is wide: a few do not fill it, so that one month is no wall."""
        return max(self.size, NARROWEST)

    @property
    def unit(self) -> str:
        """Return what a step is called."""
        _ = self.language.gettext
        named = {1: _("month"), 3: _("quarter"), 12: _("year")}
        return named.get(self.step) or self.language.ngettext("{n} year", "{n} years", self.step // 12)

    def label(self, position: int) -> str:
        """Return the name of a step, such as "September 2021", "3rd quarter of 2021", "2021" or "2010 to 2019"."""
        year, month = divmod((self.first + position) * self.step, 12)
        if self.step == 1:
            return self.language.month(month + 1, year)
        if self.step == 3:
            _ = self.language.gettext
            quarters = (
                _("1st quarter of {year}"),
                _("2nd quarter of {year}"),
                _("3rd quarter of {year}"),
                _("4th quarter of {year}"),
            )
            return quarters[month // 3].format(year=year)
        if self.step == 12:
            return str(year)
        return span(self.language, str(year), str(year + self.step // 12 - 1))

    @property
    def covers(self) -> str:
        """Return the time from the first step to the last, in words."""
        first, last = self.label(0), self.label(self.size - 1)
        return span(self.language, first, last) if self.size > 1 else first

    def ticks(self) -> tuple[tuple[int, str], ...]:
        """Return the steps that bear a label, each with a short one."""
        for every in STEPS:
            if every >= self.step:
                wide = every // self.step
                at = range(-self.first % wide, self.size, wide)
                if len(at) <= LABELS:
                    return tuple(
                        (position, self._short(position, every, position == at[0])) for position in at
                    )
        return ()

    def _short(self, position: int, every: int, alone: bool) -> str:
        year, month = divmod((self.first + position) * self.step, 12)
        if every >= 12:
            return str(year)
        if not (alone or month == 0):
            return self.language.short_month(month + 1)
        return self.language.gettext("{month} {year}").format(
            month=self.language.short_month(month + 1), year=year
        )


def span(language: Language, first: str, last: str) -> str:
    """Return two dates as a span of time."""
    return language.gettext("{first} to {last}").format(first=first, last=last)


class Timeline:
    """When the entries of a collection appeared; ``years`` are the first and the last to draw, None without dates."""

    def __init__(self, collection: Collection) -> None:
        self._months: dict[str, int] = {}  # docname to months since year 0
        self._years: dict[str, int] = {}
        self._language = collection.settings.language
        sizes: dict[int, int] = {}
        for label, months in collection.years.items():
            for month in months:
                for entry in month.entries:
                    self._years[entry.docname] = int(label)
                    if month.label != label:
                        self._months[entry.docname] = int(label) * 12 + int(month.label[5:]) - 1
            sizes[int(label)] = sum(len(month.entries) for month in months)
        self.years = _main_years(sizes)

    def axis(self, limit: int) -> Axis | None:
        """Return whole years in at most *limit* steps, the shortest that do; None when no entry has a date."""
        if not self.years:
            return None
        return self._fitting(self.years[0] * 12, self.years[1] * 12 + 11, limit)

    def exact_axis(self, limit: int) -> Axis | None:
        """Return the months from the first entry to the last in at most *limit* steps."""
        known = self._known_months
        return self._fitting(known[0], known[-1], limit) if known else self.axis(limit)

    def year_axis(self, limit: int) -> Axis | None:
        """Return what :meth:`axis` does, in steps of a year or more."""
        if not self.years:
            return None
        return self._fitting(self.years[0] * 12, self.years[1] * 12 + 11, limit, shortest=12)

    def _fitting(self, first: int, last: int, limit: int, shortest: int = 1) -> Axis:
        for step in STEPS[STEPS.index(shortest) :]:
            count = last // step - first // step + 1
            if count <= limit:
                return Axis(step, first // step, count, self._language)
        step = STEPS[-1]
        return Axis(step, first // step, last // step - first // step + 1, self._language)

    @cached_property
    def _known_months(self) -> list[int]:
        if not self.years:
            return []
        first, last = self.years
        return sorted(month for month in set(self._months.values()) if first <= month // 12 <= last)

    @property
    def last_month(self) -> int | None:
        """Return the month of the newest entry, in months since year 0."""
        return self._known_months[-1] if self._known_months else None

    def month(self, entry: Entry) -> int | None:
        """Return the month of *entry*, in months since year 0; None when it is not known."""
        return self._months.get(entry.docname)

    def counts(self, entries: Iterable[Entry], axis: Axis) -> tuple[int, ...]:
        """Return how many of *entries* fall into each step of *axis*; those whose date is less precise fall into none."""
        found = [0] * axis.size
        if axis.step < 12:
            places = [self._months.get(entry.docname, -1) // axis.step - axis.first for entry in entries]
        else:
            places = [self._years.get(entry.docname, -1) * 12 // axis.step - axis.first for entry in entries]
        for place in places:
            if 0 <= place < axis.size:
                found[place] += 1
        return tuple(found)


def _main_years(sizes: dict[int, int]) -> tuple[int, int] | None:
    """Return the first and the last year to draw; a few entries far from all others do not stretch the axis."""
    years = sorted(sizes)
    if not years:
        return None
    few = sum(sizes.values()) // 20
    return _edge(years, sizes, few, 1), _edge(years[::-1], sizes, few, -1)


def _edge(years: Sequence[int], sizes: dict[int, int], few: int, sign: int) -> int:
    """Return where the main body of *years* begins, seen from the one end of them."""
    edge, passed = years[0], 0
    for year, following in pairwise(years):
        passed += sizes[year]
        if passed > few:
            break
        if (following - year) * sign > GAP:
            edge = following
    return edge
