"""What do the texts say, in one page? The headline results of the other notebooks, as they left them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .findings import Finding

if TYPE_CHECKING:
    import pandas as pd

SHARE = "share_"
HEADLINES = {
    "growth_trade_turnover_2023_2024": "Growth",
    "growth_per_year_trade_turnover_1992_2024": "Growth",
    "base_c044_c045": "Growth",
    "rate_to_double": "Growth",
    "growth_per_year_crop_exports_to_china_volume_2019_2023": "Growth",
    "pace_gap_c008_c012": "Growth",
    "gap_over_smaller_china_investment_cumulative_2009_07_03_to_2024_07_03": "Disagreements",
    "gap_over_smaller_china_share_of_kz_trade_2023": "Disagreements",
    "implied_total_c061_c057": "Sector shares",
    "concentration_pooled": "Sector shares",
}


def headlines(found: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row per headline: label, value (finding), range, chapter. Raises KeyError naming all that are missing."""
    import pandas as pd

    missing = [id for id in HEADLINES if id not in found]
    if missing:
        raise KeyError(f"no notebook left the findings {', '.join(missing)}; mend HEADLINES in claims/overview.py")
    rows = [
        {"label": found[id].label, "value": found[id], "range": found[id].range, "chapter": chapter}
        for id, chapter in HEADLINES.items()
    ]
    return pd.DataFrame(rows)


def sectors_sentence(found: Mapping[str, Finding]) -> str:
    """Return a sentence template on the sectors that lead the lists, from the findings of the notebook on shares."""
    shares = [finding for id, finding in found.items() if id.startswith(SHARE)]
    leading = sorted(shares, key=lambda finding: (-finding.value, finding.id))[:3]
    named = [f"{finding.label.partition(': ')[2].lower()} ({{{finding.id}}})" for finding in leading]
    return (
        "**Sectors.** The texts list {listed_items} fields, projects, documents and goods, restatements removed. Named most are "
        f"{', '.join(named[:-1])} and {named[-1]}. No list carries amounts, so these are shares of words, not of money."
    )
