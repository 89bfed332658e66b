"""``mlwatch fmt``: entry pages in canonical form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.problems import shown_path
from .common import counted, printable, project_of, writing
from .progress import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.conf import Project


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; end with 1 when a page would be changed.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would be changed.")
@click.pass_context
def fmt(ctx: click.Context, paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Write the mlentry blocks of pages in canonical form, of those in PATHs or of all.

    Options stand in the order of the guide, one a line, their values in one spelling, aliases written out.
    Nothing else on a page is touched. A page with a problem in its block is left alone. Prints the path of each
    page that is changed, and ends with 1 when a page was left alone.
    """
    from ..core.atomic import write_bytes
    from ..core.editing import LeftAloneError, canonical, read_file

    project = project_of(ctx)
    ctx.with_resource(writing(project, really=not (check or diff)))
    changed, pages, left_alone = 0, 0, 0
    for path in shown([*_pages(project, paths)], "formatting"):
        try:
            text = read_file(path, project.settings, project.roots)
            made = canonical(text, project.settings)
        except LeftAloneError as error:
            left_alone += 1
            click.echo(f"{shown_path(str(path))}:{error.line}: left alone: {error}", err=True)
            continue
        if made is None:
            continue
        pages += 1
        if made == text:
            continue
        changed += 1
        name = shown_path(str(path))
        if diff:
            _print_diff(name, text, made)
        else:
            click.echo(name)
        if not (check or diff):
            write_bytes(path, made.encode(), project.roots)
    told = [
        f"{counted(changed, 'page', 'pages')} {'would be changed' if check or diff else 'changed'}",
        f"{pages - changed:,} canonical already",
    ]
    if left_alone:
        told.append(f"{left_alone:,} left alone")
    click.echo(", ".join(told), err=True)
    ctx.exit(1 if left_alone or (check and changed) else 0)


def _pages(project: Project, paths: tuple[Path, ...]) -> Iterator[Path]:
    """Give the pages in *paths*, folders with all that is in them; without any, those of the project."""
    if not paths:
        catalogue = project.load()
        yield from (project.srcdir / f"{docname}.md" for docname in sorted(catalogue.pages))
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*.md") if found.is_file())
        else:
            yield path


def _print_diff(name: str, before: str, after: str) -> None:
    """Print the change as one hunk of a unified diff: only the block has changed, so that no search is needed."""
    from ..core.editing import changed_lines

    line, old, new = changed_lines(before, after)
    lines = [f"--- {name}", f"+++ {name}", f"@@ -{line},{len(old)} +{line},{len(new)} @@"]
    lines += [f"-{text}" for text in old] + [f"+{text}" for text in new]
    click.echo("\n".join(map(printable, lines)))
