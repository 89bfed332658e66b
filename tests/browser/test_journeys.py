"""What readers come for, on the real collection: five journeys, each in as few steps as it should take."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final

import pytest
from tests.browser.test_site import ROOT
from tests.browser.test_site import context as context  # noqa: PLC0414 - a fixture
from tests.browser.test_site import root as root  # noqa: PLC0414 - a fixture
from tests.browser.test_site import site as site  # noqa: PLC0414 - a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1440, "height": 900}
#: Whether an element is seen without scrolling, all of it.
IN_SIGHT: Final = """node => { const box = node.getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight; }"""


@pytest.fixture
def page(context) -> Page:
    page: Page = context.new_page()
    page.set_viewport_size(DESKTOP)
    return page


def settle(page: Page) -> list[str]:
    """Wait for the search's answer, and return the titles of the results that are shown."""
    page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
    return page.locator("#mlw-results .mlw-title").all_inner_texts()


def source_of(title: str) -> str:
    """Return the page of the entry with a title, as its curator wrote it."""
    pages = (path.read_text("utf-8") for path in (ROOT / "docs" / "entries").rglob("*.md"))
    (found,) = [text for text in pages if text.startswith(f"# {title}\n")]
    return found


def test_vision_papers_with_code_of_a_year_are_three_steps_away(page, root):
    page.goto(root)
    page.keyboard.press("/")
    page.keyboard.type("self-supervised vision")
    page.keyboard.press("Enter")  # first step
    settle(page)
    page.locator("#mlw-quick").get_by_role("button", name="Has code").click()  # second
    settle(page)
    page.get_by_role("checkbox", name=re.compile("^2021")).first.check()  # third
    page.wait_for_url(re.compile("year=2021"))
    titles = settle(page)
    assert titles
    for title in titles:
        text = source_of(title)
        assert ":code:" in text
        assert re.search(r":(date|digest): .*2021", text)
        assert "supervis" in text
        assert "vision" in text.lower() or "image" in text.lower()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_stranger_sees_at_once_what_an_entry_is_about(chromium: Browser, root: str, size) -> None:
    """Of 20 entries about a paper the summary and the paper are in sight, or the way to the paper is."""
    names = sorted(path for path in (ROOT / "docs" / "entries").rglob("*.md") if ":cite:" in path.read_text())
    context = chromium.new_context(viewport=size, reduced_motion="reduce")
    page = context.new_page()
    for path in random.Random(20).sample(names, 20):
        name = path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        page.goto(root + name)
        about = page.locator("article section section p, .mlw-paper-title").first
        assert about.evaluate("node => node.getBoundingClientRect().top < innerHeight - 100"), name
        paper = page.locator(".mlw-about").first
        assert paper.evaluate("node => node.getBoundingClientRect().top < innerHeight"), name
    context.close()


def test_latest_digest_shows_its_first_highlight_on_a_phone_at_once(page, root):
    page.set_viewport_size(PHONE)
    page.goto(root)
    first = page.locator(".mlw-list .mlw-row").first
    assert first.evaluate(IN_SIGHT)
    page.get_by_role("link", name=re.compile("^ML Watch, ")).first.click()
    page.wait_for_url(re.compile("/digests/"))
    assert page.locator(".mlw-row").first.evaluate(IN_SIGHT)
    assert page.locator(".mlw-summary").first.evaluate(
        "node => node.getBoundingClientRect().top < innerHeight"
    )


def test_exactly_one_record_is_copied(context, page, root):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{root}entries/2021/toward-fast-and-accurate-neural-networks-for-image-recognition.html")
    page.get_by_role("button", name="Copy BibTeX").click()
    page.get_by_text("BibTeX copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.findall(r"^@\w+\{(.*),$", copied, re.MULTILINE) == ["tan2021efficientnetv2"]
    assert copied.strip() in (ROOT / "refs.bib").read_text("utf-8")


@pytest.mark.parametrize("typed", ["2104.00613", "arXiv:2104.00613v1", "https://arxiv.org/pdf/2104.00613"])
def test_arxiv_identifier_finds_its_entry(page, root, typed):
    page.goto(root)
    page.keyboard.press("/")
    page.keyboard.type(typed)
    option = page.locator(".mlw-instant [role=option]")
    option.first.wait_for()
    assert option.count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/entries/"))
    title = page.locator("article section > h1").inner_text().removesuffix("¶").strip()
    assert title == "Revisiting Mask-Head Architectures for Novel Class Instance Segmentation"
