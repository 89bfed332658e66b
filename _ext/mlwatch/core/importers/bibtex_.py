"""BibTeX: each record is a paper, and goes into the bibliography as it stands.

A record of our own export (it has ``mlwatch-docname``) is an entry again, of whatever kind it was, and the
records it cites are its papers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ..bibread import Reader
from ..model import FIELD
from ..problems import Code
from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_rest

if TYPE_CHECKING:
    from ..bibtex import Record
    from ..settings import Settings
    from .base import Document

#: The field that marks a record of our own export.
MARK: Final = "mlwatch-docname"
_COMMENT: Final = re.compile(r"[ \t]*@comment\s*\{", re.IGNORECASE)
_RECORD: Final = re.compile(
    r"^[ \t]*@[ \t]*(?!comment\b|string\b|preamble\b)\w+\s*[{(]", re.MULTILINE | re.IGNORECASE
)
_FIELD: Final = re.compile(r"[\s,]*+(?:@\s*+\w++\s*+[{(][^,=]*+,\s*+)?([A-Za-z][\w.:+/-]*+)\s*+=")
_LINE_OF_COMMANDS: Final = re.compile(
    r"\s*(?:@\s*(?:string|preamble|comment)\b.*|%.*|[})]\s*)", re.IGNORECASE
)
_LOSES: Final = frozenset((Code.BIB_SYNTAX, Code.BIB_REPEATED, Code.ENCODING))
_OPTIONS: Final = {
    "title": "title", "author": "authors", "url": "url", "doi": "url", "eprint": "url", "year": "date", "month": "date",
    "day": "date", "date": "date", "keywords": "keywords", "publisher": "source", "journal": "source",
    "journaltitle": "source", "annote": "comment", "annotation": "comment",
}  # fmt: skip
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


class _File(NamedTuple):
    """What is read, and where what is found goes."""

    document: Document
    lines: list[str]
    harvest: Harvest
    settings: Settings


class BibTeX:
    """Reads BibTeX and biblatex files."""

    name = "bibtex"
    title = "BibTeX"

    def sniff(self, document: Document) -> int:
        head = document.text[:200_000]
        if not _RECORD.search(head):
            return 0
        first = next((line.lstrip() for line in head.split("\n") if line.strip()), "")
        if first[:1] in "@%":
            return 90
        # A record may stand in a page of notes, as an example of how to cite it.
        return 50 if head.count("](") < len(_RECORD.findall(head)) else 3

    def read(self, document: Document, settings: Settings) -> Harvest:
        reader = Reader()
        reader.read_text(document.name, document.text)
        if not reader.found and not reader.problems:
            raise ImportFailure("no BibTeX record stands here; one begins with @article{key,")
        records = sorted((reader.finish(record) for record in reader.found.values()), key=lambda r: r.line)
        harvest = Harvest()
        file = _File(document, document.lines, harvest, settings)
        by_key = {record.key.casefold(): record for record in records}
        cited = {key.casefold() for record in records for key in _own_keys(record)}
        for record in records:
            if record.get(MARK):
                _take_own(record, by_key, file)
            elif record.key.casefold() in cited:
                last = record.line + record.raw.count("\n")
                harvest.lines += [Line(number, Use.RECORD) for number in range(record.line, last + 1)]
            else:
                _take_paper(record, file)
        for problem in reader.problems:
            if problem.code in _LOSES:
                harvest.lines.append(Line(problem.line, Use.UNPARSED, None, problem.message))
        _account_for_comments(document, harvest)
        _explain_rest(document, harvest)
        account_for_rest(document, harvest, _LINE_OF_COMMANDS)
        return harvest


def _account_for_comments(document: Document, harvest: Harvest) -> None:
    """Name the lines of ``@comment{…}``, in which JabRef and BibDesk keep groups; one that is not closed ends at a record."""
    told = {line.number for line in harvest.lines}
    depth = 0
    for number, text in enumerate(document.lines, 1):
        begins = _COMMENT.match(text)
        if begins or (depth and not _RECORD.match(text) and number not in told):
            depth = (0 if begins else depth) + text.count("{") - text.count("}")
            depth = max(depth, 0)
            if number not in told:
                harvest.lines.append(Line(number, Use.SYNTAX))
        else:
            depth = 0


def _explain_rest(document: Document, harvest: Harvest) -> None:
    """Say of the lines of a record that was not taken why it was not, on each of them."""
    told = {line.number: line for line in harvest.lines}
    why = ""
    for number, text in enumerate(document.lines, 1):
        if line := told.get(number):
            why = line.why if line.use == Use.UNPARSED else ""
        elif why and text.strip():
            harvest.lines.append(Line(number, Use.UNPARSED, None, why))
            why = "" if text.strip() in ("}", ")") else why


def _own_keys(record: Record) -> list[str]:
    return re.split(r"[\s,;]+", record.get("mlwatch-cite")) if record.get(MARK) else []


def _draft(record: Record, file: _File, *, exact: bool) -> tuple[Draft, dict[str, int]]:
    """Return a draft that spans the record's lines, and the line at which each field stands."""
    draft = Draft(file.document, file.harvest, record.line, exact=exact)
    last = min(record.line + record.raw.count("\n"), len(file.lines))
    places: dict[str, int] = {}
    for number in range(record.line, last + 1):
        draft.use(Use.RECORD, number)
        if found := _FIELD.match(file.lines[number - 1]):
            places.setdefault(found[1].lower(), number)
    return draft, places


def _take_paper(record: Record, file: _File) -> None:
    draft, places = _draft(record, file, exact=False)

    def at(*names: str) -> int:
        return next((places[name] for name in names if name in places), record.line)

    draft.put_title(record.title or record.key, at("title"))
    draft.put_list("authors", record.authors, at("author", "editor"))
    if record.url:
        draft.put_url(record.url, at("url", "doi", "eprint", "howpublished"))
    draft.put("source", source_of(record), at("publisher", "journal", "journaltitle"))
    date = date_of(record)
    if date:
        draft.put_date("date", date, file.settings, at("date", "year"))
        if "month" in places and len(date) > 4:
            draft.use("date", places["month"])
    draft.put_list("keywords", re.split("[,;]", record.get("keywords")), at("keywords"))
    draft.put_text(Use.COMMENT, record.get("annote", "annotation"), at("annote", "annotation"))
    draft.put("kind", "paper", record.line)
    # A page parts keys at semicolons, so none can stand in a key.
    key = re.sub("[;\uff1b\uff0c]+", "-", record.key)
    draft.put("cite", key, record.line)
    draft.records.append(record.raw.replace(record.key, key, 1))
    draft.finish(file.settings)


def source_of(record: Record) -> str:
    """Return who published the paper, short enough for a name: arXiv, publisher, journal, school; else its author."""
    if record.arxiv and not record.get("publisher", "journal", "booktitle"):
        return "arXiv"
    named = record.get("publisher", "journal", "journaltitle", "school", "institution", "organization")
    if re.search(r"\barxiv\b", named, re.IGNORECASE):
        return "arXiv"
    named = named or record.get("booktitle", "eventtitle", "series")
    said = re.sub(r"https?://\S+", "", record.get("howpublished")).strip(" .,;:")
    # What nobody published, such as notes and drafts, comes from who wrote it.
    return named or said or next(iter(record.authors), "")


def date_of(record: Record) -> str:
    """Return the record's date as precise as it stands there, in ISO 8601; "" when it has none."""
    if date := record.get("date").partition("/")[0]:
        return date
    year = record.get("year")
    month = record.get("month").casefold().strip(" .")
    number = (
        _MONTHS.index(month[:3]) + 1
        if month[:3] in _MONTHS
        else int(month)
        if re.fullmatch("0?[1-9]|1[0-2]", month)
        else 0
    )
    if not number or not re.fullmatch("[0-9]{4}", year):
        return year
    day = record.get("day")
    return f"{year}-{number:02}" + (f"-{int(day):02}" if re.fullmatch("[0-9]{1,2}", day) else "")


def _take_own(record: Record, by_key: dict[str, Record], file: _File) -> None:
    draft, places = _draft(record, file, exact=True)
    draft.put_title(record.title, places.get("title", record.line))
    for name, value in record.fields:
        line = places.get(name, record.line)
        option = name.removeprefix("mlwatch-")
        if name == "url":
            draft.put_url(value, line)
        elif name == "keywords":
            draft.put(name, value, line)
        elif name == "abstract":
            draft.put_text(Use.SUMMARY, value, line)
        elif name == "annote":
            draft.put_text(Use.COMMENT, value, line)
        elif option != name and option in FIELD:
            _put_own(draft, option, value, line)
    draft.records += [by_key[key.casefold()].raw for key in _own_keys(record) if key.casefold() in by_key]
    draft.finish(file.settings)


def _put_own(draft: Draft, option: str, value: str, line: int) -> None:
    from ..model import Form
    from ..options import read_links

    if FIELD[option].form in (Form.LINKS, Form.URLS, Form.IMAGE):
        try:
            links = read_links(value, option)
        except ValueError as error:
            draft.refuse(line, str(error))
            return
        for link in links:
            draft.put_link(option, link.label, link.url, line)
    else:
        draft.put(option, value, line)
