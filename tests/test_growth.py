"""What a build costs grows no faster than the collection: counted, not timed, so that it holds on any machine."""

from __future__ import annotations

import cProfile
import importlib.util
import io
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SMALL, LARGE = 100, 200
#: Functions called more often than this for each entry of the larger collection are looked at one by one.
OFTEN = 8
#: How the sentence begins that ``edit_body`` adds.
EDIT = "One more look, number 1"
#: Functions that do grow faster, and why that is borne.
CONF = """
project = "Growth"
extensions = ["mlwatch"]
html_theme = "basic"
html_sidebars = {"**": ["mlwatch-nav.html"]}
html_copy_source = False
html_show_sourcelink = False
"""


class Counts(NamedTuple):
    """What one build did: calls in all and of each function, templates rendered, doctrees read, files written."""

    calls: int
    functions: Counter[str]
    templates: int
    doctrees: int
    written: frozenset[str]


class Builds(NamedTuple):
    """The builds of one collection: from scratch, with nothing changed, after edits of one entry.

    The first edit is of its comment, which digests show: ``showing`` are the pages that do. The second is of a
    section that no other page shows.
    """

    entries: int
    pages: int
    full: Counts
    unchanged: Counts
    edited: Counts
    edited_page: str
    showing: frozenset[str]
    noted: Counts


def load_made() -> ModuleType:
    """Import benchmarks/collection.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("made_collection", ROOT / "benchmarks" / "collection.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def settings_of_site() -> str:
    """Return the assignments of ``mlwatch_*`` in the project's own conf.py: the series that the collection needs."""
    from mlwatch.core.conf import run_conf

    values = run_conf(ROOT / "conf.py")
    return "".join(f"{name} = {value!r}\n" for name, value in values.items() if name.startswith("mlwatch_"))


def topics_of(collection: Any) -> str:
    """Return the setting of four topics that share the keywords of *collection*."""
    keywords = sorted({name for article in collection.articles for name in article.keywords})
    topics = {f"t{n}": {"title": f"Topic {n}", "keywords": keywords[n::4]} for n in range(4)}
    return f"mlwatch_topics = {topics!r}\n"


def files(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            stat = path.stat()
            found[path.relative_to(folder).as_posix()] = (stat.st_mtime_ns, stat.st_size)
    return found


def build(project: Path) -> Counts:
    """Build *project* in this process and count."""
    docs, out = project / "docs", project / "out"
    before = files(out)
    status, warnings = io.StringIO(), io.StringIO()
    profile = cProfile.Profile()
    with docutils_namespace():
        profile.enable()
        try:
            app = Sphinx(docs, project, out, project / "doctrees", "html", status=status, warning=warnings)
            app.build()
        finally:
            profile.disable()
    assert not warnings.getvalue()
    functions: Counter[str] = Counter()
    calls = 0
    for entry in profile.getstats():
        calls += entry.callcount
        functions[name_of(entry.code)] += entry.callcount
    after = files(out)
    return Counts(
        calls=calls,
        functions=functions,
        templates=count(functions, "jinja2/environment.py", "render"),
        doctrees=count(functions, "sphinx/environment/__init__.py", "get_doctree")
        + count(functions, "sphinx/builders/__init__.py", "read_doc"),
        written=frozenset(name for name, stamp in after.items() if before.get(name) != stamp),
    )


def name_of(code: Any) -> str:
    """Return a function's place in its package and its name; built-in functions go by what they are."""
    if isinstance(code, str):
        return code
    path = Path(code.co_filename).as_posix()
    for root in ("/site-packages/", "/_ext/"):
        path = path.rpartition(root)[2]
    return f"{path}:{code.co_name}"


def count(functions: Counter[str], file: str, name: str) -> int:
    return functions[f"{file}:{name}"]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Builds]:
    made = load_made()
    found = {}
    for size in (SMALL, LARGE):
        project = tmp_path_factory.mktemp(f"growth-{size}")
        collection = made.make(size)
        made.write_site(collection, project, ROOT / "_ext")
        made.write_text(project / "conf.py", CONF + settings_of_site() + topics_of(collection))
        full = build(project)
        unchanged = build(project)
        article = next(a for a in collection.articles[size // 2 :] if len(a.day) == 10 and a.comment)
        page = project / "docs" / "entries" / f"{article.name}.md"
        page.write_text(made.edit_body(article, 1).page(), encoding="utf-8")
        edited = build(project)
        out = project / "out"
        showing = frozenset(
            html.relative_to(out).as_posix()
            for html in out.rglob("*.html")
            if EDIT in html.read_text(encoding="utf-8")
        )
        with page.open("a", encoding="utf-8") as file:
            file.write("\n## Notes\n\nWords that only this page shows.\n")
        noted = build(project)
        pages = len(list(out.rglob("*.html")))
        edited_page = f"entries/{article.name}.html"
        found[size] = Builds(size, pages, full, unchanged, edited, edited_page, showing, noted)
        shutil.rmtree(project)
    return found


def growth(builds: dict[int, Builds], build: str, what: str) -> float:
    small, large = (getattr(getattr(builds[size], build), what) for size in (SMALL, LARGE))
    if isinstance(small, frozenset):
        small, large = len(small), len(large)
    return float(large / small)


@pytest.mark.parametrize("what", ["calls", "templates", "doctrees", "written"])
def test_a_full_build_costs_no_more_for_each_entry_in_a_larger_collection(builds, what):
    assert growth(builds, "full", what) <= LARGE / SMALL * 1.075


def test_no_function_is_called_more_often_for_each_entry_in_a_larger_collection(builds):
    # A loop over all entries on each page is lost in the total of a small build, but not in the loop's own count:
    # with twice the entries it is called four times as often.
    small, large = builds[SMALL].full.functions, builds[LARGE].full.functions
    steep = {
        name: (small[name], calls)
        for name, calls in large.items()
        if calls > OFTEN * LARGE and calls > small[name] * LARGE / SMALL * 1.4
    }
    assert not steep


@pytest.mark.parametrize("what", ["templates", "doctrees"])
def test_a_build_with_nothing_changed_renders_and_reads_the_same_few_whatever_the_size(builds, what):
    assert getattr(builds[SMALL].unchanged, what) == getattr(builds[LARGE].unchanged, what) <= 12


def test_a_build_with_nothing_changed_writes_no_page_of_the_collection(builds):
    for done in builds.values():
        assert not {name for name in done.unchanged.written if name.endswith(".html") and "/" in name}


def test_a_build_with_nothing_changed_costs_no_more_for_each_page_in_a_larger_collection(builds):
    assert growth(builds, "unchanged", "calls") <= LARGE / SMALL * 1.075


@pytest.mark.parametrize("edit", ["edited", "noted"])
def test_an_edit_of_one_text_costs_little_beside_a_build_with_nothing_changed(builds, edit):
    for done in builds.values():
        counts = getattr(done, edit)
        assert counts.templates - done.unchanged.templates <= 24
        assert counts.doctrees - done.unchanged.doctrees <= 12


def test_an_edit_of_a_comment_writes_the_page_and_the_digests_that_show_it(builds):
    for done in builds.values():
        pages = {name for name in done.edited.written if name.endswith(".html") and "/" in name}
        assert pages == done.showing
        assert {name.partition("/")[0] for name in pages - {done.edited_page}} == {"digests"}
        assert done.edited_page in pages


def test_an_edit_of_a_further_section_writes_the_page_and_none_of_the_others(builds):
    for done in builds.values():
        pages = {name for name in done.noted.written if name.endswith(".html") and "/" in name}
        assert pages == {done.edited_page}
