"""Rules: what is not wrong, but could be better; for ``mlwatch check`` alone, never for a build.

Each rule looks at the whole collection once and gives remarks in no order. Its time grows with the size of
the collection, not with its square.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from . import keyword_rules
from .cache import key_of, load, save
from .filenames import is_reserved, printable_path
from .language import script_languages
from .model import Entry
from .problems import Level, Problem, Remark, quote
from .settings import fold
from .urls import host, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .bibtex import Record
    from .collection import Collection

    #: What a rule finds: where (with the option that is meant), and what to tell.
    Found = tuple[Entry | Record | "_File", str, str]

#: How many entries of one host make a custom, and the part of them that must have the same source.
_CUSTOM: Final = 5
_MOST: Final = 0.8
#: A paper that more entries watch is what a field builds upon, not one work that several report.
_WATCHED: Final = 4


class _File(NamedTuple):
    """A page that is not an entry."""

    path: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: how much its remarks weigh, what it looks for and how to mend it (for the guide)."""

    level: Level
    help: str
    find: Callable[[Collection, str], Iterator[Found]]


def remarks(collection: Collection, language: str, cache: Path | None = None) -> tuple[Problem, ...]:
    """Return what the rules say about *collection*, in order, without those that the settings or a page ignore.

    *language* is that of the site. *cache* is a file to keep the result in.
    """
    catalogue = collection.catalogue
    pages = b"".join(page.digest for page in catalogue.pages.values())
    key = key_of(collection.settings, language, list(catalogue.pages), pages, catalogue.bibliography.key)
    kept = load(cache, key)
    if isinstance(kept, tuple):
        return kept
    made: set[Problem] = set()
    for code, rule in RULES.items():
        if code in collection.settings.check_ignore:
            continue
        for where, option, message in rule.find(collection, language):
            if not isinstance(where, Entry):
                made.add(Problem(where.path, where.line, code, message))
            elif code not in where.ignore:
                line = catalogue.pages[where.docname].lines.get(option, where.line)
                made.add(Problem(str(catalogue.srcdir / where.path), line, code, message))
    found = tuple(sorted(made))
    save(cache, key, found)
    return found


# --- Papers ---------------------------------------------------------------------------------------------------


def _papers_of(entry: Entry) -> list[str]:
    """Return the addresses of the papers that *entry* links or is."""
    linked = [link.url for link in entry.links if link.rel == "paper"]
    return linked or ([entry.url] if entry.kind == "paper" and entry.url else [])


def _without_record(collection: Collection, _language: str) -> Iterator[Found]:
    records = collection.catalogue.bibliography.records
    known = {identity(url): key for key, record in records.items() for url in record.addresses}
    for entry in collection.entries:
        cited = entry.cite or collection.catalogue.pages[entry.docname].cites
        if cited or not (papers := _papers_of(entry)):
            continue
        keys = [key for url in papers if (key := known.get(identity(url)))]
        option = "paper" if papers[0] != entry.url else "url"
        if keys:
            yield (
                entry,
                option,
                f"the paper has a BibTeX record; write :cite: {', '.join([*dict.fromkeys(keys)][:5])}",
            )
        else:
            yield (
                entry,
                option,
                f"the paper {quote(papers[0])} has no BibTeX record; add one to the .bib file, and its key to :cite:",
            )


def _unused_records(collection: Collection, _language: str) -> Iterator[Found]:
    catalogue = collection.catalogue
    used = {key for page in catalogue.pages.values() for key, _ in page.cites}
    used.update(key for entry in catalogue.entries for key in entry.cite)
    for key, record in catalogue.bibliography.records.items():
        if key not in used:
            yield record, "", f"no page cites {quote(key)}; cite it, or take the record away"


def _same_work(collection: Collection, _language: str) -> Iterator[Found]:
    """Find entries of different sources with one title, or with one and the same paper behind them."""
    groups: dict[str, list[Entry]] = {}
    for entry in collection.entries:
        if entry.url:
            groups.setdefault(f"title {fold(entry.title)}", []).append(entry)
            papers = entry.cite or [identity(url) for url in _papers_of(entry)]
            if len(papers) == 1:
                groups.setdefault(f"paper {papers[0]}", []).append(entry)
    told: set[tuple[str, str]] = set()
    for what, entries in groups.items():
        first, *others = entries
        if not others or len(entries) > _WATCHED:
            continue
        for entry in others:
            pair = (first.docname, entry.docname)
            if fold(entry.source) != fold(first.source) and pair not in told and not _connected(first, entry):
                told.add(pair)
                shared = "title" if what.startswith("title") else "paper"
                message = (
                    f"{first.path} of {quote(first.source)} has the same {shared}; "
                    f"if it reports the same work, write :also: {first.url}"
                )
                yield entry, "url", message


def _connected(one: Entry, other: Entry) -> bool:
    return identity(one.url) in map(identity, other.also) or identity(other.url) in map(identity, one.also)


# --- Sources and languages ------------------------------------------------------------------------------------


def _hosts(collection: Collection, _language: str) -> Iterator[Found]:
    at_host: dict[str, list[Entry]] = {}
    for entry in collection.entries:
        if entry.url and entry.source:
            at_host.setdefault(host(entry.url), []).append(entry)
    for name, entries in at_host.items():
        if len(entries) < _CUSTOM:
            continue
        sources = Counter(fold(entry.source) for entry in entries)
        usual, count = max(sources.items(), key=lambda pair: (pair[1], pair[0]))
        if count == len(entries) or count < _MOST * len(entries):
            continue
        shown = next(entry.source for entry in entries if fold(entry.source) == usual)
        for entry in entries:
            if fold(entry.source) != usual:
                message = (
                    f"{count:,} of {len(entries):,} entries at {name} have the source {quote(shown)}, "
                    f"this one has {quote(entry.source)}; write that, or add an alias to mlwatch_source_aliases"
                )
                yield entry, "source", message


def _languages(collection: Collection, language: str) -> Iterator[Found]:
    here = language.partition("-")[0].partition("_")[0].casefold() or "en"
    for entry in collection.entries:
        if not entry.lang and (spoken := script_languages(entry.title)) and here not in spoken:
            yield (
                entry,
                "title",
                f"the title {quote(entry.title, 40)} is in another script; write :lang: {spoken[0]}",
            )


# --- File names -----------------------------------------------------------------------------------------------


def _page(collection: Collection, docname: str) -> Entry | _File:
    catalogue = collection.catalogue
    return catalogue.by_docname.get(docname) or _File(printable_path(str(catalogue.srcdir / f"{docname}.md")))


def _same_but_for_case(collection: Collection, _language: str) -> Iterator[Found]:
    first: dict[str, str] = {}
    for docname in sorted(collection.catalogue.pages):
        other = first.setdefault(docname.lower(), docname)
        if other != docname:
            message = (
                f"the name of the page differs from {quote(f'{other}.md')} in upper and lower case alone; "
                "macOS and Windows hold only one of the two: rename one"
            )
            yield _page(collection, docname), "", message


def _reserved(collection: Collection, _language: str) -> Iterator[Found]:
    for docname in collection.catalogue.pages:
        name = next(filter(is_reserved, docname.split("/")), "")
        if name:
            message = f"Windows reserves the name {quote(name)} and cannot hold the page; rename it"
            yield _page(collection, docname), "", message


#: Every rule by its code.
RULES: Final = {
    Remark.KEYWORD_SPELLING: Rule(
        Level.WARNING,
        "Two keywords look like spellings of one another: they differ in a plural, in spaces, accents or `-ise` "
        "and `-ize`, or one has the initials of the other; or one differs in a single letter from a keyword of a topic. "
        "Rename it, or make it an alias. The keywords of topics are spelled right.",
        keyword_rules.spellings,
    ),
    Remark.NO_TOPIC: Rule(
        Level.WARNING,
        "No topic of `mlwatch_topics` has a keyword, so that entries are in no topic by it. Add it to a topic, or use a "
        "keyword that a topic has. There is no such remark where no topics are declared.",
        keyword_rules.without_topic,
    ),
    Remark.NO_LANG: Rule(
        Level.WARNING,
        "The title is in another script than the site's language, and the entry has no `:lang:`.",
        _languages,
    ),
    Remark.SOURCE_HOST: Rule(
        Level.INFO,
        "Nearly all entries at a host have one source, and this one has another.",
        _hosts,
    ),
    Remark.SAME_WORK: Rule(
        Level.INFO,
        "Entries of two sources have one title, or one and the same paper, and neither names the other in `:also:`.",
        _same_work,
    ),
    Remark.NO_BIBTEX: Rule(
        Level.INFO,
        "An entry is a paper or links one, and cites no BibTeX record.",
        _without_record,
    ),
    Remark.UNUSED_RECORD: Rule(
        Level.INFO,
        "No page cites a BibTeX record.",
        _unused_records,
    ),
    Remark.NAME_CASE: Rule(
        Level.WARNING,
        "The file names of two pages differ in upper and lower case alone, so that macOS and Windows hold only one of them.",
        _same_but_for_case,
    ),
    Remark.RESERVED_NAME: Rule(
        Level.WARNING,
        "A page or its folder has a name that Windows reserves for a device, such as `con.md` or `nul.md`.",
        _reserved,
    ),
}


def level_of(problem: Problem) -> Level:
    """Return how much *problem* weighs: what a build warns of is an error."""
    rule = RULES.get(problem.code) if isinstance(problem.code, Remark) else None
    return rule.level if rule else Level.ERROR


def at_least(level: Level, problems: Iterable[Problem]) -> list[Problem]:
    """Return the *problems* that weigh as much as *level* or more."""
    weights = list(Level)
    return [one for one in problems if weights.index(level_of(one)) <= weights.index(level)]
