"""Exporters: one class a format, behind the protocol in :mod:`.base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import Exporter


def exporters() -> tuple[Exporter, ...]:
    """Return all exporters, in the order in which they are listed."""
    from .bookmarks import Bookmarks
    from .citations import BibTeX, Csl, Ris
    from .markdown import Markdown
    from .sqlite import Sqlite
    from .tables import Csv, JsonLines

    return (JsonLines(), Csv(), Sqlite(), BibTeX(), Ris(), Csl(), Markdown(), Bookmarks())


#: The formats' names, so that the command line can list them without loading them.
NAMES = ("jsonl", "csv", "sqlite", "bibtex", "ris", "csl-json", "markdown", "bookmarks")
