"""Hosting and CI: what their files say is what there is, and the commands of Read the Docs build the site."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

ROOT: Final = Path(__file__).resolve().parents[1]
DOCUMENTS: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", ".ci/run")),
    *sorted((ROOT / "docs").rglob("guide/*.md")),
    *sorted((ROOT / ".github").rglob("*.yml")),
)
#: The folder of the Git repository, or a file that names it in a work tree beside another.
HAS_GIT: Final = (ROOT / ".git").exists() and shutil.which("git") is not None


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rtd() -> Any:
    return read_yaml(ROOT / ".readthedocs.yaml")


def targets() -> set[str]:
    """Return the targets that ``make help`` lists."""
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return set(re.findall(r"^  make ([a-z-]+) ", done.stdout, re.MULTILINE))


# --- Read the Docs ----------------------------------------------------------------------------------------------


def test_read_the_docs_has_what_it_asks_for(rtd: Any) -> None:
    """See https://docs.readthedocs.io/en/stable/config-file/v2.html."""
    assert rtd.keys() == {"version", "build", "python"}
    assert rtd["version"] == 2
    assert rtd["build"]["os"].startswith("ubuntu-")
    version = tuple(int(part) for part in rtd["build"]["tools"]["python"].split("."))
    assert version >= (3, 11)
    assert rtd["build"].keys() == {"os", "tools", "jobs"}
    assert rtd["build"]["jobs"].keys() == {"post_checkout", "build"}


def test_read_the_docs_installs_the_pinned_requirements_and_the_package(rtd: Any) -> None:
    assert rtd["python"]["install"] == [
        {"requirements": "requirements.txt"},
        {"method": "pip", "path": "."},
    ]
    assert (ROOT / "requirements.txt").is_file()
    assert (ROOT / "pyproject.toml").is_file()


def test_read_the_docs_runs_the_command_of_make_html(rtd: Any, tmp_path: Path) -> None:
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    python.touch(mode=0o755)
    for name in (".stamp-build", ".stamp-dev"):
        (tmp_path / name).touch()
    environment = {k: v for k, v in os.environ.items() if k not in ("SPHINXOPTS", "JOBS", "MAKEFLAGS")}
    shown = subprocess.run(
        ["make", "-n", "html", f"VENV={tmp_path}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    ).stdout
    (line,) = [line for line in shown.splitlines() if " -m sphinx " in line]
    ours = [word for word in shlex.split(line) if not word.startswith("SOURCE_DATE_EPOCH=")]
    (theirs,) = [shlex.split(command) for command in rtd["build"]["jobs"]["build"]["html"]]
    assert (ours[0], theirs[0]) == (str(python), "python")
    assert ours[1:-1] == theirs[1:-1]
    assert (ours[-1], theirs[-1]) == ("_build/html", "$READTHEDOCS_OUTPUT/html")


@pytest.fixture(scope="module")
def hosted(rtd: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Run the commands of Read the Docs in a clean clone of the last commit; return the clone and the site."""
    if not HAS_GIT:
        pytest.skip("this is no Git repository")
    folder = tmp_path_factory.mktemp("rtd")
    clone, output = folder / "checkouts/latest", folder / "output"
    plain = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SOURCE_DATE_EPOCH")
    }
    subprocess.run(
        ["git", "clone", "-q", ROOT.as_uri(), str(clone)],
        env=plain,
        check=True,
        capture_output=True,
        timeout=120,
    )
    environment = {
        **plain,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "READTHEDOCS": "True",
        "READTHEDOCS_OUTPUT": str(output),
        "READTHEDOCS_VERSION": "latest",
        "READTHEDOCS_LANGUAGE": "en",
        "READTHEDOCS_CANONICAL_URL": "https://watch.readthedocs.io/en/latest/",
        "READTHEDOCS_GIT_CLONE_URL": "https://github.com/someone/watch.git",
    }
    jobs = rtd["build"]["jobs"]
    for command in (*jobs["post_checkout"], *jobs["build"]["html"]):
        done = subprocess.run(
            command,
            shell=True,
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return clone, output / "html"


@pytest.mark.slow
def test_read_the_docs_builds_the_whole_site(hosted: tuple[Path, Path]) -> None:
    clone, site = hosted
    for name in ("index.html", "404.html", "search.html", "papers/index.html", "digests/index.html"):
        assert (site / name).is_file()
    entries = {
        path.relative_to(clone / "docs").with_suffix("") for path in (clone / "docs/entries").rglob("*.md")
    }
    pages = {path.relative_to(site).with_suffix("") for path in (site / "entries").rglob("*.html")}
    assert entries == pages
    assert len(entries) >= 172


@pytest.mark.slow
def test_site_at_read_the_docs_knows_its_address_and_its_repository(hosted: tuple[Path, Path]) -> None:
    clone, site = hosted
    page = next((clone / "docs/entries").rglob("*.md")).relative_to(clone / "docs").with_suffix("")
    soup = BeautifulSoup((site / page).with_suffix(".html").read_text(encoding="utf-8"), "html.parser")
    (canonical,) = soup.select("link[rel=canonical]")
    assert canonical["href"] == f"https://watch.readthedocs.io/en/latest/{page.as_posix()}.html"
    edit = [str(link["href"]) for link in soup.select("a[href]") if "/edit/" in str(link["href"])]
    assert edit == [f"https://github.com/someone/watch/edit/main/docs/{page.as_posix()}.md"]
    missing = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    for tag in missing.select("a[href], link[href], script[src]"):
        address = str(tag.get("href") or tag.get("src"))
        assert re.match(r"/en/latest/|https?:|#", address), address


@pytest.mark.slow
def test_every_link_within_the_site_leads_to_a_page_and_an_anchor(hosted: tuple[Path, Path]) -> None:
    _, site = hosted
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts and path.name != "404.html"]
    soups = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in pages}
    anchors = {path: {str(tag["id"]) for tag in soup.select("[id]")} for path, soup in soups.items()}
    dead = []
    for path, soup in soups.items():
        for tag in soup.select("[href], [src]"):
            address = str(tag.get("href") or tag.get("src") or "")
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and anchor not in anchors.get(target, {anchor})):
                dead.append(f"{path.relative_to(site)}: {address}")
    assert len(pages) > 250
    assert dead == []


@pytest.mark.slow
def test_build_leaves_nothing_for_git_to_see(hosted: tuple[Path, Path]) -> None:
    clone, _ = hosted
    done = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""


# --- CI ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workflow() -> Any:
    return read_yaml(ROOT / ".github/workflows/ci.yml")


def commands(workflow: Any) -> list[str]:
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


def test_workflow_runs_checks_builds_tests_and_links(workflow: Any) -> None:
    assert {"make check", "make html", "make test", "make lint", "make linkcheck"} <= set(commands(workflow))
    triggers = workflow[True]  # YAML 1.1 takes the key "on" for true
    assert {"push", "pull_request", "schedule", "workflow_dispatch"} <= triggers.keys()


def test_workflow_tries_links_on_a_schedule_and_by_hand_alone(workflow: Any) -> None:
    for name, job in workflow["jobs"].items():
        runs = [step.get("run") for step in job["steps"]]
        asks = "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch'"
        assert ("make linkcheck" in runs) == (job["if"] == asks), name
        if "make linkcheck" not in runs:
            assert job["if"] == "github.event_name != 'schedule'"


def test_workflow_fetches_the_history_where_days_are_shown(workflow: Any) -> None:
    for job in workflow["jobs"].values():
        if "make html" in [step.get("run") for step in job["steps"]]:
            (checkout,) = [
                step for step in job["steps"] if str(step.get("uses")).startswith("actions/checkout@")
            ]
            assert checkout["with"]["fetch-depth"] == 0


def test_workflow_can_only_read(workflow: Any) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    uses = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", use) for use in uses)


def test_pythons_of_the_workflow_are_those_that_the_package_names(workflow: Any) -> None:
    named = set(
        re.findall(
            r"Programming Language :: Python :: (3\.\d+)",
            (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        )
    )
    assert set(workflow["jobs"]["test"]["strategy"]["matrix"]["python"]) == named


def test_check_script_parses_and_runs_every_step() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False, timeout=60).returncode == 0
    (steps,) = re.findall(r"^for target in (.*); do$", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(steps.split()) == {"lint", "check", "html", "test"}


# --- Documents --------------------------------------------------------------------------------------------------


def test_every_make_target_that_documents_name_is_there() -> None:
    known = targets()
    named: dict[str, str] = {}
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"(?:`|\$ |run: )make ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*(?=[ `&]))*)", text):
            for word in found[1].split():
                named.setdefault(word, path.name)
    assert {"html", "test", "check", "live", "linkcheck"} <= named.keys()
    assert {word: place for word, place in named.items() if word not in known} == {}


def test_every_file_that_the_readme_links_is_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        text = re.sub(
            r"^(`{3,}).*?^\1$", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
        assert [link for link in links if not (ROOT / link).exists()] == [], name


def test_workflow_of_the_hosting_guide_parses() -> None:
    text = (ROOT / "docs/guide/hosting.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        found = yaml.safe_load(block)
        assert set(commands(found)) <= {f"make {target}" for target in targets()}
