"""Markdown: the old form of a watch page, all entries on one page under their dates.

``mlwatch import`` reads it as a ``watch-page``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..model import LINK_RELS
from ..series import newest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..model import Entry, Link
    from .base import Portion

_MARK: Final = re.compile(r"[\\`*_\[\]<>&~#!:|()]")
_PARTS: Final = re.compile("[,;，；、]")
_HEADING: Final = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]++(.*)$")
_RULE: Final = re.compile(r"(?m)^[ \t]*(?:[-_*][ \t]*){3,}$\n?")
_BLOCK: Final = re.compile(r"[ \t]*(?:[-+*>|]|\d+[.)]|```|~~~|    )")
_THREAD: Final = re.compile(r"(?s)## Thread\n\n(>.*?)(?=\n\n## |\Z)")


class Markdown:
    """A page of articles, newest first, and of threads; each date is a heading, each entry one below it."""

    name = "markdown"
    title = "Markdown (watch page)"
    suffix = ".md"
    binary = False
    holds: Final = frozenset(("title", "url", "date", "star"))
    partly: Final[Mapping[str, str]] = {
        "source": "not with a colon or a bracket in it",
        "keywords": "parted at a comma within one, without dots at its ends",
        "authors": "parted at a comma within a name",
        "kind": "article and thread",
        "summary": "headings as bold lines",
        "comment": "headings as bold lines",
        "body": "the quoted answers of a thread",
        **dict.fromkeys(LINK_RELS, "a label that only says what it is goes"),
        "link": "what its label and address tell",
    }

    def write(self, portion: Portion) -> bytes:
        newest = sorted(portion.entries, key=newest_first)
        threads = [entry for entry in newest if entry.kind == "thread"]
        articles = [entry for entry in newest if entry.kind != "thread"]
        parts = [*_section("Articles", articles, portion), *_section("Threads", threads, portion)]
        return ("\n\n".join(parts) + "\n").encode()


def _section(title: str, entries: Iterable[Entry], portion: Portion) -> list[str]:
    parts: list[str] = []
    before = ""
    for entry in entries:
        date = entry.date.label.replace("-", ".") if entry.date and entry.date.kind == "day" else ""
        date = date or (entry.date.label if entry.date else "Undated")
        if not parts:
            parts.append(f"# {title}")
        if date != before:
            parts.append(f"## {date}")
            before = date
        parts += _entry(entry, portion.bodies.get(entry.docname, ""))
    return parts


def _entry(entry: Entry, body: str) -> list[str]:
    title = f"[{_escaped(entry.title)}]({_address(entry.url)})" if entry.url else _escaped(entry.title)
    parts = [f"### {':star:' * entry.star}{_escaped(entry.source)}: {title}"]
    for rel in dict.fromkeys(link.rel for link in entry.links):
        links = " ".join(_link(link) for link in entry.links if link.rel == rel)
        parts.append(f"**{rel.capitalize()}**: {links}")
    parts += [
        f"**{name}**: {'; '.join(map(_escaped, words))}"
        for name, words in (("Authors", entry.authors), ("Keywords", entry.keywords))
        if words
    ]
    parts += [
        f"**{name}**:{' ' if not _BLOCK.match(text) else chr(10) * 2}{_prose(text)}"
        for name, text in (("Summary", entry.summary), ("Comment", entry.comment))
        if text
    ]
    if entry.kind == "thread" and (thread := _THREAD.search(body)):
        parts.append(thread[1].rstrip())
    return parts


def _link(link: Link) -> str:
    if link.rel == "link" and not link.label:
        return f"<{link.url}>"
    return f"[{_escaped(link.label or link.rel)}]({_address(link.url)})"


def _escaped(text: str) -> str:
    return _MARK.sub(r"\\\g<0>", text)


def _address(url: str) -> str:
    return re.sub(r"[()\\]", lambda mark: f"%{ord(mark[0]):02X}", url) if not _balanced(url) else url


def _balanced(url: str) -> bool:
    return re.fullmatch(r"(?:[^()\\]|\([^()\\]*\))*+", url) is not None


def _prose(text: str) -> str:
    """Return Markdown without the marks that part a watch page: headings become bold lines, rules go."""
    return _RULE.sub("", _HEADING.sub(_bold, text)).strip()


def _bold(heading: re.Match[str]) -> str:
    words = heading[1].rstrip(" \t#")
    return f"**{words}**"
