"""What do the texts say, in one page? The headline results of the other notebooks, as they left them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .discrepancies import named, stated
from .explanations import BY_ROUNDING, CONSISTENT, INCONSISTENT, ranged
from .findings import Finding, Link, escaped, listed, phrase, uncapitalised
from .ledger import Ledger
from .verdicts import Judged

if TYPE_CHECKING:
    import pandas as pd

SHARE = "Share of listed items: "
HEADLINES = {
    "growth_trade_turnover_2023_2024": "Growth of trade from 2023 to 2024",
    "growth_per_year_trade_turnover_1992_2024": "Growth of trade a year since 1992, compound",
    "rate_to_double": "Growth a year that doubles the base year's level by the horizon",
    "pace_gap_c008_c012": "Four times the first quarter of 2024, against 2023",
    "implied_total_c061_c057": "Kazakhstan's trade that China's share implies",
}


def headlines(ledger: Ledger, found: Mapping[str, Finding], judged: Judged) -> pd.DataFrame:
    """Return one row per headline: label, value (finding), range.

    They are those of HEADLINES and the gap of every disagreement. Raises KeyError naming all that no notebook left.
    """
    import pandas as pd

    apart = {
        f"gap_over_smaller_{verdict.slug}": f"Gap: {uncapitalised(ledger.indicators[verdict.indicator].label)}"
        for verdict in stated(judged)
        if verdict.word == INCONSISTENT
    }
    shown = HEADLINES | apart
    missing = [id for id in shown if id not in found]
    if missing:
        raise KeyError(f"no notebook left the findings {', '.join(missing)}; mend HEADLINES in claims/overview.py")
    return pd.DataFrame(
        [
            {"label": Link(label, found[id].anchor), "value": found[id], "range": ranged(found[id])}
            for id, label in shown.items()
        ]
    )


def agreed_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template on the quantities (durations and targets left out) that several texts agree on."""
    told = {word: [] for word in (CONSISTENT, BY_ROUNDING)}
    for verdict in stated(judged):
        timed = ledger.indicators[verdict.indicator].kind in ("duration", "target")
        if verdict.word in told and len(verdict.sources) > 1 and not timed:
            what = Link(uncapitalised(named(ledger, verdict)), verdict.anchor)
            texts = listed([phrase("{text}", text=Link(text, text)).markdown for text in verdict.sources])
            told[verdict.word].append(f"{phrase('{what}', what=what).markdown} ({texts})")
    alike, rounded = ("; ".join(items) for items in told.values())
    said = [f"Several texts print alike {alike}." if alike else "No quantity is printed alike by several texts."]
    return " ".join([*said, *([f"Through rounding they agree on {rounded}."] if rounded else [])])


def sectors_sentence(found: Mapping[str, Finding]) -> str:
    """Return a sentence template on the sectors that lead the lists, from the findings of the notebook on shares."""
    shares = [finding for finding in found.values() if finding.label.startswith(SHARE)]
    leading = sorted(shares, key=lambda finding: (-finding.value, finding.id))[:3]
    leaders = [f"{escaped(finding.label.removeprefix(SHARE).lower())} ({{{finding.id}}})" for finding in leading]
    return (
        "**Sectors.** The texts list {listed_items} fields, projects, documents and goods. Named most are "
        f"{listed(leaders)}. No list gives amounts for its items: these are shares of words."
    )
