"""What an entry's page copies, where the clipboard is open and where it is not."""

from __future__ import annotations

import pytest
from tests.browser.comfort.conftest import FIRST, SECOND

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_entry_copies_its_link_citation_and_bibtex(context, page, root):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=root.partition("/one")[0])
    page.goto(f"{root}{FIRST}.html?from=list#summary")
    told = page.get_by_role("status")

    def copied(name: str) -> str:
        page.get_by_role("button", name=f"Copy {name}").click()
        told.filter(has_text=f"{name} copied").wait_for()
        return str(page.evaluate("navigator.clipboard.readText()"))

    assert copied("link") == f"{root}{FIRST}.html"
    assert copied("citation") == (
        "Ada Müller and Bo Li. “Part 5 of 50% <b>waves</b> {and} more”. Lab & Co, 2021-05-06."
        " https://example.org/5?a=1&b=2"
    )
    record = copied("BibTeX")
    assert record.startswith("@misc{mlw-part-5,")
    assert record.endswith("}")
    page.goto(f"{root}{SECOND}.html")
    assert copied("citation") == "Lab & Co. “波的部分”. 2021-05-05. https://example.org/4?a=1&b=2"


def test_copying_works_where_the_clipboard_is_closed(page, root):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{root}{FIRST}.html")
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = String(document.activeElement.value) })"
    )
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("status").filter(has_text="Link copied").wait_for()
    assert page.evaluate("window.copied") == f"{root}{FIRST}.html"


def closed(page):
    """Let the browser refuse both ways of copying."""
    page.add_init_script(
        """navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
           if (!window.oldWay) document.execCommand = () => false;"""
    )


def test_copying_works_without_permission_for_the_clipboard(page, root):
    page.add_init_script("window.oldWay = true")
    closed(page)
    page.goto(f"{root}{FIRST}.html")
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = String(document.activeElement.value) })"
    )
    button = page.get_by_role("button", name="Copy citation")
    button.click()
    page.get_by_role("status").filter(has_text="Citation copied").wait_for()
    assert page.evaluate("window.copied").startswith("Ada Müller and Bo Li.")
    assert button.evaluate("one => one === document.activeElement")  # the focus stays where it was


def test_where_nothing_can_copy_the_text_is_there_to_be_copied_by_hand(page, root):
    closed(page)
    page.goto(f"{root}{FIRST}.html")
    for name, start in {"BibTeX": "@misc{mlw-part-5,", "link": root}.items():
        page.get_by_role("button", name=f"Copy {name}").click()
        page.get_by_role("status").filter(has_text="Your browser blocked copying").wait_for()
        field = page.get_by_label("Text to copy")
        assert field.input_value().startswith(start)
        selected = "one => one === document.activeElement && one.selectionEnd - one.selectionStart === one.value.length"
        assert field.evaluate(selected)
        assert field.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
