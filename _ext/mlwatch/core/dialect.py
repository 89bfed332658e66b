"""The Markdown that an untrusted page may contain: an allowlist, and the one place that refuses everything else.

Entry pages come from strangers, so a page is data and never a program. :func:`restrict` is a rule of the Markdown
parser that walks all tokens of a page. A build adds it to MyST's parser, where it replaces what is refused by plain
text; :func:`check` runs it on a parser of the same syntax and returns what was refused, without Sphinx. Text inside
directives goes through the same parser, and so through the same rule.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from . import urls
from .problems import Code, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

    from .entry_block import Note

#: MyST's syntax extensions that ``myst_enable_extensions`` may turn on for untrusted pages.
EXTENSIONS: Final = ("amsmath", "colon_fence", "deflist", "dollarmath", "replacements", "smartquotes")
ADMONITIONS: Final = frozenset(
    "admonition attention caution danger error hint important note seealso tip warning".split()
)
#: Our own directives that only draw from the collection; for hand-written digests and index pages, not for entries.
VIEWS: Final = frozenset(("mldigest", "mlindex", "mlchart"))
ROLES: Final = re.compile(r"cite(?::\w+)?|ml:\w+|sub|subscript|sup|superscript|abbr|abbreviation|math")
#: Keys of the front matter that say nothing to Sphinx; note tools write them.
IGNORED_KEYS: Final = frozenset(
    """
    aliases author authors categories category created created_at creation_date cssclass cssclasses date description
    draft id keywords lastmod layout link modified permalink publish published slug source subtitle tag tags title type
    uid updated updated_at url uuid
    """.split()
)
#: How deep blocks, inline markup and directives may be nested. CommonMark's parsers stop near 20 as well.
MAX_NESTING: Final = 20
_MAX_DIRECTIVES: Final = 8
_MAX_FRONT_MATTER: Final = 10_000  # characters
#: So many problems of one page are reported one by one.
_MAX_REPORTED: Final = 50

_BLOCKS: Final = frozenset(
    """
    paragraph_open paragraph_close heading_open heading_close bullet_list_open bullet_list_close ordered_list_open
    ordered_list_close list_item_open list_item_close blockquote_open blockquote_close table_open table_close
    thead_open thead_close tbody_open tbody_close tr_open tr_close th_open th_close td_open td_close hr code_block
    footnote_reference_open footnote_reference_close dl_open dl_close dt_open dt_close dd_open dd_close math_block
    amsmath myst_line_comment
    """.split()
)
_INLINE: Final = frozenset(
    """
    text text_special softbreak hardbreak em_open em_close strong_open strong_close code_inline footnote_ref
    math_inline math_inline_double math_single link_open link_close
    """.split()
)
_COMMENT: Final = re.compile(r"\s*<!--(?:(?!-->).)*+-->\s*", re.DOTALL)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URL: Final = r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?:[\w.~/?=%:@!$'*+,;#-]|&(?![\w#]+;))*+)?"
#: Text that has none of these, and no match of the patterns below, has nothing that could be refused, whatever
#: surrounds it. That holds for nearly all pages, and is found out ten times as fast as by the parser.
_MARKS: Final = ("{", "<", "\0", "$$", "![", ":::", "+++", ")=", "]:", "][")
#: An indented line, seven lists or quotations in one line, the first two marks of a block break.
_DEEP: Final = re.compile(r"\n(?:[ \t]{4}|(?:[ \t]*(?:[-+*:]|\d+[.)])[ \t]|[ \t]*>){7})|\+[ \t]+\+")
#: A link to anything but a plain web page.
_OTHER_LINK: Final = re.compile(rf"\]\((?!{_URL}\))")
_ALLOWED_ROLE: Final = re.compile(rf"\{{(?:{ROLES.pattern})\}}`[\w :+.,/-]+`(?!`)")


class _Place(NamedTuple):
    """What a parse knows of its text: the page's name, what it may draw, and the line before its first."""

    docname: str
    views: frozenset[str]
    line: int = 0
    depth: int = 0


def check(text: str, docname: str, extensions: Sequence[str], *, is_entry: bool) -> list[Note]:
    """Return a note for everything on the untrusted page *text* that its build leaves out.

    *docname* says from where relative links start, *extensions* are those of :data:`EXTENSIONS` that are on.
    """
    found: list[Note] = []
    env = {"mlwatch": _Place(docname, frozenset() if is_entry else VIEWS), "notes": found}
    _parser(tuple(extensions)).parse(text, env)
    found.sort(key=lambda note: note.line)
    if len(found) > _MAX_REPORTED:
        from .entry_block import Note

        more = f"{len(found) - _MAX_REPORTED:,} more problems of this kind on this page"
        found[_MAX_REPORTED:] = [Note(found[_MAX_REPORTED].line, Code.NOT_ALLOWED, more)]
    return found


def parse(text: str, docname: str, extensions: Sequence[str]) -> list[Token]:
    """Return the tokens of *text*, a part of the untrusted page *docname*, without what is refused."""
    return _parser(tuple(extensions)).parse(text, place(docname, is_entry=True))


def is_plain(text: str) -> bool:
    """Say whether *text* has nothing in it that :func:`check` could refuse; False means that only it knows."""
    if "{" in text:
        text = _ALLOWED_ROLE.sub("", text)
    if text.startswith("---") or any(mark in text for mark in _MARKS):
        return False
    emphasis = text.count("*") + text.count("_")
    return emphasis < MAX_NESTING and not _DEEP.search(f"\n{text}") and not _OTHER_LINK.search(text)


def place(docname: str, *, is_entry: bool) -> dict[str, Any]:
    """Return the environment in which a build parses the untrusted page *docname*."""
    return {"mlwatch": _Place(docname, frozenset() if is_entry else VIEWS)}


def enter_directive(env: MutableMapping[str, Any], step: int) -> None:
    """Note in a parser's *env* that the content of a directive begins (1) or ends (-1)."""
    here: _Place = env["mlwatch"]
    env["mlwatch"] = here._replace(depth=here.depth + step)


@cache
def _parser(extensions: tuple[str, ...]) -> MarkdownIt:
    """Return a parser of the syntax that ``myst_parser.parsers.mdit.create_md_parser`` (MyST 5) sets up."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    md = MarkdownIt("commonmark").enable("table")
    md.use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    if "dollarmath" in extensions:
        from mdit_py_plugins.dollarmath import dollarmath_plugin

        md.use(dollarmath_plugin, allow_labels=True, allow_space=True, allow_digits=True, double_inline=False)
    if "colon_fence" in extensions:
        from markdown_it.rules_block import make_fence_rule

        fence = make_fence_rule(markers=(":",), token_type="colon_fence")  # noqa: S106 - no password
        ends = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
        md.block.ruler.before("fence", "colon_fence", fence, {"alt": ends})
    if "amsmath" in extensions:
        from mdit_py_plugins.amsmath import amsmath_plugin

        md.use(amsmath_plugin)
    if "deflist" in extensions:
        from mdit_py_plugins.deflist import deflist_plugin

        md.use(deflist_plugin)
    return md.use(restrict)


def restrict(md: MarkdownIt) -> None:
    """Make *md* refuse what an untrusted page may not contain: a plugin for the parser, to be used last."""
    md.options["maxNesting"] = 2 * MAX_NESTING  # what is too deep must be seen to be reported
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - refused below, and reported
    md.core.ruler.push("mlwatch_restrict", partial(_restrict, md))


def _restrict(md: MarkdownIt, state: StateCore) -> None:
    walk = _Walk(md, state.env)
    if state.inlineMode:
        for token in state.tokens:
            walk.text(token, walk.line)
    else:
        state.tokens[:] = walk.blocks(state.tokens)


class _Walk:
    """One walk over the tokens of a text."""

    def __init__(self, md: MarkdownIt, env: MutableMapping[str, Any]) -> None:
        self._md = md
        self._env = env
        self._place: _Place = env["mlwatch"]
        self._notes: list[Note] | None = env.get("notes")
        self.line = self._place.line + 1

    def _refuse(self, line: int, message: str, code: Code = Code.NOT_ALLOWED) -> None:
        if self._notes is not None:
            from .entry_block import Note

            self._notes.append(Note(line, code, message))

    # --- Blocks ---------------------------------------------------------------------------------------------------

    def blocks(self, tokens: Iterable[Token]) -> list[Token]:
        """Return the *tokens* of blocks that may stay."""
        kept: list[Token] = []
        cut = False
        line = self.line
        for token in tokens:
            if token.map:
                line = self._place.line + token.map[0] + 1
            if token.level > MAX_NESTING:
                if not cut:
                    message = f"lists and quotations are nested more than {MAX_NESTING} deep; flatten them"
                    self._refuse(line, message, Code.TOO_DEEP)
                cut = True
                continue
            cut = False
            kept += self._block(token, line)
        return kept

    def _block(self, token: Token, line: int) -> Iterable[Token]:
        kind = token.type
        if kind == "inline":
            self.text(token, line)
        elif kind in ("fence", "colon_fence"):
            return self._fence(token, line)
        elif kind == "front_matter":
            return self._front_matter(token, line)
        elif kind == "html_block":
            if not _COMMENT.fullmatch(token.content):
                self._refuse_html(token.content, line)
            return ()
        elif kind == "math_block_label":
            message = f"an equation on this page cannot have a label; remove {quote(f'({token.info})')}"
            self._refuse(line, message)
            token.type, token.info = "math_block", ""
        elif kind not in _BLOCKS:
            what = {
                "myst_target": "a target",
                "myst_block_break": "a block break",
            }.get(kind, f"Markdown of the kind {quote(kind)}")
            shown = f" {quote(token.content)}" if token.content.strip() else ""
            self._refuse(line, f"{what}{shown} is not allowed on this page; remove it")
            return ()
        return (token,)

    def _refuse_html(self, html: str, line: int) -> None:
        message = f"raw HTML is not allowed on this page, and is left out: {quote(html.strip())}; write Markdown instead"
        self._refuse(line, message, Code.RAW_HTML)

    def _fence(self, token: Token, line: int) -> Iterable[Token]:
        first, *rest = token.info.strip().split(maxsplit=1) or [""]
        is_directive = first[:1] == "{" and first[-1:] == "}"
        if token.type == "fence" and not is_directive:
            return (token,)  # code
        if is_directive:
            message = self._problem_with_directive(first[1:-1], token)
        else:
            message = f'{quote(":::" + first)} is not allowed on this page; write for example ":::{{note}}"'
        if message:
            self._refuse(line, message)
            return (_shown_as_text(token),)
        if first[1:-1] in ADMONITIONS and self._notes is not None:
            self._check_content(" ".join(rest), token.content, line)
        return (token,)

    def _problem_with_directive(self, name: str, token: Token) -> str:
        if name == "mlentry" or name in self._place.views:
            inside = token.level or self._place.depth
            return (
                f"{quote(name)} cannot be inside other text; move it to the top level of the page"
                if inside
                else ""
            )
        if name not in ADMONITIONS and name != "math":
            return (
                f"the directive {quote(name)} is not allowed on this page and is shown as text; "
                "write Markdown, or one of: note, tip, warning, math"
            )
        if self._place.depth >= _MAX_DIRECTIVES:
            return f"directives are nested more than {_MAX_DIRECTIVES} deep; flatten them"
        start = token.content.lstrip()
        if start.startswith("---") or (start[:1] == ":" and start[:3] != ":::"):
            option = start.partition("\n")[0]
            return f"a directive cannot have options on this page; remove {quote(option)}"
        return ""

    def _check_content(self, argument: str, content: str, line: int) -> None:
        """Check the text in an admonition; a build parses it when it draws the admonition."""
        here = self._place._replace(line=line - 1, depth=self._place.depth + 1)
        env = {**self._env, "mlwatch": here}
        self._md.parse(f"{argument}\n{content}", env)

    def _front_matter(self, token: Token, line: int) -> Iterable[Token]:
        """Keep ``orphan`` and nothing else; report what is neither that nor a fact of a note tool."""
        orphan = False
        try:
            for key, value, at in _front_matter_keys(token.content):
                if key == "orphan":
                    orphan = value.casefold() not in ("false", "no", "off", "")
                elif key.casefold() not in IGNORED_KEYS:
                    message = f"{quote(key)} is not allowed in the front matter of this page; remove it"
                    self._refuse(line + 1 + at, message, Code.FRONT_MATTER)
        except ValueError as error:
            self._refuse(line, f"the front matter cannot be read: {error}", Code.FRONT_MATTER)
        token.content = "orphan: true"
        return (token,) if orphan else ()

    # --- Text -----------------------------------------------------------------------------------------------------

    def text(self, token: Token, line: int) -> None:
        """Restrict what is inside *token*, of the type ``inline``, which begins at *line*."""
        depth, told = 0, False
        refused: list[bool] = []  # for each link that is open, whether it was refused
        kept: list[Token] = []
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            depth += min(child.nesting, 0)
            too_deep = child.nesting != 0 and depth >= MAX_NESTING
            depth += max(child.nesting, 0)
            if too_deep and not told:
                told = True
                message = f"emphasis is nested more than {MAX_NESTING} deep; flatten it"
                self._refuse(line, message, Code.TOO_DEEP)
            if child.type == "link_open":
                refused.append(too_deep or self._is_refused(child, line))
                too_deep = refused[-1]
            elif child.type == "link_close":
                too_deep = bool(refused) and refused.pop()
            if not too_deep:
                kept += self._inline(child, line)
        token.children = kept if token.children is not None else None

    def _inline(self, token: Token, line: int) -> Iterable[Token]:
        kind = token.type
        if kind == "myst_role":
            name = token.meta["name"]
            if not ROLES.fullmatch(name):
                message = (
                    f"the role {quote(name)} is not allowed on this page and is shown as text; "
                    "use cite, ml:*, sub, sup, abbr or math"
                )
                self._refuse(line, message)
                token.type, token.content = "text", f"{{{name}}}`{token.content}`"
        elif kind == "html_inline":
            if not _COMMENT.fullmatch(token.content) and not token.content.startswith("</"):
                self._refuse_html(token.content, line)
            return ()
        elif kind == "image":
            source = str(token.attrs.get("src", ""))
            if urls.problem_with(source) or source[:4].casefold() != "http":
                message = (
                    f"the picture {quote(source)} is not a whole http or https address and is left out; "
                    "give one, it is shown as a link"
                )
                self._refuse(line, message)
                token.type, token.children = "text", None
        elif kind not in _INLINE:
            self._refuse(line, f"Markdown of the kind {quote(kind)} is not allowed on this page; remove it")
            token.type = "text"
        return (token,)

    def _is_refused(self, link: Token, line: int) -> bool:
        target = str(link.attrs.get("href", ""))
        message = problem_with_link(target, self._place.docname)
        if message:
            is_url = _SCHEME.match(target) and "/" not in target.partition(":")[0]
            self._refuse(line, message, Code.BAD_URL if is_url else Code.NOT_ALLOWED)
        return bool(message)


def _shown_as_text(fence: Token) -> Token:
    """Turn a refused directive into a block of code that shows what the page's author wrote."""
    fence.content = f"{fence.markup}{fence.info}\n{fence.content}{fence.markup}\n"
    fence.type, fence.info, fence.markup = "fence", "text", "```"
    return fence


def problem_with_link(target: str, docname: str) -> str:
    """Return why the page *docname* cannot link to *target* and how to fix it; "" when it can.

    It can link to http, https and mailto addresses, to places on this site (``#name``), and to its pages
    (``other.md``, ``/guide/index.md``), never to any other file.
    """
    if target.startswith("#"):
        return ""
    if _SCHEME.match(target):
        return urls.problem_with(target) or ""
    path = unquote(target.partition("#")[0])
    if not path.endswith(".md") or "\\" in path or path.startswith("//") or not path.isprintable():
        return (
            f"{quote(target)} is not an http, https or mailto address or a page of this site; "
            "write a whole address, or the path of a page that ends in .md"
        )
    folder = "" if path.startswith("/") else posixpath.dirname(docname)
    if posixpath.normpath(posixpath.join(folder, path.lstrip("/"))).startswith("../"):
        return f"{quote(target)} is outside the folder of the sources; link to its web address instead"
    return ""


def _front_matter_keys(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each key of the front matter *text* with its value, "" for one of several parts, and its line from 0.

    Raises ValueError with the reason when it is not a YAML mapping.
    """
    import yaml

    if len(text) > _MAX_FRONT_MATTER:
        raise ValueError(f"it has {len(text):,} characters; {_MAX_FRONT_MATTER:,} are allowed")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        where = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        raise ValueError(f"{error.problem or 'it is not YAML'}{where}; fix or remove it") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ValueError("it is not YAML; fix or remove it") from None
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise ValueError('it has no "key: value" lines; fix or remove it')  # noqa: TRY004 - a mistake in a text
    for key, value in root.value:
        held = value.value if isinstance(value, yaml.ScalarNode) else ""
        yield (str(key.value), held, key.start_mark.line)
