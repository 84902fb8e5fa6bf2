"""How the two official series fit the texts' figures, each other's growth rates, and parts of their own years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.judging.verdict import CONSISTENT, INCONSISTENT
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.results.finding import Finding, derive
from claims.words.labels import told

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
)

__all__ = ["Crossed", "Nearest", "crossed", "nearest", "rest_of_year"]


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

    A quarter that no page quotes is worked out from the same quarter a year later and its growth.
    """
    sides = {side: series(ledger, TURNOVER, side, reading) for side in SIDES}
    for side in SIDES:
        sides[side] = _a_year_earlier(ledger, side, reading) | sides[side]
    found, seen = [], set()
    for claim in ledger.of(TURNOVER):
        key = (claim.period.key, claim.point, claim.hedge)
        known = {side: sides[side][claim.period.key] for side in SIDES if claim.period.key in sides[side]}
        if claim.id in ledger.official or key in seen or not known:
            continue
        seen.add(key)
        found.append(_nearest(ledger, claim, known, reading))
    return found


def _nearest(ledger: Ledger, claim: Claim, known: Mapping[str, Level], reading: Reading) -> Nearest:
    distances = {
        side: derive(
            ledger,
            f"distance_{claim.id}_{side}",
            f"How far {told(claim)} lies from {SIDES[side]}",
            "growth",
            reading,
            last=claim,
            first=level,
        )
        for side, level in known.items()
    }
    spans = {side: span_of(ledger, level, reading) for side, level in known.items()}
    own = ledger.interval(claim, reading)
    return Nearest(claim, known, distances, {side: not (own & span).is_empty for side, span in spans.items()})


def _a_year_earlier(ledger: Ledger, side: str, reading: Reading) -> dict[str, Level]:
    """Return the levels that a side's growth rates imply for the quarter a year before, by the key of that quarter."""
    now, growth = (series(ledger, name, side, reading) for name in (TURNOVER, GROWTH))
    periods = {claim.period.key: claim.period for claim in ledger.of(TURNOVER)}
    found: dict[str, Level] = {}
    for key in now.keys() & growth.keys():
        before = periods[key].year_before
        if periods[key].kind == "quarter" and before:
            label = f"Trade turnover, {before.label}, {SIDES[side]}: from the quarter a year later and its growth"
            name = f"{TURNOVER}_{side}_{slug(before.key)}_implied"
            given: dict[str, Any] = {"last": now[key], "growth": growth[key]}
            found[before.key] = derive(ledger, name, label, "implied_base", reading, **given)
    return found


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
    sides = {side: (series(ledger, TURNOVER, side, reading), series(ledger, GROWTH, side, reading)) for side in SIDES}
    found = []
    for level_side, (own, _) in sides.items():
        for year in sorted(key for key in own if len(key) == 4 and str(int(key) - 1) in own):
            for growth_side, (_, growth) in sides.items():
                if year in growth:
                    before = own[str(int(year) - 1)]
                    found.append(
                        _crossed(ledger, year, level_side, growth_side, own[year], growth[year], before, reading)
                    )
    return sorted(found, key=lambda one: (one.year, one.level_side, one.growth_side != one.level_side))


def _crossed(ledger, year, level_side, growth_side, level: Level, growth: Level, before: Level, reading) -> Crossed:
    label = f"Turnover of {int(year) - 1} by the level of {SIDES[level_side]} and the growth of {SIDES[growth_side]}"
    name = f"base_{year}_{level_side}_by_{growth_side}"
    implied = derive(ledger, name, label, "implied_base", reading, last=level, growth=growth)
    span = span_of(ledger, before, reading)
    word = INCONSISTENT if (interval_of(implied) & span).is_empty else CONSISTENT
    return Crossed(year, level_side, growth_side, level, growth, implied, before, word)


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
    ratio = f"Chinese over Kazakh figure, trade {label}"
    made: dict[str, Any] = dict(zip(("last", "first"), rests, strict=True))
    return [*rests, derive(ledger, "ratio_rest", ratio, "multiple", reading, "index", **made)]
