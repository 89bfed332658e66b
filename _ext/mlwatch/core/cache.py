"""Results kept between runs: files that cost time when they are lost, damaged or old, and never correctness.

They are pickles, and what they hold is believed without being checked again. So they are kept where no checkout can put
a file: in the user's cache folder, never beside the sources. Loading one makes nothing but our own records
(:class:`_Unpickler`), in case such a folder is shared after all.
"""

from __future__ import annotations

import gc
import os
import pickle
import re
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .atomic import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names a folder for the caches of all projects in place of the usual one, such as a folder that CI keeps between runs.
VARIABLE: Final = "MLWATCH_CACHE_DIR"
#: What installs the libraries whose results are kept, as its folder in site-packages is called.
_INSTALLED: Final = re.compile(
    r"(?:markdown_it_py|mdit_py_plugins|pyyaml|pybtex)-.*\.(?:dist|egg)-info", re.IGNORECASE
)
#: Where our records are declared.
_MODULES: Final = ("mlwatch.core.", "mlwatch.build.")
#: A project's folder; one that no run has written to for so many seconds goes when another is made.
_FOLDER: Final = re.compile(r"[0-9a-f]{16}")
_OLD: Final = 90 * 24 * 3600


def folder_of(confdir: Path, srcdir: Path) -> Path | None:
    """Return the folder for what is kept of a project, None when no folder is safe from the project's own files."""
    home = _home()
    if home is None:
        return None
    confdir, srcdir, home = confdir.resolve(), srcdir.resolve(), home.resolve()
    if home.is_relative_to(_checkout(confdir)) or home.is_relative_to(_checkout(srcdir)):
        return None
    name = blake2b(b"\0".join(map(os.fsencode, (confdir, srcdir))), digest_size=8).hexdigest()
    return home / name


def _home() -> Path | None:
    """Return the folder for the caches of all projects, as the platform has it, None when the user has no home."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    try:
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            return Path(local or Path.home() / "AppData" / "Local") / "mlwatch" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "mlwatch"
        base = os.environ.get(
            "XDG_CACHE_HOME", ""
        )  # the XDG Base Directory Specification ignores a relative path
        return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "mlwatch"
    except RuntimeError:
        return None


def _checkout(folder: Path) -> Path:
    """Return the root of the checkout that *folder* is in, *folder* itself when it is in none."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def key_of(*known: object) -> bytes:
    """Hash what decides a result: *known*, by its repr, our code, the libraries that it uses, and Python."""
    return blake2b(
        repr((_code(), _libraries(), sys.version, known)).encode("utf-8", "surrogateescape")
    ).digest()


@cache
def _code() -> bytes:
    """Hash the code of this floor by its content: time stamps differ between two checkouts of the same code."""
    hashed = blake2b()
    here = Path(__file__).parent
    for folder, folders, names in os.walk(here):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".py"):
                with open(f"{folder}{os.sep}{name}", "rb", buffering=0) as file:  # noqa: PTH123 - a hundred files
                    content = file.readall()
                hashed.update(f"{folder[len(str(here)) :]}/{name}:{len(content)}\n".encode() + content)
    return hashed.digest()


@cache
def _libraries() -> tuple[str, ...]:
    """Return the names and versions of the libraries, from the names of their folders: importlib.metadata takes 20 ms."""
    found: set[str] = set()
    for place in sys.path:
        try:
            found.update(filter(_INSTALLED.fullmatch, os.listdir(place or ".")))  # noqa: PTH208 - no Path is needed
        except OSError:
            continue  # an archive, or nothing
    return tuple(sorted(found))


class _Unpickler(pickle.Unpickler):
    """Makes our own records (named tuples, data classes, enumerations), dates and plain data, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return date
        if module.startswith(_MODULES) and "." not in name:
            found = super().find_class(module, name)
            if (
                isinstance(found, type)
                and found.__module__ == module
                and (is_dataclass(found) or issubclass(found, (tuple, Enum)))
            ):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a record of ours")


def load(path: Path | None, key: bytes) -> Any:
    """Return what was kept in *path* under *key*, else None."""
    if path is None:
        return None
    try:
        raw = path.read_bytes()
        with no_collections():
            found, kept = _Unpickler(BytesIO(raw)).load()
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
        pass  # without a home folder there is no cache; everything is only read again


def prepare(folder: Path) -> None:
    """Make the *folder*, for its owner alone, and remove those of projects that are not used any more."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _FOLDER.fullmatch(folder.name):
        return
    oldest = time.time() - _OLD
    for other in folder.parent.iterdir():
        if _FOLDER.fullmatch(other.name) and all(
            path.lstat().st_mtime < oldest for path in (other, *other.iterdir())
        ):
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def no_collections() -> Iterator[None]:
    """Disable the cyclic garbage collector while many objects are made that are all kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
