"""The part of an answer that is about some notebooks: always taken from the answer about all of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace

from report.proof.status import REPORT, Status
from report.runs import extract

__all__ = ["limit_files", "limit_status"]


def limit_files(files: Mapping[str, bytes], names: Collection[str]) -> dict[str, bytes]:
    """Return the executed notebooks with these names among published files, and the files of their figures."""
    kept = {}
    for name, data in files.items():
        notebook = name.rpartition("/")[2].removesuffix(".ipynb")
        if name.endswith(".ipynb") and notebook in names:
            kept[name] = data
            kept |= _figure_files(files, notebook, data)
    return kept


def _figure_files(files: Mapping[str, bytes], notebook: str, executed: bytes) -> dict[str, bytes]:
    """Return the files of the figures that an executed notebook shows; none if it is damaged."""
    try:
        figures = extract.figures({notebook: json.loads(executed)})
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: data for name, data in files.items() if name.removeprefix("figures/") in figures}


def limit_status(status: Status, names: Collection[str], files: Mapping[str, bytes]) -> Status:
    """Return the reasons about these notebooks, about their published files, and about the report as a whole."""
    own = {*names, REPORT, *limit_files(files, names)}
    return replace(status, reasons=tuple(reason for reason in status.reasons if reason.what in own))
