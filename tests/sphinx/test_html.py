"""Every page of the site is valid: it parses without an error, is nested as HTML allows, and each link leads somewhere.

The Nu Html Checker, which knows all rules, looks at one page of each kind, and at pages of entries that are as odd as can be.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.sphinx.conftest import Build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NAMESPACE: Final = "{http://www.w3.org/1999/xhtml}"
#: What holds text and links but no blocks, and blocks.
PHRASING: Final = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "em",
    "strong",
    "small",
    "button",
    "label",
}
BLOCKS: Final = {
    "div",
    "ul",
    "ol",
    "dl",
    "p",
    "table",
    "section",
    "figure",
    "nav",
    "details",
    "h1",
    "h2",
    "h3",
    "pre",
}
ACTIVE: Final = {"a", "button", "input", "select", "textarea"}
PARENTS: Final = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "figcaption": {"figure"},
    "summary": {"details"},
}
CHILDREN: Final = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}}
#: The theme of the collection's own site.
BOOK: Final = (
    'html_theme = "sphinx_book_theme"\nmlwatch_search = "pagefind"\n'
    'html_theme_options = {"article_header_start": ["mlwatch-crumbs-navbar-nav.html"]}\n'
)
REFERS: Final = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list")


class Page:
    """A page: what is wrong with it, its ids and its links."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser()
        root = parser.parse(html)
        self.wrong = [f"line {position[0]}: {code} {data}" for position, code, data in parser.errors]
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self._refers: list[str] = []
        self._labels = {e.get("for") for e in root.iter(f"{NAMESPACE}label")}
        self._walk(root, ())
        self.wrong += [f"id {id_!r} {count} times" for id_, count in self.ids.items() if count > 1]
        self.wrong += [f"no id {id_!r}" for id_ in self._refers if id_ not in self.ids]

    def _walk(self, element: Any, above: tuple[str, ...]) -> None:
        if not isinstance(element.tag, str) or not element.tag.startswith(NAMESPACE):
            return  # a comment, or a part of a picture
        tag = element.tag.removeprefix(NAMESPACE)
        self.wrong += [
            f"{' > '.join((*above[-3:], tag))}: {told}" for told in self._rules(element, tag, above)
        ]
        if (id_ := element.get("id")) is not None:
            self.ids[id_] += 1
        self.links += filter(None, (element.get("href"), element.get("src")))
        self._refers += (id_ for name in REFERS for id_ in (element.get(name) or "").split())
        for child in element:
            self._walk(child, (*above, tag))

    def _rules(self, element: Any, tag: str, above: tuple[str, ...]) -> Iterator[str]:
        parent = above[-1] if above else ""
        if parent not in PARENTS.get(tag, {parent}) or tag not in CHILDREN.get(parent, {tag}):
            yield "is not allowed there"
        if tag in BLOCKS and parent in PHRASING:
            yield "a block in a line of text"
        if tag in ACTIVE and ACTIVE.intersection(above) and element.get("type") != "hidden":
            yield "a control in a control"
        if tag == "img" and element.get("alt") is None:
            yield "no alt"
        if tag == "a" and not (element.get("href") or "").strip():
            yield "leads nowhere"
        if tag == "html" and not element.get("lang"):
            yield "no lang"
        if element.get("id") is not None and (
            not element.get("id") or any(map(str.isspace, element.get("id")))
        ):
            yield "no id can be so"
        hidden = element.get("type") in ("hidden", "submit", "button")
        if tag in ("input", "select", "textarea") and not hidden:
            named = element.get("aria-label") or element.get("id") in self._labels or "label" in above
            if not named:
                yield "no label"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Page]]:
    folder = tmp_path_factory.mktemp("html")
    skip = shutil.ignore_patterns("__pycache__", "_build", ".mlwatch_cache*")
    for name in ("docs", "_ext"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for name in ("conf.py", "refs.bib"):
        shutil.copy(ROOT / name, folder)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-c", ".", "docs", "_site"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    out = folder / "_site"
    found = {
        path.relative_to(out).as_posix(): Page(path.read_text("utf-8"))
        for path in sorted(out.rglob("*.html"))
        if "_static" not in path.parts
    }
    return out, found


def test_every_page_is_valid(pages: tuple[Path, dict[str, Page]]) -> None:
    assert len(pages[1]) > 100
    assert {name: page.wrong for name, page in pages[1].items() if page.wrong} == {}


def test_every_link_and_anchor_leads_somewhere(pages: tuple[Path, dict[str, Page]]) -> None:
    out, found = pages
    broken = set()
    for name, page in found.items():
        for link in page.links:
            target = urlsplit(link)
            if target.scheme or target.netloc:
                continue
            path = unquote(target.path)
            beside = "" if path.startswith("/") else posixpath.dirname(name)
            file = posixpath.normpath(posixpath.join(beside, path.lstrip("/"))) if path else name
            anchor = unquote(target.fragment)
            if not (out / file).is_file() or (anchor and file in found and anchor not in found[file].ids):
                broken.add((name, link))
    assert broken == set()


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<div>b</div></p>",
        "<ul><p>a</p></ul>",
        "<span><ul><li>a</li></ul></span>",
        "<a href='x'>a<button>b</button></a>",
        "<i id='a'></i><i id='a'></i>",
        "<input id='a'>",
        "<img src='a'>",
        "<label for='b'>a</label>",
        "<b>a<i>b</b></i>",
        "<p>&nosuch;</p>",
    ],
)
def test_check_sees_what_is_wrong(html: str) -> None:
    around = "<!DOCTYPE html><html lang='en'><head><title>t</title></head><body>{}</body></html>"
    assert Page(around.format("<p>a</p>")).wrong == []
    assert Page(around.format(html)).wrong


def test_every_page_says_what_it_is_about(pages: tuple[Path, dict[str, Page]]) -> None:
    out, found = pages
    wrong = {}
    for name in found:
        said = re.findall(r'<meta name="description" content="([^"]*)"', (out / name).read_text("utf-8"))
        if len(said) != 1 or not said[0].strip():
            wrong[name] = said
    assert wrong == {}
    assert "<title>ML Watch</title>" in (out / "index.html").read_text("utf-8")
    keyword = (out / "keywords/self-supervised-learning.html").read_text("utf-8")
    assert re.search(r'content="self-supervised learning: \d+ entries', keyword)


def test_title_in_another_language_is_marked_in_crumbs_and_on_paper(build: Build) -> None:
    entry = "# 标题 & `x`\n\n```{mlentry}\n:source: arXiv\n:lang: zh\n```\n"
    html = build(
        {"index.md": "# Home\n\n```{toctree}\nentries/a\n```\n", "entries/a.md": entry}, conf=BOOK
    ).html("entries/a")
    assert '<span class="ellipsis"><span lang="zh">标题 &amp; x</span></span>' in html
    assert '<h1><span lang="zh">标题 &amp; x</span></h1>' in html


def test_scripts_wait_and_icons_need_none_unless_they_are_ones_own(build: Build) -> None:
    page = {"index.md": "# Home\n"}
    head = build(page, conf=BOOK).html("index").partition("</head>")[0]
    waiting = re.findall(r"<script (.*?)src=", head)
    assert len(waiting) > 5
    assert [one for one in waiting if "defer" not in one] == ['data-mode="" ']
    assert "fontawesome.js" not in head
    icon = {"name": "Own", "url": "https://example.org", "icon": "fa-custom fa-own"}
    own = BOOK + f"html_theme_options = {{'icon_links': [{icon!r}]}}\n"
    assert "fontawesome.js" in build(page, conf=own).html("index")


# --- The Nu Html Checker --------------------------------------------------------------------------------------------

JAR: Final = ROOT / "tests" / "audit" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: One page of each kind of the collection's own site; of the guide, whose tables and listings are many, all.
KINDS: Final = (
    "index.html",
    "search.html",
    "404.html",
    "my-list.html",
    "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "entries/2021/taming-transformers-for-high-resolution-image-synthesis.html",
    "digests/index.html",
    "digests/akira/index.html",
    "digests/akira/2021-W02.html",
    "digests/ds-ml/2019-20.html",
    "topics/index.html",
    "topics/vision.html",
    "keywords/index.html",
    "keywords/self-supervised-learning.html",
    "sources/index.html",
    "sources/google-ai.html",
    "years/index.html",
    "years/2021.html",
    "years/2021-09.html",
    "papers/index.html",
    "papers/2021-a-f.html",
    "starred/index.html",
    "reading-list/index.html",
    "trends/index.html",
)
#: Of the theme, and no errors: "/>" at the end of a tag, a role that an element has anyway, headings in a <section> in an <article>.
ACCEPTED: Final = (
    "Trailing slash on void elements",
    "The “main” role is unnecessary",
    "Article lacks heading",
    "Consider using the “h1” element as a top-level heading only",
)
LINKS: Final = " ".join(f'[paper {n} "q" <b> & c](https://example.org/{n}?a=1&b={n})' for n in range(20))
ODD: Final = {
    "index.md": """\
# Odd & small

```{toctree}
entries/links
entries/bare
```

```{mlindex} newest
```
""",
    "entries/links.md": f"""\
# "Quotes" & `<tags>` in a title that goes {"on and " * 40} on

```{{mlentry}}
:source: A & B <Labs>
:url: https://example.org/x?a=1&b=2
:date: 2021-02-03
:star: 3
:keywords: a & b, <c>, C++, C#, "q", 深度
:authors: X <y>, Z & co
:alt-title: 深度 & <学习>
:cite: liu2021swin, no-such-key
:paper: {LINKS}
:code: {LINKS}
```

## Summary

Text & <em>raw</em> <b>HTML `x<y`.

<table><tr><td>raw

#### Deeper than it should be

1. a

   - b
""",
    "entries/bare.md": "# 标题 & \\<题>\n\n```{mlentry}\n:source: arXiv\n:lang: zh\n```\n",
    **{
        f"entries/{n}.md": f"# Entry {n}\n\n```{{mlentry}}\n:source: S{n % 3}\n:date: 20{10 + n}-0{1 + n % 9}\n"
        ":keywords: a & b\n:status: to-read\n:kind: thread\n```\n"
        for n in range(3)
    },
}


def small_site(folder: Path, files: Mapping[str, str], *options: str) -> Iterator[Path]:
    """Build *files* as the collection's own site is built; yield its pages."""
    (folder / "docs").mkdir(parents=True)
    shutil.copytree(ROOT / "docs" / "_static", folder / "docs" / "_static")
    for name in ("conf.py", "refs.bib"):
        shutil.copy(ROOT / name, folder)
    for name, text in files.items():
        (folder / "docs" / name).parent.mkdir(exist_ok=True)
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-c", ".", *options, "docs", "_site"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    yield from (path for path in sorted((folder / "_site").rglob("*.html")) if "_static" not in path.parts)


def checked(pages: Iterable[Path], root: Path) -> list[str]:
    """Return what the checker says about *pages*."""
    java = shutil.which("java")
    if java is None or not JAR.is_file():
        told = "the HTML checker is not there: tests/validator.sh says what it needs"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    command = [java, "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", *map(str, pages)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=300)
    return [
        f"{one['url'].removeprefix(root.as_uri())}:{one.get('lastLine')}: {one['message']} {one.get('extract', '')!r}"
        for one in json.loads(done.stdout)["messages"]
        if not one["message"].startswith(ACCEPTED)
    ]


def test_html_checker_finds_nothing_on_any_kind_of_page(pages: tuple[Path, dict[str, Page]]) -> None:
    out, found = pages
    assert [kind for kind in KINDS if kind not in found] == []
    guide = sorted(name for name in found if name.startswith("guide/"))
    assert checked((out / name for name in (*KINDS, *guide)), out) == []


def test_html_checker_finds_nothing_on_odd_pages(tmp_path: Path) -> None:
    empty = {"index.md": "# Nothing yet\n\n```{mlindex} newest\n```\n"}
    made = [
        *small_site(tmp_path / "en", ODD),
        *small_site(tmp_path / "zh", ODD, "-b", "dirhtml", "-D", "language=zh_CN"),
        *small_site(tmp_path / "empty", empty, "-D", "mlwatch_search=sphinx"),
    ]
    assert len(made) > 50
    # A page of titles of English papers looks English to it, whatever the language of the site.
    assert checked((page for page in made if "zh/_site/papers/2" not in page.as_posix()), tmp_path) == []


def test_html_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><html lang='en'><head><title>t</title></head><body><p align=left>a</body></html>"
    )
    (told,) = checked([page], tmp_path)
    assert "align" in told
