"""Run notebooks with papermill, several at a time, and say exactly where one fails."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from report import digests
from report.folders import Folders
from report.kernels.private import ENGINES, make_font_list, warm_parent
from report.progress import Progress
from report.runs import canonical, parameters
from report.runs.reuse import Runs
from report.runs.selection import INJECTED, Notebook, in_waves
from report.stops import NotebookFailed

CODES = re.compile(r"\x1b\[[0-9;]*m")
CELL_LINE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
MOST_LINES = 30  # of an exception's message
OTHERS = re.compile(r"[^A-Za-z0-9_.+-]+")
FILE_LINE = re.compile(r"^File (\S.*?):(\d+), in ", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """A notebook to run, and the values to run it with; `reading` names those where it is run with several."""

    notebook: Notebook
    values: Mapping[str, object]
    reading: str = ""


@dataclass
class Failure:
    """A notebook that stopped: where, why, with which parameters, and what of it was kept."""

    notebook: str
    cell: str
    position: str
    line: int | None
    error: str
    elsewhere: str
    parameters: str
    kept: str
    reading: str = ""

    @property
    def told(self) -> str:
        """Return where it stopped, and the whole message."""
        return f"{self.notebook} stopped in cell {self.cell}: {self.error}"

    def __str__(self) -> str:
        """Return all of it, as a person needs it to fix the cell."""
        line = f", line {self.line}" if self.line else ""
        said = [
            f"notebooks/{self.notebook}.ipynb stopped in cell {self.cell} ({self.position}){line}",
            f"  {self.error}",
            *([f"  raised in {self.elsewhere}"] if self.elsewhere else []),
            *([f"  reading: {self.reading}"] if self.reading else []),
            f"  parameters: {self.parameters}",
            f"  half-run notebook: {self.kept}",
        ]
        return "\n".join(said)


@dataclass
class Run:
    """One notebook on its way: hears from the engine how far it is."""

    notebook: Notebook
    progress: Progress
    node: object = None
    at: int | None = None
    read: Mapping[str, str | None] = field(default_factory=dict)
    executed: object = None
    started: float = field(default_factory=time.monotonic)

    def begins(self, node) -> None:
        """Hear that the kernel runs."""
        self.node = node

    def ended(self, read: Mapping[str, str | None]) -> None:
        """Hear what the kernel has read."""
        self.read = read

    def reaches(self, index: int) -> None:
        """Hear that a cell starts."""
        self.at = index
        self.progress.step(self.notebook.name, index + 1, len(self.node.cells))


Outcome = Run | Failure | None


def execute(
    notebooks: Sequence[Notebook],
    values: Mapping[str, object],
    folders: Folders,
    progress: Progress,
    kernels: Kernels,
    workers: int = 2,
    between: Callable[[dict], Path | None] = lambda executed: None,
    runs: Runs | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> dict:
    """Return the executed notebooks by name, in reading order, as canonical nodes.

    `kernels` is what `starting` gives. Notebooks that read findings run after the others; `between` is given those
    others and returns the folder of their findings. A run that `runs` has kept is not repeated. While kernels are at
    work, `meanwhile` is called. Raises NotebookFailed with every failure there was; half-run notebooks are kept in
    report/build/failed.
    """
    executed: dict = {}
    for wave in in_waves(notebooks):
        findings = between(executed) if wave[0].reads_findings else None
        kept = runs.of(wave, values, findings) if runs else {}
        for notebook in wave:
            if notebook.name in kept:
                progress.reused(notebook.name, len(notebook.source["cells"]))
                executed[notebook.name] = canonical.node(notebook, kept[notebook.name])
        left = [notebook for notebook in wave if notebook.name not in kept]
        outcomes: dict[str, Outcome] = {}

        def heard(task: Task, outcome: Outcome, outcomes: dict = outcomes) -> None:
            outcomes[task.notebook.name] = outcome

        told = {} if findings is None else {"REPORT_FINDINGS": str(findings)}
        each([Task(notebook, values) for notebook in left], folders, progress, kernels, workers, heard, told, meanwhile)
        for notebook in left:
            if isinstance(run := outcomes[notebook.name], Run):
                executed[notebook.name] = run.executed
                if runs:
                    runs.keep(notebook, values, run.executed, run.read, findings)
        executed = {notebook.name: executed[notebook.name] for notebook in notebooks if notebook.name in executed}
        refuse([outcomes[notebook.name] for notebook in left])
    return executed


def refuse(outcomes: Iterable[Outcome]) -> None:
    """Raise NotebookFailed with every failure among the outcomes, if there is one."""
    if failures := [outcome for outcome in outcomes if isinstance(outcome, Failure)]:
        raise NotebookFailed("\n\n".join(map(str, failures)))


class Kernels:
    """What papermill needs to run notebooks in kernels of one kind; what those are forked from starts on request."""

    def __init__(self, engine: str | None, folders: Folders, until_the_end: ExitStack) -> None:
        self._kind, self._folders, self._until_the_end = engine or next(iter(ENGINES)), folders, until_the_end

    @cached_property
    def started(self) -> dict:
        """Return the engine's name and arguments; kernels can be asked for from now on."""
        fonts = self._folders.build / "cache" / f"matplotlib-{version('matplotlib')}"
        if self._kind == "forked":
            warm = self._until_the_end.enter_context(warm_parent(fonts))
        else:
            make_font_list(fonts)
            warm = None
        return {"engine_name": ENGINES[self._kind], "fonts": fonts, "warm": warm}


@contextmanager
def starting(engine: str | None, folders: Folders) -> Iterator[Kernels]:
    """Give kernels of this kind, by default the suited one, for as long as the block runs."""
    with ExitStack() as until_the_end:
        yield Kernels(engine, folders, until_the_end)


def each(
    tasks: Sequence[Task],
    folders: Folders,
    progress: Progress,
    kernels: Kernels,
    workers: int,
    heard: Callable[[Task, Outcome], object],
    environment: Mapping[str, str],
    meanwhile: Callable[[], object] = lambda: None,
    to_the_end: bool = False,
) -> None:
    """Run every task, as many at a time as there are workers, and let `heard` know the outcome of each when it is done.

    It hears in this thread, and of None where a task did not begin because another failed, which keeps none from that
    if all are to be run `to_the_end`. `environment` is added to the kernels' own.
    """
    if not tasks:
        return
    from report.kernels import engine

    forget_failures({task.notebook.name: task.notebook for task in tasks}.values(), folders)
    engine.kernels.open()
    # what papermill and Jupyter would log of a failure is told by the failure itself
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    told = {**kernels.started, "environment": {"REPORT_DATA": str(folders.ledger.absolute()), **environment}}
    stop = threading.Event()

    def run(task: Task) -> Outcome:
        outcome = _execute_one(task.notebook, task.values, folders, progress, told, stop, task.reading)
        if isinstance(outcome, Failure) and not to_the_end:
            stop.set()
        return outcome

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="notebook") as pool:
        futures: dict[Future, Task] = {pool.submit(run, task): task for task in tasks}
        try:
            meanwhile()
            for future in as_completed([*futures]):
                heard(futures.pop(future), future.result())
        except BaseException:
            stop.set()
            engine.kernels.end_all()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _execute_one(
    notebook: Notebook,
    values,
    folders: Folders,
    progress: Progress,
    told: Mapping,
    stop: threading.Event,
    reading: str = "",
) -> Outcome:
    """Return the run of a notebook, or its failure; None if it is to stop before this one began."""
    if stop.is_set():
        return None
    import papermill

    from report.kernels import engine

    run = Run(notebook, progress)
    progress.started(notebook.name, len(notebook.source["cells"]))
    try:
        node = papermill.execute_notebook(
            _literally(notebook.path),
            None,
            parameters=parameters.notebook_values(notebook, values),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            autosave_cell_every=0,
            # papermill's own `cwd` changes the folder of this whole process, which threads share
            folder=folders.notebooks,
            watcher=run,
            **told,
        )
    except Exception as error:  # whatever it is, it is told with its notebook
        progress.failed(notebook.name)
        return None if engine.kernels.closed else _failure(run, error, values, folders, reading)
    progress.finished(notebook.name, time.monotonic() - run.started)
    run.executed = canonical.node(notebook, node)
    return run


def _literally(path: Path) -> str:
    """Return the path as papermill needs it, which takes braces for places to fill in."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _error_output(run: Run) -> tuple[object, object] | None:
    for cell in run.node.cells if run.node else []:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return cell, output
    return None


def _failure(run: Run, error: Exception, values, folders: Folders, reading: str) -> Failure:
    notebook, found = run.notebook, _error_output(run)
    in_force = parameters.effective_values(notebook, values)
    told = {
        "notebook": notebook.name,
        "parameters": ", ".join(f"{name}={value!r}" for name, value in in_force.items()) or "none",
        "kept": _keep(run, folders, reading),
        "reading": reading,
    }
    if found is None:
        cells = run.node.cells if run.node else []
        cell = cells[run.at] if run.at is not None and cells else None
        said = error_text(type(error).__name__, str(error) or "no message")
        name, position = (cell.id, f"{run.at + 1} of {len(cells)}") if cell else ("none", "before the first")
        return Failure(cell=name, position=position, line=None, error=said, elsewhere="", **told)
    cell, output = found
    ids = [each["id"] for each in notebook.source["cells"]]
    trace = CODES.sub("", "\n".join(output.traceback))
    lines = [int(line) for count, line in CELL_LINE.findall(trace) if count == str(cell.execution_count)]
    return Failure(
        cell=cell.id if cell.id in ids else INJECTED,
        position=f"{ids.index(cell.id) + 1} of {len(ids)}" if cell.id in ids else "made by papermill",
        line=lines[0] if lines else None,
        error=error_text(output.ename, output.evalue),
        elsewhere=_raised_in(trace, folders),
        **told,
    )


def error_text(name: str, message: str) -> str:
    r"""Return an exception's name and its whole message, every line after the first indented by four spaces.

    Of a message of more than `MOST_LINES` lines, the first are returned, and where the others are.

    >>> print(error_text("UnknownName", "2 problems\n  {pase} is unknown\nKeep it first."))
    UnknownName: 2 problems
          {pase} is unknown
        Keep it first.
    """
    lines = CODES.sub("", message).strip().splitlines()
    first, *others = lines[:MOST_LINES] or [""]
    if len(lines) > MOST_LINES:
        others.append(f"… {len(lines) - MOST_LINES} more lines are in the half-run notebook")
    return "\n".join([f"{name}: {first}".rstrip(": "), *(f"    {line}".rstrip() for line in others)])


def _raised_in(trace: str, folders: Folders) -> str:
    """Return the last place in our own modules that the traceback passed, or nothing."""
    places = [(Path(file).expanduser(), line) for file, line in FILE_LINE.findall(trace)]
    places = [(file if file.is_absolute() else folders.notebooks / file, line) for file, line in places]
    ours = [f"{folders.shown(file)}, line {line}" for file, line in places if file.is_relative_to(folders.notebooks)]
    return ours[-1] if ours else ""


def _keep(run: Run, folders: Folders, reading: str) -> str:
    """Keep what the notebook left so far in report/build/failed, and return where."""
    if run.node is None:
        return "none, the kernel did not start"
    path = folders.build / "failed" / f"{run.notebook.name}{_in_file_names(reading)}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical.as_bytes(canonical.node(run.notebook, run.node)))
    return folders.shown(path)


def _in_file_names(reading: str) -> str:
    """Return a reading as a part of a file's name, nothing if there is none.

    >>> _in_file_names("rounding=half_even, narrow"), _in_file_names("")
    ('+rounding-half_even-narrow', '')
    """
    plain = OTHERS.sub("-", reading)
    short = f"{plain[:50]}-{digests.digest(reading.encode())[:6]}"
    return f"+{plain if len(plain) <= len(short) else short}" if reading else ""


def forget_failures(notebooks: Iterable[Notebook], folders: Folders) -> None:
    """Delete what earlier runs of these notebooks left in report/build/failed; it is about to be out of date."""
    for notebook in notebooks:
        for reading in ("", "+*"):
            for path in (folders.build / "failed").glob(f"{notebook.name}{reading}.ipynb"):
                path.unlink(missing_ok=True)
