"""The guide: its examples build as they stand, and its reference says what the code says.

In ``docs/guide/*.md``, a ``{code-block}`` whose caption is a file's path is an example: the blocks of one page make up
one small project. A block for ``conf.py`` is added to the settings, unless it names the extensions itself; a block for a
file that the page has given before starts a further build. A block with the caption ``mlwatch check`` is what the command
prints at that point; the pages that it names are then taken away.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from docutils import nodes

from mlwatch.cli import commands
from mlwatch.core.criteria import CRITERIA
from mlwatch.core.filters import ORDERS
from mlwatch.core.model import FIELDS
from mlwatch.core.problems import Code, Remark
from mlwatch.core.settings import PERIODS, SETTINGS, TITLE_NAMES, read
from mlwatch.parts import reference
from mlwatch.parts.domain import ROLES

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
_BLOCK = re.compile(r"^(`{3,})\{code-block\} \w+\n:caption: ([^\n]+)\n\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
_SERIES = {"ds-ml": {"period": "number", "name": "DS/ML digest", "title": "{year} DS/ML digest {number}"}}
_CONF = f'extensions = ["mlwatch"]\nmlwatch_series = {_SERIES!r}\n'
_INDEX = "# Test\n\n```{toctree}\n:glob:\n*\n```\n"


class Example(NamedTuple):
    name: str
    text: str


def examples(page: str) -> list[Example]:
    return [
        Example(name, text) for _, name, text in _BLOCK.findall((GUIDE / page).read_text(encoding="utf-8"))
    ]


PAGES = sorted(path.name for path in GUIDE.glob("*.md") if examples(path.name))


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def build(folder: Path, builder: str = "html", source: str = "docs") -> Path:
    out = folder / "_build" / builder
    done = run(
        "sphinx",
        "-b",
        builder,
        "-W",
        "--keep-going",
        "-q",
        "-c",
        ".",
        "-d",
        f"_build/doctrees-{builder}",
        source,
        out,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return out


def write(folder: Path, example: Example) -> None:
    path = folder / example.name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = example.text
    if path.name == "conf.py" and path.exists() and "extensions = " not in text:
        text = path.read_text(encoding="utf-8") + text
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write(folder, Example("conf.py", _CONF))
    write(folder, Example("docs/index.md", _INDEX))
    write(folder, Example("docs/start.md", "---\norphan: true\n---\n# Start\n"))
    return folder


def test_guide_has_examples():
    assert {"add-an-entry.md", "digests.md", "citations.md", "references.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_examples_of_a_page_build_without_a_warning(page, project):
    given: set[str] = set()
    others: list[Example] = []
    for example in examples(page):
        if example.name.split("/")[0] in ("other", "third"):
            others.append(example)
        elif example.name == "mlwatch check":
            done = run("mlwatch", "check", cwd=project)
            assert done.stdout == example.text
            for name in {line.partition(":")[0] for line in done.stdout.splitlines()}:
                (project / name).unlink()
        else:
            if example.name in given:
                build(project)
            given.add(example.name)
            write(project, example)
    out = build(project)
    for example in others:
        found = f"{str(out / 'objects.inv')!r}"
        write(project, Example(example.name, example.text.replace("None", found)))
    for name in dict.fromkeys(example.name.split("/")[0] for example in others):
        html = build(project / name, source=".") / "index.html"
        assert "https://news.example.org/entries/" in html.read_text(encoding="utf-8")


def test_every_code_has_a_meaning():
    assert all(code.meaning.endswith(".") for code in Code)


def test_every_role_says_what_it_names():
    assert tuple(reference.TARGETS) == ROLES


def test_every_option_of_a_series_is_told_and_known():
    options: dict[str, object] = {
        name: "number" if name == "period" else "" for name in reference.SERIES_OPTIONS
    } | {"sections": {}}
    assert not read({"mlwatch_series": {"x": options}})[1]
    wrong = read({"mlwatch_series": {"x": {**options, "nothing-like-it": ""}}})[1]
    assert len(wrong) == 1
    from mlwatch.core.settings import _SERIES_KEYS

    assert set(reference.SERIES_OPTIONS) == set(_SERIES_KEYS)


@pytest.mark.parametrize("period", PERIODS)
def test_title_names_are_those_that_a_series_accepts(period):
    names = reference.title_names(period)
    assert {"id", "name", "year"} <= set(names) <= set(TITLE_NAMES)
    title = " ".join(f"{{{name}}}" for name in names)
    assert not read({"mlwatch_series": {"x": {"period": period, "title": title}}})[1]


def test_backticks_become_literals():
    made = reference.words("a `b` c")
    assert [(type(node), node.astext()) for node in made] == [
        (nodes.Text, "a "),
        (nodes.literal, "b"),
        (nodes.Text, " c"),
    ]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    write(folder, Example("conf.py", _CONF))
    parts = "\n".join(f"## {name}\n\n```{{mlreference}} {name}\n```\n" for name in reference.PARTS)
    write(folder, Example("docs/index.md", f"# Reference\n\n{parts}"))
    return folder


def test_reference_holds_all_that_the_code_declares(everything):
    text = (build(everything, "text") / "index.txt").read_text(encoding="utf-8")
    flat = " ".join(text.split())
    for name in (
        *(field.name for field in FIELDS),
        *(setting.name for setting in SETTINGS),
        *Code,
        *Remark,
        *CRITERIA,
        *ORDERS,
    ):
        assert f'"{name}"' in text
    assert "`" not in text
    for name, command in commands.commands.items():
        assert f"mlwatch {name}" in text
        assert " ".join((command.help or "").split("\n\n")[0].split()) in flat
        context = click.Context(command, info_name=name)
        for parameter in command.get_params(context):
            argument = isinstance(parameter, click.Argument)
            assert (parameter.make_metavar(context) if argument else parameter.opts[0]) in text
    assert "mlwatch keywords rename [OPTIONS] OLD NEW" in text


@pytest.mark.parametrize("builder", ["html", "latex", "gettext", "pseudoxml"])
def test_reference_builds_in_every_form(everything, builder):
    build(everything, builder)


def test_reference_has_anchors_and_messages_to_translate(everything):
    html = (build(everything) / "index.html").read_text(encoding="utf-8")
    for anchor in ("mlentry-date", "setting-mlwatch-weeks", "problem-bad-date", "command-mlwatch-check"):
        assert html.count(f'id="{anchor}"') == 1
    catalogue = (build(everything, "gettext") / "index.pot").read_text(encoding="utf-8")
    assert "What it is; `article` when not given." in catalogue


def test_unknown_part_is_a_warning_with_the_nearest_name(project):
    write(project, Example("docs/page.md", "# Page\n\n```{mlreference} optons\n```\n"))
    done = run("sphinx", "-q", "-c", ".", "docs", "_build", cwd=project)
    assert (
        'page.md:3: WARNING: mlreference cannot write "optons" (did you mean "options"?) [mlwatch.reference]'
        in done.stderr
    )
