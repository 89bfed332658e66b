"""The page plan and its writing: what is generated, what is left alone, what is taken away again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlwatch.build.generate import write_sources
from mlwatch.core.catalogue import load
from mlwatch.core.collection import Collection
from mlwatch.core.page import read_page
from mlwatch.core.plan import PlannedPage, plan
from mlwatch.core.scan import MARKER
from mlwatch.core.settings import read
from mlwatch.core.trust import FOLDERS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Collect, Markdown

SERIES = {"ds-ml": {"period": "number"}, "weekly": {"period": "week", "sections": {"papers": "Papers"}}}


def planned(made: Collection) -> list[str]:
    return [page.docname for page in plan(made)]


def files(srcdir: Path) -> dict[str, str]:
    """Return every Markdown page of the generated folders, by its name, with its text."""
    return {
        path.relative_to(srcdir).as_posix(): path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in sorted((srcdir / folder).rglob("*.md"))
    }


# --- What is planned ------------------------------------------------------------------------------------------


def test_every_index_and_every_group_has_a_page(collect: Collect, md: Markdown) -> None:
    made = Collection(
        collect(
            {
                "entries/a.md": md(
                    date="2021-09-16", keywords="NLP, C++", source="OpenAI", digest="ds-ml 2021-3", star=""
                ),
                "entries/b.md": md(status="to-read"),
                "entries/c.md": md(date="2021-09-23", digest="ds-ml 2021-4"),
                "entries/d.md": md(date="2021-09-30", digest="ds-ml 2021-5"),
                "entries/e.md": md(date="2021-10-07", digest="ds-ml 2022-1"),
            },
            series=SERIES,
        )
    )
    assert set(planned(made)) == {
        "years/index", "years/2021", "years/2021-09", "years/2021-10", "years/undated",
        "keywords/index", "keywords/nlp", "keywords/c-plus-plus-3ce177",
        "sources/index", "sources/openai", "sources/someone",
        "starred/index", "papers/index", "trends/index",
        "reading-list/index", "reading-list/to-read", "reading-list/no-summary", "reading-list/no-keywords",
        "reading-list/no-paper",
        "digests/index", "digests/ds-ml/index", "digests/ds-ml/2021-03", "digests/ds-ml/2021-04",
        "digests/ds-ml/2021-05", "digests/ds-ml/2022-01", "digests/ds-ml/2021",
        "digests/weekly/index", "digests/weekly/2021-W37", "digests/weekly/2021-W38", "digests/weekly/2021-W39",
        "digests/weekly/2021-W40", "digests/weekly/2021-09", "digests/weekly/2021",
    }  # fmt: skip


def test_empty_collection_has_its_main_pages_alone(collect: Collect) -> None:
    main = {
        "years/index",
        "keywords/index",
        "sources/index",
        "starred/index",
        "papers/index",
        "reading-list/index",
        "trends/index",
    }
    assert set(planned(Collection(collect({})))) == main
    assert set(planned(Collection(collect({}, series=SERIES)))) == main | {"digests/index"}


def test_one_new_entry_makes_its_issue_appear_without_another_edit(collect: Collect, md: Markdown) -> None:
    before = set(planned(Collection(collect({"entries/a.md": md(digest="ds-ml 2019-20")}, series=SERIES))))
    after = set(planned(Collection(collect({"entries/b.md": md(digest="ds-ml 2019-21")}, series=SERIES))))
    assert after - before == {"digests/ds-ml/2019-21"}


def test_long_lists_have_further_pages(collect: Collect, md: Markdown) -> None:
    pages = {f"entries/{i}.md": md(f"{i}", date="2021-09", keywords=f"nlp, word {i}") for i in range(250)}
    names = planned(Collection(collect(pages, series={"m": {"period": "month"}})))
    for base in (
        "keywords/nlp",
        "sources/someone",
        "years/2021-09",
        "reading-list/no-summary",
    ):
        assert {base, f"{base}/2021-09", f"{base}/2021-09-2"} <= set(names)
        assert f"{base}/2021-09-5" not in names
    digest = "digests/m/2021-09"  # its rows have whole summaries: half as many stand on a page
    assert {f"{digest}/page-5"} <= set(names)
    assert f"{digest}/page-6" not in names
    assert {"keywords/page-2", "keywords/page-3"} <= set(names)
    assert len(names) == len(set(names))


WORDS = st.sampled_from(
    ["NLP", "nlp", "C", "C++", "C#", "语音", "index", "page-2", "page 2", "con", "undated", "a/b", ".."]
)
DATES = st.sampled_from([None, "2021", "2021-09", "2021-09-16", "2021-W02", "0001-01-01", "9999-12-31"])
ISSUES = st.sampled_from(
    [None, "ds-ml 2019-20", "ds-ml 2019", "ds-ml 2", "weekly 2019-W20", "ds-ml 2019-2, ds-ml 2019-02", "index 1", "index 2021"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(WORDS, DATES, ISSUES), max_size=8), st.integers(1, 3))
def test_no_page_is_planned_twice(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, str | None, str | None]], size: int
) -> None:
    """Two pages of one name would overwrite each other."""
    base = tmp_path_factory.mktemp("plan")
    for i, (word, date, issue) in enumerate(entries):
        options = "".join(f":{k}: {v}\n" for k, v in (("date", date), ("digest", issue)) if v)
        text = f"# T{i}\n\n```{{mlentry}}\n:source: {word}\n:keywords: {word}\n{options}```\n"
        (base / f"{i}.md").write_text(text, encoding="utf-8")
    values: dict[str, Any] = {
        "mlwatch_series": {**SERIES, "index": {"period": "number"}, "daily": {"period": "day"}},
        "mlwatch_page_size": size,
    }
    names = planned(Collection(load(base, read(values)[0])))
    folded = [name.casefold() for name in names]
    assert sorted(folded) == sorted(set(folded))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30))
def test_title_of_a_generated_page_reads_as_it_is(title: str) -> None:
    """A keyword may be called "*" or "[x](y)"; none of it is markup."""
    shown = " ".join(title.split())
    source = PlannedPage("keywords/x", shown, "mlindex keyword").source()
    tokens = MarkdownIt("commonmark").parse(source.partition("---\n\n")[2] or source)
    heading = next(
        t for i, t in enumerate(tokens) if tokens[i - 1].type == "heading_open" and tokens[i - 1].tag == "h1"
    )
    assert all(child.type in ("text", "text_special") for child in heading.children or ())
    assert read_page(source).title == shown


# --- Writing --------------------------------------------------------------------------------------------------


def test_written_pages_are_those_that_are_planned(collect: Collect, md: Markdown, srcdir: Path) -> None:
    made = Collection(collect({"entries/a.md": md(keywords="NLP", date="2021-09")}))
    names = write_sources(made)
    assert set(names) == set(planned(made))
    assert {f"{name}.md" for name in names} == set(files(srcdir))
    assert all(MARKER in text for text in files(srcdir).values())
    again = load(srcdir, made.settings)
    assert [e.docname for e in again.entries] == ["entries/a"], "generated pages are no part of the catalogue"


def test_page_that_says_the_same_is_not_touched(collect: Collect, md: Markdown, srcdir: Path) -> None:
    write_sources(Collection(collect({"entries/a.md": md(keywords="NLP")})))
    for path in srcdir.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    write_sources(Collection(collect({"entries/b.md": md(keywords="speech")})))
    touched = {
        p.relative_to(srcdir).as_posix() for p in srcdir.rglob("*.md") if p.stat().st_mtime_ns != 10**18
    }
    assert touched == {"entries/b.md", "keywords/speech.md"}


def test_page_that_is_no_longer_planned_is_removed_with_its_folder(
    collect: Collect, md: Markdown, srcdir: Path
) -> None:
    write_sources(
        Collection(collect({"entries/a.md": md(digest="ds-ml 2019-20", keywords="NLP")}, series=SERIES))
    )
    assert (srcdir / "digests" / "ds-ml" / "2019-20.md").is_file()
    made = Collection(collect({"entries/a.md": md()}, series=SERIES))
    write_sources(made)
    assert set(files(srcdir)) == {f"{name}.md" for name in planned(made)}
    assert not (srcdir / "digests" / "ds-ml").exists()
    write_sources(Collection(collect({"entries/a.md": md()})))
    assert not (srcdir / "digests").exists()


HAND = "# My own page\n\n```{mlindex} keyword\n:key: nlp\n```\n"


@pytest.mark.parametrize(
    "name", ["keywords/nlp.md", "keywords/index.md", "digests/ds-ml/2019-20.md", "years/2021.md"]
)
def test_page_that_a_person_wrote_is_never_replaced(
    collect: Collect, md: Markdown, srcdir: Path, name: str
) -> None:
    made = Collection(
        collect(
            {name: HAND, "entries/a.md": md(keywords="NLP", digest="ds-ml 2019-20", date="2021")},
            series=SERIES,
        )
    )
    generated = write_sources(made)
    assert (srcdir / name).read_text(encoding="utf-8") == HAND
    assert name[:-3] not in generated
    assert len(generated) == len(planned(made)) - 1


def test_page_that_a_person_wrote_without_any_entry_behind_it_stays(
    collect: Collect, md: Markdown, srcdir: Path
) -> None:
    write_sources(Collection(collect({"keywords/mine.md": HAND, "digests/x/readme.md": HAND})))
    write_sources(Collection(collect({})))
    assert files(srcdir)["keywords/mine.md"] == HAND
    assert files(srcdir)["digests/x/readme.md"] == HAND


def test_page_in_restructuredtext_wins_too(collect: Collect, md: Markdown, srcdir: Path) -> None:
    made = Collection(collect({"keywords/nlp.rst": "NLP\n===\n", "entries/a.md": md(keywords="NLP")}))
    assert "keywords/nlp" not in write_sources(made)
    assert not (srcdir / "keywords" / "nlp.md").exists()


def test_page_that_only_speaks_of_the_mark_is_a_persons(collect: Collect, md: Markdown, srcdir: Path) -> None:
    text = f"# NLP\n\nThis page was once “{MARKER}”; now it is written by hand.\n"
    made = Collection(collect({"keywords/nlp.md": text, "entries/a.md": md(keywords="NLP")}))
    write_sources(made)
    assert (srcdir / "keywords" / "nlp.md").read_text(encoding="utf-8") == text


def test_generated_page_makes_room_for_one_that_a_person_writes(
    collect: Collect, md: Markdown, srcdir: Path
) -> None:
    made = Collection(collect({"entries/a.md": md(keywords="NLP")}))
    assert "keywords/nlp" in write_sources(made)
    (srcdir / "keywords" / "nlp.md").write_text(HAND, encoding="utf-8")
    assert "keywords/nlp" not in write_sources(made)
    assert (srcdir / "keywords" / "nlp.md").read_text(encoding="utf-8") == HAND
    assert "/nlp.md" not in (srcdir / "keywords" / ".gitignore").read_text(encoding="utf-8").split()
    (srcdir / "keywords" / "nlp.md").unlink()
    assert "keywords/nlp" in write_sources(made)


def test_git_ignores_what_is_generated_and_nothing_else(collect: Collect, md: Markdown, srcdir: Path) -> None:
    made = Collection(collect({"keywords/mine.md": HAND, "entries/a.md": md(keywords="C++, 语音")}))
    write_sources(made)
    ignored = (srcdir / "keywords" / ".gitignore").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(ignored) == sorted(["/.gitignore", "/index.md", "/c-plus-plus-3ce177.md", "/语音.md"])


def test_gitignore_that_a_person_wrote_is_not_replaced(collect: Collect, md: Markdown, srcdir: Path) -> None:
    made = Collection(collect({"keywords/.gitignore": "*.bak\n", "entries/a.md": md(keywords="NLP")}))
    write_sources(made)
    assert "*.bak" in (srcdir / "keywords" / ".gitignore").read_text(encoding="utf-8").split()


def test_other_files_in_generated_folders_stay(collect: Collect, md: Markdown, srcdir: Path) -> None:
    made = Collection(collect({"keywords/picture.svg": "<svg/>", "entries/a.md": md()}))
    write_sources(made)
    assert (srcdir / "keywords" / "picture.svg").is_file()


@pytest.mark.parametrize(
    "name", ["a" * 300, "语" * 300, "𠀀" * 300, "x " * 200, "+" * 300, "CON", "a/../../b", "..", "-"]
)
def test_any_name_can_be_written_and_stays_in_its_folder(
    collect: Collect, md: Markdown, srcdir: Path, name: str
) -> None:
    made = Collection(collect({"entries/a.md": md(keywords=name, source=name)}))
    write_sources(made)
    assert len(list((srcdir / "keywords").iterdir())) == 3, ".gitignore, index.md and the keyword"
    assert len(list((srcdir / "sources").iterdir())) == 3
    assert sorted(p.name for p in srcdir.parent.iterdir()) == ["docs"]


def test_two_writings_give_the_same_bytes(collect: Collect, md: Markdown, srcdir: Path) -> None:
    pages = {f"entries/{i}.md": md(f"{i}", keywords=f"k{i}, C++", date=f"2021-0{i}") for i in range(1, 5)}
    write_sources(Collection(collect(pages, series=SERIES)))
    first = files(srcdir)
    for name in first:
        (srcdir / name).unlink()
    write_sources(Collection(collect(dict(reversed(pages.items())), series=SERIES)))
    assert files(srcdir) == first
