"""The names in a BibTeX list of authors or editors ("BibTeXing", Patashnik 1988, section 4)."""

from __future__ import annotations

import re
from typing import Final

from .latex import to_text

#: pybtex, which takes a name apart here and in a build, needs time with the square of the braces in it.
LONGEST_NAME: Final = 1_000
_BETWEEN: Final = re.compile(r"[{}]| [Aa][Nn][Dd] ")


def split_names(value: str) -> list[str]:
    """Return the names of a list; an "and" in braces is part of a name."""
    text = " ".join(value.split())
    names: list[str] = []
    start = depth = 0
    for found in _BETWEEN.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(depth - 1, 0)
        elif not depth:
            names.append(text[start : found.start()].strip())
            start = found.end()
    return [*names, text[start:].strip()] if text else []


def person(name: str) -> tuple[str, str]:
    """Return "Given von Family, Jr" and "von Family" by BibTeX's rules; no family when it breaks them."""
    from pybtex.bibtex.utils import split_tex_string
    from pybtex.database import Person

    if name.count(",") > 2 and len(split_tex_string(name, ",")) > 3:
        return to_text(name), ""
    person = Person(name)
    family = [*person.prelast_names, *person.last_names]
    whole = [*person.first_names, *person.middle_names, *family, *person.lineage_names]
    return to_text(" ".join(whole)), to_text(" ".join(family))
