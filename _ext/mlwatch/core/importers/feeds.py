"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 (RFC 4287), JSON Feed 1.0 and 1.1.

The feed's title is the source of its items. Their descriptions become summaries; the articles themselves,
which many feeds carry, stay where they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_frame, people
from .jsontext import note_other_keys, read_json, text_of, texts_of
from .markup import from_html
from .services import read_items
from .xmltext import Node, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..settings import Settings
    from .base import Document

_ROOT: Final = re.compile(r"<(?:\w+:)?(rss|RDF|feed|Channel)[\s>]", re.IGNORECASE)
_PROLOG: Final = re.compile(r"(?:\s+|<\?[^>]*>|<![^>\[]*>|<!--(?:(?!-->).)*-->)*", re.DOTALL)
_MAIL: Final = re.compile(r"[^\s@]++@[^\s@(]++\s*+\((.+)\)|[^\s@]++@[^\s@]++")
_ARTICLE: Final = "the article itself stays where it is"
_BOOKKEEPING: Final = frozenset(
    """
    guid id rights dc:rights rdf:li source ttl category-scheme dc:format dc:type dc:identifier arxiv:comment
    arxiv:journal_ref arxiv:announce_type dcterms:modified
    """.split()
)


def _base(url: str, address: str) -> str:
    try:
        return urljoin(url, address.strip())
    except ValueError:
        return address


def _lines(node: Node) -> tuple[int, int]:
    return node.first, node.last


class Feed:
    """Reads RSS and Atom."""

    name = "feed"
    title = "Feed (RSS or Atom)"

    def sniff(self, document: Document) -> int:
        head = document.text[:20_000].lstrip("\ufeff")
        prolog = _PROLOG.match(head)
        found = _ROOT.match(head, prolog.end() if prolog else 0)
        return 95 if found else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        tree = read_xml(document.text)
        root = tree.root
        channel = root.child("channel", "Channel") or root
        reader = _Reader(document, settings, root, channel)
        items = [
            node
            for node in (*root.children, *channel.children)
            if node.name in ("item", "entry") and node.complete
        ]
        if not items and root.name not in ("rss", "rdf:RDF", "feed", "Channel", "channel"):
            raise ImportFailure(f"<{root.name[:40]}> is neither RSS nor Atom")
        for node in {id(node): node for node in items}.values():
            reader.take(node)
        reader.name_title()
        account_for_frame(document, reader.harvest, tree.broken)
        return reader.harvest


class _Reader:
    """Reads the items of one feed."""

    def __init__(self, document: Document, settings: Settings, root: Node, channel: Node) -> None:
        self.document, self.settings = document, settings
        self.harvest = Harvest()
        self._root, self._channel = root, channel
        self._source = _plain(channel.child("title"))
        self._home = self._link_of(channel, "")
        language = channel.child("language", "dc:language")
        self._lang = (language.text if language else channel.get("xml:lang") or root.get("xml:lang")).strip()

    def name_title(self) -> None:
        """Name the line of the feed's own title."""
        if node := self._channel.child("title"):
            self.harvest.lines += [Line(number, Use.HEADING) for number in range(node.first, node.last + 1)]

    def take(self, node: Node) -> None:
        draft = Draft(self.document, self.harvest, node.first)
        draft.last = node.last
        rest = []
        dates = sorted(
            (child for child in node.children if child.name in _DATES), key=lambda child: _DATES[child.name]
        )
        for rank, child in enumerate(dates):
            if rank:
                draft.use(Use.SYNTAX, *_lines(child))
            else:
                draft.put_date("date", child.text, self.settings, *_lines(child))
        for child in node.children:
            if child.name in _DATES:
                continue
            taker = _TAKERS.get(child.name)
            if taker is None:
                rest.append(child)
            else:
                taker(self, draft, child)
        if not draft.url and (guid := node.child("guid", "id")) and guid.get("isPermaLink") != "false":
            text = guid.text.strip()
            if text.startswith(("http://", "https://")):
                draft.put_url(text, *_lines(guid))
        for child in rest:
            if child.name not in _BOOKKEEPING and child.text.strip() and ":" not in child.name:
                draft.refuse(child.first, f"<{child.name[:40]}> fits no option", child.last)
        origin = node.child("source")
        origin_title = origin.child("title") if origin else None
        source = " ".join((origin_title or origin).text.split()) if origin else ""
        draft.put("source", source or self._source, (origin or node).first)
        lang = node.get("xml:lang") or self._lang
        # The site's own language is English; a page says only what differs.
        if not re.match("en(?:-|$)", lang, re.IGNORECASE):
            draft.put("lang", lang.replace("_", "-"), node.first)
        draft.finish(self.settings)

    def _link_of(self, node: Node, home: str) -> str:
        for child in node.children:
            if child.name == "link" and child.get("rel") in ("", "alternate"):
                return _base(home, child.get("href") or child.text)
        return ""

    # --- one element each -------------------------------------------------------------------------------------

    def take_title(self, draft: Draft, node: Node) -> None:
        draft.put_title(_plain(node), *_lines(node))

    def take_link(self, draft: Draft, node: Node) -> None:
        rel, place = node.get("rel") or "alternate", _lines(node)
        address = _base(self._home, node.get("href") or node.text)
        if node.name == "origLink" or (rel == "alternate" and not draft.url):
            draft.put_url(address, *place)
        elif rel == "replies":
            draft.put_link("discussion", "", address, *place)
        elif rel == "related":
            kind = "paper" if node.get("title") == "pdf" or node.get("title") == "doi" else "link"
            draft.put_link(kind, node.get("title") if kind == "link" else "", address, *place)
        elif rel == "via":
            draft.put_link("link", "via", address, *place)
        else:
            draft.use(Use.SYNTAX, *place)

    def take_comments(self, draft: Draft, node: Node) -> None:
        if node.text.strip():
            draft.put_link("discussion", "", _base(self._home, node.text), *_lines(node))

    def take_enclosure(self, draft: Draft, node: Node) -> None:
        rel = "video" if node.get("type").startswith("video/") else "link"
        draft.put_link(rel, "", _base(self._home, node.get("url")), *_lines(node))

    def take_author(self, draft: Draft, node: Node) -> None:
        name = node.child("name")
        text = (name or node).text.strip()
        if found := _MAIL.fullmatch(text):
            text = found[1] or ""
        draft.put_list("authors", [text] if name else people(text), *_lines(node))

    def take_category(self, draft: Draft, node: Node) -> None:
        text = node.get("label") or node.get("term") or node.text
        draft.put_list("keywords", [text], *_lines(node))

    def take_subject(self, draft: Draft, node: Node) -> None:
        draft.put_list("keywords", re.split("[,;]", node.text), *_lines(node))

    def take_summary(self, draft: Draft, node: Node) -> None:
        draft.put_text(Use.SUMMARY, _markdown(node), *_lines(node))

    def leave(self, draft: Draft, node: Node) -> None:
        draft.keep_out(node.first, _ARTICLE, node.last)

    def take_doi(self, draft: Draft, node: Node) -> None:
        if node.text.strip():
            draft.put_link("paper", "", f"https://doi.org/{node.text.strip()}", *_lines(node))

    def note(self, draft: Draft, node: Node) -> None:
        draft.use(Use.SYNTAX, *_lines(node))


#: Elements that date an item, the best first: when it was published, issued, created, changed.
_DATES: Final = {
    name: rank
    for rank, name in enumerate(
        "pubDate published dc:date issued dcterms:issued created dcterms:created updated modified".split()
    )
}
_TAKERS: Final = {
    "title": _Reader.take_title,
    "link": _Reader.take_link,
    "comments": _Reader.take_comments,
    "enclosure": _Reader.take_enclosure,
    "author": _Reader.take_author,
    "dc:creator": _Reader.take_author,
    "contributor": _Reader.take_author,
    "category": _Reader.take_category,
    "dc:subject": _Reader.take_subject,
    "description": _Reader.take_summary,
    "summary": _Reader.take_summary,
    "content": _Reader.leave,
    "content:encoded": _Reader.leave,
    "arxiv:doi": _Reader.take_doi,
    "arxiv:primary_category": _Reader.note,
}


def _plain(node: Node | None) -> str:
    if node is None:
        return ""
    text = node.text
    if node.get("type") != "xhtml" and re.search(r"<[A-Za-z/]|&[#\w]+;", text):
        from .markup import tags

        text = "".join(tag.text for tag in tags(text) if not tag.name)
    return " ".join(text.split())


def _markdown(node: Node) -> str:
    text = node.text
    if node.get("type") in ("", "html", "text/html") and re.search(r"<[A-Za-z!/]|&[#\w]+;", text):
        return from_html(text)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text) if part.strip())


class JsonFeed:
    """Reads JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

    name = "json-feed"
    title = "JSON Feed"

    def sniff(self, document: Document) -> int:
        head = document.text[:2_000]
        return 98 if head.lstrip()[:1] == "{" and "jsonfeed.org/version/" in head.replace("\\/", "/") else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        found = read_json(document, "items")
        around = found.around
        home = text_of(around.get("home_page_url"))
        lang = text_of(around.get("language"))

        def take(draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]]) -> str:
            def at(name: str) -> tuple[int, int]:
                return places.get(name, (draft.first, draft.first))

            address, outer = text_of(value.get("url")), text_of(value.get("external_url"))
            identifier = text_of(value.get("id"))
            chosen = (
                outer or address or (identifier if identifier.startswith(("http://", "https://")) else "")
            )
            draft.put_url(_base(home, chosen), *at("external_url" if outer else "url"))
            if outer and address:
                draft.put_link("link", "", _base(home, address), *at("url"))
            draft.put_title(text_of(value.get("title")), *at("title"))
            draft.put("source", text_of(around.get("title")), draft.first)
            draft.put_text(Use.SUMMARY, text_of(value.get("summary")), *at("summary"))
            for name in ("date_published", "date_modified"):
                if text_of(value.get(name)):
                    draft.put_date("date", text_of(value[name]), settings, *at(name))
                    break
            draft.put_list("keywords", texts_of(value.get("tags")), *at("tags"))
            for name, author in _authors(value):
                draft.put_list("authors", [author], *at(name))
            spoken = text_of(value.get("language")) or lang
            if not re.match("en(?:-|$)", spoken, re.IGNORECASE):
                draft.put("lang", spoken, *at("language"))
            for name in ("content_html", "content_text"):
                if name in value:
                    draft.keep_out(at(name)[0], _ARTICLE, at(name)[1])
                    if not draft.title and name == "content_text" and not draft.summary:
                        draft.put_text(Use.SUMMARY, text_of(value[name]), *at(name))
            used = frozenset(
                "url external_url title summary date_published tags authors author language content_html content_text".split()
            )
            kept_out = frozenset(("id", "date_modified", "image", "banner_image", "attachments"))
            note_other_keys(draft, value, places, used, kept_out)
            return (
                ""
                if draft.title or draft.url or draft.summary
                else "neither a title nor an address stands here"
            )

        return read_items(document, found, take, settings)


def _authors(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("authors", "author"):
        held = value.get(name)
        for author in held if isinstance(held, list) else [held]:
            if isinstance(author, dict) and text_of(author.get("name")):
                yield name, text_of(author["name"])
