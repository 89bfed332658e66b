"""What is about the same as an entry, as a short list at the end of its page.

As all entries' pages have it, it is one node that holds texts, and becomes a list only when the page is written: forty
nodes on each page would be read, kept and looked at by every transform.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..base.locale import _
from ..core.views import show
from ..core.views.shapes import Ref
from . import draw
from .charts import address
from .domain import domain_of
from .markup import nodes_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from ..core.periods import WeekRule
    from ..core.views.shapes import RelatedRow


class related(nodes.General, nodes.Element):  # noqa: N801 - docutils names a visitor after the class
    """Related entries; ``rows`` has of each docname, title, language of the title, and what is told about it."""


def register(app: Sphinx) -> None:
    """Register the node, the transform that makes it, and the list for other builders."""
    app.add_node(related, html=(_visit, None))
    app.add_transform(Related)
    app.add_post_transform(RelatedList)


class Related(SphinxTransform):
    """Puts the related entries at the end of an entry's page."""

    default_priority = 845

    def apply(self, **_kwargs: Any) -> None:
        docname = self.env.docname
        domain = domain_of(self.env)
        if docname not in domain.collection.catalogue.by_docname:
            return
        found, mark = show(domain.collection, "related", docname)
        domain.note_view(docname, "related", docname, mark=mark)
        if found:
            weeks = domain.collection.settings.weeks
            rows = tuple((row.docname, row.title, row.lang, _about(row, weeks)) for row in found)
            section = next(self.document.findall(nodes.section), self.document)
            section.append(related("", rows=rows))


def _about(row: RelatedRow, weeks: WeekRule) -> str:
    parts = (row.source, draw.date_text(row.date, weeks), _("same paper") if row.same_paper else "")
    return " · ".join(filter(None, parts))


def _visit(self: HTML5Translator, node: related) -> None:
    """Write the list; a search passes it over, for it is about other pages."""
    items = []
    for docname, title, lang, about in node["rows"]:
        shown = f'<span lang="{escape(lang)}">{escape(title)}</span>' if lang else escape(title)
        uri = address(self.builder, docname)
        link = f'<a class="reference internal" href="{escape(uri)}">{shown}</a>' if uri else shown
        items.append(f"<li>{link} <small>{escape(about)}</small></li>\n")
    head = f'<h2 class="rubric">{escape(_("Related"))}</h2>\n<ul>\n'
    self.body.append(f'<div class="mlw-related" data-pagefind-ignore="">{head}{"".join(items)}</ul></div>\n')
    raise nodes.SkipNode


class RelatedList(SphinxPostTransform):
    """Makes a list of nodes for other builders than HTML. Runs before references are resolved (10)."""

    default_priority = 7

    def run(self, **_kwargs: Any) -> None:
        builder = self.env._app.builder  # noqa: SLF001 - Sphinx 9 deprecates env.app and names no other way
        if builder.format == "html":
            return
        for node in list(self.document.findall(related)):
            listed = nodes.bullet_list("", bullet="-")
            for docname, title, lang, about in node["rows"]:
                line = draw.line("", draw.page_link(Ref(docname, title, lang)), f" {about}")
                listed += nodes.list_item("", *nodes_of([line]))
            node.replace_self([nodes.rubric("", _("Related")), listed])
