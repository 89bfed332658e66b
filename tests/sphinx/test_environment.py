"""What a build keeps for the next one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from pybtex.database import parse_string

from mlwatch.build.environment import Contents, Records, Title

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {
    "conf.py": 'project = "P"\nextensions = ["mlwatch"]\nhtml_theme = "basic"\nhtml_sidebars = {"**": ["localtoc.html"]}\n',
    "index.md": "# Home & <more>\n\n```{toctree}\n:maxdepth: 2\nplain\nparted\n```\n",
    "plain.md": "# A *plain* page\n\nWords.\n\n```{toctree}\nbelow\n```\n",
    "below.md": "---\norphan: true\n---\n\n# Below\n",
    "parted.md": "# A page\n\n## First\n\n## Second\n",
}


def build(folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", *options, ".", "out"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_contents_kept_small_are_drawn_as_those_that_sphinx_keeps(tmp_path: Path) -> None:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    build(tmp_path)
    before = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.html")}
    # All pages are written again from what the first build kept.
    for page in (tmp_path / "out").glob("*.html"):
        page.unlink()
    build(tmp_path)
    assert {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.html")
    } == before
    assert 'href="parted.html#second">Second</a>' in before["index.html"]
    assert '<a href="plain.html" accesskey="U">A <em>plain</em> page</a>' in before["below.html"]


def test_inventory_is_written_when_it_names_something_else(tmp_path: Path) -> None:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    inventory = tmp_path / "out" / "objects.inv"
    build(tmp_path)
    for page, text, changes in (
        ("plain.md", "# A *plain* page\n\nOther words.\n", False),
        ("plain.md", "# A *plain* page\n\n(here)=\n\n## Part\n", True),
        ("plain.md", "# A *plain* page\n\n(there)=\n\n## Part\n", True),
        ("plain.md", "# A plainer page\n\n(there)=\n\n## Part\n", True),
    ):
        os.utime(inventory, ns=(10**18, 10**18))
        (tmp_path / page).write_text(text, encoding="utf-8")
        build(tmp_path)
        assert (inventory.stat().st_mtime_ns != 10**18) is changes, text
    incremental = inventory.read_bytes()
    build(tmp_path, "-E", "-a")
    assert inventory.read_bytes() == incremental


def test_contents_that_were_changed_are_kept_as_changed() -> None:
    contents = Contents("plain", "", "Plain")
    assert len(pickle.dumps(contents)) < 100
    (link,) = pickle.loads(pickle.dumps(contents)).findall(nodes.reference)
    assert (link["refuri"], link.astext(), link.parent.parent.parent.tagname) == (
        "plain",
        "Plain",
        "bullet_list",
    )
    (link,) = contents.findall(nodes.reference)
    link["secnumber"] = (1, 2)
    (link,) = pickle.loads(pickle.dumps(contents)).findall(nodes.reference)
    assert link["secnumber"] == (1, 2)


def test_a_title_that_is_text_is_kept_as_text() -> None:
    title = Title("A plain title")
    assert len(pickle.dumps(title)) < 100
    kept = pickle.loads(pickle.dumps(title))
    assert kept.astext() == "A plain title"
    drawn = kept.deepcopy()
    assert (type(drawn), drawn.astext()) == (nodes.title, "A plain title")
    kept += nodes.emphasis("", "!")
    assert pickle.loads(pickle.dumps(kept)).astext() == "A plain title!"


def test_records_are_kept_as_they_are_pickled() -> None:
    read = parse_string("@misc{x, title = {T}, author = {A B}}", "bibtex")
    kept = pickle.loads(pickle.dumps(Records(pickle.dumps(read))))
    assert kept == read
    packed = pickle.dumps(kept)
    assert kept.entries["x"].fields["title"] == "T"
    assert pickle.dumps(kept) == packed, "nobody changes them"
    with pytest.raises(AttributeError):
        _ = kept.no_such_thing
