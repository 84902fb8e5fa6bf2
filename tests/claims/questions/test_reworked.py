"""Findings worked out again from their formulas and inputs, as they were found or with another figure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from changed_figures import READING, Change, published_report
from claims.ledger.official import join_official
from claims.questions.reworked import Rule, Rules, find_rules, rework, users_of_each
from claims.results.finding import Finding


@pytest.fixture(scope="module")
def report():
    return published_report()


def with_figure(report, id: str, value: str) -> dict[str, Finding]:
    claim = report.ledger.claims[id]
    change = Change(id, Fraction(value), claim.precision, claim.hedge)
    return rework(join_official(change.applied(report.ledger)), report.rules, READING)


def test_most_findings_with_a_formula_come_out_as_they_were_found(report):
    with_formula = {row["id"] for row in report.findings if row["formula"]}
    rules = find_rules(join_official(report.ledger), report.findings, READING)
    assert len(rules.by_id) > 0.9 * len(with_formula)
    found = rework(join_official(report.ledger), rules, READING)
    for row in report.findings:
        if row["id"] in found:
            assert found[row["id"]].to_json()["value"] == row["value"]


def test_a_finding_that_comes_out_otherwise_has_no_rule(report):
    row = next(row for row in report.findings if row["id"] == "growth_trade_turnover_2023_2024")
    others = [other for other in report.findings if other is not row]
    kept = find_rules(join_official(report.ledger), [*others, {**row, "high": row["high"] + 1}], READING)
    assert row["id"] in report.rules.by_id
    assert row["id"] not in kept.by_id


def test_a_shared_level_is_the_middle_of_what_its_figures_allow(report):
    found = with_figure(
        report, "c045", "41.2"
    )  # may stand for 40.7 to 41.7; others for more than 41, and less than 41.5
    level = found["level_trade_turnover_2023"]
    assert (level.value, level.interval.low, level.interval.high) == (
        41_250_000_000,
        41 * 10**9,
        Fraction("41.5") * 10**9,
    )
    assert "level_trade_turnover_2023" not in with_figure(report, "c045", "45")  # then nothing is common


def test_a_spread_is_between_the_smallest_and_the_largest(report):
    name = "spread_china_investment_cumulative_2009_07_03_to_2024_07_03"
    assert with_figure(report, "c024", "24")[name].value == 10**9
    assert with_figure(report, "c024", "27")[name].value == 2 * 10**9  # and not 25 less 27


def test_what_a_whole_cannot_leave_is_none(report):
    assert "remainder_c070_c072" in report.rules.by_id
    assert "remainder_c070_c072" in with_figure(report, "c070", "2")
    rule = replace(
        report.rules.by_id["remainder_c070_c072"], within="china_share_of_kz_trade"
    )  # a share is at most 100
    assert rework(join_official(report.ledger), Rules({"r": rule}, {}), READING) == {}


def test_the_logarithm_of_nothing_is_no_finding(report):
    rule = Rule("log_ratio", "index", {"importer": Fraction(0), "exporter": Fraction(1)})
    assert rework(join_official(report.ledger), Rules({"none": rule}, {}), READING) == {}


def test_users_are_found_over_any_number_of_rows():
    rows = [{"id": f"f{number}", "inputs": {"last": f"f{number - 1}"}} for number in range(1, 2_000)]
    assert len(users_of_each(rows, ["f0"])["f0"]) == 1_999
