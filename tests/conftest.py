"""What all tests share: a calm hypothesis, a package that subprocesses find too, small collections to look at."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlwatch.core.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent
EXT = ROOT / "_ext"

# What hypothesis keeps for itself does not belong into the work tree.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / f"mlwatch-hypothesis-{os.getuid()}")

# The same examples in every run, none of them kept in the work tree. HYPOTHESIS_PROFILE=search looks further.
settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("search", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_CACHE = tempfile.TemporaryDirectory(prefix="mlwatch-cache-")


def pytest_configure() -> None:
    """Let the processes that tests start import the package of this checkout, and keep nothing in the user's cache."""
    os.environ["MLWATCH_CACHE_DIR"] = _CACHE.name
    before = os.environ.get("PYTHONPATH", "")
    if str(EXT) not in before.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(EXT), before)))


def pytest_unconfigure() -> None:
    """Remove what the tests have kept."""
    _CACHE.cleanup()


class Markdown(Protocol):
    """Makes the source of an entry's page."""

    def __call__(self, title: str = ..., *, body: str = ..., **options: str | None) -> str: ...


class Collect(Protocol):
    """Writes pages into a source folder and loads their catalogue."""

    def __call__(
        self,
        pages: Mapping[str, str | bytes],
        *,
        bib: str = ...,
        exclude: Iterable[str] = ...,
        cache: Path | None = ...,
        **values: Any,
    ) -> Catalogue: ...


def markdown(title: str = "An article", *, body: str = "", **options: str | None) -> str:
    """Return the source of an entry's page; an option that is None is left out, ``alt_title`` is ``alt-title``."""
    given: dict[str, str | None] = {"source": "Someone", **options}
    lines = [
        f":{name.replace('_', '-')}: {text}".rstrip() for name, text in given.items() if text is not None
    ]
    return "\n".join([f"# {title}", "", "```{mlentry}", *lines, "```", "", body]).rstrip() + "\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write *files* (path below *folder* to content), making folders on the way."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def md() -> Markdown:
    return markdown


@pytest.fixture
def srcdir(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


@pytest.fixture
def collect(srcdir: Path) -> Collect:
    def load_pages(
        pages: Mapping[str, str | bytes],
        *,
        bib: str = "",
        exclude: Iterable[str] = (),
        cache: Path | None = None,
        **values: Any,
    ) -> Catalogue:
        from mlwatch.core.catalogue import load
        from mlwatch.core.settings import read

        write(srcdir, pages)
        bibfiles = []
        if bib:
            bibfiles = [srcdir.parent / "refs.bib"]
            bibfiles[0].write_text(bib, encoding="utf-8")
        read_settings, wrong = read({f"mlwatch_{name}": value for name, value in values.items()})
        assert not wrong
        return load(srcdir, read_settings, bibfiles=bibfiles, exclude=exclude, cache=cache)

    return load_pages
