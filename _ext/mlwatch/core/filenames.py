"""Which names the files of pages can have, on this machine and on those of other people."""

from __future__ import annotations

import re
from typing import Final

#: Names that Windows reserves for devices, as a pattern, in lower case and without what follows a dot.
#: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED: Final = r"con|prn|aux|nul|conin\$?|conout\$?|com[\d¹²³]|lpt[\d¹²³]"
_DEVICE: Final = re.compile(RESERVED)
#: File systems take 255 bytes for a name, and Sphinx keeps the page ``name`` in a file ``name.doctree``.
_LONGEST: Final = 255 - len(".doctree")


def problem_with_name(path: str) -> str:
    """Return why no build can take the page at *path*, relative to the sources, by its name; "" when it can."""
    if not is_unicode(path):
        return (
            "the name of the file or of its folder is not UTF-8; the page is left out of the build: rename it"
        )
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    size, most = (len(f"{name}{dot}{suffix}".encode()) for name in (stem, "x" * _LONGEST))
    if size > most:
        return (
            f"the file name has {size} bytes, more than {most}, so that the names of files built from it would be "
            "too long; the page is left out of the build: shorten the name"
        )
    return ""


def is_unicode(path: str) -> bool:
    """Return whether *path*, as Python decodes names of files, is UTF-8 on disk."""
    return not any("\ud800" <= char <= "\udfff" for char in path)


def printable_path(path: str) -> str:
    r"""Return *path* with each byte that is not UTF-8 written as in ``caf\xe9.md``."""
    return (
        path
        if is_unicode(path)
        else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    )


def is_reserved(name: str) -> bool:
    """Return whether Windows reserves *name*, that of a file or folder, for a device."""
    return _DEVICE.fullmatch(name.partition(".")[0].rstrip(" ").lower()) is not None
