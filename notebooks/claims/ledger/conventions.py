"""Conventions that change the ledger itself: windows, the grouping of sectors, official figures.

Each function returns the ledger as somebody with another convention would have entered it; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from claims.ledger import official
from claims.ledger.model import Claim, Ledger, Period, Sector

__all__ = [
    "GROUPINGS", "WINDOWS", "WITHOUT", "OwnPeriod", "apply_conventions", "apply_window", "group_sectors",
    "series_authorities",
]  # fmt: skip

WINDOWS = ("reference_date", "own")
GROUPINGS = ("sectors", "isic")
WITHOUT = "without"  # any official figures


@dataclass(frozen=True)
class OwnPeriod(Period):
    """A period of the text `text` alone, so that no other text's figure is on the same quantity."""

    text: str

    @property
    def key(self) -> str:
        """Return the period's key with the text it is of."""
        return f"{super().key}@{self.text}"


def apply_conventions(ledger: Ledger, window: str = "reference_date", with_official: str = "without") -> Ledger:
    """Return the ledger under the conventions that the parameters `window` and `official` name."""
    _refuse("official", with_official, (WITHOUT, *series_authorities(ledger)))
    joined = ledger if with_official == WITHOUT else official.join_official(ledger, [with_official])
    return apply_window(joined, window)


def series_authorities(ledger: Ledger) -> tuple[str, ...]:
    """Return the authorities whose figures may be joined: those of the subject, else all that are quoted."""
    return ledger.subject.series or tuple(sorted({figure.authority for figure in ledger.official.values()}))


def apply_window(ledger: Ledger, window: str) -> Ledger:
    """Return the ledger with inferred windows ("the past 15 years") as they are entered, or separate for each text.

    `reference_date` counts them back from the date of their text, so texts of one day share a window; `own` makes each
    window its text's own, not to be compared with another's. A single month is no such window: it ends where it ends.
    """
    _refuse("window", window, WINDOWS)
    if window == "reference_date":
        return ledger
    return replace(ledger, claims={id: _with_own_window(claim) for id, claim in ledger.claims.items()})


def group_sectors(ledger: Ledger, grouping: str) -> Ledger:
    """Return the ledger with its sectors as they are entered (`sectors`), or merged by ISIC section (`isic`).

    Sectors whose first ISIC section is the same become one, under the id of the first and with the labels of all.
    """
    _refuse("grouping", grouping, GROUPINGS)
    if grouping == "sectors":
        return ledger
    heads: dict[str, Sector] = {}
    into: dict[str, str] = {}
    for sector in ledger.sectors.values():
        section = sector.isic[0] if sector.isic else sector.id
        head = heads.get(section)
        label = f"{head.label}, {sector.label.lower()}" if head else sector.label
        heads[section] = replace(head or sector, label=label, isic=(section,) if sector.isic else ())
        into[sector.id] = heads[section].id
    agreements = {
        id: replace(item, sectors=tuple(dict.fromkeys(into[sector] for sector in item.sectors)))
        for id, item in ledger.agreements.items()
    }
    return replace(ledger, sectors={sector.id: sector for sector in heads.values()}, agreements=agreements)


def _with_own_window(claim: Claim) -> Claim:
    period = claim.period
    if period.kind != "window" or period.basis != "inferred" or period.month:
        return claim
    return replace(claim, period=OwnPeriod(period.start, period.end, period.kind, period.basis, claim.source))


def _refuse(name: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {given!r}")
