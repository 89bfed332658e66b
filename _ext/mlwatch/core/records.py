"""The section of papers as pages: which papers stand together, in which order, under which ids."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from .names import without_accents
from .timeline import span
from .urls import arxiv_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .collection import Paper
    from .language import Language

_RANGES: Final = ("a-f", "g-l", "m-r", "s-z")
_OTHER: Final = "other"
#: The part with the papers without a year.
UNDATED: Final = "undated"
#: The longest beginning that titles are separated by; a file name has to hold it, too.
_LONGEST_PREFIX: Final = 100
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_NEW_ARXIV: Final = re.compile(r"(\d\d)\d\d\.\d{4,5}", re.ASCII)


def year_of(paper: Paper) -> str:
    """Return the year in which *paper* appeared, four digits; without a record that of its arXiv identifier; or "".

    An identifier begins with the year and month of the first version (arXiv, "Understanding the arXiv identifier").
    """
    if paper.record:
        found = _YEAR.search(paper.record.year)
        return found[0] if found else ""
    named = _NEW_ARXIV.match(arxiv_id(paper.url) or "")
    return f"20{named[1]}" if named else ""


def in_order(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """Return *papers* by year, the newest first and those without one last, then by title."""
    return tuple(sorted(papers, key=lambda paper: (-int(year_of(paper) or -1), *_title_key(paper))))


def _title_key(paper: Paper) -> tuple[str, str]:
    return _plain(paper.label or paper.url), paper.id


def _plain(text: str) -> str:
    """Return *text* in small letters without accents, words joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", without_accents(text.casefold())))


def parts_of(papers: Iterable[Paper], limit: int) -> dict[str, tuple[Paper, ...]]:
    """Return the name of each part to its papers, in order; one part named "" when *limit* suffices.

    A part is a year, and where that has more than *limit* papers, a year with a range of first letters of titles, a letter,
    or as many letters as it takes. So a new paper changes the part that it belongs to and no other.
    """
    ordered = in_order(papers)
    if len(ordered) <= limit:
        return {"": ordered} if ordered else {}
    years: dict[str, list[Paper]] = {}
    for paper in ordered:
        years.setdefault(year_of(paper) or UNDATED, []).append(paper)
    parts: dict[str, tuple[Paper, ...]] = {}
    for year, members in years.items():
        if len(members) <= limit:
            parts[year] = tuple(members)
        else:
            parts |= {f"{year}-{name}": part for name, part in _by_letters(members, limit).items()}
    return parts


def _by_letters(members: list[Paper], limit: int) -> dict[str, tuple[Paper, ...]]:
    ranges: dict[str, list[tuple[str, Paper]]] = {name: [] for name in (*_RANGES, _OTHER)}
    for paper in members:
        text = _title_key(paper)[0]
        ranges[next((name for name in _RANGES if name[0] <= text[:1] <= name[2]), _OTHER)].append(
            (text, paper)
        )
    return {
        name: papers
        for place, part in ranges.items()
        if part
        for name, papers in ({place: _papers(part)} if len(part) <= limit else _split(part, 1, limit)).items()
    }


def _split(members: list[tuple[str, Paper]], length: int, limit: int) -> dict[str, tuple[Paper, ...]]:
    """Part *members* by their first *length* characters, and further where a part is too long."""
    groups: dict[str, list[tuple[str, Paper]]] = {}
    for text, paper in members:
        groups.setdefault(text[:length], []).append((text, paper))
    parts: dict[str, tuple[Paper, ...]] = {}
    for prefix, group in groups.items():
        # The second: these texts are the same to the end.
        if len(group) <= limit or len(prefix) < length or length == _LONGEST_PREFIX:
            parts[prefix.replace("-", "_")] = _papers(group)
        else:
            parts |= _split(group, length + 1, limit)
    return parts


def _papers(members: Iterable[tuple[str, Paper]]) -> tuple[Paper, ...]:
    return tuple(paper for _, paper in members)


def part_title(name: str, language: Language) -> str:
    """Return how a part is called: "2021", "2021, A to F", "2021, Wa", "Without a year"."""
    year, _, letters = name.partition("-")
    shown = language.gettext("Without a year") if year == UNDATED else year
    if not letters:
        return shown
    if letters in _RANGES:
        within = span(language, letters[0].upper(), letters[2].upper())
    elif letters == _OTHER:
        within = language.gettext("Other")
    else:
        within = letters.replace("_", " ").strip().capitalize()
    return f"{shown}{language.gettext(', ')}{within}"


def anchor(key: str) -> str:
    """Return the id of the record *key* on its page; it depends on the key alone."""
    plain = _plain(key)
    if plain == key.casefold():
        return f"cite-{plain}"
    ascii_only = "-".join(re.findall(r"[a-z0-9]+", plain))
    mark = blake2b(key.encode(), digest_size=3).hexdigest()
    return "-".join(filter(None, ("cite", ascii_only, mark)))
