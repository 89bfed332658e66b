"""A reader without JavaScript: a menu on the phone, the system's theme, and nothing that could only work with a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pytest
from tests.browser.serving import build, serve
from tests.browser.test_look import copy_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENTRY = "# An entry\n\n```{mlentry}\n:source: Lab\n:url: https://example.org/a\n:date: 2021-05-01\n```\n"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("plain")
    copy_site(folder)
    (folder / "docs" / "entries").mkdir()
    (folder / "docs" / "entries" / "a.md").write_text(ENTRY, "utf-8")
    with serve(build(folder)) as (address, _):
        yield address


Scheme = Literal["light", "dark"]


def opened(
    chromium: Browser, size: ViewportSize, scheme: Scheme = "light", *, scripts: bool = False
) -> BrowserContext:
    return chromium.new_context(
        viewport=size, java_script_enabled=scripts, color_scheme=scheme, reduced_motion="reduce"
    )


def test_phone_has_a_menu_that_leads_on(chromium: Browser, root: str) -> None:
    context = opened(chromium, PHONE)
    page = context.new_page()
    page.goto(root + "entries/a.html")
    navigation = page.get_by_role("navigation", name="Site")
    assert navigation.count() == 0  # closed: neither seen nor read out
    assert page.locator(".sidebar-toggle:visible").count() == 0
    menu = page.get_by_role("link", name="Menu")
    menu.focus()
    page.keyboard.press("Enter")
    assert navigation.is_visible()
    page.keyboard.press("Tab")
    assert page.locator(".mlw-nav a").first.evaluate("e => e === document.activeElement")
    page.get_by_role("link", name="Digests").click()
    page.wait_for_url("**/digests/index.html")
    assert page.get_by_role("navigation", name="Site").count() == 0
    context.close()


def colors(chromium: Browser, root: str, scheme: Scheme, *, scripts: bool) -> list[str]:
    """Return the colors of the page, of its heading and of its main button."""
    context = opened(chromium, DESKTOP, scheme, scripts=scripts)
    page = context.new_page()
    page.goto(root + "entries/a.html")
    found = [
        page.locator(selector).evaluate(f"e => getComputedStyle(e).{what}")
        for selector, what in (
            ("body", "backgroundColor"),
            ("article h1", "color"),
            ("a.mlw-read", "backgroundColor"),
        )
    ]
    context.close()
    return found


def test_theme_is_the_one_that_the_system_asks_for(chromium: Browser, root: str) -> None:
    light, dark = (colors(chromium, root, scheme, scripts=False) for scheme in ("light", "dark"))
    assert light == colors(chromium, root, "light", scripts=True)
    assert dark == colors(chromium, root, "dark", scripts=True)
    assert not set(light) & set(dark)


def test_nothing_is_shown_that_needs_a_script(chromium: Browser, root: str) -> None:
    for size in (PHONE, DESKTOP):
        context = opened(chromium, size)
        page = context.new_page()
        for path in ("index.html", "entries/a.html", "404.html"):
            page.goto(root + path)
            assert page.locator("button:visible").count() == 0
            assert page.locator("kbd:visible").count() == 0
        context.close()
