"""Every explanation names the numbers that decide it, links each of them, and says what the verdict says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from claims.content.phrases import Link, Phrase
from claims.judging import Judged
from claims.judging.verdict import BOUND_ONLY, BY_ROUNDING, CONSISTENT, INCONSISTENT, NOT_COMPARABLE, UNDECIDED
from claims.ledger import loading
from claims.ledger.intervals import ROUNDINGS, Reading
from claims.ledger.model import Ledger
from claims.words.explanations import explanation
from hypothesis import assume, given
from in_words import VerdictInWords, judge_in_words
from invented import LEDGER
from made_up import book, figure, gas, ledgers, percent, relation, times, year

DATA = Path(__file__).parents[3] / "data"
WIDEST = Reading(widest=True)
READINGS = (*(Reading(rounding) for rounding in ROUNDINGS), Reading(hedge_width=2), WIDEST)
both_ledgers = pytest.mark.parametrize("folder", [DATA, LEDGER], ids=["real", "invented"])
in_every_reading = pytest.mark.parametrize("reading", READINGS, ids=str)
# Phrases of explanations, and which verdicts have them: every one of these, and no other.
PHRASES = {
    "Every printed figure lies within": lambda one: one.kind == "group" and one.word == CONSISTENT,
    "agree only because all of them": lambda one: one.kind == "group" and one.word == BY_ROUNDING,
    "They agree as printed": lambda one: is_relation(one) and not ordered(one) and one.word == CONSISTENT,
    ": it does not": lambda one: is_relation(one) and ordered(one) and (one.word == CONSISTENT or is_bound(one, True)),
    "gree only because of rounding": lambda one: is_relation(one) and not ordered(one) and one.word == BY_ROUNDING,
    "only rounding and hedges leave room": lambda one: (
        is_relation(one) and ordered(one) and (one.word == BY_ROUNDING or is_bound(one, False))
    ),
    "even at their widest": lambda one: one.kind != "whole" and one.word == INCONSISTENT and widens(one),
    "and none of their bounds is assumed": lambda one: (
        one.kind != "whole" and one.word == INCONSISTENT and not widens(one)
    ),
    "as usually read, and do at their widest": lambda one: (
        is_one_thing(one) and one.word == UNDECIDED and is_apart(one)
    ),
    "as usually read, but does at their widest": lambda one: one.kind == "joint" and one.word == UNDECIDED,
    "they touch at": lambda one: is_one_thing(one) and one.touching is not None,
    "includes, and share no value": lambda one: one.kind == "group" and one.touching is not None,
    "No text prints": lambda one: bool(one.missing),
    "They differ: ": lambda one: one.word == NOT_COMPARABLE,
    "Taken together, what the texts print": lambda one: one.kind == "joint",
    "cannot all hold": lambda one: one.kind == "whole" and one.word in (INCONSISTENT, UNDECIDED),
    "cannot all hold as usually read": lambda one: one.kind == "whole" and one.word == UNDECIDED,
    "each at what is printed": lambda one: one.kind == "whole" and one.word == CONSISTENT,
    "only because rounding leaves room": lambda one: one.kind == "whole" and one.word == BY_ROUNDING,
    "share no value": lambda one: is_one_thing(one) and is_apart(one),
    "No figure in the ledger runs that": lambda one: one.kind == "relation" and one.word == BOUND_ONLY,
    "leave an implausible rest": lambda one: one.kind == "whole" and one.word == BOUND_ONLY,
}


def is_one_thing(verdict: VerdictInWords) -> bool:
    return verdict.kind in ("group", "relation")


def widens(verdict: VerdictInWords) -> bool:
    """Return whether any of its figures is read more widely at its widest."""
    assumed = ("more_than", "less_than", "nearly", "about")
    return any(one.hedge in assumed or one.precision_wide for one in verdict.claims)


def is_bound(verdict: VerdictInWords, in_order: bool) -> bool:
    """Return whether it is consistent as a bound only, its figures printed in order or not."""
    smaller, larger = (claim.point for claim in verdict.claims[:2])
    return verdict.word == BOUND_ONLY and (smaller <= larger) == in_order


def is_relation(verdict: VerdictInWords) -> bool:
    return verdict.kind == "relation" and not verdict.missing


def is_apart(verdict: VerdictInWords) -> bool:
    return verdict.word == INCONSISTENT or (verdict.word == UNDECIDED and not verdict.missing)


def ordered(verdict: VerdictInWords) -> bool:
    return "may not exceed" in str(verdict.explanation)


@cache
def everything(folder: Path, reading: Reading) -> tuple[Ledger, Judged]:
    ledger = loading.load_ledger(folder)
    return ledger, judge_in_words(ledger, reading)


def loose_digits(words: Phrase) -> list[str]:
    """Return the plain words of a phrase that hold a digit."""
    return [part for part in words.parts if isinstance(part, str) and re.search(r"\d", part)]


@both_ledgers
@in_every_reading
def test_every_number_of_an_explanation_is_linked_or_marked(folder, reading):
    _, judged = everything(folder, reading)
    assert judged.all
    assert [loose_digits(one.explanation) for one in judged.all if loose_digits(one.explanation)] == []


@both_ledgers
@in_every_reading
def test_explanations_link_only_to_rows_results_and_verdicts(folder, reading):
    ledger, judged = everything(folder, reading)
    targets = {*ledger.claims, *ledger.sources, *(one.anchor for one in judged.all)}
    targets |= {one.result.anchor for one in judged.all if one.result}
    links = {part.to for one in judged.all for part in one.explanation.parts if isinstance(part, Link)}
    assert links - targets == set()


@both_ledgers
@in_every_reading
def test_an_explanation_states_its_verdict_and_no_other(folder, reading):
    for one in everything(folder, reading)[1].all:
        used = {words for words in PHRASES if words in str(one.explanation)}
        assert used == {words for words, may_have in PHRASES.items() if may_have(one)}, (one.id, str(one.explanation))


@both_ledgers
@in_every_reading
def test_an_explanation_is_one_or_more_whole_sentences(folder, reading):
    for one in everything(folder, reading)[1].all:
        assert str(one.explanation).endswith(".")
        assert not re.search(r",[,;.]|\.\.|  |None|∞", str(one.explanation)), str(one.explanation)


@both_ledgers
def test_a_disagreement_quotes_every_figure_that_decides_it(folder):
    for one in everything(folder, Reading())[1].disagreements:
        quoted = {part.to for part in one.explanation.parts if isinstance(part, Link)}
        deciding = {claim.id for claim in one.claims} if one.kind != "group" else set()
        inputs = set(one.result.inputs.values()) if one.result else set()
        assert deciding - inputs <= quoted
        assert len(quoted & {claim.id for claim in one.claims}) >= 2 or one.result


@given(ledgers())
def test_explanations_match_the_verdicts_of_any_ledger(ledger):
    hedged = (claim for claim in ledger.claims.values() if claim.hedge != "none")
    assume(all(ledger.interval(claim, Reading()) != ledger.interval(claim, WIDEST) for claim in hedged))  # as in widens
    for one in judge_in_words(ledger).all:
        assert loose_digits(one.explanation) == []
        used = {words for words in PHRASES if words in str(one.explanation)}
        assert used == {words for words, may_have in PHRASES.items() if may_have(one)}, (one.id, str(one.explanation))


# -- in full, by hand --------------------------------------------------------------------------------------------


def explained(*claims, reading: Reading | None = None, **row: str) -> list[str]:
    rows = [relation("r01", row.pop("type"), row.pop("rule", "same"), **row)] if row else []
    return [str(one.explanation) for one in judge_in_words(book(*claims, relations=rows), reading).all]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (
            (figure("c1", "41"), figure("c2", "41", "more_than", source="S2")),
            "The printed figures differ; they agree only because all of them may stand for a value of "
            "$41.0 to 41.5 billion.",
        ),
        (
            (figure("c1", "24"), figure("c2", "25", source="S2")),
            "$24 billion (S1) stands for $23.5 to 24.5 billion, $25 billion (S2) for $24.5 to 25.5 billion; "
            "they touch at $24.5 billion, which only $25 billion (S2) includes, and share no value, "
            "and none of their bounds is assumed.",
        ),
        (
            (figure("c1", "41", "less_than", precision=1), figure("c2", "41", "more_than", precision=1, source="S2")),
            "less than $41 billion (S1) stands for $40 to 41 billion, more than $41 billion (S2) for $41 to 42 "
            "billion; they touch at $41.0 billion, which neither includes, and share no value, even at their widest.",
        ),
        (
            (figure("c1", "40", "about", precision="0.5"), figure("c2", "42")),  # 39.5 to 40.5, at its widest 39 to 41
            "about $40 billion (S1) stands for $39.5 to 40.5 billion, $42 billion (S1) for $41.5 to 42.5 billion; "
            "they share no value, even at their widest.",
        ),
        (
            (figure("c1", "24"), figure("c2", "30"), figure("c3", "27")),  # 30, to the ten, begins at 25
            "$24 billion (S1) stands for $23.5 to 24.5 billion, $27 billion (S1) for $26.5 to 27.5 billion; "
            "they share no value, and none of their bounds is assumed.",
        ),
        (
            (figure("c1", "40", "more_than", precision=1), figure("c2", "42")),
            "more than $40 billion (S1) stands for $40 to 41 billion, $42 billion (S1) for $41.5 to 42.5 billion; "
            "they share no value as usually read, and do at their widest.",
        ),
    ],
)
def test_a_group_explained_in_full(claims, expected):
    assert explained(*claims) == [expected]


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        ("32", "32% (S1; 31.5% to 32.5%). They agree as printed."),
        (
            "35",
            "35% (S1; 34.5% to 35.5%). As printed they come to 32%, and agree only because of rounding.",
        ),
        ("38", "38% (S1; 37.5% to 38.5%); they share no value, and none of their bounds is assumed."),
    ],
)
def test_a_growth_explained_in_full(growth, expected):
    levels = figure("c2", "41"), figure("c3", "31", period=year(2022))
    (text,) = explained(percent("c1", growth), *levels, type="growth_of", growth="c1", last="c2", first="c3")
    # 40.5/31.5 and 41.5/30.5
    assert text == f"$31 billion (S1) and $41 billion (S1) imply growth of 28.5% to 36.1%; printed is {expected}"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("6.3", "$6.3 billion (S1; $6.25 to 6.35 billion) may not exceed {total}: it does not."),
        (
            "41.2",
            "$41.2 billion (S1; $41.15 to 41.25 billion) may not exceed {total}. "
            "As printed it does; only rounding and hedges leave room.",
        ),
        (
            "42",
            "$42 billion (S1; $41.5 to 42.5 billion) may not exceed {total}; "
            "they touch at $41.5 billion but share no value, and none of their bounds is assumed.",
        ),
    ],
)
def test_an_order_explained_in_full(part, expected):
    claims = figure("c1", part, indicator="exports"), figure("c2", "41")
    total = "$41 billion (S1; $40.5 to 41.5 billion)"
    assert explained(*claims, type="part_of", part="c1", total="c2") == [expected.format(total=total)]


def test_a_bound_at_the_end_of_the_domain_is_not_assumed():
    levels = figure("c2", "1", "nearly", precision="2"), figure("c3", "2", precision="1", period=year(2022))
    (text,) = explained(percent("c1", "0"), *levels, type="growth_of", growth="c1", last="c2", first="c3")
    assert text.endswith("; they share no value, and none of their bounds is assumed.")  # trade is never below 0


def test_an_exact_figure_stands_for_itself_and_says_no_more():
    claims = figure("c1", "40", "exact", indicator="exports"), figure("c2", "41", "exact")
    assert explained(*claims, type="part_of", part="c1", total="c2") == [
        "$40 billion (S1) may not exceed $41 billion (S1): it does not."
    ]


@pytest.mark.parametrize(
    ("type", "rule", "roles", "label"),
    [
        ("part_of", "same", "part total", "Exports (2023), at most trade (2022)"),
        ("at_most", "previous_year", "smaller larger", "Exports (2023), at most trade (2022)"),
        ("sum_of", "same", "parts total", "Trade (2022), against the sum of its parts"),
        ("not_comparable", "differs:year", "a b", "Exports and trade"),
    ],
)
def test_a_relation_is_named_by_what_it_confronts(type, rule, roles, label):
    claims = figure("c1", "1", indicator="exports"), figure("c2", "2", period=year(2022))
    row = relation("r01", type, rule, **dict(zip(roles.split(), ("c1", "c2"), strict=True)))
    assert [one.label for one in judge_in_words(book(*claims, relations=[row])).relations] == [label]


@pytest.mark.parametrize(
    ("rule", "label"), [("within", "Trade: 2022 within 2023"), ("across", "Trade: 2022 at most 2023")]
)
def test_one_quantity_at_two_times_is_named_once(rule, label):
    claims = figure("c1", "1", period=year(2022)), figure("c2", "2")
    row = relation("r01", "at_most", rule, smaller="c1", larger="c2")
    assert [one.label for one in judge_in_words(book(*claims, relations=[row])).relations] == [label]


def test_sets_are_named_by_what_is_in_them():
    rows = (
        relation("r01", "multiple_of", multiple="c1", last="c3"),
        relation("r02", "growth_of", growth="c2", last="c3"),
        relation("r03", "part_of", part="c4", total="c3"),
    )
    claims = (
        times("c1", "2", precision="0.1"),
        percent("c2", "84"),
        figure("c3", "1"),
        figure("c4", "1", indicator="exports"),
    )
    judged = judge_in_words(book(*claims, relations=rows))
    assert [one.label for one in judged.conflicts] == ["Trade multiple and trade growth"]
    assert [one.label for one in judged.wholes] == ["Trade; exports"]  # the levels, each once
    assert [one.label for one in judge_in_words(book(*claims[:3], relations=rows[:2])).wholes] == ["Trade"]


def test_an_order_with_a_hedged_figure_is_broken_at_its_widest_too():
    claims = (
        figure("c1", "46", "about", precision=1, indicator="exports"),
        figure("c2", "41"),
    )  # 45 to 47, then 44 to 48
    assert explained(*claims, type="part_of", part="c1", total="c2") == [
        "about $46 billion (S1; $45 to 47 billion) may not exceed $41 billion (S1; $40.5 to 41.5 billion); "
        "they share no value, even at their widest."
    ]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("480", "480 billion m³ (S1; 475 to 485 billion m³) may not exceed what {over}: it does not."),
        (
            "830",
            "830 billion m³ (S1; 825 to 835 billion m³) may not exceed what {over}. "
            "As printed it does; only rounding and hedges leave room.",
        ),
    ],
)
def test_a_ceiling_explained_in_full(total, expected):
    rate, time = gas("c1", "55", indicator="gas_rate"), gas("c2", "15", indicator="gas_years", multiplier=1)
    claims = rate, time, gas("c3", total, precision=10)
    # 54.5 × 14.5 to 55.5 × 15.5, with one digit more than 825 deserves
    over = "55 billion m³ a year (S1) over 15 years (S1) allows, 790.2 to 860.3 billion m³"
    explanations = explained(*claims, type="rate_times_time", rule="ceiling", rate="c1", time="c2", total="c3")
    assert explanations == [expected.format(over=over)]


def test_a_figure_that_no_text_prints_is_named_by_itself():
    claims = gas("c1", "15", indicator="gas_years", multiplier=1), gas("c2", "480", precision=10)
    (text,) = explained(*claims, type="rate_times_time", time="c1", total="c2")
    # 475/15.5 and 485/14.5
    expected = "No text prints the mean rate behind gas total, 2023; the figures imply 30.6 to 33.5 billion m³ a year."
    assert text == expected
    end = gas("c3", "2024", "exact", indicator="last_year", multiplier=1)
    assert explained(claims[0], end, type="duration", duration="c1", end="c3") == [
        "No text prints the start of gas years, 2023."
    ]


def test_the_period_of_a_figure_that_no_text_prints_is_named():
    (text,) = explained(percent("c1", "32"), figure("c2", "41"), type="growth_of", growth="c1", last="c2")
    # 40.5/1.325 and 41.5/1.315
    assert text == "No text prints trade, 2022; the figures imply $30.5 to 31.6 billion."


PART_OF = (relation("r01", "part_of", part="c1", total="c2"),)
BALANCES = figure("c1", "42", indicator="balance"), figure("c2", "41")
ASSUMED = "if no other part of $41 billion (2023, S1) is below zero."


def test_what_depends_on_an_assumption_names_it():
    ledger = book(*BALANCES, relations=PART_OF)
    (verdict,) = judge_in_words(ledger).relations
    assert verdict.word == UNDECIDED
    assert str(verdict.explanation).endswith(f"; they share no value {ASSUMED}")
    joint = explanation(ledger, replace(verdict.verdict, kind="joint"))
    assert str(joint).endswith(f"(S1; $40.5 to 41.5 billion) {ASSUMED}")
    settled = book(*BALANCES[1:], figure("c1", "42", indicator="exports"), relations=PART_OF)
    (verdict,) = judge_in_words(settled).relations
    assert (verdict.word, "if no other" in str(verdict.explanation)) == (INCONSISTENT, False)


def test_an_unsettled_verdict_is_explained_as_such():
    ledger = book(*BALANCES[1:], figure("c1", "42", indicator="exports"), relations=PART_OF)
    (verdict,) = judge_in_words(ledger).relations
    text = explanation(ledger, replace(verdict.verdict, word=UNDECIDED, settled=False))
    assert str(text).endswith("; whether they share a value was not settled.")


@pytest.mark.parametrize(
    ("years", "expected"),
    [("15", "They agree as printed."), ("16", "They agree only because of rounding.")],
)
def test_a_duration_explained_in_full(years, expected):
    ends = [
        gas(id, text, "exact", indicator=f"{which}_year", multiplier=1)
        for id, text, which in (("c2", "2009", "first"), ("c3", "2024", "last"))
    ]
    length = gas("c1", years, indicator="gas_years", multiplier=1)
    (text,) = explained(length, *ends, type="duration", duration="c1", start="c2", end="c3")
    # from 14 years and a day to 16 years less a day
    assert text.partition(") runs from ")[2] == f"2009 (S1) to 2024 (S1). {expected}"


@pytest.mark.parametrize(
    ("wide", "ending", "whole"),
    [
        ("0.5", " as usually read, but does at their widest.", " as usually read"),
        (None, ", and none of their bounds is assumed.", ""),
    ],
)
def test_a_joint_set_and_the_whole_around_it_explained_in_full(wide, ending, whole):
    claims = times("c1", "2", precision="0.1", wide=wide), percent("c2", "84"), figure("c3", "1")
    rows = [
        relation("r01", "multiple_of", multiple="c1", last="c3"),
        relation("r02", "growth_of", growth="c2", last="c3"),
    ]
    judged = judge_in_words(book(*claims, relations=rows))
    joint = "2 times (S1; 1.95 to 2.05 times) and 84% (S1; 83.5% to 84.5%)"
    assert [str(one.explanation) for one in (*judged.conflicts, *judged.wholes)] == [
        f"Taken together, what the texts print leaves no value for {joint}{ending}",
        f"3 figures in 2 relations cannot all hold{whole}: trade multiple and trade growth.",
    ]


def test_a_whole_lists_what_disagrees_in_it_one_after_another():
    claims = figure("c1", "24"), figure("c2", "26", source="S2"), figure("c3", "30", indicator="exports")
    more = figure("c4", "31", indicator="imports", period=year(2024))
    rows = relation("r01", "part_of", part="c3", total="c1"), relation("r02", "at_most", smaller="c1", larger="c4")
    (whole,) = judge_in_words(book(*claims, more, relations=rows)).wholes
    expected = "4 figures in 2 relations cannot all hold: exports (2023), at most trade (2023); trade, 2023."
    assert str(whole.explanation) == expected
    assert [part.to for part in whole.explanation.parts if isinstance(part, Link)][2:] == ["v-r01", "v-trade-2023"]
