"""Digests come from the entries alone: numbered and by period, with their neighbors, roll-ups and indexes."""

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
    url = f":url: https://example.org/{title.lower().replace(' ', '-')}"
    return bare(title, url, *options)


def bare(title: str, *options: str, body: str = "") -> str:
    """Return the source of an entry's page without an address."""
    return "\n".join([f"# {title}", "", "```{mlentry}", ":source: Someone", *options, "```", "", body])


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


def facts(soup: Tag) -> str:
    """Return the line of facts under the title of a digest, which is all that is said about it."""
    assert soup.select(".sd-card, dl") == []
    (line,) = soup.select(".mlw-facts")
    return words(line)


def titles(tag: Tag) -> list[str]:
    """Return the titles of the entries in *tag*."""
    return [words(row) for row in tag.select(".mlw-row .mlw-title, .mlw-plain")]


def beside(soup: Tag) -> dict[str, str]:
    """Return where "prev" and "next" lead."""
    return {
        rel: str(link["href"])
        for link in soup.select("link[rel]")
        for rel in link["rel"]
        if rel in ("prev", "next")
    }


def sections(soup: Tag) -> dict[str, list[str]]:
    """Return the titles of the entries in each section."""
    found = {}
    for section in soup.select("section[id^=section-]"):
        title = section.select_one("h2")
        assert title is not None
        found[words(title)] = titles(section)
    return found


def text_links(soup: Tag) -> dict[str, str]:
    return dict(reversed(links(soup, "[role=main]")))


def files(built: Built) -> dict[str, tuple[int, bytes]]:
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in (built.root / "docs").rglob("*.md")}


# --- One new page, nothing else ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grown(build: Build) -> tuple[dict[str, str], Built]:
    """Return a project with issues 19 and 20 built, as pages before, and built again with one more entry page."""
    before = build(
        {
            "index.md": INDEX,
            "entries/a.md": page("In twenty", ":date: 2019-12-20", ":digest: ds-ml 2019-20", ":section: nlp"),
            "entries/older.md": page("In nineteen", ":digest: ds-ml 2019-19"),
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
    assert facts(soup) == "1 entry · by snakers41"


def test_previous_and_next_lead_both_ways(grown: tuple[dict[str, str], Built]) -> None:
    before, built = grown
    assert "2019-21.html" not in before["digests/ds-ml/2019-20.html"]
    older, newer = soup_of(built, "digests/ds-ml/2019-20"), soup_of(built, "digests/ds-ml/2019-21")
    assert beside(older) == {"prev": "2019-19.html", "next": "2019-21.html"}
    assert beside(newer)["prev"] == "2019-20.html"
    assert beside(soup_of(built, "digests/ds-ml/2019-19"))["prev"] == "2018-03.html"
    # Only there, and not once more in the text.
    assert not {"2019-19.html", "2019-21.html"} & {address for _, address in links(older, "[role=main]")}


def test_third_issue_of_a_year_opens_its_rollup(grown: tuple[dict[str, str], Built]) -> None:
    before, built = grown
    assert "digests/ds-ml/2019.html" not in before
    assert links(soup_of(built, "digests/ds-ml/2019"), ".mlw-names") == [
        (f"2019 DS/ML digest {number}", f"2019-{number}.html") for number in (19, 20, 21)
    ]
    assert not (built.outdir / "digests/ds-ml/2018.html").exists()
    index = soup_of(built, "digests/ds-ml/index")
    assert [words(head) for head in index.select(".mlw-head")] == ["2019", "2018"]
    assert links(index, ".mlw-head") == [("2019", "2019.html")]


@pytest.mark.parametrize("docname", ["digests/ds-ml/2019", "digests/ds-ml/index", "digests/index"])
def test_year_series_and_all_digests_have_the_new_issue(
    grown: tuple[dict[str, str], Built], docname: str
) -> None:
    before, built = grown
    assert "digest 21" not in before.get(f"{docname}.html", "")
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


def test_sections_stand_in_declared_order_highlights_first_and_empty_ones_are_absent(dated: Built) -> None:
    found = sections(soup_of(dated, "digests/ds-ml/7"))
    assert list(found.items()) == [
        ("Highlights", ["Picked"]),
        ("Speech", ["Heard", "Without a section"]),
        ("NLP", ["First", "Second", "Plain"]),
    ]


def test_titles_are_headings_below_those_of_the_sections(dated: Built) -> None:
    rows = soup_of(dated, "digests/ds-ml/7").select(".mlw-row")
    assert [row.name for row in rows] == ["h3"] * 6
    assert [row.name for row in soup_of(dated, "digests/weekly/2021-W01").select(".mlw-row")] == ["h2"] * 3


def test_pick_and_stars_are_marked(dated: Built) -> None:
    soup = soup_of(dated, "digests/ds-ml/7")
    rows = {words(row): words(row.find_next_siblings("p")[0]) for row in soup.select(".mlw-row")}
    assert rows["★Starred Picked"] == "Someone · Jan 20, 2021 · editor’s pick · Article"
    assert rows["Plain"] == "Someone · Jan 5, 2021 · Article"


def test_entry_without_a_section_goes_by_its_kind(dated: Built) -> None:
    found = sections(soup_of(dated, "digests/monthly/2021-01"))
    assert found == {"Research": ["Picked", "Plain"], "Threads": ["Asked"]}


@pytest.mark.parametrize(
    ("docname", "title", "told", "entries"),
    [
        (
            "weekly/2021-W01",
            "Week by week, week 1 of 2021",
            "Jan 4–10, 2021 · 3 entries",
            ["Asked", "Named", "Plain"],
        ),
        (
            "weekly/2020-W53",
            "Week by week, week 53 of 2020",
            "Dec 28, 2020 – Jan 3, 2021 · 1 entry",
            ["New Year"],
        ),
        (
            "monthly/2021-02",
            "Month by month, February 2021",
            "February 2021 · 1 entry",
            ["Of a month"],
        ),
        ("monthly/2021-03", "Month by month, March 2021", "March 2021 · 1 entry", []),  # another issue has it
        (
            "yearly/2020",
            "Year by year 2020",
            "2020 · 2 entries",
            ["New Year", "Of a year"],
        ),
        ("picked/2021-W30", "Picked weeks, week 30 of 2021", "Jul 26 – Aug 1, 2021 · 1 entry", ["Named"]),
    ],
)
def test_issues_of_a_period_collect_by_date_or_by_name(
    dated: Built, docname: str, title: str, told: str, entries: list[str]
) -> None:
    shown, soup = titled(dated, f"digests/{docname}")
    assert shown == title
    assert facts(soup) == told
    assert sorted(titles(soup)) == entries


def test_series_runs_by_date_across_years(dated: Built) -> None:
    first = beside(soup_of(dated, "digests/weekly/2020-W53"))
    assert first == {"next": "2021-W01.html"}
    assert beside(soup_of(dated, "digests/weekly/2021-W01")) == {
        "prev": "2020-W53.html",
        "next": "2021-W03.html",
    }
    assert beside(soup_of(dated, "digests/yearly/2021"))["prev"] == "2020.html"


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
    title, soup = titled(dated, "digests/monthly/2021")
    assert title == "Month by month: 2021"
    assert facts(soup) == "2021 · 5 entries"
    assert links(soup, ".mlw-names") == [
        (f"Month by month, {month} 2021", f"2021-{number}.html")
        for month, number in (("January", "01"), ("February", "02"), ("March", "03"))
    ]
    assert sections(soup) == {"Highlights": ["Picked", "Asked"]}
    assert titles(soup) == ["Picked", "Asked"]


def test_rollup_of_a_month_has_all_its_issues_and_its_series_leads_to_that_of_the_year(build: Build) -> None:
    days = {"04": "1", "11": "2", "18": "3", "25": "4"}
    entries = {f"entries/{day}.md": page(f"Of {day}", f":date: 2021-01-{day}") for day in days}
    made = build({"index.md": INDEX, **entries}, conf=CONF, options=STRICT)
    assert made.code == 0, made.warnings
    for name, told in (("2021-01", "January 2021"), ("2021", "2021")):
        title, soup = titled(made, f"digests/weekly/{name}")
        assert title == f"Week by week: {told}"
        assert facts(soup) == f"{told} · 4 entries"
        assert links(soup, ".mlw-names") == [
            (f"Week by week, week {week} of 2021", f"2021-W0{week}.html") for week in days.values()
        ]
    assert links(soup_of(made, "digests/weekly/index"), ".mlw-head") == [("2021", "2021.html")]


@pytest.mark.parametrize(
    ("series", "years", "led"),
    [
        ("weekly", ["2021", "2020"], []),
        ("monthly", ["2021", "2020"], [("2021", "2021.html")]),
        ("yearly", ["2021", "2020"], []),
    ],
)
def test_fewer_than_three_issues_have_no_rollup(
    dated: Built, series: str, years: list[str], led: list[tuple[str, str]]
) -> None:
    index = soup_of(dated, f"digests/{series}/index")
    assert [words(head) for head in index.select(".mlw-head")] == years
    assert links(index, ".mlw-head") == led
    if series == "weekly":
        assert sorted(path.stem for path in (dated.outdir / "digests/weekly").iterdir()) == [
            "2020-W53", "2021-W01", "2021-W03", "index",
        ]  # fmt: skip


def test_issue_that_only_repeats_a_named_one_leads_to_it(dated: Built) -> None:
    soup = soup_of(dated, "digests/weekly/2021-W03")
    assert facts(soup) == "Jan 18–24, 2021 · 1 entry"
    assert "The entry is in DS/ML digest 7." in words(soup)
    assert links(soup, "[role=main] section > p") == [("DS/ML digest 7", "../ds-ml/7.html")]
    assert titles(soup) == []


# --- What an entry shows in an issue ------------------------------------------------------------------------------

PAPERS: Final = """\
@misc{known, title = {A Known Paper}, author = {Doe, Jane}, year = {2020}, eprint = {2001.00001}, archivePrefix = {arXiv}}

@book{printed, title = {A Printed Paper}, author = {Doe, Jane and Roe, Rick}, publisher = {Press}, year = {2019}}
"""
TEXTS: Final = {
    "index.md": "# Front\n\n```{toctree}\ndigests/index\n```\n",
    "../refs.bib": PAPERS,
    "entries/text.md": bare(
        "With text",
        ":digest: ds-ml 7",
        ":keywords: C++",
        ":kind: note",
        body="## Summary\n\nFirst *words* and [a link](other.md).\n\n- One\n- Two\n\n## Comment\n\nWorth it.\n",
    ),
    "entries/other.md": page("Other", ":digest: ds-ml 7", ":code: https://example.org/code"),
    "entries/nothing.md": bare("With nothing", ":digest: ds-ml 7", ":star:"),
    "entries/arxiv.md": bare("About a known paper", ":digest: ds-ml 7", ":cite: known"),
    "entries/print.md": bare("About a printed paper", ":digest: ds-ml 7", ":cite: printed"),
}


@pytest.fixture(scope="module")
def texts(build: Build) -> dict[str, Tag]:
    """Return what an issue shows of each of its entries, by title."""
    made = build(TEXTS, conf=CONF, options=STRICT)
    assert made.code == 0, made.warnings
    items = soup_of(made, "digests/ds-ml/7").select("ul.mlw-read-through > li")
    return {titles(item)[0]: item for item in items}


def test_issue_has_whole_summaries_and_comments(texts: dict[str, Tag]) -> None:
    item = texts["With text"]
    assert [words(part) for part in item.select(".mlw-summary, ul li, .mlw-comment")] == [
        "First words and a link.", "One", "Two", "Worth it.",
    ]  # fmt: skip
    assert [words(part) for part in item.select(".mlw-summary em")] == ["words"]
    assert links(item, ".mlw-summary") == [("a link", "../../entries/other.html")]


def test_rows_have_links_to_follow_at_once(texts: dict[str, Tag]) -> None:
    assert links(texts["Other"], ".mlw-links") == [
        ("Article", "https://example.org/other"),
        ("Code", "https://example.org/code"),
    ]
    assert links(texts["About a known paper"], ".mlw-links") == [
        ("Paper", "https://arxiv.org/abs/2001.00001")
    ]


def test_paper_stands_for_a_summary_that_is_missing(texts: dict[str, Tag]) -> None:
    shown = {title: [words(part) for part in item.select(".mlw-excerpt")] for title, item in texts.items()}
    assert shown == {
        "With text": [],
        "Other": [],
        "★Starred With nothing": [],
        "About a known paper": ["A Known Paper – Doe, arXiv 2020"],
        "About a printed paper": ["A Printed Paper – Doe & Roe, Press 2019"],
    }


def test_entry_with_neither_address_nor_text_is_a_plain_line(texts: dict[str, Tag]) -> None:
    item = texts["★Starred With nothing"]
    assert [part.name for part in item.select("*")] == ["p", "span", "span", "span"]
    assert words(item) == "★Starred With nothing"
    assert [title for title, item in texts.items() if item.select(".mlw-plain")] == ["★Starred With nothing"]


@pytest.mark.parametrize(
    ("size", "starred", "highlights"), [(5, 1, 0), (6, 3, 3), (6, 4, 0), (7, 3, 3), (6, 0, 0)]
)
def test_highlights_are_for_long_issues_in_which_few_are_chosen(
    build: Build, size: int, starred: int, highlights: int
) -> None:
    entries = {
        f"entries/e{n}.md": page(f"Entry {n}", ":digest: ds-ml 7", *([":star:"] if n < starred else []))
        for n in range(size)
    }
    made = build({"index.md": INDEX.replace("years/index\n", ""), **entries}, conf=CONF, options=STRICT)
    assert made.code == 0, made.warnings
    found = sections(soup_of(made, "digests/ds-ml/7"))
    assert len(found.get("Highlights", [])) == highlights
    assert sum(map(len, found.values())) == size


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
    assert facts(soup) == "Dec 23, 2019 · 1 entry · by A person · Original post"
    assert text_links(soup)["A person"] == "https://example.org/me"
    assert text_links(soup)["Original post"] == "https://example.org/digest/20"
    assert words(soup.select(".mlw-meta")[-1]) == "Links of the original: Number 19 · All of 2019 · December"
    assert beside(soup)["next"] == "2019-21.html"
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
    shown = [titles(soup) for soup in soups]
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
    assert facts(soups[0]) == "105 entries · by snakers41"


# --- What entries share -----------------------------------------------------------------------------------------


def test_each_entry_tells_its_source_and_date_even_if_all_have_the_same(build: Build) -> None:
    pages = {
        f"entries/{name}.md": page(
            f"Entry {name}", ":date: 2019-12-23", ":digest: ds-ml 2019-20", ":kind: note"
        )
        for name in "abc"
    }
    built = build({"index.md": INDEX, **pages}, conf=CONF, options=STRICT)
    assert built.code == 0, built.warnings
    soup = soup_of(built, "digests/ds-ml/2019-20")
    assert facts(soup) == "3 entries · by snakers41"
    assert [words(line) for line in soup.select(".mlw-meta")] == [
        "Someone · Dec 23, 2019 · note · Article"
    ] * 3
