"""Kernels forked from a warm parent are as good as new ones, and inherit nothing but imported packages."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from report.kernels.private import ENGINES, private_folder
from report.kernels.replays import start_replay
from report.kernels.warm import AVAILABLE, IMPORTED, WarmParent, can_fork
from report.progress import Progress
from report.runs import canonical, execute, selection
from report.stops import NotebookFailed

pytestmark = pytest.mark.slow
forked_only = pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")

PLOTS = """
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
plt.figure()
plt.plot([3, 2, 1], 'o');
"""
DRAWN = """
fig, ax = plt.subplots()
ax.set_title("€ ₸ 中")
print("between")
fig
"""
TABLES = """
import numpy as np, pandas as pd, seaborn as sns, sys
print(sys.argv[1:2], sys.path[0] == '', __name__, [name for name in ('fig', 'np') if name in globals()])
print("on stderr", file=sys.stderr)
pd.DataFrame({"a": [1, 2], "b": np.exp([0.5, 0.25])}).describe()
"""


@contextmanager
def kernels(clone, engine):
    with execute.KernelSource(engine, clone.folders) as given:
        yield given


def run(clone, given):
    notebooks = selection.read_all(clone.folders.notebooks)
    return execute.execute(notebooks, {}, clone.folders, Progress(), given)


def outputs(executed, notebook="10_one", cell="one"):
    return next(each["outputs"] for each in executed[notebook]["cells"] if each["id"] == cell)


def printed(executed, notebook="10_one", cell="one"):
    return "".join(one["text"] for one in outputs(executed, notebook, cell) if one["output_type"] == "stream")


@forked_only
def test_every_engine_gives_the_same_bytes_and_all_figures(clone):
    clone.write("10_one", PLOTS, DRAWN, TABLES)
    clone.write("20_two", TABLES, PLOTS)
    made = {}
    for engine in ENGINES:
        with kernels(clone, engine) as given:
            executed = run(clone, given)
        pictures = [
            sum("image/png" in out.get("data", {}) for out in outputs(executed, cell=id)) for id in ("one", "two")
        ]
        assert pictures == [2, 2], engine  # what a cell returns is shown, and what it leaves open as well
        made[engine] = {name: canonical.as_bytes(node) for name, node in executed.items()}
    assert len(made) == 2
    assert made["forked"] == made["plain"]


@forked_only
def test_a_kernel_uses_the_current_modules_and_no_earlier_state(clone):
    module = clone.folders.notebooks / "claims" / "spoken.py"
    clone.write("10_one", "import sys\nprint('claims' in sys.modules, 'report' in sys.modules, 'mine' in globals())")
    clone.write("20_two", "from claims import spoken\nmine = sys = None\nprint(spoken.WORD)")
    with kernels(clone, "forked") as given:
        for word in ("first", "second!"):
            module.write_text(f"WORD = {word!r}\n", encoding="utf-8")
            executed = run(clone, given)
            assert printed(executed) == "False False False\n"
            assert printed(executed, "20_two") == f"{word}\n"


@forked_only
def test_a_kernel_has_its_imports_and_a_process_group_of_its_own(clone):
    clone.write(
        "10_one",
        "import os, sys\n"
        f"print([name for name in {IMPORTED!r} if name not in sys.modules], os.getpgid(0) == os.getpid())",
    )
    with kernels(clone, "forked") as given:
        assert printed(run(clone, given)) == "[] True\n"


@forked_only
def test_the_warm_parent_has_no_socket_and_one_thread_and_ends(clone):
    clone.write("10_one", "import os\nprint(os.getppid())")
    with kernels(clone, "forked") as given:
        parent = int(printed(run(clone, given)))
        held = [str(file.readlink()) for file in Path(f"/proc/{parent}/fd").iterdir()]
        assert held
        assert not [name for name in held if name.startswith("socket")]
        assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
    assert not Path(f"/proc/{parent}").exists()


@forked_only
def test_a_dead_warm_parent_is_reported_with_the_notebook(clone):
    clone.write("10_one", "1")
    with kernels(clone, "forked") as given:
        given.engine_arguments["warm"].close()
        with pytest.raises(
            NotebookFailed, match="10_one.ipynb stopped before its first cell\n.*kernels are forked from has ended"
        ):
            run(clone, given)


@forked_only
def test_a_broken_package_does_not_keep_the_parent_from_forking(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("raise RuntimeError('broken')")
    (tmp_path / "pandas.py").write_text("print('said by an import')")
    parent = WarmParent({**os.environ, "PYTHONPATH": str(tmp_path)})
    log, nowhere = tmp_path / "log", tmp_path / "kernel.json"
    pid = parent.fork(str(nowhere), str(tmp_path), str(log), {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})
    assert Path(f"/proc/{pid}").exists()
    os.kill(pid, 9)
    parent.close()


@forked_only
def test_a_notebook_run_alone_has_a_warm_parent_of_its_own(clone, tmp_path):
    import papermill

    notebook = clone.write("10_one", "40 + 2")
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(str(notebook), str(out), engine_name="report", kernel_name="python3", progress_bar=False)
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert cells[-1]["outputs"][0]["data"]["text/plain"] == ["42"]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_build_keeps_a_list_of_matplotlibs_own_fonts(clone, engine):
    clone.write(
        "10_one",
        "import matplotlib, matplotlib.font_manager as m\n"
        "own = matplotlib.get_data_path()\n"
        "print(len(m.fontManager.ttflist) > 20, all(one.fname.startswith(own) for one in m.fontManager.ttflist))",
    )
    for _ in range(2):
        with kernels(clone, engine) as given:
            assert printed(run(clone, given)) == "True True\n"
        folders = [path.parent for path in clone.folders.build.rglob("fontlist-*.json")]
        assert folders == [given.engine_arguments["fonts"]]


@pytest.mark.parametrize("error", [OSError(38, "Function not implemented"), PermissionError(1, "not permitted")])
def test_no_kernel_is_forked_if_its_end_cannot_be_waited_for(monkeypatch, error):
    def refused(pid):
        raise error

    monkeypatch.setattr(os, "pidfd_open", refused, raising=False)
    assert not can_fork()
    monkeypatch.delattr(os, "pidfd_open")
    assert not can_fork()


@forked_only
def test_copies_return_displays_and_what_expressions_stand_for(clone):
    clone.write("10_one", "x = 6", "x * 7")
    cells = [{"source": "x = 6"}, {"source": "display(x)\nx * 7"}, {"expressions": ["x + 1", "sorted('ba')"]}]
    assert answers(clone, cells) == [
        [],
        [{"text/plain": "6"}, {"text/plain": "42"}],
        {"x + 1": {"text/plain": "7"}, "sorted('ba')": {"text/plain": "['a', 'b']"}},
    ]


@forked_only
@pytest.mark.parametrize("cell", [{"source": "print(1)"}, {"source": "1 / 0"}, {"expressions": ["missing"]}])
def test_copies_leave_what_they_cannot_return_to_kernels(clone, cell):
    assert answers(clone, [cell, {"source": "2"}]) == [None]


@forked_only
def test_copies_have_variables_of_their_own(clone):
    cells = [{"source": "import os; os.environ['OWN']"}]
    assert answers(clone, cells, OWN="1") == [[{"text/plain": "'1'"}]]


def answers(clone, cells, **environment):
    """Return what a copy answers for cells, all that they display."""
    found = []
    with kernels(clone, "forked") as given, private_folder() as private:
        arguments = given.engine_arguments
        begun = [{"source": "pass"}]
        with start_replay(arguments["warm"], begun, clone.folders.notebooks, {}, arguments["fonts"]) as replay:
            snapshot = replay.snapshot(1)
            assert snapshot
            with snapshot.run(cells, None, private / "log", private / "reads", environment) as copy:
                for cell in cells:
                    found.append(copy.read_line(30))
                    if found[-1] is None:
                        break
                    if "expressions" in cell:
                        found[-1] = {name: result["data"] for name, result in found[-1].items()}
    return found
