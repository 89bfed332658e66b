"""What the form of a block says of it, before anything is known of those around it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .blocks import Block
from .markdown import links_in, words
from .phrases import begins_entry, mid_sentence, read_phrase
from .rels import is_generic

if TYPE_CHECKING:
    from .phrases import Phrase

BOLD_LINE: Final = re.compile(r"\s*(\*\*\*|\*\*|___|__)(?=\S)(?P<title>[^*\n]{2,300}?)(?<=\S)\1[\s:]*$")
#: A link to another place of the same document, or to a file beside it.
INNER_LINK: Final = re.compile(r"\]\(\s*(?:#|\.{0,2}/|[\w-]+\.md)")
_ANCHOR: Final = re.compile(
    r"<a\s(?:[^<>\n]{0,300}\s)?href\s?=\s?[\"'](?P<url>[^\"'\s<>]{1,2000})[\"'][^<>\n]{0,300}>(?P<label>(?:[^<>\n]|</?(?:b|i|em|strong|code|span)\b[^<>\n]{0,100}>){0,500})</a>",
    re.IGNORECASE,
)


def html_as_markdown(text: str) -> str:
    """Return *text* with links and list items that are written in HTML, each on its line, as Markdown has them."""
    if "<a " not in text.casefold():
        return text
    text = re.sub(r"(?im)^([ \t]*)<li\b[^<>\n]{0,200}>[ \t]*", r"\1- ", text)
    return _ANCHOR.sub(
        lambda found: f"[{found['label']}]({found['url']})" if found["label"].strip() else found[0], text
    )


def by_lines(blocks: list[Block]) -> list[Block]:
    """Return *blocks*; a paragraph in which each line is an entry of its own is parted into its lines."""
    out: list[Block] = []
    for block in blocks:
        lines = block.lines
        count = sum(map(_is_entry, lines)) if block.kind == "text" and len(lines) > 1 else 0
        if count > 1 and count >= 0.6 * len(lines):
            out += [Block("text", block.line + at, [line], line.strip()) for at, line in enumerate(lines)]
        elif out and _captions(out[-1], block):
            out[-1].kind = "caption"
            out.append(replace(block, text=f"{words(out[-1].text)}: {block.text}"))
        else:
            out.append(block)
    return out


def _captions(block: Block, following: Block) -> bool:
    """Say whether *block* is a line in bold that says what kind of address stands alone below it."""
    bold = BOLD_LINE.match(block.lines[0]) if block.kind == "text" and len(block.lines) == 1 else None
    alone = following.kind == "text" and re.fullmatch(r"<?https?://[^\s<>]+>?", following.text.strip())
    return bool(bold and alone and is_generic(bold["title"]))


def _is_entry(line: str) -> bool:
    if not begins_entry(line.strip()):
        return False
    phrase = read_phrase(line.strip())
    return phrase is not None and not is_generic(phrase.title) and not goes_on(line)


def goes_on(text: str) -> bool:
    """Say whether the words behind the first link in *text* go on as a sentence does."""
    first = next((link for link in links_in(text) if link.url and not link.image), None)
    return first is not None and mid_sentence(text, first)


def is_detail(phrase: Phrase) -> bool:
    """Say whether an item below another tells more of that one, as "code" or "see also …" do."""
    return len(phrase.title) < 4 or bool(
        re.match(
            r"(?i)(?:see|also|code|paper|blog|video|slides|github|via|discussion|related|demo|project)\b",
            phrase.title,
        )
    )


def invites(phrase: Phrase) -> bool:
    """Say whether a link asks for something, as "subscribe" does, and leads to no article."""
    return bool(
        re.match(
            r"(?i)(?:subscribe|follow|join|back to|click|sign up|here|share|edit|contribut)", phrase.title
        )
    )
