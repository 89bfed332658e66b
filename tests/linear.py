"""How the work of a job grows with its text: calls that are counted, or processor time that is measured.

A count of calls does not see the work inside one match of a regular expression, and ``re`` counts no steps, so
growth is measured, in the processor time of this thread, which other programs do not lengthen. Only the ratio
between ten times the text and the text counts, and only where the larger one takes long at all: what is linear
takes ten times as long, what grows with the square a hundred times. A timer stops what would take minutes.
"""

from __future__ import annotations

import cProfile
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST, SLOW = 4.0, 0.08  # seconds
SMALL = 4_000  # characters


class TooLong(Exception):  # noqa: N818 - it ends a measurement and is no error
    """The timer has run out."""


def seconds(job: Callable[[], object]) -> float:
    """Return the processor time that *job* takes, LONGEST when it takes more."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    start = time.thread_time()
    try:
        job()
    except TooLong:
        return LONGEST
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.thread_time() - start


def grows(job: Callable[[str], object], make: Callable[[int], str]) -> str:
    """Return what the work of *job* on ten times the text is, when it is far more than ten times as much."""
    large = seconds(lambda: job(make(10 * SMALL)))
    if large < SLOW:
        return ""
    small = min(seconds(lambda: job(make(SMALL))) for _ in range(3))
    for _ in range(2):  # the first may have had to wait for memory
        if 30 * small < large < LONGEST:
            large = min(large, seconds(lambda: job(make(10 * SMALL))))
    return f"{small:.3f} s, then {large:.3f} s" if large > 30 * small or large >= LONGEST else ""


def calls(job: Callable[[], object]) -> int:
    """Return how many functions *job* calls, those that are written in C included."""
    profile = cProfile.Profile()
    profile.runcall(job)
    return sum(entry.callcount for entry in profile.getstats())
