"""The runs of a sweep share their imports, and count them as read."""

import pytest
from conftest import finding

from report.command import sweep as command
from report.kernels.warm import AVAILABLE
from report.runs import beginnings, selection
from report.stops import NotebookFailed

READINGS = """
choices:
  pace: {values: [2, 3, 4], why: Nobody says how fast.}
"""
needs_forks = pytest.mark.skipif(not AVAILABLE, reason="kernels cannot be forked here")


@pytest.fixture
def swept(clone, shared_kernels, tmp_path):
    """Return a clone whose only notebook imports a module that notes each import in a file, and that file."""
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: how fast}")
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    imported = tmp_path / "imported"
    write_module(clone, f"open({str(imported)!r}, 'a').write('x')\nFACTOR = 2")
    importing = "import counted\nif pace > 9:\n    import never"
    clone.write("20_two", importing, finding("twice", "pace * counted.FACTOR"), parameters="pace = 1.0", sweep=True)
    return clone, imported


def write_module(clone, source):
    (clone.folders.notebooks / "counted.py").write_text(source, encoding="utf-8")


def values(clone):
    """Run the sweep and return the values of its only finding."""
    command.run_sweep(command.SweepRequest(quiet=True), clone.folders)
    lines = (clone.folders.build / "sweep" / "sweep.csv").read_text("utf-8").splitlines()
    place = lines[0].split(",").index("value")
    return [line.split(",")[place] for line in lines[1:]]


@needs_forks
@pytest.mark.slow
def test_a_sweep_imports_once_and_computes_the_same(swept):
    clone, imported = swept
    assert values(clone) == ["2", "4", "6", "8"]
    assert imported.read_text("utf-8") == "x"


@pytest.mark.slow
def test_a_module_imported_for_all_runs_counts_as_read_by_each(swept):
    clone, imported = swept
    values(clone)
    write_module(clone, "FACTOR = 5")
    assert values(clone) == ["5", "10", "15", "20"]


@pytest.mark.slow
def test_an_import_that_fails_is_reported_with_its_cell(swept):
    clone, _ = swept
    write_module(clone, "import nowhere_to_be_found")
    with pytest.raises(NotebookFailed, match=r"20_two\.ipynb stopped in cell one") as failure:
        values(clone)
    assert "nowhere_to_be_found" in str(failure.value)


def test_only_unconditional_imports_are_done_first(swept):
    clone, _ = swept
    clone.write("30_three", "from a import b as c\nx = 1", "this is no Python", parameters="pace = 1.0")
    found = [beginnings.imports_of(notebook) for notebook in selection.read_all(clone.folders.notebooks)]
    assert [lines[0] for lines in found] == ["import counted", "from a import b as c"]


@needs_forks
@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    [
        "from IPython.display import clear_output\nFINDING\nclear_output()\nFINDING",
        "import asyncio\nawait asyncio.sleep(0)\nFINDING",
        "import threading\nthreading.Thread(target=print).start()\nFINDING",
        "get_ipython().kernel.do_is_complete('1')\nFINDING",
        "%time FINDING",
    ],
    ids=["a display taken back", "await", "a thread", "its kernel", "a magic"],
)
def test_a_run_in_a_copy_has_the_results_of_a_kernel(clone, shared_kernels, cell):
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: how fast}")
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    clone.write("20_two", cell.replace("FINDING", finding("twice", "pace * 2")), parameters="pace = 1.0", sweep=True)
    assert values(clone) == ["2", "4", "6", "8"]


@needs_forks
@pytest.mark.slow
def test_runs_are_in_copies_unless_one_fails(clone, shared_kernels, tmp_path):
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: how fast}")
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    counted = tmp_path / "runs"
    run = (
        f"open({str(counted)!r}, 'a').write('k' if hasattr(get_ipython(), 'kernel') and get_ipython().kernel else 'c')"
    )
    clone.write("20_two", f"{run}\n1 / (pace - 3)", finding("a", "pace"), parameters="pace = 1.0", sweep=True)
    with pytest.raises(NotebookFailed, match="ZeroDivisionError"):
        values(clone)
    assert sorted(counted.read_text("utf-8")) == ["c"] * 4 + ["k"], "only the run that failed was run in a kernel"
