"""What charts show, as tables: for those who do not see the picture, for books and for plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .series import MONTHS
from .views.charts import NONE, Bars, Matrix, Panels, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .timeline import Axis
    from .views.charts import Chart, Line


class Table(NamedTuple):
    """A table of texts; the first cell of each row names it. ``name`` tells several tables of one chart apart."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(chart: Chart) -> tuple[Table, ...]:
    """Return all numbers of *chart*."""
    if isinstance(chart, Bars):
        if chart.axis.step < 12:
            return (_years(chart.axis, chart.line, share=chart.share),)
        return (_steps(chart.axis, (chart.line,), "", share=chart.share),)
    if isinstance(chart, Panels):
        return tuple(_steps(chart.axis, lines, heading, share=chart.share) for heading, lines in chart.groups)
    if isinstance(chart, Matrix):
        pairs = (
            (count, chart.names[row].text, chart.names[column].text)
            for row, counts in enumerate(chart.counts)
            for column, count in enumerate(counts)
            if count
        )
        ordered = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))
        return (Table("", ("Keyword", "With", "Entries"), tuple((a, b, f"{n:,}") for n, a, b in ordered)),)
    return (
        Table(
            "",
            ("", "Entries", "Of", "Share"),
            tuple(
                (p.name, f"{p.part:,}", f"{p.whole:,}", percent(1000 * p.part // p.whole))
                for p in chart.parts
            ),
        ),
    )


def _years(axis: Axis, line: Line, *, share: bool) -> Table:
    """Return one line of months or quarters with a row for each year."""
    parts = 12 // axis.step
    names = (
        tuple(month[:3] for month in MONTHS)
        if axis.step == 1
        else ("Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec")
    )
    rows: dict[int, list[str]] = {}
    for position, value in enumerate(line.values):
        year, part = divmod(axis.first + position, parts)
        rows.setdefault(year, [""] * parts)[part] = _cell(value, share=share)
    return Table("", ("Year", *names), tuple((str(year), *cells) for year, cells in rows.items()))


def _steps(axis: Axis, lines: tuple[Line, ...], name: str, *, share: bool) -> Table:
    """Return a row for each step of time; steps without entries are left out."""

    def rows() -> Iterator[tuple[str, ...]]:
        for position, values in enumerate(zip(*(line.values for line in lines), strict=True)):
            if any(value not in (0, NONE) for value in values) or (share and NONE not in values):
                yield axis.label(position), *(_cell(value, share=share) for value in values)

    return Table(name, (axis.unit.capitalize(), *(line.name for line in lines)), tuple(rows()))


def _cell(value: int, *, share: bool) -> str:
    if value == NONE:
        return ""
    return percent(value) if share else f"{value:,}"
