"""``mlwatch add``: entry pages from addresses."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from .common import counted, project_of, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from ..core.conf import Project
    from ..core.model import Entry
    from ..core.papers.bibfile import Shelf
    from ..web.lookup import Found


def _base(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    from ..core.urls import problem_with

    if value and (problem := problem_with(value)):
        raise click.BadParameter(problem, ctx=ctx)
    return value or None


def _mail(ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and not (
        value.isascii() and re.fullmatch(r"[^\s()<>;,@\x00-\x1f\x7f]+@[^\s()<>;,@\x00-\x1f\x7f]+", value)
    ):
        raise click.BadParameter(f"{value!r} is no mail address", ctx=ctx)
    return value


@click.command()
@click.argument("addresses", metavar="URL...", nargs=-1, required=True)
@click.option("--offline", is_flag=True, help="Ask no network: write what the address alone tells.")
@click.option("--dry-run", is_flag=True, help="Print the pages and the BibTeX records; write nothing.")
@click.option("--edit", is_flag=True, help="Open the new pages in $VISUAL or $EDITOR.")
@click.option(
    "--allow-private", is_flag=True, help="Fetch from private, loopback and link-local addresses too."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=60,
    show_default=True,
    help="Seconds for each page or registry at most, with redirects, retries and waits.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0, 600),
    default=1,
    show_default=True,
    help="Least seconds between two requests to one host, and before a first retry; arXiv gets three times this.",
)
@click.option(
    "--contact",
    envvar="MLWATCH_CONTACT",
    show_envvar=True,
    metavar="MAIL",
    default="",
    callback=_mail,
    help="Your mail address, told to the sites that are asked; Crossref serves those better who give one.",
)
@click.option(
    "--arxiv-api",
    envvar="MLWATCH_ARXIV_API",
    show_envvar=True,
    metavar="URL",
    callback=_base,
    help="Another address of arXiv's API.",
)
@click.option(
    "--crossref-api",
    envvar="MLWATCH_CROSSREF_API",
    show_envvar=True,
    metavar="URL",
    callback=_base,
    help="Another address of Crossref's API (the part before the DOI).",
)
@click.option(
    "--doi-resolver",
    envvar="MLWATCH_DOI_RESOLVER",
    show_envvar=True,
    metavar="URL",
    callback=_base,
    help="Another address of doi.org.",
)
@click.pass_context
def add(ctx: click.Context, /, addresses: tuple[str, ...], **options: Any) -> None:
    """Add articles: fetch each URL and write a page with what it tells, and records of the papers behind it.

    A URL may also be arXiv:2104.00298 or doi:10.1000/xyz. Prints the new pages; each problem goes to standard
    error, and one URL that fails does not stop the others.
    """
    if options["edit"] and options["dry_run"]:
        raise click.UsageError("--edit opens pages, and --dry-run writes none; give one of them")
    adding = _Adding(project_of(ctx), options)
    failed = 0
    for number, address in enumerate(addresses, 1):
        failed += not adding.add(address, f"{number} of {len(addresses)}: " if len(addresses) > 1 else "")
    if failed and len(addresses) > 1:
        click.echo(f"{len(addresses) - failed:,} added, {failed:,} not", err=True)
    if options["edit"] and adding.written:
        click.edit(filename=[str(path) for path in adding.written])
    ctx.exit(1 if failed else 0)


class _Adding:
    """What is common to all addresses of one run: the collection, which grows, and how it is asked."""

    def __init__(self, project: Project, options: dict[str, Any]) -> None:
        from ..core.papers.bibfile import Shelf

        self.project = project
        self.options = options
        catalogue = project.load()
        self.shelf: Shelf = Shelf(catalogue.bibliography.records.values())
        self.places: dict[str, tuple[str, str]] = {
            key: (entry.path, entry.title) for key, entry in catalogue.by_url.items()
        }
        self.taken = {docname.lower() for docname in catalogue.pages}
        self.written: list[Path] = []
        self.today = _today()
        self.look_up = self._lookup()

    def _lookup(self) -> Callable[[str], Found]:
        from ..web import registries
        from ..web.client import Client, Limits
        from ..web.lookup import Lookup

        options = self.options
        bases = [options["arxiv_api"], options["crossref_api"], options["doi_resolver"]]
        client = Client(
            limits=Limits(total=options["timeout"], pace=options["pace"]),
            private=options["allow_private"],
            contact=options["contact"],
        )
        asked = registries.Registries(
            client, *(base or usual for base, usual in zip(bases, registries.USUAL, strict=True))
        )
        lookup = Lookup(asked, self.shelf, self._watched, self.today)
        return lookup.offline if options["offline"] else lookup.online

    def _watched(self, url: str, title: str) -> None:
        from ..core.problems import shown_path
        from ..core.settings import fold
        from ..core.urls import identity
        from ..web.errors import WebError

        place, its_title = self.places.get(identity(url), ("", ""))
        if place and (not title or fold(title) == fold(its_title)):
            raise WebError(f"it is watched already: {shown_path(str(self.project.srcdir / place))}")

    def add(self, address: str, number: str) -> bool:
        """Add one article; say what goes wrong, and return whether it was added."""
        from ..core.problems import quote
        from ..web.errors import WebError

        shown = re.sub("//[^/]*@", "//…@", quote(address, 200)[1:-1])  # a password stays out of logs
        try:
            with _progress(f"{number}{shown}"):
                found = self.look_up(address)
            with writing(self.project, really=not self.options["dry_run"]):
                self.save(found)
        except WebError as error:
            click.echo(f"{shown}: {error}", err=True)
            return False
        for note in found.notes:
            click.echo(f"{shown}: note: {note}", err=True)
        return True

    def save(self, found: Found) -> None:
        """Write the page of *found*, after the records that it cites."""
        from ..core.urls import identity

        self._catch_up()
        self._watched(found.facts.url, found.facts.title)
        keys = tuple(
            dict.fromkeys(one if isinstance(one, str) else self.shelf.put(one) for one in found.papers)
        )
        records, self.shelf.added = self.shelf.added, {}
        if records and self.project.records is None:
            found.notes.append("bibtex_bibfiles in conf.py names no file, so the BibTeX records are left out")
            keys, records = tuple(key for key in keys if key not in records), {}
        entry = _entry(found, keys, self.project, self.today)
        path, text = self._page(entry)
        self.places[identity(entry.url)] = (path.relative_to(self.project.srcdir).as_posix(), entry.title)
        if self.options["dry_run"]:
            _show(self.project, path, text, records)
        else:
            _write(self.project, records, path, text)
            self.written.append(path)
            _tell(path, entry, len(records))

    def _catch_up(self) -> None:
        """Take up what other commands have written since this one began."""
        catalogue = self.project.load()
        for record in catalogue.bibliography.records.values():
            self.shelf.note(record)
        for key, entry in catalogue.by_url.items():
            self.places.setdefault(key, (entry.path, entry.title))
        self.taken |= {docname.lower() for docname in catalogue.pages}

    def _page(self, entry: Entry) -> tuple[Path, str]:
        """Return the file and the text of the page of *entry*; the file is a new one."""
        from ..core.writing import file_name, page_path, page_text

        while True:
            docname = file_name(entry, self.taken, self.project.settings.entries).lstrip("/")
            self.taken.add(docname.lower())
            path = page_path(self.project.srcdir, docname)
            if not path.exists():  # one that is excluded from the collection keeps its name
                return path, page_text(entry)


def _entry(found: Found, keys: tuple[str, ...], project: Project, today: date) -> Entry:
    from ..core.model import Entry
    from ..core.periods import parse
    from ..core.settings import fold

    facts, settings = found.facts, project.settings
    keywords = {
        fold(shown): shown for word in facts.keywords for shown in [settings.keywords.get(fold(word), word)]
    }
    own = facts.lang.split("-")[0].casefold()
    return Entry(
        docname="",
        path="",
        line=0,
        title=facts.title,
        source=settings.sources.get(fold(facts.source), facts.source),
        url=facts.url,
        date=facts.date,
        kind=facts.kind,
        authors=facts.authors,
        lang="" if own == project.language.split("_")[0].split("-")[0].casefold() else facts.lang,
        keywords=tuple(keywords.values()),
        links=facts.links,
        cite=keys,
        image=facts.image,
        added=parse(today.isoformat()),
        todo=found.todo,
    )


def _write(project: Project, records: dict[str, str], page: Path, text: str) -> None:
    """Write the records, then the page that cites them: a process that is killed in between leaves both sound."""
    from ..core.atomic import resolve, write_if_changed
    from ..core.papers.bibfile import with_records

    with _whole():
        resolve(page, project.roots)  # no record is written for a page that cannot be
        if records and project.records is not None:
            write_if_changed(project.records, with_records(project.records, records), project.roots)
        write_if_changed(page, text.encode(), project.roots)


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    """Let Ctrl-C wait until all that is inside is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _progress(doing: str) -> contextlib.AbstractContextManager[object]:
    """Show what is being done, on a terminal alone; nothing is printed meanwhile."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console
    from rich.markup import escape

    return Console(stderr=True).status(escape(doing))


def _today() -> date:
    """Return the day: that of SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), or today."""
    from datetime import UTC, date, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return date.today()  # noqa: DTZ011 - the curator's own day
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}; give a number of seconds") from None


def _show(project: Project, path: Path, text: str, records: dict[str, str]) -> None:
    from ..core.problems import shown_path

    click.echo(f"--- {shown_path(str(path))}\n{text}", nl=False)
    for record in records.values():
        click.echo(f"--- {shown_path(str(project.records))}\n{record}")


def _tell(path: Path, entry: Entry, records: int) -> None:
    from ..core.problems import shown_path

    shown = shown_path(str(path))
    click.echo(shown)
    about = ", ".join(part for part in (entry.source, entry.date.label if entry.date else "") if part)
    cited = f"; {counted(records, 'new BibTeX record', 'new BibTeX records')}" if records else ""
    click.echo(f"{shown}: added: {entry.title} ({about}){cited}", err=True)
