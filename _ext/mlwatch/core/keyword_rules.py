"""Rules about keywords: which are spellings of one another, and which belong to no topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .collection import Group
from .names import fold, slug, without_accents
from .problems import Remark, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .collection import Collection
    from .rules import Found

_PLURAL: Final = re.compile(r"(?<=\w\w\w)(?:(?:(?<=[sxz])|(?<=[cs]h))es|ies|(?<![isu])s)$")
_BRITISH: Final = re.compile(r"(?<=\w\w)is(?=(?:e|ed|er|ing|ation|ations)$)")
#: A word of fewer letters often differs from another in one letter alone.
_LONG: Final = 7


class Similar(NamedTuple):
    """A keyword that is probably meant to be *main*, and how the two are related."""

    group: Group
    main: Group
    how: str


def spelling_key(keyword: str) -> str:
    """Return what spellings of one keyword share: letters without accents, words joined, singular, ``-ize``."""
    words = (_BRITISH.sub("iz", _singular(word)) for word in without_accents(fold(keyword)).split("-"))
    return re.sub(r"[^\w+#]", "", "".join(words))


def _singular(word: str) -> str:
    return _PLURAL.sub(lambda found: "y" if found[0] == "ies" else "", word)


def _initials(keyword: str) -> str:
    """Return the initials of a keyword of several words; one word has none."""
    words = fold(keyword).split("-")
    return "".join(word[:1] for word in words) if len(words) > 1 else ""


def _without_a_letter(key: str) -> Iterator[str]:
    """Return *key* and what is left of it without one of its letters; two words that share one differ in one letter.

    Digits are kept, because "2D vision" is not "3D vision"; so nothing is found for short words.
    """
    yield key
    if len(key) >= _LONG:
        yield from (key[:i] + key[i + 1 :] for i, char in enumerate(key) if char.isalpha())


def _similar(collection: Collection) -> Iterator[Similar]:
    """Find keywords that look like another: one of a topic, else the more frequent one.

    A keyword of a topic is spelled as it should be. The steps grow with the number of keywords, not with its square.
    """
    of_topics = collection.settings.topic_of
    declared = [
        Group(name, slug(name), (), agreed=True)
        for topic in collection.settings.topics.values()
        for name in topic.keywords
    ]
    groups = {group.slug: group for group in declared} | collection.keywords
    others = [group for group in groups.values() if fold(group.name) not in of_topics]

    def rank(group: Group) -> tuple[bool, int, str]:
        return fold(group.name) in of_topics, len(group.entries), group.name

    by_key: dict[str, list[Group]] = {}
    longer: dict[str, Group] = {}
    for group in groups.values():
        by_key.setdefault(spelling_key(group.name), []).append(group)
        if initials := _initials(group.name):
            longer[initials] = max(longer.get(initials, group), group, key=lambda one: rank(one)[:2])
    known = [group for group in groups.values() if fold(group.name) in of_topics]
    nearly = {part: group for group in known for part in _without_a_letter(spelling_key(group.name))}
    for group in others:
        key = spelling_key(group.name)
        main = max(by_key[key], key=rank)
        short = fold(group.name)
        whole = longer.get(short) or longer.get(short.removesuffix("s"))
        misspelled = next((nearly[part] for part in _without_a_letter(key) if part in nearly), None)
        if main is not group:
            yield Similar(group, main, "looks like a spelling of")
        elif misspelled:
            yield Similar(group, misspelled, "looks like a misspelling of")
        if whole and "-" not in short:
            yield Similar(group, whole, "looks like the short form of")


def spellings(collection: Collection, _language: str) -> Iterator[Found]:
    """Remark on keywords that look like spellings of another."""
    for group, main, how in _similar(collection):
        id_ = collection.settings.topic_of.get(fold(main.name))
        known = f", a keyword of the topic {quote(id_)}" if id_ else f" ({_times(len(main.entries))})"
        message = (
            f"{quote(group.name)} ({_times(len(group.entries))}) {how} {quote(main.name)}{known}; "
            f"rename it with: mlwatch keywords rename {quote(group.name)} {quote(main.name)}, "
            "or add it to mlwatch_keyword_aliases"
        )
        yield from _at_first_page(group, Remark.KEYWORD_SPELLING, message)


def without_topic(collection: Collection, _language: str) -> Iterator[Found]:
    """Remark on keywords that no topic has, where topics are declared; not on what is only misspelled."""
    settings = collection.settings
    if not settings.topics:
        return
    similar = {one.group.slug for one in _similar(collection)}
    for group in collection.keywords.values():
        if fold(group.name) not in settings.topic_of and group.slug not in similar:
            message = (
                f"no topic has the keyword {quote(group.name)} ({_times(len(group.entries))}); "
                "add it to a topic in mlwatch_topics, or use a keyword that a topic has"
            )
            yield from _at_first_page(group, Remark.NO_TOPIC, message)


def _at_first_page(group: Group, code: Remark, message: str) -> Iterable[Found]:
    """Return the remark on a keyword once, at the first page that does not ignore it."""
    pages = sorted(group.entries, key=lambda entry: entry.docname)
    return [(entry, "keywords", message) for entry in pages if code not in entry.ignore][:1]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
