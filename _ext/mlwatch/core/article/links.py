"""Addresses of papers and code: which sites they are on, and the address of the work itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from .. import urls
from ..model import Link
from .text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many papers, and how much code, are taken over from one page; a list of references has more.
MOST_LINKS: Final = 20

_GITHUB_PAGES: Final = frozenset(
    """
    about account apps blog collections contact customer-stories codespaces dashboard enterprise events explore
    features github-copilot issues join login logout marketplace mobile new notifications orgs organizations
    pricing pulls readme resources search security settings signup site solutions sponsors stars team topics
    trending users watching why-github
    """.split()
)
_GITLAB_PAGES: Final = frozenset(
    "about explore help users groups dashboard search admin profile public snippets -".split()
)
_HF_PAGES: Final = frozenset(
    """
    about api blog brand chat changelog collections contribute course docs enterprise inference-endpoints jobs
    join languages learn login logout models new notifications organizations papers posts pricing privacy search
    settings spaces datasets storage support tasks terms-of-service transformers welcome
    """.split()
)
#: Parts of a repository that are not its code.
_NOT_CODE: Final = frozenset(
    """
    issues pull pulls discussions actions projects security graphs network stargazers watchers settings
    sponsors milestone milestones labels community contributors
    """.split()
)
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)
_ACL_ID: Final = re.compile(r"(?:[A-Z][0-9]{2}-[0-9]{4}|[0-9]{4}\.[a-z0-9_]+-[a-z0-9_]+\.[0-9]+)", re.ASCII)
_DOI_IN_PATH: Final = re.compile(
    r"/(?:doi(?:/(?:abs|full|pdf|epdf|epub|pdfdirect|ref|book|10\.[0-9]+/pdf))?|article|chapter|book|content"
    r"|content/pdf)/(10\.[0-9]{4,9}/[^?#\s]+)"
)
_DOI_TAIL: Final = re.compile(
    r"(?:v[0-9]+)?(?:\.full|\.abstract|\.short)?(?:\.pdf|\.full-text|/full|/abstract|/pdf|/html|/meta)*/*$"
)
_PUBLISHERS: Final = re.compile(
    r"(?:.+\.)?(?:acm\.org|springer\.com|wiley\.com|science\.org|sciencemag\.org|pnas\.org|tandfonline\.com"
    r"|sagepub\.com|aps\.org|acs\.org|aip\.org|biorxiv\.org|medrxiv\.org|informs\.org|siam\.org"
    r"|royalsocietypublishing\.org|frontiersin\.org|annualreviews\.org|mitpressjournals\.org|direct\.mit\.edu"
    r"|worldscientific\.com|aclanthology\.org|epubs\.siam\.org|iopscience\.iop\.org|psyarxiv\.com)"
)
#: Words that say of a link only that it is one.
_NO_LABEL: Final = frozenset(
    """
    here link links this open-source open-sourced the-code the-repo our-repo paper papers this-paper the-paper code source source-code github gitlab git repo
    repository arxiv arxiv.org arxiv-link pdf abs abstract doi openreview read-more more read-the-paper
    read-paper original-paper full-paper preprint article project huggingface hugging-face view website site
    demo model dataset our-paper our-code download available-here official-code see-paper see-code cite
    """.split()
)


@dataclass(frozen=True, slots=True)
class Target:
    """What an address leads to: the option it belongs in, the address of the work, its arXiv id or DOI."""

    rel: str
    url: str
    arxiv: str = ""
    doi: str = ""


def recognise(url: str) -> Target | None:
    """Return what work *url* is about, when its site is one of those for papers or code; else None."""
    if urls.problem_with(url) or url[:7].lower() == "mailto:":
        return None
    parts = urlsplit(url)
    host, path = urls.host(url), unquote(parts.path)
    name = urls.doi(url)
    if name is None and _PUBLISHERS.fullmatch(host) and (found := _DOI_IN_PATH.search(path)):
        name = urls.doi(_DOI_TAIL.sub("", found[1][:300]))
    if paper := urls.arxiv_id(url):
        return Target("paper", f"https://arxiv.org/abs/{paper}", arxiv=paper)
    if name:
        return Target("paper", urls.doi_address(name), doi=name)
    segments = [part for part in path.split("/") if part]
    site = _SITES.get(host)
    plain = all(part.isprintable() and " " not in part for part in segments)
    return site(segments, parts.query) if site and plain else None


def _openreview(segments: list[str], query: str) -> Target | None:
    forum = parse_qs(query, max_num_fields=20).get("id", [""])[0] if query.count("&") < 20 else ""
    if segments[:1] not in (["forum"], ["pdf"]) or not re.fullmatch(r"[A-Za-z0-9_-]{4,40}", forum):
        return None
    return Target("paper", f"https://openreview.net/forum?id={forum}")


def _acl(segments: list[str], _query: str) -> Target | None:
    last = segments[-1].removesuffix(".pdf") if segments else ""
    return Target("paper", f"https://aclanthology.org/{last}/") if _ACL_ID.fullmatch(last) else None


def _pmlr(segments: list[str], _query: str) -> Target | None:
    volume, name = [*segments, "", ""][:2]
    name = name.removesuffix(".html")
    if not re.fullmatch(r"[vr][0-9]+", volume) or not _NAME.fullmatch(name) or name == "index":
        return None
    return Target("paper", f"https://proceedings.mlr.press/{volume}/{name}.html")


def _cvf(segments: list[str], _query: str) -> Target | None:
    """Recognise ``…/papers/X_paper.pdf`` and the page beside it, ``…/html/X_paper.html``."""
    if not segments or not re.search(r"_paper\.(?:html|pdf)$", segments[-1]):
        return None
    folders = ["html" if part == "papers" else part for part in segments[:-1]]
    page = re.sub(r"\.pdf$", ".html", segments[-1])
    return Target("paper", quote("/".join(["https://openaccess.thecvf.com", *folders, page]), safe=":/"))


def _neurips(segments: list[str], _query: str) -> Target | None:
    if "hash" not in segments:
        return None
    return Target("paper", quote("/".join(["https://proceedings.neurips.cc", *segments]), safe=":/"))


def _github(segments: list[str], _query: str) -> Target | None:
    owner, name, part = [*segments, "", "", ""][:3]
    name = name.removesuffix(".git")
    if owner.lower() in _GITHUB_PAGES or part in _NOT_CODE or not _are_names(owner, name):
        return None
    tail = segments[2:] if part in ("tree", "blob") and len(segments) > 4 else []
    return Target("code", quote("/".join(["https://github.com", owner, name, *tail]), safe=":/@"))


def _gist(segments: list[str], _query: str) -> Target | None:
    owner, name = [*segments, "", ""][:2]
    return Target("code", f"https://gist.github.com/{owner}/{name}") if _are_names(owner, name) else None


def _gitlab(segments: list[str], _query: str) -> Target | None:
    end = segments.index("-") if "-" in segments else len(segments)
    part = next(iter(segments[end + 1 :]), "")
    if end < 2 or segments[0].lower() in _GITLAB_PAGES or not _are_names(*segments[:end]):
        return None
    if part in _NOT_CODE or part == "merge_requests":
        return None
    kept = segments if part in ("tree", "blob") else segments[:end]
    return Target("code", quote("/".join(["https://gitlab.com", *kept]).removesuffix(".git"), safe=":/@"))


def _hugging_face(segments: list[str], _query: str) -> Target | None:
    first, second = [*segments, "", ""][:2]
    if first == "papers":
        paper = urls.arxiv_id(second)
        return Target("paper", f"https://arxiv.org/abs/{paper}", arxiv=paper) if paper else None
    rel = {"datasets": "data", "spaces": "demo"}.get(first, "code")
    names = segments[:2] if rel == "code" else segments[1:3]
    fewest = 1 if rel == "data" else 2  # the oldest data sets have no owner
    if (rel == "code" and first.lower() in _HF_PAGES) or len(names) < fewest or not _are_names(*names):
        return None
    return Target(rel, "/".join(["https://huggingface.co", *([first] if rel != "code" else []), *names]))


def _are_names(*parts: str) -> bool:
    return all(_NAME.fullmatch(part) for part in parts)


_SITES: Final = {
    "openreview.net": _openreview,
    "aclanthology.org": _acl,
    "aclweb.org": _acl,
    "aclanthology.info": _acl,
    "proceedings.mlr.press": _pmlr,
    "openaccess.thecvf.com": _cvf,
    "papers.nips.cc": _neurips,
    "papers.neurips.cc": _neurips,
    "proceedings.neurips.cc": _neurips,
    "github.com": _github,
    "gist.github.com": _gist,
    "gitlab.com": _gitlab,
    "huggingface.co": _hugging_face,
    "hf.co": _hugging_face,
}


def collect(found: Iterable[tuple[str, str]], base: str, own: Iterable[str]) -> tuple[list[Link], int]:
    """Return the papers and code among *found* (address and words of each link) and how many more there were.

    Relative addresses start at *base*; what leads to one of the addresses *own* is the page itself.
    """
    kept: dict[str, Link] = {}
    counts: dict[str, int] = {}
    mine = {urls.identity(one) for one in own}
    for href, words in found:
        try:
            target = recognise(urljoin(base, href.strip()))
        except ValueError:
            continue
        key = urls.identity(target.url) if target else ""
        if target is None or key in mine:
            continue
        label = label_of(words)
        if key in kept:
            if label and not kept[key].label:
                kept[key] = kept[key]._replace(label=label)
            continue
        counts[target.rel] = counts.get(target.rel, 0) + 1
        if counts[target.rel] <= MOST_LINKS:
            kept[key] = Link(target.rel, label, target.url)
    return list(kept.values()), sum(max(0, count - MOST_LINKS) for count in counts.values())


def label_of(words: str) -> str:
    """Return the words of a link as its label; an empty string when they say no more than "here"."""
    label = clean(words, 120).strip(" \t[](){}<>«»“”\"'.,;:→↗*†‡|-–—")
    bare = re.sub(r"[\s_-]+", "-", label.casefold())
    if bare in _NO_LABEL or len(label) < 3 or len(label) > 80 or re.fullmatch(r"[\d\W]+", label):
        return ""
    if "://" in label or ("/" in label and urls.problem_with("https://" + label) is None):
        return ""
    return "" if urls.arxiv_id(label) or urls.doi(label) or label.casefold().startswith("www.") else label
