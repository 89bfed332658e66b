"""The search page and its index, from the catalogue; Sphinx's own search where Pagefind cannot run.

The index is made after reading and before writing, when it is still possible to leave Sphinx's own search on, and
takes its place in the output when the pages have been written. It is made only when what it holds has changed.
"""

from __future__ import annotations

import json
import re
import shutil
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.util import logging

from ..base.config import settings_of
from ..base.locale import _
from ..base.warnings import warn
from ..core import searching
from ..core.atomic import write_if_changed
from ..core.problems import Code
from ..parts import scripts, words
from ..parts.domain import domain_of
from ..parts.navigation import STATIC
from . import pagefind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from ..core.collection import Collection

_logger = logging.getLogger(__name__)

#: The folder in the output; Pagefind finds its way from this name.
FOLDER: Final = "pagefind"
#: Says what the index is of and which files hold the columns; written last.
_MANIFEST: Final = "mlwatch.json"
#: Where a new index is made; it lies in the output so that its files need only be renamed.
_NEW: Final = ".mlwatch-pagefind"
_SCRIPTS: Final = tuple(f"mlwatch-search{part}.js" for part in ("", "-engine", "-facets", "-text"))
_PAGE: Final = "mlwatch-search.html"
#: Names whose content never changes without the name.
_HASHED: Final = (".pf_fragment", ".pf_index", ".pf_meta", ".bin")
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
        self._new = False  # whether a new index waits to be published

    def make(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Make the index if it is out of date; where that cannot be, leave Sphinx's own search on (``env-updated``)."""
        builder: Any = app.builder
        wanted = settings_of(app.config).search
        if builder.name not in ("html", "dirhtml") or wanted == "sphinx":
            return []
        collection = domain_of(env).collection
        try:
            path, version = pagefind.program()
            language = searching.language_of(app.config.language or "")
            uris = builder.get_target_uri("a")
            mark = searching.mark(collection, _code(), version, language, uris)
            if _read_manifest(app).get("mark") != mark:
                site = (app.config.language or "en").replace("_", "-")
                about = {"mark": mark, "language": language}
                make_index(Path(app.outdir) / _NEW, collection, path, builder.get_target_uri, site, about)
                self._new = True
        except (pagefind.PagefindError, OSError) as error:
            shutil.rmtree(Path(app.outdir) / _NEW, ignore_errors=True)
            if wanted == "pagefind":
                conf = str(Path(app.confdir) / "conf.py")
                warn(Code.CONFIG, f'mlwatch_search is "pagefind", but {error}', f"{conf}:1")
            else:
                _logger.info("search: %s; Sphinx's own search serves instead", error)
            # Its index cannot grow from that of an earlier build, which had ours: all pages are written.
            had_ours = (Path(app.outdir) / FOLDER / _MANIFEST).is_file()
            return sorted(env.all_docs) if had_ours else []
        self._ours = True
        builder.search = False
        return []

    def publish(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the new index in the place of the old one; remove one that no page asks (``build-finished``)."""
        if not hasattr(app, "builder") or app.builder.name not in ("html", "dirhtml"):
            return
        new, folder = Path(app.outdir) / _NEW, Path(app.outdir) / FOLDER
        if exception is None and self._new:
            publish(new, folder)
        if exception is None and not self._ours and (folder / _MANIFEST).is_file():
            shutil.rmtree(folder)
        if exception is None and self._ours:
            (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)  # Sphinx's, of an earlier build
        shutil.rmtree(new, ignore_errors=True)

    def page(self, app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Give the search page (``html-collect-pages``)."""
        if self._ours and "search" not in app.env.all_docs:  # a page that a person wrote is never replaced
            folders = [name for name in _LISTS if f"{name}/index" in app.env.all_docs]
            lists = [(f"{name}/index", app.env.titles[f"{name}/index"].astext()) for name in folders]
            context = {
                "title": _("Search"),
                "mlwatch_lists": lists,
                "mlwatch_words": words.search(),
                "mlwatch_mark": _hash(b"".join((STATIC / name).read_bytes() for name in _SCRIPTS)),
            }
            yield "search", context, _PAGE

    def context(
        self, app: Sphinx, pagename: str, template: str, context: dict[str, Any], _doctree: Node | None
    ) -> None:
        """Let pages lead to our search and load nothing of Sphinx's (``html-page-context``)."""
        if app.builder.name not in ("html", "dirhtml"):
            return
        if not self._ours:
            return
        has = context["hasdoc"]
        context["hasdoc"] = lambda name: name == "search" or has(name)
        context["mlwatch_head"] = _without_index_scripts
        context["use_opensearch"] = ""  # its file is Sphinx's to write, which now does not
        if pagename == "search":
            app.add_css_file("mlwatch-search.css", priority=610)
        if template == _PAGE:
            context["mlwatch_scripts"] = scripts.take_first(context)


_LISTS: Final = ("keywords", "sources", "years", "starred", "papers", "digests", "reading-list")


def _without_index_scripts(head: str) -> str:
    return _INDEX_SCRIPTS.sub("", head)


def _code() -> str:
    """Return a hash of the code that makes the index: another code makes another."""
    files = (searching.__file__, pagefind.__file__, __file__)
    return _hash(b"".join(Path(file).read_bytes() for file in files))


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=5).hexdigest()


def _read_manifest(app: Sphinx) -> dict[str, Any]:
    try:
        found = json.loads((Path(app.outdir) / FOLDER / _MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def make_index(
    folder: Path,
    collection: Collection,
    program: Path,
    uri_of: Callable[[str], str],
    site: str,
    about: dict[str, Any],
) -> None:
    """Make index, columns and manifest in *folder*, which need not be there.

    *uri_of* gives the address of a page below the site's root, *site* is the site's language; *about* goes into the manifest.
    """
    shutil.rmtree(folder, ignore_errors=True)
    found = searching.records(collection)
    pagefind.make_index(
        program,
        (
            {
                "url": uri_of(record.docname),
                "content": record.words,
                "language": about["language"],
                "meta": _meta(record),
                "filters": None,
                "sort": None,
            }
            for record in found
        ),
        folder,
    )
    parts = {
        "columns": searching.packed(searching.columns(found, site)),
        "ids": searching.packed(searching.id_columns(pagefind.record_ids(folder, len(found))), repeats=False),
        "keywords": searching.packed(searching.keyword_columns(found)),
        "entries": searching.packed(searching.entry_column(found, collection), repeats=False),
    }
    manifest: dict[str, Any] = {
        **about,
        "count": len(found),
        "unspaced": searching.UNSPACED,
        "letters": searching.LETTERS,
        "dotted": searching.DOTTED,
        "common": searching.common_words(record.words for record in found),
    }
    for name, content in parts.items():
        file = f"mlwatch-{name}.{_hash(content)}.bin"
        (folder / file).write_bytes(content)
        manifest[name] = {"file": file, "size": len(content)}
    manifest["keywords"]["any"] = any(record.keywords for record in found)
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    (folder / _MANIFEST).write_text(text, encoding="utf-8")


def _meta(record: searching.Record) -> dict[str, str]:
    """Return what a result shows beside its words; Pagefind looks for words in it too."""
    meta = {"title": searching.spaced(record.title), "keywords": "\n".join(record.keywords)}
    meta |= {"source": record.source, "language": record.lang}
    return {name: text for name, text in meta.items() if text}


def publish(new: Path, folder: Path) -> None:
    """Move the files of *new* into *folder*, then remove what is left there of an older index.

    At each moment the manifest and the entry of Pagefind name files that are there, so a killed build leaves a search that works.
    """
    found = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
    names = [name for name in found if name != _MANIFEST]
    fixed = [name for name in names if not name.endswith(_HASHED)]
    for name in [*(name for name in names if name.endswith(_HASHED)), *fixed, _MANIFEST]:
        target = folder / name
        if name.endswith(_HASHED) and target.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(_HASHED):
            (new / name).replace(target)
        else:
            write_if_changed(target, (new / name).read_bytes())
    kept = {*names, _MANIFEST}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in kept:
            path.unlink()
