"""The command ``mlwatch``: works on the catalogue, without Sphinx.

Exit codes: 0 fine, 1 problems found, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import __version__
from .core.problems import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .core.conf import Project
    from .core.problems import Problem


def _folder(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    path = Path(value).resolve()
    if not path.is_dir():
        raise click.BadParameter(f"the folder {value} is not there", ctx=ctx)
    return path


@click.group("mlwatch", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mlwatch")
@click.option(
    "--conf", callback=_folder, metavar="FOLDER", help="The folder of conf.py; else the nearest one upwards."
)
@click.option(
    "--source",
    callback=_folder,
    metavar="FOLDER",
    help="The source folder; else docs beside conf.py, else that folder.",
)
@click.pass_context
def commands(ctx: click.Context, conf: Path | None, source: Path | None) -> None:
    """Keep a collection of watched articles: one Markdown page each, with an mlentry block."""
    ctx.obj = (conf, source)


def _project(ctx: click.Context) -> Project:
    from .core.conf import ConfError, find_project

    try:
        return find_project(*ctx.obj)
    except ConfError as error:
        raise click.UsageError(str(error)) from None


@commands.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How problems are printed."
)
@click.pass_context
def check(ctx: click.Context, form: str) -> None:
    """Report everything that is wrong in the collection, all at once.

    Prints PATH:LINE: CODE: MESSAGE for each problem, and ends with 1 when there is one.
    """
    project = _project(ctx)
    catalogue = project.load()
    problems = sorted({*project.problems, *catalogue.problems})
    if form == "json":
        _echo_json([_problem_dict(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(f"{shown_path(problem.path)}:{problem.line}: {problem.code}: {problem.message}")
        count = len(problems)
        told = "no problems" if not count else "1 problem" if count == 1 else f"{count:,} problems"
        entries = "1 entry" if len(catalogue.entries) == 1 else f"{len(catalogue.entries):,} entries"
        click.echo(f"{entries}, {told}", err=True)
    ctx.exit(1 if problems else 0)


def _echo_json(value: object) -> None:
    """Print *value*; where the terminal does not know every letter, with the escapes of JSON."""
    plain = (sys.stdout.encoding or "").casefold().replace("-", "") not in ("utf8", "utf16", "utf32")
    click.echo(json.dumps(value, ensure_ascii=plain, indent=2))


def _problem_dict(problem: Problem) -> dict[str, str | int]:
    return {
        "path": shown_path(problem.path),
        "line": problem.line,
        "code": str(problem.code),
        "message": problem.message,
    }


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print all fields of every entry as JSON.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Print every entry, in the order of the pages' names."""
    from .core.collection import Collection
    from .core.series import issues_of

    project = _project(ctx)
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
    _echo_json(listed)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run the command line and return its exit code; no traceback reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a title
    try:
        result = commands.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - so that the flush at exit does not fail too
        return 1
    except OSError as error:
        click.echo(f"Error: {error.strerror}: {error.filename}", err=True)
        return 2
    return result if isinstance(result, int) else 0
