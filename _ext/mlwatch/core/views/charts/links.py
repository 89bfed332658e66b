"""Links: which of them worked when they were last checked, and how that goes with the age of their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...language import mark
from ...linkreport import STATES
from ..pieces import entry_ref
from .shapes import Dead, Line, Part, Stacks
from .shares import SMALL, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...collection import Collection
    from ...language import Language
    from ...linkreport import Checked
    from ...model import Entry
    from ...timeline import Axis

#: Entries with broken links that are listed: the newest.
LISTED: Final = 20
#: What a state is called, those of :data:`~mlwatch.core.linkreport.STATES` in their order.
NAMES: Final = (mark("Broken"), mark("No answer"), mark("Moved"), mark("Working"), mark("Not checked"))


def chart_links(collection: Collection, _key: str = "") -> Stacks | None:
    """Return what the last link check found of the entries' links; None when no check is known."""
    health = collection.catalogue.health
    if health is None:
        return None
    entries_of: dict[str, list[Entry]] = {state: [] for state in STATES}  # an entry once for each link
    for entry in collection.newest:
        for link in health[entry.docname].values():
            entries_of[link.state].append(entry)
    whole = sum(map(len, entries_of.values()))
    if not whole:
        return None
    language = collection.settings.language
    names = [language.gettext(name) for name in NAMES]
    axis = collection.timeline.year_axis(SMALL)
    if axis and axis.size < 2:
        axis = None
    found = list(zip(names, entries_of.values(), strict=True))
    lines = [
        Line(name, "", collection.timeline.counts(entries, axis))
        for name, entries in found
        if axis is not None
    ]
    dead = [entry for entry in collection.newest if _broken(health[entry.docname])]
    return Stacks(
        title=language.gettext("Link health"),
        about=_about(language, axis, lines, whole),
        axis=axis,
        kinds=STATES,
        lines=tuple(lines),
        parts=tuple(Part(name, "", len(entries), whole) for name, entries in found),
        dead=tuple(_dead(entry, health[entry.docname]) for entry in dead[:LISTED]),
        total=len(dead),
        language=language,
    )


def _about(language: Language, axis: Axis | None, lines: Sequence[Line], whole: int) -> str:
    _, ngettext = language.gettext, language.ngettext
    about = ngettext(
        "Result of the last link check, for {n} link.",
        "Result of the last link check, for {n} links.",
        whole,
    )
    if axis is None:
        return about
    told = _(
        " Each column is one {unit}. Its parts are in the order of the list below, from the bottom up. Periods with fewer than {few} links have no column."
    )
    about += told.format(unit=axis.unit, few=WHOLE)
    missing = whole - sum(sum(line.values) for line in lines)
    if missing:
        about += ngettext(
            " {n} link is not shown: its entry has no date, or is far from the others in time.",
            " {n} links are not shown: their entries have no date, or are far from the others in time.",
            missing,
        )
    return about


def _broken(links: dict[str, Checked]) -> bool:
    return any(link.state == "broken" for link in links.values())


def _dead(entry: Entry, links: dict[str, Checked]) -> Dead:
    broken = tuple((url, link.code) for url, link in links.items() if link.state == "broken")
    works = entry.archived and links[entry.archived].state != "broken"
    return Dead(
        entry_ref(entry), entry.date.label if entry.date else "", broken, entry.archived if works else ""
    )
