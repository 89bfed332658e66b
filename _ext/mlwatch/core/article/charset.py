"""From the bytes of a page to its text (HTML Standard, 13.2.3: determining the character encoding)."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_XML: Final = re.compile(rb"""\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:.-]{2,40})""")
_LABEL: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
#: What pages call one encoding and write another (Encoding Standard, 4.2), under Python's names.
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
#: Codecs for pages; Python has others, which are none ("rot13", "zlib", "idna" …).
_TEXT: Final = re.compile(
    r"utf-(?:8|16-[lb]e)|iso8859-\d+|cp(?:125\d|874|866|932|949)|gb18030|big5hkscs|euc_jp|iso2022_jp|koi8-[ru]|mac-(?:roman|cyrillic)"
)


def decode(body: bytes, content_type: str = "") -> str:
    r"""Return the text of *body*, which came with *content_type*; with ``\n`` for line ends, without NULs.

    A byte order mark counts first, then the header, then the page's own declaration; without any it is UTF-8
    when it can be, else what its letters look like.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _lines(body[len(mark) :].decode(name, "replace"))
    header = _LABEL.search(content_type[:1000])
    declared = _DECLARED.search(body, 0, 4096) or _XML.match(body)
    labels = [header[1] if header else "", declared[1].decode("ascii") if declared else ""]
    for label in labels:
        if name := _codec(label):
            # A page that declares UTF-16 in ASCII letters is not UTF-16.
            if name.startswith("utf-16") and label == labels[1]:
                name = "utf-8"
            return _lines(body.decode(name, "replace"))
    try:
        return _lines(body.decode("utf-8"))
    except UnicodeDecodeError:
        return _lines(body.decode(_guess(body), "replace"))


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name if label else ""
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if _TEXT.fullmatch(name) else ""


def _guess(body: bytes) -> str:
    """Return the encoding that *body* looks like."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return "cp1252"
    best = from_bytes(body[:50_000]).best()
    return (_codec(best.encoding) if best else "") or "cp1252"


def _lines(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
