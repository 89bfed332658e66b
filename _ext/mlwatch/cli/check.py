"""``mlwatch check``: all that is wrong in the collection."""

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
@click.pass_context
def check(ctx: click.Context, form: str) -> None:
    """Report everything that is wrong in the collection, all at once.

    Prints PATH:LINE: CODE: MESSAGE for each problem, and ends with 1 when there is one.
    """
    project = project_of(ctx)
    catalogue = project.load()
    problems = sorted({*project.problems, *catalogue.problems})
    if form == "json":
        echo_json([_problem_dict(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(f"{shown_path(problem.path)}:{problem.line}: {problem.code}: {problem.message}")
        told = counted(len(problems), "problem", "problems") if problems else "no problems"
        click.echo(f"{counted(len(catalogue.entries), 'entry', 'entries')}, {told}", err=True)
    ctx.exit(1 if problems else 0)


def _problem_dict(problem: Problem) -> dict[str, str | int]:
    return {
        "path": shown_path(problem.path),
        "line": problem.line,
        "code": str(problem.code),
        "message": problem.message,
    }
