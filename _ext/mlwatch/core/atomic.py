"""The one file writer: a file is written whole or not at all.

New content goes to a temporary file beside the real one and takes its place in one step. A symbolic link stays a
link, a file keeps its mode, and a new file gets the mode that ``open`` would give it. The name of a temporary file
carries the process that writes it, so that :func:`remove_stale` can tell what a killed process has left.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .problems import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: The name of a temporary file: the process that writes it, and a random number.
_TEMPORARY: Final = re.compile(r"\.mlwatch-(\d+)-[0-9a-f]{16}\.tmp")
#: Temporary files younger than this are kept, in seconds: on a shared file system the process may run elsewhere.
_STALE_AGE: Final = 3600


class OutsideError(PermissionError):
    """A symbolic link in the project that leads out of it."""


def resolve(path: Path, roots: Sequence[Path] = ()) -> Path:
    """Return the file that *path* names, symbolic links followed.

    A path below one of *roots*, the folders of the project, may not lead out of all of them: raises OutsideError.
    """
    real = Path(os.path.realpath(path))
    named = Path(os.path.abspath(path))  # noqa: PTH100 - the links in it are what is judged
    inside = any(named.is_relative_to(os.path.abspath(folder)) for folder in roots)  # noqa: PTH100 - the same
    if inside and not any(real.is_relative_to(os.path.realpath(folder)) for folder in roots):
        message = (
            f"a symbolic link leads out of the project, to {quote(str(real), 500)}; "
            "replace the link with a file or folder of the project"
        )
        raise OutsideError(errno.EACCES, message, str(path))
    return real


def write_bytes(path: Path, content: bytes, roots: Sequence[Path] = ()) -> None:
    """Write *content* to *path*, which may not lead out of *roots* (see :func:`resolve`). Raises OSError."""
    with _naming(path):
        real = resolve(path, roots)
        temporary = _stage(real, content)
        try:
            temporary.replace(real)
        except BaseException:
            _remove(temporary)
            raise


def write_if_changed(path: Path, content: bytes, roots: Sequence[Path] = ()) -> bool:
    """Write *content*, making the folder if needed, unless *path* holds it already; return whether it was written."""
    real = resolve(path, roots)
    try:
        if real.read_bytes() == content:
            return False
    except OSError:
        make_folder(real.parent)
    write_bytes(path, content, roots)
    return True


def make_folder(folder: Path) -> None:
    """Make *folder* and those above it, where they are missing. Raises OSError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        above = (folder, *folder.parents)
        blocking = next((path for path in above if path.exists() and not path.is_dir()), folder)
        message = "a folder cannot be made here, because a file has its name; rename or remove the file"
        raise NotADirectoryError(errno.ENOTDIR, message, str(blocking)) from None


def write_all(changes: Mapping[Path, bytes], roots: Sequence[Path] = ()) -> None:
    """Write all *changes* to files that exist, or none: all are staged before the first takes its place.

    When one cannot take its place, or the program is interrupted, those before it get their old content back.
    Raises OSError.
    """
    staged: list[tuple[Path, Path, Path]] = []
    done: list[tuple[Path, bytes]] = []
    try:
        for path, content in changes.items():
            with _naming(path):
                real = resolve(path, roots)
                staged.append((path, real, _stage(real, content)))
        for path, real, temporary in staged:
            with _naming(path):
                done.append((real, real.read_bytes()))
                temporary.replace(real)
    except BaseException:
        for real, before in reversed(done):
            with suppress(OSError):
                write_bytes(real, before)
        raise
    finally:
        for _, _, temporary in staged[max(len(done) - 1, 0) :]:
            _remove(temporary)


def remove_stale(folder: Path, *, deep: bool = False) -> None:
    """Remove the temporary files that killed processes left in *folder*, and when *deep* in the folders below it.

    A file is removed only when it is old and its process no longer runs, so that no writer loses its file to another
    one. Hidden folders, and those whose names begin with an underscore, are not entered: no page is in there.
    """
    now = time.time()
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as scanned:
                entries = list(scanned)
        except OSError:
            continue
        for entry in entries:
            if entry.name[0] == "." and (found := _TEMPORARY.fullmatch(entry.name)):
                with suppress(OSError):  # another process has removed it meanwhile
                    age = now - entry.stat(follow_symlinks=False).st_mtime
                    if age > _STALE_AGE and not _runs(int(found[1])):
                        os.unlink(entry.path)  # noqa: PTH108 - a name, not a Path
            elif deep and entry.name[0] not in "._" and entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)


def _runs(process: int) -> bool:
    """Return whether *process*, another one than this, runs on this machine; on Windows age alone decides."""
    if process == os.getpid() or sys.platform == "win32":
        return False  # a file of this process's number is that of an earlier one: this one is not writing now
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it runs, and belongs to someone else
    return True


def _stage(real: Path, content: bytes) -> Path:
    """Write *content* to a temporary file beside *real*, with the mode of *real*; return the temporary file."""
    try:
        mode = real.stat().st_mode
    except FileNotFoundError:
        mode = 0
    if mode and not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "this is not a regular file; remove or rename it", str(real))
    temporary = real.parent / f".mlwatch-{os.getpid()}-{os.urandom(8).hex()}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
        if mode:  # a new file keeps the mode that it was made with
            temporary.chmod(stat.S_IMODE(mode))
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink()


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name *path* in an OSError, rather than the temporary file that its user has never seen."""
    try:
        yield
    except OutsideError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
