"""HTML as a stream of tags and texts.

The rules are those of the HTML Standard, 13.2.5 (tokenization), as far as facts of a page need them. The page
comes from strangers: each character is looked at a bounded number of times, whatever stands there. (Python's
own ``html.parser`` takes quadratic time for unclosed tags before 3.11.14, 3.12.12 and 3.13.6.)
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG: Final = re.compile(r"</?([A-Za-z][^\s/>]*)")
_ATTRIBUTE: Final = re.compile(
    r"""[\s/]*(?:([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*))?)?)?"""
)
#: Elements whose content has no tags (13.2.5.1 to 13.2.5.3).
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in "script style textarea title xmp iframe noembed noframes".split()
}
#: The end of a number that Python would refuse to read.
_LONG_NUMBER: Final = re.compile(r"&#[0-9]{8,};?")
_MOST_ATTRIBUTES: Final = 64


class Start(NamedTuple):
    """A start tag: its name in lower case, its attributes with their references resolved, the first of a name."""

    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An end tag."""

    name: str


def tokens(text: str) -> Iterator[Start | End | str]:
    """Give the tags of *text* and the texts between them, references resolved; raise nothing."""
    position, size = 0, len(text)
    while position < size:
        opened = text.find("<", position)
        if opened < 0:
            opened = size
        if opened > position:
            yield unescape(text[position:opened])
        if opened == size:
            return
        tag = _TAG.match(text, opened)
        if tag is None:
            position = _after_markup(text, opened)
            if position == opened:  # a bare "<"
                yield "<"
                position += 1
            continue
        name = tag[1].lower()
        attributes, position = _attributes(text, tag.end())
        if position < 0:
            return  # the text ends inside a tag, which is dropped (13.2.5: "eof-in-tag")
        if text.startswith("</", opened):
            yield End(name)
            continue
        yield Start(name, attributes)
        if raw := _RAW.get(name):
            closing = raw.search(text, position)
            stop = closing.start() if closing else size
            inner = text[position:stop]
            yield unescape(inner) if name in ("title", "textarea") else inner
            position = stop


def unescape(text: str) -> str:
    """Return *text* with its character references resolved."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def _after_markup(text: str, start: int) -> int:
    """Return where the comment, declaration or broken end tag ends that begins at *start*; *start* if none does."""
    if text.startswith("<!--", start):
        # "<!-->" and "<!--->" are whole comments
        end = text.find("-->", start + 2)
        return end + 3 if end >= 0 else len(text)
    if text.startswith(("<!", "<?", "</"), start):
        end = text.find(">", start)
        return end + 1 if end >= 0 else len(text)
    return start


def _attributes(text: str, position: int) -> tuple[dict[str, str], int]:
    """Return the attributes from *position* on and where the tag ends; -1 when it does not."""
    found: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(text, position):
        position = attribute.end()
        name = attribute[1]
        if name is None:
            if text.startswith(">", position):
                return found, position + 1
            return found, -1
        if text.startswith(("'", '"'), position) and text[position - 1] in "= \t\r\n\f":
            return found, -1  # a quotation mark that nothing closes
        if len(found) < _MOST_ATTRIBUTES:
            value = attribute[2] or attribute[3] or attribute[4] or ""
            found.setdefault(name.lower(), unescape(value))
    return found, -1
