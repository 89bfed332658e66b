"""The words of a filter, and the error that shows the place of a wrong one."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from unicodedata import east_asian_width


class FilterError(ValueError):
    """A text that is no filter or no order.

    ``reason`` is one line; ``position`` counts from 0; the text of the error adds the place with a mark under it.
    """

    def __init__(self, text: str, position: int, reason: str, length: int = 1) -> None:
        super().__init__(reason)
        self.position, self.reason = position, f"at character {position + 1}: {reason}"
        self._text, self._length = text, length

    def __str__(self) -> str:
        start = max(0, self.position - 50)
        shown = "".join(c if c.isprintable() else " " for c in self._text[start : self.position + 50])
        before = "…" if start else ""
        after = "…" if len(self._text) > self.position + 50 else ""
        here = self.position - start
        space = " " * (len(before) + _columns(shown[:here]))
        mark = "^" * max(1, _columns(shown[here : here + self._length]))
        return f"{self.reason}\n  {before}{shown}{after}\n  {space}{mark}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal *text* takes."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<open>\() | (?P<close>\))
    | (?P<address>https?://[^\s()"“”„]+)
    | (?P<name>[^\W\d_][\w-]*)(?:(?P<colon>:)\s*|\s*(?P<operator>>=|<=|!=|==|>|<|=)\s*)
    | (?P<quoted>["“”„](?P<inside>(?:[^"“”„\\]|\\.)*)(?P<closed>["“”])?)
    | (?P<word>[^\s()"“”„]+)
    | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_VALUE: Final = re.compile(
    r"""["“”„](?P<inside>(?:[^"“”„\\]|\\.)*)(?P<closed>["“”])?|(?P<word>[^\s()"“”„]+)""", re.DOTALL
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """A token: its kind (a group of ``_TOKEN``, or ``and``, ``or``, ``not``), its text, where it stands and ends."""

    kind: str
    text: str
    start: int
    end: int
    operator: str = ""


def token_at(text: str, position: int) -> Token:
    """Return the token that begins at *position* or after spaces there. Raises FilterError."""
    found = _TOKEN.match(text, position)
    if not found:  # nothing but an end of the text is left out above
        return Token("end", "", len(text), len(text))
    if found["name"]:
        operator = found["operator"] or found["colon"]
        return Token("name", found["name"], found.start("name"), found.end(), operator)
    if found["quoted"]:
        return _quoted(text, found, found.start("quoted"))
    kind = found.lastgroup or "end"
    word, start = found[kind], found.start(kind)
    if kind == "word" and word.casefold() in ("and", "or", "not"):
        kind = word.casefold()
    return Token(kind, word, start, found.end())


def value_at(text: str, position: int) -> Token:
    """Return the value that begins at *position*: a word or a quoted text, empty when there is none. Raises FilterError."""
    found = _VALUE.match(text, position)
    if not found:
        return Token("word", "", position, position)
    if found["word"]:
        return Token("word", found["word"], position, found.end())
    return _quoted(text, found, position)


def _quoted(text: str, found: re.Match[str], start: int) -> Token:
    if not found["closed"]:
        reason = "this quotation mark is not closed; add one at the end of the value"
        raise FilterError(text, start, reason, found.end() - start)
    return Token("quoted", _ESCAPED.sub(r"\1", found["inside"]), start, found.end())
