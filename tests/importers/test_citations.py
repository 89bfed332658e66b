"""BibTeX, CSL JSON, RIS and our own JSON Lines."""

from __future__ import annotations

import json

import pytest
from tests.importers.reading import SETTINGS, facts, harvest, told, unnamed

from mlwatch.core.bibread import Reader
from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.jsonlines import JsonLines

BIB = """\
% What I read
@string{acl = {Association for Examples}}

@inproceedings{gowda-2020,
    title = "Finding the {O}ptimal Size",
    author = "Gowda, Thamme  and
      May, Jonathan",
    booktitle = "Findings: EMNLP 2020",
    month = nov,
    year = "2020",
    publisher = acl,
    url = "https://example.org/p.352",
    keywords = {nlp; vocabulary},
    annote = {Worth it},
}

@article{tan2021, title={EfficientNetV2}, author={Tan, M. and Le, Q.}, journal={arXiv preprint arXiv:2104.00298}, year=2021}

@article{Tan2021,
  title = {A second one},
}
words that are no record
@misc{broken,
  title = {never closed,
"""


def test_bibtex_records_are_papers_and_go_along_as_they_stand() -> None:
    found = harvest(BIB, "bibtex")
    assert [facts(item) for item in found.items] == [
        {
            "title": "Finding the Optimal Size",
            "source": "Association for Examples",
            "url": "https://example.org/p.352",
            "date": "2020-11",
            "kind": "paper",
            "authors": ["Thamme Gowda", "Jonathan May"],
            "keywords": ["nlp", "vocabulary"],
            "cite": ["gowda-2020"],
            "comment": "Worth it",
        },
        {
            "title": "EfficientNetV2",
            "source": "arXiv",
            "url": "https://arxiv.org/abs/2104.00298",
            "date": "2021",
            "kind": "paper",
            "authors": ["M. Tan", "Q. Le"],
            "cite": ["tan2021"],
        },
    ]
    first, second = (item.records[0] for item in found.items)
    assert "publisher = {Association for Examples}" in first
    assert second.startswith("@article{tan2021,")
    assert second.endswith("year=2021}")


def test_a_paper_that_nobody_published_comes_from_its_author() -> None:
    text = "@misc{one,\n title = {Notes on $\\partial$ for data},\n author = {One, Ann and Two, Ben},\n year = {2017}\n}\n"
    text += "@misc{two,\n title = {A report},\n author = {One, Ann},\n howpublished = {Report 2013/7, \\url{https://example.org/7}}\n}\n"
    one, two = (facts(item) for item in harvest(text, "bibtex").items)
    assert (one["title"], one["source"]) == ("Notes on ∂ for data", "Ann One")
    assert two["source"] == "Report 2013/7"


def test_groups_that_programs_keep_in_comments_are_no_lines_that_are_lost() -> None:
    text = (
        "@misc{one, title = {A paper of one}, author = {One, Ann}}\n\n@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n"
        '1 StaticGroup:read\\;0\\;;\n}\n@comment{BibDesk Static Groups{\n<?xml version="1.0"?>\n<array>\n</array>\n}}\n'
        "lost\n@misc{two, title = {A paper of two}, author = {Two, Ben}}\n"
    )
    found = harvest(text, "bibtex")
    assert len(found.items) == 2
    assert unnamed(text, found) == [text[: text.index("lost")].count("\n") + 1]


def test_bibtex_lines_that_are_lost_say_why() -> None:
    found = harvest(BIB, "bibtex")
    assert told(found, "unparsed") == [19, 20, 21, 24]
    assert "stands already" in next(line.why for line in found.lines if line.number == 20)
    assert "not closed" in next(line.why for line in found.lines if line.number == 24)
    assert unnamed(BIB, found) == [22, 23]
    assert {1, 2} <= set(told(found, "syntax"))
    assert told(found, "date") == [9, 10, 17]


def test_an_export_of_our_own_is_entries_again_and_its_records_are_theirs() -> None:
    text = """\
@article{tan2021,
  title = {EfficientNetV2},
  author = {Tan, M.},
  journal = {J},
  year = 2021,
}

@misc{mlw-fast,
  author = {{Google AI}},
  title = {{Fast \\& accurate}},
  year = {2021},
  url = {https://example.org/fast},
  mlwatch-docname = {entries/2021/fast},
  mlwatch-source = {Google AI},
  mlwatch-date = {2021-W02},
  mlwatch-kind = {article},
  mlwatch-cite = {tan2021},
  mlwatch-code = {[a\\_b](https://github.com/a/b)}
}
"""
    (item,) = harvest(text, "bibtex").items
    assert facts(item) == {
        "title": "Fast & accurate",
        "source": "Google AI",
        "url": "https://example.org/fast",
        "date": "2021-W02",
        "cite": ["tan2021"],
        "links": [("code", "a_b", "https://github.com/a/b")],
    }
    assert [record.partition(",")[0] for record in item.records] == ["@article{tan2021"]


ZOTERO = [
    {
        "id": "http://zotero.org/users/1/items/ABC",
        "type": "article-journal",
        "abstract": "An <i>abstract</i>.",
        "container-title": "A Journal",
        "DOI": "10.1000/X1",
        "issue": "2",
        "page": "1-9",
        "title": "Learning & <i>seeing</i>",
        "volume": "3",
        "author": [
            {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
            {"literal": "The Team"},
        ],
        "issued": {"date-parts": [["2021", 9, 16]]},
        "note": "arXiv:2104.00298 [cs]\nCitation Key: x",
    },
    {
        "id": "2",
        "type": "post-weblog",
        "title": "A post",
        "URL": "https://example.org/post",
        "container-title": "A blog",
        "issued": {"raw": "September 2021"},
        "accessed": {"date-parts": [[2021, 10, 1]]},
        "abstract": "What it says.",
        "note": "I liked it",
        "language": "fr",
        "strange": "x",
    },
    {"id": "3", "type": "webpage"},
    "no object",
]


def test_csl_json_papers_bring_a_record_that_bibtex_reads() -> None:
    text = json.dumps(ZOTERO, indent="\t")
    found = harvest(text, "csl-json")
    paper, post = found.items
    assert facts(paper) == {
        "title": "Learning & seeing",
        "source": "A Journal",
        "url": "https://doi.org/10.1000/x1",
        "date": "2021-09-16",
        "kind": "paper",
        "authors": ["Ludwig van Beethoven", "The Team"],
        "cite": ["beethoven2021learning"],
    }
    reader = Reader()
    reader.read_text("x", paper.records[0])
    record = reader.found["beethoven2021learning"]
    assert reader.problems == []
    assert record.authors == ("Ludwig van Beethoven", "The Team")
    assert record.families == ("van Beethoven", "The Team")
    assert record.title == "Learning & seeing"
    assert record.get("pages") == "1–9"
    assert (record.year, record.get("doi"), record.get("abstract")) == ("2021", "10.1000/x1", "An abstract.")
    assert facts(post) == {
        "title": "A post",
        "source": "A blog",
        "url": "https://example.org/post",
        "date": "2021-09",
        "added": "2021-10-01",
        "lang": "fr",
        "summary": "What it says.",
        "comment": "I liked it",
    }
    assert post.records == ()
    assert {line.why for line in found.lines if line.use == "unparsed"} == {
        '"strange" fits no option',
        "neither a title nor an address stands here",
        "this is no object {…}",
    }
    assert unnamed(text, found) == []


RIS = """\
TY  - JOUR
AU  - Tan, Mingxing
AU  - Le, Quoc V.
TI  - EfficientNetV2
T2  - A Journal
PY  - 2021/09/16/
DO  - 10.1000/x1
UR  - https://example.org/p
KW  - vision
KW  - nas
AB  - It is
fast.
N1  - I read it
ID  - tan2021
SP  - 1
EP  - 9
XX  - odd
ER  -

TY  - ELEC
T1  - A page
UR  - https://example.org/page
UR  - https://example.org/other
Y1  - 2021///
AB  - What it says
  and more
ER  -
TY  - BLOG
ER  -
"""


def test_ris() -> None:
    found = harvest(RIS, "ris")
    paper, page = found.items
    assert facts(paper) == {
        "title": "EfficientNetV2",
        "source": "A Journal",
        "url": "https://example.org/p",
        "date": "2021-09-16",
        "kind": "paper",
        "authors": ["Mingxing Tan", "Quoc V. Le"],
        "keywords": ["vision", "nas"],
        "cite": ["tan2021"],
        "links": [("paper", "", "https://doi.org/10.1000/x1")],
        "comment": "I read it",
    }
    reader = Reader()
    reader.read_text("x", paper.records[0])
    assert reader.problems == []
    assert reader.found["tan2021"].get("pages") == "1–9"
    assert facts(page) == {
        "title": "A page",
        "url": "https://example.org/page",
        "date": "2021",
        "links": [("link", "", "https://example.org/other")],
        "summary": "What it says\nand more",
    }
    assert told(found, "unparsed") == [17, 28, 29]
    assert unnamed(RIS, found) == []


def test_json_lines_tell_of_each_line_that_is_none() -> None:
    lines = [
        json.dumps(
            {
                "docname": "entries/a",
                "title": "A",
                "source": "S",
                "star": 2,
                "pick": True,
                "order": 0,
                "odd": 1,
            }
        ),
        "",
        "{broken",
        "[1]",
        json.dumps(
            {
                "title": "B",
                "source": "S",
                "url": "javascript:x",
                "date": "soon",
                "records": ["@misc{a, title={x}"],
            }
        ),
    ]
    text = "\n".join(lines)
    found = harvest(text, "jsonl")
    assert [facts(item) for item in found.items] == [
        {"title": "A", "source": "S", "star": 2, "pick": True},
        {"title": "B", "source": "S"},
    ]
    assert found.items[0].entry.order == 0
    whys = [(line.number, line.why.split(";")[0][:45]) for line in found.lines if line.use == "unparsed"]
    assert [number for number, _ in whys] == [1, 3, 4, 5, 5, 5]
    assert (1, '"odd" is no option') in whys


def test_json_lines_without_an_entry_are_refused() -> None:
    with pytest.raises(ImportFailure, match="no line is an entry"):
        JsonLines().read(Document("x", "1\n2\n"), SETTINGS)
