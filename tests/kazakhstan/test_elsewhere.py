"""The texts' figures beside what was published elsewhere: verdicts, what must not be compared, shares by value."""

from __future__ import annotations

import math
from fractions import Fraction

from claims.ledger import loading, official
from claims.ledger.intervals import Reading
from claims.questions import discrepancies
from claims.results.anchors import anchor
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
    words = {id: word for id, word in WORDS.items() if id.startswith("elsewhere:china_share_of_kz_trade:2023:")}
    assert set(words.values()) == {
        "consistent by rounding",
        "undecided",
    }  # 28.3 %, and a third, beside “more than 20 %”


def test_a_rate_fits_its_series_and_is_not_compared_with_the_other():
    assert WORDS["r101"] == "consistent by rounding"  # 32 % on 41, from 31.2
    assert WORDS["r102"] == "not comparable"  # 41 by one series, 24.2 by the other


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


def test_disagreements_with_pages_need_no_pin(monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: outputs.append(bundle))
    discrepancies.emit(BOOK, GROUPS, pin=False)
    rows = outputs[0][discrepancies.MIME]["verdicts"]
    assert any(row["verdict"] == "inconsistent" for row in rows)
    assert not any(row["pin"] for row in rows)


def test_shares_of_commodities_are_of_the_exports_of_the_same_year():
    rows = {row["part"].id: row for row in elsewhere.commodities(BOOK, USUAL)}
    assert math.isclose(float(rows["o267"]["share"].value), 100 * 4.1 / 13.2)  # crude oil
    covered = elsewhere.covered(BOOK, list(rows.values()), USUAL)
    assert math.isclose(float(covered.value), 100 * (4.1 + 1.2 + 2.04 + 0.817 + 1.0) / 13.2)
    assert covered.interval.low < covered.value < covered.interval.high


def test_all_values_and_shares_of_a_page_allow_a_common_total():
    rows = elsewhere.xinjiang(BOOK, USUAL)
    total = elsewhere.xinjiang_total(rows)
    assert not total.interval.is_empty
    assert all(total.interval.low >= row["total"].interval.low for row in rows)
    assert elsewhere.xinjiang_covered(BOOK, rows, USUAL).value == Fraction("92.9")


def test_a_share_implies_a_total_by_each_series_and_a_rest():
    rows = {(row["share"].id, row["side"]): row for row in elsewhere.totals(BOOK, USUAL)}
    china = rows["c061", "china_customs"]
    assert math.isclose(float(china["total"].value), 41e9 / 0.283)
    assert math.isclose(float(china["rest"].value), 41e9 / 0.283 - 21.7e9 / 0.213)
    assert math.isclose(float(china["mean"].value), 21.7e9 / 0.213 / 3)


def test_counts_add_up():
    counts = {one.id: one.value for one in elsewhere.counts(GROUPS, BETWEEN)}
    words = ("inconsistent", "undecided", "consistent_by_rounding", "consistent")
    assert sum(counts[f"elsewhere_{word}"] for word in words) == counts["elsewhere_total"] == len(GROUPS)
    assert sum(counts[f"elsewhere_relations_{word}"] for word in words) == counts["elsewhere_relations_total"]
    assert counts["elsewhere_relations_total"] + counts["elsewhere_not_comparable"] == len(BETWEEN)
