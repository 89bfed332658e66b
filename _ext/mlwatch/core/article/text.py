"""Words of strangers made fit for a page: one line, no invisible or reordering characters, not too long."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import category, normalize

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
#: Joiners and selectors that scripts and emoji need, although nothing is to be seen of them.
_NEEDED: Final = frozenset("\u200c\u200d\ufe0e\ufe0f")


def clean(text: str, limit: int = 300) -> str:
    """Return *text* on one line (Unicode NFC), cut at a word before *limit* characters."""
    text = text[: limit * 20]
    kept = (
        character
        if character in _NEEDED
        else " "
        if character.isspace() or category(character) in ("Cc", "Zl", "Zp")
        else ""
        if category(character) in ("Cf", "Cs", "Co", "Cn")
        else character
        for character in text
    )
    words = " ".join(normalize("NFC", "".join(kept)).split()).strip("\u200c\u200d\ufe0e\ufe0f ")
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"


def without_tags(text: str) -> str:
    """Return *text* without the tags (``<i>``, ``<mml:math>``) and references that publishers write into titles."""
    from .html import unescape

    return unescape(_TAG.sub("", unescape(text) if "&lt;" in text else text))
