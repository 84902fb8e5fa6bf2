"""Known disagreements are pinned: a new one is explained before it is published, and so is one that disappears."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.ledger.rules import CAUSES

from report.runs.extract import as_csv
from report.stops import Unpinned

__all__ = ["FILE", "Comparison", "compare_with_pins", "pin_stops"]

FILE = "known_disagreements.csv"
# By cause: the columns of the ledger that decide whether it can explain a disagreement.
_COLUMNS = {
    "authority": "authority in indicators.csv, or in official.csv",
    "window": "period_start, period_end and period_basis in claims.csv",
    "scope": "coverage in indicators.csv",
    "flow_or_stock": "flow_or_stock and coverage in indicators.csv",
    "gross_or_net": "gross_or_net, flow_or_stock and price_basis in indicators.csv",
    "unit_counted": "integer in indicators.csv",
    "volume_or_value": "price_basis and coverage in indicators.csv",
    "revision": "reference_date in sources.csv: one text prints no revision of its own figures",
    "rounding": "the figures themselves, which no rule of rounding brings together",
    "misplaced_period": "period_basis in claims.csv: the text states these periods",
    "loose_wording": "hedge and precision_wide in claims.csv",
}
Key = tuple[str, str, tuple[str, ...]]  # group, verdict, claims


@dataclass(frozen=True)
class Comparison:
    """Verdicts compared with pins: how many verdicts, new disagreements, pins without one, problems of their causes."""

    compared: int
    new: tuple[Mapping, ...]
    gone: tuple[Key, ...]
    contradicted: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Return whether the ledger disagrees exactly where the pins explain it."""
        return not (self.new or self.gone or self.contradicted)


def compare_with_pins(verdicts: Iterable[Mapping], pins: Iterable) -> Comparison:
    """Return how the verdicts compare with `pins`: rows with a group, a verdict, the claims it is about, and causes."""
    verdicts, pins = list(verdicts), list(pins)
    pinned = {(pin.group, pin.verdict, tuple(sorted(pin.claims))) for pin in pins}
    disagreements = {
        (verdict["id"], verdict["verdict"], tuple(sorted(verdict["claims"]))): verdict
        for verdict in verdicts
        if verdict["pin"]
    }
    new = tuple(disagreements[key] for key in sorted(disagreements.keys() - pinned))
    gone = tuple(sorted(pinned - disagreements.keys()))
    return Comparison(len(verdicts), new, gone, tuple(_find_contradictions(verdicts, pins)))


def _find_contradictions(verdicts: Iterable[Mapping], pins: Sequence) -> Iterator[str]:
    """Yield a problem for every cause of a pin that its verdict's own causes exclude, rows counted as in the file."""
    causes = {verdict["id"]: verdict["causes"] for verdict in verdicts}
    for row, pin in enumerate(pins, start=2):
        excluded = causes.get(pin.group, {}).get("excluded", ())
        for cause in (cause for cause in pin.causes if cause in excluded):
            decided = _COLUMNS.get(cause, "its rule in causes.py of the subject")
            yield f"row {row} ({pin.group}), causes: '{cause}' is excluded by {decided}; remove it, or correct that"


def pin_stops(
    comparison: Comparison, file: str, causes: Iterable[str] = CAUSES, notes: Iterable[str] = ()
) -> list[Unpinned]:
    """Return a stop with the rows to paste into `file` and the rows to delete, none if verdicts and pins agree.

    `notes` are lines for its end: what may have changed the verdicts.
    """
    if comparison.agrees:
        return []
    lines = []
    if comparison.new:
        lines += [
            f"not explained in {file}; paste, and fill in the empty columns, causes and explanation:",
            *_csv_lines(_row_to_paste(verdict) for verdict in comparison.new),
            f"  causes are {', '.join(causes)}; several are separated by semicolons",
        ]
    if comparison.gone:
        lines.append(f"explained in {file}, but no longer found; delete:")
        lines += _csv_lines((group, verdict, ";".join(claims)) for group, verdict, claims in comparison.gone)
    if comparison.contradicted:
        lines.append("causes that the ledger excludes:")
        lines += [f"  {file}, {contradiction}" for contradiction in comparison.contradicted]
    return [Unpinned("\n".join([*lines, *notes]))]


def _row_to_paste(verdict: Mapping) -> Sequence[str]:
    """Return the row that pins a verdict today, with causes and explanation left for the author to write.

    >>> _row_to_paste({"id": "trade_turnover:2023", "verdict": "undecided", "claims": ["c001", "c014"]})[:3]
    ('trade_turnover:2023', 'undecided', 'c001;c014')
    """
    today = datetime.date.today().isoformat()
    return verdict["id"], verdict["verdict"], ";".join(verdict["claims"]), "", "", today


def _csv_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"  {row}" for row in as_csv((), rows).decode().splitlines() if row]
