"""Several commands that write in one project at the same moment: nothing is lost, and a dead one stops nobody."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mlwatch.core.cache import VARIABLE, folder_of
from mlwatch.core.lock import writing

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "@misc{{{key},\n  title = {{The paper {key} of this test}},\n  author = {{{key}, A.}},\n  year = {{2020}},\n  url = {{https://example.org/{key}}},\n}}\n"
HOLDER = "import sys, time\nfrom pathlib import Path\nfrom mlwatch.core.lock import writing\nwith writing(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text('bibtex_bibfiles = ["refs.bib"]\n', encoding="utf-8")
    (tmp_path / "refs.bib").write_text(RECORD.format(key="first"), encoding="utf-8")
    return tmp_path


def start(project: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mlwatch", *arguments],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def keys(project: Path) -> set[str]:
    text = (project / "refs.bib").read_text(encoding="utf-8")
    return {line[6:-1] for line in text.splitlines() if line.startswith("@misc{")}


def test_imports_at_the_same_moment_lose_no_record(project: Path) -> None:
    wanted = {"first"}
    for name in "abcd":
        made = [f"{name}{number}" for number in range(40)]
        wanted |= set(made)
        (project / f"{name}.bib").write_text(
            "\n".join(RECORD.format(key=key) for key in made), encoding="utf-8"
        )
    running = [start(project, "import", f"{name}.bib") for name in "abcd"]
    said = [process.communicate(timeout=300)[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, said
    assert keys(project) == wanted
    assert len(list((project / "docs" / "entries").rglob("*.md"))) == 160


def test_an_import_waits_and_takes_up_what_the_other_has_written(project: Path) -> None:
    (project / "a.bib").write_text(RECORD.format(key="mine"), encoding="utf-8")
    with writing(folder_of(project, project / "docs")):
        process = start(project, "import", "a.bib")
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting: another mlwatch is writing here\n"
        with (project / "refs.bib").open("a", encoding="utf-8") as file:
            file.write("\n" + RECORD.format(key="theirs"))
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert keys(project) == {"first", "mine", "theirs"}


def test_commands_that_only_look_wait_for_nobody(project: Path) -> None:
    (project / "a.bib").write_text(RECORD.format(key="mine"), encoding="utf-8")
    with writing(folder_of(project, project / "docs")):
        for arguments in (["import", "--dry-run", "a.bib"], ["fmt", "--check"], ["check", "--all"]):
            process = start(project, *arguments)
            assert process.communicate(timeout=60)[1].count("waiting") == 0


def test_a_killed_process_leaves_no_lock_behind(project: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder_of(project, project / "docs"))],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate(timeout=60)
    process = start(project, "new", "A title", "--source", "Someone")
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0


def test_a_folder_that_cannot_hold_a_lock_does_not_stop_a_command(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path_factory.mktemp("cache") / "file"
    in_the_way.write_text("a file stands where the folder should be", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(in_the_way))
    process = start(project, "new", "A title", "--source", "Someone")
    process.communicate(timeout=60)
    assert process.returncode == 0
