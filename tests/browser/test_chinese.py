"""A site in Chinese, all of whose own words are Chinese: whatever Latin word a reader sees or hears on any kind of page is a string of
the interface that was left in English.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "_ext")!r})
project = html_title = "机器学习观察"
author = copyright = "编者"
language = "zh_CN"
extensions = ["mlwatch", "sphinx_copybutton", "notfound.extension"]
bibtex_bibfiles = ["refs.bib"]
html_theme = "sphinx_book_theme"
html_favicon = html_logo = "logo.svg"
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_last_updated_fmt = ""
html_sidebars = {{"**": ["navbar-logo.html", "mlwatch-search-navbar-nav.html", "mlwatch-sidebar-nav-bs.html"]}}
html_theme_options = {{
    "article_header_start": ["mlwatch-crumbs-navbar-nav.html"],
    "article_header_end": ["mlwatch-tools-navbar-nav.html"],
    "article_footer_items": ["mlwatch-changed.html"],
    "footer_content_items": ["copyright.html"],
}}
notfound_template = "mlwatch-404.html"
notfound_urls_prefix = "/"
mlwatch_last_changed = False
mlwatch_edit_url = "https://e.org/{{path}}"
mlwatch_topics = {{
    "vision": {{"title": "计算机视觉", "description": "机器看到的东西。", "keywords": ["视觉", "图像"]}},
    "language": {{"title": "自然语言", "keywords": ["语言"]}},
}}
mlwatch_series = {{
    "m": {{"name": "月报", "description": "每月一期。", "period": "month", "sections": {{"s": "论文"}}}},
    "w": {{"name": "周报", "period": "week", "author": "张三"}},
    "n": {{"name": "文摘", "title": "{{year}}年第{{number}}期", "period": "number"}},
}}
"""
INDEX = """# 首页

```{mlindex} figures
```

```{mlchart} strip
```

```{mlindex} newest
```

```{mlindex} newest-starred
```

```{mlindex} digests
```

```{mlindex} top-topics
```

```{mlindex} top-keywords
```

```{toctree}
:hidden:
help
topics/index
years/index
keywords/index
sources/index
digests/index
papers/index
starred/index
reading-list/index
trends/index
```
"""
HELP = """# 帮助

## 示例

先看这里[^一]。

```
一行代码
```

:::{note}
注意事项。
:::

:::{dropdown} 更多
详情。
:::

```{figure} logo.svg
:alt: 标志

图的说明
```

| 甲 | 乙 |
|---|---|
| 一 | 二 |

## 其他

文字。

[^一]: 脚注。
"""
BIB = """@article{zhang2021, author = {张三}, title = {注意力机制}, journal = {计算机学报}, year = {2021},
  doi = {10.1000/1}}
"""
#: Names, of things and of keys, that have no other form in Chinese; hosts and addresses, and what stands in code, are left out below.
NAMES: Final = frozenset({"BibTeX", "DOI", "refs", "bib", "JSON", "JavaScript", "MB", "Ctrl", "Enter", "Esc"})
#: Everything that is seen or heard: texts, what screen readers say, what stands in tooltips and in front of and behind elements.
WORDS: Final = """() => {
  const found = [];
  const told = ['title', 'aria-label', 'alt', 'placeholder', 'aria-description', 'aria-roledescription', 'aria-valuetext',
                'data-bs-original-title', 'data-tooltip'];
  for (const one of document.querySelectorAll('*')) {
    if (one.closest('script, style, pre, code, template')) continue;
    if (one.matches('noscript')) { found.push(['noscript', new DOMParser().parseFromString(one.textContent, 'text/html').body.textContent]); continue; }
    for (const child of one.childNodes) if (child.nodeType === 3) found.push([one.tagName, child.data]);
    for (const name of told) if (one.hasAttribute(name)) found.push([name, one.getAttribute(name)]);
    if (one.matches('meta[name=description], meta[property]')) found.push(['meta', one.content]);
    if (one.matches('input[type=submit], input[type=reset], input[type=button]')) found.push(['value', one.value]);
    for (const part of ['::before', '::after']) {
      const content = getComputedStyle(one, part).content;
      if (/^"/.test(content)) found.push([part, content]);
    }
  }
  return found;
}"""


def left_in_english(page: Page) -> set[tuple[str, str]]:
    """Return what has a Latin word that is no name, with the place where it stands."""
    found = set()
    for where, text in page.evaluate(WORDS):
        rest = re.sub(
            r"https?://\S+|\b[\w-]+(?:\.[\w-]+)+\b|\b\w*\d\w*\b", " ", text
        )  # addresses, hosts, keys of records
        words = re.findall(r"[A-Za-zÀ-ɏ]{2,}", rest)
        if set(words) - NAMES:
            found.add((where, " ".join(text.split())))
    return found


def entry(n: int) -> str:
    options = {
        "source": "机器之心" if n % 2 else "量子位",
        "url": f"https://e.org/{n}",
        "date": f"2021-{n % 3 + 7:02}-{n + 10}",
        "keywords": "视觉, 语言" if n % 3 else "视觉, 图像" if n == 3 else "视觉",
        "kind": ("article", "paper", "thread", "talk", "tool", "note")[n % 6],
        "status": ("to-read", "reading", "read")[n % 3],
        "authors": "张三, 李四",
    }
    if n % 2:
        options |= {
            "star": "",
            "pick": "",
            "paper": "[论文](https://e.org/p)",
            "code": "https://e.org/c",
            "video": "https://e.org/v",
        }
    else:
        options |= {
            "digest": "n 2021-1",
            "also": "https://e.org/also",
            "archived": "https://e.org/old",
        }
    if n == 1:
        options["cite"] = "zhang2021"
    lines = "\n".join(f":{name}: {value}".rstrip() for name, value in options.items())
    summary = "" if n == 2 else f"\n\n## 摘要\n\n第{n}篇的摘要。\n\n## 评论\n\n第{n}篇的评论。"
    return f"# 第{n}篇文章\n\n```{{mlentry}}\n{lines}\n```{summary}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chinese")
    docs = folder / "docs"
    (docs / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "refs.bib").write_text(BIB, "utf-8")
    logo = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    for place in (folder, docs, docs / "entries"):
        (place / "logo.svg").write_text(logo, "utf-8")
    (docs / "index.md").write_text(INDEX, "utf-8")
    (docs / "help.md").write_text(HELP, "utf-8")
    for n in range(1, 13):
        (docs / "entries" / f"a{n}.md").write_text(entry(n), "utf-8")
    return build(folder)


@pytest.fixture(scope="module")
def root(site: Path) -> Iterator[str]:
    with serve(site) as (address, _):
        yield address


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def kinds(site: Path) -> list[str]:
    """Return one page of each kind: in each folder the index and another."""
    first: dict[tuple[str, bool], str] = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith("_"):
            key = (name if "/" not in name else path.parent.name, path.name == "index.html")
            first.setdefault(key, name)
    return list(first.values())


def test_no_page_has_a_word_of_english(page: Page, root: str, site: Path) -> None:
    paths = kinds(site)
    assert len(paths) > 20
    found: dict[tuple[str, str], str] = {}
    for path in [*paths, "entries/a1.html", "entries/a2.html"]:
        page.goto(root + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        for one in left_in_english(page):
            found.setdefault(one, path)
    assert found == {}


def test_nothing_that_scripts_show_is_in_english(page: Page, root: str, tmp_path: Path) -> None:
    found: dict[tuple[str, str], str] = {}

    def look(what: str) -> None:
        for one in left_in_english(page):
            found.setdefault(one, what)

    page.goto(f"{root}entries/a1.html", wait_until="networkidle")
    look("entry")
    for number, button in enumerate(page.locator(".mlw-tools button").all()):
        button.click()
        look(f"button {number}")
    page.keyboard.press("m")
    look("mark taken away")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    look("help")
    page.keyboard.press("m")
    page.goto(f"{root}my-list.html")
    page.wait_for_selector(".mlw-my-list h2")
    look("list of one's own")
    for name, text in {
        "甲": "{",
        "乙": "{}",
        "丙": '{"format": "mlwatch-marks", "version": 1, "entries": {"a": {}}}',
    }.items():
        file = tmp_path / f"{name}.json"
        file.write_text(text, "utf-8")
        page.locator(".mlw-my-list input[type=file]").set_input_files(file)
        page.wait_for_function("!document.querySelector('.mlw-my-list input[type=file]').value")
        look(f"import of {text}")
    page.locator(".mlw-my-list .mlw-tools button").nth(2).click()
    look("before all is removed")
    page.goto(f"{root}help.html", wait_until="networkidle")
    page.locator("button.copybtn").first.click(force=True)
    look("code")
    page.goto(f"{root}years/2021-08.html")
    for key in ("j", "m", "j", "f"):
        page.keyboard.press(key)
    look("list")
    page.get_by_role("tooltip").wait_for()
    look("preview")
    for query in ("", "?q=摘要", "?q=没有的词语", "?q=摘要&source=量子位&has=code&mine=read&star=1"):
        page.goto(f"{root}search.html{query}")
        page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
        for box in page.locator("#mlw-facets details:not([open]) summary").all():
            box.click()
        look(f"search{query}")
    page.goto(f"{root}entries/a4.html")  # its neighbours and relatives are marked
    assert page.locator("a.mlw-own-read, a.mlw-own-star").count() > 1
    look("marks behind links")
    page.goto(f"{root}search.html", wait_until="networkidle")
    page.context.set_offline(True)
    page.locator("#mlw-query").fill("评论")
    page.locator("[role=status] .mlw-note").wait_for()
    look("search without a connection")
    assert found == {}


def test_script_drawn_dates_and_numbers_are_as_the_pages_have_them(page: Page, root: str) -> None:
    page.goto(f"{root}search.html?q=第1篇")
    page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
    entry = page.locator(".mlw-results > li", has_text="第1篇文章").first.locator(".mlw-meta")
    assert "2021年8月11日" in entry.inner_text()
    numbers = page.evaluate(
        "[window.mlwatch.number.format(1234567), window.mlwatch.count({ other: '{n} 个' }, 12345)]"
    )
    assert numbers == ["1,234,567", "12,345 个"]
