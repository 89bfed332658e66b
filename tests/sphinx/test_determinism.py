"""One commit gives the same bytes wherever it is built; "last changed" comes from Git, and only where Git knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from .conftest import Build

ROOT: Final = Path(__file__).parents[2]
CONF: Final = """\
project = "Tiny watch"
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
html_sidebars = {"**": ["mlwatch-nav.html"]}
html_theme_options = {"article_footer_items": ["mlwatch-changed.html"]}
mlwatch_series = {"ds-ml": {"period": "number"}, "monthly": {"period": "month"}}
"""


def entry(title: str, *options: str) -> str:
    return "\n".join(
        [f"# {title}", "", "```{mlentry}", ":source: Someone", *options, "```", "", "Words.", ""]
    )


PAGES: Final = {
    "conf.py": CONF,
    "refs.bib": "@misc{a2020,\n  title = {A},\n  author = {Doe, Jane},\n  year = {2020},\n}\n",
    "docs/index.md": "# Front\n\n```{toctree}\ndigests/index\nyears/index\nkeywords/index\nbibliography\n```\n",
    "docs/bibliography.md": "# Bibliography\n\n```{bibliography}\n:all:\n```\n",
    "docs/entries/a.md": entry("First", ":date: 2021-09", ":keywords: C++, 机器学习", ":cite: a2020"),
    "docs/entries/题目.md": entry("题目", ":lang: zh", ":keywords: C++, 深度学习", ":digest: ds-ml 2"),
}
DAYS: Final = ("2020-02-03", "2021-06-07", "2022-10-11")


def git(folder: Path, *arguments: str, day: str = DAYS[0]) -> None:
    """Run Git without the user's settings; commits are of *day*."""
    stamp = f"{day}T12:00:00+0000"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_DATE": stamp,
    }
    someone = ("-c", "user.name=Someone", "-c", "user.email=someone@example.org")
    subprocess.run(
        ["git", *someone, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        timeout=60,
    )


def build(folder: Path, builder: str = "html", **environment: str) -> Path:
    """Build the project in *folder* and return its output."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder),
            *("-c", ".", "-d", f"_build/doctrees/{builder}", "docs", f"_build/{builder}"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "_build" / builder


def changed(site: Path) -> dict[str, str]:
    """Return the pages that say when they were last changed, with what they say."""
    found = {}
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for shown in soup.select(".mlw-changed span"):
            found[path.relative_to(site).as_posix()] = shown.get_text()
    return found


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository in which pages were changed on several days."""
    folder = tmp_path_factory.mktemp("origin")
    git(folder, "init", "-q", "-b", "main")
    for name, text in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All")
    (folder / "docs/entries/题目.md").write_text(PAGES["docs/entries/题目.md"] + "More.\n", encoding="utf-8")
    git(folder, "commit", "-q", "-a", "-m", "One page", day=DAYS[1])
    (folder / "conf.py").write_text(CONF + "html_title = 'Watch'\n", encoding="utf-8")
    git(folder, "commit", "-q", "-a", "-m", "No page", day=DAYS[2])
    return folder


def clone(origin: Path, folder: Path, *options: str) -> Path:
    git(folder.parent, "clone", "-q", *options, origin.as_uri(), str(folder))
    return folder


@pytest.fixture(scope="module")
def site(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(clone(origin, tmp_path_factory.mktemp("clone") / "one"), PYTHONHASHSEED="1")


def files(folder: Path) -> dict[str, bytes]:
    """Return all files but Sphinx's note on its settings, in which the folders of extensions count."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def test_one_commit_gives_the_same_bytes_in_any_folder_at_any_time(
    origin: Path, site: Path, tmp_path: Path
) -> None:
    deep = tmp_path / "another folder" / "deeper"
    deep.mkdir(parents=True)
    other = build(
        clone(origin, deep / "clone"), PYTHONHASHSEED="7", TZ="Pacific/Kiritimati", LC_ALL="C", USER="other"
    )
    one, two = files(site), files(other)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert "entries/题目.html" in one


def test_output_names_no_folder_of_the_machine(site: Path) -> None:
    folder = os.fsencode(site.parents[1])
    assert [name for name, data in files(site).items() if folder in data] == []


@pytest.mark.parametrize("builder", ["latex", "text", "gettext"])
def test_other_builders_give_the_same_bytes_with_the_same_epoch(
    origin: Path, tmp_path: Path, builder: str
) -> None:
    made = [
        files(build(clone(origin, tmp_path / name), builder, SOURCE_DATE_EPOCH="1600000000", TZ=zone))
        for name, zone in (("a", "UTC"), ("b", "Pacific/Kiritimati"))
    ]
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


def test_last_changed_is_the_day_of_the_last_commit_that_changed_the_page(site: Path) -> None:
    found = changed(site)
    assert {name: text for name, text in found.items() if "/" not in name or name.startswith("entries/")} == {
        "index.html": f"Last changed on {DAYS[0]}",
        "bibliography.html": f"Last changed on {DAYS[0]}",
        "entries/a.html": f"Last changed on {DAYS[0]}",
        "entries/题目.html": f"Last changed on {DAYS[1]}",
    }
    assert len(found) == 4, "generated pages have no such day"


def test_commit_without_an_edit_of_the_page_leaves_its_day(origin: Path, site: Path, tmp_path: Path) -> None:
    copy = clone(origin, tmp_path / "copy")
    build(copy)
    (copy / "docs/index.md").write_text(PAGES["docs/index.md"] + "\nMore.\n", encoding="utf-8")
    git(copy, "commit", "-q", "-a", "-m", "Front", day="2023-12-13")
    again = changed(build(copy))
    assert again == {**changed(site), "index.html": "Last changed on 2023-12-13"}


def test_shallow_clone_shows_no_days(origin: Path, tmp_path: Path) -> None:
    shallow = clone(origin, tmp_path / "shallow", "--depth", "1")
    assert changed(build(shallow)) == {}


def test_folder_without_git_and_switched_off_show_no_days(origin: Path, tmp_path: Path) -> None:
    off = clone(origin, tmp_path / "off")
    with (off / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("mlwatch_last_changed = False\n")
    assert changed(build(off)) == {}


SETS: Final = """\
extensions = ["mlwatch"]
html_theme = "basic"
mlwatch_series = {{
    "monthly": {{"period": "month", "sections": {{
        "rest": "The rest",
        "spoken": {{"title": "Spoken", "kinds": {kinds}}},
    }}}},
}}
mlwatch_keyword_aliases = {{"machine learning": {spellings}}}
myst_enable_extensions = {{"deflist", "fieldlist", "tasklist"}}
"""
SPOKEN: Final = {
    "docs/index.md": "# Front\n\n```{toctree}\n:glob:\n\ndigests/index\nkeywords/index\nentries/*\n```\n",
    **{
        f"docs/entries/{kind}.md": entry(kind, ":date: 2021-09-01", f":kind: {kind}", f":keywords: {keyword}")
        for kind, keyword in (
            ("thread", "ML"),
            ("talk", "statistical learning"),
            ("note", "learning machines"),
        )
    },
}


def sets(folder: Path, kinds: str, spellings: str) -> Path:
    """Write a project whose settings hold *kinds* and *spellings*, as Python text."""
    for name, text in SPOKEN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "conf.py").write_text(SETS.format(kinds=kinds, spellings=spellings), encoding="utf-8")
    return folder


KINDS: Final = ('{"thread", "talk", "note"}', '{"ML", "statistical learning", "learning machines"}')


def test_settings_with_sets_give_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    made = []
    for seed in "012":
        out = build(sets(tmp_path / seed, *KINDS), PYTHONHASHSEED=seed)
        made.append({**files(out), ".buildinfo": (out / ".buildinfo").read_bytes()})
    assert "digests/monthly/2021-09.html" in made[0]
    for other in made[1:]:
        assert other.keys() == made[0].keys()
        assert [name for name, content in other.items() if content != made[0][name]] == []


def test_the_order_in_which_a_setting_names_kinds_and_spellings_changes_no_byte(tmp_path: Path) -> None:
    one = files(build(sets(tmp_path / "one", *KINDS)))
    listed = sets(
        tmp_path / "two",
        '["note", "thread", "talk"]',
        '("learning machines", "statistical learning", "ML")',
    )
    assert files(build(listed)) == one


def test_build_with_another_hash_seed_reads_and_writes_nothing(tmp_path: Path) -> None:
    folder = sets(tmp_path, *KINDS)
    pages = ("docs/**/*.md", "docs/**/.gitignore", "_build/html/**/*.html", "_build/doctrees/html/*.json")

    def written() -> dict[Path, int]:
        found = {path: path.stat().st_mtime_ns for pattern in pages for path in folder.glob(pattern)}
        # These are written in every build.
        return {
            path: time
            for path, time in found.items()
            if path.name not in ("genindex.html", "my-list.html", "search.html")
        }

    build(folder, PYTHONHASHSEED="0")
    before = written()
    for seed in "12":
        code = subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-W", "-b", "html", "--no-color"),
                *("-c", ".", "-d", "_build/doctrees/html", "docs", "_build/html"),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONUTF8": "1", "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=True,
        )
        assert "0 added, 0 changed, 0 removed" in code.stdout
        assert "no targets are out of date" in code.stdout
        assert written() == before


def test_another_code_reads_all_pages_again(build: Build, tmp_path: Path) -> None:
    made = build({"index.md": "# Home\n", "entries/one.md": "# One\n\n```{mlentry}\n:source: S\n```\n"})
    shutil.copytree(ROOT / "_ext" / "mlwatch", tmp_path / "mlwatch")
    conf = made.root / "conf.py"
    conf.write_text(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{conf.read_text('utf-8')}", "utf-8")
    assert "0 added, 0 changed, 0 removed" in build({}, root=made.root).output
    drawing = tmp_path / "mlwatch" / "parts" / "draw.py"
    drawing.write_text(drawing.read_text("utf-8") + "# drawn in another way\n", "utf-8")
    again = build({}, root=made.root)
    assert again.code == 0, again.warnings
    assert "0 added, 0 changed" not in again.output
