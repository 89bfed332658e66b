"""The Makefile: what it lists, what its recipes would run, and when it installs; nothing is installed here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
BUILDERS: Final = ("html", "dirhtml", "epub", "latex", "text", "gettext", "linkcheck")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not there")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the Makefile and what its rules look at."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def environment(folder: Path) -> Path:
    """Return an environment that looks as if all had been installed into it a moment ago."""
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    for name in (".stamp-build", ".stamp-dev"):
        (folder / ".venv" / name).touch()
    return folder / ".venv"


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell of its own, not as a part of the make that may run the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not re.fullmatch(r"MAKE.*|MFLAGS|SOURCE_DATE_EPOCH|PYTHON|VENV|JOBS|SPHINXOPTS|PYTESTOPTS", name)
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def recipe(folder: Path, *arguments: str, **variables: str) -> str:
    """Return what make would run."""
    done = make(folder, "-n", *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed() -> dict[str, str]:
    """Return the targets that ``make help`` lists, with their lines."""
    done = make(ROOT, "help")
    assert done.returncode == 0, done.stderr
    found = [re.fullmatch(r"  make ([a-z-]+) +(\S.*)", line) for line in done.stdout.splitlines()]
    assert all(found)
    return {match[1]: match[2] for match in found if match}


def test_help_lists_each_target_with_a_line() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    phony = set(" ".join(re.findall(r"^\.PHONY:(.*)$", text, re.MULTILINE)).split())
    rules = set(re.findall(r"^([a-z][a-z-]*):(?!=)", text, re.MULTILINE))
    assert rules == phony
    assert listed().keys() == rules
    assert all(len(line) > 10 for line in listed().values())


def test_make_alone_is_help() -> None:
    assert make(ROOT).stdout == make(ROOT, "help").stdout


@pytest.mark.parametrize("builder", BUILDERS)
def test_each_builder_has_a_recipe_with_output_and_doctrees_of_its_own(
    folder: Path, environment: Path, builder: str
) -> None:
    (line,) = [line for line in recipe(folder, builder).splitlines() if " -m sphinx " in line]
    words = shlex.split(line)
    assert words[words.index("-b") + 1] == builder
    assert words[words.index("-c") + 1] == "."
    assert words[words.index("-d") + 1] == f"_build/doctrees/{builder}"
    assert words[-2:] == ["docs", f"_build/{builder}"]
    assert ("-W" in words) == (builder != "linkcheck")
    assert "--keep-going" in words


def test_report_of_a_link_check_is_kept_in_an_order_of_its_own(folder: Path) -> None:
    done = make(folder, "keep-links")
    assert done.returncode != 0
    assert "run make linkcheck first" in done.stderr
    assert not (folder / "linkcheck.json").exists()
    report = folder / "_build/linkcheck/output.json"
    report.parent.mkdir(parents=True)
    report.write_text('{"filename": "b.md"}\n{"filename": "a.md"}\n', encoding="utf-8")
    assert make(folder, "keep-links").returncode == 0
    kept = (folder / "linkcheck.json").read_text(encoding="utf-8")
    assert kept == '{"filename": "a.md"}\n{"filename": "b.md"}\n'


def test_build_installs_once_until_what_it_needs_changes(folder: Path, environment: Path) -> None:
    assert "pip" not in recipe(folder, "html")
    later = time.time() + 10
    os.utime(folder / "requirements-dev.txt", (later, later))
    assert "pip" not in recipe(folder, "html")
    assert "install --quiet -r requirements-dev.txt" in recipe(folder, "lint")
    os.utime(folder / "requirements.txt", (later, later))
    text = recipe(folder, "html")
    assert text.index("install --quiet -r requirements.txt") < text.index("install --quiet --no-deps -e .")
    assert text.index("touch .venv/.stamp-build") < text.index("-m sphinx -b html")
    assert "requirements-dev.txt" not in text


def test_build_on_a_fresh_machine_makes_the_environment_first(folder: Path) -> None:
    text = recipe(folder, "html")
    steps = ("-m venv --clear .venv", "-r requirements.txt", "-e .", "touch .venv/.stamp-build", "-b html")
    assert [text.index(step) for step in steps] == sorted(text.index(step) for step in steps)
    assert "requirements-dev.txt" not in text
    assert "requirements-dev.txt" in recipe(folder, "test")


def test_environment_whose_python_is_gone_is_made_anew(folder: Path, environment: Path) -> None:
    (environment / "bin/python").unlink()
    assert "-m venv --clear .venv" in recipe(folder, "html")


def test_no_python_that_fits_is_told_with_the_mend(folder: Path) -> None:
    old = folder / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.8.10\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    done = make(folder, "html", f"PYTHON={old}")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.8.10" in done.stderr
    assert "make html PYTHON=/path/to/python3" in done.stderr
    assert not (folder / ".venv").exists()


def test_date_of_the_commit_stands_for_the_time_unless_one_is_given(folder: Path, environment: Path) -> None:
    assert "SOURCE_DATE_EPOCH=5 " in recipe(folder, "epub", SOURCE_DATE_EPOCH="5")
    assert "SOURCE_DATE_EPOCH" not in recipe(folder, "epub", GIT_DIR=str(folder / "nowhere"))
    if (ROOT / ".git").exists():
        git = ["git", "log", "-1", "--format=%ct"]
        day = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        shown = make(ROOT, "-n", "epub", f"VENV={environment}").stdout
        assert f"SOURCE_DATE_EPOCH={day} " in shown


def test_variables_reach_the_commands(folder: Path, environment: Path) -> None:
    assert "-j 3 " in recipe(folder, "html", "JOBS=3")
    assert " -v -n " in recipe(folder, "html", "SPHINXOPTS=-v -n")
    assert "-m pytest -n 1 --dist loadfile -k digest" in recipe(
        folder, "test", "WORKERS=1", "PYTESTOPTS=-k digest"
    )
    assert "--port 8123" in recipe(folder, "live", "PORT=8123")


def test_clean_leaves_the_environment_and_distclean_takes_it(folder: Path, environment: Path) -> None:
    assert ".venv" not in recipe(folder, "clean")
    assert "rm -rf .venv" in recipe(folder, "distclean")


def test_clean_takes_what_was_generated_and_leaves_what_a_person_wrote(
    folder: Path, environment: Path
) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not there")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True, timeout=60)
    kept, gone = folder / "docs/digests/mine.md", folder / "docs/digests/s/2021.md"
    gone.parent.mkdir(parents=True)
    kept.write_text("# Mine\n", encoding="utf-8")
    gone.write_text("# Generated\n", encoding="utf-8")
    (folder / "docs/digests/.gitignore").write_text("/.gitignore\n/s/2021.md\n", encoding="utf-8")
    (folder / "_build/html").mkdir(parents=True)
    done = make(folder, "clean")
    assert done.returncode == 0, done.stderr
    assert kept.is_file()
    assert not gone.exists()
    assert not (folder / "_build").exists()
    assert environment.is_dir()
