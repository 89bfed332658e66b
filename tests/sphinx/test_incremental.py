"""An incremental build gives the bytes of a clean one, whatever was done to the pages in between."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
CONF = """
project = "Tiny"
extensions = ["mlwatch"]
html_theme = "basic"
html_sidebars = {"**": ["mlwatch-nav.html"]}
mlwatch_page_size = 8
mlwatch_topics = {
    "first": {"title": "First", "description": "All of it.", "keywords": ["a", "C++", "机器学习"]},
    "second": {"title": "Second", "keywords": ["d e"]},
}
mlwatch_series = {
    "monthly": {"period": "month", "sections": {
        "research": "Research", "threads": {"title": "Threads", "kinds": ["thread"]}}},
    "numbered": {"period": "number", "title": "{year} digest {number}"},
    "weekly": {"period": "week"},
}
"""
INDEX = """# Home

{ml:keyword}`a`, {ml:topic}`first`, {ml:entry}`e1`, {doc}`entries/e2`, [](#ml:source:S1), [](entries/e3.md), [e4](#e4)

```{mlindex} newest
:limit: 3
```

```{mlindex} top-topics
```

```{toctree}
topics/index
years/index
keywords/index
sources/index
starred/index
papers/index
reading-list/index
digests/index
bibliography
```
"""
KEYWORDS = ("a", "b", "C", "C++", "C#", "机器学习", "d e", "d-e", "D E")
DATES = ("", "2020", "2021-01", "2021-02-03", "2021-02-05", "2021-W05", "2022-03-01")


class Article(NamedTuple):
    """What a step writes to an entry's page."""

    title: str
    source: str
    date: str
    options: frozenset[str]
    keywords: tuple[str, ...]
    other: int
    issue: str
    summary: bool

    def page(self, number: int) -> str:
        """Return the page of the entry *number*."""
        options = [f"source: {self.source}", f"url: https://example.org/{number}", *sorted(self.options)]
        if self.date:
            options.append(f"date: {self.date}")
        if self.keywords:
            options.append(f"keywords: {', '.join(self.keywords)}")
        if self.issue:
            options.append(f"digest: numbered {self.issue}")
        options += [f"cite: k{self.other % 4}", f"also: https://example.org/{self.other}"]
        block = "".join(f":{option}\n" if ": " in option else f":{option}:\n" for option in options)
        text = f"# {self.title} {number}\n\n```{{mlentry}}\n{block}```\n"
        if self.summary:
            text += f"\n## Summary\n\nWords. {{cite}}`k{self.other % 3}` and {{ml:entry}}`e{self.other}`\n"
        return text


ARTICLES = st.builds(
    Article,
    title=st.sampled_from(["Alpha", "Beta *and* more", "题目"]),
    source=st.sampled_from(["S1", "S2"]),
    date=st.sampled_from(DATES),
    options=st.frozensets(
        st.sampled_from(
            [
                "star",
                "kind: thread",
                "status: to-read",
                "lang: zh",
                "paper: [P](https://arxiv.org/abs/2104.00001)",
            ]
        )
    ),
    keywords=st.lists(st.sampled_from(KEYWORDS), max_size=3).map(tuple),
    other=st.integers(1, 9),
    issue=st.sampled_from(["", "2019-1", "2019-02", "2020-3"]),
    summary=st.booleans(),
)
NUMBERS = st.integers(1, 12)
STEPS = st.one_of(
    st.tuples(st.just("write"), NUMBERS, ARTICLES),
    st.tuples(st.just("write"), NUMBERS, ARTICLES),
    st.tuples(st.just("remove"), NUMBERS, st.none()),
    st.tuples(st.just("rename"), NUMBERS, st.integers(13, 20)),
    st.tuples(st.just("append"), NUMBERS, st.none()),
    st.tuples(st.just("records"), NUMBERS, st.none()),
    st.tuples(st.just("by hand"), NUMBERS, st.booleans()),
)


def apply_step(source: Path, action: str, number: int, detail: object) -> None:
    """Do to the pages below *source* what a curator might."""
    page = source / "entries" / f"e{number}.md"
    if action == "write" and isinstance(detail, Article):
        page.write_text(detail.page(number), encoding="utf-8")
    elif action == "remove":
        page.unlink(missing_ok=True)
    elif action == "rename" and page.exists():
        page.rename(page.with_name(f"e{detail}.md"))
    elif action == "append" and page.exists():
        page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    elif action == "records":
        write_records(source, number)
    elif action == "by hand":
        mine = source / "keywords" / "a.md"
        if detail:
            mine.parent.mkdir(exist_ok=True)
            mine.write_text("# My own A\n\n```{mlindex} keyword\n:key: a\n```\n", encoding="utf-8")
        elif mine.exists() and "My own" in mine.read_text(encoding="utf-8"):
            mine.unlink()


def write_records(source: Path, version: int) -> None:
    """Write the .bib file; *version* stands in each title."""
    record = "@misc{{k{0},\n  author = {{Doe, Jane}},\n  title = {{Paper {0} of {1}}},\n  year = {{201{0}}}\n}}\n\n"
    (source / "refs.bib").write_text("".join(record.format(n, version) for n in range(4)), encoding="utf-8")


def build(source: Path, out: Path, doctrees: Path, builder: str = "html", *, jobs: int = 1) -> None:
    """Run Sphinx in this process."""
    with docutils_namespace():
        app = Sphinx(
            source, source, out, doctrees, builder, status=None, warning=io.StringIO(), parallel=jobs
        )
        app.build()


def output(folder: Path) -> dict[str, bytes]:
    """Return every file of a site but Sphinx's note on how it was configured."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".buildinfo"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: Path, other: Path) -> list[str]:
    """Return the names of the files that are not the same in both."""
    first, second = output(one), output(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def write_project(source: Path, articles: list[Article]) -> None:
    """Write a tiny project with *articles*."""
    (source / "entries").mkdir(parents=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.md").write_text(INDEX, encoding="utf-8")
    (source / "bibliography.md").write_text(
        "# Bibliography\n\n```{bibliography}\n:all:\n```\n", encoding="utf-8"
    )
    write_records(source, 0)
    for number, article in enumerate(articles, 1):
        apply_step(source, "write", number, article)


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # to find a smaller example would take longer than to read this one
    suppress_health_check=list(HealthCheck),
)
@given(articles=st.lists(ARTICLES, min_size=3, max_size=8), steps=st.lists(STEPS, min_size=3, max_size=6))
def test_any_sequence_of_edits_ends_as_a_clean_build(
    articles: list[Article], steps: list[tuple[str, int, object]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        source = base / "source"
        write_project(source, articles)
        build(source, base / "out", base / "doctrees")
        for position, step in enumerate(steps):
            apply_step(source, *step)
            build(source, base / "out", base / "doctrees", jobs=1 + position % 2)
            clean = base / f"clean{position}"
            build(source, clean, base / f"clean{position}-doctrees")
            assert differing(base / "out", clean) == []


def _article(**changes: object) -> Article:
    plain = Article("Alpha", "S1", "2021-02-03", frozenset(), ("a",), 2, "", summary=True)
    return plain._replace(**changes)  # type: ignore[arg-type] # the names are checked by the test that gives them


def _far(number: int) -> Article:
    """Return an entry that shares nothing with the others."""
    return _article(title="Far", other=number, source="S2", date="2019-05-06", keywords=("c",), summary=False)


def _pages(*groups: str) -> set[str]:
    """Return the names of pages: ``folder: name name``."""
    parted = (group.partition(": ") for group in groups)
    return {f"{folder}/{name}.html" for folder, _, names in parted for name in names.split()}


#: Pages that count the entries of the month, the year, the source or the keyword, or list them.
COUNTS = (
    "topics: first index",
    "keywords: a index",
    "sources: s1 index",
    "years: 2021-02 2021 index",
    "papers: index",
    "trends: index",
    "digests: index monthly/index monthly/2021-02 weekly/index weekly/2021-W05",
)

#: What is done to the entry 3, and the pages that show it. Entries 1 to 3 are of one day, source and keyword.
EDITS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (lambda _source: None, set()),
    # Digests have the whole summary, and the front page has its beginning.
    "a word of the summary": (
        lambda source: apply_step(source, "append", 3, None),
        _pages("entries: e3", "digests: monthly/2021-02 weekly/2021-W05") | {"index.html"},
    ),
    "a title": (
        lambda source: apply_step(source, "write", 3, _article(other=3, title="Gamma")),
        # e1, e2, e4 link to it: as related, as the neighbour in time.
        _pages(
            "entries: e1 e2 e3 e4",
            "topics: first",
            "keywords: a",
            "sources: s1",
            "years: 2021-02",
            "papers: index",
        )
        | _pages("digests: monthly/2021-02 weekly/2021-W05")
        | {"index.html", "bibliography.html"},
    ),
    "a keyword": (
        lambda source: apply_step(source, "write", 3, _article(other=3, keywords=("b",))),
        # e1 and e2 have the keyword still, and e3 is related no more; before c there stands b now, not a.
        _pages("entries: e1 e2 e3", "topics: first index", "keywords: a b c index", "trends: index")
        | _pages("digests: monthly/2021-02 weekly/2021-W05")
        | {"index.html"},
    ),
    "an entry more": (
        lambda source: apply_step(source, "write", 6, _article(other=6)),
        _pages("entries: e1 e2 e3 e4 e6", *COUNTS) | {"index.html", "bibliography.html"},
    ),
    "an entry less": (
        lambda source: apply_step(source, "remove", 3, None),
        _pages("entries: e1 e2 e4", *COUNTS) | {"index.html", "bibliography.html"},
    ),
}


def written_by(source: Path, base: Path, change: Callable[[], object]) -> set[str]:
    """Build, *change* something, build again; return the names of the pages that the second build wrote."""
    build(source, base / "out", base / "doctrees")
    before = {path: path.stat().st_mtime_ns for path in (base / "out").rglob("*.html")}
    change()
    build(source, base / "out", base / "doctrees")
    return {
        path.relative_to(base / "out").as_posix()
        for path in (base / "out").rglob("*.html")
        if path.stat().st_mtime_ns != before.get(path)
    }


@pytest.mark.parametrize("edit", EDITS)
def test_only_pages_that_show_an_edit_are_written(tmp_path: Path, edit: str) -> None:
    source = tmp_path / "source"
    write_project(source, [*(_article(other=n) for n in range(1, 4)), _far(4), _far(5)])
    change, expected = EDITS[edit]
    written = written_by(source, tmp_path, lambda: change(source))
    assert written - {"search.html", "my-list.html", "genindex.html"} == expected


def test_a_new_year_leaves_the_pages_of_other_entries_alone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    years = range(2012, 2020)
    write_project(source, [_far(n)._replace(date=f"{year}-03-04") for n, year in enumerate(years, 1)])
    new = _far(9)._replace(date="2020-03-04", keywords=("b",), source="S1")
    written = written_by(source, tmp_path, lambda: apply_step(source, "write", 9, new))
    # e8 comes before it in time, e1 and e5 cite the same paper.
    assert {name for name in written if name.startswith("entries/")} == _pages("entries: e1 e5 e8 e9")
    assert "years/2015.html" not in written  # years are no longer listed at its side


def test_an_entry_more_or_less_writes_few_pages_of_a_long_list(tmp_path: Path) -> None:
    source = tmp_path / "source"
    articles = [_article(other=n, date=f"2021-{n % 9 + 1:02}-{n % 28 + 1:02}") for n in range(1, 61)]
    write_project(source, articles)
    newest = _article(other=61, date="2021-12-24")
    written = written_by(source, tmp_path, lambda: apply_step(source, "write", 61, newest))
    lists = len(list((tmp_path / "out/keywords/a").glob("*.html")))
    assert lists > 7
    assert {name for name in written if name.startswith("keywords/a")} == {"keywords/a.html"}
    written = written_by(source, tmp_path, lambda: apply_step(source, "remove", 30, None))
    assert 1 < sum(name.startswith("keywords/a") for name in written) <= lists / 2


def test_what_another_builder_read_is_written_by_the_first(tmp_path: Path) -> None:
    source, out, doctrees = tmp_path / "source", tmp_path / "out", tmp_path / "doctrees"
    articles = [
        _article(title=title, date=f"2019-0{month}-01")
        for month, title in enumerate(("First", "Second", "Third"), 1)
    ]
    write_project(source, articles)
    build(source, out, doctrees)
    page = source / "entries" / "e2.md"
    page.write_text(page.read_text(encoding="utf-8").replace("# Second", "# Another"), encoding="utf-8")
    build(source, tmp_path / "json", doctrees, "json")
    build(source, out, doctrees)
    assert "Another" in (out / "entries" / "e1.html").read_text(encoding="utf-8")
    clean = tmp_path / "clean"
    build(source, clean, tmp_path / "others")
    assert differing(out, clean) == []


def test_an_edit_that_keeps_the_time_stamp_is_seen(tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_project(source, [_article()])
    page = source / "entries" / "e1.md"
    stamp = page.stat().st_mtime_ns
    build(source, tmp_path / "out", tmp_path / "doctrees")
    page.write_text(page.read_text(encoding="utf-8").replace("Words.", "Fresh!"), encoding="utf-8")
    os.utime(page, ns=(stamp, stamp))
    build(source, tmp_path / "out", tmp_path / "doctrees")
    assert "Fresh!" in (tmp_path / "out" / "entries" / "e1.html").read_text(encoding="utf-8")


def test_a_build_that_was_killed_while_writing_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    write_project(source, [_article(other=n) for n in range(1, 4)])
    build(source, tmp_path / "out", tmp_path / "doctrees")
    apply_step(source, "write", 1, _article(title="题目", date="2020"))
    with monkeypatch.context() as patch:
        patch.setattr("sphinx.builders.html.StandaloneHTMLBuilder.write_doc", _killed)
        with pytest.raises(KeyboardInterrupt):
            build(source, tmp_path / "out", tmp_path / "doctrees")
    build(source, tmp_path / "out", tmp_path / "doctrees")
    build(source, tmp_path / "clean", tmp_path / "clean-doctrees")
    assert differing(tmp_path / "out", tmp_path / "clean") == []


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_the_collection_builds_to_the_same_bytes_serially_and_in_parallel(tmp_path: Path) -> None:
    """Two checkouts, other hash seeds, one process and two: the real site, the real theme."""
    folders = []
    for jobs, seed in (("1", "1"), ("2", "7")):
        copy = tmp_path / f"copy{jobs}"
        ignored = shutil.ignore_patterns(".git", ".venv", "_build", ".mlwatch_cache", "*.pyc")
        for name in ("docs", "_ext"):
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for name in ("conf.py", "refs.bib"):
            shutil.copy(ROOT / name, copy)
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-q",
            "-j",
            jobs,
            "-c",
            ".",
            "docs",
            "out",
            "-d",
            "doctrees",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1600000000"}
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        folders.append(copy / "out")
    assert differing(*folders) == []
