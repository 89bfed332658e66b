"""Series and their issues: which entries stand in which digest, under which section, in which order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from .model import Entry, IssueId
from .periods import Period, PeriodError, coarser, parse
from .problems import Code, quote, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .periods import WeekRule
    from .settings import Section, Series, Settings

_NUMBER: Final = re.compile(r"(?:(\d{4})-)?(\d{1,6})")


@dataclass(frozen=True)
class Issue:
    """One digest: an issue of a series, or a roll-up of a series over a month or a year."""

    series: Series
    id: str
    period: Period | None
    entries: tuple[Entry, ...]
    rollup: bool = False

    @property
    def docname(self) -> str:
        return f"digests/{self.series.id}/{self.id}"

    @cached_property
    def title(self) -> str:
        """Return the title by the series' pattern; a roll-up has the series' name and its period."""
        if self.rollup and self.period:
            return f"{self.series.name}: {self.series.language.long(self.period)}"
        return self.series.title.format_map(self._title_values())

    def _title_values(self) -> dict[str, str]:
        values = {"id": self.id, "name": self.series.name}
        if self.period:
            first = self.period.first
            values |= {
                "year": self.id[:4],
                "month": f"{first.month:02}",
                "month_name": self.series.language.month(first.month),
                "day": str(first.day),
                "week": self.id.partition("-W")[2].lstrip("0"),
                "first": first.isoformat(),
                "last": self.period.last.isoformat(),
            }
        else:
            year, number = number_key(self.id)
            values |= {"year": str(year) if year else "", "number": str(number)}
        return values

    @cached_property
    def sections(self) -> tuple[tuple[Section | None, tuple[Entry, ...]], ...]:
        """Return the sections that have entries, in the declared order, entries that fit none last."""
        parted: dict[str, list[Entry]] = {section.id: [] for section in self.series.sections}
        parted[""] = []
        for entry in sorted(self.entries, key=reading_order):
            parted[_section_of(entry, self.series)].append(entry)
        known = {section.id: section for section in self.series.sections}
        return tuple((known.get(id_), tuple(entries)) for id_, entries in parted.items() if entries)


def reading_order(entry: Entry) -> tuple[object, ...]:
    """Order within a section: picks, then by ``order``, then newest first, then by title."""
    order = entry.order if entry.order is not None else 1_000_000
    return (not entry.pick, order, *newest_first(entry))


def newest_first(entry: Entry) -> tuple[object, ...]:
    """Order of lists: newest first, then starred entries, then what came in last; by title only what all this leaves equal.

    Of an entry whose day or month is not known, the first day counts: it is below those that are known to be later.
    """
    ordinal = -entry.date.first.toordinal() if entry.date else 1
    precision = -entry.date.precision if entry.date else 0
    added = -entry.added.first.toordinal() if entry.added else 0
    return (ordinal, precision, -entry.star, added, entry.title.casefold(), entry.docname)


def _section_of(entry: Entry, series: Series) -> str:
    if any(section.id == entry.section for section in series.sections):
        return entry.section
    for section in series.sections:
        if entry.kind in section.kinds:
            return section.id
    return next((section.id for section in series.sections if not section.kinds), "")


def number_key(id_: str) -> tuple[int, int]:
    """Return (year or 0, number) of a numbered issue's id: ``2019-20`` or ``20``."""
    match = _NUMBER.fullmatch(id_)
    return (int(match[1] or 0), int(match[2])) if match else (0, 0)


def canonical_id(series: Series, id_: str, weeks: WeekRule) -> str:
    """Return *id_* as it stands in addresses; raise ValueError with the mend when the series has no such issue."""
    if series.period == "number":
        match = _NUMBER.fullmatch(id_)
        if not match:
            raise ValueError(
                f"{quote(id_)} is no issue of {quote(series.id)}; write its number, such as 2019-20 or 20"
            )
        return f"{match[1]}-{int(match[2]):02}" if match[1] else str(int(match[2]))
    try:
        period = parse(id_, weeks)
    except PeriodError as error:
        raise ValueError(f"{quote(id_)} is no issue of {quote(series.id)}: {error}") from None
    if period.kind != series.period:
        raise ValueError(
            f"{quote(id_)} is no {series.period}, and {quote(series.id)} has an issue for each {series.period}"
        )
    return period.label


def issues_of(entry: Entry, settings: Settings) -> Iterator[IssueId]:
    """Give the issues in which *entry* stands: those it names, and by its date that of each dated series."""
    named: set[str] = set()
    given: dict[IssueId, None] = {}
    for wanted in entry.digest:
        series = settings.series.get(wanted.series)
        if series:
            try:
                given[IssueId(series.id, canonical_id(series, wanted.id, settings.weeks))] = None
            except ValueError:
                continue  # check_issues says so
            named.add(series.id)
    yield from given
    for series in settings.series.values():
        if series.collects == "dated" and series.id not in named and entry.date and series.period != "number":
            period = coarser(entry.date, series.period, settings.weeks)
            if period:
                yield IssueId(series.id, period.label)


def check_issues(entry: Entry, settings: Settings) -> Iterator[tuple[str, Code, str]]:
    """Give ``(option, code, message)`` for each series, issue and section that is not there."""
    for wanted in entry.digest:
        series = settings.series.get(wanted.series)
        if series is None:
            known = ", ".join(settings.series) or "none"
            hint = suggest(wanted.series, settings.series) or f"; mlwatch_series in conf.py declares: {known}"
            yield "digest", Code.UNKNOWN_SERIES, f"there is no series {quote(wanted.series)}{hint}"
            continue
        try:
            canonical_id(series, wanted.id, settings.weeks)
        except ValueError as error:
            yield "digest", Code.BAD_ISSUE, str(error)
    if entry.section:
        stands_in = [settings.series[issue.series] for issue in issues_of(entry, settings)]
        known_ids = [section.id for series in stands_in for section in series.sections]
        if entry.section not in known_ids:
            hint = suggest(entry.section, known_ids) or f"; there are: {', '.join(known_ids) or 'none'}"
            yield (
                "section",
                Code.UNKNOWN_SECTION,
                f"no digest of this entry has a section {quote(entry.section)}{hint}",
            )


def check_numbers(entries: Iterable[Entry], settings: Settings) -> Iterator[tuple[Entry, str]]:
    """Give the entries of issues whose number is also a year of the series: the year's roll-up has that page."""
    named = [
        (entry, issue)
        for entry in entries
        if entry.digest  # no entry stands in a numbered issue that it does not name
        for issue in issues_of(entry, settings)
        if settings.series[issue.series].period == "number"
    ]
    years = {(issue.series, issue.id[:4]) for _, issue in named if "-" in issue.id}
    for entry, issue in named:
        if (issue.series, issue.id) in years:
            yield (
                entry,
                f"{quote(str(issue))} is the roll-up of a year of {quote(issue.series)}; write its year before the number",
            )


def build_issues(
    entries: Iterable[tuple[Entry, Iterable[IssueId]]], settings: Settings
) -> dict[IssueId, Issue]:
    """Return every issue that has *entries*, each given with its issues, series by series, in the order of time or number."""
    collected: dict[IssueId, list[Entry]] = {}
    for entry, issues in entries:
        for issue in issues:
            collected.setdefault(issue, []).append(entry)
    rank = {id_: number for number, id_ in enumerate(settings.series)}
    made = []
    for id_, members in collected.items():
        series = settings.series[id_.series]
        period = None if series.period == "number" else parse(id_.id, settings.weeks)
        made.append(Issue(series, id_.id, period, tuple(members)))
    made.sort(key=lambda issue: (rank[issue.series.id], _time_key(issue)))
    return {IssueId(issue.series.id, issue.id): issue for issue in made}


def _time_key(issue: Issue) -> tuple[int, int]:
    return (issue.period.first.toordinal(), 0) if issue.period else number_key(issue.id)


#: Over which periods the issues of a series are rolled up.
ROLLUPS: Final[dict[str, tuple[Literal["month", "year"], ...]]] = {
    "day": ("month", "year"),
    "week": ("month", "year"),
    "month": ("year",),
    "year": (),
    "number": ("year",),
}


def rollup_ids(issue: Issue, weeks: WeekRule) -> tuple[str, ...]:
    """Return the ids of the roll-ups that hold *issue*: of its month and its year, as the series has them."""
    if issue.period is None:
        year = number_key(issue.id)[0]
        return (str(year),) if year else ()
    periods = (coarser(issue.period, kind, weeks) for kind in ROLLUPS[issue.series.period])
    return tuple(period.label for period in periods if period)


#: A roll-up of fewer issues would only repeat them.
FEWEST: Final = 3


def build_rollups(issues: Iterable[Issue], weeks: WeekRule) -> dict[IssueId, tuple[Issue, tuple[Issue, ...]]]:
    """Return each roll-up of :data:`FEWEST` issues or more, with the issues it holds."""
    held: dict[IssueId, list[Issue]] = {}
    for issue in issues:
        for id_ in rollup_ids(issue, weeks):
            held.setdefault(IssueId(issue.series.id, id_), []).append(issue)
    rolled: dict[IssueId, tuple[Issue, tuple[Issue, ...]]] = {}
    for key, members in held.items():
        if len(members) < FEWEST:
            continue
        entries = {entry.docname: entry for issue in members for entry in issue.entries}
        whole = Issue(members[0].series, key.id, parse(key.id, weeks), tuple(entries.values()), rollup=True)
        rolled[key] = (whole, tuple(members))
    return rolled
