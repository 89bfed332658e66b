"""Phones, paper, a site on a disk, addresses of folders."""

from __future__ import annotations

import pytest
from tests.browser.comfort.conftest import (
    COUNT,
    FIRST,
    POLICY,
    YEAR,
    focused,
    made,
    opened,
    own,
    press,
    shown,
)
from tests.browser.serving import serve

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_finger_gets_no_preview_and_buttons_that_are_large_enough(chromium, root):
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page, wrong = opened(context)
    page.goto(root + "years/2021-05.html")
    boxes = page.locator(".mlw-own button").evaluate_all(
        "all => all.map(one => { const box = one.getBoundingClientRect(); return [box.width, box.height, box.right] })"
    )
    assert len(boxes) == 2 * COUNT
    assert all(width >= 24 and height >= 24 and right <= 320 for width, height, right in boxes)
    assert page.locator(".mlw-own button:visible").count() == 2 * COUNT
    page.locator(".mlw-own button").first.tap()
    assert own(page, FIRST, "read") == "true"
    page.evaluate(
        "() => document.addEventListener('click', event => event.preventDefault())"  # so that the tap does not leave
    )
    page.locator(f'.mlw-row a[href*="{FIRST}"]').tap()
    page.wait_for_timeout(800)
    assert page.get_by_role("tooltip").count() == 0
    page.goto(f"{root}{FIRST}.html")
    tools = page.locator(".mlw-tools button")
    assert tools.count() == 5
    inside = "all => all.every(b => b.getBoundingClientRect().right <= b.closest('article').getBoundingClientRect().right)"
    assert tools.evaluate_all(inside)
    page.get_by_role("button", name="Keyboard shortcuts").tap()
    inside = "d => d.getBoundingClientRect().left >= 0 && d.getBoundingClientRect().right <= innerWidth"
    assert page.get_by_role("dialog").evaluate(inside)
    context.close()
    assert wrong == []


def test_paper_has_the_text_and_not_the_buttons(page, root):
    page.goto(root + YEAR)
    press(page, "j", "m")
    page.emulate_media(media="print")
    for selector in (".mlw-own", ".mlw-mine", ".mlw-told", ".mlw-help-button", ".mlw-nav", ".headerlink"):
        assert page.locator(f"{selector}:visible").count() == 0, selector
    assert shown(page) == COUNT
    assert page.locator("h1:visible").count() == 1
    page.evaluate("document.documentElement.dataset.theme = 'dark'")  # paper is white
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    assert page.locator(".mlw-summary").first.evaluate("e => getComputedStyle(e).color") == "rgb(34, 40, 50)"
    page.goto(f"{root}{FIRST}.html")
    assert page.locator(".mlw-tools:visible, .mlw-cite-this:visible").count() == 0
    address = page.locator("a.mlw-read").evaluate("a => getComputedStyle(a, '::after').content")
    assert "https://example.org/5" in address


def test_opened_from_disk_it_is_quiet(page, site):
    page.goto((site / "years" / "2021-05.html").as_uri())
    page.keyboard.press("j")
    assert focused(page) == "part-5"
    page.wait_for_timeout(900)
    assert page.get_by_role("tooltip").count() == 0
    page.keyboard.press("m")
    assert own(page, FIRST, "read") == "true"


def test_addresses_of_folders_are_the_same_entries(page, tmp_path):
    with serve(made(tmp_path, "dirhtml"), POLICY) as (root, _):
        page.goto(f"{root}{FIRST}/")
        page.keyboard.press("m")
        page.goto(f"{root}digests/news/2021/")
        assert own(page, FIRST, "read") == "true"
        page.goto("about:blank")
