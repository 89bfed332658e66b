"""What the themes say in English whatever the site's language is.

Most of it they look up in Sphinx's catalogue, and what that lacks is in ours (``THEMES`` in ``core/language.py``). The rest
stands in their templates as it is, or is lost on the way; it is put right while a page is written.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from ..base.locale import _, language
from ..core.language import mark

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx

#: Attributes that the templates of sphinx-book-theme have, with their values.
_FIXED: Final = (
    ("title", mark("Toggle primary sidebar")),
    ("title", mark("Toggle secondary sidebar")),
    ("aria-label", mark("Page")),
    ("aria-label", mark("Main")),
)


def register(app: Sphinx) -> None:
    """Connect it behind what the themes do themselves."""
    app.connect("html-page-context", _page_context, priority=600)


def _page_context(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: Node | None
) -> None:
    if language().english:
        return
    if "theme_search_bar_text" in context and "search_bar_text" not in app.config.html_theme_options:
        context["theme_search_bar_text"] = _("Search")
    logo = context.get("theme_logo") or {}
    if "image_relative" in logo and not logo.get("text"):
        logo.setdefault("alt_text", f"{context['docstitle']} - {_('Home')}")
    pairs = [(f'{name}="{value}"', f'{name}="{escape(_(value))}"') for name, value in _FIXED]

    def content(html: str) -> str:
        for english, ours in pairs:
            html = html.replace(english, ours)
        return html

    context["mlwatch_content"] = content
