"""Importers of Markdown: what they find in documents that people keep, in all their spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.linear import calls

from mlwatch.core.importers import IMPORTERS, detect, importer
from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.when import date_in
from mlwatch.core.model import Entry, Link
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from mlwatch.core.importers.base import Harvest

SETTINGS = read(
    {
        "mlwatch_series": {
            "akira": {
                "period": "week",
                "sections": {"papers": "P", "articles": "A", "use-cases": "U", "other": "O"},
            },
            "ds-ml": {"period": "number", "sections": {"speech": "S", "general": "G"}},
        }
    }
)[0]
FORMATS = ("watch-page", "akira", "ds-ml", "weekly-table", "month-list", "day-list", "markdown")
CALM = settings(
    phases=[Phase.generate],
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def harvest(text: str, form: str | None = None, name: str = "list.md") -> Harvest:
    document = Document(name, text)
    reader = importer(form) if form else detect(document)
    assert form is None or reader.name == form
    return reader.read(document, SETTINGS)


def entries(text: str, form: str | None = None) -> list[Entry]:
    return [item.entry for item in harvest(text, form).items]


def label(entry: Entry) -> str:
    return entry.date.label if entry.date else ""


# --- Watch pages ------------------------------------------------------------------------------------------------

WATCH = """---
layout: page
---

# Research

## 2021.09.16

### :star:Some Lab: [Walking \\[R\\] | by robots](http://lab.example.org/walk?utm_source=x)

[[project page]](https://walk.example.org/) [[paper1: Gait]](https://arxiv.org/abs/2101.00001) [[code]](https://github.com/lab/walk)

**Keywords**: gait; robots , **legs**

**Related Paper**: [An older one](https://arxiv.org/pdf/2001.00002.pdf)

**Summary**: Robots walk.

- first
- second

**Comment**: Nice.
## 2021-08
### News: [Nothing more](lab.example.org/nothing)
**keywords**：
**Summary**:
### :star: :star: [No source](https://example.org/none)

---

# Reddit/r/\\<ML\\>

### r/learn: [[D] A question?](https://www.reddit.com/r/learn/comments/1/a/)

> Posted by
>
> [u/__asker__](https://www.reddit.com/user/__asker__/)
>
> How?

> > [other](https://www.reddit.com/user/other/)
> >
> > So.
"""


def test_watch_page_gives_every_field() -> None:
    first, second, third, thread = entries(WATCH, "watch-page")
    assert first.title == "Walking [R] | by robots"
    assert (first.source, first.star, label(first)) == ("Some Lab", 1, "2021-09-16")
    assert first.url == "http://lab.example.org/walk?utm_source=x"
    assert first.keywords == ("gait", "robots", "legs")
    assert first.links == (
        Link("project", "", "https://walk.example.org/"),
        Link("paper", "paper1: Gait", "https://arxiv.org/abs/2101.00001"),
        Link("code", "", "https://github.com/lab/walk"),
        Link("paper", "An older one", "https://arxiv.org/pdf/2001.00002.pdf"),
    )
    assert first.summary == "Robots walk.\n\n- first\n- second"
    assert first.comment == "Nice."
    assert (second.url, label(second), second.summary) == ("https://lab.example.org/nothing", "2021-08", "")
    assert (third.source, third.star) == ("", 2)
    assert (thread.kind, thread.title, thread.authors) == ("thread", "[D] A question?", ("u/__asker__",))
    assert label(thread) == ""


def test_headings_within_a_summary_belong_to_it() -> None:
    text = WATCH.replace("- second\n", "- second\n\n#### Why\n\nBecause.\n")
    assert entries(text, "watch-page")[0].summary.endswith("- second\n\n#### Why\n\nBecause.")
    assert len(entries(text, "watch-page")) == 4


def test_answers_of_a_thread_stand_below_its_summary() -> None:
    body = harvest(WATCH, "watch-page").items[3].body
    assert body.startswith("## Thread\n\n> Posted by\n>\n")
    assert body.endswith("> > So.")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("### ", "###").replace("## 2", "##2"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("Some Lab: [", "Some Lab:\u00a0["),
        lambda text: text.replace("### ", "### \u200b"),
        lambda text: text.replace(":star:", "\u2b50"),
        lambda text: text.replace("2021.09.16", "2021/9/16"),
        lambda text: text.replace("2021.09.16", "16th of September, 2021"),
        lambda text: text.replace("**Keywords**:", "**Keywords:**"),
        lambda text: text.replace("**Keywords**:", "- **Keywords** :"),
        lambda text: text.replace("**Keywords**:", "Key words:"),
        lambda text: text.replace("[[code]](https://github.com/lab/walk)", "[[code](https://github.com/lab/walk)]"),
    ],
)  # fmt: skip
def test_watch_page_is_read_in_other_spellings_too(change) -> None:
    assert detect(Document("x", change(WATCH))).name == "watch-page"
    told = entries(change(WATCH), "watch-page")
    plain = entries(WATCH, "watch-page")
    facts = [(e.title, e.url, label(e), e.star, e.source, e.keywords, e.links, e.kind) for e in told]
    assert facts == [(e.title, e.url, label(e), e.star, e.source, e.keywords, e.links, e.kind) for e in plain]


def test_text_that_was_decoded_wrongly_is_set_right() -> None:
    wrong = (
        "## 2021\n\n### Lab: [Caf\u00c3\u00a9 \u00e2\u20ac\u201c a \u00c2\u00b7 b](https://example.org/)\n"
    )
    assert entries(wrong, "watch-page")[0].title == "Caf\u00e9 \u2013 a \u00b7 b"


# --- Akira's posts --------------------------------------------------------------------------------------------------

AKIRA = """# Akira's ML News #Week 3, 2021

> Original: <https://medium.com/some-site/akiras-week3-1234>

What I read.

# Topics

1.  Papers
2.  Technical Articles

# — Weekly Editor's pickup

*   [Boats](https://arxiv.org/abs/2101.00003)

— — — — —

# 1.Machine Learning Papers

— —

# Boats that swim

![](img/1.png)

*Swimming boats: a study*
[https://arxiv.org/abs/2101.00003](https://arxiv.org/abs/2101.00003)

They let boats swim.

## [Trains](https://arxiv.org/abs/2101.00004?utm_campaign=x)

[2101.00004] Trains, in depth

They let trains run, far and for a long time indeed.

# 2\\. Technical Articles

[**Planes**](https://planes.example.org/?utm_source=y)**——**[**planes.example.org**](https://planes.example.org/)

[](https://planes.example.org/) [## How planes fly

### By flapping

planes.example.org](https://planes.example.org/)

It tells how.

# Cars

 [## All of cars

### Wheels

cars.example.org](/some-site/cars-1)

Round.

# — Past articles

[Week 2](/some-site/week2) ⇦ Week 3
"""


def test_akira_gives_sections_picks_and_cards() -> None:
    boats, trains, planes, cars = entries(AKIRA, "akira")
    assert (boats.title, boats.alt_title, boats.pick) == ("Boats that swim", "Swimming boats: a study", True)
    assert (boats.kind, boats.section, boats.order) == ("paper", "papers", 1)
    assert [str(issue) for issue in boats.digest] == ["akira 2021-W03"]
    assert boats.summary == "They let boats swim."
    assert (trains.url, trains.alt_title) == ("https://arxiv.org/abs/2101.00004", "Trains, in depth")
    assert (planes.title, planes.section, planes.alt_title) == ("Planes", "articles", "How planes fly")
    assert (cars.url, cars.pick) == ("https://medium.com/some-site/cars-1", False)
    assert all(label(entry) == "2021-W03" for entry in (boats, trains, planes, cars))


def test_without_its_series_an_issue_is_not_named() -> None:
    document = Document("x.md", AKIRA)
    found = importer("akira").read(document, read({})[0]).items
    assert [(item.entry.digest, item.entry.section) for item in found] == [((), "")] * 4


# --- DS/ML digests ----------------------------------------------------------------------------------------------------

DSML = """2020 DS/ML digest 7

2020 DS/ML digest 7

Posted by someone on March 9, 2020

Speech

  • Loud voices. They are loud
  • 9.5% better: a claim

ML in general

  • Trees:

    • with leaves
      • green ones
  • Roots https://example.org/roots


  • Apart;
"""


def test_digest_as_text_gives_groups_and_nested_bullets() -> None:
    loud, claim, trees, roots, apart = entries(DSML, "ds-ml")
    assert (loud.title, loud.summary, loud.section) == ("Loud voices", "They are loud", "speech")
    assert claim.title == "9.5% better: a claim"
    assert (trees.title, trees.summary) == ("Trees", "- with leaves\n  - green ones")
    assert (roots.title, roots.url, roots.kind) == ("Roots", "https://example.org/roots", "article")
    assert (apart.title, apart.section, apart.order) == ("Apart", "", 5)
    assert {(label(entry), *map(str, entry.digest)) for entry in (loud, apart)} == {
        ("2020-03-09", "ds-ml 2020-7")
    }


# --- Tables and lists ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "title", "url", "links"),
    [
        ("| 1) **Tiny net** - is small. | [Paper](https://arxiv.org/abs/2101.00005), [Tweet](https://x.com/a/1) |", "Tiny net", "https://arxiv.org/abs/2101.00005", ["discussion"]),
        ("| 2) Tiny net  This is small. | [Paper](https://arxiv.org/abs/2101.00005)|", "Tiny net", "https://arxiv.org/abs/2101.00005", []),
        ("|[Tiny net](https://example.org/a?x=1|2) |It is \\| small. [official code.](https://github.com/a/b) |", "Tiny net", "https://example.org/a?x=1|2", ["code"]),
        ("| Tiny net | small | https://example.org/a |", "Tiny net", "https://example.org/a", []),
    ],
)  # fmt: skip
def test_rows_of_weekly_tables(row: str, title: str, url: str, links: list[str]) -> None:
    text = f"## Top Papers of the Week (June 23 - June 29) - 2025\n|**Paper**|**Links**|\n|---|---|\n{row}\n"
    (entry,) = entries(text, "weekly-table")
    assert entry.url == url
    assert label(entry) == "2025-W26"
    assert (entry.title, [link.rel for link in entry.links]) == (title, links)


def test_month_and_day_lists() -> None:
    months = """#### 2018-02

- Deep boats – or not [[arXiv](https://arxiv.org/abs/1802.00001)] [[code](https://github.com/a/b)] (soon)
- **Deep trains** (2017), A. Person and B. Other [[pdf]](https://example.org/t.pdf) - They run.

#### 31st of December 2024

* [A title of its own](https://example.org/own) - with words, and [slides](https://example.org/s)
"""
    boats, trains, own = entries(months)
    assert (boats.title, boats.url, label(boats)) == (
        "Deep boats – or not",
        "https://arxiv.org/abs/1802.00001",
        "2018-02",
    )
    assert boats.links == (Link("code", "", "https://github.com/a/b"),)
    assert (trains.title, trains.authors, label(trains), trains.summary) == (
        "Deep trains",
        ("A. Person", "B. Other"),
        "2017",
        "They run.",
    )
    assert (own.title, label(own), own.links) == (
        "A title of its own",
        "2024-12-31",
        (Link("slides", "", "https://example.org/s"),),
    )


def test_any_other_list_by_general_rules() -> None:
    text = """# Awesome boats

See [the rules](#rules).

## Contents

- [Sails](#sails)

## ⛵ Sails

- [Square sails](https://example.org/square) - They are square.
  - and large
- we like [this one](https://example.org/this) very much

***Round sails***

A [paper](https://example.org/round.pdf) about them.
"""
    found = harvest(text, "markdown")
    square, round_ = (item.entry for item in found.items)
    assert (square.title, square.keywords) == ("Square sails", ("Sails",))
    assert square.summary == "They are square.\n\n- and large"
    assert (round_.title, round_.url) == ("Round sails", "https://example.org/round.pdf")
    unparsed = {line.number: line.why for line in found.lines if line.use == "unparsed"}
    assert unparsed == {13: "a link within a sentence"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021.09.15", "2021-09-15"),
        ("2022-03", "2022-03"),
        ("31st of December 2024", "2024-12-31"),
        ("December 31, 2024", "2024-12-31"),
        ("9/04/24", "2024-09-04"),
        ("23/04/24", "2024-04-23"),
        ("Week 2 of 2021", "2021-W02"),
        ("2021 年第 2 周", "2021-W02"),
        ("2024年12月31日", "2024-12-31"),
        ("Sept 2017", "2017-09"),
        ("News: 18 - 24 December 2023", "2023-W51"),
        ("30 October - 5 November 2023", "2023-W44"),
        ("1 - 30 June 2023", "2023-06"),
        ("2023", "2023"),
        ("Best of CVPR 2021", None),
        ("May the force", None),
        ("2019-20", "2019"),
        ("99/99/99", None),
    ],
)
def test_dates_in_headings(text: str, expected: str | None) -> None:
    found = date_in(text, "iso")
    assert (found.label if found else None) == expected


def test_weeks_without_a_year_stand_nearest_to_the_one_before() -> None:
    text = "".join(
        f"## Papers of the Week ({week})\n|[A title {n}](https://example.org/{n})|words|\n\n"
        for n, week in enumerate(
            ("January 8 - January 14) - (2024", "January 1 - January 7", "Dec 25 - Dec 31")
        )
    )
    assert [label(entry) for entry in entries(text, "weekly-table")] == ["2024-W02", "2024-W01", "2023-W52"]


# --- Anything at all ------------------------------------------------------------------------------------------------

lines_ = st.one_of(
    st.sampled_from([line for text in (WATCH, AKIRA, DSML) for line in text.split("\n")]),
    st.sampled_from(
        ["| a | b |", "|---|", "```", "- [x](y)", "[](", "#", "> > #", "<!--", "****a**", "* * *", "\\\\"]
    ),
    st.text(max_size=30),
)


@CALM
@given(st.lists(lines_, max_size=25).map("\n".join), st.sampled_from(FORMATS))
def test_no_importer_fails_in_another_way_or_tells_of_lines_that_are_not_there(text: str, form: str) -> None:
    document = Document("x.md", text)
    reader = importer(form)
    assert 0 <= reader.sniff(document) <= 100
    try:
        found = reader.read(document, SETTINGS)
    except ImportFailure:
        return
    assert all(1 <= line.number <= len(document.lines) for line in found.lines)
    assert all(line.item is None or line.item < len(found.items) for line in found.lines)
    assert all(item.entry.path == "x.md" and item.entry.line for item in found.items)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "bomb",
    ["[](", "[![", "](", "*", "<!--", ". ", "`", "![a](b)", ":star:", "\u2014 ", "#\n", "[a](http://b.c) "],
)
def test_hostile_repetition_takes_calls_in_proportion_to_its_length(form: str, bomb: str) -> None:
    start = "### a: [" if form == "watch-page" else "- x "

    def job(count: int) -> None:
        entries(f"# Akira's ML News\n# 1. Papers\n# x\n  \u2022 y\n## 2021\n{start}{bomb * count}", form)

    job(10)  # what is loaded and kept once is no part of either count
    assert calls(lambda: job(8000)) <= 11 * calls(lambda: job(800))


def test_every_format_is_listed_with_a_name_and_a_title() -> None:
    for name in FORMATS:
        assert name in IMPORTERS
        assert importer(name).name == name
        assert importer(name).title
