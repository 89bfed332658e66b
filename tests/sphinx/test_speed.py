"""What makes a build faster leaves every byte as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
from sphinx.cmd.build import main
if sys.argv[1] == "slow":
    import mlwatch.build.speed as speed
    speed.register = lambda app: None
sys.exit(main(["-q", "-W", "-b", "html", ".", sys.argv[1], "-d", "doctrees-" + sys.argv[1]]))
"""
ENTRY = """# {title} & more "{title}" < 3

```{{mlentry}}
:source: S{number}
:url: https://example.org/{number}
:date: 2021-0{number}
:lang: zh
:star:
:keywords: C, C++, 机器学习
:cite: k1
```

## Summary

Words of *one* and `two`, with {{cite}}`k1` and {{ml:entry}}`e1`; learning, learned, learns.
"""
FILES = {
    "index.md": "# Home\n\n```{mlindex} newest\n```\n\n```{toctree}\nyears/index\nkeywords/index\nbib\n```\n",
    "bib.md": "# Bibliography\n\n```{bibliography}\n:all:\n```\n",
    "refs.bib": "@misc{k1,\n  author = {Ünal, José},\n  title = {One},\n  year = {2021}\n}\n",
    **{
        f"entries/e{n}.md": ENTRY.format(title=title, number=n)
        for n, title in enumerate(["Alpha", "题目", "A *b*"], 1)
    },
}


@pytest.mark.parametrize(
    "theme",
    [
        'html_theme = "basic"\n',
        'html_theme = "sphinx_book_theme"\nhtml_sidebars = {"**": ["mlwatch-sidebar-nav-bs.html"]}\n',
        'html_theme = "sphinx_book_theme"\n',
    ],
    ids=["basic", "book", "book-with-its-tree"],
)
@pytest.mark.parametrize("settings", ["", "[general]\nsmart_quotes: no\n"], ids=["plain", "docutils.conf"])
def test_the_same_bytes_come_out_without_any_of_it(tmp_path: Path, theme: str, settings: str) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "conf.py").write_text(f'project = "P"\nextensions = ["mlwatch"]\n{theme}', encoding="utf-8")
    if settings:
        (tmp_path / "docutils.conf").write_text(settings, encoding="utf-8")
    built = {}
    for speed in ("slow", "fast"):
        command = [sys.executable, "-c", PROGRAM, speed]
        environment = (
            {**os.environ, "DOCUTILSCONFIG": str(tmp_path / "docutils.conf")}
            if settings
            else dict(os.environ)
        )
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        folder = tmp_path / speed
        built[speed] = {
            path.relative_to(folder).as_posix(): _squeezed(path.read_bytes())
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".buildinfo")
        }
    assert built["slow"].keys() == built["fast"].keys()
    assert [name for name, content in built["slow"].items() if content != built["fast"][name]] == []


def _squeezed(content: bytes) -> bytes:
    """Take empty lines out: a template's condition that is not asked leaves none."""
    return b"\n".join(line for line in content.splitlines() if line.strip())


MANY = {
    "index.md": "# Home\n",
    **{f"page-{n}.md": f"---\norphan: true\n---\n# Page {n}\n" for n in range(400)},
}


def build_many(folder: Path, builder: str, setup: str) -> subprocess.CompletedProcess[str]:
    """Build 400 pages with two processes; *setup* is the body of ``setup`` in ``conf.py``."""
    conf = f'import os\nproject = "P"\nextensions = ["mlwatch"]\nhtml_theme = "basic"\nmlwatch_search = "sphinx"\n\n\ndef setup(app):\n{setup}'
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    for name, text in MANY.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", "-b", builder, ".", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_each_process_of_a_parallel_build_sends_what_it_read_once(tmp_path: Path) -> None:
    count = '    app.connect("env-merge-info", lambda *_: print("merged"))\n'
    done = build_many(tmp_path, "text", count)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("merged") == 2
    assert len(list((tmp_path / "out").glob("page-*.txt"))) == 400


def test_pages_are_written_by_as_many_processes_as_were_asked_for_while_others_wait(tmp_path: Path) -> None:
    log = (
        "    log = lambda what: os.write(1, f'{what} {os.getpid()}\\n'.encode())\n"
        '    app.connect("doctree-resolved", lambda *_: log("resolved"))\n'
        '    app.connect("html-page-context", lambda *_: log("written") and None)\n'
    )
    done = build_many(tmp_path, "html", log)
    assert done.returncode == 0, done.stderr
    said = [line.split() for line in done.stdout.splitlines()]
    writers = {pid for what, pid in said if what == "written"} - {
        pid for what, pid in said if what == "resolved"
    }
    waiting, most = 0, 0
    for what, _pid in said:
        waiting += 1 if what == "resolved" else -1
        most = max(most, waiting)
    assert len(writers) > 2  # one after the other; each writes a part
    assert most < 250  # two parts are written while one is resolved, of forty-four pages each


def test_a_page_that_a_process_cannot_write_fails_the_build(tmp_path: Path) -> None:
    fail = '    app.connect("html-page-context", lambda app, name, *_: 1 / (name != "page-7") and None)\n'
    done = build_many(tmp_path, "html", fail)
    assert done.returncode != 0
    assert "division by zero" in done.stderr
