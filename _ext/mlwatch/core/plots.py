"""Charts as SVG, from the numbers that views give.

A picture is as wide as the place where it stands: what is drawn is measured in percent of it, and letters keep
their size, on a phone too. It has no colours of its own but classes, which the style sheet colours for light, dark and
print. Nothing but text is written here: no clock, no font is measured, so the bytes are the same everywhere.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from .views.charts import NONE, Bars, Matrix
from .views.charts.shares import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .timeline import Axis
    from .views.charts import Line, Panels, Stacks

#: Pixels above the highest bar, where a scale's label stands, and below the lowest, where time is told.
TOP: Final = 16
BOTTOM: Final = 20
PANEL_HEIGHT: Final = 44
STACK_HEIGHT: Final = 180
ROW: Final = 24
#: Shades of a matrix, from few to many.
SHADES: Final = 5


def number(value: float) -> str:
    """Return *value* as SVG writes numbers, as short as three decimals can be."""
    return f"{value:.3f}".rstrip("0").rstrip(".").removeprefix("0") or "0"


def nice(value: int) -> int:
    """Return the least of 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten that is not less than *value*."""
    power = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if step * power >= value:
                return step * power
        power *= 10


def bars(chart: Bars) -> str:
    """Draw bars over time, with a scale and years."""
    top = nice(max(1, *chart.line.values))
    room = chart.height - TOP - BOTTOM
    plot = _stretched(TOP, room, chart.axis.room, top, _columns(chart.line.values, top))
    scale = _scale(room, _value(chart, top), half=top % 2 == 0 and chart.height >= 120)
    return _picture(chart.height, alternative(chart), scale + plot + _time(chart.axis, chart.height))


def stacks(chart: Stacks, axis: Axis) -> str:
    """Draw a column of parts for each step of time that has enough, the first part at the ground."""
    room, top = STACK_HEIGHT - TOP - BOTTOM, 1000
    columns = list(zip(*(line.values for line in chart.lines), strict=True))
    drawn = ""
    for number_, kind in enumerate(chart.kinds):
        path = ""
        for place, column in enumerate(columns):
            whole = sum(column)
            if whole >= WHOLE and column[number_]:
                low = top * sum(column[:number_]) // whole
                high = top * sum(column[: number_ + 1]) // whole
                path += f"M{place} {top - low}h.8v{low - high}h-.8z"
        if path:
            drawn += f'<path class="mlw-link-{kind}" d="{path}"/>'
    scale = _scale(room, axis.language.percent(top), half=True)
    plot = _stretched(TOP, room, axis.room, top, drawn)
    return _picture(STACK_HEIGHT, _stacks_in_words(chart, axis), scale + plot + _time(axis, STACK_HEIGHT))


def _scale(room: int, label: str, *, half: bool) -> str:
    """Return a line across a chart at the top of its scale, with a label above, and one at the half; bars would hide a label there."""
    places = (TOP, TOP + room // 2) if half else (TOP,)
    lines = "".join(f'<line class="mlw-grid" x2="100%" y1="{y}" y2="{y}"/>' for y in places)
    return f'{lines}<text y="{TOP - 4}">{label}</text>'


def _value(chart: Bars, value: int) -> str:
    language = chart.axis.language
    return language.percent(value) if chart.share else language.number(value)


def _columns(values: Sequence[int], top: int) -> str:
    """Return the path of bars; the scale runs downwards from *top*."""
    wide = ".8" if len(values) <= 60 else ".9"
    path = "".join(
        f"M{place} {top}h{wide}v{-value}h-{wide}z" for place, value in enumerate(values) if value > 0
    )
    return f'<path class="mlw-bar" d="{path}"/>'


def _stretched(y: int, height: int, width: int, top: int, drawn: str) -> str:
    """Return a part of the picture in which a step of time is 1 wide, and *top* is the height."""
    return f'<svg y="{y}" width="100%" height="{height}" viewBox="0 0 {width} {top}" preserveAspectRatio="none">{drawn}</svg>'


def _time(axis: Axis, height: int) -> str:
    """Return the line below the bars, with labels."""
    y = height - BOTTOM
    out = [f'<line class="mlw-axis" x2="100%" y1="{y}" y2="{y}"/>']
    for position, label in axis.ticks():
        x = number(100 * position / axis.room)
        end = ' text-anchor="end"' if position > axis.room * 0.88 and position else ""
        out.append(f'<line class="mlw-axis" x1="{x}%" x2="{x}%" y1="{y}" y2="{y + 5}"/>')
        out.append(f'<text x="{x}%" dx="{-2 if end else 2}" y="{height - 4}"{end}>{label}</text>')
    return "".join(out)


def _picture(height: int, alt: str, drawn: str) -> str:
    return f'<svg class="mlw-plot" width="100%" height="{height}" role="img" aria-label="{escape(alt)}">{drawn}</svg>'


def panel(line: Line, axis: Axis, *, share: bool) -> str:
    """Draw one of several small charts: counts as bars, shares as a line with the area below it."""
    top = max(1, *line.values)
    drawn = _way(line.values, top) if share else _columns(line.values, top)
    plot = _stretched(3, PANEL_HEIGHT - 4, axis.room, top, drawn)
    ground = f'<line class="mlw-axis" x2="100%" y1="{PANEL_HEIGHT - 1}" y2="{PANEL_HEIGHT - 1}"/>'
    return _picture(PANEL_HEIGHT, f"{line.name}: {line.spoken or line.note}", plot + ground)


def _way(values: Sequence[int], top: int) -> str:
    """Return the path through all *values* that there are."""
    points = [f"{number(place + 0.5)} {top - value}" for place, value in enumerate(values) if value != NONE]
    if not points:
        return ""
    start, end = (point.partition(" ")[0] for point in (points[0], points[-1]))
    way = "L".join(points)
    return (
        f'<path class="mlw-area" d="M{start} {top}L{way}L{end} {top}z"/><path class="mlw-line" d="M{way}"/>'
    )


def matrix(chart: Matrix) -> str:
    """Draw the cells of a matrix, a row for each name; the names themselves stand beside it."""
    size = len(chart.names)
    most = max(1, *(count for row in chart.counts for count in row))
    out = []
    wide = number(100 / size)
    for row, counts in enumerate(chart.counts):
        out.append(
            f'<text class="mlw-head" x="{number(100 * (row + 0.5) / size)}%" y="{ROW * row + 16}">{row + 1}</text>'
        )
        for column, count in enumerate(counts):
            shade = -(-SHADES * count // most)
            out.append(
                f'<rect class="mlw-h{shade}" x="{number(100 * column / size)}%" y="{ROW * row}" width="{wide}%" height="{ROW}"/>'
            )
            if count:
                x = number(100 * (column + 0.5) / size)
                out.append(f'<text class="mlw-t{shade}" x="{x}%" y="{ROW * row + 16}">{count}</text>')
    return _picture(ROW * size, alternative(chart), "".join(out))


def share(part: int, whole: int, css: str = "mlw-bar") -> str:
    """Draw a part of a whole as a bar of the class *css*; text beside it tells the numbers."""
    wide = number(100 * part / whole) if whole else "0"
    return (
        '<svg class="mlw-plot" width="100%" height="10" aria-hidden="true"><rect class="mlw-track" width="100%" height="10"/>'
        f'<rect class="{css}" width="{wide}%" height="10"/></svg>'
    )


def alternative(chart: Bars | Panels | Matrix) -> str:
    """Return what the picture tells, in words."""
    if isinstance(chart, Matrix):
        return _matrix_in_words(chart)
    return _bars_in_words(chart) if isinstance(chart, Bars) else chart.about


def _bars_in_words(chart: Bars) -> str:
    axis, values = chart.axis, chart.line.values
    best = values.index(max(values))
    _ = axis.language.gettext
    words = _("Bar chart: {title}, {span}. Highest in {time}: {value}.").format(
        title=chart.title,
        span=axis.covers,
        time=axis.label(best),
        value=_value(chart, values[best]),
    )
    if chart.share:
        return words
    return words + _(" Total: {n}.").format(n=axis.language.number(sum(values)))


def _matrix_in_words(chart: Matrix) -> str:
    count, row, column = max(
        (count, -row, -column)
        for row, counts in enumerate(chart.counts)
        for column, count in enumerate(counts)
    )
    one, other = chart.names[-column].text, chart.names[-row].text
    return chart.language.ngettext(
        "Grid; darker squares mean more entries. Most often together: {one} and {other}, in {n} entry.",
        "Grid; darker squares mean more entries. Most often together: {one} and {other}, in {n} entries.",
        count,
    ).format(one=one, other=other)


def _stacks_in_words(chart: Stacks, axis: Axis) -> str:
    """Return what columns of parts tell: how much the first part is where it is most."""
    sums = [sum(column) for column in zip(*(line.values for line in chart.lines), strict=True)]
    first = chart.lines[0]
    shares = [
        1000 * part // whole if whole >= WHOLE else NONE
        for part, whole in zip(first.values, sums, strict=True)
    ]
    best = shares.index(max(shares))
    return axis.language.gettext("Column chart: {title}, {span}. {part}, highest in {time}: {value}.").format(
        title=chart.title,
        span=axis.covers,
        part=first.name,
        time=axis.label(best),
        value=axis.language.percent(max(0, shares[best])),
    )
