"""What a printed figure may stand for."""

import doctest
import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from claims.ledger import intervals
from claims.ledger.intervals import (
    HEDGES,
    ROUNDINGS,
    WIDTHLESS,
    Interval,
    Reading,
    default_precision,
    exact_text,
    printed_interval,
    round_to,
    rounded_interval,
)
from claims.ledger.model import claim_interval
from hypothesis import given
from hypothesis import strategies as st

USUAL, WIDEST = Reading(), Reading(widest=True)

fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=60)
positive = st.fractions(min_value=Fraction(1, 60), max_value=100, max_denominator=60)
bounds = st.none() | st.integers(-6, 6).map(Fraction)
spans = st.builds(Interval, bounds, bounds, *[st.booleans()] * 4)
readings = st.builds(Reading, st.sampled_from(ROUNDINGS), positive, st.booleans())
hedged = st.sampled_from([hedge for hedge in HEDGES if hedge not in ("none", "exact")])


def indicator(low=None, high=None, integer=False):
    return SimpleNamespace(
        domain_low=None if low is None else Fraction(low),
        domain_high=None if high is None else Fraction(high),
        integer=integer,
    )


def claim(value, precision, hedge="none", multiplier=1, wide=None):
    value, multiplier = Fraction(value), Fraction(multiplier)
    return SimpleNamespace(
        value=value,
        multiplier=multiplier,
        point=value * multiplier,
        precision=None if precision is None else Fraction(precision),
        precision_wide=None if wide is None else Fraction(wide),
        spread=Fraction(0),
        hedge=hedge,
    )


def printed(value, precision, hedge, reading=USUAL, wide=None):
    one = claim(value, precision, hedge, wide=wide)
    return printed_interval(one.value, one.precision, hedge, reading, one.precision_wide)


def test_the_examples_in_the_docstrings_hold():
    failed, attempted = doctest.testmod(intervals)
    assert attempted >= 10
    assert failed == 0


@pytest.mark.parametrize(
    ("value", "precision", "hedge", "usual", "widest", "stated"),
    [
        ("41", "1", "none", "[40.5, 41.5)", "[40.5, 41.5)", (True, True)),
        ("45", None, "exact", "[45, 45]", "[45, 45]", (True, True)),
        ("41", "1", "more_than", "(41, 42)", "(41, 43)", (True, False)),
        ("41", "1", "less_than", "(40, 41)", "(39, 41)", (False, True)),
        ("6000", "1000", "nearly", "[5500, 6000)", "[5000, 6000)", (False, True)),
        ("500", "100", "about", "[400, 600]", "[300, 700]", (False, False)),
        ("24", None, "at_least", "[24, ∞)", "[24, ∞)", (True, True)),
        ("80", None, "at_most", "(-∞, 80]", "(-∞, 80]", (True, True)),
        ("0", "1", "none", "[-0.5, 0.5)", "[-0.5, 0.5)", (True, True)),
        ("-5", "1", "none", "[-5.5, -4.5)", "[-5.5, -4.5)", (True, True)),
        ("-5", "1", "more_than", "(-6, -5)", "(-7, -5)", (False, True)),
        ("-5", "1", "nearly", "(-5, -4.5]", "(-5, -4]", (True, False)),
        ("-5", None, "at_least", "(-∞, -5]", "(-∞, -5]", (True, True)),
    ],
)
def test_each_hedge_stands_for_its_interval(value, precision, hedge, usual, widest, stated):
    found = printed(value, precision, hedge)
    assert str(found) == usual
    assert (found.low_stated, found.high_stated) == stated
    assert str(printed(value, precision, hedge, WIDEST)) == widest


def test_a_word_reaches_to_the_next_word_in_the_widest_reading():
    assert str(printed("2", "0.1", "none", wide="0.5")) == "[1.95, 2.05)"
    assert str(printed("2", "0.1", "none", WIDEST, wide="0.5")) == "[1.75, 2.25)"
    assert str(printed("1/3", "1/30", "nearly", WIDEST, wide="1/12")) == "[7/24, 1/3)"


def test_the_width_of_hedges_moves_assumed_bounds_only():
    half = Reading(hedge_width=0.5)
    assert half.hedge_width == Fraction(1, 2)
    assert str(printed("41", "1", "more_than", half)) == "(41, 41.5)"
    assert str(printed("41", "1", "about", half)) == "[40.5, 41.5]"
    assert str(printed("40", "10", "nearly", half)) == "[37.5, 40)"
    assert printed("41", "1", "none", half) == printed("41", "1", "none")


def test_hedged_counts_live_on_whole_numbers():
    counts = indicator(low=0, integer=True)
    assert str(claim_interval(claim(40, 10, "more_than"), counts)) == "[41, 49]"
    assert str(claim_interval(claim(40, 10, "less_than"), counts)) == "[31, 39]"
    assert str(claim_interval(claim(40, 10), counts)) == "[35, 44]"
    assert str(claim_interval(claim(80, None, "at_most"), counts)) == "[0, 80]"
    assert str(claim_interval(claim("5.5", "0.1", multiplier=1000), counts)) == "[5450, 5549]"


@pytest.mark.parametrize(
    ("value", "hedge", "only"),
    [
        (40, "more_than", 41),
        (40, "less_than", 39),
        (40, "nearly", 39),
        (-40, "more_than", -41),
        (-40, "nearly", -39),
        (0, "more_than", 1),
        (0, "less_than", -1),
        ("2.5", "more_than", 3),
        ("2.5", "less_than", 2),
        ("-0.5", "more_than", -1),
    ],
)
def test_a_hedged_count_keeps_the_next_whole_number_however_narrow(value, hedge, only):
    narrow = claim_interval(claim(value, 1, hedge), indicator(integer=True), Reading(hedge_width=Fraction(1, 4)))
    assert (narrow.low, narrow.high) == (only, only)
    assert narrow.low_closed and narrow.high_closed


def test_whole_numbers_lie_inside_whether_the_ends_are_whole_or_not():
    low, high = Fraction(3, 2), Fraction(7, 2)
    for closed in (True, False):
        assert str(Interval(low, high, closed, closed).on_integers()) == "[2, 3]"
    assert str(Interval(Fraction(1), Fraction(4), True, True).on_integers()) == "[1, 4]"
    assert str(Interval(Fraction(1), Fraction(4), False, False).on_integers()) == "[2, 3]"


def test_a_width_is_the_way_between_the_ends():
    assert Interval(Fraction(-1), Fraction(2)).width == 3
    assert Interval(None, Fraction(2)).width == Interval(Fraction(2), None).width == math.inf


def test_a_hedge_on_a_fraction_is_about_its_size():
    assert str(printed("-1/2", "0.1", "more_than")) == "(-0.6, -0.5)"
    assert str(printed("1/2", "0.1", "more_than")) == "(0.5, 0.6)"


def test_a_domain_cuts_an_interval_and_its_ends_are_closed_and_stated():
    share = indicator(0, 100)
    assert str(claim_interval(claim(80, None, "at_most"), share)) == "[0, 80]"
    assert str(claim_interval(claim(24, None, "at_least"), share)) == "[24, 100]"
    about = claim_interval(claim(99, 10, "about"), share)
    assert str(about) == "[89, 100]"
    assert (about.low_stated, about.high_stated) == (False, True)
    over = claim_interval(claim(95, 10, "more_than"), share)
    assert str(over) == "(95, 100]"
    just_inside = claim_interval(claim(99, 1, "more_than"), share)
    assert str(just_inside) == "(99, 100)"
    assert not just_inside.high_stated


@pytest.mark.parametrize(
    ("tie", "precision", "half_up", "half_even", "truncation"),
    [
        ("2.5", "1", "3", "2", "2"),
        ("0.125", "0.01", "0.13", "0.12", "0.12"),
        ("1.005", "0.01", "1.01", "1.00", "1.00"),
        ("24.5", "1", "25", "24", "24"),
        ("-0.5", "1", "0", "0", "0"),
    ],
)
def test_a_tie_belongs_to_the_one_value_it_rounds_to(tie, precision, half_up, half_even, truncation):
    step = Fraction(precision)
    for rounding, rounded in zip(ROUNDINGS, (half_up, half_even, truncation), strict=True):
        homes = [Fraction(rounded) + step * k for k in range(-3, 4)]
        assert [v for v in homes if Fraction(tie) in rounded_interval(v, step, rounding)] == [Fraction(rounded)]


def slowly_rounded(x: Fraction, precision: Decimal, rounding: str) -> Fraction:
    """Round by Decimal where it has the rule, by floor for half up towards +∞, which Decimal has not."""
    if rounding == "half_up":
        step = Fraction(precision)
        return math.floor(x / step + Fraction(1, 2)) * step
    assert x.denominator <= 10**9, "sample on decimals, so that Decimal is exact"
    decimal = Decimal(x.numerator) / Decimal(x.denominator)
    return Fraction(decimal.quantize(precision, {"half_even": ROUND_HALF_EVEN, "truncation": ROUND_DOWN}[rounding]))


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("precision", ["1", "0.1", "0.01"])
@pytest.mark.parametrize("steps", [-25, -24, -2, -1, 0, 1, 2, 3, 24, 25])
def test_an_interval_holds_exactly_the_values_that_round_to_its_point(rounding, precision, steps):
    value = steps * Fraction(precision)
    interval = rounded_interval(value, Fraction(precision), rounding)
    samples = [value + Fraction(precision) * k / 40 for k in range(-80, 81)]
    rounded_here = [x for x in samples if slowly_rounded(x, Decimal(precision), rounding) == value]
    assert rounded_here == [x for x in samples if x in interval]
    assert len(rounded_here) >= 39


@given(fractions, positive, st.sampled_from(ROUNDINGS))
def test_a_value_rounds_to_the_multiple_whose_interval_contains_it(x, precision, rounding):
    rounded = round_to(x, precision, rounding)
    homes = [rounded + precision * k for k in range(-3, 4)]
    assert [home for home in homes if x in rounded_interval(home, precision, rounding)] == [rounded]
    assert (rounded / precision).denominator == 1


@pytest.mark.parametrize("x", ["2.5", "0.125", "1.005", "24.5", "-0.5", "-2.5", "-1.25"])
@pytest.mark.parametrize("rounding", ["half_even", "truncation"])
def test_values_are_rounded_as_decimal_arithmetic_does(x, rounding):
    for precision in ("1", "0.1", "0.01"):
        assert round_to(Fraction(x), Fraction(precision), rounding) == slowly_rounded(
            Fraction(x), Decimal(precision), rounding
        )


def test_half_even_has_no_parity_off_the_multiples_of_the_precision():
    assert str(rounded_interval(Fraction(500), Fraction(30), "half_even")) == "[485, 515)"


@given(fractions, positive, st.sampled_from(HEDGES), readings)
def test_low_is_never_above_high_and_no_figure_is_empty(value, precision, hedge, reading):
    interval = printed_interval(value, precision, hedge, reading)
    assert not interval.is_empty
    assert interval.low is None or interval.high is None or interval.low <= interval.high


@given(fractions, positive, st.sampled_from(["none", "exact"]), readings)
def test_an_unhedged_interval_contains_its_point(value, precision, hedge, reading):
    assert value in printed_interval(value, precision, hedge, reading)


@given(fractions, positive, hedged, readings)
def test_a_hedged_interval_has_its_point_as_an_end_or_in_its_middle(value, precision, hedge, reading):
    interval = printed_interval(value, precision, hedge, reading)
    if hedge == "about":
        assert interval.low + interval.high == 2 * value
    else:
        assert value in (interval.low, interval.high)


@given(fractions, positive, positive, st.sampled_from(HEDGES), st.sampled_from(ROUNDINGS), positive, st.booleans())
def test_the_widest_reading_holds_all_of_the_usual_one(value, precision, more, hedge, rounding, width, in_words):
    wide = precision + more if in_words else None
    usual = printed_interval(value, precision, hedge, Reading(rounding, width), wide)
    widest = printed_interval(value, precision, hedge, Reading(rounding, width, widest=True), wide)
    assert (usual & widest).low == usual.low
    assert (usual & widest).high == usual.high
    assert all(end not in usual or end in widest for end in (usual.low, usual.high) if end is not None)


@given(fractions, positive, st.sampled_from(HEDGES), readings, st.sampled_from([10, 1000, 10**9]), st.booleans())
def test_a_change_of_multiplier_changes_nothing(value, precision, hedge, reading, times, whole):
    precision = None if hedge in WIDTHLESS else precision
    plain = claim(value, precision, hedge, multiplier=10**9)
    other = claim(value * times, precision and precision * times, hedge, multiplier=Fraction(10**9, times))
    measure = indicator(low=-(10**15), high=10**15, integer=whole)
    assert claim_interval(plain, measure, reading) == claim_interval(other, measure, reading)


@given(spans, spans, fractions.filter(bool))
def test_a_change_of_unit_changes_no_relation(a, b, factor):
    below, above = (a, b) if factor > 0 else (b, a)
    assert (a < b) == (below.scaled(factor) < above.scaled(factor))
    assert a.is_empty == a.scaled(factor).is_empty
    assert (a & b).is_empty == (a.scaled(factor) & b.scaled(factor)).is_empty
    assert a.scaled(factor) & b.scaled(factor) == (a & b).scaled(factor)
    assert a.scaled(factor).scaled(1 / factor) == a


@given(spans, spans, spans)
def test_intersection_commutes_and_associates(a, b, c):
    assert a & b == b & a
    assert (a & b) & c == a & (b & c)


@given(spans, spans)
def test_an_intersection_holds_what_both_hold(a, b):
    for x in (Fraction(k, 2) for k in range(-14, 15)):
        assert (x in a & b) == (x in a and x in b)


@given(spans, spans)
def test_order_emptiness_and_touching_agree_with_a_dense_sample(a, b):
    xs = [Fraction(k, 2) for k in range(-14, 15)]
    in_a, in_b = [x for x in xs if x in a], [x for x in xs if x in b]
    assert a.is_empty == (not in_a)
    bounded = a.high is not None and b.low is not None
    if in_a and in_b and bounded:
        assert (a < b) == (max(in_a) < min(in_b))
    common = a & b
    if in_a and in_b and common.is_empty and common.low == common.high:
        assert not set(in_a) & set(in_b)
        assert common.low in (a.low, a.high)
        assert common.low in (b.low, b.high)


@given(spans)
def test_the_whole_numbers_are_those_inside(a):
    whole = a.on_integers()
    for x in range(-9, 10):
        assert (x in whole) == (x in a)
    assert whole.low is None or whole.low.denominator == 1
    assert whole.high is None or whole.high.denominator == 1


def test_intervals_touch_only_where_they_share_no_value():
    below, above = Interval(Fraction(40), Fraction(41)), Interval(Fraction(41), Fraction(42))
    for common in (below & above, above & below):
        assert common.is_empty
        assert common.low == common.high == 41
    assert below < above
    closed = Interval(Fraction(40), Fraction(41), True, True)
    assert not (closed & above).is_empty
    assert not closed < above
    apart = below & Interval(Fraction(42), Fraction(43))
    assert (apart.low, apart.high) == (42, 41)


def test_an_empty_interval_lies_below_nothing_and_shares_nothing():
    empty, full = Interval(Fraction(5), Fraction(1)), Interval(Fraction(7), Fraction(8))
    assert empty.is_empty
    assert not empty < full
    assert not full < empty
    for other in (Interval(Fraction(1), Fraction(2)), Interval(Fraction(0), Fraction(2)), empty):
        assert (empty & other).is_empty
        assert (other & empty).is_empty


def test_of_equal_bounds_the_open_one_counts_and_stated_stays_stated():
    closed = Interval(Fraction(0), None, True, False, low_stated=False)
    opened = Interval(Fraction(0), None, False, False, low_stated=True)
    assert not (closed & opened).low_closed
    assert (closed & opened).low_stated
    assumed_open = Interval(Fraction(0), None, False, False, low_stated=False)
    stated_closed = Interval(Fraction(0), None, True, False, low_stated=True)
    assert not (assumed_open & stated_closed).low_stated
    both_closed = Interval(Fraction(0), None, True, False, low_stated=False), stated_closed
    assert (both_closed[0] & both_closed[1]).low_stated
    assert (closed & both_closed[0]).high_stated
    assert not (Interval(None, None, high_stated=False) & Interval(None, None, high_stated=False)).high_stated
    assert (Interval(None, None, high_stated=False) & Interval(None, None, high_stated=True)).high_stated


@pytest.mark.parametrize(
    ("text", "precision"),
    [("41", "1"), ("500", "100"), ("1700", "100"), ("750000", "10000"), ("3.5", "0.1"), ("16.0", "0.1"), ("0", "1")],
)
def test_default_precision_is_a_unit_of_the_last_significant_digit(text, precision):
    assert default_precision(text) == Fraction(precision)


def test_a_fraction_has_no_default_precision():
    assert default_precision("1/3") is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_exact_text_is_exact(number):
    assert Fraction(exact_text(Fraction(number))) == Fraction(number)
    assert "e" not in exact_text(Fraction(number)).lower()


@pytest.mark.parametrize("text", ["0.2", "0.01", "0.001", "0.008", "0.025", "0.05", "10", "-100", "0.125", "0"])
def test_a_decimal_that_ends_is_written_as_one(text):
    assert exact_text(Fraction(text)) == text


def test_a_width_of_hedges_is_the_decimal_that_was_written():
    assert Reading(hedge_width=0.1).hedge_width == Fraction(1, 10)
    assert Reading(hedge_width=Fraction(1, 3)).hedge_width == Fraction(1, 3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Reading(rounding="up"), "rounding must be one of half_up, half_even, truncation, got 'up'"),
        (lambda: Reading(hedge_width=0), "hedge_width must be above 0, got 0"),
        (lambda: printed(1, 1, "around"), "hedge must be one of none, exact"),
        (lambda: printed(1, None, "about"), "the hedge about needs a precision above 0, got None"),
        (lambda: printed(1, 0, "about"), "the hedge about needs a precision above 0, got 0"),
        (lambda: Interval(Fraction(1), None).scaled(0), "cannot be scaled by 0"),
    ],
)
def test_what_cannot_be_read_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
