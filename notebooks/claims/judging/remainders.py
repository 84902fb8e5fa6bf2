"""What does a part leave of its whole, and has anything in the ledger ever run at such a pace?

That a quarter does not exceed its year is true of almost any two figures; what the year then leaves for its other
quarters says more. A pace is an amount per day, so that a quarter, a year and a window of years can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from claims.judging.constraints import ORDER
from claims.judging.spans import Span
from claims.judging.times import counted_days
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Period, Relation, domain

__all__ = ["SWING", "Remainder", "days_left", "days_of", "remainder_of"]

SWING = 4  # how many times faster a part may run than the rest of its whole: seasons and bursts, with room to spare


@dataclass(frozen=True)
class Remainder:
    """What a whole leaves once a part is taken off: `amount`, in the unit of both, over `days`.

    `slowest` and `fastest` are the figures on the indicators of part and whole with the least and the most per day.
    One that is implausible is `too_slow` or `too_fast`.
    """

    amount: Interval
    days: int
    slowest: Claim
    fastest: Claim
    too_slow: bool = False
    too_fast: bool = False

    @property
    def is_plausible(self) -> bool:
        """Return whether some value of it is like other figures, or near enough to the pace of the part."""
        return not (self.too_slow or self.too_fast)


def remainder_of(ledger: Ledger, relation: Relation, claims: Mapping[str, Claim], reading: Reading) -> Remainder | None:
    """Return what the part of a relation leaves of its whole; `claims` are its figures by role.

    None where nothing is left to compare (`days_left`), or the part exceeds the whole.

    A remainder is too slow if, whatever the figures stand for, its pace is below that of every figure of the ledger on
    these indicators, and SWING times slower than the part's; too fast if it is above them all, and SWING times faster.
    """
    days = days_left(ledger, relation, claims)
    if not days:
        return None
    part, whole = (claims[role] for role in ORDER[relation.type])
    spans = (Span.from_interval(ledger.interval(claim, reading)) for claim in (whole, part))
    amount = (next(spans) - next(spans)).interval & domain(ledger.indicators[whole.indicator])
    return None if amount.is_empty else _compared(ledger, part, whole, amount, days, reading)


def days_left(ledger: Ledger, relation: Relation, claims: Mapping[str, Claim]) -> int:
    """Return the days of a whole that its part leaves.

    0 where the relation only orders its figures, the part covers all the time of its whole, so that what is left is
    another thing, or amounts do not add up over time.
    """
    if relation.type not in ORDER or relation.period_rule != "within":
        return 0
    part, whole = (claims[role] for role in ORDER[relation.type])
    adds_up = all(ledger.indicators[claim.indicator].flow_or_stock == "flow" for claim in (part, whole))
    return max(days_of(whole.period) - days_of(part.period), 0) if adds_up and days_of(part.period) else 0


def _compared(ledger: Ledger, part: Claim, whole: Claim, amount: Interval, days: int, reading: Reading) -> Remainder:
    """Return a remainder with the paces it is compared with."""
    extremes = [_extremes(ledger, name) for name in dict.fromkeys((part.indicator, whole.indicator))]
    slowest = min((one[0] for one in extremes if one), key=_points_a_day)
    fastest = max((one[1] for one in extremes if one), key=_points_a_day)
    rest, own = amount.scaled(Fraction(1, days)), _pace(ledger, part, reading)
    may_be_slow, may_be_fast = rest.scaled(SWING) < own, own.scaled(SWING) < rest
    figures = (claim for name in dict.fromkeys((part.indicator, whole.indicator)) for claim in ledger.of(name))
    paces = (_pace(ledger, claim, reading) for claim in figures if days_of(claim.period))
    too_slow = may_be_slow and all(rest < pace for pace in paces)
    too_fast = may_be_fast and all(pace < rest for pace in paces)
    return Remainder(amount, days, slowest, fastest, too_slow, too_fast)


def _extremes(ledger: Ledger, indicator: str) -> tuple[Claim, Claim] | None:
    """Return the figures on an indicator with the least and the most per day, None if none is of a stretch of time."""
    key = ("paces", indicator)
    if key not in ledger.kept:
        timed = sorted((claim for claim in ledger.of(indicator) if days_of(claim.period)), key=_points_a_day)
        ledger.kept[key] = (timed[0], timed[-1]) if timed else None
    return ledger.kept[key]


def _pace(ledger: Ledger, claim: Claim, reading: Reading) -> Interval:
    return ledger.interval(claim, reading).scaled(Fraction(1, days_of(claim.period)))


def _points_a_day(claim: Claim) -> tuple[Fraction, str]:
    return claim.point / days_of(claim.period), claim.id


def days_of(period: Period) -> int:
    """Return how many days a period has, 0 if it is no stretch of time with a beginning and an end.

    >>> days_of(Period("2024-01-01", "2024-03-31", "quarter", "stated"))
    91
    """
    if period.kind in ("moment", "horizon") or not (period.start and period.end):
        return 0
    return counted_days(period.start, period.end)
