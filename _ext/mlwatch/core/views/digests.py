"""Views of series, issues and roll-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..series import number_key
from ..topics import first_topic
from .pieces import page_names, paged, row
from .shapes import IssueView, LatestView, Ref, Row, SeriesView

if TYPE_CHECKING:
    from ..collection import Collection
    from ..model import Entry
    from ..series import Issue

#: The id of the section of picks and starred entries.
HIGHLIGHTS: Final = "highlights"
#: An issue with fewer entries has no highlights.
SHORT: Final = 6
#: How many picks and starred entries a roll-up repeats of its issues, at most.
REPEATED: Final = 50


def digests(
    collection: Collection, key: str = "", _page: str = ""
) -> tuple[tuple[Ref, str, tuple[Ref, ...]], ...]:
    """Return each series with its description and its newest issues; *key* says how many of each."""
    listed = []
    for id_, issues in collection.issues_by_series.items():
        if issues:
            series = collection.settings.series[id_]
            latest = [_issue_ref(issue) for issue in reversed(issues[-int(key or 12) :])]
            ref = Ref(f"digests/{id_}/index", series.name, size=len(issues))
            listed.append((ref, series.description, tuple(latest)))
    return tuple(listed)


def _year_of(issue: Issue) -> str:
    """Return the year of an issue, "" of one whose number says none."""
    return issue.id[:4] if issue.period or number_key(issue.id)[0] else ""


def _issue_ref(issue: Issue) -> Ref:
    return Ref(issue.docname, issue.title, size=len(issue.entries))


def series(collection: Collection, key: str, page: str = "") -> SeriesView | None:
    """Return the issues of a series, newest first, by year."""
    declared = collection.settings.series.get(key)
    issues = collection.issues_by_series.get(key, ())
    if declared is None or not issues:
        return None
    newest_issues = issues[::-1]
    pages, part = paged(collection, f"digests/{key}/index", page, newest_issues)
    by_year: dict[str, list[Ref]] = {}
    children: list[str] = []
    rollups: dict[str, None] = {}
    for issue in newest_issues[part]:
        by_year.setdefault(_year_of(issue), []).append(_issue_ref(issue))
        children += page_names(collection, issue.docname, issue.entries, full=True)
        rollups |= dict.fromkeys(rollup.id for rollup in collection.rollups_of(issue))
    mine = [id_ for id_ in rollups if collection.rollup_pages[key, id_] == pages.number]
    children += (f"digests/{key}/{id_}" for id_ in sorted(mine, reverse=True))
    parted = tuple(
        (year, Ref(f"digests/{key}/{year}", year) if year in rollups else None, tuple(refs))
        for year, refs in by_year.items()
    )
    ref = Ref(f"digests/{key}/index", declared.name, size=len(issues))
    return SeriesView(
        ref, declared.author, declared.url, declared.description, parted, pages, tuple(children)
    )


def issue(collection: Collection, key: str, page: str = "") -> IssueView | None:
    """Return one digest; *key* is ``SERIES ID``, of an issue or of a roll-up."""
    series_id, _, id_ = key.partition(" ")
    this, parts = collection.find_issue(series_id, id_)
    if this is None:
        return None
    repeats = None if parts else collection.repeated(this)
    chosen = [e for _, entries in this.sections for e in entries if e.pick or e.star]
    if parts:
        shown = [((HIGHLIGHTS, ""), entry) for entry in chosen[:REPEATED]]
    elif repeats:
        shown = []
    else:
        shown = _in_order(collection, this, chosen)
    pages, part = paged(collection, this.docname, page, shown, full=True)
    sections: dict[tuple[str, str], list[Row]] = {}
    for named, one in shown[part]:
        sections.setdefault(named, []).append(row(collection, one, full=not parts))
    whole = this.period
    return IssueView(
        series=Ref(f"digests/{series_id}/index", this.series.name),
        author=this.series.author,
        period=(whole.first.isoformat(), whole.last.isoformat()) if whole else ("", ""),
        sections=tuple((*named, tuple(rows)) for named, rows in sections.items()),
        size=len(this.entries),
        issues=tuple(_issue_ref(one) for one in parts),
        pages=pages,
        repeats=_issue_ref(repeats) if repeats else None,
    )


def _in_order(
    collection: Collection, this: Issue, chosen: list[Entry]
) -> list[tuple[tuple[str, str], Entry]]:
    """Return the entries of an issue with the id and title of the section of each: highlights first.

    A short issue has no highlights. One whose series declares no sections is in the order of the topics.
    """
    if len(this.entries) < SHORT or len(chosen) > len(this.entries) // 2:
        chosen = []
    shown = [((HIGHLIGHTS, ""), entry) for entry in chosen]
    rest = [
        ((section.id, section.title) if section else ("", ""), entry)
        for section, entries in this.sections
        for entry in entries
        if entry not in chosen
    ]
    topics = collection.settings.topics
    if this.series.sections or not topics:
        return shown + rest
    by_topic: dict[str, list[Entry]] = {id_: [] for id_ in (*topics, "")}
    for _, entry in rest:
        by_topic[first_topic(entry, collection.settings)].append(entry)
    other = ("topic-other", collection.settings.language.gettext("Other"))
    return shown + [
        ((f"topic-{id_}", topics[id_].title) if id_ else other, entry)
        for id_, entries in by_topic.items()
        for entry in entries
    ]


def latest_issue(collection: Collection) -> Issue | None:
    """Return the digest whose newest entry is the newest, of those that do not only repeat another one."""
    issues = [one for one in collection.issues.values() if not collection.repeated(one)]
    return max(issues, key=_newest_day, default=None)


def _newest_day(issue: Issue) -> int:
    return max(e.date.last.toordinal() if e.date else 0 for e in issue.entries)


def latest_digest(collection: Collection, key: str = "", _page: str = "") -> LatestView | None:
    """Return the latest digest with some of its entries; *key* says how many (3)."""
    latest = latest_issue(collection)
    if latest is None:
        return None
    entries = [e for _, members in latest.sections for e in members]
    entries.sort(key=lambda e: not (e.pick or e.star))
    whole = latest.period
    return LatestView(
        _issue_ref(latest),
        latest.series.name,
        (whole.first.isoformat(), whole.last.isoformat()) if whole else ("", ""),
        tuple(row(collection, e) for e in entries[: int(key or 3)]),
    )
