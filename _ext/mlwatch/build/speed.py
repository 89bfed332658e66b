"""What every page pays, paid once: the same bytes come out, sooner.

Each function says what it saves and where the cost lies. What they replace is looked up by name; where a
later version has it no more, nothing is replaced and the build is only slower.
"""

from __future__ import annotations

import logging
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.frontend import Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx


def register(app: Sphinx) -> None:
    """Connect all of it."""
    _keep_settings()
    _hush_events(app)
    app.connect("builder-inited", _no_docutils_styles)
    app.connect("builder-inited", _keep_titles)
    app.connect("doctree-resolved", _keep_stems)


def _hush_events(app: Sphinx) -> None:
    """Have no log record made of each event unless someone reads them (``-vv``); it costs a twentieth of a build."""
    if app.verbosity < 2:
        logging.getLogger("sphinx.sphinx.events").setLevel(logging.INFO)


def _keep_settings() -> None:
    """Build docutils' option parser once for each kind of document, not twice for each page (an eighth of a build).

    ``sphinx.util.docutils._get_settings`` (Sphinx 9) and ``get_default_settings`` in MyST (5) make an
    ``optparse.OptionParser`` with 150 options for its default values alone.
    https://sourceforge.net/p/docutils/feature-requests/88/
    """
    import myst_parser.mdit_to_docutils.base as myst
    import sphinx.util.docutils as sphinx_docutils
    from sphinx.builders import html

    for module, name in (
        (sphinx_docutils, "_get_settings"),
        (html, "_get_settings"),
        (myst, "get_default_settings"),
    ):
        made = getattr(module, name, None)
        if made is not None and not hasattr(made, "kept"):
            setattr(module, name, _keeping(made))


def _keeping(make: Callable[..., Values]) -> Callable[..., Values]:
    """Return a function that makes the settings of the same components once, and gives copies with the defaults."""
    kept: dict[tuple[Any, ...], Values] = {}

    def settings(*components: Any, **named: Any) -> Values:
        if named.get("read_config_files"):
            return make(*components, **named)
        # Each page has a parser of its own; what settings there are depends on its class.
        key = tuple(component if isinstance(component, type) else type(component) for component in components)
        if key not in kept:
            kept[key] = make(*components, **({"defaults": {}} if "defaults" in named else {}))
        values = Values()
        for name, value in vars(kept[key]).items():
            values.__dict__[name] = deepcopy(value) if type(value) in (list, dict) else value
        values.__dict__.update(named.get("defaults") or {})
        return values

    settings.kept = kept  # type: ignore[attr-defined] # tells that it was replaced already
    return settings


def _no_docutils_styles(app: Sphinx) -> None:
    """Keep docutils from looking for style sheets of its own, eight times a page, which Sphinx never links."""
    if app.builder.format == "html":
        app.env.settings["stylesheet_path"] = ""


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
        if type(node) is not nodes.title or not all(type(child) is nodes.Text for child in node.children):
            parts: dict[str, str] = render(node)
            return parts
        # A title in another language has a class, and is drawn with it.
        key = f"{node.astext()}\0{node.get('mlw_lang')}\0{node['classes']}\0{node['ids']}"
        if key not in kept:
            kept[key] = render(node)
        return kept[key]

    builder.render_partial = render_partial


def _keep_stems(app: Sphinx, _doctree: nodes.document, _docname: str) -> None:
    """Stem each word once a build; Sphinx's index does so once a page, in Python (a tenth of a build)."""
    language = getattr(getattr(app.builder, "indexer", None), "lang", None)
    if language is not None and not hasattr(language.stem, "cache_info"):
        language.stem = cache(language.stem)
