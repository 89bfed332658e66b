"""``mlwatch new``: the page of an entry that a person fills in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from ..core.model import FIELDS, Form
from ..core.problems import quote, shown_path
from .common import project_of, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.catalogue import Catalogue
    from ..core.conf import Project
    from ..core.model import Entry


def _entry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each option of ``mlentry``."""
    for field in reversed(FIELDS):
        told = field.help.replace("`", "")
        if field.form is Form.FLAG:
            command = click.option(f"--{field.name}", is_flag=True, help=told)(command)
        else:
            shown = "|".join(field.choices) if field.form is Form.CHOICE else field.form.name
            command = click.option(f"--{field.name}", metavar=shown, help=told)(command)
    return command


@click.command()
@click.argument("title")
@_entry_options
@click.option("--no-added", is_flag=True, help="Leave the day of today out.")
@click.option("--edit", is_flag=True, help="Open the page in $VISUAL or $EDITOR.")
@click.pass_context
def new(ctx: click.Context, /, title: str, no_added: bool, edit: bool, **given: Any) -> None:
    """Write the page of a new entry with this TITLE, and print its path.

    Every option of mlentry can be given; each is checked before anything is written. The day of today is
    its day of addition. Without --source it is that of other entries at the same host, else the host's name.
    The page's name is made from the title and the year. An article that is watched already is refused.
    """
    from datetime import date

    from ..core.atomic import write_if_changed
    from ..core.writing import page_text

    project = project_of(ctx)
    with writing(project):
        catalogue = project.load()
        if not no_added:
            given["added"] = given["added"] or date.today().isoformat()  # noqa: DTZ011 - the day where the curator is
        if not given["source"] and given["url"]:
            given["source"] = _usual_source(catalogue, given["url"])
        entry = _entry(project, title, given)
        there = catalogue.by_url.get(_identity(entry)) if entry.url else _same(catalogue, entry)
        if there:
            path = shown_path(str(project.srcdir / there.path))
            click.echo(
                f"{quote(entry.url or entry.title)} is watched already at {path}:{there.line}", err=True
            )
            ctx.exit(1)
        path = _free_path(project, catalogue, entry)
        write_if_changed(path, page_text(entry).encode(), project.roots)
    click.echo(shown_path(str(path)))
    if edit:
        click.edit(filename=str(path))


def _entry(project: Project, title: str, given: dict[str, Any]) -> Entry:
    """Return the entry that the options describe; wrong use when one of them is wrong."""
    from ..core.entry_block import Option
    from ..core.options import build_entry

    options = []
    for field in FIELDS:
        value = given[field.name.replace("-", "_")]
        if value:
            options.append(Option(field.name, 1, "" if value is True else " ".join(value.split())))
    title = " ".join(title.split())
    if not title:
        raise click.UsageError("the title is empty; give that of the article")
    entry, notes = build_entry("", "", 1, title, options, project.settings)
    if notes:
        raise click.UsageError("; ".join(note.message for note in notes))
    return entry


def _identity(entry: Entry) -> str:
    from ..core.urls import identity

    return identity(entry.url)


def _same(catalogue: Catalogue, entry: Entry) -> Entry | None:
    """Return an entry without address that has the title and the source of *entry*."""
    from ..core.settings import fold

    wanted = (fold(entry.title), fold(entry.source))
    named = (e for e in catalogue.entries if not e.url and (fold(e.title), fold(e.source)) == wanted)
    return next(named, None)


def _usual_source(catalogue: Catalogue, url: str) -> str:
    """Return the source that most entries at the host of *url* have, else the host; "" when it has none."""
    from ..core.urls import host

    name = host(url)
    at_host = (entry for entry in catalogue.entries if name and entry.source and host(entry.url) == name)
    sources = Counter(entry.source for entry in at_host)
    return max(sources, key=lambda source: (sources[source], source)) if sources else name


def _free_path(project: Project, catalogue: Catalogue, entry: Entry) -> Any:
    """Return the path of the page to write, where no file is yet. Raises OSError."""
    from ..core.writing import file_name, page_path

    taken = {docname.lower() for docname in catalogue.pages}
    while True:
        docname = file_name(entry, taken, project.settings.entries)
        path = page_path(project.srcdir, docname)
        if not path.exists() and not path.is_symlink() and not path.with_suffix(".rst").exists():
            return path
        taken.add(docname.lower())
