"""What is out of date: pages to read again, pages to write again, output of pages that are gone.

Sphinx reads a page again when its file is newer. Beyond that, a page of ours is read again when a view
that it drew would show something else now, and written again when the theme draws something else around
it: titles of its neighbours and parents, the text of what it refers to, its date of last change.
"""

from __future__ import annotations

import glob
import json
import os
import posixpath
import time
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from sphinx.builders.html import INVENTORY_FILENAME
from sphinx.errors import NoUri

from ..core.atomic import write_bytes
from ..core.cache import no_collections
from ..core.views import marked_again
from ..parts.domain import MlDomain, domain_of
from ..parts.navigation import navigation, navigation_on, neighbors
from ..parts.untrusted import is_untrusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


#: What the standard domain keeps of labels, options and other objects.
_STANDARD: Final = ("labels", "anonlabels", "objects", "progoptions")


def pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Give the pages that would show something else now; take those out that cannot be read (``env-get-outdated``)."""
    domain = domain_of(env)
    catalogue = domain.collection.catalogue
    for docname in (catalogue.unreadable & env.found_docs) | _unchecked(env, domain):
        env.found_docs.discard(docname)
        added.discard(docname)
        changed.discard(docname)
        if docname in env.all_docs:
            removed.add(docname)
    domain.idle = domain.unchanged and not removed
    with no_collections():
        outdated = [] if domain.unchanged else list(_outdated(domain))
    return [*outdated, *_named_by_path(env, domain, added, removed)]


def _unchecked(env: BuildEnvironment, domain: MlDomain) -> set[str]:
    """Return the untrusted pages that the catalogue has not checked: whatever else Sphinx takes for a page.

    It reports those that it has seen.
    """
    unknown = env.found_docs - domain.collection.catalogue.pages.keys() - domain.generated
    return {docname for docname in unknown if is_untrusted(env, docname)}


def _named_by_path(
    env: BuildEnvironment, domain: MlDomain, added: set[str], removed: set[str]
) -> Iterator[str]:
    """Give the pages whose source names a page that came or went: what they make of it is decided while reading."""
    if not added and not removed:
        return
    for docname, named in domain.named.items():
        for kind, type_, target in named:
            if type_ == "myst" and (
                target in removed if kind == "doc" else _document(docname, target) in added
            ):
                yield docname
                break
    for docname, included in env.toctree_includes.items():
        if not removed.isdisjoint(included):
            yield docname


def _outdated(domain: MlDomain) -> Iterator[str]:
    collection = domain.collection
    pages = collection.catalogue.pages
    for docname, digest in domain.digests.items():
        if docname in pages and pages[docname].digest != digest:
            yield docname
    for docname, views in domain.shown.items():
        for view, mark in views.items():
            now = marked_again(collection, mark, *view)
            if now is None:
                yield docname
                break
            views[view] = now


def note_idle(_app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note whether nothing is read in this build (``env-before-read-docs``)."""
    domain = domain_of(env)
    domain.idle = domain.idle and not docnames


class Written:
    """What the theme drew around each page when it was last written, kept beside the doctrees.

    It is saved only when a build has ended well: after a killed one the pages in question are written again.
    """

    def __init__(self) -> None:
        self._now: dict[str, str] = {}
        self._started = time.time_ns()
        self._before: dict[str, str] = {}
        self._objects = self._known = ""
        self._same = self._same_objects = False

    def pages_to_write(self, app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """Give the pages around which something changed (``env-updated``)."""
        kept = _load(_store(app))
        domain = domain_of(env)
        domain.note_places()
        domain.navigation = navigation(env)
        ours = domain.generated | domain.collection.catalogue.by_docname.keys()
        # A link to a page of ours that is not there, because it is excluded, is plain text.
        everywhere = (sorted(ours - env.all_docs.keys()), list(_assets(app)))
        self._before = kept.get("pages", {})
        self._known = _known(app, everywhere)
        self._same = kept.get("known") == self._known
        if self._same:
            self._now, self._objects = self._before, kept.get("objects", "")
        else:
            titles = {docname: title.astext() for docname, title in env.titles.items()}
            self._now = dict(_around(env, titles, everywhere))
            self._objects = _objects(app, titles) if hasattr(app.builder, "dump_inventory") else ""
        self._same_objects = kept.get("objects") == self._objects
        return [
            name for name, mark in self._now.items() if name in self._before and self._before[name] != mark
        ]

    def keep_index(self, app: Sphinx) -> None:
        """Let the search index be when no page is written and none has gone, and the inventory when it names the same (``builder-inited``).

        Sphinx loads the one, prunes it and writes both at each build.
        """
        builder: Any = app.builder
        prepare = builder.prepare_writing

        def prepare_writing(docnames: Iterable[str]) -> None:
            index = Path(app.outdir) / getattr(builder, "searchindex_filename", "searchindex.js")
            if self._same_objects and (Path(app.outdir) / INVENTORY_FILENAME).is_file():
                builder.dump_inventory = lambda: None
            if not docnames and self._before.keys() == self._now.keys() and index.is_file():
                builder.load_indexer = builder.dump_search_index = lambda *_arguments: None
            prepare(docnames)

        if hasattr(builder, "dump_inventory"):
            builder.prepare_writing = prepare_writing

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Remove the output of pages that are gone, and keep what was written (``build-finished``)."""
        if exception is not None or self._same or not self._now:
            return
        for docname in sorted(set(self._before) - set(self._now)):
            _remove_output(app, docname, self._started)
        kept = {"pages": self._now, "objects": self._objects, "known": self._known}
        write_bytes(_store(app), json.dumps(kept).encode())


def _known(app: Sphinx, everywhere: object) -> str:
    """Return a hash that is another one after each build that read a page or lost one, and when anything of *everywhere* changed."""
    env, domain = app.env, domain_of(app.env)
    read = (len(env.all_docs), sum(env.all_docs.values()), domain.data["state"])
    known = (*read, everywhere, domain.last_changed, _front_page(app.builder))
    return blake2b(repr(known).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _around(env: BuildEnvironment, titles: dict[str, str], everywhere: object) -> Iterator[tuple[str, str]]:
    """Give each page with a hash of when it was read, what the theme draws around it and what its references name."""
    domain = domain_of(env)
    common = blake2b(repr(everywhere).encode(), digest_size=8).hexdigest()
    relations = env.collect_relations()
    labels = env.get_domain("std").data
    named = {docname: f"{docname}\0{title}" for docname, title in titles.items()}

    @cache
    def above(parent: str | None) -> str:
        """Return the pages above: *parent*, the one above that, and so on."""
        found: dict[str, str] = {}
        while parent and parent not in found:
            found[parent] = named.get(parent, parent)
            parent = relations.get(parent, (None,))[0]
        return "\0".join(found.values())

    @cache
    def beside(folder: str) -> str:
        """Return what the sidebar shows on the pages in *folder*."""
        shown = repr(navigation_on(domain.navigation, folder)).encode()
        return blake2b(shown, digest_size=8).hexdigest()

    for docname, read in env.all_docs.items():
        parent, before, after = relations.get(docname, (None, None, None))
        near = neighbors(domain.collection, docname)
        if near is None:
            beside_it = [named.get(one or "", one or "") for one in (before, after)]
        else:
            beside_it = [f"{ref.docname}\0{ref.text}\0{ref.lang}" if ref else "" for ref in near]
        targets = [
            _named(env, domain, titles, labels, docname, target)
            for target in sorted(domain.named.get(docname, ()))
        ]
        around = (
            str(read),  # another builder may have read it since
            above(parent),
            *beside_it,
            domain.last_changed.get(docname, ""),
            common,
            beside(docname.partition("/")[0]),
            repr(targets) if targets else "",
        )
        mark = "\0".join(around).encode("utf-8", "surrogatepass")
        yield docname, blake2b(mark, digest_size=12).hexdigest()


def _front_page(builder: Builder) -> str:
    """Return the URL of the front page, from which those of all pages follow; "" from a builder that has none."""
    try:
        return builder.get_target_uri(builder.config.root_doc)
    except (NoUri, NotImplementedError):
        return ""


def _objects(app: Sphinx, titles: dict[str, str]) -> str:
    """Return a hash of what the inventory follows from (``objects.inv``)."""
    env = app.env
    known: list[Any] = [
        env.config.project,
        env.config.version,
        _front_page(app.builder),
    ]
    for domain in env.domains.sorted():
        if isinstance(domain, MlDomain):
            known.append(domain.data["state"])
        elif domain.name == "std":
            known.append(sorted(titles.items()))
            known += [sorted(domain.data.get(kind, {}).items(), key=repr) for kind in _STANDARD]
        else:
            known.append(sorted(domain.get_objects()))
    return blake2b(repr(known).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _assets(app: Sphinx) -> Iterator[tuple[str, int]]:
    """Give the style sheets and scripts of the project and its extensions, whose checksums stand in each page."""
    builder: Any = app.builder
    for file in (*getattr(builder, "_css_files", ()), *getattr(builder, "_js_files", ())):
        name = str(file.filename or "").removeprefix("_static/")
        for folder in app.config.html_static_path:
            path = Path(app.confdir, folder, name)
            if name and path.is_file():
                yield name, crc32(path.read_bytes())


def _named(
    env: BuildEnvironment,
    domain: MlDomain,
    titles: dict[str, str],
    labels: dict[str, Any],
    docname: str,
    target: tuple[str, str, str],
) -> Any:
    """Return what *target* resolves to now: whatever of it another page decides."""
    kind, type_, name = target
    if kind == "ml":
        if type_ == "cite":
            return domain.places.get(name)
        return domain.find(type_, name)
    if type_ == "doc" or kind == "doc":
        return titles.get(name if name in titles else _document(docname, name))
    return labels["labels"].get(name), labels["anonlabels"].get(name), domain.find("entry", name)


def _document(docname: str, target: str) -> str:
    """Return the docname that *target*, a path with or without its ending, names from the page *docname*."""
    path = target.partition("#")[0].removesuffix(".md")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(docname), path)).lstrip("/")


def release_parents(_app: Sphinx, builder: Builder) -> None:
    """Let a generated page be, when only a page of its hidden toctree was read again (``write-started``).

    Sphinx writes each page again that has a toctree with a changed page, for the titles in it. What a
    generated page shows of others is compared already, and its toctree shows nothing. The environment has
    been saved by now: the next build needs to know what stands in a toctree.
    """
    env = builder.env
    for docname in domain_of(env).generated:
        for child in env.toctree_includes.get(docname, ()):
            env.files_to_rebuild.get(child, set()).discard(docname)


def drop_unused_terms(app: Sphinx) -> Iterator[Any]:
    """Take terms out of the search index that no page has any more (``html-collect-pages``).

    Sphinx keeps them with an empty list, so that an incremental build differs from a clean one
    (sphinx/search/__init__.py, ``IndexBuilder.prune``; there is no public way to them).
    """
    indexer = getattr(app.builder, "indexer", None)
    for name in ("_mapping", "_title_mapping"):
        terms: dict[str, set[str]] = getattr(indexer, name, {})
        for term in [term for term, docnames in terms.items() if not docnames]:
            del terms[term]
    return iter(())


def _store(app: Sphinx) -> Path:
    name = blake2b(os.fsencode(app.outdir), digest_size=6).hexdigest()
    return Path(app.doctreedir) / f"mlwatch-{app.builder.name}-{name}.json"


def _load(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _remove_output(app: Sphinx, docname: str, started: int) -> None:
    """Remove what was written for *docname*, unless this build wrote a page of that name by another way."""
    builder: Any = app.builder
    outdir = Path(app.outdir)
    suffix = getattr(builder, "out_suffix", "") or ""
    if hasattr(builder, "get_output_path"):
        _remove(Path(builder.get_output_path(docname)), outdir, started)
    elif suffix:
        _remove(outdir / f"{docname}{suffix}", outdir, started)
    folder, _, last = docname.rpartition("/")
    for copied in (outdir / "_sources" / folder).glob(f"{glob.escape(last)}.*"):
        _remove(copied, outdir, started)


def _remove(path: Path, outdir: Path, started: int) -> None:
    if not path.exists() or path.stat().st_mtime_ns >= started:
        return
    path.unlink()
    for folder in path.parents:
        if (
            folder == outdir
            or not folder.is_relative_to(outdir)
            or not folder.is_dir()
            or any(folder.iterdir())
        ):
            break
        folder.rmdir()
