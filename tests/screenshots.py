"""Takes the pictures of the built site: into ``_build/screenshots``, and README's picture into ``docs/_static``.

Run by ``make screenshot``. CHROMIUM names the browser; without it Chromium or Chrome is looked for.
"""

from __future__ import annotations

import http.server
import os
import shutil
import struct
import sys
import threading
import zlib
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parent.parent
SITE: Final = ROOT / "_build" / "html"
PICTURES: Final = ROOT / "_build" / "screenshots"
README_PICTURE: Final = ROOT / "docs" / "_static" / "screenshot.png"
README_LIMIT: Final = 150_000  # bytes

#: Name of the picture: page, each below the root of the site. A page that is not there is left out, with a notice.
PAGES: Final = {
    "front": "index.html",
    "entry": "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "digest-20": "digests/ds-ml/2019-20.html",
    "week-2": "digests/akira/2021-W02.html",
    "keyword": "keywords/self-supervised-learning.html",
}
SIZES: Final = {"desktop": (1280, 900), "phone": (360, 780)}
THEMES: Final = ("light", "dark")
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


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve *folder* on loopback; gives the address of its root, ending in a slash."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def browser_path() -> str | None:
    """Return the browser to drive; None for the one that Playwright installed."""
    if given := os.environ.get("CHROMIUM"):
        return given
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def take(browser: Browser, address: str, path: Path, size: tuple[int, int], theme: str) -> None:
    """Take one picture of what is seen first of the page at *address*; *theme* is light or dark."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=1,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    try:
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        _settle(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, animations="disabled", caret="hide")
    finally:
        context.close()


def _settle(page: Page) -> None:
    """Wait until the fonts are there and the theme's script has drawn its icons."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function("!document.querySelector('i.fa-solid, i.fab, i.fas')")


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
    with sync_playwright() as playwright, serve(SITE) as root:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(OPTIONS))
        for name, page in PAGES.items():
            if not (SITE / page).is_file():
                print(f"left out: {page} is not in the site", file=sys.stderr)
                continue
            for size, pixels in SIZES.items():
                for theme in THEMES:
                    take(browser, root + page, PICTURES / f"{name}-{size}-{theme}.png", pixels, theme)
        take(browser, root, README_PICTURE, (1040, 650), "light")
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
