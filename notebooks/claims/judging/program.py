"""Verdicts and formulas as a program of small steps, so that a page can judge again by the rules of this engine.

A step is an operation with what it takes: numbers of other steps, and plain text. Its operations are those on
intervals; `templates/what_if.js` of the report follows them. A step that `needs` what is not the case has no result,
nor has any that takes it: there the page does not judge again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from typing import Any

from claims.judging.constraints import DATING, ORDER, RESULT, View, difference, view_of
from claims.judging.formulas import FORMULAS, stack_code
from claims.judging.network import Order
from claims.judging.remainders import SWING, days_left, days_of
from claims.judging.times import time_factor
from claims.judging.verdict import BOUND_ONLY, BY_ROUNDING, CONSISTENT, INCONSISTENT, UNDECIDED
from claims.ledger.intervals import Interval, exact_text
from claims.ledger.model import Claim, Ledger, Relation, domain

__all__ = ["Program", "describe_formula", "group_word", "relation_word"]

Step = tuple[Any, ...]
ANYTHING = Interval(None, None, False, False)


class Program:
    """Steps, each kept once; they are numbered from 0."""

    def __init__(self) -> None:
        self._numbers: dict[Step, int] = {}

    @property
    def steps(self) -> list[Step]:
        """Return the steps in order: each takes only earlier ones."""
        return [*self._numbers]

    def add(self, operation: str, *inputs: Any) -> int:
        """Return the number of a step, a new one unless there is one like it."""
        return self._numbers.setdefault((operation, *inputs), len(self._numbers))

    def constant(self, interval: Interval) -> int:
        """Return the step that gives an interval."""
        ends = (None if end is None else exact_text(end) for end in (interval.low, interval.high))
        return self.add("interval", *ends, interval.low_closed, interval.high_closed)

    def number(self, value: Fraction) -> int:
        """Return the step that gives a number."""
        return self.add("number", exact_text(value))

    def meet(self, steps: Iterable[int]) -> int:
        """Return the step that gives what intervals have in common."""
        return reduce(lambda one, other: self.add("meet", one, other), steps)

    def disjoint(self, one: int, other: int) -> int:
        """Return the step that tells whether two intervals share no value."""
        return self.add("or", self.add("below", one, other), self.add("below", other, one))

    def all_of(self, steps: Iterable[int]) -> int:
        """Return the step that tells whether all of these are true."""
        return reduce(lambda one, other: self.add("and", one, other), steps)

    def formula(self, operation: str, name: str, inputs: Mapping[str, int]) -> int:
        """Return the step for the `value` of a formula, or the `range` of its values."""
        return self.add(operation, name, *(inputs[role] for role in FORMULAS[name].inputs))


def describe_formula(name: str) -> dict[str, Any]:
    """Return a formula as steps on a stack, its inputs by their places: #0 is the first.

    Of each input, in the order in which a step takes them, `rises` tells whether the formula rises with it, and `free`
    whether it may be below 0. The input `turns[0]` falls where the input `turns[1]` is below 0. Unless the input
    `grows[0]` is above the input `grows[1]`, the formula is endless.

    >>> describe_formula("growth")
    {'code': '100 #0 #1 / 1 - *', 'rises': (True, False), 'free': (False, False), 'exact': True}
    """
    formula = FORMULAS[name]
    places = {name: place for place, name in enumerate(formula.inputs)}
    about = {
        "code": " ".join(f"#{places[step]}" if step in places else step for step in stack_code(formula).split()),
        "rises": tuple(name in formula.rises for name in places),
        "free": tuple(name in (*formula.signed, *formula.constants) for name in places),
        "turns": tuple(places[name] for turn in formula.turns.items() for name in turn),
        "grows": tuple(places[name] for name in formula.grows),
        "exact": formula.exact,
    }
    return {key: value for key, value in about.items() if value}


def group_word(program: Program, claims: Sequence[Claim]) -> int:
    """Return the step for the verdict on figures of one quantity; see `judge.word_of_group`."""
    add, ids = program.add, [claim.id for claim in claims]
    usual, wide = ([add(kind, id) for id in ids] for kind in ("usual", "widest"))
    agree = []
    for id, own in zip(ids, usual, strict=True):
        others = [add("apart", other, own) for other in usual if other != own]
        agree.append(add("has", program.meet(others or [program.constant(ANYTHING)]), add("point", id)))
    fails = add("empty", program.meet(usual))
    undone = add("if", add("empty", program.meet(wide)), add("word", INCONSISTENT), add("word", UNDECIDED))
    agreed = add("if", program.all_of(agree), add("word", CONSISTENT), add("word", BY_ROUNDING))
    return add("if", fails, undone, agreed)


def relation_word(program: Program, ledger: Ledger, relation: Relation) -> int | None:
    """Return the step for the verdict on a relation; see `judge.word_of_relation`.

    None where its figures are not comparable, or judging them takes a choice between figures or a search for values.
    """
    if difference(relation):
        return None
    view = view_of(ledger, relation)
    if view.missing:
        return program.add("word", UNDECIDED)
    if _takes_a_search(view):
        return None
    claims = {role: ids[0] for role, ids in view.claims.items() if role not in (DATING, "parts")}
    is_order = relation.type in ORDER
    build = _order if is_order else _computed
    usual, agrees = build(program, ledger, view, claims, "usual")
    wide, _ = build(program, ledger, view, claims, "widest")
    add, word = program.add, {name: program.add("word", name) for name in (INCONSISTENT, UNDECIDED)}
    undone = word[UNDECIDED] if view.positive_parts_of else add("if", wide, word[INCONSISTENT], word[UNDECIDED])
    holds = add("if", agrees, add("word", CONSISTENT), add("word", BY_ROUNDING))
    if is_order and (odd := _is_implausible(program, ledger, relation, claims)) is not None:
        holds = add("if", odd, add("word", BOUND_ONLY), holds)
    return add("if", usual, undone, holds)


def _takes_a_search(view: View) -> bool:
    """Return whether a role has several figures, or a quantity occurs twice, is whole, or is tied more than once."""
    keys, tied = [*view.roles.values()], [one for one in view.constraints if not isinstance(one, Order)]
    several = any(len(claims) > 1 for role, claims in view.claims.items() if role not in (DATING, "parts"))
    is_whole = any(quantity.whole for quantity in view.quantities.values())
    is_tied_by_years = view.relation.type == "duration" and bool(tied)
    return several or len(keys) != len(set(keys)) or (is_whole and bool(tied)) or is_tied_by_years


def _order(program: Program, ledger: Ledger, view: View, claims: Mapping[str, Claim], kind: str) -> tuple[int, int]:
    """Return the steps for whether the larger figure lies below the smaller one, and whether they agree as printed."""
    smaller, larger = (claims[role].id for role in ORDER[view.relation.type])
    fails = program.add("below", program.add(kind, larger), program.add(kind, smaller))
    return fails, program.add("ordered", program.add("point", smaller), program.add("point", larger))


def _computed(program: Program, ledger: Ledger, view: View, claims: Mapping[str, Claim], kind: str) -> tuple[int, int]:
    """Return the steps for whether a figure lies outside what others make, and whether they agree as printed."""
    add, relation = program.add, view.relation
    claim = claims[RESULT[relation.type]]
    own, allowed, point = add(kind, claim.id), add("usual", claim.id), add("point", claim.id)
    if relation.type == "duration":
        [interval] = view.fixed.values()
        dates = program.constant(interval)
        return program.disjoint(own, dates), add("or", add("has", dates, point), add("fits", dates, allowed))
    if relation.type == "sum_of":
        parts = [part.id for part in view.claims["parts"]]
        total = reduce(lambda one, other: add("sum", one, other), (add(kind, part) for part in parts))
        value = reduce(lambda one, other: add("plus", one, other), (add("point", part) for part in parts))
        return program.disjoint(own, total), _prints(program, claim, value)
    name = _formula_name(relation, claims)
    constants = {}
    if name == "accumulated":
        constants["factor"] = time_factor(claims["rate"].unit, claims["time"].unit)
    others = {role: one.id for role, one in claims.items() if one is not claim}
    ranges = {role: add(kind, id) for role, id in others.items()}
    if name != "change":
        ranges = {role: add("above0", step) for role, step in ranges.items()}
    exactly = {role: Interval(factor, factor, True, True) for role, factor in constants.items()}
    made = program.formula("range", name, ranges | {role: program.constant(one) for role, one in exactly.items()})
    points = {role: add("point", id) for role, id in others.items()}
    at = points | {role: program.number(one) for role, one in constants.items()}
    value = add("known", program.formula("value", name, at))
    if relation.period_rule == "ceiling":
        return add("below", made, own), add("ordered", point, value)
    return program.disjoint(own, made), _prints(program, claim, value)


def _formula_name(relation: Relation, claims: Mapping[str, Claim]) -> str:
    if relation.type == "growth_of":
        return "change" if claims["growth"].unit == "percentage_points" else "growth"
    return {"multiple_of": "multiple", "share_of": "share", "rate_times_time": "accumulated"}[relation.type]


def _prints(program: Program, claim: Claim, value: int) -> int:
    """Return the step for whether a value, or the same rounded as a claim is, is one that the claim may stand for."""
    allowed = program.add("usual", claim.id)
    rounded = program.add("has", allowed, program.add("rounded", value, claim.id))
    return program.add("or", rounded, program.add("has", allowed, value))


def _paced(ledger: Ledger, relation: Relation, claims: Mapping[str, Claim]) -> dict[str, int]:
    """Return the figures that a remainder's pace is compared with, with the days of their periods."""
    indicators = dict.fromkeys(claims[role].indicator for role in ORDER[relation.type])
    figures = [figure for name in indicators for figure in ledger.of(name)]
    return {figure.id: days for figure in figures if (days := days_of(figure.period))}


def _is_implausible(program: Program, ledger: Ledger, relation: Relation, claims: Mapping[str, Claim]) -> int | None:
    """Return the step for whether a part leaves an implausible rest of its whole (`remainders`), None if none."""
    days = days_left(ledger, relation, claims)
    if not days:
        return None
    add = program.add
    part, whole = (claims[role] for role in ORDER[relation.type])
    all_of_it, own = add("usual", whole.id), add("usual", part.id)
    limits = program.constant(domain(ledger.indicators[whole.indicator]))
    amount = add("meet", add("sum", all_of_it, add("mirrored", own)), limits)

    def scaled(step: int, by: Fraction | int) -> int:
        return add("scaled", step, program.number(Fraction(by)))

    rest, pace = scaled(amount, Fraction(1, days)), scaled(own, Fraction(1, days_of(part.period)))
    around = [scaled(add("usual", id), Fraction(1, many)) for id, many in _paced(ledger, relation, claims).items()]
    below = partial(add, "below")
    slow = program.all_of([below(scaled(rest, SWING), pace), *(below(rest, one) for one in around)])
    fast = program.all_of([below(scaled(pace, SWING), rest), *(below(one, rest) for one in around)])
    return add("or", slow, fast)
