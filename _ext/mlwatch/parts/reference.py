"""The directive ``mlreference``: documentation that is written from the code, so that it cannot differ from it."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..base.warnings import warn
from ..core.criteria import CRITERIA
from ..core.filters import ORDERS
from ..core.model import FIELDS, Form
from ..core.problems import Code, quote, suggest
from ..core.rules import RULES
from ..core.settings import DEFAULT_TITLES, PERIODS, SETTINGS, TITLE_NAMES, read
from ..core.topics import TOPIC_OPTIONS
from ..core.views.charts import CHARTS
from .digest import OPTIONS
from .domain import ROLES
from .index import KINDS, IndexDirective

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: The options of one series in ``mlwatch_series``.
SERIES_OPTIONS: Final = {
    "name": "What the series is called; its id when not given.",
    "title": "The pattern of an issue's title, with names in braces (see below).",
    "period": f"How often it appears: {', '.join(f'`{period}`' for period in PERIODS)}. Required.",
    "collects": '`"dated"`: every entry whose date lies in the issue\'s period, and those that name the issue. '
    '`"named"`: only entries that name it. Numbered series are always `"named"`, others `"dated"` when not given.',
    "sections": "The sections in their order: a dictionary from id to title, or to "
    '`{"title": …, "kinds": […]}`; such a section collects entries of these kinds that name no section.',
    "author": "Who writes it.",
    "url": "The address of the original, when the series retells one.",
    "description": "A sentence about it, for the list of digests.",
}

#: What a reference of each role names.
TARGETS: Final = {
    "entry": "an entry: its page's name below the folder of the entries, such as `2021/a-page`; the last part alone where no other entry has it",
    "digest": "an issue: `ds-ml/2019-20` or `ds-ml 2019-20`; a roll-up: `ds-ml/2019`; a series: `ds-ml`",
    "topic": "a topic's page: the topic's id, such as `vision`",
    "keyword": "a keyword's page: the keyword in any spelling that is folded into it",
    "source": "a source's page: the source in any spelling that is folded into it",
}


class ReferenceDirective(SphinxDirective):
    """Writes what its argument names: one of :data:`PARTS`."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the nodes, with ids, places for translators, and the files to look at again."""
        what = self.arguments[0]
        if what not in PARTS:
            hint = suggest(what, PARTS) or f"; there are: {', '.join(PARTS)}"
            warn(Code.REFERENCE, f"mlreference cannot write {quote(what)}{hint}", self.get_location())
            return []
        made = list(PARTS[what]())
        for node in made:
            for part in node.findall(nodes.Element):
                self._name(part)
                if isinstance(part, nodes.TextElement):
                    self.set_source_info(part)  # message catalogues hold only what has a place
        for path in _sources():
            self.env.note_dependency(path)  # a change of the code reads the page again
        return made

    def _name(self, node: nodes.Element) -> None:
        """Turn the wanted id of *node* into its id, where the page has none of that name yet."""
        wanted = node.attributes.pop("mlw_id", "")
        if wanted and wanted not in self.state.document.ids:
            node["ids"].append(wanted)
            self.state.document.ids[wanted] = node


def _sources() -> list[str]:
    """Return the files of the package: what is written here can come from any of them."""
    return sorted(str(path) for path in Path(__file__).parents[1].rglob("*.py"))


def words(text: str) -> list[nodes.Node]:
    """Return *text* with what stands in backticks as literals."""
    out: list[nodes.Node] = []
    for number, part in enumerate(text.split("`")):
        if part:
            out.append(nodes.literal("", part) if number % 2 else nodes.Text(part))
    return out


def paragraph(text: str) -> nodes.paragraph:
    """Return a paragraph; its raw source lets translators see the backticks."""
    return nodes.paragraph(text, "", *words(text))


def _sentence(text: str) -> str:
    """Return *text* with a capital and a full stop, unless it begins with a literal."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def table(
    titles: Sequence[str], widths: Sequence[int], rows: Iterable[tuple[str, ...]], prefix: str = ""
) -> nodes.table:
    """Return a table; the first column of each row is code, and names the row: ``<prefix>-<name>``."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph(title, title)) for title in titles))
    body = nodes.tbody("")
    for first, *rest in rows:
        code = nodes.paragraph("", "", nodes.literal("", first))
        row = nodes.row("", nodes.entry("", code), *(nodes.entry("", paragraph(text)) for text in rest))
        if prefix:
            row["mlw_id"] = nodes.make_id(f"{prefix}-{first}")
        body += row
    group += [nodes.thead("", head), body]
    return nodes.table("", group, classes=["colwidths-given"])


def definitions(items: Iterable[tuple[str, str, Sequence[str]]], prefix: str) -> nodes.definition_list:
    """Return a definition list of (name, classifier, paragraphs); each term has the id ``<prefix>-<name>``."""
    listed = nodes.definition_list("")
    for name, kind, told in items:
        term = nodes.term("", "", nodes.literal("", name), mlw_id=nodes.make_id(f"{prefix}-{name}"))
        item = nodes.definition_list_item("", term)
        if kind:
            item += nodes.classifier(kind, kind)
        item += nodes.definition("", *(paragraph(text) for text in told))
        listed += item
    return listed


def _options() -> Iterator[nodes.Node]:
    rows = []
    for field in FIELDS:
        form = str(field.form)
        if field.choices:
            form = Form.CHOICE if field.form is Form.CHOICE else "some of"
            form = f"{form} {', '.join(f'`{choice}`' for choice in field.choices)}"
        rows.append((field.name, form, f"Required. {field.help}" if field.required else field.help))
    yield table(("Option", "Value", "Meaning"), (16, 32, 52), rows, "mlentry")


def _settings() -> Iterator[nodes.Node]:
    def told(default: object, text: str) -> tuple[str, str]:
        shown = f'"{default}"' if isinstance(default, str) else repr(default)
        return text, f"Default: `{shown}`"

    yield definitions(
        ((s.name, " or ".join(kind.__name__ for kind in s.types), told(s.default, s.help)) for s in SETTINGS),
        "setting",
    )


def title_names(period: str) -> list[str]:
    """Return the names that can stand in the title pattern of a series of this period, by asking the check itself."""
    return [
        name
        for name in TITLE_NAMES
        if not read({"mlwatch_series": {"x": {"period": period, "title": f"{{{name}}}"}}})[1]
    ]


def _series() -> Iterator[nodes.Node]:
    yield definitions(((name, "", (text,)) for name, text in SERIES_OPTIONS.items()), "series")
    rows = (
        (period, ", ".join(f"`{{{name}}}`" for name in title_names(period)), f"`{DEFAULT_TITLES[period]}`")
        for period in PERIODS
    )
    yield table(("Period", "Names in a title", "Title when none is given"), (12, 50, 38), rows)


def _topics() -> Iterator[nodes.Node]:
    yield definitions(((name, "", (text,)) for name, text in TOPIC_OPTIONS.items()), "topic")


def _mlindex() -> Iterator[nodes.Node]:
    yield table(
        ("Argument", "Draws"),
        (22, 78),
        ((name, _sentence(kind.help)) for name, kind in KINDS.items()),
        "mlindex",
    )
    names = ", ".join(f"`{name}`" for name in IndexDirective.option_spec)
    yield paragraph(f"Options: {names}. `page` says which page of a long list; generated pages give it.")


def _mlchart() -> Iterator[nodes.Node]:
    rows = ((name, _sentence(text)) for name, text in CHARTS.items())
    yield table(("Argument", "Draws"), (22, 78), rows, "mlchart")


def _mldigest() -> Iterator[nodes.Node]:
    yield table(
        ("Option", "Meaning"),
        (22, 78),
        ((name, _sentence(text)) for name, text in OPTIONS.items()),
        "mldigest",
    )


def _roles() -> Iterator[nodes.Node]:
    rows = ((f"ml:{role}", _sentence(TARGETS[role])) for role in ROLES)
    yield table(("Role", "Names"), (22, 78), rows, "role")


def _problems() -> Iterator[nodes.Node]:
    yield definitions(((str(code), "", (code.meaning,)) for code in Code), "problem")


def _remarks() -> Iterator[nodes.Node]:
    yield definitions(((str(code), str(rule.level), (rule.help,)) for code, rule in RULES.items()), "remark")


def _filters() -> Iterator[nodes.Node]:
    rows = (
        (name, _sentence(criterion.help), f"`{criterion.example}`") for name, criterion in CRITERIA.items()
    )
    yield table(("Name", "Asks for", "Example"), (16, 44, 40), rows, "filter")


def _orders() -> Iterator[nodes.Node]:
    rows = ((name, _sentence(told)) for name, (told, _) in ORDERS.items())
    yield table(("Order", "Means"), (22, 78), rows, "order")


def _commands() -> Iterator[nodes.Node]:
    # The command line is the roof; it is looked at here as anything is that is documented, not built upon.
    top = import_module(f"{__package__.rpartition('.')[0]}.cli").commands
    yield from _command(top, click.Context(top, info_name=top.name, **top.context_settings))


def _command(command: click.Command, context: click.Context) -> Iterator[nodes.Node]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield nodes.literal_block(usage, usage, language="text")
    yield from _help(command.help or "")
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        yield table(("Option", "Meaning"), (36, 64), records)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is None or below.hidden:
                continue
            inner = click.Context(below, info_name=name, parent=context, **below.context_settings)
            title = nodes.title(f"`{inner.command_path}`", "", nodes.literal("", inner.command_path))
            section = nodes.section("", title, mlw_id=nodes.make_id(f"command-{inner.command_path}"))
            section += list(_command(below, inner))
            yield section


def _help(text: str) -> Iterator[nodes.Node]:
    """Return the help text of a command: paragraphs, and blocks that click is told to leave as they are."""
    for block in inspect.cleandoc(text.partition("\f")[0]).split("\n\n"):
        if block.startswith("\b\n"):
            kept = block.removeprefix("\b\n")
            yield nodes.literal_block(kept, kept, language="text")
        elif block.strip():
            yield paragraph(" ".join(block.split()))


#: What the directive can write.
PARTS: Final[dict[str, Callable[[], Iterator[nodes.Node]]]] = {
    "options": _options,
    "settings": _settings,
    "series": _series,
    "topics": _topics,
    "mlindex": _mlindex,
    "mlchart": _mlchart,
    "mldigest": _mldigest,
    "roles": _roles,
    "problems": _problems,
    "remarks": _remarks,
    "filters": _filters,
    "orders": _orders,
    "commands": _commands,
}
