"""DS/ML digests, as the text of their pages: groups of bullets, the first words of each its title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ..model import Entry, IssueId
from .base import Document, Harvest, ImportFailure, Item, Line, Use
from .markdown import links_in, normal, words
from .rels import is_paper, link_of
from .when import date_in

if TYPE_CHECKING:
    from ..model import Link
    from ..periods import Period
    from ..settings import Settings

SERIES: Final = "ds-ml"
SOURCE: Final = "DS/ML digest"
_TITLE: Final = re.compile(
    r"(?i)\s*+[#*]*+\s*+(?:(?P<year>(?:19|20)\d\d)\s+)?DS\W{0,3}ML\s+digest\s*#?\s*(?P<number>\d{1,4})?"
)
_POSTED: Final = re.compile(r"(?i)\s*posted (?:by .{1,80})?\s?on\s")
_BULLET: Final = re.compile(r"(?P<indent>[ \t]*)[\u2022\u25cf\u25e6\u25aa\u2023\u00b7*+-]\s+(?P<text>\S.*)$")
_SECTIONS: Final = (
    ("speech", re.compile(r"(?i)speech|audio|stt|tts|sound")),
    ("vision", re.compile(r"(?i)vision|\bcv\b|image")),
    ("nlp", re.compile(r"(?i)\bnlp\b|language|text")),
    ("general", re.compile(r"(?i)general|machine learning|\bml\b")),
)
_SENTENCE: Final = re.compile(r"(?<=[^\W\d_])[.!?]\s+(?=[^\W\d_])|\s[-\u2013\u2014]\s|;\s")


@dataclass(slots=True)
class _Draft:
    line: int
    title: str
    section: str
    url: str = ""
    links: list[Link] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)


class DsMl:
    """Reads DS/ML digests."""

    name = "ds-ml"
    title = "DS/ML digest"

    def sniff(self, document: Document) -> int:
        lines = [line for line in normal(document.text[:4000]).split("\n") if line.strip()]
        if not any(_TITLE.match(line) for line in lines[:6]):
            return 0
        return 95 if any(_BULLET.match(line) for line in lines) else 30

    def read(self, document: Document, settings: Settings) -> Harvest:
        harvest = Harvest()
        drafts: list[_Draft] = []
        lines = normal(document.text).split("\n")
        bullets = [match for line in lines if (match := _BULLET.match(line))]
        if not bullets:
            raise ImportFailure("no bullets stand in this digest")
        base = min(len(match["indent"].expandtabs(4)) for match in bullets)
        date: Period | None = None
        issue = ""
        section = ""
        blank = 0
        for number, line in enumerate(lines, 1):
            item: int | None = len(drafts) - 1 if drafts else None
            if not line.strip():
                blank += 1
                continue
            section, blank = ("" if blank > 1 else section), 0  # a group ends with more than one blank line
            if match := _BULLET.match(line):
                depth = (len(match["indent"].expandtabs(4)) - base) // 2
                if depth <= 0:
                    drafts.append(_draft(number, match["text"], section))
                    item, use = len(drafts) - 1, str(Use.TITLE)
                else:
                    use = _below(drafts, "  " * (depth - 1) + "- " + match["text"].strip())
            elif (match := _TITLE.match(line)) and not drafts:
                issue = issue or f"{match['year']}-{match['number']}".removeprefix("None-")
                item, use = None, str(Use.HEADING)
            elif _POSTED.match(line) and not drafts:
                date = date_in(line, settings.weeks)
                item, use = None, "date" if date else str(Use.UNPARSED)
            elif line[:1] in " \t" and drafts and line.strip()[:1] != "#":
                use = _below(drafts, line.strip())
            elif len(words(line)) < 80:
                text = words(line).strip("# ")
                section = next((id_ for id_, form in _SECTIONS if form.search(text)), "")
                item, use = None, str(Use.HEADING)
            else:
                item, use = None, str(Use.UNPARSED)
            harvest.lines.append(Line(number, use, item, "no bullet" if use == Use.UNPARSED else ""))
        digest = (
            (IssueId(SERIES, issue),) if SERIES in settings.series and issue and "None" not in issue else ()
        )
        for order, draft in enumerate(drafts, 1):
            entry = Entry(
                docname="",
                path=document.name,
                line=draft.line,
                title=draft.title,
                source="" if draft.url else SOURCE,
                url=draft.url,
                date=date,
                kind="note" if not draft.url else "paper" if is_paper(draft.url) else "article",
                links=tuple(dict.fromkeys(draft.links)),
                digest=digest,
                section=draft.section if digest else "",
                order=order if digest else None,
                summary="\n".join(draft.summary),
            )
            harvest.items.append(Item(entry=entry))
        return harvest


def _draft(number: int, text: str, section: str) -> _Draft:
    links = [link for link in links_in(text) if link.url]
    plain = text
    for link in reversed(links):
        if link.bare:
            plain = plain[: link.start] + " " + plain[link.end :]
    said = words(plain)
    cut = _SENTENCE.search(said, 8)
    title = (said[: cut.start()] if cut else said).strip(" ;:,-\u2013\u2014")
    title = title if title.endswith(("...", "?", "!")) else title.rstrip(".")
    draft = _Draft(number, title, section, links[0].url if links else "")
    draft.links = [link_of(link) for link in links[1:]]
    if cut and (rest := said[cut.end() :].strip()):
        draft.summary.append(rest[0].upper() + rest[1:] if said[cut.start()] in ".!?" else rest)
    return draft


def _below(drafts: list[_Draft], line: str) -> str:
    """Put a nested line into the summary of the last draft; return what became of it."""
    if not drafts:
        return Use.UNPARSED
    draft = drafts[-1]
    links = [link for link in links_in(line) if link.url]
    if links and not draft.url:
        draft.url = links[0].url
    if draft.summary and line.startswith("- ") and not draft.summary[-1].lstrip().startswith("- "):
        draft.summary.append("")
    draft.summary.append(line)
    return Use.SUMMARY
