"""Watch pages: one long page of articles under dates, each a heading with its source and its title as a link.

``## 2021.09.15``, ``### :star:Source: [Title](address)``, a line of links ``[[paper]](address)``, then the fields
Keywords, Related Paper, Summary and Comment; threads of a forum with their answers as nested quotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..model import LINK_RELS, Entry, Link
from .base import Document, Harvest, Item, Line, Use
from .blocks import Block, Claims, joined, parse_blocks
from .markdown import links_in, normal, stars_in, words
from .rels import link_of
from .when import date_in, middle

if TYPE_CHECKING:
    from ..periods import Period
    from ..settings import Settings

_FIELD: Final = re.compile(
    r"\s*(?:[-*+]\s+)?[*_]{0,3}(?P<name>[^\W\d_][\w /-]{2,20}?)\s?[*_]{0,3}\s?(?P<colon>[:\uff1a])[*_]{0,3}\s*(?P<rest>.*)$"
)
_FIELDS: Final = {
    "keywords": "keywords",
    "keyword": "keywords",
    "key words": "keywords",
    "tags": "keywords",
    "topics": "keywords",
    "关键词": "keywords",
    "关键字": "keywords",
    "related paper": "paper",
    "related papers": "paper",
    "paper": "paper",
    "papers": "paper",
    "论文": "paper",
    "code": "code",
    "links": "link",
    "link": "link",
    "related links": "link",
    "project": "project",
    "slides": "slides",
    "video": "video",
    "data": "data",
    "demo": "demo",
    "discussion": "discussion",
    "summary": Use.SUMMARY,
    "abstract": Use.SUMMARY,
    "gist": Use.SUMMARY,
    "摘要": Use.SUMMARY,
    "总结": Use.SUMMARY,
    "comment": Use.COMMENT,
    "comments": Use.COMMENT,
    "opinion": Use.COMMENT,
    "thoughts": Use.COMMENT,
    "评论": Use.COMMENT,
    "authors": "authors",
    "author": "authors",
    "date": "date",
}
#: Names that begin many a sentence: only in bold, or in a list, are they fields.
_ONLY_MARKED: Final = frozenset(
    "date link links code paper papers author project slides video data demo discussion".split()
)
_ITEM: Final = re.compile(
    r"(?m)^ {0,3}#{1,6}[ \t]{0,8}(?::[a-z0-9_]{1,30}:|\u2b50\ufe0f?|\U0001f31f|\*)*[^\[\]\n:\uff1a#]{1,60}[:\uff1a]\s*\\?\["
)
_LINKED: Final = re.compile(r"\]\(https?:")
_POSTED: Final = re.compile(r"(?i)posted by\s*(.*)")
_THREADS: Final = re.compile(r"(?i)\breddit\b|\br/|\bthreads?\b|\bdiscussions?\b")
_VALUES: Final = ("keywords", "authors", *LINK_RELS)
_WORD: Final = re.compile("[,;\uff0c\uff1b\u3001]")


@dataclass(slots=True)
class _Draft:
    """An item in the making; ``parts`` has the blocks of its summary, comment and thread."""

    line: int
    title: str
    url: str
    source: str = ""
    star: int = 0
    kind: str = "article"
    date: Period | None = None
    authors: tuple[str, ...] = ()
    keywords: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    parts: dict[str, list[Block]] = field(
        default_factory=lambda: {Use.SUMMARY: [], Use.COMMENT: [], Use.BODY: []}
    )

    def item(self, name: str) -> Item:
        thread = joined(self.parts[Use.BODY])
        entry = Entry(
            docname="",
            path=name,
            line=self.line,
            title=self.title,
            source=self.source,
            url=self.url,
            date=self.date,
            star=self.star,
            kind=self.kind,
            authors=self.authors,
            keywords=tuple(dict.fromkeys(self.keywords)),
            links=tuple(dict.fromkeys(self.links)),
            summary=joined(self.parts[Use.SUMMARY]).strip(),
            comment=joined(self.parts[Use.COMMENT]).strip(),
        )
        return Item(entry=entry, body=f"## Thread\n\n{thread}" if thread else "")


class WatchPage:
    """Reads watch pages; a format of its own in :data:`~mlwatch.core.importers.IMPORTERS`."""

    name = "watch-page"
    title = "Markdown watch page"

    def sniff(self, document: Document) -> int:
        text = normal(document.text)
        found = len(_ITEM.findall(text[:400_000]))
        if not found:
            return 0
        fields_ = len(
            re.findall(r"(?im)^\*\*(?:keywords?|related papers?|summary|comments?)\b", text[:400_000])
        )
        if found > 1 or fields_:
            return 90
        return (
            60 if len(_LINKED.findall(text[:400_000])) < 12 else 35
        )  # one such heading among many other links

    def read(self, document: Document, settings: Settings) -> Harvest:
        return _Reader(document, settings).read()


class _Reader:
    """Goes through the blocks once; knows the date above, the section, and the item it is in."""

    def __init__(self, document: Document, settings: Settings) -> None:
        self._document = document
        self._settings = settings
        self._claims = Claims()
        self._drafts: list[_Draft] = []
        self._date: Period | None = None
        self._date_level = 0
        self._threads = False
        self._part: str | None = None
        self._level = 0
        self._near: Period | None = None

    def read(self) -> Harvest:
        for block in parse_blocks(self._document).blocks:
            if block.kind == "front":
                self._claims.claim(block, Use.SYNTAX)
            elif block.kind == "heading":
                self._heading(block)
            elif block.kind == "rule":
                self._claims.claim(block, Use.SEPARATOR)
                self._part = None
            elif not self._drafts or self._part == "none":
                self._claims.skip(block, "it stands before the first entry of its section")
            elif block.kind == "text" or (block.kind == "item" and _field(block.lines[0])):
                self._text(block)
            else:
                self._add(block)
        for draft in self._drafts:
            self._claims.add(draft.item(self._document.name))
        return self._claims.harvest

    def _heading(self, block: Block) -> None:
        star, text = stars_in(block.text)
        links = [link for link in links_in(text) if not link.image]
        deeper = bool(self._date) and block.level > self._date_level
        named = deeper and (star or re.search("[:\uff1a]", text))
        if (links and words(links[0].label)) or named:
            self._item(block, star, text)
        else:
            near = middle(self._near) if self._near else None
            found = date_in(words(text), self._settings.weeks, near=near)
            if found:
                self._date, self._date_level, self._near = found, block.level, found
                self._claims.claim(block, "date")
            else:
                if self._drafts and self._part in (Use.SUMMARY, Use.COMMENT) and block.level > self._level:
                    self._add(block)
                    return
                if block.level <= (self._date_level or 6):
                    self._date, self._date_level = None, 0
                self._threads = bool(_THREADS.search(text))
                self._claims.claim(block, Use.HEADING)
            self._part = "none"

    def _item(self, block: Block, star: int, text: str) -> None:
        links = [link for link in links_in(text) if not link.image]
        head = words(text[: links[0].start]) if links else words(re.split("[:\uff1a]", text, maxsplit=1)[0])
        title = (
            words(links[0].label)
            if links
            else words(re.split("[:\uff1a]", text + ":", maxsplit=1)[1]).rstrip(":")
        )
        url = links[0].url if links else ""
        rest = words(text[links[0].end :]) if len(links) == 1 else ""
        head = head.strip(" :\uff1a-\u2013\u2014|")
        source = head or rest.strip(" :\uff1a-\u2013\u2014|()@")
        is_thread = self._threads or source.startswith("r/") or "reddit.com/r/" in url
        draft = _Draft(
            block.line,
            title,
            url,
            source if len(source) <= 80 else "",
            star,
            "thread" if is_thread else "article",
            self._date,
            links=[link_of(link) for link in links[1:] if link.url],
        )
        self._drafts.append(draft)
        self._level = block.level
        self._claims.claim(block, Use.TITLE, len(self._drafts) - 1)
        if links and not url:
            written = text[links[0].start : links[0].end]
            why = f"the address in {written} is none; the entry has no address"
            self._claims.harvest.lines[-1] = Line(block.line, Use.UNPARSED, len(self._drafts) - 1, why)
        self._part = None

    def _text(self, block: Block) -> None:
        """Take a paragraph line by line: each may begin a field."""
        draft, index = self._drafts[-1], len(self._drafts) - 1
        run: list[str] = []
        for offset, line in enumerate(block.lines):
            number = block.line + offset
            found = _field(line)
            if found:
                run = self._flush(draft, run, number)
                self._part = found[0]
                if found[0] in (Use.SUMMARY, Use.COMMENT):
                    if found[1]:
                        run = [found[1]]
                    self._claims.harvest.lines.append(Line(number, found[0], index))
                else:
                    self._value(draft, found[0], found[1], number)
                continue
            if self._part in (Use.SUMMARY, Use.COMMENT) and not _only_local_pictures(line):
                run.append(line)
                self._claims.harvest.lines.append(Line(number, self._part, index))
            elif self._part is None and _only_links(line):
                self._value(draft, "link", line, number)
            elif self._part in _VALUES and (offset or _only_links(line)):
                self._value(draft, self._part, line, number)
            elif _only_local_pictures(line):
                why = "a picture that is not on the web"
                self._claims.harvest.lines.append(Line(number, Use.UNPARSED, index, why))
            else:
                self._part = Use.SUMMARY
                run.append(line)
                self._claims.harvest.lines.append(Line(number, Use.SUMMARY, index))
        self._flush(draft, run, block.end)

    def _flush(self, draft: _Draft, run: list[str], end: int) -> list[str]:
        if run and self._part in (Use.SUMMARY, Use.COMMENT):
            draft.parts[self._part].append(Block("text", end - len(run), run))
        return []

    def _value(self, draft: _Draft, name: str, text: str, number: int) -> None:
        """Take a field's value: keywords, links, authors."""
        index = len(self._drafts) - 1
        use = name
        if name == "keywords":
            draft.keywords += [word for part in _WORD.split(words(text)) if (word := part.strip(" .*"))]
        elif name == "authors":
            draft.authors += tuple(word for part in _WORD.split(words(text)) if (word := part.strip()))
        elif name == "date":
            draft.date = date_in(text, self._settings.weeks) or draft.date
        else:
            found = links_in(text)
            made = [link_of(link) for link in found if link.url]
            if name != "link":
                made = [Link(name, link.label, link.url) for link in made]
            draft.links += made
            use = made[0].rel if made else (name if not text else Use.UNPARSED)
            if len(made) < len(found):
                self._claims.harvest.lines.append(
                    Line(number, Use.UNPARSED, index, "a link here has no address that is one")
                )
                return
        self._claims.harvest.lines.append(
            Line(number, use, index, "a line of links has none" if use == Use.UNPARSED else "")
        )

    def _add(self, block: Block) -> None:
        """Take a list, a quotation, code or a picture into the part that is open."""
        draft, index = self._drafts[-1], len(self._drafts) - 1
        if self._part not in (Use.SUMMARY, Use.COMMENT):
            if block.kind == "item" and self._part in (None, *LINK_RELS) and _only_links(block.text):
                self._value(draft, self._part or "link", block.text, block.line)
                return
            self._part = Use.BODY if block.kind == "quote" and draft.kind == "thread" else Use.SUMMARY
        if self._part == Use.SUMMARY and draft.kind == "thread" and block.kind == "quote":
            self._part = Use.BODY
        if self._part == Use.BODY and not draft.authors:
            draft.authors = _poster(block)
        draft.parts[self._part].append(block)
        self._claims.claim(block, self._part, index)
        if self._part == Use.BODY:
            self._part = None


def _field(line: str) -> tuple[str, str] | None:
    """Return the field that *line* begins and what follows its colon."""
    match = _FIELD.match(line[:4000])
    if not match:
        return None
    name = " ".join(match["name"].casefold().split())
    if name not in _FIELDS or (line.lstrip()[:1] not in "*_-+" and name in _ONLY_MARKED):
        return None
    return _FIELDS[name], line[match.start("rest") :].strip()


def _only_links(line: str) -> bool:
    """Say whether *line* has links and no other words."""
    found = links_in(line)
    position, rest = 0, ""
    for link in found:
        rest += line[position : link.start]
        position = link.end
    return bool(found) and not re.search(r"\w", re.sub(r"&nbsp;|<br ?/?>", "", rest + line[position:]))


def _only_local_pictures(line: str) -> bool:
    """Say whether *line* has nothing but pictures from beside the document."""
    if not line.lstrip().startswith("!["):
        return False
    found = links_in(line)
    return bool(found) and all(link.image and not link.url for link in found) and not words(line)


def _poster(block: Block) -> tuple[str, ...]:
    """Return who asked, when a thread says "Posted by"."""
    said = [line.lstrip("> ").strip() for line in block.lines[:6]]
    for number, line in enumerate(said):
        if match := _POSTED.match(line):
            name = match[1] or next((later for later in said[number + 1 :] if later), "")
            named = re.match(r"\W*(u/[\w-]+)", name)
            return (named[1],) if named else ()
    return ()
