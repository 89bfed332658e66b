"""The basis of a view: while it is the same, the view shows the same; a change touches few of them."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import markdown, write

from mlwatch.core.catalogue import load
from mlwatch.core.collection import Collection
from mlwatch.core.settings import read
from mlwatch.core.views import VIEWS, show
from mlwatch.core.views.basis import BASES, basis

if TYPE_CHECKING:
    from tests.conftest import Collect, Markdown

Options = dict[str, str]
Views = dict[tuple[str, ...], tuple[Any, bytes]]

BIB = """
@misc{k1,
  title = {Paper one},
  author = {Tan, Mingxing},
  year = {2021},
  url = {https://arxiv.org/abs/2104.00298},
}
@misc{k2,
  title = {Paper two},
  author = {Dai, Zihang},
  year = {2022},
}
"""
#: Issues of numbers and of weeks, so that a year's roll-up can lose its name to an issue.
SERIES = {
    "n": {
        "period": "number",
        "sections": {"first": "First", "second": {"title": "Second", "kinds": ["talk"]}},
    },
    "w": {"period": "week", "collects": "dated"},
}
TOPICS = {
    "t1": {"title": "One", "description": "First.", "keywords": ["NLP", "rare"]},
    "t2": {"title": "Two", "keywords": ["GNN"]},
}
NAMES = [f"entries/{letter}" for letter in "abcdefgh"]
ADDRESSES = [f"https://example.org/{number}" for number in range(6)]
ENTRIES = st.fixed_dictionaries(
    {"title": st.sampled_from(["One two", "Deep nets", "Deep nets again", "Über Netze"])},
    optional={
        "source": st.sampled_from(["Distill", "distill", "DISTILL", "BAIR"]),
        "url": st.sampled_from(ADDRESSES),
        "date": st.sampled_from(["2019", "2019-05", "2019-05-07", "2020-01-02", "2020-W02", "2021-11-30"]),
        "star": st.sampled_from(["1", "3"]),
        "pick": st.just(""),
        "kind": st.sampled_from(["talk", "paper"]),
        "lang": st.just("zh"),
        "alt-title": st.just("Another title"),
        "keywords": st.sampled_from(["NLP", "nlp, GNN", "Nlp, gnn, rare", "GNN"]),
        "cite": st.sampled_from(["k1", "k1, k2"]),
        "digest": st.sampled_from(["n 2019-01", "n 2019", "n 3", "n 2020-02, n 3"]),
        "section": st.just("second"),
        "order": st.sampled_from(["1", "2"]),
        "also": st.sampled_from(ADDRESSES),
        "paper": st.sampled_from(["[P](https://arxiv.org/abs/2104.00298)", "[Q](https://example.org/0)"]),
        "status": st.sampled_from(["to-read", "reading", "read"]),
        "todo": st.sampled_from(["look again", "and again"]),
        "body": st.sampled_from(
            ["## Summary\n\nWords of it.", "## Summary\n\nOther words.", "## Comment\n\n{cite}`k1`"]
        ),
    },
)
COLLECTIONS = st.dictionaries(st.sampled_from(NAMES), ENTRIES, min_size=3)
#: What becomes of some entries; None takes them away.
CHANGES = st.dictionaries(st.sampled_from(NAMES), st.none() | ENTRIES, min_size=1, max_size=2)


def collection_of(base: Path, entries: dict[str, Options], *, report: bool) -> Collection:
    """Load *entries* (docname to title, body and options) with few to a page of a list; *base* is a folder to write them to."""
    read_settings, wrong = read({"mlwatch_page_size": 2, "mlwatch_series": SERIES, "mlwatch_topics": TOPICS})
    assert not wrong
    pages = {}
    for docname, options in entries.items():
        shown: dict[str, str | None] = dict(options)
        title, body = shown.pop("title"), shown.pop("body", "")
        pages[f"{docname}.md"] = markdown(str(title), body=str(body), **shown)
    shutil.rmtree(base / "docs", ignore_errors=True)
    write(base / "docs", pages)
    links = [json.dumps({"uri": url, "status": "broken", "info": "404"}) for url in ADDRESSES[:3]]
    write(base, {"refs.bib": BIB, "output.json": "\n".join(links)})
    link_report = base / "output.json" if report else None
    catalogue = load(base / "docs", read_settings, bibfiles=[base / "refs.bib"], link_report=link_report)
    return Collection(catalogue)


def views_of(collection: Collection) -> list[tuple[str, ...]]:
    """Return every view of which there are many, with each argument that pages give it."""
    found: list[tuple[str, ...]] = [
        (view, name) for view in ("entry", "related") for name in (*NAMES, "entries/none")
    ]
    lists = [
        *(("keyword", key) for key in ("nlp", "gnn", "rare", "none")),
        *(("source", key) for key in ("distill", "bair", "someone")),
        *(("topic", key) for key in ("t1", "t2", "none")),
        *(("month", key) for key in ("2019", "2019-05", "2020-01", "2021-11")),
        *(("reading", key) for key in (*collection.lists, "none")),
        ("undated", ""),
        ("starred", ""),
    ]
    found += [(view, key, page) for view, key in lists for page in ("", "2019-05-07", "undated", "2019-05")]
    issues = [
        "n 2019-01",
        "n 2019-02",
        "n 2019",
        "n 3",
        "n 2020-02",
        "n 2020",
        "w 2019-W19",
        "w 2019-05",
        "w 2020",
        "n 9",
    ]
    found += [("issue", key, page) for key in issues for page in ("", "2")]
    found += [("papers", key, "") for key in ("", *collection.paper_parts)]
    found += [("chart-keyword", key) for key in ("nlp", "gnn", "none")]
    found += [("chart-source", key) for key in ("distill", "bair")]
    found += [("chart-topic", key) for key in ("t1", "none")]
    return found


@settings(max_examples=150)
@given(entries=COLLECTIONS, changes=CHANGES, report=st.booleans())
@example(  # an entry that goes takes the spelling of a keyword with it
    entries={
        "entries/a": {"title": "A", "keywords": "NLP"},
        "entries/b": {"title": "B", "keywords": "NLP"},
        "entries/c": {"title": "C", "keywords": "nlp"},
        "entries/d": {"title": "D", "keywords": "nlp"},
    },
    changes={"entries/a": None},
    report=False,
)
@example(  # the issue "2019" takes the place of the year's roll-up
    entries={
        "entries/a": {"title": "A", "digest": "n 2019-01"},
        "entries/b": {"title": "B", "digest": "n 2019-02"},
        "entries/d": {"title": "D", "digest": "n 2019-03"},
        "entries/c": {"title": "C"},
    },
    changes={"entries/c": {"title": "C", "digest": "n 2019"}},
    report=False,
)
@example(  # an address is a broken link until an entry has it
    entries={
        "entries/a": {"title": "A", "also": ADDRESSES[0]},
        "entries/b": {"title": "B"},
        "entries/c": {"title": "C"},
    },
    changes={"entries/b": {"title": "B", "url": ADDRESSES[0]}},
    report=True,
)
@example(  # what is named as other coverage is another entry now, and the one from before is related
    entries={
        "entries/a": {"title": "One two"},
        "entries/b": {"title": "Deep nets", "keywords": "GNN", "also": ADDRESSES[0]},
        "entries/c": {"title": "Deep nets again", "keywords": "GNN", "url": ADDRESSES[0]},
    },
    changes={"entries/a": {"title": "One two", "url": ADDRESSES[0]}},
    report=False,
)
@example(  # a chart gets more years
    entries={
        "entries/a": {"title": "A", "keywords": "GNN", "date": "2019-05"},
        "entries/b": {"title": "B", "keywords": "GNN", "date": "2019-05"},
        "entries/c": {"title": "C", "keywords": "GNN", "date": "2019-05"},
    },
    changes={"entries/d": {"title": "D", "date": "2021-11-30"}},
    report=False,
)
def test_a_view_shows_the_same_while_its_basis_is_the_same(
    entries: dict[str, Options], changes: dict[str, Options | None], report: bool
) -> None:
    changed = {name: options for name, options in (entries | changes).items() if options is not None}
    with tempfile.TemporaryDirectory() as name:
        before, after = (collection_of(Path(name), each, report=report) for each in (entries, changed))
    for view in {*views_of(before), *views_of(after)}:
        if basis(before, *view) == basis(after, *view):
            assert show(before, *view)[0] == show(after, *view)[0], view


def test_a_new_title_touches_the_bases_of_few_views(collect: Collect, md: Markdown) -> None:
    pages = {
        f"entries/{number:02}.md": md(
            f"Title {number}", date=f"2021-{number % 12 + 1:02}-01", keywords=f"k{number % 7}", source="S"
        )
        for number in range(60)
    }

    def bases() -> dict[tuple[str, ...], bytes]:
        collection = Collection(collect(pages))
        names: list[tuple[str, ...]] = [("entry", f"entries/{number:02}") for number in range(60)]
        names += [("keyword", f"k{number}", "") for number in range(7)]
        names += [("month", f"2021-{number:02}", "") for number in range(1, 13)]
        return {view: basis(collection, *view) for view in names}

    before = bases()
    assert bases() == before
    pages["entries/20.md"] = pages["entries/20.md"].replace("Title 20", "Title 20 again")
    after = bases()
    assert sorted(view for view in before if after[view] != before[view]) == [
        ("entry", "entries/20"),
        ("keyword", "k6", ""),
        ("month", "2021-09", ""),
    ]


def test_every_view_that_has_a_basis_is_a_view() -> None:
    assert BASES.keys() <= VIEWS.keys()
