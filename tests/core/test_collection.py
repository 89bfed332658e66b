"""What follows from the catalogue: groups, neighbours in time, papers, other coverage, the reading list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mlwatch.core.collection import Collection
from mlwatch.core.views.digests import issue as issue_view
from mlwatch.core.views.digests import series as series_view
from mlwatch.core.views.lists import keyword, keywords, year, years
from mlwatch.core.views.papers import papers
from mlwatch.core.views.shapes import ListView, Pages, Part, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conftest import Collect, Markdown

    from mlwatch.core.model import Entry

BIB = """
@article{tan2021,
  title = {EfficientNetV2},
  author = {Tan, Mingxing and Le, Quoc V.},
  year = {2021},
  journal = {arXiv},
  eprint = {2104.00298},
  archiveprefix = {arXiv},
  url = {https://arxiv.org/abs/2104.00298},
}

@article{dai2021,
  title = {CoAtNet},
  author = {Dai, Zihang},
  year = {2021},
  journal = {arXiv},
  url = {https://arxiv.org/abs/2106.04803},
}
"""


def titles(entries: Iterable[Entry]) -> list[str]:
    return [entry.title for entry in entries]


@pytest.fixture
def many(collect: Collect, md: Markdown) -> Collection:
    """250 entries of one keyword and source, all of one month."""
    pages = {
        f"entries/{i:03}.md": md(f"Entry {i:03}", date="2021-09", keywords="NLP", digest="n 1")
        for i in range(250)
    }
    return Collection(collect(pages, series={"n": {"period": "number"}}))


# --- Order in time --------------------------------------------------------------------------------------------


def test_newest_stand_first_and_undated_last(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("day", date="2021-09-16"),
                "entries/2.md": md("month", date="2021-09"),
                "entries/3.md": md("undated b"),
                "entries/4.md": md("undated A"),
                "entries/5.md": md("year", date="2021"),
                "entries/6.md": md("last day", date="2021-09-30"),
                "entries/7.md": md("old", date="1999"),
            }
        )
    )
    assert titles(made.newest) == ["last day", "day", "month", "year", "old", "undated A", "undated b"]
    assert titles(made.undated) == ["undated A", "undated b"]


def test_on_one_day_the_finer_date_stands_first_then_stars_then_what_came_in_last(
    collect: Collect, md: Markdown
) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("year", date="2021", star="3"),
                "entries/2.md": md("month", date="2021-01", star="2"),
                "entries/3.md": md("a day", date="2021-01-01"),
                "entries/4.md": md("b added", date="2021-01-01", added="2023-05-01"),
                "entries/5.md": md("c added later", date="2021-01-01", added="2023-05-02"),
                "entries/6.md": md("d one star", date="2021-01-01", star="1"),
                "entries/7.md": md("e three stars", date="2021-01-01", star="3"),
                "entries/8.md": md("f title", date="2021-01-01", added="2023-05-01"),
            }
        )
    )
    assert titles(made.newest) == [
        "e three stars",
        "d one star",
        "c added later",
        "b added",
        "f title",
        "a day",
        "month",
        "year",
    ]


def test_each_dated_entry_has_its_neighbours_in_time(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/x.md": md("first", date="2021-01-01"),
                "entries/a.md": md("middle", date="2021-02"),
                "entries/b.md": md("last", date="2022"),
                "entries/c.md": md("undated"),
            }
        )
    )
    around = {
        name.rpartition("/")[2]: tuple(entry.title if entry else None for entry in pair)
        for name, pair in made.neighbours.items()
    }
    assert around == {"x": (None, "middle"), "a": ("first", "last"), "b": ("middle", None)}


def test_years_and_months_hold_every_dated_entry_once(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("day", date="2021-09-16"),
                "entries/2.md": md("month", date="2021-09"),
                "entries/3.md": md("week", date="2020-W53"),
                "entries/4.md": md("year", date="2021"),
                "entries/5.md": md("undated"),
            }
        )
    )
    shown = {label: {m.label: titles(m.entries) for m in months} for label, months in made.years.items()}
    assert shown == {"2021": {"2021": ["year"], "2021-09": ["day", "month"]}, "2020": {"2020-12": ["week"]}}
    view = years(made)
    assert [ref for ref, _ in view.years] == [
        Ref("years/2021", "2021", size=3),
        Ref("years/2020", "2020", size=1),
    ]
    assert view.undated == Ref("years/undated", "Undated", size=1)


# --- Keywords and sources -------------------------------------------------------------------------------------


def test_spellings_fold_into_one_keyword_with_the_most_frequent_name(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("1", keywords="Self-Supervised, NLP", source="MIT News"),
                "entries/2.md": md("2", keywords="self supervised", source="MIT-news"),
                "entries/3.md": md("3", keywords="self supervised, Ｎlp", source="MIT News"),
            }
        )
    )
    assert [(g.name, g.slug, len(g.entries)) for g in made.keywords.values()] == [
        ("NLP", "nlp", 2),
        ("self supervised", "self-supervised", 3),
    ]
    assert [(g.name, len(g.entries)) for g in made.sources.values()] == [("MIT News", 3)]


def test_configured_aliases_decide_the_name(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {"entries/1.md": md("1", source="MARKTECHPOST"), "entries/2.md": md("2", source="Marktechpost")},
            source_aliases={"MarkTechPost": ["MARKTECHPOST"]},
        )
    )
    assert [g.name for g in made.sources.values()] == ["MarkTechPost"]


def test_keywords_that_differ_in_marks_keep_pages_of_their_own(collect: Collect, md: Markdown) -> None:
    words = ["C", "C++", "C#", "语音识别", "语音", "自然语言处理", ".NET", "R&D", "con", "index", "page-2"]
    made = Collection(collect({f"entries/{i}.md": md(keywords=word) for i, word in enumerate(words)}))
    assert {group.name for group in made.keywords.values()} == set(words)
    assert all(len(group.entries) == 1 for group in made.keywords.values())
    alone = Collection(collect({"entries/0.md": md(keywords="C++")}))
    slug = next(g.slug for g in made.keywords.values() if g.name == "C++")
    assert slug in alone.keywords, "an address does not depend on what else there is"


def test_a_to_z_counts_and_parts_by_letter(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect({"entries/1.md": md(keywords="zebra, Apple, 3D"), "entries/2.md": md(keywords="apple, 语音")})
    )
    assert keywords(made).parts == (
        ("A", (Ref("keywords/apple", "Apple", size=2),)),
        ("Z", (Ref("keywords/zebra", "zebra", size=1),)),
        ("0–9", (Ref("keywords/3d", "3D", size=1),)),
        ("#", (Ref("keywords/语音", "语音", size=1),)),
    )


# --- Long lists -----------------------------------------------------------------------------------------------


def pages_of(made: Collection, key: str) -> list[ListView]:
    """Return the pages of the keyword *key* as a reader turns them, from the first on."""
    first = keyword(made, key)
    assert first
    assert isinstance(first.pages, Part)
    further = [keyword(made, key, name) for name in first.pages.further]
    assert None not in further
    return [first, *(view for view in further if view)]


def name_of(view: ListView) -> str:
    assert isinstance(view.pages, Part)
    return view.pages.name


def test_long_list_is_split_into_pages_of_a_hundred_at_most(many: Collection) -> None:
    shown = pages_of(many, "nlp")
    assert [row.page.text for view in shown for row in view.rows] == titles(many.newest)
    assert all(50 <= len(view.rows) <= 100 for view in shown[1:])
    assert 25 <= len(shown[0].rows) <= 125
    assert [view.total for view in shown] == [250, *[0] * (len(shown) - 1)]
    assert keyword(many, "nlp", "2022-01") is None


def test_short_list_is_one_page(collect: Collect, md: Markdown) -> None:
    made = Collection(collect({f"entries/{i}.md": md(f"{i}", keywords="nlp") for i in range(100)}))
    assert [len(view.rows) for view in pages_of(made, "nlp")] == [100]


def shown_by(entries: dict[str, str], collect: Collect) -> dict[str, ListView]:
    """Return the pages of the keyword "nlp" by their addresses."""
    pages = pages_of(Collection(collect(entries)), "nlp")
    return {name_of(view): view for view in pages}


def test_one_entry_more_or_less_changes_the_page_on_which_it_stands(collect: Collect, md: Markdown) -> None:
    entries = {
        f"entries/e{i}.md": md(
            f"{i}", keywords="nlp", date=f"20{i // 120 + 10}-{i % 12 + 1:02}-{i % 28 + 1:02}"
        )
        for i in range(1800)
    }
    before = shown_by(entries, collect)
    assert len(before) > 18
    newest = shown_by({**entries, "entries/new.md": md("New", keywords="nlp", date="2025-12-31")}, collect)
    assert [name for name in newest if newest[name].rows != before[name].rows] == [""]
    changed = []
    for gone in range(0, 1800, 90):
        after = shown_by({name: e for name, e in entries.items() if name != f"entries/e{gone}.md"}, collect)
        changed.append(sum(name not in after or after[name].rows != before[name].rows for name in before))
    # Where a page ended with the entry, its neighbours end elsewhere too.
    assert sorted(changed)[len(changed) // 2] == 1
    assert max(changed) <= 4


def test_pages_are_named_by_their_newest_date_and_linked_one_after_the_other(
    collect: Collect, md: Markdown
) -> None:
    entries = {
        f"entries/{date}/{i}.md": md(f"{i}", keywords="nlp", **({"date": date} if date else {}))
        for date in ("2020-01", "2020-02-03", "")
        for i in range(300)
    }
    shown = pages_of(Collection(collect(entries)), "nlp")
    names = [name_of(view) for view in shown]
    assert names[0] == ""
    assert set(names[1:]) >= {"2020-02-03", "2020-02-03-2", "2020-01", "2020-01-2", "undated", "undated-2"}
    for view in shown:
        assert isinstance(view.pages, Part)
        here = names.index(name_of(view))
        assert [name for name in view.pages.near if name != "…"] == [
            name for i, name in enumerate(names) if abs(i - here) <= 2 or i in (0, len(names) - 1)
        ]


def test_long_issue_is_split_too_and_tells_of_all_its_entries(many: Collection) -> None:
    shown = [issue_view(many, "n 1", page) for page in ("", "2", "5")]
    assert [view and [len(rows) for *_, rows in view.sections] for view in shown] == [[50], [50], [50]]
    assert shown[2]
    assert shown[2].pages.last == 5
    assert shown[2].size == 250


def test_size_of_a_page_is_a_setting(collect: Collect, md: Markdown) -> None:
    pages = {f"entries/{i}.md": md(f"{i}", keywords=f"word {i}, common") for i in range(5)}
    made = Collection(collect(pages, page_size=2))
    view = keywords(made, "", "3")
    assert view.pages == Pages("keywords/index", 3, 3)
    assert [name for _, refs in view.parts for name in [ref.text for ref in refs]] == ["word 3", "word 4"]
    assert dict(view.letters) == {"C": 1, "W": 1}
    assert [len(view.rows) for view in pages_of(made, "common")] == [2, 2, 1]


def test_all_children_of_an_index_are_pages_that_exist(many: Collection) -> None:
    further = [name_of(view) for view in pages_of(many, "nlp")][1:]
    assert keywords(many).children == ("keywords/nlp", *(f"keywords/nlp/{name}" for name in further))
    view = year(many, "2021")
    assert view
    assert view[1] == ("years/2021-09", *(f"years/2021-09/{name}" for name in further))


# --- Issues of a series next to each other --------------------------------------------------------------------


def test_issue_has_its_neighbours_inside_its_series(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("1", digest="n 2019-2, w 2019-W05"),
                "entries/2.md": md("2", digest="n 2019-10, w 2019-W07"),
                "entries/3.md": md("3", digest="n 2020-1, w 2019-W06"),
            },
            series={
                "n": {"period": "number", "title": "No. {number} of {year}"},
                "w": {"period": "week", "collects": "named"},
            },
        )
    )
    assert [issue.title for issue in made.issues_by_series["n"]] == [
        "No. 2 of 2019",
        "No. 10 of 2019",
        "No. 1 of 2020",
    ]
    assert {name: at for name, at in made.issue_positions.items() if name.startswith("digests/n/")} == {
        "digests/n/2019-02": 0,
        "digests/n/2019-10": 1,
        "digests/n/2020-01": 2,
    }
    whole = issue_view(made, "w 2019")
    assert whole
    assert [ref.docname for ref in whole.issues] == [
        "digests/w/2019-W05",
        "digests/w/2019-W06",
        "digests/w/2019-W07",
    ]
    assert whole.size == 3
    assert "digests/w/2019" not in made.issue_positions


def test_year_of_fewer_than_three_issues_has_no_page(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                f"entries/{i}.md": md(f"{i}", digest=f"n {id_}")
                for i, id_ in enumerate(("2019-1", "2019-2", "2019-3", "2020-1", "2020-2", "7"))
            },
            series={"n": {"period": "number", "title": "No. {number} of {year}"}},
        )
    )
    assert issue_view(made, "n 2020") is None
    listed = series_view(made, "n")
    assert listed
    assert [
        (label, ref and ref.docname, [one.docname for one in refs]) for label, ref, refs in listed.years
    ] == [
        ("2020", None, ["digests/n/2020-02", "digests/n/2020-01"]),
        ("2019", "digests/n/2019", ["digests/n/2019-03", "digests/n/2019-02", "digests/n/2019-01"]),
        ("", None, ["digests/n/7"]),
    ]
    assert "digests/n/2019" in listed.children
    assert "digests/n/2020" not in listed.children
    (held, *_), (alone, *_) = (made.issues_by_series["n"][at:] for at in (1, 4))
    assert [str(id_) for id_ in made.rollups_of(held)] == ["n 2019"]
    assert made.rollups_of(alone) == ()


# --- What an issue shows --------------------------------------------------------------------------------------


def test_issue_by_date_whose_entries_are_all_in_one_named_issue_only_links_to_it(
    collect: Collect, md: Markdown
) -> None:
    pages = {f"entries/{i}.md": md(f"{i}", date="2021-09", digest="n 1") for i in range(3)}
    series = {"m": {"period": "month"}, "n": {"period": "number"}}
    made = Collection(collect(pages, series=series))
    month, named = issue_view(made, "m 2021-09"), issue_view(made, "n 1")
    assert month
    assert month.repeats
    assert (month.repeats.docname, month.repeats.size, month.size, month.sections) == (
        "digests/n/1",
        3,
        3,
        (),
    )
    assert named
    assert named.repeats is None
    assert [len(rows) for *_, rows in named.sections] == [3]
    one_more = Collection(collect({**pages, "entries/x.md": md("more", date="2021-09")}, series=series))
    month = issue_view(one_more, "m 2021-09")
    assert month
    assert (month.repeats, [len(rows) for *_, rows in month.sections]) == (None, [4])


@pytest.mark.parametrize(
    ("marked", "plain", "sizes"),
    [
        (1, 4, {"": 5}),
        (1, 5, {"highlights": 1, "": 5}),
        (3, 3, {"highlights": 3, "": 3}),
        (4, 3, {"": 7}),
        (0, 6, {"": 6}),
    ],
)
def test_picks_and_starred_entries_of_a_long_issue_are_its_highlights(
    marked: int, plain: int, sizes: dict[str, int], collect: Collect, md: Markdown
) -> None:
    pages = {f"entries/a{i}.md": md(f"plain {i}", date="2021-09-02") for i in range(plain)}
    marks = ({"star": "1"}, {"pick": ""}, {"star": "3"}, {"star": "2"})
    pages |= {f"entries/m{i}.md": md(f"marked {i}", date="2021-09-01", **marks[i]) for i in range(marked)}
    view = issue_view(Collection(collect(pages, series={"m": {"period": "month"}})), "m 2021-09")
    assert view
    assert {id_: len(rows) for id_, _, rows in view.sections} == sizes
    assert view.size == marked + plain
    for id_, _, rows in view.sections:
        if id_ == "highlights":
            assert all(row.pick or row.star for row in rows)


# --- Papers ---------------------------------------------------------------------------------------------------


def test_links_and_records_of_one_arxiv_paper_are_one_paper(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("cites", cite="tan2021"),
                "entries/2.md": md("links", paper="[V2](https://arxiv.org/pdf/2104.00298v3.pdf)"),
                "entries/3.md": md("is", kind="paper", url="http://www.arxiv.org/abs/2104.00298"),
                "entries/4.md": md("both", cite="tan2021", paper="https://arxiv.org/abs/2104.00298"),
                "entries/5.md": md("other", paper="[Other](https://arxiv.org/abs/2101.00001)"),
                "entries/6.md": md("other's file", paper="https://arxiv.org/pdf/2101.00001v2"),
            },
            bib=BIB,
        )
    )
    found = {one.label or one.url: sorted(titles(one.entries)) for one in made.papers if one.entries}
    assert found == {"EfficientNetV2": ["both", "cites", "is", "links"], "Other": ["other", "other's file"]}
    assert {paper.record.key if paper.record else None for paper in made.papers if paper.entries} == {
        "tan2021",
        None,
    }


def test_paper_has_a_name_when_any_entry_gives_it_one(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("new", date="2022", paper="https://example.org/p.pdf"),
                "entries/2.md": md("old", date="2021", paper="[A good name](https://example.org/p.pdf)"),
            }
        )
    )
    assert [paper.label for paper in made.papers] == ["A good name"]


def test_every_record_is_a_paper_with_the_entries_that_cover_it(collect: Collect, md: Markdown) -> None:
    made = Collection(collect({"entries/1.md": md("1", cite="dai2021")}, bib=BIB))
    shown = papers(made)
    assert shown is not None
    covered = {row.paper.key: [ref.text for ref in row.covered] for _, rows in shown.years for row in rows}
    assert covered.pop("dai2021") == ["1"]
    assert set(map(tuple, covered.values())) == {()}
    assert {key: titles(entries) for key, entries in made.cited_by.items()} == {"dai2021": ["1"]}


# --- Other coverage -------------------------------------------------------------------------------------------


def test_other_coverage_holds_both_ways_and_is_listed_once(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/a.md": md(
                    "A", url="https://a.org/x", also="http://b.org/y/?utm_source=z https://c.org/z"
                ),
                "entries/b.md": md("B", url="https://b.org/y", also="https://a.org/x#top"),
                "entries/c.md": md("C", url="https://a.org/other"),
            }
        )
    )
    by_title = {entry.title: made.coverage(entry) for entry in made.entries}
    assert [(url, other and other.title) for url, other in by_title["A"]] == [
        ("http://b.org/y/?utm_source=z", "B"),
        ("https://c.org/z", None),
    ]
    assert [(url, other and other.title) for url, other in by_title["B"]] == [("https://a.org/x#top", "A")]
    assert by_title["C"] == ()


def test_entry_is_not_its_own_coverage(collect: Collect, md: Markdown) -> None:
    made = Collection(collect({"entries/a.md": md(url="https://a.org/x", also="http://www.a.org/x/")}))
    assert made.coverage(made.entries[0]) == ()


# --- The reading list -----------------------------------------------------------------------------------------


def test_reading_list_has_what_is_to_be_read_and_what_is_missing(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("to read", status="to-read", keywords="x", paper="https://a.org/p"),
                "entries/2.md": md("reading", status="reading", body="## Summary\n\nYes.\n"),
                "entries/3.md": md("thread", kind="thread", keywords="x"),
                "entries/4.md": md("remark", status="read", todo="look again", cite="tan2021", keywords="x"),
            },
            bib=BIB,
        )
    )
    assert {key: sorted(titles(entries)) for key, entries in made.lists.items()} == {
        "to-read": ["to read"],
        "reading": ["reading"],
        "no-summary": ["remark", "thread", "to read"],
        "no-keywords": ["reading"],
        "no-paper": ["reading"],
        "todo": ["remark"],
    }


def test_starred_entries_are_listed_whatever_their_rating(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/1.md": md("one", star=""),
                "entries/2.md": md("three", star="3"),
                "entries/3.md": md("none"),
            }
        )
    )
    assert sorted((e.title, e.star) for e in made.starred) == [("one", 1), ("three", 3)]
