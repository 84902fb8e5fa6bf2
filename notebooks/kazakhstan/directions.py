"""Whose growth was it? What trade in each direction added from year to year, by the count of either side.

The figures are those of `mirror`: as quoted on pages, or worked out from what is quoted. "Count" stands for an
authority: the Chinese count is that of Chinese customs, the Kazakh count that of Kazakh statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
from kazakhstan.mirror import CHINA, DIRECTIONS, EXPORTS, FLOWS, IMPORTS, KAZAKHSTAN, SIDES, TURNOVER, Flow, Level
from kazakhstan.official_exhibits import level_cell
from kazakhstan.sides import name_sides

__all__ = [
    "COUNTS",
    "Rise",
    "by_direction",
    "gap_changes",
    "gaps_drawn",
    "growth_by_direction",
    "rises",
    "rises_drawn",
    "rises_table",
    "two_counts_by_direction",
]

COUNTS = {CHINA: "Chinese count", KAZAKHSTAN: "Kazakh count"}
_COLUMNS = {CHINA: "china", KAZAKHSTAN: "kazakhstan"}
_NAMES = {TURNOVER: "Both directions", **DIRECTIONS}


@dataclass(frozen=True)
class Rise:
    """How trade, or one direction of it, changed from one year to the next by the count of one side.

    `change` is in dollars, `growth` in percent; `share` is the part of a direction in the change of both directions,
    None for both together and where one of them fell.
    """

    side: str
    flow: str
    year: int
    first: Level
    last: Level
    change: Finding
    growth: Finding
    share: Finding | None = None

    @property
    def years(self) -> str:
        """Return both years as a label has them."""
        return f"{self.year - 1} to {self.year}"


def rises(ledger: Ledger, reading: Reading) -> list[Rise]:
    """Return what each count says of trade and its directions, for every year with figures for it and the year before.

    In the order of years, of sides and of flows, both directions first.
    """
    found = []
    for side, levels in mirror.levels_by_side(ledger, reading).items():
        for year in sorted({int(key) for _, key in levels if len(key) == 4}):
            keys = [(flow, str(one)) for flow in _NAMES for one in (year - 1, year)]
            if all(key in levels for key in keys):
                found += _rises_of(ledger, side, year, [levels[key] for key in keys], reading)
    return sorted(found, key=lambda rise: rise.year)


def _rises_of(ledger: Ledger, side: str, year: int, levels: Sequence[Level], reading: Reading) -> list[Rise]:
    """Return the rises of one side in one year; `levels` are the earlier and the later level of each flow in turn."""
    made: dict[str, Any] = {}
    for flow, first, last in zip(_NAMES, levels[::2], levels[1::2], strict=True):
        what, name = f"{_label(flow)}, {year - 1} to {year}, {SIDES[side]}", f"{_slug(flow)}_{side}_{year - 1}_{year}"
        inputs: dict[str, Any] = {"last": last, "first": first}
        change = derive(ledger, f"added_{name}", f"Change in {what}", "change", reading, **inputs)
        rate = derive(ledger, f"growth_{name}", f"Growth of {what}", "growth", reading, **inputs)
        made[flow] = Rise(side, flow, year, first, last, change, rate)
    for flow, other in ((EXPORTS, IMPORTS), (IMPORTS, EXPORTS)):
        if min(made[flow].change.value, made[other].change.value) >= 0:
            label = f"Share of {_label(flow)} in the growth of trade, {year - 1} to {year}, {SIDES[side]}"
            parts: dict[str, Any] = {"part": made[flow].change, "rest": made[other].change}
            share = derive(ledger, f"growth_share_{flow}_{side}_{year}", label, "part_of_sum", reading, **parts)
            made[flow] = Rise(**vars(made[flow]) | {"share": share})
    return list(made.values())


def _slug(flow: str) -> str:
    return "both_directions" if flow == TURNOVER else flow


def _label(flow: str) -> str:
    return "trade" if flow == TURNOVER else f"goods from {DIRECTIONS[flow]}"


def gap_changes(ledger: Ledger, flows: Iterable[Flow], reading: Reading) -> list[Finding]:
    """Return, for each direction, how far the gap between both counts changed from one year to the next.

    The gap is the exporter's figure less the importer's.
    """
    gaps = {(flow.indicator, int(flow.period.key)): flow.difference for flow in flows}
    return [
        derive(
            ledger,
            f"gap_change_{flow}_{year - 1}_{year}",
            f"Change in the gap between both counts of goods from {DIRECTIONS[flow]}, {year - 1} to {year}",
            "change",
            reading,
            last=gap,
            first=gaps[flow, year - 1],
        )
        for (flow, year), gap in gaps.items()
        if (flow, year - 1) in gaps
    ]


def by_direction(book: Book) -> Exhibit:
    """Table: what each direction of trade added, year by year and by either count."""
    found = rises(book.ledger, book.reading)
    return book.table(
        rises_table(book.ledger, found),
        findings=growth.findings_in(found),
        id="tbl-growth-by-direction",
        place="appendix",
        title="What each direction of trade added from year to year, by either count",
        caption="Years for which a count has both directions, and the year before. Share: part of a direction in what "
        "both added. ‡ Not quoted, but worked out from what is.",
        columns={
            "flow": "Goods from, years",
            "side": "Counted by",
            "first": Column("Before", align="right"),
            "last": Column("After", align="right"),
            "change": Column("Change", align="right"),
            "change_range": "Range of the change",
            "growth": Column("Growth", align="right"),
            "growth_range": "Range of growth",
            "share": Column("Share", align="right"),
        },
    )


def rises_table(ledger: Ledger, found: Iterable[Rise]) -> pd.DataFrame:
    """Return rises as a table: flow, side, first, last, change and growth with their ranges, and share."""
    return pd.DataFrame(
        {
            "flow": phrase("{flow}, {years}", flow=_NAMES[rise.flow], years=Marked(rise.years, "date")),
            "side": SIDES[rise.side],
            "first": level_cell(ledger, rise.first),
            "last": level_cell(ledger, rise.last),
            "change": rise.change,
            "change_range": range_link(rise.change),
            "growth": rise.growth,
            "growth_range": range_link(rise.growth),
            "share": rise.share,
        }
        for rise in found
    )


def growth_by_direction(book: Book) -> Exhibit:
    """Figure: what each direction added in the latest year that both counts have, in dollars and in percent."""
    found = rises(book.ledger, book.reading)
    latest = _latest(found)
    drawn = rises_drawn(latest)
    year = latest[0].year
    china, kazakhstan = (_share(latest, side) for side in SIDES)
    return book.figure(
        trade_charts.growth_by_direction(drawn, book.ledger),
        findings=[*growth.findings_in(found)],
        id="fig-growth-by-direction",
        name="growth_by_direction",
        title=f"Goods from China to Kazakhstan made up {{{china.id}}} of the growth of <time>{year}</time> by the "
        f"Chinese count, {{{kazakhstan.id}}} by the Kazakh",
        caption=f"Change in yearly trade from <time>{latest[0].years}</time>, in current dollars; lines: what rounding "
        "allows.",
        alt=_rises_alt(latest),
        data=name_sides(drawn, book.ledger),
        evidence="from",
        source="Official figures as quoted on web pages.",
        headings={
            "flow": "Direction",
            "side": "Authority",
            "count": "Who counts",
            "point": "Change from the year before, $",
            "low": "At least, $",
            "high": "At most, $",
            "growth_pct": "Change, %",
            "shown": "Label",
        },
    )


def _latest(found: Iterable[Rise]) -> list[Rise]:
    """Return the rises in each direction of the last year that both counts have. Raises ValueError if there is none."""
    by_year: dict[int, list[Rise]] = {}
    for rise in found:
        if rise.flow != TURNOVER:
            by_year.setdefault(rise.year, []).append(rise)
    both = [year for year, own in by_year.items() if {rise.side for rise in own} == SIDES.keys()]
    if not both:
        raise ValueError("there are no two years in a row for which both sides count both directions of trade")
    return sorted(by_year[max(both)], key=lambda rise: (rise.flow != IMPORTS, rise.side != CHINA))


def _share(latest: Iterable[Rise], side: str) -> Finding:
    (rise,) = (rise for rise in latest if (rise.side, rise.flow) == (side, IMPORTS))
    if rise.share is None:
        raise ValueError(f"{rise.change.id} has no share in the growth: not both directions grew")
    return rise.share


def rises_drawn(latest: Iterable[Rise]) -> pd.DataFrame:
    """Return rises to draw: flow, side, count, point, low, high (US dollars), growth_pct, shown, from."""
    rows = []
    for rise in latest:
        low, high = mirror.ends_of(mirror.interval_of(rise.change))
        point, rate = float(mirror.point(rise.change)), float(mirror.point(rise.growth))
        rows.append(
            {
                "flow": DIRECTIONS[rise.flow],
                "side": rise.side,
                "count": COUNTS[rise.side],
                "point": point,
                "low": float(low),
                "high": float(high),
                "growth_pct": rate,
                "shown": f"{point / 1e9:+.1f} bn ({rate:+.0f}%)".replace("-", "−").replace("+", "+$", 1),
                "from": f"{rise.change.id} {rise.growth.id}",
            }
        )
    return pd.DataFrame(rows)


def _rises_alt(latest: Iterable[Rise]) -> Phrase:
    alt = phrase("Bars for each direction of trade, of either count.")
    for rise in latest:
        what = Link(f"{DIRECTIONS[rise.flow]}, {COUNTS[rise.side]}", rise.change.anchor)
        alt += phrase(" {what}: {change}, {growth}.", what=what, change=rise.change, growth=rise.growth)
    return alt


def two_counts_by_direction(book: Book, flows: Sequence[Flow]) -> Exhibit:
    """Figure: both counts of each direction in the last two years that both have, in dollars."""
    changes = gap_changes(book.ledger, flows, book.reading)
    drawn = gaps_drawn(book.ledger, flows, book.reading)
    late, early = (f"difference_{IMPORTS}_{year}" for year in sorted(set(drawn["year"]), reverse=True))
    return book.figure(
        trade_charts.two_counts_by_direction(drawn, book.ledger),
        findings=[*growth.findings_in(flows), *changes],
        id="fig-two-counts-by-direction",
        name="two_counts_by_direction",
        title=f"The counts lie {{{late}}} apart on goods from China to Kazakhstan, up from {{{early}}} the year before",
        caption="Trade in a year in each direction, in current dollars, as its exporter and its importer count it; "
        "lines from mark to mark: the gap. Bands around a mark: what rounding allows; where none is seen, it is too "
        "little to draw. China's figures of <time>2022</time> and Kazakhstan's purchases are worked out.",
        alt=_gaps_alt(drawn),
        data=drawn,
        evidence="from",
        kinds={"year": "date"},
        headings={
            "flow": "Direction",
            "year": "Year",
            "china": "Chinese count, $",
            "china_low": "Chinese, at least, $",
            "china_high": "Chinese, at most, $",
            "kazakhstan": "Kazakh count, $",
            "kazakhstan_low": "Kazakh, at least, $",
            "kazakhstan_high": "Kazakh, at most, $",
            "gap": "Larger less smaller, $",
            "shown": "Label",
        },
        source="Official figures as quoted on web pages, or worked out from them.",
    )


def gaps_drawn(ledger: Ledger, flows: Sequence[Flow], reading: Reading) -> pd.DataFrame:
    """Return both counts of each direction in its last two years, to draw.

    Columns: flow, year, china, china_low, china_high, kazakhstan, kazakhstan_low, kazakhstan_high, gap (US dollars,
    the larger count less the smaller), shown, from.
    """
    rows = []
    for name in (IMPORTS, EXPORTS):
        own = sorted((flow for flow in flows if flow.indicator == name), key=lambda flow: flow.period.key)
        for flow in own[-2:]:
            gap = abs(float(mirror.point(flow.difference)))
            row: dict[str, Any] = {"flow": DIRECTIONS[name], "year": int(flow.period.key)}
            for side, level in zip(FLOWS[name], (flow.exporter, flow.importer), strict=True):
                count, (low, high) = _COLUMNS[side], mirror.ends_of(mirror.span_of(ledger, level, reading))
                row |= {count: float(mirror.point(level)), f"{count}_low": float(low), f"{count}_high": float(high)}
            ids = {
                _COLUMNS[side]: level.id
                for side, level in zip(FLOWS[name], (flow.exporter, flow.importer), strict=True)
            }
            origins = " ".join([flow.difference.id, *(ids[count] for count in _COLUMNS.values())])
            row |= {"gap": gap, "shown": f"${gap / 1e9:.1f} bn apart", "from": origins}
            rows.append(row)
    order = ["flow", "year", *(f"{count}{end}" for count in _COLUMNS.values() for end in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=[*order, "gap", "shown", "from"])


def _gaps_alt(drawn: pd.DataFrame) -> Phrase:
    alt = phrase("Pairs of dots, the Chinese and the Kazakh count of each direction and year.")
    for row in drawn.to_dict("records"):
        both = f"${row['china'] / 1e9:.1f} and {row['kazakhstan'] / 1e9:.1f} billion"
        what = phrase("{flow}, {year}", flow=row["flow"], year=Marked(str(row["year"]), "date"))
        alt += phrase(" {what}: {both}.", what=what, both=Link(both, anchor(row["from"].split()[0])))
    return alt
