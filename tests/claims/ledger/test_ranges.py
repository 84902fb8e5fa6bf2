"""A printed range, “47 to 48 billion”, is one row: it may stand for all between the reaches of its two ends."""

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.judging.judge import word_of_group
from claims.judging.verdict import BY_ROUNDING, INCONSISTENT
from claims.ledger.intervals import ROUNDINGS, Reading, printed_interval
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from claims.words.labels import claim_text
from hypothesis import given
from hypothesis import strategies as st
from invented import copied, plant
from made_up import BILLION, book, figure

RANGE = figure("c001", "47..48")


def test_a_range_reaches_from_one_end_to_the_other():
    low, high = Fraction("46.5") * BILLION, Fraction("48.5") * BILLION
    values = book(RANGE).interval(RANGE)
    assert (values.low, values.high, values.low_closed, values.high_closed) == (low, high, True, False)


def test_around_a_range_reaches_a_step_farther():
    values = printed_interval(Fraction("47.5"), Fraction(1), "about", spread=Fraction(1, 2))
    assert str(values) == "[46, 49]"


@given(st.integers(-50, 50), st.integers(1, 20), st.sampled_from(ROUNDINGS), st.sampled_from(["none", "about"]))
def test_a_range_has_what_every_figure_within_it_may_stand_for(low, width, rounding, hedge):
    reading, unit = Reading(rounding), Fraction(1)
    whole = printed_interval(low + Fraction(width, 2), unit, hedge, reading, spread=Fraction(width, 2))
    for value in range(low, low + width + 1):
        inner = printed_interval(Fraction(value), unit, hedge, reading)
        assert str(whole & inner) == str(inner)


def test_a_range_agrees_with_what_lies_in_it_and_not_with_more():
    inside, outside = figure("c002", "47", source="S2"), figure("c003", "50", precision=1, source="S3")
    for other, word in ((inside, BY_ROUNDING), (outside, INCONSISTENT)):
        assert word_of_group([RANGE, other], book(RANGE, other), Reading())[0] == word


@pytest.mark.parametrize(
    ("text", "printed", "words"),
    [
        ("47..48", "between 47 and 48 billion dollars", "$47 to 48 billion"),
        ("1.2..1.35", "$1.2-1.35 billion", "$1.20 to 1.35 billion"),
        ("3..4", "three or four billion dollars", "three or four billion dollars"),
    ],
)
def test_a_range_is_written_with_both_ends(text, printed, words):
    assert claim_text(replace(figure("c001", text), printed=printed)) == words


def problems(folder, cells: str) -> str:
    """Return what is wrong with the invented ledger if the figure of its first claim has these cells."""
    plant(folder, "claims.csv", ",32,1,percent,1,default,,none,1900", f",{cells},1900")
    with pytest.raises(LedgerError) as error:
        load_ledger(folder)
    return str(error.value)


def test_the_lower_end_comes_first(tmp_path):
    found = problems(copied(tmp_path / "ledger"), "48..47,1,percent,1,default,,none")
    assert "write the lower end first: '47..48'" in found


def test_a_range_takes_no_hedge_but_about(tmp_path):
    found = problems(copied(tmp_path / "ledger"), "47..48,1,percent,1,default,,more_than")
    assert "'more_than' cannot be that of a range; write 'none' or 'about'" in found


def test_a_range_leaves_the_domain_with_either_end(tmp_path):
    found = problems(copied(tmp_path / "ledger"), "-120..-90,1,percent,1,default,,none")
    assert "outside the domain of honey_harvest_growth (-100 to ∞)" in found
