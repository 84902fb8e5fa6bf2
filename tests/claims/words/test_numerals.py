"""The one formatter: ties, units, outward bounds, and back again from the text to the value."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from claims.ledger.intervals import Interval
from claims.results.finding import Finding
from claims.words import numerals, values
from claims.words.numerals import (
    bounds,
    interval_text,
    number,
    quantity,
    round_half_up,
    round_outward,
    significant_decimals,
)
from hypothesis import given
from hypothesis import strategies as st

decimals = st.decimals(-(10**9), 10**9, places=4)


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [(2.5, 0, "3"), (0.125, 2, "0.13"), (1.005, 2, "1.01"), (24.5, 0, "25"), (-0.5, 0, "−1"), (-2.5, 0, "−3")],
)
def test_ties_round_away_from_zero_on_the_decimal_as_written(x, digits, text):
    assert number(x, digits) == text


@given(decimals, st.integers(0, 4))
def test_rounding_is_that_of_decimal_arithmetic(x, digits):
    twin = x.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert round_half_up(Fraction(x), digits) == Fraction(twin)


@given(decimals, st.integers(0, 3))
def test_bounds_never_round_inward(x, digits):
    exact = Fraction(x)
    below, above = round_outward(exact, digits, up=False), round_outward(exact, digits, up=True)
    assert below <= exact <= above
    assert above - below in (0, Fraction(1, 10**digits))


@pytest.mark.parametrize(
    ("x", "unit", "text"),
    [
        (41_000_000_000, "USD", "$41.0 billion"),
        (400_000_000, "USD", "$400 million"),
        (950, "USD", "$950"),
        (2_000_000, "EUR", "€2.00 million"),
        (7_500_000_000, "GBP", "£7.50 billion"),
        (120, "JPY", "¥120"),
        (-3_000_000, "CNY", "−CN¥3.00 million"),
        (-1_810_000_000, "USD", "−$1.81 billion"),
        (16.4, "percent", "16.4%"),
        (-0.5, "percent", "−0.5%"),
        (9_900.4, "percent", "9,900%"),
        (2, "percentage_points", "2.0 percentage points"),
        (25, "basis_points", "25 basis points"),
        (Fraction("1.0834"), "USD_per_EUR", "$1.08 per EUR"),
        (14_200, "USD_per_person", "$14,200 per person"),
        (1_300_000, "t_per_day", "1.30 million tonnes a day"),
        (480_000_000_000, "KZT", "480,000,000,000 KZT"),
        (2.5, "times", "2.50 times"),
        (28_000_000, "t", "28.0 million tonnes"),
        (750_000, "t", "750,000 tonnes"),
        (480_000_000_000, "m3", "480 billion m³"),
        (84, "m2", "84.0 m²"),
        (Fraction(141, 10), "EUR_per_m2_per_month", "€14.1 per m² a month"),
        (55_000_000_000, "m3_per_year", "55.0 billion m³ a year"),
        (27_000_000, "m3_per_day", "27.0 million m³ a day"),
        (1_300, "km", "1,300 km"),
        (1, "day", "1 day"),
        (5_500, "day", "5,500 days"),
        (1, "year", "1.0 years"),
        (15, "year", "15.0 years"),
        (2027, "calendar_year", "2027"),
        (100, "MW", "100 MW"),
        (500_000, "TEU", "500,000 TEU"),
        (4_700, "count", "4,700"),
        (1, "rank", "no. 1"),
        (Fraction(1, 8), "index", "0.125"),
        (3, "pound", "3.00 pound"),
    ],
)
def test_every_unit_is_written_as_a_reader_expects(x, unit, text):
    assert quantity(x, unit) == text


@pytest.mark.parametrize(
    ("x", "decimals"),
    [
        (1234, 0),
        (100, 0),
        (99.9, 1),
        (10, 1),
        (9.567, 2),
        (9, 2),
        (1, 2),
        (0.99, 3),
        (0.1, 3),
        (0.0999, 4),
        (-9.5, 2),
        (0, 0),
    ],
)
def test_three_digits_take_as_many_decimals_as_they_need(x, decimals):
    assert significant_decimals(x) == decimals


@pytest.mark.parametrize(
    ("x", "unit", "digits", "text"),
    [
        (2_510_000_000, "USD", 0, "$3 billion"),
        (99.6, "percent", None, "99.6%"),
        (100.4, "percent", None, "100%"),
        (1_500_000, "count", None, "1,500,000"),
        (2026.9, "calendar_year", None, "2026"),
    ],
)
def test_decimals_and_scales_are_those_of_the_call_or_of_the_unit(x, unit, digits, text):
    assert quantity(x, unit, digits) == text
    assert round_half_up(2.5) == 3


def test_bounds_are_written_to_the_requested_decimals():
    assert bounds(9_701_100_000, 10_179_200_000, "USD", 0) == "$9 to 11 billion"


@pytest.mark.parametrize(
    ("low", "high", "closed", "text"),
    [
        ("40.5", "41.5", (True, False), "[$40.5 billion, $41.5 billion)"),
        ("40.5", "41.5", (False, True), "($40.5 billion, $41.5 billion]"),
        ("9.7011", "10.1792", (True, True), "[$9.70 billion, $10.18 billion]"),
        ("9.7011", None, (True, False), "[$9.70 billion, ∞)"),
        (None, "9.7011", (False, True), "(−∞, $9.71 billion]"),
    ],
)
def test_an_interval_in_brackets_shows_which_ends_belong_to_it(low, high, closed, text):
    ends = (None if end is None else Fraction(end) * 10**9 for end in (low, high))
    assert interval_text(Interval(*ends, *closed), "USD") == text


def test_no_unit_is_left_without_a_test():
    rows = test_every_unit_is_written_as_a_reader_expects.pytestmark[0].args[1]
    assert set(numerals.UNITS) <= {unit for _, unit, _ in rows}


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_no_number_is_a_dash(nothing):
    assert number(nothing) == quantity(nothing, "USD") == "–"


@pytest.mark.parametrize(("x", "text"), [(math.inf, "∞"), (-math.inf, "−∞")])
def test_no_bound_is_infinity(x, text):
    assert number(x) == quantity(x, "percent") == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (9_701_100_000, 10_179_200_000, "USD", "$9.70 to 10.18 billion"),
        (-3.2101, 3.2101, "percent", "−3.3% to 3.3%"),
        (16.355, 16.455, "percent", "16.355% to 16.455%"),
        (Fraction(100, 3), Fraction(200, 3), "percent", "33⅓% to 66⅔%"),
        (41, 49, "count", "41 to 49"),
        (41, None, "percent", "41% or more"),
        (None, 41, "percent", "41% or less"),
        (41, math.inf, "percent", "41% or more"),
        (None, math.nan, "USD", "any value"),
        (41.2601, None, "percent", "41.2% or more"),
        (None, 41.2601, "percent", "41.3% or less"),
        (Fraction(100, 3), 50, "percent", "33⅓% to 50%"),
        (Fraction(1, 3), Fraction(2, 3), "percent", "0⅓% to 0⅔%"),
        (Fraction(298, 3), Fraction(301, 3), "percent", "99⅓% to 100.4%"),
        (Fraction(301, 3), Fraction(302, 3), "percent", "100% to 101%"),
        (400_000_000, 1_200_000_000, "USD", "$0.4 to 1.2 billion"),
    ],
)
def test_an_interval_is_shown_with_each_bound_rounded_outward(low, high, unit, text):
    assert bounds(low, high, unit) == text


def test_an_excluded_bound_is_written_as_excluded():
    assert bounds(41, None, "percent", closed=(False, False)) == "41% and above, exclusive"
    assert bounds(None, 41, "percent", closed=(False, False)) == "41% and below, exclusive"


@pytest.mark.parametrize("value", [Fraction(200, 3), Fraction(-200, 3), Fraction(1, 3)])
def test_an_interval_of_one_value_reads_like_the_value(value):
    assert bounds(value, value, "percent") == quantity(value, "percent")


def test_thousands_are_set_off_and_requested_digits_are_kept():
    assert (number(1_234_567), number(1_700, 0), number(2, 2)) == ("1,234,567", "1,700", "2.00")
    assert quantity(2_500_000_000, "USD", digits=2) == "$2.50 billion"


def test_what_rounds_to_zero_has_no_sign():
    assert number(-0.0001, 2) == "0.00"
    assert quantity(-0.04, "percent") == "0.0%"


@pytest.mark.parametrize(
    ("x", "text"), [(999_999_999, "$1 billion"), (999_500, "$999,500"), (-999_999_999, "−$1 billion")]
)
def test_a_value_that_rounds_up_to_the_next_scale_is_written_in_it(x, text):
    assert quantity(x, "USD") == text


@given(decimals, st.integers(0, 4))
def test_what_is_written_can_be_read_back(x, digits):
    text = number(Fraction(x), digits)
    read = Fraction(text.replace(",", "").replace("−", "-"))
    assert abs(read - Fraction(x)) <= Fraction(1, 2 * 10**digits)


@given(st.integers(1, 10**13), st.sampled_from(["USD", "t", "m3", "m3_per_year", "m3_per_day"]))
def test_scaled_quantities_are_within_half_a_unit_of_their_third_digit(x, unit):
    digits, word = re.match(r"\$?([0-9,.]+)(?: (billion|million))?", quantity(x, unit)).groups()
    read = Fraction(digits.replace(",", "")) * {"billion": 10**9, "million": 10**6, None: 1}[word]
    assert abs(read - x) <= Fraction(x, 200)


@given(decimals)
def test_three_significant_digits_are_within_half_a_percent(x):
    text = number(Fraction(x)).replace(",", "").replace("−", "-")
    assert abs(Fraction(text) - Fraction(x)) <= abs(Fraction(x)) / 200


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "shown"),
    [
        (9_600_000_000, 9_350_000_000, 9_750_000_000, "USD", "$9.6 billion"),  # 41.0 less 31.4, known to ± 0.2
        (13_720_000_000, 13_665_000_000, 13_775_000_000, "USD", "$13.7 billion"),
        (6.7073, 4.82, 8.54, "percent", "7%"),
        (6.8846, 6.79, 7.0, "percent", "6.9%"),
        (1.3057, 1.2968, 1.3119, "times", "1.31 times"),
        (1.15, 1.088, 1.219, "times", "1.15 times"),  # 1.2 would be most of the way to the end of the interval
        (25.2, 25.1, 28.2, "percent", "25.2%"),  # 25 is below what is possible
        (-0.26, -4.0, 3.5, "percent", "−0.3%"),  # 0 would have no sign
        (41, 41, 41, "percent", "41.0%"),
        (41, 30, None, "percent", "41.0%"),
    ],
)
def test_a_result_has_the_digits_that_its_interval_deserves(value, low, high, unit, shown):
    assert numerals.quantity(value, unit, numerals.firm_decimals(value, low, high, unit)) == shown


@given(
    st.decimals(-10_000, 10_000, places=4),
    st.decimals(0, 500, places=4),
    st.decimals(0, 500, places=4),
    st.sampled_from(["percent", "times", "USD", "t"]),
)
def test_a_result_as_shown_is_within_its_interval(value, below, above, unit):
    decimals = numerals.firm_decimals(value, value - below, value + above, unit)
    usual = numerals.firm_decimals(value, None, None, unit)
    scale = numerals.scale_of(Fraction(value), unit)[0]
    shown = numerals.round_half_up(Fraction(value) / scale, decimals) * scale
    assert decimals == usual or value - below <= shown <= value + above
    assert decimals == usual or abs(shown - Fraction(value)) <= Fraction(below + above) / 3
    assert (shown < 0) == (value < 0) or decimals == usual


def test_a_range_has_at_most_one_digit_more_than_its_value():
    span = Interval(Fraction(13_665_000_000), Fraction(13_775_000_000), True, True, True, True)
    gap = Finding("gap", "Gap", Fraction(13_720_000_000), span, "USD", "a − b")
    assert (values.value_text(gap), values.range_text(gap)) == ("$13.7 billion", "$13.66 to 13.78 billion")
    assert values.size_text(replace(gap, value=Fraction(-13_720_000_000), interval=-span)) == "$13.7 billion"
