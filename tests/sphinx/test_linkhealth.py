"""What the last link check found, on built pages: the chart, the marks, and which pages a new report writes again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.sphinx.test_charts import cells, entry, rewritten, soup
from tests.sphinx.test_linkcheck import server as server  # noqa: PLC0414 - a fixture
from tests.sphinx.test_linkcheck import sphinx_linkcheck

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built
    from tests.sphinx.test_linkcheck import Server

INDEX: Final = (
    "# Home\n\n```{toctree}\ntrends/index\nyears/index\nkeywords/index\nsources/index\npapers/index\n```\n"
)
#: Sphinx writes two of these in each build, and a page with a toctree when a page in that was read.
ALWAYS: Final = {"search.html", "my-list.html", "genindex.html", "index.html"}
MARK: Final = "(did not work when last checked)"


def report(**states: str) -> str:
    """Return a report that has the articles of ``e1`` … in these states."""
    info = "404 Client Error: Not Found for url: x"
    lines = [
        {
            "filename": f"entries/{name}.md",
            "status": state,
            "uri": f"https://example.org/{name}",
            "info": info,
        }
        for name, state in states.items()
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def pages(**more: str) -> dict[str, str]:
    """Return six entries of two years, and the texts of *more* files beside ``conf.py``."""
    made = {"index.md": INDEX, **{f"../{name}.json": text for name, text in more.items()}}
    for i in range(1, 7):
        options = {"source": f"S{i}", "url": f"https://example.org/e{i}", "date": f"{2018 + i % 2 * 2}-0{i}"}
        if i < 3:
            options["archived"] = f"https://snap.org/e{i}"
        made[f"entries/e{i}.md"] = entry(f"Alpha{i} beta{i}", **options, code=f"[Repo](https://code.org/{i})")
    return made


ALL_BUT: Final = {f"e{i}": "working" for i in range(1, 7)}


@pytest.fixture(scope="module")
def site(build: Build) -> Built:
    checked = report(**{**ALL_BUT, "e1": "broken", "e3": "broken", "e4": "redirected"})
    built = build(pages(linkcheck=checked), options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    return built


def test_page_of_trends_shows_what_was_found(site: Built) -> None:
    section = soup(site, "trends/index").select_one("#chart-links")
    assert section.h2.get_text().removesuffix("¶") == "Link health"
    whole, by_age = (cells(table) for table in section.select("figure.mlw-stacks table"))
    assert [row[:3] for row in whole[1:]] == [
        ["Broken", "2", "14"], ["No answer", "0", "14"], ["Moved", "1", "14"], ["Working", "3", "14"],
        ["Not checked", "8", "14"],
    ]  # fmt: skip
    assert by_age[1:] == [["2018", "0", "0", "1", "2", "4"], ["2020", "2", "0", "0", "1", "4"]]
    picture = section.select_one("figure svg[role=img]")
    assert "Broken, highest in 2020: 28.5%" in picture["aria-label"]
    assert "mlw-link-timeout" not in str(picture)
    assert not re.search(r"style=|<script|https?:|url\(|id=", str(section.figure))


def test_entries_with_broken_links_are_listed_with_their_snapshots(site: Built) -> None:
    section = soup(site, "trends/index").select_one("#chart-links")
    assert section.select_one(".mlw-total").get_text() == "2 entries have broken links."
    rows = [item.get_text(" ", strip=True) for item in section.select("ul.mlw-list > li")]
    assert rows == [
        "Alpha3 beta3 March 2020 · example.org (404)",
        "Alpha1 beta1 January 2020 · example.org (404) · Archived copy",
    ]
    links = [link["href"] for link in section.select("ul.mlw-list a")]
    assert links[0] == "../entries/e3.html"
    assert links[-1] == "https://snap.org/e1"


def test_card_says_so_and_the_snapshot_stands_out(site: Built) -> None:
    actions = soup(site, "entries/e1").select_one(".mlw-actions")
    assert actions.get_text() == f"Read on example.org {MARK} Archived copy"
    assert "sd-btn-primary" in actions.find("a", href="https://snap.org/e1")["class"]
    assert MARK in soup(site, "entries/e3").select_one(".mlw-actions").get_text()
    whole = soup(site, "entries/e2").select_one(".mlw-entry")
    assert MARK not in whole.get_text()
    assert "sd-btn-primary" in whole.find("a", href="https://example.org/e2")["class"]


def test_without_a_report_nothing_is_said(build: Build) -> None:
    built = build(pages(), options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    assert "Link health" not in built.html("trends/index")
    assert "mlw-broken" not in built.html("entries/e1")


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml"])
def test_books_have_the_numbers_and_no_mark(build: Build, builder: str) -> None:
    built = build(
        pages(linkcheck=report(e1="broken")),
        builder=builder,
        options=("-W", "--keep-going", "-d", "_doctrees"),
    )
    assert built.code == 0, built.warnings
    names = {"text": "**/*.txt", "latex": "*.tex", "singlehtml": "index.html"}
    written = "".join(path.read_text(encoding="utf-8") for path in built.outdir.glob(names[builder]))
    assert "Not checked" in written
    assert "1 entry has broken links." in written
    assert (MARK in written) == (builder == "singlehtml")


def test_wrong_line_is_a_warning_at_its_place_and_the_rest_is_shown(build: Build) -> None:
    checked = f"Oops <script>\n{report(e1='broken')}"
    built = build(pages(linkcheck=checked))
    assert built.code == 0
    (warning,) = [told for told in built.warnings.splitlines() if "WARNING" in told]
    assert re.search(
        r'linkcheck\.json:1: WARNING: "Oops <script>" is no JSON object.*\[mlwatch\.link-report\]', warning
    )
    assert MARK in built.html("entries/e1")


def test_list_on_a_page_follows_the_report(build: Build) -> None:
    mine = "---\norphan: true\n---\n# Mine\n\n```{mlindex} entries\n:filter: health:broken\n```\n"
    built = build({**pages(linkcheck=report(e2="broken")), "mine.md": mine}, options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    assert [a.get_text() for a in soup(built, "mine").select("a.reference .mlw-title")] == ["Alpha2 beta2"]
    changed = rewritten(build, built, {"../linkcheck.json": report(e3="broken")})
    assert "mine.html" in changed
    (built.root / "linkcheck.json").unlink()
    again = build({}, root=built.root)
    assert 'the filter "health:broken": at character 8: no link check is known' in again.warnings


# --- What is written again --------------------------------------------------------------------------------------


def test_new_report_writes_the_pages_that_show_it_and_no_other(build: Build) -> None:
    built = build(pages(linkcheck=report(**ALL_BUT)), options=("-W", "--keep-going"))
    assert built.code == 0, built.warnings
    same = report(**dict(reversed(ALL_BUT.items())))
    assert rewritten(build, built, {"../linkcheck.json": same}) - ALWAYS == set()
    broken = report(**{**ALL_BUT, "e5": "broken"})
    changed = rewritten(build, built, {"../linkcheck.json": broken})
    assert changed - ALWAYS == {"trends/index.html", "entries/e5.html"}
    moved = report(**{**ALL_BUT, "e5": "broken", "e6": "redirected"})
    changed = rewritten(build, built, {"../linkcheck.json": moved})
    assert changed - ALWAYS == {"trends/index.html"}
    (built.root / "linkcheck.json").unlink()
    changed = rewritten(build, built, {})
    assert changed - ALWAYS == {"trends/index.html", "entries/e5.html"}
    assert "Link health" not in built.html("trends/index")


# --- A real report ----------------------------------------------------------------------------------------------


def test_report_of_a_real_check_is_drawn_as_it_is(build: Build, server: Server) -> None:
    def watched(name: str, **options: str) -> str:
        return entry(f"Title of {name}", source="S", url=f"{server.url}/{name}", date="2021", **options)

    files = {
        "index.md": INDEX,
        "entries/ok.md": watched(
            "ok-1", paper=f"[P]({server.url}/ok-2?a=1&b=2)", also=f"{server.url}/gone-1"
        ),
        "entries/moved.md": watched("moved-1"),
        "entries/gone.md": watched("gone-2", archived=f"{server.url}/ok-3"),
        "entries/slow.md": watched("slow-1"),
        "entries/left.md": watched("ok-left-out"),
    }
    conf = "linkcheck_timeout = 2\nlinkcheck_retries = 1\nlinkcheck_ignore = ['.*left-out']\n"
    built = build(files, conf=conf)
    sphinx_linkcheck(built.root)
    kept = (built.root / "_out/output.json").read_text(encoding="utf-8")
    again = build({"../linkcheck.json": kept}, root=built.root, options=("-W", "--keep-going"))
    assert again.code == 0, again.warnings
    whole: Any = soup(again, "trends/index").select_one("figure.mlw-stacks table")
    assert {row[0]: row[1] for row in cells(whole)[1:]} == {
        "Broken": "2", "No answer": "1", "Moved": "1", "Working": "3", "Not checked": "1",
    }  # fmt: skip
    rows = [
        item.get_text(" ", strip=True)
        for item in soup(again, "trends/index").select("#chart-links ul.mlw-list > li")
    ]
    assert rows == [
        "Title of gone-2 2021 · 127.0.0.1 (404) · Archived copy",
        "Title of ok-1 2021 · 127.0.0.1 (404)",
    ]
    card = soup(again, "entries/ok").select_one("article, [role=main]")
    assert card.get_text().count(MARK) == 1
    assert MARK in card.find("a", href=f"{server.url}/gone-1").parent.get_text()
