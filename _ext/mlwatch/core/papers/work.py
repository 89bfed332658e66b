"""A paper as its registry describes it, and its BibTeX record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final
from unicodedata import normalize
from urllib.parse import quote

from ..bibread import REQUIRED
from ..bibtex import escape
from ..latex import to_text
from ..urls import doi_address

if TYPE_CHECKING:
    from collections.abc import Collection

_NO_NAME: Final = re.compile(r",|\band\b|^others$", re.IGNORECASE)
#: Words that a style would set in small letters although their capitals are meant: an inner capital, or one
#: beside a digit.
_CAPITALS: Final = re.compile(
    r"(?<![\w\\{$])(?=[\w-]{0,100}(?:[\w-][A-Z]|[A-Z][0-9]|[0-9]-?[A-Z]))[\w-]+(?![\w}$])"
)
_FUNCTION_WORDS: Final = frozenset(
    "a an the on in of for to and or from with without is are do does can how what why when towards toward".split()
)
_TEX_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """An author: family and given names; a name that nobody has divided, or that of a group, stands in ``whole``."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    whole: str = ""
    group: bool = False

    @property
    def name(self) -> str:
        """The name as it is read."""
        return self.whole or " ".join(part for part in (self.given, self.family, self.suffix) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One paper. ``title`` is plain text, or LaTeX when ``is_tex``; ``date`` is ``2021-04-01``, ``2021-04`` or ``2021``."""

    title: str
    type: str = "misc"
    people: tuple[Person, ...] = ()
    date: str = ""
    venue: str = ""
    publisher: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    note: str = ""
    arxiv: str = ""
    category: str = ""
    doi: str = ""
    url: str = ""
    lang: str = ""
    is_tex: bool = False

    @property
    def shown_title(self) -> str:
        """The title as a reader sees it."""
        return (to_text(self.title) if self.is_tex else "") or self.title

    @property
    def address(self) -> str:
        """Where it is to be read: its page at arXiv, the address of its DOI, or its own."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return doi_address(self.doi) if self.doi else self.url


def record_of(work: Work, key: str) -> str:
    """Return the BibTeX record of *work* under *key*, in the form that ``refs.bib`` has."""
    venue = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
    school = {"phdthesis": "school", "techreport": "institution"}.get(work.type, "")
    values = {
        "author": " and ".join(_author(person) for person in work.people),
        "title": _title(work),
        venue.get(work.type, "howpublished"): escape(work.venue),
        school or "publisher": escape(work.publisher)
        if work.type not in ("article", "misc") or school
        else "",
        "volume": escape(work.volume),
        "number": escape(work.number),
        "pages": escape(work.pages).replace("-{}-", "--"),
        "year": work.date[:4],
        "eprint": work.arxiv,
        "archivePrefix": "arXiv" if work.arxiv else "",
        "primaryClass": work.category if work.arxiv else "",
        "doi": _address(work.doi),
        "url": _address(work.address),
        "note": escape(work.note),
    }
    given = {name: value for name, value in values.items() if value}
    type_ = work.type
    lacking = [names for names in REQUIRED[type_] if not any(name in given for name in names.split("|"))]
    if lacking:
        type_ = "misc"
        for name in ("journal", "booktitle"):
            if name in given:
                given["howpublished"] = given.pop(name)
    lines = [f"  {name} = {{{value}}}" for name, value in given.items()]
    return ",\n".join([f"@{type_}{{{key}", *lines]) + "\n}"


def key_of(work: Work, taken: Collection[str]) -> str:
    """Return a key such as ``tan2021efficientnetv2``; *taken* are keys in lower case, of which it is none."""
    family = work.people[0].family or work.people[0].whole.split(" ")[-1] if work.people else ""
    if work.people and work.people[0].group:
        family = work.people[0].whole.split(" ")[0]
    words = [_letters(word) for word in re.split(r"[\s:/—–-]+", work.shown_title.replace("'", ""))]
    word = next((word for word in words if word and word not in _FUNCTION_WORDS), "")
    made = f"{_letters(family)}{work.date[:4]}{word}"[:60] or f"paper{_letters(work.arxiv or work.doi)}"[:60]
    if made not in taken:
        return made
    return next(name for number in count(2) if (name := f"{made}-{number}") not in taken)


def _letters(text: str) -> str:
    plain = normalize("NFKD", text.translate(_TEX_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _author(person: Person) -> str:
    if person.group or not (person.family or person.whole):
        return f"{{{escape(person.name)}}}"
    if person.whole:
        return f"{{{escape(person.whole)}}}" if _NO_NAME.search(person.whole) else escape(person.whole)
    family, given = escape(person.family), escape(person.given)
    if person.suffix or _NO_NAME.search(person.family) or _NO_NAME.search(person.given):
        parts = [_protected(family), _protected(escape(person.suffix)), _protected(given)]
        return ", ".join(part for part in parts if part)
    # Of "Gabriel García Márquez" BibTeX takes only the last word for the family; "van Dyk" it knows by its v.
    if " " in family and not family[0].islower():
        return f"{family}, {given}" if given else f"{{{family}}}"
    return f"{given} {family}".strip()


def _protected(text: str) -> str:
    return f"{{{text}}}" if _NO_NAME.search(text) else text


def _title(work: Work) -> str:
    if work.is_tex and _is_sound_tex(work.title) and to_text(work.title):
        text = re.sub(r"(?<!\\)([&%#])", r"\\\1", " ".join(work.title.split()))
        if re.search(r"[${]|\\[A-Za-z]", text):
            return text
        return _CAPITALS.sub(_braced, re.sub(r"(?<!\\)_", r"\\_", text))
    return _CAPITALS.sub(_braced, escape(work.shown_title))


def _braced(found: re.Match[str]) -> str:
    return f"{{{found[0]}}}"


def _is_sound_tex(text: str) -> bool:
    """Tell whether braces and dollar signs are paired, so that a record that holds *text* can be read."""
    bare = re.sub(r"\\.", "", text)
    depth = lowest = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        lowest = min(lowest, depth)
        if depth > 20:
            return False
    whole = not depth and not lowest and bare.count("$") % 2 == 0 and not text.endswith("\\")
    # An escaped brace counts for BibTeX, which knows no escapes.
    return whole and text.count("{") == text.count("}") and "@" not in text


def _address(text: str) -> str:
    return re.sub(r"[^\x21-\x7e]|[{}\\]", lambda found: quote(found[0], safe=""), text)
