"""What the runs of a sweep have in common, done once: each notebook's imports, and the ledger that they read.

Runs of a notebook under other readings import the same modules and read the same ledger. A process does so once for
each notebook (a replay, see `report.kernels.snapshots`), and the kernels of its runs are forked from it. What it has
read counts as read by each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from report.runs.selection import Notebook, join_lines

if TYPE_CHECKING:
    from report.kernels.replays import Replay, Snapshot

__all__ = ["Beginnings", "imports_of"]

_READ_LEDGER = """
import sys
if "claims.ledger.loading" in sys.modules:
    sys.modules["claims.ledger.loading"].load_ledger()
"""


class Beginnings(ExitStack):
    """A process for each notebook that has imported what the notebook imports; all end with the block."""

    def __init__(self, notebooks: Iterable[Notebook], arguments: Mapping[str, Any]) -> None:
        """Begin with each notebook, once; `arguments` are those of the engine that will run it."""
        from report.kernels.replays import start_replay

        super().__init__()
        self._replays: dict[str, Replay] = {}
        warm, folder, environment, fonts = (arguments[name] for name in ("warm", "folder", "environment", "fonts"))
        for notebook in {notebook.name: notebook for notebook in notebooks}.values() if warm else ():
            cells = [{"source": imports_of(notebook) + _READ_LEDGER}]
            with suppress(OSError):  # the warm parent is gone, which each run will say
                replay = start_replay(warm, cells, folder, environment, fonts)
                self._replays[notebook.name] = self.enter_context(replay)

    def of(self, notebook: Notebook) -> Snapshot | None:
        """Return what has the imports of a notebook to fork kernels from, when it is ready; None if there is none.

        There is none where kernels are not forked, or if an import fails: then the run itself says so.
        """
        replay = self._replays.get(notebook.name)
        return replay.snapshot(1) if replay else None


def imports_of(notebook: Notebook) -> str:
    """Return the lines with which the code cells of a notebook import modules, but not conditionally.

    A cell that is no Python is left out.
    """
    lines = []
    for cell in notebook.code:
        with suppress(SyntaxError, ValueError):
            tree = ast.parse(join_lines(cell["source"]))
            lines += [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(lines)
