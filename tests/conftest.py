"""A clone small enough to build in a test: a tiny ledger, tiny notebooks, and the real program."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import browser as real_browser
import pytest
from faults_survived import pytest_terminal_summary  # noqa: F401
from hypothesis import settings

from report.folders import Folders
from report.kernels.private import make_font_list, warm_parent
from report.kernels.warm import AVAILABLE, WarmParent
from report.runs import execute
from report.runs.extract import FINDINGS, VERDICTS

REPOSITORY = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "build", "published")
# The same examples in every run, and no clock that could fail one on a busy machine.
settings.register_profile("same_examples", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("same_examples")
# Tests that type into JupyterLab or wait for a preview: each has a browser, a server or kernels at work. Side by side
# on two cores they keep each other waiting, so one process runs them, one after another.
LIVE = (
    "tests/test_lab_chapter.py",
    "tests/test_lab.py",
    "tests/report/preview/test_preview.py",
    "tests/report/preview/test_replays.py",
)
# The files of tests that take longest. Three of them build in this clone, one at a time, so they are not side by side.
LONGEST = (
    "tests/test_dependence.py",
    "tests/report/pages/test_browser.py",
    "tests/report/command/test_cli.py",
    "tests/report/runs/test_reuse.py",
    "tests/test_new_source.py",
    "tests/report/foreign/test_foreign.py",
    "tests/report/runs/test_execute.py",
    "tests/report/runs/test_sweep.py",
    "tests/test_other_ledger.py",
    "tests/test_ci.py",
    "tests/report/pages/test_typst.py",
    *LIVE,  # after what builds whole reports, which takes every core
)


def processes_with(marker: str) -> dict[int, str]:
    """Return the command of every process but this one whose environment holds `marker`, by its id."""
    if not Path("/proc/self/environ").exists():
        told = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout
        lines = [line.split(maxsplit=1) for line in told.splitlines() if marker in line]
        return {int(number): command for number, command in lines if int(number) != os.getpid()}
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile, or is another user's
            if int(entry.name) != os.getpid() and marker.encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def path_with(marker: str) -> dict[str, str]:
    """Return a PATH that ends with `marker`: kernels keep it of their environment, so `processes_with` finds them."""
    return {"PATH": f"{os.environ['PATH']}:/{marker}"}


@pytest.fixture(scope="module")
def browser():
    """Return a real browser for the tests of one module, where there is one."""
    with real_browser.running() as found:
        yield found


@pytest.fixture(scope="module")
def desk(browser) -> Iterator[real_browser.Watched]:
    """Return the published page on a desk, for the tests of one module."""
    with real_browser.opened(browser, real_browser.PUBLISHED) as watched:
        yield watched


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the option with which the pictures are made anew."""
    parser.addoption("--accept", action="store_true", help="keep today's look as the pictures of tests/pictures/")
    parser.addoption("--torture", action="store_true", help="plant the faults too that take long (make torture)")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start, even if this one was started to ignore it, as by `nohup … &`."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def unit_of_work(file: str) -> str:
    """Return the name of what one process runs whole: a file, or those that are better not run side by side."""
    return "live" if file in LIVE else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Hand out whole files, as `--dist loadfile` does, and those of `LIVE` together."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of_work(super()._split_scope(nodeid))

    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long faults out unless asked for; where several processes share the tests, begin with the longest files."""
    if not config.getoption("--torture"):
        left_out = [item for item in items if item.get_closest_marker("torture")]
        items[:] = [item for item in items if not item.get_closest_marker("torture")]
        config.hook.pytest_deselected(items=left_out)
    if hasattr(config, "workerinput"):
        places = {file: place for place, file in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@dataclass
class Clone:
    """A clone of the project in a folder of its own, with notebooks that a test writes."""

    root: Path

    @property
    def folders(self) -> Folders:
        """Return its folders."""
        return Folders(self.root)

    def copy(self, root: Path) -> Clone:
        """Return a copy of it, with everything that has been built."""
        return Clone(Path(shutil.copytree(self.root, root, symlinks=True)))

    def write(
        self, name: str, *cells: str, parameters: str = "", reads_findings: bool = False, sweep: bool = False
    ) -> Path:
        """Write a notebook of code cells with the ids one, two, three …, the parameters cell before them."""
        first = [code_cell("parameters", parameters, ["parameters"])] if parameters else []
        ids = ("one", "two", "three", "four", "five")
        path = self.folders.notebooks / f"{name}.ipynb"
        said = {key: True for key, holds in (("reads_findings", reads_findings), ("sweep", sweep)) if holds}
        metadata = {"report": said} if said else {}
        source = as_notebook([markdown_cell("# What is it?"), *first, *map(code_cell, ids, cells)], metadata)
        path.write_text(json.dumps(source), encoding="utf-8")
        return path

    def declare(self, text: str) -> None:
        """Write notebooks/parameters.yaml."""
        (self.folders.notebooks / "parameters.yaml").write_text(text, encoding="utf-8")

    def report(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        """Run `python -m report` at its root, as a person would, and return what came of it."""
        return subprocess.run(
            **self.command(*arguments, environment=environment),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def command(self, *arguments: str, environment: dict[str, str] | None = None) -> dict:
        """Return that command as arguments of `subprocess`."""
        command = [sys.executable, "-m", "report", *arguments]
        return {"args": command, "cwd": self.root, "env": {**os.environ, **(environment or {})}}

    def published(self) -> dict[str, bytes]:
        """Return everything published, by its path from the root."""
        found = [
            path
            for folder in (self.folders.figures, self.folders.published)
            for path in folder.rglob("*")
            if path.is_file()
        ]
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted(found)}


def as_notebook(cells: Sequence[dict], metadata: dict | None = None) -> dict:
    """Return a notebook as an author keeps it."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    said = {"kernelspec": kernel, "language_info": {"name": "python"}, **(metadata or {})}
    return {"cells": list(cells), "metadata": said, "nbformat": 4, "nbformat_minor": 5}


def code_cell(id: str, source: str, tags: Sequence[str] = (), outputs: Sequence[dict] = ()) -> dict:
    """Return a code cell."""
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": id,
        "metadata": metadata,
        "source": source,
        "outputs": list(outputs),
        "execution_count": None,
    }


def markdown_cell(source: str, id: str = "title") -> dict:
    """Return a markdown cell."""
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def showing(mime: str, payload: str) -> str:
    """Return the source of a cell that displays `payload` under a type of ours."""
    return f"from IPython.display import display\ndisplay({{{mime!r}: {payload}, 'text/plain': ''}}, raw=True)"


def finding(id: str, value: str = "1") -> str:
    """Return the source of a cell that hands over one finding; `value` is an expression."""
    found = (
        f"{{'id': {id!r}, 'label': 'a label', 'value': {value}, "
        "'low': None, 'high': None, 'low_closed': None, 'high_closed': None, "
        f"'unit': 'percent', 'text': str({value}), 'formula': '', 'expression': 'counted', "
        "'inputs': {'of': 'claims.csv'}}"
    )
    return showing(FINDINGS, f"{{'findings': [{found}]}}")


def verdict(id: str, word: str) -> str:
    """Return the source of a cell that hands over one verdict, in the shape of `discrepancies.as_json`."""
    said = {
        "id": id,
        "anchor": f"v-{id.replace(':', '-').replace('_', '-')}",
        "kind": "group",
        "label": "Trade",
        "verdict": word,
        "claims": ["c001", "c002"],
        "relations": [],
        "independent": 2,
        "explanation": {"runs": ["two counts"]},
        "revisions": [],
        "causes": {"supported": [], "not excluded": [], "excluded": []},
        "story": "",
        "pin": word in ("inconsistent", "undecided"),
    }
    return showing(VERDICTS, f"{{'verdicts': [{said}]}}")


def new_clone(folder: Path) -> Clone:
    """Return a clone in a folder with a blank in its name: tests' own ledger without pins, no notebooks yet."""
    return copy_clone(folder / "a clone")


def copy_clone(root: Path) -> Clone:
    """Return a clone at `root`, as the fixture does."""
    shutil.copytree(REPOSITORY / "report", root / "report", ignore=NOT_COPIED)
    shutil.copytree(REPOSITORY / "notebooks" / "claims", root / "notebooks" / "claims", ignore=NOT_COPIED)
    shutil.copytree(REPOSITORY / "tests" / "ledger", root / "data", ignore=shutil.ignore_patterns("texts"))
    pins = root / "data" / "known_disagreements.csv"
    pins.write_text(pins.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return Clone(root)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Return a new clone, for this test alone."""
    return new_clone(tmp_path)


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with matplotlib's list of its own fonts."""
    folder = tmp_path_factory.mktemp("fonts")
    make_font_list(folder)
    return folder


@pytest.fixture(scope="session")
def parent(fonts: Path) -> Iterator[WarmParent | None]:
    """Return a process to fork kernels from, where kernels are forked; it has imported what they need."""
    with warm_parent(fonts) if AVAILABLE else contextlib.nullcontext() as process:
        yield process


def share_kernels(patch: pytest.MonkeyPatch, parent: WarmParent | None, fonts: Path) -> None:
    """Fork the kernels of every build from the same process, and copy the list of fonts instead of making it."""
    patch.setattr(execute, "warm_parent", lambda folder: contextlib.nullcontext(parent))
    patch.setattr(execute, "make_font_list", lambda folder: shutil.copytree(fonts, folder, dirs_exist_ok=True))


def leave_out_exporters(patch: pytest.MonkeyPatch) -> None:
    """Leave out exporters, what they show of other readings, and the walk along links, which have their own tests."""
    from report.command import build, plan
    from report.proof import chain

    pages = {"report.html": b"<p>report", "report.pdf": b"%PDF", "report.md": b"# report\n"}
    tally = chain.Tally({"claim": 1}, {}, ())
    patch.setattr(build, "export_pages", lambda document, progress, runs, files, *_: ({**files(), **pages}, tally))
    patch.setattr(plan.Plan, "shows_readings", property(lambda self: False))


@pytest.fixture
def shared_kernels(monkeypatch: pytest.MonkeyPatch, parent: WarmParent | None, fonts: Path) -> None:
    """Spare the builds of a test the imports that each would begin with; tests of kernels do without this."""
    share_kernels(monkeypatch, parent, fonts)


@pytest.fixture
def without_exporters(shared_kernels: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the builds of a test fast: no pages, and kernels from a process that is there."""
    leave_out_exporters(monkeypatch)


@pytest.fixture(scope="module")
def quick_build(parent: WarmParent | None, fonts: Path) -> Callable[[Clone], Clone]:
    """Return a function that builds a clone as quickly, for all tests of a module; each takes a copy of it."""

    def build_clone(clone: Clone) -> Clone:
        from report.command import build

        with pytest.MonkeyPatch.context() as patch:
            share_kernels(patch, parent, fonts)
            leave_out_exporters(patch)
            build.build(build.Request(quiet=True), clone.folders)
        return clone

    return build_clone
