"""Every regular expression that meets untrusted text takes linear time, on texts made from the pattern itself.

Each repetition of a pattern is fed what it repeats, what stands before it, and both, many times over, with an end
that fits nothing. :mod:`tests.linear` says how growth is measured.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
from functools import partial
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the parser of patterns has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.linear import grows, seconds

import mlwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(mlwatch.__file__).parent
#: Patterns that meet only a bounded text, or none that anybody but the project writes; with the reason.
BOUNDED = {
    "mlwatch.core.article.links._DOI_TAIL": "is given 300 characters",
    "mlwatch.core.importers.phrases._PICTURES": "is given 4,000 characters",
    "mlwatch.core.scan": "patterns of Sphinx's exclude_patterns, which conf.py sets",
    "mlwatch.parts": "the head of a page and style sheets, which templates and the theme write",
    "mlwatch.build": "the same",
}


class Found(NamedTuple):
    """A pattern of the package: where it stands, and the methods that it is used with."""

    where: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


#: How patterns are asked that another function gets; all other methods of theirs are never called.
PASSED_ON = {
    "mlwatch.core.importers.bibtex_._LINE_OF_COMMANDS": frozenset(("fullmatch",)),
    "mlwatch.core.page._OPTION": frozenset(("match",)),
    "mlwatch.core.page._YAML_OPTION": frozenset(("match",)),
}
METHODS = "search match fullmatch sub subn findall finditer split".split()


def modules() -> Iterator[tuple[Any, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "__main__.py":
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
            yield importlib.import_module(name), path.read_text(encoding="utf-8")


def held(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that a value of a module is or holds."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, (tuple, list, dict)) and depth < 3:
        for one in value.values() if isinstance(value, dict) else value:
            yield from held(one, depth + 1)


def written(module: Any, source: str) -> Iterator[Found]:
    """Yield the patterns that stand in calls such as ``re.sub("…", …)``."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args):
            continue
        method = ast.unparse(node.func)[3:]
        if method in METHODS and isinstance(text := getattr(node.args[0], "value", None), str):
            flags = next((ast.unparse(one.value) for one in node.keywords if one.arg == "flags"), "0")
            pattern = re.compile(text, eval(flags, {"re": re}))
            yield Found(f"{module.__name__}:{node.lineno}", pattern, frozenset((method,)))


def patterns() -> list[Found]:
    found: dict[tuple[str, int], Found] = {}

    def add(where: str, pattern: re.Pattern[str], methods: frozenset[str]) -> None:
        first = found.setdefault((pattern.pattern, pattern.flags), Found(where, pattern, methods))
        found[pattern.pattern, pattern.flags] = first._replace(methods=first.methods | methods)

    for module, source in modules():
        for name, value in vars(module).items():
            used = frozenset(re.findall(rf"\b{name}\.({'|'.join(METHODS)})\b", source))
            for pattern in held(value):
                add(f"{module.__name__}.{name}", pattern, used)
        for one in written(module, source):
            add(*one)
    return [
        one._replace(methods=one.methods or PASSED_ON.get(one.where, frozenset(METHODS)))
        for one in found.values()
        if not any(re.match(rf"{re.escape(name)}(?![\w])", one.where) for name in BOUNDED)
    ]


LETTERS = [*map(chr, range(33, 127)), " ", "\n", "\t", "é", "字", "\u3000"]


def samples(nodes: Any, flags: int) -> list[str]:
    """Return some texts that a parsed pattern may match; those of its parts, one after another."""
    texts = [""]
    for node in nodes:
        texts = [before + after for before in texts for after in samples_of(node, flags)][:6]
    return texts


def samples_of(node: Any, flags: int) -> list[str]:
    code, value = node
    if code is op.LITERAL:
        return [chr(value)]
    if code in (op.IN, op.NOT_LITERAL, op.ANY):
        one = re.compile(literal(node), flags & re.IGNORECASE)
        fits = [char for char in LETTERS if one.fullmatch(char)]
        kinds: tuple[Callable[[str], bool], ...] = (str.isalpha, str.isdigit, str.isspace, str.isprintable)
        firsts = [next((char for char in fits if kind(char)), "") for kind in kinds]
        firsts.append(next((char for char in fits if not char.isalnum()), ""))
        return list(dict.fromkeys(filter(None, firsts))) or fits[:1] or ["a"]
    if code is op.BRANCH:
        return [text for branch in value[1] for text in samples(branch, flags)[:1]][:6]
    if code in (op.SUBPATTERN, op.ATOMIC_GROUP):
        return samples(value if code is op.ATOMIC_GROUP else value[3], flags)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, _, inner = value
        return [text * max(least, 1) for text in samples(inner, flags)] + [""] * (not least)
    return [""]


CLASSES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def literal(node: Any) -> str:
    """Return the pattern of a parsed set of characters."""
    code, value = node
    if code is op.ANY:
        return r"[^\n]"
    if code is op.NOT_LITERAL:
        return f"[^{re.escape(chr(value))}]"
    parts = {
        op.NEGATE: lambda _: "^",
        op.LITERAL: lambda char: re.escape(chr(char)),
        op.RANGE: lambda ends: f"{re.escape(chr(ends[0]))}-{re.escape(chr(ends[1]))}",
        op.CATEGORY: CLASSES.__getitem__,
    }
    return f"[{''.join(parts[code](held) for code, held in value)}]"


def attacks(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return (beginning, what is repeated after it) for each repetition in *pattern*, and single characters of it."""
    beginnings: dict[str, None] = {"": None}
    repeated: dict[str, None] = {}

    def visit(nodes: Any, before: str) -> None:
        for node in nodes:
            code, value = node
            if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                texts = [text for text in samples(value[2], pattern.flags) if text]
                if value[1] > 20:
                    beginnings[before] = None
                    repeated.update(
                        dict.fromkeys([*texts, before, "".join(texts[:2]), before + "".join(texts[:1])])
                    )
                visit(value[2], before)
            elif code is op.BRANCH:
                for branch in value[1]:
                    visit(branch, before)
            elif code in (op.SUBPATTERN, op.ATOMIC_GROUP, op.ASSERT, op.ASSERT_NOT):
                inner = {op.SUBPATTERN: 3, op.ASSERT: 1, op.ASSERT_NOT: 1}.get(code)
                visit(value if inner is None else value[inner], before)
            before += samples_of(node, pattern.flags)[0]
            repeated[before] = None

    visit(parser.parse(pattern.pattern, pattern.flags), "")
    pairs = [pair for pair in itertools.product(beginnings, repeated) if pair[1]]
    return sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1]))[:60]


def uses(found: Found) -> list[Callable[[str], object]]:
    """Return the ways in which a pattern is asked; all that look for it anywhere are one."""
    ways: list[Callable[[str], object]] = []
    if found.methods - {"match", "fullmatch"}:
        ways.append(lambda text: sum(1 for _ in found.pattern.finditer(text)))
    ways += [getattr(found.pattern, name) for name in ("match", "fullmatch") if name in found.methods]
    return ways


ENDS = ("\0", " x")
FIRST, SUSPECT = 3_000, 0.004


def superlinear(found: Found) -> str:
    """Return an attack on which a pattern takes more than linear time."""
    for (before, again), end, use in itertools.product(attacks(found.pattern), ENDS, uses(found)):

        def make(size: int, before: str = before, again: str = again, end: str = end) -> str:
            return before + again * (size // len(again)) + end

        # Few characters show what is worse than the square, a few thousand which attacks are worth a long look.
        for size in (24, 48, FIRST):
            if seconds(partial(use, make(size))) > SUSPECT:
                if how := grows(use, make):
                    return (
                        f"{found.where}: {found.pattern.pattern!r} on {before!r} + {again!r}…{end!r}: {how}"
                    )
                break
    return ""


@pytest.mark.slow
def test_every_regular_expression_takes_linear_time() -> None:
    assert "\n".join(filter(None, map(superlinear, patterns()))) == ""
