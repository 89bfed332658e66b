"""The restricted dialect: what is allowed, the quick test before the parser, and a parser that reads as MyST does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from tests.attacks import ATTACKS

from mlwatch.core.dialect import EXTENSIONS, MAX_NESTING, check, is_plain, problem_with_link
from mlwatch.core.scan import scan
from mlwatch.core.settings import read
from mlwatch.core.trust import Untrusted

ROOT: Final = Path(__file__).resolve().parent.parent.parent


def refused(text: str, *, is_entry: bool = True) -> list[tuple[int, str]]:
    return [
        (note.line, str(note.code)) for note in check(text, "entries/2021/a", EXTENSIONS, is_entry=is_entry)
    ]


#: Pieces of which made-up pages are put together: each may begin, end, hide or change what is beside it.
PIECES: Final = st.sampled_from(
    [
        *"`~:*_[](){}<>!#$%+-=|\\&;'\" \n\t.1ax/",
        *(
            "```",
            ":::",
            "{include}",
            "{cite}`key`",
            "{ml:entry}`a b`",
            "{download}`x`",
            "](https://example.org/a)",
        ),
        *(
            "](x.md)",
            "](javascript:x)",
            "![",
            "[a]: b",
            "[^1]",
            "\n\n",
            "\n    ",
            "\n- ",
            "\n> ",
            "\n---\n",
            "<b>",
        ),
        *(
            "<!-- -->",
            "---\n",
            "(a)=",
            "+++",
            "$$",
            "{note}",
            "\n```{note}\n",
            "\n```\n",
            "*a **b ",
            "- - - - - - - ",
        ),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_text_that_is_plain_has_nothing_to_refuse(text: str) -> None:
    if is_plain(text):
        assert check(text, "entries/2021/a", EXTENSIONS, is_entry=True) == []
        assert check(text, "entries/2021/a", (), is_entry=True) == []


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map("".join))
def test_check_of_a_page_never_skips_what_the_parser_would_refuse(
    tmp_path_factory: pytest.TempPathFactory, above: str, below: str
) -> None:
    """The scan leaves the block of options out before it asks whether the rest is plain."""
    text = f"# T\n\n{above}\n```{{mlentry}}\n:source: {{download}}`x`\n```\n{below}\n"
    folder = tmp_path_factory.mktemp("scan")
    (folder / "entries").mkdir()
    (folder / "entries" / "a.md").write_text(text, encoding="utf-8", newline="\n")
    settings = read({"myst_enable_extensions": list(EXTENSIONS)})[0]
    page = scan(folder, settings, (), None).pages["entries/a"]
    codes = {"not-allowed", "raw-html", "too-deep", "front-matter", "bad-url"}
    found = [(note.line, str(note.code)) for note in page.notes if str(note.code) in codes]
    assert [one for one in refused(text) if one not in found] == []


@pytest.mark.parametrize("extensions", [(), ("colon_fence",), EXTENSIONS])
def test_the_parser_reads_a_page_as_the_parser_of_a_build_does(extensions: tuple[str, ...]) -> None:
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    from mlwatch.core import dialect

    config = replace(MdParserConfig(), enable_extensions=set(extensions) - {"smartquotes", "replacements"})
    theirs = create_md_parser(config, RendererHTML).use(dialect.restrict)
    ours = dialect._parser(extensions)
    pages = [attack.page for attack in ATTACKS.values()]
    pages += [path.read_text("utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        found = [
            [
                (token.type, token.content, token.level, token.map)
                for token in parser.parse(page, dialect.place("a", is_entry=True))
            ]
            for parser in (theirs, ours)
        ]
        assert found[0] == found[1], page[:200]


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("mailto:me@example.org", True),
        ("#summary", True),
        ("#ml:entry:a", True),
        ("b.md", True),
        ("../../guide/index.md#x", True),
        ("/entries/2021/b.md", True),
        ("", False),
        ("b", False),
        ("b.txt", False),
        ("b.md.txt", False),
        ("../../../b.md", False),
        ("/../b.md", False),
        ("%2e%2e/%2e%2e/%2e%2e/b.md", False),
        ("..\\b.md", False),
        ("//example.org/b.md", False),
        ("javascript:alert(1)//b.md", False),
        ("file:///etc/b.md", False),
        ("project:b.md", False),
        ("inv:python:std:doc#x.md", False),
        ("b.txt#.md", False),
        ("b\u202e.md", False),
    ],
)
def test_a_link_leads_to_the_web_or_to_a_page_of_the_site(target: str, allowed: bool) -> None:
    assert (problem_with_link(target, "entries/2021/a") == "") is allowed


def test_many_problems_of_one_page_are_reported_as_a_number() -> None:
    notes = check("{raw}`x`\n\n" * 500, "entries/a", EXTENSIONS, is_entry=True)
    assert len(notes) == 51
    assert "450 more" in notes[-1].message


def test_markup_may_be_nested_as_deep_as_the_limit_says() -> None:
    inner = "*a **b " * (MAX_NESTING // 2) + "c" + " b** a*" * (MAX_NESTING // 2)
    assert refused(inner) == []
    assert refused(f"*x {inner} x*") == [(1, "too-deep")]


def test_views_are_for_pages_outside_the_entries() -> None:
    page = "```{mlindex} keywords\n```\n"
    assert refused(page, is_entry=False) == []
    assert refused(page) == [(1, "not-allowed")]


def test_lines_are_right_inside_an_admonition() -> None:
    assert refused("# T\n\n```{note}\none\n\n{raw}`x`\n```\n") == [(6, "not-allowed")]


@pytest.mark.parametrize(
    ("patterns", "path", "untrusted"),
    [
        ((), "entries/2021/a.md", True),
        ((), "entries/a.rst", True),
        ((), "digests/news/intro.md", True),
        ((), "guide/a.md", False),
        ((), "index.md", False),
        (("**",), "guide/a.md", True),
        (("**", "!guide/**"), "guide/deep/a.md", False),
        (("**", "!guide/**", "guide/new/*"), "guide/new/a.md", True),
        (("**", "!entries/**", "!keywords/*"), "entries/a.md", True),
        (("notes/*",), "notes/a.md", True),
        (("notes/*",), "notes/deep/a.md", False),
    ],
)
def test_the_last_pattern_that_matches_decides_but_entries_stay_untrusted(
    patterns: tuple[str, ...], path: str, untrusted: bool
) -> None:
    assert Untrusted("entries", patterns)(path) is untrusted
