"""What stale notebooks would give, for `status`: from runs that are kept, or from new ones that draw nothing.

Runs without figures take a second or two and are kept for sweeps. Notebooks that read the results of every reading are
run only if the runs of all readings are kept; otherwise it stays unknown what they would give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from claims.ledger import readings
from claims.tables import locations

from report import publish
from report.command.plan import Plan, Request, plan_build
from report.folders import Folders
from report.progress import Live, Progress
from report.proof import changed_findings, targets
from report.proof.changed_findings import FINDING, FindingChanges, Results
from report.proof.status import REPORT, Status
from report.runs import extract, selection, sweep
from report.runs.execute import KernelSource, NotebookRun, Outcome, Task, run_tasks
from report.runs.failures import Failure
from report.runs.reuse import SweptRuns
from report.runs.selection import Notebook
from report.stops import Stop, WrongInput

__all__ = ["find_changes", "limit_status", "selected_names", "stale_notebooks"]

FINDINGS = "findings.json"
NO_MANIFEST = (REPORT, "never run")
TEXT_ONLY = "text"  # the kind of reason for which a notebook need not run
NOT_RUN = "no run of it is kept; leave out --no-run, or make verify runs it"
FAR_REACHING = {  # reasons about the whole report that may change any finding
    "packages": "the installed packages are others; make verify compares what they give",
    "environment": "Python or the platform is another; make verify compares what it gives",
}
RUNNING = ("report/kernels/", "report/runs/")  # the parts of the program that could change what a notebook gives


def selected_names(folders: Folders, patterns: Sequence[str]) -> list[str]:
    """Return the names of the notebooks that patterns match, all without one. Raises WrongInput for a wrong pattern."""
    return [notebook.name for notebook in selection.select(selection.read_all(folders.notebooks), patterns)]


def stale_notebooks(status: Status, names: Sequence[str]) -> list[str]:
    """Return those of the notebooks, and deleted ones, whose findings may not be the published ones.

    That is every notebook if files with published findings are not what a build wrote, or the manifest is missing.
    """
    if any(_has_findings(reason.what) or (reason.what, reason.kind) == NO_MANIFEST for reason in status.reasons):
        return [*names]
    stale = {reason.what for reason in status.reasons if reason.kind != TEXT_ONLY and "/" not in reason.what}
    return [*(name for name in names if name in stale), *sorted(stale - {*names, REPORT})]


def _has_findings(file: str) -> bool:
    return file.endswith((f"/{FINDINGS}", ".ipynb"))


@dataclass
class _Current:
    """What notebooks give now: executed notebooks by name, and the reason for each that is not known."""

    executed: dict[str, Mapping] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)

    def missing(self, notebooks: Iterable[Notebook]) -> list[Notebook]:
        """Return those of the notebooks of which there is neither yet."""
        return [notebook for notebook in notebooks if notebook.name not in self.executed.keys() | self.unknown.keys()]


def limit_status(folders: Folders, status: Status, patterns: Sequence[str]) -> Status:
    """Return the part of a status about the notebooks that patterns match. Raises WrongInput for a wrong pattern."""
    return targets.limit_status(status, selected_names(folders, patterns), _published_files(folders))


def find_changes(
    folders: Folders, status: Status, request: Request, run: bool, patterns: Sequence[str] = ()
) -> FindingChanges:
    """Return how the findings of stale notebooks would change; without `run`, as far as kept runs show it.

    All stale notebooks are compared, and the answer is then limited to those that the patterns match.
    """
    changes = _find_all_changes(folders, status, request, run)
    return changes.limit_to(selected_names(folders, patterns)) if patterns else changes


def _find_all_changes(folders: Folders, status: Status, request: Request, run: bool) -> FindingChanges:
    files = _published_files(folders)
    if not (folders.published / FINDINGS).exists():
        return FindingChanges(unknown={REPORT: "no findings are published; make report builds it"})
    try:
        before, executed = changed_findings.published_results(files), changed_findings.executed_notebooks(files)
    except WrongInput as stop:
        return FindingChanges(unknown={REPORT: str(stop)})
    names = selected_names(folders, ())
    stale = stale_notebooks(status, names)
    current = _Current(unknown={name: reason for name in names if name not in stale for reason in _doubts(status)})
    present = [name for name in stale if name in names]
    try:
        if present:
            _find_current(plan_build(request, folders), present, before, current, run)
    except Stop as stop:  # the ledger, a parameter or a notebook is wrong
        current.unknown |= {name: str(stop) for name in present if name not in current.executed}
    unchanged = {name: notebook for name, notebook in executed.items() if name in names and name not in stale}
    after = changed_findings.results_of_runs(unchanged | current.executed)
    texts = changed_findings.notebook_texts(files) | changed_findings.readme_text(folders.root)
    return changed_findings.compare_results(before, after, changed_findings.find_mentions(texts), current.unknown)


def _doubts(status: Status) -> Iterator[str]:
    """Yield why notebooks of which nothing is stale might give other findings all the same, the first reason only."""
    for reason in status.reasons:
        if reason.what == REPORT and reason.kind in FAR_REACHING:
            yield FAR_REACHING[reason.kind]
            return
        if reason.what == REPORT and any(file.startswith(RUNNING) for file in reason.files):
            yield "the program that runs notebooks has changed; make verify runs them with it"
            return


def _published_files(folders: Folders) -> dict[str, bytes]:
    """Return the published files that have findings or verdicts, by name from the root."""
    paths = [folders.published / FINDINGS, *sorted((folders.published / "notebooks").glob("*.ipynb"))]
    return {folders.shown(path): path.read_bytes() for path in paths if path.exists()}


def _find_current(plan: Plan, stale: Sequence[str], before: Results, current: _Current, run: bool) -> None:
    """Fill `current` with what the stale notebooks give. Raises WrongInput if nothing can be run."""
    _ = plan.ledger  # its problems would stop every notebook
    cache = SweptRuns(plan.folders)
    first, second = (
        [notebook for notebook in plan.notebooks if notebook.name in stale and notebook.reads_findings is later]
        for later in (False, True)
    )
    current.executed |= plan.runs.of(first, plan.values)
    for notebook in current.missing(first):
        if path := cache.find(notebook, plan.values):
            current.executed[notebook.name] = cache.load(path)
    with KernelSource(plan.request.engine, plan.folders, plan.request.cell_timeout) as kernels:

        def run_missing(notebooks: Sequence[Notebook], environment: Mapping[str, str]) -> None:
            if not run:
                current.unknown |= {notebook.name: NOT_RUN for notebook in current.missing(notebooks)}
            elif missing := current.missing(notebooks):
                _run_without_figures(plan, missing, cache, kernels, current, environment)

        run_missing(first, {})
        if second:
            with TemporaryDirectory(prefix="ledger-findings-") as temporary:
                if reason := _export_findings(plan, stale, before, current, cache, kernels, Path(temporary)):
                    current.unknown |= {notebook.name: reason for notebook in second}
                    return
                current.executed |= plan.runs.of(second, plan.values, Path(temporary))
                run_missing(second, {locations.FINDINGS: temporary})


def _run_without_figures(
    plan: Plan,
    notebooks: Sequence[Notebook],
    cache: SweptRuns,
    kernels: KernelSource,
    current: _Current,
    environment: Mapping[str, str],
) -> None:
    """Run notebooks, and keep the results of those that do not depend on others."""

    def on_outcome(task: Task, outcome: Outcome) -> None:
        match outcome:
            case NotebookRun(executed=executed) if executed is not None:
                current.executed[task.notebook.name] = executed
                if not task.notebook.reads_findings:
                    cache.add(task.notebook, task.values, executed, cache.label(outcome.files_read))
            case Failure():
                summary = outcome.summary.partition("\n")[0]
                current.unknown[task.notebook.name] = f"{summary}; make report shows it in full"

    progress = Live(sys.stderr) if sys.stderr.isatty() else Progress()
    tasks = [Task(notebook, plan.values) for notebook in notebooks]
    environment = {locations.FIGURES: locations.NONE, **environment}
    with publish.locked(plan.folders, lambda text: print(text, file=sys.stderr)), progress.show():
        run_tasks(
            tasks, plan.folders, progress, kernels, plan.request.workers, on_outcome, environment, stop_at_failure=False
        )
    cache.forget(notebooks, 0)


def _export_findings(
    plan: Plan,
    stale: Sequence[str],
    before: Results,
    current: _Current,
    cache: SweptRuns,
    kernels: KernelSource,
    folder: Path,
) -> str:
    """Write what notebooks that read findings read into a folder, as a build does; return why that is not possible."""
    others = [notebook for notebook in plan.notebooks if not notebook.reads_findings]
    if unknown := [notebook.name for notebook in others if notebook.name in current.unknown]:
        return f"it reads the findings of {', '.join(unknown)}"
    if grid := plan.swept_grid:
        finished = {
            sweep.run_key(notebook, plan.values): (current.executed[notebook.name], plan.runs.read[notebook.name])
            for notebook in others
            if notebook.name in plan.runs.read and notebook.name in current.executed
        }
        tasks = [task for key, task in grid.runs.items() if key not in finished]
        if missing := sum(not cache.find(task.notebook, task.values) for task in tasks):
            remedy = "make sweep runs them, and make verify everything"
            return f"it summarises every reading, and {missing} of {len(grid.runs)} runs are not kept; {remedy}"
        result = sweep.run_grid(grid, cache, Progress(), sweep.run_here(plan.folders, kernels, 2), finished)
        (folder / readings.SWEPT).write_bytes(
            sweep.complete_with_published(result, grid, plan.folders.published / readings.SWEPT)
        )
    unchanged = {notebook.name for notebook in others} - {*stale}
    findings = extract.findings({name: current.executed[name] for name in current.executed})
    findings += [
        {name: value for name, value in row.items() if name != "kind"}
        for (kind, _), row in before.items()
        if kind == FINDING and row["notebook"] in unchanged
    ]
    (folder / FINDINGS).write_bytes(extract.findings_json(sorted(findings, key=lambda finding: finding["id"])))
    return ""
