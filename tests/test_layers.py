"""The layers: imports go downwards only, and the ground floor knows nothing of Sphinx."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import mlwatch

PACKAGE: Final = Path(mlwatch.__file__).parent
MODULES: Final = {
    ".".join(("mlwatch", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
FLOORS: Final = {"core": 0, "base": 1, "parts": 2, "build": 3}
ROOF: Final = 4
#: What floor 0 must not load: the build's libraries.
BUILD_ONLY: Final = ("sphinx", "docutils", "myst_parser", "sphinx_design", "sphinxcontrib")


def floor(module: str) -> int:
    return FLOORS.get(module.split(".")[1], ROOF) if "." in module else ROOF


def imports(module: str) -> set[tuple[str, int]]:
    """Return what *module* imports anywhere, functions and TYPE_CHECKING included, with the line."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[tuple[str, int]] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package if node.level else ""
            name = ".".join(filter(None, (base, node.module)))
            found.add((name, node.lineno))
            found |= {(full, node.lineno) for a in node.names if (full := f"{name}.{a.name}") in MODULES}
    return found


def fresh(code: str, *arguments: str) -> str:
    """Run *code* in a Python of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_folder_has_a_floor() -> None:
    folders = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE}
    assert folders - {"cli", "web"} == set(FLOORS)


def test_network_stands_on_the_ground_floor_and_only_the_command_line_on_it() -> None:
    used = {
        module: {name for name, _ in imports(module) if name.startswith("mlwatch.")} for module in MODULES
    }
    above = {
        module for module, names in used.items() if any(name.startswith("mlwatch.web") for name in names)
    }
    assert {module.split(".")[1] for module in above} == {"cli", "web"}
    below = {name.split(".")[1] for module in MODULES if ".web" in module for name in used[module]}
    assert below <= {"core", "web"}


@pytest.mark.parametrize("module", [name for name in MODULES if floor(name) < ROOF])
def test_imports_go_downwards_only(module: str) -> None:
    upwards = sorted(
        f"{MODULES[module]}:{line}: {name}"
        for name, line in imports(module)
        if name.partition(".")[0] == "mlwatch" and name != "mlwatch" and floor(name) > floor(module)
    )
    roof = sorted(f"{MODULES[module]}:{line}" for name, line in imports(module) if name == "mlwatch")
    assert upwards + roof == []


@pytest.mark.parametrize(
    "module",
    [name for name in MODULES if floor(name) == 0 or name.startswith(("mlwatch.cli", "mlwatch.web"))],
)
def test_ground_floor_and_command_line_name_no_library_of_the_build(module: str) -> None:
    named = sorted(name for name, _ in imports(module) if name.split(".")[0] in BUILD_ONLY)
    assert named == []


def test_ground_floor_loads_no_library_of_the_build() -> None:
    core = [name for name in MODULES if floor(name) == 0]
    loaded = json.loads(
        fresh(
            "import importlib, json, sys\n"
            "for name in sys.argv[1:]: importlib.import_module(name)\n"
            "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))",
            *core,
        )
    )
    assert set(loaded) & set(BUILD_ONLY) == set()


ALONE = """
import importlib, os, sys
import sphinx.application, myst_parser.sphinx_, sphinx_design  # what all share, loaded once
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(name, flush=True)
"""


@pytest.mark.skipif(not hasattr(sys.modules["os"], "fork"), reason="each module is imported in a fork")
def test_every_module_can_be_imported_alone() -> None:
    """No module works only because another was imported before it."""
    assert fresh(ALONE, *(name for name in MODULES if not name.endswith("__main__"))) == ""


def test_package_itself_loads_nothing() -> None:
    loaded = fresh(
        "import sys; before = set(sys.modules); import mlwatch; print(*sorted(set(sys.modules) - before))"
    )
    assert [name for name in loaded.split() if name.partition(".")[0] not in sys.stdlib_module_names] == [
        "mlwatch"
    ]


def test_no_state_of_a_build_is_kept_in_a_module() -> None:
    """A build in one process must not see what another build left: no module-level name is assigned to later."""
    kept = [
        f"{path}:{node.lineno}"
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Global)
    ]
    assert kept == []
