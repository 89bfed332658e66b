"""A small web on loopback: an article's site, arXiv, Crossref and doi.org, each request remembered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mlwatch.cli import main
from mlwatch.core.conf import find_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mlwatch.core.model import Entry

CONF = 'mlwatch_source_aliases = {"Example Lab": ["example-lab.example", "EXAMPLE LAB INC"]}\n'
#: 1 March 2024.
TODAY = "1709251200"

ATOM = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id><title>ArXiv Query</title>
{entries}</feed>
"""
ATOM_ENTRY = """\
<entry><id>http://arxiv.org/abs/{id}v2</id><published>{date}T17:59:59Z</published>
<title>{title}</title><summary>S</summary>{authors}{more}
<arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CV"/></entry>
"""


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    type: str | None = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    #: Writes the answer itself, to the raw socket.
    raw: Callable[[BaseHTTPRequestHandler], object] | None = None


class Web:
    """A server whose answers a test sets: by path, a reply or several in turn, the last one for good."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.requests: list[Request] = []
        self.papers: dict[str, str] = {}
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.requests.append(Request(self.path, {k.lower(): v for k, v in self.headers.items()}))
                reply = web.reply(self.path)
                if reply.raw:
                    reply.raw(self)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                if reply.type:
                    self.send_header("Content-Type", reply.type)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that hangs up is what some tests are about

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True
        ).start()

    def reply(self, path: str) -> Reply:
        parts = urlsplit(path)
        queue = self.replies.get(path) or self.replies.get(parts.path)
        if queue:
            return queue.pop(0) if len(queue) > 1 else queue[0]
        if parts.path == "/arxiv":
            wanted = parse_qs(parts.query)["id_list"][0].split(",")
            known = "".join(self.papers[one] for one in wanted if one in self.papers)
            return Reply(ATOM.format(entries=known).encode(), type="application/atom+xml")
        return Reply(b"nothing here", 404, "text/plain")

    def put(self, path: str, *replies: Reply | str | bytes) -> str:
        """Set what *path* answers and return its address."""
        self.replies[path] = [
            one if isinstance(one, Reply) else Reply(one.encode() if isinstance(one, str) else one)
            for one in replies
        ]
        return self.url + path

    def paper(self, id_: str, title: str, *authors: str, date: str = "2021-04-01", more: str = "") -> None:
        """Let arXiv know a paper."""
        names = "".join(f"<author><name>{name}</name></author>" for name in authors)
        self.papers[id_] = ATOM_ENTRY.format(id=id_, title=title, authors=names, date=date, more=more)

    def work(self, doi: str, **fields: object) -> None:
        """Let Crossref know a DOI."""
        import json

        message = {"DOI": doi, "type": "journal-article", **fields}
        self.put(
            f"/works/{doi}",
            Reply(json.dumps({"status": "ok", "message": message}).encode(), type="application/json"),
        )

    def asked(self, prefix: str = "/") -> list[str]:
        """Return the paths that were asked for, without robots.txt."""
        return [
            unquote(one.path)
            for one in self.requests
            if one.path.startswith(prefix) and one.path != "/robots.txt"
        ]


def page(*, head: str = "", body: str = "<h1>A title</h1>", attributes: str = "") -> str:
    """Return an HTML page."""
    return f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>"


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def entries(project: Path) -> list[Entry]:
    """Return the entries of the collection, which must be free of problems."""
    catalogue = find_project(project).load()
    assert catalogue.problems == ()
    return list(catalogue.entries)


@dataclass
class Result:
    code: int
    out: str
    err: str


class Add(Protocol):
    def __call__(self, *arguments: str, private: bool = ..., pace: str = ...) -> Result: ...


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.server.shutdown()
    web.server.server_close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def environment(project: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, path in (("ARXIV_API", "/arxiv"), ("CROSSREF_API", "/works"), ("DOI_RESOLVER", "/doi")):
        monkeypatch.setenv(f"MLWATCH_{name}", web.url + path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)


@pytest.fixture
def add(environment: None, capsys: pytest.CaptureFixture[str]) -> Add:
    """Run ``mlwatch add`` in this process, without pauses between requests, loopback allowed."""

    def run(*arguments: str, private: bool = True, pace: str = "0") -> Result:
        allow = ["--allow-private"] if private else []
        capsys.readouterr()
        code = main(["add", "--pace", pace, *allow, *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Result(code, out, err)

    return run
