"""``mlwatch check``: all that is wrong in the collection, and what could be better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..core.problems import shown_path
from .common import counted, echo_json, project_of

if TYPE_CHECKING:
    from ..core.problems import Problem


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How problems are printed."
)
@click.option("--all", "everything", is_flag=True, help="Print remarks of the level info too.")
@click.option("--strict", is_flag=True, help="End with 1 for whatever is printed, not for errors alone.")
@click.pass_context
def check(ctx: click.Context, form: str, everything: bool, strict: bool) -> None:
    """Report everything that is wrong in the collection, all at once, and what could be better.

    Prints PATH:LINE: CODE: MESSAGE for each error, with the level before the code for what is no error,
    and ends with 1 when there is an error.
    """
    from ..core.problems import Level
    from ..core.rules import at_least, level_of

    project = project_of(ctx)
    catalogue = project.load()
    remarks = project.remarks(catalogue)
    found = sorted({*project.problems, *catalogue.problems, *remarks})
    shown = at_least(Level.INFO if everything else Level.WARNING, found)
    errors = at_least(Level.ERROR, found)
    if form == "json":
        echo_json([_problem_dict(problem) for problem in shown])
    else:
        for problem in shown:
            level = level_of(problem)
            before = "" if level is Level.ERROR else f"{level}: "
            click.echo(
                f"{shown_path(problem.path)}:{problem.line}: {before}{problem.code}: {problem.message}"
            )
        told = [
            counted(len(catalogue.entries), "entry", "entries"),
            counted(len(errors), "problem", "problems") if errors else "no problems",
        ]
        if remarks:
            hidden = len(found) - len(shown)
            how = f" ({hidden:,} not shown; --all shows them)" if hidden else ""
            told.append(f"{counted(len(remarks), 'remark', 'remarks')}{how}")
        click.echo(", ".join(told), err=True)
    ctx.exit(1 if errors or (strict and shown) else 0)


def _problem_dict(problem: Problem) -> dict[str, str | int]:
    from ..core.rules import level_of

    return {
        "path": shown_path(problem.path),
        "line": problem.line,
        "code": str(problem.code),
        "message": problem.message,
        "level": str(level_of(problem)),
    }
