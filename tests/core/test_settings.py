"""The mlwatch_* settings: what they give, and every mistake in them at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.core.settings import DEFAULT_TITLES, PERIODS, SETTINGS, Settings, fold, read


def mistakes(**values: Any) -> list[tuple[str, str]]:
    return read({f"mlwatch_{name}": value for name, value in values.items()})[1]


def only_mistake(**values: Any) -> str:
    """Return the message of the one mistake in *values*, which must be told of the one setting that is given."""
    ((name, message),) = mistakes(**values)
    assert [name] == [f"mlwatch_{key}" for key in values]
    assert message.isprintable()
    return message


def series(**options: Any) -> Any:
    return read({"mlwatch_series": {"weekly": {"period": "week", **options}}})[0].series["weekly"]


# --- What they give -------------------------------------------------------------------------------------------


def test_nothing_set_is_fine() -> None:
    settings, wrong = read({})
    assert wrong == []
    assert settings == Settings(series={}, sources={}, keywords={})


def test_every_default_is_valid_and_explained() -> None:
    assert mistakes(**{s.name.removeprefix("mlwatch_"): s.default for s in SETTINGS}) == []
    assert all(s.help.endswith(".") for s in SETTINGS)


def test_series_as_declared() -> None:
    made = series(
        name="Weekly",
        title="{name} {week}/{year}",
        collects="named",
        author="A",
        url="https://a.org",
        description="D",
        sections={"b": "B", "a": {"title": "A", "kinds": ["talk", "thread"]}},
    )
    assert (made.id, made.name, made.title, made.period, made.collects) == (
        "weekly",
        "Weekly",
        "{name} {week}/{year}",
        "week",
        "named",
    )
    assert (made.author, made.url, made.description) == ("A", "https://a.org", "D")
    assert [(s.id, s.title, sorted(s.kinds)) for s in made.sections] == [
        ("b", "B", []),
        ("a", "A", ["talk", "thread"]),
    ]


@pytest.mark.parametrize("period", PERIODS)
def test_series_needs_only_its_period(period: str) -> None:
    settings, wrong = read({"mlwatch_series": {"x-1": {"period": period}}})
    assert wrong == []
    made = settings.series["x-1"]
    assert (made.name, made.title) == ("x-1", DEFAULT_TITLES[period])
    assert made.collects == ("named" if period == "number" else "dated")


def test_series_keep_their_order() -> None:
    names = ["zeta", "alpha", "mid"]
    assert list(read({"mlwatch_series": {n: {"period": "day"} for n in names}})[0].series) == names


def test_aliases_are_found_under_every_spelling() -> None:
    settings, wrong = read(
        {"mlwatch_source_aliases": {"MIT News": ["mit", "M.I.T."]}, "mlwatch_keyword_aliases": {"NLP": []}}
    )
    assert wrong == []
    assert {settings.sources[fold(s)] for s in ("MIT NEWS", "mit-news", "Mit", "m.i.t.")} == {"MIT News"}
    assert settings.keywords == {"nlp": "NLP"}


# --- What is wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"weeks": "ISO"}, '"iso" or "us"'),
        ({"weeks": 1}, "str"),
        ({"page_size": 0}, "above 0"),
        ({"page_size": "100"}, "int"),
        ({"page_size": True}, "int"),
        ({"max_page_bytes": -1}, "above 0"),
        ({"last_changed": "yes"}, "bool"),
        ({"last_changed": 1}, "bool"),
        ({"entries": None}, "str"),
        ({"series": []}, "dict"),
        ({"page_sice": 5}, 'did you mean "mlwatch_page_size"'),
        ({"xyz": 5}, '"mlwatch_xyz"'),
        ({"source_aliases": {"A": "abc"}}, "list of spellings"),
        ({"source_aliases": {"A": 5}}, "list of spellings"),
        ({"source_aliases": {"A": [5]}}, "list of spellings"),
        ({"source_aliases": {5: []}}, "5"),
        ({"keyword_aliases": {" ": []}}, "no name"),
        ({"keyword_aliases": {"A": ["x"], "B": ["X"]}}, '"A" and "B"'),
    ],
)
def test_wrong_value_is_told_with_the_mend(values: dict[str, Any], told: str) -> None:
    assert told in only_mistake(**values)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (None, "dictionary"),
        ("week", "dictionary"),
        ({}, "one of day, week, month, year, number"),
        ({"period": "weekly"}, 'did you mean "week"'),
        ({"period": 7}, "7"),
        ({"period": "week", "tittle": "x"}, 'did you mean "title"'),
        ({"period": "week", "name": 5}, "name is"),
        ({"period": "week", "collects": "all"}, '"dated" or "named"'),
        ({"period": "number", "collects": "dated"}, "no dates to collect by"),
        ({"period": "week", "title": "{weak}"}, "{weak}"),
        ({"period": "week", "title": "{number}"}, "for a week series"),
        ({"period": "week", "title": "{}"}, "can stand in it"),
        ({"period": "week", "title": "{year!r}"}, "can stand in it"),
        ({"period": "week", "title": "{year:>10}"}, "can stand in it"),
        ({"period": "week", "title": "{id.__class__}"}, "can stand in it"),
        ({"period": "week", "title": "{year"}, "no pattern"),
        ({"period": "week", "title": "year}"}, "no pattern"),
        ({"period": "week", "sections": ["papers"]}, "dictionary from id to title"),
        ({"period": "week", "sections": {"Papers": "x"}}, "a-z, 0-9 and hyphens"),
        ({"period": "week", "sections": {5: "x"}}, "a-z, 0-9 and hyphens"),
        ({"period": "week", "sections": {"p": 5}}, '"p"'),
        ({"period": "week", "sections": {"p": {"kinds": ["talk"]}}}, '"p"'),
        ({"period": "week", "sections": {"p": {"title": "P", "kind": ["talk"]}}}, '"p"'),
        ({"period": "week", "sections": {"p": {"title": "P", "kinds": ["talks"]}}}, 'did you mean "talk"'),
        ({"period": "week", "sections": {"p": {"title": "P", "kinds": "talk"}}}, "kinds"),
        ({"period": "week", "sections": {"p": {"title": "P", "kinds": 5}}}, "kinds"),
        ({"period": "week", "sections": {"p": {"title": "P", "kinds": [["talk"]]}}}, "talk"),
    ],
)
def test_wrong_series_is_told_by_its_name(options: Any, told: str) -> None:
    message = only_mistake(series={"my-series": options})
    assert "my-series" in message
    assert told in message


@pytest.mark.parametrize("id_", ["", "Weekly", "a/b", "../x", "a b", "-x", "周", 5, None, ("a",)])
def test_id_of_a_series_must_be_fit_for_an_address(id_: Any) -> None:
    assert "a-z, 0-9 and hyphens" in only_mistake(series={id_: {"period": "week"}})


def test_all_mistakes_are_told_at_once_and_the_rest_still_counts() -> None:
    settings, wrong = read(
        {
            "mlwatch_weeks": "from Monday",
            "mlwatch_page_size": -5,
            "mlwatch_serie": {},
            "mlwatch_source_aliases": {"A": "a", "B": ["b"]},
            "mlwatch_series": {
                "Bad": {},
                "good": {"period": "month"},
                "odd": {
                    "period": "week",
                    "nmae": "x",
                    "sections": {"p": {"title": "P", "kinds": ["x1", "x2"]}},
                },
            },
        }
    )
    told = [(name, message) for name, message in wrong]
    assert len(told) == 8
    assert list(settings.series) == ["good", "odd"]
    assert settings.sources == {"b": "B"}
    assert (settings.weeks, settings.page_size) == ("iso", 100)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["week", "period", "title", "kinds", "a", "{x}", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["period", "title", "sections", "kinds", "name", "a", "B"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from([s.name for s in SETTINGS] + ["mlwatch_x", "other"]), JSON, max_size=4)
)
def test_no_value_makes_reading_the_settings_raise(values: dict[str, Any]) -> None:
    settings, wrong = read(values)
    assert settings.page_size > 0
    assert all(name in values and message.isprintable() for name, message in wrong)


@given(st.dictionaries(st.sampled_from(["title", "collects", "name", "url"]), JSON), JSON, JSON)
def test_nothing_inside_a_series_or_aliases_makes_reading_raise(
    options: Any, kinds: Any, spellings: Any
) -> None:
    sections = {"a": kinds, "b": {"title": "B", "kinds": kinds}}
    values = {"mlwatch_series": {"s": {**options, "period": "week", "sections": sections}}}
    read({**values, "mlwatch_source_aliases": {"A": spellings}})


@pytest.mark.parametrize(
    "spellings",
    [
        ["Self-Supervised", "self supervised", "SELF_SUPERVISED", "self‑supervised", " self  supervised "],
        ["ＮＬＰ", "nlp"],
    ],
)
def test_spellings_that_differ_in_case_spaces_and_hyphens_fold_into_one(spellings: list[str]) -> None:
    assert len({fold(s) for s in spellings}) == 1


def test_other_marks_do_not_fold() -> None:
    assert len({fold(s) for s in ("C", "C++", "C#", "c.", "selfsupervised", "self-supervised")}) == 6
