"""What every page pays, paid once: the same bytes come out, sooner.

Each function says what it saves and where the cost lies. What they replace is looked up by name; where a
later version has it no more, nothing is replaced and the build is only slower.
"""

from __future__ import annotations

import atexit
import gc
import logging
import time
from copy import copy, deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemBytecodeCache
from sphinx.util.build_phase import BuildPhase

from ..parts.domain import domain_of
from . import titles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docutils import nodes
    from docutils.frontend import Values
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def register(app: Sphinx) -> None:
    """Connect all of it."""
    _collect_less()
    _keep_settings()
    _keep_parsers(app)
    _share_out(app)
    app.connect("builder-inited", _hush)
    app.connect("builder-inited", _keep_checksums)
    app.connect("source-read", _let_doctrees_go)
    app.connect("doctree-resolved", _let_doctrees_go)
    app.connect("env-before-read-docs", _read_lists_last)
    app.connect("builder-inited", _keep_templates)
    app.connect("html-page-context", _no_tree, priority=900)
    app.connect("html-page-context", _no_contents, priority=900)
    app.connect("builder-inited", _no_docutils_styles)
    titles.register(app)
    app.connect("doctree-resolved", _keep_stems)


def _hush(app: Sphinx) -> None:
    """Have no log record made of what nobody sees: events and transforms without ``-v`` (a twentieth of a build), progress with ``-q``."""
    if app.verbosity == 0:
        logging.getLogger("sphinx").setLevel(logging.WARNING if app.quiet else logging.INFO)


def _collect_less() -> None:
    """Let Python look for cycles less often: a doctree is one, thousands are made, and few are ever garbage.

    From the very first, for reading the environment of 10,000 pages makes a million objects that stay. And not
    at all when the process ends, which takes seconds with that environment in memory.
    """
    gc.set_threshold(200_000, 50, 100)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def _let_doctrees_go(app: Sphinx, *_page: Any) -> None:
    """Keep no doctree in memory that was read or written, nor its pickled form; it stays in its file.

    Sphinx keeps them all (``BuildEnvironment._write_doc_doctree_cache``, ``_pickled_doctree_cache``): 0.15 MB a page.
    """
    for name in ("_write_doc_doctree_cache", "_pickled_doctree_cache"):
        kept = getattr(app.env, name, None)
        if kept:
            kept.clear()


def _keep_settings() -> None:
    """Build docutils' option parser once for each kind of document, not twice for each page (an eighth of a build).

    ``sphinx.util.docutils._get_settings`` (Sphinx 9) and ``get_default_settings`` in MyST (5) make an
    ``optparse.OptionParser`` with 76 options for its default values alone.
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
        # Each page has a parser of its own; what settings there are depends on its class.
        classes = (component if isinstance(component, type) else type(component) for component in components)
        key = (named.get("read_config_files"), *classes)
        if key not in kept:
            kept[key] = make(*components, **(named | {"defaults": {}} if "defaults" in named else named))
        if getattr(kept[key], "_config_files", ()):  # a docutils.conf goes before the defaults
            return make(*components, **named)
        values = copy(kept[key])
        for name, value in vars(values).items():
            if type(value) in (list, dict):
                values.__dict__[name] = deepcopy(value)
        values.__dict__.update(named.get("defaults") or {})
        return values

    settings.kept = kept  # type: ignore[attr-defined] # tells that it was replaced already
    return settings


def _keep_parsers(app: Sphinx) -> None:
    """Use a Markdown parser again for the next page of the same settings (a twentieth of a build).

    ``myst_parser.parsers.mdit.create_md_parser`` (MyST 5) makes all rules and looks through all methods of the
    renderer each time. A parser that is in use, because one page is read within another, is never shared.
    """
    import myst_parser.parsers.sphinx_ as myst

    create: Any = getattr(myst, "create_md_parser", None)
    if create is None:
        return
    create = getattr(create, "made_by", create)
    kept: dict[int, tuple[Any, Any]] = {}  # the settings by their id, held so that it stays theirs
    busy: set[int] = set()

    def parser(config: Any, renderer: Any) -> Any:
        if config is not getattr(app.env, "myst_config", None) or id(config) in busy:
            return create(config, renderer)
        busy.add(id(config))
        if id(config) not in kept:
            kept.clear()
            kept[id(config)] = (config, create(config, renderer))
        return kept[id(config)][1]

    vars(parser)["made_by"] = create
    vars(myst)["create_md_parser"] = parser
    app.connect("source-read", lambda *_page: busy.clear())


def _share_out(app: Sphinx) -> None:
    """Have the processes of a parallel build take what they can hold: less memory, and all of them at work.

    ``Builder._read_parallel`` (Sphinx 9) has a process send back all that is known of all pages, pickled, after each
    260 pages. Here each process reads once, from the start, when nothing is known yet; pages are dealt out in turn.
    ``Builder._write_parallel`` resolves all pages as fast as it can, and keeps their doctrees for the processes that write,
    of which there is one fewer than was asked for. Here it waits for them, which leaves its processor to one more.
    """
    from sphinx import builders

    make: Any = getattr(builders, "make_chunks", None)
    tasks: Any = getattr(builders, "ParallelTasks", None)
    if make is None or not all(hasattr(tasks, name) for name in ("add_task", "_join_one", "terminate")):
        return
    make = getattr(make, "made_by", make)

    def make_chunks(arguments: Sequence[str], nproc: int, *more: Any, **named: Any) -> list[Any]:
        if app.phase is BuildPhase.READING:
            return [arguments[first::nproc] for first in range(min(nproc, len(arguments)))]
        parts: list[Any] = make(arguments, nproc, *more, **named)
        return parts

    vars(make_chunks)["made_by"] = make
    vars(builders)["make_chunks"] = make_chunks
    vars(builders)["ParallelTasks"] = _patient(getattr(tasks, "made_by", tasks))
    app.connect("builder-inited", _write_with_all)


def _write_with_all(app: Sphinx) -> None:
    """Have as many processes write as were asked for, and let go of the doctrees that they have written."""
    builder: Any = app.builder
    write = getattr(builder, "_write_parallel", None)
    if write is None:
        return

    def write_parallel(docnames: Sequence[str], nproc: int) -> None:
        # A doctree is a cycle, old when its page is written. The environment, which stays, is not looked through for it.
        thresholds = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(50_000, 4, 2)
        try:
            write(docnames, nproc + 1)
        finally:
            gc.set_threshold(*thresholds)
            gc.unfreeze()

    vars(builder)["_write_parallel"] = write_parallel


@cache
def _patient(tasks: Any) -> Any:
    """Return *tasks*, a class, as one that takes a task when a process is free for it.

    And that passes on that a process failed, which ``ParallelTasks.add_task`` (Sphinx 9) drops.
    """

    class Patient(tasks):  # type: ignore[misc] # what the class is, Sphinx decides
        made_by = tasks
        failed: Exception | None = None

        def add_task(self, *task: Any, **named: Any) -> None:
            super().add_task(*task, **named)
            while self.failed is None and self._precvs_waiting:
                if not self._join_one():
                    time.sleep(0.005)
            if self.failed is not None:
                raise self.failed

        def _join_one(self) -> bool:
            try:
                joined: bool = super()._join_one()
            except Exception as error:
                self.failed = error
                self.terminate()
                raise
            return joined

    return Patient


def _no_docutils_styles(app: Sphinx) -> None:
    """Keep docutils from looking for style sheets of its own, eight times a page, which Sphinx never links."""
    if app.builder.format == "html":
        app.env.settings["stylesheet_path"] = ""


def _keep_checksums(app: Sphinx) -> None:
    """Look up the checksum of a style sheet or script once a build, not once a page for each of a dozen.

    ``sphinx.builders.html._file_checksum`` resolves the path each time. Made anew for each build: files change.
    """
    from sphinx.builders import html

    checksum = getattr(html, "_file_checksum", None)
    if checksum is not None:
        vars(html)["_file_checksum"] = cache(getattr(checksum, "__wrapped__", checksum))


def _no_tree(app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Spare pydata-sphinx-theme the question whether its tree would be empty, on pages that do not show the tree.

    ``_get_ancestor_pagename`` turns all toctrees of the project over for each page: a sixth of writing 10,000
    pages, and it grows with the square.
    """
    trees = ("sidebar-nav-bs.html", "sbt-sidebar-nav.html")
    shown = context.get("sidebars") or ()
    if "suppress_sidebar_toctree" in context and not any(template in trees for template in shown):
        context["suppress_sidebar_toctree"] = lambda *_arguments, **_named: False


def _no_contents(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Spare the theme from parsing a page's contents, to look for sections, where there is none but the title.

    ``generate_toc_html`` of pydata-sphinx-theme has BeautifulSoup parse it, for print and for a button: a twentieth of writing.
    """
    drawn = context.get("generate_toc_html")
    if drawn is not None and app.env.toc_num_entries.get(pagename, 0) == 1:
        context["generate_toc_html"] = lambda kind="html": "" if kind == "html" else drawn(kind)


def _keep_templates(app: Sphinx) -> None:
    """Look whether the file of a template has changed once a build, not at each of thirty uses in a page; keep it compiled."""
    environment = getattr(getattr(app.builder, "templates", None), "environment", None)
    if environment is not None:
        environment.auto_reload = False
        folder = Path(app.doctreedir) / "mlwatch-templates"
        folder.mkdir(parents=True, exist_ok=True)
        environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def _read_lists_last(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read entries before pages that list others in toctrees.

    For each page that is read, ``TocTreeCollector.clear_doc`` goes through all pages that a toctree has named so far.
    """
    entries = domain_of(env).collection.catalogue.by_docname
    docnames.sort(key=lambda docname: (docname not in entries, docname))


def _keep_stems(app: Sphinx, _doctree: nodes.document, _docname: str) -> None:
    """Stem each word once a build; Sphinx's index does so once a page, in Python (a tenth of a build)."""
    language = getattr(getattr(app.builder, "indexer", None), "lang", None)
    if language is not None and not hasattr(language.stem, "cache_info"):
        language.stem = cache(language.stem)
