"""The figures that a finding is named by, beside those that it is computed from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

NAMED = re.compile(r"(?:^|_)([co]\d{2,})(?=_|$)")


def named_but_not_used(findings: Iterable[Mapping]) -> dict[str, set[str]]:
    """Return by id the figures that a finding's id names and that are not among its inputs, nor among theirs.

    `findings` are rows of findings.json. What a finding's readable name ends in is the name of such a figure.

    >>> named_but_not_used([{"id": "gap_c01_c02", "inputs": {"quarter": "c01", "year": "level_2024"}}])
    {'gap_c01_c02': {'c02'}}
    """
    inputs = {row["id"]: _ids(row["inputs"]) for row in findings}
    unused = {id: set(NAMED.findall(id)) - _behind(id, inputs) for id in inputs}
    return {id: figures for id, figures in unused.items() if figures}


def _ids(inputs: Mapping[str, str | list[str]]) -> set[str]:
    return {id for ids in inputs.values() for id in ([ids] if isinstance(ids, str) else ids)}


def _behind(id: str, inputs: Mapping[str, set[str]]) -> set[str]:
    """Return all that a finding is computed from, through other findings."""
    behind, waiting = set(), [id]
    while waiting:
        new = inputs.get(waiting.pop(), set()) - behind
        behind |= new
        waiting += new
    return behind
