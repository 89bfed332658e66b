"""Entries that are about the same: found by the terms that they share, the rarer the better.

Two entries score, for each term that both have, the product of its weights in the two and of its **level**,
which is higher the fewer entries have it. A term that very many have tells nothing and is passed over: so
each entry meets a bounded number of others, and the whole takes time in proportion to the collection.

A level depends on nothing but the term's own count, in powers of two: an entry that is added changes few
levels, and so few lists of other entries. What was found is kept in a file; the next time only those
entries are looked at again whose list can have changed. The result is the same as without the file.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from .cache import key_of, load, save
from .terms import NAME, WEIGHTS, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from .model import Entry

#: How many are kept for each entry; a page shows fewer, so that some can be left out there.
KEPT: Final = 8
#: Two entries that score less have met by chance; so have two that share one word alone, or nothing but words of summaries.
ENOUGH: Final = 100
#: Terms of this many entries or more, and words of half as many, are passed over in a large collection; in a smaller one
#: terms of a quarter of it.
COMMON: Final = 128
#: The lower bits of a score count what is shared: a word once, anything else twice.
_SHIFT: Final = 10
_LOWER: Final = (1 << _SHIFT) - 1
_LEAST: Final = ENOUGH << _SHIFT
#: What is kept is written again when one entry in so many is another.
_FEW: Final = 1000

#: Docname to the entries about the same, the closest first, each with its score.
Lists = dict[str, tuple[tuple[int, str], ...]]


@dataclass
class _Index:
    """The terms of all entries, both ways round.

    An entry goes by a number that is its own for good. ``having`` gives for each term the numbers of those
    that have it, times 8, plus the term's kind there: 32 bits each, as an array, or as bytes while untouched since
    they came from the file.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    having: dict[str, array[int] | bytes] = field(default_factory=dict)
    next_number: int = 0

    def entries_with(self, term: str) -> array[int]:
        """Return what ``having`` holds of *term*, to read or to change."""
        found = self.having.get(term)
        if not isinstance(found, array):
            self.having[term] = found = array("I", found or b"")
        return found

    def add(self, name: str, packed: str) -> None:
        number = self.numbers[name] = self.next_number
        self.next_number += 1
        self.terms[name] = packed
        for kind, term in unpack(packed):
            self.entries_with(term).append(number * 8 + kind)

    def remove(self, name: str) -> None:
        number = self.numbers.pop(name)
        for kind, term in unpack(self.terms.pop(name)):
            having = self.entries_with(term)
            having.remove(number * 8 + kind)
            if not having:
                del self.having[term]

    def dump(self) -> tuple[object, ...]:
        packed = {term: v if isinstance(v, bytes) else v.tobytes() for term, v in self.having.items()}
        return self.numbers, self.terms, packed, self.next_number


class _Search:
    """Looks entries up in an index."""

    def __init__(self, index: _Index, common: int) -> None:
        self._index = index
        self._bits = common.bit_length()
        self._large = common >= COMMON
        self.names = {number: name for name, number in index.numbers.items()}

    def level(self, count: int) -> int:
        """Return what a term is worth that *count* entries have; 0 when it tells nothing."""
        return max(0, self._bits - count.bit_length())

    def scores(self, name: str) -> dict[int, int]:
        """Return the number of each entry that shares more than by chance with *name*, with its score."""
        scores: defaultdict[int, int] = defaultdict(int)
        for kind, term in unpack(self._index.terms[name]):
            others = self._index.entries_with(term)
            level = self.level(len(others))
            counted = 2 if kind <= NAME else 1
            if level > (kind > NAME and self._large) and len(others) > 1:
                worth = [(WEIGHTS[kind] * weight * level << _SHIFT) + counted for weight in WEIGHTS]
                for other in others:
                    scores[other >> 3] += worth[other & 7]
        scores.pop(self._index.numbers[name], None)
        return {number: s for number, s in scores.items() if s >= _LEAST and s & _LOWER >= 2}

    def best(self, scores: dict[int, int]) -> tuple[tuple[int, str], ...]:
        """Return the best of *scores*; of those with one score the first by docname."""
        least = min(nlargest(KEPT, scores.values()), default=0)
        ordered = sorted((-score, self.names[number]) for number, score in scores.items() if score >= least)
        return tuple((-score, name) for score, name in ordered[:KEPT])


def related(
    entries: Iterable[Entry],
    papers_of: Callable[[Entry], tuple[str, ...]],
    digests: Mapping[str, bytes],
    records: bytes,
    context: bytes,
    cache: Path | None = None,
) -> Lists:
    """Return docname to the entries about the same.

    *papers_of* gives the ids of an entry's papers, *digests* has the hash of each page's content, *records* is
    a hash of the bibliography, with which papers change, and *context* a hash of what else decides how a page is read.
    *cache* is a file to keep the result in; it changes nothing but the time that this takes.
    """
    kept = _Kept(cache, context + sys.byteorder.encode())
    known = kept.keys if kept.records == records else {}
    by_name = {entry.docname: entry for entry in entries}
    keys = {
        name: known[name]
        if known.get(name, b"").startswith(digests[name])
        else digests[name] + "\n".join(papers_of(entry)).encode()
        for name, entry in by_name.items()
    }
    common = max(8, min(COMMON, len(keys) // 4))
    common = 1 << (common.bit_length() - 1)
    if kept.common == common and kept.keys == keys:
        if kept.records != records:
            kept.save(records, common, keys, kept.lists, kept.index())
        return kept.lists
    index = kept.index() if kept.common == common else _Index()
    same = {name for name, key in keys.items() if kept.keys.get(name) == key and name in index.terms}
    if len(same) < len(keys) // 2:
        index, same = _Index(), set()
    gone = {name: index.terms[name] for name in index.terms.keys() - same}
    for name in gone:
        index.remove(name)
    new = keys.keys() - same
    for name in sorted(new):
        index.add(name, pack(by_name[name], papers_of(by_name[name])))
    search = _Search(index, common)
    lists = {name: kept.lists[name] for name in same}
    affected = _affected(index, search, lists, gone) if same else keys
    for name in affected:
        lists[name] = search.best(search.scores(name))
    if len(new | gone.keys()) > len(keys) // _FEW:  # else they are found again as fast as all are written
        kept.save(records, common, keys, lists, index)
    return lists


def _affected(index: _Index, search: _Search, lists: Lists, gone: Mapping[str, str]) -> set[str]:
    """Return the docnames whose list can differ from *lists*, what was found before of those that have not changed.

    A list changes when its entry has changed, when a term of that has another level now, when an entry in
    the list has changed or gone, and when an entry that has changed comes close enough to stand in it.
    *gone* has what changed or went, with its terms from before.
    """
    changed = index.terms.keys() - lists.keys()
    more = Counter(term for name in changed for _, term in unpack(index.terms[name]))
    more.subtract(term for packed in gone.values() for _, term in unpack(packed))
    affected = set(changed)
    for term, step in more.items():
        members = index.entries_with(term) if term in index.having else ()
        if search.level(len(members)) != search.level(len(members) - step):
            affected.update(search.names[member >> 3] for member in members)
    for name, listed in lists.items():
        if any(other in gone for _, other in listed):
            affected.add(name)
    for name in changed:
        for number, score in search.scores(name).items():
            listed = lists.get(search.names[number], ())
            if len(listed) < KEPT or score >= listed[-1][0]:
                affected.add(search.names[number])
    return affected


class _Kept:
    """What the files hold: one what was found and what it follows from, the other the index, which only a change needs."""

    def __init__(self, cache: Path | None, context: bytes) -> None:
        """Read the first file; what is missing, damaged or of another *context* is empty."""
        self._cache, self._context = cache, context
        self.records = b""
        self.common = 0
        self.keys: dict[str, bytes] = {}
        self.lists: Lists = {}
        found = load(cache, key_of(context))
        if found is not None:
            self.records, self.common, self.keys, scores, names = found
            self.lists = {name: tuple(zip(scores[name], names[name], strict=True)) for name in self.keys}

    def index(self) -> _Index:
        """Return the index of what was found."""
        found = load(self._index_file(), self._index_key(self.common, self.keys))
        return _Index(*found) if found is not None else _Index()

    def save(
        self,
        records: bytes,
        common: int,
        keys: dict[str, bytes],
        lists: Lists,
        index: _Index,
    ) -> None:
        scores = {name: tuple(score for score, _ in listed) for name, listed in lists.items()}
        names = {name: tuple(other for _, other in listed) for name, listed in lists.items()}
        save(self._index_file(), self._index_key(common, keys), index.dump())
        save(self._cache, key_of(self._context), (records, common, keys, scores, names))

    def _index_file(self) -> Path | None:
        return self._cache.with_suffix(".index.pickle") if self._cache else None

    def _index_key(self, common: int, keys: dict[str, bytes]) -> bytes:
        """Return the key of the index of these entries alone: it must never be taken for that of others."""
        return key_of(self._context, common, sorted(keys.items()))
