"""Executed notebook → the same bytes every time: the author's notebook, its outputs, and nothing of the run itself.

Times, durations, paths, versions and random ids that papermill and Jupyter add are left behind by starting from the
clean source. What an output says is never altered: one that holds a memory address or a
path of this machine is refused.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

from report.runs.selection import INJECTED, Notebook, joined, tags
from report.stops import NotebookFailed

ADDRESS = re.compile(r"<[^<>\n]* at 0x[0-9a-fA-F]{4,}")
KERNEL_FILE = re.compile(r"\S*/ipykernel_[0-9]+/\S*")
TEXTUAL = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/vnd.")


def node(notebook: Notebook, executed):
    """Return the author's notebook with the outputs and counts of the executed one, as a notebook node."""
    import nbformat

    written = {cell["id"]: cell for cell in notebook.source["cells"]}
    cells = []
    for cell in executed["cells"]:
        if cell["id"] in written:
            cells.append(_filled(written[cell["id"]], cell))
        elif INJECTED in tags(cell):
            cells.append(_injected(cell))
    metadata = {**notebook.source["metadata"], "language_info": {"name": "python"}}
    return nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _filled(written: Mapping, executed: Mapping) -> dict:
    """Return the author's cell with the outputs and the count of the executed one."""
    cell = {**deepcopy(dict(written)), "source": joined(written["source"])}
    if cell["cell_type"] == "code":
        cell |= {"outputs": outputs(executed["outputs"]), "execution_count": executed["execution_count"]}
    return cell


def _injected(cell: Mapping) -> dict:
    """Return papermill's cell of parameters under an id that does not change."""
    kept = {key: cell[key] for key in ("cell_type", "source", "execution_count")}
    return {**kept, "id": INJECTED, "metadata": {"tags": [INJECTED]}, "outputs": outputs(cell["outputs"])}


def outputs(found: Iterable[Mapping]) -> list:
    """Return outputs with everything printed between two displays as one stream of each kind.

    How printed text is cut into messages depends on timing; that it came before or after a display does not.
    """
    import nbformat

    merged: list = []
    for output in found:
        output = nbformat.from_dict({key: value for key, value in output.items() if key != "transient"})
        same = _open_stream(merged, output)
        if same is None:
            merged.append(output)
        else:
            same["text"] = joined(same["text"]) + joined(output["text"])
    return _streams_in_order(merged)


def _open_stream(merged: list, output):
    """Return the stream of the same name that no display has closed yet."""
    if output["output_type"] != "stream":
        return None
    for earlier in reversed(merged):
        if earlier["output_type"] != "stream":
            return None
        if earlier["name"] == output["name"]:
            return earlier
    return None


def _streams_in_order(merged: list) -> list:
    """Return the outputs with stderr after stdout where the two stand beside each other."""
    ordered: list = []
    for output in merged:
        after_stderr = ordered and ordered[-1].get("name") == "stderr" and output.get("name") == "stdout"
        ordered.insert(len(ordered) - bool(after_stderr), output)
    return ordered


def as_bytes(notebook) -> bytes:
    """Return the notebook as it is written: sorted keys, one blank of indentation, a newline at the end."""
    from nbformat.v4.rwbase import split_lines

    split = split_lines(deepcopy(notebook))
    return (json.dumps(split, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")


def refuse_traces(executed: Mapping[str, Mapping], own_paths: Iterable[Path] = ()) -> None:
    """Raise NotebookFailed, naming every cell, if an output holds an address or a path of this machine."""
    paths = sorted({*map(str, own_paths), *machine_paths()}, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, paths)) + r")(?=[/\s'\":)\]]|$)")
    problems = [f"{name}, {problem}" for name, notebook in executed.items() for problem in traces(notebook, pattern)]
    if problems:
        raise NotebookFailed.listing("outputs that only this machine gives", problems)


def machine_paths() -> list[str]:
    """Return the folders whose names differ from machine to machine: home, temporary files, this Python."""
    found = {
        str(Path.home()),
        tempfile.gettempdir(),
        sys.prefix,
        sys.base_prefix,
        os.path.realpath(tempfile.gettempdir()),
    }
    return sorted(path for path in found if path.count("/") >= 1 and path not in ("/", "/usr", "/usr/local"))


def traces(notebook: Mapping, paths: re.Pattern) -> list[str]:
    """Return each cell that shows an address, a kernel's file or one of `paths`, what it shows, and what to do."""
    problems = []
    for cell in notebook["cells"]:
        for text in _texts(cell.get("outputs", [])):
            found = ADDRESS.search(text)
            if found:
                problems.append(
                    f"cell {cell['id']}: shows a memory address, {found[0]}…; show something with a text of its own"
                )
                break
            found = KERNEL_FILE.search(text) or paths.search(text)
            if found:
                line = next(line for line in text.splitlines() if found[0] in line).strip()
                remedy = "mend the warning or leave the path out"
                problems.append(f"cell {cell['id']}: shows a path of this machine, '{line[:100]}'; {remedy}")
                break
    return problems


def _texts(found: Iterable[Mapping]) -> Iterator[str]:
    for output in found:
        if output["output_type"] == "stream":
            yield joined(output["text"])
        for mime, value in sorted(output.get("data", {}).items()):
            if mime.startswith(TEXTUAL):
                yield from _strings(value)


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key in value:
            yield from _strings(value[key])
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        else:
            for item in value:
                yield from _strings(item)
