"""The index of the search is made in shards and put together; what it holds is what Pagefind makes of all records at once."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from mlwatch.build import pagefind, parts, search_index
from mlwatch.core import searching
from mlwatch.core.collection import Collection

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Collect, Markdown

#: Word to spelling ("" for its own) to address of a record to places in the text and in meta.
Found = dict[str, dict[str, dict[str, tuple[list[int], list[int]]]]]


def cbor(data: bytes, at: int = 0) -> tuple[Any, int]:
    """Return the item at *at* (RFC 8949) and where it ends."""
    kind, small = data[at] >> 5, data[at] & 31
    size = 0 if small < 24 else 1 << (small - 24)
    number = int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else small
    at += 1 + size
    if kind == 3:
        return data[at : at + number].decode(), at + number
    if kind == 4:
        items = []
        for _ in range(number):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    return (number if kind == 0 else -1 - number), at


def content(packed: bytes) -> bytes:
    return gzip.decompress(packed).removeprefix(b"pagefind_dcd")


def held(files: dict[str, bytes]) -> tuple[Found, list[tuple[str, int]]]:
    """Return what an index holds of words, and each record's address with its number of words."""
    (about,) = json.loads(files["pagefind-entry.json"])["languages"].values()
    _, pages, chunks, filters, sorts, fields = cbor(content(files[f"pagefind.{about['hash']}.pf_meta"]))[0]
    assert (filters, sorts, fields) == ([], [], ["keywords", "language", "source", "title"])
    assert about["page_count"] == len(pages)
    urls = [json.loads(content(files[f"fragment/{name}.pf_fragment"]))["url"] for name, _ in pages]
    found: Found = {}
    last = ""
    for first, end, name in chunks:
        ((words,), _) = cbor(content(files[f"index/{name}.pf_index"]))
        assert [word for word, *_ in words] == sorted(word for word, *_ in words)
        # A word is looked for in the chunk between whose ends it lies; they may be shortened, but not past each other.
        assert last < first <= words[0][0]
        assert first <= end <= words[-1][0]
        assert words[-1][0].startswith(end) or end == words[-1][0]
        last = words[-1][0]
        for word, of_word, spellings in words:
            found[word] = {}
            for spelling, of in (("", of_word), *spellings):
                number = 0
                places = found[word][spelling] = {}
                for step, in_text, in_meta in of:
                    number += step
                    places[urls[number]] = (in_text, in_meta)
    return found, sorted(zip(urls, (length for _, length in pages), strict=True))


def site(stems: str = "en") -> search_index.Site:
    return search_index.Site(*pagefind.program(), "en", stems, lambda name: f"{name}.html", {})


@pytest.fixture
def pages(md: Markdown) -> dict[str, str | bytes]:
    """Sixty entries with words in common, accents, Chinese, languages and keywords that only some have."""
    words = "model network training data image café cafe Müller graph naïve naive 深度学习 C++ layer".split()
    return {
        f"entries/e{n}.md": md(
            f"Title {n} {words[n % 14]}",
            body=" ".join(words[(n * k + k) % 14] + ("" if k % 4 else str(n)) for k in range(1, 40 + n)),
            source="Zürich Lab" if n % 3 else "Lab",
            date=f"2021-01-{n % 28 + 1:02}",
            keywords="naïve; a b" if n % 2 else None,
            lang="zh" if n % 7 == 0 else None,
        )
        for n in range(60)
    }


def make(collection: Collection, folder: Path, stems: str = "en") -> dict[str, bytes]:
    return search_index.make(collection, site(stems), "", folder / "kept", folder / "index")


@pytest.mark.parametrize("stems", ["en", "de", "xx"])
def test_shards_together_hold_what_one_index_of_pagefind_holds(
    collect: Collect, pages, tmp_path, monkeypatch, stems
) -> None:
    collection = Collection(collect(pages))
    records = [
        {
            "url": f"{record.docname}.html",
            "content": searching.words(record, collection),
            "language": stems,
            "meta": {
                "title": searching.spaced(record.title),
                "keywords": "\n".join(record.keywords),
                "source": record.source,
                "language": record.lang,
            },
            "filters": None,
            "sort": None,
        }
        for record in searching.records(collection, {})
    ]
    at_once = pagefind.make_index(pagefind.program()[0], records)
    monkeypatch.setattr(search_index, "_SHARD", 10)
    monkeypatch.setattr(parts, "_CHUNK", 700)
    in_shards = make(collection, tmp_path, stems)
    assert len(list((tmp_path / "kept").glob("*-of-8"))) == 8
    assert len([name for name in in_shards if name.startswith("index/")]) > 4
    assert held(in_shards) == held(at_once)
    assert any(spellings.keys() == {"", "café"} for spellings in held(at_once)[0].values())
    program = [name for name in at_once if name.startswith(("wasm", "pagefind.js", "pagefind-worker"))]
    assert {name: in_shards[name] for name in program} == {name: at_once[name] for name in program}


def test_only_the_shards_of_what_changed_are_made_again(
    collect: Collect, pages, md, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(search_index, "_SHARD", 10)
    make(Collection(collect(pages)), tmp_path)
    asked = []
    original = pagefind.make_index

    def counted(path: Path, records: Any) -> dict[str, bytes]:
        given = list(records)
        asked.append([record["url"] for record in given])
        return original(path, given)

    monkeypatch.setattr(pagefind, "make_index", counted)
    assert make(Collection(collect(pages)), tmp_path)
    assert not asked
    changed = pages | {"entries/e7.md": md("Another title", source="Lab", date="2021-01-08")}
    edited = make(Collection(collect(changed)), tmp_path)
    assert len(asked) == 1
    assert "entries/e7.html" in asked[0]
    assert edited == make(Collection(collect(changed)), tmp_path / "clean")


def test_a_growing_collection_leaves_no_shards_of_another_number(
    collect: Collect, pages, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(search_index, "_SHARD", 40)
    make(Collection(collect(pages)), tmp_path)
    monkeypatch.setattr(search_index, "_SHARD", 60)
    files = make(Collection(collect(pages)), tmp_path)
    assert [path.name for path in (tmp_path / "kept").glob("*-of-*")] == ["0-of-1"]
    assert len(held(files)[1]) == 60


def test_damaged_shards_are_made_again(collect: Collect, pages, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(search_index, "_SHARD", 20)
    first = make(Collection(collect(pages)), tmp_path)
    for path in (tmp_path / "kept").glob("*-of-*"):
        path.write_bytes(path.read_bytes()[:100])
    assert make(Collection(collect(pages)), tmp_path) == first


def test_records_whose_short_names_meet_keep_files_of_their_own(tmp_path) -> None:
    program = {"pagefind-entry.json": b'{"languages":{"en":{"hash":"","wasm":"en","page_count":1}}}'}

    def part(text: bytes) -> parts.Part:
        return parts.Part("1.5", ("title",), ("en_1234567",), (3,), (), {"en_1234567": text}, program)

    files, (one, other) = parts.joined([part(b"first"), part(b"second")], "en", tmp_path)
    assert [files[f"fragment/{name}.pf_fragment"] for name in (*one, *other)] == [b"first", b"second"]


def test_a_file_of_an_old_index_with_the_name_of_a_new_one_is_replaced(tmp_path) -> None:
    search_index.publish({"fragment/a.pf_fragment": b"old", "mlwatch.json": b"{}"}, tmp_path)
    search_index.publish({"fragment/a.pf_fragment": b"new", "mlwatch.json": b"{}"}, tmp_path)
    assert (tmp_path / "fragment" / "a.pf_fragment").read_bytes() == b"new"


def test_an_entry_without_any_word_is_found_by_its_name(collect: Collect, md, tmp_path) -> None:
    pages = {"entries/odd-one.md": md("???"), "entries/other.md": md("Other")}
    words, records = held(make(Collection(collect(pages)), tmp_path))
    assert [url for url, _ in records] == ["entries/odd-one.html", "entries/other.html"]
    assert list(words["odd"][""]) == ["entries/odd-one.html"]
