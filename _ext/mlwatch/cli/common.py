"""What the commands share: the project they work on, and how they print."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..core.conf import Project


def project_of(ctx: click.Context) -> Project:
    """Return the project of ``--conf`` and ``--source``; wrong use when there is none."""
    from ..core.conf import ConfError, find_project

    try:
        return find_project(*ctx.obj)
    except ConfError as error:
        raise click.UsageError(str(error)) from None


def echo_json(value: object) -> None:
    """Print *value*; where the terminal does not know every letter, with the escapes of JSON."""
    plain = (sys.stdout.encoding or "").casefold().replace("-", "") not in ("utf8", "utf16", "utf32")
    click.echo(json.dumps(value, ensure_ascii=plain, indent=2))


def counted(count: int, one: str, many: str) -> str:
    """Return *count* with the word for it, as in "1 entry" and "1,200 entries"."""
    return f"{count:,} {one if count == 1 else many}"
