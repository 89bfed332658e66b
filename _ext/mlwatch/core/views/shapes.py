"""The shapes in which views give what a page shows: plain, comparable, the same in every process."""

from __future__ import annotations

from typing import NamedTuple


class Ref(NamedTuple):
    """A page to link to: docname, text, language of the text ("" for the site's), how many entries it has (``size``)."""

    docname: str
    text: str
    lang: str = ""
    size: int = 0


class Row(NamedTuple):
    """An entry as a list shows it.

    ``links`` are those to follow without opening its page, each as (kind, URL). ``excerpt`` is how its summary begins;
    without one, ``paper`` is the title and the credit of the paper that it is about. A digest has the whole ``summary``
    and the ``comment``, both Markdown.
    """

    page: Ref
    alt_title: str
    date: str
    source: Ref | None
    star: int
    pick: bool
    kind: str
    status: str
    links: tuple[tuple[str, str], ...] = ()
    excerpt: str = ""
    paper: tuple[str, str] = ("", "")
    note: str = ""
    topics: tuple[Ref, ...] = ()
    summary: str = ""
    comment: str = ""


class Pages(NamedTuple):
    """Where a page stands among the pages of one long list; ``number`` counts from 1 to ``last``."""

    base: str
    number: int
    last: int


class Part(NamedTuple):
    """Where a page stands among the parts of a list that is newest first; the first part has no ``name``.

    ``near`` are the names that its links show, "…" where some are left out; ``further``, which only the first part has, are
    those of all others.
    """

    base: str
    name: str
    near: tuple[str, ...]
    further: tuple[str, ...] = ()


class ListView(NamedTuple):
    """A page of a list of entries; ``total`` counts those of all its pages, and only the first tells it."""

    rows: tuple[Row, ...]
    pages: Pages | Part
    total: int


class TopicView(NamedTuple):
    """A page of a topic; all but ``list`` is on the first page only.

    ``highlights`` are its newest picks and starred entries, ``keywords`` its prominent keywords, the most frequent first, and
    ``others`` the rest of those that entries have.
    """

    description: str
    highlights: tuple[Row, ...]
    keywords: tuple[Ref, ...]
    others: tuple[Ref, ...]
    list: ListView


class TopicCard(NamedTuple):
    """A topic in the list of topics: its page, with how many entries it has, and its most frequent keywords."""

    page: Ref
    description: str
    keywords: tuple[Ref, ...]


class SelectionView(NamedTuple):
    """The entries that a filter selects; ``cut`` says that they are more than a page takes, ``unknown`` names what none has."""

    list: ListView
    cut: bool
    unknown: tuple[str, ...]


class NamesView(NamedTuple):
    """A part of an A to Z: ``letters`` has each letter with the page on which it begins."""

    parts: tuple[tuple[str, tuple[Ref, ...]], ...]
    letters: tuple[tuple[str, int], ...]
    pages: Pages
    children: tuple[str, ...]


class PaperView(NamedTuple):
    """A paper: its record, and its web pages as (kind, URL). One without a record has no ``key`` and no ``bibtex``."""

    key: str
    title: str
    authors: tuple[str, ...]
    more: bool
    place: str
    links: tuple[tuple[str, str], ...]
    bibtex: str


class EntryView(NamedTuple):
    """What an entry's page shows of others, and which URLs on it did not work when they were last checked."""

    source: Ref | None
    month: Ref | None
    keywords: tuple[Ref, ...]
    digests: tuple[Ref, ...]
    coverage: tuple[tuple[str, Ref | None], ...]
    papers: tuple[PaperView, ...]
    broken: tuple[str, ...] = ()
    topics: tuple[Ref, ...] = ()


class RelatedRow(NamedTuple):
    """An entry about the same as another; ``same_paper`` says that they share a paper. Flat: there are very many."""

    docname: str
    title: str
    lang: str
    source: str
    date: str
    same_paper: bool


class IssueView(NamedTuple):
    """A digest or a roll-up: about it, its sections as (id, title, rows), and for a roll-up its issues.

    ``repeats`` is the issue of another series that has the same entries; they are not shown twice.
    """

    series: Ref
    author: str
    period: tuple[str, str]
    sections: tuple[tuple[str, str, tuple[Row, ...]], ...]
    size: int
    issues: tuple[Ref, ...]
    pages: Pages
    repeats: Ref | None = None


class LatestView(NamedTuple):
    """The latest digest: its page, its series, when it was, and some of its entries."""

    issue: Ref
    series: str
    period: tuple[str, str]
    rows: tuple[Row, ...]


class FiguresView(NamedTuple):
    """Counts, each with the page that lists what it counts, and the first and last month that the collection covers."""

    counts: tuple[Ref, ...]
    covers: tuple[str, str]


class SeriesView(NamedTuple):
    """A page of the issues of a series, as (year, roll-up, issues); ``children`` are the pages below it."""

    series: Ref
    author: str
    url: str
    description: str
    years: tuple[tuple[str, Ref | None, tuple[Ref, ...]], ...]
    pages: Pages
    children: tuple[str, ...]


class YearsView(NamedTuple):
    """All years, each with its months; ``children`` are the pages below the index."""

    years: tuple[tuple[Ref, tuple[Ref, ...]], ...]
    undated: Ref | None
    children: tuple[str, ...]


class YearView(NamedTuple):
    """The months of a year, the pages below it, and the entries of which only the year is known."""

    months: tuple[Ref, ...]
    children: tuple[str, ...]
    rest: ListView | None


class PaperRow(NamedTuple):
    """A paper in the list of papers, with the entries that cover it; ``anchor`` is its id on the page, "" without a record."""

    paper: PaperView
    anchor: str
    covered: tuple[Ref, ...]


class PapersView(NamedTuple):
    """A page of the list of papers.

    The first page has how many there are (``total``), and either all of them or ``parts`` to go to, with the papers that
    entries covered last (``recent``); a part has ``years`` alone, each with its papers.
    """

    total: int
    records: bool
    parts: tuple[Ref, ...]
    recent: tuple[PaperRow, ...]
    years: tuple[tuple[str, tuple[PaperRow, ...]], ...]
