"""Progress of a build: one line for each part when it is done, and on a terminal live lines with the time left."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from claims.tables.messages import count_noun

from report.estimate import Estimate, Stage, load_times, save_times

__all__ = ["Inner", "Lines", "Live", "Progress", "default_progress"]

LONG = 60.0  # seconds after which a cell is reported


@dataclass
class _Cell:
    """A cell that runs, and after how many seconds it is reported next."""

    notebook: str
    name: str
    started: float = field(default_factory=time.monotonic)
    next_report: float = field(default_factory=lambda: LONG)


class Progress:
    """Progress that prints nothing; a build calls its methods. A step is a cell unless `unit` names it."""

    @contextmanager
    def show(self) -> Iterator[None]:
        """Show progress while the block runs."""
        yield

    def plan(self, stages: Iterable[Stage]) -> None:
        """Called when it is clear which parts a build has."""

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Called when a notebook starts, with the number of its steps."""

    def step(self, name: str, position: int, steps: int) -> None:
        """Called when a notebook reaches a step."""

    def finished(self, name: str, seconds: float) -> None:
        """Called when a notebook is done."""

    def reused(self, name: str, steps: int, unit: str = "cell") -> None:
        """Called when an earlier run of a notebook is used instead of a new one."""

    def failed(self, name: str, summary: str = "") -> None:
        """Called when a notebook has stopped with an error, with a summary of it that begins with the name."""

    def cell_started(self, run: object, name: str, cell: str) -> None:
        """Called when a run of a notebook starts a cell, with what messages call the cell."""

    def cells_ended(self, run: object) -> None:
        """Called when a run of a notebook has ended."""

    def note(self, text: str) -> None:
        """Called when something else is done or has to be waited for, with a text for it."""


class Inner(Progress):
    """Progress of the runs within a part, of which only cells that take long are worth a line."""

    def __init__(self, outer: Progress) -> None:
        self.cell_started, self.cells_ended = outer.cell_started, outer.cells_ended  # type: ignore[method-assign]


class Lines(Progress):
    """One line for each notebook when it is done, and for each cell that takes long: for logs and pipes."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._steps: dict[str, str] = {}
        self._cells: dict[object, _Cell] = {}

    @contextmanager
    def show(self) -> Iterator[None]:
        """Report cells that take long while the block runs."""
        done = threading.Event()
        reporter = threading.Thread(target=self._report_long_cells, args=[done], name="long cells", daemon=True)
        reporter.start()
        try:
            yield
        finally:
            done.set()
            reporter.join()

    def _report_long_cells(self, done: threading.Event) -> None:
        """Print a line for a cell after LONG seconds, and again whenever it has taken twice as long."""
        while not done.wait(LONG / 20):
            for cell in [*self._cells.values()]:
                seconds = time.monotonic() - cell.started
                if seconds >= cell.next_report:
                    cell.next_report *= 2
                    self.note(f"{cell.notebook:<28} is in {cell.name} for {seconds:.0f} s")

    def cell_started(self, run: object, name: str, cell: str) -> None:
        """Remember which cell runs, and since when."""
        self._cells[run] = _Cell(name, cell)

    def cells_ended(self, run: object) -> None:
        """Forget the run."""
        self._cells.pop(run, None)

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Remember how many steps there are."""
        self._steps[name] = count_noun(steps, unit)

    def finished(self, name: str, seconds: float) -> None:
        """Print the number of steps and the seconds."""
        self.note(f"{name:<28} {self._steps[name]:>9} {seconds:>6.1f} s")

    def reused(self, name: str, steps: int, unit: str = "cell") -> None:
        """Print the number of steps and that nothing was run."""
        self.note(f"{name:<28} {count_noun(steps, unit):>9}   reused")

    def failed(self, name: str, summary: str = "") -> None:
        """Print that a notebook stopped, where and why: other notebooks may run on for a while."""
        first = summary.partition("\n")[0].removeprefix(name).strip()
        self.note(f"{name:<28} {first or 'stopped'}")

    def note(self, text: str) -> None:
        """Print the text on a line of its own."""
        self._out.write(text + "\n")  # in one piece: notebooks end at the same time
        self._out.flush()


class _TimeLeft:
    """The time that an estimate leaves, as text whenever a screen shows it."""

    def __init__(self, estimate: Estimate) -> None:
        self._estimate = estimate

    def __str__(self) -> str:
        seconds = self._estimate.left()
        return "" if seconds is None or seconds < 1 else f"about {round(seconds) // 60}:{round(seconds) % 60:02} left"


class Live(Lines):
    """A live line for each part that runs and one for all of them, below the lines of what is done: for a terminal.

    `times` is the file with the seconds that each part took before.
    """

    def __init__(self, out: TextIO | None = None, times: Path | None = None) -> None:
        from rich.console import Console
        from rich.progress import Progress as Screen
        from rich.progress import TaskID, TimeElapsedColumn

        super().__init__(out)
        columns = ("{task.description}", "{task.fields[unit]} {task.completed}/{task.total}", TimeElapsedColumn())
        console = Console(file=out, highlight=False)
        self._screen = Screen(*columns, "{task.fields[left]}", console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._times = times
        self._estimate = Estimate(load_times(times) if times else {})
        self._total: TaskID | None = None

    @contextmanager
    def show(self) -> Iterator[None]:
        """Keep the live lines up to date while the block runs, and the times of its parts afterwards."""
        try:
            with self._screen:
                yield
        finally:
            if self._times:
                save_times(self._times, self._estimate.seconds)

    def plan(self, stages: Iterable[Stage]) -> None:
        """Add a live line for all parts together."""
        self._estimate.plan(stages)
        done, parts = self._estimate.parts
        left = _TimeLeft(self._estimate)
        self._total = self._screen.add_task("all", total=parts, completed=done, unit="part", left=left)

    def _count_part(self, name: str, seconds: float | None = None) -> None:
        """Remove the live line of a part that is done, and count it."""
        if name in self._tasks:
            self._screen.remove_task(self._tasks.pop(name))
        self._estimate.finish(name, seconds)
        if self._total is not None:
            self._screen.update(self._total, completed=self._estimate.parts[0])

    def started(self, name: str, steps: int, unit: str = "cell") -> None:
        """Add a live line."""
        super().started(name, steps, unit)
        self._estimate.start(name)
        self._tasks[name] = self._screen.add_task(name, total=steps, unit=unit, left="")

    def step(self, name: str, position: int, steps: int) -> None:
        """Advance the live line."""
        self._screen.update(self._tasks[name], completed=position)

    def finished(self, name: str, seconds: float) -> None:
        """Replace the live line by one that stays."""
        self._count_part(name, seconds)
        super().finished(name, seconds)

    def reused(self, name: str, steps: int, unit: str = "cell") -> None:
        """Print the number of steps and that nothing was run."""
        self._count_part(name)
        super().reused(name, steps, unit)

    def failed(self, name: str, summary: str = "") -> None:
        """Replace the live line by one that stays."""
        self._count_part(name)
        super().failed(name, summary)

    def note(self, text: str) -> None:
        """Print the text above the live lines."""
        self._screen.console.print(text, markup=False)


def default_progress(quiet: bool = False, times: Path | None = None) -> Progress:
    """Return the progress for this standard output: live on a terminal, lines elsewhere, nothing if `quiet`.

    `times` is the file with the seconds that each part took before.
    """
    if quiet:
        return Progress()
    return Live(times=times) if sys.stdout.isatty() else Lines()
