"""What a reading may take otherwise of the ledger: windows apart, sectors by section, official figures beside."""

from __future__ import annotations

from fractions import Fraction

import pytest
from claims.judging import judge_ledger
from claims.ledger import conventions, loading
from claims.ledger.intervals import Reading
from claims.ledger.model import Period, claim_interval
from claims.questions import shares
from made_up import book, figure, percent

OWN = loading.load_ledger()
SUM = "china_investment_cumulative"


def words(book, indicator: str) -> set[str]:
    return {one.word for one in judge_ledger(book).groups if one.indicator == indicator}


def test_a_single_month_is_no_window_of_a_texts_own():
    may = Period("2024-05-01", "2024-05-31", "window", "inferred")
    half = Period("2024-05-01", "2024-05-15", "window", "inferred")
    both = book(figure("c1", "41", period=may), figure("c2", "41", period=half))
    periods = [claim.period for claim in conventions.apply_window(both, "own").claims.values()]
    assert periods[0] == may
    assert periods[1].key == "2024-05-01/2024-05-15@S1"


def test_windows_of_their_own_are_not_held_against_each_other():
    assert words(OWN, SUM) == {"inconsistent"}
    apart = conventions.apply_window(OWN, "own")
    assert "inconsistent" not in words(apart, SUM)
    assert {claim.period.start for claim in apart.of(SUM)} == {claim.period.start for claim in OWN.of(SUM)}


def test_a_window_that_a_text_dates_stays_as_it_is():
    apart = conventions.apply_window(OWN, "own")
    same = [id for id, claim in apart.claims.items() if claim.quantity == OWN.claims[id].quantity]
    moved = set(OWN.claims) - set(same)
    assert moved
    assert all(OWN.claims[id].period.basis == "inferred" and OWN.claims[id].period.kind == "window" for id in moved)


def test_sectors_of_one_section_become_one_and_shares_still_add_up():
    merged = conventions.group_sectors(OWN, "isic")
    assert len(merged.sectors) < len(OWN.sectors)
    assert len({sector.isic for sector in merged.sectors.values()}) == len(merged.sectors)
    assert sum(shares.shares_pct(shares.items(merged), "fractional").values()) == 100


def test_an_item_of_two_sectors_of_one_section_counts_once_in_it():
    merged = conventions.group_sectors(OWN, "isic")
    both = [id for id, item in OWN.agreements.items() if {"energy", "mining_minerals"} <= set(item.sectors)]
    assert both
    assert all(merged.agreements[id].sectors.count("energy") == 1 for id in both)
    assert not any("mining_minerals" in merged.agreements[id].sectors for id in both)


def test_official_figures_join_where_they_are_asked_for():
    assert conventions.apply_conventions(OWN) is OWN
    with_china = conventions.apply_conventions(OWN, with_official="china_customs")
    added = with_china.claims.keys() - OWN.claims.keys()
    assert added
    assert {OWN.official[id].authority for id in added} == {"china_customs"}


def test_kazakh_figures_contradict_the_texts_total_and_chinese_do_not():
    key = "trade_turnover:2023"
    for side, word in (("china_customs", "consistent by rounding"), ("kz_statistics", "inconsistent")):
        judged = judge_ledger(conventions.apply_conventions(OWN, with_official=side))
        assert {one.word for one in judged.groups if one.id == key} == {word}


@pytest.mark.parametrize("wrong", [{"window": "ours"}, {"with_official": "all"}])
def test_a_convention_that_is_none_is_refused_with_those_there_are(wrong):
    with pytest.raises(ValueError, match="must be one of"):
        conventions.apply_conventions(OWN, **wrong)


def test_a_tolerance_moves_both_bounds_by_its_part_of_the_figure():
    claim = figure("c001", "41")
    indicator = book(claim).indicators[claim.indicator]
    span = claim_interval(claim, indicator, Reading(tolerance_pct=1))
    assert (span.low, span.high) == (Fraction("40.09") * 10**9, Fraction("41.91") * 10**9)


def test_an_enumeration_knows_no_tolerance():
    both = OWN.claim("c017")
    assert both.hedge == "exact"
    assert OWN.interval(both, Reading(tolerance_pct=5)) == OWN.interval(both)


def test_wide_words_reach_further_and_figures_in_digits_do_not():
    word, digits = percent("c001", "100", precision=10, wide=50), percent("c002", "100", precision=10)
    wide, usual = Reading(words="wide"), Reading()
    both = book(word, digits)
    assert both.interval(word, wide).width == 5 * both.interval(word, usual).width
    assert both.interval(digits, wide) == both.interval(digits, usual)


@pytest.mark.parametrize("wrong", [{"words": "loose"}, {"tolerance_pct": -1}])
def test_a_reading_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Reading(**wrong)
