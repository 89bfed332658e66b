"""Generated sources: what the page plan asks for is written, what it no longer asks for is removed."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from ..core.atomic import write_if_changed
from ..core.plan import FOLDERS, plan
from ..core.scan import MARKER, is_generated

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.collection import Collection


def write_sources(collection: Collection) -> frozenset[str]:
    """Bring the generated sources below the source folder in line with the plan.

    A file is touched only when its text changes. A page that a person wrote is never replaced. Each
    folder gets a ``.gitignore`` that names its generated pages, so that Git offers only the others.
    Returns the docnames of the generated pages.
    """
    srcdir = collection.catalogue.srcdir
    wanted: dict[Path, str] = {}
    names: dict[str, list[str]] = {folder: [] for folder in FOLDERS}
    for page in plan(collection):
        path = srcdir / f"{page.docname}.md"
        if not _written_by_hand(path, srcdir, page.docname):
            wanted[path] = page.source()
            folder, _, name = page.docname.partition("/")
            names[folder].append(f"{name}.md")
    for folder in FOLDERS:
        for path in sorted((srcdir / folder).rglob("*.md")):
            if path not in wanted and _is_generated(path):
                path.unlink()
    for path, source in wanted.items():
        write_if_changed(path, source.encode())
    for folder in FOLDERS:
        _ignore(srcdir / folder, names[folder])
    return frozenset(f"{folder}/{name[:-3]}" for folder in FOLDERS for name in names[folder])


def stamp_of(srcdir: Path) -> bytes:
    """Return a hash of the names, sizes and times of all that lies in the generated folders."""
    hashed = blake2b(digest_size=16)
    for folder in FOLDERS:
        for path in sorted((srcdir / folder).rglob("*")):
            found = path.stat()
            hashed.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return hashed.digest()


def _written_by_hand(path: Path, srcdir: Path, docname: str) -> bool:
    """Tell whether a person wrote a page of this name, in Markdown or in reStructuredText."""
    return (path.is_file() and not _is_generated(path)) or (srcdir / f"{docname}.rst").is_file()


def _is_generated(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_generated(file.read(400))
    except OSError:
        return False


def _ignore(folder: Path, generated: list[str]) -> None:
    """Write the folder's ``.gitignore``; remove it, and folders that are left empty, when nothing is generated."""
    ignore = folder / ".gitignore"
    if ignore.is_file() and not _is_generated(ignore):
        return
    if generated:
        lines = [f"# {MARKER}", "/.gitignore", *(f"/{_escaped(name)}" for name in sorted(generated))]
        write_if_changed(ignore, ("\n".join(lines) + "\n").encode())
    else:
        ignore.unlink(missing_ok=True)
    if folder.is_dir():
        for sub in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
            if not any(sub.iterdir()):
                sub.rmdir()
        if not any(folder.iterdir()):
            folder.rmdir()


def _escaped(name: str) -> str:
    return "".join(f"\\{char}" if char in "*?[]\\ " else char for char in name)
