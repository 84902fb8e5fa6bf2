"""Hundreds of thousands of bad rows: the first twenty are listed and all are counted, in bounded time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from claims.tables.messages import FIRST
from large_ledger import write_ledger

REPOSITORY = Path(__file__).parents[2]
SECONDS, MEMORY = 300, 3 << 30  # of a shared machine; a free one takes a tenth of the time


def bad_ledger(folder: Path, claims: int) -> tuple[int, int]:
    """Write a ledger whose periods all have a wrong kind, and a third of whose sources do not exist; return counts."""
    write_ledger(folder, claims, relations=0, items=0)
    path, kinds, sources = folder / "claims.csv", 0, 0
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        kind = "year" if ",year," in line else "quarter"
        line, kinds = line.replace(f",{kind},", f",{kind[:-1]},"), kinds + 1
        if place % 3 == 0:
            id, source, rest = line.split(",", 2)
            line, sources = f"{id},X{source},{rest}", sources + 1
        lines[place] = line
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return kinds, sources


@pytest.mark.parametrize(
    ("command", "claims"), [("judge", 10_000), pytest.param("check", 300_000, marks=pytest.mark.torture)]
)
def test_the_first_bad_rows_are_listed_and_all_are_counted(command, claims, tmp_path):
    folder = tmp_path / "ledger"
    kinds, sources = bad_ledger(folder, claims)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    arguments = [sys.executable, "-m", "report", command, "--data", str(folder)]
    ended = subprocess.run(arguments, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=SECONDS)
    lines = ended.stderr.splitlines()
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert lines[0].endswith(f"claims.csv: {kinds + sources:,} problems")
    assert sum(line.lstrip().startswith("row ") for line in lines) == FIRST
    assert f"and {kinds + sources - FIRST:,} more (" in lines[FIRST + 1]
    assert len(ended.stderr) < 10_000
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY
