"""What charts show, as tables: for those who do not see the picture, for books and for plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .views.charts import NONE, Bars, Matrix, Panels, Stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .language import Language
    from .timeline import Axis
    from .views.charts import Chart, Line, Part


class Table(NamedTuple):
    """A table of texts; the first cell of each row names it. ``name`` tells several tables of one chart apart."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(chart: Chart) -> tuple[Table, ...]:
    """Return all numbers of *chart*."""
    if isinstance(chart, Bars):
        by_year = chart.axis.step < 12
        return (
            _years(chart.axis, chart.line, share=chart.share)
            if by_year
            else _steps(chart.axis, (chart.line,), "", share=chart.share),
        )
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
        number, _ = chart.language.number, chart.language.gettext
        rows = tuple((a, b, number(n)) for n, a, b in ordered)
        return (Table("", (_("Keyword"), _("With"), _("Entries")), rows),)
    if isinstance(chart, Stacks):
        _ = chart.language.gettext
        whole = _parts(chart.parts, _("All links"), _("Links"), chart.language)
        axis = chart.axis
        return (
            (whole,)
            if axis is None
            else (whole, _steps(axis, chart.lines, _("By date of the entry"), share=False))
        )
    return (_parts(chart.parts, "", chart.language.gettext("Entries"), chart.language),)


def _parts(parts: tuple[Part, ...], name: str, counted: str, language: Language) -> Table:
    """Return a row for each part of a whole."""
    _, number = language.gettext, language.number
    rows = (
        (p.name, number(p.part), number(p.whole), language.percent(1000 * p.part // p.whole)) for p in parts
    )
    return Table(name, ("", counted, _("Of"), _("Share")), tuple(rows))


def _years(axis: Axis, line: Line, *, share: bool) -> Table:
    """Return one line of months or quarters with a row for each year."""
    parts = 12 // axis.step
    names = (
        tuple(map(axis.language.short_month, range(1, 13)))
        if axis.step == 1
        else tuple(
            f"{axis.language.short_month(m)}–{axis.language.short_month(m + 2)}" for m in (1, 4, 7, 10)
        )
    )
    rows: dict[int, list[str]] = {}
    for position, value in enumerate(line.values):
        year, part = divmod(axis.first + position, parts)
        rows.setdefault(year, [""] * parts)[part] = _cell(value, axis, share=share)
    return Table(
        "",
        (axis.language.gettext("Year"), *names),
        tuple((str(year), *cells) for year, cells in rows.items()),
    )


def _steps(axis: Axis, lines: tuple[Line, ...], name: str, *, share: bool) -> Table:
    """Return a row for each step of time; steps without entries are left out."""

    def rows() -> Iterator[tuple[str, ...]]:
        for position, values in enumerate(zip(*(line.values for line in lines), strict=True)):
            if any(value not in (0, NONE) for value in values) or (share and NONE not in values):
                yield axis.label(position), *(_cell(value, axis, share=share) for value in values)

    return Table(name, (axis.unit.capitalize(), *(line.name for line in lines)), tuple(rows()))


def _cell(value: int, axis: Axis, *, share: bool) -> str:
    if value == NONE:
        return ""
    return axis.language.percent(value) if share else axis.language.number(value)
