"""``mlwatch list``: the entries of the collection, those that a filter names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..core.problems import shown_path
from .common import counted, echo_json, filter_of, order_of, printable, project_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.model import Entry
    from ..core.settings import Settings


@click.command("list")
@click.argument("filter_", metavar="[FILTER]...", nargs=-1)
@click.option("--sort", metavar="KEYS", help="The order: date, star, title ..., or several as star,-date.")
@click.option("--reverse", is_flag=True, help="The order the other way round.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N entries.")
@click.option("--json", "as_json", is_flag=True, help="Print all fields of every entry as JSON.")
@click.option("--paths", is_flag=True, help="Print the path of every entry's page alone.")
@click.pass_context
def list_(
    ctx: click.Context,
    filter_: tuple[str, ...],
    sort: str | None,
    reverse: bool,
    limit: int | None,
    as_json: bool,
    paths: bool,
) -> None:
    """Print the entries that fit a filter, or all; in the order of the pages' names.

    A filter has words and names with values, such as star keyword:nlp date:2021-09..2022-02; they are joined
    by and, or, not and parentheses. Put it into single quotes where the shell reads its characters.
    """
    from ..core.filters import select, unknown

    if as_json and paths:
        raise click.UsageError("--json and --paths cannot both be printed; give one of them")
    project = project_of(ctx)
    order = order_of(sort or "page", reverse=reverse)
    catalogue = project.load()
    fits = filter_of(filter_, catalogue)
    entries = catalogue.entries
    found = select(entries, fits, order, limit)
    for told in () if found else unknown(fits, entries):
        click.echo(told, err=True)
    if as_json:
        echo_json([_as_dict(entry, project.settings) for entry in found])
    elif paths:
        for entry in found:
            click.echo(shown_path(str(project.srcdir / entry.path)))
    elif sys.stdout.isatty():
        _print_table(found)
        total = counted(len(entries), "entry", "entries")
        click.echo(f"{len(found):,} of {total}" if fits.text or limit else total, err=True)
    else:
        for entry in found:
            date = entry.date.label if entry.date else ""
            click.echo(f"{entry.docname}\t{date}\t{entry.source}\t{entry.title}")


def _as_dict(entry: Entry, settings: Settings) -> dict[str, object]:
    from ..core.series import issues_of
    from ..core.topics import topics_of

    return {
        **entry.as_dict(),
        "topics": [topic.id for topic in topics_of(entry, settings)],
        "digests": [str(issue) for issue in issues_of(entry, settings)],
    }


def _print_table(entries: Sequence[Entry]) -> None:
    """Print a table as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Date", no_wrap=True)
    table.add_column("★", no_wrap=True)
    table.add_column("Title", ratio=3, overflow="fold")
    table.add_column("Source", ratio=1, overflow="ellipsis", no_wrap=True)
    table.add_column("Page", ratio=2, overflow="fold", style="dim")
    for entry in entries:
        cells = (
            entry.date.label if entry.date else "",
            "★" * entry.star,
            entry.title,
            entry.source,
            entry.docname,
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))  # a Text, so that [brackets] are no markup
    if entries:
        Console().print(table)
