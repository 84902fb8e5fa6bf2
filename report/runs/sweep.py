"""The results of the notebooks under every defensible reading: one run per set of values, and sweep.csv of all.

A reading is run in the notebooks that declare a parameter it changes; in the others it would give the default results.
Runs with the same values are one run, whatever readings need it. No exhibits are made, and the findings and verdicts of
a run are kept as soon as it is done, so that an interrupted sweep continues where it was.
"""

from __future__ import annotations

import csv
import gc
import json
import mmap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

from claims.ledger import readings
from claims.ledger.readings import ALONE, COLUMNS, JOINT, DeclaredReading
from claims.tables import locations
from claims.tables.messages import did_you_mean
from claims.tables.yaml_files import Text

from report.folders import Folders
from report.progress import Inner, Progress
from report.runs import extract, parameters
from report.runs.execute import KernelSource, NotebookRun, Outcome, Task, run_tasks
from report.runs.failures import Failure, raise_failures
from report.runs.parameters import Parameter
from report.runs.reuse import SweptRuns
from report.runs.selection import Notebook
from report.stops import WrongInput

__all__ = [
    "MOST", "PART", "WITHOUT_EXHIBITS", "Grid", "OnOutcome", "RemoteRun", "RunAll", "SweepResult", "as_csv",
    "build_grid", "complete_with_published", "csv_on_disk", "declared_readings", "for_page", "result_rows", "run_grid",
    "run_here", "run_key", "run_name",
]  # fmt: skip

MOST = 80  # runs of a grid without --full
PART = "sweep"  # its name among the parts of a build
WITHOUT_EXHIBITS = dict.fromkeys((locations.FIGURES, locations.EXHIBITS), locations.NONE)  # in kernels' environment
_COLLECTED = 50  # runs after which the memory that they no longer need is given back
_Key = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """Which notebooks are run under which readings, with which values; readings in the order of their file.

    `tasks` are in the order of sweep.csv, each for one reading; equal runs are there once for each reading.
    """

    readings: tuple[DeclaredReading, ...]
    tasks: tuple[Task, ...] = field(repr=False)

    @cached_property
    def runs(self) -> dict[_Key, Task]:
        """Return the tasks whose runs differ, by key, each for all readings that need it."""
        equal: dict[_Key, list[Task]] = {}
        for task in self.tasks:
            equal.setdefault(run_key(task.notebook, task.values), []).append(task)
        return {
            run: replace(tasks[0], reading=", ".join(task.reading for task in tasks)) for run, tasks in equal.items()
        }

    @property
    def notebooks(self) -> list[Notebook]:
        """Return the notebooks that are run."""
        return [*{task.notebook.name: task.notebook for task in self.tasks}.values()]

    def choose(self, names: Iterable[str]) -> Grid:
        """Return the part of the grid with the runs of these names. Raises WrongInput for a name that no run has."""
        runs = {run_name(task): task for task in self.runs.values()}
        if unknown := [name for name in names if name not in runs]:
            hint = "; ".join(filter(None, [did_you_mean(unknown[0], runs), "sweep --list prints one command a run"]))
            raise WrongInput(f"--run {unknown[0]}: there is no such run; {hint}")
        return Grid(self.readings, tuple(runs[name] for name in dict.fromkeys(names)))

    def limit_to(self, notebooks: Iterable[Notebook], subject: str | None = None) -> Grid:
        """Return the part of the grid that is run in these notebooks, as they are here.

        Readings for another subject than `subject` are left out, unless it is None.
        """
        own = {notebook.name: notebook for notebook in notebooks}
        own_readings = tuple(self.readings if subject is None else readings.readings_for(self.readings, subject))
        names = {reading.name for reading in own_readings}
        tasks = (task for task in self.tasks if task.notebook.name in own and task.reading in names)
        return Grid(own_readings, tuple(replace(task, notebook=own[task.notebook.name]) for task in tasks))


def run_key(notebook: Notebook, values: Mapping[str, object]) -> _Key:
    """Return the key of a run: the notebook, and those of the values that it declares."""
    return notebook.name, json.dumps(parameters.notebook_values(notebook, values), sort_keys=True)


def run_name(task: Task) -> str:
    """Return the name of a run: its notebook, and the first reading that needs it."""
    return f"{task.notebook.name}:{task.reading.partition(', ')[0]}"


def build_grid(
    path: Path, declared: Mapping[str, Parameter], notebooks: Sequence[Notebook], full: bool = False
) -> Grid:
    """Return the grid that a file of readings declares, or in full: every combination of its choices.

    Raises WrongInput with every problem of the file, or if there are more than MOST runs and not `full`.
    """
    swept = [notebook for notebook in notebooks if notebook.sweeps]
    all_readings = declared_readings(path, declared, notebooks)
    tasks = [task for reading in all_readings for task in _tasks(reading, swept)]
    if full:
        already = {_canonical(reading.changes) for reading in all_readings}
        more = [reading for reading in _combinations(all_readings, swept) if _canonical(reading.changes) not in already]
        all_readings += more
        tasks += [task for reading in more for task in _tasks(reading, swept, all_changes=True)]
    grid = Grid(tuple(all_readings), tuple(tasks))
    if not full and len(grid.runs) > MOST:
        raise WrongInput(
            f"{locations.display_path(path)}: {len(grid.runs)} runs of a notebook under one set of values, but at "
            f"most {MOST} are run without --full; leave readings out, or run python -m report sweep --full"
        )
    return grid


def declared_readings(
    path: Path, declared: Mapping[str, Parameter], notebooks: Sequence[Notebook]
) -> list[DeclaredReading]:
    """Return the readings of a file, their values read by the types declared. Raises WrongInput with every problem."""
    defaults = {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    swept = {name for notebook in notebooks if notebook.sweeps for name in notebook.defaults}
    hints: dict[str, None] = {}

    def value_of(name: str, text: Text) -> object:
        value = parameters.match_number_type(defaults[name], declared[name].parse(text))
        if value == defaults[name]:
            hints[f"where {name}={parameters.format_value(value)} is a new default, the old one may be a reading"] = (
                None
            )
            hints[parameters.try_only(name, value)] = None
            raise ValueError("is the default, which is run anyway; leave it out")
        return value

    def wrong_name(name: str) -> str:
        if name not in declared:
            return parameters.unknown_parameter(name, declared)
        return "" if name in swept else f"no notebook of the sweep has '{name}'; leave it out"

    try:
        return readings.load_readings(path, value_of, wrong_name)
    except readings.ReadingsError as error:
        raise WrongInput("\n".join([str(error), *hints])) from None


def _tasks(reading: DeclaredReading, notebooks: Iterable[Notebook], all_changes: bool = False) -> Iterator[Task]:
    """Yield the runs of a reading: of notebooks that declare a parameter it changes, or all if `all_changes`."""
    for notebook in notebooks:
        values = parameters.notebook_values(notebook, reading.changes)
        if len(values) == len(reading.changes) or (values and not all_changes):
            yield Task(notebook, values, reading.name)


def _combinations(declared: Iterable[DeclaredReading], notebooks: Iterable[Notebook]) -> Iterator[DeclaredReading]:
    """Yield each combination of at least two choices among the parameters of a notebook, once."""
    choices: dict[str, list[DeclaredReading]] = {}
    for reading in declared:
        if reading.kind == ALONE:
            choices.setdefault(next(iter(reading.changes)), []).append(reading)
    already: set[str] = set()
    for notebook in notebooks:
        per_parameter = [[None, *choices[name]] for name in choices if name in notebook.defaults]
        for combination in product(*per_parameter):
            varied = [reading for reading in combination if reading]
            changes = {name: value for reading in varied for name, value in reading.changes.items()}
            if len(varied) > 1 and (canonical := _canonical(changes)) not in already:
                already.add(canonical)
                name = " ".join(reading.name for reading in varied)
                yield DeclaredReading(name, JOINT, changes, subject=max(reading.subject for reading in varied))


def _canonical(changes: Mapping[str, object]) -> str:
    return json.dumps(changes, sort_keys=True)


# -- running it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SweepResult:
    """The runs of a grid: where each is kept, the failures by run, and how many of the runs were there before."""

    grid: Grid
    cache: SweptRuns
    paths: Mapping[_Key, Path] = field(repr=False)
    failures: Mapping[_Key, Failure]
    reused: int

    def refuse_failures(self) -> None:
        """Raise NotebookFailed with every failure, if there is one."""
        raise_failures(self.failures.values())

    @property
    def left_out(self) -> dict[str, Failure]:
        """Return the readings of which a run failed, with the first of their failures."""
        failures: dict[str, Failure] = {}
        for task in self.grid.tasks:
            if failure := self.failures.get(run_key(task.notebook, task.values)):
                failures.setdefault(task.reading, failure)
        return failures

    def rows(self) -> Iterator[list]:
        """Yield the rows of sweep.csv by reading, notebook, kind and id, without readings that are left out."""
        left_out = self.left_out
        for task in self.grid.tasks:
            if task.reading not in left_out:
                yield from result_rows(task, self.cache.load(self.paths[run_key(task.notebook, task.values)]))


@dataclass(frozen=True)
class RemoteRun:
    """A run on another machine: its cells with findings and verdicts, and the hashes of what it read, by label."""

    cells: Mapping
    read: Mapping[str, str | None]


OnOutcome = Callable[[Task, Outcome | RemoteRun], None]
RunAll = Callable[[Sequence[Task], Progress, OnOutcome], None]


def run_here(folders: Folders, kernels: KernelSource, workers: int, drawings: Path | None = None) -> RunAll:
    """Return a function that runs tasks on this machine, so many at a time.

    With a folder for `drawings`, they are run with everything that a page shows of them.
    """
    environment = for_page(drawings) if drawings else WITHOUT_EXHIBITS

    def run_all(tasks: Sequence[Task], progress: Progress, on_outcome: OnOutcome) -> None:
        tasks = [replace(task, shown=True) for task in tasks] if drawings else tasks
        run_tasks(tasks, folders, Inner(progress), kernels, workers, on_outcome, environment, stop_at_failure=False)

    return run_all


def run_grid(
    grid: Grid,
    cache: SweptRuns,
    progress: Progress,
    run_all: RunAll,
    finished: Mapping[_Key, tuple[Mapping, Mapping]] | None = None,
) -> SweepResult:
    """Run what is not in the cache, and keep each run as soon as it is done; a failure does not stop the others.

    Raises NotebookFailed as soon as a kernel cannot start or dies. `finished` are runs that a build has just done, by
    key: the executed notebook and what it read, hashes by label.
    """
    paths: dict[_Key, Path] = {}
    failures: dict[_Key, Failure] = {}
    finished = finished or {}
    for run, task in grid.runs.items():
        if run not in finished and (path := cache.find(task.notebook, task.values)):
            paths[run] = path
    reused = len(paths)
    for run in grid.runs.keys() & finished.keys():
        paths[run] = cache.add(grid.runs[run].notebook, grid.runs[run].values, *finished[run])

    def on_outcome(task: Task, outcome: Outcome | RemoteRun) -> None:
        run = run_key(task.notebook, task.values)
        match outcome:
            case NotebookRun():
                paths[run] = cache.add(task.notebook, task.values, outcome.results, cache.label(outcome.files_read))
            case RemoteRun():
                paths[run] = cache.add(task.notebook, task.values, outcome.cells, outcome.read)
            case Failure():
                failures[run] = outcome
                progress.note(f"{PART}: {outcome.summary.splitlines()[0]}; reading: {task.reading}")
        progress.step(PART, done := len(paths) + len(failures), len(grid.runs))
        if done % _COLLECTED == 0:
            gc.collect()  # which a build does not do by itself; what a run leaves is small, but there may be thousands

    started = time.monotonic()
    if tasks := [task for run, task in grid.runs.items() if run not in paths]:
        progress.started(PART, len(grid.runs), "run")
        run_all(tasks, progress, on_outcome)
        raise_failures(failure for failure in failures.values() if failure.lost)
        progress.finished(PART, time.monotonic() - started)
    else:
        progress.reused(PART, len(grid.runs), "run")
    cache.forget(grid.notebooks, len(grid.runs))
    return SweepResult(grid, cache, paths, {run: failures[run] for run in grid.runs if run in failures}, reused)


def result_rows(task: Task, executed: Mapping) -> Iterator[list]:
    """Yield the findings and verdicts of a run as rows of sweep.csv."""
    notebooks = {task.notebook.name: executed}
    rows = [{**finding, "kind": "finding"} for finding in extract.findings(notebooks)]
    for verdict in sorted(extract.verdicts(notebooks), key=lambda verdict: verdict["id"]):
        rows.append({"id": verdict["id"], "label": verdict["label"], "word": verdict["verdict"], "kind": "verdict"})
    for row in rows:
        cells = {**row, "reading": task.reading, "notebook": task.notebook.name}
        yield [cells.get(column) for column in COLUMNS]


def as_csv(rows: Iterable[Sequence]) -> bytes:
    """Return sweep.csv."""
    return extract.as_csv(COLUMNS, rows)


def for_page(drawings: Path) -> dict[str, str]:
    """Return the variables of kernels whose exhibits are for a page alone; what they draw is kept in a folder."""
    return {locations.EXHIBITS: locations.PAGE, locations.DRAWINGS: str(drawings)}


@contextmanager
def csv_on_disk(rows: Iterable[Sequence]) -> Iterator[tuple[bytes, int]]:
    """Give sweep.csv, and how many rows it has, without keeping it in memory: thousands of readings have gigabytes."""
    with TemporaryFile("w+", encoding="utf-8", newline="") as file:
        count = extract.write_csv(COLUMNS, rows, file)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
            yield cast("bytes", view), count  # it is written and hashed as bytes are


def complete_with_published(result: SweepResult, declared: Grid, published: Path) -> bytes:
    """Return sweep.csv, with the published rows of those notebooks of the `declared` grid that were not swept now."""
    names = {notebook.name for notebook in declared.notebooks} - {notebook.name for notebook in result.grid.notebooks}
    order = {reading.name: index for index, reading in enumerate(declared.readings)}
    wanted = order.keys() - result.left_out.keys()
    try:
        with published.open(encoding="utf-8", newline="") as lines:
            earlier = [[row[name] for name in COLUMNS] for row in csv.DictReader(lines)] if names else []
    except FileNotFoundError:
        earlier = []
    except (ValueError, KeyError):
        raise WrongInput(f"{locations.display_path(published)} cannot be read; make report rebuilds it") from None
    rows: list[list] = [*result.rows(), *(row for row in earlier if row[0] in wanted and row[1] in names)]
    return as_csv(sorted(rows, key=lambda row: (order[row[0]], row[1])))
