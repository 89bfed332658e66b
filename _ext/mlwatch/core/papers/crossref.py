"""Crossref's and DataCite's descriptions of a DOI.

The REST API of Crossref (https://api.crossref.org, ``/works/DOI``), and the CSL JSON that doi.org gives for the
DOIs of all agencies (https://citation.doi.org/docs.html), name most things alike.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from ..article.text import clean, without_tags
from ..periods import PeriodError, parse
from ..urls import arxiv_id, doi
from .arxiv import AnswerError
from .work import Person, Work

_TYPES: Final = {
    "journal-article": "article",
    "article-journal": "article",
    "proceedings-article": "inproceedings",
    "paper-conference": "inproceedings",
    "book-chapter": "incollection",
    "chapter": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "phdthesis",
    "thesis": "phdthesis",
    "report": "techreport",
}
_DATES: Final = ("published", "issued", "published-online", "published-print", "posted")


def query(base: str, name: str) -> str:
    """Return the address at which the API (or the resolver) at *base* tells of the DOI *name*."""
    return f"{base.rstrip('/')}/{quote(name, safe='/:;().-_~')}"


def read_answer(data: bytes, name: str) -> Work:
    """Return the paper that an answer for the DOI *name* describes; raise AnswerError."""
    try:
        whole = json.loads(data.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise AnswerError("the answer is no JSON") from None
    message = whole.get("message", whole) if isinstance(whole, dict) else None
    if not isinstance(message, dict):
        raise AnswerError("the answer describes no work")
    title = _first(message.get("title"))
    subtitle = _first(message.get("subtitle"))
    if not title:
        raise AnswerError("the answer has no title")
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    answered = doi(_first(message.get("DOI")) or name)
    if answered != name:
        raise AnswerError(f"the answer is about another DOI, {answered}")
    kind = _first(message.get("type"))
    type_ = _TYPES.get(kind, "misc")
    return Work(
        title=title,
        type=type_,
        people=_people(message.get("author")) or (_people(message.get("editor")) if type_ == "book" else ()),
        date=_date(message),
        venue=_first(message.get("container-title")) or _institution(message),
        publisher=_first(message.get("publisher")),
        volume=_first(message.get("volume")),
        number=_first(message.get("issue")) or _first(message.get("number")),
        pages=_pages(_first(message.get("page")) or _first(message.get("article-number"))),
        doi=name,
        arxiv=arxiv_id(f"doi:{name}") or "",
        lang=_first(message.get("language")),
    )


def _first(value: Any) -> str:
    """Return a text, or the first of a list of texts, fit to be shown."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str) and one.strip()), "")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
        value = str(value)
    return clean(without_tags(value), 500) if isinstance(value, str) else ""


def _institution(message: dict[str, Any]) -> str:
    """Return where a preprint was posted."""
    value = message.get("institution")
    one = value[0] if isinstance(value, list) and value else value
    return _first(one.get("name")) if isinstance(one, dict) else ""


def _people(value: Any) -> tuple[Person, ...]:
    people = []
    for one in value if isinstance(value, list) else ():
        if not isinstance(one, dict):
            continue
        family, given = _first(one.get("family")), _first(one.get("given"))
        particle = _first(one.get("non-dropping-particle")) or _first(one.get("dropping-particle"))
        group = _first(one.get("name")) or _first(one.get("literal"))
        if family:
            family = f"{particle} {family}".strip()
            people.append(Person(family=family, given=given, suffix=_first(one.get("suffix"))))
        elif group or given:
            people.append(Person(whole=group or given, group=True))
    return tuple(people[:1000])


def _date(message: dict[str, Any]) -> str:
    """Return the date of publication, as precise as it is given."""
    for name in _DATES:
        value = message.get(name)
        parts = value.get("date-parts") if isinstance(value, dict) else None
        first = parts[0] if isinstance(parts, list) and parts else None
        if not isinstance(first, list):
            continue
        numbers: list[int] = []
        for part in first[:3]:
            text = str(part)[:6]
            if not (text.isascii() and text.isdigit()):
                break
            numbers.append(int(text))
        while numbers:
            label = "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])
            try:
                return parse(label).label
            except PeriodError:
                numbers.pop()
    return ""


def _pages(text: str) -> str:
    """Return a range of pages with the dash that BibTeX has for it."""
    first, dash, last = text.partition("-")
    return f"{first.strip()}--{last.strip(' -')}" if dash and first and last else text
