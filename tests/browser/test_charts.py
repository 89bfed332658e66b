"""Charts as a reader sees them: on a phone, in both themes, on paper, by keyboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.serving import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONF = """
project = "Tiny"
extensions = ["mlwatch"]
html_theme = "sphinx_book_theme"
mlwatch_last_changed = False
"""
INDEX = "# Home\n\n```{mlchart} strip\n```\n\n```{toctree}\ntrends/index\n```\n"
TOPICS = (
    "speech,vision,graphs,diffusion,retrieval,partially supervised instance segmentation,pruning,机器学习,robots,C++,audio,maps,text"
).split(",")
#: Gives WCAG's contrast of an element's *property* with the page behind it.
CONTRAST = """([selector, property]) => {
  const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = light(rgb(getComputedStyle(document.body).backgroundColor));
  return [...document.querySelectorAll(selector)].map(e => light(rgb(getComputedStyle(e)[property])))
    .map(l => (Math.max(l, ground) + 0.05) / (Math.min(l, ground) + 0.05));
}"""
#: Gives the boxes of the labels of time of each picture, and the picture's own.
LABELS = """() => [...document.querySelectorAll(':is(.mlw-bars, .mlw-stacks) > .mlw-plot')].map(svg => ({
  box: svg.getBoundingClientRect().toJSON(),
  texts: [...svg.querySelectorAll(':scope > text[x]')].map(t => t.getBoundingClientRect().toJSON()),
}))"""


@pytest.fixture(scope="module")
def trends(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of trends with every chart, as an address."""
    folder = tmp_path_factory.mktemp("charts")
    entries = folder / "docs" / "entries"
    entries.mkdir(parents=True)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "docs" / "index.md").write_text(INDEX, encoding="utf-8")
    for i in range(200):
        topics = (TOPICS[i % 13], TOPICS[i * i % 13], TOPICS[(i // 25) % 13])
        lines = [
            f":url: https://example.org/{i}",
            f":source: Source {i % 4}",
            f":date: {2014 + i // 20}-{i % 12 + 1:02}",
        ]
        lines += [f":keywords: {', '.join(dict.fromkeys(topics))}", ":star:" if i % 3 == 0 else ":kind: note"]
        text = "\n".join([f"# Title {i}", "", "```{mlentry}", *lines, "```", ""])
        (entries / f"e{i:03}.md").write_text(text, encoding="utf-8")
    states = ["broken", "timeout", "redirected", "working", "ignored"]
    report = [
        {"uri": f"https://example.org/{i}", "status": states[(i + i // 20) % 5], "info": ""}
        for i in range(200)
    ]
    (folder / "linkcheck.json").write_text("\n".join(map(json.dumps, report)), encoding="utf-8")
    return (build(folder) / "trends" / "index.html").as_uri()


@pytest.fixture
def page(chromium, trends) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(trends)
    yield opened
    context.close()


def test_every_chart_is_there(page):
    assert page.locator("figure.mlw-chart").count() == 7


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_drawn_stands_out_in_both_themes(page, theme):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    for selector, style, least in (
        (".mlw-bar", "fill", 3),
        (".mlw-link-broken", "fill", 3),
        ("path.mlw-link-unchecked", "stroke", 3),
        (".mlw-line", "stroke", 3),
        (".mlw-axis", "stroke", 3),
        (".mlw-bars text", "fill", 4.5),
        (".mlw-panels .mlw-count, .mlw-stacks .mlw-count, figcaption, .mlw-chart summary", "color", 4.5),
    ):
        found = page.evaluate(CONTRAST, [selector, style])
        assert found, selector
        assert min(found) >= least, (selector, min(found))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_in_squares_can_be_read_on_every_shade(page, theme):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    contrasts = page.evaluate(
        """() => {
          const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const box = document.querySelector('.mlw-cells svg');
          return [1, 2, 3, 4, 5].map(n => {
            const make = (tag, name) => { const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
              e.setAttribute('class', name); box.append(e); return light(rgb(getComputedStyle(e).fill)); };
            const [a, b] = [make('rect', `mlw-h${n}`), make('text', `mlw-t${n}`)];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); });
        }"""
    )
    assert min(contrasts) >= 4.5, contrasts


def test_pictures_follow_the_theme(page):
    colour = "() => getComputedStyle(document.querySelector('.mlw-bar')).fill"
    seen = set()
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        seen.add(page.evaluate(colour))
    assert len(seen) == 2


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_labels_keep_their_size_and_stand_apart(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    charts: list[dict[str, Any]] = page.evaluate(LABELS)
    assert charts
    for chart in charts:
        assert chart["texts"]
        for before, after in zip(chart["texts"], chart["texts"][1:], strict=False):
            assert before["right"] + 2 <= after["left"]
        for text in chart["texts"]:
            assert 10 <= text["height"] <= 20
            assert chart["box"]["left"] - 1 <= text["left"]
            assert text["right"] <= chart["box"]["right"] + 1


@pytest.mark.parametrize("width", [320, 1280])
def test_rows_of_squares_stand_beside_their_names(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    names = page.locator(".mlw-cells li")
    heads = page.locator(".mlw-cells .mlw-head")
    assert names.count() == heads.count() >= 3
    for row in range(names.count()):
        name, head = names.nth(row).bounding_box(), heads.nth(row).bounding_box()
        assert abs((name["y"] + name["height"] / 2) - (head["y"] + head["height"] / 2)) < 5
        assert name["x"] + name["width"] <= head["x"]


def test_numbers_open_by_keyboard(page):
    summary = page.locator("figure.mlw-chart summary").first
    table = page.locator("figure.mlw-chart table").first
    assert not table.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert table.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Data: Entries over time"


def test_paper_shows_the_picture_without_the_switch(page):
    page.emulate_media(media="print")
    assert page.locator("figure.mlw-chart .mlw-plot").first.is_visible()
    assert not page.locator("figure.mlw-chart summary").first.is_visible()


def test_squares_and_bars_stay_seen_in_forced_colours(page):
    page.emulate_media(forced_colors="active")
    shapes = "() => [...document.querySelectorAll('.mlw-bar')].map(e => getComputedStyle(e).fill)"
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground not in page.evaluate(shapes)


STATES = "broken timeout redirected working unchecked".split()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_of_links_differ_and_stand_in_the_order_of_their_list(page, theme):
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    looks = page.evaluate(
        """names => names.map(name => { const e = document.querySelector(`.mlw-stacks path.mlw-link-${name}`);
          const style = getComputedStyle(e); return [style.fill, style.strokeDasharray].join(); })""",
        STATES,
    )
    assert len(set(looks)) == 5
    listed = page.locator(".mlw-stacks .mlw-part-list rect:not(.mlw-track)")
    assert [listed.nth(i).get_attribute("class") for i in range(5)] == [f"mlw-link-{name}" for name in STATES]
    bottoms = [page.locator(f".mlw-stacks path.mlw-link-{name}").bounding_box() for name in STATES]
    ends = [box["y"] + box["height"] for box in bottoms]
    assert ends == sorted(ends, reverse=True)


def test_states_of_links_stay_apart_in_forced_colours(page):
    page.emulate_media(forced_colors="active")
    found = page.evaluate(
        """names => names.map(name => getComputedStyle(document.querySelector(`.mlw-stacks path.mlw-link-${name}`)).fill)""",
        STATES,
    )
    assert found[0] not in found[1:]
