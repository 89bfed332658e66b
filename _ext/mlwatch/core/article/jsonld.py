"""JSON-LD (https://schema.org) in a page: the object that describes its article."""

from __future__ import annotations

import json
import re
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from ..urls import identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ARTICLES: Final = frozenset(
    """
    Article ScholarlyArticle TechArticle NewsArticle BlogPosting Report AnalysisNewsArticle ReportageNewsArticle
    OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle APIReference SocialMediaPosting
    DiscussionForumPosting LiveBlogPosting
    """.split()
)
#: What else may be watched, the surest first.
_OTHERS: Final = "VideoObject PodcastEpisode SoftwareSourceCode SoftwareApplication Dataset CreativeWork ItemPage WebPage".split()
_RANK: Final = dict.fromkeys(_ARTICLES, 0) | {name: rank for rank, name in enumerate(_OTHERS, 1)}
_WRAPPED: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_COMMA: Final = re.compile(r",(\s{0,1000}[}\]])")
_MOST_OBJECTS: Final = 5000


class JsonLd:
    """All objects of a page's JSON-LD; references by ``@id`` are followed."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self._objects = [found for script in scripts for found in _objects(_load(script))][:_MOST_OBJECTS]
        self._by_id: dict[str, dict[str, Any]] = {}
        for one in self._objects:
            name = one.get("@id")
            if isinstance(name, str) and len(one) > 1:
                self._by_id.setdefault(name, one)

    def article(self, url: str) -> dict[str, Any]:
        """Return the object that describes the article at *url*, or an empty one."""
        here = identity(url)
        ranked: list[tuple[int, int, int, dict[str, Any]]] = []
        for index, one in enumerate(self._objects):
            ranks = [_RANK[kind] for kind in _types(one) if kind in _RANK]
            if ranks:
                addresses = _addresses(one)
                apart = 0 if here in addresses else 2 if addresses else 1
                ranked.append((min(ranks), apart, index, one))
        # Several articles with other addresses are a list of what the site has, not this page's article.
        others = [item for item in ranked if item[:2] == (0, 2)]
        if len(others) > 1:
            ranked = [item for item in ranked if item[:2] != (0, 2)]
        return min(ranked, key=lambda item: item[:3])[3] if ranked else {}

    def site(self) -> str:
        """Return the name of the WebSite, or of an organization that stands at the top."""
        for wanted in ("WebSite", "Organization", "NewsMediaOrganization"):
            for one in self._objects:
                if wanted in _types(one) and (name := self.names(one)[:1]):
                    return name[0]
        return ""

    def names(self, value: Any) -> list[str]:
        """Return the names in a value that is a text, an object with a name, a reference, or a list of these."""
        found: list[str] = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                name = self._resolved(one).get("name")
                parts = name if isinstance(name, list) else [name]
                found += [part for part in parts[:1] if isinstance(part, str)]
            elif isinstance(one, str):
                found.append(one)
        return [name for name in found if name.strip()]

    def addresses(self, value: Any) -> list[str]:
        """Return the addresses in a value that is a text, an object with ``url``, a reference, or a list of these."""
        found: list[str] = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                whole = self._resolved(one)
                found += [
                    text for key in ("url", "contentUrl", "@id") if isinstance(text := whole.get(key), str)
                ][:1]
            elif isinstance(one, str):
                found.append(one)
        return found

    def _resolved(self, one: dict[str, Any]) -> dict[str, Any]:
        name = one.get("@id")
        return self._by_id.get(name, one) if isinstance(name, str) and "name" not in one else one


def texts(value: Any) -> list[str]:
    """Return the texts in a value that is a text or a list of texts."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _load(script: str) -> Any:
    """Return the JSON of *script*; what is often wrong with it is mended, what cannot be read is None."""
    for _ in range(2):
        script = _WRAPPED.sub("", script)
    for attempt in (script, _COMMA.sub(r"\1", script)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a script, outer ones first: those of lists, of ``@graph`` and of ``mainEntity``."""
    pending = deque([value])
    count = 0
    while pending and count < _MOST_OBJECTS:
        one = pending.popleft()
        count += 1
        if isinstance(one, list):
            pending += one[:_MOST_OBJECTS]
        elif isinstance(one, dict):
            yield one
            pending += [one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one]


def _types(one: dict[str, Any]) -> list[str]:
    return [name.rpartition("/")[2].rpartition(":")[2] for name in texts(one.get("@type"))]


def _addresses(one: dict[str, Any]) -> set[str]:
    main = one.get("mainEntityOfPage")
    values = [one.get("url"), one.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    return {identity(text) for value in values for text in texts(value) if text.startswith("http")}
