"""Large ledgers in bounded time and memory: the first bad rows are listed, and a report notes what it leaves out."""

from __future__ import annotations

import csv
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from claims.questions.clashes import MOST_DRAWN
from claims.tables.messages import FIRST
from large_ledger import write_ledger
from lxml import html

from report.pages.long_tables import MOST_IN_ALL, MOST_ROWS

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


def rows_shown(page: html.HtmlElement, id: str) -> int:
    """Return how many rows of a table, besides its heading, a page has."""
    return len(page.xpath(f"//*[@id='{id}']//tbody/tr"))


@pytest.mark.torture
def test_a_report_on_thousands_of_claims_notes_what_it_leaves_out(tmp_path):
    ledger = write_ledger(tmp_path / "ledger", 3_000)
    output = tmp_path / "output"
    chapters = [word for number in ("30", "40") for word in ("--only", number)]
    arguments = [sys.executable, "-m", "report", "build", *chapters, "--data", str(ledger), "--output", str(output)]
    ended = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, text=True, timeout=6 * SECONDS)
    assert ended.returncode == 0, ended.stderr
    page = html.fromstring((output / "report.html").read_bytes())
    words = re.sub(r"\s+", " ", page.text_content())
    for table, file in (("tbl-ledger", "claims"), ("tbl-agreements", "agreements")):
        with (ledger / f"{file}.csv").open(encoding="utf-8", newline="") as rows:
            count = sum(1 for _ in csv.DictReader(rows))
        shown = rows_shown(page, table)
        assert 0 < shown <= MOST_ROWS < count
        assert f"{count - shown:,} of {count:,} rows are not shown; {file}.csv, with all of them" in words
    with (output / "figures" / "discrepancies.csv").open(encoding="utf-8", newline="") as rows:
        figures = list(csv.DictReader(rows))
    drawn = re.search(r"Of ([\d,]+) figures in ([\d,]+) sets only (\d+) in (\d+) are drawn", words)
    assert drawn
    assert drawn[1].replace(",", "") == str(len(figures))
    assert drawn[2].replace(",", "") == str(len({row["group"] for row in figures}))
    assert int(drawn[3]) <= MOST_DRAWN < len(figures)
    assert len(page.xpath("//tbody/tr")) < 1.1 * MOST_IN_ALL
    assert (output / "report.html").stat().st_size < 12 << 20
    assert (output / "report.pdf").read_bytes().startswith(b"%PDF")
