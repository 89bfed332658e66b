"""A Markdown document as blocks, and what became of their lines.

The documents are what people really keep, so everything is read with tolerance: headings without a space, blank
lines missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..page import skip_front_matter
from .base import Harvest, Item, Line, Use
from .markdown import normal

if TYPE_CHECKING:
    from .base import Document


@dataclass(slots=True)
class Block:
    """A part of a document: its ``kind``, its first line (from 1), its lines as they are, and what they say.

    ``level`` is a heading's, ``indent`` a list item's in columns; ``text`` is without the marks in front.
    """

    kind: str
    line: int
    lines: list[str]
    text: str = ""
    level: int = 0
    indent: int = 0
    marker: str = ""

    @property
    def end(self) -> int:
        """The number of the line after it."""
        return self.line + len(self.lines)


_HEADING: Final = re.compile(r" {0,3}(?:\*\*)?(#{1,6})(?!#)\s*(.*)$")
_BULLET: Final = re.compile(
    r"([ \t]*)([-*+\u2022\u00b7\u25cf\u25e6\u25aa]|\d{1,4}[.)])(?:[ \t]++(.*)|(?=\[)(.*)|(?<=[-+\u2022])(?=\*\*[^*])(.*)|)$"
)
_RULE: Final = re.compile(r"\s*(?:(?:[-_*=\u2014\u2500\u2e3a][ \t]*){3,}|(?:\u2014\s*)+|\\+)$")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_ROW: Final = re.compile(r"\s*\|.*\S")
_FRONT_KEY: Final = re.compile(r"([A-Za-z][\w-]*):\s*(.*)$")


@dataclass(slots=True)
class Parsed:
    """A document as blocks, with the values of its front matter."""

    blocks: list[Block] = field(default_factory=list)
    front: dict[str, str] = field(default_factory=dict)


def parse_blocks(document: Document) -> Parsed:
    """Return *document* as blocks; every line that is not blank stands in just one of them."""
    lines = normal(document.text).split("\n")
    parsed = Parsed()
    number = skip_front_matter(lines)
    if number > 400:
        number = 0
    if number:
        for line in lines[1 : number - 1]:
            if match := _FRONT_KEY.match(line):
                parsed.front[match[1].casefold()] = match[2].strip().strip("\"'")
        parsed.blocks.append(Block("front", 1, lines[:number]))
    while number < len(lines):
        block = _next_block(lines, number)
        if block.kind != "blank":
            parsed.blocks.append(block)
        number += len(block.lines)
    return parsed


def _next_block(lines: list[str], number: int) -> Block:
    """Return the block that begins at index *number*."""
    line = lines[number]
    start = line.lstrip()[:4]
    if not start or _RULE.match(line):
        return Block("rule" if start else "blank", number + 1, [line])
    if match := _FENCE.match(line):
        return Block("fence", number + 1, _fenced(lines, number, match[1]))
    if start == "<!--":
        return Block("html", number + 1, _comment(lines, number))
    return _content_block(lines, number, line)


def _content_block(lines: list[str], number: int, line: str) -> Block:
    if (match := _HEADING.match(line)) and _is_heading(match):
        text = re.sub(r"\s#+\s*$", "", match[2]).strip()
        return Block("heading", number + 1, [line], text, len(match[1]))
    if line.lstrip().startswith(">"):
        return _quote(lines, number)
    if _ROW.match(line) and line.count("|") > 1:
        return Block("row", number + 1, [line], line.strip())
    if match := _BULLET.match(line):
        return _bullet(lines, number, match)
    return _paragraph(lines, number)


def _is_heading(match: re.Match[str]) -> bool:
    """Tell "##2021.09.15" and "###[Title](…)" from "#hashtag"."""
    before = match.string[match.start(2) - 1]
    return before in " \t#" and (
        before != "#" or len(match[1]) > 1 or match[2][:1] in "[:*0123456789" or not match[2]
    )


def _fenced(lines: list[str], number: int, mark: str) -> list[str]:
    for index in range(number + 1, len(lines)):
        closing = lines[index].strip()
        if closing.startswith(mark) and not closing.strip(mark[0]):
            return lines[number : index + 1]
    return lines[number:]


def _comment(lines: list[str], number: int) -> list[str]:
    for index in range(number, min(len(lines), number + 400)):
        if "-->" in lines[index]:
            return lines[number : index + 1]
    return [lines[number]]


def _quote(lines: list[str], number: int) -> Block:
    end = number + 1
    while end < len(lines) and lines[end].lstrip().startswith(">"):
        end += 1
    return Block("quote", number + 1, lines[number:end], "\n".join(lines[number:end]))


def _bullet(lines: list[str], number: int, match: re.Match[str]) -> Block:
    """Return a list item with the lines that continue it without a mark of their own."""
    end = number + 1
    while end < len(lines) and lines[end].strip() and not _starts(lines[end]):
        end += 1
    first = next((part for part in match.groups()[2:] if part is not None), "")
    text = " ".join([first.strip(), *(line.strip() for line in lines[number + 1 : end])]).strip()
    indent = len(match[1].expandtabs(4))
    return Block("item", number + 1, lines[number:end], text, indent=indent, marker=match[2])


def _paragraph(lines: list[str], number: int) -> Block:
    end = number + 1
    while end < len(lines) and lines[end].strip() and not _starts(lines[end]):
        end += 1
    return Block("text", number + 1, lines[number:end], "\n".join(line.strip() for line in lines[number:end]))


def _starts(line: str) -> bool:
    """Say whether *line* begins a block of its own, even right below a paragraph."""
    if (match := _HEADING.match(line)) and _is_heading(match):
        return True
    return bool(
        _BULLET.match(line)
        or _RULE.match(line)
        or _FENCE.match(line)
        or (_ROW.match(line) and line.count("|") > 1)
    ) or line.lstrip().casefold().startswith(
        (">", "<!--", "<details", "</details", "<summary", "<ol", "<ul", "</ol", "</ul", "<table")
    )


# --- Claims -------------------------------------------------------------------------------------------------------


class Claims:
    """Collects a harvest: items, and what became of the lines of blocks."""

    def __init__(self) -> None:
        self.harvest = Harvest()

    def add(self, item: Item) -> int:
        """Take an item; return its index."""
        self.harvest.items.append(item)
        return len(self.harvest.items) - 1

    def claim(self, block: Block, use: str, item: int | None = None, why: str = "") -> None:
        """Say what became of all lines of *block* that are not blank."""
        for offset, line in enumerate(block.lines):
            if line.strip():
                self.harvest.lines.append(Line(block.line + offset, use, item, why))

    def skip(self, block: Block, why: str = "no entry stands here") -> None:
        """Say that the lines of *block* were read and not understood."""
        self.claim(block, Use.UNPARSED, None, why)


def joined(blocks: list[Block]) -> str:
    """Return the Markdown of *blocks* as it stands in the document, with one blank line where there were some."""
    out: list[str] = []
    end = 0
    for block in blocks:
        if out and block.line > end:
            out.append("")
        out += block.lines
        end = block.end
    return "\n".join(out)


def next_levels(blocks: list[Block]) -> list[int]:
    """Return for each block the level of the next heading behind it, 0 when there is none."""
    levels: list[int] = []
    level = 0
    for block in reversed(blocks):
        levels.append(level)
        level = block.level if block.kind == "heading" else level
    return levels[::-1]
