"""BibTeX records of papers that other formats describe, so that an imported paper can be cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from ..bibtex import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._+/-]*")
_SMALL: Final = frozenset("a an the on of in for to and with from by at is are".split())
_ORDER: Final = (
    "author editor title journal booktitle volume number pages year month publisher institution school doi eprint "
    "archiveprefix url abstract"
).split()


def make_key(families: Sequence[str], year: str, title: str) -> str:
    """Return a key such as ``tan2021efficientnetv2``: first family, year, first word of weight."""
    family = _ascii(families[0].split()[-1]) if families and families[0].split() else ""
    words = (_ascii(word) for word in re.split(r"[\s\-–—:/]+", title))
    word = next((word for word in words if word and word not in _SMALL), "")
    return f"{family}{year[:4]}{word}"[:60] or "untitled"


def is_key(text: str) -> bool:
    """Say whether *text* can be a BibTeX key."""
    return len(text) <= 80 and "://" not in text and _KEY.fullmatch(text) is not None


def _ascii(word: str) -> str:
    return re.sub("[^a-z0-9]", "", normalize("NFKD", word.casefold()))


def make_record(type_: str, key: str, values: Mapping[str, str]) -> str:
    """Return a record of *values*, plain text except ``author`` and ``editor``, which are BibTeX's lists."""
    lines = []
    for name in _ORDER:
        if value := " ".join(values.get(name, "").split()):
            if name in ("url", "doi", "eprint"):
                shown = re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", value)
            elif name == "pages":
                shown = "--".join(escape(part) for part in re.split("[-–—]+", value))
            else:
                shown = value if name in ("author", "editor") else escape(value)
            braces = ("{{", "}}") if name == "title" else ("{", "}")
            lines.append(f"  {name} = {braces[0]}{shown}{braces[1]}")
    return ",\n".join([f"@{type_}{{{key}", *lines]) + "\n}"


def bibtex_name(family: str, given: str, literal: str = "") -> str:
    """Return one name as BibTeX reads it: "Family, Given", an organization in braces."""
    if literal or not family:
        return f"{{{escape(literal or given)}}}" if literal or given else ""
    return ", ".join(escape(part.replace(",", " ")) for part in (family, given) if part)
