"""Networks of spans before an independent judge: what Z3, a prover of logic and arithmetic, says of the same ones."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import NamedTuple

import pytest
from claims.judging import network
from claims.judging.network import Constraint, Line, Network, Order, Outcome, Product, Sum, is_forest, solve
from claims.judging.spans import NO_END, Bound, Span
from claims.ledger.intervals import Interval

# The wheel for Linux on arm64 says that any glibc from 2.17 on will do; what is in it asks for 2.34.
TOO_OLD = platform.machine() == "aarch64" and platform.libc_ver()[1] < "2.34"
pytestmark = pytest.mark.skipif(TOO_OLD, reason="Z3 for Linux on arm64 needs glibc 2.34")
if not TOO_OLD:
    import z3

NETWORKS = 1080
BOXES = 4  # the search ends sooner than usual: that leaves more undecided, and every answer is the program's own
STEPS = 1_000_000  # after which Z3 gives up: its own count and no clock, so a busy machine changes nothing
KINDS = (10, 1, 15, 1, 20, 30)  # how often: products, squares, sums of two and of all, lines, orders
REACHES = (Fraction(0), Fraction(1, 4), Fraction(1), Fraction(3), None)


class Case(NamedTuple):
    """A network, whether values satisfy it by Z3, and what `solve` answers."""

    made: Network
    truth: bool | None
    answer: Outcome


# -- the judge ---------------------------------------------------------------------------------------------------


def decided(made: Network, at: Mapping[str, Fraction] | None = None) -> bool | None:
    """Return whether Z3 finds that values, or those of `at`, satisfy a network; None where it gives up."""
    solver = z3.SimpleSolver()
    solver.set("rlimit", STEPS)
    solver.from_string("\n".join(written(made, at or {})))
    return {"sat": True, "unsat": False}.get(str(solver.check()))


def written(made: Network, at: Mapping[str, Fraction]) -> Iterator[str]:
    """Yield the lines of a network in the language of such provers, with every fraction exact."""
    terms = {name: f"(to_real {name})" if name in made.whole else name for name in made.spans}
    for name in made.spans:
        yield f"(declare-const {name} {'Int' if name in made.whole else 'Real'})"
    for name, span in made.spans.items():
        for end, signs in ((span.low, ("<", "<=")), (span.high, (">", ">="))):
            if end.value is not None:
                yield f"(assert ({signs[end.closed]} {number(end.value)} {terms[name]}))"
    for one in made.constraints:
        yield f"(assert {formula(one, terms)})"
    for name, value in at.items():
        yield f"(assert (= {terms[name]} {number(value)}))"


def number(value: Fraction) -> str:
    size = f"(/ {abs(value.numerator)} {value.denominator})"
    return f"(- {size})" if value < 0 else size


def formula(constraint: Constraint, terms: Mapping[str, str]) -> str:
    match constraint:
        case Product(left, right, of):
            return f"(= (* {terms[left]} {terms[right]}) {terms[of]})"
        case Sum(total, parts):
            return f"(= (+ {' '.join(terms[part] for part in parts)}) {terms[total]})"
        case Order(smaller, larger):
            return f"(<= {terms[smaller]} {terms[larger]})"
        case Line(x, y, factor, shift):
            return f"(= (+ (* {number(factor)} {terms[x]}) {number(shift)}) {terms[y]})"


def fault(made: Network, truth: bool | None, answer: Outcome) -> str:
    """Return in which way an answer is wrong; nothing where it is right, or where either side gives none."""
    if None in (truth, answer.holds):
        return ""
    if answer.holds != truth:
        return f"{answer.holds}, and by Z3 {truth}"
    return "the witness does not fit" if answer.witness and decided(made, answer.witness) is not True else ""


def without(made: Network, *, but: frozenset[str]) -> Network:
    """Return a network without the ends and constraints that follow from more than the reasons in `but`."""
    ends = {name: (span.low, span.high) for name, span in made.spans.items()}
    spans = {name: Span(*(end if end.because <= but else NO_END for end in both)) for name, both in ends.items()}
    return replace(made, spans=spans, constraints=tuple(one for one in made.constraints if one.because <= but))


# -- the networks ------------------------------------------------------------------------------------------------


def drawn(chance: Random) -> Network:
    """Return a small network around values that most of its constraints keep; in many, one span just misses its own."""
    names = "abcdef"[: chance.randint(3, 6)]
    least = chance.choice((1, 1, -6))
    values = {name: Fraction(chance.randint(least, 8), 2) for name in names}
    made: list[Constraint] = []
    settled: set[str] = set()
    for place in range(chance.randint(1, 5)):
        x, y, new = chance.sample(names, 3)
        if (free := sorted(set(names) - settled - {x, y})) and chance.random() < 0.5:
            new = chance.choice(free)  # nothing is said of it yet, so it can be what the constraint makes of it
        one, value = chance.choices(list(kinds(x, y, new, values, frozenset([f"r{place}"]), chance)), KINDS)[0]
        made.append(one)
        if value is not None and new not in settled:
            values[new] = value
        settled |= set(one.over)
    missed = chance.choice(names) if chance.random() < 0.6 else None
    whole = frozenset(name for name in names if values[name].denominator == 1 and chance.random() < 0.2)
    return Network({name: around(name, values[name], name == missed, chance) for name in names}, tuple(made), whole)


def kinds(
    x: str, y: str, new: str, values: Mapping[str, Fraction], because: frozenset[str], chance: Random
) -> Iterator[tuple[Constraint, Fraction | None]]:
    """Yield a constraint of each kind, and the value of `new` that keeps it."""
    others = tuple(name for name in values if name != new)
    factor, shift = Fraction(chance.choice((1, 2, 3, 6)), 3), Fraction(chance.randint(-4, 4), 2)
    smaller, larger = sorted((x, y), key=values.__getitem__)
    yield Product(x, y, new, because), values[x] * values[y]
    yield Product(x, x, new, because), values[x] * values[x]
    yield Sum(new, (x, y), because), values[x] + values[y]
    yield Sum(new, others, because), sum((values[name] for name in others), Fraction(0))
    yield Line(x, new, factor, shift, because), factor * values[x] + shift
    yield Order(smaller, larger, because), None


def around(name: str, value: Fraction, missed: bool, chance: Random) -> Span:
    """Return a span that `value` lies in, often at one of its ends; or that ends where the value is, or just before."""
    reach = [chance.choice(REACHES), chance.choice(REACHES)]
    closed = [chance.random() < 0.5 or way == 0 for way in reach]
    if missed:
        end = chance.randrange(2)
        reach[end], closed[end] = chance.choice(((Fraction(0), False), (Fraction(0), False), (Fraction(-1, 4), True)))
        reach[1 - end] = chance.choice(REACHES[2:])
    return Span(
        *(
            NO_END if way is None else Bound(value + sign * way, belongs, frozenset([f"{name} {word}"]))
            for way, belongs, sign, word in zip(reach, closed, (-1, 1), ("low", "high"), strict=True)
        )
    )


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Return all networks, each decided twice."""
    chance = Random(2024)
    made = [drawn(chance) for _ in range(NETWORKS)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "BOXES", BOXES)
        return [Case(one, decided(one), solve(one)) for one in made]


def test_z3_agrees_with_every_answer(cases):
    assert [(wrong, case.made) for case in cases if (wrong := fault(*case))] == []


def test_z3_too_finds_the_reasons_named_to_be_enough(cases):
    refuted = [case for case in cases if case.answer.holds is False]
    assert [case for case in refuted if decided(without(case.made, but=case.answer.because)) is not False] == []


def test_at_least_a_thousand_networks_of_both_kinds_are_compared(cases):
    answers = Counter(case.answer.holds for case in cases if case.truth is not None)
    assert answers[True] + answers[False] >= 1000
    assert min(answers[True], answers[False]) >= 350


def test_few_networks_are_left_undecided(cases):
    assert sum(case.answer.holds is None for case in cases) <= 0.04 * len(cases)
    assert sum(case.truth is None for case in cases) <= 0.01 * len(cases)


def test_many_are_refuted_by_several_rows_or_hold_in_a_cycle(cases):
    refuted = [case.answer.because for case in cases if case.answer.holds is False]
    cycles = [case.answer for case in cases if case.answer.holds and not is_forest(case.made.constraints)]
    assert sum(sum(why.startswith("r") for why in because) >= 2 for because in refuted) >= 150
    assert len(cycles) >= 150
    assert sum(bool(answer.witness) for answer in cycles) >= 50  # the others are proved once their knots are searched


def test_what_is_cut_changes_no_answer(cases, monkeypatch):
    monkeypatch.setattr(network, "_cut", lambda whole, spans: ([whole], network.Network({})))
    monkeypatch.setattr(network, "BOXES", BOXES)
    some = cases[:400]
    assert [solve(case.made).holds for case in some] == [case.answer.holds for case in some]


# -- faults planted in the solver, and answers that are wrong ----------------------------------------------------


def ends_that_touch_share_a_value(patch):
    patch.setattr(Interval, "is_empty", property(lambda one: None not in (one.low, one.high) and one.low > one.high))


def no_end_belongs_after_a_line(patch, mapped=Span.mapped):
    def opened(span, function):
        moved = mapped(span, function)
        return Span(replace(moved.low, closed=False), replace(moved.high, closed=False))

    patch.setattr(Span, "mapped", opened)


def an_order_says_nothing(patch):
    patch.setattr(Order, "narrow", lambda one, spans: iter(()))


def a_sum_forgets_a_part(patch, narrow=Sum.narrow):
    patch.setattr(Sum, "narrow", lambda one, spans: narrow(replace(one, parts=one.parts[1:]), spans))


def a_product_is_never_negative(patch, times=Span.__mul__):
    patch.setattr(Span, "__mul__", lambda one, other: times(one, other) & Span(Bound(Fraction(0), True)))


def whole_numbers_are_like_others(patch):
    patch.setattr(Span, "on_integers", lambda span: span)


FAULTS = (
    ends_that_touch_share_a_value,
    no_end_belongs_after_a_line,
    an_order_says_nothing,
    a_sum_forgets_a_part,
    a_product_is_never_negative,
    whole_numbers_are_like_others,
)


@pytest.mark.parametrize("planted", FAULTS)
def test_a_fault_planted_in_the_solver_is_noticed(planted, cases, monkeypatch):
    monkeypatch.setattr(network, "BOXES", 1)
    assert not any(fault(made, truth, solve(made)) for made, truth, _ in cases)
    planted(monkeypatch)
    assert sum(bool(fault(made, truth, solve(made))) for made, truth, _ in cases) >= 15


def test_an_answer_turned_round_is_noticed_every_time(cases):
    given = [case for case in cases if None not in (case.truth, case.answer.holds)]
    assert all(fault(made, truth, replace(answer, holds=not answer.holds)) for made, truth, answer in given)


def test_a_witness_moved_out_of_its_span_is_noticed_every_time(cases):
    shown = [case for case in cases if case.answer.witness and case.made.spans["a"].low.value is not None]
    assert len(shown) >= 100
    for made, truth, answer in shown:
        moved = {**answer.witness, "a": made.spans["a"].low.value - 1}
        assert fault(made, truth, replace(answer, witness=moved)) == "the witness does not fit"
