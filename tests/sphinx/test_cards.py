"""An entry's page shows each of its options, where a reader looks for it, and nothing that a page must not do."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from pybtex.database import parse_string

import mlwatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sphinx.conftest import Build, Built

    Card = Callable[[str], Tag]

CONF: Final = """
project = "Tiny watch"
html_baseurl = "https://watch.example/"
mlwatch_source_aliases = {"MarkTechPost": ["MARKTECHPOST"]}
mlwatch_series = {
    "ds-ml": {"period": "number", "title": "{year} DS/ML digest {number}"},
    "monthly": {"period": "month", "name": "Monthly"},
}
"""
RELS: Final = ("paper", "code", "project", "slides", "video", "data", "demo", "discussion", "link")
BIB: Final = """\
@inproceedings{tan2021,
  title = {{EfficientNetV2}: Smaller \\& Faster},
  author = {Tan, Mingxing and Le, Quoc V.},
  booktitle = {ICML},
  year = {2021},
}

@misc{dai2021,
  title = {CoAtNet},
  author = {Dai, Zihang and Liu, Hanxiao and Le, Quoc V. and Tan, Mingxing},
  year = {2021},
}

@article{many2021,
  title = {Many Hands},
  author = {One, A. and Two, B. and Three, C. and Four, D. and Five, E.},
  journal = {Journal of Work},
  year = {2021},
  eprint = {2103.12345},
  archivePrefix = {arXiv},
  doi = {10.1000/hands},
}
"""


def page(title: str, *options: str, body: str = "") -> str:
    """Return the source of an entry's page."""
    lines = (f":{option}" for option in options)
    return "\n".join([f"# {title}", "", "```{mlentry}", *lines, "```", "", body, ""])


FILES: Final = {
    "index.md": "# Front\n\n```{toctree}\ndigests/index\nyears/index\nkeywords/index\nsources/index\nbibliography\n```\n",
    "bibliography.md": "# Bibliography\n\n```{bibliography}\n:all:\n```\n",
    "../refs.bib": BIB,
    "entries/full.md": page(
        "All of it & \\<more>",
        "source: MARKTECHPOST",
        "url: https://www.example.org/full?a=1&b=2",
        "date: 2021-09-16",
        "star: 2",
        "pick:",
        "kind: talk",
        "authors: Jane Doe; Li Lei",
        "alt-title: Another title",
        "keywords: C++, c#, 机器学习",
        *(f"{rel}: [The {rel}](https://{rel}.example/x) https://{rel}.example/bare" for rel in RELS),
        "cite: tan2021, dai2021",
        "digest: ds-ml 2021-2",
        "also: https://example.org/other https://nowhere.example/same",
        "archived: https://web.archive.org/web/2021/https://example.org/full",
        "image: [A chart](https://example.org/chart.png)",
        "status: to-read",
        "todo: Look at the label",
        body="## Summary\n\nA [way out](https://example.org/out), <mailto:someone@example.org>.\n\n## Comment\n\nGood.\n",
    ),
    "entries/other.md": page(
        "同一项工作",
        "source: 机器之心",
        "url: https://example.org/other",
        "date: 2021-09",
        "lang: zh",
        "star:",
        "keywords: C",
        body="## Summary\n\n一种新的方法。\n\nSee {ml:entry}`full`.\n",
    ),
    "entries/year.md": page("Of a year", "source: Someone", "date: 2021", "kind: thread", "status: reading"),
    "entries/week.md": page(
        "Of a week", "source: Someone", "url: https://example.org/week", "date: 2021-W02", "star: 3"
    ),
    "entries/paper.md": page(
        "About one paper", "source: Someone", "cite: many2021", "code: https://code.example/hands"
    ),
    "entries/bare.md": page("Nothing but a source", "source: Someone"),
    "entries/gone.md": page("Gone", "source: Someone", "archived: https://web.archive.org/web/2020/x"),
}


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    made = build(FILES, conf=CONF, options=("-W", "--keep-going"))
    assert made.code == 0, made.warnings
    return made


@pytest.fixture(scope="module")
def soup(built: Built) -> Card:
    return lambda docname: BeautifulSoup(built.html(docname), "html.parser")


@pytest.fixture
def card(soup: Card) -> Card:
    """Return the page of the entry with this name, from its title on."""

    def find(name: str) -> Tag:
        (found,) = soup(f"entries/{name}").select("[role=main] > section")
        assert len(found.select("div.mlw-entry")) == 1
        return found

    return find


def words(tag: Tag | None) -> str:
    """Return what a reader reads, with single spaces."""
    assert tag is not None
    return " ".join(tag.get_text().split())


def field(card: Tag, name: str) -> Tag | None:
    """Return what stands behind *name* in the list of fields."""
    for term in card.select("dt"):
        if words(term).rstrip(":") == name:
            return term.find_next_sibling("dd")
    return None


def links(tag: Tag | None) -> list[tuple[str, str]]:
    """Return the words and the address of each link."""
    assert tag is not None
    return [(words(link), unquote(str(link["href"]))) for link in tag.select("a[href]")]


# --- The first lines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        (
            "full",
            "★★Starred MarkTechPost · Sep 16, 2021 · by Jane Doe, Li Lei · talk · editor’s pick · to read",
        ),
        ("other", "★Starred 机器之心 · September 2021"),
        ("year", "Someone · 2021 · thread · reading"),
        ("week", "★★★Starred Someone · Jan 11–17, 2021"),
        ("bare", "Someone"),
    ],
)
def test_page_begins_with_stars_source_date_as_precise_as_known_and_marks(
    card: Card, name: str, lead: str
) -> None:
    assert words(card(name).select_one(".mlw-lead")) == lead


def test_stars_are_seen_and_read_aloud(card: Card) -> None:
    (lead,) = card("full").select(".mlw-lead")
    assert [words(star) for star in lead.select(".mlw-star")] == ["★★"]
    assert [words(told) for told in lead.select(".mlw-star + .mlw-aside")] == ["Starred"]
    assert card("year").select(".mlw-star, .mlw-aside") == []


def test_no_box_is_around_the_facts(card: Card) -> None:
    assert card("full").select(".sd-card, .mlw-lead .sd-badge") == []


def test_source_and_date_lead_to_their_pages(card: Card) -> None:
    assert links(card("full").select_one(".mlw-lead")) == [
        ("MarkTechPost", "../sources/marktechpost.html"),
        ("Sep 16, 2021", "../years/2021-09.html"),
    ]
    assert links(card("year").select_one(".mlw-lead"))[1:] == [("2021", "../years/2021.html")]


def test_other_title_stands_below_the_title(card: Card) -> None:
    assert words(card("full").select_one(".mlw-alt")) == "Another title"


def test_article_is_read_on_its_host_and_in_its_archive(card: Card) -> None:
    assert links(card("full").select_one(".mlw-actions")) == [
        ("Read on example.org", "https://www.example.org/full?a=1&b=2"),
        ("Archived copy", "https://web.archive.org/web/2021/https://example.org/full"),
    ]


def test_archived_copy_is_there_without_the_article(card: Card) -> None:
    assert links(card("gone").select_one(".mlw-actions")) == [
        ("Archived copy", "https://web.archive.org/web/2020/x")
    ]


def test_page_of_a_bare_entry_has_no_empty_parts(card: Card) -> None:
    bare = card("bare")
    assert bare.select("dl, details, .mlw-actions, .mlw-alt, .mlw-paper") == []
    assert all(words(part) for part in bare.select("p, span, a"))


def test_remark_to_the_curator_is_not_for_readers(soup: Card) -> None:
    assert "Look at the label" not in soup("entries/full").get_text()
    assert "Look at the label" in soup("reading-list/todo").get_text()


# --- The list ---------------------------------------------------------------------------------------------------


def test_keywords_are_badges_that_lead_to_their_pages(card: Card, built: Built) -> None:
    found = field(card("full"), "Keywords")
    shown = links(found)
    assert [text for text, _ in shown] == ["C++", "c#", "机器学习"]
    assert len({address for _, address in shown}) == 3
    for text, address in shown:
        target = (built.outdir / "entries" / address).resolve()
        title = BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser").select_one("h1")
        assert words(title).removesuffix("¶") == text
    assert found is not None
    assert all("sd-badge" in str(link) for link in found.select("a"))


@pytest.mark.parametrize("rel", RELS)
def test_labelled_links_stand_under_their_kind_with_its_icon(card: Card, rel: str) -> None:
    found = field(card("full"), rel.capitalize())
    assert links(found) == [
        (f"The {rel}", f"https://{rel}.example/x"),
        (f"{rel}.example", f"https://{rel}.example/bare"),
    ]
    assert found is not None
    (icon,) = found.select(".mlw-icon")
    assert icon["class"] == ["mlw-icon", f"mlw-icon-{rel}"]
    assert not icon.contents


def test_each_kind_of_link_has_an_icon_of_its_own() -> None:
    style = (Path(mlwatch.__file__).parent / "static" / "mlwatch-icons.css").read_text(encoding="utf-8")
    drawn = dict(re.findall(r"\.mlw-icon-(\w+) \{\s*--mlw-icon: (url\([^\n]+\));", style))
    assert sorted(drawn) == sorted(RELS)
    assert len(set(drawn.values())) == len(RELS)


def test_picture_is_a_plain_link(card: Card) -> None:
    full = card("full")
    assert links(field(full, "Picture")) == [("A chart", "https://example.org/chart.png")]
    assert full.select("img") == []


def papers(card: Tag) -> list[tuple[list[tuple[str, str]], str]]:
    """Return the links of each paper, and who wrote it and where."""
    found = []
    for paper in card.select("div.mlw-paper"):
        assert words(paper.select_one(".mlw-label")) == "Paper"
        found.append((links(paper), words(paper.select_one(".mlw-meta"))))
    return found


def test_cited_papers_stand_below_the_text_and_lead_to_the_bibliography(card: Card) -> None:
    assert papers(card("full")) == [
        (
            [
                ("EfficientNetV2: Smaller & Faster", "../bibliography.html#cite-tan2021"),
                ("BibTeX", "#bibtex-tan2021"),
            ],
            "Mingxing Tan, Quoc V. Le · ICML 2021",
        ),
        (
            [("CoAtNet", "../bibliography.html#cite-dai2021"), ("BibTeX", "#bibtex-dai2021")],
            "Zihang Dai, Hanxiao Liu, Quoc V. Le et al. · 2021",
        ),
    ]
    assert card("full").select("section ~ .mlw-paper ~ .mlw-paper ~ dl.mlw-fields ~ details")


def test_only_paper_of_an_entry_has_buttons_for_its_pages_and_its_code(card: Card) -> None:
    assert papers(card("paper")) == [
        (
            [
                ("Many Hands", "../bibliography.html#cite-many2021"),
                ("Abstract", "https://arxiv.org/abs/2103.12345"),
                ("PDF", "https://arxiv.org/pdf/2103.12345"),
                ("DOI", "https://doi.org/10.1000/hands"),
                ("Code", "https://code.example/hands"),
                ("BibTeX", "#bibtex-many2021"),
            ],
            "A. One, B. Two, C. Three et al. · Journal of Work 2021",
        )
    ]
    for link in card("paper").select(".mlw-buttons a"):
        assert "mlw-button" in link["class"]


def test_other_coverage_leads_to_the_watched_entry_and_back(card: Card) -> None:
    assert links(field(card("full"), "Also covered by")) == [
        ("同一项工作", "other.html"),
        ("nowhere.example", "https://nowhere.example/same"),
    ]
    assert links(field(card("other"), "Also covered by")) == [("All of it & <more>", "full.html")]


def test_page_names_all_digests_of_the_entry(card: Card) -> None:
    assert links(field(card("full"), "Digest")) == [
        ("2021 DS/ML digest 2", "../digests/ds-ml/2021-02.html"),
        ("Monthly, September 2021", "../digests/monthly/2021-09.html"),
    ]
    assert field(card("year"), "Digest") is None


def test_previous_and_next_run_through_all_dated_entries_both_ways(soup: Card, card: Card) -> None:
    here, seen = "entries/year", ["year"]
    while len(seen) < 4:
        there = here
        while True:
            (link,) = soup(there).select("link[rel=next]")
            after = posixpath.normpath(posixpath.join(posixpath.dirname(there), unquote(str(link["href"]))))
            after = after.removesuffix(".html")
            (back,) = soup(after).select("link[rel=prev]")
            before = posixpath.join(posixpath.dirname(after), unquote(str(back["href"])))
            assert posixpath.normpath(before).removesuffix(".html") == there
            there = after
            if there.startswith("entries/"):
                break
        here = there
        seen.append(here.removeprefix("entries/"))
    assert seen == ["year", "week", "other", "full"]
    for name in seen:
        assert field(card(name), "Earlier") is None
        assert field(card(name), "Later") is None


# --- Languages --------------------------------------------------------------------------------------------------


def test_title_says_its_language(soup: Card) -> None:
    title = soup("entries/other").select_one("h1")
    assert title is not None
    assert title["lang"] == "zh"
    assert soup("entries/full").select("h1[lang]") == []


@pytest.mark.parametrize(
    "docname", ["entries/full", "keywords/c", "years/2021-09", "digests/monthly/2021-09", "starred/index"]
)
def test_links_say_the_language_of_the_title(soup: Card, docname: str) -> None:
    found = [link for link in soup(docname).select("main a, [role=main] a") if words(link) == "同一项工作"]
    assert found
    for link in found:
        assert link.get("lang") == "zh" or link.select("[lang=zh]")


# --- Links to other sites ---------------------------------------------------------------------------------------


def test_links_to_other_sites_say_so_and_leak_no_referrer(built: Built, soup: Card) -> None:
    seen = set()
    for path in built.outdir.rglob("*.html"):
        docname = path.relative_to(built.outdir).with_suffix("").as_posix()
        for link in soup(docname).select("[role=main] a[href]"):
            address = str(link["href"])
            if not re.match(r"https?:", address):
                continue
            seen.add(address)
            assert str(link.get("rel")).count("noopener") == 1, address
            assert "noreferrer" in str(link.get("rel")), address
            assert "mlw-out" in str(link.get("class")), address
            assert str(link.get("title", "")).startswith("Other site: "), address
    assert {"https://example.org/out", "https://nowhere.example/same"} <= seen
    assert len(seen) > 20


def test_mail_address_is_no_other_site(soup: Card) -> None:
    (link,) = soup("entries/full").select('a[href^="mailto:"]')
    assert "mlw-out" not in str(link.get("class"))


def test_pages_have_no_address_that_runs_and_load_nothing_from_elsewhere(built: Built, soup: Card) -> None:
    for path in built.outdir.rglob("*.html"):
        docname = path.relative_to(built.outdir).with_suffix("").as_posix()
        for tag in soup(docname).select("*"):
            for name, value in tag.attrs.items():
                assert not name.startswith("on"), docname
                if name in ("href", "src", "action", "data", "poster", "content"):
                    assert not re.match(r"\s*(javascript|vbscript|data|file):", str(value).lower()), docname
                if name == "src" or tag.name == "link":
                    canonical = str(value).startswith("https://watch.example/")
                    assert canonical or not re.match(r"(https?:)?//", str(value)), docname


# --- Cite -------------------------------------------------------------------------------------------------------


def cited(soup: Card, name: str) -> list[tuple[str, str, str]]:
    """Return the id, the title and the text of each record to copy."""
    (box,) = soup(f"entries/{name}").select("details.mlw-cite-this")
    (summary,) = box.select("summary")
    assert words(summary) == "Cite"
    found = []
    for source in box.select("div.mlw-source"):
        (text,) = source.select("pre")
        found.append((str(source["id"]), words(source.select_one(".mlw-label")), text.get_text()))
    assert len(found) == len(box.select("pre"))
    return found


def test_records_of_the_papers_and_of_the_article_are_copied_one_by_one(soup: Card) -> None:
    found = cited(soup, "full")
    assert [told for *told, _ in found] == [
        ["bibtex-tan2021", "EfficientNetV2: Smaller & Faster"],
        ["bibtex-dai2021", "CoAtNet"],
        ["bibtex", "The article"],
    ]
    each = [parse_string(text, "bibtex").entries for *_, text in found]
    assert [list(records) for records in each] == [["tan2021"], ["dai2021"], ["mlw-full"]]
    assert each[0]["tan2021"] == parse_string(BIB, "bibtex").entries["tan2021"]
    own = each[2]["mlw-full"]
    assert [str(person) for person in own.persons["author"]] == ["Doe, Jane", "Lei, Li"]
    assert own.fields["title"] == r"{All of it \& <more>}"
    assert own.fields["url"] == "https://www.example.org/full?a=1&b=2"
    assert own.fields["year"] == "2021"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "other",
            {"title": "{同一项工作}", "url": "https://example.org/other", "year": "2021", "note": "2021-09"},
        ),
        (
            "week",
            {"title": "{Of a week}", "url": "https://example.org/week", "year": "2021", "note": "2021-W02"},
        ),
    ],
)
def test_what_to_cite_of_an_entry_without_papers_is_its_own_record(
    soup: Card, name: str, fields: dict[str, str]
) -> None:
    ((_, _, text),) = cited(soup, name)
    ((key, record),) = parse_string(text, "bibtex").entries.items()
    assert key == f"mlw-{name}"
    assert dict(record.fields) == fields
    assert record.persons["author"]


def test_of_an_entry_without_an_address_only_the_paper_is_cited(soup: Card) -> None:
    assert [id_ for id_, *_ in cited(soup, "paper")] == ["bibtex-many2021"]


@pytest.mark.parametrize("name", ["bare", "year", "gone"])
def test_entry_with_neither_address_nor_paper_cannot_be_cited(soup: Card, name: str) -> None:
    assert soup(f"entries/{name}").select("details") == []
    assert "BibTeX" not in soup(f"entries/{name}").get_text()


def test_what_to_cite_stands_last_on_the_page(soup: Card) -> None:
    section = soup("entries/full").select_one("section")
    assert section is not None
    titles = [words(tag).removesuffix("¶") for tag in section.select("h2, .mlw-label, summary")]
    assert titles[:5] == ["Summary", "Comment", "Paper", "Paper", "Cite"]
    last = section.find_all(recursive=False)[-1]
    assert last["class"] == ["mlw-cite-this"]
