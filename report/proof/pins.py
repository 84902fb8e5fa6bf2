"""Known disagreements are pinned: a new one is explained before it is published, and so is one that went away."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.ledger.rules import CAUSES

from report.runs.extract import as_csv
from report.stops import Unpinned

FILE = "known_disagreements.csv"


Pin = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Contradiction:
    """A cause that a pin names and the ledger excludes: the row of the pin, counted as in the file, and its key."""

    row: int
    key: str
    cause: str


@dataclass(frozen=True)
class Comparison:
    """Verdicts beside pins: which disagreements are new, which pins have none left, and how many were compared.

    `contradicted` are the causes of pins that the ledger excludes.
    """

    compared: int
    new: tuple[Mapping, ...]
    gone: tuple[Pin, ...]
    contradicted: tuple[Contradiction, ...] = ()

    @property
    def agrees(self) -> bool:
        """Return whether the ledger disagrees exactly where the pins say."""
        return not (self.new or self.gone or self.contradicted)


def check(verdicts: Iterable[Mapping], pins: Iterable) -> Comparison:
    """Return how the verdicts compare with `pins`: rows with a group, a verdict, the claims it is about, and causes."""
    verdicts, pins = list(verdicts), list(pins)
    pinned = {(pin.group, pin.verdict, tuple(sorted(pin.claims))) for pin in pins}
    found = {_pin(verdict): verdict for verdict in verdicts if verdict["pin"]}
    new = tuple(found[key] for key in sorted(found.keys() - pinned))
    return Comparison(len(verdicts), new, tuple(sorted(pinned - found.keys())), tuple(contradictions(verdicts, pins)))


def contradictions(verdicts: Iterable[Mapping], pins: Sequence) -> Iterator[Contradiction]:
    """Yield every cause of a pin that its verdict's own causes call excluded."""
    causes = {verdict["id"]: verdict["causes"] for verdict in verdicts}
    for row, pin in enumerate(pins, start=2):
        excluded = causes.get(pin.group, {}).get("excluded", ())
        yield from (Contradiction(row, pin.group, cause) for cause in pin.causes if cause in excluded)


def _pin(verdict: Mapping) -> Pin:
    return verdict["id"], verdict["verdict"], tuple(sorted(verdict["claims"]))


def stop(comparison: Comparison, file: str, causes: Iterable[str] = CAUSES) -> list[Unpinned]:
    """Return a stop with the rows to paste into `file` and the rows to delete, none if verdicts and pins agree."""
    if comparison.agrees:
        return []
    said = []
    if comparison.new:
        rows = [row_to_paste(verdict) for verdict in comparison.new]
        said += [
            f"not explained in {file}; paste, and say why in the empty columns, causes and explanation:",
            *_indented(rows),
            f"  causes are {', '.join(causes)}; several are separated by semicolons",
        ]
    if comparison.gone:
        said += [
            f"explained in {file}, but no longer found; delete:",
            *_indented([(*pin[:2], ";".join(pin[2])) for pin in comparison.gone]),
        ]
    if comparison.contradicted:
        said += [
            "causes that what the ledger holds excludes:",
            *(f"  {file}, {told(one)}" for one in comparison.contradicted),
        ]
    return [Unpinned("\n".join(said))]


def told(contradiction: Contradiction) -> str:
    """Return what is wrong with a cause, and what to do.

    >>> told(Contradiction(3, "trade_turnover:2023", "revision"))
    "row 3 (trade_turnover:2023), causes: 'revision' is excluded; take it out, or mend the column that excludes it"
    """
    where = f"row {contradiction.row} ({contradiction.key}), causes"
    return f"{where}: '{contradiction.cause}' is excluded; take it out, or mend the column that excludes it"


def row_to_paste(verdict: Mapping) -> Sequence[str]:
    """Return the row that pins a verdict today, its causes and its explanation left for the author to write.

    >>> row_to_paste({"id": "trade_turnover:2023", "verdict": "undecided", "claims": ["c001", "c014"]})[:3]
    ('trade_turnover:2023', 'undecided', 'c001;c014')
    """
    today = datetime.date.today().isoformat()
    return verdict["id"], verdict["verdict"], ";".join(verdict["claims"]), "", "", today


def _indented(rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"  {row}" for row in as_csv((), rows).decode().splitlines() if row]
