"""The floor of a build: one process that imports once, forks per notebook, two at a time, and writes no file but pages.

    python tests/floor.py [FOLDER]

No kernel, no protocol, no checks, no publishing: the cells run in an IPython shell of a forked process, which sends its
outputs back through a pipe. The sweep is made likewise, a fork for each of its runs. With FOLDER, which must be there,
the two pages are set as the report program sets them, and written there.
`make bench` measures builds against it; nothing else uses it.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "notebooks")]

from report.kernels.warm import IMPORTED  # noqa: E402
from report.runs import extract, parameters, selection, sweep  # noqa: E402


def main() -> None:
    """Run every notebook, and set both pages where a folder is given."""
    sys.modules["debugpy"] = None  # as in the warm parent
    for name in IMPORTED:
        importlib.import_module(name)
    notebooks = selection.read_all(ROOT / "notebooks")
    executed: dict[str, dict] = {}
    with TemporaryDirectory() as findings, ThreadPoolExecutor(max_workers=2) as pool:
        for wave in selection.in_waves(notebooks):
            Path(findings, "findings.json").write_bytes(extract.findings_json(extract.findings(executed)))
            if executed:
                Path(findings, "sweep.csv").write_bytes(swept(notebooks, executed, pool))
            done = pool.map(lambda notebook: in_fork(notebook, findings), wave)
            executed |= zip((notebook.name for notebook in wave), done, strict=True)
    shown = sum(bool(cell.get("outputs")) for notebook in executed.values() for cell in notebook["cells"])
    print(f"floor: {len(executed)} notebooks, {shown} cells with outputs")
    if len(sys.argv) > 1:
        print(f"floor: pages of {set_pages(notebooks, executed, Path(sys.argv[1]))} bytes")


def swept(notebooks: Sequence[selection.Notebook], executed: Mapping[str, dict], pool: ThreadPoolExecutor) -> bytes:
    """Return sweep.csv; runs with the defaults are those that were `executed`."""
    declared = parameters.load_parameters(ROOT / "notebooks" / "parameters.yaml")
    grid = sweep.build_grid(ROOT / "notebooks" / "readings.yaml", declared, notebooks)
    left = {one: task for one, task in grid.runs.items() if task.values}
    done = pool.map(lambda task: in_fork(task.notebook, values=task.values), left.values())
    runs = dict(zip(left, done, strict=True))
    runs_of_tasks = (
        (task, runs.get(sweep.run_key(task.notebook, task.values), executed[task.notebook.name])) for task in grid.tasks
    )
    return sweep.as_csv(row for task, ran in runs_of_tasks for row in sweep.result_rows(task, ran))


def in_fork(notebook: selection.Notebook, findings: str = "", values: Mapping[str, object] | None = None) -> dict:
    """Return the notebook with the outputs that its cells give in a process of their own; with values, undrawn."""
    receiver, sender = os.pipe()
    if not (child := os.fork()):
        try:
            os.chdir(ROOT / "notebooks")
            os.environ["REPORT_FINDINGS"] = findings
            os.environ["REPORT_FIGURES"] = "none" if values else ""
            with os.fdopen(sender, "wb") as out:
                pickle.dump(run(notebook, values or {}), out)
        finally:
            os._exit(0)
    os.close(sender)
    with os.fdopen(receiver, "rb") as answer:
        executed = pickle.load(answer)
    os.waitpid(child, 0)
    return executed


def run(notebook: selection.Notebook, values: Mapping[str, object]) -> dict:
    """Return the notebook with the outputs its cells give here with these values. Raises what a cell raises."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    cells = []
    for cell in notebook.source["cells"]:
        cell = {**cell, "source": selection.join_lines(cell["source"])}
        if cell["cell_type"] == "code":
            given = values if selection.PARAMETERS in selection.tags(cell) else {}
            lines = [cell["source"], *(f"{name} = {value!r}" for name, value in given.items())]
            with capture_output() as captured:
                done = shell.run_cell("\n".join(lines))
                done.raise_error()
            bundles = [output.data for output in captured.outputs]
            if done.result is not None:
                bundles.append(shell.display_formatter.format(done.result)[0])
            outputs = [{"output_type": "display_data", "data": bundle, "metadata": {}} for bundle in bundles]
            cell |= {"outputs": json.loads(json.dumps(outputs, default=in_base64)), "execution_count": 1}
        cells.append(cell)
    return {**notebook.source, "cells": cells}


def in_base64(data: bytes) -> str:
    """Return bytes as a notebook stores them."""
    import base64

    return base64.b64encode(data).decode()


def set_pages(notebooks: Sequence[selection.Notebook], executed: Mapping[str, dict], folder: Path) -> str:
    """Write report.html and report.pdf, and return how long they are."""
    import nbformat

    from report import progress
    from report.command import build
    from report.folders import Folders

    plan = build.plan_build(build.Request(quiet=True, fresh=True), Folders(ROOT))
    nodes = {name: nbformat.from_dict({**notebook}) for name, notebook in executed.items()}
    document = build.assemble_document(plan, nodes, extract.findings(nodes), extract.verdicts(nodes))
    pages, _ = build.export_pages(document, progress.Progress(), plan.runs, dict)
    for name, data in pages.items():
        Path(folder, name).write_bytes(data)
    return " and ".join(str(len(data)) for data in pages.values())


if __name__ == "__main__":
    main()
