"""`sweep --list`: one command for each run, as a batch system starts them, in any order and anywhere."""

import subprocess

import pytest
from conftest import finding

READINGS = "choices:\n  pace: {values: [2, 3], why: Nobody says how fast.}\n"


@pytest.fixture
def swept(clone):
    clone.declare("pace: {type: number, low: 0, high: 20, meaning: how fast}")
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    clone.write("20_two", finding("twice", "pace * 2"), parameters="pace = 1.0", sweep=True)
    return clone


@pytest.mark.slow
def test_the_commands_listed_do_all_runs_of_the_sweep(swept, tmp_path):
    listed = swept.report("sweep", "--list")
    commands = listed.stdout.splitlines()
    assert (listed.returncode, listed.stderr, len(commands)) == (0, "", 3)
    environment = swept.command()["env"]
    batch = [subprocess.Popen(command, shell=True, cwd=tmp_path, env=environment) for command in reversed(commands)]
    assert [process.wait() for process in batch] == [0, 0, 0]
    assert not (swept.folders.build / "sweep").exists()
    assert "3 runs (3 reused)" in swept.report("sweep").stdout


@pytest.mark.slow
def test_an_unknown_run_is_answered_with_a_suggestion(swept):
    done = swept.report("sweep", "--run", "20_two:pace=4")
    assert done.returncode == 2
    assert "--run 20_two:pace=4: there is no such run; did you mean '20_two:pace=" in done.stderr
    assert "--list" in done.stderr
