"""Verdicts on hand-made groups, against a slow twin, and against what may never change them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import count as counting
from itertools import pairwise, product

import pytest
from claims import discrepancies
from claims.discrepancies import judge, smallest_revisions, verdicts
from claims.intervals import HEDGES, ROUNDINGS, Reading, claim_interval
from hypothesis import assume, given
from hypothesis import strategies as st
from made_up import INDICATORS, SOURCES, book, count, figure, first_quarter, percent, relation, year

USUAL = Reading()
KINDS = {one.id: one for one in INDICATORS}
CERTAIN = ("consistent", "consistent by rounding")


def verdict(*claims, reading: Reading = USUAL):
    return judge("group", claims, book(*claims), reading)


@st.composite
def groups(draw, most: int = 4, hedges=HEDGES, multiplier=1) -> tuple:
    """Draw two claims or more on one quantity, near enough to each other to be in doubt."""
    claims = []
    for number in range(draw(st.integers(2, most))):
        value, precision = draw(st.integers(1, 40)), draw(st.sampled_from(["1/2", "1", "2", "5"]))
        wide = draw(st.sampled_from([None, Fraction(precision) * 3]))
        text, hedge = str(Fraction(value, 2)), draw(st.sampled_from(hedges))
        claims.append(figure(f"c{number:03}", text, hedge, precision=precision, wide=wide, multiplier=multiplier))
    return tuple(claims)


readings = st.builds(Reading, rounding=st.sampled_from(ROUNDINGS), hedge_width=st.sampled_from([Fraction(1, 2), 1, 2]))


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ((figure("c1", "41"), figure("c2", "41")), "consistent"),
        ((figure("c1", "41"), figure("c2", "41", "about")), "consistent"),  # 41 ± 1 holds 41
        ((count("c1", "40", "more_than"), count("c2", "40", "more_than")), "consistent"),  # the same words
        ((figure("c1", "41"), figure("c2", "41", "more_than")), "consistent by rounding"),  # 41 < x < 41.5
        ((figure("c1", "1.8"), figure("c2", "1.81")), "consistent by rounding"),  # 1.81 is in [1.75, 1.85), not back
        ((percent("c1", "16"), percent("c2", "16.4")), "consistent by rounding"),
        ((figure("c1", "24"), figure("c2", "25")), "inconsistent"),  # [23.5, 24.5) and [24.5, 25.5)
        ((percent("c1", "28.3"), percent("c2", "1/3", "nearly", multiplier=100, precision="1/30")), "inconsistent"),
        ((figure("c1", "40", "more_than", precision=1), figure("c2", "42")), "undecided"),  # (40, 41), widest (40, 42)
        ((figure("c1", "41.3"), figure("c2", "42", "about", precision="0.5")), "undecided"),  # 41.5 … 42.5, 41 … 43
        ((figure("c1", "2", precision="0.1", wide="0.5"), figure("c2", "1.84")), "undecided"),  # 1.95, widest 1.75
        ((count("c1", "40", "more_than"), count("c2", "41")), "consistent by rounding"),
        ((count("c1", "40", "more_than"), count("c2", "40")), "inconsistent"),
        ((count("c1", "45"), count("c2", "45")), "consistent"),
        ((count("c1", "45"), count("c2", "46")), "inconsistent"),
    ],
)
def test_a_group_gets_the_verdict_worked_out_by_hand(claims, word):
    assert verdict(*claims).word == word


def test_what_only_touches_is_inconsistent_and_says_where():
    found = verdict(figure("c1", "24"), figure("c2", "25"))
    assert (found.word, found.touching, found.common) == ("inconsistent", Fraction("24.5e9"), None)
    assert "the two meet at $24.5 billion but share no value" in found.explanation


def test_what_lies_apart_touches_nowhere():
    assert verdict(figure("c1", "24"), figure("c2", "27")).touching is None
    assert verdict(count("c1", "45"), count("c2", "46")).touching is None


def test_half_even_and_half_up_part_company_at_the_tie():
    # 24.5 rounds to 24 half even and to 25 half up; printed as 24.5 to the tenth it may be 24.45 … 24.55 anyway
    claims = figure("c1", "24"), count("c2", "24")
    exactly = replace(claims[1], value=Fraction("24.5"), multiplier=Fraction(10**9), indicator="trade", unit="USD")
    assert verdict(claims[0], exactly, reading=Reading("half_even")).word == "consistent by rounding"
    assert verdict(claims[0], exactly, reading=Reading("half_up")).word == "inconsistent"


def test_figures_that_look_alike_and_are_not_comparable_get_no_verdict_but_a_reason():
    window = figure("c2", "25", period=first_quarter(2024))
    said = relation("r01", "not_comparable", "differs:period", "a quarter and a year", a="c1", b="c2")
    ledger = book(figure("c1", "24"), window, relations=[said])
    assert verdicts(ledger) == []
    row = discrepancies.not_comparable(ledger).iloc[0]
    assert (row["first"].id, row["second"].id, row["reason"]) == ("c1", "c2", "a quarter and a year")
    assert row["reason"] == "a quarter and a year"


def test_a_verdict_takes_two_claims():
    with pytest.raises(ValueError, match="a verdict needs two claims or more, got 1"):
        verdict(figure("c1", "41"))


def slow_word(claims, reading: Reading) -> str:
    """Judge by trying candidate values one by one: every bound, between any two bounds, and beyond them all."""

    def allowed(reading):
        spans = [claim_interval(claim, KINDS[claim.indicator], reading) for claim in claims]
        ends = sorted({end for span in spans for end in (span.low, span.high) if end is not None})
        between = [(a + b) / 2 for a, b in pairwise(ends)]
        return spans, [x for x in [*ends, *between, ends[0] - 1, ends[-1] + 1] if all(x in span for span in spans)]

    spans, values = allowed(reading)
    if not values:
        return "undecided" if allowed(replace(reading, widest=True))[1] else "inconsistent"
    for one, own in zip(claims, spans, strict=True):
        for span in spans:
            if one.point not in span and span != own:
                return "consistent by rounding"
    return "consistent"


@given(groups(), readings)
def test_the_verdict_is_that_of_trying_values_one_by_one(claims, reading):
    assert verdict(*claims, reading=reading).word == slow_word(claims, reading)


@given(st.data(), groups(), readings)
def test_the_order_of_the_claims_never_matters(data, claims, reading):
    turned = data.draw(st.permutations(claims))
    one, other = verdict(*claims, reading=reading), verdict(*turned, reading=reading)
    same = ("word", "common", "touching", "independent", "revisions", "explanation")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
    ledger = book(*claims)
    if all(claim.point for claim in claims):
        assert discrepancies.gaps(one, ledger, reading) == discrepancies.gaps(other, ledger, reading)


@given(groups(), readings, st.sampled_from([Fraction(1, 1000), 1000, 10**6, 7]))
def test_the_unit_a_figure_is_written_in_never_changes_a_verdict(claims, reading, factor):
    scaled = [replace(claim, multiplier=claim.multiplier * factor) for claim in claims]
    one, other = verdict(*claims, reading=reading), verdict(*scaled, reading=reading)
    assert one.word == other.word
    assert [r.relative_pct for r in one.revisions] == [r.relative_pct for r in other.revisions]


@given(groups(), st.sampled_from(ROUNDINGS), st.sampled_from([1, 2, 4]))
def test_widening_never_turns_agreement_into_disagreement(claims, rounding, wider):
    narrow = verdict(*claims, reading=Reading(rounding))
    wide = verdict(*claims, reading=Reading(rounding, Fraction(wider)))
    assert narrow.word not in CERTAIN or wide.word in CERTAIN
    assert narrow.word != "undecided" or wide.word != "inconsistent"


@given(groups(), readings)
def test_a_common_value_is_one_that_every_claim_allows(claims, reading):
    found = verdict(*claims, reading=reading)
    assert (found.common is None) == (found.word not in CERTAIN)
    if found.common and None not in (found.common.low, found.common.high):
        middle = (found.common.low + found.common.high) / 2
        assert all(middle in claim_interval(claim, KINDS["trade"], reading) for claim in claims)


def by_trying(claim, rest, reading: Reading, most: int = 60) -> Fraction | None:
    """Return the nearest printable value that mends the group, found by trying them from the nearest on."""
    step = claim.precision or Fraction(1)
    spans = [claim_interval(other, KINDS[other.indicator], reading) for other in rest]
    for away, sign in product(range(most), (1, -1)):
        moved = replace(claim, value=claim.value + sign * away * step)
        if claim.hedge != "none" and moved.value < 0:
            continue  # a hedge below nothing is another hedge
        common = claim_interval(moved, KINDS[claim.indicator], reading)
        for span in spans:
            common &= span
        if not common.is_empty:
            return moved.point
    return None


@given(groups(most=3), readings)
def test_the_smallest_revision_is_that_of_trying_printable_values(claims, reading):
    found = {revision.claim.id: revision.point for revision in smallest_revisions(claims, book(*claims), reading)}
    assume(verdict(*claims, reading=reading).common is None)
    for claim in claims:
        tried = by_trying(claim, [other for other in claims if other is not claim], reading)
        assert found.get(claim.id) == tried


def test_the_smallest_relative_revision_comes_first_and_ties_stand_together():
    found = verdict(figure("c1", "24"), figure("c2", "25"))
    assert [(r.claim.id, r.text) for r in found.revisions] == [("c2", "$24 billion"), ("c1", "$25 billion")]
    assert [r.relative_pct for r in found.revisions] == [4, Fraction(100, 24)]  # 1/25 before 1/24
    assert [r.claim.id for r in discrepancies.headline_revisions(found)] == ["c2"]
    tied = verdict(figure("c1", "24"), figure("c2", "24", source="S2"), figure("c3", "26"), figure("c4", "26"))
    assert tied.revisions == ()  # no single claim can mend it
    even = verdict(percent("c1", "-5"), percent("c2", "5"))
    assert {r.claim.id for r in discrepancies.headline_revisions(even)} == {"c1", "c2"}  # both by ten points of five


def test_a_hedge_that_no_printable_value_can_mend_is_left_out():
    # more than 40, to the ten, is 41 … 49, or 51 … 59, never 50
    found = verdict(count("c1", "40", "more_than"), count("c2", "50"))
    assert [(r.claim.id, r.point) for r in found.revisions] == [("c2", 49)]


def test_a_restatement_is_revised_with_what_it_restates():
    claims = figure("c1", "24"), figure("c2", "24", repeats="c1"), figure("c3", "25", source="S2")
    found = verdict(*claims)
    assert [(r.claim.id, r.text) for r in found.revisions] == [("c3", "$24 billion"), ("c1", "$25 billion")]
    assert (found.independent, len(found.claims)) == (2, 3)


def test_gaps_are_in_the_unit_and_over_the_smaller_and_over_the_larger():
    claims = figure("c1", "24"), figure("c2", "25")
    over = discrepancies.gaps(verdict(*claims), book(*claims), USUAL)
    # one billion; 1/24 and 1/25; at most 25.5/23.5 − 1 = 2/23.5
    assert [finding.value for finding in over] == [10**9, Fraction(100, 24), 4]
    assert over[1].interval.high == Fraction(200) / Fraction("23.5")


def test_groups_are_of_one_indicator_and_one_period_and_the_gravest_comes_first():
    claims = [
        figure("c1", "41"),
        figure("c2", "41", source="S2"),
        figure("c3", "44", period=year(2024)),
        figure("c4", "46", source="S2", period=year(2024)),
        percent("c5", "32"),
    ]
    found = verdicts(book(*claims))
    assert [(one.group, one.word) for one in found] == [("trade:2024", "inconsistent"), ("trade:2023", "consistent")]


def test_one_figure_for_two_periods_apart_is_found_and_overlapping_ones_are_not():
    claims = [
        figure("c1", "28", period=first_quarter(2024)),
        figure("c2", "28"),
        figure("c3", "28", period=first_quarter(2023)),
        figure("c4", "28", source="S2", period=year(2022)),
    ]
    pairs = discrepancies.one_figure_two_periods(book(*claims))
    assert [(a.id, b.id) for a, b in pairs] == [("c1", "c2"), ("c1", "c3")]  # c3 lies within c2; c4 is another text
    assert len(discrepancies.periods_table(book(*claims))) == 2


def test_every_word_is_counted_and_the_counts_add_up():
    texts = ("1", "1", "2", "4", "5", "5")
    claims = [figure(f"c{n}", text, period=year(2000 + n // 2)) for n, text in enumerate(texts)]
    ledger = book(*claims)
    found = verdicts(ledger)
    values = {one.id: one.value for one in discrepancies.found(ledger, found, USUAL)}
    assert values["groups_total"] == len(found) == 3
    assert (values["groups_consistent"], values["groups_inconsistent"]) == (2, 1)
    assert sum(values[f"groups_{word.replace(' ', '_')}"] for word in discrepancies.WORDS[:-1]) == 3


def test_the_table_lists_each_group_once_on_the_side_it_belongs_to():
    ledger = book(figure("c1", "24"), figure("c2", "25"), percent("c3", "32"), percent("c4", "32"))
    found = verdicts(ledger)
    kinds = discrepancies.differing, discrepancies.repeated, discrepancies.agreeing
    differ, once, same = (discrepancies.table(ledger, kind(found), USUAL) for kind in kinds)
    assert [(row.verdict, str(row.gap_larger)) for row in differ.itertuples()] == [("inconsistent", "4.0%")]
    assert [[(cell.text, cell.to) for cell in cells] for cells in same["claims"]] == [[("S1: 32% (×2)", "c3")]]
    assert once.empty


def test_the_chart_is_in_percent_of_the_largest_figure_printed():
    ledger = book(figure("c1", "24"), figure("c2", "25"))
    drawn = discrepancies.chart(ledger, verdicts(ledger), USUAL).set_index("claims")
    assert drawn.loc["c1", ["point", "low", "high"]].tolist() == pytest.approx([96, 94, 98])  # 24, 23.5, 24.5 of 25
    assert drawn.loc["c2", "point"] == 100


def test_the_sources_are_those_that_speak():
    claims = [figure(f"c{n}", "41", source=source.id) for n, source in zip(counting(), SOURCES[:3], strict=False)]
    assert verdict(*claims).sources == ("S1", "S2", "S3")


def test_the_report_gets_every_verdict_in_order_of_groups(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda what, raw: shown.append(what))
    claims = percent("c3", "32"), percent("c4", "33"), figure("c1", "24"), figure("c2", "25")
    discrepancies.emit(verdicts(book(*claims)))
    rows = shown[0][discrepancies.MIME]["verdicts"]
    assert [(row["group"], row["claims"]) for row in rows] == [
        ("trade:2023", ["c1", "c2"]),
        ("trade_growth:2023", ["c3", "c4"]),
    ]
