"""BibTeX, RIS and CSL JSON: entries to cite, with the papers behind them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ..bibtex import entry_record, escape
from ..importers.bibtex_ import MARK
from .base import HELD
from .values import option_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Entry
    from ..periods import Period
    from .base import Portion


def entry_key(entry: Entry, taken: set[str]) -> str:
    """Return the key under which *entry* is cited, ``mlw-`` and its page's name, and take it."""
    name = re.sub(r"[^\w.:+-]", "-", entry.docname.rpartition("/")[2])
    base = key = f"mlw-{name}"
    number = 2
    while key.casefold() in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key.casefold())
    return key


class BibTeX:
    """The records that entries cite, as they stand in the .bib files, and a ``@misc`` for each entry.

    What BibTeX has no field for stands in fields that begin with ``mlwatch-``, which BibTeX passes over.
    """

    name = "bibtex"
    title = "BibTeX"
    suffix = ".bib"
    binary = False
    holds: Final = frozenset(HELD) - {"summary", "comment", "body"}
    partly: Final[Mapping[str, str]] = dict.fromkeys(("summary", "comment"), "as one line")

    def write(self, portion: Portion) -> bytes:
        taken = {key.casefold() for key in portion.records}
        records = [record.raw for record in portion.records.values()]
        records += [_own_record(entry, entry_key(entry, taken)) for entry in portion.entries]
        return "".join(f"{record}\n\n" for record in records).encode()


def _own_record(entry: Entry, key: str) -> str:
    date = entry.date
    record = entry_record(
        key, entry.title, entry.source, entry.url, str(date.first.year) if date else "",
        date.label if date else "", entry.authors,
    )  # fmt: skip
    texts = option_texts(entry)
    texts.pop("url", None)
    own = {MARK: entry.docname, "keywords": texts.pop("keywords", "")}
    own |= {f"mlwatch-{name}": text for name, text in texts.items()}
    own |= {"abstract": entry.summary, "annote": entry.comment}
    lines = [f"  {name} = {{{escape(text)}}}" for name, text in own.items() if text]
    return ",\n".join([record.removesuffix("\n}"), *lines]) + "\n}"


_RIS_TYPES: Final = {"paper": "GEN", "talk": "VIDEO", "tool": "COMP", "thread": "PCOMM"}


class Ris:
    """RIS, one record an entry."""

    name = "ris"
    title = "RIS"
    suffix = ".ris"
    binary = False
    holds: Final = frozenset(("title", "source", "url"))
    partly: Final[Mapping[str, str]] = {
        "date": "a week as its first day",
        "authors": "not with a comma in the name",
        "keywords": "parted at ; within one",
        "kind": "a note as an article",
        "summary": "not that of a paper",
        "comment": "without the spaces that begin its lines",
        "lang": "not en",
        "paper": "as plain links, without labels",
    }

    def write(self, portion: Portion) -> bytes:
        taken: set[str] = set()
        return "".join(_ris_record(entry, entry_key(entry, taken)) for entry in portion.entries).encode()


def _ris_record(entry: Entry, key: str) -> str:
    lines = [("TY", _RIS_TYPES.get(entry.kind, "ELEC")), ("ID", key), ("TI", entry.title)]
    lines += [("AU", _family_first(name)) for name in entry.authors]
    if entry.date:
        lines.append(("PY", entry.date.label[:4]))
        lines.append(("DA", "/".join(_parts(entry.date))))
    lines += [("PB", entry.source), ("UR", entry.url)]
    lines += [("UR", link.url) for link in entry.links if link.rel == "paper" and entry.url]
    lines += [("KW", word) for word in entry.keywords]
    lines += [("LA", entry.lang), ("AB", entry.summary), ("N1", entry.comment)]
    lines.append(("ER", ""))
    return "".join(f"{tag}  - {_continued(text)}\n" for tag, text in lines if text or tag == "ER") + "\n"


def _continued(text: str) -> str:
    return "\n".join(line if index == 0 else f"  {line}" for index, line in enumerate(text.split("\n")))


def _parts(date: Period) -> list[str]:
    """Return year, month and day of *date* as far as known, four parts as RIS has them."""
    parts = (date.first.isoformat() if date.kind == "week" else date.label).split("-")
    return [*parts, "", "", ""][:4]


def _family_first(name: str) -> str:
    """Return "Mingxing Tan" as "Tan, Mingxing"; particles such as "van" belong to the family."""
    words = name.split()
    if len(words) < 2:
        return name
    start = next((i for i, word in enumerate(words[1:], 1) if word[:1].islower()), len(words) - 1)
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


_CSL_TYPES: Final = {
    "paper": "article",
    "talk": "speech",
    "tool": "software",
    "thread": "post",
    "note": "document",
}


class Csl:
    """CSL JSON, for Zotero, Pandoc and Quarto: one item an entry."""

    name = "csl-json"
    title = "CSL JSON"
    suffix = ".json"
    binary = False
    holds: Final = frozenset(("title", "source", "url", "authors", "added"))
    partly: Final[Mapping[str, str]] = {
        "date": "a week as its first day",
        "keywords": "parted at a comma within one",
        "kind": "a note as an article",
        "summary": "not that of a paper",
        "comment": "unless all its lines are names with values",
        "lang": "not en",
    }

    def write(self, portion: Portion) -> bytes:
        taken: set[str] = set()
        items = [_csl_entry(entry, entry_key(entry, taken)) for entry in portion.entries]
        return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def _csl_entry(entry: Entry, key: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": key,
        "type": _CSL_TYPES.get(entry.kind, "webpage"),
        "title": entry.title,
        "author": [_csl_name(name) for name in entry.authors],
        "issued": _csl_date(entry.date),
        "accessed": _csl_date(entry.added),
        "container-title": entry.source if entry.kind != "paper" else "",
        "publisher": entry.source if entry.kind == "paper" else "",
        "URL": entry.url,
        "language": entry.lang,
        "keyword": ", ".join(entry.keywords),
        "abstract": entry.summary,
        "note": entry.comment,
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(date: Period | None) -> dict[str, Any]:
    if date is None:
        return {}
    return {"date-parts": [[int(part) for part in _parts(date) if part]]}


def _csl_name(name: str) -> dict[str, str]:
    family, comma, given = _family_first(name).partition(", ")
    return {"family": family, "given": given} if comma else {"literal": name}
