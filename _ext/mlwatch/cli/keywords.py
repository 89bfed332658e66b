"""``mlwatch keywords``: what there are, and how one is renamed on all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..core.problems import quote, shown_path, suggest
from .common import counted, echo_json, printable, project_of, writing
from .progress import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..core.collection import Collection
    from ..core.conf import Project


def _complete(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the keywords that begin with what a person has typed, for a shell."""
    from ..core.collection import Collection
    from ..core.conf import ConfError, find_project

    try:
        groups = Collection(find_project().load()).keywords.values()
    except (ConfError, OSError):
        return []
    return [group.name for group in groups if group.name.casefold().startswith(begun.casefold())]


@click.group(invoke_without_command=True)
@click.option("--sort", type=click.Choice(["count", "name"]), default="count", help="The order of the list.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def keywords(ctx: click.Context, sort: str, as_json: bool) -> None:
    """Print every keyword with how many entries have it, or rename keywords.

    Without a command below it prints the list, the most frequent first.
    """
    if ctx.invoked_subcommand:
        return
    from ..core.collection import Collection

    groups = list(Collection(project_of(ctx).load()).keywords.values())
    if sort == "count":
        groups.sort(key=lambda group: -len(group.entries))
    if as_json:
        echo_json([{"keyword": group.name, "entries": len(group.entries)} for group in groups])
        return
    for group in groups:
        click.echo(f"{len(group.entries)}\t{printable(group.name)}")


@keywords.command()
@click.argument("old", shell_complete=_complete)
@click.argument("new", shell_complete=_complete)
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.pass_context
def rename(ctx: click.Context, old: str, new: str, dry_run: bool) -> None:
    """Write the keyword NEW for OLD on all pages.

    OLD may have any spelling that is folded into the keyword. Only that word changes on a page; all pages
    are changed, or none. Prints the path of each.
    """
    _rename(ctx, (old,), new, dry_run=dry_run)


@keywords.command()
@click.argument("old", nargs=-1, required=True, shell_complete=_complete)
@click.argument("into", shell_complete=_complete)
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.pass_context
def merge(ctx: click.Context, old: tuple[str, ...], into: str, dry_run: bool) -> None:
    """Write the last keyword for all that stand before it, on all pages.

    The same as to rename each; an entry that has several of them has the last one once.
    """
    _rename(ctx, old, into, dry_run=dry_run)


def _rename(ctx: click.Context, old: Sequence[str], new: str, *, dry_run: bool) -> None:
    from ..core.atomic import write_all
    from ..core.collection import Collection
    from ..core.editing import LeftAloneError, read_file, with_keywords
    from ..core.names import is_keyword

    new = " ".join(new.split())
    if not is_keyword(new):
        raise click.UsageError(
            f"{quote(new)} can be no keyword: it has no word, or a mark that parts keywords"
        )
    project = project_of(ctx)
    ctx.with_resource(writing(project, really=not dry_run))
    collection = Collection(project.load())
    folded, affected = _affected(collection, old)
    changes: dict[Path, str] = {}
    wrong = 0
    for path in shown(affected, "renaming"):
        try:
            text = read_file(path, project.settings, project.roots)
            made = with_keywords(text, folded, new, project.settings)
        except LeftAloneError as error:
            wrong += 1
            click.echo(f"{shown_path(str(path))}:{error.line}: {error}", err=True)
            continue
        if made != text:
            changes[path] = made
            _print_change(path, text, made, dry_run=dry_run)
    if wrong:
        click.echo(f"nothing is changed: mend {counted(wrong, 'page', 'pages')} first", err=True)
        ctx.exit(1)
    if not dry_run:
        write_all({path: text.encode() for path, text in changes.items()}, project.roots)
    told = counted(len(changes), "page", "pages")
    click.echo(f"{told} {'would be changed' if dry_run else 'changed'}", err=True)
    _tell_aliases(project, folded, new)


def _affected(collection: Collection, old: Sequence[str]) -> tuple[frozenset[str], list[Path]]:
    """Return the folded names of *old*, and the pages that have one of them; wrong use when none has one."""
    from ..core.names import slug
    from ..core.settings import fold

    wanted = [collection.settings.keywords.get(fold(name), name) for name in old]
    groups = {name: collection.keywords.get(slug(name)) for name in wanted}
    for name, group in groups.items():
        if group is None:
            known = (one.name for one in collection.keywords.values())
            raise click.UsageError(f"no entry has the keyword {quote(name)}{suggest(name, known)}")
    entries = {entry.docname: entry for group in groups.values() if group for entry in group.entries}
    srcdir = collection.catalogue.srcdir
    return frozenset(map(fold, wanted)), [srcdir / entry.path for _, entry in sorted(entries.items())]


def _print_change(path: Path, before: str, after: str, *, dry_run: bool) -> None:
    name = shown_path(str(path))
    if not dry_run:
        click.echo(name)
        return
    from ..core.editing import changed_lines

    line, old, new = changed_lines(before, after)
    was, now = (printable(" ".join(text.strip() for text in lines)) for lines in (old, new))
    click.echo(f"{name}:{line}: {was} -> {now}")


def _tell_aliases(project: Project, old: frozenset[str], new: str) -> None:
    """Say what is to be done in conf.py, which is a program and is not changed."""
    from ..core.conf import setting_lines
    from ..core.settings import fold

    aliases = project.settings.keywords
    known_as = aliases.get(fold(new), new)
    conf = project.confdir / "conf.py"
    place = f"{shown_path(str(conf))}:{setting_lines(conf).get('mlwatch_keyword_aliases', 1)}"
    if named := sorted({aliases[name] for name in old if name in aliases}):
        names = ", ".join(map(quote, named))
        click.echo(
            f"{place}: mlwatch_keyword_aliases names {names}; write {quote(new)} there, with the spellings that it keeps",
            err=True,
        )
    if known_as != new:
        click.echo(f"{place}: mlwatch_keyword_aliases shows {quote(known_as)} for {quote(new)}", err=True)
