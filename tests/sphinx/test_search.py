"""The search index and the search page as a build makes them; what they do in a browser: tests/browser/test_search.py."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Build, Built

FILES = {
    "index.md": "# Home\n\n```{toctree}\nyears/index\nkeywords/index\n```\n",
    "entries/one.md": "# One\n\n```{mlentry}\n:source: S\n:date: 2021-03-04\n:keywords: alpha, beta\n:code: [Repository](https://e.org/r)\n```\n\n"
    "## Summary\n\nA *short* summary.\n\n## Results\n\nMore than `expected`.\n",
    "entries/two.md": "# 深度学习 and more\n\n```{mlentry}\n:source: T\n:star: 2\n:keywords: alpha\n:lang: zh\n```\n",
    "entries/three.md": "# Three\n\n```{mlentry}\n:source: S\n:date: 2020\n:kind: talk\n:digest: news 2020\n```\n",
}
SERIES = 'mlwatch_series = {"news": {"name": "News", "period": "year", "description": "Each year."}}\n'


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    made = build(FILES, conf=SERIES, options=["-W"])
    assert made.code == 0, made.warnings
    return made


def index_of(made: Built) -> Path:
    return made.outdir / "pagefind"


def manifest_of(made: Built) -> Any:
    return json.loads((index_of(made) / "mlwatch.json").read_bytes())


def column(made: Built, name: str) -> Any:
    return json.loads(gzip.decompress((index_of(made) / manifest_of(made)[name]["file"]).read_bytes()))


def records(made: Built) -> list[Any]:
    """Return what the index has of each record, in the order of the columns."""
    ids = column(made, "ids")
    joined, width = ids["joined"], ids["width"]
    names = [ids["prefix"] + joined[i : i + width] for i in range(0, len(joined), width)]
    files = [index_of(made) / "fragment" / f"{name}.pf_fragment" for name in names]
    return [json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd")) for file in files]


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# --- What can be found -----------------------------------------------------------------------------------------


def test_entries_and_digests_are_found_newest_first_and_undated_last(built: Built) -> None:
    assert [record["url"] for record in records(built)] == [
        "entries/one.html",
        "digests/news/2021.html",
        "entries/three.html",
        "digests/news/2020.html",
        "entries/two.html",
    ]
    assert column(built, "columns")["dates"].split("\n") == ["2021-03-04", "2021", "2020", "2020", ""]


def test_a_record_holds_title_text_labels_and_nothing_of_markup_or_options(built: Built) -> None:
    title, passage, also, forms = records(built)[0]["content"].split("␞")
    assert title.strip() == "One"
    assert passage.split() == "A short summary. More than expected.".split()
    assert also.strip() == "Repository"
    assert forms.strip() == "2021-03-04"


def test_facets_say_what_each_record_has(built: Built) -> None:
    facets = column(built, "columns")["facets"]
    shown = {}
    for name, facet in facets.items():
        sets = [[facet["values"][value] for value in one] for one in facet["sets"]]
        shown[name] = [sets[ord(char) - ord("0")] for char in facet["of"]]
    assert shown["source"] == [["S"], [], ["S"], [], ["T"]]
    assert shown["star"] == [[], [], [], [], ["2"]]
    assert shown["kind"] == [["article"], ["digest"], ["talk"], ["digest"], ["article"]]
    assert shown["series"] == [["News"], ["News"], ["News"], ["News"], []]
    assert shown["lang"] == [["en"], ["en"], ["en"], ["en"], ["zh"]]
    assert shown["has"] == [["code", "summary"], [], [], [], []]
    assert column(built, "keywords")["values"] == ["alpha", "beta"]


def test_hand_written_text_of_a_digest_is_found(build: Build) -> None:
    written = "# News of a quiet year\n\nHardly anything *happened*.\n\n```{mldigest} news 2020\n```\n"
    made = build({**FILES, "digests/news/2020.md": written}, conf=SERIES, options=["-W"])
    assert made.code == 0, made.warnings
    (passage,) = [r["content"].split("␞")[1] for r in records(made) if r["url"] == "digests/news/2020.html"]
    assert passage.split() == "Hardly anything happened.".split()


def test_folder_addresses_are_found_as_such(build: Build) -> None:
    made = build(FILES, conf=SERIES, builder="dirhtml", options=["-W"])
    assert made.code == 0, made.warnings
    assert records(made)[0]["url"] == "entries/one/"
    assert 'data-base="../pagefind/mlwatch.json"' in (made.outdir / "search" / "index.html").read_text(
        "utf-8"
    )


def test_site_without_entries_has_a_search_page(build: Build) -> None:
    made = build({"index.md": "# Home\n"}, options=["-W"])
    assert made.code == 0, made.warnings
    assert "mlw-search" in made.html("search")


# --- Its files -------------------------------------------------------------------------------------------------


def test_pagefinds_own_widgets_are_left_out(built: Built) -> None:
    names = {path.name.partition(".")[0] for path in index_of(built).iterdir()}
    assert names == {
        "fragment",
        "index",
        "pagefind",
        "pagefind-entry",
        "pagefind-worker",
        "wasm",
        "mlwatch",
        "mlwatch-addresses",
        "mlwatch-columns",
        "mlwatch-entries",
        "mlwatch-ids",
        "mlwatch-keywords",
    }
    assert not list(built.outdir.glob(".mlwatch*"))


def test_two_builds_give_the_same_bytes(build: Build, built: Built) -> None:
    again = build(dict(reversed(FILES.items())), conf=SERIES, options=["-W"])
    assert contents(index_of(again)) == contents(index_of(built))
    assert again.html("search") == built.html("search")


def test_index_is_made_again_only_when_what_it_holds_has_changed(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    before = stamps(index_of(made))
    build({"index.md": FILES["index.md"] + "\nA word more.\n"}, root=made.root)
    assert stamps(index_of(made)) == before

    build({"entries/one.md": FILES["entries/one.md"].replace("short", "long")}, root=made.root)
    after = stamps(index_of(made))
    assert records(made)[0]["content"].split()[3] == "long"
    kept = [name for name in before if name.startswith("fragment/") and after.get(name) == before[name]]
    assert len(kept) == len(records(made)) - 1
    assert len([name for name in after if name.startswith("fragment/")]) == len(records(made))

    (made.srcdir / "entries" / "one.md").unlink()
    build({}, root=made.root)
    clean = build({name: text for name, text in FILES.items() if name != "entries/one.md"}, conf=SERIES)
    assert contents(index_of(made)) == contents(index_of(clean))


def test_failed_build_leaves_the_old_index_whole(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    before = contents(index_of(made))
    stop = "def stop(app, *_):\n    raise RuntimeError('stop')\ndef setup(app):\n    app.connect('html-page-context', stop)\n"
    conf = made.root / "conf.py"
    conf.write_text(conf.read_text("utf-8") + stop, "utf-8")
    failed = build({"entries/one.md": FILES["entries/one.md"].replace("short", "long")}, root=made.root)
    assert failed.code != 0
    assert contents(index_of(made)) == before
    assert not list(made.outdir.glob(".mlwatch*"))


# --- The pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["basic", "sphinx_book_theme"])
def test_no_page_loads_sphinxs_own_index_and_each_leads_to_ours(build: Build, theme: str) -> None:
    made = build(FILES, conf=f'{SERIES}html_theme = "{theme}"\n', options=["-W"])
    assert made.code == 0, made.warnings
    assert not (made.outdir / "searchindex.js").exists()
    for name in ("index", "entries/one", "search"):
        html = made.html(name)
        assert not re.search(r"searchindex\.js|searchtools\.js|language_data\.js", html), name
        assert re.search(r'<link rel="search"[^>]* href="(\.\./|#|search\.html)', html), name
        assert re.search(r'<form[^>]* action="((\.\./)?search\.html|#)"', html), name
        assert "mlwatch-comfort-keys.js" in html
    # Nothing inline, which a Content-Security-Policy without 'unsafe-inline' would stop.
    page = re.search(r'<section class="mlw-search".*?</section>.*?</script>', made.html("search"), re.DOTALL)
    assert page
    assert not re.search(r"<script(?![^>]* src=)| on\w+=| style=", page[0])


def test_page_that_a_person_wrote_stays_the_search_page(build: Build) -> None:
    made = build({**FILES, "search.md": "---\norphan: true\n---\n# My own search\n"}, conf=SERIES)
    assert "My own search" in made.html("search")
    assert "mlw-query" not in made.html("search")


def test_other_builders_make_no_index(build: Build) -> None:
    for builder in ("text", "epub"):
        made = build(FILES, conf=SERIES + 'epub_show_urls = "no"\n', builder=builder)
        assert made.code == 0
        assert not list(made.outdir.rglob("*pagefind*"))
        assert not list(made.outdir.rglob("mlwatch-site.js"))


# --- Where Pagefind cannot run ---------------------------------------------------------------------------------

ABSENT = {
    "../fake/pagefind_bin.py": "raise ImportError('none')\n",
    "../fake/pagefind_bin_extended.py": "raise ImportError('none')\n",
}
BROKEN = "from pathlib import Path\ndef get_executable():\n    return Path(__file__).parent / 'program'\n"
CASES = {
    "is not installed": (ABSENT, ""),
    "does not start": ({"../fake/pagefind_bin.py": BROKEN}, "#!/nowhere/python\n"),
    "says that it cannot": ({"../fake/pagefind_bin.py": BROKEN}, "#!/bin/sh\nexit 3\n"),
    "ends while indexing": (
        {"../fake/pagefind_bin.py": BROKEN},
        '#!/bin/sh\ncase "$1" in --version) echo pagefind 9.9.9;; *) exit 1;; esac\n',
    ),
    "writes another form": (
        {"../fake/pagefind_bin.py": BROKEN},
        '#!/bin/sh\ncase "$1" in --version) echo pagefind 9.9.9;; *) while :; do printf "e30=,"; done;; esac\n',
    ),
}
FAKE = "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent / 'fake'))\n"


def fake(build: Build, case: str, conf: str = "", **named: Any) -> Built:
    files, program = CASES[case]
    root = named.get("root")
    if root is None:
        root = build({"index.md": "# Home\n"}).root
        shutil.rmtree(root / "_build")
        (root / "conf.py").write_text(FAKE + (root / "conf.py").read_text("utf-8") + SERIES + conf, "utf-8")
    if program:
        path = root / "fake" / "program"
        path.parent.mkdir(exist_ok=True)
        path.write_text(program, "utf-8")
        path.chmod(0o755)
    return build({**FILES, **files}, root=root, options=["-W"])


@pytest.mark.parametrize("case", CASES)
def test_sphinxs_own_search_serves_where_pagefind(build: Build, case: str) -> None:
    made = fake(build, case)
    assert made.code == 0, made.warnings
    assert made.output.count("Sphinx's own search serves instead") == 1
    assert "searchindex.js" in made.html("search")
    assert (made.outdir / "searchindex.js").is_file()
    assert not index_of(made).exists()
    assert not list(made.outdir.glob(".mlwatch*"))


def test_who_asks_for_pagefind_is_warned_where_it_is_not_installed(build: Build) -> None:
    made = fake(build, "is not installed", 'mlwatch_search = "pagefind"\n')
    assert made.code == 1
    assert re.search(
        r"conf\.py:\d+: WARNING: .*pip install pagefind-bin.* \[mlwatch\.config\]", made.warnings
    )


def test_sphinxs_own_search_can_be_chosen_and_the_old_index_goes(build: Build) -> None:
    made = build(FILES, conf=SERIES)
    assert index_of(made).is_dir()
    again = build({}, root=made.root, options=["-W", "-D", "mlwatch_search=sphinx"])
    assert again.code == 0, again.warnings
    assert "searchindex.js" in again.html("search")
    assert not index_of(made).exists()
    back = build({}, root=made.root, options=["-W"])
    assert "mlw-search" in back.html("search")
    assert not (made.outdir / "searchindex.js").exists()


def test_unknown_search_is_a_problem_of_the_settings(build: Build) -> None:
    made = build(FILES, conf='mlwatch_search = "google"\n')
    assert re.search(
        r'conf\.py:4: WARNING: mlwatch_search is "google"; give "auto", "pagefind" or "sphinx"', made.warnings
    )
