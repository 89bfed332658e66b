"""From options to an entry: each form, valid and invalid; what is said about each mistake, and where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.core.entry_block import Note, Option
from mlwatch.core.model import FIELD, FIELDS, Entry, Form, IssueId, Link
from mlwatch.core.options import build_entry
from mlwatch.core.problems import Code
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTINGS = read({})[0]


def build(options: Iterable[tuple[str, str]], **settings: Any) -> tuple[Entry, list[Note]]:
    """Build from ``(name, text)`` pairs that stand at lines 11, 12, … of a block at line 10."""
    listed = [Option(name, line, text) for line, (name, text) in enumerate(options, 11)]
    known = read({f"mlwatch_{name}": value for name, value in settings.items()})[0] if settings else SETTINGS
    return build_entry("entries/a", "entries/a.md", 10, "T", listed, known)


def value_of(name: str, text: str, **settings: Any) -> Any:
    """Return what option *name* with *text* gives; there must be nothing wrong with it."""
    entry, notes = build([("source", "S"), (name, text)] if name != "source" else [(name, text)], **settings)
    assert notes == []
    return getattr(entry, name.replace("-", "_"))


def refused(name: str, text: str) -> Note:
    """Return the one note that option *name* with *text* at line 12 gives; its value must be left out."""
    entry, notes = build([("source", "S"), (name, text)])
    assert [note.line for note in notes] == [12]
    assert entry == build([("source", "S")])[0], "what is wrong is left out"
    assert f'option "{name}"' in notes[0].message
    return notes[0]


# --- Each form, valid -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("source", "Google  AI", "Google AI"),
        ("alt-title", "另一个标题", "另一个标题"),
        ("todo", "look, again; later", "look, again; later"),
        ("section", "use-cases", "use-cases"),
        ("star", "", 1),
        ("star", "1", 1),
        ("star", "3", 3),
        ("pick", "", True),
        ("pick", "true", True),
        ("order", "0", 0),
        ("order", "007", 7),
        ("url", "https://example.org/a,b;c(d)?e=f#g", "https://example.org/a,b;c(d)?e=f#g"),
        ("url", "<https://example.org/>", "https://example.org/"),
        ("url", "http://例え.jp/記事", "http://例え.jp/記事"),
        ("archived", "https://web.archive.org/web/2021/https://example.org/", None),
        (
            "also",
            "https://a.org/x, https://b.org/y\thttps://c.org/z",
            ("https://a.org/x", "https://b.org/y", "https://c.org/z"),
        ),
        ("also", "https://a.org/x,https://b.org/y", ("https://a.org/x", "https://b.org/y")),
        ("also", "https://a.org/x,https://a.org/x", ("https://a.org/x",)),
        ("keywords", "nlp; speech,  self supervised ,", ("nlp", "speech", "self supervised")),
        ("keywords", "语音识别,自然语言处理;强化学习", ("语音识别", "自然语言处理", "强化学习")),
        ("keywords", "语音识别，自然语言处理；强化学习", ("语音识别", "自然语言处理", "强化学习")),
        ("keywords", "C, C++, C#", ("C", "C++", "C#")),
        ("keywords", "NLP, nlp, n l p", ("NLP", "n l p")),
        ("keywords", ",;,", ()),
        ("authors", "Ada Lovelace; Charles Babbage", ("Ada Lovelace", "Charles Babbage")),
        ("cite", "tan2021efficientnetv2, dai2021coatnet", ("tan2021efficientnetv2", "dai2021coatnet")),
        ("cite", "DBLP:conf/nips/X-01 a+b; a+b", ("DBLP:conf/nips/X-01", "a+b")),
        ("kind", "thread", "thread"),
        ("status", "to-read", "to-read"),
        ("lang", "zh", "zh"),
        ("lang", "zh-Hant-TW", "zh-Hant-TW"),
        ("digest", "ds-ml 2019-20", (IssueId("ds-ml", "2019-20"),)),
        ("digest", "ds-ml 2019-20; akira  2021-W02", (IssueId("ds-ml", "2019-20"), IssueId("akira", "2021-W02"))),
        (
            "image",
            "[A cat (small)](https://example.org/cat_(1).png)",
            Link("image", "A cat (small)", "https://example.org/cat_(1).png"),
        ),
        ("image", "https://example.org/cat.png", Link("image", "", "https://example.org/cat.png")),
    ],
)  # fmt: skip
def test_valid_value(name: str, text: str, value: Any) -> None:
    assert value_of(name, text) == (text if value is None else value)


@pytest.mark.parametrize(
    ("text", "kind"), [("2021-09-16", "day"), ("2021-09", "month"), ("2021", "year"), ("2021-W02", "week")]
)
def test_date_is_kept_as_precise_as_it_is_written(text: str, kind: str) -> None:
    date = value_of("date", text)
    assert (date.kind, date.label) == (kind, text)


def test_weeks_are_counted_as_the_setting_says() -> None:
    assert value_of("date", "2021-W02").first.isoformat() == "2021-01-11"
    assert value_of("date", "2021-W02", weeks="us").first.isoformat() == "2021-01-03"


def test_every_form_is_tried_above_or_below() -> None:
    """A new option of a new form must come with an example here."""
    assert {field.form for field in FIELDS} == set(Form) | set()


# --- Labelled links -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.org/1", [("", "https://a.org/1")]),
        ("https://a.org/1 https://a.org/2", [("", "https://a.org/1"), ("", "https://a.org/2")]),
        ("https://a.org/1, https://a.org/2;", [("", "https://a.org/1"), ("", "https://a.org/2")]),
        ("https://a.org/x,y;z", [("", "https://a.org/x,y;z")]),
        ("https://a.org/1,https://a.org/2", [("", "https://a.org/1"), ("", "https://a.org/2")]),
        ("<https://a.org/1>", [("", "https://a.org/1")]),
        ("[A](https://a.org/1)[B](https://a.org/2)", [("A", "https://a.org/1"), ("B", "https://a.org/2")]),
        ("[A](https://a.org/1), https://a.org/2", [("A", "https://a.org/1"), ("", "https://a.org/2")]),
        ("[A] (https://a.org/1)", None),
        ("[Fast [and] slow](https://a.org/1)", [("Fast [and] slow", "https://a.org/1")]),
        (r"[A \[b\] \\ c](https://a.org/1)", [(r"A [b] \ c", "https://a.org/1")]),
        ("[A,  B; C](https://a.org/1)", [("A, B; C", "https://a.org/1")]),
        ("[](https://a.org/1)", [("", "https://a.org/1")]),
        ("[A]( <https://a.org/1> )", [("A", "https://a.org/1")]),
        (
            "[Wiki](https://en.wikipedia.org/wiki/Bert_(film)_(2018))",
            [("Wiki", "https://en.wikipedia.org/wiki/Bert_(film)_(2018)")],
        ),
        ("https://en.wikipedia.org/wiki/Bert_(film)", [("", "https://en.wikipedia.org/wiki/Bert_(film)")]),
        ("[论文](https://a.org/1)，[代码](https://a.org/2)", [("论文", "https://a.org/1"), ("代码", "https://a.org/2")]),
        ("https://a.org/1，https://a.org/2", [("", "https://a.org/1"), ("", "https://a.org/2")]),
        ("[A](https://a.org/1) [A](https://a.org/1)", [("A", "https://a.org/1")]),
    ],
)  # fmt: skip
def test_labelled_links(text: str, links: list[tuple[str, str]] | None) -> None:
    if links is None:
        assert refused("paper", text).code == Code.BAD_URL
        return
    entry, notes = build([("source", "S"), ("paper", text)])
    assert notes == []
    assert entry.links == tuple(Link("paper", label, url) for label, url in links)


def test_links_stand_in_the_order_of_the_options_whatever_the_page_says() -> None:
    entry, _ = build(
        [
            ("source", "S"),
            ("code", "https://a.org/c https://a.org/b"),
            ("link", "https://a.org/l"),
            ("paper", "https://a.org/p"),
        ]
    )
    assert [(link.rel, link.url[-1]) for link in entry.links] == [
        ("paper", "p"),
        ("code", "c"),
        ("code", "b"),
        ("link", "l"),
    ]


# --- Each form, invalid ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code", "told"),
    [
        ("star", "4", Code.BAD_VALUE, "1, 2 or 3"),
        ("star", "maybe", Code.BAD_VALUE, '"maybe"'),
        ("star", "²", Code.BAD_VALUE, "1, 2 or 3"),
        ("pick", "maybe", Code.BAD_VALUE, "true or false"),
        ("order", "-1", Code.BAD_VALUE, '"-1"'),
        ("order", "1.5", Code.BAD_VALUE, '"1.5"'),
        ("order", "٣", Code.BAD_VALUE, "whole number"),
        ("order", "9" * 5000, Code.BAD_VALUE, "whole number"),
        ("date", "16 September 2021", Code.BAD_DATE, '"16 September 2021"'),
        ("date", "2021-13", Code.BAD_DATE, '"2021-13"'),
        ("date", "2021-02-30", Code.BAD_DATE, '"2021-02-30"'),
        ("date", "2021-W54", Code.BAD_DATE, '"2021-W54"'),
        ("date", "0000", Code.BAD_DATE, '"0000"'),
        ("date", "２０２１", Code.BAD_DATE, '"２０２１"'),
        ("added", "2021-09", Code.BAD_DATE, "2021-09-16"),
        ("url", "example.org/a", Code.BAD_URL, "example.org/a"),
        ("url", "htp://example.org/a", Code.BAD_URL, "htp://example.org/a"),
        ("url", "https://", Code.BAD_URL, "https://"),
        ("url", "https://exa mple.org/", Code.BAD_URL, "exa mple"),
        ("url", "https://[::1", Code.BAD_URL, "https://[::1"),
        ("url", "https://example.org:port/", Code.BAD_URL, "example.org:port"),
        ("url", "[label](https://example.org/)", Code.BAD_URL, "label"),
        ("url", "https://example.org/\x1b[31m", Code.BAD_URL, r"\x1b"),
        ("archived", "ftp://example.org/", Code.BAD_URL, "ftp://example.org/"),
        ("also", "https://a.org/ and more", Code.BAD_URL, '"and"'),
        ("paper", "[A](example.org)", Code.BAD_URL, "example.org"),
        ("paper", "[A](https://a.org", Code.BAD_URL, "[label](address)"),
        ("paper", "[A]", Code.BAD_URL, "[label](address)"),
        ("image", "[a](https://a.org/1) [b](https://a.org/2)", Code.BAD_VALUE, "one [alt text](address)"),
        ("kind", "Thread", Code.BAD_VALUE, 'did you mean "thread"?'),
        ("kind", "artcle", Code.BAD_VALUE, 'did you mean "article"?'),
        ("kind", "xyz", Code.BAD_VALUE, "article, paper, thread, talk, tool, note"),
        ("status", "toread", Code.BAD_VALUE, 'did you mean "to-read"'),
        ("lang", "Chinese (simplified)", Code.BAD_VALUE, '"zh"'),
        ("lang", "z", Code.BAD_VALUE, '"pt-BR"'),
        ("cite", "{tan2021}", Code.CITE, '"{tan2021}"'),
        ("cite", "a, b%c", Code.CITE, '"b%c"'),
        ("digest", "2019-20", Code.BAD_ISSUE, '"SERIES ID"'),
        ("digest", "ds-ml 2019-20, akira", Code.BAD_ISSUE, '"akira"'),
        ("digest", "ds-ml 2019 20", Code.BAD_ISSUE, '"ds-ml 2019 20"'),
    ],
)
def test_wrong_value_is_told_with_its_line_its_text_and_the_mend(
    name: str, text: str, code: Code, told: str
) -> None:
    note = refused(name, text)
    assert note.code == code
    assert told in note.message
    assert len(note.message) < 400
    assert note.message.isprintable()


SCRIPTS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//example.org/a",
]


@pytest.mark.parametrize("address", SCRIPTS)
@pytest.mark.parametrize(
    "name", [f.name for f in FIELDS if f.form in (Form.URL, Form.URLS, Form.LINKS, Form.IMAGE)]
)
def test_only_addresses_of_the_web_are_taken(name: str, address: str) -> None:
    texts = (
        [address]
        if FIELD[name].form is Form.URL
        else [address, f"[label]({address})", f"[label](<{address}>)"]
    )
    for text in texts:
        entry, notes = build([("source", "S"), (name, text)])
        assert {note.code for note in notes} <= {Code.BAD_URL, Code.BAD_VALUE}
        assert notes
        assert entry == build([("source", "S")])[0]


@pytest.mark.parametrize("name", ["url", "archived", "also", "image"])
def test_article_has_no_mail_address(name: str) -> None:
    assert refused(name, "mailto:someone@example.org").code == Code.BAD_URL


# --- Names of options -----------------------------------------------------------------------------------------


def test_unknown_options_are_told_with_the_nearest_name() -> None:
    _, notes = build([("source", "S"), ("keyword", "nlp"), ("xyzzy", ""), ("URL", "https://a.org")])
    assert [(note.line, note.code) for note in notes] == [
        (12, Code.UNKNOWN_OPTION),
        (13, Code.UNKNOWN_OPTION),
        (14, Code.UNKNOWN_OPTION),
    ]
    assert 'did you mean "keywords"' in notes[0].message
    assert "there are: source, url, date" in notes[1].message
    assert 'did you mean "url"' in notes[2].message


def test_repeated_option_is_told_and_the_first_one_counts() -> None:
    entry, notes = build([("source", "A"), ("star", ""), ("source", "B"), ("star", "9")])
    assert entry.source == "A"
    assert [(note.line, note.code) for note in notes] == [
        (13, Code.REPEATED_OPTION),
        (14, Code.REPEATED_OPTION),
    ]
    assert "line 11" in notes[0].message


@pytest.mark.parametrize("options", [[], [("source", "")]])
def test_missing_source_is_told_at_the_block(options: list[tuple[str, str]]) -> None:
    _, notes = build(options)
    assert [(note.line, note.code) for note in notes] == [(10, Code.MISSING_OPTION)]
    assert '"source"' in notes[0].message


def test_all_mistakes_of_a_page_are_told_at_once() -> None:
    _, notes = build([("date", "x"), ("url", "y"), ("kind", "z"), ("nope", "")])
    assert sorted((note.line, note.code) for note in notes) == [
        (10, Code.MISSING_OPTION),
        (11, Code.BAD_DATE),
        (12, Code.BAD_URL),
        (13, Code.BAD_VALUE),
        (14, Code.UNKNOWN_OPTION),
    ]


def test_options_without_a_value_are_as_if_left_out() -> None:
    names = [
        field.name for field in FIELDS if field.form not in (Form.FLAG, Form.RATING) and not field.required
    ]
    entry, notes = build([("source", "S"), *((name, "") for name in names)])
    assert notes == []
    assert entry == build([("source", "S")])[0]


# --- Aliases --------------------------------------------------------------------------------------------------


def test_aliases_fold_spellings_and_leave_other_names_alone() -> None:
    settings = {
        "source_aliases": {"MarkTechPost": ["MARKTECHPOST", "mark tech-post"]},
        "keyword_aliases": {"NLP": ["natural language processing"]},
    }
    assert value_of("source", "Mark_Tech  Post", **settings) == "MarkTechPost"
    assert value_of("source", "Marktechpost", **settings) == "MarkTechPost"
    assert value_of("source", "MarkTechPosts", **settings) == "MarkTechPosts"
    words = "vision, Natural-Language Processing, nlp, NLP"
    assert value_of("keywords", words, **settings) == ("vision", "NLP")


# --- Anything at all ------------------------------------------------------------------------------------------

NAMES = st.sampled_from([field.name for field in FIELDS]) | st.text(max_size=8)
TEXTS = (
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            ["https://", "a.org", "[", "](", ")", "(", " ", ",", ";", "，", "javascript:", "2021", "-W", "-", "\\", "<", "{"]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip


@given(st.lists(st.tuples(NAMES, TEXTS.map(str.strip)), max_size=6))
def test_no_text_makes_build_entry_raise_and_nothing_unsafe_gets_in(options: list[tuple[str, str]]) -> None:
    entry, notes = build(options)
    assert all(10 <= note.line < 11 + len(options) for note in notes)
    assert all(note.message.isprintable() for note in notes)
    urls = [entry.url, entry.archived, *entry.also, *(link.url for link in entry.links)]
    urls.append(entry.image.url if entry.image else "")
    assert all(url.lower().startswith(("http://", "https://")) for url in urls if url)
    assert entry.as_dict()["title"] == "T"


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "[a](" * 12_000, "[[a]" * 12_000, "(" * 50_000, "[x](" + "(a)" * 15_000, "https://a.org/" + "," * 50_000]
)  # fmt: skip
def test_time_does_not_explode_with_the_length_of_links(text: str) -> None:
    start = time.process_time()
    build([("source", "S"), ("paper", text)])
    assert time.process_time() - start < 2


# --- As JSON --------------------------------------------------------------------------------------------------


def test_entry_as_dict_has_every_option_under_its_name() -> None:
    entry, _ = build([("source", "S"), ("date", "2021-09"), ("paper", "[P](https://a.org/p)"), ("star", "")])
    shown = entry.as_dict()
    assert {field.name for field in FIELDS} <= set(shown)
    assert shown["date"] == "2021-09"
    assert shown["star"] == 1
    assert shown["url"] is None
    assert shown["keywords"] == []
    assert shown["paper"] == [{"label": "P", "url": "https://a.org/p"}]
    assert shown["links"] == [{"rel": "paper", "label": "P", "url": "https://a.org/p"}]
