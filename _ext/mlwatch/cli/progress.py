"""A progress bar for what takes long."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress

_Item = TypeVar("_Item")
#: In seconds: what is done before shows no bar.
_PATIENCE = 1.0


def shown(items: Sequence[_Item], label: str) -> Iterator[_Item]:
    """Give *items*, with a bar on the standard error from the second second on, when that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    started = time.monotonic()
    bar: Progress | None = None
    try:
        for number, item in enumerate(items):
            if bar is None and time.monotonic() - started > _PATIENCE:
                from rich.console import Console
                from rich.progress import Progress

                bar = Progress(console=Console(stderr=True), transient=True)
                bar.start()
                bar.add_task(label, total=len(items))
            if bar is not None:
                bar.update(bar.task_ids[0], completed=number)
            yield item
    finally:
        if bar is not None:
            bar.stop()
