"""The report of a link check: what of it is read, what is passed over, and what filters and charts make of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlwatch.cli import main
from mlwatch.core import linkreport
from mlwatch.core.catalogue import load
from mlwatch.core.chart_tables import tables
from mlwatch.core.collection import Collection
from mlwatch.core.linkreport import MOST, Checked
from mlwatch.core.plots import stacks
from mlwatch.core.settings import read as read_settings
from mlwatch.core.views.charts import chart_links

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Markdown


def line(uri: object, status: object = "working", info: object = "", **more: object) -> str:
    """Return a line as Sphinx writes it."""
    record = {"filename": "entries/a.md", "lineno": 3, "status": status, "code": 0, "uri": uri, "info": info}
    return json.dumps({**record, **more})


def read(path: Path, *lines: str | bytes) -> Any:
    text = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines)
    path.write_bytes(text + b"\n")
    return linkreport.read(path)


# --- Reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "info", "found"),
    [
        ("working", "", Checked("working")),
        ("redirected", "https://example.org/new", Checked("redirected")),
        ("timeout", "HTTPSConnectionPool: timed out", Checked("timeout")),
        ("broken", "404 Client Error: Not Found for url: https://example.org/", Checked("broken", "404")),
        ("broken", "500 Server Error: Internal for url: https://example.org/", Checked("broken", "500")),
        ("broken", "403 Client Error: Forbidden for url: https://example.org/", Checked("unchecked")),
        ("broken", "429 Client Error: Too Many Requests for url: https://example.org/", Checked("unchecked")),
        ("broken", "unauthorized", Checked("unchecked")),
        ("broken", "Anchor '404 Client Error' not found", Checked("broken")),
        ("broken", "HTTPSConnectionPool(host='x'): Name or service not known", Checked("broken")),
        ("ignored", "service unavailable", Checked("unchecked")),
        ("unchecked", "", Checked("unchecked")),
        ("rate-limited", "", Checked("unchecked")),
        ("unknown", "", Checked("unchecked")),
        ("local", "", Checked("unchecked")),
    ],
)
def test_each_status_that_sphinx_writes_is_known(
    tmp_path: Path, status: str, info: str, found: Checked
) -> None:
    report = read(tmp_path / "r.json", line("https://example.org/", status, info))
    assert report.links == {"https://example.org/": found}
    assert not report.problems


def test_last_line_of_an_address_counts_and_its_spelling_matters(tmp_path: Path) -> None:
    report = read(
        tmp_path / "r.json",
        b"\xef\xbb\xbf" + line("https://a.org/", "broken").encode() + b"\r",
        "",
        line("https://a.org/", "working"),
        line("http://a.org/", "broken", code=404, text="permanently"),
    )
    assert report.links == {"https://a.org/": Checked("working"), "http://a.org/": Checked("broken")}
    assert not report.problems


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("<!doctype html>", '"<!doctype html>" is no JSON object'),
        (line("https://a.org/")[:40], "is no JSON object"),
        ("[1]", '"[1]" is no JSON object'),
        ("[" * 50_000, "is no JSON object"),
        ("9" * 5_000, "is no JSON object"),
        (b'{"uri": "\xff"}', "is no JSON object"),
        ("{}", 'its "uri" is "null", no text'),
        (line(["x"]), 'its "uri" is'),
        (line("https://b.org/", 404), 'its "status" is "404", no text'),
        (line("https://b.org/", "brokn"), '"brokn" is no status of a link (did you mean "broken"'),
        (line("https://b.org/", "fine\x1b[2J"), '"fine\\x1b[2J" is no status of a link (known are broken, timeout'),
        (line("https://b.org/", "broken", {"a": 1}), 'its "info" is'),
        (line("https://b.org/", "broken", "x" * 100_001), "more than 100,000"),
    ],
)  # fmt: skip
def test_line_that_is_none_is_told_with_its_place_and_passed_over(
    tmp_path: Path, wrong: str | bytes, told: str
) -> None:
    report = read(tmp_path / "r.json", line("https://a.org/"), wrong, line("https://c.org/", "broken"))
    assert list(report.links) == ["https://a.org/", "https://c.org/"]
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.code) == (str(tmp_path / "r.json"), 2, "link-report")
    assert told in problem.message
    assert problem.message.endswith("run the link check again and keep its output.json as it is")
    assert len(problem.message) < 400
    assert problem.message.isprintable()


def test_of_many_wrong_lines_some_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    report = read(tmp_path / "r.json", *["no"] * (MOST + 1005))
    assert len(report.problems) == MOST + 1
    assert report.problems[-1].message.startswith("1,005 more lines of this report are wrong")


def test_file_that_is_too_large_or_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert linkreport.read(tmp_path / "missing.json") is None
    (folder,) = linkreport.read(tmp_path).problems  # type: ignore[union-attr] # it is there
    assert folder.message.startswith("the report of the link check is no file")
    monkeypatch.setattr(linkreport, "LARGEST", 50)
    report = read(tmp_path / "r.json", line("https://a.org/"))
    assert not report.links
    assert "has more than 50 bytes" in report.problems[0].message


@given(st.binary(max_size=300))
def test_no_bytes_raise(tmp_path: Path, content: bytes) -> None:
    report = read(tmp_path / "r.json", content, line("https://a.org/"))
    assert "https://a.org/" in report.links


def test_what_was_kept_of_an_older_report_is_not_used(tmp_path: Path) -> None:
    path, cache = tmp_path / "r.json", tmp_path / "kept.pickle"
    read(path, line("https://a.org/", "broken"))
    first = linkreport.read(path, cache)
    assert linkreport.read(path, cache) == first
    read(path, line("https://a.org/", "working"))
    assert linkreport.read(path, cache).links == {"https://a.org/": Checked("working")}  # type: ignore[union-attr] # it is there


# --- What entries make of it ------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of twelve entries of two years, of which the older rot, and its report."""
    entries = tmp_path / "docs" / "entries"
    entries.mkdir(parents=True)
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    lines = []
    for i in range(12):
        url = f"https://example.org/{i:02}"
        old = i < 6
        text = md(f"Entry {i}", url=url, date="2019" if old else "2021", archived=f"https://snap.org/{i:02}")
        (entries / f"e{i:02}.md").write_text(text, encoding="utf-8")
        lines.append(line(url, "broken" if i in (1, 2, 3, 11) else "working", "410 Client Error: Gone"))
        lines.append(
            line(f"https://snap.org/{i:02}", "broken" if i == 3 else "redirected" if old else "ignored")
        )
    other = md(
        "Also",
        url="https://example.org/also",
        also="https://www.example.org/01/ https://else.org/",
        date="2019",
    )
    (entries / "e12.md").write_text(other, encoding="utf-8")
    (tmp_path / "linkcheck.json").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def collection_of(project: Path) -> Collection:
    settings = read_settings({})[0]
    return Collection(load(project / "docs", settings, link_report=project / "linkcheck.json"))


def test_links_are_counted_by_state_and_by_the_age_of_their_entries(project: Path) -> None:
    chart: Any = chart_links(collection_of(project))
    whole, by_age = tables(chart)
    # Of e12, its article and one other coverage were never tried; the other one is an entry itself.
    assert {row[0]: row[1:3] for row in whole.rows} == {
        "Broken": ("5", "26"),
        "No answer": ("0", "26"),
        "Moved": ("5", "26"),
        "Working": ("8", "26"),
        "Not checked": ("8", "26"),
    }
    assert by_age.head == ("Year", "Broken", "No answer", "Moved", "Working", "Not checked")
    assert by_age.rows == (("2019", "4", "0", "5", "3", "2"), ("2021", "1", "0", "0", "5", "6"))
    assert "highest in 2019: 28.5%" in stacks(chart, chart.axis)


def test_entries_with_broken_links_are_listed_newest_first_with_snapshots_that_work(project: Path) -> None:
    chart: Any = chart_links(collection_of(project))
    assert [(dead.page.docname[-3:], dead.links, dead.archived) for dead in chart.dead] == [
        ("e11", (("https://example.org/11", "410"),), "https://snap.org/11"),
        ("e01", (("https://example.org/01", "410"),), "https://snap.org/01"),
        ("e02", (("https://example.org/02", "410"),), "https://snap.org/02"),
        ("e03", (("https://example.org/03", "410"), ("https://snap.org/03", "")), ""),
    ]


def test_list_of_broken_links_is_bounded(project: Path) -> None:
    lines = [line(f"https://snap.org/{i:02}", "broken") for i in range(12)]
    (project / "linkcheck.json").write_text("\n".join(lines), encoding="utf-8")
    chart: Any = chart_links(collection_of(project))
    assert (len(chart.dead), chart.total) == (12, 12)
    for i in range(20, 60):
        page = (project / "docs/entries/e00.md").read_text(encoding="utf-8").replace("/00", f"/{i}")
        (project / f"docs/entries/e{i}.md").write_text(page, encoding="utf-8")
        lines.append(line(f"https://example.org/{i}", "broken"))
    (project / "linkcheck.json").write_text("\n".join(lines), encoding="utf-8")
    chart = chart_links(collection_of(project))
    assert (len(chart.dead), chart.total) == (20, 52)


@pytest.mark.parametrize("content", [None, "", "{}\n"])
def test_without_a_check_nothing_is_drawn(project: Path, content: str | None) -> None:
    report = project / "linkcheck.json"
    report.unlink()
    if content is not None:
        report.write_text(content, encoding="utf-8")
    assert chart_links(collection_of(project)) is None


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("health:broken", "01 02 03 11"),
        ("health:redirected not health:broken", "00 04 05"),
        ("not health:working", "01 02 03 11 12"),
        ("health:timeout", ""),
        ("HEALTH:Broken and date:2021", "11"),
    ],
)
def test_curator_works_through_links_on_the_command_line(
    project: Path, capsys: pytest.CaptureFixture[str], wanted: str, names: str
) -> None:
    assert main(["list", wanted]) == 0
    assert [row.partition("\t")[0][-2:] for row in capsys.readouterr().out.splitlines()] == names.split()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (
            "health:brokn",
            '"brokn" is no state of a link (did you mean "broken"?); there are: broken, timeout',
        ),
        ("health:broken", "no link check is known; run make linkcheck and make keep-links"),
    ],
)
def test_state_that_is_none_or_not_known_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], wanted: str, told: str
) -> None:
    (project / "linkcheck.json").unlink()
    assert main(["list", wanted]) == 2
    assert told in capsys.readouterr().err


def test_check_tells_what_is_wrong_with_the_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "links").mkdir()
    (project / "links/found.json").write_text(line("https://a.org/") + "\nno\n", encoding="utf-8")
    (project / "conf.py").write_text('mlwatch_link_report = "links/found.json"\n', encoding="utf-8")
    assert main(["check"]) == 1
    assert 'links/found.json:2: link-report: "no" is no JSON object' in capsys.readouterr().out
    (project / "conf.py").write_text('mlwatch_link_report = ""\n', encoding="utf-8")
    assert main(["check"]) == 0
