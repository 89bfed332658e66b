"""From an :class:`Entry` to its page: the ``mlentry`` block in canonical form, the title, the parts, the file name.

What :func:`page_text` writes, :func:`mlwatch.core.page.read_page` and :func:`mlwatch.core.options.build_entry`
read back as the same entry.
"""

from __future__ import annotations

import errno
import os
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from .atomic import OutsideError
from .filenames import RESERVED
from .model import FIELDS, Entry, Field, Form, Link
from .prose import clean, tame
from .urls import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from pathlib import Path

_BARE: Final = re.compile(r"https?:[^\s\[\]<>]*[^\s\[\]<>,;，；]")
_PARTED: Final = re.compile(r"[,;，；](?:https?://|[<\[])")
_IN_BRACKETS: Final = re.compile(r"(?:[^\s()<>]|\([^\s()<>]*\))*")
_LABEL_MARK: Final = re.compile(r"[\\\[\]]")
_SEPARATOR: Final = re.compile("[,;，；]")
_TITLE_MARK: Final = re.compile(
    r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|(?<=\s)#(?=#*$)|^#(?=#*$)"
)
#: A folder's index page is not an entry.
_RESERVED: Final = re.compile(rf"{RESERVED}|index")
_NAME_LENGTH: Final = 70
_NAME_BYTES: Final = 180
UNDATED: Final = "undated"


def option_value(entry: Entry, field: Field) -> str | None:
    """Return what stands after ``:name:`` for *field*, "" for a flag that is set, None when *entry* has none."""
    if field.form is Form.LINKS:
        links = [link for link in entry.links if link.rel == field.name]
        return " ".join(map(_link, links)) or None
    value: Any = getattr(entry, field.name.replace("-", "_"))
    if not value and not (field.form is Form.NUMBER and value == 0):
        return None
    if field.name == "kind" and value == "article":
        return None
    return _WRITERS.get(field.form, str)(value)


def block(entry: Entry) -> str:
    """Return the ``mlentry`` block of *entry*: its options in canonical order, none that is empty."""
    lines = ["```{mlentry}"]
    for field in FIELDS:
        value = option_value(entry, field)
        if value is not None:
            lines.append(f":{field.name}: {value}".rstrip())
    return "\n".join([*lines, "```"])


def title_line(title: str) -> str:
    """Return the heading of level one that shows *title* letter by letter."""
    marked = _TITLE_MARK.sub(r"\\\g<0>", _line(title))
    return "# " + (marked.replace("$", "\\$") if marked.count("$") > 1 else marked)


def page_text(entry: Entry, body: str = "") -> str:
    """Return the whole page of *entry*, with *body* (sections of level two) below its summary and comment.

    Prose is made safe (:mod:`mlwatch.core.prose`); an entry whose prose is safe reads back as it is.
    """
    summary, comment, rest = tame(entry.summary), tame(entry.comment), tame(body, 2)
    if rest and not rest.startswith("## "):
        rest = f"## Notes\n\n{rest}"
    parts = [title_line(entry.title), block(entry)]
    if summary:
        parts.append(f"## Summary\n\n{summary}")
    if comment:
        parts.append(f"## Comment\n\n{comment}")
    if rest:
        parts.append(rest)
    return "\n\n".join(parts) + "\n"


def file_name(entry: Entry, taken: Container[str], folder: str = "entries") -> str:
    """Return the docname for the page of *entry*, such as ``entries/2021/some-title``.

    *taken* holds the docnames that are not free, in lower case. The name depends on the title, the year and,
    where another page has it, on a hash of the entry's address; never on the order of an import. It is at most
    100 characters long with its ending and can be used on Linux, macOS and Windows.
    """
    year = entry.date.label[:4] if entry.date else UNDATED
    words = _words(entry.alt_title if not _words(entry.title).isascii() and entry.alt_title else entry.title)
    key = identity(entry.url) if entry.url else f"{entry.source}\n{entry.title}"
    name = f"{folder}/{year}/{words}"
    if words and not _RESERVED.fullmatch(words) and name.lower() not in taken:
        return name
    digest = blake2b(clean(key).encode(), digest_size=16).hexdigest()
    for size in range(6, 33, 2):
        name = "-".join(filter(None, (f"{folder}/{year}/{words or 'entry'}", digest[:size])))
        if name.lower() not in taken:
            return name
    number = 2
    while f"{name}-{number}".lower() in taken:
        number += 1
    return f"{name}-{number}"


def page_path(srcdir: Path, docname: str) -> Path:
    """Return the file of the page *docname*; raise OutsideError where ``mlwatch_entries`` has it outside of *srcdir*."""
    path = srcdir / f"{docname}.md"
    if not os.path.abspath(path).startswith(os.path.join(os.path.abspath(srcdir), "")):  # noqa: PTH100, PTH118 - links stay
        message = "mlwatch_entries in conf.py leads out of the sources; name a folder below them"
        raise OutsideError(errno.EACCES, message, str(path))
    return path


def _words(title: str) -> str:
    """Return the words of *title* in lower case without accents and apostrophes, joined by hyphens, cut at a word."""
    letters = normalize("NFKD", clean(title).casefold())
    letters = normalize("NFC", re.sub(r"[\u0300-\u036f'\u2019\u2018`\u02bc]", "", letters))
    kept = ""
    for word in re.findall(r"[^\W_]+", letters):
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > _NAME_LENGTH or len(longer.encode()) > _NAME_BYTES:
            return kept or longer.encode()[:_NAME_BYTES].decode(errors="ignore")[:_NAME_LENGTH]
        kept = longer
    return kept


def _line(text: str) -> str:
    return " ".join(clean(text.replace("\n", " ").replace("\t", " ")).split())


def _wrapped(text: str) -> str:
    """Put quotation marks around a text that stands in quotation marks itself: the reader takes one pair off."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and text[0] not in text[1:-1]:
        other = "'" if text[0] == '"' else '"'
        if other not in text:
            return f"{other}{text}{other}"
        return f"“{text[1:-1]}”"
    return text


def _listed(words: tuple[str, ...]) -> str:
    parts = [_SEPARATOR.sub(r"\\\g<0>", _line(word)) for word in words]
    text = ", ".join(f"{part} " if part.endswith("\\") else part for part in parts)
    return text + "," if text[0] in "'\"" or text.endswith("\\ ") else text


def _link(link: Link) -> str:
    """Return ``address``, or ``[label](address)`` where there is a label or the address could not stand alone."""
    label = _line(link.label)
    if not label and _BARE.fullmatch(link.url) and not _PARTED.search(link.url):
        return link.url
    url = link.url.replace("<", "%3C").replace(">", "%3E")
    if not _IN_BRACKETS.fullmatch(url):
        url = url.replace("(", "%28").replace(")", "%29")
    shown = _LABEL_MARK.sub(r"\\\g<0>", label)
    return f"[{shown}]({url})"


_WRITERS: Final[dict[Form, Callable[[Any], str]]] = {
    Form.TEXT: lambda text: _wrapped(_line(text)),
    Form.FLAG: lambda _flag: "",
    Form.RATING: lambda stars: "" if stars == 1 else str(stars),
    Form.NUMBER: str,
    Form.DATE: lambda period: str(period.label),
    Form.DAY: lambda period: str(period.label),
    Form.URL: lambda url: f"<{url}>" if url[-1] == ">" else str(url),
    Form.URLS: lambda urls: " ".join(_link(Link("", "", url)) for url in urls),
    Form.LIST: _listed,
    Form.KEYS: ", ".join,
    Form.IMAGE: _link,
    Form.CHOICE: str,
    Form.LANG: str,
    Form.ISSUES: lambda issues: ", ".join(map(str, issues)),
}
