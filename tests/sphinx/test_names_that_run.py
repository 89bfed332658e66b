"""Names that are written as markup is, on pages of the theme that the site has."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build

pytestmark = pytest.mark.slow

EVIL = "<img src=x onerror=alert(1)>"


class Handlers(HTMLParser):
    """Collects the elements that run something when they cannot be loaded; the theme has none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}" for name, _ in attrs if name == "onerror"]


def test_a_keyword_or_source_named_as_markup_is_only_text(build: Build) -> None:
    page = f"# An article\n\n```{{mlentry}}\n:source: {EVIL}\n:url: https://example.org/\n:date: 2021-05-01\n:keywords: {EVIL}\n```\n"
    index = "# The site\n\n```{toctree}\n:glob:\n\nentries/*\n```\n"
    built = build({"index.md": index, "entries/a.md": page}, conf='html_theme = "sphinx_book_theme"\n')
    assert built.code == 0, built.warnings
    shown = [path for path in built.outdir.rglob("*.html") if "onerror=alert(1)" in path.read_text("utf-8")]
    assert {path.parent.name for path in shown} >= {"keywords", "sources", "entries"}
    for path in shown:
        handlers = Handlers()
        handlers.feed(path.read_text("utf-8"))
        assert handlers.found == [], path
