"""Which pages are older than their sources, asked without a path object for each question.

Sphinx 9 joins five paths for each page at each build, which takes several times as long as what it asks of them: a fifth of
a build that finds nothing to do. What is in doubt is asked as Sphinx asks it. Where a later version no longer has what is
replaced, nothing is.
"""

from __future__ import annotations

import os
from contextlib import suppress
from os.path import isfile
from typing import TYPE_CHECKING, Any, Final

from sphinx import environment
from sphinx.builders import html
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

#: (added, changed, removed)
_Outdated = tuple[set[str], set[str], set[str]]
_files: Final = BuildEnvironment.get_outdated_files
_docs: Final = StandaloneHTMLBuilder.get_outdated_docs
_has_changed: Final[Any] = getattr(environment, "_has_doc_changed", None)
_build_info: Final[Any] = getattr(html, "BuildInfo", None)


def register(app: Sphinx) -> None:
    """Put these in the place of Sphinx's own."""
    if _has_changed is not None and _build_info is not None:
        kind: Any = BuildEnvironment
        kind.get_outdated_files = get_outdated_files
        app.connect("builder-inited", _watch_output)


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
    places: dict[str, Any] = getattr(env.project, "_docname_to_path", {})
    return {docname: f"{folder}/{path}" for docname, path in places.items()}


def _modified(path: str | os.PathLike[str]) -> int:
    """Return when a file was changed, in microseconds, rounded up, as ``sphinx.util.osutil`` has it."""
    return -(os.stat(path).st_mtime_ns // -1000)  # noqa: PTH116 - ten thousand files
