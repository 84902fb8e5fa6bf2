"""What a preview evaluates or runs of a notebook comes out as if the whole of it had run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace

import pytest
from conftest import NOT_COPIED, REPOSITORY, code_cell, markdown_cell, path_with, processes_with

from report.folders import Folders
from report.kernels.warm import AVAILABLE
from report.preview.replays import Replays
from report.progress import Progress
from report.runs import canonical, selection
from report.runs.execute import KernelSource, execute
from report.runs.reuse import Runs
from report.runs.selection import Notebook
from report.stops import NotebookFailed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")]

NAME = "10_count"
CELLS = {
    "one": "from claims.show.book import open_book\n\nbook = open_book(rounding=rounding)\nbook",
    "two": "from claims.show import coverage\n\ncoverage.keep_counts(book)\nprint('counted')",
    "three": "rate = 2\ncoverage.texts(book)",
    "four": "import matplotlib.pyplot as plt\n\nplt.plot([1, rate]);",
}


class Steps(Progress):
    """Remembers which cells have run."""

    def __init__(self) -> None:
        self.positions: list[int] = []

    def step(self, name: str, position: int, steps: int) -> None:
        self.positions.append(position)


@dataclass
class Edited:
    """A notebook that has run once, and what a preview does when it is saved again."""

    folders: Folders
    source: KernelSource
    notebook: Notebook
    runs: Runs = field(init=False)
    replays: Replays = field(init=False)

    def __post_init__(self) -> None:
        self.runs = Runs(self.folders, pieced=True)
        self.replays = Replays(self.folders, self.runs, self.source)
        self.run(self.notebook)

    def run(self, notebook: Notebook, runs: Runs | None = None, begins: bool = False) -> tuple[bytes, list[int]]:
        """Return the executed notebook as bytes, and the positions of the cells that have run for it."""
        steps = Steps()
        executed = execute(
            [notebook], {}, self.folders, steps, self.source, runs=runs or self.runs,
            begin=lambda each: self.replays.begin(each, {}, None) if begins else None,
        )  # fmt: skip
        return canonical.as_bytes(executed[notebook.name]), steps.positions

    def run_whole(self, notebook: Notebook) -> bytes:
        """Return the notebook, run from its first cell to its last."""
        return self.run(notebook, Runs(self.folders, fresh=True))[0]

    def evaluate(self, notebook: Notebook) -> str:
        """Evaluate new expressions, and return the failure, "" if there is none."""
        return str(self.replays.evaluate(notebook, {}, None) or "")

    def reused(self, notebook: Notebook) -> bytes | None:
        """Return what the preview shows without running anything; None if it has to run."""
        runs = self.runs.of([notebook], {})
        return canonical.as_bytes(canonical.node(notebook, runs[notebook.name])) if runs else None

    def with_cells(self, **sources: str) -> Notebook:
        """Return the notebook with other sources of cells, by id; "+" at the start adds to what is there."""
        changed = deepcopy(dict(self.notebook.source))
        for cell in changed["cells"]:
            if new := sources.pop(cell["id"].replace("-", "_"), None):
                cell["source"] = selection.join_lines(cell["source"]) + new[1:] if new.startswith("+") else new
        assert not sources, "there are no such cells"
        return replace(self.notebook, source=changed)


@contextmanager
def edited(folders: Folders, name: str) -> Iterator[Edited]:
    """Give a notebook that has run."""
    (notebook,) = [each for each in selection.read_all(folders.notebooks) if each.name == name]
    with KernelSource(None, folders) as source:
        found = Edited(folders, source, notebook)
        with closing(found.replays):
            yield found


@pytest.fixture
def count(clone, shared_kernels) -> Iterator[Edited]:
    """Give a small notebook: a text before, between and after its code cells."""
    clone.declare("rounding:\n  type: string\n  choices: [half_up, half_even]\n  meaning: A rounding.\n")
    path = clone.write(NAME, *CELLS.values(), parameters='rounding = "half_up"')
    notebook = selection.read(path)
    cells = [notebook.source["cells"][0], code_cell("parameters", 'rounding = "half_up"', ["parameters"])]
    for id, source in CELLS.items():
        cells += [code_cell(id, source), markdown_cell(f"After {id}.", f"after-{id}")]
    path.write_text(json.dumps({**notebook.source, "cells": cells}), encoding="utf-8")
    with edited(clone.folders, NAME) as found:
        yield found


NAMES = (
    "book.findings['claims_total'].id, book.claims_total",  # of a finding
    "getattr(book, next(iter(book.claims)))",
    "getattr(book, next(iter(book.claims))).period",
    "next(iter(book.claims.values())).printed",
    "list(book.official)",
    "book.results.names[-1]",
    "rounding",
    "coverage.fullest_sectors(book)",
    "book",
)


def quoting(*expressions: str) -> str:
    return "+\n\n" + "\n\n".join(f"See {{eval}}``{each}``." for each in expressions)


def test_new_expressions_come_out_as_in_a_run_of_the_whole(count):
    places = {"after_one": "len(book.findings)", "after_two": "len(book.findings)", "after_three": "len(book.findings)"}
    text = {place: quoting(each, "book") for place, each in places.items()}
    notebook = count.with_cells(**{**text, "after_two": quoting("len(book.findings)", *NAMES)})
    assert count.reused(notebook) is None
    assert count.evaluate(notebook) == ""
    assert count.reused(notebook) == count.run_whole(notebook)


@pytest.mark.parametrize(
    ("place", "expression"),
    [
        ("after_one", "book.claims_total"),
        ("after_two", "book.claims_totla"),
        ("after_two", "rate"),
        ("after_four", "("),
    ],
)
def test_an_expression_that_a_run_would_refuse_is_refused(count, place, expression):
    notebook = count.with_cells(**{place: quoting("rounding", expression)})
    failure = count.evaluate(notebook)
    with pytest.raises(NotebookFailed) as stopped:
        count.run_whole(notebook)
    assert f"{{eval}}`{expression}` in cell {place.replace('_', '-')}: " in failure
    assert failure == stopped.value.texts[NAME]
    assert count.reused(notebook) is None


@pytest.mark.parametrize("expression", ["(rate := 3)", "book.results.findings.clear()"])
def test_an_expression_with_effects_runs_the_notebook(count, expression):
    notebook = count.with_cells(after_two=quoting(expression))
    assert count.evaluate(notebook) == ""
    assert count.reused(notebook) is None


def test_no_build_reuses_what_a_preview_has_pieced_together(count):
    notebook = count.with_cells(after_two=quoting("book.claims_total"))
    count.evaluate(notebook)
    assert count.reused(notebook) is not None
    assert Runs(count.folders).of([notebook], {}) == {}
    changed = count.with_cells(four="+  # changed")
    count.replays.prepare(count.notebook, {}, None)
    assert count.run(changed, begins=True)[1] != [*range(1, 11)]
    assert Runs(count.folders).of([changed], {}) == {}


def test_a_changed_cell_is_the_first_to_run(count):
    figure = "import matplotlib.pyplot as plt\nplt.plot([rate, 1, 3])"
    notebook = count.with_cells(four=f"{figure}\nprint(len(book.findings), sorted(globals())[-9:])")
    notebook = replace(notebook, source={**notebook.source, "metadata": {**notebook.source["metadata"], "a": "b"}})
    count.replays.prepare(count.notebook, {}, None)
    content, positions = count.run(notebook, begins=True)
    assert positions == [9, 10]
    assert content == count.run_whole(notebook)


def test_an_expression_before_the_changed_cell_is_not_left_out(count):
    notebook = count.with_cells(after_one=quoting("len(book.findings)"), four="+  # changed")
    count.replays.prepare(count.notebook, {}, None)
    content, positions = count.run(notebook, begins=True)
    assert positions[0] == 4
    assert content == count.run_whole(notebook)


def test_changed_code_is_replayed_after_what_is_unchanged(count):
    count.replays.prepare(count.notebook, {}, None)
    for rate in (3, 4, 5):
        changed = count.with_cells(three=f"rate = {rate}\ncoverage.texts(book)")
        content, positions = count.run(changed, begins=True)
        assert positions == [7, 8, 9, 10]
        assert content == count.run_whole(changed)
        count.replays.prepare(changed, {}, None)
    last = "rate = 5\ncoverage.texts(book)"
    asked = count.with_cells(three=last, after_one=quoting("book"), after_four=quoting("rate"))
    assert count.evaluate(asked) == ""
    assert count.reused(asked) == count.run_whole(asked)
    further = count.with_cells(three=last, four="print(rate)")
    content, positions = count.run(further, begins=True)
    assert positions == [9, 10]
    assert content == count.run_whole(further)


def test_what_was_evaluated_need_not_run_with_later_code(count):
    asked = count.with_cells(after_one=quoting("len(book.findings)"))
    assert count.evaluate(asked) == ""
    changed = count.with_cells(after_one=quoting("len(book.findings)"), four="print(rate)")
    content, positions = count.run(changed, begins=True)
    assert positions == [9, 10]
    assert content == count.run_whole(changed)


def test_an_error_in_a_changed_cell_is_that_of_a_whole_run(count):
    notebook = count.with_cells(three="rate = 2\nbook.claims.nothing")
    count.replays.prepare(count.notebook, {}, None)
    texts = []
    for begins in (True, False):
        with pytest.raises(NotebookFailed) as stopped:
            count.run(notebook, Runs(count.folders, fresh=True), begins)
        texts.append(stopped.value.texts[NAME])
    assert texts[0] == texts[1] and "stopped in cell three" in texts[0]


@pytest.mark.parametrize("change", [{"parameters": 'rounding = "half_even"'}, {"one": "+\nrate = 3"}])
def test_a_change_at_the_start_runs_everything_after_it(count, change):
    notebook = count.with_cells(**change)
    count.replays.prepare(count.notebook, {}, None)
    content, positions = count.run(notebook, begins=True)
    assert positions[0] == (1 if "parameters" in change else 3)
    assert content == count.run_whole(notebook)


def test_a_changed_file_makes_a_replay_useless(count):
    changed = count.with_cells(four="+  # changed")
    count.replays.prepare(count.notebook, {}, None)
    assert count.reused(changed) is None and count.replays.begin(changed, {}, None)
    path = count.folders.own_data / "claims.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert count.reused(changed) is None and count.replays.begin(changed, {}, None) is None
    assert count.evaluate(count.with_cells(after_two=quoting("rounding"))) == ""
    assert count.reused(count.with_cells(after_two=quoting("rounding"))) is None


def test_a_snapshot_that_is_gone_runs_the_whole(count):
    notebook = count.with_cells(four="+  # changed")
    count.replays.prepare(count.notebook, {}, None)
    begun = count.replays.begin(notebook, {}, None)
    count.replays.close()
    steps = Steps()
    executed = execute([notebook], {}, count.folders, steps, count.source, begin=lambda each: begun)
    assert canonical.as_bytes(executed[NAME]) == count.run_whole(notebook)


def ended(marker: str) -> bool:
    """Return whether all processes with a marker in their environment end."""
    end = time.monotonic() + 60
    while processes_with(marker) and time.monotonic() < end:
        time.sleep(0.1)
    return not processes_with(marker)


@pytest.mark.parametrize("kill", [False, True])
def test_no_process_is_left_of_a_replay(clone, monkeypatch, kill):
    marker = f"ledger-test-{kill}-{time.monotonic_ns()}"
    monkeypatch.setenv("PATH", path_with(marker)["PATH"])
    clone.write(NAME, "a = 1", "b = 2")
    with edited(clone.folders, NAME) as found:
        warm = found.source.engine_arguments["warm"]
        found.replays.prepare(found.notebook, {}, None)
        assert found.replays.begin(found.with_cells(two="+  # changed"), {}, None)
        before = processes_with(marker)
        assert len(before) >= 3, "the warm parent, and two snapshots at least"
        if kill:
            os.kill(warm._process.pid, signal.SIGKILL)
            warm._process.wait()
            assert ended(marker)
        found.replays.close()
    assert ended(marker)


def test_a_chapter_of_the_report_begun_late_is_as_run_whole(tmp_path, shared_kernels):
    for name in ("notebooks", "data"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=NOT_COPIED)
    shutil.copytree(REPOSITORY / "report" / "kernels", tmp_path / "report" / "kernels", ignore=NOT_COPIED)
    with edited(Folders(tmp_path), "20_growth_rates") as found:
        quoted = quoting("book.rate_to_double", "book.trade_turnover_2025_q1_kz_statistics", "len(book.findings)")
        notebook = found.with_cells(doubling_needed=quoted, limits=quoting("totals.printed_growth"))
        assert found.evaluate(notebook) == ""
        assert found.reused(notebook) == found.run_whole(notebook)
        changed = found.with_cells(doubling_figure="+  # changed")
        content, positions = found.run(changed, begins=True)
        ids = [cell["id"] for cell in notebook.source["cells"]]
        assert positions[0] == ids.index("doubling-figure") + 1
        assert content == found.run_whole(changed)
