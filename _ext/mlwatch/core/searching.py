"""What the search knows: a record for each entry, digest and other page, and the facets by which they can be chosen.

The words of a record stand in four parts with :data:`PART` between them: its title, its passage (what a
result shows), what else it has (labels of links, authors), and forms of its words that are found but never shown.

Scripts without spaces between words are given as pairs of neighbouring characters ("深度 度学 学习 习"), so that any part
of a text can be found however a dictionary would cut it into words; the page puts a text together again from the first
character of each pair (``static/mlwatch-search-engine.js``).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from .names import slug
from .page import plain_inline
from .series import number_key
from .topics import topics_of
from .urls import arxiv_id, doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .bibtex import Record as BibRecord
    from .collection import Collection
    from .model import Entry
    from .periods import Period
    from .series import Issue
    from .settings import Settings

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
#: The kinds of a digest and of any other page that a person wrote, beside those of entries.
DIGEST: Final = "digest"
PAGE: Final = "page"
#: A word in more than this part of all records says nothing about what is looked for.
_COMMON: Final = 0.5
#: Less than this part of some of the records is not counted: of that word there are not enough in the others.
_FREQUENT: Final = 0.2
_COMMON_FROM: Final = 200

#: What has a meaning for us, for Pagefind ("___PAGEFIND_WEIGHT___" too) or for a browser where it splits words.
_SIGNS: Final = str.maketrans(dict.fromkeys((PART, ITEM, SPACE, "\u200b", "\ufeff"), None))
_PIECE: Final = re.compile(rf"(\s+)|([{UNSPACED}]+)|([{MARKS}])|([^\s{UNSPACED}{MARKS}]+)")
_OTHER: Final = re.compile(f"[{UNSPACED}{MARKS}]")
_BEFORE_HOST: Final = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")
_FENCE: Final = re.compile(r"(`{3,}|~{3,}|:{3,})\s*(?:\{(\S+)\})?")
_LEAD: Final = re.compile(r"(?:>|[-+*](?=\s)|\d{1,9}[.)](?=\s)|#{1,6}(?=\s)|\|)\s*")
_DRAWN: Final = frozenset(
    {"mldigest", "mlindex", "mlreference", "toctree", "bibliography", "image", "math", "raw"}
)


class Record(NamedTuple):
    """A page that can be found, and what its facets say; *made_of* is all else that its :func:`words` are made of.

    ``venues`` and ``published`` are of the papers that an entry is about or cites, ``addresses`` are the :func:`address_keys` of
    all that one may type to find it.
    """

    docname: str
    title: str
    lang: str
    made_of: tuple[str, ...]
    source: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    date: str
    year: str
    star: int
    kind: str
    series: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def mark(collection: Collection, titles: Mapping[str, str], *others: str) -> str:
    """Return a hash of all that the :func:`records` depend on, at a hundredth of what making them costs."""
    hashed = blake2b(digest_size=16)
    settings = collection.settings
    for text in (*others, repr(settings)):
        hashed.update(text.encode() + b"\0")
    for paper in collection.catalogue.bibliography.records.values():
        hashed.update(paper.raw.encode() + b"\0")
    pages = collection.catalogue.pages
    for entry in collection.entries:
        hashed.update(entry.docname.encode() + b"\0" + pages[entry.docname].digest)
    for issue in collection.issues.values():
        written = pages.get(issue.docname)
        hashed.update(issue.docname.encode() + b"\0" + (written.digest if written else b""))
    for docname, title in titles.items():
        hashed.update(f"{docname}\0{title}\0".encode() + pages[docname].digest)
    return hashed.hexdigest()


def other_pages(collection: Collection) -> list[str]:
    """Return the pages with text of their own that are neither entries nor digests."""
    known = collection.catalogue.by_docname.keys() | {issue.docname for issue in collection.issues.values()}
    return [
        docname
        for docname, page in collection.catalogue.pages.items()
        if docname not in known and plain(page.rest)
    ]


def alias_groups(settings: Settings) -> list[list[str]]:
    """Return the spellings of each keyword that has several, folded: words that say the same."""
    groups: dict[str, list[str]] = {}
    for spelling, shown in settings.keywords.items():
        groups.setdefault(shown, []).append(spelling)
    return [spellings for spellings in groups.values() if len(spellings) > 1]


def records(collection: Collection, titles: Mapping[str, str]) -> list[Record]:
    """Return a record for each entry and digest, newest first, undated last; roll-ups hold nothing of their own.

    *titles* has those of other pages, by docname; they come last.
    """
    found = [(_order(entry, entry.date), _of_entry(collection, entry)) for entry in collection.entries]
    found += [
        (_order(issue, _newest(issue)), _of_issue(collection, issue)) for issue in collection.issues.values()
    ]
    pages = collection.catalogue.pages
    others = [
        Record(docname, titles[docname], "", (pages[docname].digest.hex(),), "", (), (), "", "", 0, PAGE)
        for docname in titles
    ]
    return [*(record for _, record in sorted(found, key=lambda pair: pair[0])), *others]


def _order(of: Entry | Issue, date: Period | None) -> tuple[object, ...]:
    """Return the order of all lists of this site (``newest_first`` in ``series.py``), digests after what stands in them."""
    digest = not hasattr(of, "kind")
    ordinal = -date.last.toordinal() if date else 1
    return (ordinal, digest, -(date.precision if date else 0), of.title.casefold(), of.docname)


def _of_entry(collection: Collection, entry: Entry) -> Record:
    rels = {link.rel for link in entry.links} | ({"summary"} if entry.summary else set())
    groups = [collection.keywords[slug(name)].name for name in entry.keywords]
    papers = papers_of(collection, entry)
    return Record(
        docname=entry.docname,
        title=entry.title,
        lang=entry.lang,
        made_of=(
            collection.catalogue.pages[entry.docname].digest.hex(),
            *(text for paper in papers for text in _texts(paper)),
        ),
        source=collection.sources[slug(entry.source)].name if entry.source else "",
        topics=tuple(topic.title for topic in topics_of(entry, collection.settings)),
        keywords=tuple(dict.fromkeys(groups)),
        date=entry.date.label if entry.date else "",
        year=str(entry.date.first.year) if entry.date else "",
        star=entry.star,
        kind=entry.kind,
        series=tuple(dict.fromkeys(issue.series.name for issue in collection.digests_of(entry))),
        has=tuple(name for name in HAS if name in rels or (name == "paper" and papers)),
        venues=tuple(dict.fromkeys(filter(None, (paper.venue_name for paper in papers)))),
        published=tuple(dict.fromkeys(filter(None, (paper.year for paper in papers)))),
        addresses=tuple(_addresses(entry, papers)),
    )


def papers_of(collection: Collection, entry: Entry) -> list[BibRecord]:
    """Return the BibTeX records of the papers that *entry* is about or cites."""
    known = collection.catalogue.bibliography.records
    return [known[key] for key in collection.paper_ids(entry) if key in known]


def _texts(paper: BibRecord) -> tuple[str, ...]:
    return (paper.title, *paper.authors, paper.venue)


def _addresses(entry: Entry, papers: Iterable[BibRecord]) -> Iterator[str]:
    """Yield what one may type to find *entry*: the keys of its addresses and of those of its papers."""
    urls = (entry.url, *entry.also, *(link.url for link in entry.links))
    of_papers = (address for paper in papers for address in paper.addresses)
    yield from dict.fromkeys(key for url in (*urls, *of_papers) if url for key in address_keys(url))


def address_keys(url: str) -> list[str]:
    """Return the keys under which *url* is found when it is typed: its arXiv identifier, its DOI, the address itself.

    The search page makes the same of what is typed (``static/mlwatch-search-text.js``).
    """
    arxiv, name = arxiv_id(url), doi(url)
    keys = [f"arxiv:{arxiv.lower()}"] if arxiv else []
    keys += [f"doi:{name}"] if name else []
    return [*keys, _BEFORE_HOST.sub("", url).partition("#")[0].rstrip("/").lower()]


def _of_issue(collection: Collection, issue: Issue) -> Record:
    """Return the record of a digest, found by what a person wrote on it and by the titles in it."""
    written = collection.catalogue.pages.get(issue.docname)
    size = collection.settings.page_size
    titles = [entry.title for entry in issue.entries[:size]]
    about = (issue.series.name, issue.series.author, issue.series.description, *titles)
    newest = _newest(issue)
    label = issue.period.label if issue.period else str(newest.first.year) if newest else ""
    return Record(
        docname=issue.docname,
        title=issue.title,
        lang="",
        made_of=(written.digest.hex() if written else "", *about),
        source="",
        topics=(),
        keywords=(),
        date=label,
        year=label[:4],
        star=0,
        kind=DIGEST,
        series=(issue.series.name,),
    )


def _newest(issue: Issue) -> Period | None:
    """Return the date of the newest entry of *issue*, in the year that its number names if it names one."""
    year = 0 if issue.period else number_key(issue.id)[0]
    dates = [entry.date for entry in issue.entries if entry.date]
    of_year = [date for date in dates if date.first.year == year]
    return max(of_year or dates, key=lambda date: (date.last, date.precision), default=issue.period)


def words(record: Record, collection: Collection) -> str:
    """Return the words of *record*, one of :func:`records`, with a space between them."""
    entry = collection.catalogue.by_docname.get(record.docname)
    page = collection.catalogue.pages.get(record.docname)
    if entry and page:
        passage = " ".join(filter(None, map(plain, (entry.summary, entry.comment, page.rest))))
        papers = (text for paper in papers_of(collection, entry) for text in _texts(paper))
        also = (entry.alt_title, *entry.authors, *(link.label for link in entry.links), *papers)
        return _words(record, passage, also)
    if record.kind == PAGE and page:
        return _words(record, plain(page.rest), ())
    _, name, author, description, *titles = record.made_of
    passage = (plain(page.rest) if page else "") or description
    return _words(record, passage, (name, author, *titles))


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


def _words(record: Record, passage: str, also: Iterable[str]) -> str:
    """Return the words of *record*, part by part."""
    items = list(
        dict.fromkeys(
            text for text in (" ".join(one.split()) for one in also) if text and text != record.title
        )
    )
    texts = (record.title, passage, *items)
    found = [word for text in texts if not text.isascii() for word in _WORD.findall(_OTHER.sub(" ", text))]
    forms = list(dict.fromkeys(form for word in found for form in _forms(word)))
    if not record.date and not any(map(_WORD.search, texts)):
        forms.append(record.docname.replace("/", " "))  # Pagefind passes over a record without any word
    shown = (spaced(record.title), spaced(passage), f" {ITEM} ".join(map(spaced, items)))
    return f" {PART} ".join((*shown, " ".join((record.date, *forms)).strip()))


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


def frequent_words(all_words: Sequence[str]) -> dict[str, int]:
    """Return the words that stand in a good part of the records with *all_words*, and in how many."""
    seen = Counter(word for words in all_words for word in set(words.lower().split()))
    least = len(all_words) * _FREQUENT
    return {word: count for word, count in seen.items() if count > least and _WORD.fullmatch(word)}


def common_words(frequent: Iterable[dict[str, int]], total: int) -> list[str]:
    """Return the words that stand in most of *total* records, from what is :func:`frequent <frequent_words>` in each part of them.

    A query does without them.
    """
    if total < _COMMON_FROM:
        return []
    counts: Counter[str] = Counter()
    for part in frequent:
        counts.update(part)
    return sorted(word for word, count in counts.items() if count > total * _COMMON)


def language_of(site: str) -> str:
    """Return the language in which Pagefind is to stem: the site's, English where Pagefind would cut words itself."""
    lang = site.replace("_", "-").lower()
    return "en" if not lang or lang.partition("-")[0] in ("zh", "ja", "th") else lang
