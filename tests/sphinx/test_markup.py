"""What is drawn has two ways to HTML, as text and by docutils nodes; they give the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import sys
import mlwatch.build.downloads, mlwatch.build.search, mlwatch.parts.scripts  # what they add to a site stays as it is
import mlwatch.parts.markup as markup
from sphinx.cmd.build import main
if sys.argv[1] == "nodes":
    markup.DIRECT = ()
out = "out-" + sys.argv[1]
options = ["-d", "doctrees-" + out]
sys.exit(main(["-q", "-b", sys.argv[2], "-c", ".", "docs", out, *options]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_text_and_nodes_give_the_same_html(tmp_path: Path, builder: str) -> None:
    """The project's own collection is what is built: it has every kind of page and of field."""
    for name in ("docs", "_ext"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conf.py", "refs.bib"):
        shutil.copy(PROJECT / name, tmp_path)
    drawn: dict[str, dict[str, str]] = {}
    for way in ("text", "nodes"):
        command = [sys.executable, "-c", PROGRAM, way, builder]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        folder = tmp_path / f"out-{way}"
        drawn[way] = {
            path.relative_to(folder).as_posix(): _without_box(path.read_text(encoding="utf-8"))
            for path in folder.rglob("*.html")
        }
    assert any("mlw-" in page for page in drawn["text"].values())
    assert drawn["text"].keys() == drawn["nodes"].keys()
    assert [name for name, page in drawn["text"].items() if page != drawn["nodes"][name]] == []


def _without_box(page: str) -> str:
    """Take out what only text has: the description, records that can be folded away, links to files; and what axe asks for."""
    page = re.sub(r'<meta name="description" content="[^"]*" />', "", page)
    page = re.sub(r'<details class="mlw-(?:cite-this|bibtex)">.*?</details>\n', "", page, flags=re.DOTALL)
    page = re.sub(
        r'<div class="mlw-cite-this docutils container">.*?(?=<div class="mlw-related|</section>)',
        "",
        page,
        flags=re.DOTALL,
    )
    page = re.sub(r'<a class="[^"]*" href="[^"]*" download>(.*?)</a>', r"<span>\1</span>", page)
    page = re.sub(
        r"\s*<script [^>]*(?:clipboard|copybutton)[^>]*></script>", "", page
    )  # of pages with records
    return page.replace(' role="doc-biblioentry"', ' role="listitem"')
