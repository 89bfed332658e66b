"""Pages are read and written again when their files say so, as Sphinx decides it."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.project import Project

from mlwatch.build import outdated

if TYPE_CHECKING:
    from collections.abc import Callable

CONF = """
from pathlib import Path
if Path(__file__).parent.name == "stock":
    import mlwatch.build.outdated
    mlwatch.build.outdated.register = lambda app: None
project = "P"
extensions = ["mlwatch"]
html_theme = "basic"
templates_path = ["templates"]
exclude_patterns = ["out", "kept", "templates", "parts"]
{more}

def setup(app):
    app.connect("doctree-read", lambda app, tree: print("read", app.env.docname))
    app.connect("html-page-context", lambda app, name, *_: print("written", name))
"""
PAGES = {
    "index.md": "# Home\n\n```{toctree}\na/one\na/two\n```\n",
    "a/one.md": "# One\n",
    "a/two.md": "# Two\n\n```{include} ../parts/part.txt\n```\n",
    "parts/part.txt": "Words.\n",
    "templates/extra.html": "",
}
#: The pages that a person writes; others are generated.
OWN = {"index", "a/one", "a/two", "a/three"}


def later(path: Path) -> None:
    """Set a file's time of change a minute ahead."""
    os.utime(path, ns=(time.time_ns() + 6 * 10**10,) * 2)


def build(folder: Path, builder: str = "html") -> tuple[set[str], set[str]]:
    """Return what was read and what was written."""
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", "kept", ".", "out"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read, written = (
        set(re.findall(rf"^{kind} (\S+)$", done.stdout, re.MULTILINE)) for kind in ("read", "written")
    )
    return read & OWN, written & OWN


#: What happens to a project, and what must be read and written then.
CHANGES: dict[str, tuple[Callable[[Path], object], set[str], set[str]]] = {
    "nothing": (lambda _: None, set(), set()),
    "a page is newer": (lambda folder: later(folder / "a/one.md"), {"a/one"}, {"a/one"}),
    "a file that a page includes is newer": (
        lambda folder: later(folder / "parts/part.txt"),
        {"a/two"},
        {"a/two"},
    ),
    "a file that a page includes says something else": (
        lambda folder: (folder / "parts/part.txt").write_text("Others.\n"),
        {"a/two"},
        {"a/two"},
    ),
    "a doctree is gone": (lambda folder: (folder / "kept/a/one.doctree").unlink(), {"a/one"}, {"a/one"}),
    "an output is gone": (lambda folder: (folder / "out/a/one.html").unlink(), set(), {"a/one"}),
    "a page is new": (
        lambda folder: (folder / "a/three.md").write_text("# Three\n"),
        {"a/three"},
        {"a/three"},
    ),
    "a page is gone": (lambda folder: (folder / "a/three.md").unlink(), set(), set()),
    "a template is newer": (lambda folder: later(folder / "templates/extra.html"), set(), {"a/one", "a/two"}),
    "the note of settings is gone": (lambda folder: (folder / "out/.buildinfo").unlink(), set(), set()),
    "the note of settings is damaged": (
        lambda folder: (folder / "out/.buildinfo").write_text("?\n"),
        set(),
        set(),
    ),
    "a setting is another": (
        lambda folder: (folder / "conf.py").write_text(CONF.format(more="html_title = 'T'")),
        set(),
        {"index", "a/one", "a/two"},
    ),
}


def test_what_is_out_of_date_is_what_sphinx_takes_for_it(tmp_path: Path) -> None:
    ours, stock = tmp_path / "ours", tmp_path / "stock"
    for folder in (ours, stock):
        for name, text in {"conf.py": CONF.format(more=""), **PAGES}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        assert build(folder) == ({"index", "a/one", "a/two"}, {"index", "a/one", "a/two"})
    for said, (change, read, written) in CHANGES.items():
        found = []
        for folder in (ours, stock):
            change(folder)
            found.append(build(folder))
        assert found[0] == found[1], said
        assert read <= found[0][0], said
        assert written <= found[0][1], said
        if said == "nothing":
            assert found[0] == (set(), set()), said


@pytest.mark.parametrize("builder", ["json", "pickle"])
def test_builders_that_have_no_templates_write_what_is_out_of_date(tmp_path: Path, builder: str) -> None:
    for name, text in {"conf.py": CONF.format(more=""), **PAGES}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert build(tmp_path, builder)[1] == {"index", "a/one", "a/two"}
    assert build(tmp_path, builder) == (set(), set())
    later(tmp_path / "a/one.md")
    assert build(tmp_path, builder)[1] >= {"a/one"}


#: Names of files, patterns that leave some out, patterns that take some in.
FOLDERS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "pages of Markdown": (
        ["index.md", "a/one.md", "a/b/two.md", "Ü/ß 中.md", "pic.png", "a/x.txt"],
        [],
        ["**"],
    ),
    "pages of two kinds": (["index.rst", "a/one.md", "a/two.rst", "a/three.md.md"], [], ["**"]),
    "some left out": (
        ["index.md", "a/one.md", "a/two.md", "b/one.md", "x/_sources/p.md", "a/.#one.md", "c/README.md"],
        ["a/t*", "b", "**/README.md", "none"],
        ["**"],
    ),
    "some taken in": (["index.md", "a/one.md", "a/two.md", "b/one.md"], ["a/one.md"], ["index.md", "a/*"]),
    "none taken in": (["index.md"], [], []),
    "one name of two files": (["index.md", "a/one.md", "a/one.rst"], [], ["**"]),
    "a name in two pieces": (["A\u0308.md", "e\u0301/o\u0308.md"], [], ["**"]),
}


@pytest.mark.parametrize("said", FOLDERS)
def test_the_pages_that_are_found_are_those_that_sphinx_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    # A build in this process has put ours in its place.
    monkeypatch.setattr(Project, "discover", vars(outdated)["_discover"])
    names, excluded, included = FOLDERS[said]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# P\n", encoding="utf-8")
    suffixes = {".rst": "restructuredtext", ".md": "markdown"}
    ours, stock = Project(tmp_path, suffixes), Project(tmp_path, suffixes)
    found = outdated.discover(ours, iter(excluded), iter(included))
    assert found == stock.discover(excluded, included)
    kept = pickle.loads(pickle.dumps(ours))  # as the environment keeps it
    asked = {*found, "a/one", "a/none", "b/one"}
    for project in (ours, kept):
        assert project.docnames == stock.docnames
        for docname in asked:
            for absolute in (False, True):
                assert project.doc2path(docname, absolute) == stock.doc2path(docname, absolute), docname
        for path in (*map(Path, names), *(tmp_path / name for name in names), Path("none.md")):
            assert project.path2doc(path) == stock.path2doc(path), path


def test_a_folder_that_is_a_link_to_one_above_is_passed_over(tmp_path: Path) -> None:
    for name in ("a/one.md", "elsewhere/two.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("# P\n", encoding="utf-8")
    source = tmp_path / "a"
    (source / "back").symlink_to(source, target_is_directory=True)
    (source / "other").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert outdated.discover(Project(source, {".md": "markdown"})) == {"one", "other/two"}
