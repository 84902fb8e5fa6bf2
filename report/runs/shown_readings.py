"""The notebooks under each declared reading, as a page shows them.

The sweep has run those that declare what a reading changes. Those that read the findings of others run here, with the
findings of the reading; all others are as in the default reading.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claims.ledger.readings import DEFAULT, SWEPT, DeclaredReading

from report.folders import Folders
from report.progress import Inner, Progress
from report.runs import extract, sweep
from report.runs.execute import KernelSource, NotebookRun, Outcome, Task, kernel_environment, run_tasks
from report.runs.failures import Failure, raise_failures
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
    paths: dict[tuple[str, str], Path] = field(default_factory=dict, repr=False)

    @property
    def readings(self) -> list[DeclaredReading]:
        """Return the readings but the default one, without those that cannot be run."""
        left_out = self.swept.left_out
        return [each for each in self.swept.grid.readings if each.kind != DEFAULT and each.name not in left_out]

    def run(self, folders: Folders, kernels: KernelSource, workers: int, progress: Progress) -> None:
        """Run the notebooks that read findings, once for each reading. Raises NotebookFailed with every failure."""
        tasks, failures = [*self._tasks()], []
        started = time.monotonic()
        own = {(task.reading, task.notebook.name): task for task in tasks}

        def on_outcome(task: Task, outcome: Outcome) -> None:
            match outcome:
                case NotebookRun():
                    self._keep(task, outcome)
                case Failure():
                    failures.append(outcome)
            progress.step(PART, len(self.paths) + len(failures), len(own))

        if wanted := [task for key, task in own.items() if key not in self.paths]:
            progress.started(PART, len(own), "run")
            drawings = self.swept.cache.drawings
            assert drawings
            environment = {**kernel_environment(folders, self.folder), **sweep.for_page(drawings)}
            run_tasks(wanted, folders, Inner(progress), kernels, workers, on_outcome, environment)
            raise_failures(failures)
            progress.finished(PART, time.monotonic() - started)
        else:
            progress.reused(PART, len(own), "run")

    def _tasks(self) -> Iterator[Task]:
        """Yield the runs of each reading, each with its findings in a folder; those that are kept are noted."""
        cache = self.swept.cache
        for number, reading in enumerate(self.readings):
            folder = self.folder / f"{PART}-{number}"
            folder.mkdir()
            (folder / "findings.json").write_bytes(extract.findings_json(extract.findings(self._executed(reading))))
            (folder / SWEPT).symlink_to(self.folder / SWEPT)
            for notebook in self.notebooks:
                if notebook.reads_findings:
                    task = Task(notebook, reading.changes, reading.name, shown=True, findings=folder)
                    if path := cache.find(notebook, reading.changes, folder):
                        self.paths[reading.name, notebook.name] = path
                    yield task

    def _keep(self, task: Task, run: NotebookRun) -> None:
        """Keep a run; what it read of the default findings, which all runs have begun with, counts as its own."""
        assert task.findings
        read = {
            path.replace(f"{self.folder}/{SWEPT}", f"{task.findings}/{SWEPT}"): it
            for path, it in run.files_read.items()
        }
        cache = self.swept.cache
        labelled = cache.label(read, task.findings)
        path = cache.add(task.notebook, task.values, run.results, labelled, task.findings)
        self.paths[task.reading, task.notebook.name] = path

    def _executed(self, reading: DeclaredReading) -> dict[str, Mapping]:
        """Return the notebooks that read no findings, under a reading."""
        paths = {}
        for task in self.swept.grid.tasks:
            if task.reading == reading.name:
                paths[task.notebook.name] = self.swept.paths[sweep.run_key(task.notebook, task.values)]
        return self._filled(
            {notebook.name: paths.get(notebook.name) for notebook in self.notebooks if not notebook.reads_findings}
        )

    def executed_under(self, reading: DeclaredReading) -> dict[str, Mapping]:
        """Return all notebooks under a reading, by name, in reading order."""
        others = {each.name: self.paths[reading.name, each.name] for each in self.notebooks if each.reads_findings}
        found = self._executed(reading) | self._filled(others)
        return {notebook.name: found[notebook.name] for notebook in self.notebooks}

    def _filled(self, paths: Mapping[str, Path | None]) -> dict[str, Mapping]:
        """Return notebooks with what a kept run of each has shown; where there is none, as in the default reading."""
        filled: dict[str, Mapping] = {}
        for notebook in self.notebooks:
            if notebook.name in paths:
                path = paths[notebook.name]
                run = merge_cells(notebook, self.swept.cache.load(path)) if path else self.executed[notebook.name]
                if run is None:
                    raise NotebookFailed(f"{notebook.name}: a kept run lacks the value of an expression")
                filled[notebook.name] = run
        return filled
