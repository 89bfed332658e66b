"""From the options of an ``mlentry`` block to an :class:`Entry`, with every mistake noted.

The scan and the directive both go through :func:`build_entry`, so they cannot differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import urls
from .entry_block import Note, Option
from .model import FIELD, FIELDS, LINK_RELS, Entry, Field, Form, IssueId, Link
from .periods import Period, PeriodError, parse
from .problems import Code, quote, suggest
from .settings import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .settings import Settings

#: What parts two addresses: a mark with a space, the end or another address behind it.
_PART = r"[,;，；](?=\s|$|https?://|[<\[])"
#: A link with a label of at most 500 characters, or a URL alone.
_LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\]){0,500})\]\(\s*<?((?:[^\s()<>]|\([^\s()<>]*\))*)>?\s*\)"
    rf"|<?((?:(?!{_PART})[^\s\[\]<>])+)>?"
)
_LIST = re.compile(r"(?<!\\)[,;，；]")
_ESCAPED_PART = re.compile(r"\\([,;，；])")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
#: How a flag is written as a value, as YAML 1.1 has it.
SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
#: The forms that take several values, which the YAML form may write as a list.
_SEVERAL = (Form.LIST, Form.LINKS, Form.URLS, Form.KEYS, Form.ISSUES)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class _RefusedError(ValueError):
    """A value is not in its form; the text says why and how to mend it."""

    def __init__(self, message: str, code: Code = Code.BAD_VALUE) -> None:
        super().__init__(message)
        self.code = code


def build_entry(
    docname: str,
    path: str,
    line: int,
    title: str,
    options: Sequence[Option],
    settings: Settings,
    summary: str = "",
    comment: str = "",
) -> tuple[Entry, list[Note]]:
    """Return the entry that *options* describe and a note for each that is wrong; a wrong value is left out."""
    notes: list[Note] = []
    values: dict[str, Any] = {"summary": summary, "comment": comment}
    links: list[Link] = []
    lines: dict[str, int] = {}
    for option in options:
        if option.refused:
            lines.setdefault(option.name, option.line)
            continue
        field = FIELD.get(option.name)
        if field is None:
            hint = suggest(option.name, FIELD) or f"; there are: {', '.join(FIELD)}"
            notes.append(Note(option.line, Code.UNKNOWN_OPTION, f"unknown option {quote(option.name)}{hint}"))
            continue
        if option.name in lines:
            first = lines[option.name]
            notes.append(
                Note(
                    option.line,
                    Code.REPEATED_OPTION,
                    f"option {quote(option.name)} stands at line {first} already",
                )
            )
            continue
        lines[option.name] = option.line
        if _is_empty(option, field):
            continue
        try:
            if field.form is Form.LINKS:
                links += read_links(_one_text(option, field), option.name)
            elif option.items is not None and field.form is Form.LIST:
                values[option.name.replace("-", "_")] = _words(option.items, field, settings)
            else:
                text = _one_text(option, field)
                values[option.name.replace("-", "_")] = _PARSERS[field.form](text, field, settings)
        except _RefusedError as error:
            notes.append(Note(option.line, error.code, f"option {quote(option.name)}: {error}"))
    notes += [
        Note(line, Code.MISSING_OPTION, f'option "{field.name}" is missing: {field.help}')
        for field in FIELDS
        if field.required
        and not values.get(field.name)
        and field.name not in {o.name for o in options if o.text or o.items or o.refused}
    ]
    if "source" in values:
        values["source"] = settings.sources.get(fold(values["source"]), values["source"])
    if "keywords" in values:
        values["keywords"] = _folded(values["keywords"], settings.keywords)
    links.sort(key=lambda link: LINK_RELS.index(link.rel))
    return Entry(docname=docname, path=path, line=line, title=title, links=tuple(links), **values), notes


def _is_empty(option: Option, field: Field) -> bool:
    """Return whether *option* says nothing: a flag says something by its name alone."""
    if option.items is not None:
        return not option.items
    return not option.text and field.form not in (Form.FLAG, Form.RATING)


def _one_text(option: Option, field: Field) -> str:
    """Return the value of *option* as one text: the items of a YAML list with commas between them."""
    if option.items is None:
        return option.text
    if field.form not in _SEVERAL:
        raise _RefusedError(
            f"a list of {len(option.items)} values, but the option takes one; write one value"
        )
    return ", ".join(option.items)


def _folded(words: Sequence[str], aliases: dict[str, str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in words:
        shown = aliases.get(fold(word), word)
        kept.setdefault(fold(shown), shown)
    return tuple(kept.values())


def _text(text: str, _field: Field, _settings: Settings) -> str:
    return " ".join(text.split())


def _flag(text: str, field: Field, _settings: Settings) -> bool:
    if text and text.casefold() not in SWITCH:
        raise _RefusedError(
            f"{quote(text)} is not a value of a flag; write the name of the option alone, or true or false"
        )
    return SWITCH.get(text.casefold(), True)


def _rating(text: str, _field: Field, _settings: Settings) -> int:
    if text in ("", "1", "2", "3"):
        return int(text or 1)
    if text.casefold() in SWITCH:
        return int(SWITCH[text.casefold()])
    raise _RefusedError(
        f"{quote(text)} is not a rating; write the name of the option alone, or with 1, 2 or 3"
    )


def _number(text: str, _field: Field, _settings: Settings) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    raise _RefusedError(f"{quote(text)} is no whole number")


def _date(text: str, _field: Field, settings: Settings) -> Period:
    try:
        return parse(text, settings.weeks)
    except PeriodError as error:
        raise _RefusedError(str(error), Code.BAD_DATE) from None


def _day(text: str, field: Field, settings: Settings) -> Period:
    period = _date(text, field, settings)
    if period.kind != "day":
        raise _RefusedError(f"{quote(text)} is no day; write it as 2021-09-16", Code.BAD_DATE)
    return period


def _checked(url: str) -> str:
    problem = urls.problem_with(url)
    if problem is None and url[:7].casefold() == "mailto:":
        problem = f"{quote(url)} is a mail address; give an http or https address"
    if problem:
        raise _RefusedError(problem, Code.BAD_URL)
    return url


def _url(text: str, _field: Field, _settings: Settings) -> str:
    return _checked(text.removeprefix("<").removesuffix(">"))


def _urls(text: str, field: Field, _settings: Settings) -> tuple[str, ...]:
    return tuple(link.url for link in read_links(text, field.name))


def read_links(text: str, rel: str) -> list[Link]:
    """Return the addresses and ``[label](address)`` links in *text*; raise ValueError for anything else."""
    found: list[Link] = []
    rest: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        rest.append(text[position : match.start()])
        position = match.end()
        if match[3] is None:
            found.append(Link(rel, _ESCAPED.sub(r"\1", " ".join(match[1].split())), _checked(match[2])))
        elif "[" in text and not match[3].startswith(("http:", "https:")):
            rest.append(match[3])
        else:
            found.append(Link(rel, "", _checked(match[3])))
    rest.append(text[position:])
    left = "".join(rest).strip(" \t,;，；")
    if left:
        raise _RefusedError(f"{quote(left)} is neither an address nor [label](address)", Code.BAD_URL)
    return list(dict.fromkeys(found))


def _list(text: str, field: Field, settings: Settings) -> tuple[str, ...]:
    return _words((_ESCAPED_PART.sub(r"\1", part) for part in _LIST.split(text)), field, settings)


def _words(parts: Iterable[str], field: Field, settings: Settings) -> tuple[str, ...]:
    words = (" ".join(part.split()) for part in parts)
    found = tuple(dict.fromkeys(word for word in words if word))
    if field.choices:
        for word in found:
            _choice(word, field, settings)
    return found


def _keys(text: str, _field: Field, _settings: Settings) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key for key in re.split(r"[\s,;]+", text) if key))
    for key in keys:
        if re.search(r"[{}\"#%~\\()=']", key):
            raise _RefusedError(f"{quote(key)} is no BibTeX key", Code.CITE)
    return keys


def _image(text: str, field: Field, _settings: Settings) -> Link:
    found = read_links(text, field.name)
    if len(found) != 1:
        raise _RefusedError(f"{quote(text)} is not one [alt text](address)")
    return found[0]


def _choice(text: str, field: Field, _settings: Settings) -> str:
    if text in field.choices:
        return text
    raise _RefusedError(
        f"{quote(text)} is not one of {', '.join(field.choices)}{suggest(text, field.choices)}"
    )


def _lang(text: str, _field: Field, _settings: Settings) -> str:
    if _LANG.fullmatch(text):
        return text
    raise _RefusedError(f'{quote(text)} is no language tag; write for example "zh" or "pt-BR"')


def _issues(text: str, _field: Field, _settings: Settings) -> tuple[IssueId, ...]:
    found = []
    for part in _LIST.split(text):
        words = part.split()
        if not words:
            continue
        if len(words) != 2:
            raise _RefusedError(
                f'{quote(part.strip())} is not "SERIES ID", such as "weekly 2021-W02"', Code.BAD_ISSUE
            )
        found.append(IssueId(*words))
    return tuple(dict.fromkeys(found))


_PARSERS: dict[Form, Callable[[str, Field, Settings], Any]] = {
    Form.TEXT: _text,
    Form.FLAG: _flag,
    Form.RATING: _rating,
    Form.NUMBER: _number,
    Form.DATE: _date,
    Form.DAY: _day,
    Form.URL: _url,
    Form.URLS: _urls,
    Form.LIST: _list,
    Form.KEYS: _keys,
    Form.IMAGE: _image,
    Form.CHOICE: _choice,
    Form.LANG: _lang,
    Form.ISSUES: _issues,
}
