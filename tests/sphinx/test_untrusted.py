"""Untrusted pages: what they may not contain is reported by check and build alike, and does no harm."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from tests.attacks import ATTACKS, FOREIGN, NOTHING_STAYS, PROOF, SECRET

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build, Built

pytestmark = pytest.mark.slow

#: Every extension of MyST is on for the site, and other extensions that attacks make use of.
CONF: Final = """
extensions += ["sphinx.ext.graphviz"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext", ".txt": "restructuredtext"}
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "attrs_image", "colon_fence", "deflist", "dollarmath",
    "fieldlist", "html_admonition", "html_image", "replacements", "smartquotes", "strikethrough", "substitution", "tasklist"]
myst_substitutions = {"site": "words of the site"}
mlwatch_series = {"news": {"period": "month"}}
mlwatch_untrusted = ["**", "!index.md", "!guide/**"]
"""
FILES: Final = {
    "index.md": "# Front\n\n{{ site }}\n\n```{toctree}\n:glob:\n\nentries/**\nkeywords/zz\nzz\n```\n",
    "guide/trusted.md": "---\norphan: true\n---\n\n# Trusted\n\n```{include} ../secret.txt\n```\n",
    "secret.txt": SECRET,
    "secret.png": SECRET,
    "local.html": f"<script>/* {SECRET} */</script>",
    "../hidden.md": SECRET,
    "entries/2021/good.md": "# Good\n\n```{mlentry}\n:source: Someone\n:date: 2021-01\n```\n",
}


def place(name: str) -> str:
    """Return where the attack *name* is below the sources; those on entries have a page each."""
    attack = ATTACKS[name]
    return f"entries/2021/{name}.md" if attack.name == "entries/2021/evil.md" else attack.name


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    return build({**FILES, **{place(name): attack.page for name, attack in ATTACKS.items()}}, conf=CONF)


@pytest.fixture(scope="module")
def checked(built: Built) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "mlwatch", "check"],
        cwd=built.root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


def test_the_build_of_attacks_ends_without_a_traceback(built: Built) -> None:
    assert built.code == 0, built.warnings
    assert "Traceback" not in built.warnings


@pytest.mark.parametrize("name", ATTACKS)
def test_check_reports_each_thing_refused_with_its_line(checked: list[str], name: str) -> None:
    form = re.compile(rf"docs/{re.escape(place(name))}:(\d+): ([a-z-]+): .+")
    found = [(int(match[1]), match[2]) for match in map(form.fullmatch, checked) if match]
    assert found == list(ATTACKS[name].refused)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_build_reports_what_check_reports(built: Built, checked: list[str], name: str) -> None:
    page = f"docs/{place(name)}"
    form = re.compile(
        rf"{re.escape(str(built.root))}/({re.escape(page)}:\d+): WARNING: (.*) \[mlwatch\.([a-z-]+)\]"
    )
    said = [f"{match[1]}: {match[3]}: {match[2]}" for match in form.finditer(built.warnings)]
    assert sorted(said) == sorted(line for line in checked if line.startswith(f"{page}:"))


def test_no_program_runs(built: Built) -> None:
    assert not list(built.root.rglob(PROOF))


def test_no_file_is_published(built: Built) -> None:
    published = [path for path in built.outdir.rglob("*") if path.is_file() and ".doctrees" not in path.parts]
    told = {path for path in published if SECRET.encode() in path.read_bytes()}
    trusted = built.outdir / "guide" / "trusted.html"
    assert trusted in told  # a trusted page may include a file, so the search finds what it looks for
    assert {path for path in told if path.suffix != ".js"} == {trusted}
    assert not (built.outdir / "_downloads").exists()
    assert not (built.outdir / "_images").exists()


@pytest.mark.parametrize("name", [name for name in ATTACKS if name not in NOTHING_STAYS])
def test_no_script_style_or_address_of_an_attack_is_live(built: Built, name: str) -> None:
    html = built.html(place(name).removesuffix(".md"))
    assert "Words that stay." in html
    body = html[html.index('<div class="body"') : html.index('<div class="sphinxsidebar"')]
    assert not re.search(r"<script[^>]*>[^<]*alert\(", html)
    assert not re.search(r"<[^>]*\son\w+\s*=", body)
    assert not re.search(
        r"(?:href|src|action|data)=[\"']\s*(?:javascript|data|vbscript):", body, re.IGNORECASE
    )
    assert not re.search(r"<(?:iframe|object|embed|img|video|audio|form|style)\b", body)
    assert not re.search(rf"<(?!a\b)[^>]*{re.escape(FOREIGN)}", body)
    assert not re.search(r"<(?:script|link)[^>]*(?:src|href)=[\"'](?:https?:)?//", html)


@pytest.mark.parametrize("name", sorted(NOTHING_STAYS))
def test_a_file_that_is_no_checked_page_is_not_built(built: Built, name: str) -> None:
    assert not (built.outdir / place(name)).with_suffix(".html").exists()


def test_what_is_refused_is_shown_as_text(built: Built) -> None:
    assert "{download}`x &lt;../../secret.txt&gt;`" in built.html("entries/2021/download-role")
    assert "```{raw} html" in re.sub(r"</?span[^>]*>", "", built.html("entries/2021/raw-directive"))


def test_extensions_of_the_site_stay_on_for_trusted_pages(built: Built) -> None:
    assert "words of the site" in built.html("index")


def test_a_strict_build_fails_on_an_attack(build: Build) -> None:
    built = build({**FILES, "entries/2021/evil.md": ATTACKS["raw-directive"].page}, conf=CONF, options=["-W"])
    assert built.code == 1


ALLOWED: Final = """\
---
orphan: true
tags: [a, b]
date: 2021-01-01
---

# Title with *emphasis*

```{mlentry}
:source: Someone
:cite: known
```

## Summary

Words, **strong** `code`, {sub}`2`, {sup}`3`, {abbr}`ML (machine learning)`, {math}`x^2`, {cite}`known`.
[A page](good.md), [one from the top](/entries/2021/good.md), {ml:entry}`good`, [a place](#ml:entry:good),
<https://example.org>, [mail](mailto:me@example.org) and a note[^1].

[^1]: The note.

1. one
   - two

> A quotation

| a | b |
|---|---|
| c | d |

```python
print("code")
```

```{note}
A note with *emphasis*.
```

:::{admonition} With a title
Text.
:::

```{math}
\\frac{a}{b}
```

% a comment

---

### More
"""


def test_all_that_the_dialect_allows_is_built_without_a_warning(build: Build) -> None:
    bib = "@misc{known,\n title = {Known},\n author = {Known, Nobody},\n year = {2021},\n}\n"
    files = {
        "index.md": "# Front\n",
    }
    built = build(
        {
            **files,
            "entries/2021/good.md": FILES["entries/2021/good.md"],
            "entries/2021/all.md": ALLOWED,
            "../refs.bib": bib,
        },
        options=["-W", "--keep-going"],
    )
    assert built.code == 0, built.warnings
    html = built.html("entries/2021/all")
    for part in (
        "<sub>2</sub>",
        "<sup>3</sup>",
        "<abbr",
        "<msup>",
        "<table",
        "<blockquote",
        "admonition note",
        "<mfrac>",
    ):
        assert part in html
