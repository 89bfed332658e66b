"""What ``mlwatch add`` reads from a page: each fact from each place that may give it, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.add.conftest import Reply, entries, json_ld, page

from mlwatch.core.article import facts
from mlwatch.core.article.charset import decode
from mlwatch.core.article.html import End, Start, tokens
from mlwatch.core.article.links import MOST_LINKS, label_of, recognise
from mlwatch.core.model import Entry
from mlwatch.core.options import build_entry
from mlwatch.core.page import read_page
from mlwatch.core.settings import read as read_settings
from mlwatch.core.writing import page_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.add.conftest import Add, Web


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def og(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.fixture
def read(web: Web, add: Add, project: Path) -> Any:
    """Return the entry that is made of a page."""

    def read_page(text: str | bytes | Reply, path: str = "/post/some-title") -> Any:
        done = add(web.put(path, text))
        assert done.code == 0, done.err
        (entry,) = entries(project)
        return entry

    return read_page


# --- Each fact from each place --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (json_ld('{"@type": "NewsArticle", "headline": "J"}') + og("og:title", "O"), "J"),
        (og("og:title", "O") + meta("citation_title", "C"), "O"),
        (meta("citation_title", "C") + meta("DC.title", "D"), "C"),
        (meta("DC.Title", "D"), "D"),
        ("<title>T</title>", "A title"),
        (og("og:title", "Nets &amp;amp; &#8220;more&#x201d;"), "Nets & “more”"),
        (og("og:title", "A &lt;i&gt;slanted&lt;/i&gt; word, 3 &lt; 4"), "A slanted word, 3 < 4"),
        (og("og:title", "Nets | Site") + og("og:site_name", "Site"), "Nets"),
        (og("og:title", "Site — Nets") + og("og:site_name", "site"), "Nets"),
        (og("og:title", "GPT-4 | Part 2 | Site") + og("og:site_name", "Site"), "GPT-4 | Part 2"),
        (og("og:title", "Nets - 127.0.0.1"), "Nets"),
        (og("og:title", "  Two\n lines\u202e\u200b "), "Two lines"),
        (og("og:title", "x*_`[a](b)`{cite}`k` #"), "x*_`[a](b)`{cite}`k` #"),
        (
            json_ld('{"@type": "Article", "headline": "A headline that is cut off somewh…"}')
            + og("og:title", "A headline that is cut off somewhere in it"),
            "A headline that is cut off somewhere in it",
        ),
    ],
)
def test_title(read: Any, head: str, title: str) -> None:
    assert read(page(head=head)).title == title


def test_title_of_a_page_without_heading_is_its_title_element_and_never_the_site(read: Any) -> None:
    head = "<title>Nets &ndash; The Site</title>" + og("og:site_name", "The Site")
    assert read(page(head=head, body="<p>x</p>")).title == "Nets"


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (json_ld('{"@type": "Article", "publisher": {"name": "P"}}') + og("og:site_name", "O"), "P"),
        (og("og:site_name", "O") + meta("citation_journal_title", "C"), "O"),
        (meta("citation_journal_title", "C") + meta("dc.publisher", "D"), "C"),
        (meta("dc.publisher", "D"), "D"),
        (json_ld('{"@graph": [{"@type": "WebSite", "name": "W"}]}'), "W"),
        (meta("application-name", "App"), "App"),
        ("<title>A title | by Ann | The Site</title>", "The Site"),
        ("<title>The Site: A title</title>", "The Site"),
        ("<title>A title</title>", "127.0.0.1"),
        ("", "127.0.0.1"),
        (og("og:site_name", "Example  LAB inc"), "Example Lab"),
    ],
)
def test_source_with_the_aliases_of_the_settings(read: Any, head: str, source: str) -> None:
    assert read(page(head=head)).source == source


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (json_ld('{"@type": "Article", "datePublished": "2021-09-16T23:30:00-07:00"}'), "2021-09-16"),
        (og("article:published_time", "2021-09-16 10:00"), "2021-09-16"),
        (meta("citation_publication_date", "2021/9/6"), "2021-09-06"),
        (meta("citation_date", "2021") + meta("citation_online_date", "2021/03/04"), "2021-03-04"),
        (meta("DC.date.issued", "2021-09"), "2021-09"),
        (meta("citation_year", "2021"), "2021"),
        (meta("date", "16 Sept. 2021"), "2021-09-16"),
        (meta("date", "Thu, 16 Sep 2021 07:00:00 GMT"), "2021-09-16"),
        (meta("date", "September 16th, 2021"), "2021-09-16"),
        (meta("date", "September 2021"), "2021-09"),
        (meta("date", "2021年9月6日"), "2021-09-06"),
        (meta("date", "20210916"), "2021-09-16"),
        (meta("date", "16/09/2021"), "2021-09-16"),
        (meta("date", "04/05/2021"), "2021"),
        (meta("date", "2021-02-31"), None),
        (meta("date", "2031-01-01"), None),
        (meta("date", "1970-01-01T00:00:00Z"), None),
        (meta("date", "soon"), None),
        (og("article:modified_time", "2021-09-16"), None),
        (json_ld('{"@type": "Article", "dateModified": "2021-09-16"}'), None),
    ],
)
def test_date_as_precise_as_it_is_told(read: Any, head: str, date: str | None) -> None:
    found = read(page(head=head)).date
    assert (found.label if found else None) == date


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ('<article><h1>T</h1><time datetime="2021-09-16">16.9.</time></article>', "2021-09-16"),
        ("<article><h1>T</h1><time>Sep 16, 2021</time></article>", "2021-09-16"),
        ('<h1>T</h1><span itemprop="datePublished" content="2021-09-16">x</span>', "2021-09-16"),
        ('<h1>T</h1><time datetime="2021-09-16"></time><time datetime="2020-01-01"></time>', None),
        (
            '<h1>T</h1><time class="published" datetime="2021-09-16"></time><time datetime="2020-01-01"></time>',
            "2021-09-16",
        ),
        ('<h1>T</h1><time class="dateModified" datetime="2021-09-16"></time>', None),
        ('<article><h1>T</h1></article><aside><time datetime="2020-01-01"></time></aside>', None),
    ],
)
def test_date_from_the_text(read: Any, body: str, date: str | None) -> None:
    found = read(page(body=body)).date
    assert (found.label if found else None) == date


@pytest.mark.parametrize(
    ("path", "date"),
    [("/2021/09/16/nets", "2021-09-16"), ("/2021/09/nets.html", "2021-09"), ("/posts/2021-09-16-nets/", "2021-09-16"),
     ("/2021/nets", None), ("/2021/13/nets", None)],
)  # fmt: skip
def test_date_from_the_address(read: Any, path: str, date: str | None) -> None:
    found = read(page(), path).date
    assert (found.label if found else None) == date


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (json_ld('{"@type": "Article", "author": [{"name": "Ann Lee"}, "Bo Xu"]}') + meta("author", "M"), ("Ann Lee", "Bo Xu")),
        (json_ld('{"@graph": [{"@type": "Article", "author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "Ann"}]}'), ("Ann",)),
        (meta("citation_author", "Lee, Ann") + meta("citation_author", "Bo Xu"), ("Ann Lee", "Bo Xu")),
        (meta("author", "By Ann Lee, Bo Xu and Cy Wu"), ("Ann Lee", "Bo Xu", "Cy Wu")),
        (meta("author", "Ann Lee, Ph.D."), ("Ann Lee Ph.D",)),
        (meta("DC.creator", "Lee, Ann"), ("Ann Lee",)),
        (og("article:author", "https://example.org/ann"), ()),
        (meta("author", "Site") + og("og:site_name", "Site"), ()),
    ],
)  # fmt: skip
def test_authors(read: Any, head: str, authors: tuple[str, ...]) -> None:
    assert read(page(head=head)).authors == authors


@pytest.mark.parametrize(
    ("head", "attributes", "lang"),
    [
        ("", 'lang="zh-cn"', "zh-CN"),
        ("", 'lang="en-GB"', ""),
        ("", "", ""),
        (json_ld('{"@type": "Article", "inLanguage": "de"}'), 'lang="en"', "de"),
        (og("og:locale", "ja_JP"), "", "ja-JP"),
        (meta("citation_language", "pt"), "", "pt"),
        ("", 'lang="<b>"', ""),
    ],
)
def test_language_where_it_is_not_that_of_the_site(read: Any, head: str, attributes: str, lang: str) -> None:
    assert read(page(head=head, attributes=attributes)).lang == lang


def test_site_in_another_language_names_english_articles(read: Any, project: Path) -> None:
    (project / "conf.py").write_text('language = "de"\n', encoding="utf-8")
    assert read(page(attributes='lang="en"')).lang == "en"


@pytest.mark.parametrize(
    ("head", "keywords"),
    [
        (
            json_ld('{"@type": "Article", "keywords": "NLP, speech"}') + meta("keywords", "x"),
            ("NLP", "speech"),
        ),
        (
            og("article:tag", "NLP") + og("article:tag", "#nlp") + og("article:tag", "Speech"),
            ("NLP", "Speech"),
        ),
        (meta("citation_keywords", "NLP; speech"), ("NLP", "speech")),
        (meta("dc.subject", "NLP"), ("NLP",)),
        (json_ld('{"@type": "Article", "keywords": ["Lite:true", "Tag:Nets", "Publication:x"]}'), ("Nets",)),
        (meta("keywords", "NLP,speech,,127.0.0.1"), ("NLP", "speech")),
        (meta("keywords", ",".join(f"word {n}" for n in range(100))), tuple(f"word {n}" for n in range(12))),
    ],
)
def test_keywords(read: Any, head: str, keywords: tuple[str, ...]) -> None:
    assert read(page(head=head)).keywords == keywords


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (og("og:image", "https://i.example/a b.png") + og("og:image:alt", "A [picture]"), ("https://i.example/a%20b.png", "A [picture]")),
        (json_ld('{"@type": "Article", "image": {"url": "https://i.example/j.png"}}'), ("https://i.example/j.png", "")),
        (og("og:image", "data:image/png;base64,AAAA"), None),
        (og("og:image", "javascript:alert(1)") + meta("twitter:image", "https://i.example/t.png"), ("https://i.example/t.png", "")),
    ],
)  # fmt: skip
def test_image(read: Any, head: str, image: tuple[str, str] | None) -> None:
    found = read(page(head=head)).image
    assert (found and (found.url, found.label)) == image


# --- The address to watch -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "head", "watched"),
    [
        ("/post/a?utm_source=x&id=3#part", "", "/post/a?id=3"),
        ("/post/a", '<link rel="canonical" href="/post/whole">', "/post/whole"),
        ("/post/a", '<base href="/base/"><link rel="canonical" href="whole">', "/base/whole"),
        ("/post/a", '<link rel="canonical" href="/">', "/post/a"),
        ("/post/a", '<link rel="canonical" href="https://elsewhere.example/post">', "/post/a"),
        ("/post/a", '<link rel="canonical" href="http://user:pw@127.0.0.1/x">', "/post/a"),
        ("/post/a", '<link rel="canonical" href="javascript:x">', "/post/a"),
        ("/post/a", og("og:url", "/post/og"), "/post/og"),
        ("/post/a", '<link rel="canonical" href="http://127.0.0.1:1/other-port">', "/post/a"),
    ],
)
def test_canonical_address_is_believed_on_its_own_site_only(
    web: Web, add: Add, project: Path, path: str, head: str, watched: str
) -> None:
    web.put("/post/a", page(head=head))
    assert add(web.url + path).code == 0
    assert entries(project)[0].url == web.url + watched


def test_canonical_address_elsewhere_is_told(web: Web, add: Add) -> None:
    done = add(web.put("/a", page(head='<link rel="canonical" href="https://elsewhere.example/post">')))
    assert "note: the page calls https://elsewhere.example/post its canonical address" in done.err


# --- JSON-LD --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "J",}',
        '<!-- {"@type": "Article", "headline": "J"} -->',
        '[{"@type": "Organization"}, {"@type": ["Article", "X"], "headline": "J"}]',
        '{"@type": "WebPage", "name": "W", "mainEntity": {"@type": "BlogPosting", "headline": "J"}}',
        '{"@graph": [{"@type": "https://schema.org/TechArticle", "headline": ["J"]}]}',
        '{"@type": "Article", "headline": "J\n"}',
    ],
)
def test_json_ld_in_its_many_shapes(read: Any, script: str) -> None:
    assert read(page(head=json_ld(script))).title == "J"


@pytest.mark.parametrize(
    "script",
    ["{", "", "null", "[1, [2]]", '{"@type": 3, "headline": {"x": 1}}', "[" * 50_000, '{"@type": "Article", "headline": 12}',
     '{"@type": "Article", "author": [[["x"]]], "image": 5, "keywords": {"a": 1}, "publisher": {"name": ["a", 2]}}',
     '{"@type": "Article", "wordCount": ' + "9" * 5000 + "}"],
)  # fmt: skip
def test_broken_json_ld_leaves_the_page_to_speak(read: Any, script: str) -> None:
    assert read(page(head=json_ld(script))).title == "A title"


def test_of_several_articles_the_one_with_the_page_s_address_counts(read: Any, web: Web) -> None:
    scripts = "".join(
        json_ld(f'{{"@type": "Article", "headline": "{name}", "url": "{web.url}/post/{name}"}}')
        for name in "ab"
    )
    assert read(page(head=scripts), "/post/b").title == "b"


def test_article_counts_before_the_page_that_holds_it(read: Any, web: Web) -> None:
    graph = (
        f'{{"@graph": [{{"@type": "WebPage", "@id": "{web.url}/post/b", "name": "Page"}},'
        '{"@type": "BlogPosting", "headline": "Article"}]}'
    )
    assert read(page(head=json_ld(graph)), "/post/b").title == "Article"


def test_list_of_other_articles_is_not_the_article(read: Any) -> None:
    posts = ", ".join(
        f'{{"@type": "BlogPosting", "headline": "{n}", "url": "https://e.example/{n}"}}' for n in "ab"
    )
    assert read(page(head=json_ld(f"[{posts}]"))).title == "A title"


# --- Links ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://arxiv.org/pdf/2104.00298v3.pdf", ("paper", "https://arxiv.org/abs/2104.00298")),
        ("https://huggingface.co/papers/2104.00298", ("paper", "https://arxiv.org/abs/2104.00298")),
        ("https://dx.doi.org/10.1038/S41467", ("paper", "https://doi.org/10.1038/s41467")),
        ("https://dl.acm.org/doi/abs/10.1145/1.2", ("paper", "https://doi.org/10.1145/1.2")),
        ("https://link.springer.com/article/10.1007/s1-2", ("paper", "https://doi.org/10.1007/s1-2")),
        ("https://www.biorxiv.org/content/10.1101/2021.01.02.1v2.full.pdf", ("paper", "https://doi.org/10.1101/2021.01.02.1")),
        ("https://openreview.net/pdf?id=YicbFdNTTy", ("paper", "https://openreview.net/forum?id=YicbFdNTTy")),
        ("https://openreview.net/group?id=ICLR.cc", None),
        ("https://www.aclweb.org/anthology/P19-1001.pdf", ("paper", "https://aclanthology.org/P19-1001/")),
        ("https://aclanthology.org/2020.acl-main.1/", ("paper", "https://aclanthology.org/2020.acl-main.1/")),
        ("https://aclanthology.org/events/acl-2020/", None),
        ("http://proceedings.mlr.press/v139/tan21a/tan21a.pdf", ("paper", "https://proceedings.mlr.press/v139/tan21a.html")),
        ("https://proceedings.mlr.press/v139/", None),
        (
            "https://openaccess.thecvf.com/content/ICCV2021/papers/A_B_ICCV_2021_paper.pdf",
            ("paper", "https://openaccess.thecvf.com/content/ICCV2021/html/A_B_ICCV_2021_paper.html"),
        ),
        ("https://github.com/google/automl.git", ("code", "https://github.com/google/automl")),
        ("https://github.com/google/automl/tree/master/efficientnetv2", ("code", "https://github.com/google/automl/tree/master/efficientnetv2")),
        ("https://github.com/google/automl/blob/main/README.md", ("code", "https://github.com/google/automl/blob/main/README.md")),
        ("https://github.com/google/automl/releases", ("code", "https://github.com/google/automl")),
        ("https://github.com/google/automl/issues/3", None),
        ("https://github.com/google", None),
        ("https://github.com/features/actions", None),
        ("https://gitlab.com/a/b/c/-/tree/main", ("code", "https://gitlab.com/a/b/c/-/tree/main")),
        ("https://gitlab.com/a/b/-/issues", None),
        ("https://huggingface.co/google/vit", ("code", "https://huggingface.co/google/vit")),
        ("https://huggingface.co/datasets/squad", ("data", "https://huggingface.co/datasets/squad")),
        ("https://huggingface.co/spaces/a/b", ("demo", "https://huggingface.co/spaces/a/b")),
        ("https://huggingface.co/docs/transformers", None),
        ("https://example.org/2104.00298", None),
        ("mailto:a@arxiv.org", None),
        ("https://github.com/a/b%0a", None),
        ("https://[", None),
    ],
)  # fmt: skip
def test_sites_of_papers_and_code(url: str, target: tuple[str, str] | None) -> None:
    found = recognise(url)
    assert (found and (found.rel, found.url)) == target


@pytest.mark.parametrize(
    ("words", "label"),
    [("EfficientNetV2", "EfficientNetV2"), ("here", ""), ("[paper]", ""), ("This  Paper", ""), ("12", ""), ("[1]", ""),
     ("https://arxiv.org/abs/2104.00298", ""), ("github.com/a/b", ""), ("arXiv:2104.00298", ""), ("x" * 90, ""),
     ("“A [b] title”", "A [b] title")],
)  # fmt: skip
def test_words_of_a_link_are_its_label_when_they_say_something(words: str, label: str) -> None:
    assert label_of(words) == label


def link(url: str, words: str = "here") -> str:
    return f'<p><a href="{url}">{words}</a></p>'


WORDS = "<p>" + "Words of the article. " * 20 + "</p>"


def test_links_of_the_article_only_in_order_and_once(read: Any) -> None:
    body = (
        "<header>" + link("https://github.com/site/header") + "</header>"
        "<nav>" + link("https://github.com/site/nav") + "</nav>"
        '<div class="sidebar">' + link("https://github.com/site/side") + "</div>"
        "<main><article><header><h1>T</h1></header>" + WORDS
        + link("https://github.com/b/b") + link("http://arxiv.org/abs/2104.00298v1") + link("https://github.com/a/a")
        + link("https://arxiv.org/pdf/2104.00298", "EfficientNetV2") + link("https://github.com/A/a", "A repo")
        + '<section class="related-posts">' + link("https://github.com/site/related") + "</section></article>"
        "<article>" + link("https://github.com/site/teaser") + "</article></main>"
        "<footer>" + link("https://github.com/site/footer") + "</footer>"
    )  # fmt: skip
    found = read(page(body=body))
    assert [(one.rel, one.label, one.url) for one in found.links] == [
        ("paper", "EfficientNetV2", "https://arxiv.org/abs/2104.00298"),
        ("code", "", "https://github.com/b/b"),
        ("code", "", "https://github.com/a/a"),
        ("code", "A repo", "https://github.com/A/a"),
    ]


def test_class_that_names_a_sidebar_and_holds_the_article_hides_nothing(read: Any) -> None:
    body = (
        '<div class="with-sidebar widget"><article><h1>T</h1>'
        + WORDS
        + link("https://github.com/a/b")
        + "</article></div>"
    )
    assert [one.url for one in read(page(body=body)).links] == ["https://github.com/a/b"]


def test_page_without_article_and_with_unclosed_tags(read: Any) -> None:
    text = (
        "<h1>T<p><div>"
        + WORDS
        + '<a href=https://github.com/a/b>Code<br><div></nav><a href="https://github.com/c/d"'
    )
    assert [one.url for one in read(text).links] == ["https://github.com/a/b"]


def test_links_past_the_limit_are_counted(web: Web, add: Add, project: Path) -> None:
    body = "<h1>T</h1>" + "".join(link(f"https://github.com/a/r{n}") for n in range(MOST_LINKS + 7))
    done = add(web.put("/a", page(body=body)))
    assert len(entries(project)[0].links) == MOST_LINKS
    assert "note: 7 further links to papers and code are left out" in done.err


# --- Characters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "header", "declaration"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", "charset=iso-8859-1", ""),
        ("gb18030", "charset=gb2312", ""),
        ("shift_jis", "", '<meta charset="Shift_JIS">'),
        ("euc_kr", "", '<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">'),
        ("utf-16-le", "charset=utf-16le", ""),
        ("utf-8", "charset=rot13", ""),
        ("utf-8", "", '<meta charset="utf-16">'),
    ],
)
def test_characters_in_any_encoding(read: Any, encoding: str, header: str, declaration: str) -> None:
    title = {"shift_jis": "深層学習とは", "euc_kr": "딥 러닝"}.get(encoding, "深度学习")
    text = page(head=declaration, body=f"<h1>{title}</h1>").encode(encoding)
    assert read(Reply(text, type=f"text/html; {header}".rstrip("; "))).title == title


def test_latin_1_means_windows_1252_and_what_nobody_declares_is_looked_at() -> None:
    assert decode(b"\x93caf\xe9\x94", "text/html; charset=ISO-8859-1") == "“café”"
    assert decode(
        "Die schöne Müllerin fährt über die Brücke nach Österreich. ".encode("latin-1") * 5
    ).startswith("Die schöne")
    assert decode(b"a\0b\r\nc\xff", "text/html; charset=utf-8") == "ab\nc\ufffd"


# --- Hostile pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a x=", '<a x="', "<a x='\"", "<!--", "<!", "</", "</a", "<?", "<script>", "<title>", "<style", "<div>",
     "<div></p>", "<article>x", "<h1>x", "<a href=x>", "&", "&#", "&#9", "&#x110000;", "\0", "<a" + " b" * 99, "<time>x",
     "<meta name=a content=b>", "<a\t\n/=", "<main>"],
)  # fmt: skip
def test_any_page_is_read_in_linear_time(piece: str) -> None:
    from datetime import date

    text = piece * (400_000 // len(piece))
    assert sum(len(token) if isinstance(token, str) else 1 for token in tokens(text)) <= len(text)
    assert facts.from_page(text, "https://example.org/a", date(2024, 3, 1)).source == "example.org"


PIECES = st.sampled_from(
    [*"<>\"'=/&;#![]{}():,\0\ud800\u202e\r\n -x9", "<a href=", "<meta name=citation_", "title", "author", "date", " content=",
     "<script type=application/ld+json>", "</script>", '{"@type":"Article",', '"headline":', '"author":', '"\\ud800"', "[" * 50,
     "<article>", "</article>", "<time datetime=", "2021-09-16", "https://arxiv.org/abs/2104.00298", "https://doi.org/10.1000/%00<",
     "<link rel=canonical href=", "http://[", "//x:99999999/", "<html lang=", "<base href=", "<h1>", "<nav>", "&#xD800;", "```", "{cite}`k`"]
)  # fmt: skip


@settings(max_examples=300, phases=[Phase.generate])
@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_a_page_holds_its_entry_is_sound(text: str) -> None:
    from datetime import date

    found = facts.from_page(text, "https://example.org/post/a", date(2024, 3, 1))
    entry = Entry(
        docname="a", path="a.md", line=3, title=found.title or "T", source=found.source, url=found.url, date=found.date,
        authors=found.authors, lang=found.lang, keywords=found.keywords, links=found.links, image=found.image,
    )  # fmt: skip
    read_back = read_page(page_text(entry))
    again, notes = build_entry(
        "a", "a.md", read_back.block, read_back.title, read_back.options, read_settings({})[0]
    )
    assert (notes, read_back.notes) == ([], [])
    assert again == entry


def test_tags_as_the_standard_reads_them() -> None:
    text = "a<b C=1 c=2 D='x>y' e>&amp;<!-- <i> --><script>if (a<b) </i></script ><?x?></ b></B/><br/>1 < 2"
    assert list(tokens(text)) == [
        "a", Start("b", {"c": "1", "d": "x>y", "e": ""}), "&", Start("script", {}), "if (a<b) </i>", End("script"),
        End("b"), Start("br", {}), "1 ", "<", " 2",
    ]  # fmt: skip


def test_hostile_values_stay_values(read: Any, project: Path) -> None:
    nasty = "x\n```\n:star:\n# y {cite}`k` &lt;script&gt;alert(1)&lt;/script&gt; ::: \\ &quot;q&quot;"
    head = "".join(
        meta(name, nasty) for name in ("author", "keywords", "dc.publisher", "citation_title", "og:image:alt")
    )
    entry = read(
        page(
            head=head + og("og:image", "https://i.example/(a)[b].png"),
            body=link("https://github.com/a/b", nasty),
        )
    )
    assert entry.star == 0
    assert "\n" not in entry.title + entry.source + "".join(entry.authors) + "".join(entry.keywords)
    assert [path.name for path in (project / "docs" / "entries").rglob("*.md")] == [
        f"{entry.docname.rpartition('/')[2]}.md"
    ]
