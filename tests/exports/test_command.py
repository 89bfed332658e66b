"""``mlwatch export`` as a person runs it, and the round trip through ``mlwatch import``."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from mlwatch.core.exports import NAMES, exporters

if TYPE_CHECKING:
    from pathlib import Path

CONF = 'mlwatch_series = {"ds-ml": {"period": "number", "sections": {"nlp": "NLP"}}}\n'
BIB = "@misc{tan2021,\n  title = {EfficientNetV2},\n  author = {Tan, Mingxing},\n  year = {2021},\n}\n"
FAST = """\
# Fast & accurate: *nets*

```{mlentry}
:source: Google AI
:url: https://example.org/fast
:date: 2021-09-16
:star: 2
:keywords: vision, image recognition
:paper: [v2](https://arxiv.org/abs/2104.00298)
:code: https://github.com/a/b
:cite: tan2021
:digest: ds-ml 2021-1
:section: nlp
:also: https://example.net/other
:image: [A net](https://example.org/net.png)
:status: to-read
:added: 2021-10-01
```

Some words above.

## Summary

It is *fast*.

- one
- two

## Comment

Mine.

## Answers

> Yes.
"""
THREAD = """\
# How do you start?

```{mlentry}
:source: r/MachineLearning
:url: https://www.reddit.com/r/MachineLearning/comments/1/how
:date: 2021-09
:kind: thread
```

## Thread

> One answer.
>
> > Another.
"""
PLAIN = "# Plain\n\n```{mlentry}\n:source: =1+1\n:url: https://example.org/plain\n```\n"


class Run(Protocol):
    def __call__(self, folder: Path, *arguments: str, code: int = ...) -> bytes: ...


@pytest.fixture
def run() -> Run:
    def run_mlwatch(folder: Path, *arguments: str, code: int = 0) -> bytes:
        done = subprocess.run(
            [sys.executable, "-m", "mlwatch", *arguments],
            cwd=folder,
            capture_output=True,
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=60,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stderr
        return done.stdout if not code else done.stderr

    return run_mlwatch


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    (folder / "docs" / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "refs.bib").write_text(BIB, encoding="utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "full"
    for name, text in {"2021/fast": FAST, "2021/thread": THREAD, "undated/plain": PLAIN}.items():
        page = folder / "docs" / "entries" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "refs.bib").write_text(BIB, encoding="utf-8")
    return folder


def entries(run: Run, folder: Path) -> dict[str, dict[str, object]]:
    listed = json.loads(run(folder, "list", "--json"))
    for entry in listed:
        entry.pop("docname")
    return {entry["title"]: entry for entry in listed}


def test_the_names_are_those_of_the_exporters() -> None:
    assert tuple(exporter.name for exporter in exporters()) == NAMES


@pytest.mark.parametrize("form", [name for name in NAMES if name != "sqlite"])
def test_each_format_is_printed_or_written_the_same(form: str, run: Run, project: Path) -> None:
    printed = run(project, "export", form)
    assert run(project, "export", form, "-o", "-") == printed
    run(project, "export", form, "-o", "out")
    assert (project / "out").read_bytes() == printed
    assert b"Fast" in printed


def test_json_lines_come_back_as_the_same_pages(run: Run, project: Path, empty: Path) -> None:
    run(project, "export", "jsonl", "-o", "all.jsonl")
    run(empty, "import", str(project / "all.jsonl"))
    assert entries(run, empty) == entries(run, project)
    pages = {path.relative_to(empty): path.read_text(encoding="utf-8") for path in empty.rglob("*.md")}
    (page,) = (text for text in pages.values() if "Fast" in text)
    assert "## Notes\n\nSome words above.\n\n## Answers\n\n> Yes.\n" in page
    assert "## Thread\n\n> One answer.\n>\n> > Another.\n" in "".join(pages.values())
    again = run(empty, "export", "jsonl").replace(b"2021/how-do-you-start", b"2021/thread")
    first = {
        json.loads(line)["title"]: json.loads(line)
        for line in (project / "all.jsonl").read_text(encoding="utf-8").splitlines()
    }
    second = {json.loads(line)["title"]: json.loads(line) for line in again.decode().splitlines()}
    for exported in (*first.values(), *second.values()):
        exported.pop("docname")
    assert first == second


@pytest.mark.parametrize("form", ["csv", "bibtex", "markdown", "bookmarks"])
def test_what_a_format_holds_comes_back_through_import(
    form: str, run: Run, project: Path, empty: Path
) -> None:
    exporter = next(exporter for exporter in exporters() if exporter.name == form)
    run(project, "export", form, "-o", f"all{exporter.suffix}")
    run(empty, "import", str(project / f"all{exporter.suffix}"))
    before, after = entries(run, project), entries(run, empty)
    assert set(after) == set(before)
    for title, entry in before.items():
        for name in exporter.holds & set(entry):
            assert after[title][name] == entry[name], (title, name)


def test_sqlite_has_tables_with_keys_and_finds_words(run: Run, project: Path) -> None:
    run(project, "export", "sqlite", "-o", "watch.db")
    run(project, "export", "sqlite", "-o", "again.db")
    digests = {hashlib.sha256((project / name).read_bytes()).digest() for name in ("watch.db", "again.db")}
    assert len(digests) == 1
    database = sqlite3.connect(project / "watch.db")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        row = database.execute(
            "SELECT docname, title, star, pick, date, first_day, last_day, image_url, body FROM entries WHERE star"
        ).fetchone()
        assert row == (
            "entries/2021/fast",
            "Fast & accurate: nets",
            2,
            0,
            "2021-09-16",
            "2021-09-16",
            "2021-09-16",
            "https://example.org/net.png",
            "## Notes\n\nSome words above.\n\n## Answers\n\n> Yes.",
        )
        found = database.execute(
            "SELECT e.docname FROM entries_fts JOIN entries e ON e.id = entries_fts.rowid WHERE entries_fts MATCH 'recognition'"
        )
        assert found.fetchall() == [("entries/2021/fast",)]
        as_datasette_looks = "rootpage = 0 AND sql LIKE '%VIRTUAL TABLE%USING FTS%content=\"entries\"%'"
        found = database.execute(f"SELECT name FROM sqlite_master WHERE {as_datasette_looks}")
        assert found.fetchall() == [("entries_fts",)]
        assert database.execute("SELECT rel, label, url FROM links ORDER BY position").fetchall() == [
            ("paper", "v2", "https://arxiv.org/abs/2104.00298"),
            ("code", "", "https://github.com/a/b"),
        ]
        assert database.execute("SELECT keyword FROM keywords ORDER BY position").fetchall() == [
            ("vision",),
            ("image recognition",),
        ]
        assert database.execute("SELECT key, bibtex FROM records").fetchall() == [("tan2021", BIB.rstrip())]
        assert database.execute("SELECT series, issue FROM digests").fetchall() == [("ds-ml", "2021-1")]
        assert database.execute("SELECT key FROM cites").fetchall() == [("tan2021",)]
        assert database.execute("SELECT url FROM also").fetchall() == [("https://example.net/other",)]
    finally:
        database.close()


def test_a_filter_chooses_what_is_exported(run: Run, project: Path) -> None:
    exported = run(project, "export", "jsonl", "star", "and", "keyword:vision").decode().splitlines()
    assert [json.loads(line)["title"] for line in exported] == ["Fast & accurate: nets"]
    assert run(project, "export", "jsonl", "star", "kind:thread") == b""
    assert b"this is no filter" in run(project, "export", "jsonl", "nonsense:1", code=2)


def test_csv_has_no_formulas(run: Run, project: Path) -> None:
    rows = list(csv.reader(run(project, "export", "csv").decode().splitlines()[:2]))
    assert rows[0][:3] == ["docname", "title", "source"]
    assert "'=1+1" in run(project, "export", "csv").decode()


def test_wrong_use_is_told_and_writes_nothing(run: Run, project: Path) -> None:
    assert b"give a file" in run(project, "export", "sqlite", code=2)
    assert b"'nonsense' is not one of" in run(project, "export", "nonsense", code=2)
    assert b"is a folder" in run(project, "export", "csv", "-o", "docs", code=2)
    assert b"is not there" in run(project, "export", "csv", "-o", "nowhere/x.csv", code=2)
    assert b"no regular file" in run(project, "export", "csv", "-o", os.devnull, code=2)
    assert not (project / "nowhere").exists()


def test_a_file_that_is_there_stays_whole_when_writing_fails(run: Run, project: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    (project / "kept").mkdir()
    (project / "kept" / "x.csv").write_text("old", encoding="utf-8")
    (project / "kept").chmod(0o500)
    run(project, "export", "csv", "-o", "kept/x.csv", code=2)
    assert (project / "kept" / "x.csv").read_text(encoding="utf-8") == "old"
