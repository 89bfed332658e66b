"""What the importers of Markdown share: a document as blocks, links in a line, dates in a heading, what a link is.

The documents are what people really keep, so everything is read with tolerance: headings without a space, blank
lines missing, escaped brackets, no-break and invisible spaces, text that was decoded wrongly once.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from .. import urls
from ..model import Link
from ..page import skip_front_matter
from .base import Harvest, Item, Line, Use

if TYPE_CHECKING:
    from .base import Document

# --- Text ---------------------------------------------------------------------------------------------------------

_INVISIBLE: Final = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Letters that bytes of UTF-8 become in Windows-1252: a lead byte and one to three that continue it.
_MOJIBAKE: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]{1,3}"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--.{0,300}?-->")
STAR: Final = re.compile(
    r"(?::(?:star2?|sparkles|star_struck|dizzy):|[\u2b50\U0001f31f\u2605\u2606]\ufe0f?)\s*"
)
_EMOJI: Final = re.compile(
    "(?::[a-z0-9_+-]{2,40}:|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3])+"
)


def normal(text: str) -> str:
    """Return *text* with plain spaces, nothing invisible, and what was decoded as Windows-1252 set right.

    The lines stay the lines.
    """
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _MOJIBAKE.sub(_redecoded, text) if _MOJIBAKE.search(text) else text


def _redecoded(match: re.Match[str]) -> str:
    try:
        raw = b"".join(
            char.encode("latin-1") if char <= "\xff" else char.encode("cp1252") for char in match[0]
        )
        return raw.decode()
    except UnicodeError:
        return match[0]


def words(markdown: str) -> str:
    """Return inline *markdown* as plain words on one line: no marks of emphasis, links by their labels."""
    out: list[str] = []
    position = 0
    for link in links_in(markdown):
        label = "" if link.image else link.label if link.bare else words(link.label)
        out += (_unmarked(markdown[position : link.start]), label)
        position = link.end
    out.append(_unmarked(markdown[position:]))
    return " ".join("".join(out).split())


def _unmarked(text: str) -> str:
    text = _TAG.sub(" ", text) if "<" in text else text
    kept = re.split(r"(\\[!-/:-@\[-`{-~])", text)
    for index in range(0, len(kept), 2):
        part = re.sub(r"\*+|`+|~~|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])", "", kept[index])
        kept[index] = html.unescape(part) if "&" in part else part
    for index in range(1, len(kept), 2):
        kept[index] = kept[index][1]
    return "".join(kept)


def topic(heading: str) -> str:
    """Return the words of a heading without emoji, numbers in front and colons behind."""
    text = _EMOJI.sub("", words(heading))
    text = re.sub(r"^(?:\d+(?:\.\d+)*[.)]|[#\-\u2013\u2014\u2022])\s*", "", text.strip())
    return " ".join(text.split()).strip(" :\uff1a-\u2013\u2014")


# --- Links --------------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A link in a text: its label as Markdown, its address (mended; empty when there is none), and where it stands."""

    label: str
    url: str
    start: int
    end: int
    image: bool = False
    bare: bool = False


_BARE: Final = re.compile(
    r"<?(?:https?://|www\.)[^\s<>\"\u3000-\u303f\uff00-\uffef]{1,2000}>?", re.IGNORECASE
)
_TARGET: Final = re.compile(r"\]\s?\(")
_LABEL_LIMIT: Final = 2000
_DEPTH: Final = 8  # of brackets in an address: more of them are no address


def links_in(text: str) -> list[Found]:
    """Return the links in *text* in their order: inline links, pictures, bare addresses. Linear in its length."""
    found: list[Found] = []
    opened: list[int] = []
    position, size = 0, len(text)
    while position < size:
        char = text[position]
        if char == "\\":
            position += 2
            continue
        if char == "[":
            opened.append(position)
        elif char == "]" and opened:
            start = opened.pop()
            target = _TARGET.match(text, position)
            if target and position - start <= _LABEL_LIMIT:
                end = _close(text, target.end())
                if end:
                    image = start > 0 and text[start - 1] == "!" and text[start - 2 : start - 1] != "\\"
                    label = text[start + 1 : position]
                    url = mend_url(text[target.end() : end - 1])
                    start -= image
                    while (
                        opened
                        and start - opened[-1] < 4
                        and text[end : end + 1] == "]"
                        and not text[opened[-1] + 1 : start].strip()
                        and not _TARGET.match(text, end)  # else the picture is the label of a link
                    ):
                        start, end = opened.pop(), end + 1
                    while found and found[-1].end > start:
                        found.pop()
                    found.append(Found(label, url, start, end, image))
                    position = end
                    if not image:
                        opened.clear()
                    continue
        elif (
            char in "<hHwW"
            and (bare := _BARE.match(text, position))
            and not opened
            and _word_starts(text, position)
        ):
            url = _trimmed(bare[0])
            found.append(
                Found(
                    url,
                    mend_url(url),
                    position,
                    position + len(bare[0]) if char == "<" else position + len(url),
                    bare=True,
                )
            )
            position = found[-1].end
            continue
        position += 1
    return found


def _word_starts(text: str, position: int) -> bool:
    before = text[position - 1 : position]
    return not (before.isascii() and before.isalnum()) and before != "@"


def _trimmed(url: str) -> str:
    """Return a bare address without the marks of the sentence around it."""
    url = url.strip("<>").rstrip("*_`")
    while url and (url[-1] in ".,;:!?'\"*_]}" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


def _close(text: str, start: int) -> int:
    """Return the index after the bracket that closes a link's target, 0 when it does not close on its line."""
    depth, position = 1, start
    limit = min(len(text), start + 4000)
    while position < limit:
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "\n":
            return 0
        elif char == "(":
            depth += 1
            if depth > _DEPTH:
                return 0
        elif char == ")":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return 0


def mend_url(text: str) -> str:
    """Return the address in a link's target, with a scheme and without a title and spaces; "" when it is none."""
    url = text.strip()
    if titled := re.match(r"<([^<>]*)>|(\S+)\s+[\"'(].*[\"')]$", url):
        url = titled[1] or titled[2] or ""
    url = _ESCAPED.sub(r"\1", url.strip()) if "\\" in url else url.strip()
    url = html.unescape(url) if "&amp;" in url else url
    url = url.replace(" ", "%20")
    if url.startswith("//"):
        url = f"https:{url}"
    problem = urls.problem_with(url)
    if (
        problem
        and "has no scheme" in problem
        and re.match(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#:]|$)", url, re.IGNORECASE)
    ):
        if re.search(
            r"\.(?:md|html?|png|jpe?g|gif|svg|pdf|txt|ipynb|py)$", url.partition("/")[0], re.IGNORECASE
        ):
            return ""  # a file beside the document
        url = f"https://{url}"
    elif (
        problem
        and "has no scheme" in problem
        and (broken := re.match(r"(https?)(?::+/*|/+)(?=\w)", url, re.IGNORECASE))
    ):
        url = f"{broken[1].lower()}://{url[broken.end() :]}"
    if urls.problem_with(url) or not url.lower().startswith(("http://", "https://")):
        return ""
    return url


#: What a link is, by words of its label; the first that fits.
_RELS: Final = (
    ("code", re.compile(r"\b(?:code|github|gitlab|repo(?:sitory)?|implementation|source|torch|pytorch|tensorflow|tf|keras|jax|model|weights?)\b", re.IGNORECASE)),
    ("slides", re.compile(r"\bslides?\b|\bpresentation\b|\bppt\b", re.IGNORECASE)),
    ("video", re.compile(r"\b(?:video|talk|youtube|lecture|recording|webinar)s?\b", re.IGNORECASE)),
    ("data", re.compile(r"\bdata(?:set)?s?\b|\bcorpus\b|\bbenchmark\b", re.IGNORECASE)),
    ("demo", re.compile(r"\b(?:demo|colab|notebook|playground|spaces?|try)\b", re.IGNORECASE)),
    ("discussion", re.compile(r"\b(?:reddit|discussion|hn|hacker ?news|tweets?|twitter|thread|comments?|reviews?)\b", re.IGNORECASE)),
    ("project", re.compile(r"\bproject\b|\bweb ?(?:site|page)\b|\bhome ?page\b|\bpage\b|\bsite\b", re.IGNORECASE)),
    ("paper", re.compile(r"\bpaper|\bpdf\b|arxiv|\bpreprint\b|openreview|\bdoi\b|\babs(?:tract)?\b|\bproceedings\b|论文|\bacl\b|\bneurips\b|\bnips\b|\bicml\b|\biclr\b|\bcvpr\b|\bpublication\b", re.IGNORECASE)),
)  # fmt: skip
_HOST_RELS: Final = {
    "github.com": "code",
    "gitlab.com": "code",
    "bitbucket.org": "code",
    "youtube.com": "video",
    "youtu.be": "video",
    "vimeo.com": "video",
    "openreview.net": "paper",
    "aclweb.org": "paper",
    "aclanthology.org": "paper",
    "papers.nips.cc": "paper",
    "proceedings.neurips.cc": "paper",
    "proceedings.mlr.press": "paper",
    "openaccess.thecvf.com": "paper",
    "twitter.com": "discussion",
    "x.com": "discussion",
    "news.ycombinator.com": "discussion",
    "reddit.com": "discussion",
    "slideshare.net": "slides",
    "speakerdeck.com": "slides",
    "kaggle.com": "data",
}
#: A label that says what a link is and nothing of what it leads to.
_GENERIC: Final = re.compile(
    r"(?:the |official |full |original |arxiv |nips |neurips |icml |iclr |acl |tech(?:nical)? |blog |project |source |research )*"
    r"(?:paper|papers|pdf|arxiv|abs|abstract|code|codes|github|repo|repository|implementation|project(?: ?page)?|page|website|site|web|homepage|"
    r"slides?|video|videos|talk|youtube|data|dataset|datasets|demo|colab|notebook|tweet|twitter|thread|reddit|discussion|article|blog|blog ?post|post|"
    r"link|links|here|source|openreview|doi|preprint|html|bibtex|poster|supp(?:lementary)?|appendix|review|model|models|weights|news|read more|more|report|docs|"
    r"book|library|release|announcement|press release|hn|medium|summary|notes?|pytorch|tensorflow|keras|torch|tf|website|readme|tool|course|tutorial|app|api|"
    r"issue|publication|form|channel)[\s.:!\d]*",
    re.IGNORECASE,
)


def is_generic(label: str) -> bool:
    """Say whether a link's *label* tells only what kind of thing it leads to, as "paper" and "code" do."""
    text = label.strip(" []()*_.,:")
    return len(text) < 2 or bool(_GENERIC.fullmatch(text))


def is_paper(url: str) -> bool:
    """Say whether *url* is that of a paper, by its form alone."""
    if urls.arxiv_id(url) or urls.doi(url) or url.partition("?")[0].lower().endswith(".pdf"):
        return True
    return _HOST_RELS.get(urls.host(url)) == "paper"


def link_of(found: Found) -> Link:
    """Return the labelled link: its kind by its label, else by its address; a label that only tells the kind is left out."""
    label = words(found.label).strip(" []") if not found.bare else ""
    rel = next((name for name, pattern in _RELS if label and pattern.search(label)), "")
    host = urls.host(found.url)
    if not rel or (rel == "code" and is_paper(found.url)):
        rel = "paper" if is_paper(found.url) else _HOST_RELS.get(host, "link")
    if rel == "project" and _HOST_RELS.get(host) == "code":
        rel = "code"
    plain = label.casefold() in (
        rel,
        f"{rel}s",
        "pdf",
        "arxiv",
        "github",
        "link",
        "here",
        "slide",
        "project page",
        "website",
        "tweet",
        "dataset",
    )
    return Link(rel, "" if plain and rel != "link" else label, found.url)


# --- Blocks -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Block:
    """A part of a document: its ``kind``, its first line (from 1), its lines as they are, and what they say.

    ``level`` is a heading's, ``indent`` a list item's in columns; ``text`` is without the marks in front.
    """

    kind: str
    line: int
    lines: list[str]
    text: str = ""
    level: int = 0
    indent: int = 0
    marker: str = ""

    @property
    def end(self) -> int:
        """The number of the line after it."""
        return self.line + len(self.lines)


_HEADING: Final = re.compile(r" {0,3}(?:\*\*)?(#{1,6})(?!#)\s*(.*)$")
_BULLET: Final = re.compile(
    r"([ \t]*)([-*+\u2022\u00b7\u25cf\u25e6\u25aa]|\d{1,4}[.)])(?:[ \t]+(.*)|(?=\[)(.*)|(?<=[-+\u2022])(?=\*\*[^*])(.*)|)$"
)
_RULE: Final = re.compile(r"\s*(?:(?:[-_*=\u2014\u2500\u2e3a][ \t]*){3,}|(?:\u2014\s*)+|\\+)$")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_ROW: Final = re.compile(r"\s*\|.*\S")
_FRONT_KEY: Final = re.compile(r"([A-Za-z][\w-]*):\s*(.*)$")


@dataclass(slots=True)
class Parsed:
    """A document as blocks, with the values of its front matter."""

    blocks: list[Block] = field(default_factory=list)
    front: dict[str, str] = field(default_factory=dict)


def parse_blocks(document: Document) -> Parsed:
    """Return *document* as blocks; every line that is not blank stands in just one of them."""
    lines = normal(document.text).split("\n")
    parsed = Parsed()
    number = skip_front_matter(lines)
    if number > 400:
        number = 0
    if number:
        for line in lines[1 : number - 1]:
            if match := _FRONT_KEY.match(line):
                parsed.front[match[1].casefold()] = match[2].strip().strip("\"'")
        parsed.blocks.append(Block("front", 1, lines[:number]))
    while number < len(lines):
        block = _next_block(lines, number)
        if block.kind != "blank":
            parsed.blocks.append(block)
        number += len(block.lines)
    return parsed


def _next_block(lines: list[str], number: int) -> Block:
    """Return the block that begins at index *number*."""
    line = lines[number]
    start = line.lstrip()[:4]
    if not start or _RULE.match(line):
        return Block("rule" if start else "blank", number + 1, [line])
    if match := _FENCE.match(line):
        return Block("fence", number + 1, _fenced(lines, number, match[1]))
    if start == "<!--":
        return Block("html", number + 1, _comment(lines, number))
    return _content_block(lines, number, line)


def _content_block(lines: list[str], number: int, line: str) -> Block:
    if (match := _HEADING.match(line)) and _is_heading(match):
        text = re.sub(r"\s#+\s*$", "", match[2]).strip()
        return Block("heading", number + 1, [line], text, len(match[1]))
    if line.lstrip().startswith(">"):
        return _quote(lines, number)
    if _ROW.match(line) and line.count("|") > 1:
        return Block("row", number + 1, [line], line.strip())
    if match := _BULLET.match(line):
        return _bullet(lines, number, match)
    return _paragraph(lines, number)


def _is_heading(match: re.Match[str]) -> bool:
    """Tell "##2021.09.15" and "###[Title](…)" from "#hashtag"."""
    before = match.string[match.start(2) - 1]
    return before in " \t#" and (
        before != "#" or len(match[1]) > 1 or match[2][:1] in "[:*0123456789" or not match[2]
    )


def _fenced(lines: list[str], number: int, mark: str) -> list[str]:
    for index in range(number + 1, len(lines)):
        closing = lines[index].strip()
        if closing.startswith(mark) and not closing.strip(mark[0]):
            return lines[number : index + 1]
    return lines[number:]


def _comment(lines: list[str], number: int) -> list[str]:
    for index in range(number, min(len(lines), number + 400)):
        if "-->" in lines[index]:
            return lines[number : index + 1]
    return [lines[number]]


def _quote(lines: list[str], number: int) -> Block:
    end = number + 1
    while end < len(lines) and lines[end].lstrip().startswith(">"):
        end += 1
    return Block("quote", number + 1, lines[number:end], "\n".join(lines[number:end]))


def _bullet(lines: list[str], number: int, match: re.Match[str]) -> Block:
    """Return a list item with the lines that continue it without a mark of their own."""
    end = number + 1
    while end < len(lines) and lines[end].strip() and not _starts(lines[end]):
        end += 1
    first = next((part for part in match.groups()[2:] if part is not None), "")
    text = " ".join([first.strip(), *(line.strip() for line in lines[number + 1 : end])]).strip()
    indent = len(match[1].expandtabs(4))
    return Block("item", number + 1, lines[number:end], text, indent=indent, marker=match[2])


def _paragraph(lines: list[str], number: int) -> Block:
    end = number + 1
    while end < len(lines) and lines[end].strip() and not _starts(lines[end]):
        end += 1
    return Block("text", number + 1, lines[number:end], "\n".join(line.strip() for line in lines[number:end]))


def _starts(line: str) -> bool:
    """Say whether *line* begins a block of its own, even right below a paragraph."""
    if (match := _HEADING.match(line)) and _is_heading(match):
        return True
    return bool(
        _BULLET.match(line)
        or _RULE.match(line)
        or _FENCE.match(line)
        or (_ROW.match(line) and line.count("|") > 1)
    ) or line.lstrip().startswith((">", "<!--"))


# --- Claims -------------------------------------------------------------------------------------------------------


class Claims:
    """Collects a harvest: items, and what became of the lines of blocks."""

    def __init__(self) -> None:
        self.harvest = Harvest()

    def add(self, item: Item) -> int:
        """Take an item; return its index."""
        self.harvest.items.append(item)
        return len(self.harvest.items) - 1

    def claim(self, block: Block, use: str, item: int | None = None, why: str = "") -> None:
        """Say what became of all lines of *block* that are not blank."""
        for offset, line in enumerate(block.lines):
            if line.strip():
                self.harvest.lines.append(Line(block.line + offset, use, item, why))

    def skip(self, block: Block, why: str = "no entry stands here") -> None:
        """Say that the lines of *block* were read and not understood."""
        self.claim(block, Use.UNPARSED, None, why)


def joined(blocks: list[Block]) -> str:
    """Return the Markdown of *blocks* as it stands in the document, with one blank line where there were some."""
    out: list[str] = []
    end = 0
    for block in blocks:
        if out and block.line > end:
            out.append("")
        out += block.lines
        end = block.end
    return "\n".join(out)


def stars_in(text: str) -> tuple[int, str]:
    """Return how many stars *text* begins with, three at most, and the rest of it."""
    count = 0
    while count < 10 and (match := STAR.match(text.lstrip(" *"))):
        text = text.lstrip(" *")[match.end() :]
        count += 1
    return min(count, 3), text.strip()
