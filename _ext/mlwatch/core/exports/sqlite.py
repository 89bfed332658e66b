"""SQLite: tables to ask with SQL and to show with Datasette, with an index of all words (FTS5)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from ..model import FIELDS, Form
from ..writing import option_value
from .base import HELD, ExportFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..model import Entry
    from .base import Portion

#: Options that have columns or tables of their own, beside those that hold links.
_APART: Final = frozenset(("keywords", "authors", "also", "digest", "cite", "image"))
#: All other options, in the order of their columns; one with several values has them in its text.
_SINGLE: Final = tuple(field for field in FIELDS if field.form is not Form.LINKS and field.name not in _APART)
_WRITTEN: Final = frozenset((Form.DATE, Form.DAY, Form.LIST, Form.KEYS, Form.ISSUES, Form.URLS, Form.IMAGE))
_NUMBERS: Final = (Form.FLAG, Form.RATING, Form.NUMBER)
_COLUMNS: Final = tuple(
    f'"{field.name.replace("-", "_")}" {"INTEGER" if field.form in _NUMBERS else "TEXT"}' for field in _SINGLE
)
#: The words of these columns are found by full-text search.
_WORDS: Final = ("title", "alt_title", "source", "authors", "keywords", "summary", "comment", "body")
_OF_ENTRY: Final = "entry INTEGER NOT NULL REFERENCES entries(id), position INTEGER NOT NULL"
_SCHEMA: Final = f"""
PRAGMA page_size = 4096;
PRAGMA user_version = 1;
CREATE TABLE entries (
  id INTEGER PRIMARY KEY, docname TEXT NOT NULL UNIQUE, title TEXT NOT NULL, {", ".join(_COLUMNS)},
  first_day TEXT, last_day TEXT, image_label TEXT, image_url TEXT,
  authors TEXT, keywords TEXT, summary TEXT, comment TEXT, body TEXT
);
CREATE TABLE records (key TEXT PRIMARY KEY, type TEXT, title TEXT, authors TEXT, year TEXT, url TEXT, bibtex TEXT);
CREATE TABLE keywords ({_OF_ENTRY}, keyword TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE topics ({_OF_ENTRY}, topic TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE authors ({_OF_ENTRY}, author TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE links ({_OF_ENTRY}, rel TEXT NOT NULL, label TEXT, url TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE also ({_OF_ENTRY}, url TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE digests ({_OF_ENTRY}, series TEXT NOT NULL, issue TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
CREATE TABLE cites ({_OF_ENTRY}, key TEXT NOT NULL, PRIMARY KEY (entry, position)) WITHOUT ROWID;
-- Datasette finds the full-text table of a table by these very quotation marks.
CREATE VIRTUAL TABLE entries_fts USING fts5({", ".join(_WORDS)}, content="entries", content_rowid='id', tokenize='unicode61');
"""
_INDEXES: Final = """
CREATE INDEX entries_date ON entries(first_day);
CREATE INDEX entries_source ON entries(source);
CREATE INDEX keywords_keyword ON keywords(keyword);
CREATE INDEX topics_topic ON topics(topic);
CREATE INDEX links_url ON links(url);
CREATE INDEX cites_key ON cites(key);
INSERT INTO entries_fts(entries_fts) VALUES ('rebuild');
INSERT INTO entries_fts(entries_fts) VALUES ('optimize');
"""


class Sqlite:
    """A database with the tables entries, keywords, topics, authors, links, also, digests, cites, records and entries_fts."""

    name = "sqlite"
    title = "SQLite"
    suffix = ".db"
    binary = True
    holds: Final = frozenset(HELD)
    partly: Final[Mapping[str, str]] = {}

    def write(self, portion: Portion) -> bytes:
        database = sqlite3.connect(":memory:")
        try:
            database.executescript(_SCHEMA)
            _fill(database, portion)
            database.commit()
            database.executescript(_INDEXES)
            database.commit()
            database.execute("VACUUM")
            return database.serialize()
        except (sqlite3.Error, AttributeError) as error:
            raise ExportFailure(f"the SQLite of this Python cannot write it: {error}") from None
        finally:
            database.close()


def _fill(database: sqlite3.Connection, portion: Portion) -> None:
    def insert(table: str, rows: Iterator[tuple[object, ...]], width: int) -> None:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)  # noqa: S608 - names of our own

    numbered = list(enumerate(portion.entries, 1))
    insert("entries", (_row(id_, entry, portion) for id_, entry in numbered), 12 + len(_SINGLE))
    insert(
        "records",
        (
            (r.key, r.type, r.title, "; ".join(r.authors), r.year, r.url, r.raw)
            for r in portion.records.values()
        ),
        7,
    )
    insert("keywords", ((i, p, word) for i, e in numbered for p, word in enumerate(e.keywords, 1)), 3)
    topics = ((i, p, id_) for i, e in numbered for p, id_ in enumerate(portion.topics.get(e.docname, ()), 1))
    insert("topics", topics, 3)
    insert("authors", ((i, p, name) for i, e in numbered for p, name in enumerate(e.authors, 1)), 3)
    insert("links", ((i, p, *link) for i, e in numbered for p, link in enumerate(e.links, 1)), 5)
    insert("also", ((i, p, url) for i, e in numbered for p, url in enumerate(e.also, 1)), 3)
    insert("digests", ((i, p, *issue) for i, e in numbered for p, issue in enumerate(e.digest, 1)), 4)
    insert("cites", ((i, p, key) for i, e in numbered for p, key in enumerate(e.cite, 1)), 3)


def _row(id_: int, entry: Entry, portion: Portion) -> tuple[object, ...]:
    values: list[object] = []
    for field in _SINGLE:
        value = getattr(entry, field.name.replace("-", "_"))
        if field.form in _WRITTEN:
            value = option_value(entry, field)
        elif field.form in _NUMBERS:
            value = None if value is None else int(value)
        values.append(None if value == "" else value)
    days = (entry.date.first.isoformat(), entry.date.last.isoformat()) if entry.date else (None, None)
    image = (entry.image.label, entry.image.url) if entry.image else (None, None)
    joined = (", ".join(entry.authors) or None, ", ".join(entry.keywords) or None)
    texts = (entry.summary or None, entry.comment or None, portion.bodies.get(entry.docname))
    return (id_, entry.docname, entry.title, *values, *days, *image, *joined, *texts)
