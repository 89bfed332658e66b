"""What the search index is given: words of scripts without spaces, words of Markdown, columns."""

from __future__ import annotations

import gzip
import json

import pytest
from tests.linear import calls, grows

from mlwatch.core.collection import Collection
from mlwatch.core.columns import columns, packed
from mlwatch.core.searching import common_words, frequent_words, plain, records, spaced


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Plain  words\nhere", "Plain words here"),
        ("深度学习", "深度 度学 学习 习"),
        ("图", "图"),
        ("使用Transformer模型。", "使用 用 Transformer 模型 型 。"),
        ("深度 学习", "深度 度 ␣ 学习 习"),
        ("the 图像 model", "the ␣ 图像 像 ␣ model"),
        ("データ base", "デー ータ タ ␣ base"),
        ("한국어 검색", "한국어 검색"),
        ("a␞b ␟ c␣ \ufeffd ___PAGEFIND_WEIGHT___0", "ab c d ___PAGEFIND-WEIGHT___0"),
        ("", ""),
    ],
)
def test_scripts_without_spaces_are_given_as_pairs(text: str, words: str) -> None:
    assert spaced(text) == words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("A *word* and `code`, [a link](https://e.org) {cite}`key`", "A word and code, a link"),
        ("- one\n- two\n\n1. three", "one two three"),
        ("> said\n\n### Part\n\ntext", "said Part text"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
        ("```python\nx = 1\n```", "x = 1"),
        ("```{note} Mind\n:class: tip\nthe gap\n```", "Mind the gap"),
        ("before\n\n```{mlindex} newest\n:key: x\n```\n\nafter", "before after"),
        ("::::{tab-set}\n:::{tab-item} One\nfirst\n:::\n::::", "One first"),
    ],
)
def test_markup_is_left_out_of_the_words(markdown: str, words: str) -> None:
    assert plain(markdown) == words


@pytest.mark.parametrize("piece", ["```", ":::{a}\n", "- ", "> ", "字"])
def test_hostile_text_takes_calls_and_time_in_proportion_to_its_length(piece: str) -> None:
    def job(size: int) -> str:
        return spaced(plain(piece * (size // len(piece))))

    assert calls(lambda: job(100_000)) <= 11 * calls(lambda: job(10_000))
    assert not grows(lambda text: spaced(plain(text)), lambda size: piece * (size // len(piece)))


def test_words_of_most_records_are_common() -> None:
    some, others = ([f"the {n} odd" for n in of] + ["the"] * 60 for of in (range(100), range(100, 200)))
    assert common_words([frequent_words(some + others)], 320) == ["odd", "the"]
    assert common_words([frequent_words(some), frequent_words(others)], 320) == ["odd", "the"]
    assert common_words([frequent_words(some), frequent_words(["the"] * 60 + ["b"] * 100)], 320) == ["the"]
    assert common_words([frequent_words(["the one"] * 10)], 10) == []  # too few to tell


def test_columns_of_many_values_stay_in_step_with_the_records(collect, md) -> None:
    pages = {
        f"entries/e{n}.md": md(
            f"Title {n}", source=f"S{n % 50}", date=f"2021-01-{n % 28 + 1:02}", keywords="a; b"
        )
        for n in range(120)
    }
    found = records(Collection(collect(pages)), {})
    facet = json.loads(gzip.decompress(packed(columns(found, "en"))))["facets"]["source"]
    shown = [facet["values"][facet["sets"][ord(char) - ord("0")][0]] for char in facet["of"]]
    assert shown == [record.source for record in found]
    assert [record.date for record in found] == sorted((record.date for record in found), reverse=True)
