"""The settings in Sphinx: registered from the one table, checked at ``config-inited``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..core.conf import setting_lines
from ..core.language import Language
from ..core.problems import Code, Problem
from ..core.settings import SETTINGS, Settings, read
from .warnings import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: MyST's setting that decides as well how entries are read.
_EXTENSIONS: Final = "myst_enable_extensions"


def register(app: Sphinx) -> None:
    """Declare every ``mlwatch_*`` setting; a change of one that a page depends on reads all pages again."""
    for setting in SETTINGS:
        app.add_config_value(setting.name, setting.default, setting.rebuild, setting.types, setting.help)


def settings_of(config: Config) -> Settings:
    """Return the checked settings; what is wrong was reported at ``config-inited``."""
    language = Language(config.language or "en")
    values = {setting.name: config[setting.name] for setting in SETTINGS}
    return read({**values, _EXTENSIONS: config[_EXTENSIONS]}, language)[0]


def check(app: Sphinx, config: Config) -> None:
    """Report every mistake in the settings at once, at their lines in ``conf.py``."""
    given = {name: value for name, value in config._raw_config.items() if name.startswith("mlwatch_")}  # noqa: SLF001 - the only way to see misspelt names
    given |= {name: value for name, value in config.overrides.items() if name.startswith("mlwatch_")}
    wrong = read(given)[1]
    if wrong:
        conf = Path(app.confdir) / "conf.py"
        lines = setting_lines(conf)
        for name, message in wrong:
            report(Problem(str(conf), lines.get(name, 1), Code.CONFIG, message))
