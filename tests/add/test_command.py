"""The command ``mlwatch add`` as a person uses it: duplicates, options, several addresses, being interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.add.conftest import Reply, entries, page
from tests.conftest import markdown

from mlwatch.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.add.conftest import Add, Web


def put(project: Path, name: str, **options: str) -> None:
    path = project / "docs" / "entries" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(markdown(**options), encoding="utf-8")


def files(project: Path) -> dict[str, bytes]:
    """Return every file of the project, by its path."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


PAGE = page(
    head='<meta property="og:title" content="Nets that see"><meta property="og:site_name" content="Example Lab Inc">'
    '<meta property="article:published_time" content="2021-09-16">'
    '<meta property="og:image" content="https://i.example/a.png"><meta name="keywords" content="vision; nets">'
    '<meta name="author" content="Ann Lee">',
    body='<article><h1>Nets that see</h1><p>By <a href="https://arxiv.org/abs/2104.00298">EfficientNetV2</a>.'
    ' <a href="https://github.com/google/automl">Code</a></p></article>',
    attributes='lang="de"',
)


def test_page_and_records_as_they_are_written(web: Web, add: Add, project: Path) -> None:
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan")
    url = web.put("/2021/nets", PAGE)
    done = add(url)
    assert (done.code, done.out) == (0, "docs/entries/2021/nets-that-see.md\n")
    assert done.err == (
        "docs/entries/2021/nets-that-see.md: added: Nets that see (Example Lab, 2021-09-16); 1 new BibTeX record\n"
    )
    assert (
        files(project)["docs/entries/2021/nets-that-see.md"].decode()
        == f"""\
# Nets that see

```{{mlentry}}
:source: Example Lab
:url: {url}
:date: 2021-09-16
:authors: Ann Lee
:lang: de
:keywords: vision, nets
:paper: [EfficientNetV2](https://arxiv.org/abs/2104.00298)
:code: https://github.com/google/automl
:cite: tan2021efficientnetv2
:image: https://i.example/a.png
:added: 2024-03-01
```
"""
    )
    assert main(["check"]) == 0


# --- What is there already ------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["", "--offline", "--dry-run"])
def test_article_that_is_watched_is_refused_without_asking(
    web: Web, add: Add, project: Path, option: str
) -> None:
    url = web.put("/a", PAGE)
    put(project, "2020/mine", url=f"{url}/?utm_source=x#part".replace("http:", "https:"))
    before = files(project)
    done = add(url, *filter(None, [option]))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"{url}: it is watched already: docs/entries/2020/mine.md\n"
    assert (web.requests, files(project)) == ([], before)


def test_article_that_is_watched_is_found_behind_a_redirect(web: Web, add: Add, project: Path) -> None:
    put(project, "mine", url=web.put("/a", PAGE))
    done = add(web.put("/short", Reply(status=301, headers={"Location": "/a"})))
    assert done.code == 1
    assert "it is watched already: docs/entries/mine.md" in done.err


def test_article_that_is_watched_is_found_by_its_canonical_address(web: Web, add: Add, project: Path) -> None:
    put(project, "mine", url=web.url + "/whole")
    done = add(web.put("/a", page(head='<link rel="canonical" href="/whole">')))
    assert done.code == 1
    assert "it is watched already: docs/entries/mine.md" in done.err


@pytest.mark.parametrize(("title", "code"), [("A title", 1), ("Another", 0)])
def test_canonical_address_elsewhere_counts_only_with_the_same_title(
    web: Web, add: Add, project: Path, title: str, code: int
) -> None:
    put(project, "mine", title=title, url="https://elsewhere.example/post")
    assert (
        add(web.put("/a", page(head='<link rel="canonical" href="https://elsewhere.example/post">'))).code
        == code
    )


@pytest.mark.parametrize("watched", ["https://arxiv.org/pdf/2104.00298v1", "https://doi.org/10.1000/X"])
def test_paper_that_is_watched_is_found_by_any_of_its_addresses(
    web: Web, add: Add, project: Path, watched: str
) -> None:
    more = '<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/x</arxiv:doi>'
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan", more=more)
    put(project, "mine", url=watched)
    done = add("arXiv:2104.00298")
    assert done.code == 1
    assert "it is watched already: docs/entries/mine.md" in done.err
    assert not (project / "refs.bib").exists()


# --- Several addresses ----------------------------------------------------------------------------------------


def test_each_address_is_on_its_own_and_all_problems_are_told(web: Web, add: Add, project: Path) -> None:
    good = web.put("/a", PAGE)
    done = add(web.url + "/none", good, "nonsense", good + "#again", "mailto:a@example.org", "file:///etc/passwd",
               "http://u:secret@example.org/", "example.org/x", "http://x y", web.put("/b", page()))  # fmt: skip
    assert done.code == 1
    assert done.out == "docs/entries/2021/nets-that-see.md\ndocs/entries/undated/a-title.md\n"
    assert "secret" not in done.err
    lines = done.err.splitlines()
    told = ["404", "added", "note", "no address", "watched already", "mail address", "not an http or https",
            "password", 'write "https://example.org/x"', "space", "added", "2 added, 8 not"]  # fmt: skip
    assert len(lines) == len(told)
    assert [word for word, line in zip(told, lines, strict=True) if word not in line] == []


def test_two_articles_of_one_title_get_two_pages(web: Web, add: Add, project: Path) -> None:
    assert add(web.put("/a", page()), web.put("/b", page())).code == 0
    assert len({entry.docname for entry in entries(project)}) == 2


def test_page_that_is_excluded_from_the_collection_is_not_written_over(
    web: Web, add: Add, project: Path
) -> None:
    (project / "conf.py").write_text('exclude_patterns = ["**/a-title.md"]\n', encoding="utf-8")
    put(project, "undated/a-title", title="Mine")
    before = files(project)
    assert add(web.put("/a", page())).code == 0
    after = files(project)
    assert len(after) == len(before) + 1
    assert {name: after[name] for name in before} == before


# --- Options --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.example-lab.example/blog/2021/09/16/toward-fast_and-accurate.html?utm_source=x",
            ("Toward fast and accurate", "Example Lab", "2021-09-16", "article"),
        ),
        ("https://example.org/post/12345", ("example.org", "example.org", None, "article")),
        ("https://example.org/p/a-title-3f2a9c81d0e4", ("A title", "example.org", None, "article")),
        ("arXiv:2104.00298v3", ("arXiv:2104.00298", "arXiv", "2021-04", "paper")),
        ("https://arxiv.org/abs/math/0309136", ("arXiv:math/0309136", "arXiv", "2003-09", "paper")),
        ("doi:10.1000/x", ("doi:10.1000/x", "doi.org", None, "paper")),
        ("https://github.com/google/automl", ("google/automl", "github.com", None, "tool")),
        (
            "https://www.reddit.com/r/ML/comments/abc/some_question/",
            ("Some question", "reddit.com", None, "thread"),
        ),
        ("https://www.youtube.com/watch?v=06-AZXmwHjo", ("youtube.com", "youtube.com", None, "talk")),
        ("https://openreview.net/pdf?id=YicbFdNTTy", ("openreview.net", "openreview.net", None, "paper")),
        ("https://例え.jp/%E6%B7%B1%E5%BA%A6-%E5%AD%A6%E4%B9%A0", ("深度 学习", "例え.jp", None, "article")),
    ],
)
def test_offline_writes_what_the_address_tells(
    web: Web, add: Add, project: Path, url: str, expected: tuple[str, str, str | None, str]
) -> None:
    assert add(url, "--offline").code == 0
    (entry,) = entries(project)
    assert (entry.title, entry.source, entry.date and entry.date.label, entry.kind) == expected
    assert entry.todo == "made of the address alone; look at title and date"
    assert web.requests == []


def test_dry_run_prints_and_writes_nothing(web: Web, add: Add, project: Path) -> None:
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan")
    before = files(project)
    done = add(web.put("/a", PAGE), "--dry-run")
    assert done.code == 0
    assert done.out.startswith("--- docs/entries/2021/nets-that-see.md\n# Nets that see\n\n```{mlentry}\n")
    assert "--- refs.bib\n@misc{tan2021efficientnetv2,\n" in done.out
    assert files(project) == before


@pytest.fixture
def editor(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that adds a line to each file it is given."""
    script = project / "editor of mine.py"
    script.write_text(
        "import sys\nfor name in sys.argv[1:]: open(name, 'a').write('\\nEdited.\\n')\n", encoding="utf-8"
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"')
    return script


def test_edit_opens_the_new_pages(web: Web, add: Add, project: Path, editor: Path) -> None:
    done = add("--edit", web.put("/a", PAGE), web.url + "/none", web.put("/b", page()))
    assert done.code == 1
    pages = [text for name, text in files(project).items() if name.endswith(".md")]
    assert [text.count(b"Edited.") for text in pages] == [1, 1]


def test_editor_that_fails_is_told_and_the_page_stays(
    web: Web, add: Add, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor-anywhere")
    done = add("--edit", web.put("/a", page()))
    assert done.code == 1
    assert "no-such-editor-anywhere: Editing failed" in done.err
    assert len(entries(project)) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "URL"),
        (["--edit", "--dry-run", "https://example.org/a"], "--edit"),
        (["--timeout", "0", "https://example.org/a"], "--timeout"),
        (["--contact", "a@b\r\nX: y", "https://example.org/a"], "--contact"),
        (["--arxiv-api", "nowhere", "https://example.org/a"], "--arxiv-api"),
    ],
)
def test_wrong_use_ends_with_2(add: Add, arguments: list[str], told: str) -> None:
    done = add(*arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_wrong_day_ends_with_2(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    assert "SOURCE_DATE_EPOCH" in add("https://example.org/a").err


# --- Nothing half ---------------------------------------------------------------------------------------------


def test_records_are_written_before_the_page_that_cites_them(
    web: Web, add: Add, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan")
    real = os.replace

    def fail(source: str, target: Path) -> None:
        if str(target).endswith(".md"):
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    done = add(web.put("/a", PAGE))
    assert (done.code, done.out) == (2, "")
    assert "No space left on device" in done.err
    monkeypatch.undo()
    assert [name for name in files(project) if "mlwatch-" in name or name.endswith(".md")] == []
    assert main(["--conf", str(project), "check"]) == 0


def start(project: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mlwatch", "add", "--allow-private", "--pace", "0", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="a signal is sent to one process")
def test_ctrl_c_ends_with_130_and_keeps_what_was_done(web: Web, environment: None, project: Path) -> None:
    first = web.put("/a", page())
    with start(project, first, web.put("/slow", Reply(raw=lambda _handler: time.sleep(5)))) as process:
        while not web.asked("/slow"):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "interrupted"
    assert "Traceback" not in told
    assert [entry.url for entry in entries(project)] == [first]


def test_as_a_process_it_draws_no_bar_into_a_pipe(web: Web, environment: None, project: Path) -> None:
    with start(project, web.put("/a", PAGE)) as process:
        out, told = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "docs/entries/2021/nets-that-see.md\n")
    assert "\x1b" not in told


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_it_shows_what_it_does_and_the_pages_still_go_to_standard_output(
    web: Web, environment: None, project: Path
) -> None:
    import pty

    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "mlwatch", "add", "--allow-private", "--pace", "0", web.put("/a", PAGE)]
    done = subprocess.run(
        command,
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=end,
        timeout=30,
        check=False,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(end)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert (done.returncode, done.stdout) == (0, b"docs/entries/2021/nets-that-see.md\n")
    assert f"{web.url}/a" in shown
    assert "\x1b[" in shown
