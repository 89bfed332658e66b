"""The search as a reader uses it: a small site with known words, served on loopback, in a browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.browser.serving import build, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
#: What the guide tells hosts to send, except that the theme's own script stands in the page.
POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
CONF = """
import sys
sys.path.insert(0, {ext!r})
project = "Found"
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
html_favicon = "favicon.svg"
html_sidebars = {{"**": ["mlwatch-search-navbar-nav.html", "mlwatch-nav.html"]}}
mlwatch_last_changed = False
mlwatch_topics = {{
    "seen": {{"title": "Seen", "keywords": ["subject 1", "subject 2"]}},
    "all": {{"title": "Everything else", "keywords": ["everything"]}},
}}
mlwatch_keyword_aliases = {{"everything": ["the lot"], "rare words": ["RW", "words that are rare"]}}
bibtex_bibfiles = ["refs.bib"]
mlwatch_series = {{"news": {{"name": "News", "period": "year"}}}}
{more}
"""
#: File name to title, options and summary.
ENTRIES = {
    "dl": ("深度学习综述", {"lang": "zh", "date": "2021-05-01"}, "本文介绍了卷积神经网络和注意力机制。"),
    "seg": (
        "图像识别的模型",
        {"lang": "zh", "date": "2021-05-02"},
        "使用Transformer模型做图像分割，效果很好。",
    ),
    "twin": ("寻找无双的结果", {"lang": "zh", "date": "2021-05-03"}, "这是一段简单的测试文本"),
    "tw": ("迴圈與檔案", {"lang": "zh-TW", "date": "2021-05-04"}, "如何選擇函式並處理錯誤。"),
    "ja": ("機械学習のしくみ", {"lang": "ja", "date": "2021-05-05"}, "データベースから学ぶ。"),
    "de": ("Müllers Übung über Straßen", {"lang": "de", "date": "2020-05-06"}, "Größere Datensätze."),
    "fr": ("L'œuvre et la forêt", {"lang": "fr", "date": "2020-05-07"}, "Réseaux génératifs pour Noël."),
    "plain": (
        "Muller plots",
        {"date": "2020-05-08", "star": "", "keywords": "rare words"},
        "A plain summary of streets, with GPT-3 and C++.",
    ),
    "wide": (
        "ＧＰＵ kernels",
        {"date": "2020-05-09", "code": "[Fast Walsh](https://e.org/w)", "cite": "hadamard2021"},
        "Self-supervised learning.",
    ),
}
COUNT = 60
BIB = """@inproceedings{hadamard2021,
  title = {Orthogonal matrices at scale}, author = {Jacques Hadamard}, booktitle = {ICML 2021}, year = {2021},
  eprint = {2104.00613}, doi = {10.1000/Had.1}, url = {https://papers.example.org/had?x=1}
}
"""


def entry(title: str, options: dict[str, str], summary: str) -> str:
    lines = "\n".join(f":{name}: {value}".rstrip() for name, value in {"source": "Lab", **options}.items())
    return f"# {title}\n\n```{{mlentry}}\n{lines}\n```\n\n## Summary\n\n{summary}\n"


def write_site(folder: Path, more: str = "") -> Path:
    docs = folder / "docs"
    (folder / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (docs / "entries").mkdir(parents=True)
    (folder / "conf.py").write_text(CONF.format(ext=str(ROOT / "_ext"), more=more), "utf-8")
    lists = "\n".join(f"{name}/index" for name in ("years", "keywords", "sources", "digests"))
    (docs / "index.md").write_text(f"# Home\n\n```{{toctree}}\n:hidden:\nabout\n{lists}\n```\n", "utf-8")
    (folder / "refs.bib").write_text(BIB, "utf-8")
    (docs / "about.md").write_text("# About\n\nWritten by curators, with waves of plain text.\n", "utf-8")
    for name, (title, options, summary) in ENTRIES.items():
        (docs / "entries" / f"{name}.md").write_text(entry(title, options, summary), "utf-8")
    for n in range(COUNT):
        options = {
            "source": f"Source {n % 3}",
            "date": f"20{10 + n % 10}-02-{n % 28 + 1:02}",
            "keywords": f"subject {n % 4}, everything",
            "kind": "talk" if n % 5 == 0 else "article",
        }
        # Between "streets" and "waves", so that they stand in different parts of the index.
        terrain = " ".join(f"terrain{n}x{k}" for k in range(40))
        text = entry(f"Filler number {n}", options, f"Sample text about waves of part {n}. {terrain}")
        (docs / "entries" / f"filler-{n:02}.md").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    return build(write_site(tmp_path_factory.mktemp("found")))


@pytest.fixture(scope="module")
def root(site, tmp_path_factory) -> Iterator[str]:
    # As at Read the Docs: the site lies below the root of its host.
    host = tmp_path_factory.mktemp("host")
    (host / "en").mkdir()
    (host / "en" / "latest").symlink_to(site)
    with serve(host, POLICY) as (address, _):
        yield f"{address}en/latest/"


@pytest.fixture
def expected() -> list[str]:
    """Return what the console may say: the policy stops the theme's own script; a test adds what it brings about."""
    return ["inline", "theme mode"]


@pytest.fixture
def page(chromium, expected) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda m: (
            wrong.append(m.text) if m.type == "error" and not any(one in m.text for one in expected) else None
        ),
    )
    page.on(
        "request",
        lambda r: (
            wrong.append(r.url) if not r.url.startswith(("http://127.0.0.1", "file:", "data:")) else None
        ),
    )
    yield page
    context.close()
    assert wrong == []


def ask(page: Page, root: str, query: str = "") -> list[str]:
    """Open the search at *query* (what stands after the "?") and return the titles that are shown."""
    page.goto(f"{root}search.html" + (f"?{query}" if query else ""))
    return shown(page)


def shown(page: Page) -> list[str]:
    page.wait_for_selector(".mlw-search:not([aria-busy]) #mlw-status:not(:empty)")
    return page.locator("#mlw-results .mlw-title").all_inner_texts()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def status(page: Page) -> str:
    shown(page)
    return page.locator("#mlw-status").inner_text()


#: What is asked, and the entries that have it (their file names): parts of words, words that a dictionary cuts in another
#: way in the text and in the query, scripts mixed, letters with and without their dots and accents.
FOUND = {
    "深度学习": ["dl"],
    "学习": ["dl"],
    "机器学习": [],
    "卷积神经网络": ["dl"],
    "神经": ["dl"],
    "经网": ["dl"],
    "注意力 卷积": ["dl"],
    "图像识别模型": ["seg"],
    "图像": ["seg"],
    "像识": ["seg"],
    "图": ["seg"],
    "Transformer模型": ["seg"],
    "transformer 图像": ["seg"],
    "模型 transformer": ["seg"],
    "无双": ["twin"],
    "寻找无双": ["twin"],
    "段简": ["twin"],
    "是一段": ["twin"],
    "迴圈": ["tw"],
    "檔案": ["tw"],
    "函式": ["tw"],
    "選擇": ["tw"],
    "機械学習": ["ja"],
    "データ": ["ja"],
    "ベース": ["ja"],
    "Müller": ["de", "plain"],
    "Mueller": ["de"],
    "muller": ["de", "plain"],
    "Straßen": ["de"],
    "strassen": ["de"],
    "Größere": ["de"],
    "grossere": ["de"],
    "groessere": ["de"],
    "ubung": ["de"],
    "œuvre": ["fr"],
    "oeuvre": ["fr"],
    "forêt": ["fr"],
    "foret": ["fr"],
    "génératifs": ["fr"],
    "generatifs": ["fr"],
    "NOËL": ["fr"],
    "GPU": ["wide"],
    "ＧＰＵ": ["wide"],
    "gpt-3": ["plain"],
    "gpt3": ["plain"],
    "GPT 3": ["plain"],
    "c++": ["plain"],
    "self supervised": ["wide"],
    "self-supervised": ["wide"],
    "learns": ["wide"],
    '"plain summary"': ["plain"],
    '"summary plain"': [],
    "walsh": ["wide"],
    "2020-05-06": ["de"],
    "qqqzzz": [],
}


def test_known_words_find_what_has_them(page, root):
    ask(page, root)
    found = {}
    for query in FOUND:
        page.locator("#mlw-query").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_function("q => new URLSearchParams(location.search).get('q') === q", arg=query)
        shown(page)
        links = page.locator("#mlw-results .mlw-title").evaluate_all("all => all.map(a => a.href)")
        # A digest has the titles of what stands in it.
        found[query] = sorted(Path(link).stem for link in links if "/entries/" in link)
    assert found == {query: sorted(names) for query, names in FOUND.items()}


def test_query_facets_sort_address_and_back(page, root):
    ask(page, root, "q=waves")
    assert status(page) == f"{COUNT} results"
    page.get_by_role("checkbox", name="Source 1").check()
    assert status(page) == "20 results"
    # The other sources keep their counts: one sees what choosing them too would give.
    counts = page.locator('[data-facet="source"] .mlw-count').all_inner_texts()
    assert counts == ["20", "20", "20"]
    page.get_by_role("checkbox", name="Source 2").check()
    assert status(page) == "40 results"  # any within a facet
    page.get_by_role("checkbox", name="talk").check()
    assert status(page) == "8 results"  # all across facets
    page.get_by_label("Sort by").select_option("oldest")
    oldest = shown(page)
    page.get_by_label("Sort by").select_option("newest")
    assert shown(page) == oldest[::-1]
    assert asked(page) == {
        "q": ["waves"],
        "source": ["Source 1", "Source 2"],
        "kind": ["talk"],
        "sort": ["newest"],
    }

    shared = page.url
    page.go_back()
    assert shown(page) == oldest
    assert asked(page)["sort"] == ["oldest"]
    page.go_back()
    page.go_back()
    assert status(page) == "40 results"
    assert not page.get_by_role("checkbox", name="talk").is_checked()
    page.go_forward()
    assert status(page) == "8 results"

    page.goto("about:blank")
    page.goto(shared)
    assert shown(page) == oldest[::-1]
    assert page.get_by_role("checkbox", name="talk").is_checked()
    page.get_by_role("button", name="Remove the filter talk").click()
    assert status(page) == "40 results"
    page.get_by_role("button", name="Clear all").click()
    assert status(page) == f"{COUNT} results"


def test_facets_of_what_an_entry_has_and_of_keywords(page, root):
    ask(page, root, "has=code")
    assert shown(page) == ["ＧＰＵ kernels"]
    ask(page, root, "keyword=subject+1&keyword=subject+2&year=2011")
    assert status(page) == "3 results"
    page.locator("#mlw-results .mlw-badges a", has_text="subject 1").first.click()
    assert asked(page)["keyword"] == ["subject 1", "subject 2"]
    ask(page, root, "star=1")
    assert shown(page) == ["Muller plots"]
    ask(page, root, "lang=zh-TW")
    assert shown(page) == ["迴圈與檔案"]
    ask(page, root, "year=1066&source=Nobody")
    assert status(page) == "Nothing found"
    assert "Remove a filter" in page.locator("#mlw-note").inner_text()
    page.get_by_role("button", name="Clear all").click()
    assert shown(page)


def test_topics_are_the_first_facet(page, root):
    ask(page, root, "")
    first = page.locator("#mlw-facets details").first
    assert first.locator("summary").inner_text() == "Topic"
    assert first.locator("li").all_inner_texts() == ["Everything else\n60", "Seen\n30"]
    first.get_by_role("checkbox", name="Seen").check()
    page.locator("#mlw-status", has_text="30 results").wait_for()
    assert asked(page)["topic"] == ["Seen"]


def test_a_rare_keyword_is_offered_once_it_is_typed_or_chosen(page, root):
    ask(page, root, "")
    box = page.locator("#mlw-facets details[data-facet=keyword]")
    assert "everything" in box.inner_text()
    assert "rare words" not in box.inner_text()
    box.get_by_role("searchbox").fill("rare")
    assert box.locator("li").all_inner_texts() == ["rare words\n1"]
    ask(page, root, "keyword=rare+words")
    assert shown(page) == ["Muller plots"]
    assert box.get_by_role("checkbox", name="rare words").is_checked()


def test_results_show_what_they_are_and_where_the_words_stand(page, root):
    ask(page, root, "q=图像分割")
    result = page.locator("#mlw-results > li", has_text="使用Transformer模型做图像分割，效果很好。")
    assert result.locator("mark").all_inner_texts() == ["图像分割"]
    assert result.locator(".mlw-title").get_attribute("lang") == "zh"
    assert "May 2, 2021" in result.locator(".mlw-meta").inner_text()
    ask(page, root, "q=summaries")
    result = page.locator("#mlw-results > li", has_text="Muller plots")
    assert result.locator(".mlw-star").inner_text() == "★"
    assert result.locator(".mlw-excerpt mark").all_inner_texts() == ["summary"]
    ask(page, root, "q=walsh")
    assert page.locator("#mlw-results .mlw-also mark").inner_text() == "Walsh"


def test_word_that_stands_nowhere_is_named(page, root):
    ask(page, root, "q=waves+qqqzzz")
    assert status(page) == f"{COUNT} results"
    assert "qqqzzz" in page.locator("#mlw-note").inner_text()


def test_digests_and_other_pages_stand_below_the_entries(page, root):
    ask(page, root, "q=waves")
    assert page.locator(".mlw-group h2").all_inner_texts() == ["Other pages"]  # digests have titles alone
    assert page.locator(".mlw-group .mlw-title").all_inner_texts() == ["About"]
    ask(page, root, "q=filler")
    digests = page.locator(".mlw-group").first
    assert digests.locator("li").count() == 3
    digests.get_by_role("link", name="Show all 10").click()
    assert status(page) == "10 results"
    assert asked(page)["kind"] == ["digest"]
    ask(page, root, "q=curators")
    assert status(page) == "No entries"
    assert page.locator(".mlw-group .mlw-title").inner_text() == "About"


def test_buttons_choose_what_is_asked_for_most(page, root):
    ask(page, root)
    buttons = page.locator("#mlw-quick button")
    assert buttons.all_inner_texts() == ["Starred", "Has code", "Has paper", "Has summary"]
    page.get_by_role("button", name="Has code").click()
    assert shown(page) == ["ＧＰＵ kernels"]
    assert page.evaluate("document.activeElement.textContent") == "Has code"
    assert page.get_by_role("button", name="Has code").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Has code").click()
    page.get_by_role("button", name="Starred", exact=True).click()
    assert shown(page) == ["Muller plots"]
    assert asked(page) == {"star": ["1"]}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("plain -streets", []),
        ("plots -streets", []),
        ("plots -kernels", ["Muller plots"]),
        ("-filler -深度 -图像 -寻找 -迴圈 -機械 -Müller -œuvre", ["ＧＰＵ kernels"]),
        ("rw", ["Muller plots"]),  # spellings of a keyword
        ("words that are rare", ["Muller plots"]),
        ("orthogonal matrices", ["ＧＰＵ kernels"]),  # the paper's title, author and venue
        ("Hadamard", ["ＧＰＵ kernels"]),
        ("icml", ["ＧＰＵ kernels"]),
        ("2104.00613", ["ＧＰＵ kernels"]),
        ("arXiv:2104.00613v3", ["ＧＰＵ kernels"]),
        ("https://arxiv.org/pdf/2104.00613v1.pdf", ["ＧＰＵ kernels"]),
        ("10.1000/had.1", ["ＧＰＵ kernels"]),
        ("https://doi.org/10.1000/HAD.1", ["ＧＰＵ kernels"]),
        ("http://www.papers.example.org/had?x=1#top", ["ＧＰＵ kernels"]),
        ("e.org/w/", ["ＧＰＵ kernels"]),
        ("iller", []),  # no word begins so
    ],
)
def test_what_is_typed_finds(page, root, query, titles):
    ask(page, root)
    page.locator("#mlw-query").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_function("q => new URLSearchParams(location.search).get('q') === q", arg=query)
    assert shown(page) == titles


def test_whole_words_come_before_those_that_begin_so_and_none_is_marked_inside(page, root):
    titles = ask(page, root, "q=terrain3x1")  # terrain3x10 to terrain3x19 begin so, too, in the same entry
    assert titles == ["Filler number 3"]
    assert ask(page, root, "q=part")[0].startswith("Filler")
    ask(page, root, "q=self")
    marks = page.locator("#mlw-results mark").all_inner_texts()
    assert marks
    assert all(mark.lower().startswith("self") for mark in marks)


def test_venue_and_year_of_the_paper_are_facets(page, root):
    ask(page, root, "venue=ICML")
    assert shown(page) == ["ＧＰＵ kernels"]
    ask(page, root, "published=2021")
    assert shown(page) == ["ＧＰＵ kernels"]


def test_first_results_appear_while_one_types_on_every_page(page, root):
    page.goto(f"{root}entries/plain.html")
    page.keyboard.press("/")
    page.keyboard.type("filler")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert options.count() == 5
    field = page.get_by_role("combobox")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Escape")
    assert options.count() == 0
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.type(" number 7")
    options.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries/filler-07.html")


def test_no_first_results_are_shown_for_what_is_found_nowhere(page, root):
    page.goto(f"{root}entries/plain.html")
    page.keyboard.press("/")
    page.keyboard.type("filler")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("qqqzzz")
    page.locator(".mlw-instant").wait_for(state="hidden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=qqqzzz")


def test_browsing_goes_on_while_scrolling_and_never_loads_all(page, root):
    titles = ask(page, root)
    assert len(titles) < 40
    assert status(page) == f"{COUNT + len(ENTRIES)} results"
    assert page.locator(".mlw-group").count() == 0
    dates = page.locator("#mlw-results .mlw-meta").all_inner_texts()
    assert "2021" in dates[0]
    page.locator("#mlw-more").scroll_into_view_if_needed()
    page.wait_for_function("n => document.querySelectorAll('#mlw-results > li').length > n", arg=len(titles))
    # Who comes back from a result finds the list as long as it was.
    many = page.locator("#mlw-results > li").count()
    page.locator("#mlw-results .mlw-title").nth(many - 1).click()
    page.wait_for_url("**/*.html")
    page.go_back()
    page.wait_for_function("n => document.querySelectorAll('#mlw-results > li').length >= n", arg=many)


def test_keyboard_alone_is_enough(page, root):
    page.goto(f"{root}entries/plain.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("waves /")  # typing is typing
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    assert status(page) == f"{COUNT} results"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "mlw-query"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    key = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.press("Space")
    page.wait_for_function("location.search.split('&').length > 1")
    shown(page)
    assert page.evaluate("document.activeElement.dataset.key") == key  # the focus stays where it was
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "mlw-query"


def test_theme_button_and_field_of_every_page_lead_here(page, root):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{root}entries/plain.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("waves")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=waves")
    assert status(page) == f"{COUNT} results"


@pytest.mark.parametrize("width", [320, 768, 2560])
def test_fits_every_width(page, root, width):
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, root, "q=waves&source=Source+1&year=2011")
    page.evaluate("document.querySelector('.mlw-facets').open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width < 900:
        page.evaluate("document.querySelector('.mlw-facets').open = false")
        assert "(2)" in page.locator(".mlw-facets > summary").inner_text()
        page.locator(".mlw-facets > summary").click()
        page.get_by_role("checkbox", name="Source 2").check()
        assert asked(page)["source"] == ["Source 1", "Source 2"]


def test_number_of_results_is_announced_and_all_has_a_name(page, root):
    ask(page, root, "q=waves")
    assert page.locator("#mlw-status").get_attribute("role") == "status"
    named = """() => [...document.querySelectorAll('.mlw-search :is(input, select, button)')].filter(e => e.checkVisibility())
      .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).map(e => e.outerHTML)"""
    assert page.evaluate(named) == []
    page.locator("#mlw-query").fill("filler number 7")
    page.wait_for_url("**q=filler+number+7**")  # while one types
    assert shown(page)[0] == "Filler number 7"
    page.locator("#mlw-query").fill("filler number 70")
    page.wait_for_url("**q=filler+number+70**")
    page.go_back()  # what was typed in one go is one step
    assert asked(page) == {"q": ["waves"]}
    assert status(page) == f"{COUNT} results"


def test_without_javascript_the_lists_are_offered(chromium, root):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{root}search.html?q=waves")
    assert page.locator(".mlw-search noscript").inner_text().startswith("The search needs JavaScript")
    links = page.locator(".mlw-search-lists a").evaluate_all("all => all.map(a => a.href)")
    assert {Path(link).parent.name for link in links} >= {"years", "keywords", "sources", "digests"}
    assert [link for link in links if context.request.get(link).status != 200] == []
    assert not page.locator("#mlw-body").is_visible()
    # A search field stands on every page, and leads to the page that says so.
    page.goto(f"{root}index.html")
    assert page.locator(".mlw-search-box").get_attribute("action") == "search.html"
    context.close()


def test_opened_from_disk_it_says_how_to_serve_it(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto((site / "search.html").as_uri() + "?q=waves")
    page.wait_for_selector("#mlw-off:not([hidden])")
    assert "python -m http.server" in page.locator("#mlw-off").inner_text()
    page.locator(".mlw-search-lists a", has_text="Keywords").click()
    assert "keywords/index.html" in page.url
    context.close()


def test_index_that_is_gone_is_told_and_no_dead_end(chromium, site, tmp_path):
    shutil.copytree(site, tmp_path / "site")
    shutil.rmtree(tmp_path / "site" / "pagefind")
    with serve(tmp_path / "site", POLICY) as (address, _):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}search.html")
        page.wait_for_selector("#mlw-off:not([hidden])")
        assert "could not be loaded" in page.locator("#mlw-off").inner_text()
        assert page.locator(".mlw-search-lists a").count() >= 4
        context.close()


def lost(page: Page) -> Any:
    """Return what says that there is no connection."""
    return page.get_by_role("status").filter(has_text="You are offline")


def offline(page: Page, expected: list[str]) -> None:
    """Take the connection away when all is loaded that the page loads by itself."""
    page.wait_for_load_state("networkidle")
    expected += ["net::ERR_INTERNET_DISCONNECTED", "Failed to load the index chunk"]
    page.context.set_offline(True)


def test_query_without_a_connection_is_answered_when_it_is_back(page, root, expected):
    ask(page, root, "q=waves&source=Source+1")
    before = shown(page)
    offline(page, expected)
    # What was loaded works: another order, another filter, no filter.
    page.get_by_label("Sort by").select_option("oldest")
    page.get_by_label("Sort by").select_option("relevance")
    assert shown(page) == before
    page.locator("#mlw-query").fill("streets")  # stands in a part of the index that was not loaded
    page.keyboard.press("Enter")
    lost(page).wait_for()
    assert page.locator(".mlw-results li").count() == 0  # nothing that answers another question
    assert asked(page) == {"q": ["streets"], "source": ["Source 1"], "sort": ["relevance"]}
    page.get_by_role("button", name="Remove the filter Source 1").click()
    lost(page).wait_for()
    page.context.set_offline(False)
    assert shown(page) == ["Muller plots"]
    assert lost(page).count() == 0
    assert asked(page)["q"] == ["streets"]
    assert page.locator("#mlw-query").input_value() == "streets"


def test_first_query_without_a_connection_is_answered_too(page, root, expected):
    ask(page, root)  # browsing loads nothing of Pagefind
    offline(page, expected)
    for query in ("streets", "深度学习"):
        page.locator("#mlw-query").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**q=*{query[0]}*" if query.isascii() else "**q=%*")
        lost(page).wait_for()
    page.get_by_role("button", name="Try again").click()  # too early
    lost(page).wait_for()
    page.context.set_offline(False)
    assert shown(page) == ["深度学习综述"]
    ask_again = page.locator("#mlw-query")
    ask_again.fill("streets")
    ask_again.press("Enter")
    page.locator(".mlw-results", has_text="Muller plots").wait_for()


def test_server_that_does_not_answer_is_no_empty_result(page, root, expected):
    expected += ["net::ERR_FAILED", "Failed to load the index chunk"]
    ask(page, root, "q=waves")
    page.route("**/*.pf_index", lambda route: route.abort())  # the browser thinks that it is online
    page.locator("#mlw-query").fill("streets")
    page.keyboard.press("Enter")
    lost(page).wait_for()
    page.unroute("**/*.pf_index")
    page.get_by_role("button", name="Try again").click()
    assert shown(page) == ["Muller plots"]


def test_index_that_was_renewed_meanwhile_is_no_empty_result(page, root, expected):
    expected += ["404", "Failed to load the index chunk"]
    ask(page, root, "q=waves")
    page.route("**/*.pf_index", lambda route: route.fulfill(status=404))
    page.locator("#mlw-query").fill("streets")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mlw-off:not([hidden])")
    assert "Reload the page" in page.locator("#mlw-off").inner_text()


def test_list_goes_on_when_the_connection_is_back(page, root, expected):
    before = ask(page, root, "q=waves&sort=newest")
    offline(page, expected)
    page.locator("#mlw-more").scroll_into_view_if_needed()
    lost(page).wait_for()
    assert page.locator("#mlw-results .mlw-title").all_inner_texts() == before
    assert status(page) == f"{COUNT} results"
    page.context.set_offline(False)
    page.wait_for_function("n => document.querySelectorAll('#mlw-results > li').length > n", arg=len(before))
    assert lost(page).count() == 0
    titles = page.locator("#mlw-results .mlw-title").all_inner_texts()
    assert titles[: len(before)] == before
    assert len(set(titles)) == len(titles)  # none twice, none left out
    assert ask(page, root, "q=waves&sort=newest&")[: len(before)] == before


def test_filter_that_needs_a_file_comes_when_the_connection_is_back(page, root, expected):
    page.add_init_script(  # as in a large collection, where keywords are loaded when they are asked for
        """const parse = JSON.parse;
           JSON.parse = (...given) => { const found = parse(...given); if (found?.keywords?.size) found.keywords.size = 1e6; return found }"""
    )
    ask(page, root, "q=waves")
    offline(page, expected)
    facet = page.locator('[data-facet="keyword"]')
    facet.locator("summary").click()
    facet.get_by_role("alert").filter(has_text="You are offline").wait_for()
    page.context.set_offline(False)
    facet.get_by_label("subject 1").check()
    assert status(page) == f"{COUNT // 4} results"
    assert asked(page) == {"q": ["waves"], "keyword": ["subject 1"]}


def test_what_an_input_method_has_so_far_is_not_looked_for(page, root):
    ask(page, root)
    session = page.context.new_cdp_session(page)
    page.locator("#mlw-query").focus()
    for text in ("s", "sh", "shen"):
        session.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )
    page.wait_for_timeout(400)
    assert asked(page) == {}
    session.send("Input.insertText", {"text": "深度"})
    page.wait_for_url("**q=%E6%B7%B1%E5%BA%A6")
    assert "深度学习综述" in shown(page)


def test_site_in_chinese_finds_the_same(chromium, tmp_path):
    site = build(write_site(tmp_path), "-D", "language=zh_CN")
    with serve(site, POLICY) as (address, _):
        context = chromium.new_context()
        page = context.new_page()
        for query in ("深度学习", "段简", "图像识别模型", "learns", "groessere"):
            ask(page, address, f"q={query}")
            links = page.locator("#mlw-results .mlw-title").evaluate_all("all => all.map(a => a.href)")
            assert [Path(link).stem for link in links if "/entries/" in link] == FOUND[query], query
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        context.close()


def test_ten_thousand_entries_take_less_than_300_kilobytes(chromium, site, tmp_path):
    """The pages are those of the small site; its index is one of 10,000 entries."""
    from mlwatch.build import pagefind, search_index
    from mlwatch.core.catalogue import load
    from mlwatch.core.collection import Collection
    from mlwatch.core.settings import read

    words = (
        "model network training data image text graph speech token layer label noise robot video code".split()
    )
    docs = tmp_path / "docs" / "entries"
    docs.mkdir(parents=True)
    for n in range(10_000):
        picked = [
            words[(n * (k * k + 3) + k) % len(words)] + ("" if k % 3 else f"{n % 997}") for k in range(60)
        ]
        options = {
            "source": f"Source {n * 7 % 140}",
            "date": f"20{10 + n % 12}-{n % 11 + 1:02}-{n % 27 + 1:02}",
            "keywords": f"key {n % 1009}, key {n * n % 211}, key {n % 13}",
        }
        (docs / f"{n}.md").write_text(entry(" ".join(picked[:8]), options, " ".join(picked)), "utf-8")
    collection = Collection(load(tmp_path / "docs", read({})[0]))
    shutil.copytree(site, tmp_path / "site")
    shutil.rmtree(tmp_path / "site" / "pagefind")
    about = search_index.Site(*pagefind.program(), "en", "en", lambda name: f"{name}.html", {})
    index = tmp_path / "site" / "pagefind"
    search_index.publish(search_index.make(collection, about, "", tmp_path / "kept", index), index)
    with serve(tmp_path / "site", POLICY) as (address, sent):
        for query, limit in {"": 100_000, "q=model+network": 300_000, "q=speech&year=2015": 300_000}.items():
            context = chromium.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            sent.clear()
            assert ask(page, address, query)
            page.wait_for_load_state("networkidle")
            weight = sum(size for path, size in sent if path.startswith("/pagefind/"))
            assert weight < limit, (query, weight, sent)
            context.close()
