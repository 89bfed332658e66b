"""The YAML form of an ``mlentry`` block in a build: the scan, the directive and MyST agree on it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sphinx.conftest import Build

pytestmark = pytest.mark.slow

GOOD = """# Good

```{{mlentry}}
{before}---
source: Open\u2028AI   # who
date: 2021-09-16
star: true
keywords:
- vision
- "a, b"
paper: "[CoAtNet](https://arxiv.org/abs/2106.04803)"
---
```
"""
BAD = """# Bad

:::{mlentry}
---
source: Someone
paper: [A](https://example.org/a)
source: Else
star: *x
---
:::
"""


def test_the_build_reads_what_the_scan_reads_and_warns_of_the_same(build: Build) -> None:
    index = "# Test\n\n```{toctree}\n:glob:\n\nentries/*\n```\n"
    pages = {
        "index.md": index,
        "entries/good.md": GOOD.format(before=""),
        "entries/blank.md": GOOD.format(before="\n"),
        "entries/bad.md": BAD,
    }
    built = build(pages)
    assert built.code == 0
    warned = [line for line in built.warnings.splitlines() if "WARNING" in line]
    checked = subprocess.run(
        [sys.executable, "-m", "mlwatch", "check"],
        cwd=built.root,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line.split(": ", 2) for line in checked.stdout.splitlines()]
    assert [place for place, *_ in told] == [f"docs/entries/bad.md:{line}" for line in (6, 7, 8)]
    assert warned == [
        f"{built.root}/{place}: WARNING: {message} [mlwatch.{code}]" for place, code, message in told
    ]
    for name in ("good", "blank"):
        html = built.html(f"entries/{name}")
        assert "Open AI" in html
        assert "a, b" in html
        assert 'href="https://arxiv.org/abs/2106.04803"' in html


def test_a_page_in_the_colon_form_does_not_load_yaml(build: Build) -> None:
    built = build({"index.md": "# Test\n", "entries/a.md": "# A\n\n```{mlentry}\n:source: S\n```\n"})
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mlwatch", "check"],
        cwd=built.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not [line for line in done.stderr.splitlines() if line.rpartition("|")[2].strip() == "yaml"]
