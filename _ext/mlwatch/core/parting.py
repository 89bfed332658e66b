"""Pages of a long list that keep what stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence


def part(names: Sequence[str], size: int) -> list[slice]:
    """Part a list of *names* into pages of *size* at most, the last one first, so that one name more or less changes one page.

    A page begins with a name whose checksum says so, once it has half of what it may have: content-defined chunking, as in
    rsync (Tridgell 1999, chapter 4). So pages after a change begin where they began, but for a neighbour now and then. The
    first page has what is left, and takes in the next one rather than have less than a quarter; then it may have a quarter more.
    """
    start = end = len(names)
    parts: list[slice] = []
    while start and len(names) > size:
        start -= 1
        has = end - start
        if has == size or (2 * has >= size and crc32(names[start].encode()) % max(2, size // 8) == 0):
            parts.append(slice(start, end))
            end = start
    if end < max(1, size // 4) and parts:
        end = parts.pop().stop
    return [*parts, slice(0, end)]
