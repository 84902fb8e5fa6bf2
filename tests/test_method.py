"""The tables of formulas and hedges say what the code does."""

from __future__ import annotations

import pytest
from claims import method
from claims.formulas import FORMULAS
from claims.intervals import HEDGES, Interval, Reading


def test_every_formula_is_listed_once_without_braces():
    rows = method.formulas()
    assert rows["formula"].tolist() == [name.replace("_", " ") for name in FORMULAS]
    assert not rows["expression"].str.contains("[{}]").any()
    assert set(rows["unit"]) == {"percent", "times", "years", "as its inputs"}


@pytest.mark.parametrize(
    ("hedge", "interval", "stated", "widest"),
    # 41 printed to the unit, by the table of the design: usual reach, stated bounds, twice the reach where assumed
    [
        ("no hedge", "[40.5, 41.5)", "both", "[40.5, 41.5)"),
        ("counted", "[41, 41]", "both", "[41, 41]"),
        ("more than", "(41, 42)", "lower", "(41, 43)"),
        ("less than", "(40, 41)", "upper", "(39, 41)"),
        ("nearly", "[40.5, 41)", "upper", "[40, 41)"),
        ("about", "[40, 42]", "none", "[39, 43]"),
        ("at least", "[41, ∞)", "lower", "[41, ∞)"),
        ("up to", "(-∞, 41]", "upper", "(-∞, 41]"),
    ],
)
def test_every_hedge_is_shown_with_what_41_stands_for(hedge, interval, stated, widest):
    row = method.hedges(Reading()).set_index("hedge").loc[hedge]
    assert (row["interval"], row["stated"], row["widest"]) == (interval, stated, widest)


def test_no_hedge_is_left_out():
    assert len(method.hedges(Reading())) == len(HEDGES) == 8


def test_the_table_of_hedges_follows_the_parameters():
    rows = method.hedges(Reading("truncation", 3)).set_index("hedge")["interval"]
    assert (rows["no hedge"], rows["more than"]) == ("[41, 42)", "(41, 44)")


def test_a_bound_that_is_not_there_is_stated_by_no_one():
    assert method.stated(Interval(None, None)) == "none"
