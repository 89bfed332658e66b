"""The one file writer: whole or not at all, through links, with the file's mode, and no litter for long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from mlwatch.core.atomic import (
    OutsideError,
    make_folder,
    remove_stale,
    resolve,
    write_all,
    write_bytes,
    write_if_changed,
)

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600
#: Stages a file, says so, and waits to be killed or told to go on.
WRITER = """
import pathlib, sys
replace = pathlib.Path.replace
def wait(self, target):
    print(self.name, flush=True)
    sys.stdin.readline()
    return replace(self, target)
pathlib.Path.replace = wait
from mlwatch.core.atomic import write_bytes
write_bytes(pathlib.Path(sys.argv[1]), b"new")
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def writer(target: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that stops before its file takes its place; return it with its temporary file."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, target.parent / process.stdout.readline().strip()


def age(path: Path, seconds: int = 2 * HOUR) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


# --- Writing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_open_gives(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "ours", b"x")
        (tmp_path / "plain").write_bytes(b"x")
    finally:
        os.umask(before)
    assert mode(tmp_path / "ours") == mode(tmp_path / "plain")


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o664, 0o755, 0o444])
def test_a_file_keeps_its_mode(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    for write in (write_bytes, write_if_changed):
        path.chmod(kept)
        write(path, f"by {write.__name__}".encode())
        assert (path.read_bytes(), mode(path)) == (f"by {write.__name__}".encode(), kept)


def test_a_link_stays_a_link_and_its_target_keeps_its_mode(tmp_path: Path) -> None:
    real = tmp_path / "shared" / "refs.bib"
    real.parent.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "refs.bib"
    link.symlink_to("shared/refs.bib")
    for content in (b"one", b"two"):
        write_bytes(link, content, [tmp_path])
        assert link.is_symlink()
        assert (real.read_bytes(), mode(real)) == (content, 0o640)
    write_all({link: b"three"}, [tmp_path])
    assert (link.is_symlink(), real.read_bytes(), mode(real)) == (True, b"three", 0o640)
    assert names(real.parent) == ["refs.bib"]


def test_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").symlink_to("shared/refs.bib")
    assert write_if_changed(tmp_path / "refs.bib", b"x", [tmp_path])
    assert (tmp_path / "shared" / "refs.bib").read_bytes() == b"x"


@pytest.mark.parametrize("link", ["page.md", "entries/2021"])
def test_a_link_that_leads_out_of_the_project_is_refused_with_its_place(tmp_path: Path, link: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / "entries").mkdir(parents=True)
    outside.mkdir()
    (outside / "page.md").write_bytes(b"old")
    (project / link).symlink_to(outside / "page.md" if link.endswith(".md") else outside)
    path = project / link if link.endswith(".md") else project / link / "page.md"
    for write in (write_bytes, write_if_changed, lambda p, c, r: write_all({p: c}, r)):
        with pytest.raises(OutsideError, match="leads out of the project") as error:
            write(path, b"new", [project])
        assert error.value.filename == str(path)
        assert str(outside) in str(error.value)
    assert (outside / "page.md").read_bytes() == b"old"
    assert names(outside) == ["page.md"]


def test_a_file_outside_of_the_project_may_be_named_outright(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    named = tmp_path / "project" / ".." / "refs.bib"
    write_bytes(named, b"x", [tmp_path / "project"])
    assert (tmp_path / "refs.bib").read_bytes() == b"x"


def test_a_project_behind_a_link_holds_its_own_files(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "project").symlink_to("real")
    path = tmp_path / "project" / "page.md"
    assert resolve(path, [tmp_path / "project"]) == (tmp_path / "real" / "page.md").resolve()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OSError, match="not a regular file") as error:
            write_bytes(tmp_path / name, b"x")
        assert error.value.filename == str(tmp_path / name)
    assert names(tmp_path) == ["folder", "pipe"]


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as error:
        write_bytes(tmp_path / "nowhere" / "page.md", b"x")
    assert error.value.filename == str(tmp_path / "nowhere" / "page.md")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "entries").write_bytes(b"x")
    with pytest.raises(NotADirectoryError, match="a file has its name") as error:
        make_folder(tmp_path / "entries" / "2021" / "more")
    assert error.value.filename == str(tmp_path / "entries")


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    assert write_if_changed(path, b"x")
    age(path)
    before = path.stat().st_mtime_ns
    assert not write_if_changed(path, b"x")
    assert path.stat().st_mtime_ns == before


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"old")
    (tmp_path / "d").mkdir()
    with pytest.raises(OSError, match="not a regular file"):
        write_all({tmp_path / name: b"new" for name in "abcd"})
    assert {name: (tmp_path / name).read_bytes() for name in "abc"} == dict.fromkeys("abc", b"old")
    assert names(tmp_path) == ["a", "b", "c", "d"]


# --- What a killed process leaves -------------------------------------------------------------------------------


def test_the_old_file_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    process, left = writer(tmp_path / "page.md")
    process.kill()
    process.communicate()
    assert left.is_file()
    age(left)
    remove_stale(tmp_path)
    assert names(tmp_path) == []


def test_the_file_of_a_living_process_is_kept_however_old_it_is(tmp_path: Path) -> None:
    process, left = writer(tmp_path / "page.md")
    age(left, 1000 * HOUR)
    remove_stale(tmp_path)
    assert left.is_file()
    process.communicate("go on\n")
    assert process.returncode == 0
    assert (tmp_path / "page.md").read_bytes() == b"new"
    assert names(tmp_path) == ["page.md"]


def test_a_young_file_is_kept_for_its_process_may_run_on_another_machine(tmp_path: Path) -> None:
    process, left = writer(tmp_path / "page.md")
    process.kill()
    process.communicate()
    remove_stale(tmp_path)
    assert left.is_file()


def test_folders_below_are_looked_into_when_asked_and_hidden_ones_never(tmp_path: Path) -> None:
    name = f".mlwatch-{2**30}-0123456789abcdef.tmp"
    for folder in ("a/b", ".venv", "_build"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_bytes(b"x")
        age(tmp_path / folder / name)
    remove_stale(tmp_path)
    assert (tmp_path / "a" / "b" / name).exists()
    remove_stale(tmp_path, deep=True)
    assert [path.parent.name for path in sorted(tmp_path.rglob(name))] == [".venv", "_build"]


@pytest.mark.parametrize(
    "name", [".mlwatch-notes.md", ".mlwatch-settings", ".mlwatch_cache", ".mlwatch-1-x.tmp", "a.tmp"]
)
def test_files_of_other_people_are_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    age(tmp_path / name, 10_000 * HOUR)
    remove_stale(tmp_path, deep=True)
    assert (tmp_path / name).exists()


def test_a_folder_that_is_not_there_has_nothing_to_remove(tmp_path: Path) -> None:
    remove_stale(tmp_path / "nowhere", deep=True)
