"""A user's settings do not reach kernels, a failure is located, and no kernel outlives its build."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from conftest import finding, path_with, processes_with

from report.kernels.private import ENGINES
from report.progress import Lines, Progress
from report.runs import canonical, execute, failures, selection
from report.stops import NotebookFailed

pytestmark = pytest.mark.slow

WAIT_FOR_THE_OTHER = """
import pathlib, time
folder = pathlib.Path({folder!r})
(folder / "{me}").touch()
until = time.monotonic() + 30
while not (folder / "{other}").exists() and time.monotonic() < until:
    time.sleep(0.02)
assert (folder / "{other}").exists(), "the other notebook never ran"
"""


@pytest.fixture(params=ENGINES, autouse=True)
def engine(request, monkeypatch):
    """Run every test of this module with each engine of this machine; forked kernels share a parent.

    A test of what surrounds that parent starts its own: it takes `own_parent`.
    """
    monkeypatch.setattr(execute, "ENGINES", {request.param: ENGINES[request.param]})
    if "own_parent" not in request.fixturenames:
        request.getfixturevalue("shared_kernels")
    return request.param


@pytest.fixture
def own_parent():
    """Fork the kernels of this test from a parent that it starts itself."""


def run(clone, values=(), workers=2, progress=None, notebooks=None, **options):
    notebooks = notebooks or selection.read_all(clone.folders.notebooks)
    with execute.KernelSource(None, clone.folders) as kernels:
        return execute.execute(
            notebooks, dict(values), clone.folders, progress or Progress(), kernels, workers, **options
        )


def printed(executed, notebook="10_one", cell="one"):
    """Return what a cell printed."""
    cells = {each["id"]: each for each in executed[notebook]["cells"]}
    return "".join(output["text"] for output in cells[cell]["outputs"] if output["output_type"] == "stream")


def meeting(folder, me, other):
    return WAIT_FOR_THE_OTHER.format(folder=str(folder), me=me, other=other)


def test_a_notebook_runs_in_its_folder_with_this_python_and_claims(own_parent, clone):
    clone.write("10_one", "import os, sys, claims\nprint(os.getcwd(), sys.executable, claims.__file__, sep='\\n')")
    folder = clone.folders.notebooks
    assert printed(run(clone)).splitlines() == [str(folder), sys.executable, str(folder / "claims" / "__init__.py")]


def test_parameters_reach_the_notebook_after_its_defaults(clone):
    clone.write("10_one", "print(pace)", parameters="pace = 1.0")
    assert printed(run(clone, {"pace": 2.5})) == "2.5\n"
    assert printed(run(clone)) == "1.0\n"


def test_two_notebooks_run_at_a_time(clone, tmp_path):
    clone.write("10_one", meeting(tmp_path, "first", "second"))
    clone.write("20_two", meeting(tmp_path, "second", "first"))
    assert list(run(clone, workers=2)) == ["10_one", "20_two"]


def test_the_notebook_with_most_cells_starts_first(clone):
    started = []

    class Recorded(Progress):
        def started(self, name, steps, unit="cell"):
            started.append(name)

    clone.write("10_one", "1")
    clone.write("20_two", "1", "2", "3")
    assert list(run(clone, workers=1, progress=Recorded())) == ["10_one", "20_two"]
    assert started == ["20_two", "10_one"]


def test_a_notebook_that_reads_findings_runs_after_the_others(clone, tmp_path):
    clone.write("00_overview", "import os\nprint(os.environ['REPORT_FINDINGS'])", reads_findings=True)
    clone.write("10_one", finding("x"))
    seen = {}

    def export_findings(executed):
        seen.update(executed)
        return Path("here")

    executed = run(clone, export_findings=export_findings)
    assert list(seen) == ["10_one"]
    assert list(executed) == ["00_overview", "10_one"]
    assert printed(executed, "00_overview") == "here\n"


def test_a_users_findings_and_data_folders_are_not_used(own_parent, clone, monkeypatch):
    monkeypatch.setenv("REPORT_FINDINGS", "/elsewhere")
    monkeypatch.setenv("REPORT_DATA", "/elsewhere")
    clone.write("10_one", "import os\nprint(os.environ.get('REPORT_FINDINGS'), os.environ['REPORT_DATA'])")
    assert printed(run(clone)) == f"None {clone.folders.own_data}\n"


HOSTILE_CELL = """
import sys, time
import matplotlib
print("startup" if "hostile" in globals() else "clean", matplotlib.rcParams["axes.edgecolor"])
"""


@pytest.fixture
def hostile(tmp_path):
    """Return the environment of a lived-in home: start-up file, matplotlibrc, foreign kernel, package named claims."""
    home = tmp_path / "home"
    startup = home / ".ipython" / "profile_default" / "startup" / "00-mine.py"
    kernel = home / "jupyter" / "kernels" / "python3" / "kernel.json"
    rc = home / ".config" / "matplotlib" / "matplotlibrc"
    package = home / "lib" / "claims" / "__init__.py"
    for path, text in {
        startup: "hostile = True",
        kernel: json.dumps({"argv": ["/bin/false"], "display_name": "mine", "language": "python"}),
        rc: "axes.edgecolor: red",
        package: "raise ImportError('not ours')",
    }.items():
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return {
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(rc.parent),
        "JUPYTER_DATA_DIR": str(home / "jupyter"),
        "JUPYTER_PATH": str(home / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "PYTHONPATH": str(package.parents[1]),
        "PYTHONSAFEPATH": "1",
        "PYTHONSTARTUP": str(startup),
        "MPLBACKEND": "pdf",
    }


def test_the_hostile_home_of_the_next_test_reaches_a_stock_kernel(clone, hostile, tmp_path):
    notebook = clone.write("10_one", HOSTILE_CELL)
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "--log-output",
        str(notebook),
        str(tmp_path / "out.ipynb"),
    ]
    rest = {"env": {**os.environ, **hostile}, "capture_output": True, "text": True, "check": False}
    assert subprocess.run(command, **rest).returncode != 0, "the foreign kernel was not taken"
    Path(hostile["JUPYTER_DATA_DIR"], "kernels", "python3", "kernel.json").unlink()
    stock = subprocess.run(command, **rest)
    assert "startup red" in stock.stdout + stock.stderr


def test_nothing_of_a_hostile_home_reaches_our_kernels(own_parent, clone, hostile, monkeypatch):
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    clone.write("10_one", HOSTILE_CELL + "import claims\nprint(matplotlib.get_backend())")
    assert printed(run(clone)) == "clean black\nmodule://matplotlib_inline.backend_inline\n"


def test_time_zone_locale_hash_seed_and_width_do_not_reach_kernels(own_parent, clone, monkeypatch):
    here = {"TZ": "Asia/Almaty", "LC_ALL": "C", "PYTHONHASHSEED": "1", "COLUMNS": "40"}
    there = {"TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2", "COLUMNS": "200"}
    shown = "set('abcdefg'), time.tzname, locale.getencoding(), shutil.get_terminal_size().columns, '₸'"
    clone.write("10_one", f"import locale, shutil, time\nprint({shown})")
    seen = []
    for machine in (here, there):
        for name, value in machine.items():
            monkeypatch.setenv(name, value)
        seen.append(printed(run(clone)))
    assert seen[0] == seen[1]
    assert "('UTC', 'UTC')" in seen[0]


def test_nothing_is_printed_but_progress(own_parent, clone, capfd):
    clone.write("10_one", "print('to the notebook')")
    run(clone, progress=Lines())
    said = capfd.readouterr()
    assert said.err == ""
    assert said.out.split()[:3] == ["10_one", "2", "cells"] and len(said.out.splitlines()) == 1


def test_a_failure_names_cell_line_error_parameters_and_half_run_copy(clone):
    clone.write("20_growth", "print('before')", "first = 1\nfirst / pace", "print('after')", parameters="pace = 1")
    with pytest.raises(NotebookFailed) as stop:
        run(clone, {"pace": 0})
    kept = clone.folders.build / "failed" / "20_growth.ipynb"
    assert str(stop.value).splitlines() == [
        "notebooks/20_growth.ipynb stopped in cell two (4 of 5), line 2",
        "  ZeroDivisionError: division by zero",
        "  parameters: pace=0",
        "  half-run notebook: report/build/failed/20_growth.ipynb",
    ]
    cells = {cell["id"]: cell for cell in json.loads(kept.read_text())["cells"]}
    assert cells["one"]["outputs"][0]["text"] == ["before\n"]
    assert cells["two"]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert cells["three"]["outputs"] == []


@pytest.mark.parametrize(
    ("source", "line", "error"),
    [
        ("x = 1\ny = = 2", ", line 2", "SyntaxError: invalid syntax"),
        ("import os\nos._exit(3)", "", "DeadKernelError: Kernel died"),
        ("raise KeyError('{trad}; did you mean {trade}?')", ", line 1", "did you mean {trade}?"),
        ("assert 1 == 2", ", line 1", "AssertionError"),
    ],
)
def test_every_kind_of_failure_names_its_cell(clone, source, line, error):
    clone.write("10_one", "fine = 1", source)
    with pytest.raises(NotebookFailed) as stop:
        run(clone)
    first, second, *_ = str(stop.value).splitlines()
    assert first == f"notebooks/10_one.ipynb stopped in cell two (3 of 3){line}"
    assert error in second


LONG = "raise LookupError('\\x1b[31mfirst\\x1b[0m\\n  {pase}; did you mean {pace}?\\nlast\\n')"


def test_a_failure_prints_the_full_message_of_the_exception(clone):
    clone.write("10_one", LONG)
    with pytest.raises(NotebookFailed) as stop:
        run(clone)
    assert str(stop.value).splitlines()[1:4] == [
        "  LookupError: first",
        "      {pase}; did you mean {pace}?",
        "    last",
    ]


def test_an_unknown_name_in_a_sentence_is_printed_with_its_remedy(clone):
    clone.write("10_one", "from claims.words import sentences\nsentences.phrase('It is {grwoth}.', growth='5%')")
    with pytest.raises(NotebookFailed, match=r"(?s)UnknownName: .*\{grwoth\} is not given; did you mean \{growth\}\?"):
        run(clone)


def test_a_very_long_message_is_cut_after_its_first_lines():
    lines = failures.format_error("E", "\n".join(map(str, range(50)))).splitlines()
    assert (lines[0], len(lines)) == ("E: 0", 31)
    assert lines[-1] == "    … 20 more lines are in the half-run notebook"


def test_only_notebooks_that_run_lose_their_half_run_copy(clone):
    failed = clone.folders.build / "failed"
    clone.write("20_two", "1 / 0")
    with pytest.raises(NotebookFailed):
        run(clone)
    clone.write("10_one", "1")
    others = [each for each in selection.read_all(clone.folders.notebooks) if each.name == "10_one"]
    run(clone, notebooks=others)
    assert [path.name for path in failed.iterdir()] == ["20_two.ipynb"]
    clone.write("20_two", "1")
    run(clone)
    assert list(failed.iterdir()) == []


def test_a_failure_inside_our_modules_names_the_module_too(clone):
    clone.write("10_one", "import json\n\nfrom claims import broken\nbroken.fall()")
    (clone.folders.notebooks / "claims" / "broken.py").write_text(
        "\n\ndef fall():\n    raise ValueError('as planned')\n"
    )
    with pytest.raises(NotebookFailed) as stop:
        run(clone)
    assert "line 4\n  ValueError: as planned\n  raised in notebooks/claims/broken.py, line 4\n" in str(stop.value)


def test_all_failures_are_reported_and_nothing_else_is_started(clone, tmp_path):
    clone.write("10_one", meeting(tmp_path, "first", "second"), "1 / 0")
    clone.write("20_two", meeting(tmp_path, "second", "first"), "1 / 0")
    clone.write("30_three", f"open({str(tmp_path / 'third')!r}, 'w').close()")
    with pytest.raises(NotebookFailed) as stop:
        run(clone, workers=2)
    assert [line.split()[0] for line in str(stop.value).splitlines() if "stopped" in line] == [
        "notebooks/10_one.ipynb",
        "notebooks/20_two.ipynb",
    ]
    assert not (tmp_path / "third").exists()


def test_sockets_are_private_and_are_always_removed(own_parent, clone, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        folder = f"import os\nfolder = os.path.dirname(os.environ['HOME'])\nassert folder.startswith({temporary!r})\n"
        clone.write("10_one", folder + "print(oct(os.stat(folder).st_mode)[-3:], sorted(os.listdir(folder)))", "1 / 0")
        with pytest.raises(NotebookFailed):
            run(clone)
        kept = json.loads((clone.folders.build / "failed" / "10_one.ipynb").read_text())
        assert "700 ['.owner', 'home', 'k-1', 'k-2'" in kept["cells"][1]["outputs"][0]["text"][0]
        assert os.listdir(temporary) == []


def test_a_temporary_folder_too_deep_for_sockets_is_avoided(own_parent, clone, tmp_path, monkeypatch):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    clone.write("10_one", "print('ran')")
    assert printed(run(clone)) == "ran\n"


def test_a_clone_with_braces_and_any_letters_in_its_path_runs(own_parent, clone):
    renamed = clone.root.parent / "{name} клон"
    clone.root.rename(renamed)
    clone.root = renamed
    clone.write("10_one", "print('ran')")
    assert printed(run(clone)) == "ran\n"


def test_no_kernel_is_left_when_a_build_is_done(own_parent, clone, monkeypatch):
    marker = f"ledger-test-{time.monotonic_ns()}"
    monkeypatch.setenv("PATH", path_with(marker)["PATH"])
    clone.write("10_one", "import os, subprocess\nprint(os.getpid())\nchild = subprocess.Popen(['sleep', '300'])")
    clone.write("20_two", f"import os\nassert {marker!r} in os.environ['PATH']")
    executed = run(clone)
    assert int(printed(executed)) not in processes_with(marker)
    assert processes_with(marker) == {}


def test_one_worker_and_two_workers_give_the_same_bytes(own_parent, clone):
    clone.write("10_one", "print({'b', 'a'})\nimport sys\nprint('w', file=sys.stderr)\nprint('after')")
    clone.write("20_two", "40 + 1")
    one, two = (run(clone, workers=workers) for workers in (1, 2))
    assert {name: canonical.as_bytes(node) for name, node in one.items()} == {
        name: canonical.as_bytes(node) for name, node in two.items()
    }
