"""``mlwatch list`` with a filter, an order and a limit, in each of its forms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mlwatch.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Markdown


@pytest.fixture
def project(tmp_path: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch) -> Path:
    entries = tmp_path / "docs" / "entries"
    entries.mkdir(parents=True)
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    pages = {
        "a": md("Alpha [red]", date="2021-09-16", star="2", keywords="image recognition", code="https://example.org/a"),
        "b": md("Beta", date="2021-10", keywords="image synthesis, recognition"),
        "c": md("Gamma", star="", source="Other"),
    }  # fmt: skip
    for name, text in pages.items():
        (entries / f"{name}.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], "abc"), (["star"], "ac"), (["star and has:code"], "a"), (["star", "has:code"], "a"), (["not", "star"], "b"),
        (["keyword:image recognition"], "a"),  # what a shell makes of keyword:"image recognition"
        (["keyword:image* recognition"], ""), (["keyword:recognition and beta"], "b"), (["title:beta or star"], "abc"),
        (["--sort", "date"], "bac"), (["--sort", "date", "--reverse"], "abc"), (["--reverse"], "cba"),
        (["--sort", "star", "--limit", "2"], "ac"), (["--limit", "1", "keyword:recognition"], "b"),
    ],
)  # fmt: skip
def test_list_selects_sorts_and_limits(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], names: str
) -> None:
    assert main(["list", *arguments]) == 0
    listed = [line.split("\t")[0][-1] for line in capsys.readouterr().out.splitlines()]
    assert "".join(listed) == names
    assert main(["list", "--json", *arguments]) == 0
    assert [entry["docname"][-1] for entry in json.loads(capsys.readouterr().out)] == listed


def test_paths_can_be_handed_on_to_other_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--paths", "star"]) == 0
    assert capsys.readouterr().out.splitlines() == ["docs/entries/a.md", "docs/entries/c.md"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["keywrd:x"], 'there is no name "keywrd" (did you mean "keyword"?)'),
        (["star and"], "star and\n          ^"),
        (["--sort", "titel"], '(did you mean "title"?)'),
        (["--limit", "0"], "0"),
        (["--json", "--paths"], "give one of them"),
    ],
)
def test_wrong_use_ends_with_2(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["list", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err


def test_name_that_no_entry_has_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "source:Othr"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == 'no entry has the source "Othr" (did you mean "Other"?)\n'


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_terminal_gets_a_table_with_what_stands_in_brackets(project: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mlwatch", "list", "star"]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm"}
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # Linux says so when the other end is closed
        pass
    finally:
        os.close(ours)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = shown.decode().splitlines()
    assert "Title" in lines[0]
    assert ["Alpha [red]" in line for line in lines[1:]] == [True, False]
    assert "★★" in lines[1]
    assert said.decode() == "2 of 3 entries\n"
