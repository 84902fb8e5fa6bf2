"""What do the texts say, in one page? The headline results of the other notebooks, as they left them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .findings import Finding, escaped, uncapitalised
from .ledger import Ledger, independent

if TYPE_CHECKING:
    import pandas as pd

SHARE = "share_"
HEADLINES = {
    "growth_trade_turnover_2023_2024": "Growth of trade from 2023 to 2024",
    "growth_per_year_trade_turnover_1992_2024": "Growth of trade a year since 1992, compound",
    "rate_to_double": "Growth a year that doubles the 2023 level by the horizon",
    "pace_gap_c008_c012": "Four times the first quarter of 2024, against 2023",
    "gap_over_smaller_china_investment_cumulative_2009_07_03_to_2024_07_03": (
        "Gap between two sums of Chinese investment, of the smaller"
    ),
    "gap_over_smaller_china_share_of_kz_trade_2023": "Gap between two figures of China's share, of the smaller",
    "implied_total_c061_c057": "Kazakhstan's trade that China's share implies",
}


def headlines(found: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row per headline: label, value (finding), range. Raises KeyError naming all that are missing."""
    import pandas as pd

    missing = [id for id in HEADLINES if id not in found]
    if missing:
        raise KeyError(f"no notebook left the findings {', '.join(missing)}; mend HEADLINES in claims/overview.py")
    return pd.DataFrame(
        [{"label": label, "value": found[id], "range": found[id].range} for id, label in HEADLINES.items()]
    )


def apart_sentence(ledger: Ledger) -> str:
    """Return a sentence template on the disagreements pinned in the ledger: what is printed, and in which texts."""
    pinned = [known for known in ledger.known.values() if known.verdict == "inconsistent"]
    told = []
    for known in pinned:
        claims = independent(ledger.claim(id) for id in known.claims)
        label = uncapitalised(ledger.indicators[claims[0].indicator].label)
        figures = " against ".join(f"{{{claim.id}}} ({claim.source})" for claim in claims)
        told.append(f"{escaped(label)}, {claims[0].period.label}: {figures}")
    return f"They are {'; and '.join(told)}." if told else ""


def sectors_sentence(found: Mapping[str, Finding]) -> str:
    """Return a sentence template on the sectors that lead the lists, from the findings of the notebook on shares."""
    shares = [finding for id, finding in found.items() if id.startswith(SHARE)]
    leading = sorted(shares, key=lambda finding: (-finding.value, finding.id))[:4]
    named = [f"{escaped(finding.label.partition(': ')[2].lower())} ({{{finding.id}}})" for finding in leading]
    return (
        "**Sectors.** The texts list {listed_items} fields, projects, documents and goods. Named most, and nearly "
        f"equally often, are {', '.join(named[:-1])} and {named[-1]}. No list gives amounts for its items: these are "
        "shares of words."
    )
