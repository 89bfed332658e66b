"""Dates as other programs write them.

Known are the forms of ISO 8601, RFC 822 (feeds), RIS (``2021/09/16/``), counts of seconds, milli-, micro- and
nanoseconds since 1970 or microseconds since 1601 (browsers), and dates in English words. A date with an
offset from UTC counts as the day that is written there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..periods import PeriodError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..periods import Period, WeekRule

_ISO: Final = re.compile(
    r"([0-9]{4})[-/.](0?[1-9]|1[0-2])(?:[-/.](0?[1-9]|[12][0-9]|3[01]))?(?:[T /].*|[-/]*)"
)
_WEEK: Final = re.compile(r"([0-9]{4})-?W([0-9]{2})(?:-?[1-7])?")
_COUNT: Final = re.compile(r"([0-9]{9,19})(?:\.[0-9]*)?")
_NUMBERS: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})(?:[ ,T].*)?")
_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}.*")
_DAY: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_TOKENS: Final = re.compile(r"[0-9]+[a-z]*|[a-z]+")
_MONTHS: Final = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_LONG_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december sept".split()
)
#: Digits of a count to how many of its units make a second; 17 digits are a browser's microseconds since 1601.
_UNITS: Final = {9: 1, 10: 1, 12: 1_000, 13: 1_000, 15: 1_000_000, 16: 1_000_000, 18: 10**9, 19: 10**9}
_LONGEST: Final = 80


def read_date(text: str, weeks: WeekRule = "iso") -> Period | None:
    """Return the period that *text* names, or None when it names none, or may name several."""
    text = " ".join(text.split()) if len(text) <= _LONGEST else ""
    for guess in _spellings(text):
        try:
            return parse(guess, weeks)
        except PeriodError:
            continue
    return None


def _spellings(text: str) -> Iterator[str]:
    """Yield spellings that :func:`parse` may take, the likeliest first."""
    if not text.isascii():
        return
    if found := _COUNT.fullmatch(text):
        yield from _from_count(found[1])
    elif text.isdigit():
        yield "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
    elif re.fullmatch("[0-9]{4}/*", text):
        yield text[:4]
    elif found := _WEEK.fullmatch(text):
        yield f"{found[1]}-W{found[2]}"
    elif found := _ISO.fullmatch(text):
        yield "-".join([found[1], *(f"{int(part):02}" for part in (found[2], found[3]) if part)])
    elif found := _NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), found[4]
        if first == second or first > 12:
            yield f"{year}-{second:02}-{first:02}"
        elif second > 12:
            yield f"{year}-{first:02}-{second:02}"
    else:
        yield from _from_words(text)


def _from_count(digits: str) -> Iterator[str]:
    number = int(digits)
    try:
        if len(digits) == 17:
            start = datetime(1601, 1, 1, tzinfo=UTC)
            yield (start + timedelta(microseconds=number)).date().isoformat()
        elif units := _UNITS.get(len(digits)):
            yield datetime.fromtimestamp(number // units, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return


def _from_words(text: str) -> Iterator[str]:
    """Read ``Thu, 16 Sep 2021 10:00:00 GMT``, ``September 16th, 2021``, ``16th of Sept. 2021``, ``Sep 2021``."""
    words = _TOKENS.findall(_TIME.sub("", text.casefold()))
    months = [_MONTHS[word[:3]] for word in words if word in _MONTHS or word in _LONG_MONTHS]
    years = [word for word in words if re.fullmatch("[0-9]{4}", word)]
    days = [int(found[1]) for word in words if (found := _DAY.fullmatch(word))]
    if len(months) == 1 and len(years) == 1 and len(days) <= 1:
        yield f"{years[0]}-{months[0]:02}" + "".join(f"-{day:02}" for day in days)
    elif len(months) == 1 and not years and len(days) == 2 and re.search(r"\d\d ?$", _TIME.sub("", text)):
        yield f"20{days[1]:02}-{months[0]:02}-{days[0]:02}"  # RFC 822 has years of two digits
