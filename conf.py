"""The site: theme, extensions and the ``mlwatch_*`` settings.

Sphinx reads this file (``sphinx-build -c . docs _build/html``), and so does the command line ``mlwatch``, without Sphinx:
nothing but the standard library is imported here.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

# Where the site's sources are kept, for "edit this page". Read the Docs and GitHub Actions say so themselves.
REPOSITORY = "https://github.com/ml-watch/ml-watch"
BRANCH = "main"

# Where the site is published, ending in a slash; feeds and canonical links need it. Read the Docs says so itself.
SITE = ""

# A checkout works without the package being installed.
sys.path.insert(0, str(Path(__file__).resolve().parent / "_ext"))


def _repository() -> str:
    """Return the https address of the repository that is being built, without ``.git``."""
    url = os.environ.get("READTHEDOCS_GIT_CLONE_URL", "")
    if not url and os.environ.get("GITHUB_REPOSITORY"):
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        url = f"{server}/{os.environ['GITHUB_REPOSITORY']}"
    if url.startswith("git@"):  # git@host:owner/name.git
        url = "https://" + url.removeprefix("git@").replace(":", "/", 1)
    return url.removesuffix(".git").rstrip("/") or REPOSITORY


# --- Project ---------------------------------------------------------------------------------------------------------

project = "ML Watch"
author = "The ML Watch developers"
copyright = author
version = "1"  # a knowledge base has no releases, but EPUB asks for a number
release = ""
language = "en"

extensions = [
    "mlwatch",  # brings myst_parser, sphinx_design and sphinxcontrib.bibtex
    "sphinx_copybutton",
    "notfound.extension",
]

exclude_patterns = ["_static"]
smartquotes = False  # titles stay as their authors wrote them

# --- ML Watch --------------------------------------------------------------------------------------------------------

mlwatch_weeks = "us"  # Akira's week 2 of 2021 begins on Sunday 3 January

mlwatch_series = {
    "ml-watch": {
        "title": "ML Watch, {month_name} {year}",
        "name": "ML Watch",
        "description": "Every dated entry of a month, research and threads apart.",
        "period": "month",
        "collects": "dated",
        "sections": {
            "research": "Research",
            "threads": {"title": "Threads", "kinds": ["thread"]},
        },
    },
    "akira": {
        "title": "Akira's ML news, week {week} of {year}",
        "name": "Akira's ML news",
        "description": "What Akira found interesting in a week: papers, technical articles, use cases and more.",
        "period": "week",
        "collects": "named",
        "author": "Akira",
        "sections": {
            "papers": "Machine-learning papers",
            "articles": "Technical articles",
            "use-cases": "Examples of machine-learning use cases",
            "other": "Other topics",
        },
    },
    "ds-ml": {
        "title": "{year} DS/ML digest {number}",
        "name": "DS/ML digest",
        "description": "Data science and machine learning, a numbered issue every few weeks.",
        "period": "number",
        "author": "snakers41",
        "sections": {
            "speech": "Speech",
            "vision": "Computer vision",
            "general": "ML in general",
            "nlp": "NLP",
        },
    },
}

# The name to show: other spellings of it that entries use.
mlwatch_source_aliases = {"MarkTechPost": ["MARKTECHPOST", "Marktechpost"]}
mlwatch_keyword_aliases: dict[str, list[str]] = {}
mlwatch_edit_url = f"{_repository()}/edit/{BRANCH}/docs/{{path}}"  # as GitHub has it
# Everything is written by anyone but the guide and the pages at the top.
mlwatch_untrusted = ["**", "!guide/**", "!index.md", "!bibliography.md"]

# --- Citations -------------------------------------------------------------------------------------------------------

bibtex_bibfiles = ["refs.bib"]

# --- HTML ------------------------------------------------------------------------------------------------------------

html_theme = "sphinx_book_theme"
html_title = project
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", SITE)
html_static_path = ["docs/_static"]
html_css_files = ["site.css"]
html_logo = "docs/_static/logo.svg"
html_favicon = "docs/_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False  # keywords, sources and papers have pages of their own
html_domain_indices = False
# The theme's own tree grows with the square of the collection; ours stays small.
html_sidebars = {"**": ["navbar-logo.html", "mlwatch-search-navbar-nav.html", "mlwatch-sidebar-nav-bs.html"]}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": False,
    "show_toc_level": 2,
    "logo": {"text": project},
    # What each page repeats is kept small: no bar above all, one search button, no advertisements.
    "navbar_persistent": [],
    "primary_sidebar_end": [],
    "article_header_start": ["mlwatch-crumbs-navbar-nav.html"],
    "article_header_end": ["mlwatch-tools-navbar-nav.html"],
    "article_footer_items": ["mlwatch-changed.html"],
    "footer_content_items": ["copyright.html"],
}

# A page that is not there may have any address, so the 404 page's own links start at the root of the site.
notfound_urls_prefix = urlsplit(html_baseurl).path or "/"
notfound_template = "mlwatch-404.html"
notfound_context = {"title": "There is no such page"}

# --- Links -----------------------------------------------------------------------------------------------------------

linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_workers = 8
linkcheck_rate_limit_timeout = 120  # seconds to wait at most for a host that says "too many requests"
linkcheck_anchors_ignore_for_url = [
    r"https://github\.com/",  # draws its headings with a script
]
linkcheck_ignore = [
    r"https?://(www\.)?(twitter|x)\.com/",  # shows nothing without logging in
]

# --- EPUB ------------------------------------------------------------------------------------------------------------

epub_basename = "ml-watch"
epub_description = "Machine-learning news worth reading, with digests, keywords and citations."
epub_identifier = html_baseurl or REPOSITORY
epub_scheme = "URL"
epub_uid = "ml-watch"
epub_show_urls = "no"  # links can be followed in a reader; addresses in the text would drown it
epub_exclude_files = ["search.html", "404.html"]

# --- LaTeX -----------------------------------------------------------------------------------------------------------

latex_engine = "xelatex"  # titles are in many scripts
latex_documents = [("index", "ml-watch.tex", project, author, "manual")]
latex_show_urls = "footnote"
latex_domain_indices = False
latex_elements = {
    "releasename": "",
    # Chinese with whichever of these fonts is there; without one the letters are missing but the document still builds.
    "preamble": r"""
\IfFileExists{xeCJK.sty}{%
  \IfFontExistsTF{Noto Serif CJK SC}{%
    \usepackage{xeCJK}\setCJKmainfont{Noto Serif CJK SC}\setCJKsansfont{Noto Sans CJK SC}\setCJKmonofont{Noto Sans Mono CJK SC}%
  }{\IfFontExistsTF{FandolSong-Regular.otf}{\usepackage{xeCJK}}{}}%
}{}
""",
}
