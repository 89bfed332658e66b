"""The directive ``mlchart``: pictures of the collection, drawn while the page is written, with their numbers below.

A chart is a node that holds what its view shows. For HTML it becomes an SVG; every other builder gets the
tables alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from ..base.locale import _, language, ngettext
from ..base.warnings import warn
from ..core.chart_tables import tables
from ..core.collection import GROUPED
from ..core.plots import bars, matrix, panel, share, stacks
from ..core.problems import Code, quote, suggest
from ..core.views import show
from ..core.views.charts import CHARTS, TRENDS, Bars, Matrix, Panels, Stacks
from . import draw
from .domain import domain_of
from .markup import El, block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

    from ..core.chart_tables import Table
    from ..core.periods import WeekRule
    from ..core.views.charts import Chart, Dead, Line, Part
    from .markup import Piece

    Link = Callable[[str, str], str]


class chart(nodes.General, nodes.Element):  # noqa: N801 - docutils names a visitor after the class
    """A chart; ``view`` is what it shows."""


def register(app: Sphinx) -> None:
    """Register the node, the directive and the tables for other builders."""
    app.add_node(chart, html=(_visit, None))
    app.add_directive("mlchart", ChartDirective)
    app.add_post_transform(ChartTables)


class ChartDirective(SphinxDirective):
    """Draws one of :data:`~mlwatch.core.views.charts.CHARTS`."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"key": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        kind, key = self.arguments[0], str(self.options.get("key", ""))
        domain_of(self.env).note_generated(self.env.docname)
        if kind not in CHARTS:
            hint = suggest(kind, CHARTS) or f"; there are: {', '.join(CHARTS)}"
            warn(Code.REFERENCE, f"mlchart cannot draw {quote(kind)}{hint}", self.get_location())
            return []
        if bool(key) != (kind in GROUPED):
            what = f"takes no option {quote(':key:')}" if key else f"the option {quote(':key:')} is missing"
            warn(Code.REFERENCE, f"mlchart {kind}: {what}", self.get_location())
            return []
        if kind in GROUPED:
            self._check_key(kind, key)
        drawn = self._trends() if kind == "trends" else chart_nodes(self.env, kind, key)
        return drawn or [nodes.paragraph("", _("Nothing to show yet."))]

    def _check_key(self, kind: str, key: str) -> None:
        groups = domain_of(self.env).collection.groups(kind)
        if key not in groups:
            hint = suggest(key, groups)
            warn(Code.REFERENCE, f"mlchart {kind}: there is no {quote(key)}{hint}", self.get_location())

    def _trends(self) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        for kind in TRENDS:
            drawn = chart_nodes(self.env, kind)
            if drawn:
                title = nodes.title("", cast("chart", drawn[0])["view"].title)
                out.append(nodes.section("", title, *drawn, ids=[f"chart-{kind}"], names=[]))
        return out


def chart_nodes(env: BuildEnvironment, kind: str, key: str = "") -> list[nodes.Node]:
    """Return the chart *kind* for the page that is being read; nothing when there is nothing to draw."""
    domain = domain_of(env)
    arguments = (f"chart-{kind}", key)
    view, mark = show(domain.collection, *arguments)
    domain.note_view(env.docname, *arguments, mark=mark)
    if view is None:
        return []
    below = dead_links(view, domain.collection.settings.weeks) if isinstance(view, Stacks) else []
    return [chart("", view=view), *below]


def dead_links(view: Stacks, weeks: WeekRule) -> list[nodes.Node]:
    """Return the entries whose links did not work, with what stands in their place."""
    if not view.dead:
        return []
    told = ngettext("{n} entry has broken links.", "{n} entries have broken links.", view.total)
    if view.total > len(view.dead):
        told += _(" The newest {n}:").format(n=language().number(len(view.dead)))
    items = tuple(El("li", "", tuple(_dead(dead, weeks))) for dead in view.dead)
    return block([draw.line("mlw-total", told), El("ul", "mlw-list", items)])


def _dead(dead: Dead, weeks: WeekRule) -> Iterator[El]:
    yield draw.line("mlw-row", draw.page_link(dead.page, "mlw-title"))
    parts: list[list[Piece]] = [[draw.date_text(dead.date, weeks)]] if dead.date else []
    for url, code in dead.links:
        parts.append([draw.web_link(url), *([f" ({code})"] if code else [])])
    if dead.archived:
        parts.append([draw.web_link(dead.archived, _("Archived copy"))])
    yield draw.line("mlw-meta", *draw.joined(parts, " · "))


# --- HTML ---------------------------------------------------------------------------------------------------------


def address(builder: Builder, docname: str) -> str:
    """Return where the page *docname* is, seen from the page that is being written; "" when there is none."""
    if not docname or docname not in builder.env.all_docs:
        return ""
    return builder.get_relative_uri(cast("Any", builder).current_docname, docname)


def _visit(self: HTML5Translator, node: chart) -> None:
    def link(docname: str, words: str) -> str:
        uri = address(self.builder, docname)
        return (
            f'<a class="reference internal" href="{escape(uri)}">{escape(words)}</a>'
            if uri
            else escape(words)
        )

    self.body.append(figure(node["view"], link))
    raise nodes.SkipNode


def figure(view: Chart, link: Link) -> str:
    """Return a chart as HTML; *link* makes a link from a docname and its words."""
    kind = type(view).__name__.lower()
    about = escape(view.about)
    if isinstance(view, Bars):
        drawn = bars(view)
        if view.more:
            about += f" · {link(view.more, _('Trends'))}"
    elif isinstance(view, Panels):
        drawn = "".join(_panels(heading, lines, view, link) for heading, lines in view.groups)
    elif isinstance(view, Matrix):
        names = "".join(f"<li>{link(ref.docname, ref.text)}</li>" for ref in view.names)
        drawn = f'<div class="mlw-cells"><ol>{names}</ol>{matrix(view)}</div>'
    elif isinstance(view, Stacks):
        columns = stacks(view, view.axis) if view.axis else ""
        drawn = columns + _parts(view.parts, link, [f"mlw-link-{kind}" for kind in view.kinds])
    else:
        drawn = _parts(view.parts, link)
    told = _("Data: {title}").format(title=view.title)
    data = "".join(_table(table) for table in tables(view))
    return (
        f'<figure class="mlw-chart mlw-{kind}" data-pagefind-ignore=""><figcaption>{about}</figcaption>{drawn}'
        f'<details><summary>{_("Data")}</summary><div class="mlw-data" role="region" aria-label="{escape(told)}"'
        f' tabindex="0">{data}</div></details></figure>\n'
    )


def _panels(heading: str, lines: Sequence[Line], view: Panels, link: Link) -> str:
    items = "".join(
        f'<li><p>{link(line.docname, line.name)} <span class="mlw-count">{escape(line.note)}</span></p>'
        f"{panel(line, view.axis, share=view.share)}</li>"
        for line in lines
    )
    head = f'<p class="mlw-group">{heading}</p>' if heading else ""
    return f'{head}<ul class="mlw-panel-list">{items}</ul>'


def _parts(parts: Sequence[Part], link: Link, colours: Sequence[str] = ()) -> str:
    items = "".join(
        f'<li><p>{link(part.docname, part.name)} <span class="mlw-count">{_of(part.part, part.whole)}</span></p>'
        f"{share(part.part, part.whole, colour)}</li>"
        for part, colour in zip(parts, colours or ["mlw-bar"] * len(parts), strict=True)
    )
    return f'<ul class="mlw-part-list">{items}</ul>'


def _of(part: int, whole: int) -> str:
    number = language().number
    return _("{n} of {total}").format(n=number(part), total=number(whole))


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>\n'
        for name, *cells in table.rows
    )
    caption = f"<caption>{escape(table.name)}</caption>" if table.name else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


# --- Everything else ----------------------------------------------------------------------------------------------


class ChartTables(SphinxPostTransform):
    """Puts tables in the place of charts where there are no pictures: in books and in plain text.

    An e-book is among them: EPUB 3.3 asks for a note in its manifest for each page with an SVG, which Sphinx does not
    write. Runs before references are resolved (10).
    """

    default_priority = 7

    def run(self, **_kwargs: Any) -> None:
        builder = self.env._app.builder  # noqa: SLF001 - Sphinx 9 deprecates env.app and names no other way
        if builder.format == "html" and builder.name != "epub":
            return
        for node in list(self.document.findall(chart)):
            view = node["view"]
            drawn: list[nodes.Node] = [nodes.paragraph("", view.about)]
            for table in tables(view):
                if table.name:
                    drawn.append(nodes.paragraph("", "", nodes.strong("", table.name)))
                drawn.append(_table_node(table))
            node.replace_self(drawn)


def _table_node(table: Table) -> nodes.table:
    columns = list(zip(table.head, *table.rows, strict=True))
    group = nodes.tgroup("", cols=len(columns))
    # Plain text takes the widths for characters; other formats find their own.
    group += [nodes.colspec("", colwidth=max(map(len, column))) for column in columns]
    group += nodes.thead("", _row(table.head))
    group += nodes.tbody("", *map(_row, table.rows))
    return nodes.table("", group, classes=["colwidths-auto"])


def _row(cells: Sequence[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))
