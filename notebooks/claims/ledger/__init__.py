"""The ledger as objects: claims, periods, the interval each figure stands for, and other readings of it.

Start with `records` (what a claim is) and `intervals` (what it stands for); `load_ledger` reads a folder, the rules
check it, `conventions` and `readings` are the choices that somebody could have made otherwise.
"""

from claims.ledger.intervals import Interval, Reading
from claims.ledger.loading import load_ledger
from claims.ledger.model import Ledger, LedgerError, UnknownId
from claims.ledger.records import (
    Agreement,
    Claim,
    Indicator,
    KnownDisagreement,
    Official,
    Period,
    Relation,
    Sector,
    Source,
    independent,
)

__all__ = [
    "Agreement", "Claim", "Indicator", "Interval", "KnownDisagreement", "Ledger", "LedgerError", "Official", "Period",
    "Reading", "Relation", "Sector", "Source", "UnknownId", "independent", "load_ledger",
]  # fmt: skip
