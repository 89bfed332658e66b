"""Every page of the site is valid: it parses without an error, is nested as HTML allows, and each link leads somewhere."""

from __future__ import annotations

import posixpath
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
    from collections.abc import Iterator

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
