"""One style sheet per page: what is in it, in which order, what is removed from it, and what stays outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlwatch.parts import purge

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

#: The conf.py of a project with style sheets of its own.
CONF = """
html_static_path = ["own"]
html_css_files = {files}
"""
PAGE = "# Page\n\nText.\n"


def sheets(built: Built, docname: str = "index") -> list[str]:
    """Return the addresses of the style sheets of a page."""
    links = re.findall(r"<link\b[^>]*>", built.html(docname))
    return [link.partition('href="')[2].partition('"')[0] for link in links if 'rel="stylesheet"' in link]


def joined(built: Built, docname: str = "index") -> str:
    """Return the text of the joined sheet that a page links."""
    name = sheets(built, docname)[0].partition("?")[0]
    assert name.startswith("_static/mlwatch-all")
    return (built.outdir / name).read_text("utf-8")


def names(css: str) -> set[str]:
    """Return the classes and ids in the selectors of a sheet, as ``.class`` and ``#id``."""
    return purge.names(purge.parse(css))


def selectors(rules: list[purge.Rule]) -> set[str]:
    """Return the selectors of *rules* that say how something looks, and not only what a property is."""
    found: set[str] = set()
    for head, body in rules:
        if body is not None and head.startswith("@media"):
            found |= selectors(body)
        elif not head.startswith("@") and any(not one.head.startswith("--") for one in body or ()):
            found |= {re.sub(r" ?([,>]) ?", r"\1", one) for one in purge.selectors(head)}
    return found


def names_on(html: str) -> set[str]:
    classes = {f".{name}" for found in re.findall(r'\bclass="([^"]*)"', html) for name in found.split()}
    return classes | {f"#{name}" for name in re.findall(r'\bid="([^"]*)"', html)}


def write(build: Build, css: dict[str, str], files: str, *, root: Built | None = None) -> Built:
    own = {f"../own/{name}": text for name, text in css.items()}
    built = build(
        {"index.md": PAGE, **own}, conf=CONF.format(files=files), root=root.root if root is not None else None
    )
    assert built.code == 0, built.warnings
    return built


def test_all_that_every_page_loads_is_one_sheet_in_its_order(build: Build) -> None:
    built = write(build, {"one.css": ".one {}", "two.css": ".two {}"}, '["two.css", "one.css"]')
    assert len(sheets(built)) == len(sheets(built, "search")) == 1
    text = joined(built)
    places = [text.index(rule) for rule in ("div.sphinxsidebar", ".sd-card", ".mlw-icon", ".two{}", ".one{}")]
    assert places == sorted(places)


def test_addresses_and_imports_lead_to_the_same_files(build: Build) -> None:
    css = {
        "in/one.css": '@charset "UTF-8";\n@import "more/two.css";\n.one { background: url(dot.svg), url("/dot.svg") }',
        "in/more/two.css": ".two { background: url('../../top.svg?a=1'), url(\"data:image/svg+xml,a(url('b'))\") }",
    }
    text = joined(write(build, css, '["in/one.css"]'))
    assert '.one{background:url("in/dot.svg"), url("/dot.svg");}' in text
    assert '.two{background:url("top.svg?a=1"), url("data:image/svg+xml,a(url(\'b\'))");}' in text
    assert text.index(".two") < text.index(".one{")
    assert "@import" not in text.partition(".two")[2]
    assert '@charset "UTF-8"' not in text


def test_a_sheet_for_some_media_is_for_these_alone(build: Build) -> None:
    built = write(
        build, {"one.css": ".one {}"}, '[("one.css", {"media": "print and (orientation: landscape)"})]'
    )
    assert re.search(r"@media print and \(orientation: landscape\) \{\s*\.one\{\}\s*\}", joined(built))


def test_a_sheet_that_would_change_others_stays_alone_with_those_after_it(build: Build) -> None:
    alone = {
        "open.css": ".open { color: red",
        "elsewhere.css": '@import "https://example.org/a.css";',
        "remark.css": ".a {} /* goes on",
    }
    for name, text in alone.items():
        built = write(build, {name: text, "last.css": ".last {}"}, f'["{name}", "last.css"]')
        assert [path.partition("?")[0] for path in sheets(built)] == [
            "_static/mlwatch-all-full.css",
            f"_static/{name}",
            "_static/last.css",
        ]
        assert text not in joined(built)


def test_braces_in_texts_and_remarks_open_nothing(build: Build) -> None:
    built = write(build, {"one.css": '.one::before { content: "{" } /* } */'}, '["one.css"]')
    assert len(sheets(built)) == 1


def test_a_page_with_a_sheet_of_its_own_between_the_others_keeps_its_links(build: Build) -> None:
    extension = """
def setup(app):
    def context(app, pagename, *_more):
        if pagename == "other":
            app.add_css_file("between.css", priority=300)
        if pagename == "last":
            app.add_css_file("after.css", priority=900)
    app.connect("html-page-context", context)
"""
    built = build(
        {"index.md": PAGE + "\n```{toctree}\nother\nlast\n```\n", "other.md": PAGE, "last.md": PAGE},
        conf=extension,
    )
    assert built.code == 0, built.warnings
    assert len(sheets(built)) == 1
    assert len(sheets(built, "other")) > 3
    assert not any("mlwatch-all" in path for path in sheets(built, "other"))
    assert [path.partition("?")[0] for path in sheets(built, "last")] == [
        "_static/mlwatch-all-full.css",
        "_static/after.css",
    ]


def test_an_edited_sheet_has_another_address_on_every_page(build: Build) -> None:
    built = write(build, {"one.css": ".one {}"}, '["one.css"]')
    before = sheets(built)
    again = write(build, {"one.css": ".one { color: red }"}, '["one.css"]', root=built)
    clean = write(build, {"one.css": ".one { color: red }"}, '["one.css"]')
    assert sheets(again) == sheets(again, "search") == sheets(clean) != before
    assert joined(again) == joined(clean)


#: Pages of the book theme: name to text, each with something that the others lack.
BOOK = """
html_theme = "sphinx_book_theme"
html_sidebars = {"**": ["mlwatch-sidebar-nav-bs.html"]}
html_theme_options = {
    "navbar_start": ["mlwatch-header-navbar-nav.html"],
    "navbar_persistent": [],
    "disable_search": True,
    "back_to_top_button": False,
    "primary_sidebar_end": [],
    "article_header_start": ["mlwatch-crumbs-navbar-nav.html"],
    "article_header_end": [],
}
"""
KINDS = {
    "plain": "Text with *emphasis*, `code` and a [link](https://example.org).\n\n- One\n- Two\n",
    "block": "```text\nA block of plain text.\n```\n",
    "code": "```python\nprint('x')  # remark\n```\n",
    "table": "| A | B |\n|---|---|\n| 1 | 2 |\n\n```{note}\nA note.\n```\n\nA footnote.[^1]\n\n[^1]: Below.\n",
    "tabs": "::::{tab-set}\n:::{tab-item} One\nA\n:::\n:::{tab-item} Two\nB\n:::\n::::\n",
    "dropdown": ":::{dropdown} More\nHidden\n:::\n\n:::{versionadded} 1\nNew\n:::\n",
    "grid": "::::{grid} 1 2 3 4\n:::{grid-item-card} A\n:class-card: sd-bg-info\nB\n:::\n::::\n",
    "rocket": "Up: {fas}`rocket`\n",
    "bootstrap": "```{div} alert alert-danger\nText\n```\n",
    "property": '<p style="color: var(--bs-indigo)">Text</p>\n',
}


def book(build: Build, kinds: dict[str, str], root: Built | None = None) -> Built:
    index = PAGE + "\n```{toctree}\n" + "\n".join(kinds) + "\n```\n"
    pages = {f"{name}.md": f"# {name}\n\n{text}" for name, text in kinds.items()}
    conf = BOOK + 'myst_enable_extensions = ["colon_fence"]\n'
    built = build({"index.md": index, **pages}, conf=conf, root=root.root if root is not None else None)
    assert built.code == 0, built.warnings
    return built


def test_each_page_has_every_rule_for_what_it_shows_and_ordinary_ones_little_more(build: Build) -> None:
    built = book(build, KINDS)
    full = (built.outdir / "_static" / "mlwatch-all-full.css").read_text("utf-8")
    for docname in ("index", "search", *KINDS):
        shown = {name for name in names_on(built.html(docname)) if not purge.replaced(name)}
        needed = {
            one
            for one in selectors(purge.parse(full))
            if purge.mentioned(one) <= shown and not one.startswith(("[class^=", "html:not([data-theme])"))
        }
        assert len(needed) > 200, docname
        assert needed - selectors(purge.parse(joined(built, docname))) == set(), docname
    assert "--bs-indigo:" in joined(built, "property")
    assert ".fa-rocket{" in joined(built, "rocket")
    weights = {name: len(joined(built, name).encode()) for name in KINDS}
    assert max(weights[name] for name in ("plain", "code", "table", "tabs")) <= 100_000
    assert weights["plain"] < weights["code"] < weights["dropdown"] < weights["rocket"]
    assert weights["rocket"] == len(full.encode()) > 450_000


def test_the_themes_own_header_and_sidebar_take_a_longer_sheet_but_not_the_whole(build: Build) -> None:
    built = build({"index.md": PAGE}, conf='html_theme = "sphinx_book_theme"\n')
    assert built.code == 0, built.warnings
    assert sheets(built)[0].startswith("_static/mlwatch-all-rich.css")


def test_what_a_page_gains_changes_its_sheet_and_no_other_page(build: Build) -> None:
    before = {name: KINDS[name] for name in ("plain", "table")}
    built = book(build, before)
    other, sheet = built.html("table"), sheets(built, "plain")
    after = {**before, "plain": KINDS["tabs"]}
    again = book(build, after, built)
    assert sheets(again, "plain") != sheet
    assert again.html("table") == other
    clean = book(build, after)
    files = sorted(path.name for path in (clean.outdir / "_static").glob("mlwatch-all*"))
    assert sorted(path.name for path in (again.outdir / "_static").glob("mlwatch-all*")) == files
    for name in files:
        assert (again.outdir / "_static" / name).read_bytes() == (
            clean.outdir / "_static" / name
        ).read_bytes()
    assert again.html("plain") == clean.html("plain")


def test_without_a_script_the_theme_is_that_of_the_system(build: Build) -> None:
    built = write(build, {"one.css": 'html[data-theme="dark"] .one { color: white }'}, '["one.css"]')
    text = joined(built)
    assert 'html[data-theme="dark"] .one{color:white;}' in text
    assert "@media (prefers-color-scheme:dark){html:not([data-theme]) .one{color:white;}}" in text


def test_colors_of_code_are_those_of_the_theme(build: Build) -> None:
    built = book(build, {"code": KINDS["code"]})
    # The theme writes its own colors of code at the end of a build only.
    assert 'html[data-theme="dark"] .highlight' in joined(built, "code")
    pygments = (built.outdir / "_static" / "pygments.css").read_text("utf-8")
    assert names(pygments) <= names(joined(built, "code"))


def test_other_builders_have_none(build: Build) -> None:
    built = build({"index.md": PAGE}, builder="epub", conf="version = '1'\nepub_uid = 'a'\n")
    assert built.code == 0, built.warnings
    assert not list((built.root / "_build").rglob("mlwatch-all*"))
