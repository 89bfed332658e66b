"""An entry while it is read from the fields of a structured format, with what became of each line.

A :class:`Draft` takes values as other programs write them (an author as "Tan, Mingxing", an address without
scheme, a date as a number of seconds) and brings them into the forms of ``mlentry``. What cannot be brought
there is noted at its line as not understood.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote as percent_encode

from .. import urls
from ..entry_block import Option
from ..model import LINK_RELS, Link
from ..options import build_entry
from ..problems import quote
from ..urls import host
from .base import Item, Line, Use
from .dates import read_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..settings import Settings
    from .base import Document, Harvest

_CONTROL: Final = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\x85"} | {
    0x85: " "
}
#: Zero-width characters and marks of direction; the joiners stay, for some scripts and emoji need them.
_INVISIBLE: Final = dict.fromkeys((0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, 0xFEFF))
_NOT_WEB: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_AND: Final = re.compile(r"(?<!\s)\s++and\s++", re.IGNORECASE)


def clean(text: str) -> str:
    """Return *text* without control characters and halves of surrogate pairs."""
    return text.translate(_CONTROL).encode("utf-8", "replace").decode()


def mend_url(text: str) -> str:
    """Return *text* as the http(s) address it means; raise ValueError, for a person, when it is none."""
    url = "".join(text.split("\n")).strip().translate(_INVISIBLE)
    url = re.sub(r"[\s\\]|[^\x20-\x7e]", _mend_character, url)
    if url.startswith("//"):
        url = f"https:{url}"
    problem = urls.problem_with(url)
    if problem and "://" not in url:
        scheme = _NOT_WEB.match(url)
        candidate = f"https://{url}"
        if (scheme is None or "." in scheme[1]) and "." in host(candidate) and urls.is_safe(candidate):
            return candidate
    if problem is None and url[:7].casefold() == "mailto:":
        problem = f"{quote(url)} is a mail address, no article"
    if problem:
        raise ValueError(problem)
    return url


def _mend_character(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\\":
        return "/"
    return char if char.isprintable() and not char.isspace() else percent_encode(char, errors="replace")


def people(text: str) -> list[str]:
    """Return the authors that *text* names: parted by ``;``, by "and", or by commas; each "Given Family"."""
    if ";" in text or "；" in text:
        parts = re.split("[;；]", text)
    elif _AND.search(text):
        parts = _AND.split(text)
        # "A, B and C" is a list in English; "Doe, Jane and Roe, Richard" is BibTeX's, where every name has a comma.
        if not all("," in part for part in parts):
            parts = [name for part in parts for name in part.split(",")]
    elif text.count(",") == 1 and " " not in text.partition(",")[0].strip():
        parts = [text]
    else:
        return [name.strip() for name in re.split("[,，、]", text) if name.strip()]
    return [name for part in parts if (name := given_first(part))]


def given_first(name: str) -> str:
    """Return "Tan, Mingxing" as "Mingxing Tan", and "King, Martin Luther, Jr." as "Martin Luther King Jr."."""
    parts = [" ".join(part.split()) for part in name.split(",")]
    family, given = parts[0], parts[1:]
    return " ".join(part for part in (*given[:1], family, *given[1:]) if part)


class Draft:
    """One entry in the making, from line *first* of *document*; :meth:`finish` adds it to *harvest*.

    With *exact*, for our own formats, invisible characters stay where they are.
    """

    def __init__(self, document: Document, harvest: Harvest, first: int, *, exact: bool = False) -> None:
        self._removed = {} if exact else _INVISIBLE
        self.document = document
        self.harvest = harvest
        self.first = self.last = first
        self.title = self.url = ""
        self.records: list[str] = []
        self._options: list[Option] = []
        self._places: list[tuple[int, int]] = []
        self._lists: dict[str, list[str]] = {}
        self._texts: dict[str, dict[str, None]] = {"summary": {}, "comment": {}, "body": {}}
        self._links: dict[Link, None] = {}
        self._image: Link | None = None
        self._notes: list[Line] = []
        self._noted: set[tuple[int, int]] = set()
        self._uses: dict[tuple[int, int, str], None] = {}

    # --- what a line holds ------------------------------------------------------------------------------------

    def use(self, use: str, first: int, last: int | None = None, why: str = "") -> None:
        """Note that the lines *first* to *last* hold *use*, an option or a :class:`Use`.

        The first reason *why* is noted at each of these lines, a further one for the same lines at the first of
        them: a cell of a thousand lines can hold a thousand words that are wrong.
        """
        place = first, last or first
        if why:
            end = first if place in self._noted else place[1]
            self._noted.add(place)
            self._notes += [Line(number, use, None, why) for number in range(first, end + 1)]
        else:
            self._uses[*place, use] = None
        self.last = max(self.last, place[1])

    def refuse(self, line: int, why: str, last: int | None = None) -> None:
        """Note that the lines from *line* to *last* hold something that is not imported, and *why*."""
        self.use(Use.UNPARSED, line, last, why)

    def keep_out(self, line: int, what: str, last: int | None = None) -> None:
        """Note that these lines are bookkeeping of the program that wrote the file, of no use here."""
        self.use(Use.SYNTAX, line, last, what)

    # --- values -----------------------------------------------------------------------------------------------

    def put(self, name: str, text: str, first: int, last: int | None = None) -> None:
        """Take *text*, in the form that the option *name* has on a page."""
        text = " ".join(clean(text).translate(self._removed).split())
        if not text:
            return self.use(Use.SYNTAX, first, last)
        self._options.append(Option(name, len(self._options), text))
        self._places.append((first, last or first))
        self.last = max(self.last, last or first)
        return None

    def put_title(self, text: str, first: int, last: int | None = None) -> None:
        """Take the title."""
        text = " ".join(clean(text).translate(self._removed).split())
        self.title = self.title or text
        self.use(Use.TITLE if text else Use.SYNTAX, first, last)

    def put_text(self, use: Use, text: str, first: int, last: int | None = None) -> None:
        """Take Markdown for the summary, the comment or the body; a second text follows the first."""
        text = clean(text).strip("\n").rstrip()
        if text:
            self._texts[use][text] = None
        self.use(use if text else Use.SYNTAX, first, last)

    def put_url(self, text: str, first: int, last: int | None = None) -> bool:
        """Take the address of the article; return whether it is one."""
        if not text.strip():
            self.use(Use.SYNTAX, first, last)
            return False
        try:
            self.url = mend_url(clean(text))
        except ValueError as error:
            self.refuse(first, str(error), last)
            return False
        self.put("url", self.url, first, last)
        return True

    def put_list(self, name: str, words: Iterable[str], first: int, last: int | None = None) -> None:
        """Add *words* to a list of keywords or authors."""
        kept = self._lists.setdefault(name, [])
        found = [" ".join(clean(w).translate(self._removed).split()) for w in words]
        kept += [word for word in found if word]
        self.use(name if any(found) else Use.SYNTAX, first, last)

    def put_date(self, name: str, text: str, settings: Settings, first: int, last: int | None = None) -> None:
        """Take a date in any of the usual spellings; ``added`` takes only days."""
        if not text.strip():
            return self.use(Use.SYNTAX, first, last)
        period = read_date(text, settings.weeks)
        if period is None:
            return self.refuse(first, f"{quote(text)} is no date that has one meaning only", last)
        if name == "added" and period.kind != "day":
            return self.refuse(first, f"{quote(text)} names no day", last)
        return self.put(name, period.label, first, last)

    def put_link(self, rel: str, label: str, url: str, first: int, last: int | None = None) -> None:
        """Take a link of kind *rel*, or an address of other coverage for ``also``, or a picture for ``image``."""
        try:
            link = Link(rel, " ".join(clean(label).split()), mend_url(clean(url)))
        except ValueError as error:
            return self.refuse(first, str(error), last)
        if rel == "image":
            self._image = self._image or link
        else:
            self._links[link] = None
        return self.use(rel, first, last)

    @property
    def summary(self) -> str:
        """The summary so far."""
        return "\n\n".join(self._texts["summary"])

    # --- the end ----------------------------------------------------------------------------------------------

    def drop(self, why: str) -> None:
        """Give the draft up: all its lines are not understood, for the reason *why*."""
        lines = [Line(number, Use.UNPARSED, None, why) for number in range(self.first, self.last + 1)]
        self.harvest.lines += lines

    def finish(self, settings: Settings) -> None:
        """Add the entry to the harvest; a source that the file does not give stays empty."""
        named = {option.name for option in self._options}
        summary, comment, body = ("\n\n".join(parts) for parts in self._texts.values())
        if not self.title and not self.url and not summary:
            return self.drop("neither a title nor an address stands here")
        for name, words in self._lists.items():
            if words:
                self._options.append(Option(name, -1, _listed(words)))
        if "kind" not in named and (urls.arxiv_id(self.url) or urls.doi(self.url)):
            self._options.append(Option("kind", -1, "paper"))
        title = self.title or self.url.partition("://")[2].rstrip("/") or _first_words(summary)
        entry, notes = build_entry("", self.document.name, -1, title, self._options, settings)
        links = sorted(
            (link for link in self._links if link.rel != "also"), key=lambda link: LINK_RELS.index(link.rel)
        )
        entry = replace(
            entry,
            line=self.first,
            links=tuple(links),
            also=tuple(dict.fromkeys(link.url for link in self._links if link.rel == "also")),
            image=self._image,
            summary=summary,
            comment=comment,
        )
        index = len(self.harvest.items)
        wrong = {note.line: note.message for note in notes if note.line >= 0}
        for position, (first, last) in enumerate(self._places):
            if position in wrong:
                self.refuse(first, wrong[position], last)
            else:
                self._uses[first, last, self._options[position].name] = None
        self.harvest.items.append(Item(entry=entry, body=body, records=tuple(self.records)))
        self._tell(index)
        return None

    def _tell(self, index: int) -> None:
        """Say what became of each line; a line that no field named has only the marks of the format."""
        lines = {
            Line(number, use, index): None
            for first, last, use in self._uses
            for number in range(first, last + 1)
        }
        told = {line.number for line in lines if line.use != Use.SYNTAX}
        lines = {line: None for line in lines if line.use != Use.SYNTAX or line.number not in told}
        told |= {line.number for line in lines} | {note.number for note in self._notes}
        rest = [
            Line(number, Use.SYNTAX, index)
            for number in range(self.first, self.last + 1)
            if number not in told
        ]
        notes = [note._replace(item=index) if note.use != Use.UNPARSED else note for note in self._notes]
        self.harvest.lines += sorted([*lines, *notes, *rest])


def _listed(words: Iterable[str]) -> str:
    """Return *words* as one value: a comma within a word is escaped, for commas part them."""
    escaped = (re.sub("([,;，；])", r"\\\1", word) for word in dict.fromkeys(words))
    return ", ".join(f"{word} " if word.endswith("\\") else word for word in escaped)


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else words[:80].rpartition(" ")[0] + " …"


def account_for_rest(document: Document, harvest: Harvest, syntax: re.Pattern[str] | None = None) -> None:
    """Name the lines that no item has: blank ones, and those that *syntax* fits wholly; others stay unnamed."""
    told = {line.number for line in harvest.lines}
    for number, line in enumerate(document.lines, 1):
        if number in told:
            continue
        if not line.strip():
            harvest.lines.append(Line(number, Use.BLANK))
        elif syntax is not None and syntax.fullmatch(line):
            harvest.lines.append(Line(number, Use.SYNTAX))
    harvest.lines.sort(key=lambda line: line.number)


def account_for_frame(document: Document, harvest: Harvest, broken: tuple[int, str] | None) -> None:
    """Name the lines around the items of a whole document (XML, JSON): the marks of its format.

    Of a document that is *broken* at a line, nothing from there on is understood.
    """
    told = {line.number for line in harvest.lines}
    end = broken[0] if broken else len(document.lines) + 1
    if broken:
        harvest.lines.append(Line(broken[0], Use.UNPARSED, None, broken[1]))
    harvest.lines += [
        Line(number, Use.SYNTAX)
        for number, line in enumerate(document.lines[: end - 1], 1)
        if number not in told and line.strip()
    ]
    account_for_rest(document, harvest)
