"""Who has the surplus? Kazakhstan's exports to China less its imports from there, by the count of either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.questions import growth
from claims.results.anchors import anchor
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.sentences import phrase
from claims.words.values import range_link

from kazakhstan import mirror, trade_charts
from kazakhstan.doubtful import DOUBTFUL_NOTE, doubtful_figures
from kazakhstan.mirror import EXPORTS, IMPORTS, SIDES, Level
from kazakhstan.official_exhibits import level_cell, marked
from kazakhstan.sides import name_sides

__all__ = ["Balance", "balance_chart", "balances", "balances_drawn", "balances_table", "opposed", "sign", "surplus"]


@dataclass(frozen=True)
class Balance:
    """Kazakhstan's trade in goods with China in one year by one count: exports, imports, and exports less imports.

    `doubtful` where a page is in doubt about the year of its figures; such a balance is shown and never used.
    """

    side: str
    year: int
    exports: Level
    imports: Level
    balance: Finding
    doubtful: bool = False


def balances(ledger: Ledger, reading: Reading) -> list[Balance]:
    """Return the balance of every year for which a count has both directions, and of doubtful years, by year."""
    found = []
    for side, levels in mirror.levels_by_side(ledger, reading).items():
        own: dict[int, dict[str, Level]] = {}
        for (flow, key), level in levels.items():
            if len(key) == 4 and flow in mirror.FLOWS:
                own.setdefault(int(key), {})[flow] = level
        doubtful = _doubtful(ledger, side)
        for year, pair in (own | {year: pair for year, pair in doubtful.items() if len(own.get(year, ())) < 2}).items():
            if pair.keys() >= mirror.FLOWS.keys():
                found.append(_balance(ledger, side, year, pair, reading, doubtful=pair is doubtful.get(year)))
    return sorted(found, key=lambda one: (one.year, list(SIDES).index(one.side)))


def _doubtful(ledger: Ledger, side: str) -> dict[int, dict[str, Level]]:
    """Return the flows of a side that pages quote for a year that is in doubt, by year."""
    own: dict[int, dict[str, Level]] = {}
    for flow in mirror.FLOWS:
        for key, claim in doubtful_figures(ledger, flow, side).items():
            if len(key) == 4:
                own.setdefault(int(key), {})[flow] = claim
    return own


def _balance(ledger: Ledger, side: str, year: int, pair: dict[str, Level], reading: Reading, doubtful: bool) -> Balance:
    exports, imports = pair[EXPORTS], pair[IMPORTS]
    label = f"Kazakhstan's exports to China less its imports from there, {year}, {SIDES[side]}"
    label += " (year in doubt)" if doubtful else ""
    name = f"balance_{side}_{year}"
    result = derive(ledger, name, label, "difference", reading, one=exports, other=imports)
    return Balance(side, year, exports, imports, result, doubtful)


def sign(one: Balance) -> int:
    """Return 1 for a surplus of Kazakhstan, -1 for a deficit, 0 where rounding leaves both possible."""
    low, high = mirror.ends_of(mirror.interval_of(one.balance))
    return (low > 0) - (high < 0)


def opposed(found: Iterable[Balance]) -> list[int]:
    """Return the years in which one count gives Kazakhstan a surplus and the other a deficit."""
    signs: dict[int, set[int]] = {}
    for one in found:
        if not one.doubtful:
            signs.setdefault(one.year, set()).add(sign(one))
    return [year for year, of in signs.items() if of >= {1, -1}]


def surplus(book: Book) -> Exhibit:
    """Table: Kazakhstan's balance of trade with China in each year, by either count."""
    found = balances(book.ledger, book.reading)
    return book.table(
        balances_table(book.ledger, found),
        findings=growth.findings_in(found),
        id="tbl-balance",
        place="appendix",
        title="Kazakhstan’s balance of trade with China by either count",
        caption="Goods that Kazakhstan sends to China less goods that it gets from there. ‡ Not quoted, but worked out "
        "from what is. " + DOUBTFUL_NOTE,
        columns={
            "year": "Year",
            "side": "Counted by",
            "exports": Column("Sent", align="right"),
            "imports": Column("Received", align="right"),
            "balance": Column("Balance", align="right"),
            "range": "Range",
        },
    )


def balances_table(ledger: Ledger, found: Iterable[Balance]) -> pd.DataFrame:
    """Return balances as a table: year, side, exports, imports, balance, range."""
    return pd.DataFrame(
        {
            "year": Marked(str(one.year), "date"),
            "side": SIDES[one.side],
            "exports": level_cell(ledger, one.exports),
            "imports": level_cell(ledger, one.imports),
            "balance": marked(ledger, one.balance, one.balance),
            "range": range_link(one.balance),
        }
        for one in found
    )


def balance_chart(book: Book) -> Exhibit:
    """Figure: Kazakhstan's balance of trade with China in each year, by either count."""
    found = balances(book.ledger, book.reading)
    drawn = balances_drawn(found)
    return book.figure(
        trade_charts.balance(drawn, book.ledger),
        findings=growth.findings_in(found),
        id="fig-balance",
        name="balance",
        title=_title(found),
        caption="Goods sent to China less goods received from there, in a year, in current dollars. Lines from mark "
        "to mark: the gap between the counts. Bands around a mark: what rounding allows; where none is seen, it is too "
        "little to draw. Hollow: the page that quotes the figures is in doubt about their year.",
        alt=_alt(found),
        data=name_sides(drawn, book.ledger),
        evidence="from",
        headings={
            "year": "Year",
            "side": "Who counts",
            "point": "Exports to China less imports from there, $",
            "low": "At least, $",
            "high": "At most, $",
            "doubtful": "Year in doubt",
            "shown": "Label",
        },
        kinds={"year": "date"},
        source="Official figures as quoted on web pages, or worked out from them.",
    )


def _title(found: Iterable[Balance]) -> str:
    years = opposed(found)
    if not years:
        return "Kazakhstan’s balance of trade with China depends on who counts"
    plus, minus = sorted(
        (one for one in found if one.year == years[-1]), key=lambda one: mirror.point(one.balance), reverse=True
    )
    return (
        f"In <time>{years[-1]}</time> Kazakhstan had a surplus of {{{plus.balance.id}}} with China by its own count, "
        f"and a deficit of {{{minus.balance.id}:size}} by China’s"
        if plus.side == mirror.KAZAKHSTAN
        else f"In <time>{years[-1]}</time> the two counts gave Kazakhstan’s balance with China opposite signs"
    )


def balances_drawn(found: Iterable[Balance]) -> pd.DataFrame:
    """Return balances to draw: year, side, point, low, high (US dollars), doubtful, shown, from."""
    rows = []
    for one in found:
        low, high = mirror.ends_of(mirror.interval_of(one.balance))
        point = float(mirror.point(one.balance))
        rows.append(
            {
                "year": one.year,
                "side": one.side,
                "point": point,
                "low": float(low),
                "high": float(high),
                "doubtful": one.doubtful,
                "shown": f"{point / 1e9:+.1f} bn".replace("-", "−$").replace("+", "+$"),
                "from": one.balance.id,
            }
        )
    return pd.DataFrame(rows)


def _alt(found: Iterable[Balance]) -> Phrase:
    alt = phrase("Dots to the right of a line for a surplus of Kazakhstan, to the left for a deficit.")
    for one in found:
        doubt = " (doubtful year)" if one.doubtful else ""
        alt += phrase(
            " {year}, {side}: {balance}" + doubt + ".",
            year=Marked(str(one.year), "date"),
            side=Link(SIDES[one.side], anchor(one.balance.id)),
            balance=one.balance,
        )
    return alt
