"""The domain ``ml``: entries, digests, topics, keywords and sources as objects that can be referred to.

What it resolves comes from the catalogue of this build; its data holds only what each page showed and
which targets it named when it was read, which is what the next build compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from ..base.warnings import warn
from ..core.collection import GROUPED
from ..core.names import slug
from ..core.problems import Code, quote, suggest
from ..core.records import anchor
from ..core.series import canonical_id
from ..core.settings import fold
from ..core.views.pieces import group_ref
from ..core.views.shapes import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from docutils.nodes import Element
    from markdown_it import MarkdownIt
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from ..core.collection import Collection, Group
    from ..core.views import Mark

#: The id of the bibliographies that ``mlindex`` draws, among those of sphinxcontrib-bibtex.
RECORDS: Final = "mlwatch-records"
ROLES: Final = ("entry", "digest", *GROUPED)


class NavItem(NamedTuple):
    """A page in the sidebar, with the pages below it as (docname, title)."""

    docname: str
    title: str
    children: tuple[tuple[str, str], ...]


class MlDomain(Domain):
    """References to what the collection holds."""

    name = "ml"
    label = "ML Watch"
    data_version = 4
    object_types: ClassVar[dict[str, ObjType]] = {
        "entry": ObjType("entry", "entry"),
        "digest": ObjType("digest", "digest"),
        "topic": ObjType("topic", "topic"),
        "keyword": ObjType("keyword", "keyword"),
        "source": ObjType("source", "source"),
    }
    roles: ClassVar[dict[str, Any]] = {name: XRefRole(warn_dangling=True) for name in ROLES}
    initial_data: ClassVar[dict[str, Any]] = {
        "shown": {},
        "named": {},
        "digests": {},
        "state": b"",
        "sources": (b"", {}),
    }
    dangling_warnings: ClassVar[dict[str, str]] = {}

    #: The collection of this build, its generated pages, its days of last change; set at ``builder-inited``.
    collection: Collection
    generated: frozenset[str]
    last_changed: dict[str, str]
    #: Whether all that views depend on is what it was when the pages were last read; set at ``builder-inited``.
    unchanged: bool = False
    #: Whether this build reads no page and loses none; set while it looks for outdated ones.
    idle: bool = False
    #: Key of each record to the page and the id at which it stands; set at ``env-updated``.
    places: dict[str, tuple[str, str]]
    #: The parser of untrusted pages, made for the first of them.
    page_parser: MarkdownIt | None = None
    #: What the sidebar shows; set at ``env-updated``.
    navigation: tuple[NavItem, ...] = ()

    @property
    def shown(self) -> dict[str, dict[tuple[str, ...], Mark]]:
        """Docname to the views that it drew, each with the mark that it had then."""
        return cast("dict[str, dict[tuple[str, ...], Mark]]", self.data["shown"])

    @property
    def named(self) -> dict[str, frozenset[tuple[str, str, str]]]:
        """Docname to the ``(domain, type, target)`` of its references whose text or address another page decides."""
        return cast("dict[str, frozenset[tuple[str, str, str]]]", self.data["named"])

    @property
    def digests(self) -> dict[str, bytes]:
        """Docname to the hash of the content that was read, for pages whose time stamp tells nothing."""
        return cast("dict[str, bytes]", self.data["digests"])

    def note_view(self, docname: str, *view: str, mark: Mark) -> None:
        """Remember that *docname* drew *view* (its name and arguments)."""
        self.shown.setdefault(docname, {})[view] = mark

    def note_generated(self, docname: str) -> None:
        """Let a generated page stand in no toctree, as it does where a person's page took its index's place."""
        if docname in self.generated:
            self.env.metadata[docname]["orphan"] = True

    def clear_doc(self, docname: str) -> None:
        for kept in (self.shown, self.named, self.digests):
            kept.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        for name in ("shown", "named", "digests"):
            for docname, value in otherdata[name].items():
                if docname in docnames:
                    self.data[name][docname] = value

    def find(self, kind: str, target: str) -> Ref | None:
        """Return the page of *target*, or None when there is none or several fit."""
        collection = self.collection
        if kind == "entry":
            entry = collection.entry_names.get(target.strip("/").removesuffix(".md"))
            return Ref(entry.docname, entry.title, entry.lang) if entry else None
        if kind == "digest":
            series, _, id_ = target.replace("/", " ").strip().partition(" ")
            declared = collection.settings.series.get(series)
            if declared and not id_:
                found = collection.issues_by_series[series]
                return Ref(f"digests/{series}/index", declared.name) if found else None
            issue, _ = collection.find_issue(series, id_.strip())
            if issue is None and declared:
                try:
                    issue, _ = collection.find_issue(
                        series, canonical_id(declared, id_.strip(), collection.settings.weeks)
                    )
                except ValueError:
                    return None
            return Ref(issue.docname, issue.title) if issue else None
        settings = collection.settings
        aliases = {"keyword": settings.keywords, "source": settings.sources}.get(kind, {})
        group = collection.groups(kind).get(slug(aliases.get(fold(target), target)))
        return group_ref(kind, group) if group else None

    def choices(self, kind: str) -> list[str]:
        """Return the names that a reference of *kind* can have."""
        collection = self.collection
        if kind == "entry":
            return [name for name, entry in collection.entry_names.items() if entry]
        if kind == "digest":
            return [f"{issue.series}/{issue.id}" for issue in collection.issues]
        return [_object_name(kind, group) for group in collection.groups(kind).values()]

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        if typ == "page" and target in env.all_docs:
            return make_refnode(builder, fromdocname, target, "", contnode)
        if typ == "page":
            return cast("nodes.reference", contnode)
        if typ == "cite":
            return self._resolve_cite(env, fromdocname, builder, target, node, contnode)
        ref = self.find(typ, target)
        if ref is None or ref.docname not in env.all_docs:
            return None  # another project may have it; else warn_missing is asked
        if not node.get("refexplicit"):
            contnode = nodes.inline("", ref.text, **({"mlw_lang": ref.lang} if ref.lang else {}))
        return make_refnode(builder, fromdocname, ref.docname, "", contnode)

    def _resolve_cite(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference:
        place = self.places.get(target)
        if place is None:
            return cast("nodes.reference", contnode)
        if builder.format == "latex":
            return _latex_citation(place, contnode)
        return make_refnode(builder, fromdocname, *place, contnode, node.get("reftitle"))

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Resolve ``[text](#ml:keyword:C++)``, and the bare name of an entry."""
        prefix, _, rest = target.partition(":")
        kind, _, name = rest.partition(":")
        explicit = prefix == "ml" and kind in ROLES
        if not explicit:
            kind, name = "entry", target
        ref = self.find(kind, name)
        if ref is None or ref.docname not in env.all_docs:
            if not explicit:
                return []
            self.warn_missing(kind, name, node)
            return [(f"ml:{kind}", cast("nodes.reference", nodes.inline("", contnode.astext() or name)))]
        if not contnode.astext():
            contnode = nodes.inline("", ref.text)
        return [(f"ml:{kind}", make_refnode(builder, fromdocname, ref.docname, "", contnode))]

    def warn_missing(self, kind: str, target: str, node: Element) -> None:
        """Warn that there is no *target*, with the nearest names."""
        hint = suggest(target, self.choices(kind)) or f"; {quote('mlwatch list')} shows what there is"
        warn(Code.REFERENCE, f"there is no {kind} {quote(target)}{hint}", node)

    def note_places(self) -> None:
        """Look up the page of each record (``env-updated``): a bibliography that a person wrote, else the page of papers."""
        self.places = {}
        listed = self.env.get_domain("cite").data["bibliographies"].items()
        for place, value in sorted(listed, key=lambda item: (item[0].id_ == RECORDS, item[0])):
            for key in value.keys if place.id_ == RECORDS else ():
                self.places.setdefault(key, (place.docname, anchor(key)))
            for key, citation in value.citation_nodes.items():
                if citation["ids"]:
                    self.places.setdefault(key, (place.docname, citation["ids"][0]))

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Give every object; entries under their docname below the entries' folder. None is for the search (-1)."""
        collection = self.collection
        prefix = f"{collection.settings.entries}/"
        docs = self.env.all_docs
        for entry in collection.entries:
            if entry.docname in docs:
                yield entry.docname.removeprefix(prefix), entry.title, "entry", entry.docname, "", -1
        for issue in (*collection.issues.values(), *(whole for whole, _ in collection.rollups.values())):
            if issue.docname in docs:
                yield f"{issue.series.id}/{issue.id}", issue.title, "digest", issue.docname, "", -1
        for id_, declared in collection.settings.series.items():
            if collection.issues_by_series[id_]:
                yield id_, declared.name, "digest", f"digests/{id_}/index", "", -1
        for kind in GROUPED:
            for group in collection.groups(kind).values():
                ref = group_ref(kind, group)
                if ref.docname in docs:
                    yield _object_name(kind, group), ref.text, kind, ref.docname, "", -1


def _object_name(kind: str, group: Group) -> str:
    """Return what a reference to *group* names: the id of a topic, the name of a keyword or a source."""
    return group.slug if kind == "topic" else group.name


def _latex_citation(place: tuple[str, str], shown: Element) -> nodes.reference:
    """Return a link to a record as sphinxcontrib-bibtex writes it: LaTeX's records are no labels."""
    opening = nodes.raw("", f"\\hyperlink{{cite.{place[0]}:{place[1]}}}{{", format="latex")
    link = nodes.inline("", "", opening, shown, nodes.raw("", "}", format="latex"))
    return cast("nodes.reference", link)


def warn_missing(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Say which names are near, where neither this project nor another has the target (``warn-missing-reference``)."""
    if not isinstance(domain, MlDomain):
        return None
    domain.warn_missing(node["reftype"], node["reftarget"], node)
    return True


def domain_of(env: BuildEnvironment) -> MlDomain:
    """Return the ``ml`` domain of *env*."""
    return cast("MlDomain", env.get_domain("ml"))
