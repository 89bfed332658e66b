"""Pages that attack: each is untrusted, and each did harm, or tried to, before the restricted dialect.

The names are those of the rows in the threat model (docs/guide/security.md). Every page has the words
"Words that stay." outside of what is refused.
"""

from __future__ import annotations

from typing import Final, NamedTuple

BLOCK: Final = "```{mlentry}\n:source: Mallory\n```\n"
HEAD: Final = f"# Title\n\n{BLOCK}\nWords that stay.\n\n"
#: What a program writes when a page could run one, as a file beside conf.py.
PROOF: Final = "ran.txt"
#: What is in files that no page may publish.
SECRET: Final = "the-secret-of-this-machine"
FOREIGN: Final = "https://foreign.example"


class Attack(NamedTuple):
    """A page below the sources, and each line at which something is refused, with its code."""

    page: str
    refused: tuple[tuple[int, str], ...]
    name: str = "entries/2021/evil.md"


def _front(yaml: str, body: str = "") -> str:
    return f"---\n{yaml}\n---\n\n{HEAD}{body}"


_RUN = "cycler.__init__.__globals__.os.popen('echo x > ran.txt').read()"

ATTACKS: Final[dict[str, Attack]] = {
    # A1, A2: programs
    "jinja-runs-a-program": Attack(
        _front('myst:\n  enable_extensions: ["substitution"]', f"{{{{ {_RUN} }}}}\n"), ((2, "front-matter"),)
    ),
    "jinja-loops": Attack(
        _front(
            'myst:\n  enable_extensions: ["substitution"]',
            "{% for a in range(10**7) %}{% for b in range(10**7) %}{% endfor %}{% endfor %}{{ 1 }}\n",
        ),
        ((2, "front-matter"),),
    ),
    # A3, A4, A5: scripts
    "html-meta-in-front-matter": Attack(
        _front('myst:\n  html_meta:\n    "x><script>alert(11)</script><y=z": "w"'), ((2, "front-matter"),)
    ),
    "html-meta-at-the-top": Attack(
        _front('html_meta:\n  "x><script>alert(12)</script><y=z": "w"'), ((2, "front-matter"),)
    ),
    "meta-directive": Attack(
        HEAD + "```{eval-rst}\n.. meta::\n   :x><script>alert(13)</script>: w\n```\n", ((9, "not-allowed"),)
    ),
    "meta-directive-in-myst": Attack(
        HEAD + '```{meta}\n:"x><script>alert(14)</script>": w\n```\n', ((9, "not-allowed"),)
    ),
    "icon-role-with-markup": Attack(
        HEAD + '{octicon}`alert;1em;"><script>alert(15)</script>` {fas}`x" onmouseover="alert(16)`\n',
        ((9, "not-allowed"), (9, "not-allowed")),
    ),
    # A6, A7: addresses that run
    "toctree-with-a-script": Attack(
        HEAD + "```{toctree}\nx <javascript://x/%0aalert(17)>\ny <data://text/html,x>\n```\n",
        ((9, "not-allowed"),),
    ),
    "restructuredtext-link": Attack(
        HEAD + "```{eval-rst}\n`z <\\ javascript:alert(18)>`__\n```\n", ((9, "not-allowed"),)
    ),
    "links-that-run": Attack(
        HEAD
        + "[a](javascript:alert(19)) <javascript:alert(20)>\n[b](data:text/html,x) [c][] "
        + "[d](&#106;avascript:alert(21)) [e](\\javascript:alert(22)) [f](JaVaScRiPt:alert(23))\n\n[c]: vbscript:x\n",
        ((9, "bad-url"),) * 2 + ((10, "bad-url"),) * 4 + ((10, "not-allowed"),),
    ),
    # A8, A9, A10: files
    "download-role": Attack(HEAD + "{download}`x <../../secret.txt>`\n", ((9, "not-allowed"),)),
    "download-of-any-file": Attack(
        HEAD + "{download}`x </../../../../etc/hostname>`\n", ((9, "not-allowed"),)
    ),
    "link-to-a-file": Attack(HEAD + "[x](../../secret.txt)\n", ((9, "not-allowed"),)),
    "link-to-conf": Attack(HEAD + "[x](../../../conf.py) and [y](/../conf.py)\n", ((9, "not-allowed"),) * 2),
    "link-encoded": Attack(HEAD + "[x](%2e%2e/%2e%2e/secret.txt#a.md)\n", ((9, "not-allowed"),)),
    "link-out-of-the-sources": Attack(HEAD + "[x](../../../hidden.md)\n", ((9, "not-allowed"),)),
    "project-link": Attack(HEAD + "<project:../../secret.txt>\n", ((9, "bad-url"),)),
    "path-link": Attack(HEAD + "[x](path:../../secret.txt)\n", ((9, "bad-url"),)),
    "default-role": Attack(HEAD + "{any}`../../secret.txt`\n", ((9, "not-allowed"),)),
    "picture": Attack(HEAD + "![x](../../secret.png)\n", ((9, "not-allowed"),)),
    "picture-of-any-file": Attack(HEAD + "![x](../../../../../../etc/hostname)\n", ((9, "not-allowed"),)),
    "picture-with-a-wildcard": Attack(HEAD + "![x](../../secret.*)\n", ((9, "not-allowed"),)),
    "picture-as-data": Attack(
        HEAD + "![x](data:image/svg+xml,<svg/onload=alert(24)>)\n", ((9, "not-allowed"),)
    ),
    "figure": Attack(HEAD + "```{figure} ../../secret.png\nx\n```\n", ((9, "not-allowed"),)),
    "image": Attack(
        HEAD + "```{image} ../../secret.png\n:target: javascript:alert(25)\n```\n", ((9, "not-allowed"),)
    ),
    "restructuredtext-image": Attack(
        HEAD + "```{eval-rst}\n.. image:: ../../secret.png\n```\n", ((9, "not-allowed"),)
    ),
    "card-with-an-image": Attack(
        HEAD + "```{card} C\n:img-top: ../../secret.png\n:link: javascript:alert(26)\nx\n```\n",
        ((9, "not-allowed"),),
    ),
    "link-to-a-local-page-with-a-script": Attack(HEAD + "[x](../../local.html)\n", ((9, "not-allowed"),)),
    # A11: syntax that a page turns on
    "fences-turned-off": Attack(
        _front(
            'myst:\n  disable_syntax: ["fence"]\n  enable_extensions: ["colon_fence"]',
            ":::{include} ../../secret.txt\n:::\n",
        ),
        ((2, "front-matter"), (15, "not-allowed")),
    ),
    "fence-as-directive": Attack(
        _front('myst:\n  fence_as_directive: ["include"]', "```include ../../secret.txt\n```\n"),
        ((2, "front-matter"),),
    ),
    "url-schemes": Attack(
        _front('myst:\n  url_schemes: ["javascript"]', "[x](javascript:alert(27))\n"),
        ((2, "front-matter"), (14, "bad-url")),
    ),
    "attributes": Attack(
        _front(
            'myst:\n  enable_extensions: ["attrs_block", "attrs_inline"]',
            '{onclick="alert(28)" #id}\nwords\n',
        ),
        ((2, "front-matter"),),
    ),
    "html-turned-on": Attack(
        _front(
            'myst:\n  enable_extensions: ["html_image", "html_admonition"]',
            '<img src="../../secret.png">\n\n<div class="admonition">x</div>\n',
        ),
        ((2, "front-matter"), (14, "raw-html"), (16, "raw-html")),
    ),
    # A12: files in hiding
    "include-in-a-list": Attack(HEAD + "- ```{include} ../../secret.txt\n  ```\n", ((9, "not-allowed"),)),
    "include-in-a-quotation": Attack(
        HEAD + "> ```{literalinclude} ../../secret.txt\n> ```\n", ((9, "not-allowed"),)
    ),
    "include-in-an-admonition": Attack(
        HEAD + "````{note}\n```{include} ../../secret.txt\n```\n````\n", ((10, "not-allowed"),)
    ),
    "include-in-a-definition": Attack(
        HEAD + "Term\n: Text\n\n  ```{include} ../../secret.txt\n  ```\n", ((12, "not-allowed"),)
    ),
    "include-above-the-block": Attack(
        f"# Title\n\nWords that stay.\n\n```{{include}} ../../secret.txt\n```\n\n{BLOCK}",
        ((5, "not-allowed"),),
    ),
    "include-behind-html": Attack(
        f"# Title\n\nWords that stay.\n\n<div>\n{BLOCK}</div>\n\n```{{include}} ../../secret.txt\n```\n",
        ((5, "raw-html"), (11, "not-allowed")),
    ),
    "include-through-a-substitution": Attack(
        _front('myst:\n  substitutions:\n    x: "```{include} ../../secret.txt\\n```"', "{{ x }}\n"),
        ((2, "front-matter"),),
    ),
    "table-from-a-file": Attack(
        HEAD + "```{csv-table}\n:file: ../../secret.txt\n```\n", ((9, "not-allowed"),)
    ),
    "raw-from-a-file": Attack(HEAD + "```{raw} html\n:file: ../../secret.txt\n```\n", ((9, "not-allowed"),)),
    "code-from-a-file": Attack(HEAD + "```{code-block} text\n:caption: x\ny\n```\n", ((9, "not-allowed"),)),
    "options-read-as-markdown": Attack(
        "# Title\n\nWords that stay.\n\n- item\n  ```{mlentry}\n:source: {download}`x <../../secret.txt>`\n```\n",
        ((6, "not-allowed"), (7, "not-allowed")),
    ),
    # A14, A15: other hosts
    "style-in-a-div": Attack(
        HEAD + f"```{{div}}\n:style: background:url({FOREIGN}/x)\nx\n```\n", ((9, "not-allowed"),)
    ),
    "div-of-colons": Attack(HEAD + ":::some-class\nx\n:::\n", ((9, "not-allowed"),)),
    "picture-of-the-web": Attack(HEAD + f"![x]({FOREIGN}/x.png)\n", ()),
    "formula": Attack(HEAD + "{math}`E = mc^2`\n\n```{math}\n\\sum_i x_i\n```\n", ()),
    "video": Attack(HEAD + f'<iframe src="{FOREIGN}"></iframe>\n', ((9, "raw-html"),)),
    # A16: crashes
    "toctree-of-everything": Attack(HEAD + "```{toctree}\n:glob:\n\n/**\n```\n", ((9, "not-allowed"),)),
    "contents-twice": Attack(
        HEAD + "```{eval-rst}\n.. contents::\n.. contents::\n```\n", ((9, "not-allowed"),)
    ),
    "bibliography-of-no-style": Attack(
        HEAD + "```{bibliography}\n:style: nosuch\n```\n", ((9, "not-allowed"),)
    ),
    "word-count-of-a-wrong-type": Attack(
        _front("wordcount: [1]\nwords: {a: b}"), ((2, "front-matter"),) * 1 + ((3, "front-matter"),)
    ),
    "front-matter-that-is-no-mapping": Attack(_front("- a\n- b"), ((1, "front-matter"),)),
    "front-matter-that-is-not-yaml": Attack(_front("a: [b"), ((1, "front-matter"),)),
    "page-template": Attack(
        _front("html_theme.sidebar_secondary.remove: true\ntemplate: x"),
        ((2, "front-matter"), (3, "front-matter")),
    ),
    # A18: raw output
    "html": Attack(
        HEAD
        + "<script>alert(29)</script>\n\nA <b onclick=alert(30)>word</b> <img src=x onerror=alert(31)>\n",
        ((9, "raw-html"), (11, "raw-html"), (11, "raw-html")),
    ),
    "html-in-a-comment": Attack(HEAD + "<!-- x --> <script>alert(32)</script>\n", ((9, "raw-html"),)),
    "raw-directive": Attack(HEAD + "```{raw} html\n<script>alert(33)</script>\n```\n", ((9, "not-allowed"),)),
    "raw-role": Attack(
        HEAD + "```{eval-rst}\n.. role:: x(raw)\n   :format: html\n\n:x:`<script>alert(34)</script>`\n```\n",
        ((9, "not-allowed"),),
    ),
    "class-with-markup": Attack(
        HEAD + '```{note}\n:class: "><script>alert(35)</script>\nx\n```\n', ((9, "not-allowed"),)
    ),
    "target-and-break": Attack(HEAD + "(genindex)=\n+++ {}\n", ((9, "not-allowed"), (10, "not-allowed"))),
    # A13: beside the entries
    "page-in-a-folder-of-its-own": Attack(
        "# Title\n\nWords that stay.\n\n```{include} ../../../secret.txt\n```\n",
        ((5, "not-allowed"),),
        "entries/2021/sub/index.md",
    ),
    "digest-page": Attack(
        "# Title\n\nWords that stay.\n\n<script>alert(36)</script>\n\n```{mldigest} news 2021-01\n```\n",
        ((5, "raw-html"),),
        "digests/news/2021-01.md",
    ),
    "keyword-page": Attack(
        "# Title\n\nWords that stay.\n\n```{raw} html\n<script>alert(37)</script>\n```\n",
        ((5, "not-allowed"),),
        "keywords/zz.md",
    ),
    "page-at-the-top": Attack(
        "# Title\n\nWords that stay.\n\n```{raw} html\n<script>alert(38)</script>\n```\n",
        ((5, "not-allowed"),),
        "zz.md",
    ),
    "page-that-says-it-is-generated": Attack(
        "% Generated by mlwatch: edits are lost.\n\n# Title\n\n<script>alert(39)</script>\n",
        (),
        "entries/made.md",
    ),
    "restructuredtext": Attack(
        "Title\n=====\n\n.. raw:: html\n\n   <script>alert(40)</script>\n\n.. include:: ../../secret.txt\n",
        ((1, "stray-file"),),
        "entries/2021/x.rst",
    ),
    "text-file": Attack(
        "Title\n=====\n\n.. raw:: html\n\n   <script>alert(41)</script>\n",
        ((1, "stray-file"),),
        "keywords/x.txt",
    ),
    # C4: depth
    "emphasis-in-emphasis": Attack(HEAD + "*a **b " * 2500 + " b** a*" * 2500 + "\n", ((9, "too-deep"),)),
    "fences-in-fences": Attack(
        HEAD
        + "".join(f"{':' * (310 - n)}{{note}}\n" for n in range(300))
        + "x\n"
        + "".join(f"{':' * (11 + n)}\n" for n in range(300)),
        ((17, "not-allowed"),),
    ),
    "lists-in-lists": Attack(HEAD + "- " * 300 + "x\n", ((9, "too-deep"),)),
    "quotations-in-quotations": Attack(HEAD + "> " * 300 + "x\n", ((9, "too-deep"),)),
    "fences-in-lists": Attack(
        HEAD + "".join(f"{' ' * 2 * n}- :::{{note}}\n" for n in range(40)) + " " * 82 + "x\n",
        ((17, "not-allowed"),),
    ),
}
#: Pages that are nothing but their attack: no words of theirs stay.
NOTHING_STAYS: Final = frozenset(("page-that-says-it-is-generated", "restructuredtext", "text-file"))
