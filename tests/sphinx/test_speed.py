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


def test_a_parallel_build_merges_few_environments_however_many_pages_it_reads(tmp_path: Path) -> None:
    count = 'def setup(app):\n    app.connect("env-merge-info", lambda *_: print("merged"))\n'
    (tmp_path / "conf.py").write_text(f'project = "P"\nextensions = ["mlwatch"]\n{count}', encoding="utf-8")
    (tmp_path / "index.md").write_text("# Home\n", encoding="utf-8")
    for n in range(400):
        (tmp_path / f"page-{n}.md").write_text(f"---\norphan: true\n---\n# Page {n}\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", "-b", "text", ".", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 2 <= done.stdout.count("merged") <= 9
    assert len(list((tmp_path / "out").glob("page-*.txt"))) == 400
