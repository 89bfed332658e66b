"""The headings above a place in a document: the date and the topic that they give to what stands below them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .markdown import topic, words
from .when import date_in, middle

if TYPE_CHECKING:
    from ..periods import Period
    from ..settings import Settings
    from .blocks import Block

#: Topics that say nothing of what an entry is about.
PLAIN: Final = re.compile(
    r"(?:\W|research|publications?|news|resources?|perspectives?|papers?|articles?|others?|misc(?:ellaneous)?|links?|index|contents?|table|of|top|more|"
    r"the|and|posts?|blogs?|books?|videos?|tools?|datasets?|projects?|codes?|tutorials?|general|related|list|awesome|updates?|noteworthy|mentions?|"
    r"reading|new|old|all|archive|weekly|week|ml|ai|machine|learning|readings?|introduction|overview|appendix|references?|see|also|top|best)+",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(slots=True)
class _Heading:
    level: int
    topic: str
    date: Period | None = None


class Headings:
    """Goes along with the reader; *topics* says whether headings become keywords."""

    def __init__(self, settings: Settings, *, topics: bool) -> None:
        self._settings = settings
        self._topics = topics
        self._above: list[_Heading] = []
        self._bullets: list[tuple[int, str]] = []
        self._near: Period | None = None
        self._seen = self._titled = False
        #: The year that a heading named last, 0 for none, for dates that have none.
        self.year = 0
        #: The date of the whole document.
        self.published: Period | None = None

    def __bool__(self) -> bool:
        return bool(self._above)

    @property
    def date(self) -> Period | None:
        """The date of what stands here."""
        return next((heading.date for heading in reversed(self._above) if heading.date), self.published)

    def keyword(self, indent: int) -> str:
        """Return the topic of an item that stands so deep, "" when none says anything."""
        if not self._topics:
            return ""
        lowest = 0 if self._titled else 1  # the first heading of the highest level names the document
        names = [heading.topic for heading in self._above if heading.level > lowest and not heading.date]
        names += [name for depth, name in self._bullets if depth < indent]
        name = names[-1] if names else ""
        fits = 1 < len(name) <= 60 and not PLAIN.fullmatch(name) and not re.search(r"[!?]|\d{4}", name)
        return name if fits else ""

    def date_in(self, text: str) -> Period | None:
        """Return the date that a heading names."""
        return date_in(text, self._settings.weeks, self.year, middle(self._near) if self._near else None)

    def enter(self, block: Block, found: Period | None) -> None:
        """Take a heading, which names the date *found*."""
        while self._above and self._above[-1].level >= block.level:
            self._above.pop()
        self._titled = self._titled or (block.level == 1 and self._seen)
        self._seen = True
        self._above.append(_Heading(block.level, topic(block.text), found))
        if found:
            if found.kind == "year":
                self.year, self._near = found.first.year, None
            else:
                self._near = found
        elif block.level == 1 and not re.search(r"\d", words(block.text)):
            self.year = 0

    def leave_items(self) -> None:
        """Forget the items above: a heading has come."""
        self._bullets = []

    def item(self, indent: int, name: str) -> None:
        """Take an item that names the topic of those below it; a line above a list stands at -1."""
        self._bullets = [one for one in self._bullets if one[0] < indent]
        self._bullets.append((indent, name))
