"""Dates as web pages write them, never more precise than they are known."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ..periods import Period, PeriodError, finest, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

# ISO 8601 with what often stands for its marks, a time and its zone behind it: the day is the one that is written.
_YEAR_FIRST: Final = re.compile(
    r"([12][0-9]{3})(?:[-/.年]\s?([0-9]{1,2})(?:[-/.月]\s?([0-9]{1,2})(?![0-9]))?)?日?(?=$|[T\s月,+Z])"
)
_COMPACT: Final = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])(?=$|[T\s])")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([12][0-9]{3})(?=$|[\s,T])")
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORDED: Final = re.compile(
    rf"(?:[a-z]{{3,9}}\.?,?\s+)?(?:([0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]+)?({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
    r"(?:\s+([0-9]{1,2})(?:st|nd|rd|th)?)?[\s,-]+([12][0-9]{3})(?![0-9])",
    re.IGNORECASE,
)
_IN_PATH: Final = re.compile(
    r"/((?:19|20)[0-9]{2})[/-](0[1-9]|1[0-2])(?:[/-]([0-3][0-9])(?=[/_.-]|$)|(?=/))", re.ASCII
)
_NEW_ARXIV: Final = re.compile(r"([0-9]{2})(0[1-9]|1[0-2])\.[0-9]{4,5}")
_OLD_ARXIV: Final = re.compile(r"[a-z-]+/([0-9]{2})(0[1-9]|1[0-2])[0-9]{3}")


def read_date(text: str, today: date) -> Period | None:
    """Return the day, month or year that *text* gives, or None.

    Of ``04/05/2021`` only the year is certain. A date before 1900, that of an unset clock (1 January 1970),
    and one more than a day after *today* (time zones) are none.
    """
    text = " ".join(text[:100].split())
    if found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        year, month, day = found.groups()
    elif found := _YEAR_LAST.match(text):
        year, month, day = _ordered(found)
    elif (found := _WORDED.match(text)) and not (found[1] and found[3]):
        year, month, day = found[4], str(_MONTHS.index(found[2][:3].lower()) + 1), found[1] or found[3]
    else:
        return None
    return _period(year, month, day, today)


def _ordered(found: re.Match[str]) -> tuple[str, str | None, str | None]:
    first, second, year = int(found[1]), int(found[2]), found[3]
    if first > 12 or first == second:
        return year, str(second), str(first)
    return (year, str(first), str(second)) if second > 12 else (year, None, None)


def _period(year: str, month: str | None, day: str | None, today: date) -> Period | None:
    label = year + "".join(f"-{int(part):02}" for part in (month, day if month else None) if part)
    try:
        period = parse(label)
    except PeriodError:
        return None
    if period.first > today + timedelta(days=1) or period.first.year < 1900:
        return None
    return None if period.label == "1970-01-01" else period


def best(candidates: Iterable[Period]) -> Period | None:
    """Return the first of *candidates*, or the most precise of those that lie in it."""
    known = list(candidates)
    if not known:
        return None
    first = known[0]
    return finest(one for one in known if first.first <= one.first and one.last <= first.last)


def date_in_address(url: str, today: date) -> Period | None:
    """Return the date that stands in the path of *url*, as in ``/2021/09/16/title`` or ``/posts/2021-09-16-title``."""
    path = url.partition("://")[2].partition("?")[0].partition("#")[0]
    found = _IN_PATH.search(path)
    return _period(found[1], found[2], found[3], today) if found else None


def date_of_arxiv(identifier: str, today: date) -> Period | None:
    """Return the month that an arXiv identifier names (https://info.arxiv.org/help/arxiv_identifier.html)."""
    found = _NEW_ARXIV.match(identifier) or _OLD_ARXIV.match(identifier)
    if not found:
        return None
    century = "19" if int(found[1]) > 90 else "20"
    return _period(century + found[1], found[2], None, today)
