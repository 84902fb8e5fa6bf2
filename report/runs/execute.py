"""Run notebooks with papermill, several at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from report.expressions import METADATA, ExpressionFailed
from report.folders import Folders
from report.kernels.private import CELL_TIMEOUT, ENGINES, FONT_LIST, make_font_list, warm_parent
from report.progress import Progress
from report.runs import canonical, cell_names, extract, parameters
from report.runs.beginnings import Beginnings
from report.runs.failures import Failure, describe_failure, forget_failures, raise_failures
from report.runs.reuse import Runs
from report.runs.selection import Notebook, in_waves
from report.seals import Seals

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from report.kernels.replays import Snapshot

__all__ = [
    "Begun", "Forks", "KernelSource", "NotebookRun", "Outcome", "Task", "TaskRunner", "execute", "kernel_environment",
    "run_tasks",
]  # fmt: skip


class Forks(Protocol):
    """What kernels are forked from: the warm parent, or a snapshot."""

    def fork(self, connection: str, folder: str, log: str, environment: Mapping[str, str]) -> int:
        """Return the process id of a new kernel. Raises OSError if there can be none."""


@dataclass(frozen=True)
class Begun:
    """The first cells of a notebook with what they have put out, and what gives a kernel that has run them."""

    cells: Sequence[Mapping]
    kernels: Forks


@dataclass(frozen=True)
class Task:
    """A notebook to run, and the values to run it with; in a sweep, `reading` names the readings it is run for.

    Only the findings and verdicts of a reading are kept, unless it is `shown` on a page. `begun` has the first cells if
    these need not run. A reading runs in a copy of `copied`, if there is one. `findings` is the folder of the findings
    that it reads, if that is not the same for all tasks.
    """

    notebook: Notebook
    values: Mapping[str, object]
    reading: str = ""
    shown: bool = False
    findings: Path | None = None
    begun: Begun | None = None
    copied: Snapshot | None = None


@dataclass
class NotebookRun:
    """One notebook while it runs and afterwards; the engine calls its `on_…` methods.

    `node` fills with outputs while the notebook runs, `executed` is the result without traces of this run, and
    `files_read` has the hash of each file that the kernel has read, by path. A run in a copy has no `executed`, but the
    outputs of its code cells in `displayed`, and the results of the expressions in its texts.
    """

    notebook: Notebook
    progress: Progress
    node: NotebookNode | None = None
    cell_index: int | None = None
    files_read: Mapping[str, str | None] = field(default_factory=dict)
    executed: NotebookNode | None = None
    displayed: list[Mapping] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """Return the notebook's name."""
        return self.notebook.name

    @property
    def results(self) -> Mapping:
        """Return a notebook that has the findings and verdicts of this run."""
        return self.executed or {"cells": self.displayed}

    def on_kernel_started(self, node: NotebookNode) -> None:
        """Called when the kernel has started."""
        self.node = node

    def on_cell_started(self, index: int) -> None:
        """Called when a cell starts."""
        self.cell_index = index
        cells = self.node.cells if self.node else []
        self.progress.step(self.notebook.name, index + 1, len(cells))
        self.progress.cell_started(self.started, self.notebook.name, cell_names.describe_cell(cells, index))

    def on_displays(self, cell: str, displays: Sequence[Mapping]) -> None:
        """Called when a cell has run in a copy, with the data of its displays."""
        outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in displays]
        self.displayed.append({"cell_type": "code", "id": cell, "outputs": outputs})

    def on_results(self, cell: str, results: Mapping[str, Mapping]) -> None:
        """Called when the expressions of a text have been evaluated in a copy."""
        kept = [{"expression": name, "result": result} for name, result in results.items()]
        self.displayed.append({"cell_type": "markdown", "id": cell, "metadata": {METADATA: kept}})

    def on_kernel_ended(self, files_read: Mapping[str, str | None]) -> None:
        """Called when the kernel has ended, with what it has read."""
        self.files_read = files_read
        self.progress.cells_ended(self.started)


Outcome = NotebookRun | Failure | None


def execute(
    notebooks: Sequence[Notebook],
    values: Mapping[str, object],
    folders: Folders,
    progress: Progress,
    kernels: KernelSource,
    workers: int = 2,
    export_findings: Callable[[dict], Path | None] = lambda executed: None,
    runs: Runs | None = None,
    while_running: Callable[[], object] = lambda: None,
    begin: Callable[[Notebook], Begun | None] = lambda notebook: None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, NotebookNode]:
    """Return the executed notebooks by name, in reading order, as canonical nodes.

    Notebooks that read findings run after the others: `export_findings` is called with those others, and returns the
    folder of their findings. A run that is kept in `runs` is not repeated. `while_running` is called while kernels are
    at work. `begin` returns the first cells of a notebook if these need not run. `environment` has more variables for
    the kernels. Raises NotebookFailed with every failure; half-run notebooks are kept in report/build/failed.
    """
    executed: dict[str, NotebookNode] = {}
    outcomes: dict[str, Outcome] = {}

    def note(task: Task, outcome: Outcome) -> None:
        outcomes[task.notebook.name] = outcome

    for wave in in_waves(notebooks):
        findings = export_findings(executed) if wave[0].reads_findings else None
        cached = runs.of(wave, values, findings) if runs else {}
        for notebook in wave:
            if notebook.name in cached:
                progress.reused(notebook.name, len(notebook.source["cells"]))
                executed[notebook.name] = canonical.node(notebook, cached[notebook.name])
        tasks = [Task(each, values, begun=begin(each)) for each in wave if each.name not in cached]
        own = {**kernel_environment(folders, findings), **environment}
        longest_first = sorted(tasks, key=lambda task: -len(task.notebook.source["cells"]))  # so that none ends alone
        run_tasks(longest_first, folders, progress, kernels, workers, note, own, while_running)
        for task in tasks:
            outcome = outcomes[task.notebook.name]
            if isinstance(outcome, NotebookRun) and outcome.executed:
                executed[task.notebook.name] = outcome.executed
                if runs:
                    runs.keep(task.notebook, values, outcome.executed, outcome.files_read, findings, bool(task.begun))
        executed = {notebook.name: executed[notebook.name] for notebook in notebooks if notebook.name in executed}
        raise_failures(outcomes[task.notebook.name] for task in tasks)
    return executed


class KernelSource(ExitStack):
    """What papermill needs to run notebooks in kernels of one kind, the default one if `engine` is None.

    A cell may take `cell_timeout` seconds. A context manager: a parent to fork from starts on first use, and ends with
    the block.
    """

    def __init__(self, engine: str | None, folders: Folders, cell_timeout: int = CELL_TIMEOUT) -> None:
        super().__init__()
        self._kind, self._folders = engine or next(iter(ENGINES)), folders
        self._cell_timeout = cell_timeout

    @cached_property
    def engine_arguments(self) -> dict[str, Any]:
        """Return the engine's name and arguments; a parent to fork from has been started."""
        fonts = self._folders.build / "cache" / f"matplotlib-{version('matplotlib')}"
        seals = Seals(self._folders.build)
        seals.delete_unsealed(fonts.glob(FONT_LIST))  # another list would give figures in other fonts
        self.callback(lambda: seals.seal_beside(fonts.glob(FONT_LIST)))  # when the parent has ended, and left one
        if self._kind == "forked":
            warm = self.enter_context(warm_parent(fonts))
        else:
            make_font_list(fonts)
            warm = None
        limit = {"execution_timeout": self._cell_timeout}
        return {"engine_name": ENGINES[self._kind], "fonts": fonts, "warm": warm, **limit}


def kernel_environment(folders: Folders, findings: Path | None = None) -> dict[str, str]:
    """Return the variables by which a kernel finds the ledger, and the findings of other notebooks."""
    found = {} if findings is None else {"REPORT_FINDINGS": str(findings)}
    return {"REPORT_DATA": str(folders.ledger.absolute()), **found}


class TaskRunner(ExitStack):
    """Runs tasks, in any number of threads at a time; what it has started ends with the block.

    For the `swept` notebooks, what all runs of a sweep have in common is begun once. `environment` is added to the
    kernels' own.
    """

    def __init__(
        self,
        swept: Sequence[Notebook],
        folders: Folders,
        progress: Progress,
        kernels: KernelSource,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__()
        arguments = kernels.engine_arguments  # before the import, so that the parent to fork from imports meanwhile
        from report.kernels import engine

        engine.kernels.open()
        # what papermill and Jupyter would log of a failure is in the failure itself
        logging.getLogger("papermill").addHandler(logging.NullHandler())
        self._folders, self._progress = folders, progress
        environment = {**kernel_environment(folders), **environment}
        self._arguments = {**arguments, "environment": environment, "folder": folders.notebooks}
        self._beginnings = self.enter_context(Beginnings(swept, self._arguments))

    def run(self, task: Task) -> Outcome:
        """Return the run of a task, or its failure; None if its kernel was ended."""
        if not task.begun and (snapshot := self._beginnings.of(task.notebook)):
            task = replace(task, copied=snapshot)
        return _run_task(task, self._folders, self._progress, self._arguments)


def run_tasks(
    tasks: Sequence[Task],
    folders: Folders,
    progress: Progress,
    kernels: KernelSource,
    workers: int,
    on_outcome: Callable[[Task, Outcome], object],
    environment: Mapping[str, str],
    while_running: Callable[[], object] = lambda: None,
    stop_at_failure: bool = True,
) -> None:
    """Run every task, as many at a time as there are workers; each outcome is passed to `on_outcome` when it is there.

    That is called in this thread, with None if a task did not begin because another failed. `environment` is added to
    the kernels' own. `while_running` is called once, when the tasks have been started. A kernel that is lost, and with
    `stop_at_failure` any failure, lets no other task begin.
    """
    if not tasks:
        return
    forget_failures({task.notebook.name: task.notebook for task in tasks}.values(), folders)
    stop = threading.Event()
    swept = {task.notebook.name: task.notebook for task in tasks if task.reading}
    runner = TaskRunner([*swept.values()], folders, progress, kernels, environment)
    from report.kernels import engine

    def run(task: Task) -> Outcome:
        outcome = None if stop.is_set() else runner.run(task)
        if isinstance(outcome, Failure) and (stop_at_failure or outcome.lost):
            stop.set()
        return outcome

    with runner, ThreadPoolExecutor(max_workers=workers, thread_name_prefix="notebook") as pool:
        futures: dict[Future[Outcome], Task] = {pool.submit(run, task): task for task in tasks}
        try:
            while_running()
            for future in as_completed([*futures]):
                on_outcome(futures.pop(future), future.result())  # popped, so that results do not pile up
        except BaseException:
            stop.set()
            engine.kernels.end_all()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _own_environment(task: Task) -> dict[str, str]:
    """Return the variables that only the kernel of this task has."""
    return {"REPORT_FINDINGS": str(task.findings)} if task.findings else {}


def _run_task(task: Task, folders: Folders, progress: Progress, arguments: Mapping[str, Any]) -> Outcome:
    """Return the run of a notebook, or its failure; None if its kernel was ended."""
    import nbformat
    import papermill

    from report.kernels import copies, engine

    notebook, begun, copied = task.notebook, task.begun, task.copied
    run = NotebookRun(notebook, progress)
    source = {**notebook.source, "cells": notebook.code} if copied and not task.shown else notebook.source
    progress.started(notebook.name, len(source["cells"]))
    own: dict[str, Any] = {"warm": begun.kernels, "earlier": begun.cells} if begun else {}
    if copied:
        types = None if task.shown else extract.RESULTS
        own = {"engine_name": copies.ENGINE, "warm": copied, "types": types, "own": _own_environment(task)}
    elif task.findings:
        own["environment"] = {**arguments["environment"], **_own_environment(task)}
    try:
        node = papermill.execute_notebook(
            nbformat.from_dict(source),
            None,
            parameters=parameters.notebook_values(notebook, task.values),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            # no `cwd`, which changes the folder of the process, shared by threads; the engine takes `folder`
            watcher=run,
            evaluates=task.shown or not task.reading,  # a sweep keeps no text
            **{**arguments, **own},
        )
    except Exception as error:  # any exception is reported with its notebook
        if engine.kernels.has_ended(notebook.name):
            progress.failed(notebook.name)
            return None
        if copied and isinstance(error, copies.NotForCopies | OSError):
            return _run_task(replace(task, copied=None), folders, progress, arguments)
        is_of_cell = isinstance(error, papermill.PapermillExecutionError | ExpressionFailed)
        if begun and not is_of_cell:
            return _run_task(replace(task, begun=None), folders, progress, arguments)  # the snapshot is gone
        failure = describe_failure(notebook, run.node, run.cell_index, error, task.values, folders, task.reading)
        progress.failed(notebook.name, failure.summary)
        return failure
    progress.finished(notebook.name, time.monotonic() - run.started)
    if not copied:
        run.executed = canonical.node(notebook, node)
    return run
