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
from ..urls import identity
from .base import Document, Harvest, Item, Use
from .blocks import Block, Claims, joined, next_levels, parse_blocks
from .forms import BOLD_LINE, INNER_LINK, by_lines, goes_on, html_as_markdown, invites, is_detail
from .headings import PLAIN, Headings
from .markdown import links_in, topic, words
from .phrases import (
    Phrase,
    begins_entry,
    ends_in_link,
    is_numbered,
    read_details,
    read_phrase,
)
from .rels import is_generic, is_paper
from .rows import columns_of, read_row
from .when import date_in, middle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Link
    from ..settings import Settings

_SEPARATOR_ROW: Final = re.compile(r"\s*+\|?+(?:\s*+:?+-++:?+\s*+\|)++\s*+:?+-*+:?+\s*+$")
_MARKUP: Final = re.compile(r"<summary>.{0,300}?</summary>|<[^<>]*>", re.IGNORECASE)
#: Headings of a document's own affairs.
_HOUSE: Final = re.compile(
    r"(?i)\b(?:contribut|contact|licen[cs]e|about|acknowledg|install|usage|citation|citing|follow|subscribe|sponsor|support|community|star history|get(?:ting)? started|quick ?start)"
)


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
    details: list[tuple[Block, list[Link]]] = field(default_factory=list)


def _main_of(links: list[Link]) -> str:
    """Return the address of the article among links that say what kind they are: the paper, else what is no code or data."""
    order = (("paper",), ("project", "link"), ("video", "slides", "discussion", "demo", "code", "data"))
    return next(link.url for rels in order for link in links if link.rel in rels)


class Reader:
    """Goes through the blocks once; knows the headings above and the entry before."""

    def __init__(self, document: Document, settings: Settings, *, topics: bool) -> None:
        self._document = document
        self._settings = settings
        self._claims = Claims()
        self._headings = Headings(settings, topics=topics)
        self._draft: _Draft | None = None
        self._blocks: list[Block] = []
        self._next_level: list[int] = []
        self._columns: tuple[str, ...] = ()

    def read(self) -> Harvest:
        parsed = parse_blocks(Document(self._document.name, html_as_markdown(self._document.text)))
        if date := parsed.front.get("date", ""):
            self._headings.published = date_in(date[:10], self._settings.weeks)
        self._blocks = blocks = by_lines(parsed.blocks)
        self._next_level = next_levels(blocks)
        for number, block in enumerate(blocks):
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            if block.kind != "row":
                self._columns = ()
            if block.kind == "front":
                self._claims.claim(block, "date" if self._headings.published else Use.SYNTAX)
            elif block.kind == "heading":
                self._heading(block, number)
            elif block.kind == "caption":
                self._claims.claim(block, Use.HEADING)
            elif block.kind == "row":
                self._row(block, following)
            elif block.kind == "item":
                self._item(block, following)
            elif block.kind == "text":
                self._text(block, number)
            else:
                self._other(block)
        self._finish()
        return self._claims.harvest

    # --- Headings ---

    def _heading(self, block: Block, number: int) -> None:
        self._headings.leave_items()
        found = self._headings.date_in(words(block.text))
        if not found and not self._names_document(block, number):
            phrase = read_phrase(block.text) if begins_entry(block.text) else None
            if (
                phrase
                and len(phrase.title) > 3
                and not is_generic(phrase.title)
                and self._is_text_below(number)
            ):
                self._start(block, phrase, open_=True)
                return
            title = topic(block.text)
            if (
                not links_in(block.text)
                and len(title) > 3
                and not PLAIN.fullmatch(title)
                and not _HOUSE.search(title)
            ) and self._has_details_below(number):
                self._start(block, Phrase(title, ""), open_=True)
                return
        self._finish()
        self._headings.enter(block, found)
        self._claims.claim(block, "date" if found else Use.HEADING)

    def _names_document(self, block: Block, number: int) -> bool:
        """Say whether a heading is the title of the whole document, not one of many entries."""
        if block.level > 1 or self._headings:
            return False
        return self._next_level[number] > 1

    def _below_of(self, number: int) -> Iterator[Block]:
        """Yield the blocks below the block *number*, up to the next heading or rule."""
        for index in range(number + 1, len(self._blocks)):
            block = self._blocks[index]
            if block.kind in ("heading", "rule"):
                return
            yield block

    def _is_text_below(self, number: int) -> bool:
        """Say whether what stands below a heading with a link tells of that link, and is no list of other entries."""
        first = next(self._below_of(number), None)
        if first is None:
            return number + 1 < len(self._blocks)
        if first.kind == "item":
            return bool(read_details(first.text)) or read_phrase(first.text) is None
        return first.kind in ("text", "quote") and not (
            is_numbered(first.text) and begins_entry(first.text) and read_phrase(first.text)
        )

    def _has_details_below(self, number: int) -> bool:
        """Say whether links that only say what they are stand below a title, and no other entry does."""
        found = bold_titles = captioned = False
        for block in self._below_of(number):
            if block.kind == "row":
                return False
            captioned = captioned or block.kind == "caption"
            if block.kind not in ("item", "text"):
                continue
            bold = BOLD_LINE.match(block.lines[0])
            bold_titles = bold_titles or bool(bold and not is_generic(bold["title"]))
            if read_details(block.text):
                found = True
            elif (
                (block.kind == "item" or begins_entry(block.text))
                and (phrase := read_phrase(block.text))
                and not goes_on(block.text)
                and not is_generic(phrase.title)
            ):
                return False
        return captioned or (found and not bold_titles)

    # --- Entries ---

    def _start(self, block: Block, phrase: Phrase, *, indent: int = 0, open_: bool = False) -> None:
        self._finish()
        self._draft = _Draft(
            block, phrase, self._headings.date, self._headings.keyword(indent), indent, open_
        )

    def _finish(self) -> None:
        """Make an item of the draft; one that never got an address becomes a heading again."""
        draft, self._draft = self._draft, None
        if draft is None:
            return
        phrase = draft.phrase
        links = [link for _, found in draft.details for link in found]
        if links:
            main = phrase.url or _main_of(links)
            phrase.url = main
            phrase.links += [link for link in links if identity(link.url) != identity(main)]
        if not phrase.url and draft.open_:
            self._claims.claim(draft.block, Use.HEADING)
            for block in draft.below:
                self._claims.skip(block, "it belongs to no entry with a link")
            return
        date = draft.date
        own = (
            date_in(phrase.when, self._settings.weeks, self._headings.year, middle(date) if date else None)
            if phrase.when
            else None
        )
        if own is None and phrase.year:
            own = parse(str(phrase.year))
        if own and not (
            date and date.precision >= own.precision and coarser(date, own.kind, self._settings.weeks) == own
        ):
            date = own
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
            keywords=tuple(dict.fromkeys((*phrase.keywords, *filter(None, (draft.keyword,))))),
            links=tuple(dict.fromkeys(phrase.links)),
            summary=summary,
        )
        index = self._claims.add(Item(entry=entry))
        self._claims.claim(draft.block, Use.TITLE, index)
        for block in draft.below:
            self._claims.claim(block, Use.SUMMARY, index)
        for block, found in draft.details:
            self._claims.claim(block, found[0].rel, index)

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
            self._columns = columns_of(block.text)
            return
        phrase = read_row(block.text, self._columns)
        if phrase is None:
            self._finish()
            self._claims.skip(block, "a row without a title and a link")
            return
        self._start(block, phrase)

    def _item(self, block: Block, following: Block | None) -> None:
        draft = self._draft
        links = links_in(block.text)
        if (
            len(links) == 1
            and not links[0].url
            and INNER_LINK.search(block.text)
            and words(block.text) == words(links[0].label)
        ):
            self._claims.claim(block, Use.SYNTAX)
            return
        phrase = read_phrase(block.text)
        is_lead = phrase is not None and not goes_on(block.text)
        details = read_details(block.text)
        if details and draft is not None and (draft.open_ or block.indent > draft.indent):
            draft.details.append((block, details))
        elif details and phrase is not None and is_generic(phrase.title):
            self._finish()
            self._claims.skip(block, "its link says what kind it is, and nothing names what it leads to")
        elif (
            draft is not None
            and draft.open_
            and not (is_lead and (draft.details or (draft.phrase.url and draft.block.kind == "heading")))
        ):
            self._below(draft, block)
        elif phrase is not None and not (
            draft is not None and block.indent > draft.indent and is_detail(phrase)
        ):
            self._start(block, phrase, indent=block.indent)
        elif draft is not None and block.indent > draft.indent and not draft.open_:
            self._below(draft, block)
        elif links and not any(link.url for link in links):
            self._finish()
            inner = any(INNER_LINK.search(line) for line in block.lines)
            self._claims.claim(
                block, Use.SYNTAX if inner else Use.UNPARSED, None, "" if inner else "its link has no address"
            )
        else:
            self._finish()
            deeper = following is not None and following.kind == "item" and following.indent > block.indent
            if deeper and not links and len(words(block.text)) <= 80:
                self._headings.item(block.indent, topic(block.text))
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

    def _text(self, block: Block, number: int) -> None:
        """Take a paragraph: a title in bold, what follows an entry, an entry of its own, or nothing."""
        draft = self._draft
        bold = BOLD_LINE.match(block.lines[0])
        if bold and not links_in(bold["title"]) and not self._is_caption(bold["title"], number):
            self._bold(block, bold["title"], number)
        elif (
            draft is not None
            and (details := read_details(block.text))
            and (draft.open_ or (draft.block.kind == "item" and not draft.phrase.url))
        ):
            draft.details.append((block, details))
        elif not re.search(r"\w", _MARKUP.sub("", block.text)):
            self._claims.claim(block, Use.SYNTAX)
        elif draft is not None and self._belongs(draft, block):
            self._below(draft, block)
        else:
            self._paragraph(block, number)

    def _is_caption(self, title: str, number: int) -> bool:
        """Say whether a line in bold parts the text of the entry before, and is no title of another."""
        draft = self._draft
        if draft is None or not draft.open_:
            return False
        following = self._blocks[number + 1] if number + 1 < len(self._blocks) else None
        titled = following is not None and following.kind in ("item", "text") and read_details(following.text)
        return is_generic(title) or (draft.block.kind == "heading" and not titled)

    @staticmethod
    def _belongs(draft: _Draft, block: Block) -> bool:
        """Say whether a paragraph tells more of the entry before; the next number of a list begins another."""
        if (
            draft.open_
            and draft.block.kind == "text"
            and is_numbered(block.text)
            and not BOLD_LINE.match(draft.block.lines[0])
        ):
            return False
        return draft.open_ or block.lines[0].startswith((" ", "\t"))

    def _paragraph(self, block: Block, number: int) -> None:
        """Take a paragraph that belongs to no entry before it."""
        following = self._blocks[number + 1] if number + 1 < len(self._blocks) else None
        links = links_in(block.text)
        inner = links and not any(link.url for link in links) and INNER_LINK.search(block.text)
        if inner or (all(link.image for link in links) and not re.search(r"\w", words(block.text))):
            self._claims.claim(block, Use.SYNTAX)
            return
        self._finish()
        short = len(block.lines) == 1 and len(words(block.text)) <= 60 and not links
        if short and following is not None and following.kind in ("item", "row"):
            self._headings.item(-1, topic(block.text).strip("()"))
            self._claims.claim(block, Use.HEADING)
            return
        leads = begins_entry(block.text) or re.match(r"https?://\S+$", block.text.strip())
        phrase = read_phrase(block.text) if leads else None
        within = goes_on(block.text) and not (phrase and phrase.url == links[-1].url)
        if phrase is not None and not within and not invites(phrase) and not is_generic(phrase.title):
            self._start(block, phrase, open_=is_numbered(block.text))
        else:
            self._claims.skip(block)

    def _bold(self, block: Block, title: str, number: int) -> None:
        following = self._blocks[number + 1] if number + 1 < len(self._blocks) else None
        entries = None
        if following is not None and following.kind in ("item", "row"):
            entries = (read_phrase if following.kind == "item" else read_row)(following.text)
            if entries and following.kind == "item" and read_details(following.text):
                entries = None
        elif following is not None and following.kind == "text" and ends_in_link(following.text):
            entries = read_phrase(following.text)
        first = Block(block.kind, block.line, block.lines[:1], block.lines[0])
        rest = Block(
            "text", block.line + 1, block.lines[1:], "\n".join(line.strip() for line in block.lines[1:])
        )
        if (entries and not rest.lines) or ends_in_link(rest.text):
            self._finish()
            self._claims.claim(first, Use.HEADING)
            self._headings.item(-1, topic(title))
            if rest.lines:
                self._paragraph(rest, number)
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
