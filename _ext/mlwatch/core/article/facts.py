"""The facts of an article: from what its page says, or from its address alone.

The page's own statements come in the order JSON-LD (schema.org), Open Graph (https://ogp.me), Highwire
(``citation_*``, https://scholar.google.com/intl/en/scholar/inclusion.html), Dublin Core, and then its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import urls
from ..papers.work import Person, Work
from ..periods import parse
from . import links
from .address import absolute, is_home, kind_of, same_site, title_of
from .dates import best, date_in_address, date_of_arxiv, read_date
from .document import Document, read_document
from .jsonld import JsonLd, texts
from .text import clean, without_tags
from .values import LANG, MOST_AUTHORS, Values, source_of

if TYPE_CHECKING:
    from datetime import date

    from ..model import Link
    from ..periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article; what is not known is empty.

    ``url`` is the address to watch, ``elsewhere`` a canonical address on another site, which is not trusted.
    ``arxiv`` and ``doi`` name the paper that the page itself is about, ``work`` is what the
    page says of it (Highwire). ``dropped`` counts links past the limit.
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
    base = absolute(document.base, url) or url
    json_ld = JsonLd(document.json_ld)
    article = json_ld.article(url)
    address, elsewhere = _canonical(document, base, url)
    source = source_of(document, json_ld, article, url)
    reader = Values(document, json_ld, article, source, base)
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
        work=_work(document, address) if is_paper else None,
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
        title=title_of(address),
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
        authors=tuple(dict.fromkeys(person.name for person in work.people[:MOST_AUTHORS] if person.name)),
        lang=work.lang if LANG.fullmatch(work.lang) else "",
        kind="paper",
        arxiv=work.arxiv,
        doi=work.doi,
    )


def _canonical(document: Document, base: str, url: str) -> tuple[str, str]:
    """Return the address to watch, and a canonical address elsewhere that is not believed.

    A canonical address counts on its own site only, and never when it is the site's first page.
    """
    here = urls.tidy(url)
    elsewhere = ""
    for href in (*document.canonical, *document.meta("og:url")):
        address = absolute(href, base)
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


def _work(document: Document, url: str) -> Work | None:
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
