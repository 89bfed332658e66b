"""Titles and contents, drawn once a build though many pages show them; a part of :mod:`.speed`, with the same promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from docutils.writers.html5_polyglot import HTMLTranslator

from .environment import Title

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_HOLE: Final = "the title stands here"


def register(app: Sphinx) -> None:
    """Connect both."""
    _keep_texts_of_titles()
    app.connect("builder-inited", _keep_titles)


def _keep_titles(app: Sphinx) -> None:
    """Render a title once, not on its own page and again for each page that links to it or stands below it.

    ``StandaloneHTMLBuilder.render_partial`` is called for the title, the neighbours and all parents of each page.
    """
    builder: Any = app.builder
    render = getattr(builder, "render_partial", None)
    if render is None:
        return
    kept: dict[str, dict[str, str]] = {}

    def render_partial(node: nodes.Node | None) -> dict[str, str]:
        if _is_bare_contents(node):
            return {"fragment": contents(node)}
        if isinstance(node, Title):
            node = node.deepcopy()  # of docutils' own kind; the one that is kept stays a text
        if type(node) is not nodes.title or not all(type(child) is nodes.Text for child in node.children):
            parts: dict[str, str] = render(node)
            return parts
        # A title in another language has a class, and is drawn with it.
        key = f"{node.astext()}\0{node.get('mlw_lang')}\0{node['classes']}\0{node['ids']}"
        if key not in kept:
            kept[key] = render(node)
        return kept[key]

    frames: dict[str, str] = {}

    def contents(node: Any) -> str:
        """Write the contents of a page that has no sections: the same but for its title."""
        link = node[0][0][0]
        text = link.astext()
        key = f"{link['refuri']}\0{link.get('anchorname')}"
        if key not in frames:
            link[:] = [nodes.Text(_HOLE)]
            frames[key] = render(node)["fragment"]
        return frames[key].replace(_HOLE, text.translate(HTMLTranslator.special_characters))

    builder.render_partial = render_partial


def _keep_texts_of_titles() -> None:
    """Copy no title that is kept as its text (:class:`~.environment.Title`) to ask it for that text, for each page in ``objects.inv``."""
    from sphinx.domains import std

    clean = getattr(std, "clean_astext", None)
    if clean is not None:
        clean = getattr(clean, "made_by", clean)

        def clean_astext(node: nodes.Element) -> str:
            return node.astext() if type(node) is Title else clean(node)

        vars(clean_astext)["made_by"] = clean
        vars(std)["clean_astext"] = clean_astext


def _is_bare_contents(node: Any) -> bool:
    """Tell whether *node* is a list of one link that holds text alone."""
    if type(node) is not nodes.bullet_list:
        return False
    for _ in range(3):  # list, item, paragraph
        if len(node.children) != 1:
            return False
        node = node.children[0]
    return type(node) is nodes.reference and all(type(child) is nodes.Text for child in node.children)
