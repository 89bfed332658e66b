"""CSL JSON, the exchange format of citation programs (Zotero: "CSL JSON").

Its form is https://github.com/citation-style-language/schema (csl-data.json). Papers also give a BibTeX record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .. import urls
from .base import Harvest, Use
from .jsontext import note_other_keys, read_json, text_of, texts_of
from .records import bibtex_name, is_key, make_key, make_record
from .services import read_items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..settings import Settings
    from .base import Document
    from .draft import Draft

#: CSL's types to our kinds; those with a BibTeX type are papers.
_KINDS: Final = {
    "webpage": "article", "post-weblog": "article", "article-newspaper": "article", "article-magazine": "article",
    "post": "thread", "personal_communication": "thread", "interview": "talk", "speech": "talk", "motion_picture": "talk",
    "broadcast": "talk", "event": "talk", "performance": "talk", "software": "tool", "dataset": "tool",
    "document": "article", "entry-encyclopedia": "article", "map": "article", "graphic": "article",
}  # fmt: skip
_BIBTEX: Final = {
    "article-journal": "article", "article": "misc", "paper-conference": "inproceedings", "chapter": "incollection",
    "book": "book", "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished", "review": "article",
}  # fmt: skip
_USED: Final = frozenset(
    "type title title-short author editor issued URL DOI container-title publisher abstract language note keyword accessed id citation-key".split()
)
_BOOKKEEPING: Final = frozenset(
    """
    source page volume issue number ISSN ISBN PMID PMCID event event-title event-place event-date publisher-place genre
    container-title-short journalAbbreviation shortTitle collection-title collection-number edition medium archive
    archive_location call-number section version categories custom chapter-number number-of-pages director
    original-date citation-label submitted system_id
    """.split()
)
_TECHNICAL: Final = re.compile(r"[\w .-]{1,40}:\s*\S.*|arXiv:\S+.*")


@dataclass(frozen=True, slots=True)
class Person:
    """An author; ``name`` as it is shown, ``bibtex`` as a BibTeX list has it."""

    name: str
    family: str
    bibtex: str


class Csl:
    """Reads CSL JSON."""

    name = "csl-json"
    title = "CSL JSON (Zotero)"

    def sniff(self, document: Document) -> int:
        head = document.text[:20_000]
        if head.lstrip()[:1] not in ("[", "{") or '"id"' not in head:
            return 0
        types = re.findall(r'"type"\s*:\s*"([a-z_-]+)"', head)
        return 90 if any(type_ in _KINDS or type_ in _BIBTEX for type_ in types) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        def take(draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]]) -> str:
            return _take(draft, value, places, settings)

        return read_items(document, read_json(document, "items", "references"), take, settings)


def _take(
    draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]], settings: Settings
) -> str:
    def at(name: str) -> tuple[int, int]:
        return places.get(name, (draft.first, draft.first))

    def text(name: str) -> str:
        return text_of(value.get(name))

    type_ = text("type")
    is_paper = type_ in _BIBTEX
    authors = persons(value.get("author"))
    date = date_of(value.get("issued"))
    doi = urls.doi(text("DOI")) or ""
    draft.put_title(_unmarked(text("title")), *at("title"))
    draft.put_list("authors", [person.name for person in authors], *at("author"))
    address = text("URL") or (f"https://doi.org/{doi}" if doi else "")
    if address:
        draft.put_url(address, *at("URL" if text("URL") else "DOI"))
    if doi and text("URL") and urls.doi(text("URL")) != doi:
        draft.put_link("paper", "", f"https://doi.org/{doi}", *at("DOI"))
    elif doi:
        draft.use("url", *at("DOI"))
    arxiv = urls.arxiv_id(address) or urls.arxiv_id(text("number")) or ""
    names = ("publisher", "container-title") if is_paper else ("container-title", "publisher")
    held = next((name for name in names if text(name)), names[0])
    on_arxiv = is_paper and bool(arxiv) and not text("publisher")
    draft.put("source", "arXiv" if on_arxiv else text(held), *at(held))
    if date:
        draft.put_date("date", date, settings, *at("issued"))
    draft.put_date("added", date_of(value.get("accessed")), settings, *at("accessed"))
    words = texts_of(value.get("keyword"))
    draft.put_list("keywords", [word for one in words for word in re.split("[,;]", one)], *at("keyword"))
    if (
        re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", text("language"))
        and text("language")[:2] != "en"
    ):
        draft.put("lang", text("language"), *at("language"))
    note = text("note")
    technical = all(_TECHNICAL.fullmatch(line.strip()) for line in note.split("\n") if line.strip())
    draft.put_text(Use.COMMENT, "" if technical else note, *at("note"))
    draft.put("kind", "paper" if is_paper else _KINDS.get(type_, "article"), *at("type"))
    if not is_paper:
        draft.put_text(Use.SUMMARY, _unmarked(text("abstract")), *at("abstract"))
    elif draft.title:
        key = next((k for k in (text("citation-key"), text("id")) if is_key(k) and not k.isdigit()), "")
        key = key or make_key([p.family for p in authors], date, draft.title)
        record = {
            "author": " and ".join(person.bibtex for person in authors),
            "editor": " and ".join(person.bibtex for person in persons(value.get("editor"))),
            "title": draft.title,
            "journal": text("container-title") if _BIBTEX[type_] == "article" else "",
            "booktitle": text("container-title") if _BIBTEX[type_] in ("inproceedings", "incollection") else "",
            "volume": text("volume"), "number": text("issue"), "pages": text("page"),
            "year": date[:4], "publisher": text("publisher"), "doi": doi, "url": draft.url, "eprint": arxiv,
            "archiveprefix": "arXiv" if arxiv else "", "abstract": _unmarked(text("abstract")),
        }  # fmt: skip
        draft.records.append(make_record(_BIBTEX[type_], key, record))
        draft.put("cite", key, *at("citation-key"))
        draft.use(Use.RECORD, *at("abstract"))
    note_other_keys(draft, value, places, _USED, _BOOKKEEPING)
    return "" if draft.title or draft.url else "neither a title nor an address stands here"


def _unmarked(text: str) -> str:
    """Return *text* without the few tags that CSL allows in it, such as ``<i>`` and ``<sup>``."""
    return re.sub(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>", "", text)


def persons(value: Any) -> list[Person]:
    """Return the people of a name variable."""
    found = []
    for one in value if isinstance(value, list) else []:
        if not isinstance(one, dict):
            continue
        given = " ".join(p for p in (text_of(one.get("given")), text_of(one.get("dropping-particle"))) if p)
        family = " ".join(
            p for p in (text_of(one.get("non-dropping-particle")), text_of(one.get("family"))) if p
        )
        literal, suffix = text_of(one.get("literal")), text_of(one.get("suffix"))
        shown = literal or " ".join(part for part in (given, family, suffix) if part)
        if shown:
            found.append(Person(shown, family or literal or shown, bibtex_name(family, given, literal)))
    return found


def date_of(value: Any) -> str:
    """Return a date variable as text: its parts, or what stands there as a whole."""
    if not isinstance(value, dict):
        return text_of(value)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        numbers = [text_of(part) for part in parts[0][:3]]
        if numbers and all(number.isascii() and number.isdigit() and len(number) <= 4 for number in numbers):
            return "-".join([numbers[0], *(number.zfill(2) for number in numbers[1:])])
    return text_of(value.get("raw")) or text_of(value.get("literal"))
