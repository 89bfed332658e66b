"""The directive ``mldigest``: one issue of a series, or a roll-up of a month or a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _, ngettext
from ..base.warnings import warn
from ..core.options import read_links
from ..core.periods import PeriodError, parse
from ..core.problems import Code, quote, suggest
from ..core.series import canonical_id
from ..core.views import show
from ..core.views.digests import HIGHLIGHTS
from . import draw
from .domain import domain_of
from .markup import block
from .prose import Prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ..core.collection import Collection
    from ..core.views.shapes import IssueView, Row
    from .markup import Piece

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
        first: list[Piece] = [draw.line("mlw-facts", *draw.joined(self._facts(view, collection), " · "))]
        if view.repeats:
            all_of_them = ngettext("The entry is in {issue}.", "All {n} entries are in {issue}.", view.size)
            before, _issue, after = all_of_them.partition("{issue}")
            first.append(draw.line("", before, draw.page_link(view.repeats), after))
        if view.issues:
            first.append(draw.ref_list(view.issues))
        out = block([*first, *draw.pager(view.pages)])
        records = collection.catalogue.bibliography.records
        prose = None if view.issues else Prose(records, collection.settings.markdown)
        for id_, title, rows in view.sections:
            shown = _("Highlights") if id_ == HIGHLIGHTS else title
            drawn = block([draw.rows(_brief(rows, view), weeks, level=3 if shown else 2, prose=prose)])
            if shown:
                out.append(
                    nodes.section("", nodes.title("", shown), *drawn, ids=[f"section-{id_}"], names=[])
                )
            else:
                out += drawn
        more = [*self._links("previous"), *self._links("next"), *self._links("rollup")]
        if more:
            out += block([draw.line("mlw-meta", _("Links of the original: "), *draw.joined(more, " · "))])
        return out

    def _facts(self, view: IssueView, collection: Collection) -> Iterator[list[Piece]]:
        """Yield the line of facts under the title: when, how many, by whom, where the original is."""
        if view.period[0]:
            yield [draw.period_text(*view.period)]
        if "posted" in self.options and (posted := self._posted(collection)):
            yield posted
        yield [ngettext("{n} entry", "{n} entries", view.size)]
        authors = self._links("author") or ([[view.author]] if view.author else [])
        if authors:
            yield [_("by "), *draw.joined(authors, _(", "))]
        yield from self._links("url", _("Original post"))

    def _links(self, option: str, words: str = "") -> list[list[Piece]]:
        """Return the links that an option holds, or its text; what is not a safe URL gives a warning."""
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
        return [[draw.web_link(link.url, link.label or words)] for link in found]

    def _posted(self, collection: Collection) -> list[Piece]:
        weeks = collection.settings.weeks
        try:
            return [draw.date_text(parse(self.options["posted"], weeks).label, weeks)]
        except PeriodError as error:
            warn(Code.BAD_DATE, f'option "posted": {error}', self.get_location())
            return []


def _brief(rows: tuple[Row, ...], view: IssueView) -> tuple[Row, ...]:
    """Return *rows* without their topics where the sections are topics."""
    if any(id_.startswith("topic-") for id_, *_ in view.sections):
        return tuple(one._replace(topics=()) for one in rows)
    return rows
