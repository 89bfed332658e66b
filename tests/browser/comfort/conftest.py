"""One small site for the tests of what makes reading comfortable, and what they do with its pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

ROOT = Path(__file__).resolve().parents[3]
#: A host's policy; the theme's own script in the page is stopped by it, and nothing else.
POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "_ext")!r})
project = "Comfort"
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
html_favicon = "favicon.svg"
html_sidebars = {{"**": ["mlwatch-search-navbar-nav.html", "mlwatch-nav.html"]}}
html_theme_options = {{"article_header_end": ["mlwatch-tools-navbar-nav.html"]}}
mlwatch_last_changed = False
mlwatch_entries = "watched"
mlwatch_series = {{"news": {{"name": "News", "period": "year"}}}}
"""
COUNT = 6
YEAR = "digests/news/2021.html"
FIRST, SECOND, THIRD = (f"watched/part-{n}" for n in (5, 4, 3))  # newest first


def entry(title: str, options: dict[str, str], summary: str) -> str:
    lines = "\n".join(f":{name}: {value}" for name, value in options.items())
    return f"# {title}\n\n```{{mlentry}}\n{lines}\n```\n\n## Summary\n\n{summary}\n"


def made(folder: Path, builder: str) -> Path:
    docs = folder / "docs"
    (docs / "watched").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    lists = "\n".join(f"{name}/index" for name in ("years", "keywords", "sources", "digests"))
    (docs / "index.md").write_text(f"# Home\n\n```{{toctree}}\n:hidden:\n{lists}\n```\n", "utf-8")
    for n in range(COUNT):
        options = {
            "url": f"https://example.org/{n}?a=1&b=2",
            "source": "Lab & Co",
            "date": f"2021-05-0{n + 1}",
            "keywords": "waves",
            "kind": "talk",
        }
        if n == COUNT - 1:
            options["authors"] = "Ada Müller; Bo Li"
        title = "波的部分" if n == COUNT - 2 else f"Part {n} of 50% <b>waves</b> {{and}} more"
        text = entry(title.replace("<", "\\<"), options, f"First words of part {n}.")
        (docs / "watched" / f"part-{n}.md").write_text(text, "utf-8")
    return build(folder, "-b", builder)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("comfort"), "html")


@pytest.fixture(scope="session")
def host(site, tmp_path_factory) -> Iterator[str]:
    # Two sites on one host, each below its root.
    folder = tmp_path_factory.mktemp("host")
    for name in ("one", "two"):
        (folder / name).symlink_to(site)
    with serve(folder, POLICY) as (address, _):
        yield address


@pytest.fixture(scope="session")
def root(host) -> str:
    return f"{host}one/"


def opened(context: BrowserContext) -> tuple[Page, list[str]]:
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda m: (
            wrong.append(m.text)
            if m.type == "error"
            and not any(one in m.text for one in ("inline", "theme mode", "DISCONNECTED"))
            else None
        ),
    )
    return page, wrong


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context) -> Iterator[Page]:
    page, wrong = opened(context)
    yield page
    assert wrong == []


def focused(page: Page) -> str:
    """Return the last part of the address that the focused link leads to."""
    address = page.evaluate("document.activeElement.href || ''")
    return str(address).rpartition("/")[2].removesuffix(".html")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def own(page: Page, docname: str, kind: str) -> str:
    """Return whether the button of the row for *docname* is pressed."""
    found = page.locator(f'.mlw-own [data-entry="{docname}"][data-kind="{kind}"]').first
    return found.get_attribute("aria-pressed") or ""


def shown(page: Page) -> int:
    return page.locator("ul.mlw-list > li:visible").count()
