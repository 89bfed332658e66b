"""The directive ``mlindex``: lists and indexes drawn from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _, language, ngettext
from ..base.warnings import warn
from ..core.collection import GROUPED
from ..core.filters import FilterError, parse, parse_order
from ..core.problems import Code, quote, suggest
from ..core.views import show
from ..core.views.pieces import month_text, page_docname, part_docname
from ..core.views.shapes import (
    FiguresView,
    LatestView,
    ListView,
    NamesView,
    Pages,
    PapersView,
    Part,
    Ref,
    SeriesView,
    TopicCard,
    TopicView,
    YearsView,
    YearView,
)
from . import charts, draw, papers, topics
from .citations import note_records
from .domain import domain_of
from .markup import El, Go, block
from .searchfield import searchfield

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.periods import WeekRule
    from .domain import MlDomain
    from .markup import Piece


class Kind(NamedTuple):
    """Something that ``mlindex`` can draw: a line for the guide, and the options that it takes besides ``page``."""

    help: str
    takes: tuple[str, ...] = ()


KINDS: Final = {
    "search": Kind("a field that leads to the search"),
    "newest": Kind(
        "the newest entries; `:limit:` says how many (10), `:except: latest-digest` leaves out those of the latest digest",
        ("limit", "except"),
    ),
    "newest-starred": Kind("the newest starred entries; `:limit:` says how many (10)", ("limit",)),
    "entries": Kind(
        "the entries that `:filter:` selects, in the order `:sort:` (newest first); `:limit:` says how many "
        "(as many as a page of a list has)",
        ("filter", "sort", "limit"),
    ),
    "figures": Kind("how many entries, keywords, sources, papers and digests there are"),
    "top-topics": Kind("the topics with the most entries; `:limit:` says how many (20)", ("limit",)),
    "top-keywords": Kind(
        "the most frequent keywords that at least three entries have; `:limit:` says how many (20)",
        ("limit",),
    ),
    "top-sources": Kind("the sources with the most entries; `:limit:` says how many (20)", ("limit",)),
    "digests": Kind("every series with its newest issues; `:limit:` says how many of each (12)", ("limit",)),
    "latest-digest": Kind(
        "the latest digest with some of its entries; `:limit:` says how many (3)", ("limit",)
    ),
    "series": Kind("all issues of the series that `:key:` names", ("key",)),
    "topics": Kind("all topics with descriptions and their most frequent keywords"),
    "topic": Kind("a topic: its description, keywords, highlights and entries; `:key:` is its id", ("key",)),
    "keywords": Kind("all keywords, A to Z"),
    "keyword": Kind("the entries of a keyword; `:key:` is the last part of its page's address", ("key",)),
    "sources": Kind("all sources, A to Z"),
    "source": Kind("the entries of a source; `:key:` is the last part of its page's address", ("key",)),
    "years": Kind("all years and months"),
    "year": Kind("the months of the year `:key:`", ("key",)),
    "month": Kind("the entries of the month `:key:`, such as `2021-09`", ("key",)),
    "undated": Kind("the entries without a date"),
    "starred": Kind("all starred entries"),
    "papers": Kind(
        "all papers by year, with their BibTeX records and the entries that cover them; `:key:` names a part of a long list",
        ("key",),
    ),
    "reading-list": Kind("the parts of the reading list, with counts"),
    "reading": Kind(
        "a part of the reading list: `:key:` is to-read, reading, no-summary, no-keywords, no-paper or todo",
        ("key",),
    ),
}


#: Whose pages have numbers; those of lists of entries have the names that stand in their addresses.
NUMBERED: Final = ("keywords", "sources", "series")


class IndexDirective(SphinxDirective):
    """Draws one of :data:`KINDS`; as many as a page likes."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "key": directives.unchanged_required,
        "page": directives.unchanged_required,
        "limit": directives.positive_int,
        "except": lambda text: directives.choice(text, ("latest-digest",)),
        "filter": directives.unchanged_required,
        "sort": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        if kind not in KINDS:
            hint = suggest(kind, KINDS) or f"; there are: {', '.join(KINDS)}"
            warn(Code.REFERENCE, f"mlindex cannot draw {quote(kind)}{hint}", self.get_location())
            return []
        takes = KINDS[kind].takes
        taken = {*takes} if kind in ("entries", "search") else {*takes, "page"}
        for option in sorted(self.options.keys() - taken):
            warn(Code.REFERENCE, f"mlindex {kind} takes no option {quote(option)}", self.get_location())
        domain = domain_of(self.env)
        if kind == "search":
            return [searchfield()]
        if kind == "entries":
            return self.selection(domain)
        key = str(self.options.get(takes[0], "")) if takes else ""
        page = self.options.get("page", "") or self.options.get("except", "")
        if page and kind in NUMBERED and not (page.isdecimal() and len(page) < 9 and int(page)):
            warn(Code.REFERENCE, f"mlindex {kind}: {quote(page)} is no number of a page", self.get_location())
            return []
        arguments = (kind, key, page)
        view, mark = show(domain.collection, *arguments)
        domain.note_view(self.env.docname, *arguments, mark=mark)
        domain.note_generated(self.env.docname)
        pages = getattr(view, "pages", None)
        if view is None or (isinstance(pages, Pages) and pages.number > pages.last):
            warn(Code.REFERENCE, f"mlindex {kind}: {self._missing(takes, key)}", self.get_location())
            return []
        return self.draw(kind, view, domain.collection.settings.weeks)

    def _missing(self, takes: tuple[str, ...], key: str) -> str:
        if takes and not key:
            return f"the option {quote(':key:')} is missing"
        page = self.options.get("page", "")
        named = [*([f"page {quote(page)}"] if page else []), *([quote(key)] if key else [])]
        return f"there is no {' of '.join(named)}"

    def selection(self, domain: MlDomain) -> list[nodes.Node]:
        """Return the list of the entries that the option ``filter`` selects."""
        wanted, sort = self.options.get("filter", ""), self.options.get("sort", "")
        for option, text, read in (
            (
                "filter",
                wanted,
                lambda text: parse(text, domain.collection.settings, domain.collection.catalogue.health),
            ),
            ("sort", sort, parse_order),
        ):
            try:
                if text:
                    read(text)
            except FilterError as error:
                told = f"mlindex entries: the {option} {quote(text)}: {error.reason}"
                warn(Code.REFERENCE, told, self.get_location())
                return []
        arguments = ("entries", wanted, sort, str(self.options.get("limit", "")))
        view, mark = show(domain.collection, *arguments)
        domain.note_view(self.env.docname, *arguments, mark=mark)
        domain.note_generated(self.env.docname)
        for told in view.unknown:
            warn(Code.REFERENCE, f"mlindex entries: {told}", self.get_location())
        drawn = self._list(view.list, domain.collection.settings.weeks)
        if not view.cut:
            return drawn
        shown = _("The first {n} of {total} entries.").format(
            n=language().number(len(view.list.rows)), total=language().number(view.list.total)
        )
        return [nodes.paragraph("", shown, classes=["mlw-total"]), *drawn]

    def draw(self, kind: str, view: Any, weeks: WeekRule) -> list[nodes.Node]:
        """Return the nodes for what the view *kind* shows."""
        if isinstance(view, ListView):
            return self._list(view, weeks)
        drawn: dict[str, Callable[[], list[nodes.Node]]] = {
            "topics": lambda: self._topics(view),
            "topic": lambda: self._topic(view, weeks),
            "keywords": lambda: self._names(view),
            "sources": lambda: self._names(view),
            "years": lambda: self._years(view),
            "year": lambda: self._year(view, weeks),
            "papers": lambda: self._papers(view),
            "series": lambda: self._series(view),
            "digests": lambda: self._digests(view),
            "latest-digest": lambda: self._latest(view, weeks),
            "figures": lambda: block([figures(view) if view.counts else draw.nothing()]),
            "top-topics": lambda: block([draw.ref_list(view, "mlw-inline") if view else draw.nothing()]),
            "top-keywords": lambda: block([draw.badges(view, counts=True) if view else draw.nothing()]),
            "top-sources": lambda: block([draw.badges(view, counts=True) if view else draw.nothing()]),
            "reading-list": lambda: [
                *block([draw.ref_list(view)]),
                *self.toctree(ref.docname for ref in view),
            ],
        }
        return drawn[kind]()

    def toctree(self, children: Any) -> list[nodes.Node]:
        return draw.toctree(self.env.docname, children, self.env.found_docs)

    def further_pages(self, pages: Pages | Part) -> list[nodes.Node]:
        """Return the toctree that the first page of a list without an index above it holds."""
        if self.env.docname != pages.base:
            return []
        if isinstance(pages, Part):
            return self.toctree(part_docname(pages.base, name) for name in pages.further)
        return self.toctree(page_docname(pages.base, number) for number in range(2, pages.last + 1))

    def _list(self, view: ListView, weeks: WeekRule) -> list[nodes.Node]:
        if not view.rows:
            return block([draw.nothing()])
        # Entries without a date stand by their titles.
        pager = draw.pager(view.pages, _("Start") if self.arguments[0] == "undated" else _("Newest"))
        total = ngettext("{n} entry", "{n} entries", view.total)
        head = [draw.line("mlw-total", total)] if view.pages.base and view.total else []
        listed = [*pager, draw.rows(view.rows, weeks), *pager]
        line = self._line(view)
        drawn = [*block(head), *line, *block(listed)] if line else block([*head, *listed])
        return [*drawn, *self._list_children(view)]

    def _line(self, view: ListView) -> list[nodes.Node]:
        """Return the chart of a keyword, a source or a topic, on the first page of its list."""
        kind = self.arguments[0]
        first = kind in GROUPED and "page" not in self.options
        return charts.chart_nodes(self.env, kind, str(self.options["key"])) if first else []

    def _list_children(self, view: ListView) -> list[nodes.Node]:
        """Return the toctree of a list page: months hold their entries, other lists their further pages."""
        if self.arguments[0] in ("month", "undated"):
            return self.toctree(row.page.docname for row in reversed(view.rows))
        if self.arguments[0] in ("starred", "reading", "topic"):
            return self.further_pages(view.pages)
        return []

    def _topic(self, view: TopicView, weeks: WeekRule) -> list[nodes.Node]:
        return [*topics.head(view, weeks), *self._list(view.list, weeks)]

    def _topics(self, view: tuple[TopicCard, ...]) -> list[nodes.Node]:
        pages = [topic.page.docname for topic in view]
        if self.env.docname != "topics/index":
            return block([topics.cards(view)])
        more = draw.page_link(Ref("keywords/index", _("All keywords, A to Z")))
        return [*block([topics.cards(view), draw.line("mlw-browse", more)]), *self.toctree(pages)]

    def _names(self, view: NamesView) -> list[nodes.Node]:
        links: list[list[Piece]] = []
        for name, page in view.letters:
            if page == view.pages.number:
                links.append([Go("here", _letter_id(name), (name,))])
            else:
                links.append([draw.page_link(Ref(page_docname(view.pages.base, page), name))])
        letters = [draw.line("mlw-letters", *draw.joined(links, " "))] if len(links) > 1 else []
        parts = [
            nodes.section(
                "", nodes.title("", name), *block([draw.ref_list(refs)]), ids=[_letter_id(name)], names=[]
            )
            for name, refs in view.parts
        ]
        return [
            *block([*draw.pager(view.pages), *letters]),
            *parts,
            *self.toctree(view.children),
            *self.further_pages(view.pages),
        ]

    def _years(self, view: YearsView) -> list[nodes.Node]:
        out: list[Piece] = []
        for year, months in view.years:
            out.append(draw.head(year))
            out += [draw.ref_list(months, "mlw-inline")] if months else []
        if view.undated:
            out.append(draw.ref_list([view.undated]))
        return [*block(out), *self.toctree(reversed(view.children))]

    def _year(self, view: YearView, weeks: WeekRule) -> list[nodes.Node]:
        out: list[Piece] = [draw.ref_list(view.months, "mlw-inline")] if view.months else []
        children = view.children
        if view.rest:
            out.append(draw.line("", _("Only the year is known:")))
            out += [*draw.pager(view.rest.pages, _("Newest")), draw.rows(view.rest.rows, weeks)]
            children = (*children, *(row.page.docname for row in reversed(view.rest.rows)))
        return [*block(out), *self.toctree(children)]

    def _papers(self, view: PapersView) -> list[nodes.Node]:
        note_records(self.env, papers.keys(view))
        cites = [row.paper.key for row in view.recent if row.paper.key]
        parts = [ref.docname for ref in view.parts] if self.env.docname == "papers/index" else []
        return [*block(papers.listed(view), cites=cites), *self.toctree(parts)]

    def _series(self, view: SeriesView) -> list[nodes.Node]:
        out: list[Piece] = [draw.line("", view.description)] if view.description else []
        about: list[list[Piece]] = [[_("By {author}").format(author=view.author)]] if view.author else []
        about += [[draw.web_link(view.url)]] if view.url else []
        if about:
            out.append(draw.line("mlw-meta", *draw.joined(about, " · ")))
        out += draw.pager(view.pages)
        for year, rollup, refs in view.years:
            out += [draw.head(rollup)] if rollup else [draw.line("mlw-head", year)] if year else []
            out.append(draw.ref_list(refs))
        return [
            *block(out),
            *self.toctree(view.children),
            *self.further_pages(view.pages),
        ]

    def _latest(self, view: LatestView, weeks: WeekRule) -> list[nodes.Node]:
        facts = [[view.series]] if view.series not in view.issue.text else []
        facts += [[draw.period_text(*view.period)]] if view.period[0] else []
        facts.append([ngettext("{n} entry", "{n} entries", view.issue.size)])
        head = draw.line("mlw-head", draw.page_link(view.issue, "mlw-title"))
        about = draw.line("mlw-meta", *draw.joined(facts, " · "))
        return block([head, about, draw.rows(view.rows, weeks, level=3)])

    def _digests(self, view: tuple[tuple[Ref, str, tuple[Ref, ...]], ...]) -> list[nodes.Node]:
        cards = []
        for series, description, issues in view:
            about = [draw.line("mlw-meta", description)] if description else []
            cards.append(draw.card("mlw-series", draw.head(series), *about, draw.ref_list(issues)))
        shown = El("div", "mlw-cards", tuple(cards)) if cards else draw.nothing()
        if self.env.docname != "digests/index":
            return block([shown])
        others = (Ref("years/index", _("by month")), Ref("sources/index", _("by source")))
        links = draw.joined(([draw.page_link(ref)] for ref in others), " · ")
        more = draw.line("mlw-browse", _("All entries:"), " ", *links)
        return [*block([shown, more]), *self.toctree(ref.docname for ref, *_rest in view)]


def _letter_id(name: str) -> str:
    return {"0–9": "letter-digits", "#": "letter-other"}.get(name, f"letter-{name.lower()}")


def figures(view: FiguresView) -> El:
    """Return one line of counts, each a link to what it counts, and which time the collection covers."""
    shown: list[list[Piece]] = [[draw.page_link(ref)] for ref in view.counts]
    if view.covers[0]:
        first, last = (month_text(month, language()) for month in view.covers)
        covers = first if first == last else _("{first} to {last}").format(first=first, last=last)
        shown.insert(0, [_("Covers {time}").format(time=covers)])
    return draw.line("mlw-figures", *draw.joined(shown, " · "))
