"""Hundreds of runs in a row leave nothing behind, and thousands that are kept are found in linear time."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from conftest import Clone, finding, processes_with

from report.command import sweep as command
from report.runs import parameters, reuse, selection, sweep

pytestmark = pytest.mark.slow
RUNS = 500
DECLARED = "pace: {type: number, low: 0, high: 10000, meaning: how fast}"


def declare(clone: Clone, runs: int) -> None:
    """Write a notebook and readings that make so many runs of it, the default among them."""
    clone.declare(DECLARED)
    values = ", ".join(str(pace) for pace in range(2, runs + 1))
    readings = f"choices:\n  pace: {{values: [{values}], why: Nobody says how fast.}}"
    (clone.folders.notebooks / "readings.yaml").write_text(readings, encoding="utf-8")
    clone.write("20_two", finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)


def grid_of(clone: Clone) -> sweep.Grid:
    declared = parameters.load_parameters(clone.folders.notebooks / "parameters.yaml")
    notebooks = selection.read_all(clone.folders.notebooks)
    return sweep.build_grid(clone.folders.notebooks / "readings.yaml", declared, notebooks, full=True)


def open_files() -> list[str]:
    """Return what the file descriptors of this process are for, sockets among them."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(entry.readlink()).partition(":")[0])
        except OSError:  # that of the listing itself
            continue
    return sorted(found)


def sockets_in(folder: str) -> list[str]:
    lines = Path("/proc/net/unix").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if folder in line]


@pytest.mark.torture
@pytest.mark.skipif(sys.platform != "linux", reason="counts files and sockets in /proc")
def test_hundreds_of_runs_leave_no_process_file_or_socket(clone, monkeypatch):
    declare(clone, RUNS)
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as temporary:
        monkeypatch.setenv("TMPDIR", temporary)
        monkeypatch.setattr(tempfile, "tempdir", None)
        sizes: dict[int, int] = {}
        added = reuse.SweptRuns.add

        def add(cache, *given):
            sizes[len(sizes)] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return added(cache, *given)

        monkeypatch.setattr(reuse.SweptRuns, "add", add)
        small = command.SweepRequest(quiet=True, full=True)
        before = open_files(), threading.active_count(), processes_with(f"TMPDIR={temporary}")
        command.run_sweep(small, clone.folders)
        assert len(sizes) == RUNS, "all of them have run"
        assert (open_files(), threading.active_count()) == before[:2]
        assert processes_with(f"TMPDIR={temporary}") == before[2] == {}
        assert sockets_in(temporary) == []
        assert os.listdir(temporary) == []
        assert sizes[RUNS - 1] - sizes[RUNS // 5] < 30_000, "kilobytes that 400 runs may leave"


def keep(clone: Clone, runs: int) -> sweep.Grid:
    """Keep so many runs that never ran."""
    declare(clone, runs)
    grid, cache = grid_of(clone), reuse.SweptRuns(clone.folders)
    assert len(grid.runs) == runs
    for task in grid.runs.values():
        cell = {"cell_type": "code", "id": "one", "outputs": []}
        cache.add(task.notebook, task.values, {"cells": [cell]}, {})
    return grid


def test_kept_runs_are_found_with_one_look_into_their_folder(clone, monkeypatch):
    grid = keep(clone, 60)
    listings, globbed = [], Path.glob

    def glob(path, pattern):
        if path.name == "sweep":
            listings.append(pattern)
        return globbed(path, pattern)

    monkeypatch.setattr(Path, "glob", glob)
    cache = reuse.SweptRuns(clone.folders)
    found = [cache.find(task.notebook, task.values) for task in grid.runs.values()]
    assert len({*found} - {None}) == 60
    assert len(listings) == 1


@pytest.mark.torture
def test_five_thousand_kept_runs_are_found_in_seconds(clone):
    grid = keep(clone, 5000)
    cache, started = reuse.SweptRuns(clone.folders), time.process_time()
    assert all(cache.find(task.notebook, task.values) for task in grid.runs.values())
    seconds = time.process_time() - started
    assert seconds < 20, f"{seconds:.0f} s; it was 38 s when each search listed all of them"
