"""Caches are not a way in: no file of a checkout is loaded as a cache, and no cache makes anything but our records."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlwatch.core import cache
from mlwatch.core.cache import VARIABLE, folder_of, key_of, load, prepare, save
from mlwatch.core.catalogue import load as load_catalogue
from mlwatch.core.scan import context_of
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Markdown

CONF = 'extensions = ["mlwatch"]\nhtml_theme = "basic"\nmlwatch_last_changed = False\nmlwatch_search = "sphinx"\n'
BUILD = ("sphinx", "-q", "-b", "html", "-c", ".", "-d", "_build/doctrees", "docs", "_build/html")


class Payload:
    """Makes the file *mark* when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.mark),)


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=project, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def git(project: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, md: Markdown) -> Path:
    folder = tmp_path / "project"
    (folder / "docs" / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "docs" / "index.md").write_text(
        "# Test\n\n```{toctree}\n:glob:\n\nentries/*\n```\n", encoding="utf-8"
    )
    (folder / "docs" / "entries" / "a.md").write_text(md("A", keywords="k"), encoding="utf-8")
    (folder / "refs.bib").write_text("@misc{a, title = {T}}\n", encoding="utf-8")
    return folder


COMMANDS = {
    "check": ("mlwatch", "check", "--all"),
    "list": ("mlwatch", "list"),
    "build": BUILD,
}  # fmt: skip


# --- Where they are -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("inside", [".mlwatch_cache", ".cache/mlwatch", "docs/.cache"])
def test_a_planted_cache_is_not_loaded(project: Path, tmp_path: Path, command: str, inside: str) -> None:
    """Every name that a cache could have, in a folder of the checkout that is even said to be the cache's folder."""
    git(project, "init", "-q")
    settings = read({"mlwatch_last_changed": False, "mlwatch_search": "sphinx"})[0]
    payload = pickle.dumps((context_of(settings), Payload(tmp_path / "ran")))
    folder = project / inside
    usual = folder_of(project, project / "docs")
    assert usual is not None
    planted = folder / usual.name
    planted.mkdir(parents=True)
    for what in ("catalogue", "catalogue.bib", "catalogue.links", "remarks", "related", "related.index"):
        (planted / f"{what}.pickle").write_bytes(payload)
    for place in (folder, planted):
        for name in ("catalogue", "remarks", "related"):
            (place / f"{name}-{usual.name[:12]}.pickle").write_bytes(payload)
    done = run(project, *COMMANDS[command], MLWATCH_CACHE_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_no_cache_lies_in_the_checkout_whatever_names_the_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(project / "kept"))
    assert folder_of(project, project / "docs") is None
    git(project.parent, "init", "-q")
    monkeypatch.setenv(VARIABLE, str(project.parent / "kept"))
    assert folder_of(project, project / "docs") is None, "the checkout begins where .git is"
    monkeypatch.setenv(VARIABLE, str(project.parent.parent / "kept"))
    assert folder_of(project, project / "docs") is not None


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the folders of XDG")
@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"XDG_CACHE_HOME": "/x/cache", "HOME": "/home/u"}, "/x/cache/mlwatch"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/u"}, "/home/u/.cache/mlwatch"),
        ({"HOME": "/home/u"}, "/home/u/.cache/mlwatch"),
        ({"HOME": "/home/u", VARIABLE: "/ci/kept"}, "/ci/kept"),
    ],
)
def test_the_folder_is_that_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], wanted: str
) -> None:
    for name in ("XDG_CACHE_HOME", "HOME", VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    folder = folder_of(tmp_path, tmp_path / "docs")
    assert folder is not None
    assert folder.parent == Path(wanted)


def test_a_command_leaves_nothing_in_the_project(project: Path) -> None:
    before = sorted(project.rglob("*"))
    assert run(project, "mlwatch", "check", "--all").returncode == 0
    assert sorted(path for path in project.rglob("*") if "__pycache__" not in path.parts) == before
    folder = folder_of(project, project / "docs")
    assert folder is not None
    assert (folder / "catalogue.pickle").is_file()
    assert folder.stat().st_mode & 0o077 == 0


def test_caches_of_projects_that_are_not_used_any_more_are_removed(tmp_path: Path) -> None:
    home = tmp_path / "cache"
    old, used, other = home / ("0" * 16), home / ("1" * 16), home / "not-ours"
    for folder in (old, used, other):
        folder.mkdir(parents=True)
        (folder / "catalogue.pickle").write_bytes(b"x")
        long_ago = time.time() - 100 * 24 * 3600
        os.utime(folder / "catalogue.pickle", (long_ago, long_ago))
        os.utime(folder, (long_ago, long_ago))
    (used / "remarks.pickle").write_bytes(b"x")
    prepare(home / ("2" * 16))
    assert sorted(path.name for path in home.iterdir()) == ["1" * 16, "2" * 16, "not-ours"]


# --- What they make -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        Payload,
        lambda _mark: os.system,
        lambda _mark: eval,
        lambda _mark: getattr,
        lambda _mark: subprocess.Popen,
        lambda _mark: Path,
        lambda _mark: cache.save,
    ],
    ids=["reduce", "os.system", "eval", "getattr", "Popen", "Path", "a function of ours"],
)
def test_a_cache_makes_nothing_but_records(tmp_path: Path, value: Callable[[Path], object]) -> None:
    kept = tmp_path / "kept.pickle"
    kept.write_bytes(pickle.dumps((b"key", value(tmp_path / "ran"))))
    assert load(kept, b"key") is None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"\x80\x04\x8c\x10mlwatch.__main__\x8c\x04main\x93.",  # a module that does something when it is imported
        b"\x80\x04\x8c\x12mlwatch.core.cache\x8c\x09os.system\x93.",  # an attribute of an attribute
        b"cmlwatch.core.cache\nos\n.",
        b"cposix\nsystem\n(S'true'\ntR.",
        b"\x80\x05.",
        b"",
    ],
)
def test_a_damaged_or_foreign_cache_costs_time_only(tmp_path: Path, raw: bytes) -> None:
    kept = tmp_path / "kept.pickle"
    kept.write_bytes(raw)
    assert load(kept, b"key") is None


def test_what_is_kept_comes_back(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "catalogue.pickle"
    bibfiles = [project / "refs.bib"]
    first = load_catalogue(project / "docs", read({})[0], bibfiles=bibfiles, cache=kept)
    raw = {path.name: load(path, pickle.loads(path.read_bytes())[0]) for path in kept.parent.iterdir()}
    assert sorted(raw) == ["catalogue.bib.pickle", "catalogue.pickle"]
    assert all(value is not None for value in raw.values())
    assert load_catalogue(project / "docs", read({})[0], bibfiles=bibfiles, cache=kept) == first


# --- What they are of -----------------------------------------------------------------------------------------


@pytest.fixture
def fresh_key() -> Iterator[Callable[[], bytes]]:
    """Yield what gives a key as a new process would make it."""

    def key() -> bytes:
        cache._libraries.cache_clear()
        cache._code.cache_clear()
        return key_of("what")

    yield key
    cache._libraries.cache_clear()
    cache._code.cache_clear()


@pytest.mark.parametrize("library", ["markdown_it_py", "mdit_py_plugins", "PyYAML", "pybtex"])
def test_a_cache_of_another_version_of_a_library_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_key: Callable[[], bytes], library: str
) -> None:
    packages, kept = tmp_path / "site-packages", tmp_path / "kept.pickle"
    (packages / f"{library}-1.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    save(kept, fresh_key(), "value")
    assert load(kept, fresh_key()) == "value"
    (packages / f"{library}-1.0.dist-info").rename(packages / f"{library}-1.1.dist-info")
    assert load(kept, fresh_key()) is None


def test_the_libraries_are_found_where_they_are_installed() -> None:
    from importlib.metadata import version

    found = "\n".join(cache._libraries()).lower()
    for name in ("markdown-it-py", "mdit-py-plugins", "pyyaml", "pybtex"):
        assert f"{name.replace('-', '_')}-{version(name)}." in found


def test_a_cache_of_another_python_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("what")
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert key_of("what") != before


def test_a_cache_of_other_code_is_not_used_and_one_of_the_same_code_elsewhere_is(tmp_path: Path) -> None:
    """A fresh checkout has the same code with other time stamps: what CI kept serves there."""
    program = "from mlwatch.core.cache import key_of; print(key_of('what').hex())"

    def key(folder: Path) -> str:
        return run(tmp_path, "mlwatch_key", PYTHONPATH=str(folder)).stdout

    package = Path(cache.__file__).parents[1]
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        shutil.copytree(
            package,
            folder / "mlwatch",
            ignore=shutil.ignore_patterns("__pycache__"),
            copy_function=shutil.copyfile,
        )
        (folder / "mlwatch_key.py").write_text(program, encoding="utf-8")
    assert key(one) == key(other) != ""
    path = other / "mlwatch" / "core" / "importers" / "csv_.py"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert key(one) != key(other)


# --- Doctrees -------------------------------------------------------------------------------------------------


def test_doctrees_that_git_tracks_are_refused_before_they_are_loaded(project: Path, tmp_path: Path) -> None:
    git(project, "init", "-q")
    doctrees = project / "_build" / "doctrees"
    doctrees.mkdir(parents=True)
    (doctrees / "environment.pickle").write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    git(project, "add", "-f", "_build")
    done = run(project, *BUILD)
    assert done.returncode == 2
    assert f"{doctrees / 'environment.pickle'}:1: ERROR: the file is tracked by Git" in done.stderr
    assert "git rm -r --cached" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "ran").exists()


def test_doctrees_behind_a_link_that_git_tracks_are_refused_too(project: Path, tmp_path: Path) -> None:
    git(project, "init", "-q")
    (project / "docs" / "data").mkdir()
    (project / "docs" / "data" / "environment.pickle").write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    (project / "_build").mkdir()
    (project / "_build" / "doctrees").symlink_to(project / "docs" / "data")
    git(project, "add", "-f", ".")
    done = run(project, *BUILD)
    assert "is tracked by Git" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_doctrees_of_builds_before_are_used_as_ever(project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", "docs", "conf.py", "refs.bib")
    for _ in range(2):
        done = run(project, *BUILD)
        assert (done.returncode, done.stderr) == (0, "")
