"""Dates as precise as they are known: their forms, their spans, and what holds what."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.core.periods import Kind, PeriodError, coarser, finest, long, parse

DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))
WEEKS = st.sampled_from(["iso", "us"])
KINDS: tuple[Kind, ...] = ("year", "month", "week", "day")


@pytest.mark.parametrize(
    ("text", "weeks", "kind", "first", "last"),
    [
        ("2021-09-16", "iso", "day", "2021-09-16", "2021-09-16"),
        ("2021-09", "iso", "month", "2021-09-01", "2021-09-30"),
        ("2020-02", "iso", "month", "2020-02-01", "2020-02-29"),
        ("2021-12", "iso", "month", "2021-12-01", "2021-12-31"),
        ("2021", "iso", "year", "2021-01-01", "2021-12-31"),
        ("2021-W02", "iso", "week", "2021-01-11", "2021-01-17"),
        ("2020-W53", "iso", "week", "2020-12-28", "2021-01-03"),
        ("9999-W52", "iso", "week", "9999-12-27", "9999-12-31"),
        ("2021-W01", "us", "week", "2021-01-01", "2021-01-02"),
        ("2021-W02", "us", "week", "2021-01-03", "2021-01-09"),
        ("2021-W53", "us", "week", "2021-12-26", "2021-12-31"),
        ("2000-W54", "us", "week", "2000-12-31", "2000-12-31"),
        ("2017-W01", "us", "week", "2017-01-01", "2017-01-07"),
    ],
)
def test_each_form_has_its_span(text, weeks, kind, first, last):
    period = parse(text, weeks)
    assert (period.kind, period.first.isoformat(), period.last.isoformat()) == (kind, first, last)
    assert period.label == text
    assert KINDS[period.precision] == kind


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("2021.09.16", '"2021-09-16"'),
        ("2021/9/6", '"2021-09-06"'),
        ("20210916", '"2021-09-16"'),
        ("2021-09-16T10:00:00Z", '"2021-09-16"'),
        ("16 Sep 2021", '"2021-09-16"'),
        ("Sept. 16th, 2021", '"2021-09-16"'),
        ("16.9.2021", '"2021-09-16"'),
        ("9/16/2021", '"2021-09-16"'),
        ("6/9/2021", '"2021-09-06" or "2021-06-09"'),
        ("2021-9", '"2021-09"'),
        ("September 2021", '"2021-09"'),
        ("2021-W2", '"2021-W02"'),
        ("2021 week 2", '"2021-W02"'),
        (" 2021 ", '"2021"'),
        ("2021-02-30", "February 2021 has 28 days"),
        ("2021-2-30", "February 2021 has 28 days"),
        ("2021-13", "12 months"),
        ("2021-00-01", "12 months"),
        ("2021-W53", "2021 has 52 weeks"),
        ("2021-W00", "2021-W01 to 2021-W52"),
        ("0999", "1000 to 9999"),
        ("٢٠٢١", "write a day as 2021-09-16"),
        ("", "write a day as 2021-09-16"),
        ("yesterday", "write a day as 2021-09-16"),
    ],
)
def test_the_error_says_how_to_write_it(text, mend):
    with pytest.raises(PeriodError) as error:
        parse(text)
    assert mend in str(error.value)


def test_us_weeks_are_counted_by_their_own_rule():
    with pytest.raises(PeriodError, match="2021 has 53 weeks"):
        parse("2021-W54", "us")


@given(st.text(max_size=25) | st.text("0123456789-W./ SepTZ", max_size=14), WEEKS)
def test_any_text_is_a_period_or_a_period_error(text, weeks):
    try:
        label = parse(text, weeks).label
    except PeriodError:
        return
    assert label == text


@given(DAYS, WEEKS)
def test_a_day_is_in_the_week_month_and_year_that_hold_it(day, weeks):
    period = parse(day.isoformat(), weeks)
    for kind in KINDS:
        whole = coarser(period, kind, weeks)
        assert whole is not None
        assert whole.first <= day <= whole.last
        assert whole == parse(whole.label, weeks)


@given(DAYS)
def test_iso_weeks_are_those_of_the_standard(day):
    week = coarser(parse(day.isoformat()), "week")
    assert week is not None
    year, number, _ = day.isocalendar()
    assert week.label == f"{year:04}-W{number:02}"
    assert week.first.isoweekday() == 1


@given(DAYS.filter(lambda day: day < date(9999, 12, 31)))
def test_us_weeks_begin_on_sunday_and_at_new_year(day):
    tomorrow = day + timedelta(days=1)
    same = coarser(parse(f"{day}"), "week", "us") == coarser(parse(f"{tomorrow}"), "week", "us")
    assert same is (tomorrow.isoweekday() != 7 and tomorrow.timetuple().tm_yday != 1)


@given(DAYS, WEEKS)
def test_a_week_is_in_the_month_of_its_middle_day_and_the_year_of_its_label(day, weeks):
    week = coarser(parse(day.isoformat()), "week", weeks)
    assert week is not None
    month, year = coarser(week, "month", weeks), coarser(week, "year", weeks)
    assert month is not None
    assert year is not None
    assert month.first <= week.first + (week.last - week.first) // 2 <= month.last
    assert week.label[:4] == year.label == month.label[:4]


def test_nothing_more_precise_is_made_up():
    assert coarser(parse("2021"), "month") is None
    assert coarser(parse("2021-09"), "week") is None
    assert coarser(parse("2021-09"), "day") is None
    assert coarser(parse("2021-W02"), "day") is None
    assert coarser(parse("2021-09"), "month") == parse("2021-09")


def test_periods_sort_by_time_the_less_precise_first():
    texts = ["2021", "2021-01", "2021-01-01", "2021-W02", "2021-01-11", "2021-02"]
    periods = [parse(text) for text in texts]
    shuffled = periods[::-1]
    assert sorted(shuffled) == periods
    assert sorted(shuffled, key=lambda period: period.sort_key) == periods


def test_the_finest_is_the_most_precise_then_the_earliest():
    periods = [parse(text) for text in ("2020", "2021-09", "2021-09-17", "2021-09-16")]
    assert finest(periods).label == "2021-09-16"
    with pytest.raises(ValueError):
        finest([])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2021-09-06", "Sep 6, 2021"),
        ("2021-09", "September 2021"),
        ("2021", "2021"),
        ("2021-W02", "Jan 11–17, 2021"),
        ("2021-W13", "Mar 29 – Apr 4, 2021"),
        ("2020-W53", "Dec 28, 2020 – Jan 3, 2021"),
    ],
)
def test_long_is_english(text, words):
    assert long(parse(text)) == words


def test_periods_can_be_kept():
    period = parse("2021-09-16")
    assert pickle.loads(pickle.dumps(period)) == period
    assert {period: 1}[parse("2021-09-16")] == 1
