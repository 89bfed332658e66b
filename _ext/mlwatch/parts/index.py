"""The directive ``mlindex``: lists and indexes drawn from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

from ..base.warnings import warn
from ..core.problems import Code, quote, suggest
from ..core.views import show
from ..core.views.pieces import page_docname
from ..core.views.shapes import ListView, NamesView, PapersView, Ref, SeriesView, YearsView, YearView
from . import charts, draw
from .domain import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.periods import WeekRule


class Kind(NamedTuple):
    """Something that ``mlindex`` can draw: a line for the guide, and the option that it takes besides ``page``."""

    help: str
    takes: str = ""


KINDS: Final = {
    "newest": Kind("the newest entries; `:limit:` says how many (10)", "limit"),
    "newest-starred": Kind("the newest starred entries; `:limit:` says how many (10)", "limit"),
    "figures": Kind("how many entries, keywords, sources, papers and digests there are"),
    "top-keywords": Kind("the most frequent keywords; `:limit:` says how many (20)", "limit"),
    "top-sources": Kind("the sources with the most entries; `:limit:` says how many (20)", "limit"),
    "digests": Kind("every series with its newest issues; `:limit:` says how many of each (12)", "limit"),
    "series": Kind("all issues of the series that `:key:` names", "key"),
    "keywords": Kind("all keywords, A to Z"),
    "keyword": Kind("the entries of a keyword; `:key:` is the last part of its page's address", "key"),
    "sources": Kind("all sources, A to Z"),
    "source": Kind("the entries of a source; `:key:` is the last part of its page's address", "key"),
    "years": Kind("all years and months"),
    "year": Kind("the months of the year `:key:`", "key"),
    "month": Kind("the entries of the month `:key:`, such as `2021-09`", "key"),
    "undated": Kind("the entries without a date"),
    "starred": Kind("all starred entries"),
    "papers": Kind("every paper with the entries that watch it"),
    "reading-list": Kind("the parts of the reading list, with counts"),
    "reading": Kind(
        "a part of the reading list: `:key:` is to-read, reading, no-summary, no-keywords, no-paper or todo",
        "key",
    ),
}


class IndexDirective(SphinxDirective):
    """Draws one of :data:`KINDS`; as many as a page likes."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "key": directives.unchanged_required,
        "page": directives.positive_int,
        "limit": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        if kind not in KINDS:
            hint = suggest(kind, KINDS) or f"; there are: {', '.join(KINDS)}"
            warn(Code.REFERENCE, f"mlindex cannot draw {quote(kind)}{hint}", self.get_location())
            return []
        takes = KINDS[kind].takes
        for option in self.options.keys() & {"limit", "key"} - {takes}:
            warn(Code.REFERENCE, f"mlindex {kind} takes no option {quote(option)}", self.get_location())
        key = str(self.options.get(takes, ""))
        number = self.options.get("page", 1)
        arguments = (kind, key, str(number) if number > 1 else "")
        domain = domain_of(self.env)
        view, mark = show(domain.collection, *arguments)
        domain.note_view(self.env.docname, *arguments, fingerprint=mark)
        domain.note_generated(self.env.docname)
        if view is None:
            what = f"the option {quote(':key:')} is missing" if not key else f"there is no {quote(key)}"
            warn(Code.REFERENCE, f"mlindex {kind}: {what}", self.get_location())
            return []
        pages = getattr(view, "pages", None)
        if pages and number > pages.last:
            message = f"mlindex {kind}: there is no page {number}; the last is {pages.last}"
            warn(Code.REFERENCE, message, self.get_location())
            return []
        return self.draw(kind, view, domain.collection.settings.weeks)

    def draw(self, kind: str, view: Any, weeks: WeekRule) -> list[nodes.Node]:
        """Return the nodes for what the view *kind* shows."""
        if isinstance(view, ListView):
            return self._list(view, weeks)
        drawn: dict[str, Callable[[], list[nodes.Node]]] = {
            "keywords": lambda: self._names(view),
            "sources": lambda: self._names(view),
            "years": lambda: self._years(view),
            "year": lambda: self._year(view, weeks),
            "papers": lambda: self._papers(view, weeks),
            "series": lambda: self._series(view),
            "digests": lambda: self._digests(view),
            "figures": lambda: [figures(view)] if view else nothing(),
            "top-keywords": lambda: [draw.badges(view, counts=True)] if view else nothing(),
            "top-sources": lambda: [draw.badges(view, counts=True)] if view else nothing(),
            "reading-list": lambda: [draw.ref_list(view), *self.toctree(ref.docname for ref in view)],
        }
        return drawn[kind]()

    def toctree(self, children: Any) -> list[nodes.Node]:
        return draw.toctree(self.env.docname, children, self.env.found_docs)

    def further_pages(self, base: str, count: int) -> list[nodes.Node]:
        """Return the toctree that the first page of a list without an index above it holds."""
        if self.env.docname != base:
            return []
        return self.toctree(page_docname(base, number) for number in range(2, count + 1))

    def _list(self, view: ListView, weeks: WeekRule) -> list[nodes.Node]:
        if not view.rows:
            return nothing()
        pager = draw.pager(view.pages)
        total = "1 entry" if view.total == 1 else f"{view.total:,} entries"
        head: list[nodes.Node] = []
        if view.pages.base:
            head.append(nodes.paragraph("", total, classes=["mlw-total"]))
        children = self._list_children(view)
        head += self._line(view)
        return [*head, *pager, draw.rows(view.rows, weeks), *(node.deepcopy() for node in pager), *children]

    def _line(self, view: ListView) -> list[nodes.Node]:
        """Return the chart of a keyword or a source, on the first page of its list."""
        kind = self.arguments[0]
        first = kind in ("keyword", "source") and view.pages.number == 1
        return charts.chart_nodes(self.env, kind, str(self.options["key"])) if first else []

    def _list_children(self, view: ListView) -> list[nodes.Node]:
        """Return the toctree of a list page: months hold their entries, other lists their further pages."""
        if self.arguments[0] in ("month", "undated"):
            return self.toctree(row.page.docname for row in reversed(view.rows))
        if self.arguments[0] in ("starred", "reading"):
            return self.further_pages(view.pages.base, view.pages.last)
        return []

    def _names(self, view: NamesView) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        links: list[list[nodes.Node]] = []
        for name, page in view.letters:
            place = Ref(page_docname(view.pages.base, page), name)
            here = page == view.pages.number
            links.append(
                [
                    nodes.reference("", name, internal=True, refid=_letter_id(name))
                    if here
                    else draw.page_link(place)
                ]
            )
        if len(links) > 1:
            out.append(nodes.paragraph("", "", *draw.joined(links, " "), classes=["mlw-letters"]))
        for name, refs in view.parts:
            section = nodes.section("", nodes.title("", name), ids=[_letter_id(name)], names=[])
            section += draw.ref_list(refs)
            out.append(section)
        return [
            *draw.pager(view.pages),
            *out,
            *self.toctree(view.children),
            *self.further_pages(view.pages.base, view.pages.last),
        ]

    def _years(self, view: YearsView) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        for year, months in view.years:
            out.append(heading(year))
            out += [draw.ref_list(months, classes=["mlw-inline"])] if months else []
        if view.undated:
            out.append(draw.ref_list([view.undated]))
        return [*out, *self.toctree(reversed(view.children))]

    def _year(self, view: YearView, weeks: WeekRule) -> list[nodes.Node]:
        out: list[nodes.Node] = [draw.ref_list(view.months, classes=["mlw-inline"])] if view.months else []
        children = view.children
        if view.rest:
            out.append(nodes.paragraph("", "Only the year is known:"))
            out += [*draw.pager(view.rest.pages), draw.rows(view.rest.rows, weeks)]
            children = (*children, *(row.page.docname for row in reversed(view.rest.rows)))
        return [*out, *self.toctree(children)]

    def _papers(self, view: PapersView, weeks: WeekRule) -> list[nodes.Node]:
        listed = nodes.bullet_list("", classes=["mlw-list"], bullet="-")
        for paper in view.papers:
            head = nodes.paragraph("", classes=["mlw-row"])
            shown = paper.title or paper.url
            head += (
                draw.web_link(paper.url, shown, "mlw-title") if paper.url else draw.text(shown, "mlw-title")
            )
            item = nodes.list_item("", head)
            if paper.key:
                item += nodes.paragraph(
                    "", "", draw.cite_link(paper.key, paper.about, ""), classes=["mlw-meta"]
                )
            listed += [item]
            item += draw.rows(paper.rows, weeks)
        if not view.papers:
            return nothing()
        pager = draw.pager(view.pages)
        return [
            *pager,
            listed,
            *(node.deepcopy() for node in pager),
            *self.further_pages(view.pages.base, view.pages.last),
        ]

    def _series(self, view: SeriesView) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        if view.description:
            out.append(nodes.paragraph("", view.description))
        about: list[nodes.Node] = [nodes.Text(f"By {view.author}")] if view.author else []
        if view.url:
            about += [nodes.Text(" · ")] if about else []
            about.append(draw.web_link(view.url))
        if about:
            out.append(nodes.paragraph("", "", *about, classes=["mlw-meta"]))
        out += draw.pager(view.pages)
        for _, rollup, refs in view.years:
            if rollup:
                out.append(heading(rollup))
            out.append(draw.ref_list(refs))
        return [*out, *self.toctree(view.children), *self.further_pages(view.pages.base, view.pages.last)]

    def _digests(self, view: tuple[tuple[Ref, str, tuple[Ref, ...]], ...]) -> list[nodes.Node]:
        cards = []
        for series, description, issues in view:
            about = [nodes.paragraph("", description, classes=["mlw-meta"])] if description else []
            cards.append(draw.card(heading(series), *about, draw.ref_list(issues), classes=["mlw-series"]))
        out = [create_component("grid", ["mlw-cards"], children=cards)] if cards else nothing()
        children = (ref.docname for ref, *_ in view)
        return [*out, *(self.toctree(children) if self.env.docname == "digests/index" else [])]


def _letter_id(name: str) -> str:
    return {"0–9": "letter-digits", "#": "letter-other"}.get(name, f"letter-{name.lower()}")


def heading(ref: Ref) -> nodes.paragraph:
    """Return a link to a page with how many entries it has, as the head of a part of an index."""
    head = nodes.paragraph("", "", draw.page_link(ref, "mlw-title"), classes=["mlw-head"])
    if ref.size:
        head += [nodes.Text(" "), draw.text(f"({ref.size:,})", "mlw-count")]
    return head


def nothing() -> list[nodes.Node]:
    """Return what stands where a list is empty."""
    return [nodes.paragraph("", "Nothing yet.")]


def figures(refs: tuple[Ref, ...]) -> nodes.bullet_list:
    """Return counts as a row of numbers, each a link to what it counts."""
    listed = nodes.bullet_list("", classes=["mlw-figures"], bullet="-")
    for ref in refs:
        link = draw.page_link(ref)
        link[0] = nodes.inline("", "", draw.text(f"{ref.size:,}", "mlw-number"), nodes.Text(f" {ref.text}"))
        listed += nodes.list_item("", nodes.paragraph("", "", link))
    return listed
