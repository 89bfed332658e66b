"""Marks of a reader's own: kept, shown, chosen by, taken elsewhere; whatever the storage holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.browser.comfort.conftest import FIRST, SECOND, THIRD, YEAR, focused, opened, own, press, shown

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MINE = "my-list.html"
TOLD = ".mlw-told"


def test_marks_are_kept_and_shown_in_lists_results_and_on_the_entry(page, root, host):
    page.goto(f"{root}{FIRST}.html")
    page.get_by_role("button", name="Mark as read").click()
    page.get_by_role("status").filter(has_text="Marked as read").wait_for()
    page.keyboard.press("f")
    page.reload()
    for name in ("Mark as read", "Star"):
        assert page.get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true"
    for path in (YEAR, "years/2021-05.html", "search.html"):
        page.goto(root + path)
        page.wait_for_selector(f'.mlw-own [data-entry="{FIRST}"]')
        assert [own(page, FIRST, kind) for kind in ("read", "star")] == ["true", "true"]
        assert own(page, SECOND, "read") == "false"
    page.goto(f"{root}{SECOND}.html")  # "Related" leads to it
    after = page.locator(f'.mlw-related a[href*="{FIRST.rpartition("/")[2]}"]').evaluate(
        "a => getComputedStyle(a, '::after').content"
    )
    assert "✓ ★" in after
    page.goto(f"{host}two/{FIRST}.html")  # another site of the host
    assert page.get_by_role("button", name="Star", exact=True).get_attribute("aria-pressed") == "false"


def test_a_row_is_marked_by_its_buttons_and_by_keys(page, root):
    page.goto(root + "years/2021-05.html")
    page.locator("li", has_text="波的部分").hover()
    page.get_by_role("button", name="Read: 波的部分").click()
    assert own(page, SECOND, "read") == "true"
    press(page, "j", "m", "f")
    assert own(page, FIRST, "read") == own(page, FIRST, "star") == "true"
    page.keyboard.press("m")
    assert own(page, FIRST, "read") == "false"
    assert page.get_by_role("status").inner_text() == "Marked as unread."


def test_a_list_shows_what_is_unread_read_or_starred(page, root):
    page.goto(root + "years/2021-05.html")
    assert page.get_by_role("group", name="Show").count() == 0  # without marks nothing to choose
    press(page, "j", "m", "j", "m", "f")
    choices = page.get_by_role("group", name="Show").get_by_role("button")
    assert choices.all_inner_texts() == ["All 6", "Unread 4", "Read 2", "Starred by me 1"]
    for name, count in (("Unread 4", 4), ("Read 2", 2), ("Starred by me 1", 1), ("All 6", 6)):
        page.get_by_role("button", name=name, exact=True).click()
        assert shown(page) == count, name
        page.get_by_role("status").filter(has_text=f"{count} of 6 entries are shown.").wait_for()
    page.get_by_role("button", name="Unread").click()
    page.reload()
    assert shown(page) == 4  # the address has it
    page.keyboard.press("j")
    assert focused(page) == THIRD.rpartition("/")[2]  # j leads over what is hidden


def test_search_has_a_facet_of_the_readers_own_marks(page, root):
    def titles() -> list[str]:
        page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
        links = page.locator(".mlw-results .mlw-title").evaluate_all("all => all.map(a => a.href)")
        return sorted(link.rpartition("-")[2].removesuffix(".html") for link in links)

    page.goto(root + "search.html")
    titles()
    assert page.locator('[data-facet="mine"]').count() == 0  # who has no marks is not asked
    page.goto(root + "years/2021-05.html")
    press(page, "j", "m", "j", "j", "m", "f")
    page.goto(root + "search.html?q=part")
    titles()
    facet = page.locator('[data-facet="mine"]')
    facet.locator("summary").click()
    facet.locator("label").first.wait_for()
    assert [one.replace("\n", "") for one in facet.locator("label").all_inner_texts()] == [
        "Unread4",
        "Read2",
        "Starred by me1",
    ]
    facet.get_by_label("Read", exact=False).nth(1).check()
    page.wait_for_url("**mine=read*")
    assert titles() == ["3", "5"]
    facet.get_by_label("Read", exact=False).nth(1).uncheck()
    page.wait_for_url(lambda url: "mine" not in url)
    page.goto(root + "search.html?mine=star")  # an address that was kept
    assert titles() == ["3"]
    assert page.locator("#mlw-chosen").inner_text().startswith("Starred by me")
    page.locator(f'.mlw-own [data-entry="{THIRD}"][data-kind="star"]').click()
    page.wait_for_function("document.querySelector('#mlw-results li')")  # it stays until one asks again
    page.reload()
    page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
    assert page.locator(".mlw-results li").count() == 0


def test_other_tab_shows_a_mark_at_once(context, page, root):
    page.goto(root + YEAR)
    other = context.new_page()
    other.goto(f"{root}{FIRST}.html")
    other.keyboard.press("m")
    page.wait_for_selector(f'[data-entry="{FIRST}"][aria-pressed="true"]', state="attached")


def test_my_list_has_what_was_starred_and_read_the_last_first(page, root):
    page.goto(root + MINE)
    assert "Nothing yet" in page.locator(".mlw-total").inner_text()
    page.goto(root + YEAR)
    press(page, "j", "m", "f", "j", "f")
    page.goto(root + MINE)
    page.wait_for_selector(".mlw-my-list h2")
    assert page.locator(".mlw-my-list h2").all_inner_texts() == ["Starred by me (2)", "Read (1)"]
    lists = page.locator(".mlw-my-list ul.mlw-list")
    links = [link.get_attribute("href") or "" for link in lists.nth(0).locator(".mlw-title").all()]
    assert sorted(links) == sorted(f"{root}{name}.html" for name in (FIRST, SECOND))
    assert "Lab & Co · May 6, 2021" in lists.nth(1).inner_text()
    assert "First words of part 5." in lists.nth(1).inner_text()
    lists.nth(1).locator('[data-kind="read"]').click()
    page.locator(".mlw-total").filter(has_text="0 read, 2 starred by you").wait_for()
    page.wait_for_function("document.querySelectorAll('.mlw-my-list h2').length === 1")


def test_marks_go_out_and_in_as_json(page, root, tmp_path):
    page.goto(root + YEAR)
    press(page, "j", "m", "j", "f")
    page.goto(root + MINE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as JSON").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    given = json.loads(file.read_text("utf-8"))
    assert (given["format"], given["version"]) == ("mlwatch-marks", 1)
    assert sorted(kind for record in given["entries"].values() for kind in record) == ["read", "star"]

    page.get_by_role("button", name="Remove all").click()
    assert page.locator(".mlw-total").inner_text() == "1 read, 1 starred by you"
    page.get_by_role("button", name="Confirm: remove all").click()
    page.locator(".mlw-total").filter(has_text="Nothing yet").wait_for()
    assert page.locator('.mlw-own [aria-pressed="true"]').count() == 0

    def bring(path: Path) -> str:
        before = page.locator(TOLD).inner_text()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import …").click()
        chooser.value.set_files(path)
        page.wait_for_function(
            "before => !['', before].includes(document.querySelector('.mlw-told').textContent)",
            arg=before,
        )
        return str(page.locator(TOLD).inner_text())

    assert bring(file) == "2 marks were added."
    assert bring(file) == "0 marks were added. 2 were already here."
    page.goto(root + YEAR)
    assert page.locator('.mlw-own [aria-pressed="true"]').count() == 2
    page.goto(root + MINE)

    broken = tmp_path / "broken.json"
    for content, reason in {
        "{": "is not a JSON file",
        "[1, 2]": "was not exported from this site",
        "null": "was not exported from this site",
        '{"format": "mlwatch-marks", "version": 1, "entries": []}': "was not exported from this site",
        '{"format": "mlwatch-marks", "version": 2, "entries": {}}': "was not exported from this site",
        "[" * 100_000: "is not a JSON file",
    }.items():
        broken.write_text(content, "utf-8")
        assert reason in bring(broken)
        broken.write_text('{"format": "mlwatch-marks", "version": 1, "entries": {}}', "utf-8")
        bring(broken)
    odd = {
        "__proto__": {"read": "2021-01-01"},
        "constructor": {"star": "2021-01-01"},
        "watched/" + "x" * 2000: {"read": "2021-01-01"},
        "watched/list": {"read": ["2021-01-01"]},
        "watched/day": {"read": "2021-99-99"},
        "elsewhere/x": {"read": "2021-01-01"},
        "watched/a": {"read": "<b>"},
        "watched/b": None,
        "watched/c": {"read": "2021-01-01", "other": 1},
    }
    broken.write_text(json.dumps({"format": "mlwatch-marks", "version": 1, "entries": odd}), "utf-8")
    assert bring(broken).endswith(
        "1 mark was added. 8 records were skipped: they are not entries of this site."
    )


def test_whatever_stands_in_the_storage_the_page_works(page, root):
    page.goto(root + YEAR)
    for value in ("{", "[]", '{"format": "other"}', '{"format": "mlwatch-marks", "entries": 1}'):
        page.evaluate("value => localStorage.setItem('mlwatch-marks:/one/', value)", value)
        page.reload()
        press(page, "j", "m")
        assert page.locator('.mlw-own [aria-pressed="true"]').count() == 1, value


def test_without_storage_there_are_no_marks_and_all_else_works(context, root):
    page, wrong = opened(context)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed') } })"
    )
    page.goto(root + YEAR)
    press(page, "j", "m")
    assert focused(page).startswith("part-")
    assert page.locator(".mlw-own").count() == 0
    page.keyboard.press("?")
    assert "blocks storage" in page.get_by_role("dialog").inner_text()
    assert set(wrong) <= {"closed"}  # the theme asks for it, too, and does not mind the answer


def test_full_storage_is_said(page, root):
    page.goto(f"{root}{FIRST}.html")
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    page.get_by_role("button", name="Mark as read").click()
    page.get_by_role("status").filter(has_text="Could not save").wait_for()
    assert page.get_by_role("button", name="Mark as read").get_attribute("aria-pressed") == "false"


def test_file_that_is_too_large_is_not_read(page, root, tmp_path):
    page.goto(root + MINE)
    large = tmp_path / "large.json"
    large.write_text(
        '{"format": "mlwatch-marks", "version": 1, "entries": {' + " " * 10_000_000 + "}}", "utf-8"
    )
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import …").click()
    chooser.value.set_files(large)
    page.locator(TOLD).filter(has_text="larger than 10 MB").wait_for()


def test_two_tabs_lose_no_mark_of_each_other(context, page, root):
    other = context.new_page()
    # A tab that sleeps hears of nothing: it knows only what was there when it was opened.
    other.add_init_script(
        "window.addEventListener('storage', event => event.stopImmediatePropagation(), true)"
    )
    page.goto(root + YEAR)
    other.goto(root + YEAR)
    press(page, "j", "m")
    press(other, "j", "j", "f")
    assert [own(other, FIRST, "read"), own(other, SECOND, "star")] == ["true", "true"]
    page.reload()
    assert [own(page, FIRST, "read"), own(page, SECOND, "star")] == ["true", "true"]
    page.goto(root + MINE)
    page.get_by_role("button", name="Remove all").click()
    page.get_by_role("button", name="Confirm: remove all").click()
    page.locator(TOLD).filter(has_text="Everything was removed").wait_for()
    other.reload()
    assert other.locator('.mlw-own [aria-pressed="true"]').count() == 0


def test_import_that_does_not_fit_is_said_and_changes_nothing(page, root, tmp_path):
    page.goto(root + YEAR)
    press(page, "j", "m")
    many = tmp_path / "many.json"
    entries = {
        f"watched/{'x' * 900}{n}": {"read": "2021-01-01"} for n in range(9000)
    }  # the storage holds 5 MB
    many.write_text(json.dumps({"format": "mlwatch-marks", "version": 1, "entries": entries}), "utf-8")
    page.goto(root + MINE)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import …").click()
    chooser.value.set_files(many)
    page.locator(TOLD).filter(has_text="Could not save").wait_for()
    assert page.locator(".mlw-total").inner_text() == "1 read, 0 starred by you"
    page.goto(root + YEAR)
    assert own(page, FIRST, "read") == "true"
