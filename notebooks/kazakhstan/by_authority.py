"""How fast did trade grow by each authority's own count, beside the growth that the texts' levels give?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from claims.content.phrases import Marked
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.ledger.official import join_official
from claims.questions import growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.values import range_link

from kazakhstan.doubtful import DOUBTFUL_NOTE
from kazakhstan.mirror import SIDES, TURNOVER, Level, with_doubtful
from kazakhstan.official_exhibits import marked

__all__ = ["growth_by_authority", "growth_table", "keep_growth", "yearly_growth"]


def keep_growth(book: Book, pages: str = "all") -> None:
    """Keep the growth of trade by each authority as `pages` quote it, also where the book has no official figures."""
    book.keep(growth.findings_in(yearly_growth(join_official(book.ledger, pages=pages), book.reading)))


def growth_by_authority(book: Book) -> Exhibit:
    """Table: growth of trade between years in a row, by Chinese customs, by Kazakh statistics and by the texts."""
    rows = yearly_growth(book.ledger, book.reading)
    return book.table(
        growth_table(book.ledger, rows),
        findings=growth.findings_in(rows),
        id="tbl-growth-by-authority",
        title="Growth of trade by each authority’s own count",
        caption="Growth between levels of the same authority in years in a row, in current dollars. " + DOUBTFUL_NOTE,
        columns={
            "year": "Year",
            "china_customs": Column("Chinese customs", align="right"),
            "china_customs_range": "Chinese range",
            "kz_statistics": Column("Kazakh statistics", align="right"),
            "kz_statistics_range": "Kazakh range",
        },
    )


def yearly_growth(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the growth of trade from one year to the next by each authority, a row a year that has it.

    In a row: year, and by side a finding or None, and `levels`, those that it is computed from. A year of which an
    authority has only a doubtful figure has that.
    """
    series = {side: with_doubtful(ledger, TURNOVER, side, reading) for side in SIDES}
    rows: dict[int, dict] = {}
    for side, own in series.items():
        for year in (int(key) for key in own if len(key) == 4 and str(int(key) - 1) in own):
            row = rows.setdefault(year, {"year": str(year), **dict.fromkeys(SIDES), "levels": {}})
            last, first = own[str(year)], own[str(year - 1)]
            row[side] = _growth(ledger, last, first, side, year, reading)
            row["levels"] |= {last.id: last, first.id: first}
    return [rows[year] for year in sorted(rows)]


def _growth(ledger: Ledger, last: Level, first: Level, side: str, year: int, reading: Reading) -> Finding:
    name, label = f"growth_{TURNOVER}_{side}_{year - 1}_{year}", f"Growth of trade by {SIDES[side]}"
    return derive(ledger, name, f"{label}, {year - 1} to {year}", "growth", reading, last=last, first=first)


def growth_table(ledger: Ledger, rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `yearly_growth` as a table: year, and growth and its range by side."""
    table = []
    for row in rows:
        cells: dict[str, object] = {"year": Marked(row["year"], "date")}
        for side in SIDES:
            cells[side] = marked(ledger, row[side], row[side])
            cells[f"{side}_range"] = range_link(row[side]) if row[side] else None
        table.append(cells)
    return pd.DataFrame(table)
