"""Untrusted pages in a build: their parser, and a second check of what it made of them.

:mod:`mlwatch.core.dialect` decides what such a page may contain. Should anything slip through,
:class:`OnlyAllowedNodes` takes out of the document whatever could carry a file, raw output or another host.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from docutils import nodes
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

from ..base.locale import _
from ..base.warnings import warn
from ..core import dialect
from ..core.problems import Code, quote
from ..core.urls import is_safe
from .domain import domain_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from myst_parser.config.main import MdParserConfig
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: The nodes that an untrusted page may be made of, beside our own.
_ALLOWED: Final[tuple[type, ...]] = (
    nodes.Text,
    nodes.document,
    nodes.section,
    nodes.title,
    nodes.rubric,
    nodes.paragraph,
    nodes.comment,
    nodes.transition,
    # text
    nodes.emphasis,
    nodes.strong,
    nodes.literal,
    nodes.inline,
    nodes.superscript,
    nodes.subscript,
    nodes.abbreviation,
    nodes.math,
    nodes.reference,
    nodes.target,
    nodes.footnote_reference,
    nodes.citation_reference,
    nodes.problematic,
    addnodes.pending_xref,
    addnodes.pending_xref_condition,
    # blocks
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.definition_list,
    nodes.definition_list_item,
    nodes.term,
    nodes.definition,
    nodes.block_quote,
    nodes.compound,
    nodes.literal_block,
    nodes.math_block,
    nodes.table,
    nodes.tgroup,
    nodes.colspec,
    nodes.thead,
    nodes.tbody,
    nodes.row,
    nodes.entry,
    nodes.footnote,
    nodes.label,
    nodes.Admonition,
    nodes.system_message,
    # what the front matter and MyST's word count leave behind
    nodes.docinfo,
    nodes.field_list,
    nodes.field,
    nodes.field_name,
    nodes.field_body,
    nodes.substitution_definition,
)


def register(app: Sphinx) -> None:
    """Read every Markdown page with :class:`PageParser`."""
    app.add_source_parser(PageParser, override=True)
    app.connect("builder-inited", _check_parser)


def _check_parser(app: Sphinx) -> None:
    parser = app.registry.source_parsers.get("markdown")
    if parser is None or not issubclass(parser, PageParser):
        name = f"{parser.__module__}.{parser.__qualname__}" if parser else "no parser"
        message = (
            f"Markdown is read by {name}, so nothing would stop a page from running programs; "
            'list "mlwatch" after the extension that brings it in extensions (conf.py)'
        )
        raise ExtensionError(message, modname="mlwatch")


def is_untrusted(env: BuildEnvironment, docname: str) -> bool:
    """Say whether the page *docname* is untrusted."""
    return domain_of(env).collection.settings.is_untrusted(str(env.doc2path(docname, base=False)))


class PageRenderer(SphinxRenderer):
    """MyST's renderer, which knows how deep in directives it is."""

    def render_directive(self, *arguments: Any, **named: Any) -> None:
        dialect.enter_directive(self.md_env, 1)
        try:
            super().render_directive(*arguments, **named)
        finally:
            dialect.enter_directive(self.md_env, -1)


class PageParser(MystParser):
    """Reads an untrusted page as the restricted dialect, and every other as MyST does."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse *inputstring* into *document*."""
        env: BuildEnvironment = document.settings.env
        docname = env.docname
        if not is_untrusted(env, docname):
            super().parse(inputstring, document)
            return
        document.settings.file_insertion_enabled = False
        document.settings.raw_enabled = False
        catalogue = domain_of(env).collection.catalogue
        is_entry = docname in catalogue.by_docname or docname.startswith(f"{catalogue.settings.entries}/")
        parser = _parser(env, catalogue.settings.markdown)
        parser.options["document"] = document
        parser.render(inputstring, dialect.place(docname, is_entry=is_entry))


def _parser(env: BuildEnvironment, extensions: tuple[str, ...]) -> MarkdownIt:
    """Return the parser of untrusted pages; one serves all of a build, for making it takes as long as a short page."""
    domain = domain_of(env)
    if domain.page_parser is None:
        parser = create_md_parser(_restricted(_myst_config(env), extensions), PageRenderer)
        domain.page_parser = parser.use(dialect.restrict)
    return domain.page_parser


def _myst_config(env: Any) -> MdParserConfig:
    """Return what MyST keeps of ``conf.py``, in an attribute that Sphinx does not declare."""
    return cast("MdParserConfig", env.myst_config)


def _restricted(config: MdParserConfig, extensions: tuple[str, ...]) -> MdParserConfig:
    """Return MyST's *config* with everything off that would let a page do more than show text."""
    return replace(
        config,
        commonmark_only=False,
        gfm_only=False,
        enable_extensions=set(extensions),
        disable_syntax=[],
        all_links_external=False,
        url_schemes={"http": None, "https": None, "mailto": None},
        fence_as_directive=set(),
        title_to_header=False,
        substitutions={},
        dmath_allow_labels=True,
        dmath_allow_space=True,
        dmath_allow_digits=True,
        dmath_double_inline=False,
        colon_fence_exact_match=False,
    )


class OnlyAllowedNodes(SphinxTransform):
    """Takes out of untrusted pages every node that they may not be made of, before Sphinx collects files from them."""

    default_priority = 860

    def apply(self, **_kwargs: Any) -> None:
        if not is_untrusted(self.env, self.env.docname):
            return
        for node in list(self.document.findall()):
            if isinstance(node, nodes.image):
                self._replace_picture(node)
            elif isinstance(node, nodes.reference):
                self._check_reference(node)
            elif not isinstance(node, _ALLOWED) and not self._is_known(node):
                self._remove(node)

    def _is_known(self, node: nodes.Node) -> bool:
        if isinstance(node, nodes.meta):  # from conf.py; a page's own are not read
            return node.get("content") in _myst_config(self.env).html_meta.values()
        if isinstance(node, addnodes.toctree):  # from our directives; it names pages only
            return all(page in self.env.found_docs for _, page in node["entries"])
        return type(node).__module__.startswith("mlwatch.")

    def _remove(self, node: nodes.Node) -> None:
        if node.parent is None:
            return
        message = f"{quote(type(node).__name__)} is not allowed on this page and is left out: {quote(node.astext())}"
        warn(Code.NOT_ALLOWED, message, node)
        node.parent.remove(node)

    def _replace_picture(self, image: nodes.image) -> None:
        """Show a picture of the web as a link, so that a page asks no other host for anything."""
        uri = image.get("uri", "")
        if not is_safe(uri) or not _SCHEME.match(uri):
            self._remove(image)
            return
        link = nodes.reference("", image.get("alt") or _("picture"), refuri=uri, internal=False)
        inline = isinstance(image.parent, nodes.TextElement)
        image.replace_self(link if inline else nodes.paragraph("", "", link))

    def _check_reference(self, link: nodes.reference) -> None:
        uri = link.get("refuri", "#")  # MyST resolves what begins with # later
        if not uri.startswith("#") and not link.get("internal") and not is_safe(uri):
            warn(
                Code.BAD_URL,
                f"{quote(uri)} is not an http, https or mailto address; the link is left out",
                link,
            )
            link.replace_self(nodes.inline("", "", *link.children))
