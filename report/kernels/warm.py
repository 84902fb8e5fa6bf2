"""The warm parent: a process that imports once what every kernel needs, then forks a kernel for each request.

`WarmParent` starts this very file as a program of its own. A line of JSON on its input (`connection` file, `folder`,
`log` file, `environment`) requests a kernel; the line it answers with is the kernel's process id. With `cells` and
`snapshots` instead of `connection` it requests a replay (`snapshots.py`). It ends when its input does. It has imported
packages only, nothing of this project, so that a kernel never runs an old version of our code; and it has no thread,
socket or figure that a kernel could inherit. Linux only: elsewhere it is not safe to fork a process that has used
system libraries.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

__all__ = ["AVAILABLE", "IMPORTED", "NO_HISTORY", "READS", "RUN", "WarmParent", "can_fork", "list_own_fonts", "main"]

RUN = "import sys; del sys.path[0]; import runpy; runpy.run_path(sys.argv[1], run_name='__main__')"  # no folder of ours
IMPORTED = (
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.display",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
    "zmq.utils.garbage",
    "pandas",
    "pandas.core.methods.to_dict",
    "matplotlib.figure",
    "matplotlib.style",
    "matplotlib.transforms",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    *(f"PIL.{kind}ImagePlugin" for kind in ("Bmp", "Gif", "Jpeg", "Png", "Ppm")),
    "seaborn",
)
READS = str(Path(__file__).resolve().with_name("reads.py"))  # a file: this program has no packages
_LIMITS = str(Path(__file__).resolve().with_name("limits.py"))
_SNAPSHOTS = str(Path(__file__).resolve().with_name("snapshots.py"))
NO_HISTORY = "--HistoryManager.enabled=False"  # nobody needs a kernel's history; its database costs time


def can_fork() -> bool:
    """Return whether kernels can be forked here and waited for, which needs Linux 5.3 or later."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


AVAILABLE = can_fork()


class WarmParent:
    """The warm parent, as the process that requests kernels sees it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._one_at_a_time = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUN, __file__],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interrupt at the terminal is for this process, which ends its kernels itself
        )

    def fork(self, connection: str, folder: str, log: str, environment: Mapping[str, str]) -> int:
        """Return the process id of a new kernel. Raises OSError if the warm parent is gone."""
        return self._request({"connection": connection, "folder": folder, "log": log, "environment": dict(environment)})

    def replay(
        self, cells: Sequence[Mapping], snapshots: str, folder: str, log: str, environment: Mapping[str, str]
    ) -> int:
        """Return the process id of a new replay of these cells. Raises OSError if the warm parent is gone."""
        where = {"folder": folder, "log": log, "environment": dict(environment)}
        return self._request({"cells": list(cells), "snapshots": snapshots, **where})

    def _request(self, request: Mapping) -> int:
        """Return the process id of what is forked for a request. Raises OSError if the warm parent is gone."""
        stdin, stdout = self._process.stdin, self._process.stdout
        with self._one_at_a_time:
            try:
                if not stdin or not stdout:
                    raise OSError("without pipes")
                stdin.write(json.dumps(request).encode() + b"\n")
                stdin.flush()
                return int(stdout.readline())
            except (ValueError, OSError):  # closed, or no answer
                raise OSError("the process that kernels are forked from has ended; build again") from None

    def close(self) -> None:
        """End the warm parent at once; a kernel that still runs notices, and ends within a second."""
        self._process.kill()
        self._process.communicate()


def list_own_fonts() -> None:
    """Let matplotlib list its own fonts, and none of this machine's; it keeps the list for the next time.

    It searches for fonts with `os.walk` and a program, so these are replaced while it does.
    """
    import matplotlib

    own, walk, check_output = matplotlib.get_data_path(), os.walk, subprocess.check_output

    def walk_own(top, *arguments, **options):
        return walk(top, *arguments, **options) if str(top).startswith(own) else iter(())

    def fail(*arguments, **options):
        raise OSError

    os.walk, subprocess.check_output = walk_own, fail
    try:
        importlib.import_module("matplotlib.font_manager")
    finally:
        os.walk, subprocess.check_output = walk, check_output


def main() -> None:
    """Import, then fork a kernel for each line of input, until it ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # so that nothing an import prints is taken for an answer
    gc.disable()  # an import leaves nothing to collect, and looking for it takes a sixth of the time
    modules: dict[str, Any] = sys.modules
    modules["debugpy"] = None  # cannot be imported: a kernel without it starts a sixth faster
    with contextlib.suppress(Exception):  # a notebook that needs it fails where it imports it
        list_own_fonts()
    for name in IMPORTED:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    del modules["debugpy"]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets kernels that have ended
    gc.freeze()  # kernels need not examine what they share
    gc.enable()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_requested(request)
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(pid, pid)  # before its id is known, so that everything it starts can be ended with it
        os.write(answers, b"%d\n" % pid)


def _become_requested(request: Mapping) -> None:
    """Become the requested kernel or replay; this never returns."""
    try:
        parent = os.getppid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        os.closerange(3, max(nothing, log) + 1)
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        os.chdir(request["folder"])
        runpy.run_path(_LIMITS)["limit_memory"]()
        reads, snapshots = runpy.run_path(READS), runpy.run_path(_SNAPSHOTS) if "cells" in request else {}
        launch = partial(_launch_kernel, reads["launcher_path"]())
        recorder = reads["start_recording"]()
        if snapshots:
            snapshots["replay"](request, recorder, launch)
        else:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            launch(request["connection"], parent)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _launch_kernel(launcher: str, connection: str, parent: int, **options: Any) -> None:
    """Be a kernel until it is ended, or its parent ends."""
    sys.argv = [launcher, "-f", connection]
    kernels = importlib.import_module("ipykernel.kernelapp")
    arguments = [*sys.argv[1:], NO_HISTORY, f"--IPKernelApp.parent_handle={parent}"]
    kernels.launch_new_instance(argv=arguments, **options)


if __name__ == "__main__":
    main()
