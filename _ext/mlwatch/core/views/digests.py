"""Views of series, issues and roll-ups."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..names import slug
from ..series import Issue, rollup_ids
from ..settings import fold
from ..topics import topics_of
from .pieces import group_ref, page_names, paged, row
from .shapes import IssueView, Ref, Row, SeriesView

if TYPE_CHECKING:
    from ..collection import Collection
    from ..language import Language
    from ..model import Entry


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


def _issue_ref(issue: Issue) -> Ref:
    return Ref(issue.docname, issue.title, size=len(issue.entries))


def _neighbour_ref(issue: Issue) -> Ref:
    return Ref(issue.docname, issue.title)


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
    rollups_seen: dict[str, None] = {}
    for issue in newest_issues[part]:
        ids = rollup_ids(issue, collection.settings.weeks)
        by_year.setdefault(ids[-1] if ids else "", []).append(_issue_ref(issue))
        children += page_names(collection, issue.docname, issue.entries, full=True)
        rollups_seen |= dict.fromkeys(ids)
    mine = [id_ for id_ in rollups_seen if collection.rollup_pages[key, id_] == pages.number]
    children += (f"digests/{key}/{id_}" for id_ in sorted(mine, reverse=True))
    parted = tuple(
        (id_, Ref(f"digests/{key}/{id_}", id_) if id_ else None, tuple(refs)) for id_, refs in by_year.items()
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
    same = collection.issues_by_series[series_id]
    earlier = later = None
    if not parts:
        position = collection.issue_positions[this.docname]
        earlier = _neighbour_ref(same[position - 1]) if position else None
        later = _neighbour_ref(same[position + 1]) if position + 1 < len(same) else None
    shown = _highlights(this) if parts else [(s, e) for s, entries in this.sections for e in entries]
    pages, part = paged(collection, this.docname, page, shown, full=True)
    sections: dict[tuple[str, str], list[Row]] = {}
    for section, one in shown[part]:
        named = (section.id, section.title) if section else ("", "")
        sections.setdefault(named, []).append(row(collection, one, full=True))
    counts = Counter(fold(name) for one in this.entries for name in one.keywords)
    of_topic = Counter(topic.id for one in this.entries for topic in topics_of(one, collection.settings))
    topics = [group_ref("topic", collection.topics[id_], count) for id_, count in of_topic.most_common()]
    groups = [
        collection.keywords[slug(name)]
        for name, _ in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:12]
    ]
    whole = this.period
    return IssueView(
        series=Ref(f"digests/{series_id}/index", this.series.name),
        author=this.series.author,
        period=(whole.first.isoformat(), whole.last.isoformat()) if whole else ("", ""),
        sections=tuple((*named, tuple(rows)) for named, rows in sections.items()),
        keywords=tuple(group_ref("keyword", g, counts[fold(g.name)]) for g in groups),
        figures=_figures(this, len(parts), collection.settings.language),
        earlier=earlier,
        later=later,
        rollups=()
        if parts
        else tuple(
            _rollup_ref(collection, series_id, r) for r in rollup_ids(this, collection.settings.weeks)
        ),
        issues=tuple(_issue_ref(one) for one in parts),
        pages=pages,
        topics=tuple(topics),
    )


def _rollup_ref(collection: Collection, series_id: str, id_: str) -> Ref:
    whole, _ = collection.find_issue(series_id, id_)
    return Ref(f"digests/{series_id}/{id_}", whole.title if whole else id_)


def _highlights(whole: Issue) -> list[tuple[None, Entry]]:
    """Return what a roll-up repeats of its issues: picks and starred entries, 50 at most."""
    return [(None, e) for _, entries in whole.sections for e in entries if e.pick or e.star][:50]


def _figures(this: Issue, issues: int, language: Language) -> tuple[str, ...]:
    papers = len({key for e in this.entries for key in e.cite})
    sources = len({fold(e.source) for e in this.entries if e.source})
    counted = (
        (language.ngettext("{n} issue", "{n} issues", issues), issues),
        (language.ngettext("{n} entry", "{n} entries", n := len(this.entries)), n),
        (language.ngettext("{n} starred", "{n} starred", n := sum(bool(e.star) for e in this.entries)), n),
        (language.ngettext("{n} pick", "{n} picks", n := sum(e.pick for e in this.entries)), n),
        (language.ngettext("{n} source", "{n} sources", sources), sources),
        (language.ngettext("{n} paper cited", "{n} papers cited", papers), papers),
    )
    return tuple(text for text, count in counted if count)
