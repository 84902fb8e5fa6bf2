"""A kernel or the parent of all kernels that is killed, a cell without end, memory that runs out: named at once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import Clone, finding, markdown_cell, processes_with

from report.kernels.private import ENGINES
from report.kernels.warm import AVAILABLE

pytestmark = pytest.mark.slow
forked_only = pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")

KINDS = [pytest.param(kind, marks=pytest.mark.torture if kind != next(iter(ENGINES)) else ()) for kind in ENGINES]
# Seconds in which a kernel that was killed has to be reported, by the clock of a machine that has a core for it.
SOON = 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
ASLEEP = "import time\nopen(FOLDER + '/ready', 'w').close()\ntime.sleep(300)"
WITH_CHILD = "import subprocess\nsubprocess.Popen(['sleep', '301'])\n"


@dataclass
class Running:
    """A command in a clone, whose lines are read as they come; `mark` is in the environment of all its processes."""

    process: subprocess.Popen
    mark: str
    out: list[tuple[float, str]] = field(default_factory=list)

    def wait_for(self, pattern: str, seconds: float = 60) -> float:
        """Return when a line with this pattern came."""
        end = time.monotonic() + seconds
        assert self.process.stdout
        while time.monotonic() < end:
            line = self.process.stdout.readline()
            self.out.append((time.monotonic(), line))
            if re.search(pattern, line):
                return self.out[-1][0]
            if not line and self.process.poll() is not None:
                break
        raise AssertionError(f"no {pattern!r} in {self.text}")

    def end(self) -> int:
        """Return the exit code, when it has ended."""
        rest, _ = self.process.communicate(timeout=90)
        self.out += [(time.monotonic(), line) for line in rest.splitlines(keepends=True)]
        return self.process.returncode

    @property
    def text(self) -> str:
        """Return everything printed so far."""
        return "".join(line for _, line in self.out)

    def processes(self, *parts: str) -> list[int]:
        """Return the processes of this command whose command line has one of these parts, and that are no children."""
        return [
            number for number, command in processes_with(self.mark).items() if any(map(command.__contains__, parts))
        ]

    def is_alone(self) -> bool:
        """Return whether no process of this command is left, after a moment to end."""
        end = time.monotonic() + 5
        while processes_with(self.mark) and time.monotonic() < end:
            time.sleep(0.05)
        return not processes_with(self.mark)


@contextmanager
def running(clone: Clone, *arguments: str, limits: str = "", temporary: Path | None = None) -> Iterator[Running]:
    """Run the program in a clone; every process of it is ended afterwards."""
    folder = temporary or Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    mark = f"TMPDIR={folder}"
    command = [sys.executable, "-u", "-m", "report", *arguments]
    if limits:
        command = ["sh", "-c", f'{limits} && exec "$@"', "sh", *command]
    process = subprocess.Popen(
        command,
        cwd=clone.root,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Running(process, mark)
    finally:
        for number in [process.pid, *processes_with(mark)]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.communicate()


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def with_folder(source: str, folder: Path) -> str:
    return f"FOLDER = {str(folder)!r}\n{source}"


def kernel_of(cells: Path) -> int:
    """Return the process of the kernel that has written its number."""
    wait_until(lambda: (cells / "pid").exists() and (cells / "pid").read_text())
    return int((cells / "pid").read_text())


MY_PID = "import os\nopen(FOLDER + '/pid_', 'w').write(str(os.getpid()))\nos.replace(FOLDER + '/pid_', FOLDER + '/pid')"


@pytest.mark.parametrize("engine", KINDS)
def test_a_kernel_killed_in_a_cell_is_named_at_once(clone, tmp_path, engine):
    clone.write("10_one", "1", with_folder(f"{MY_PID}\n{WITH_CHILD}{ASLEEP}", tmp_path))
    clone.write("20_two", with_folder(ASLEEP.replace("ready", "also").replace("300", "4"), tmp_path))
    with running(clone, "--engine", engine) as build:
        pid = kernel_of(tmp_path)
        wait_until((tmp_path / "ready").exists)
        killed = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        assert build.wait_for(r"10_one +stopped in cell two: DeadKernelError") - killed < SOON
        assert build.end() == 1
        assert "notebooks/10_one.ipynb stopped in cell two (3 of 3)" in build.text
        assert "its kernel was killed or ended itself; often memory ran out" in build.text
        assert "Traceback" not in build.text
        assert build.is_alone(), processes_with(build.mark)
    assert clone.published() == {}


@pytest.mark.torture
@forked_only
def test_killing_the_parent_of_kernels_names_the_cell_at_once(clone, tmp_path):
    clone.write("10_one", "1", with_folder(f"{MY_PID}\n{ASLEEP}", tmp_path))
    with running(clone) as build:
        kernel_of(tmp_path)
        wait_until((tmp_path / "ready").exists)
        parent, killed = parent_of(kernel_of(tmp_path)), time.monotonic()
        os.kill(parent, signal.SIGKILL)
        assert build.wait_for(r"10_one +stopped in cell two: DeadKernelError") - killed < SOON
        assert build.end() == 1
        assert build.is_alone()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.torture
@forked_only
def test_killing_the_parent_of_kernels_while_it_imports_is_reported(clone):
    clone.write("10_one", "1")
    with running(clone) as build:
        wait_until(lambda: build.processes("warm.py"))
        os.kill(build.processes("warm.py")[0], signal.SIGKILL)
        assert build.end() == 1
        assert "10_one.ipynb stopped before its first cell" in build.text
        assert "the process that kernels are forked from has ended; build again" in build.text
        assert "Traceback" not in build.text
        assert build.is_alone()


@pytest.mark.torture
@forked_only
@pytest.mark.parametrize("milliseconds", range(0, 2000, 100))
def test_a_kernel_killed_at_any_moment_is_named(clone, tmp_path, milliseconds):
    clone.write("10_one", with_folder(MY_PID, tmp_path), *["import time\ntime.sleep(0.2)"] * 3, finding("x"))
    with running(clone) as build:
        if milliseconds < 500:  # before it has run a cell: it has no number yet
            wait_until(lambda: len(build.processes("warm.py")) > 1)
            time.sleep(milliseconds / 1000)
            pids = build.processes("warm.py")
            pid = max(pids, key=lambda number: Path(f"/proc/{number}").stat().st_ctime_ns)
        else:
            pid = kernel_of(tmp_path)
            time.sleep((milliseconds - 500) / 1000)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        code = build.end()
        assert code in (0, 1)  # 0: it was killed when the notebook was done
        assert code == 0 or "10_one.ipynb stopped" in build.text, build.text
        assert "Traceback" not in build.text
        assert build.is_alone()


DECLARED = "pace: {type: number, low: 0, high: 100, meaning: how fast}"


def declare(clone: Clone, paces: range) -> None:
    clone.declare(DECLARED)
    readings = f"choices:\n  pace: {{values: [{', '.join(map(str, paces))}], why: Nobody says how fast.}}"
    (clone.folders.notebooks / "readings.yaml").write_text(readings, encoding="utf-8")


def test_a_killed_run_of_a_sweep_is_named_at_once_and_stops_it(clone, tmp_path):
    declare(clone, range(2, 40))
    waiting = f"if pace == 3:\n{textwrap.indent(ASLEEP, '    ')}"
    clone.write("20_two", with_folder(f"{MY_PID}\n{waiting}", tmp_path), parameters="pace = 1.0", sweep=True)
    with running(clone, "sweep", "--workers", "1") as sweep:
        wait_until((tmp_path / "ready").exists)
        killed = time.monotonic()
        os.kill(kernel_of(tmp_path), signal.SIGKILL)
        assert sweep.wait_for(r"sweep: 20_two stopped in cell one: DeadKernelError.*pace=3") - killed < SOON
        assert sweep.end() == 1
        assert time.monotonic() - killed < SOON + 3
        assert "20_two.ipynb stopped in cell one (3 of 3)" in sweep.text
        assert "reading: pace=3" in sweep.text
        assert sweep.is_alone()
    kept = [*(clone.folders.build / "cache" / "sweep").glob("*.json")]
    assert len(kept) == 2, "the runs before it are kept"


@pytest.mark.parametrize("engine", KINDS)
def test_a_cell_without_end_is_stopped_and_named(clone, engine):
    clone.write("10_one", "1", "while True: pass")
    with running(clone, "--engine", engine, "--cell-timeout", "2") as build:
        assert build.end() == 1
        assert "notebooks/10_one.ipynb stopped in cell two (3 of 3)" in build.text
        remedy = "within 2 seconds; make it end sooner, or give cells more time, such as --cell-timeout 4"
        assert f"TimeLimit: the cell did not end {remedy}" in build.text
        assert "Traceback" not in build.text
        assert build.is_alone()


def write_expression(clone: Clone, code: str, expression: str) -> None:
    """Write a notebook with a cell of code, and a sentence with an expression."""
    path = clone.write("10_one", code)
    source = json.loads(path.read_text(encoding="utf-8"))
    source["cells"].append(markdown_cell(f"It is {{eval}}`{expression}`.", "said"))
    path.write_text(json.dumps(source), encoding="utf-8")


@pytest.mark.torture
def test_an_expression_without_end_is_stopped_and_named(clone):
    write_expression(clone, "def count():\n    while True: pass", "count()")
    with running(clone, "--cell-timeout", "2") as build:
        assert build.end() == 1
        assert "notebooks/10_one.ipynb stopped in cell said (3 of 3)" in build.text
        assert "TimeLimit: the cell did not end within 2 seconds" in build.text
        assert build.is_alone()


@pytest.mark.torture
def test_a_kernel_killed_in_an_expression_is_named(clone):
    write_expression(clone, "import os", "os._exit(1)")
    with running(clone) as build:
        assert build.end() == 1
        assert "notebooks/10_one.ipynb stopped in cell said (3 of 3)\n  DeadKernelError: Kernel died" in build.text
        assert build.is_alone()


def test_a_cell_that_takes_long_is_named_where_output_is_no_terminal(clone, monkeypatch, capsys, shared_kernels):
    from report import progress
    from report.command import build

    monkeypatch.setattr(progress, "LONG", 0.2)
    clone.write("10_one", "import time\ntime.sleep(1.2)")
    build.build(build.Request(only=["10"]), clone.folders)
    lines = [line for line in capsys.readouterr().out.splitlines() if "is in" in line]
    assert [re.sub(r" for \d+ s", "", line).split() for line in lines] == [["10_one", "is", "in", "cell", "one"]] * 3


@pytest.mark.torture
def test_memory_that_runs_out_in_a_cell_is_named_with_it(clone):
    clone.write("10_one", "1", "kept = []\nwhile True: kept.append(bytearray(10_000_000))")
    with running(clone, limits="ulimit -d 1000000") as build:
        assert build.end() == 1
        assert re.search(
            r"10_one.ipynb stopped in cell two \(3 of 3\)(, line 2)?\n  (MemoryError|DeadKernel)", build.text
        )
        assert "Traceback" not in build.text
        assert build.is_alone()
