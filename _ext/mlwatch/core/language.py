"""The language of the site's interface: translations, dates and numbers, without Sphinx.

Translations stand in ``locale/LANGUAGE/LC_MESSAGES/mlwatch.po`` and are read from there: what is compiled from it would be a
second file to keep in step, for a few milliseconds. English needs neither them nor Babel.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import name as character_name

from .periods import MONTHS, long, span

if TYPE_CHECKING:
    from datetime import date

    from .periods import Period

_DAY: Final = timedelta(days=1)
LOCALE: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "mlwatch"


def mark(message: str) -> str:
    """Return *message*, which is thereby listed for translators."""
    return message


#: Words that stand in the collection's own vocabulary and are shown as they are.
NAMES: Final = (
    mark("article"),
    mark("paper"),
    mark("thread"),
    mark("talk"),
    mark("tool"),
    mark("note"),
    mark("digest"),
    mark("to read"),
    mark("reading"),
    mark("read"),
    mark("Paper"),
    mark("Code"),
    mark("Project"),
    mark("Slides"),
    mark("Video"),
    mark("Data"),
    mark("Demo"),
    mark("Discussion"),
    mark("Link"),
)

#: What the themes look up and find in no catalogue, or in one that is mistaken. Theirs is asked after ours.
THEMES: Final = (
    mark("Breadcrumb"),
    mark("Collapse Sidebar"),
    mark("Color mode"),
    mark("Copyright %(copyright)s"),
    mark("Edit on %(provider)s"),
    mark("Expand Sidebar"),
    mark("Home"),
    mark("Indices"),
    mark("On this page"),
    mark("System Settings"),
    mark("© Copyright %(copyright)s."),
)


class Language(NamedTuple):
    """A language by Sphinx's code for it, such as ``zh_CN``; what is not translated is English."""

    code: str = "en"

    @property
    def english(self) -> bool:
        """Tell whether dates and numbers are written as this package writes them in English."""
        return self.code.partition("_")[0] == "en" or not _known(self.code)

    def gettext(self, message: str) -> str:
        """Return *message* in this language."""
        return _translations(self.code).gettext(message)

    def ngettext(self, one: str, other: str, n: int) -> str:
        """Return the form that goes with *n*, with the number in the place of ``{n}``."""
        return _translations(self.code).ngettext(one, other, n).replace("{n}", self.number(n))

    def number(self, n: int) -> str:
        """Return a whole number with its thousands set apart."""
        if self.english:
            return f"{n:,}"
        from babel.numbers import format_decimal

        return format_decimal(n, locale=self.code)

    def percent(self, thousandths: int) -> str:
        """Return a share as text, with one decimal where it has one."""
        if self.english:
            return f"{thousandths / 10:.1f}".removesuffix(".0") + "%"
        from babel import Locale
        from babel.numbers import format_percent

        pattern = Locale.parse(self.code).percent_formats[None].pattern.replace("##0", "##0.#")
        return format_percent(thousandths / 1000, pattern, locale=self.code)

    def long(self, period: Period) -> str:
        """Return a date as a person writes it, as precise as it is known."""
        if self.english or period.kind == "year":
            return long(period)
        if period.kind == "week":
            week = self.gettext("week {week} of {year}")
            return week.format(week=int(period.label[6:]), year=period.label[:4])
        return _date(self.code, period.first, "day" if period.kind == "day" else "month")

    def period(self, first: date, last: date) -> str:
        """Return the time from *first* to *last* as a person writes it; a whole month or year by its name."""
        if first.day == 1 and (last.year, last.month) == (first.year, first.month) and (last + _DAY).day == 1:
            return self.month(first.month, first.year)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
            return str(first.year)
        if self.english:
            return span(first, last)
        days = (_date(self.code, day, "day") for day in dict.fromkeys((first, last)))
        return " – ".join(days)

    def of_text(self, text: str) -> str:
        """Return the language that the script of *text* speaks for; "" when that may be the site's own."""
        here = self.code.partition("-")[0].partition("_")[0].casefold() or "en"
        spoken = script_languages(text)
        return spoken[0] if spoken and here not in spoken else ""

    def month(self, month: int, year: int | None = None) -> str:
        """Return the name of a month, counted from 1, alone or with its year."""
        if self.english:
            return MONTHS[month - 1] + (f" {year}" if year is not None else "")
        from datetime import date

        return _date(self.code, date(year or 2000, month, 1), "name" if year is None else "month")

    def short_month(self, month: int) -> str:
        """Return the shortest usual name of a month."""
        if self.english:
            return MONTHS[month - 1][:3]
        from babel.dates import get_month_names

        return str(get_month_names("abbreviated", "stand-alone", self.code)[month])


ENGLISH: Final = Language()


@lru_cache(maxsize=16)
def _translations(code: str) -> NullTranslations:
    """Return the catalogue of *code*, else that of its language without the country; an empty one when there is none."""
    path = next(
        (
            path
            for name in (code, code.partition("_")[0])
            if name.replace("_", "").isalnum()
            and (path := LOCALE / name / "LC_MESSAGES" / f"{DOMAIN}.po").is_file()
        ),
        None,
    )
    if path is None:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.parts[-3]))
    compiled.seek(0)
    return GNUTranslations(compiled)


#: The scripts that tell a language other than that of a Latin text, by how Unicode's names begin, with languages.
_SCRIPTS: Final = {
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "CJK": ("zh", "ja"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "be", "mk"),
    "GREEK": ("el",),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he", "yi"),
    "THAI": ("th",),
    "DEVANAGARI": ("hi", "mr", "ne"),
}


def script_languages(text: str) -> tuple[str, ...]:
    """Return the languages that the script of *text* speaks for; none when it is Latin, mixed or unknown."""
    if text.isascii():
        return ()
    letters = [c for c in text if c.isalpha()]
    foreign: Counter[str] = Counter()
    for char in letters:
        if char > "\u02af":
            foreign[character_name(char, "").partition(" ")[0]] += 1
    known = [script for script in _SCRIPTS if foreign[script]]
    # A word of Chinese has two letters where one of English has five.
    if not known or 3 * sum(foreign[script] for script in known) < len(letters):
        return ()
    return _SCRIPTS[known[0]]


@lru_cache(maxsize=16)
def _known(code: str) -> bool:
    """Tell whether Babel knows how *code* writes dates and numbers."""
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(maxsize=8192)
def _date(code: str, day: date, form: str) -> str:
    from babel.dates import format_date, format_skeleton, get_month_names

    if form == "name":
        return str(get_month_names("wide", "stand-alone", code)[day.month])
    if form == "month":
        return str(format_skeleton("yMMMM", day, locale=code))
    return format_date(day, "long", locale=code)
