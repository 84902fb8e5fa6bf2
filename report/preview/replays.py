"""Replays of the notebooks being edited, so that a save runs and evaluates only what it has changed.

A replay (`report.kernels.snapshots`) has the state of a run before each of its code cells. A new expression is
evaluated in the state of its place, and a run of changed code begins at the first cell that has changed. What the
cells before it have put out is that of the last run, as long as every file which that run has read is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from report.expressions import ExpressionFailed, refuse_failed, results_of, with_results, without_results
from report.folders import Folders
from report.kernels.replays import Changing, Replay, start_replay
from report.runs import canonical
from report.runs.execute import Begun, KernelSource, kernel_environment
from report.runs.failures import Failure, describe_failure
from report.runs.inputs import executed_code
from report.runs.reuse import Runs, fill_cells, merge_cells
from report.runs.selection import INJECTED, PARAMETERS, Notebook, join_lines, tags

__all__ = ["Replays"]

_MOST = 3  # replays; each takes about as much memory as a kernel


@dataclass(frozen=True)
class _Replayed:
    """A notebook's run, the hash of what it was run from, and its replay."""

    notebook: Notebook
    run: Mapping[str, Any] = field(repr=False)
    key: str
    replay: Replay


class Replays:
    """The replays of the notebooks edited last; of changed code, what follows the last replay's unchanged cells.

    Without a warm parent there are none, and every notebook is run as a whole.
    """

    def __init__(self, folders: Folders, runs: Runs, kernels: KernelSource) -> None:
        self._folders, self._runs, self._kernels = folders, runs, kernels
        self._kept: list[_Replayed] = []  # the oldest first, which is the furthest

    def prepare(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None) -> None:
        """Begin to replay the last run of a notebook, unless there is a replay of it."""
        if run := self._runs.find_run(notebook, values, findings):
            self._replay(notebook, values, run, findings)

    def evaluate(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None) -> Failure | None:
        """Evaluate what a run of the same code has no result of, and keep it with that run.

        Return the failure if an expression raises an exception. Without a result the notebook has to be run.
        """
        if not (run := self._runs.find_run(notebook, values, findings)) or merge_cells(notebook, run["executed"]):
            return None
        filled, replayed = fill_cells(notebook, run["executed"]), self._replay(notebook, values, run, findings)
        try:
            cells = list(_evaluated(filled["cells"], replayed.replay)) if replayed else []
        except (OSError, Changing):
            return None
        if not replayed or (read := self._all_read(replayed, findings)) is None:
            return None
        executed = canonical.node(notebook, {"cells": cells})
        try:
            refuse_failed(executed["cells"])
        except ExpressionFailed as error:
            return describe_failure(notebook, executed, error.cell, error, values, self._folders, "")
        self._runs.keep_pieced(notebook, replayed.key, executed, read)
        run = {"read": read, "executed": executed}
        self._kept = [replace(each, run=run) if each is replayed else each for each in self._kept]
        return None

    def begin(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None) -> Begun | None:
        """Return the first cells of a notebook that need not run again, because nothing before them has changed."""
        replayed, cells = self._find_base(notebook, values, findings)
        for end in range(len(cells), 0, -1) if replayed else ():
            if replayed and (merged := _merge(notebook, cells[:end], replayed.run["executed"]["cells"])):
                snapshot = replayed.replay.snapshot(_count_code(merged))
                is_current = snapshot and self._all_read(replayed, findings) is not None
                return Begun(merged, snapshot) if snapshot and is_current else None
        return None

    def _find_base(
        self, notebook: Notebook, values: Mapping[str, object], findings: Path | None
    ) -> tuple[_Replayed | None, list[Mapping]]:
        """Return the replay with the most cells before the first changed code cell, and these cells."""
        fitting = [
            (replayed, _unchanged_cells(replayed.notebook, notebook))
            for replayed in self._kept
            if replayed.notebook.name == notebook.name
            and replayed.replay.is_alive
            and self._runs.key(replayed.notebook, values, findings) == replayed.key
        ]
        return max(fitting, key=lambda pair: len(pair[1]), default=(None, []))

    def close(self) -> None:
        """End all replays."""
        while self._kept:
            self._kept.pop().replay.close()

    def _replay(
        self, notebook: Notebook, values: Mapping[str, object], run: Mapping, findings: Path | None
    ) -> _Replayed | None:
        """Return the replay of a run, which begins if there is none; None if there can be none."""
        key = self._runs.key(notebook, values, findings)
        for replayed in [each for each in self._kept if each.notebook.name == notebook.name and each.key == key]:
            if replayed.replay.is_alive and self._all_read(replayed, findings) is not None:
                return replayed
            self._drop(replayed)
        base, cells = self._find_base(notebook, values, findings)
        if base and cells and len(base.replay.bases) < _MOST - 1 and self._all_read(base, findings) is not None:
            number = _count_code(list(_until_code(run["executed"]["cells"], _count_code(cells))))
        else:
            base, number = None, 0
        try:
            replay = self._start(list(_from_code(run["executed"]["cells"], number)), base, number, findings)
        except OSError:
            return None
        if replay:
            self._kept.append(_Replayed(notebook, run, key, replay))
            self._forget(replay)
        return self._kept[-1] if replay else None

    def _start(
        self, cells: Sequence[Mapping], base: _Replayed | None, number: int, findings: Path | None
    ) -> Replay | None:
        """Return a replay of cells of a run, after those of another replay if there is one; None if there can be none.

        Raises OSError if what it would be forked from has ended.
        """
        arguments, requests = self._kernels.engine_arguments, list(map(_as_request, cells))
        if not arguments["warm"]:
            return None
        if base:
            return base.replay.branch(number, requests)
        environment = kernel_environment(self._folders, findings)
        return start_replay(arguments["warm"], requests, self._folders.notebooks, environment, arguments["fonts"])

    def _forget(self, newest: Replay) -> None:
        """End the oldest replays but those that the newest needs."""
        others = [each for each in self._kept if each.replay is not newest and each.replay not in newest.bases]
        for replayed in others[: max(0, len(self._kept) - _MOST)]:
            self._drop(replayed)

    def _drop(self, dropped: _Replayed) -> None:
        """End a replay, and those that need it."""
        for replayed in [*self._kept]:
            if replayed is dropped or dropped.replay in replayed.replay.bases:
                self._kept.remove(replayed)
                replayed.replay.close()

    def _all_read(self, replayed: _Replayed, findings: Path | None) -> dict[str, str | None] | None:
        """Return the hashes of what a run and its replay have read, by label; None if a file is not what it was."""
        read = self._runs.label(replayed.replay.files_read, findings)
        known = replayed.run["read"]
        is_same = all(known.get(label, sha256) == sha256 for label, sha256 in read.items())
        return {**known, **read} if is_same and self._runs.is_current({**known, **read}, findings) else None


def _as_request(cell: Mapping) -> dict[str, Any]:
    """Return a cell as a replay wants it."""
    return (
        {"source": join_lines(cell["source"])} if cell["cell_type"] == "code" else {"expressions": [*results_of(cell)]}
    )


def _evaluated(cells: Sequence[Mapping], replay: Replay) -> Iterator[Mapping]:
    """Yield cells with the results they lacked. Raises OSError if the replay has ended; Changing as `evaluate` does."""
    number = 0
    for cell in cells:
        number += cell["cell_type"] == "code"
        if cell["cell_type"] == "markdown" and (names := without_results(cell)):
            if not (snapshot := replay.snapshot(number)):
                raise OSError("the replay has ended")
            cell = with_results(cell, {**results_of(cell), **snapshot.evaluate(names)})
        yield cell


def _unchanged_cells(before: Notebook, now: Notebook) -> list[Mapping]:
    """Return the cells before the first changed code cell; none if a parameter's default has changed."""
    pairs = enumerate(zip(executed_code(before), executed_code(now), strict=False))
    shortest = min(len(before.code), len(now.code))
    same = next((number for number, (old, new) in pairs if old != new), shortest)
    if any(PARAMETERS in tags(cell) for notebook in (before, now) for cell in notebook.code[same:]):
        return []
    return list(_until_code(now.source["cells"], same))


def _until_code(cells: Sequence[Mapping], number: int) -> Iterator[Mapping]:
    """Yield the cells before the code cell with this number, not counting the parameters of a run."""
    for cell in cells:
        if cell["cell_type"] == "code" and INJECTED not in tags(cell):
            if number == 0:
                return
            number -= 1
        yield cell


def _from_code(cells: Sequence[Mapping], number: int) -> Iterator[Mapping]:
    """Yield the cells from the code cell with this number on, counting the parameters of a run."""
    for cell in cells:
        number -= cell["cell_type"] == "code"
        if number < 0:
            yield cell


def _merge(notebook: Notebook, cells: Sequence[Mapping], executed: Sequence[Mapping]) -> list[Mapping] | None:
    """Return the first cells of a notebook with the results of a run; None if it lacks one, or none has code."""
    own = [cell for cell in cells if cell["cell_type"] == "code"]
    ran = list(_until_code(executed, len(own)))
    merged = merge_cells(replace(notebook, source={**notebook.source, "cells": cells}), {"cells": ran})
    return merged["cells"] if own and merged else None


def _count_code(cells: Sequence[Mapping]) -> int:
    return sum(cell["cell_type"] == "code" for cell in cells)
