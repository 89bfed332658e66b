"""Addresses for names, and the order of an A to Z."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlwatch.core.names import letter, name_key, slug
from mlwatch.core.settings import fold


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("nlp", "nlp"),
        ("NLP", "nlp"),
        ("Self-supervised learning", "self-supervised-learning"),
        ("self supervised_learning", "self-supervised-learning"),
        ("GPT‑3", "gpt-3"),
        ("语音识别", "语音识别"),
        ("強化学習 入門", "強化学習-入門"),
        ("ＮＬＰ", "nlp"),
        ("Straße", "strasse"),
        ("Машинное обучение", "машинное-обучение"),
    ],
)
def test_plain_names_have_plain_addresses(name: str, address: str) -> None:
    assert slug(name) == address


def test_names_that_letters_alone_do_not_tell_apart_have_addresses_of_their_own() -> None:
    names = [
        "C", "C++", "C#", "C&", "C@", "C*", "C!", ".NET", "NET", "Q&A", "Q A", "R/D", "RD", "R D", "50%", "50",
        "résumé", "resume", "语音", "语-音", "a.b", "a b", "a/b", "++", "#", "%", "...", "?", "!", "😀", "😁",
    ]  # fmt: skip
    assert len({slug(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "begins"),
    [("C++", "c-plus-plus-"), ("C#", "c-sharp-"), ("R&D", "r-and-d-"), ("arxiv.org", "arxiv-org-")],
)
def test_address_still_says_the_name(name: str, begins: str) -> None:
    assert slug(name).startswith(begins)


def test_addresses_never_change() -> None:
    """They are what other sites link to."""
    names = ("C++", "C#", "r/MachineLearning", "index", "语音识别(ASR)")
    assert [slug(name) for name in names] == [
        "c-plus-plus-3ce177",
        "c-sharp-46279a",
        "r-machinelearning-85800a",
        "index-4351a0",
        "语音识别-asr-a78197",
    ]


TAKEN = [
    "index",
    "Index",
    "page-2",
    "page 17",
    "CON",
    "con",
    "prn",
    "aux",
    "NUL",
    "com1",
    "COM¹",
    "lpt9",
    "page-0",
]


@pytest.mark.parametrize("name", TAKEN)
def test_names_of_our_own_pages_and_of_windows_devices_are_not_used(name: str) -> None:
    assert not re.fullmatch(r"index|page-\d+|con|prn|aux|nul|(com|lpt)[\d¹²³]", slug(name))


ANY = st.text(max_size=12) | st.text(st.sampled_from("cC+#- ./&@%语音éı_İß\u200b"), max_size=6)


@given(ANY)
def test_every_address_is_a_safe_file_name(name: str) -> None:
    made = slug(name)
    assert made
    assert re.fullmatch(r"[^\W_]+(?:-[^\W_]+)*", made), "no slash, dot, space or other mark"
    assert made == made.casefold(), "two names never differ in case alone"


@given(ANY, ANY)
def test_two_names_share_an_address_exactly_when_they_fold_into_one(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (fold(one) == fold(other))


@pytest.mark.parametrize("name", ["C++", "C#", "r/MachineLearning", "index", "a" * 200])
def test_name_that_looks_like_an_address_does_not_take_it(name: str) -> None:
    assert slug(slug(name)) != slug(name)


@pytest.mark.parametrize("char", ["a", "é", "语", "𠀀", "+", "a ", "-"])
def test_very_long_names_fit_into_a_file_system_and_stay_apart(char: str) -> None:
    one, other = slug(char * 5000 + "x"), slug(char * 5000 + "y")
    assert one != other
    # A file name has at most 255 bytes; writing it takes a temporary name that is some bytes longer.
    assert max(len(f"{made}.doctree".encode()) for made in (one, other)) <= 255


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("apple", "A"),
        ("Éclair", "E"),
        ("3D", "0–9"),
        ("٣", "#"),
        ("语音", "#"),
        ("+x", "#"),
        ("", "#"),
        ("ß", "S"),
    ],
)
def test_letter_of_the_a_to_z(name: str, heading: str) -> None:
    assert letter(name) == heading


def test_a_to_z_has_letters_then_digits_then_other_scripts() -> None:
    names = ["语音", "3D", "zebra", "Äpfel", "apple", "Zoo", "eclair", "Éclair"]
    assert sorted(names, key=name_key) == ["Äpfel", "apple", "eclair", "Éclair", "zebra", "Zoo", "3D", "语音"]


@given(st.lists(ANY, max_size=8, unique=True))
@example(["I", "J", "ı"])
def test_order_of_the_a_to_z_depends_on_the_names_alone(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=name_key) == sorted(backwards, key=name_key)
    letters = [letter(name) for name in sorted(names, key=name_key)]
    seen = list(dict.fromkeys(letters))
    assert letters == [one for one in seen for _ in range(letters.count(one))], "each heading stands once"
