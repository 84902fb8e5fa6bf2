"""The total trade of Kazakhstan that the shares of China in it imply, and what it leaves for the rest of the year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
from claims.content.phrases import Marked
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger, independent
from claims.questions import growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.labels import dated_text, source_link
from claims.words.values import range_link

from kazakhstan import mirror
from kazakhstan.mirror import authority_of

__all__ = ["implied_totals", "totals", "totals_table"]

_SHARE = "china_share_of_kz_trade"


def implied_totals(book: Book) -> Exhibit:
    """Table: the total trade of Kazakhstan that each share of China implies."""
    rows = totals(book.ledger, book.reading)
    return book.table(
        totals_table(rows),
        findings=growth.findings_in(rows),
        id="tbl-totals",
        place="appendix",
        title="The total trade of Kazakhstan that each share of China implies",
        caption="A share and a turnover imply the total. The remaining months have that total less the known total of "
        "the earlier months; the last column is what as many of the earlier months had on average.",
        columns={
            "share": Column("Share", align="right"),
            "where": "Printed by",
            "period": "Period",
            "turnover": Column("Turnover", align="right"),
            "side": "Counted by",
            "range": "Implied total",
            "rest": "Remaining months",
            "mean": "As many earlier months",
        },
    )


def totals(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the totals of Kazakh trade that shares of China in it imply: share, side, turnover, total, rest, mean.

    A share that a text prints is tried with the turnover of either series; one that a page quotes with the turnover of
    the same authority and period. For a total of a year, `rest` is what it leaves for the months after those of the
    longest part of the year with a share, and `mean` is the average of that part for as many months.
    """
    rows: list[dict[str, Any]] = []
    for share in independent(ledger.of(_SHARE)):
        if share.hedge != "none":
            continue
        own = authority_of(ledger, share)
        for side in (own,) if own else mirror.SIDES:
            level = mirror.series(ledger, mirror.TURNOVER, side, reading).get(share.period.key)
            if level:
                name, by = f"kz_total_{share.id}_{side}", mirror.SIDES[side]
                label = f"Trade of Kazakhstan, {share.period.label}, if {dated_text(share)} is of the turnover by {by}"
                inputs: dict[str, Any] = {"part": level, "share": share}
                total = derive(ledger, name, label, "implied_total", reading, **inputs)
                rows.append({"share": share, "side": side, "turnover": level, "total": total})
    for row in rows:
        period = row["share"].period
        parts = [one for one in rows if one["share"].period.kind == "window"]
        parts = [part for part in parts if part["share"].period.start == period.start]
        if parts and period.kind == "year":
            row |= _rest(ledger, row, max(parts, key=lambda part: part["share"].period.end), reading)
    return rows


def _rest(ledger: Ledger, row: Mapping, months: Mapping, reading: Reading) -> dict[str, Finding]:
    passed = int(months["share"].period.end[5:7])
    left, name = 12 - passed, row["total"].id
    label = f"{row['total'].label}: what is left for the last {left} months"
    rest = derive(ledger, f"{name}_rest", label, "change", reading, last=row["total"], first=months["total"])
    label = f"{months['total'].label}: as much in {left} months as on average"
    inputs = {"total": months["total"], "time": Fraction(passed, left), "factor": 1}
    mean = derive(ledger, f"{months['total'].id}_mean", label, "mean_rate", reading, "USD", **inputs)
    return {"rest": rest, "mean": mean}


def totals_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `totals` as a table: share, where it is printed, period, turnover, side, range, rest, mean."""
    return pd.DataFrame(
        {
            "share": row["share"],
            "where": source_link(row["share"]),
            "period": Marked(row["share"].period.label, "date"),
            "turnover": row["turnover"],
            "side": mirror.SIDES[row["side"]],
            "range": range_link(row["total"]),
            "rest": range_link(row["rest"]) if "rest" in row else None,
            "mean": range_link(row["mean"]) if "mean" in row else None,
        }
        for row in rows
    )
