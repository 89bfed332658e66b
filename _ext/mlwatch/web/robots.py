"""robots.txt (RFC 9309): whether a page may be fetched by a program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from ..core.urls import host as host_of
from .client import Wish
from .errors import WebError

if TYPE_CHECKING:
    from .client import Client

#: The name by which robots.txt may speak of this program.
PRODUCT: Final = "mlwatch"
#: RFC 9309, 2.5: at least 500 KiB are read.
_WISH: Final = Wish("text/plain, */*;q=0.1", pace=0, size=512_000, cut=True)
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Rules:
    """The rules of one robots.txt that hold for :data:`PRODUCT`."""

    def __init__(self, text: str) -> None:
        groups: dict[str, list[tuple[str, bool]]] = {}
        agents: list[str] = []
        open_group = False
        for line in text.replace("\r", "\n").split("\n"):
            name, colon, value = line.partition("#")[0].partition(":")
            name, value = name.strip().lower(), value.strip()
            if not colon:
                continue
            if name == "user-agent":
                agents = agents if open_group else []
                open_group = True
                found = re.match(r"[A-Za-z_-]+|\*", value)
                agents.append(found[0].lower() if found else "")
                groups.setdefault(agents[-1], [])
            elif name in ("allow", "disallow"):
                open_group = False
                for agent in agents:
                    if value:
                        groups[agent].append((_spelled(value), name == "allow"))
        self._rules = groups.get(PRODUCT, groups.get("*", []))

    def allows(self, path: str) -> bool:
        """Tell whether *path* (with its query) may be fetched: the longest rule that fits decides, else it may."""
        path = _spelled(path) or "/"
        fitting = [(len(pattern), allow) for pattern, allow in self._rules if _fits(pattern, path)]
        return path == "/robots.txt" or max(fitting, default=(0, True))[1]


class Robots:
    """Asks each site for its rules once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Rules | WebError] = {}

    def check(self, url: str) -> None:
        """Raise WebError when the site of *url* asks programs not to fetch it, or its rules cannot be had."""
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        if site not in self._known:
            self._known[site] = self._ask(site)
        rules = self._known[site]
        if isinstance(rules, WebError):
            raise rules
        if not rules.allows(urlunsplit(("", "", parts.path or "/", parts.query, ""))):
            raise WebError(f"robots.txt of {host_of(url)} asks programs not to fetch this page")

    def _ask(self, site: str) -> Rules | WebError:
        try:
            answer = self._client.get(f"{site}/robots.txt", _WISH)
        except WebError as error:
            return WebError(f"its robots.txt cannot be had: {error}")
        # RFC 9309, 2.3.1: no file means no rules.
        return Rules(answer.body.decode("utf-8-sig", "replace") if answer.status == 200 else "")


def _spelled(path: str) -> str:
    """Return *path* in one spelling: escapes of plain characters resolved, all others in capitals."""
    path = re.sub(
        r"[^\x21-\x7e]",
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")),
        path,
    )
    return _ESCAPE.sub(_one, path)


def _one(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _PLAIN else found[0].upper()


def _fits(pattern: str, path: str) -> bool:
    """Tell whether *path* begins as *pattern* says, in which ``*`` is anything and a last ``$`` the end."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not others:
        return not ends or position == len(path)
    *middle, last = others
    for part in middle:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    if ends:
        return len(path) - len(last) >= position and path.endswith(last)
    return path.find(last, position) >= 0
