"""The domain ``ml``: roles, Markdown links, and the inventory through which another project refers to an entry."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sphinx.conftest import Build, Built

CONF: Final = """
project = "Watch"
smartquotes = False
mlwatch_series = {"ds-ml": {"period": "number", "name": "DS/ML digest", "title": "{year} DS/ML digest {number}"}}
mlwatch_source_aliases = {"MarkTechPost": ["MARKTECHPOST"]}
"""
INDEX: Final = (
    "# Front\n\n```{toctree}\ndigests/index\nyears/index\nkeywords/index\nsources/index\nnotes\n```\n"
)


def page(title: str, *options: str, body: str = "") -> str:
    """Return the source of an entry's page."""
    return "\n".join([f"# {title}", "", "```{mlentry}", *options, "```", "", body, ""])


ENTRIES: Final = {
    "entries/2021/one.md": page(
        "The *first* & best",
        ":source: MarkTechPost",
        ":keywords: C++, C, machine learning, 机器学习",
        ":digest: ds-ml 2019-20",
    ),
    "entries/2021/same.md": page("Same of 2021", ":source: Someone", ":lang: zh", ":digest: ds-ml 2019-21"),
    "entries/2022/same.md": page("Same of 2022", ":source: Someone", ":digest: ds-ml 2019-22"),
}

#: What stands in a page, and the words and the address of the link that it becomes.
REFERENCES: Final = {
    "{ml:entry}`one`": ("The first & best", "entries/2021/one.html"),
    "{ml:entry}`2021/one`": ("The first & best", "entries/2021/one.html"),
    "{ml:entry}`entries/2021/one`": ("The first & best", "entries/2021/one.html"),
    "{ml:entry}`this one <one>`": ("this one", "entries/2021/one.html"),
    "{ml:entry}`2022/same`": ("Same of 2022", "entries/2022/same.html"),
    "{ml:digest}`ds-ml/2019-20`": ("2019 DS/ML digest 20", "digests/ds-ml/2019-20.html"),
    "{ml:digest}`ds-ml 2019-20`": ("2019 DS/ML digest 20", "digests/ds-ml/2019-20.html"),
    "{ml:digest}`number twenty <ds-ml 2019-20>`": ("number twenty", "digests/ds-ml/2019-20.html"),
    "{ml:digest}`ds-ml/2019`": ("DS/ML digest: 2019", "digests/ds-ml/2019.html"),
    "{ml:digest}`ds-ml`": ("DS/ML digest", "digests/ds-ml/index.html"),
    "{ml:keyword}`C++`": ("C++", "keywords/c-plus-plus-3ce177.html"),
    "{ml:keyword}`C`": ("C", "keywords/c.html"),
    "{ml:keyword}`Machine-Learning`": ("machine learning", "keywords/machine-learning.html"),
    "{ml:keyword}`机器学习`": ("机器学习", "keywords/%E6%9C%BA%E5%99%A8%E5%AD%A6%E4%B9%A0.html"),
    "{ml:keyword}`it <c++>`": ("it", "keywords/c-plus-plus-3ce177.html"),
    "{ml:source}`MarkTechPost`": ("MarkTechPost", "sources/marktechpost.html"),
    "{ml:source}`MARKTECHPOST`": ("MarkTechPost", "sources/marktechpost.html"),
    "[x](#ml:keyword:C++)": ("x", "keywords/c-plus-plus-3ce177.html"),
    "[](#ml:keyword:C++)": ("C++", "keywords/c-plus-plus-3ce177.html"),
    "[x](<#ml:keyword:machine learning>)": ("x", "keywords/machine-learning.html"),
    "[x](#ml:keyword:机器学习)": ("x", "keywords/%E6%9C%BA%E5%99%A8%E5%AD%A6%E4%B9%A0.html"),
    "[x](#ml:source:MarkTechPost)": ("x", "sources/marktechpost.html"),
    "[x](#ml:digest:ds-ml/2019-20)": ("x", "digests/ds-ml/2019-20.html"),
    "[x](#ml:entry:2021/one)": ("x", "entries/2021/one.html"),
    "[](#ml:entry:2021/one)": ("The first & best", "entries/2021/one.html"),
    "[x](#one)": ("x", "entries/2021/one.html"),
    "[x](entries/2021/one.md)": ("x", "entries/2021/one.html"),
}

#: What names nothing, and the words that the warning has.
WRONG: Final = {
    "{ml:entry}`2021/onne`": 'there is no entry "2021/onne" (did you mean "2021/one"',
    "{ml:entry}`same`": 'there is no entry "same" (did you mean',
    "{ml:keyword}`C+`": 'there is no keyword "C+" (did you mean "C++"',
    "{ml:keyword}`astrology`": 'there is no keyword "astrology"; "mlwatch list" shows what there is',
    "{ml:digest}`ds-ml/2019-2`": 'there is no digest "ds-ml/2019-2" (did you mean "ds-ml/2019-2',
    "{ml:digest}`ds-nl`": 'there is no digest "ds-nl"',
    "{ml:source}`MarkTecPost`": 'there is no source "MarkTecPost" (did you mean "MarkTechPost"?)',
    "[x](#ml:keyword:C+)": 'there is no keyword "C+" (did you mean "C++"',
    "[x](#ml:source:Nobody)": 'there is no source "Nobody"',
}


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    notes = "# Notes\n\n" + "\n\n".join(REFERENCES)
    files = {"index.md": INDEX, "notes.md": notes, **ENTRIES}
    made = build(files, conf=CONF, options=("-W", "--keep-going", "-n"))
    assert made.code == 0, made.warnings
    return made


def paragraphs(html: str) -> list[BeautifulSoup]:
    soup = BeautifulSoup(html, "html.parser")
    return [BeautifulSoup(str(part), "html.parser") for part in soup.select("[role=main] p")]


@pytest.mark.parametrize("number", range(len(REFERENCES)), ids=list(REFERENCES))
def test_reference_becomes_a_link(built: Built, number: int) -> None:
    (link,) = paragraphs(built.html("notes"))[number].select("a[href]")
    assert (link.get_text(), link["href"]) == list(REFERENCES.values())[number]
    assert "internal" in str(link["class"])


def test_wrong_targets_are_told_at_their_line_with_the_nearest_names(build: Build) -> None:
    notes = "# Notes\n\n" + "\n\n".join(WRONG) + "\n"
    made = build({"index.md": INDEX, "notes.md": notes, **ENTRIES}, conf=CONF, options=("-n",))
    assert made.code == 0
    found = re.findall(r"^(.+?):(\d+): WARNING: (.*) \[([a-z.-]+)\]$", made.warnings, re.MULTILINE)
    assert len(found) == len(WRONG), made.warnings
    found.sort(key=lambda one: int(one[1]))
    for number, ((path, line, message, code), words) in enumerate(zip(found, WRONG.values(), strict=True)):
        assert path == str(made.srcdir / "notes.md")
        assert int(line) == 3 + 2 * number
        assert message.startswith(words)
        assert code == "mlwatch.reference"
    shown = [part.get_text() for part in paragraphs(made.html("notes"))]
    assert shown[0] == "2021/onne"
    assert shown[-1] == "x"
    assert "href" not in str(paragraphs(made.html("notes"))[0])


# --- The inventory ----------------------------------------------------------------------------------------------


def test_inventory_has_every_object(built: Built) -> None:
    inventory = InventoryFile.loads((built.outdir / "objects.inv").read_bytes(), uri="")
    found = {
        (kind.removeprefix("ml:"), name): (item.uri, item.display_name)
        for kind, items in inventory.data.items()
        if kind.startswith("ml:")
        for name, item in items.items()
    }
    assert found["entry", "2021/one"] == ("entries/2021/one.html", "The first & best")
    assert found["digest", "ds-ml/2019-20"] == ("digests/ds-ml/2019-20.html", "2019 DS/ML digest 20")
    assert found["digest", "ds-ml"][0] == "digests/ds-ml/index.html"
    assert found["digest", "ds-ml/2019"][0] == "digests/ds-ml/2019.html"
    assert found["keyword", "C++"][0] == "keywords/c-plus-plus-3ce177.html"
    assert found["keyword", "机器学习"][0].startswith("keywords/")
    assert found["source", "MarkTechPost"][0] == "sources/marktechpost.html"
    assert {kind for kind, _ in found} == {"entry", "digest", "keyword", "source"}
    for uri, _ in found.values():
        assert (built.outdir / unquote(uri)).is_file()


#: What stands in another project, and the words and the address of the link that it becomes.
ELSEWHERE: Final = {
    "{external+w:ml:entry}`2021/one`": ("The first & best", "entries/2021/one.html"),
    "{external+w:ml:entry}`that <2021/one>`": ("that", "entries/2021/one.html"),
    "{external+w:ml:keyword}`C++`": ("C++", "keywords/c-plus-plus-3ce177.html"),
    "{external+w:ml:digest}`ds-ml/2019-20`": ("2019 DS/ML digest 20", "digests/ds-ml/2019-20.html"),
    "{external+w:ml:source}`MarkTechPost`": ("MarkTechPost", "sources/marktechpost.html"),
    "{ml:entry}`2021/one`": ("The first & best", "entries/2021/one.html"),
    "{ml:keyword}`words <C++>`": ("words", "keywords/c-plus-plus-3ce177.html"),
    "[words](inv:w:ml:entry#2021/one)": ("words", "entries/2021/one.html"),
}


def second_project(
    folder: Path, inventory: Path, extensions: str, notes: str, *options: str
) -> tuple[str, str]:
    """Build a project that knows *inventory*, and return its page and its warnings."""
    conf = (
        f"extensions = [{extensions}, 'sphinx.ext.intersphinx']\nhtml_theme = 'basic'\nsmartquotes = False\n"
        f"intersphinx_mapping = {{'w': ('https://watch.example/', {str(inventory)!r})}}\n"
    )
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    (folder / "index.md").write_text(f"# Other\n\n{notes}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "--no-color", *options, ".", "_out"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (folder / "_out" / "index.html").read_text(encoding="utf-8"), done.stderr


def test_another_project_refers_to_entries_by_intersphinx(built: Built, tmp_path: Path) -> None:
    html, _ = second_project(
        tmp_path,
        built.outdir / "objects.inv",
        "'mlwatch'",
        "\n\n".join(ELSEWHERE),
        "-W",
        "--keep-going",
        "-n",
    )
    for part, source, (words, address) in zip(paragraphs(html), ELSEWHERE, ELSEWHERE.values(), strict=True):
        (link,) = part.select("a[href]")
        assert (link.get_text(), link["href"]) == (words, f"https://watch.example/{address}"), source


def test_another_project_without_the_extension_refers_by_inventory_links(
    built: Built, tmp_path: Path
) -> None:
    html, _ = second_project(
        tmp_path,
        built.outdir / "objects.inv",
        "'myst_parser'",
        "[words](inv:w:ml:entry#2021/one)\n\n[](inv:w:ml:keyword#C++)",
        "-W",
    )
    found = [(link.get_text(), link["href"]) for part in paragraphs(html) for link in part.select("a[href]")]
    assert found == [
        ("words", "https://watch.example/entries/2021/one.html"),
        ("C++", "https://watch.example/keywords/c-plus-plus-3ce177.html"),
    ]


def test_another_project_is_told_of_wrong_targets(built: Built, tmp_path: Path) -> None:
    _, warnings = second_project(
        tmp_path,
        built.outdir / "objects.inv",
        "'mlwatch'",
        "{external+w:ml:entry}`2021/onne`\n\n{ml:entry}`nope`",
    )
    first, second = warnings.splitlines()
    assert "index.md:3: WARNING: " in first
    assert "2021/onne" in first
    assert 'index.md:5: WARNING: there is no entry "nope"' in second
