"""Names of keywords and sources: when two are the same, and the file name of each, which depends on nothing but the name."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final
from unicodedata import normalize

from .filenames import RESERVED

#: Names that are taken by our own pages, that Windows reserves, or that look as if they had a hash.
_RESERVED: Final = re.compile(rf"index|page-\d+|{RESERVED}|.*-[0-9a-f]{{6}}")
_SPOKEN: Final = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent "}
#: In characters, and in bytes of UTF-8: file systems count these.
_LIMIT: Final = 60
_BYTES: Final = 180
#: What separates keywords in a list, or escapes such a character.
_SEPARATORS: Final = frozenset(",;，；\\")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Return the key under which spellings of a source or keyword are one: case, spaces and hyphens apart."""
    return "-".join(re.split(r"[\s_\u2010\u2011-]+", normalize("NFKC", name).casefold().strip()))


def without_accents(text: str) -> str:
    """Return *text* without the accents of its letters; marks of scripts other than Latin, Greek and Cyrillic stay."""
    if text.isascii():
        return text
    return "".join(char for char in normalize("NFKD", text) if not 0x300 <= ord(char) < 0x370)


def is_keyword(text: str) -> bool:
    """Tell whether *text* can be a keyword: printable, not empty, without a character that separates keywords."""
    return bool(text.strip()) and text.isprintable() and not _SEPARATORS.intersection(text)


@lru_cache(maxsize=65536)
def slug(name: str) -> str:
    """Return the file name for *name*: letters and digits of any script in lower case, words joined by hyphens.

    Two names have one slug only when :func:`fold` makes them one: where letters
    alone would not tell them apart ("C", "C++", "C#") a hash of the folded name follows.
    """
    key = fold(name)
    if (
        re.fullmatch(r"[^\W_]+(?:-[^\W_]+)*", key)
        and len(key) <= _LIMIT
        and len(key.encode()) <= _BYTES
        and not _RESERVED.fullmatch(key)
    ):
        return key
    spoken = "".join(_SPOKEN.get(char, char) for char in key)
    words = re.findall(r"[^\W_]+", spoken)
    mark = blake2b(key.encode(), digest_size=3).hexdigest()
    cut = "-".join(words)[:_LIMIT].encode()[:_BYTES].decode("utf-8", "ignore")
    return "-".join([*re.findall(r"[^\W_]+", cut), mark])


def letter(name: str) -> str:
    """Return the heading of *name* in an A to Z: a letter without accents, ``0–9``, or ``#`` for all other scripts."""
    first = normalize("NFKD", fold(name)[:1])[:1].upper()
    if "A" <= first <= "Z":
        return first
    return "0–9" if first.isdecimal() and first.isascii() else "#"


def name_key(name: str) -> tuple[int, str, str, str]:
    """Order of an A to Z: letters, then digits, then other scripts; accents and case apart."""
    group = {"0–9": 1, "#": 2}.get(letter(name), 0)
    if name.isascii():
        return (group, letter(name), fold(name), name)
    plain = without_accents(fold(name))
    return (group, letter(name), plain, name)
