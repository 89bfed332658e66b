"""Looks at the built site with Lighthouse, on a phone and on a desk, and fails where a score is under 95.

Run by ``make audit``. The site is served from this machine as a good host would: packed, and kept by the browser where the
address holds a mark of the content.

    python tests/audit/lighthouse.py [--site FOLDER] [--only NAME] [--runs 3] [--slowdown 2] [--save FOLDER]

CHROMIUM names the browser; without it Chromium or Chrome is looked for.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parents[2]
LIGHTHOUSE: Final = ROOT / "tests" / "audit" / "node_modules" / ".bin" / "lighthouse"
#: One page of each kind that a reader meets.
PAGES: Final = {
    "front": "index.html",
    "entry": "entries/2021/discovering-anomalous-data-with-self-supervised-learning.html",
    "digest": "digests/akira/2021-W02.html",
    "keyword": "keywords/self-supervised-learning.html",
    "trends": "trends/index.html",
    "search": "search.html",
    "search for words": "search.html?q=model",
}
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
LEAST: Final = 95
FLAGS: Final = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
PACKED: Final = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as docs/guide/hosting.md tells hosts to."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with contextlib.suppress(ConnectionError):  # a browser that has seen enough
            super().copyfile(source, outputfile)

    def end_headers(self) -> None:
        marked = "v=" in urlsplit(self.path).query or "digest=" in urlsplit(self.path).query
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if marked else "no-cache")
        super().end_headers()

    def send_head(self) -> io.BytesIO | Any:
        path = Path(self.translate_path(self.path))
        if path.suffix not in PACKED or not path.is_file() or "gzip" not in self.headers["Accept-Encoding"]:
            return super().send_head()
        packed = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        return io.BytesIO(packed)


def chromium() -> str:
    """Return the browser to look with."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return found or sys.exit("No Chromium was found: set CHROMIUM to its path.")


def look(url: str, options: list[str]) -> dict[str, Any]:
    """Return Lighthouse's report about the page at *url*."""
    with tempfile.TemporaryDirectory() as profile:
        command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", *options]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--disable-full-page-screenshot"]
        command += [f"--chrome-flags={FLAGS} --user-data-dir={profile}"]
        done = subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": chromium()},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"Lighthouse failed at {url}:\n{done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Return the score of each category, 0 to 100."""
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}


def wanting(report: dict[str, Any]) -> list[str]:
    """Return what keeps a category from 100, in words."""
    audits = report["audits"]
    parts = [
        part for name in CATEGORIES for part in report["categories"][name]["auditRefs"] if part["weight"]
    ]
    found = [audits[part["id"]] for part in parts]
    return [
        f"{audit['title']} {audit.get('displayValue', '')}".rstrip()
        for audit in found
        if audit["score"] is not None and audit["score"] < 0.9
    ]


def sent(report: dict[str, Any]) -> str:
    """Return how much was sent for a page, in all and by kind."""
    items = (
        report["audits"]["resource-summary"]["details"]["items"]
        if "resource-summary" in report["audits"]
        else []
    )
    return ", ".join(
        f"{one['label']} {one['transferSize'] / 1000:.0f}" for one in items if one["transferSize"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--only", choices=PAGES, help="one page")
    parser.add_argument("--runs", type=int, default=1, help="times to look; the best counts")
    parser.add_argument("--slowdown", type=float, default=4, help="of the processor, for the phone")
    parser.add_argument("--save", type=Path, help="a folder for Lighthouse's reports")
    given = parser.parse_args()
    presets = {
        "phone": [f"--throttling.cpuSlowdownMultiplier={given.slowdown}"],
        "desk": ["--preset=desktop"],
    }
    handler = functools.partial(Handler, directory=str(given.site))
    failed = False
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, address in PAGES.items():
            if given.only and given.only != name:
                continue
            for preset, options in presets.items():
                url = f"http://127.0.0.1:{server.server_port}/{address}"
                reports = [look(url, options) for _ in range(given.runs)]
                report = max(reports, key=lambda one: scores(one)["performance"])
                got = scores(report)
                failed |= min(got.values()) < LEAST
                print(
                    f"{name:17} {preset:6}",
                    *(f"{got[one]:4}" for one in CATEGORIES),
                    sent(report),
                    flush=True,
                )
                for line in wanting(report):
                    print(f"    {line}", flush=True)
                if given.save:
                    given.save.mkdir(parents=True, exist_ok=True)
                    (given.save / f"{name.replace(' ', '-')}-{preset}.json").write_text(
                        json.dumps(report), "utf-8"
                    )
        server.shutdown()
    sys.exit(failed)


if __name__ == "__main__":
    main()
