"""Do the figures of a relation fit? Answered in whole numbers, by cross-multiplication, where that is sure.

Figures are those of `ledger.bounds`: scaled integers, each with its scale. A bound is a numerator, a denominator and
whether it is open; nothing is divided. Each function returns None where only `network` can decide: where spans reach
0, things are counted, or figures are on one quantity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from claims.judging.constraints import ORDER, RESULT
from claims.judging.remainders import SWING

__all__ = ["DECIDED", "Scaled", "agrees", "fits", "leaves_plausible_rest"]

DECIDED = ("growth_of", "multiple_of", "share_of", "sum_of", *ORDER)
# The figures of a product by role: what is multiplied, by what, and what comes out; the offset and the divisor of the
# factor: a growth of 5 percent multiplies by (100 + 5) / 100.
PRODUCTS = {
    "growth_of": ("first", "growth", "last", 100, 100),
    "multiple_of": ("first", "multiple", "last", 0, 1),
    "share_of": ("total", "share", "part", 0, 100),
}
# What comes out, as a quotient of two figures: 100 × (last ÷ first − 1) for a growth.
QUOTIENTS = {
    "growth_of": ("last", "first", -1, 100),
    "multiple_of": ("last", "first", 0, 1),
    "share_of": ("part", "total", 0, 100),
}
Bound = tuple[int, int, bool]  # numerator, denominator (above 0), whether it is open


class Scaled(NamedTuple):
    """A claim in scaled integers: its quantity, its bounds and its point, and what its indicator is like.

    `low` and `high` are keys (see `ledger.bounds`), `step` the precision, 0 if it has none; `days` are those of its
    period, 0 if that is no stretch of time. `least` is the low end of the domain, None if there is none.
    """

    quantity: str
    unit: str
    scale: int
    point: int
    step: int
    low: int | None
    high: int | None
    least: int | None
    most: int | None
    whole: bool
    flow: bool
    days: int

    @property
    def bottom(self) -> Bound | None:
        """Return the low bound, None if there is none."""
        return None if self.low is None else (self.low - self.low % 2, 2 * self.scale, bool(self.low % 2))

    @property
    def top(self) -> Bound | None:
        """Return the high bound, None if there is none."""
        return None if self.high is None else (self.high + self.high % 2, 2 * self.scale, bool(self.high % 2))

    @property
    def is_positive(self) -> bool:
        """Return whether all its values are above 0."""
        return self.low is not None and self.low > 0


Roles = Mapping[str, Sequence[Scaled]]


def fits(kind: str, roles: Roles) -> bool | None:
    """Return whether some values of the figures satisfy a relation; None where that is not sure.

    >>> part, total = (Scaled(name, "t", 1, 2, 1, 3, 5, 0, None, False, True, 0) for name in ("part", "total"))
    >>> fits("part_of", {"part": [part], "total": [total]})
    True
    """
    figures = [figure for own in roles.values() for figure in own]
    if len({figure.quantity for figure in figures}) < len(figures):
        return None
    if kind in ORDER:
        smaller, larger = (roles[role][0] for role in ORDER[kind])
        return _not_above(smaller.bottom, larger.top)
    if any(figure.whole for figure in figures):
        return None
    if kind == "sum_of":
        return _sum_fits(roles["total"][0], roles["parts"])
    return _product_fits(kind, roles)


def _sum_fits(total: Scaled, parts: Sequence[Scaled]) -> bool:
    low, high = _sum([part.bottom for part in parts]), _sum([part.top for part in parts])
    return _not_above(low, total.top) and _not_above(total.bottom, high)


def _product_fits(kind: str, roles: Roles) -> bool | None:
    base_role, rate_role, result_role, offset, divisor = PRODUCTS[kind]
    base, rate, result = (roles[role][0] for role in (base_role, rate_role, result_role))
    if not (base.is_positive and result.is_positive) or (kind == "share_of" and not rate.is_positive):
        return None
    if rate.unit == "percentage_points":
        return None
    low = _product(base.bottom, _factor(rate.bottom, offset, divisor))
    high = _product(base.top, _factor(rate.top, offset, divisor))
    return _not_above(low, result.top) and _not_above(result.bottom, high)


def _factor(rate: Bound | None, offset: int, divisor: int) -> Bound | None:
    return None if rate is None else (offset * rate[1] + rate[0], divisor * rate[1], rate[2])


def _product(a: Bound | None, b: Bound | None) -> Bound | None:
    """Return the product of bounds, the first of them above 0 or at it."""
    return None if a is None or b is None else (a[0] * b[0], a[1] * b[1], a[2] or b[2])


def _sum(bounds: Sequence[Bound | None]) -> Bound | None:
    total: Bound = (0, 1, False)
    for bound in bounds:
        if bound is None:
            return None
        total = total[0] * bound[1] + bound[0] * total[1], total[1] * bound[1], total[2] or bound[2]
    return total


def _not_above(low: Bound | None, high: Bound | None) -> bool:
    """Return whether some value lies above a low bound and below a high one."""
    if low is None or high is None:
        return True
    left, right = low[0] * high[1], high[0] * low[1]
    return left < right or (left == right and not low[2] and not high[2])


def leaves_plausible_rest(kind: str, roles: Roles) -> bool | None:
    """Return True if what a part leaves of its whole is surely like other figures, else None.

    It is if its pace, in all or part of its values, is within SWING times that of the part.
    """
    part, whole = (roles[role][0] for role in ORDER[kind])
    days = whole.days - part.days
    if not (part.flow and whole.flow and part.days and days > 0):
        return True
    if whole.least not in (None, 0) or whole.most is not None:
        return None
    most = _sum([whole.top, _negative(part.bottom)])
    least = _sum([whole.bottom, _negative(part.top)])
    is_slow = most and part.bottom and most[0] * SWING * part.days * part.bottom[1] <= part.bottom[0] * days * most[1]
    is_fast = least and part.top and part.top[0] * SWING * days * least[1] <= least[0] * part.days * part.top[1]
    return None if is_slow or is_fast else True


def _negative(bound: Bound | None) -> Bound | None:
    return None if bound is None else (-bound[0], bound[1], bound[2])


def agrees(kind: str, roles: Roles, rounding: str) -> bool | None:
    """Return whether the figures of a relation hold as printed; None where that is not sure.

    What the others come to, exactly or printed with the precision of the result, must be a value that this allows.
    """
    if kind in ORDER:
        smaller, larger = (roles[role][0] for role in ORDER[kind])
        return smaller.point * larger.scale <= larger.point * smaller.scale
    value = _value(kind, roles)
    if value is None:
        return None
    claim = roles[RESULT[kind]][0]
    if _holds(claim, *value):
        return True
    if not claim.step:
        return False
    return _holds(claim, _rounded(value[0] * claim.scale, value[1] * claim.step, rounding) * claim.step, claim.scale)


def _value(kind: str, roles: Roles) -> tuple[int, int] | None:
    """Return what the printed points come to, as numerator and denominator."""
    if kind == "sum_of":
        total = _sum([(part.point, part.scale, False) for part in roles["parts"]])
        return (total[0], total[1]) if total else None
    over_role, under_role, offset, times = QUOTIENTS[kind]
    over, under = roles[over_role][0], roles[under_role][0]
    if under.point <= 0 or over.point < 0:
        return None
    numerator, denominator = over.point * under.scale, under.point * over.scale
    return times * (numerator + offset * denominator), denominator


def _holds(claim: Scaled, numerator: int, denominator: int) -> bool:
    """Return whether a claim allows a value."""
    value = (numerator, denominator, False)
    return _not_above(claim.bottom, value) and _not_above(value, claim.top)


def _rounded(numerator: int, denominator: int, rounding: str) -> int:
    """Return the whole number that a fraction rounds to: see `intervals.round_to`.

    >>> [_rounded(5, 2, rounding) for rounding in ("half_up", "half_even", "truncation")]
    [3, 2, 2]
    """
    if rounding == "truncation":
        return numerator // denominator if numerator >= 0 else -(-numerator // denominator)
    whole, rest = divmod(numerator, denominator)
    if rounding == "half_even" and 2 * rest == denominator:
        return whole + whole % 2
    return whole + (2 * rest >= denominator)
