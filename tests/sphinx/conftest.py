"""Tiny projects, built by Sphinx in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CONF: Final = """\
extensions = ["mlwatch"]
html_theme = "basic"
mlwatch_last_changed = False
"""


@dataclass(frozen=True)
class Built:
    """A project and what building it gave; ``code`` is the exit code, ``warnings`` all of stderr."""

    root: Path
    code: int
    output: str
    warnings: str

    @property
    def srcdir(self) -> Path:
        return self.root / "docs"

    @property
    def outdir(self) -> Path:
        return self.root / "_build" / "html"

    def html(self, docname: str) -> str:
        return (self.outdir / f"{docname}.html").read_text(encoding="utf-8")


class Build(Protocol):
    """Writes and builds a project.

    *files* are below ``docs``, except those whose name begins with ``../``; *conf* is added to :data:`CONF`.
    Give *root*, that of a project built before, to build it again with what *files* change.
    """

    def __call__(
        self,
        files: Mapping[str, str | bytes],
        *,
        conf: str = ...,
        builder: str = ...,
        options: Iterable[str] = ...,
        root: Path | None = ...,
    ) -> Built: ...


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    def build_project(
        files: Mapping[str, str | bytes],
        *,
        conf: str = "",
        builder: str = "html",
        options: Iterable[str] = (),
        root: Path | None = None,
    ) -> Built:
        if root is None:
            root = tmp_path_factory.mktemp("project")
            (root / "docs").mkdir()
            (root / "conf.py").write_text(CONF + conf, encoding="utf-8")
        for name, content in files.items():
            path = root / name.removeprefix("../") if name.startswith("../") else root / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "sphinx",
                "-b",
                builder,
                "--no-color",
                "-c",
                ".",
                *options,
                "docs",
                "_build/html",
            ],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            env={**os.environ, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
            timeout=300,
            check=False,
        )
        return Built(root, done.returncode, done.stdout, done.stderr)

    return build_project
