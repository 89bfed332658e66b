"""Which pages there are and which are older than their sources, asked without a path object for each question.

Sphinx 9 makes ten paths for each page at each build, which takes several times as long as what it asks of them: a third of
a build that finds nothing to do. What is in doubt is asked as Sphinx asks it. Where a later version no longer has what is
replaced, nothing is.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from sphinx import environment, project
from sphinx.builders import html
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.project import Project
from sphinx.util.matching import compile_matchers

from ..base.warnings import report
from ..core.problems import Code, Problem
from ..core.scan import NO_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

#: How the names of most pages' files end.
USUAL: Final = ".md"
#: Where the project keeps what looks like a page and is not a file.
_PIPES: Final = "mlwatch_pipes"
#: (added, changed, removed)
_Outdated = tuple[set[str], set[str], set[str]]
_files: Final = BuildEnvironment.get_outdated_files
_docs: Final = StandaloneHTMLBuilder.get_outdated_docs
_has_changed: Final[Any] = getattr(environment, "_has_doc_changed", None)
_build_info: Final[Any] = getattr(html, "BuildInfo", None)
_discover: Final = Project.discover
_never_pages: Final[Any] = getattr(project, "EXCLUDE_PATHS", None)


def register(app: Sphinx) -> None:
    """Put these in the place of Sphinx's own."""
    if _has_changed is not None and _build_info is not None:
        kind: Any = BuildEnvironment
        kind.get_outdated_files = get_outdated_files
        app.connect("builder-inited", _watch_output)
    if _never_pages is not None:
        finding: Any = Project
        finding.discover = discover
        app.connect("env-before-read-docs", _report_pipes)


class Places(dict[str, Path]):
    """Docname to path below the source folder; most follow from the name and :data:`USUAL`, and are made when asked for."""

    def __init__(self, docnames: frozenset[str]) -> None:
        self.docnames = docnames

    def __missing__(self, docname: str) -> Path:
        if docname not in self.docnames:
            raise KeyError(docname)
        return Path(docname + USUAL)

    def __reduce__(self) -> Any:
        return Places, (self.docnames,), None, None, iter(self.items())


def discover(
    found: Project, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)
) -> set[str]:
    """Find all pages below the source folder.

    Sphinx makes two path objects for each, and keeps them with the environment: half of what that takes to be read.
    """
    excluded, included = [*exclude_paths], [*include_paths]
    if not hasattr(found, "_docname_to_path"):
        return _discover(found, excluded, included)
    docnames: set[str] = set()
    others: dict[str, Path] = {}
    pipes: list[str] = []
    for name in _files_below(os.path.realpath(found.srcdir), included, [*excluded, *_never_pages]):
        suffix = next(filter(name.endswith, found.source_suffix), None)
        if suffix is None:
            continue
        path = f"{found.srcdir}/{name}"
        if suffix != USUAL and os.path.exists(path) and not isfile(path):  # noqa: PTH110, PTH113 - as below
            pipes.append(path)
            continue
        docname = name.removesuffix(suffix)
        if docname in docnames or not os.access(path, os.R_OK):
            return _discover(found, excluded, included)
        docnames.add(docname)
        if suffix != USUAL:
            others[docname] = Path(name)
    found.docnames.clear()
    found.docnames.update(docnames)
    places = Places(frozenset(docnames))
    places.update(others)
    vars(found)[_PIPES] = pipes
    vars(found)["_docname_to_path"] = places
    vars(found)["_path_to_docname"] = {path: docname for docname, path in others.items()}
    return found.docnames


def _report_pipes(_app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Report what looks like a page and is not a file; the catalogue has reported those that look like Markdown."""
    for path in vars(env.project).get(_PIPES, ()):
        report(Problem(path, 1, Code.UNREADABLE, NO_FILE))


def _files_below(folder: str, included: Iterable[str], excluded: Iterable[str]) -> Iterator[str]:
    """Give the paths below *folder* that ``sphinx.util.matching.get_matching_files`` gives, but go round in no circle."""
    wanted = compile_matchers(included)
    # One pattern for all: there are a dozen, and few fit anything.
    unwanted: list[Any] = compile_matchers(excluded)
    is_excluded = re.compile("|".join(f"(?:{matcher.__self__.pattern})" for matcher in unwanted)).match
    for root, folders, files in os.walk(folder, followlinks=True):
        below = os.path.relpath(root, folder).replace(os.sep, "/") + "/"
        start = "" if below == "./" else below
        for name in sorted(files):
            path = normalize("NFC", start + name)
            if any(matcher(path) for matcher in wanted) and not is_excluded(path):
                yield path
        folders[:] = [
            name
            for name in sorted(folders)
            if not is_excluded(normalize("NFC", start + name)) and not _leads_back(root, name)
        ]


def _leads_back(root: str, name: str) -> bool:
    """Tell whether the folder *name* in *root* is a link to a folder above it."""
    path = os.path.join(root, name)  # noqa: PTH118 - as os.walk has it
    return os.path.islink(path) and f"{os.path.realpath(root)}{os.sep}".startswith(  # noqa: PTH114
        f"{os.path.realpath(path)}{os.sep}"
    )


def get_outdated_files(env: BuildEnvironment, config_changed: bool) -> _Outdated:
    """Return the pages that are new, whose files are newer than what was read of them, and that are gone."""
    sources = _sources(env)
    if config_changed or not sources:
        return _files(env, config_changed)
    found, known = env.found_docs, env.all_docs
    doctrees = os.fspath(env.doctreedir)
    changed = set()
    for docname in found & known.keys():
        if (
            docname in env.reread_always
            or docname in env.dependencies
            or not isfile(f"{doctrees}/{docname}.doctree")  # noqa: PTH113 - ten thousand files
            or _modified(sources[docname]) > known[docname]
        ) and _has_changed(
            docname,
            filename=env.doc2path(docname),
            reread_always=env.reread_always,
            doctreedir=env.doctreedir,
            all_docs=known,
            dependencies=env.dependencies,
        ):
            changed.add(docname)
    return found - known.keys(), changed, known.keys() - found


def _watch_output(app: Sphinx) -> None:
    builder: Any = app.builder
    same = ("get_output_path", "get_outdated_docs")
    ours = all(getattr(type(builder), name, None) is getattr(StandaloneHTMLBuilder, name) for name in same)
    if ours and builder.templates:  # what holds no templates is not older than one
        builder.get_outdated_docs = lambda: _older_output(builder)


def _older_output(builder: Any) -> Iterator[str]:
    """Give the pages whose output is not there, or older than its source; as Sphinx does where settings or templates changed."""
    noted = builder.outdir / ".buildinfo"
    sources = _sources(builder.env)
    newest = int(builder.templates.newest_template_mtime() * 10**6)
    try:
        same = _build_info.load(noted) == builder.build_info and newest <= _modified(noted)
    except (OSError, ValueError):
        same = False
    if not same or not sources:
        yield from _docs(builder)
        return
    folder, suffix = os.fspath(builder.outdir), builder.out_suffix
    for docname in builder.env.found_docs:
        try:
            made = _modified(f"{folder}/{docname}{suffix}")
        except OSError:
            made = 0
        with suppress(OSError):  # its source has gone meanwhile
            if docname not in builder.env.all_docs or max(newest, _modified(sources[docname])) > made:
                yield docname


def _sources(env: BuildEnvironment) -> dict[str, str]:
    """Return each page's file; nothing where Sphinx no longer tells them."""
    folder = os.fspath(env.srcdir)
    others: Any = getattr(env.project, "_docname_to_path", None)
    if type(others) is not Places:
        return {}
    return {docname: f"{folder}/{others.get(docname) or docname + USUAL}" for docname in env.found_docs}


def _modified(path: str | os.PathLike[str]) -> int:
    """Return when a file was changed, in microseconds, rounded up, as ``sphinx.util.osutil`` has it."""
    return -(os.stat(path).st_mtime_ns // -1000)  # noqa: PTH116 - ten thousand files
