"""The environment that a build keeps, made small: it is read and written whole each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, SupportsIndex

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def register(app: Sphinx) -> None:
    """Connect it behind all that decides what a page's contents are."""
    app.connect("doctree-read", _keep_small, priority=950)


class Contents(nodes.bullet_list):
    """The contents of a page that has no sections: kept as three texts, made into nodes when somebody looks at them.

    Five nodes for each of 10,000 pages are a third of the environment (``BuildEnvironment.tocs``).
    """

    def __init__(self, *kept: str) -> None:
        self.kept = kept  # the page, the anchor in it, the text of the link

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        # What somebody has looked at may have been changed since.
        return (Contents, self.kept) if vars(self).keys() == {"kept"} else super().__reduce_ex__(protocol)

    def __getattr__(self, name: str) -> Any:
        if "kept" not in vars(self) or name.startswith("__"):
            raise AttributeError(name)
        made = _nodes(*self.kept)
        del self.kept
        vars(self).update(vars(made))
        for child in made.children:
            child.parent = self
        return getattr(self, name)

    def copy(self) -> Any:
        """Return a list like any other, ``nodes.bullet_list``, without its items."""
        return nodes.bullet_list(self.rawsource, **self.attributes)


def _nodes(docname: str, anchor: str, text: str) -> nodes.bullet_list:
    """Make what ``TocTreeCollector.process_doc`` makes of a page that has nothing but a title."""
    link = nodes.reference("", "", nodes.Text(text), internal=True, refuri=docname, anchorname=anchor)
    return nodes.bullet_list("", nodes.list_item("", addnodes.compact_paragraph("", "", link)))


def _keep_small(app: Sphinx, _doctree: nodes.document) -> None:
    tocs = app.env.tocs
    docname = app.env.docname
    toc = tocs.get(docname)
    if toc is None:
        return
    for link in toc.findall(nodes.reference):
        kept = (link.get("refuri", ""), link.get("anchorname", ""), link.astext())
        if _nodes(*kept).pformat() == toc.pformat():
            tocs[docname] = Contents(*kept)
        return
