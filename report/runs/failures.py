"""A notebook that stopped: where, why, with which parameters, and its half-run copy in report/build/failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from report import digests
from report.expressions import ExpressionFailed
from report.folders import Folders
from report.runs import canonical, cell_names, parameters
from report.runs.selection import INJECTED, Notebook
from report.stops import NotebookFailed
from report.writing import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["MOST_LINES", "Failure", "describe_failure", "forget_failures", "format_error", "raise_failures"]

MOST_LINES = 30  # of an exception's message
_DIED = "the process of its kernel was killed or ended itself; often memory ran out: run the cell alone, and watch it"
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")
_CELL_LINE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_FILE_LINE = re.compile(r"^File ([^\s<].*?):(\d+), in ", re.MULTILINE)
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9_.+-]+")


@dataclass(frozen=True)
class Failure:
    """A notebook that stopped: where and why in short, and everything a person needs to fix the cell.

    `lost` is whether its kernel could not start or died, so that it may be no fault of the notebook.
    """

    notebook: str
    summary: str
    message: str
    lost: bool = False

    def __str__(self) -> str:
        return self.message


def raise_failures(outcomes: Iterable[object]) -> None:
    """Raise NotebookFailed with every failure among the outcomes, if there is one."""
    if failures := [outcome for outcome in outcomes if isinstance(outcome, Failure)]:
        error = NotebookFailed("\n\n".join(map(str, failures)))
        error.texts = {failure.notebook: str(failure) for failure in failures}
        raise error


def describe_failure(
    notebook: Notebook,
    node: NotebookNode | None,
    cell_index: int | None,
    error: Exception,
    values: Mapping[str, object],
    folders: Folders,
    reading: str,
) -> Failure:
    """Return the failure of a notebook, and keep its half-run copy.

    `node` is the notebook with its outputs so far, None if its kernel did not start; `cell_index` is the position of
    the cell that ran last; `error` is what papermill raised, used if no cell has an exception among its outputs.
    """
    cells = node.cells if node else []
    cell, output = _error_output(cells)
    line, details = "", []
    problem = format_error(type(error).__name__, str(error) or "no message")
    if output:
        trace = _TERMINAL_CODES.sub("", "\n".join(output.traceback))
        lines = [number for count, number in _CELL_LINE.findall(trace) if count == str(cell.execution_count)]
        line = f", line {lines[0]}" if lines else ""
        details += [f"raised in {place}" for place in _places_in_our_modules(trace, folders)[-1:]]
        problem = format_error(output.ename, output.evalue)
    elif cell_index is not None and cells:
        cell = cells[error.cell if isinstance(error, ExpressionFailed) else cell_index]
    lost = node is None or type(error).__name__ == "DeadKernelError"
    details += [_DIED] if str(error).startswith("Kernel died") else []
    called, position = _cell_and_position(cell, notebook)
    details += [f"reading: {reading}"] if reading else []
    if reading and "UnknownName" in problem:
        details.append(
            "notebooks/readings.yaml declares it; a code cell can only use names that every reading computes"
        )
    effective = parameters.effective_values(notebook, values)
    details.append(f"parameters: {', '.join(f'{name}={value!r}' for name, value in effective.items()) or 'none'}")
    details.append(f"half-run notebook: {_keep_half_run(notebook, node, folders, reading)}")
    position = f" ({position})" if position else ""
    where = f"notebooks/{notebook.name}.ipynb stopped {called}{position}{line}"
    summary = f"{notebook.name} stopped {called}: {problem}"
    return Failure(notebook.name, summary, "\n  ".join([where, problem, *details]), lost)


def _error_output(cells):
    """Return the first cell with an exception among its outputs, and that output; None twice if there is none."""
    for cell in cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return cell, output
    return None, None


def _cell_and_position(cell, notebook: Notebook) -> tuple[str, str]:
    """Return where a notebook stopped, and the cell's position in the author's notebook, in words, unless it has it."""
    if cell is None:
        return "before its first cell", ""
    ids = [each["id"] for each in notebook.source["cells"]]
    if cell.id in ids:
        place = ids.index(cell.id)
        called = cell_names.describe_cell(notebook.source["cells"], place)
        return f"in {called}", "" if " of " in called else f"{place + 1} of {len(ids)}"
    return f"in cell {INJECTED}", "added by papermill"


def format_error(name: str, message: str) -> str:
    r"""Return an exception's name and its message, every line after the first indented by four spaces.

    Of a message of more than `MOST_LINES` lines, the first are returned, and where the others are.

    >>> print(format_error("UnknownName", "2 problems\n  {pase} is unknown\nKeep it first."))
    UnknownName: 2 problems
          {pase} is unknown
        Keep it first.
    """
    lines = _TERMINAL_CODES.sub("", message).strip().splitlines()
    first, *others = lines[:MOST_LINES] or [""]
    if len(lines) > MOST_LINES:
        others.append(f"… {len(lines) - MOST_LINES} more lines are in the half-run notebook")
    return "\n".join([f"{name}: {first}".rstrip(": "), *(f"    {line}".rstrip() for line in others)])


def _places_in_our_modules(trace: str, folders: Folders) -> list[str]:
    """Return the files and lines in notebooks/ that a traceback passed."""
    places = [(folders.notebooks / Path(file).expanduser(), line) for file, line in _FILE_LINE.findall(trace)]
    return [f"{folders.shown(file)}, line {line}" for file, line in places if file.is_relative_to(folders.notebooks)]


def _keep_half_run(notebook: Notebook, node: NotebookNode | None, folders: Folders, reading: str) -> str:
    """Write the notebook with its outputs so far into report/build/failed, and return its path, as messages show it."""
    if node is None:
        return "none, the kernel did not start"
    path = folders.build / "failed" / f"{notebook.name}{_file_name_part(reading)}.ipynb"
    try:
        write_whole(path, canonical.as_bytes(canonical.node(notebook, node)))
    except OSError as error:  # which must not hide why the notebook stopped
        return f"none, {folders.shown(path)} could not be written ({error.strerror})"
    return folders.shown(path)


def _file_name_part(reading: str) -> str:
    """Return a reading as a part of a file's name, empty if there is none.

    >>> _file_name_part("rounding=half_even, narrow"), _file_name_part("")
    ('+rounding-half_even-narrow', '')
    """
    plain = _NOT_IN_FILE_NAMES.sub("-", reading)
    short = f"{plain[:50]}-{digests.digest(reading.encode())[:6]}"
    return f"+{plain if len(plain) <= len(short) else short}" if reading else ""


def forget_failures(notebooks: Iterable[Notebook], folders: Folders) -> None:
    """Delete the half-run copies of these notebooks, under every reading: they are about to run again."""
    for notebook in notebooks:
        for reading in ("", "+*"):
            for path in (folders.build / "failed").glob(f"{notebook.name}{reading}.ipynb"):
                path.unlink(missing_ok=True)
