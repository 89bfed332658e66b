"""The theme's icons, drawn without its font, and those of one's own, which have theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONF = """
import sys
sys.path.insert(0, {ext!r})
project = "Icons"
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
html_sidebars = {{"**": ["navbar-logo.html", "mlwatch-search-navbar-nav.html", "mlwatch-nav.html"]}}
html_theme_options = {{
    "navbar_persistent": [],
    "article_header_start": ["mlwatch-crumbs-navbar-nav.html"],
    "article_header_end": ["mlwatch-tools-navbar-nav.html"],
    "use_download_button": False,
    "use_fullscreen_button": False,
}}
mlwatch_last_changed = False
"""
ENTRY = "# An entry\n\n```{mlentry}\n:source: Lab\n:date: 2021-05-06\n```\n\n## Summary\n\nText.\n"
#: The icons that are seen: their class, their box, and what draws them.
ICONS = """() => [...document.querySelectorAll('[class*="fa-"]')].filter(e => e.checkVisibility()).map(e => {
  const style = getComputedStyle(e, '::before');
  return { name: [...e.classList].filter(c => /^fa-(?!solid|lg|fw)/.test(c)).join(), mask: style.maskImage.slice(0, 19), content: style.content,
    width: parseFloat(style.width), height: parseFloat(style.height), ink: style.backgroundColor, print: style.printColorAdjust };
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("icons")
    (folder / "docs" / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(
        CONF.format(ext=str(Path(__file__).resolve().parents[2] / "_ext")), "utf-8"
    )
    (folder / "docs" / "entries" / "a.md").write_text(ENTRY, "utf-8")
    (folder / "docs" / "own.md").write_text("# Own\n\nUp: {fas}`rocket`\n", "utf-8")
    (folder / "docs" / "index.md").write_text(
        "# Front\n\n```{toctree}\nentries/a\nown\nyears/index\n```\n\n## Part\n\nText.\n", "utf-8"
    )
    with serve(build(folder)) as (address, _):
        yield address


def visit(chromium: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """Return the page and what it asked for."""
    page = chromium.new_context(**{"viewport": {"width": 390, "height": 800}, **options}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    return page, asked


@pytest.mark.parametrize(
    "look",
    [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"java_script_enabled": True}],
    ids=["light", "dark", "forced", "wide"],
)
def test_icons_of_the_theme_are_drawn_without_its_font(
    chromium: Browser, site: str, look: dict[str, Any]
) -> None:
    wide = {"viewport": {"width": 1280, "height": 800}} if "java_script_enabled" in look else {}
    page, asked = visit(chromium, f"{site}entries/a.html", **look, **wide)
    icons = page.evaluate(ICONS)
    assert {icon["name"] for icon in icons} >= {"fa-bars", "fa-home", "fa-circle-half-stroke"}
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for icon in icons:
        assert icon["mask"] == 'url("data:image/svg', icon
        assert icon["content"] == '""', icon  # nothing to hear: the button says what it does
        assert icon["width"] >= 12, icon
        assert icon["height"] >= 12, icon
        assert icon["ink"] not in ("rgba(0, 0, 0, 0)", ground), icon
        assert icon["print"] == "exact", icon
    assert [url for url in asked if "woff" in url or "awesome" in url] == []
    assert sum(".css" in url for url in asked) == 1
    page.context.close()


def test_what_an_icon_stands_for_is_said(chromium: Browser, site: str) -> None:
    page, _asked = visit(chromium, f"{site}entries/a.html")
    for name in ("Toggle primary sidebar", "Color mode"):
        button = page.get_by_role("button", name=name)
        assert button.count() == 1, name
        assert button.is_visible(), name
    assert page.get_by_role("link", name="Home").count() == 1
    page.context.close()


def test_icons_stay_on_paper(chromium: Browser, site: str) -> None:
    page, asked = visit(chromium, f"{site}entries/a.html")
    page.emulate_media(media="print")
    assert all(icon["mask"].startswith('url("data:') for icon in page.evaluate(ICONS))
    page.pdf()
    assert [url for url in asked if "woff" in url] == []
    page.context.close()


def test_an_icon_of_ones_own_has_its_font(chromium: Browser, site: str) -> None:
    page, asked = visit(chromium, f"{site}own.html")
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.fa-rocket'), '::before').content"
    ).startswith('"\uf135"')
    assert page.evaluate("document.fonts.check('900 16px \"Font Awesome 7 Free\"')")
    box = page.locator(".fa-rocket").bounding_box()
    assert box is not None
    assert box["width"] > 8
    assert sum("fa-solid" in url for url in asked) == 1
    # The theme's are drawn as on every other page.
    assert 'url("data:' in page.evaluate(
        "getComputedStyle(document.querySelector('.fa-bars'), '::before').maskImage"
    )
    page.context.close()
