"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write *content* to *path* through a temporary file beside it, so that a killed process leaves no half file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".mlwatch-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # noqa: PTH101 - mkstemp gives 0600; a site's files are for all to read
        os.replace(name, path)  # noqa: PTH105 - a name, not a Path
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write *content* unless the file holds just that already; return whether it was written."""
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content)
    return True
