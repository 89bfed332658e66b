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
from ..core.views.shapes import Ref
from .domain import NavItem, domain_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from ..core.collection import Collection

STATIC: Final = Path(__file__).parent.parent / "static"
TEMPLATES: Final = Path(__file__).parent.parent / "templates"


def register(app: Sphinx) -> None:
    """Connect the page context, the style sheet and the templates."""
    app.connect("config-inited", _add_paths)
    app.add_css_file("mlwatch.css", priority=600)  # after sphinx-design's, which it refines
    app.connect("html-page-context", _page_context, priority=400)


def _add_paths(_app: Sphinx, config: Config) -> None:
    # New lists: those at hand may be the defaults, which all builds of this process share.
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    config.templates_path = [*config.templates_path, str(TEMPLATES)]


def navigation(env: BuildEnvironment) -> tuple[NavItem, ...]:
    """Return the pages of the root's toctrees, and below them what a person wrote, the series and the years."""
    titles, includes = env.titles, env.toctree_includes
    items = []
    for docname in includes.get(env.config.root_doc, ()):
        if docname not in titles:
            continue
        folder = docname.partition("/")[0]
        below = (
            includes.get(docname, ())
            if folder not in FOLDERS or docname in ("digests/index", "years/index")
            else ()
        )
        children = [(name, titles[name].astext()) for name in below if name in titles]
        if docname == "years/index":
            children.reverse()
        items.append(NavItem(docname, titles[docname].astext(), tuple(children)))
    return tuple(items)


def _page_context(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Node | None
) -> None:
    env = app.env
    domain = domain_of(env)
    context["mlwatch_nav"] = domain.navigation
    context["mlwatch_section"] = _section(pagename, domain.collection.settings.entries)
    context["last_updated"] = domain.last_changed.get(pagename)
    if pagename in domain.generated:
        context["theme_use_edit_page_button"] = False
    metatags = '\n<meta name="referrer" content="no-referrer" />'
    near = _neighbours(domain.collection, pagename)
    for position, name in enumerate(("prev", "next")):
        if near is not None:
            ref = near[position]
            context[name] = (
                {"link": context["pathto"](ref.docname), "title": escape(ref.text)} if ref else None
            )
        elif not _same_folder(pagename, getattr(app.builder, "relations", {}).get(pagename), position + 1):
            context[name] = None
    if pagename in domain.collection.catalogue.by_docname:
        summary = domain.collection.catalogue.by_docname[pagename].summary
        if summary:
            metatags += f'\n<meta name="description" content="{escape(excerpt(summary))}" />'
    context["metatags"] = context.get("metatags", "") + metatags


def _neighbours(collection: Collection, pagename: str) -> tuple[Ref | None, Ref | None] | None:
    """Return the pages before and after an entry or an issue, in time; None for another page."""
    view = entry_view(collection, pagename)
    if view is not None:
        return view.earlier, view.later
    position = collection.issue_positions.get(pagename)
    if position is None:
        return None
    same = collection.issues_by_series[pagename.split("/")[1]]
    refs = [Ref(issue.docname, issue.title) for issue in same]
    return (refs[position - 1] if position else None), (
        refs[position + 1] if position + 1 < len(refs) else None
    )


def _same_folder(pagename: str, related: Sequence[str | None] | None, index: int) -> bool:
    """Tell whether a neighbour in the toctree is of the same part: keywords do not lead on to sources."""
    other = related[index] if related else None
    return bool(other) and "/" in pagename and str(other).partition("/")[0] == pagename.partition("/")[0]


def _section(pagename: str, entries: str) -> str:
    """Return the folder whose navigation item is open on *pagename*; entries stand under the years."""
    folder = pagename.partition("/")[0]
    return "years" if folder == entries else folder
