"""JSON with the lines at which its items stand.

An export is an array of items, or an object that holds one. Each item is read by the standard library's
scanner, which is fast; this module only walks from item to item, so that it knows where each begins and ends.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .base import ImportFailure, Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Document
    from .draft import Draft

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_KEY_LINE: Final = re.compile(r'[\s{\[,]*"((?:[^"\\]|\\.)*)"\s*:')


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 30 else digits


_DECODER: Final = json.JSONDecoder(strict=False, parse_int=_integer, parse_constant=lambda _name: None)


@dataclass(frozen=True, slots=True)
class JsonItem:
    """A value of the array, and its first and last line."""

    value: Any
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class JsonFile:
    """The array's items; ``around`` has what stands beside the array in the object that holds it.

    ``key`` is the array's name there. ``broken`` says at which line reading ended, and why, when it did before the end.
    """

    items: list[JsonItem]
    around: dict[str, Any]
    key: str
    broken: tuple[int, str] | None


class _BrokenError(ValueError):
    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position = position


def value_of(text: str) -> Any:
    """Return the value that *text* is; raise ImportFailure when it is no JSON."""
    walker = _Walker(text)
    try:
        value, position = walker.value(walker.skip(0))
        if walker.skip(position) < len(text):
            raise ImportFailure("something follows the end of the value")
    except _BrokenError as error:
        raise ImportFailure(str(error)) from None
    return value


class _Walker:
    def __init__(self, text: str) -> None:
        self.text = text

    def skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def value(self, position: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self.text, position)
        except json.JSONDecodeError as error:
            raise _BrokenError(error.pos, f"this is no JSON: {error.msg}") from None
        except RecursionError:
            raise _BrokenError(position, "arrays and objects are nested too deep here") from None

    def expect(self, marks: str, position: int) -> str:
        mark = self.text[position : position + 1]
        if not mark or mark not in marks:
            raise _BrokenError(position, f"this is no JSON: expecting {' or '.join(marks)}")
        return mark


def read_json(document: Document, *keys: str) -> JsonFile:
    """Return the items of the array in *document*, or of the array that its object has under one of *keys*."""
    walker = _Walker(document.text)
    newlines = [found.start() for found in re.finditer("\n", document.text)]
    items: list[JsonItem] = []
    around: dict[str, Any] = {}
    held = ""
    broken = None

    def array(position: int) -> int:
        position = walker.skip(position + 1)
        while document.text[position : position + 1] != "]":
            value, end = walker.value(position)
            first = bisect_left(newlines, position) + 1
            items.append(JsonItem(value, first, bisect_left(newlines, end - 1) + 1))
            position = walker.skip(end)
            if walker.expect(",]", position) == ",":
                position = walker.skip(position + 1)
        return position + 1

    try:
        position = walker.skip(0)
        if walker.expect("[{", position) == "[":
            array(position)
        else:
            position = walker.skip(position + 1)
            while document.text[position : position + 1] != "}":
                key, end = walker.value(position)
                position = walker.skip(end)
                walker.expect(":", position)
                position = walker.skip(position + 1)
                if key in keys and not held and document.text[position : position + 1] == "[":
                    held = key
                    position = array(position)
                else:
                    around[str(key)], position = walker.value(position)
                position = walker.skip(position)
                if walker.expect(",}", position) == ",":
                    position = walker.skip(position + 1)
    except _BrokenError as error:
        broken = bisect_left(newlines, error.position) + 1, str(error)
    return JsonFile(items, around, held, broken)


def text_of(value: Any) -> str:
    """Return a JSON value as text: a text as it is, a number as written, anything else as nothing."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
    return value if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """Return a list of texts, or a single text as such a list."""
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := text_of(one).strip())]


def lines_of_keys(document_lines: list[str], item: JsonItem) -> dict[str, tuple[int, int]]:
    """Return the first and last line at which each key of *item* stands; all of them where it has one line only."""
    if not isinstance(item.value, dict):
        return {}
    places = dict.fromkeys(item.value, (item.first, item.last if item.first == item.last else item.first))
    if item.first == item.last:
        return places
    current = ""
    for number in range(item.first, item.last + 1):
        line = document_lines[number - 1]
        found = _KEY_LINE.match(line)
        if found and (key := _unescaped(found[1])) in item.value:
            current = key
            places[key] = number, number
        elif current and line.strip(" \t{}[],"):
            places[current] = places[current][0], number
    return places


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def note_other_keys(
    draft: Draft,
    value: Mapping[str, Any],
    places: Mapping[str, tuple[int, int]],
    used: frozenset[str],
    bookkeeping: frozenset[str],
) -> None:
    """Say of each key with a value that no option took: not of use here, or not understood."""
    for key, content in value.items():
        if key in used or content in (None, "", [], {}, False):
            continue
        first, last = places[key]
        if key in bookkeeping:
            draft.use(Use.SYNTAX, first, last)
        else:
            draft.refuse(first, f'"{key[:60]}" fits no option', last)
