"""The numbers of charts: steps of time, what is left out, who rises and who stands together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.core.chart_tables import tables
from mlwatch.core.collection import Collection
from mlwatch.core.plots import bars, nice, number
from mlwatch.core.timeline import Axis
from mlwatch.core.views.charts import (
    NONE,
    Bars,
    Line,
    chart_keyword,
    chart_keywords,
    chart_months,
    chart_pairs,
    chart_reading,
    chart_source,
    chart_sources,
    chart_starred,
    chart_strip,
)

if TYPE_CHECKING:
    from tests.conftest import Collect, Markdown


@pytest.fixture
def collection(collect: Collect, md: Markdown):
    """Give a function from options of entries to their collection."""

    def make(*entries: dict[str, str]) -> Any:
        pages = {f"entries/{i:03}.md": md(f"Title {i}", **options) for i, options in enumerate(entries)}
        return Collection(collect(pages))

    return make


# --- Time -------------------------------------------------------------------------------------------------------


def test_months_run_from_the_first_entry_to_the_last(collection: Any):
    chart: Any = chart_strip(collection({"date": "2020-11"}, {"date": "2021-02-03"}, {"date": "2021-02"}))
    assert [chart.axis.label(i) for i in range(chart.axis.size)] == [
        "November 2020",
        "December 2020",
        "January 2021",
        "February 2021",
    ]
    assert chart.line.values == (1, 0, 0, 2)
    assert chart.about == "Entries per month"


def test_a_week_counts_in_the_month_of_its_middle(collection: Any):
    chart: Any = chart_strip(collection({"date": "2020-W53"}, {"date": "2021-01-01"}))
    assert dict(zip(map(chart.axis.label, range(chart.axis.size)), chart.line.values, strict=True)) == {
        "December 2020": 1,
        "January 2021": 1,
    }


@pytest.mark.parametrize(
    ("years", "unit", "label"),
    [
        (1, "month", "January 2000"),
        (16, "quarter", "1st quarter of 2000"),
        (60, "year", "2000"),
        (190, "2 years", "2000 to 2001"),
    ],
)
def test_steps_grow_with_the_time_that_is_covered(collection: Any, years: int, unit: str, label: str):
    dates = [{"date": f"{2000 + year}-01"} for year in range(0, years + 1, max(1, years // 60))]
    chart: Any = chart_strip(collection(*dates))
    axis = chart.axis
    assert (axis.unit, axis.label(0)) == (unit, label)


def test_what_is_less_precise_than_a_step_is_told_and_not_drawn(collection: Any):
    chart: Any = chart_months(collection({"date": "2021-01"}, {"date": "2021-03"}, {"date": "2021"}, {}))
    assert chart.line.values == (1, 0, 1)
    assert "2 entries are not shown" in chart.about


def test_with_years_alone_the_months_stay_empty_and_nothing_breaks(collection: Any):
    chart: Any = chart_months(collection({"date": "2020"}, {"date": "2021"}, {"date": "2021"}))
    assert sum(chart.line.values) == 0
    assert "3 entries are not shown" in chart.about


def test_an_old_classic_does_not_stretch_the_axis(collection: Any):
    recent = [{"date": f"{2019 + i % 3}-0{i % 9 + 1}"} for i in range(30)]
    chart: Any = chart_months(collection({"date": "1958-11"}, {"date": "2190-01"}, *recent))
    assert chart.axis.label(0) == "January 2019"
    assert chart.axis.label(chart.axis.size - 1) == "September 2021"
    assert "2 entries are not shown" in chart.about


def test_labels_are_few_enough_for_a_phone_and_name_the_year():
    for axis in (
        Axis(1, 2020 * 12 + 7, 5),
        Axis(1, 2014 * 12, 144),
        Axis(3, 2014 * 4, 48),
        Axis(12, 1990, 36),
    ):
        labels = [label for _, label in axis.ticks()]
        assert 2 <= len(labels) <= 6
        assert labels[0][-4:].isdecimal()
    assert [label for _, label in Axis(1, 2020 * 12 + 7, 7).ticks()] == ["Oct 2020", "Jan 2021"]


# --- What each chart counts -------------------------------------------------------------------------------------


def test_without_dates_there_is_nothing_over_time(collection: Any):
    undated = collection({}, {}, {})
    over_time = (chart_strip, chart_months, chart_sources, chart_keywords, chart_starred)
    assert [chart(undated) for chart in over_time] == [None] * 5


def test_without_entries_there_is_nothing_at_all(collection: Any):
    assert [chart(collection()) for chart in (chart_strip, chart_pairs, chart_reading)] == [None] * 3


def test_own_line_covers_whole_years_of_the_collection_and_needs_three_entries(collection: Any):
    three = [{"date": f"2021-0{i}", "keywords": "many", "source": "S"} for i in (3, 4, 4)]
    one = collection({"date": "2020-05", "keywords": "few"}, *three)
    chart: Any = chart_keyword(one, "many")
    assert (chart.axis.label(0), chart.axis.label(chart.axis.size - 1)) == ("January 2020", "December 2021")
    assert (sum(chart.line.values), chart.line.values[15]) == (3, 2)
    source: Any = chart_source(one, "s")
    assert source.line.values == chart.line.values
    assert chart_keyword(one, "few") is None
    assert chart_keyword(one, "unheard-of") is None


def test_a_share_of_few_is_none(collection: Any):
    starred = {"star": "", "date": "2020-01"}
    many = [{"date": "2020-06"}] * 4 + [{"date": "2020-06", "star": ""}] * 4
    chart: Any = chart_starred(collection(starred, *many))
    assert chart.line.values == (NONE, 500)
    assert tables(chart)[0].rows == (("2020", "", "50%", "", ""),)


def test_rise_and_fall_compare_the_last_year_with_all_before(collection: Any):
    old = [{"date": f"2019-{i % 12 + 1:02}", "keywords": "steady" if i % 2 else "gone"} for i in range(40)]
    new = [{"date": f"2021-{i % 12 + 1:02}", "keywords": "steady" if i % 2 else "come"} for i in range(40)]
    chart: Any = chart_keywords(collection(*old, *new))
    assert [(head, [(line.name, line.note) for line in lines]) for head, lines in chart.groups] == [
        ("Rising", [("come", "0% → 50%")]),
        ("Falling", [("gone", "50% → 0%")]),
    ]


def test_matrix_counts_pairs_and_puts_friends_beside_each_other(collection: Any):
    chart: Any = chart_pairs(
        collection(
            *[{"keywords": "a, b"}] * 5,
            *[{"keywords": "c, d"}] * 4,
            *[{"keywords": "b, c"}] * 2,
            {"keywords": "a, d"},
        )
    )
    names = [ref.text for ref in chart.names]
    assert abs(names.index("a") - names.index("b")) == 1
    assert abs(names.index("c") - names.index("d")) == 1
    counted = {
        frozenset((names[row], names[column])): count
        for row, counts in enumerate(chart.counts)
        for column, count in enumerate(counts)
        if count
    }
    assert counted == {
        frozenset("ab"): 5,
        frozenset("cd"): 4,
        frozenset("bc"): 2,
        frozenset("ad"): 1,
    }


def test_reading_list_and_gaps(collection: Any):
    chart: Any = chart_reading(
        collection(
            {"status": "read", "keywords": "k"},
            {"status": "to-read", "paper": "https://arxiv.org/abs/2104.00298"},
            {"status": "to-read"},
            {},
        )
    )
    assert [(part.name, part.part, part.whole, part.docname) for part in chart.parts] == [
        ("Read", 1, 3, ""),
        ("Being read", 0, 3, ""),
        ("To read", 2, 3, "reading-list/to-read"),
        ("With a summary", 0, 4, "reading-list/no-summary"),
        ("With keywords", 1, 4, "reading-list/no-keywords"),
        ("With a paper", 1, 4, "reading-list/no-paper"),
    ]


# --- Drawing ----------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**9))
def test_a_scale_ends_at_a_round_number_not_far_above(value: int):
    top = nice(value)
    assert value <= top < value * 2 or value == 1
    assert str(top).rstrip("0") in {"1", "2", "3", "4", "5", "6", "8"}


@given(st.floats(0, 10_000))
def test_numbers_are_short_and_right(value: float):
    text = number(value)
    assert len(text) <= 9
    assert float(text) == pytest.approx(value, abs=0.0006)


@given(st.lists(st.integers(0, 5000) | st.just(NONE), min_size=1, max_size=200), st.booleans())
def test_pictures_are_well_formed_whatever_the_numbers(values: list[int], share: bool):
    chart = Bars(
        "<T> & 'x' \"y\"", "about", Axis(1, 24000, len(values)), Line("n", "", tuple(values)), share=share
    )
    root: Any = ET.fromstring(bars(chart))
    assert "<T>" in root.attrib["aria-label"]
    path = root.find(".//path").attrib["d"]
    assert path.count("z") == sum(value > 0 for value in values)
