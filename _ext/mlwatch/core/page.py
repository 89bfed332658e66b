"""Reading one Markdown page: its first heading, its ``mlentry`` block, its sections.

It follows CommonMark 0.31 as far as these need: fences, HTML comments, ATX and setext headings; and the
two forms of MyST's option blocks (``:key: value`` lines, and ``key: value`` lines between ``---``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .problems import Code, quote

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,}|:{3,})[ \t]*(.*?)[ \t]*$")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_DIRECTIVE = re.compile(r"\{([^}\s]+)\}[ \t]*(.*)")
_OPTION = re.compile(r":([A-Za-z0-9][\w-]*):(?:[ \t]+(.*?))?[ \t]*$")
_YAML_OPTION = re.compile(r"([A-Za-z0-9][\w-]*):(?:[ \t]+(.*?))?[ \t]*$")
_CODE_SPAN = re.compile(r"(``+)(?!`).*?(?<!`)\1(?!`)")
_CITE = re.compile(r"(?<![`\w])\{cite(?::\w+)?\}`([^`]+)`")
_PLAIN_TITLE = re.compile(r"[^\\`*_\[\]<>&${}!|~#:\r\n]*(?:[:#!~|](?![/:{])[^\\`*_\[\]<>&${}!|~#:\r\n]*)*")

SUMMARY_HEADINGS = frozenset({"summary", "gist", "abstract", "tl;dr", "摘要", "总结"})
COMMENT_HEADINGS = frozenset({"comment", "comments", "opinion", "评论"})


@dataclass(frozen=True, slots=True)
class Note:
    """Something wrong at a line of a page; becomes a Problem once the path is known."""

    line: int
    code: Code
    message: str


@dataclass(slots=True)
class Option:
    """An option as written: its line and its text, continuation lines joined by a space."""

    name: str
    line: int
    text: str


@dataclass(slots=True)
class Page:
    """What stands on a page; ``block`` is the line of its first ``mlentry``, 0 when it has none."""

    title: str = ""
    title_line: int = 0
    block: int = 0
    options: list[Option] = field(default_factory=list)
    summary: str = ""
    comment: str = ""
    notes: list[Note] = field(default_factory=list)


def parse_options(lines: list[str], first_line: int) -> tuple[list[Option], list[Note]]:
    """Read the body of an ``mlentry`` block; *first_line* is the line number of ``lines[0]``."""
    options: list[Option] = []
    notes: list[Note] = []
    yaml = bool(lines) and lines[0].rstrip() == "---"
    pattern = _YAML_OPTION if yaml else _OPTION
    for number, line in enumerate(lines, first_line):
        text = line.rstrip()
        if not text or (yaml and (text == "---" or text.lstrip().startswith("#"))):
            continue
        match = pattern.match(text)
        if match:
            options.append(Option(match[1], number, (match[2] or "").strip()))
        elif text[0] in " \t" and options:
            last = options[-1]
            last.text = text.strip() if last.text in ("", "|", ">") else f"{last.text} {text.strip()}"
        else:
            form = '"name: value"' if yaml else '":name: value"'
            notes.append(
                Note(
                    number,
                    Code.OPTION_SYNTAX,
                    f"{quote(text)} is no option; write {form}, or indent what continues one",
                )
            )
    for option in options:
        if len(option.text) > 1 and option.text[0] == option.text[-1] and option.text[0] in "'\"":
            option.text = option.text[1:-1]
    return options, notes


def read_page(text: str) -> Page:
    """Return what stands on the page *text* (decoded, any line ends)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    page = Page()
    number, end = _skip_front_matter(lines), len(lines)
    heading = ""
    part: list[str] = []
    while number < end:
        line = lines[number]
        number += 1
        start = line.lstrip(" ")[:3]
        if start in ("```", "~~~", ":::"):
            closing, info = _fence(line)
            if closing:
                body_start = number
                number = _fence_end(lines, number, closing)
                _note_fence(page, lines, body_start, number, info)
                if heading:
                    part += lines[body_start - 1 : number]
                continue
        elif start == "<!-":
            while number < end and "-->" not in lines[number - 1]:
                number += 1
            continue
        found = _heading(lines, number - 1) if start[:1] == "#" or number < end else None
        if found is None:
            if heading:
                part.append(line)
            continue
        level, title, used = found
        if not page.title_line:
            page.title, page.title_line = plain_inline(title), number
        if level <= 2 or heading == "":
            _keep_part(page, heading, part)
            heading, part = (title.strip().rstrip(":").casefold() if level > 1 else ""), []
        else:
            part += lines[number - 1 : number - 1 + used]
        number += used - 1
    _keep_part(page, heading, part)
    return page


def _skip_front_matter(lines: list[str]) -> int:
    if lines and lines[0].rstrip() == "---":
        for number in range(1, len(lines)):
            if lines[number].rstrip() in ("---", "..."):
                return number + 1
    return 0


def _fence(line: str) -> tuple[str, str]:
    """Return the closing mark and the info string when *line* opens a fence."""
    match = _FENCE.match(line)
    if not match or (match[2][0] == "`" and "`" in match[3]):
        return "", ""
    return match[2], match[3]


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
            and len(line) - len(line.lstrip(" ")) < 4
        ):
            return index + 1
    return len(lines) + 1


def _note_fence(page: Page, lines: list[str], start: int, end: int, info: str) -> None:
    match = _DIRECTIVE.match(info)
    if not match or match[1] != "mlentry":
        return
    if page.block:
        message = f"a page describes one article; a first mlentry stands at line {page.block}: move this one to a page of its own"
        page.notes.append(Note(start, Code.SECOND_ENTRY, message))
        return
    page.block = start
    if match[2]:
        message = f"mlentry takes no argument; write {quote(match[2])} as an option"
        page.notes.append(Note(start, Code.OPTION_SYNTAX, message))
    if end > len(lines):
        message = f"the mlentry block is not closed; end it with a line {quote(lines[start - 1].strip().split('{')[0].strip())}"
        page.notes.append(Note(start, Code.UNCLOSED, message))
    body = lines[start : min(end - 1, len(lines))]
    if end > len(lines):
        # What follows an unclosed block is prose: only its first run of lines can be options.
        body = body[: next((i for i, line in enumerate(body) if not line.strip()), len(body))]
    page.options, notes = parse_options(body, start + 1)
    page.notes += notes


def _heading(lines: list[str], index: int) -> tuple[int, str, int] | None:
    """Return level, text and number of lines of the heading at *index*, if one starts there."""
    line = lines[index]
    if line.lstrip(" ").startswith("#"):
        match = _ATX.match(line)
        return (len(match[1]), (match[2] or "").strip(), 1) if match else None
    if index + 1 < len(lines) and line.strip() and lines[index + 1].lstrip(" ")[:1] in ("=", "-"):
        match = _SETEXT.match(lines[index + 1])
        block = line.lstrip()[0] in ">-*+|" or (index and lines[index - 1].strip()) or line.startswith("    ")
        if match and not block:
            return (1 if match[1][0] == "=" else 2), line.strip(), 2
    return None


def _keep_part(page: Page, heading: str, part: list[str]) -> None:
    if heading in SUMMARY_HEADINGS and not page.summary:
        page.summary = "\n".join(part).strip()
    elif heading in COMMENT_HEADINGS and not page.comment:
        page.comment = "\n".join(part).strip()


def find_citations(text: str) -> list[tuple[str, int]]:
    """Return ``(key, line)`` for each key that a ``{cite}`` role in the prose of *text* names; code does not count."""
    if "{cite" not in text:
        return []
    found: list[tuple[str, int]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        closing, info = _fence(line) if line.lstrip(" ")[:3] in ("```", "~~~") else ("", "")
        if closing and not info.startswith("{"):
            number = _fence_end(lines, number, closing)
            continue
        for match in _CITE.finditer(_CODE_SPAN.sub("", line)):
            keys = re.sub(r"\{[^{}]*\}", "", match[1]).split(",")
            found += [(key.strip(), number) for key in keys if key.strip()]
    return found


def plain_inline(markdown: str) -> str:
    """Return inline *markdown* as the text that a reader sees."""
    if _PLAIN_TITLE.fullmatch(markdown):
        return " ".join(markdown.split())
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parseInline(markdown)
    out: list[str] = []
    for token in tokens[0].children or ():
        if token.type in ("text", "code_inline", "text_special"):
            out.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif token.type == "image":
            out.append(token.content)
    return " ".join("".join(out).split())
