"""The notebooks under each declared reading, as a page shows them.

The sweep has run those that take part in it. The others that declare what a reading changes run here, and then those
that read the findings of others, with the findings of the reading. All else is as in the default reading.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claims.ledger.readings import DEFAULT, SWEPT, DeclaredReading

from report.folders import Folders
from report.progress import Inner, Progress
from report.runs import extract, sweep
from report.runs.execute import KernelSource, NotebookRun, Outcome, Task, kernel_environment, run_tasks
from report.runs.failures import Failure, raise_failures
from report.runs.parameters import notebook_values
from report.runs.reuse import merge_cells
from report.runs.selection import Notebook
from report.stops import NotebookFailed

__all__ = ["PART", "ShownReadings"]

PART = "readings"  # its name among the parts of a build


@dataclass
class ShownReadings:
    """The notebooks of a report under the readings of a sweep; `executed` are those of the default reading.

    `folder` is that of the default findings, with sweep.csv beside them.
    """

    swept: sweep.SweepResult
    notebooks: Sequence[Notebook]
    executed: Mapping[str, Mapping]
    folder: Path
    _paths: dict[tuple[str, str], Path] = field(default_factory=dict, repr=False)

    @property
    def readings(self) -> list[DeclaredReading]:
        """Return the readings but the default one, without those that cannot be run."""
        left_out = self.swept.left_out
        return [each for each in self.swept.grid.readings if each.kind != DEFAULT and each.name not in left_out]

    def run(self, folders: Folders, kernels: KernelSource, workers: int, progress: Progress) -> None:
        """Run the notebooks that the sweep has not run. Raises NotebookFailed with every failure."""
        unswept, readers = [*self._unswept_tasks()], len(self.readings) * sum(map(_reads_findings, self.notebooks))
        steps = _Steps(progress, len(unswept) + readers)
        self._run_tasks(unswept, kernel_environment(folders), folders, kernels, workers, steps)
        self._run_tasks(
            self._reader_tasks(), kernel_environment(folders, self.folder), folders, kernels, workers, steps
        )
        steps.end()
        self.swept.cache.forget(self.notebooks, len(self.readings))

    def _run_tasks(
        self,
        tasks: Iterable[Task],
        environment: Mapping[str, str],
        folders: Folders,
        kernels: KernelSource,
        workers: int,
        steps: _Steps,
    ) -> None:
        """Run those of the tasks that no kept run can replace."""
        missing: list[Task] = []
        failures: list[Failure] = []
        for task in tasks:
            if path := self.swept.cache.find(task.notebook, task.values, task.findings):
                self._paths[task.reading, task.notebook.name] = path
                steps.reused()
            else:
                missing.append(task)

        def on_outcome(task: Task, outcome: Outcome) -> None:
            match outcome:
                case NotebookRun():
                    self._keep(task, outcome)
                case Failure():
                    failures.append(outcome)
            steps.ran()

        if missing:
            assert self.swept.cache.drawings
            steps.start()
            environment = {**environment, **sweep.for_page(self.swept.cache.drawings)}
            run_tasks(missing, folders, Inner(steps.progress), kernels, workers, on_outcome, environment)
            raise_failures(failures)

    def _unswept_tasks(self) -> Iterator[Task]:
        """Yield the runs of notebooks that declare what a reading changes and take no part in the sweep."""
        swept = {notebook.name for notebook in self.swept.grid.notebooks}
        for reading in self.readings:
            for notebook in self.notebooks:
                values = notebook_values(notebook, reading.changes)
                if values and notebook.name not in swept and not notebook.reads_findings:
                    yield Task(notebook, values, reading.name, shown=True)

    def _reader_tasks(self) -> Iterator[Task]:
        """Yield the runs of notebooks that read findings, those of each reading in a folder of their own."""
        for number, reading in enumerate(self.readings):
            folder = self.folder / f"{PART}-{number}"
            folder.mkdir()
            executed = self._executed_under(reading, [each for each in self.notebooks if not each.reads_findings])
            (folder / "findings.json").write_bytes(extract.findings_json(extract.findings(executed)))
            (folder / SWEPT).symlink_to(self.folder / SWEPT)
            for notebook in filter(_reads_findings, self.notebooks):
                yield Task(notebook, reading.changes, reading.name, shown=True, findings=folder)

    def _keep(self, task: Task, run: NotebookRun) -> None:
        """Keep a run; what it read of the default findings, which all runs have begun with, counts as its own."""
        read = dict(run.files_read)
        if task.findings and (swept := read.pop(f"{self.folder}/{SWEPT}", None)):
            read[f"{task.findings}/{SWEPT}"] = swept
        cache = self.swept.cache
        labelled = cache.label(read, task.findings)
        path = cache.add(task.notebook, task.values, run.results, labelled, task.findings)
        self._paths[task.reading, task.notebook.name] = path

    def executed_under(self, reading: DeclaredReading) -> dict[str, Mapping]:
        """Return all notebooks under a reading, by name, in reading order."""
        return self._executed_under(reading, self.notebooks)

    def _executed_under(self, reading: DeclaredReading, notebooks: Iterable[Notebook]) -> dict[str, Mapping]:
        """Return notebooks with what a kept run of each has shown; where there is none, as in the default reading."""
        swept = {task.notebook.name: task for task in self.swept.grid.tasks if task.reading == reading.name}
        paths = {name: self.swept.paths[sweep.run_key(task.notebook, task.values)] for name, task in swept.items()}
        filled: dict[str, Mapping] = {}
        for notebook in notebooks:
            path = paths.get(notebook.name) or self._paths.get((reading.name, notebook.name))
            run = merge_cells(notebook, self.swept.cache.load(path)) if path else self.executed[notebook.name]
            if run is None:
                raise NotebookFailed(f"{notebook.name}: a kept run lacks the value of an expression")
            filled[notebook.name] = run
        return filled


@dataclass
class _Steps:
    """Reports the runs as the steps of one part of a build, whether reused or run."""

    progress: Progress
    total: int
    position: int = 0
    started: float | None = None

    def reused(self) -> None:
        """Called when a kept run replaces one."""
        self.position += 1

    def start(self) -> None:
        """Called before the first run."""
        if self.started is None:
            self.started = time.monotonic()
            self.progress.started(PART, self.total, "run")

    def ran(self) -> None:
        """Called when a run has ended."""
        self.position += 1
        self.progress.step(PART, self.position, self.total)

    def end(self) -> None:
        """Called when all have ended."""
        if self.started is None:
            self.progress.reused(PART, self.total, "run")
        else:
            self.progress.finished(PART, time.monotonic() - self.started)


def _reads_findings(notebook: Notebook) -> bool:
    return notebook.reads_findings
