"""The engine on a ledger of bee-keeping: other figures, other units, every type of relation, and no change of code."""

from __future__ import annotations

import pytest
from claims.judging import Judged, judge_ledger
from claims.ledger.intervals import Reading
from claims.ledger.loading import load_ledger
from claims.ledger.model import Ledger
from claims.ledger.relation_rules import ROLES
from claims.questions import clashes, discrepancies, discrepancy_exhibits, growth, growth_exhibits, shares
from claims.words.values import value_text
from claims.words.verdicts import revision_text
from in_words import judge_in_words
from invented import LEDGER

USUAL = Reading()
ALIKE, ROUNDED, OPEN, APART, UNLIKE = (
    "consistent",
    "consistent by rounding",
    "undecided",
    "inconsistent",
    "not comparable",
)
WORDS = {
    "honey_harvest:1900": APART,  # 4,050 … 4,150 pounds and more than 4,200
    "clover_share:1900": OPEN,  # 31.4 … 31.6 % and from 31⅔ %, at its widest from 29⅙ %
    "hive_count:1901-04-30": ALIKE,  # 37 and 37
    "r01": ALIKE,  # 4,100/3,100 = 1.3226, printed 32 %
    "r02": ROUNDED,  # 1,300/4,200 = 30.95 %, at most 1,350/4,200 = 32.1
    "r03": UNLIKE,
    "r04": UNLIKE,
    "r05": OPEN,  # no harvest of fifteen years ago
    "r06": ALIKE,  # 150/50 = 3
    "r07": ROUNDED,  # 151 against 150, which may be 155
    "r08": ALIKE,  # 40 of 150
    "r09": APART,  # 32 + 27 is less than 60, and 61 more
    "r10": ALIKE,  # 60 × 15 = 900
    "r11": ROUNDED,  # 2 × 90 = 180 against 200, at most 2.5 × 95 = 237.5
    "r12": ALIKE,  # 1899 − 1850 = 49
    "r13": ALIKE,  # from 1 March 1886 to 2 April 1901
    "r14": OPEN,  # no share of 1899
    "r15": OPEN,  # no visits of 1899: 30/3 = 10
    "r16": OPEN,  # nor here: 30/2.5 = 12
    "r17": OPEN,  # 110 … 130 swarms of 100, at its widest 100
    "joint:r15+r16": APART,  # 10 and 12 visits of 1899
    "whole:r01": APART,  # the harvest is among its figures
    "whole:r06": ROUNDED,  # 151 of 150
    "whole:r15": APART,
}


@pytest.fixture(scope="module")
def bees() -> Ledger:
    return load_ledger(LEDGER)


@pytest.fixture(scope="module")
def found(bees) -> Judged:
    return judge_in_words(bees)


def test_every_verdict_is_the_one_worked_out_by_hand(found):
    assert {one.id: one.word for one in found.all} == WORDS


def test_every_type_of_relation_and_every_word_occurs(bees, found):
    assert {one.type for one in bees.relations.values()} == {*ROLES} - {"converted"}  # its amounts are in pounds alone
    assert {one.word for one in found.all} == {ALIKE, ROUNDED, OPEN, APART, UNLIKE}


@pytest.mark.parametrize(
    ("id", "value", "unit"),
    [
        ("growth_c005_c002", 1000 / 31, "percent"),
        ("share_c013_c010", 1300 / 42, "percent"),
        ("base_c006_c002", 2050, "pound"),
        ("multiple_c019_c017", 3, "times"),
        ("other_quarters_c021_c017", 110 / 3, "pound"),
        ("sum_r09", 59, "pound"),
        ("accumulated_c028_c029", 900, "pound"),
        ("accumulated_c025_c026", 180, "pound"),
        ("base_c034_c014", 29.5, "percent"),
        ("base_c037_c035", 10, "count"),
        ("base_c036_c035", 12, "count"),
    ],
)
def test_what_relations_make_is_in_the_units_of_the_ledger(found, id, value, unit):
    made = {one.result.id: one.result for one in found.relations if one.result}
    assert float(made[id].value) == pytest.approx(value)
    assert made[id].unit == unit


def test_operands_that_no_text_prints_are_named(found):
    missing = {one.id: one.missing_labels for one in found.relations if one.missing}
    assert missing == {
        "r05": ["Honey harvest at the start of the time"],
        "r14": ["Share of clover honey"],
        "r15": ["Visits"],
        "r16": ["Visits"],
    }


def test_the_smallest_changes_that_would_mend_are_in_words_of_the_ledger(found):
    mended = {one.id: [revision_text(each) for each in one.headline_revisions] for one in found.disagreements}
    assert mended == {
        "honey_harvest:1900": ["more than 4,200 pound → more than 4,100 pound"],  # 1 in 42, not 1 in 41
        "clover_share:1900": ["about 31.5% → about 31.6%"],  # 31.7, which 31⅔ is below
        "r09": ["61 pound → 60 pound"],  # from 59.5
        "r17": ["about 120 → about 110"],  # from 100
        "joint:r15+r16": ["three times → 2.5 times"],  # 30/12
    }


def test_what_the_disagreements_turn_over_is_told(found):
    told = {one.id: one.story for one in found.disagreements if one.story}
    assert told == {"honey_harvest:1900": "the threshold of more than 4,200 pound (lower letter)"}


def test_the_chapters_tabulate_it(bees):
    found = judge_ledger(bees)
    tables = (
        discrepancy_exhibits.groups_table(bees, found.groups, USUAL),
        discrepancy_exhibits.relations_table(bees, discrepancies.checked(found)),
        discrepancy_exhibits.relations_table(bees, discrepancies.lacking(found)),
        discrepancy_exhibits.causes_table(bees, found),
        discrepancy_exhibits.periods_table(bees),
    )
    assert [len(table) for table in tables] == [3, 11, 4, 5, 0]
    drawn = clashes.clashes(bees, found, USUAL)
    assert [one.unit for one in drawn] == ["pound", "percent", "percent"]
    assert "clover share:" not in str(clashes.alt(bees, drawn))
    values = {one.id: one.value for one in discrepancies.findings_of(bees, found, USUAL)}
    assert (values["groups_total"], values["relations_judged"], values["conflicts_total"]) == (2, 11, 1)


def test_the_chapters_on_growth_take_it(bees):
    rates, multiples = growth.reported_rates(bees, USUAL), growth.reported_multiples(bees, USUAL)
    assert [(row.claim.id, row.fits) for row in rates] == [("c001", True), ("c034", None), ("c036", None)]
    assert [(row.claim.id, row.fits) for row in multiples] == [("c006", None), ("c018", True), ("c037", None)]
    assert len(growth_exhibits.rates_table(bees, rates, USUAL)) == 3
    quarters = growth.quarters(bees, USUAL)
    assert [row["four_quarters"].value for row in quarters] == [3600, 160]  # 4 × 900 and 4 × 40


def test_the_chapter_on_shares_takes_it(bees):
    found = {one.id: one for one in shares.findings_of(bees, "full")}
    assert found["listed_items"].value == 7  # eight less one repetition
    assert value_text(found["share_honey"]) == "85.7%"  # all but visits: 6/7
