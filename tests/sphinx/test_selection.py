"""A page of one's own: ``mlindex entries`` with a filter, built and built again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Markdown
    from tests.sphinx.conftest import Build, Built

INDEX = "# Site\n\n```{toctree}\n:glob:\n\nmine\nentries/*\n*/index\n```\n"


def page(*options: str) -> str:
    lines = "".join(f"{option}\n" for option in options)
    return f"# Vision with code\n\n```{{mlindex}} entries\n{lines}```\n"


def titles(built: Built) -> list[str]:
    main = built.html("mine").partition('class="body"')[2].partition('class="sphinxsidebar"')[0]
    return re.findall(r">(Entry \d+)<", main)


def was_read(built: Built) -> set[str]:
    return set(re.findall(r"reading sources\.\.\. \[[ \d]+%\] (\S+)", built.output))


def test_filtered_page_shows_what_fits_and_is_built_again_when_that_changes(
    build: Build, md: Markdown
) -> None:
    files = {
        f"entries/{n}.md": md(
            f"Entry {n}", date=f"2021-0{n}", keywords="image recognition, vision", star="" if n != 3 else None,
            code="https://example.org/c",
        )
        for n in range(1, 5)
    }  # fmt: skip
    mine = page(
        ':filter: star keyword:"image recognition" date:2021 and has:code', ":sort: -date", ":limit: 2"
    )
    built = build({"index.md": INDEX, "mine.md": mine, **files}, options=["-v"])
    assert "mlindex" not in built.warnings
    assert titles(built) == ["Entry 1", "Entry 2"]
    last = build({"entries/4.md": files["entries/4.md"] + "\nMore.\n"}, root=built.root)
    assert "mine" not in was_read(last)
    changed = build(
        {"entries/2.md": md("Entry 2", date="2021-02", keywords="image recognition")}, root=built.root
    )
    assert "mine" in was_read(changed)
    assert titles(changed) == ["Entry 1", "Entry 4"]


def test_list_that_is_longer_than_a_page_is_cut_with_a_notice(build: Build, md: Markdown) -> None:
    files = {f"entries/{n}.md": md(f"Entry {n}", date=f"2021-0{n}") for n in range(1, 6)}
    built = build({"index.md": INDEX, "mine.md": page(), **files}, conf="mlwatch_page_size = 3\n")
    assert titles(built) == ["Entry 5", "Entry 4", "Entry 3"]
    assert "The first 3 of 5 entries." in built.html("mine")
    limited = build({"mine.md": page(":limit: 4")}, root=built.root)
    assert len(titles(limited)) == 4
    assert "The first" not in limited.html("mine")


@pytest.fixture(scope="module")
def wrong(build: Build) -> str:
    from tests.conftest import markdown

    pages = {
        "keyword": page(":filter: keyword:visoin"),
        "name": page(":filter: star and keywrd:x"),
        "sort": page(":sort: titel"),
        "page": page(":page: 2"),
        "key": page(":key: nlp"),
        "else": "# E\n\n```{mlindex} newest\n:filter: star\n```\n",
    }
    files = {f"{name}.md": f"---\norphan: true\n---\n{text}" for name, text in pages.items()}
    entry = markdown("Entry 1", keywords="vision")
    return build({"index.md": INDEX, "mine.md": "# M\n", "entries/a.md": entry, **files}).warnings


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("keyword", 'mlindex entries: no entry has the keyword "visoin" (did you mean "vision"?)'),
        ("name", 'the filter "star and keywrd:x": at character 10: there is no name "keywrd" (did you mean "keyword"?)'),
        ("sort", 'the sort "titel": at character 1: cannot sort by "titel" (did you mean "title"?)'),
        ("page", 'mlindex entries takes no option "page"'),
        ("key", 'mlindex entries takes no option "key"'),
        ("else", 'mlindex newest takes no option "filter"'),
    ],
)  # fmt: skip
def test_wrong_filter_is_a_warning_at_its_place(wrong: str, name: str, told: str) -> None:
    (line,) = [line for line in wrong.splitlines() if f"docs/{name}.md:" in line]
    assert told in line
    assert "[mlwatch.reference]" in line
