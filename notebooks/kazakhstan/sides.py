"""Who counts, in words: charts tell authorities apart by their codes, and the file of a figure names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.ledger.model import Ledger
from claims.words.labels import authority_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_AUTHORITY", "TEXTS", "UNNAMED", "name_sides"]

TEXTS, UNNAMED, UNKNOWN = "texts", "unnamed", "unknown"
NO_AUTHORITY = {TEXTS: "The texts", UNNAMED: "Authority not named"}


def name_sides(drawn: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return a table to draw whose column `side` has names instead of codes."""
    names = {**NO_AUTHORITY, UNKNOWN: NO_AUTHORITY[UNNAMED]}
    return drawn.assign(side=[names.get(side) or authority_label(side, ledger.subject) for side in drawn["side"]])
