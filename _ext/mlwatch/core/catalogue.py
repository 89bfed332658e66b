"""The catalogue: every entry of a source folder and everything that is wrong, read without Sphinx."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from . import linkreport
from .filenames import printable_path
from .plan import blocked_folders
from .problems import Code, Hints, Problem, quote, shown_path
from .scan import UNREADABLE, Scanned, scan
from .series import check_issues, check_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .bibtex import Bibliography
    from .linkreport import Checked, LinkReport
    from .model import Entry
    from .settings import Settings


@dataclass(frozen=True)
class Catalogue:
    """All entries (in the order of their docnames), the bibliography, the report on links and every problem."""

    srcdir: Path
    settings: Settings
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    bibliography: Bibliography
    pages: dict[str, Scanned]
    by_docname: dict[str, Entry]
    by_url: dict[str, Entry]
    links: LinkReport | None = None

    @cached_property
    def health(self) -> dict[str, dict[str, Checked]] | None:
        """Docname to the addresses of an entry with what the last link check found; None when no check is known."""
        if self.links is None or not self.links.links:
            return None
        return {entry.docname: linkreport.health(entry, self.by_url, self.links) for entry in self.entries}

    @property
    def unreadable(self) -> frozenset[str]:
        """Docnames of the pages that must be left out of a build."""
        return frozenset(
            docname
            for docname, page in self.pages.items()
            if any(note.code in UNREADABLE for note in page.notes)
        )


def load(
    srcdir: Path,
    settings: Settings,
    *,
    bibfiles: Iterable[Path] = (),
    link_report: Path | None = None,
    exclude: Iterable[str] = (),
    cache: Path | None = None,
) -> Catalogue:
    """Read the pages below *srcdir*, except where a pattern of *exclude* fits, the *bibfiles*, and the *link_report*.

    *exclude* has the form of Sphinx's ``exclude_patterns``. *cache* is a file to keep results in.
    Never raises for what a page holds; an unreadable folder raises OSError.
    """
    from .bibtex import read as read_bibliography

    pages, strays = scan(srcdir, settings, exclude, cache)
    entries = tuple(page.entry for _, page in sorted(pages.items()) if page.entry is not None)
    bibliography = read_bibliography(bibfiles, cache and cache.with_suffix(".bib.pickle"))
    problems: list[Problem] = []
    for docname, page in pages.items():
        if page.notes:
            path = printable_path(str(srcdir / f"{docname}.md"))
            problems += [Problem(path, note.line, note.code, note.message) for note in page.notes]
    problems += [Problem(str(srcdir / path), note.line, note.code, note.message) for path, note in strays]
    by_url: dict[str, Entry] = {}
    for entry in entries:
        if entry.url:
            first = by_url.setdefault(pages[entry.docname].identity, entry)
            if first is not entry:
                problems.append(_duplicate(srcdir, entry, first, pages))
    problems += _check_references(srcdir, entries, pages, settings, bibliography)
    problems += [_blocked(path) for path in blocked_folders(srcdir, settings)]
    problems += bibliography.problems
    links = (
        linkreport.read(link_report, cache and cache.with_suffix(".links.pickle")) if link_report else None
    )
    problems += links.problems if links else ()
    return Catalogue(
        srcdir=srcdir,
        settings=settings,
        entries=entries,
        problems=tuple(sorted(set(problems))),
        bibliography=bibliography,
        pages=pages,
        by_docname={entry.docname: entry for entry in entries},
        by_url=by_url,
        links=links,
    )


def _blocked(path: Path) -> Problem:
    message = (
        "a folder of generated pages cannot be made here, because a file has its name; "
        "the pages are left out of the build: rename or remove the file"
    )
    return Problem(str(path), 1, Code.BLOCKED_FOLDER, message)


def _duplicate(srcdir: Path, entry: Entry, first: Entry, pages: dict[str, Scanned]) -> Problem:
    line = pages[entry.docname].lines.get("url", entry.line)
    message = (
        f"{quote(entry.url)} is watched already at {shown_path(str(srcdir / first.path))}:"
        f"{pages[first.docname].lines.get('url', first.line)}; merge the two pages into one"
    )
    return Problem(str(srcdir / entry.path), line, Code.DUPLICATE, message)


def _check_references(
    srcdir: Path,
    entries: tuple[Entry, ...],
    pages: dict[str, Scanned],
    settings: Settings,
    bibliography: Bibliography,
) -> Iterator[Problem]:
    """Check what pages name elsewhere: citation keys, series, issues, sections."""
    hints = Hints()

    def no_record(key: str) -> str:
        hint = hints.suggest("record", key, bibliography.records) or "; add the record to the .bib file"
        return f"no BibTeX record has the key {quote(key)}{hint}"

    for docname, page in pages.items():
        for key, line in page.cites:
            if key not in bibliography.records:
                yield Problem(str(srcdir / f"{docname}.md"), line, Code.CITE, no_record(key))
    for entry in entries:
        found = [("cite", Code.CITE, no_record(key)) for key in entry.cite if key not in bibliography.records]
        for option, code, message in (*found, *check_issues(entry, settings)):
            line = pages[entry.docname].lines.get(option, entry.line)
            yield Problem(str(srcdir / entry.path), line, code, message)
    for entry, message in check_numbers(entries, settings):
        line = pages[entry.docname].lines.get("digest", entry.line)
        yield Problem(str(srcdir / entry.path), line, Code.BAD_ISSUE, message)
