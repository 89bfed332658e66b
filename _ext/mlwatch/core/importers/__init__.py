"""Importers: one file a format, behind the protocol in :mod:`.base`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from .base import ImportFailure

if TYPE_CHECKING:
    from .base import Document, Importer

#: Name of each format, and the module and class that read it; loaded when they are asked for. Among formats that
#: are equally sure of a document the first here takes it.
IMPORTERS: Final[dict[str, tuple[str, str]]] = {
    "watch-page": ("watch", "WatchPage"),
    "akira": ("akira", "Akira"),
    "ds-ml": ("dsml", "DsMl"),
    "weekly-table": ("lists", "WeeklyTable"),
    "month-list": ("lists", "MonthList"),
    "day-list": ("lists", "DayList"),
    "markdown": ("lists", "MarkdownList"),
    "jsonl": ("jsonlines", "JsonLines"),
    "bookmarks": ("bookmarks", "Bookmarks"),
    "pinboard-json": ("services", "PinboardJson"),
    "pinboard-xml": ("services", "PinboardXml"),
    "karakeep": ("services", "Karakeep"),
    "feed": ("feeds", "Feed"),
    "json-feed": ("feeds", "JsonFeed"),
    "opml": ("opml", "Opml"),
    "csl-json": ("csl", "Csl"),
    "ris": ("ris", "Ris"),
    "bibtex": ("bibtex_", "BibTeX"),
    "csv": ("csv_", "Csv"),
}


def importer(name: str) -> Importer:
    """Return the importer of the format *name*, which must be one of :data:`IMPORTERS`."""
    module, class_ = IMPORTERS[name]
    made: Importer = getattr(import_module(f".{module}", __name__), class_)()
    return made


def detect(document: Document) -> Importer:
    """Return the importer that is surest of *document*; raise ImportFailure when none knows it."""
    found = [(made.sniff(document), made) for made in map(importer, IMPORTERS)]
    sure, best = max(found, key=lambda pair: pair[0])
    if sure <= 0:
        known = ", ".join(IMPORTERS)
        raise ImportFailure(f"no format fits this file; name it with --format, which knows: {known}")
    return best
