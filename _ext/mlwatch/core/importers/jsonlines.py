"""Our own JSON Lines: one entry a line, as ``mlwatch export jsonl`` writes it; nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..bibread import Reader
from ..model import FIELD, FIELDS, LINK_RELS, Form
from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_rest
from .jsontext import text_of, texts_of, value_of

if TYPE_CHECKING:
    from ..settings import Settings
    from .base import Document

_TEXTS: Final = ("summary", "comment", "body")
#: Names that are not refused; topics follow from the keywords.
_KNOWN: Final = frozenset(("title", "docname", "records", "topics", *_TEXTS, *FIELD))


class JsonLines:
    """Reads JSON Lines (https://jsonlines.org) of entries."""

    name = "jsonl"
    title = "JSON Lines (our own)"

    def sniff(self, document: Document) -> int:
        first = next((line for line in document.text[:200_000].split("\n") if line.strip()), "").strip()
        if not first.startswith("{") or not first.endswith("}"):
            return 0
        return 97 if '"title"' in first and ('"docname"' in first or '"source"' in first) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        harvest = Harvest()
        for number, line in enumerate(document.lines, 1):
            if not line.strip():
                continue
            try:
                value = value_of(line)
            except ImportFailure as error:
                harvest.lines.append(Line(number, Use.UNPARSED, None, str(error)))
                continue
            if not isinstance(value, dict):
                harvest.lines.append(Line(number, Use.UNPARSED, None, "this is no object {…}"))
                continue
            draft = Draft(document, harvest, number, exact=True)
            _take(draft, value, number)
            draft.finish(settings)
        if not harvest.items:
            raise ImportFailure('no line is an entry; one looks like {"title": "…", "source": "…"}')
        account_for_rest(document, harvest)
        return harvest


def _take(draft: Draft, value: dict[str, Any], line: int) -> None:
    draft.put_title(text_of(value.get("title")), line)
    for name in _TEXTS:
        draft.put_text(Use(name), text_of(value.get(name)), line)
    for field in FIELDS:
        held = value.get(field.name)
        if held or (held == 0 and field.form is Form.NUMBER):
            _put(draft, field.name, field.form, held, line)
    if records := texts_of(value.get("records")):
        _put_records(draft, records, line)
    for name in value:
        if name not in _KNOWN:
            draft.refuse(line, f'"{name[:60]}" is no option')


def _put(draft: Draft, name: str, form: Form, held: Any, line: int) -> None:
    if name in LINK_RELS or form is Form.IMAGE:
        for link in held if isinstance(held, list) else [held]:
            if isinstance(link, dict):
                draft.put_link(name, text_of(link.get("label")), text_of(link.get("url")), line)
            else:
                draft.put_link(name, "", text_of(link), line)
    elif name == "also":
        for url in texts_of(held):
            draft.put_link(name, "", url, line)
    elif name == "url":
        draft.put_url(text_of(held), line)
    elif held is True:
        draft.put(name, "1" if form is Form.RATING else "true", line)
    elif form is Form.LIST:
        draft.put_list(name, texts_of(held), line)
    elif isinstance(held, list):
        draft.put(name, ", ".join(texts_of(held)), line)
    else:
        draft.put(name, text_of(held), line)


def _put_records(draft: Draft, records: list[str], line: int) -> None:
    """Take the BibTeX records that can be read; one that has a mistake is told."""
    reader = Reader()
    reader.read_text(draft.document.name, "\n\n".join(records))
    draft.records += [record.raw for record in reader.found.values()]
    draft.use(Use.RECORD, line)
    for problem in reader.problems:
        draft.refuse(line, f"a BibTeX record: {problem.message}")
