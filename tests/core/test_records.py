"""The bibliography as pages: which records are on which of them."""

from __future__ import annotations

from mlwatch.core.bibtex import Record
from mlwatch.core.records import parts_of


def record(key: str, title: str) -> Record:
    return Record(key, "misc", (("title", title),), (), (), more=False, path="", line=1, raw="")


def test_records_whose_long_titles_begin_alike_are_on_one_page() -> None:
    records = {f"k{n}": record(f"k{n}", f"{'a' * 2_000}{n}") for n in range(30)}
    ((name, keys),) = parts_of(records, 10).items()
    assert len(name) <= 100
    assert sorted(keys) == sorted(records)


def test_records_are_separated_by_as_many_letters_as_it_takes() -> None:
    records = {f"k{n}": record(f"k{n}", f"{'abc'[n % 3]}{'xy'[n % 2]}") for n in range(12)}
    assert {name: len(keys) for name, keys in parts_of(records, 3).items()} == {
        "ax": 2, "ay": 2, "bx": 2, "by": 2, "cx": 2, "cy": 2,
    }  # fmt: skip
