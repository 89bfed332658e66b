"""Bookmarks, as browsers and services write them."""

from __future__ import annotations

import json

import pytest
from tests.importers.reading import SETTINGS, facts, harvest, told, unnamed

from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.bookmarks import Bookmarks
from mlwatch.core.importers.services import Karakeep

CHROME = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file.
     It will be read and overwritten.
     DO NOT EDIT! -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1631750400" LAST_MODIFIED="0" PERSONAL_TOOLBAR_FOLDER="true">Lesezeichenleiste</H3>
    <DL><p>
        <DT><A HREF="https://example.org/a?x=1&amp;y=2" ADD_DATE="1631793600" ICON="data:image/png;base64,AA==">Toward fast &amp; accurate nets</A>
        <DT><H3 ADD_DATE="1631750400" LAST_MODIFIED="0">Vision</H3>
        <DL><p>
            <DT><A HREF="https://blog.example.net/b" ADD_DATE="1631793600">Seeing</A>
            <DT><A HREF="javascript:alert(1)" ADD_DATE="1631793600">A bookmarklet</A>
            <DT><A HREF="chrome://settings/" ADD_DATE="1631793600">Settings</A>
        </DL><p>
    </DL><p>
</DL><p>
"""


def test_chrome_folders_become_keywords_and_the_toolbar_none() -> None:
    found = harvest(CHROME, "bookmarks")
    assert [facts(item) for item in found.items] == [
        {
            "title": "Toward fast & accurate nets",
            "url": "https://example.org/a?x=1&y=2",
            "added": "2021-09-16",
        },
        {
            "title": "Seeing",
            "url": "https://blog.example.net/b",
            "added": "2021-09-16",
            "keywords": ["Vision"],
        },
    ]


def test_links_that_are_no_articles_are_told_and_every_other_line_is_named() -> None:
    found = harvest(CHROME, "bookmarks")
    assert told(found, "unparsed") == [15, 16]
    assert "javascript" in next(line.why for line in found.lines if line.number == 15)
    assert told(found, "heading") == [6, 7, 9, 12]
    assert unnamed(CHROME, found) == []


FIREFOX = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'none'"></meta>
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks Menu</H1>

<DL><p>
    <DT><A HREF="place:type=6&sort=14" ADD_DATE="1631793600">Recent Tags</A>
    <HR>    <DT><H3 ADD_DATE="1631793600">Reading</H3>
    <DD>What I read
    <DL><p>
        <DT><A HREF="https://example.org/ssl" ADD_DATE="1631793600" LAST_CHARSET="UTF-8" TAGS="vision,self-supervised learning">Self-supervision</A>
        <DD>A survey, with a &lt;table&gt;.
    </DL>
</DL>
"""


def test_firefox_tags_descriptions_and_separators() -> None:
    found = harvest(FIREFOX, "bookmarks")
    assert [facts(item) for item in found.items] == [
        {
            "title": "Self-supervision",
            "url": "https://example.org/ssl",
            "added": "2021-09-16",
            "keywords": ["vision", "self-supervised learning", "Reading"],
            "summary": "A survey, with a <table>.",
        }
    ]
    assert told(found, "unparsed") == [8, 10]
    assert 9 in told(found, "separator")
    assert told(found, "summary") == [13]
    assert unnamed(FIREFOX, found) == []


SAFARI = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
\t<HTML>
\t<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
\t<Title>Bookmarks</Title>
\t<H1>Bookmarks</H1>
\t<DT><H3 FOLDED>Favourites</H3>
\t<DL><p>
\t\t<DT><A HREF="https://example.org/fav">A favourite</A>
\t</DL><p>
\t<DT><H3 FOLDED id="com.apple.ReadingList">Reading List</H3>
\t<DL><p>
\t\t<DT><A HREF="example.org/later">For later</A>
\t</DL><p>
\t</HTML>
"""


def test_safari_reading_list_is_to_read_and_an_address_gets_its_scheme() -> None:
    first, second = harvest(SAFARI, "bookmarks").items
    assert facts(first) == {
        "title": "A favourite",
        "url": "https://example.org/fav",
    }
    assert facts(second) == {
        "title": "For later",
        "url": "https://example.org/later",
        "status": "to-read",
    }


LINKDING = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
<DT><A HREF="https://example.org/one" ADD_DATE="1631793600" LAST_MODIFIED="1631793600" PRIVATE="0" TOREAD="1" TAGS="nlp,bert">One</A>
<DD>What it is.[linkding-notes]My own
second line[/linkding-notes]
</DL><p>
"""


def test_linkding_notes_are_the_comment_and_toread_the_status() -> None:
    (item,) = harvest(LINKDING, "bookmarks").items
    assert facts(item) == {
        "title": "One",
        "url": "https://example.org/one",
        "added": "2021-09-16",
        "status": "to-read",
        "keywords": ["nlp", "bert"],
        "summary": "What it is.",
        "comment": "My own\nsecond line",
    }


def test_lists_of_pocket_say_what_was_read() -> None:
    text = """\
<!DOCTYPE html><html><head><title>Pocket Export</title></head><body>
<h1>Unread</h1><ul>
<li><a href="https://example.org/1" time_added="1631793600" tags="a,b">One</a></li>
</ul><h1>Read Archive</h1><ul>
<li><a href="https://example.org/2" time_added="1631793600" tags="">https://example.org/2</a></li>
</ul></body></html>
"""
    found = harvest(text, "bookmarks")
    assert [(item.entry.status, item.entry.keywords) for item in found.items] == [
        ("to-read", ("a", "b")),
        ("read", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<DT><A HREF="https://example.org/x',
        '<DT><A HREF="https://example.org/x">no end',
        '<DL><p><DT><H3>open <A HREF="https://example.org/x">y</A>',
        "</DL></DL><DT><A HREF=https://example.org/x>y</A>",
    ],
)
def test_broken_html_still_gives_its_link(text: str) -> None:
    found = Bookmarks().read(Document("x", text), SETTINGS)
    assert [item.entry.url for item in found.items] == ["https://example.org/x"]


def test_html_without_links_is_refused() -> None:
    with pytest.raises(ImportFailure, match="no bookmark"):
        Bookmarks().read(Document("x", "<p>words"), SETTINGS)


POST = {
    "href": "https://example.org/one",
    "description": "One",
    "extended": "What I think\nof it",
    "meta": "m",
    "hash": "h",
    "time": "2021-09-16T10:00:00Z",
    "shared": "yes",
    "toread": "yes",
    "tags": "nlp .private",
}
OF_POST = {
    "title": "One",
    "url": "https://example.org/one",
    "added": "2021-09-16",
    "keywords": ["nlp", "private"],
    "status": "to-read",
    "summary": "What I think\nof it",
}


@pytest.mark.parametrize("indent", [None, 1])
def test_pinboard_json_on_one_line_or_on_many(indent: int | None) -> None:
    text = json.dumps(
        [POST, {**POST, "href": "about:blank", "later": 1}, {**POST, "later": "unknown"}], indent=indent
    )
    found = harvest(text, "pinboard-json")
    assert [facts(item) for item in found.items] == [OF_POST, OF_POST]
    assert unnamed(text, found) == []
    whys = {line.why for line in found.lines if line.use == "unparsed"}
    assert whys == {"'about:blank' is no address on the web", '"later" fits no option'}
    if indent:
        lines = text.split("\n")
        (line,) = (line for line in found.lines if "later" in line.why)
        assert lines[line.number - 1].strip() == '"later": "unknown"'
        assert [lines[n - 1].split(":")[0].strip() for n in told(found, "title")] == ['"description"'] * 2


def test_pinboard_xml() -> None:
    text = """\
<?xml version="1.0" encoding="UTF-8"?>
<posts user="someone">
<post href="https://example.org/one" time="2021-09-16T10:00:00Z" description="One" extended="What I think&#10;of it" tag="nlp .private" hash="h" shared="no" toread="yes" />
</posts>
"""
    found = harvest(text, "pinboard-xml")
    assert [facts(item) for item in found.items] == [OF_POST]
    assert unnamed(text, found) == []


def test_karakeep_links_texts_and_what_is_neither() -> None:
    link = {
        "createdAt": 1631793600,
        "title": "One",
        "tags": ["nlp", "a, b"],
        "content": {"type": "link", "url": "https://example.org/one"},
        "note": "mine",
        "archived": True,
    }
    bookmarks = [
        link,
        {
            **link,
            "title": None,
            "content": {"type": "text", "text": "A thought"},
            "archived": False,
            "note": None,
        },
        {**link, "content": None},
    ]
    text = json.dumps({"bookmarks": bookmarks}, indent=2)
    found = harvest(text, "karakeep")
    assert facts(found.items[0]) == {
        "title": "One",
        "url": "https://example.org/one",
        "added": "2021-09-16",
        "keywords": ["nlp", "a, b"],
        "status": "read",
        "comment": "mine",
    }
    assert facts(found.items[1]) == {
        "title": "A thought",
        "kind": "note",
        "added": "2021-09-16",
        "keywords": ["nlp", "a, b"],
        "summary": "A thought",
    }
    assert len(found.items) == 2
    assert unnamed(text, found) == []
    assert {line.why for line in found.lines if line.why} == {"it has neither a link nor a text"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"bookmarks": [' + "[" * 100_000, "nested too deep"),
        ('{"bookmarks": [{"createdAt": ', "no JSON"),
        ("", "no JSON"),
        ('{"bookmarks": 1}', "no list"),
    ],
)
def test_json_that_cannot_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(ImportFailure, match=why):
        Karakeep().read(Document("x", text), SETTINGS)


def test_json_that_ends_early_gives_what_stands_before_the_fault() -> None:
    text = json.dumps({"bookmarks": [{"createdAt": 1631793600, "title": "One", "tags": [], "content": {"type": "link", "url": "https://example.org"}, "note": None}]}, indent=0)  # fmt: skip
    found = harvest(text.removesuffix("]\n}") + ",\n{oops", "karakeep")
    assert [item.entry.title for item in found.items] == ["One"]
    assert "no JSON" in next(line.why for line in found.lines if line.use == "unparsed")


def test_numbers_without_end_are_no_harm() -> None:
    text = json.dumps([{**POST, "time": 0}]).replace(": 0", ": " + "9" * 10_000)
    found = harvest(text, "pinboard-json")
    assert found.items[0].entry.added is None


def test_folders_nested_too_deep_are_reported_and_are_no_keywords() -> None:
    opened = "".join(f"<DL><p><DT><H3>f{n}</H3>\n" for n in range(60))
    closed = "</DL><p>" * 55 + '\n<DT><A HREF="https://example.org/b">B</A>'
    text = f'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n{opened}<DT><A HREF="https://example.org/a">A</A>\n{closed}'
    found = harvest(text, "bookmarks")
    first, second = found.items
    assert first.entry.keywords == tuple(f"f{n}" for n in range(49))
    assert second.entry.keywords == tuple(f"f{n}" for n in range(4))
    refused = [line for line in found.lines if line.use == "unparsed"]
    assert [line.number for line in refused] == list(range(52, 62))
    assert "more than 50 deep" in refused[0].why


def test_many_tags_on_one_line_are_noted_once() -> None:
    found = harvest(f'<DL><A HREF="https://example.org/a">A</A>{"<DL><p>" * 10_000}', "bookmarks")
    assert len(found.items) == 1
    assert len(found.lines) < 10
