"""Netscape bookmarks, which every browser and bookmark service imports."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Final

from ..importers.bookmarks import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Entry
    from .base import Portion

_HEAD: Final = f"""\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<META NAME="generator" CONTENT="{GENERATOR}">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
"""


class Bookmarks:
    """A folder for each source, in which its articles stand; entries without an address are left out."""

    name = "bookmarks"
    title = "Bookmarks (Netscape HTML)"
    suffix = ".html"
    binary = False
    holds: Final = frozenset(("title", "url", "source", "added", "summary"))
    partly: Final[Mapping[str, str]] = {
        "keywords": "parted at a comma within one",
        "status": "to-read only",
    }

    def write(self, portion: Portion) -> bytes:
        folders: dict[str, list[str]] = {}
        for entry in portion.entries:
            if entry.url:
                folders.setdefault(entry.source, []).append(_bookmark(entry))
        parts = [_HEAD]
        for source, lines in folders.items():
            parts += [f"    <DT><H3>{escape(source)}</H3>\n    <DL><p>\n", *lines, "    </DL><p>\n"]
        return "".join([*parts, "</DL><p>\n"]).encode()


def _bookmark(entry: Entry) -> str:
    attributes = {"HREF": entry.url}
    if entry.added:
        day = entry.added.first
        attributes["ADD_DATE"] = str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
    if entry.keywords:
        attributes["TAGS"] = ",".join(entry.keywords)
    if entry.status == "to-read":
        attributes["TOREAD"] = "1"
    shown = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    text = f"        <DD>{escape(entry.summary, quote=False)}\n" if entry.summary else ""
    return f"        <DT><A {shown}>{escape(entry.title, quote=False)}</A>\n{text}"
