"""Filters and orders: what they select, their canonical text, and how a wrong one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mlwatch.core.criteria import CRITERIA
from mlwatch.core.filters import DEEPEST, LONGEST, FilterError, parse, parse_order, select, unknown
from mlwatch.core.model import FIELDS
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from tests.conftest import Collect, Markdown

    from mlwatch.core.catalogue import Catalogue

VALUES: dict[str, Any] = {
    "series": {
        "ds-ml": {"period": "number", "sections": {"vision": "Vision"}},
        "weekly": {"period": "week"},
    },
    "keyword_aliases": {"neural architecture search": ["NAS"]},
    "source_aliases": {"Google AI": ["Google AI Blog"]},
    "topics": {
        "vision": {"title": "Computer vision", "keywords": ["image recognition", "OCR"]},
        "code": {"title": "Code", "keywords": ["C++", "NAS"]},
    },
}
SETTINGS = read({f"mlwatch_{name}": value for name, value in VALUES.items()})[0]


@pytest.fixture
def catalogue(collect: Collect, md: Markdown) -> Catalogue:
    pages = {
        "a": md(
            "Toward Fast Image Models",
            source="Google AI Blog",
            url="https://ai.googleblog.com/2021/09/fast.html",
            date="2021-09-16",
            star="2",
            keywords="NAS, image recognition",
            paper="[EfficientNetV2](https://arxiv.org/abs/2104.00298v2)",
            code="https://github.com/google/automl",
            cite="tan2021",
            added="2022-01-03",
            body="## Summary\n\nSelf-supervised\nlearning at scale.\n",
        ),
        "b": md(
            "对 GNN 和 NLP 研究趋势",
            source="arXiv",
            date="2021-W37",
            lang="zh-TW",
            kind="paper",
            alt_title="Trends in GNN",
            pick="",
            authors="Andrew Y. Ng, Ann Bo",
            order="4",
        ),
        "c": md("Organ donors", source="OpenAI", date="2021", keywords="C++", digest="ds-ml 2019-20", section="vision"),
        "d": md("Gan or not gan", source="OpenAI", date="2021-09", status="to-read", star="", also="https://x.org/y"),
        "e": md("Star of the sea", source="OpenAI", todo="look again", ignore="no-lang"),
    }  # fmt: skip
    bib = "@misc{tan2021,\n  title = {E},\n  author = {T, M.},\n  year = {2021},\n}\n"
    return collect({f"entries/{name}.md": text for name, text in pages.items()}, bib=bib, **VALUES)


def found(catalogue: Catalogue, text: str) -> str:
    fits = parse(text, catalogue.settings)
    assert parse(fits.text, catalogue.settings) == fits
    return "".join(e.docname[-1] for e in select(catalogue.entries, fits, parse_order("page")))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "abcde"),
        ("star", "ad"), ("star>=2", "a"), ("star:1", "d"), ("star<1", "bce"), ("star:..1", "bcde"), ("STAR = 2", "a"),
        ("not star", "bce"), ("not not star", "ad"), ("pick or star", "abd"), ("order:1..4", "b"),
        ("star not has:code", "d"), ("star and (has:code or status:to-read)", "ad"),
        ("kind:paper", "b"), ("kind:article and not source:openai", "a"),
        ('keyword:"neural-architecture search"', "a"), ("keywords:nas", "a"), ("keyword:c++", "c"), ("keyword:c", ""),
        ("keyword:image*", "a"), ("keyword:*recognition", "a"), ("keyword:*arch*", "a"), ('keyword:"image*"', ""),
        ("topic:vision", "a"), ("topics:CODE", "ac"), ("not has:topic", "bde"), ("topic:vision topic:code", "a"),
        ('source:"Google AI Blog"', "a"), ('source:"google  ai"', "a"), ("source:google", ""), ("source:google*", "a"),
        ("author:ng", "b"), ('author:"y. ng"', "b"), ("author:g", ""),
        ("gan", "d"), ("organ", "c"), ("gnn", "b"), ("研究", "b"), ('"self supervised learning"', "a"), ("summary:scale", "a"),
        ("title:scale", ""), ('"star"', "e"), ('"gan or"', "d"), ("fast image", "a"), ("image and not fast", ""),
        ("date:2021", "abcd"), ("date:2021-09", "abd"), ("date:2021-09-16", "a"), ("date:2021-W37", "ab"),
        ("date:2021-09-15..", "a"), ("date:..2021-08", ""), ("date>2021-09-01", "ab"), ("date<2022", "abcd"),
        ("date>=2021-09", "abd"), ("date<=2021-09-16", "a"), ("not has:date", "e"), ("date:2021-09..2022-02", "abd"),
        ("added:2022-01..", "a"), ("has:cite", "a"), ("has:summary", "a"), ("has:order", "b"), ("has:keyword", "ac"),
        ("lang:zh", "b"), ("lang:zh-tw", "b"), ("lang:z", ""),
        ("host:googleblog.com", "a"), ("host:blog.com", ""), ("url:http://www.ai.googleblog.com/2021/09/fast.html#x", "a"),
        ("https://ai.googleblog.com/2021/09/fast.html?utm_source=x", "a"), ("url:ai.googleblog.com/2021/*", "a"),
        ("paper:arXiv:2104.00298", "a"), ("paper:arxiv.org", "a"), ("paper:efficientnetv2", "a"), ("code:arxiv.org", ""),
        ("also:x.org/y", "d"), ("cite:TAN2021", "a"), ("cite:tan*", "a"),
        ("digest:ds-ml", "c"), ("series:weekly", "ab"), ("digest:ds-ml/2019-20", "c"), ('digest:"ds-ml 2019"', "c"),
        ("digest:weekly/2021-W37", "ab"), ("digest:weekly/2021-09", "ab"), ("digest:weekly/2020", ""),
        ("section:vision", "c"), ("todo:again", "e"), ("ignore:no-lang", "e"), ("alt-title:trends", "b"), ("page:entries/*", "abcde"), ("page:*/b", "b"),
    ],
)  # fmt: skip
def test_filter_selects(catalogue: Catalogue, text: str, names: str) -> None:
    assert found(catalogue, text) == names


def test_filter_is_known_by_its_canonical_text() -> None:
    one = parse('( star ) KEYWORDS:"nas"  and not(not pick) or (kind:Paper)', SETTINGS)
    assert one.text == 'star and keyword:"neural architecture search" and not (not pick) or kind:paper'
    same = parse(one.text, SETTINGS)
    assert {one, same} == {one}
    assert one != parse("star", SETTINGS)


@pytest.mark.parametrize(
    ("text", "position", "told"),
    [
        ("keywrd:nlp", 0, 'there is no name "keywrd" (did you mean "keyword"?)'),
        ("star and", 8, "expected a word"),
        ("(star", 5, "expected ) for the ( at character 1"),
        ("star)", 4, "expected and, or, or the end"),
        ("a or and b", 5, 'not "and"'),
        ("kind:papr", 5, '(did you mean "paper"?)'),
        ("has:cod", 4, '(did you mean "code"?)'),
        ("series:weekli", 7, '(did you mean "weekly"?)'),
        ("digest:weekly/20x", 7, "is no issue"),
        ("date:2021-9", 5, 'write "2021-09"'),
        ("date:2022..2021", 5, "write date:2021..2022"),
        ("star:3..1", 5, "write star:1..3"),
        ("date:..", 5, "has no ends"),
        ("star>two", 5, "is no whole number"),
        ("source>3", 7, "write : instead"),
        ("pick:yes", 5, "takes no value"),
        ("keyword:", 0, "expected a value"),
        ('keyword:""', 0, "expected a value"),
        ('keyword:"nlp', 8, "is not closed"),
        ("keyword:a*b", 8, "stands only at the beginning or the end"),
        ("keyword!=a", 0, "write not keyword:"),
        ("-star", 0, "write not star"),
        ("!star", 0, "write not"),
        ("date>9999-12-31", 5, "nothing comes after"),
        ("...", None, ""),
        ("(" * 100 + "a", DEEPEST, "parentheses"),
        ("a " * LONGEST, LONGEST, "at most"),
    ],
)
def test_wrong_filter_is_told_with_its_place(text: str, position: int | None, told: str) -> None:
    if position is None:
        assert parse(text, SETTINGS).text == f'"{text}"'
        return
    with pytest.raises(FilterError) as error:
        parse(text, SETTINGS)
    assert error.value.position == position
    assert error.value.reason.startswith(f"at character {position + 1}: ")
    assert told in error.value.reason


def test_mark_stands_under_the_place_also_after_wide_letters() -> None:
    with pytest.raises(FilterError) as error:
        parse("深度 keywrd:a", SETTINGS)
    assert str(error.value).splitlines()[1:] == ["  深度 keywrd:a", "       ^^^^^^"]


@pytest.mark.parametrize(
    "text", ["x = __import__('os')", "[]", "{}", "star;star", "a\0b", "\ud800", "star==2.0"]
)
def test_nothing_is_evaluated_and_nothing_else_is_raised(text: str) -> None:
    try:
        told = parse(text, SETTINGS).text
    except FilterError as error:
        told = str(error)
    assert told


@settings(deadline=None, phases=[Phase.generate], max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["and", "or", "not", "(", ")", "star", "x", '"a b"', "keyword:", "date:2021..", ":", "*", ">", "-", '"', "深", " "]
        ),
        max_size=14,
    ).map(" ".join)
    | st.text(max_size=30)
)  # fmt: skip
def test_canonical_text_of_any_filter_is_a_filter_that_means_the_same(text: str) -> None:
    try:
        fits = parse(text, SETTINGS)
    except FilterError:
        return  # nothing else may be raised
    assert parse(fits.text, SETTINGS) == fits


def test_every_option_has_a_criterion_whose_example_is_one() -> None:
    assert {field.name.removesuffix("s") for field in FIELDS} <= {name.removesuffix("s") for name in CRITERIA}
    for criterion in CRITERIA.values():
        assert parse(criterion.example, SETTINGS, {}).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("topic:visoin", 'there is no topic "visoin" (did you mean "vision"?)'),
        ("topic:xyz", 'there is no topic "xyz"; mlwatch_topics in conf.py declares: vision, code'),
    ],
)
def test_an_unknown_topic_is_refused_with_those_there_are(text: str, said: str) -> None:
    with pytest.raises(FilterError) as error:
        parse(text, SETTINGS)
    assert said in error.value.reason


# --- Order ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("date", "cdbae"), ("-date", "abdce"), ("star,-page", "adecb"), ("star, title", "adceb"), ("title", "dceab"),
        ("source,date", "bacde"), ("-source", "cdeab"), ("added", "acdbe"), ("PAGE", "abcde"), ("-page", "edcba"),
    ],
)  # fmt: skip
def test_order_sorts_and_what_has_no_value_comes_last(catalogue: Catalogue, order: str, names: str) -> None:
    if order == "-date":
        assert parse_order("date").reversed() == parse_order(order)
    sorted_names = "".join(e.docname[-1] for e in select(catalogue.entries, None, parse_order(order)))
    assert sorted_names == names
    assert [e.docname[-1] for e in select(catalogue.entries, None, parse_order(order), 2)] == list(names[:2])


@pytest.mark.parametrize(("text", "position"), [("", 0), ("date,", 5), ("date, titel", 6), ("--date", 0)])
def test_wrong_order_is_told_with_its_place(text: str, position: int) -> None:
    with pytest.raises(FilterError) as error:
        parse_order(text)
    assert error.value.position == position


def test_names_that_no_entry_has_are_told(catalogue: Catalogue) -> None:
    fits = parse(
        "keyword:image-recogniton or keyword:nas or source:openai or keyword:image*", catalogue.settings
    )
    assert unknown(fits, catalogue.entries) == (
        'no entry has the keyword "image-recogniton" (did you mean "image recognition"?)',
    )  # fmt: skip
