"""Akira's weekly posts, as Markdown of what Medium shows: sections of papers, articles, use cases and other topics.

An item is a heading, or a line with a link and its host; its address stands in a line of its own, in the
heading, or in a link card (``[](address) [## title``, ``### first words``, ``host](address)``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from ..model import Entry, IssueId
from ..settings import fold
from ..urls import arxiv_id, identity
from .base import Document, Harvest, ImportFailure, Item, Line, Use
from .markdown import links_in, mend_url, normal, words
from .rels import is_paper
from .when import date_in

if TYPE_CHECKING:
    from ..periods import Period
    from ..settings import Settings

SERIES: Final = "akira"
SOURCE: Final = "Akira's ML News"
_TITLE: Final = re.compile(r"(?i)\bakira\W{0,3}s? .{0,3}ML|阿基拉|akira.{0,10}(?:news|新闻)")
_NUMBERED: Final = re.compile(r"\d\s*[.\uff0e\u3001)]\s*\S")
_SECTIONS: Final = (
    ("papers", re.compile(r"(?i)\bpapers?\b|论文")),
    ("use-cases", re.compile(r"(?i)use[- ]?cases?|business|用例|应用实例")),
    ("articles", re.compile(r"(?i)technical|articles?\b|技术文章")),
    ("other", re.compile(r"(?i)\bother|其他|其它")),
)
_PICKS: Final = re.compile(r"(?i)editor|pick-?up|\bpicks?\b|精选")
_TOPICS: Final = re.compile(r"(?i)^\W*(?:topics?|contents?|主题|目录)\W*$")
_END: Final = re.compile(
    r"(?i)\bpast\b|\bprevious\b|newsletter|\babout me\b|\btwitter\b|subscribe|other blogs?|过去|关于|时事通讯|推特|以前"
)
_HEADING: Final = re.compile(r" {0,3}\**(#{1,6})\s*(.*)$")
_CARD: Final = re.compile(r"(?:\[\]\(\s*+(?P<url>[^\s()]*+)\s*+\))?[*\s]{0,8}\[##\s*+(?P<title>.*)")
_CARD_END: Final = re.compile(r"(?:^|.*?\S)?\]\(\s*+(?P<url>[^\s()]*+)\s*+\)")
_RULE: Final = re.compile(r"\s*(?:[\u2014\u2013*_-]\s*)+$")
_PICTURE: Final = re.compile(r"\s*\**!\[[^\]]*\]\([^()]*\)\**\s*$")
_LEAD: Final = re.compile(
    r"\s*\**\[(?P<title>[^\[\]]*)\]\((?P<url>[^\s()]+)\)[*\s]*(?:\u2014+|--+|\u2013+)[*\s]*\["
)
_NAMED: Final = re.compile(
    r"\s*(?:\*(?P<it>[^*]+)\*|[\[\u3010](?P<id>\d{4}\.\d{4,5})[\]\u3011]\s*(?P<rest>[^\n]*))"
)


@dataclass(slots=True)
class _Draft:
    line: int
    title: str
    section: str
    url: str = ""
    alt: str = ""
    also: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)


class Akira:
    """Reads Akira's weekly posts."""

    name = "akira"
    title = "Akira's ML news"

    def sniff(self, document: Document) -> int:
        head = normal(document.text[:4000])
        if not _TITLE.search("\n".join(head.split("\n")[:12])):
            return 0
        return 95 if re.search(r"(?im)^[^\w\n]*1\s*[.\uff0e]", head) or "[## " in document.text else 30

    def read(self, document: Document, settings: Settings) -> Harvest:
        return _Reader(document, settings).read()


class _Reader:
    """Goes through the lines once; knows the section and the item it is in."""

    def __init__(self, document: Document, settings: Settings) -> None:
        self._name = document.name
        self._settings = settings
        self._lines = normal(document.text).split("\n")
        self._harvest = Harvest()
        self._drafts: list[_Draft] = []
        self._part = "head"
        self._week: Period | None = None
        self._base = "https://medium.com/"
        self._picks: set[str] = set()

    def read(self) -> Harvest:
        number = 0
        while number < len(self._lines):
            number += self._take(number)
        if not self._drafts:
            raise ImportFailure("no section with entries stands in this post")
        lang = (
            "zh"
            if any("\u4e00" <= char <= "\u9fff" for draft in self._drafts for char in draft.title)
            else ""
        )
        for order, draft in enumerate(self._drafts, 1):
            self._harvest.items.append(Item(entry=self._entry(draft, order, lang)))
        return self._harvest

    def _claim(self, index: int, use: str, why: str = "") -> None:
        item = len(self._drafts) - 1 if self._part in _IDS and self._drafts else None
        self._harvest.lines.append(Line(index + 1, use, item, why))

    def _take(self, index: int) -> int:
        """Take the line at *index*, and those of a card; return how many."""
        line = self._lines[index]
        if not line.strip():
            return 1
        if size := self._card(index):
            return size
        if match := _HEADING.match(line):
            self._heading(index, match[2])
        elif _RULE.match(line):
            self._claim(index, Use.SEPARATOR)
        elif _PICTURE.match(line):
            self._claim(index, Use.SYNTAX)
        elif self._part == "head":
            self._head(index, line)
        elif self._part == "picks":
            self._pick(index, line)
        elif self._part in _IDS:
            self._content(index, line)
        else:
            self._claim(index, Use.SYNTAX)
        return 1

    def _head(self, index: int, line: str) -> None:
        """Take a line before the first section: where the post stands, and its introduction."""
        for link in links_in(line):
            if "medium.com" in link.url or "towardsdatascience" in link.url:
                self._base = link.url
        if self._week is None:
            self._week = date_in(line, self._settings.weeks)
        self._claim(index, Use.SYNTAX)

    def _heading(self, index: int, raw: str) -> None:
        text = words(raw).strip("*# ")
        has_link = bool([link for link in links_in(raw) if not link.image])
        if (
            self._part == "head"
            and not self._drafts
            and self._week is None
            and (week := date_in(text, self._settings.weeks))
        ):
            self._week = week
            self._claim(index, "date")
            return
        bare = re.sub(r"^\W+", "", text)
        if not has_link and _TOPICS.match(text):
            self._part = "topics"
        elif not has_link and _PICKS.search(text) and self._part in ("head", "topics", "picks"):
            self._part = "picks"
        elif not has_link and (section := self._section(bare, text)):
            self._part = section
        elif (
            not has_link
            and self._part in _IDS
            and _END.search(text)
            and (text[:1] in "\u2014-" or len(text) < 40)
        ):
            self._part = "end"
        elif self._part in _IDS:
            self._start(index, raw)
            return
        self._harvest.lines.append(Line(index + 1, Use.HEADING))

    def _section(self, bare: str, text: str) -> str:
        numbered = _NUMBERED.match(bare)
        if not numbered and (len(bare) > 40 or self._part in _IDS):
            return ""
        if not numbered and not re.fullmatch(
            r"(?i)(?:machine[- ]learning )?papers|technical articles?|.*use cases?|other topics", bare
        ):
            return ""
        return next((name for name, form in _SECTIONS if form.search(text)), "other" if numbered else "")

    def _start(self, index: int, raw: str) -> None:
        links = [link for link in links_in(raw) if not link.image]
        title = words(raw).strip("* ")
        url = self._whole(links[0].url or _target(raw)) if links else ""
        if not title and not url:
            self._claim(index, Use.SYNTAX)
            return
        self._drafts.append(_Draft(index + 1, title, self._part, url))
        self._claim(index, Use.TITLE)

    def _whole(self, url: str) -> str:
        return mend_url(urljoin(self._base, url)) if url.startswith("/") else url

    def _card(self, index: int) -> int:
        """Take a link card that begins at *index*; return the number of its lines, 0 when there is none."""
        match = _CARD.search(self._lines[index])
        if not match:
            return 0
        for end in range(index, min(index + 7, len(self._lines))):
            line = self._lines[end] if end > index else ""
            closing = _CARD_END.match(line)
            if not closing:
                continue
            if self._part in _IDS:
                self._take_card(index, match["title"], match["url"] or closing["url"])
            for number in range(index, end + 1):
                if self._lines[number].strip():
                    self._claim(number, "url" if self._part in _IDS else Use.SYNTAX)
            # Another card may begin on the line on which this one ends.
            return end - index + (0 if _CARD.search(line) else 1) or 1
        return 0

    def _take_card(self, index: int, title: str, raw_url: str) -> None:
        url = self._whole(raw_url) if raw_url.startswith("/") else mend_url(raw_url)
        draft = self._drafts[-1] if self._drafts and self._drafts[-1].section == self._part else None
        if draft is None:
            draft = _Draft(index + 1, words(title), self._part, url)
            self._drafts.append(draft)
        if not draft.title:
            draft.title = words(title)
        elif not draft.alt and fold(words(title)) != fold(draft.title):
            draft.alt = words(title)
        if not draft.url:
            draft.url = url
        elif url and identity(url) != identity(draft.url):
            draft.also.append(url)

    def _pick(self, index: int, line: str) -> None:
        found = links_in(line)
        for link in found:
            self._picks |= (
                {identity(link.url), fold(words(link.label))} if link.url else {fold(words(link.label))}
            )
        self._claim(index, "pick" if found else Use.SYNTAX)

    def _content(self, index: int, line: str) -> None:
        if lead := _LEAD.match(line):
            self._drafts.append(
                _Draft(
                    index + 1,
                    words(lead["title"]),
                    self._part,
                    self._whole(mend_url(lead["url"]) or lead["url"]),
                )
            )
            self._claim(index, Use.TITLE)
            return
        draft = self._drafts[-1] if self._drafts and self._drafts[-1].section == self._part else None
        if draft is None:
            self._claim(index, Use.UNPARSED, "it stands before the first entry of its section")
            return
        if draft.summary and any(draft.summary):
            self._summary(draft, index, line)
            return
        self._address(draft, index, line)

    def _address(self, draft: _Draft, index: int, line: str) -> None:
        """Take a line between a title and its text: the paper's own title, its address, or already the text."""
        if re.match(r"\s*https?://[^\[]{0,400}? [._/] ", line):
            # An address that a translator has pulled apart at its marks.
            draft.url = draft.url or mend_url(line.replace(" ", ""))
            self._claim(index, "url")
            return
        named = _NAMED.match(line)
        rest = line[named.end() :] if named and named["it"] else "" if named else line
        links = links_in(line)
        if named:
            title = named["it"] or named["rest"] or ""
            title = re.sub(r"^[\[\u3010]\d{4}\.\d{4,5}[\]\u3011]\s*", "", _without_address(words(title)))
            draft.alt = draft.alt or title
            if named["id"] and not draft.url:
                draft.url = f"https://arxiv.org/abs/{named['id']}"
        for link in links:
            if link.url and (_like_address(link.label) or link.bare or not named):
                if not draft.url:
                    draft.url = link.url
                rest = rest.replace(line[link.start : link.end], " ")
        rest = rest.strip(" *")
        if len(rest) > 25:
            self._summary(draft, index, rest)
        elif named and rest and draft.alt:
            draft.alt += rest
            self._claim(index, "alt-title")
        elif named or links or not rest:
            self._claim(index, "alt-title" if named and not links else "url")
        else:
            self._summary(draft, index, line)

    def _summary(self, draft: _Draft, index: int, line: str) -> None:
        if draft.summary and not self._lines[index - 1].strip():
            draft.summary.append("")
        draft.summary.append(line.strip())
        self._claim(index, Use.SUMMARY)

    def _entry(self, draft: _Draft, order: int, lang: str) -> Entry:
        known = SERIES in self._settings.series
        digest = (IssueId(SERIES, self._week.label),) if known and self._week else ()
        paper = is_paper(draft.url)
        alt = draft.alt if fold(draft.alt) != fold(draft.title) else ""
        url = draft.url
        if (paper_id := arxiv_id(url)) and "?" in url:
            url = f"https://arxiv.org/abs/{paper_id}"
        picked = bool(url and identity(url) in self._picks) or fold(draft.title) in self._picks
        return Entry(
            docname="",
            path=self._name,
            line=draft.line,
            title=draft.title,
            source="" if url else SOURCE,
            url=url,
            date=self._week,
            pick=picked,
            kind="paper" if paper and url else "article",
            lang=lang,
            alt_title=alt,
            digest=digest,
            section=draft.section if digest else "",
            order=order if digest else None,
            also=tuple(dict.fromkeys(draft.also)),
            summary="\n".join(draft.summary).strip(" *\n"),
        )


_IDS: Final = ("papers", "articles", "use-cases", "other")


def _like_address(label: str) -> bool:
    return bool(re.match(r"\W*+(?:https?\s*+:|www\.|[\w-]++\s?\.\s?[\w-])", label))


def _without_address(title: str) -> str:
    """Return *title*, words with one space between them, without the URL at its end."""
    start = title.rfind(" ") + 1
    found = re.compile(r"https?://(?=\S)").search(title, start)
    return title[: found.start()].rstrip() if found else title


def _target(raw: str) -> str:
    found = re.search(r"\]\((/[^\s()]*)\)", raw)
    return found[1] if found else ""
