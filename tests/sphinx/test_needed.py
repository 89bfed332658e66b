"""Scripts of themes and extensions are loaded by the pages that use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mlwatch.parts.needed import without_unused

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build

CONF = 'html_theme = "sphinx_book_theme"\nextensions += ["sphinx_copybutton"]\nmyst_enable_extensions = ["colon_fence"]\n'
PAGES = {
    "plain": "Text.\n",
    "code": "```python\nprint()\n```\n",
    "tabs": "::::{tab-set}\n:::{tab-item} One\nA\n:::\n::::\n",
}


def scripts(html: str) -> set[str]:
    return set(re.findall(r'<script[^>]*\bsrc="(?:[^"?]*/)?([\w.-]+)', html))


def test_a_page_loads_only_the_scripts_that_it_uses(build: Build) -> None:
    files = {f"{name}.md": f"# {name}\n\n{text}" for name, text in PAGES.items()}
    toctree = "# Home\n\n```{toctree}\n" + "\n".join(PAGES) + "\n```\n"
    conf = CONF + 'html_theme_options = {"article_header_end": ["mlwatch-tools-navbar-nav.html"]}\n'
    built = build({"index.md": toctree, **files}, conf=conf)
    assert built.code == 0, built.warnings
    optional = {"bootstrap.js", "clipboard.min.js", "copybutton.js", "design-tabs.js"}
    assert {name: scripts(built.html(name)) & optional for name in PAGES} == {
        "plain": set(),
        "code": {"clipboard.min.js", "copybutton.js"},
        "tabs": {"design-tabs.js"},
    }
    assert "pydata-sphinx-theme.js" in scripts(built.html("plain"))


def page(body: str, *names: str) -> str:
    tags = "".join(f'\n<script defer="defer" src="../_static/{name}?v=1"></script>' for name in names)
    return f"<html><head>{tags}\n</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        '<button data-bs-toggle="dropdown">Menu</button>',
        '<div data-bs-spy="scroll"></div>',
        '<button id="pst-collapse-sidebar-button"></button>',
    ],
)
def test_menus_of_bootstrap_keep_its_script(body: str) -> None:
    html = page(body, "scripts/bootstrap.js")
    assert without_unused(html) == html


def test_hints_on_buttons_do_not_need_bootstrap() -> None:
    body = '<button title="A hint" data-bs-toggle="tooltip" data-bs-placement="bottom">x</button>'
    assert without_unused(page(body, "scripts/bootstrap.js")) == page(body)


def test_a_script_of_ones_own_may_need_any_other() -> None:
    html = page("", "scripts/bootstrap.js", "clipboard.min.js", "own.js")
    assert without_unused(html) == html
