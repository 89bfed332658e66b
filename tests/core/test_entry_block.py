"""The YAML form of an ``mlentry`` block: what it means, and what is said of a mistake in it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.core.editing import LeftAloneError, canonical, with_keywords
from mlwatch.core.entry_block import parse_options, yaml_scalar
from mlwatch.core.merge import edit_page, merge
from mlwatch.core.options import build_entry
from mlwatch.core.page import read_page
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlwatch.core.entry_block import Note
    from mlwatch.core.model import Entry

SETTINGS = read({})[0]
FIRST = 10  # the line of the opening "---"


def entry_of(text: str, *, closed: bool = True) -> tuple[Entry, list[Note]]:
    """Return the entry that a block with *text* between the lines ``---`` describes, and what is wrong with it."""
    lines = ["---", *text.split("\n"), *(["---"] if closed else [])]
    options, notes = parse_options(lines, FIRST)
    entry, more = build_entry("a", "a.md", FIRST - 1, "Title", options, SETTINGS)
    return entry, [*notes, *more]


def page(body: str) -> str:
    return f"# Title\n\n```{{mlentry}}\n---\n{body}\n---\n```\n"


# --- What it means --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("source: OpenAI   # who", "source", "OpenAI"),
        ("source: 'it''s'", "source", "it's"),
        ('source: "A: \\"B\\" \\u00e9"', "source", 'A: "B" é'),
        ("source: C#", "source", "C#"),
        ("source: 2021", "source", "2021"),
        ("source: 1e3", "source", "1e3"),
        ("source: 12:30", "source", "12:30"),
        ("source: Off", "source", "Off"),
        ("source: 'null'", "source", "null"),
        ("? source\n: S", "source", "S"),
        ('"source": S', "source", "S"),
        ("source: one\n  two\n\n  three", "source", "one two three"),
        ("source: |\n  one\n  # two\n\ntodo: x", "source", "one # two"),
        ("source: >-\n  one\n  two", "source", "one two"),
        ("  source: S\n  todo: x", "source", "S"),
        ("lang: no", "lang", "no"),
        ("order: 010", "order", 10),
        ("digest: ds-ml 2019-20", "digest", (("ds-ml", "2019-20"),)),
        ("digest: [ds-ml 2019-20, akira 2021-W02]", "digest", (("ds-ml", "2019-20"), ("akira", "2021-W02"))),
        ("keywords: [a, b]", "keywords", ("a", "b")),
        ("keywords: a, b", "keywords", ("a", "b")),
        ('keywords: ["a, b", c; d, "e\\\\"]', "keywords", ("a, b", "c; d", "e\\")),
        ("keywords:\n- a\n- b, c", "keywords", ("a", "b, c")),
        ("keywords:\n  - a   # first\n  -\n  - ~\n  - b", "keywords", ("a", "b")),
        ("keywords: [2021-09-16, true, 1.0, 0x10]", "keywords", ("2021-09-16", "true", "1.0", "0x10")),
        ("authors: [Tan, 'Le, Q.']", "authors", ("Tan", "Le, Q.")),
        ("cite: [a2020, b2021]", "cite", ("a2020", "b2021")),
        ("also: ['https://a.org/x,y', https://b.org/]", "also", ("https://a.org/x,y", "https://b.org/")),
        ("pick: true", "pick", True),
        ("pick:", "pick", True),
        ("pick: false", "pick", False),
        ("pick: null", "pick", False),
        ("star:", "star", 1),
        ("star: true", "star", 1),
        ("star: yes", "star", 1),
        ("star: 2", "star", 2),
        ("star: '3'", "star", 3),
        ("star: false", "star", 0),
        ("star: ~", "star", 0),
        ("added: ~", "added", None),
        ("authors: []", "authors", ()),
        ("todo: a --- b", "todo", "a --- b"),
    ],
)  # fmt: skip
def test_a_value_means_what_a_person_reads_in_it(text: str, name: str, value: object) -> None:
    entry, notes = entry_of(text)
    assert [note for note in notes if "is missing" not in note.message] == []
    assert getattr(entry, name) == value


@pytest.mark.parametrize("text", ["2021-09-16", "2021-09", "2021", "2021-W02"])
def test_a_date_is_as_precise_as_it_is_written(text: str) -> None:
    entry, notes = entry_of(f"source: S\ndate: {text}")
    assert notes == []
    assert entry.date is not None
    assert entry.date.label == text


def test_items_of_a_list_of_links_keep_their_labels_and_commas() -> None:
    text = "source: S\npaper:\n  - '[A, B](https://a.org/x,y)'\n  - https://b.org/p,q\n"
    entry, notes = entry_of(text)
    assert notes == []
    assert [(link.label, link.url) for link in entry.links] == [
        ("A, B", "https://a.org/x,y"),
        ("", "https://b.org/p,q"),
    ]


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open to the end"])
@pytest.mark.parametrize("text", ["", "# a comment", "\n\n"])
def test_a_block_without_an_option_misses_what_is_required(text: str, closed: bool) -> None:
    _, notes = entry_of(text, closed=closed)
    assert [note.message.partition(" is missing")[0] for note in notes] == ['option "source"']


def test_blank_lines_may_stand_before_the_block() -> None:
    options, notes = parse_options(["", "---", "source: S", "---"], 4)
    assert [(option.name, option.line, option.text) for option in options] == [("source", 6, "S")]
    assert notes == []


# --- What is wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("source: S\ntodo: a: b", 2, "todo: 'a: b'"),
        ("source: S\npaper: [A](https://a.org)", 2, "paper: '[A](https://a.org)'"),
        ("source: S\ntodo: @me", 2, "todo: '@me'"),
        ("source: S\ntodo: it's: x", 2, "todo: 'it''s: x'"),
        ("source: S\ntodo:\n  a\n  b: c", 4, "start each option in the same column"),
        ("source: S\nlang: en\n todo: x", 3, "start each option in the same column"),
        ("source: S\nlang: en\n\ttodo: x", 3, "spaces, not with tabs"),
        ('source: S\ntodo: "open\nlang: en', 2, "quotation mark"),
        ("source: S\ntodo: 'a' b", 2, "quotation mark"),
        ('source: S\ntodo: "\\q"', 2, "backslash"),
        ('source: S\ntodo: "\\U00110000"', 2, "does not exist"),
        ('source: S\ntodo: "a\\0b"', 2, "U+0000"),
        ('source: S\nkeywords: [a, "\\uD800"]', 2, "U+D800"),
        ("source: S\ntodo: \x07", 2, "control character"),
        ("source: S\nkeywords: [a, b\nlang: en", 2, '"]"'),
        ("source: S\ntodo: {a: 1}", 2, "is a mapping"),
        ("source: S\ntodo:\n  a: 1", 3, "is a mapping"),
        ("source: S\nkeywords: [a, [b]]", 2, "brackets inside brackets"),
        ("source: S\nkeywords:\n  - a\n  - b: c", 4, "an item that is not text"),
        ("source: S\ntodo: &x y", 2, '"&x" is an anchor'),
        ("source: S\ntodo: *x", 2, '"*x" is an alias'),
        ("source: S\n*x : y", 2, '"*x" is an alias'),
        ("source: S\nkeywords: [a, *x]", 2, '"*x" is an alias'),
        ("source: S\ntodo: !!python/name:os.system ''", 2, "is a tag"),
        ("source: S\nprose", 2, '"prose" is not an option'),
        ("source: S\nlang: en\n- a", 3, '"- a"'),
        ("source: S\n? [a]\n: b", 2, "the name of an option is text"),
        ("source: S\n...\ntodo: x", 2, '"..."'),
        ("%YAML 1.2\nsource: S", 1, '"%YAML 1.2"'),
        ("source: S\n--- # two\ntodo: x", 2, "---"),
        ("source: S\nsource: T", 2, f"stands at line {FIRST + 1} already"),
        ("source: S\nsauce: T", 2, 'unknown option "sauce"'),
        ("source: S\ndate: [2020, 2021]", 2, "the option takes one"),
        ("source: S\ndate: 2021-13-01", 2, '"2021-13-01"'),
        ("source: S\nstar: 7", 2, '"7" is not a rating'),
        ("source: S\npick: maybe", 2, '"maybe" is not a value of a flag'),
        ("source: S\n---\nProse.", 3, '"Prose." is below the options'),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_once_with_its_line_and_the_fix(text: str, line: int, told: str) -> None:
    entry, notes = entry_of(text)
    assert [note.line - FIRST for note in notes] == [line]
    assert told in notes[0].message
    assert "\n" not in notes[0].message
    assert entry.source == "S"


def test_each_mistake_costs_its_own_option_and_nothing_else() -> None:
    entry, notes = entry_of("todo: a: b\nsource: S\nkeywords: [a\nlang: en\nalt-title: @x\nstar: 2")
    assert [note.line - FIRST for note in notes] == [1, 3, 5]
    assert (entry.source, entry.lang, entry.star) == ("S", "en", 2)
    assert (entry.todo, entry.keywords, entry.alt_title) == ("", (), "")


def test_a_required_option_with_a_mistake_is_not_called_missing_too() -> None:
    assert [note.line - FIRST for note in entry_of("source: a: b")[1]] == [1]


def test_lines_are_counted_as_the_editor_counts_them() -> None:
    """YAML takes U+2028 and U+0085 for line ends; Markdown and editors do not."""
    _, notes = entry_of("source: a\u2028b\ntodo: 'c\u0085 d'\npick: maybe")
    assert [note.line - FIRST for note in notes] == [3]


def test_an_alias_is_not_followed() -> None:
    """Nested aliases grow without bound when they are expanded ("billion laughs")."""
    text = "source: S\nkeywords: &a [x, x]\n" + "\n".join(f"todo{n}: [*a, *a]" for n in range(50))
    entry, notes = entry_of(text)
    assert entry.keywords == ()
    assert len(notes) == 51


@given(
    st.lists(
        st.sampled_from(["source", "todo", ":", ": ", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", '"', "'", "|", ">", "&a", "*a", "!!x", "#",
                         " ", "\t", "\\", "\\u", "?", "%", "@", "...", "---", "\n---\n", "~", "\x07", "\ud800", "\u2028", "\r", "é", "<<"])
        | st.text(max_size=3),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_no_text_makes_the_reader_raise_and_lines_lie_in_the_block(text: str) -> None:
    lines = ["---", *text.split("\n")]
    options, notes = parse_options(lines, FIRST)
    _, more = build_entry("a", "a.md", FIRST, "Title", options, SETTINGS)
    for option in options:
        assert FIRST < option.line <= option.last < FIRST + len(lines)
    assert all(FIRST <= note.line < FIRST + len(lines) for note in (*notes, *more))


def steps(work: Callable[[], Any]) -> int:
    """Return how many lines of Python *work* runs."""
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return seen

    before = sys.gettrace()
    sys.settrace(seen)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit", ["[", "{", "- ", "? ", '"', "'", "&a ", "!!a ", "a: [\n", 'a: "\n', "a: {\n", "a: b: c\n", "a: |\n b\n\n", "x\n", "[a, ", "#", "\\", "*a ", "a: [[\n"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "a: "])
def test_steps_grow_with_the_length_of_a_block_and_not_with_its_square(unit: str, start: str) -> None:
    def read_block(length: int) -> int:
        lines = ["---", *(start + unit * (length // len(unit))).split("\n")]
        return steps(lambda: parse_options(lines, 1))

    short, long = read_block(400), read_block(800)
    assert long < 2.5 * short + 1_000


# --- Writing ----------------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("ab :#'\"[]{}-?,&*!|>%@`~=.\\/é1") | st.characters(codec="utf-8", categories=["L", "P", "S"]), max_size=12))  # fmt: skip
def test_a_text_that_is_written_is_read_back(text: str) -> None:
    value = " ".join(text.split())
    entry, notes = entry_of(f"source: S\ntodo: {yaml_scalar(value)}")
    assert notes == []
    assert entry.todo == value


def test_an_import_writes_into_the_yaml_form_and_keeps_every_other_line() -> None:
    text = page(
        "source: S  # who\nurl: https://e.org/a\n\n# papers\npaper:\n- '[A](https://a.org)'\ntodo: |\n  x\n  y"
    )
    read_first = read_page(text)
    old = build_entry("a", "a.md", 3, "Title", read_first.options, SETTINGS)[0]
    told = {
        "source": "S",
        "url": "https://e.org/a",
        "paper": "[B](https://b.org)",
        "keywords": "a, b",
        "archived": "https://e.org/z",
    }
    options = parse_options([f":{name}: {value}" for name, value in told.items()], 1)[0]
    new = merge(old, build_entry("a", "a.md", 3, "Title", options, SETTINGS)[0])
    edited = edit_page(text, old, new)
    assert edited == page(
        "source: S  # who\nurl: https://e.org/a\nkeywords: a, b\n\n# papers\n"
        "paper: '[A](https://a.org) [B](https://b.org)'\narchived: https://e.org/z\ntodo: |\n  x\n  y"
    )
    again, notes = build_entry("a", "a.md", 3, "Title", read_page(edited).options, SETTINGS)
    assert (again, notes) == (new, [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[nlp, 'speech']", "[NLP, 'speech']"),
        ("nlp, speech", "NLP, speech"),
        ("'nlp, speech'", "'NLP, speech'"),
    ],
)
def test_a_keyword_is_renamed_in_the_yaml_form(before: str, after: str) -> None:
    text = page(f"source: S\nkeywords: {before}\n# end")
    assert with_keywords(text, frozenset({"nlp"}), "NLP", SETTINGS) == text.replace(before, after)


def test_a_list_over_several_lines_is_left_alone_by_a_rename() -> None:
    with pytest.raises(LeftAloneError, match="on one line with commas"):
        with_keywords(page("source: S\nkeywords:\n- nlp\n- speech"), frozenset({"nlp"}), "NLP", SETTINGS)


@pytest.mark.parametrize(("comment", "line"), [("source: S  # who", 5), ("source: S\n  # who", 6)])
def test_the_canonical_form_drops_no_comment(comment: str, line: int) -> None:
    with pytest.raises(LeftAloneError, match="a comment") as error:
        canonical(page(comment), SETTINGS)
    assert error.value.line == line


def test_the_canonical_form_of_the_yaml_form_has_colons() -> None:
    text = page(
        'source: "S: #1"\nkeywords:\n- "a, b"\n- c\nstar: true\npick: false\nadded: null\npaper: ["[A](https://a.org)"]'
    )
    made = canonical(text, SETTINGS)
    assert made is not None
    assert made.split("\n")[2:-1] == [
        "```{mlentry}", ":source: S: #1", ":star:", ":keywords: a\\, b, c", ":paper: [A](https://a.org)", "```",
    ]  # fmt: skip
