"""JSON Lines and CSV: everything that a collection knows."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from ..importers.csv_ import COLUMNS, guard
from ..model import FIELDS, Form
from .base import HELD
from .values import option_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Entry
    from .base import Portion


class JsonLines:
    """One JSON object a line; the format to keep a collection in, or to work on it with other programs."""

    name = "jsonl"
    title = "JSON Lines"
    suffix = ".jsonl"
    binary = False
    holds: Final = frozenset(HELD)
    partly: Final[Mapping[str, str]] = {}

    def write(self, portion: Portion) -> bytes:
        lines = (json.dumps(_as_dict(entry, portion), ensure_ascii=False) for entry in portion.entries)
        return "".join(f"{line}\n" for line in lines).encode()


def _as_dict(entry: Entry, portion: Portion) -> dict[str, Any]:
    known = entry.as_dict()
    out: dict[str, Any] = {"docname": entry.docname, "title": entry.title}
    out |= {
        field.name: known[field.name] for field in FIELDS if known[field.name] or field.form is Form.NUMBER
    }
    if entry.order is None:
        del out["order"]
    texts = {"summary": entry.summary, "comment": entry.comment, "body": portion.bodies.get(entry.docname)}
    out |= {name: text for name, text in texts.items() if text}
    if topics := portion.topics.get(entry.docname):
        out["topics"] = list(topics)
    if records := [record.raw for record in portion.cited_by(entry)]:
        out["records"] = records
    return out


class Csv:
    """One row an entry (RFC 4180); a cell that a spreadsheet would take for a formula begins with ``'``."""

    name = "csv"
    title = "CSV"
    suffix = ".csv"
    binary = False
    holds: Final = frozenset(HELD) - {"records"}
    partly: Final[Mapping[str, str]] = {}

    def write(self, portion: Portion) -> bytes:
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for entry in portion.entries:
            texts = {
                "docname": entry.docname,
                "title": entry.title,
                **option_texts(entry),
                "summary": entry.summary,
                "comment": entry.comment,
                "body": portion.bodies.get(entry.docname, ""),
                "topic_ids": ", ".join(portion.topics.get(entry.docname, ())),
            }
            writer.writerow(guard(texts.get(name, "")) for name in COLUMNS)
        return file.getvalue().encode()
