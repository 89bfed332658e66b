"""An import: from files to pages that are to be written, and to a report of every line.

:func:`plan` reads and works out all of it and writes nothing; :func:`write` writes the pages, each whole or not at all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from . import urls
from .atomic import resolve, write_if_changed
from .entry_block import Option
from .import_records import NewRecords
from .importers import detect, importer
from .importers.base import Document, ImportFailure, Item, Line, Use
from .merge import differences, edit_page, key_of, merge
from .model import FIELD, Entry
from .options import build_entry
from .page import read_page
from .problems import quote, shown_path
from .prose import clean, tame
from .series import check_issues
from .writing import file_name, option_value, page_path, page_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from .catalogue import Catalogue
    from .importers.base import Harvest, Importer

MAX_BYTES: Final = 200_000_000
#: Hosts whose name a reader knows; a collection that names them otherwise is followed.
HOSTS: Final = {
    "arxiv.org": "arXiv",
    "github.com": "GitHub",
    "huggingface.co": "Hugging Face",
    "openreview.net": "OpenReview",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "medium.com": "Medium",
    "twitter.com": "X",
    "x.com": "X",
}
_REDDIT: Final = re.compile(r"(?:[a-z]+\.)?reddit\.com/r/(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A line, or a value in it, that was not taken over, and why."""

    file: str
    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: ``action`` is created, merged or unchanged."""

    title: str
    url: str
    line: int
    docname: str
    action: str


@dataclass(slots=True)
class Plan:
    """What an import will do: pages (docname to content), records for the bibliography, and the report's parts.

    ``uses`` counts, for each file, what became of its lines; their sum is the file's number of lines.
    """

    pages: dict[str, bytes] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    uses: dict[str, Counter[str]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    failures: list[Unparsed] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)

    def count(self, action: str) -> int:
        """Return how many items had this *action*."""
        return sum(outcome.action == action for outcome in self.outcomes)

    def report(self) -> dict[str, Any]:
        """Return the report as JSON values, its keys in a fixed order."""
        return {
            "items": len(self.outcomes),
            "created": self.count("created"),
            "merged": self.count("merged"),
            "unchanged": self.count("unchanged"),
            "entries": [
                {
                    "title": one.title,
                    "url": one.url,
                    "line": one.line,
                    "docname": one.docname,
                    "action": one.action,
                }
                for one in self.outcomes
            ],
            "unparsed": [
                {"file": one.file, "line": one.line, "text": one.text, "why": one.why}
                for one in (*self.failures, *self.unparsed)
            ],
        }


@dataclass(slots=True)
class _Page:
    """A page in the making: ``old`` is the entry on disk, None for a new page; ``now`` has all that was merged."""

    docname: str
    old: Entry | None
    now: Entry
    body: str = ""


def decode(raw: bytes, name: str) -> Document:
    """Return the text of a file: UTF-8, else by its byte order mark, else Windows-1252; raise ImportFailure."""
    if len(raw) > MAX_BYTES:
        raise ImportFailure(f"the file has {len(raw):,} bytes, more than {MAX_BYTES:,}; split it")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    nulls = text.count("\0")
    if nulls > len(text) // 100:
        raise ImportFailure("this is no text file: it has NUL bytes; export it as text")
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return Document(name, text)


def read_file(document: Document, catalogue: Catalogue, name: str | None) -> tuple[Importer, Harvest]:
    """Return the importer for *document*, that of format *name* or the one that fits, and what it found."""
    reader = importer(name) if name else detect(document)
    return reader, reader.read(document, catalogue.settings)


def plan(
    catalogue: Catalogue,
    files: Iterable[Path],
    *,
    form: str | None = None,
    source: str = "",
    bibfile: bool = False,
    tick: Callable[[int, int], None] = lambda _done, _all: None,
) -> Plan:
    """Work out what importing *files* does to *catalogue*.

    *form* is the name of a format, else each file's is found. *source* stands in for a source that is not
    given. *bibfile* says that there is a file for BibTeX records. *tick* is called with how many items of a file are done, and how many there are.
    """
    made = Plan()
    run = _Run(catalogue, made, source, bibfile=bibfile)
    for path in files:
        name = shown_path(str(path))
        try:
            document = decode(path.read_bytes(), name)
            reader, harvest = read_file(document, catalogue, form)
        except ImportFailure as error:
            made.failures.append(Unparsed(name, 1, "", str(error)))
            continue
        made.formats[name] = reader.title
        made.advice += harvest.advice
        _account(made, document, harvest)
        for number, item in enumerate(harvest.items, 1):
            run.take(item)
            tick(number, len(harvest.items))
    run.finish()
    return made


def write(
    made: Plan,
    srcdir: Path,
    bibfile: Path | None = None,
    roots: Sequence[Path] = (),
    tick: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Write the pages of *made* below *srcdir*, and its records, which they cite, into *bibfile* before.

    Raises OSError, before anything is written when a file would be outside of *roots*, the folders of the project.
    """
    pages = {page_path(srcdir, docname): content for docname, content in made.pages.items()}
    for path in pages:
        resolve(path, roots)
    if made.records and bibfile:
        from .papers.bibfile import with_records

        write_if_changed(bibfile, with_records(bibfile, made.records), roots)
    for number, (path, content) in enumerate(pages.items(), 1):
        write_if_changed(path, content, roots)
        tick(number, len(pages))


class _Run:
    """Goes through items, keeps the pages in the making by what makes articles one."""

    def __init__(self, catalogue: Catalogue, made: Plan, source: str, *, bibfile: bool) -> None:
        self._catalogue = catalogue
        self._made = made
        self._bibfile = bibfile
        self._source = source
        self._pages: dict[str, _Page] = {}
        self._outcomes: list[tuple[_Page, Item, str]] = []
        self._hosts = _known_hosts(catalogue)
        self._records = NewRecords(catalogue.bibliography)
        entries = catalogue.srcdir / catalogue.settings.entries
        self._taken = {docname.lower() for docname in catalogue.pages}
        if entries.is_dir():
            prefix = catalogue.settings.entries
            found = (path.relative_to(entries).with_suffix("") for path in entries.glob("**/*.*"))
            self._taken |= {f"{prefix}/{path.as_posix()}".lower() for path in found}
        for entry in reversed(catalogue.entries):
            self._pages[key_of(entry)] = _Page(entry.docname, entry, entry)

    def take(self, item: Item) -> None:
        """Merge one item, or make a page for it."""
        item = self._records.take(item) if self._bibfile else replace(item, records=())
        entry, wrong = tidy(self._sourced(item.entry), self._catalogue, self._records)
        file = item.entry.path
        self._made.unparsed += [Unparsed(file, item.entry.line, text, why) for text, why in wrong]
        missing = _missing(entry, item.entry)
        if missing:
            shown = item.entry.title or item.entry.url
            self._made.unparsed.append(Unparsed(file, item.entry.line, clean(shown), missing))
            return
        key = key_of(entry)
        page = self._pages.get(key)
        if page is None:
            docname = file_name(entry, self._taken, self._catalogue.settings.entries)
            self._taken.add(docname.lower())
            page = _Page(docname, None, replace(entry, docname=docname), item.body)
            self._pages[key] = page
            action = "created"
        else:
            merged = merge(page.now, entry)
            action = "merged" if differences(page.now, merged) else "unchanged"
            page.now = merged
            page.body = page.body or item.body
        self._outcomes.append((page, replace(item, entry=entry), action))

    def finish(self) -> None:
        """Write the texts of the pages, the new records and the outcomes of the items."""
        self._made.records = self._records.added
        refused = set()
        for page in self._pages.values():
            if page.old is None:
                self._made.pages[page.docname] = page_text(page.now, page.body).encode()
            elif differences(page.old, page.now):
                content = self._edited(page, page.old)
                if content is None:
                    refused.add(page.docname)
                else:
                    self._made.pages[page.docname] = content
        for page, item, action in self._outcomes:
            entry = item.entry
            if action == "merged" and page.docname in refused:
                action = "unchanged"  # noqa: PLW2901 - the page cannot be edited
                why = f"the page {page.docname}.md has it otherwise and cannot be edited by a program; merge it by hand"
                self._made.unparsed.append(Unparsed(entry.path, entry.line, entry.title, why))
            self._made.outcomes.append(Outcome(entry.title, entry.url, entry.line, page.docname, action))

    def _edited(self, page: _Page, old: Entry) -> bytes | None:
        path = self._catalogue.srcdir / old.path
        try:
            raw = path.read_bytes()
            mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
            text = raw[len(mark) :].decode()
        except (OSError, UnicodeDecodeError):
            return None
        edited = edit_page(text, old, page.now)
        if edited is None:
            return None
        read = read_page(edited)
        again, _ = build_entry(
            old.docname, old.path, read.block, read.title, read.options, self._catalogue.settings
        )
        again = replace(again, summary=read.summary, comment=read.comment)
        wanted = replace(
            page.now,
            summary=tame_new(old.summary, page.now.summary),
            comment=tame_new(old.comment, page.now.comment),
        )
        return mark + edited.encode() if not differences(again, wanted) else None

    def _sourced(self, entry: Entry) -> Entry:
        if entry.source.strip():
            return entry
        return replace(entry, source=self._source or source_of(entry.url, self._hosts))


def tame_new(old: str, new: str) -> str:
    """Return a text as it stands on a page: what was there as it was, what is new made safe."""
    return new if old else tame(new)


def tidy(entry: Entry, catalogue: Catalogue, records: NewRecords) -> tuple[Entry, list[tuple[str, str]]]:
    """Return *entry* as its page will be read, and ``(text, why)`` for each value that no page may have."""
    settings = catalogue.settings
    options: list[Option] = []
    for name, spec in FIELD.items():
        value = option_value(entry, spec)
        if value is not None:
            options.append(Option(name, len(options), value))
    title = " ".join(clean(entry.title.replace("\n", " ")).split())
    read, notes = build_entry(
        "", entry.path, entry.line, title, [_unwrapped(option) for option in options], settings
    )
    wrong = [
        (options[note.line].text, note.message)
        for note in notes
        if note.line < len(options) and note.code != "missing-option"
    ]
    bad_series = [(option, message) for option, _, message in check_issues(read, settings)]
    if any(option == "digest" for option, _ in bad_series):
        known = tuple(
            issue
            for issue in read.digest
            if not _has_problem(replace(read, digest=(issue,), section=""), settings)
        )
        read = replace(read, digest=known)
    if any(option == "section" for option, _, _ in check_issues(read, settings)):
        read = replace(read, section="", order=None)
    if not read.digest and not read.section:
        read = replace(read, order=None)
    cites = tuple(key for key in read.cite if records.has(key))
    wrong += [
        (key, f"no BibTeX record has the key {quote(key)}; add the record to the .bib file")
        for key in read.cite
        if key not in cites
    ]
    return replace(read, cite=cites, summary=tame(entry.summary), comment=tame(entry.comment)), wrong


def _unwrapped(option: Option) -> Option:
    """Undo the quotation marks that stand around a text in quotation marks on a page."""
    text = option.text
    if len(text) > 3 and text[0] == text[-1] and text[1] == text[-2] and {text[0], text[1]} == {"'", '"'}:
        return Option(option.name, option.line, text[1:-1])
    return option


def _has_problem(entry: Entry, settings: Any) -> bool:
    return any(True for _ in check_issues(entry, settings))


def _missing(entry: Entry, given: Entry) -> str:
    if given.url and not entry.url:
        return "an entry's address must be right; mend it in the file, or add the entry by hand"
    if not entry.title:
        return "an entry needs a title"
    if not entry.source:
        return "an entry needs a source, and this has neither one nor an address; give --source NAME"
    return ""


def _known_hosts(catalogue: Catalogue) -> dict[str, str]:
    """Return for each host the name that the collection gives it most often as a source."""
    counted: dict[str, Counter[str]] = {}
    for entry in catalogue.entries:
        if entry.url and entry.source:
            counted.setdefault(urls.host(entry.url), Counter())[entry.source] += 1
    return {host: min(names, key=lambda name: (-names[name], name)) for host, names in counted.items()}


def source_of(url: str, known: dict[str, str]) -> str:
    """Return a source by the host of *url*: as the collection names it, as everyone does, or the host itself."""
    host = urls.host(url)
    if found := _REDDIT.match(urls.identity(url)):
        return f"r/{found[1]}"
    return known.get(host) or HOSTS.get(host) or host


def _account(made: Plan, document: Document, harvest: Harvest) -> None:
    """Say of every line what became of it; what no one claims and is not blank is not understood.

    A line may hold several values: each that was not understood is told, and the line counts as what was.
    """
    lines = document.lines
    told: dict[int, Line] = {}
    for line in harvest.lines:
        if line.use == Use.UNPARSED and 1 <= line.number <= len(lines):
            made.unparsed.append(
                Unparsed(document.name, line.number, clean(lines[line.number - 1][:2000])[:1000], line.why)
            )
        before = told.get(line.number)
        if before is None or before.use in (Use.SYNTAX, Use.UNPARSED):
            told[line.number] = line
    counts: Counter[str] = Counter()
    for number, text in enumerate(lines, 1):
        claimed = told.get(number)
        if claimed is None:
            if not text.strip():
                counts[Use.BLANK] += 1
                continue
            claimed = Line(number, Use.UNPARSED, None, "no rule of this format fits it")
            made.unparsed.append(Unparsed(document.name, number, clean(text[:2000])[:1000], claimed.why))
        counts[claimed.use] += 1
    made.uses[document.name] = made.uses.get(document.name, Counter()) + counts
