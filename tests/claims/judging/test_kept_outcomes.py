"""What is kept of one reading never answers for another: judging again equals judging from scratch."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.judging import judge_ledger, network
from claims.judging.network import Line, Network, Order
from claims.judging.spans import Span
from claims.ledger.intervals import ROUNDINGS, WORDS, Interval, Reading
from claims.ledger.loading import load_ledger
from claims.ledger.official import join_official
from hypothesis import given, settings
from hypothesis import strategies as st

LEDGER = load_ledger()
READINGS = st.builds(
    Reading,
    rounding=st.sampled_from(ROUNDINGS),
    hedge_width=st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]),
    words=st.sampled_from(WORDS),
    tolerance_pct=st.sampled_from([Fraction(0), Fraction(1)]),
)


@settings(max_examples=8)
@given(READINGS)
def test_judging_after_other_readings_equals_judging_afresh(reading):
    after_others = judge_ledger(LEDGER, reading)
    network._solve_once.cache_clear()
    assert judge_ledger(replace(LEDGER), reading) == after_others


def spans(low_closed: bool = True, why: str = "c1") -> dict[str, Span]:
    half, one, two = Fraction(1, 2), Fraction(1), Fraction(2)
    first = Span.from_interval(Interval(half, two, low_closed, True), [why])
    return {"a": first, "b": Span.from_interval(Interval(Fraction(0), one, True, True), ["c2"])}


@pytest.mark.parametrize(
    "other",
    [
        Network(spans(low_closed=False), (Order("a", "b"),)),
        Network(spans(why="c3"), (Order("a", "b"),)),
        Network(spans(), (Order("b", "a"),)),
        Network(spans(), (Order("a", "b", frozenset(["r1"])),)),
        Network(spans(), (Line("a", "b", Fraction(2), Fraction(0)),)),
        Network(spans(), (Order("a", "b"),), frozenset("a")),
        Network(dict(reversed(spans().items())), (Order("a", "b"),)),
    ],
    ids=["an open end", "a claim", "an order", "a relation", "a line", "whole numbers", "the order of spans"],
)
def test_a_network_that_differs_in_one_part_is_solved_itself(other):
    network.solve(Network(spans(), (Order("a", "b"),)))
    kept, fresh = network.solve(other), network._solve(other)
    assert kept == fresh
    assert repr(kept.spans) == repr(fresh.spans), "which shows the reasons too"


def test_a_large_network_is_not_kept():
    many = {f"q{number}": spans()["a"] for number in range(network._LARGE + 1)}
    before = network._solve_once.cache_info()
    assert network.solve(Network(many, (Order("q0", "q1"),))).holds
    assert network._solve_once.cache_info() == before


def test_a_joined_ledger_is_kept_for_each_choice_of_pages():
    first, last = (join_official(LEDGER, pages=pages) for pages in ("first", "last"))
    assert first.claims != last.claims
    assert join_official(LEDGER, pages="first") is first
    assert join_official(LEDGER, ["china_customs"]).claims != join_official(LEDGER, ["kz_statistics"]).claims


def test_readings_of_equal_values_are_equal_and_others_are_not():
    usual, same = Reading(), Reading(hedge_width=1.0, tolerance_pct=0.0)
    assert usual == same
    assert hash(usual) == hash(same)
    others = [
        Reading("half_even"), Reading(hedge_width=2), Reading(widest=True), Reading(words="wide"),
        Reading(tolerance_pct=1), "half_up",
    ]  # fmt: skip
    assert usual not in others
