"""The environment that a build keeps, made small: it is read and written whole each time."""

from __future__ import annotations

import pickle
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, SupportsIndex, cast

from docutils import nodes
from pybtex.database import BibliographyData
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinxcontrib.bibtex.domain import BibtexDomain


def register(app: Sphinx) -> None:
    """Connect it behind all that decides what a page's contents are, and behind what reads the .bib files."""
    app.connect("doctree-read", _keep_small, priority=950)
    app.connect("builder-inited", _keep_records, priority=950)


class _Kept(nodes.Element, ABC):
    """A node that is kept as a few texts, and made when somebody looks at it; ``like`` is docutils' own kind."""

    like: ClassVar[type[nodes.Element]]

    def __init__(self, *kept: str) -> None:
        self.kept = kept

    @abstractmethod
    def make(self) -> nodes.Element:
        """Return the node, of docutils' own kind."""

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        # What somebody has looked at may have been changed since.
        return (type(self), self.kept) if vars(self).keys() == {"kept"} else super().__reduce_ex__(protocol)

    def __getattr__(self, name: str) -> Any:
        if "kept" not in vars(self) or name.startswith("__"):
            raise AttributeError(name)
        made = self.make()
        del self.kept
        vars(self).update(vars(made))
        for child in made.children:
            child.parent = self
        return getattr(self, name)

    def copy(self) -> Any:
        """Return a node like any other, without its children."""
        return self.like(self.rawsource, **self.attributes)

    def deepcopy(self) -> Any:
        """Return a node like any other, with its children."""
        return self.make() if "kept" in vars(self) else super().deepcopy()


class Contents(_Kept, nodes.bullet_list):
    """The contents of a page that has no sections: the page, the anchor in it, the text of the link.

    Five nodes for each of 10,000 pages are a third of the environment (``BuildEnvironment.tocs``).
    """

    like = nodes.bullet_list

    def make(self) -> nodes.bullet_list:
        """Make what ``TocTreeCollector.process_doc`` makes of a page that has nothing but a title."""
        docname, anchor, text = self.kept
        link = nodes.reference("", "", nodes.Text(text), internal=True, refuri=docname, anchorname=anchor)
        return nodes.bullet_list("", nodes.list_item("", addnodes.compact_paragraph("", "", link)))


class Title(_Kept, nodes.title):
    """A page's title that is nothing but text (``BuildEnvironment.titles``)."""

    like = nodes.title

    def make(self) -> nodes.title:
        """Make what ``TitleCollector.process_doc`` makes of such a title."""
        return nodes.title("", "", nodes.Text(self.kept[0]))

    def astext(self) -> str:
        """Return its text."""
        return self.kept[0] if "kept" in vars(self) else super().astext()


def _keep_small(app: Sphinx, _doctree: nodes.document) -> None:
    env, docname = app.env, app.env.docname
    toc, title = env.tocs.get(docname), env.titles.get(docname)
    if title is not None:
        kept = Title(title.astext())
        if kept.make().pformat() == title.pformat():
            if env.longtitles.get(docname) is title:
                env.longtitles[docname] = kept
            env.titles[docname] = kept
    link = next(toc.findall(nodes.reference), None) if toc is not None else None
    if toc is not None and link is not None:
        contents = Contents(link.get("refuri", ""), link.get("anchorname", ""), link.astext())
        if contents.make().pformat() == toc.pformat():
            env.tocs[docname] = contents


class Records(BibliographyData):  # type: ignore[misc] # it has no types
    """What was read of .bib files, kept as it is pickled until somebody asks for it; nobody changes it."""

    def __init__(self, pickled: bytes) -> None:
        self.pickled = pickled

    def __reduce_ex__(self, _protocol: SupportsIndex) -> Any:
        return Records, (self.pickled,)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "entries" in vars(self):
            raise AttributeError(name)
        self.__dict__.update(vars(pickle.loads(self.pickled)))  # noqa: S301 - out of the environment, a pickle itself
        return getattr(self, name)


def _keep_records(app: Sphinx) -> None:
    """Pickle what sphinxcontrib-bibtex read once, not at each build (5,000 records are a fifth of the environment)."""
    domain = cast("BibtexDomain", app.env.get_domain("cite"))
    if type(domain.bibdata.data) is BibliographyData:
        pickled = Records(pickle.dumps(domain.bibdata.data, pickle.HIGHEST_PROTOCOL))
        domain.data["bibdata"] = domain.bibdata._replace(data=pickled)
