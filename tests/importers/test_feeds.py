"""Feeds and OPML."""

from __future__ import annotations

import json

import pytest
from tests.importers.reading import SETTINGS, facts, harvest, told, unnamed

from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.feeds import Feed
from mlwatch.core.settings import read

RSS2 = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
  <title>The Gradient&nbsp;Blog</title>
  <link>https://blog.example.org/</link>
  <description>Words</description>
  <item>
    <title>Fast &amp; accurate</title>
    <link>/2021/fast</link>
    <guid isPermaLink="false">77</guid>
    <pubDate>Thu, 16 Sep 2021 23:30:00 -0800</pubDate>
    <dc:creator><![CDATA[Ann Example]]></dc:creator>
    <category>vision</category>
    <category><![CDATA[neural nets]]></category>
    <description><![CDATA[<p>One <b>line</b> with <a href="https://example.org/x">a link</a>.</p><ul><li>a_b</li><li>c</li></ul>]]></description>
    <content:encoded><![CDATA[<p>The whole
    article.</p>]]></content:encoded>
    <comments>https://blog.example.org/2021/fast#comments</comments>
    <unknown>thing</unknown>
  </item>
  <item>
    <title></title>
    <guid>https://blog.example.org/2021/no-title</guid>
    <author>ann@example.org (Ann Example)</author>
    <pubDate>soon</pubDate>
  </item>
</channel>
</rss>
"""


def test_rss_2() -> None:
    found = harvest(RSS2, "feed")
    assert [facts(item) for item in found.items] == [
        {
            "title": "Fast & accurate",
            "source": "The Gradient Blog",
            "url": "https://blog.example.org/2021/fast",
            "date": "2021-09-16",
            "authors": ["Ann Example"],
            "keywords": ["vision", "neural nets"],
            "links": [("discussion", "", "https://blog.example.org/2021/fast#comments")],
            "summary": "One line with [a link](https://example.org/x).\n\n- a\\_b\n- c",
        },
        {
            "title": "blog.example.org/2021/no-title",
            "source": "The Gradient Blog",
            "url": "https://blog.example.org/2021/no-title",
            "authors": ["Ann Example"],
        },
    ]
    assert told(found, "unparsed") == [19, 25]
    assert told(found, "heading") == [4]
    whole = [line for line in found.lines if line.number in (16, 17)]
    assert {line.why for line in whole} == {"the article itself stays where it is"}
    assert unnamed(RSS2, found) == []


def test_rss_1_is_rdf_with_items_beside_the_channel() -> None:
    text = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:x="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://example.org/"><title>Old feed</title><link>https://example.org/</link><x:language>zh</x:language></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link><x:date>2021-09-16T10:00:00Z</x:date><x:subject>a, b</x:subject></item>
</rdf:RDF>
"""
    (item,) = harvest(text, "feed").items
    assert facts(item) == {
        "title": "One",
        "source": "Old feed",
        "url": "https://example.org/1",
        "date": "2021-09-16",
        "lang": "zh",
        "keywords": ["a", "b"],
    }


def test_rss_091_with_its_doctype() -> None:
    text = """\
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Caf&eacute; & more</title>
<item><title>One</title><link>https://example.org/1</link></item></channel></rss>
"""
    (item,) = harvest(text, "feed").items
    assert (item.entry.source, item.entry.title) == ("Café & more", "One")


def test_atom_with_prefix_base_and_links_of_all_kinds() -> None:
    text = """\
<?xml version="1.0"?>
<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="en-GB">
<a:title type="html">A &amp;lt;b&amp;gt; feed</a:title>
<a:link rel="self" href="https://example.org/feed"/><a:link href="https://example.org/"/>
<a:entry>
<a:title type="text">One &lt; two</a:title>
<a:link rel="alternate" href="https://arxiv.org/abs/2104.00298v1"/>
<a:link rel="related" title="pdf" href="https://arxiv.org/pdf/2104.00298v1"/>
<a:link rel="replies" href="https://example.org/talk"/>
<a:id>urn:1</a:id>
<a:updated>2021-10-01T00:00:00Z</a:updated>
<a:published>2021-09-16T00:00:00Z</a:published>
<a:author><a:name>Tan, M.</a:name></a:author>
<a:author><a:name>Ann</a:name></a:author>
<a:category term="cs.CV" label="Vision"/>
<a:summary>Plain
text.

Second.</a:summary>
</a:entry>
</a:feed>
"""
    found = harvest(text, "feed")
    assert facts(found.items[0]) == {
        "title": "One < two",
        "source": "A <b> feed",
        "url": "https://arxiv.org/abs/2104.00298v1",
        "date": "2021-09-16",
        "kind": "paper",
        "authors": ["Tan, M.", "Ann"],
        "keywords": ["Vision"],
        "links": [
            ("paper", "", "https://arxiv.org/pdf/2104.00298v1"),
            ("discussion", "", "https://example.org/talk"),
        ],
        "summary": "Plain text.\n\nSecond.",
    }
    assert unnamed(text, found) == []


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "A feed",
        "home_page_url": "https://example.org/",
        "items": [
            {
                "id": "1",
                "url": "https://example.org/1",
                "external_url": "https://example.net/x",
                "title": "One",
                "content_html": "<p>all</p>",
                "summary": "Short",
                "date_published": "2021-09-16T10:00:00+02:00",
                "authors": [{"name": "Ann"}],
                "tags": ["a", "b"],
                "language": "fr",
            }
        ],
    }
    text = json.dumps(feed, indent=1)
    found = harvest(text, "json-feed")
    assert facts(found.items[0]) == {
        "title": "One",
        "source": "A feed",
        "url": "https://example.net/x",
        "date": "2021-09-16",
        "authors": ["Ann"],
        "lang": "fr",
        "keywords": ["a", "b"],
        "links": [("link", "", "https://example.org/1")],
        "summary": "Short",
    }
    assert unnamed(text, found) == []
    assert told(found, "unparsed") == []


def test_elements_nested_too_deep_are_told() -> None:
    found = Feed().read(Document("x", "<rss><channel>" + "<a>" * 100_000), SETTINGS)
    assert found.items == []
    assert [line.why for line in found.lines] == ["elements are nested too deep here"]


def test_html_is_no_feed() -> None:
    with pytest.raises(ImportFailure, match="neither RSS nor Atom"):
        Feed().read(Document("x", "<html><body/></html>"), SETTINGS)


BOMB = """\
<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss><channel><title>&b;</title></channel></rss>
"""


def test_declared_entities_are_refused() -> None:
    with pytest.raises(ImportFailure, match="declares an entity"):
        Feed().read(Document("x", BOMB), SETTINGS)
    with pytest.raises(ImportFailure, match="declares an entity"):
        Feed().read(
            Document("x", '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>'), SETTINGS
        )


def test_a_feed_that_breaks_off_gives_what_came_before() -> None:
    lines = RSS2.split("\n")
    text = "\n".join([*lines[:20], "  <item><title>Broken</item>", "  <item>", "</rss>"])
    found = harvest(text, "feed")
    assert [item.entry.title for item in found.items] == ["Fast & accurate"]
    (line,) = (line for line in found.lines if line.number == 21)
    assert line.use == "unparsed"
    assert "broken" in line.why
    assert unnamed(text, found) == [22, 23]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE a [<!ENTITY b '" + "c" * 9_999 + "'>]><rss/>", "", "words", "<rss"]
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(ImportFailure, match="line 1: "):
        Feed().read(Document("x", text), SETTINGS)


OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>Feeds</title></head>
<body>
<outline text="Blogs">
<outline type="rss" text="Ann's blog" xmlUrl="https://ann.example.org/feed" htmlUrl="https://ann.example.org/"/>
<outline type="rss" text="Ben" xmlUrl="https://medium.com/feed/@ben" htmlUrl="https://medium.com/@ben"/>
<outline type="rss" text="One" xmlUrl="https://shared.example.org/1.xml"/>
<outline type="rss" text="Two" xmlUrl="https://shared.example.org/2.xml"/>
<outline type="rss" text="Known" xmlUrl="https://known.example.org/feed"/>
<outline type="rss" text="Broken" xmlUrl="nowhere"/>
<outline type="link" text="An article" url="https://example.org/a" created="Thu, 16 Sep 2021 10:00:00 GMT"/>
<outline text="A thought"/>
</outline>
</body>
</opml>
"""


def test_opml_names_sources_for_conf_py_and_takes_plain_links() -> None:
    found = harvest(OPML, "opml")
    assert [facts(item) for item in found.items] == [
        {
            "title": "An article",
            "url": "https://example.org/a",
            "keywords": ["Blogs"],
            "added": "2021-09-16",
        }
    ]
    assert told(found, "source") == [6, 7, 8, 9, 10]
    assert told(found, "unparsed") == [11, 13]
    assert unnamed(OPML, found) == []
    values: dict[str, object] = {}
    exec("\n".join(found.advice), values)
    assert values["mlwatch_source_aliases"] == {
        "Ann's blog": ["ann.example.org"],
        "Known": ["known.example.org"],
    }
    settings, wrong = read({"mlwatch_source_aliases": values["mlwatch_source_aliases"]})
    assert wrong == []
    assert settings.sources["ann.example.org"] == "Ann's blog"


def test_opml_advises_nothing_that_conf_py_has() -> None:
    from mlwatch.core.importers.opml import Opml

    settings, _ = read({"mlwatch_source_aliases": {"A": ["ann.example.org"], "B": ["known.example.org"]}})
    assert Opml().read(Document("x", OPML), settings).advice == []
