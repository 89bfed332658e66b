"""What a filter can ask of an entry: one criterion for each option of the model, and a few more.

A criterion reads the value that stands behind its name, refuses it or gives a test. Names are compared
as the catalogue folds them (:func:`~mlwatch.core.settings.fold` and the aliases), addresses by their
identity, dates by the days that they hold.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from . import urls
from .linkreport import STATES
from .matching import CriterionError, Value, given, number, period, quoted, search
from .model import FIELD, FIELDS, Field, Form
from .periods import PeriodError, coarser, parse
from .problems import quote, suggest
from .series import canonical_id, issues_of, number_key
from .settings import fold
from .topics import topics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .linkreport import Checked
    from .matching import Test
    from .model import Entry, IssueId
    from .settings import Settings


class Criterion(NamedTuple):
    """One name that a filter knows.

    ``make`` takes a value (None when the name stands alone) and the settings, and gives the canonical text of
    the value, with its operator, and the test. ``help`` and ``example`` are for the guide.
    """

    help: str
    example: str
    make: Callable[[Value | None, Settings], tuple[str, Test]]


#: Options whose names are plurals, to the name of one of their values; a filter knows both.
SYNONYMS: Final = {"keywords": "keyword", "authors": "author", "topics": "topic"}


def words(value: Value) -> tuple[str, Test]:
    """Return the test for bare words: in the title, the other title or the summary."""
    found = search(value.text)
    return quoted(value.text), lambda e: found(e.title) or found(e.alt_title) or found(e.summary)


def _text(
    get: Callable[[Entry], Iterable[str]], value: Value | None, _settings: Settings
) -> tuple[str, Test]:
    text = given(value).plain()
    found = search(text)
    return ":" + quoted(text), lambda e: any(found(told) for told in get(e))


# --- Names ----------------------------------------------------------------------------------------------------


def _pattern(value: Value, key: Callable[[str], str]) -> tuple[str, Callable[[str], bool]]:
    """Return the canonical text and a test of names; a ``*`` at an end stands for anything, unless quoted."""
    text = value.plain()
    if value.quoted or "*" not in text:
        wanted = key(text)
        return quoted(text), lambda name: key(name) == wanted
    middle = text.removeprefix("*").removesuffix("*")
    if "*" in middle:
        raise CriterionError(f"a * stands only at the beginning or the end, not as in {quote(text)}")
    wanted = key(middle)
    if text.startswith("*"):
        if text.endswith("*"):
            return text, lambda name: wanted in key(name)
        return text, lambda name: key(name).endswith(wanted)
    return text, lambda name: key(name).startswith(wanted)


def _name(
    get: Callable[[Entry], Iterable[str]],
    aliases: Callable[[Settings], dict[str, str]],
    value: Value | None,
    settings: Settings,
) -> tuple[str, Test]:
    asked = given(value)
    shown = aliases(settings).get(fold(asked.text), asked.text)
    told, fits = _pattern(asked._replace(text=shown), fold)
    return f":{told}", lambda e: any(fits(name) for name in get(e))


def _no_aliases(_settings: Settings) -> dict[str, str]:
    return {}


def _topic(value: Value | None, settings: Settings) -> tuple[str, Test]:
    """Match the entries that have a keyword of the topic."""
    wanted = given(value).plain().casefold()
    if wanted not in settings.topics:
        hint = suggest(wanted, settings.topics)
        known = ", ".join(settings.topics) or "none"
        raise CriterionError(
            f"there is no topic {quote(wanted)}{hint or f'; mlwatch_topics in conf.py declares: {known}'}"
        )
    return f":{wanted}", lambda e: any(topic.id == wanted for topic in topics_of(e, settings))


def _key(get: Callable[[Entry], Iterable[str]], value: Value | None, _settings: Settings) -> tuple[str, Test]:
    told, fits = _pattern(given(value), str.casefold)
    return f":{told}", lambda e: any(fits(name) for name in get(e))


def _choice(field: Field, value: Value | None, _settings: Settings) -> tuple[str, Test]:
    wanted = given(value).plain().casefold()
    if wanted not in field.choices:
        known = f"; there are: {', '.join(field.choices)}"
        raise CriterionError(f"{quote(wanted)} is no {field.name}{suggest(wanted, field.choices)}{known}")
    get = _attribute(field.name)
    return f":{wanted}", lambda e: wanted in get(e)


def _lang(value: Value | None, _settings: Settings) -> tuple[str, Test]:
    """Match a language tag and all that are narrower: ``zh`` fits ``zh-TW`` (RFC 4647, 3.3.1)."""
    text = given(value).plain()
    wanted = text.casefold()
    return (
        f":{quoted(text)}",
        lambda e: e.lang.casefold() == wanted or e.lang.casefold().startswith(f"{wanted}-"),
    )


def _has(value: Value | None, settings: Settings) -> tuple[str, Test]:
    name = given(value).plain().casefold()
    name = next((many for many, one in SYNONYMS.items() if one == name), name)
    if name == "topics":
        return f":{name}", lambda e: bool(topics_of(e, settings))
    field = FIELD.get(name)
    if field is None and name not in ("summary", "comment"):
        known = [*FIELD, "summary", "comment", "topics"]
        raise CriterionError(f"there is no option {quote(name)}{suggest(name, known)}")
    if field and field.form is Form.LINKS:
        return f":{name}", lambda e: any(link.rel == name for link in e.links)
    attribute = name.replace("-", "_")
    if name == "order":
        return f":{name}", lambda e: e.order is not None
    return f":{name}", lambda e: bool(getattr(e, attribute))


def _flag(name: str, value: Value | None, _settings: Settings) -> tuple[str, Test]:
    if value is not None:
        raise CriterionError(f"{quote(name)} takes no value; write {name} alone, or not {name}")
    return "", lambda e: bool(getattr(e, name))


# --- Addresses and issues -------------------------------------------------------------------------------------


def _host_fits(wanted: str) -> Callable[[str], bool]:
    """Return whether an address is at the host *wanted* or below it."""
    name = urls.host(wanted if "//" in wanted else f"//{wanted}") or wanted.casefold()
    return lambda url: (found := urls.host(url)) == name or found.endswith(f".{name}")


def _host(value: Value | None, _settings: Settings) -> tuple[str, Test]:
    text = given(value).plain()
    fits = _host_fits(text)
    return f":{quoted(text)}", lambda e: bool(e.url) and fits(e.url)


def _address_fits(value: Value) -> Callable[[str], bool]:
    text = value.text
    if not value.quoted and text.endswith("*"):
        beginning = urls.identity(text[:-1])
        return lambda url: urls.identity(url).startswith(beginning)
    if "/" in text or urls.arxiv_id(text) or urls.doi(text):
        same = urls.identity(text)
        return lambda url: urls.identity(url) == same
    return _host_fits(text)


def _no_label(_label: str) -> bool:
    return False


def _address(field: Field, value: Value | None, _settings: Settings) -> tuple[str, Test]:
    """Match an address by its identity, by its beginning (``…*``), by its host, or by words of its label."""
    asked = given(value)
    text = asked.plain()
    fits = _address_fits(asked)
    label = _no_label if "/" in text or text.endswith("*") else search(text)
    told = text if text.endswith("*") and not asked.quoted else quoted(text)
    attribute = field.name
    if field.form is Form.URL:
        return f":{told}", lambda e: bool(url := getattr(e, attribute)) and fits(url)
    if field.form is Form.URLS:
        return f":{told}", lambda e: any(fits(url) for url in getattr(e, attribute))
    if field.form is Form.IMAGE:
        return f":{told}", lambda e: e.image is not None and (fits(e.image.url) or label(e.image.label))
    return f":{told}", lambda e: any(
        fits(link.url) or label(link.label) for link in e.links if link.rel == attribute
    )


def _issue(value: Value | None, settings: Settings) -> tuple[str, Test]:
    """Match the issues in which an entry stands: those of a series, one of them, or those of a roll-up."""
    text = given(value).plain()
    id_, _, wanted = text.replace("/", " ", 1).strip().partition(" ")
    wanted = wanted.strip()
    series = settings.series.get(id_)
    if series is None:
        known = ", ".join(settings.series) or "none"
        hint = suggest(id_, settings.series) or f"; mlwatch_series in conf.py declares: {known}"
        raise CriterionError(f"there is no series {quote(id_)}{hint}")
    if not wanted:
        return f":{id_}", lambda e: any(issue.series == id_ for issue in issues_of(e, settings))
    try:
        wanted = canonical_id(series, wanted, settings.weeks)
    except ValueError as error:
        if not _is_rollup(wanted):
            raise CriterionError(str(error)) from None
    fits = partial(_is_issue, id_, wanted, settings)
    return f":{quoted(f'{id_}/{wanted}')}", lambda e: any(fits(issue) for issue in issues_of(e, settings))


def _is_rollup(id_: str) -> bool:
    try:
        return parse(id_).kind in ("month", "year")
    except PeriodError:
        return False


def _is_issue(series: str, wanted: str, settings: Settings, issue: IssueId) -> bool:
    if issue.series != series:
        return False
    if issue.id == wanted:
        return True
    if settings.series[series].period == "number":
        return str(number_key(issue.id)[0]) == wanted
    kind: Literal["month", "year"] = "month" if "-" in wanted else "year"
    whole = coarser(parse(issue.id, settings.weeks), kind, settings.weeks)
    return whole is not None and whole.label == wanted


# --- Links ----------------------------------------------------------------------------------------------------


def health(
    known: Mapping[str, Mapping[str, Checked]] | None, value: Value | None, _settings: Settings
) -> tuple[str, Test]:
    """Match what the last link check found of one of an entry's links; *known* has that by docname."""
    wanted = given(value).plain().casefold()
    if wanted not in STATES:
        told = f"; there are: {', '.join(STATES)}"
        raise CriterionError(f"{quote(wanted)} is no state of a link{suggest(wanted, STATES)}{told}")
    if known is None:
        raise CriterionError(
            "no link check is known; run make linkcheck and make keep-links, or let mlwatch_link_report name a report"
        )
    return f":{wanted}", lambda e: any(link.state == wanted for link in known[e.docname].values())


# --- The table ------------------------------------------------------------------------------------------------

#: What the value of each form asks for, for the guide.
_ASKS: Final = {
    Form.TEXT: "words of it",
    Form.LIST: "words of one of them",
    Form.FLAG: "whether it is set",
    Form.RATING: "a number or a range; alone, any",
    Form.NUMBER: "a number or a range",
    Form.DATE: "a date or a range",
    Form.DAY: "a day or a range of dates",
    Form.KEYS: "a key",
    Form.CHOICE: "one of its choices",
    Form.LANG: "a language; one such as `zh` fits `zh-TW` too",
    Form.ISSUES: "an issue, a roll-up or a series in which it stands, by its date too",
    Form.URL: "an address or a host",
    Form.URLS: "an address or a host",
    Form.LINKS: "an address, a host or words of a label",
    Form.IMAGE: "an address, a host or words of its text",
}
_NAMED: Final = {"source": "a name", "keywords": "a name", "section": "its id", "ignore": "a code"}


def _attribute(name: str) -> Callable[[Entry], tuple[str, ...]]:
    """Return what gives the texts of an attribute."""

    def get(entry: Entry) -> tuple[str, ...]:
        value = getattr(entry, name)
        return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),) if value else ()

    return get


def _of(field: Field) -> Callable[[Value | None, Settings], tuple[str, Test]]:
    """Return how a criterion for *field* is made."""
    get = _attribute(field.name.replace("-", "_"))
    special: dict[str, Any] = {
        "source": partial(_name, get, lambda settings: settings.sources),
        "keywords": partial(_name, get, lambda settings: settings.keywords),
        "section": partial(_name, get, _no_aliases),
        "ignore": partial(_choice, field),
    }
    by_form: dict[Form, Any] = {
        Form.TEXT: partial(_text, get),
        Form.LIST: partial(_text, get),
        Form.FLAG: partial(_flag, field.name),
        Form.RATING: partial(number, field.name),
        Form.NUMBER: partial(number, field.name),
        Form.DATE: partial(period, field.name),
        Form.DAY: partial(period, field.name),
        Form.KEYS: partial(_key, get),
        Form.CHOICE: partial(_choice, field),
        Form.LANG: _lang,
        Form.ISSUES: _issue,
        **dict.fromkeys((Form.URL, Form.URLS, Form.LINKS, Form.IMAGE), partial(_address, field)),
    }
    return special.get(field.name) or by_form.get(field.form) or partial(_text, get)


#: Every name that a filter knows, in the order of the model.
CRITERIA: Final[dict[str, Criterion]] = {
    "title": Criterion("words of the title", "title:transformer", partial(_text, _attribute("title"))),
    "summary": Criterion(
        "words of the summary", "summary:contrastive", partial(_text, _attribute("summary"))
    ),
    "comment": Criterion(
        "words of the comment", 'comment:"read next"', partial(_text, _attribute("comment"))
    ),
    "topic": Criterion(
        "the id of a topic, of which an entry has a keyword; see `mlwatch_topics`", "topic:vision", _topic
    ),
    "has": Criterion("an option that is given, or `summary`, `comment`, `topics`", "has:code", _has),
    "host": Criterion("the host of the article, or one below it", "host:github.com", _host),
    "series": Criterion(
        "a series of which it stands in an issue; the same as `digest`", "series:ds-ml", _issue
    ),
    "health": Criterion(
        f"what the last link check found of one of its links: {', '.join(f'`{state}`' for state in STATES)}",
        "health:broken",
        partial(health, None),
    ),
    "page": Criterion(
        "the page's name without `.md`", "page:entries/2021/*", partial(_key, _attribute("docname"))
    ),
} | {
    (name := SYNONYMS.get(field.name, field.name)): Criterion(
        f"option `{field.name}`: {_NAMED.get(field.name, _ASKS.get(field.form, 'words of it'))}",
        field.example or f"has:{name}",
        _of(field),
    )
    for field in FIELDS
}
#: Names that may stand without a value.
ALONE: Final = frozenset(field.name for field in FIELDS if field.form in (Form.FLAG, Form.RATING))
