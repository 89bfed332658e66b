"""Charts and related entries on built pages: pictures with their numbers, tables elsewhere, and nothing written for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

INDEX: Final = """# Home

```{mlchart} strip
```

```{toctree}
trends/index
years/index
keywords/index
sources/index
starred/index
papers/index
reading-list/index
```
"""


def entry(title: str, **options: str) -> str:
    lines = [f":{name}: {value}".rstrip() for name, value in options.items()]
    return "\n".join([f"# {title}", "", "```{mlentry}", *lines, "```", ""])


def made() -> dict[str, str]:
    """Return 48 entries of two years, some with keywords that come together, one rising."""
    pages = {"index.md": INDEX}
    for i in range(48):
        year, month = 2020 + i // 24, i // 2 % 12 + 1
        keywords = ["speech", "audio & voice"] if i % 4 == 0 else ["vision"]
        if i % 4 == 2 and i > 30:
            keywords = ["diffusion", "vision", "speech"]
        options = {
            "source": "Lab <One>" if i % 3 else "实验室",
            "date": f"{year}-{month:02}",
            "keywords": ", ".join(keywords),
        }
        if i % 6 == 0:
            options["star"] = ""
        if i % 8 == 0:
            options["status"] = "to-read" if i % 16 else "read"
        pages[f"entries/e{i:02}.md"] = entry(f"Alpha{i} beta{i}", **options)
    return pages


@pytest.fixture(scope="module")
def site(build: Build) -> Built:
    built = build(made(), options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    return built


def soup(built: Built, docname: str) -> Any:
    return BeautifulSoup(built.html(docname), "html.parser")


def cells(table) -> list[list[str]]:
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_page_of_trends_shows_each_chart_with_words_and_numbers(site: Built):
    page = soup(site, "trends/index")
    titles = [heading.get_text().removesuffix("¶") for heading in page.select("h2")]
    assert titles == [
        "Entries over time",
        "Sources over time",
        "Rising and falling keywords",
        "Keywords that occur together",
        "Share of starred entries",
        "Reading list and missing fields",
    ]
    figures = page.select("figure.mlw-chart")
    assert len(figures) == 6
    for figure in figures:
        assert figure.figcaption.get_text()
        assert figure.select("svg")
        for svg in figure.select("svg[role=img]"):
            assert svg["aria-label"]
        assert all(
            svg.get("role") == "img" or svg.find_parent("svg") or svg["aria-hidden"]
            for svg in figure.select("svg")
        )
        assert figure.select_one("details table")


def test_bars_are_as_high_as_the_numbers_in_the_table(site: Built):
    figure = soup(site, "trends/index").select_one("figure.mlw-bars")
    assert cells(figure.table) == [
        ["Year", *"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()],
        ["2020", *["2"] * 12],
        ["2021", *["2"] * 12],
    ]
    path = figure.select_one("path.mlw-bar")["d"]
    assert re.findall(r"M(\d+) 2h\.8v-2h-\.8z", path) == [str(i) for i in range(24)]


def test_names_that_look_like_markup_are_text_and_lead_to_their_pages(site: Built):
    page = soup(site, "trends/index")
    link = page.find("a", string="Lab <One>")
    assert (site.outdir / "trends" / link["href"]).resolve().is_file()
    assert page.find("a", string="audio & voice")


def test_keywords_that_occur_together_are_counted_once_for_each_entry(site: Built):
    table = soup(site, "trends/index").select_one("figure.mlw-matrix table")
    counted = {frozenset(row[:2]): int(row[2]) for row in cells(table)[1:]}
    assert counted == {
        frozenset(("speech", "audio & voice")): 12,
        frozenset(("speech", "diffusion")): 4,
        frozenset(("speech", "vision")): 4,
        frozenset(("diffusion", "vision")): 4,
    }


def test_a_keyword_that_rises_stands_under_rising(site: Built):
    lists = soup(site, "trends/index").select("figure.mlw-panels p.mlw-group + ul")
    assert "diffusion" in lists[0].get_text()
    assert "0% → 16.6%" in lists[0].get_text()


def test_keyword_and_source_have_their_own_line_when_there_is_enough(site: Built):
    for docname in ("keywords/speech", "keywords/diffusion", "sources/实验室"):
        assert soup(site, docname).select_one("figure.mlw-bars svg"), docname
    table = soup(site, "keywords/diffusion").select_one("figure table")
    assert [sum(int(n or 0) for n in row[1:]) for row in cells(table)[1:]] == [0, 4]


def test_front_page_has_a_strip_that_leads_to_the_trends(site: Built):
    figure = soup(site, "index").select_one("figure.mlw-bars")
    assert figure.figcaption.find("a")["href"] == "trends/index.html"


def test_no_chart_has_a_script_a_style_of_its_own_or_an_address_elsewhere(site: Built):
    for docname in ("index", "trends/index", "keywords/speech"):
        for figure in soup(site, docname).select("figure.mlw-chart"):
            assert not re.search(r"style=|<script|<style|https?:|url\(|id=", str(figure))


def test_empty_collection_says_that_there_is_nothing(build: Build):
    built = build({"index.md": INDEX}, options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    assert "Nothing to show yet." in built.html("index")
    assert "Nothing to show yet." in built.html("trends/index")


ONE_CHART: Final = "---\norphan: true\n---\n# One\n\n```{{mlchart}} {}\n{}```\n"


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("sourcs", "", 'mlchart cannot draw "sourcs" (did you mean "sources"'),
        ("keyword", "", 'mlchart keyword: the option ":key:" is missing'),
        ("strip", ":key: x\n", 'mlchart strip: takes no option ":key:"'),
        ("keyword", ":key: speach\n", 'there is no "speach" (did you mean "speech"?)'),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_place(build: Build, kind: str, options: str, said: str):
    pages = {"index.md": "# Home\n", "one.md": ONE_CHART.format(kind, options)}
    built = build({**pages, "entries/a.md": entry("A", source="S", keywords="speech")})
    assert said in built.warnings
    assert re.search(r"one\.md:\d+: WARNING", built.warnings)
    assert built.code == 0


# --- Other builders ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_books_and_text_get_the_numbers(build: Build, builder: str):
    conf = 'project = "Tiny"\ncopyright = "Someone"\nepub_basename = "tiny"\nversion = "1"\n'
    built = build(made(), conf=conf, builder=builder, options=("-W", "--keep-going", "-d", "_doctrees"))
    assert built.code == 0, built.warnings
    if builder == "epub":
        with ZipFile(built.outdir / "tiny.epub") as book:
            written = book.read("trends/index.xhtml").decode()
        assert "<svg" not in written
    elif builder == "latex":
        written = next(built.outdir.glob("*.tex")).read_text(encoding="utf-8")
    else:
        written = (built.outdir / "trends" / "index.txt").read_text(encoding="utf-8")
    for words in ("Entries per month", "Rising", "diffusion", "3rd quarter of 2021"):
        assert words in written


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "dirhtml", "singlehtml"])
def test_related_entries_stand_in_every_format(build: Build, builder: str):
    pages = {
        "index.md": "# Home\n\n```{toctree}\nentries/a\nentries/b\n```\n",
        "entries/a.md": entry("Federated \\<learning>", source="One & one", lang="zh", keywords="k"),
        "entries/b.md": entry("What it costs", source="Two", keywords="k"),
    }
    conf = 'project = "Tiny"\ncopyright = "Someone"\nepub_basename = "tiny"\nversion = "1"\n'
    built = build(pages, conf=conf, builder=builder, options=("-W", "--keep-going", "-d", "_doctrees"))
    assert built.code == 0, built.warnings
    if builder == "text":
        assert (
            "-[ Related ]-\n\n* Federated <learning> One & one"
            in (built.outdir / "entries" / "b.txt").read_text()
        )
    elif builder == "latex":
        written = next(built.outdir.glob("*.tex")).read_text(encoding="utf-8")
        assert "Related" in written
        assert "One \\& one" in written
    else:
        name = {"epub": "entries/b.xhtml", "dirhtml": "entries/b/index.html", "singlehtml": "index.html"}[
            builder
        ]
        page: Any = BeautifulSoup((built.outdir / name).read_bytes(), "html.parser")
        links = {link.get_text(): link["href"] for link in page.select(".mlw-related li a")}
        target = {"epub": "a.xhtml", "dirhtml": "../a/", "singlehtml": "#document-entries/a"}[builder]
        assert links["Federated <learning>"] == target
        assert page.find("span", lang="zh", string="Federated <learning>")


# --- What is written again --------------------------------------------------------------------------------------


def stamps(built: Built) -> dict[str, int]:
    return {
        path.relative_to(built.outdir).as_posix(): path.stat().st_mtime_ns
        for path in built.outdir.rglob("*.html")
    }


def rewritten(build: Build, built: Built, files: dict[str, str]) -> set[str]:
    before = stamps(built)
    again = build(files, root=built.root, options=("-W", "--keep-going"))
    assert again.code == 0, again.warnings
    return {name for name, stamp in stamps(again).items() if before.get(name) != stamp}


def test_an_edit_of_a_comment_draws_no_chart_again(build: Build):
    built = build(made())
    page = made()["entries/e05.md"]
    changed = rewritten(build, built, {"entries/e05.md": f"{page}\n## Comment\n\nSeen again.\n"})
    assert changed - {"search.html", "my-list.html", "genindex.html"} == {"entries/e05.html"}


def test_a_star_draws_the_share_again_and_no_line_of_a_keyword(build: Build):
    built = build(made())
    starred = made()["entries/e13.md"].replace(":source:", ":star:\n:source:")
    changed = rewritten(build, built, {"entries/e13.md": starred})
    assert {"trends/index.html", "starred/index.html"} <= changed
    assert "keywords/speech.html" not in changed
    assert "keywords/diffusion.html" not in changed


def test_a_related_title_changes_on_the_pages_that_show_it(build: Build):
    pages = {
        "index.md": "# Home\n",
        **{f"entries/z{i}.md": entry(f"Gamma{i} delta{i}", source="S") for i in range(6)},
        "entries/a.md": entry("Federated learning at the edge", source="One", date="2020-01"),
        "entries/b.md": entry("What federated learning costs", source="Two", date="2021"),
    }
    built = build(pages)
    related = soup(built, "entries/a").select_one(".mlw-related ul")
    assert related.get_text(" ", strip=True) == "What federated learning costs Two · 2021"
    assert related.a["href"] == "b.html"
    assert soup(built, "entries/a").select_one(".mlw-related h2").get_text() == "Related"
    assert not soup(built, "entries/z1").select(".mlw-related")
    title = "The price of federated learning"
    changed = rewritten(
        build, built, {"entries/b.md": pages["entries/b.md"].replace("What federated learning costs", title)}
    )
    assert {"entries/a.html", "entries/b.html"} <= changed
    assert not {f"entries/z{i}.html" for i in range(6)} & changed
    assert title in built.html("entries/a")
