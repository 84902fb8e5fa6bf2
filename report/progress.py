"""What somebody sees while a build works: a live line for each notebook, or one plain line when each is done."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Silence: hears everything, says nothing."""

    @contextmanager
    def shown(self) -> Iterator[Progress]:
        """Show progress while the block runs."""
        yield self

    def started(self, name: str, steps: int, of: str = "cell") -> None:
        """Hear that a notebook starts, which has so many cells, or something else that has as many steps."""

    def step(self, name: str, position: int, steps: int) -> None:
        """Hear that it reaches a cell, or a step."""

    def finished(self, name: str, seconds: float) -> None:
        """Hear that a notebook is done."""

    def reused(self, name: str, steps: int, of: str = "cell") -> None:
        """Hear that a notebook has run before, and is not run again."""

    def failed(self, name: str) -> None:
        """Hear that a notebook stopped."""

    def made(self, what: str) -> None:
        """Hear that something else is done."""


class Lines(Progress):
    """One line for each notebook when it is done: for logs and pipes."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._steps: dict[str, str] = {}

    def started(self, name: str, steps: int, of: str = "cell") -> None:
        """Remember how many cells there are."""
        self._steps[name] = _counted(steps, of)

    def finished(self, name: str, seconds: float) -> None:
        """Say that a notebook is done, and how long it took."""
        self._say(f"{name:<28} {self._steps[name]:>9} {seconds:>6.1f} s")

    def reused(self, name: str, steps: int, of: str = "cell") -> None:
        """Say that a notebook is not run again."""
        self._say(f"{name:<28} {_counted(steps, of):>9}   reused")

    def failed(self, name: str) -> None:
        """Say that a notebook stopped."""
        self._say(f"{name:<28} stopped")

    def made(self, what: str) -> None:
        """Say what was made."""
        self._say(what)

    def _say(self, line: str) -> None:
        self._out.write(line + "\n")  # in one piece: notebooks end at the same time
        self._out.flush()


class Live(Progress):
    """A line for each notebook that changes while it runs: for a terminal."""

    def __init__(self, out: TextIO | None = None) -> None:
        from rich.console import Console

        self._console = Console(file=out, highlight=False)
        self._lock = threading.Lock()
        self._lines: dict[str, dict] = {}

    @contextmanager
    def shown(self) -> Iterator[Progress]:
        """Keep the lines on the screen up to date while the block runs; what is done stays."""
        from rich.live import Live as Screen

        with Screen(console=self._console, get_renderable=self._table, refresh_per_second=8):
            yield self

    def started(self, name: str, steps: int, of: str = "cell") -> None:
        """Add a line."""
        self._put(name, began=time.monotonic(), position=0, steps=steps, of=of, state="running")

    def step(self, name: str, position: int, steps: int) -> None:
        """Move on in the line."""
        self._put(name, position=position, steps=steps)

    def finished(self, name: str, seconds: float) -> None:
        """Mark the line as done."""
        with self._lock:
            self._lines[name].update(state="done", took=seconds, position=self._lines[name]["steps"])

    def reused(self, name: str, steps: int, of: str = "cell") -> None:
        """Add a line that says so."""
        self._put(name, position=steps, steps=steps, of=of, state="reused")

    def failed(self, name: str) -> None:
        """Mark the line as stopped."""
        with self._lock:
            line = self._lines[name]
            line.update(state="stopped", took=time.monotonic() - line["began"])

    def made(self, what: str) -> None:
        """Add a line that does not change."""
        self._put(what, state="made")

    def _put(self, name: str, **said) -> None:
        with self._lock:
            self._lines.setdefault(name, {}).update(said)

    def _table(self):
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        with self._lock:
            for name, line in self._lines.items():
                table.add_row(*_row(name, line))
        return table


def _counted(steps: int, of: str) -> str:
    """Return how many there are in words.

    >>> _counted(21, "cell"), _counted(1, "run")
    ('21 cells', '1 run')
    """
    return f"{steps} {of}{'s' * (steps != 1)}"


def _row(name: str, line: dict) -> tuple:
    from rich.text import Text

    done = ("✓", "green")
    marks = {"running": ("›", "cyan"), "done": done, "reused": done, "made": done, "stopped": ("✗", "red")}
    mark, colour = marks[line["state"]]
    if line["state"] == "made":
        return Text(mark, colour), Text(name), "", ""
    if line["state"] == "reused":
        return (
            Text(mark, colour),
            Text(name),
            Text(_counted(line["steps"], line["of"])),
            Text("reused", justify="right"),
        )
    seconds = line.get("took", time.monotonic() - line["began"])
    return (
        Text(mark, colour),
        Text(name),
        Text(f"{line['of']} {line['position']}/{line['steps']}"),
        Text(f"{seconds:.1f} s", justify="right"),
    )


def suited(quiet: bool = False) -> Progress:
    """Return the progress that suits where standard output goes."""
    if quiet:
        return Progress()
    return Live() if sys.stdout.isatty() else Lines()
