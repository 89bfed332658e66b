"""sphinxcontrib-bibtex's domain with indexes, for collections where its scans would grow with the square.

It looks through all records and all ``{cite}`` of the project for each record and for each ``{cite}``
(sphinxcontrib/bibtex/domain.py, 2.7). What comes out is the same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.directives import BibliographyKey, BibliographyValue
from sphinxcontrib.bibtex.domain import BibtexDomain, Citation, _FilterVisitor

from .domain import RECORDS, domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


def note_records(env: BuildEnvironment, keys: list[str]) -> None:
    """Make known that the page being read shows the records *keys*, for ``{cite}`` to lead to them."""
    domain = cast("BibtexDomain", env.get_domain("cite"))
    domain.bibliographies[BibliographyKey(docname=env.docname, id_=RECORDS)] = BibliographyValue(
        line=0,
        bibfiles=[],
        style="mlwatch",
        list_="citation",
        enumtype="arabic",
        start=1,
        labelprefix="",
        keyprefix="",
        filter_=ast.parse("False"),
        citation_nodes={},
        keys=keys,
    )


class IndexedBibtexDomain(BibtexDomain):
    """Takes the place of sphinxcontrib-bibtex's domain."""

    _by_key: dict[str, list[tuple[int, Citation]]]
    _shown: list[Citation] | None = None

    @property
    def citations(self) -> list[Citation]:
        """All citations; while a reference is resolved, only those it names."""
        return self._shown if self._shown is not None else super().citations

    def env_updated(self) -> Iterable[str]:
        # In a build that read no page the citations are those that were saved with the environment.
        done = [] if domain_of(self.env).idle else super().env_updated()
        self._by_key = {}
        for position, citation in enumerate(self.citations):
            self._by_key.setdefault(citation.key, []).append((position, citation))
        return done

    def _records(self, keys: Iterable[str]) -> Iterator[Citation]:
        """Give the citations of those *keys* that ``mlindex papers`` draws, for a reference to them."""
        ml = domain_of(self.env)
        records = ml.collection.catalogue.bibliography.records
        for key in keys:
            docname, id_ = ml.places.get(key, ("", ""))
            place = BibliographyKey(docname=docname, id_=RECORDS)
            if place in self.bibliographies and key in records and key in self.bibdata.data.entries:
                formed = FormattedEntry(key, Text(records[key].reference), key)
                yield Citation(id_, place, key, self.bibdata.data.entries[key], formed, formed)

    def get_all_cited_keys(self, docnames: list[str]) -> Iterator[str]:
        rank = {docname: position for position, docname in enumerate(docnames)}
        for reference in sorted(self.citation_refs, key=lambda reference: rank[reference.docname]):
            for target in reference.targets:
                yield target.key

    def get_formatted_entries(
        self, bibliography_key: BibliographyKey, docnames: list[str], tooltips: bool, tooltips_style: str
    ) -> Iterable[tuple[Any, FormattedEntry, FormattedEntry | None]]:
        if bibliography_key.id_ == RECORDS:
            return ()  # those are drawn from the catalogue
        return super().get_formatted_entries(bibliography_key, docnames, tooltips, tooltips_style)

    def get_filtered_entries(self, bibliography_key: BibliographyKey) -> Iterator[tuple[str, Any]]:
        citing: dict[str, set[str]] = {}
        for reference in self.citation_refs:
            for target in reference.targets:
                citing.setdefault(target.key, set()).add(reference.docname)
        bibliography = self.bibliographies[bibliography_key]
        for entry in self.get_entries(bibliography.bibfiles):
            key = bibliography.keyprefix + entry.key
            visitor = _FilterVisitor(entry, bibliography_key.docname, citing.get(key, set()))  # type: ignore[no-untyped-call] # it has no types
            try:
                wanted = visitor.visit(bibliography.filter_)
            except ValueError:
                yield from super().get_filtered_entries(bibliography_key)  # it warns, and takes what is cited
                return
            if wanted or entry.key in bibliography.keys:
                yield key, entry

    def resolve_xref(  # type: ignore[override] # as sphinxcontrib-bibtex has it
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> Element:
        keys = dict.fromkeys(one.key for one in parse_citation_targets(target))
        named = sorted(
            (found for key in keys for found in self._by_key.get(key, ())), key=lambda pair: pair[0]
        )
        self._shown = [citation for _, citation in named] or list(self._records(keys))
        try:
            return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        finally:
            self._shown = None
