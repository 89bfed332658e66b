"""The shapes in which views of charts give what is drawn, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...language import ENGLISH, Language

if TYPE_CHECKING:
    from ...timeline import Axis
    from ..shapes import Ref

#: What stands for a share that is none.
NONE: Final = -1


class Line(NamedTuple):
    """A row of values over time: of what, its page ("" for none), a value for each step, and a word on it, also as it is read aloud."""

    name: str
    docname: str
    values: tuple[int, ...]
    note: str = ""
    spoken: str = ""


class Bars(NamedTuple):
    """Bars over time; values are counts, or thousandths (or :data:`NONE`) when ``share``; ``more`` is a page on it."""

    title: str
    about: str
    axis: Axis
    line: Line
    share: bool = False
    height: int = 160
    more: str = ""


class Panels(NamedTuple):
    """Small charts side by side, in groups with a heading ("" for none); values as those of :class:`Bars`."""

    title: str
    about: str
    axis: Axis
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    share: bool = False


class Matrix(NamedTuple):
    """What occurs together: for each name after the first how often with each before it."""

    title: str
    about: str
    names: tuple[Ref, ...]
    counts: tuple[tuple[int, ...], ...]
    language: Language = ENGLISH


class Part(NamedTuple):
    """A part of a whole, and the page that lists what is (or is not yet) in it."""

    name: str
    docname: str
    part: int
    whole: int


class Parts(NamedTuple):
    """Parts of wholes, one below the other."""

    title: str
    about: str
    parts: tuple[Part, ...]
    language: Language = ENGLISH


class Dead(NamedTuple):
    """An entry with links that did not work: their addresses and HTTP statuses, and a snapshot ("" for none)."""

    page: Ref
    date: str
    links: tuple[tuple[str, str], ...]
    archived: str


class Stacks(NamedTuple):
    """Parts of a whole, and how they changed over time: a line of counts for each part, the first at the ground.

    Without ``axis`` there is nothing over time. ``dead`` are the newest of ``total`` entries to look at.
    """

    title: str
    about: str
    axis: Axis | None
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    dead: tuple[Dead, ...]
    total: int
    language: Language = ENGLISH


Chart = Bars | Panels | Matrix | Parts | Stacks
