"""The guide says of each format what its exporter declares."""

from __future__ import annotations

from pathlib import Path

from mlwatch.core.exports import NAMES
from mlwatch.core.exports.held import held_table, losses_table
from mlwatch.core.importers import IMPORTERS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


def test_the_tables_of_the_guide_are_those_of_the_code() -> None:
    text = (GUIDE / "exporting.md").read_text(encoding="utf-8")
    assert held_table() in text
    assert losses_table() in text


def test_the_guide_names_every_format() -> None:
    exporting = (GUIDE / "exporting.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in exporting] == []
    importing = (GUIDE / "importing-formats.md").read_text(encoding="utf-8")
    structured = list(IMPORTERS)[list(IMPORTERS).index("jsonl") :]
    assert [name for name in structured if f"`{name}`" not in importing] == []
