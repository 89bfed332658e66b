"""Reading one Markdown page: its first heading, its ``mlentry`` block, its sections.

It follows CommonMark 0.31 as far as these need (fences, HTML comments, ATX and setext headings,
paragraphs); :mod:`~mlwatch.core.entry_block` reads the options in the block. Every line is looked at a bounded
number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from .entry_block import Note, Option, parse_options
from .problems import Code, quote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_DIRECTIVE = re.compile(r"\{([^}\s]+)\}(.*)")
_CITE = re.compile(r"(?<![`\w])\{cite(?::\w+)?\}`([^`]+)`")
_ROLE = re.compile(r"(?<![`\\\w])[ ]?\{([\w:+-]+)\}`([^`]+)`")
_MARKUP = re.compile(r"[\\`*_\[\]<>&]")
_CONTAINER = re.compile(r" {0,3}(?:>|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$))")
_BREAK = re.compile(r" {0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}$")

_EXCERPT = 280
#: A longer title or first paragraph is shown as it was written: nobody wrote it by hand.
_INLINE = 10_000

SUMMARY_HEADINGS = frozenset({"summary", "gist", "abstract", "tl;dr", "摘要", "总结"})
COMMENT_HEADINGS = frozenset({"comment", "comments", "opinion", "评论"})


@dataclass(slots=True)
class Page:
    """What stands on a page; ``block`` is the line of its first ``mlentry``, 0 when it has none, ``block_end`` its last.

    ``rest`` has every other part with text in it: its heading ("" before the first one) and its Markdown.
    """

    title: str = ""
    title_line: int = 0
    block: int = 0
    block_end: int = 0
    options: list[Option] = field(default_factory=list)
    summary: str = ""
    comment: str = ""
    rest: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def split_lines(text: str) -> list[str]:
    """Return the lines of *text*, whatever their ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_page(text: str) -> Page:
    """Return what stands on the page *text* (decoded, any line ends)."""
    lines = split_lines(text)
    page = Page()
    reader = _Reader(page)
    number, end = skip_front_matter(lines), len(lines)
    while number < end:
        line = lines[number]
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        start = content[:1]
        if not content.strip():
            reader.blank(line)
        elif indent > 3:
            reader.text(line, number)
        elif start in "`~:" and (fence := _fence(content))[0]:
            after = _fence_end(lines, number + 1, fence[0])
            noted = _note_fence(page, lines, (number + 1, after), indent, fence)
            reader.block([] if noted else lines[number:after])
            number = after
            continue
        elif content.startswith("<!--"):
            reader.block([])
            while number < end and "-->" not in lines[number]:
                number += 1
        elif start == "#" and (level := _atx_level(content)):
            reader.heading(level, _atx_text(content[level:]), number + 1)
        elif start in "=-" and reader.paragraph and not content.rstrip().strip(start):
            reader.setext(1 if start == "=" else 2)
        elif _CONTAINER.match(line) and not _BREAK.match(line):
            reader.container(line)
        elif start in "-_*" and _BREAK.match(line):
            reader.block([line])
        else:
            reader.text(line, number)
        number += 1
    reader.finish()
    return page


class _Reader:
    """Collects headings and the text under them, block by block."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heading = self._shown = ""
        self._part: list[str] = []
        self._in_container = False
        self._paragraph_line = 0
        self.paragraph: list[str] = []

    def text(self, line: str, index: int) -> None:
        """Take a line of a paragraph, or of what stands in a list or a quotation."""
        if not self._in_container and (self.paragraph or not line.startswith("    ")):
            if not self.paragraph:
                self._paragraph_line = index + 1
            self.paragraph.append(line)
        self._part.append(line)

    def blank(self, line: str) -> None:
        self.paragraph = []
        self._in_container = False
        self._part.append(line)

    def container(self, line: str) -> None:
        """Take the first line of a list item or a quotation; a number can only break into a paragraph as 1."""
        self.paragraph = []
        self._in_container = True
        self._part.append(line)

    def block(self, lines: list[str]) -> None:
        """Take a block that is neither heading nor paragraph."""
        self.paragraph = []
        self._in_container = False
        self._part += lines

    def setext(self, level: int) -> None:
        """Take the line under a paragraph that makes a heading of it."""
        title = " ".join(line.strip() for line in self.paragraph)
        del self._part[len(self._part) - len(self.paragraph) :]
        self.heading(level, title, self._paragraph_line)

    def heading(self, level: int, title: str, line: int) -> None:
        """Take a heading; one of level 1 or 2 ends the part before it."""
        self.paragraph = []
        self._in_container = False
        page = self._page
        if not page.title_line:
            page.title, page.title_line = plain_inline(title), line
        if level <= 2 or not self._heading:
            self.finish()
            self._heading = title.strip().rstrip(":").casefold() if level > 1 else ""
            self._shown = title if line != page.title_line else ""
        else:
            self._part.append(f"{'#' * level} {title}")

    def finish(self) -> None:
        """Keep the part that ends here, when it is a summary or a comment."""
        words = "\n".join(self._part).strip()
        if self._heading in SUMMARY_HEADINGS and not self._page.summary:
            self._page.summary = words
        elif self._heading in COMMENT_HEADINGS and not self._page.comment:
            self._page.comment = words
        elif words:
            self._page.rest.append((self._shown, words))
        self._part = []


def skip_front_matter(lines: list[str]) -> int:
    """Return the index of the first line after the front matter, 0 when the page has none (as MyST sees it)."""
    if lines and lines[0].startswith("---"):
        for number in range(1, len(lines)):
            if lines[number].strip()[:3] in ("---", "..."):
                return number + 1
    return 0


def _fence(content: str) -> tuple[str, str]:
    """Return the mark and the info string when *content*, without its indentation, opens a fence."""
    char = content[:1]
    size = len(content) - len(content.lstrip(char)) if char in ("`", "~", ":") else 0
    info = content[size:].strip(" \t")
    if size < 3 or (char == "`" and "`" in info):
        return "", ""
    return char * size, info


def _fence_end(lines: list[str], number: int, closing: str) -> int:
    """Return the index after the line that closes the fence, or past the end (``len + 1``)."""
    char, size = closing[0], len(closing)
    for index in range(number, len(lines)):
        line = lines[index]
        stripped = line.strip(" \t")
        if (
            len(stripped) >= size
            and stripped[0] == char
            and not stripped.strip(char)
            and not line.startswith("    ")
        ):
            return index + 1
    return len(lines) + 1


def _note_fence(
    page: Page, lines: list[str], place: tuple[int, int], indent: int, fence: tuple[str, str]
) -> bool:
    """Take in the fence that opens at line ``place[0]`` (from 1); return whether it is an ``mlentry`` block."""
    start, end = place
    match = _DIRECTIVE.match(fence[1])
    if not match or match[1] != "mlentry":
        return False
    if page.block:
        message = f"a page describes one article; a first mlentry stands at line {page.block}: move this one to a page of its own"
        page.notes.append(Note(start, Code.SECOND_ENTRY, message))
        return True
    page.block, page.block_end = start, min(end, len(lines))
    argument = match[2].strip()
    if argument:
        message = f"mlentry takes no argument; write {quote(argument)} as an option"
        page.notes.append(Note(start, Code.OPTION_SYNTAX, message))
    body = [
        line[min(indent, len(line) - len(line.lstrip(" "))) :]
        for line in lines[start : min(end - 1, len(lines))]
    ]
    if end > len(lines):
        message = f"the mlentry block is not closed; end it with a line {quote(fence[0])}"
        page.notes.append(Note(start, Code.UNCLOSED, message))
        # What follows an unclosed block is prose: only its first run of lines can be options.
        body = body[: next((i for i, line in enumerate(body) if not line.strip()), len(body))]
    page.options, notes = parse_options(body, start + 1)
    page.notes += notes
    return True


def _atx_level(content: str) -> int:
    """Return the level of the ATX heading that *content*, without its indentation, is, or 0."""
    level = len(content) - len(content.lstrip("#"))
    return level if level <= 6 and content[level : level + 1] in ("", " ", "\t") else 0


def _atx_text(rest: str) -> str:
    rest = rest.strip(" \t")
    opened = rest.rstrip("#")
    return opened.rstrip(" \t") if not opened or opened[-1] in " \t" else rest


def find_citations(text: str) -> list[tuple[str, int]]:
    """Return ``(key, line)`` for each key that a ``{cite}`` role in the prose of *text* names.

    Code does not count, nor do the options of an entry, which are plain text.
    """
    if "{cite" not in text:
        return []
    found: list[tuple[str, int]] = []
    lines = split_lines(text)
    number = 0
    inside: list[str] = []  # marks of the directives that are open: what stands in them is prose too
    while number < len(lines):
        content = lines[number].strip(" \t")
        number += 1
        mark, info = _fence(content)
        if mark and inside and not info and mark.startswith(inside[-1]):
            inside.pop()
        elif mark and info.startswith("{") and not info.startswith("{mlentry}"):
            inside.append(mark)
        elif mark:
            number = _fence_end(lines, number, mark)
        elif "{cite" in content:
            for match in _CITE.finditer(_without_code(content)):
                keys = re.sub(r"\{[^{}]*\}", "", match[1]).split(",")
                found += [(key.strip(), number) for key in keys if key.strip()]
    return found


def _without_code(line: str) -> str:
    """Return *line* without its code spans of two and more backticks; one backtick is how a role is written."""
    parts = re.split("(`{2,})", line)
    following: dict[str, list[int]] = {}
    for index in range(len(parts) - 2, 0, -2):
        following.setdefault(parts[index], []).append(index)
    kept: list[str] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        if index % 2:
            later = following[part]
            while later and later[-1] <= index:
                later.pop()
            if later:
                index = later[-1] + 1
                continue
        kept.append(part)
        index += 1
    return "".join(kept)


def excerpt(markdown: str) -> str:
    """Return the first paragraph of *markdown* as plain text, cut at a word after 280 characters at most."""
    text = plain_inline(markdown.split("\n\n", 1)[0].replace("\n", " "))
    if len(text) <= _EXCERPT:
        return text
    cut = text[:_EXCERPT]
    return (cut.rpartition(" ")[0] or cut).rstrip(",;:. ") + " …"


def plain_inline(markdown: str) -> str:
    """Return inline *markdown* as the text that a reader sees; of a role its words, of a citation nothing."""
    if "{" in markdown:
        markdown = _ROLE.sub(_role_words, markdown)
    if len(markdown) > _INLINE or not _MARKUP.search(markdown):
        return " ".join(markdown.split())
    tokens = _markdown().parseInline(markdown)
    out: list[str] = []
    for token in tokens[0].children or ():
        if token.type in ("text", "code_inline", "text_special"):
            out.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif token.type == "image":
            out.append(token.content)
    return " ".join("".join(out).split())


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _role_words(match: re.Match[str]) -> str:
    space = " " if match[0].startswith(" ") else ""
    if match[1].startswith("cite"):
        return ""
    words = match[2].partition(" <")[0] if match[2].endswith(">") else match[2].rpartition("/")[2]
    return space + words
