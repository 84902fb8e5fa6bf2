"""A notebook's source without what a run and JupyterLab leave in its file: what a build reads and what git should keep.

JupyterLab saves outputs, counts, the results of inline expressions, its kernel's name and the state of its panels. None
of it is the author's, so a notebook that was run and saved gives the same report as before, and the same hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from claims.tables.files import parse_json

from report.digests import digest
from report.expressions import METADATA

__all__ = ["KERNEL", "as_file", "clean_bytes", "clean_source", "hash_clean", "holds_run", "keep_kernel"]

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LEFT_IN_CELLS = {METADATA, "collapsed", "scrolled", "jupyter", "execution", "ExecuteTime", "papermill", "trusted"}
_LEFT_IN_NOTEBOOKS = {"widgets", "papermill", "signature", "orig_nbformat", "trusted"}


def clean_source(source: Mapping) -> dict:
    """Return a notebook of format 4 without outputs, counts and anything else that a run or an editor adds."""
    metadata = {key: value for key, value in source["metadata"].items() if key not in _LEFT_IN_NOTEBOOKS}
    return {**source, "cells": [_clean_cell(cell) for cell in source["cells"]], "metadata": metadata | _kernel()}


def _kernel() -> dict[str, dict]:
    return {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}


def keep_kernel(model: Mapping, **_: object) -> None:
    """Write of a notebook's kernel, which JupyterLab is about to save, only what does not depend on this machine.

    `make lab` calls it (`pre_save_hook`), so that a notebook that was only opened and saved is the same file.
    """
    metadata = model["content"]["metadata"] if model["type"] == "notebook" else {}
    if metadata.get("kernelspec", {}).get("name") == KERNEL["name"]:
        metadata |= _kernel()


def _clean_cell(cell: Mapping) -> dict:
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key not in _LEFT_IN_CELLS}
    clean = {**cell, "metadata": metadata}
    return clean | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else clean


def holds_run(source: Mapping) -> bool:
    """Return whether a notebook was saved after a run: with outputs, counts or results of inline expressions."""
    return any(
        cell.get("outputs") or cell.get("execution_count") is not None or METADATA in cell.get("metadata", {})
        for cell in source["cells"]
    )


def as_file(source: Mapping) -> bytes:
    """Return a notebook as JupyterLab would write it, with each cell's source as a list of lines."""
    cells = [{**cell, "source": _lines(cell["source"])} for cell in source["cells"]]
    text = json.dumps({**source, "cells": cells}, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")


def _lines(source: str | list[str]) -> list[str]:
    r"""Return a cell's source as a list of lines.

    >>> _lines("a = 1\nb = 2")
    ['a = 1\n', 'b = 2']
    """
    return source.splitlines(keepends=True) if isinstance(source, str) else source


def clean_bytes(path: Path) -> bytes:
    """Return a notebook's file as it is when it is clean, or, where it is no notebook, as it is."""
    content = path.read_bytes()
    try:
        return as_file(clean_source(parse_json(content)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return content


def hash_clean(path: Path) -> str:
    """Return the hash of an input: of a notebook without what a run left in it, of another file as it is."""
    return digest(clean_bytes(path) if path.suffix == ".ipynb" else path.read_bytes())
