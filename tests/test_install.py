"""The package, built and installed from the repository into a fresh environment, serves a project of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[1]
PACKED: Final = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore")

pytestmark = pytest.mark.install


def plain_environment() -> dict[str, str]:
    """Return the environment without what leads to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}


def run(
    *arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={**(environment or plain_environment()), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def metadata() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the package is made from, so that nothing is written into the checkout."""
    folder = tmp_path_factory.mktemp("source")
    for name in PACKED:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "_ext", folder / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """Build the wheel with what is installed here; nothing is fetched."""
    run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-index"),
        *("--no-build-isolation", "--no-deps", "--wheel-dir", "dist", "."),
        cwd=source,
        environment=dict(os.environ),
    )
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts of an environment with the wheel in it; its requirements are those installed here."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    python = folder / "bin/python"
    run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install"),
        *("--quiet", "--no-index", "--no-deps", wheel),
        cwd=folder,
    )
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-c", ask, cwd=folder).stdout.strip())
    # What stands in a .pth file is searched last, and .pth files in there are not read: no editable install.
    theirs = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "requirements.pth").write_text("\n".join(theirs) + "\n", encoding="utf-8")
    return python.parent


ENTRY: Final = """# Toward Fast & Accurate

```{mlentry}
:source: Google AI
:url: https://ai.googleblog.com/2021/09/toward-fast-and-accurate-neural.html
:date: 2021-09-16
:star:
:keywords: C++, 机器学习
:paper: [EfficientNetV2](https://arxiv.org/abs/2104.00298)
```

## Summary

Two families of image models.
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new project: one line of settings, a front page, one entry."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "conf.py").write_text('extensions = ["mlwatch"]\n', encoding="utf-8")
    (folder / "index.md").write_text("# A project\n", encoding="utf-8")
    (folder / "entries").mkdir()
    (folder / "entries/toward-fast.md").write_text(ENTRY, encoding="utf-8")
    return folder


# --- What is packed ---------------------------------------------------------------------------------------------


def test_wheel_has_the_whole_package_and_nothing_else(wheel: Path, source: Path) -> None:
    ours = {
        path.relative_to(source / "_ext").as_posix()
        for path in (source / "_ext").rglob("*")
        if path.is_file()
    }
    assert {"mlwatch/static/mlwatch.css", "mlwatch/templates/mlwatch-nav.html", "mlwatch/py.typed"} <= ours
    with ZipFile(wheel) as packed:
        names = set(packed.namelist())
    info = {name for name in names if name.split("/")[0].endswith(".dist-info")}
    assert names - info == ours
    assert any(name.endswith("licenses/LICENSE") for name in info)


def test_wheel_says_what_it_is_and_needs(wheel: Path, metadata: Any) -> None:
    with ZipFile(wheel) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        told = message_from_bytes(packed.read(name))
        (name,) = [name for name in packed.namelist() if name.endswith(".dist-info/entry_points.txt")]
        assert "mlwatch = mlwatch.cli:main" in packed.read(name).decode()
    from mlwatch import __version__

    assert (told["Name"], told["Version"]) == ("sphinx-mlwatch", __version__)
    wanted = {str(Requirement(text)) for text in metadata["project"]["dependencies"]}
    needed = {
        str(Requirement(text)) for text in told.get_all("Requires-Dist") or () if "extra ==" not in text
    }
    assert needed == wanted


def test_source_archive_builds_the_same_package(source: Path, wheel: Path) -> None:
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "sdist",
        "-d",
        "dist",
        cwd=source,
        environment=dict(os.environ),
    )
    (built,) = (source / "dist").glob("*.tar.gz")
    with tarfile.open(built) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"} <= names
    with ZipFile(wheel) as other:
        assert {f"_ext/{name}" for name in other.namelist() if name.startswith("mlwatch/")} <= names


def test_pinned_requirements_fit_those_of_the_package(metadata: Any) -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]
    by_name = {pin.name.lower().replace("_", "-"): pin for pin in pins}
    assert all(re.fullmatch(r"==[\w.]+", str(pin.specifier)) for pin in pins)
    for text in metadata["project"]["dependencies"]:
        wanted = Requirement(text)
        pinned = str(by_name[wanted.name].specifier).removeprefix("==")
        assert wanted.specifier.contains(pinned), text


# --- What is installed ------------------------------------------------------------------------------------------


def test_installed_package_is_not_that_of_the_checkout(fresh: Path, project: Path) -> None:
    ask = "import mlwatch, sys; print(mlwatch.__file__); print(*sys.path, sep='\\n')"
    place, *searched = run(fresh / "python", "-c", ask, cwd=project).stdout.splitlines()
    assert Path(place).is_relative_to(fresh.parent)
    assert str(ROOT / "_ext") not in searched
    assert str(ROOT) not in searched


@pytest.mark.parametrize("builder", ["html", "text"])
def test_new_project_builds_with_one_line_of_settings_and_one_entry(
    fresh: Path, project: Path, builder: str
) -> None:
    done = run(
        *(fresh / "python", "-m", "sphinx", "-W", "--keep-going", "-b", builder),
        *("-d", f"_build/doctrees/{builder}", ".", f"_build/{builder}"),
        cwd=project,
    )
    assert done.stderr == ""
    out = project / "_build" / builder
    suffix = "html" if builder == "html" else "txt"
    for name in (
        "entries/toward-fast",
        "years/2021-09",
        "keywords/index",
        "sources/google-ai",
        "starred/index",
    ):
        assert (
            "Toward Fast" in (out / f"{name}.{suffix}").read_text(encoding="utf-8")
            or name == "keywords/index"
        )
    if builder == "html":
        assert (out / "_static/mlwatch.css").read_bytes() == (
            ROOT / "_ext/mlwatch/static/mlwatch.css"
        ).read_bytes()
        page = (out / "entries/toward-fast.html").read_text(encoding="utf-8")
        assert "mlw-entry" in page
        assert "mlwatch-all.css" in page
        assert ".mlw-icon" in (out / "_static/mlwatch-all.css").read_text(encoding="utf-8")
        assert str(ROOT) not in page


def test_installed_command_works_in_the_new_project(fresh: Path, project: Path) -> None:
    command = fresh / "mlwatch"
    assert run(command, "--version", cwd=project).stdout.startswith("mlwatch, version ")
    assert run(command, "check", cwd=project).stderr.startswith("1 entry, no problems")
    (entry,) = json.loads(run(command, "list", "--json", cwd=project).stdout)
    assert entry["title"] == "Toward Fast & Accurate"
    assert entry["docname"] == "entries/toward-fast"
