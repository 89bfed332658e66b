"""What the figures look like: tables for the terminal and the guide, and a picture drawn by hand as SVG."""

from __future__ import annotations

import math
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    Figures = dict[str, Any]
    #: Title, heads, rows.
    Grid = tuple[str, list[str], list[list[str]]]

#: Colours that can be told apart on white and on black; the lines have marks of their own too.
COLOURS: Final = ("#1a7fd0", "#d1690e", "#2f9e44", "#b5489f", "#8a7a12", "#c92a3f", "#5f7d95", "#7a5fd0")
STYLE: Final = (
    'role="img" aria-labelledby="mlw-bench-title" style="max-width:100%;height:auto" '
    'font-family="system-ui,sans-serif" font-size="13" fill="currentColor"'
)
WEIGHTS: Final = {
    "site": "whole site",
    "pages": "pages",
    "entry_page": "entry page",
    "digest_page": "digest page",
    "front_page": "front page",
    "list_page": "largest list page",
    "search_index": "Sphinx's search index",
}


def grids(figures: Figures, clock: str = "wall") -> Iterator[Grid]:
    """Give the tables: per size the steps of all tools with their ratio to plain Sphinx, weights, files written."""
    for size, tools in figures["sizes"].items():
        if not tools:
            continue
        steps = list(dict.fromkeys(step for tool in tools.values() for step in tool["steps"]))
        rows = [[step, *(_step(tools, name, step, clock) for name in tools)] for step in steps]
        rows += [
            [f"peak memory, -{jobs}", *(_peak(tool, f"full -{jobs}") for tool in tools.values())]
            for jobs in ("j1", "j2")
            if any(f"full -{jobs}" in tool["steps"] for tool in tools.values())
        ]
        said = "seconds of computing" if clock == "cpu" else "seconds"
        yield (
            f"{int(size):,} entries, {said} (times plain Sphinx)",
            ["", *(t["label"] for t in tools.values())],
            rows,
        )
        rows = [
            [shown, *(_weight(tool.get("weight", {}).get(key)) for tool in tools.values())]
            for key, shown in WEIGHTS.items()
            if any(key in tool.get("weight", {}) for tool in tools.values())
        ]
        if rows:
            yield f"{int(size):,} entries, sizes", ["", *(t["label"] for t in tools.values())], rows
        kinds = list(dict.fromkeys(kind for tool in tools.values() for kind in tool.get("written", {})))
        rows = [
            [kind, *(_written(tool.get("written", {}).get(kind)) for tool in tools.values())]
            for kind in kinds
        ]
        if rows:
            yield (
                f"{int(size):,} entries, files written by an edit",
                ["", *(t["label"] for t in tools.values())],
                rows,
            )
    growth = list(_growth(figures, clock))
    if growth:
        sizes = list(figures["sizes"])
        heads = ["", *(f"{int(a):,} to {int(b):,}" for a, b in pairwise(sizes))]
        yield "ML Watch, growth of time (of size)", heads, growth
    real = figures.get("collection")
    if real:
        steps = real["steps"]
        rows = []
        for step, measured in steps.items():
            floor = steps.get(step.replace("full", "plain"))
            ratio = f"×{measured[clock] / floor[clock]:.2f}" if floor and floor is not measured else ""
            rows.append([step, _seconds(measured[clock]), ratio, f"{measured['peak_mb']:.0f} MB"])
        title = f"The real collection: {real['hand_written_pages']} pages written by hand, {real['weight']['pages']} built"
        yield title, ["", "seconds", "times plain", "peak"], rows


def _growth(figures: Figures, clock: str) -> Iterator[list[str]]:
    tools = [tools.get("mlwatch", {}).get("steps", {}) for tools in figures["sizes"].values()]
    if len(tools) < 2:
        return
    for step in tools[-1]:
        cells = [
            f"×{late[step][clock] / early[step][clock]:.1f}" if step in early and step in late else ""
            for early, late in pairwise(tools)
        ]
        yield [step, *cells]


def _step(tools: Figures, name: str, step: str, clock: str) -> str:
    measured = tools[name]["steps"].get(step)
    if not measured:
        return ""
    floor = tools.get("floor", {}).get("steps", {}).get(step.removeprefix("without search: "))
    if step.startswith("without citations") or (not floor and step == "full -j2"):
        floor = tools.get("floor", {}).get("steps", {}).get("full -j1")
    ratio = f" (×{measured[clock] / floor[clock]:.2f})" if floor and name != "floor" else ""
    return f"{_seconds(measured[clock])}{ratio}"


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _peak(tool: Figures, step: str) -> str:
    measured = tool["steps"].get(step)
    return f"{measured['peak_mb']:.0f} MB" if measured else ""


def _weight(value: Any) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, dict):
        return f"{_bytes(value['median'])}, at most {_bytes(value['largest'])}"
    return _bytes(value) if value > 100_000 or value < 0 else f"{value:,}"


def _bytes(value: float) -> str:
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.2f} GB"


def _written(value: Figures | None) -> str:
    if not value:
        return ""
    removed = f", {value['removed']} removed" if value["removed"] else ""
    return f"{value['pages']} pages, {value['other_files']} other{removed}"


def print_tables(figures: Figures, clock: str = "wall") -> None:
    """Print all tables on the terminal."""
    console = Console(width=None if Console().is_terminal else 180, highlight=False)
    console.print(_where(figures))
    for title, heads, rows in grids(figures, clock):
        table = Table(title=title, title_justify="left")
        for number, head in enumerate(heads):
            table.add_column(head, justify="right" if number else "left")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for line in figures["left_out"]:
        console.print(line)


def _where(figures: Figures) -> str:
    machine = figures["machine"]
    versions: dict[str, str] = {}
    for tools in figures["sizes"].values():
        for tool in tools.values():
            versions |= tool["versions"]
    packages = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}; {packages}; {machine['date'][:10]}, least of {figures['runs']} runs"
    ).replace("least of 1 runs", "one run each")


# --- The picture ---------------------------------------------------------------------------------------------------


def picture(figures: Figures) -> str:
    """Return an SVG of seconds over entries, both logarithmic; its lines and words take the page's colour."""
    lines = list(_lines(figures))
    points = [point for _, points, _ in lines for point in points]
    if not points:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>\n'
    left, right, top, bottom = 60.0, 520.0, 24.0, 380.0
    least_x, most_x = math.log10(min(x for x, _ in points)), math.log10(max(x for x, _ in points))
    least_y = math.floor(math.log10(min(y for _, y in points)))
    most_y = math.ceil(math.log10(max(y for _, y in points)))
    most_y += most_y == least_y

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - least_x) / (most_x - least_x) if most_x > least_x else 0.5
        up = (math.log10(y) - least_y) / (most_y - least_y)
        return round(left + 20 + across * (right - left - 40), 1), round(bottom - up * (bottom - top), 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 430" {STYLE}>',
        '<title id="mlw-bench-title">Seconds that a build takes over the number of entries, for each tool</title>',
    ]
    for exponent in range(least_y, most_y + 1):
        y = at(points[0][0], 10.0**exponent)[1]
        out.append(
            f'<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="currentColor" stroke-opacity=".2"/>'
        )
        out.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{10.0**exponent:g} s</text>')
    for size in sorted({x for x, _ in points}):
        x = at(size, 10.0**least_y)[0]
        out.append(
            f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="currentColor" stroke-opacity=".2"/>'
        )
        out.append(f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{size:,}</text>')
    out.append(f'<text x="{(left + right) / 2}" y="{bottom + 42}" text-anchor="middle">entries</text>')
    ends = _spread([at(*line_points[-1])[1] for _, line_points, _ in lines])
    for number, (label, line_points, dashed) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x},{y}" for x, y in (at(*point) for point in line_points))
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        width = 3 if label.startswith("ML Watch") else 1.5
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>')
        out += [
            f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>'
            for x, y in (at(*point) for point in line_points)
        ]
        end_x, end_y = at(*line_points[-1])
        out.append(
            f'<line x1="{end_x + 5}" y1="{end_y}" x2="{right + 12}" y2="{ends[number]}" stroke="{colour}" stroke-opacity=".5"/>'
            f'<text x="{right + 16}" y="{ends[number] + 4}">{escape(label)}, {_seconds(line_points[-1][1])} s</text>'
        )
    return "\n".join([*out, "</svg>"]) + "\n"


def _lines(figures: Figures) -> Iterator[tuple[str, list[tuple[int, float]], bool]]:
    """Give each line of the picture: its label, ``(entries, seconds)``, whether it is drawn dashed."""
    sizes = sorted(figures["sizes"], key=int)
    wanted = [
        ("mlwatch", "full -j1", "ML Watch", False),
        ("mlwatch", "edit: body", "ML Watch, one edit", True),
        ("mlwatch", "check warm", "mlwatch check", True),
        ("floor", "full -j1", "plain Sphinx", False),
        ("ablog", "full -j1", "ablog", False),
        ("needs", "full -j1", "sphinx-needs", False),
        ("mkdocs", "full -j1", "mkdocs-material", False),
        ("hugo", "full -j1", "Hugo", False),
    ]
    for tool, step, label, dashed in wanted:
        points = [
            (int(size), figures["sizes"][size][tool]["steps"][step]["wall"])
            for size in sizes
            if step in figures["sizes"][size].get(tool, {}).get("steps", {})
        ]
        if points:
            yield label, points, dashed


def _spread(places: list[float], distance: float = 18.0) -> list[float]:
    """Return *places* moved apart so that the words beside them do not overlap."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, here in pairwise(order):
        moved[here] = max(moved[here], moved[before] + distance)
    over = max(0.0, max(moved) - 400)
    return [place - over for place in moved]


# --- The guide -----------------------------------------------------------------------------------------------------


def guide(figures: Figures) -> str:
    """Return ``docs/guide/performance.md``."""
    lines = [
        "% Written by `make bench` with the option guide; write the words anew in benchmarks/report.py.",
        "",
        "# Performance",
        "",
        "`make bench` makes collections of made-up entries, builds them here and with other tools in the same run, and times",
        "whole processes. *Plain Sphinx* is Sphinx with the theme `basic` and MyST on the same entries as plain lists, with no",
        "extension: no cards, digests, lists or citations. The other tools show the same entries with what they bring for a blog",
        "or for records.",
        "",
        f"Measured on {_where(figures)}.",
        "",
        "````{only} not epub",
        "```{raw} html",
        ":file: ../_static/performance.svg",
        "```",
        "````",
        "",
    ]
    for title, heads, rows in grids(figures):
        lines += [f"## {title}", "", "```{list-table}", ":header-rows: 1", ":stub-columns: 1", ""]
        for row in [heads, *rows]:
            lines += [f"{'*' if not number else ' '} - {cell}".rstrip() for number, cell in enumerate(row)]
        lines += ["```", ""]
    lines += [
        "Full builds start from nothing: no catalogue, no generated pages, no doctrees. *Without search* and *without citations*",
        "are builds with these left out; what they cost is the difference: after an edit a part of the search index is made anew. A tool",
        "that a line above lacks was not installed. A tool whose build takes more than a quarter of a full one though nothing has changed is not",
        "measured after each edit of a large collection: one takes as long. mkdocs-material's first build of 10,000 entries had not ended after",
        "eight minutes. A build's peak memory is that of its largest process.",
        "",
    ]
    return "\n".join(lines)
