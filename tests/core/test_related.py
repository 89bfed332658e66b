"""Related entries: what two entries share counts, the rarer the more; the same list however it was come by."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlwatch.core.catalogue import load
from mlwatch.core.collection import Collection
from mlwatch.core.settings import read
from mlwatch.core.views.related import related

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Collect, Markdown

Entries = dict[str, tuple[str, dict[str, str]]]
BIB = """
@article{tan2021,
  title = {EfficientNetV2},
  author = {Tan, Mingxing and Le, Quoc V.},
  year = {2021},
  url = {https://arxiv.org/abs/2104.00298},
}
"""


@pytest.fixture
def lists(collect: Collect, md: Markdown):
    """Give a function from pages (name to title and options) to the names of those related to each."""

    def find(pages: Mapping[str, tuple[str, dict[str, str]]], bib: str = "") -> dict[str, list[str]]:
        files = {f"entries/{name}.md": md(title, **options) for name, (title, options) in pages.items()}
        collection = Collection(collect(files, bib=bib))
        return {name: shown(collection, name) for name in pages}

    return find


def shown(collection: Collection, name: str) -> list[str]:
    return [row.docname.removeprefix("entries/") for row in related(collection, f"entries/{name}")]


def unrelated(count: int) -> Entries:
    """Return entries that share nothing with any other."""
    return {f"z{i:03}": (f"Alpha{i} beta{i}", {"source": f"S{i}"}) for i in range(count)}


def test_a_shared_keyword_relates_in_both_directions(lists):
    found = lists({"a": ("One", {"keywords": "GNN, x"}), "b": ("Other", {"keywords": "gnn"}), **unrelated(3)})
    assert found["a"] == ["b"]
    assert found["b"] == ["a"]


def test_the_rarer_keyword_comes_first(lists):
    pages: Entries = {f"m{i:02}": ("Many", {"keywords": "common"}) for i in range(12)}
    pages |= {"a": ("Here", {"keywords": "common, rare"}), "b": ("There", {"keywords": "rare"})}
    found = lists({**pages, **unrelated(60)})["a"]
    assert found[0] == "b"
    assert len(found) == 5


def test_of_equals_the_first_by_name_are_shown(lists):
    pages = {name: ("Alike", {"keywords": "same"}) for name in ("d", "b", "f", "a", "g", "c", "e")}
    found = lists({**pages, **unrelated(30)})
    assert found["d"] == ["a", "b", "c", "e", "f"]
    assert found["a"] == ["b", "c", "d", "e", "f"]


def test_source_and_month_alone_relate_nothing(lists):
    same = {"source": "Northern Lights Lab", "date": "2021-09"}
    found = lists(
        {
            "a": ("Northern Lights Lab on pruning", same),
            "b": ("Northern Lights Lab on tokenizers", same),
            "c": ("New research released by Northern Lights Lab", same),
        }
    )
    assert found == {"a": [], "b": [], "c": []}


def test_one_word_is_chance_and_two_are_not(lists):
    pages: Entries = {
        "one": ("Pruning for speech", {}),
        "two": ("Pruning of protein folders", {}),
        "three": ("Speech after pruning", {}),
    }
    found = lists({**pages, **unrelated(20)})
    assert found["one"] == ["three"]
    assert found["two"] == []


def test_a_phrase_or_a_name_in_two_titles_is_enough(lists):
    pages: Entries = {
        "a": ("Federated learning at the edge", {}),
        "b": ("What federated learning costs", {}),
        "c": ("NeurIPS awards", {}),
        "d": ("Going to NeurIPS", {}),
    }
    found = lists({**pages, **unrelated(20)})
    assert (found["a"], found["c"]) == (["b"], ["d"])


def test_words_of_announcements_and_makers_relate_nothing(lists):
    found = lists(
        {
            "a": ("Microsoft Researchers Introduce a New Deep Learning Method", {}),
            "b": ("Google Researchers Introduce a New Deep Learning Method", {}),
            **unrelated(20),
        }
    )
    assert found["a"] == []


def test_chinese_titles_are_compared_by_pairs_of_characters(lists):
    pages: Entries = {
        "a": ("图神经网络的强化学习", {"lang": "zh"}),
        "b": ("强化学习综述", {"lang": "zh"}),
        "c": ("语音识别", {"lang": "zh"}),
    }
    found = lists({**pages, **unrelated(20)})
    assert found["a"] == ["b"]
    assert found["c"] == []


def test_an_entry_that_cites_and_one_that_links_the_same_paper_are_marked(collect: Collect, md: Markdown):
    pages = {
        "entries/cites.md": md("Fast image models", cite="tan2021"),
        "entries/links.md": md("Something else", paper="http://arxiv.org/pdf/2104.00298v3"),
        "entries/prose.md": md("A third", body="## Comment\n\nAs {cite}`tan2021` says.\n"),
        "entries/words.md": md("Fast image models again, and image models that are fast"),
    }
    rows = related(Collection(collect(pages, bib=BIB)), "entries/cites")
    assert {(row.docname, row.same_paper) for row in rows} == {
        ("entries/links", True),
        ("entries/prose", True),
        ("entries/words", False),
    }
    assert rows[2].docname == "entries/words"


def test_a_shared_link_relates(lists):
    link = {"code": "https://github.com/some/thing"}
    found = lists(
        {"a": ("One", link), "b": ("Two", {"project": "http://www.github.com/some/thing/"}), **unrelated(9)}
    )
    assert found["a"] == ["b"]


def test_other_coverage_stands_in_the_card_and_not_here(lists):
    found = lists(
        {
            "a": ("Protein folding", {"url": "https://one.example/a", "also": "https://two.example/b"}),
            "b": ("Protein folding", {"url": "https://two.example/b"}),
            "c": ("On protein folding", {"url": "https://three.example/c"}),
        }
    )
    assert found["a"] == ["c"]
    assert found["b"] == ["c"]


def test_what_very_many_share_relates_nothing(lists):
    pages = {f"m{i:03}": (f"Alpha{i} beta{i}", {"keywords": "everywhere"}) for i in range(200)}
    assert set(map(tuple, lists(pages).values())) == {()}


def test_titles_without_end_leave_room_for_fewer(lists):
    long = " ".join(f"word{i}" for i in range(90))
    found = lists({name: (long, {"keywords": "k"}) for name in "abcdef"})
    assert found["a"] == ["b"]


def test_odd_text_is_only_text(lists):
    odd = ("\u0000?" * 3)[1:2] + "ﬁﬀ ŒÆ 'S \u202e S̈ ıİ 𝒜ℬ" + "x" * 5000
    found = lists({"a": (odd, {"keywords": "tab\u00a0bed, \u3000"}), "b": (odd, {"keywords": "tab bed"})})
    assert found["a"] == ["b"]


# --- What is kept from one time to the next ---------------------------------------------------------------------


WORDS = ("graph", "speech", "pruning", "GPT", "强化学习", "protein", "federated learning")
ARTICLE = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.lists(st.sampled_from(("a", "b", "c", "d e")), max_size=2),
    st.sampled_from(("", "https://arxiv.org/abs/2104.00298", "https://p.example/1")),
)
NAMES = [f"e{i:02}" for i in range(14)]
#: One step: which page, and what becomes of it; None takes it away.
STEPS = st.lists(st.tuples(st.sampled_from(NAMES), st.none() | ARTICLE), min_size=1, max_size=4)


def source(article: tuple[list[str], list[str], str]) -> str:
    title, keywords, paper = article
    lines = [
        ":source: S",
        f":keywords: {', '.join(keywords)}" if keywords else "",
        paper and f":paper: {paper}",
    ]
    return "\n".join([f"# {' '.join(title)}", "", "```{mlentry}", *filter(None, lines), "```", ""])


def all_lists(srcdir: Path, cache: Path | None):
    return Collection(load(srcdir, read({})[0]), cache).related


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    first=st.lists(ARTICLE, min_size=len(NAMES), max_size=len(NAMES)),
    rounds=st.lists(STEPS, min_size=1, max_size=4),
)
def test_what_was_kept_changes_nothing_but_the_time(first, rounds):
    with tempfile.TemporaryDirectory() as folder:
        entries = Path(folder, "docs", "entries")
        entries.mkdir(parents=True)
        cache = Path(folder, "cache", "related.pickle")
        for name, article in zip(NAMES, first, strict=True):
            (entries / f"{name}.md").write_text(source(article), encoding="utf-8")
        assert all_lists(entries.parent, cache) == all_lists(entries.parent, None)
        for steps in rounds:
            for name, article in steps:
                page = entries / f"{name}.md"
                if article is None:
                    page.unlink(missing_ok=True)
                else:
                    page.write_text(source(article), encoding="utf-8")
            assert all_lists(entries.parent, cache) == all_lists(entries.parent, None)


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "folder"])
def test_a_damaged_cache_is_passed_over(srcdir: Path, tmp_path: Path, md: Markdown, damage: str):
    (srcdir / "entries").mkdir()
    for name in "abc":
        (srcdir / "entries" / f"{name}.md").write_text(md(name, keywords="k"), encoding="utf-8")
    cache = tmp_path / "related.pickle"
    right = all_lists(srcdir, cache)
    whole = cache.read_bytes()
    (srcdir / "entries" / "c.md").write_text(md("c", keywords="other"), encoding="utf-8")
    if damage == "folder":
        cache.unlink()
        cache.mkdir()
    else:
        cache.write_bytes(
            {"cut": whole[: len(whole) * 2 // 3], "empty": b"", "garbage": b"\x80\x05."}[damage]
        )
    assert all_lists(srcdir, cache) == all_lists(srcdir, None) != right
    if damage == "folder":
        shutil.rmtree(cache)


def test_an_entry_that_is_added_changes_only_the_lists_in_which_it_belongs(collect: Collect, md: Markdown):
    pages = {
        f"entries/{i:02}.md": md(f"Title{i % 7} theme{i % 7}", keywords=f"k{i % 5}, common")
        for i in range(60)
    }
    before = Collection(collect(pages))
    after = Collection(collect({"entries/new.md": md("Title3 theme3, once more", keywords="unheard of")}))
    changed = {name for name in before.catalogue.by_docname if related(before, name) != related(after, name)}
    assert changed <= {f"entries/{i:02}" for i in range(60) if i % 7 == 3}
