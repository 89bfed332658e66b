"""RIS, which reference managers and journals' sites export.

Its form is Reference Manager's: lines ``TI  - text``, a record from ``TY`` to ``ER``; a line without a tag goes
on with the value before it. Papers also give a BibTeX record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .. import urls
from .base import Harvest, ImportFailure, Use
from .dates import read_date
from .draft import Draft, account_for_rest, given_first
from .records import bibtex_name, is_key, make_key, make_record

if TYPE_CHECKING:
    from ..settings import Settings
    from .base import Document

_TAG: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)")
_PAPERS: Final = {
    "JOUR": "article", "JFULL": "article", "EJOUR": "article", "ABST": "article", "INPR": "article", "CONF": "inproceedings",
    "CPAPER": "inproceedings", "CHAP": "incollection", "ECHAP": "incollection", "BOOK": "book", "EBOOK": "book",
    "EDBOOK": "book", "THES": "phdthesis", "RPRT": "techreport", "UNPB": "unpublished", "PREP": "misc", "GEN": "misc",
}  # fmt: skip
_KINDS: Final = {
    "VIDEO": "talk",
    "SLIDE": "talk",
    "SOUND": "talk",
    "COMP": "tool",
    "DATA": "tool",
    "PCOMM": "thread",
}
_TITLES: Final = ("TI", "T1", "CT", "BT")
_JOURNALS: Final = ("T2", "JO", "JF", "JA", "J2", "J1", "BT")
_DATES: Final = ("DA", "PY", "Y1")
_TEXTS: Final = ("AB", "N2")
_TAKEN: Final = frozenset(
    "TI T1 CT BT T2 JO JF JA J2 J1 DA PY Y1 AB N2 TY ER AU A1 A2 A3 ED UR LK L1 L2 L4 DO KW N1 RN PB LA ID VL IS SP EP Y2 ST".split()
)
#: Tags that a record of BibTeX does not need and an entry has no option for.
_KEPT_OUT: Final = frozenset("AD AN AV C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CY DB DP ET LB M1 M2 M3 NV OP PP RP SE SN TA TT U1 U2 U3 U4 U5 VO".split())  # fmt: skip


@dataclass(slots=True)
class _Value:
    """What stands after a tag, line by line, and its first and last line."""

    parts: list[str]
    first: int
    last: int


class Ris:
    """Reads RIS."""

    name = "ris"
    title = "RIS"

    def sniff(self, document: Document) -> int:
        first = next((line for line in document.lines[:50] if line.strip()), "")
        return 95 if re.match(r"\ufeff?TY  ?- ", first) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        harvest = Harvest()
        record: dict[str, list[_Value]] = {}
        first, tag = 0, ""
        for number, line in enumerate(document.lines, 1):
            found = _TAG.fullmatch(line.rstrip())
            if found and found[1] == "TY":
                _take(record, first, document, harvest, settings)
                record, first = {}, number
            if found and first:
                tag = found[1]
                record.setdefault(tag, []).append(_Value([found[2].strip()], number, number))
            elif first and line.strip() and tag:
                value = record[tag][-1]
                value.parts.extend([""] * (number - value.last - 1))
                value.parts.append(line.strip())
                value.last = number
            if found and found[1] == "ER":
                _take(record, first, document, harvest, settings)
                record, first, tag = {}, 0, ""
        _take(record, first, document, harvest, settings)
        if not harvest.lines:
            raise ImportFailure("no record stands here; one begins with a line such as TY  - JOUR")
        account_for_rest(document, harvest)
        return harvest


def _take(
    raw: dict[str, list[_Value]],
    first: int,
    document: Document,
    harvest: Harvest,
    settings: Settings,
) -> None:
    if not raw:
        return
    values = {
        tag: [("\n".join(value.parts), value.first, value.last) for value in found]
        for tag, found in raw.items()
    }
    draft = Draft(document, harvest, first)
    draft.last = max(last for found in values.values() for _, _, last in found)

    def text(*tags: str) -> str:
        return next((value for tag in tags for value, _, _ in values.get(tag, ()) if value), "")

    type_ = text("TY")
    paper = _PAPERS.get(type_, "")
    for tag, found in values.items():
        for value, start, last in found:
            _put(draft, tag, value, (start, last), bool(paper))
    title_tag = next((tag for tag in _TITLES if text(tag)), "TI")
    for value, start, last in values.get(title_tag, ())[:1]:
        draft.put_title(value, start, last)
    _put_addresses(draft, values)
    dates = [
        (period, start, last)
        for tag in _DATES
        for value, start, last in values.get(tag, ())
        if (period := read_date(value))
    ]
    dates.sort(key=lambda found: -found[0].precision)
    for period, start, last in dates[:1]:
        draft.put("date", period.label, start, last)
    journal = text(*_JOURNALS) if title_tag != "BT" else text(*_JOURNALS[:-1])
    source = (
        text("PB") or ("arXiv" if urls.arxiv_id(draft.url) else journal) if paper else journal or text("PB")
    )
    place = next(
        (
            (start, last)
            for tag in ("PB", *_JOURNALS)
            for v, start, last in values.get(tag, ())
            if v == source
        ),
        (first, first),
    )
    draft.put("source", source, *place)
    draft.put("kind", "paper" if paper else _KINDS.get(type_, "article"), first)
    if paper and draft.title:
        year = dates[0][0].label[:4] if dates else ""
        _add_record(draft, values, paper, journal, year)
    draft.finish(settings)


def _put(draft: Draft, tag: str, value: str, place: tuple[int, int], is_paper: bool) -> None:
    """Take what one line alone says."""
    if tag in ("AU", "A1"):
        draft.put_list("authors", [given_first(value)], *place)
    elif tag == "KW":
        draft.put_list("keywords", re.split(r"[;\n]", value), *place)
    elif tag in _TEXTS and is_paper:
        draft.use(Use.RECORD, *place)
    elif tag in _TEXTS:
        draft.put_text(Use.SUMMARY, value, *place)
    elif tag in ("N1", "RN"):
        draft.put_text(Use.COMMENT, value, *place)
    elif tag == "LA":
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", value) and value[:2].casefold() != "en":
            draft.put("lang", value, *place)
    elif tag in _KEPT_OUT:
        draft.use(Use.SYNTAX, *place)
    elif tag not in _TAKEN and value:
        draft.refuse(place[0], f"the tag {tag} fits no option", place[1])


def _put_addresses(draft: Draft, values: dict[str, list[tuple[str, int, int]]]) -> None:
    for tag in ("UR", "LK"):
        for value, start, last in values.get(tag, ()):
            if not draft.url:
                draft.put_url(value, start, last)
            else:
                draft.put_link("link", "", value, start, last)
    for value, start, last in values.get("DO", ())[:1]:
        name = urls.doi(value)
        if name is None:
            draft.refuse(start, f"{value[:60]!r} is no DOI", last)
        elif not draft.url:
            draft.put_url(f"https://doi.org/{name}", start, last)
        elif urls.doi(draft.url) != name:
            draft.put_link("paper", "", f"https://doi.org/{name}", start, last)
    for tag in ("L1", "L2", "L4"):
        for value, start, last in values.get(tag, ()):
            if value.startswith(("http://", "https://")):
                draft.put_link("link", "", value, start, last)
            else:
                draft.keep_out(start, "a file on the machine of who wrote this", last)


def _add_record(
    draft: Draft, values: dict[str, list[tuple[str, int, int]]], type_: str, journal: str, year: str
) -> None:
    def text(*tags: str) -> str:
        return next((value for tag in tags for value, _, _ in values.get(tag, ()) if value), "")

    def names(*tags: str) -> list[tuple[str, str]]:
        found = [value for tag in tags for value, _, _ in values.get(tag, ()) if value]
        return [
            (family.strip(), given.strip()) for family, _, given in (name.partition(",") for name in found)
        ]

    authors = names("AU", "A1")
    key = text("ID") if is_key(text("ID")) and not text("ID").isdigit() else ""
    key = key or make_key([family for family, _ in authors], year, draft.title)
    arxiv = urls.arxiv_id(draft.url) or ""
    record = {
        "author": " and ".join(bibtex_name(family, given, "" if given else family) for family, given in authors),
        "editor": " and ".join(bibtex_name(family, given, "" if given else family) for family, given in names("A2", "ED")),
        "title": draft.title, "journal": journal if type_ == "article" else "",
        "booktitle": journal if type_ in ("inproceedings", "incollection") else "",
        "volume": text("VL"), "number": text("IS"), "pages": "--".join(p for p in (text("SP"), text("EP")) if p),
        "year": year, "publisher": text("PB"), "doi": urls.doi(text("DO")) or "", "url": draft.url, "eprint": arxiv,
        "archiveprefix": "arXiv" if arxiv else "", "abstract": text(*_TEXTS),
    }  # fmt: skip
    draft.records.append(make_record(type_, key, record))
    draft.put("cite", key, draft.first)
    for tag in ("VL", "IS", "SP", "EP", "A2", "ED", "ID", "DO", *_JOURNALS):
        for _, start, last in values.get(tag, ()):
            draft.use(Use.RECORD, start, last)
