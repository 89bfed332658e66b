"""``conf.py`` for the command line: run without Sphinx, and looked at for the lines of its settings."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .problems import Code, Problem
from .settings import Settings, read

if TYPE_CHECKING:
    from .catalogue import Catalogue


class ConfError(Exception):
    """A ``conf.py`` that is not there or does not run; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where a project's parts are, its language, and its settings with what is wrong in them."""

    confdir: Path
    srcdir: Path
    settings: Settings
    problems: tuple[Problem, ...]
    bibfiles: tuple[Path, ...]
    exclude: tuple[str, ...]
    #: Where new BibTeX records go; None when ``bibtex_bibfiles`` names no file.
    records: Path | None = None
    #: The language of the site.
    language: str = "en"

    def load(self) -> Catalogue:
        """Read the catalogue."""
        from .catalogue import load

        return load(
            self.srcdir,
            self.settings,
            bibfiles=self.bibfiles,
            link_report=link_report_of(self.confdir, self.settings),
            exclude=self.exclude,
            cache=self.cache,
        )

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders of the project; no file of the project is written anywhere else."""
        return (self.confdir, self.srcdir)

    @property
    def cache(self) -> Path | None:
        """Where the catalogue is kept, None when nothing is."""
        return cache_path(self.confdir, self.srcdir)

    def remarks(self, catalogue: Catalogue) -> tuple[Problem, ...]:
        """Return what the rules say about the *catalogue* of this project."""
        from .collection import Collection
        from .rules import remarks

        kept = cache_path(self.confdir, self.srcdir, "remarks")
        return remarks(Collection(catalogue), self.language, kept)


def cache_path(confdir: Path, srcdir: Path, what: str = "catalogue") -> Path | None:
    """Return where the catalogue of a project, or *what* else of it, is kept, None when nothing is.

    Builds and the command line share it.
    """
    from .cache import folder_of

    folder = folder_of(confdir, srcdir)
    return folder / f"{what}.pickle" if folder else None


def bibfiles_of(confdir: Path, configured: Any) -> tuple[Path, ...]:
    """Return the .bib files of ``bibtex_bibfiles``; ``refs.bib`` beside ``conf.py`` when that is not set."""
    if configured is None:
        refs = confdir / "refs.bib"
        return (refs,) if refs.is_file() else ()
    if not isinstance(configured, (list, tuple)):
        return ()  # sphinxcontrib-bibtex says what it thinks of it
    return tuple(confdir / str(name) for name in configured)


def link_report_of(confdir: Path, settings: Settings) -> Path | None:
    """Return where the report of the last link check is looked for."""
    return confdir / settings.link_report if settings.link_report else None


def find_project(confdir: Path | None = None, srcdir: Path | None = None) -> Project:
    """Run the ``conf.py`` in *confdir*, or in the nearest folder upwards that has one.

    The sources are in *srcdir*, else in ``docs`` beside ``conf.py`` when that folder is there, else beside it.
    Raises ConfError.
    """
    if confdir is None:
        here = Path.cwd()
        confdir = next((folder for folder in (here, *here.parents) if (folder / "conf.py").is_file()), None)
        if confdir is None:
            raise ConfError(
                f"no conf.py in {here} or above; go to the project's folder, or give --conf FOLDER"
            )
    conf = confdir / "conf.py"
    values = run_conf(conf)
    relevant = ("mlwatch_", "myst_enable_extensions")
    settings, wrong = read({name: value for name, value in values.items() if name.startswith(relevant)})
    lines = setting_lines(conf) if wrong else {}
    problems = tuple(Problem(str(conf), lines.get(name, 1), Code.CONFIG, message) for name, message in wrong)
    if srcdir is None:
        srcdir = confdir / "docs" if (confdir / "docs").is_dir() else confdir
    elif not srcdir.is_dir():
        raise ConfError(f"the source folder {srcdir} is not there")
    exclude = values.get("exclude_patterns", [])
    configured, language = values.get("bibtex_bibfiles"), values.get("language")
    bibfiles = bibfiles_of(confdir, configured)
    return Project(
        confdir=confdir,
        srcdir=srcdir,
        settings=settings,
        problems=problems,
        bibfiles=bibfiles,
        exclude=tuple(p for p in exclude if isinstance(p, str)) if isinstance(exclude, (list, tuple)) else (),
        records=next(iter(bibfiles), confdir / "refs.bib" if configured is None else None),
        language=language if isinstance(language, str) else "en",
    )


class _Tags(set[str]):
    """Sphinx's tags as conf.py sees them; the command line has none."""

    def has(self, name: str) -> bool:
        return name in self


def run_conf(conf: Path) -> dict[str, Any]:
    """Run *conf* as Sphinx does, in its own folder, and return its names. Raises ConfError."""
    try:
        code = compile(conf.read_bytes(), str(conf), "exec")
    except (OSError, SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) else ""
        raise ConfError(f"{conf}{line}: {error.__class__.__name__}: {error}") from None
    namespace: dict[str, Any] = {"__file__": str(conf), "__name__": "__conf__", "tags": _Tags()}
    before, path = Path.cwd(), list(sys.path)
    try:
        os.chdir(conf.parent)
        with contextlib.redirect_stdout(sys.stderr):  # what we print may be JSON
            exec(code, namespace)  # noqa: S102 - conf.py is the project's own program
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever conf.py raises is told to its author
        line_number = _line_in(error, str(conf))
        raise ConfError(f"{conf}:{line_number}: {error.__class__.__name__}: {error}") from None
    finally:
        os.chdir(before)
        sys.path[:] = path
    return namespace


def _line_in(error: BaseException, filename: str) -> int:
    line, traceback = 1, error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def setting_lines(conf: Path) -> dict[str, int]:
    """Return the line at which each name is first assigned in *conf*."""
    try:
        tree = ast.parse(conf.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            lines.setdefault(node.id, node.lineno)
    return lines
