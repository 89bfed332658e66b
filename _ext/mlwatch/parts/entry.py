"""The directive ``mlentry``: what is known of a watched article, around the summary and the comment on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _, language, ngettext
from ..base.warnings import warn
from ..core.bibtex import entry_record
from ..core.entry_block import parse_options
from ..core.options import build_entry
from ..core.page import split_lines
from ..core.problems import Code
from ..core.records import anchor
from ..core.urls import host, identity
from ..core.views import show
from ..core.views.shapes import EntryView, Ref
from . import draw, papers
from .domain import domain_of
from .markup import BROKEN, El, Go, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from ..core.model import Entry
    from ..core.settings import Settings
    from ..core.views.shapes import PaperView
    from .markup import Piece

NO_VIEW = EntryView(None, None, (), (), (), ())


class EntryDirective(SphinxDirective):
    """Draws the facts above the summary, and keeps what is below it for :class:`BelowEntry`.

    It takes its options as written, so that it reads them just as the scan does.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[None] = None  # MyST then hands the options over unread

    def run(self) -> list[nodes.Node]:
        docname = self.env.docname
        domain = domain_of(self.env)
        catalogue = domain.collection.catalogue
        scanned = catalogue.by_docname.get(docname)
        if self.env.temp_data.setdefault("mlwatch_entry", self.lineno) != self.lineno:
            return []  # a second one: the scan has said so
        # Not self.content: MyST splits that at more characters than end a line, and drops a blank line at its start.
        options = parse_options(split_lines(self.block_text)[1:-2], self.lineno + 1)[0]
        title = scanned.title if scanned else ""
        entry = build_entry(docname, f"{docname}.md", self.lineno, title, options, catalogue.settings)[0]
        if scanned is None:
            message = "this mlentry is not in the catalogue; put it at the top level of a Markdown page, not inside other text"
            warn(Code.MISMATCH, message, self.get_location())
        elif replace(scanned, summary="", comment="", line=0) != replace(entry, line=0):
            warn(
                Code.MISMATCH, "the directive sees other options here than the scan did", self.get_location()
            )
        view, shown = show(domain.collection, "entry", docname)
        view = view or NO_VIEW
        domain.note_view(docname, "entry", docname, mark=shown)
        if docname in catalogue.pages:
            domain.digests[docname] = catalogue.pages[docname].digest
        pieces = tuple(below(entry, view, self.config.project))
        self.env.temp_data["mlwatch_below"] = (pieces, [paper.key for paper in view.papers])
        return block([lead(entry, view, catalogue.settings)], words=words_of(entry))


def leave_sections_out(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the sections of an entry's page out of all contents (``doctree-read``, after Sphinx noted them).

    They are the same few on every page, and nobody looks for "Summary" ten thousand times.
    """
    env = app.env
    docname = env.docname
    if docname not in domain_of(env).collection.catalogue.by_docname:
        return
    title = next(env.tocs[docname].findall(nodes.list_item), None)
    if title is not None and not any(title.findall(addnodes.toctree)):
        del title[1:]
        env.toc_num_entries[docname] = 1


def words_of(entry: Entry) -> str:
    """Return what Sphinx's own search finds an entry by, beside its title and its text."""
    labels = (link.label for link in entry.links)
    return " ".join(filter(None, (entry.source, *entry.authors, entry.alt_title, *entry.keywords, *labels)))


def lead(entry: Entry, view: EntryView, settings: Settings) -> El:
    """Return what is between the title and the summary: the other title, the line of facts, the way to the article."""
    body: list[Piece] = []
    if entry.alt_title:
        body.append(
            draw.line("mlw-alt", draw.text(entry.alt_title, lang=language().of_text(entry.alt_title)))
        )
    body.append(
        draw.line("mlw-lead", *draw.star(entry.star), *draw.joined(_facts(entry, view, settings), " · "))
    )
    if view.papers:
        body.append(draw.line("mlw-meta mlw-about", _("Paper: "), *_about(entry, view)))
    if actions := list(_actions(entry, view)):
        body.append(draw.line("mlw-actions", *draw.joined(actions, " ")))
    return El("div", "mlw-entry", tuple(body))


def _about(entry: Entry, view: EntryView) -> Iterator[Piece]:
    """Yield the paper that the entry is about in one line, for who looks no further."""
    paper, *others = view.papers
    url = next((url for _kind, url in paper.links if url != entry.url), "")
    yield from (
        _link(view, url, paper.title) if url else (Go("cite", paper.key, (El("span", "", (paper.title,)),)),)
    )
    if others:
        yield ngettext(" and {n} more", " and {n} more", len(others))


def _facts(entry: Entry, view: EntryView, settings: Settings) -> Iterator[list[Piece]]:
    if entry.source:
        yield [draw.page_link(view.source or Ref("", entry.source), "mlw-source")]
    if entry.date:
        shown = draw.date_text(entry.date.label, settings.weeks)
        yield [draw.page_link(view.month, words=shown) if view.month else shown]
    if entry.authors:
        yield [_("by {authors}").format(authors=_(", ").join(entry.authors))]
    if entry.kind != "article":
        yield [_(entry.kind)]
    if entry.pick:
        yield [_("editor’s pick")]
    if entry.status:
        yield [_(entry.status.replace("-", " "))]


def _actions(entry: Entry, view: EntryView) -> Iterator[list[Piece]]:
    """Yield the links to the article and to its snapshot; the one that is likely to work stands out."""
    first, second = "sd-btn sd-btn-primary mlw-read", "sd-btn sd-btn-outline-secondary"
    if entry.archived and entry.url in view.broken and entry.archived not in view.broken:
        first, second = second, first
    if entry.url:
        shown = _("Read on {host}").format(host=host(entry.url) or entry.url)
        yield [*_link(view, entry.url, shown, first)]
    if entry.archived:
        yield [*_link(view, entry.archived, _("Archived copy"), second if entry.url else "")]


def _link(view: EntryView, url: str, words: str = "", classes: str = "") -> Iterator[Piece]:
    """Yield a link to another site, with a word on it where it did not work when it was last checked."""
    yield draw.web_link(url, words, classes)
    if url in view.broken:
        yield draw.text(_(" (did not work when last checked)"), BROKEN)


def below(entry: Entry, view: EntryView, project: str) -> Iterator[El]:
    """Yield what is below all that the curator wrote: papers, keywords and links, what to cite."""
    for paper in view.papers:
        yield _paper(entry, view, paper)
    if fields := tuple(_fields(entry, view)):
        yield El("fields", "mlw-fields", fields)
    yield from _cite(entry, view, project)


def _paper(entry: Entry, view: EntryView, paper: PaperView) -> El:
    """Return the record of a paper, with buttons for its pages; the only paper of an entry has its code as well."""
    shown = paper._replace(links=tuple((kind, url) for kind, url in paper.links if url != entry.url))
    links = papers.pages(shown, lambda url, words, classes: _link(view, url, words, classes))
    code = next((link.url for link in entry.links if link.rel == "code"), "")
    if code and len(view.papers) == 1:
        links.append([*_link(view, code, _("Code"), "mlw-button")])
    links.append([Go("here", _cite_id(paper.key), (_("BibTeX"),), "mlw-button")])
    return El(
        "div",
        "mlw-paper",
        (
            draw.line("mlw-label", _("Paper")),
            draw.line("mlw-paper-title", Go("cite", paper.key, (El("span", "", (paper.title,)),))),
            papers.credit(paper),
            draw.line("mlw-buttons", *draw.joined(links, " ")),
        ),
    )


def _fields(entry: Entry, view: EntryView) -> Iterator[El]:
    if view.topics:
        yield draw.field(_("Topics"), *draw.joined(([draw.page_link(ref)] for ref in view.topics), " · "))
    if view.keywords:
        yield draw.field(_("Keywords"), draw.badges(view.keywords))
    shown = {identity(url) for paper in view.papers for _, url in paper.links}
    by_rel: dict[str, list[list[Piece]]] = {}
    for link in entry.links:
        if identity(link.url) not in shown:
            by_rel.setdefault(link.rel, []).append([*_link(view, link.url, link.label)])
    for rel, links in by_rel.items():
        yield draw.field(_(rel.capitalize()), draw.icon(rel), *draw.joined(links, " · "))
    if entry.image:
        yield draw.field(_("Picture"), *_link(view, entry.image.url, entry.image.label))
    if view.coverage:
        also = ([draw.page_link(ref)] if ref else [*_link(view, url)] for url, ref in view.coverage)
        yield draw.field(_("Also covered by"), *draw.joined(also, " · "))
    if view.digests:
        yield draw.field(_("Digest"), *draw.joined(([draw.page_link(ref)] for ref in view.digests), " · "))


def _cite_id(key: str) -> str:
    return anchor(key).replace("cite-", "bibtex-", 1)


def _cite(entry: Entry, view: EntryView, project: str) -> Iterator[El]:
    """Yield the BibTeX records to copy, one by one, folded away: of the papers, then of the article, if it can be cited."""
    records = [(_cite_id(paper.key), paper.title, paper.bibtex) for paper in view.papers]
    if entry.url:
        key = "mlw-" + entry.docname.rpartition("/")[2]
        year = str(entry.date.first.year) if entry.date else ""
        date = entry.date.label if entry.date else ""
        own = entry_record(key, entry.title, entry.source or project, entry.url, year, date, entry.authors)
        records.append(("bibtex", _("The article"), own))
    if records:
        yield El(
            "sources",
            "mlw-cite-this",
            tuple(El("source", id_, (title, bibtex)) for id_, title, bibtex in records),
        )
