"""One style sheet a page: those that every page loads, joined in their order.

A page of the book theme loads nine, which a browser asks for one by one before it draws anything. And a sixth of
their bytes names each icon of Font Awesome, of which a page shows none but those that mlwatch.css draws.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from ..core.atomic import write_if_changed

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: What pydata-sphinx-theme links by itself, before all others.
_THEME: Final = ("styles/theme.css", "styles/pydata-sphinx-theme.css")
#: The joined sheet, and the one for pages that show other icons of Font Awesome.
_PLAIN: Final = "mlwatch-all.css"
_ICONS: Final = "mlwatch-all-icons.css"

_LINK: Final = re.compile(r'\s*<link\b(?=[^>]*\srel="stylesheet")[^>]*\shref="([^"?]*)[^>]*>')
_IMPORT: Final = re.compile(r"""@import\s+["']([^"':]+)["']\s*;""")
_URL: Final = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]+))\s*\)""")
_LEFT_OUT: Final = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=[^*]*\*/')
#: What may hold anything: comments and texts.
_OPAQUE: Final = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
#: A rule of Font Awesome that does nothing but name an icon.
_NAMED: Final = re.compile(r'(?:\.fa-[\w-]+,?)+\{--fa:"[^"]*"\}')
_NAME: Final = re.compile(r"fa-[\w-]+")  # begins with plain text, which is found six times faster


class _Joined(NamedTuple):
    names: list[str]  # of the sheets, in _static
    marks: dict[str, str]  # the file in _static: what changes with it, so that a browser keeps no older one
    icons: set[str]  # classes of icons that the plain file does not draw


def register(app: Sphinx) -> None:
    """Look at each page of a site when it is whole: only then is it known which icons it shows."""
    app.connect("builder-inited", _watch)


def _watch(app: Sphinx) -> None:
    builder: Any = app.builder
    if builder.name not in ("html", "dirhtml") or not hasattr(builder, "templates"):
        return
    render = builder.templates.render
    kept: list[_Joined] = []  # made once, after the sheets are copied and before further processes start

    def joined() -> _Joined:
        if not kept:
            kept.append(_join(app))
        return kept[0]

    def rendered(template: str, context: dict[str, Any]) -> str:
        page: str = render(template, context)
        return _link(page, joined()) if "</head>" in page else page

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
    name = _PLAIN if joined.icons.isdisjoint(_NAME.findall(page)) else _ICONS
    sheet = f'\n    <link rel="stylesheet" href="{base}{name}?v={joined.marks[name]}" />'
    pieces = [page[: links[0].start()], sheet]
    pieces += [page[one.end() : next_.start()] for one, next_ in pairwise(links)]
    return "".join([*pieces, page[links[-1].end() :]])


def _join(app: Sphinx) -> _Joined:
    """Write the sheets that each page loads as one file, with the names of icons and without."""
    folder = Path(app.outdir, "_static")
    names: list[str] = []
    texts: list[str] = []
    for name, media in _sheets(app, folder):
        text = _text(folder, name)
        if text is None:
            break
        names.append(name)
        texts.append(f"@media {media} {{\n{text}\n}}\n" if media else f"{text}\n")
    whole = "".join(texts)
    plain = _NAMED.sub("", whole)
    named = set(_NAME.findall(" ".join(_NAMED.findall(whole))))
    drawn = set(_NAME.findall(_text(folder, "mlwatch.css") or ""))
    marks = {}
    for name, text in ((_PLAIN, plain), (_ICONS, whole)) if len(names) > 1 else ():
        content = text.encode()
        write_if_changed(folder / name, content)
        marks[name] = f"{crc32(content):08x}"
    return _Joined(names, marks, named - drawn)


def _sheets(app: Sphinx, folder: Path) -> list[tuple[str, str]]:
    """Give the sheets that every page loads, with the media that each is for, up to the first that must stay alone."""
    found = [(name, "") for name in _THEME if (folder / name).is_file()]
    unready = "pygments.css" if found and not _highlighted(app) else None
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
