"""Citations: from an entry to the record and back, and no mistake in the .bib file loses one silently."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

STRICT: Final = ("-W", "--keep-going")
INDEX: Final = "# Front\n\n```{toctree}\nyears/index\npapers/index\nbibliography\nnotes\n```\n"
BIBLIOGRAPHY: Final = "# Bibliography\n\n```{bibliography}\n:all:\n```\n"
NOTES: Final = "# Notes\n\nFrom a page that is no entry: {cite}`tan2021`.\n"
BIB: Final = """\
@misc{tan2021,
  title = {{EfficientNetV2}},
  author = {Tan, Mingxing and Le, Quoc V.},
  year = {2021},
}

@misc{dai2021,
  title = {CoAtNet},
  author = {Dai, Zihang},
  year = {2021},
}

@misc{unused2020,
  title = {Nobody cites this},
  author = {Doe, Jane},
  year = {2020},
}

@misc{Brown:2020/GPT_3,
  title = {A Key of Many Signs},
  author = {Brown, Tom},
  year = {2020},
}
"""


def page(title: str, *options: str, body: str = "") -> str:
    """Return the source of an entry's page."""
    return "\n".join([f"# {title}", "", "```{mlentry}", ":source: Someone", *options, "```", "", body, ""])


FILES: Final = {
    "index.md": INDEX,
    "bibliography.md": BIBLIOGRAPHY,
    "notes.md": NOTES,
    "newest.md": "---\norphan: true\n---\n# Newest\n\n```{mlindex} newest\n```\n",
    "../refs.bib": BIB,
    "entries/both.md": page(
        "Cites both ways",
        ":cite: tan2021, Brown:2020/GPT_3",
        body="## Summary\n\nWords with `code`, {cite}`dai2021` and {cite:t}`tan2021`.\n",
    ),
    "entries/option.md": page("Cites in its options", ":cite: dai2021"),
    "entries/prose.md": page("Cites in its text", body="## Comment\n\nAs {cite}`tan2021,dai2021` show.\n"),
}


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    made = build(FILES, options=STRICT)
    assert made.code == 0, made.warnings
    return made


def soup_of(built: Built, docname: str) -> BeautifulSoup:
    return BeautifulSoup(built.html(docname), "html.parser")


def links(tag: Tag, within: str = "a[href]") -> list[tuple[str, str]]:
    return [(" ".join(link.get_text().split()), str(link["href"])) for link in tag.select(within)]


def records(built: Built) -> dict[str, Tag]:
    """Return the records on the bibliography page by their anchors."""
    return {str(tag["id"]): tag for tag in soup_of(built, "bibliography").select("div.citation")}


def test_bibliography_has_an_anchor_for_each_record(built: Built) -> None:
    assert sorted(records(built)) == [
        "cite-brown-2020-gpt-3",
        "cite-dai2021",
        "cite-tan2021",
        "cite-unused2020",
    ]


@pytest.mark.parametrize(
    ("docname", "anchors"),
    [
        ("both", ["cite-brown-2020-gpt-3", "cite-dai2021", "cite-tan2021"]),
        ("option", ["cite-dai2021"]),
        ("prose", ["cite-dai2021", "cite-tan2021"]),
    ],
)
def test_entries_lead_to_the_records_that_they_cite(built: Built, docname: str, anchors: list[str]) -> None:
    found = {
        address.partition("#")[2]
        for _, address in links(soup_of(built, f"entries/{docname}"))
        if address.startswith("../bibliography.html#")
    }
    assert sorted(found) == anchors
    assert found <= records(built).keys()


@pytest.mark.parametrize(
    ("anchor", "titles"),
    [
        ("cite-tan2021", ["Cites both ways", "Cites in its text"]),
        ("cite-dai2021", ["Cites both ways", "Cites in its options", "Cites in its text"]),
        ("cite-brown-2020-gpt-3", ["Cites both ways"]),
        ("cite-unused2020", []),
    ],
)
def test_records_lead_back_to_the_entries_that_cite_them(
    built: Built, anchor: str, titles: list[str]
) -> None:
    found = links(records(built)[anchor], ".mlw-cited-by a")
    assert sorted(text for text, _ in found) == titles
    for _, address in found:
        assert (built.outdir / address).is_file()


def test_record_shows_its_title_as_written(built: Built) -> None:
    assert "EfficientNetV2" in records(built)["cite-tan2021"].get_text()
    assert "A Key of Many Signs" in records(built)["cite-brown-2020-gpt-3"].get_text()


def test_role_in_any_page_is_a_link(built: Built) -> None:
    assert ("Tan and Le, 2021", "bibliography.html#cite-tan2021") in links(soup_of(built, "notes"))


def test_what_lists_repeat_of_a_summary_shows_no_markup(built: Built) -> None:
    """A list repeats the beginning of the summary as plain text, and so does the description for search engines."""
    rows = [row.get_text() for row in soup_of(built, "newest").select(".mlw-list > li")]
    (listed,) = [row for row in rows if row.startswith("Cites both ways")]
    (described,) = soup_of(built, "entries/both").select("meta[name=description]")
    for text in (listed, str(described["content"])):
        assert "Words with code," in text
        assert "{cite" not in text


def test_papers_lead_to_their_records_and_entries(built: Built) -> None:
    found = links(soup_of(built, "papers/index"), "[role=main] a[href]")
    assert "../bibliography.html#cite-dai2021" not in [href for _, href in found]  # it has the record itself
    assert ("Cites in its options", "../entries/option.html") in found


def test_citing_entry_that_comes_or_goes_is_seen_on_the_bibliography(build: Build) -> None:
    made = build(FILES, options=STRICT)
    more = build({"entries/new.md": page("New", ":cite: unused2020")}, root=made.root, options=STRICT)
    assert more.code == 0, more.warnings
    assert links(records(more)["cite-unused2020"], ".mlw-cited-by a") == [("New", "entries/new.html")]
    (made.srcdir / "entries/new.md").unlink()
    less = build({}, root=made.root, options=STRICT)
    assert less.code == 0, less.warnings
    assert links(records(less)["cite-unused2020"], ".mlw-cited-by a") == []


# --- Mistakes ---------------------------------------------------------------------------------------------------

WRONG_BIB: Final = """\
@misc{first,
  title = {The first},
  author = {Doe, Jane},
  year = {2020},
}

@misc{first,
  title = {The first again},
  author = {Doe, Jane},
  year = {2021},
}

@article{lacks,
  author = {Doe, Jane},
  title = {No journal},
}

@misc{open,
  title = {Not closed,
  author = {Doe, Jane},

@misc{comma
  title = {No comma},
  author = {Roe, Richard},
  year = {2022},
}

@misc{last,
  title = {The last},
  author = {Doe, Jane},
  year = {2023},
}
"""
#: Line and code of each warning of the .bib file.
WRONG_LINES: Final = [(7, "bib-repeated"), (13, "bib-field"), (19, "bib-syntax"), (22, "bib-syntax")]


def told(text: str, form: str) -> list[tuple[str, int, str, str]]:
    """Return (path, line, code, message) of each problem in *text*, in order."""
    return sorted(
        (found["path"], int(found["line"]), found["code"], found["message"])
        for found in re.finditer(form, text, re.MULTILINE)
    )


@pytest.fixture(scope="module")
def wrong(build: Build) -> Built:
    return build(
        {
            "index.md": INDEX,
            "bibliography.md": BIBLIOGRAPHY,
            "notes.md": "# Notes\n\nOne.\n\nTwo, {cite}`lost2019`.\n",
            "../refs.bib": WRONG_BIB,
            "entries/a.md": page(
                "Cites", ":cite: first, lacks, last, frist", body="Of {cite}`last` and {cite}`lsat`.\n"
            ),
        }
    )


def test_mistakes_are_told_at_their_lines_in_the_build_as_by_the_check(wrong: Built) -> None:
    warnings = told(
        wrong.warnings.replace(f"{wrong.root}/", ""),
        r"^(?P<path>.+?):(?P<line>\d+): WARNING: (?P<message>.*) \[mlwatch\.(?P<code>[a-z-]+)\]$",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mlwatch", "check"],
        cwd=wrong.root,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    checked = told(
        done.stdout.replace(f"{wrong.root}/", ""),
        r"^(?P<path>.+?):(?P<line>\d+): (?P<code>[a-z-]+): (?P<message>.*)$",
    )
    assert checked == warnings
    assert [(line, code) for path, line, code, _ in warnings if path == "refs.bib"] == WRONG_LINES
    cited = [(path, line, message) for path, line, code, message in warnings if code == "cite"]
    assert [(path, line) for path, line, _ in cited] == [
        ("docs/entries/a.md", 5),
        ("docs/entries/a.md", 8),
        ("docs/notes.md", 5),
    ]
    assert '"frist"' in cited[0][2]
    assert 'did you mean "first"' in cited[0][2]
    assert 'did you mean "last"' in cited[1][2]


def test_mistakes_lose_no_record_that_can_be_read(wrong: Built) -> None:
    assert (wrong.code, "Traceback" in wrong.warnings) == (0, False)
    found = records(wrong)
    assert {"cite-first", "cite-lacks", "cite-last", "cite-comma"} <= found.keys()
    assert "The first again" not in found["cite-first"].get_text()
    addresses = {address for _, address in links(soup_of(wrong, "entries/a"))}
    assert {f"../bibliography.html#cite-{key}" for key in ("first", "lacks", "last")} <= addresses
    assert links(found["cite-last"], ".mlw-cited-by a") == [("Cites", "entries/a.html")]


@pytest.mark.parametrize(
    ("bib", "code"),
    [
        (BIB + BIB.partition("\n\n")[0], "bib-repeated"),
        (BIB.replace("  year = {2021},\n}", "}", 1).replace("@misc", "@book", 1), "bib-field"),
        (BIB + "@misc{open,\n  title = {No end\n", "bib-syntax"),
        (BIB.replace("tan2021", "tan2022"), "cite"),
    ],
)
def test_each_mistake_fails_a_strict_build(build: Build, bib: str, code: str) -> None:
    made = build({**FILES, "../refs.bib": bib}, options=STRICT)
    assert made.code == 1
    assert f"[mlwatch.{code}]" in made.warnings


# --- Without a bibliography page, without a .bib file -----------------------------------------------------------


def test_without_a_page_of_the_curators_citations_lead_to_the_papers(build: Build) -> None:
    files = {
        "index.md": "# Front\n\n```{toctree}\nyears/index\npapers/index\n```\n",
        "../refs.bib": BIB,
        "entries/a.md": page("Cites", ":cite: tan2021"),
    }
    made = build(files, options=STRICT)
    assert made.code == 0, made.warnings
    soup = soup_of(made, "entries/a")
    assert "EfficientNetV2" in soup.get_text()
    assert "@misc{tan2021," in soup.get_text()
    assert {address for _, address in links(soup) if "cite-" in address} == {
        "../papers/index.html#cite-tan2021"
    }
    later = build(
        {"bibliography.md": "---\norphan: true\n---\n" + BIBLIOGRAPHY}, root=made.root, options=STRICT
    )
    assert later.code == 0, later.warnings
    assert ("EfficientNetV2", "../bibliography.html#cite-tan2021") in links(soup_of(later, "entries/a"))


def test_project_without_a_bib_file_tells_that_a_key_has_no_record(build: Build) -> None:
    made = build({"index.md": INDEX, "notes.md": "# N\n", "entries/a.md": page("Cites", ":cite: tan2021")})
    assert made.code == 0
    assert re.search(r"entries/a\.md:5: WARNING: .*\"tan2021\".* \[mlwatch\.cite\]", made.warnings)


def test_records_of_several_files_are_one_bibliography(build: Build) -> None:
    first, _, second = BIB.partition("\n\n")
    made = build(
        {
            **FILES,
            "../refs.bib": first,
            "../more/second.bib": second,
        },
        conf='bibtex_bibfiles = ["refs.bib", "more/second.bib"]\n',
        options=STRICT,
    )
    assert made.code == 0, made.warnings
    assert len(records(made)) == 4
