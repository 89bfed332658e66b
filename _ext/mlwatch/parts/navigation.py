"""What stands around a page: the small navigation, neighbours in time, date of last change, edit link.

The theme's own sidebar draws the whole tree on every page, which grows with the square of the
collection. Ours has the root's pages, and below them only what stays small: series, years, and the
pages that a person wrote.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..core.plan import FOLDERS
from ..core.views.lists import entry as entry_view
from ..core.views.pieces import excerpt
from .domain import NavItem, domain_of

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

STATIC: Final = Path(__file__).parent.parent / "static"
TEMPLATES: Final = Path(__file__).parent.parent / "templates"


def register(app: Sphinx) -> None:
    """Connect the page context, the style sheet and the templates."""
    app.connect("config-inited", _add_paths)
    app.add_css_file("mlwatch.css")
    app.connect("html-page-context", _page_context, priority=400)


def _add_paths(_app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))
    config.templates_path.append(str(TEMPLATES))


def navigation(env: BuildEnvironment) -> tuple[NavItem, ...]:
    """Return the pages of the root's toctrees, and below them what a person wrote, the series and the years."""
    titles, includes = env.titles, env.toctree_includes
    items = []
    for docname in includes.get(env.config.root_doc, ()):
        if docname not in titles:
            continue
        folder = docname.partition("/")[0]
        below = includes.get(docname, ()) if folder not in FOLDERS or docname in ("digests/index", "years/index") else ()
        children = [(name, titles[name].astext()) for name in below if name in titles]
        if docname == "years/index":
            children.reverse()
        items.append(NavItem(docname, titles[docname].astext(), tuple(children)))
    return tuple(items)


def _page_context(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Node | None) -> None:
    env = app.env
    domain = domain_of(env)
    context["mlwatch_nav"] = domain.navigation
    context["mlwatch_section"] = _section(pagename, domain.collection.settings.entries)
    context["last_updated"] = domain.last_changed.get(pagename)
    if pagename in domain.generated:
        context["theme_use_edit_page_button"] = False
    metatags = '\n<meta name="referrer" content="no-referrer">'
    view = entry_view(domain.collection, pagename)
    if view is not None:
        pathto = context["pathto"]
        for name, ref in (("prev", view.earlier), ("next", view.later)):
            context[name] = {"link": pathto(ref.docname), "title": escape(ref.text)} if ref else None
        summary = domain.collection.catalogue.by_docname[pagename].summary
        if summary:
            metatags += f'\n<meta name="description" content="{escape(excerpt(summary))}">'
    context["metatags"] = context.get("metatags", "") + metatags


def _section(pagename: str, entries: str) -> str:
    """Return the folder whose navigation item is open on *pagename*; entries stand under the years."""
    folder = pagename.partition("/")[0]
    return "years" if folder == entries else folder
