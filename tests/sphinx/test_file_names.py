"""Files that no build can take or write: one located message each, no traceback, and the rest is built."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sphinx.conftest import Build, Built

SERIES: Final = 'mlwatch_series = {"ds-ml": {"period": "number"}, "monthly": {"period": "month"}}\n'
ENTRY: Final = """# {title}

```{{mlentry}}
:source: Someone
:date: 2021-09
:keywords: vision
:digest: ds-ml 2021-1
```
"""
FILES: Final = {
    "index.md": "# Front\n\n```{toctree}\n:glob:\n\nkeywords/index\nentries/*\n```\n\n{ml:keyword}`vision`\n",
    "entries/good.md": ENTRY.format(title="Good"),
}
LONG: Final = "x" * 250
LEFT: Final = f".mlwatch-{2**30}-0123456789abcdef.tmp"


def check(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlwatch", "check", *options],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def warned(built: Built) -> list[str]:
    """Return our warnings as ``mlwatch check`` prints them, sorted."""
    form = re.compile(r"^(.+?:\d+): WARNING: (.*) \[mlwatch\.([a-z-]+)\]$", re.MULTILINE)
    found = form.findall(built.warnings.replace(f"{built.root}/", ""))
    return sorted(f"{place}: {code}: {message}" for place, message, code in found)


@pytest.fixture(scope="module")
def strange(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build a project with files of every strange kind."""
    root = tmp_path_factory.mktemp("strange")
    entries = root / "docs" / "entries"
    entries.mkdir(parents=True)
    (root / "conf.py").write_text(
        f'extensions = ["mlwatch"]\nhtml_theme = "basic"\nmlwatch_last_changed = False\n{SERIES}',
        encoding="utf-8",
    )
    (entries / f"{LONG}.md").write_text(ENTRY.format(title="Long"), encoding="utf-8")
    (entries / os.fsdecode(b"caf\xe9.md")).write_text(ENTRY.format(title="Bytes"), encoding="utf-8")
    os.mkfifo(entries / "pipe.md")
    os.mkfifo(entries / "pipe.rst")
    (root / "docs" / "starred").write_text("a file", encoding="utf-8")
    (root / "docs" / "digests").mkdir()
    (root / "docs" / "digests" / "ds-ml").write_text("a file", encoding="utf-8")
    return build(FILES, root=root, options=("-w", "warnings.txt"))


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")


def test_each_strange_file_has_one_message_that_check_and_the_build_share(strange: Built) -> None:
    assert strange.code == 0, strange.warnings
    found = warned(strange)
    wanted = {
        f"docs/entries/{LONG}.md:1: file-name: the file name has 253 bytes, more than 250": 1,
        r"docs/entries/caf\xe9.md:1: file-name: the name of the file or of its folder is not UTF-8": 1,
        "docs/entries/pipe.md:1: unreadable: this is not a file but a pipe": 1,
        "docs/entries/pipe.rst:1: unreadable: this is not a file but a pipe": 1,
        "docs/starred:1: blocked-folder: a folder of generated pages cannot be made here": 1,
        "docs/digests/ds-ml:1: blocked-folder: a folder of generated pages cannot be made here": 1,
    }
    assert {start: sum(line.startswith(start) for line in found) for start in wanted} == wanted
    assert len(found) == len(wanted)
    checked = check(strange.root)
    assert checked.returncode == 1
    assert sorted(checked.stdout.splitlines()) == [line for line in found if "pipe.rst" not in line]
    for text in (
        strange.warnings,
        checked.stderr,
        (strange.root / "warnings.txt").read_text(encoding="utf-8"),
    ):
        assert "Traceback" not in text
        assert "Logging error" not in text


def test_the_rest_is_built(strange: Built) -> None:
    assert "Good" in strange.html("entries/good")
    assert 'href="keywords/vision.html"' in strange.html("index")
    assert (strange.outdir / "digests" / "monthly" / "2021-09.html").is_file()
    assert sorted(path.name for path in (strange.outdir / "entries").iterdir()) == ["good.html"]
    assert (strange.srcdir / "starred").read_text(encoding="utf-8") == "a file"


def test_the_next_build_reads_nothing_and_reports_the_same(build: Build, strange: Built) -> None:
    again = build({}, root=strange.root)
    assert "0 added, 0 changed, 0 removed" in again.output
    assert warned(again) == warned(strange)


def test_other_commands_pass_over_strange_files(strange: Built) -> None:
    for command in (["list"], ["fmt", "--check"], ["keywords"], ["export", "csv"], ["check", "--all"]):
        done = subprocess.run(
            [sys.executable, "-m", "mlwatch", *command],
            cwd=strange.root,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        assert b"Traceback" not in done.stderr


def test_a_folder_is_filled_when_the_file_in_its_place_is_gone(build: Build) -> None:
    first = build({**FILES, "keywords": "a file"}, conf=SERIES)
    assert any(line.startswith("docs/keywords:1: blocked-folder: ") for line in warned(first))
    (first.srcdir / "keywords").unlink()
    again = build({}, root=first.root)
    assert (warned(again), again.code) == ([], 0)
    assert "vision" in again.html("keywords/vision")


def test_check_remarks_on_names_that_other_systems_do_not_hold(build: Build) -> None:
    made = build(
        {
            **FILES,
            **{f"entries/{name}.md": ENTRY.format(title=name) for name in ("Good", "con", "nul/a")},
            "aux.md": "# Aux\n",
        },
        conf=SERIES,
    )
    assert (made.code, warned(made)) == (0, [])
    remarks = [
        line for line in check(made.root).stdout.splitlines() if "-name: " in line or "name-case: " in line
    ]
    assert [line.partition(": the")[0].partition(": Windows")[0] for line in remarks] == [
        "docs/aux.md:1: warning: reserved-name",
        "docs/entries/con.md:3: warning: reserved-name",
        "docs/entries/good.md:3: warning: name-case",
        "docs/entries/nul/a.md:3: warning: reserved-name",
    ]
    assert 'differs from "entries/Good.md" in upper and lower case alone' in remarks[2]


# --- Folders that cannot be written ---------------------------------------------------------------------------------

REFUSING: Final = """
import errno, os
_mkdir = os.mkdir
def _refuse(path, *more, **named):
    if "docs" in str(path).split(os.sep):
        raise OSError(errno.EROFS, "Read-only file system", str(path))
    return _mkdir(path, *more, **named)
os.mkdir = _refuse
"""


def test_sources_that_cannot_be_written_end_the_build_with_one_located_message(build: Build) -> None:
    made = build(FILES, conf=SERIES + REFUSING)
    assert made.code == 2
    assert "Traceback" not in made.warnings
    assert re.fullmatch(
        r"docs/[a-z-]+:1: ERROR: the generated pages cannot be written: Read-only file system; give the user .*\n",
        made.warnings.removeprefix(f"{made.root}/"),
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_source_folder_ends_the_build_with_one_located_message(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    made.srcdir.chmod(0o500)
    try:
        again = build(
            {"entries/good.md": ENTRY.format(title="Good").replace(":date", ":star:\n:date")}, root=made.root
        )
    finally:
        made.srcdir.chmod(0o700)
    assert again.code == 2
    assert "Traceback" not in again.warnings
    assert "docs/starred:1: ERROR: the generated pages cannot be written: Permission denied" in again.warnings


def test_sources_that_need_no_writing_may_be_read_only(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    with (made.root / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(REFUSING)
    again = build({}, root=made.root)
    assert (again.code, again.warnings) == (0, "")


def test_a_generated_folder_that_leads_out_of_the_project_ends_the_build_and_is_not_written(
    build: Build, tmp_path: Path
) -> None:
    made = build({"index.md": "# Front\n"}, conf=SERIES)
    shutil.rmtree(made.srcdir / "sources")
    (made.srcdir / "sources").symlink_to(tmp_path)
    again = build(FILES, root=made.root)
    assert again.code == 2
    assert (
        "docs/sources:1: ERROR: the generated pages cannot be written: a symbolic link leads out"
        in again.warnings
    )
    assert "Traceback" not in again.warnings
    assert list(tmp_path.iterdir()) == []


def test_a_build_removes_what_a_killed_one_left(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    then = time.time() - 7200
    for folder in (made.srcdir / "entries", made.srcdir / "keywords"):
        (folder / LEFT).write_bytes(b"half a page")
        os.utime(folder / LEFT, (then, then))
    again = build({}, root=made.root)
    assert (again.code, again.warnings) == (0, "")
    assert list(made.root.rglob(LEFT)) == []
