"""Addresses: which are the same article or paper, and which may become a link."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlwatch.core.urls import (
    arxiv_id,
    doi,
    doi_address,
    host,
    identity,
    is_safe,
    problem_with,
    tidy,
)

ANY_TEXT = st.text(st.characters(), max_size=60) | st.text("htps:/?#[]@.%&=wx10v\\ \n\ud800", max_size=40)

SAME = [
    ("http://example.org/a", "https://example.org/a"),
    ("https://www.example.org/a", "https://example.org/a"),
    ("https://EXAMPLE.org/a", "https://example.org/a"),
    ("https://example.org:443/a", "http://example.org:80/a"),
    ("https://example.org/a/", "https://example.org/a"),
    ("https://example.org/", "https://example.org"),
    ("https://example.org/a#part", "https://example.org/a"),
    ("https://example.org/a?", "https://example.org/a"),
    ("https://example.org/a?utm_source=x&utm_medium=y&id=3", "https://example.org/a?id=3"),
    ("https://example.org/a?id=3&fbclid=abc&MC_CID=1", "https://example.org/a?id=3"),
    ("https://example.org/%7Eme/%61", "https://example.org/~me/a"),
    ("https://example.org/a%2fb", "https://example.org/a%2Fb"),
    ("https://example.org/x/./y/../a", "https://example.org/x/a"),
    ("https://example.org/x/%2E%2E/a", "https://example.org/a"),
    ("https://example.org/zürich", "https://example.org/z%C3%BCrich"),
    ("https://medium.com/@me/post?source=collection_archive---1", "https://medium.com/@me/post"),
    ("https://blog.medium.com/post?source=rss", "https://blog.medium.com/post"),
    (" https://example.org/a\n", "https://example.org/a"),
]

DIFFERENT = [
    ("https://example.org/a", "https://example.org/b"),
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a", "https://blog.example.org/a"),
    ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("https://example.org/a?source=1", "https://example.org/a?source=2"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://example.org:443/a", "http://example.org:443/a"),
    ("https://me@example.org/a", "https://example.org/a"),
    ("https://www.com/", "https://com/"),
    ("ftp://example.org/a", "https://example.org/a"),
    ("https://arxiv.org/abs/2104.00298", "https://arxiv.org/abs/2104.00299"),
    ("https://doi.org/10.1000/xyz", "https://doi.org/10.1000/xyzz"),
]

PAPER = [
    "https://arxiv.org/abs/2104.00298",
    "http://www.arxiv.org/abs/2104.00298v3",
    "https://arxiv.org/pdf/2104.00298.pdf",
    "https://arxiv.org/pdf/2104.00298v2#page=3",
    "https://arxiv.org/html/2104.00298v1/",
    "https://arxiv.org/format/2104.00298",
    "https://export.arxiv.org/abs/2104.00298?context=cs.CV",
    "https://ar5iv.org/abs/2104.00298",
    "https://ar5iv.labs.arxiv.org/html/2104.00298",
    "arXiv:2104.00298v2",
    "arxiv: 2104.00298",
    "https://doi.org/10.48550/arXiv.2104.00298",
    "doi:10.48550/ARXIV.2104.00298",
    "2104.00298",
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_makes_no_difference_is_the_same_article(one, other):
    assert identity(one) == identity(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_makes_a_difference_is_another_article(one, other):
    assert identity(one) != identity(other)


@pytest.mark.parametrize("url", PAPER)
def test_every_form_of_an_arxiv_paper_is_one_paper(url):
    assert arxiv_id(url) == "2104.00298"
    assert identity(url) == "arxiv:2104.00298"


@pytest.mark.parametrize(
    ("url", "paper"),
    [
        ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
        ("https://arxiv.org/pdf/cs/0112017v1.pdf", "cs/0112017"),
        ("https://arxiv.org/abs/cs%2F0112017", "cs/0112017"),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("arXiv:math/0309136v2", "math/0309136"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/list/cs.LG/recent", None),
        ("https://arxiv.org/abs/2113.00298", None),
        ("https://example.org/abs/2104.00298", None),
        ("https://notarxiv.org/abs/2104.00298", None),
        ("", None),
    ],
)
def test_arxiv_identifiers_of_both_schemes_are_found(url, paper):
    assert arxiv_id(url) == paper


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.1000/XYZ",
        "http://dx.doi.org/10.1000/xyz?utm_source=a",
        "doi:10.1000/Xyz",
        "10.1000/xyz/",
    ],
)
def test_every_form_of_a_doi_is_one_work(url):
    assert doi(url) == "10.1000/xyz"
    assert identity(url) == "doi:10.1000/xyz"


@pytest.mark.parametrize(
    "url", ["https://doi.org/", "https://doi.org/about", "https://example.org/10.1000/xyz", "10.1"]
)
def test_what_is_no_doi_is_none(url):
    assert doi(url) is None


def test_keys_can_be_read():
    assert identity("https://www.example.org/path/?x=1&utm_id=2#top") == "example.org/path?x=1"


@given(ANY_TEXT)
@example("http://[::1")
@example("//[")
@example("\ud800")
def test_no_text_raises(text):
    assert isinstance(identity(text), str)
    assert isinstance(host(text), str)
    assert (problem_with(text) is None) is is_safe(text)


WEB = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(
        ["example.org", "www.Example.org", "a.b.example.org:8080", "user@example.org", "doi.org", "arxiv.org"]
    ),
    st.lists(st.sampled_from(["/a", "/.", "/..", "/%7e", "/ü", "/", "/10.1000", "/2104.00298", "/%2F"])).map(
        "".join
    ),
    st.sampled_from(["", "?", "?a=1&utm_x=2", "?b=%41&&c", "?fbclid=1"]),
    st.sampled_from(["", "#x"]),
)


@given(WEB)
def test_a_key_is_its_own_key(url):
    assert identity(identity(url)) == identity(url)


@given(WEB)
def test_scheme_fragment_and_tracking_never_matter(url):
    bare = url.partition("#")[0]
    tracked = bare + ("&" if "?" in bare else "?") + "utm_campaign=x#y"
    assert identity(tracked) == identity(url)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Example.org/a", "example.org"),
        ("https://me:pw@example.org:8080/a", "example.org"),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]"),
        ("mailto:me@example.org", ""),
        ("example.org/a", ""),
        ("/a/b", ""),
        ("", ""),
    ],
)
def test_host_is_lower_case_without_www(url, name):
    assert host(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "HTTP://example.org/a?b#c",
        "http://a@b",
        "http://localhost:8000/x",
        "http://[::1]:8080/",
        "https://münchen.example/ü",
        "https://example.org/a_(b)",
        "mailto:me@example.org?subject=x",
    ],
)
def test_ordinary_addresses_are_safe(url):
    assert problem_with(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        " https://example.org",
        "https://example.org/a b",
        "https://example.org/\n",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/\\evil.example",
        "https:\\\\evil.example",
        "https://example.org\\@evil.example",
        "https://example.org/\u202egpj",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        "https://",
        "https://:80/",
        "https://me@/",
        "https://[::1",
        "https://[zz]/",
        "https://example.org:99999/",
        "https://example.org:http/",
        "https://a..b/",
        "https://<b>/",
        "https://a℀b.example/",
        "mailto:",
        "mailto:?bcc=me@example.org",
        "relative/page.html",
    ],
)
def test_what_a_browser_could_read_otherwise_is_refused(url):
    assert not is_safe(url)


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("example.org/x", 'write "https://example.org/x"'),
        ("example.org:8080/x", 'write "https://example.org:8080/x"'),
        ("//example.org/x", 'write "https://example.org/x"'),
        ("http//example.org/x", 'write "https://example.org/x"'),
        ("ftp://example.org/x", '"ftp://example.org/x" is not an http or https address'),
        ("localhost:8000/x", 'write "https://localhost:8000/x"'),
        ("some words", "%20"),
        ("word", "is no address"),
        ("htps://example.org/x", 'did you mean "https"'),
        ("https://example.org/a b", "%20"),
    ],
)
def test_the_message_says_how_to_mend(url, mend):
    assert mend in (problem_with(url) or "")


# --- Addresses for a page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("HTTPS://Example.org/A?utm_source=x&b=1&fbclid=y#part", "https://example.org/A?b=1"),
        ("https://example.org?utm_source=x", "https://example.org/"),
        ("https://example.org/#!/post", "https://example.org/#!/post"),
        ("https://medium.com/a?source=x&b", "https://medium.com/a?b"),
        ("https://example.org/a?source=x", "https://example.org/a?source=x"),
        ("https://example.org/a?q=x?y/z", "https://example.org/a?q=x?y/z"),
    ],
)
def test_tidy_address_is_the_same_article_without_what_follows_readers(url: str, kept: str) -> None:
    assert tidy(url) == kept
    assert identity(kept) == identity(url)


@pytest.mark.parametrize(
    "name", ["10.1000/xyz", "10.1000/(a)b<c>[1]", "10.1000/a%b", "10.1000/a\\b\0", "10.1000/größe"]
)
def test_address_of_a_doi_can_stand_on_a_page_and_names_it(name: str) -> None:
    assert problem_with(doi_address(name)) is None
    assert doi(doi_address(name)) == name
