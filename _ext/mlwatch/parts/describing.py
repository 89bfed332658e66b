"""What a page is about in a sentence, for search engines and for whoever is sent its address."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from docutils import nodes

from .markup import El, drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .markup import Piece

#: About what search engines show.
_LONGEST: Final = 160
_TAG: Final = re.compile(r"<[^>]*>")
#: Parts that lead around a page, and facts that stand in a card.
_ASIDE: Final = {"mlw-letters", "mlw-pager", "mlw-issue"}


def description(title: str, page: nodes.Node | None, site: str) -> str:
    """Return how *page* begins, after its *title* (HTML) where it begins with a list; the *site* where it says nothing."""
    name = unescape(_TAG.sub("", title))
    if isinstance(page, nodes.Element):
        for node in page.findall(lambda node: isinstance(node, (nodes.paragraph, drawn))):
            if isinstance(node, drawn):
                said = _begin(_lines(node["pieces"]))
                said = f"{name}: {said}" if said else ""
            else:
                said = node.astext()
            if said := " ".join(said.split()):
                return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
    return f"{name} – {site}" if name != site else site


def _begin(lines: Iterable[str]) -> str:
    """Return as many *lines* as are needed."""
    said = ""
    for line in lines:
        said += f" · {line}" if said else line
        if len(said) > _LONGEST:
            break
    return said


def _lines(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the text of each paragraph."""
    for piece in pieces:
        if isinstance(piece, El) and piece.classes not in _ASIDE:
            if piece.tag == "p":
                yield _text(piece.content)
            else:
                yield from _lines(piece.content)


def _text(pieces: Iterable[Piece]) -> str:
    return "".join(piece if isinstance(piece, str) else _text(piece.content) for piece in pieces)
