"""The facts of an article: from what its page says, or from its address alone.

The page's own statements come in the order JSON-LD (schema.org), Open Graph (https://ogp.me), Highwire
(``citation_*``, https://scholar.google.com/intl/en/scholar/inclusion.html), Dublin Core, and then its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from .. import urls
from ..model import Link
from ..papers.work import Person, Work
from ..periods import parse
from ..settings import fold
from . import links
from .dates import best, date_in_address, date_of_arxiv, read_date
from .document import Document, read_document
from .jsonld import JsonLd, texts
from .text import clean, without_tags

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ..periods import Period

_MOST_KEYWORDS: Final = 12
_MOST_AUTHORS: Final = 100
_SEPARATOR: Final = re.compile(r"\s+[|·•»–—-]\s+|\s*[|｜]\s*|\s+::\s+")
_BETWEEN_NAMES: Final = re.compile(r"\s*[,;，；、]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")
_SUFFIX: Final = re.compile(r"\s*,\s*(Jr|Sr|I{2,3}|IV|Ph\.?\s?D|M\.?D|M\.?Sc|Dr|Prof)\b\.?", re.IGNORECASE)
_LANG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_SITE_LIKE: Final = re.compile(r"https?:|www\.|@|^[a-z0-9-]+\.(?:com|org|net|io|ai)$", re.IGNORECASE)
_HOME: Final = re.compile(r"/*(?:index\.(?:html?|php|aspx?)|home|[a-z]{2}(?:-[a-z]{2})?)?/*", re.IGNORECASE)
_ENDING: Final = re.compile(r"\.(?:html?|php|aspx?|pdf|md|jsp|amp)$", re.IGNORECASE)
_ID_PART: Final = re.compile(r"-?(?=[0-9a-f]*[0-9])[0-9a-f]{8,}$", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article; what is not known is empty.

    ``url`` is the address to watch, ``elsewhere`` a canonical address on another site, which is not trusted.
    ``arxiv`` and ``doi`` name the paper that the page itself is about, ``work`` is what the page says of it (Highwire). ``dropped`` counts links past the limit.
    """

    url: str
    title: str = ""
    source: str = ""
    date: Period | None = None
    authors: tuple[str, ...] = ()
    lang: str = ""
    image: Link | None = None
    keywords: tuple[str, ...] = ()
    kind: str = "article"
    links: tuple[Link, ...] = ()
    arxiv: str = ""
    doi: str = ""
    work: Work | None = None
    elsewhere: str = ""
    dropped: int = 0


def from_page(text: str, url: str, today: date) -> Facts:
    """Return the facts of the page *text*, which was read at *url*; *today* is the last date that is believed."""
    document = read_document(text)
    base = _absolute(document.base, url) or url
    json_ld = JsonLd(document.json_ld)
    article = json_ld.article(url)
    address, elsewhere = _canonical(document, base, url)
    source = _source(document, json_ld, article, url)
    reader = _Reader(document, json_ld, article, source, base)
    target = links.recognise(url)
    doi = next((name for text in document.meta("citation_doi", "prism.doi") if (name := urls.doi(text))), "")
    arxiv = next((name for text in document.meta("citation_arxiv_id") if (name := urls.arxiv_id(text))), "")
    if target and target.rel == "paper":
        doi, arxiv = doi or target.doi, arxiv or target.arxiv
    is_paper = _is_paper(document, target)
    anchors = [(one.href, one.words) for one in document.anchors if document.is_own(one.place)]
    found, dropped = links.collect(anchors, base, (url, address, *(urls.doi_address(doi) if doi else "",)))
    return Facts(
        url=address,
        title=reader.title(),
        source=source,
        date=_date(document, article, address, today),
        authors=reader.authors(),
        lang=reader.lang(),
        image=reader.image(),
        keywords=reader.keywords(),
        kind="paper" if is_paper else kind_of(address),
        links=tuple(found),
        arxiv=arxiv,
        doi=doi,
        work=_work(document, reader, address) if is_paper else None,
        elsewhere=elsewhere,
        dropped=dropped,
    )


def from_address(url: str, today: date) -> Facts:
    """Return what the address *url* alone tells; takes ``arXiv:2104.00298`` and ``doi:10.1000/xyz`` too."""
    target = links.recognise(url)
    paper, name = (
        urls.arxiv_id(url) or (target.arxiv if target else ""),
        urls.doi(url) or (target.doi if target else ""),
    )
    if paper:
        return Facts(
            url=f"https://arxiv.org/abs/{paper}",
            title=f"arXiv:{paper}",
            source="arXiv",
            date=date_of_arxiv(paper, today),
            kind="paper",
            arxiv=paper,
        )
    if name:
        return Facts(
            url=urls.doi_address(name), title=f"doi:{name}", source="doi.org", kind="paper", doi=name
        )
    address = target.url if target and target.rel == "paper" else urls.tidy(url)
    return Facts(
        url=address,
        title=_title_of(address),
        source=urls.host(address),
        date=date_in_address(address, today),
        kind="paper" if target and target.rel == "paper" else kind_of(address),
    )


def from_work(work: Work) -> Facts:
    """Return the facts of an entry about the paper *work*."""
    return Facts(
        url=work.address,
        title=work.shown_title,
        source="arXiv" if work.arxiv else work.venue or work.publisher or "doi.org",
        date=parse(work.date) if work.date else None,
        authors=tuple(dict.fromkeys(person.name for person in work.people[:_MOST_AUTHORS] if person.name)),
        lang=work.lang if _LANG.fullmatch(work.lang) else "",
        kind="paper",
        arxiv=work.arxiv,
        doi=work.doi,
    )


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


def _title_of(url: str) -> str:
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


def _absolute(href: str, base: str) -> str:
    """Return *href* as an address that may be shown, or an empty string."""
    try:
        whole = urljoin(base, href.strip()) if href.strip() else ""
        # An address of a picture often has a blank in it.
        whole = whole.replace(" ", "%20")
        fits = urls.problem_with(whole) is None and not whole[:7].lower().startswith("mailto:")
        return whole if fits and "@" not in urlsplit(whole).netloc else ""
    except ValueError:
        return ""


def _canonical(document: Document, base: str, url: str) -> tuple[str, str]:
    """Return the address to watch, and a canonical address elsewhere that is not believed.

    A canonical address counts on its own site only, and never when it is the site's first page.
    """
    here = urls.tidy(url)
    elsewhere = ""
    for href in (*document.canonical, *document.meta("og:url")):
        address = _absolute(href, base)
        if not address or (is_home(address) and not is_home(url)):
            continue
        if same_site(address, url):
            address = urls.tidy(address)
            # A page that was read over https is not sent back to http.
            if here.startswith("https:") and address.startswith("http:"):
                address = f"https{address[4:]}"
            return address, ""
        elsewhere = elsewhere or urls.tidy(address)
    return here, elsewhere


def _source(document: Document, json_ld: JsonLd, article: dict[str, Any], url: str) -> str:
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


def _is_paper(document: Document, target: links.Target | None) -> bool:
    if target is not None:
        return target.rel == "paper"
    proofs = (
        "citation_pdf_url",
        "citation_arxiv_id",
        "citation_conference_title",
        "citation_dissertation_institution",
    )
    return bool(document.meta("citation_title")) and bool(document.meta(*proofs))


def _date(document: Document, article: dict[str, Any], url: str, today: date) -> Period | None:
    said = [
        *texts(article.get("datePublished")),
        *texts(article.get("uploadDate")),
        *texts(article.get("dateCreated")),
        *document.meta("article:published_time", "og:article:published_time", "og:published_time"),
        *document.meta("citation_publication_date", "citation_online_date", "citation_date", "citation_year"),
        *document.meta("dc.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created"),
        *document.meta(
            "datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publish-date", "date"
        ),
    ]
    times = [one for one in document.times if document.is_own(one.place)] or (
        [one for one in document.times if one.published]
    )
    said += [one.value for one in times if one.published]
    found = [period for text in said if (period := read_date(text, today))]
    if not found:
        # One date alone in the article is taken for its own; of several none says which.
        alone = {period for one in times if (period := read_date(one.value, today))}
        found = list(alone) if len(alone) == 1 else []
    if known := date_in_address(url, today):
        found.append(known)
    return best(found)


def _work(document: Document, reader: _Reader, url: str) -> Work | None:
    """Return the paper that the page is about, as its ``citation_*`` elements describe it."""

    def one(*names: str) -> str:
        return next((clean(without_tags(text)) for text in document.meta(*names)), "")

    authors = [clean(name, 100) for name in document.meta("citation_author", "citation_authors")]
    year = re.match(r"[12][0-9]{3}", one("citation_publication_date", "citation_date", "citation_year"))
    if not authors or not year or not one("citation_title"):
        return None
    journal, book = one("citation_journal_title"), one("citation_conference_title", "citation_inbook_title")
    first, last = one("citation_firstpage"), one("citation_lastpage")
    return Work(
        title=one("citation_title"),
        type="article" if journal else "inproceedings" if book else "misc",
        people=tuple(_person(name) for text in authors for name in text.split(";") if name.strip()),
        date=year[0],
        venue=journal or book,
        volume=one("citation_volume"),
        number=one("citation_issue"),
        pages=f"{first}--{last}" if first and last else first,
        url=url,
    )


def _person(name: str) -> Person:
    family, comma, given = (part.strip() for part in name.strip().partition(","))
    return (
        Person(family=family, given=given)
        if comma and given and "," not in given
        else Person(whole=name.strip())
    )


class _Reader:
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
        return tuple(names.values())[:_MOST_AUTHORS]

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
            if _LANG.fullmatch(tag):
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
            address = _absolute(href, self.base)
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
