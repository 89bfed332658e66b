"""The exports of bookmark services that are no HTML: Pinboard as JSON and XML, Karakeep (once Hoarder) as JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .base import Harvest, ImportFailure, Use
from .draft import Draft, account_for_frame
from .jsontext import JsonFile, lines_of_keys, note_other_keys, read_json, text_of, texts_of
from .xmltext import read_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..settings import Settings
    from .base import Document


def read_items(
    document: Document,
    found: JsonFile,
    take: Callable[[Draft, dict[str, Any], Mapping[str, tuple[int, int]]], str],
    settings: Settings,
) -> Harvest:
    """Return the harvest of the objects in *found*: *take* fills a draft, and says why it is none, or ""."""
    harvest = Harvest()
    if not found.items:
        line, why = found.broken or (1, "the file holds no list of items")
        raise ImportFailure(f"line {line}: {why}")
    lines = document.lines
    for item in found.items:
        draft = Draft(document, harvest, item.first)
        draft.last = item.last
        why = "this is no object {…}"
        if isinstance(item.value, dict):
            why = take(draft, item.value, lines_of_keys(lines, item))
        if why:
            draft.drop(why)
        else:
            draft.finish(settings)
    account_for_frame(document, harvest, found.broken)
    return harvest


class PinboardJson:
    """Reads Pinboard's JSON export (https://pinboard.in/api, posts/all)."""

    name = "pinboard-json"
    title = "Pinboard (JSON)"

    def sniff(self, document: Document) -> int:
        head = document.text[:5_000]
        return 95 if head.lstrip()[:1] == "[" and '"href"' in head and '"extended"' in head else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        def take(draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]]) -> str:
            return _take_post(draft, {k: text_of(v) for k, v in value.items()}, places, settings)

        return read_items(document, read_json(document), take, settings)


class PinboardXml:
    """Reads Pinboard's XML export, which is that of Delicious."""

    name = "pinboard-xml"
    title = "Pinboard (XML)"

    def sniff(self, document: Document) -> int:
        return 95 if re.search(r"<posts[\s>]", document.text[:2_000]) and "<post " in document.text else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        tree = read_xml(document.text)
        harvest = Harvest()
        for node in tree.root.children:
            draft = Draft(document, harvest, node.first)
            draft.last = node.last
            places = dict.fromkeys(node.attributes, (node.first, node.last))
            if node.name != "post":
                why = f"this is no <post> but <{node.name[:40]}>"
            else:
                why = _take_post(draft, node.attributes, places, settings)
            if why:
                draft.drop(why)
            else:
                draft.finish(settings)
        account_for_frame(document, harvest, tree.broken)
        return harvest


_PIN_USED: Final = frozenset(("href", "description", "extended", "time", "tags", "tag", "toread"))
_PIN_KEPT_OUT: Final = frozenset(("hash", "meta", "shared", "others"))


def _take_post(
    draft: Draft, post: Mapping[str, str], places: Mapping[str, tuple[int, int]], settings: Settings
) -> str:
    """Fill *draft* from a post; Pinboard calls the title ``description``, the text ``extended``."""

    def at(name: str) -> tuple[int, int]:
        return places.get(name, (draft.first, draft.first))

    if not draft.put_url(post.get("href", ""), *at("href")):
        return f"{post.get('href', '')[:60]!r} is no address on the web"
    draft.put_title(post.get("description", ""), *at("description"))
    draft.put_text(Use.SUMMARY, post.get("extended", ""), *at("extended"))
    draft.put_date("added", post.get("time", ""), settings, *at("time"))
    for name in ("tags", "tag"):
        # A tag has no spaces; for words apart people write hyphens or underscores. "." marks a private tag.
        draft.put_list("keywords", [tag.lstrip(".") for tag in post.get(name, "").split()], *at(name))
    if post.get("toread", "").casefold() == "yes":
        draft.put("status", "to-read", *at("toread"))
    note_other_keys(draft, post, places, _PIN_USED, _PIN_KEPT_OUT)
    return ""


class Karakeep:
    """Reads the JSON export of Karakeep, once Hoarder (``toExportFormat`` in its packages/shared)."""

    name = "karakeep"
    title = "Karakeep or Hoarder (JSON)"

    def sniff(self, document: Document) -> int:
        head = document.text[:5_000]
        marks = ('"bookmarks"', '"createdAt"', '"content"')
        return 95 if head.lstrip()[:1] == "{" and all(mark in head for mark in marks) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        def take(draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]]) -> str:
            return _take_kept(draft, value, places, settings)

        return read_items(document, read_json(document, "bookmarks"), take, settings)


def _take_kept(
    draft: Draft, value: dict[str, Any], places: Mapping[str, tuple[int, int]], settings: Settings
) -> str:
    def at(name: str) -> tuple[int, int]:
        return places.get(name, (draft.first, draft.first))

    content = value.get("content")
    if not isinstance(content, dict) or content.get("type") not in ("link", "text"):
        return "it has neither a link nor a text"
    if content["type"] == "link":
        if not draft.put_url(text_of(content.get("url")), *at("content")):
            return f"{text_of(content.get('url'))[:60]!r} is no address on the web"
    else:
        draft.put("kind", "note", *at("content"))
        draft.put_text(Use.SUMMARY, text_of(content.get("text")), *at("content"))
    draft.put_title(text_of(value.get("title")), *at("title"))
    draft.put_list("keywords", texts_of(value.get("tags")), *at("tags"))
    draft.put_text(Use.COMMENT, text_of(value.get("note")), *at("note"))
    draft.put_date("added", text_of(value.get("createdAt")), settings, *at("createdAt"))
    if value.get("archived") is True:
        draft.put("status", "read", *at("archived"))
    used = frozenset(("createdAt", "title", "tags", "content", "note", "archived"))
    note_other_keys(
        draft, value, places, used, frozenset(("id", "lists", "listIds", "modifiedAt", "favourited"))
    )
    return ""
