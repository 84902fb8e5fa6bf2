"""A terminal shows the same lines as a log, and live lines only while notebooks run."""

import io
import json

import pytest

from report import estimate
from report.estimate import Estimate, Stage
from report.progress import Lines, Live


@pytest.mark.parametrize("kind", [Lines, Live])
def test_every_notebook_has_one_line_when_it_is_done(kind):
    out = io.StringIO()
    progress = kind(out)
    with progress.show():
        progress.started("10_one", 2)
        progress.started("20_two", 1, "run")
        progress.step("10_one", 1, 2)
        progress.finished("10_one", 1.25)
        progress.failed("20_two")
        progress.reused("30_three", 1)
        progress.note("[report.html]")
    lines = [line.split() for line in out.getvalue().splitlines() if line.strip()]
    assert lines == [
        ["10_one", "2", "cells", "1.2", "s"],
        ["20_two", "stopped"],
        ["30_three", "1", "cell", "reused"],
        ["[report.html]"],
    ]


def test_a_live_line_shows_how_far_a_notebook_is():
    progress = Live(io.StringIO())
    progress.started("10_one", 21)
    progress.step("10_one", 3, 21)
    with progress._screen.console.capture() as captured:
        progress._screen.console.print(progress._screen.get_renderable())
    assert captured.get().split()[:3] == ["10_one", "cell", "3/21"]


def drawn(progress: Live) -> list[list[str]]:
    """Return the live lines, by word."""
    with progress._screen.console.capture() as captured:
        progress._screen.console.print(progress._screen.get_renderable())
    return [line.split() for line in captured.get().splitlines()]


def test_a_live_line_counts_all_parts_and_shows_the_time_left(tmp_path):
    times = tmp_path / "cache" / "times.json"
    estimate.save_times(times, {"10_one": 30, "20_two": 40.0, "report.html": 2, "report.pdf": 65.0})
    progress = Live(io.StringIO(), times)
    progress.plan([Stage(("10_one", "20_two")), Stage(("report.html", "report.pdf"), 2)])
    assert [line[:3] + line[4:] for line in drawn(progress)] == [["all", "part", "0/4", "about", "2:15", "left"]]
    progress.reused("10_one", 3)
    assert drawn(progress)[0][1:3] + drawn(progress)[0][4:] == ["part", "1/4", "about", "1:45", "left"]
    progress.started("report.pdf", 1, "page")
    assert [line[:3] for line in drawn(progress)] == [["all", "part", "1/4"], ["report.pdf", "page", "0/1"]]


def test_without_earlier_times_the_first_part_tells(tmp_path):
    times = tmp_path / "times.json"
    times.write_text("damaged")
    progress = Live(io.StringIO(), times)
    with progress.show():
        progress.plan([Stage(("10_one", "20_two", "30_three"))])
        assert "left" not in drawn(progress)[0]
        progress.started("10_one", 2)
        progress.finished("10_one", 5.0)
        assert drawn(progress)[0][-3:] == ["about", "0:10", "left"]
    assert json.loads(times.read_text()) == {"10_one": 5.0}


def test_parts_that_run_together_take_as_long_as_the_longest_or_their_share():
    now = [0.0]
    estimate = Estimate({"a": 6.0, "b": 2.0, "c": 2.0, "pdf": 5.0}, clock=lambda: now[0])
    estimate.plan([Stage(("a", "b", "c"), 2), Stage(("pdf",))])
    assert estimate.left() == 6 + 5
    estimate.start("a")
    now[0] = 4.0
    assert estimate.left() == 3 + 5  # (2 + 2 + 2) / 2
    estimate.finish("a", 9.0)
    assert (estimate.left(), estimate.seconds["a"]) == (2 + 5, 9.0)
    now[0] = 99.0
    for part in ("b", "c", "pdf"):
        estimate.finish(part)
    assert estimate.left() == 0
