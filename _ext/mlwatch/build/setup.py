"""The course of a build: load the catalogue, write the generated sources, say what is wrong."""

from __future__ import annotations

import errno
import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.util import logging

from ..base.config import settings_of
from ..base.warnings import report, stop
from ..core.atomic import OutsideError, remove_stale, write_if_changed
from ..core.catalogue import load
from ..core.collection import Collection
from ..core.conf import bibfiles_of, cache_path, link_report_of
from ..core.history import last_changed, tracked_files
from ..core.problems import Code
from ..core.views import state
from ..parts.domain import domain_of
from .generate import stamp_of, write_sources
from .stale import Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx

    from ..parts.domain import MlDomain

_logger = logging.getLogger(__name__)

#: Of so many entries or more, what was read is kept from Python's search for garbage: it stays to the end of the build.
MANY: Final = 1_000
#: Problems for which the .bib files as they are would make sphinxcontrib-bibtex drop records.
_LOSSY = {Code.BIB_SYNTAX, Code.BIB_REPEATED, Code.BIB_MISSING, Code.ENCODING}


def refuse_doctrees(app: Sphinx, _config: Any) -> None:
    """Stop before Sphinx loads doctrees that a commit brought along (``config-inited``): loading a pickle can run a program."""
    folder = Path(app.doctreedir)
    if folder.is_dir() and (found := tracked_files(folder.resolve())):
        message = (
            "the file is tracked by Git, and a build would load it: the doctree folder holds Python pickles, which can run programs; "
            f'remove its files with "git rm -r --cached {folder}" and delete the folder, or name another folder with -d'
        )
        _logger.error(message, location=f"{folder / found[0]}:1")
        raise SystemExit(2)  # Sphinx shows a traceback for every exception, its own errors included


def load_collection(app: Sphinx) -> None:
    """Load the catalogue, report its problems, write the generated sources (``builder-inited``, before bibtex)."""
    confdir, srcdir = Path(app.confdir), Path(app.srcdir)
    settings = settings_of(app.config)
    bibfiles = bibfiles_of(confdir, app.config.bibtex_bibfiles)
    cache = cache_path(confdir, srcdir)
    remove_stale(srcdir, deep=True)
    for folder in (*([cache.parent] if cache else []), Path(app.doctreedir)):
        remove_stale(folder)
    with _located("the sources cannot be read"):
        catalogue = load(
            srcdir,
            settings,
            bibfiles=bibfiles,
            link_report=link_report_of(confdir, settings),
            exclude=app.config.exclude_patterns,
            cache=cache,
        )
    if len(catalogue.entries) >= MANY:
        gc.freeze()
    for problem in catalogue.problems:
        report(problem)
    domain = domain_of(app.env)
    domain.collection = collection = Collection(catalogue, cache_path(confdir, srcdir, "related"))
    if any(problem.code in _LOSSY for problem in catalogue.bibliography.problems):
        app.config.bibtex_bibfiles = [str(_clean_copy(app, collection))]
    with _located("the generated pages cannot be written"):
        _write_sources(domain, collection, (confdir, srcdir))
    if catalogue.entries and not domain.unchanged:
        _ = collection.related  # worked out once, before Sphinx starts further processes
    days = last_changed(srcdir) if settings.last_changed else {}
    domain.last_changed = {
        path.removesuffix(".md"): day for path, day in days.items() if path.endswith(".md")
    }


@contextmanager
def _located(what: str) -> Iterator[None]:
    """End the build with *what* is wrong and where when the file system refuses."""
    try:
        yield
    except OSError as error:
        message = f"{what}: {error.strerror or error}"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and not isinstance(error, OutsideError):
            message += "; give the user who builds access to the file and its folder"
        stop(message, f"{error.filename}:1")


def _write_sources(domain: MlDomain, collection: Collection, roots: Sequence[Path]) -> None:
    """Write the generated sources, unless neither they nor what they come from has changed since the last build.

    What is noted is saved with the pages that this build reads; those that it does not read show the same.
    """
    now = state(collection.catalogue)
    domain.unchanged = now == domain.data["state"]
    domain.data["state"] = now
    srcdir = collection.catalogue.srcdir
    stamp, sources = domain.data["sources"]
    untouched = stamp == stamp_of(srcdir)
    if not (domain.unchanged and untouched):
        sources = write_sources(collection, sources if untouched else None, roots)
        domain.data["sources"] = (stamp_of(srcdir), sources)
    domain.generated = frozenset(sources)


def _clean_copy(app: Sphinx, collection: Collection) -> Path:
    """Write the records that can be read to a file of our own, so that one mistake loses no other record."""
    path = Path(app.doctreedir) / "mlwatch-refs.bib"
    records = collection.catalogue.bibliography.records.values()
    write_if_changed(path, "\n\n".join(record.raw for record in records).encode())
    return path


def watch_output(app: Sphinx) -> None:
    """Connect what keeps the output right: pages to write again, output to remove."""
    written = Written()
    written.keep_index(app)
    app.connect("env-updated", written.pages_to_write, priority=900)
    app.connect("build-finished", written.finish)


def defaults(app: Sphinx, config: Any) -> None:
    """Set what ours needs of other extensions, where conf.py does not say otherwise (``config-inited``)."""
    if config.bibtex_bibfiles is None:
        config.bibtex_bibfiles = [path.name for path in bibfiles_of(Path(app.confdir), None)]
    # The scan takes ":::{mlentry}" for an entry too, so MyST must.
    config.myst_enable_extensions = sorted({*config.myst_enable_extensions, "colon_fence"})
    wanted = {
        "bibtex_default_style": "mlwatch",
        "bibtex_reference_style": "author_year",
        "bibtex_cite_id": "cite-{key}",
    }
    for name, value in wanted.items():
        if name not in config._raw_config and name not in config.overrides:  # noqa: SLF001 - Sphinx has no public "was it set"
            config[name] = value
