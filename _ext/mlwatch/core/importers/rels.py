"""What a link is: paper, code, video and so on, by its label and its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .. import urls
from ..model import Link
from .markdown import EMOJI, words

if TYPE_CHECKING:
    from .markdown import Found

#: What a link is, by words of its label; the first that fits.
_RELS: Final = (
    ("code", re.compile(r"代码|源码|开源|\b(?:code|github|gitlab|repo(?:sitory)?|implementation|source|torch|pytorch|tensorflow|tf|keras|jax|model|weights?)\b", re.IGNORECASE)),
    ("slides", re.compile(r"幻灯|\bslides?\b|\bpresentation\b|\bppt\b", re.IGNORECASE)),
    ("video", re.compile(r"视频|\b(?:video|talk|youtube|lecture|recording|webinar)s?\b", re.IGNORECASE)),
    ("data", re.compile(r"数据集|\bdata(?:set)?s?\b|\bcorpus\b|\bbenchmark\b", re.IGNORECASE)),
    ("demo", re.compile(r"演示|试用|\b(?:demo|colab|notebook|playground|spaces?|try)\b", re.IGNORECASE)),
    ("discussion", re.compile(r"讨论|\b(?:reddit|discussion|hn|hacker ?news|tweets?|twitter|thread|comments?|reviews?)\b", re.IGNORECASE)),
    ("project", re.compile(r"主页|官网|项目|\bproject\b|\bweb ?(?:site|page)\b|\bhome ?page\b|\bpage\b|\bsite\b", re.IGNORECASE)),
    ("paper", re.compile(r"\bpaper|\bpdf\b|arxiv|\bpreprint\b|openreview|\bdoi\b|\babs(?:tract)?\b|\bproceedings\b|论文|\bacl\b|\bneurips\b|\bnips\b|\bicml\b|\biclr\b|\bcvpr\b|\bpublication\b", re.IGNORECASE)),
)  # fmt: skip
_HOST_RELS: Final = {
    "github.com": "code",
    "gitlab.com": "code",
    "bitbucket.org": "code",
    "youtube.com": "video",
    "youtu.be": "video",
    "vimeo.com": "video",
    "openreview.net": "paper",
    "aclweb.org": "paper",
    "aclanthology.org": "paper",
    "papers.nips.cc": "paper",
    "proceedings.neurips.cc": "paper",
    "proceedings.mlr.press": "paper",
    "openaccess.thecvf.com": "paper",
    "twitter.com": "discussion",
    "x.com": "discussion",
    "news.ycombinator.com": "discussion",
    "reddit.com": "discussion",
    "slideshare.net": "slides",
    "speakerdeck.com": "slides",
    "kaggle.com": "data",
}
#: A label that says what a link is and nothing of what it leads to.
_GENERIC: Final = re.compile(
    r"(?:the |official |full |original |arxiv |nips |neurips |icml |iclr |acl |tech(?:nical)? |blog |project |source |research )*"
    r"(?:paper|papers|pdf|arxiv|abs|abstract|code|codes|github|repo|repository|implementation|project(?: ?page)?|page|website|site|web|homepage|"
    r"slides?|video|videos|talk|youtube|data|dataset|datasets|demo|colab|notebook|tweet|twitter|thread|reddit|discussion|article|blog|blog ?post|post|"
    r"link|links|here|source|openreview|doi|preprint|html|bibtex|poster|supp(?:lementary)?|appendix|review|model|models|weights|news|read more|more|report|docs|"
    r"book|library|release|announcement|press release|hn|medium|summary|notes?|pytorch|tensorflow|keras|torch|tf|website|readme|tool|course|tutorial|app|api|"
    r"issue|publication|form|channel|url|via|阅读原文|(?:原文|论文|代码|源码|项目|数据集?|视频|博客|演示|解读|中文解读|讨论|资讯|官网|主页|链接|地址)(?:下载)?(?:链接|地址|主页|网址)?)[\s.:：!\d]*",
    re.IGNORECASE,
)


def is_generic(label: str) -> bool:
    """Say whether a link's *label* tells only what kind of thing it leads to, as "paper" and "code" do."""
    text = EMOJI.sub("", label).strip(" []()*_.,:：")
    return len(text) < 2 or bool(_GENERIC.fullmatch(text))


def is_paper(url: str) -> bool:
    """Say whether *url* is that of a paper, by its form alone."""
    if urls.arxiv_id(url) or urls.doi(url) or url.partition("?")[0].lower().endswith(".pdf"):
        return True
    return _HOST_RELS.get(urls.host(url)) == "paper"


def link_of(found: Found) -> Link:
    """Return the labelled link: its kind by its label, else by its address; a label that only tells the kind is left out."""
    label = words(found.label).strip(" []") if not found.bare else ""
    rel = next((name for name, pattern in _RELS if label and pattern.search(label)), "")
    host = urls.host(found.url)
    if not rel or (rel == "code" and is_paper(found.url)):
        rel = "paper" if is_paper(found.url) else _HOST_RELS.get(host, "link")
    if rel == "project" and _HOST_RELS.get(host) == "code":
        rel = "code"
    plain = (not label.isascii() and is_generic(label)) or label.casefold() in (
        rel,
        f"{rel}s",
        "pdf",
        "arxiv",
        "github",
        "link",
        "here",
        "slide",
        "project page",
        "website",
        "tweet",
        "dataset",
    )
    return Link(rel, "" if plain and rel != "link" else label, found.url)
