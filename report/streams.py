"""Standard output and standard error that may fail: closed, on a full disk, or a pipe that nobody reads any more.

A command then runs to its end all the same, so that what it makes is whole. Afterwards it is an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

__all__ = ["Lost", "guard_streams"]


class _Guarded:
    """A text stream that drops what cannot be written, and keeps the reason; all else is as in `stream`."""

    def __init__(self, stream: TextIO, closed: bool) -> None:
        self._stream, self._closed, self.problem = stream, closed, ""

    def write(self, text: str) -> int:
        """Write a text, or drop it. Returns its length."""
        if self._closed and text:
            self.problem = "closed"
        with self._noting():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered, or drop it."""
        with self._noting():
            self._stream.flush()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.problem = self.problem or error.strerror or str(error)
            with suppress(OSError):  # so that what is still buffered goes nowhere
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Lost:
    """What became of the two streams."""

    def __init__(self, output: _Guarded, errors: _Guarded) -> None:
        self._output, self._errors = output, errors

    def report(self) -> bool:
        """Return whether something that was printed is lost, and print on standard error that it is."""
        self._output.flush()
        if problem := self._output.problem:
            lost = "the command ran to its end, but what it printed is lost"
            self._errors.write(f"standard output: {problem}; {lost}; redirect it to a file, or read all of it\n")
        self._errors.flush()
        return bool(problem or self._errors.problem)


@contextmanager
def guard_streams() -> Iterator[Lost]:
    """Replace the two streams by such as never fail while the block runs."""
    closed = _open_closed_files()
    before = sys.stdout, sys.stderr
    output, errors = (
        _Guarded(stream or os.fdopen(number, "w", encoding="utf-8"), number in closed)
        for number, stream in enumerate(before, 1)
    )
    for stream in filter(None, before):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # an encoding without a character is no reason to stop
    sys.stdout, sys.stderr = cast("TextIO", output), cast("TextIO", errors)
    try:
        yield Lost(output, errors)
    finally:
        sys.stdout, sys.stderr = before


def _open_closed_files() -> list[int]:
    """Open the null device for each standard file that is closed, or the next file opened would get its number."""
    closed = []
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            closed.append(os.open(os.devnull, os.O_RDWR))
    return closed
