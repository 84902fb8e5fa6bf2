"""A replay: the cells of a run once more with nobody listening, and a snapshot of the state before each code cell.

A snapshot is a process that waits. For each request, over its socket, a copy of it evaluates expressions, runs other
cells and returns what they display, becomes a kernel that has run the cells before, or replays other cells that follow.
The warm parent runs this file in a process forked from it; like the parent it has one thread and no sockets of Jupyter,
so that it can be forked again. Everything here ends with the warm parent.

A replay ends, with all its snapshots, where a cell fails or starts a thread, or an expression changes what it names.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

__all__ = ["replay"]

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_THREADS = "/proc/self/task"


def replay(request: Mapping, recorder: Any, launch: Callable) -> None:
    """Run the cells of `request`, and keep snapshots; `recorder` notes what is read, `launch` starts a kernel.

    A cell is `{"source": …}` or, for a text, `{"expressions": […]}`. The snapshot from before the n-th code cell
    listens at the socket `n` in the folder `snapshots`, this process in the end at the one after the last.
    """
    _end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _Replaying(_silent_shell(), recorder, launch).run(request["cells"], Path(request["snapshots"]), 0)


class _Replaying:
    """A process that has run some cells: it runs more of them, waits for requests, or answers one."""

    def __init__(self, shell: Any, recorder: Any, launch: Callable) -> None:
        self._shell, self._recorder, self._launch = shell, recorder, launch

    def run(self, cells: Sequence[Mapping], folder: Path, number: int) -> None:
        """Run cells, of which the first with code has this number, and wait for requests."""
        for cell in cells:
            if "source" not in cell:
                if _evaluate(self._shell, cell["expressions"])["changed"]:
                    return
                continue
            listener = _listen(folder / str(number))
            if os.fork() == 0:
                _end_with_parent()
                self._wait(listener)
            listener.close()
            number += 1
            if not self._shell.run_cell(cell["source"], store_history=True).success or len(os.listdir(_THREADS)) > 1:
                return
        self._wait(_listen(folder / str(number)))

    def _wait(self, listener: socket.socket) -> NoReturn:
        """Fork a copy of this process for each request."""
        gc.freeze()  # copies need not examine what they share
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets copies that have ended
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _end_with_parent()
                os.setpgid(0, 0)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                self._answer(connection)
            connection.close()

    def _answer(self, connection: socket.socket) -> NoReturn:
        """Answer a request with the id of this process, and with results if it has expressions or cells to run.

        Otherwise become a kernel, or a replay of other cells that follow.
        """
        with connection.makefile("rw", encoding="utf-8") as channel:
            request = json.loads(channel.readline())
            channel.write(f"{os.getpid()}\n")
            channel.flush()
            if "expressions" in request:
                gc.disable()  # looking for garbage would copy what is shared
                channel.write(json.dumps(_evaluate(self._shell, request["expressions"])) + "\n")
                channel.flush()
                os._exit(0)
            if "run" in request:
                self._write_to(request)
                os.environ.update(request["environment"])
                self._run_and_return(request["run"], request["types"], channel)
        connection.close()
        self._write_to(request)
        if "cells" in request:
            self.run(request["cells"], Path(request["snapshots"]), request["number"])
        else:
            self._launch(request["connection"], os.getppid(), kernel_class=_kernel_class())
        os._exit(1)

    def _write_to(self, request: Mapping) -> None:
        """Print and record what is read into the files that a request names."""
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(log, number)
        os.close(log)
        self._recorder.continue_in(request["record"])

    def _run_and_return(self, cells: Sequence[Mapping], types: Sequence[str] | None, channel: TextIO) -> NoReturn:
        """Run cells, and write for each what it displays, as far as these MIME types are wanted, all if None.

        For a text it is what its expressions stand for. It is null, and the last line, if a cell or an expression
        fails, or if it takes back what it has displayed; where all is wanted, also if it prints.
        """
        displayed: list[Mapping | None] = []
        self._shell.display_pub.session.receive = displayed.append
        for cell in cells:
            displayed.clear()
            if "source" in cell:
                answer, failed = self._displays(cell["source"], types, displayed)
            else:
                answer = _evaluate(self._shell, cell["expressions"])["results"]
                failed = any(result["status"] != "ok" for result in answer.values())
            channel.write(json.dumps(None if failed else answer) + "\n")
            channel.flush()
            if failed:
                break
        os._exit(0)

    def _displays(self, source: str, types: Sequence[str] | None, displayed: list) -> tuple[list[Mapping], bool]:
        """Return what a cell displays, of these types, and whether that is not all there is to show."""
        before = _printed()
        failed = not self._shell.run_cell(source, store_history=True).success or None in displayed
        if types is None:
            return displayed, failed or _printed() != before
        found = [{kind: shown[kind] for kind in sorted({*types} & shown.keys())} for shown in displayed if shown]
        return [data for data in found if data], failed


def _printed() -> int:
    """Return how much has been printed to the file that output goes to."""
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fstat(1).st_size


def _evaluate(shell: Any, expressions: Sequence[str]) -> dict[str, Any]:
    """Return the `results` of expressions as a kernel replies them, and whether they have `changed` what they name."""
    to_json = importlib.import_module("ipykernel.jsonutil").json_clean
    before, streams = _state(shell), (sys.stdout, sys.stderr)
    sys.stdout = sys.stderr = io.StringIO()  # what an expression prints is no part of the text
    try:
        results = shell.user_expressions({name: name for name in expressions})
    finally:
        sys.stdout, sys.stderr = streams
    return {"results": to_json(results), "changed": _state(shell) != before}


def _state(shell: Any) -> dict[str, object]:
    """Return what the names of a notebook stand for, and the findings that its book has kept."""
    names = {name: value for name, value in shell.user_ns.items() if not name.startswith("_")}
    state: dict[str, object] = {name: id(value) for name, value in names.items()}
    for name, value in names.items():
        results = getattr(value, "__dict__", {}).get("results")
        if isinstance(findings := getattr(results, "findings", None), Mapping):
            state[f"{name}.findings"] = {key: id(finding) for key, finding in findings.items()}
    return state


def _silent_shell() -> Any:
    """Return the shell that a kernel has, whose displays go nowhere; a kernel that is started later takes it over."""
    shells, sessions = importlib.import_module("ipykernel.zmqshell"), importlib.import_module("jupyter_client.session")
    compiler = importlib.import_module("ipykernel.compiler").XCachingCompiler
    configuration = importlib.import_module("traitlets.config").Config({"HistoryManager": {"enabled": False}})
    session = _sink(sessions.Session)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as a kernel does
    if "" not in sys.path:
        sys.path.insert(0, "")  # as a kernel does
    shell = shells.ZMQInteractiveShell.instance(config=configuration, compiler_class=compiler)
    shell.displayhook.session = shell.display_pub.session = session
    return shell


def _sink(session_class: type) -> Any:
    """Return a session whose messages go nowhere, except that `receive` is called with the data of each display.

    It is called with None if a display is to be changed or taken back.
    """

    class Sink(session_class):
        def __init__(self) -> None:
            super().__init__(key=b"")
            self.receive = lambda data: None

        def send(self, stream: object, message: Any, *arguments: object, **options: object) -> None:
            match message:
                case {"msg_type": "display_data" | "execute_result", "content": {"data": data}}:
                    self.receive(data)
                case {"msg_type": "clear_output" | "update_display_data"}:
                    self.receive(None)

    return Sink()


def _kernel_class() -> type:
    """Return the class of a kernel that takes over the shell of its process."""
    from ipykernel.ipkernel import IPythonKernel

    class Kernel(IPythonKernel):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            if self.shell:
                self.shell.kernel = self

    return Kernel


def _listen(path: Path) -> socket.socket:
    """Return a socket at a path, where it appears when it can be reached."""
    listener, unready = socket.socket(socket.AF_UNIX), path.with_name(f"{path.name}_")
    listener.bind(str(unready))
    listener.listen()
    unready.rename(path)
    return listener


def _end_with_parent() -> None:
    """End this process when the one that forked it ends, however that happens (Linux)."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
