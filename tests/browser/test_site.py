"""The site as a reader meets it: the real docs, built once, served on loopback, looked at in a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
DAY = "2021-05-06"

#: One page of each kind.
PAGES = {
    "front": "index.html",
    "entry": "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "entry in Chinese": "entries/2021/taming-transformers-for-high-resolution-image-synthesis.html",
    "numbered digest": "digests/ds-ml/2019-20.html",
    "weekly digest": "digests/akira/2021-W02.html",
    "monthly digest": "digests/ml-watch/2022-01.html",
    "roll-up": "digests/ml-watch/2021.html",
    "series": "digests/ml-watch/index.html",
    "digests": "digests/index.html",
    "topics": "topics/index.html",
    "topic": "topics/vision.html",
    "keywords": "keywords/index.html",
    "keyword": "keywords/self-supervised-learning.html",
    "sources": "sources/index.html",
    "source": "sources/marktechpost.html",
    "years": "years/index.html",
    "year": "years/2021.html",
    "month": "years/2021-09.html",
    "starred": "starred/index.html",
    "papers": "papers/index.html",
    "reading list": "reading-list/index.html",
    "part of the reading list": "reading-list/no-summary.html",
    "trends": "trends/index.html",
    "papers of a year": "papers/2021-a-f.html",
    "my list": "my-list.html",
    "guide": "guide/index.html",
    "404": "404.html",
    "search": "search.html",
}
#: Bytes before compression.
WEIGHTS = {
    "front": 60_000,
    "entry": 25_000,
    "starred": 120_000,
    "papers": 120_000,
    "trends": 120_000,
    "part of the reading list": 120_000,
}

#: Gives each text in the page whose contrast with what lies behind it is too low (WCAG 2.2, 1.4.3).
FAINT = """() => {
  const rgba = text => { const n = text.match(/[\\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = rgb => { const [r, g, b] = rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = element => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const faint = [];
  for (const element of document.querySelectorAll('.bd-sidebar-primary *, .bd-main *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element), ground = behind(element);
    const a = light(over(rgba(style.color), ground)), b = light(ground);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return faint;
}"""


def git(folder: Path, *arguments: str) -> None:
    day = f"{DAY}T12:00:00+00:00"
    environ = {**os.environ, "GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day}
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=environ, check=True, capture_output=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The docs of this checkout, built in a copy that is a git checkout of its own."""
    folder = tmp_path_factory.mktemp("site")
    skip = shutil.ignore_patterns("__pycache__", "_build")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=skip)
    shutil.copytree(ROOT / "_ext", folder / "_ext", ignore=skip)
    for name in ("conf.py", "refs.bib"):
        shutil.copy(ROOT / name, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "The collection")
    return build(folder)


@pytest.fixture(scope="session")
def root(site) -> Iterator[str]:
    with serve(site) as (address, _):
        yield address


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context):
    return context.new_page()


def show(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)


@pytest.mark.parametrize("kind", PAGES)
def test_page_fits_every_width_and_loads_from_this_site_alone(page, root, kind):
    requests: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    response = page.goto(root + PAGES[kind], wait_until="networkidle")
    assert response.status == 200
    for width in (320, 360, 768, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # Nothing is cut off inside the article either.
        beyond = """() => [...document.querySelectorAll('.bd-article [class*="mlw-"]')]
          .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(e => e.className)"""
        assert page.evaluate(beyond) == []
    assert wrong == []
    assert [url for url in requests if not url.startswith((root, "data:"))] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", PAGES)
def test_text_stands_out_from_its_background(page, root, kind, theme):
    page.goto(root + PAGES[kind])
    show(page, theme)
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("kind", PAGES)
def test_links_to_other_sites_say_so_and_leak_no_referrer(page, root, kind):
    page.goto(root + PAGES[kind])
    links = page.evaluate(
        """() => [...document.querySelectorAll('a[href]')].filter(a => a.host !== location.host).map(a => ({
             url: a.href, rel: [...a.relList], arrow: getComputedStyle(a, '::after').content }))"""
    )
    assert [a["url"] for a in links if not {"noopener", "noreferrer"} <= set(a["rel"])] == []
    assert [a["url"] for a in links if "(other site)" not in a["arrow"]] == []
    assert page.locator('meta[name="referrer"]').get_attribute("content") == "no-referrer"
    if kind == "entry":
        assert len(links) > 4


def test_reader_can_switch_to_dark_and_the_choice_is_kept(page, root):
    page.goto(root + PAGES["entry"], wait_until="networkidle")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    show(page, "light")
    before = page.evaluate(ground)
    for _ in range(2):  # from the system's theme to light, then to dark
        page.locator(".theme-change-button:visible").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(ground) != before
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_cite_copies_each_record_by_itself(context, page, root):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=root.rstrip("/"))
    page.goto(root + PAGES["entry"], wait_until="networkidle")
    page.get_by_text("Cite", exact=True).click()
    begins = []
    for button in page.locator("details.mlw-cite-this .mlw-source button.copybtn").all():
        page.evaluate("navigator.clipboard.writeText('')")
        button.click()
        page.wait_for_function("navigator.clipboard.readText().then(Boolean)")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.count("{") == copied.count("}")
        assert copied.count("@") == 1
        begins.append(copied.partition(",")[0])
    assert begins == [
        "@inproceedings{sohn2021learning",
        "@inproceedings{li2021cutpaste",
        "@misc{mlw-discovering-anomalous-data-with-self-supervised-learning",
    ]


def test_link_to_a_record_opens_the_box_that_has_it(page, root):
    record = page.locator("#bibtex-li2021cutpaste")
    page.goto(root + PAGES["entry"], wait_until="networkidle")
    assert record.is_hidden()
    page.locator('.mlw-paper a[href="#bibtex-li2021cutpaste"]').click()
    record.wait_for()
    assert record.evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.top < innerHeight }"
    )
    page.get_by_text("Cite", exact=True).click()
    assert record.is_hidden()
    page.locator('.mlw-paper a[href="#bibtex-li2021cutpaste"]').click()  # the address has it already
    record.wait_for()
    page.goto("about:blank")
    page.goto(root + PAGES["entry"] + "#bibtex")
    page.locator("#bibtex").wait_for()


@pytest.mark.parametrize("missing", ["nothing", "no/such/page.html", "entries/2021/gone/deeper/still/"])
def test_missing_page_leads_back_from_any_depth(page, context, root, missing):
    response = page.goto(root + missing, wait_until="networkidle")
    assert response.status == 404
    assert page.locator("h1:visible").inner_text().startswith("Page not found")
    # The style sheets came through.
    assert page.locator(".mlw-nav ul").first.evaluate("e => getComputedStyle(e).listStyleType") == "none"
    links = page.locator("article a[href]:not(.headerlink), .mlw-nav a").evaluate_all(
        "all => all.map(a => a.href)"
    )
    assert len(links) > 12
    assert [link for link in set(links) if context.request.get(link).status != 200] == []
    page.locator("article input[type=search]").fill("EfficientNet")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}search.html?q=EfficientNet")


def test_every_page_but_the_front_shows_the_way_back(page, root):
    page.goto(root + PAGES["entry"])
    way = page.locator(".bd-breadcrumbs li").all_inner_texts()
    assert [step.strip() for step in way[1:4]] == ["Years and months", "2021", "September 2021"]
    page.goto(root + PAGES["keyword"])
    assert page.locator(".bd-breadcrumbs li").all_inner_texts()[1].strip() == "Keywords"


def test_navigation_names_the_current_page_and_its_section(page, root):
    page.goto(root + PAGES["topics"])
    assert page.locator('.mlw-nav [aria-current="page"]').all_inner_texts() == ["Topics"]
    for kind, section in {"keywords": "Topics", "entry": "Digests", "years": "Digests"}.items():
        page.goto(root + PAGES[kind])
        assert page.locator(".mlw-nav .mlw-here").all_inner_texts() == [section]
    items = page.locator(".mlw-nav > ul > li > a").all_inner_texts()
    assert items == ["Digests", "Topics", "Papers", "Starred entries", "My list", "Trends", "Guide"]


def test_keyboard_focus_is_seen(page, root):
    page.goto(root + PAGES["entry"])
    for selector in (".mlw-nav a", ".mlw-entry .mlw-read", ".mlw-badges a"):
        link = page.locator(selector).first
        page.keyboard.press("Tab")  # the last input was a key: focus is shown
        link.focus()
        assert link.evaluate(
            "e => parseFloat(getComputedStyle(e).outlineWidth) || getComputedStyle(e).boxShadow !== 'none'"
        )


def test_entry_leads_to_its_neighbors_in_time_and_tells_its_last_change(page, root):
    page.goto(root + PAGES["month"])
    listed = page.locator(".mlw-row .mlw-title").all_inner_texts()  # newest first
    page.goto(root + PAGES["entry"])
    at = listed.index(page.evaluate("mlwatch.titleOf(document)"))
    assert 0 < at < len(listed) - 1
    assert page.locator(".prev-next-title").all_inner_texts() == [listed[at + 1], listed[at - 1]]
    assert page.locator(".mlw-entry, .mlw-fields").get_by_text(re.compile("Earlier|Later")).count() == 0
    assert DAY in page.locator(".mlw-changed").inner_text()
    assert re.search(r"/edit/main/docs/entries/.*\.md$", page.locator(".mlw-changed a").get_attribute("href"))
    page.goto(root + PAGES["keyword"])  # generated: there is nothing to edit
    assert page.locator(".mlw-changed").count() == 0


@pytest.mark.parametrize("kind", WEIGHTS)
def test_pages_stay_light(site, kind):
    assert (site / PAGES[kind]).stat().st_size <= WEIGHTS[kind]


def test_no_entry_is_heavy(site):
    heavy = [
        path.name for path in (site / "entries").rglob("*.html") if path.stat().st_size > WEIGHTS["entry"]
    ]
    assert heavy == []


def small_project(folder: Path, entries: int) -> Path:
    """Make a project with so many entries of one year, and the front page of this site."""
    (folder / "docs" / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(
        f'import sys\nsys.path.insert(0, {str(ROOT / "_ext")!r})\nextensions = ["mlwatch"]\nhtml_theme = "sphinx_book_theme"\n'
        'mlwatch_series = {}\nhtml_sidebars = {"**": ["mlwatch-nav.html"]}\n',
        encoding="utf-8",
    )
    kinds = ("figures", "newest", "newest-starred", "digests", "top-keywords", "top-sources")
    shown = "\n".join(f"```{{mlindex}} {kind}\n```\n" for kind in kinds)
    pages = "years keywords sources starred papers reading-list".split()
    listed = "\n".join(f"{name}/index" for name in pages)
    (folder / "docs" / "index.md").write_text(
        f"# Small\n\n{shown}\n```{{toctree}}\n:hidden:\n{listed}\n```\n", encoding="utf-8"
    )
    for n in range(entries):
        options = f":source: Source {n % 7}\n:url: https://example.org/{n}\n:date: 2021-{n % 12 + 1:02}-03\n:keywords: word {n % 30}\n"
        text = f"# Entry {n}\n\n```{{mlentry}}\n{options}```\n"
        (folder / "docs" / "entries" / f"entry-{n}.md").write_text(text, encoding="utf-8")
    return build(folder)


def navigation_links(html: Path) -> int:
    found = re.search(r'<nav class="mlw-nav".*?</nav>', html.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[0].count("<a ")


def test_navigation_does_not_grow_with_the_collection(tmp_path, site):
    small, large = small_project(tmp_path / "small", 3), small_project(tmp_path / "large", 150)
    for name in ("index.html", "entries/entry-1.html", "keywords/index.html"):
        assert navigation_links(small / name) == navigation_links(large / name)
    assert navigation_links(site / PAGES["entry"]) < 25


def test_front_page_of_an_empty_collection_says_so(tmp_path, page):
    with serve(small_project(tmp_path, 0)) as (address, _):
        page.goto(address)
        assert page.locator("article p", has_text="Nothing yet.").count() == 6
