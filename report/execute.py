"""Run notebooks with papermill, several at a time, and say exactly where one fails."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from . import canonical, parameters
from .folders import Folders
from .private import ENGINES, private_environment, private_folder, warm_parent
from .progress import Progress
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
    started: float = field(default_factory=time.monotonic)

    def begins(self, node) -> None:
        self.node = node

    def reaches(self, index: int) -> None:
        self.at = index
        self.progress.cell(self.notebook.name, index + 1, len(self.node.cells))


def execute(
    notebooks: Sequence[Notebook],
    values: Mapping[str, object],
    folders: Folders,
    progress: Progress,
    kernels: Mapping,
    workers: int = 2,
    between: Callable[[dict], Mapping[str, str]] = lambda executed: {},
) -> dict:
    """Return the executed notebooks by name, in reading order, as canonical nodes.

    `kernels` is what `starting` gives. Notebooks that read findings run after the others; `between` is given those
    others and returns the environment for the readers. Raises NotebookFailed with every failure there was; half-run
    notebooks are kept in report/build/failed.
    """
    from . import engine

    engine.kernels.open()
    # what papermill and Jupyter would log of a failure is told by the failure itself
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    executed: dict = {}
    for wave in in_waves(notebooks):
        environment = {"REPORT_DATA": str(folders.ledger.absolute())}
        if wave[0].reads_findings:
            environment |= between(executed)
        told = {**kernels, "environment": environment}
        executed |= _execute_wave(wave, values, folders, progress, told, workers)
    return {notebook.name: executed[notebook.name] for notebook in notebooks}


@contextmanager
def starting(engine: str | None, folders: Folders) -> Iterator[dict]:
    """Give what papermill needs to run notebooks in kernels of this kind, by default the suited one.

    The process that kernels are forked from starts at once, and imports while this one goes on.
    """
    kind, fonts = engine or next(iter(ENGINES)), font_list(folders.build / "cache")
    with warm_parent(fonts) if kind == "forked" else nullcontext() as warm:
        yield {"engine_name": ENGINES[kind], "fonts": fonts, "warm": warm}


def _execute_wave(wave, values, folders, progress, kernels, workers) -> dict:
    from . import engine

    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="notebook") as pool:
        futures: dict[str, Future] = {
            notebook.name: pool.submit(_execute_one, notebook, values, folders, progress, kernels, stop)
            for notebook in wave
        }
        try:
            wait(futures.values())
        except BaseException:
            stop.set()
            engine.kernels.end_all()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    outcomes = {name: future.result() for name, future in futures.items()}
    failures = [outcome for outcome in outcomes.values() if isinstance(outcome, Failure)]
    if failures:
        raise NotebookFailed("\n\n".join(map(str, failures)))
    return outcomes


def _execute_one(
    notebook: Notebook, values, folders: Folders, progress: Progress, kernels: Mapping, stop: threading.Event
):
    """Return the executed notebook, or its failure; None if another notebook failed before this one began."""
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
            **kernels,
        )
    except Exception as error:  # whatever it is, it is told with its notebook
        stop.set()
        progress.failed(notebook.name)
        return None if engine.kernels.closed else _failure(run, error, values, folders)
    progress.finished(notebook.name, time.monotonic() - run.started)
    return canonical.node(notebook, node)


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


_LIST_OWN_FONTS = """
import os, subprocess
walk = os.walk
import matplotlib
own = matplotlib.get_data_path()
os.walk = lambda top, *more, **options: walk(top, *more, **options) if str(top).startswith(own) else iter(())
def refuse(*more, **options):
    raise OSError
subprocess.check_output = refuse
import matplotlib.font_manager
"""


def font_list(cache: Path) -> Path | None:
    """Return a folder with matplotlib's list of its own fonts, made once for each version of matplotlib.

    With it a kernel neither searches the machine for fonts, which takes longer than most notebooks, nor finds any. None
    if it cannot be made: then matplotlib makes its list itself.
    """
    folder = cache / f"matplotlib-{version('matplotlib')}"
    if not any(folder.glob("fontlist-*.json")):
        folder.mkdir(parents=True, exist_ok=True)
        with private_folder() as private:
            environment = private_environment(private, {"MPLBACKEND": "agg"})
            subprocess.run([sys.executable, "-c", _LIST_OWN_FONTS], env=environment, capture_output=True, check=False)
            for made in sorted(Path(environment["MPLCONFIGDIR"]).glob("fontlist-*.json")):
                unfinished = folder / f"{made.name}.{os.getpid()}"
                unfinished.write_bytes(made.read_bytes())
                os.replace(unfinished, folder / made.name)
    return folder if any(folder.glob("fontlist-*.json")) else None
