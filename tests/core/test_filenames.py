"""Names of files: which of them a build can take, which other systems refuse, and how they are shown."""

from __future__ import annotations

import ntpath
import os
import posixpath

import pytest

from mlwatch.core.filenames import is_reserved, printable_path, problem_with_name
from mlwatch.parts.navigation import path_from


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"entries/{'a' * 247}.md", ""),
        (f"entries/{'a' * 248}.md", "251 bytes, more than 250"),
        (f"entries/{'题' * 82}.md", ""),
        (f"entries/{'题' * 83}.md", "252 bytes, more than 250"),
        ("entries/caf\udce9.md", "not UTF-8"),
        ("caf\udce9/a.md", "not UTF-8"),
    ],
)
def test_names_that_no_build_can_take_are_told_from_others(path: str, why: str) -> None:
    assert why in problem_with_name(path)
    assert bool(problem_with_name(path)) == bool(why)


@pytest.mark.parametrize(
    "name", ["con.md", "NUL.md", "aux", "Com1.tar.gz", "lpt9.md", "con .md", "CONIN$", "com¹.md"]
)
def test_names_of_devices_are_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["conference.md", "console", "com.md", "com10.md", "null.md", "a.con"])
def test_names_that_only_look_like_devices_are_free(name: str) -> None:
    assert not is_reserved(name)


def test_bytes_that_are_not_unicode_are_shown() -> None:
    assert printable_path(os.fsdecode(b"caf\xe9/\xe9\x9d\xa2.md")) == "caf\\xe9/面.md"


def test_a_path_on_another_drive_is_kept_whole() -> None:
    assert path_from("C:\\site", "D:\\python\\mlwatch\\static", ntpath) == "D:\\python\\mlwatch\\static"
    assert path_from("C:\\site", "C:\\python\\static", ntpath) == "..\\python\\static"
    assert path_from("/site", "/python/static", posixpath) == "../python/static"
