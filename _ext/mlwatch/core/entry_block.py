"""The options of an ``mlentry`` block, in both forms that MyST has for options of a directive.

The colon form has one ``:name: value`` on each line; indented lines continue a value. The YAML form is one YAML mapping
between two lines ``---``. It is read as YAML has it (1.1, by PyYAML's event parser), except that every value is taken as
it is written: ``date: 2021-09-16`` is text and not a date, ``lang: no`` is text and not a boolean. Anchors, aliases and
tags are refused, and so is whatever nests deeper than a list of texts.

The scan and the directive both call :func:`parse_options`, so they cannot differ. Nothing raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from .problems import Code, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import yaml

_COLON_OPTION: Final = re.compile(r":([A-Za-z0-9][\w-]*):(?=[ \t]|$)")
_YAML_OPTION: Final = re.compile(r"([A-Za-z0-9][\w-]*):(?:[ \t]+|$)")
#: A line of the YAML form that begins an option: not indented, and neither a list item, a value, a comment nor a closing bracket.
_YAML_START: Final = re.compile(r"(?![-:](?:\s|$))[^\s#\]}]")
_MORE_LINE_ENDS: Final = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")
_YAML_NULLS: Final = frozenset(("~", "null", "Null", "NULL"))
#: A value that YAML reads as written without quotation marks.
_YAML_PLAIN: Final = re.compile(r"[\w/.](?:[^:#\s]|:(?=\S)|(?<=\S)#|[ ](?=[^\s#]))*")
#: What ``\x``, ``\u`` and ``\U`` in double quotation marks could put into a text although no page may hold it.
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_QUOTE_ITEM: Final = 'put quotation marks around an item that has ": ", brackets or braces in it'
_CLOSE_QUOTES: Final = (
    "end the value with the quotation mark that begins it; in single ones write two for one that is part of the value, "
    "in double ones write a backslash before it and before each backslash"
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something wrong at a line of a page; becomes a Problem once the path is known."""

    line: int
    code: Code
    message: str


@dataclass(slots=True)
class Option:
    """An option as written: its name, its first line, and its text with continuation lines joined by a space.

    ``last`` is its last line. ``items`` has the values of a YAML list, ``()`` for ``[]`` and ``null``, and is None for a
    value that is one text. ``refused`` says that a note reports its value already.
    """

    name: str
    line: int
    text: str
    last: int = 0
    items: tuple[str, ...] | None = None
    refused: bool = False


def parse_options(lines: Sequence[str], first_line: int) -> tuple[list[Option], list[Note]]:
    """Return the options in the body of an ``mlentry`` block; *first_line* is the line number of ``lines[0]``."""
    start = yaml_start(lines)
    if start is not None:
        reader = _YamlReader(lines[start:], first_line + start)
        return reader.options, reader.notes
    options: list[Option] = []
    notes: list[Note] = []
    for number, line in enumerate(lines, first_line):
        text = line.rstrip()
        if not text:
            continue
        match = _COLON_OPTION.match(text)
        if match:
            options.append(Option(match[1], number, text[match.end() :].strip(), number))
        elif text[0] in " \t" and options:
            options[-1].text = f"{options[-1].text} {text.strip()}".lstrip()
            options[-1].last = number
        else:
            message = f'{quote(text)} is not an option; write ":name: value", or indent a line that continues a value'
            notes.append(Note(number, Code.OPTION_SYNTAX, message))
    for option in options:
        option.text = _without_quotes(option.text)
    return options, notes


def _without_quotes(text: str) -> str:
    """Return *text* without the quotation marks around the whole of it."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text


def yaml_start(lines: Sequence[str]) -> int | None:
    """Return the index of the ``---`` that begins the YAML form, None when *lines* are in the colon form."""
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    return first if lines and lines[first].rstrip() == "---" else None


def yaml_scalar(value: str) -> str:
    """Return *value*, a text of one line, as YAML writes it: in quotation marks where it would be read otherwise."""
    if not value or (_YAML_PLAIN.fullmatch(value) and value not in _YAML_NULLS):
        return value
    return "'" + value.replace("'", "''") + "'"


class _RefusedError(Exception):
    """YAML that makes up no option; ``line`` is its line in the text, from 0."""

    def __init__(self, mark: Any, message: str) -> None:
        super().__init__(message)
        self.line: int = mark.line


@cache
def _loader() -> type[yaml.SafeLoader]:
    """Return PyYAML's loader (loaded only for a page in the YAML form), which refuses brackets inside brackets.

    Its scanner needs time in proportion to the square of their depth, before it yields the first event of them.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def fetch_flow_collection_start(self, token: type[Any]) -> None:
            if self.flow_level:
                raise _RefusedError(self.get_mark(), f"brackets inside brackets; {_QUOTE_ITEM}")
            super().fetch_flow_collection_start(token)

    return Loader


class _YamlReader:
    """Reads the YAML form whole; where something is wrong, one option after the other, so that a mistake costs one option."""

    def __init__(self, lines: Sequence[str], first_line: int) -> None:
        self.options: list[Option] = []
        self.notes: list[Note] = []
        self._lines, self._first = lines, first_line
        close = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), len(lines))
        if not self._read(1, close):
            starts = [i for i in range(1, close) if i == 1 or _YAML_START.match(lines[i])]
            for start, end in zip(starts, [*starts[1:], close], strict=True):
                self._read(start, end, alone=True)
        for number in range(close + 1, len(lines)):
            if lines[number].strip():
                message = (
                    f'{quote(lines[number].strip())} is below the options; move it above the closing "---"'
                )
                self._note(number, message)
                break

    def _note(self, index: int, message: str) -> None:
        self.notes.append(Note(self._first + index, Code.OPTION_SYNTAX, message))

    def _read(self, start: int, end: int, *, alone: bool = False) -> bool:
        """Take the options in the lines from *start* to before *end*; return False, and take none, where one is wrong.

        An option that stands *alone* is taken as refused then, with a note.
        """
        import yaml

        lines = self._lines[start:end]
        # Line ends that YAML knows and CommonMark does not; both take them for white space otherwise.
        text = "\n".join(lines).translate(_MORE_LINE_ENDS)
        message = problem = ""
        try:
            self.options += [*self._options(yaml.parse(text, Loader=_loader()), start)]
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at, problem = mark.line if mark else 0, error.problem or ""
        except yaml.reader.ReaderError as error:
            at, problem = text.count("\n", 0, error.position), "it has a control character"
        except ValueError:  # PyYAML turns "\U00110000" into a character that does not exist
            at, problem = 0, "an escape sequence names a character that does not exist"
        except _RefusedError as error:
            at, message = error.line, str(error)
        else:
            return True
        if alone:
            if named := _YAML_OPTION.match(lines[0]):
                self.options.append(
                    Option(named[1], self._first + start, "", self._first + end - 1, refused=True)
                )
            line = min(start + at, end - 1)
            shown = quote(self._lines[line].strip())
            self._note(line, message or f"{shown} cannot be read as YAML: {problem}; {_fix(lines)}")
        return False

    def _options(self, events: Iterator[Any], start: int) -> Iterator[Option]:
        """Yield the options of the one mapping that *events* of the text from line *start* on make up. Raises _RefusedError."""
        from yaml import events as kinds

        _ = next(events)  # the start of the stream
        if isinstance(next(events), kinds.StreamEndEvent):
            return  # nothing but comments
        top = next(events)
        _check(top)
        if not isinstance(top, kinds.MappingStartEvent):
            line = self._lines[start + top.start_mark.line].strip()
            raise _RefusedError(top.start_mark, f'{quote(line)} is not an option; write "name: value"')
        while not isinstance(key := next(events), kinds.MappingEndEvent):
            _check(key)
            first = start + key.start_mark.line
            if not isinstance(key, kinds.ScalarEvent):
                raise _RefusedError(key.start_mark, 'the name of an option is text; write "name: value"')
            inside = _value_events(key.value, events)
            text, items = _value(key.value, inside)
            last = start + max(map(_last_line, (key, *inside)))
            while last > first and not self._lines[last].strip():
                last -= 1  # the blank lines behind a text that "|" begins are its own
            yield Option(key.value, self._first + first, text, self._first + last, items)
        _ = next(events)  # the end of the document
        if not isinstance(after := next(events), kinds.StreamEndEvent):
            raise _RefusedError(after.start_mark, "a second YAML document starts here; remove the line")


def _value_events(name: str, events: Iterator[Any]) -> list[Any]:
    """Return the next of *events*, with all up to its end when it begins a list. Raises _RefusedError at any other collection."""
    from yaml import events as kinds

    inside = [next(events)]
    if isinstance(inside[0], kinds.MappingStartEvent):
        message = f'option {quote(name)} is a mapping; write "{name}: value", with quotation marks around a value that has ": " or braces in it'
        raise _RefusedError(inside[0].start_mark, message)
    if isinstance(inside[0], kinds.SequenceStartEvent):
        while not isinstance(inside[-1], kinds.SequenceEndEvent):
            inside.append(next(events))
            if isinstance(inside[-1], kinds.CollectionStartEvent):
                message = f"option {quote(name)} has an item that is not text; {_QUOTE_ITEM}"
                raise _RefusedError(inside[-1].start_mark, message)
    return inside


def _last_line(event: Any) -> int:
    """Return the last line of *event*, 0 where a block collection ends: that is at the next option."""
    end = event.end_mark
    if end.index == event.start_mark.index and not hasattr(event, "value"):
        return 0
    return int(end.line if end.column else end.line - 1)


def _check(event: Any) -> None:
    """Refuse aliases, anchors and tags."""
    from yaml import events as kinds

    if isinstance(event, kinds.AliasEvent):
        what, shown = "an alias", f"*{event.anchor}"
    elif getattr(event, "anchor", None):
        what, shown = "an anchor", f"&{event.anchor}"
    elif getattr(event, "tag", None):
        what, shown = "a tag", str(event.tag)
    else:
        return
    message = f"{quote(shown)} is {what} of YAML, which an entry cannot have; write the value itself, in quotation marks if it is meant as text"
    raise _RefusedError(event.start_mark, message)


def _value(name: str, inside: Sequence[Any]) -> tuple[str, tuple[str, ...] | None]:
    """Return the text, or the items, of the value that the events *inside* make up. Raises _RefusedError."""
    for event in inside:
        _check(event)
    if len(inside) == 1:
        return ("", ()) if _is_null(inside[0]) else (_text(name, inside[0]), None)
    texts = (_text(name, event) for event in inside[1:-1] if not _is_null(event))
    return "", tuple(filter(None, texts))


def _is_null(scalar: Any) -> bool:
    return scalar.style is None and scalar.value in _YAML_NULLS


def _text(name: str, scalar: Any) -> str:
    if found := _NOT_TEXT.search(scalar.value):
        message = f"option {quote(name)} has an escape sequence for the character U+{ord(found[0]):04X}, which a text cannot hold; remove it"
        raise _RefusedError(scalar.start_mark, message)
    return " ".join(filter(None, (line.strip() for line in scalar.value.split("\n"))))


def _fix(lines: Sequence[str]) -> str:
    """Return how to fix the option in *lines*, which is not YAML."""
    named = _YAML_OPTION.match(lines[0])
    name, value = (named[1], lines[0][named.end() :].strip()) if named else ("name", "")
    written = [line for line in lines if line.strip()]
    hints = (
        (not named, 'write "name: value", or remove the line'),
        (any(map(_NOT_TEXT.search, written)), "remove the character"),
        (
            any("\t" in line[: len(line) - len(line.lstrip())] for line in written),
            "indent with spaces, not with tabs",
        ),
        (
            any(_YAML_OPTION.match(line.strip()) for line in written[1:]),
            "start each option in the same column",
        ),
        (value[:1] in ("'", '"'), _CLOSE_QUOTES),
        (
            value and len(written) == 1 and (value[0] not in "[{" or "](" in value),
            f"put the value in quotation marks: {name}: {yaml_scalar(value)}",
        ),
        (value[:1] in ("[", "{"), f'end the list with "]", and {_QUOTE_ITEM}'),
        (True, f'put the value in quotation marks, or write "{name}: |" and indent all its lines below that'),
    )
    return next(hint for holds, hint in hints if holds)
