r"""Foreign Markdown made safe for an entry's page: it can neither run anything nor break the page apart.

:func:`tame` takes out what would: directives, roles, raw HTML, headings that would begin a part of the page,
links and pictures that are no whole addresses, rules, and the marks that MyST gives a meaning of its own
(``%``, ``+++``, ``(name)=``, footnotes). What stands there still stands there, with a backslash before it.
What is tame already stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from .page import COMMENT_HEADINGS, SUMMARY_HEADINGS, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Roles that an entry's prose may use: they show text and copy no file.
_ROLES: Final = re.compile(r"\{(?:cite(?::\w+)?|ml:\w+|math)\}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTAINERS: Final = re.compile(r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+[ \t]*")
_FENCE: Final = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_ATX: Final = re.compile(r"(#{1,6})(?:[ \t]++(.*))?$")
_CLOSING: Final = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_RULE: Final = re.compile(r"([-_*])[ \t]*+(?:\1[ \t]*+){2,}$")
_UNDERLINE: Final = re.compile(r"(?:=+|-+)[ \t]*$")
_MARKED: Final = re.compile(r":{3,}|%|\+\+\+|\([^\s()]*\)=|\[[^\]]*\]:(?!\s*<?(?:https?://|mailto:))")
_INLINE: Final = re.compile(
    r"\\[!-/:-@\[-`{-~]|`+|\{[^\s{}`]*\}(?=`)|<(?=[A-Za-z/!?])|\](?=\()|\](?=\[)|\[\^|\$\$?"
)
_WHOLE: Final = re.compile(r"\]\(\s*<?(?:https?://[^\s()]|mailto:)", re.IGNORECASE)
_AUTOLINK: Final = re.compile(r"<(?:https?://[^\s<>]+|mailto:[^\s<>]+)>", re.IGNORECASE)
_ANY_MARK: Final = re.compile(r"[\\`*_\[\]<>#|~$:{}&!^]")
_LINE_MARK: Final = re.compile(r"([-+=%(])|(\d{1,9})(?=[.)])")


def clean(text: str) -> str:
    r"""Return *text* without control characters and lone surrogates; its line ends are ``\n``."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=32768)  # an import asks before it merges, and again when it writes
def tame(markdown: str, level: int = 3) -> str:
    """Return *markdown* so that it can stand on a page below a heading of ``level - 1``; see the module's text.

    It is stripped, and its headings begin at *level* without a gap. What comes out stays as it is when it goes in again.
    """
    text = clean(markdown).strip()
    if not text:
        return ""
    if "\n" not in text and not _ANY_MARK.search(text) and text[0] not in "-+=%()0123456789":
        return text
    tamed = _Tamer(level).run(text.split("\n")).strip()
    return tamed if _is_tame(tamed, level) and _stays(tamed, level) else plain(text)


def plain(text: str) -> str:
    """Return Markdown that shows *text* letter by letter, in paragraphs."""
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    marked = (_ANY_MARK.sub(r"\\\g<0>", line) for line in lines)
    joined = "\n".join(_LINE_MARK.sub(_mark_line, line, count=1) if line else "" for line in marked)
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _mark_line(match: re.Match[str]) -> str:
    if match.start():
        return match[0]
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\"


def _containers(line: str) -> str:
    """Return the marks of quotations and lists that *line* begins with."""
    match = _CONTAINERS.match(line)
    return match[0] if match else ""


class _Tamer:
    """Goes through the lines once; knows in which fence it is, and under which heading."""

    def __init__(self, level: int) -> None:
        self._top = level
        self._above = level - 1
        self._fence = ""
        self._quotes = 0
        self._out: list[str] = []
        self._paragraph = 0

    def run(self, lines: Sequence[str]) -> str:
        for line in lines:
            before = _containers(line)
            content = line[len(before) :]
            if self._fence and before.count(">") < self._quotes:
                self._out.append("> " * self._quotes + self._fence)
                self._fence = ""
            if self._fence:
                self._inside(line, content)
            else:
                self._outside(before, content)
        if self._fence:
            self._out.append("> " * self._quotes + self._fence)
        return "\n".join(self._out)

    def _inside(self, line: str, content: str) -> None:
        closing = content.rstrip(" \t")
        if len(closing) >= len(self._fence) and not closing.strip(self._fence[0]):
            self._fence = ""
        self._out.append(line)

    def _outside(self, before: str, content: str) -> None:
        held = bool(before.strip())
        is_text = bool(content) and not held
        if match := _FENCE.match(content):
            self._fence, self._quotes = match[1] or match[2], before.count(">")
            self._out.append(before + self._fence)
            is_text = False
        elif match := _ATX.match(content):
            self._heading(before, len(match[1]), _CLOSING.sub("", match[2] or "").strip(), held=held)
            is_text = False
        elif content and _UNDERLINE.match(content) and (self._paragraph or held):
            if self._paragraph == 1 and not held:
                self._heading("", 1 if content[0] == "=" else 2, self._out.pop().strip(), held=False)
                is_text = False
            else:
                self._out.append(f"{before}\\{content}")
        elif _RULE.match(content) or _RULE.match((before + content).strip()):
            self._out.append("")
            is_text = False
        else:
            mark = "\\" if _MARKED.match(content) and content[:2] != "[^" else ""
            self._out.append(before + mark + _tame_line(content))
        self._paragraph = self._paragraph + 1 if is_text else 0

    def _heading(self, before: str, level: int, words: str, *, held: bool) -> None:
        words = _tame_line(words)
        name = words.rstrip(":").strip().casefold()
        if held or not words or (self._top == 2 and name in SUMMARY_HEADINGS | COMMENT_HEADINGS):
            self._out.append(f"{before}**{words.replace('**', '')}**" if words.strip("*_ ") else before)
            return
        level = min(max(level, self._top), self._above + 1)
        self._above = level
        if self._out and self._out[-1].strip():
            self._out.append("")
        self._out.append(f"{'#' * level} {words}")


def _tame_line(line: str) -> str:
    """Return one line of prose with a backslash before what must not act; code spans stay as they are."""
    if not _ANY_MARK.search(line):
        return line
    later: dict[str, list[int]] = {}
    for run in re.finditer("`+", line):
        later.setdefault(run[0], []).append(run.start())
    for starts in later.values():
        starts.reverse()
    out: list[str] = []
    position = done = 0
    while match := _INLINE.search(line, position):
        position = match.end()
        found = match[0]
        if found[0] == "`":
            starts = later.get(found, [])
            while starts and starts[-1] <= match.start():
                starts.pop()
            if starts:
                position = starts[-1] + len(found)
        elif not _may_act(found, line, match.start()):
            out += (line[done : match.start()], "]\\" if found == "]" else f"\\{found}")
            done = position
    out.append(line[done:])
    return "".join(out)


def _may_act(found: str, line: str, position: int) -> bool:
    if found[0] == "\\":
        return True
    if found[0] == "{":
        return bool(_ROLES.fullmatch(found))
    if found == "<":
        return bool(_AUTOLINK.match(line, position))
    if found == "]":
        return line[position + 1] == "[" or bool(_WHOLE.match(line, position))
    return found == "$" and line.find("$") == line.rfind("$")


def _stays(text: str, level: int) -> bool:
    """Ask the scan whether a part of a page ends where *text* ends, and holds just that."""
    heading = "## Summary\n\n" if level > 2 else ""
    page = read_page(f"# Title\n\n{heading}{text}\n\n## Comment\n\nend\n")
    return page.comment == "end" and page.summary == (text if heading else "")


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _is_tame(text: str, level: int) -> bool:
    """Ask the Markdown parser itself."""
    if not _ANY_MARK.search(text):
        return True
    for token in _parser().parse(text):
        if token.type in ("html_block", "hr") or (token.type == "fence" and token.info.strip()):
            return False
        if token.type == "heading_open" and (token.level or int(token.tag[1]) < level):
            return False
        for child in token.children or ():
            if child.type == "html_inline":
                return False
            target = child.attrs.get("href") or child.attrs.get("src")
            if target is not None and not str(target).lower().startswith(("http://", "https://", "mailto:")):
                return False
    return True
