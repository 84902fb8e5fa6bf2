"""The papermill engine of sweeps: it runs the cells in a copy of a process that has the imports already.

A sweep needs the findings and verdicts of thousands of runs, or what they show on a page, and a kernel costs more than
most of these runs compute. So a copy of a snapshot (`snapshots.py`) runs the cells and returns what they display. What
only a kernel can do, such as showing why a cell fails, is left to a kernel: then the engine raises NotForCopies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from nbclient.exceptions import DeadKernelError
from papermill.engines import Engine, papermill_engines

from report.expressions import expressions
from report.kernels import reads
from report.kernels.engine import TimeLimit, Watcher, end_group, kernels
from report.kernels.private import private_folder
from report.kernels.replays import RunningCopy, Snapshot

__all__ = ["ENGINE", "CopyEngine", "NotForCopies", "Receiver"]

ENGINE = "report-copies"


class NotForCopies(Exception):
    """A cell has failed, or has put out something that copies cannot return: run the notebook in a kernel."""


class Receiver(Watcher, Protocol):
    """A watcher that takes what cells display. In the notebook it would cost papermill as much as the run itself."""

    def on_displays(self, cell: str, displays: Sequence[Mapping]) -> None:
        """Called when the cell with this id has run, with the data of each of its displays by MIME type."""

    def on_results(self, cell: str, results: Mapping[str, Mapping]) -> None:
        """Called when the expressions of the text with this id have been evaluated, with a kernel's reply for each."""


class CopyEngine(Engine):
    """Run the code cells of a notebook in a copy of `warm`, a snapshot; `watcher` gets their displays of some `types`.

    If that is None, `watcher` gets all displays, and what the expressions of Markdown cells stand for. The other engine
    arguments are `execution_timeout`, the seconds that a cell may take, and `own`, more variables of the environment.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        *,
        warm: Snapshot,
        types: Sequence[str] | None,
        own: Mapping[str, str],
        watcher: Receiver,
        execution_timeout: int,
        **_,
    ):
        """Run the code cells of `nb_man.nb`.

        Raises NotForCopies if one is not for copies, TimeLimit if one takes too long, DeadKernelError if the process
        ends, and OSError if the snapshot is gone.
        """
        cells = [(index, cell, _request(cell)) for index, cell in enumerate(nb_man.nb.cells)]
        cells = [each for each in cells if each[1].cell_type == "code" or (types is None and each[2]["expressions"])]
        with private_folder() as private:
            record = private / "reads"
            try:
                with warm.run([wanted for *_, wanted in cells], types, private / "kernel.log", record, own) as copy:
                    kernels.add(copy.pid, watcher.name)
                    try:
                        watcher.on_kernel_started(nb_man.nb)
                        for index, cell, _ in cells:
                            watcher.on_cell_started(index)
                            called = watcher.on_displays if cell.cell_type == "code" else watcher.on_results
                            called(cell.id, _answer(copy, execution_timeout))
                    finally:
                        end_group(copy.pid)  # even if it has ended: what its cells have started may go on
                        kernels.discard(copy.pid)
            finally:
                watcher.on_kernel_ended(reads.settled_record(record))


def _request(cell: Mapping) -> dict:
    """Return what a copy is to do for a cell."""
    if cell["cell_type"] == "code":
        return {"source": cell["source"]}
    return {"expressions": expressions(cell["source"]) if cell["cell_type"] == "markdown" else []}


def _answer(copy: RunningCopy, seconds: int) -> Any:
    """Return what a copy has for its next cell. Raises as `execute_managed_notebook`."""
    try:
        answer = copy.read_line(seconds)
    except TimeoutError:
        raise TimeLimit(seconds) from None
    except EOFError:
        raise DeadKernelError("Kernel died") from None
    if answer is None:
        raise NotForCopies
    return answer


papermill_engines.register(ENGINE, CopyEngine)
