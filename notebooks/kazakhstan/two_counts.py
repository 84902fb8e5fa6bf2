"""Two counts of one trade over time, with the texts' figures beside them: the chart that opens the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official
from claims.questions import growth
from claims.results.anchors import anchor
from claims.show.book import Book
from claims.show.exhibits import Exhibit
from claims.words.sentences import listed_phrases, phrase

from kazakhstan import mirror, trade_charts
from kazakhstan.doubtful import is_doubtful
from kazakhstan.mirror import CHINA, KAZAKHSTAN, SIDES, TURNOVER, Pair, point
from kazakhstan.sides import NO_AUTHORITY, TEXTS, UNNAMED, name_sides

__all__ = ["over_time", "over_time_alt", "over_time_table", "over_time_title"]

_NAMED = {**SIDES, **NO_AUTHORITY}


def over_time(book: Book, pages: str = "all") -> Exhibit:
    """Figure: trade year by year by the Chinese and the Kazakh count, with what the texts print."""
    ledger = mirror.joined(book.ledger, pages)
    pairs = mirror.turnover(ledger, book.reading)
    drawn = over_time_table(ledger, pairs, book.reading)
    return book.figure(
        trade_charts.two_counts(drawn, ledger),
        findings=growth.findings_in(pairs),
        id="fig-trade-over-time",
        name="trade_over_time",
        title=over_time_title(ledger, pairs),
        caption="Bars in the marks: what rounding allows; where none is seen, it is too little to draw. Dotted: no "
        "page quotes the years between. Hollow marks: the year or the authority is in doubt.",
        alt=over_time_alt(drawn),
        data=name_sides(drawn, ledger),
        evidence="from",
        headings={
            "side": "Who counts",
            "year": "Year",
            "point": "Trade in the year, $",
            "low": "At least, $",
            "high": "At most, $",
            "sure": "Year and authority are sure",
            "shown": "Label",
        },
        kinds={"year": "date"},
        source="Chinese customs and Kazakh statistics, as web pages quote them, and the texts.",
    )


def over_time_table(ledger: Ledger, pairs: Sequence[Pair], reading: Reading) -> pd.DataFrame:
    """Return yearly trade to draw, from the first of the years in a decade that both sides count.

    A row per figure: side (an authority, "texts" or "unnamed"), year, point, low, high (US dollars), sure, shown (words
    beside the dot) and from (ids). Texts that print one value for a year are one row. A figure of an unnamed authority
    is there for a year that neither side counts, a doubtful one for a year that its side does not count otherwise.
    """
    yearly = {int(pair.period.key): pair for pair in pairs if pair.period.kind == "year"}
    both = [year for year, pair in yearly.items() if pair.ratio and not is_doubtful(ledger, pair.ratio)]
    start, latest = min(both), max(both)
    rows = []
    for side, name in ((CHINA, "china"), (KAZAKHSTAN, "kazakhstan")):
        own = {year: level for year, pair in yearly.items() if (level := getattr(pair, name)) and year >= start}
        own = {year: level for year, level in own.items() if not is_doubtful(ledger, level)}
        marked = {start, max(own)} if side == CHINA else {start, latest}
        for year, level in own.items():
            span = mirror.span_of(ledger, level, reading)
            shown = f"{_words(float(point(level)))}\nin {year}" if side != CHINA and year == latest else year in marked
            rows.append(_row(side, year, float(point(level)), span, level.id, shown=shown))
        rows += _doubtful(ledger, side, own.keys(), start, reading)
    rows += _unnamed(ledger, yearly.keys(), start, reading)
    rows += _printed(ledger, start, reading)
    table = pd.DataFrame(rows)
    order = table["side"].map(list(_NAMED).index)
    return table.assign(order=order).sort_values(["order", "year", "point"], ignore_index=True).drop(columns="order")


def _row(
    side: str, year: int, value: float, span: Interval, ids: str, sure: bool = True, shown: bool | str = False
) -> dict[str, Any]:
    words = shown if isinstance(shown, str) else _words(value) if shown else ""
    low, high = (value if end is None else float(end) for end in (span.low, span.high))
    return {
        "side": side, "year": year, "point": value, "low": low, "high": high, "sure": sure, "shown": words, "from": ids
    }  # fmt: skip


def _words(usd: float) -> str:
    return f"${usd / 1e9:.1f} bn"


def _official(ledger: Ledger, start: int) -> list[Official]:
    """Return the yearly totals that pages quote, doubtful ones too, from a year on."""
    return [
        figure
        for figure in ledger.official.values()
        if figure.indicator == TURNOVER and figure.period.kind == "year" and int(figure.period.key) >= start
    ]


def _doubtful(ledger: Ledger, side: str, counted: Iterable[int], start: int, reading: Reading) -> list[dict]:
    return [
        _row(
            side,
            int(one.period.key),
            float(one.point),
            ledger.interval(one, reading),
            one.id,
            sure=False,
            shown="in doubt",
        )
        for one in _official(ledger, start)
        if one.doubtful and one.authority == side and int(one.period.key) not in counted
    ]  # fmt: skip


def _unnamed(ledger: Ledger, counted: Iterable[int], start: int, reading: Reading) -> list[dict]:
    figures = [one for one in _official(ledger, start) if not one.doubtful and one.authority not in SIDES]
    figures = [one for one in figures if int(one.period.key) not in counted]
    lowest = min(figures, key=lambda one: one.point, default=None)
    words = {1: "not said whose count", 2: "neither says whose count"}.get(len(figures), "none says whose count")
    return [
        _row(
            UNNAMED, int(one.period.key), float(one.point), ledger.interval(one, reading), one.id, sure=False,
            shown=words if one is lowest else "",
        )
        for one in figures
    ]  # fmt: skip


def _printed(ledger: Ledger, start: int, reading: Reading) -> list[dict]:
    """Return the yearly totals of the texts, a row for each value of a year."""
    groups: dict[tuple[int, Any], list[Claim]] = {}
    for claim in ledger.of(TURNOVER):
        if claim.period.kind == "year" and claim.id not in ledger.official and int(claim.period.key) >= start:
            groups.setdefault((int(claim.period.key), claim.point), []).append(claim)
    rows = []
    for (year, value), claims in groups.items():
        texts = len({claim.source for claim in claims})
        words = f"{texts} texts:\n${float(value) / 1e9:.0f} bn" if texts > 1 else ""
        ids = " ".join(claim.id for claim in claims)
        rows.append(_row(TEXTS, year, float(value), ledger.interval(claims[0], reading), ids, shown=words))
    return rows


def over_time_title(ledger: Ledger, pairs: Sequence[Pair]) -> str:
    """Return a sentence template: how far both counts of the latest year that is not in doubt lie apart."""
    both = [pair for pair in pairs if pair.period.kind == "year" and pair.ratio and not is_doubtful(ledger, pair.ratio)]
    latest = max(both, key=lambda pair: pair.period.key)
    assert latest.difference is not None
    return (
        f"China counts {{{latest.difference.id}}} more trade with Kazakhstan in "
        f"<time>{latest.period.key}</time> than Kazakhstan does, and the texts match the Chinese count"
    )


def over_time_alt(drawn: pd.DataFrame) -> Phrase:
    """Return the alt text of the figure: every figure of each count, of the texts, and of unnamed authorities."""
    alt = phrase("A line for each count, far apart and rising; dots for the texts, on the upper line.")
    for side, name in _NAMED.items():
        figures = [
            phrase(
                "{year} {value}" + ("" if row["sure"] else " (in doubt)"),
                year=Marked(str(row["year"]), "date"),
                value=Link(f"${row['point'] / 1e9:.3g} billion", anchor(row["from"].split()[0])),
            )
            for row in drawn[drawn["side"] == side].to_dict("records")
        ]
        alt = alt + f" {name}: " + listed_phrases(figures) + "." if figures else alt
    return alt
