"""BibTeX: read records with everything that is wrong in them, and write the record of an entry.

The syntax is that of BibTeX 0.99d ("BibTeXing", Patashnik 1988, and bibtex.web), with the entry types and
fields of biblatex added. What is reported as lossy here is what pybtex, and so the build, stumbles over.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field, replace
from textwrap import shorten
from typing import TYPE_CHECKING, Final, NoReturn
from unicodedata import normalize

from . import urls
from .problems import Code, Problem, quote, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_YEAR: Final = "year|date"
_JOURNAL: Final = "journal|journaltitle|eprint"
_MAKER: Final = "author|editor"
_SCHOOL: Final = "school|institution"
_IN_BOOK: Final = ("author", "title", "booktitle", _YEAR)
#: Entry types with the fields each must have; ``a|b``: one of them. BibTeX's list, and those of biblatex.
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "article": ("author", "title", _JOURNAL, _YEAR),
    "book": (_MAKER, "title", "publisher", _YEAR),
    "inbook": (_MAKER, "title", "chapter|pages|booktitle", "publisher|booktitle", _YEAR),
    "incollection": ("author", "title", "booktitle", "publisher", _YEAR),
    "inproceedings": _IN_BOOK,
    "conference": _IN_BOOK,
    "mastersthesis": ("author", "title", _SCHOOL, _YEAR),
    "phdthesis": ("author", "title", _SCHOOL, _YEAR),
    "thesis": ("author", "title", _SCHOOL, _YEAR),
    "proceedings": ("title", _YEAR),
    "techreport": ("author", "title", "institution", _YEAR),
    "report": ("author", "title", "institution", _YEAR),
    "unpublished": ("author", "title", "note"),
    "set": (),
    "xdata": (),
} | dict.fromkeys(
    """
    booklet manual misc online electronic www dataset software patent periodical suppperiodical collection
    reference inreference mvbook mvcollection mvproceedings mvreference bookinbook suppbook suppcollection
    artwork audio bibnote commentary image jurisdiction legislation legal letter movie music performance
    review standard video
    """.split(),
    ("title",),
)

_MONTHS: Final = {
    name[:3].lower(): name
    for name in "January February March April May June July August September October November December".split()
}


@dataclass(frozen=True, slots=True)
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
        values = dict(self.fields)
        return next((values[name] for name in names if values.get(name)), "")

    @property
    def title(self) -> str:
        """The title, or an empty string."""
        return self.get("title")

    @property
    def year(self) -> str:
        """The year as written, or that of a biblatex date (ISO 8601-2), or an empty string."""
        return self.get("year") or self.get("date")[:4]

    @property
    def arxiv(self) -> str:
        """The arXiv identifier without version, or an empty string."""
        if self.get("archiveprefix", "eprinttype").lower() in ("", "arxiv"):
            found = urls.arxiv_id(self.get("eprint"))
            if found:
                return found
        named = _ARXIV.search(self.get("journal", "journaltitle", "howpublished", "note"))
        texts = (named[0] if named else "", self.get("url"), self.get("doi"))
        return next((found for text in texts if (found := urls.arxiv_id(text))), "")

    @property
    def venue(self) -> str:
        """Where it was published: journal, proceedings, arXiv, school, institution, publisher; or empty."""
        return (
            self.get("journal", "journaltitle", "booktitle")
            or (f"arXiv:{self.arxiv}" if self.arxiv else "")
            or self.get("school", "institution", "organization", "publisher")
            or next((how for how in [self.get("howpublished")] if not urls.is_safe(how)), "")
        )

    @property
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

    @property
    def url(self) -> str:
        """The first of :attr:`addresses`, or an empty string."""
        return next(iter(self.addresses), "")

    @property
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


_ARXIV: Final = re.compile(r"arxiv:\s*[\w./-]*\w", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The records of all files by key, in their order, the first of a repeated key; and all problems."""

    records: dict[str, Record]
    problems: tuple[Problem, ...]


def read(paths: Iterable[Path]) -> Bibliography:
    """Read .bib files, as one bibliography; nothing in them, and no missing file, raises."""
    reader = _Reader()
    for path in paths:
        reader.read_file(path)
    records = {record.key: reader.finish(record) for record in reader.found.values()}
    return Bibliography(records, tuple(sorted(set(reader.problems))))


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
    people = [_escape(name) for name in authors]
    # BibTeX would read a comma, the word "and", and the name "others" as parts of a list of names.
    people = [f"{{{name}}}" if _NO_NAME.search(name) else name for name in people]
    organization = f"{{{_escape(source)}}}" if source else ""
    # The outer braces keep a style from setting the title in small letters.
    values = {
        "author": " and ".join(people) or organization,
        "title": f"{{{_escape(title)}}}" if title else "",
        "howpublished": _escape(source) if people else "",
        "year": _escape(year),
        "url": re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url),
        "note": _escape(date_text),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    return ",\n".join([f"@misc{{{key}", *lines]) + "\n}"


def plain(record: Record) -> str:
    """Return a reference on one line, as in "Authors. Title. Venue, year."."""
    people = list(record.authors)
    if record.more:
        who = ", ".join(people) + " et al."
    else:
        who = " and ".join([", ".join(people[:-1]), people[-1]] if people[1:] else people)
    if people and not record.get("author"):
        who += " (eds.)" if people[1:] else " (ed.)"
    where = ", ".join(part for part in (record.venue, record.year) if part)
    return " ".join(part if part[-1] in ".?!" else f"{part}." for part in (who, record.title, where) if part)


_ESCAPES: Final = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_"}
    | {"{": "{\\textbraceleft}", "}": "{\\textbraceright}", "\\": "{\\textbackslash}"}
    | {"~": "{\\textasciitilde}", "^": "{\\textasciicircum}"}
)
_NO_NAME: Final = re.compile(r",|\band\b|^others$", re.IGNORECASE)
_LIGATURE: Final = re.compile(r"(?<=([-'`]))(?=\1)")


def _escape(text: str) -> str:
    return _LIGATURE.sub("{}", " ".join(text.split()).translate(_ESCAPES))


# --- LaTeX to text ---------------------------------------------------------------------------------------------

_ACCENTS: Final = dict(
    zip(
        "`'^~=u.\"rHvdckbt",
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331\u0361",
        strict=True,
    )
)
_LETTERS: Final = dict(
    pair.split(":")
    for pair in r"""
    ss:ß o:ø O:Ø l:ł L:Ł ae:æ AE:Æ oe:œ OE:Œ aa:å AA:Å i:ı j:ȷ dh:ð DH:Ð th:þ TH:Þ dj:đ DJ:Đ ng:ŋ NG:Ŋ
    textendash:– textemdash:— ldots:… dots:… textellipsis:… textquotesingle:' textquoteleft:‘
    textquoteright:’ textquotedblleft:“ textquotedblright:” textasciitilde:~ textasciicircum:^
    textbackslash:\ backslash:\ textunderscore:_ textbar:| textless:< textgreater:> textbraceleft:{
    textbraceright:} lbrace:{ rbrace:} textdollar:$ textregistered:® texttrademark:™ textcopyright:©
    copyright:© textdegree:° degree:° circ:° S:§ P:¶ pounds:£ euro:€ texteuro:€ times:× pm:± cdot:· infty:∞
    le:≤ leq:≤ ge:≥ geq:≥ ne:≠ neq:≠ approx:≈ sim:~ to:→ rightarrow:→ leftarrow:← in:∈ ell:ℓ bullet:•
    textbullet:• TeX:TeX LaTeX:LaTeX BibTeX:BibTeX
    """.split()
) | dict(
    zip(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        "αβγδϵεζηθικλμνξπρστυϕφχψωΓΔΘΛΞΠΣΦΨΩ",
        strict=True,
    )
)
_MARKS: Final = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "\\\\": " ", "\\ ": " ", "\\,": " "}
_SPECIAL: Final = re.compile(r"[\\{}~$]|--|``|''")
_MATH: Final = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_TEX: Final = re.compile(
    r"\\(?:url|path)\s*\{(?P<url>[^{}]*)\}"
    r"|\\(?:href\s*|noopsort\s*|SortNoop\s*)\{[^{}]*\}"
    r"|\\(?P<accent>[`'^~=.\"]|[uvHtckrbd](?![A-Za-z]))\s*\{*(?:\\(?P<dotless>[ij])(?![A-Za-z])|(?P<base>[^\W_]))?"
    r"|\\(?P<word>[A-Za-z]+)\*?\s*"
    r"|(?P<mark>---?|``|''|~|\\[\\ ,])"
    r"|\\(?P<escaped>[&%$#_{}\"])"
    r"|\\.?|[{}]",
    re.DOTALL,
)


def _text(value: str) -> str:
    """Return LaTeX as plain text on one line; what a command unknown here does is left out, its words stay."""
    if _SPECIAL.search(value):
        value = _TEX.sub(_decode, _MATH.sub(r"\1", value))
    return " ".join(value.split())


def _decode(found: re.Match[str]) -> str:
    if accent := found["accent"]:
        base = found["dotless"] or found["base"]
        return normalize("NFC", base + _ACCENTS[accent]) if base else accent if accent in "`'^~\"" else ""
    if word := found["word"]:
        return _LETTERS.get(word, "")
    if mark := found["mark"]:
        return _MARKS[mark]
    return _address(found["url"]) if found["url"] else found["escaped"] or ""


_TILDE: Final = re.compile(r"\{?\\(?:textasciitilde|sim)(?![A-Za-z])\s*(?:\{\})?\}?|\$\\sim\$|\\~\{\}")
_ADDRESSES: Final = frozenset(("url", "doi", "eprint", "file"))


def _address(value: str) -> str:
    """Return a value that LaTeX sets as it is: only escapes and braces go, dashes and tildes stay."""
    value = re.sub(r"\\(?:url|path)\s*(?=\{)", "", _TILDE.sub("~", value))
    return "".join(re.sub(r"\\([%&#_$])|[{}]", r"\1", value).split())


# --- Files to records ------------------------------------------------------------------------------------------


class _BrokenRecord(Exception):  # noqa: N818 - it is one problem of a file, not of the program
    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


_AT: Final = re.compile(r"@[ \t]*(?:(?P<type>[A-Za-z][\w.+-]*)\s*(?P<open>[{(])?)?")
_START: Final = re.compile(r"^[ \t]*@[ \t]*[A-Za-z][\w.+-]*\s*[{(]", re.MULTILINE)
_NO_AT: Final = re.compile(
    rf"^[ \t]*({'|'.join(REQUIRED)})\s*\{{\s*[^\s,{{}}]+\s*,", re.MULTILINE | re.IGNORECASE
)
_LEFT_OVER: Final = re.compile(r"\s*[,}][^\n]*")
_STRAY: Final = re.compile(r"^[ \t]*[A-Za-z][\w-]*\s*=\s*[{\"][^\n]*", re.MULTILINE)
_KEY: Final = re.compile(r"\s*([^\s,{}()=\"#%]*)\s*")
_FIELD: Final = re.compile(r"[\s,]*([A-Za-z][\w.:+/-]*)\s*=\s*", re.ASCII)
_SPACE: Final = re.compile(r"\s*")
_COMMAS: Final = re.compile(r"[\s,]*")
_HASH: Final = re.compile(r"\s*#\s*")
_WORD: Final = re.compile(r"[^\s,#{}()=\"%@]+")
_BRACE: Final = re.compile(r"[{}]")
_BRACE_OR_QUOTE: Final = re.compile(r"[{}\"]")
_DEEPEST: Final = 100  # pybtex reads no deeper nesting


@dataclass
class _Names:
    authors: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    more: bool = False
    empty: bool = False
    wrong: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


@dataclass
class _Draft:
    """A record while it is read; ``edits`` are (start, end, replacement) in the file, in order."""

    type: str
    key: str
    start: int
    values: dict[str, str] = field(default_factory=dict)
    names: dict[str, _Names] = field(default_factory=dict)
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def cut(self, start: int, end: int, replacement: str) -> None:
        """Put *replacement* for the text from *start*, and for all edits that were made from there on."""
        self.edits = [edit for edit in self.edits if edit[0] < start]
        self.edits.append((start, end, replacement))

    def raw(self, text: str, end: int) -> str:
        parts, position = [], self.start
        for first, last, replacement in self.edits:
            parts += [text[position:first], replacement]
            position = last
        return "".join([*parts, text[position:end]])


def _person(name: str) -> tuple[str, str]:
    """Return "Given von Family, Jr" and "von Family" by BibTeX's rules; no family when it breaks them."""
    from pybtex.bibtex.utils import split_tex_string
    from pybtex.database import Person

    if name.count(",") > 2 and len(split_tex_string(name, ",")) > 3:
        return _text(name), ""
    person = Person(name)
    family = [*person.prelast_names, *person.last_names]
    whole = [*person.first_names, *person.middle_names, *family, *person.lineage_names]
    return _text(" ".join(whole)), _text(" ".join(family))


class _Reader:
    """Reads one file after another; macros and keys are shared, as in one run of BibTeX."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, Record] = {}
        self.macros: dict[str, str] = {}
        self.people: dict[str, tuple[str, str]] = {}
        self.path = self.text = self.closing = ""
        self.limit = 0
        self.newlines: list[int] = []
        self.starts: list[int] = []

    def read_file(self, path: Path) -> None:
        self.path = str(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            message = f"no BibTeX records from here: {reason}; mend the path or take it out of the settings"
            self.problems.append(Problem(self.path, 1, Code.BIB_MISSING, message))
            return
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = data.decode("utf-8-sig", "replace")
            message = f"byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8"
            line = data.count(b"\n", 0, error.start) + 1
            self.problems.append(Problem(self.path, line, Code.ENCODING, message))
        self.text = text
        self.newlines = [found.start() for found in re.finditer("\n", text)]
        self.starts = [found.start() for found in _START.finditer(text)]
        self.read_commands()

    def line(self, position: int) -> int:
        return bisect(self.newlines, position - 1) + 1

    def report(self, position: int, message: str, code: Code = Code.BIB_SYNTAX) -> None:
        self.problems.append(Problem(self.path, self.line(position), code, message))

    def read_commands(self) -> None:
        """Read what begins with ``@``; after a mistake go on at the next line that begins a record."""
        position, after = 0, ""
        while found := _AT.search(self.text, position):
            self.check_between(position, found.start(), after)
            position, after = found.end(), ""
            name = (found["type"] or "").lower()
            if name == "comment":
                after = "comment"
                continue
            if not found["open"] or self.is_commented(found.start()):
                self.report_stray_at(found)
                continue
            following = bisect(self.starts, found.start())
            self.limit = self.starts[following] if following < len(self.starts) else len(self.text)
            self.closing = "}" if found["open"] == "{" else ")"
            try:
                position = self.read_command(name, found.start(), position)
                after = "record"
            except _BrokenRecord as broken:
                self.report(broken.position, str(broken))
                position, after = self.limit, "comment"
        self.check_between(position, len(self.text), after)

    def is_commented(self, position: int) -> bool:
        return self.text[self.text.rfind("\n", 0, position) + 1 : position].lstrip().startswith("%")

    def report_stray_at(self, found: re.Match[str]) -> None:
        shown = quote(self.text[found.start() : found.start() + 40].partition("\n")[0])
        if found["open"]:
            mend = "BibTeX knows no % comments and reads this record; take its @ away"
        elif (found["type"] or "").lower() in REQUIRED:
            mend = "the { after the type is missing"
        else:
            mend = "BibTeX takes every @ outside a record for the start of one; take it away"
        self.report(found.start(), f"{shown}: {mend}")

    def check_between(self, start: int, end: int, after: str) -> None:
        """Look for parts of records in what stands between records."""
        if after == "comment" or not self.text[start:end].strip():
            return
        if found := _NO_AT.search(self.text, start, end):
            self.report(found.start(1), f"the @ before {quote(found[1])} is missing; write @{found[1]}")
        elif after and (
            stray := _LEFT_OVER.match(self.text, start, end) or _STRAY.search(self.text, start, end)
        ):
            shown = stray[0].lstrip()
            message = f"{quote(shown, 40)} stands after the end of a record; look for a }} too many before it"
            self.report(stray.end() - len(shown), message)

    def read_command(self, name: str, start: int, position: int) -> int:
        if name == "preamble":
            return self.close(self.read_value(position, "@preamble", [])[1])
        if name == "string":
            found = _FIELD.match(self.text, position, self.limit)
            if not found:
                raise _BrokenRecord(start, "@string has no name = value; write @string{name = {text}}")
            value, position = self.read_value(found.end(), found[1], [])
            self.macros[found[1].lower()] = value
            return self.close(position)
        return self.read_record(name, start, position)

    def close(self, position: int) -> int:
        position = self.skip(_COMMAS, position)
        if not self.text.startswith(self.closing, position, self.limit):
            raise _BrokenRecord(position, f"a {self.closing} is missing here")
        return position + 1

    def skip(self, pattern: re.Pattern[str], position: int) -> int:
        found = pattern.match(self.text, position, self.limit)
        return found.end() if found else position

    def shown(self, position: int) -> str:
        return quote(self.text[position : min(position + 40, self.limit)].partition("\n")[0])

    def read_key(self, start: int, position: int) -> tuple[str, int]:
        found = _KEY.match(self.text, position, self.limit)
        key, end = (found[1], found.end()) if found else ("", position)
        if not key or self.text.startswith("=", end):
            raise _BrokenRecord(start, "the record has no key; write it after the brace, with a comma")
        return key, found.end(1) if found else end

    def read_record(self, type_: str, start: int, position: int) -> int:
        key, position = self.read_key(start, position)
        draft = _Draft(type_, key, start)
        what = f"the key {quote(key)}"
        while True:
            end, position = position, self.skip(_COMMAS, position)
            if self.text.startswith(self.closing, position, self.limit):
                if not draft.values and self.closing == ")":
                    # pybtex takes the parenthesis for a part of the key, unless a comma comes first.
                    draft.edits.append((end, end, ","))
                break
            found = _FIELD.match(self.text, position, self.limit)
            if not found:
                self.fail(key, what, position, start)
            if "," not in self.text[end:position]:
                self.report(end, f"a comma is missing after {what} of {quote(key)}")
                draft.edits.append((end, end, ","))
            position = self.read_field(draft, found, end)
            what = f"the value of {quote(found[1])}"
        self.keep(draft, position + 1)
        return position + 1

    def read_field(self, draft: _Draft, found: re.Match[str], end: int) -> int:
        """Read the value of the field *found* into *draft*; *end* is where what stands before it ended."""
        name = found[1].lower()
        value, position = self.read_value(found.end(), name, draft.edits)
        if name in draft.values:
            message = (
                f"{quote(draft.key)} has {quote(name)} twice, of which the first counts; keep one of them"
            )
            self.report(found.start(1), message, Code.BIB_REPEATED)
            draft.cut(end, position, "")
            return position
        draft.values[name] = value
        if name in ("author", "editor"):
            names = draft.names[name] = self.read_names(value)
            for person in names.wrong:
                message = f'the {name} {quote(person)} has too many commas; write "and" between names'
                self.report(found.start(1), message)
            if names.empty:
                message = f'the {name}s of {quote(draft.key)} have an empty name; look at each "and"'
                self.report(found.start(1), message, Code.BIB_FIELD)
            if names.wrong:
                draft.cut(found.end(), position, f"{{{' and '.join(names.mended)}}}")
        return position

    def read_value(self, position: int, name: str, edits: list[tuple[int, int, str]]) -> tuple[str, int]:
        """Return a value as LaTeX and where it ends; what cannot stand outside this file goes to *edits*."""
        parts: list[str] = []
        while True:
            if self.text.startswith(("{", '"'), position, self.limit):
                end = self.end_of_value(position, name)
                parts.append(self.text[position + 1 : end])
                position = end + 1
            elif word := _WORD.match(self.text, position, self.limit):
                parts.append(self.read_word(word, edits))
                position = word.end()
            else:
                raise _BrokenRecord(position, f"{quote(name)} has no value; write {name} = {{text}}")
            following = _HASH.match(self.text, position, self.limit)
            if not following:
                return "".join(parts), position
            position = following.end()

    def read_word(self, word: re.Match[str], edits: list[tuple[int, int, str]]) -> str:
        name = word[0].lower()
        if name.isdecimal() and name.isascii():
            return name
        value = self.macros.get(name)
        if value is None and name in _MONTHS:
            return _MONTHS[name]
        if value is None:
            value = word[0]
            hint = suggest(name, (*self.macros, *_MONTHS))
            self.report(
                word.start(),
                f"no @string is called {quote(value)}{hint}; define it, or put the value in braces",
            )
        edits.append((*word.span(), f"{{{value}}}"))
        return value

    def end_of_value(self, start: int, name: str) -> int:
        """Return where the value that is opened at *start* is closed; braces count in quotation marks too."""
        quoted = self.text[start] == '"'
        depth = 0
        for found in (_BRACE_OR_QUOTE if quoted else _BRACE).finditer(self.text, start + 1, self.limit):
            if found[0] == "{":
                depth += 1
                if depth > _DEEPEST:
                    break
            elif found[0] == "}" and depth:
                depth -= 1
            elif found[0] == "}" and quoted:
                raise _BrokenRecord(found.start(), f"a }} without a {{ stands in the value of {quote(name)}")
            elif not depth:
                return found.start()
        message = f"the {self.text[start]} before the value of {quote(name)} is not closed in its record"
        raise _BrokenRecord(start, message)

    def read_names(self, value: str) -> _Names:
        from pybtex.bibtex.utils import split_name_list

        names = _Names()
        for name in split_name_list(" ".join(value.split())):
            if name not in self.people:
                self.people[name] = _person(name)
            author, family = self.people[name]
            names.mended.append(name)
            if name.lower() == "others":
                names.more = True
            elif not author:
                names.empty = True
            else:
                names.authors.append(author)
                names.families.append(family or author)
            if author and not family:
                names.wrong.append(name)
                names.mended[-1] = f"{{{name}}}"
        return names

    def fail(self, key: str, what: str, position: int, start: int) -> NoReturn:
        if position >= self.limit:
            line = self.line(self.limit)
            place = "" if self.limit == len(self.text) else f" before the record in line {line}"
            raise _BrokenRecord(start, f"{quote(key)} is not closed{place}; add the missing {self.closing}")
        mend = "write name = {value}, with braces and commas"
        if what.startswith("the key"):
            mend = "a key has no spaces, and a comma follows it"
        message = f"after {what} stands {self.shown(position)}, which is no field; {mend}"
        raise _BrokenRecord(position, message)

    def keep(self, draft: _Draft, end: int) -> None:
        key, line = draft.key, self.line(draft.start)
        if first := self.found.get(key.lower()):
            same = "" if first.key == key else f" as {quote(first.key)}, and case makes no other key of it"
            message = f"the key {quote(key)} stands already at {first.path}:{first.line}{same}; take one away"
            self.report(draft.start, message, Code.BIB_REPEATED)
            return
        makers = draft.names.get("author") or draft.names.get("editor") or _Names()
        fields = (
            (name, _address(value) if name in _ADDRESSES else _text(value))
            for name, value in draft.values.items()
        )
        self.found[key.lower()] = Record(
            key=key,
            type=draft.type,
            fields=tuple(fields),
            authors=tuple(makers.authors),
            families=tuple(makers.families),
            more=makers.more,
            path=self.path,
            line=line,
            raw=draft.raw(self.text, end),
        )
        if draft.type not in REQUIRED:
            hint = suggest(draft.type, REQUIRED) or "; use @misc for what fits no other type"
            self.report(draft.start, f"BibTeX has no type {quote('@' + draft.type)}{hint}", Code.BIB_FIELD)

    def finish(self, record: Record) -> Record:
        """Return *record* with what it inherits by ``crossref`` (BibTeXing, 3.2), its fields checked."""

        def complain(message: str) -> None:
            self.problems.append(Problem(record.path, record.line, Code.BIB_FIELD, message))

        if parent_key := record.get("crossref"):
            parent = self.found.get(parent_key.lower())
            if parent is None:
                hint = suggest(parent_key, self.found) or "; add that record"
                complain(
                    f"{quote(record.key)} has a crossref to {quote(parent_key)}, which is no record{hint}"
                )
                return record
            own = {name: value for name, value in record.fields if value}
            inherited = {"booktitle": parent.title, **dict(parent.fields)}
            record = replace(record, fields=tuple((own | inherited | own).items()))
        missing = [names for names in REQUIRED.get(record.type, ()) if not record.get(*names.split("|"))]
        if missing:
            lacking = ", ".join(names.replace("|", " or ") for names in missing)
            complain(f"@{record.type} {quote(record.key)} lacks {lacking}; add it")
        return record
