"""Asking for a page: slowly, carefully, and with a limit to everything that a server decides."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin
from urllib.request import Request

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from .. import __version__
from ..core.problems import quote
from .errors import WebError
from .guard import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from urllib3 import HTTPResponse

_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_BUSY: Final = frozenset((429, 500, 502, 503, 504))
_CODINGS: Final = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
_CHUNK: Final = 65536


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts that bound one page.

    ``total`` counts from the first request to the last byte, with redirects, retries and waits. ``pace`` is the
    least time between two requests to one host, and the wait before a first retry; each further one doubles it.
    """

    connect: float = 10
    read: float = 20
    total: float = 60
    pace: float = 1
    retries: int = 2
    redirects: int = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: ``url`` is where it was found in the end, header names are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Sequence[str] = ()

    def info(self) -> Message:
        """Return the cookies as :mod:`http.cookiejar` takes them."""
        message = Message()
        for cookie in self.cookies:
            message["Set-Cookie"] = cookie
        return message

    @property
    def type(self) -> str:
        """The media type, such as ``text/html``, in lower case; empty when none is told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Wish:
    """How an address is asked for.

    ``pace`` multiplies that of the limits; a body past ``size`` bytes (decompressed) is an error, or is ``cut``.
    The host of ``trusted`` may have a private address, for the person who runs the command has named it.
    """

    accept: str
    pace: float = 1
    size: int = 10_000_000
    cut: bool = False
    trusted: str = ""


@dataclass(slots=True)
class Client:
    """Fetches addresses; keeps when each host was last asked, and nothing else.

    ``private`` allows private addresses. ``wait`` is how it waits, for a test to take away.
    """

    limits: Limits = field(default_factory=Limits)
    private: bool = False
    contact: str = ""
    wait: Callable[[float], None] = time.sleep
    _asked: dict[str, float] = field(default_factory=dict)
    _tls: ssl.SSLContext | None = None

    @property
    def agent(self) -> str:
        """What the client calls itself."""
        contact = f"; mailto:{self.contact}" if self.contact else ""
        return f"mlwatch/{__version__} (ML Watch, adds one page at a person's request{contact})"

    def get(self, url: str, wish: Wish, allowed: Callable[[str], None] = lambda _url: None) -> Answer:
        """Return the answer at *url*, redirects followed. Raises WebError.

        *allowed* is asked before each address and raises WebError for one that must not be fetched.
        """
        until = time.monotonic() + self.limits.total
        # Some publishers send a reader around until a cookie comes back; what they set is forgotten at the end.
        cookies = CookieJar()
        for _ in range(self.limits.redirects + 1):
            self._parsed(url)  # a bad address is told before its robots.txt is asked for
            allowed(url)
            answer = self._patiently(url, wish, cookies, until)
            target = answer.headers.get("location", "") if answer.status in _REDIRECTS else ""
            if not target:
                return answer
            url = _joined(url, target)
        raise WebError(f"more than {self.limits.redirects} redirects, the last to {quote(url)}")

    def _patiently(self, url: str, wish: Wish, cookies: CookieJar, until: float) -> Answer:
        """Ask again, later, where a server is busy or the connection fails."""
        for attempt in range(self.limits.retries + 1):
            pause = self.limits.pace * 2**attempt
            try:
                self._keep_pace(url, self.limits.pace * wish.pace, until)
                answer = self._once(url, wish, cookies, until)
                if answer.status not in _BUSY:
                    return answer
                raise _busy(answer)
            except WebError as error:
                asked = pause if error.wait is None else error.wait
                if error.wait is not None and asked > until - time.monotonic():
                    raise WebError(
                        f"{error}; it asks to wait {asked:,.0f} seconds: try again then", again=True
                    ) from None
                if not error.again or attempt == self.limits.retries or asked >= until - time.monotonic():
                    raise
                self.wait(asked)
        raise AssertionError  # the last attempt returns or raises

    def _keep_pace(self, url: str, pace: float, until: float) -> None:
        if not pace:
            return
        host = self._parsed(url).netloc or ""
        now = time.monotonic()
        due = self._asked.get(host, now - pace) + pace
        if due >= until:
            raise WebError("it took too long; try again later, or give a longer --timeout")
        if due > now:
            self.wait(due - now)
        self._asked[host] = max(now, due)

    def _parsed(self, url: str) -> Url:
        """Return the parts of *url*; raise WebError for what is not asked."""
        try:
            parts = parse_url(url)
        except (LocationParseError, ValueError):
            raise WebError(f"{quote(url)} is no address that can be asked") from None
        if parts.scheme not in ("http", "https") or not parts.host:
            raise WebError(f"{quote(url)} is no http or https address")
        if parts.auth is not None:
            raise WebError(
                "the address has a user name or a password in it, which would be published; take it out"
            )
        return parts

    def _once(self, url: str, wish: Wish, cookies: CookieJar, until: float) -> Answer:
        """Ask once, in a thread, so that nothing that a server does can last longer than the limit."""
        parts = self._parsed(url)
        outcome: SimpleQueue[Answer | BaseException] = SimpleQueue()
        opened: list[HTTPConnection] = []
        request = Request(parts.url, headers={"Host": parts.netloc or ""})  # noqa: S310 - for the cookies; nothing opens it
        cookies.add_cookie_header(request)
        cookie = request.get_header("Cookie", "")

        def work() -> None:
            try:
                outcome.put(self._exchange(parts, url, wish, cookie, opened))
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
                outcome.put(error)

        threading.Thread(target=work, daemon=True, name="mlwatch-fetch").start()
        got: Answer | BaseException | None = None
        while got is None:
            # In short turns, so that Ctrl-C is heard on Windows too.
            with contextlib.suppress(Empty):
                got = outcome.get(timeout=max(0.0, min(0.5, until - time.monotonic())))
            if got is None and time.monotonic() >= until:
                _cut_off(opened)
                raise WebError(f"it took longer than {self.limits.total:g} seconds")
        if isinstance(got, Answer):
            cookies.extract_cookies(got, request)  # type: ignore[arg-type] # it asks for info() alone
            return got
        if isinstance(got, WebError):
            raise got
        raise _told(got) from None

    def _exchange(
        self, parts: Url, url: str, wish: Wish, cookie: str, opened: list[HTTPConnection]
    ) -> Answer:
        named = bool(wish.trusted) and _origin(parts) == _origin(parse_url(wish.trusted))
        connection = self._connection(parts, self.private or named)
        opened.append(connection)
        headers = {
            "User-Agent": self.agent,
            "Accept": wish.accept,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "*",
            "Connection": "close",
            **({"Cookie": cookie} if cookie else {}),
        }
        try:
            connection.request("GET", parts.request_uri, headers=headers, preload_content=False)
            response = connection.getresponse()
            try:
                kept = {name.lower(): value for name, value in response.headers.items()}
                baked = response.headers.getlist("set-cookie")
                body = b"" if response.status in _REDIRECTS else _body(response, wish)
            finally:
                response.close()
            return Answer(url, response.status, kept, body, baked)
        finally:
            connection.close()

    def _connection(self, parts: Url, private: bool) -> HTTPConnection:
        limits = self.limits
        host, port = parts.host or "", parts.port

        def socket_to(connection: HTTPConnection) -> socket.socket:
            number = connection.port or connection.default_port
            return connect(connection.host, number, limits.connect, allow_private=private)

        if parts.scheme == "http":

            class Plain(HTTPConnection):
                _new_conn = socket_to

            return Plain(host, port, timeout=limits.read)

        class Secure(HTTPSConnection):
            _new_conn = socket_to

        self._tls = self._tls or _trust()
        return Secure(host, port, timeout=limits.read, ssl_context=self._tls)


def _trust() -> ssl.SSLContext:
    """Return what certificates are checked with: the system's authorities, and Mozilla's where they are installed."""
    context = ssl.create_default_context()
    try:
        import certifi
    except ImportError:
        return context
    context.load_verify_locations(certifi.where())
    return context


def _body(response: HTTPResponse, wish: Wish) -> bytes:
    codings = {one.strip().lower() for one in response.headers.get("content-encoding", "").split(",")}
    if not codings <= _CODINGS:
        raise WebError(
            f"the answer is compressed as {quote(', '.join(sorted(codings)), 40)}, which was not asked for"
        )
    parts: list[bytes] = []
    left = wish.size
    # urllib3 decompresses no more than it is asked for, so a small answer cannot fill the memory.
    for chunk in response.stream(_CHUNK):
        parts.append(chunk[:left])
        left -= len(chunk)
        if left < 0 or response.tell() > 2 * wish.size:
            if wish.cut:
                break
            raise WebError(f"the page is larger than {wish.size:,} bytes")
    return b"".join(parts)


def _busy(answer: Answer) -> WebError:
    phrase = http.client.responses.get(answer.status, "")
    return WebError(
        f"the server answers {answer.status} {phrase}".rstrip(),
        again=True,
        wait=_retry_after(answer.headers.get("retry-after", "")),
    )


def _retry_after(text: str) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3); None when there is none that can be read."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time()) if text else None
    except (ValueError, OverflowError, OSError):
        return None


def _joined(url: str, target: str) -> str:
    # A Location is ASCII; where it is not, it is UTF-8 that http.client has read as Latin-1.
    with contextlib.suppress(UnicodeError):
        target = target.encode("latin-1").decode("utf-8")
    try:
        # Blanks and the like are encoded, as a browser does it.
        return parse_url(urljoin(url, target.strip())).url
    except (LocationParseError, ValueError):
        raise WebError(f"it redirects to {quote(target)}, which is no address") from None


def _cut_off(opened: list[HTTPConnection]) -> None:
    for connection in opened:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _told(error: BaseException) -> WebError:
    """Return what went wrong below, in words."""
    if isinstance(error, (TimeoutError, HTTPError)) and "timed out" in str(error):
        return WebError("the server did not answer in time", again=True)
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or error
        return WebError(f"no safe connection (TLS): {reason}")
    if isinstance(error, (HTTPError, OSError, http.client.HTTPException, ValueError)):
        told = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
        again = isinstance(
            error, (OSError, HTTPError, http.client.RemoteDisconnected, http.client.IncompleteRead)
        )
        return WebError(f"the answer cannot be read: {quote(told, 120)}", again=again)
    return WebError(f"the page cannot be read: {type(error).__name__}")


def _origin(parts: Url) -> tuple[str | None, str | None, int | None]:
    return parts.scheme, parts.host, parts.port
