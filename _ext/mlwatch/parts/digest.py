"""The directive ``mldigest``: one issue of a series, or a roll-up of a month or a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from ..base.warnings import warn
from ..core.options import read_links
from ..core.periods import PeriodError, parse
from ..core.problems import Code, quote, suggest
from ..core.series import canonical_id
from ..core.views import show
from . import draw
from .domain import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.collection import Collection
    from ..core.views.shapes import IssueView, Ref

#: The options, each with a line for the guide.
OPTIONS = {
    "posted": "the day on which the original was published",
    "author": "who wrote the original: a name, or `[name](address)`",
    "url": "the address of the original",
    "previous": "the original's previous issue, `[label](address)`",
    "next": "the original's next issue, `[label](address)`",
    "rollup": "the original's roll-ups, one or more `[label](address)`",
    "page": "which page of a long issue (generated pages give it)",
}


class DigestDirective(SphinxDirective):
    """Draws the issue that ``SERIES ID`` names."""

    required_arguments = 2
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **dict.fromkeys(OPTIONS, directives.unchanged_required),
        "page": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        domain = domain_of(self.env)
        collection = domain.collection
        series, id_ = self.arguments
        id_ = self._canonical(collection, series, id_)
        arguments = ("issue", f"{series} {id_}", str(self.options.get("page", "")))
        view, mark = show(collection, *arguments)
        domain.note_view(self.env.docname, *arguments, fingerprint=mark)
        domain.note_generated(self.env.docname)
        if view is None:
            known = [f"{one.series} {one.id}" for one in (*collection.issues, *collection.rollups)]
            hint = suggest(f"{series} {id_}", known) or "; an issue is there once an entry stands in it"
            warn(Code.REFERENCE, f"there is no digest {quote(f'{series} {id_}')}{hint}", self.get_location())
            return []
        if view.pages.number > view.pages.last:
            message = f"the digest has no page {view.pages.number}; the last is {view.pages.last}"
            warn(Code.REFERENCE, message, self.get_location())
            return []
        return self._draw(view, collection)

    def _canonical(self, collection: Collection, series: str, id_: str) -> str:
        declared = collection.settings.series.get(series)
        try:
            return canonical_id(declared, id_, collection.settings.weeks) if declared else id_
        except ValueError:
            return id_  # a roll-up

    def _draw(self, view: IssueView, collection: Collection) -> list[nodes.Node]:
        out: list[nodes.Node] = [self._about(view, collection)]
        out += self._figures(view)
        if view.issues:
            out.append(draw.ref_list(view.issues))
        pager = draw.pager(view.pages)
        out += pager
        weeks = collection.settings.weeks
        for id_, title, rows in view.sections:
            if title:
                name = f"section-{id_}"
                section = nodes.section("", nodes.title("", title), ids=[name], names=[])
                section += draw.rows(rows, weeks)
                out.append(section)
            elif view.issues:
                out += [nodes.rubric("", "Picked and starred"), draw.rows(rows, weeks)]
            else:
                out.append(draw.rows(rows, weeks))
        return out

    def _about(self, view: IssueView, collection: Collection) -> nodes.Node:
        fields = nodes.field_list("", classes=["mlw-fields"])

        def add(name: str, *content: nodes.Node) -> None:
            if content:
                fields.append(draw.field(name, *content))

        add("Series", draw.page_link(view.series))
        if view.period[0]:
            weeks = collection.settings.weeks
            first, last = (draw.date_text(day, weeks) for day in view.period)
            add("Dates", nodes.Text(first if first == last else f"{first} to {last}"))
        if "author" in self.options:
            add("Author", *self._links("author"))
        elif view.author:
            add("Author", nodes.Text(view.author))
        if "posted" in self.options:
            add("Posted", *self._posted(collection))
        add("Original", *self._links("url"))
        add("Earlier", *self._near(view.earlier, "previous"))
        add("Later", *self._near(view.later, "next"))
        rollups: list[list[nodes.Node]] = [[draw.page_link(ref)] for ref in view.rollups]
        rollups += [[node] for node in self._links("rollup") if isinstance(node, nodes.reference)]
        add("Roll-ups", *draw.joined(rollups, " · "))
        if view.keywords:
            add("Keywords", draw.badges(view.keywords, counts=True))
        return draw.card(fields, classes=["mlw-issue"])

    def _near(self, ours: Ref | None, option: str) -> list[nodes.Node]:
        """Return the neighbour among our issues, and the original's, which may be another."""
        parts: list[list[nodes.Node]] = [[draw.page_link(ours)]] if ours else []
        parts += [[node] for node in self._links(option) if isinstance(node, nodes.reference)]
        return draw.joined(parts, " · ")

    def _links(self, option: str) -> list[nodes.Node]:
        """Return the links that an option holds, or its text; what is no safe address gives a warning."""
        value = self.options.get(option)
        if not value:
            return []
        if option == "author" and "://" not in value:
            return [nodes.Text(value)]
        try:
            found = read_links(value, option)
        except ValueError as error:
            warn(Code.BAD_URL, f"option {quote(option)}: {error}", self.get_location())
            return []
        return draw.joined([[draw.web_link(link.url, link.label)] for link in found], " · ")

    def _posted(self, collection: Collection) -> list[nodes.Node]:
        weeks = collection.settings.weeks
        try:
            return [nodes.Text(draw.date_text(parse(self.options["posted"], weeks).label, weeks))]
        except PeriodError as error:
            warn(Code.BAD_DATE, f'option "posted": {error}', self.get_location())
            return []

    def _figures(self, view: IssueView) -> list[nodes.Node]:
        shown = " · ".join(f"{count:,} {name}" for name, count in view.figures)
        return [nodes.paragraph("", shown, classes=["mlw-total"])]
