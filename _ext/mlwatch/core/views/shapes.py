"""The shapes in which views give what a page shows: plain, comparable, the same in every process."""

from __future__ import annotations

from typing import NamedTuple


class Ref(NamedTuple):
    """A page to link to: docname, text, language of the text ("" for the site's), how many entries it has."""

    docname: str
    text: str
    lang: str = ""
    count: int = 0


class Row(NamedTuple):
    """An entry as a list shows it."""

    page: Ref
    alt_title: str
    date: str
    source: Ref | None
    star: int
    pick: bool
    kind: str
    status: str
    keywords: tuple[Ref, ...] = ()
    excerpt: str = ""
    note: str = ""


class Pages(NamedTuple):
    """Where a page stands among the pages of one long list; ``number`` counts from 1."""

    base: str
    number: int
    count: int


class ListView(NamedTuple):
    rows: tuple[Row, ...]
    pages: Pages
    total: int


class NamesView(NamedTuple):
    """A part of an A to Z: ``letters`` has each letter with the page on which it begins."""

    parts: tuple[tuple[str, tuple[Ref, ...]], ...]
    letters: tuple[tuple[str, int], ...]
    pages: Pages
    children: tuple[str, ...]


class EntryView(NamedTuple):
    """What an entry's page shows of others."""

    source: Ref | None
    month: Ref | None
    keywords: tuple[Ref, ...]
    digests: tuple[Ref, ...]
    earlier: Ref | None
    later: Ref | None
    coverage: tuple[tuple[str, Ref | None], ...]
    records: tuple[tuple[str, str, str, str], ...]


class IssueView(NamedTuple):
    series: Ref
    author: str
    period: tuple[str, str]
    sections: tuple[tuple[str, str, tuple[Row, ...]], ...]
    keywords: tuple[Ref, ...]
    figures: tuple[tuple[str, int], ...]
    earlier: Ref | None
    later: Ref | None
    rollups: tuple[Ref, ...]
    issues: tuple[Ref, ...]
    pages: Pages


class SeriesView(NamedTuple):
    series: Ref
    author: str
    url: str
    description: str
    years: tuple[tuple[str, Ref | None, tuple[Ref, ...]], ...]
    pages: Pages
    children: tuple[str, ...]


class YearsView(NamedTuple):
    years: tuple[tuple[Ref, tuple[Ref, ...]], ...]
    undated: Ref | None
    children: tuple[str, ...]


class PaperRow(NamedTuple):
    key: str
    text: str
    url: str
    rows: tuple[Row, ...]


class PapersView(NamedTuple):
    papers: tuple[PaperRow, ...]
    pages: Pages
    total: int
