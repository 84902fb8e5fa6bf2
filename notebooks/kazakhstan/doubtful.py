"""Official figures whose quotation is in doubt: in no series and no verdict, and marked wherever they are shown."""

from __future__ import annotations

from claims.ledger.model import Claim, Ledger
from claims.ledger.official import as_claim
from claims.results.finding import Finding

__all__ = ["DOUBTFUL", "DOUBTFUL_NOTE", "doubtful_claims", "doubtful_figures", "is_doubtful"]

DOUBTFUL = "†"
DOUBTFUL_NOTE = f"{DOUBTFUL} Doubtful, for the reason given in [Table](#tbl-official), and in no verdict."


def doubtful_claims(ledger: Ledger, indicator: str) -> list[Claim]:
    """Return the doubtful figures of an indicator as claims, in the order of official.csv."""
    figures = (figure for figure in ledger.official.values() if figure.doubtful)
    return [as_claim(figure) for figure in figures if figure.indicator == indicator]


def doubtful_figures(ledger: Ledger, indicator: str, authority: str) -> dict[str, Claim]:
    """Return the doubtful figures of an indicator by an authority, by the period's key."""
    claims = doubtful_claims(ledger, indicator)
    return {claim.period.key: claim for claim in claims if ledger.official[claim.id].authority == authority}


def is_doubtful(ledger: Ledger, level: Claim | Finding | None) -> bool:
    """Return whether a level is a doubtful figure, or is computed from one without a step between."""
    inputs = level.inputs.values() if isinstance(level, Finding) else [level.id] if level else []
    ids = [id for input in inputs for id in ([input] if isinstance(input, str) else input)]
    return any(ledger.official[id].doubtful for id in ids if id in ledger.official)
