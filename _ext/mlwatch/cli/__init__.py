"""The command ``mlwatch``: works on the catalogue, without Sphinx.

Exit codes: 0 fine, 1 problems found, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..core.problems import shown_path
from . import add, check, editors, export, fmt, import_, keywords, list_, new

if TYPE_CHECKING:
    from collections.abc import Iterable


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


for _command in (
    add.add,
    check.check,
    editors.completion,
    editors.schema,
    export.export,
    fmt.fmt,
    import_.import_,
    keywords.keywords,
    list_.list_,
    new.new,
):
    commands.add_command(_command)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run the command line and return its exit code; no traceback reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a title
    gc.disable()  # a command is over before looking for garbage among its many entries would pay
    try:
        result = commands.main(
            list(arguments) if arguments is not None else None, "mlwatch", standalone_mode=False
        )
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
        place = f"{shown_path(str(error.filename))}: " if error.filename else ""
        click.echo(f"Error: {place}{error.strerror or error}", err=True)
        return 2
    finally:
        gc.enable()
    return result if isinstance(result, int) else 0
