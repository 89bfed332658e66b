"""CSV with any usual column names: our own, those of Instapaper, Raindrop, Pocket, Zotero and spreadsheets.

The delimiter is the one with which the first row names the most columns. A row is accounted for cell by cell;
a column that fits no option is told once, at the first row.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .. import urls
from ..model import FIELD, FIELDS, KINDS, LINK_RELS, STATUSES
from ..options import read_links
from ..problems import quote
from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_rest, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..settings import Settings
    from .base import Document

#: The columns of our own export, in their order.
COLUMNS: Final = (
    "docname", "title", *(field.name for field in FIELDS), "summary", "comment", "body", "topic_ids",
)  # fmt: skip
#: Names of columns in small letters without marks; for an option with one value the first that is filled counts.
_NAMES: Final[dict[str, str]] = {
    name: option
    for option, names in {
        "title": "title; name; headline; subject; document title; page title; article title; article",
        "url": "url; link; href; address; uri; web address; source url; website; permalink; article url; link url",
        "source": "source; publisher; site; site name; publication; publication title; journal; venue; blog; feed; website name; source title",
        "date": "date; published; publication date; date published; published at; published on; pub date; posted; publication year; year",
        "added": "added; date added; created; created at; timestamp; time added; saved at; added at; added on; time; date saved",
        "keywords": "keywords; keyword; tags; tag; labels; label; topics; topic; categories; category; manual tags; folder; collection",
        "summary": "summary; abstract; abstract note; description; excerpt; selection; tl dr; tldr; gist",
        "comment": "comment; comments; note; notes; opinion; remark; remarks",
        "authors": "authors; author; creator; creators; by; author s",
        "star": "star; stars; starred; favorite; favourite; important; favorited; rating",
        "pick": "pick; editors pick; editor s pick",
        "status": "status; read status; toread; to read; unread; read",
        "lang": "lang; language",
        "kind": "kind; type; item type; content type",
        "paper": "paper; papers; doi; pdf; arxiv; paper url; paper link",
        "code": "code; github; repo; repository; code url; source code",
        "alt-title": "alt title; translated title; subtitle",
        "discussion": "discussion; discussion url; comments url",
    }.items()
    for name in names.split("; ")
} | {name.replace("-", " "): name for name in (*FIELD, "summary", "comment", "body", "docname")}
#: What a column of addresses is called in front of "URL" or "link".
_LINK_NAMES: Final = {name: name for name in LINK_RELS} | {
    "arxiv": "paper", "pdf": "paper", "publication": "paper", "github": "code", "repo": "code", "repository": "code",
    "homepage": "project", "dataset": "data", "youtube": "video", "talk": "video", "tweet": "discussion",
    "twitter": "discussion", "thread": "discussion", "reddit": "discussion", "colab": "demo", "notebook": "demo",
}  # fmt: skip
#: Columns that programs keep for themselves, and that of our own export which follows from the keywords.
_BOOKKEEPING: Final = frozenset(
    """
    topic ids; id; cover; highlights; key; date modified; access date; date accessed; modified; updated; updated at; last modified
    """.replace("\n", " ")
    .strip()
    .split("; ")
)
_LISTS: Final = frozenset(("keywords", "authors", *LINK_RELS, "summary", "comment", "body", "also"))
_URL: Final = re.compile(r"https?://\S")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_TRUE: Final = frozenset(("1", "true", "yes", "y", "x", "*", "★", "⭐", "starred", "✓", "on"))
_FALSE: Final = frozenset(("0", "false", "no", "n", "-", "off"))
_STATUS_WORDS: Final = {
    "to read": "to-read", "toread": "to-read", "unread": "to-read", "inbox": "to-read", "later": "to-read",
    "archive": "read", "archived": "read", "done": "read", "finished": "read", "in progress": "reading",
}  # fmt: skip
_KIND_WORDS: Final = {
    "journalarticle": "paper", "conferencepaper": "paper", "preprint": "paper", "thesis": "paper", "report": "paper",
    "webpage": "article", "blogpost": "article", "newspaperarticle": "article", "magazinearticle": "article",
    "link": "article", "website": "article", "forumpost": "thread", "presentation": "talk", "video": "talk",
    "videorecording": "talk", "computerprogram": "tool", "software": "tool",
}  # fmt: skip
#: Folders in which a reading service keeps what is in none.
_FOLDERS: Final = {"unread": "to-read", "archive": "read", "starred": "", "unsorted": "", "liked": ""}


def guard(cell: str) -> str:
    """Return *cell* so that no spreadsheet takes it for a formula: ``'`` before it; :func:`unguard` takes it back."""
    return f"'{cell}" if _GUARDED.match(f"'{cell}") else cell


def unguard(cell: str) -> str:
    """Return what :func:`guard` got."""
    return cell[1:] if _GUARDED.match(cell) else cell


def columns_of(names: list[str]) -> list[str]:
    """Return the option that each column holds; "link", or else "paper", is the article's address where no column is called so."""
    columns = [known_column(name) for name in names]
    if "url" not in columns:
        for name in ("link", "paper"):
            if name in columns and (name == "link" or "title" in columns):
                columns[columns.index(name)] = "url"
                break
    return columns


def known_column(name: str) -> str:
    """Return the option that a column of this name holds, "" when it is no usual name."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    for spelling in (name, parted):
        words = " ".join(re.findall(r"[^\W_]+", spelling.casefold()))
        if known := _NAMES.get(words):
            return known
        # "PaperURL", "project link", "tweet address"
        kind = re.fullmatch(r"(\w+) ?(?:url|link|address|uri)s?", words)
        if kind and (rel := _LINK_NAMES.get(kind[1])):
            return rel
    return ""


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    first: int
    last: int
    why: str = ""


class Csv:
    """Reads CSV, TSV and their kin."""

    name = "csv"
    title = "CSV"

    def sniff(self, document: Document) -> int:
        first = document.text.lstrip("\n").partition("\n")[0][:10_000]
        if first[:1] in "{<|#@" or first.startswith("% "):
            return 0
        names = _split(first, _delimiter(first))
        known = set(columns_of(names)) - {""}
        if len(names) > 1 and {"title", "url"} & known and len(known) > 1:
            return 95 if len(known) == len(names) else 85
        return 65 if known == {"url"} and len(names) == 1 else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        harvest = Harvest()
        rows = _rows(document.text)
        header = next(rows, None)
        if header is None:
            raise ImportFailure("the file is empty")
        columns = columns_of(header.cells)
        if not {"title", "url"} & set(columns):
            if not any(_URL.match(cell) for cell in header.cells):
                raise ImportFailure(
                    "no column is called title or url; the first row must name the columns, such as title,url,date,keywords"
                )
            reader = _Reader(document, harvest, settings, *_guess_columns(header.cells))
            reader.take(header)
        else:
            reader = _Reader(document, harvest, settings, columns, header.cells)
            _tell_header(harvest, header, columns)
        for row in rows:
            reader.take(row)
        account_for_rest(document, harvest)
        return harvest


def _tell_header(harvest: Harvest, header: _Row, columns: list[str]) -> None:
    harvest.lines += [Line(number, Use.HEADING) for number in range(header.first, header.last + 1)]
    for name, column in zip(header.cells, columns, strict=True):
        if not column and name.strip() and " ".join(name.casefold().split("_")) not in _BOOKKEEPING:
            why = f"the column {quote(name)} fits no option; its cells are left out"
            harvest.lines.append(Line(header.first, Use.UNPARSED, None, why))


def _guess_columns(cells: list[str]) -> tuple[list[str], list[str]]:
    """Return columns for a file without header: the first address, and the longest other text as title."""
    address = next(i for i, cell in enumerate(cells) if _URL.match(cell))
    texts = [i for i, cell in enumerate(cells) if i != address and not _URL.match(cell) and cell.strip()]
    title = max(texts, key=lambda i: (len(cells[i]), -i), default=None)
    names = ["url" if i == address else "title" if i == title else "" for i in range(len(cells))]
    return names, names


def _delimiter(first: str) -> str:
    counts = {mark: sum(bool(known_column(n)) for n in _split(first, mark)) for mark in ",;\t|"}
    return max(counts, key=lambda mark: (counts[mark], first.count(mark)))


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(text: str) -> Iterator[_Row]:
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines):
        return
    delimiter = _delimiter(lines[start][:100_000])
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row([], before + 1, reader.line_num, f"{error}; is a quotation mark missing or too many?")
        else:
            if any(cell.strip() for cell in cells):
                yield _Row(cells, before + 1, reader.line_num)
        before = reader.line_num


class _Reader:
    def __init__(
        self, document: Document, harvest: Harvest, settings: Settings, columns: list[str], names: list[str]
    ) -> None:
        self.document, self.harvest, self.settings = document, harvest, settings
        self.names = [name.strip().casefold() for name in names]
        self.own = set(self.names) <= set(COLUMNS) and "source" in self.names and len(self.names) > 8
        ranks = {name: rank for rank, name in enumerate(_NAMES)}
        named = [" ".join(re.findall(r"[^\W_]+", name)) for name in self.names]
        order = sorted(range(len(columns)), key=lambda i: (ranks.get(named[i], 0), i))
        self.order = [(i, columns[i]) for i in order]
        self.width = len(columns)

    def take(self, row: _Row) -> None:
        if row.why:
            self.harvest.lines += [
                Line(n, Use.UNPARSED, None, row.why) for n in range(row.first, row.last + 1)
            ]
            return
        draft = Draft(self.document, self.harvest, row.first, exact=self.own)
        draft.last = row.last
        places, line = [], row.first
        for cell in row.cells:
            places.append((line, min(line + cell.count("\n"), row.last)))
            line = places[-1][1]
        cells = [unguard(cell) for cell in row.cells] if self.own else row.cells
        filled: set[str] = set()
        for i, option in self.order:
            if i >= len(cells) or not cells[i].strip() or (option in filled and option not in _LISTS):
                continue
            if option:
                filled.add(option)
                self._put(draft, option, i, cells[i], places[i])
        for i in range(self.width, len(cells)):
            if cells[i].strip():
                draft.refuse(
                    places[i][0], f"{quote(cells[i])} stands in a column without a name", places[i][1]
                )
        if not draft.title and not draft.url:
            draft.drop("the row has neither a title nor an address")
        else:
            draft.finish(self.settings)

    def _put(self, draft: Draft, option: str, column: int, cell: str, place: tuple[int, int]) -> None:
        name = self.names[column]
        if option == "docname":
            draft.use(Use.SYNTAX, *place)
        elif option == "title":
            draft.put_title(cell, *place)
        elif option == "url":
            draft.put_url(cell, *place)
        elif option in ("summary", "comment", "body"):
            draft.put_text(Use(option), cell, *place)
        elif option in ("date", "added"):
            draft.put_date(option, cell, self.settings, *place)
        elif self.own and option not in (*LINK_RELS, "also", "image"):
            draft.put(option, "" if cell == "0" and option == "star" else cell, *place)
        elif option == "authors":
            draft.put_list(option, people(cell), *place)
        elif option == "keywords":
            self._put_keywords(draft, name, cell, place)
        elif option in (*LINK_RELS, "also", "image"):
            self._put_links(draft, option, name, cell, place)
        else:
            self._put_word(draft, option, name, cell, place)

    @staticmethod
    def _put_keywords(draft: Draft, name: str, cell: str, place: tuple[int, int]) -> None:
        text = cell.strip()
        if name in ("folder", "collection"):
            if text.casefold() in _FOLDERS:
                draft.put("star" if text.casefold() == "starred" else "status",
                          _FOLDERS[text.casefold()] or ("1" if text.casefold() == "starred" else ""), *place)  # fmt: skip
                return
            words = re.split("[/>]", text)
        elif text[:1] == "[" and text[-1:] == "]":  # Instapaper writes ["a", "b"]
            words = [word.strip(" \"'") for word in text[1:-1].split(",")]
        else:
            words = re.split(r"[,;|，；\n]", text)
        draft.put_list("keywords", words, *place)

    @staticmethod
    def _put_links(draft: Draft, option: str, name: str, cell: str, place: tuple[int, int]) -> None:
        if name == "doi" and (found := urls.doi(cell)):
            address = f"https://doi.org/{found}"
            if not draft.url:
                draft.put_url(address, *place)
            else:
                draft.put_link("paper", "", address, *place)
            return
        if name == "arxiv" and (paper := urls.arxiv_id(cell)):
            cell = f"https://arxiv.org/abs/{paper}"
        try:
            links = read_links(" ".join(cell.split()), option)
        except ValueError:
            words = re.split(r"[\s,;|]+", cell.strip())
            for word in words:
                draft.put_link(option, "", word, *place)
            return
        for link in links:
            draft.put_link(option, link.label, link.url, *place)

    @staticmethod
    def _put_word(draft: Draft, option: str, name: str, cell: str, place: tuple[int, int]) -> None:
        word = " ".join(re.findall(r"[^\W_]+|[★⭐✓*-]", cell.casefold()))
        if option == "star":
            text = str(min(cell.count("★") or cell.count("⭐") or cell.count("*"), 3) or "")
            if not text and word not in _FALSE:
                text = "1" if word in _TRUE else cell
            draft.put("star", text, *place)
        elif option == "pick":
            draft.put("pick", "" if word in _FALSE else "true" if word in _TRUE else cell, *place)
        elif option == "status" and cell not in STATUSES:
            is_read = name == "read"
            if word in _TRUE or word in _FALSE:
                text = ("read" if word in _TRUE else "") if is_read else ("to-read" if word in _TRUE else "")
            else:
                text = _STATUS_WORDS.get(word, cell)
            draft.put("status", text, *place)
        elif option == "kind" and cell not in KINDS:
            draft.put("kind", _KIND_WORDS.get(word.replace(" ", ""), cell), *place)
        else:
            draft.put(option, cell, *place)
