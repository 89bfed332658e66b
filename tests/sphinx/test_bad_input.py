"""One project with every kind of bad page beside good ones: clear warnings, no traceback, nothing else lost."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from mlwatch.core.problems import Code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sphinx.conftest import Build, Built

pytestmark = pytest.mark.slow

CONF: Final = """
mlwatch_series = {"ds-ml": {"period": "number", "sections": {"speech": "Speech", "nlp": "NLP"}}}
mlwatch_page_sise = 5
"""

BIB: Final = """\
@misc{tan2021,
  title = {EfficientNetV2},
  author = {Tan, Mingxing},
  year = {2021},
}

@misc{tan2021,
  title = {The same key again},
  author = {Tan, Mingxing},
  year = {2022},
}

@misc{broken,
  title = {No end,
  author = {Nobody},

@misc{dai2021,
  title = {CoAtNet},
  author = {Dai, Zihang},
  year = {2021},
}
"""


def entry(*options: str, title: str = "# A bad page", body: str = "") -> str:
    return "\n".join([title, "", "```{mlentry}", ":source: Someone", *options, "```", "", body, ""])


BOMB = "\n".join(
    ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    + [f"{k}: &{k} [{', '.join(['*' + j] * 10)}]" for j, k in zip("abcdefgh", "bcdefghi", strict=True)]
)

#: Each bad page below ``docs/entries/wrong``, with its warnings: line, code, and words that must stand in it.
BAD: Final[dict[str, tuple[str | bytes, list[tuple[int, Code, str]]]]] = {
    "unknown-option": (entry(":keyword: nlp"), [(5, Code.UNKNOWN_OPTION, 'did you mean "keywords"')]),
    "date": (entry(":star:", ":date: 2021-13-01"), [(6, Code.BAD_DATE, '"2021-13-01"')]),
    "url": (entry(":url: example.org/page"), [(5, Code.BAD_URL, "https://example.org/page")]),
    "script-option": (entry(":url: javascript:alert(1)"), [(5, Code.BAD_URL, "javascript:alert(1)")]),
    "script-label": (entry(":paper: [P](JAVASCRIPT:alert(2))"), [(5, Code.BAD_URL, "alert(2)")]),
    "value": (
        entry(":kind: artcle", ":star: 7"),
        [(5, Code.BAD_VALUE, '"article"'), (6, Code.BAD_VALUE, "1, 2 or 3")],
    ),
    "repeated": (entry(":lang: zh", ":lang: en"), [(6, Code.REPEATED_OPTION, "line 5")]),
    "missing": ("# T\n\n```{mlentry}\n:star:\n```\n", [(3, Code.MISSING_OPTION, '"source"')]),
    "syntax": (entry("just words"), [(5, Code.OPTION_SYNTAX, '"just words"')]),
    "twin": (
        entry(":url: http://www.example.org/good/?utm_source=x#y"),
        [(5, Code.DUPLICATE, "entries/good/one.md:5")],
    ),
    "no-heading": (entry(title="Only words"), [(1, Code.NO_TITLE, "# Title")]),
    "no-entry": ("# Nothing\n\nNo block here.\n", [(1, Code.NO_ENTRY, "```{mlentry}")]),
    "two": (entry(body="```{mlentry}\n:source: B\n```"), [(7, Code.SECOND_ENTRY, "line 3")]),
    "unclosed": ("# T\n\n```{mlentry}\n:source: A\n\nWords.\n\n## Summary\n", [(3, Code.UNCLOSED, '"```"')]),
    "encoding": (b"# T\n\nbad: \xff\xfe\n", [(3, Code.ENCODING, "ff")]),
    "nul-byte": (b"# T\n\nx\n\0\n", [(4, Code.ENCODING, "NUL")]),
    "large": (b"# T\n\n" + b"word " * 1_000_000, [(1, Code.TOO_LARGE, "5,000,005")]),
    "bomb": (f"---\n{BOMB}\n---\n\n" + entry(), [(3, Code.UNREADABLE, '"*a"')]),
    "series": (entry(":digest: ds-nl 2021-1"), [(5, Code.UNKNOWN_SERIES, '"ds-ml"')]),
    "issue": (entry(":digest: ds-ml soon"), [(5, Code.BAD_ISSUE, '"soon"')]),
    "section": (
        entry(":digest: ds-ml 2021-1", ":section: speach"),
        [(6, Code.UNKNOWN_SECTION, 'did you mean "speech"')],
    ),
    "cite": (entry(":cite: dai2021, tan2012"), [(5, Code.CITE, 'did you mean "tan2021"')]),
    "html": (
        entry(body="<script>alert(3)</script>\n\nWords <img src=x onerror=alert(4)> here.\n"),
        [(7, Code.RAW_HTML, "<script>"), (9, Code.RAW_HTML, "onerror")],
    ),
    "html-in-disguise": (
        entry(body="<script>/* mlw-icon */ alert(5)</script>\n"),
        [(7, Code.RAW_HTML, "<script>")],
    ),
    "button": (
        entry(body="```{button-link} javascript:alert(6)\nPress\n```\n"),
        [(7, Code.NOT_ALLOWED, '"button-link"')],
    ),
    "picture": (
        entry(body="```{image} pixel.png\n:target: javascript:alert(7)\n```\n"),
        [(7, Code.NOT_ALLOWED, '"image"')],
    ),
    "rst": (
        entry(
            body="```{eval-rst}\n`x <javascript:alert(8)>`_\n\n.. raw:: html\n\n   <script>alert(9)</script>\n```\n"
        ),
        [(7, Code.NOT_ALLOWED, '"eval-rst"')],
    ),
    "prose": (
        entry(
            body="[a](javascript:alert(1)) <javascript:alert(1)> [b](data:text/html,x)\n"
            "[c][] ![d](javascript:alert(1))\n\n[c]: javascript:alert(1)\n"
        ),
        [
            (7, Code.BAD_URL, "data:text/html,x"),
            (7, Code.BAD_URL, "javascript:alert(1)"),
            (8, Code.BAD_URL, "javascript:alert(1)"),
            (8, Code.NOT_ALLOWED, "picture"),
        ],
    ),
    "nested": (
        "# Nested\n\n- ```{mlentry}\n  :source: In a list\n  ```\n",
        [(1, Code.NO_ENTRY, "mlentry"), (3, Code.NOT_ALLOWED, '"mlentry" cannot be inside other text')],
    ),
    "below": (
        "# Below\n\n- An item:\n\n  ```{mlentry}\n  :source: Below an item\n  ```\n",
        [(5, Code.NOT_ALLOWED, '"mlentry" cannot be inside other text')],
    ),
}

#: What only a build can see, for it takes Sphinx to read it.
BUILD_ONLY: Final[dict[str, tuple[str, list[tuple[int, Code, str]]]]] = {
    "reference": (
        entry(body="See {ml:entry}`good/onee` and {ml:keyword}`speach`.\n"),
        [(7, Code.REFERENCE, '"good/one"'), (7, Code.REFERENCE, '"speech"')],
    ),
}

GOOD: Final = {
    "index.md": "# Front\n\n```{toctree}\n:glob:\n\nkeywords/index\nentries/good/*\nentries/wrong/*\nbibliography\n```\n",
    "bibliography.md": "# Bibliography\n\n```{bibliography}\n:all:\n```\n",
    "entries/good/one.md": entry(
        ":url: https://example.org/good",
        ":keywords: speech, C++",
        ":cite: tan2021, dai2021",
        ":digest: ds-ml 2021-1",
        title="# The first good page",
        body="## Summary\n\nAll of it is here, and {cite}`dai2021`.\n\n## Comment\n\nTo the last word.\n",
    ),
    "entries/good/two.md": entry(
        ":keywords: speech", ":digest: ds-ml 2021-1", title="# The second good page"
    ),
}


class Warned(NamedTuple):
    path: str
    line: int
    code: str
    message: str


def warned(built: Built) -> list[Warned]:
    """Return our warnings, paths relative to the project."""
    form = re.compile(r"^(.+?):(\d+): WARNING: (.*) \[mlwatch\.([a-z-]+)\]$", re.MULTILINE)
    return [
        Warned(path.removeprefix(f"{built.root}/"), int(line), code, message)
        for path, line, message, code in form.findall(built.warnings)
    ]


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    files: dict[str, str | bytes] = {**GOOD, "../refs.bib": BIB}
    files |= {f"entries/wrong/{name}.md": page for name, (page, _) in (*BAD.items(), *BUILD_ONLY.items())}
    return build(files, conf=CONF)


@pytest.fixture(scope="module")
def checked(built: Built) -> list[Warned]:
    """Return what ``mlwatch check`` prints for the same project."""
    done = subprocess.run(
        [sys.executable, "-m", "mlwatch", "check"],
        cwd=built.root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    form = re.compile(r"(.+?):(\d+): ([a-z-]+): (.*)")
    found = [form.fullmatch(line) for line in done.stdout.splitlines()]
    return [Warned(match[1], int(match[2]), match[3], match[4]) for match in found if match]


def test_build_ends_well_and_without_a_traceback(built: Built) -> None:
    assert built.code == 0, built.warnings[-3000:]
    assert "Traceback" not in built.warnings + built.output
    assert "ERROR" not in built.warnings.replace("ERROR: Unexpected indentation", "")


@pytest.mark.parametrize("name", [*BAD, *BUILD_ONLY])
def test_bad_page_gives_its_warning_with_place_and_mend(built: Built, name: str) -> None:
    wanted = (BAD.get(name) or BUILD_ONLY[name])[1]
    found = [w for w in warned(built) if w.path == f"docs/entries/wrong/{name}.md"]
    assert [(w.line, w.code) for w in found] == [(line, code) for line, code, _ in wanted]
    for one, (_, _, words) in zip(found, wanted, strict=True):
        assert words in one.message


def test_check_prints_what_the_build_warns_of_word_for_word(built: Built, checked: list[Warned]) -> None:
    told = set(checked)
    seen_by_both = {
        w for w in warned(built) if w.path.rpartition("/")[2].removesuffix(".md") not in BUILD_ONLY
    }
    assert sorted(seen_by_both) == sorted(told)
    codes = {w.code for w in told}
    assert {code for _, wanted in BAD.values() for _, code, _ in wanted} <= codes
    assert {Code.CONFIG, Code.BIB_REPEATED, Code.BIB_SYNTAX} <= codes


def test_each_problem_is_told_once(built: Built) -> None:
    found = warned(built)
    assert sorted(found) == sorted(set(found))


def test_mistake_in_conf_is_told_at_its_line(built: Built) -> None:
    (found,) = [w for w in warned(built) if w.path == "conf.py"]
    line = 1 + (built.root / "conf.py").read_text(encoding="utf-8").splitlines().index(
        "mlwatch_page_sise = 5"
    )
    assert (found.line, found.code) == (line, Code.CONFIG)
    assert '"mlwatch_page_size"' in found.message


def test_mistakes_in_the_bibliography_are_told_at_their_lines(built: Built) -> None:
    found = [(w.line, w.code) for w in warned(built) if w.path == "refs.bib"]
    assert (7, Code.BIB_REPEATED) in found
    assert any(code == Code.BIB_SYNTAX and 13 <= line <= 17 for line, code in found)


def test_no_warning_of_ours_spans_lines_or_shows_control_characters(built: Built) -> None:
    assert all(w.message.isprintable() for w in warned(built))
    assert "\0" not in built.warnings


# --- The rest is there ----------------------------------------------------------------------------------------


def test_good_pages_are_complete(built: Built) -> None:
    one = built.html("entries/good/one")
    for words in (
        "The first good page",
        "All of it is here",
        "To the last word.",
        "https://example.org/good",
        "speech",
        "C++",
    ):
        assert words in one
    assert "The second good page" in built.html("entries/good/two")


def test_good_entries_stand_in_every_index(built: Built) -> None:
    assert {"The first good page", "The second good page"} <= texts(built.html("keywords/speech"))
    assert {"The first good page", "The second good page"} <= texts(built.html("digests/ds-ml/2021-01"))


@pytest.mark.parametrize(
    "name", [n for n, (_, w) in BAD.items() if w[0][1] in (Code.ENCODING, Code.TOO_LARGE, Code.UNREADABLE)]
)
def test_page_that_cannot_be_read_is_left_out(built: Built, name: str) -> None:
    assert not (built.outdir / "entries" / "wrong" / f"{name}.html").exists()
    assert f"wrong/{name}.html" not in built.html("index")


@pytest.mark.parametrize(
    "name",
    [
        *(n for n, (_, w) in BAD.items() if w[0][1] not in (Code.ENCODING, Code.TOO_LARGE, Code.UNREADABLE)),
        *BUILD_ONLY,
    ],
)
def test_page_that_can_be_read_is_built(built: Built, name: str) -> None:
    assert (built.outdir / "entries" / "wrong" / f"{name}.html").is_file()


def test_no_citation_is_lost_after_a_repeated_key_or_a_broken_record(built: Built) -> None:
    bibliography = built.html("bibliography")
    assert "EfficientNetV2" in bibliography
    assert "CoAtNet" in bibliography
    assert "The same key again" not in bibliography
    one = built.html("entries/good/one")
    assert re.search(r'href="[^"]*bibliography\.html#cite-dai2021"', one)
    assert re.search(r'href="[^"]*bibliography\.html#cite-tan2021"', one)
    assert not re.search(r"could not find bibtex key|citation not found", built.warnings)


# --- Nothing runs ---------------------------------------------------------------------------------------------


class Attributes(HTMLParser):
    """Collects ``(element, attribute, value)``, and the text of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.found += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.found.add(data.strip())


def texts(html: str) -> set[str]:
    parser = Texts()
    parser.feed(html)
    return parser.found


def pages(built: Built) -> Iterator[tuple[Path, Attributes]]:
    for path in sorted(built.outdir.rglob("*.html")):
        parser = Attributes()
        parser.feed(path.read_text(encoding="utf-8"))
        yield path, parser


ADDRESSES: Final = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "srcset",
    "xlink:href",
    "content",
}


def test_no_output_has_an_address_that_runs(built: Built) -> None:
    """Browsers take away spaces and control characters before they look for the scheme."""
    bad = [
        (path.name, tag, value)
        for path, parser in pages(built)
        for tag, name, value in parser.found
        if name in ADDRESSES
        and re.match(r"(javascript|vbscript|data|file):", re.sub(r"[\s\0-\x1f]", "", value).lower())
    ]
    assert bad == []


def test_no_output_has_a_script_of_a_page(built: Built) -> None:
    scripts = [
        (path.name, text) for path, parser in pages(built) for text in parser.scripts if "alert(" in text
    ]
    handlers = [
        (path.name, name)
        for path, parser in pages(built)
        for _, name, _ in parser.found
        if name.startswith("on")
    ]
    assert (scripts, handlers) == ([], [])


def test_words_around_what_is_left_out_stay(built: Built) -> None:
    html = built.html("entries/wrong/html")
    assert "Words" in html
    assert "here." in html
    assert "Press" in built.html("entries/wrong/button")


# --- Other ways to the same pages -----------------------------------------------------------------------------


def test_mended_pages_lose_their_warnings_at_the_next_build(build: Build) -> None:
    first = build(
        {
            "index.md": "# F\n\n```{toctree}\n:glob:\nentries/*\n```\n",
            "entries/a.md": b"# T\n\xff\n",
            "entries/b.md": entry(":star: 9"),
        }
    )
    assert {w.path for w in warned(first)} == {"docs/entries/a.md", "docs/entries/b.md"}
    assert not (first.outdir / "entries" / "a.html").exists()
    second = build(
        {"entries/a.md": entry(title="# Mended"), "entries/b.md": entry(":star: 3")}, root=first.root
    )
    assert warned(second) == []
    assert "Mended" in second.html("entries/a")
    third = build({"entries/a.md": b"# T\n\0\n"}, root=first.root)
    assert [(w.path, w.code) for w in warned(third)] == [("docs/entries/a.md", Code.ENCODING)]
    assert not (third.outdir / "entries" / "a.html").exists()
    fourth = build({}, root=first.root)
    assert [(w.path, w.code) for w in warned(fourth)] == [("docs/entries/a.md", Code.ENCODING)], (
        "said at every build"
    )


def test_colon_fence_is_the_same_for_the_scan_and_for_the_build(build: Build) -> None:
    """``:::`` opens a directive only with MyST's extension colon_fence; without it, it is text."""
    page = "# Colons\n\n:::{mlentry}\n:source: Someone\n:star:\n:::\n"
    index = "# F\n\n```{toctree}\nentries/a\n```\n"
    off = build({"index.md": index, "entries/a.md": page})
    card = "mlw-entry" in off.html("entries/a")
    assert card or warned(off), "either a card, or a warning that says why there is none"
    on = build({"index.md": index, "entries/a.md": page}, conf='myst_enable_extensions = ["colon_fence"]\n')
    assert "mlw-entry" in on.html("entries/a")
    assert warned(on) == []


def test_warnings_can_be_suppressed_by_their_kind(build: Build) -> None:
    files = {
        "index.md": "# F\n\n```{toctree}\nentries/a\n```\n",
        "entries/a.md": entry(":star: 9", ":date: soon"),
    }
    some = build(files, conf='suppress_warnings = ["mlwatch.bad-value"]\n')
    assert [w.code for w in warned(some)] == [Code.BAD_DATE]
    none = build(files, conf='suppress_warnings = ["mlwatch"]\n', options=("-W",))
    assert (none.code, warned(none)) == (0, [])


def test_bad_pages_fail_a_build_that_is_to_be_strict(build: Build) -> None:
    files = {"index.md": "# F\n\n```{toctree}\nentries/a\n```\n", "entries/a.md": entry(":star: 9")}
    strict = build(files, options=("-W", "--keep-going"))
    assert strict.code == 1
    assert [w.code for w in warned(strict)] == [Code.BAD_VALUE]


@pytest.mark.parametrize(
    "conf",
    [
        "mlwatch_series = {'a': {'period': 'week', 'sections': {'p': 5}}}\n",
        "mlwatch_weeks = 5\n",
        "mlwatch_source_aliases = {'A': 5}\n",
        "bibtex_bibfiles = ['nowhere.bib']\n",
    ],
)
def test_wrong_settings_are_told_and_the_site_is_built(build: Build, conf: str) -> None:
    made = build({"index.md": "# F\n\n```{toctree}\nentries/a\n```\n", "entries/a.md": entry()}, conf=conf)
    assert made.code == 0
    assert "Traceback" not in made.warnings
    assert warned(made)
    assert "A bad page" in made.html("entries/a")
