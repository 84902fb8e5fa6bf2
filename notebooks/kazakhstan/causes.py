"""What could explain a disagreement on trade only: where goods are valued, and whether they only pass through."""

from __future__ import annotations

from claims.judging.causes import EXCLUDED, OPEN, Case, authority

__all__ = ["RULES"]


def _cif_fob(case: Case) -> str:
    """Return whether goods may be valued at either side of a border; nothing else is."""
    crossing = any("goods" in row.coverage and row.price_basis == "current_usd" for row in case.indicators)
    return OPEN if crossing and authority(case) != EXCLUDED else EXCLUDED


def _transit_or_re_export(case: Case) -> str:
    """Return whether goods or freight may only pass through, by value or by weight."""
    crossing = any("goods" in row.coverage or "transit not said" in row.coverage for row in case.indicators)
    return OPEN if crossing else EXCLUDED


RULES = {"cif_fob": _cif_fob, "transit_or_re_export": _transit_or_re_export}
