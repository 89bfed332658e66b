"""What the importers of Markdown share: the words of a text, and the links in a line.

The documents are what people really keep, so everything is read with tolerance: escaped brackets, no-break and
invisible spaces, text that was decoded wrongly once.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final, NamedTuple

from .. import urls

# --- Text ---------------------------------------------------------------------------------------------------------

_INVISIBLE: Final = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Letters that bytes of UTF-8 become in Windows-1252: a lead byte and one to three that continue it.
_MOJIBAKE: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]{1,3}"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<!--.{0,300}?-->")
STAR: Final = re.compile(
    r"(?::(?:star2?|sparkles|star_struck|dizzy):|[\u2b50\U0001f31f\u2605\u2606]\ufe0f?)\s*"
)
EMOJI: Final = re.compile(
    "(?::[a-z0-9_+-]{2,40}:|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3])+"
)


def normal(text: str) -> str:
    """Return *text* with plain spaces, nothing invisible, and what was decoded as Windows-1252 set right.

    The lines stay the lines.
    """
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _MOJIBAKE.sub(_redecoded, text) if _MOJIBAKE.search(text) else text


def _redecoded(match: re.Match[str]) -> str:
    try:
        raw = b"".join(
            char.encode("latin-1") if char <= "\xff" else char.encode("cp1252") for char in match[0]
        )
        return raw.decode()
    except UnicodeError:
        return match[0]


def words(markdown: str) -> str:
    """Return inline *markdown* as plain words on one line: no marks of emphasis, links by their labels."""
    out: list[str] = []
    position = 0
    for link in links_in(markdown):
        label = "" if link.image else link.label if link.bare else words(link.label)
        out += (_unmarked(markdown[position : link.start]), label)
        position = link.end
    out.append(_unmarked(markdown[position:]))
    return " ".join("".join(out).split())


def _unmarked(text: str) -> str:
    text = _TAG.sub(" ", text) if "<" in text else text
    kept = re.split(r"(\\[!-/:-@\[-`{-~])", text)
    for index in range(0, len(kept), 2):
        part = re.sub(r"\*+|`+|~~|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])", "", kept[index])
        kept[index] = html.unescape(part) if "&" in part else part
    for index in range(1, len(kept), 2):
        kept[index] = kept[index][1]
    return "".join(kept)


def topic(heading: str) -> str:
    """Return the words of a heading without emoji, numbers in front and colons behind."""
    text = EMOJI.sub("", words(heading))
    text = re.sub(r"^(?:\d+(?:\.\d+)*[.)]|[#\-\u2013\u2014\u2022])\s*", "", text.strip())
    return " ".join(text.split()).strip(" :\uff1a-\u2013\u2014")


def stars_in(text: str) -> tuple[int, str]:
    """Return how many stars *text* begins with, three at most, and the rest of it."""
    count = 0
    while count < 10 and (match := STAR.match(text.lstrip(" *"))):
        text = text.lstrip(" *")[match.end() :]
        count += 1
    return min(count, 3), text.strip()


# --- Links --------------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A link in a text: its label as Markdown, its address (mended; empty when there is none), and where it stands."""

    label: str
    url: str
    start: int
    end: int
    image: bool = False
    bare: bool = False


_BARE: Final = re.compile(
    r"<?(?:https?://|www\.)[^\s<>\"\u3000-\u303f\uff00-\uffef]{1,2000}>?", re.IGNORECASE
)
_TARGET: Final = re.compile(r"\]\s?\(")
_LABEL_LIMIT: Final = 2000
_DEPTH: Final = 8  # of brackets in an address: more of them are no address


def links_in(text: str) -> list[Found]:
    """Return the links in *text* in their order: inline links, pictures, bare addresses. Linear in its length."""
    return list(_links_in(text))


@lru_cache(maxsize=64)  # a line is asked for its links several times, right after another
def _links_in(text: str) -> tuple[Found, ...]:
    found: list[Found] = []
    opened: list[int] = []
    position, size = 0, len(text)
    while position < size:
        char = text[position]
        if char == "\\":
            position += 2
            continue
        if char == "[":
            opened.append(position)
        elif char == "]" and opened:
            start = opened.pop()
            target = _TARGET.match(text, position)
            if target and position - start <= _LABEL_LIMIT:
                end = _close(text, target.end())
                if end:
                    image = start > 0 and text[start - 1] == "!" and text[start - 2 : start - 1] != "\\"
                    label = text[start + 1 : position]
                    url = mend_url(text[target.end() : end - 1])
                    start -= image
                    while (
                        opened
                        and start - opened[-1] < 4
                        and text[end : end + 1] == "]"
                        and not text[opened[-1] + 1 : start].strip()
                        and not _TARGET.match(text, end)  # else the picture is the label of a link
                    ):
                        start, end = opened.pop(), end + 1
                    while found and found[-1].end > start:
                        found.pop()
                    found.append(Found(label, url, start, end, image))
                    position = end
                    if not image:
                        opened.clear()
                    continue
        elif (
            char in "<hHwW"
            and (bare := _BARE.match(text, position))
            and not opened
            and _word_starts(text, position)
        ):
            url = _trimmed(bare[0])
            found.append(
                Found(
                    url,
                    mend_url(url),
                    position,
                    position + len(bare[0]) if char == "<" else position + len(url),
                    bare=True,
                )
            )
            position = found[-1].end
            continue
        position += 1
    return tuple(found)


def _word_starts(text: str, position: int) -> bool:
    before = text[position - 1 : position]
    return not (before.isascii() and before.isalnum()) and before != "@"


def _trimmed(url: str) -> str:
    """Return a bare address without the marks of the sentence around it."""
    url = url.strip("<>").rstrip("*_`")
    while url and (url[-1] in ".,;:!?'\"*_]}" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


def _close(text: str, start: int) -> int:
    """Return the index after the bracket that closes a link's target, 0 when it does not close on its line."""
    depth, position = 1, start
    limit = min(len(text), start + 4000)
    while position < limit:
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "\n":
            return 0
        elif char == "(":
            depth += 1
            if depth > _DEPTH:
                return 0
        elif char == ")":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return 0


def mend_url(text: str) -> str:
    """Return the address in a link's target, with a scheme and without a title and spaces; "" when it is none."""
    url = text.strip()
    if titled := re.match(r"<([^<>]*)>|(\S+)\s+[\"'(].*[\"')]$", url):
        url = titled[1] or titled[2] or ""
    url = _ESCAPED.sub(r"\1", url.strip()) if "\\" in url else url.strip()
    url = html.unescape(url) if "&amp;" in url else url
    url = url.replace(" ", "%20")
    if url.startswith("//"):
        url = f"https:{url}"
    problem = urls.problem_with(url)
    if (
        problem
        and "has no scheme" in problem
        and re.match(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#:]|$)", url, re.IGNORECASE)
    ):
        if re.search(
            r"\.(?:md|html?|png|jpe?g|gif|svg|pdf|txt|ipynb|py)$", url.partition("/")[0], re.IGNORECASE
        ):
            return ""  # a file beside the document
        url = f"https://{url}"
    elif (
        problem
        and "has no scheme" in problem
        and (broken := re.match(r"(https?)(?::+/*|/+)(?=\w)", url, re.IGNORECASE))
    ):
        url = f"{broken[1].lower()}://{url[broken.end() :]}"
    if urls.problem_with(url) or not url.lower().startswith(("http://", "https://")):
        return ""
    return url
