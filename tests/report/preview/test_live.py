"""The report that a preview keeps up to date: what runs again after a save, what it reports, and what it leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from conftest import Clone, finding

from report.preview.live import LiveReport, Options
from report.runs.reuse import Runs

pytestmark = pytest.mark.slow
DECLARED = "pace:\n  type: integer\n  meaning: A number.\n"
RANDOM = "54195f92-46b9-4a11-9d0e-7c1a2b3c4d5e"


@dataclass
class Seen:
    """A live report, and what it has sent."""

    report: LiveReport
    events: list[dict] = field(default_factory=list)
    on_busy: Callable[[str], object] = lambda text: None

    def send(self, event: dict) -> None:
        self.events.append(event)
        if event["kind"] == "busy":
            self.on_busy(event["text"])

    def update(self, *notebooks: str) -> set[str]:
        """Bring the report up to date; return which notebooks have run for it."""
        self.events.clear()
        self.report.update(set(notebooks) or None)
        return {event["text"].partition(":")[0] for event in self.events if event["kind"] == "busy"}

    @property
    def problems(self) -> list[str]:
        return self.events[-1]["problems"]


@contextmanager
def live(clone: Clone) -> Iterator[Seen]:
    """Give the report of a clone, of which nothing has run."""
    seen = Seen(None)
    with LiveReport(clone.root, Options(), seen.send) as seen.report:
        yield seen


def test_a_preview_keeps_the_texts_that_a_build_has_converted(clone):
    converted = {"text": {"parts": [], "links": []}}
    with Runs(clone.folders).texts() as texts:
        texts.update(converted)
    with live(clone):
        pass
    with Runs(clone.folders).texts() as texts:
        assert dict(texts) == converted


def test_a_repaired_parameter_runs_only_what_takes_it(clone):
    clone.write("10_one", finding("a"), "print(pace)", parameters="pace = 1")
    clone.write("20_two", finding("b"), reads_findings=False)
    clone.write("30_three", finding("c"), parameters="pace = 1")
    clone.declare(DECLARED)
    with live(clone) as seen:
        assert seen.update() == {"10_one", "20_two", "30_three"}
        clone.write("10_one", finding("a"), "print(pace)", parameters="pace = 1\nyear = 2023")
        assert seen.update("10_one") == set()
        assert "year is not declared" in seen.problems[0]
        clone.declare(DECLARED + DECLARED.replace("pace", "year"))
        assert (seen.update(), seen.problems) == ({"10_one"}, [])


def test_a_save_during_the_first_run_ends_only_that_notebook(clone):
    clone.write("10_one", "import time\ntime.sleep(2)", "print('done')")
    clone.write("20_two", "import time\ntime.sleep(600)")
    clone.write("60_all", "print('read')", reads_findings=True)
    clone.declare("{}\n")
    with live(clone) as seen:
        ended = threading.Event()

        def save(text: str) -> None:
            if text.startswith("20_two") and not ended.is_set():
                ended.set()
                clone.write("20_two", "print('short')", parameters="year = 2023")
                threading.Timer(0.5, lambda: seen.report.interrupt({"20_two"})).start()

        seen.on_busy = save
        assert seen.update() == {"10_one", "20_two"}
        assert seen.problems == []
        assert seen.update("20_two") == set()
        assert "year is not declared" in seen.problems[0]
        clone.write("20_two", "print('short')")
        assert (seen.update("20_two"), seen.problems) == ({"20_two", "60_all"}, [])


def test_a_problem_names_a_cell_by_its_place(clone):
    path = clone.write("10_one", finding("a"), "1 / 0")
    source = json.loads(path.read_text(encoding="utf-8"))
    source["cells"][-1]["id"] = RANDOM
    path.write_text(json.dumps(source), encoding="utf-8")
    clone.declare("{}\n")
    with live(clone) as seen:
        seen.update()
        assert "stopped in cell 3 of 3 (“1 / 0” under “What is it?”), line 1" in seen.problems[0]
        source["cells"][0]["source"] = "# What is it?\n{eval}`nien`"
        source["cells"][0]["id"], source["cells"][-1] = RANDOM, source["cells"][-2]
        path.write_text(json.dumps({**source, "cells": source["cells"][:-1]}), encoding="utf-8")
        seen.update("10_one")
        assert "{eval}`nien` in cell 1 of 2 (“What is it?”): NameError" in seen.problems[0]
        assert RANDOM not in seen.problems[0]
