"""What Git knows: when each page was last changed, and which files it tracks."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def last_changed(srcdir: Path) -> dict[str, str]:
    """Return path below *srcdir* to the day (``2021-09-16``) of the last commit that changed it.

    One run of ``git log`` for all pages. Empty without Git, outside a repository, and in a shallow
    clone, where the days would be wrong.
    """
    shallow = _git(srcdir, "rev-parse", "--is-shallow-repository")
    if shallow is None or shallow.strip() != "false":
        return {}
    log = _git(
        srcdir,
        "-c",
        "core.quotePath=false",
        "log",
        "--format=%x00%cs",
        "--name-only",
        "--no-renames",
        "--relative",
        "-z",
        "--",
        ".",
    )
    days: dict[str, str] = {}
    day = ""
    # With -z: NUL, day, NUL, LF, path, NUL, path, NUL …
    for part in (log or "").split("\0"):
        word = part.strip("\n")
        if len(word) == 10 and word[4] == word[7] == "-" and word[:4].isdigit() and "/" not in word:
            day = word
        elif word:
            days.setdefault(word, day)
    return days


def tracked_files(folder: Path) -> list[str]:
    """Return the paths below *folder* that Git tracks; none without Git and outside a repository."""
    # A folder of another user, as in a container, is looked at too: nothing of it is run.
    listed = _git(folder, "-c", "safe.directory=*", "ls-files", "-z", "--", ".")
    return (listed or "").rstrip("\0").split("\0") if listed else []


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", *arguments],  # noqa: S607 - the user's Git
            cwd=folder,
            capture_output=True,
            check=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
