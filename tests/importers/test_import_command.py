"""``mlwatch import`` of structured formats as a person runs it: pages, records, report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from pathlib import Path

BIB = "@misc{known2020,\n  title = {A known paper},\n  author = {Ann, A.},\n  year = {2020},\n  doi = {10.1000/known},\n}\n"
PAPERS = """\
@article{tan2021,
  title = {{EfficientNetV2}},
  author = {Tan, Mingxing},
  journal = {arXiv preprint arXiv:2104.00298},
  year = 2021,
}
@article{other,
  title = {The known one again},
  author = {Ann, A.},
  journal = {J},
  year = 2020,
  doi = {10.1000/KNOWN},
}
@article{Known2020,
  title = {Quite another},
  author = {Ben, B.},
  journal = {J},
  year = 2020,
  url = {https://example.org/quite},
}
"""


KEYED = "@unpublished{OneAnn;TwoBen;Three2013,\n  title = {A note of three},\n  author = {One, Ann},\n  note = {draft},\n}\n"


class Import(Protocol):
    def __call__(self, name: str, text: str | bytes, *arguments: str, code: int = ...) -> dict[str, Any]: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    return tmp_path


def mlwatch(project: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "mlwatch", *arguments],
        cwd=project,
        capture_output=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def bring(project: Path) -> Import:
    def bring_in(name: str, text: str | bytes, *arguments: str, code: int = 0) -> dict[str, Any]:
        (project / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        done = mlwatch(project, "import", name, "--report", "report.json", *arguments)
        assert done.returncode == code, done.stderr
        report: dict[str, Any] = json.loads((project / "report.json").read_bytes())
        return report

    return bring_in


def listed(project: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(mlwatch(project, "list", "--json").stdout)
    return found


def test_records_of_bibtex_go_into_the_bibliography_once(project: Path, bring: Import) -> None:
    report = bring("papers.bib", PAPERS)
    assert (report["items"], report["created"]) == (3, 3)
    cites = {entry["title"]: entry["cite"] for entry in listed(project)}
    assert cites == {
        "EfficientNetV2": ["tan2021"],
        "The known one again": ["known2020"],
        "Quite another": ["Known2020-2"],
    }
    bib = (project / "refs.bib").read_text(encoding="utf-8")
    assert bib.count("@") == 3
    assert "@article{Known2020-2," in bib
    assert BIB in bib
    assert mlwatch(project, "check").returncode == 0
    before = {path: path.read_bytes() for path in project.rglob("*") if path.suffix in (".md", ".bib")}
    assert bring("papers.bib", PAPERS)["unchanged"] == 3
    assert {path: path.read_bytes() for path in before} == before


def test_a_key_that_a_page_could_not_cite_is_written_otherwise(project: Path, bring: Import) -> None:
    assert bring("notes.bib", KEYED)["unparsed"] == []
    assert [entry["cite"] for entry in listed(project)] == [["OneAnn-TwoBen-Three2013"]]
    assert "@unpublished{OneAnn-TwoBen-Three2013," in (project / "refs.bib").read_text(encoding="utf-8")
    assert mlwatch(project, "check").returncode == 0
    assert bring("notes.bib", KEYED)["unchanged"] == 1


def test_a_dry_run_writes_neither_pages_nor_records(project: Path, bring: Import) -> None:
    assert bring("papers.bib", PAPERS, "--dry-run")["created"] == 3
    assert (project / "refs.bib").read_text(encoding="utf-8") == BIB
    assert list((project / "docs" / "entries").rglob("*")) == []


def test_a_row_that_is_partly_wrong_is_imported_and_told(project: Path, bring: Import) -> None:
    report = bring("list.csv", "title,url,date\nA,https://example.org/a,9/04/24\n")
    assert report["created"] == 1
    (unparsed,) = report["unparsed"]
    assert (unparsed["file"], unparsed["line"]) == ("list.csv", 2)
    assert "no date" in unparsed["why"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<!DOCTYPE NETSCAPE-Bookmark-file-1>\r\n<DL><p>\r\n<DT><A HREF="https://example.org/x">A title</A>\r\n</DL>'),
        ("a.json", '[{"href":"https://example.org/x","description":"A title","extended":"","tags":""}]'),
        ("a.xml", "<rss><channel><title>Feed</title><item><title>A title</title><link>https://example.org/x</link></item></channel></rss>"),
        ("a.txt", "TY  - ELEC\nTI  - A title\nUR  - https://example.org/x\nER  -\n"),
        ("a.csv", "\ufefftitle;url\nA title;https://example.org/x\n"),
        ("a.jsonl", '{"title": "A title", "source": "S", "url": "https://example.org/x"}'),
    ],
)  # fmt: skip
def test_the_format_is_found_by_content(name: str, text: str, project: Path, bring: Import) -> None:
    report = bring(name, text)
    assert [(entry["title"], entry["url"]) for entry in report["entries"]] == [
        ("A title", "https://example.org/x")
    ]
    assert report["unparsed"] == []
    assert bring(name, text)["unchanged"] == 1


def test_opml_prints_lines_for_conf_py(project: Path, bring: Import) -> None:
    text = '<opml version="2.0"><body><outline type="rss" text="Ann" xmlUrl="https://ann.example.org/f"/></body></opml>'
    (project / "f.opml").write_text(text, encoding="utf-8")
    done = mlwatch(project, "import", "f.opml")
    assert done.returncode == 0
    assert '    "Ann": ["ann.example.org"],\n' in done.stdout.decode()


def test_texts_from_outside_cannot_include_files(project: Path, bring: Import) -> None:
    summary = "```{include} /etc/passwd\n```\n\n## Comment\n\n<script>alert(1)</script>"
    bring(
        "a.jsonl",
        json.dumps({"title": "A", "source": "S", "url": "https://example.org/x", "summary": summary}),
    )
    (page,) = (path.read_text(encoding="utf-8") for path in (project / "docs" / "entries").rglob("*.md"))
    assert "{include}" not in page.replace("\\{include}", "")
    assert page.count("\n## ") == 1
