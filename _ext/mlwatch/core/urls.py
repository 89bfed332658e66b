"""Addresses: which of them are the same article or paper, and which may stand in a page.

Everything here works on the text alone and never asks the network. The parts of an address are those of
RFC 3986, appendix B; its section 6.2.2 says which spellings mean the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote as percent_encode
from urllib.parse import unquote, urlsplit

from .problems import quote, suggest

#: Query parameters that say where a reader came from, never what is read; ``utm_*`` is added by rule.
TRACKING: Final = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh
    mc_cid mc_eid mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsctatracking ref_src ref_url
    oly_anon_id oly_enc_id vero_id _openstat fb_action_ids fb_action_types fb_ref fb_source _ga _gl
    """.split()
)

_URI: Final = re.compile(r"(?:([^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_FIRST: Final = re.compile(r"[^:/?#.]*+\.[^:/?#]*+:|[^:/?#]++:[0-9]++(?![^/?#])")
_PERCENT: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_ASCII: Final = re.compile(r"[^\x21-\x7e]+")
_MAIL: Final = re.compile(r"mailto:[^@,?]+@[^@,?]+(?:,[^@,?]+@[^@,?]+)*(?:\?|$)", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_HOST_LIKE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+|[\w-]+:[0-9]")
_BROKEN_SCHEME: Final = re.compile(r"^(?:https?:*/|[:/])[:/]*", re.IGNORECASE)
_DEFAULT_PORT: Final = {"http": "80", "https": "443"}

# https://info.arxiv.org/help/arxiv_identifier.html; the subject class of an old identifier (math.GT) is optional.
_ARXIV_ID: Final = re.compile(
    r"(?P<new>[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})(?:v[0-9]+)?"
    r"|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z-]+)?/(?P<old>[0-9]{7})(?:v[0-9]+)?",
    re.IGNORECASE,
)
_ARXIV_PATH: Final = re.compile(
    r"/++(?:(?:abs|pdf|html|format|ps|e-print|src|tb)/++)?+(.{1,60}?)(?:\.pdf|\.ps(?:\.gz)?|\.html)?/*+",
    re.IGNORECASE,
)
_ARXIV_HOST: Final = re.compile(r"(?:.+\.)?arxiv\.org|ar5iv\.org")
_ARXIV_DOI: Final = "10.48550/arxiv."
# DOI Handbook, 2.2: a prefix "10." with a registrant's code, a slash, and any printable characters.
_DOI: Final = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
#: What most addresses look like: of these the longer ways below would say the same.
_USUAL_ARXIV: Final = re.compile(
    r"https?://arxiv\.org/(?:abs|pdf)/([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})(?:v[0-9]+)?(?:\.pdf)?"
)
_USUAL: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/|$)")
#: The beginning of most addresses: it tells that they are neither at arXiv nor a DOI.
_OTHER: Final = re.compile(r"https?://(?!(?:[\w-]+\.)*(?:arxiv|ar5iv|doi)\.org)[\w.-]+/", re.IGNORECASE)
_DOI_HOSTS: Final = frozenset(("doi.org", "dx.doi.org"))


@lru_cache(maxsize=1 << 16)
def identity(url: str) -> str:
    """Return the key under which all spellings of one address are the same.

    Scheme, ``www.``, the host's case, a default port, a trailing slash, the fragment, tracking parameters
    and the spelling of unreserved characters make no difference; nor do arXiv's pages, files and versions
    of one paper (``arxiv:2104.00298``), nor the forms of one DOI (``doi:10.1000/xyz``). Otherwise the key
    looks like ``example.org/path?x=1``. Takes any text, raises nothing; a key is its own key.
    """
    if usual := _USUAL_ARXIV.fullmatch(url):
        return f"arxiv:{usual[1]}"
    if not _OTHER.match(url):
        if paper := arxiv_id(url):
            return f"arxiv:{paper}"
        if name := doi(url):
            return f"doi:{name}"
    scheme, authority, path, query = _split(url)
    if scheme not in ("", "http", "https"):
        rest = url.strip().partition(":")[2]
        return f"{scheme}:{rest}"
    site = _site(scheme, authority)
    parameters = [
        part
        for part in _respell(query).split("&")
        if part and not _is_tracking(part.partition("=")[0].lower(), site)
    ]
    return site + _path(path) + ("?" + "&".join(parameters) if parameters else "")


def arxiv_id(url: str) -> str | None:
    """Return the arXiv identifier, without version, that *url* stands for, or None.

    Takes addresses at arxiv.org, its mirrors and ar5iv, ``arXiv:2104.00298``, a bare identifier, and the
    DOIs that arXiv registers. Old identifiers come as ``math/0309136``, as arXiv itself writes them.
    """
    text = url.strip()
    if text[:6].lower() == "arxiv:":
        return _read_arxiv(text[6:].strip())
    name = doi(text)
    if name is not None:
        return _read_arxiv(name.removeprefix(_ARXIV_DOI)) if name.startswith(_ARXIV_DOI) else None
    scheme, authority, path, _ = _split(text)
    if scheme in ("", "http", "https") and _ARXIV_HOST.fullmatch(_site(scheme, authority)):
        found = _ARXIV_PATH.fullmatch(unquote(_path(path)))
        return _read_arxiv(found[1]) if found else None
    return _read_arxiv(text)


def doi(url: str) -> str | None:
    """Return the DOI that *url* stands for, in lower case (DOI Handbook, 2.4), or None.

    Takes addresses at doi.org and dx.doi.org, ``doi:10.1000/xyz`` and a bare ``10.1000/xyz``.
    """
    text = url.strip()
    if text[:4].lower() == "doi:":
        name = text[4:].strip()
    elif text.startswith("10."):
        name = text
    else:
        scheme, authority, path, _ = _split(text)
        if scheme not in ("", "http", "https") or _site(scheme, authority) not in _DOI_HOSTS:
            return None
        name = _path(path).strip("/")
    # An encoded percent sign stays encoded, so that a DOI that went through here once stays what it is.
    name = unquote(name.replace("%25", "%2525")).rstrip("/").lower()
    return name if _DOI.fullmatch(name) else None


def doi_address(name: str) -> str:
    """Return the address of the DOI *name* (DOI Handbook, 3.8), from which :func:`doi` reads it again."""
    return "https://doi.org/" + percent_encode(name, safe="/:;().-_~!$&'*+,=@%", errors="surrogatepass")


def host(url: str) -> str:
    """Return the host of an absolute *url* in lower case without ``www.``; an empty string when it has none."""
    authority = _URI.match(url.strip())
    return _without_port(authority[2].rpartition("@")[2]) if authority and authority[2] else ""


def tidy(url: str) -> str:
    """Return an address that :func:`problem_with` accepts without tracking parameters and without a fragment.

    A fragment that a script makes a page of (``#!/post``, ``#/post``) stays.
    """
    scheme, _, rest = url.partition("://")
    rest, _, fragment = rest.partition("#")
    before, _, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    site = _site(scheme.lower(), authority)
    kept = "&".join(
        part for part in query.split("&") if part and not _is_tracking(part.partition("=")[0].lower(), site)
    )
    page = f"{scheme.lower()}://{authority.lower()}/{path if slash else ''}"
    return page + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment.startswith(("!", "/")) else "")


def is_safe(url: str) -> bool:
    """Say whether *url* may become a link: absolute, http, https or mailto, and read alike by every browser."""
    return problem_with(url) is None


def problem_with(url: str) -> str | None:
    """Return why *url* may not become a link and how to mend it, or None when it may. Raises nothing."""
    if not url.strip():
        return "an address is missing"
    if not url.isprintable() or " " in url:
        return f"{quote(url)} has a space or an invisible character; take it away, or write %20 for a space"
    if "\\" in url:
        return f"{quote(url)} has a backslash; write / for it, or %5C"
    return None if _USUAL.match(url) else _problem_with_scheme(url)


def _problem_with_scheme(url: str) -> str | None:
    scheme = _SCHEME.match(url)
    if scheme is None or _HOST_FIRST.match(url):
        if url.startswith(("/", ".", "#", "?")) and not url.startswith("//"):
            return f"{quote(url)} is no whole address; write it with https:// and the host"
        rest = _BROKEN_SCHEME.sub("", url)
        if not _HOST_LIKE.match(rest):
            return f"{quote(url)} is no address; write it as https://example.org/page"
        return f"{quote(url)} has no scheme; write {quote('https://' + rest)}"
    name = scheme[0][:-1].lower()
    if name == "mailto":
        return None if _MAIL.match(url) else f"{quote(url)} names no mailbox; write mailto:name@example.org"
    if name not in ("http", "https"):
        return f"{quote(url)} is not an http or https address{suggest(name, ('http', 'https'))}"
    return _problem_with_host(url)


def _problem_with_host(url: str) -> str | None:
    if not re.match(r"https?://[^/?#]", url, re.IGNORECASE):
        return f"{quote(url)} has no host; write it as https://example.org/page"
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:
        return f"the host of {quote(url)} cannot be read; look at its brackets and characters"
    try:
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
    if not port_fits:
        return f"the port of {quote(url)} is no number from 1 to 65535; mend it or take it away"
    if not name or ("[" not in parts.netloc and not _HOST.fullmatch(name)):
        return f"the host of {quote(url)} is no host name; write it as https://example.org/page"
    return None


def _read_arxiv(text: str) -> str | None:
    found = _ARXIV_ID.fullmatch(text)
    if not found:
        return None
    return found["new"] or f"{found['archive'].lower()}/{found['old']}"


def _split(url: str) -> tuple[str, str, str, str]:
    """Return scheme, authority, path and query of any text; a text without scheme begins with its host."""
    text = url.strip()
    if not text.startswith("//") and (not _SCHEME.match(text) or _HOST_FIRST.match(text)):
        text = "//" + text
    parts = _URI.match(text)
    scheme, authority, path, query = parts.groups() if parts else (None, None, text, None)
    return (scheme or "").lower(), authority or "", path, query or ""


def _site(scheme: str, authority: str) -> str:
    user, at, rest = authority.rpartition("@")
    name = _without_port(rest)
    # Not all ports are digits: what cannot be read stays as it is, so that it equals nothing else.
    port = rest[rest.rindex(":") + 1 :] if ":" in rest.rpartition("]")[2] else ""
    if port and port != _DEFAULT_PORT.get(scheme):
        name += f":{port}"
    return user + at + name


def _without_port(text: str) -> str:
    bracket = text.rfind("]")
    colon = text.rfind(":")
    name = (text[:colon] if colon > bracket else text).lower()
    shorter = name.removeprefix("www.")
    return shorter if "." in shorter else name


def _path(path: str) -> str:
    """Return *path* with one spelling, without dot segments (RFC 3986, 5.2.4) and trailing slashes."""
    path = _respell(path)
    if "/." not in path:
        return path.rstrip("/")
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept).rstrip("/")


def _respell(text: str) -> str:
    """Decode unreserved characters, encode those outside ASCII (RFC 3987, 3.1), write escapes in capitals."""
    text = _NOT_ASCII.sub(lambda found: percent_encode(found[0], errors="surrogatepass"), text)
    return _PERCENT.sub(_respell_one, text)


def _respell_one(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _is_tracking(name: str, site: str) -> bool:
    if name.startswith("utm_") or name in TRACKING:
        return True
    return name == "source" and (site == "medium.com" or site.endswith(".medium.com"))
