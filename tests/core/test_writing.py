"""Entry to page and back: the block, the title, prose that comes from elsewhere, names of files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlwatch.core.model import KINDS, LINK_RELS, STATUSES, Entry, IssueId, Link
from mlwatch.core.options import build_entry
from mlwatch.core.page import read_page
from mlwatch.core.periods import parse
from mlwatch.core.prose import plain, tame
from mlwatch.core.settings import Settings, fold, read
from mlwatch.core.writing import block, file_name, page_text, title_line

CALM = settings(
    phases=[Phase.generate],
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SETTINGS: Settings = read({})[0]


def entry_of(**values: Any) -> Entry:
    known: dict[str, Any] = {"docname": "", "path": "", "line": 3, "title": "Title", "source": "Source"}
    return Entry(**(known | values))


def read_back(text: str) -> Entry:
    page = read_page(text)
    assert not page.notes
    entry, notes = build_entry("", "", page.block, page.title, page.options, SETTINGS)
    assert not notes
    return replace(entry, summary=page.summary, comment=page.comment)


# --- Round trips ------------------------------------------------------------------------------------------------

alphabet = st.one_of(
    st.sampled_from(list("abAB 01`*_[](){}<>#|~$:;,，；&!^\\\"'-+=%@/.\n")),
    st.characters(exclude_categories=["Cs", "Cc"]),
)
words = st.text(alphabet, min_size=1, max_size=25).map(lambda text: " ".join(text.split())).filter(bool)
# A text in quotation marks of both kinds cannot be written as an option: the reader takes one pair off.
value = words.filter(lambda text: not (text[0] == text[-1] and text[0] in "'\"" and len(text) > 1))
urls = st.builds(
    lambda scheme, path: f"{scheme}example.org/{path}",
    st.sampled_from(["https://", "http://"]),
    st.text(st.sampled_from(list("abc()[],;'?=&~._-%20#")), max_size=12),
)
balanced = urls.filter(lambda url: "(" not in url and ")" not in url)
lists = st.lists(words, max_size=4, unique_by=lambda word: " ".join(word.split())).map(tuple)
prose = st.one_of(
    st.just(""),
    st.text(alphabet, max_size=120),
    st.lists(
        st.sampled_from(
            [
                "## x",
                "```",
                "~~~",
                "> quoted",
                "- item",
                "  - deep",
                "1. one",
                "text",
                "",
                "---",
                "===",
                "    code",
                "<b>x</b>",
                "<!--",
                "-->",
                "```{note}",
                ":::{note}",
                "[a](b)",
                "[a]: b",
                "> ## x",
                "- ```",
                "  ```",
                "{raw}`x`",
                "`{a}` b",
                "![](img/x.png)",
                "| a | b |",
                "|---|---|",
                "%",
                "+++",
                "(a)=",
                "# Summary",
                "## Comment",
            ]
        ),
        max_size=9,
    ).map("\n".join),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    links = [
        Link(rel, *draw(st.tuples(st.one_of(st.just(""), words), balanced)))
        for rel in sorted(draw(st.lists(st.sampled_from(LINK_RELS), max_size=4)), key=LINK_RELS.index)
    ]
    return entry_of(
        title=draw(words),
        source=draw(value),
        url=draw(urls),
        date=draw(st.sampled_from([None, *map(parse, ("2021", "2021-09", "2021-W02", "2021-09-16"))])),
        star=draw(st.integers(0, 3)),
        pick=draw(st.booleans()),
        kind=draw(st.sampled_from(KINDS)),
        authors=draw(lists),
        lang=draw(st.sampled_from(["", "zh", "pt-BR"])),
        alt_title=draw(st.one_of(st.just(""), value)),
        keywords=draw(st.lists(words, max_size=4, unique_by=fold).map(tuple)),
        links=tuple(dict.fromkeys(links)),
        cite=draw(st.sampled_from([(), ("a2021b", "c:d")])),
        digest=draw(st.sampled_from([(), (IssueId("weekly", "2021-W02"), IssueId("no", "7"))])),
        order=draw(st.one_of(st.none(), st.integers(0, 99999))),
        also=tuple(dict.fromkeys(draw(st.lists(balanced, max_size=2)))),
        image=draw(
            st.one_of(st.none(), st.builds(Link, st.just("image"), st.one_of(st.just(""), words), balanced))
        ),
        status=draw(st.sampled_from(["", *STATUSES])),
        added=draw(st.sampled_from([None, parse("2021-09-16")])),
        todo=draw(st.one_of(st.just(""), value)),
        summary=tame(draw(prose)),
        comment=tame(draw(prose)),
    )


@CALM
@given(entries())
def test_a_page_reads_back_as_the_entry_it_was_written_from(entry: Entry) -> None:
    text = page_text(entry)
    back = read_back(text)
    assert back == entry
    assert page_text(back) == text


@CALM
@given(words)
def test_a_title_reads_back_letter_by_letter(title: str) -> None:
    assert read_page(title_line(title)).title == title


@CALM
@given(prose, prose, prose)
def test_prose_from_elsewhere_never_leaves_its_part(summary: str, comment: str, body: str) -> None:
    entry = entry_of(summary=summary, comment=comment)
    text = page_text(entry, body)
    page = read_page(text)
    assert not page.notes
    assert (page.title, page.block) == ("Title", 3)
    assert page.summary in (tame(summary), plain(summary))
    assert page.comment in (tame(comment), plain(comment))
    assert page_text(replace(entry, summary=page.summary, comment=page.comment)) in text


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("```{include} /etc/hostname\n```", "```\n```"),
        ("{download}`conf.py`", "\\{download}`conf.py`"),
        ("see {cite}`a2021b` and `{x}` here", "see {cite}`a2021b` and `{x}` here"),
        ("<script>x</script>", "\\<script>x\\</script>"),
        ("[secret](../conf.py)", "[secret]\\(../conf.py)"),
        ("[page](https://example.org/a_(b))", "[page](https://example.org/a_(b))"),
        ("## Summary\n\nx\n\n##### Deep", "### Summary\n\nx\n\n#### Deep"),
        ("Words\n=====\nmore", "### Words\nmore"),
        ("> # Quoted", "> **Quoted**"),
        ("one\n\n---\n\ntwo", "one\n\n\n\ntwo"),
        ("```\nnever closed", "```\nnever closed\n```"),
        ("> ```\n> code\nafter", "> ```\n> code\n> ```\nafter"),
        (":::{note}\nx\n:::", "\\:::{note}\nx\n\\:::"),
        ("% gone?\n\n(label)=", "\\% gone?\n\n\\(label)="),
        ("costs $5", "costs $5"),
        ("[^1]: note", "\\[^1]: note"),
    ],
)
def test_what_would_act_is_shown_instead(words: str, kept: str) -> None:
    assert tame(words) == kept
    assert tame(kept) == kept


# --- Addresses, lists -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "written"),
    [
        (Link("code", "", "https://example.org/a_(b)"), ":code: https://example.org/a_(b)"),
        (Link("code", "a [b] c", "https://example.org/"), ":code: [a \\[b\\] c](https://example.org/)"),
        (Link("code", "", "https://example.org/a,"), ":code: [](https://example.org/a,)"),
        (Link("code", "x", "https://example.org/)("), ":code: [x](https://example.org/%29%28)"),
        (Link("code", "", "HTTPS://example.org/"), ":code: [](HTTPS://example.org/)"),
    ],
)
def test_a_link_is_written_so_that_it_reads_back(link: Link, written: str) -> None:
    text = block(entry_of(links=(link,)))
    assert written in text.split("\n")


def test_a_comma_within_a_word_of_a_list_is_escaped() -> None:
    entry = entry_of(authors=("Davis, Jr.", "B"), keywords=("a\\", "b; c"))
    text = page_text(entry)
    assert ":authors: Davis\\, Jr., B" in text
    assert read_back(text) == entry


# --- Names of files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("DeepMind’s One Pass ImageNet", "deepminds-one-pass-imagenet"),
        ("87.4% top-1 accuracy", "87-4-top-1-accuracy"),
        ("Naïve Bayes: a (short) Überblick", "naive-bayes-a-short-uberblick"),
        ("../../etc/passwd", "etc-passwd"),
        ("深度学习", "深度学习"),
        ("trailing dots...", "trailing-dots"),
    ],
)
def test_a_page_is_named_by_the_words_of_its_title(title: str, name: str) -> None:
    assert file_name(entry_of(title=title, date=parse("2021-09")), ()) == f"entries/2021/{name}"


@pytest.mark.parametrize("title", ["CON", "aux", "Com1", "index", "???", "", "\x00"])
def test_a_name_that_a_system_keeps_for_itself_gets_a_mark(title: str) -> None:
    name = file_name(entry_of(title=title, url="https://example.org/"), ()).rpartition("/")[2]
    assert name.rpartition("-")[0] in (title.casefold(), "entry")
    assert name == file_name(entry_of(title=title, url="http://www.example.org"), ()).rpartition("/")[2]


def test_the_mark_of_a_second_page_depends_on_its_address_alone() -> None:
    second = entry_of(url="https://example.org/b")
    name = file_name(second, {"entries/undated/title"})
    assert name.startswith("entries/undated/title-")
    assert name == file_name(second, {"entries/undated/title", "entries/undated/other"})
    assert name != file_name(second, {"entries/undated/title", name})


@CALM
@given(st.text(max_size=300), st.sampled_from([None, parse("2021-09-16")]))
def test_names_are_short_and_safe_on_every_system(title: str, date: object) -> None:
    name = file_name(entry_of(title=title, date=date), ())
    folder, _, file = name.rpartition("/")
    assert folder in ("entries/2021", "entries/undated")
    assert 0 < len(f"{file}.md") <= 100
    assert len(file.encode()) < 250
    assert not set(file) & set('<>:"/\\|?*. ')
    assert file.isprintable()
    assert file == file.lower().casefold().lower()
