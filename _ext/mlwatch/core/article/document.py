"""What stands in an HTML page: its metadata, headings and times, and which links are the article's own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .html import End, Start, tokens

_CONTAINERS: Final = frozenset(
    "html body main article section div nav header footer aside form ul ol dl table details template".split()
)
#: Never the article's own words.
_ASIDE: Final = frozenset(("nav", "footer", "aside", "form", "template"))
_ASIDE_ROLES: Final = frozenset(("navigation", "contentinfo", "complementary", "banner", "search", "form"))
#: Classes and ids of what stands around an article; each a whole word, for "with-sidebar" may hold all of it.
_ASIDE_NAMES: Final = frozenset(
    """
    sidebar side-bar nav navbar navigation menu main-menu site-nav site-header page-header-nav topbar footer
    site-footer page-footer post-footer article-footer entry-footer footer-links comments comment-list
    comments-area disqus_thread respond related related-posts related-articles related-content related-stories
    recommended recommendations read-next read-more more-posts more-articles post-navigation nav-links pagination
    pager breadcrumb breadcrumbs share sharing share-buttons social social-links social-share social-media
    newsletter subscribe subscription signup cookie cookies cookie-banner cookie-consent consent banner ads ad
    advert advertisement sponsored promo author-bio author-box about-author tag-cloud widget widgets toc
    table-of-contents webring blogroll skip-link
    """.split()
)
_VISIBLE_DATE: Final = re.compile(
    r"publish|posted|post-date|entry-date|article-date|dateline|date-created", re.IGNORECASE
)
_MOST_METAS: Final = 3000
_MOST_ANCHORS: Final = 20_000
_MOST_WORDS: Final = 400
#: An article that holds less than this part of the page's words is a teaser, not the page's article.
_SHARE: Final = 4


class Place(NamedTuple):
    """Where something stands: the innermost ``article`` (-1 for none), within ``main``, beside the article."""

    article: int = -1
    main: bool = False
    aside: bool = False


@dataclass(slots=True)
class Anchor:
    """A link: address as written, the words that stand in it, where it stands."""

    href: str
    place: Place
    words: str = ""
    rel: str = ""


@dataclass(slots=True)
class Time:
    """A ``time`` element or a microdata date: its value, whether it says it is the day of publication."""

    value: str
    place: Place
    published: bool


@dataclass(slots=True)
class Document:
    """The parts of a page that facts are read from, in their order."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    canonical: list[str] = field(default_factory=list)
    base: str = ""
    lang: str = ""
    title: str = ""
    headings: list[Anchor] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    chosen: frozenset[int] = frozenset()
    has_main: bool = False

    def meta(self, *names: str) -> list[str]:
        """Return what the meta elements *names* say, those of the first name first."""
        return [value for name in names for value in self.metas.get(name, ())]

    def is_own(self, place: Place) -> bool:
        """Tell whether *place* is within the page's article."""
        if place.aside:
            return False
        if self.chosen:
            return place.article in self.chosen
        return place.main or not self.has_main


class _Frame(NamedTuple):
    name: str
    place: Place
    by_name: bool  # only a class or an id says that it stands beside the article


class _Reader:
    def __init__(self) -> None:
        self.page = Document()
        self.frames = [_Frame("", Place(), by_name=False)]
        self.open: Counter[str] = Counter()
        self.parents: list[int] = []
        self.sizes: list[int] = []
        self.main_size = self.body_size = 0
        self.metas = 0
        self.collecting: dict[str, Anchor | Time] = {}
        self.json_ld = self.in_title = False

    def start(self, tag: Start) -> None:
        name, attributes = tag
        if name in _CONTAINERS:
            self.enter(name, attributes)
        if name == "meta":
            self.meta(attributes)
        elif name == "link":
            self.link(attributes)
        elif name in ("html", "base", "script", "title"):
            self.head(name, attributes)
        elif name == "a" and "href" in attributes and len(self.page.anchors) < _MOST_ANCHORS:
            anchor = Anchor(attributes["href"], self.place, rel=attributes.get("rel", "").lower())
            self.page.anchors.append(anchor)
            self.collecting["a"] = anchor
        elif name == "h1" and len(self.page.headings) < 50:
            heading = Anchor("", self.place)
            self.page.headings.append(heading)
            self.collecting["h1"] = heading
        elif name == "time":
            self.time(attributes)
        elif name == "br":
            self.text(" ")
        if attributes.get("itemprop") and name not in ("meta", "link"):
            self.item(name, attributes)

    def head(self, name: str, attributes: dict[str, str]) -> None:
        page = self.page
        if name == "html":
            page.lang = page.lang or attributes.get("lang", "") or attributes.get("xml:lang", "")
        elif name == "base":
            page.base = page.base or attributes.get("href", "")
        elif name == "script":
            self.json_ld = "ld+json" in attributes.get("type", "").lower()
        else:
            self.in_title = not page.title

    @property
    def place(self) -> Place:
        return self.frames[-1].place

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        outer = self.frames[-1]
        article, main, aside = outer.place
        by_name = outer.by_name
        role = attributes.get("role", "").lower()
        if name in ("article", "main") or role in ("article", "main"):
            if aside and by_name:
                aside = by_name = False
            if name == "main" or role == "main":
                main = self.page.has_main = True
            else:
                self.parents.append(article)
                self.sizes.append(0)
                article = len(self.parents) - 1
        elif not aside:
            inside = main or article >= 0
            aside = name in _ASIDE or role in _ASIDE_ROLES or (name == "header" and not inside)
            if not aside and name not in ("html", "body"):
                words = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()[:1000].split()
                aside = by_name = not _ASIDE_NAMES.isdisjoint(words)
        self.frames.append(_Frame(name, Place(article, main, aside), by_name))
        self.open[name] += 1

    def end(self, name: str) -> None:
        if name == "script":
            self.json_ld = False
        elif name == "title":
            self.in_title = False
        self.collecting.pop(name, None)
        if self.open[name]:
            while self.frames[-1].name != name:
                self.open[self.frames.pop().name] -= 1
            self.open[self.frames.pop().name] -= 1

    def text(self, words: str) -> None:
        if self.json_ld:
            self.page.json_ld.append(words)
            return
        if self.in_title:
            self.page.title += words
            return
        place = self.place
        if not place.aside:
            size = len(words.strip())
            self.body_size += size
            self.main_size += size if place.main else 0
            if place.article >= 0:
                self.sizes[place.article] += size
        for target in self.collecting.values():
            if isinstance(target, Time):
                target.value = (target.value + words)[:_MOST_WORDS]
            elif len(target.words) < _MOST_WORDS:
                target.words = (target.words + words)[:_MOST_WORDS]

    def meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "").strip()
        names = (attributes.get(key, "") for key in ("property", "name", "itemprop", "http-equiv"))
        for name in dict.fromkeys(name.strip().lower() for name in names if name.strip()):
            self.metas += 1
            if content and self.metas < _MOST_METAS:
                self.page.metas.setdefault(name, []).append(content)

    def link(self, attributes: dict[str, str]) -> None:
        if "canonical" in attributes.get("rel", "").lower().split() and attributes.get("href"):
            self.page.canonical.append(attributes["href"])

    def time(self, attributes: dict[str, str]) -> None:
        if len(self.page.times) > 500:
            return
        said = f"{attributes.get('class', '')} {attributes.get('itemprop', '')} {attributes.get('id', '')}"
        published = "pubdate" in attributes or _VISIBLE_DATE.search(said[:1000]) is not None
        found = Time(attributes.get("datetime", ""), self.place, published)
        if "datemodified" in said.lower() or "updated" in said.lower():
            return
        self.page.times.append(found)
        if not found.value:
            self.collecting["time"] = found

    def item(self, name: str, attributes: dict[str, str]) -> None:
        """Read microdata (HTML Standard, 5) that no meta element carries."""
        if "datepublished" not in attributes["itemprop"].lower().split() or name == "time":
            return
        found = Time(attributes.get("content", ""), self.place, published=True)
        self.page.times.append(found)
        if not found.value:
            self.collecting[name] = found

    def finish(self) -> Document:
        """Choose the article: the one with most words, unless most words stand outside of it."""
        page = self.page
        whole = self.main_size if page.has_main else self.body_size
        if self.sizes:
            largest = max(range(len(self.sizes)), key=lambda index: self.sizes[index])
            if self.sizes[largest] * _SHARE >= whole:
                chosen = {largest}
                while (largest := self.parents[largest]) >= 0:
                    chosen.add(largest)
                page.chosen = frozenset(chosen)
        if page.has_main and self.main_size * _SHARE < self.body_size:
            page.has_main = False
        return page


def read_document(text: str) -> Document:
    """Return what stands in the page *text*; raise nothing, whatever it is."""
    reader = _Reader()
    for token in tokens(text):
        if isinstance(token, str):
            reader.text(token)
        elif isinstance(token, Start):
            reader.start(token)
        elif isinstance(token, End):
            reader.end(token.name)
    return reader.finish()
