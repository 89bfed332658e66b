"""Progress bars for what takes long: on the standard error, when that is a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.progress import Progress, TaskID

_Item = TypeVar("_Item")
#: In seconds: what is done before shows no bar.
_PATIENCE = 1.0


class Bars:
    """Bars that appear from the second second on; elsewhere than on a terminal nothing."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._bars: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def ticker(self, label: str) -> Callable[[int, int], None]:
        """Return what to call with how many are done and how many there are."""
        if not sys.stderr.isatty():
            return lambda _done, _all: None
        tasks: list[TaskID] = []

        def tick(done: int, count: int) -> None:
            if time.monotonic() - self._start < _PATIENCE:
                return
            if self._bars is None:
                from rich.console import Console
                from rich.progress import Progress

                self._bars = Progress(console=Console(stderr=True), transient=True)
                self._bars.start()
            if not tasks:
                tasks.append(self._bars.add_task(label, total=count))
            self._bars.update(tasks[0], completed=done, total=count)

        return tick


def shown(items: Sequence[_Item], label: str) -> Iterator[_Item]:
    """Give *items*, with a bar that tells how many are done."""
    with Bars() as bars:
        tick = bars.ticker(label)
        for number, item in enumerate(items):
            tick(number, len(items))
            yield item
