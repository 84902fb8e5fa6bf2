"""Progress of a build: one line for each notebook when it is done, and on a terminal a live line while it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from claims.tables.messages import count_noun

__all__ = ["Lines", "Live", "Progress", "default_progress"]


class Progress:
    """Progress that prints nothing; a build calls its methods. A step is a cell unless `unit` names it."""

    @contextmanager
    def show(self) -> Iterator[None]:
        """Show progress while the block runs."""
        yield

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Called when a notebook starts, with the number of its steps."""

    def step(self, name: str, position: int, steps: int) -> None:
        """Called when a notebook reaches a step."""

    def finished(self, name: str, seconds: float) -> None:
        """Called when a notebook is done."""

    def reused(self, name: str, steps: int, unit: str = "cell") -> None:
        """Called when an earlier run of a notebook is used instead of a new one."""

    def failed(self, name: str) -> None:
        """Called when a notebook has stopped with an error."""

    def note(self, text: str) -> None:
        """Called when something else is done or has to be waited for, with a text for it."""


class Lines(Progress):
    """One line for each notebook when it is done: for logs and pipes."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._steps: dict[str, str] = {}

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Remember how many steps there are."""
        self._steps[name] = count_noun(steps, unit)

    def finished(self, name: str, seconds: float) -> None:
        """Print the number of steps and the seconds."""
        self.note(f"{name:<28} {self._steps[name]:>9} {seconds:>6.1f} s")

    def reused(self, name: str, steps: int, unit: str = "cell") -> None:
        """Print the number of steps and that nothing was run."""
        self.note(f"{name:<28} {count_noun(steps, unit):>9}   reused")

    def failed(self, name: str) -> None:
        """Print that a notebook stopped."""
        self.note(f"{name:<28} stopped")

    def note(self, text: str) -> None:
        """Print the text on a line of its own."""
        self._out.write(text + "\n")  # in one piece: notebooks end at the same time
        self._out.flush()


class Live(Lines):
    """A live line for each notebook that runs, below the lines of what is done: for a terminal."""

    def __init__(self, out: TextIO | None = None) -> None:
        from rich.console import Console
        from rich.progress import Progress as Screen
        from rich.progress import TaskID, TimeElapsedColumn

        super().__init__(out)
        steps = "{task.fields[unit]} {task.completed}/{task.total}"
        console = Console(file=out, highlight=False)
        self._screen = Screen("{task.description}", steps, TimeElapsedColumn(), console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def show(self) -> Iterator[None]:
        """Keep the live lines up to date while the block runs."""
        with self._screen:
            yield

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Add a live line."""
        super().started(name, steps, unit)
        self._tasks[name] = self._screen.add_task(name, total=steps, unit=unit)

    def step(self, name: str, position: int, steps: int) -> None:
        """Advance the live line."""
        self._screen.update(self._tasks[name], completed=position)

    def finished(self, name: str, seconds: float) -> None:
        """Replace the live line by one that stays."""
        self._screen.remove_task(self._tasks.pop(name))
        super().finished(name, seconds)

    def failed(self, name: str) -> None:
        """Replace the live line by one that stays."""
        self._screen.remove_task(self._tasks.pop(name))
        super().failed(name)

    def note(self, text: str) -> None:
        """Print the text above the live lines."""
        self._screen.console.print(text, markup=False)


def default_progress(quiet: bool = False) -> Progress:
    """Return the progress for this standard output: live on a terminal, lines elsewhere, nothing if `quiet`."""
    if quiet:
        return Progress()
    return Live() if sys.stdout.isatty() else Lines()
