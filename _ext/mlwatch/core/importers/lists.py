"""Lists and tables of links under headings: weekly tables, months, days, and any other Markdown list.

One reader serves them all, :mod:`.listreader`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from .listreader import Reader
from .markdown import normal

if TYPE_CHECKING:
    from ..settings import Settings
    from .base import Document, Harvest

_MONTH_HEADING: Final = re.compile(
    r"(?m)^ {0,3}#{1,6}[ \t]{0,8}(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[ \t#]{0,8}$"
)
_DAY_HEADING: Final = re.compile(
    r"(?im)^ {0,3}#{1,6}[^\n]{0,28}?\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?\s+[a-z]{3,9}\.?,?\s+(?:19|20)\d\d"
)
_WEEK_HEADING: Final = re.compile(
    r"(?im)^ {0,3}#{1,6}[^\n]{0,200}?(?:of the week|\bweek\b|weekly)[^\n]{0,200}?\d"
)
_ROW: Final = re.compile(r"(?m)^[ \t]*\|[^\n]*?\]\(")
_LISTED: Final = re.compile(r"(?m)^[ \t]*(?:[-*+]|\d{1,4}[.)])[ \t]++[^\n]*?(?:\]\(|https?://)")


class _Lists:
    """What the formats of this module share."""

    name: ClassVar[str]
    title: ClassVar[str]
    topics: ClassVar[bool] = False

    def read(self, document: Document, settings: Settings) -> Harvest:
        """Return all entries that the rules of this module find."""
        return Reader(document, settings, topics=self.topics).read()


class WeeklyTable(_Lists):
    """Tables of a week's papers, or of its research, news, resources and perspectives."""

    name = "weekly-table"
    title = "weekly tables"

    def sniff(self, document: Document) -> int:
        text = normal(document.text[:400_000])
        if not _ROW.search(text) or not _WEEK_HEADING.search(text):
            return 0
        return 80 if len(_ROW.findall(text)) > len(_LISTED.findall(text)) else 35


class MonthList(_Lists):
    """Lists of papers under months."""

    name = "month-list"
    title = "list by month"

    def sniff(self, document: Document) -> int:
        text = document.text[:400_000]
        return 75 if _MONTH_HEADING.search(text) and _LISTED.search(text) else 0


class DayList(_Lists):
    """Lists of links under days."""

    name = "day-list"
    title = "list by day"

    def sniff(self, document: Document) -> int:
        text = document.text[:400_000]
        return 70 if _DAY_HEADING.search(text) and _LISTED.search(text) else 0


class MarkdownList(_Lists):
    """Any other Markdown with links under headings."""

    name = "markdown"
    title = "Markdown list"
    topics = True

    def sniff(self, document: Document) -> int:
        text = document.text[:400_000]
        if text.lstrip()[:1] in "<{[" and not re.match(r"\s*(?:\[[^\]\n]*\]\(|<(?:!--|[a-z]))", text):
            return 0
        if document.name.lower().endswith((".md", ".markdown", ".mdown", ".mkd")):
            return 40
        linked = "](" in text
        return (
            30
            if linked and (_LISTED.search(text) or re.search(r"(?m)^#{1,6}\s", text))
            else 5
            if linked
            else 0
        )
