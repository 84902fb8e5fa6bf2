"""Measures builds of this report against the stock tools and against the floor, in one run: `make bench`.

    python tests/bench.py --rounds 3

Every line is a whole command, as somebody would type it, in a copy of the inputs with an empty home, as `make` leaves
it after set-up: packages installed, modules compiled, nothing run. Lines take turns, so that a machine that gets slower
slows all of them; it prints medians and their ratios, which are what counts. Nothing here is a test.

*cold* builds from nothing; *nothing changed*, *prose edit* and *notebook edit* (a comment in the code of one) follow it
in the same copy. *stock* is the papermill command for each notebook, each followed by nbconvert to HTML; *stock, one
nbconvert* converts all at the end; neither makes a sweep, so they are set against *without readings*. *floor* is
tests/floor.py: one process that imports once and forks per notebook, without kernels, checks or pages, run for the
second time, so that nothing is left to compile and fonts are listed; *floor and pages* also sets both pages with this
project's exporters.

*preview* is from the save of a file to its change being seen in a browser that shows the live preview: a sentence, a
sentence with an inline expression that the notebook did not have, a comment in a code cell. Each is the median of
several edits, after the preview has settled. Without a browser these lines are left out.

At the end bench_scale.py measures ledgers of up to a million claims, and bench_page.py the page in a browser.

*sweep adds* is what a cold build takes longer than one *without readings*, each in a copy of its own; *its runs* is how
long the engine takes for the runs that it adds, one after the other and with their figures, as the notebooks run by
themselves, shared among the workers. *sweep, nothing to do* is the command after the cold build.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bench_page
import bench_scale
from bench_preview import preview_times
from prove import ROOT, plain

from report.folders import Folders
from report.runs import inputs

WORKERS = 2  # the default of a build
ITS_RUNS = """
import time
from report import progress
from report.command import build
from report.folders import Folders
from report.runs import execute
from report.runs.failures import raise_failures
plan = build.plan_build(build.Request(), Folders())
runs = [task for task in plan.grid.runs.values() if task.values]
failures = []
def on_outcome(task, outcome):
    if not isinstance(outcome, execute.NotebookRun):
        failures.append(outcome)
with execute.KernelSource(None, plan.folders) as kernels:
    run = lambda tasks: execute.run_tasks(tasks, plan.folders, progress.Progress(), kernels, 1, on_outcome, {})
    run(runs[:1])
    began = time.monotonic()
    run(runs)
    print(time.monotonic() - began)
raise_failures(failures)
"""
RATIOS = (
    ("cold", "floor and pages", "at most 1.6"),
    ("cold", "floor", "the floor has no pages"),
    ("stock", "without readings", "at least 6"),
    ("stock, one nbconvert", "without readings", ""),
    ("prose edit", "cold", "at most 0.5"),
    ("notebook edit", "cold", ""),
    ("nothing changed", "cold", "at most 0.15"),
    ("status", "cold", "at most 0.15"),
    ("verify", "cold", "at most 1.2"),
    ("sweep adds", "its runs", "at most 1"),
    ("sweep, nothing to do", "cold", "at most 0.15"),
)
MOST_SECONDS = {"preview, sentence": 1.0, "preview, expression": 1.0, "preview, code cell": 3.0}


class Round:
    """One round: a copy to build in, a copy for the stock tools, one for the floor, and the seconds each line took."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.copy = set_up(folder / "ours")
        self.environment = plain(folder / "home")

    def timed(self, line: str, *commands: list[str], where: Path) -> str:
        """Run commands one after another, note how long they took together, and return what the last one printed."""
        began = time.monotonic()
        for command in commands:
            ran = subprocess.run(
                [sys.executable, *command], cwd=where, env=self.environment, capture_output=True, text=True, check=False
            )
            if ran.returncode:
                raise SystemExit(f"{line}: {' '.join(command)} failed\n{ran.stderr or ran.stdout}")
        self.note(line, time.monotonic() - began)
        return ran.stdout

    def note(self, line: str, seconds: float) -> None:
        """Note how long a line took, and print it."""
        self.seconds[line] = seconds
        print(f"  {line:<22} {seconds:6.2f} s", flush=True)

    def ours(self) -> None:
        """Time this project's own commands."""
        build = ["-m", "report", "build", "--quiet"]
        self.timed("cold", build, where=self.copy)
        self.timed("nothing changed", build, where=self.copy)
        self.timed("sweep, nothing to do", ["-m", "report", "sweep", "--quiet"], where=self.copy)
        self.timed("status", ["-m", "report", "status"], where=self.copy)
        self.timed("verify", ["-m", "report", "verify", "--quiet"], where=self.copy)
        for line, change in (("prose edit", edit_prose), ("notebook edit", edit_code)):
            edit_notebook(self.copy / "notebooks" / "20_growth_rates.ipynb", change)
            self.timed(line, build, where=self.copy)

    def preview(self) -> None:
        """Time what passes until an edit is seen in the preview of the copy that was built in."""
        for line, seconds in preview_times(self.copy, self.environment).items():
            self.note(f"preview, {line}", seconds)

    def sweep(self) -> None:
        """Time a build without readings, and the runs that they add to one."""
        copy = set_up(self.folder / "no readings")
        self.environment = plain(self.folder / "no readings home")
        seconds = self.timed("its runs, one by one", ["-c", ITS_RUNS], where=copy)
        (copy / "notebooks" / "readings.yaml").write_text("# none\n", encoding="utf-8")
        shutil.rmtree(copy / "report" / "build")
        self.environment = plain(self.folder / "without home")
        self.timed("without readings", ["-m", "report", "build", "--quiet"], where=copy)
        self.note("sweep adds", self.seconds["cold"] - self.seconds["without readings"])
        self.note("its runs", float(seconds) / WORKERS)

    def floor(self) -> None:
        """Time the floor, with and without pages, each when it runs for the second time."""
        for line, more in (("floor", []), ("floor and pages", ["pages"])):
            copy = set_up(self.folder / line)
            (copy / "tests").mkdir()
            (copy / "pages").mkdir()
            shutil.copy(ROOT / "tests" / "floor.py", copy / "tests")
            self.environment = plain(self.folder / f"{line} home")
            for turn in ("once", line):
                self.timed(turn, ["tests/floor.py", *more], where=copy)
        del self.seconds["once"]

    def stock(self) -> None:
        """Time the stock tools."""
        copy = set_up(self.folder / "stock")
        # The overview reads the findings of the others, which the stock tools do not pass on: it gets published ones.
        shutil.copytree(ROOT / "report" / "published", copy / "report" / "published")
        self.environment = plain(self.folder / "stock home")
        names = sorted(path.stem for path in (copy / "notebooks").glob("[0-9][0-9]_*.ipynb"))
        runs = {name: ["-m", "papermill", f"{name}.ipynb", f"../{name}.ipynb", "-k", "python3"] for name in names}
        pages = {name: ["-m", "nbconvert", "--to", "html", f"../{name}.ipynb"] for name in names}
        where = copy / "notebooks"
        self.timed("stock", *(command for name in names for command in (runs[name], pages[name])), where=where)
        all_pages = ["-m", "nbconvert", "--to", "html", *(f"../{name}.ipynb" for name in names)]
        self.timed("one nbconvert", all_pages, where=where)
        self.timed("papermill alone", *runs.values(), where=where)
        self.seconds["stock, one nbconvert"] = self.seconds["papermill alone"] + self.seconds["one nbconvert"]


def set_up(copy: Path) -> Path:
    """Return a copy of the inputs with its modules compiled, as `make` compiles them."""
    command = [sys.executable, "-I", "-m", "compileall", "-q", "report", "notebooks"]
    subprocess.run(command, cwd=inputs.copy_inputs(Folders(ROOT), copy), check=True)
    return copy


def edit_notebook(path: Path, change: Callable[[list], None]) -> None:
    """Change the cells of a notebook's file."""
    source = json.loads(path.read_text(encoding="utf-8"))
    change(source["cells"])
    path.write_text(json.dumps(source, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def edit_prose(cells: list) -> None:
    """Add a sentence to a text."""
    cell = next(cell for cell in cells if cell["cell_type"] == "markdown")
    cell["source"] = "".join(cell["source"]) + "\n\nAnother sentence, written while reading."


def edit_code(cells: list) -> None:
    """Add a comment to the last code cell."""
    cell = [cell for cell in cells if cell["cell_type"] == "code"][-1]
    cell["source"] = "# looked at again\n" + "".join(cell["source"])


def format_rounds(rounds: list[dict[str, float]]) -> str:
    """Return medians and ratios, the latter with their range over the rounds."""
    medians = {line: statistics.median(one[line] for one in rounds) for line in rounds[0]}
    lines = [f"\nmedian of {len(rounds)} rounds, seconds"]
    wanted_seconds = {line: f"; at most {most:g} on two cores" for line, most in MOST_SECONDS.items()}
    lines += [f"  {line:<22} {seconds:6.2f}{wanted_seconds.get(line, '')}" for line, seconds in medians.items()]
    lines.append("\nratios of the medians (least and most of a round)")
    for one, other, wanted in RATIOS:
        each = [seconds[one] / seconds[other] for seconds in rounds]
        ratio = medians[one] / medians[other]
        lines.append(
            f"  {one} / {other}: {ratio:.2f} ({min(each):.2f} to {max(each):.2f})" + f"; {wanted}" * bool(wanted)
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="take the median of this many (3)")
    parser.add_argument("--scale", action="store_true", help="measure only ledgers of up to a million claims")
    options = parser.parse_args()
    if options.scale:
        print(bench_scale.report())
        return
    rounds = []
    for number in range(max(options.rounds, 1)):
        print(f"round {number + 1}", flush=True)
        with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
            one = Round(Path(folder))
            for line in (one.ours, one.preview, one.sweep, one.floor, one.stock):
                line()
        rounds.append(one.seconds)
    print(format_rounds(rounds))
    print(bench_scale.report())
    print(bench_page.report())


if __name__ == "__main__":
    main()
