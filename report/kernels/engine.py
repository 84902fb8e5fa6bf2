"""The papermill engines: a kernel of this very Python, in private folders, stopped as soon as it is done.

    papermill --engine report notebooks/20_growth_rates.ipynb /dev/null --cwd notebooks

`forked` takes its kernels from a parent that has imported pandas and matplotlib already (Linux); `plain` starts each
from nothing. Both leave the same bytes. To papermill they are `report` (forked where that can be) and `report-plain`.

The kernel is this Python, whatever kernelspecs a user has; it is reached over sockets in a folder of its own; home,
IPython, Jupyter and matplotlib folders are private, and time zone, locale and hash seed are fixed, so that results do
not depend on the machine.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import ensure_async, ensure_event_loop, run_sync
from nbclient.exceptions import DeadKernelError
from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger

from report.expressions import expressions, join_lines, refuse_failed, results_of, with_results
from report.kernels import forked, reads
from report.kernels.private import private_environment, private_folder, warm_parent
from report.kernels.warm import AVAILABLE, NO_HISTORY, READS, RUN, WarmParent

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "DefaultEngine", "ForkedEngine", "PlainEngine", "RunningKernels", "TimeLimit", "Watcher", "end_group", "kernels",
]  # fmt: skip

_LOOK = 0.5  # seconds between two looks whether a kernel is still there while an expression is evaluated
_OUTPUT = 60  # seconds that what a cell has put out may take to arrive


class TimeLimit(Exception):
    """A cell did not end in the time that cells have."""

    def __init__(self, seconds: int) -> None:
        more = f"or give cells more time, such as --cell-timeout {2 * seconds}"
        super().__init__(f"the cell did not end within {seconds} seconds; make it end sooner, {more}")


class Watcher(Protocol):
    """What an engine calls while a notebook runs."""

    @property
    def name(self) -> str:
        """Return the notebook's name."""

    def on_kernel_started(self, node: NotebookNode) -> None:
        """Called when the kernel has started; `node` fills with outputs."""

    def on_cell_started(self, index: int) -> None:
        """Called when the cell at `index` starts."""

    def on_kernel_ended(self, files_read: Mapping[str, str | None]) -> None:
        """Called when the kernel has ended, with the hash of each file it has read, as `reads` records them."""


class RunningKernels:
    """The kernels that run now, each with the name of its notebook, so that they can be ended at once.

    `closed` is whether any have been ended since the last `open`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[int, str] = {}
        self._ended: set[str] = set()
        self._all = self.closed = False

    def add(self, pid: int, name: str = "") -> None:
        """Add a kernel; one that starts after it was to end is ended at once."""
        with self._lock:
            self._running[pid] = name
        if self.has_ended(name):
            end_group(pid)

    def discard(self, pid: int) -> None:
        """Remove a kernel that has ended."""
        with self._lock:
            self._running.pop(pid, None)

    def end_all(self) -> None:
        """End every running kernel with all its processes, and every kernel that starts from now on."""
        with self._lock:
            self._all = self.closed = True
            running = sorted(self._running)
        for pid in running:
            end_group(pid)

    def end(self, names: Collection[str]) -> None:
        """End the kernels of these notebooks and those without a name, also such as start from now on."""
        with self._lock:
            self._ended |= {"", *names}
            self.closed = True
            running = sorted(pid for pid, name in self._running.items() if name in self._ended)
        for pid in running:
            end_group(pid)

    def has_ended(self, name: str) -> bool:
        """Return whether the kernel of a notebook was to end."""
        return self._all or name in self._ended

    def open(self) -> None:
        """Allow kernels again after they were ended."""
        self._all = self.closed = False
        self._ended.clear()


kernels = RunningKernels()


def end_group(pid: int) -> None:
    """End a kernel or a copy with its children, which are a process group of their own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class _Client(PapermillNotebookClient):
    """A notebook client that calls a watcher at each cell, and lists its kernel as running.

    With `evaluates`, the inline expressions of Markdown cells are evaluated in their turn, and their results kept in
    the cells' metadata. The first cells are not run if they are in `earlier`, with what they have put out.
    """

    watcher: Watcher | None = None
    evaluates = True
    earlier: Sequence[Mapping] = ()

    def start_new_kernel(self, **options) -> None:
        super().start_new_kernel(**options)
        kernels.add(self.km.provisioner.pid, self.watcher.name if self.watcher else "")

    def papermill_execute_cells(self) -> None:
        if self.watcher:
            self.watcher.on_kernel_started(self.nb)
        super().papermill_execute_cells()
        if not any(output.output_type == "error" for cell in self.nb.cells for output in cell.get("outputs", ())):
            refuse_failed(self.nb.cells)

    def execute_cell(self, cell, cell_index, **options):
        if cell_index < len(self.earlier):
            return _restore(cell, self.earlier[cell_index])
        if self.watcher:
            self.watcher.on_cell_started(cell_index)
        if cell.cell_type == "markdown":
            self._evaluate(cell)
        return super().execute_cell(cell, cell_index, **options)

    async def _async_evaluate(self, cell: NotebookNode) -> None:
        """Replace the results that a Markdown cell keeps by those of this kernel."""
        results: Mapping[str, Mapping] = {}
        if self.evaluates and (names := expressions(cell.source)):
            reply = await self._answered(
                self.kc.execute_interactive(
                    "",
                    store_history=False,
                    user_expressions={name: name for name in names},
                    allow_stdin=False,
                    output_hook=lambda message: None,  # what an expression prints is no part of the text
                )
            )
            results = reply["content"]["user_expressions"]
        cell.metadata = with_results(cell, results)["metadata"]

    _evaluate = run_sync(_async_evaluate)

    async def _answered(self, request: Coroutine[Any, Any, Mapping]) -> Mapping:
        """Return the kernel's reply. Raises DeadKernelError if the kernel ends first, TimeLimit if it takes long."""
        reply, started = asyncio.ensure_future(request), time.monotonic()
        while not (await asyncio.wait({reply}, timeout=_LOOK))[0]:
            late = bool(self.timeout) and time.monotonic() - started > self.timeout
            if late or not await ensure_async(self.km.is_alive()):
                reply.cancel()
                await asyncio.wait({reply})
                raise TimeLimit(self.timeout) if late else DeadKernelError("Kernel died")
        return reply.result()

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> None:
        raise TimeLimit(timeout)


def _restore(cell: NotebookNode, earlier: Mapping) -> NotebookNode:
    """Give a cell what it has put out in an earlier run, and return it. Raises ValueError if it is another cell."""
    if [cell.cell_type, cell.source] != [earlier["cell_type"], join_lines(earlier["source"])]:
        raise ValueError(f"cell {cell.id} is not the one that has run")
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = from_dict(earlier["outputs"]), earlier["execution_count"]
    elif cell.cell_type == "markdown":
        cell.metadata = with_results(cell, results_of(earlier))["metadata"]
    return cell


class PlainEngine(Engine):
    """Execute a notebook in a private kernel of its own, started from nothing.

    Engine arguments: `folder` is the kernel's working directory (by default the caller's), `environment` has more
    variables for it, `fonts` is a folder with matplotlib's font list, `warm` a parent to fork from, and the methods of
    `watcher` are called while the notebook runs. With `evaluates=False` inline expressions are not evaluated. The
    kernels of `warm` have run the first cells already if these are in `earlier`, with what they have put out.
    """

    provisioner = "local-provisioner"

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        start_timeout=60,
        execution_timeout=None,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        fonts: Path | None = None,
        warm: WarmParent | None = None,
        watcher: Watcher | None = None,
        evaluates: bool = True,
        earlier: Sequence[Mapping] = (),
        **_,
    ):
        """Run the cells of `nb_man.nb`, which receives their outputs, whether or not one fails."""
        with (
            _own_event_loop(),
            private_folder() as private,
            cls.start_options(private / "kernel.log", fonts, warm) as options,
        ):
            manager, record = _kernel_manager(private, cls.provisioner), private / "reads"
            client = _Client(
                nb_man,
                km=manager,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                iopub_timeout=_OUTPUT,
                shell_timeout_interval=1,  # seconds until a kernel that ends between two cells is noticed
                shutdown_kernel="immediate",
                log=logger,
                log_output=log_output,
            )
            client.watcher, client.evaluates, client.earlier = watcher, evaluates, earlier
            try:
                client.execute(
                    cleanup_kc=True,
                    cwd=str(folder or Path.cwd()),
                    env=private_environment(private, {**(environment or {}), reads.RECORD: str(record)}, fonts),
                    **options,
                )
            finally:
                _close(manager)
                if watcher:
                    watcher.on_kernel_ended(reads.settled_record(record))

    @classmethod
    @contextmanager
    def start_options(cls, log: Path, fonts: Path | None, warm: WarmParent | None) -> Iterator[dict]:
        """Give the provisioner's options for a kernel that writes to `log`, besides folder and environment."""
        with log.open("wb") as file:
            yield {"stdout": file, "stderr": file}


class ForkedEngine(PlainEngine):
    """Execute a notebook in a private kernel forked from a process that has imported packages already (Linux)."""

    provisioner = forked.PROVISIONER

    @classmethod
    @contextmanager
    def start_options(cls, log: Path, fonts: Path | None, warm: WarmParent | None) -> Iterator[dict]:
        """Give the options for a kernel of the warm parent, or of a new one for this notebook alone."""
        with nullcontext(warm) if warm else warm_parent(fonts) as parent:
            yield {"warm": parent, "log": str(log)}


def _close(manager: AsyncKernelManager) -> None:
    """End the manager's kernel with everything it has started, and close its sockets."""
    provisioner = manager.provisioner
    if isinstance(provisioner, LocalProvisioner) and provisioner.pid:
        end_group(provisioner.pid)  # even if it has ended: what its cells have started may go on
        kernels.discard(provisioner.pid)
    manager.context.destroy(linger=0)


DefaultEngine = ForkedEngine if AVAILABLE else PlainEngine
papermill_engines.register("report", DefaultEngine)
papermill_engines.register("report-plain", PlainEngine)


@contextmanager
def _own_event_loop() -> Iterator[None]:
    """Close the event loop that Jupyter creates for a thread, unless one was running before."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with closing(ensure_event_loop()):
            yield
    else:
        yield


def _kernel_manager(private: Path, provisioner: str) -> AsyncKernelManager:
    """Return a manager for one kernel of this Python, reached over sockets in the folder `private`."""
    manager = AsyncKernelManager(
        kernel_name="python3",
        transport="ipc",
        ip=str(private / "k"),
        connection_file=str(private / "kernel.json"),
        client_factory=forked.PromptClient,
    )
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-c", RUN, READS, "-f", "{connection_file}", NO_HISTORY],
        display_name="Python 3",
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": provisioner}},
    )
    return manager
