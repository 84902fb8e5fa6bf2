"""The report in one of the readings that `notebooks/readings.yaml` declares: its notebooks run, its links resolved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from claims.ledger import readings

from report.command import build
from report.folders import Folders
from report.pages import assemble
from report.progress import default_progress
from report.runs import extract, parameters
from report.runs.execute import KernelSource
from report.stops import NotebookFailed

NAMES = tuple(reading.name for reading in readings.load_readings() if reading.changes)
FAILED_ONCE = ("rounding=truncation", "official=kz_statistics", "pages=last")  # each in another chapter
ACROSS = ("60_robustness, ", "derivations, ")  # they have what other readings find, which this one may not
SWEPT = Path(__file__).resolve().parents[1] / "report" / "published" / readings.SWEPT


def problems_in(name: str, output: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Return what keeps the report from being built in a reading, and its links to nothing; no pages are made.

    The sweep is the published one, for it has every reading and so is the same in each.
    """
    whole = assemble.assemble
    patch.setattr(build, "_sweep_readings", lambda *_: SWEPT.read_bytes())
    patch.setattr(assemble, "assemble", lambda *parts, strict: whole(*parts, strict=True))
    folders = Folders()
    grid = build.plan_build(build.Request(quiet=True), folders).grid
    (changes,) = (reading.changes for reading in grid.readings if reading.name == name)
    options = [f"{key}={parameters.format_value(value)}" for key, value in changes.items()]
    plan = build.plan_build(build.Request(quiet=True, options=options, output=output), folders)
    try:
        with KernelSource(None, folders, plan.request.cell_timeout) as kernels:
            executed, _ = build._run_notebooks(plan, default_progress(True), kernels)
        build.assemble_document(plan, executed, extract.findings(executed), extract.verdicts(executed))
    except NotebookFailed as failure:
        title, *lines = str(failure).splitlines()
        return [line for line in lines or [title] if not _is_across(line)]
    return []


def _is_across(line: str) -> bool:
    return line.strip().startswith(ACROSS) and re.search("a link leads to '#[fv]-", line) is not None
