"""The report of a link check: which addresses worked when they were last tried.

Read is what Sphinx's builder ``linkcheck`` writes, unchanged (``output.json``, JSON lines;
sphinx/builders/linkcheck.py, ``process_result``). A line holds one address as it stands on the pages, so
addresses are compared whole: another spelling was not tried, and one that was mended since is not blamed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .problems import Code, Problem, quote, suggest
from .urls import identity

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from .model import Entry

#: What is known of a link, by Sphinx's words for it, the worst first.
STATES: Final = ("broken", "timeout", "redirected", "working", "unchecked")
#: What Sphinx writes for links that were not tried, or of which it does not want to say anything.
_UNCHECKED: Final = ("unchecked", "ignored", "rate-limited", "unknown", "local")
#: In bytes: the report of a hundred thousand links has about 25 MB.
LARGEST: Final = 100_000_000
LONGEST: Final = 100_000
#: How many lines of one report are told to be wrong.
MOST: Final = 20
_MEND: Final = "run the link check again and keep its output.json as it is"
#: HTTP statuses by which a server refuses a program, or many requests; a reader may well see the page.
_REFUSED: Final = ("401", "403", "429")
_HTTP: Final = re.compile(r"([45][0-9]{2}) (?:Client|Server) Error\b")


class Checked(NamedTuple):
    """What a check found of an address: one of :data:`STATES`, and the HTTP status of a failure ("" for none)."""

    state: str
    code: str = ""


@dataclass(frozen=True)
class LinkReport:
    """What a report says: each address as it stands on a page, the last line for each; ``key`` is a hash of the file."""

    links: dict[str, Checked]
    problems: tuple[Problem, ...] = ()
    key: bytes = b""


def read(path: Path, cache: Path | None = None) -> LinkReport | None:
    """Read the report at *path*; None when it is not there. Nothing in it raises.

    A line that is none is a problem and is passed over. *cache* is a file to keep what was read in.
    """
    from .cache import key_of, load, save

    if not path.exists():
        return None
    content = _content(path)
    if isinstance(content, str):
        message = f"the report of the link check {content}"
        return LinkReport({}, (Problem(str(path), 1, Code.LINK_REPORT, message),))
    hashed = blake2b(content, digest_size=16).digest()
    key = key_of(str(path), hashed)
    kept = load(cache, key)
    if isinstance(kept, LinkReport):
        return kept
    links: dict[str, Checked] = {}
    problems: list[Problem] = []
    wrong = 0
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            try:
                url, found = _read_line(line)
            except ValueError as error:
                wrong += 1
                if wrong <= MOST:
                    problems.append(Problem(str(path), number, Code.LINK_REPORT, f"{error}; {_MEND}"))
            else:
                links[url] = found
    if wrong > MOST:
        message = f"{wrong - MOST:,} more lines of this report are wrong; {_MEND}"
        problems.append(Problem(str(path), 1, Code.LINK_REPORT, message))
    report = LinkReport(links, tuple(problems), hashed)
    save(cache, key, report)
    return report


def _content(path: Path) -> bytes | str:
    """Return what *path* holds, or why that cannot be read."""
    if not path.is_file():
        return "is no file; mlwatch_link_report in conf.py names it"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if len(content) > LARGEST:
        return f"has more than {LARGEST:,} bytes; {_MEND}"
    return content


def _read_line(line: bytes) -> tuple[str, Checked]:
    """Return an address and what was found of it; raises ValueError that says what is wrong with *line*."""
    if len(line) > LONGEST:
        raise ValueError(f"this line has {len(line):,} bytes, more than {LONGEST:,}")
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):  # of bytes that are not UTF-8 as well
        record = None
    if not isinstance(record, dict):
        raise ValueError(f"{quote(line.decode('utf-8', 'replace').strip())} is no JSON object")  # noqa: TRY004 - no caller asks for a type
    uri, status, info = (_text(record, name) for name in ("uri", "status", "info"))
    if status in _UNCHECKED:
        return uri, Checked("unchecked")
    if status not in STATES:
        known = tuple(dict.fromkeys((*STATES, *_UNCHECKED)))
        hint = suggest(status, known) or f" (known are {', '.join(known)})"
        raise ValueError(f"{quote(status)} is no status of a link{hint}")
    told = _HTTP.match(info) if status == "broken" else None
    code = told[1] if told else ""
    if status == "broken" and (code in _REFUSED or info == "unauthorized"):
        return uri, Checked("unchecked")
    return uri, Checked(status, code)


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise ValueError(f"its {quote(name)} is {quote(json.dumps(value))}, no text")  # noqa: TRY004 - as above
    return value


def addresses(entry: Entry, watched: Container[str]) -> Iterator[str]:
    """Give the addresses on the card of *entry*; other coverage that is itself an entry, of those *watched*, is no link."""
    if entry.url:
        yield entry.url
    if entry.archived:
        yield entry.archived
    for link in entry.links:
        yield link.url
    if entry.image:
        yield entry.image.url
    for url in entry.also:
        if identity(url) not in watched:
            yield url


def health(entry: Entry, watched: Container[str], report: LinkReport) -> dict[str, Checked]:
    """Return each address on the card of *entry* with what *report* says of it."""
    unknown = Checked("unchecked")
    return {url: report.links.get(url, unknown) for url in addresses(entry, watched)}
