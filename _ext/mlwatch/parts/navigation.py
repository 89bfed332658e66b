"""What stands around a page: the small navigation, neighbours in time, date of last change, edit link.

The theme's own sidebar draws the whole tree on every page, which grows with the square of the
collection. Ours has the root's pages, and below them only what stays small: series, topics, years,
and the pages that a person wrote.
"""

from __future__ import annotations

import os
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from zlib import crc32

from jinja2 import pass_context

from ..base.locale import _
from ..core.trust import FOLDERS
from ..core.views.pieces import entry_ref
from ..core.views.shapes import Ref
from .describing import description
from .domain import MlDomain, NavItem, domain_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from docutils.nodes import Node
    from jinja2.runtime import Context
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from ..core.collection import Collection

#: The builders that make a site to browse: with a search page, our style sheets and scripts.
SITES: Final = ("html", "dirhtml")
STATIC: Final = Path(__file__).parent.parent / "static"
TEMPLATES: Final = Path(__file__).parent.parent / "templates"

#: The style sheets of every page, in the order in which they apply.
STYLES: Final = (
    "mlwatch.css",
    "mlwatch-icons.css",
    "mlwatch-icons-theme.css",
    "mlwatch-header.css",
    "mlwatch-layout.css",
    "mlwatch-entry.css",
    "mlwatch-lists.css",
    "mlwatch-charts.css",
    "mlwatch-comfort.css",
    "mlwatch-paper.css",
)

#: Lists that another page leads to; where the root has that page too, they need no place in the navigation.
REACHED_FROM: Final = {
    "years/index": "digests/index",
    "sources/index": "digests/index",
    "keywords/index": "topics/index",
    "reading-list/index": "guide/index",
}
#: The page of the reader's own marks, which the build of a site writes (build/search.py), and the page before it.
MY_LIST: Final = "my-list"
_BEFORE_MY_LIST: Final = "starred/index"


def fingerprint(*names: str) -> str:
    """Return what changes with the files *names* of :data:`STATIC`, so that a browser keeps no older ones."""
    return f"{crc32(b''.join((STATIC / name).read_bytes() for name in names)):08x}"


class Once:
    """What pages have in common, drawn once a build."""

    def __init__(self, app: Sphinx) -> None:
        self._kept: dict[Hashable, str] = {}
        app.connect("builder-inited", lambda _app: self._kept.clear())

    def draw(self, key: Hashable, draw: Callable[[], str]) -> str:
        """Return what *draw* gave the first time for *key*."""
        if key not in self._kept:
            self._kept[key] = draw()
        return self._kept[key]


def register(app: Sphinx) -> None:
    """Connect the page context, the style sheet and the templates."""
    app.connect("config-inited", _add_paths)
    for name in STYLES:
        app.add_css_file(name, priority=600)  # after sphinx-design's, which they refine
    app.connect("builder-inited", partial(_keep_navigation, Once(app)))
    app.connect("html-page-context", _page_context, priority=400)


def _add_paths(app: Sphinx, config: Config) -> None:
    # New lists: those at hand may be the defaults, which all builds of this process share. Relative paths: what
    # Sphinx notes of the configuration is then the same in every checkout.
    config.html_static_path = [*config.html_static_path, path_from(app.confdir, STATIC)]
    config.templates_path = [*config.templates_path, path_from(app.confdir, TEMPLATES)]


def path_from(folder: str | os.PathLike[str], path: str | os.PathLike[str], paths: Any = os.path) -> str:
    """Return *path* as seen from *folder*; whole where there is no way from one to the other, as between drives of Windows.

    *paths* is the module of the platform's paths, ``posixpath`` or ``ntpath``.
    """
    try:
        return str(paths.relpath(path, folder))
    except ValueError:
        return os.fspath(path)


def navigation(env: BuildEnvironment) -> tuple[NavItem, ...]:
    """Return the pages of the root's toctrees, and below them what a person wrote, the series, the topics and the years."""
    titles, includes = env.titles, env.toctree_includes
    items = []
    listed = includes.get(env.config.root_doc, ())
    for docname in listed:
        if docname not in titles or REACHED_FROM.get(docname) in listed:
            continue
        folder = docname.partition("/")[0]
        below = (
            includes.get(docname, ())
            if folder not in FOLDERS or docname in ("digests/index", "topics/index", "years/index")
            else ()
        )
        children = [(name, titles[name].astext()) for name in below if name in titles]
        if docname == "years/index":
            children.reverse()
        items.append(NavItem(docname, titles[docname].astext(), tuple(children)))
    return tuple(items)


def navigation_on(pages: Sequence[NavItem], pagename: str) -> tuple[NavItem, ...]:
    """Return of the navigation what *pagename* shows: many pages below one only in their own folder.

    So a year or a digest more changes the pages of that folder alone.
    """
    folder = pagename.partition("/")[0]
    return tuple(
        item
        if len(item.children) <= 4 or item.docname.partition("/")[0] == folder
        else item._replace(children=())
        for item in pages
    )


def _with_my_list(pages: Sequence[NavItem]) -> list[NavItem]:
    """Return the navigation with the page of the reader's own marks in its place."""
    items = list(pages)
    at = next((n for n, item in enumerate(items, 1) if item.docname == _BEFORE_MY_LIST), len(items))
    return [*items[:at], NavItem(MY_LIST, _("My list"), ()), *items[at:]]


def _page_context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Node | None
) -> None:
    env = app.env
    domain = domain_of(env)
    pages = domain.navigation if app.builder.name not in SITES else _with_my_list(domain.navigation)
    context["mlwatch_nav"] = navigation_on(pages, pagename)
    context["mlwatch_section"] = _section(pagename, domain.collection.settings.entries, pages)
    context["last_updated"] = domain.last_changed.get(pagename)
    if pagename in domain.collection.catalogue.by_docname or env.toc_num_entries.get(pagename, 0) < 2:
        # Nothing to list at the side; the theme would draw it to find that out.
        context["meta"] = {**(context.get("meta") or {}), "html_theme.sidebar_secondary.remove": True}
        if "theme_secondary_sidebar_items" in context:
            context["theme_secondary_sidebar_items"] = []
    elif context.get("theme_secondary_sidebar_items") in ("page-toc.html", ["page-toc.html"]):
        # It has something to list: the theme would draw it once more to find that out.
        del context["theme_secondary_sidebar_items"]
        context["secondary_sidebar_items"] = ["page-toc.html"]
    context["mlwatch_edit_url"] = _edit_url(app, domain, pagename)
    entry = domain.collection.catalogue.by_docname.get(pagename)
    if entry is not None and entry.lang:
        context["mlwatch_title"] = _title(entry_ref(entry))
    near = neighbors(domain.collection, pagename)
    for position, name in enumerate(("prev", "next")):
        if near is not None:
            ref = near[position]
            context[name] = {"link": context["pathto"](ref.docname), "title": _title(ref)} if ref else None
        elif not _same_folder(pagename, getattr(app.builder, "relations", {}).get(pagename), position + 1):
            context[name] = None
    if template == "mlwatch-404.html":
        context["title"] = _("Page not found")
    metatags = context.get("metatags", "")
    if 'name="description"' not in metatags:
        summary = domain.collection.catalogue.pages[pagename].excerpt if entry else ""
        said = summary or description(context.get("title", ""), doctree, app.config.html_title)
        metatags += f'\n<meta name="description" content="{escape(said)}" />'
    context["metatags"] = f'{metatags}\n<meta name="referrer" content="no-referrer" />'


def _keep_navigation(once: Once, app: Sphinx) -> None:
    """Give templates the function ``mlwatch_once``, which draws the navigation for pages that have the same only once."""
    environment = getattr(getattr(app.builder, "templates", None), "environment", None)
    if environment is None:
        return

    @pass_context
    def mlwatch_once(context: Context, caller: Callable[[], str]) -> str:
        pagename = context["pagename"]
        named = any(
            pagename == item.docname or any(pagename == child for child, _ in item.children)
            for item in context["mlwatch_nav"]
        )
        if app.builder.name != "html" or named:  # elsewhere each page has a folder of its own
            return caller()
        # The page for what is not there has addresses of its own kind.
        key = (context["pathto"]("index"), pagename.rpartition("/")[0], context["mlwatch_section"])
        return once.draw(key, caller)

    environment.globals["mlwatch_once"] = mlwatch_once


def _title(ref: Ref) -> str:
    """Return the title of a page as HTML, marked with its language."""
    return f'<span lang="{escape(ref.lang)}">{escape(ref.text)}</span>' if ref.lang else escape(ref.text)


def _edit_url(app: Sphinx, domain: MlDomain, pagename: str) -> str:
    """Return where the source of *pagename* can be edited; "" for a page that no person wrote."""
    pattern = domain.collection.settings.edit_url
    if not pattern or pagename in domain.generated or pagename not in app.env.all_docs:
        return ""
    path = Path(app.env.doc2path(pagename)).relative_to(app.srcdir).as_posix()
    return pattern.replace("{path}", quote(path))


def neighbors(collection: Collection, pagename: str) -> tuple[Ref | None, Ref | None] | None:
    """Return the pages before and after an entry or an issue, in time; None for another page."""
    if pagename in collection.neighbours:
        before, after = collection.neighbours[pagename]
        return (entry_ref(before) if before else None), (entry_ref(after) if after else None)
    if pagename in collection.catalogue.by_docname:
        return None, None
    position = collection.issue_positions.get(pagename)
    if position is None:
        return None
    same = collection.issues_by_series[pagename.split("/")[1]]
    around = [same[at] if 0 <= at < len(same) else None for at in (position - 1, position + 1)]
    earlier, later = (Ref(issue.docname, issue.title) if issue else None for issue in around)
    return earlier, later


def _same_folder(pagename: str, related: Sequence[str | None] | None, index: int) -> bool:
    """Tell whether a neighbour in the toctree is of the same part: keywords do not lead on to sources."""
    other = related[index] if related else None
    return bool(other) and "/" in pagename and str(other).partition("/")[0] == pagename.partition("/")[0]


def _section(pagename: str, entries: str, pages: Sequence[NavItem]) -> str:
    """Return the folder whose navigation item *pagename* belongs to: for entries that of the years, or of what leads there."""
    folder = pagename.partition("/")[0]
    if folder == entries:
        folder = "years"
    if any(item.docname.partition("/")[0] == folder for item in pages):
        return folder
    return REACHED_FROM.get(f"{folder}/index", folder).partition("/")[0]
