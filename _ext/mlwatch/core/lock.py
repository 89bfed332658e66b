"""One writer at a time: commands that read files, and write them changed, wait for each other.

The lock is the operating system's, on a file in the project's cache folder. It ends with the process that holds it, however
that ends, so no lock is ever left behind; the file itself stays and means nothing.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PAUSE: Final = 0.05  # seconds between two looks at a lock that another holds


@contextmanager
def writing(folder: Path | None, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Hold the lock of the cache *folder*; call *waiting* once when another process holds it.

    Without a folder that can be written to, and on a file system without locks, there is none: there the commands go on.
    """
    handle = _opened(folder) if folder else None
    if handle is None:
        yield
        return
    try:
        told = False
        while not _taken(handle):
            if not told:
                told = True
                waiting()
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)  # this gives the lock back


def _opened(folder: Path) -> int | None:
    from .cache import prepare

    try:
        prepare(folder)
        return os.open(folder / "write.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        """Take the lock if it is free; the first byte of the file stands for all of it."""
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _taken(handle: int) -> bool:
        """Take the lock if it is free."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # this file system knows no locks
        return True
