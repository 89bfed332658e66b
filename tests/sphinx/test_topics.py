"""Topics on the site: their pages and lists, where entries and digests name them, and what an edit builds again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from bs4 import BeautifulSoup
from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

CONF: Final = """
mlwatch_series = {"m": {"period": "month"}}
mlwatch_topics = {
    "vision": {"title": "Computer <vision>", "description": "What machines *see*.", "keywords": ["OCR", "image tasks"]},
    "nlp": {"title": "Language", "keywords": ["translation"]},
}
"""
INDEX: Final = """# Front

{ml:topic}`vision`, {ml:topic}`here <nlp>`, [](#ml:topic:nlp)

```{mlindex} top-topics
```

```{mlchart} topic
:key: vision
```

```{mlindex} entries
:filter: topic:nlp
```

```{toctree}
topics/index
years/index
keywords/index
digests/index
```
"""


def entry(title: str, *options: str) -> str:
    return "\n".join([f"# {title}", "", "```{mlentry}", ":source: S", *options, "```", ""])


FILES: Final = {
    "index.md": INDEX,
    **{f"entries/v{n}.md": entry(f"Picture {n}", f":date: 2021-0{n}", ":keywords: OCR") for n in range(1, 6)},
    "entries/both.md": entry(
        "Both", ":date: 2021-07", ":url: https://e.org/both", ":keywords: image tasks, translation", ":star:"
    ),
    "entries/none.md": entry("None", ":date: 2021-07", ":keywords: other"),
}


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    return build(FILES, conf=CONF, options=("-W", "--keep-going"))


def article(built: Built, docname: str) -> BeautifulSoup:
    found = BeautifulSoup(built.html(docname), "html.parser").find(role="main")
    assert found is not None
    return BeautifulSoup(str(found), "html.parser")


def links(soup: BeautifulSoup) -> dict[str, str]:
    return {link.get_text(): str(link["href"]) for link in soup.find_all("a", href=True)}


def test_a_site_with_topics_builds_without_a_warning(built: Built) -> None:
    assert (built.code, built.warnings) == (0, "")


def test_a_topic_page_shows_description_keywords_highlights_and_entries(built: Built) -> None:
    page = article(built, "topics/vision")
    text = " ".join(page.get_text(" ").split())
    assert "Computer <vision>" in text
    assert "What machines *see*." in text, "a description is text, not markup"
    assert "OCR (5)" in text
    assert "Also: image tasks (1)" in text
    assert text.index("Highlights") < text.index("Both") < text.index("All entries") < text.index("Picture 5")
    assert text.index("Picture 5") < text.index("Picture 1")
    assert "6 entries" in text
    assert "None" not in text


def test_the_list_of_topics_leads_to_each_with_its_count(built: Built) -> None:
    page = article(built, "topics/index")
    assert {"Computer <vision>": "vision.html", "Language": "nlp.html"}.items() <= links(page).items()
    assert "(6)" in page.get_text()


def test_entries_and_digests_name_their_topics(built: Built) -> None:
    shown = article(built, "entries/both")
    assert links(shown)["Language"] == "../topics/nlp.html"
    assert shown.get_text().index("Topics") < shown.get_text().index("Keywords")
    assert "Topics" not in article(built, "entries/none").get_text()
    digest = article(built, "digests/m/2021-07")
    assert [part.get_text().removesuffix("¶") for part in digest.find_all("h2")] == [
        "Computer <vision>",
        "Other",
    ]


def test_topics_are_named_by_roles_links_filters_and_other_projects(built: Built) -> None:
    page = article(built, "index")
    assert {"Computer <vision>": "topics/vision.html", "here": "topics/nlp.html"}.items() <= links(
        page
    ).items()
    assert "Both" in links(page)
    with (built.outdir / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: path)
    assert inventory["ml:topic"]["vision"].uri.startswith("topics/vision.html")
    assert inventory["ml:topic"]["vision"].display_name == "Computer <vision>"


def test_an_unknown_topic_gives_a_warning_with_the_nearest(build: Build) -> None:
    files = {
        **FILES,
        "notes.md": "---\norphan: true\n---\n# Notes\n\n{ml:topic}`visoin`\n\n```{mlindex} topic\n:key: x\n```\n",
    }
    warnings = build(files, conf=CONF).warnings
    assert 'notes.md:6: WARNING: there is no topic "visoin" (did you mean "vision"?)' in warnings
    assert 'mlindex topic: there is no "x"' in warnings


def test_a_page_that_a_person_wrote_takes_the_place_of_a_topic_page(build: Build) -> None:
    mine = "# Seeing\n\nMy words.\n\n```{mlindex} topic\n:key: vision\n```\n"
    built = build({**FILES, "topics/vision.md": mine}, conf=CONF, options=("-W", "--keep-going"))
    assert (built.code, built.warnings) == (0, "")
    assert "My words." in built.html("topics/vision")
    assert "Picture 3" in built.html("topics/vision")
    assert "/vision.md" not in (built.srcdir / "topics/.gitignore").read_text("utf-8")


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_builders_show_topics_too(build: Build, builder: str) -> None:
    made = build(FILES, conf=CONF, builder=builder)
    assert made.code == 0
    assert "WARNING" not in made.warnings
    if builder == "text":
        text = (made.outdir / "topics/vision.txt").read_text("utf-8")
        assert "What machines *see*." in text
        assert "Picture 1" in text


def test_an_entry_that_gains_a_keyword_changes_its_topic_and_not_the_other(build: Build) -> None:
    first = build(FILES, conf=CONF)
    before = {path: path.stat().st_mtime_ns for path in first.outdir.rglob("*.html")}
    changed = entry("Picture 1", ":date: 2021-01", ":keywords: OCR, image tasks")
    again = build({"entries/v1.md": changed}, root=first.root)
    written = {
        path.relative_to(again.outdir).as_posix()
        for path in again.outdir.rglob("*.html")
        if path.stat().st_mtime_ns != before.get(path)
    }
    assert {"entries/v1.html", "topics/vision.html", "keywords/image-tasks.html"} <= written
    assert not written & {"topics/nlp.html", "topics/index.html", "entries/none.html", "keywords/other.html"}
    assert "(2)" in again.html("topics/vision")


def test_a_site_without_topics_has_no_page_of_topics(build: Build) -> None:
    index = "# Front\n\n```{toctree}\nyears/index\nkeywords/index\n```\n"
    built = build({**FILES, "index.md": index}, options=("-W",))
    assert (built.code, built.warnings) == (0, "")
    assert not (built.outdir / "topics").exists()
    assert "Topics" not in built.html("entries/both")
