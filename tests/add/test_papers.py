"""Papers: what ``mlwatch add`` asks of arXiv and Crossref, and what it writes into refs.bib."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.add.conftest import Reply, entries, page

from mlwatch.core.bibtex import read
from mlwatch.core.papers import arxiv, crossref
from mlwatch.core.papers.bibfile import with_records
from mlwatch.core.papers.work import Person, Work, key_of, record_of

if TYPE_CHECKING:
    from tests.add.conftest import Add, Web

EFFICIENT = """\
@misc{tan2021efficientnetv2,
  author = {Mingxing Tan and Quoc V. Le},
  title = {{EfficientNetV2}: Smaller Models and Faster Training},
  year = {2021},
  eprint = {2104.00298},
  archivePrefix = {arXiv},
  primaryClass = {cs.CV},
  url = {https://arxiv.org/abs/2104.00298}
}
"""


@pytest.fixture
def arxiv_knows(web: Web) -> None:
    web.paper(
        "2104.00298", "EfficientNetV2: Smaller Models\n  and Faster Training", "Mingxing Tan", "Quoc V. Le"
    )
    web.paper("2106.04803", "CoAtNet: Marrying Convolution and Attention", "Zihang Dai", date="2021-06-09")


def links(*urls: str) -> str:
    return page(body="<h1>T</h1>" + "".join(f'<p><a href="{url}">here</a></p>' for url in urls))


# --- A paper as the article -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    ["arXiv:2104.00298", "2104.00298v2", "https://arxiv.org/abs/2104.00298", "http://arxiv.org/pdf/2104.00298v1.pdf",
     "https://doi.org/10.48550/arXiv.2104.00298", "https://huggingface.co/papers/2104.00298"],
)  # fmt: skip
def test_arxiv_address_makes_an_entry_of_the_paper(
    web: Web, add: Add, project: Path, arxiv_knows: None, given: str
) -> None:
    assert add(given).code == 0
    (entry,) = entries(project)
    assert entry.docname == "entries/2021/efficientnetv2-smaller-models-and-faster-training"
    assert (entry.kind, entry.source, entry.url) == ("paper", "arXiv", "https://arxiv.org/abs/2104.00298")
    assert entry.title == "EfficientNetV2: Smaller Models and Faster Training"
    assert entry.authors == ("Mingxing Tan", "Quoc V. Le")
    assert entry.cite == ("tan2021efficientnetv2",)
    assert entry.date
    assert entry.date.label == "2021-04-01"
    assert (project / "refs.bib").read_text(encoding="utf-8") == EFFICIENT
    assert web.asked() == ["/arxiv?id_list=2104.00298&max_results=1"]


@pytest.mark.parametrize(
    "given",
    [
        "doi:10.1000/X.1",
        "10.1000/x.1",
        "https://doi.org/10.1000/x.1",
        "https://dl.acm.org/doi/abs/10.1000/x.1",
    ],
)
def test_doi_makes_an_entry_of_the_paper(web: Web, add: Add, project: Path, given: str) -> None:
    web.work(
        "10.1000/x.1",
        title=["Deep <i>nets</i> &amp; GPUs"],
        author=[{"given": "Ann", "family": "Lee"}, {"given": "Gabriel", "family": "García Márquez"}, {"name": "The Team"}],
        **{"container-title": ["Journal of Nets"]},
        volume="3", issue="2", page="7-12", language="de", published={"date-parts": [[2021, 4]]},
    )  # fmt: skip
    assert add(given).code == 0
    (entry,) = entries(project)
    assert (entry.kind, entry.source, entry.lang) == ("paper", "Journal of Nets", "de")
    assert (entry.title, entry.url) == ("Deep nets & GPUs", "https://doi.org/10.1000/x.1")
    assert entry.authors == ("Ann Lee", "Gabriel García Márquez", "The Team")
    assert entry.date
    assert entry.date.label == "2021-04"
    assert (project / "refs.bib").read_text(encoding="utf-8") == (
        "@article{lee2021deep,\n"
        "  author = {Ann Lee and García Márquez, Gabriel and {The Team}},\n"
        "  title = {Deep nets \\& {GPUs}},\n"
        "  journal = {Journal of Nets},\n"
        "  volume = {3},\n"
        "  number = {2},\n"
        "  pages = {7--12},\n"
        "  year = {2021},\n"
        "  doi = {10.1000/x.1},\n"
        "  url = {https://doi.org/10.1000/x.1}\n"
        "}\n"
    )


def test_doi_that_crossref_does_not_have_is_asked_of_doi_org(web: Web, add: Add, project: Path) -> None:
    csl = {
        "DOI": "10.5281/zenodo.1",
        "type": "dataset",
        "title": "Data",
        "author": [{"literal": "Lab"}],
        "issued": {"date-parts": [["2021"]]},
    }
    web.put("/doi/10.5281/zenodo.1", Reply(json.dumps(csl).encode(), type="application/json"))
    assert add("doi:10.5281/zenodo.1").code == 0
    assert entries(project)[0].title == "Data"
    assert web.asked() == ["/works/10.5281/zenodo.1", "/doi/10.5281/zenodo.1"]
    assert web.requests[-1].headers["accept"] == "application/vnd.citationstyles.csl+json"


@pytest.mark.parametrize(
    ("given", "told"),
    [("arXiv:2104.99999", "arXiv knows no paper 2104.99999"), ("doi:10.1000/none", "there is no such DOI")],
)
def test_paper_that_nobody_knows(web: Web, add: Add, project: Path, given: str, told: str) -> None:
    done = add(given)
    assert (done.code, entries(project)) == (1, [])
    assert told in done.err


def test_paper_page_without_identifier_is_described_by_its_own_metadata(
    web: Web, add: Add, project: Path
) -> None:
    names = {"title": "On {Nets", "author": "Lee, Ann", "conference_title": "NetConf", "publication_date": "2021/05/03",
             "firstpage": "1", "lastpage": "9", "pdf_url": "/a.pdf"}  # fmt: skip
    head = "".join(f'<meta name="citation_{name}" content="{value}">' for name, value in names.items())
    assert add(web.put("/a", page(head=head))).code == 0
    (entry,) = entries(project)
    assert (entry.kind, entry.source, entry.cite) == ("paper", "NetConf", ("lee2021on-2",)) or entry.cite == (
        "lee2021nets",
    )
    record = read([project / "refs.bib"]).records[entry.cite[0]]
    assert (record.type, record.title, record.get("pages")) == ("inproceedings", "On {Nets", "1–9")


# --- Papers behind an article ---------------------------------------------------------------------------------


def test_papers_that_an_article_links_get_records_and_are_cited(
    web: Web, add: Add, project: Path, arxiv_knows: None
) -> None:
    web.work("10.1000/x.1", title=["Nets"], author=[{"family": "Lee"}], issued={"date-parts": [[2020]]})
    text = links(
        "https://arxiv.org/abs/2106.04803", "https://doi.org/10.1000/x.1", "https://arxiv.org/pdf/2104.00298"
    )
    done = add(web.put("/a", text))
    (entry,) = entries(project)
    assert entry.cite == ("dai2021coatnet", "lee2020nets", "tan2021efficientnetv2")
    assert [link.url for link in entry.links] == [
        "https://arxiv.org/abs/2106.04803", "https://doi.org/10.1000/x.1", "https://arxiv.org/abs/2104.00298"
    ]  # fmt: skip
    assert list(read([project / "refs.bib"]).records) == sorted(entry.cite)
    assert "3 new BibTeX records" in done.err
    assert web.asked("/arxiv") == ["/arxiv?id_list=2106.04803,2104.00298&max_results=2"]


@pytest.mark.parametrize(
    "record",
    [
        "@inproceedings{mine,\n  author = {Tan, M.},\n  title = {Other},\n  booktitle = {B},\n  year = {2021},\n  eprint = {2104.00298v3},\n  archivePrefix = {arXiv}\n}",
        "@misc{mine, title = {O}, url = {http://www.arxiv.org/pdf/2104.00298v1.pdf}}",
        "@misc{mine, title = {O}, doi = {10.48550/arXiv.2104.00298}}",
        "@misc{mine, author = {Tan, Mingxing}, title = {{EfficientNetV2}: smaller models \\& faster training}}".replace(
            "\\&", "and"
        ),
    ],
)
def test_paper_that_is_there_under_another_key_is_found(
    web: Web, add: Add, project: Path, arxiv_knows: None, record: str
) -> None:
    (project / "refs.bib").write_text(record + "\n", encoding="utf-8")
    assert add(web.put("/a", links("https://arxiv.org/abs/2104.00298"))).code == 0
    assert entries(project)[0].cite == ("mine",)
    assert (project / "refs.bib").read_text(encoding="utf-8") == record + "\n"


def test_doi_in_a_record_or_its_address_is_the_same_paper(web: Web, add: Add, project: Path) -> None:
    (project / "refs.bib").write_text(
        "@misc{mine, title = {O}, url = {https://dx.doi.org/10.1000/X}}\n", encoding="utf-8"
    )
    assert add(web.put("/a", links("https://doi.org/10.1000/x"))).code == 0
    assert (entries(project)[0].cite, web.asked()) == (("mine",), ["/a"])


def test_second_article_about_the_same_paper_adds_no_record(
    web: Web, add: Add, project: Path, arxiv_knows: None
) -> None:
    text = links("https://arxiv.org/abs/2104.00298")
    assert add(web.put("/a", text), web.put("/b", text)).code == 0
    assert {entry.cite for entry in entries(project)} == {("tan2021efficientnetv2",)}
    assert len(web.asked("/arxiv")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"", 503), Reply(b"down", 400), Reply(b"<html>"), Reply(b"<a><b></a>"), Reply(b"\xff\xfe"), Reply(b""),
        Reply(b'<!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'),
        Reply(b"<a>" * 100_000),
        Reply(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>'
              b"<summary>incorrect id format</summary></entry></feed>"),
        Reply(b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>'),
    ],
)  # fmt: skip
def test_arxiv_that_fails_costs_the_records_only(web: Web, add: Add, project: Path, answer: Reply) -> None:
    web.put("/arxiv", answer)
    done = add(web.put("/a", links("https://arxiv.org/abs/2104.00298", "https://arxiv.org/abs/2106.04803")))
    assert done.code == 0
    (entry,) = entries(project)
    assert (entry.cite, len(entry.links)) == ((), 2)
    assert "note: no BibTeX records of arXiv:2104.00298, arXiv:2106.04803: arXiv" in done.err
    assert not (project / "refs.bib").exists()


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"", 503), Reply(b"", 404), Reply(b"{"), Reply(b"[]"), Reply(b"null"), Reply(b"[" * 100_000), Reply(b'{"message": {}}'),
        Reply(b'{"message": {"DOI": "10.1000/other", "title": ["T"]}}'), Reply(b'{"message": {"title": [1, null]}}'),
    ],
)  # fmt: skip
def test_crossref_that_fails_costs_the_records_only(web: Web, add: Add, project: Path, answer: Reply) -> None:
    web.put("/works/10.1000/x", answer)
    done = add(web.put("/a", links("https://doi.org/10.1000/x")))
    assert done.code == 0
    assert entries(project)[0].cite == ()
    assert "note: no BibTeX records of doi:10.1000/x: " in done.err


def test_registry_that_is_down_is_not_asked_for_every_paper(web: Web, add: Add) -> None:
    web.put("/works/10.1000/x1", Reply(b"", 503))
    done = add(web.put("/a", links(*(f"https://doi.org/10.1000/x{n}" for n in range(1, 9)))))
    assert done.code == 0
    assert set(web.asked("/works")) == {"/works/10.1000/x1"}
    assert "doi:10.1000/x5 and 3 more" in done.err


# --- Answers --------------------------------------------------------------------------------------------------


def work_of(**fields: Any) -> Work:
    message = {"DOI": "10.1000/x", "type": "journal-article", "title": ["A title"], **fields}
    return crossref.read_answer(json.dumps({"message": message}).encode(), "10.1000/x")


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"issued": {"date-parts": [[2021, 4, 1]]}}, "2021-04-01"),
        ({"issued": {"date-parts": [[2021, 4]]}}, "2021-04"),
        ({"issued": {"date-parts": [[2021, 13, 1]]}}, "2021"),
        ({"issued": {"date-parts": [[None]]}}, ""),
        ({"issued": {"date-parts": [["2021", "4"]]}}, "2021-04"),
        ({"issued": {"date-parts": []}, "posted": {"date-parts": [[2020]]}}, "2020"),
        ({"issued": "2021", "created": {"date-parts": [[2019]]}}, ""),
        ({"issued": {"date-parts": [[10**30, {}]]}}, ""),
    ],
)
def test_date_of_a_work(fields: dict[str, Any], date: str) -> None:
    assert work_of(**fields).date == date


@pytest.mark.parametrize(
    ("person", "written", "read_as"),
    [
        ({"given": "Ann", "family": "Lee"}, "Ann Lee", "Ann Lee"),
        (
            {"given": "Laurens", "family": "van der Maaten"},
            "Laurens van der Maaten",
            "Laurens van der Maaten",
        ),
        ({"given": "Ann", "family": "Lee", "suffix": "Jr."}, "Lee, Jr., Ann", "Ann Lee Jr."),
        ({"given": "Ann", "family": "Rock and Roll"}, "{Rock and Roll}, Ann", "Ann Rock and Roll"),
        ({"name": "Google, Inc."}, "{Google, Inc.}", "Google, Inc."),
        ({"family": "Plato"}, "Plato", "Plato"),
        ({"given": "A}{", "family": "B%"}, None, "A}{ B%"),
    ],
)
def test_author_in_bibtex_and_back(
    tmp_path: Path, person: dict[str, str], written: str | None, read_as: str
) -> None:
    text = record_of(work_of(author=[person]), "k")
    assert written is None or f"author = {{{written}}}," in text
    (tmp_path / "r.bib").write_text(text, encoding="utf-8")
    bibliography = read([tmp_path / "r.bib"])
    assert bibliography.problems == ()
    assert bibliography.records["k"].authors == (read_as,)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("BERT: a GPT-3 for 3D U-Net tasks", "{BERT}: a {GPT-3} for {3D} {U-Net} tasks"),
        ("A plain title", "A plain title"),
        ("The $O(n)$ bound of $\\alpha$-nets", "The $O(n)$ bound of $\\alpha$-nets"),
        ("R&D at 5% cost", "R\\&D at 5\\% cost"),
        ("GPTs \\& x_y", "{GPTs} \\& x\\_y"),
        ("Broken {brace", None),
        ("Broken $ math", None),
        ("Ends in \\", None),
        ("a@b_c", None),
    ],
)
def test_title_of_arxiv_is_latex_that_can_be_read_again(
    tmp_path: Path, title: str, written: str | None
) -> None:
    text = record_of(Work(title=title, is_tex=True, arxiv="2104.00298"), "k")
    assert written is None or f"  title = {{{written}}}," in text
    (tmp_path / "r.bib").write_text(text, encoding="utf-8")
    bibliography = read([tmp_path / "r.bib"])
    assert bibliography.problems == ()
    assert bibliography.records["k"].arxiv == "2104.00298"


@pytest.mark.parametrize(
    "kind",
    [
        "journal-article",
        "proceedings-article",
        "book-chapter",
        "monograph",
        "dissertation",
        "report",
        "posted-content",
        "x",
        3,
    ],
)
def test_record_of_any_type_lacks_nothing_that_its_type_needs(tmp_path: Path, kind: Any) -> None:
    full = {
        "author": [{"family": "Lee"}],
        "container-title": ["C"],
        "publisher": "P",
        "issued": {"date-parts": [[2021]]},
    }
    for number, fields in enumerate(
        [full, {}, *({k: v for k, v in full.items() if k != left} for left in full)]
    ):
        path = tmp_path / f"{number}.bib"
        path.write_text(record_of(work_of(type=kind, **fields), "k"), encoding="utf-8")
        assert read([path]).problems == ()


ODD: Any = st.one_of(
    st.text(alphabet="aB9 {}\\$%&#_~^\"',@-–<>é\0\ud800\u202e\n", max_size=12), st.none(), st.integers(), st.booleans(),
    st.sampled_from(["<i>x</i>", "and others", "A and B", "\\input{x}", "van der X", "{", "}", "\\", "10.1000/x", 2021, "&lt;b&gt;"]),
)  # fmt: skip
VALUES: Any = st.one_of(
    ODD,
    st.lists(ODD, max_size=3),
    st.lists(
        st.dictionaries(st.sampled_from("family given name literal suffix".split()), ODD, max_size=4),
        max_size=4,
    ),
    st.dictionaries(st.just("date-parts"), st.lists(st.lists(ODD, max_size=3), max_size=2)),
)
NAMES = "title subtitle author editor container-title publisher volume issue page issued published type language institution"


@settings(max_examples=400, phases=[Phase.generate])
@given(st.dictionaries(st.sampled_from(NAMES.split()), VALUES))
def test_whatever_a_registry_answers_its_record_can_be_read(fields: dict[str, Any]) -> None:
    try:
        work = crossref.read_answer(json.dumps({"message": {"title": ["T"], **fields}}).encode(), "10.1000/x")
    except arxiv.AnswerError:
        return
    taken: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.bib"
        path.write_text(
            record_of(work, key_of(work, taken)) + record_of(replace(work, is_tex=True), "other"),
            encoding="utf-8",
        )
        bibliography = read([path])
    assert bibliography.problems == ()
    assert [record.get("doi") for record in bibliography.records.values()] == ["10.1000/x"] * 2


def test_key_is_new_and_plain() -> None:
    work = Work(title="The ‘Øre’ of Nets", people=(Person(family="Müller-Łoś", given="A"),), date="2021-02")
    assert key_of(work, set()) == "mullerlos2021ore"
    assert key_of(work, {"mullerlos2021ore", "mullerlos2021ore-2"}) == "mullerlos2021ore-3"
    assert key_of(Work(title="深度学习", arxiv="2104.00298"), set()) == "paper210400298"


def test_old_identifiers_and_collaborations() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/math/0309136v1</id><title>T</title>'
        "<author><name>The ATLAS Collaboration</name></author></entry></feed>"
    )
    found = arxiv.read_answer(text.encode())
    assert list(found) == ["math/0309136"]
    assert "author = {{The ATLAS Collaboration}}" in record_of(found["math/0309136"], "k")


# --- refs.bib -------------------------------------------------------------------------------------------------

NEW = {"m": "@misc{m,\n  title = {M}\n}"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"@misc{m,\n  title = {M}\n}\n"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbf@misc{m,\n  title = {M}\n}\n"),
        (b"@misc{a, title={A}}\n", b"@misc{a, title={A}}\n\n@misc{m,\n  title = {M}\n}\n"),
        (b"@misc{a, title={A}}", b"@misc{a, title={A}}\n\n@misc{m,\n  title = {M}\n}\n"),
        (b"@misc{z, title={Z}}\n", b"@misc{m,\n  title = {M}\n}\n\n@misc{z, title={Z}}\n"),
        (b"\xef\xbb\xbf@misc{z, title={Z}}", b"\xef\xbb\xbf@misc{m,\n  title = {M}\n}\n\n@misc{z, title={Z}}"),
        (b"@misc{a, title={A}}\r\n\r\n@misc{z, title={Z}}\r\n",
         b"@misc{a, title={A}}\r\n\r\n@misc{m,\r\n  title = {M}\r\n}\r\n\r\n@misc{z, title={Z}}\r\n"),
        (b"% head\n\n% of z\n  @misc{Z, title={Z}}\n", b"% head\n\n@misc{m,\n  title = {M}\n}\n\n% of z\n  @misc{Z, title={Z}}\n"),
        (b"@string{s = {S}}\n@misc{a, title={A\n}} @misc{z, title=s}\n",
         b"@string{s = {S}}\n@misc{a, title={A\n}} @misc{z, title=s}\n\n@misc{m,\n  title = {M}\n}\n"),
        (b"\xff @misc{z, title={Z\xfc}}\n", b"\xff @misc{z, title={Z\xfc}}\n\n@misc{m,\n  title = {M}\n}\n"),
    ],
)  # fmt: skip
def test_record_stands_in_its_place_and_all_else_stays(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(before)
    assert with_records(path, NEW) == after


def test_many_records_in_one_go_are_sorted(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"".join(b"@misc{k%d, title={A}}\n\n" % n for n in (1, 3, 5)))
    records = {f"k{n}": f"@misc{{k{n}, title={{A}}}}" for n in (6, 2, 4, 0)}
    path.write_bytes(with_records(path, records))
    assert list(read([path]).records) == [f"k{n}" for n in range(7)]


def test_configured_file_gets_the_records(web: Web, add: Add, project: Path, arxiv_knows: None) -> None:
    (project / "conf.py").write_text("bibtex_bibfiles = ['lib/own.bib', 'refs.bib']\n", encoding="utf-8")
    (project / "lib").mkdir()
    (project / "lib" / "own.bib").touch()
    (project / "refs.bib").touch()
    assert add("arXiv:2104.00298").code == 0
    assert (project / "lib" / "own.bib").read_text(encoding="utf-8") == EFFICIENT


def test_project_without_bibliography_gets_no_records(
    web: Web, add: Add, project: Path, arxiv_knows: None
) -> None:
    (project / "conf.py").write_text("bibtex_bibfiles = []\n", encoding="utf-8")
    done = add("arXiv:2104.00298")
    assert (done.code, entries(project)[0].cite) == (0, ())
    assert "bibtex_bibfiles in conf.py names no file" in done.err
