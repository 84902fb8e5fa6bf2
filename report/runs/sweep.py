"""What the notebooks say under every defensible reading: one run for each set of values, and sweep.csv of all of them.

A reading is run in the notebooks that declare a parameter it changes; in the others it would come out as the default.
Runs with the same values are one run, whatever readings ask for it. Nothing is drawn, and what a run found and judged
is kept as soon as it is done, so that a sweep that was interrupted goes on where it was.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from claims.ledger import readings
from claims.ledger.readings import ALONE, COLUMNS, JOINT, SWEPT, DeclaredReading
from claims.tables import locations as places

from report import progress, publish
from report.folders import Folders
from report.progress import Progress
from report.proof.check import read_ledger
from report.runs import execute, extract, parameters, selection
from report.runs.execute import Failure, Outcome, Run, Task
from report.runs.parameters import Declared
from report.runs.reuse import SweptRuns
from report.runs.selection import Notebook
from report.stops import WrongInput

MOST = 60  # runs of a grid that is not asked for in full
Key = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """Which notebooks are run under which readings, with which values; the readings in their order.

    `tasks` are in the order of sweep.csv, each with the reading it is for; equal runs are there once for each reading.
    """

    readings: tuple[DeclaredReading, ...]
    tasks: tuple[Task, ...] = field(repr=False)

    @cached_property
    def runs(self) -> dict[Key, Task]:
        """Return the tasks whose runs differ, by what makes them differ, each for all readings that need it."""
        needed: dict[Key, list[Task]] = {}
        for task in self.tasks:
            needed.setdefault(key(task.notebook, task.values), []).append(task)
        return {
            one: Task(tasks[0].notebook, tasks[0].values, ", ".join(task.reading for task in tasks))
            for one, tasks in needed.items()
        }

    @property
    def notebooks(self) -> list[Notebook]:
        """Return the notebooks that are run."""
        return [*{task.notebook.name: task.notebook for task in self.tasks}.values()]

    def of(self, notebooks: Iterable[Notebook]) -> Grid:
        """Return what of the grid is run in these notebooks."""
        names = {notebook.name for notebook in notebooks}
        return Grid(self.readings, tuple(task for task in self.tasks if task.notebook.name in names))


def key(notebook: Notebook, values: Mapping[str, object]) -> Key:
    """Return what tells a run from others: the notebook, and those of the values that it declares."""
    return notebook.name, json.dumps(parameters.of_notebook(notebook, values), sort_keys=True)


def grid(
    path: Path, declared: Mapping[str, Declared], notebooks: Sequence[Notebook], full: bool = False, most: int = MOST
) -> Grid:
    """Return the grid that a file of readings declares, or in full: every combination of its choices.

    Raises WrongInput with everything that is wrong with the file, or if there are more than `most` runs and it is not
    wanted in full.
    """
    swept = [notebook for notebook in notebooks if notebook.sweeps]
    found = declared_readings(path, declared, notebooks)
    tasks = [task for reading in found for task in tasks_of(reading, swept)]
    if full:
        known = {_written(reading.changes) for reading in found}
        more = [one for one in combinations(found, swept) if _written(one.changes) not in known]
        found += more
        tasks += [task for one in more for task in tasks_of(one, swept, whole=True)]
    made = Grid(tuple(found), tuple(tasks))
    if not full and len(made.runs) > most:
        raise WrongInput(
            f"{places.display_path(path)}: {len(made.runs)} runs of a notebook under one set of values, and at most "
            f"{most} are made unasked; leave readings out, or see python -m report sweep --full"
        )
    return made


def declared_readings(
    path: Path, declared: Mapping[str, Declared], notebooks: Sequence[Notebook]
) -> list[DeclaredReading]:
    """Return the readings of a file, their values read by the types declared. Raises WrongInput with every problem."""
    defaults = {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    swept = {name for notebook in notebooks if notebook.sweeps for name in notebook.defaults}

    def value_of(name: str, text: parameters.Text) -> object:
        value = parameters.like(defaults[name], parameters.parse(declared[name], text))
        if value == defaults[name]:
            raise ValueError("is the default, which is read anyway; leave it out")
        return value

    def wrong_name(name: str) -> str:
        if name not in declared:
            return parameters.unknown(name, declared)
        return "" if name in swept else f"no notebook of the sweep has '{name}'; leave it out"

    try:
        return readings.load(path, value_of, wrong_name)
    except readings.ReadingsError as error:
        raise WrongInput(str(error)) from None


def tasks_of(reading: DeclaredReading, notebooks: Iterable[Notebook], whole: bool = False) -> Iterator[Task]:
    """Yield the runs a reading takes: of notebooks that declare something it changes, or as a `whole` all of that."""
    for notebook in notebooks:
        values = parameters.of_notebook(notebook, reading.changes)
        if len(values) == len(reading.changes) or (values and not whole):
            yield Task(notebook, values, reading.name)


def combinations(declared: Iterable[DeclaredReading], notebooks: Iterable[Notebook]) -> Iterator[DeclaredReading]:
    """Yield each combination of at least two choices among the parameters of a notebook, once."""
    choices: dict[str, list[DeclaredReading]] = {}
    for reading in declared:
        if reading.kind == ALONE:
            choices.setdefault(next(iter(reading.changes)), []).append(reading)
    seen: set[str] = set()
    for notebook in notebooks:
        of_notebook = [[None, *choices[name]] for name in choices if name in notebook.defaults]
        for chosen in product(*of_notebook):
            several = [one for one in chosen if one]
            changes = {name: value for one in several for name, value in one.changes.items()}
            if len(several) > 1 and (written := _written(changes)) not in seen:
                seen.add(written)
                yield DeclaredReading(" ".join(one.name for one in several), JOINT, changes)


def _written(changes: Mapping[str, object]) -> str:
    return json.dumps(changes, sort_keys=True)


# -- running it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Swept:
    """What came of a grid: where each run lies, the failures by run, and how many of the runs were there before."""

    grid: Grid
    runs: SweptRuns
    lying: Mapping[Key, Path] = field(repr=False)
    failures: Mapping[Key, Failure]
    reused: int

    def refuse_failures(self) -> None:
        """Raise NotebookFailed with every failure, if there is one."""
        execute.refuse(self.failures.values())

    def left_out(self) -> dict[str, Failure]:
        """Return the readings of which a run failed, with the first of their failures."""
        found: dict[str, Failure] = {}
        for task in self.grid.tasks:
            if failure := self.failures.get(key(task.notebook, task.values)):
                found.setdefault(task.reading, failure)
        return found

    def rows(self) -> Iterator[list]:
        """Yield the rows of sweep.csv, those of readings left out left out: by reading, notebook, kind and id."""
        without = self.left_out()
        for task in self.grid.tasks:
            if task.reading not in without:
                yield from rows_of(task, self.runs.opened(self.lying[key(task.notebook, task.values)]))


def run(
    wanted: Grid,
    runs: SweptRuns,
    shown: progress.Progress,
    kernels: execute.Kernels,
    workers: int = 2,
    known: Mapping[Key, tuple[Mapping, Mapping]] | None = None,
) -> Swept:
    """Run what of a grid has not been run before, and keep each run when it is done; a failure keeps no other from it.

    `known` are runs just made otherwise, by key: the executed notebook and what it read, hashes by label.
    """
    lying, failures, given = {}, {}, known or {}
    for one, task in wanted.runs.items():
        if one not in given and (path := runs.found(task.notebook, task.values)):
            lying[one] = path
    reused = len(lying)
    for one in wanted.runs.keys() & given.keys():
        lying[one] = runs.add(wanted.runs[one].notebook, wanted.runs[one].values, *given[one])

    def heard(task: Task, outcome: Outcome) -> None:
        one = key(task.notebook, task.values)
        if isinstance(outcome, Run):
            lying[one] = runs.add(task.notebook, task.values, outcome.executed, runs.labelled(outcome.read))
        elif outcome:
            failures[one] = outcome
        shown.step("sweep", len(lying) + len(failures), len(wanted.runs))

    began = time.monotonic()
    if left := [task for one, task in wanted.runs.items() if one not in lying]:
        shown.started("sweep", len(wanted.runs), "run")
        without = {places.FIGURES: places.NONE}
        execute.each(left, runs.folders, Progress(), kernels, workers, heard, without, to_the_end=True)
        shown.finished("sweep", time.monotonic() - began)
    else:
        shown.reused("sweep", len(wanted.runs), "run")
    runs.forget(wanted.notebooks, len(wanted.runs))
    return Swept(wanted, runs, lying, {one: failures[one] for one in wanted.runs if one in failures}, reused)


def rows_of(task: Task, executed: Mapping) -> Iterator[list]:
    """Yield what a run found and judged as rows of sweep.csv."""
    of_run = {task.notebook.name: executed}
    first = {"reading": task.reading, "notebook": task.notebook.name}
    for finding in extract.findings(of_run):
        yield in_columns({**finding, **first, "kind": "finding"})
    for verdict in sorted(extract.verdicts(of_run), key=lambda verdict: verdict["id"]):
        said = {"id": verdict["id"], "label": verdict["label"], "word": verdict["verdict"]}
        yield in_columns({**said, **first, "kind": "verdict"})


def in_columns(said: Mapping[str, object]) -> list:
    """Return a row of sweep.csv."""
    return [said.get(column) for column in COLUMNS]


def as_csv(rows: Iterable[Iterable]) -> bytes:
    """Return sweep.csv."""
    return extract.as_csv(COLUMNS, rows)


def completed(swept: Swept, declared: Grid, published: Path) -> bytes:
    """Return sweep.csv with the published rows of the notebooks that were `declared` to be swept, and were not."""
    names = {notebook.name for notebook in declared.notebooks} - {notebook.name for notebook in swept.grid.notebooks}
    place = {reading.name: number for number, reading in enumerate(declared.readings)}
    wanted = place.keys() - swept.left_out().keys()
    try:
        with published.open(encoding="utf-8", newline="") as lines:
            earlier = [[row[name] for name in COLUMNS] for row in csv.DictReader(lines)] if names else []
    except FileNotFoundError:
        earlier = []
    except (ValueError, KeyError):
        raise WrongInput(f"{places.display_path(published)} cannot be read; make report builds it anew") from None
    rows = [*swept.rows(), *(row for row in earlier if row[0] in wanted and row[1] in names)]
    return as_csv(sorted(rows, key=lambda row: (place[row[0]], row[1])))


# -- the command ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What somebody asks to be swept."""

    grid: Path | None = None
    full: bool = False
    data: Path | None = None
    output: Path | None = None
    workers: int = 2
    engine: str | None = None
    fresh: bool = False
    quiet: bool = False


def sweep(request: Request, folders: Folders | None = None) -> None:
    """Make sweep.csv and say where it is. Raises Stop, saying why, if it cannot; what is done is kept."""
    folders = (folders or Folders()).of_ledger(request.data)
    wanted = planned(request, folders)
    target = request.output or folders.build / "sweep"
    shown, runs = progress.suited(request.quiet), SweptRuns(folders, request.fresh)
    counted = f"{_count(len(wanted.readings), 'reading')}, {_count(len(wanted.runs), 'run')}"
    if not request.quiet:
        print(f"sweep: {counted}", flush=True)
    with publish.locked(folders, shown.made), execute.starting(request.engine, folders) as kernels:
        publish.recover(folders)
        execute.forget_failures(wanted.notebooks, folders)
        with shown.shown():
            swept = run(wanted, runs, shown, kernels, request.workers)
            for path in runs.damaged:
                shown.made(f"{path} was damaged: made again")
        swept.refuse_failures()
        made = as_csv(swept.rows())
        publish.write_apart(folders, target, {SWEPT: made})
    if not request.quiet:
        rows = sum(1 for _ in csv.reader(io.StringIO(made.decode("utf-8"), newline=""))) - 1
        where = folders.shown(target / SWEPT)
        print(f"sweep: {counted} ({swept.reused:,} reused), {_count(rows, 'row')}: {where}")


def planned(request: Request, folders: Folders) -> Grid:
    """Return the grid somebody asks for. Raises WrongInput, before anything is run, if it cannot be run."""
    notebooks = selection.read_all(folders.notebooks)
    selection.refuse_unclean(notebooks)
    declared = parameters.declarations(folders.notebooks / "parameters.yaml")
    parameters.chosen(declared, notebooks, notebooks)
    if not any(notebook.sweeps for notebook in notebooks):
        raise WrongInput('no notebook is swept; give those to sweep the metadata "report": {"sweep": true}')
    if request.output:
        publish.refuse_others_folder(folders, request.output, {SWEPT})
    wanted = grid(request.grid or folders.notebooks / readings.FILE, declared, notebooks, request.full)
    read_ledger(folders.ledger)
    return wanted


def _count(number: int, of: str) -> str:
    return f"{number:,} {of}{'s' * (number != 1)}"
