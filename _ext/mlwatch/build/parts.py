"""Indexes of Pagefind put together: what it makes of some records each, as one index of all.

Pagefind holds all that it indexes in memory and begins anew with each change: 800 MB and five seconds at 10,000
entries. So it is given some hundred records at a time, and only those of which one has changed; its answers are put
together here. Words, places and names of records stay as Pagefind wrote them; the numbers of records are counted on.

The files are CBOR (RFC 8949) in gzip with a mark before it, as Pagefind 1.5 writes them
(``pagefind/src/index/index_metadata.rs`` and ``index_words.rs`` in its sources):

- ``.pf_meta``: ``[version, [[record, words], …], [[from, to, chunk], …], filters, sorts, [field of meta, …]]``
- ``.pf_index``: ``[[[word, pages, [[spelling, pages], …]], …]]``, where *pages* is
  ``[[steps from the number before, [place, …], [place in meta, …]], …]``

What is not of that form raises PagefindError.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from hashlib import blake2b, sha1
from heapq import merge
from itertools import chain, groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .pagefind import PagefindError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_MARK: Final = b"pagefind_dcd"
#: A query loads the chunks in which its words stand: bytes of one before compression, about 6 KB after it.
_CHUNK: Final = 16_000

_INT: Final = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a].{4}|[\x1b\x3b].{8})"
_LIST: Final = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a.{4})" + _INT + rb"*+"
_PAGE: Final = re.compile(rb"\x83(" + _INT + rb")" + _LIST + _LIST, re.DOTALL)
_ENTRY: Final = "pagefind-entry.json"
_PROGRAM: Final = ("pagefind-", "pagefind.js", "wasm")
_META: Final = ".pf_meta"
_INDEX: Final = ".pf_index"
_FRAGMENT: Final = ".pf_fragment"


class Pages(NamedTuple):
    """The records that have a word: how many, the first and the last number, and all after the first number as it stands."""

    length: int
    first: int
    last: int
    rest: bytes


class Word(NamedTuple):
    """A word, in which records it stands, and the same for each of its spellings with accents."""

    word: bytes
    pages: Pages
    spellings: tuple[tuple[bytes, Pages], ...]


class Part(NamedTuple):
    """What Pagefind made of some records.

    *names* and *lengths* are those of the records in the order in which they were given; *fragments* are their files.
    """

    version: str
    fields: tuple[str, ...]
    names: tuple[str, ...]
    lengths: tuple[int, ...]
    words: tuple[Word, ...]
    fragments: dict[str, bytes]
    #: The page's side of Pagefind, the same for any records: name and content.
    program: dict[str, bytes]


def read(files: Mapping[str, bytes], count: int) -> Part:
    """Return what Pagefind's *files* hold of the *count* records that it was given."""
    try:
        found = [content for name, content in files.items() if name.endswith(_META)]
        meta: list[Any] = _read_all(_content(found[0])) if count else ["", [], [], [], [], []]
        version, pages, chunks, filters, sorts, fields = meta
        _expect(len(pages) == count and not filters and not sorts)
        return Part(
            version=version,
            fields=tuple(fields),
            names=tuple(name for name, _ in pages),
            lengths=tuple(length for _, length in pages),
            words=tuple(
                word for *_, chunk in chunks for word in _words(_content(files[f"index/{chunk}{_INDEX}"]))
            ),
            fragments={name: files[f"fragment/{name}{_FRAGMENT}"] for name, _ in pages},
            program={name: files[name] for name in files if name.startswith(_PROGRAM)},
        )
    except (OSError, EOFError, zlib.error, LookupError, TypeError, ValueError):
        raise PagefindError("Pagefind wrote an index of another form than that of version 1.5") from None


def joined(parts: Sequence[Part], language: str, folder: Path) -> tuple[dict[str, bytes], list[list[str]]]:
    """Return the files of one index of all *parts*, and of each part the names of its records in that index.

    What an earlier index in *folder*, which need not be there, has in a file of the same name is not packed again.
    """
    filled = [part for part in parts if part.names]
    if len({(part.version, part.fields) for part in filled}) > 1:
        raise PagefindError("Pagefind wrote indexes that do not fit together")
    files = dict((filled or parts)[0].program)
    names = [[_name(files, name, part.fragments[name], language) for name in part.names] for part in parts]
    if not filled:
        return files, names
    chunks = list(_chunks(_joined_words(parts)))
    _trim(chunks)
    index = []
    for first, last, content in chunks:
        name = f"{language}_{hash_of(content)}"
        file = f"index/{name}{_INDEX}"
        files[file] = _read(folder / file) or _packed(content)
        index.append([first, last, name])
    lengths = [length for part in parts for length in part.lengths]
    pages = list(zip(chain.from_iterable(names), lengths, strict=True))
    meta = _written([filled[0].version, pages, index, [], [], filled[0].fields])
    name = f"{language}_{hash_of(meta)}"
    files[f"pagefind.{name}{_META}"] = _packed(meta)
    entry = json.loads(files[_ENTRY])
    for about in entry["languages"].values():
        about.update(hash=name, page_count=len(pages))
    files[_ENTRY] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return files, names


def _name(files: dict[str, bytes], name: str, fragment: bytes, language: str) -> str:
    """Put *fragment* into *files* and return its name there: Pagefind's short ones may meet, but in one index of its own."""
    if files.setdefault(f"fragment/{name}{_FRAGMENT}", fragment) is not fragment:
        name = f"{language}_{sha1(fragment, usedforsecurity=False).hexdigest()}"
        files[f"fragment/{name}{_FRAGMENT}"] = fragment
    return name


def _joined_words(parts: Sequence[Part]) -> Iterator[tuple[bytes, bytes]]:
    """Give each word with what an index holds of it, in the order of the words."""
    base = 0
    rows = []
    for part in parts:
        rows.append([(word.word, base, word) for word in part.words])
        base += len(part.names)
    for word, same in groupby(merge(*rows, key=itemgetter(0, 1)), key=itemgetter(0)):
        pages: list[tuple[int, Pages]] = []
        spellings: dict[bytes, list[tuple[int, Pages]]] = {}
        for _, start, found in same:
            pages.append((start, found.pages))
            for spelling, of in found.spellings:
                spellings.setdefault(spelling, []).append((start, of))
        content = [b"\x83", _head(3, len(word)), word, *_joined_pages(pages), _head(4, len(spellings))]
        for spelling, of_spelling in spellings.items():
            content += [b"\x82", _head(3, len(spelling)), spelling, *_joined_pages(of_spelling)]
        yield word, b"".join(content)


def _joined_pages(found: Iterable[tuple[int, Pages]]) -> Iterator[bytes]:
    filled = [(start, pages) for start, pages in found if pages.length]
    yield _head(4, sum(pages.length for _, pages in filled))
    before = 0
    for start, pages in filled:
        yield b"\x83" + _head(0, start + pages.first - before) + pages.rest
        before = start + pages.last


def _chunks(words: Iterable[tuple[bytes, bytes]]) -> Iterator[list[Any]]:
    """Give the words in chunks: the first, the last, and the content of the chunk's file."""
    first = last = ""
    size, held = 0, list[bytes]()
    for word, content in words:
        last = word.decode()
        first = first if held else last
        held.append(content)
        size += len(content)
        if size >= _CHUNK:
            yield [first, last, b"\x81" + _head(4, len(held)) + b"".join(held)]
            size, held = 0, []
    if held:
        yield [first, last, b"\x81" + _head(4, len(held)) + b"".join(held)]


def _trim(chunks: list[list[Any]]) -> None:
    """Shorten first and last words to what tells neighbours apart, as Pagefind does; a query for a beginning needs it."""
    for one, other in pairwise(chunks):
        last, first = one[1], other[0]
        same = next(
            (i for i, (a, b) in enumerate(zip(last, first, strict=False)) if a != b),
            min(len(last), len(first)),
        )
        if last[: same + 1] >= one[0]:
            one[1] = last[: same + 1]
        other[0] = first[: same + 1]


# --- The form of the files -------------------------------------------------------------------------------------------


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError


def _content(packed: bytes) -> bytes:
    content = gzip.decompress(packed)
    _expect(content.startswith(_MARK))
    return content[len(_MARK) :]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _packed(content: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(_MARK + content) + packer.flush()


def hash_of(content: bytes) -> str:
    """Return a short hash for the name of a file with *content*."""
    return blake2b(content, digest_size=5).hexdigest()


def _words(data: bytes) -> Iterator[Word]:
    """Give the words of a chunk."""
    (one, at) = _number(data, 0)
    length, at = _number(data, at)
    _expect(one == 1)
    for _ in range(length):
        word, at = _text(data, at + 1)
        pages, at = _pages(data, at)
        count, at = _number(data, at)
        spellings = []
        for _ in range(count):
            spelling, at = _text(data, at + 1)
            of_spelling, at = _pages(data, at)
            spellings.append((spelling, of_spelling))
        yield Word(word, pages, tuple(spellings))
    _expect(at == len(data))


def _pages(data: bytes, at: int) -> tuple[Pages, int]:
    length, at = _number(data, at)
    first = number = 0
    rest = at
    for i in range(length):
        found = _PAGE.match(data, at)
        if not found:
            raise ValueError
        number += _number(data, at + 1)[0]
        if not i:
            first, rest = number, found.end(1)
        at = found.end()
    return Pages(length, first, number, data[rest:at]), at


def _text(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = _number(data, at)
    return data[at : at + length], at + length


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number in the head of the item at *at* (a value or a length), and where the head ends."""
    small = data[at] & 31
    if small < 24:
        return small, at + 1
    size = 1 << (small - 24)
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _read_all(data: bytes) -> Any:
    """Return the value of *data*, of lists, texts and numbers from 0."""

    def item(at: int) -> tuple[Any, int]:
        kind = data[at] >> 5
        number, at = _number(data, at)
        if kind == 0:
            return number, at
        if kind == 3:
            return data[at : at + number].decode(), at + number
        _expect(kind == 4)
        found = []
        for _ in range(number):
            value, at = item(at)
            found.append(value)
        return found, at

    value, end = item(0)
    _expect(end == len(data))
    return value


def _written(value: Any) -> bytes:
    """Return *value*, of lists, texts and numbers from 0, as it is written."""
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    return _head(4, len(value)) + b"".join(map(_written, value))


def _head(kind: int, number: int) -> bytes:
    """Return the head of an item of the major type *kind* with *number* in the shortest form (RFC 8949, 3)."""
    if number < 24:
        return bytes((kind << 5 | number,))
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes((kind << 5 | 23 + size.bit_length(),)) + number.to_bytes(size, "big")
