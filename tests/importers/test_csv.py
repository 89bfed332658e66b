"""CSV with the columns of spreadsheets and services."""

from __future__ import annotations

import pytest
from tests.importers.reading import SETTINGS, facts, harvest, told, unnamed

from mlwatch.core.importers.base import Document, ImportFailure
from mlwatch.core.importers.csv_ import Csv, guard, unguard


def test_instapaper_folders_tags_and_timestamp() -> None:
    text = (
        "URL,Title,Selection,Folder,Timestamp,Tags\n"
        'https://example.org/a,"One, two",A line I chose,Unread,1631793600,"[""nlp"",""deep learning""]"\n'
        "https://example.org/b,Two,,Starred,1631793600,[]\n"
        "https://example.org/c,Three,,Vision,1631793600,[]\n"
    )
    found = harvest(text, "csv")
    base = {"added": "2021-09-16"}
    assert [facts(item) for item in found.items] == [
        {
            **base,
            "title": "One, two",
            "url": "https://example.org/a",
            "status": "to-read",
            "keywords": ["nlp", "deep learning"],
            "summary": "A line I chose",
        },
        {**base, "title": "Two", "url": "https://example.org/b", "star": 1},
        {**base, "title": "Three", "url": "https://example.org/c", "keywords": ["Vision"]},
    ]
    assert told(found, "unparsed") == []
    assert unnamed(text, found) == []


def test_raindrop_notes_excerpts_and_nested_folders() -> None:
    text = (
        "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n"
        '7,One,"My own\nview","What it says",https://example.org/a,Reading / Vision,"nlp, bert",2021-09-16T10:00:00.000Z,https://example.org/c.png,,true\n'
        "8,Two,,,https://example.org/b,Unsorted,,2021-09-17T10:00:00.000Z,,,false\n"
    )
    found = harvest(text, "csv")
    assert [facts(item) for item in found.items] == [
        {
            "title": "One",
            "url": "https://example.org/a",
            "added": "2021-09-16",
            "star": 1,
            "keywords": ["nlp", "bert", "Reading", "Vision"],
            "summary": "What it says",
            "comment": "My own\nview",
        },
        {
            "title": "Two",
            "url": "https://example.org/b",
            "added": "2021-09-17",
        },
    ]
    assert told(found, "comment") == [2, 3]
    assert told(found, "url") == [3, 4]
    assert told(found, "unparsed") == []


def test_zotero_takes_the_finer_date_and_turns_names_round() -> None:
    text = (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note","Date","Date Added","Manual Tags"\n'
        '"ABC","journalArticle","2021","Tan, Mingxing; Le, Quoc V.","EfficientNetV2","A Journal","10.1000/x1","","Faster.","2021-09-16","2021-10-01 10:00:00","vision; nas"\n'
    )
    found = harvest(text, "csv")
    assert [facts(item) for item in found.items] == [
        {
            "title": "EfficientNetV2",
            "source": "A Journal",
            "url": "https://doi.org/10.1000/x1",
            "date": "2021-09-16",
            "added": "2021-10-01",
            "kind": "paper",
            "authors": ["Mingxing Tan", "Quoc V. Le"],
            "keywords": ["vision", "nas"],
            "summary": "Faster.",
        }
    ]


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_the_delimiter_is_found(mark: str) -> None:
    text = (
        mark.join(["Titel", "Link", "Tags", "Published"])
        + "\n"
        + mark.join(["Eins", "example.org/1", "a", "16 Sep 2021"])
    )
    found = harvest(text, "csv")
    (item,) = found.items
    assert item.entry.url == "https://example.org/1"
    assert item.entry.date is not None
    assert item.entry.date.label == "2021-09-16"
    assert [line.why for line in found.lines if line.use == "unparsed"] == [
        'the column "Titel" fits no option; its cells are left out'
    ]


def test_what_a_row_says_wrongly_is_told_with_its_line() -> None:
    text = (
        "title,url,date,stars,kind,extra\n"
        "A,https://example.org/a,9/04/24,5,artikel,x\n"
        "\n"
        ",,2021,,,\n"
        "B,mailto:a@example.org,13/04/2024,★★,Video,,more\n"
    )
    found = harvest(text, "csv")
    whys = [(line.number, line.why.split(";")[0]) for line in found.lines if line.use == "unparsed"]
    assert whys == [
        (1, 'the column "extra" fits no option'),
        (2, '"9/04/24" is no date that has one meaning only'),
        (
            2,
            'option "kind": "artikel" is not one of article, paper, thread, talk, tool, note (did you mean "article"?)',
        ),
        (2, 'option "star": "5" is not a rating'),
        (4, "the row has neither a title nor an address"),
        (5, '"mailto:a@example.org" is a mail address, no article'),
        (5, '"more" stands in a column without a name'),
    ]
    assert [facts(item) for item in found.items] == [
        {"title": "A", "url": "https://example.org/a"},
        {"title": "B", "date": "2024-04-13", "star": 2, "kind": "talk"},
    ]


def test_links_and_words_of_truth() -> None:
    text = (
        "title,url,paper,github,favorite,toread\n"
        'A,https://example.org/a,"[v2](https://arxiv.org/abs/2104.00298) https://example.org/p.pdf",https://github.com/a/b,no,yes\n'
    )
    (item,) = harvest(text, "csv").items
    assert facts(item) == {
        "title": "A",
        "url": "https://example.org/a",
        "status": "to-read",
        "links": [
            ("paper", "v2", "https://arxiv.org/abs/2104.00298"),
            ("paper", "", "https://example.org/p.pdf"),
            ("code", "", "https://github.com/a/b"),
        ],
    }


def test_a_list_of_addresses_needs_no_header() -> None:
    text = "https://example.org/1,First words\nhttps://example.org/2,Second\n"
    found = Csv().read(Document("x", text), SETTINGS)
    assert [(item.entry.title, item.entry.url) for item in found.items] == [
        ("First words", "https://example.org/1"),
        ("Second", "https://example.org/2"),
    ]


def test_a_table_without_known_columns_is_refused() -> None:
    with pytest.raises(ImportFailure, match="no column is called title or url"):
        Csv().read(Document("x", "a,b\n1,2\n"), SETTINGS)


def test_a_quotation_mark_that_is_never_closed_loses_no_line_silently() -> None:
    rows = "".join(f"T{n},https://example.org/{n}\n" for n in range(9000))
    text = f'title,url\nA,https://example.org/a\n"B,https://example.org/b\n{rows}'
    found = harvest(text, "csv")
    assert found.items[0].entry.title == "A"
    assert "quotation mark" in next(line.why for line in found.lines if line.use == "unparsed")
    assert unnamed(text, found) == []


@pytest.mark.parametrize("cell", ["=1", "+x", "-", "@a", "\tx", "\rx", "'=1", "''@", "plain", "'plain'", ""])
def test_a_guarded_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert guard(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguard(guard(cell)) == cell


def test_a_cell_of_many_lines_with_many_wrong_links_is_noted_in_proportion_to_its_length() -> None:
    def lines(count: int) -> int:
        links = "\n".join(f"wrong{n}" for n in range(count))
        found = Csv().read(Document("x", f'title,url,paper\nT,https://example.org,"{links}"\n'), SETTINGS)
        assert {line.number for line in found.lines} == set(range(1, count + 2)) | {count + 2}
        return len(found.lines)

    assert lines(400) < 11 * lines(40)
