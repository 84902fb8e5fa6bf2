"""The command `python -m report sweep`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claims.ledger import readings
from claims.tables.messages import count_noun

from report import outputs, publish
from report.command.plan import RunRequest
from report.folders import Folders
from report.progress import default_progress
from report.runs import inputs, parameters, selection, sweep
from report.runs.execute import KernelSource
from report.runs.printed import read_ledger
from report.runs.reuse import SweptRuns
from report.seals import DAMAGED
from report.stops import WrongInput

__all__ = ["SweepRequest", "plan_sweep", "run_sweep"]


@dataclass(frozen=True)
class SweepRequest(RunRequest):
    """The options of a sweep."""

    grid: Path | None = None
    full: bool = False


def run_sweep(request: SweepRequest, folders: Folders | None = None) -> None:
    """Write sweep.csv and print where it is. Raises Stop if that is not possible; runs that are done are kept."""
    folders = (folders or Folders()).of_ledger(request.data)
    files = inputs.hash_inputs(folders)
    grid = plan_sweep(request, folders)
    target = request.output or folders.build / "sweep"
    progress, cache = default_progress(request.quiet), SweptRuns(folders, request.fresh, inputs=files)
    counts = f"{count_noun(len(grid.readings), 'reading')}, {count_noun(len(grid.runs), 'run')}"
    if not request.quiet:
        for note in selection.notes_on_files(folders.notebooks, grid.notebooks):
            print(note)
        print(f"sweep: {counts}", flush=True)
    with publish.locked(folders, progress.note), KernelSource(request.engine, folders, request.cell_timeout) as kernels:
        publish.recover(folders)
        with progress.show():
            result = sweep.run_grid(grid, cache, progress, kernels, request.workers)
            for path in cache.damaged:
                progress.note(f"{path} {DAMAGED}")
        result.refuse_failures()
        with sweep.csv_on_disk(result.rows()) as (data, rows):
            publish.write_output(folders, target, {readings.SWEPT: data})
    if not request.quiet:
        path = folders.shown(target / readings.SWEPT)
        print(f"sweep: {counts} ({result.reused:,} reused), {count_noun(rows, 'row')}: {path}")


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
    read_ledger(folders.ledger)
    subject = selection.subject_of(folders.ledger)
    return grid.limit_to(selection.fitting(notebooks, subject), subject)
