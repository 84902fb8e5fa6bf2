"""Both official series beside each other: levels, gaps, CIF and FOB, nearness, and rates on the other's levels."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from claims.ledger import loading, official
from claims.ledger.intervals import Interval, Reading
from claims.results.finding import Finding
from kazakhstan import fit, mirror

BOOK, USUAL = official.join_official(loading.load_ledger()), Reading()
PAIRS = {pair.period.key: pair for pair in mirror.turnover(BOOK, USUAL)}
FLOWS = {(flow.indicator, flow.period.key): flow for flow in mirror.flows(BOOK, USUAL, (1.0, 1.1))}


def test_a_level_is_the_most_precise_figure_quoted():
    china = mirror.series(BOOK, "trade_turnover", "china_customs", USUAL)
    assert china["2021"].point == Fraction("25.25") * 10**9  # beside 25.2 and 25
    assert china["2024"].point == Fraction("43.82") * 10**9  # beside 43.8


def test_figures_that_rounding_does_not_reconcile_span_the_range():
    kazakh = mirror.series(BOOK, "trade_turnover", "kz_statistics", USUAL)
    assert isinstance(kazakh["2022"], Finding)  # 24.1 and 24.2
    assert (kazakh["2022"].interval.low, kazakh["2022"].interval.high) == (24_100_000_000, 24_250_000_000)
    assert {"o072", "o080"} <= set(kazakh["2022"].inputs["figures"])
    assert kazakh["2022"].inputs["flows"] == ("o074", "o077")  # which add up to 24.1 or more


def test_a_doubtful_figure_is_in_no_series():
    assert "2024" not in mirror.series(BOOK, "trade_turnover", "kz_statistics", USUAL)


def test_the_gap_of_turnover_is_over_both_figures():
    pair = PAIRS["2023-01-01/2023-10-31"]  # 32.7 and 24.3
    assert math.isclose(float(pair.ratio.value), 1.345679, rel_tol=1e-6)
    assert math.isclose(float(pair.gap_smaller.value), 34.5679, rel_tol=1e-6)
    assert math.isclose(float(pair.gap_larger.value), 25.68807, rel_tol=1e-6)


def test_every_quoted_year_is_there_partial_periods_only_for_both():
    years = {key for key in PAIRS if len(key) == 4}
    quoted = {
        one.period.key
        for one in BOOK.official.values()
        if one.indicator == "trade_turnover"
        and one.authority in mirror.SIDES
        and one.period.kind == "year"
        and not one.doubtful
    }
    assert years == quoted
    assert all(PAIRS[key].ratio for key in PAIRS.keys() - years)


def test_flows_are_worked_by_hand():
    flow = FLOWS["exports_to_china", "2013"]  # Kazakhstan exports 14.334, China imports 16.0
    assert math.isclose(float(flow.ratio.value), 1.1162272, rel_tol=1e-6)
    assert math.isclose(float(flow.log_ratio.value), 0.1099541, rel_tol=1e-5)
    assert math.isclose(float(flow.symmetric.value), -5.4921870, rel_tol=1e-6)
    assert flow.word == "explains in part"


def test_a_flow_that_no_page_quotes_is_the_turnover_less_the_other():
    flow = FLOWS["imports_from_china", "2023"]  # 31.4 less 14.7
    assert flow.importer.value == Fraction("16.7") * 10**9
    assert flow.word == "wrong direction"


def test_a_quoted_gap_gives_the_figure_that_is_not_quoted():
    flow = FLOWS["imports_from_china", "2022"]  # 11.0 and a gap of 5.2
    assert flow.exporter.value == Fraction("16.2") * 10**9


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        ("1.00", "1.10", "explains"),
        ("1.10", "1.20", "undecided"),  # 1.1 belongs to both
        ("1.11", "1.20", "explains in part"),
        ("0.90", "0.99", "wrong direction"),
        ("0.90", "1.50", "undecided"),
    ],
)
def test_transport_explains_what_lies_in_the_band(low, high, word):
    assert mirror.cif_fob_word(Interval(Fraction(low), Fraction(high)), 1.0, 1.1) == word


def test_an_open_end_at_the_band_is_not_in_it():
    assert mirror.cif_fob_word(Interval(Fraction("0.9"), Fraction(1), True, False), 1.0, 1.1) == "wrong direction"


def test_a_band_from_high_to_low_is_refused():
    with pytest.raises(ValueError, match="cif_fob_low"):
        mirror.cif_fob_word(Interval(Fraction(1), Fraction(2)), 1.2, 1.1)


def test_a_wider_band_explains_what_a_narrow_one_explains_in_part():
    wide = {(f.indicator, f.period.key): f.word for f in mirror.flows(BOOK, USUAL, (1.0, 1.2))}
    assert FLOWS["exports_to_china", "2023"].word == "explains in part"
    assert wide["exports_to_china", "2023"] == "explains"
    assert wide["imports_from_china", "2023"] == "wrong direction"


def test_yearly_totals_fit_the_chinese_series_the_quarter_the_kazakh():
    near = {one.claim.id: one for one in fit.nearest(BOOK, USUAL)}
    assert (near["c012"].side, near["c012"].within) == (mirror.CHINA, {mirror.CHINA: True, mirror.KAZAKHSTAN: False})
    assert near["c008"].within == {mirror.KAZAKHSTAN: True}


def test_the_quarter_a_year_before_follows_from_its_growth():
    (level,) = (one.levels[mirror.KAZAKHSTAN] for one in fit.nearest(BOOK, USUAL) if one.claim.id == "c008")
    assert math.isclose(float(level.value), 5.9e9 / 0.949, rel_tol=1e-9)


def test_a_rate_fits_its_own_series_and_may_not_fit_the_other():
    fits = {(one.year, one.level_side, one.growth_side): one.word for one in fit.crossed(BOOK, USUAL)}
    own = [word for (_, level, growth), word in fits.items() if level == growth]
    assert own == ["consistent"] * len(own)
    assert fits["2022", mirror.CHINA, mirror.KAZAKHSTAN] == "inconsistent"


def test_the_test_of_each_flow_is_a_verdict_on_its_quoted_figures():
    verdicts = {one.verdict.id: one.verdict for one in mirror.verdicts(BOOK, FLOWS.values(), (1.0, 1.1))}
    verdict = verdicts["cif_fob:imports_from_china:2022"]
    assert {claim.id for claim in verdict.claims} >= {"o124"}
    assert all(claim.id in BOOK.official for one in verdicts.values() for claim in one.claims)
