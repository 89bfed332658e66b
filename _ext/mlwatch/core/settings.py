"""The ``mlwatch_*`` settings of ``conf.py``: declared once, read by Sphinx and by the command line.

:data:`SETTINGS` carries name, default and help of each; :func:`read` turns raw values into a
:class:`Settings` and says everything that is wrong with them at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from .dialect import EXTENSIONS
from .language import ENGLISH, Language, mark
from .model import KINDS
from .names import fold as fold  # noqa: PLC0414 - most modules import it from here, beside the aliases that it serves
from .problems import Remark, quote, suggest
from .topics import read_topics
from .trust import Untrusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .periods import WeekRule
    from .topics import Topic

SEARCHES: Final = ("auto", "pagefind", "sphinx")
SeriesPeriod = Literal["day", "week", "month", "year", "number"]
PERIODS: Final = get_args(SeriesPeriod)
TITLE_NAMES: Final = ("id", "name", "year", "month", "month_name", "week", "day", "number", "first", "last")
DEFAULT_TITLES: Final = {
    "day": mark("{name}, {first}"),
    "week": mark("{name}, week {week} of {year}"),
    "month": mark("{name}, {month_name} {year}"),
    "year": mark("{name} {year}"),
    "number": mark("{name} {id}"),
}
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``mlwatch_*`` setting: its name, default value, accepted types, help in a sentence, what a change reads again."""

    name: str
    default: Any
    types: tuple[type, ...]
    help: str
    rebuild: Literal["env", ""] = "env"


SETTINGS: Final = (
    Setting(
        "mlwatch_series",
        {},
        (dict,),
        "The series of digests: a dictionary from a series' id to its options "
        "(`name`, `title`, `period`, `collects`, `sections`, `author`, `url`, `description`).",
    ),
    Setting(
        "mlwatch_entries",
        "entries",
        (str,),
        "The folder below the sources in which every page must be an entry.",
    ),
    Setting(
        "mlwatch_untrusted",
        [],
        (list, tuple),
        "Which pages, beside the entries and the generated folders, may be written by anyone and are held to the "
        "[restricted dialect](security.md): patterns as in `exclude_patterns`; one that begins with `!` makes "
        "pages trusted again, and the last that matches decides.",
    ),
    Setting(
        "mlwatch_source_aliases",
        {},
        (dict,),
        "Spellings that are folded into one source: a dictionary from the name to show to a list of spellings.",
    ),
    Setting(
        "mlwatch_keyword_aliases",
        {},
        (dict,),
        "Spellings that are folded into one keyword: a dictionary from the keyword to show to a list of spellings.",
    ),
    Setting(
        "mlwatch_topics",
        {},
        (dict,),
        "The topics, in order: a dictionary from a topic's id to its `title`, `description` and list of `keywords`. "
        "The topics of an entry follow from its keywords.",
    ),
    Setting(
        "mlwatch_weeks",
        "iso",
        (str,),
        'How weeks are counted: `"iso"` (ISO 8601: from Monday, week 1 holds 4 January) or '
        '`"us"` (from Sunday, week 1 holds 1 January).',
    ),
    Setting(
        "mlwatch_page_size", 100, (int,), "How many entries a list shows before it goes on on a further page."
    ),
    Setting(
        "mlwatch_max_page_bytes",
        1_000_000,
        (int,),
        "A page larger than this many bytes is left out of the build, with a warning.",
    ),
    Setting(
        "mlwatch_edit_url",
        "",
        (str,),
        "Where a page's source can be edited: an address in which `{path}` stands for its path below the sources.",
    ),
    Setting(
        "mlwatch_last_changed",
        True,
        (bool,),
        "Show on each page the date of the last commit that changed it (needs Git and a full clone).",
    ),
    Setting(
        "mlwatch_check_ignore",
        [],
        (list, tuple),
        "Remarks that `mlwatch check` does not make: a list of their codes.",
        rebuild="",
    ),
    Setting(
        "mlwatch_link_report",
        "linkcheck.json",
        (str,),
        "The report of the last link check (`output.json` of Sphinx's linkcheck), seen from `conf.py`; it need not be there. "
        "An empty text asks for none.",
    ),
    Setting(
        "mlwatch_search",
        "auto",
        (str,),
        'Which search the site has: `"pagefind"` (with filters; a warning where it cannot run), `"sphinx"` '
        "(Sphinx's own), or `\"auto\"` (Pagefind where it runs, else Sphinx's own).",
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a digest: ``id`` is what an entry's ``section`` names; ``kinds`` collects entries that name none.

    ``kinds`` is sorted, whatever order the setting gives.
    """

    id: str
    title: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """A declared series of digests (DESIGN: series and digests).

    ``collects`` is ``"dated"`` (every entry whose date lies in the issue's period, and those that name
    the issue) or ``"named"`` (only entries that name it); numbered series are always ``"named"``.
    """

    id: str
    name: str
    title: str
    period: SeriesPeriod
    collects: Literal["dated", "named"]
    sections: tuple[Section, ...] = ()
    author: str = ""
    url: str = ""
    description: str = ""
    language: Language = ENGLISH


@dataclass(frozen=True, slots=True)
class Settings:
    """All ``mlwatch_*`` settings, checked."""

    series: dict[str, Series]
    sources: dict[str, str]
    keywords: dict[str, str]
    #: Id to topic, in the order of the setting; and each folded keyword of a topic to the topic's id.
    topics: dict[str, Topic] = field(default_factory=dict)
    topic_of: dict[str, str] = field(default_factory=dict)
    entries: str = "entries"
    weeks: WeekRule = "iso"
    page_size: int = 100
    max_page_bytes: int = 1_000_000
    last_changed: bool = True
    edit_url: str = ""
    check_ignore: tuple[str, ...] = ()
    link_report: str = "linkcheck.json"
    search: str = "auto"
    untrusted: tuple[str, ...] = ()
    #: MyST's extensions that are on for untrusted pages.
    markdown: tuple[str, ...] = ("colon_fence",)
    language: Language = ENGLISH

    def is_untrusted(self, path: str) -> bool:
        """Say whether the page at *path*, relative to the source folder and with slashes, is untrusted."""
        return _untrusted(self.entries, self.untrusted)(path)


def read(values: Mapping[str, Any], language: Language = ENGLISH) -> tuple[Settings, list[tuple[str, str]]]:
    """Return the settings in *values* (names with ``mlwatch_``), and ``(name, message)`` for each mistake.

    *values* may hold MyST's ``myst_enable_extensions`` as well. *language* is that of the site's interface, in which titles are made. What is wrong is left at its default, so that the rest can still be checked.
    """
    wrong: list[tuple[str, str]] = []
    raw: dict[str, Any] = {}
    for setting in SETTINGS:
        value = values.get(setting.name, setting.default)
        bad_bool = isinstance(value, bool) and bool not in setting.types
        if not isinstance(value, setting.types) or bad_bool:
            wanted = " or ".join(kind.__name__ for kind in setting.types)
            wrong.append((setting.name, f"{setting.name} is {quote(repr(_ordered(value)))}; give a {wanted}"))
            value = setting.default
        raw[setting.name] = _ordered(value)
    names = [setting.name for setting in SETTINGS]
    wrong += [
        (name, f"unknown setting {quote(name)}{suggest(name, names)}")
        for name in values
        if name.startswith("mlwatch_") and name not in names
    ]
    if raw["mlwatch_weeks"] not in ("iso", "us"):
        wrong.append(("mlwatch_weeks", f'mlwatch_weeks is {quote(raw["mlwatch_weeks"])}; give "iso" or "us"'))
        raw["mlwatch_weeks"] = "iso"
    if raw["mlwatch_search"] not in SEARCHES:
        given = quote(raw["mlwatch_search"])
        wrong.append(("mlwatch_search", f'mlwatch_search is {given}; give "auto", "pagefind" or "sphinx"'))
        raw["mlwatch_search"] = "auto"
    edit = raw["mlwatch_edit_url"]
    if edit and (not edit.startswith(("https://", "http://")) or "{path}" not in edit):
        message = f"mlwatch_edit_url is {quote(edit)}; give an http or https address with {{path}} in it"
        wrong.append(("mlwatch_edit_url", message))
        raw["mlwatch_edit_url"] = ""
    for name in ("mlwatch_page_size", "mlwatch_max_page_bytes"):
        if raw[name] < 1:
            wrong.append((name, f"{name} is {raw[name]}; give a number above 0"))
            raw[name] = 100 if name == "mlwatch_page_size" else 1_000_000
    series: dict[str, Series] = {}
    for id_, options in raw["mlwatch_series"].items():
        made, mistakes = _series(id_, options, language)
        wrong += [("mlwatch_series", message) for message in mistakes]
        if made:
            series[made.id] = made
    keywords = _aliases("mlwatch_keyword_aliases", raw, wrong)
    topics, topic_of, mistakes = read_topics(raw["mlwatch_topics"], keywords)
    wrong += [("mlwatch_topics", message) for message in mistakes]
    settings = Settings(
        series=series,
        sources=_aliases("mlwatch_source_aliases", raw, wrong),
        keywords=keywords,
        topics=topics,
        topic_of=topic_of,
        entries=raw["mlwatch_entries"].strip("/"),
        weeks=raw["mlwatch_weeks"],
        page_size=raw["mlwatch_page_size"],
        max_page_bytes=raw["mlwatch_max_page_bytes"],
        last_changed=raw["mlwatch_last_changed"],
        edit_url=raw["mlwatch_edit_url"],
        check_ignore=tuple(_codes(raw["mlwatch_check_ignore"], wrong)),
        link_report=raw["mlwatch_link_report"],
        search=raw["mlwatch_search"],
        untrusted=tuple(_patterns(raw["mlwatch_untrusted"], wrong)),
        markdown=_extensions(values.get("myst_enable_extensions")),
        language=language,
    )
    return settings, wrong


@lru_cache(maxsize=8)
def _untrusted(entries: str, patterns: tuple[str, ...]) -> Untrusted:
    return Untrusted(entries, patterns)


def _patterns(patterns: Iterable[Any], wrong: list[tuple[str, str]]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, str) and pattern.removeprefix("!"):
            yield pattern
        else:
            message = (
                f'mlwatch_untrusted: {quote(repr(pattern))} is not a pattern; write for example "notes/**"'
            )
            wrong.append(("mlwatch_untrusted", message))


def _extensions(enabled: Any) -> tuple[str, ...]:
    """Return those of *enabled*, the value of ``myst_enable_extensions``, that untrusted pages may use, in one order."""
    names = (
        {name for name in enabled if isinstance(name, str)}
        if isinstance(enabled, (list, tuple, set, frozenset))
        else set()
    )
    return tuple(name for name in EXTENSIONS if name in names or name == "colon_fence")


def _ordered(value: Any) -> Any:
    """Return *value* with a sorted list for each set in it: the order of a set differs from process to process."""
    if isinstance(value, (set, frozenset)):
        return sorted(map(_ordered, value), key=repr)
    if isinstance(value, dict):
        return {key: _ordered(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if isinstance(value, tuple):
        return tuple(map(_ordered, value))
    return value


def _codes(codes: Iterable[Any], wrong: list[tuple[str, str]]) -> Iterator[str]:
    for code in codes:
        if code in tuple(Remark):
            yield str(code)
        else:
            hint = suggest(str(code), tuple(Remark)) or f"; there are: {', '.join(Remark)}"
            wrong.append(
                ("mlwatch_check_ignore", f"mlwatch_check_ignore: there is no remark {quote(str(code))}{hint}")
            )


def _aliases(name: str, raw: Mapping[str, Any], wrong: list[tuple[str, str]]) -> dict[str, str]:
    """Turn ``{shown: [spelling, …]}`` into ``{folded spelling: shown}``."""
    folded: dict[str, str] = {}
    for shown, spellings in raw[name].items():
        if not isinstance(shown, str) or not shown.strip():
            wrong.append((name, f"{name}: {quote(repr(shown))} is no name"))
            continue
        if not _are_texts(spellings):
            wrong.append(
                (name, f"{name}: {quote(shown)} needs a list of spellings, not {quote(repr(spellings))}")
            )
            continue
        for spelling in (shown, *spellings):
            other = folded.setdefault(fold(spelling), shown)
            if other != shown:
                wrong.append(
                    (name, f"{name}: {quote(spelling)} stands under {quote(other)} and {quote(shown)}")
                )
    return dict(sorted(folded.items()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)


_SERIES_KEYS = ("name", "title", "period", "collects", "sections", "author", "url", "description")


def _series(id_: Any, options: Any, language: Language) -> tuple[Series | None, list[str]]:
    where = f"mlwatch_series[{id_!r}]"
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return None, [f"{where}: a series' id has only a-z, 0-9 and hyphens, for it stands in addresses"]
    if not isinstance(options, dict):
        return None, [f"{where} is {quote(repr(options))}; give a dictionary with at least `period`"]
    wrong = [
        f"{where}: unknown option {quote(str(key))}{suggest(str(key), _SERIES_KEYS)}"
        for key in options
        if key not in _SERIES_KEYS
    ]
    texts = {key: options.get(key, "") for key in _SERIES_KEYS if key != "sections"}
    for key, value in texts.items():
        if not isinstance(value, str) and key != "period":
            wrong.append(f"{where}: {key} is {quote(repr(value))}; give a text")
            texts[key] = ""
    period = texts["period"]
    if period not in PERIODS:
        wrong.append(
            f"{where}: period is {quote(str(period))}; give one of {', '.join(PERIODS)}{suggest(str(period), PERIODS)}"
        )
        return None, wrong
    collects = texts["collects"] or ("named" if period == "number" else "dated")
    if collects not in ("dated", "named") or (period == "number" and collects == "dated"):
        hint = (
            "a numbered series has no dates to collect by"
            if period == "number"
            else 'give "dated" or "named"'
        )
        wrong.append(f"{where}: collects is {quote(collects)}; {hint}")
        collects = "named"
    title = texts["title"] or language.gettext(DEFAULT_TITLES[period])
    problem = _bad_title(title, period)
    if problem:
        wrong.append(f"{where}: title {quote(title)} {problem}")
        title = language.gettext(DEFAULT_TITLES[period])
    sections = tuple(_sections(where, options.get("sections", {}), wrong))
    made = Series(
        id=id_,
        name=texts["name"] or id_,
        title=title,
        period=period,
        collects="dated" if collects == "dated" else "named",
        sections=sections,
        author=texts["author"],
        url=texts["url"],
        description=texts["description"],
        language=language,
    )
    return made, wrong


def _bad_title(title: str, period: str) -> str:
    allowed = {
        "day": ("month", "month_name", "day", "first", "last", "year"),
        "week": ("week", "first", "last", "year"),
        "month": ("month", "month_name", "first", "last", "year"),
        "year": ("first", "last", "year"),
        "number": ("number", "year"),
    }[period]
    allowed = ("id", "name", *allowed)
    try:
        names = [
            (name, spec, conversion)
            for _, name, spec, conversion in Formatter().parse(title)
            if name is not None
        ]
    except ValueError as error:
        return f"is no pattern: {error}"
    for name, spec, conversion in names:
        if name not in allowed or spec or conversion:
            return f"has {{{name}}}; for a {period} series these can stand in it: {', '.join(allowed)}"
    return ""


def _sections(where: str, raw: Any, wrong: list[str]) -> Iterator[Section]:
    if not isinstance(raw, dict):
        wrong.append(f"{where}: sections is {quote(repr(raw))}; give a dictionary from id to title")
        return
    for id_, value in raw.items():
        spec = {"title": value} if isinstance(value, str) else value
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            wrong.append(f"{where}: a section's id has only a-z, 0-9 and hyphens, not {quote(repr(id_))}")
        elif (
            not isinstance(spec, dict)
            or not isinstance(spec.get("title"), str)
            or set(spec) - {"title", "kinds"}
            or not _are_texts(spec.get("kinds", ()))
        ):
            wrong.append(
                f'{where}: section {quote(id_)} is {quote(repr(value))}; give a title or {{"title": …, "kinds": […]}}'
            )
        else:
            kinds = tuple(sorted(set(spec.get("kinds", ()))))
            wrong += [
                f"{where}: section {quote(id_)} has an unknown kind, {quote(kind)}{suggest(kind, KINDS)}"
                for kind in kinds
                if kind not in KINDS
            ]
            yield Section(id_, spec["title"], kinds)
