"""Bookmarks as HTML: the Netscape format that every browser and bookmark service writes.

The form is that of "Netscape Bookmark File Format" (Microsoft, 2009): ``<DT><A HREF ADD_DATE>title</A>``, a
``<DD>`` with a description, folders as ``<H3>`` with a ``<DL>`` after them. Services add attributes: TAGS,
TOREAD, PRIVATE. Also read: the lists that Pocket and Instapaper wrote, ``<LI><A HREF TIME_ADDED TAGS>``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_rest
from .markup import tags

if TYPE_CHECKING:
    from ..settings import Settings
    from .base import Document
    from .markup import Tag

#: What our own export says of itself: then a folder is a source.
GENERATOR: Final = "mlwatch"
_DOCTYPE: Final = re.compile(r"\s*<!DOCTYPE\s+NETSCAPE-Bookmark-file-1", re.IGNORECASE)
_BOOKMARK: Final = re.compile(r"<(?:DT>\s*<A|LI>\s*<A|A)\s[^<>]*?HREF=", re.IGNORECASE)
_NOTES: Final = re.compile(r"\[linkding-notes\]((?:(?!\[linkding-notes\]).)*?)\[/linkding-notes\]", re.DOTALL)
#: Folders that every browser has; they say nothing of what is in them.
_ROOTS: Final = frozenset(
    (
        *(
            f"{names}{where}"
            for names in ("bookmarks", "favorites", "favourites")
            for where in ("", " bar", " menu")
        ),
        *(
            f"{kind} {names}"
            for kind in ("other", "mobile", "unsorted")
            for names in ("bookmarks", "favorites", "favourites")
        ),
        "bookmarks toolbar",
        "unsorted",
        "imported",
    )
)
_ROOT_MARKS: Final = ("personal_toolbar_folder", "unfiled_bookmarks_folder")
_STATUS: Final = {"unread": "to-read", "reading list": "to-read", "read archive": "read", "archive": "read"}
_USED: Final = frozenset(("href", "add_date", "time_added", "tags", "toread"))
_BOOKKEEPING: Final = frozenset(
    """
    last_modified last_visit last_visited last_charset icon icon_uri id private shared shortcuturl web_panel feedurl
    guid visit_count target rel class style post_data item_id title hash
    """.split()
)
_TRUE: Final = frozenset(("1", "yes", "true"))
#: How deep folders may be nested whose names become keywords; no browser's menu goes as deep.
_DEEPEST: Final = 50


class Bookmarks:
    """Reads Netscape bookmark files."""

    name = "bookmarks"
    title = "Bookmarks (Netscape HTML)"

    def sniff(self, document: Document) -> int:
        head = document.text[:20_000]
        if _DOCTYPE.match(head):
            return 100
        if head.lstrip()[:1] != "<" or head.lstrip()[:5] == "<?xml":
            return 0
        return 60 if _BOOKMARK.search(head) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        reader = _Reader(document, settings)
        for tag in tags(document.text):
            reader.take(tag)
        reader.end_bookmark()
        if not reader.seen:
            raise ImportFailure("no bookmark stands here: there is no link <A HREF=…>")
        account_for_rest(document, reader.harvest)
        return reader.harvest


class _Reader:
    def __init__(self, document: Document, settings: Settings) -> None:
        self.document, self.settings = document, settings
        self.harvest = Harvest()
        self.seen = self._own = False
        self._newlines = [found.start() for found in re.finditer("\n", document.text)]
        self._folders: list[str] = []
        self._deeper = 0  # open folders beyond the deepest
        self._folder = self._status = ""
        self._heading: Tag | None = None
        self._bookmark: Draft | None = None
        self._refused = ""
        self._in_link = False
        self._words: list[str] = []
        self._description: tuple[list[str], int, int] | None = None

    def line(self, position: int) -> int:
        return bisect_right(self._newlines, position - 1) + 1

    def last_line(self, tag: Tag) -> int:
        """Return the line on which *tag* ends; white space at the end of a text does not count."""
        return self.line(tag.position + max(len(self.document.text[tag.position : tag.end].rstrip()) - 1, 0))

    def tell(self, use: Use, tag: Tag) -> None:
        first, last = self.line(tag.position), self.last_line(tag)
        self._add([Line(number, use) for number in range(first, last + 1)])

    def _add(self, lines: list[Line]) -> None:
        """Add *lines* to the result; what many tags on one line say of it is kept once."""
        self.harvest.lines += lines[1:] if lines[:1] == self.harvest.lines[-1:] else lines

    def take(self, tag: Tag) -> None:
        """Take the next tag or text."""
        if not tag.name:
            self._take_text(tag)
        elif tag.name == "a":
            self._end_link(tag) if tag.closing else self._begin_bookmark(tag)
        elif tag.name == "dd" and not tag.closing:
            line = self.line(tag.position)
            self._description = ([], line, line)
        elif self._description and tag.name in ("br", "b", "i", "em", "strong", "code", "span"):
            self._description[0].append("\n" if tag.name == "br" else "")
        else:
            self._take_structure(tag)

    def _take_text(self, tag: Tag) -> None:
        if self._heading or self._in_link:
            self._words.append(tag.text)
        elif self._description:
            parts, first, last = self._description
            if tag.text.strip():
                last = self.last_line(tag)
            parts.append(tag.text)
            self._description = parts, first, last

    def _take_structure(self, tag: Tag) -> None:
        self.end_bookmark()
        if tag.name in ("h1", "h2", "h3", "title"):
            self._take_heading(tag)
        elif tag.name == "dl":
            self._take_folder(tag)
        elif tag.name == "hr":
            self.tell(Use.SEPARATOR, tag)
        else:
            self._own |= tag.name == "meta" and tag.all().get("content") == GENERATOR
            if tag.name != "dt":
                self.tell(Use.SYNTAX, tag)

    def _take_folder(self, tag: Tag) -> None:
        self.tell(Use.SYNTAX, tag)
        if tag.closing and self._deeper:
            self._deeper -= 1
        elif tag.closing:
            del self._folders[-1:]
        elif len(self._folders) < _DEEPEST:
            self._folders.append(self._folder)
        else:
            self._deeper += 1
            if self._folder:
                why = f"folders are nested more than {_DEEPEST} deep; the name of this one is not imported as a keyword"
                self._add([Line(self.line(tag.position), Use.UNPARSED, None, why)])
        self._folder = "" if not tag.closing else self._folder

    def _take_heading(self, tag: Tag) -> None:
        if not tag.closing:
            self._heading, self._words = tag, []
            return
        opened, self._heading = self._heading, None
        if opened is None:
            return
        self.tell(Use.HEADING, opened)
        words = " ".join("".join(self._words).split())
        known = opened.all()
        self._status = _STATUS.get(words.casefold(), "")
        if tag.name == "h3":
            root = words.casefold() in _ROOTS or any(known.get(mark) for mark in _ROOT_MARKS)
            self._folder = "" if (root and not self._own) or self._status else words

    def _begin_bookmark(self, tag: Tag) -> None:
        self.end_bookmark()
        self.seen = True
        first = self.line(tag.position)
        last = self.last_line(tag)
        draft = self._bookmark = Draft(self.document, self.harvest, first, exact=self._own)
        known = tag.all()
        self._refused = "" if draft.put_url(known.get("href", ""), first, last) else self._why(known)
        draft.put_date("added", known.get("add_date") or known.get("time_added", ""), self.settings, first)
        folders = [name for name in self._folders if name]
        if self._own and folders:
            draft.put("source", folders[-1], first)
            folders = []
        words = known.get("tags", "")
        draft.put_list("keywords", [*(words.split(",") if words else []), *folders], first)
        toread = known.get("toread", "").casefold() in _TRUE
        draft.put("status", "to-read" if toread else self._status, first)
        for name, value in known.items():
            if value and name not in _USED and name not in _BOOKKEEPING:
                draft.refuse(first, f"the attribute {name.upper()[:40]} fits no option")
        self._in_link, self._words = True, []

    @staticmethod
    def _why(known: dict[str, str]) -> str:
        scheme = known.get("href", "").strip().partition(":")[0]
        return f"a bookmark of the scheme {scheme[:20]}: is no article on the web" if scheme else "no address"

    def _end_link(self, tag: Tag) -> None:
        if self._bookmark and self._in_link:
            words = "".join(self._words)
            self._bookmark.put_title(words, self._bookmark.first, self.line(tag.position))
        self._in_link = False

    def end_bookmark(self) -> None:
        """Finish the bookmark that is open, with its description."""
        draft, self._bookmark = self._bookmark, None
        if draft and self._in_link:  # </A> is missing: its first line is the title
            draft.put_title("".join(self._words).strip().partition("\n")[0], draft.first)
        description, self._description = self._description, None
        self._in_link = False
        if description:
            parts, first, last = description
            text = "".join(parts)
            if draft is None:
                why = "the description of a folder fits no entry"
                self.harvest.lines += [Line(n, Use.UNPARSED, None, why) for n in range(first, last + 1)]
            else:
                notes = _NOTES.search(text)
                draft.put_text(Use.COMMENT, notes[1].strip() if notes else "", first, last)
                draft.put_text(Use.SUMMARY, _NOTES.sub("", text).strip(), first, last)
        if draft and self._refused:
            draft.drop(self._refused)
        elif draft:
            draft.finish(self.settings)
