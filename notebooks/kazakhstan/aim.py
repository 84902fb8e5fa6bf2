"""The aim declared for trade, a multiple of its level: the paths to it, as a figure draws and describes them."""

from __future__ import annotations

import pandas as pd
from claims.content.phrases import Marked, Phrase
from claims.ledger.model import Claim
from claims.results.finding import Finding
from claims.words.sentences import phrase

__all__ = ["paths", "paths_alt", "target_band"]


def paths(doubled: list[dict], level: Claim, steps: int = 40) -> pd.DataFrame:
    """Return the paths to draw for `doubling`: rate_pct, year, trade_usd, from (ids); `steps` + 1 points each."""
    start, first = int(level.period.end[:4]), float(level.point)
    return pd.DataFrame(
        {
            "rate_pct": row["rate_pct"],
            "year": start + elapsed,
            "trade_usd": first * (1 + row["rate_pct"] / 100) ** elapsed,
            "from": f"{level.id} {row['years'].id}",
        }
        for row in doubled
        for elapsed in (float(row["years"].value) * step / steps for step in range(steps + 1))
    )


def paths_alt(doubled: list[dict], target: Finding) -> Phrase:
    """Return the alt text of the figure of `paths`: when each path reaches the target."""
    alt = phrase("Curves from the latest level of trade to the level aimed at, {target}, after", target=target)
    for place, row in enumerate(doubled):
        rate = Marked(f"{row['rate_pct']:g}%", "parameter")
        alt += phrase(", {years} at {rate}" if place else " {years} at {rate}", years=row["years"], rate=rate)
    return alt + "."


def target_band(target: Finding) -> tuple[float, float, float]:
    """Return a target and its bounds in billions of dollars, to draw."""
    span = target.interval
    if target.value is None or span is None or span.low is None or span.high is None:
        raise ValueError(f"{target.id} has no value or no bounds to draw")
    return float(target.value) / 1e9, float(span.low) / 1e9, float(span.high) / 1e9
