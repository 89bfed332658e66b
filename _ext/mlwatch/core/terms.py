"""The terms of an entry: what it is about, in pieces that another entry may have too."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from .page import plain_inline
from .settings import fold
from .urls import identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .model import Entry

#: The kinds of terms, eight at most: what each counts, and how many of it are looked at. A phrase is two words that
#: stand together, a name has more than one capital ("GPT", "NeurIPS").
KINDS: Final = (
    ("paper", 16, 16),
    ("link", 12, 16),
    ("keyword", 10, 16),
    ("phrase of the title or a keyword", 8, 24),
    ("name in the title or a keyword", 6, 24),
    ("word of the title", 6, 24),
    ("word of a keyword", 5, 24),
    ("word of the summary", 3, 40),
)
WEIGHTS: Final = tuple(weight for _, weight, _ in KINDS)
#: Of the kinds up to this one a single shared term is enough.
NAME: Final = 4
#: Characters of a text that are looked at.
_LONGEST: Final = 4000

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD: Final = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)")


_NAME: Final = re.compile(r"\b[^\W_]*[A-Z][^\W_A-Z]*[A-Z][^\W_]*")


def _spelled(text: str) -> list[str]:
    """Return the words of *text* in one spelling; of scripts without spaces each two characters that stand together."""
    found: list[str] = []
    for run, word in _WORD.findall(normalize("NFKC", text).casefold()):
        if run:
            found += (run[at : at + 2] for at in range(len(run) - 1))
        elif len(word) > 1 and not word.isdecimal():
            plural = len(word) > 3 and word.endswith("s") and word[-2] not in "sui"
            found.append(word[:-1] if plural else word[:40])
    return found


#: Words of the field that say nothing alone, but something beside another: "federated learning".
_FIELD: Final = frozenset(
    _spelled(
        """
        ai artificial data deep intelligence learn learned learning machine ml model modeling modelling net network neural
        train trained training 学习 模型 人工 工智 智能 机器 器学 神经 经网 网络 深度 度学
        """
    )
)
#: Words that say nothing of what an article is about: of grammar, of announcements, who made it, and when.
_STOP: Final = _FIELD.union(
    _spelled(
        """
        about above after again all also am an and any are as at be because been before being below between both but by can
        cannot could did do does done during each even every few first for from further get give go had has have having he her
        here him his how if in into is it its itself just last less let like made make making many may me might more most much
        must my need new next no nor not now of off often on once one only or other our out over own part per re same second
        see several shall she should show since so some still such take than that the their them then there these they thing
        this those three through to too towards toward two under until up upon us use used using very via was way we well were
        what when where whether which while who whom whose why will with within without would yet you your
        ability achieve advance announced announce approach article based beat better beyond blog build challenge current day
        demonstrate development different easy efficient enable explore fast faster find finding framework general good great
        help high idea improve improved improving introduce introduced introducing introduction investigate large latest level
        library limit little look long method novel old open paper people performance post powerful present problem propose
        proposed proposal question reach release released require research result reveal say science set short simple single
        small state study suggest support system task team technique time today tool trend understand understanding unlock
        unveil update work world year
        amazon apple baidu berkeley brain carnegie cmu college deepmind eth facebook google group huawei ibm institute
        international lab meta microsoft mit nvidia openai oxford peking princeton researcher scientist stanford tencent tokyo
        tsinghua twitter uc ucl umass university unc nyu aws epfl sota washington zurich
        january february march april june july august september october november december
        das dem den der des die ein eine einer für ist mit nicht sich und von wie zu auch auf avec aux dans est la le les ne
        par pas plus pour que qui sur un une
        一个 以及 使用 可以 基于 如何 方法 研究 进行
        """
    )
)


def pack(entry: Entry, papers: Iterable[str]) -> str:
    """Return the terms of *entry*, which watches *papers*, as one text for :func:`unpack`.

    Each term stands once, under the kind that counts most. A source's own name is none: two entries of
    one source need not be about the same.
    """
    own = set(_spelled(entry.source))
    seen = set(own)
    keywords = [name[:_LONGEST] for name in entry.keywords[:16]]
    titles = (entry.title[:_LONGEST], entry.alt_title[:_LONGEST])
    summary = entry.summary[:_LONGEST]
    kinds: tuple[Iterable[str], ...] = (
        (f"p:{_solid(paper)}" for paper in papers),
        (f"u:{_solid(identity(link.url))}" for link in entry.links if link.rel != "paper"),
        (f"k:{_solid(fold(name))}" for name in keywords),
        (phrase for text in (*titles, *keywords) for phrase in _phrases(text, own)),
        (name for text in (*titles, *keywords) for name in _names(text, own)),
        _words(" ".join(titles)),
        _words(" ".join(keywords)),
        _words(plain_inline(summary)) if summary else (),
    )
    groups = []
    for (_, _, most), terms in zip(KINDS, kinds, strict=True):
        fresh = [term for term in dict.fromkeys(terms) if term not in seen][:most]
        seen.update(fresh)
        groups.append(" ".join(fresh))
    return "\t".join(groups)


def unpack(packed: str) -> Iterator[tuple[int, str]]:
    """Give the terms in *packed*, each with its kind."""
    for kind, group in enumerate(packed.split("\t")):
        for term in group.split():
            yield kind, term


def _solid(text: str) -> str:
    return "".join(text.split())


def _words(text: str) -> list[str]:
    """Return the words of *text* that say something."""
    return [word for word in _spelled(text) if word not in _STOP]


def _phrases(text: str, own: set[str]) -> Iterator[str]:
    """Give each two words of *text* that stand together and say something, none of them of its *own* source's name."""
    spelled = _spelled(text)
    for one, other in pairwise(spelled):
        if one in own or other in own:
            continue
        first, second = one not in _STOP, other not in _STOP
        if (first and (second or other in _FIELD)) or (second and one in _FIELD):
            yield f"{one}+{other}"


def _names(text: str, own: set[str]) -> Iterator[str]:
    """Give the words of *text* with more than one capital, not those of its *own* source's name; nothing when it is all in capitals."""
    if text.upper() != text:
        for name in _NAME.findall(text):
            yield from (f"n:{word}" for word in _words(name) if word not in own)
