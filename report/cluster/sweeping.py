"""The runs of a sweep on Dask workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from report.cluster.scheduling import connected
from report.folders import Folders
from report.progress import Progress
from report.runs import sweep
from report.runs.execute import Task
from report.runs.failures import Failure, forget_failures
from report.writing import write_whole

__all__ = ["run_on_dask"]


def run_on_dask(address: str, folders: Folders, workers: int, cell_timeout: int) -> sweep.RunAll:
    """Return a function that runs tasks on the workers of the scheduler at an address, or on so many at `local`.

    It raises WrongInput if there is no scheduler or no fitting worker, NotebookFailed if there are none any more; what
    is done by then is kept.
    """

    def run_all(tasks: Sequence[Task], progress: Progress, on_outcome: sweep.OnOutcome) -> None:
        forget_failures({task.notebook.name: task.notebook for task in tasks}.values(), folders)
        requests = (
            (
                task,
                {
                    "notebook": task.notebook.name,
                    "values": dict(task.values),
                    "reading": task.reading,
                    "cell_timeout": cell_timeout,
                },
            )
            for task in tasks
        )
        with connected(address, folders, workers, progress) as asked:
            asked.ask(requests, lambda task, answer: on_outcome(task, _outcome(task, answer, folders)), "run")

    return run_all


def _outcome(task: Task, answer: Mapping[str, Any] | Exception, folders: Folders) -> sweep.RemoteRun | Failure:
    """Return what an answer says; half-run notebooks are kept here as if they had been run here."""
    if isinstance(answer, Exception):
        text = f"{task.notebook.name} could not be run: {answer}"
        return Failure(task.notebook.name, text, f"notebooks/{text}\n  reading: {task.reading}", lost=True)
    for name, text in answer.get("half_run", {}).items():
        write_whole(folders.build / "failed" / name, text.encode())
    return Failure(**answer["failure"]) if "failure" in answer else sweep.RemoteRun(answer["cells"], answer["read"])
