"""What the search knows: a record for each entry and digest, and the facets by which they can be chosen.

The words of a record stand in four parts with :data:`PART` between them: its title, its passage (what a
result shows), what else it has (labels of links, authors), and forms of its words that are found but never shown.

Scripts without spaces between words are given as pairs of neighbouring characters ("深度 度学 学习 习"), so that any part
of a text can be found however a dictionary would cut it into words; the page puts a text together again from the first
character of each pair (``static/mlwatch-search-engine.js``).
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unicodedata import normalize

from .names import slug
from .page import plain_inline
from .series import number_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .collection import Collection
    from .model import Entry
    from .periods import Period
    from .series import Issue

#: Between the parts of a record; no word of any text, and not indexed.
PART: Final = "␞"
#: Between the items of the third part.
ITEM: Final = "␟"
#: A space beside a character of a script without spaces; elsewhere words have one between them.
SPACE: Final = "␣"
#: Characters of scripts without spaces, as ranges of a character class: kana and Han.
UNSPACED: Final = "\u3005-\u3007\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
#: Punctuation that stands between those without a space.
MARKS: Final = (
    "\u3001-\u3004\u3008-\u3030\u303d-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
#: Letters that are written as others where a keyboard lacks them: found in both spellings.
LETTERS: Final = {
    "ß": "ss",
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
#: The same for letters that are found without their dots too.
DOTTED: Final = {"ä": "ae", "ö": "oe", "ü": "ue"}
#: What an entry may have that one looks for.
HAS: Final = ("paper", "code", "video", "summary")
#: The kind of a digest, beside those of entries.
DIGEST: Final = "digest"
#: A word in more than this part of all records says nothing about what is looked for.
_COMMON: Final = 0.5
_COMMON_FROM: Final = 200
#: The character for number 0 in a column, and how many numbers may be characters (before the surrogates).
_FIRST: Final = 0x30
_MOST: Final = 0xD000

#: What has a meaning for us, for Pagefind ("___PAGEFIND_WEIGHT___" too) or for a browser where it splits words.
_SIGNS: Final = str.maketrans(dict.fromkeys((PART, ITEM, SPACE, "\u200b", "\ufeff"), None))
_PIECE: Final = re.compile(rf"(\s+)|([{UNSPACED}]+)|([{MARKS}])|([^\s{UNSPACED}{MARKS}]+)")
_OTHER: Final = re.compile(f"[{UNSPACED}{MARKS}]")
_WORD: Final = re.compile(r"[^\W_]+")
_FENCE: Final = re.compile(r"(`{3,}|~{3,}|:{3,})\s*(?:\{(\S+)\})?")
_LEAD: Final = re.compile(r"(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s)|#{1,6}(?=\s)|\|)\s*")
_DRAWN: Final = frozenset(
    {"mldigest", "mlindex", "mlreference", "toctree", "bibliography", "image", "math", "raw"}
)


class Record(NamedTuple):
    """A page that can be found: its words, and what its facets say."""

    docname: str
    title: str
    lang: str
    words: str
    source: str
    keywords: tuple[str, ...]
    date: str
    year: str
    star: int
    kind: str
    series: tuple[str, ...]
    has: tuple[str, ...]


def mark(collection: Collection, *others: str) -> str:
    """Return a hash of all that the records depend on, at a hundredth of what making them costs."""
    hashed = blake2b(digest_size=16)
    settings = collection.settings
    for text in (*others, repr(settings)):
        hashed.update(text.encode() + b"\0")
    pages = collection.catalogue.pages
    for entry in collection.entries:
        hashed.update(entry.docname.encode() + b"\0" + pages[entry.docname].digest)
    for issue in collection.issues.values():
        written = pages.get(issue.docname)
        hashed.update(issue.docname.encode() + b"\0" + (written.digest if written else b""))
    return hashed.hexdigest()


def records(collection: Collection) -> list[Record]:
    """Return a record for each entry and digest, newest first, undated last; roll-ups hold nothing of their own."""
    found = [(_order(entry, entry.date), _of_entry(collection, entry)) for entry in collection.entries]
    found += [
        (_order(issue, _newest(issue)), _of_issue(collection, issue)) for issue in collection.issues.values()
    ]
    return [record for _, record in sorted(found, key=lambda pair: pair[0])]


def _order(of: Entry | Issue, date: Period | None) -> tuple[object, ...]:
    """Return the order of all lists of this site (``newest_first`` in ``series.py``), digests after what stands in them."""
    digest = not hasattr(of, "kind")
    ordinal = -date.last.toordinal() if date else 1
    return (ordinal, digest, -(date.precision if date else 0), of.title.casefold(), of.docname)


def _of_entry(collection: Collection, entry: Entry) -> Record:
    rest = collection.catalogue.pages[entry.docname].rest
    passage = " ".join(filter(None, (plain(text) for text in (entry.summary, entry.comment, rest))))
    also = (entry.alt_title, *entry.authors, *(link.label for link in entry.links))
    rels = {link.rel for link in entry.links} | ({"summary"} if entry.summary else set())
    groups = [collection.keywords[slug(name)].name for name in entry.keywords]
    return Record(
        docname=entry.docname,
        title=entry.title,
        lang=entry.lang,
        words=_words(entry.title, passage, also, entry.date.label if entry.date else ""),
        source=collection.sources[slug(entry.source)].name if entry.source else "",
        keywords=tuple(dict.fromkeys(groups)),
        date=entry.date.label if entry.date else "",
        year=str(entry.date.first.year) if entry.date else "",
        star=entry.star,
        kind=entry.kind,
        series=tuple(dict.fromkeys(issue.series.name for issue in collection.digests_of(entry))),
        has=tuple(name for name in HAS if name in rels or (name == "paper" and entry.cite)),
    )


def _of_issue(collection: Collection, issue: Issue) -> Record:
    """Return the record of a digest: what a person wrote on it, and the titles in it."""
    written = collection.catalogue.pages.get(issue.docname)
    size = collection.settings.page_size
    titles = [entry.title for entry in issue.entries[:size]]
    passage = (plain(written.rest) if written else "") or issue.series.description
    newest = _newest(issue)
    label = issue.period.label if issue.period else str(newest.first.year) if newest else ""
    return Record(
        docname=issue.docname,
        title=issue.title,
        lang="",
        words=_words(issue.title, passage, (issue.series.name, issue.series.author, *titles), label),
        source="",
        keywords=(),
        date=label,
        year=label[:4],
        star=0,
        kind=DIGEST,
        series=(issue.series.name,),
        has=(),
    )


def _newest(issue: Issue) -> Period | None:
    """Return the date of the newest entry of *issue*, in the year that its number names if it names one."""
    year = 0 if issue.period else number_key(issue.id)[0]
    dates = [entry.date for entry in issue.entries if entry.date]
    of_year = [date for date in dates if date.first.year == year]
    return max(of_year or dates, key=lambda date: (date.last, date.precision), default=issue.period)


def plain(markdown: str) -> str:
    """Return the words of *markdown*: no markup, no options of directives, nothing of directives that draw."""
    out: list[str] = []
    open_: list[
        tuple[str, bool]
    ] = []  # the fences that are open, and whether what stands in them is passed over
    options = False
    for line in markdown.split("\n"):
        text = line.strip()
        fence = _FENCE.match(text)
        if fence and open_ and not fence[2] and text.startswith(open_[-1][0]) and not text.strip(text[0]):
            open_.pop()
        elif fence and (fence[2] or not open_):
            hidden = bool(open_ and open_[-1][1]) or fence[2] in _DRAWN
            open_.append((fence[1], hidden))
            options = bool(fence[2])
            if fence[2] and not hidden:
                out.append(text[fence.end() :].strip())
        elif not (open_ and open_[-1][1]) and not (options and text.startswith(":")):
            options = False
            if text and not text.strip("|:- "):
                continue  # a line across, or between the head of a table and its body
            out.append(_LEAD.sub("", text) if text[:1] in "#>-+*|0123456789" else text)
    paragraphs = re.split(r"\n{2,}", "\n".join(out))
    return " ".join(filter(None, (plain_inline(part.replace("|", " ")) for part in paragraphs)))


def _words(title: str, passage: str, also: Iterable[str], date: str) -> str:
    """Return the words of a record, part by part."""
    items = list(dict.fromkeys(filter(None, (" ".join(text.split()) for text in also))))
    texts = (text for text in (title, passage, *items) if not text.isascii())
    words = (word for text in texts for word in _WORD.findall(_OTHER.sub(" ", text)))
    forms = dict.fromkeys(form for word in words for form in _forms(word))
    shown = (spaced(title), spaced(passage), f" {ITEM} ".join(map(spaced, items)))
    return f" {PART} ".join((*shown, " ".join((date, *forms)).strip()))


def spaced(text: str) -> str:
    """Return *text* as words with spaces between them, scripts without spaces as pairs of neighbours."""
    text = text.translate(_SIGNS).replace("PAGEFIND_", "PAGEFIND-")
    if not _OTHER.search(text):
        return " ".join(text.split())
    out: list[str] = []
    apart = other = (
        False  # whether there is a space before, and whether what stands before is of a script without spaces
    )
    for space, run, punctuation, word in _PIECE.findall(text.strip()):
        if space:
            apart = True
            continue
        if apart and (other or not word):
            out.append(SPACE)
        apart, other = False, not word
        if run:
            out += [run[i : i + 2] for i in range(len(run))]
        else:
            out.append(punctuation or word)
    return " ".join(out)


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, ...]:
    """Return how *word* is typed on a keyboard without its letters, where that differs from it."""
    if word.isascii():
        return ()
    lower = word.lower()
    plain = spelled = normalize("NFKC", lower)
    for letter, typed in LETTERS.items():
        plain = spelled = plain.replace(letter, typed)
    for letter, typed in DOTTED.items():
        spelled = spelled.replace(letter, typed)
    return tuple(form for form in dict.fromkeys((plain, spelled)) if form != lower)


def common_words(all_words: Iterable[str]) -> list[str]:
    """Return the words that stand in most of the records: a query does without them."""
    total = 0
    seen: Counter[str] = Counter()
    for words in all_words:
        total += 1
        seen.update(set(words.lower().split()))
    if total < _COMMON_FROM:
        return []
    return sorted(word for word, count in seen.items() if count > total * _COMMON and _WORD.fullmatch(word))


def columns(found: Sequence[Record], site: str) -> dict[str, Any]:
    """Return, for all records in their order, what lists and facets need; *site* is the language of what names none.

    A facet has its values and the sets of values that occur; of each record it has the number of its set.
    """
    facets = {
        "source": _facet([(record.source,) for record in found]),
        "year": _facet([(record.year,) for record in found]),
        "star": _facet([(str(record.star or ""),) for record in found]),
        "kind": _facet([(record.kind,) for record in found]),
        "series": _facet([record.series for record in found]),
        "lang": _facet([(record.lang or site,) for record in found]),
        "has": _facet([record.has for record in found]),
    }
    return {"dates": "\n".join(record.date for record in found), "facets": facets}


def keyword_columns(found: Sequence[Record]) -> dict[str, Any]:
    """Return all keywords, the most frequent first, each with its records: the steps from one to the next."""
    members: dict[str, list[int]] = {}
    for number, record in enumerate(found):
        for keyword in record.keywords:
            members.setdefault(keyword, []).append(number)
    ordered = sorted(members, key=lambda name: (-len(members[name]), name))
    steps = [_numbers([b - a for a, b in pairwise([0, *members[name]])]) for name in ordered]
    return {"values": ordered, "steps": steps}


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


def packed(value: Any, *, repeats: bool = True) -> bytes:
    """Return *value* as JSON in gzip (RFC 1952), the same bytes each time; hashes hold no *repeats* to look for."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    strategy = zlib.Z_DEFAULT_STRATEGY if repeats else zlib.Z_HUFFMAN_ONLY
    packer = zlib.compressobj(9, zlib.DEFLATED, 31, 9, strategy)
    return packer.compress(text.encode()) + packer.flush()


def language_of(site: str) -> str:
    """Return the language in which Pagefind is to stem: the site's, English where Pagefind would cut words itself."""
    lang = site.replace("_", "-").lower()
    return "en" if not lang or lang.partition("-")[0] in ("zh", "ja", "th") else lang
