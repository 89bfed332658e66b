"""What makes reading comfortable, in a browser: keys, previews, copying, marks of one's own, paper."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
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


def build(folder: Path, builder: str) -> Path:
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
    out = folder / "out"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "-b",
        builder,
        "-c",
        ".",
        "-d",
        "doctrees",
        "docs",
        "out",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("comfort"), "html")


@pytest.fixture(scope="module")
def host(site, tmp_path_factory) -> Iterator[str]:
    # Two sites on one host, each below its root.
    folder = tmp_path_factory.mktemp("host")
    for name in ("one", "two"):
        (folder / name).symlink_to(site)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
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
            if m.type == "error" and "inline" not in m.text and "theme mode" not in m.text
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


# --- Keys ---------------------------------------------------------------------------------------------------------


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
    help_ = page.get_by_role("dialog", name="Keys and marks")
    assert help_.is_visible()
    assert {"j", "k", "s", "?"} <= set(help_.locator("kbd").all_inner_texts())
    press(page, "j", "m")  # behind a dialog nothing moves
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert help_.is_hidden()
    page.get_by_role("button", name="Keys and marks").click()  # without a keyboard
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
    page.get_by_label("Use keys of one letter or sign").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    press(page, "j", "s", "/", "?")
    assert page.evaluate("document.activeElement.name || ''") == ""
    assert page.locator("dialog.mlw-help").count() == 0
    page.get_by_role("button", name="Keys and marks").click()
    page.get_by_label("Use keys of one letter or sign").check()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert focused(page).startswith("part-")


# --- Preview ------------------------------------------------------------------------------------------------------


def test_hover_shows_what_an_entry_is_and_it_stays_until_it_is_left(page, root):
    page.goto(root + YEAR)
    link = page.locator(f'.mlw-row a[href*="{FIRST}"]')
    link.hover()
    preview = page.get_by_role("tooltip")
    preview.wait_for()
    text = preview.inner_text()
    assert text.splitlines()[0] == "Part 5 of 50% <b>waves</b> {and} more"  # text, never HTML
    assert "Lab & Co · 6 May 2021" in text
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


# --- Copying ------------------------------------------------------------------------------------------------------


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


# --- Marks --------------------------------------------------------------------------------------------------------


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
    page.goto(f"{root}{SECOND}.html")  # "Later" leads to it
    after = page.locator(f'.mlw-fields a[href*="{FIRST.rpartition("/")[2]}"]').evaluate(
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
        page.get_by_role("status").filter(has_text=f"{count} of 6 entries shown.").wait_for()
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


def test_marks_go_out_and_in_as_json(page, root, tmp_path):
    page.goto(root + YEAR)
    press(page, "j", "m", "j", "f", "?")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as JSON").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    given = json.loads(file.read_text("utf-8"))
    assert (given["format"], given["version"]) == ("mlwatch-marks", 1)
    assert sorted(kind for record in given["entries"].values() for kind in record) == ["read", "star"]

    page.get_by_role("button", name="Remove all marks").click()
    assert "1 read, 1 starred by you" in page.get_by_role("dialog").inner_text()
    page.get_by_role("button", name="Really remove all marks").click()
    assert "0 read, 0 starred by you" in page.get_by_role("dialog").inner_text()
    assert page.locator('.mlw-own [aria-pressed="true"]').count() == 0

    def bring(path: Path) -> str:
        before = page.locator("dialog [role=status]").inner_text()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import …").click()
        chooser.value.set_files(path)
        page.wait_for_function(
            "before => !['', before].includes(document.querySelector('dialog [role=status]').textContent)",
            arg=before,
        )
        return str(page.locator("dialog [role=status]").inner_text())

    assert bring(file) == "Imported: 2 new marks, 0 that were here."
    assert bring(file) == "Imported: 0 new marks, 2 that were here."
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator('.mlw-own [aria-pressed="true"]').count() == 2
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")

    broken = tmp_path / "broken.json"
    for content, reason in {
        "{": "is no JSON file",
        "[1, 2]": "has no marks",
        "null": "has no marks",
        '{"format": "mlwatch-marks", "entries": []}': "has no marks",
    }.items():
        broken.write_text(content, "utf-8")
        assert reason in bring(broken)
        broken.write_text('{"format": "mlwatch-marks", "entries": {}}', "utf-8")
        bring(broken)
    odd = {
        "__proto__": {"read": "2021-01-01"},
        "elsewhere/x": {"read": "2021-01-01"},
        "watched/a": {"read": "<b>"},
        "watched/b": None,
        "watched/c": {"read": "2021-01-01", "other": 1},
    }
    broken.write_text(json.dumps({"format": "mlwatch-marks", "entries": odd}), "utf-8")
    assert bring(broken).endswith(
        "1 new marks, 0 that were here. 4 records were left out, for they are not of this form."
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
    assert "lets the site keep nothing" in page.get_by_role("dialog").inner_text()
    assert set(wrong) <= {"closed"}  # the theme asks for it, too, and does not mind the answer


def test_full_storage_is_said(page, root):
    page.goto(f"{root}{FIRST}.html")
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    page.get_by_role("button", name="Mark as read").click()
    page.get_by_role("status").filter(has_text="cannot be kept").wait_for()
    assert page.get_by_role("button", name="Mark as read").get_attribute("aria-pressed") == "false"


# --- Phones, paper, disk ------------------------------------------------------------------------------------------


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
    inside = "all => all.every(b => b.getBoundingClientRect().right <= b.closest('.mlw-entry').getBoundingClientRect().right)"
    assert tools.evaluate_all(inside)
    page.get_by_role("button", name="Keys and marks").tap()
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
    assert page.locator(".mlw-excerpt").first.evaluate("e => getComputedStyle(e).color") == "rgb(34, 40, 50)"
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
    out = build(tmp_path, "dirhtml")
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(out))
    ) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        root = f"http://127.0.0.1:{server.server_port}/"
        page.goto(f"{root}{FIRST}/")
        page.keyboard.press("m")
        page.goto(f"{root}digests/news/2021/")
        assert own(page, FIRST, "read") == "true"
        page.goto("about:blank")
        server.shutdown()
        thread.join()
