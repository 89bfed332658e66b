"""conf.py without Sphinx: found, run, and told of with its lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mlwatch.core.conf import ConfError, cache_path, find_project, setting_lines
from mlwatch.core.problems import Code


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def conf(folder: Path, text: str | bytes) -> Path:
    path = folder / "conf.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_conf_is_found_upwards_and_the_sources_beside_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf(project, "mlwatch_page_size = 7\nexclude_patterns = ['_build', '*.tmp']\n")
    (project / "refs.bib").write_text("", encoding="utf-8")
    monkeypatch.chdir(project / "docs" / "entries")
    found = find_project()
    assert (found.confdir, found.srcdir) == (project, project / "docs")
    assert found.settings.page_size == 7
    assert found.exclude == ("_build", "*.tmp")
    assert found.bibfiles == (project / "refs.bib",)
    assert found.problems == ()


def test_sources_are_beside_conf_where_there_is_no_docs_folder(tmp_path: Path) -> None:
    conf(tmp_path, "")
    assert find_project(tmp_path).srcdir == tmp_path


def test_folders_can_be_given(project: Path) -> None:
    conf(project, "")
    (project / "src").mkdir()
    assert find_project(project, project / "src").srcdir == project / "src"
    with pytest.raises(ConfError, match="nowhere"):
        find_project(project, project / "nowhere")


def test_bibtex_files_are_those_of_the_setting(project: Path) -> None:
    conf(project, "bibtex_bibfiles = ['a.bib', 'sub/b.bib']\n")
    assert find_project().bibfiles == (project / "a.bib", project / "sub" / "b.bib")


def test_missing_conf_is_told_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfError, match=r"no conf\.py in .*--conf FOLDER"):
        find_project()
    with pytest.raises(ConfError, match=r"conf\.py"):
        find_project(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("x = 1\n\ny = (\n", 3, "SyntaxError"),
        ("x = 1\nif x:\npass\n", 3, "IndentationError"),
        ("x = 1\n\nraise RuntimeError('on purpose')\n", 3, "RuntimeError: on purpose"),
        ("x = 1\nimport no_such_module_here\n", 2, "no_such_module_here"),
        ("def f():\n    return 1 / 0\n\n\nf()\n", 2, "ZeroDivisionError"),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit"),
        ("import json\n\njson.loads('{')\n", 3, "JSONDecodeError"),
        (b"x = 1\ny = '\xff'\n", 2, "UTF-8|utf-8"),
        (b"x = 1\n\0\n", None, "null byte"),
    ],
)
def test_conf_that_does_not_run_is_told_with_its_line(
    project: Path, text: str | bytes, line: int | None, told: str
) -> None:
    path = conf(project, text)
    before, search = Path.cwd(), list(sys.path)
    with pytest.raises(ConfError, match=told) as caught:
        find_project()
    assert str(caught.value).startswith(f"{path}:{line}:" if line else str(path))
    assert (Path.cwd(), sys.path) == (before, search)


def test_conf_runs_as_sphinx_runs_it(project: Path) -> None:
    """In its own folder, with its own file name, not as the main program, and with the tags of the build."""
    conf(
        project,
        "import os\nfrom pathlib import Path\n"
        "assert Path.cwd() == Path(__file__).parent\n"
        "assert __name__ != '__main__'\n"
        "mlwatch_page_size = 3 if tags.has('draft') else 4\n"
        "def setup(app):\n    raise RuntimeError\n",
    )
    assert find_project().settings.page_size == 4
    assert Path.cwd() == project


def test_what_conf_does_to_the_search_path_does_not_stay(project: Path) -> None:
    conf(project, "import sys\nsys.path.insert(0, 'nowhere')\n")
    before = list(sys.path)
    find_project()
    assert sys.path == before


def test_every_mistake_is_told_at_the_line_of_its_setting(project: Path) -> None:
    path = conf(
        project,
        "mlwatch_weeks = 'eu'\n"
        "\n"
        "mlwatch_series = {\n"
        "    'a': {'period': 'weekly'},\n"
        "    'B': {'period': 'week'},\n"
        "}\n"
        "mlwatch_page_sise: int = 3\n"
        "mlwatch_last_changed = mlwatch_page_size = 'x'\n",
    )
    found = find_project()
    assert sorted((p.path, p.line, p.code) for p in found.problems) == [
        (str(path), line, Code.CONFIG) for line in (1, 3, 3, 7, 8, 8)
    ]


def test_setting_that_is_not_assigned_by_name_is_told_at_the_first_line(project: Path) -> None:
    path = conf(project, "x = 1\nglobals()['mlwatch_weeks'] = 'eu'\n")
    assert [(p.path, p.line) for p in find_project().problems] == [(str(path), 1)]


def test_lines_are_those_of_the_first_assignment(tmp_path: Path) -> None:
    path = conf(tmp_path, "'''a = 0'''\nb = a = 1\n\nif b:\n    c: int = 2\na = 3\nfor d in (): pass\n")
    assert setting_lines(path) == {"b": 2, "a": 2, "c": 5, "d": 7}


@pytest.mark.parametrize("value", ["5", "None", "'refs.bib'", "[5]", "{}"])
@pytest.mark.parametrize("name", ["bibtex_bibfiles", "exclude_patterns"])
def test_settings_of_others_may_be_wrong_too(project: Path, name: str, value: str) -> None:
    """Sphinx says what is wrong with them; here nothing breaks."""
    conf(project, f"{name} = {value}\n")
    found = find_project()
    found.load()
    assert all(file.suffix == ".bib" or value == "[5]" for file in found.bibfiles)


def test_every_source_folder_has_a_cache_of_its_own(tmp_path: Path) -> None:
    one, other = cache_path(tmp_path, tmp_path / "a"), cache_path(tmp_path, tmp_path / "b")
    assert one is not None
    assert other is not None
    assert one.parent != other.parent
    assert one.parent.parent == other.parent.parent
    assert cache_path(tmp_path, Path(os.path.relpath(tmp_path / "a"))) == one
