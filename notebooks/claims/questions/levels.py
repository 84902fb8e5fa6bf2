"""One convention for a level that several figures print: its interval is what all of them allow, its point the middle.

Growth, implied levels, the aim and quarters against years all take a level from `shared_level`, so that one level has
one value in every table.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.results.anchors import slug
from claims.results.finding import Finding, computed
from claims.words.numerals import round_half_up

__all__ = [
    "MIDDLE",
    "is_expected",
    "level_point",
    "levels_of_one_month",
    "levels_together",
    "shared_level",
    "yearly_levels",
]

LEVELS = ("level", "count")  # kinds of indicators whose figures can grow
MIDDLE = "the middle of what all figures printed for it allow"


def shared_level(ledger: Ledger, claim: Claim, reading: Reading) -> Claim | Finding:
    """Return the level that all figures printed for a claim's quantity allow, its value the middle of the interval.

    That is a claim, of equals the given one, where one of the figures has this value and this interval; the given one
    also where the figures have no value in common. The figures of a series that was joined to the ledger are not mixed
    with those of the texts. Values and bounds are in the claim's unit, dollars and tonnes in ones.
    """
    is_official = claim.id in ledger.official
    figures, common = _alike(ledger, claim), _common(ledger, claim, reading)
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


def levels_together(ledger: Ledger, claims: Sequence[Claim], reading: Reading) -> list[Claim | Finding]:
    """Return the levels of claims that are compared with each other, each its `shared_level`.

    Where the figures of one of them have no value in common, the levels are those of a single text, so that no growth
    runs from the level of one text to that of another that contradicts it: the claims themselves if they are of one
    text, else those that the text with the first of the contested claims prints, as far as it prints them.
    """
    contested = [claim for claim in claims if _common(ledger, claim, reading).is_empty]
    if not contested:
        return [shared_level(ledger, claim, reading) for claim in claims]
    if len({claim.source for claim in claims}) == 1:
        return list(claims)
    own = [next((one for one in _alike(ledger, claim) if one.source == contested[0].source), None) for claim in claims]
    return [level or shared_level(ledger, claim, reading) for level, claim in zip(own, claims, strict=True)]


def _alike(ledger: Ledger, claim: Claim) -> list[Claim]:
    """Return the figures printed for a claim's quantity, in the texts or in the joined series, as the claim is."""
    is_official = claim.id in ledger.official
    return [one for one in ledger.groups[claim.quantity] if (one.id in ledger.official) == is_official]


def _common(ledger: Ledger, claim: Claim, reading: Reading) -> Interval:
    """Return what all figures printed for a claim's quantity allow; empty where they contradict each other."""
    common = ledger.interval(claim, reading)
    for figure in _alike(ledger, claim):
        common = common & ledger.interval(figure, reading)
    return common


def level_point(common: Interval, whole: bool) -> Fraction | None:
    """Return the middle of an interval, of counted things a whole number; None where a bound is missing."""
    return common.middle if common.middle is None or not whole else round_half_up(common.middle)


def yearly_levels(ledger: Ledger, reading: Reading) -> dict[str, dict[int, Claim]]:
    """Return, for each indicator with yearly levels or counts, the narrowest claim of each year.

    Where official figures are claims of the ledger and have levels of an indicator, its levels are theirs alone, so
    that no growth runs from a level of one series to a level of another.
    """
    levels = [claims for claims in ledger.groups.values() if claims[0].period.kind == "year"]
    series = {claim.indicator for claims in levels for claim in claims if claim.id in ledger.official}
    narrowest: dict[str, dict[int, Claim]] = {}
    for printed in levels:
        claims = [one for one in printed if one.indicator not in series or one.id in ledger.official]
        if claims and ledger.indicators[claims[0].indicator].kind in LEVELS and not is_expected(ledger, claims[0]):
            claim = _narrowest(ledger, claims, reading)
            narrowest.setdefault(claim.indicator, {})[int(claim.period.end[:4])] = claim
    return narrowest


def levels_of_one_month(ledger: Ledger, reading: Reading) -> dict[tuple[str, int], dict[int, Claim]]:
    """Return, for each indicator with levels of single months and each month, the narrowest claim of each year.

    Percentages are left out: a rate of interest rises by points.
    """
    narrowest: dict[tuple[str, int], dict[int, Claim]] = {}
    for claims in ledger.groups.values():
        indicator, period = ledger.indicators[claims[0].indicator], claims[0].period
        if period.month and indicator.kind in LEVELS and indicator.unit != "percent":
            by_year = narrowest.setdefault((indicator.id, period.month), {})
            by_year[int(period.end[:4])] = _narrowest(ledger, claims, reading)
    return narrowest


def is_expected(ledger: Ledger, claim: Claim) -> bool:
    """Return whether a figure is for a time that had not ended when its text was written."""
    return claim.source in ledger.sources and claim.period.end > ledger.sources[claim.source].reference_date


def _narrowest(ledger: Ledger, claims: Sequence[Claim], reading: Reading) -> Claim:
    return min(independent(claims), key=lambda one: (ledger.interval(one, reading).width, one.id))
