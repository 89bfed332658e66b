"""The pages of papers: every record once, with what covers it, in the order of years and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

STRICT: Final = ("-W", "--keep-going")
INDEX: Final = "# Front\n\n```{toctree}\nyears/index\npapers/index\nnotes\n```\n"
BIB: Final = """\
@inproceedings{new,
  title = {A New Paper},
  author = {Ada Lovelace and Bo Li and Cy Roe and Di Vo and Ed Wu},
  booktitle = {ICML 2021},
  year = {2021},
  eprint = {2101.00001},
  doi = {10.1000/new},
}

@misc{old, title = {An Old Paper}, author = {Doe, Jane}, year = {1999}, url = {https://example.org/old.pdf}}

@misc{another, title = {Another <b> Paper}, author = {Roe, Cy}, year = {2021}}
"""


def entry(title: str, *options: str) -> str:
    return "\n".join([f"# {title}", "", "```{mlentry}", ":source: Lab", ":date: 2021", *options, "```", ""])


FILES: Final = {
    "index.md": INDEX,
    "../refs.bib": BIB,
    "notes.md": "# Notes\n\nSee {cite}`old`.\n",
    "entries/a.md": entry("First to cover", ":url: https://example.org/a", ":cite: new"),
    "entries/b.md": entry("Second to cover", ":url: https://example.org/b", ":cite: new"),
    "entries/c.md": entry("Links one", ":paper: [Only linked](https://arxiv.org/abs/2002.00002)"),
}


def soup(built: Built, docname: str) -> BeautifulSoup:
    return BeautifulSoup(built.html(docname), "html.parser")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text().split())


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    made = build(FILES, options=STRICT)
    assert made.code == 0, made.warnings
    return made


def test_papers_stand_by_year_then_title_with_what_covers_them(built: Built) -> None:
    page = soup(built, "papers/index")
    assert [words(tag) for tag in page.select(".rubric")] == [
        "2021", "A New Paper", "Another <b> Paper", "2020", "Only linked", "1999", "An Old Paper",
    ]  # fmt: skip
    covered = {
        str(tag["id"]): [(words(link), link["href"]) for link in tag.select(".mlw-cited-by a")]
        for tag in page.select(".citation")
    }
    assert covered == {
        "cite-new": [
            ("First to cover", "../entries/a.html"),
            ("Second to cover", "../entries/b.html"),
        ],
        "cite-another": [],
        "cite-old": [],
    }


def test_record_names_three_authors_and_links_its_pages(built: Built) -> None:
    record = soup(built, "papers/index").select_one("#cite-new")
    assert record is not None
    assert words(record.select_one(".mlw-meta")) == "Ada Lovelace, Bo Li, Cy Roe et al. · ICML 2021"
    assert [(words(link), link["href"]) for link in record.select(".mlw-buttons a")] == [
        ("Abstract", "https://arxiv.org/abs/2101.00001"),
        ("PDF", "https://arxiv.org/pdf/2101.00001"),
        ("DOI", "https://doi.org/10.1000/new"),
    ]


def test_each_record_has_its_bibtex_and_all_can_be_downloaded(built: Built) -> None:
    page = soup(built, "papers/index")
    copied = [tag.get_text().strip() for tag in page.select(".citation details pre")]
    assert sorted(copied) == sorted(BIB.strip().split("\n\n"))
    link = page.select_one("a[download]")
    assert link is not None
    assert link["href"] == "../refs.bib"
    assert sorted((built.outdir / "refs.bib").read_text("utf-8").strip().split("\n\n")) == sorted(copied)


def test_cite_leads_to_the_record(built: Built) -> None:
    link = soup(built, "notes").select_one("a[href*='#cite-']")
    assert link is not None
    assert (words(link), link["href"]) == ("Doe, 1999", "papers/index.html#cite-old")


@pytest.fixture(scope="module")
def long(build: Build) -> Built:
    made = build(FILES, conf="mlwatch_page_size = 4\n", options=STRICT)
    assert made.code == 0, made.warnings
    return made


def test_long_list_has_a_page_for_each_year(long: Built) -> None:
    page = soup(long, "papers/index")
    assert [words(item) for item in page.select("ul.mlw-inline > li")] == ["2021 (2)", "2020 (1)", "1999 (1)"]
    assert [words(row) for row in page.select(".mlw-row")] == ["A New Paper", "Only linked"]  # covered last
    link = page.select_one(".mlw-row a")
    assert link is not None
    assert link["href"] == "2021.html#cite-new"
    assert [words(row) for row in soup(long, "papers/2021").select("h2")] == [
        "A New Paper",
        "Another <b> Paper",
    ]


def test_new_paper_writes_only_its_page_and_the_first_again(build: Build) -> None:
    made = build(FILES, conf="mlwatch_page_size = 4\n", options=STRICT)
    before = {path.name: path.read_bytes() for path in (made.outdir / "papers").glob("*.html")}
    more = BIB + "\n@misc{older, title = {Older}, author = {Poe, Ed}, year = {1999}}\n"
    again = build({"../refs.bib": more}, root=made.root, options=STRICT)
    assert again.code == 0, again.warnings
    after = {path.name: path.read_bytes() for path in (made.outdir / "papers").glob("*.html")}
    assert {name for name in after if after[name] != before.get(name)} == {"index.html", "1999.html"}
    assert b"{older," in (made.outdir / "refs.bib").read_bytes()


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml", "dirhtml"])
def test_other_builders_have_the_papers_too(build: Build, builder: str) -> None:
    made = build(FILES, builder=builder, options=STRICT)
    assert made.code == 0, made.warnings
    names = {
        "text": "papers/index.txt",
        "latex": "*.tex",
        "singlehtml": "index.html",
        "dirhtml": "papers/index.html",
    }
    (path,) = made.outdir.glob(names[builder])
    text = path.read_text("utf-8")
    assert "A New Paper" in text
    assert "First to cover" in text
    assert (builder == "dirhtml") == (made.outdir / "refs.bib").is_file()


def test_project_without_records_offers_nothing_to_download(build: Build) -> None:
    made = build({"index.md": "# Front\n\n```{toctree}\npapers/index\n```\n"}, options=STRICT)
    assert made.code == 0, made.warnings
    assert "Nothing yet." in made.html("papers/index")
    assert not (made.outdir / "refs.bib").exists()
