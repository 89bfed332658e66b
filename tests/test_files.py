"""Commands that write: links and modes are kept, nothing is written outside, and no temporary file stays for good."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from mlwatch.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Markdown

RECORD = "@misc{{{key},\n  title = {{The paper {key} of this test}},\n  author = {{{key}, A.}},\n  year = {{2020}},\n  url = {{https://example.org/{key}}},\n}}\n"
LEFT = f".mlwatch-{2**30}-0123456789abcdef.tmp"
#: Commands that write something, each with the arguments that make it write.
COMMANDS = {
    "import": ["import", "more.bib"],
    "add": ["add", "--offline", "https://example.org/added"],
    "new": ["new", "A title", "--source", "Someone"],
    "fmt": ["fmt"],
    "keywords": ["keywords", "rename", "vision", "sight"],
}


@pytest.fixture
def project(tmp_path: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    (root / "docs" / "entries" / "2021").mkdir(parents=True)
    (root / "shared").mkdir()
    (root / "conf.py").write_text('bibtex_bibfiles = ["refs.bib"]\n', encoding="utf-8")
    (root / "refs.bib").write_text(RECORD.format(key="first"), encoding="utf-8")
    (root / "more.bib").write_text(RECORD.format(key="second"), encoding="utf-8")
    page = md("A page", keywords="vision", url="https://example.org/first").replace(
        ":source: ", ":source:   "
    )
    (root / "docs" / "entries" / "2021" / "page.md").write_text(page, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def moved(path: Path, target: Path) -> Path:
    """Move the file at *path* to *target*, leave a link to it, and return the target, whose mode is 0640."""
    path.rename(target)
    target.chmod(0o640)
    path.symlink_to(os.path.relpath(target, path.parent))
    return target


def state(path: Path) -> tuple[bytes, int]:
    return path.read_bytes(), path.stat().st_mode & 0o777


@pytest.mark.parametrize("command", ["import", "fmt", "keywords"])
def test_a_page_that_is_a_link_stays_one_and_keeps_its_mode(project: Path, command: str) -> None:
    (project / "more.bib").write_text(
        RECORD.format(key="first").replace("year", "keywords = {added},\n  year"), encoding="utf-8"
    )
    page = project / "docs" / "entries" / "2021" / "page.md"
    real = moved(page, project / "shared" / "page.md")
    before = real.read_bytes()
    assert main(COMMANDS[command]) == 0
    assert page.is_symlink()
    content, mode = state(real)
    assert content != before
    assert mode == 0o640


def test_a_bibliography_that_is_a_link_stays_one_and_keeps_its_mode(project: Path) -> None:
    real = moved(project / "refs.bib", project / "shared" / "refs.bib")
    assert main(COMMANDS["import"]) == 0
    assert (project / "refs.bib").is_symlink()
    content, mode = state(real)
    assert b"@misc{first," in content
    assert b"@misc{second," in content
    assert mode == 0o640


def test_an_export_and_a_report_follow_links(project: Path) -> None:
    for name in ("out.jsonl", "report.json"):
        (project / name).write_text("old", encoding="utf-8")
        moved(project / name, project / "shared" / name)
    assert main(["export", "jsonl", "-o", "out.jsonl"]) == 0
    assert main(["import", "more.bib", "--report", "report.json"]) == 0
    for name in ("out.jsonl", "report.json"):
        assert (project / name).is_symlink()
        content, mode = state(project / "shared" / name)
        assert content.startswith(b"{")
        assert mode == 0o640


@pytest.mark.parametrize("command", ["import", "new", "add"])
def test_nothing_is_written_through_a_folder_that_leads_out_of_the_project(
    project: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    outside = project.parent / "outside"
    outside.mkdir()
    for name in ("2020", "undated"):
        (project / "docs" / "entries" / name).symlink_to(outside)
    assert main(COMMANDS[command]) == 2
    told = capsys.readouterr().err
    assert "docs/entries/" in told
    assert "leads out of the project" in told
    assert list(outside.iterdir()) == []
    assert "second" not in (project / "refs.bib").read_text(encoding="utf-8")


@pytest.mark.parametrize(("command", "status"), [("fmt", 1), ("keywords", 2)])
def test_a_page_that_leads_out_of_the_project_is_left_alone_and_reported(
    project: Path, command: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its entry is in no catalogue, so its keywords are none of the collection's."""
    page = project / "docs" / "entries" / "2021" / "page.md"
    real = moved(page, project.parent / "page.md")
    before = state(real)
    assert main(COMMANDS[command]) == status
    told = capsys.readouterr().err
    assert told.startswith("docs/entries/2021/page.md:1: ") or "no entry has the keyword" in told
    assert (page.is_symlink(), state(real)) == (True, before)


def test_a_bibliography_that_leads_out_of_the_project_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = moved(project / "refs.bib", project.parent / "refs.bib")
    before = state(real)
    assert main(COMMANDS["import"]) == 2
    assert capsys.readouterr().err.startswith("Error: refs.bib: a symbolic link leads out of the project, to")
    assert state(real) == before


def test_a_bibliography_that_the_settings_name_outside_of_the_project_is_written(project: Path) -> None:
    (project / "refs.bib").rename(project.parent / "refs.bib")
    (project / "conf.py").write_text('bibtex_bibfiles = ["../refs.bib"]\n', encoding="utf-8")
    assert main(COMMANDS["import"]) == 0
    assert "@misc{second," in (project.parent / "refs.bib").read_text(encoding="utf-8")


def test_a_file_in_the_place_of_a_folder_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "docs" / "entries" / "undated").write_text("", encoding="utf-8")
    assert main(COMMANDS["new"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(
        "Error: docs/entries/undated: a folder cannot be made here, because a file has its name"
    )


# --- Temporary files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_removes_what_a_killed_one_left(project: Path, command: str) -> None:
    then = time.time() - 7200
    folders = (".", "docs", "docs/entries/2021")
    for folder in folders:
        (project / folder / LEFT).write_bytes(b"half a page")
        os.utime(project / folder / LEFT, (then, then))
    assert main(COMMANDS[command]) == 0
    assert list(project.rglob(LEFT)) == []


def test_an_export_removes_what_a_killed_one_left(project: Path) -> None:
    (project / "shared" / LEFT).write_bytes(b"half a file")
    os.utime(project / "shared" / LEFT, (0, 0))
    assert main(["export", "csv", "-o", "shared/out.csv"]) == 0
    assert sorted(path.name for path in (project / "shared").iterdir()) == ["out.csv"]


def test_a_command_that_only_looks_removes_nothing(project: Path) -> None:
    (project / "docs" / LEFT).write_bytes(b"half a page")
    os.utime(project / "docs" / LEFT, (0, 0))
    assert main(["check"]) == 0
    assert main(["fmt", "--diff"]) == 0
    assert (project / "docs" / LEFT).exists()


def test_a_temporary_file_is_never_a_page(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (project / "docs" / "entries" / "2021" / "page.md").read_bytes()
    (project / "docs" / "entries" / "2021" / LEFT).write_bytes(page)
    assert main(["check"]) == 0
    assert capsys.readouterr().err.startswith("1 entry, no problems")


def test_commands_at_the_same_moment_leave_each_other_their_files(project: Path) -> None:
    """Each looks for old files while the others write; every page and record arrives."""
    for name in "abc":
        text = "\n".join(RECORD.format(key=f"{name}{number}") for number in range(20))
        (project / f"{name}.bib").write_text(text, encoding="utf-8")
    commands = [["import", f"{name}.bib"] for name in "abc"] + [
        COMMANDS["fmt"],
        ["export", "csv", "-o", "all.csv"],
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "mlwatch", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    said = [process.communicate(timeout=300)[1] for process in running]
    assert [process.returncode for process in running] == [0] * len(running), said
    assert len(list((project / "docs" / "entries").rglob("*.md"))) == 61
    assert list(project.rglob(".mlwatch-*")) == []
