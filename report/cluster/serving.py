"""`python -m report.cluster.serving`: runs notebooks, or judges, for a Dask worker, one request after another.

A request is a line of JSON on the standard input: `notebook`, `values`, `reading` and `cell_timeout`. The answer is a
line on the standard output: `cells` and `read` of a run, or the fields of a `failure` and the `half_run` notebook. Or
it has the `tables` of a part of a large ledger and its `package`; the answer then has the verdicts on `groups`. The
program ends with its input, or when it has had no request for some minutes.
"""

from __future__ import annotations

import json
import os
import select
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from report.folders import Folders
from report.progress import Progress
from report.runs import selection, sweep
from report.runs.execute import KernelSource, NotebookRun, Task, TaskRunner
from report.runs.failures import Failure
from report.runs.reuse import SweptRuns, results_only
from report.scratch import keep_in_own_folder

__all__ = ["main"]

_IDLE = 300  # seconds without a request


def main() -> None:
    """Answer requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that nothing printed is taken for an answer
    with keep_in_own_folder(), ExitStack() as stack:
        run: Callable[[Mapping], Mapping] | None = None
        while (request := _next_request()) is not None:
            if "tables" in request:
                answer: Mapping = _judge(request)
            else:
                run = run or _begin_runs(request["cell_timeout"], stack)
                answer = run(request)
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _judge(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdicts on the quantities of a part of a ledger."""
    from claims.judging.large_groups import judge_groups
    from claims.ledger.large_parts import to_parquet, unpack_part

    tables = {name: b64decode(content) for name, content in request["tables"].items()}
    return {"groups": b64encode(to_parquet(judge_groups(unpack_part(tables, request["package"])))).decode()}


def _begin_runs(cell_timeout: int, stack: ExitStack) -> Callable[[Mapping], Mapping]:
    """Return a function that runs a notebook; what it has started ends with the stack."""
    folders = Folders()
    notebooks = {notebook.name: notebook for notebook in selection.read_all(folders.notebooks) if notebook.sweeps}
    kernels = stack.enter_context(KernelSource(None, folders, cell_timeout))
    swept = [*notebooks.values()]
    runner = stack.enter_context(TaskRunner(swept, folders, Progress(), kernels, sweep.WITHOUT_EXHIBITS))

    def run(request: Mapping[str, Any]) -> Mapping[str, Any]:
        return _answer(Task(notebooks[request["notebook"]], request["values"], request["reading"]), runner, folders)

    return run


def _next_request() -> Mapping[str, Any] | None:
    """Return the next request, None if there is none any more."""
    if not select.select([sys.stdin], [], [], _IDLE)[0]:
        return None
    line = sys.stdin.buffer.readline()  # one request at a time is sent, so none waits behind this one
    return json.loads(line) if line else None


def _answer(task: Task, runner: TaskRunner, folders: Folders) -> dict[str, Any]:
    """Return what came of a task."""
    match outcome := runner.run(task):
        case NotebookRun():
            read = SweptRuns(folders).label(outcome.files_read)
            return {"cells": results_only(outcome.results), "read": read}
        case Failure():
            kept = sorted((folders.build / "failed").glob("*.ipynb"))
            half_run = {path.name: path.read_text("utf-8") for path in kept}
            for path in kept:
                path.unlink()
            return {"failure": asdict(outcome), "half_run": half_run}
    raise RuntimeError("a run has no outcome, though nobody has ended it")


if __name__ == "__main__":
    main()
