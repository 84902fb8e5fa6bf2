"""What could explain a disagreement on trade only: where goods are valued, and whether they only pass through."""

from __future__ import annotations

from claims.judging.causes import EXCLUDED, OPEN, Case, authority

__all__ = ["RULES"]


def _cif_fob(case: Case) -> str:
    """Goods that cross a border are valued at one side of it or the other; nothing else is."""
    crossing = any("goods" in one.coverage and one.price_basis == "current_usd" for one in case.indicators)
    return OPEN if crossing and authority(case) != EXCLUDED else EXCLUDED


def _transit_or_re_export(case: Case) -> str:
    """What crosses a border may only pass through, by value and by weight."""
    crossing = any("goods" in one.coverage or "transit not said" in one.coverage for one in case.indicators)
    return OPEN if crossing else EXCLUDED


RULES = {"cif_fob": _cif_fob, "transit_or_re_export": _transit_or_re_export}
