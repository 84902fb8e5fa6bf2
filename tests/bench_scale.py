"""Measures how ledgers of up to a million claims are read and judged: `make bench`, or `python tests/bench_scale.py`.

Each line is a process of its own on a synthetic ledger of the real one's shape (tests/large_ledger.py): seconds on the
clock, seconds of processor time and peak memory. *columns* reads, validates and judges as columns; *rows* are the
stages of the ordinary report, with an object for each row. An exponent is how the processor time grows from the least
claims to the most: 1 is in proportion. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks"), str(ROOT / "tests")]
COLUMNS, ROWS = (10_000, 100_000, 1_000_000), (3_000, 10_000, 30_000)
RELATIONS = 100_000  # at most
MOST_EXPONENT = 1.1  # from the least to the most claims, in every stage of rows
MOST = {  # stage, claims: seconds and MiB, on two cores
    ("groups, with load", 1_000_000): (10.0, 3 * 1024),
    ("relations", 100_000): (10.0, 3 * 1024),
}
Stage = tuple[str, Callable[[], object]]


def stages_of_columns(folder: Path) -> Iterator[Stage]:
    """Yield the stages of `python -m report judge`."""
    from claims.judging.large_groups import judge_groups
    from claims.judging.large_relations import judge_large_relations
    from claims.ledger.large import LargeLedger, load_large_ledger

    ledgers: list[LargeLedger] = []
    yield "load and validate", lambda: ledgers.append(load_large_ledger(folder))
    yield "groups", lambda: judge_groups(ledgers[0])
    yield "relations", lambda: judge_large_relations(ledgers[0])


def stages_of_rows(folder: Path) -> Iterator[Stage]:
    """Yield the arithmetic of notebooks 10 to 40."""
    from claims.judging.judge import judge_ledger
    from claims.ledger.intervals import Reading
    from claims.ledger.loading import load_ledger
    from claims.ledger.model import Ledger
    from claims.questions import coverage, discrepancies, growth, list_shares, shares

    ledgers: list[Ledger] = []
    judged: list = []
    reading = Reading()
    yield "load and validate", lambda: ledgers.append(load_ledger(folder))
    yield "10 counts", lambda: coverage.counts(ledgers[0])
    yield "10 coverage", lambda: coverage.coverage(ledgers[0])
    yield "20 reported rates", lambda: growth.reported_rates(ledgers[0], reading)
    yield "20 between levels", lambda: growth.between_levels(ledgers[0], reading)
    yield "20 quarters", lambda: growth.quarters(ledgers[0], reading)
    yield "30 verdicts", lambda: judged.append(judge_ledger(ledgers[0], reading))
    yield "30 findings", lambda: discrepancies.findings_of(ledgers[0], judged[0], reading)
    yield "40 shares", lambda: shares.findings_of(ledgers[0], shares.FRACTIONAL)
    yield "40 lists", lambda: list_shares.findings_of(ledgers[0], shares.FRACTIONAL)


def measure(way: str, folder: Path) -> None:
    """Print what the stages of a way take in this process, as JSON."""
    stages, took = {"columns": stages_of_columns, "rows": stages_of_rows}[way](folder), {}
    for name, run in stages:
        gc.collect()  # what earlier stages have left is not counted for this one
        clock, processor = time.perf_counter(), time.process_time()
        run()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        took[name] = (time.perf_counter() - clock, time.process_time() - processor, peak)
    print(json.dumps(took))


def measure_sizes(way: str, sizes: tuple[int, ...], folder: Path) -> dict[int, dict[str, list[float]]]:
    """Return seconds, processor time and peak of the stages of a way, by the number of claims."""
    from large_ledger import write_ledger

    took = {}
    for claims in sizes:
        ledger = write_ledger(folder / str(claims), claims, min(claims, RELATIONS), min(2 * claims, RELATIONS))
        command = [sys.executable, __file__, "--measure", way, str(ledger)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        took[claims] = json.loads(result.stdout)
        if way == "columns":
            load, groups = took[claims]["load and validate"], took[claims]["groups"]
            took[claims]["groups, with load"] = [load[0] + groups[0], load[1] + groups[1], groups[2]]
    return took


def format_sizes(way: str, took: dict[int, dict[str, list[float]]]) -> str:
    """Return the times of a way as lines, each with its bar, if it has one, and the share of it that was taken.

    >>> print(format_sizes("rows", {10: {"load": [1.0, 1.0, 9.0]}, 100: {"load": [10.0, 10.0, 90.0]}}))
    rows, seconds (processor time; peak)
      load                      10 claims     1.00 (    1.00;     9 MiB)
      load                     100 claims    10.00 (   10.00;    90 MiB)  exponent 1.00 of 1.1, met
    """
    lines, first, last = [f"{way}, seconds (processor time; peak)"], min(took), max(took)
    for name in took[first]:
        for claims, stages in took.items():
            seconds, processor, peak = stages[name]
            line = f"  {name:<18} {claims:>9,} claims {seconds:>8.2f} ({processor:>8.2f}; {peak:>5.0f} MiB)"
            if first < claims == last:
                grown = max(processor, 1e-3) / max(took[first][name][1], 1e-3)
                exponent = math.log(grown) / math.log(last / first)
                line += f"  exponent {exponent:.2f} of {MOST_EXPONENT}, {_word(exponent <= MOST_EXPONENT)}"
            if (name, claims) in MOST:
                most, memory = MOST[name, claims]
                line += f"  {seconds / most:.2f} of {most:g} s, {_word(seconds <= most)}"
                line += f"  {peak / memory:.2f} of {memory:,} MiB, {_word(peak <= memory)}"
            lines.append(line)
    return "\n".join(lines)


def _word(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def report(columns: tuple[int, ...] = COLUMNS, rows: tuple[int, ...] = ROWS) -> str:
    """Return what reading and judging take, as columns and as rows."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder:
        texts = [
            format_sizes(way, measure_sizes(way, sizes, Path(folder) / way))
            for way, sizes in (("columns", columns), ("rows", rows))
            if sizes
        ]
    return "\n".join([*texts, f"on {os.cpu_count()} cores"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--measure", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--columns", type=int, nargs="*", default=list(COLUMNS), help="numbers of claims")
    parser.add_argument("--rows", type=int, nargs="*", default=list(ROWS), help="numbers of claims")
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]))
    else:
        print(report(tuple(options.columns), tuple(options.rows)))


if __name__ == "__main__":
    main()
