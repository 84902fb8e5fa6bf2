"""Known disagreements are pinned: a new one is explained before it is published, and so is one that went away."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .extract import as_csv
from .stops import Unpinned

FILE = "known_disagreements.csv"
NEED_A_PIN = ("inconsistent", "undecided")


Pin = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Comparison:
    """Verdicts beside pins: which disagreements are new, which pins have none left, and how many were compared."""

    compared: int
    new: tuple[Mapping, ...]
    gone: tuple[Pin, ...]

    @property
    def agrees(self) -> bool:
        """Return whether the ledger disagrees exactly where the pins say."""
        return not self.new and not self.gone


def check(verdicts: Iterable[Mapping], pins: Iterable) -> Comparison:
    """Return how the verdicts compare with `pins`, rows that have a group, a verdict and the claims it is about."""
    verdicts = list(verdicts)
    pinned = {(pin.group, pin.verdict, tuple(sorted(pin.claims))) for pin in pins}
    found = {_pin(verdict): verdict for verdict in verdicts if verdict["verdict"] in NEED_A_PIN}
    new = tuple(found[key] for key in sorted(found.keys() - pinned))
    return Comparison(len(verdicts), new, tuple(sorted(pinned - found.keys())))


def _pin(verdict: Mapping) -> Pin:
    return verdict["group"], verdict["verdict"], tuple(sorted(verdict["claims"]))


def refuse(comparison: Comparison, file: str, where: str) -> None:
    """Raise Unpinned with the rows to paste into `file` and the rows to delete, unless verdicts and pins agree."""
    if comparison.agrees:
        return
    from notebooks.claims.rules import CAUSES

    said = []
    if comparison.new:
        rows = [row_to_paste(verdict) for verdict in comparison.new]
        said += [
            f"not explained in {file}; paste, and say why in the empty columns, causes and explanation:",
            *_indented(rows),
            f"  causes are {', '.join(CAUSES)}; several are separated by semicolons",
        ]
    if comparison.gone:
        said += [
            f"explained in {file}, but no longer found; delete:",
            *_indented([(*pin[:2], ";".join(pin[2])) for pin in comparison.gone]),
        ]
    raise Unpinned("\n".join([*said, where]))


def row_to_paste(verdict: Mapping) -> Sequence[str]:
    """Return the row that pins a verdict today, its causes and its explanation left for the author to write.

    >>> row_to_paste({"group": "trade_turnover:2023", "verdict": "undecided", "claims": ["c001", "c014"]})[:3]
    ('trade_turnover:2023', 'undecided', 'c001;c014')
    """
    today = datetime.date.today().isoformat()
    return verdict["group"], verdict["verdict"], ";".join(verdict["claims"]), "", "", today


def _indented(rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"  {row}" for row in as_csv((), rows).decode().splitlines() if row]
