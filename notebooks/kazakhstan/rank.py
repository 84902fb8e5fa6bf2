"""Did China overtake Russia? The first place among Kazakhstan's trading partners, within one authority and across two.

Kazakh statistics count trade with both partners, so their figures can be compared. The Chinese count of trade with
Kazakhstan is larger, and beside the Kazakh count of trade with Russia it would have put China first a year earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from claims.content.phrases import Link, Marked
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.questions import growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.values import range_link

from kazakhstan import mirror
from kazakhstan.mirror import CHINA, KAZAKHSTAN, SIDES, TURNOVER, Level
from kazakhstan.official_exhibits import level_cell

__all__ = ["RUSSIA", "Lead", "leads", "overtaken", "rank_table"]

RUSSIA = "trade_turnover_with_russia"


@dataclass(frozen=True)
class Lead:
    """How far trade with China is above trade with Russia in one year, by the count of `side` for China.

    Trade with Russia is always by Kazakh statistics; with another side the comparison mixes two counts.
    """

    year: int
    side: str
    china: Level
    russia: Level
    lead: Finding

    @property
    def mixed(self) -> bool:
        """Return whether two authorities are compared."""
        return self.side != KAZAKHSTAN


def leads(ledger: Ledger, reading: Reading) -> list[Lead]:
    """Return the lead of China over Russia in every year with figures for both, first by the Kazakh count alone."""
    russia = _with_year_before(ledger, reading)
    found = []
    for side in (KAZAKHSTAN, CHINA):
        china = mirror.series(ledger, TURNOVER, side, reading)
        for key in sorted(russia.keys() & china.keys()):
            label = (
                f"Trade with China less trade with Russia, {key}, China by {SIDES[side]}, Russia by Kazakh statistics"
            )
            inputs: dict[str, Any] = {"last": china[key], "first": russia[key]}
            lead = derive(ledger, f"lead_over_russia_{side}_{key}", label, "change", reading, **inputs)
            found.append(Lead(int(key), side, china[key], russia[key], lead))
    return found


def _with_year_before(ledger: Ledger, reading: Reading) -> dict[str, Level]:
    """Return yearly trade with Russia, and what its growth implies for the year before, by the key of the year."""
    levels = {key: one for key, one in mirror.series(ledger, RUSSIA, KAZAKHSTAN, reading).items() if len(key) == 4}
    rates = mirror.series(ledger, f"{RUSSIA}_growth", KAZAKHSTAN, reading)
    for key in levels.keys() & rates.keys():
        before = str(int(key) - 1)
        if before not in levels:
            label = f"Trade with Russia, {before}, Kazakh statistics: from the year after and its growth"
            inputs: dict[str, Any] = {"last": levels[key], "growth": rates[key]}
            implied = derive(ledger, f"{RUSSIA}_{before}_implied", label, "implied_base", reading, **inputs)
            levels[before] = implied
    return levels


def overtaken(found: Iterable[Lead]) -> int | None:
    """Return the year in which China is ahead, and was behind the year before, by the Kazakh count; else None."""
    ahead = {one.year: mirror.interval_of(one.lead) for one in found if not one.mixed}
    for year, span in sorted(ahead.items()):
        before = ahead.get(year - 1)
        if before and mirror.ends_of(span)[0] > 0 > mirror.ends_of(before)[1]:
            return year
    return None


def rank_table(book: Book) -> Exhibit:
    """Table: trade with China beside trade with Russia, within one authority and across two."""
    found = leads(book.ledger, book.reading)
    year = overtaken(found)
    ahead = f"China overtook Russia in <time>{year}</time>" if year else "no year shows that China overtook Russia"
    return book.table(
        _rows(book.ledger, found),
        findings=growth.findings_in(found),
        id="tbl-rank",
        place="appendix",
        title=f"Within Kazakh statistics: {ahead}",
        caption="Trade of Kazakhstan in a year. Trade with Russia is by Kazakh statistics in every row. ‡ Not quoted: "
        "it follows from the year after and its growth.",
        columns={
            "year": "Year",
            "side": "China counted by",
            "china": Column("With China", align="right"),
            "russia": Column("With Russia", align="right"),
            "lead": Column("China ahead by", align="right"),
            "range": "Range",
            "note": "Comparable",
        },
    )


def _rows(ledger: Ledger, found: Iterable[Lead]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": Marked(str(one.year), "date"),
            "side": SIDES[one.side],
            "china": level_cell(ledger, one.china),
            "russia": level_cell(ledger, one.russia),
            "lead": one.lead,
            "range": range_link(one.lead),
            "note": Link("no: two authorities", one.lead.anchor) if one.mixed else "yes",
        }
        for one in found
    )
