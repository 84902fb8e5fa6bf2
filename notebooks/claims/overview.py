"""What do the texts say, in one page? The headline results of the other notebooks, as they left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .discrepancies import BY_ROUNDING, CONSISTENT, INCONSISTENT, Verdict, named
from .exhibits import Link
from .findings import Finding, escaped, listed, uncapitalised
from .ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd

SHARE = "share_"
HEADLINES = {
    "growth_trade_turnover_2023_2024": "Growth of trade from 2023 to 2024",
    "growth_per_year_trade_turnover_1992_2024": "Growth of trade a year since 1992, compound",
    "rate_to_double": "Growth a year that doubles the base year's level by the horizon",
    "pace_gap_c008_c012": "Four times the first quarter of 2024, against 2023",
    "implied_total_c061_c057": "Kazakhstan's trade that China's share implies",
}


def headlines(ledger: Ledger, found: Mapping[str, Finding], verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row per headline: label, value (finding), range.

    They are those of HEADLINES and the gap of every disagreement. Raises KeyError naming all that no notebook left.
    """
    import pandas as pd

    apart = {
        f"gap_over_smaller_{verdict.slug}": f"Gap: {uncapitalised(ledger.indicators[verdict.indicator].label)}"
        for verdict in verdicts
        if verdict.word == INCONSISTENT
    }
    shown = HEADLINES | apart
    missing = [id for id in shown if id not in found]
    if missing:
        raise KeyError(f"no notebook left the findings {', '.join(missing)}; mend HEADLINES in claims/overview.py")
    return pd.DataFrame(
        [
            {"label": label, "value": found[id], "range": Link(found[id].range, found[id].anchor)}
            for id, label in shown.items()
        ]
    )


def agreed_sentence(ledger: Ledger, verdicts: Sequence[Verdict]) -> str:
    """Return a sentence template on the quantities (durations left out) that several texts agree on."""
    told = []
    for verdict in verdicts:
        timed = ledger.indicators[verdict.indicator].kind == "duration"
        if verdict.word in (CONSISTENT, BY_ROUNDING) and len(verdict.sources) > 1 and not timed:
            told.append(f"{escaped(uncapitalised(named(ledger, verdict)))} ({', '.join(verdict.sources)})")
    return f"Several texts agree on {'; '.join(told)}." if told else "No quantity is printed alike by several texts."


def sectors_sentence(found: Mapping[str, Finding]) -> str:
    """Return a sentence template on the sectors that lead the lists, from the findings of the notebook on shares."""
    shares = [finding for id, finding in found.items() if id.startswith(SHARE)]
    leading = sorted(shares, key=lambda finding: (-finding.value, finding.id))[:4]
    leaders = [f"{escaped(finding.label.partition(': ')[2].lower())} ({{{finding.id}}})" for finding in leading]
    return (
        "**Sectors.** The texts list {listed_items} fields, projects, documents and goods. Named most are "
        f"{listed(leaders)}. No list gives amounts for its items: these are shares of words."
    )
