"""Days, weeks, months and years: dates as precise as they are known.

A date is written in one of the forms of ISO 8601: ``2021-09-16``, ``2021-09``, ``2021``, ``2021-W02``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from .problems import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["day", "week", "month", "year"]

#: ``iso``: weeks begin on Monday and the first has 4 January (ISO 8601). ``us``: weeks begin on Sunday and
#: the first has 1 January; the first and the last week of a year are cut at the year's ends.
WeekRule = Literal["iso", "us"]

_KINDS: Final[tuple[Kind, ...]] = ("year", "month", "week", "day")
_FORM: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?|-W([0-9]{2}))?")
MONTHS: Final = tuple(
    "January February March April May June July August September October November December".split()
)
_FORMS: Final = "write a day as 2021-09-16, a month as 2021-09, a year as 2021, a week as 2021-W02"


class PeriodError(ValueError):
    """A text that is no date; its message says why and how to write it."""


class Period(NamedTuple):
    """A day, week, month or year; periods sort by their first day, the longer before the more precise.

    ``first`` and ``last`` are its days, both inclusive; ``precision`` is 0 for a year, 1 for a month, 2 for
    a week, 3 for a day; ``label`` is the text that :func:`parse` takes.
    """

    first: date
    precision: int
    last: date
    label: str

    @property
    def kind(self) -> Kind:
        """Return ``day``, ``week``, ``month`` or ``year``."""
        return _KINDS[self.precision]

    @property
    def sort_key(self) -> tuple[date, int]:
        """Return the order in time; a month comes before the days in it."""
        return self.first, self.precision


@lru_cache(maxsize=1 << 14)
def parse(text: str, weeks: WeekRule = "iso") -> Period:
    """Return the period that *text* names; raise PeriodError with the probable right spelling."""
    found = _FORM.fullmatch(text)
    if not found:
        raise PeriodError(_how_to_write(text, weeks))
    year, month, day, week = (int(part) if part else None for part in found.groups())
    assert year is not None  # noqa: S101 - the form has one
    if year < 1000:
        raise PeriodError(f"{quote(text)}: years run from 1000 to 9999")
    if week is not None:
        return _week(year, week, weeks)
    if month is None:
        return Period(date(year, 1, 1), 0, date(year, 12, 31), text)
    if not 1 <= month <= 12:
        raise PeriodError(f"{quote(text)}: a year has 12 months; write {year}-01 to {year}-12")
    last = _last_day(year, month)
    if day is None:
        return Period(date(year, month, 1), 1, last, text)
    if not 1 <= day <= last.day:
        raise PeriodError(
            f"{quote(text)}: {MONTHS[month - 1]} {year} has {last.day} days; "
            f"write {text[:8]}01 to {text[:8]}{last.day}, or {text[:7]} when the day is not known"
        )
    return _day(date(year, month, day))


@lru_cache(maxsize=1 << 14)
def coarser(period: Period, kind: Kind, weeks: WeekRule = "iso") -> Period | None:
    """Return the *kind* of period that holds *period*, or None when *period* is less precise than that.

    A week is in the month of its middle day and in the year of its label (ISO 8601: both those of its
    Thursday).
    """
    if _KINDS.index(kind) > period.precision:
        return None
    if kind == period.kind:
        return period
    if kind == "week":
        return _week_of(period.first, weeks)
    if kind == "year":
        return parse(period.label[:4])
    middle = period.first + (period.last - period.first) // 2
    return parse(middle.isoformat()[:7])


def finest(periods: Iterable[Period]) -> Period:
    """Return the most precise of *periods*, the earliest among equals; raise ValueError when there is none."""
    return min(periods, key=lambda period: (-period.precision, period.first))


def long(period: Period) -> str:
    """Return English text: ``Sep 16, 2021``, ``September 2021``, ``2021``, ``Jan 3–9, 2021``."""
    if period.kind == "year":
        return period.label[:4]
    if period.kind == "month":
        return f"{MONTHS[period.first.month - 1]} {period.first.year}"
    return span(period.first, period.last)


def span(first: date, last: date) -> str:
    """Return English text for the days from *first* to *last*: ``Sep 16, 2021``, ``Jan 3–9, 2021``, ``Dec 27, 2020 – Jan 2, 2021``."""
    start, end = (f"{MONTHS[day.month - 1][:3]} {day.day}" for day in (first, last))
    if first == last:
        return f"{start}, {first.year}"
    if first.year != last.year:
        return f"{start}, {first.year} – {end}, {last.year}"
    if first.month != last.month:
        return f"{start} – {end}, {first.year}"
    return f"{start}–{last.day}, {first.year}"


def _day(day: date) -> Period:
    return Period(day, 3, day, day.isoformat())


def _last_day(year: int, month: int) -> date:
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def _week(year: int, number: int, weeks: WeekRule) -> Period:
    if weeks == "iso":
        # The last days of 9999 belong to a week that ends after the last date Python knows.
        start, end = date.fromisocalendar(year, 1, 1), date.max
        count = date(year, 12, 28).isocalendar().week
    else:
        start, end = _first_sunday(year), date(year, 12, 31)
        count = (end - start).days // 7 + 1
    if not 1 <= number <= count:
        raise PeriodError(
            f'"{year:04}-W{number:02}": {year} has {count} weeks; write {year:04}-W01 to {year:04}-W{count}'
        )
    first = start + timedelta(weeks=number - 1)
    last = first + min(timedelta(days=6), end - first)
    if weeks == "us":
        first = max(first, date(year, 1, 1))
    return Period(first, 2, last, f"{year:04}-W{number:02}")


def _week_of(day: date, weeks: WeekRule) -> Period:
    if weeks == "iso":
        year, number, _ = day.isocalendar()
        return _week(year, number, weeks)
    return _week(day.year, (day - _first_sunday(day.year)).days // 7 + 1, weeks)


def _first_sunday(year: int) -> date:
    """Return the Sunday on or before 1 January."""
    new_year = date(year, 1, 1)
    return new_year - timedelta(days=new_year.isoweekday() % 7)


_WEEK_LIKE: Final = re.compile(r"([0-9]{4})[-_. /]*(?:W|week|wk)[-_. ]*([0-9]{1,2})", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-_./\s]+([0-9]{1,2})(?:[-_./\s]+([0-9]{1,2})(?:[T\s].*)?)?")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})[-_./\s]+([0-9]{1,2})[-_./\s]+([0-9]{4})")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def _how_to_write(text: str, weeks: WeekRule) -> str:
    likely = []
    for guess in dict.fromkeys(_guesses(text.strip())):
        try:
            likely.append(parse(guess, weeks).label)
        except PeriodError as error:
            if _FORM.fullmatch(guess):
                return f"{quote(text)} is no date: {error}"
    if likely:
        return f"{quote(text)} is no date; write {' or '.join(quote(label) for label in likely)}"
    return f"{quote(text)} is no date; {_FORMS}"


def _guesses(text: str) -> list[str]:
    """Return the spellings that *text* may have meant; they need not be dates."""
    if _FORM.fullmatch(text):
        return [text]
    if found := _WEEK_LIKE.fullmatch(text):
        return [f"{found[1]}-W{int(found[2]):02}"]
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return ["-".join([found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)])]
    if found := _YEAR_LAST.fullmatch(text):
        pairs = [(int(found[1]), int(found[2])), (int(found[2]), int(found[1]))]
        return [
            f"{found[3]}-{month:02}-{day:02}" for day, month in pairs if 1 <= month <= 12 and 1 <= day <= 31
        ]
    return _guess_from_words(text)


def _guess_from_words(text: str) -> list[str]:
    """Read ``16 Sep 2021``, ``September 16th, 2021``, ``Sept. 2021``."""
    words = [word.casefold() for word in re.findall(r"[A-Za-z]+", text)]
    numbers: list[str] = re.findall(r"[0-9]+", text)
    months = [
        number
        for word in words
        for number, name in enumerate(MONTHS, 1)
        if len(word) >= 3 and name.casefold().startswith(word)
    ]
    years = [number for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        return []
    return [f"{years[0]}-{months[0]:02}" + "".join(f"-{day:02}" for day in days)]
