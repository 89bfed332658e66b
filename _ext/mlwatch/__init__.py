"""ML Watch: a Sphinx extension that turns pages about articles into a knowledge base.

:func:`setup` is its table of contents. Nothing of Sphinx is imported before it is called, so that the
command line starts fast.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def _code() -> int:
    """Return a hash of all that decides what this package makes of a page."""
    hashed = blake2b(digest_size=8)
    here = Path(__file__).parent
    for path in sorted(path for kind in ("py", "po", "html") for path in here.rglob(f"*.{kind}")):
        hashed.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return int.from_bytes(hashed.digest())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything; called by Sphinx for ``extensions = ["mlwatch"]``."""
    from .base import config, locale
    from .build import book, downloads, environment, outdated, search, speed, stale
    from .build import setup as build
    from .parts import (
        charts,
        mathml,
        navigation,
        phrases,
        policy,
        related,
        scripts,
        searchfield,
        sheets,
        transforms,
        untrusted,
    )
    from .parts.bibliography import register_style
    from .parts.citations import IndexedBibtexDomain
    from .parts.digest import DigestDirective
    from .parts.domain import MlDomain, warn_missing
    from .parts.entry import EntryDirective, leave_sections_out
    from .parts.index import IndexDirective
    from .parts.markup import drawn, visit_drawn
    from .parts.reference import ReferenceDirective

    for extension in ("myst_parser", "sphinx_design", "sphinxcontrib.bibtex"):
        app.setup_extension(extension)

    app.connect("config-inited", build.refuse_doctrees, priority=0)
    config.register(app)
    app.connect("config-inited", locale.register)
    app.connect("config-inited", config.check)
    app.connect("config-inited", build.defaults)

    app.add_domain(MlDomain)
    app.add_domain(IndexedBibtexDomain, override=True)
    for name, directive in (
        ("mlentry", EntryDirective),
        ("mldigest", DigestDirective),
        ("mlindex", IndexDirective),
        ("mlreference", ReferenceDirective),
    ):
        app.add_directive(name, directive)
    app.add_node(drawn, html=(visit_drawn, None))
    for transform in transforms.WHILE_READING:
        app.add_transform(transform)
    untrusted.register(app)
    mathml.register(app)
    charts.register(app)
    searchfield.register(app)
    related.register(app)
    for post_transform in transforms.WHILE_WRITING:
        app.add_post_transform(post_transform)
    register_style()

    app.connect("builder-inited", build.load_collection, priority=400)
    app.connect("builder-inited", build.watch_output)
    app.connect("doctree-read", leave_sections_out, priority=900)
    app.connect("env-get-outdated", stale.pages_to_read)
    app.connect("env-before-read-docs", stale.note_idle, priority=900)
    app.connect("write-started", stale.release_parents)
    app.connect("html-collect-pages", stale.drop_unused_terms)
    app.connect("warn-missing-reference", warn_missing)
    navigation.register(app)
    scripts.register(app)
    environment.register(app)
    outdated.register(app)
    speed.register(app)
    search.register(app)
    downloads.register(app)
    policy.register(app)
    sheets.register(app)
    phrases.register(app)
    app.connect("build-finished", book.settle_times)

    # Another code may draw the same values in another way: all pages are read again.
    return {
        "version": __version__,
        "env_version": _code(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
