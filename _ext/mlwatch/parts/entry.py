"""The directive ``mlentry``: a card with all that is known of a watched article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _
from ..base.warnings import warn
from ..core.bibtex import entry_record
from ..core.entry_block import parse_options
from ..core.options import build_entry
from ..core.page import split_lines
from ..core.problems import Code
from ..core.urls import host
from ..core.views import show
from ..core.views.shapes import EntryView, Ref
from . import draw
from .domain import domain_of
from .markup import BROKEN, El, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from ..core.model import Entry
    from ..core.settings import Settings
    from .markup import Piece

NO_VIEW = EntryView(None, None, (), (), None, None, (), ())


class EntryDirective(SphinxDirective):
    """Draws the card; takes its options as written, so that it reads them just as the scan does."""

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
        view, mark = show(domain.collection, "entry", docname)
        view = view or NO_VIEW
        domain.note_view(docname, "entry", docname, mark=mark)
        if docname in catalogue.pages:
            domain.digests[docname] = catalogue.pages[docname].digest
        self.env.temp_data["mlwatch_cite_this"] = cite_this(
            entry, view, self.config.project, self.config.html_baseurl
        )
        cites = (key for key, *_ in view.records)
        return block([draw_card(entry, view, catalogue.settings)], words=words_of(entry), cites=cites)


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


def draw_card(entry: Entry, view: EntryView, settings: Settings) -> El:
    """Return the card for *entry*."""
    body: list[Piece] = [_lead(entry, view, settings)]
    if entry.alt_title:
        body.append(draw.line("mlw-alt", draw.text(entry.alt_title)))
    if actions := list(_actions(entry, view)):
        body.append(draw.line("mlw-actions", *draw.joined(actions, " ")))
    fields = tuple(_fields(entry, view))
    if fields:
        body.append(El("fields", "mlw-fields", fields))
    return draw.card("mlw-entry", *body)


def _actions(entry: Entry, view: EntryView) -> Iterator[list[Piece]]:
    """Give the links to the article and to its snapshot; that which is likely to work stands out."""
    first, second = "sd-btn sd-btn-primary mlw-read", "sd-btn sd-btn-outline-secondary"
    if entry.archived and entry.url in view.broken and entry.archived not in view.broken:
        first, second = second, first
    if entry.url:
        shown = _("Read at {host}").format(host=host(entry.url) or entry.url)
        yield [*_link(view, entry.url, shown, first)]
    if entry.archived:
        yield [*_link(view, entry.archived, _("Archived copy"), second if entry.url else "")]


def _link(view: EntryView, url: str, words: str = "", classes: str = "") -> Iterator[Piece]:
    """Give a link to another site, with a word on it where it did not work when it was last checked."""
    yield draw.web_link(url, words, classes)
    if url in view.broken:
        yield draw.text(_(" (did not work when last checked)"), BROKEN)


def _lead(entry: Entry, view: EntryView, settings: Settings) -> El:
    """Return the first line: star, pick, kind, source, date, authors."""
    parts: list[list[Piece]] = []
    if entry.source:
        parts.append([draw.page_link(view.source or Ref("", entry.source), "mlw-source")])
    if entry.date:
        shown = draw.date_text(entry.date.label, settings.weeks)
        parts.append([draw.page_link(view.month, words=shown) if view.month else shown])
    if entry.authors:
        parts.append([_("by {authors}").format(authors=_(", ").join(entry.authors))])
    marks: list[list[Piece]] = []
    if entry.star:
        marks.append([draw.text(draw.STAR * entry.star, "mlw-star")])
    if entry.pick:
        marks.append([draw.text(_("editor’s pick"), "sd-badge mlw-mark mlw-pick")])
    if entry.kind != "article":
        marks.append([draw.text(_(entry.kind), "sd-badge mlw-mark")])
    if entry.status:
        marks.append([draw.text(_(entry.status.replace("-", " ")), "sd-badge mlw-mark")])
    lead = draw.joined(marks, " ")
    if marks and parts:
        lead.append(" ")
    return draw.line("mlw-lead", *lead, *draw.joined(parts, " · "))


def _fields(entry: Entry, view: EntryView) -> Iterator[El]:
    if view.topics:
        yield draw.field(_("Topics"), *draw.joined(([draw.page_link(ref)] for ref in view.topics), " · "))
    if view.keywords:
        yield draw.field(_("Keywords"), draw.badges(view.keywords))
    by_rel: dict[str, list[list[Piece]]] = {}
    for link in entry.links:
        by_rel.setdefault(link.rel, []).append([*_link(view, link.url, link.label)])
    for rel, links in by_rel.items():
        yield draw.field(_(rel.capitalize()), draw.icon(rel), *draw.joined(links, " · "))
    if entry.image:
        yield draw.field(_("Picture"), *_link(view, entry.image.url, entry.image.label))
    if view.records:
        cites = ([draw.cite_link(key, label, title)] for key, label, title, _ in view.records)
        yield draw.field(_("Cites"), *draw.joined(cites, " · "))
    if view.coverage:
        also = ([draw.page_link(ref)] if ref else [*_link(view, url)] for url, ref in view.coverage)
        yield draw.field(_("Also covered"), *draw.joined(also, " · "))
    if view.digests:
        yield draw.field(_("Digest"), *draw.joined(([draw.page_link(ref)] for ref in view.digests), " · "))
    if view.earlier:
        yield draw.field(_("Earlier"), draw.page_link(view.earlier))
    if view.later:
        yield draw.field(_("Later"), draw.page_link(view.later))


def cite_this(entry: Entry, view: EntryView, project: str, baseurl: str) -> El:
    """Return the BibTeX to copy, folded away: of the papers behind the entry, and of the entry."""
    key = "mlw-" + entry.docname.rpartition("/")[2]
    url = entry.url or (f"{baseurl.rstrip('/')}/{entry.docname}.html" if baseurl else "")
    own = entry_record(
        key,
        entry.title,
        entry.source or project,
        url,
        str(entry.date.first.year) if entry.date else "",
        entry.date.label if entry.date else "",
        entry.authors,
    )
    return El("source", "mlw-cite-this", ("\n\n".join([*(raw for *_, raw in view.records), own]),))
