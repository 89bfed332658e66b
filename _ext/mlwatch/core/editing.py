"""Changing what stands in the ``mlentry`` block of a page, and nothing else of it: every other byte is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .atomic import resolve
from .entry_block import yaml_start
from .model import FIELDS
from .options import build_entry
from .page import read_page, split_lines
from .settings import fold
from .writing import option_value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .entry_block import Note
    from .model import Entry
    from .page import Page
    from .settings import Settings

_BOM: Final = "\ufeff"
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_PART: Final = re.compile(r"((?<!\\)[,;，；])")
_COMMENT: Final = re.compile(r"^[ \t]*(#.*)")
_YAML_COMMENT: Final = re.compile(r"(?:^|[ \t])(#.*)")


class LeftAloneError(ValueError):
    """A page that must not be changed; ``line`` counts from 1, the text says why and how to mend it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_file(path: Path, settings: Settings, roots: Sequence[Path]) -> str:
    """Return the text of the page at *path*, line ends and byte order mark kept.

    *roots* are the folders of the project. Raises LeftAloneError, also for a page that could not be written back.
    """
    try:
        resolve(path, roots)
        if not path.is_file():
            raise LeftAloneError(1, "this is no file")
        if path.stat().st_size > settings.max_page_bytes:
            raise LeftAloneError(
                1, f"the page has more than {settings.max_page_bytes:,} bytes (mlwatch_max_page_bytes)"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise LeftAloneError(1, f"the page cannot be read ({error.strerror or error})") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise LeftAloneError(line, "the page is not UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise LeftAloneError(text.count("\n", 0, text.index("\0")) + 1, "a NUL byte stands here; remove it")
    return text


class Block:
    """A page's text with its ``mlentry`` block found; ``entry`` is what it says, its aliases folded."""

    def __init__(self, text: str, settings: Settings) -> None:
        self.settings = settings
        self.bom = _BOM if text.startswith(_BOM) else ""
        self.lines = _LINE.findall(text.removeprefix(_BOM))
        self.page, self.entry, self.notes = _read(text, settings)

    @property
    def body(self) -> slice:
        """Which of the lines stand in the block."""
        return slice(self.page.block, self.page.block_end - 1)

    def with_body(self, body: list[str]) -> str:
        """Return the page's text with other lines in its block."""
        return self.bom + "".join(
            [*self.lines[: self.page.block], *body, *self.lines[self.page.block_end - 1 :]]
        )


def _read(text: str, settings: Settings) -> tuple[Page, Entry, list[Note]]:
    page = read_page(text.removeprefix(_BOM))
    entry, notes = build_entry("", "", page.block, page.title, page.options, settings)
    entry = replace(entry, summary=page.summary, comment=page.comment)
    return page, entry, [*page.notes, *notes]


# --- Canonical form -------------------------------------------------------------------------------------------


def canonical(text: str, settings: Settings) -> str | None:
    """Return the page *text* with its block in canonical form, None when it has no block.

    Options stand in the order of the model, each in one line, its value as :mod:`~mlwatch.core.writing` writes
    it; names have the spelling that aliases give them; empty options go. Raises LeftAloneError where something
    is wrong in the block or would be lost.
    """
    if "{mlentry}" not in text:
        return None
    block = Block(text, settings)
    page = block.page
    if not page.block:
        return None
    if block.notes:
        note = min(block.notes, key=lambda note: note.line)
        raise LeftAloneError(note.line, f"{note.code}: {note.message}")
    if (number := _comment_line(block)) is not None:
        raise LeftAloneError(
            number, "a comment stands in the block, which has no place in its canonical form"
        )
    opening = block.lines[page.block - 1]
    ending = opening[len(opening.rstrip("\r\n")) :]
    indent = opening[: len(opening) - len(opening.lstrip(" "))]
    body = [
        f"{indent}:{field.name}: {value}".rstrip() + ending
        for field in FIELDS
        if (value := option_value(block.entry, field)) is not None
    ]
    made = block.with_body(body)
    if made == text:
        return text
    _, entry, notes = _read(made, settings)
    if notes or replace(entry, line=block.entry.line) != block.entry:
        raise LeftAloneError(page.block, "the block has something that its canonical form would not keep")
    return made


def _comment_line(block: Block) -> int | None:
    """Return the line of a comment in the block, None when it has none.

    In the YAML form a comment may follow a value; a ``#`` inside a value is part of its text.
    """
    lines = block.lines[block.body]
    comment = _COMMENT if yaml_start(lines) is None else _YAML_COMMENT
    texts = [text for option in block.page.options for text in (option.text, *(option.items or ()))]
    for number, line in enumerate(lines, block.page.block + 1):
        if (found := comment.search(line)) and not any(
            found[1].rstrip("'\"]} \r\n") in text for text in texts
        ):
            return number
    return None


# --- Keywords -------------------------------------------------------------------------------------------------


def with_keywords(text: str, old: frozenset[str], new: str, settings: Settings) -> str:
    """Return the page *text* with *new* for each keyword that is folded into one of *old* (folded names).

    Only those words change, and commas where a keyword would stand twice. Raises LeftAloneError.
    """
    block = Block(text, settings)
    option = next((option for option in block.page.options if option.name == "keywords"), None)
    if option is None:
        return text
    wanted = _renamed(block.entry.keywords, old, new, settings)
    first, last = option.line - 1, option.last
    head, value, tail = _parted("".join(block.lines[first:last]))
    made = block.with_body(
        [
            *block.lines[block.page.block : first],
            head + _replaced(value, old, new, settings) + tail,
            *block.lines[last : block.page.block_end - 1],
        ]
    )
    found = _read(made, settings)[1]
    if found != replace(block.entry, keywords=wanted, line=found.line):
        raise LeftAloneError(
            option.line,
            "the keywords are written in a way that cannot be changed safely; write them on one line with commas between them",
        )
    return made


def _shown(word: str, settings: Settings) -> str:
    return settings.keywords.get(fold(word), word)


def _renamed(words: tuple[str, ...], old: frozenset[str], new: str, settings: Settings) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in words:
        shown = _shown(new if fold(word) in old else word, settings)
        kept.setdefault(fold(shown), shown)
    return tuple(kept.values())


def _parted(text: str) -> tuple[str, str, str]:
    """Part the lines of an option into its name, its value, and what stands behind that."""
    found = re.match(r"[ \t]*:?[\w-]+:[ \t]*", text)
    start = found.end() if found else 0
    end = len(text.rstrip())
    value = text[start:end]
    if len(value) > 1 and ((value[0] == value[-1] and value[0] in "'\"") or value[0] + value[-1] == "[]"):
        start, end = start + 1, end - 1
    return text[:start], text[start:end], text[end:]


def _replaced(value: str, old: frozenset[str], new: str, settings: Settings) -> str:
    """Replace words of the list *value*; one that stands there already takes its comma with it."""
    pieces = _PART.split(value)
    kept: list[str] = []
    seen: set[str] = set()
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        word = " ".join(re.sub(r"\\([,;，；])", r"\1", piece).split())
        changed = bool(word) and fold(_shown(word, settings)) in old
        shown = fold(_shown(new if changed else word, settings))
        if shown in seen and (changed or shown == fold(_shown(new, settings))):
            continue
        seen.add(shown)
        if changed and word != new:
            bare = piece.strip()
            begin = piece.index(bare)
            piece = piece[:begin] + new + piece[begin + len(bare) :]
        kept += [pieces[index - 1], piece] if kept and index else [piece]
    return "".join(kept)


# --- Telling --------------------------------------------------------------------------------------------------


def changed_lines(before: str, after: str) -> tuple[int, list[str], list[str]]:
    """Return where two texts differ: the line (from 1), the lines that go, and those that come for them."""
    old, new = split_lines(before), split_lines(after)
    start = next(
        (i for i, (was, now) in enumerate(zip(old, new, strict=False)) if was != now), min(len(old), len(new))
    )
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start + 1, old[start : len(old) - end], new[start : len(new) - end]
