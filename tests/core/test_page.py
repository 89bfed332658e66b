"""Reading one page: headings, the mlentry block, its options, the parts summary and comment."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlwatch.core.entry_block import parse_options
from mlwatch.core.page import Page, find_citations, plain_inline, read_page
from mlwatch.core.problems import Code


def texts(page: Page) -> dict[str, str]:
    return {option.name: option.text for option in page.options}


def noted(page: Page) -> list[tuple[int, Code]]:
    return [(note.line, note.code) for note in page.notes]


# --- Titles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Plain", "Plain"),
        ("#   Spaces  inside   ", "Spaces inside"),
        ("# Closed ##", "Closed"),
        ("# About C#", "About C#"),
        ("### Deep", "Deep"),
        ("   # Indented by three", "Indented by three"),
        ("#\tAfter a tab", "After a tab"),
        ("# *Emphasis*, **strong** and `code`", "Emphasis, strong and code"),
        ("# A [link](https://example.org/a_(b)) in it", "A link in it"),
        ("# AT&amp;T &copy; &#x1F600;", "AT&T © 😀"),
        (r"# Escaped \*stars\* and \_lines\_", "Escaped *stars* and _lines_"),
        ("# snake_case_name stays", "snake_case_name stays"),
        ("# 5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("# 深度学习:一个介绍", "深度学习:一个介绍"),
        ("Setext\n======", "Setext"),
        ("Setext two\n---", "Setext two"),
        ("*Setext* with markup\n   =", "Setext with markup"),
    ],
)
def test_title_is_the_first_heading_as_a_reader_sees_it(heading: str, title: str) -> None:
    page = read_page(f"\nSome words before.\n\n{heading}\n\n# Another\n")
    assert page.title == title
    assert page.title_line == 4


@pytest.mark.parametrize(
    "no_heading",
    [
        "#NoSpace",
        "####### Seven",
        "    # Indented by four is code",
        "- a list\n---",
        "> a quote\n===",
        "```\n# In a fence\n```",
        "~~~text\n# In tildes\n~~~",
        "<!--\n# In a comment\n-->",
        "<!-- # In a comment of one line -->",
        r"\# Escaped",
    ],
)
def test_what_only_looks_like_a_heading_is_no_title(no_heading: str) -> None:
    assert read_page(f"{no_heading}\n\n## Real\n").title == "Real"


@pytest.mark.parametrize(
    "before",
    ["---\na: 1\n---\n", "# First\n", "<!-- c -->\n", "```\nx\n```\n", "***\n"],
    ids=["front matter", "heading", "comment", "fence", "rule"],
)
def test_setext_heading_needs_no_blank_line_after_another_block(before: str) -> None:
    page = read_page(f"{before}Summary\n-------\nGist.\n")
    assert page.summary == "Gist."


def test_setext_heading_may_have_several_lines() -> None:
    assert read_page("A title of\ntwo lines\n===\n").title == "A title of two lines"


def test_front_matter_is_no_heading() -> None:
    page = read_page("---\ntitle: Not this\n# a comment\n---\n\n# This\n")
    assert (page.title, page.title_line) == ("This", 6)


def test_page_without_heading_has_no_title() -> None:
    assert read_page("Only text.\n\n```{mlentry}\n:source: X\n```\n").title == ""


@given(
    st.lists(
        st.sampled_from(
            [
                "# One",
                "## Two",
                "Three",
                "===",
                "---",
                "",
                "```",
                "~~~",
                "text",
                "- item",
                "> quote",
                "    code",
            ]
        ),
        max_size=8,
    )
)
def test_first_heading_is_that_of_commonmark(lines: list[str]) -> None:
    """Compared with markdown-it at the top level of the page, where a title stands."""
    text = "\n".join(["", *lines])
    tokens = MarkdownIt("commonmark").parse(text)
    wanted = next(
        (
            tokens[i + 1].content
            for i, token in enumerate(tokens)
            if token.type == "heading_open" and token.level == 0
        ),
        "",
    )
    assert read_page(text).title == " ".join(wanted.split())


@given(
    st.text(
        st.sampled_from("ab *_`[]()<>&;#\\!:|~\"'") | st.characters(codec="utf-8", exclude_characters="\0"),
        max_size=40,
    )
)
def test_quick_reading_of_a_title_is_that_of_markdown_it(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(text)[0].children or []
    if not any(token.type == "html_inline" for token in tokens):
        shown = " ".join(
            "".join(
                " " if token.type in ("softbreak", "hardbreak") else token.content for token in tokens
            ).split()
        )
        assert plain_inline(text) == shown


# --- The block ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("```{mlentry}", "```"),
        ("`````{mlentry}", "`````"),
        ("```{mlentry}", "``````"),
        ("~~~{mlentry}", "~~~"),
        ("```  {mlentry}  ", "```  "),
        ("   ```{mlentry}", "  ```"),
    ],
)
def test_block_is_found_in_every_fence(opening: str, closing: str) -> None:
    page = read_page(f"# T\n\n{opening}\n:source: OpenAI\n{closing}\n\nAfter.\n")
    assert page.block == 3
    assert texts(page) == {"source": "OpenAI"}
    assert page.options[0].line == 4
    assert page.notes == []


def test_indentation_of_a_fence_is_taken_off_its_options() -> None:
    page = read_page("# T\n\n  ```{mlentry}\n  :source: OpenAI\n    and others\n  ```\n")
    assert texts(page) == {"source": "OpenAI and others"}
    assert page.notes == []


@pytest.mark.parametrize(
    "example",
    [
        "````md\n```{mlentry}\n:source: Example\n```\n````",
        "~~~md\n```{mlentry}\n:source: Example\n```\n~~~",
        "```md\n~~~{mlentry}\n:source: Example\n~~~\n```",
        "````{note}\n```{mlentry}\n:source: Example\n```\n````",
        "<!--\n```{mlentry}\n:source: Example\n```\n-->",
        "    ```{mlentry}\n    :source: Example\n    ```",
        "```{mlentryx}\n:source: Example\n```",
        "``` mlentry\n:source: Example\n```",
        "Use `{mlentry}` for it.",
    ],
    ids=[
        "longer fence",
        "tildes",
        "backticks",
        "directive",
        "comment",
        "code",
        "other",
        "no braces",
        "inline",
    ],
)
def test_example_of_a_block_is_no_entry(example: str) -> None:
    page = read_page(f"# How to\n\n{example}\n")
    assert page.block == 0
    assert page.options == []
    assert page.notes == []
    both = read_page(f"# How to\n\n{example}\n\n```{{mlentry}}\n:source: Real\n```\n")
    assert texts(both) == {"source": "Real"}


def test_second_block_is_noted_where_it_stands_and_left_out() -> None:
    page = read_page("# T\n\n```{mlentry}\n:source: A\n```\n\n```{mlentry}\n:source: B\n```\n")
    assert texts(page) == {"source": "A"}
    assert noted(page) == [(7, Code.SECOND_ENTRY)]
    assert "line 3" in page.notes[0].message


def test_unclosed_block_is_noted_and_its_options_are_read() -> None:
    page = read_page("# T\n\n````{mlentry}\n:source: A\n:star:\n\nProse: with a colon.\n\n## Summary\n")
    assert texts(page) == {"source": "A", "star": ""}
    assert noted(page) == [(3, Code.UNCLOSED)]
    assert '"````"' in page.notes[0].message


def test_shorter_fence_does_not_close_a_block() -> None:
    page = read_page("````{mlentry}\n:source: A\n```\n````\n")
    assert noted(page) == [(3, Code.OPTION_SYNTAX)]


def test_argument_is_noted() -> None:
    page = read_page("# T\n\n```{mlentry} OpenAI\n:star:\n```\n")
    assert noted(page) == [(3, Code.OPTION_SYNTAX)]
    assert '"OpenAI"' in page.notes[0].message


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=["CRLF", "CR", "LF"])
def test_line_ends_of_every_system_are_the_same(end: str) -> None:
    lines = ["# T", "", "```{mlentry}", ":source: A", ":bad", "```", "", "## Summary", "", "One.", "Two."]
    page = read_page(end.join(lines))
    assert page == read_page("\n".join(lines))
    assert page.summary == "One.\nTwo."
    assert noted(page) == [(5, Code.OPTION_SYNTAX)]


# --- Options --------------------------------------------------------------------------------------------------


def read_options(*lines: str) -> tuple[dict[str, str], list[tuple[int, Code]]]:
    options, notes = parse_options(list(lines), 10)
    return {o.name: o.text for o in options}, [(note.line, note.code) for note in notes]


def test_options_between_colons() -> None:
    found, notes = read_options(
        ":source: Google AI", ":star:", ":url:   https://example.org/a:b  ", "", ":alt-title: A: B"
    )
    assert notes == []
    assert found == {
        "source": "Google AI",
        "star": "",
        "url": "https://example.org/a:b",
        "alt-title": "A: B",
    }


def test_indented_lines_continue_an_option() -> None:
    options, notes = parse_options(
        [":paper: [A](https://a.org)", "  [B](https://b.org)", "\t[C](https://c.org)", ":star:"], 10
    )
    assert notes == []
    assert [(o.name, o.line, o.text) for o in options] == [
        ("paper", 10, "[A](https://a.org) [B](https://b.org) [C](https://c.org)"),
        ("star", 13, ""),
    ]


def test_each_line_that_is_no_option_is_noted_at_its_line() -> None:
    found, notes = read_options(":source: A", "prose", ":star", "name: value", ":: x", ":no space:x")
    assert found == {"source": "A"}
    assert notes == [(number, Code.OPTION_SYNTAX) for number in (11, 12, 13, 14, 15)]


def test_quotation_marks_are_taken_off_only_as_a_pair_around_the_whole() -> None:
    found, _ = read_options(
        ':alt-title: "Quoted"', ':todo: "Why" is not "how"', ":source: It's", ':section: "'
    )
    assert found == {"alt-title": "Quoted", "todo": '"Why" is not "how"', "source": "It's", "section": '"'}


# --- Parts ----------------------------------------------------------------------------------------------------


def test_summary_and_comment_end_at_the_next_heading_of_their_level() -> None:
    page = read_page(
        "# T\n\nIntro.\n\n## Summary\n\nFirst.\n\n### Detail\n\nMore.\n\n## Elsewhere\n\nNo.\n\n## Comment:\n\nMine.\n"
    )
    assert page.summary == "First.\n\n### Detail\n\nMore."
    assert page.comment == "Mine."


@pytest.mark.parametrize(
    "heading", ["## Summary", "## SUMMARY ##", "## Gist", "## TL;DR", "## 摘要", "Summary\n---"]
)
def test_summary_has_several_names(heading: str) -> None:
    assert read_page(f"# T\n\n{heading}\n\nText.\n").summary == "Text."


def test_headings_inside_a_fence_do_not_end_a_summary() -> None:
    page = read_page("# T\n\n## Summary\n\n```sh\n# not a heading\n## Comment\n```\n\nEnd.\n")
    assert page.summary == "```sh\n# not a heading\n## Comment\n```\n\nEnd."
    assert page.comment == ""


def test_comment_in_html_is_no_part_of_a_summary() -> None:
    page = read_page("# T\n\n## Summary\n\n<!-- todo\n\n## Comment\n-->\n\nText.\n")
    assert (page.summary, page.comment) == ("Text.", "")


def test_first_of_two_summaries_counts() -> None:
    assert read_page("# T\n\n## Summary\n\nOne.\n\n## Summary\n\nTwo.\n").summary == "One."


# --- Citations in prose ---------------------------------------------------------------------------------------


def test_citations_in_prose_are_found_with_their_lines() -> None:
    text = "# T\n\n{cite}`a2020`, {cite:t}`b2021,c2022`\r\nand {cite:ps}`see{}d2023`.\n\n- {cite}`e`\n"
    assert find_citations(text) == [("a2020", 3), ("b2021", 3), ("c2022", 3), ("seed2023", 4), ("e", 6)]


@pytest.mark.parametrize(
    "text",
    [
        "```\n{cite}`a`\n```",
        "~~~~md\n```\n{cite}`a`\n~~~~",
        "`` {cite}`a` ``",
        "```{mlentry}\n:source: {cite}`a`\n```",
        "`{cite}`a",
        "{citation}`a`",
        "{cite}a",
        "{cite}``",
    ],
)
def test_citation_in_code_is_none(text: str) -> None:
    assert find_citations(f"{text}\n\n{{cite}}`real`\n") == [("real", text.count("\n") + 3)]


def test_citation_in_a_directive_counts() -> None:
    assert find_citations("```{note}\nSee {cite}`a`.\n```\n") == [("a", 2)]


# --- Anything at all ------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "\n", "\r", "\r\n", "```", "````", "~~~", ":::", "{mlentry}", "---", "===", "# ", "## Summary", "<!--", "-->",
        ":", ":url:", ":star: ", "- ", "> ", "    ", "\t", "[", "](", ")", "`", "*", "\\", "\0", "\ufeff", "\u2028", "x",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_no_text_makes_read_page_raise_and_lines_lie_on_the_page(text: str) -> None:
    page = read_page(text)
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    places = [page.block, page.title_line, *(o.line for o in page.options), *(n.line for n in page.notes)]
    assert all(0 <= line <= count for line in places)
    assert all("\n" not in note.message for note in page.notes)


@pytest.mark.parametrize(
    "text",
    [
        "# a{}b",
        "#{}x",
        "Title{}x\n---{}x",
        "``` a{}b",
        "```{{mlentry}}\n:todo: a{}b\n```",
        "```{{mlentry}}\n:todo:{}b\n```",
        "```{{mlentry}} a{}b\n```",
        "```{{mlentry}}\n---\ntodo: a{}b\n---\n```",
    ],
)
def test_time_grows_with_the_length_of_a_line_and_not_with_its_square(text: str) -> None:
    """A page may have a million bytes; a line full of spaces among them must not stop the scan."""
    page = text.replace("{}", " " * 20_000).replace("{{", "{").replace("}}", "}")
    start = time.process_time()
    read_page(page)
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    "text",
    [
        "`" * 40_000,
        "``a" * 15_000,
        "`a" * 20_000,
        "{cite}`" * 6_000,
        "{" * 40_000,
        "{cite:" + "a" * 40_000,
        "``a```" * 7_000,
    ],
)
def test_time_to_find_citations_grows_with_the_length_of_a_line(text: str) -> None:
    start = time.process_time()
    find_citations(f"{text} {{cite}}`a`\n")
    assert time.process_time() - start < 0.5
