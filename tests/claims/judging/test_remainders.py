"""What a part leaves of its whole, worked out by hand, and when that is like nothing in the ledger."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.judging.remainders import SWING, Remainder
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Period
from in_words import VerdictInWords, judge_in_words
from made_up import BILLION, book, figure, first_quarter, relation, year

BOUND, ALIKE, ROUNDED, APART = "consistent as a bound only", "consistent", "consistent by rounding", "inconsistent"
QUARTER = relation("r01", "annualised", "within", quarter="c1", year="c2")  # 90 of 365 days in 2023
LEVELS = {1: figure("c3", "23", period=year(2022)), 2: figure("c3", "5", period=year(2020))}


def judged(quarter: Claim | str, whole: Claim | str, *others: Claim, row=QUARTER, reading=None) -> VerdictInWords:
    """Return the verdict on a quarter within its year; text stands for so many billion dollars of trade in 2023."""
    if isinstance(quarter, str):
        quarter = figure("c1", quarter, period=first_quarter(2023))
    whole = figure("c2", whole) if isinstance(whole, str) else whole
    return judge_in_words(book(quarter, whole, *others, relations=[row]), reading).relations[0]


def exactly(quarter: int, whole: int) -> tuple[Claim, Claim]:
    return figure("c1", str(quarter), "exact", period=first_quarter(2023)), figure("c2", str(whole), "exact")


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        (("28", figure("c2", "32", "more_than"), LEVELS[1]), BOUND),  # 3.5 to 5.5 in 275 days, 4.6 to 7.3 a year
        (("28", figure("c2", "32", "more_than"), LEVELS[2]), ALIKE),  # 5 a year is printed
        (("6.3", "44"), ALIKE),  # 37.15 to 38.25, twice the pace of the quarter
        (("0.5", "41"), BOUND),  # 40 and more: above 41 a year, and twenty times the pace of the quarter
        (("0.5", "41", figure("c3", "60", period=year(2020))), ALIKE),  # 60 a year is printed
        (("41.2", "41"), BOUND),  # at most 0.35 is left, if any
        (("42", "41"), APART),
        (("13.7", "28"), ALIKE),
    ],
)
def test_a_remainder_unlike_all_figures_leaves_a_bound_only(claims, word):
    assert judged(*claims).word == word


@pytest.mark.parametrize(("whole", "word"), [(70, BOUND), (71, ALIKE)])
def test_a_part_may_run_four_times_faster_than_the_rest(whole, word):
    # 40 in 90 days are 0.444 a day; 30 in 275 are 0.109, a quarter of it 0.111; 31 are 0.113
    assert SWING == 4
    assert judged(*exactly(40, whole)).word == word


def test_the_remainder_is_the_whole_less_the_part():
    found = judged("28", figure("c2", "32", "more_than"), LEVELS[1]).verdict.remainder
    assert found is not None
    assert (found.amount.low, found.amount.high) == (Fraction("3.5e9"), Fraction("5.5e9"))
    assert (found.days, found.slowest.id, found.fastest.id) == (275, "c3", "c1")
    assert (found.too_slow, found.too_fast, found.is_plausible) == (True, False, False)


def test_nothing_below_what_can_be_measured_is_left():
    months = Period("2023-01-01", "2023-11-30", "window", "stated")
    both = figure("c1", "500", "more_than", period=months), figure("c2", "500", "more_than")
    rest = judged(*both, row=relation("r01", "part_of", "within", part="c1", total="c2"))
    assert (rest.word, str(rest.result.interval)) == (ALIKE, f"[0, {100 * BILLION})")
    assert rest.result.value == 0


def remainder(row, **indicator: str) -> Remainder | None:
    quarter, whole = figure("c1", "28", period=first_quarter(2023)), figure("c2", "32")
    made = book(quarter, whole, relations=[row])
    made = replace(made, indicators={"trade": replace(made.indicators["trade"], **indicator)})
    return first(made).verdict.remainder


def first(made: Ledger) -> VerdictInWords:
    return judge_in_words(made).relations[0]


def test_only_what_adds_up_over_time_leaves_a_remainder():
    within = relation("r01", "at_most", "within", smaller="c1", larger="c2")
    assert remainder(within) is not None
    assert remainder(within, flow_or_stock="stock") is None
    assert remainder(within, flow_or_stock="unknown") is None
    assert remainder(relation("r01", "at_most", "across", smaller="c1", larger="c2")) is None


def test_a_part_of_the_same_time_leaves_another_thing():
    part = figure("c1", "28", indicator="exports")
    row = relation("r01", "at_most", "within", smaller="c1", larger="c2")
    found = first(book(part, figure("c2", "29"), relations=[row]))
    assert (found.word, found.verdict.remainder) == (ALIKE, None)
    day = Period("2023-06-30", "2023-06-30", "moment", "stated")
    found = first(book(replace(part, period=day), figure("c2", "29"), relations=[row]))
    assert (found.word, found.verdict.remainder) == (ALIKE, None)


def test_a_reading_that_widens_a_figure_may_make_the_rest_plausible():
    year_before = figure("c3", "9", period=year(2022))
    claims = "28", figure("c2", "32", "more_than"), year_before  # 4.6 to 7.3 a year, then 4.6 to 8.6
    assert judged(*claims).word == BOUND
    assert judged(*claims, reading=Reading(hedge_width=Fraction(2))).word == ALIKE


def test_the_whole_around_a_bound_is_no_better_than_it():
    rows = QUARTER, relation("r02", "at_most", "previous_year", smaller="c3", larger="c2")
    claims = figure("c1", "28", period=first_quarter(2023)), figure("c2", "32", "more_than"), LEVELS[1]
    (whole,) = judge_in_words(book(*claims, relations=rows)).wholes
    assert whole.word == BOUND
    assert str(whole.explanation) == ("3 figures in 2 relations can all hold at once, but leave an implausible rest.")
    assert not whole.verdict.is_open


@pytest.mark.parametrize(
    ("claims", "ending"),
    [
        (
            ("28", figure("c2", "32", "more_than"), LEVELS[1]),
            ": it does not; the other quarters would have to average $1.16 to 1.84 billion. "
            "No figure in the ledger runs that slowly: the slowest is $23 billion (S1) for 2022.",
        ),
        (
            ("0.5", "41"),
            ": it does not; the other quarters would have to average $13.3 to 13.7 billion. "
            "No figure in the ledger runs that fast: the fastest is $41 billion (S1) for 2023.",
        ),
        (("28", "61"), ": it does not; the other quarters would have to average $10.6 to 11.4 billion."),
    ],
)
def test_a_bound_only_is_explained_with_what_it_leaves(claims, ending):
    assert str(judged(*claims).explanation).endswith(f" billion){ending}")


def test_what_is_left_of_a_window_is_told():
    window = Period("2005-01-01", "2023-12-31", "window", "stated")
    part = figure("c1", "24.0", period=replace(window, end="2023-06-30"))
    row = relation("r01", "at_most", "within", smaller="c1", larger="c2")
    found = judged(part, figure("c2", "25.3", period=window), row=row)
    assert (found.word, found.result.value) == (ALIKE, Fraction("1.3e9"))
    assert str(found.explanation).endswith(": it does not; $1.2 to 1.4 billion is left for the rest of the time.")
