"""One entry from one phrase: a list item, a row of a table, or a heading with links in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .markdown import Found, links_in, stars_in, words
from .rels import is_generic, is_paper, link_of

if TYPE_CHECKING:
    from ..model import Link

_EDGES: Final = " \t-\u2010\u2011\u2012\u2013\u2014:\uff1a|,;\u00b7\u2022*_"
_BOLD: Final = re.compile(r"\s*(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_NUMBER: Final = re.compile(r"\A\s*(?:\(?\d{1,3}[.)\uff09]|#\d{1,3}\b)[\s:.]*")
_CREDIT: Final = re.compile(r"[ ]?[,.]?[ ]?\((?P<year>(?:19|20)\d\d)\)\s*,?\s*(?P<people>[^\[\]()<>]{0,200})")
_CHECKBOX: Final = re.compile(r"\[[ xX]\]\s+")
_EMPTY: Final = re.compile(r"\[\s*[|,/\s]*\]|\(\s*[,/|\s]*\)")


_IN_SENTENCE: Final = re.compile(
    r"(?i)\b(?:an?|the|this|that|these|our|their|my|your|its|his|her|recent|new|in|of|on|at|by|from|for|to|see|with|is|are|was|were|and|or|via|called|here)$"
)


def mid_sentence(text: str, first: Found) -> bool:
    """Say whether words go on behind the link *first* of *text* as a sentence does."""
    return bool(re.match(r"[a-z]{2,}[\s,]+\w", text[first.end :].lstrip("]) *_")))


@dataclass(slots=True)
class Phrase:
    """What a phrase tells: ``rest`` is Markdown; ``year`` is 0 when it names none."""

    title: str
    url: str
    source: str = ""
    star: int = 0
    year: int = 0
    authors: tuple[str, ...] = ()
    links: list[Link] = field(default_factory=list)
    rest: str = ""


def read_phrase(text: str) -> Phrase | None:
    """Return the entry in *text*, None when it has no title with a link, as a sentence with a link in it has none."""
    star, text = stars_in(_CHECKBOX.sub("", text, count=1) if text.startswith("[") else text)
    links = [link for link in links_in(text) if not link.image]
    first = next((link for link in links if link.url), None)
    if first is None:
        return None
    lead = text[: first.start]
    plain = words(_NUMBER.sub("", lead, count=1)).strip(_EDGES + "[]()\"'\u201c\u201d")
    label = words(first.label).strip(" []")
    marked = bool(_BOLD.match(_NUMBER.sub("", lead))) or text.startswith("[[", first.start)
    if plain and (marked or first.bare or is_generic(label)):
        if not marked and (len(plain) > 200 or _IN_SENTENCE.search(plain) or mid_sentence(text, first)):
            return None
        phrase = _titled(lead, links, text)
    elif not first.bare and label and not plain:
        phrase = _linked(label, first, links, text)
    elif (
        not first.bare
        and label
        and not is_generic(label)
        and (_ends_before(lead) or (len(plain.split()) < 4 and not mid_sentence(text, first)))
    ):
        phrase = _linked(label, first, links, text)
        if _ends_before(lead) and len(plain) <= 60:
            phrase.source = plain
    elif first.bare and not plain:
        phrase = _addressed(first, links, text)
    else:
        return None
    phrase.star = star or phrase.star
    return phrase if phrase.title and phrase.url else None


def _ends_before(lead: str) -> bool:
    return lead.rstrip(" *_").endswith((":", "\uff1a"))


def _titled(lead: str, links: list[Found], text: str) -> Phrase:
    """Read ``Title [[arXiv](…)] [[code](…)]`` and ``**Title** (2015), A. Author [[pdf](…)] - words``."""
    lead = _NUMBER.sub("", lead, count=1)
    rest = ""
    year = 0
    authors: tuple[str, ...] = ()
    if bold := _BOLD.match(lead):
        title, after = words(bold[2]), lead[bold.end() :]
        if credit := _CREDIT.match(after):
            year, authors = int(credit["year"]), _people(credit["people"])
            after = after[credit.end() :]
        rest = _tidy(after)
    else:
        title = words(lead).strip(" \t[](\u2013\u2014-,:|")
        if (credit := _CREDIT.search(title, 3)) and credit.end() == len(title):
            year, authors, title = int(credit["year"]), _people(credit["people"]), title[: credit.start()]
        if len(title) > 200:
            title, rest = first_sentence(title)
    whole = [link for link in links if link.url]
    main = next((link for link in whole if link_of(link).rel == "paper"), whole[0])
    tail, kept = _without_links(text, links[0].start, [link for link in links if link is not main])
    skipped = text[main.start : main.end]
    rest = " ".join(filter(None, (rest, _tidy(tail.replace(skipped, " ", 1)))))
    return Phrase(title.strip(_EDGES), main.url, year=year, authors=authors, links=kept, rest=rest)


def _linked(label: str, first: Found, links: list[Found], text: str) -> Phrase:
    """Read ``[Title](…) - words [code](…)``."""
    others = links[links.index(first) + 1 :]
    tail, kept = _without_links(text, first.end, others)
    return Phrase(label, first.url, links=kept, rest=_tidy(tail))


def _addressed(first: Found, links: list[Found], text: str) -> Phrase:
    """Read a bare address and the words after it."""
    tail, kept = _without_links(text, first.end, links[links.index(first) + 1 :])
    said = words(_tidy(tail))
    title, rest = (
        first_sentence(said) if said else (re.sub(r"^https?://(?:www\.)?", "", first.url).rstrip("/"), "")
    )
    return Phrase(title, first.url, links=kept, rest=rest)


def _without_links(text: str, start: int, links: list[Found]) -> tuple[str, list[Link]]:
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


def _tidy(text: str) -> str:
    """Return the words that are left when links are taken out, "" when there are none."""
    for _ in range(4):  # brackets may stand in brackets
        text = _EMPTY.sub(" ", text)
    text = re.sub(r"(?:<br\s*/?>\s*)+", "\n", text)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    text = re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", text).strip(_EDGES + "\n")
    ended = text.rstrip(" ,.;|\n")
    text = f"{ended}." if len(text) - len(ended) > 1 else text
    text = text.removeprefix("]").removeprefix(")").strip(_EDGES + "\n") if text[:1] in "])" else text
    if text.count("[") < text.count("]"):
        text = text.rstrip("] ")
    return text if re.search(r"\w", text) else ""


def _people(text: str) -> tuple[str, ...]:
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


# --- Rows ---------------------------------------------------------------------------------------------------------


def cells_of(row: str) -> list[str]:
    """Return the cells of a table's *row*: parted by bars that are neither escaped, nor in code or in a link."""
    text = row.strip()
    inside = [(link.start, link.end) for link in links_in(text) if not link.bare]
    cells: list[str] = []
    start = position = span = 0
    while position < len(text):
        while span < len(inside) and inside[span][1] <= position:
            span += 1
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "|" and not (span < len(inside) and inside[span][0] < position < inside[span][1]):
            cells.append(text[start:position].strip())
            start = position + 1
        position += 1
    cells.append(text[start:].strip())
    if cells and not cells[0]:
        cells = cells[1:]
    if cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def read_row(row: str) -> Phrase | None:
    """Return the entry in a table's *row*: ``**Title** - words | [Paper](…), [Tweet](…)`` or ``[Title](…) | words``."""
    cells = cells_of(row)
    for number, cell in enumerate(cells):
        whole = [link for link in links_in(cell) if link.url and not link.image]
        named = (
            whole
            and not whole[0].bare
            and not is_generic(words(whole[0].label))
            and not words(cell[: whole[0].start]).strip(_EDGES + '0123456789.)[(\u201c"')
        )
        if named:
            phrase = read_phrase(cell)
            if phrase:
                others = [
                    other for at, other in enumerate(cells) if at != number and re.search(r"[^\W\d_]", other)
                ]
                return _with_cells(phrase, others)
    title = next((cell for cell in cells if re.search(r"[^\W\d_]{2}", words(cell))), "")
    rest = [cell for cell in cells if cell is not title]
    links = [link for cell in rest for link in links_in(cell) if link.url and not link.image]
    if title and not links and (bare := links_in(title)) and not is_generic(words(bare[0].label)):
        return _with_cells(Phrase(words(bare[0].label), ""), rest)  # an address was left empty
    if not title or not links:
        return read_phrase(title) if title else None
    star, title = stars_in(title)
    name, said = title_and_text(title)
    said, kept = _without_links(said, 0, [link for link in links_in(said) if not link.image])
    main = next((link for link in links if link_of(link).rel == "paper" or is_paper(link.url)), links[0])
    phrase = Phrase(name, main.url, star=star, rest=_tidy(said))
    phrase.links = [*(link_of(link) for link in links if link is not main), *kept]
    return phrase if name else None


def _with_cells(phrase: Phrase, cells: list[str]) -> Phrase:
    said = [phrase.rest] if phrase.rest else []
    for cell in cells:
        text, kept = _without_links(cell, 0, [link for link in links_in(cell) if not link.image])
        phrase.links += kept
        if tidy := _tidy(text):
            said.append(tidy)
    phrase.rest = "\n\n".join(said)
    return phrase


def title_and_text(cell: str) -> tuple[str, str]:
    """Return title and text of ``1) **Title** - text``, ``1) Title  text`` and ``Title - text``."""
    cell = _NUMBER.sub("", cell, count=1)
    if bold := _BOLD.match(cell):
        return words(bold[2]).strip(_EDGES), cell[bold.end() :].lstrip(_EDGES)
    for mark in (r"\s{2,}(?=\S)", r"\s[-\u2013\u2014]+\s", r"<br\s{0,3}/?>"):
        parts = re.split(mark, cell, maxsplit=1)
        if len(parts) == 2 and 0 < len(words(parts[0])) <= 200:
            return words(parts[0]).strip(_EDGES), parts[1].lstrip(_EDGES)
    title, rest = first_sentence(cell)
    return words(title).strip(_EDGES), rest
