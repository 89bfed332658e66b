"""The pages of tests/attacks.py in a browser, with no policy that would stop them: nothing runs, and no other host is asked."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from tests.attacks import ATTACKS, NOTHING_STAYS
from tests.browser.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONF: Final = """
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
mlwatch_last_changed = False
mlwatch_search = "sphinx"
mlwatch_untrusted = ["**", "!index.md"]
mlwatch_series = {"news": {"period": "month"}}
"""
#: A page that is open to attacks: were it built as trusted, it would do what the test looks for.
TRUSTED: Final = "# Front\n\n<script>alert(0)</script>\n\n<img src='https://foreign.example/x.png' alt='x'>\n"
PAGES: Final = {
    name: f"entries/2021/{name}" if attack.name == "entries/2021/evil.md" else attack.name.removesuffix(".md")
    for name, attack in ATTACKS.items()
    if name not in NOTHING_STAYS
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("attacks")
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    for docname, text in {"index": TRUSTED, **{PAGES[name]: ATTACKS[name].page for name in PAGES}}.items():
        path = folder / "docs" / f"{docname}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-c", ".", "docs", "out"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with serve(folder / "out") as (address, _):
        yield address


class Watch:
    """What a page does that a reader would not want."""

    def __init__(self, page: Page, root: str) -> None:
        self.seen: list[str] = []
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda error: self.seen.append(f"error {error}"))
        page.on("console", lambda said: self.seen.append(said.text) if said.type == "error" else None)
        page.on("popup", lambda popup: self.seen.append(f"window {popup.url}"))
        page.route(
            "**/*", lambda route: route.continue_() if route.request.url.startswith(root) else route.abort()
        )
        page.on(
            "request",
            lambda request: (
                self.seen.append(f"request {request.url}")
                if not request.url.startswith((root, "data:", "blob:"))
                else None
            ),
        )

    def _dismiss(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def watch(page: Page, root: str) -> Watch:
    return Watch(page, root)


def test_a_trusted_page_shows_that_the_watch_sees_harm(page: Page, watch: Watch, root: str) -> None:
    watch.seen.clear()
    page.goto(f"{root}index.html", wait_until="load")
    assert {"dialog 0", "request https://foreign.example/x.png"} <= set(watch.seen)


@pytest.mark.parametrize("name", PAGES)
def test_an_attack_runs_nothing_and_asks_no_other_host(
    page: Page, watch: Watch, root: str, name: str
) -> None:
    watch.seen.clear()
    page.goto(f"{root}{PAGES[name]}.html", wait_until="load")
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href)")
    assert [link for link in links if not link.startswith((root, "http://", "https://", "mailto:"))] == []
    page.locator("main").hover()
    assert watch.seen == []


def test_a_formula_is_drawn_without_a_script(page: Page, watch: Watch, root: str) -> None:
    watch.seen.clear()
    page.goto(f"{root}{PAGES['formula']}.html", wait_until="load")
    box = page.locator("math").last.bounding_box()
    assert box
    assert box["height"] > 10
    assert watch.seen == []
