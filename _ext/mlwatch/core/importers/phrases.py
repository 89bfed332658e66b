"""One entry from one phrase: a list item, a row of a table, or a heading with links in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .. import urls
from .markdown import EMOJI, Found, links_in, stars_in, words
from .rels import is_generic, is_paper, link_of
from .when import is_date, leading_date

if TYPE_CHECKING:
    from ..model import Link

EDGES: Final = " \t-\u2010\u2011\u2012\u2013\u2014:\uff1a|,;\u00b7\u2022*_"
BOLD: Final = re.compile(r"\s*(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_NUMBER: Final = r"(?:[(\uff08]?\d{1,3}[.)\uff09\u3001\uff0e](?!\d)|#\d{1,3}\b|[\u2460-\u2473])[\s:.]*"
NUMBER: Final = re.compile(rf"\A\s*{_NUMBER}")
#: What may stand before a title and is no word of it: emoji, numbers, marks of headings, tags, boxes to tick.
_BEFORE: Final = re.compile(
    rf"(?:{EMOJI.pattern}|{_NUMBER}|#{{1,6}}(?=\s)|\[[ xX]\](?=\s)|<[A-Za-z/][^<>]{{0,300}}>|[\s*_>:\uff1a-])+"
)
_PICTURES: Final = re.compile(r"(?<!\s)(?:\s*+!\[[^\[\]]{0,300}\]\([^()\s]{0,2000}\))+\s*+\Z")
_YEAR_BEHIND: Final = re.compile(r"(?P<title>\S.{6,}?) ?\((?P<year>(?:19|20)\d\d)\)")
#: A paragraph or item that ends in a link which only says that it is one.
_CLOSING: Final = re.compile(
    r"(?:[-\u2013\u2014\u2192:\uff1a]|->)\s*+[\[(*_]{0,9}\[\W{0,20}(?:links?|here|url|read more|more|source|\u539f\u6587|\u94fe\u63a5|\u9605\u8bfb\u539f\u6587)\W{0,20}\]\([^()\s]{1,2000}\)[\])*_.]*\s*\Z",
    re.IGNORECASE,
)
_CREDIT: Final = re.compile(r"[ ]?[,.]?[ ]?\((?P<year>(?:19|20)\d\d)\)\s*,?\s*(?P<people>[^\[\]()<>]{0,200})")
_CHECKBOX: Final = re.compile(r"\[[ xX]\]\s+")
_EMPTY: Final = re.compile(r"\[[|,/\s]*+\]|\([|,/\s]*+\)")


_IN_SENTENCE: Final = re.compile(
    r"(?i)\b(?:an?|the|this|that|these|our|their|my|your|its|his|her|recent|new|in|of|on|at|by|from|for|to|see|with|is|are|was|were|and|or|via|called|here)$"
)


def mid_sentence(text: str, first: Found) -> bool:
    """Say whether words go on behind the link *first* of *text* as a sentence does."""
    return bool(re.match(r"[a-z]{2,}[\s,]+\w", text[first.end :].lstrip("]) *_")))


@dataclass(slots=True)
class Phrase:
    """What a phrase tells: ``rest`` is Markdown; ``year`` is 0 when it names none; ``when`` is a date as it is written."""

    title: str
    url: str
    source: str = ""
    star: int = 0
    year: int = 0
    authors: tuple[str, ...] = ()
    links: list[Link] = field(default_factory=list)
    rest: str = ""
    when: str = ""
    keywords: tuple[str, ...] = ()


def begins_entry(text: str) -> bool:
    """Say whether a paragraph begins as an entry does: with a link, behind a number, a date or an emoji, or ends in "- [Link](…)"."""
    _, rest = leading_date(text[_before(text) :])
    return rest[_before(rest) :].startswith("[") or "[[" in text or ends_in_link(text)


def ends_in_link(text: str) -> bool:
    """Say whether a paragraph ends in a link that only says that it is one, behind a dash or a colon."""
    return bool(_CLOSING.search(_PICTURES.sub("", text[-4000:])))


def _before(text: str) -> int:
    found = _BEFORE.match(text)
    return found.end() if found else 0


def is_numbered(text: str) -> bool:
    """Say whether *text* begins with a number, as a paragraph of a numbered list does."""
    return bool(NUMBER.match(text))


def read_phrase(text: str) -> Phrase | None:
    """Return the entry in *text*, None when it has no title with a link, as a sentence with a link in it has none."""
    star, text = stars_in(_CHECKBOX.sub("", text, count=1) if text.startswith("[") else text)
    text = re.sub(r"\A#{1,6}\s+", "", text)
    when, text = leading_date(text)
    phrase = _read(text)
    if phrase is None or not phrase.title or not phrase.url:
        return None
    phrase.star = star or phrase.star
    phrase.when = when or phrase.when
    if not phrase.when and phrase.rest and is_date(words(phrase.rest)):
        phrase.when, phrase.rest = words(phrase.rest), ""
    site = re.fullmatch(r"https?://[^/?#]+/?", phrase.url)
    own = urls.host(phrase.url)
    phrase.links = [
        link
        for link in phrase.links
        if urls.identity(link.url) != urls.identity(phrase.url)
        and (site or urls.host(link.url) != own or not re.fullmatch(r"https?://[^/?#]+/?", link.url))
    ]
    return phrase


def _read(text: str) -> Phrase | None:
    links = [link for link in links_in(text) if not link.image]
    links = [link._replace(bare=True) if _is_address(link) else link for link in links]
    first = next((link for link in links if link.url), None)
    if first is None:
        return None
    if len(links) > 1 and links[-1].url and ends_in_link(text):
        return _closed(text, links[-1], links)
    lead = text[: first.start]
    plain = words(NUMBER.sub("", lead, count=1)).strip(EDGES + "[]()\"'\u201c\u201d\uff08\uff09")
    label = _label(first)
    if (
        links[0] is not first
        and not is_generic(_label(links[0]))
        and not is_generic(label)
        and not text.startswith("[[", first.start - 1)
    ):
        return None  # the title's link leads to no address, and the next to something else
    when = ""
    if plain and is_date(plain):
        when, plain, lead = plain, "", ""
    marked = bool(BOLD.match(NUMBER.sub("", lead))) or text.startswith("[[", first.start)
    enclosed = bool(re.search(r"[(\uff08]\s*\Z", lead)) and bool(
        re.fullmatch(r"\s*[)\uff09]\W*", text[first.end :])
    )
    if plain and (marked or enclosed or first.bare or is_generic(label)):
        if not marked and (len(plain) > 200 or _IN_SENTENCE.search(plain) or mid_sentence(text, first)):
            return None
        phrase = _titled(lead, links, text)
    elif not first.bare and label and not plain:
        phrase = _linked(label, first, links, text)
    elif (
        not first.bare
        and label
        and not is_generic(label)
        and (
            _ends_before(lead)
            or (len(plain.split()) < 4 and not mid_sentence(text, first) and not _amid(text, first))
        )
    ):
        phrase = _linked(label, first, links, text)
        if _ends_before(lead) and len(plain) <= 60:
            phrase.source = plain
    elif first.bare and not plain:
        phrase = _addressed(first, links, text)
    else:
        return None
    phrase.when = when
    return phrase


def _amid(text: str, first: Found) -> bool:
    """Say whether a link stands amid words of a script that puts no space between them."""
    around = (text[: first.start].rstrip("*_")[-1:], text[first.end :].lstrip("*_")[:1])
    return all("\u3040" <= char <= "\u9fff" for char in around if char) and all(around)


def _is_address(link: Found) -> bool:
    """Say whether a link's label is but its address."""
    label = link.label.strip(" <>`")
    return (
        not link.bare
        and bool(link.url)
        and label.lower().startswith(("http://", "https://"))
        and " " not in label
    )


def _label(link: Found) -> str:
    """Return the words of a link without brackets around them; brackets within stay."""
    text = words(link.label).strip()
    while text[:1] == "[" and text.find("]") == len(text) - 1:
        text = text[1:-1].strip()
    if text.count("[") > text.count("]"):
        text = text.removeprefix("[")
    elif text.count("[") < text.count("]"):
        text = text.removesuffix("]")
    return text.strip()


def _closed(text: str, link: Found, links: list[Found]) -> Phrase:
    """Read ``Words that may have [a link](…) among them - [Link](…)``."""
    lead = text[: link.start]
    title, rest = words(NUMBER.sub("", lead, count=1)).strip(EDGES + "[(>"), ""
    if len(title) > 200:
        title, rest = first_sentence(title)
    return Phrase(
        title.strip(EDGES),
        link.url,
        links=[link_of(one) for one in links[:-1] if one.url and is_paper(one.url)],
        rest=rest,
    )


def read_details(text: str) -> list[Link]:
    """Return the links of a line that has nothing but links and what kind they are: ``Paper: … Code: …``; else none."""
    links: list[Link] = []
    position = 0
    for found in links_in(text):
        if found.image or not found.url:
            return []
        before = re.sub(r"[(\uff08][^()\uff08\uff09]{0,30}[)\uff09]", "", words(text[position : found.start]))
        before = before.strip(EDGES + "[]()/\uff08\uff09\u3010\u3011>+&")
        before = "" if before in ("and", "or", "\u548c") else before
        bare = found.bare or _is_address(found)
        if (before and not is_generic(before)) or not (bare or is_generic(_label(found))):
            return []
        if not before and (bare or _label(found).casefold() == "source"):
            return []  # an entry of its own, or the credit of a picture
        named = before and (bare or link_of(found).rel == "link")
        links.append(link_of(found._replace(label=before, bare=False) if named else found))
        position = found.end
    return (
        []
        if re.search(r"\w", re.sub(r"[(\uff08][^()\uff08\uff09]{0,30}[)\uff09]", "", words(text[position:])))
        else links
    )


def _ends_before(lead: str) -> bool:
    return lead.rstrip(" *_").endswith((":", "\uff1a"))


def _titled(lead: str, links: list[Found], text: str) -> Phrase:
    """Read ``Title [[arXiv](…)] [[code](…)]`` and ``**Title** (2015), A. Author [[pdf](…)] - words``."""
    lead = NUMBER.sub("", lead, count=1)
    rest = ""
    year = 0
    authors: tuple[str, ...] = ()
    if bold := BOLD.match(lead):
        title, after = words(bold[2]), lead[bold.end() :]
        if credit := _CREDIT.match(after):
            year, authors = int(credit["year"]), people(credit["people"])
            after = after[credit.end() :]
        rest = tidy(after)
    else:
        title = words(lead).strip(" \t[](\u2013\u2014-,:|")
        if (credit := _CREDIT.search(title, 3)) and credit.end() == len(title):
            year, authors, title = int(credit["year"]), people(credit["people"]), title[: credit.start()]
        if len(title) > 200:
            title, rest = first_sentence(title)
    whole = [link for link in links if link.url]
    main = next((link for link in whole if link_of(link).rel == "paper"), whole[0])
    tail, kept = without_links(text, links[0].start, [link for link in links if link is not main])
    skipped = text[main.start : main.end]
    rest = " ".join(filter(None, (rest, tidy(tail.replace(skipped, " ", 1)))))
    return Phrase(title.strip(EDGES), main.url, year=year, authors=authors, links=kept, rest=rest)


def _linked(label: str, first: Found, links: list[Found], text: str) -> Phrase:
    """Read ``[Title](…) - words [code](…)``."""
    others = links[links.index(first) + 1 :]
    tail, kept = without_links(text, first.end, others)
    year = 0
    if behind := _YEAR_BEHIND.fullmatch(label):
        label, year = behind["title"], int(behind["year"])
    return Phrase(label, first.url, year=year, links=kept, rest=tidy(tail))


def _addressed(first: Found, links: list[Found], text: str) -> Phrase:
    """Read a bare address and the words after it."""
    tail, kept = without_links(text, first.end, links[links.index(first) + 1 :])
    said = words(tidy(tail))
    title, rest = (
        first_sentence(said) if said else (re.sub(r"^https?://(?:www\.)?", "", first.url).rstrip("/"), "")
    )
    return Phrase(title, first.url, links=kept, rest=rest)


def without_links(text: str, start: int, links: list[Found]) -> tuple[str, list[Link]]:
    """Return *text* from *start* without the links that only tell what kind they are, and those links."""
    kept: list[Link] = []
    out: list[str] = []
    position = start
    for link in links:
        if link.start < position:
            continue
        if link.url:
            labelled = is_generic(words(link.label)) or text[link.start - 1 : link.start] in ("[", "|")
            alone = link is links[-1] and not re.search(r"\w", text[position : link.start] + text[link.end :])
            if not labelled and not alone:
                continue
            kept.append(link_of(link))
        elif not is_generic(words(link.label)):
            continue
        out.append(text[position : link.start])
        position = link.end
    out.append(text[position:])
    return "".join(out), kept


def tidy(text: str) -> str:
    """Return the words that are left when links are taken out, "" when there are none."""
    for _ in range(4):  # brackets may stand in brackets
        text = _EMPTY.sub(" ", text)
    text = re.sub(r"(?:<br\s*/?>\s*)+", "\n", text)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    text = re.sub(r"(?<!\s)\s++([,.;:])(?=\s|$)", r"\1", text).strip(EDGES + "\n")
    ended = text.rstrip(" ,.;|\n")
    text = f"{ended}." if len(text) - len(ended) > 1 else text
    text = text.removeprefix("]").removeprefix(")").strip(EDGES + "\n") if text[:1] in "])" else text
    if text.count("[") < text.count("]"):
        text = text.rstrip("] ")
    return text if re.search(r"\w", text) else ""


def people(text: str) -> tuple[str, ...]:
    """Return the names in *text*, parted by commas, semicolons or "and"; "et al." is none."""
    text = re.sub(r"\bet\.? al\.?", "", text)
    names = (
        name.strip(" .,;") + ("." if re.search(r"\b[A-Z]\.$", name.strip(" ,;")) else "")
        for name in re.split(r",|;|\band\b|&", text)
    )
    return tuple(name for name in names if re.search(r"[^\W\d_]{2}", name) and len(name) < 60)


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of *text*, 200 characters at most, and the rest."""
    cut = re.search(r"(?<=\w)[.!?](?=\s)|\s[-\u2013\u2014]\s|:\s", text[:240])
    if cut and cut.start() > 2:
        return text[: cut.start()].strip(), text[cut.end() :].strip()
    if len(text) <= 200:
        return text, ""
    at = text.rfind(" ", 0, 200)
    return text[: at if at > 0 else 200], text[at if at > 0 else 200 :].strip()
