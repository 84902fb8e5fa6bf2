"""How many faults of tests/torture were tried, and how many survived: `make torture` plants them all.

Each test plants one fault, shows that it was there, and asks for one of two endings: the work is done right, or an
error says where, what and the remedy, while what is published stays as it was, nothing is left over and the next build
is good.

A test that takes seconds runs in `make test` too. One that takes longer is marked `torture` and is left for
`make torture` (see `pytest_collection_modifyitems` in tests/conftest.py).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest


def area_of(nodeid: str) -> str:
    """Return the area of a test: its file's name without `test_`, in words.

    >>> area_of("tests/torture/test_broken_pipes.py::test_a_pipe[head]")
    'broken pipes'
    """
    return Path(nodeid.partition("::")[0]).stem.removeprefix("test_").replace("_", " ")


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Print for each area how many faults were tried and how many survived, if every fault was asked for."""
    if not config.getoption("--torture"):
        return
    survived = Counter(area_of(report.nodeid) for report in terminalreporter.getreports("passed") if is_fault(report))
    failed = Counter(
        area_of(report.nodeid) for kind in ("failed", "error") for report in terminalreporter.getreports(kind)
    )
    terminalreporter.section("faults survived")
    for area in sorted(survived | failed):
        terminalreporter.write_line(f"{area:<32} {survived[area]:>5} of {survived[area] + failed[area]:>5}")
    total = survived.total() + failed.total()
    terminalreporter.write_line(f"{'all':<32} {survived.total():>5} of {total:>5}")


def is_fault(report: pytest.TestReport) -> bool:
    """Is this the report of a fault that was planted, and not of a set-up or of an example in a docstring?"""
    return report.when == "call" and report.nodeid.startswith("tests/torture/test_")
