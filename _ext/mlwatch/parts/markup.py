"""What we draw, as plain values, and how it becomes HTML or docutils nodes.

A directive leaves a :class:`drawn` node on its page that holds what is to be seen as a few tuples. The
builders of a site write them as HTML right away; for every other builder :class:`DrawnNodes` puts docutils
nodes in their place before references are resolved. So a list of a hundred entries is one node to Sphinx's
transforms, to its pickles and to its writer. Both ways give the same HTML; a test holds them to it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri
from sphinx_design.shared import create_component

from ..base.locale import _
from ..core.urls import host, is_safe
from .domain import domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.builders import Builder
    from sphinx.writers.html5 import HTML5Translator

#: The builders that write HTML from the tuples themselves.
DIRECT: Final = ("html", "dirhtml")
#: The class of what is said of a link that did not work when it was last checked; a book would say it for too long.
BROKEN: Final = "mlw-broken"


class El(NamedTuple):
    """An element: its tag (a key of :data:`_MADE`), classes, content, the language of its text."""

    tag: str
    classes: str = ""
    content: tuple[Piece, ...] = ()
    lang: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _REMADE, (El, tuple(self))


class Go(NamedTuple):
    """A link: to a ``page`` of ours, to the record that a key names (``cite``), to an id ``here``, to a ``file``, to the ``web``.

    A file lies at the root of the site. A link becomes plain text where the page, or the record, is not there, or the address is not safe.
    """

    kind: str
    target: str
    content: tuple[Piece, ...]
    classes: str = ""
    title: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _REMADE, (Go, tuple(self))


#: How a pickle makes them: without a call of Python code, of which a page would need hundreds.
_REMADE: Final = tuple.__new__
Piece = str | El | Go


class drawn(nodes.General, nodes.Element):  # noqa: N801 - docutils dispatches on a node's class by its name
    """Pieces on a page; a text below it is there for the search index alone."""


def block(pieces: Iterable[Piece], *, words: str = "", cites: Iterable[str] = ()) -> list[nodes.Node]:
    """Return the node that draws *pieces*; nothing for no pieces.

    Sphinx's own search finds it by *words*; *cites* are the keys of the records that it links to, whose
    places another page decides.
    """
    held = tuple(pieces)
    if not held:
        return []
    node = drawn("", *([nodes.Text(words)] if words else []))
    node["pieces"] = held
    node["cites"] = tuple(cites)
    return [node]


# --- HTML ---------------------------------------------------------------------------------------------------------

#: What docutils' writer makes of these characters (docutils/writers/_html_base.py, ``special_characters``).
_SPECIAL: Final = {
    ord(c): f"&{name};" for c, name in zip('&<">@', ("amp", "lt", "quot", "gt", "#64"), strict=True)
}


def visit_drawn(translator: HTML5Translator, node: drawn) -> None:
    """Write the pieces of *node* and leave what is below it out."""
    translator.body.append(html_of(node["pieces"], Links(translator.builder)))
    raise nodes.SkipNode


class Links:
    """Where links of the page that *builder* writes at this moment lead."""

    def __init__(self, builder: Builder) -> None:
        self._env = builder.env
        self._uri = builder.get_relative_uri
        self._base = builder.get_target_uri
        self._from = cast("str", getattr(builder, "current_docname", ""))

    def find(self, link: Go) -> str | None:
        """Return the address of an internal link, or None where there is no such place."""
        if link.kind == "here":
            return f"#{link.target}"
        if link.kind == "file":
            return relative_uri(self._base(self._from), link.target)
        docname, anchor = link.target, ""
        if link.kind == "cite":
            place = domain_of(self._env).places.get(link.target)
            if place is None:
                return None
            docname, anchor = place
        elif docname not in self._env.all_docs:
            return None
        if docname == self._from:
            return f"#{anchor}"
        return f"{self._uri(self._from, docname)}#{anchor}" if anchor else self._uri(self._from, docname)


def html_of(pieces: Iterable[Piece], links: Links) -> str:
    """Return *pieces* as HTML, in the form that docutils' writer gives."""
    out: list[str] = []
    _write(pieces, links, out)
    return "".join(out)


def _write(pieces: Iterable[Piece], links: Links, out: list[str]) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece.translate(_SPECIAL))
        elif isinstance(piece, Go):
            _write_link(piece, links, out)
        else:
            _WRITE[piece.tag](piece, links, out)


def _write_link(link: Go, links: Links, out: list[str]) -> None:
    target: str | None
    if link.kind == "web":
        target = link.target if is_safe(link.target) else None
        classes = f"{link.classes} mlw-out reference external".lstrip()
        more = f' rel="noopener noreferrer" title="{_other_site(link.target).translate(_SPECIAL)}"'
    else:
        target = links.find(link)
        classes = f"{link.classes} reference internal".lstrip()
        more = f' title="{link.title.translate(_SPECIAL)}"' if link.title else ""
    if target is None:
        _write(link.content, links, out)
        return
    if link.kind == "file":
        more = " download"
    out.append(f'<a class="{classes}" href="{target.translate(_SPECIAL)}"{more}>')
    _write(link.content, links, out)
    out.append("</a>")


def _other_site(url: str) -> str:
    return _("Other site: {host}").format(host=host(url))


def _attributes(element: El) -> str:
    shown = f' class="{element.classes}"' if element.classes else ""
    return shown + (f' lang="{element.lang}"' if element.lang else "")


def _element(opening: str, closing: str) -> Callable[[El, Links, list[str]], None]:
    """Return what writes an element between *opening*, in which ``%s`` is where attributes go, and *closing*."""

    def write(element: El, links: Links, out: list[str]) -> None:
        out.append(opening % _attributes(element))
        _write(element.content, links, out)
        out.append(closing)

    return write


def _write_list(element: El, links: Links, out: list[str]) -> None:
    classes = element.classes + (" simple" if _is_simple(element) else "")
    out.append(f'<ul class="{classes.lstrip()}">\n' if classes else "<ul>\n")
    for item in element.content:
        out.append("<li>")
        content = cast("El", item).content
        _write(content, links, out)
        if len(content) == 1:
            out[-1] = out[-1].removesuffix("\n")
        out.append("</li>\n")
    out.append("</ul>\n")


def _is_simple(element: El) -> bool:
    """Tell whether each item is one paragraph, and perhaps a list of such; docutils calls such a list "simple"."""
    for item in cast("tuple[El, ...]", element.content):
        content = cast("tuple[El, ...]", item.content)
        if len(content) > 1 and content[-1].tag == "ul":
            if not _is_simple(content[-1]):
                return False
            content = content[:-1]
        if len(content) > 1:
            return False
    return True


def _write_fields(element: El, links: Links, out: list[str]) -> None:
    out.append(f'<dl class="{element.classes} field-list simple">\n')
    for number, field in enumerate(cast("tuple[El, ...]", element.content)):
        parity = "even" if number % 2 else "odd"
        out.append(
            f'<dt class="field-{parity}">{field.classes.translate(_SPECIAL)}<span class="colon">:</span></dt>\n'
            f'<dd class="field-{parity}">'
        )
        _write(field.content, links, out)
        out.append("</dd>\n")
    out.append("</dl>\n")


def _write_card(element: El, links: Links, out: list[str]) -> None:
    out.append(
        f'<div class="sd-card sd-sphinx-override sd-mb-3 {element.classes} docutils">\n'
        '<div class="sd-card-body docutils">\n'
    )
    _write(element.content, links, out)
    out.append("</div>\n</div>\n")


def _write_record(element: El, links: Links, out: list[str]) -> None:
    """Write a record in the list of papers: its id is in the element's classes, its label is the first piece."""
    label, *about = element.content
    out.append(
        f'<div class="citation" id="{element.classes}" role="listitem">\n'
        f'<span class="label"><span class="fn-bracket">[</span>{cast("str", label).translate(_SPECIAL)}'
        '<span class="fn-bracket">]</span></span>\n'
    )
    _write(about, links, out)
    out.append("</div>\n")


def _write_records(element: El, links: Links, out: list[str]) -> None:
    out.append('<div role="list" class="citation-list">\n')
    _write(element.content, links, out)
    out.append("</div>\n")


def _write_div(element: El, links: Links, out: list[str]) -> None:
    out.append(f'<div class="{element.classes} docutils">\n')
    _write(element.content, links, out)
    out.append("</div>\n")


def _write_sources(element: El, links: Links, out: list[str]) -> None:
    """Write texts to copy, folded away; its classes are those of the box."""
    out.append(f'<details class="{element.classes}">\n<summary>{escape(_("Cite"))}</summary>\n')
    _write(element.content, links, out)
    out.append("</details>\n")


def _write_source(element: El, _links: Links, out: list[str]) -> None:
    """Write one text to copy: its id is in the element's classes, its title is the first piece."""
    title, text = cast("tuple[str, str]", element.content)
    out.append(
        f'<div class="mlw-source" id="{element.classes}">\n<p class="mlw-label">{title.translate(_SPECIAL)}</p>\n'
        f"{_code(text)}</div>\n"
    )


def _write_bibtex(element: El, _links: Links, out: list[str]) -> None:
    """Write a BibTeX record to copy, folded away."""
    out.append(
        f'<details class="{element.classes}">\n<summary>{escape(_("BibTeX"))}</summary>\n{_code(cast("str", element.content[0]))}'
        "</details>\n"
    )


def _code(text: str) -> str:
    return (
        '<div class="highlight-text notranslate"><div class="highlight">'
        f"<pre><span></span>{escape(text, quote=False)}\n</pre></div>\n</div>\n"
    )


def _write_heading(element: El, links: Links, out: list[str]) -> None:
    out.append(f'<{element.tag} class="{f"{element.classes} rubric".lstrip()}">')
    _write(element.content, links, out)
    out.append(f"</{element.tag}>\n")


_WRITE: Final[dict[str, Callable[[El, Links, list[str]], None]]] = {
    "p": _element("<p%s>", "</p>\n"),
    "h2": _write_heading,
    "h3": _write_heading,
    "span": _element("<span%s>", "</span>"),
    "strong": _element("<strong%s>", "</strong>"),
    "em": _element("<em%s>", "</em>"),
    "ul": _write_list,
    "fields": _write_fields,
    "card": _write_card,
    "div": _write_div,
    "sources": _write_sources,
    "source": _write_source,
    "bibtex": _write_bibtex,
    "record": _write_record,
    "records": _write_records,
}


# --- docutils nodes -----------------------------------------------------------------------------------------------


class DrawnNodes(SphinxPostTransform):
    """Puts docutils nodes where pieces are drawn, for the builders that do not write pieces themselves.

    Runs before all that looks at references: sphinxcontrib-bibtex (5), Sphinx (10).
    """

    default_priority = 1

    def run(self, **_kwargs: Any) -> None:
        builder = self.env._app.builder  # noqa: SLF001 - Sphinx 9 deprecates env.app and names no other way
        if builder.name in DIRECT:
            return
        for node in list(self.document.findall(drawn)):
            node.replace_self(nodes_of(node["pieces"]))
        if builder.format != "html" or builder.name == "epub":
            for said in list(self.document.findall(nodes.inline)):
                if BROKEN in said["classes"]:
                    said.parent.remove(said)
        for record in self.document.findall(nodes.citation):
            record.setdefault("docname", self._page_of(record))  # LaTeX makes its label from it
            if (
                builder.format == "latex"
            ):  # it moves all records into one list, in which a heading has no place
                for title in list(record.findall(nodes.rubric)):
                    title.replace_self(nodes.paragraph("", "", nodes.strong("", "", *title.children)))

    def _page_of(self, node: nodes.Element) -> str:
        """Return the page that *node* is on; in a book of many pages its sections say so."""
        above: nodes.Element | None = node
        while above is not None and "docname" not in above:
            above = above.parent
        return str(above["docname"]) if above is not None else self.env.current_document.docname


def nodes_of(pieces: Iterable[Piece]) -> list[nodes.Node]:
    """Return *pieces* as docutils nodes."""
    made: list[nodes.Node] = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(nodes.Text(piece))
        elif isinstance(piece, El) and piece.tag == "bibtex":
            pass  # in a book there is nothing to copy, and it would fill half of it
        elif isinstance(piece, El) and piece.tag == "records":
            made += nodes_of(piece.content)  # docutils' writer puts records that follow each other in a list
        else:
            made.append(_node_of(piece))
    return made


def _node_of(piece: El | Go) -> nodes.Element:
    below = nodes_of(piece.content)
    if isinstance(piece, Go):
        return _reference(piece, below)
    if piece.tag in _SPECIAL_NODES:
        return _SPECIAL_NODES[piece.tag](piece, below)
    classes = piece.classes.split()
    made: nodes.Element
    if piece.tag in _TEXT_NODES:
        made = _TEXT_NODES[piece.tag]("", "", *below, classes=classes)
    else:
        made = _BODY_NODES[piece.tag]("", *below, classes=classes)
    if piece.lang:
        made["mlw_lang"] = piece.lang
    return made


def _card(piece: El, below: list[nodes.Node]) -> nodes.Element:
    body = create_component("card-body", ["sd-card-body"], children=below)
    classes = ["sd-card", "sd-sphinx-override", "sd-mb-3", *piece.classes.split()]
    return create_component("card", classes, children=[body])


def _sources(piece: El, below: list[nodes.Node]) -> nodes.Element:
    return nodes.container("", nodes.rubric("", _("Cite")), *below, classes=piece.classes.split())


def _source(piece: El, below: list[nodes.Node]) -> nodes.Element:
    title, text = (node.astext() for node in below)
    # LaTeX can be led to the block, and not to the container around it.
    copied = nodes.literal_block(text, text, language="text", ids=[piece.classes])
    return nodes.container("", nodes.paragraph("", title, classes=["mlw-label"]), copied)


def _record(piece: El, below: list[nodes.Node]) -> nodes.Element:
    label = nodes.label("", below[0].astext(), support_smartquotes=False)
    return nodes.citation("", label, *below[1:], ids=[piece.classes], mlw_complete=True)


_TEXT_NODES: Final = {
    "p": nodes.paragraph,
    "span": nodes.inline,
    "strong": nodes.strong,
    "em": nodes.emphasis,
}
_BODY_NODES: Final = {
    "ul": nodes.bullet_list,
    "li": nodes.list_item,
    "fields": nodes.field_list,
}


def _heading(piece: El, below: list[nodes.Node]) -> nodes.Element:
    return nodes.rubric(
        "", "", *below, classes=piece.classes.split(), **{"heading-level": int(piece.tag.removeprefix("h"))}
    )


_SPECIAL_NODES: Final[dict[str, Callable[[El, list[nodes.Node]], nodes.Element]]] = {
    "card": _card,
    "div": lambda piece, below: create_component("grid", piece.classes.split(), children=below),
    "field": lambda piece, below: nodes.field(
        "", nodes.field_name("", piece.classes), nodes.field_body("", *below)
    ),
    "sources": _sources,
    "source": _source,
    "record": _record,
    "h2": _heading,
    "h3": _heading,
}


def _reference(link: Go, below: list[nodes.Node]) -> nodes.Element:
    if link.kind == "web":
        return nodes.reference(
            "", "", *below, refuri=link.target, internal=False, classes=link.classes.split()
        )
    if link.kind == "here":
        return nodes.reference("", "", *below, refid=link.target, internal=True, classes=link.classes.split())
    if link.kind == "file":
        return nodes.inline("", "", *below)
    node = addnodes.pending_xref(
        "", *below, refdomain="ml", reftype=link.kind, reftarget=link.target, refexplicit=True, refwarn=False
    )
    if link.title:
        node["reftitle"] = link.title
    return node
