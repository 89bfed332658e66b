"""Results kept between runs: a file that costs time when it is lost, damaged or old, and never correctness."""

from __future__ import annotations

import gc
import pickle
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .atomic import make_folder, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator


def key_of(*known: object) -> bytes:
    """Hash what decides a result: *known*, by its repr, and the code of this floor."""
    here = Path(__file__).parent
    code = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(here.glob("*.py"))]
    return blake2b(repr((code, known)).encode("utf-8", "surrogateescape")).digest()


def load(path: Path | None, key: bytes) -> Any:
    """Return what was kept in *path* under *key*, else None."""
    if path is None:
        return None
    try:
        raw = path.read_bytes()
        with no_collections():
            found, kept = pickle.loads(raw)  # noqa: S301 - a file of our own, beside conf.py
    except Exception:  # noqa: BLE001 - whatever a damaged pickle raises, the cache is only a cache
        return None
    return kept if found == key else None


def save(path: Path | None, key: bytes, value: object) -> None:
    """Keep *value* in *path* under *key*; a folder that cannot be written to keeps nothing."""
    if path is None:
        return
    try:
        prepare(path.parent)
        write_bytes(path, pickle.dumps((key, value), pickle.HIGHEST_PROTOCOL))
    except OSError:
        pass  # a read-only checkout has no cache; it only reads everything again


def prepare(folder: Path) -> None:
    """Make the *folder* of the cache, which Git leaves out."""
    make_folder(folder)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_bytes(ignore, b"*\n")


@contextmanager
def no_collections() -> Iterator[None]:
    """Look for no garbage while many objects are made that are all kept: that would cost as much as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
