"""The guide's tables of what each format holds, made from what the exporters declare."""

from __future__ import annotations

from . import exporters
from .base import HELD


def held_table() -> str:
    """Return a Markdown table: fields against formats; fields of which the same is true share a row."""
    shown = [exporter for exporter in exporters() if not exporter.binary]
    rows: dict[tuple[str, ...], list[str]] = {}
    for name in HELD:
        cells = tuple(
            "yes" if name in exporter.holds else "partly" if name in exporter.partly else "no"
            for exporter in shown
        )
        rows.setdefault(cells, []).append(f"`{name}`")
    lines = [
        "| Field | " + " | ".join(exporter.name for exporter in shown) + " |",
        "|---" * (len(shown) + 1) + "|",
    ]
    lines += [f"| {' '.join(names)} | {' | '.join(cells)} |" for cells, names in rows.items()]
    return "\n".join(lines)


def losses_table() -> str:
    """Return a Markdown table of what "partly" means, format by format."""
    lines = ["| Format | Field | What comes back |", "|---|---|---|"]
    for exporter in exporters():
        rows: dict[str, list[str]] = {}
        for name in HELD:
            if name in exporter.partly:
                rows.setdefault(exporter.partly[name], []).append(f"`{name}`")
        lines += [f"| {exporter.name} | {' '.join(names)} | {what} |" for what, names in rows.items()]
    return "\n".join(lines)
