"""What the report says of disagreements and of their likeliest reasons."""

from __future__ import annotations

from dataclasses import replace

from claims.judging import judge_ledger
from claims.ledger.model import KnownDisagreement, Ledger, Period
from claims.questions.discrepancy_exhibits import disagreements_list
from made_up import book, figure, quoted

FIFTEEN_YEARS = Period("2009-07-03", "2024-07-03", "window", "inferred")
SUMS = figure("c1", "24", period=FIFTEEN_YEARS), figure("c2", "25", source="S2", period=FIFTEEN_YEARS)
GROUP = "trade:2009-07-03/2024-07-03"
LONGER = replace(FIFTEEN_YEARS, start="2005-01-01", end="2023-06-30")


def pinned(*causes: str, official=()) -> Ledger:
    """Return a ledger with two sums of one window, and these causes recorded for their disagreement."""
    pin = KnownDisagreement(GROUP, "inconsistent", ("c1", "c2"), causes, "Two sums", "2024-01-01")
    return replace(book(*SUMS, official=official), known={GROUP: pin})


def reason(ledger: Ledger) -> str:
    return disagreements_list(ledger, judge_ledger(ledger)).rpartition("all. ")[2]


def test_a_figure_of_another_window_makes_that_the_likeliest_reason():
    ledger = pinned("rounding", "revision", "window", official=[quoted("o1", "24", period=LONGER)])
    assert reason(ledger) == (
        "Likeliest reason: years counted; [\\$24 billion](#o1) is also given for <time>2005-01 to 2023-06</time>."
    )


def test_a_cause_that_is_only_not_excluded_is_a_possible_reason():
    assert reason(pinned("rounding", "window")) == "Possible reason: years counted."


def test_rounding_is_no_reason_where_it_was_allowed_for():
    assert judge_ledger(pinned("rounding")).groups[0].causes["rounding"] == "not excluded"
    assert reason(pinned("rounding")) == "No reason is recorded."
