"""The directive ``mlentry``: a card with all that is known of a watched article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

from ..base.warnings import warn
from ..core.bibtex import entry_record
from ..core.options import build_entry
from ..core.page import parse_options
from ..core.problems import Code
from ..core.urls import host
from ..core.views import show
from ..core.views.shapes import EntryView, Ref
from . import draw
from .domain import domain_of

if TYPE_CHECKING:
    from ..core.model import Entry
    from ..core.settings import Settings

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
        options, _ = parse_options(list(self.content), self.content_offset + 1)
        title = scanned.title if scanned else ""
        entry, _ = build_entry(docname, f"{docname}.md", self.lineno, title, options, catalogue.settings)
        if scanned is None:
            message = "this mlentry is not in the catalogue; put it at the top level of a Markdown page, not inside other text"
            warn(Code.MISMATCH, message, self.get_location())
        elif replace(scanned, summary="", comment="", line=0) != replace(entry, line=0):
            warn(
                Code.MISMATCH, "the directive sees other options here than the scan did", self.get_location()
            )
        view, mark = show(domain.collection, "entry", docname)
        view = view or NO_VIEW
        domain.note_view(docname, "entry", docname, fingerprint=mark)
        if docname in catalogue.pages:
            domain.digests[docname] = catalogue.pages[docname].digest
        self.env.temp_data["mlwatch_cite_this"] = cite_this(
            entry, view, self.config.project, self.config.html_baseurl
        )
        return [draw_card(entry, view, catalogue.settings)]


def draw_card(entry: Entry, view: EntryView, settings: Settings) -> nodes.Node:
    """Return the card for *entry*."""
    body: list[nodes.Node] = [_lead(entry, view, settings)]
    if entry.alt_title:
        body.append(nodes.paragraph("", "", draw.text(entry.alt_title), classes=["mlw-alt"]))
    if entry.url:
        read = draw.web_link(
            entry.url, f"Read at {host(entry.url) or entry.url}", "sd-btn", "sd-btn-primary", "mlw-read"
        )
        line = nodes.paragraph("", "", read, classes=["mlw-actions"])
        if entry.archived:
            line += [
                nodes.Text(" "),
                draw.web_link(entry.archived, "Archived copy", "sd-btn", "sd-btn-outline-secondary"),
            ]
        body.append(line)
    elif entry.archived:
        body.append(
            nodes.paragraph("", "", draw.web_link(entry.archived, "Archived copy"), classes=["mlw-actions"])
        )
    fields = _fields(entry, view)
    if len(fields):
        body.append(fields)
    return draw.card(*body, classes=["mlw-entry"])


def _lead(entry: Entry, view: EntryView, settings: Settings) -> nodes.paragraph:
    """Return the first line: star, pick, kind, source, date, authors."""
    parts: list[list[nodes.Node]] = []
    if entry.source:
        parts.append([draw.page_link(view.source or Ref("", entry.source), "mlw-source")])
    if entry.date:
        shown = draw.date_text(entry.date.label, settings.weeks)
        parts.append([draw.page_link(view.month, words=shown) if view.month else nodes.Text(shown)])
    if entry.authors:
        parts.append([nodes.Text(f"by {', '.join(entry.authors)}")])
    lead = nodes.paragraph("", classes=["mlw-lead"])
    marks: list[list[nodes.Node]] = []
    if entry.star:
        marks.append([draw.stars(entry.star)])
    if entry.pick:
        marks.append([draw.text("editor’s pick", "sd-badge", "mlw-mark", "mlw-pick")])
    if entry.kind != "article":
        marks.append([draw.text(entry.kind, "sd-badge", "mlw-mark")])
    if entry.status:
        marks.append([draw.text(entry.status.replace("-", " "), "sd-badge", "mlw-mark")])
    lead += draw.joined(marks, " ")
    if marks and parts:
        lead += nodes.Text(" ")
    lead += draw.joined(parts, " · ")
    return lead


def _fields(entry: Entry, view: EntryView) -> nodes.field_list:
    fields = nodes.field_list("", classes=["mlw-fields"])

    def add(name: str, *content: nodes.Node) -> None:
        fields.append(draw.field(name, *content))

    if view.keywords:
        add("Keywords", draw.badges(view.keywords))
    by_rel: dict[str, list[list[nodes.Node]]] = {}
    for link in entry.links:
        by_rel.setdefault(link.rel, []).append([draw.web_link(link.url, link.label)])
    for rel, links in by_rel.items():
        add(rel.capitalize(), draw.icon(rel), nodes.Text(" "), *draw.joined(links, " · "))
    if entry.image:
        add("Picture", draw.web_link(entry.image.url, entry.image.label))
    if view.records:
        cites: list[list[nodes.Node]] = [
            [draw.cite_link(key, label, title)] for key, label, title, _ in view.records
        ]
        add("Cites", *draw.joined(cites, " · "))
    if view.coverage:
        also: list[list[nodes.Node]] = [
            [draw.page_link(ref) if ref else draw.web_link(url)] for url, ref in view.coverage
        ]
        add("Also covered", *draw.joined(also, " · "))
    if view.digests:
        add("Digest", *draw.joined(([draw.page_link(ref)] for ref in view.digests), " · "))
    if view.earlier:
        add("Earlier", draw.page_link(view.earlier))
    if view.later:
        add("Later", draw.page_link(view.later))
    return fields


def cite_this(entry: Entry, view: EntryView, project: str, baseurl: str) -> nodes.container:
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
    records = "\n\n".join([*(raw for *_, raw in view.records), own])
    box = create_component(
        "dropdown",
        opened=False,
        type="dropdown",
        has_title=True,
        icon="quote",
        chevron=None,
        container_classes=["sd-mb-3", "mlw-cite-this"],
        title_classes=[],
        body_classes=[],
    )
    box += nodes.rubric("", "Cite this")
    box += nodes.literal_block(records, records, language="text")
    return box
