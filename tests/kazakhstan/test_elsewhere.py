"""The texts' figures beside what was published elsewhere: verdicts, what must not be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from claims.content.tables import TABLE
from claims.ledger import loading, official
from claims.ledger.intervals import Reading
from claims.questions import discrepancies
from claims.results.anchors import anchor
from claims.results.finding import MIME
from claims.show.book import open_book
from kazakhstan import elsewhere

OWN, USUAL = loading.load_ledger(), Reading()
BOOK = official.join_official(OWN)
GROUPS, BETWEEN = elsewhere.judged(BOOK, USUAL)
WORDS = {one.id: one.word for one in (*GROUPS, *BETWEEN)}


def test_only_quantities_that_both_texts_and_pages_print_are_judged():
    assert GROUPS
    for verdict in GROUPS:
        kinds = {claim.id in OWN.official for claim in verdict.claims}
        assert kinds == {True, False}, verdict.id


def test_their_verdicts_have_other_ids_than_those_among_the_texts():
    texts = set(OWN.groups)
    assert not texts & {one.id for one in GROUPS}
    assert len({anchor(one.id) for one in (*GROUPS, *BETWEEN)}) == len(GROUPS) + len(BETWEEN)


def test_freight_by_rail_agrees_and_the_border_does_not():
    freight = {word for id, word in WORDS.items() if id.startswith("elsewhere:rail_freight:2023:")}
    assert freight == {"consistent", "consistent by rounding"}
    assert WORDS["elsewhere:border_length:undated:o266"] == "inconsistent"


def test_a_page_that_contradicts_another_is_judged_by_itself():
    assert WORDS["elsewhere:gas_pipeline_capacity:undated:o247"] == "consistent"
    assert WORDS["elsewhere:gas_pipeline_capacity:undated:o248"] == "inconsistent"


def test_contradicting_texts_are_compared_with_pages_one_by_one():
    sure = replace(OWN, official=OWN.official | {"o093": replace(OWN.official["o093"], doubtful=False)})
    groups, _ = elsewhere.judged(official.join_official(sure), USUAL)
    words = [one.word for one in groups if one.id.startswith("elsewhere:china_share_of_kz_trade:2023:")]
    assert sorted(words) == ["consistent by rounding", "undecided"]  # 28.3 %, and a third, beside “more than 20 %”


def test_a_rate_fits_its_series_and_is_not_compared_with_the_other():
    assert WORDS["r101"] == "consistent by rounding"  # 32 % on 41, from 31.2
    assert WORDS["r102"] == "not comparable"  # 41 by one series, 24.2 by the other


def test_a_quarter_that_takes_most_of_its_year_is_consistent_as_a_bound_only():
    assert WORDS["r106"] == "consistent as a bound only"
    assert [id for id, word in WORDS.items() if word == WORDS["r106"]] == ["r106"]
    rest = next(one.result for one in BETWEEN if one.id == "r106")
    # 32 to 33 less 27.5 to 28.5 million tonnes, in three quarters
    assert (rest.interval.low, rest.interval.high) == (Fraction(3_500_000, 3), Fraction(5_500_000, 3))


def test_days_of_operation_are_counted_from_the_date_of_a_page():
    days = next(one for one in BETWEEN if one.id == "r69")
    assert days.word == "inconsistent"  # 5,450 and more are printed
    assert days.result.interval.low == (date(2024, 7, 2) - date(2009, 12, 14)).days == 5314
    assert [claim.id for claim in days.claims] == ["c074", "o246"]


def test_relations_with_official_figures_wait_until_these_are_claims():
    waiting = set(OWN.beyond)
    assert waiting
    assert not waiting & set(OWN.relations)
    assert waiting <= set(BOOK.relations)
    assert BOOK.beyond == {}


def test_stock_and_flow_are_never_compared():
    assert WORDS["r114"] == "not comparable"
    kinds = elsewhere.investment_table(BOOK)["kind"]
    assert len(set(kinds)) == len(elsewhere.NOTIONS)


def test_disagreements_with_pages_are_passed_on_without_a_pin(monkeypatch):
    outputs: dict[str, dict] = {}
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: outputs.update(bundle))
    groups, between = elsewhere.judge(open_book(official="all"))
    rows = outputs[discrepancies.MIME]["verdicts"]
    assert [row["id"] for row in rows] == [one.id for one in (*groups, *between)]
    assert any(row["verdict"] == "inconsistent" for row in rows)
    assert not any(row["pin"] for row in rows)
    assert {"elsewhere_total", "quarter_of_half_year"} <= {one["id"] for one in outputs[MIME]["findings"]}


def test_each_verdict_and_each_figure_on_investment_is_a_row():
    book = open_book(official="all")
    quantities = elsewhere.quantities(book, GROUPS).bundle[TABLE]
    relations = elsewhere.relations(book, BETWEEN).bundle[TABLE]
    investment = elsewhere.investment(book).bundle[TABLE]
    doubtful = [one for one in OWN.official.values() if one.doubtful]
    in_doubt = [one.id for one in doubtful if f"{one.indicator}:{one.period.key}" in OWN.groups]
    assert {"o093", "o112"} <= {*in_doubt}
    assert (len(quantities["rows"]), len(relations["rows"])) == (len(GROUPS) + len(in_doubt), len(BETWEEN))
    assert len(investment["rows"]) == len(elsewhere.investment_table(BOOK))


def test_counts_add_up():
    counts = {one.id: one.value for one in elsewhere.counts(GROUPS, BETWEEN)}
    words = ("inconsistent", "undecided", "consistent_by_rounding", "consistent")
    assert sum(counts[f"elsewhere_{word}"] for word in words) == counts["elsewhere_total"] == len(GROUPS)
    of_relations = (*words, "consistent_as_a_bound_only")
    assert sum(counts[f"elsewhere_relations_{word}"] for word in of_relations) == counts["elsewhere_relations_total"]
    assert counts["elsewhere_relations_total"] + counts["elsewhere_not_comparable"] == len(BETWEEN)
