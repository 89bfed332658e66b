"""One style sheet a page: what stands in it, in which order, and what stays outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

#: The conf.py of a project with style sheets of its own.
CONF = """
html_static_path = ["own"]
html_css_files = {files}
"""
PAGE = "# Page\n\nText.\n"
ROCKET = "# Rocket\n\nUp: {fas}`rocket`\n"


def sheets(built: Built, docname: str = "index") -> list[str]:
    """Return the addresses of the style sheets of a page."""
    links = re.findall(r"<link\b[^>]*>", built.html(docname))
    return [link.partition('href="')[2].partition('"')[0] for link in links if 'rel="stylesheet"' in link]


def joined(built: Built) -> str:
    return (built.outdir / "_static" / "mlwatch-all.css").read_text("utf-8")


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
    places = [
        text.index(rule) for rule in ("div.sphinxsidebar", ".sd-card", ".mlw-icon", ".two {}", ".one {}")
    ]
    assert places == sorted(places)


def test_addresses_and_imports_lead_to_the_same_files(build: Build) -> None:
    css = {
        "in/one.css": '@charset "UTF-8";\n@import "more/two.css";\n.one { background: url(dot.svg), url("/dot.svg") }',
        "in/more/two.css": ".two { background: url('../../top.svg?a=1'), url(\"data:image/svg+xml,a(url('b'))\") }",
    }
    text = joined(write(build, css, '["in/one.css"]'))
    assert '.one { background: url("in/dot.svg"), url("/dot.svg") }' in text
    assert '.two { background: url("top.svg?a=1"), url("data:image/svg+xml,a(url(\'b\'))") }' in text
    assert text.index(".two") < text.index(".one {")
    assert "@import" not in text.partition(".two")[2]
    assert '@charset "UTF-8"' not in text


def test_a_sheet_for_some_media_is_for_these_alone(build: Build) -> None:
    built = write(
        build, {"one.css": ".one {}"}, '[("one.css", {"media": "print and (orientation: landscape)"})]'
    )
    assert re.search(r"@media print and \(orientation: landscape\) \{\s*\.one \{\}\s*\}", joined(built))


def test_a_sheet_that_would_change_others_stays_alone_with_those_after_it(build: Build) -> None:
    alone = {
        "open.css": ".open { color: red",
        "elsewhere.css": '@import "https://example.org/a.css";',
        "remark.css": ".a {} /* goes on",
    }
    for name, text in alone.items():
        built = write(build, {name: text, "last.css": ".last {}"}, f'["{name}", "last.css"]')
        assert [path.partition("?")[0] for path in sheets(built)] == [
            "_static/mlwatch-all.css",
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
        "_static/mlwatch-all.css",
        "_static/after.css",
    ]


def test_an_edited_sheet_has_another_address_on_every_page(build: Build) -> None:
    built = write(build, {"one.css": ".one {}"}, '["one.css"]')
    before = sheets(built)
    again = write(build, {"one.css": ".one { color: red }"}, '["one.css"]', root=built)
    clean = write(build, {"one.css": ".one { color: red }"}, '["one.css"]')
    assert sheets(again) == sheets(again, "search") == sheets(clean) != before
    assert joined(again) == joined(clean)


def test_only_a_page_that_shows_another_icon_loads_the_names_of_all(build: Build) -> None:
    built = build(
        {"index.md": PAGE + "\n```{toctree}\nrocket\n```\n", "rocket.md": ROCKET},
        conf='html_theme = "sphinx_book_theme"',
    )
    assert built.code == 0, built.warnings
    names = {
        docname: [path.partition("?")[0] for path in sheets(built, docname)]
        for docname in ("index", "rocket")
    }
    assert names == {"index": ["_static/mlwatch-all.css"], "rocket": ["_static/mlwatch-all-icons.css"]}
    whole = (built.outdir / "_static" / "mlwatch-all-icons.css").read_text("utf-8")
    assert ".fa-rocket{" in whole
    # Of code, the theme writes its own colours at the end of a build.
    assert 'html[data-theme="dark"] .highlight' in joined(built)
    assert (built.outdir / "_static" / "pygments.css").read_text("utf-8") in joined(built)
    assert ".fa-rocket{" not in joined(built)


def test_other_builders_have_none(build: Build) -> None:
    built = build({"index.md": PAGE}, builder="epub", conf="version = '1'\nepub_uid = 'a'\n")
    assert built.code == 0, built.warnings
    assert not list((built.root / "_build").rglob("mlwatch-all*"))
