"""A replay as the process that asks for it sees it: snapshots to evaluate expressions in, and to take kernels from."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from report.kernels import reads
from report.kernels.engine import kernels
from report.kernels.forked import Process
from report.kernels.private import private_environment, private_folder
from report.kernels.warm import WarmParent

__all__ = ["Changing", "Replay", "RunningCopy", "Snapshot", "start_replay"]

_RECORD = "reads"  # the file of what has been read
_STEP = 0.005  # seconds between two looks for a snapshot


class Changing(Exception):
    """An expression has changed what a notebook's names stand for, so that later cells depend on it."""


class RunningCopy:
    """A copy of a snapshot while it runs cells; `pid` is the id of its process and of its process group.

    Raises OSError if it does not start.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._unread = connection, b""
        self._process: Process | None = None
        try:
            self.pid = int(self.read_line())
        except EOFError:
            raise OSError("the replay has ended") from None
        self._process = Process(self.pid)

    def read_line(self, seconds: float | None = None) -> Any:
        """Return its next answer. Raises TimeoutError if it takes longer than that, EOFError if the process ends."""
        end = time.monotonic() + seconds if seconds else None
        watched: list[Any] = [
            self._connection,
            *([self._process.pidfd] if self._process and self._process.pidfd else []),
        ]
        while b"\n" not in self._unread:
            ready = select.select(watched, [], [], None if end is None else max(0, end - time.monotonic()))[0]
            if not ready:
                raise TimeoutError
            if self._connection not in ready or not (more := self._connection.recv(1 << 20)):
                raise EOFError
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        """Stop waiting for it."""
        if self._process:
            self._process.close()


class Snapshot:
    """The state of a notebook before one of its code cells. Like the warm parent, it has kernels to `fork`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fork(self, connection: str, folder: str, log: str, environment: Mapping[str, str]) -> int:
        """Return the process id of a new kernel in this state. Raises OSError if the replay has ended.

        It is in the folder and the environment of the replay.
        """
        with self._ask({"connection": connection, "log": log, "record": environment[reads.RECORD]}) as (pid, _):
            return pid

    def replay(self, cells: Sequence[Mapping], number: int, private: Path) -> int:
        """Return the process id of a replay of these cells, the first with code being this one."""
        own = {"log": str(private / "kernel.log"), "record": str(private / _RECORD), "snapshots": str(private)}
        with self._ask({"cells": list(cells), "number": number, **own}) as (pid, _):
            return pid

    @contextmanager
    def run(
        self,
        cells: Sequence[Mapping],
        types: Sequence[str] | None,
        log: Path,
        record: Path,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[RunningCopy]:
        """Give a copy that runs cells, `{"source": …}` or for a text `{"expressions": […]}`, and answers for each.

        The answer for code is the list of what it displays of these MIME types, or of all if None, each a dictionary by
        MIME type; for a text, what a kernel replies for its expressions. It is None, and the last, if the cell fails,
        changes a display or, where all types are wanted, prints. The copy prints to `log`, lists what it reads in
        `record`, and has more variables in its `environment`. Raises OSError if the replay has ended.
        """
        own = {"types": None if types is None else list(types), "environment": dict(environment)}
        request = {"run": list(cells), **own, "log": str(log), "record": str(record)}
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._path))
            connection.sendall(json.dumps(request).encode() + b"\n")
            with closing(RunningCopy(connection)) as copy:
                yield copy

    def evaluate(self, expressions: Sequence[str]) -> dict[str, Any]:
        """Return what a kernel replies for these expressions in this state.

        Raises OSError if the replay has ended, or was ended by `kernels.end_all`; Changing if it cannot be known.
        """
        with self._ask({"expressions": list(expressions)}) as (pid, channel):
            kernels.add(pid)
            try:
                answer = _read(channel)
            finally:
                kernels.discard(pid)
        if answer["changed"]:
            raise Changing(*expressions)
        return answer["results"]

    @contextmanager
    def _ask(self, request: Mapping) -> Iterator[tuple[int, TextIO]]:
        """Give the id of the process that answers a request, and the channel of its answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._path))
            with connection.makefile("rw", encoding="utf-8") as channel:
                channel.write(json.dumps(request) + "\n")
                channel.flush()
                yield _read(channel), channel


class Replay(ExitStack):
    """A replay, which `start` has begun with the new folder that it is called with.

    With a `base`, the snapshots before the code cell `number` are those of that replay, with which it ends.
    """

    def __init__(self, start: Callable[[Path], int], base: Replay | None = None, number: int = 0) -> None:
        super().__init__()
        self._base, self._number = base, number
        self._private = self.enter_context(private_folder())
        try:
            self._process = Process(start(self._private))
        except OSError:
            self.close()
            raise
        self.callback(self._end)

    def snapshot(self, number: int) -> Snapshot | None:
        """Return the snapshot from before the code cell `number`, when it is there; None if the replay has ended."""
        if self._base and number <= self._number:
            return self._base.snapshot(number)
        path = self._private / str(number)
        while not path.exists():
            if kernels.closed or not self.is_alive:
                return None
            time.sleep(_STEP)
        return Snapshot(path)

    def branch(self, number: int, cells: Sequence[Mapping]) -> Replay:
        """Return a replay of the same cells before the code cell `number`, and of other cells that follow.

        Raises OSError if this one has ended.
        """
        if not (snapshot := self.snapshot(number)):
            raise OSError("the replay has ended")
        return Replay(lambda private: snapshot.replay(cells, number, private), self, number)

    @property
    def bases(self) -> list[Replay]:
        """Return the replays that this one ends with."""
        return [self._base, *self._base.bases] if self._base else []

    @property
    def is_alive(self) -> bool:
        """Return whether there are snapshots, or will be."""
        return self._process.poll() is None and (not self._base or self._base.is_alive)

    @property
    def files_read(self) -> dict[str, str | None]:
        """Return the hash of each file that has been read, by path."""
        return {**(self._base.files_read if self._base else {}), **reads.read_record(self._private / _RECORD)}

    def _end(self) -> None:
        """End the replay, and with it its snapshots and what was forked from them."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.close()


def start_replay(
    warm: WarmParent, cells: Sequence[Mapping], folder: Path, environment: Mapping[str, str], fonts: Path
) -> Replay:
    """Return a replay of cells: `{"source": …}`, or for a text `{"expressions": […]}`.

    `environment` has more variables for it, `fonts` is the folder of matplotlib's font list. Raises OSError if the warm
    parent is gone.
    """

    def start(private: Path) -> int:
        own = private_environment(private, {**environment, reads.RECORD: str(private / _RECORD)}, fonts)
        return warm.replay(cells, str(private), str(folder), str(private / "kernel.log"), own)

    return Replay(start)


def _read(channel: TextIO) -> Any:
    """Return the next line of an answer. Raises OSError if there is none."""
    if not (line := channel.readline()):
        raise OSError("the replay has ended")
    return json.loads(line)
