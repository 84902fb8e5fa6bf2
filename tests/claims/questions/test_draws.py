"""Even draws from intervals: the distribution of their ratio, against areas worked by hand and against a fine grid."""

from __future__ import annotations

from fractions import Fraction

import pytest
from claims.ledger.intervals import Interval
from claims.questions import draws
from hypothesis import given
from hypothesis import strategies as st


def span(low: object, high: object) -> Interval:
    return Interval(Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("ratio", "by_hand"),
    [
        ("1/2", "0"),  # the corner where last is least and first is most
        ("1", "1/2"),  # half of the square lies on either side of its diagonal
        ("3/2", "11/12"),  # a triangle with the sides 1/2 and 1/3 is missing
        ("2", "1"),
    ],
)
def test_a_probability_is_an_area_of_the_square(ratio, by_hand):
    both = span(1, 2)
    assert draws.ratio_below(Fraction(ratio), both, both) == Fraction(by_hand)


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.fractions("0.2", 4, max_denominator=50),
)
def test_the_area_is_that_counted_on_a_fine_grid(last, first, ratio):
    above, below = span(last[0], last[0] + last[1]), span(first[0], first[0] + first[1])
    steps = 60
    points = [(x, y) for x in grid(above, steps) for y in grid(below, steps)]
    counted = sum(x <= ratio * y for x, y in points) / len(points)
    assert abs(float(draws.ratio_below(ratio, above, below)) - counted) < 0.03


def grid(one: Interval, steps: int) -> list[Fraction]:
    return [one.low + (one.high - one.low) * Fraction(2 * step + 1, 2 * steps) for step in range(steps)]


@given(st.integers(1, 99))
def test_a_quantile_has_its_part_of_the_draws_below_it(part):
    last, first = span("43.5", "44.5"), span("41", "41.5")
    ratio = draws.quantile_of_ratio(Fraction(part, 100), last, first)
    assert abs(draws.ratio_below(ratio, last, first) - Fraction(part, 100)) < Fraction(1, 10**6)


def test_growth_from_41_to_44_lies_between_five_and_eight_percent():
    last, first = span("43.5", "44.5"), span("41", "41.5")  # the referee's 5.4 to 8.0 with the middle at 6.7
    found = draws.growth_drawn("draws", "Growth", last, first, {"last": "c1", "first": "c2"})
    assert [round(float(one), 1) for one in (found.interval.low, found.value, found.interval.high)] == [5.4, 6.7, 8.0]


def test_an_interval_without_a_bound_or_a_width_is_refused():
    with pytest.raises(ValueError, match="two bounds"):
        draws.ratio_below(Fraction(1), Interval(Fraction(1), None), span(1, 2))
    with pytest.raises(ValueError, match="two bounds"):
        draws.quantile_of_ratio(Fraction(1, 2), span(1, 2), span(2, 2))
