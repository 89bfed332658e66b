"""Adding records to a .bib file: in the order of their keys, without repeats, all other bytes as they were."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from ..urls import doi
from .work import Work, key_of, record_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ..bibtex import Record

#: A title shorter than this many letters may be that of two papers.
_LONG_TITLE: Final = 20


class Shelf:
    """The papers that a bibliography has, found by arXiv identifier, DOI, or title and first author."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.taken: set[str] = set()
        self._keys: dict[str, str] = {}
        #: The new records by key.
        self.added: dict[str, str] = {}
        for record in records:
            self.note(record)

    def note(self, record: Record) -> None:
        """Keep in mind that the bibliography has *record*."""
        self.taken.add(record.key.lower())
        family = record.families[0] if record.families else ""
        named = doi(record.get("doi")) or next(filter(None, map(doi, record.addresses)), "")
        self._note(record.key, _names(record.arxiv, named, record.title, family))

    def find(self, *, arxiv: str = "", doi: str = "") -> str:
        """Return the key of the paper with this identifier, or an empty string."""
        return next((key for name in _names(arxiv, doi) if (key := self._keys.get(name))), "")

    def put(self, work: Work) -> str:
        """Return the key of *work*; when no record has it yet, one is made."""
        family = work.people[0].family or work.people[0].whole.split(" ")[-1] if work.people else ""
        names = _names(work.arxiv, work.doi, work.shown_title, family)
        key = next((key for name in names if (key := self._keys.get(name))), "")
        if not key:
            key = key_of(work, self.taken)
            self.taken.add(key)
            self.added[key] = record_of(work, key)
        self._note(key, names)
        return key

    def _note(self, key: str, names: Sequence[str]) -> None:
        for name in names:
            self._keys.setdefault(name, key)


def _names(arxiv: str, doi: str, title: str = "", family: str = "") -> list[str]:
    letters = re.sub(r"[\W_]+", "", title.casefold())
    return [
        *([f"arxiv:{arxiv}"] if arxiv else []),
        *([f"doi:{doi}"] if doi else []),
        *([f"title:{letters}/{family.casefold()}"] if family and len(letters) >= _LONG_TITLE else []),
    ]


def with_records(path: Path, records: Mapping[str, str]) -> bytes:
    """Return the content of the .bib file at *path* (none, if it is not there) with *records* put in.

    Each stands before the first record whose key comes after its own; in a file that is sorted, it stays so.
    """
    from ..bibread import Reader

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    reader = Reader()
    if content:
        reader.read_file(path, content)
    end = b"\r\n" if b"\r\n" in content else b"\n"
    lines = content.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    places = [
        (record.key.casefold(), place)
        for record in sorted(reader.found.values(), key=lambda record: record.line)
        if (place := _before(lines, starts, record.line)) is not None
    ]
    # The first key that comes after another is where the largest key so far first does.
    largest = list(accumulate((other for other, _ in places), max))
    inserted: defaultdict[int, list[bytes]] = defaultdict(list)
    for key, text in sorted(records.items(), key=lambda item: (item[0].casefold(), item[0])):
        index = bisect_right(largest, key.casefold())
        place = places[index][1] if index < len(places) else len(content)
        inserted[place].append(text.encode("utf-8").replace(b"\n", end) + end)
    parts: list[bytes] = []
    position = 0
    for place, texts in sorted(inserted.items()):
        parts.append(content[position:place])
        parts.append(end.join(texts) + end if place < len(content) else _gap(content, end) + end.join(texts))
        position = place
    return b"".join([*parts, content[position:]])


def _before(lines: list[bytes], starts: list[int], line: int) -> int | None:
    """Return where text before the record at *line* begins, with the remarks that stand right above it."""
    index = line - 1
    mark = b"\xef\xbb\xbf" if index == 0 and lines[0].startswith(b"\xef\xbb\xbf") else b""
    if not lines[index].removeprefix(mark).lstrip().startswith(b"@"):
        return None  # something else, such as the end of another record, stands in this line
    while index and lines[index - 1].lstrip().startswith(b"%"):
        index -= 1
    return starts[index] + (len(mark) if index == 0 else 0)


def _gap(content: bytes, end: bytes) -> bytes:
    """Return what parts a record from the *content* before it: the end of a line and an empty line."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n") or content.endswith((b"\n\n", b"\n\r\n")):
        return b""
    return end if content.endswith(b"\n") else end + end
