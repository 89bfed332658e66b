"""Takes the pictures of the built site: into ``_build/screenshots``, and README's picture into ``docs/_static``.

Run by ``make screenshot``. CHROMIUM names the browser; without it Chromium or Chrome is looked for.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.serving import serve  # noqa: E402 - run as a script, this file is in no package

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SITE: Final = ROOT / "_build" / "html"
PICTURES: Final = ROOT / "_build" / "screenshots"
README_PICTURE: Final = ROOT / "docs" / "_static" / "screenshot.png"
README_LIMIT: Final = 150_000  # bytes

#: Name of the picture: page, each below the root of the site. A page that is not there is left out, with a notice.
PAGES: Final = {
    "front": "index.html",
    "entry": "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "entry-chinese": "entries/2021/taming-transformers-for-high-resolution-image-synthesis.html",
    "digest-numbered": "digests/ds-ml/2019-20.html",
    "digest-week": "digests/akira/2021-W02.html",
    "digest-month": "digests/ml-watch/2022-01.html",
    "roll-up": "digests/ml-watch/2021.html",
    "series": "digests/ml-watch/index.html",
    "digests": "digests/index.html",
    "topics": "topics/index.html",
    "topic": "topics/vision.html",
    "keyword": "keywords/self-supervised-learning.html",
    "keywords": "keywords/index.html",
    "source": "sources/marktechpost.html",
    "sources": "sources/index.html",
    "month": "years/2021-09.html",
    "years": "years/index.html",
    "starred": "starred/index.html",
    "papers": "papers/index.html",
    "reading-list": "reading-list/index.html",
    "papers-year": "papers/2021-a-f.html",
    "my-list": "my-list.html",
    "trends": "trends/index.html",
    "guide": "guide/searching.html",
    "not-found": "404.html",
    "search": "search.html",
    "search-query": "search.html?q=image",
    "search-filters": "search.html?q=image&year=2021&has=paper",
    "search-nothing": "search.html?q=xyzzy",
}
#: What shows itself only when it is asked for: page, what is pressed or pointed at, in which sizes.
OPENED: Final = {
    "help": ("front", "click", ".mlw-help-button", ("phone", "desktop")),
    "cite": ("entry", "click", ".mlw-cite-this > summary", ("phone", "desktop")),
    "data": ("trends", "click", ".mlw-chart summary", ("phone", "desktop")),
    "filters": ("search-filters", "click", ".mlw-facets > summary", ("phone", "tablet")),
    "preview": ("digest-week", "hover", ".mlw-row a.reference >> nth=2", ("desktop",)),
}
SIZES: Final = {
    "narrow": (320, 640),
    "phone": (390, 844),
    "tablet": (768, 1024),
    "desktop": (1280, 900),
    "wide": (1920, 1080),
    "widest": (2560, 1440),
}
TOUCH: Final = ("narrow", "phone", "tablet")
THEMES: Final = ("light", "dark", "contrast", "print")
#: The sizes in which a picture that differs in its colours alone is worth looking at; all are taken in light.
SPECIAL: Final = {"dark": ("phone", "desktop"), "contrast": ("desktop",), "print": ("tablet",)}
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS: Final = (
    "--no-sandbox",  # the pages are our own, and the sandbox does not start as root or in a container
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # the same letters on every machine that has the same fonts
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)


def browser_path() -> str | None:
    """Return the browser to drive; None for the one that Playwright installed."""
    if given := os.environ.get("CHROMIUM"):
        return given
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def visit(browser: Browser, size: str, theme: str) -> Page:
    """Return a page of that size and theme: light, dark, high contrast or as it is printed."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=1,
        has_touch=size in TOUCH,
        color_scheme="dark" if theme in ("dark", "contrast") else "light",
        forced_colors="active" if theme == "contrast" else "none",
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    page.emulate_media(media="print" if theme == "print" else "screen")
    return page


def take(page: Page, address: str, path: Path, act: tuple[str, str] | None = None) -> None:
    """Take one picture of what is seen first of the page at *address*, after *act*: click or hover, and on what."""
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    if act:
        getattr(page.locator(act[1]).first, act[0])()
        page.wait_for_timeout(800)  # a preview waits whether the pointer stays
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled", caret="hide")


def pack(png: bytes) -> bytes:
    """Return the picture with its data packed as tightly as zlib can, and nothing but what it needs (PNG, 3rd edition, 5)."""
    parts: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name = png[at + 4 : at + 8]
        parts[name] = parts.get(name, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    parts[b"IDAT"] = zlib.compress(zlib.decompress(parts[b"IDAT"]), 9)
    out = png[:8]
    for name in (b"IHDR", b"IDAT", b"IEND"):
        body = parts[name]
        out += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return out


def main() -> int:
    """Take all pictures; return the exit status."""
    if not (SITE / "index.html").is_file():
        print(f"{SITE} holds no site: run `make html` first", file=sys.stderr)
        return 1
    shutil.rmtree(PICTURES, ignore_errors=True)
    there = {name: page for name, page in PAGES.items() if (SITE / page.partition("?")[0]).is_file()}
    for name in PAGES.keys() - there.keys():
        print(f"left out: {PAGES[name]} is not in the site", file=sys.stderr)
    with sync_playwright() as playwright, serve(SITE) as (root, _):
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(OPTIONS))
        for size in SIZES:
            for theme in THEMES:
                if size not in SPECIAL.get(theme, SIZES):
                    continue
                page = visit(browser, size, theme)
                for name, path in there.items():
                    take(page, root + path, PICTURES / f"{name}-{size}-{theme}.png")
                for name, (base, act, what, sizes) in OPENED.items():
                    if base in there and size in sizes and theme != "print":
                        take(page, root + there[base], PICTURES / f"{name}-{size}-{theme}.png", (act, what))
                page.context.close()
        page = visit(browser, "desktop", "light")
        page.set_viewport_size({"width": 1040, "height": 650})
        take(page, root, README_PICTURE)
        browser.close()
    README_PICTURE.write_bytes(pack(README_PICTURE.read_bytes()))
    weight = README_PICTURE.stat().st_size
    print(f"{PICTURES}: {len(list(PICTURES.glob('*.png')))} pictures; {README_PICTURE}: {weight:,} bytes")
    if weight > README_LIMIT:
        print(f"README's picture is heavier than {README_LIMIT:,} bytes", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
