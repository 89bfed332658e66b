"""What ``mlwatch add`` does about servers: limits, redirects, retries, robots.txt, private addresses."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from tests.add.conftest import Reply, entries, page

from mlwatch.web import client as client_module
from mlwatch.web.guard import is_public
from mlwatch.web.robots import Rules

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.add.conftest import Add, Web


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


# --- What is sent ---------------------------------------------------------------------------------------------


def test_client_says_who_it_is(web: Web, add: Add) -> None:
    add(web.put("/a", page()), "--contact", "ann@example.org")
    sent = web.requests[-1].headers
    assert sent["user-agent"].startswith("mlwatch/")
    assert "mailto:ann@example.org" in sent["user-agent"]
    assert "text/html" in sent["accept"]
    assert sent["host"] == web.url.removeprefix("http://")


# --- Redirects ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_their_end_is_watched(
    web: Web, add: Add, project: Path, status: int
) -> None:
    web.put("/short", redirect("/way?x=1", status))
    web.put("/way?x=1", redirect(f"{web.url}/post/a?utm_source=s", status))
    web.put("/post/a", page())
    assert add(web.url + "/short").code == 0
    assert entries(project)[0].url == web.url + "/post/a"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("/loop", "more than 8 redirects"),
        ("ftp://127.0.0.1/x", "no http or https address"),
        ("file:///etc/passwd", "no http or https address"),
        ("http://user:secret@127.0.0.1/", "password"),
        ("http://[::1", "no address"),
        ("http://127.0.0.1:99999/", "no address"),
        ("/", "leads to the first page of its site"),
    ],
)
def test_redirects_that_are_not_followed(web: Web, add: Add, project: Path, target: str, told: str) -> None:
    web.put("/", page())
    done = add(web.put("/loop", redirect(target)))
    assert done.code == 1
    assert told in done.err
    assert "secret" not in done.err
    assert entries(project) == []


def test_cookie_that_a_redirect_wants_back_comes_back_and_is_forgotten(web: Web, add: Add) -> None:
    web.put("/a", Reply(status=302, headers={"Location": "/login", "Set-Cookie": "seen=1; Path=/"}), page())
    web.put("/login", redirect("/a"))
    assert add(web.url + "/a").code == 0
    assert [one.headers.get("cookie") for one in web.requests if one.path != "/robots.txt"] == [
        None,
        "seen=1",
        "seen=1",
    ]
    add(web.put("/b", page()))
    assert "cookie" not in web.requests[-1].headers


def test_redirect_to_a_paper_asks_its_registry(web: Web, add: Add, project: Path) -> None:
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan")
    assert add(web.put("/short", redirect("https://arxiv.org/pdf/2104.00298.pdf"))).code == 0
    assert entries(project)[0].url == "https://arxiv.org/abs/2104.00298"


@pytest.mark.parametrize(("target", "watched"), [("/a b", "/a%20b"), ('/a"\\<', "/a%22%5C%3C"), ("//", None)])
def test_redirect_that_is_spelled_badly_is_spelled_well_on_the_page(
    web: Web, add: Add, project: Path, target: str, watched: str | None
) -> None:
    web.put("/go", redirect(target))
    if watched:
        web.put(watched, page())
    assert add(web.url + "/go").code == (0 if watched else 1)
    assert [entry.url for entry in entries(project)] == ([web.url + watched] if watched else [])


def test_redirect_in_letters_outside_ascii(web: Web, add: Add, project: Path) -> None:
    web.put("/a", redirect("/größe".encode().decode("latin-1")))
    web.put("/gr%C3%B6%C3%9Fe", page())
    assert add(web.url + "/a").code == 0


# --- Answers that are no page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(b"x", 404), "404: there is no such page"),
        (Reply(b"x", 403), "403: it does not let programs in"),
        (Reply(b"x", 418), "418"),
        (Reply(b"%PDF-1.4", type="application/pdf"), "it is a PDF"),
        (Reply(b"%PDF-1.4", type="text/html"), "it is a PDF"),
        (Reply(b"\x89PNG", type="image/png"), 'it is a picture ("image/png")'),
        (Reply(b"{}", type="application/json"), "it is JSON"),
        (Reply(b"\0\1", type="application/x-thing"), 'no web page ("application/x-thing")'),
        (Reply(b"plain", type=None), "no type is told"),
        (Reply(b""), "the page is empty"),
        (Reply(b"<html><body><script>app()</script>"), "the page has no title"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), 'compressed as "br"'),
        (Reply(b"no gzip at all, this", headers={"Content-Encoding": "gzip"}), "cannot be read"),
    ],
)
def test_what_is_no_page_is_told_with_the_way_out(
    web: Web, add: Add, project: Path, reply: Reply, told: str
) -> None:
    done = add(web.put("/post/a-title", reply))
    assert (done.code, done.out) == (1, "")
    assert told in done.err
    assert "mlwatch add --offline makes a page of what the address tells" in done.err
    assert entries(project) == []
    assert add(web.url + "/post/a-title", "--offline").code == 0
    assert entries(project)[0].title == "A title"


def test_page_without_type_is_looked_at(web: Web, add: Add) -> None:
    assert add(web.put("/a", Reply(page().encode(), type=None))).code == 0
    assert add(web.put("/b", Reply(page().encode(), type="application/xhtml+xml"))).code == 0


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_page(web: Web, add: Add, coding: str) -> None:
    pack = gzip.compress if coding == "gzip" else zlib.compress
    assert add(web.put("/a", Reply(pack(page().encode()), headers={"Content-Encoding": coding}))).code == 0


# --- Limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2])
def test_small_answer_that_grows_without_end_is_cut_off(web: Web, add: Add, layers: int) -> None:
    body = b"<h1>T</h1>" + b" " * 50_000_000
    for _ in range(layers):
        body = gzip.compress(body)
    assert len(body) < 60_000
    done = add(web.put("/a", Reply(body, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})))
    assert done.code == 1
    assert "larger than 10,000,000 bytes" in done.err


def drip(piece: bytes, start: bytes = b"") -> Reply:
    """Answer with *start*, then *piece* again and again, until nobody listens."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        for _ in range(400):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.02)

    return Reply(raw=send)


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"x", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        drip(b"x", b"HTTP/1.1 200 OK\r\nX: "),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
        Reply(raw=lambda _handler: time.sleep(3)),
    ],
)
def test_server_that_never_ends_is_left(web: Web, add: Add, reply: Reply) -> None:
    web.put("/robots.txt", Reply(b"", 404))
    started = threading.active_count()
    done = add(web.put("/a", reply), "--timeout", "0.4")
    assert done.code == 1
    assert "took longer than 0.4 seconds" in done.err or "cannot be read" in done.err
    assert threading.active_count() <= started + 4


@pytest.mark.parametrize(
    "raw",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"HTTP/1.1 999999 X\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"],
)  # fmt: skip
def test_broken_answers_are_told(web: Web, add: Add, raw: bytes) -> None:
    done = add(web.put("/a", Reply(raw=lambda handler: handler.wfile.write(raw))))
    assert done.code == 1
    assert "the answer cannot be read" in done.err


def test_headers_that_cannot_be_read_are_passed_over(web: Web, add: Add) -> None:
    body = page().encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nno colon here\r\n\x00: y\r\n\r\n"
    done = add(web.put("/a", Reply(raw=lambda handler: handler.wfile.write(head + body))))
    assert (done.code, done.err.count("\n")) == (0, 1)


def test_server_that_is_not_there(web: Web, add: Add) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        done = add(f"http://127.0.0.1:{free.getsockname()[1]}/a")
    assert done.code == 1
    assert "no connection to 127.0.0.1" in done.err


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".invalid", "xn--a.invalid"])
def test_host_that_is_not_there(add: Add, host: str) -> None:
    done = add(f"http://{host}/a")
    assert done.code == 1
    assert "is not found" in done.err or "no address that can be asked" in done.err


def test_certificate_that_nobody_vouches_for_is_refused(web: Web, add: Add) -> None:
    done = add(web.put("/a", page()).replace("http:", "https:"))
    assert done.code == 1
    assert "no safe connection (TLS)" in done.err or "cannot be read" in done.err


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with openssl")
@pytest.mark.parametrize(("host", "code"), [("localhost", 0), ("127.0.0.1", 1)])
def test_certificate_must_be_that_of_the_host(
    web: Web, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, code: int
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*command.split(), "-keyout", made / "key", "-out", made / "crt"], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made / "crt", made / "key")
    web.server.socket = context.wrap_socket(web.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(made / "crt"))
    web.put("/a", page())
    done = add(f"https://{host}:{web.server.server_port}/a")
    assert done.code == code, done.err
    assert ("no safe connection (TLS)" in done.err) == bool(code)


# --- Retries --------------------------------------------------------------------------------------------------


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Wait no time, and remember how long it would have been."""
    waited: list[float] = []
    whole = client_module.Client

    def without_waiting(**options: Any) -> client_module.Client:
        return whole(**options, wait=waited.append)

    monkeypatch.setattr(client_module, "Client", without_waiting)
    return waited


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_server_is_asked_again_later(web: Web, add: Add, waits: list[float], status: int) -> None:
    done = add(web.put("/a", Reply(b"", status), Reply(b"", status), Reply(page().encode())), pace="2")
    assert done.code == 0
    assert len(web.asked()) == 3
    assert {2, 4} <= {round(wait) for wait in waits}


def test_server_that_stays_busy_is_left_after_three_times(web: Web, add: Add, waits: list[float]) -> None:
    done = add(web.put("/a", Reply(b"", 503)), pace="1")
    assert (done.code, len(web.asked())) == (1, 3)
    assert "503 Service Unavailable" in done.err


@pytest.mark.parametrize(
    "retry_after", ["7", formatdate(time.time() + 3600 * 24, usegmt=True)], ids=["seconds", "date"]
)
def test_server_says_how_long_to_wait(web: Web, add: Add, waits: list[float], retry_after: str) -> None:
    busy = Reply(b"", 429, headers={"Retry-After": retry_after})
    done = add(web.put("/a", busy, Reply(page().encode())), "--timeout", "20")
    if retry_after == "7":
        assert (done.code, waits) == (0, [7.0])
    else:
        assert (done.code, waits) == (1, [])
        assert "it asks to wait 86," in done.err


@pytest.mark.parametrize("retry_after", ["soon", "-1", "9" * 400, "Wed, 99 Foo 2024 00:00:00 GMT"])
def test_odd_wish_to_wait(web: Web, add: Add, waits: list[float], retry_after: str) -> None:
    busy = Reply(b"", 429, headers={"Retry-After": retry_after})
    done = add(web.put("/a", busy, Reply(page().encode())))
    assert done.code == (1 if retry_after.startswith("999") else 0)


def test_connection_that_breaks_is_tried_again(web: Web, add: Add, waits: list[float]) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    assert add(web.put("/a", Reply(raw=hang_up), Reply(page().encode()))).code == 0


def test_page_that_is_not_there_is_asked_for_once(web: Web, add: Add) -> None:
    add(web.put("/a", Reply(b"", 404)))
    assert web.asked() == ["/a"]


def test_one_host_is_asked_slowly(web: Web, add: Add, waits: list[float]) -> None:
    add(web.put("/a", page()), web.put("/b", page()), pace="5")
    assert [round(wait) for wait in waits] == [5]


# --- robots.txt -----------------------------------------------------------------------------------------------


def test_robots_are_asked_once_and_obeyed(web: Web, add: Add, project: Path) -> None:
    web.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /private/\n", type="text/plain"))
    done = add(web.put("/private/a", page()), web.put("/b", page()), web.put("/c", redirect("/private/a")))
    assert done.code == 1
    assert done.err.count("robots.txt of 127.0.0.1 asks programs not to fetch this page") == 2
    assert web.asked() == ["/b", "/c"]
    assert len(web.requests) == 3
    assert [entry.url for entry in entries(project)] == [web.url + "/b"]


def test_site_whose_robots_cannot_be_had_is_left_alone(web: Web, add: Add) -> None:
    web.put("/robots.txt", Reply(b"", 503))
    done = add(web.put("/a", page()))
    assert (done.code, web.asked()) == (1, [])
    assert "its robots.txt cannot be had" in done.err


def test_huge_robots_are_read_in_part(web: Web, add: Add) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# " + b"x" * 3_000_000
    web.put("/robots.txt", Reply(rules, type="text/plain"))
    assert "robots.txt of" in add(web.put("/a", page())).err


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: MLWatch/2.0\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: mlwatch\nDisallow: /x", "/a", True),
        ("user-agent: x\nuser-agent: mlwatch\ndisallow: /a", "/a", False),
        ("User-agent: mlwatch\nDisallow: /a\nUser-agent: mlwatch\nDisallow: /b", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
        ("User-agent: *\nDisallow: /a%3cd", "/a%3Cd", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("User-agent: *\nDisallow: /größe", "/gr%C3%B6%C3%9Fe", False),
        ("User-agent: * # all\r\nDisallow: /a # this\r\n", "/a", False),
        ("Disallow: /\nnonsense\n:\n", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: " + "*a" * 50_000, "/" + "a" * 5000, True),
    ],
)
def test_rules_of_rfc_9309(text: str, path: str, allowed: bool) -> None:
    assert Rules(text).allows(path) is allowed


# --- Private addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
     "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
     "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "x"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"]
)  # fmt: skip
def test_private_address_is_not_asked_however_it_is_written(web: Web, add: Add, host: str) -> None:
    web.put("/a", page())
    done = add(f"http://{host}:{web.server.server_port}/a", private=False)
    assert done.code == 1
    assert "private address" in done.err or "not found" in done.err or "no address" in done.err
    assert web.requests == []


def test_redirect_to_a_private_address_is_not_followed(web: Web, add: Add) -> None:
    # The registry's base address is named by the person who runs the command, and may be private; no other is.
    other = web.url.replace("127.0.0.1", "localhost")
    web.put("/works/10.1000/x", redirect(f"{other}/secret"))
    done = add("doi:10.1000/x", private=False)
    assert done.code == 1
    assert "localhost is at the private address" in done.err
    assert web.asked("/secret") == []


def test_name_is_looked_up_once_and_the_checked_address_is_asked(
    web: Web, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([[("93.184.216.34", 80)], [("127.0.0.1", web.server.server_port)]])
    asked: list[str] = []

    def resolve(host: str, *_arguments: object, **_options: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in next(answers)]

    connected: list[object] = []

    def refuse(_self: socket.socket, place: object) -> None:
        connected.append(place)
        raise OSError(111, "Connection refused")

    monkeypatch.setattr("mlwatch.web.guard.socket.getaddrinfo", resolve)
    monkeypatch.setattr("mlwatch.web.guard.socket.socket", type("S", (socket.socket,), {"connect": refuse}))
    done = add("http://rebind.example/a", private=False)
    assert connected == [("93.184.216.34", 80)]
    assert asked == ["rebind.example"] * 2
    assert "rebind.example is at the private address 127.0.0.1" in done.err
    assert web.requests == []
