"""What the commands share: the project they work on, and how they print."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.catalogue import Catalogue
    from ..core.conf import Project
    from ..core.filters import Filter, Order


def project_of(ctx: click.Context) -> Project:
    """Return the project of ``--conf`` and ``--source``; wrong use when there is none."""
    from ..core.conf import ConfError, find_project

    try:
        return find_project(*ctx.obj)
    except ConfError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def writing(project: Project, *, really: bool = True) -> Iterator[None]:
    """Let no other command write in this project meanwhile; what is read inside is what the others left.

    What killed processes left is removed first. A command that only looks does not *really* write, and waits for nobody.
    """
    if not really:
        yield
        return
    from ..core import atomic, cache, lock

    held = cache.folder_of(project.confdir, project.srcdir)
    with lock.writing(held, lambda: click.echo("waiting: another mlwatch is writing here", err=True)):
        atomic.remove_stale(project.srcdir, deep=True)
        for folder in {*(path.parent for path in project.bibfiles), *([held] if held else [])}:
            atomic.remove_stale(folder)
        yield


def echo_json(value: object) -> None:
    """Print *value*; where the terminal does not know every letter, with the escapes of JSON."""
    plain = (sys.stdout.encoding or "").casefold().replace("-", "") not in ("utf8", "utf16", "utf32")
    click.echo(json.dumps(value, ensure_ascii=plain, indent=2))


def filter_of(arguments: Sequence[str], catalogue: Catalogue) -> Filter:
    """Return the filter of the *catalogue* that the *arguments* make up, with spaces between them; wrong use when it is none.

    A shell takes the quotation marks of ``keyword:"image recognition"`` away; they are put back where an
    argument is one name with a value that has spaces.
    """
    from ..core.filters import FilterError, parse

    try:
        text = " ".join(_requoted(argument) for argument in arguments)
        return parse(text, catalogue.settings, catalogue.health)
    except FilterError as error:
        raise click.UsageError(f"this is no filter, {error}") from None


def _requoted(argument: str) -> str:
    name, colon, value = argument.partition(":")
    words = value.casefold().split()
    if (
        not colon
        or " " in name
        or len(words) < 2
        or set(value) & set('":<>=()')
        or {"and", "or", "not"} & set(words)
    ):
        return argument
    return f'{name}:"{value}"'


def order_of(text: str, *, reverse: bool = False) -> Order:
    """Return the order that *text* names; wrong use when it is none."""
    from ..core.filters import FilterError, parse_order

    try:
        order = parse_order(text)
    except FilterError as error:
        raise click.UsageError(f"this is no order, {error}") from None
    return order.reversed() if reverse else order


def printable(text: str) -> str:
    """Return *text* without what would steer a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def counted(count: int, one: str, many: str) -> str:
    """Return *count* with the word for it, as in "1 entry" and "1,200 entries"."""
    return f"{count:,} {one if count == 1 else many}"
