"""The aim declared for trade, a multiple of its level: how long it takes, as a table and as paths in a figure."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from claims.content.phrases import Marked, Phrase
from claims.ledger.model import Claim
from claims.questions import growth, growth_exhibits
from claims.results.finding import Finding
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.quoted import Quoted
from claims.words.sentences import phrase

from kazakhstan import charts

__all__ = ["latest_growth", "paths", "paths_alt", "paths_to_the_aim", "target_band", "years_to_the_aim"]


def years_to_the_aim(book: Book, rates_pct: Sequence[float], base_year: int, horizon_year: int) -> Exhibit:
    """Table: years from the latest level of trade to the level aimed at, for each yearly rate in percent."""
    base, level, wish = growth.doubling_claims(book.ledger, base_year, book.reading)
    doubled = growth.doubling(book.ledger, book.reading, base, level, wish, rates_pct)
    target = growth.target(book.ledger, book.reading, base, wish)
    required = growth.required_rate(book.ledger, book.reading, base, level, wish, horizon_year)
    return book.table(
        growth_exhibits.doubling_table(doubled),
        findings=[target, required, *growth.findings_in(doubled)],
        id="tbl-doubling",
        title="Years from the latest level of trade to the level aimed at",
        caption="Constant yearly growth of nominal trade from the latest yearly total. Ranges come from the rounding "
        "of the levels. Reached in: the earliest calendar year whose total is at least the level aimed at.",
        columns={
            "rate": Column("Growth a year", align="right"),
            "years": Column("Years needed", align="right"),
            "range": "Range",
            "year": Column("Reached in", align="right"),
        },
    )


def paths_to_the_aim(book: Book, rates_pct: Sequence[float], base_year: int) -> Exhibit:
    """Figure: paths of trade from its latest level to the level aimed at, for each yearly rate in percent."""
    base, level, wish = growth.doubling_claims(book.ledger, base_year, book.reading)
    doubled = growth.doubling(book.ledger, book.reading, base, level, wish, rates_pct)
    target = growth.target(book.ledger, book.reading, base, wish)
    drawn = paths(doubled, level)
    return book.figure(
        charts.doubling_paths(drawn, target_band(target)),
        id="fig-doubling",
        name="doubling",
        title=growth_exhibits.doubling_title(doubled),
        caption="Paths of nominal trade from the latest level printed, at constant yearly growth; the band is the "
        "level aimed at with its rounding.",
        alt=paths_alt(doubled, target),
        data=drawn,
        evidence="from",
        source="Ledger; rates are parameters of this report.",
    )


def latest_growth(book: Book, base_year: int) -> Quoted:
    """Return the growth of the quantity that the aim is declared for, between its last two printed levels."""
    _, level, _ = growth.doubling_claims(book.ledger, base_year, book.reading)
    return Quoted(growth.latest(growth.between_levels(book.ledger, book.reading), level.indicator))


def paths(doubled: list[dict], level: Claim, steps: int = 40) -> pd.DataFrame:
    """Return the paths to draw for `doubling`: rate_pct, year, trade_usd, from (ids); `steps` + 1 points each."""
    start, first = int(level.period.end[:4]), float(level.point)
    return pd.DataFrame(
        {
            "rate_pct": row["rate_pct"],
            "year": start + elapsed,
            "trade_usd": first * (1 + row["rate_pct"] / 100) ** elapsed,
            "from": f"{level.id} {row['years'].id}",
        }
        for row in doubled
        for elapsed in (float(row["years"].value) * step / steps for step in range(steps + 1))
    )


def paths_alt(doubled: list[dict], target: Finding) -> Phrase:
    """Return the alt text of the figure of `paths`: when each path reaches the target."""
    alt = phrase("Curves from the latest level of trade to the level aimed at, {target}, after", target=target)
    for place, row in enumerate(doubled):
        rate = Marked(f"{row['rate_pct']:g}%", "parameter")
        alt += phrase(", {years} at {rate}" if place else " {years} at {rate}", years=row["years"], rate=rate)
    return alt + "."


def target_band(target: Finding) -> tuple[float, float, float]:
    """Return a target and its bounds in billions of dollars, to draw."""
    span = target.interval
    if target.value is None or span is None or span.low is None or span.high is None:
        raise ValueError(f"{target.id} has no value or no bounds to draw")
    return float(target.value) / 1e9, float(span.low) / 1e9, float(span.high) / 1e9
