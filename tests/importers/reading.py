"""Reads a text with the importer that is surest of it, and checks what every importer must hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlwatch.core.importers import detect
from mlwatch.core.importers.base import Document, Harvest
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from mlwatch.core.importers.base import Item

SETTINGS, _ = read({})


def harvest(text: str, form: str, name: str = "given") -> Harvest:
    """Return what the importer *form* finds; it must be the one that recognizes *text*."""
    document = Document(name, text)
    surest = detect(document)
    assert surest.name == form
    found = surest.read(document, SETTINGS)
    check(document, found)
    return found


def check(document: Document, found: Harvest) -> None:
    """Check that all lines exist, that items are named rightly, and that no line has lost its item."""
    last = len(document.lines)
    assert all(1 <= line.number <= last for line in found.lines)
    assert all(line.item is None or 0 <= line.item < len(found.items) for line in found.lines)
    assert [line.number for line in found.lines] == sorted(line.number for line in found.lines)
    named = {line.item for line in found.lines}
    assert set(range(len(found.items))) <= named
    for item in found.items:
        assert not item.entry.docname
        assert item.entry.path == document.name
        assert 1 <= item.entry.line <= last
        assert item.entry.title


def facts(item: Item) -> dict[str, Any]:
    """Return the options of an item that are set, and its texts; links as (rel, label, url)."""
    known = item.entry.as_dict()
    out = {name: value for name, value in known.items() if value and name not in ("docname", "links")}
    for rel in [link.rel for link in item.entry.links]:
        out.pop(rel, None)
    if item.entry.links:
        out["links"] = [tuple(link) for link in item.entry.links]
    if out.get("kind") == "article":
        del out["kind"]
    return out


def told(found: Harvest, use: str) -> list[int]:
    """Return the numbers of the lines of one use."""
    return [line.number for line in found.lines if line.use == use]


def unnamed(text: str, found: Harvest) -> list[int]:
    """Return the numbers of the lines that nothing is said of."""
    named = {line.number for line in found.lines}
    return [number for number in range(1, text.count("\n") + 2) if number not in named]
