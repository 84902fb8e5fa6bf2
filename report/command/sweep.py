"""The command `python -m report sweep`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from claims.ledger import readings
from claims.tables.messages import count_noun

from report import outputs, publish
from report.command.plan import RunRequest
from report.folders import Folders
from report.kernels.private import CELL_TIMEOUT
from report.progress import default_progress
from report.runs import inputs, parameters, selection, sweep
from report.runs.execute import KernelSource
from report.runs.printed import read_ledger_with_figures
from report.runs.reuse import SweptRuns
from report.seals import DAMAGED
from report.stops import WrongInput

__all__ = ["SweepRequest", "list_commands", "plan_sweep", "run_sweep"]


@dataclass(frozen=True)
class SweepRequest(RunRequest):
    """The options of a sweep."""

    grid: Path | None = None
    full: bool = False
    dask: str = ""
    list: bool = False
    run: Sequence[str] = ()


def run_sweep(request: SweepRequest, folders: Folders | None = None) -> None:
    """Write sweep.csv and print where it is. Raises Stop if that is not possible; runs that are done are kept.

    With `list` only print a command for each run, and with `run` only do some and keep them.
    """
    folders = (folders or Folders()).of_ledger(request.data)
    files = inputs.hash_inputs(folders)
    grid = plan_sweep(request, folders)
    if request.list:
        print(*list_commands(grid, request, folders), sep="\n")
        return
    cache = SweptRuns(folders, request.fresh, inputs=files)
    if request.run:
        _run_some(grid.choose(request.run), cache, request)
        return
    target = request.output or folders.build / "sweep"
    progress = default_progress(request.quiet)
    counts = f"{count_noun(len(grid.readings), 'reading')}, {count_noun(len(grid.runs), 'run')}"
    if not request.quiet:
        for note in selection.notes_on_files(folders.notebooks, grid.notebooks):
            print(note)
        print(f"sweep: {counts}", flush=True)
    with publish.locked(folders, progress.note), _how_to_run(request, folders) as run_all:
        publish.recover(folders)
        with progress.show():
            result = sweep.run_grid(grid, cache, progress, run_all)
            for path in cache.damaged:
                progress.note(f"{path} {DAMAGED}")
        result.refuse_failures()
        with sweep.csv_on_disk(result.rows()) as (data, rows):
            publish.write_output(folders, target, {readings.SWEPT: data})
    if not request.quiet:
        path = folders.shown(target / readings.SWEPT)
        print(f"sweep: {counts} ({result.reused:,} reused), {count_noun(rows, 'row')}: {path}")


@contextmanager
def _how_to_run(request: SweepRequest, folders: Folders) -> Iterator[sweep.RunAll]:
    """Give what runs tasks: the workers of a Dask scheduler, or kernels of this machine."""
    if request.dask:
        from report.cluster.sweeping import run_on_dask

        yield run_on_dask(request.dask, folders, request.workers, request.cell_timeout)
    else:
        with KernelSource(request.engine, folders, request.cell_timeout) as kernels:
            yield sweep.run_here(folders, kernels, request.workers)


def list_commands(grid: sweep.Grid, request: SweepRequest, folders: Folders) -> list[str]:
    """Return a command for each run of a grid, for any machine that has this clone; the runs are kept in the clone."""
    paths = (("--grid", request.grid), ("--data", request.data))
    options = [part for name, path in paths if path for part in (name, str(path.resolve()))]
    options += ["--full"] if request.full else []
    options += ["--cell-timeout", str(request.cell_timeout)] if request.cell_timeout != CELL_TIMEOUT else []
    command = [sys.executable, "-m", "report", "sweep", *options, "--quiet", "--run"]
    place = shlex.join(["cd", str(folders.root)])
    return [f"{place} && {shlex.join([*command, sweep.run_name(task)])}" for task in grid.runs.values()]


def _run_some(grid: sweep.Grid, cache: SweptRuns, request: SweepRequest) -> None:
    """Do the runs of a grid and keep them. Others may be done at the same time, on this machine or on another."""
    progress = default_progress(request.quiet)
    with _how_to_run(request, cache.folders) as run_all, progress.show():
        sweep.run_grid(grid, cache, progress, run_all).refuse_failures()


def plan_sweep(request: SweepRequest, folders: Folders) -> sweep.Grid:
    """Return the grid of a request. Raises WrongInput, before anything is run, if it cannot be run."""
    notebooks = selection.read_all(folders.notebooks)
    selection.refuse_faulty(notebooks)
    declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
    parameters.choose_values(declared, notebooks, notebooks)
    if not any(notebook.sweeps for notebook in notebooks):
        raise WrongInput('no notebook is swept; give those to sweep the metadata "report": {"sweep": true}')
    if request.output:
        outputs.check_folder(folders, request.output)
    grid = sweep.build_grid(request.grid or folders.notebooks / readings.FILE, declared, notebooks, request.full)
    read_ledger_with_figures(folders.ledger)
    subject = selection.subject_of(folders.ledger)
    return grid.limit_to(selection.fitting(notebooks, subject), subject)
