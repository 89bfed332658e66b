"""Topics: how they are declared, what follows for entries, and what their pages show."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from mlwatch.cli import main
from mlwatch.core.collection import Collection
from mlwatch.core.columns import columns, keyword_columns
from mlwatch.core.exports import exporters
from mlwatch.core.exports.base import portion_of
from mlwatch.core.importers import importer as importer_of
from mlwatch.core.importers.base import Document
from mlwatch.core.plan import plan
from mlwatch.core.searching import records
from mlwatch.core.settings import read
from mlwatch.core.views import show
from mlwatch.core.views.basis import basis

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Collect, Markdown

TOPICS: dict[str, Any] = {
    "vision": {
        "title": "Computer vision",
        "description": "What machines see.",
        "keywords": ["object detection", "OCR", "image classification"],
    },
    "nlp": {"title": "Language", "keywords": ["language models", "translation"]},
    "empty": {"title": "Nothing yet", "keywords": ["no entry has this"]},
}


def mistakes(topics: Any, **values: Any) -> list[str]:
    given = {f"mlwatch_{name}": value for name, value in {"topics": topics, **values}.items()}
    wrong = read(given)[1]
    assert {name for name, _ in wrong} <= {"mlwatch_topics"}
    return [message for _, message in wrong]


# --- The setting ----------------------------------------------------------------------------------------------


def test_topics_are_read_in_order_with_their_keywords() -> None:
    assert mistakes(TOPICS) == []
    settings = read({"mlwatch_topics": TOPICS, "mlwatch_keyword_aliases": {"LLMs": ["language models"]}})[0]
    assert list(settings.topics) == ["vision", "nlp", "empty"]
    assert settings.topics["nlp"].keywords == ("LLMs", "translation")
    assert settings.topic_of["llms"] == "nlp"


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        ({"Vision": {"title": "V", "keywords": ["a"]}}, "mlwatch_topics['Vision']: the id of a topic is part of a URL"),
        ({"index": {"title": "V", "keywords": ["a"]}}, "mlwatch_topics['index']: the id of a topic is part of a URL"),
        ({7: {"title": "V", "keywords": ["a"]}}, "mlwatch_topics[7]: the id of a topic is part of a URL"),
        ({"a": "vision"}, "mlwatch_topics['a'] is \"'vision'\"; give a dictionary"),
        ({"a": {"title": "V", "keyword": ["a"], "keywords": ["b"]}}, 'unknown option "keyword" (did you mean "keywords"?)'),
        ({"a": {"keywords": ["a"]}}, 'the title is missing; add "title"'),
        ({"a": {"title": " ", "keywords": ["a"]}}, 'the title is missing; add "title"'),
        ({"a": {"title": 5, "keywords": ["a"]}}, 'title is "5"; give a text'),
        ({"a": {"title": "V"}}, 'there are no keywords; add "keywords"'),
        ({"a": {"title": "V", "keywords": []}}, 'there are no keywords; add "keywords"'),
        ({"a": {"title": "V", "keywords": "ab"}}, "keywords is \"'ab'\"; give a list of texts"),
        ({"a": {"title": "V", "keywords": ["x, y"]}}, "\"'x, y'\" cannot be a keyword"),
        ({"a": {"title": "V", "keywords": [3]}}, '"3" cannot be a keyword'),
        ({"a": {"title": "V", "keywords": ["N L P", "n-l-p"]}}, 'the keyword "n-l-p" is in topic "a" already'),
        (
            {"a": {"title": "V", "keywords": ["x"]}, "b": {"title": "W", "keywords": ["X"]}},
            "mlwatch_topics['b']: the keyword \"X\" is in topic \"a\" already; remove one",
        ),
        (
            {"a": {"title": "V", "keywords": ["x"]}, "b": {"title": "v", "keywords": ["y"]}},
            "mlwatch_topics['b']: topic \"a\" has the title \"v\" too; change one of them",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_topic_is_reported_with_its_fix(topics: Any, said: str) -> None:
    (message,) = mistakes(topics)
    assert said in message
    assert message.startswith("mlwatch_topics[")
    assert message.isprintable()


def test_two_spellings_of_one_keyword_by_an_alias_cannot_be_in_two_topics() -> None:
    topics = {
        "a": {"title": "A", "keywords": ["NAS"]},
        "b": {"title": "B", "keywords": ["architecture search"]},
    }
    assert mistakes(topics) == []
    (message,) = mistakes(topics, keyword_aliases={"architecture search": ["NAS"]})
    assert "is in topic" in message


def test_all_mistakes_are_reported_at_once_at_the_line_of_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    conf = 'x = 1\nmlwatch_topics = {"A": {}, "b": {"tilte": "B"}, "c": {"title": "C", "keywords": ["k"]}}\n'
    (tmp_path / "conf.py").write_text(conf, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4  # the id; of b the unknown option, the title and the keywords
    assert all(line.startswith("conf.py:2: config: mlwatch_topics[") for line in lines)


# --- What follows for entries ---------------------------------------------------------------------------------


@pytest.fixture
def made(collect: Collect, md: Markdown) -> Collection:
    pages = {
        "a": md("A", date="2021-01", keywords="Object Detection, translation", star=""),
        "b": md("B", date="2021-03", keywords="object detection, OCR, image classification", pick=""),
        "c": md("C", date="2021-02", keywords="image classification, object detection, other"),
        "d": md("D", keywords="language models"),
        "e": md("E", keywords="other"),
    }
    return Collection(collect({f"entries/{name}.md": text for name, text in pages.items()}, topics=TOPICS))


def test_a_topic_has_the_entries_of_its_keywords_newest_first(made: Collection) -> None:
    found = {id_: "".join(e.docname[-1] for e in group.entries) for id_, group in made.topics.items()}
    assert found == {"vision": "bca", "nlp": "ad"}
    assert made.topics["vision"].name == "Computer vision"


def test_an_entry_shows_its_topics_in_the_order_of_the_setting(made: Collection) -> None:
    shown = show(made, "entry", "entries/a")[0].topics
    assert [(ref.docname, ref.text) for ref in shown] == [
        ("topics/vision", "Computer vision"),
        ("topics/nlp", "Language"),
    ]
    assert show(made, "entry", "entries/e")[0].topics == ()
    (row,) = (row for row in show(made, "newest")[0].rows if row.page.docname == "entries/d")
    assert [ref.docname for ref in row.topics] == ["topics/nlp"]


def test_every_topic_that_has_entries_has_a_page(collect: Collect, made: Collection) -> None:
    pages = {page.docname: page for page in plan(made) if page.docname.startswith("topics/")}
    assert list(pages) == ["topics/index", "topics/vision", "topics/nlp"]
    assert pages["topics/vision"].title == "Computer vision"
    without = Collection(collect({}))
    assert not any(page.docname.startswith("topics/") for page in plan(without))


def test_a_long_topic_goes_on_on_further_pages_that_show_only_entries(collect: Collect, md: Markdown) -> None:
    pages = {
        f"entries/{n}.md": md(f"{n}", date=f"2021-{n:02}", keywords="OCR", star="") for n in range(1, 10)
    }
    pages["entries/x.md"] = md("X", date="2020-01", keywords="OCR")
    made = Collection(collect(pages, topics=TOPICS, page_size=4))
    names = [page.docname for page in plan(made) if page.docname.startswith("topics/vision")]
    assert len(names) > 1
    first, further = (show(made, "topic", "vision", page)[0] for page in ("", names[1].rpartition("/")[2]))
    assert first.description
    assert first.highlights
    assert further[:-1] == ("", (), (), ())
    assert further.list.rows


def test_a_topic_page_shows_highlights_and_keywords_by_frequency(made: Collection) -> None:
    view = show(made, "topic", "vision")[0]
    assert view.description == "What machines see."
    assert [row.page.text for row in view.highlights] == ["B", "A"]
    assert [row.topics for row in (*view.highlights, *view.list.rows)] == [()] * 5, "only digests name topics"
    assert [(ref.text, ref.size) for ref in view.keywords] == [("object detection", 3)]
    assert [(ref.text, ref.size) for ref in view.others] == [("image classification", 2), ("OCR", 1)]
    assert [row.page.text for row in view.list.rows] == ["B", "C", "A"]
    assert show(made, "topic", "empty")[0] is None


def test_highlights_are_left_out_where_they_would_repeat_the_whole_list(
    collect: Collect, md: Markdown
) -> None:
    pages = {
        "entries/a.md": md("A", keywords="OCR", star=""),
        "entries/b.md": md("B", keywords="OCR", pick=""),
    }
    assert show(Collection(collect(pages, topics=TOPICS)), "topic", "vision")[0].highlights == ()


def test_the_list_of_topics_has_descriptions_counts_and_prominent_keywords(made: Collection) -> None:
    cards = show(made, "topics")[0]
    shown = [(c.page.text, c.page.size, c.description, [ref.text for ref in c.keywords]) for c in cards]
    assert shown == [
        ("Computer vision", 3, "What machines see.", ["object detection"]),
        ("Language", 2, "", []),
    ]


def test_the_largest_topics_keep_the_order_of_the_setting(collect: Collect, md: Markdown) -> None:
    words = ["OCR", "language models", "translation", "no entry has this", "no entry has this"]
    pages = {f"entries/{n}.md": md(f"{n}", keywords=word) for n, word in enumerate(words)}
    made = Collection(collect(pages, topics=TOPICS))
    assert [ref.docname for ref in show(made, "top-topics")[0]] == [
        "topics/vision",
        "topics/nlp",
        "topics/empty",
    ]
    assert [ref.docname for ref in show(made, "top-topics", "2")[0]] == ["topics/nlp", "topics/empty"]


def test_a_keyword_of_fewer_than_three_entries_is_listed_but_not_prominent(made: Collection) -> None:
    assert [ref.text for ref in show(made, "top-keywords")[0]] == ["object detection"]
    listed = [ref.text for _, refs in show(made, "keywords")[0].parts for ref in refs]
    assert {"OCR", "other"} <= set(listed)


def test_a_digest_without_sections_is_grouped_by_the_topic_of_the_first_keyword_that_has_one(
    collect: Collect, md: Markdown
) -> None:
    words = ["translation", "OCR", "language models, OCR", "other", "other, translation"]
    pages = {f"entries/{n}.md": md(f"{n}", date="2021-05", keywords=word) for n, word in enumerate(words)}
    series = {
        "m": {"period": "month"},
        "s": {"period": "month", "sections": {"all": "All of it"}},
    }
    made = Collection(collect(pages, topics=TOPICS, series=series))
    view = show(made, "issue", "m 2021-05")[0]
    assert [(id_, title, [row.page.text for row in rows]) for id_, title, rows in view.sections] == [
        ("topic-vision", "Computer vision", ["1"]),
        ("topic-nlp", "Language", ["0", "2", "4"]),
        ("topic-other", "Other", ["3"]),
    ]
    named = {row.page.text: [ref.docname for ref in row.topics] for *_, rows in view.sections for row in rows}
    assert named["2"] == ["topics/vision", "topics/nlp"]
    assert named["3"] == []
    declared = show(made, "issue", "s 2021-05")[0]
    assert [(id_, title, len(rows)) for id_, title, rows in declared.sections] == [("all", "All of it", 5)]


def test_a_new_keyword_changes_the_views_of_its_topic_and_of_no_other(collect: Collect, md: Markdown) -> None:
    words = {"a": "OCR", "b": "language models", "c": "other"}
    pages = {f"entries/{name}.md": md(name, keywords=word) for name, word in words.items()}
    views = [("topic", "vision", ""), ("topic", "nlp", ""), ("keyword", "other", ""), ("chart-topic", "nlp")]

    def bases() -> list[bytes]:
        made = Collection(collect(pages, topics=TOPICS))
        return [basis(made, *view) for view in views]

    before = bases()
    assert bases() == before
    pages["entries/a.md"] = md("a", keywords="OCR, object detection")
    after = bases()
    assert [view for view, one, other in zip(views, before, after, strict=True) if one != other] == [views[0]]


# --- Search ---------------------------------------------------------------------------------------------------


def test_the_search_has_topics_as_its_first_facet_and_marks_prominent_keywords(made: Collection) -> None:
    found = records(made, {})
    facets = columns(found, "en")["facets"]
    assert next(iter(facets)) == "topic"
    assert facets["topic"]["values"] == ["Computer vision", "Language"]
    assert {one.docname[-1]: one.topics for one in found}["a"] == ("Computer vision", "Language")
    keywords = keyword_columns(found)
    assert keywords["values"][: keywords["prominent"]] == ["object detection"]
    assert "OCR" in keywords["values"]


# --- Data -----------------------------------------------------------------------------------------------------


def test_exports_carry_topics_and_an_import_leaves_them_to_the_keywords(made: Collection) -> None:
    portion = portion_of(made.catalogue, made.entries)
    written = {exporter.name: exporter.write(portion) for exporter in exporters()}
    lines = [json.loads(line) for line in written["jsonl"].decode().splitlines()]
    assert [line.get("topics") for line in lines] == [
        ["vision", "nlp"],
        ["vision"],
        ["vision"],
        ["nlp"],
        None,
    ]
    header, first, *_ = written["csv"].decode().splitlines()
    assert header.endswith(",topic_ids")
    assert first.endswith(',"vision, nlp"')
    database = sqlite3.connect(":memory:")
    database.deserialize(written["sqlite"])
    rows = database.execute(
        "SELECT docname, topic FROM topics JOIN entries ON id = entry ORDER BY 1, position"
    )
    assert rows.fetchall()[:3] == [("entries/a", "vision"), ("entries/a", "nlp"), ("entries/b", "vision")]
    for name in ("jsonl", "csv"):
        document = Document(f"export.{name}", written[name].decode())
        harvest = importer_of(name).read(document, made.settings)
        assert [item.entry.keywords for item in harvest.items] == [entry.keywords for entry in made.entries]
        assert not any("topic" in line.why for line in harvest.lines)
