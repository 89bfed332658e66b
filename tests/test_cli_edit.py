"""``mlwatch fmt`` and ``mlwatch keywords``: what they change on a page, and what they never touch."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mlwatch.cli import main, progress
from mlwatch.core.editing import LeftAloneError, canonical
from mlwatch.core.settings import read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Markdown

SETTINGS = read({"mlwatch_keyword_aliases": {"natural language processing": ["NLP"]}})[0]

MESSY = """\
% A remark.

# A   *title*\x20\x20

Some prose before, with trailing spaces.\x20\x20\x20

````{mlentry}
:keywords: NLP;vision ,
   C++
:star: 1

:source:   Some  one
:paper:
:url: <https://example.org/a>
:kind: article
:link: https://example.org/b,
    [two](https://example.org/c)
:date: 2021-09
````

## Summary

:date: is   prose here.
"""
NEAT = """\
% A remark.

# A   *title*\x20\x20

Some prose before, with trailing spaces.\x20\x20\x20

````{mlentry}
:source: Some one
:url: https://example.org/a
:date: 2021-09
:star:
:keywords: natural language processing, vision, C++
:link: https://example.org/b [two](https://example.org/c)
````

## Summary

:date: is   prose here.
"""  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs" / "entries").mkdir(parents=True)
    (tmp_path / "conf.py").write_text(
        "x = 1\nmlwatch_keyword_aliases = {'natural language processing': ['NLP']}\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(project: Path, name: str, text: str) -> Path:
    path = project / "docs" / "entries" / f"{name}.md"
    path.write_bytes(text.encode())
    return path


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err.splitlines()


# --- fmt ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fmt_writes_the_block_in_canonical_form_and_keeps_every_other_byte(ending: str, mark: str) -> None:
    made = canonical(mark + MESSY.replace("\n", ending), SETTINGS)
    assert made == mark + NEAT.replace("\n", ending)
    assert canonical(made, SETTINGS) == made


def test_fmt_turns_the_yaml_form_into_the_other_and_keeps_an_indented_fence() -> None:
    text = "# T\n\n  :::{mlentry}\n  ---\n  date: 2021\n  source: 'A'\n  keywords: [a, b]\n  ---\n  :::\nEnd"
    made = canonical(text, SETTINGS)
    assert made == "# T\n\n  :::{mlentry}\n  :source: A\n  :date: 2021\n  :keywords: a, b\n  :::\nEnd"
    assert canonical(made, SETTINGS) == made


@pytest.mark.parametrize(
    "text",
    ["# T\n\nNo block.\n", "# T\n\n````md\n```{mlentry}\n:date: soon\n```\n````\n", "", "```\n{mlentry}\n"],
)
def test_page_without_a_block_is_none_of_its_business(text: str) -> None:
    assert canonical(text, SETTINGS) is None


@pytest.mark.parametrize(
    ("body", "line", "why"),
    [
        (":source: A\n:date: soon\n", 5, "bad-date"),
        (":source: A\n:source: B\n", 5, "repeated-option"),
        (":date: 2021\n", 3, "missing-option"),
        ("---\nsource: A\n# a remark\n---\n", 6, "a comment"),
    ],
)
def test_block_with_a_problem_or_a_comment_is_left_alone(body: str, line: int, why: str) -> None:
    with pytest.raises(LeftAloneError, match=why) as error:
        canonical(f"# T\n\n```{{mlentry}}\n{body}```\n", SETTINGS)
    assert error.value.line == line


@settings(deadline=None, phases=[Phase.generate], max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                ":source: A", ":source: 'B'", ":date: 2021-09-16", ":star:", ":star: 3", ":keywords: a; NLP", "    more, b",
                ":paper: [x \\[y\\]](https://e.org/a_(b)), https://e.org/c", ':authors: "A, B"', ":cite: k1 k2", ":digest: s 1; t 2",
                "", "---", "source: C", "# c", ":order: 7", ':todo: "x" y', ":also: https://e.org/1 https://e.org/2", "```", "x",
            ]
        ),
        max_size=9,
    )
)  # fmt: skip
def test_canonical_form_of_a_canonical_form_is_itself(lines: list[str]) -> None:
    text = "\n".join(["# T", "", "```{mlentry}", *lines, "```", "", "Prose"])
    try:
        made = canonical(text, SETTINGS)
    except LeftAloneError:
        return  # said, and not changed
    assert made is not None
    assert canonical(made, SETTINGS) == made
    assert made.endswith("Prose")


def test_fmt_changes_pages_and_says_which(
    project: Path, md: Markdown, capsys: pytest.CaptureFixture[str]
) -> None:
    messy, neat = put(project, "messy", MESSY), put(project, "neat", NEAT)
    wrong = put(project, "wrong", md(date="soon"))
    os.utime(neat, (1, 1))
    assert main(["fmt", "--check"]) == 1
    assert told(capsys)[0] == ["docs/entries/messy.md"]
    assert messy.read_text(encoding="utf-8") == MESSY
    assert main(["fmt", "--diff", str(messy)]) == 0
    out = told(capsys)[0]
    assert out[:3] == ["--- docs/entries/messy.md", "+++ docs/entries/messy.md", "@@ -8,11 +8,6 @@"]
    assert [line for line in out if line.startswith("+:source")] == ["+:source: Some one"]
    assert messy.read_text(encoding="utf-8") == MESSY
    assert main(["fmt"]) == 1
    out, err = told(capsys)
    assert out == ["docs/entries/messy.md"]
    assert err[0].startswith("docs/entries/wrong.md:5: left alone: bad-date: ")
    assert err[1] == "1 page changed, 1 canonical already, 1 left alone"
    assert messy.read_text(encoding="utf-8") == NEAT
    assert neat.stat().st_mtime == 1
    assert wrong.read_text(encoding="utf-8") == md(date="soon")
    wrong.unlink()
    assert main(["fmt", "docs"]) == main(["fmt", "--check"]) == 0


@pytest.mark.parametrize("content", [b"\xff```{mlentry}", b"\0```{mlentry}", b"x" * 1_000_001])
def test_fmt_survives_files_that_are_no_pages(
    project: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "odd.md"
    path.write_bytes(content)
    assert main(["fmt", str(path)]) == 1
    assert told(capsys)[1][0].startswith("odd.md:1: left alone: ")
    assert path.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_fmt_keeps_links_and_permissions(project: Path) -> None:
    real = project / "elsewhere.md"
    real.write_text(MESSY, encoding="utf-8")
    real.chmod(0o640)
    link = project / "docs" / "entries" / "link.md"
    link.symlink_to(real)
    assert main(["fmt"]) == 0
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == NEAT
    assert real.stat().st_mode & 0o777 == 0o640


# --- keywords -------------------------------------------------------------------------------------------------


def test_keywords_are_listed_with_their_counts(
    project: Path, md: Markdown, capsys: pytest.CaptureFixture[str]
) -> None:
    put(project, "a", md("A", keywords="b, a"))
    put(project, "b", md("B", keywords="B, NLP"))
    assert main(["keywords"]) == 0
    assert told(capsys)[0] == ["2\tB", "1\ta", "1\tnatural language processing"]
    assert main(["keywords", "--sort", "name", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["keyword"], one["entries"]) for one in listed] == [
        ("a", 1), ("B", 2), ("natural language processing", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("GAN", "generative models"), ("a, gan , b", "a, generative models , b"), ("a;GAN;b", "a;generative models;b"),
        ("GAN, generative-models, b", "generative models, b"), ("Generative Models; x, gan", "Generative Models; x"),
        ('"a, GAN"', '"a, generative models"'), ("a,\n   GAN,\n   b", "a,\n   generative models,\n   b"),
        ("GANs, gan", "GANs, generative models"), ("a\\, b, GAN", "a\\, b, generative models"), ("GAN,", "generative models,"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_rename_changes_the_word_and_nothing_else(project: Path, value: str, made: str, ending: str) -> None:
    def page(keywords: str) -> bytes:
        text = f"# GAN\n\n```{{mlentry}}\n:source:  GAN\n:keywords:  {keywords}\n:todo: GAN\n```\n\nGAN  \n"
        return text.replace("\n", ending).encode()

    path = project / "docs" / "entries" / "a.md"
    path.write_bytes(page(value))
    assert main(["keywords", "rename", "gan", "generative models"]) == 0
    assert path.read_bytes() == page(made)


def test_merge_writes_one_keyword_for_several(
    project: Path, md: Markdown, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = put(project, "a", md("A", keywords="x, y, z")), put(project, "b", md("B", keywords="Y"))
    assert main(["keywords", "merge", "x", "y", "w", "--dry-run"]) == 0
    out, err = told(capsys)
    assert out[0] == "docs/entries/a.md:5: :keywords: x, y, z -> :keywords: w, z"
    assert err == ["2 pages would be changed"]
    assert ":keywords: x, y, z" in one.read_text(encoding="utf-8")
    assert main(["keywords", "merge", "x", "y", "w"]) == 0
    assert told(capsys)[0] == ["docs/entries/a.md", "docs/entries/b.md"]
    assert ":keywords: w, z\n" in one.read_text(encoding="utf-8")
    assert ":keywords: w\n" in two.read_text(encoding="utf-8")


def test_dry_run_shows_the_lines_of_a_longer_list_that_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(project, "a", "# A\n\n```{mlentry}\n:source: S\n:keywords: b,\n   a,\n   c\n:todo: x\n```\n")
    assert main(["keywords", "rename", "a", "c", "--dry-run"]) == 0
    assert told(capsys)[0] == ["docs/entries/a.md:6: a, -> "]  # the other keyword is there already


def test_only_the_spelling_can_be_changed(project: Path, md: Markdown) -> None:
    path = put(project, "a", md("A", keywords="nlp tasks, x"))
    assert main(["keywords", "rename", "NLP-tasks", "NLP tasks"]) == 0
    assert ":keywords: NLP tasks, x\n" in path.read_text(encoding="utf-8")


def test_alias_is_renamed_on_pages_and_conf_is_told_of(
    project: Path, md: Markdown, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(project, "a", md("A", keywords="NLP, x"))
    assert main(["keywords", "rename", "NLP", "language"]) == 0
    assert ":keywords: language, x\n" in path.read_text(encoding="utf-8")
    assert 'conf.py:2: mlwatch_keyword_aliases names "natural language processing"' in told(capsys)[1][-1]
    assert main(["keywords", "rename", "x", "NLP"]) == 0
    assert (
        'conf.py:2: mlwatch_keyword_aliases shows "natural language processing" for "NLP"'
        in told(capsys)[1][-1]
    )


@pytest.mark.parametrize("new", ["Parkinson's disease", "'quoted'", '"', "[a]", "C#", ":colon:", "---"])
def test_keyword_with_odd_marks_reads_back_as_it_was_given_or_nothing_is_changed(
    project: Path, md: Markdown, new: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [put(project, "a", md("A", keywords="old")), put(project, "b", md("B", keywords="x, old"))]
    before = [path.read_bytes() for path in pages]
    code = main(["keywords", "rename", "old", new])
    capsys.readouterr()
    if code:
        assert [path.read_bytes() for path in pages] == before
    else:
        assert main(["keywords"]) == 0
        assert f"2\t{new}" in told(capsys)[0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["rename", "visoin", "x"], 'no entry has the keyword "visoin" (did you mean "vision"?)'),
        (["rename", "vision", "a, b"], "can be no keyword"),
        (["rename", "vision", " "], "can be no keyword"),
        (["rename", "vision", "a\nb\0"], "can be no keyword"),
        (["rename", "vision"], "NEW"),
        (["merge", "vision"], "OLD"),
        (["nope"], "nope"),
    ],
)
def test_wrong_use_of_keywords_ends_with_2(
    project: Path, md: Markdown, arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(project, "a", md("A", keywords="vision"))
    before = path.read_bytes()
    assert main(["keywords", *arguments]) == 2
    assert why in capsys.readouterr().err
    assert path.read_bytes() == before


def test_when_one_page_cannot_be_changed_none_is(
    project: Path, md: Markdown, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [put(project, name, md(name, keywords="vision")) for name in "abc"]
    before = [path.read_bytes() for path in pages]
    replace, calls = os.replace, iter(range(100))

    def fail_once(source: str, target: str) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    assert main(["keywords", "rename", "vision", "sight"]) == 130
    monkeypatch.undo()
    assert [path.read_bytes() for path in pages] == before
    assert sorted(path.name for path in pages[0].parent.iterdir()) == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["list"],
        ["fmt"],
        ["new", "T", "--source", "S"],
        ["keywords"],
        ["keywords", "rename", "a", "b"],
    ],
)
def test_interrupted_command_ends_with_130(
    project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mlwatch.core.catalogue.load", interrupt)
    assert main(arguments) == 130
    captured = capsys.readouterr()
    assert (captured.out, captured.err.strip()) == ("", "interrupted")


def test_long_work_shows_a_bar_on_a_terminal_and_still_gives_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    assert list(progress.shown(range(5), "counting")) == [0, 1, 2, 3, 4]
    assert "counting" in terminal.getvalue()
    terminal.isatty = lambda: False  # type: ignore[method-assign]  # a file from here on
    before = terminal.getvalue()
    assert list(progress.shown([1, 2], "again")) == [1, 2]
    assert terminal.getvalue() == before
