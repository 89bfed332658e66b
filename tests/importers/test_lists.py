"""Lists of links as people keep them: titles with labelled links below, numbered paragraphs, dates, tables with a head."""

from __future__ import annotations

import pytest

from mlwatch.core.importers import detect, importer
from mlwatch.core.importers.base import Document, Use
from mlwatch.core.settings import read

SETTINGS = read({})[0]


def read_list(text: str):
    return importer("markdown").read(Document("list.md", text), SETTINGS)


def entries(text: str):
    return [item.entry for item in read_list(text).items]


def told(entry) -> tuple[str, str, str, list[str]]:
    links = [f"{link.rel} [{link.label}] {link.url}" for link in entry.links]
    return entry.title, entry.url, entry.date.label if entry.date else "", links


# --- Labelled links below a title -------------------------------------------------------------------------------

PAPER = "https://papers.example.org/one.pdf"
CODE = "https://github.com/example/one"
HOME = "https://one.example.org/"


@pytest.mark.parametrize(
    "text",
    [
        f"**A model of one thing**\n\n- Homepage: {HOME}\n- Paper: {PAPER}\n- Code: {CODE}\n",
        f"**A model of one thing**\n\n- 主页：{HOME}\n\n- 论文：{PAPER}\n- 代码：{CODE}\n",
        f"### A model of one thing\n\n- Homepage: {HOME}\n- Paper(Oral): {PAPER}\n- Code: [{CODE}]({CODE})\n",
        f"### A model of one thing\n\n[🍎 Homepage]({HOME}) | [📖 Paper]({PAPER}) | [Code]({CODE})\n",
    ],
)
def test_links_that_only_say_what_they_are_belong_to_the_title_above(text: str) -> None:
    (entry,) = entries(f"# Papers\n\n## Vision of all kinds\n\n{text}")
    title, url, _, links = told(entry)
    assert (title, url) == ("A model of one thing", PAPER)
    assert [link.rpartition(" ")[2] for link in links] == [HOME, CODE]
    assert [link.partition(" ")[0] for link in links] == ["project", "code"]


def test_each_title_in_bold_takes_the_links_below_it_alone() -> None:
    text = f"# CNN\n\n**First of them**\n- Paper: {PAPER}\n\n**Second of them**\n\n- Paper: {PAPER}2\n- Code: none yet\n"
    assert [(entry.title, entry.url) for entry in entries(text)] == [
        ("First of them", PAPER),
        ("Second of them", f"{PAPER}2"),
    ]


def test_a_heading_keeps_its_text_and_the_link_that_stands_at_its_end() -> None:
    text = (
        "# News\n\n## This week\n\n#### 1. Something happened\n\nWhat it was.\n\n**Details**\n\n- one\n- two\n\n"
        "**链接**\n\nhttps://news.example.org/1\n\n---\n\n#### 2. Something else\n\nMore.\n\n**链接**\n\nhttps://news.example.org/2\n"
    )
    first, second = entries(text)
    assert (first.title, first.url, first.keywords) == (
        "Something happened",
        "https://news.example.org/1",
        ("This week",),
    )
    assert "What it was." in first.summary
    assert first.summary.endswith("- one\n- two")
    assert (second.title, second.url) == ("Something else", "https://news.example.org/2")


def test_a_heading_with_a_link_keeps_lines_in_bold_and_plain_bullets_below_it() -> None:
    text = (
        "# Week\n\n## Picks\n\n### 1. [A paper of note](https://a.example.org/1)\n\n**50/100 · efficient**\n\nWhy.\n\n"
        f"### 2. [Another paper](https://a.example.org/2)\n\n- **Topic**: serving\n- **Code**: {CODE}\n"
    )
    first, second = entries(text)
    assert (first.title, first.url) == ("A paper of note", "https://a.example.org/1")
    assert "50/100" in first.summary
    assert told(second) == ("Another paper", "https://a.example.org/2", "", [f"code [] {CODE}"])
    assert "serving" in second.summary


def test_bare_addresses_below_a_heading_are_entries_each() -> None:
    text = "# Saved\n\n## To look at soon\n\n- https://a.example.org/1\n- https://a.example.org/2\n"
    assert [entry.url for entry in entries(text)] == ["https://a.example.org/1", "https://a.example.org/2"]


def test_a_link_without_a_title_anywhere_is_told_and_makes_no_entry() -> None:
    found = read_list(
        f"# Links of mine\n\n## Others\n\n- [A real title](https://a.example.org/)\n\n## Code\n\n- Code: {CODE}\n"
    )
    assert [item.entry.title for item in found.items] == ["A real title"]
    assert [line.number for line in found.lines if line.use == Use.UNPARSED] == [9]


# --- Paragraphs that are entries --------------------------------------------------------------------------------


def test_numbered_paragraphs_take_what_follows_up_to_the_next_number() -> None:
    text = (
        "# 周刊：第 9 期\n\n## 文章\n\n1、[第一篇](https://a.example.org/1)（英文）\n\n![](https://img.example.org/1.png)\n\n"
        "它说了什么。\n\n2、[第二篇](https://a.example.org/2)\n\n说明。\n\n3、没有链接的话。\n\n## 工具\n\n1、[第三](https://a.example.org/3)\n"
    )
    first, second, third = entries(text)
    assert (first.title, first.url) == ("第一篇", "https://a.example.org/1")
    assert "它说了什么。" in first.summary
    assert second.summary == "说明。"
    assert third.keywords == ("工具",)


def test_an_issue_as_a_heading_with_a_link_is_no_entry_when_numbers_follow() -> None:
    text = "# AI\n\n## [第 9 期](https://w.example.org/9)\n\n1、[某工具](https://t.example.org/)\n\n说明。\n"
    assert [entry.title for entry in entries(text)] == ["某工具"]


def test_each_line_of_a_paragraph_can_be_an_entry() -> None:
    text = "# Issues\n\n2019-09-13 [Week 73](https://m.example.org/73)  \n2019-09-06 [Week 72](https://m.example.org/72)  \n2018-01-12 Week 1\n"
    found = read_list(text)
    assert [told(item.entry)[:3] for item in found.items] == [
        ("Week 73", "https://m.example.org/73", "2019-09-13"),
        ("Week 72", "https://m.example.org/72", "2019-09-06"),
    ]
    assert [line.number for line in found.lines if line.use == Use.UNPARSED] == [5]


def test_paragraphs_that_end_in_a_link_are_titled_by_their_words() -> None:
    text = (
        "# Issue 12\n\n**On people**  \nA statement is going round - [Link](https://a.example.org/1)  \n![alt](https://img.example.org/1.png)\n\n"
        "[Ann Example](https://x.com/ann), on what she does - [Link](https://a.example.org/2)\n"
    )
    first, second = entries(text)
    assert (first.title, first.url) == ("A statement is going round", "https://a.example.org/1")
    assert (second.title, second.url) == ("Ann Example, on what she does", "https://a.example.org/2")


# --- One line ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "1. *A title in emphasis* [url](http://arxiv.org/abs/2001.11845)",
            ("A title in emphasis", ""),
        ),
        (
            "- A long title of many words ([14-17min](https://a.example.org/))",
            ("A long title of many words", ""),
        ),
        (
            "- [[1609.05807] Trade-offs of scores](https://a.example.org/)",
            ("[1609.05807] Trade-offs of scores", ""),
        ),
        ("- #### [A heading in a list](https://a.example.org/)", ("A heading in a list", "")),
        ("- [A book of learning (2016)](https://a.example.org/)", ("A book of learning", "2016")),
        ("- 2021-03-05: [A title](https://a.example.org/)", ("A title", "2021-03-05")),
        ("- 19 Jul 2018: [A title](https://a.example.org/)", ("A title", "2018-07-19")),
        ("- [A title](https://a.example.org/) (Mar 2021)", ("A title", "2021-03")),
        ("- [https://a.example.org/x](https://a.example.org/x)", ("a.example.org/x", "")),
        ('- <a href="https://a.example.org/x">In HTML</a>', ("In HTML", "")),
        ('<li><i>A title in HTML</i> <a href="https://a.example.org/">url</a></li>', ("A title in HTML", "")),
        ("- 12 ways to do [this](https://a.example.org/)", None),
        ("- 一项[新研究](https://a.example.org/)提出了办法", None),
        ("- **`GAN`** [A local note](notes/gan.md) (thanks [Ann](https://github.com/ann))", None),
    ],
)
def test_title_and_date_of_one_line(line: str, expected: tuple[str, str] | None) -> None:
    found = [told(entry) for entry in entries(f"# A list\n\n## Notes to keep\n\n{line}\n")]
    assert [(title, date) for title, _, date, _ in found] == ([expected] if expected else [])


def test_an_item_is_dated_within_the_heading_above_unless_it_says_otherwise() -> None:
    text = (
        "# Log\n\n## 2021-03\n\n- [One](https://a.example.org/1)\n- [Two](https://a.example.org/2) (2021)\n"
        "- [Three](https://a.example.org/3) (2019)\n- 5 Mar: [Four](https://a.example.org/4)\n"
    )
    assert [told(entry)[2] for entry in entries(text)] == ["2021-03", "2021-03", "2019", "2021-03-05"]


@pytest.mark.parametrize(
    ("heading", "date"), [("W39", "2019-W39"), ("Week 7", "2019-W07"), ("第39周", "2019-W39")]
)
def test_a_week_alone_is_one_of_the_year_above(heading: str, date: str) -> None:
    assert told(entries(f"# 2019\n\n## {heading}\n\n- [One](https://a.example.org/1)\n")[0])[2] == date


def test_headings_of_the_highest_level_are_topics_but_for_the_first() -> None:
    text = "# A collection\n\n- [One](https://a.example.org/1)\n\n# Graph networks\n\n- [Two](https://a.example.org/2)\n"
    assert [entry.keywords for entry in entries(text)] == [(), ("Graph networks",)]


def test_links_that_repeat_the_article_or_name_its_site_are_left_out() -> None:
    (entry,) = entries("# Saved\n\n[One](https://a.example.org/1)\n(https://a.example.org)\n")
    assert told(entry) == ("One", "https://a.example.org/1", "", [])


# --- Tables -----------------------------------------------------------------------------------------------------


def test_the_head_of_a_table_says_what_dates_keywords_and_authors_are() -> None:
    text = (
        "# Milestones\n\n| Date | Keywords | Institute | Paper | Authors |\n|---|:-:|---|---|---|\n"
        "| 2019-10 | T5, transfer | Example Lab | [A transformer](https://a.example.org/1) | A. One, B. Two |\n"
        "| soon | | Example Lab | [Another one](https://a.example.org/2) | |\n"
    )
    first, second = entries(text)
    assert told(first)[2] == "2019-10"
    assert first.keywords == ("T5", "transfer")
    assert first.authors == ("A. One", "B. Two")
    assert first.summary == "Example Lab"
    assert told(second)[2] == ""
    assert "soon" in second.summary


# --- Which format -----------------------------------------------------------------------------------------------


def test_a_record_in_a_page_of_links_does_not_make_it_bibtex() -> None:
    links = "".join(f"- [Title {n}](https://a.example.org/{n})\n" for n in range(5))
    text = f"# Awesome\n\n{links}\nCite it:\n\n```bibtex\n@misc{{awesome,\n  title = {{Awesome}}\n}}\n```\n"
    assert detect(Document("list.txt", text)).name == "markdown"


def test_one_heading_with_a_colon_does_not_make_a_list_a_watch_page() -> None:
    links = "".join(f"{n}. [Title {n}](https://a.example.org/{n}) - words\n" for n in range(1, 20))
    text = f"# Daily\n\n## News\n\n{links}\n# Ours: [A tool](https://t.example.org/)\n\nWords.\n"
    assert detect(Document("list.md", text)).name == "markdown"
