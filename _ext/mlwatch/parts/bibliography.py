"""The form of references: a style for pybtex that keeps titles as they are and takes keys as labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import field, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class KeyLabels(BaseLabelStyle):  # type: ignore[misc] # pybtex has no types
    """A record's label is its key: it then depends on no other record, and is never given twice."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        for entry in sorted_entries:
            yield entry.key


class Style(UnsrtStyle):  # type: ignore[misc] # pybtex has no types
    """Records by author, year and title; titles keep their capitals."""

    default_label_style = KeyLabels
    default_sorting_style = "author_year_title"

    def __getattr__(self, name: str) -> Any:
        """Give a record of a type that pybtex does not know (biblatex has more) the form of ``@misc``."""
        if name.startswith("get_") and name.endswith("_template"):
            return self.get_misc_template
        raise AttributeError(name)

    def format_title(self, _entry: Any, which_field: str, as_sentence: bool = True) -> Any:
        title = field(which_field)
        return sentence[title] if as_sentence else title


def register_style() -> None:
    """Make the style known to pybtex as ``mlwatch``."""
    register_plugin("pybtex.style.formatting", "mlwatch", Style, force=True)
