"""``mlwatch export``: the collection, or a part of it, in another format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..core.exports import NAMES
from .common import counted, filter_of, order_of, project_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(NAMES))
@click.argument("filter_", metavar="[FILTER]...", nargs=-1)
@click.option("-o", "--output", metavar="FILE", help="The file to write; - or nothing: print it.")
@click.pass_context
def export(ctx: click.Context, form: str, filter_: tuple[str, ...], output: str | None) -> None:
    """Write the entries that fit a filter, or all, in another FORMAT.

    The formats are jsonl, csv, sqlite, bibtex, ris, csl-json, markdown and bookmarks; sqlite needs -o FILE.
    The filter is that of mlwatch list. The file is written whole or not at all.
    """
    from ..core.exports import exporters
    from ..core.exports.base import ExportFailure, portion_of
    from ..core.filters import select, unknown

    exporter = next(exporter for exporter in exporters() if exporter.name == form)
    path = _path(output, exporter.suffix, binary=exporter.binary)
    project = project_of(ctx)
    catalogue = project.load()
    fits = filter_of(filter_, catalogue)
    found = select(catalogue.entries, fits, order_of("page"))
    for told in () if found else unknown(fits, catalogue.entries):
        click.echo(told, err=True)
    try:
        content = exporter.write(portion_of(catalogue, found))
    except ExportFailure as error:
        raise click.ClickException(str(error)) from None
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        from ..core.atomic import remove_stale, write_bytes

        remove_stale(path.parent)
        write_bytes(path, content, project.roots)
    place = f" to {output}" if path else ""
    click.echo(f"{counted(len(found), 'entry', 'entries')} written{place}", err=True)


def _path(output: str | None, suffix: str, *, binary: bool) -> Path | None:
    """Return the file to write, None for standard output; wrong use where the format or the folder forbids it."""
    from pathlib import Path

    if output is None or output == "-":
        if binary:
            raise click.UsageError(f"this format is no text; give a file, such as -o collection{suffix}")
        return None
    path = Path(output)
    if path.exists() and not path.is_file() and not path.is_dir():
        raise click.UsageError(f"{output} is no regular file; give another, or - to print")
    if path.is_dir():
        raise click.UsageError(
            f"{output} is a folder; give a file in it, such as {output}/collection{suffix}"
        )
    if not path.parent.is_dir():
        raise click.UsageError(f"the folder of {output} is not there; make it first")
    return path
