"""Digests come from the entries alone: numbered and by period, with their neighbours, roll-ups and indexes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

STRICT: Final = ("-W", "--keep-going")
CONF: Final = """
mlwatch_series = {
    "ds-ml": {
        "name": "DS/ML digest", "title": "{year} DS/ML digest {number}", "period": "number", "author": "snakers41",
        "sections": {"speech": "Speech", "vision": "Computer vision", "general": "ML in general", "nlp": "NLP"},
    },
    "weekly": {"name": "Week by week", "period": "week"},
    "monthly": {
        "name": "Month by month", "period": "month",
        "sections": {"research": "Research", "threads": {"title": "Threads", "kinds": ["thread"]}},
    },
    "yearly": {"name": "Year by year", "period": "year"},
    "picked": {"name": "Picked weeks", "period": "week", "collects": "named"},
}
"""
INDEX: Final = "# Front\n\n```{toctree}\ndigests/index\nyears/index\n```\n"


def page(title: str, *options: str) -> str:
    """Return the source of an entry's page."""
    return "\n".join([f"# {title}", "", "```{mlentry}", ":source: Someone", *options, "```", ""])


def titled(built: Built, docname: str) -> tuple[str, BeautifulSoup]:
    """Return the title of a page, and the page."""
    soup = BeautifulSoup(built.html(docname), "html.parser")
    title = soup.select_one("h1")
    assert title is not None
    return words(title), soup


def soup_of(built: Built, docname: str) -> BeautifulSoup:
    return titled(built, docname)[1]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split()).removesuffix("¶")


def links(tag: Tag, within: str) -> list[tuple[str, str]]:
    """Return the words and the address of each link in the parts of *tag* that *within* selects."""
    return [
        (words(link), str(link["href"])) for part in tag.select(within) for link in part.select("a[href]")
    ]


def about(soup: Tag) -> dict[str, str]:
    """Return what the card of a digest says."""
    (card,) = soup.select("div.sd-card.mlw-issue")
    names = [words(term).rstrip(":") for term in card.select("dt")]
    return dict(zip(names, [words(told) for told in card.select("dd")], strict=True))


def sections(soup: Tag) -> dict[str, list[str]]:
    """Return the titles of the entries in each section."""
    found = {}
    for section in soup.select("section[id^=section-]"):
        title = section.select_one("h2")
        assert title is not None
        found[words(title)] = [words(row) for row in section.select(".mlw-row .mlw-title")]
    return found


def text_links(soup: Tag) -> dict[str, str]:
    return dict(reversed(links(soup, "[role=main]")))


def files(built: Built) -> dict[str, tuple[int, bytes]]:
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in (built.root / "docs").rglob("*.md")}


# --- One new page, nothing else ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grown(build: Build) -> tuple[dict[str, str], Built]:
    """Return a project with issue 20 built, as pages before, and built again with one more entry page."""
    before = build(
        {
            "index.md": INDEX,
            "entries/a.md": page("In twenty", ":date: 2019-12-20", ":digest: ds-ml 2019-20", ":section: nlp"),
            "entries/old.md": page("In the year before", ":digest: ds-ml 2018-3"),
        },
        conf=CONF,
        options=STRICT,
    )
    assert before.code == 0, before.warnings
    pages = {p.relative_to(before.outdir).as_posix(): p.read_text() for p in before.outdir.rglob("*.html")}
    entry = page("In twenty-one", ":digest: ds-ml 2019-21", ":section: vision", ":keywords: C++")
    after = build({"entries/b.md": entry}, root=before.root, options=STRICT)
    assert after.code == 0, after.warnings
    return pages, after


def test_one_page_opens_a_new_issue(grown: tuple[dict[str, str], Built]) -> None:
    before, built = grown
    assert "digests/ds-ml/2019-21.html" not in before
    title, soup = titled(built, "digests/ds-ml/2019-21")
    assert title == "2019 DS/ML digest 21"
    assert sections(soup) == {"Computer vision": ["In twenty-one"]}
    assert about(soup) == {
        "Series": "DS/ML digest",
        "Author": "snakers41",
        "Earlier": "2019 DS/ML digest 20",
        "Roll-ups": "DS/ML digest: 2019",
        "Keywords": "C++ (1)",
    }


def test_previous_and_next_lead_both_ways(grown: tuple[dict[str, str], Built]) -> None:
    before, built = grown
    assert "digest 21" not in before["digests/ds-ml/2019-20.html"]
    older, newer = soup_of(built, "digests/ds-ml/2019-20"), soup_of(built, "digests/ds-ml/2019-21")
    assert about(older)["Later"] == "2019 DS/ML digest 21"
    assert about(older)["Earlier"] == "2018 DS/ML digest 3"
    assert text_links(older)["2019 DS/ML digest 21"] == "2019-21.html"
    assert text_links(newer)["2019 DS/ML digest 20"] == "2019-20.html"
    assert ("next", "2019-21.html") in [
        (r, link["href"]) for link in older.select("link") for r in link["rel"]
    ]
    assert ("prev", "2019-20.html") in [
        (r, link["href"]) for link in newer.select("link") for r in link["rel"]
    ]


@pytest.mark.parametrize("docname", ["digests/ds-ml/2019", "digests/ds-ml/index", "digests/index"])
def test_year_series_and_all_digests_have_the_new_issue(
    grown: tuple[dict[str, str], Built], docname: str
) -> None:
    before, built = grown
    assert "digest 21" not in before[f"{docname}.html"]
    _, soup = titled(built, docname)
    found = text_links(soup)
    target = (built.outdir / docname).parent / found["2019 DS/ML digest 21"]
    assert target.resolve() == built.outdir / "digests/ds-ml/2019-21.html"
    assert ("2018 DS/ML digest 3" in found) == (docname != "digests/ds-ml/2019")


def test_entry_names_its_digest(grown: tuple[dict[str, str], Built]) -> None:
    _, built = grown
    assert text_links(soup_of(built, "entries/b"))["2019 DS/ML digest 21"] == "../digests/ds-ml/2019-21.html"


def test_issue_goes_with_its_last_entry(build: Build) -> None:
    made = build(
        {"index.md": INDEX, "entries/a.md": page("A"), "entries/b.md": page("B", ":digest: ds-ml 2019-21")},
        conf=CONF,
        options=STRICT,
    )
    assert (made.outdir / "digests/ds-ml/2019-21.html").is_file()
    again = build({"entries/b.md": page("B")}, root=made.root, options=STRICT)
    assert again.code == 0, again.warnings
    assert not list((made.outdir / "digests").rglob("2019*"))
    assert not list((made.srcdir / "digests").rglob("2019*"))


# --- What stands in an issue ------------------------------------------------------------------------------------

DATED: Final = {
    "index.md": INDEX,
    "entries/plain.md": page("Plain", ":date: 2021-01-05", ":digest: ds-ml 7", ":section: nlp"),
    "entries/second.md": page("Second", ":digest: ds-ml 7", ":section: nlp", ":order: 2"),
    "entries/first.md": page("First", ":digest: ds-ml 7", ":section: nlp", ":order: 1"),
    "entries/pick.md": page(
        "Picked", ":date: 2021-01-20", ":digest: ds-ml 7", ":section: nlp", ":pick:", ":star:"
    ),
    "entries/speech.md": page("Heard", ":digest: ds-ml 7", ":section: speech"),
    "entries/nowhere.md": page("Without a section", ":digest: ds-ml 7"),
    "entries/thread.md": page("Asked", ":date: 2021-01-06", ":kind: thread", ":star: 2"),
    "entries/month.md": page("Of a month", ":date: 2021-02"),
    "entries/year.md": page("Of a year", ":date: 2020"),
    "entries/eve.md": page("New Year", ":date: 2020-12-31"),
    "entries/elsewhere.md": page("Named", ":date: 2021-01-06", ":digest: picked 2021-W30, monthly 2021-03"),
}


@pytest.fixture(scope="module")
def dated(build: Build) -> Built:
    made = build(DATED, conf=CONF, options=STRICT)
    assert made.code == 0, made.warnings
    return made


def test_sections_stand_in_declared_order_picks_first_and_empty_ones_are_absent(dated: Built) -> None:
    found = sections(soup_of(dated, "digests/ds-ml/7"))
    assert list(found.items()) == [
        ("Speech", ["Heard", "Without a section"]),
        ("NLP", ["Picked", "First", "Second", "Plain"]),
    ]


def test_pick_and_stars_are_marked(dated: Built) -> None:
    rows = [words(row) for row in soup_of(dated, "digests/ds-ml/7").select(".mlw-row")]
    assert "★ pick Picked" in rows
    assert "Plain" in rows


def test_entry_without_a_section_goes_by_its_kind(dated: Built) -> None:
    found = sections(soup_of(dated, "digests/monthly/2021-01"))
    assert found == {"Research": ["Picked", "Plain"], "Threads": ["Asked"]}


@pytest.mark.parametrize(
    ("docname", "title", "dates", "entries"),
    [
        (
            "weekly/2021-W01",
            "Week by week, week 1 of 2021",
            "4 January 2021 to 10 January 2021",
            ["Asked", "Named", "Plain"],
        ),
        (
            "weekly/2020-W53",
            "Week by week, week 53 of 2020",
            "28 December 2020 to 3 January 2021",
            ["New Year"],
        ),
        (
            "monthly/2021-02",
            "Month by month, February 2021",
            "1 February 2021 to 28 February 2021",
            ["Of a month"],
        ),
        ("monthly/2021-03", "Month by month, March 2021", "1 March 2021 to 31 March 2021", ["Named"]),
        (
            "yearly/2020",
            "Year by year 2020",
            "1 January 2020 to 31 December 2020",
            ["New Year", "Of a year"],
        ),
        ("picked/2021-W30", "Picked weeks, week 30 of 2021", "26 July 2021 to 1 August 2021", ["Named"]),
    ],
)
def test_issues_of_a_period_collect_by_date_or_by_name(
    dated: Built, docname: str, title: str, dates: str, entries: list[str]
) -> None:
    shown, soup = titled(dated, f"digests/{docname}")
    assert shown == title
    assert about(soup)["Dates"] == dates
    assert sorted(words(row) for row in soup.select(".mlw-row .mlw-title")) == entries


def test_series_runs_by_date_across_years(dated: Built) -> None:
    first = about(soup_of(dated, "digests/weekly/2020-W53"))
    assert "Earlier" not in first
    assert first["Later"] == "Week by week, week 1 of 2021"
    assert about(soup_of(dated, "digests/weekly/2021-W01"))["Later"] == "Week by week, week 3 of 2021"
    assert about(soup_of(dated, "digests/yearly/2021"))["Earlier"] == "Year by year 2020"


def test_digests_index_lists_every_series_in_declared_order(dated: Built) -> None:
    cards = soup_of(dated, "digests/index").select(".mlw-series")
    heads = [words(head) for card in cards for head in card.select(".mlw-head")]
    assert heads == [
        "DS/ML digest (1)",
        "Week by week (3)",
        "Month by month (4)",
        "Year by year (2)",
        "Picked weeks (1)",
    ]


# --- Roll-ups ---------------------------------------------------------------------------------------------------


def test_rollup_lists_its_issues_and_repeats_picks_and_stars(dated: Built) -> None:
    title, soup = titled(dated, "digests/weekly/2021-01")
    assert title == "Week by week: January 2021"
    assert links(soup, ".mlw-names") == [
        ("Week by week, week 1 of 2021", "2021-W01.html"),
        ("Week by week, week 3 of 2021", "2021-W03.html"),
    ]
    assert [words(row) for row in soup.select(".mlw-row .mlw-title")] == ["Picked", "Asked"]
    assert about(soup)["Dates"] == "1 January 2021 to 31 January 2021"


def test_issue_leads_to_the_rollups_of_its_month_and_year(dated: Built) -> None:
    week = soup_of(dated, "digests/weekly/2021-W01")
    assert about(week)["Roll-ups"] == "Week by week: January 2021 · Week by week: 2021"
    assert text_links(week)["Week by week: 2021"] == "2021.html"
    assert about(soup_of(dated, "digests/monthly/2021-01"))["Roll-ups"] == "Month by month: 2021"
    assert "Roll-ups" not in about(soup_of(dated, "digests/yearly/2021"))


def test_rollup_of_a_year_has_all_its_issues(dated: Built) -> None:
    listed = [text for text, _ in links(soup_of(dated, "digests/monthly/2021"), ".mlw-names")]
    assert listed == [f"Month by month, {month} 2021" for month in ("January", "February", "March")]


def test_figures_count_what_is_there(dated: Built) -> None:
    figures = soup_of(dated, "digests/ds-ml/7").select_one(".mlw-total")
    assert figures is not None
    assert words(figures) == "6 entries · 1 starred · 1 pick · 1 source"


# --- A page that a person wrote ---------------------------------------------------------------------------------


def test_page_written_by_hand_wins_with_its_introduction_and_is_not_touched(build: Build) -> None:
    mine = (
        "# My own title\n\nAn introduction that a person wrote.\n\n"
        "```{mldigest} ds-ml 2019-20\n:posted: 2019-12-23\n:author: [A person](https://example.org/me)\n"
        ":url: https://example.org/digest/20\n:previous: [Number 19](https://example.org/digest/19)\n"
        ":rollup: [All of 2019](https://example.org/2019) [December](https://example.org/2019/12)\n```\n"
    )
    made = build(
        {
            "index.md": INDEX,
            "digests/ds-ml/2019-20.md": mine,
            "entries/a.md": page("In twenty", ":digest: ds-ml 2019-20", ":section: nlp"),
            "entries/b.md": page("In twenty-one", ":digest: ds-ml 2019-21"),
        },
        conf=CONF,
        options=STRICT,
    )
    assert made.code == 0, made.warnings
    path = made.srcdir / "digests/ds-ml/2019-20.md"
    stamp = path.stat().st_mtime_ns
    title, soup = titled(made, "digests/ds-ml/2019-20")
    assert title == "My own title"
    assert "An introduction that a person wrote." in soup.get_text()
    assert sections(soup) == {"NLP": ["In twenty"]}
    told = about(soup)
    assert told["Author"] == "A person"
    assert told["Posted"] == "23 December 2019"
    assert told["Earlier"] == "Number 19"
    assert told["Later"] == "2019 DS/ML digest 21"
    assert told["Roll-ups"] == "DS/ML digest: 2019 · All of 2019 · December"
    assert text_links(soup)["December"] == "https://example.org/2019/12"
    again = build(
        {"entries/c.md": page("One more", ":digest: ds-ml 2019-20")}, root=made.root, options=STRICT
    )
    assert again.code == 0, again.warnings
    assert sections(soup_of(again, "digests/ds-ml/2019-20")) == {"Speech": ["One more"], "NLP": ["In twenty"]}
    assert (path.read_text(encoding="utf-8"), path.stat().st_mtime_ns) == (mine, stamp)
    ignored = (made.srcdir / "digests/.gitignore").read_text(encoding="utf-8").splitlines()
    assert "/ds-ml/2019-21.md" in ignored
    assert "/ds-ml/2019-20.md" not in ignored


def test_generated_page_can_be_taken_over_and_given_back(build: Build) -> None:
    made = build(
        {"index.md": INDEX, "entries/a.md": page("A", ":digest: ds-ml 2019-20")}, conf=CONF, options=STRICT
    )
    path = made.srcdir / "digests/ds-ml/2019-20.md"
    own = "# Mine\n\n```{mldigest} ds-ml 2019-20\n```\n"
    mine = build({"digests/ds-ml/2019-20.md": own}, root=made.root, options=STRICT)
    assert mine.code == 0, mine.warnings
    assert titled(mine, "digests/ds-ml/2019-20")[0] == "Mine"
    assert path.read_text(encoding="utf-8") == own
    path.unlink()
    back = build({}, root=made.root, options=STRICT)
    assert back.code == 0, back.warnings
    assert titled(back, "digests/ds-ml/2019-20")[0] == "2019 DS/ML digest 20"


def test_generated_sources_are_written_only_when_they_change(build: Build) -> None:
    made = build(
        {"index.md": INDEX, "entries/a.md": page("A", ":digest: ds-ml 2019-20")}, conf=CONF, options=STRICT
    )
    before = files(made)
    again = build({"entries/a.md": page("Another", ":digest: ds-ml 2019-20")}, root=made.root)
    assert "Another" in again.html("digests/ds-ml/2019-20")
    changed = {Path(name).name for name, kept in files(again).items() if before.get(name) != kept}
    assert changed == {"a.md"}


# --- Long issues ------------------------------------------------------------------------------------------------


def test_issue_with_more_than_fifty_entries_goes_on_on_further_pages(build: Build) -> None:
    entries = {f"entries/e{n:03}.md": page(f"Entry {n:03}", ":digest: ds-ml 2020-1") for n in range(105)}
    made = build({"index.md": INDEX, **entries}, conf=CONF, options=STRICT)
    assert made.code == 0, made.warnings
    names = ["2020-01", "2020-01/page-2", "2020-01/page-3"]
    soups = [soup_of(made, f"digests/ds-ml/{name}") for name in names]
    shown = [[words(row) for row in soup.select(".mlw-row .mlw-title")] for soup in soups]
    assert [len(rows) for rows in shown] == [50, 50, 5]
    assert [row for rows in shown for row in rows] == [f"Entry {n:03}" for n in range(105)]
    for soup, name in zip(soups, names, strict=True):
        found = links(soup, ".mlw-pager")
        folder = (made.outdir / "digests/ds-ml" / name).parent
        for text, address in found:
            target = f"digests/ds-ml/{names[int(text) - 1]}.html"
            assert (folder / address).resolve() == made.outdir / target
        assert {text for text, _ in found} == {"1", "2", "3"} - {str(names.index(name) + 1)}
    assert [titled(made, f"digests/ds-ml/{name}")[0] for name in names] == [
        "2020 DS/ML digest 1",
        "2020 DS/ML digest 1, page 2",
        "2020 DS/ML digest 1, page 3",
    ]
    assert "105 entries" in soups[0].get_text()


# --- What all entries share ---------------------------------------------------------------------------------------


def test_source_and_date_of_all_entries_are_said_once_above_them(build: Build) -> None:
    def told(entries: dict[str, str]) -> tuple[str, list[str]]:
        pages = {
            f"entries/{name}.md": page(
                f"Entry {name}", f":date: {date}", ":digest: ds-ml 2019-20", ":kind: note"
            )
            for name, date in entries.items()
        }
        built = build({"index.md": INDEX, **pages}, conf=CONF, options=STRICT)
        assert built.code == 0, built.warnings
        soup = soup_of(built, "digests/ds-ml/2019-20")
        (total,) = soup.select(".mlw-total")
        return words(total), [words(line) for line in soup.select(".mlw-meta")]

    one_go = dict.fromkeys("abc", "2019-12-23")
    assert told(one_go) == ("3 entries · 1 source · Someone · 23 December 2019", ["note"] * 3)
    total, lines = told({**one_go, "d": "2019-12-24"})
    assert total == "4 entries · 1 source"
    assert sorted(lines) == ["Someone · 23 December 2019 · note"] * 3 + ["Someone · 24 December 2019 · note"]
