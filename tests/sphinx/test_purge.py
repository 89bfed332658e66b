"""Style sheets are read, shortened and written without a change of what is left."""

from __future__ import annotations

import pytest

from mlwatch.parts import purge


@pytest.mark.parametrize(
    ("css", "written"),
    [
        ("a{color:red}", "a{color:red;}\n"),
        ('.a::before { content: "{;}"; }', '.a::before{content:"{;}";}\n'),
        (".a { b: c( 1, 2 ),\n  d; e: 'f, g' }", ".a{b:c( 1,2 ),d;e:'f, g';}\n"),
        ("@media print { .a, .b > c { d: e } }", "@media print{.a,.b>c{d:e;}}\n"),
        (".a { b: url(data:x;base64,c) }", ".a{b:url(data:x;base64,c);}\n"),
        ('.a { b: url("data:x;{}") }', '.a{b:url("data:x;{}");}\n'),
        ("/* .x { } */ .a { --b: ; c: d }", ".a{--b:;c:d;}\n"),
        ('@import "a.css"; .a { &:hover { b: c } }', '@import "a.css";\n.a{&:hover{b:c;}}\n'),
        (".a[b=' , '] { c: d }", ".a[b=' , ']{c:d;}\n"),
    ],
)
def test_a_sheet_is_written_as_it_was_read(css: str, written: str) -> None:
    assert purge.written(purge.parse(css)) == written
    assert purge.written(purge.parse(written)) == written


@pytest.mark.parametrize("css", [".a { b: c", ".a } b: c", "} .a {"])
def test_braces_that_do_not_match_are_an_error(css: str) -> None:
    with pytest.raises(ValueError, match="unmatched"):
        purge.parse(css)


def left(css: str, *missing: str) -> str:
    return purge.written(purge.purge(purge.parse(css), set(missing)))


def test_a_selector_goes_when_a_name_that_it_needs_is_missing() -> None:
    assert left(".a { x: y } .b { x: y } #b { x: y }", ".b") == ".a{x:y;}\n#b{x:y;}\n"
    assert left(".a .b, .c { x: y }", ".b") == ".c{x:y;}\n"
    assert (
        left("@media print { .b { x: y } } @media print { .a { x: y } }", ".b") == "@media print{.a{x:y;}}\n"
    )


def test_names_that_only_exclude_or_are_one_of_several_keep_the_selector() -> None:
    css = ".a:not(.b){x:y;}\n:is(.a,.b) c{x:y;}\n.a:has(>.b){x:y;}\n"
    assert left(css, ".b") == css


def test_properties_and_animations_that_nothing_uses_go_with_those_that_only_they_used() -> None:
    css = ":root { --a: 1; --b: var(--a); --c: 2 } @keyframes spin { to { x: y } } @keyframes turn { to { x: y } } p { color: var(--c) }"
    sheets, dropped = purge.drop_unused({"one.css": purge.parse(css)}, ".q { animation: turn 1s }")
    assert (
        purge.written(sheets["one.css"]) == ":root{--c:2;}\n@keyframes turn{to{x:y;}}\np{color:var(--c);}\n"
    )
    assert dropped == {"--a", "--b", "@spin"}


def test_tokens_of_code_that_look_the_same_share_a_rule() -> None:
    css = ".highlight .k { x: y } .highlight .n { x: z } .highlight .s { x: y } .highlight { x: y }"
    expected = ".highlight :is(.k,.s){x:y;}\n.highlight :is(.n){x:z;}\n.highlight{x:y;}\n"
    assert purge.written(purge.grouped(purge.parse(css))) == expected


def test_rules_of_a_theme_apply_where_no_script_has_chosen_it() -> None:
    css = "html[data-theme=light] a { x: y } html[data-theme='dark'] a, b { x: z }"
    assert purge.written(purge.follow_system(purge.parse(css))) == (
        "html:not([data-theme=dark]) a{x:y;}\n"
        "html[data-theme='dark'] a, b{x:z;}\n"
        "@media (prefers-color-scheme:dark){html:not([data-theme]) a{x:z;}}\n"
    )
