"""Suggestions: what may be meant by a wrong name, and that many wrong names cost little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.linear import calls

from mlwatch.core.problems import Code, suggest

if TYPE_CHECKING:
    from tests.conftest import Collect, Markdown


def test_the_nearest_of_many_names_that_begin_alike_is_found() -> None:
    names = [f"smith{year}learning{number:03}" for year in range(1990, 2020) for number in range(30)]
    assert '"smith2004learning017"' in suggest("smith2004laerning017", names)
    assert suggest("jones2004", names) == ""


def test_a_word_that_nobody_types_gets_no_suggestion() -> None:
    assert suggest("key" * 10_000, ["key" * 10_000 + "s"]) == ""


def test_only_the_first_twenty_unknown_citation_keys_get_a_suggestion(collect: Collect, md: Markdown) -> None:
    bib = "\n".join(f"@misc{{smith{n:03}, title={{T}}}}" for n in range(50))
    pages = {f"entries/e{n:02}.md": md(f"T{n}", cite=f"smiht{n:03}") for n in range(50)}
    messages = [problem.message for problem in collect(pages, bib=bib).problems if problem.code == Code.CITE]
    assert len(messages) == 50
    assert sum("did you mean" in message for message in messages) == 20
    assert all("add the record" in message for message in messages if "did you mean" not in message)


def test_a_check_costs_the_same_for_each_unknown_citation_key_however_many_there_are(
    collect: Collect, md: Markdown
) -> None:
    bib = "\n".join(f"@misc{{smith{n:03}, title={{T}}}}" for n in range(300))

    def check(keys: int) -> int:
        page = md("T", cite=", ".join(f"smiht{n:03}" for n in range(keys)))
        return calls(lambda: collect({"entries/e.md": page}, bib=bib))

    check(1)  # what is loaded once is no part of the counts
    some = check(100)
    assert check(300) - some < some
