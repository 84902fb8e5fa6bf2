"""What the other figures of a set allow a claim to be, and the nearest printable value that would fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from itertools import accumulate
from operator import and_

from claims.judging.constraints import View, network_of_statements
from claims.judging.network import contract
from claims.judging.spans import Span
from claims.judging.verdict import Revision
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, claim_interval, independent

__all__ = [
    "Allowed", "allowed_by_group", "allowed_by_relations", "meet", "meets_without_each", "smallest_revisions",
    "turning_points",
]  # fmt: skip

Allowed = Callable[[Claim], Interval]
_FARTHEST = 2**40  # steps


def smallest_revisions(
    claims: Sequence[Claim], ledger: Ledger, reading: Reading, allowed: Allowed
) -> tuple[Revision, ...]:
    """Return, for each statement that could resolve the disagreement alone, its nearest printable value.

    The smallest change comes first. A printable value is a whole number of the claim's own precision away (of one unit
    for a count). Restatements are revised with the claim they restate. `allowed` is what the others leave a claim.
    """
    revisions = []
    for claim in independent(sorted(claims, key=lambda claim: claim.id)):
        others = allowed(claim)
        point = None if others.is_empty else _nearest(claim, others, ledger, reading)
        if point is not None and point != claim.point:
            change = abs(point - claim.point)
            revisions.append(Revision(claim, point, 100 * change / abs(claim.point) if claim.point else math.inf))
    return tuple(sorted(revisions, key=lambda revision: (revision.relative_pct, revision.claim.id)))


def allowed_by_relations(
    ledger: Ledger, views: Sequence[View], claims: Mapping[str, Sequence[Claim]], reading: Reading
) -> Allowed:
    """Return what relations and the other figures in `claims` (by quantity) allow a claim to be."""

    @cache
    def spans_without(statement: str) -> Mapping[str, Span]:
        others = {key: [other for other in group if _statement(other) != statement] for key, group in claims.items()}
        return contract(network_of_statements(ledger, views, others, reading)).spans

    return lambda claim: spans_without(_statement(claim))[claim.quantity].interval


def allowed_by_group(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> Allowed:
    """Return what the other statements of a group allow a claim to be."""
    by_statement: dict[str, Interval] = {}
    for claim in claims:
        interval = ledger.interval(claim, reading)
        name = _statement(claim)
        by_statement[name] = by_statement[name] & interval if name in by_statement else interval
    rest = dict(zip(by_statement, meets_without_each(list(by_statement.values())), strict=True))
    return lambda claim: rest[_statement(claim)]


def meet(intervals: Sequence[Interval]) -> Interval:
    """Return what all intervals have in common."""
    return reduce(and_, intervals)


def meets_without_each(intervals: Sequence[Interval]) -> list[Interval]:
    """Return, for each interval, what all the others have in common.

    >>> one, other = Interval(Fraction(1), Fraction(2)), Interval(Fraction(3), Fraction(4))
    >>> [str(interval) for interval in meets_without_each([one, other])]
    ['[3, 4)', '[1, 2)']
    """
    anything = Interval(None, None)
    before = list(accumulate(intervals, and_, initial=anything))
    after = list(accumulate(reversed(intervals), and_, initial=anything))
    return [before[index] & after[len(intervals) - 1 - index] for index in range(len(intervals))]


def _nearest(claim: Claim, others: Interval, ledger: Ledger, reading: Reading) -> Fraction | None:
    """Return the printable point nearest to the claim's whose interval meets `others`, None if none does."""
    unit = claim.precision or Fraction(1)
    interval = ledger.interval(claim, reading)
    if not (interval & others).is_empty:
        return claim.point
    is_below = interval < others
    gap = _gap(interval, others) if is_below else _gap(others, interval)
    steps = max(math.floor(gap / (unit * claim.multiplier)) - 1, 1)  # one early: truncation turns round at 0
    while True:
        moved = replace(claim, value=claim.value + unit * (steps if is_below else -steps))
        interval = ledger.interval(moved, reading)
        turned = claim.hedge != "none" and moved.value * claim.value < 0  # "more than" would mean less
        if not turned and not (interval & others).is_empty:
            return moved.point
        if turned or interval.is_empty or (others < interval if is_below else interval < others):
            return None
        steps += 1


def turning_points(claim: Claim, others: Interval, ledger: Ledger, reading: Reading) -> list[Fraction]:
    """Return the nearest printable values with which a claim begins, or ceases, to fit `others`; two if equally near.

    They are in the scale of the claim's value, whole numbers of its precision away; none if no such value turns that.
    """
    found = [(step, value) for way in (-1, 1) for step, value in _first_turn(claim, others, ledger, reading, way)]
    least = min((step for step, _ in found), default=0)
    return [value for step, value in found if step == least]


def _first_turn(
    claim: Claim, others: Interval, ledger: Ledger, reading: Reading, way: int
) -> Iterator[tuple[int, Fraction]]:
    """Yield the fewest steps in one direction after which a claim fits, or no longer fits, and the value there."""
    unit = claim.precision or Fraction(1)

    def side(steps: int) -> int | None:
        moved = replace(claim, value=claim.value + way * steps * unit)
        interval = claim_interval(moved, ledger.indicators[claim.indicator], reading)
        if interval.is_empty or (claim.hedge != "none" and moved.value * claim.value < 0):
            return None
        return -1 if interval < others else 1 if others < interval else 0

    now, near, far = side(0), 0, 1
    while now is not None and side(far) == now and far < _FARTHEST:
        near, far = far, far * 2
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (middle, far) if side(middle) == now else (near, middle)
    then = side(far)
    if now is not None and then is not None and (then == 0) != (now == 0):
        yield far, claim.value + way * far * unit


def _gap(lower: Interval, upper: Interval) -> Fraction:
    """Return how far one interval ends below the beginning of another."""
    return Fraction(0) if lower.high is None or upper.low is None else upper.low - lower.high


def _statement(claim: Claim) -> str:
    return claim.repeats or claim.id
