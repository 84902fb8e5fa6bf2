"""The papermill engine of sweeps: it runs the cells in a copy of a process that has the imports already.

A sweep needs the findings and verdicts of thousands of runs and nothing else, and a kernel costs more than most of
these runs compute. So a copy of a snapshot (`snapshots.py`) runs the code cells and returns what they display. What
only a kernel can do, such as showing why a cell fails, is left to a kernel: then the engine raises NotForCopies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from nbclient.exceptions import DeadKernelError
from papermill.engines import Engine, papermill_engines

from report.kernels import reads
from report.kernels.engine import TimeLimit, Watcher, end_group, kernels
from report.kernels.private import private_folder
from report.kernels.replays import RunningCopy, Snapshot

__all__ = ["ENGINE", "CopyEngine", "NotForCopies", "Receiver"]

ENGINE = "report-copies"


class NotForCopies(Exception):
    """A cell has failed, or has taken back what it displayed: run the notebook in a kernel."""


class Receiver(Watcher, Protocol):
    """A watcher that takes what cells display. In the notebook it would cost papermill as much as the run itself."""

    def on_displays(self, cell: str, displays: Sequence[Mapping]) -> None:
        """Called when the cell with this id has run, with the data of each of its displays by MIME type."""


class CopyEngine(Engine):
    """Run the code cells of a notebook in a copy of `warm`, a snapshot; `watcher` gets their displays of some `types`.

    The other engine argument is `execution_timeout`, the seconds that a cell may take.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        *,
        warm: Snapshot,
        types: Sequence[str],
        watcher: Receiver,
        execution_timeout: int,
        **_,
    ):
        """Run the code cells of `nb_man.nb`.

        Raises NotForCopies if one is not for copies, TimeLimit if one takes too long, DeadKernelError if the process
        ends, and OSError if the snapshot is gone.
        """
        cells = [(index, cell) for index, cell in enumerate(nb_man.nb.cells) if cell.cell_type == "code"]
        with private_folder() as private:
            record = private / "reads"
            try:
                with warm.run([cell.source for _, cell in cells], types, private / "kernel.log", record) as copy:
                    kernels.add(copy.pid, watcher.name)
                    try:
                        watcher.on_kernel_started(nb_man.nb)
                        for index, cell in cells:
                            watcher.on_cell_started(index)
                            watcher.on_displays(cell.id, _displays(copy, execution_timeout))
                    finally:
                        end_group(copy.pid)  # even if it has ended: what its cells have started may go on
                        kernels.discard(copy.pid)
            finally:
                watcher.on_kernel_ended(reads.settled_record(record))


def _displays(copy: RunningCopy, seconds: int) -> list[dict]:
    """Return what the next cell of a copy displays. Raises as `execute_managed_notebook`."""
    try:
        displays = copy.read_line(seconds)
    except TimeoutError:
        raise TimeLimit(seconds) from None
    except EOFError:
        raise DeadKernelError("Kernel died") from None
    if displays is None:
        raise NotForCopies
    return displays


papermill_engines.register(ENGINE, CopyEngine)
