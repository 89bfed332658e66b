"""Every kind of page for every reader: axe-core finds nothing, and a strict Content-Security-Policy stops nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import axe_playwright_python
import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
#: One page of each kind.
PAGES: Final = {
    "front": "index.html",
    "entry": "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "entry in Chinese": "entries/2021/taming-transformers-for-high-resolution-image-synthesis.html",
    "digest": "digests/akira/2021-W02.html",
    "digests": "digests/index.html",
    "topics": "topics/index.html",
    "topic": "topics/vision.html",
    "keyword": "keywords/self-supervised-learning.html",
    "sources": "sources/index.html",
    "years": "years/index.html",
    "papers": "papers/index.html",
    "papers of a year": "papers/2021-a-f.html",
    "my list": "my-list.html",
    "trends": "trends/index.html",
    "reading list": "reading-list/index.html",
    "guide": "guide/searching.html",
    "code": "guide/hosting.html",
    "tables": "guide/reference.html",
    "search": "search.html?q=model&source=Google+AI",
    "404": "404.html",
}
#: The rules of WCAG 2.2, A and AA, and what axe calls good practice: headings in order, everything inside landmarks.
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,  # it would ask for the style sheets' own files at wrong addresses, for one rule on turned screens
}
RUN: Final = """async rules => {
  const found = await axe.run(document, rules);
  return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.any[0]?.message ?? ""}`));
}"""


def policy() -> str:
    """Return what the guide tells hosts to send."""
    told = (ROOT / "docs" / "guide" / "hosting.md").read_text("utf-8")
    found = re.search(r"```text\nContent-Security-Policy: ([^\n]+)\n```", told)
    assert found
    return found[1]


def report(entries: Path) -> str:
    """Return a report of a link check in which every second article is gone, so that pages show it."""
    pages = sorted(entries.rglob("*.md"))
    found = [re.findall(r"^:url: (\S+)", page.read_text("utf-8"), re.MULTILINE) for page in pages]
    states = ("broken", "working", "broken", "redirected")
    lines = [
        {"uri": url, "status": states[i % 4], "info": ""} for i, (url, *_) in enumerate(filter(None, found))
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("access")
    skip = shutil.ignore_patterns("__pycache__", "_build", ".mlwatch_cache*")
    for name in ("docs", "_ext"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for name in ("conf.py", "refs.bib"):
        shutil.copy(ROOT / name, folder)
    (folder / "linkcheck.json").write_text(report(folder / "docs" / "entries"), encoding="utf-8")
    with serve(build(folder, "-D", "mlwatch_search=pagefind"), policy()) as (address, _):
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def open_page(page: Page, root: str, kind: str) -> None:
    page.goto(root + PAGES[kind], wait_until="load")
    if kind == "search":
        page.locator("#mlw-results li").first.wait_for()


def violations(page: Page) -> dict[str, list[str]]:
    """Return what axe finds on the page as it is, by theme."""
    page.evaluate(AXE)
    wrong = {}
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        if found := page.evaluate(RUN, RULES):
            wrong[theme] = found
    return wrong


@pytest.mark.parametrize("kind", PAGES)
def test_axe_and_the_policy_find_nothing_and_no_other_host_is_asked(page: Page, root: str, kind: str) -> None:
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', e => broken.push(`${e.violatedDirective} ${e.blockedURI}`))"
    )
    wrong = {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        open_page(page, root, kind)
        assert page.evaluate("broken") == []
        if found := violations(page):
            wrong[width] = found
    assert wrong == {}
    page.set_viewport_size({"width": 320, "height": 640})  # a screen of 1280 px, enlarged to 400 %
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert told == []
    assert [url for url in asked if not url.startswith((root, "data:", "blob:"))] == []


def test_policy_stops_what_is_inline(page: Page, root: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    open_page(page, root, "years")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in one for one in told)


def test_axe_sees_what_is_wrong(page: Page, root: str) -> None:
    open_page(page, root, "entry")
    page.evaluate(
        "document.querySelector('article').insertAdjacentHTML('beforeend', '<h5>x</h5><input><img src=\"\">')"
    )
    page.evaluate(AXE)
    found = {one.partition(":")[0] for one in page.evaluate(RUN, RULES)}
    assert {"heading-order", "label", "image-alt"} <= found


def test_theme_is_chosen_and_kept_under_the_policy(page: Page, root: str) -> None:
    open_page(page, root, "entry")
    assert page.evaluate("document.documentElement.dataset.mode") == "auto"
    for name, theme in (("Color mode: system", "light"), ("Color mode: light", "dark")):
        button = page.get_by_role("button", name=name)
        assert page.locator(".mlw-theme button:visible").count() == 1
        button.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        assert page.evaluate("document.activeElement.matches('.mlw-theme button')")
    page.goto(root + PAGES["guide"], wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_saved_nonsense_leaves_the_theme_to_the_system(page: Page, root: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.add_init_script("localStorage.setItem('mode', '<b>')")
    open_page(page, root, "years")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("width", [1280, 360])
def test_help_opens_and_closes_by_keys_and_gives_the_focus_back(page: Page, root: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, root, "digest")
    button = page.get_by_role("button", name="Keyboard shortcuts")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert dialog.is_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    assert violations(page) == {}
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert button.evaluate("e => e === document.activeElement")


def test_filters_of_a_phone_are_opened_chosen_and_left_by_keys(page: Page, root: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_page(page, root, "search")
    before = page.url
    summary = page.locator(".mlw-facets > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#mlw-facets").is_visible()
    assert violations(page) == {}
    page.get_by_role("checkbox", name="2021").first.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**year=2021**")
    page.keyboard.press("Escape")
    assert page.locator("#mlw-facets").is_hidden()
    assert summary.evaluate("e => e === document.activeElement")
    page.go_back()
    page.wait_for_url(before)


@pytest.mark.parametrize("kind", ["front", "digest", "search"])
def test_first_step_of_the_keyboard_leads_past_the_navigation(page: Page, root: str, kind: str) -> None:
    open_page(page, root, kind)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("kind", ["front", "entry", "digest", "search"])
def test_icons_need_no_font_and_little_is_loaded(page: Page, root: str, kind: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, root, kind)
    drawn = "getComputedStyle(document.querySelector('.primary-toggle span'), '::before')"
    assert page.evaluate(f"{drawn}.maskImage").startswith('url("data:image/svg+xml')
    assert [url for url in asked if "awesome" in url or ".woff" in url] == []
    assert sum(".css" in url for url in asked) == 1


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_loads_at_most_100_kb_of_css_and_no_script_of_bootstrap(
    page: Page, root: str, kind: str
) -> None:
    weights: dict[str, int] = {}
    page.on("response", lambda response: weights.update({response.url: len(response.body())}))
    page.goto(root + PAGES[kind], wait_until="networkidle")
    css = {url: weight for url, weight in weights.items() if ".css" in url}
    assert len(css) == 1
    assert sum(css.values()) <= 100_000
    assert [
        url
        for url in weights
        if any(name in url for name in ("bootstrap", "design-tabs", "highlight.js", "doctools"))
    ] == []


@pytest.mark.parametrize("kind", ["front", "entry", "search"])
def test_every_step_of_the_keyboard_has_the_same_ring(page: Page, root: str, kind: str) -> None:
    open_page(page, root, kind)
    page.evaluate("document.activeElement.blur()")
    rings = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        rings.add(
            page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); return document.activeElement.tagName === 'BODY' ? '' : `${s.outlineColor} ${s.outlineStyle} ${s.outlineWidth}` }"
            )
        )
    assert len(rings - {""}) == 1


@pytest.mark.parametrize("kind", ["front", "entry", "search"])
def test_every_step_of_the_keyboard_is_seen(page: Page, root: str, kind: str) -> None:
    open_page(page, root, kind)
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                return [e.tagName, e.className, r.width > 0 && r.height > 0,
                        (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"]; }"""
            )
        )
    assert len({tuple(one) for one in seen}) > 3
    assert [one for one in seen if one[0] != "BODY" and not (one[2] and one[3])] == []
