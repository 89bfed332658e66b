"""The page plan: which pages must exist beside those that a person writes, and what stands in each source.

A generated source is a title and one directive. It never replaces a page that a person wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .records import part_title
from .scan import MARKER
from .trust import FOLDERS
from .views.lists import LIST_TITLES
from .views.pieces import UNDATED, month_text, page_count, page_docname, part_docname, parted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .collection import Collection
    from .model import Entry
    from .settings import Settings

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&!+.:=@^-])")


def blocked_folders(srcdir: Path, settings: Settings) -> Iterator[Path]:
    """Yield the folders of generated pages that cannot be made below *srcdir*, because a file has the name."""
    for name in (*FOLDERS, *(f"digests/{series}" for series in settings.series)):
        path = srcdir / name
        if path.exists() and not path.is_dir():
            yield path


class PlannedPage(NamedTuple):
    """A page to generate: its docname, its title, its directive with argument and options."""

    docname: str
    title: str
    directive: str
    options: tuple[tuple[str, str], ...] = ()

    def source(self) -> str:
        """Return the MyST source of the page."""
        options = "".join(f":{name}: {value}\n" for name, value in self.options)
        return (
            f"% {MARKER} A page of this name without this line takes its place.\n\n"
            f"# {_MARKDOWN.sub(_escape, self.title)}\n\n```{{{self.directive.partition(' ')[0]}}}"
            f" {self.directive.partition(' ')[2]}\n{options}```\n"
        )


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


def plan(collection: Collection) -> Iterator[PlannedPage]:
    """Give every page to generate; an index without entries is not planned, except the main ones."""
    language = collection.settings.language
    _ = language.gettext
    yield PlannedPage("years/index", _("Years and months"), "mlindex years")
    for year, months in collection.years.items():
        rest = next((m.entries for m in months if m.label == year), ())
        yield from _parts(collection, f"years/{year}", year, "year", year, rest)
        for month in months:
            if month.label != year:
                title = month_text(month.label, language)
                yield from _parts(
                    collection, f"years/{month.label}", title, "month", month.label, month.entries
                )
    if collection.undated:
        yield from _parts(
            collection, "years/undated", _("Undated entries"), "undated", "", collection.undated
        )
    if collection.settings.topics:
        yield PlannedPage("topics/index", _("Topics"), "mlindex topics")
    for group in collection.topics.values():
        yield from _parts(collection, f"topics/{group.slug}", group.name, "topic", group.slug, group.entries)
    for folder, title, groups in (
        ("keywords", _("Keywords"), collection.keywords),
        ("sources", _("Sources"), collection.sources),
    ):
        yield from _pages(collection, f"{folder}/index", title, folder, "", page_count(collection, groups))
        for group in groups.values():
            yield from _parts(
                collection, f"{folder}/{group.slug}", group.name, folder[:-1], group.slug, group.entries
            )
    yield from _parts(collection, "starred/index", _("Starred entries"), "starred", "", collection.starred)
    yield from _papers(collection)
    yield PlannedPage("reading-list/index", _("For the curator"), "mlindex reading-list")
    for key, entries in collection.lists.items():
        if entries:
            yield from _parts(collection, f"reading-list/{key}", _(LIST_TITLES[key]), "reading", key, entries)
    yield PlannedPage("trends/index", _("Trends"), "mlchart trends")
    yield from _digests(collection)


def _papers(collection: Collection) -> Iterator[PlannedPage]:
    _ = collection.settings.language.gettext
    yield PlannedPage("papers/index", _("Papers"), "mlindex papers")
    for name in collection.paper_parts:
        if name:
            title = _("Papers: {part}").format(part=part_title(name, collection.settings.language))
            yield PlannedPage(part_docname("papers/index", name), title, "mlindex papers", (("key", name),))


def _digests(collection: Collection) -> Iterator[PlannedPage]:
    if not collection.settings.series:
        return
    yield PlannedPage("digests/index", collection.settings.language.gettext("Digests"), "mlindex digests")
    for id_, issues in collection.issues_by_series.items():
        if issues:
            name = collection.settings.series[id_].name
            yield from _pages(
                collection, f"digests/{id_}/index", name, "series", id_, page_count(collection, issues)
            )
    for issue in collection.issues.values():
        for number in range(1, page_count(collection, issue.entries, full=True) + 1):
            yield PlannedPage(
                page_docname(issue.docname, number),
                _numbered(collection, issue.title, number) if number > 1 else issue.title,
                f"mldigest {issue.series.id} {issue.id}",
                (("page", str(number)),) if number > 1 else (),
            )
    for whole, _ in collection.rollups.values():
        yield PlannedPage(whole.docname, whole.title, f"mldigest {whole.series.id} {whole.id}")


def _pages(
    collection: Collection, base: str, title: str, kind: str, key: str, count: int
) -> Iterator[PlannedPage]:
    """Give *count* pages of a list that have numbers."""
    further = [
        (page_docname(base, number), _numbered(collection, title, number), str(number))
        for number in range(2, count + 1)
    ]
    yield from _listed(base, title, kind, key, further)


def _parts(
    collection: Collection, base: str, title: str, kind: str, key: str, entries: Sequence[Entry]
) -> Iterator[PlannedPage]:
    """Give the parts of a list that is newest first."""
    language = collection.settings.language
    further: list[tuple[str, str, str]] = []
    for name, part in parted(collection, base, entries).items():
        if not name:
            continue
        newest = entries[part.start].date
        number = name.removeprefix(newest.label if newest else UNDATED)[1:]
        if kind == "undated":
            shown = _numbered(collection, title, int(number or 1))
        else:
            if newest:
                named = language.gettext("{title}, until {date}").replace("{date}", language.long(newest))
            else:
                named = language.gettext("{title}, undated")
            shown = named.replace("{title}", title) + (f" ({number})" if number else "")
        further.append((part_docname(base, name), shown, name))
    yield from _listed(base, title, kind, key, further)


def _listed(
    base: str, title: str, kind: str, key: str, further: list[tuple[str, str, str]]
) -> Iterator[PlannedPage]:
    """Give the first page of a list and its further ones, each as docname, title and what the directive calls it."""
    options = (("key", key),) if key else ()
    yield PlannedPage(base, title, f"mlindex {kind}", options)
    for docname, name, page in further:
        yield PlannedPage(docname, name, f"mlindex {kind}", (*options, ("page", page)))


def _numbered(collection: Collection, title: str, number: int) -> str:
    further = collection.settings.language.gettext("{title}, page {number}")
    return further.replace("{number}", str(number)).replace("{title}", title)
