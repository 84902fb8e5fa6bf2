"""Executed notebook → the same bytes every time: the author's notebook, its outputs, and nothing of the run itself.

Starting from the clean source leaves out the times, durations, paths, versions and random ids that papermill and
Jupyter add. The content of an output is never changed: one with a memory address or a path of this machine is refused.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from report.expressions import results_of, with_results
from report.runs.selection import INJECTED, Notebook, join_lines, tags
from report.scratch import system_folder
from report.stops import NotebookFailed

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["as_bytes", "as_published", "machine_paths", "node", "outputs", "refuse_traces"]

_ADDRESS = re.compile(r"<[^<>\n]* at 0x[0-9a-fA-F]{4,}")
_KERNEL_FILE = re.compile(r"/ipykernel_[0-9]+/\S*")  # without what is before it, which may be long
_TEXTUAL = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/vnd.")


def node(notebook: Notebook, executed) -> NotebookNode:
    """Return the author's notebook with the outputs and counts of the executed one, as a notebook node."""
    import nbformat

    sources = {cell["id"]: cell for cell in notebook.source["cells"]}
    cells = []
    for cell in executed["cells"]:
        if cell["id"] in sources:
            cells.append(_filled(sources[cell["id"]], cell))
        elif INJECTED in tags(cell):
            cells.append(_injected(cell))
    metadata = {**notebook.source["metadata"], "language_info": {"name": "python"}}
    return nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _filled(source: Mapping, executed: Mapping) -> dict:
    """Return the author's cell with the outputs and the count, or the values of expressions, of the executed one."""
    cell = {**deepcopy(dict(source)), "source": join_lines(source["source"])}
    if cell["cell_type"] == "code":
        cell |= {"outputs": outputs(executed["outputs"]), "execution_count": executed["execution_count"]}
    elif cell["cell_type"] == "markdown":
        cell = with_results(cell, results_of(executed))
    return cell


def _injected(cell: Mapping) -> dict:
    """Return papermill's cell of parameters under an id that does not change."""
    kept = {key: cell[key] for key in ("cell_type", "source", "execution_count")}
    return {**kept, "id": INJECTED, "metadata": {"tags": [INJECTED]}, "outputs": outputs(cell["outputs"])}


def outputs(of_cell: Iterable[Mapping]) -> list:
    """Return outputs with everything printed between two displays as one stream of each kind, stdout first.

    How printed text is split into messages depends on timing; whether it came before or after a display does not.
    """
    import nbformat

    merged: list = []
    for are_streams, run in groupby(of_cell, lambda output: output["output_type"] == "stream"):
        if not are_streams:
            merged += [{key: value for key, value in output.items() if key != "transient"} for output in run]
            continue
        texts: dict[str, str] = {}
        for output in run:
            texts[output["name"]] = texts.get(output["name"], "") + join_lines(output["text"])
        merged += [{"output_type": "stream", "name": name, "text": texts[name]} for name in sorted(texts, reverse=True)]
    return [nbformat.from_dict(output) for output in merged]


def as_bytes(notebook) -> bytes:
    """Return the notebook as a file: sorted keys, one blank of indentation, a newline at the end."""
    from nbformat.v4.rwbase import split_lines

    split = split_lines(deepcopy(notebook))
    return (json.dumps(split, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")


def as_published(notebook) -> bytes:
    """Return the notebook as a file in a folder beside the page.

    Links in its displays go to that page, and the drawing of a figure is only in its HTML, which JupyterLab shows.
    """
    from claims.content.tables import FIGURE
    from claims.show.markup import PAGE

    published = deepcopy(notebook)
    for cell in published["cells"]:
        for data in [output.get("data", {}) for output in cell.get("outputs", ())]:
            if FIGURE in data and "text/html" in data:
                data.pop("image/svg+xml", None)
    return as_bytes(published).replace(f'href=\\"{PAGE}#'.encode(), b'href=\\"../report.html#')


def refuse_traces(executed: Mapping[str, Mapping], own_paths: Iterable[Path] = ()) -> None:
    """Raise NotebookFailed, listing every cell, if an output has an address or a path of this machine."""
    paths = sorted({*map(str, own_paths), *machine_paths()}, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, paths)) + r")(?=[/\s'\":)\]]|$)")
    problems = [f"{name}, {problem}" for name, notebook in executed.items() for problem in _traces(notebook, pattern)]
    if problems:
        raise NotebookFailed.listing("outputs that depend on this machine", problems)


def machine_paths() -> list[str]:
    """Return the folders whose names differ from machine to machine: home, temporary files, this Python."""
    temporary = system_folder()
    folders = {str(Path.home()), temporary, os.path.realpath(temporary), sys.prefix, sys.base_prefix}
    return sorted(path for path in folders if "/" in path and path not in ("/", "/usr", "/usr/local"))


def _traces(notebook: Mapping, paths: re.Pattern) -> Iterator[str]:
    """Yield a problem with its remedy for each cell that shows an address, a kernel's file or one of `paths`."""
    for cell in notebook["cells"]:
        for text in _texts([*cell.get("outputs", ()), *_displays(cell)]):
            if match := _ADDRESS.search(text):
                remedy = "show something that has a text of its own"
                yield f"cell {cell['id']}: shows a memory address, {match[0]}…; {remedy}"
                break
            if match := _KERNEL_FILE.search(text) or paths.search(text):
                line = next(line for line in text.splitlines() if match[0] in line).strip()
                remedy = "fix the cause of the warning or leave the path out"
                yield f"cell {cell['id']}: shows a path of this machine, '{line[:100]}'; {remedy}"
                break


def _displays(cell: Mapping) -> Iterator[Mapping]:
    """Yield the values of a cell's inline expressions as outputs."""
    for result in results_of(cell).values():
        yield {"output_type": "display_data", "data": result.get("data", {})}


def _texts(outputs: Iterable[Mapping]) -> Iterator[str]:
    for output in outputs:
        if output["output_type"] == "stream":
            yield join_lines(output["text"])
        for mime, value in sorted(output.get("data", {}).items()):
            if mime.startswith(_TEXTUAL):
                yield from _strings(value)


def _strings(value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case [_, *_] if all(isinstance(item, str) for item in value):
            yield "".join(value)
        case [*items]:
            for item in items:
                yield from _strings(item)
        case {**members}:
            for member in members.values():
                yield from _strings(member)
