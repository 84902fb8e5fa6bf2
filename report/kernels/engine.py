"""The papermill engines: a kernel of this very Python, in a private place, stopped as soon as it is done.

    papermill --engine report notebooks/20_growth_rates.ipynb /dev/null --cwd notebooks

`forked` takes its kernels from a parent that has imported pandas and matplotlib already (Linux); `plain` starts each
from nothing. Both leave the same bytes. To papermill they are `report` (forked where that can be) and `report-plain`.

The kernel is this Python, whatever kernelspecs a user has; it is reached over sockets in a folder of its own; home,
IPython, Jupyter and matplotlib folders are private, and time zone, locale and hash seed fixed, so that nothing of the
machine it runs on reaches its results.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Protocol

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_core.utils import ensure_event_loop
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger

from report.kernels import forked, reads
from report.kernels.private import private_environment, private_folder, warm_parent
from report.kernels.warm import AVAILABLE, NO_HISTORY, READS, RUN, WarmParent


class Watcher(Protocol):
    """Somebody who wants to know how far a notebook is."""

    def begins(self, notebook) -> None:
        """Hear that the kernel runs; `notebook` is the node that fills with outputs."""

    def reaches(self, index: int) -> None:
        """Hear that the cell at `index` starts."""

    def ended(self, read: Mapping[str, str | None]) -> None:
        """Hear that the kernel has ended, and what it has read, as `reads` records it."""


class Kernels:
    """The kernels that run now, so that all can be ended at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self.closed = False

    def add(self, pid: int) -> None:
        """Hold the kernel as running; one that starts after `end_all` is ended at once."""
        with self._lock:
            self._running.add(pid)
        if self.closed:
            _end(pid)

    def discard(self, pid: int) -> None:
        """Forget a kernel that has ended."""
        with self._lock:
            self._running.discard(pid)

    def end_all(self) -> None:
        """End every running kernel with all it started, and every one that starts from now on."""
        with self._lock:
            self.closed = True
            running = sorted(self._running)
        for pid in running:
            _end(pid)

    def open(self) -> None:
        """Allow kernels again after `end_all`."""
        self.closed = False


kernels = Kernels()


def _end(pid: int) -> None:
    """End the kernel and its children: a kernel leads a process group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class _Client(PapermillNotebookClient):
    """A notebook client that tells a watcher of each cell, and lists its kernel as running."""

    watcher: Watcher | None = None

    def start_new_kernel(self, **options) -> None:
        super().start_new_kernel(**options)
        kernels.add(self.km.provisioner.pid)

    def papermill_execute_cells(self) -> None:
        if self.watcher:
            self.watcher.begins(self.nb)
        super().papermill_execute_cells()

    def execute_cell(self, cell, cell_index, **options):
        if self.watcher:
            self.watcher.reaches(cell_index)
        return super().execute_cell(cell, cell_index, **options)


class PlainEngine(Engine):
    """Execute a notebook in a private kernel of its own, started from nothing.

    Engine arguments: `folder` the kernel's working directory (else the caller's), `environment` more variables for it,
    `fonts` a folder with matplotlib's font list, `warm` a parent to fork from, `watcher` who hears of progress.
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
        **_,
    ):
        """Run the cells of `nb_man.nb`; what they leave is found there, whether or not one fails."""
        with (
            own_event_loop(),
            private_folder() as private,
            cls.starting(private / "kernel.log", fonts, warm) as options,
        ):
            manager, record = kernel_manager(private, cls.provisioner), private / "reads"
            client = _Client(
                nb_man,
                km=manager,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                shutdown_kernel="immediate",
                log=logger,
                log_output=log_output,
            )
            client.watcher = watcher
            try:
                client.execute(
                    cleanup_kc=True,
                    cwd=str(folder or Path.cwd()),
                    env=private_environment(private, {**(environment or {}), reads.RECORD: str(record)}, fonts),
                    **options,
                )
            finally:
                _leave(manager)
                if watcher:
                    watcher.ended(reads.read_back(record))

    @classmethod
    @contextmanager
    def starting(cls, log: Path, fonts: Path | None, warm: WarmParent | None) -> Iterator[dict]:
        """Give what the provisioner needs besides folder and environment to start a kernel that writes to `log`."""
        with log.open("wb") as file:
            yield {"stdout": file, "stderr": file}


class ForkedEngine(PlainEngine):
    """Execute a notebook in a private kernel forked from a process that has imported packages already (Linux)."""

    provisioner = forked.PROVISIONER

    @classmethod
    @contextmanager
    def starting(cls, log: Path, fonts: Path | None, warm: WarmParent | None) -> Iterator[dict]:
        """Give the warm parent, or one for this notebook alone."""
        with nullcontext(warm) if warm else warm_parent(fonts) as parent:
            yield {"warm": parent, "log": str(log)}


def _leave(manager: AsyncKernelManager) -> None:
    """End the manager's kernel if it still runs, and forget it and its sockets."""
    provisioner = manager.provisioner
    if provisioner and provisioner.pid:
        if provisioner.has_process:
            _end(provisioner.pid)
        kernels.discard(provisioner.pid)
    manager.context.destroy(linger=0)


SUITED = ForkedEngine if AVAILABLE else PlainEngine
papermill_engines.register("report", SUITED)
papermill_engines.register("report-plain", PlainEngine)


@contextmanager
def own_event_loop() -> Iterator[None]:
    """Close the event loop that Jupyter makes for a thread, unless one was at work before."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with closing(ensure_event_loop()):
            yield
    else:
        yield


def kernel_manager(private: Path, provisioner: str) -> AsyncKernelManager:
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
