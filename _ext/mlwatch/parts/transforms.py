"""Transforms: small, each with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.nodes import bibliography

from ..base.locale import _
from ..base.warnings import warn
from ..core.problems import Code, quote
from ..core.urls import host, is_safe
from ..core.views import show
from ..core.views.papers import cited_by
from . import draw
from .domain import domain_of
from .markup import DrawnNodes, block, drawn, nodes_of
from .untrusted import OnlyAllowedNodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class BelowEntry(SphinxTransform):
    """Puts papers, keywords, links and what to cite on an entry's page, below all that the curator wrote."""

    default_priority = 844

    def apply(self, **_kwargs: Any) -> None:
        below = self.env.temp_data.pop("mlwatch_below", None)
        if below is not None:
            section = next(self.document.findall(nodes.section), self.document)
            section.extend(block(below[0], cites=below[1]))


class TitleLanguage(SphinxTransform):
    """Marks the title of an entry's page with the language it is in."""

    default_priority = 855

    def apply(self, **_kwargs: Any) -> None:
        entry = domain_of(self.env).collection.catalogue.by_docname.get(self.env.docname)
        title = next(self.document.findall(nodes.title), None)
        if entry and entry.lang and title is not None:
            title["mlw_lang"] = entry.lang


class Languages(SphinxPostTransform):
    """Turns languages into the classes that docutils' writers understand.

    Not while reading: there docutils' smart quotes would warn of each language they do not know.
    """

    default_priority = 890

    def run(self, **_kwargs: Any) -> None:
        for node in self.document.findall(nodes.TextElement):
            if "mlw_lang" in node:
                node["classes"].append(f"language-{node['mlw_lang']}")


class NamedTargets(SphinxTransform):
    """Notes which other pages a page's references name, so that a change over there writes this page again."""

    default_priority = 870

    def apply(self, **_kwargs: Any) -> None:
        named: set[tuple[str, str, str]] = set()
        records = False
        for node in self.document.findall(nodes.Element):
            if isinstance(node, pending_xref):
                named.add(
                    (
                        str(node.get("refdomain", "")),
                        str(node.get("reftype", "")),
                        str(node.get("reftarget", "")),
                    )
                )
            elif isinstance(node, drawn):
                named.update(("ml", "cite", key) for key in node["cites"])
            elif isinstance(node, bibliography):
                records = True
        domain = domain_of(self.env)
        if named:
            domain.named[self.env.docname] = frozenset(named)
        if records:
            arguments = ("cited-by", "", "")
            _, mark = show(domain.collection, *arguments)
            domain.note_view(self.env.docname, *arguments, mark=mark)


class CitedBy(SphinxPostTransform):
    """Adds to each record on a bibliography page the entries that cite it.

    Runs after sphinxcontrib-bibtex has made the records (5) and before references are resolved (10).
    """

    default_priority = 6

    def run(self, **_kwargs: Any) -> None:
        cited: dict[str, Any] | None = None
        for citation in self.document.findall(nodes.citation):
            if "docname" not in citation or "mlw_complete" in citation or not citation.get("ids"):
                continue
            if cited is None:
                cited = {_cite_id(key): refs for key, refs in cited_by(domain_of(self.env).collection)}
            refs = cited.get(citation["ids"][0])
            if refs:
                links = draw.joined(([draw.page_link(ref)] for ref in refs), " · ")
                citation.extend(nodes_of([draw.line("mlw-cited-by", _("Covered in: "), *links)]))


def _cite_id(key: str) -> str:
    return nodes.make_id(f"cite-{key}")


class SafeLinks(SphinxPostTransform):
    """Only http, https and mailto addresses go out; in HTML, links to other sites say so and leak no referrer."""

    default_priority = 900

    def run(self, **_kwargs: Any) -> None:
        html = self.env._app.builder.format == "html"  # noqa: SLF001 - Sphinx 9 deprecates env.app and names no other way
        for link in self._outward():
            url = link["refuri"]
            if not is_safe(url):
                warn(
                    Code.BAD_URL,
                    f"{quote(url)} is no http, https or mailto address; the link is left out",
                    link,
                )
                link.replace_self(nodes.inline("", "", *link.children))
            elif html and not url.startswith("mailto:"):
                link["rel"] = "noopener noreferrer"
                link["classes"].append("mlw-out")
                link.setdefault("reftitle", _("Other site: {host}").format(host=host(url)))

    def _outward(self) -> Iterator[nodes.reference]:
        for link in list(self.document.findall(nodes.reference)):
            uri = link.get("refuri", "")
            if (
                uri
                and not link.get("internal")
                and (_SCHEME.match(uri) or uri.startswith("//") or not uri.isprintable())
            ):
                yield link


class TextAddresses(SphinxPostTransform):
    """In plain text a link's address stands behind its words; the writer would drop it."""

    default_priority = 910
    builders = ("text",)

    def run(self, **_kwargs: Any) -> None:
        for link in self.document.findall(nodes.reference):
            uri = link.get("refuri", "")
            if _SCHEME.match(uri) and uri not in link.astext():
                link.append(nodes.Text(f" <{uri}>"))


WHILE_READING: Final = (BelowEntry, TitleLanguage, OnlyAllowedNodes, NamedTargets)
WHILE_WRITING: Final = (DrawnNodes, CitedBy, Languages, SafeLinks, TextAddresses)
