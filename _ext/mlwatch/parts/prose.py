"""The Markdown of a summary or a comment as pieces, where another page shows it: paragraphs, lists, emphasis, links.

What pieces cannot show (tables, formulas, code) is shown as its text.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from ..core.dialect import parse
from .markup import El, Go

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..core.bibtex import Record
    from .markup import Piece


class Prose:
    """Turns Markdown into pieces; *records* are those that it may cite, by key, *extensions* are those of the dialect."""

    def __init__(self, records: Mapping[str, Record], extensions: Sequence[str]) -> None:
        self._records = records
        self._extensions = extensions

    def pieces(self, markdown: str, docname: str, classes: str = "") -> list[Piece]:
        """Return *markdown*, from the page *docname*, as blocks; paragraphs have *classes*."""
        if not markdown:
            return []
        tree = SyntaxTreeNode(parse(markdown, docname, self._extensions))
        return list(self._blocks(tree.children, docname, classes))

    def _blocks(self, nodes: Iterable[SyntaxTreeNode], docname: str, classes: str) -> Iterable[Piece]:
        for node in nodes:
            if node.type in ("paragraph", "heading"):
                words = tuple(self._inline(node.children[0].children, docname)) if node.children else ()
                yield El("p", classes, words if node.type == "paragraph" else (El("strong", "", words),))
            elif node.type in ("bullet_list", "ordered_list"):
                items = (
                    El("li", "", tuple(self._blocks(item.children, docname, ""))) for item in node.children
                )
                yield El("ul", "", tuple(items))
            elif node.type in ("fence", "colon_fence", "code_block", "math_block", "amsmath"):
                if node.content.strip():
                    yield El("p", classes, (node.content.strip(),))
            elif node.children:
                yield from self._blocks(node.children, docname, classes)
            elif node.type == "inline" and node.content:
                yield El("p", classes, (node.content,))

    def _inline(self, nodes: Iterable[SyntaxTreeNode], docname: str) -> Iterable[Piece]:
        for node in nodes:
            if node.type in ("softbreak", "hardbreak"):
                yield " "
            elif node.type in ("em", "strong"):
                yield El(node.type, "", tuple(self._inline(node.children, docname)))
            elif node.type == "code_inline":
                yield El("span", "mlw-code", (node.content,))
            elif node.type == "link":
                yield from self._link(node, docname)
            elif node.type == "myst_role":
                yield from self._role(node.meta["name"], node.content)
            elif node.type == "image":
                yield Go("web", str(node.attrs.get("src", "")), (node.content or "picture",))
            elif node.type not in ("footnote_ref", "footnote_anchor"):
                yield node.content

    def _link(self, node: SyntaxTreeNode, docname: str) -> Iterable[Piece]:
        words = tuple(self._inline(node.children, docname))
        target = str(node.attrs.get("href", ""))
        if target.startswith("#"):
            return words
        if ":" in target.partition("/")[0]:
            return (Go("web", target, words),)
        path = unquote(target.partition("#")[0]).removesuffix(".md")
        folder = "" if path.startswith("/") else posixpath.dirname(docname)
        page = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        return (Go("page", page, words or (page,)),)

    def _role(self, name: str, content: str) -> Iterable[Piece]:
        if not name.startswith("cite"):
            words = content.partition(" <")[0] if content.endswith(">") else content.rpartition("/")[2]
            return (words,)
        cited: list[Any] = []
        for key in map(str.strip, content.split(",")):
            record = self._records.get(key)
            label = record.label if record else None
            if label:
                cited += ["; ", Go("cite", key, (El("span", "mlw-cite", (label,)),))]
        return ("(", *cited[1:], ")") if cited else ()
