"""``mlwatch import``: collections that are kept elsewhere become pages."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import counted, project_of, writing
from .progress import Bars

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.importing import Plan

#: How many lines that were not understood the terminal shows of each import; the report has all.
_SHOWN = 20


def _formats(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    from ..core.importers import IMPORTERS

    if value is not None and value not in IMPORTERS:
        raise click.BadParameter(f"there is no format {value!r}; there are: {', '.join(IMPORTERS)}", ctx=ctx)
    return value


@click.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--format",
    "form",
    callback=_formats,
    metavar="NAME",
    help="The format of the files; else each file's is found by its content and name.",
)
@click.option(
    "--source", default="", metavar="NAME", help="The source of entries that give none; else by their host."
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write what became of every entry, and every line not understood, to FILE as JSON.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and write no page.")
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    form: str | None,
    source: str,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Bring collections that are kept elsewhere into this one.

    Makes a page for each article that is not here yet, and adds to the pages that are; what a person wrote
    stays. Every line of each FILE is accounted for. Importing a file again changes nothing.

    Ends with 1 when a file could not be imported.
    """
    from ..core.atomic import remove_stale, write_if_changed
    from ..core.importing import plan, write

    project = project_of(ctx)
    with writing(project, really=not dry_run), Bars() as progress:
        made = plan(
            project.load(),
            files,
            form=form,
            source=source,
            bibfile=project.records is not None,
            tick=progress.ticker("reading"),
        )
        if not dry_run:
            with _BetweenPages(progress.ticker("writing")) as tick:
                write(made, project.srcdir, project.records, project.roots, tick)
    if report:
        content = json.dumps(made.report(), ensure_ascii=False, indent=2) + "\n"
        remove_stale(report.parent)
        write_if_changed(report, content.encode("utf-8", "surrogatepass"), project.roots)
    _show(made, dry_run=dry_run)
    ctx.exit(1 if made.failures else 0)


def _show(made: Plan, *, dry_run: bool) -> None:
    """Print the table of files, the lines that were not understood, and what was done."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=False)
    table = Table("file", "format", "lines", "became", box=None, pad_edge=False)
    for name, uses in made.uses.items():
        became = ", ".join(f"{use} {number}" for use, number in sorted(uses.items(), key=_by_number))
        table.add_row(escape(name), escape(made.formats[name]), str(sum(uses.values())), escape(became))
    if made.uses:
        console.print(table)
    for one in made.unparsed[:_SHOWN]:
        click.echo(f"{one.file}:{one.line}: not understood: {one.why}: {one.text[:100]}")
    if len(made.unparsed) > _SHOWN:
        click.echo(f"and {len(made.unparsed) - _SHOWN:,} more; --report FILE writes all")
    for failure in made.failures:
        click.echo(f"{failure.file}: cannot be imported: {failure.why}", err=True)
    for advice in made.advice:
        click.echo(advice)
    items = counted(len(made.outcomes), "item", "items")
    done = ", ".join(f"{made.count(action):,} {action}" for action in ("created", "merged", "unchanged"))
    left = counted(len(made.unparsed), "line", "lines")
    if made.records:
        click.echo(f"{counted(len(made.records), 'BibTeX record', 'BibTeX records')} added")
    click.echo(f"{items}: {done}; {left} not understood{'; nothing was written' if dry_run else ''}")


def _by_number(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


class _BetweenPages:
    """Lets Ctrl-C wait until the page that is being written is there whole."""

    def __init__(self, tick: Callable[[int, int], None]) -> None:
        self._tick = tick
        self._wanted = False
        self._before: object = None

    def __enter__(self) -> Callable[[int, int], None]:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self._after_page

    def __exit__(self, *_error: object) -> None:
        if callable(self._before) or isinstance(self._before, signal.Handlers):
            signal.signal(signal.SIGINT, self._before)

    def _note(self, _number: int, _frame: object) -> None:
        self._wanted = True

    def _after_page(self, done: int, count: int) -> None:
        if self._wanted:
            raise KeyboardInterrupt
        self._tick(done, count)
