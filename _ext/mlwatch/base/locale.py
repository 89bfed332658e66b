"""The interface's strings while Sphinx builds: looked up in the language of the site."""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from sphinx.locale import translators

from ..core.language import DOMAIN, Language

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

_KEY: Final = ("general", DOMAIN)


class _Translations(NullTranslations):
    """Our catalogue, kept where Sphinx keeps its own for the time of a build."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language

    def gettext(self, message: str) -> str:
        found = self.language.gettext(message)
        # A theme's catalogue, which is taken up later, stands behind ours.
        return found if found != message else super().gettext(message)


def register(app: Sphinx, config: Config) -> None:
    """Take up the site's language, for Python and for templates (``config-inited``).

    Templates look in Sphinx's catalogue, and what that does not know is then looked up in ours.
    """
    ours = translators[_KEY] = _Translations(Language(config.language or "en"))
    app.translator.add_fallback(ours)


def language() -> Language:
    """Return the language of the site that is being built."""
    found = translators.get(_KEY)
    return found.language if isinstance(found, _Translations) else Language()


def _(message: str) -> str:
    """Return *message* in the language of the site."""
    return language().gettext(message)


def ngettext(one: str, other: str, n: int) -> str:
    """Return the form that goes with *n*, with the number in the place of ``{n}``."""
    return language().ngettext(one, other, n)
