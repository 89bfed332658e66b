"""Filters: which entries a list shows, in which order, how many.

The language is small and closed: names of :data:`~mlwatch.core.criteria.CRITERIA` with values, bare words,
``and``, ``or``, ``not`` and parentheses. A text is parsed into tests of those names and never evaluated;
its length and its depth are bounded.

.. code-block:: text

    filter  = all {"or" all}
    all     = one {["and"] one}
    one     = {"not"} ("(" filter ")" | term)
    term    = name (":" | "=" | ">" | ">=" | "<" | "<=") value | "star" | "pick" | address | word
    value   = word | '"' text '"'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from .criteria import ALONE, CRITERIA, SYNONYMS, health, words
from .matching import CriterionError, Value
from .problems import quote, suggest
from .settings import fold
from .tokens import FilterError, Token, token_at, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .linkreport import Checked
    from .model import Entry
    from .settings import Settings

    Test = Callable[[Entry], bool]
    Health = Mapping[str, Mapping[str, Checked]]

__all__ = ["NEWEST", "ORDERS", "Filter", "FilterError", "Order", "parse", "parse_order", "select", "unknown"]

#: In characters: what is longer is no filter that a person wrote.
LONGEST: Final = 2000
DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Filter:
    """A test of entries; ``text`` is its canonical spelling, by which filters are equal.

    ``named`` has each name and value that it asks for.
    """

    text: str
    test: Test = field(compare=False, repr=False)
    named: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def __call__(self, entry: Entry) -> bool:
        """Tell whether *entry* fits."""
        return self.test(entry)


def parse(text: str, settings: Settings, links: Health | None = None) -> Filter:
    """Return the filter that *text* describes; an empty one fits every entry. Raises FilterError.

    *links* is what the last link check found, None when no check is known.
    """
    if len(text) > LONGEST:
        raise FilterError(text, LONGEST, f"a filter has at most {LONGEST:,} characters, not {len(text):,}")
    parser = _Parser(text, settings, links)
    if parser.token.kind == "end":
        return Filter("", lambda _entry: True)
    found = parser.alternatives(0)
    if parser.token.kind != "end":
        parser.fail(f"expected and, or, or the end, not {quote(parser.token.text)}; take it away")
    return Filter(found.text, found.test, tuple(dict.fromkeys(parser.named)))


#: Of which names a value that no entry has is probably misspelt, with what gives an entry's values.
_NAMES: Final[dict[str, Callable[[Entry], tuple[str, ...]]]] = {
    "source": lambda e: (e.source,),
    "keyword": lambda e: e.keywords,
    "cite": lambda e: e.cite,
    "section": lambda e: (e.section,),
}


def unknown(wanted: Filter, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return a sentence for each name that *wanted* asks for and none of the *entries* has, with the nearest ones."""
    told = []
    for name, text in wanted.named:
        if name in _NAMES:
            there = {fold(known): known for entry in entries for known in _NAMES[name](entry) if known}
            if fold(text) not in there:
                told.append(f"no entry has the {name} {quote(text)}{suggest(text, there.values())}")
    return tuple(told)


# --- The parser -----------------------------------------------------------------------------------------------


class _Node(NamedTuple):
    """A part of a filter; ``binds`` is 2 for a single term or "not", 1 for "and", 0 for "or"."""

    text: str
    test: Test
    binds: int


class _Parser:
    """Reads one text by recursive descent."""

    def __init__(self, text: str, settings: Settings, links: Health | None) -> None:
        self.text, self.settings, self.links = text, settings, links
        self.named: list[tuple[str, str]] = []
        self.token = token_at(self.text, 0)

    def fail(self, reason: str, token: Token | None = None) -> NoReturn:
        token = token or self.token
        raise FilterError(self.text, token.start, reason, token.end - token.start)

    def next(self) -> Token:
        token = self.token
        self.token = token_at(self.text, token.end)
        return token

    def alternatives(self, depth: int) -> _Node:
        parts = [self.all(depth)]
        while self.token.kind == "or":
            self.next()
            parts.append(self.all(depth))
        if len(parts) == 1:
            return parts[0]
        tests = tuple(part.test for part in parts)
        return _Node(" or ".join(p.text for p in parts), lambda e: any(test(e) for test in tests), 0)

    def all(self, depth: int) -> _Node:
        parts = [self.one(depth)]
        while self.token.kind not in ("or", "close", "end"):
            if self.token.kind == "and":
                self.next()
            parts.append(self.one(depth))
        if len(parts) == 1:
            return parts[0]
        tests = tuple(part.test for part in parts)
        shown = (f"({part.text})" if part.binds < 1 else part.text for part in parts)
        return _Node(" and ".join(shown), lambda e: all(test(e) for test in tests), 1)

    def one(self, depth: int) -> _Node:
        negated = False
        while self.token.kind == "not":
            self.next()
            negated = not negated
        token = self.token
        if token.kind == "open":
            if depth >= DEEPEST:
                self.fail(f"parentheses stand in one another at most {DEEPEST} deep")
            self.next()
            found = self.alternatives(depth + 1)
            if self.token.kind != "close":
                self.fail(f"expected ) for the ( at character {token.start + 1}{self._seen()}")
            self.next()
        else:
            found = self.term()
        if not negated:
            return found
        test = found.test
        shown = found.text if found.binds == 2 and not found.text.startswith("not ") else f"({found.text})"
        return _Node(f"not {shown}", lambda e: not test(e), 2)

    def _seen(self) -> str:
        return f", not {quote(self.token.text)}" if self.token.text else ""

    def term(self) -> _Node:
        token = self.token
        if token.kind == "name":
            return self.criterion(token)
        if token.kind == "address":
            return self.made(token, "url", Value(":", token.text))
        if token.kind == "word" and token.text.casefold() in ALONE:
            return self.made(token, token.text.casefold(), None)
        if token.kind not in ("word", "quoted"):
            self.fail(f"expected a word, a name such as keyword:nlp, or ({self._seen()}")
        return self.words(token)

    def words(self, token: Token) -> _Node:
        if token.kind == "word" and token.text.startswith("-"):
            self.fail(
                f"write not {token.text.lstrip('-')} for entries without it, or put it in quotation marks"
            )
        if token.kind == "word" and (found := re.fullmatch(r"(>=|<=|>|<|=|:|!).*", token.text)):
            mend = "write not" if found[1] == "!" else f"a name stands before it, as in star{found[1]}2"
            self.fail(f"{quote(found[1])} begins nothing; {mend}")
        self.next()
        try:
            text, test = words(Value(":", token.text.rstrip("*") if token.kind == "word" else token.text))
        except CriterionError as error:
            self.fail(str(error), token)
        if text.casefold() in (*ALONE, "and", "or", "not") or re.match(r"https?:|[^\W\d_][\w-]*:", text):
            text = f'"{text}"'
        return _Node(text, test, 2)

    def criterion(self, token: Token) -> _Node:
        name = SYNONYMS.get(token.text.casefold(), token.text.casefold())
        place = token._replace(end=token.start + len(token.text))
        if name not in CRITERIA:
            hint = suggest(name, CRITERIA) or f"; there are: {', '.join(CRITERIA)}"
            self.fail(
                f'there is no name {quote(token.text)}{hint}; words with ":" stand in quotation marks', place
            )
        operator = {"=": ":", "==": ":"}.get(token.operator, token.operator)
        if operator == "!=":
            self.fail(f"write not {name}:… instead of !=", token)
        value = value_at(self.text, token.end)
        if not value.text:
            self.fail(f"expected a value after {quote(self.text[token.start : token.end].strip())}", token)
        place = token._replace(start=value.start, end=value.end)
        return self.made(place, name, Value(operator, value.text, value.kind == "quoted"))

    def made(self, place: Token, name: str, value: Value | None) -> _Node:
        make = partial(health, self.links) if name == "health" else CRITERIA[name].make
        try:
            text, test = make(value, self.settings)
        except CriterionError as error:
            self.fail(str(error), place)
        if value and (value.quoted or "*" not in value.text):
            aliases = {"keyword": self.settings.keywords, "source": self.settings.sources}.get(name, {})
            self.named.append((name, aliases.get(fold(value.text), value.text)))
        self.token = token_at(self.text, place.end)
        return _Node(name + text, test, 2)


# --- Order ----------------------------------------------------------------------------------------------------


def _day(name: str) -> Callable[[Entry], Any]:
    def key(entry: Entry) -> tuple[int, int] | None:
        when = getattr(entry, name)
        return (-when.last.toordinal(), -when.precision) if when else None

    return key


#: What a list can be sorted by, each with a line for the guide; None comes last, whichever way it runs.
ORDERS: Final[dict[str, tuple[str, Callable[[Entry], Any]]]] = {
    "date": ("newest first, undated last", _day("date")),
    "added": ("what came into the collection last comes first", _day("added")),
    "star": ("most stars first", lambda e: -e.star),
    "title": ("A to Z", lambda e: e.title.casefold()),
    "source": ("A to Z", lambda e: fold(e.source) or None),
    "kind": ("A to Z", lambda e: e.kind),
    "page": ("by the pages' names", lambda e: e.docname),
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order of entries: names of :data:`ORDERS`, each with whether it runs backwards."""

    keys: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return ",".join(f"{'-' if back else ''}{name}" for name, back in self.keys)

    def reversed(self) -> Order:
        """Return the order the other way round; what has no value stays last."""
        return Order(tuple((name, not back) for name, back in self.keys))

    def sorted(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return *entries* in this order; among equals newest first, then by title and page."""
        found = sorted(entries, key=lambda e: e.docname)
        for name, back in reversed((*self.keys, ("date", False), ("title", False))):
            key = ORDERS[name][1]
            known = [(value, e) for e in found if (value := key(e)) is not None]
            known.sort(key=lambda pair: pair[0], reverse=back)
            found = [e for _, e in known] + [e for e in found if key(e) is None]
        return found


def parse_order(text: str) -> Order:
    """Return the order that *text* names: ``star,-date``; a ``-`` turns one round. Raises FilterError."""
    if len(text) > LONGEST:
        raise FilterError(text, LONGEST, f"an order has at most {LONGEST:,} characters")
    keys: dict[str, bool] = {}
    position = 0
    for part in text.split(","):
        name = part.strip().casefold()
        back = name.startswith("-")
        name = name.removeprefix("-").strip()
        if name not in ORDERS:
            hint = suggest(name, ORDERS) or f"; there are: {', '.join(ORDERS)}"
            start = position + len(part) - len(part.lstrip())
            raise FilterError(text, start, f"cannot sort by {quote(name)}{hint}", max(1, len(part.strip())))
        keys.setdefault(name, back)
        position += len(part) + 1
    return Order(tuple(keys.items()))


#: The order of all lists: newest first.
NEWEST: Final = Order((("date", False),))


def select(
    entries: Iterable[Entry], fits: Filter | None = None, order: Order = NEWEST, limit: int | None = None
) -> tuple[Entry, ...]:
    """Return the first *limit* of the *entries* that fit, in *order*."""
    found = [e for e in entries if fits(e)] if fits else entries
    return tuple(order.sorted(found)[:limit])
