"""Run notebooks with papermill, several at a time, and say exactly where one fails."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from . import canonical, parameters
from .folders import Folders
from .private import ENGINES, make_font_list, warm_parent
from .progress import Progress
from .reuse import Runs
from .selection import INJECTED, Notebook, in_waves
from .stops import NotebookFailed

CODES = re.compile(r"\x1b\[[0-9;]*m")
CELL_LINE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
FILE_LINE = re.compile(r"^File (\S.*?):(\d+), in ", re.MULTILINE)


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

    def __str__(self) -> str:
        """Return all of it, a line each, as a person needs it to mend the cell."""
        line = f", line {self.line}" if self.line else ""
        said = [
            f"notebooks/{self.notebook}.ipynb stopped in cell {self.cell} ({self.position}){line}",
            f"  {self.error}",
            *([f"  raised in {self.elsewhere}"] if self.elsewhere else []),
            f"  parameters: {self.parameters}",
            f"  half-run notebook: {self.kept}",
        ]
        return "\n".join(said)


@dataclass
class _Run:
    """One notebook on its way: hears from the engine how far it is."""

    notebook: Notebook
    progress: Progress
    node: object = None
    at: int | None = None
    read: Mapping[str, str | None] = field(default_factory=dict)
    executed: object = None
    started: float = field(default_factory=time.monotonic)

    def begins(self, node) -> None:
        self.node = node

    def ended(self, read: Mapping[str, str | None]) -> None:
        self.read = read

    def reaches(self, index: int) -> None:
        self.at = index
        self.progress.cell(self.notebook.name, index + 1, len(self.node.cells))


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
        outcomes = _execute_wave(left, values, folders, progress, kernels, workers, findings, meanwhile)
        for notebook, run in zip(left, outcomes, strict=True):
            if isinstance(run, _Run):
                executed[notebook.name] = run.executed
                if runs:
                    runs.keep(notebook, values, run.executed, run.read, findings)
        executed = {notebook.name: executed[notebook.name] for notebook in notebooks if notebook.name in executed}
        if failures := [outcome for outcome in outcomes if isinstance(outcome, Failure)]:
            raise NotebookFailed("\n\n".join(map(str, failures)))
    return executed


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


def _execute_wave(
    wave, values, folders, progress, kernels, workers, findings, meanwhile
) -> list[_Run | Failure | None]:
    """Return the outcome of each notebook of a wave: None of one that did not begin because another failed."""
    if not wave:
        return []
    from . import engine

    engine.kernels.open()
    # what papermill and Jupyter would log of a failure is told by the failure itself
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    environment = {"REPORT_DATA": str(folders.ledger.absolute())}
    if findings:
        environment["REPORT_FINDINGS"] = str(findings)
    told = {**kernels.started, "environment": environment}
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="notebook") as pool:
        futures: dict[str, Future] = {
            notebook.name: pool.submit(_execute_one, notebook, values, folders, progress, told, stop)
            for notebook in wave
        }
        try:
            meanwhile()
            wait(futures.values())
        except BaseException:
            stop.set()
            engine.kernels.end_all()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return [future.result() for future in futures.values()]


def _execute_one(
    notebook: Notebook, values, folders: Folders, progress: Progress, told: Mapping, stop: threading.Event
) -> _Run | Failure | None:
    """Return the run of a notebook, or its failure; None if another notebook failed before this one began."""
    if stop.is_set():
        return None
    import papermill

    from . import engine

    run = _Run(notebook, progress)
    progress.started(notebook.name, len(notebook.source["cells"]))
    try:
        node = papermill.execute_notebook(
            _literally(notebook.path),
            None,
            parameters=parameters.of_notebook(notebook, values),
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
        stop.set()
        progress.failed(notebook.name)
        return None if engine.kernels.closed else _failure(run, error, values, folders)
    progress.finished(notebook.name, time.monotonic() - run.started)
    run.executed = canonical.node(notebook, node)
    return run


def _literally(path: Path) -> str:
    """Return the path as papermill needs it, which takes braces for places to fill in."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _error_output(run: _Run) -> tuple[object, object] | None:
    for cell in run.node.cells if run.node else []:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return cell, output
    return None


def _failure(run: _Run, error: Exception, values, folders: Folders) -> Failure:
    notebook, found = run.notebook, _error_output(run)
    in_force = parameters.in_force(notebook, values)
    told = {
        "notebook": notebook.name,
        "parameters": ", ".join(f"{name}={value!r}" for name, value in in_force.items()) or "none",
        "kept": _keep(run, folders),
    }
    if found is None:
        cells = run.node.cells if run.node else []
        cell = cells[run.at] if run.at is not None and cells else None
        said = f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}"
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
        error=f"{output.ename}: {last_line(output.evalue)}".rstrip(": "),
        elsewhere=_raised_in(trace, folders),
        **told,
    )


def last_line(message: str) -> str:
    r"""Return the line of an exception's message that says most: the last that is not empty.

    >>> last_line("operands differ\n  (3,) and (4,)\n")
    '(3,) and (4,)'
    """
    lines = [line.strip() for line in CODES.sub("", message).splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _raised_in(trace: str, folders: Folders) -> str:
    """Return the last place in our own modules that the traceback passed, or nothing."""
    places = [(Path(file).expanduser(), line) for file, line in FILE_LINE.findall(trace)]
    places = [(file if file.is_absolute() else folders.notebooks / file, line) for file, line in places]
    ours = [f"{folders.shown(file)}, line {line}" for file, line in places if file.is_relative_to(folders.notebooks)]
    return ours[-1] if ours else ""


def _keep(run: _Run, folders: Folders) -> str:
    """Keep what the notebook left so far in report/build/failed, and return where."""
    if run.node is None:
        return "none, the kernel did not start"
    path = folders.build / "failed" / f"{run.notebook.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical.as_bytes(canonical.node(run.notebook, run.node)))
    return folders.shown(path)


def forget_failures(notebooks: Sequence[Notebook], folders: Folders) -> None:
    """Remove the half-run notebooks of earlier builds, so that what lies there is of this one."""
    for notebook in notebooks:
        (folders.build / "failed" / f"{notebook.name}.ipynb").unlink(missing_ok=True)
