"""A site in Chinese: every page of ours speaks it, and nothing warns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Build, Built

FILES = {
    "index.md": "# 首页\n\n```{mlindex} figures\n```\n\n```{mlindex} newest\n```\n\n```{toctree}\nyears/index\nkeywords/index\n"
    "sources/index\ndigests/index\npapers/index\nstarred/index\nreading-list/index\ntrends/index\n```\n",
    **{
        f"entries/a{n}.md": f"# Article {n}\n\n```{{mlentry}}\n:source: 机器之心\n:date: 2021-09-{n:02}\n:keywords: 视觉\n"
        ":kind: thread\n:pick:\n:status: to-read\n:code: https://e.org/c\n:authors: 张三, 李四\n```\n"
        for n in range(1, 7)
    },
    "entries/year.md": "# Of a year\n\n```{mlentry}\n:source: Lab\n:date: 2020\n```\n",
}
CONF = 'mlwatch_series = {"news": {"name": "周报", "period": "week"}}\n'


@pytest.fixture(scope="module")
def chinese(build: Build) -> Built:
    return build(
        FILES, conf=CONF + 'html_theme = "sphinx_book_theme"\n', options=("-W", "-D", "language=zh_CN")
    )


def text(html: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<article") : html.index("</article")])
    )


def test_site_in_chinese_builds_without_a_warning(chinese: Built) -> None:
    assert (chinese.code, chinese.warnings) == (0, "")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("index", ["7 个条目", "2 个来源", "机器之心 · 2021年9月6日 · 讨论串 · 编辑精选 · 待读 · 代码"]),
        (
            "entries/a1",
            ["编辑精选", "作者：张三、李四", "关键词", "代码", "文摘", "相关条目", "2021年9月1日"],
        ),
        ("years/index", ["年份与月份", "2021年9月"]),
        ("years/2020", ["只知道年份："]),
        ("keywords/index", ["关键词"]),
        ("keywords/视觉", ["6 个条目", "每月的条目数"]),
        (
            "digests/news/2021-W36",
            ["周报，2021年第36周", "2021年9月6日 – 2021年9月12日 · 1 个条目"],
        ),
        ("papers/index", ["还没有内容。"]),
        ("reading-list/index", ["待读", "没有摘要"]),
        ("trends/index", ["条目数的变化", "数据"]),
    ],
)
def test_pages_speak_chinese(chinese: Built, page: str, shown: list[str]) -> None:
    found = (
        next(chinese.outdir.glob(f"{page}*.html"))
        if page == "keywords/视觉"
        else chinese.outdir / f"{page}.html"
    )
    words = text(found.read_text("utf-8"))
    assert [one for one in shown if one not in words] == [], words


def test_search_page_has_chinese_words(chinese: Built) -> None:
    html = chinese.html("search")
    assert "搜索条目和文摘" in html
    assert "Search the entries" not in html


def test_words_of_scripts_stand_once_for_the_whole_site(chinese: Built) -> None:
    words = (chinese.outdir / "_static" / "mlwatch-site.js").read_text("utf-8")
    assert {"标记为已读", "重试", '"zh-CN"', '"entries/"'} <= set(
        re.findall(r'标记为已读|重试|"zh-CN"|"entries/"', words)
    )
    for path in (one for one in chinese.outdir.rglob("*.html") if "_static" not in one.parts):
        html = path.read_text("utf-8")
        assert "标记为已读" not in html, path
        sources = re.findall(r'<script[^>]* src="[^"]*_static/(mlwatch-[\w-]+)\.js', html)
        assert sources.count("mlwatch-site") == 1, path
        assert sources.index("mlwatch-site") < sources.index("mlwatch-comfort"), path
        assert ("mlwatch-comfort-entry" in sources) == ("entries" in path.parts), path


def test_change_of_language_reads_and_writes_all_pages_again(build: Build) -> None:
    first = build(FILES, conf=CONF)
    assert "Years and months" in first.html("years/index")
    again = build({}, root=first.root, options=("-D", "language=zh_CN"))
    assert "年份与月份" in again.html("years/index")
    assert "重试" in (again.outdir / "_static" / "mlwatch-site.js").read_text("utf-8")
    assert again.warnings == ""
