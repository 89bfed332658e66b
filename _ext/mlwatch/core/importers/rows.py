"""One entry from one row of a table."""

from __future__ import annotations

import re
from typing import Final

from .markdown import links_in, stars_in, words
from .phrases import (
    BOLD,
    EDGES,
    NUMBER,
    Phrase,
    first_sentence,
    people,
    read_details,
    read_phrase,
    tidy,
    without_links,
)
from .rels import is_generic, is_paper, link_of
from .when import is_date

#: What the head of a column says of its cells.
_COLUMNS: Final = {
    "date": re.compile(r"(?:publi(?:shed|cation) |release )?(?:date|year|month|time|day)|published|\u65e5\u671f|\u65f6\u95f4|\u5e74\u4efd|\u53d1\u5e03\u65f6\u95f4"),
    "keywords": re.compile(r"key ?words?|tags?|topics?|labels?|categor(?:y|ies)|\u6807\u7b7e|\u5173\u952e\u8bcd|\u9886\u57df|\u5206\u7c7b"),
    "authors": re.compile(r"authors?|\u4f5c\u8005"),
}  # fmt: skip
_PARTS: Final = re.compile("[,;\uff0c\uff1b]")


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


def columns_of(row: str) -> tuple[str, ...]:
    """Return what each column below the head *row* of a table holds: date, keywords, authors, or "" for anything else."""
    heads = (re.sub(r"[\W_]+", " ", words(cell)).strip().casefold() for cell in cells_of(row))
    return tuple(
        next((name for name, said in _COLUMNS.items() if said.fullmatch(head)), "") for head in heads
    )


def read_row(row: str, columns: tuple[str, ...] = ()) -> Phrase | None:
    """Return the entry in a table's *row*: ``**Title** - words | [Paper](…), [Tweet](…)`` or ``[Title](…) | words``.

    *columns* is what :func:`columns_of` says of the table's head; a cell that does not fit its column is text.
    """
    cells = cells_of(row)
    told: dict[str, str] = {}
    if len(columns) == len(cells):
        for name, cell in zip(columns, cells, strict=True):
            text = words(cell)
            if name and text and not links_in(cell) and (name != "date" or is_date(text)) and len(text) <= 60:
                told.setdefault(name, text)
        cells = [cell for name, cell in zip(columns, cells, strict=True) if told.get(name) != words(cell)]
    phrase = _read_cells(cells)
    if phrase is not None:
        phrase.when = told.get("date", "") or phrase.when
        phrase.keywords = tuple(
            word for part in _PARTS.split(told.get("keywords", "")) if (word := part.strip())
        )
        phrase.authors = phrase.authors or people(told.get("authors", ""))
    return phrase


def _read_cells(cells: list[str]) -> Phrase | None:
    for number, cell in enumerate(cells):
        whole = [link for link in links_in(cell) if link.url and not link.image]
        named = (
            whole
            and not whole[0].bare
            and not is_generic(words(whole[0].label))
            and not words(cell[: whole[0].start]).strip(EDGES + '0123456789.)[(\u201c"')
        )
        if named:
            phrase = read_phrase(cell)
            if phrase:
                others = [
                    other for at, other in enumerate(cells) if at != number and re.search(r"[^\W\d_]", other)
                ]
                return _with_cells(phrase, others)
    title = next(
        (cell for cell in cells if re.search(r"[^\W\d_]{2}", words(cell)) and not read_details(cell)), ""
    )
    rest = [cell for cell in cells if cell is not title]
    links = [link for cell in rest for link in links_in(cell) if link.url and not link.image]
    if title and not links and (bare := links_in(title)) and not is_generic(words(bare[0].label)):
        return _with_cells(Phrase(words(bare[0].label), ""), rest)  # an address was left empty
    if not title or not links:
        return read_phrase(title) if title else None
    star, title = stars_in(title)
    name, said = title_and_text(title)
    said, kept = without_links(said, 0, [link for link in links_in(said) if not link.image])
    main = next((link for link in links if link_of(link).rel == "paper" or is_paper(link.url)), links[0])
    phrase = Phrase(name, main.url, star=star, rest=tidy(said))
    phrase.links = [*(link_of(link) for link in links if link is not main), *kept]
    return phrase if name else None


def _with_cells(phrase: Phrase, cells: list[str]) -> Phrase:
    said = [phrase.rest] if phrase.rest else []
    for cell in cells:
        text, kept = without_links(cell, 0, [link for link in links_in(cell) if not link.image])
        phrase.links += kept
        if text := tidy(text):
            said.append(text)
    phrase.rest = "\n\n".join(said)
    return phrase


def title_and_text(cell: str) -> tuple[str, str]:
    """Return title and text of ``1) **Title** - text``, ``1) Title  text`` and ``Title - text``."""
    cell = NUMBER.sub("", cell, count=1)
    if bold := BOLD.match(cell):
        return words(bold[2]).strip(EDGES), cell[bold.end() :].lstrip(EDGES)
    for mark in (r"\s{2,}(?=\S)", r"\s[-\u2013\u2014]+\s", r"<br\s{0,3}/?>"):
        parts = re.split(mark, cell, maxsplit=1)
        if len(parts) == 2 and 0 < len(words(parts[0])) <= 200:
            return words(parts[0]).strip(EDGES), parts[1].lstrip(EDGES)
    title, rest = first_sentence(cell)
    return words(title).strip(EDGES), rest
