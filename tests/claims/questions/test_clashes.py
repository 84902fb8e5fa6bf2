"""Printed figures that cannot all be right, as the chapter on disagreements draws them."""

from __future__ import annotations

import pytest
from claims.judging import judge_ledger
from claims.ledger.intervals import Reading
from claims.questions import clashes
from claims.results.store import Results
from claims.words.sentences import Sentences
from made_up import book, figure, first_quarter, percent, relation, times

USUAL = Reading()
APART = figure("c1", "24"), figure("c2", "25", source="S2")


def found(ledger) -> list[clashes.Clash]:
    return clashes.clashes(ledger, judge_ledger(ledger), USUAL)


def ends(clash: clashes.Clash) -> list[tuple]:
    return [(row.interval.low, row.point, row.interval.high) for row in clash.rows]


def test_figures_without_a_common_value_clash_in_their_own_unit():
    (clash,) = found(book(*APART))
    assert (clash.unit, clash.why) == ("USD", "no value fits all")
    assert [[float(end) / 1e9 for end in row] for row in ends(clash)] == [[23.5, 24, 24.5], [24.5, 25, 25.5]]


def test_a_doubling_clashes_with_a_growth_rate_as_growth():
    rows = (
        relation("r01", "multiple_of", multiple="c1", last="c3"),
        relation("r02", "growth_of", growth="c2", last="c3"),
    )
    ledger = book(times("c1", "2", precision="0.1", wide="0.5"), percent("c2", "84"), figure("c3", "1"), relations=rows)
    (clash,) = found(ledger)
    assert (clash.unit, clash.why) == ("percent", "no value fits all, as usually read")
    assert ends(clash) == [(95, 100, 105), (83.5, 84, 84.5)]  # twice, ±0.05, is 95 to 105 percent more


def test_a_quarter_with_the_figure_of_the_year_clashes_four_times_over():
    claims = figure("c1", "28", period=first_quarter(2023)), figure("c2", "28")
    row = relation("r01", "annualised", quarter="c1", year="c2")
    (clash,) = found(book(*claims, relations=[row]))
    assert clash.why == "same figure, different periods"
    assert [row.words for row in clash.rows] == ["$28 billion in each quarter", "$28 billion"]
    assert [[float(end) / 1e9 for end in row] for row in ends(clash)] == [[110, 112, 114], [27.5, 28, 28.5]]


def test_a_quarter_with_a_figure_of_its_own_does_not_clash():
    claims = figure("c1", "7", period=first_quarter(2023)), figure("c2", "28")
    row = relation("r01", "annualised", quarter="c1", year="c2")
    assert found(book(*claims, relations=[row])) == []


def test_relations_between_quantities_have_no_scale_and_are_not_drawn():
    claims = figure("c1", "24", indicator="exports"), figure("c2", "21")
    ledger = book(*claims, relations=[relation("r01", "part_of", part="c1", total="c2")])
    assert [one.word for one in judge_ledger(ledger).disagreements] == ["inconsistent"]
    assert found(ledger) == []


def test_the_data_have_a_row_for_each_figure_and_the_claims_behind_it():
    repeated = figure("c3", "24", repeats="c1")
    drawn = clashes.chart(found(book(*APART, repeated)))
    assert drawn["shown"].tolist() == ["S1: $24 billion (×2)", "S2: $25 billion"]
    assert drawn["from"].tolist() == ["c1 c3", "c2"]
    assert drawn["stands_for"].tolist() == ["$23.5 to 24.5 billion", "$24.5 to 25.5 billion"]


def test_a_bound_that_is_not_there_is_drawn_at_the_point():
    drawn = clashes.chart(found(book(figure("c1", "31", "at_least"), figure("c2", "24", source="S2"))))
    assert drawn[["low", "point", "high"]].iloc[0].tolist() == pytest.approx([31e9, 31e9, 31e9])


def test_the_title_counts_the_clashes():
    ledger = book(*APART)
    results = Results(ledger)
    results.keep([clashes.count(found(ledger))])
    title = clashes.title(found(ledger))
    assert Sentences(results).plain(title) == "As usually read, 1 set of printed figures cannot all be right"
    assert clashes.title([]) == "All printed figures can be right"
    assert clashes.count([]).value == 0


def test_the_alt_text_names_every_figure_and_why_they_clash():
    assert str(clashes.alt(book(*APART), found(book(*APART)))) == (
        "Dots on intervals, a band for each set of figures, each on its own scale. "
        "On trade, 2023: S1: $24 billion and S2: $25 billion; no value fits all."
    )
