"""Projects built and served on loopback, as hosts do, for the tests in a browser."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator


class Served(NamedTuple):
    """Where a folder is served, and what of it was sent: path and bytes."""

    address: str
    sent: list[tuple[str, int]]


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a policy, says nothing, and gives the site's own page for what is not there, as static hosts do."""

    policy = ""
    sent: list[tuple[str, int]]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        content = source.read()
        self.sent.append((urlsplit(self.path).path, len(content)))
        with suppress(ConnectionError):  # a browser that has seen enough
            outputfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serve(folder: Path, policy: str = "") -> Iterator[Served]:
    """Serve *folder* with *policy* as its Content-Security-Policy, on a free port."""
    sent: list[tuple[str, int]] = []
    handler = type("Handler", (_Handler,), {"sent": sent, "policy": policy})
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{server.server_port}/", sent)
        finally:
            server.shutdown()
            thread.join()


def build(folder: Path, *options: str) -> Path:
    """Build the project in *folder*, with ``conf.py`` beside ``docs``, and return where its pages are."""
    out = folder / "_build" / "html"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", ".", "-d", "_build/doctrees"]
    done = subprocess.run(
        [*command, *options, "docs", str(out)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out
