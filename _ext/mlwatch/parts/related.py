"""What is about the same as an entry, as a short list at the end of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from ..core.views import show
from ..core.views.shapes import Ref
from . import draw
from .domain import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.periods import WeekRule
    from ..core.views.shapes import RelatedRow


class Related(SphinxTransform):
    """Puts the related entries after all that the curator wrote, before the box "cite this" (850)."""

    default_priority = 845

    def apply(self, **_kwargs: Any) -> None:
        docname = self.env.docname
        domain = domain_of(self.env)
        if docname not in domain.collection.catalogue.by_docname:
            return
        rows, mark = show(domain.collection, "related", docname)
        domain.note_view(docname, "related", docname, fingerprint=mark)
        if rows:
            section = next(self.document.findall(nodes.section), self.document)
            head = nodes.rubric("", "Related", classes=["mlw-related"], **{"heading-level": 2})
            section.extend([head, draw_rows(rows, domain.collection.settings.weeks)])


def draw_rows(rows: Iterable[RelatedRow], weeks: WeekRule) -> nodes.bullet_list:
    """Return related entries as a list of links with source and date."""
    listed = nodes.bullet_list("", classes=["mlw-related"], bullet="-")
    for row in rows:
        about = [row.source, draw.date_text(row.date, weeks), "same paper" if row.same_paper else ""]
        line = nodes.paragraph("", "", draw.page_link(Ref(row.docname, row.title, row.lang)))
        line += [nodes.Text(" "), draw.text(" · ".join(filter(None, about)), "mlw-count")]
        listed += nodes.list_item("", line)
    return listed
