"""What is wrong with a file that should be a notebook: the first part of it that is not of the form it has to be."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["find_fault"]

_KINDS = ("code", "markdown", "raw")


def find_fault(source: object) -> str:
    """Return in words what of a notebook's JSON is not as it has to be, "" if all is.

    >>> find_fault({"metadata": {}, "cells": [{"cell_type": "code", "source": "1", "metadata": {"tags": 7}}]})
    'cell 1: tags 7 is no list of words'
    """
    if not isinstance(source, Mapping):
        return "it is no object"
    cells, metadata = source.get("cells"), source.get("metadata")
    if not isinstance(cells, list):
        return "it has no list of cells"
    if not isinstance(metadata, Mapping):
        return "it has no metadata"
    report = metadata.get("report", {})
    if not isinstance(report, Mapping):
        return f"metadata.report {_shown(report)} is no object"
    if not isinstance(report.get("subject", ""), str):
        return f"metadata.report.subject {_shown(report['subject'])} is no word"
    faults = (f"cell {place}: {fault}" for place, cell in enumerate(cells, 1) if (fault := _fault_of_cell(cell)))
    return next(faults, "")


def _fault_of_cell(cell: object) -> str:
    if not isinstance(cell, Mapping):
        return "it is no object"
    if cell.get("cell_type") not in _KINDS:
        return f"cell_type {_shown(cell.get('cell_type'))} is none of {', '.join(_KINDS)}"
    if not _is_text(cell.get("source")):
        return "its source is no text"
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, Mapping):
        return f"metadata {_shown(metadata)} is no object"
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return f"tags {_shown(tags)} is no list of words"
    if not isinstance(cell.get("id", ""), str | None):
        return f"id {_shown(cell['id'])} is no word"
    if not isinstance(cell.get("outputs", []), list):
        return "its outputs are no list"
    return ""


def _is_text(source: object) -> bool:
    """Return whether a source is a text or its lines, of whole characters: JSON can have halves of them."""
    lines = source if isinstance(source, list) else [source]
    try:
        return all(isinstance(line, str) and line.encode("utf-8") is not None for line in lines)
    except UnicodeEncodeError:
        return False


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
