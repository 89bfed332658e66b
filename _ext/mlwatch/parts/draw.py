"""What views return, as pieces: links, badges, rows, lists of pages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes

from ..base.locale import _, language
from ..core.language import mark
from ..core.periods import parse
from ..core.urls import host
from ..core.views.pieces import GAP, UNDATED, nearby, page_docname, part_docname
from ..core.views.shapes import Part, Ref
from .markup import El, Go

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.periods import WeekRule
    from ..core.views.shapes import Pages, Row
    from .markup import Piece
    from .prose import Prose

STAR = "★"


def nothing() -> El:
    """Return what stands where a list has nothing."""
    return El("p", "", (_("Nothing yet."),))


def text(words: str, classes: str = "", lang: str = "") -> El:
    """Return *words* in an inline element."""
    return El("span", classes, (words,), lang)


def page_link(ref: Ref, classes: str = "", words: str = "") -> Go:
    """Return a link to a page of ours; it becomes plain text where the page is not there."""
    return Go("page", ref.docname, (El("span", classes, (words or ref.text,), ref.lang),))


def cite_link(key: str, label: str, title: str) -> Go:
    """Return a link to the record *key* in the list of papers."""
    return Go("cite", key, (El("span", "mlw-cite", (label,)),), title=title)


def web_link(url: str, words: str = "", classes: str = "") -> Go:
    """Return a link to another site; the words are those given, else the address's host."""
    return Go("web", url, (words or host(url) or url,), classes)


def icon(rel: str) -> El:
    """Return the icon for a kind of link; the style sheet draws it."""
    return El("span", f"mlw-icon mlw-icon-{rel}")


def line(classes: str, *content: Piece) -> El:
    """Return a paragraph."""
    return El("p", classes, content)


def joined(parts: Iterable[Sequence[Piece]], separator: str) -> list[Piece]:
    """Return *parts* in one line with *separator* between them."""
    out: list[Piece] = []
    for part in parts:
        if out:
            out.append(separator)
        out += part
    return out


def badges(refs: Iterable[Ref], *, counts: bool = False) -> El:
    """Return links to keywords or other names as sphinx-design badges."""
    links = ([page_link(ref, "sd-badge", f"{ref.text} ({ref.size})" if counts else "")] for ref in refs)
    return line("mlw-badges", *joined(links, " "))


def counted(refs: Iterable[Ref]) -> list[Piece]:
    """Return links to names in one line, each with how many entries it has."""
    parts: list[list[Piece]] = [[page_link(ref), f" ({language().number(ref.size)})"] for ref in refs]
    return joined(parts, " · ")


def date_text(label: str, weeks: WeekRule) -> str:
    """Return a date as a person writes it, as precise as it is known."""
    return language().long(parse(label, weeks)) if label else ""


def period_text(first: str, last: str) -> str:
    """Return the time from the day *first* to the day *last* (ISO 8601) as a person writes it: a month by its name."""
    days = (date.fromisoformat(first), date.fromisoformat(last))
    return language().period(*days)


def star(count: int) -> list[Piece]:
    """Return *count* stars, which a screen reader reads as "Starred"."""
    if not count:
        return []
    return [text(STAR * count, "mlw-star"), text(_("Starred"), "mlw-aside"), " "]


#: What the direct links of a row are called.
LINKS = {"article": mark("Article"), "paper": mark("Paper"), "code": mark("Code")}


def meta(row: Row, weeks: WeekRule) -> list[Piece]:
    """Return the line of facts of a row: source, date, kind, direct links."""
    parts: list[list[Piece]] = []
    if row.source:
        parts.append([page_link(row.source)])
    if row.date:
        parts.append([date_text(row.date, weeks)])
    if row.kind != "article":
        parts.append([_(row.kind)])
    if row.pick:
        parts.append([_("editor’s pick")])
    if row.status == "to-read":
        parts.append([_("to read")])
    if row.links:
        links = ([web_link(url, _(LINKS[kind]), f"mlw-direct mlw-direct-{kind}")] for kind, url in row.links)
        parts.append([El("span", "mlw-links", tuple(joined(links, " ")))])
    return joined(parts, " · ")


def rows(items: Iterable[Row], weeks: WeekRule, *, level: int = 2, prose: Prose | None = None) -> El:
    """Return a list of entries, their titles as headings of *level*; *prose* draws the summaries of those that have them."""
    kind = "mlw-list mlw-read-through" if prose else "mlw-list"
    return El("ul", kind, tuple(El("li", "", tuple(_row(item, weeks, level, prose))) for item in items))


def _row(item: Row, weeks: WeekRule, level: int, prose: Prose | None) -> Iterable[El]:
    title: Piece = page_link(item.page, "mlw-title")
    if prose and not (item.links or item.paper[0] or item.summary or item.comment):
        # There is nothing more to read.
        yield line("mlw-plain", *star(item.star), text(item.page.text, lang=item.page.lang))
        return
    yield El(f"h{level}", "mlw-row", (*star(item.star), title))
    if item.alt_title:
        yield line("mlw-alt", text(item.alt_title, lang=language().of_text(item.alt_title)))
    if about := meta(item, weeks):
        yield line("mlw-meta", *about)
    if prose:
        yield from cast("list[El]", prose.pieces(item.summary, item.page.docname, "mlw-summary"))
        yield from cast("list[El]", prose.pieces(item.comment, item.page.docname, "mlw-comment"))
    elif item.excerpt:
        yield line("mlw-excerpt", item.excerpt)
    if item.paper[0] and not item.summary:
        yield line("mlw-excerpt", *paper_line(*item.paper))
    if item.topics:
        yield line("mlw-topics", *joined(([page_link(ref)] for ref in item.topics), " · "))
    if item.note:
        yield line("mlw-note", item.note)


def paper_line(title: str, credit: str) -> list[Piece]:
    """Return a paper in one line: its title, who wrote it, and where it was published."""
    return [El("em", "", (title,)), f" – {credit}"] if credit else [El("em", "", (title,))]


def ref_list(refs: Iterable[Ref], classes: str = "") -> El:
    """Return links to pages as a list, each with how many entries it has."""
    items = (
        line("", page_link(ref), " ", text(f"({ref.size})", "mlw-count"))
        if ref.size
        else line("", page_link(ref))
        for ref in refs
    )
    return El("ul", f"mlw-names {classes}".rstrip(), tuple(El("li", "", (item,)) for item in items))


def pager(pages: Pages | Part, top: str = "") -> list[Piece]:
    """Return links between the pages of one list: first, last and those nearby; nothing when there is one.

    Of a list in parts the first is called *top*, the others by their names.
    """
    if isinstance(pages, Part):
        here, near = pages.name, pages.near
        texts = {name: _part_text(pages, name) or top for name in near}
        docnames = {name: part_docname(pages.base, name) for name in near}
    else:
        here, numbers = str(pages.number), range(1, pages.last + 1)
        near = nearby([str(number) for number in numbers], here)
        texts = {name: name for name in near}
        docnames = {str(number): page_docname(pages.base, number) for number in numbers}
    if len(near) < 2:
        return []
    parts: list[list[Piece]] = []
    for name in near:
        if name == GAP:
            parts.append([GAP])
        elif name == here:
            parts.append([El("strong", "", (texts[name],))])
        else:
            parts.append([page_link(Ref(docnames[name], texts[name]))])
    return [line("mlw-pager", _("Page "), *joined(parts, " "))]


def _part_text(pages: Part, name: str) -> str:
    """Return how a link calls a part: by its date; by a number where nothing has one."""
    if not name.startswith(UNDATED):
        return name
    number = name.removeprefix(UNDATED)[1:]
    return number or "1" if pages.base.endswith(f"/{UNDATED}") else f"{_('Undated')} {number}".rstrip()


def head(ref: Ref) -> El:
    """Return a link to a page with how many entries it has, as the head of a part of an index."""
    count: tuple[Piece, ...] = (
        (" ", text(f"({language().number(ref.size)})", "mlw-count")) if ref.size else ()
    )
    return line("mlw-head", page_link(ref, "mlw-title"), *count)


def field(name: str, *content: Piece) -> El:
    """Return a field of a card: its name, and *content* as one paragraph."""
    first = content[0]
    whole = first if isinstance(first, El) and first.tag == "p" else line("", *content)
    return El("field", name, (whole,))


def card(classes: str, *content: Piece) -> El:
    """Return a sphinx-design card around *content*."""
    return El("card", classes, content)


def toctree(docname: str, children: Iterable[str], found: Any) -> list[nodes.Node]:
    """Return a hidden toctree of those *children* that are there; nothing when none is."""
    included = [child for child in children if child in found]
    if not included:
        return []
    node = addnodes.toctree(
        "",
        parent=docname,
        entries=[(None, child) for child in included],
        includefiles=included,
        maxdepth=-1,
        caption=None,
        glob=False,
        hidden=True,
        includehidden=False,
        numbered=0,
        titlesonly=True,
    )
    return [nodes.compound("", node, classes=["toctree-wrapper"])]
