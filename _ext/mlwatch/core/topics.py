"""Topics: groups of keywords that ``mlwatch_topics`` declares. The topics of an entry follow from its keywords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .names import fold, is_keyword, slug
from .problems import quote, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Entry
    from .settings import Settings

#: The options of a topic, each with its help for the guide.
TOPIC_OPTIONS: Final = {
    "title": "What the topic is called. Required; no two topics have the same title.",
    "description": "One sentence about it, for its page and the list of topics.",
    "keywords": "Its keywords, a list in any order. Required. Spellings are folded as those of entries are, aliases "
    "included; a keyword belongs to one topic only.",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A declared topic; ``keywords`` are spelled as the setting and the aliases have them."""

    id: str
    title: str
    description: str
    keywords: tuple[str, ...]


def topics_of(entry: Entry, settings: Settings) -> tuple[Topic, ...]:
    """Return the topics of *entry*, in the order of the setting."""
    found = {settings.topic_of.get(fold(keyword)) for keyword in entry.keywords}
    return tuple([topic for id_, topic in settings.topics.items() if id_ in found])


def first_topic(entry: Entry, settings: Settings) -> str:
    """Return the id of the topic under which a digest has *entry*, that of its first keyword with one; "" without any."""
    found = (settings.topic_of.get(fold(keyword), "") for keyword in entry.keywords)
    return next(filter(None, found), "")


def read_topics(
    raw: Mapping[Any, Any], aliases: Mapping[str, str]
) -> tuple[dict[str, Topic], dict[str, str], list[str]]:
    """Return the topics in *raw* by id, each folded keyword with the id of its topic, and a message for each mistake.

    *aliases* has folded spellings of keywords with the keyword to show. A keyword in two topics is a mistake: it would be
    counted twice, and an entry could not be put under one topic because of it.
    """
    topics: dict[str, Topic] = {}
    topic_of: dict[str, str] = {}
    wrong: list[str] = []
    titles: dict[str, str] = {}
    for id_, options in raw.items():
        where = f"mlwatch_topics[{id_!r}]"
        if not isinstance(id_, str) or not id_.isascii() or slug(id_) != id_:
            wrong.append(
                f"{where}: the id of a topic is part of a URL; use a-z, 0-9 and single hyphens, "
                'and no reserved name such as "index"'
            )
            continue
        if not isinstance(options, dict):
            wrong.append(
                f'{where} is {quote(repr(options))}; give a dictionary with "title", "description" and "keywords"'
            )
            continue
        wrong += [
            f"{where}: unknown option {quote(str(name))}{suggest(str(name), TOPIC_OPTIONS)}"
            for name in options
            if name not in TOPIC_OPTIONS
        ]
        title = _text(where, "title", options, wrong)
        if not title and isinstance(options.get("title", ""), str):
            wrong.append(f'{where}: the title is missing; add "title": "…"')
        title = title or id_
        other = titles.setdefault(fold(title), id_)
        if other != id_:
            wrong.append(
                f"{where}: topic {quote(other)} has the title {quote(title)} too; change one of them"
            )
        names = []
        for name in _keywords(where, options.get("keywords"), wrong):
            shown = aliases.get(fold(name), name)
            other = topic_of.get(fold(shown), "")
            if other:
                wrong.append(
                    f"{where}: the keyword {quote(name)} is in topic {quote(other)} already; remove one"
                )
                continue
            topic_of[fold(shown)] = id_
            names.append(shown)
        topics[id_] = Topic(id_, title, _text(where, "description", options, wrong), tuple(names))
    return topics, topic_of, wrong


def _text(where: str, name: str, options: Mapping[Any, Any], wrong: list[str]) -> str:
    """Return the text of an option, "" when there is none."""
    value = options.get(name, "")
    if isinstance(value, str):
        return " ".join(value.split())
    wrong.append(f"{where}: {name} is {quote(repr(value))}; give a text")
    return ""


def _keywords(where: str, value: Any, wrong: list[str]) -> list[str]:
    """Return the keywords in *value*, without those that no entry could have."""
    if value is None or (isinstance(value, (list, tuple)) and not value):
        wrong.append(f'{where}: there are no keywords; add "keywords": ["…"]')
        return []
    if not isinstance(value, (list, tuple)):
        wrong.append(f"{where}: keywords is {quote(repr(value))}; give a list of texts")
        return []
    known = []
    for name in value:
        if isinstance(name, str) and is_keyword(name):
            known.append(" ".join(name.split()))
        else:
            wrong.append(
                f"{where}: {quote(repr(name))} cannot be a keyword; give a text without commas, semicolons and backslashes"
            )
    return known
