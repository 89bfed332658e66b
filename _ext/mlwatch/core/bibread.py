"""From .bib files to records, with everything that is wrong in them.

The syntax is that of BibTeX 0.99d ("BibTeXing", Patashnik 1988, and bibtex.web), with the entry types and
fields of biblatex added. What is reported as lossy here is what pybtex, and so the build, stumbles over.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NoReturn

from .bibnames import LONGEST_NAME, person, split_names
from .bibtex import Record
from .latex import ADDRESSES, to_address, to_text
from .problems import Code, Hints, Problem, quote, shown_path

if TYPE_CHECKING:
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
_COMMENTED: Final = re.compile(r"[^\S\n]*+%")
#: How many characters the names of @string may stand for in one file, beyond as many as the file itself has: a
#: few lines that each repeat the one before would fill the memory.
_MOST_EXPANDED: Final = 100_000


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


class Reader:
    """Reads one file after another; macros and keys are shared, as in one run of BibTeX."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.found: dict[str, Record] = {}
        self.macros: dict[str, str] = {}
        self.people: dict[str, tuple[str, str]] = {}
        self.hints = Hints()
        self.path = self.text = self.closing = ""
        self.limit = self.expanded = 0
        self.commented = (-1, False)
        self.newlines: list[int] = []
        self.starts: list[int] = []

    def read_file(self, path: Path, data: bytes | OSError) -> None:
        self.path = str(path)
        if isinstance(data, OSError):
            reason = data.strerror or "it cannot be read"
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
        self.read_text(str(path), text)

    def read_text(self, path: str, text: str) -> None:
        """Read *text*; *path* is where problems are said to be."""
        self.path, self.text = path, text
        self.expanded, self.commented = 0, (-1, False)
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
        """Tell whether a % begins the line; a line is looked at once, however many @ it has."""
        line = bisect(self.newlines, position)
        if self.commented[0] != line:
            start = self.newlines[line - 1] + 1 if line else 0
            self.commented = line, _COMMENTED.match(self.text, start) is not None
        return self.commented[1]

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
            if any(len(one) > LONGEST_NAME for one in split_names(value)):
                message = (
                    f"{quote(draft.key)} is not read: a name in its {name} has more than {LONGEST_NAME:,} characters; "
                    f'write "and" between names'
                )
                raise _BrokenRecord(found.start(1), message)
            names = draft.names[name] = self.read_names(value)
            for wrong in names.wrong:
                message = f'the {name} {quote(wrong)} has too many commas; write "and" between names'
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
                parts.append(self.read_word(word, name, edits))
                position = word.end()
            else:
                raise _BrokenRecord(position, f"{quote(name)} has no value; write {name} = {{text}}")
            following = _HASH.match(self.text, position, self.limit)
            if not following:
                return "".join(parts), position
            position = following.end()

    def read_word(self, word: re.Match[str], of: str, edits: list[tuple[int, int, str]]) -> str:
        """Return what a word in the value of *of* stands for: a number, a month, or a name that @string defines."""
        name = word[0].lower()
        if name.isdecimal() and name.isascii():
            return name
        value = self.macros.get(name)
        if value is None and name in _MONTHS:
            return _MONTHS[name]
        if value is None:
            value = word[0]
            hint = self.hints.suggest("macro", name, self.macros.keys() | _MONTHS.keys())
            self.report(
                word.start(),
                f"no @string is called {quote(value)}{hint}; define it, or put the value in braces",
            )
        self.expanded += len(value)
        most = len(self.text) + _MOST_EXPANDED
        if self.expanded > most:
            message = (
                f"the value of {quote(of)} is not read: with {quote(word[0])}, the names of @string in this file stand "
                f"for more than {most} characters; define none of them by repeating itself or another"
            )
            raise _BrokenRecord(word.start(), message)
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
        names = _Names()
        for name in split_names(value):
            if name not in self.people:
                self.people[name] = person(name)
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
            message = f"the key {quote(key)} stands already at {shown_path(first.path)}:{first.line}{same}; take one away"
            self.report(draft.start, message, Code.BIB_REPEATED)
            return
        makers = draft.names.get("author") or draft.names.get("editor") or _Names()
        fields = (
            (name, to_address(value) if name in ADDRESSES else to_text(value))
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
            hint = (
                self.hints.suggest("type", draft.type, REQUIRED) or "; use @misc for what fits no other type"
            )
            self.report(draft.start, f"BibTeX has no type {quote('@' + draft.type)}{hint}", Code.BIB_FIELD)

    def finish(self, record: Record) -> Record:
        """Return *record* with what it inherits by ``crossref`` (BibTeXing, 3.2), its fields checked."""

        def complain(message: str) -> None:
            self.problems.append(Problem(record.path, record.line, Code.BIB_FIELD, message))

        if parent_key := record.get("crossref"):
            parent = self.found.get(parent_key.lower())
            if parent is None:
                hint = self.hints.suggest("record", parent_key, self.found) or "; add that record"
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
