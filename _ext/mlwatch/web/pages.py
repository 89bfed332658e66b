"""Articles on the web: the page is fetched, if its site lets it be, and read."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Final

from ..core.article.address import is_home, same_site
from ..core.article.charset import decode
from ..core.article.facts import from_page
from ..core.problems import quote
from ..core.urls import problem_with
from .client import Wish
from .errors import WebError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ..core.article.facts import Facts
    from .client import Answer, Client

_WISH: Final = Wish("text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
_PAGES: Final = frozenset(("text/html", "application/xhtml+xml"))
_NAMES: Final = {
    "application/pdf": "a PDF",
    "application/epub+zip": "an e-book",
    "text/plain": "plain text",
    "application/json": "JSON",
    "application/rss+xml": "a feed",
    "application/atom+xml": "a feed",
}
_REASONS: Final = {
    401: "it wants a password",
    403: "it does not let programs in",
    404: "there is no such page",
    410: "the page is gone",
    451: "it may not show the page for legal reasons",
}


def read_article(
    client: Client, url: str, allowed: Callable[[str], None], arrived: Callable[[str], None], today: date
) -> Facts:
    """Return the facts of the article at *url*. Raises WebError.

    *allowed* is asked before each address, *arrived* with the address at the end of all redirects.
    """
    answer = client.get(url, _WISH, allowed)
    if problem := problem_with(answer.url):
        raise WebError(problem)
    arrived(answer.url)
    if answer.status not in (200, 203):
        reason = _REASONS.get(answer.status) or http.client.responses.get(answer.status, "no page")
        raise WebError(f"the server answers {answer.status}: {reason}")
    if is_home(answer.url) and not is_home(url) and same_site(answer.url, url):
        raise WebError(
            f"it leads to the first page of its site, {quote(answer.url)}; the article seems to be gone"
        )
    _expect_page(answer)
    facts = from_page(decode(answer.body, answer.headers.get("content-type", "")), answer.url, today)
    if not facts.title:
        raise WebError("the page has no title; perhaps it is made by a script, which is not run")
    return facts


def _expect_page(answer: Answer) -> None:
    start = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        raise WebError("it is a PDF, which is not read")
    if answer.type in _PAGES or (not answer.type and start.startswith(b"<")):
        if not start:
            raise WebError("the page is empty")
        return
    family = answer.type.partition("/")[0]
    what = _NAMES.get(answer.type) or {"image": "a picture", "video": "a film", "audio": "a sound"}.get(
        family
    )
    raise WebError(
        f"it is {what or 'no web page'} ({quote(answer.type or 'no type is told', 60)}), which is not read"
    )
