"""Findings: their values, ranges, units and inputs, and the figures of claims."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from claims.ledger import model as ledger
from claims.ledger.intervals import Interval, Reading
from claims.ledger.numbers import digits12
from claims.results.finding import Finding, computed, counted, derive
from claims.results.store import Results
from claims.words.labels import claim_text
from claims.words.sentences import Sentences
from claims.words.values import finding_json, range_text, size_text, value_text
from hypothesis import given
from hypothesis import strategies as st
from made_up import QUOTED, RATE, SMALL, TRADE, book, count, figure, percent


@pytest.fixture
def base() -> Finding:
    return derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)


def test_a_finding_is_its_formula_with_the_claims_put_in(base):
    # 31/1.32 = 23.48…; 30.5/1.325 = 23.01…, 31.5/1.315 = 23.95…
    assert (value_text(base), range_text(base)) == ("$23.5 billion", "$23.0 to 24.0 billion")
    assert (base.inputs, base.unit) == ({"last": "c003", "growth": "c002"}, "USD")
    assert base.interval.low == Fraction("30.5e9") / Fraction("1.325")


def test_a_finding_may_be_derived_from_a_finding_and_a_constant(base):
    twice = derive(SMALL, "twice", "Twice that", "last_of_multiple", first=base, multiple=2)
    assert twice.value == 2 * base.value
    assert twice.inputs == {"first": "base_2022", "multiple": "2"}


def test_a_count_names_its_rows_and_a_file_means_all_its_rows():
    assert counted("n", "N", 2, "claims", inputs=[TRADE, "c002"]).inputs == {"of": ("c001", "c002")}
    assert computed("x", "X", 1, "percent", "e", inputs={"rows": "claims.csv", "years": 4}).inputs == {
        "rows": "claims.csv",
        "years": "4",
    }


def test_a_constant_enters_as_the_decimal_it_is_written_as():
    found = derive(SMALL, "more", "A tenth more", "last_of_multiple", first="c003", multiple=1.1)
    assert found.value == Fraction("34.1e9")


def test_a_finding_is_refused_without_the_inputs_of_its_formula():
    with pytest.raises(ValueError, match="growth takes last, first; check first"):
        derive(SMALL, "x", "X", "growth", last=TRADE)


def test_quantities_of_different_units_or_without_one_are_refused():
    rate = percent("c9", "5")
    with pytest.raises(ValueError, match="x: growth needs quantities of one unit, got last in USD, first in percent"):
        derive(book(TRADE, rate), "x", "X", "growth", last=TRADE, first=rate)
    with pytest.raises(ValueError, match="x: give the unit of change"):
        derive(SMALL, "x", "X", "change", last=3, first=2)
    assert value_text(derive(SMALL, "x", "X", "change", unit="times", last=3, first=2)) == "1.00 times"


def test_numeric_inputs_keep_twelve_digits_and_exact_intervals():
    third = derive(SMALL, "x", "X", "change", unit="times", last=Fraction(1, 3), first=Fraction(1, 10**12 + 1))
    assert third.inputs == {"last": "0.333333333333", "first": "0.000000000000999999999999"}
    assert third.interval.low_closed and third.interval.high_closed
    assert counted("texts", "Texts", 5, "rows").interval == Interval(*[Fraction(5)] * 2, True, True)
    assert counted("texts", "Texts", 5, "rows").inputs == {}


def test_a_claim_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ledger.UnknownId, match="did you mean 'c00"):
        derive(SMALL, "x", "X", "growth", last="c0001", first="c003")


def test_a_finding_may_be_derived_from_official_figures_or_their_ids():
    # 41/31.2 = 1.314…
    by_id = derive(SMALL, "x", "X", "growth", last="c001", first="o001")
    assert by_id == derive(SMALL, "x", "X", "growth", last=TRADE, first=QUOTED)
    assert (by_id.inputs, f"{float(by_id.value):.1f}") == ({"last": "c001", "first": "o001"}, "31.4")
    with pytest.raises(ledger.UnknownId, match="no official figure 'o0001'; did you mean 'o001'"):
        derive(SMALL, "x", "X", "growth", last="c001", first="o0001")


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_written_values_have_twelve_significant_digits(x):
    written = digits12(x)
    assert abs(written - x) <= abs(x) * 5.0001e-12
    assert len(f"{written:e}".partition("e")[0].replace("-", "").replace(".", "").rstrip("0")) <= 12


def test_whole_values_are_written_without_a_point():
    assert [repr(digits12(x)) for x in (Fraction(2), 41e9, 0.1 + 0.2)] == ["2", "41000000000", "0.3"]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (TRADE, "more than $41 billion"),
        (figure("c1", "2.50"), "$2.50 billion"),
        (figure("c1", "1700", multiplier=10**6), "$1.7 billion"),
        (figure("c1", "2436", multiplier=10**6), "$2.436 billion"),
        (figure("c1", "1700.5", multiplier=10**6), "$1.7005 billion"),
        (figure("c1", "0.5"), "$500 million"),
        (figure("c1", "750000", multiplier=1, unit="t"), "750,000 tonnes"),
        (percent("c1", "28.3", "about"), "about 28.3%"),
        (percent("c1", "1/3", "nearly", multiplier=100, precision="1/30"), "1/3"),  # as printed
        (percent("c1", "-5.25"), "−5.25%"),
        (count("c1", "4700", "more_than"), "more than 4,700"),
        (figure("c1", "5500", "at_most", multiplier=1, unit="day"), "up to 5,500 days"),
    ],
)
def test_a_claim_is_written_with_all_digits_it_was_printed_with(claim, said):
    assert claim_text(claim) == said


@given(st.integers(1, 10**7), st.integers(0, 3), st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_no_digit_of_a_printed_figure_is_ever_lost(digits, decimals, multiplier):
    printed = str(Decimal(digits).scaleb(-decimals))
    claim = figure("c1", printed, multiplier=multiplier)
    number, _, word = claim_text(claim).removeprefix("$").replace(",", "").partition(" ")
    scale = {"": 1, "million": 10**6, "billion": 10**9}[word]
    assert Fraction(number) * scale == claim.point


def test_a_reading_widens_a_finding():
    usual = derive(SMALL, "x", "X", "growth", Reading(), last=TRADE, first="c003")
    wide = derive(SMALL, "x", "X", "growth", Reading(hedge_width=2), last=TRADE, first="c003")
    assert (usual.value, usual.interval.low) == (wide.value, wide.interval.low)
    assert usual.interval.high < wide.interval.high


THIRD = percent("c004", "1/3", "nearly", multiplier=100, precision="1/30")


@pytest.mark.parametrize(
    ("value", "interval", "unit", "said"),
    [
        ("123e9", Interval(Fraction("123e9"), Fraction("140e9"), False), "USD", "more than $123 billion"),
        ("123.6e9", Interval(Fraction("123.6e9"), None, False), "USD", "more than $123 billion"),  # 124 might not hold
        ("123.4e9", Interval(None, Fraction("123.4e9")), "USD", "less than $124 billion"),
        ("40", Interval(Fraction(41), Fraction(49), True, True), "count", "more than 40"),
        ("-5", Interval(Fraction(-7), Fraction(-5)), "percent", "less than −5%"),
        ("5", Interval(Fraction(5), Fraction(6)), "percent", "5.0%"),
        ("5.5", Interval(Fraction(5), Fraction(6)), "percent", "5.5%"),
    ],
)
def test_a_point_that_a_hedge_excludes_is_written_as_a_limit(value, interval, unit, said):
    found = computed("x", "X", Fraction(value), unit, "e", interval)
    assert value_text(found) == finding_json(found)["text"] == said


def test_more_than_41_billion_over_nearly_a_third_exceeds_123_billion():
    # 41 ÷ 1/3 = 123; every value above 41 divided by every value below a third is more
    ledger = book(TRADE, THIRD)
    found = derive(ledger, "all", "All trade", "implied_total", part=TRADE, share=THIRD)
    assert (found.value, found.interval.low) == (Fraction("123e9"), Fraction("123e9"))
    results = Results(ledger)
    results.keep(found)
    plain = Sentences(results).plain
    assert plain("{all}") == "more than $123 billion"
    assert (size_text(found), plain("{all:number}")) == ("$123 billion", "123,000,000,000")


def test_an_anchor_is_where_the_report_explains_a_number(base):
    assert base.anchor == "f-base-2022"
