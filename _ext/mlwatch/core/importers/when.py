"""Dates in headings: days, weeks, ranges, months and years, in the ways in which people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ..periods import Period, PeriodError, coarser, parse

if TYPE_CHECKING:
    from ..periods import WeekRule

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?![a-z])"
)
_DAY: Final = r"(?<!\d)(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)"
_TO: Final = r"\s*(?:[-\u2010-\u2015~\uff5e]+|to|until|through|and|&)\s*"


def _form(pattern: str) -> re.Pattern[str]:
    for name in ("d1", "d2"):
        pattern = pattern.replace(f"<{name}>", _DAY.format(name))
    for name in ("m1", "m2"):
        pattern = pattern.replace(f"<{name}>", _MONTH.format(name))
    return re.compile(pattern.replace("<to>", _TO), re.IGNORECASE)


_RANGES: Final = (
    _form(r"<d1>(?:\s+of)?(?:\s+<m1>(?:,?\s*(?P<y1>\d{4}))?)?<to><d2>(?:\s+of)?\s+<m2>"),
    _form(r"<m1>\s+<d1>(?:,?\s*(?P<y1>\d{4}))?<to>(?:<m2>\s+)?<d2>"),
)
_DAYS: Final = (
    _form(r"<d1>(?:\s+of)?[\s,.-]*<m1>"),
    _form(r"(?<![a-z])<m1>[\s,.-]*<d1>"),
)
_ONLY_MONTH: Final = _form(r"(?<![a-z])<m1>(?=[\s,.'\u2019-]*(?:\d{4}|$|[)\]]))")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ISO: Final = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)\s?[-./_\u5e74]\s?(\d{1,2})(?!\d)(?:\s?[-./_\u6708]\s?(\d{1,2})(?!\d)\s?\u65e5?)?\u6708?"
)
_COMPACT: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_NUMBERS: Final = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d/])")
_WEEKS: Final = (
    re.compile(r"(?P<y>(?:19|20)\d\d)[\s,.:#\u5e74_/-]*(?:\bweek|\bwk|\bw|\u7b2c)[\s#_-]*(?P<w>\d{1,2})(?!\d)", re.IGNORECASE),
    re.compile(r"(?:\bweek|\bwk|\bw|\u7b2c)[\s#_-]*(?P<w>\d{1,2})(?!\d)(?:\s*\u5468)?[\s,.(:\uff0c#of_-]*(?P<y>(?:19|20)\d\d)", re.IGNORECASE),
)  # fmt: skip
_ONLY_WEEK: Final = re.compile(r"(?:week\s*#?|w|\u7b2c\s*)(?P<w>\d{1,2})(?:\s*\u5468)?", re.IGNORECASE)


#: A text that is a date and nothing else, as it stands before or behind a title.
_ALONE: Final = re.compile(
    rf"(?:{_ISO.pattern}|{_COMPACT.pattern}|{_YEAR.pattern}|{_NUMBERS.pattern}"
    rf"|{_DAY.format('a')}(?:\s+of)?[\s,.-]*{_MONTH.format('b')}(?:[\s,.-]*(?:19|20)\d\d)?"
    rf"|{_MONTH.format('c')}(?:[\s,.-]+{_DAY.format('d')})?(?:[\s,.-]*(?:19|20)\d\d)?)",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    rf"\s*[\[(\uff08\u3010]?(?P<date>{_ISO.pattern})[\])\uff09\u3011]?\s*[:\uff1a|,\u2013\u2014-]?\s+"
)


def is_date(text: str) -> bool:
    """Say whether *text* is a date and nothing else; a day without a month or a month alone is none."""
    text = text.strip(" \t()[]{}\uff08\uff09\u3010\u3011.,:;\uff1a|-\u2013\u2014*_")
    return len(text) < 40 and bool(re.search(r"\d", text)) and bool(_ALONE.fullmatch(text))


def leading_date(text: str) -> tuple[str, str]:
    """Return the date in figures that *text* begins with, and the rest; no date when it begins with none."""
    match = _LEADING.match(text)
    return (match["date"], text[match.end() :]) if match else ("", text)


def date_in(text: str, weeks: WeekRule, year: int = 0, near: date | None = None) -> Period | None:
    """Return the date that a heading's *text* names, None when it names none.

    A range of about a week becomes the week that has its middle; a longer one the month or year that has all of
    it. A date without a year is in *year*, or, when that is 0, in the year that brings it closest to *near*.
    Numbers such as ``9/04/24`` are month, day and year, unless only the other order is a date.
    """
    text = text[:300]
    for reader in (_week, _span, _iso, _spoken, _numeric, _lonely):
        found = reader(text, weeks, year, near)
        if found:
            return found
    return None


def _parsed(label: str, weeks: WeekRule) -> Period | None:
    try:
        return parse(label, weeks)
    except PeriodError:
        return None


def _week(text: str, weeks: WeekRule, year: int, _near: date | None) -> Period | None:
    for form in _WEEKS:
        if match := form.search(text):
            return _parsed(f"{match['y']}-W{int(match['w']):02}", weeks)
    if year and (match := _ONLY_WEEK.fullmatch(text.strip())):
        return _parsed(f"{year}-W{int(match['w']):02}", weeks)
    return None


def _span(text: str, weeks: WeekRule, year: int, near: date | None) -> Period | None:
    isos = list(_ISO.finditer(text))
    if len(isos) == 2 and all(match[3] for match in isos):
        ends = [_day(int(match[1]), int(match[2]), int(match[3])) for match in isos]
        return _covering(ends[0], ends[1], weeks) if ends[0] and ends[1] else None
    for form in _RANGES:
        match = form.search(text)
        if not match:
            continue
        second = _month(match["m2"] or match["m1"])
        first = _month(match["m1"] or match["m2"])
        years = [int(found) for found in _YEAR.findall(text)]
        last_year = years[-1] if years else 0
        candidates = [last_year or year] if last_year or (year and not near) else _around(near)
        if year and near and not last_year:
            candidates = [year, year + 1] if first > second else [year]
        best: tuple[date, date] | None = None
        for candidate in candidates:
            end = _day(candidate, second, int(match["d2"]))
            start = _day(candidate - (first > second), first, int(match["d1"]))
            closer = best is None or (near and end and abs(end - near) < abs(best[1] - near))
            if start and end and start <= end and closer:
                best = start, end
        if best:
            return _covering(*best, weeks)
    return None


def _around(near: date | None) -> list[int]:
    return [near.year - 1, near.year, near.year + 1] if near else []


def _covering(start: date | None, end: date | None, weeks: WeekRule) -> Period | None:
    if not start or not end or end < start:
        return None
    if (end - start).days <= 9:
        middle = _parsed((start + (end - start) // 2).isoformat(), weeks)
        return coarser(middle, "week", weeks) if middle else None
    if (start.year, start.month) == (end.year, end.month):
        return _parsed(start.isoformat()[:7], weeks)
    return _parsed(str(end.year), weeks) if start.year == end.year else None


def _iso(text: str, weeks: WeekRule, _year: int, _near: date | None) -> Period | None:
    for match in _ISO.finditer(text):
        month, day = int(match[2]), int(match[3] or 0)
        label = f"{match[1]}-{month:02}" + (f"-{day:02}" if day else "")
        if found := _parsed(label, weeks):
            return found
    compact = _COMPACT.search(text)
    return _parsed("-".join(compact.groups()), weeks) if compact else None


def _spoken(text: str, weeks: WeekRule, year: int, near: date | None) -> Period | None:
    found_year = _YEAR.search(text)
    for form in _DAYS:
        for match in form.finditer(text):
            years = [int(found_year[1])] if found_year else [year] if year else _around(near)
            days = [day for each in years if (day := _day(each, _month(match["m1"]), int(match["d1"])))]
            if days:
                best = min(days, key=lambda day: abs(day - near)) if near else days[0]
                return _parsed(best.isoformat(), weeks)
    if only := _ONLY_MONTH.search(text):
        years = [int(found_year[1])] if found_year else [year] if year else []
        if years:
            return _parsed(f"{years[0]}-{_month(only['m1']):02}", weeks)
    return None


def _numeric(text: str, weeks: WeekRule, _year: int, _near: date | None) -> Period | None:
    match = _NUMBERS.search(text)
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    if year < 100:
        year += 2000 if year < 70 else 1900
    day = _day(year, first, second) or _day(year, second, first)
    return _parsed(day.isoformat(), weeks) if day else None


def _lonely(text: str, weeks: WeekRule, _year: int, _near: date | None) -> Period | None:
    match = _YEAR.search(text)
    rest = _YEAR.sub("", text) if match else text
    if match and not re.search(r"[^\W\d_]{2,}", re.sub(r"(?i)\b(?:year|in|archive)\b|\u5e74", "", rest)):
        return _parsed(match[1], weeks)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].casefold()) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year > 1000 else None
    except ValueError:
        return None


def middle(period: Period) -> date:
    """Return the day in the middle of *period*."""
    return period.first + timedelta(days=(period.last - period.first).days // 2)
