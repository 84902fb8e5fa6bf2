"""Standard output may be closed, full or unread: the work is done all the same, and what is lost is an error."""

import subprocess

import pytest

LOST = "the command ran to its end, but what it printed is lost"


def run(clone, shell, *arguments):
    """Run the program in a shell, whose text has the command as "$@"; return what came of it."""
    command = clone.command(*arguments)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell, "bash", *command["args"]],
        cwd=command["cwd"], env=command["env"], capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


SHELLS = {
    '"$@" | true': "Broken pipe",
    '"$@" >&-': "closed",
    '"$@" > /dev/full': "No space left on device",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_text_that_is_lost_is_an_error(clone, shell):
    ran = run(clone, shell, "check", "--data", "data")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [
        f"standard output: {SHELLS[shell]}; {LOST}; redirect it to a file, or read all of it"
    ]


BOTH = ['"$@" 2>&1 | true', *(pytest.param(f'"$@" {to}', marks=pytest.mark.torture) for to in (">&- 2>&-", "2>&-"))]


@pytest.mark.parametrize("shell", [*BOTH, '"$@" > /dev/full 2>&1'])
def test_errors_that_are_lost_too_leave_an_exit_code(clone, shell):
    (clone.root / "data" / "claims.csv").write_text("nothing\n")
    ran = run(clone, shell, "check", "--data", "data")
    assert ran.returncode == 2
    assert (ran.stdout, ran.stderr) == ("", "") or "Traceback" not in ran.stdout


def test_what_an_encoding_lacks_is_printed_all_the_same(clone):
    clone.write("10_one", "None")
    command = clone.command("--only", "Ω", environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    ran = subprocess.run(**command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 2
    assert "\\u03a9" in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.torture
@pytest.mark.parametrize("shell", ['"$@" | head -1', '"$@" | grep -q cells', *SHELLS, '"$@" 2>&1 | head -1'])
def test_a_build_whose_text_is_lost_publishes_all(clone, shell):
    clone.write("10_one", "None")
    ran = run(clone, shell)
    assert ran.returncode == 1
    assert LOST in ran.stderr or "2>&1" in shell
    notes = [line for line in ran.stderr.splitlines() if "building the font cache" not in line]  # where all is slow
    assert "Traceback" not in ran.stderr and len(notes) <= 1
    assert {"report/published/report.html", "report/published/report.pdf"} <= clone.published().keys()
    again = clone.report()
    assert again.returncode == 0 and again.stdout.startswith("nothing changed")
