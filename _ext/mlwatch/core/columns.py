"""What the search page knows of all records at once: facets, dates and names, in the order of the records.

A column is JSON in gzip. It is loaded whole, so its form is the one that takes the fewest bytes.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .collection import PROMINENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .collection import Collection
    from .searching import Record

#: The character for number 0 in a column, and how many numbers may be characters (before the surrogates).
_FIRST: Final = 0x30
_MOST: Final = 0xD000


def columns(found: Sequence[Record], site: str) -> dict[str, Any]:
    """Return, for all records in their order, what lists and facets need; *site* is the language of what names none.

    A facet has its values and the sets of values that occur; of each record it has the number of its set.
    """
    facets = {
        "topic": _facet([record.topics for record in found]),
        "source": _facet([(record.source,) for record in found]),
        "year": _facet([(record.year,) for record in found]),
        "star": _facet([(str(record.star or ""),) for record in found]),
        "kind": _facet([(record.kind,) for record in found]),
        "series": _facet([record.series for record in found]),
        "venue": _facet([record.venues for record in found]),
        "published": _facet([record.published for record in found]),
        "lang": _facet([(record.lang or site,) for record in found]),
        "has": _facet([record.has for record in found]),
    }
    return {"dates": "\n".join(record.date for record in found), "facets": facets}


def keyword_columns(found: Sequence[Record]) -> dict[str, Any]:
    """Return all keywords, the most frequent first, each with its records: the steps from one to the next.

    The first ``prominent`` of them are offered as values of the facet; the others can only be chosen by name.
    """
    members: dict[str, list[int]] = {}
    for number, record in enumerate(found):
        for keyword in record.keywords:
            members.setdefault(keyword, []).append(number)
    ordered = sorted(members, key=lambda name: (-len(members[name]), name))
    steps = [_numbers([b - a for a, b in pairwise([0, *members[name]])]) for name in ordered]
    prominent = sum(len(of_keyword) >= PROMINENT for of_keyword in members.values())
    return {"values": ordered, "steps": steps, "prominent": prominent}


def _facet(values: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    counts = Counter(value for of_record in values for value in of_record if value)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    number = {name: i for i, name in enumerate(names)}
    sets = {of_record: tuple(number[value] for value in of_record if value) for of_record in values}
    often = Counter(sets[of_record] for of_record in values)
    ordered = sorted(often, key=lambda one: (-often[one], one))
    place = {one: i for i, one in enumerate(ordered)}
    return {"values": names, "sets": ordered, "of": _numbers([place[sets[one]] for one in values])}


def _numbers(numbers: list[int]) -> str | list[int]:
    """Return *numbers* as a character each, from "0", which takes two thirds of a list; large ones as they are."""
    return "".join(chr(_FIRST + n) for n in numbers) if max(numbers, default=0) < _MOST else numbers


def id_columns(ids: Sequence[str]) -> dict[str, Any]:
    """Return the names of the records' files without what all share; those of another length stand apart."""
    prefix = ids[0].rpartition("_")[0] + "_" if ids else ""
    width = Counter(len(id_) for id_ in ids).most_common(1)[0][0] - len(prefix) if ids else 0
    odd = {
        str(n): id_
        for n, id_ in enumerate(ids)
        if not id_.startswith(prefix) or len(id_) != len(prefix) + width
    }
    joined = "".join("" if str(n) in odd else id_.removeprefix(prefix) for n, id_ in enumerate(ids))
    return {"prefix": prefix, "width": width, "joined": joined, "odd": odd}


def entry_column(found: list[Record], collection: Collection) -> list[int]:
    """Return for each record the CRC-32 of its entry's docname, 0 for a digest: a reader's own marks name docnames."""
    entries = collection.catalogue.by_docname
    return [zlib.crc32(one.docname.encode()) if one.docname in entries else 0 for one in found]


def address_columns(found: Sequence[Record]) -> dict[str, list[int]]:
    """Return the CRC-32 of each address by which a record is found, in order, and beside them the number of the record.

    Where several records have the same, there are as many.
    """
    pairs = sorted(
        (zlib.crc32(key.encode()), n) for n, record in enumerate(found) for key in record.addresses
    )
    return {"sums": [crc for crc, _ in pairs], "of": [n for _, n in pairs]}


def packed(value: Any, *, repeats: bool = True) -> bytes:
    """Return *value* as JSON in gzip (RFC 1952), the same bytes each time; hashes hold no *repeats* to look for."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    strategy = zlib.Z_DEFAULT_STRATEGY if repeats else zlib.Z_HUFFMAN_ONLY
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, 9, strategy)
    return packer.compress(text.encode()) + packer.flush()
