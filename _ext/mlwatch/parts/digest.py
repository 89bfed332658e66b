"""The directive ``mldigest``: one issue of a series, or a roll-up of a month or a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _
from ..base.warnings import warn
from ..core.options import read_links
from ..core.periods import PeriodError, parse
from ..core.problems import Code, quote, suggest
from ..core.series import canonical_id
from ..core.views import show
from . import draw
from .domain import domain_of
from .markup import El, block

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.collection import Collection
    from ..core.periods import WeekRule
    from ..core.views.shapes import IssueView, Ref, Row
    from .markup import Piece

#: So many entries with one source and date, and it is said once above them.
ENOUGH = 3
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
        domain.note_view(self.env.docname, *arguments, mark=mark)
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
        weeks = collection.settings.weeks
        said, sections = _said_once(view, weeks)
        first: list[Piece] = [self._about(view, collection), _figures(view, said)]
        if view.issues:
            first.append(draw.ref_list(view.issues))
        out = block([*first, *draw.pager(view.pages)])
        for id_, title, rows in sections:
            drawn = block([draw.rows(rows, weeks)])
            if title:
                name = f"section-{id_}"
                out.append(nodes.section("", nodes.title("", title), *drawn, ids=[name], names=[]))
            elif view.issues:
                out += [nodes.rubric("", _("Picked and starred")), *drawn]
            else:
                out += drawn
        return out

    def _about(self, view: IssueView, collection: Collection) -> El:
        fields: list[El] = []

        def add(name: str, *content: Piece) -> None:
            if content:
                fields.append(draw.field(name, *content))

        add(_("Series"), draw.page_link(view.series))
        if view.period[0]:
            weeks = collection.settings.weeks
            first, last = (draw.date_text(day, weeks) for day in view.period)
            add(_("Dates"), first if first == last else _("{first} to {last}").format(first=first, last=last))
        if "author" in self.options:
            add(_("Author"), *draw.joined(self._links("author"), " · "))
        elif view.author:
            add(_("Author"), view.author)
        if "posted" in self.options:
            add(_("Posted"), *self._posted(collection))
        add(_("Original"), *draw.joined(self._links("url"), " · "))
        # The neighbours among our issues, and the original's, which may be others.
        add(_("Earlier"), *draw.joined([*_ours(view.earlier), *self._links("previous")], " · "))
        add(_("Later"), *draw.joined([*_ours(view.later), *self._links("next")], " · "))
        add(_("Roll-ups"), *draw.joined([*_ours(*view.rollups), *self._links("rollup")], " · "))
        if view.topics:
            add(_("Topics"), *draw.counted(view.topics))
        if view.keywords:
            add(_("Keywords"), draw.badges(view.keywords, counts=True))
        return draw.card("mlw-issue", El("fields", "mlw-fields", tuple(fields)))

    def _links(self, option: str) -> list[list[Piece]]:
        """Return the links that an option holds, or its text; what is no safe address gives a warning."""
        value = self.options.get(option)
        if not value:
            return []
        if option == "author" and "://" not in value:
            return [[value]]
        try:
            found = read_links(value, option)
        except ValueError as error:
            warn(Code.BAD_URL, f"option {quote(option)}: {error}", self.get_location())
            return []
        return [[draw.web_link(link.url, link.label)] for link in found]

    def _posted(self, collection: Collection) -> list[Piece]:
        weeks = collection.settings.weeks
        try:
            return [draw.date_text(parse(self.options["posted"], weeks).label, weeks)]
        except PeriodError as error:
            warn(Code.BAD_DATE, f'option "posted": {error}', self.get_location())
            return []


def _ours(*refs: Ref | None) -> list[list[Piece]]:
    return [[draw.page_link(ref)] for ref in refs if ref]


def _said_once(
    view: IssueView, weeks: WeekRule
) -> tuple[list[list[Piece]], list[tuple[str, str, tuple[Row, ...]]]]:
    """Return the source and date that all entries on the page have, if there are some, and the sections without them.

    An issue that was written in one go would say them below each of its titles.
    """
    sections = list(view.sections)
    rows = [row for *_, those in sections for row in those]
    if len(rows) < ENOUGH or len({(row.source, row.date) for row in rows}) > 1:
        return [], sections
    said: list[list[Piece]] = [[draw.page_link(rows[0].source)]] if rows[0].source else []
    said += [[draw.date_text(rows[0].date, weeks)]] if rows[0].date else []
    bare = [
        (id_, title, tuple(row._replace(source=None, date="") for row in those))
        for id_, title, those in sections
    ]
    return said, bare


def _figures(view: IssueView, said: list[list[Piece]]) -> El:
    return draw.line("mlw-total", *draw.joined([*([figure] for figure in view.figures), *said], " · "))
