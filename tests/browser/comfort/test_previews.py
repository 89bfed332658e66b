"""Previews of entries: by pointer and focus, never in the way."""

from __future__ import annotations

import pytest
from tests.browser.comfort.conftest import FIRST, YEAR, focused, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_hover_shows_what_an_entry_is_and_it_stays_until_it_is_left(page, root):
    page.goto(root + YEAR)
    link = page.locator(f'.mlw-row a[href*="{FIRST}"]')
    link.hover()
    preview = page.get_by_role("tooltip")
    preview.wait_for()
    text = preview.inner_text()
    assert text.splitlines()[0] == "Part 5 of 50% <b>waves</b> {and} more"  # text, never HTML
    assert "Lab & Co · May 6, 2021" in text
    assert "First words of part 5." in text
    assert link.get_attribute("aria-describedby") == preview.get_attribute("id")
    preview.hover()  # WCAG 1.4.13: the pointer can go there
    page.wait_for_timeout(400)
    assert preview.is_visible()
    page.mouse.move(5, 5)
    preview.wait_for(state="detached")
    assert link.get_attribute("aria-describedby") is None


def test_focus_shows_it_and_escape_closes_it_without_moving(page, root):
    page.goto(root + YEAR)
    page.keyboard.press("j")
    preview = page.get_by_role("tooltip")
    preview.wait_for()
    name = focused(page)
    page.keyboard.press("Escape")
    assert preview.count() == 0
    assert focused(page) == name
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "j", "k")
    preview.wait_for()
    assert [url for url in asked if url.endswith(f"{name}.html")] == []  # it was asked for once


def test_missing_page_has_no_preview(page, root):
    page.goto(root + YEAR)
    link = page.locator(f'.mlw-row a[href*="{FIRST}"]')
    page.route("**/watched/*", lambda route: route.fulfill(status=200, body="<h1>Something else</h1>"))
    with page.expect_response("**/watched/*"):
        link.hover()
    page.wait_for_timeout(100)
    assert page.get_by_role("tooltip").count() == 0


def test_without_a_connection_a_preview_says_so_and_comes_when_it_is_back(context, page, root):
    page.goto(root + YEAR)
    context.set_offline(True)
    link = page.locator(f'.mlw-row a[href*="{FIRST}"]')
    preview = page.get_by_role("tooltip")
    link.hover()
    preview.filter(has_text="You are offline").wait_for()
    page.mouse.move(5, 5)
    preview.wait_for(state="detached")
    context.set_offline(False)
    link.hover()
    preview.filter(has_text="First words of part 5.").wait_for()


def test_without_a_connection_marks_help_and_copying_work(context, page, root):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=root.partition("/one")[0])
    page.goto(f"{root}{FIRST}.html")
    context.set_offline(True)
    page.get_by_role("button", name="Mark as read").click()
    page.get_by_role("status").filter(has_text="Marked as read").wait_for()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    page.keyboard.press("?")
    assert "stored only in this browser" in page.get_by_role("dialog").inner_text()
