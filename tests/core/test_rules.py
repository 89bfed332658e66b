"""The rules of ``mlwatch check``: what each remarks on, what it lets be, and how it is switched off."""

from __future__ import annotations

import cProfile
import json
from typing import TYPE_CHECKING, Any

import pytest

from mlwatch.cli import main
from mlwatch.core.collection import Collection
from mlwatch.core.keyword_rules import spelling_key
from mlwatch.core.language import script_languages
from mlwatch.core.problems import Level, Remark
from mlwatch.core.rules import RULES, remarks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Collect, Markdown

BIB = "@misc{tan2021,\n  title = {E},\n  author = {T, M.},\n  year = {2021},\n  eprint = {2104.00298},\n}\n"


@pytest.fixture
def told(collect: Collect) -> Any:
    """Return the remarks on pages as (page, line, code)."""

    def look(
        pages: dict[str, str], *, bib: str = "", language: str = "en", **values: Any
    ) -> list[tuple[str, int, str]]:
        catalogue = collect({f"entries/{name}.md": text for name, text in pages.items()}, bib=bib, **values)
        assert catalogue.problems == ()
        found = remarks(Collection(catalogue), language)
        return [(one.path.rpartition("/")[2].removesuffix(".md"), one.line, str(one.code)) for one in found]

    return look  # fmt: skip


@pytest.mark.parametrize(
    "spellings",
    [
        ("transformer", "Transformers"), ("self-supervised learning", "selfsupervised learning"),
        ("optimisation", "optimization"), ("Q&A", "QA"), ("résumé parsing", "resume parsing"), ("policy", "policies"),
        ("search", "searches"), ("text-to-speech", "text to speech"), ("k-means", "kmeans"),
    ],
)  # fmt: skip
def test_spellings_of_one_keyword_have_one_key(spellings: tuple[str, str]) -> None:
    assert spelling_key(spellings[0]) == spelling_key(spellings[1])


@pytest.mark.parametrize(
    "names",
    [
        ("C", "C++"), ("C++", "C#"), ("analysis", "analyse"), ("NLP", "NLU"), ("图像", "图"),
        ("noise", "nose"), ("gas", "ga"), ("loss", "los"), ("corpus", "corpu"),
    ],
)  # fmt: skip
def test_other_keywords_have_other_keys(names: tuple[str, str]) -> None:
    assert spelling_key(names[0]) != spelling_key(names[1])


def test_keyword_that_looks_like_a_spelling_of_another_is_told_once_at_the_rarer(
    told: Any, md: Markdown
) -> None:
    pages = {
        "a": md("A", keywords="transformers"), "b": md("B", keywords="Transformer"),
        "c": md("C", keywords="transformer"), "d": md("D", keywords="transformers, x"),
        "e": md("E", keywords="transformer"),
    }  # fmt: skip
    assert told(pages) == [("a", 5, "keyword-spelling")]
    assert told(pages, keyword_aliases={"transformer": ["transformers"]}) == []
    pages["a"] = md("A", keywords="transformers", ignore="keyword-spelling")
    assert told(pages) == [("d", 5, "keyword-spelling")]
    pages["d"] = md("D", ignore="no-lang, keyword-spelling", keywords="transformers, x")
    assert told(pages) == []


def test_short_form_of_a_keyword_is_told(told: Any, md: Markdown) -> None:
    pages = {"a": md("A", keywords="GANs, AI"), "b": md("B", keywords="generative adversarial network, RNN")}
    assert told(pages) == [("a", 5, "keyword-spelling")]


TOPICS = {
    "nn": {"title": "Networks", "keywords": ["transformers", "image classification", "3D vision", "GANs"]}
}


def test_a_keyword_in_no_topic_is_reported_once_where_topics_are_declared(told: Any, md: Markdown) -> None:
    pages = {
        "a": md("A", keywords="tables, GANs"),
        "b": md("B", keywords="Tables"),
        "c": md("C", keywords="gans"),
    }
    assert told(pages) == []
    assert told(pages, topics=TOPICS) == [("a", 5, "no-topic")]
    pages["a"] = md("A", keywords="tables, GANs", ignore="no-topic")
    assert told(pages, topics=TOPICS) == [("b", 5, "no-topic")]
    more = {"data": {"title": "Data", "keywords": ["tables"]}}
    assert told(pages, topics=TOPICS | more) == []


def test_a_keyword_that_resembles_one_of_a_topic_is_reported_with_that_one(
    collect: Collect, md: Markdown
) -> None:
    words = [
        "transformer",
        "transformer",
        "Transformers",
        "image clasification",
        "imagee-classification",
        "2D vision",
    ]
    pages = {f"entries/{n}.md": md(f"{n}", keywords=word) for n, word in enumerate(words)}
    found = remarks(Collection(collect(pages, topics=TOPICS)), "en")
    assert [(one.path[-4], one.code) for one in found] == [
        ("0", Remark.KEYWORD_SPELLING),
        ("3", Remark.KEYWORD_SPELLING),
        ("4", Remark.KEYWORD_SPELLING),
        ("5", Remark.NO_TOPIC),
    ]
    assert (
        '"transformer" (2 times) looks like a spelling of "Transformers", a keyword of the topic "nn"'
        in found[0].message
    )
    assert 'looks like a misspelling of "image classification"' in found[1].message
    assert (
        'rename it with: mlwatch keywords rename "imagee-classification" "image classification"'
        in found[2].message
    )


def test_a_keyword_of_a_topic_is_no_short_form_of_another(told: Any, md: Markdown) -> None:
    pages = {"a": md("A", keywords="GANs"), "b": md("B", keywords="generative adversarial network")}
    assert ("a", 5, "keyword-spelling") in told(pages)
    assert ("a", 5, "keyword-spelling") not in told(pages, topics=TOPICS)


def test_paper_without_a_record_is_told_and_a_known_record_named(collect: Collect, md: Markdown) -> None:
    pages = {
        "entries/a.md": md("A", paper="https://arxiv.org/abs/1234.56789"),
        "entries/b.md": md("B", kind="paper", url="https://arxiv.org/pdf/2104.00298v3"),
        "entries/c.md": md("C", paper="https://arxiv.org/abs/1234.56789", cite="tan2021"),
        "entries/d.md": md("D", kind="paper"),
        "entries/e.md": md("E", paper="https://arxiv.org/abs/1234.56789", body="See {cite}`tan2021`.\n"),
    }
    found = remarks(Collection(collect(pages, bib=BIB)), "en")
    assert [(one.path[-4], one.line, one.code) for one in found] == [
        ("a", 5, Remark.NO_BIBTEX),
        ("b", 6, Remark.NO_BIBTEX),
    ]
    assert "add one to the .bib file" in found[0].message
    assert ":cite: tan2021" in found[1].message


def test_record_that_no_page_cites_is_told_at_its_place(told: Any, md: Markdown) -> None:
    other = BIB.replace("tan2021", "le2022") + BIB.replace("tan2021", "prose2020")
    pages = {"a": md("A", cite="tan2021"), "b": md("B", body="As {cite}`prose2020` says.\n")}
    assert told(pages, bib=BIB + other) == [("refs.bib", 7, "unused-record")]


def test_same_work_by_two_sources_is_told_until_one_names_the_other(told: Any, md: Markdown) -> None:
    paper = "https://arxiv.org/abs/2104.00298"
    pages = {
        "a": md("A", source="One", url="https://one.org/a", paper=paper, cite="tan2021"),
        "b": md("B", source="Two", url="https://two.org/b", cite="tan2021"),
        "c": md("C", source="One", url="https://one.org/c", cite="tan2021"),
        "d": md("Same title", source="One", url="https://one.org/d"),
        "e": md("same Title", source="Two", url="https://two.org/e"),
    }
    assert told(pages, bib=BIB) == [("b", 5, "same-work"), ("e", 5, "same-work")]
    pages["b"] = md("B", source="Two", url="https://two.org/b", cite="tan2021", also="http://www.one.org/a/")
    pages["d"] = md("Same title", source="One", url="https://one.org/d", also="https://two.org/e")
    assert told(pages, bib=BIB) == []


def test_paper_that_many_watch_is_not_one_work(told: Any, md: Markdown) -> None:
    pages = {n: md(n, source=n, url=f"https://{n}.org/x", cite="tan2021") for n in "abcdef"}
    assert told(pages, bib=BIB) == []


def test_source_that_does_not_fit_its_host_is_told(told: Any, md: Markdown) -> None:
    pages = {n: md(n, source="Synced", url=f"https://syncedreview.com/{n}") for n in "abcdefgh"}
    pages["x"] = md("x", source="Google AI", url="https://www.syncedreview.com/x")
    pages |= {f"m{n}": md(f"m{n}", source=f"Blog {n % 3}", url=f"https://medium.com/{n}") for n in range(9)}
    assert told(pages) == [("x", 4, "source-host")]


@pytest.mark.parametrize(
    ("title", "languages"),
    [
        ("对 GNN 和 NLP 研究趋势的抱怨", ("zh", "ja")), ("深層学習のすすめ", ("ja",)), ("딥러닝", ("ko",)), ("Нейронные сети", ("ru", "uk", "bg", "sr", "be", "mk")),
        ("Attention Is All You Need", ()), ("Über Zürich: café", ()), ("α-β pruning explained", ()), ("😀 ∞ → 3", ()), ("ResNet 深 explained in a long title", ()),
    ],
)  # fmt: skip
def test_script_of_a_title_tells_its_languages(title: str, languages: tuple[str, ...]) -> None:
    assert script_languages(title) == languages


def test_title_in_another_script_without_a_language_is_told(told: Any, md: Markdown) -> None:
    pages = {"a": md("深度学习的研究"), "b": md("深度学习的应用", lang="zh"), "c": md("Deep learning")}
    assert told(pages) == [("a", 3, "no-lang")]
    assert told(pages, language="zh_CN") == []


def test_rule_can_be_switched_off_for_all_pages(told: Any, md: Markdown) -> None:
    assert told({"a": md("深度学习的研究")}, check_ignore=["no-lang"]) == []


def test_what_is_kept_between_runs_is_what_a_first_run_finds(
    collect: Collect, md: Markdown, tmp_path: Path
) -> None:
    cache = tmp_path / "remarks.pickle"
    first = Collection(collect({"entries/a.md": md("深度学习的研究")}))
    found = remarks(first, "en", cache)
    assert remarks(first, "en", cache) == found != ()
    assert remarks(first, "zh", cache) == ()
    assert remarks(Collection(collect({"entries/a.md": md("深度学习", lang="zh")})), "en", cache) == ()
    cache.write_bytes(b"damaged")
    assert remarks(first, "en", cache) == found


def test_every_remark_has_a_rule() -> None:
    assert set(RULES) == set(Remark)


# --- The command ----------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "docs" / "entries" / "a.md").write_text(md("深度学习的研究"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_warnings_are_shown_and_infos_when_asked_for_and_neither_ends_with_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("docs/entries/a.md:3: warning: no-lang: the title ")
    assert captured.out.count("\n") == 1
    assert captured.err == "1 entry, no problems, 2 remarks (1 not shown; --all shows them)\n"
    assert main(["check", "--all"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1].startswith('refs.bib:1: info: unused-record: no page cites "tan2021"')
    assert captured.err == "1 entry, no problems, 2 remarks\n"


def test_strict_check_ends_with_1_for_what_it_shows(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--strict"]) == 1
    (project / "conf.py").write_text("mlwatch_check_ignore = ['no-lang']\n", encoding="utf-8")
    assert main(["check", "--strict"]) == 0
    assert main(["check", "--strict", "--all"]) == 1
    capsys.readouterr()
    assert main(["check", "--all", "--format", "json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["code"], told["level"]) == ("unused-record", Level.INFO)


def test_code_that_is_none_is_an_error_with_the_nearest_one(
    project: Path, md: Markdown, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "conf.py").write_text("x = 1\nmlwatch_check_ignore = ['no-lnag']\n", encoding="utf-8")
    (project / "docs" / "entries" / "a.md").write_text(md("A", ignore="unused-recrd"), encoding="utf-8")
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert (
        'conf.py:2: config: mlwatch_check_ignore: there is no remark "no-lnag" (did you mean "no-lang"?)'
        in out
    )
    assert "docs/entries/a.md:5: bad-value: " in out
    assert '(did you mean "unused-record"?)' in out


# --- Growth ---------------------------------------------------------------------------------------------------


def calls(work: Callable[[], object]) -> int:
    """Count the function calls of *work*: no clock, so that it holds on any machine."""
    profile = cProfile.Profile()
    profile.enable()
    try:
        work()
    finally:
        profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


def test_rules_grow_with_the_collection_and_not_with_its_square(
    tmp_path: Path, md: Markdown, collect: Collect
) -> None:
    """Pages that have in common all that the rules compare: initials, titles, hosts, papers."""

    def work(count: int) -> int:
        pages = {
            f"entries/{n}.md": md(
                "深度" if n % 2 else "Same title", source=f"Source {n % 9 and 1}", url=f"https://example.org/{n}",
                keywords=f"ab, abs, alpha{n} beta{n}, word{n}s, word{n}", paper="https://arxiv.org/abs/1234.56789",
            )
            for n in range(count)
        }  # fmt: skip
        collection = Collection(collect(pages))
        assert len(remarks(collection, "en")) > count
        return calls(lambda: remarks(Collection(collection.catalogue), "en"))

    small, large = work(60), work(240)
    assert large < 5 * small
