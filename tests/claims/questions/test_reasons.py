"""What the report says of disagreements and of their likeliest reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from claims.judging import judge_ledger
from claims.ledger.model import Claim, KnownDisagreement, Ledger, Period, Relation
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
    assert str(discrepancies.weak_tests(alone)).endswith("tests: some set separately printed figures equal (1).")
    assert str(discrepancies.not_tested(alone)) == ""
    assert str(discrepancies.sets_that_hold(alone)) == "No two of them share a figure."
    assert str(discrepancies.relations_that_fail(both)) == "In 1 of them the figures cannot all be right."
    assert "must not be compared (1); the verdicts give" in str(discrepancies.not_tested(both))
    assert "In none of them" in str(discrepancies.sets_that_hold(both))
    assert discrepancies.how_relations_fit(related(fails)) == "Related figures do not fit"


def judged(*claims: Claim, relations: Sequence[Relation] = ()) -> Book:
    """Return the book of a ledger of these claims, with its verdicts."""
    own = Book(book(*claims, relations=relations))
    discrepancies.judge(own)
    return own


@pytest.mark.parametrize(
    ("claims", "does", "how_many", "clash"),
    [
        (LEVELS, "do not do that.", "No quantity is stated more than once for a period", ""),
        (
            [*LEVELS, figure("c5", "41", source="S2")],
            "do that for 1 quantity and period.",
            "1 quantity is stated more than once for a period",
            "Some value fits all of its figures, as they are usually read.",
        ),
        (SUMS, "do that for 1 quantity and period.", "1 quantity is stated", "For 1 no value fits all figures"),
        (
            [*LEVELS, figure("c5", "41", source="S2"), figure("c6", "31.1", source="S2", period=year(2022))],
            "do that for 2 quantities and periods.",
            "2 quantities are stated more than once for a period",
            "Some value fits all figures of each of them, as they are usually read.",
        ),
    ],
)
def test_quantities_stated_more_than_once_are_counted_in_words(claims, does, how_many, clash):
    own = judged(*claims)
    assert str(discrepancies.groups_stated(own)) == f"The texts {does}"
    assert str(discrepancies.groups_that_agree(own)).startswith(how_many)
    fits = str(discrepancies.groups_that_clash(own))
    assert fits.startswith(clash) and bool(fits) == bool(clash)


def test_sentences_on_agreement_leave_out_what_there_is_none_of():
    def ending(*claims: Claim) -> str:
        return str(discrepancies.groups_that_agree(judged(*claims))).partition("repeats itself.")[2]

    alike, rounded = figure("c5", "41", source="S2"), figure("c6", "31", source="S2", period=year(2022))
    assert ending(*LEVELS) == ""
    assert ending(*SUMS) == " None agree as printed."
    assert ending(*LEVELS, alike) == " The figures for 1 of them agree as printed."
    late = "they agree once rounding and hedges are allowed for."
    assert ending(*LEVELS, rounded) == f" None agree as printed. For 1 {late}"
    assert ending(*LEVELS, alike, rounded) == f" The figures for 1 of them agree as printed. For 1 more {late}"


def test_relations_that_can_be_tested_are_counted_in_words():
    rates = [percent("c5", "32"), percent("c6", "10"), percent("c7", "11")]
    rows = [relation(f"r{n}", "growth_of", growth=f"c{n}", last="c4", first="c3") for n in (5, 6, 7)]
    books = [judged(*LEVELS, *rates, relations=some) for some in ([], rows[:1], rows[1:2], rows[:2], rows[1:])]
    assert [str(discrepancies.relations_tested(own)).partition(" be tested")[0] for own in books] == [
        "No such relation can", *["1 such relation can"] * 2, *["2 such relations can"] * 2,
    ]  # fmt: skip
    assert [str(discrepancies.relations_that_fail(own)) for own in books] == [
        "",
        "It holds.",
        "Its figures cannot all be right.",
        "In 1 of them the figures cannot all be right.",
        "In 2 of them the figures cannot all be right.",
    ]


def test_a_title_says_that_no_figures_clash_only_where_relations_fit_too():
    fits = relation("r1", "growth_of", growth="c5", last="c4", first="c3")
    for rate, how_many in (("32", "No"), ("10", "Few")):
        assert discrepancies.how_many_clash(judged(*LEVELS, percent("c5", rate), relations=[fits])) == how_many


def test_rounding_is_no_reason_where_it_was_allowed_for():
    assert judge_ledger(pinned("rounding")).groups[0].causes["rounding"] == "not excluded"
    assert reason(pinned("rounding")) == "No reason is recorded."
