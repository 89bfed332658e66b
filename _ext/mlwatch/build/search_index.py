"""The files of the search: the index of all words, made in shards, and the columns beside it.

A shard holds the records whose docnames' hashes fall into it, some hundred, and what Pagefind made of them is kept until
one of them changes. So an edit costs what a shard costs, and Pagefind never holds more than a shard in memory.
"""

from __future__ import annotations

import json
import shutil
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core import cache, columns, searching
from ..core.atomic import write_if_changed
from . import pagefind, parts
from .parts import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..core.collection import Collection

#: Says what the index is of and which files hold the columns; written last.
MANIFEST: Final = "mlwatch.json"
#: How many records a shard holds at most, on average. Pagefind takes 80 MB for as many.
_SHARD: Final = 1000
#: Names whose content never changes without the name.
_HASHED: Final = (".pf_fragment", ".pf_index", ".pf_meta", ".bin")


class Site(NamedTuple):
    """What the index depends on beside the collection."""

    #: Pagefind: the program, and its version.
    program: Path
    version: str
    #: The site's language, and that in which Pagefind finds the stems of words.
    language: str
    stems: str
    #: The address of a page below the site's root.
    uri_of: Callable[[str], str]
    #: The titles of pages that are neither entries nor digests.
    titles: Mapping[str, str]

    def mark(self) -> str:
        """Return what tells this site from others, with a hash of the code that makes the index."""
        files = (searching.__file__, columns.__file__, pagefind.__file__, parts.__file__, __file__)
        code = hash_of(b"".join(Path(file).read_bytes() for file in files))
        return repr((code, self.version, self.language, self.stems, self.uri_of("a")))


class _Shard(NamedTuple):
    """What is kept of a shard: Pagefind's part, and the words that stand in many of its records."""

    part: parts.Part
    frequent: dict[str, int]


def make(collection: Collection, site: Site, mark: str, kept: Path, folder: Path) -> dict[str, bytes]:
    """Return the files of the index, name to content, with *mark* in the manifest.

    *kept* is the folder where shards are kept, *folder* that of the files of an earlier index, neither of which need be there.
    """
    found = searching.records(collection, site.titles)
    count = 1
    while count * _SHARD < len(found):
        count *= 2
    numbers: list[list[int]] = [[] for _ in range(count)]
    for number, record in enumerate(found):
        numbers[zlib.crc32(record.docname.encode()) % count].append(number)
    about = site.mark()
    shards = [
        _shard(collection, site, about, [found[number] for number in of], kept / f"{place}-of-{count}")
        for place, of in enumerate(numbers)
    ]
    for path in kept.glob("*-of-*"):
        if not path.name.endswith(f"-of-{count}"):
            path.unlink()
    files, names = parts.joined([shard.part for shard in shards], site.stems, folder)
    ids = [""] * len(found)
    for of, names_of in zip(numbers, names, strict=True):
        for number, name in zip(of, names_of, strict=True):
            ids[number] = name
    made = {
        "columns": columns.packed(columns.columns(found, site.language)),
        "ids": columns.packed(columns.id_columns(ids), repeats=False),
        "keywords": columns.packed(columns.keyword_columns(found)),
        "entries": columns.packed(columns.entry_column(found, collection), repeats=False),
        "addresses": columns.packed(columns.address_columns(found)),
    }
    manifest: dict[str, Any] = {
        "mark": mark,
        "language": site.stems,
        "count": len(found),
        "unspaced": searching.UNSPACED,
        "letters": searching.LETTERS,
        "dotted": searching.DOTTED,
        "aliases": searching.alias_groups(collection.settings),
        "common": searching.common_words((shard.frequent for shard in shards), len(found)),
    }
    for name, content in made.items():
        file = f"mlwatch-{name}.{hash_of(content)}.bin"
        files[file] = content
        manifest[name] = {"file": file, "size": len(content)}
    manifest["keywords"]["any"] = any(record.keywords for record in found)
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
    return files


def _shard(
    collection: Collection, site: Site, about: str, found: Sequence[searching.Record], kept: Path
) -> _Shard:
    """Return what Pagefind makes of the records *found*, from the file *kept* if it is of just these and of the site *about*."""
    key = blake2b(repr((about, found)).encode("utf-8", "surrogateescape")).digest()
    shard = cache.load(kept, key)
    if isinstance(shard, _Shard):
        return shard
    words = [searching.words(record, collection) for record in found]
    files = pagefind.make_index(
        site.program,
        (
            {
                "url": site.uri_of(record.docname),
                "content": text,
                "language": site.stems,
                "meta": _meta(record),
                "filters": None,
                "sort": None,
            }
            for record, text in zip(found, words, strict=True)
        ),
    )
    shard = _Shard(parts.read(files, len(found)), searching.frequent_words(words))
    cache.save(kept, key, shard)
    return shard


def _meta(record: searching.Record) -> dict[str, str]:
    """Return what a result shows beside its words; Pagefind looks for words in it too.

    All records have the same fields, for the numbers of fields are the same in all shards then.
    """
    keywords = "\n".join(record.keywords)
    return {
        "title": searching.spaced(record.title),
        "keywords": keywords,
        "source": record.source,
        "language": record.lang,
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the index in *folder*, {} where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def first_files(files: dict[str, bytes], folder: Path) -> list[str]:
    """Return the names of what every search loads: of the new index *files*, or of that in *folder* if there is none."""
    manifest = json.loads(files[MANIFEST]) if files else read_manifest(folder)
    return [MANIFEST, *(manifest[part]["file"] for part in ("columns", "ids"))]


def publish(files: dict[str, bytes], folder: Path) -> None:
    """Write *files* into *folder*, then remove what is left there of an older index.

    At each moment the manifest and the entry of Pagefind name files that are there, so a killed build leaves a search that works.
    """
    names = sorted(files.keys() - {MANIFEST}, key=lambda name: (not name.endswith(_HASHED), name))
    for name in [*names, MANIFEST]:
        write_if_changed(folder / name, files[name])
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()


def remove(folder: Path) -> None:
    """Remove the index in *folder*, if there is one."""
    if (folder / MANIFEST).is_file():
        shutil.rmtree(folder)
