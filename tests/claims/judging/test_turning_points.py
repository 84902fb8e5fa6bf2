"""The nearest printable value with which a figure begins, or ceases, to fit what others allow; worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from changed_figures import READING, published_report
from claims.judging.revisions import turning_points
from claims.ledger.intervals import Interval


def between(low: str | None, high: str | None) -> Interval:
    ends = (None if end is None else Fraction(end) * 10**9 for end in (low, high))
    return Interval(*ends, True, True)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("43", "44", ["43"]),  # 42 may stand for up to 42.5, 43 for 42.5 and more
        ("42.5", None, ["43"]),  # 42 stands for less than 42.5
        (None, "39.5", ["40"]),  # 40 stands for 39.5 and more, 41 for 40.5 and more
        ("40", "42", ["39", "43"]),  # fits now: 40 may be up to 40.5, 39 less than 39.5; 43 is at least 42.5
        ("40.6", "100", ["40"]),
        (None, None, []),  # all fit
        ("43.1", "43.2", ["43"]),
    ],
)
def test_a_rounded_figure_turns_where_its_interval_meets_the_others(low, high, found):
    report = published_report()
    claim = report.ledger.claims["c045"]  # $41 billion, to the billion
    points = turning_points(claim, between(low, high), report.ledger, READING)
    assert [str(point) for point in points] == found


def test_what_no_printable_value_fits_has_no_turn():
    """All counts from 41 to 49 are more than 40, and those from 51 to 59 more than 50: none is 50."""
    report = published_report()
    claim = report.ledger.claims["c003"]
    fifty = Interval(Fraction(50), Fraction(50), True, True)
    assert turning_points(claim, fifty, report.ledger, READING) == []


def test_a_turn_may_be_far_away():
    report = published_report()
    fine = replace(report.ledger.claims["c045"], precision=Fraction(1, 10**6))
    [point] = turning_points(fine, between("2000", None), report.ledger, READING)
    assert point == 2000


def test_hedged_figures_do_not_change_their_sign():
    report = published_report()
    growth = replace(report.ledger.claims["c034"], hedge="more_than")
    below = Interval(Fraction(-50), Fraction(-40), True, True)
    assert turning_points(growth, below, report.ledger, READING) == []
