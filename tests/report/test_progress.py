"""A terminal shows the same lines as a log, and live lines only while notebooks run."""

import io

import pytest

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
