"""Reads lists and tables of links under headings, whatever their format.

Headings give a date or a topic; an entry is a list item, a row of a table, a heading or a line in bold that has a
title and a link. What follows an entry and is none itself is its summary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..model import Entry
from ..periods import Period, coarser, parse
from .base import Document, Harvest, Item, Use
from .blocks import Block, Claims, joined, parse_blocks
from .markdown import links_in, topic, words
from .phrases import Phrase, mid_sentence, read_phrase, read_row
from .rels import is_paper
from .when import date_in, middle

if TYPE_CHECKING:
    from ..settings import Settings

_SEPARATOR_ROW: Final = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*$")
_BOLD_LINE: Final = re.compile(r"\s*(\*\*\*|\*\*|___|__)(?=\S)(?P<title>[^*\n]{2,300}?)(?<=\S)\1[\s:]*$")
#: A link to another place of the same document, or to a file beside it.
_INNER_LINK: Final = re.compile(r"\]\(\s*(?:#|\.{0,2}/|[\w-]+\.md)")
#: Topics that say nothing of what an entry is about.
_PLAIN: Final = re.compile(
    r"(?:\W|research|publications?|news|resources?|perspectives?|papers?|articles?|others?|misc(?:ellaneous)?|links?|index|contents?|table|of|top|more|"
    r"the|and|posts?|blogs?|books?|videos?|tools?|datasets?|projects?|codes?|tutorials?|general|related|list|awesome|updates?|noteworthy|mentions?|"
    r"reading|new|old|all|archive|weekly|week|ml|ai|machine|learning|readings?|introduction|overview|appendix|references?|see|also|top|best)+",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(slots=True)
class _Heading:
    level: int
    topic: str
    date: Period | None = None


@dataclass(slots=True)
class _Draft:
    """An entry in the making; one that began with a line in bold may have no address yet."""

    block: Block
    phrase: Phrase
    date: Period | None
    keyword: str
    indent: int = 0
    open_: bool = False
    below: list[Block] = field(default_factory=list)


class Reader:
    """Goes through the blocks once; knows the headings above and the entry before."""

    def __init__(self, document: Document, settings: Settings, *, topics: bool) -> None:
        self._document = document
        self._settings = settings
        self._topics = topics
        self._claims = Claims()
        self._headings: list[_Heading] = []
        self._bullets: list[tuple[int, str]] = []
        self._year = 0
        self._near: Period | None = None
        self._draft: _Draft | None = None
        self._published: Period | None = None

    def read(self) -> Harvest:
        parsed = parse_blocks(self._document)
        if date := parsed.front.get("date", ""):
            self._published = date_in(date[:10], self._settings.weeks)
        blocks = parsed.blocks
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if block.kind == "front":
                self._claims.claim(block, "date" if self._published else Use.SYNTAX)
            elif block.kind == "heading":
                self._heading(block, following)
            elif block.kind == "row":
                self._row(block, following)
            elif block.kind == "item":
                self._item(block, following)
            elif block.kind == "text":
                self._text(block, following)
            else:
                self._other(block)
        self._finish()
        return self._claims.harvest

    # --- Context ---

    def _date(self) -> Period | None:
        return next((heading.date for heading in reversed(self._headings) if heading.date), self._published)

    def _keyword(self, indent: int) -> str:
        if not self._topics:
            return ""
        names = [heading.topic for heading in self._headings if heading.level > 1 and not heading.date]
        names += [name for depth, name in self._bullets if depth < indent]
        name = names[-1] if names else ""
        fits = 1 < len(name) <= 60 and not _PLAIN.fullmatch(name) and not re.search(r"[!?]|\d{4}", name)
        return name if fits else ""

    def _heading(self, block: Block, following: Block | None) -> None:
        self._bullets = []
        bare = words(block.text)
        near = middle(self._near) if self._near else None
        found = date_in(bare, self._settings.weeks, self._year, near)
        leading = block.text.lstrip(" *_").startswith("[")
        if (
            leading
            and not found
            and following is not None
            and following.kind in ("text", "quote", "rule", "heading")
        ):
            phrase = read_phrase(block.text)
            if phrase and len(phrase.title) > 3:
                self._start(block, phrase, open_=True)
                return
        self._finish()
        while self._headings and self._headings[-1].level >= block.level:
            self._headings.pop()
        self._headings.append(_Heading(block.level, topic(block.text), found))
        if found:
            if found.kind == "year":
                self._year, self._near = found.first.year, None
            else:
                self._near = found
        elif block.level == 1 and not re.search(r"\d", bare):
            self._year = 0
        self._claims.claim(block, "date" if found else Use.HEADING)

    # --- Entries ---

    def _start(self, block: Block, phrase: Phrase, *, indent: int = 0, open_: bool = False) -> None:
        self._finish()
        self._draft = _Draft(block, phrase, self._date(), self._keyword(indent), indent, open_)

    def _finish(self) -> None:
        """Make an item of the draft; one that never got an address becomes a heading again."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        phrase = draft.phrase
        if not phrase.url and draft.open_:
            self._claims.claim(draft.block, Use.HEADING)
            for block in draft.below:
                self._claims.skip(block, "it belongs to no entry with a link")
            return
        date = draft.date
        if phrase.year and (
            date is None or coarser(date, "year", self._settings.weeks) != parse(str(phrase.year))
        ):
            date = parse(str(phrase.year))
        below = joined(draft.below).strip()
        summary = "\n\n".join(part for part in (phrase.rest, below) if part)
        entry = Entry(
            docname="",
            path=self._document.name,
            line=draft.block.line,
            title=phrase.title,
            source=phrase.source,
            url=phrase.url,
            date=date,
            star=phrase.star,
            kind="paper" if is_paper(phrase.url) else "article",
            authors=phrase.authors,
            keywords=(draft.keyword,) if draft.keyword else (),
            links=tuple(dict.fromkeys(phrase.links)),
            summary=summary,
        )
        index = self._claims.add(Item(entry=entry))
        self._claims.claim(draft.block, Use.TITLE, index)
        for block in draft.below:
            self._claims.claim(block, Use.SUMMARY, index)

    def _row(self, block: Block, following: Block | None) -> None:
        if _SEPARATOR_ROW.match(block.text):
            self._claims.claim(block, Use.SYNTAX)
            return
        if (
            following is not None
            and following.kind == "row"
            and _SEPARATOR_ROW.match(following.text)
            and not links_in(block.text)
        ):
            self._finish()
            self._claims.claim(block, Use.HEADING)
            return
        phrase = read_row(block.text)
        if phrase is None:
            self._finish()
            self._claims.skip(block, "a row without a title and a link")
            return
        self._start(block, phrase)

    def _item(self, block: Block, following: Block | None) -> None:
        draft = self._draft
        links = links_in(block.text)
        phrase = read_phrase(block.text)
        is_lead = phrase is not None and not _goes_on(block.text)
        if (
            draft is not None
            and draft.open_
            and not (is_lead and draft.phrase.url and draft.block.kind == "heading")
        ):
            self._below(draft, block)
        elif phrase is not None and not (
            draft is not None and block.indent > draft.indent and _is_detail(phrase)
        ):
            self._start(block, phrase, indent=block.indent)
        elif draft is not None and block.indent > draft.indent and not draft.open_:
            self._below(draft, block)
        elif links and not any(link.url for link in links):
            self._finish()
            inner = any(_INNER_LINK.search(line) for line in block.lines)
            self._claims.claim(
                block, Use.SYNTAX if inner else Use.UNPARSED, None, "" if inner else "its link has no address"
            )
        else:
            self._finish()
            deeper = following is not None and following.kind == "item" and following.indent > block.indent
            if deeper and not links and len(words(block.text)) <= 80:
                self._bullets = [one for one in self._bullets if one[0] < block.indent]
                self._bullets.append((block.indent, topic(block.text)))
                self._claims.claim(block, Use.HEADING)
            else:
                self._claims.skip(
                    block,
                    "a list item without a title and a link" if not links else "a link within a sentence",
                )

    def _below(self, draft: _Draft, block: Block) -> None:
        """Put a block into the summary of the entry before."""
        draft.below.append(block)
        found = [link.url for link in links_in(block.text) if link.url and not link.image]
        if draft.open_ and found and not is_paper(draft.phrase.url) and draft.block.kind != "heading":
            paper = next((url for url in found if is_paper(url)), "")
            draft.phrase.url = paper or draft.phrase.url or found[0]

    def _text(self, block: Block, following: Block | None) -> None:
        """Take a paragraph: a title in bold, what follows an entry, an entry of its own, or nothing."""
        bold = _BOLD_LINE.match(block.lines[0])
        if bold and not links_in(bold["title"]):
            self._bold(block, bold["title"], following)
            return
        draft = self._draft
        if draft is not None and (draft.open_ or block.lines[0].startswith((" ", "\t"))):
            self._below(draft, block)
            return
        links = links_in(block.text)
        if links and not any(link.url for link in links) and _INNER_LINK.search(block.text):
            self._claims.claim(block, Use.SYNTAX)
            return
        pictures = all(link.image for link in links_in(block.text)) and not re.search(
            r"\w", words(block.text)
        )
        if pictures or not re.search(r"\w", re.sub(r"<[^<>]*>", "", block.text)):
            self._claims.claim(block, Use.SYNTAX)
            return
        self._finish()
        short = len(block.lines) == 1 and len(words(block.text)) <= 60 and not links
        if short and following is not None and following.kind in ("item", "row"):
            self._bullets = [(-1, topic(block.text).strip("()"))]
            self._claims.claim(block, Use.HEADING)
            return
        phrase = (
            read_phrase(block.text)
            if block.text.lstrip(" *_:").startswith("[") or "[[" in block.text
            else None
        )
        if phrase is None and re.match(r"https?://\S+$", block.text.strip()):
            phrase = read_phrase(block.text)
        if phrase is not None and not _goes_on(block.text) and not _invites(phrase):
            self._start(block, phrase)
        else:
            self._claims.skip(block)

    def _bold(self, block: Block, title: str, following: Block | None) -> None:
        entries = None
        if following is not None and following.kind in ("item", "row"):
            entries = (read_phrase if following.kind == "item" else read_row)(following.text)
        first = Block(block.kind, block.line, block.lines[:1], block.lines[0])
        rest = Block("text", block.line + 1, block.lines[1:], "\n".join(block.lines[1:]))
        if entries and not rest.lines:
            self._finish()
            self._claims.claim(first, Use.HEADING)
            self._bullets = [(-1, topic(title))]
            return
        self._start(first, Phrase(words(title).strip(" :"), ""), open_=True)
        if rest.lines and self._draft is not None:
            self._below(self._draft, rest)

    def _other(self, block: Block) -> None:
        """Take a quotation, code, a rule, or HTML."""
        draft = self._draft
        if block.kind == "rule":
            self._claims.claim(block, Use.SEPARATOR)
            if block.lines[0].strip(" \\"):
                self._finish()
        elif block.kind == "html":
            self._claims.claim(block, Use.SYNTAX)
        elif draft is not None and (draft.open_ or block.lines[0].startswith((" ", "\t"))):
            draft.below.append(block)
        else:
            self._finish()
            self._claims.skip(block)


def _goes_on(text: str) -> bool:
    """Say whether the words behind the first link in *text* go on as a sentence does."""
    first = next((link for link in links_in(text) if link.url and not link.image), None)
    return first is not None and mid_sentence(text, first)


def _is_detail(phrase: Phrase) -> bool:
    """Say whether an item below another tells more of that one, as "code" or "see also …" do."""
    return len(phrase.title) < 4 or bool(
        re.match(
            r"(?i)(?:see|also|code|paper|blog|video|slides|github|via|discussion|related|demo|project)\b",
            phrase.title,
        )
    )


def _invites(phrase: Phrase) -> bool:
    return bool(
        re.match(
            r"(?i)(?:subscribe|follow|join|back to|click|sign up|here|share|edit|contribut)", phrase.title
        )
    )
