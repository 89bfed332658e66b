"""The search page and its index, from the catalogue; Sphinx's own search where Pagefind cannot run.

The index is made after reading and before writing, when it is still possible to leave Sphinx's own search on, and
takes its place in the output when the pages have been written. It is made only when what it holds has changed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.util import logging

from ..base.config import settings_of
from ..base.locale import _
from ..base.warnings import warn
from ..core import searching
from ..core.problems import Code
from ..parts import words
from ..parts.domain import domain_of
from ..parts.navigation import MY_LIST, SITES, fingerprint
from ..parts.scripts import SEARCH
from . import pagefind, search_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_logger = logging.getLogger(__name__)

#: The folder in the output; Pagefind finds its way from this name.
FOLDER: Final = "pagefind"
#: Sphinx's index and what searches it, which pydata-sphinx-theme loads on every page (4 MB at 10,000 entries).
_INDEX_SCRIPTS: Final = re.compile(
    r"\s*<script src=\"[^\"]*(?:searchtools|language_data|searchindex)\.js[^\"]*\"></script>"
)


def register(app: Sphinx) -> None:
    """Connect what a build does for the search (nothing for other builders than HTML)."""
    search = Search()
    app.connect("env-updated", search.make, priority=950)
    app.connect("html-collect-pages", search.page)
    app.connect("html-page-context", search.context, priority=450)
    app.connect("build-finished", search.publish)


class Search:
    """The search of one build."""

    def __init__(self) -> None:
        self._ours = False  # whether the site has our search page
        self._new: dict[str, bytes] = {}  # the files of a new index, which wait to be published

    def make(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Make the index if it is out of date; where that cannot be, leave Sphinx's own search on (``env-updated``)."""
        builder: Any = app.builder
        wanted = settings_of(app.config).search
        if builder.name not in SITES or wanted == "sphinx":
            return []
        collection = domain_of(env).collection
        folder = Path(app.outdir) / FOLDER
        front = app.config.root_doc
        pages = [name for name in searching.other_pages(collection) if name in env.titles and name != front]
        titles = {name: env.titles[name].astext() for name in pages}
        try:
            program, version = pagefind.program()
            site = search_index.Site(
                program=program,
                version=version,
                language=(app.config.language or "en").replace("_", "-"),
                stems=searching.language_of(app.config.language or ""),
                uri_of=builder.get_target_uri,
                titles=titles,
            )
            mark = searching.mark(collection, titles, site.mark())
            if search_index.read_manifest(folder).get("mark") != mark:
                kept = Path(app.doctreedir) / f"mlwatch-{builder.name}-search"
                self._new = search_index.make(collection, site, mark, kept, folder)
        except (pagefind.PagefindError, OSError) as error:
            if wanted == "pagefind":
                conf = str(Path(app.confdir) / "conf.py")
                warn(Code.CONFIG, f'mlwatch_search is "pagefind", but {error}', f"{conf}:1")
            else:
                _logger.info("search: %s; Sphinx's own search serves instead", error)
            # Its index cannot grow from that of an earlier build, which had ours: all pages are written.
            return sorted(env.all_docs) if search_index.read_manifest(folder) else []
        self._ours = True
        builder.search = False
        # On every page, so that one sheet serves all of them (parts/sheets.py), and the search finds it loaded.
        app.add_css_file("mlwatch-search.css", priority=610)
        return []

    def publish(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the new index in the place of the old one; remove one that no page asks (``build-finished``)."""
        if not hasattr(app, "builder") or app.builder.name not in SITES:
            return
        folder = Path(app.outdir) / FOLDER
        if exception is not None:
            return
        if self._new:
            search_index.publish(self._new, folder)
        if self._ours:
            (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)  # Sphinx's, of an earlier build
        else:
            search_index.remove(folder)

    def page(self, app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Give the search page and that of the reader's own marks (``html-collect-pages``)."""
        if self._ours and "search" not in app.env.all_docs:  # a page that a person wrote is never replaced
            folders = [name for name in _LISTS if f"{name}/index" in app.env.all_docs]
            lists = [(f"{name}/index", app.env.titles[f"{name}/index"].astext()) for name in folders]
            context = {
                "title": _("Search"),
                "mlwatch_lists": lists,
                "mlwatch_words": words.search(),
                # What each search begins with, which its scripts would only ask for one after the other.
                "mlwatch_files": search_index.first_files(self._new, Path(app.outdir) / FOLDER),
                "mlwatch_mark": fingerprint(*SEARCH),
            }
            yield "search", context, "mlwatch-search.html"
        if app.builder.name in SITES and MY_LIST not in app.env.all_docs:
            yield MY_LIST, {"title": _("My list"), "mlwatch_words": words.comfort()}, "mlwatch-my-list.html"

    def context(
        self, app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Node | None
    ) -> None:
        """Let pages lead to our search and load nothing of Sphinx's (``html-page-context``)."""
        if app.builder.name not in SITES:
            return
        if not self._ours:
            return
        has = context["hasdoc"]
        context["hasdoc"] = lambda name: name == "search" or has(name)
        context["mlwatch_head"] = _without_index_scripts
        context["use_opensearch"] = ""  # its file is Sphinx's to write, which now does not


_LISTS: Final = ("topics", "keywords", "sources", "years", "starred", "papers", "digests")


def _without_index_scripts(head: str) -> str:
    return _INDEX_SCRIPTS.sub("", head)
