"""arXiv's API: https://info.arxiv.org/help/api/user-manual.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from ..article.text import clean
from ..urls import arxiv_id, doi
from .work import Person, Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"


class AnswerError(ValueError):
    """An answer of a registry that cannot be read; the text says why."""


def query(base: str, identifiers: Sequence[str]) -> str:
    """Return the address at which the API at *base* tells of the papers *identifiers*."""
    values = urlencode({"id_list": ",".join(identifiers), "max_results": len(identifiers)}, safe=",/")
    return f"{base}{'&' if '?' in base else '?'}{values}"


def read_answer(data: bytes) -> dict[str, Work]:
    """Return the papers of an Atom feed by their identifier; raise AnswerError."""
    # The feed comes from the network; without a DOCTYPE no entity can be defined in it, so none can grow.
    import xml.etree.ElementTree as ET

    text = data.decode("utf-8-sig", "replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise AnswerError("the answer has a DOCTYPE, which no Atom feed of arXiv has")
    try:
        feed = ET.fromstring(text)  # noqa: S314 - see above
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise AnswerError(f"the answer is no XML ({error})") from None
    if feed.tag != f"{_ATOM}feed":
        raise AnswerError("the answer is no Atom feed")
    found: dict[str, Work] = {}
    for entry in feed.findall(f"{_ATOM}entry"):
        address = _text(entry, f"{_ATOM}id")
        title = _text(entry, f"{_ATOM}title")
        if "/api/errors" in address:
            raise AnswerError(f"arXiv says: {_text(entry, f'{_ATOM}summary') or title}")
        identifier = arxiv_id(address)
        if identifier and title:
            found[identifier] = _work(entry, identifier, title)
    return found


def _work(entry: Element, identifier: str, title: str) -> Work:
    category = entry.find(f"{_ARXIV}primary_category")
    published = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _text(entry, f"{_ATOM}published"))
    names = [_text(author, f"{_ATOM}name") for author in entry.findall(f"{_ATOM}author")]
    term = category.get("term", "") if category is not None else ""
    return Work(
        title=title,
        is_tex=True,
        people=tuple(
            Person(whole=name, group=name.casefold().endswith((" collaboration", " team")))
            for name in names
            if name
        ),
        date=published[0] if published else "",
        arxiv=identifier,
        category=term if re.fullmatch(r"[A-Za-z.-]{2,30}", term) else "",
        doi=doi(_text(entry, f"{_ARXIV}doi")) or "",
        note=_text(entry, f"{_ARXIV}journal_ref"),
    )


def _text(element: Element, name: str) -> str:
    return clean(element.findtext(name) or "", 500)
