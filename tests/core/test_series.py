"""Series: which entries stand in which issue, under which section, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlwatch.core.collection import Collection
from mlwatch.core.problems import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Collect, Markdown

    from mlwatch.core.series import Issue

SECTIONS = {"papers": "Papers", "talks": {"title": "Talks", "kinds": ["talk", "thread"]}, "other": "Other"}
SERIES: dict[str, Any] = {
    "monthly": {"period": "month", "name": "Monthly", "sections": SECTIONS},
    "weekly": {"period": "week", "name": "Weekly", "collects": "named", "author": "Akira"},
    "ds-ml": {"period": "number", "name": "DS/ML", "title": "{year} DS/ML digest {number}"},
}


def collection(
    collect: Collect, md: Markdown, entries: Mapping[str, Mapping[str, str]], **values: Any
) -> Collection:
    """Make a collection of entries: name (also the title) to options."""
    pages = {f"entries/{name}.md": md(name, **options) for name, options in entries.items()}
    return Collection(collect(pages, **{"series": SERIES, **values}))


def issues(made: Collection) -> dict[str, list[str]]:
    return {str(id_): sorted(e.title for e in issue.entries) for id_, issue in made.issues.items()}


def sections(issue: Issue) -> list[tuple[str, list[str]]]:
    return [
        (section.title if section else "", [e.title for e in entries]) for section, entries in issue.sections
    ]


# --- Who stands where -----------------------------------------------------------------------------------------


def test_dated_series_collects_by_date_and_named_ones_by_name_alone(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            "day": {"date": "2021-09-16"},
            "month": {"date": "2021-09"},
            "year": {"date": "2021"},
            "undated": {},
            "named": {"date": "2021-10-01", "digest": "weekly 2021-W39, ds-ml 2021-3"},
        },
    )
    assert issues(made) == {
        "monthly 2021-09": ["day", "month"],
        "monthly 2021-10": ["named"],
        "weekly 2021-W39": ["named"],
        "ds-ml 2021-03": ["named"],
    }


def test_issue_that_an_entry_names_wins_over_its_date(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            "moved": {"date": "2021-09-30", "digest": "monthly 2021-10"},
            "undated": {"digest": "monthly 2021-10"},
        },
    )
    assert issues(made) == {"monthly 2021-10": ["moved", "undated"]}


def test_issue_that_is_wrong_does_not_take_an_entry_out_of_that_of_its_date(
    collect: Collect, md: Markdown
) -> None:
    made = collection(collect, md, {"a": {"date": "2021-09-30", "digest": "monthly soon"}})
    assert issues(made) == {"monthly 2021-09": ["a"]}
    assert [p.code for p in made.catalogue.problems] == [Code.BAD_ISSUE]


def test_entry_may_stand_in_several_issues_of_a_series(collect: Collect, md: Markdown) -> None:
    made = collection(collect, md, {"a": {"digest": "ds-ml 2019-1, ds-ml 2019-2"}})
    assert issues(made) == {"ds-ml 2019-01": ["a"], "ds-ml 2019-02": ["a"]}


def test_one_issue_named_in_two_spellings_has_the_entry_once(collect: Collect, md: Markdown) -> None:
    made = collection(collect, md, {"a": {"digest": "ds-ml 2019-1, ds-ml 2019-01"}})
    assert issues(made) == {"ds-ml 2019-01": ["a"]}


def test_weeks_follow_the_setting(collect: Collect, md: Markdown) -> None:
    """Sunday 3 January 2021 ends week 53 of 2020 by ISO 8601, and begins the second week of 2021 in America."""
    series = {"w": {"period": "week", "title": "Week {week} of {year}: {first} to {last}"}}
    entries = {"sunday": {"date": "2021-01-03"}, "monday": {"date": "2021-01-04"}}
    iso = collection(collect, md, entries, series=series)
    assert issues(iso) == {"w 2020-W53": ["sunday"], "w 2021-W01": ["monday"]}
    us = collection(collect, md, entries, series=series, weeks="us")
    assert issues(us) == {"w 2021-W02": ["monday", "sunday"]}
    assert [i.title for i in us.issues.values()] == ["Week 2 of 2021: 2021-01-03 to 2021-01-09"]
    assert [i.title for i in iso.issues.values()] == [
        "Week 53 of 2020: 2020-12-28 to 2021-01-03",
        "Week 1 of 2021: 2021-01-04 to 2021-01-10",
    ]


@pytest.mark.parametrize(
    ("period", "date", "id_", "title"),
    [
        ("day", "2021-09-06", "2021-09-06", "News, 2021-09-06"),
        ("week", "2021-09-06", "2021-W36", "News, week 36 of 2021"),
        ("month", "2021-09-06", "2021-09", "News, September 2021"),
        ("year", "2021-09-06", "2021", "News 2021"),
    ],
)
def test_issue_has_a_title_when_none_is_configured(
    collect: Collect, md: Markdown, period: str, date: str, id_: str, title: str
) -> None:
    made = collection(collect, md, {"a": {"date": date}}, series={"news": {"period": period, "name": "News"}})
    (issue,) = made.issues.values()
    assert (issue.id, issue.title, issue.docname) == (id_, title, f"digests/news/{id_}")


def test_numbered_issue_is_titled_by_year_and_number(collect: Collect, md: Markdown) -> None:
    made = collection(collect, md, {"a": {"digest": "ds-ml 2019-20"}, "b": {"digest": "ds-ml 2019-5"}})
    assert [(i.id, i.title) for i in made.issues.values()] == [
        ("2019-05", "2019 DS/ML digest 5"),
        ("2019-20", "2019 DS/ML digest 20"),
    ]


@pytest.mark.parametrize(
    "wrong", ["monthly 2021-W02", "monthly 2021", "monthly 2021-13", "weekly 2021-01", "ds-ml x"]
)
def test_issue_that_a_series_cannot_have_is_told(collect: Collect, md: Markdown, wrong: str) -> None:
    made = collection(collect, md, {"a": {"digest": wrong}})
    (problem,) = made.catalogue.problems
    assert (problem.code, problem.line) == (Code.BAD_ISSUE, 5)
    assert f'"{wrong.split()[1]}"' in problem.message
    assert f'"{wrong.split(maxsplit=1)[0]}"' in problem.message
    assert made.issues == {}


# --- Sections -------------------------------------------------------------------------------------------------


def test_sections_stand_in_the_declared_order_and_empty_ones_are_absent(
    collect: Collect, md: Markdown
) -> None:
    made = collection(
        collect,
        md,
        {
            "o": {"date": "2021-09", "section": "other"},
            "t": {"date": "2021-09", "kind": "talk"},
            "p": {"date": "2021-09"},
            "forced": {"date": "2021-09", "kind": "thread", "section": "other"},
            "alone": {"date": "2021-10", "section": "other"},
        },
    )
    september, october = made.issues.values()
    assert sections(september) == [("Papers", ["p"]), ("Talks", ["t"]), ("Other", ["forced", "o"])]
    assert sections(october) == [("Other", ["alone"])]


def test_series_without_sections_has_one_list(collect: Collect, md: Markdown) -> None:
    made = collection(collect, md, {"a": {"digest": "ds-ml 1"}, "b": {"digest": "ds-ml 1"}})
    assert [sections(i) for i in made.issues.values()] == [[("", ["a", "b"])]]


def test_entries_that_fit_no_section_stand_last_without_a_heading(collect: Collect, md: Markdown) -> None:
    series = {"m": {"period": "month", "sections": {"talks": {"title": "Talks", "kinds": ["talk"]}}}}
    made = collection(
        collect, md, {"a": {"date": "2021-09"}, "t": {"date": "2021-09", "kind": "talk"}}, series=series
    )
    assert sections(*made.issues.values()) == [("Talks", ["t"]), ("", ["a"])]


def test_picks_stand_first_then_the_given_order_then_the_newest(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            "old": {"date": "2021-09-01"},
            "new": {"date": "2021-09-20"},
            "month": {"date": "2021-09"},
            "second": {"date": "2021-09-02", "order": "2"},
            "first": {"date": "2021-09-02", "order": "1"},
            "pick": {"date": "2021-09-03", "pick": ""},
            "ordered pick": {"date": "2021-09-01", "pick": "", "order": "9"},
        },
    )
    (september,) = made.issues.values()
    assert sections(september) == [
        ("Papers", ["ordered pick", "pick", "first", "second", "new", "old", "month"])
    ]


def test_section_that_no_digest_of_the_entry_has_is_told(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            "a": {"date": "2021-09", "section": "paper"},
            "b": {"section": "papers"},
            "c": {"date": "2021-09", "section": "papers"},
        },
    )
    problems = made.catalogue.problems
    assert [(p.path.rpartition("/")[2], p.code) for p in problems] == [
        ("a.md", Code.UNKNOWN_SECTION),
        ("b.md", Code.UNKNOWN_SECTION),
    ]
    assert 'did you mean "papers"?' in problems[0].message


# --- Order of issues, roll-ups --------------------------------------------------------------------------------


def test_issues_of_a_series_stand_in_the_order_of_time_or_number(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            f"n{i}": {"digest": f"ds-ml {id_}"}
            for i, id_ in enumerate(["2020-1", "2019-100", "2019-9", "7", "2019-20"])
        },
    )
    assert [i.id for i in made.issues_by_series["ds-ml"]] == [
        "7",
        "2019-09",
        "2019-20",
        "2019-100",
        "2020-01",
    ]
    assert made.issues_by_series["monthly"] == ()


def test_three_weeks_are_rolled_up_into_their_month_and_their_year(collect: Collect, md: Markdown) -> None:
    made = collection(
        collect,
        md,
        {
            "a": {"digest": "weekly 2021-W01"},
            "b": {"digest": "weekly 2021-W02"},
            "c": {"digest": "weekly 2021-W03"},
            "d": {"digest": "weekly 2021-W06"},
            "e": {"digest": "weekly 2021-W07"},
            "f": {"digest": "weekly 2022-W06"},
            "twice": {"digest": "weekly 2021-W01, weekly 2021-W02"},
        },
    )
    rolled = {
        str(id_): ([i.id for i in parts], sorted(e.title for e in whole.entries))
        for id_, (whole, parts) in made.rollups.items()
    }
    assert rolled == {
        "weekly 2021-01": (["2021-W01", "2021-W02", "2021-W03"], ["a", "b", "c", "twice"]),
        "weekly 2021": (
            ["2021-W01", "2021-W02", "2021-W03", "2021-W06", "2021-W07"],
            ["a", "b", "c", "d", "e", "twice"],
        ),
    }
    titles = [whole.title for whole, _ in made.rollups.values()]
    assert titles == ["Weekly: January 2021", "Weekly: 2021"]


def test_months_and_numbers_are_rolled_up_into_years(collect: Collect, md: Markdown) -> None:
    pages = {
        f"month {n}": {"date": date} for n, date in enumerate(("2021-07", "2021-08", "2021-09", "2022-01"))
    }
    pages |= {
        f"number {id_}": {"digest": f"ds-ml {id_}"} for id_ in ("2019-1", "2019-20", "2019-3", "4", "5", "6")
    }
    made = collection(collect, md, pages)
    assert [str(id_) for id_ in made.rollups] == ["monthly 2021", "ds-ml 2019"]


def test_years_and_numbers_without_a_year_have_no_rollup(collect: Collect, md: Markdown) -> None:
    series = {"y": {"period": "year"}, "n": {"period": "number"}}
    assert collection(collect, md, {"a": {"date": "2021", "digest": "n 3"}}, series=series).rollups == {}
