"""Ranges as a ledger writes them: two figures as the ends of one, and the reason why no row can express some."""

from __future__ import annotations

import re
from fractions import Fraction

from claims.ledger.intervals import OF_RANGES, RANGE, exact_text, printed_ends

from report.propose.falls import has_minus, is_fall, negated
from report.propose.seen import NOT_YET, SeenFigure
from report.propose.seen import before as look_back

__all__ = ["as_range", "why_no_range"]


def as_range(line: str, one: SeenFigure, after: SeenFigure) -> SeenFigure:
    """Return two figures of a line as one, whose value has both ends in the smaller of their multipliers.

    Of a fall by 3 to 4 percent both ends are negative; where a minus is printed, each end has its own sign.

    >>> low = SeenFigure(1, 5, 0, 5, "900", 10**6, "GBP", "about", "digits")
    >>> whole = as_range("£900m to £1.10bn", low, SeenFigure(10, 16, 9, 16, "1.10", 10**9, "GBP", "none", "digits"))
    >>> whole.value, whole.multiplier, whole.hedge, (whole.start, whole.end), whole.reason
    ('900..1100', 1000000, 'about', (0, 16), '')
    """
    multiplier = min(one.multiplier, after.multiplier)
    value = RANGE.join(_scaled(end, multiplier) for end in (one, after))
    if is_fall(line, one.start, after.end, after.unit) and not has_minus(line, one.number_start):
        value = negated(value)
    hedges = [end.hedge for end in (one, after) if end.hedge not in ("none", "exact")]
    hedge = next((hedge for hedge in hedges if hedge not in OF_RANGES), (hedges or ["none"])[0])
    start = min(one.start, one.number_start)
    opening = re.search(r"\b(?:between|from) (?:-|minus )?$", look_back(line, start))
    return one._replace(
        start=start - len(opening.group()) if opening else start,
        end=after.end,
        value=value,
        multiplier=multiplier,
        unit=after.unit,
        hedge=hedge,
        form="range",
        reason=one.reason or after.reason or why_no_range(value, hedge),
    )


def _scaled(end: SeenFigure, multiplier: int | Fraction) -> str:
    """Return the value of an end in another scale, its digits as printed if the scale is its own."""
    return end.value if end.multiplier == multiplier else exact_text(end.point / multiplier)


def why_no_range(value: str, hedge: str) -> str:
    """Return why no row can express a range, "" if one can: its ends are no fractions, and rise.

    >>> why_no_range("4..3", "none"), why_no_range("3..4", "at_most"), why_no_range("3..4", "about")
    ('range (not yet expressible)', 'range with the hedge at_most (not yet expressible)', '')
    """
    if "/" in value or Fraction.__ge__(*printed_ends(value)):
        return f"range {NOT_YET}"
    return "" if hedge in OF_RANGES else f"range with the hedge {hedge} {NOT_YET}"
