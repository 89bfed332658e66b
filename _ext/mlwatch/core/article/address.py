"""What the address of an article tells by itself."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from .. import urls
from . import links
from .text import clean

_HOME: Final = re.compile(r"/*+(?:index\.(?:html?|php|aspx?)|home|[a-z]{2}(?:-[a-z]{2})?)?/*+", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.(?:html?|php|aspx?|pdf|md|jsp|amp)$", re.IGNORECASE)
_ID_PART: Final = re.compile(r"-?(?<![0-9a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,}+$", re.IGNORECASE)
_NAMELESS: Final = frozenset(
    "post posts p article articles blog news story item watch view index a s amp forum pdf abs paper papers".split()
)
_KINDS: Final = {
    "reddit.com": "thread",
    "old.reddit.com": "thread",
    "news.ycombinator.com": "thread",
    "twitter.com": "thread",
    "x.com": "thread",
    "youtube.com": "talk",
    "youtu.be": "talk",
    "vimeo.com": "talk",
}


def is_home(url: str) -> bool:
    """Tell whether *url* is the first page of its site."""
    parts = urlsplit(url)
    return not parts.query and _HOME.fullmatch(parts.path[:100]) is not None


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are on one site: the same host and port, or one host below the other."""
    first, second = urlsplit(one), urlsplit(other)
    if (first.port or 0) != (second.port or 0):
        return False
    a, b = urls.host(one), urls.host(other)
    # A host of one label, or a numeric one, has no hosts below it; "github.io" has, but they belong to others.
    below = a.count(".") > 0 and b.count(".") > 0 and not re.fullmatch(r"[0-9.]+", a + b)
    hosted = re.search(
        r"(?:^|\.)(?:github|gitlab)\.io$|(?:^|\.)(?:blogspot|wordpress|substack|medium)\.com$", a
    )
    return a == b or (below and not hosted and (a.endswith(f".{b}") or b.endswith(f".{a}")))


def kind_of(url: str) -> str:
    """Return the kind of entry that the site of *url* is for; ``article`` where it is for all kinds."""
    host = urls.host(url)
    if host.removeprefix("m.") in _KINDS:
        return _KINDS[host.removeprefix("m.")]
    target = links.recognise(url)
    return "tool" if target and target.rel == "code" and host in ("github.com", "gitlab.com") else "article"


def title_of(url: str) -> str:
    """Return the words of the last part of a path; the host where there are none."""
    parts = urlsplit(url)
    target = links.recognise(url)
    if target and target.rel in ("code", "data", "demo"):
        return "/".join(target.url.split("/")[3:])
    for segment in reversed([part for part in unquote(parts.path).split("/") if part]):
        name = _ID_PART.sub("", _ENDING.sub("", segment))
        words = re.sub(r"[-_+\s]+", " ", re.sub(r"^[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?[-_]?", "", name)).strip()
        if words and not words.replace(" ", "").isdecimal() and words.casefold() not in _NAMELESS:
            return clean(words[0].upper() + words[1:], 200)
    return urls.host(url)


def absolute(href: str, base: str) -> str:
    """Return *href* as an address that may be shown, or an empty string."""
    try:
        whole = urljoin(base, href.strip()) if href.strip() else ""
        # An address of a picture often has a blank in it.
        whole = whole.replace(" ", "%20")
        fits = urls.problem_with(whole) is None and not whole[:7].lower().startswith("mailto:")
        return whole if fits and "@" not in urlsplit(whole).netloc else ""
    except ValueError:
        return ""
