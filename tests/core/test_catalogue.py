"""The catalogue: which pages are read, what is wrong with them, and that the cache never changes the answer."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.matching import get_matching_files

from mlwatch.core import scan as scan_module
from mlwatch.core.catalogue import Catalogue, load
from mlwatch.core.problems import Code, Remark
from mlwatch.core.scan import MARKER
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Collect, Markdown

SETTINGS = read({})[0]


def told(catalogue: Catalogue) -> list[tuple[str, int, Code | Remark]]:
    """Return each problem as (path below the sources, line, code)."""
    prefix = f"{catalogue.srcdir}/"
    return [(p.path.removeprefix(prefix), p.line, p.code) for p in catalogue.problems]


def docnames(catalogue: Catalogue) -> list[str]:
    return [entry.docname for entry in catalogue.entries]


# --- Which pages are entries ----------------------------------------------------------------------------------


def test_entries_are_in_the_order_of_their_names_wherever_they_stand(collect: Collect, md: Markdown) -> None:
    found = collect({"entries/b.md": md(), "entries/a/z.md": md(), "notes/x.md": md(), "a.md": md()})
    assert docnames(found) == ["a", "entries/a/z", "entries/b", "notes/x"]
    assert found.by_docname["notes/x"].path == "notes/x.md"
    assert told(found) == []


def test_other_pages_are_no_entries_but_all_below_entries_must_be(collect: Collect, md: Markdown) -> None:
    found = collect(
        {
            "index.md": "# Front\n",
            "guide/add.md": "# How to\n\n````md\n```{mlentry}\n:nope:\n```\n````\n",
            "entries/index.md": "# All entries\n",
            "entries/2021/index.md": "# 2021\n",
            "entries/plain.md": "# No block\n",
            "entries/example.md": "# How to\n\n````md\n```{mlentry}\n```\n````\n",
            "entries/readme.txt": "```{mlentry}\n```",
            "entries/good.md": md(),
        }
    )
    assert docnames(found) == ["entries/good"]
    assert told(found) == [
        ("entries/example.md", 1, Code.NO_ENTRY),
        ("entries/plain.md", 1, Code.NO_ENTRY),
        ("entries/readme.txt", 1, Code.STRAY_FILE),
    ]


def test_folder_of_entries_is_a_setting(collect: Collect, md: Markdown) -> None:
    found = collect(
        {"posts/a.md": "# A\n", "entries/b.md": "# B\n", "postscript/c.md": "# C\n"}, entries="posts/"
    )
    assert told(found) == [("posts/a.md", 1, Code.NO_ENTRY)]


def test_generated_pages_are_ignored(collect: Collect, md: Markdown) -> None:
    generated = f"% {MARKER}. Do not edit.\n\n" + md("Generated")
    found = collect({"keywords/nlp.md": generated, "entries/a.md": md()})
    assert docnames(found) == ["entries/a"]
    assert "keywords/nlp" not in found.pages


def test_entry_that_only_mentions_the_mark_is_an_entry(collect: Collect, md: Markdown) -> None:
    found = collect(
        {"entries/a.md": md(f"What does “{MARKER}” mean?"), "entries/b.md": md(body=f"{MARKER}.")}
    )
    assert docnames(found) == ["entries/a", "entries/b"]


def test_page_without_heading_is_told_and_stays_an_entry(collect: Collect) -> None:
    found = collect({"entries/some-name.md": "```{mlentry}\n:source: S\n```\n"})
    assert told(found) == [("entries/some-name.md", 1, Code.NO_TITLE)]
    assert [entry.title for entry in found.entries] == ["some-name"]


def test_heading_without_text_is_told_at_its_line(collect: Collect) -> None:
    found = collect({"entries/a.md": "\n#\n\n```{mlentry}\n:source: S\n```\n"})
    assert told(found) == [("entries/a.md", 2, Code.NO_TITLE)]


def test_summary_and_comment_belong_to_the_entry(collect: Collect, md: Markdown) -> None:
    found = collect({"entries/a.md": md(body="## Summary\n\nGist.\n\n## Comment\n\nNice.\n")})
    assert (found.entries[0].summary, found.entries[0].comment) == ("Gist.", "Nice.")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no BOM", "BOM"])
def test_byte_order_mark_and_line_ends_make_no_difference(collect: Collect, end: str, mark: bytes) -> None:
    lines = ["# T", "", "```{mlentry}", ":source: S", ":star: 5", "```"]
    found = collect({"entries/a.md": mark + end.join(lines).encode()})
    assert told(found) == [("entries/a.md", 5, Code.BAD_VALUE)]
    assert found.entries[0].title == "T"


# --- Everything that is wrong, at once ------------------------------------------------------------------------


def test_all_problems_of_all_pages_are_told_at_once_in_order(collect: Collect, md: Markdown) -> None:
    found = collect(
        {
            "entries/a.md": "Text\n\n```{mlentry}\n:url: nowhere\n:date: soon\n:shiny: yes\n:star: 9\nprose\n```\n",
            "entries/b.md": md(cite="nobody2020", digest="weekly 2021-W02", section="news"),
            "entries/c.md": md(url="https://example.org/x"),
            "entries/d.md": md(url="http://www.example.org/x/?utm_source=feed#top"),
        }
    )
    assert told(found) == [
        ("entries/a.md", 1, Code.NO_TITLE),
        ("entries/a.md", 3, Code.MISSING_OPTION),
        ("entries/a.md", 4, Code.BAD_URL),
        ("entries/a.md", 5, Code.BAD_DATE),
        ("entries/a.md", 6, Code.UNKNOWN_OPTION),
        ("entries/a.md", 7, Code.BAD_VALUE),
        ("entries/a.md", 8, Code.OPTION_SYNTAX),
        ("entries/b.md", 5, Code.CITE),
        ("entries/b.md", 6, Code.UNKNOWN_SERIES),
        ("entries/b.md", 7, Code.UNKNOWN_SECTION),
        ("entries/d.md", 5, Code.DUPLICATE),
    ]


def test_one_article_on_two_pages_is_told_with_both_places(collect: Collect, md: Markdown) -> None:
    found = collect(
        {
            "entries/a.md": md(star="", url="https://arxiv.org/abs/2104.00298v2"),
            "entries/b.md": md(url="http://arxiv.org/pdf/2104.00298.pdf"),
            "entries/c.md": md(url="https://arxiv.org/abs/2104.00299"),
        }
    )
    assert told(found) == [("entries/b.md", 5, Code.DUPLICATE)]
    assert "entries/a.md:6" in found.problems[0].message
    assert docnames(found) == ["entries/a", "entries/b", "entries/c"], "no page is lost"


def test_entries_without_address_are_never_duplicates(collect: Collect, md: Markdown) -> None:
    assert told(collect({"entries/a.md": md(), "entries/b.md": md()})) == []


def test_nearest_names_are_offered(collect: Collect, md: Markdown) -> None:
    found = collect(
        {"entries/a.md": md(cite="tan2012", digest="dsml 2019-20, weekly 2021-01", section="speach")},
        bib="@misc{tan2021,\n  title = {X}\n}\n",
        series={
            "ds-ml": {"period": "number", "sections": {"speech": "Speech"}},
            "weekly": {"period": "week", "sections": {"speech": "Speech"}},
            "monthly": {"period": "month"},
        },
    )
    messages = {problem.code: problem.message for problem in found.problems}
    assert 'did you mean "tan2021"?' in messages[Code.CITE]
    assert 'did you mean "ds-ml"?' in messages[Code.UNKNOWN_SERIES]
    assert '"2021-01"' in messages[Code.BAD_ISSUE]
    assert "week" in messages[Code.BAD_ISSUE]
    assert Code.UNKNOWN_SECTION in messages


def test_unknown_key_that_prose_cites_is_told_on_any_page(collect: Collect, md: Markdown) -> None:
    found = collect(
        {
            "entries/a.md": md(body="See {cite}`tan2021` and\n{cite:t}`tan2012`."),
            "guide/b.md": "{cite}`nobody`\n",
        },
        bib="@misc{tan2021,\n  title = {X}\n}\n",
    )
    assert told(found) == [("entries/a.md", 8, Code.CITE), ("guide/b.md", 1, Code.CITE)]
    assert 'did you mean "tan2021"?' in found.problems[0].message


def test_problems_of_the_bibliography_are_among_them(collect: Collect, md: Markdown, srcdir: Path) -> None:
    record = "@misc{one,\n  title = {X}\n}\n"
    found = collect({"entries/a.md": md(cite="one")}, bib=record + record)
    assert [(p.path, p.line, p.code) for p in found.problems] == [
        (str(srcdir.parent / "refs.bib"), 4, Code.BIB_REPEATED)
    ]


# --- Pages that cannot be read --------------------------------------------------------------------------------

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

UNREADABLE: dict[str, tuple[bytes, int, Code]] = {
    "invalid UTF-8": (b"# T\n\nfine\n\xff\xfe\n", 4, Code.ENCODING),
    "cut UTF-8": ("# T\n\n深".encode()[:-1], 3, Code.ENCODING),
    "UTF-16": ("# T\n".encode("utf-16"), 1, Code.ENCODING),
    "NUL": (b"# T\n\n\n\nx\0y\n", 5, Code.ENCODING),
    "NUL, CRLF": (b"# T\r\n\r\nx\0y\r\n", 3, Code.ENCODING),
    "too large": (b"# T\n" + b"x" * 2000, 1, Code.TOO_LARGE),
    "YAML bomb": (f"---\n{BOMB}---\n# T\n".encode(), 3, Code.UNREADABLE),
    "YAML bomb, CRLF": (f"---\n{BOMB}---\n# T\n".replace("\n", "\r\n").encode(), 3, Code.UNREADABLE),
    "YAML bomb, CR": (f"---\n{BOMB}---\n# T\n".replace("\n", "\r").encode(), 3, Code.UNREADABLE),
    "YAML bomb, BOM": (f"\ufeff---\n{BOMB}---\n# T\n".encode(), 3, Code.UNREADABLE),
    "YAML bomb, dots": (f"---\n{BOMB}...\n# T\n".encode(), 3, Code.UNREADABLE),
    "YAML bomb, long mark": (f"-----\n{BOMB}-----\n# T\n".encode(), 3, Code.UNREADABLE),
    "YAML bomb, words after the mark": (f"--- x\n{BOMB}---\n# T\n".encode(), 3, Code.UNREADABLE),
    "YAML bomb, indented end": (f"---\n{BOMB}  ---\n# T\n".encode(), 3, Code.UNREADABLE),
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("folder", ["entries", "guide"])
def test_page_that_cannot_be_read_is_told_and_left_out(
    collect: Collect, md: Markdown, kind: str, folder: str
) -> None:
    content, line, code = UNREADABLE[kind]
    found = collect({f"{folder}/bad.md": content, "entries/good.md": md()}, max_page_bytes=1000)
    assert told(found) == [(f"{folder}/bad.md", line, code)]
    assert docnames(found) == ["entries/good"]
    assert found.unreadable == {f"{folder}/bad"}


@pytest.mark.parametrize(
    "front",
    [
        "title: a & b *c*",
        "keywords: [a, b]",
        'text: "&a *a"',
        "a: &anchor x",
        "broken: [",
        "a: *unclosed\n: :",
    ],
)
def test_front_matter_without_aliases_is_left_to_sphinx(collect: Collect, md: Markdown, front: str) -> None:
    found = collect({"entries/a.md": f"---\n{front}\n---\n\n" + md()})
    assert docnames(found) == ["entries/a"] or "*unclosed" in front


def test_page_just_small_enough_is_read(collect: Collect, md: Markdown) -> None:
    page = md()
    assert told(collect({"entries/a.md": page}, max_page_bytes=len(page))) == []
    assert told(collect({"entries/a.md": page}, max_page_bytes=len(page) - 1)) == [
        ("entries/a.md", 1, Code.TOO_LARGE)
    ]


def test_page_of_some_megabytes_that_is_allowed_is_read(collect: Collect, md: Markdown) -> None:
    found = collect(
        {"entries/a.md": md(body="## Summary\n\n" + "A word. " * 600_000)}, max_page_bytes=10_000_000
    )
    assert told(found) == []


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("entries/loop", "."),
        ("entries/self", "self"),
        ("entries/up", ".."),
        ("entries/gone.md", "nothing.md"),
        ("entries/self.md", "self.md"),
        ("entries/gone", "nothing"),
    ],
)
def test_links_that_lead_nowhere_or_round_in_circles_do_no_harm(
    collect: Collect, srcdir: Path, md: Markdown, link: str, target: str
) -> None:
    collect({"entries/a.md": md(url="https://example.org/a")})
    (srcdir / link).symlink_to(target)
    found = load(srcdir, SETTINGS)
    assert "entries/a" in docnames(found)


def test_page_behind_a_link_is_read_as_sphinx_reads_it(collect: Collect, srcdir: Path, md: Markdown) -> None:
    collect({"entries/a.md": md("Linked")})
    (srcdir.parent / "elsewhere").mkdir()
    (srcdir.parent / "elsewhere" / "b.md").write_text(md("Far"), encoding="utf-8")
    (srcdir / "far").symlink_to(srcdir.parent / "elsewhere")
    (srcdir / "entries" / "c.md").symlink_to("a.md")
    assert docnames(load(srcdir, SETTINGS)) == ["entries/a", "entries/c", "far/b"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_told_and_not_waited_for(collect: Collect, srcdir: Path, md: Markdown) -> None:
    """A checked-out link to a device would otherwise be read for ever."""
    collect({"entries/a.md": md()})
    os.mkfifo(srcdir / "entries" / "pipe.md")
    code = (
        "import sys, pathlib; from mlwatch.core.catalogue import load; from mlwatch.core.settings import read\n"
        "found = load(pathlib.Path(sys.argv[1]), read({})[0])\n"
        "print(*found.unreadable, *(e.docname for e in found.entries))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(srcdir)], capture_output=True, text=True, timeout=10, check=True
    )
    assert done.stdout.split() == ["entries/pipe", "entries/a"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_page_without_permission_is_told(collect: Collect, srcdir: Path, md: Markdown) -> None:
    collect({"entries/a.md": md(), "entries/b.md": md()})
    (srcdir / "entries" / "a.md").chmod(0)
    found = load(srcdir, SETTINGS)
    assert told(found) == [("entries/a.md", 1, Code.UNREADABLE)]
    assert docnames(found) == ["entries/b"]


# --- Exclude patterns -----------------------------------------------------------------------------------------

PATHS = [
    "a.md",
    "b.md",
    "x/a.md",
    "x/b[1].md",
    "x/y/a.md",
    "x/y/[z]/c.md",
    "_drafts/a.md",
    "^x/a.md",
    "x/y/a^b.md",
]


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(
    st.lists(
        st.lists(st.sampled_from(["**", "*", "?", "/", "a", "x", "y", ".md", "[ab]", "[!a]", "[^x]", "[]", "[", "^", "_drafts"]), min_size=1, max_size=5).map("".join),
        min_size=1,
        max_size=3,
    )
)  # fmt: skip
def test_exclude_patterns_mean_what_they_mean_to_sphinx(
    tmp_path_factory: pytest.TempPathFactory, patterns: list[str]
) -> None:
    srcdir = tmp_path_factory.getbasetemp() / "patterns"
    for name in PATHS if not srcdir.exists() else ():
        (srcdir / name).parent.mkdir(parents=True, exist_ok=True)
        (srcdir / name).write_text("# T\n\n```{mlentry}\n:source: S\n```\n", encoding="utf-8")
    wanted = sorted(name[:-3] for name in get_matching_files(srcdir, exclude_patterns=patterns))
    assert docnames(load(srcdir, SETTINGS, exclude=patterns)) == wanted


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("drafts", ["deep/drafts/b", "entries/a"]),
        ("**/drafts", ["drafts/c", "entries/a"]),
        ("entries/*.md", ["deep/drafts/b", "drafts/c"]),
        ("**/[bc].md", ["entries/a"]),
        ("*", []),
    ],
)
def test_excluded_pages_are_not_read(collect: Collect, md: Markdown, pattern: str, left: list[str]) -> None:
    pages = {"entries/a.md": md(), "deep/drafts/b.md": md(), "drafts/c.md": md()}
    assert docnames(collect(pages, exclude=[pattern])) == left


# --- The cache ------------------------------------------------------------------------------------------------


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the path of each page that is parsed."""
    parsed: list[str] = []
    real = scan_module._scan_text

    def noting(digest: bytes, relative: str, *rest: object) -> object:
        parsed.append(relative)
        return real(digest, relative, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(scan_module, "_scan_text", noting)
    return parsed


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / ".cache" / "catalogue.pickle"


def test_page_that_did_not_change_is_not_read_again(
    collect: Collect, md: Markdown, cache: Path, reads: list[str]
) -> None:
    pages = {"entries/a.md": md("A", url="nonsense"), "entries/b.md": md("B", cite="x")}
    first = collect(pages, cache=cache)
    assert sorted(reads) == sorted(pages)
    reads.clear()
    second = collect(pages, cache=cache)
    assert reads == []
    assert second == first


def test_time_stamps_of_a_fresh_checkout_do_not_matter(
    collect: Collect, srcdir: Path, md: Markdown, cache: Path, reads: list[str]
) -> None:
    first = collect({"entries/a.md": md("A")}, cache=cache)
    os.utime(srcdir / "entries" / "a.md", (1, 1))
    reads.clear()
    assert load(srcdir, SETTINGS, cache=cache) == first
    assert reads == []


def test_edited_page_alone_is_read_again(
    collect: Collect, md: Markdown, cache: Path, reads: list[str]
) -> None:
    collect({"entries/a.md": md("A"), "entries/b.md": md("B")}, cache=cache)
    reads.clear()
    found = collect({"entries/b.md": md("Changed")}, cache=cache)
    assert reads == ["entries/b.md"]
    assert [entry.title for entry in found.entries] == ["A", "Changed"]


def test_edit_of_the_same_size_at_the_same_time_is_seen(
    collect: Collect, srcdir: Path, md: Markdown, cache: Path
) -> None:
    page = srcdir / "entries" / "a.md"
    collect({"entries/a.md": md("Old")})
    os.utime(page, ns=(10**18, 10**18))
    assert load(srcdir, SETTINGS, cache=cache).entries[0].title == "Old"
    page.write_text(md("New"), encoding="utf-8")
    os.utime(page, ns=(10**18, 10**18))
    assert load(srcdir, SETTINGS, cache=cache).entries[0].title == "New"


def test_edit_right_after_a_scan_is_seen(collect: Collect, srcdir: Path, md: Markdown, cache: Path) -> None:
    """File systems count time in steps; two edits may fall into one."""
    for title in ("Aa", "Bb", "Cc", "Dd", "Ee"):
        assert collect({"entries/a.md": md(title)}, cache=cache).entries[0].title == title


def test_removed_and_renamed_pages_leave_nothing(
    collect: Collect, srcdir: Path, md: Markdown, cache: Path
) -> None:
    collect({"entries/a.md": md("A"), "entries/b.md": md("B", star="9")}, cache=cache)
    (srcdir / "entries" / "a.md").unlink()
    (srcdir / "entries" / "b.md").rename(srcdir / "entries" / "c.md")
    found = load(srcdir, SETTINGS, cache=cache)
    assert docnames(found) == ["entries/c"]
    assert told(found) == [("entries/c.md", 5, Code.BAD_VALUE)]
    assert found == load(srcdir, SETTINGS)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"garbage",
        b"\x80\x05K\x01.",
        pickle.dumps(("context", {})),
        pickle.dumps(None),
        pickle.dumps((1, 2, 3)),
        b"cno_such_module\nthing\n.",
    ],
)
def test_damaged_cache_only_costs_time(collect: Collect, md: Markdown, cache: Path, damage: bytes) -> None:
    pages = {"entries/a.md": md("A")}
    first = collect(pages, cache=cache)
    cache.write_bytes(damage)
    assert collect(pages, cache=cache) == first


@pytest.mark.parametrize("size", [1, 10, 100, -1])
def test_cut_cache_only_costs_time(collect: Collect, md: Markdown, cache: Path, size: int) -> None:
    pages = {"entries/a.md": md("A"), "entries/b.md": md("B")}
    first = collect(pages, cache=cache)
    cache.write_bytes(cache.read_bytes()[:size])
    assert collect(pages, cache=cache) == first


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({"date": "2021-W02"}, {"weeks": "us"}),
        ({"source": "OPENAI"}, {"source_aliases": {"OpenAI": ["OPENAI"]}}),
        (
            {"keywords": "natural language processing"},
            {"keyword_aliases": {"NLP": ["natural language processing"]}},
        ),
        ({}, {"entries": "posts"}),
        ({}, {"max_page_bytes": 20}),
    ],
)
def test_other_settings_read_all_anew(
    collect: Collect, srcdir: Path, md: Markdown, cache: Path, options: dict[str, str], values: dict[str, Any]
) -> None:
    pages = {"entries/a.md": md(**options), "posts/b.md": "# No entry\n"}
    before = collect(pages, cache=cache)
    with_cache = collect(pages, cache=cache, **values)
    assert with_cache == collect(pages, **values)
    assert replace(with_cache, settings=before.settings) != before


def test_place_of_the_cache_that_cannot_be_written_does_no_harm(
    collect: Collect, md: Markdown, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert docnames(collect({"entries/a.md": md()}, cache=tmp_path / "file" / "c.pickle")) == ["entries/a"]


EDITS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "sub/c"]), st.sampled_from(["T", "U", "", None]), st.booleans()),
    max_size=6,
)


@given(EDITS)
def test_with_cache_or_without_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str | None, bool]]
) -> None:
    base = tmp_path_factory.mktemp("edits")
    (base / "entries" / "sub").mkdir(parents=True)
    for name, title, same_time in edits:
        page = base / "entries" / f"{name}.md"
        if title is None:
            page.unlink(missing_ok=True)
        else:
            page.write_text(f"# {title}\n\n```{{mlentry}}\n:source: S\n```\n", encoding="utf-8")
            if same_time:
                os.utime(page, ns=(10**18, 10**18))
        assert load(base, SETTINGS, cache=base / "cache") == load(base, SETTINGS)


def test_cache_serves_the_next_process_too(tmp_path: Path, md: Markdown) -> None:
    """Whatever the order of its sets: each process hashes text with a seed of its own."""
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "docs" / "entries" / "a.md").write_text(md(), encoding="utf-8")
    os.utime(tmp_path / "docs" / "entries" / "a.md", ns=(1, 1))
    time.sleep(0.2)  # a page that has just been written is read again, for it may be written once more
    program = (
        "import sys, pathlib, mlwatch.core.scan as scan\n"
        "from mlwatch.core.settings import read\n"
        "parsed = []\n"
        "real = scan._scan_text\n"
        "scan._scan_text = lambda *a: (parsed.append(a[1]), real(*a))[1]\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "scan.scan(root / 'docs', read({})[0], (), root / 'cache')\n"
        "print(parsed)"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert printed == ["['entries/a.md']", "[]"]


def test_copies_of_pages_in_an_output_folder_below_the_sources_are_no_pages(
    collect: Collect, md: Markdown
) -> None:
    pages = {
        f"{folder}entries/a.md": md(url="https://example.org/a") for folder in ("", "_build/html/_sources/")
    }
    found = collect(pages)
    assert docnames(found) == ["entries/a"]
    assert found.problems == ()
