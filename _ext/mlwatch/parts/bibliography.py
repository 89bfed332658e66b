"""The form of references: a style for pybtex, and the settings of sphinxcontrib-bibtex that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pybtex.backends.plaintext import Backend as PlaintextBackend
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle

from ..core.latex import to_address, to_text
from ..core.urls import doi, is_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class KeyLabels(BaseLabelStyle):  # type: ignore[misc] # pybtex has no types
    """A record's label is its key: it then depends on no other record, and is never given twice."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        for entry in sorted_entries:
            yield entry.key


class Style(BaseStyle):  # type: ignore[misc] # pybtex has no types
    """Authors. Title. *Venue*, year. Address; titles keep their capitals.

    One form for all types of record, so that a type or a missing field never stops a build, put together
    from plain text: pybtex's templates take a hundred times as long, and every build forms every record anew.
    """

    default_label_style = KeyLabels
    default_sorting_style = "author_year_title"

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
        fields = {name.lower(): value for name, value in entry.fields.items()}

        def get(*names: str) -> str:
            return next((text for name in names if (text := to_text(fields.get(name, "")))), "")

        parts: list[Any] = []
        persons = entry.persons.get("author") or entry.persons.get("editor") or ()
        if persons:
            parts.append(_sentence(_names([_name(person) for person in persons])))
        title = get("title")
        if title:
            parts.append(_sentence(title))
        venue = get(
            "journal", "journaltitle", "booktitle", "school", "institution", "publisher", "howpublished"
        )
        year = get("year") or get("date")[:4]
        if venue and not is_safe(venue):
            parts.append(Text(Tag("em", venue), f", {year}." if year and year not in venue else "."))
        elif year:
            parts.append(f"{year}.")
        addresses = (to_address(fields.get("url", "")), f"https://doi.org/{doi(get('doi')) or ''}", venue)
        address = next((url for url in addresses if is_safe(url) and url != "https://doi.org/"), "")
        if address:
            parts.append(HRef(address, address))
        return FormattedEntry(entry.key, Text(" ").join(parts), label)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _name(person: Any) -> str:
    words = (*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names)
    return to_text(" ".join((*words, *person.lineage_names)))


def _names(names: list[str]) -> str:
    if names[-1] == "others":
        return f"{', '.join(names[:-1])} et al."
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def register_style() -> None:
    """Make the style known to pybtex as ``mlwatch``, and spare it the search for its own text backend.

    sphinxcontrib-bibtex asks pybtex for that backend at each ``{cite}``, and pybtex then reads what every
    installed package declares.
    """
    register_plugin("pybtex.style.formatting", "mlwatch", Style, force=True)
    register_plugin("pybtex.backends", "plaintext", PlaintextBackend, force=True)
