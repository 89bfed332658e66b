"""The look, with entries that are awkward: nothing is cut off, too small to press, or out of sight where it is needed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
MANY = 500
SUMMARY = "## Summary\n\nWhat was done, and what came of it, in one sentence that is long enough to be wrapped on a phone.\n"
RELS = ("paper", "code", "project", "slides", "video", "data", "demo", "discussion", "link")
LINKS = {
    rel: f"https://{rel}.example.org/{'x' * 90} [{rel} with a label](https://example.org/{rel}) https://e.org/{rel}"
    for rel in RELS
}
BODY = f"""## Summary

Inline `{"search.html?q=" + "x" * 80}`, {"unbroken" * 40} and <https://example.org/{"y" * 200}>.

```python
def a_function({", ".join(f"argument_{n}: dict[str, list[int]]" for n in range(9))}) -> None: ...
```

| {" | ".join(f"A column {n}" for n in range(12))} |
|{"---|" * 12}
| {" | ".join(f"{n}.{n}{n}" for n in range(12))} |

> A quotation.

![A picture](https://example.org/picture.png)
"""
#: File name to title, options and what follows the card.
AWKWARD: dict[str, tuple[str, dict[str, str], str]] = {
    "long": (
        "On the well documented effectiveness of pre-training " * 4,
        {
            "source": "A publisher with a name that is itself rather long, department of names",
            "date": "2022-03-04",
            "star": "3",
            "pick": "",
            "keywords": ", ".join(f"a keyword of several words, {n}" for n in range(14)),
        },
        SUMMARY,
    ),
    "chinese": (
        "一种用于高分辨率图像合成的变换器模型：从自监督学习到多模态大规模预训练的全面综述与展望" * 2,
        {"source": "机器之心", "date": "2022-03-05", "lang": "zh", "keywords": "图像合成, 自监督学习"},
        "## Summary\n\n" + "本文提出了一种新的变换器模型。" * 9 + "\n",
    ),
    "bare": ("Nothing but a title", {"source": "Nobody"}, ""),
    "links": (
        "Twenty-seven links",
        {"source": "Lab", "date": "2022-03-06", "authors": "Ada Lovelace, " * 8 + "others", **LINKS},
        SUMMARY,
    ),
    "word": (
        "Donaudampfschiff" * 14,
        {"source": "S" * 90, "date": "2022-03-07", "keywords": "k" * 110},
        SUMMARY,
    ),
    "body": ("All that a body can have", {"source": "Lab", "date": "2022-03-08"}, BODY),
}
PAGES = {
    **{name: f"entries/{name}.html" for name in AWKWARD},
    "front": "index.html",
    "month of awkward entries": "digests/ml-watch/2022-03.html",
    "keyword of 500 entries": "keywords/crowded.html",
    "digest of 500 entries": "digests/ds-ml/2020-01.html",
    "source of many": "sources/source-7.html",
    "source with a long name": f"sources/{'s' * 60}.html",
    "search": "search.html?q=title&source=Nobody",
}


def entry(title: str, options: dict[str, str], body: str) -> str:
    lines = "\n".join(f":{name}: {value}".rstrip() for name, value in options.items())
    return f"# {title.strip()}\n\n```{{mlentry}}\n{lines}\n```\n\n{body}"


def copy_site(folder: Path) -> None:
    """Put the configuration, front page and style of this checkout into *folder*, without entries and guide."""
    (folder / "docs").mkdir(parents=True)
    conf, count = re.subn(
        r"(?m)^sys\.path\.insert\(.*$",
        lambda _: f"sys.path.insert(0, {str(ROOT / '_ext')!r})",
        (ROOT / "conf.py").read_text("utf-8"),
    )
    assert count == 1
    (folder / "conf.py").write_text(conf, "utf-8")
    (folder / "refs.bib").write_text("", "utf-8")
    shutil.copytree(ROOT / "docs" / "_static", folder / "docs" / "_static")
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    (folder / "docs" / "index.md").write_text(
        re.sub(r"(?m)^guide/index$", "reading-list/index", index), "utf-8"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """This checkout's site with other entries."""
    folder = tmp_path_factory.mktemp("look")
    copy_site(folder)
    entries = folder / "docs" / "entries"
    entries.mkdir()
    for name, (title, options, body) in AWKWARD.items():
        text = entry(title, {"url": f"https://example.org/{name}{'/path' * 30}", **options}, body)
        (entries / f"{name}.md").write_text(text, "utf-8")
    for n in range(MANY):
        options = {
            "source": f"Source {n % 40}",
            "url": f"https://example.org/{n}",
            "date": f"{2018 + n % 4}-{n % 12 + 1:02}-{n % 27 + 1:02}",
            "keywords": f"crowded, word {n % 60}",
            "digest": "ds-ml 2020-01",
        }
        title = f"Entry {n} about something of interest, seen from side {n % 17}"
        (entries / f"many-{n}.md").write_text(entry(title, options, SUMMARY), "utf-8")
    return build(folder)


@pytest.fixture(scope="module")
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


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found, selector
    return {name: found[name] for name in ("x", "y", "width", "height")}


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_is_cut_off_at_any_width(page, root, kind):
    page.goto(root + PAGES[kind], wait_until="networkidle")
    assert page.locator("h1:visible").count() == 1
    for width in (320, 390, 768, 1280, 1920, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        beyond = """() => [...document.querySelectorAll('.bd-main *')]
          .filter(e => e.checkVisibility() && !e.closest('pre, table, .mlw-data, .mlw-aside, svg, .bd-sidebar-secondary, .ellipsis > *'))
          .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map(e => `${e.tagName}.${e.className}`)"""
        assert page.evaluate(beyond) == [], width


@pytest.mark.parametrize("kind", ["keyword of 500 entries", "digest of 500 entries", "front"])
def test_five_hundred_entries_come_in_pages_that_stay_light(page, root, site, kind):
    assert (site / PAGES[kind]).stat().st_size <= (60_000 if kind == "front" else 120_000)
    page.goto(root + PAGES[kind])
    if kind == "front":
        counts = page.locator(".mlw-figures").inner_text().split(" · ")
        assert counts[:2] == ["Covers January 2018 to March 2022", f"{MANY + len(AWKWARD)} entries"]
        return
    assert page.locator(".mlw-list > li").count() < MANY
    first = page.url
    page.locator(".mlw-pager a").last.click()
    page.wait_for_url(lambda url: url != first)
    assert page.locator(".mlw-list > li").count() > 0
    page.locator(".mlw-pager a").first.click()
    page.wait_for_url(first)


def test_lines_of_text_stay_short_on_a_large_screen(page, root):
    page.set_viewport_size({"width": 2560, "height": 1300})
    for kind in ("chinese", "links", "month of awkward entries"):
        page.goto(root + PAGES[kind])
        widths = page.locator("article p:visible").evaluate_all(
            "all => all.filter(p => p.textContent.length > 90 && !p.matches('dd p, .mlw-row, .mlw-meta, .mlw-badges')).map(p => p.clientWidth)"
        )
        assert widths
        assert max(widths) <= 44 * 16


def test_what_is_related_stands_beside_the_entry_where_there_is_room(page, root):
    page.goto(root + "entries/many-1.html")
    card, related = box(page, ".mlw-entry"), box(page, ".mlw-related")
    assert related["x"] >= card["x"] + card["width"]
    assert related["y"] < card["y"] + card["height"]
    summary = box(page, "#summary")
    assert summary["y"] < card["y"] + card["height"] + 100  # a long list leaves no gap in the text
    page.set_viewport_size({"width": 768, "height": 900})
    card, related = box(page, ".mlw-entry"), box(page, ".mlw-related")
    assert related["y"] > card["y"] + card["height"]
    assert abs(related["x"] - card["x"]) < 2


def test_front_page_begins_with_a_field_that_searches(page, phone, root):
    for one in (page, phone):
        one.goto(root, wait_until="networkidle")
        field = one.locator("article input[type=search]")
        assert field.get_attribute("aria-label")
        assert field.bounding_box()["y"] < 450  # in sight at once
        field.fill("interest 17")
        field.press("Enter")
        one.wait_for_url("**/search.html?q=interest+17")


def test_filters_stay_in_sight_beside_long_results(page, root):
    page.goto(root + "search.html", wait_until="networkidle")
    page.wait_for_selector(".mlw-results li")
    page.mouse.move(900, 500)
    for _ in range(6):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(150)
    assert page.evaluate("scrollY") > 2000
    seen = box(page, ".mlw-facets")
    assert 0 <= seen["y"] < 100
    assert seen["y"] + seen["height"] <= 900
    page.get_by_role("checkbox", name="2019").check()
    page.wait_for_url("**year=2019**")


def test_filters_on_a_phone_are_a_sheet_that_says_what_is_left_and_closes(phone, root):
    phone.goto(root + "search.html", wait_until="networkidle")
    summary = phone.locator(".mlw-facets > summary")
    summary.tap()
    sheet = box(phone, ".mlw-facets")
    assert (sheet["x"], sheet["y"], sheet["width"], sheet["height"]) == (0, 0, 360, 740)
    done = phone.locator("#mlw-done")
    phone.get_by_role("checkbox", name="2019").tap()
    phone.wait_for_url("**year=2019**")
    phone.wait_for_function("document.getElementById('mlw-done').textContent.startsWith('1')")
    assert done.inner_text() == phone.locator("#mlw-status").text_content()
    assert (
        done.bounding_box()["y"] + done.bounding_box()["height"] <= 740
    )  # in reach, however long the filters are
    done.tap()
    assert phone.locator("#mlw-facets").is_hidden()
    assert phone.evaluate("document.activeElement.tagName") == "SUMMARY"
    for leave in ("Escape", "Shift+Tab"):  # by a key, and by going elsewhere
        summary.tap()
        assert phone.locator("#mlw-facets").is_visible()
        summary.focus()
        phone.keyboard.press(leave)
        assert phone.locator("#mlw-facets").is_hidden()


def test_fingers_find_targets_of_44_pixels(phone, root):
    sizes = "all => all.filter(e => e.checkVisibility()).map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()]).filter(([, b]) => b.height < 43.5).map(([text, b]) => `${text} ${b.height}`)"
    phone.goto(root + PAGES["keyword of 500 entries"], wait_until="networkidle")
    assert phone.locator(".mlw-own button:visible").count() > 100
    assert phone.locator(".mlw-own button, .mlw-pager a").evaluate_all(sizes) == []
    phone.goto(root + "entries/many-1.html", wait_until="networkidle")
    assert phone.locator(".mlw-actions a, .mlw-tools button").evaluate_all(sizes) == []
    phone.locator(".primary-toggle").first.tap()
    phone.wait_for_selector(".mlw-nav a:visible")
    assert phone.locator(".mlw-nav a, .mlw-search-box input").evaluate_all(sizes) == []
    phone.goto(root + "search.html", wait_until="networkidle")
    phone.locator(".mlw-facets > summary").tap()
    assert (
        phone.locator(".mlw-search label:has(input), .mlw-search :is(button, #mlw-query)").evaluate_all(sizes)
        == []
    )


def test_high_contrast_keeps_what_colour_alone_would_tell(page, root):
    page.emulate_media(forced_colors="active")
    page.goto(root + PAGES["keyword of 500 entries"], wait_until="networkidle")
    outline = "e => getComputedStyle(e).outlineStyle"
    assert page.locator(".mlw-pager > strong").first.evaluate(outline) == "solid"
    page.locator(".mlw-row a").first.focus()
    page.keyboard.press("m")
    assert page.locator('.mlw-own [aria-pressed="true"]').first.evaluate(outline) == "solid"
    page.goto(root + "starred/index.html")
    assert page.locator('.mlw-nav [aria-current="page"]').evaluate(outline) == "solid"
    page.goto(root + PAGES["links"])
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    icons = page.locator(".mlw-icon").evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)")
    assert len(icons) == len(RELS)
    assert ground not in icons
    page.goto(root + "search.html?q=interest", wait_until="networkidle")
    mark = page.locator(".mlw-excerpt mark, .mlw-title mark").first
    mark.wait_for()
    assert mark.evaluate("e => getComputedStyle(e).backgroundColor") != ground


def test_paper_is_white_and_has_each_entry_whole(page, root):
    page.set_viewport_size({"width": 794, "height": 1123})  # A4
    page.goto(root + PAGES["digest of 500 entries"], wait_until="networkidle")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    star = "getComputedStyle(document.documentElement).getPropertyValue('--mlw-star').trim()"
    dark_star = page.evaluate(star)
    page.emulate_media(media="screen")
    assert page.evaluate(star) != dark_star  # not that of the dark theme
    page.emulate_media(media="print")
    assert page.locator(".mlw-list > li").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    pressed = "button:visible, input:visible, select:visible, summary:visible, nav:visible"
    assert page.locator(f"article :is({pressed})").count() == 0
    article = box(page, "article")
    assert box(page, ".mlw-summary")["width"] > 0.9 * article["width"] - 64


def test_everything_of_the_main_column_ends_at_one_of_two_edges(page, root):
    page.set_viewport_size({"width": 1440, "height": 900})
    edges = """() => {
      const main = document.querySelector('.bd-article').getBoundingClientRect().left;
      const all = [...document.querySelectorAll('.bd-article :is(p, li, h1, h2, figure, .sd-card, .mlw-cite-this), .prev-next-area, .mlw-changed')];
      const there = all.filter(e => e.checkVisibility() && !e.closest('.mlw-related, .mlw-inline, .mlw-panel-list, .mlw-part-list, .mlw-cells, .sd-row, .mlw-figures, .sd-card *, .mlw-cite-this *'));
      return [...new Set(there.map(e => Math.round((e.getBoundingClientRect().right - main) / 8) * 8))].sort((a, b) => a - b);
    }"""
    for kind in ("links", "month of awkward entries", "keyword of 500 entries", "digest of 500 entries"):
        page.goto(root + PAGES[kind], wait_until="networkidle")
        found = page.evaluate(edges)
        assert len([edge for edge in found if edge > 600]) <= 2, (kind, found)


def test_rows_of_a_list_are_compact_and_their_titles_ink(page, root):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(root + PAGES["source of many"], wait_until="networkidle")
    heights = page.locator(".mlw-list > li").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert heights
    assert all(44 <= height <= 72 for height in heights), heights
    ink = page.locator(".bd-article p.mlw-total").evaluate("() => getComputedStyle(document.body).color")
    titles = page.locator(".mlw-row a").evaluate_all(
        "all => [...new Set(all.map(e => getComputedStyle(e).color))]"
    )
    assert titles == [ink]


def test_a_closed_sidebar_leaves_the_page_in_the_middle(page, root):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(root + PAGES["keyword of 500 entries"], wait_until="networkidle")
    page.get_by_role("button", name="Site navigation").click()
    page.wait_for_function("!document.querySelector('.mlw-nav').checkVisibility({visibilityProperty: true})")
    page.wait_for_timeout(400)  # the sidebar slides
    article = box(page, ".bd-article-container")
    assert abs(article["x"] + article["width"] / 2 - 720) < 24


def test_every_page_says_on_a_phone_which_site_it_is(phone, root):
    for kind in ("links", "keyword of 500 entries", "search"):
        phone.goto(root + PAGES[kind])
        name = phone.get_by_role("banner").get_by_role("link", name="ML Watch")
        seen = name.bounding_box()
        assert seen
        assert seen["y"] < 60
        assert seen["width"] > 60


def test_nothing_moves_when_the_scripts_are_there(phone, page, root):
    shift = """() => new Promise(done => {
      let sum = 0;
      new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
      setTimeout(() => done(sum), 500);
    })"""
    for one in (phone, page):
        for kind in ("links", "bare", "long", "front", "digest of 500 entries"):
            one.goto(root + PAGES[kind], wait_until="networkidle")
            assert one.evaluate(shift) < 0.02, kind


def test_paper_has_addresses_in_ink_and_no_neighbors(page, root):
    page.goto(root + PAGES["links"], wait_until="networkidle")
    page.emulate_media(media="print")
    after = "a => getComputedStyle(a, '::after').content"
    assert page.locator("a.mlw-read").evaluate(after).startswith('": https://example.org/links')
    paper = page.locator(".mlw-fields a.mlw-out").first
    assert paper.evaluate(after).startswith('" (https://paper.example.org/')
    assert page.locator(".prev-next-area:visible, .bd-header:visible, button:visible").count() == 0
    colors = page.locator(".bd-article a:visible").evaluate_all(
        "all => [...new Set(all.map(a => getComputedStyle(a).color))]"
    )
    assert colors == [page.evaluate("getComputedStyle(document.body).color")]
