"""Times builds: of made-up collections of several sizes beside plain Sphinx and other tools, and of the real one.

``make bench`` runs this without options. Every time is that of a whole process. Each tool gets the same
entries in the same run; see benchmarks/collection.py and benchmarks/tools.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import collection as made  # noqa: E402 - the checkout is no package
from benchmarks import report  # noqa: E402
from benchmarks.tools import CACHE, NAMES, PEERS, Floor, MlWatch, Tool, put_aside  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Figures = dict[str, Any]
    #: Path to time of change and size.
    Stamps = dict[str, tuple[int, int]]

STEPS: Final = ("scan", "check", "help", "full", "j2", "noop", "edits", "search", "citations", "weight")
#: What each edit does to an entry; "added" and "removed" make and take a page.
EDITS: Final[dict[str, Callable[[made.Article, int], made.Article]]] = {
    "body": made.edit_body,
    "title": made.edit_title,
    "keyword": made.edit_keywords,
    "added": made.another,
}
NO_SEARCH: Final = '\nmlwatch_search = "sphinx"\n\n\ndef setup(app):\n    app.connect("builder-inited", lambda app: setattr(app.builder, "search", False))\n'
SCAN: Final = "from mlwatch.core.conf import find_project; print(len(find_project().load().entries))"
KEPT_NAMES: Final = 60
#: From so many entries on, a tool whose build takes a quarter of a full one though nothing changed is not measured after each edit.
LARGE: Final = 5_000


class StepError(Exception):
    """A measured command ended with an error; the text has the end of what it printed."""


@dataclass
class Bench:
    """Runs commands and keeps what they took."""

    work: Path
    runs: int
    extension: Path
    quiet: bool = False
    steps: frozenset[str] = frozenset(STEPS)
    seen: dict[str, Figures] = field(default_factory=dict)

    def run(self, command: Sequence[str], folder: Path) -> Figures:
        """Run *command* once in *folder*; raise StepError when it fails."""
        log = self.work / "output.txt"
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.extension),
            "NO_MKDOCS_2_WARNING": "1",
        }
        environment["MLWATCH_CACHE_DIR"] = str(self.work / CACHE)
        environment.setdefault("SOURCE_DATE_EPOCH", "1577836800")
        environment.pop(
            "PYTHONDONTWRITEBYTECODE", None
        )  # our code is compiled once, as that of other tools is
        measured = [sys.executable, "-I", "-S", str(ROOT / "benchmarks" / "measured.py"), str(log), *command]
        said = subprocess.run(
            measured, cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        figures: Figures = json.loads(said.stdout)
        if figures.pop("exit"):
            raise StepError(
                f"{' '.join(command)}\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            )
        return figures

    def best(
        self, step: str, command: Sequence[str], folder: Path, before: Callable[[int], None] | None = None
    ) -> Figures:
        """Run *command* ``runs`` times, *before* ahead of each; keep the least: the rest is other work of the machine."""
        found = []
        for turn in range(self.runs):
            if before:
                before(turn)
            found.append(self.run(command, folder))
        figures = {name: min(each[name] for each in found) for name in ("wall", "cpu", "peak_mb")}
        figures["walls"] = [each["wall"] for each in found]
        self.say(
            f"  {step:<18} {figures['wall']:9.2f} s  (cpu {figures['cpu']:8.2f} s, {figures['peak_mb']:6.0f} MB)"
        )
        return figures

    def say(self, text: str) -> None:
        """Tell how far the run is."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    # --- One tool at one size ------------------------------------------------------------------------------------

    def tool(self, tool: Tool, collection: made.Collection) -> Figures:
        """Measure *tool* on *collection*: full, unchanged, edited."""
        self.say(f" {tool.label}")
        put_aside(tool.folder, tool.aside)
        tool.write(collection)
        time.sleep(0.2)  # files that are younger than that are read twice, to be safe
        found: Figures = {"versions": tool.versions(), "steps": {}}
        steps = found["steps"]
        if isinstance(tool, MlWatch):
            self._command_line(tool, steps)
        wanted = self.steps
        if "j2" in wanted and tool.parallel:
            steps["full -j2"] = self.best("full -j2", tool.command(2), tool.folder, lambda _: tool.clean())
        if wanted & {"full", "noop", "edits", "weight"}:
            steps["full -j1"] = self.best("full -j1", tool.command(), tool.folder, lambda _: tool.clean())
        if "weight" in wanted:
            found["weight"] = weigh(tool)
        if wanted & {"noop", "edits"}:
            steps["no-op"] = self.best("no-op", tool.command(), tool.folder)
        if "edits" in wanted:
            if steps["no-op"]["wall"] < steps["full -j1"]["wall"] / 4 or len(collection.articles) < LARGE:
                found["written"] = self._edits(tool, collection, steps)
            else:
                self.say("  builds much each time: an edit is about what no change is")
        if isinstance(tool, MlWatch):
            self._without(tool, collection, steps)
        put_aside(tool.folder, tool.aside)
        return found

    def _command_line(self, tool: MlWatch, steps: Figures) -> None:
        scan = [tool.python, "-c", SCAN]
        if "scan" in self.steps:
            steps["scan cold"] = self.best("scan cold", scan, tool.folder, lambda _: tool.forget())
            steps["scan warm"] = self.best("scan warm", scan, tool.folder)
        if "check" in self.steps:
            steps["check cold"] = self.best(
                "check cold", tool.mlwatch("check"), tool.folder, lambda _: tool.forget()
            )
            steps["check warm"] = self.best("check warm", tool.mlwatch("check"), tool.folder)
        if "help" in self.steps:
            steps["--help"] = self.best("--help", tool.mlwatch("--help"), tool.folder)

    def _edits(self, tool: Tool, collection: made.Collection, steps: Figures) -> Figures:
        """Edit one entry in each way, build after each; return what was written by each (that of the last run)."""
        state = _Edited(_middle(collection.articles))
        written: Figures = {}

        def start(action: Callable[[int], None], turn: int) -> None:
            action(turn)
            time.sleep(0.15)  # a build must not fall into the same tick of the clock
            state.before = stamps(tool.output)

        def change(kind: str, turn: int) -> None:
            article = EDITS[kind](state.article, turn)
            if kind != "added":
                state.article = article
            made.write_text(tool.source(article), tool.text(article))

        def remove(turn: int) -> None:
            tool.source(_middle(collection.articles, 1 / 3, turn + 1)).unlink()

        actions = {kind: partial(change, kind) for kind in EDITS} | {"removed": remove}
        for kind, action in actions.items():
            if kind == "keyword" and isinstance(tool, Floor):
                continue  # a line of its text, no more than the body
            name = f"entry {kind}" if kind in ("added", "removed") else f"edit: {kind}"
            steps[name] = self.best(name, tool.command(), tool.folder, partial(start, action))
            written[name] = difference(state.before, stamps(tool.output))
        return written

    def _without(self, tool: MlWatch, collection: made.Collection, steps: Figures) -> None:
        """Measure builds without search and without citations: the difference is what they cost."""
        conf = tool.folder / "conf.py"
        tool.clean()
        if "search" in self.steps:
            put_aside(tool.folder, tool.aside)
            tool.write(collection)
            conf.write_text(conf.read_text(encoding="utf-8") + NO_SEARCH, encoding="utf-8")
            steps["without search: full -j1"] = self.best(
                "without search", tool.command(), tool.folder, lambda _: tool.clean()
            )
            edits: Figures = {}
            self._edits(tool, collection, edits)
            steps |= {f"without search: {name}": taken for name, taken in edits.items()}
        if "citations" in self.steps:
            bare = MlWatch(tool.folder, tool.python, tool.extension, citations=False)
            put_aside(tool.folder, tool.aside)
            bare.write(collection)
            steps["without citations"] = self.best(
                "without citations", bare.command(), bare.folder, lambda _: bare.clean()
            )


@dataclass
class _Edited:
    """The entry that is edited, as it is now, and the output before the build that follows."""

    article: made.Article
    before: Stamps = field(default_factory=dict)


def _middle(articles: Sequence[made.Article], where: float = 1 / 2, place: int = 0) -> made.Article:
    """Return an entry like most: with a full date and a comment, *place* such after the part *where* of the collection."""
    usual = [article for article in articles if len(article.day) == 10 and article.comment]
    return usual[int(len(usual) * where) - 1 - place]


def stamps(folder: Path) -> Stamps:
    """Return each file below *folder* with its time of change and its size."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)  # noqa: PTH118 - ten thousand files
            with suppress(OSError):
                stat = os.stat(path)  # noqa: PTH116
                found[os.path.relpath(path, folder)] = (stat.st_mtime_ns, stat.st_size)
    return found


def difference(before: Stamps, after: Stamps) -> Figures:
    """Return how many files were written and removed, pages apart from the rest, and the first names."""
    written = sorted(name for name, stamp in after.items() if before.get(name) != stamp)
    pages = [name for name in written if name.endswith(".html")]
    others = [name for name in written if not name.endswith(".html")]
    return {
        "pages": len(pages),
        "other_files": len(others),
        "removed": len(before.keys() - after.keys()),
        "names": [*pages[:KEPT_NAMES], *others[:KEPT_NAMES]],
    }


def weigh(tool: Tool) -> Figures:
    """Return sizes in bytes: of the site, of an entry's page, and, for ML Watch, of its other kinds of page."""
    sizes = {name: size for name, (_, size) in stamps(tool.output).items()}
    pages = {name: size for name, size in sizes.items() if name.endswith(".html")}
    entries = {path.relative_to(tool.output).as_posix() for path in tool.entry_pages()}
    found: Figures = {"site": sum(sizes.values()), "files": len(sizes), "pages": len(pages)}
    found["entry_page"] = _middle_and_largest({name: pages[name] for name in pages if name in entries})
    if "index.html" in pages:
        found["front_page"] = pages["index.html"]
    if isinstance(tool, MlWatch):
        issue = re.compile(r"digests/[^/]+/(?!index)[^/]*\.html")
        found["digest_page"] = _middle_and_largest({n: s for n, s in pages.items() if issue.fullmatch(n)})
        rest = {n: s for n, s in pages.items() if n not in entries and n != "index.html"}
        found["list_page"] = _middle_and_largest(rest)
        found["largest_pages"] = dict(sorted(rest.items(), key=lambda item: -item[1])[:8])
        found["search_index"] = sizes.get("searchindex.js", 0)
    return found


def _middle_and_largest(sizes: dict[str, int]) -> Figures:
    if not sizes:
        return {}
    largest = max(sizes, key=lambda name: sizes[name])
    return {"median": round(statistics.median(sizes.values())), "largest": sizes[largest], "name": largest}


# --- The real collection -----------------------------------------------------------------------------------------------


def measure_real(bench: Bench) -> Figures:
    """Build the project's own collection from scratch, beside plain Sphinx.

    Plain Sphinx builds the same pages: those that a person wrote, and the generated ones with the words and links
    that ours show, as Markdown. Beside that stands what it takes for the hand-written pages alone.
    """
    bench.say("The collection in this checkout")
    mine, floor = bench.work / "real", bench.work / "real-floor"
    for folder in (mine, floor):
        shutil.rmtree(folder, ignore_errors=True)
    skip = shutil.ignore_patterns(
        "_build", "__pycache__", ".venv", ".mypy_cache", ".ruff_cache", ".hypothesis"
    )
    for name in ("docs", "_ext", ".git"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, mine / name, ignore=skip)
    for name in ("conf.py", "refs.bib"):
        shutil.copy2(ROOT / name, mine / name)
    if bench.extension != ROOT / "_ext":
        shutil.rmtree(mine / "_ext")
        shutil.copytree(bench.extension, mine / "_ext", ignore=skip)
    tool = MlWatch(mine, sys.executable, mine / "_ext")
    tool.clean()
    plain_tool = Floor(floor, sys.executable)
    plain_tool.setup(made.Collection((), ()))
    made.write_text(floor / "docs" / "index.md", "# Collection\n\n```{toctree}\n:glob:\n\n**\n```\n")
    written = [page for page in (mine / "docs").rglob("*.md") if page != mine / "docs" / "index.md"]
    for page in written:
        text = page.read_text(encoding="utf-8")
        made.write_text(floor / "docs" / page.relative_to(mine / "docs"), made.plain(text))
    steps: Figures = {}
    steps["plain, hand-written"] = bench.best(
        "plain, hand-written", plain_tool.command(1), floor, lambda _: plain_tool.clean()
    )
    for jobs in (1, 2):
        steps[f"full -j{jobs}"] = bench.best(
            f"full -j{jobs}", tool.command(jobs), mine, lambda _: tool.clean()
        )
        for page in tool.output.rglob("*.html"):
            source = floor / "docs" / page.relative_to(tool.output).with_suffix(".md")
            if not source.exists() and page.parent != tool.output:
                made.write_text(source, made.as_markdown(page.read_text(encoding="utf-8")))
        steps[f"plain -j{jobs}"] = bench.best(
            f"plain -j{jobs}", plain_tool.command(jobs), floor, lambda _: plain_tool.clean()
        )
    steps["no-op"] = bench.best("no-op", tool.command(), mine)
    found = {"steps": steps, "hand_written_pages": len(written) + 1, "weight": weigh(tool)}
    for folder in (mine, floor, tool.aside):
        shutil.rmtree(folder, ignore_errors=True)
    return found


# --- The run -----------------------------------------------------------------------------------------------------------


def machine() -> Figures:
    """Return what the figures hold for."""
    processor, memory = platform.processor() or platform.machine(), 0.0
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    with suppress(OSError, ValueError, AttributeError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_at_start": load,
        "date": datetime.now(tz=UTC).isoformat(timespec="seconds"),
    }


def tools_for(
    bench: Bench, peers: str, wanted: Iterable[str], folder: Path, size: int
) -> tuple[list[Tool], list[str]]:
    """Return the tools to measure with *size* entries, and a line for each that is left out."""
    tools: list[Tool] = [
        MlWatch(folder / "mlwatch", sys.executable, bench.extension),
        Floor(folder / "floor", sys.executable),
    ]
    tools += [peer(folder / peer.__name__.lower(), peers) for peer in PEERS]
    kept, left_out = [], []
    for tool in tools:
        if tool.name in wanted:
            why = tool.missing() or (f"{size:,} entries take too long" if size > tool.largest > 0 else "")
            if why:
                left_out.append(f"{tool.label} is left out: {why}")
            else:
                kept.append(tool)
    return kept, left_out


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made_parser = argparse.ArgumentParser(
        prog="bench.py",
        description="Time builds of made-up collections beside plain Sphinx and other tools, and of the real collection. "
        "Without options: 100 and 1,000 entries and the real collection; 10,000 takes about an hour with all tools "
        "and is measured only when asked for (--sizes 10000).",
    )
    add = made_parser.add_argument
    add("--sizes", type=int, nargs="*", metavar="N", help="sizes of made-up collections (default: 100 1000)")
    add(
        "--only",
        nargs="+",
        default=[],
        metavar="NAME",
        choices=(*NAMES, *STEPS),
        help=f"only these tools ({', '.join(NAMES)}) and steps ({', '.join(STEPS)})",
    )
    add(
        "--runs",
        type=int,
        default=1,
        metavar="N",
        help="run each step N times and keep the least (default: 1)",
    )
    add(
        "--collection",
        action="store_true",
        help="only the real collection, beside plain Sphinx on the same pages",
    )
    add(
        "--peers",
        default=sys.executable,
        metavar="PYTHON",
        help="the Python that has the packages of requirements-bench.txt (default: this one)",
    )
    add(
        "--extension",
        type=Path,
        default=ROOT / "_ext",
        metavar="FOLDER",
        help="the folder that holds mlwatch: another checkout's _ext, to compare",
    )
    add("--json", type=Path, metavar="FILE", help="where the figures go (default: _build/bench/figures.json)")
    add(
        "--work",
        type=Path,
        metavar="FOLDER",
        help="where projects are written and built (default: a temporary folder)",
    )
    add(
        "--clock",
        choices=("wall", "cpu"),
        default="wall",
        help="what the table shows: seconds that passed, or seconds of computing, which other work on the machine disturbs less",
    )
    add("--guide", action="store_true", help="also write docs/guide/performance.md and its picture")
    add(
        "--from-json",
        type=Path,
        metavar="FILE",
        help="measure nothing; table, picture and guide from the figures of an earlier run",
    )
    return made_parser


def write_figures(target: Path, figures: Figures) -> None:
    """Write *figures* as JSON."""
    made.write_text(target, json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def measure(arguments: argparse.Namespace, bench: Bench, target: Path) -> Figures:
    """Run everything that is asked for and return the figures; those of each tool are written to *target* as they come."""
    only_tools = [name for name in arguments.only if name in NAMES] or list(NAMES)
    sizes = arguments.sizes if arguments.sizes is not None else ([] if arguments.collection else [100, 1000])
    figures: Figures = {
        "machine": machine(),
        "runs": arguments.runs,
        "sizes": {},
        "left_out": [],
        "failed": [],
    }
    for size in sizes:
        bench.say(f"{size:,} entries")
        entries = made.make(size)
        tools, left_out = tools_for(bench, arguments.peers, only_tools, bench.work / str(size), size)
        figures["left_out"] += [line for line in left_out if line not in figures["left_out"]]
        figures["sizes"][str(size)] = measured = {}
        for tool in tools:
            try:
                measured[tool.name] = {"label": tool.label, **bench.tool(tool, entries)}
            except StepError as error:
                figures["failed"].append(f"{tool.label} at {size:,} entries: {error}")
            write_figures(target, figures)  # an hour's work: what is done is kept when the run is broken off
    if arguments.collection or (arguments.sizes is None and not arguments.only):
        try:
            figures["collection"] = measure_real(bench)
        except StepError as error:
            figures["failed"].append(f"The collection in this checkout: {error}")
    for size in sizes:
        shutil.rmtree(bench.work / str(size), ignore_errors=True)
    return figures


def main() -> int:
    """Measure, print, write; return 1 when a command failed."""
    arguments = parser().parse_args()
    out = ROOT / "_build" / "bench"
    if arguments.from_json:
        figures: Figures = json.loads(arguments.from_json.read_text(encoding="utf-8"))
    else:
        with tempfile.TemporaryDirectory(prefix="mlwatch-bench-") as temporary:
            work = (arguments.work or Path(temporary)).resolve()
            work.mkdir(parents=True, exist_ok=True)
            steps = frozenset(name for name in arguments.only if name in STEPS) or frozenset(STEPS)
            bench = Bench(work, max(1, arguments.runs), arguments.extension.resolve(), steps=steps)
            target = arguments.json or out / "figures.json"
            figures = measure(arguments, bench, target)
        write_figures(target, figures)
    report.print_tables(figures, arguments.clock)
    if figures["sizes"]:
        made.write_text(out / "performance.svg", report.picture(figures))
        print(f"The picture: {out / 'performance.svg'}")
    if arguments.guide:
        made.write_text(ROOT / "docs" / "_static" / "performance.svg", report.picture(figures))
        made.write_text(ROOT / "docs" / "guide" / "performance.md", report.guide(figures))
    for line in figures["failed"]:
        print(line, file=sys.stderr)
    return 1 if figures["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
