"""The values that a page gives for the fields of an entry, each from the first place that has it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .. import urls
from ..model import Link
from ..settings import fold
from .address import absolute
from .jsonld import JsonLd, texts
from .text import clean, without_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .document import Document

_MOST_KEYWORDS: Final = 12
MOST_AUTHORS: Final = 100
_SEPARATOR: Final = re.compile(r"(?<!\s)\s++(?:[|·•»–—-]\s++|[|｜]\s*+|::\s++)|[|｜]\s*+")
_BETWEEN_NAMES: Final = re.compile(
    r"(?<!\s)\s++(?:[,;，；、]\s*+(?:and\s++|&\s*+)?|(?:and|&)\s++)|[,;，；、]\s*+(?:and\s++|&\s*+)?"
)
_SUFFIX: Final = re.compile(
    r"(?<!\s)\s*+,\s*+(Jr|Sr|I{2,3}|IV|Ph\.?\s?D|M\.?D|M\.?Sc|Dr|Prof)\b\.?", re.IGNORECASE
)
LANG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_SITE_LIKE: Final = re.compile(r"https?:|www\.|@|^[a-z0-9-]+\.(?:com|org|net|io|ai)$", re.IGNORECASE)


def source_of(document: Document, json_ld: JsonLd, article: dict[str, Any], url: str) -> str:
    """Return who published the page: its own word, what stands beside its title, or its host."""
    names = [
        *(json_ld.names(article.get("publisher")) if article else []),
        *document.meta("og:site_name"),
        *document.meta("citation_journal_title", "citation_conference_title", "citation_publisher"),
        *document.meta("dc.publisher", "dcterms.publisher"),
        json_ld.site(),
        *document.meta("application-name", "apple-mobile-web-app-title"),
        _beside_title(document),
    ]
    names = [clean(without_tags(name), 150).lstrip("@") for name in names]
    return next((name for name in names if name and "://" not in name), "") or urls.host(url)


def _beside_title(document: Document) -> str:
    """Return what stands before or behind the article's title in the title of the page, as in "Nets | The Site"."""
    whole = clean(document.title)
    for text in document.meta("og:title", "citation_title") + [one.words for one in document.headings]:
        title = clean(without_tags(text))
        before, found, behind = whole.partition(title) if len(title) > 3 else (whole, "", "")
        rest = (behind or before).strip(" |·•»–—-:｜")
        if found and rest and not (before and behind):
            return _SEPARATOR.split(rest)[-1 if behind else 0]
    return ""


class Values:
    """Reads what needs the source's name, or several places, to be told from what stands around it."""

    def __init__(
        self, document: Document, json_ld: JsonLd, article: dict[str, Any], source: str, base: str
    ) -> None:
        self.document = document
        self.json_ld = json_ld
        self.article = article
        self.source = source
        self.base = base

    def title(self) -> str:
        document = self.document
        headings = [one.words for one in document.headings if document.is_own(one.place)]
        said = [
            *texts(self.article.get("headline")),
            *texts(self.article.get("name")),
            *document.meta("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"),
            *headings,
            document.title,
        ]
        titles = [title for text in said if (title := self._without_site(clean(without_tags(text))))]
        if not titles:
            return ""
        first = titles[0]
        # A headline is often cut at 110 characters; the whole stands elsewhere then.
        start = first.rstrip("….").rstrip()
        if first != start and len(start) > 20:
            return next(
                (title for title in titles[1:] if title.startswith(start) and title[-1] != "…"), first
            )
        return first

    def _without_site(self, title: str) -> str:
        """Take the site's name off that stands before or behind a title."""
        parts = _SEPARATOR.split(title)
        if len(parts) < 2:
            return title
        names = {fold(self.source), fold(urls.host(self.base)), fold(urls.host(self.base).split(".")[0])}
        if fold(parts[-1]) in names:
            return title[: title.rindex(parts[-1])].rstrip(" |·•»–—-:｜")
        if fold(parts[0]) in names:
            return title[len(parts[0]) :].lstrip(" |·•»–—-:｜")
        return title

    def authors(self) -> tuple[str, ...]:
        document = self.document
        for said in (
            self.json_ld.names(self.article.get("author")),
            [_turned(name) for name in document.meta("citation_author", "citation_authors")],
            document.meta("author", "article:author", "parsely-author", "sailthru.author"),
            [
                _turned(name)
                for name in document.meta("dc.creator", "dcterms.creator", "dc.creator.personalname")
            ],
            [
                one.words
                for one in document.anchors
                if "author" in one.rel.split() and document.is_own(one.place)
            ],
        ):
            if names := self._names(said):
                return names
        return ()

    def _names(self, said: Iterable[str]) -> tuple[str, ...]:
        names: dict[str, str] = {}
        for text in said:
            for part in _BETWEEN_NAMES.split(_SUFFIX.sub(r" \1", clean(text, 2000))):
                name = re.sub(r"^(?:written\s+)?by[:\s]+", "", part, flags=re.IGNORECASE).strip()
                if 1 < len(name) <= 100 and not _SITE_LIKE.search(name) and fold(name) != fold(self.source):
                    names.setdefault(fold(name), name)
        return tuple(names.values())[:MOST_AUTHORS]

    def lang(self) -> str:
        document = self.document
        languages = self.article.get("inLanguage")
        if isinstance(languages, dict):
            languages = languages.get("alternateName") or languages.get("name")
        for said in (
            *texts(languages),
            document.lang,
            *document.meta(
                "citation_language", "dc.language", "dcterms.language", "content-language", "og:locale"
            ),
        ):
            tag = said.partition(",")[0].strip().replace("_", "-")
            if LANG.fullmatch(tag):
                first, *rest = tag.split("-")
                return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
        return ""

    def image(self) -> Link | None:
        document = self.document
        said = [
            *self.json_ld.addresses(self.article.get("image")),
            *document.meta(
                "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"
            ),
        ]
        for href in said:
            address = absolute(href, self.base)
            if address and len(address) < 1000:
                alternative = document.meta("og:image:alt", "twitter:image:alt")
                return Link("image", clean(alternative[0], 200) if alternative else "", address)
        return None

    def keywords(self) -> tuple[str, ...]:
        document = self.document
        for said in (
            texts(self.article.get("keywords")),
            document.meta("article:tag", "og:article:tag", "og:video:tag"),
            document.meta("citation_keywords", "citation_keyword"),
            document.meta("dc.subject", "dcterms.subject"),
            document.meta("keywords", "news_keywords", "parsely-tags", "sailthru.tags"),
        ):
            # Medium says what kind each word is of.
            tags = [text[4:] for text in said if text.startswith("Tag:")]
            kept: dict[str, str] = {}
            for text in tags or said:
                for part in re.split(r"[,;，；、|]", clean(text, 2000)):
                    word = part.strip(" #\"'“”.")
                    if 1 < len(word) <= 60 and fold(word) != fold(self.source):
                        kept.setdefault(fold(word), word)
            if kept:
                return tuple(kept.values())[:_MOST_KEYWORDS]
        return ()


def _turned(name: str) -> str:
    """Return "Given Family" of "Family, Given"; several names in one text stay as they are."""
    if ";" in name or name.count(",") != 1:
        return name
    family, given = (part.strip() for part in name.split(","))
    return f"{given} {family}" if given and " and " not in name else name
