"""Docutils nodes for what views return: links, badges, rows, lists of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx_design.icons import get_octicon
from sphinx_design.shared import create_component

from ..core.periods import long, parse
from ..core.urls import host
from ..core.views.pieces import page_docname
from ..core.views.shapes import Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.periods import WeekRule
    from ..core.views.shapes import Pages, Row

#: The octicon for each kind of link.
ICONS = {
    "paper": "file",
    "code": "code",
    "project": "home",
    "slides": "project",
    "video": "video",
    "data": "database",
    "demo": "beaker",
    "discussion": "comment-discussion",
    "link": "link",
    "read": "link-external",
}
STAR = "★"


def text(words: str, *classes: str, lang: str = "") -> nodes.inline:
    """Return *words* in an inline element with *classes*."""
    node = nodes.inline("", words, classes=list(classes))
    if lang:
        node["mlw_lang"] = lang
    return node


def page_link(ref: Ref, *classes: str, words: str = "") -> nodes.Element:
    """Return a link to a page of ours; it becomes plain text where the page is not there."""
    shown = words or ref.text
    node = addnodes.pending_xref(
        "", refdomain="ml", reftype="page", reftarget=ref.docname, refexplicit=True, refwarn=False
    )
    node += text(shown, *classes, lang=ref.lang)
    return node


def cite_link(key: str, label: str, title: str) -> nodes.Element:
    """Return a link to the record *key* on the bibliography page."""
    node = addnodes.pending_xref(
        "", refdomain="ml", reftype="cite", reftarget=key, refexplicit=True, refwarn=False
    )
    node += nodes.inline("", label, classes=["mlw-cite"])
    node["reftitle"] = title
    return node


def web_link(url: str, words: str = "", *classes: str) -> nodes.reference:
    """Return a link to another site; the words are those given, else the address's host."""
    return nodes.reference("", words or host(url) or url, refuri=url, internal=False, classes=list(classes))


def icon(rel: str) -> nodes.raw:
    """Return the icon for a kind of link; other builders than HTML leave it out."""
    drawing = get_octicon(ICONS[rel], height="1em", classes=["mlw-icon"])
    return nodes.raw("", drawing, format="html", mlw_icon=True)


def joined(parts: Iterable[Sequence[nodes.Node]], separator: str) -> list[nodes.Node]:
    """Return *parts* in one line with *separator* between them."""
    out: list[nodes.Node] = []
    for part in parts:
        if out:
            out.append(nodes.Text(separator))
        out += part
    return out


def badges(refs: Iterable[Ref], *, counts: bool = False) -> nodes.paragraph:
    """Return links to keywords or other names as sphinx-design badges."""
    paragraph = nodes.paragraph("", classes=["mlw-badges"])
    for ref in refs:
        words = f"{ref.text} ({ref.size})" if counts else ref.text
        if len(paragraph):
            paragraph += nodes.Text(" ")
        paragraph += page_link(ref, "sd-badge", words=words)
    return paragraph


def stars(count: int) -> nodes.inline:
    """Return *count* stars."""
    return text(STAR * count, "mlw-star")


def date_text(label: str, weeks: WeekRule) -> str:
    """Return a date as a person writes it, as precise as it is known."""
    return long(parse(label, weeks)) if label else ""


def meta(row: Row, weeks: WeekRule) -> list[nodes.Node]:
    """Return the line under a title in a list: source, date, kind."""
    parts: list[list[nodes.Node]] = []
    if row.source:
        parts.append([page_link(row.source)])
    if row.date:
        parts.append([nodes.Text(date_text(row.date, weeks))])
    if row.kind != "article":
        parts.append([nodes.Text(row.kind)])
    if row.status == "to-read":
        parts.append([nodes.Text("to read")])
    return joined(parts, " · ")


def rows(items: Iterable[Row], weeks: WeekRule) -> nodes.bullet_list:
    """Return a list of entries."""
    listed = nodes.bullet_list("", classes=["mlw-list"], bullet="-")
    for item in items:
        head = nodes.paragraph("", classes=["mlw-row"])
        if item.star:
            head += [stars(item.star), nodes.Text(" ")]
        if item.pick:
            head += [text("pick", "sd-badge", "mlw-mark", "mlw-pick"), nodes.Text(" ")]
        head += page_link(item.page, "mlw-title")
        entry = nodes.list_item("", head)
        if item.alt_title:
            entry += nodes.paragraph("", "", text(item.alt_title), classes=["mlw-alt"])
        line = meta(item, weeks)
        if line:
            entry += nodes.paragraph("", "", *line, classes=["mlw-meta"])
        if item.excerpt:
            entry += nodes.paragraph("", item.excerpt, classes=["mlw-excerpt"])
        if item.keywords:
            entry += badges(item.keywords)
        if item.note:
            entry += nodes.paragraph("", item.note, classes=["mlw-note"])
        listed += entry
    return listed


def ref_list(refs: Iterable[Ref], *, classes: Sequence[str] = ()) -> nodes.bullet_list:
    """Return links to pages as a list, each with how many entries it has."""
    listed = nodes.bullet_list("", classes=["mlw-names", *classes], bullet="-")
    for ref in refs:
        line = nodes.paragraph("", "", page_link(ref))
        if ref.size:
            line += [nodes.Text(" "), text(f"({ref.size})", "mlw-count")]
        listed += nodes.list_item("", line)
    return listed


def pager(pages: Pages) -> list[nodes.Node]:
    """Return links between the pages of one list: first, last and those nearby; nothing when there is one."""
    if pages.last < 2:
        return []
    near = {1, pages.last, *range(pages.number - 2, pages.number + 3)}
    parts: list[Sequence[nodes.Node]] = []
    last = 0
    for number in sorted(n for n in near if 1 <= n <= pages.last):
        if number != last + 1:
            parts.append([nodes.Text("…")])
        last = number
        if number == pages.number:
            parts.append([nodes.strong("", str(number))])
        else:
            parts.append([page_link(Ref(page_docname(pages.base, number), str(number)))])
    return [nodes.paragraph("", "", nodes.Text("Page "), *joined(parts, " "), classes=["mlw-pager"])]


def toctree(docname: str, children: Iterable[str], found: Any) -> list[nodes.Node]:
    """Return a hidden toctree of those *children* that are there; nothing when none is."""
    included = [child for child in children if child in found]
    if not included:
        return []
    node = addnodes.toctree(
        "",
        parent=docname,
        entries=[(None, child) for child in included],
        includefiles=included,
        maxdepth=-1,
        caption=None,
        glob=False,
        hidden=True,
        includehidden=False,
        numbered=0,
        titlesonly=True,
    )
    return [nodes.compound("", node, classes=["toctree-wrapper"])]


def field(name: str, *content: nodes.Node) -> nodes.field:
    """Return a field of a card: its name, and *content* as one paragraph."""
    paragraph = content[0] if isinstance(content[0], nodes.paragraph) else nodes.paragraph("", "", *content)
    return nodes.field("", nodes.field_name("", name), nodes.field_body("", paragraph))


def card(*children: nodes.Node, classes: Sequence[str] = ()) -> nodes.container:
    """Return a sphinx-design card around *children*."""
    body = create_component("card-body", ["sd-card-body"], children=children)
    return create_component("card", ["sd-card", "sd-sphinx-override", "sd-mb-3", *classes], children=[body])
