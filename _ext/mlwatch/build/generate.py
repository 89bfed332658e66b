"""Generated sources: what the page plan asks for is written, what it no longer asks for is removed."""

from __future__ import annotations

import os
from hashlib import blake2b
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from ..core.atomic import resolve, write_if_changed
from ..core.plan import blocked_folders, plan
from ..core.scan import MARKER, is_generated
from ..core.trust import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ..core.collection import Collection
    from ..core.plan import PlannedPage


def write_sources(
    collection: Collection, known: Mapping[str, bytes] | None = None, roots: Sequence[Path] = ()
) -> dict[str, bytes]:
    """Bring the generated sources below the source folder in line with the plan.

    A file is touched only when its text changes. A page that a person wrote is never replaced. Each
    folder gets a ``.gitignore`` that names its generated pages, so that Git offers only the others.
    Returns the docnames of the generated pages, with a hash of each source; *known* is what this gave when nothing
    that lies there was another (:func:`stamp_of`), which spares reading it. Pages whose folder cannot be made are
    skipped; the catalogue has a problem for each such folder. Nothing is written outside of *roots*, the folders of
    the project. Raises OSError.
    """
    known = known or {}
    srcdir = collection.catalogue.srcdir
    blocked = {path.relative_to(srcdir).as_posix() for path in blocked_folders(srcdir, collection.settings)}
    for folder in FOLDERS:
        resolve(srcdir / folder, roots)
    there = {path for folder in FOLDERS for path, entry in _below(srcdir, folder) if entry.is_file()}
    hashes: dict[str, bytes] = {}
    new: dict[Path, bytes] = {}
    for page in _possible(plan(collection), blocked):
        source = page.source().encode()
        hashed = blake2b(source, digest_size=16).digest()
        if known.get(page.docname) != hashed:
            name = f"{page.docname}.md"
            path = srcdir / name
            # A name that is not there may still be, where letters' case makes no difference.
            old = _read(path) if name in there or path.is_file() else None
            if (old is not None and not is_generated(old)) or f"{page.docname}.rst" in there:
                continue  # a person wrote it, in Markdown or in reStructuredText
            if old != source:
                new[path] = source
        hashes[page.docname] = hashed
    planned = [f"{docname}.md" for docname in hashes]
    for name in sorted(there.difference(planned)):
        if name.endswith(".md") and is_generated(_read(srcdir / name)):
            (srcdir / name).unlink()
    for path, source in new.items():
        write_if_changed(path, source, roots)
    names: dict[str, list[str]] = {folder: [] for folder in FOLDERS}
    for name in planned:
        folder, _, rest = name.partition("/")
        names[folder].append(rest)
    for folder in FOLDERS:
        if folder not in blocked:
            _ignore(srcdir / folder, names[folder], roots)
    return hashes


def _possible(pages: Iterable[PlannedPage], blocked: set[str]) -> Iterator[PlannedPage]:
    """Yield the *pages* that are in none of the folders *blocked*."""
    for page in pages:
        folders = page.docname.split("/")[:-1]
        if blocked.isdisjoint(accumulate(folders, "{}/{}".format)):
            yield page


def stamp_of(srcdir: Path) -> bytes:
    """Return a hash of the names, sizes and times of all that lies in the generated folders."""
    hashed = blake2b(digest_size=16)
    for folder in FOLDERS:
        hashed.update(f"{folder} {(srcdir / folder).exists()}\n".encode())  # it may be a file
        for path, entry in sorted(_below(srcdir, folder), key=itemgetter(0)):
            try:
                found = entry.stat()
            except OSError:
                found = entry.stat(follow_symlinks=False)  # a link that leads nowhere
            hashed.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return hashed.digest()


def _below(srcdir: Path, folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Give all that lies below *folder*, by its path below *srcdir* with slashes."""
    try:
        entries = list(os.scandir(srcdir / folder))
    except OSError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        yield path, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(srcdir, path)


def _read(path: Path) -> bytes:
    """Return the content of *path*; "" of one that cannot be read, which is then no page of ours."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _ignore(folder: Path, generated: list[str], roots: Sequence[Path]) -> None:
    """Write the folder's ``.gitignore``; remove it, and folders that are left empty, when nothing is generated."""
    ignore = folder / ".gitignore"
    if ignore.is_file() and not is_generated(_read(ignore)):
        return
    if generated:
        lines = [f"# {MARKER}", "/.gitignore", *(f"/{_escaped(name)}" for name in sorted(generated))]
        write_if_changed(ignore, ("\n".join(lines) + "\n").encode(), roots)
    else:
        ignore.unlink(missing_ok=True)
    if folder.is_dir():
        within = [path for path, entry in _below(folder.parent, folder.name) if entry.is_dir()]
        for sub in (folder.parent / path for path in sorted(within, reverse=True)):
            if not any(sub.iterdir()):
                sub.rmdir()
        if not any(folder.iterdir()):
            folder.rmdir()


def _escaped(name: str) -> str:
    return "".join(f"\\{char}" if char in "*?[]\\ " else char for char in name)
