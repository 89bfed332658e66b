"""XML as a tree of elements that know their lines: what feeds, OPML and Pinboard's export need of it.

Nothing outside the file is ever read, and a document that declares entities of its own is refused, so that no
reference can grow. Files in the wild name HTML's entities without declaring them and forget to escape ``&``;
both are mended before reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from .base import ImportFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST: Final = 200
_CONTROL: Final = {code: " " for code in range(32) if chr(code) not in "\t\n"} | {0xFFFE: " ", 0xFFFF: " "}
_AMPERSAND: Final = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
    r"|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?",
    re.DOTALL,
)
#: Namespaces of elements that feeds use, to the prefix under which they are known here; the core ones to none.
_PREFIXES: Final = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://arxiv.org/schemas/atom": "arxiv",
    "http://www.w3.org/xml/1998/namespace": "xml",
}


@dataclass(slots=True)
class Node:
    """An element: its name with the prefix known here, its attributes, its lines, and what it holds in order.

    It is ``complete`` unless the document broke off within it.
    """

    name: str
    attributes: dict[str, str]
    first: int
    last: int = 0
    parts: list[str | Node] = field(default_factory=list)
    complete: bool = False

    @property
    def children(self) -> Iterator[Node]:
        """The elements in it."""
        return (part for part in self.parts if isinstance(part, Node))

    def child(self, *names: str) -> Node | None:
        """Return the first element of the first of *names* that is there."""
        return next((node for name in names for node in self.children if node.name == name), None)

    def get(self, name: str) -> str:
        """Return the value of an attribute, "" when there is none."""
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All text in it."""
        out: list[str] = []
        stack: list[str | Node] = [self]
        while stack:
            part = stack.pop()
            if isinstance(part, str):
                out.append(part)
            else:
                stack += reversed(part.parts)
        return "".join(out)


@dataclass(frozen=True, slots=True)
class Tree:
    """The root, and at which line reading ended, and why, when the document is broken."""

    root: Node
    broken: tuple[int, str] | None


class _RefusedError(ValueError):
    pass


def read_xml(text: str) -> Tree:
    """Return *text* as a tree; of a broken document what stands before the fault. Raises ImportFailure."""
    builder = _Builder()
    broken = None
    try:
        builder.parser.Parse(_mended(text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        broken = error.lineno, f"the XML is broken here: {expat.ErrorString(error.code)}"
    except _RefusedError as error:
        if builder.root is None or not builder.root.parts:
            raise ImportFailure(f"line {builder.parser.CurrentLineNumber}: {error}") from None
        broken = builder.parser.CurrentLineNumber, str(error)
    if builder.root is None:
        line, why = broken or (1, "it holds no element")
        raise ImportFailure(f"line {line}: {why}")
    for node in builder.open:
        node.last = builder.parser.CurrentLineNumber
    return Tree(builder.root, broken)


def _mended(text: str) -> str:
    return _AMPERSAND.sub(_mend, text.lstrip("\ufeff").translate(_CONTROL))


def _mend(found: re.Match[str]) -> str:
    if found[0][0] != "&":
        return found[0]
    if found[1]:
        known = html5.get(f"{found[1]};")
        return "".join(f"&#{ord(char)};" for char in known) if known else f"&amp;{found[1]};"
    return "&amp;"


class _Builder:
    """Takes expat's events; namespaces are kept as a pile for each prefix, so that no scope is copied."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity
        self.root: Node | None = None
        self.open: list[Node] = []
        self._scopes: dict[str, list[str]] = {}
        self._declared: list[list[str]] = []

    def _entity(self, name: str, *_rest: object) -> None:
        raise _RefusedError(f"the document declares an entity, {name[:40]!r}; such files are not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= _DEEPEST:
            raise _RefusedError("elements are nested too deep here")
        declared = []
        for attribute, value in attributes.items():
            if attribute == "xmlns" or attribute.startswith("xmlns:"):
                prefix = attribute[6:]
                self._scopes.setdefault(prefix, []).append(_PREFIXES.get(value.strip().lower(), prefix))
                declared.append(prefix)
        self._declared.append(declared)
        node = Node(self._known(name), attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].parts.append(node)
        elif self.root is None:
            self.root = node
        self.open.append(node)

    def _known(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        scope = self._scopes.get(prefix)
        known = scope[-1] if scope else prefix
        return f"{known}:{local}" if known and (colon or known != prefix) else local

    def _end(self, _name: str) -> None:
        node = self.open.pop()
        node.last, node.complete = self.parser.CurrentLineNumber, True
        for prefix in self._declared.pop():
            self._scopes[prefix].pop()

    def _characters(self, text: str) -> None:
        if self.open:
            self.open[-1].parts.append(text)
