"""Sphinx's link check goes over the links of every entry; asked is a server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONF: Final = """\
extensions = ["mlwatch"]
mlwatch_last_changed = False
linkcheck_timeout = 2
linkcheck_retries = 1
linkcheck_workers = 8
"""
INDEX: Final = "# Front\n\n```{toctree}\nyears/index\npapers/index\n```\n"


class Server(NamedTuple):
    """Where the server is, and which paths it was asked for."""

    url: str
    asked: list[str]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    asked: list[str] = []
    patience = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            page = self.path.partition("?")[0].strip("/").partition("-")[0]
            if page == "slow":
                patience.wait(20)
            if page == "late":
                patience.wait(0.3)
            self.send_response({"moved": 301, "elsewhere": 302, "gone": 404, "broken": 500}.get(page, 200))
            if page in ("moved", "elsewhere"):
                self.send_header("Location", "/ok-at-last")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - http.server names it so

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the check does not wait for the slow page
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        served.daemon_threads = True
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield Server(f"http://127.0.0.1:{served.server_port}", asked)
        patience.set()
        served.shutdown()
        thread.join()


class Checked(NamedTuple):
    """How a check ended, what its report has (path to record), and which paths the server was asked for."""

    code: int
    log: str
    report: dict[str, dict[str, Any]]
    asked: set[str]


def check(folder: Path, server: Server, entries: dict[str, str]) -> Checked:
    """Check the links of a project with *entries* (name to options; ``SERVER`` is the server's address)."""
    (folder / "docs/entries").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "docs/index.md").write_text(INDEX, encoding="utf-8")
    for name, text in entries.items():
        source = text.replace("SERVER", server.url)
        (folder / f"docs/entries/{name}.md").write_text(source, encoding="utf-8")
    before = len(server.asked)
    done = sphinx_linkcheck(folder)
    lines = (folder / "_out/output.json").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return Checked(
        done.returncode,
        done.stdout + done.stderr,
        {record["uri"].removeprefix(server.url): record for record in found},
        set(server.asked[before:]),
    )


def sphinx_linkcheck(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the links of the project in *folder*; the report is in ``_out``."""
    proxies = {name: "" for name in os.environ if name.lower().endswith("_proxy")}
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "linkcheck", "--no-color", "-c", ".", "docs", "_out"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **proxies, "no_proxy": "*", "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )


def entry(*options: str, body: str = "") -> str:
    return "\n".join(["# An entry", "", "```{mlentry}", ":source: Someone", *options, "```", "", body, ""])


@pytest.fixture(scope="module")
def checked(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check(
        tmp_path_factory.mktemp("links"),
        server,
        {
            "ok": entry(":url: SERVER/ok-article", ":date: 2021-09-16"),
            "moved": entry(":url: SERVER/moved-article"),
            "elsewhere": entry(":url: SERVER/elsewhere-article"),
            "gone": entry(":url: SERVER/gone-article", ":archived: SERVER/ok-snapshot"),
            "slow": entry(":url: SERVER/slow-article"),
            "late": entry(":url: SERVER/late-article"),
            "paper": entry(
                ":url: SERVER/ok-with-paper",
                ":paper: [A paper](SERVER/ok-paper?a=1&b=2) SERVER/gone-paper",
                ":code: SERVER/ok-code",
                ":also: SERVER/ok-also",
                ":image: [A chart](SERVER/ok-chart.png)",
                body="## Summary\n\nWith a [link](SERVER/gone-in-text).\n",
            ),
        },
    )


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/ok-article", "working", 0),
        ("/moved-article", "redirected", 301),
        ("/elsewhere-article", "redirected", 302),
        ("/gone-article", "broken", 0),
        ("/slow-article", "timeout", 0),
        ("/late-article", "working", 0),
        ("/ok-snapshot", "working", 0),
        ("/ok-with-paper", "working", 0),
        ("/ok-paper?a=1&b=2", "working", 0),
        ("/gone-paper", "broken", 0),
        ("/ok-code", "working", 0),
        ("/ok-also", "working", 0),
        ("/ok-chart.png", "working", 0),
        ("/gone-in-text", "broken", 0),
    ],
)
def test_report_has_the_state_of_every_link(checked: Checked, path: str, status: str, code: int) -> None:
    record = checked.report[path]
    assert (record["status"], record["code"]) == (status, code)


def test_report_has_nothing_else(checked: Checked) -> None:
    assert len(checked.report) == 14, sorted(checked.report)


def test_moved_link_tells_where_to(checked: Checked) -> None:
    assert checked.report["/moved-article"]["info"].endswith("/ok-at-last")


def test_gone_link_tells_why_and_where_it_stands(checked: Checked) -> None:
    record = checked.report["/gone-article"]
    assert "404" in record["info"]
    assert record["filename"].endswith("entries/gone.md")


def test_broken_links_end_the_check_non_zero(checked: Checked) -> None:
    assert checked.code != 0


def test_each_link_is_asked_for_where_it_leads_and_nothing_else(checked: Checked) -> None:
    assert checked.asked == {*checked.report, "/ok-at-last"}


def test_moved_link_alone_is_no_failure(server: Server, tmp_path: Path) -> None:
    """As the Makefile and the guide say: it is in the report."""
    done = check(
        tmp_path,
        server,
        {
            "ok": entry(":url: SERVER/ok-a"),
            "moved": entry(":url: SERVER/moved-a"),
        },
    )
    assert {record["status"] for record in done.report.values()} == {"working", "redirected"}
    assert done.code == 0, done.log
