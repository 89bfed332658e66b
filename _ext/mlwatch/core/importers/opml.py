"""OPML: a list of feeds names sources, not articles; an outline with a plain link is an article.

What the feeds give is advice for ``conf.py``: entries whose source is known by its host alone get its name by
an alias. A host that several feeds share (medium.com) names none of them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ..settings import fold
from ..urls import host
from .base import Harvest, ImportFailure, Line, Use
from .draft import Draft, account_for_frame, mend_url
from .xmltext import Node, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..settings import Settings
    from .base import Document

_ROOT: Final = re.compile(r"<opml[\s>]", re.IGNORECASE)
#: Hosts of many feeds: none of them is the host's.
_SHARED: Final = frozenset(
    "feeds.feedburner.com feedburner.com feedproxy.google.com medium.com youtube.com github.com reddit.com".split()
)


class Opml:
    """Reads OPML 1.0 and 2.0 (http://opml.org/spec2.opml)."""

    name = "opml"
    title = "OPML (sources)"

    def sniff(self, document: Document) -> int:
        return 95 if _ROOT.search(document.text[:5_000]) else 0

    def read(self, document: Document, settings: Settings) -> Harvest:
        tree = read_xml(document.text)
        if tree.root.name.casefold() != "opml":
            raise ImportFailure(f"<{tree.root.name[:40]}> is no OPML")
        harvest = Harvest()
        names: dict[str, list[str]] = {}
        for node, folders in _outlines(tree.root):
            _take(node, folders, document, harvest, settings, names)
        account_for_frame(document, harvest, tree.broken)
        harvest.advice = _advice(names, settings)
        return harvest


def _outlines(root: Node) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield each outline with the texts of those it stands in, in the order of the file."""
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while stack:
        node, folders = stack.pop()
        if node.name == "outline":
            yield node, folders
            folders = (*folders, _text(node))
        stack += [
            (child, folders) for child in reversed(list(node.children)) if child.name in ("body", "outline")
        ]


def _text(node: Node) -> str:
    return " ".join((node.get("title") or node.get("text")).split())


def _take(
    node: Node,
    folders: tuple[str, ...],
    document: Document,
    harvest: Harvest,
    settings: Settings,
    names: dict[str, list[str]],
) -> None:
    feed, home = node.get("xmlUrl"), node.get("htmlUrl")
    address = node.get("url") or ("" if feed else home)
    last = node.last if not any(child.name == "outline" for child in node.children) else node.first
    if feed or node.get("type").casefold() == "rss":
        try:
            where = host(mend_url(home or feed))
        except ValueError as error:
            harvest.lines.append(Line(node.first, Use.UNPARSED, None, str(error)))
            return
        harvest.lines += [Line(number, "source") for number in range(node.first, last + 1)]
        names.setdefault(where, []).append(_text(node) or where)
    elif address:
        draft = Draft(document, harvest, node.first)
        if not draft.put_url(address, node.first, last):
            draft.drop(f"{address[:60]!r} is no address on the web")
            return
        draft.put_title(_text(node), node.first)
        draft.put_list("keywords", folders, node.first)
        draft.put_text(Use.COMMENT, node.get("_note"), node.first)
        draft.put_date("added", node.get("created"), settings, node.first)
        draft.finish(settings)
    elif any(child.name == "outline" for child in node.children):
        harvest.lines.append(Line(node.first, Use.HEADING))
    else:
        why = "an outline without an address is neither a source nor an article"
        harvest.lines += [Line(number, Use.UNPARSED, None, why) for number in range(node.first, last + 1)]


def _advice(names: dict[str, list[str]], settings: Settings) -> list[str]:
    """Return ``mlwatch_source_aliases`` for the hosts that one feed alone has and whose name is not known yet."""
    hosts: dict[str, list[str]] = {}
    for where, found in sorted(names.items()):
        known = where in _SHARED or fold(where) in settings.sources or fold(where) == fold(found[0])
        if len(set(found)) == 1 and not known:
            hosts.setdefault(found[0], []).append(where)
    if not hosts:
        return []
    lines = [
        f"    {json.dumps(name, ensure_ascii=False)}: {json.dumps(where)},"
        for name, where in sorted(hosts.items())
    ]
    return ["mlwatch_source_aliases = {", *lines, "}"]
