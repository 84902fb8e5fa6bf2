"""How the two official series fit the texts' figures, each other's growth rates, and parts of their own years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from claims.judging.verdict import CONSISTENT, INCONSISTENT
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.results.finding import Finding, derive
from claims.words.labels import dated_text

from kazakhstan.mirror import (
    CHINA,
    GROWTH,
    KAZAKHSTAN,
    SIDES,
    TURNOVER,
    Level,
    Pair,
    interval_of,
    point,
    series,
    slug,
    span_of,
    with_doubtful,
)

__all__ = ["Crossed", "Nearest", "crossed", "like_for_like", "nearest", "quarterly_means", "rest_of_year"]


@dataclass(frozen=True)
class Nearest:
    """How far a text's figure lies from each official series: by side, the level and the distance in percent of it."""

    claim: Claim
    levels: Mapping[str, Level]
    distances: Mapping[str, Finding]
    within: Mapping[str, bool]

    @property
    def side(self) -> str:
        """Return the side whose figure is nearest."""
        return min(self.distances, key=lambda side: abs(point(self.distances[side])))


def nearest(ledger: Ledger, reading: Reading) -> list[Nearest]:
    """Return, for each year or quarter of trade that a text prints and a page quotes, how near each series is.

    A quarter that no page quotes is derived from the same quarter a year later and its growth. Doubtful figures fill
    gaps of a series (`mirror.with_doubtful`).
    """
    sides = {
        side: {**_a_year_earlier(ledger, side, reading), **with_doubtful(ledger, TURNOVER, side, reading)}
        for side in SIDES
    }
    first: dict[tuple, Nearest] = {}
    for claim in ledger.of(TURNOVER):
        key = (claim.period.key, claim.point, claim.hedge)
        levels = {side: own[claim.period.key] for side, own in sides.items() if claim.period.key in own}
        if claim.id not in ledger.official and key not in first and levels:
            first[key] = _nearest(ledger, claim, levels, reading)
    return list(first.values())


def _nearest(ledger: Ledger, claim: Claim, levels: Mapping[str, Level], reading: Reading) -> Nearest:
    distances, within = {}, {}
    for side, level in levels.items():
        label = f"How far {dated_text(claim)} lies from {SIDES[side]}"
        id = f"distance_{claim.id}_{side}"
        distances[side] = derive(ledger, id, label, "growth", reading, last=claim, first=level)
        within[side] = not (ledger.interval(claim, reading) & span_of(ledger, level, reading)).is_empty
    return Nearest(claim, levels, distances, within)


def _a_year_earlier(ledger: Ledger, side: str, reading: Reading) -> dict[str, Level]:
    """Return the levels that a side's growth rates imply for the quarter a year before, by the key of that quarter."""
    now, growth = (with_doubtful(ledger, name, side, reading) for name in (TURNOVER, GROWTH))
    periods = {figure.period.key: figure.period for figure in ledger.official.values()}
    implied: dict[str, Level] = {}
    for key in now.keys() & growth.keys():
        before = periods[key].year_before
        if periods[key].kind == "quarter" and before:
            label = f"Trade turnover, {before.label}, {SIDES[side]}: from the quarter a year later and its growth"
            name = f"{TURNOVER}_{side}_{slug(before.key)}_implied"
            last, rate = now[key], growth[key]
            implied[before.key] = derive(ledger, name, label, "implied_base", reading, last=last, growth=rate)
    return implied


@dataclass(frozen=True)
class Crossed:
    """A growth rate of a series on a level of a series: what they imply for the year before, and whether it is so."""

    year: str
    level_side: str
    growth_side: str
    level: Level
    growth: Level
    implied: Finding
    before: Level
    word: str


def crossed(ledger: Ledger, reading: Reading) -> list[Crossed]:
    """Return every level of two years in a row with the growth rates of either series, and whether each fits it."""
    levels = {side: series(ledger, TURNOVER, side, reading) for side in SIDES}
    rates = {side: series(ledger, GROWTH, side, reading) for side in SIDES}
    rows = []
    for (level_side, own), (growth_side, growth) in product(levels.items(), rates.items()):
        for year in own.keys() & growth.keys():
            before = own.get(str(int(year) - 1)) if len(year) == 4 else None
            if before:
                sides = f"the level of {SIDES[level_side]} and the growth of {SIDES[growth_side]}"
                name, label = f"base_{year}_{level_side}_by_{growth_side}", f"Turnover of {int(year) - 1} by {sides}"
                level, rate = own[year], growth[year]
                implied = derive(ledger, name, label, "implied_base", reading, last=level, growth=rate)
                fits = not (interval_of(implied) & span_of(ledger, before, reading)).is_empty
                word = CONSISTENT if fits else INCONSISTENT
                rows.append(Crossed(year, level_side, growth_side, level, rate, implied, before, word))
    return sorted(rows, key=lambda row: (row.year, row.level_side, row.growth_side != row.level_side))


def rest_of_year(ledger: Ledger, pairs: Sequence[Pair], reading: Reading) -> list[Finding]:
    """Return, for a year whose ratio differs from that of a part of it, what is left to both sides, and its ratio.

    Of several such years the latest; nothing where no ratio differs.
    """
    compared = [pair for pair in pairs if pair.ratio]
    for year in reversed([pair for pair in compared if pair.period.kind == "year"]):
        for part in compared:
            inside = part.period.start == year.period.start and part.period.end < year.period.end
            if inside and (interval_of(part.ratio) & interval_of(year.ratio)).is_empty:
                return _rest(ledger, year, part, reading)
    return []


def _rest(ledger: Ledger, year: Pair, part: Pair, reading: Reading) -> list[Finding]:
    label = f"of {year.period.label} after {part.period.label}"
    rests = []
    for side, last, first in ((CHINA, year.china, part.china), (KAZAKHSTAN, year.kazakhstan, part.kazakhstan)):
        levels: dict[str, Any] = {"last": last, "first": first}
        rests.append(derive(ledger, f"rest_{side}", f"Trade {label}, {SIDES[side]}", "change", reading, **levels))
    china, kazakhstan = rests
    text = f"Chinese over Kazakh figure, trade {label}"
    ratio = derive(ledger, "ratio_rest", text, "multiple", reading, "index", last=china, first=kazakhstan)
    return [china, kazakhstan, ratio]


def like_for_like(ledger: Ledger, reading: Reading) -> Finding:
    """Return the pace of the printed quarter against the last year of the series it may be of, Kazakh statistics."""
    levels = series(ledger, TURNOVER, KAZAKHSTAN, reading)
    year = levels[max(key for key in levels if len(key) == 4)]
    label = "Trade of the printed quarter, kept up all year, against the last year by Kazakh statistics"
    return derive(ledger, "pace_gap_kz_statistics", label, "pace", reading, quarter=ledger.claim("c008"), year=year)


def quarterly_means(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return what each side's trade of the months before the printed quarter was on average in three months, in USD."""
    means = []
    for side, id, months in ((CHINA, "o034", 10), (KAZAKHSTAN, "o096", 6)):
        part = ledger.claim(id)
        label, name = f"Trade in three months of {part.period.label}, {SIDES[side]}", f"quarterly_mean_{side}"
        quarters = Fraction(months, 3)
        means.append(derive(ledger, name, label, "mean_rate", reading, "USD", total=part, time=quarters, factor=1))
    return means
