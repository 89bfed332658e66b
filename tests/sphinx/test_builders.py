"""Every builder takes the same small collection without a warning, and what it writes holds all that it should."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from tests.sphinx.conftest import Build, Built

    Out = Callable[[str], Path]

ROOT: Final = Path(__file__).parents[2]
STRICT: Final = ("-W", "--keep-going", "-d", "_doctrees")
CONF: Final = """
project = "Tiny watch"
author = "Someone"
copyright = author
version = "1"
epub_basename = "tiny"
html_sidebars = {"**": ["mlwatch-nav.html"]}
mlwatch_page_size = 4
mlwatch_topics = {"read": {"title": "Reading & <more>", "description": "50% of _it_.", "keywords": ["机器学习", "C++", "C#"]}}
mlwatch_series = {
    "ds-ml": {"period": "number", "title": "{year} DS/ML digest {number}",
              "sections": {"vision": "Computer vision", "nlp": "NLP & more"}},
    "monthly": {"period": "month", "author": "A & B", "url": "https://example.org/monthly"},
}
"""
FILES: Final = {
    "index.md": """# Front & first

{ml:keyword}`机器学习`, {ml:keyword}`C++`, [](#ml:source:机器之心), {ml:digest}`ds-ml/2021-2`, {ml:entry}`english`

```{mlindex} figures
```

```{mlindex} newest
```

```{mlindex} top-topics
```

```{mlindex} top-keywords
```

```{toctree}
digests/index
topics/index
years/index
keywords/index
sources/index
starred/index
papers/index
reading-list/index
bibliography
```
""",
    "bibliography.md": "# Bibliography\n\n```{bibliography}\n:all:\n```\n",
    "entries/2021/english.md": """# Models & \\<tags> at 100% of $5, {braces} _and_ C#

```{mlentry}
:source: R&D_Lab
:url: https://example.org/read?a=1&b=2#part_1
:date: 2021-09-16
:star: 3
:pick:
:kind: tool
:authors: Jane Doe; 李雷
:keywords: C++, C#, speech & text, 机器学习
:paper: [First & best](https://arxiv.org/abs/2104.00298) https://example.org/p_2.pdf
:code: https://github.com/example/code
:data: https://example.org/data?x=%E4%B8%AD
:cite: tan2021
:digest: ds-ml 2021-2
:section: nlp
:also: https://example.org/chinese
:archived: https://web.archive.org/web/2021/https://example.org/read
:image: [A chart](https://example.org/chart.png)
:status: to-read
```

## Summary

Words with *stress*, `code_x & y`, a [link](https://example.org/in-the-text) and {cite}`dai2021`.

## Comment

Of {ml:entry}`chinese`.
""",
    "entries/2021/chinese.md": """# 自监督学习的新方法

```{mlentry}
:source: 机器之心
:url: https://example.org/chinese
:date: 2021-09
:lang: zh
:alt-title: New ways of self-supervised learning
:keywords: 机器学习; 深度学习
:digest: ds-ml 2021-3
```

## Summary

一种新的方法。
""",
    "entries/2021/thread.md": """# Who asks?

```{mlentry}
:source: Reddit
:url: https://example.org/thread
:date: 2021
:kind: thread
:keywords: C
:digest: ds-ml 2021-2
:section: vision
:cite: tan2021
```
""",
    "entries/2020/plain.md": "# A remark\n\n```{mlentry}\n:source: R&D_Lab\n```\n",
    "../refs.bib": """@misc{tan2021,
  title = {EfficientNetV2 & friends},
  author = {Tan, Mingxing and Le, Quoc V.},
  year = {2021},
  url = {https://arxiv.org/abs/2104.00298},
}

@misc{dai2021,
  title = {CoAtNet},
  author = {Dai, Zihang},
  year = {2021},
}
""",
}


@pytest.fixture(scope="module")
def out(build: Build) -> Out:
    """Build the collection with a builder, once, and return where its output stands."""
    made: dict[str, Built] = {}

    def built(builder: str) -> Path:
        if builder not in made:
            made[builder] = build(FILES, conf=CONF, builder=builder, options=STRICT)
        assert (made[builder].code, made[builder].warnings) == (0, "")
        return made[builder].outdir

    return built


#: Builders that no test below looks into, with the extension that brings each, and a file that it writes.
OTHERS: Final = {
    "changes": ("", ""),  # no page names a change of this version
    "coverage": ("sphinx.ext.coverage", "python.txt"),
    "doctest": ("sphinx.ext.doctest", "output.txt"),
    "dummy": ("", ""),
    "json": ("", "entries/2021/english.fjson"),
    "man": ("", "tinywatch.1"),
    "pickle": ("", "entries/2021/english.fpickle"),
    "pseudoxml": ("", "entries/2021/english.pseudoxml"),
    "singlehtml": ("", "index.html"),
    "texinfo": ("", "tinywatch.texi"),
    "xml": ("", "entries/2021/english.xml"),
}


@pytest.mark.parametrize("builder", OTHERS)
def test_every_other_builder_finishes_without_a_warning_also_when_nothing_has_changed(
    build: Build, builder: str
) -> None:
    extension, file = OTHERS[builder]
    conf = f'{CONF}extensions.append("{extension}")\n' if extension else CONF
    first = build(FILES, conf=conf, builder=builder, options=STRICT)
    assert (first.code, first.warnings) == (0, "")
    assert (first.outdir / file).exists()
    again = build({}, builder=builder, options=STRICT, root=first.root)
    assert (again.code, again.warnings) == (0, "")
    assert "0 added, 0 changed, 0 removed" in again.output


@pytest.mark.slow
def test_every_other_builder_takes_the_collection_of_this_project(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns(
        "keywords", "papers", "reading-list", "sources", "starred", "trends", "years"
    )
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=ignore)
    for name in ("conf.py", "refs.bib"):
        shutil.copy(ROOT / name, tmp_path)
    brought = ",".join(filter(None, dict.fromkeys(extension for extension, _ in OTHERS.values())))
    for builder in OTHERS:
        # The book theme and its parent fail in builders that write no HTML files, with or without this extension.
        theme = (
            ("-D", "html_theme=basic", "-D", "html_theme_options=") if builder in ("json", "pickle") else ()
        )
        done = subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-q", "-b", builder, "-c", ".", "-d", "doctrees"),
                *("-D", f"extensions=mlwatch,sphinx_copybutton,notfound.extension,{brought}", *theme),
                *("docs", f"out/{builder}"),
            ],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, (builder, done.stderr)
        assert "[mlwatch." not in done.stderr, (builder, done.stderr)


def squeezed(text: str) -> str:
    """Return *text* without any white space, for writers break lines where they like."""
    return "".join(text.split())


# --- Every link leads somewhere ---------------------------------------------------------------------------------


def anchors(soup: BeautifulSoup) -> set[str]:
    return {str(tag[name]) for name in ("id", "name") for tag in soup.select(f"[{name}]")}


def dead_links(pages: Mapping[str, str], files: AbstractSet[str]) -> Iterator[str]:
    """Give each reference of *pages* (path to HTML) to a file or an anchor that is not there."""
    soups = {name: BeautifulSoup(text, "html.parser") for name, text in pages.items()}
    known = {name: anchors(soup) for name, soup in soups.items()}
    for name, soup in soups.items():
        for tag in soup.select("[href], [src]"):
            address = str(tag.get("href") or tag.get("src") or "")
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = normpath(join(dirname(name), path)) if path else name
            if path.endswith("/"):
                target = normpath(join(target, "index.html"))
            anchor = unquote(parts.fragment)
            if target not in files or (anchor and target in known and anchor not in known[target]):
                yield f"{name}: {address}"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_every_link_within_the_site_leads_to_a_page_and_an_anchor(out: Out, builder: str) -> None:
    folder = out(builder)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {name: (folder / name).read_text(encoding="utf-8") for name in files if name.endswith(".html")}
    assert len(pages) > 30
    assert list(dead_links(pages, files)) == []


@pytest.mark.parametrize(("builder", "form"), [("html", "{}.html"), ("dirhtml", "{}/index.html")])
def test_site_has_a_page_for_everything(out: Out, builder: str, form: str) -> None:
    folder = out(builder)
    for docname, words in {
        "entries/2021/english": "Models & <tags> at 100% of $5, {braces} and C#",
        "entries/2021/chinese": "自监督学习的新方法",
        "keywords/机器学习": "机器学习",
        "keywords/c": "C",
        "sources/机器之心": "机器之心",
        "digests/ds-ml/2021-02": "2021 DS/ML digest 2",
        "digests/monthly/2021-09": "monthly, September 2021",
        "years/undated": "Undated entries",
    }.items():
        soup = BeautifulSoup((folder / form.format(docname)).read_text(encoding="utf-8"), "html.parser")
        title = soup.select_one("h1")
        assert title is not None
        assert title.get_text().removesuffix("¶") == words


# --- EPUB -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(out: Out) -> dict[str, bytes]:
    """Return the files in the book, in their order."""
    with ZipFile(out("epub") / "tiny.epub") as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def pages_of(book: dict[str, bytes]) -> dict[str, str]:
    return {name: data.decode() for name, data in book.items() if name.endswith(".xhtml")}


def test_epub_begins_with_its_type_and_lists_all_its_files(book: dict[str, bytes]) -> None:
    assert next(iter(book.items())) == ("mimetype", b"application/epub+zip")
    items = ET.fromstring(book["content.opf"]).iter("{http://www.idpf.org/2007/opf}item")
    listed = {unquote(item.attrib["href"]) for item in items}
    assert listed == book.keys() - {"mimetype", "content.opf", "META-INF/container.xml"}


def test_epub_pages_are_well_formed(book: dict[str, bytes]) -> None:
    """Readers take an EPUB's pages for XML and show nothing of one that is not (EPUB 3.3, 6.1)."""
    wrong = {}
    for name, text in pages_of(book).items():
        try:
            ET.fromstring(text)
        except ET.ParseError as error:
            wrong[name] = f"{error}: {text.splitlines()[error.position[0] - 1][:80]}"
    assert wrong == {}


def test_epub_pages_have_drawings_only_where_the_book_says_so(book: dict[str, bytes]) -> None:
    """A page with an ``svg`` must say so in the manifest, and the element must be of its namespace (EPUB 3.3, 5.5.2)."""
    drawn = [
        name for name, text in pages_of(book).items() if re.search(r"<svg(?![^>]*w3\.org/2000/svg)", text)
    ]
    assert drawn == []
    items = ET.fromstring(book["content.opf"]).iter("{http://www.idpf.org/2007/opf}item")
    said = {
        unquote(item.attrib["href"]) for item in items if "svg" in item.attrib.get("properties", "").split()
    }
    assert {name for name, text in pages_of(book).items() if "<svg" in text} == said


def test_epub_links_lead_to_its_own_pages(book: dict[str, bytes]) -> None:
    assert list(dead_links(pages_of(book), book.keys())) == []


def test_epub_page_has_links_to_the_article_and_to_its_keywords(book: dict[str, bytes]) -> None:
    soup = BeautifulSoup(book["entries/2021/english.xhtml"], "html.parser")
    links = {link.get_text(): str(link["href"]) for link in soup.select("a[href]")}
    assert links["Read on example.org"] == "https://example.org/read?a=1&b=2#part_1"
    assert unquote(links["机器学习"]) == "../../keywords/机器学习.xhtml"
    assert links["EfficientNetV2 & friends"] == "../../bibliography.xhtml#cite-tan2021"


def test_two_epub_builds_hold_the_same(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that can be told apart is when the files in the archive were written."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    books = []
    for jobs in ("1", "2"):
        built = build(FILES, conf=CONF, builder="epub", options=(*STRICT, "-j", jobs))
        assert built.code == 0, built.warnings
        with ZipFile(built.outdir / "tiny.epub") as packed:
            books.append({info.filename: packed.read(info) for info in packed.infolist()})
    assert list(books[0]) == list(books[1])
    assert [name for name in books[0] if books[0][name] != books[1][name]] == []


# --- Text, LaTeX, message catalogues ----------------------------------------------------------------------------


def test_text_has_addresses_behind_the_words_of_links(out: Out) -> None:
    text = (out("text") / "entries/2021/english.txt").read_text(encoding="utf-8")
    assert text.startswith("Models & <tags> at 100% of $5, {braces} *and* C#\n***")
    flat = squeezed(text)
    for words, address in (
        ("Read on example.org", "https://example.org/read?a=1&b=2#part_1"),
        ("Archived copy", "https://web.archive.org/web/2021/https://example.org/read"),
        ("EfficientNetV2 & friends", "https://arxiv.org/abs/2104.00298"),
        ("example.org", "https://example.org/p_2.pdf"),
        ("github.com", "https://github.com/example/code"),
        ("A chart", "https://example.org/chart.png"),
        ("link", "https://example.org/in-the-text"),
    ):
        assert squeezed(f"{words} <{address}>") in flat
    assert (
        squeezed("★★★Starred R&D_Lab · Sep 16, 2021 · by Jane Doe, 李雷 · tool · editor’s pick · to read")
        in flat
    )
    assert squeezed("Keywords: C++ C# speech & text 机器学习") in flat
    assert "<svg" not in text
    assert "@misc{tan2021," in text


def test_text_of_a_digest_has_its_sections_and_entries(out: Out) -> None:
    text = (out("text") / "digests/ds-ml/2021-02.txt").read_text(encoding="utf-8")
    titles = ["Computer vision\n====", "Who asks?", "NLP & more\n====", "★★★Starred Models & <tags>"]
    assert sorted(text.index(title) for title in titles) == [text.index(title) for title in titles]


@pytest.fixture(scope="module")
def tex(out: Out) -> str:
    return next(out("latex").glob("*.tex")).read_text(encoding="utf-8")


def test_latex_has_links_keywords_and_titles(tex: str) -> None:
    for address in (
        r"https://example.org/read?a=1\&b=2\#part\_1",
        "https://arxiv.org/abs/2104.00298",
        r"https://example.org/data?x=\%E4\%B8\%AD",
    ):
        assert rf"href{{{address}}}{{" in tex
    for words in (
        r"\sphinxcrossref{\DUrole{sd-badge}{speech \& text}}",
        r"\sphinxcrossref{\DUrole{sd-badge}{机器学习}}",
        r"section{自监督学习的新方法}",
        r"section{Models \& \textless{}tags\textgreater{} at 100\% of \$5, \{braces\}",
        r"section{NLP \& more}",
        r"chapter{Bibliography}",
    ):
        assert words in tex
    assert "<svg" not in tex


def test_latex_links_lead_to_labels_of_the_document(tex: str) -> None:
    labels = set(re.findall(r"\\label\{\\detokenize\{([^{}]+)\}\}", tex))
    links = set(re.findall(r"\\hyperref\[\\detokenize\{([^{}]+)\}\]", tex))
    assert "keywords/c-plus-plus-3ce177::doc" in links
    assert sorted(links - labels) == []


def test_latex_citations_lead_to_the_bibliography(tex: str) -> None:
    items = set(re.findall(r"\\bibitem\[[^\]]*\]\{([^{}]+)\}", tex))
    cites = set(re.findall(r"\\hyperlink\{cite\.([^{}]+)\}", tex))
    assert items == {
        f"{page}:cite-{key}2021" for page in ("bibliography", "papers/2021") for key in ("tan", "dai")
    }
    assert cites == {"bibliography:cite-tan2021", "bibliography:cite-dai2021"}  # a person's list goes first


def test_message_catalogues_hold_titles_and_prose(out: Out) -> None:
    told = {}
    for path in out("gettext").glob("*.pot"):
        with path.open("rb") as file:
            told[path.stem] = {str(message.id) for message in read_po(file)}
    assert {"自监督学习的新方法", "一种新的方法。", "Who asks?"} <= told["entries"]
    assert {"2021 DS/ML digest 2", "Computer vision", "NLP & more"} <= told["digests"]
    assert "机器学习" in told["keywords"]
