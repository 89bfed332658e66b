"""What follows from the catalogue: groups by keyword, source, time and paper, issues, neighbours in time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from .model import IssueId
from .names import name_key, slug
from .periods import coarser
from .records import in_order, parts_of
from .related import related
from .scan import context_of
from .series import Issue, build_issues, build_rollups, issues_of, newest_first, rollup_ids
from .settings import fold
from .timeline import Timeline
from .topics import topics_of
from .urls import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from .bibtex import Record
    from .catalogue import Catalogue
    from .model import Entry
    from .related import Lists
    from .settings import Settings
    from .views.shapes import Ref, RelatedRow, Row


#: What entries are grouped by; each group has a page in the folder named by the plural of its kind.
GROUPED: Final = ("topic", "keyword", "source")
#: A keyword with fewer entries than this is listed and searched, but omitted from prominent lists.
PROMINENT: Final = 3


class Group(NamedTuple):
    """A keyword, source or topic: its most frequent spelling, its file name, its entries, newest first; whether all of them spell it so."""

    name: str
    slug: str
    entries: tuple[Entry, ...]
    agreed: bool


class Paper(NamedTuple):
    """A paper that entries watch: by its BibTeX record, or by the address under which they link it."""

    id: str
    record: Record | None
    label: str
    url: str
    entries: tuple[Entry, ...]


class Month(NamedTuple):
    """The entries of a month (``2021-09``), or those of a year of which no month is known (``2021``)."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Collection:
    """Look-ups over one catalogue; each is worked out when first asked for. *cache* is a file for what is costly."""

    catalogue: Catalogue
    cache: Path | None = None

    @property
    def settings(self) -> Settings:
        return self.catalogue.settings

    @cached_property
    def rows(self) -> dict[tuple[str, bool], Row]:
        """The entries as lists show them, for :func:`mlwatch.core.views.pieces.row` to keep."""
        return {}

    @cached_property
    def parts(self) -> dict[str, dict[str, slice]]:
        """The parts of each list by its docname, for :func:`mlwatch.core.views.pieces.parted` to keep."""
        return {}

    @cached_property
    def related_rows(self) -> dict[str, tuple[int, RelatedRow]]:
        """The entries as lists of related ones show them, with their sizes, for :mod:`mlwatch.core.views.related` to keep."""
        return {}

    @cached_property
    def refs(self) -> dict[str, dict[str, Ref]]:
        """Links to keywords, sources and topics by slug, for :mod:`mlwatch.core.views.pieces` to keep."""
        return {}

    @cached_property
    def bases(self) -> dict[str, bytes]:
        """What lists follow from by docname, and charts by no name, for :mod:`mlwatch.core.views.basis` to keep."""
        return {}

    @cached_property
    def facts(self) -> dict[str, bytes]:
        """Docname to the hash of what other pages can show of the entry."""
        pages = self.catalogue.pages
        return {entry.docname: pages[entry.docname].facts for entry in self.entries}

    @cached_property
    def common(self) -> bytes:
        """A hash of what all views follow from beside entries: settings, records, links, spellings that entries do not agree on."""
        spelled = [
            (group.slug, group.name)
            for groups in (self.keywords, self.sources)
            for group in groups.values()
            if not group.agreed
        ]
        links = self.catalogue.links
        known = (repr(self.settings), self.catalogue.bibliography.key, links.key if links else b"", spelled)
        return blake2b(repr(known).encode("utf-8", "surrogatepass"), digest_size=16).digest()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.catalogue.entries

    @cached_property
    def entry_names(self) -> dict[str, Entry | None]:
        """Entries by docname, by docname below the entries' folder, and by last part; None where several have that."""
        names: dict[str, Entry | None] = {}
        for entry in self.entries:
            last = entry.docname.rpartition("/")[2]
            names[last] = None if last in names else entry
        prefix = f"{self.settings.entries}/"
        for entry in self.entries:
            names[entry.docname.removeprefix(prefix)] = names[entry.docname] = entry
        return names

    @cached_property
    def newest(self) -> tuple[Entry, ...]:
        """All entries, newest first, undated last."""
        return tuple(sorted(self.entries, key=newest_first))

    @cached_property
    def neighbours(self) -> dict[str, tuple[Entry | None, Entry | None]]:
        """Docname of each dated entry to the entries before and after it in time."""
        dated = [entry for entry in reversed(self.newest) if entry.date]
        around = [None, *dated, None]
        return {entry.docname: (around[i], around[i + 2]) for i, entry in enumerate(dated)}

    @cached_property
    def keywords(self) -> dict[str, Group]:
        """Slug to keyword, A to Z."""
        return self._groups(lambda entry: entry.keywords)

    @cached_property
    def sources(self) -> dict[str, Group]:
        """Slug to source, A to Z."""
        return self._groups(lambda entry: (entry.source,) if entry.source else ())

    @cached_property
    def topics(self) -> dict[str, Group]:
        """Id to topic, in the order of the setting; only topics that have entries. The topics' slugs are their ids."""
        members: dict[str, list[Entry]] = {id_: [] for id_ in self.settings.topics}
        for entry in self.newest:
            for topic in topics_of(entry, self.settings):
                members[topic.id].append(entry)
        return {
            id_: Group(self.settings.topics[id_].title, id_, tuple(entries), agreed=True)
            for id_, entries in members.items()
            if entries
        }

    def groups(self, kind: str) -> dict[str, Group]:
        """Return all groups of a *kind*, one of :data:`GROUPED`, by slug."""
        if kind == "topic":
            return self.topics
        return self.keywords if kind == "keyword" else self.sources

    def _groups(self, names_of: Callable[[Entry], Iterable[str]]) -> dict[str, Group]:
        members: defaultdict[str, list[Entry]] = defaultdict(list)
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in self.newest:
            for name in names_of(entry):
                key = fold(name)
                members[key].append(entry)
                spellings[key][name] += 1
        groups = []
        for key, entries in members.items():
            name = min(spellings[key], key=lambda spelling: (-spellings[key][spelling], spelling))
            groups.append(Group(name, slug(name), tuple(entries), len(spellings[key]) == 1))
        return {group.slug: group for group in sorted(groups, key=lambda group: name_key(group.name))}

    @cached_property
    def years(self) -> dict[str, tuple[Month, ...]]:
        """Year to its months in order of time; newest year first; within a month newest entry first."""
        years: dict[str, dict[str, list[Entry]]] = {}
        for entry in self.newest:
            if entry.date:
                year = coarser(entry.date, "year", self.settings.weeks)
                month = coarser(entry.date, "month", self.settings.weeks) or year
                if year and month:
                    years.setdefault(year.label, {}).setdefault(month.label, []).append(entry)
        return {
            year: tuple(Month(label, tuple(entries)) for label, entries in sorted(months.items()))
            for year, months in sorted(years.items(), reverse=True)
        }

    @cached_property
    def months(self) -> dict[str, tuple[Entry, ...]]:
        """Month, or year of which no month is known, to its entries, newest first."""
        return {month.label: month.entries for months in self.years.values() for month in months}

    def month_of(self, entry: Entry) -> str:
        """Return the label of the month page on which *entry* stands, "" when it has no date."""
        if not entry.date:
            return ""
        weeks = self.settings.weeks
        period = coarser(entry.date, "month", weeks) or coarser(entry.date, "year", weeks)
        return period.label if period else ""

    @cached_property
    def timeline(self) -> Timeline:
        """When the entries appeared, as charts show it."""
        return Timeline(self)

    @cached_property
    def undated(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.newest if not entry.date)

    @cached_property
    def starred(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.newest if entry.star)

    @cached_property
    def issues(self) -> dict[IssueId, Issue]:
        return build_issues(((entry, self._named[entry.docname]) for entry in self.entries), self.settings)

    @cached_property
    def _named(self) -> dict[str, tuple[IssueId, ...]]:
        """Docname to the issues in which the entry stands."""
        return {entry.docname: tuple(issues_of(entry, self.settings)) for entry in self.entries}

    @cached_property
    def rollups(self) -> dict[IssueId, tuple[Issue, tuple[Issue, ...]]]:
        rolled = build_rollups(self.issues.values(), self.settings.weeks)
        return {id_: whole for id_, whole in rolled.items() if id_ not in self.issues}

    def rollups_of(self, issue: Issue) -> tuple[IssueId, ...]:
        """Return the roll-ups that hold *issue*."""
        ids = (IssueId(issue.series.id, id_) for id_ in rollup_ids(issue, self.settings.weeks))
        return tuple(id_ for id_ in ids if id_ in self.rollups)

    def repeated(self, issue: Issue) -> Issue | None:
        """Return the issue of another series that has all the entries of *issue*, which collects them by date; None without one."""
        if issue.series.collects == "named" or issue.rollup:
            return None
        held = [
            {one.docname: one for one in self.digests_of(entry) if one.series.collects == "named"}
            for entry in issue.entries
        ]
        return next((one for name, one in held[0].items() if all(name in other for other in held)), None)

    def record_of(self, entry: Entry) -> Record | None:
        """Return the record of the paper that *entry* is about: the first that it cites, links or is."""
        return next(iter(self.records_of(entry)), None)

    def records_of(self, entry: Entry) -> tuple[Record, ...]:
        """Return the records of the papers that *entry* cites, links or is, in this order."""
        records = self.catalogue.bibliography.records
        return tuple([records[id_] for id_ in self._watched[entry.docname] if id_ in records])

    @cached_property
    def issues_by_series(self) -> dict[str, tuple[Issue, ...]]:
        """Series id to its issues in order, every declared series included."""
        by_series: dict[str, list[Issue]] = {id_: [] for id_ in self.settings.series}
        for issue in self.issues.values():
            by_series[issue.series.id].append(issue)
        return {id_: tuple(issues) for id_, issues in by_series.items()}

    @cached_property
    def issue_positions(self) -> dict[str, int]:
        """Docname of each issue to its place in its series, from 0."""
        return {
            issue.docname: i for issues in self.issues_by_series.values() for i, issue in enumerate(issues)
        }

    @cached_property
    def rollup_pages(self) -> dict[tuple[str, str], int]:
        """(series, roll-up) to the page of the series' list on which the roll-up's newest issue stands."""
        size = self.settings.page_size
        pages: dict[tuple[str, str], int] = {}
        for series, issues in self.issues_by_series.items():
            for position, issue in enumerate(reversed(issues)):
                for rollup in self.rollups_of(issue):
                    pages.setdefault((series, rollup.id), position // size + 1)
        return pages

    def find_issue(self, series: str, id_: str) -> tuple[Issue | None, tuple[Issue, ...]]:
        """Return an issue, or a roll-up with the issues it holds; ``(None, ())`` when there is no such."""
        issue = self.issues.get(IssueId(series, id_))
        return (issue, ()) if issue else self.rollups.get(IssueId(series, id_), (None, ()))

    def digests_of(self, entry: Entry) -> tuple[Issue, ...]:
        """Return the issues in which *entry* stands."""
        return self._digests_of.get(entry.docname, ())

    @cached_property
    def _digests_of(self) -> dict[str, tuple[Issue, ...]]:
        return {
            docname: tuple(self.issues[issue] for issue in issues) for docname, issues in self._named.items()
        }

    @cached_property
    def cited_by(self) -> dict[str, tuple[Entry, ...]]:
        """BibTeX key to the entries that cite it, in their options or their prose, newest first."""
        cited: dict[str, list[Entry]] = {}
        pages = self.catalogue.pages
        for entry in self.newest:
            for key in dict.fromkeys((*entry.cite, *(key for key, _ in pages[entry.docname].cites))):
                cited.setdefault(key, []).append(entry)
        return {key: tuple(entries) for key, entries in cited.items()}

    @cached_property
    def _key_of(self) -> dict[str, str]:
        """The identity of each address of a record to the record's key."""
        records = self.catalogue.bibliography.records
        return {same: key for key, record in records.items() for same in record.identities}

    @cached_property
    def _watched(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Docname to the ids of the papers that the entry cites in its options, links, or is itself, with the label and address it gives."""
        return {entry.docname: self._papers_in(entry) for entry in self.entries}

    def _papers_in(self, entry: Entry) -> dict[str, tuple[str, str]]:
        records = self.catalogue.bibliography.records
        found = {key: ("", "") for key in entry.cite if key in records}
        addresses = [(link.label, link.url) for link in entry.links if link.rel == "paper"]
        if entry.kind == "paper" and entry.url and not entry.cite:
            addresses.append((entry.alt_title or entry.title, entry.url))
        for label, url in addresses:
            same = identity(url)
            id_ = self._key_of.get(same, same)
            before, first = found.get(id_, ("", ""))
            found[id_] = (before or label, first or url)
        return found

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """All papers, each with the entries that watch or cite it, newest first.

        They are all records, and the papers without one that an entry links as ``paper`` or is itself (kind ``paper``).
        """
        records = self.catalogue.bibliography.records
        covering: dict[str, dict[str, Entry]] = {key: {} for key in records}
        named: dict[str, tuple[str, str]] = {}
        for entry in self.newest:
            watched = self._watched[entry.docname]
            for id_ in self.paper_ids(entry):
                if id_ in records or id_ in watched:
                    covering.setdefault(id_, {})[entry.docname] = entry
                    label, url = watched.get(id_, ("", ""))
                    before, first = named.get(id_, ("", ""))
                    named[id_] = (before or label, first or url)
        papers = []
        for id_, entries in covering.items():
            record = records.get(id_)
            label, url = (record.title, record.url) if record else named[id_]
            papers.append(Paper(id_, record, label, url, tuple(entries.values())))
        return in_order(papers)

    @cached_property
    def paper_parts(self) -> dict[str, tuple[Paper, ...]]:
        """The parts of :attr:`papers` by name; a paper with its BibTeX weighs as much as two rows of a list."""
        return parts_of(self.papers, max(1, self.settings.page_size // 2))

    def paper_ids(self, entry: Entry) -> tuple[str, ...]:
        """Return the ids of the papers that *entry* watches or cites, also in its prose; they follow from its page and the records."""
        prose = (key for key, _ in self.catalogue.pages[entry.docname].cites)
        return tuple(dict.fromkeys((*self._watched[entry.docname], *entry.cite, *prose)))

    @cached_property
    def papers_of(self) -> dict[str, tuple[str, ...]]:
        """Docname to :meth:`paper_ids`; only entries that have some."""
        return {entry.docname: ids for entry in self.entries if (ids := self.paper_ids(entry))}

    @cached_property
    def related(self) -> Lists:
        """Docname to the entries about the same, the closest first, each with a score."""
        catalogue = self.catalogue
        digests = {docname: page.digest for docname, page in catalogue.pages.items()}
        context = context_of(self.settings)
        return related(self.entries, self.paper_ids, digests, catalogue.bibliography.key, context, self.cache)

    @cached_property
    def lists(self) -> dict[str, tuple[Entry, ...]]:
        """The reading list: what is to be read, and what a curator may still fill in."""
        return {
            "to-read": tuple(e for e in self.newest if e.status == "to-read"),
            "reading": tuple(e for e in self.newest if e.status == "reading"),
            "no-summary": tuple(e for e in self.newest if not e.summary),
            "no-keywords": tuple(e for e in self.newest if not e.keywords),
            "no-paper": tuple(
                e
                for e in self.newest
                if not e.cite and e.kind != "thread" and not any(x.rel == "paper" for x in e.links)
            ),
            "todo": tuple(e for e in self.newest if e.todo),
        }

    def coverage(self, entry: Entry) -> tuple[tuple[str, Entry | None], ...]:
        """Return the other coverage of *entry*: each ``also`` address and, when it is watched here, its entry.

        It holds both ways: an entry whose ``also`` names this one is listed with its own address.
        """
        return self._coverage.get(entry.docname, ())

    @cached_property
    def _coverage(self) -> dict[str, tuple[tuple[str, Entry | None], ...]]:
        """Docname to :meth:`coverage`; only entries that have some."""
        named: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for url in entry.also:
                named.setdefault(identity(url), []).append(entry)
        found = {}
        for entry in self.entries:
            others = named.get(self.catalogue.pages[entry.docname].identity, ()) if entry.url else ()
            if entry.also or others:
                out = {identity(url): (url, self.catalogue.by_url.get(identity(url))) for url in entry.also}
                for other in others:
                    out.setdefault(identity(other.url) if other.url else other.docname, (other.url, other))
                found[entry.docname] = tuple(pair for pair in out.values() if pair[1] is not entry)
        return found

    @cached_property
    def covered(self) -> dict[str, set[str]]:
        """Docname to the entries that cover the same work, either of them naming the other; only entries that have some."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            for url in entry.also:
                other = self.catalogue.by_url.get(identity(url))
                if other and other is not entry:
                    found.setdefault(entry.docname, set()).add(other.docname)
                    found.setdefault(other.docname, set()).add(entry.docname)
        return found
