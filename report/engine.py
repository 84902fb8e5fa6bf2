"""The papermill engine `report`: a kernel of this very Python, in a private place, stopped as soon as it is done.

    papermill --engine report notebooks/20_growth_rates.ipynb /dev/null --cwd notebooks

The kernel is `sys.executable -m ipykernel_launcher`, whatever kernelspecs a user has; it is reached over sockets in a
folder of its own; home, IPython, Jupyter and matplotlib folders are private, and time zone, locale and hash seed fixed,
so that nothing of the machine it runs on reaches its results.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import site
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

# jsonschema would otherwise build a grammar that nothing here uses, which takes longer than all other imports together.
sys.modules.setdefault("rfc3987_syntax", None)

from jupyter_client import AsyncKernelManager  # noqa: E402
from jupyter_client.kernelspec import KernelSpec  # noqa: E402
from jupyter_core.utils import ensure_event_loop  # noqa: E402
from papermill.clientwrap import PapermillNotebookClient  # noqa: E402
from papermill.engines import Engine, papermill_engines  # noqa: E402
from papermill.log import logger  # noqa: E402

NAME = "report"
LONGEST_SOCKET = 103
USERS_OWN = (
    "JUPYTER",
    "IPYTHON",
    "JPY_",
    "MPL",
    "MATPLOTLIB",
    "PYTHON",
    "PAPERMILL",
    "XDG_",
    "LC_",
    "REPORT_",
    "CLICOLOR",
    "PYDEVD_",
    "COLAB_",
)
USERS_TASTE = {"LANG", "LANGUAGE", "TZ", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "DISPLAY", "SOURCE_DATE_EPOCH"}
ABOUT_BYTECODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
SAME_EVERYWHERE = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class Watcher(Protocol):
    """Somebody who wants to know how far a notebook is."""

    def begins(self, notebook) -> None:
        """Hear that the kernel runs; `notebook` is the node that fills with outputs."""

    def reaches(self, index: int) -> None:
        """Hear that the cell at `index` starts."""


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


class ReportEngine(Engine):
    """Execute a notebook in a private kernel.

    Engine arguments: `folder` the kernel's working directory (else the caller's), `environment` more variables for it,
    `fonts` a folder with matplotlib's font list, `watcher` who hears of progress.
    """

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
        watcher: Watcher | None = None,
        **_,
    ):
        """Run the cells of `nb_man.nb`; what they leave is found there, whether or not one fails."""
        with own_event_loop(), private_folder() as private, (private / "kernel.log").open("wb") as log:
            manager = kernel_manager(private)
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
                    env=private_environment(private, environment or {}, fonts),
                    stdout=log,
                    stderr=log,
                )
            finally:
                _leave(manager)


def _leave(manager: AsyncKernelManager) -> None:
    """End the manager's kernel if it still runs, and forget it."""
    provisioner = manager.provisioner
    if provisioner and provisioner.pid:
        if provisioner.has_process:
            _end(provisioner.pid)
        kernels.discard(provisioner.pid)


papermill_engines.register(NAME, ReportEngine)


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


def kernel_manager(private: Path) -> AsyncKernelManager:
    """Return a manager for one kernel of this Python, reached over sockets in the folder `private`."""
    manager = AsyncKernelManager(
        kernel_name="python3",
        transport="ipc",
        ip=str(private / "k"),
        connection_file=str(private / "kernel.json"),
    )
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
    )
    return manager


@contextmanager
def private_folder() -> Iterator[Path]:
    """Give a new folder of a short absolute path, and remove it afterwards.

    Raises OSError if no temporary folder is short enough for a socket's path.
    """
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="ledger-", dir=_short_temporary_folder())))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_temporary_folder() -> str:
    longest = LONGEST_SOCKET - len("/ledger-12345678/k-5")
    for candidate in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        real = os.path.realpath(candidate)
        if len(os.fsencode(real)) <= longest and os.access(real, os.W_OK):
            return real
    raise OSError(
        f"the temporary folder's path, {tempfile.gettempdir()}, is too long for sockets; set TMPDIR to a shorter one"
    )


def private_environment(private: Path, more: Mapping[str, str], fonts: Path | None = None) -> dict[str, str]:
    """Return the kernel's environment: this one less everything a user may have set, with folders of its own."""
    home = private / "home"
    own = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "jupyter" / "config",
        "JUPYTER_DATA_DIR": home / "jupyter" / "data",
        "JUPYTER_RUNTIME_DIR": home / "jupyter" / "runtime",
        "JUPYTER_PATH": home / "jupyter" / "path",
        "MPLCONFIGDIR": home / "matplotlib",
    }
    for path in own.values():
        path.mkdir(parents=True, exist_ok=True)
    for font_list in sorted(fonts.glob("fontlist-*.json")) if fonts else []:
        shutil.copy(font_list, own["MPLCONFIGDIR"])
    kept = {name: value for name, value in os.environ.items() if name in ABOUT_BYTECODE or not _users(name)}
    packages = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}
    return {**kept, **packages, **SAME_EVERYWHERE, **{name: str(path) for name, path in own.items()}, **more}


def _users(name: str) -> bool:
    return name in USERS_TASTE or name.startswith(USERS_OWN)
