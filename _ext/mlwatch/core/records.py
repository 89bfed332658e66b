"""The bibliography as pages: which records stand together, in which order, under which ids."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from .timeline import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .bibtex import Record
    from .language import Language

_RANGES: Final = ("a-f", "g-l", "m-r", "s-z")
_OTHER: Final = "other"
#: The longest beginning that records are separated by; a file name has to hold it, too.
_LONGEST_PREFIX: Final = 100


def sort_text(record: Record) -> str:
    """Return what *record* is ordered by: first author, family name first, then year, title and key."""
    who = f"{record.families[0]} {record.authors[0]}" if record.families else ""
    return _plain(f"{who} {record.year} {record.title} {record.key}")


def _plain(text: str) -> str:
    """Return *text* in small letters without accents, words joined by hyphens."""
    letters = text.casefold()
    if not letters.isascii():
        letters = "".join(c for c in normalize("NFKD", letters) if not 0x300 <= ord(c) < 0x370)
    return "-".join(re.findall(r"[^\W_]+", letters))


def parts_of(records: Mapping[str, Record], limit: int) -> dict[str, tuple[str, ...]]:
    """Return the name of each part to the keys of its records, in order; one part named "" when *limit* suffices.

    A part is a range of first letters, a letter, or as many letters as it takes to hold at most *limit*
    records. So a new record changes the part that it belongs to and no other.
    """
    ordered = sorted((sort_text(record), key) for key, record in records.items())
    if len(ordered) <= limit:
        return {"": tuple(key for _, key in ordered)} if ordered else {}
    ranges: dict[str, list[tuple[str, str]]] = {name: [] for name in (*_RANGES, _OTHER)}
    for text, key in ordered:
        ranges[next((name for name in _RANGES if name[0] <= text[:1] <= name[2]), _OTHER)].append((text, key))
    return {
        name: keys
        for place, members in ranges.items()
        if members
        for name, keys in (
            {place: _keys(members)} if len(members) <= limit else _split(members, 1, limit)
        ).items()
    }


def _split(members: list[tuple[str, str]], length: int, limit: int) -> dict[str, tuple[str, ...]]:
    """Part *members* by their first *length* characters, and further where a part is too long."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for text, key in members:
        groups.setdefault(text[:length], []).append((text, key))
    parts: dict[str, tuple[str, ...]] = {}
    for prefix, group in groups.items():
        # The second: these texts are the same to the end.
        if len(group) <= limit or len(prefix) < length or length == _LONGEST_PREFIX:
            parts[prefix.replace("-", "_")] = _keys(group)
        else:
            parts |= _split(group, length + 1, limit)
    return parts


def _keys(members: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(key for _, key in members)


def part_title(name: str, language: Language) -> str:
    """Return how a part is called: "A to F", "Wa", "Other"."""
    if name in _RANGES:
        return span(language, name[0].upper(), name[2].upper())
    if name == _OTHER:
        return language.gettext("Other")
    return name.replace("_", " ").strip().capitalize()


def anchor(key: str) -> str:
    """Return the id of the record *key* on its page; it depends on the key alone."""
    plain = _plain(key)
    if plain == key.casefold():
        return f"cite-{plain}"
    ascii_only = "-".join(re.findall(r"[a-z0-9]+", plain))
    mark = blake2b(key.encode(), digest_size=3).hexdigest()
    return "-".join(filter(None, ("cite", ascii_only, mark)))
