"""How topics are drawn: the head of a topic's page, and the list of all topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from ..base.locale import _
from . import draw
from .markup import El, block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.periods import WeekRule
    from ..core.views.shapes import TopicCard, TopicView
    from .markup import Piece


def head(view: TopicView, weeks: WeekRule) -> list[nodes.Node]:
    """Return what is above the entries of a topic: description, keywords and highlights."""
    out = block(list(_about(view)))
    if view.highlights:
        out += [_heading(_("Highlights")), *block([draw.rows(view.highlights, weeks)])]
        out.append(_heading(_("All entries")))
    return out


def _heading(text: str) -> nodes.rubric:
    """Return a heading that is in no table of contents."""
    return nodes.rubric("", text, **{"heading-level": 2})


def _about(view: TopicView) -> Iterator[Piece]:
    if view.description:
        yield draw.line("mlw-topic-about", view.description)
    if view.keywords:
        yield draw.badges(view.keywords, counts=True)
    if view.others:
        label = _("Also: ") if view.keywords else _("Keywords: ")
        yield draw.line("mlw-meta", label, *draw.counted(view.others))


def cards(topics: tuple[TopicCard, ...]) -> El:
    """Return a card for each topic, with its most frequent keywords."""
    drawn = []
    for topic in topics:
        about = [draw.line("mlw-meta", topic.description)] if topic.description else []
        keywords = [draw.badges(topic.keywords, counts=True)] if topic.keywords else []
        drawn.append(draw.card("mlw-topic", draw.head(topic.page), *about, *keywords))
    return El("div", "mlw-cards", tuple(drawn)) if drawn else draw.nothing()
