"""One style sheet per page: those that every page loads, joined in their order, and as short as the page allows.

A page of the book theme links nine sheets of 530 KB, of which it uses a tenth. They are joined, and rules of the themes for what
no ordinary page shows are removed (``parts/purge.py``): from the first of three files more than from the second, and none from the
third. A page links the first that has every rule for the names that it uses, so it looks as if it had all of them.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from ..core import cache
from ..core.atomic import write_if_changed
from . import purge
from .navigation import SITES
from .needed import without_unused

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: What pydata-sphinx-theme links by itself, before all others.
_THEME: Final = ("styles/theme.css", "styles/pydata-sphinx-theme.css")
#: Sheets of others whose rules may be removed, and the one whose rules can be put together.
_PURGED: Final = (*_THEME, "styles/sphinx-book-theme.css", "basic.css", "sphinx-design.min.css")
_CODE: Final = "pygments.css"
#: Ours that few pages need.
_ICONS: Final = "mlwatch-icons-theme.css"
_SEARCH: Final = "mlwatch-search.css"
#: The joined sheets, from the shortest on: the vocabulary of which each keeps the rules (None keeps all), and the sheets that it lacks.
_LEVELS: Final = (
    ("mlwatch-all.css", purge.LISTS, (_ICONS, _SEARCH, _CODE)),
    ("mlwatch-all-search.css", purge.LISTS, (_ICONS, _CODE)),
    ("mlwatch-all-text.css", purge.TEXT, (_ICONS, _SEARCH, "mlwatch-charts.css", "mlwatch-lists.css")),
    ("mlwatch-all-rich.css", purge.RICH, ()),
    ("mlwatch-all-full.css", None, ()),
)

_LINK: Final = re.compile(r'\s*<link\b(?=[^>]*\srel="stylesheet")[^>]*\shref="([^"?]*)[^>]*>')
_IMPORT: Final = re.compile(r"""@import\s+["']([^"':]+)["']\s*;""")
_URL: Final = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]+))\s*\)""")
_LEFT_OUT: Final = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=[^*]*\*/')
#: What may hold anything: comments and texts.
_OPAQUE: Final = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
#: Where a page has names: its classes, its ids, and custom properties in its styles. (Without "\\b": what begins with plain text
#: is found much faster, and a name too many does no harm.)
_CLASSES: Final = re.compile(r'class="([^"]*)"')
_IDS: Final = re.compile(r'id="([^"]*)"')
_VARIABLES: Final = re.compile(r"var\(\s*(--[\w-]+)")


class _Level(NamedTuple):
    file: str  # in _static
    fingerprint: str  # changes with the file's content, so that a browser keeps no older one
    missing: frozenset[str]  # names of which it lacks rules: ``.class``, ``#id``, ``--property``


class _Joined(NamedTuple):
    names: list[str]  # of the sheets, in _static
    levels: list[_Level]


class _Sheet(NamedTuple):
    name: str
    text: str
    media: str


def register(app: Sphinx) -> None:
    """Look at each page of a site when it is whole: only then is it known what it shows."""
    app.connect("builder-inited", _watch)


def _watch(app: Sphinx) -> None:
    builder: Any = app.builder
    if builder.name not in SITES or not hasattr(builder, "templates"):
        return
    render = builder.templates.render
    kept: list[_Joined] = []  # made once, after the sheets are copied and before further processes start

    def joined() -> _Joined:
        if not kept:
            kept.append(_join(app))
        return kept[0]

    def rendered(template: str, context: dict[str, Any]) -> str:
        page: str = render(template, context)
        return _link(without_unused(page), joined()) if "</head>" in page else page

    builder.templates.render = rendered
    app.connect("build-finished", lambda _app, failed: None if failed else joined())


def _link(page: str, joined: _Joined) -> str:
    """Give the page one link for the joined sheets; a page that has others between them stays as it is."""
    head = page.index("</head>")
    links = list(_LINK.finditer(page, 0, head))[: len(joined.names)]
    if len(links) < max(2, len(joined.names)):
        return page
    base = links[0][1].removesuffix(joined.names[0])
    if [link[1] for link in links] != [base + name for name in joined.names]:
        return page
    used = _names(page)
    level = next(one for one in joined.levels if one.missing.isdisjoint(used))
    sheet = f'\n    <link rel="stylesheet" href="{base}{level.file}?v={level.fingerprint}" />'
    pieces = [page[: links[0].start()], sheet]
    pieces += [page[one.end() : next_.start()] for one, next_ in pairwise(links)]
    return "".join([*pieces, page[links[-1].end() :]])


def _names(page: str) -> set[str]:
    """Return the names that *page* uses, in the form of those that a level lacks."""
    used: set[str] = set()
    for classes in set(_CLASSES.findall(page)):
        used |= _dotted(classes)
    used.update([f"#{name}" for name in _IDS.findall(page)])
    used.update(_VARIABLES.findall(page))
    return used


@lru_cache(maxsize=4096)
def _dotted(classes: str) -> frozenset[str]:
    return frozenset(f".{name}" for name in classes.split())


def _join(app: Sphinx) -> _Joined:
    """Write the sheets that each page loads as one file for each level."""
    folder = Path(app.outdir, "_static")
    sheets: list[_Sheet] = []
    for name, media in _sheets(app, folder):
        text = _text(folder, name)
        if text is None:
            break
        sheets.append(_Sheet(name, text, media))
    names = [sheet.name for sheet in sheets]
    if len(sheets) < 2:
        return _Joined(names, [])
    path = Path(app.doctreedir, "mlwatch-sheets.pickle")
    key = cache.key_of(sheets, Path(__file__).read_bytes(), Path(purge.__file__).read_bytes())
    made = cache.load(path, key)
    if made is None:
        made = _levels(sheets)
        cache.save(path, key, made)
    levels = []
    for file, content, missing in made:
        write_if_changed(folder / file, content)
        levels.append(_Level(file, f"{crc32(content):08x}", missing))
    return _Joined(names, levels)


def _levels(sheets: list[_Sheet]) -> list[tuple[str, bytes, frozenset[str]]]:
    """Return the files of all levels, each with its content and the names of which it lacks rules."""
    parsed = {sheet.name: _parsed(sheet) for sheet in sheets}
    theirs = {name: rules for name, rules in parsed.items() if name in _PURGED and rules is not None}
    ours = {
        sheet.name: sheet.text if (rules := parsed[sheet.name]) is None else _shortened(sheet.name, rules)
        for sheet in sheets
        if sheet.name not in theirs
    }
    used = {name: purge.mentioned(_OPAQUE.sub("", text)) for name, text in ours.items()}
    all_names = set().union(*map(purge.names, theirs.values()))
    made = []
    for file, vocabulary, lacking in _LEVELS:
        texts = {name: text for name, text in ours.items() if name not in lacking}
        known = set().union(*(used[name] for name in texts))
        missing = set().union(*used.values()) - known
        code = parsed.get(_CODE)
        if vocabulary is not None and code is not None and _CODE in lacking:
            # Of this one only the tokens: a block of plain text has the same ground as all others.
            tokens = {name for name in purge.names(code) if name not in known and not vocabulary(name)}
            texts[_CODE] = _shortened(_CODE, purge.purge(code, tokens))
            missing -= purge.names(code) - tokens
        kept = theirs
        if vocabulary is not None:
            gone = {name for name in all_names if name not in known and not vocabulary(name)}
            kept = {name: purge.purge(rules, gone) for name, rules in theirs.items()}
            kept, unused = purge.drop_unused(kept, "".join(texts.values()))
            missing |= unused.union(name for name in gone if not purge.replaced(name))
        texts |= {name: purge.written(purge.follow_system(rules)) for name, rules in kept.items()}
        whole = "".join(_in_media(texts[sheet.name], sheet.media) for sheet in sheets if sheet.name in texts)
        made.append((file, whole.encode(), frozenset(missing)))
    return made


def _shortened(name: str, rules: list[purge.Rule]) -> str:
    return purge.written(purge.follow_system(purge.grouped(rules) if name == _CODE else rules))


def _parsed(sheet: _Sheet) -> list[purge.Rule] | None:
    try:
        return purge.parse(sheet.text)
    except ValueError:
        return None


def _in_media(text: str, media: str) -> str:
    return f"@media {media} {{\n{text}\n}}\n" if media else f"{text}\n"


def _sheets(app: Sphinx, folder: Path) -> list[tuple[str, str]]:
    """Return the sheets that every page loads, with the media that each is for, up to the first that must stay alone."""
    found = [(name, "") for name in _THEME if (folder / name).is_file()]
    unready = _CODE if found and not _highlighted(app) else None
    # What a page itself adds is not among these (``StandaloneHTMLBuilder.prepare_writing``).
    for file in sorted(getattr(app.builder, "_orig_css_files", ()), key=lambda one: one.priority):
        path = str(file.filename)
        more = {key: value for key, value in file.attributes.items() if key not in ("rel", "type", "media")}
        if (
            not path.startswith("_static/")
            or path == f"_static/{unready}"
            or more
            or file.attributes.get("rel") != "stylesheet"
        ):
            break
        media = file.attributes.get("media") or ""
        found.append((path.removeprefix("_static/"), "" if media == "all" else media))
    return found


def _highlighted(app: Sphinx) -> bool:
    """Have pydata-sphinx-theme write its colours of code, for light and dark, now and not only at the end of the build."""
    try:
        from pydata_sphinx_theme.pygments import overwrite_pygments_css
    except ImportError:
        return False
    overwrite_pygments_css(app)
    return True


def _moved(name: str, text: str) -> str:
    """Return the text of the sheet *name* with addresses as seen from _static."""

    def address(found: re.Match[str]) -> str:
        target = found[1] or found[2] or found[3] or ""
        if not target or target.startswith(("#", "/")) or ":" in target:
            return found[0]
        return f'url("{_place(name, target)}")'

    return _URL.sub(address, text)


def _text(folder: Path, name: str) -> str | None:
    """Return a sheet to stand among others, or None: it is not there, or what it imports or leaves open forbids that."""
    try:
        text = (folder / name).read_text("utf-8-sig")
    except (OSError, ValueError):
        return None
    try:
        text = _moved(name, _LEFT_OUT.sub("", text))
        text = _IMPORT.sub(lambda found: _imported(folder, name, found[1]), text)
    except LookupError:
        return None
    bare = _OPAQUE.sub("", text)
    # Alone, a sheet may import others from elsewhere, and its end closes what was left open.
    if "@import" in bare or "/*" in bare or bare.count("{") != bare.count("}"):
        return None
    return text


def _imported(folder: Path, name: str, target: str) -> str:
    """Return the sheet *target*, which the sheet *name* imports; LookupError if it cannot stand there."""
    path = _place(name, target)
    text = _text(folder, path)
    if path == name or text is None:
        raise LookupError(target)
    return text


def _place(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
