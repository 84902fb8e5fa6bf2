"""Every formula against its printed expression, against dense sampling, and against working by hand."""

from __future__ import annotations

import math
import operator as signs_of
import random
import re
from fractions import Fraction
from functools import cache
from itertools import product
from types import CodeType

import pytest
from claims.judging.formulas import FORMULAS, Formula, evaluate, stack_code, value_of
from claims.ledger.intervals import Interval
from hypothesis import given
from hypothesis import strategies as st

# The values an input can take in a ledger, by its role: (low, high).
REACH = {
    "growth": (-80, 300),
    "share": (1, 100),
    "multiple": (Fraction(3, 2), 100),
    "rate": (Fraction(1, 2), 50),
    "years": (1, 40),
}
LEVELS = (Fraction(1, 10), 1000)
PYTHON = {"÷": "/", "×": "*", "−": "-", "^": "**"}
by_name = pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)


def twin(formula: Formula, **inputs: Fraction) -> float | Fraction:
    """Return what the expression comes to as it is printed, sign by sign."""
    return eval(_as_python(formula), {"__builtins__": {}, "ln": math.log}, inputs)


@cache
def _as_python(formula: Formula) -> CodeType:
    text = re.sub(r"ln (\d+)", r"ln(\1)", formula.expression)
    text = re.sub(r"\{(\w+)\}", r"\1", text)
    for sign, operator in PYTHON.items():
        text = text.replace(sign, operator)
    return compile(text, formula.name, "eval")


def values(role: str) -> st.SearchStrategy[Fraction]:
    low, high = REACH.get(role, LEVELS)
    return st.fractions(low, high, max_denominator=100)


@st.composite
def inputs_of(draw, formula: Formula) -> dict[str, Fraction]:
    """Draw inputs the formula is meant for: what is compared as larger is larger, what grows grows."""
    drawn = {role: draw(values(role)) for role in formula.inputs}
    for larger, smaller in (("larger", "smaller"), ("last", "first")):
        if {larger, smaller} <= set(drawn) and drawn[larger] <= drawn[smaller]:
            drawn[larger] = drawn[smaller] + Fraction(1, 100) + drawn[larger]
    if formula.name == "doubling_time":
        drawn["last"] *= 2
    return drawn


def around(value: Fraction, part: Fraction) -> Interval:
    """Return a half-open interval that reaches `part` of the value to either side."""
    return Interval(value - abs(value) * part, value + abs(value) * part, True, False)


@by_name
@given(data=st.data())
def test_a_formula_computes_its_expression(formula, data):
    inputs = data.draw(inputs_of(formula))
    assert math.isclose(formula.function(**inputs), twin(formula, **inputs), rel_tol=1e-9, abs_tol=1e-9)


@by_name
@given(data=st.data())
def test_an_exact_formula_equals_its_text_to_the_last_digit(formula, data):
    if formula.exact:
        inputs = data.draw(inputs_of(formula))
        assert formula.function(**inputs) == twin(formula, **inputs)


@by_name
@given(data=st.data(), more=st.fractions(Fraction(1, 100), 2, max_denominator=100))
def test_a_formula_moves_with_each_input_as_it_declares(formula, data, more):
    inputs = data.draw(inputs_of(formula))
    for role in formula.rises + formula.falls:
        up = role in formula.rises
        if inputs.get(formula.turns.get(role), 0) < 0:
            up = not up
        step = more * inputs[role] / 5 if role == "first" else more  # what grew still grew
        moved = twin(formula, **{**inputs, role: inputs[role] + step})
        still = twin(formula, **inputs)
        assert math.isclose(moved, still, abs_tol=1e-12) or (moved > still) == up


@by_name
@given(data=st.data(), part=st.sampled_from([Fraction(1, 1000), Fraction(1, 50), Fraction(1, 5)]))
def test_no_sampled_value_lies_outside_and_the_ends_are_nearly_reached(formula, data, part):
    points = data.draw(inputs_of(formula))
    spans = {role: around(value, 0 if role in formula.constants else part) for role, value in points.items()}
    found = evaluate(formula, spans)
    sampled = [twin(formula, **dict(zip(spans, one, strict=True))) for one in product(*map(grid, spans.values()))]
    assert found.low is not None
    assert found.high is not None
    slack = 1e-9 * (1 + max(abs(found.low), abs(found.high)))  # the twin's own floats
    assert found.low - slack <= min(sampled)
    assert max(sampled) <= found.high + slack
    width = float(found.high - found.low)
    assert min(sampled) - found.low <= width / 100 + slack
    assert found.high - max(sampled) <= width / 100 + slack


def grid(span: Interval, steps: int = 5) -> list[Fraction]:
    """Return values from end to end; an end that is left out is neared to a millionth."""
    width = span.high - span.low
    if not width:
        return [span.low]
    return [span.low + width * Fraction(step, steps) for step in range(steps)] + [span.high - width / 10**6]


def test_random_samples_stay_in_the_interval_of_the_design_example():
    rng = random.Random(41)
    last, growth = Interval(Fraction("40.5"), Fraction("41.5")), Interval(Fraction("31.5"), Fraction("32.5"))
    found = evaluate(FORMULAS["implied_increase"], {"last": last, "growth": growth})
    for _ in range(20_000):
        x, g = rng.uniform(40.5, 41.5), rng.uniform(31.5, 32.5)
        assert found.low <= Fraction(x - x / (1 + g / 100)) < found.high
    assert (round(float(found.low), 2), round(float(found.high), 2)) == (9.70, 10.18)


# Worked by hand. Each line: formula, inputs, result; the comment is the working.
BY_HAND = [
    ("converted", {"amount": 40, "rate": "1.1"}, "44"),
    ("growth", {"last": 44, "first": 41}, "7.3171"),  # 3/41 = 0.073171
    ("growth", {"last": 41, "first": "31.06"}, "32.0026"),  # 9.94/31.06 = 0.320026
    ("growth", {"last": 1, "first": 2}, "-50"),  # half is a fall by a half
    ("growth", {"last": "3.5", "first": "0.75"}, "366.6667"),  # 2.75/0.75 = 11/3
    ("change", {"last": 44, "first": 41}, "3"),  # 44 - 41
    ("change", {"last": 24, "first": "25.3"}, "-1.3"),  # 24 - 25.3
    ("difference", {"one": 41, "other": "31.4"}, "9.6"),  # 41 - 31.4
    ("difference", {"one": "14.7", "other": "16.3"}, "-1.6"),  # 14.7 - 16.3
    ("multiple", {"last": 41, "first": "0.4"}, "102.5"),  # 410/4
    ("multiple", {"last": "3.5", "first": "0.75"}, "4.6667"),  # 14/3
    ("gap_over_smaller", {"larger": 25, "smaller": 24}, "4.1667"),  # 1/24
    ("gap_over_larger", {"larger": 25, "smaller": 24}, "4"),  # 1/25
    ("gap_over_smaller", {"larger": "33.3", "smaller": "28.3"}, "17.6678"),  # 5/28.3 = 0.176678
    ("gap_over_larger", {"larger": "33.3", "smaller": "28.3"}, "15.0150"),  # 5/33.3 = 0.150150
    ("implied_base", {"last": 41, "growth": 32}, "31.0606"),  # 41/1.32 = 4100/132 = 31 + 8/132
    ("implied_base", {"last": "1.8", "growth": 16}, "1.5517"),  # 1.8/1.16 = 45/29
    ("implied_base", {"last": "1.81", "growth": "16.4"}, "1.5550"),  # 1.81/1.164 = 1.554983
    ("implied_base", {"last": 28, "growth": 22}, "22.9508"),  # 28/1.22 = 1400/61
    ("implied_base", {"last": 1, "growth": 84}, "0.5435"),  # 1/1.84 = 25/46
    ("implied_base", {"last": 9, "growth": -10}, "10"),  # 9/0.9
    ("base_of_change", {"last": "28.3", "change": 3}, "25.3"),  # 28.3 - 3
    ("base_of_change", {"last": "28.3", "change": "-1.5"}, "29.8"),  # it fell
    ("implied_increase", {"last": 41, "growth": 32}, "9.9394"),  # 41 - 31.0606 = 328/33
    ("implied_increase", {"last": 9, "growth": -10}, "-1"),  # 9 - 10
    ("base_of_multiple", {"last": 1, "multiple": 2}, "0.5"),  # 1/2
    ("base_of_multiple", {"last": 41, "multiple": 100}, "0.41"),  # 41/100
    ("last_of_multiple", {"first": 41, "multiple": 2}, "82"),  # 41 × 2
    ("growth_of_multiple", {"multiple": 2}, "100"),  # twice is 100 % more
    ("growth_of_multiple", {"multiple": 5}, "400"),  # fivefold is 400 % more
    ("compound_growth", {"last": 121, "first": 100, "years": 2}, "10"),  # 1.1² = 1.21
    ("compound_growth", {"last": 8, "first": 1, "years": 3}, "100"),  # 2³ = 8
    ("compound_growth", {"last": 41, "first": "0.4", "years": 31}, "16.1080"),  # 4.629863/31 = 0.149350, e^ = 1.161080
    ("doubling_time", {"last": 4, "first": 1, "years": 10}, "5"),  # two doublings in ten years
    ("doubling_time", {"last": 44, "first": 41, "years": 1}, "9.8155"),  # 0.6931472/0.0706176
    ("years_to_multiple", {"multiple": 2, "base": 41, "level": 44, "rate": 10}, "6.5316"),  # .62253/.0953102
    ("years_to_multiple", {"multiple": 2, "base": 41, "level": 41, "rate": 100}, "1"),  # twice in a year at 100 %
    ("rate_to_double", {"multiple": 2, "base": 100, "level": 50, "years": 2}, "100"),  # 50 → 100 → 200
    (
        "rate_to_double",
        {"multiple": 2, "base": 41, "level": 44, "years": 6},
        "10.9329",
    ),  # 0.6225296/6 = 0.1037549, e^ = 1.109329
    ("last_of_change", {"first": 11, "change": "5.2"}, "16.2"),  # 11 + 5.2
    ("ratio", {"importer": 16, "exporter": "14.334"}, "1.1162"),  # 16/14.334
    ("log_ratio", {"importer": 11, "exporter": 10}, "0.0953"),  # ln 1.1
    ("symmetric_gap", {"exporter": "24.7", "importer": "16.7"}, "19.3237"),  # 8/41.4
    ("ratio_by_gap", {"importer": 11, "change": "5.2"}, "0.6790"),  # 11/16.2
    ("log_ratio_by_gap", {"importer": 11, "change": "5.2"}, "-0.3871"),  # ln 0.679012
    ("symmetric_gap_by_gap", {"importer": 11, "change": "5.2"}, "19.1176"),  # 5.2/27.2
    ("annualised", {"quarter": "6.3"}, "25.2"),  # 4 × 6.3
    ("pace", {"quarter": "6.3", "year": 41}, "-38.5366"),  # 25.2/41 = 0.614634
    ("share", {"part": "6.3", "total": 41}, "15.3659"),  # 6.3/41
    ("share", {"part": "1.8", "total": "25.3"}, "7.1146"),  # 18/253
    ("part_of_sum", {"part": "8.5", "rest": "1.3"}, "86.7347"),  # 8.5/9.8
    ("per_unit", {"value": "14.5", "number": 45, "units": 1000}, "322.2222"),  # 14500/45 = 2900/9
    ("growth_per_unit", {"last": "14.7", "first": "13.2", "growth": "34.7"}, "-17.3247"),  # 1.113636/1.347 = 0.826753
    ("implied_total", {"part": 41, "share": "28.3"}, "144.8763"),  # 41/0.283
    ("implied_part", {"total": 145, "share": "28.3"}, "41.035"),  # 145 × 0.283
    ("implied_part", {"total": 12, "share": "33.5"}, "4.02"),  # a third of 12 and a little more
    ("accumulated", {"rate": 40, "time": 15, "factor": 1}, "600"),  # 40 a year for 15 years
    ("accumulated", {"rate": 40, "time": 5479, "factor": "10000/3652425"}, "600.0397"),  # 5479 days: 15.000992 years
    ("accumulated", {"rate": "0.1", "time": 10, "factor": "3652425/10000"}, "365.2425"),  # a tenth a day for 10 years
    ("mean_rate", {"total": 480, "time": 15, "factor": 1}, "32"),  # 480/15
    ("mean_rate", {"total": 480, "time": 5500, "factor": "10000/3652425"}, "31.8757"),  # 5500 days: 15.058489 years
    ("remainder", {"total": "25.3", "part": 24}, "1.3"),
    ("rest_of_year", {"year": 41, "quarter": "6.3"}, "11.5667"),  # 34.7/3
    ("rest_of_year", {"year": 41, "quarter": 44}, "-1"),  # a quarter above its year leaves less than nothing
]


@pytest.mark.parametrize(("name", "inputs", "by_hand"), BY_HAND)
def test_a_formula_gives_what_is_worked_out_by_hand(name, inputs, by_hand):
    exact = {role: Fraction(value) for role, value in inputs.items()}
    assert abs(float(FORMULAS[name].function(**exact)) - float(by_hand)) < 5.1e-5 * max(1, abs(float(by_hand)) / 10)


def test_every_formula_is_worked_by_hand_at_least_once():
    assert set(FORMULAS) == {name for name, _, _ in BY_HAND}
    assert len(BY_HAND) >= 30


@by_name
def test_a_formula_names_exactly_its_inputs(formula):
    assert set(re.findall(r"\{(\w+)\}", formula.expression)) == set(formula.inputs)
    assert len(formula.inputs) == len(set(formula.inputs))


def test_an_input_without_a_bound_gives_a_result_without_one():
    no_end = Interval(Fraction(41), None)
    exactly = Interval(Fraction(40), Fraction(40), True, True)
    found = evaluate(FORMULAS["growth"], {"last": no_end, "first": exactly})
    assert (found.low, found.high) == (Fraction(5, 2), None)


def test_a_denominator_that_may_be_zero_gives_an_open_ended_result():
    part, total = Interval(Fraction(1), Fraction(2)), Interval(Fraction(0), Fraction(4), False, True)
    found = evaluate(FORMULAS["share"], {"part": part, "total": total})
    assert (found.low, found.low_closed, found.high) == (25, True, None)


@pytest.mark.parametrize(
    ("growth", "ends"),
    [
        ((10, 20), (Fraction(40, 11), Fraction(41, 6))),
        ((-20, -10), (Fraction(-41, 4), Fraction(-40, 9))),
        ((-20, 10), (Fraction(-41, 4), Fraction(41, 11))),
    ],
)
def test_after_a_fall_the_larger_level_lost_more(growth, ends):
    # 40/11: 40 - 40/1.1; 41/6: 41 - 41/1.2; -41/4: 41 - 41/0.8; -40/9: 40 - 40/0.9; 41/11: 41 - 41/1.1
    spans = {"last": Interval(Fraction(40), Fraction(41)), "growth": Interval(*map(Fraction, growth))}
    found = evaluate(FORMULAS["implied_increase"], spans)
    assert (found.low, found.high) == ends


def test_an_end_belongs_only_if_all_it_is_made_of_belongs():
    last, first = Interval(Fraction(43), Fraction(45), True, False), Interval(Fraction(40), Fraction(42), True, False)
    found = evaluate(FORMULAS["growth"], {"last": last, "first": first})
    assert (found.low_closed, found.high_closed) == (False, False)
    exactly = Interval(Fraction(41), Fraction(41), True, True)
    found = evaluate(FORMULAS["growth"], {"last": last, "first": exactly})
    assert (found.low_closed, found.high_closed) == (True, False)


def test_an_end_is_stated_only_if_all_it_is_made_of_is_stated():
    more_than = Interval(Fraction(41), Fraction(42), False, False, low_stated=True, high_stated=False)
    exactly = Interval(Fraction(40), Fraction(40), True, True)
    found = evaluate(FORMULAS["growth"], {"last": more_than, "first": exactly})
    assert (found.low_stated, found.high_stated) == (True, False)


@pytest.mark.parametrize("level", ["100", "100.0000001", "99.9999999"])
def test_bounds_that_pass_through_floats_hold_the_exact_value(level):
    exactly = {"last": Fraction(level), "first": Fraction(100), "years": Fraction(2)}
    found = evaluate(FORMULAS["compound_growth"], {k: Interval(v, v, True, True) for k, v in exactly.items()})
    low, high = ((1 + end / 100) ** 2 for end in (found.low, found.high))
    assert low <= Fraction(level) / 100 <= high


def test_what_does_not_grow_never_doubles():
    for last in (41, 40):
        points = {"last": Fraction(last), "first": Fraction(41), "years": 1}
        assert value_of(FORMULAS["doubling_time"], points) == math.inf
    around = {"last": Interval(Fraction(40), Fraction(44)), "first": Interval(Fraction(41), Fraction(41), True, True)}
    found = evaluate(FORMULAS["doubling_time"], {**around, "years": Interval(Fraction(1), Fraction(1), True, True)})
    assert found.high is None and not found.high_closed
    assert float(found.low) == pytest.approx(9.8155, abs=1e-4)  # ln 2 ÷ ln(44/41)


@pytest.mark.parametrize("end", [Fraction(-1, 2), Fraction(0), Fraction(1, 2)])
def test_the_increase_turns_with_the_sign_of_the_growth(end):
    span = Interval(min(end, 0), max(end, 0), True, True)
    found = evaluate(FORMULAS["implied_increase"], {"last": Interval(Fraction(40), Fraction(44)), "growth": span})
    corners = [
        last - last / (1 + growth / 100) for last in (Fraction(40), Fraction(44)) for growth in (end, Fraction(0))
    ]
    assert (found.low, found.high) == (min(corners), max(corners))


def test_an_end_that_is_not_there_does_not_belong():
    no_end, exactly = Interval(None, None, True, True), Interval(Fraction(4), Fraction(4), True, True)
    found = evaluate(FORMULAS["change"], {"last": no_end, "first": exactly})
    assert (found.low, found.low_closed, found.high, found.high_closed) == (None, False, None, False)
    part, total = Interval(Fraction(1), Fraction(2), True, True), Interval(Fraction(0), Fraction(4), True, True)
    found = evaluate(FORMULAS["share"], {"part": part, "total": total})
    assert (found.high, found.high_closed) == (None, False)


def test_a_missing_or_surplus_input_is_named():
    with pytest.raises(ValueError, match="growth takes last, first; check first, year"):
        evaluate(FORMULAS["growth"], {"last": Interval(None, None), "year": Interval(None, None)})


NEGATIVE = {
    "growth": {"last": -5, "first": -4},
    "share": {"part": -1, "total": 3},
    "multiple": {"last": 2, "first": -1},
}


@pytest.mark.parametrize("name", NEGATIVE)
def test_a_formula_has_no_value_below_zero_unless_meant_for_it(name):
    points = {role: Fraction(point) for role, point in NEGATIVE[name].items()}
    around = {role: Interval(point - Fraction(1, 2), point + Fraction(1, 2)) for role, point in points.items()}
    assert value_of(FORMULAS[name], points) is None
    assert evaluate(FORMULAS[name], around) == Interval(None, None, False, False, False, False)
    assert value_of(FORMULAS["change"], {"last": Fraction(-5), "first": Fraction(-4)}) == -1


# Changes and growth may be below 0, and so may what is only added, subtracted or multiplied by a number.
SIGNED = {
    "change": {"last", "first"},
    "difference": {"one", "other"},
    "implied_base": {"growth"},
    "base_of_change": {"last", "change"},
    "last_of_change": {"first", "change"},
    "implied_increase": {"growth"},
    "growth_of_multiple": {"multiple"},
    "annualised": {"quarter"},
    "remainder": {"part", "total"},
    "rest_of_year": {"quarter", "year"},
    "growth_per_unit": {"growth"},
}


@by_name
def test_only_what_is_named_as_signed_may_be_below_zero(formula):
    assert set(formula.signed) == SIGNED.get(formula.name, set())
    above = {role: Interval(Fraction(7), Fraction(9)) for role in formula.inputs}
    for role in formula.rises + formula.falls:
        below = evaluate(formula, {**above, role: Interval(Fraction(-1, 2), Fraction(9))})
        assert (below == Interval(None, None, False, False, False, False)) == (role not in formula.signed)
        printed = {**dict.fromkeys(formula.inputs, Fraction(7)), role: Fraction(-1, 2)}
        assert (value_of(formula, printed) is None) == (role not in formula.signed)


def test_a_zero_denominator_has_no_value_but_zero_is_a_figure():
    assert value_of(FORMULAS["share"], {"part": Fraction(1), "total": Fraction(0)}) is None
    assert value_of(FORMULAS["implied_base"], {"last": Fraction(9), "growth": Fraction(-100)}) is None
    assert value_of(FORMULAS["share"], {"part": Fraction(0), "total": Fraction(4)}) == 0
    assert value_of(FORMULAS["growth"], {"last": Fraction(44), "first": Fraction(40)}) == 10


def test_an_input_without_a_lower_bound_gives_no_bound():
    some, exactly = Interval(None, Fraction(5)), Interval(Fraction(4), Fraction(4), True, True)
    ratio = evaluate(FORMULAS["multiple"], {"last": some, "first": exactly})
    difference = evaluate(FORMULAS["change"], {"last": some, "first": exactly})
    assert [(one.low, one.high) for one in (ratio, difference)] == [(None, None), (None, 1)]


@by_name
@given(data=st.data())
def test_the_steps_on_a_stack_come_to_the_expression(formula, data):
    inputs, stack = data.draw(inputs_of(formula)), []
    signs = {"+": signs_of.add, "-": signs_of.sub, "*": signs_of.mul, "/": signs_of.truediv, "^": signs_of.pow}
    for step in stack_code(formula).split():
        if step == "ln":
            stack.append(math.log(stack.pop()))
        elif step in signs:
            last, before = stack.pop(), stack.pop()
            stack.append(signs[step](before, last))
        else:
            stack.append(inputs[step] if step in inputs else Fraction(step))
    assert len(stack) == 1
    assert math.isclose(stack[0], twin(formula, **inputs), rel_tol=1e-9, abs_tol=1e-9)


def test_a_time_never_ends_where_nothing_grows():
    double = FORMULAS["doubling_time"]
    assert double.function(years=Fraction(1), last=Fraction(1), first=Fraction(1)) == math.inf
    assert double.function(years=Fraction(1), last=Fraction(2), first=Fraction(1)) == 1
