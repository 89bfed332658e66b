"""Keys: through lists, to the search, to help, and none while one types."""

from __future__ import annotations

import pytest
from tests.browser.comfort.conftest import COUNT, FIRST, YEAR, focused, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("path", [YEAR, "years/2021-05.html", "keywords/waves.html", "search.html"])
def test_j_and_k_go_through_what_a_page_lists_and_enter_opens_it(page, root, path):
    page.goto(root + path)
    page.wait_for_selector(f'.mlw-row a[href*="{FIRST}"]')
    if path == "search.html":
        page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
        page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(COUNT + 3):
        page.keyboard.press("j")
        seen.append(focused(page))
    entries = [name for name in dict.fromkeys(seen) if name.startswith("part-")]
    assert entries == [f"part-{n}" for n in reversed(range(COUNT))]
    assert seen[-1] == seen[-2]  # at the end it stays
    page.keyboard.press("k")
    before = focused(page)
    assert before == list(dict.fromkeys(seen))[-2]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{before}.html")


def test_s_leads_to_the_search_and_question_mark_to_help(page, root):
    page.goto(root + YEAR)
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.name") == "q"
    press(page, "j", "s", "?", "m")  # now one types
    assert page.locator(".mlw-search-box input").input_value() == "js?m"
    assert page.locator("dialog.mlw-help").count() == 0
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert help_.is_visible()
    assert {"j", "k", "s", "?"} <= set(help_.locator("kbd").all_inner_texts())
    press(page, "j", "m")  # behind a dialog nothing moves
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert help_.is_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()  # without a keyboard
    assert help_.is_visible()


def test_no_key_does_anything_while_typing(page, root):
    page.goto(root + YEAR)
    there = "document.activeElement === document.querySelector('article').firstElementChild"
    for field in (
        "<textarea>",
        "<select>",
        "<input>",
        "<div contenteditable>",
        "<div role=textbox tabindex=0>",
    ):
        page.evaluate(
            """html => { document.querySelector('article').insertAdjacentHTML('afterbegin', html);
                         document.querySelector('article').firstElementChild.focus() }""",
            field,
        )
        assert page.evaluate(there), field
        press(page, "j", "k", "s", "m", "f", "?")
        assert page.evaluate(there), field
    assert page.locator("dialog.mlw-help").count() == 0
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('mlwatch-marks'))") == []


def test_keys_with_modifiers_are_the_browsers(page, root):
    page.goto(root + YEAR)
    for modifier in ("Control", "Alt", "Meta"):
        for key in ("j", "m", "f"):
            page.evaluate(
                """([key, name]) => window.prevented = !document.body.dispatchEvent(
                     new KeyboardEvent('keydown', { key, [name]: true, bubbles: true, cancelable: true }))""",
                [key, {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]],
            )
            assert not page.evaluate("window.prevented")
    assert focused(page) == ""


def test_keys_of_one_letter_can_be_switched_off(page, root):
    # WCAG 2.1.4
    page.goto(root + YEAR)
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    press(page, "j", "s", "/", "?")
    assert page.evaluate("document.activeElement.name || ''") == ""
    assert page.locator("dialog.mlw-help").count() == 0
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use single-key shortcuts").check()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert focused(page).startswith("part-")


def test_no_key_does_anything_while_an_input_method_is_at_work(page, root):
    page.goto(root + YEAR)
    sent = """init => { const event = new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true, ...init });
                        return document.body.dispatchEvent(event) }"""
    assert page.evaluate(sent, {"isComposing": True})  # nothing took it
    assert page.evaluate(sent, {"keyCode": 229})  # as Safari sends the last one
    assert focused(page) == ""
    assert not page.evaluate(sent, {})
    assert focused(page).startswith("part-")


@pytest.mark.parametrize(("motion", "way"), [("reduce", "instant"), ("no-preference", "smooth")])
def test_pages_scroll_as_smoothly_as_the_reader_wants(page, root, motion, way):
    page.emulate_media(reduced_motion=motion)
    page.add_init_script(
        "Element.prototype.scrollIntoView = function (options) { window.scrolled = options.behavior }"
    )
    page.goto(root + YEAR)
    page.keyboard.press("j")
    assert page.evaluate("window.scrolled") == way


def test_slash_is_found_on_every_keyboard(page, root):
    page.goto(root + YEAR)
    page.evaluate(  # as on a German one, where it stands above 7
        """document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', shiftKey: true, bubbles: true, cancelable: true }))"""
    )
    assert page.evaluate("document.activeElement.name") == "q"


def test_theme_that_was_chosen_is_there_before_the_page_is(page, root):
    page.add_init_script(
        """new MutationObserver(() => {
             if (document.body && !window.first) window.first = document.documentElement.dataset.theme ?? 'none'
           }).observe(document, { childList: true, subtree: true })"""
    )
    page.goto(root + YEAR)
    page.evaluate("localStorage.setItem('mode', 'dark')")
    page.goto(root + "years/2021-05.html")
    assert page.evaluate("window.first") == "dark"
    page.evaluate("localStorage.setItem('mode', '<nonsense>')")
    page.reload()
    assert page.evaluate("window.first") == "light"
