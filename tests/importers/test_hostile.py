"""Whatever the text: no structured importer raises anything but its own error, and all that it gives is sound."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.importers.reading import SETTINGS, check
from tests.linear import calls

from mlwatch.core import urls
from mlwatch.core.importers import IMPORTERS, importer
from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.dates import read_date
from mlwatch.core.importers.markup import from_html, tags

#: Pieces of all formats, so that most texts get past the first line.
PIECES = (
    '<!DOCTYPE NETSCAPE-Bookmark-file-1>|<DL><p>|</DL>|<DT><A HREF="https://example.org/x" ADD_DATE="1631793600" TAGS="a,b">|'
    "</A>|<DD>text|<H3>Folder|</H3>|<HR>|<!--|-->|<A HREF=|\"|'|>|<|&amp;|&|<![CDATA[|]]>|"
    '<?xml version="1.0"?>|<rss>|</rss>|<channel>|</channel>|<item>|</item>|<title>T</title>|<link>https://example.org/1</link>|'
    "<feed xmlns='http://www.w3.org/2005/Atom'>|</feed>|<entry>|</entry>|<!DOCTYPE x [<!ENTITY a 'b'>]>|&a;|"
    "<opml>|<body>|<outline text='x' xmlUrl='https://example.org/f'>|</outline>|<posts>|<post href='https://example.org'/>|"
    '[|]|{|}|,|:|"title"|"url"|"href"|"extended"|"bookmarks"|"content"|"createdAt"|"type"|"article"|"id"|"issued"|"items"|'
    '"https://jsonfeed.org/version/1.1"|"version"|1e999|NaN|null|true|-1|"\\ud800"|"\\u0000"|'
    "title,url,date,tags|https://example.org/y,|;|\t|;;|2021-09-16|9/04/24|"
    "@article{key,|@misc{|title = {T},|author = {A and B},|mlwatch-docname = {x},|mlwatch-cite = {key}|url = {https://e.org}|@string{|#|"
    "TY  - JOUR|TI  - T|AU  - B, A|UR  - https://example.org|DO  - 10.1000/x|ER  - |N1  - |words|深度|\x00|\x1b|\u202e|\u2028|\ud800"
).split("|")
TEXTS = st.lists(st.one_of(st.sampled_from([*PIECES, "\n", "\n"]), st.text(max_size=5)), max_size=40).map(
    "".join
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["https://example.org/a", "2021-09-16", "link"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["url", "type", "name", "date-parts", "family"]), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(
    "href description extended time tags toread createdAt title content note archived id type url external_url summary author "
    "authors issued URL DOI keyword container-title date_published language source date star pick kind paper also image cite "
    "digest order added body records comment accessed".split()
)
OBJECTS = st.lists(st.dictionaries(KEYS, VALUES, max_size=8), min_size=1, max_size=3)
NAMES = list(IMPORTERS)[list(IMPORTERS).index("jsonl") :]
STRUCTURED = [importer(name) for name in NAMES]


def try_import(name: str, text: str) -> None:
    document = Document("x", text)
    for reader in STRUCTURED:
        assert 0 <= reader.sniff(document) <= 100
        if reader.name != name:
            continue
        try:
            found = reader.read(document, SETTINGS)
        except ImportFailure:
            continue
        check(document, found)
        for item in found.items:
            entry = item.entry
            links = [entry.url, entry.archived, *entry.also, *(link.url for link in entry.links)]
            assert all(urls.is_safe(url) for url in links if url)
            json.dumps(entry.as_dict()).encode()
            "".join((entry.title, item.body, entry.summary, entry.comment, *item.records)).encode()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, phases=[Phase.generate])
@given(text=TEXTS)
def test_any_text(name: str, text: str) -> None:
    try_import(name, text)


@pytest.mark.parametrize("name", ["pinboard-json", "karakeep", "csl-json", "json-feed", "jsonl"])
@settings(max_examples=60, phases=[Phase.generate])
@given(objects=OBJECTS)
def test_any_json(name: str, objects: list[dict[str, Any]]) -> None:
    wrapped = {"karakeep": {"bookmarks": objects}, "json-feed": {"title": "F", "items": objects}}.get(
        name, objects
    )
    if name == "jsonl":
        try_import(name, "\n".join(map(json.dumps, objects)))
    else:
        try_import(name, json.dumps(wrapped, indent=1))
        try_import(name, json.dumps(wrapped))


@settings(max_examples=300, phases=[Phase.generate])
@given(text=st.one_of(TEXTS, st.text(max_size=30), st.from_regex(r"[0-9TZW:/. +-]{1,30}", fullmatch=True)))
def test_dates_and_html_take_anything(text: str) -> None:
    period = read_date(text)
    assert period is None or period.first <= period.last
    from_html(text)
    assert sum(len(tag.text) for tag in tags(text)) <= 2 * len(text)


@pytest.mark.parametrize(
    "unit",
    ["<A ", '<A HREF="', "<!--", "<![CDATA[", "&", "<", '"', "{", "@misc{a,", "TY  - JOUR\n", "\\", "[", '{"a":', "`", "<p>", "<li><a href=https://e.org>", "AB  - x\ny\n", "- ", "<DD>", "<DL>"],
)  # fmt: skip
def test_the_same_piece_many_times_takes_calls_in_proportion_to_its_length(unit: str) -> None:
    def job(size: int) -> None:
        text = unit * (size // len(unit))
        for head in (
            "",
            "<rss>",
            "<DT><A HREF='https://example.org'>x</A><DD>",
            "TY  - JOUR\n",
            "title,url\n",
            '[{"href":"',
        ):
            for reader in STRUCTURED:
                try:
                    reader.sniff(Document("x", head + text))
                    reader.read(Document("x", head + text), SETTINGS)
                except ImportFailure:
                    continue
        from_html(text)

    job(100)  # what is loaded and kept once is no part of either count
    assert calls(lambda: job(30_000)) <= 11 * calls(lambda: job(3_000))
