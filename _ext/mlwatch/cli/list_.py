"""``mlwatch list``: the entries of the collection."""

from __future__ import annotations

import click

from .common import echo_json, project_of


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print all fields of every entry as JSON.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Print every entry, in the order of the pages' names."""
    from ..core.collection import Collection
    from ..core.series import issues_of

    project = project_of(ctx)
    collection = Collection(project.load())
    if not as_json:
        for entry in collection.entries:
            date = entry.date.label if entry.date else ""
            click.echo(f"{entry.docname}\t{date}\t{entry.source}\t{entry.title}")
        return
    listed = []
    for entry in collection.entries:
        issues = [str(issue) for issue in issues_of(entry, project.settings)]
        listed.append({**entry.as_dict(), "digests": issues})
    echo_json(listed)
