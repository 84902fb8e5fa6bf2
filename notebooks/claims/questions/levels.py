"""One convention for a level that several figures print: its interval is what all of them allow, its point the middle.

Growth, implied levels, the aim and quarters against years all take a level from `shared_level`, so that one level has
one value in every table.
"""

from __future__ import annotations

from fractions import Fraction

from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.results.anchors import slug
from claims.results.finding import Finding, computed
from claims.words.numerals import round_half_up

__all__ = ["MIDDLE", "level_point", "shared_level", "yearly_levels"]

MIDDLE = "the middle of what all figures printed for it allow"


def shared_level(ledger: Ledger, claim: Claim, reading: Reading) -> Claim | Finding:
    """Return the level that all figures printed for a claim's quantity allow, its value the middle of the interval.

    That is a claim, of equals the given one, where one of the figures has this value and this interval; the given one
    also where the figures have no value in common. The figures of a series that was joined to the ledger are not mixed
    with those of the texts. Values and bounds are in the claim's unit, dollars and tonnes in ones.
    """
    common = ledger.interval(claim, reading)
    is_official = claim.id in ledger.official
    figures = [one for one in ledger.groups[claim.quantity] if (one.id in ledger.official) == is_official]
    for figure in figures:
        common = common & ledger.interval(figure, reading)
    if common.is_empty:
        return claim
    indicator = ledger.indicators[claim.indicator]
    point = level_point(common, indicator.integer)
    if point is None:
        return claim
    for figure in (claim, *figures):
        if figure.point == point and ledger.interval(figure, reading) == common:
            return figure
    origin = "pages" if is_official else "texts"
    label = f"{indicator.label}, {claim.period.label}, as all {origin} together allow"
    name = f"level_{slug(claim.quantity)}" + "_official" * is_official
    return computed(name, label, point, claim.unit, MIDDLE, common, {"claims": tuple(one.id for one in figures)})


def level_point(common: Interval, whole: bool) -> Fraction | None:
    """Return the middle of an interval, of counted things a whole number; None where a bound is missing."""
    return common.middle if common.middle is None or not whole else round_half_up(common.middle)


def yearly_levels(ledger: Ledger, reading: Reading) -> dict[str, dict[int, Claim]]:
    """Return, for each indicator with yearly levels, the narrowest claim of each year.

    Where official figures are claims of the ledger and have levels of an indicator, its levels are theirs alone, so
    that no growth runs from a level of one series to a level of another.
    """
    levels = [claims for claims in ledger.groups.values() if claims[0].period.kind == "year"]
    series = {claim.indicator for claims in levels for claim in claims if claim.id in ledger.official}
    narrowest: dict[str, dict[int, Claim]] = {}
    for printed in levels:
        claims = [one for one in printed if one.indicator not in series or one.id in ledger.official]
        if claims and ledger.indicators[claims[0].indicator].kind == "level":
            claim = min(independent(claims), key=lambda one: (ledger.interval(one, reading).width, one.id))
            narrowest.setdefault(claim.indicator, {})[int(claim.period.end[:4])] = claim
    return narrowest
