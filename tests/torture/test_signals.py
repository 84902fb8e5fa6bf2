"""Signals end a command cleanly at any moment, those that are ignored do not, and what a killed one leaves is swept."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from report import interrupts, scratch
from report.command import ending
from report.stops import WrongInput

INTERRUPTED = "\ninterrupted; what is published has not changed\n"
COMPLETE = "\ninterrupted; the new files were just being put in place and are complete\n"
SLEEPING = "import time\nprint('asleep', flush=True)\ntime.sleep(300)"
MOMENTS = {
    "import report.command.cli": INTERRUPTED,
    "import yaml": INTERRUPTED,
    "import nbformat": INTERRUPTED,
    "at exit of jupyter_client.channels": INTERRUPTED,
    "import nbconvert.exporters.exporter": INTERRUPTED,
    "report.command.plan:plan_build": INTERRUPTED,
    "report.runs.execute:_run_task": INTERRUPTED,
    "report.pages.markdown:convert": INTERRUPTED,
    "report.pages.typst:compile_pdf": INTERRUPTED,
    "report.publish:_stage": INTERRUPTED,
    "report.publish:_place": COMPLETE,
}


@pytest.fixture
def temporary():
    """Return a temporary folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def with_mark(mark):
    """Return the commands of the processes whose environment has a mark."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark.encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def wait_until(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "what the test waits for did not happen"
        time.sleep(0.05)


@pytest.mark.torture
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_signal_at_any_moment_ends_a_build_cleanly(clone, temporary, moment, number):
    clone.write("10_one", "None")
    mark = f"TORTURED={os.getpid()}-{time.monotonic_ns()}"
    noted = temporary.with_suffix(".moment")
    environment = {**dict([mark.split("=")]), "TMPDIR": str(temporary), "AT_MOMENT": str(noted)}
    command = clone.command(environment=environment)
    command["args"] = [sys.executable, str(Path(__file__).with_name("at_moment.py")), number, moment]
    ran = subprocess.run(**command, capture_output=True, text=True, timeout=200, check=False)
    try:
        assert noted.read_text() == moment, "the fault was not planted"
    finally:
        noted.unlink(missing_ok=True)
    slow = "Matplotlib is building the font cache; this may take a moment.\n"  # where others work too
    said = ran.stderr.replace(slow, "")
    assert (ran.returncode, said) == (130, MOMENTS[moment])
    assert with_mark(mark) == []
    assert os.listdir(temporary) == []
    assert bool(clone.published()) is (MOMENTS[moment] == COMPLETE)
    assert not (clone.folders.build / "staged").exists() and not (clone.folders.build / "publishing.json").exists()


@pytest.mark.torture
def test_a_build_under_nohup_goes_on_after_the_terminal_has_gone(clone, temporary):
    clone.write("10_one", "import time; time.sleep(6)")
    command = clone.command(environment={"TMPDIR": str(temporary)})
    command["args"] = ["nohup", *command["args"]]
    process = subprocess.Popen(**command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for _ in range(8):
        time.sleep(0.5)
        process.send_signal(signal.SIGHUP)
    assert process.poll() is None, "the build was over before the fault"
    said, _ = process.communicate(timeout=200)
    assert process.returncode == 0 and "published: report/published/report.html" in said
    assert os.listdir(temporary) == []


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT])
def test_the_next_build_sweeps_what_a_killed_one_left(clone, temporary, number):
    clone.write("10_one", "import tempfile\ntempfile.mkdtemp(prefix='of-a-cell')", SLEEPING)
    command = clone.command(environment={"TMPDIR": str(temporary)})
    process = subprocess.Popen(**command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: [*temporary.rglob("of-a-cell*")])
    process.send_signal(number)
    process.wait(60)
    left = os.listdir(temporary)
    assert len(left) == 1 and left[0].startswith(scratch.PREFIX), "nothing was left, or it is not in one place"
    clone.write("10_one", "None")
    ran = clone.report(environment={"TMPDIR": str(temporary)})
    assert ran.returncode == 0, ran.stderr
    assert os.listdir(temporary) == []


# -- what these rest on, in this process ------------------------------------------------------------------------------


def test_only_folders_of_ended_processes_are_swept(tmp_path):
    living = scratch.new_folder(str(tmp_path))
    folder = living.__enter__()
    dead, foreign, unlocked = tmp_path / "ledger-deadbeef", tmp_path / "ledger-mine", tmp_path / "ledger-abcdefgh"
    for each in (dead, foreign, unlocked):
        (each / "deep" / "er").mkdir(parents=True)
    (dead / scratch.OWNER).touch()
    (tmp_path / "ledger-linklink").symlink_to(dead / "deep")
    with scratch.new_folder(str(tmp_path)) as another:
        assert {each.name for each in tmp_path.iterdir()} == {
            folder.name, another.name, "ledger-mine", "ledger-abcdefgh", "ledger-linklink",
        }  # fmt: skip
        assert (foreign / "deep" / "er").exists()
    living.__exit__(None, None, None)
    assert not folder.exists() and not another.exists()


def test_a_folder_of_another_living_process_is_kept(tmp_path):
    code = (
        "import sys, time; from report.scratch import new_folder\n"
        "with new_folder(sys.argv[1]) as folder: print(folder, flush=True); time.sleep(300)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(ending.__file__).parents[2]) as other:
        folder = Path(other.stdout.readline().strip())
        scratch.delete_abandoned(str(tmp_path))
        assert folder.is_dir()
        other.kill()
        other.wait()
    scratch.delete_abandoned(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_file_system_without_locks_does_no_harm(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with scratch.new_folder(str(tmp_path)) as first, scratch.new_folder(str(tmp_path)) as second:
        assert first.is_dir() and second.is_dir()
    assert os.listdir(tmp_path) == []


def test_temporary_files_of_a_command_are_in_one_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with scratch.keep_in_own_folder():
        own = Path(tempfile.gettempdir())
        assert own.parent == tmp_path and os.environ["TMPDIR"] == str(own)
        with tempfile.TemporaryDirectory() as one, scratch.new_folder() as two:
            assert Path(one).parent == two.parent == own
        assert scratch.system_folder() == str(tmp_path)
    assert (tempfile.gettempdir(), os.environ["TMPDIR"], os.listdir(tmp_path)) == (str(tmp_path), str(tmp_path), [])


def test_no_place_for_temporary_files_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    refused = pytest.raises(WrongInput, match="No such file or directory.; set TMPDIR to one that can be written to")
    with refused, scratch.keep_in_own_folder():
        pass


def test_a_signal_whose_exception_was_swallowed_still_ends_it(monkeypatch, capsys):
    monkeypatch.setattr(interrupts, "_received", [])
    before = {number: signal.getsignal(number) for number in interrupts._NUMBERS}

    def run():
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)  # a second one, while the first is being handled
        interrupts.refuse_to_continue()

    try:
        interrupts.raise_at_signals()
        assert ending.run_to_end(run) == 130
        assert capsys.readouterr().err == INTERRUPTED
        assert ending.run_to_end(lambda: undefined) == 130  # noqa: F821 what a half import makes of it
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    monkeypatch.setattr(interrupts, "_received", [])
    with pytest.raises(NameError):
        ending.run_to_end(lambda: undefined)  # noqa: F821


def test_an_ignored_signal_stays_ignored(monkeypatch):
    before = {number: signal.getsignal(number) for number in interrupts._NUMBERS}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        interrupts.raise_at_signals()
        with interrupts.postpone_signals("complete"):
            os.kill(os.getpid(), signal.SIGHUP)
        interrupts.default_signals()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
