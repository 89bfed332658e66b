"""Every reader of untrusted text takes linear time, whatever the text, and raises nothing but its own error.

:mod:`tests.linear` says how growth is measured; the patterns of the readers are attacked one by one in
``test_linear_patterns.py``.
"""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.linear import grows

from mlwatch.core import prose, urls
from mlwatch.core.article import address, facts, links
from mlwatch.core.article import dates as page_dates
from mlwatch.core.article.charset import decode
from mlwatch.core.bibread import Reader
from mlwatch.core.bibtex import Record, escape
from mlwatch.core.collection import Paper
from mlwatch.core.entry_block import Option
from mlwatch.core.exports.markdown import Markdown
from mlwatch.core.filters import FilterError
from mlwatch.core.filters import parse as parse_filter
from mlwatch.core.importers import IMPORTERS, dates, importer, phrases, rows, when
from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.draft import mend_url
from mlwatch.core.importers.markup import from_html
from mlwatch.core.latex import to_address, to_text
from mlwatch.core.model import FIELD
from mlwatch.core.options import build_entry
from mlwatch.core.page import find_citations, plain_inline, read_page
from mlwatch.core.papers.work import Work, key_of, record_of
from mlwatch.core.records import anchor, in_order
from mlwatch.core.searching import plain, spaced
from mlwatch.core.settings import read as read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

SETTINGS, _ = read_settings({})
TODAY = date(2024, 3, 1)
#: What is repeated: marks of all formats, alone and as they follow each other.
PIECES = [
    "~", "`", ":", "[", "*", "_", "<", "!", "\\", "$", "|", "(", "{", "@", "&", '"', "0", "-", " ", "\n", "a.", "/", "A", "@a{a,",
    "a, ", "](", "<a ", "AU  - a\n", "## a\n", "{a}`", "http://",
]  # fmt: skip


def imported(form: str, text: str) -> None:
    reader, document = importer(form), Document("x", text)
    assert 0 <= reader.sniff(document) <= 100
    try:
        reader.read(document, SETTINGS)
    except ImportFailure:
        return


def every_importer(text: str) -> None:
    for form in IMPORTERS:
        imported(form, text)


def page(text: str) -> None:
    read_page(f"# {text}\n\n```{{mlentry}}\n:url: {text}\n{text}\n```\n\n## Summary\n{text}")


def options(text: str) -> None:
    for name in FIELD:
        build_entry("a", "a.md", 1, "T", [Option(name, 1, text)], SETTINGS)


def bibtex(text: str) -> None:
    for record in (text, f"@misc{{k, author = {{{text}}}, title = {text}}}{text}", f"@string{{a = {text}}}"):
        reader = Reader()
        reader.read_text("x.bib", record)
        for found in reader.found.values():
            reader.finish(found)


def record(text: str) -> None:
    names = "title", "note", "howpublished", "url", "doi", "eprint", "year"
    fields = tuple((name, text) for name in names)
    one = Record("k", "misc", fields, (text,), (text,), more=False, path="", line=1, raw="")
    _ = (
        one.identities,
        one.label,
        one.reference,
        in_order([Paper(one.key, one, one.title, one.url, ())]),
        anchor(text),
    )


def url(text: str) -> None:
    for start in ("", "https://e.org/", "http://", "https://arxiv.org/", "10.", "arxiv:", "mailto:"):
        one = start + text
        urls.identity.__wrapped__(one)
        urls.problem_with(one)
        urls.host(one)
        links.recognise(one)
        page_dates.date_in_address(one, TODAY)
        try:
            mend_url(one)
        except ValueError:
            continue
    address.title_of(f"https://e.org/{text.replace('[', '')}")


def article(text: str) -> None:
    quoted = text.replace('"', "")
    names = "og:title", "author", "keywords", "citation_author", "description"
    metas = "".join(f'<meta name={name} content="{quoted}">' for name in names)
    script = f"<script type=application/ld+json>{text}</script>"
    facts.from_page(f"<title>{text}</title>{metas}{script}<h1>{text}", "https://e.org/a", TODAY)
    decode(text.encode(), text)


def day(text: str) -> None:
    dates.read_date(text)
    page_dates.read_date(text, TODAY)
    when.date_in(text, SETTINGS.weeks)
    when.is_date(text)
    when.leading_date(text)


def filters(text: str) -> None:
    try:
        parse_filter(text, SETTINGS)
    except FilterError:
        return


def phrase(text: str) -> None:
    for one in (text, f"[T](https://e.org) {text}", f"- {text} [x](https://e.org)"):
        phrases.read_phrase(one)
        phrases.read_details(one)
        rows.read_row(one)
    phrases.people(text)
    phrases.tidy(text)


def paper(text: str) -> None:
    work = Work(title=text, venue=text, doi=text, url=text)
    record_of(work, "k")
    key_of(work, ())
    record_of(Work(title=text, is_tex=True), "k")


def exported(text: str) -> None:
    from dataclasses import replace
    from types import SimpleNamespace

    entry, _ = build_entry("a", "a.md", 1, text, [Option("url", 1, "https://e.org/a")], SETTINGS)
    entry = replace(
        entry, source=text, summary=text, comment=text, authors=(text,), keywords=(text,), kind="thread"
    )
    portion: Any = SimpleNamespace(entries=[entry], bodies={"a": f"## Thread\n\n{text}"})
    Markdown().write(portion)


def ris(text: str) -> None:
    tags = "TI AU UR DO DA KW LA AB ID PB N1 T2".split()
    imported("ris", "TY  - JOUR\n" + "".join(f"{tag}  - {text}\n" for tag in tags) + "ER  - \n")


def csv(text: str) -> None:
    cell = '"' + text.replace('"', '""') + '"'
    names = "title", "url", "authors", "keywords", "folder", "paper", "date", "comment"
    imported("csv", f"{','.join(names)}\n{','.join([cell] * len(names))}\n")
    imported("csv", f"title,url,{cell}\na,https://e.org,b\n")


def json_formats(text: str) -> None:
    item = dict.fromkeys(
        ("id", "title", "url", "date", "keywords", "authors", "cite", "paper", "summary", "note"), text
    )
    imported("jsonl", json.dumps(item))
    imported(
        "csl-json", json.dumps([item | {"type": "article", "author": [{"family": text, "given": text}]}])
    )
    imported("csl-json", f'[{{"id": "a", "type": "article",\n"title": "{text}')
    imported("json-feed", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]}))


def feed(text: str) -> None:
    names = "title", "link", "author", "pubDate", "description"
    parts = "".join(f"<{name}><![CDATA[{text.replace(']', '')}]]></{name}>" for name in names)
    imported("feed", f"<rss><channel><item>{parts}</item></channel></rss>")
    imported("feed", f"<?xml version='1.0'?>{text}<rss>")
    imported("opml", f"<opml><body>{text}")


def bookmarks(text: str) -> None:
    start = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>"
    imported("bookmarks", f'{start}<DT><A HREF="https://e.org" TAGS="{text}">{text}</A><DD>{text}')
    imported("bookmarks", f"{start}<DT><H3>{text}")


def lists(text: str) -> None:
    imported(
        "markdown", f"# T\n\n- [T {text}](https://e.org) {text}\n\n{text}\n| {text} | [x](https://b.org) |\n"
    )
    imported("ds-ml", f"2019 DS/ML digest 20\n\n- T https://e.org {text}")


def old_pages(text: str) -> None:
    imported("akira", f"# Akira's ML News\n# 1. Papers\n# x\n{text}")
    fields = f"**Keywords**: {text}\n**Paper**: {text}\n**Summary**: {text}"
    imported("watch-page", f"# Articles\n## 2021-09-16\n### Google: [{text}](https://e.org)\n{fields}")


READERS: dict[str, Callable[[str], object]] = {
    one.__name__: one
    for one in (
        every_importer, page, plain_inline, find_citations, options, bibtex, record, url, article, day, filters, phrase, paper,
        exported, ris, csv, json_formats, feed, bookmarks, lists, old_pages, to_text, to_address, escape, from_html,
    )
} | {
    "prose": prose.tame.__wrapped__,
    "plain prose": prose.plain,
    "search": lambda text: spaced(plain(text)),
}  # fmt: skip


def repeated(piece: str, size: int) -> str:
    return piece * (size // len(piece))


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_linear_time(name: str) -> None:
    slow = {}
    for piece in PIECES:
        if how := grows(READERS[name], partial(repeated, piece)):
            slow[piece] = how
    assert slow == {}
