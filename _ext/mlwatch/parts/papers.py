"""How a paper is drawn: on the page of an entry that is about it, and in the list of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..base.locale import _, ngettext
from ..core.language import mark
from . import draw
from .markup import El, Go

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..core.views.shapes import PaperRow, PapersView, PaperView
    from .markup import Piece

#: What the pages of a paper are called.
_PAGES: Final = {
    "abstract": mark("Abstract"),
    "article": mark("Article"),
    "pdf": mark("PDF"),
    "doi": mark("DOI"),
}
#: The file with all records, at the root of a site.
BIBFILE: Final = "refs.bib"


def pages(paper: PaperView, link: Callable[[str, str, str], Iterable[Piece]]) -> list[list[Piece]]:
    """Return a button for each web page of *paper*; *link* makes it from address, words and classes."""
    return [[*link(url, _(_PAGES[kind]), "mlw-button")] for kind, url in paper.links]


def credit(paper: PaperView) -> El:
    """Return the line of authors, venue and year."""
    authors = _(", ").join(paper.authors) + (_(" et al.") if paper.more else "")
    return draw.line("mlw-meta", " · ".join(filter(None, (authors, paper.place))))


def listed(view: PapersView) -> list[Piece]:
    """Return what a page of the list of papers shows."""
    out: list[Piece] = []
    if view.total:
        facts: list[list[Piece]] = [[ngettext("{n} paper", "{n} papers", view.total)]]
        if view.records:
            facts.append([Go("file", BIBFILE, (_("Download {file}").format(file=BIBFILE),))])
        out.append(draw.line("mlw-total", *draw.joined(facts, " · ")))
    if view.parts:
        out.append(draw.ref_list(view.parts, "mlw-inline"))
    if view.recent:
        out.append(El("h2", "", (_("Recently covered"),)))
        out.append(El("ul", "mlw-list", tuple(El("li", "", tuple(_brief(row))) for row in view.recent)))
    alone = len(view.years) == 1 and not view.total
    for year, rows in view.years:
        if not alone:
            out.append(El("h2", "", (year or _("Without a year"),)))
        out += _rows(rows, 2 if alone else 3)
    return out or [draw.nothing()]


def keys(view: PapersView) -> list[str]:
    """Return the keys of the records that a page of the list shows in full."""
    return [row.paper.key for _year, rows in view.years for row in rows if row.paper.key]


def _brief(row: PaperRow) -> Iterable[El]:
    paper = row.paper
    title: Piece = draw.text(paper.title, "mlw-title")
    if paper.key:
        title = Go("cite", paper.key, (title,))
    elif paper.links:
        title = draw.web_link(paper.links[0][1], paper.title, "mlw-title")
    yield El("h3", "mlw-row", (title,))
    if paper.authors or paper.place:
        yield credit(paper)
    yield from _covered(row)


def _rows(rows: Sequence[PaperRow], level: int) -> Iterable[El]:
    """Yield the *rows*, those with a record as records, which other pages can lead to."""
    with_record = tuple(
        El("record", row.anchor, (row.paper.key, *_whole(row, level))) for row in rows if row.anchor
    )
    if with_record:
        yield El("records", "", with_record)
    others = tuple(El("li", "", tuple(_whole(row, level))) for row in rows if not row.anchor)
    if others:
        yield El("ul", "mlw-list", others)


def _whole(row: PaperRow, level: int) -> Iterable[El]:
    paper = row.paper
    title: Piece = draw.text(paper.title, "mlw-title")
    if paper.links:
        title = draw.web_link(paper.links[0][1], paper.title, "mlw-title")
    yield El(f"h{level}", "mlw-row", (title,))
    if paper.authors or paper.place:
        yield credit(paper)
    if paper.key:
        buttons = pages(paper, lambda url, words, classes: [draw.web_link(url, words, classes)])
        if buttons:
            yield draw.line("mlw-buttons", *draw.joined(buttons, " "))
    yield from _covered(row)
    if paper.bibtex:
        yield El("bibtex", "mlw-bibtex", (paper.bibtex,))


def _covered(row: PaperRow) -> Iterable[El]:
    if row.covered:
        links = draw.joined(([draw.page_link(ref)] for ref in row.covered), " · ")
        yield draw.line("mlw-cited-by", _("Covered in: "), *links)
