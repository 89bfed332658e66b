"""Merging: what is told of an article anew, put together with what is known of it already.

Nothing that is there is taken away or replaced, with one exception: a date gives way to a finer one.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

from .entry_block import parse_options, yaml_scalar, yaml_start
from .model import FIELD, FIELDS, Entry
from .page import COMMENT_HEADINGS, SUMMARY_HEADINGS, read_page, split_lines
from .periods import finest
from .prose import tame
from .settings import fold
from .urls import identity
from .writing import option_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Link

#: What says which page an entry is of, and is never merged.
_OWN: Final = frozenset(("docname", "path", "line", "title"))
#: What is merged by a rule of its own; all else is filled when it is empty.
_UNITED: Final = frozenset(
    ("url", "source", "date", "star", "pick", "kind", "keywords", "links", "cite", "digest", "also")
)
_FILLED: Final = tuple(
    field.name for field in fields(Entry) if field.name not in _OWN and field.name not in _UNITED
)
_OPENING: Final = re.compile(r" {0,3}(`{3,}|~{3,}|:{3,})")


def key_of(entry: Entry) -> str:
    """Return what makes *entry* one with another: its address, or, when it has none, its source and title."""
    return identity(entry.url) if entry.url else f"\n{fold(entry.source)}\n{fold(entry.title)}"


def merge(old: Entry, new: Entry) -> Entry:
    """Return *old* with what *new* adds: finest date, most stars, all keywords and links, what was empty."""
    changes: dict[str, object] = {}
    same_title = fold(old.title) == fold(new.title)
    for name in _FILLED:
        if name in ("lang", "alt_title") and not same_title:
            continue  # they speak of a title that this page does not bear
        value = getattr(old, name)
        if value is None or value is False or value in ("", ()):
            changes[name] = getattr(new, name)
    if old.section and not changes.get("section"):
        changes.pop("order", None)  # a place counts within its own section
    dates = [date for date in (old.date, new.date) if date]
    changes |= {
        "url": old.url or new.url,
        "source": old.source or new.source,
        "date": finest(dates) if dates else None,
        "star": max(old.star, new.star),
        "pick": old.pick or new.pick,
        "kind": new.kind if old.kind == "article" else old.kind,
        "keywords": _united(old.keywords, new.keywords),
        "links": _linked(old, new.links),
        "cite": tuple(dict.fromkeys((*old.cite, *new.cite))),
        "digest": tuple(dict.fromkeys((*old.digest, *new.digest))),
        "also": _addresses(old, new.also),
    }
    return replace(old, **changes)  # type: ignore[arg-type]  # the names are those of the entry


def _united(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    kept = {fold(word): word for word in reversed((*old, *new))}
    return tuple(dict.fromkeys(kept[fold(word)] for word in (*old, *new)))


def _linked(old: Entry, new: Iterable[Link]) -> tuple[Link, ...]:
    """Return all links; one that is there already, under whatever name, is not added, nor is the article itself."""
    known = {identity(link.url) for link in old.links}
    if old.url:
        known.add(identity(old.url))
    added = list(old.links)
    for link in new:
        if (key := identity(link.url)) not in known:
            known.add(key)
            added.append(link)
    rank = {field.name: number for number, field in enumerate(FIELDS)}
    return tuple(sorted(added, key=lambda link: rank[link.rel]))


def _addresses(old: Entry, new: Iterable[str]) -> tuple[str, ...]:
    kept = {identity(url): url for url in reversed((*old.also, *new))}
    kept.pop(identity(old.url) if old.url else "", None)
    return tuple(dict.fromkeys(kept[identity(url)] for url in (*old.also, *new) if identity(url) in kept))


def edit_page(text: str, old: Entry, new: Entry) -> str | None:
    """Return the page *text* of *old* with what makes *new* of it; all other lines stay as they are, letter by letter.

    None when that cannot be done safely, because the page's block is not closed or not there.
    """
    lines = text.split("\n")
    page = read_page(text)
    if not page.block or len(lines) != len(split_lines(text)):
        return None
    end = "\r" if lines[page.block - 1].endswith("\r") else ""
    first = page.block
    close = _closing(lines, first)
    if close is None:
        return None
    block = lines[first:close]
    for field in FIELDS:
        value = option_value(new, field)
        if value is not None and value != option_value(old, field):
            block = _with_option(block, field.name, value, end)
    before, after = lines[:first] + block, lines[close:]
    for name, headings in (("summary", SUMMARY_HEADINGS), ("comment", COMMENT_HEADINGS)):
        words = tame(getattr(new, name))
        if words and not getattr(old, name):
            after = _with_part(after, name.capitalize(), headings, words.split("\n"), end)
    return "\n".join((*before, *after))


def _closing(lines: list[str], first: int) -> int | None:
    """Return the index of the line that closes the block whose first line of content is ``lines[first]``."""
    mark = _OPENING.match(lines[first - 1])
    if not mark:
        return None
    for index in range(first, len(lines)):
        line = lines[index].strip()
        if len(line) >= len(mark[1]) and not line.strip(mark[1][0]):
            return index
    return None


def _with_option(block: list[str], name: str, value: str, end: str) -> list[str]:
    """Return the lines of a block with option *name*: replaced where it stands, else at its canonical place."""
    yaml = yaml_start(block)
    written = (f":{name}: {value}" if yaml is None else f"{name}: {yaml_scalar(value)}").rstrip() + end
    options, _ = parse_options(block, 0)
    order = list(FIELD)
    place = 0 if yaml is None else yaml + 1
    for option in options:
        if option.name == name:
            return [*block[: option.line], written, *block[option.last + 1 :]]
        if option.name in FIELD and order.index(option.name) < order.index(name):
            place = option.last + 1
    return [*block[:place], written, *block[place:]]


def _with_part(
    lines: list[str], title: str, headings: frozenset[str], words: list[str], end: str
) -> list[str]:
    """Return *lines*, those after the block, with a part: below its empty heading, else in its place."""
    places = [
        (index, line.strip().lstrip("#").strip().rstrip(":").casefold())
        for index, line in enumerate(lines)
        if re.match(r" {0,3}##[ \t]", line)
    ]
    part = [f"{line}{end}" for line in ("", *words)]
    for index, name in places:
        if name in headings:
            return [*lines[: index + 1], *part, *lines[index + 1 :]]
    part = [f"## {title}{end}", *part]
    following = [place for place, name in places if title == "Summary" or name not in SUMMARY_HEADINGS]
    if following:
        return [*lines[: following[0]], *part, end, *lines[following[0] :]]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return [*lines, end, *part, ""]


def differences(old: Entry, new: Entry) -> tuple[str, ...]:
    """Return the names of the fields in which two entries differ, where they stand apart."""
    apart = ("docname", "path", "line")
    return tuple(
        field.name
        for field in fields(Entry)
        if field.name not in apart and getattr(old, field.name) != getattr(new, field.name)
    )
