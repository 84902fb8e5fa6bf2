"""What Dask ships to its workers: functions that need nothing but Python and Dask there.

A worker keeps a process of `serving.py` for each of its threads, and passes it one request after another, as lines of
JSON. These processes end with `close`, with their worker, or when they have had no request for some minutes.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import metadata

from distributed import Worker, get_worker

__all__ = ["close", "describe", "run"]

_SYSTEM = ("Python", "platform")
_IDLE = "_report_idle"  # of a worker: the processes that wait for requests, by the hash of their archive


def describe(names: Iterable[str]) -> dict[str, str]:
    """Return the Python, the platform and the version of each of these packages here; "none" if there is none."""
    found = {
        _SYSTEM[0]: f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}",
        _SYSTEM[1]: f"{platform.system()} {platform.machine()}",
    }
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "none"
    return found


def run(archive: bytes, request: str, expected: Mapping[str, str]) -> tuple[str, str, list[str]]:
    """Return the address of this worker and the answer of `serving.py` to a request, in JSON.

    The answer is empty if this worker is not as `expected`, the result of `describe` elsewhere; what differs is in the
    list. Raises RuntimeError if the process ends before it has answered.
    """
    worker = get_worker()
    idle = vars(worker).setdefault(_IDLE, {}).setdefault(hashlib.sha256(archive).hexdigest(), [])
    waiting = _take_waiting(idle)
    if not waiting and (differences := _list_differences(expected)):  # a process keeps the packages it began with
        return worker.address, "", differences
    folder, process = waiting or _start(archive, worker)
    answer = b""
    assert process.stdin and process.stdout
    with suppress(OSError):
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    if not answer:
        _forget(folder, process)
        raise RuntimeError(f"the process that runs notebooks on {worker.address} ended with code {process.wait()}")
    idle.append((folder, process))
    return worker.address, answer.decode(), []


def _take_waiting(idle: list[tuple[str, subprocess.Popen]]) -> tuple[str, subprocess.Popen] | None:
    """Return a process that waits for requests, with its folder; None if there is none."""
    while idle:
        folder, process = idle.pop()
        if process.poll() is None:
            return folder, process
        _forget(folder, process)  # it has had no request for long
    return None


def _list_differences(expected: Mapping[str, str]) -> list[str]:
    """Return in what this worker is not as `expected`."""
    here = describe(name for name in expected if name not in _SYSTEM)
    return [f"{name} is {here[name]}, not {wanted}" for name, wanted in expected.items() if here[name] != wanted]


def close(dask_worker: Worker) -> None:
    """End the processes that run notebooks on a worker, and delete what they have been given."""
    for processes in vars(dask_worker).pop(_IDLE, {}).values():
        for folder, process in processes:
            process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            _forget(folder, process)


def _forget(folder: str, process: subprocess.Popen) -> None:
    """Close the pipes of a process that has ended, and delete what it has been given."""
    with suppress(OSError), process:
        shutil.rmtree(folder, ignore_errors=True)


def _start(archive: bytes, worker: Worker) -> tuple[str, subprocess.Popen]:
    """Return a new process of `serving.py`, and before it its folder, which has the content of the archive."""
    folder = tempfile.mkdtemp(prefix="report-", dir=worker.local_directory)
    zipfile.ZipFile(io.BytesIO(archive)).extractall(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "report.cluster.serving"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder}/notebooks"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    return folder, process
