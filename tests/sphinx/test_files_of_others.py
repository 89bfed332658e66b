"""What stands on an entry's page reads no other file, of the project or of the machine, and fetches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

pytestmark = pytest.mark.slow

SECRET = "nobody-may-read-this"
INDEX = "# Site\n\n```{toctree}\n:glob:\n\nentries/*\nnotes\n```\n"
DIRECTIVES = {
    "include": "```{include} ../../secret.txt\n```",
    "literal": "```{literalinclude} ../../secret.txt\n```",
    "raw": "```{raw} html\n:file: ../../secret.txt\n```",
    "table": "```{csv-table} T\n:file: ../../secret.txt\n```",
    "absolute": "```{csv-table} T\n:file: {{SECRET}}\n```",
    "fetched": "```{csv-table} T\n:url: http://127.0.0.1:9/secret\n```",
    "other": "```{eval-rst}\n.. include:: ../../secret.txt\n```",
    "quoted": "> ```{include} ../../secret.txt\n> ```",
    "itself": "```{include} itself.md\n```",
}


def entry(name: str, body: str = "", above: str = "") -> str:
    return f"# About {name}\n{above}\n```{{mlentry}}\n:source: S\n:url: https://example.org/{name}\n:date: 2021\n```\n\n## Summary\n\n{body}\n\nAfter.\n"


@pytest.fixture(scope="module")
def built(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    pages = {
        f"entries/{name}.md": entry(name, body.replace("{{SECRET}}", str(secret)))
        for name, body in DIRECTIVES.items()
    }
    return build(
        {
            **pages,
            "index.md": INDEX,
            "../secret.txt": SECRET,
            "shared.txt": "words that pages share",
            "notes.md": "# Notes\n\n```{include} shared.txt\n```\n",
            "entries/above.md": entry("above", above="\n```{include} ../../secret.txt\n```\n"),
        }
    )


def test_no_page_shows_what_it_may_not_read(built: Built) -> None:
    assert built.code == 0, built.warnings
    files = [
        path for path in built.outdir.rglob("*") if path.suffix in (".html", ".json", ".txt", ".xml", ".md")
    ]
    assert files
    assert not [path for path in files if SECRET in path.read_text(encoding="utf-8")]
    assert "Traceback" not in built.warnings
    assert "Connection refused" not in built.warnings


@pytest.mark.parametrize("name", DIRECTIVES)
def test_each_is_told_and_the_text_around_it_stays(built: Built, name: str) -> None:
    assert f"entries/{name}.md:" in built.warnings
    assert "After." in built.html(f"entries/{name}")


def test_one_above_the_block_is_refused_as_well(built: Built) -> None:
    assert 'above.md:3: WARNING: the directive "include" is not allowed' in built.warnings
    assert "After." in built.html("entries/above")


def test_other_pages_may_include(built: Built) -> None:
    assert "words that pages share" in built.html("notes")
