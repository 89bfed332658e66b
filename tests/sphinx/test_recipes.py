"""The steps of ``docs/guide/inside.md`` for whoever changes the code, applied to a copy of the package as they are written."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, NamedTuple

import pytest

import mlwatch

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.slow

PACKAGE = Path(mlwatch.__file__).parent
GUIDE = PACKAGE.parents[1] / "docs" / "guide" / "inside.md"
_SECTION = r"^## {}\n(.*?)(?=^## |\Z)"
_STEP = re.compile(r"^( *)```python\n\1# (\S+), (in|before) (\w+)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)

CONF = 'extensions = ["mlwatch"]\nhtml_theme = "basic"\nmlwatch_last_changed = False\nmlwatch_search = "sphinx"\n'
INDEX = """# Test

```{toctree}
:glob:
:hidden:

entries/**
```

```{mlreference} options
```

```{mlreference} problems
```

```{mlreference} filters
```
"""


class Step(NamedTuple):
    file: str
    where: str
    name: str
    code: str


def steps(section: str) -> list[Step]:
    """Return the steps of a *section* of the guide."""
    found = re.search(
        _SECTION.format(re.escape(section)), GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found, f"the guide has no section {section!r}"
    return [Step(file, where, name, dedent(code)) for _, file, where, name, code in _STEP.findall(found[1])]


def apply(step: Step, package: Path) -> None:
    """Put the code of *step* where it says; an item of a tuple or a dictionary gets its comma."""
    path = package / step.file
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    named = next(node for node in tree.body if step.name in _names(node))
    code = step.code
    if isinstance(getattr(named, "value", None), (ast.Tuple, ast.Dict)) and step.where == "in":
        code = f"{code.rstrip().removesuffix(',')},\n"
    line, column = (named.lineno - 1, 0) if step.where == "before" else _end(named)
    lines = text.splitlines(keepends=True)
    lines.insert(line, indent(code, " " * column) + ("\n\n" if step.where == "before" else ""))
    path.write_text("".join(lines), encoding="utf-8")


def _names(node: ast.stmt) -> Iterable[str]:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [getattr(node, "name", ""), *(target.id for target in targets if isinstance(target, ast.Name))]


def _end(node: ast.stmt) -> tuple[int, int]:
    """Return the index of the line before which something is at the end of *node*, and its column."""
    assert node.end_lineno is not None
    if isinstance(node, ast.FunctionDef):
        last = node.body[-1]
        return (last.lineno - 1 if isinstance(last, ast.Return) else node.end_lineno), last.col_offset
    if isinstance(node, ast.ClassDef):
        values = [one for one in node.body if isinstance(one, (ast.Assign, ast.AnnAssign))]
        assert values[-1].end_lineno is not None
        return values[-1].end_lineno, 4
    return node.end_lineno - 1, 4


class Copy(NamedTuple):
    """A copy of the package, and a project that is built with it."""

    package: Path
    project: Path

    def run(self, *arguments: str, succeeds: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.project, env={**os.environ, "PYTHONPATH": str(self.package.parent)},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert (done.returncode == 0) == succeeds, done.stdout + done.stderr
        return done

    def build(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.run("sphinx", "-q", "-b", "html", "-c", ".", *options, "docs", "_build/html")

    def html(self, name: str) -> str:
        return (self.project / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")

    def page(self, title: str, *options: str) -> Path:
        path = self.project / "docs" / "entries" / "a.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"# {title}", "", "```{mlentry}", ":source: Someone", *options, "```", ""]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    package, project = tmp_path / "code" / "mlwatch", tmp_path / "project"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "docs").mkdir(parents=True)
    (project / "conf.py").write_text(CONF, encoding="utf-8")
    (project / "docs" / "index.md").write_text(INDEX, encoding="utf-8")
    return Copy(package, project)


def test_an_option_is_added_by_the_steps_of_the_guide(copy: Copy) -> None:
    taken = steps("Add an option to `mlentry`")
    assert [step.file for step in taken[:3]] == ["core/model.py", "core/model.py", "parts/entry.py"]
    for step in taken[:3]:
        apply(step, copy.package)
    page = copy.page("A", ":audience: Beginners & others")
    assert copy.run("mlwatch", "check").stdout == ""
    (listed,) = json.loads(copy.run("mlwatch", "list", "--json", "audience:beginners").stdout)
    assert listed["audience"] == "Beginners & others"
    assert json.loads(copy.run("mlwatch", "list", "--json", "not has:audience").stdout) == []
    assert "audience" in json.loads(copy.run("mlwatch", "schema").stdout)["properties"]
    copy.run("mlwatch", "new", "Another", "--source", "S", "--audience", "Experts", "--no-added")
    (made,) = (copy.project / "docs" / "entries" / "undated").glob("*.md")
    assert ":audience: Experts\n" in made.read_text(encoding="utf-8")
    page.write_text(
        page.read_text(encoding="utf-8").replace(":audience: ", ":audience:    "), encoding="utf-8"
    )
    copy.run("mlwatch", "fmt")
    assert ":audience: Beginners & others\n" in page.read_text(encoding="utf-8")
    copy.build("-W")
    assert "Beginners &amp; others" in copy.html("entries/a")
    assert "Whom it is written for." in copy.html("index")
    assert "audience:beginners" in copy.html("index")


def test_what_is_exported_of_a_new_option_is_imported_again(copy: Copy) -> None:
    for step in steps("Add an option to `mlentry`")[:2]:
        apply(step, copy.package)
    page = copy.page("A", ":audience: Experts")
    for name, file in (("jsonl", "a.jsonl"), ("csv", "a.csv"), ("sqlite", "a.db")):
        copy.run("mlwatch", "export", name, "--output", file)
    assert b"Experts" in (copy.project / "a.db").read_bytes()
    copy.page("A")
    for file in ("a.jsonl", "a.csv"):
        copy.run("mlwatch", "import", file)
        assert ":audience: Experts\n" in page.read_text(encoding="utf-8")
        copy.page("A")


def test_a_new_kind_of_link_needs_its_declaration_alone(copy: Copy) -> None:
    declared = steps("Add an option to `mlentry`")[0]
    code = 'Field("poster", Form.LINKS, "Posters.", example="poster:example.org"),\n'
    apply(declared._replace(code=code), copy.package)
    copy.page("A", ":poster: [P](https://example.org/p)")
    assert copy.run("mlwatch", "check").stdout == ""
    assert len(json.loads(copy.run("mlwatch", "list", "--json", "poster:example.org").stdout)) == 1
    copy.build("-W")
    assert 'href="https://example.org/p"' in copy.html("entries/a")


def test_a_form_of_value_is_added_by_the_steps_of_the_guide(copy: Copy) -> None:
    taken = steps("Add an option to `mlentry`")
    assert len(taken) == 6
    for step in taken[3:]:
        apply(step, copy.package)
    apply(taken[0]._replace(code='Field("release", Form.VERSION, "The version."),\n'), copy.package)
    apply(taken[1]._replace(code='release: str = ""\n'), copy.package)
    page = copy.page("A", ":release: 1.2")
    assert copy.run("mlwatch", "check").stdout == ""
    assert len(json.loads(copy.run("mlwatch", "list", "--json", "release:1.2").stdout)) == 1
    copy.run("mlwatch", "fmt", "--check")
    assert "release" in json.loads(copy.run("mlwatch", "schema").stdout)["properties"]
    copy.build("-W")
    assert "version, such as 1.2" in copy.html("index")
    page.write_text(page.read_text(encoding="utf-8").replace("1.2", "newest"), encoding="utf-8")
    told = copy.run("mlwatch", "check", succeeds=False).stdout
    assert (
        told
        == 'docs/entries/a.md:5: bad-value: option "release": "newest" is not a version; write it as 1.2\n'
    )


def test_a_problem_code_is_added_by_the_steps_of_the_guide(copy: Copy) -> None:
    taken = steps("Add a problem code")
    assert [step.file for step in taken] == ["core/problems.py", "core/options.py"]
    for step in taken:
        apply(step, copy.package)
    copy.page("BREAKING NEWS")
    told = 'the title "BREAKING NEWS" is in capital letters only; write it as a sentence'
    assert copy.run("mlwatch", "check", succeeds=False).stdout == f"docs/entries/a.md:3: shouting: {told}\n"
    assert f"entries/a.md:3: WARNING: {told} [mlwatch.shouting]" in copy.build().stderr
    assert "A title is in capital letters only." in copy.html("index")
    assert 'id="problem-shouting"' in copy.html("index")
