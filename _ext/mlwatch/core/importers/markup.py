"""HTML of bookmark files and feeds: its tags one by one, and as Markdown.

What becomes of Markdown that could do harm on a page is the matter of :mod:`mlwatch.core.prose`.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from .. import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Each alternative takes an end that is missing as the end of the text, so that no character is looked at twice.
_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<[!?][^>]*(?:>|\Z)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)"
    r"(?P<rest>(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[^'\">])*+)(?:>|\Z)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"([^\s=\"'>/]++)(?:\s*+=\s*+(?:\"([^\"]*)\"?|'([^']*)'?|([^\s\"'>]+)))?", re.DOTALL
)
_BLOCKS: Final = frozenset(
    "p div section article header footer h1 h2 h3 h4 h5 h6 ul ol dl dt dd table tr blockquote figure hr pre".split()
)
_HIDDEN: Final = frozenset(("script", "style", "template", "svg", "head"))
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#~|{}$])")


class Tag(NamedTuple):
    """A tag, or a text between tags: ``name`` is in lower case, empty for text, ``!`` for comments and the like.

    It stands between ``position`` and ``end``; a ``text`` is shorter, its references to characters are resolved.
    """

    name: str
    closing: bool
    attributes: str
    text: str
    position: int
    end: int

    def get(self, name: str) -> str:
        """Return the value of the attribute *name* (in lower case), "" when it has none."""
        return self.all().get(name, "")

    def all(self) -> dict[str, str]:
        """Return all attributes, names in lower case; the first of a repeated one."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.attributes):
            value = match[2] if match[2] is not None else match[3] if match[3] is not None else match[4]
            found.setdefault(match[1].lower(), unescape(value or ""))
        return found


def tags(html: str) -> Iterator[Tag]:
    """Yield the tags and texts of *html* in order; takes anything, in linear time."""
    position = 0
    for match in _TOKEN.finditer(html):
        if match.start() > position:
            yield Tag("", False, "", unescape(html[position : match.start()]), position, match.start())
        position = match.end()
        if match["name"]:
            yield Tag(match["name"].lower(), bool(match["close"]), match["rest"], "", *match.span())
        elif match["cdata"] is not None:
            yield Tag("", False, "", match["cdata"], *match.span())
        else:
            yield Tag("!", False, "", match[0], *match.span())
    if position < len(html):
        yield Tag("", False, "", unescape(html[position:]), position, len(html))


def from_html(html: str) -> str:
    """Return *html* as Markdown: paragraphs, list items, links and code; of everything else the words."""
    writer = _Writer()
    hidden = ""
    for tag in tags(html):
        if hidden:
            hidden = "" if tag.closing and tag.name == hidden else hidden
        elif tag.name in _HIDDEN and not tag.closing:
            hidden = tag.name
        elif tag.name:
            writer.tag(tag)
        else:
            writer.words(tag.text)
    return writer.text()


class _Writer:
    """Puts Markdown together; ``pre`` counts open ``<pre>``, ``link`` is where an open ``<a>`` leads."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._parts: list[str] = []
        self._code: list[str] | None = None
        self._link: tuple[str, int] | None = None
        self._mark = ""

    def words(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
        else:
            self._parts.append(_SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text)))

    def tag(self, tag: Tag) -> None:
        if tag.name in ("pre", "code") and self._code is None and not tag.closing:
            if tag.name == "pre":
                self._end_block()
            self._code = []
        elif tag.name in ("pre", "code") and tag.closing:
            self._end_code(tag.name)
        elif self._code is not None:
            self._code.append("\n" if tag.name == "br" else "")
        elif tag.name == "a":
            self._end_link()
            if not tag.closing and urls.is_safe(address := tag.get("href").strip()):
                self._link = address, len(self._parts)
        elif tag.name == "br":
            self._parts.append("\n")
        elif tag.name == "img":
            self.words(tag.get("alt"))
        elif tag.name == "li":
            self._end_block()
            self._mark = "" if tag.closing else "- "
        elif tag.name in _BLOCKS:
            self._end_block()

    def _end_code(self, name: str) -> None:
        if self._code is None:
            return
        code, self._code = "".join(self._code), None
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        if name == "pre":
            fence = "`" * max(3, longest + 1)
            self._blocks.append(f"{fence}\n{code.strip(chr(10))}\n{fence}")
        elif code.strip():
            fence = "`" * (longest + 1)
            pad = " " if longest else ""
            self._parts.append(f"{fence}{pad}{' '.join(code.split())}{pad}{fence}")

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, start = self._link
        self._link = None
        label = " ".join("".join(self._parts[start:]).split())
        target = re.sub("[()<>]", lambda found: f"%{ord(found[0]):02X}", address)
        before = " " if self._parts[start:] and self._parts[start][:1].isspace() else ""
        self._parts[start:] = [f"{before}[{label}]({target})"] if label else []

    def _end_block(self) -> None:
        self._end_link()
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        text = "\n".join(line for line in lines if line)
        self._parts = []
        if text:
            self._blocks.append(self._mark + text.replace("\n", "\n  ") if self._mark else text)
            self._mark = ""

    def text(self) -> str:
        if self._code is not None:
            self._end_code("code")
        self._end_block()
        out: list[str] = []
        for before, block in zip(["", *self._blocks], self._blocks, strict=False):
            if out:
                out.append("\n" if block.startswith("- ") and before.startswith("- ") else "\n\n")
            out.append(block)
        return "".join(out)
