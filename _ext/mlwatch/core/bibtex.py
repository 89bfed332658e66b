"""BibTeX: what a record says, and the record that cites an entry; :func:`read` reads the files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from . import urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from .problems import Problem


@dataclass(frozen=True)
class Record:
    """One BibTeX record, its values as the text that a reader sees.

    ``authors`` are in the order "Given von Family", ``families`` their "von Family"; a record without
    authors has its editors there. ``more`` says that the list ends in "and others". ``line`` counts from 1.
    ``raw`` is the record's text in the file, made to stand alone: macros of the file are written out, and
    what BibTeX would stumble over (a missing comma, a second field of one name) is mended.
    """

    key: str
    type: str
    fields: tuple[tuple[str, str], ...]
    authors: tuple[str, ...]
    families: tuple[str, ...]
    more: bool
    path: str
    line: int
    raw: str

    def get(self, *names: str) -> str:
        """Return the value of the first of the fields *names* that is not empty, or an empty string."""
        values = self._values
        return next((values[name] for name in names if values.get(name)), "")

    @cached_property
    def _values(self) -> dict[str, str]:
        return dict(self.fields)

    @cached_property
    def title(self) -> str:
        """The title, or an empty string."""
        return self.get("title")

    @cached_property
    def year(self) -> str:
        """The year as written, or that of a biblatex date (ISO 8601-2), or an empty string."""
        return self.get("year") or self.get("date")[:4]

    @cached_property
    def arxiv(self) -> str:
        """The arXiv identifier without version, or an empty string."""
        if self.get("archiveprefix", "eprinttype").lower() in ("", "arxiv"):
            found = urls.arxiv_id(self.get("eprint"))
            if found:
                return found
        named = _ARXIV.search(self.get("journal", "journaltitle", "howpublished", "note"))
        texts = (named[0] if named else "", self.get("url"), self.get("doi"))
        return next((found for text in texts if (found := urls.arxiv_id(text))), "")

    @cached_property
    def venue(self) -> str:
        """Where it was published: journal, proceedings, arXiv, school, institution, publisher; or empty."""
        return (
            self.get("journal", "journaltitle", "booktitle")
            or (f"arXiv:{self.arxiv}" if self.arxiv else "")
            or self.get("school", "institution", "organization", "publisher")
            or next((how for how in [self.get("howpublished")] if not urls.is_safe(how)), "")
        )

    @cached_property
    def place(self) -> str:
        """Venue and year, the year once; or an empty string."""
        if self.year and self.year not in self.venue:
            return ", ".join(part for part in (self.venue, self.year) if part)
        return self.venue

    @cached_property
    def venue_name(self) -> str:
        """The venue without a year: "NeurIPS" of "NeurIPS 2021", "arXiv" of "arXiv:2104.00298"; or an empty string."""
        if self.venue.lower().startswith("arxiv"):
            return "arXiv"
        return " ".join(_OF_YEAR.sub(" ", self.venue).split()).strip(" ,")

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of the work that are safe to link: its ``url``, its DOI's, its arXiv page."""
        name = urls.doi(self.get("doi")) or ""
        candidates = (
            self.get("url"),
            f"https://doi.org/{name}" if name else "",
            f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else "",
            self.get("howpublished"),
        )
        return tuple(dict.fromkeys(address for address in candidates if urls.is_safe(address)))

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """What tells whether another address is one of :attr:`addresses`."""
        return tuple(urls.identity(address) for address in self.addresses)

    @cached_property
    def url(self) -> str:
        """The first of :attr:`addresses`, or an empty string."""
        return next(iter(self.addresses), "")

    @cached_property
    def label(self) -> str:
        """Author and year, as in "Tan & Le 2021"; made from this record alone, so it need not be unique."""
        if not self.families:
            named = self.get("organization", "institution", "publisher", "key", "title")
            who = shorten(named or self.key, 40, placeholder="…")
        elif len(self.families) > 2 or self.more:
            who = f"{self.families[0]} et al."
        else:
            who = " & ".join(self.families)
        return f"{who} {self.year}".strip()

    @cached_property
    def published(self) -> str:
        """Venue and year in short, as in "ICML 2021" or "arXiv 2021"; or an empty string."""
        venue = self.venue_name if self.year not in self.venue or self.venue_name == "arXiv" else self.venue
        return f"{venue} {self.year}".strip() if self.year not in venue else venue

    @cached_property
    def credit(self) -> str:
        """Who wrote it, and where it was published, as in "Tan & Le, ICML 2021"."""
        who = self.label.removesuffix(self.year).strip() if self.families else ""
        return ", ".join(part for part in (who, self.published) if part)

    @cached_property
    def pages(self) -> tuple[tuple[str, str], ...]:
        """The web pages of the work: ``abstract`` or ``article``, ``pdf`` and ``doi``, each with its URL, as far as they are known."""
        name = urls.doi(self.get("doi"))
        known: dict[str, str] = {}
        if self.arxiv:
            known["abstract"] = f"https://arxiv.org/abs/{self.arxiv}"
            known["pdf"] = f"https://arxiv.org/pdf/{self.arxiv}"
        elif self.url and urls.doi(self.url) is None:
            known["pdf" if self.url.lower().endswith(".pdf") else "article"] = self.url
        if name and not name.startswith("10.48550/"):
            known["doi"] = urls.doi_address(name)
        return tuple(known.items())

    @cached_property
    def people(self) -> str:
        """The authors, or the editors, as in "A B, C D and E F"; empty when it names nobody."""
        names = list(self.authors)
        if self.more:
            who = ", ".join(names) + " et al."
        else:
            who = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        if names and not self.get("author"):
            who += " (eds.)" if names[1:] else " (ed.)"
        return who

    @cached_property
    def reference(self) -> str:
        """The record on one line, as in "Authors. Title. Venue, year."."""
        return " ".join(sentence(part) for part in (self.people, self.title, self.place) if part)


_OF_YEAR: Final = re.compile(r"(?<!\w)(?:['’]\d\d|(?:19|20)\d\d)(?!\w)", re.ASCII)
_ARXIV: Final = re.compile(r"arxiv:\s*[\w./-]*\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The records of all files by key, in their order, the first of a repeated key; and all problems.

    ``key`` is a hash of what was read.
    """

    records: dict[str, Record]
    problems: tuple[Problem, ...]
    key: bytes = b""


def read(paths: Iterable[Path], cache: Path | None = None) -> Bibliography:
    """Read .bib files, as one bibliography; nothing in them, and no missing file, raises.

    *cache* is a file to keep what was read in, by the files' content.
    """
    from .cache import key_of, load, save

    contents = [(path, _content(path)) for path in paths]
    # Messages name other places as they are seen from the working folder.
    key = key_of(os.getcwd(), [(str(path), _hash(content)) for path, content in contents])  # noqa: PTH109 - a key
    kept = load(cache, key)
    if isinstance(kept, Bibliography):
        return kept
    from .bibread import Reader

    reader = Reader()
    for path, content in contents:
        reader.read_file(path, content)
    records = {record.key: reader.finish(record) for record in reader.found.values()}
    for record in records.values():
        # What pages ask of each is worked out once, and kept with it.
        _ = (record.identities, record.label, record.reference, record.credit, record.pages)
    bibliography = Bibliography(records, tuple(sorted(set(reader.problems))), key)
    save(cache, key, bibliography)
    return bibliography


def _content(path: Path) -> bytes | OSError:
    try:
        return path.read_bytes()
    except OSError as error:
        return error


def _hash(content: bytes | OSError) -> bytes:
    return blake2b(content if isinstance(content, bytes) else str(content.strerror).encode()).digest()


def entry_record(
    key: str,
    title: str,
    source: str,
    url: str,
    year: str,
    date_text: str,
    authors: Sequence[str],
) -> str:
    """Return the ``@misc`` record that cites a watched article; what is empty is left out.

    Without *authors* the *source* is the author, in braces, for it is no person's name. The record's values
    are plain text here and are escaped for LaTeX; :func:`read` gives them back.
    """
    people = [escape(name) for name in authors]
    # BibTeX would read a comma, the word "and", and the name "others" as parts of a list of names.
    people = [f"{{{name}}}" if _NO_NAME.search(name) else name for name in people]
    organization = f"{{{escape(source)}}}" if source else ""
    # The outer braces keep a style from setting the title in small letters.
    values = {
        "author": " and ".join(people) or organization,
        "title": f"{{{escape(title)}}}" if title else "",
        "howpublished": escape(source) if people else "",
        "year": escape(year),
        "url": re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url),
        "note": escape(date_text),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    return ",\n".join([f"@misc{{{key}", *lines]) + "\n}"


def sentence(text: str) -> str:
    """Return *text* with a full stop, unless it ends with a mark of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


_ESCAPES: Final = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_"}
    | {"{": "{\\textbraceleft}", "}": "{\\textbraceright}", "\\": "{\\textbackslash}"}
    | {"~": "{\\textasciitilde}", "^": "{\\textasciicircum}"}
)
_NO_NAME: Final = re.compile(r",|\band\b|^others$", re.IGNORECASE)
_LIGATURE: Final = re.compile(r"(?<=([-'`]))(?=\1)")


def escape(text: str) -> str:
    """Return plain *text* on one line as LaTeX, which :func:`~mlwatch.core.latex.to_text` turns back."""
    return _LIGATURE.sub("{}", " ".join(text.split()).translate(_ESCAPES))
