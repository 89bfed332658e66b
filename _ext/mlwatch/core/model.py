"""The entry and its options: one table that parsing, warnings, the guide and the command line share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .problems import Remark

if TYPE_CHECKING:
    from .periods import Period


class Form(StrEnum):
    """How an option's value is written."""

    TEXT = "text"
    FLAG = "flag"
    RATING = "flag, or 1 to 3"
    NUMBER = "number"
    DATE = "2021-09-16, 2021-09, 2021 or 2021-W02"
    DAY = "2021-09-16"
    URL = "http(s) address"
    URLS = "http(s) addresses"
    LIST = "list, parted by , or ; (written \\, where it is part of a word)"
    KEYS = "BibTeX keys, parted by ,"
    LINKS = "addresses or [label](address), one or more"
    IMAGE = "[alt text](address)"
    CHOICE = "one of"
    LANG = "language tag (BCP 47)"
    ISSUES = "SERIES ID, several parted by ,"


@dataclass(frozen=True, slots=True)
class Field:
    """One option of ``mlentry``: its name, the form of its value, what it means.

    ``example`` is a filter that asks for it, for the guide.
    """

    name: str
    form: Form
    help: str
    example: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


KINDS: Final = ("article", "paper", "thread", "talk", "tool", "note")
STATUSES: Final = ("to-read", "reading", "read")

#: The options in their canonical order.
FIELDS: Final = (
    Field(
        "source",
        Form.TEXT,
        "Who published it; spellings are folded by `mlwatch_source_aliases`.",
        example='source:"Google AI"',
        required=True,
    ),
    Field(
        "url",
        Form.URL,
        "The watched article; may be missing for a remark or a thread that has none.",
        example="url:https://example.org/a",
    ),
    Field(
        "date",
        Form.DATE,
        "When it appeared, as precise as known; a month is not turned into its first day.",
        example="date:2021-09..2022-02",
    ),
    Field("star", Form.RATING, "Worth reading; the number says how much.", example="star>=2"),
    Field("pick", Form.FLAG, "The editor's pick of its digest; it stands first there.", example="pick"),
    Field("kind", Form.CHOICE, "What it is; `article` when not given.", example="kind:paper", choices=KINDS),
    Field("authors", Form.LIST, "Who wrote it, or who asked in a thread.", example="author:ng"),
    Field(
        "lang",
        Form.LANG,
        "The language of the article and its title, when it is not the site's.",
        example="lang:zh",
    ),
    Field(
        "alt-title",
        Form.TEXT,
        "Another title, for example a translation; shown under the title.",
        example="alt-title:深度",
    ),
    Field(
        "keywords",
        Form.LIST,
        "What it is about; spellings are folded, the order is kept.",
        example='keyword:"self-supervised learning"',
    ),
    Field("paper", Form.LINKS, "Papers behind it or linked by it.", example="paper:arxiv.org"),
    Field("code", Form.LINKS, "Source code.", example="code:github.com"),
    Field("project", Form.LINKS, "Project pages.", example="project:github.io"),
    Field("slides", Form.LINKS, "Slides.", example="slides:slideshare.net"),
    Field("video", Form.LINKS, "Talks and explanations to watch.", example="video:youtube.com"),
    Field("data", Form.LINKS, "Data sets.", example="data:zenodo.org"),
    Field("demo", Form.LINKS, "Something to try.", example="demo:huggingface.co"),
    Field("discussion", Form.LINKS, "Where it is discussed.", example="discussion:reddit.com"),
    Field("link", Form.LINKS, "Any other link.", example="link:figure"),
    Field("cite", Form.KEYS, "The papers behind it, as keys of `refs.bib`.", example="cite:tan2021*"),
    Field(
        "digest",
        Form.ISSUES,
        "The numbered or named issues it stands in, such as `ds-ml 2019-20`.",
        example="digest:ds-ml/2019-20",
    ),
    Field(
        "section", Form.TEXT, "The id of the section it stands under in its digest.", example="section:vision"
    ),
    Field(
        "order",
        Form.NUMBER,
        "Its place within its section; smaller numbers first, entries without one after.",
        example="order:1..3",
    ),
    Field(
        "also",
        Form.URLS,
        "Other coverage of the same work; an address of another entry becomes a link to it.",
        example="also:example.org/b",
    ),
    Field(
        "archived", Form.URL, "A snapshot, for when the original is gone.", example="archived:web.archive.org"
    ),
    Field("image", Form.IMAGE, "A picture on the web, shown as a plain link.", example="image:architecture"),
    Field(
        "status", Form.CHOICE, "How far the curator has read it.", example="status:to-read", choices=STATUSES
    ),
    Field("added", Form.DAY, "The day on which it came into the collection.", example="added:2022-01.."),
    Field(
        "todo", Form.TEXT, "A remark to the curator; shown on the reading list only.", example="todo:check"
    ),
    Field(
        "ignore",
        Form.LIST,
        "Remarks that `mlwatch check` does not make about this page.",
        example="ignore:no-bibtex",
        choices=tuple(Remark),
    ),
)
FIELD: Final = {field.name: field for field in FIELDS}
#: The options that hold links, in their order.
LINK_RELS: Final = tuple(field.name for field in FIELDS if field.form is Form.LINKS)


class Link(NamedTuple):
    """A labelled link: ``rel`` is the option it stands in, ``label`` may be empty."""

    rel: str
    label: str
    url: str


class IssueId(NamedTuple):
    """An issue of a series, as ``:digest:`` names it."""

    series: str
    id: str

    def __str__(self) -> str:
        return f"{self.series} {self.id}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One watched article: what its page says in its first heading, its ``mlentry`` block and its sections.

    ``path`` is relative to the source folder, ``line`` is that of the ``mlentry`` block, ``star`` counts
    0 to 3, ``summary`` and ``comment`` are Markdown.
    """

    docname: str
    path: str
    line: int
    title: str
    source: str = ""
    url: str = ""
    date: Period | None = None
    star: int = 0
    pick: bool = False
    kind: str = "article"
    authors: tuple[str, ...] = ()
    lang: str = ""
    alt_title: str = ""
    keywords: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    cite: tuple[str, ...] = ()
    digest: tuple[IssueId, ...] = ()
    section: str = ""
    order: int | None = None
    also: tuple[str, ...] = ()
    archived: str = ""
    image: Link | None = None
    status: str = ""
    added: Period | None = None
    todo: str = ""
    ignore: tuple[str, ...] = ()
    summary: str = ""
    comment: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """Return what is not as usual: a cache of ten thousand entries is read at each build, in a third less time."""
        usual = vars(type(self))
        return {
            name: value for name, value in vars(self).items() if name not in usual or usual[name] != value
        }

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as JSON values, under the options' names."""
        out: dict[str, Any] = {"title": self.title, "docname": self.docname}
        links: dict[str, list[dict[str, str]]] = {rel: [] for rel in LINK_RELS}
        for rel, label, url in self.links:
            links[rel].append({"label": label, "url": url})
        for field in FIELDS:
            name = field.name
            if field.form is Form.LINKS:
                out[name] = links[name]
                continue
            value = getattr(self, name.replace("-", "_"))
            if field.form in (Form.DATE, Form.DAY):
                value = value.label if value else None
            elif field.form is Form.IMAGE:
                value = {"label": value.label, "url": value.url} if value else None
            elif field.form is Form.ISSUES:
                value = [str(issue) for issue in value]
            elif isinstance(value, tuple):
                value = list(value)
            elif value == "":
                value = None
            out[name] = value
        out["links"] = [link._asdict() for link in self.links]
        out["summary"] = self.summary or None
        out["comment"] = self.comment or None
        return out
