"""A field that leads to the search, in a page: ``mlindex search``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..base.locale import _
from .navigation import SITES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class searchfield(nodes.General, nodes.Element):  # noqa: N801 - docutils names a visitor after the class
    """The field."""


def register(app: Sphinx) -> None:
    """Register the node, and what takes it away where nothing can be typed."""
    app.add_node(searchfield, html=(_visit, None))
    app.add_post_transform(NoField)


def _visit(self: HTML5Translator, _node: searchfield) -> None:
    builder = cast("Any", self.builder)
    action = builder.get_relative_uri(builder.current_docname, "search")
    label = escape(_("Search the entries and digests"))
    self.body.append(
        f'<form class="mlw-search-box" role="search" aria-label="{label}" action="{escape(action)}" method="get">'
        f'<input type="search" name="q" aria-label="{label}" placeholder="{label}" autocomplete="off" spellcheck="false">'
        '<kbd aria-hidden="true">/</kbd></form>\n'
    )
    raise nodes.SkipNode


class NoField(SphinxPostTransform):
    """Takes the field out of books and plain text. Its place is early: it has nothing that others look for."""

    default_priority = 7

    def run(self, **_kwargs: Any) -> None:
        if self.env._app.builder.name in SITES:  # noqa: SLF001 - Sphinx 9 deprecates env.app and names no other way
            return
        for node in list(self.document.findall(searchfield)):
            node.parent.remove(node)
