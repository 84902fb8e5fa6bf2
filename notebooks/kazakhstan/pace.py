"""How fast did trade grow, by one count from beginning to end? The pace of a decade, a boom and the years since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from claims.content.phrases import Marked
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.questions import draws, growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.values import range_link

from kazakhstan import mirror
from kazakhstan.mirror import CHINA, KAZAKHSTAN, SIDES, TURNOVER, Level
from kazakhstan.official_exhibits import level_cell

__all__ = ["SPANS", "Pace", "drawn_growth", "multiples", "pace", "pace_table", "paces"]

SPANS = (  # a count, the first and the last year: the decade, its years without growth, the boom, the year since
    (CHINA, 2013, 2024),
    (CHINA, 2013, 2021),
    (CHINA, 2021, 2023),
    (CHINA, 2023, 2024),
    (KAZAKHSTAN, 2013, 2023),
)
SINCE, ANNIVERSARIES = 1992, (2022, 2023)  # thirty and thirty-one years later


@dataclass(frozen=True)
class Pace:
    """Trade in two years by one count: what it added, how much it grew in all and in each year."""

    side: str
    start: int
    end: int
    first: Level
    last: Level
    added: Finding
    total: Finding
    yearly: Finding


def pace(ledger: Ledger, side: str, start: int, end: int, reading: Reading) -> Pace | None:
    """Return the pace of trade from one year to another by the count of a side, None where it has no figure."""
    levels = mirror.series(ledger, TURNOVER, side, reading)
    first, last = levels.get(str(start)), levels.get(str(end))
    if first is None or last is None:
        return None
    what, name = f"trade, {start} to {end}, {SIDES[side]}", f"{side}_{start}_{end}"
    inputs: dict[str, Any] = {"last": last, "first": first}
    added = derive(ledger, f"trade_added_{name}", f"Change in {what}", "change", reading, **inputs)
    total = derive(ledger, f"trade_growth_{name}", f"Growth of {what}, in all", "growth", reading, **inputs)
    label = f"Growth a year of {what}"
    yearly = derive(ledger, f"pace_{name}", label, "compound_growth", reading, years=end - start, **inputs)
    return Pace(side, start, end, first, last, added, total, yearly)


def paces(ledger: Ledger, reading: Reading) -> list[Pace]:
    """Return the pace of each of SPANS that has figures."""
    return [found for span in SPANS if (found := pace(ledger, *span, reading))]


def multiples(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return trade by the Chinese count thirty and thirty-one years after diplomatic relations began, as a multiple."""
    levels = mirror.series(ledger, TURNOVER, CHINA, reading)
    first = levels.get(str(SINCE))
    return [
        derive(
            ledger,
            f"multiple_since_{SINCE}_{year}",
            f"Trade of {year} over that of {SINCE}, {SIDES[CHINA]}",
            "multiple",
            reading,
            last=last,
            first=first,
        )
        for year in ANNIVERSARIES
        if first is not None and (last := levels.get(str(year))) is not None
    ]


def drawn_growth(book: Book) -> list[Finding]:
    """Return where the latest growth between the texts' totals lies in even draws from what each level allows.

    The draws are `draws_growth`; the list is empty where the texts print no two yearly totals.
    """
    rows = [row for row in growth.between_levels(book.ledger, book.reading) if row["indicator"] == TURNOVER]
    if not rows:
        return []
    row = max(rows, key=lambda row: (row["last_year"], row["first_year"]))
    levels = {role: row[role] for role in ("last", "first")}
    last, first = (mirror.span_of(book.ledger, one, book.reading) for one in levels.values())
    label = f"Growth of trade, {row['first_year']} to {row['last_year']}, in even draws from both intervals"
    kept = [one for one in levels.values() if isinstance(one, Finding)]
    return [*kept, draws.growth_drawn("draws_growth", label, last, first, levels)]


def pace_table(book: Book, pages: str = "all") -> Exhibit:
    """Table: how fast trade grew over a decade and its parts, each row by one count."""
    ledger = mirror.joined(book.ledger, pages)
    found = paces(ledger, book.reading)
    return book.table(
        _rows(ledger, found),
        findings=[*growth.findings_in(found), *multiples(ledger, book.reading), *drawn_growth(book)],
        id="tbl-pace",
        place="appendix",
        title="How fast trade grew over a decade, each row by the same count throughout",
        caption="Trade in current dollars. A year: the constant yearly growth that leads from the earlier level to "
        "the later.",
        columns={
            "side": "Counted by",
            "years": "Years",
            "first": Column("From", align="right"),
            "last": Column("To", align="right"),
            "added": Column("Added", align="right"),
            "total": Column("In all", align="right"),
            "yearly": Column("A year", align="right"),
            "range": "Range",
        },
    )


def _rows(ledger: Ledger, found: Iterable[Pace]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "side": SIDES[one.side],
            "years": Marked(f"{one.start}–{one.end}", "date"),
            "first": level_cell(ledger, one.first),
            "last": level_cell(ledger, one.last),
            "added": one.added,
            "total": one.total,
            "yearly": one.yearly,
            "range": range_link(one.yearly),
        }
        for one in found
    )
