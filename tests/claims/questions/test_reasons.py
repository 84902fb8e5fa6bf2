"""What the report says of disagreements and of their likeliest reasons."""

from __future__ import annotations

from dataclasses import replace

from claims.judging import judge_ledger
from claims.ledger.model import KnownDisagreement, Ledger, Period, Relation
from claims.questions.discrepancy_exhibits import disagreements_list
from claims.show import discrepancies
from claims.show.book import Book
from made_up import book, figure, percent, quoted, relation, year

FIFTEEN_YEARS = Period("2009-07-03", "2024-07-03", "window", "inferred")
LEVELS = figure("c3", "31.1", period=year(2022)), figure("c4", "41")
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


def test_the_recorded_explanation_follows_where_it_is_wanted():
    ledger = pinned("window")
    text = disagreements_list(ledger, judge_ledger(ledger), explained=True)
    assert text.endswith("Possible reason: years counted. <cite>Two sums</cite>.")


def test_sentences_on_relations_leave_out_what_there_is_none_of():
    def related(*relations: Relation) -> Book:
        claims = (*LEVELS, percent("c5", "32"), percent("c6", "10"))
        own = Book(book(*claims, relations=relations))
        discrepancies.judge(own)
        return own

    fits, fails = (relation(f"r{n}", "growth_of", growth=f"c{n}", last="c4", first="c3") for n in (5, 6))
    alone, both = related(fits), related(fits, fails, relation("r1", "not_comparable", "differs:years", a="c3", b="c4"))
    assert str(discrepancies.relations_that_fail(alone)) == "All of them hold."
    assert str(discrepancies.weak_tests(alone)).endswith("tests: some set separately printed figures equal (1).")
    assert str(discrepancies.not_tested(alone)) == ""
    assert str(discrepancies.sets_that_hold(alone)) == "No two of them share a figure."
    assert str(discrepancies.relations_that_fail(both)) == "In 1 of them the figures cannot all be right."
    assert "must not be compared (1); the verdicts give" in str(discrepancies.not_tested(both))
    assert "In none of them" in str(discrepancies.sets_that_hold(both))
    assert discrepancies.how_relations_fit(related(fails)) == "Related figures do not fit"


def test_rounding_is_no_reason_where_it_was_allowed_for():
    assert judge_ledger(pinned("rounding")).groups[0].causes["rounding"] == "not excluded"
    assert reason(pinned("rounding")) == "No reason is recorded."
