"""The aim declared for trade, a multiple of its level: the paths to it, as a figure draws and describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.content.phrases import Marked, Phrase
from claims.ledger.model import Claim
from claims.results.finding import Finding
from claims.words.sentences import phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["paths", "paths_alt", "target_band"]


def paths(doubled: list[dict], level: Claim, steps: int = 40) -> pd.DataFrame:
    """Return the paths to draw for `doubling`: rate_pct, year, trade_usd, from (ids); `steps` + 1 points each."""
    import pandas as pd

    start, first = int(level.period.end[:4]), float(level.point)
    rows = []
    for row in doubled:
        years = float(row["years"].value)
        for step in range(steps + 1):
            elapsed = years * step / steps
            rows.append(
                {
                    "rate_pct": row["rate_pct"],
                    "year": start + elapsed,
                    "trade_usd": first * (1 + row["rate_pct"] / 100) ** elapsed,
                    "from": f"{level.id} {row['years'].id}",
                }
            )
    return pd.DataFrame(rows)


def paths_alt(doubled: list[dict], target: Finding) -> Phrase:
    """Return the alt text of the figure of `paths`: when each path reaches the target."""
    reached = phrase("Curves from the latest level of trade to the level aimed at, {target}, after", target=target)
    for place, row in enumerate(doubled):
        rate = Marked(f"{row['rate_pct']:g}%", "parameter")
        joint = "" if not place else ","
        reached = reached + phrase(f"{joint} {{years}} at {{rate}}", years=row["years"], rate=rate)
    return reached + "."


def target_band(target: Finding) -> tuple[float, float, float]:
    """Return a target and its bounds in billions of dollars, to draw."""
    span = target.interval
    if target.value is None or span is None or span.low is None or span.high is None:
        raise ValueError(f"{target.id} has no value or no bounds to draw")
    return float(target.value) / 1e9, float(span.low) / 1e9, float(span.high) / 1e9
