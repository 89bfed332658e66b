"""``mlwatch import``: from files to pages, into pages that are there, and the report of every line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlwatch.cli import main
from mlwatch.core.catalogue import load
from mlwatch.core.importers.base import Harvest, Item
from mlwatch.core.importing import decode, plan, write
from mlwatch.core.merge import edit_page, merge
from mlwatch.core.model import Entry, Link
from mlwatch.core.options import build_entry
from mlwatch.core.page import read_page
from mlwatch.core.periods import parse
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from pathlib import Path

CONF = 'extensions = ["mlwatch"]\n'
PAGE = """# 2021

## 2021.09.16

### :star:Lab: [Boats that swim](http://lab.example.org/boats)

[[code]](https://github.com/lab/boats)

**Keywords**: boats

**Summary**: They swim.

## 2021-08

### News: [Trains](https://news.example.org/trains)

what is this
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project that is the working folder."""
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(project: Path, text: str | bytes, *options: str, name: str = "watch.md") -> dict[str, Any]:
    file = project / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = main(["import", str(file), "--report", "report.json", *options])
    report = json.loads((project / "report.json").read_text())
    return {**report, "code": code}


def pages(project: Path) -> dict[str, bytes]:
    docs = project / "docs"
    return {path.relative_to(docs).as_posix(): path.read_bytes() for path in sorted(docs.rglob("*.md"))}


def test_import_writes_pages_that_check_finds_right(project: Path, capsys) -> None:
    report = run(project, PAGE)
    assert report["code"] == 0
    assert {name: report[name] for name in ("items", "created", "merged", "unchanged")} == {
        "items": 2,
        "created": 2,
        "merged": 0,
        "unchanged": 0,
    }
    assert report["entries"][0] == {
        "title": "Boats that swim",
        "url": "http://lab.example.org/boats",
        "line": 5,
        "docname": "entries/2021/boats-that-swim",
        "action": "created",
    }
    assert list(report) == ["items", "created", "merged", "unchanged", "entries", "unparsed", "code"]
    assert pages(project)["entries/2021/boats-that-swim.md"].decode() == (
        "# Boats that swim\n\n```{mlentry}\n:source: Lab\n:url: http://lab.example.org/boats\n:date: 2021-09-16\n"
        ":star:\n:keywords: boats\n:code: https://github.com/lab/boats\n```\n\n## Summary\n\nThey swim.\n"
    )
    capsys.readouterr()
    assert main(["check"]) == 0


def test_a_second_import_changes_nothing(project: Path) -> None:
    run(project, PAGE)
    before = {name: (project / "docs" / name).stat().st_mtime_ns for name in pages(project)}
    report = run(project, PAGE)
    assert (report["created"], report["merged"], report["unchanged"]) == (0, 0, 2)
    assert {name: (project / "docs" / name).stat().st_mtime_ns for name in pages(project)} == before


def test_dry_run_writes_no_page(project: Path, capsys) -> None:
    assert run(project, PAGE, "--dry-run")["created"] == 2
    assert pages(project) == {}
    assert (
        "2 items: 2 created, 0 merged, 0 unchanged; 0 lines not understood; nothing was written"
        in capsys.readouterr().out
    )


def test_every_line_is_accounted_for(project: Path) -> None:
    catalogue = load(project / "docs", read({})[0])
    file = project / "x.md"
    file.write_text("intro words\n\n" + PAGE)
    made = plan(catalogue, [file])
    (uses,) = made.uses.values()
    assert sum(uses.values()) == len(file.read_text().split("\n"))
    assert [(one.line, one.text) for one in made.unparsed] == [(1, "intro words")]


def test_a_page_that_a_person_wrote_keeps_every_byte_but_what_is_added(project: Path) -> None:
    page = project / "docs" / "mine.md"
    page.write_bytes(
        b"---\nx: 1\n---\n# My own title\r\n\r\nHello.\r\n\r\n````{mlentry}\r\n:source:  The Lab\r\n:url: https://www.lab.example.org/boats/\r\n"
        b":date: 2021-09\r\n:keywords: Boats; sea\r\n  and more\r\n````\r\n\r\n## Comment\r\n\r\nMine.\r\n"
    )
    report = run(project, PAGE)
    assert report["entries"][0]["action"] == "merged"
    assert report["entries"][0]["docname"] == "mine"
    assert page.read_bytes() == (
        b"---\nx: 1\n---\n# My own title\r\n\r\nHello.\r\n\r\n````{mlentry}\r\n:source:  The Lab\r\n:url: https://www.lab.example.org/boats/\r\n"
        b":date: 2021-09-16\r\n:star:\r\n:keywords: Boats; sea\r\n  and more\r\n:code: https://github.com/lab/boats\r\n````\r\n\r\n"
        b"## Summary\r\n\r\nThey swim.\r\n\r\n## Comment\r\n\r\nMine.\r\n"
    )
    assert run(project, PAGE)["unchanged"] == 2


def test_successive_versions_end_as_the_last_with_finer_dates(project: Path) -> None:
    older = PAGE.replace(":star:", "").replace("\n**Summary**: They swim.\n", "")
    newer = PAGE.replace("2021.09.16", "2021-09").replace("boats\n\n**S", "boats, sea\n\n**S")
    run(project, older)
    run(project, newer)
    text = pages(project)["entries/2021/boats-that-swim.md"].decode()
    assert ":date: 2021-09-16\n:star:\n:keywords: boats, sea\n" in text
    assert text.endswith("## Summary\n\nThey swim.\n")
    one = pages(project)
    assert len(one) == 2


def test_an_article_told_twice_in_one_file_makes_one_page(project: Path) -> None:
    twice = (
        PAGE
        + "\n### Other: [Boats, again](https://lab.example.org/boats?utm_source=rss)\n\n**Keywords**: sea\n"
    )
    report = run(project, twice)
    assert [entry["action"] for entry in report["entries"]] == ["created", "created", "merged"]
    assert len(pages(project)) == 2


def test_what_no_page_may_have_is_told_and_not_written(project: Path, capsys) -> None:
    text = "## 2021\n\n### Lab: [Wrong](ftp://example.org/x)\n\n### Lab: [Right](https://example.org/a)\n"
    report = run(project, text)
    assert [(one["line"], one["text"]) for one in report["unparsed"]] == [
        (3, "### Lab: [Wrong](ftp://example.org/x)")
    ]
    assert main(["check"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    "raw",
    [
        PAGE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PAGE.encode(),
        PAGE.encode("utf-16"),
        PAGE.replace("They", "They\x00").encode(),
    ],
    ids=["crlf", "bom", "utf-16", "nul"],
)
def test_a_file_is_read_in_any_encoding(project: Path, raw: bytes) -> None:
    assert run(project, raw)["created"] == 2
    assert b"They swim.\n" in pages(project)["entries/2021/boats-that-swim.md"]


def test_a_file_that_is_no_text_cannot_be_imported(project: Path, capsys) -> None:
    report = run(project, b"\x89PNG\0\0\0\0\0\0\0\0\0")
    assert report["code"] == 1
    assert report["unparsed"][0]["why"].startswith("this is no text file")
    assert "cannot be imported" in capsys.readouterr().err


def test_wrong_use_ends_with_2(project: Path, capsys) -> None:
    (project / "a.md").write_text("x")
    assert main(["import", "nowhere.md"]) == 2
    assert main(["import", "a.md", "--format", "nothing"]) == 2
    assert "watch-page" in capsys.readouterr().err


def test_names_do_not_depend_on_what_stands_beside(project: Path) -> None:
    same = "## 2021\n\n### A: [Same](https://a.example.org/)\n\n### B: [same](https://b.example.org/)\n"
    run(project, same)
    first, second = sorted(pages(project))
    assert second.startswith("entries/2021/same-") or first.startswith("entries/2021/same-")
    assert {name.rpartition("/")[0] for name in (first, second)} == {"entries/2021"}


def test_a_folder_that_leads_out_of_the_project_is_refused(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project / "docs" / "entries").mkdir()
    (project / "docs" / "entries" / "2021").symlink_to(outside, target_is_directory=True)
    (project / "w.md").write_text(PAGE)
    assert main(["import", "w.md"]) == 2
    assert "leads out of the project" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupted_import_leaves_whole_pages(project: Path) -> None:
    rows = "".join(
        f"### Lab: [Title {n}](https://example.org/{n})\n\n**Summary**: words {n}.\n\n" for n in range(3000)
    )
    (project / "big.md").write_text("## 2021\n\n" + rows)
    process = subprocess.Popen(
        [sys.executable, "-m", "mlwatch", "import", "big.md"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    folder = project / "docs" / "entries" / "2021"
    while process.poll() is None and not (folder.is_dir() and any(folder.iterdir())):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.strip() == b"interrupted"
    assert not [path for path in folder.iterdir() if path.name.startswith(".mlwatch-")]
    assert all(path.read_text().endswith(".\n") for path in folder.glob("*.md"))


# --- Merging ------------------------------------------------------------------------------------------------------


def entry(**values) -> Entry:
    known: dict[str, Any] = {"docname": "d", "path": "d.md", "line": 3, "title": "T", "source": "S"}
    return Entry(**(known | values))


def test_merge_unites_and_never_replaces() -> None:
    old = entry(
        date=parse("2021-09"),
        keywords=("A b",),
        links=(Link("paper", "", "https://x.org/1"),),
        summary="Mine.",
    )
    new = entry(
        title="Other",
        source="Q",
        date=parse("2021-09-16"),
        star=2,
        keywords=("a-b", "C"),
        links=(Link("link", "x", "http://www.x.org/1/"), Link("code", "", "https://x.org/2")),
        summary="Theirs.",
        comment="New.",
        lang="zh",
    )
    both = merge(old, new)
    assert (both.title, both.source, both.summary, both.comment, both.lang) == ("T", "S", "Mine.", "New.", "")
    assert (both.date, both.star, both.keywords) == (parse("2021-09-16"), 2, ("A b", "C"))
    assert [link.url for link in both.links] == ["https://x.org/1", "https://x.org/2"]
    assert merge(both, new) == both


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (
            "# T\n\n```{mlentry}\n:source: S\n```\n",
            "# T\n\n```{mlentry}\n:source: S\n:star:\n```\n\n## Summary\n\nNew.\n",
        ),
        (
            "# T\n\n:::{mlentry}\n---\nsource: S\n---\n:::\n\n## Summary\n\n## Else\n\nx\n",
            "# T\n\n:::{mlentry}\n---\nsource: S\nstar:\n---\n:::\n\n## Summary\n\nNew.\n\n## Else\n\nx\n",
        ),
        (
            "# T\n\n```{mlentry}\n:keywords: a\n  b\n:source: S\n```\nwords",
            "# T\n\n```{mlentry}\n:keywords: a\n  b\n:source: S\n:star:\n```\nwords\n\n## Summary\n\nNew.\n",
        ),
    ],
)
def test_options_are_put_in_their_place(text: str, edited: str) -> None:
    page = read_page(text)
    old, _ = build_entry("d", "d.md", 3, page.title, page.options, read({})[0])
    new = merge(old, entry(star=1, summary="New."))
    assert edit_page(text, old, new) == edited


def test_a_page_whose_block_is_open_is_not_edited() -> None:
    assert edit_page("# T\n\n```{mlentry}\n:source: S\n", entry(), entry(star=1)) is None


# --- Anything at all ------------------------------------------------------------------------------------------------


@settings(
    phases=[Phase.generate],
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                [
                    *PAGE.split("\n"),
                    "### A: [../../x](https://e.org/\u202e)",
                    "**Keywords**: {raw}`x`, ,",
                    "## 9999.99.99",
                ]
            ),
            max_size=20,
        ).map(lambda parts: "\n".join(parts).encode()),
    )
)
def test_whatever_the_bytes_pages_are_right_and_in_their_folder(tmp_path_factory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    srcdir = folder / "docs"
    srcdir.mkdir()
    file = folder / "in.md"
    file.write_bytes(raw)
    made = plan(load(srcdir, read({})[0]), [file])
    write(made, srcdir)
    assert all(path.parent.parent.name == "entries" for path in folder.rglob("*.md") if path != file)
    again = load(srcdir, read({})[0])
    assert again.problems == ()
    assert plan(again, [file]).pages == {}


def test_decoding_says_why_a_file_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlwatch.core.importing.MAX_BYTES", 10)
    with pytest.raises(ValueError, match="split it"):
        decode(b"x" * 11, "x")


def test_records_of_cited_papers_go_into_the_bibliography(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = "@article{a2021b,\n  title = {T},\n  author = {A, B},\n  year = {2021},\n  journal = {J}\n}"

    class Records:
        name = title = "records"

        def read(self, document: Any, settings: Any) -> Harvest:
            return Harvest([Item(entry=entry(path="x", cite=("a2021b", "gone")), records=(record,))])

    monkeypatch.setattr("mlwatch.core.importing.importer", lambda _name: Records())
    (project / "x").write_text("")
    made = plan(load(project / "docs", read({})[0]), [project / "x"], form="records", bibfile=True)
    write(made, project / "docs", project / "refs.bib")
    assert (project / "refs.bib").read_text() == record + "\n"
    assert b":cite: a2021b\n" in made.pages["entries/undated/t"]
    assert [one.text for one in made.unparsed] == ["gone"]
