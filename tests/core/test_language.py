"""The interface's languages: a complete catalogue, dates and numbers as a language writes them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from mlwatch.core.language import LOCALE, Language
from mlwatch.core.periods import parse

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}


def catalogue(path: Path) -> Catalog:
    locale = "zh_CN" if path.suffix == ".po" else None
    return read_po(BytesIO(path.read_bytes()), locale=locale, abort_invalid=True)


def ids(found: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(m.id) if isinstance(m.id, (list, tuple)) else m.id for m in found if m.id}


def test_list_for_translators_has_each_string_of_code_and_templates() -> None:
    found: set[str | tuple[str, ...]] = set()
    plural = set()
    for _file, _line, message, *_ in extract_from_dir(
        str(LOCALE.parent), [("**.py", "python"), ("**.html", "jinja2")], keywords=KEYWORDS
    ):
        found.add(message)
        if isinstance(message, tuple):
            plural.add(message[0])
    listed = ids(catalogue(LOCALE / "mlwatch.pot"))
    assert found - plural == listed, "run pybabel extract, as docs/guide/languages.md says"


def test_chinese_is_complete_and_keeps_what_is_filled_in() -> None:
    chinese = catalogue(LOCALE / "zh_CN" / "LC_MESSAGES" / "mlwatch.po")
    assert ids(chinese) == ids(catalogue(LOCALE / "mlwatch.pot"))
    for message in chinese:
        if message.id:
            first = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            assert all(texts), first
            for text in filter(None, texts):
                assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", first)), first
                assert not message.fuzzy


@pytest.mark.parametrize(
    ("code", "label", "shown"),
    [
        ("en", "2021-09-16", "Sep 16, 2021"),
        ("en_GB", "2021-W02", "Jan 11–17, 2021"),
        ("zh_CN", "2021-09-16", "2021年9月16日"),
        ("zh_CN", "2021-09", "2021年9月"),
        ("zh_CN", "2021-W02", "2021年第2周"),
        ("zh_CN", "2021", "2021"),
        ("de", "2021-09-16", "16. September 2021"),
        ("fr", "2021-09", "septembre 2021"),
        ("xx_YY", "2021-09", "September 2021"),
        ("../../etc", "2021-09", "September 2021"),
    ],
)
def test_dates_are_written_as_the_language_has_them(code: str, label: str, shown: str) -> None:
    assert Language(code).long(parse(label)) == shown


def test_numbers_and_shares_are_written_as_the_language_has_them() -> None:
    assert Language("en").number(12345) == "12,345"
    assert Language("de").number(12345) == "12.345"
    assert [Language("en").percent(n) for n in (0, 500, 191)] == ["0%", "50%", "19.1%"]
    assert Language("de").percent(191) == "19,1\xa0%"
    assert Language("zh_CN").percent(191) == "19.1%"


def test_forms_go_with_the_number() -> None:
    forms = ("{n} entry", "{n} entries")
    assert [Language("en").ngettext(*forms, n) for n in (1, 2, 1200)] == [
        "1 entry",
        "2 entries",
        "1,200 entries",
    ]
    assert [Language("zh_CN").ngettext(*forms, n) for n in (1, 2)] == ["1 个条目", "2 个条目"]


def test_region_without_a_catalogue_has_that_of_its_language() -> None:
    assert Language("zh_CN").gettext("Keywords") == "关键词"
    assert Language("de").gettext("Keywords") == "Keywords"
