"""A JSON Schema (2020-12) of the options of ``mlentry``, made from the model, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .model import FIELDS, Form
from .options import SWITCH

if TYPE_CHECKING:
    from .model import Field

_DAY: Final = r"[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_DATE: Final = r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?|-W(0[1-9]|[1-4][0-9]|5[0-4]))?"
_ADDRESS: Final = r"https?://[^\s/?#]\S*"

#: The values of each form, as they may stand in the block's YAML form: there a number or a list is no text.
_FORMS: Final[dict[Form, dict[str, Any]]] = {
    Form.TEXT: {"type": ["string", "number"]},
    Form.FLAG: {"enum": [None, "", True, False, *SWITCH]},
    Form.RATING: {"enum": [None, "", True, False, *SWITCH, 1, 2, 3, "1", "2", "3"]},
    Form.NUMBER: {"type": ["integer", "string"], "minimum": 0, "maximum": 999_999, "pattern": "^[0-9]{1,6}$"},
    Form.DATE: {
        "type": ["string", "integer"],
        "pattern": f"^{_DATE}$",
        "minimum": 1000,
        "maximum": 9999,
        "examples": ["2021-09-16", "2021-09", "2021", "2021-W02"],
    },
    Form.DAY: {"type": "string", "pattern": f"^{_DAY}$", "examples": ["2021-09-16"]},
    Form.URL: {"type": "string", "format": "uri", "pattern": f"^{_ADDRESS}$"},
    Form.URLS: {
        "type": ["string", "array"],
        "pattern": _ADDRESS,
        "items": {"type": "string", "pattern": _ADDRESS},
    },
    Form.LIST: {"type": ["string", "array"], "items": {"type": ["string", "number"]}},
    Form.KEYS: {
        "type": ["string", "array"],
        "pattern": r"^[^{}\"#%~\\()=']+$",
        "items": {"type": "string", "pattern": r"^[^\s,;{}\"#%~\\()=']+$"},
    },
    Form.LINKS: {
        "type": ["string", "array"],
        "pattern": _ADDRESS,
        "items": {"type": "string", "pattern": _ADDRESS},
        "examples": ["[label](https://example.org/)"],
    },
    Form.IMAGE: {"type": "string", "pattern": rf"^\[.*\]\({_ADDRESS}\)$|^{_ADDRESS}$"},
    Form.CHOICE: {},
    Form.LANG: {
        "type": "string",
        "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        "examples": ["zh", "pt-BR"],
    },
    Form.ISSUES: {
        "type": ["string", "array"],
        "pattern": r"^\s*\S+\s+\S",
        "items": {"type": "string", "pattern": r"^\s*\S+\s+\S"},
        "examples": ["ds-ml 2019-20"],
    },
}


def schema() -> dict[str, Any]:
    """Return the schema of one entry's options."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The options of an mlentry block",
        "type": "object",
        "properties": {field.name: _property(field) for field in FIELDS},
        "required": [field.name for field in FIELDS if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": field.help.replace("`", ""),
        **_FORMS.get(field.form, {"type": ["string", "number"]}),
    }
    choices = list(map(str, field.choices))
    if field.form is Form.CHOICE:
        made["enum"] = choices
    elif choices:
        made["items"] = {"enum": choices}
        one = "|".join(choices)
        made["pattern"] = rf"^\s*({one})(\s*[,;]\s*({one}))*\s*$"
    return made
