"""What was exported and imported again is what it was, in all that the format says it holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mlwatch.core.bibread import Reader
from mlwatch.core.exports import exporters
from mlwatch.core.exports.base import HELD, Portion
from mlwatch.core.importers import importer as importer_of
from mlwatch.core.importers.base import Document
from mlwatch.core.model import KINDS, LINK_RELS, STATUSES, Entry, IssueId, Link
from mlwatch.core.periods import parse
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from mlwatch.core.exports.base import Exporter
    from mlwatch.core.importers.base import Item

SETTINGS, _ = read({})
#: The importer that reads each export.
READERS = {
    "jsonl": "jsonl",
    "csv": "csv",
    "bibtex": "bibtex",
    "ris": "ris",
    "csl-json": "csl-json",
    "bookmarks": "bookmarks",
    "markdown": "watch-page",
}
RECORDS = """\
@article{tan2021,
  author = {Tan, Mingxing and Le, Quoc V.},
  title = {{EfficientNetV2}: Smaller "Models"},
  journal = {A Journal},
  year = 2021,
}

@misc{ab:1,
  title = {Another},
  note = {50\\% -- more},
}
"""


def records() -> dict[str, Any]:
    reader = Reader()
    reader.read_text("refs.bib", RECORDS)
    return {record.key: record for record in reader.found.values()}


#: Letters of several scripts, and every mark that some format gives a meaning of its own.
LETTERS = "abcXYZ019 éßŁ深度学习नम🙂 .,;:!?'\"`´“”‘’-–—+=*/\\|<>()[]{}@#$%^&~_"
LINES = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
WORDS = LINES.map(lambda text: text.strip(",; \\")).filter(bool)
PROSE = st.lists(st.one_of(LINES, st.just(""), st.just("- item"), st.just("    code")), max_size=5).map(
    lambda lines: "\n".join(lines).strip()
)
URLS = st.sampled_from(
    [
        "https://example.org/a",
        "https://example.org/b?x=1&y=%20#top",
        "http://blog.example.net/2021/09/p(1).html",
        "https://arxiv.org/abs/2104.00298v2",
        "https://doi.org/10.1000/XYZ_1",
        "https://example.org/深度?q=a,b;c&quot;",
        "https://user@example.org:8080/~x/--/_y_",
    ]
)
DAYS = st.dates(parse("1990-01-01").first, parse("2040-01-01").first).map(lambda day: parse(day.isoformat()))
DATES = st.one_of(
    DAYS, st.sampled_from([parse("2021"), parse("2021-09"), parse("2021-W07"), parse("1999-12")])
)
LINKS = st.builds(Link, st.sampled_from(LINK_RELS), st.one_of(st.just(""), LINES), URLS)


def in_order(links: list[Link]) -> tuple[Link, ...]:
    return tuple(sorted(dict.fromkeys(links), key=lambda link: LINK_RELS.index(link.rel)))


def several(words: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(words, max_size=4, unique_by=str.casefold).map(tuple)


ENTRIES = st.builds(
    Entry,
    docname=st.sampled_from(["entries/2021/a", "entries/2020/b-c"]),
    path=st.just("entries/x.md"),
    line=st.just(3),
    title=LINES,
    source=WORDS,
    url=st.one_of(st.just(""), URLS),
    date=st.one_of(st.none(), DATES),
    star=st.integers(0, 3),
    pick=st.booleans(),
    kind=st.sampled_from(KINDS),
    authors=several(WORDS),
    lang=st.sampled_from(["", "zh", "pt-BR", "en"]),
    alt_title=st.one_of(st.just(""), LINES),
    keywords=several(WORDS),
    links=st.lists(LINKS, max_size=4).map(in_order),
    cite=st.lists(st.sampled_from(["tan2021", "ab:1"]), unique=True).map(tuple),
    digest=st.sampled_from([(), (IssueId("ds-ml", "2019-20"),), (IssueId("a", "1"), IssueId("b", "2021-W02"))]),
    section=st.sampled_from(["", "nlp"]),
    order=st.one_of(st.none(), st.integers(0, 999)),
    also=st.lists(URLS, unique=True, max_size=2).map(tuple),
    archived=st.one_of(st.just(""), URLS),
    image=st.one_of(st.none(), st.builds(Link, st.just("image"), LINES, URLS)),
    status=st.sampled_from(["", *STATUSES]),
    added=st.one_of(st.none(), DAYS),
    todo=st.one_of(st.just(""), LINES),
    summary=PROSE,
    comment=PROSE,
)  # fmt: skip


def by_name(name: str) -> Exporter:
    return next(exporter for exporter in exporters() if exporter.name == name)


def back(name: str, entries: list[Entry], bodies: dict[str, str]) -> list[Item]:
    """Export, check that the format is recognized, import."""
    cited = {key: record for key, record in records().items() if any(key in entry.cite for entry in entries)}
    text = by_name(name).write(Portion(tuple(entries), bodies, cited)).decode()
    document = Document("file", text.replace("\r\n", "\n"))
    others = [importer_of(other) for other in READERS.values()]
    importer = max(others, key=lambda importer: importer.sniff(document))
    assert importer.name == READERS[name]
    found = importer.read(document, SETTINGS)
    assert [line for line in found.lines if line.use == "unparsed"] == []
    named = {line.number for line in found.lines}
    assert [
        line for number, line in enumerate(document.lines, 1) if line.strip() and number not in named
    ] == []
    return found.items


def value(entry: Entry, body: str, raws: list[str], name: str) -> Any:
    """Return what an entry holds under a name of HELD."""
    if name == "body":
        return body
    if name == "records":
        return raws
    if name in LINK_RELS:
        return [link for link in entry.links if link.rel == name]
    return getattr(entry, name.replace("-", "_"))


def whole(words: tuple[str, ...], form: str) -> bool:
    """Say whether no word has a mark in it that parts words, or that is none of a word's in this format."""
    marks = ",;，；*.`" if form == "markdown" else ",;，；"
    return not any(set(word) & set(marks) for word in words)


def test_every_format_says_of_known_fields_what_it_holds() -> None:
    for exporter in exporters():
        assert exporter.holds <= set(HELD), exporter.name
        assert set(exporter.partly) <= set(HELD) - exporter.holds, exporter.name
        assert {"title", "url"} <= exporter.holds, exporter.name


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=100, phases=[Phase.generate])
@given(entry=ENTRIES, body=st.sampled_from(["", "## Answers\n\n> one\n\n## More\n\n- two"]))
def test_what_a_format_holds_comes_back(name: str, entry: Entry, body: str) -> None:
    exporter = by_name(name)
    if name in ("bookmarks", "markdown") and not entry.url:
        return
    if name == "markdown" and set(entry.source) & set(":[]#*`<>\\"):
        entry = replace(entry, source="r/some & one")
    if name == "markdown":
        entry = replace(entry, links=tuple(link for link in entry.links if link.rel != "link"))
    known = records()
    items = back(name, [entry], {entry.docname: body} if body else {})
    assert len(items) == 1
    raws = [known[key].raw for key in entry.cite]
    held = set(exporter.holds)
    held |= {
        name_
        for name_ in ("authors", "keywords")
        if name_ in exporter.partly and whole(getattr(entry, name_), name)
    }
    expected = {field: value(entry, body, raws, field) for field in held}
    got = items[0]
    found = {field: value(got.entry, got.body, list(got.records), field) for field in held}
    if "records" in found:
        found["records"], expected["records"] = sorted(found["records"]), sorted(expected["records"])
    assert found == expected


def test_lines_after_signs_that_html_writes_as_references_are_accounted_for() -> None:
    entry = Entry(
        docname="entries/a",
        path="entries/a.md",
        line=3,
        title="A title",
        source="r/some",
        url="https://example.org/a",
        summary="a && b << c >> d && e\n\nwords\n\n- item",
    )
    (item,) = back("bookmarks", [entry], {})
    assert item.entry.summary == entry.summary


@pytest.mark.parametrize("name", READERS)
def test_order_and_number_of_entries_stay(name: str) -> None:
    entries = [
        Entry(
            docname=f"entries/{n}",
            path="x",
            line=1,
            title=f"T {n}",
            source="S",
            url=f"https://example.org/{n}",
        )
        for n in range(50)
    ]
    titles = [item.entry.title for item in back(name, entries, {})]
    assert sorted(titles) == sorted(entry.title for entry in entries)
    assert name == "markdown" or titles == [entry.title for entry in entries]


def test_a_csv_cell_that_a_spreadsheet_would_run_is_guarded() -> None:
    entry = Entry(
        docname="e", path="x", line=1, title="=HYPERLINK(1)", source="@sum", url="https://example.org"
    )
    for title in ("=1+1", "+1", "-1", "@x", "'=1", "''-1", "'quoted'", "\tx"):
        one = replace(entry, title=" ".join(title.split()))
        content = by_name("csv").write(Portion((one,), {}, {})).decode()
        cells = content.split("\r\n")[1].split(",")
        assert cells[1][:1] not in ("=", "+", "-", "@")
        assert back("csv", [one], {})[0].entry.title == one.title
