"""The values of an entry as text: each option as :func:`~mlwatch.core.options.build_entry` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..model import FIELDS, Form
from ..writing import option_value

if TYPE_CHECKING:
    from ..model import Entry, Field

_WRITTEN: Final = frozenset(
    (Form.LINKS, Form.URLS, Form.IMAGE, Form.LIST, Form.KEYS, Form.ISSUES, Form.DATE, Form.DAY)
)


def option_texts(entry: Entry) -> dict[str, str]:
    """Return each option that *entry* has, by name, in the canonical order; ``kind`` always."""
    texts = {field.name: _text(entry, field) for field in FIELDS}
    return {name: text for name, text in texts.items() if text}


def _text(entry: Entry, field: Field) -> str:
    if field.form in _WRITTEN:
        return option_value(entry, field) or ""
    value = getattr(entry, field.name.replace("-", "_"))
    if value is None or value is False or (field.form is Form.RATING and not value):
        return ""
    return "true" if value is True else str(value)
