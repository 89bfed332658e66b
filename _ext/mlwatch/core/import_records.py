"""The BibTeX records that an import brings: none twice, none under a key that is another paper's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .bibread import Reader
from .papers.bibfile import Shelf
from .urls import doi

if TYPE_CHECKING:
    from .bibtex import Bibliography, Record
    from .importers.base import Item

_KEY: Final = re.compile(r"(@[ \t]*[A-Za-z][\w.+-]*\s*[{(]\s*)[^\s,{}()=\"#%]+")


class NewRecords:
    """The records to add to a bibliography, ``added`` by key; :meth:`take` fills it."""

    def __init__(self, bibliography: Bibliography) -> None:
        self._known = {key.casefold(): record for key, record in bibliography.records.items()}
        self._shelf = Shelf(bibliography.records.values())
        self.added: dict[str, str] = {}

    def take(self, item: Item) -> Item:
        """Return *item* with the keys under which the papers that it brings and cites are in the bibliography."""
        if not item.records:
            return item
        reader = Reader()
        reader.read_text(item.entry.path, "\n\n".join(item.records))
        keys = {record.key: self._key_of(record) for record in reader.found.values()}
        cite = tuple(dict.fromkeys(keys.get(key, key) for key in item.entry.cite))
        return replace(item, entry=replace(item.entry, cite=cite))

    def has(self, key: str) -> bool:
        """Say whether the bibliography will have *key*."""
        known = self._known.get(key.casefold())
        return known is not None and known.key == key

    def _key_of(self, record: Record) -> str:
        named = doi(record.get("doi")) or next(filter(None, map(doi, record.addresses)), "")
        if found := self._shelf.find(arxiv=record.arxiv, doi=named or ""):
            return found
        key, number = record.key, 2
        while (known := self._known.get(key.casefold())) is not None:
            if known.title.casefold() == record.title.casefold():
                return known.key
            key, number = f"{record.key}-{number}", number + 1
        self.added[key] = record.raw if key == record.key else _KEY.sub(rf"\g<1>{key}", record.raw, count=1)
        self._known[key.casefold()] = replace(record, key=key)
        self._shelf.note(replace(record, key=key))
        return key
