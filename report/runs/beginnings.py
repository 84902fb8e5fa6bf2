"""What the runs of a sweep have in common, done once: each notebook's imports, and the ledger that they read.

Runs of a notebook under other readings import the same modules and read the same ledger. A process does so once (a
replay, see `report.kernels.snapshots`): first what all notebooks import, then in a copy for each what it imports
besides. The runs of a notebook are copies of that, and what it has read counts as read by each of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from report.runs.selection import Notebook, join_lines

if TYPE_CHECKING:
    from report.kernels.replays import Replay, Snapshot

__all__ = ["Beginnings", "imports_of"]

_READ_LEDGER = """
import os, sys
if "claims.ledger.loading" in sys.modules:
    sys.modules["claims.ledger.loading"].load_ledger()
if "claims.ledger.readings" in sys.modules and os.environ.get("REPORT_FINDINGS"):
    sys.modules["claims.ledger.readings"].load_sweep()
"""


class Beginnings(ExitStack):
    """A process for each notebook that has imported what the notebook imports; all end with the block."""

    def __init__(self, notebooks: Iterable[Notebook], arguments: Mapping[str, Any]) -> None:
        """Begin with what the notebooks have in common; `arguments` are those of the engine that will run them."""
        from report.kernels.replays import start_replay

        super().__init__()
        self._begun: dict[str, Replay | None] = {}
        self._one_at_a_time = Lock()
        self._imports = {notebook.name: imports_of(notebook) for notebook in notebooks}
        self._common: Replay | None = None
        warm, folder, environment, fonts = (arguments[name] for name in ("warm", "folder", "environment", "fonts"))
        if self._imports and warm:
            first, *others = self._imports.values()
            common = [line for line in first if all(line in other for other in others)]
            cells = [{"source": "\n".join([*common, _READ_LEDGER])}]
            with suppress(OSError):  # the warm parent is gone, which each run will say
                self._common = self.enter_context(start_replay(warm, cells, folder, environment, fonts))

    def of(self, notebook: Notebook) -> Snapshot | None:
        """Return what has the imports of a notebook to fork copies from, when it is ready; None if there is none.

        There is none where kernels are not forked, or if an import fails: then the run itself says so.
        """
        with self._one_at_a_time:
            if notebook.name not in self._begun:
                self._begun[notebook.name] = self._begin(notebook)
        begun = self._begun[notebook.name]
        return begun.snapshot(2) if begun else None

    def _begin(self, notebook: Notebook) -> Replay | None:
        with suppress(OSError):  # an import that all have in common fails
            if self._common:
                cells = [{"source": "\n".join([*self._imports[notebook.name], _READ_LEDGER])}]
                return self.enter_context(self._common.branch(1, cells))
        return None


def imports_of(notebook: Notebook) -> list[str]:
    """Return the lines with which the code cells of a notebook import modules, but not conditionally.

    A cell that is no Python is left out.
    """
    lines = []
    for cell in notebook.code:
        with suppress(SyntaxError, ValueError):
            tree = ast.parse(join_lines(cell["source"]))
            lines += [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return lines
