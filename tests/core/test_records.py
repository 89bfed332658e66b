"""The list of papers as pages: which papers are on which of them, and in which order."""

from __future__ import annotations

import pytest

from mlwatch.core.bibtex import Record
from mlwatch.core.collection import Paper
from mlwatch.core.language import Language
from mlwatch.core.records import in_order, part_title, parts_of, year_of


def paper(key: str, title: str, year: str = "") -> Paper:
    fields = (("title", title), ("year", year))
    record = Record(key, "misc", fields, (), (), more=False, path="", line=1, raw="")
    return Paper(key, record, title, "", ())


def linked(url: str) -> Paper:
    return Paper(url, None, "", url, ())


def test_papers_are_in_order_by_year_then_title_those_without_a_year_last() -> None:
    papers = [paper("a", "B", "2020"), paper("b", "Z"), paper("c", "z", "2021"), paper("d", "Á", "2020")]
    assert [one.id for one in in_order(papers)] == ["c", "d", "a", "b"]


@pytest.mark.parametrize(
    ("one", "year"),
    [
        (paper("a", "A", "2021"), "2021"),
        (paper("a", "A", "in press, 2021"), "2021"),
        (paper("a", "A", "soon"), ""),
        (linked("https://arxiv.org/abs/2104.00613"), "2021"),
        (linked("https://example.org/2104.00613"), ""),
    ],
)
def test_year_is_that_of_the_record_or_of_the_arxiv_identifier(one: Paper, year: str) -> None:
    assert year_of(one) == year


def test_few_papers_are_one_page() -> None:
    assert list(parts_of([paper("a", "A", "2021"), paper("b", "B")], 2)) == [""]
    assert parts_of([], 2) == {}


def test_many_papers_are_parted_by_year_and_a_long_year_by_letters() -> None:
    papers = [paper(f"k{n}", f"{'abz1'[n % 4]}{n}", "2021") for n in range(12)]
    papers += [paper("old", "Old", "1999"), paper("none", "None")]
    assert {name: len(part) for name, part in parts_of(papers, 6).items()} == {
        "2021-a-f": 6, "2021-s-z": 3, "2021-other": 3, "1999": 1, "undated": 1,
    }  # fmt: skip


def test_titles_that_begin_alike_are_separated_by_as_many_letters_as_it_takes() -> None:
    papers = [paper(f"k{n}", f"{'abc'[n % 3]}{'xy'[n % 2]}") for n in range(12)]
    assert {name: len(part) for name, part in parts_of(papers, 3).items()} == {
        f"undated-{name}": 2 for name in ("ax", "ay", "bx", "by", "cx", "cy")
    }


def test_long_titles_that_begin_alike_are_on_one_page() -> None:
    papers = [paper(f"k{n}", f"{'a' * 2_000}{n}") for n in range(30)]
    ((name, part),) = parts_of(papers, 10).items()
    assert len(name) <= 110  # it is the name of a file
    assert len(part) == 30


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2021", "2021"),
        ("2021-a-f", "2021, A to F"),
        ("2021-wa", "2021, Wa"),
        ("2021-other", "2021, Other"),
        ("undated", "Without a year"),
    ],
)
def test_part_has_a_title(name: str, title: str) -> None:
    assert part_title(name, Language()) == title
