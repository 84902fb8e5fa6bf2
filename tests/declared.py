"""The report in one of the readings that `notebooks/readings.yaml` declares: its notebooks run, its page made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from browser import PUBLISHED, REPOSITORY, opened
from claims.ledger import readings
from playwright.sync_api import Page

from report.command import build
from report.folders import Folders
from report.pages import assemble, html
from report.pages.anchors import slug
from report.pages.reading import read
from report.progress import default_progress
from report.runs import extract, parameters, sweep
from report.runs.execute import KernelSource
from report.stops import NotebookFailed

READINGS = {reading.name: reading for reading in readings.load_readings() if reading.changes}
NAMES = tuple(READINGS)
FAILED_ONCE = ("rounding=truncation", "official=kz_statistics", "pages=last")  # each in another chapter
ACROSS = ("60_robustness, ", "derivations, ")  # they have what other readings find, which this one may not
SWEPT = REPOSITORY / "report" / "published" / readings.SWEPT
SHOWN = (Path(__file__).parent / "shown.js").read_text("utf-8")  # what a reader is shown, as a list


@dataclass
class Built:
    """What keeps the report from being built in a reading, links to nothing among it, and else its page."""

    problems: list[str] = field(default_factory=list)
    page: str = ""


def built_in(name: str, output: Path, patch: pytest.MonkeyPatch) -> Built:
    """Return the report in a reading, without the PDF.

    The sweep is the published one, for it has every reading and so is the same in each.
    """
    patch.setattr(build, "_sweep_readings", lambda *_: None)
    patch.setattr(sweep, "complete_with_published", lambda *_: SWEPT.read_bytes())
    changes = READINGS[name].changes
    options = [f"{key}={parameters.format_value(value)}" for key, value in changes.items()]
    folders = Folders()
    plan = build.plan_build(build.Request(quiet=True, options=options, output=output), folders)
    try:
        with KernelSource(None, folders, plan.request.cell_timeout) as kernels:
            executed, *_ = build._run_notebooks(plan, default_progress(True), kernels, output)
        results = executed, extract.findings(executed), extract.verdicts(executed)
        document = build.assemble_document(plan, *results)
        with _strict(patch):
            build.assemble_document(plan, *results)
    except NotebookFailed as failure:
        title, *lines = str(failure).splitlines()
        if problems := [line for line in lines or [title] if not _is_across(line)]:
            return Built(problems)
    return Built(page=html.page(read(document)))


@contextmanager
def _strict(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let links to nothing be errors, as in the default reading."""
    whole = assemble.assemble
    with patch.context() as strict:
        strict.setattr(assemble, "assemble", lambda *parts, **options: whole(*parts, **{**options, "strict": True}))
        yield


def _is_across(line: str) -> bool:
    return line.strip().startswith(ACROSS) and re.search("a link leads to '#[fv]-", line) is not None


def choose(page: Page, name: str) -> None:
    """Choose a reading, "" the usual one, and wait until the page shows it and its address says so."""
    page.locator("#reading").select_option(name)
    page.locator(f".readings[data-shows='{name or 'usual'}']").wait_for()
    page.wait_for_function("fragment => location.hash === fragment", arg=name and f"#reading={name}")


def differences(browser, name: str, built: str, folder: Path) -> list[tuple[str, str]]:
    """Return where the published page differs under a reading from the page that was built in it."""
    own = folder / "own.html"
    own.write_text(built, encoding="utf-8")
    shown = []
    for path, reading in ((PUBLISHED, slug(READINGS[name].shown)), (own, "")):
        with opened(browser, path) as watched:
            if reading:
                choose(watched.page, reading)
            shown.append(watched.page.evaluate(SHOWN))
    ours, theirs = shown
    return [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b] + [("", "")] * (len(ours) != len(theirs))
