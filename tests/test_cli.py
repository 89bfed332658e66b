"""The command ``mlwatch`` as a person runs it: what it prints, how it ends, what it loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from mlwatch.core.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Markdown

CONF = """\
exclude_patterns = ["drafts"]
mlwatch_series = {
    "ds-ml": {"period": "number", "title": "{year} digest {number}"},
    "monthly": {"period": "month"},
}
"""
BIB = "@misc{tan2021,\n  title = {EfficientNetV2},\n  author = {Tan, M.},\n  year = {2021},\n}\n"


class Run(Protocol):
    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(project: Path) -> Run:
    """Run ``mlwatch`` in the project's folder; what it says must never be a traceback."""

    def run_mlwatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "mlwatch", *arguments],
            cwd=project,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "PYTHONUTF8": "1", **environment},
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run_mlwatch


def put(project: Path, pages: Mapping[str, str]) -> None:
    for name, text in pages.items():
        path = project / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# --- check ----------------------------------------------------------------------------------------------------


def test_check_of_a_clean_collection_ends_with_0_and_prints_nothing(
    project: Path, run: Run, md: Markdown
) -> None:
    put(project, {"entries/a.md": md(cite="tan2021", digest="ds-ml 2021-1"), "entries/b.md": md()})
    done = run("check")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "2 entries, no problems\n"


def test_check_prints_each_problem_with_its_place_and_ends_with_1(
    project: Path, run: Run, md: Markdown
) -> None:
    put(
        project,
        {
            "entries/a.md": md(date="soon", url="nowhere"),
            "entries/b.md": md(kind="artcle"),
            "drafts/c.md": md(kind="draft"),
        },
    )
    (project / "refs.bib").write_text(BIB + BIB, encoding="utf-8")
    done = run("check")
    assert done.returncode == 1
    places = [line.split(": ", 2) for line in done.stdout.splitlines()]
    assert [(place, code) for place, code, _ in places] == [
        ("docs/entries/a.md:5", "bad-date"),
        ("docs/entries/a.md:6", "bad-url"),
        ("docs/entries/b.md:5", "bad-value"),
        ("refs.bib:6", "bib-repeated"),
    ]
    assert '(did you mean "article"?)' in places[2][2]
    assert done.stderr == "2 entries, 4 problems, 1 remark (1 not shown; --all shows them)\n"


def test_check_as_json_says_the_same(project: Path, run: Run, md: Markdown) -> None:
    put(project, {"entries/a.md": md("深度学习", lang="zh", date="近日"), "entries/b.md": "# B\n"})
    text, as_json = run("check"), run("check", "--format", "json")
    problems = json.loads(as_json.stdout)
    assert as_json.returncode == text.returncode == 1
    assert [list(problem) for problem in problems] == [["path", "line", "code", "message", "level"]] * 2
    lines = ["{path}:{line}: {code}: {message}".format_map(problem) for problem in problems]
    assert lines == text.stdout.splitlines()
    assert json.loads(run("check", "--format=json").stdout) == problems


def test_check_as_json_of_a_clean_collection_is_an_empty_list(project: Path, run: Run) -> None:
    assert json.loads(run("check", "--format", "json").stdout) == []


def test_check_tells_every_mistake_in_the_settings_with_its_line(project: Path, run: Run) -> None:
    (project / "conf.py").write_text("mlwatch_weeks = 'eu'\nmlwatch_pagesize = 5\n", encoding="utf-8")
    done = run("check")
    assert done.returncode == 1
    assert [line.split(": ")[:2] for line in done.stdout.splitlines()] == [
        ["conf.py:1", "config"],
        ["conf.py:2", "config"],
    ]


def test_paths_are_those_that_the_working_folder_needs(
    project: Path, run: Run, md: Markdown, tmp_path: Path
) -> None:
    put(project, {"entries/a.md": md(date="soon")})
    done = subprocess.run(
        [sys.executable, "-m", "mlwatch", "check"],
        cwd=project / "docs" / "entries",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("a.md:5: bad-date: ")


def test_project_elsewhere_can_be_given(project: Path, run: Run, md: Markdown, tmp_path: Path) -> None:
    other = tmp_path / "other"
    put(other, {"a.md": md(star="9")})
    done = run("--source", str(other / "docs"), "check")
    assert done.stdout.startswith("other/docs/a.md:5: bad-value: ")
    (other / "conf.py").write_text("", encoding="utf-8")
    assert run("--conf", "other", "check").stdout == done.stdout


@pytest.mark.parametrize(
    "content", [b"# T\n\xff\n", b"# T\n\0\n", b"---\na: &a 1\nb: *a\n---\n", b"x" * 5_000_000]
)
def test_check_survives_pages_that_cannot_be_read(
    project: Path, run: Run, md: Markdown, content: bytes
) -> None:
    put(project, {"entries/good.md": md()})
    (project / "docs" / "entries" / "bad.md").write_bytes(content)
    done = run("check")
    assert done.returncode == 1
    assert done.stdout.startswith("docs/entries/bad.md:")
    assert done.stdout.count("\n") == 1
    assert json.loads(run("list", "--json").stdout)[0]["docname"] == "entries/good"


# --- list -----------------------------------------------------------------------------------------------------


def test_list_as_json_has_every_field_of_every_entry(project: Path, run: Run, md: Markdown) -> None:
    page = md(
        "深度 *Learning*",
        source="OpenAI",
        url="https://example.org/a",
        date="2021-09",
        star="2",
        pick="",
        keywords="NLP; C++",
        paper="[P](https://example.org/p) https://example.org/q",
        code="https://example.org/c",
        link="https://example.org/l",
        cite="tan2021",
        digest="ds-ml 2021-3",
        alt_title="Deep learning",
        image="[Picture](https://example.org/i.png)",
        order="4",
        added="2021-10-01",
        body="## Summary\n\nShort.\n",
    )
    put(project, {"entries/2021/a.md": page})
    (entry,) = json.loads(run("list", "--json").stdout)
    assert set(entry) == {"title", "docname", "links", "digests", "topics", "summary", "comment"} | {
        f.name for f in FIELDS
    }
    assert entry["docname"] == "entries/2021/a"
    assert entry["title"] == "深度 Learning"
    assert (entry["source"], entry["url"], entry["date"]) == ("OpenAI", "https://example.org/a", "2021-09")
    assert (entry["star"], entry["pick"], entry["order"], entry["kind"]) == (2, True, 4, "article")
    assert (entry["keywords"], entry["cite"], entry["authors"]) == (["NLP", "C++"], ["tan2021"], [])
    assert entry["links"] == [
        {"rel": "paper", "label": "P", "url": "https://example.org/p"},
        {"rel": "paper", "label": "", "url": "https://example.org/q"},
        {"rel": "code", "label": "", "url": "https://example.org/c"},
        {"rel": "link", "label": "", "url": "https://example.org/l"},
    ]
    assert entry["digests"] == ["ds-ml 2021-03", "monthly 2021-09"]
    assert entry["digest"] == ["ds-ml 2021-3"]
    assert (entry["alt-title"], entry["added"], entry["lang"]) == ("Deep learning", "2021-10-01", None)
    assert entry["image"] == {"label": "Picture", "url": "https://example.org/i.png"}
    assert (entry["summary"], entry["comment"]) == ("Short.", None)


def test_list_is_the_same_whatever_the_hash_seed_the_cache_and_the_order_of_files(
    project: Path, run: Run, md: Markdown
) -> None:
    pages = {
        f"entries/{name}.md": md(
            name, keywords="z, a, m", cite="tan2021", digest="ds-ml 2021-2, monthly 2021-01"
        )
        for name in ("b", "a/z", "a", "c", "B")
    }
    put(project, pages)
    outputs = [run("list", "--json", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "4711")]
    for name in reversed(pages):
        (project / "docs" / name).unlink()
        put(project, {name: pages[name]})
    outputs.append(run("list", "--json", PYTHONHASHSEED="2").stdout)
    assert len(set(outputs)) == 1
    assert [entry["docname"] for entry in json.loads(outputs[0])] == sorted(name[:-3] for name in pages)


def test_list_prints_a_line_for_each_entry(project: Path, run: Run, md: Markdown) -> None:
    put(project, {"entries/a.md": md("Title", source="OpenAI", date="2021-09"), "entries/b.md": md("B")})
    assert run("list").stdout.splitlines() == ["entries/a\t2021-09\tOpenAI\tTitle", "entries/b\t\tSomeone\tB"]


def test_list_of_an_empty_collection(project: Path, run: Run) -> None:
    assert json.loads(run("list", "--json").stdout) == []
    assert run("list").stdout == ""


def test_entries_with_problems_are_listed_too(project: Path, run: Run, md: Markdown) -> None:
    put(project, {"entries/a.md": md(date="soon", digest="nope 1")})
    done = run("list", "--json")
    (entry,) = json.loads(done.stdout)
    assert (done.returncode, entry["date"], entry["digests"]) == (0, None, [])


def test_what_conf_prints_does_not_get_into_the_json(project: Path, run: Run) -> None:
    (project / "conf.py").write_text("print('building for the web')\n", encoding="utf-8")
    assert json.loads(run("list", "--json").stdout) == []


# --- Wrong use ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--nope"], "--nope"),
        (["nope"], "nope"),
        (["check", "--nope"], "--nope"),
        (["check", "--format", "xml"], "xml"),
        (["check", "extra"], "extra"),
        (["--conf", "nowhere", "check"], "nowhere"),
        (["--source", "nowhere", "check"], "nowhere"),
        (["--conf", "docs", "check"], "conf.py"),
        ([], "Usage"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(run: Run, arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize(
    ("conf", "told"),
    [
        ("x = (", "conf.py:1: SyntaxError"),
        ("x = 1\nraise ValueError('no')", "conf.py:2: ValueError: no"),
        ("import sys\nsys.exit('stop')", "conf.py:2: SystemExit: stop"),
        ("def f(): return f()\n\nf()", "conf.py:1: RecursionError"),
    ],
)
@pytest.mark.parametrize("command", ["check", "list"])
def test_conf_that_does_not_run_ends_with_2_and_its_line(
    project: Path, run: Run, command: str, conf: str, told: str
) -> None:
    (project / "conf.py").write_text(conf, encoding="utf-8")
    done = run(command)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize(
    "conf",
    [
        "bibtex_bibfiles = 5",
        "bibtex_bibfiles = ['nowhere.bib', '.']",
        "exclude_patterns = ['[', '[]', '[!]', '[!a]', 5]",
        "exclude_patterns = ['[z-a]']",
        "mlwatch_series = {'a': {'period': 'week', 'sections': {'p': {'title': 'P', 'kinds': 5}}}}",
        "mlwatch_source_aliases = {'A': 5}",
        "mlwatch_entries = '../..'",
    ],
)
def test_odd_settings_make_no_traceback(project: Path, run: Run, md: Markdown, conf: str) -> None:
    (project / "conf.py").write_text(conf, encoding="utf-8")
    put(project, {"entries/a.md": md()})
    assert run("check").returncode in (0, 1, 2)


def test_project_without_conf_ends_with_2(project: Path, run: Run) -> None:
    (project / "conf.py").unlink()
    done = run("check")
    assert done.returncode == 2
    assert "--conf FOLDER" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "--json"], ["check"], ["check", "--format", "json"]]
)
def test_reader_that_goes_away_is_no_error_to_talk_about(
    project: Path, md: Markdown, arguments: list[str]
) -> None:
    put(project, {f"entries/{i:03}.md": md("Title " * 200, kind="nonsense") for i in range(300)})
    process = subprocess.Popen(
        [sys.executable, "-m", "mlwatch", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) in (0, 1)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["check"]])
def test_terminal_that_cannot_show_a_title_still_gets_the_rest(
    project: Path, run: Run, md: Markdown, encoding: str, arguments: list[str]
) -> None:
    put(project, {"entries/a.md": md("深度学习 😀", kind="文章"), "entries/b.md": md("Plain", kind="odd")})
    done = run(*arguments, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == (1 if arguments == ["check"] else 0)
    assert "entries/b" in done.stdout
    if "--json" in arguments:
        assert [entry["title"] for entry in json.loads(done.stdout)] == ["深度学习 😀", "Plain"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_name_of_a_file_that_is_no_unicode_can_be_told(project: Path, run: Run, md: Markdown) -> None:
    path = os.fsencode(project / "docs" / "entries") + b"/\xff.md"
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name in bytes
        file.write(md(kind="odd"))
    assert run("check").returncode == 1
    assert run("list", "--json").returncode == 0


def test_collection_can_be_checked_where_nothing_can_be_kept(
    project: Path,
    run: Run,
    md: Markdown,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(project, {"entries/a.md": md()})
    in_the_way = tmp_path_factory.mktemp("cache") / "file"
    in_the_way.write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("MLWATCH_CACHE_DIR", str(in_the_way))
    assert run("check").returncode == 0


# --- What it loads --------------------------------------------------------------------------------------------

HEAVY = {"sphinx", "docutils", "myst_parser", "yaml", "pybtex", "markdown_it", "httpx", "rich", "asyncio"}


def loaded(project: Path, *arguments: str) -> set[str]:
    """Return the top-level modules that the command loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mlwatch", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"]])
def test_help_loads_next_to_nothing(project: Path, arguments: list[str]) -> None:
    names = loaded(project, *arguments)
    assert "mlwatch" in names
    assert names & HEAVY == set()


def test_check_loads_neither_sphinx_nor_docutils(project: Path, md: Markdown) -> None:
    put(project, {"entries/a.md": md("A *title*", cite="tan2021")})
    assert loaded(project, "check") & {"sphinx", "docutils", "myst_parser"} == set()


def test_help_names_every_command_and_version_the_version(run: Run) -> None:
    from mlwatch import __version__

    done = run("--help")
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("check", "list", "--conf", "--source"))
    assert __version__ in run("--version").stdout
