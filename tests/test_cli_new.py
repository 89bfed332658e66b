"""``mlwatch new``, ``schema`` and ``completion``, and the hooks for pre-commit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml

from mlwatch.cli import commands, main
from mlwatch.core.entry_block import Option
from mlwatch.core.model import FIELDS
from mlwatch.core.options import build_entry
from mlwatch.core.schema import schema
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from tests.conftest import Markdown

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = read({})[0]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(project: Path, name: str, text: str) -> None:
    (project / "docs" / "entries" / f"{name}.md").write_text(text, encoding="utf-8")


# --- new ------------------------------------------------------------------------------------------------------


def test_new_writes_a_page_that_is_right_and_canonical(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "A *new* thing: [x]", "--url", "https://example.org/a", "--source", "Someone", "--date", "2021-09", "--star", "2",
        "--pick", "--keywords", "b;  a", "--paper", "[P](https://example.org/p)", "--added", "2022-01-02",
    ]  # fmt: skip
    assert main(["new", *arguments]) == 0
    assert capsys.readouterr().out == "docs/entries/2021/a-new-thing-x.md\n"
    assert (project / "docs/entries/2021/a-new-thing-x.md").read_text(encoding="utf-8") == (
        "# A \\*new\\* thing: \\[x\\]\n\n```{mlentry}\n:source: Someone\n:url: https://example.org/a\n:date: 2021-09\n"
        ":star: 2\n:pick:\n:keywords: b, a\n:paper: [P](https://example.org/p)\n:added: 2022-01-02\n```\n"
    )
    assert main(["check"]) == main(["fmt", "--check"]) == 0


def test_day_of_addition_is_today_unless_it_is_left_out(project: Path) -> None:
    today = date.today()  # noqa: DTZ011 - the day where the test runs
    assert main(["new", "One", "--source", "S"]) == main(["new", "Two", "--source", "S", "--no-added"]) == 0
    added = re.search(
        r":added: (\S+)\n", (project / "docs/entries/undated/one.md").read_text(encoding="utf-8")
    )
    assert added
    assert today <= date.fromisoformat(added[1]) <= date.today()  # noqa: DTZ011 - midnight may lie between
    assert ":added:" not in (project / "docs/entries/undated/two.md").read_text(encoding="utf-8")


def test_source_is_that_of_the_host_when_none_is_given(project: Path, md: Markdown) -> None:
    for number in range(3):
        source = "Usual" if number else "Other"
        put(project, f"e{number}", md(f"E{number}", source=source, url=f"https://www.example.org/{number}"))
    assert main(["new", "Known", "--url", "http://example.org/new"]) == 0
    assert ":source: Usual\n" in (project / "docs/entries/undated/known.md").read_text(encoding="utf-8")
    assert main(["new", "Unknown", "--url", "https://www.blog.example.com/new"]) == 0
    assert ":source: blog.example.com\n" in (project / "docs/entries/undated/unknown.md").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("title", "url"), [("Any", "http://www.example.org/a/?utm_source=x#y"), ("no  ADDRESS", None)]
)
def test_article_that_is_there_is_refused_and_its_page_named(
    project: Path, md: Markdown, title: str, url: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    put(project, "a", md("A", url="https://example.org/a"))
    put(project, "b", md("No address"))
    before = sorted(project.rglob("*.md"))
    assert main(["new", title, "--source", "Someone", *(["--url", url] if url else [])]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"docs/entries/{'a' if url else 'b'}.md:3" in captured.err
    assert sorted(project.rglob("*.md")) == before


def test_page_that_is_there_is_never_replaced(project: Path) -> None:
    folder = project / "docs" / "entries" / "undated"
    folder.mkdir()
    (project / "conf.py").write_text("exclude_patterns = ['**/title.md']\n", encoding="utf-8")
    (folder / "title.md").write_text("mine", encoding="utf-8")
    assert main(["new", "Title", "--source", "S", "--url", "https://example.org/t"]) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert re.fullmatch(r"title-[0-9a-f]{6}\.md", names[0])
    assert (folder / "title.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "TITLE"),
        (["T"], '"source" is missing'),
        ([" ", "--source", "S"], "the title is empty"),
        (["T", "--source", "S", "--date", "2021-13", "--url", "x"], "a year has 12 months"),
        (["T", "--source", "S", "--url", "example.org/a"], 'write "https://example.org/a"'),
        (["T", "--source", "S", "--kind", "artikle"], 'did you mean "article"?'),
        (["T", "--source", "S", "--nope"], "--nope"),
    ],
)
def test_wrong_use_writes_nothing(
    project: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert list((project / "docs" / "entries").iterdir()) == []


def test_folder_outside_the_sources_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "conf.py").write_text("mlwatch_entries = '../../x'\n", encoding="utf-8")
    assert main(["new", "T", "--source", "S"]) == 2
    assert "leads out of" in capsys.readouterr().err
    assert not (project.parent / "x").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is a shell script")
def test_editor_opens_the_page(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = project / "editor"
    editor.write_text('#!/bin/sh\necho "## Summary" >> "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    assert main(["new", "T", "--source", "S", "--edit"]) == 0
    assert (project / "docs/entries/undated/t.md").read_text(encoding="utf-8").endswith("## Summary\n")


# --- schema ---------------------------------------------------------------------------------------------------


def allows(rule: dict[str, Any], value: str) -> bool:
    """Tell whether the part of a schema that speaks of texts allows *value*."""
    if "enum" in rule:
        return value in rule["enum"]
    return "string" in rule["type"] and re.search(rule.get("pattern", ""), value) is not None


def test_schema_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == schema()
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(told["properties"]) == [field.name for field in FIELDS]
    assert told["required"] == ["source"]
    assert all(rule["description"] for rule in told["properties"].values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "2021-09-16"), ("date", "2021-W02"), ("date", "2021"), ("date", "2021-9"), ("date", "16.9.2021"), ("date", "2021-13"),
        ("added", "2021-09-16"), ("added", "2021-09"), ("url", "https://example.org/a"), ("url", "example.org"), ("url", "ftp://example.org"),
        ("star", ""), ("star", "3"), ("star", "4"), ("pick", "yes"), ("pick", "no"), ("pick", "maybe"), ("star", "yes"), ("kind", "paper"), ("kind", "papr"),
        ("lang", "pt-BR"), ("lang", "Chinese language"), ("order", "12"), ("order", "x"), ("order", "1234567"),
        ("paper", "[a](https://example.org/) https://example.org/b"), ("paper", "EfficientNet"), ("cite", "a2021, b:2022"), ("cite", "a{b"),
        ("digest", "ds-ml 2019-20"), ("digest", "ds-ml"), ("image", "[a](https://example.org/i.png)"), ("image", "none"),
        ("ignore", "no-lang, same-work"), ("ignore", "no-lnag"), ("source", "Any"), ("keywords", "a; b"), ("status", "read"), ("status", "x"),
    ],
)  # fmt: skip
def test_schema_allows_what_a_page_may_say(name: str, value: str) -> None:
    options = [Option("source", 1, "S")] if name != "source" else []
    _, notes = build_entry("", "", 1, "T", [*options, Option(name, 2, value)], SETTINGS)
    assert allows(schema()["properties"][name], value) == (not notes)


# --- completion and hooks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert f"_MLWATCH_COMPLETE={shell}_complete" in script
    assert main(["completion", "csh"]) == 2


def test_script_completes_commands_options_and_keywords(
    project: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, "a", md(keywords="vision, video, audio"))

    def completed(words: str, number: int) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", "from mlwatch.cli import main; main()"],
            env={"PYTHONPATH": str(ROOT / "_ext"), "_MLWATCH_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completed("mlwatch ke", 1) == ["keywords"]
    assert "--sort" in completed("mlwatch list --", 2)
    assert completed("mlwatch keywords rename vi", 3) == ["video", "vision"]


def test_hooks_call_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["mlwatch-check", "mlwatch-fmt"]
    for hook in hooks:
        program, name, *rest = hook["entry"].split()
        assert program == "mlwatch"
        command = commands.commands[name]
        files = [] if hook.get("pass_filenames") is False else [__file__]
        assert command.make_context(name, [*rest, *files], parent=click.Context(commands)).info_name == name
        assert re.search(hook["files"], "docs/entries/2021/a.md")
        assert not re.search(hook["files"], "docs/_static/site.css")


def test_bytes_that_are_no_text_make_no_traceback(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An argument that the system could not decode comes with lone surrogates."""
    assert main(["new", "A \udcff title", "--source", "S\udcff", "--keywords", "a\udcff"]) in (0, 2)
    assert main(["new", "T", "--source", "S", "--url", "https://example.org/\udcff"]) == 2
    assert main(["list", "\udcff", "or", "keyword:\udcff"]) == 0
    assert main(["list", "kind:\udcff"]) == 2
    assert main(["keywords", "rename", "a\udcff", "b\udcff"]) == 2
    for path in project.rglob("*.md"):
        path.read_text(encoding="utf-8")
    assert "Traceback" not in capsys.readouterr().err
