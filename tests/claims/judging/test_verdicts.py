"""Verdicts on hand-made sets of figures, against slow twins, and against what may never change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from itertools import count as counting

import pytest
from claims.judging import Judged, judge_group, judge_ledger
from claims.judging.causes import can_hold
from claims.judging.constraints import by_quantity, network_of_statements, view_of
from claims.judging.network import solve
from claims.judging.revisions import allowed_by_group, smallest_revisions
from claims.ledger.intervals import HEDGES, ROUNDINGS, Interval, Reading
from claims.ledger.model import Claim, Ledger, Relation, claim_interval
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from in_words import VerdictInWords, judge_in_words
from made_up import INDICATORS, SOURCES, book, count, figure, first_quarter, ledgers, percent, relation, times, year

USUAL, WIDEST = Reading(), Reading(widest=True)
KINDS = {one.id: one for one in INDICATORS}
CERTAIN = ("consistent", "consistent by rounding")


def verdict(*claims: Claim, reading: Reading = USUAL) -> VerdictInWords:
    ledger = book(*claims)
    return VerdictInWords(ledger, judge_group("group", claims, ledger, reading))


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
    assert "they touch at $24.5 billion, which only $25 billion (S1) includes, and share no value" in str(
        found.explanation
    )


def test_what_lies_apart_touches_nowhere():
    assert verdict(figure("c1", "24"), figure("c2", "27")).touching is None
    assert verdict(count("c1", "45"), count("c2", "46")).touching is None


def test_half_even_and_half_up_part_company_at_the_tie():
    # 24.5 rounds to 24 half even and to 25 half up; printed as 24.5 to the tenth it may be 24.45 … 24.55 anyway
    claims = figure("c1", "24"), count("c2", "24")
    exactly = replace(claims[1], value=Fraction("24.5"), multiplier=Fraction(10**9), indicator="trade", unit="USD")
    assert verdict(claims[0], exactly, reading=Reading("half_even")).word == "consistent by rounding"
    assert verdict(claims[0], exactly, reading=Reading("half_up")).word == "inconsistent"


def test_figures_on_two_periods_get_no_verdict():
    assert judge_in_words(book(figure("c1", "24"), figure("c2", "25", period=first_quarter(2024)))).all == ()


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
    same = ("word", "common", "touching", "independent", "revisions", "causes", "story", "explanation")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]


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
    ledger = book(*claims)
    revisions = smallest_revisions(claims, ledger, reading, allowed_by_group(claims, ledger, reading))
    found = {revision.claim.id: revision.point for revision in revisions}
    assume(verdict(*claims, reading=reading).common is None)
    for claim in claims:
        tried = by_trying(claim, [other for other in claims if other is not claim], reading)
        assert found.get(claim.id) == tried


def test_the_smallest_relative_revision_comes_first_with_its_ties():
    found = verdict(figure("c1", "24"), figure("c2", "25"))
    assert found.revised == [("c2", "$24 billion"), ("c1", "$25 billion")]
    assert [r.relative_pct for r in found.revisions] == [4, Fraction(100, 24)]  # 1/25 before 1/24
    assert [r.claim.id for r in found.headline_revisions] == ["c2"]
    tied = verdict(figure("c1", "24"), figure("c2", "24", source="S2"), figure("c3", "26"), figure("c4", "26"))
    assert tied.revisions == ()  # no single claim can fix it
    even = verdict(percent("c1", "-5"), percent("c2", "5"))
    assert {r.claim.id for r in even.headline_revisions} == {"c1", "c2"}  # both by ten points of five


@pytest.mark.parametrize(
    ("claims", "changes"),
    [
        ((percent("c1", "16.4"), percent("c2", "17")), ["16.4% → 16.5%", "17% → 16%"]),  # 1/164, 1/17
        ((percent("c1", "16.9"), percent("c2", "18.2")), ["18.2% → 16.9%", "16.9% → 18.2%"]),  # on one grid
        ((percent("c1", "24.3"), percent("c2", "25.0")), ["25.0% → 24.3%", "24.3% → 25.0%"]),
        ((figure("c1", "1.25"), figure("c2", "2")), ["$1.25 billion → $1.50 billion", "$2 billion → $1 billion"]),
        ((percent("c1", "1/3", multiplier=100, precision="1/30"), percent("c2", "40")), ["1/3 → 36.7%", "40% → 30%"]),
    ],
)
def test_a_revision_is_printed_with_the_decimals_of_its_claim(claims, changes):
    assert verdict(*claims).changes == changes


def test_a_hedge_that_no_printable_value_resolves_is_left_out():
    # more than 40, to the ten, is 41 … 49, or 51 … 59, never 50
    found = verdict(count("c1", "40", "more_than"), count("c2", "50"))
    assert [(r.claim.id, r.point) for r in found.revisions] == [("c2", 49)]


def test_a_restatement_is_revised_with_what_it_restates():
    claims = figure("c1", "24"), figure("c2", "24", repeats="c1"), figure("c3", "25", source="S2")
    found = verdict(*claims)
    assert found.revised == [("c3", "$24 billion"), ("c1", "$25 billion")]
    assert (found.independent, len(found.claims)) == (2, 3)


def test_groups_share_indicator_and_period_and_the_worst_comes_first():
    claims = [
        figure("c1", "41"),
        figure("c2", "41", source="S2"),
        figure("c3", "44", period=year(2024)),
        figure("c4", "46", source="S2", period=year(2024)),
        percent("c5", "32"),
    ]
    found = judge_in_words(book(*claims)).groups
    assert [(one.id, one.word) for one in found] == [("trade:2024", "inconsistent"), ("trade:2023", "consistent")]


def test_equal_verdicts_are_sorted_by_number_of_texts_then_by_name():
    told = {2020: ("S1", "S1", "S2"), 2021: ("S1", "S2", "S3"), 2019: ("S1", "S1")}
    claims = [
        figure(f"c{at}{n}", "41", source=source, period=year(at))
        for at, sources in told.items()
        for n, source in enumerate(sources)
    ]
    more = [figure(f"c9{n}", "41", source=f"S{n}", period=year(2018)) for n in (1, 2, 3)]
    found = judge_in_words(book(*claims, *more)).groups
    assert [one.id for one in found] == ["trade:2018", "trade:2021", "trade:2020", "trade:2019"]


def test_the_sources_are_those_that_speak():
    claims = [figure(f"c{n}", "41", source=source.id) for n, source in zip(counting(), SOURCES[:3], strict=False)]
    assert verdict(*claims).sources == ("S1", "S2", "S3")


# -- sets that only together leave no value ----------------------------------------------------------------------


def exports(id: str, text: str, hedge: str = "none", **more) -> Claim:
    return figure(id, text, hedge, indicator="exports", **more)


def imports(id: str, text: str, hedge: str = "none", **more) -> Claim:
    return figure(id, text, hedge, indicator="imports", **more)


DOUBLED = (
    relation("r01", "multiple_of", multiple="c1", last="c3"),
    relation("r02", "growth_of", growth="c2", last="c3"),
)
# Exports and imports of 15 to 25 each may make 41; if neither exceeds 19.5 they may not.
BOUNDED = (
    relation("r01", "sum_of", total="c3", parts="c1+c2"),
    relation("r02", "at_most", "previous_year", smaller="c1", larger="c4"),
    relation("r03", "at_most", "previous_year", smaller="c2", larger="c5"),
)
PARTS = (
    exports("c1", "20", precision=10),
    imports("c2", "20", precision=10),
    figure("c3", "41"),
    exports("c4", "19", period=year(2024)),
    imports("c5", "19", period=year(2024)),
)


def words(found: Judged) -> dict[str, str]:
    return {one.id: one.word for one in found.all}


def test_doubled_and_84_percent_meet_through_the_level_they_are_of():
    # 2 is 1.95 … 2.05 and 1.84 is 1.835 … 1.845; at its widest doubled reaches down to 1.75
    claims = times("c1", "2", precision="0.1", wide="0.5"), percent("c2", "84"), figure("c3", "1")
    found = judge_in_words(book(*claims, relations=DOUBLED))
    (joint,) = found.conflicts
    assert (joint.id, joint.word, joint.relations) == ("joint:r01+r02", "undecided", ("r01", "r02"))
    assert [one.word for one in found.wholes] == ["undecided"]
    assert [claim.id for claim in joint.claims] == ["c1", "c2"]  # whatever the level is
    said = "leaves no value for 2 times (S1; 1.95 to 2.05 times) and 84% (S1; 83.5% to 84.5%) as usually read"
    assert said in str(joint.explanation)


def test_doubled_and_84_percent_need_the_wide_reading_to_agree():
    claims = times("c1", "2", precision="0.1"), percent("c2", "84"), figure("c3", "1")
    (joint,) = judge_in_words(book(*claims, relations=DOUBLED)).conflicts
    assert joint.word == "inconsistent"
    # 84 % revised is 95 % (1.945 … 1.955); 2 revised is 1.8 (1.75 … 1.85)
    assert joint.revised == [("c1", "1.8 times"), ("c2", "95%")]


def test_three_relations_fine_in_pairs_may_leave_nothing_together():
    found = judge_in_words(book(*PARTS, relations=BOUNDED))
    (joint,) = found.conflicts
    assert (joint.word, joint.relations) == ("inconsistent", ("r01", "r02", "r03"))
    assert [claim.id for claim in joint.claims] == ["c3", "c4", "c5"]  # less than 19.5 twice against 40.5
    assert {one.word for one in found.relations} == {"consistent by rounding"}
    for pair in combinations(BOUNDED, 2):
        assert judge_in_words(book(*PARTS, relations=pair)).conflicts == ()


def test_a_joint_set_is_resolved_by_the_smallest_printable_change():
    (joint,) = judge_in_words(book(*PARTS, relations=BOUNDED)).conflicts
    # 39 may be 38.5 (2/41); 21 may be 21.4, with 19.4 more than 40.5 (2/19)
    assert joint.revised == [
        ("c3", "$39 billion"),
        ("c4", "$21 billion"),
        ("c5", "$21 billion"),
    ]


def test_a_joint_set_with_something_taken_for_granted_is_undecided():
    # balances may be below zero, so that a part above its whole is no contradiction
    claims = [replace(one, indicator="balance") if one.indicator == "exports" else one for one in PARTS]
    rows = BOUNDED[0], replace(BOUNDED[1], period_rule="within"), BOUNDED[2]
    (joint,) = judge_in_words(book(*claims, relations=rows)).conflicts
    assert (joint.word, joint.relations) == ("undecided", ("r01", "r02", "r03"))
    assert str(joint.explanation).endswith("if no other part of $19 billion (2024, S1) is below zero.")


def test_shares_of_one_total_meet_through_a_total_no_text_prints():
    # 41/0.283 is 144.9 of everything; 10/0.283 is 35.3
    claims = percent("c1", "28.3", indicator="trade_share"), figure("c2", "41"), exports("c3", "10", precision=1)
    rows = [relation(f"r0{n}", "share_of", share="c1", part=part) for n, part in ((1, "c2"), (2, "c3"))]
    found = judge_in_words(book(*claims, relations=rows))
    assert [one.word for one in found.relations] == ["undecided", "undecided"]
    assert [(one.id, one.word) for one in found.conflicts] == [("joint:r01+r02", "inconsistent")]


def test_a_finer_print_of_a_level_may_break_a_relation():
    # 41.5/25 = 1.66 allows 32 %, 41.5/34.85 = 1.191 does not
    level = figure("c3", "30", precision=10, period=year(2022))
    claims = percent("c1", "32"), figure("c2", "41"), level, figure("c4", "34.9", source="S2", period=year(2022))
    found = judge_in_words(book(*claims, relations=[relation("r01", "growth_of", growth="c1", last="c2", first="c3")]))
    assert words(found) == {
        "trade:2022": "consistent by rounding",
        "r01": "consistent by rounding",
        "joint:r01": "inconsistent",
    }
    assert [claim.id for claim in found.conflicts[0].claims] == ["c1", "c2", "c4"]


def test_a_claim_that_a_conflict_does_not_need_is_not_named_in_it():
    # half of at most 80 is no 60, whether or not it was at least 70
    before = (("c3", "80", "at_most"), ("c4", "70", "at_least"), ("c5", "100", "about"))
    levels = [
        figure(id, text, hedge, period=year(2022), precision=50 if hedge == "about" else None)
        for id, text, hedge in before
    ]
    claims = percent("c1", "-50", precision=1), figure("c2", "60", precision=1), *levels
    found = judge_in_words(book(*claims, relations=[relation("r01", "growth_of", growth="c1", last="c2", first="c5")]))
    (joint,) = found.conflicts
    assert [claim.id for claim in joint.claims] == ["c1", "c2", "c3"]


def test_a_disagreement_is_reported_once_and_either_side_may_be_right():
    # 24 or 26; exports and imports make 26
    claims = figure("c1", "24"), figure("c2", "26", source="S2"), exports("c3", "11"), imports("c4", "15")
    rows = relation("r01", "sum_of", total="c2", parts="c3+c4"), relation("r02", "part_of", part="c3", total="c1")
    found = judge_in_words(book(*claims, relations=rows))
    assert [one.id for one in found.disagreements] == ["trade:2023"]
    (whole,) = found.wholes
    assert whole.word == "inconsistent"  # for 24 and 26 are among its figures
    assert str(whole.explanation) == "4 figures in 2 relations cannot all hold: trade, 2023."


def test_connected_relations_that_can_hold_are_judged_so():
    rows = relation("r01", "part_of", part="c1", total="c3"), relation("r02", "part_of", part="c2", total="c3")
    exactly = judge_in_words(book(exports("c1", "20"), imports("c2", "21"), figure("c3", "41"), relations=rows)).wholes
    nearly = judge_in_words(book(exports("c1", "41.2"), imports("c2", "21"), figure("c3", "41"), relations=rows)).wholes
    assert [(one.id, one.word) for one in (*exactly, *nearly)] == [
        ("whole:r01", "consistent"),
        ("whole:r01", "consistent by rounding"),
    ]
    assert str(exactly[0].explanation) == "3 figures in 2 relations can all hold at once, each at what is printed."
    assert str(nearly[0].explanation).endswith("can all hold at once, but only because rounding leaves room.")


def test_connected_hedged_figures_hold_as_printed_if_all_parts_do():
    # 41 itself is not more than 41, but above 20 and 21 as the relations have it
    rows = relation("r01", "part_of", part="c1", total="c3"), relation("r02", "part_of", part="c2", total="c3")
    claims = exports("c1", "20", "more_than"), imports("c2", "21"), figure("c3", "41", "more_than", precision=1)
    assert [one.word for one in judge_in_words(book(*claims, relations=rows)).all] == ["consistent"] * 3


def test_a_whole_holds_as_printed_only_if_all_its_parts_do():
    # 21 and 19 make 40 in print, and 41 only if rounded up; each of the three may be what is printed
    rows = relation("r01", "sum_of", total="c3", parts="c1+c2"), relation("r02", "part_of", part="c1", total="c3")
    found = judge_in_words(book(exports("c1", "21"), imports("c2", "19"), figure("c3", "41"), relations=rows))
    assert [one.word for one in found.all] == ["consistent by rounding", "consistent", "consistent by rounding"]


def test_only_relations_with_a_common_quantity_are_connected():
    rows = relation("r01", "part_of", part="c1", total="c2"), relation("r02", "at_most", smaller="c3", larger="c4")
    claims = exports("c1", "20"), figure("c2", "41"), count("c3", "4"), count("c4", "5", period=year(2024))
    assert judge_in_words(book(*claims, relations=rows)).wholes == ()


def test_a_whole_is_no_better_than_its_worst_relation():
    rows = (
        relation("r01", "part_of", part="c1", total="c3"),
        relation("r02", "part_of", part="c2", total="c3"),
        relation("r03", "at_most", "previous_year", smaller="c1", larger="c4"),
    )
    claims = exports("c1", "20"), imports("c2", "44"), figure("c3", "41"), exports("c4", "22", period=year(2024))
    found = judge_in_words(book(*claims, relations=rows))
    assert [one.id for one in found.disagreements] == ["r02"]
    assert [(one.relations, one.word) for one in found.wholes] == [(("r01", "r02", "r03"), "inconsistent")]
    assert not found.conflicts


LESS = {"r01": ("a", "b"), "r02": ("c", "b"), "r03": ("b", "d")}


@pytest.mark.parametrize("ids", list(permutations(LESS)))
def test_every_smallest_set_is_found_whatever_the_relations_are_called(ids):
    """12 ≤ b ≤ about 7 cannot hold at all; about 10 ≤ b ≤ about 7 only at the widest (8 to 12 against 5 to 9)."""
    claims = {
        "a": figure("c1", "10", "about", precision=1, period=year(2001)),
        "b": figure("c2", "10", precision=20, period=year(2002)),
        "c": figure("c3", "12", period=year(2003)),
        "d": figure("c4", "7", "about", precision=1, period=year(2004)),
    }
    rows = [
        relation(id, "at_most", "across", smaller=claims[small].id, larger=claims[large].id)
        for id, (small, large) in zip(ids, LESS.values(), strict=True)
    ]
    found = {
        frozenset(one.claims): one.word for one in judge_in_words(book(*claims.values(), relations=rows)).conflicts
    }
    assert found == {
        frozenset({claims["c"], claims["d"]}): "inconsistent",
        frozenset({claims["a"], claims["d"]}): "undecided",
    }


def test_relations_open_by_themselves_can_be_shut_together():
    """r1 (5.4 to 5.6 ≤ about 4, at most 5.4) is open alone; with 5.65 ≤ d the widest leaves nothing: d ≥ 5.6 > 5.4."""
    b = figure("c1", "4", "about", precision="0.7", period=year(2001))
    d = figure("c2", "5.5", "about", precision="0.2", period=year(2002))
    c = figure("c3", "5.65", precision="0.1", period=year(2003))
    rows = (
        relation("r01", "at_most", "across", smaller="c2", larger="c1"),
        relation("r02", "at_most", "across", smaller="c3", larger="c2"),
    )
    found = judge_in_words(book(b, d, c, relations=rows))
    assert [one.word for one in found.relations] == ["undecided", "consistent by rounding"]
    assert [(one.relations, one.word) for one in found.conflicts] == [(("r01", "r02"), "inconsistent")]
    assert [one.word for one in found.wholes] == ["inconsistent"]


def test_two_conflicts_are_listed_one_after_another():
    rows = (*DOUBLED, *(relation(f"r1{n}", "share_of", share="c4", part=part) for n, part in ((1, "c3"), (2, "c5"))))
    claims = times("c1", "2", precision="0.1"), percent("c2", "84"), figure("c3", "1")
    more = percent("c4", "28.3", indicator="trade_share"), exports("c5", "3")
    found = judge_in_words(book(*claims, *more, relations=rows))
    assert {one.id for one in found.conflicts} == {"joint:r01+r02", "joint:r11+r12"}
    (whole,) = found.wholes
    assert str(whole.explanation) == (
        "5 figures in 4 relations cannot all hold: trade multiple and trade growth; trade share."
    )


def test_only_disagreements_themselves_need_a_pin():
    claims = percent("c1", "32"), figure("c2", "41"), exports("c3", "44"), imports("c4", "12")
    rows = (
        relation("r01", "growth_of", growth="c1", last="c2"),
        relation("r02", "part_of", part="c3", total="c2"),
        relation("r03", "part_of", part="c4", total="c2"),
    )
    found = judge_in_words(book(*claims, relations=rows))
    assert [(one.id, one.needs_pin) for one in found.all] == [
        ("r01", False),
        ("r02", True),
        ("r03", False),
        ("whole:r01", False),
    ]


def test_another_reading_is_asked_with_all_figures_and_relations():
    claims = times("c1", "2", precision="0.1", wide="0.5"), percent("c2", "84"), figure("c3", "1")
    ledger = book(*claims, relations=DOUBLED)
    (joint,) = judge_in_words(ledger).conflicts
    assert not can_hold(ledger, joint, USUAL)
    assert can_hold(ledger, joint, WIDEST)
    by_one = {id: can_hold(ledger, joint, USUAL, {id: (WIDEST,)}) for id in ("c1", "c2")}
    assert by_one == {"c1": True, "c2": False}  # only doubled has a wider reading


# -- on any ledger -----------------------------------------------------------------------------------------------


def with_claims(ledger: Ledger, claims: Sequence[Claim], rows: Sequence[Relation] | None = None) -> Ledger:
    return book(*claims, relations=ledger.relations.values() if rows is None else rows)


def told(found: Judged) -> dict[str, tuple]:
    """Return all that is said of every verdict, claims as a set."""
    return {
        one.id: (
            one.word,
            one.label,
            {claim.id for claim in one.claims},
            one.revisions,
            one.causes,
            one.story,
            one.touching,
            str(one.explanation),
        )
        for one in found.all
    }


@given(st.data(), ledgers())
def test_the_order_of_claims_and_relations_never_matters(data, ledger):
    claims = data.draw(st.permutations(list(ledger.claims.values())))
    rows = data.draw(st.permutations(list(ledger.relations.values())))
    assert told(judge_in_words(with_claims(ledger, claims, rows))) == told(judge_in_words(ledger))


@given(ledgers(), st.sampled_from([Fraction(1, 1000), 7, 10**6]))
def test_the_unit_of_all_levels_never_changes_a_word(ledger, factor):
    scaled = [
        replace(one, multiplier=one.multiplier * factor) if one.unit == "USD" else one for one in ledger.claims.values()
    ]
    one, other = judge_in_words(ledger), judge_in_words(with_claims(ledger, scaled))
    assert words(one) == words(other)
    assert [[r.relative_pct for r in v.revisions] for v in one.all] == [
        [r.relative_pct for r in v.revisions] for v in other.all
    ]


@given(ledgers())
def test_the_scale_a_figure_is_entered_in_changes_nothing_at_all(ledger):
    thousands = [
        replace(
            one,
            value=one.value / 1000,
            precision=one.precision / 1000,
            precision_wide=one.precision_wide and one.precision_wide / 1000,
            multiplier=one.multiplier * 1000,
        )
        for one in ledger.claims.values()
    ]
    one, other = judge_in_words(ledger), judge_in_words(with_claims(ledger, thousands))
    assert words(one) == words(other)
    assert [[r.point for r in v.revisions] for v in one.all] == [[r.point for r in v.revisions] for v in other.all]


@given(ledgers(), st.sampled_from([Reading(hedge_width=2), Reading(hedge_width=Fraction(3, 2)), WIDEST]))
def test_a_wider_reading_never_makes_figures_disagree_that_agree(ledger, wider):
    narrow, wide = judge_in_words(ledger), judge_in_words(ledger, wider)
    after = words(wide)
    disputed = any(one.needs_pin for one in narrow.groups)
    for one in narrow.groups if disputed else (*narrow.groups, *narrow.relations):
        assert one.word not in CERTAIN or after[one.id] in CERTAIN
        assert one.word != "undecided" or after[one.id] != "inconsistent"
    apart = {one.id for one in narrow.relations if one.needs_pin}
    for one in wide.conflicts:
        assert disputed or apart & set(one.relations) or not can_hold(ledger, one, USUAL)


def can_all_hold(ledger: Ledger, claims: Sequence[Claim], rows: Sequence[str], reading: Reading) -> bool | None:
    views = [view_of(ledger, ledger.relations[name]) for name in rows]
    return solve(network_of_statements(ledger, views, by_quantity(claims), reading)).holds


@given(ledgers())
def test_of_a_joint_set_no_claim_and_no_relation_can_be_left_out(ledger):
    found = judge_in_words(ledger)
    disputed = {one.id for one in found.groups if one.needs_pin}
    for joint in found.conflicts:
        if disputed & set(by_quantity(joint.claims)):
            continue  # there either side may be right
        reading = WIDEST if joint.word == "inconsistent" else USUAL
        assert can_all_hold(ledger, joint.claims, joint.relations, reading) is False
        for claim in joint.claims:
            rest = [one for one in joint.claims if one is not claim]
            assert can_all_hold(ledger, rest, joint.relations, reading) is not False
        for name in joint.relations:
            rest = [one for one in joint.relations if one != name]
            assert can_all_hold(ledger, joint.claims, rest, reading) is not False


def smallest_failing(ledger: Ledger, names: Sequence[str], reading: Reading) -> set[frozenset[str]]:
    """Return every smallest set of relations that leaves no value with all figures, found by trying them all."""
    found: set[frozenset[str]] = set()
    for size in range(1, len(names) + 1):
        for chosen in map(frozenset, combinations(names, size)):
            if not any(known <= chosen for known in found):
                seen = [view_of(ledger, ledger.relations[name]) for name in chosen]
                keys = {key for view in seen for key in view.quantities} & ledger.groups.keys()
                claims = [claim for key in keys for claim in ledger.groups[key]]
                if can_all_hold(ledger, claims, sorted(chosen), reading) is False:
                    found.add(chosen)
    return found


def without_disputes(ledger: Ledger) -> Ledger:
    """Return the ledger with one figure printed twice where two that speak of one quantity cannot both hold."""
    apart = {claim.id for one in judge_in_words(ledger).groups if one.needs_pin for claim in one.claims}
    claims = {one.id: one for one in ledger.claims.values()}
    for first, second in (("c01", "c02"), ("c03", "c04")):
        if second in apart:
            claims[second] = replace(claims[first], id=second, source="S2")
    return with_claims(ledger, list(claims.values()))


@given(ledgers().map(without_disputes))
@settings(max_examples=20)
def test_the_joint_sets_are_those_of_trying_every_set_of_relations(ledger):
    found = judge_in_words(ledger)
    alone = {one.id: one.word for one in found.relations if one.needs_pin}
    firm = smallest_failing(ledger, [name for name in ledger.relations if alone.get(name) != "inconsistent"], WIDEST)
    soft = smallest_failing(ledger, [name for name in ledger.relations if name not in alone], USUAL)
    usual = {one for one in soft if not any(one >= other for other in firm)}
    assert {frozenset(one.relations): one.word for one in found.conflicts} == {
        **dict.fromkeys(usual, "undecided"),
        **dict.fromkeys(firm, "inconsistent"),
    }


@given(ledgers())
def test_relations_hold_for_some_values_exactly_if_judged_so(ledger):
    found = judge_in_words(ledger)
    for one in found.relations:
        if one.missing:
            continue
        holds = can_all_hold(ledger, one.claims, one.relations, USUAL)
        wide = can_all_hold(ledger, one.claims, one.relations, WIDEST)
        disputed = any(group.needs_pin and set(group.claims) <= set(one.claims) for group in found.groups)
        assert disputed or (one.word in CERTAIN) == (holds is True)
        assert disputed or (one.word == "inconsistent") == (holds is False and wide is False)


# -- linear ------------------------------------------------------------------------------------------------------


def calls_of(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many intervals are made and met to judge a ledger."""
    made = []
    met, read = Interval.__and__, Ledger.interval
    monkeypatch.setattr(Interval, "__and__", lambda one, other: made.append(1) or met(one, other))
    monkeypatch.setattr(Ledger, "interval", lambda *given: made.append(1) or read(*given))
    judge_ledger(ledger)
    monkeypatch.undo()
    return len(made)


def many(pieces: int, hang_together: bool) -> Ledger:
    """Return a ledger of so many years: a level printed twice, its growth, a part, and the relations between them."""
    claims, rows = [], []
    for place in range(pieces):
        at, last = year(1000 + place * (1 if hang_together else 2)), f"c{place}1"
        claims += [figure(last, "41", period=at), figure(f"c{place}2", "41", period=at, source="S2")]
        claims += [percent(f"c{place}3", "0", period=at), exports(f"c{place}4", "42", period=at)]
        rows += [
            relation(f"r{place:03}1", "growth_of", growth=f"c{place}3", last=last),
            relation(f"r{place:03}2", "part_of", part=f"c{place}4", total=last),
        ]
    return book(*claims, relations=rows)


@pytest.mark.parametrize("hang_together", [True, False])
def test_the_work_grows_with_the_ledger_and_no_faster(monkeypatch, hang_together):
    counts = [calls_of(many(pieces, hang_together), monkeypatch) for pieces in (10, 20, 40, 80)]
    assert all(later <= 2.2 * earlier for earlier, later in pairwise(counts)), counts


@pytest.mark.parametrize("texts", [("41", "41.2"), ("41", "44"), ("41", "42")])
def test_the_work_on_one_group_grows_with_its_claims_and_no_faster(monkeypatch, texts):
    counts = []
    for size in (20, 40, 80, 160):
        counts.append(calls_of(book(*(figure(f"c{n:03}", texts[n % 2]) for n in range(size))), monkeypatch))
    assert all(later <= 2.2 * earlier for earlier, later in pairwise(counts)), counts
