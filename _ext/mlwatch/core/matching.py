"""What stands behind a name in a filter: how it is read, and the tests of words, numbers and dates."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from .periods import PeriodError, parse
from .problems import quote

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from .model import Entry
    from .periods import Period
    from .settings import Settings

    Test = Callable[[Entry], bool]


class CriterionError(ValueError):
    """A value that a criterion cannot take; the text says why and how to mend it."""


class Value(NamedTuple):
    """What stands behind a name: the operator (``:``, ``>=`` …), the text, whether quotation marks stood around it."""

    operator: str
    text: str
    quoted: bool = False

    def plain(self) -> str:
        """Return the text; raise CriterionError when it is compared with ``<`` or ``>``."""
        if self.operator != ":":
            raise CriterionError(f"{quote(self.operator)} compares numbers and dates; write : instead")
        return self.text


_SEPARATORS: Final = "\\s_\u2010\u2011-"
_SPLIT: Final = re.compile(f"[{_SEPARATORS}]+")
#: Scripts that put no space between words: there a word is found anywhere.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff]"
)
_PLAIN: Final = re.compile(r"\w[^\s()\"“”„<>=]*")


def quoted(text: str) -> str:
    """Return *text* as a value of a filter: in quotation marks where it needs them."""
    if _PLAIN.fullmatch(text) and "*" not in text:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def given(value: Value | None) -> Value:
    """Return *value*; raise CriterionError when the name stood alone."""
    if value is None:
        raise CriterionError("a value is missing")
    return value


# --- Words ----------------------------------------------------------------------------------------------------


def search(text: str) -> Callable[[str], bool]:
    """Return whether a text holds the words of *text* in this order, the first from where a word begins."""
    words = [re.escape(word) for word in _SPLIT.split(normalize("NFKC", text).casefold()) if word]
    if not words:
        raise CriterionError(f"{quote(text)} has no word to look for")
    begin = "" if _UNSPACED.match(text) else r"(?<![^\W_])"
    find = re.compile(begin + f"[{_SEPARATORS}]+".join(words)).search

    def test(told: str) -> bool:
        return find((told if told.isascii() else normalize("NFKC", told)).casefold()) is not None

    return test


# --- Numbers and dates ----------------------------------------------------------------------------------------


def _bounds(value: Value) -> tuple[str, str]:
    """Return the ends of ``a..b``, ``a..``, ``..b`` or ``a``, an open end empty."""
    low, dots, high = value.text.partition("..")
    if not dots:
        return low, low
    if not low and not high:
        raise CriterionError('".." has no ends; write one, as in 2.. or ..2')
    return low, high


def number(name: str, value: Value | None, _settings: Settings) -> tuple[str, Test]:
    """Return the test of a number: one, a range of numbers, or, when the name stands alone, any above 0."""
    if value is None:
        return "", lambda e: bool(getattr(e, name))

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 7:
            return int(text)
        raise CriterionError(f"{quote(text)} is no whole number; write {name}:2, {name}:1..2 or {name}>=2")

    low: int | None
    high: int | None
    if value.operator == ":":
        low, high = (read(text) if text else None for text in _bounds(value))
        told = f":{low}" if low == high else f":{'' if low is None else low}..{'' if high is None else high}"
    else:
        bound = read(value.text)
        low = {">=": bound, ">": bound + 1}.get(value.operator)
        high = {"<=": bound, "<": bound - 1}.get(value.operator)
        told = f"{value.operator}{bound}"
    if low is not None and high is not None and low > high:
        raise CriterionError(f"{quote(value.text)} ends before it begins; write {name}:{high}..{low}")

    def test(entry: Entry) -> bool:
        count = getattr(entry, name)
        return count is not None and (low is None or count >= low) and (high is None or count <= high)

    return told, test


class _Bound(NamedTuple):
    """An end of a range of days; a ``wide`` one is a month or a year, into which a week falls by its middle day."""

    day: date
    wide: bool


def period(name: str, value: Value | None, settings: Settings) -> tuple[str, Test]:
    """Return the test of a date: a day, week, month or year, or a range of them."""
    asked = given(value)

    def read(text: str) -> Period:
        try:
            return parse(text.upper() if "-w" in text else text, settings.weeks)
        except PeriodError as error:
            raise CriterionError(str(error)) from None

    if asked.operator == ":":
        texts = _bounds(asked)
        low, high = (read(text) if text else None for text in texts)
        labels = [end.label if end else "" for end in (low, high)]
        told = f":{labels[0]}" if ".." not in asked.text else f":{'..'.join(labels)}"
        first = _Bound(low.first, low.precision < 2) if low else None
        last = _Bound(high.last, high.precision < 2) if high else None
        if first and last and first.day > last.day:
            raise CriterionError(
                f"{quote(asked.text)} ends before it begins; write {name}:{texts[1]}..{texts[0]}"
            )
    else:
        bound = read(asked.text)
        first, last = _compared(asked.operator, bound)
        told = f"{asked.operator}{bound.label}"
    within = partial(_within, first, last)

    def test(entry: Entry) -> bool:
        when = getattr(entry, name)
        return when is not None and within(when)

    return told, test


def _compared(operator: str, period: Period) -> tuple[_Bound | None, _Bound | None]:
    wide, one = period.precision < 2, timedelta(days=1)
    try:
        if operator == ">":
            return _Bound(period.last + one, wide), None
        if operator == "<":
            return None, _Bound(period.first - one, wide)
    except OverflowError:
        raise CriterionError(f"nothing comes after {period.label}") from None
    return (_Bound(period.first, wide), None) if operator == ">=" else (None, _Bound(period.last, wide))


def _within(first: _Bound | None, last: _Bound | None, when: Period) -> bool:
    """Tell whether all of *when* lies between the bounds."""
    middle = when.first + (when.last - when.first) // 2 if when.precision == 2 else None
    if first and (middle if middle and first.wide else when.first) < first.day:
        return False
    return not last or (middle if middle and last.wide else when.last) <= last.day
