"""Networks of spans: against planted values, against trying values one by one, and by hand at every edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from claims.judging import network
from claims.judging.network import (
    Constraint,
    Line,
    Network,
    Order,
    Product,
    Sum,
    connected,
    contract,
    is_forest,
    solve,
)
from claims.judging.spans import MOST_DIGITS, NO_END, Bound, Span
from claims.ledger.intervals import Interval
from hypothesis import given
from hypothesis import strategies as st

NAMES = ("a", "b", "c", "d")
Values = Mapping[str, Fraction]


def interval(text: str) -> Interval:
    """Return an interval written as mathematicians do: "[1, 2)", "(-∞, 3/2]", "{5}"."""
    if text.startswith("{"):
        text = f"[{text[1:-1]}, {text[1:-1]}]"
    low, high = (None if "∞" in end else Fraction(end) for end in text[1:-1].split(","))
    return Interval(low, high, text[0] == "[", text[-1] == "]")


def spans(**texts: str) -> dict[str, Span]:
    """Return spans by name, each because of its own name."""
    return {name: Span.from_interval(interval(text), [name]) for name, text in texts.items()}


def shown(span: Span) -> str:
    return str(span.interval)


# -- a slow twin -------------------------------------------------------------------------------------------------


def is_true(constraint: Constraint, values: Values) -> bool:
    """Return whether a constraint holds of exact values."""
    match constraint:
        case Product(left, right, of):
            return values[left] * values[right] == values[of]
        case Sum(total, parts):
            return sum(values[part] for part in parts) == values[total]
        case Order(smaller, larger):
            return values[smaller] <= values[larger]
        case Line(x, y, factor, shift):
            return values[y] == factor * values[x] + shift


def fits(made: Network, values: Values) -> bool:
    """Return whether exact values satisfy all of a network."""
    inside = all(values[name] in span.interval for name, span in made.spans.items())
    whole = all(values[name].denominator == 1 for name in made.whole)
    return inside and whole and all(is_true(one, values) for one in made.constraints)


def tried(made: Network, left: tuple[str, ...] = NAMES, values: Values | None = None) -> Iterator[Values]:
    """Yield all values on a lattice of halves from -4 to 4 that satisfy a network, found one after another."""
    values = values or {}
    if not all(is_true(one, values) for one in made.constraints if set(one.over) <= values.keys()):
        return
    if not left:
        yield values
        return
    for value in (Fraction(n, 2) for n in range(-8, 9)):
        if value in made.spans[left[0]].interval and (left[0] not in made.whole or value.denominator == 1):
            yield from tried(made, left[1:], {**values, left[0]: value})


def only(made: Network, because: frozenset[str]) -> Network:
    """Return what is left of a network without the bounds and constraints that no reason in `because` stands behind."""
    kept = {
        name: Span(*(end if end.because <= because else NO_END for end in (span.low, span.high)))
        for name, span in made.spans.items()
    }
    return replace(made, spans=kept, constraints=tuple(one for one in made.constraints if one.because <= because))


halves = st.integers(-8, 8).map(lambda n: Fraction(n, 2))
factors = st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)])


@st.composite
def boxes(draw) -> dict[str, Span]:
    """Draw a span for each name with bounds on the lattice, each end because of something of its own."""
    found = {}
    for name in NAMES:
        low, high = sorted([draw(halves), draw(halves)])
        closed = (True, True) if low == high else draw(st.tuples(st.booleans(), st.booleans()))
        ends = [Bound(low, closed[0], frozenset([f"{name} low"])), Bound(high, closed[1], frozenset([f"{name} high"]))]
        found[name] = Span(*(NO_END if draw(st.integers(0, 5)) == 0 else end for end in ends))
    return found


@st.composite
def networks(draw) -> Network:
    """Draw a network of four quantities and one to three constraints."""
    made = []
    for place in range(draw(st.integers(1, 3))):
        a, b, c, d = draw(st.permutations(NAMES))
        because = frozenset([f"r{place}"])
        kinds = (
            Product(a, b, c, because),
            Product(a, a, b, because),
            Sum(a, (b, c, d), because),
            Sum(a, (b, c), because),
            Order(a, b, because),
            Line(a, b, draw(factors), draw(halves), because),
        )
        made.append(draw(st.sampled_from(kinds)))
    return Network(draw(boxes()), tuple(made), frozenset(draw(st.lists(st.sampled_from(NAMES), max_size=2))))


@st.composite
def planted(draw, least: int = -8) -> tuple[Network, dict[str, Fraction]]:
    """Draw values first, then a network around them: so it can hold."""
    values = {name: Fraction(draw(st.integers(least, 8)), 2) for name in NAMES}
    made = []
    for place in range(draw(st.integers(1, 5))):
        x, y, new = draw(st.sampled_from(sorted(values))), draw(st.sampled_from(sorted(values))), f"q{place}"
        factor, shift = draw(factors), draw(halves)
        smaller, larger = sorted([x, y], key=values.get)
        kinds = {
            Product(x, y, new): values[x] * values[y],
            Sum(new, (x, y)): values[x] + values[y],
            Line(x, new, factor, shift): factor * values[x] + shift,
            Line(x, y, factor, values[y] - factor * values[x]): None,
            Order(smaller, larger): None,
        }
        one, value = draw(st.sampled_from(list(kinds.items())))
        made.append(one)
        if new in one.over:
            values[new] = value
    whole = [name for name, value in values.items() if value.denominator == 1 and draw(st.integers(0, 5)) == 0]
    return Network({name: draw(around(value)) for name, value in values.items()}, tuple(made), frozenset(whole)), values


@st.composite
def around(draw, value: Fraction) -> Span:
    """Draw a span that holds `value`."""
    below, above = (draw(st.sampled_from([Fraction(0), Fraction(1, 4), 1, 3, None])) for _ in range(2))
    closed = [reach is not None and (reach == 0 or draw(st.booleans())) for reach in (below, above)]
    low, high = None if below is None else value - below, None if above is None else value + above
    return Span.from_interval(Interval(low, high, *closed))


@given(planted())
def test_values_that_satisfy_everything_are_never_narrowed_away(drawn):
    made, values = drawn
    assert fits(made, values)
    assert solve(made).holds is not False
    assert all(value in contract(made).spans[name].interval for name, value in values.items())


@given(planted(least=1))
def test_a_network_without_cycles_around_values_above_zero_holds(drawn):
    made, values = drawn
    ahead = {name: span & spans(zero="(0, ∞)")["zero"] for name, span in made.spans.items()}
    if is_forest(made.constraints) and not made.whole and min(values.values()) > 0:
        assert solve(replace(made, spans=ahead)).holds is True


@given(networks())
def test_no_value_on_a_lattice_satisfies_a_refuted_network(made):
    if solve(made).holds is False:
        assert next(tried(made), None) is None


@given(networks())
def test_a_network_that_lattice_values_satisfy_is_never_refuted(made):
    if next(tried(made), None):
        assert solve(made).holds is not False


@given(networks())
def test_a_witness_satisfies_every_span_and_every_constraint_exactly(made):
    outcome = solve(made)
    assert not outcome.witness or (outcome.holds and fits(made, outcome.witness))


@given(networks())
def test_where_only_spans_prove_that_values_exist_some_are_computed(made):
    outcome = solve(made)
    if outcome.holds and not outcome.witness:
        searched = network._search(made, outcome)
        assert searched.holds
        assert fits(made, searched.witness)


@given(networks())
def test_the_reasons_named_are_enough_to_forbid_all_values(made):
    outcome = solve(made)
    if outcome.holds is False:
        left = only(made, outcome.because)
        assert solve(left).holds is not True
        assert next(tried(left), None) is None


@given(networks())
def test_the_reasons_of_a_narrowing_are_enough_to_make_it_again(made):
    outcome = contract(made)
    if outcome.holds is False:
        assert contract(only(made, outcome.because)).holds is False


@given(st.data(), networks())
def test_the_order_of_names_and_constraints_never_matters(data, made):
    names, rows = data.draw(st.permutations(NAMES)), data.draw(st.permutations(made.constraints))
    turned = Network({name: made.spans[name] for name in names}, tuple(rows), made.whole)
    one, other = solve(made), solve(turned)
    assert one.holds == other.holds
    if one.holds is not False and contract(made).steady and contract(turned).steady:
        assert {name: span.interval for name, span in one.spans.items()} == {
            name: span.interval for name, span in other.spans.items()
        }


@given(st.data(), networks())
def test_a_wider_span_never_forbids_what_a_narrower_one_allows(data, made):
    reach = data.draw(st.sampled_from([Fraction(1, 4), 1, 5]))
    name = data.draw(st.sampled_from(NAMES))
    low, high = made.spans[name].low, made.spans[name].high
    low, high = (
        end if end.value is None else replace(end, value=end.value + by) for end, by in ((low, -reach), (high, reach))
    )
    wider = replace(made, spans={**made.spans, name: Span(low, high)})
    assert solve(made).holds is not True or solve(wider).holds is not False


# -- by hand -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        ("[1, 2]", "[3, 4]", "[3, 8]"),
        ("[1, 2)", "(3, 4]", "(3, 8)"),  # an end is reached only if both are
        ("[-2, 3]", "[-5, 7]", "[-15, 21]"),  # 3 × -5 and 3 × 7
        ("[-2, -1)", "[3, 4]", "[-8, -3)"),
        ("(-2, 0]", "(-3, -1]", "[0, 6)"),  # 0 × anything is 0, reached
        ("[-2, 0)", "(-3, 0)", "(0, 6)"),
        ("{0}", "(-∞, ∞)", "[0, 0]"),
        ("[0, 5]", "(2, ∞)", "[0, ∞)"),
        ("(0, 5]", "[2, ∞)", "(0, ∞)"),
        ("[-1, 2]", "[1, ∞)", "(-∞, ∞)"),
        ("{0}", "(1, ∞)", "[0, 0]"),
        ("(-∞, -1]", "[2, 3]", "(-∞, -2]"),
        ("(-∞, -1]", "(-∞, -2)", "(2, ∞)"),
        ("[0, 2]", "(0, 3)", "[0, 6)"),
    ],
)
def test_a_product_of_spans_worked_by_hand(left, right, product):
    one, other = spans(left=left, right=right).values()
    assert shown(one * other) == shown(other * one) == product


@pytest.mark.parametrize(
    ("product", "divisor", "quotient"),
    [
        ("[6, 8]", "[2, 4]", "[1.5, 4]"),  # 6/4 and 8/2
        ("[6, 8)", "(2, 4]", "[1.5, 4)"),
        ("[-8, 6]", "[2, 4]", "[-4, 3]"),
        ("[-8, -6]", "[2, 4]", "[-4, -1.5]"),
        ("[6, 8]", "[-4, -2]", "[-4, -1.5]"),
        ("[6, 8]", "[-4, 2]", "(-∞, ∞)"),  # both signs
        ("[6, 8]", "(0, 2]", "[3, ∞)"),  # as near to 0 as one likes
        ("[6, 8]", "[0, 2]", "[3, ∞)"),  # 0 itself makes no 6
        ("[0, 8]", "[0, 2]", "(-∞, ∞)"),  # 0 × anything is 0
        ("[0, 8]", "(0, 2]", "[0, ∞)"),
        ("(0, 8]", "[0, 2]", "(0, ∞)"),
        ("[6, 8]", "[2, ∞)", "(0, 4]"),
        ("[-8, -6]", "[2, ∞)", "[-4, 0)"),
        ("{0}", "[2, ∞)", "[0, 0]"),
        ("[6, ∞)", "[2, 3]", "[2, ∞)"),
        ("(-∞, ∞)", "[2, 3]", "(-∞, ∞)"),
        ("[6, 8]", "[-4, 0]", "(-∞, -1.5]"),
    ],
)
def test_a_quotient_of_spans_worked_by_hand(product, divisor, quotient):
    one, other = spans(product=product, divisor=divisor).values()
    assert shown(one / other) == quotient


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        ("[1, 3)", "[2, 4]", "[2, 3)", "[1, 4]"),
        ("[1, 3)", "(1, 3]", "(1, 3)", "[1, 3]"),  # of equal ends the open one is in both, the closed one in either
        ("(1, 3]", "[1, 3)", "(1, 3)", "[1, 3]"),
        ("(-∞, 2]", "[1, ∞)", "[1, 2]", "(-∞, ∞)"),
        ("[1, ∞)", "(-∞, 2]", "[1, 2]", "(-∞, ∞)"),
        ("[1, 2]", "[5, 6)", "[5, 2]", "[1, 6)"),  # nothing is in both; either may be anything from 1 to 6
        ("[-3, -2]", "(-4, -1)", "[-3, -2]", "(-4, -1)"),
    ],
)
def test_what_is_in_both_spans_and_what_is_from_one_to_the_other(one, other, both, either):
    a, b = spans(a=one, b=other).values()
    assert (shown(a & b), shown(b & a)) == (both, both)
    assert (shown(a | b), shown(b | a)) == (either, either)


def test_an_end_keeps_its_reasons_and_a_hull_has_those_of_all():
    a, b = spans(a="[1, 4]", b="[2, 3]").values()
    assert ((a & b).low.because, (a & b).high.because, (a & b).because) == ({"b"}, {"b"}, {"b"})
    assert ((a | b).low.because, (a | b).high.because) == ({"a", "b"}, {"a", "b"})
    c = spans(c="[0, ∞)")["c"]
    assert (c.high.because, c.because, (a & c).because) == (set(), {"c"}, {"a"})
    assert ((a + b).low.because, (-a).low.because, (a - b).high.because) == ({"a", "b"}, {"a"}, {"a", "b"})


@pytest.mark.parametrize(
    ("left", "right", "total", "difference"),
    [
        ("[1, 2]", "[3, 5]", "[4, 7]", "[-4, -1]"),
        ("[1, 2)", "[3, 5]", "[4, 7)", "[-4, -1)"),
        ("[1, 2]", "[3, 5)", "[4, 7)", "(-4, -1]"),
        ("(1, 2]", "(3, 5]", "(4, 7]", "(-4, -1)"),
        ("[1, ∞)", "[3, 5]", "[4, ∞)", "[-4, ∞)"),
        ("(-∞, 2]", "[3, ∞)", "(-∞, ∞)", "(-∞, -1]"),
    ],
)
def test_a_sum_and_a_difference_of_spans_worked_by_hand(left, right, total, difference):
    one, other = (Span.from_interval(interval(text)) for text in (left, right))
    assert shown(one + other) == shown(Span.from_interval(interval(total)))
    assert shown(one - other) == shown(Span.from_interval(interval(difference)))


def test_only_zero_divided_by_zero_has_no_bounds():
    assert shown(spans(six="[6, 8]")["six"] / spans(zero="{0}")["zero"]) == "(-∞, ∞)"


def test_the_highest_product_follows_from_the_signs_as_well():
    # without "left is at least 1" both may be negative, and -3 × -3 is more than 2 × 2
    ends = {
        n: Span(Bound(Fraction(1), True, frozenset([f"{n}>1"])), Bound(Fraction(2), True, frozenset([f"{n}<2"])))
        for n in "xy"
    }
    assert {"x>1", "y>1", "x<2", "y<2"} == (ends["x"] * ends["y"]).high.because
    assert "y>1" in (ends["x"] / ends["y"]).low.because


@pytest.mark.parametrize(
    ("texts", "constraint", "holds"),
    [
        ({"a": "[1, 2)", "b": "[0, 1]"}, Order("a", "b"), True),  # both may be 1
        ({"a": "(1, 2)", "b": "[0, 1]"}, Order("a", "b"), False),
        ({"a": "[1, 2)", "b": "[0, 1)"}, Order("a", "b"), False),
        ({"a": "[1, ∞)", "b": "(-∞, 1]"}, Order("a", "b"), True),
        ({"a": "{2}", "b": "{3}", "c": "{6}"}, Product("a", "b", "c"), True),
        ({"a": "{2}", "b": "{3}", "c": "(6, 7)"}, Product("a", "b", "c"), False),
        ({"a": "[1, 2)", "b": "[1, 3]", "c": "{6}"}, Product("a", "b", "c"), False),  # 2 is left out
        ({"a": "[1, 2]", "b": "[1, 3]", "c": "[6, 9]"}, Product("a", "b", "c"), True),
        ({"a": "{0}", "b": "[5, 6]", "c": "{0}"}, Product("a", "b", "c"), True),
        ({"a": "{0}", "b": "(-∞, ∞)", "c": "{1}"}, Product("a", "b", "c"), False),
        ({"a": "[-3, -2]", "b": "[-3, -2]", "c": "[9, 10]"}, Product("a", "b", "c"), True),
        ({"a": "[-3, -2]", "b": "[-3, -2]", "c": "[-9, -4]"}, Product("a", "b", "c"), False),
        ({"a": "[1, 2]", "b": "[3, 4]", "c": "[6, 9]"}, Sum("c", ("a", "b")), True),
        ({"a": "[1, 2]", "b": "[3, 4)", "c": "[6, 9]"}, Sum("c", ("a", "b")), False),
        ({"a": "[1, 2]", "b": "(-∞, ∞)", "c": "[6, 9]"}, Sum("c", ("a", "b")), True),
        ({"a": "[1, 2]", "b": "[3, 5]"}, Line("a", "b", Fraction(2), Fraction(1)), True),  # 3 to 5
        ({"a": "[1, 2)", "b": "[5, 6]"}, Line("a", "b", Fraction(2), Fraction(1)), False),
        ({"a": "(-∞, -3]", "b": "[0, ∞)"}, Line("a", "b", Fraction(1, 3), Fraction(1)), True),  # -3/3 + 1 = 0
        ({"a": "(-∞, -3)", "b": "[0, ∞)"}, Line("a", "b", Fraction(1, 3), Fraction(1)), False),
    ],
)
def test_one_constraint_at_its_edge(texts, constraint, holds):
    assert solve(Network(spans(**texts), (constraint,))).holds is holds


def test_of_a_span_without_values_its_own_ends_are_the_reason():
    outcome = solve(Network({"a": spans(a="[1, 2]")["a"] & spans(b="[3, 4]")["b"]}))
    assert (outcome.holds, outcome.because) == (False, {"a", "b"})


def test_whole_numbers_are_taken_from_inside():
    halved = Line("a", "b", Fraction(1, 2), Fraction(0))
    assert solve(Network(spans(a="[1, 3)", b="[0, 9]"), (halved,), frozenset("ab"))).witness == {"a": 2, "b": 1}
    assert solve(Network(spans(a="(0, 2)", b="[0, 9]"), (halved,), frozenset("ab"))).holds is False  # 1 is odd
    assert solve(Network(spans(a="(0, 1)"), (), frozenset("a"))).holds is False


def test_a_cycle_that_narrows_nothing_is_searched_and_refuted():
    # a + b = c and a + c = b + 1 leave 2a = 1: with a whole there is none, though no span alone runs empty
    rows = (
        Sum("c", ("a", "b"), frozenset(["r1"])),
        Sum("d", ("a", "c"), frozenset(["r2"])),
        Line("b", "d", Fraction(1), Fraction(1), frozenset(["r3"])),
    )
    made = Network(spans(a="[0, 3]", b="[0, 3]", c="[0, 6]", d="[0, 9]"), rows, frozenset("a"))
    outcome = solve(made)
    assert (outcome.holds, outcome.because >= {"r1", "r2", "r3"}) == (False, True)
    assert solve(replace(made, whole=frozenset())).holds is not False


def test_a_narrowing_without_end_is_broken_off_and_never_held():
    # b = a + 1/1000 and a = b: each round takes a thousandth away; without bounds it would go on for ever
    rows = Line("a", "b", Fraction(1), Fraction(1, 1000)), Line("b", "a", Fraction(1), Fraction(0))
    assert contract(Network(spans(a="[0, 10]", b="[0, 10]"), rows)).steady is False
    assert solve(Network(spans(a="[0, 10]", b="[0, 10]"), rows)).holds is not True
    assert solve(Network(spans(a="[0, ∞)", b="[0, ∞)"), rows)).holds is None


def test_bounds_of_a_chain_stay_exact_however_long_they_grow():
    third = Fraction(10**40, 3 * 10**40 + 1)
    rows = Product("a", "b", "c"), Line("c", "d", Fraction(1), Fraction(0))
    at = {"a": third, "b": third, "d": third * third + Fraction(1, 10**90)}
    made = {name: Span.from_interval(Interval(value, value, True, True)) for name, value in at.items()} | spans(
        c="[0, 1]"
    )
    assert solve(Network(made, rows)).holds is False
    assert solve(Network({**made, "d": made["c"]}, rows)).holds is True


def test_bounds_that_grow_without_end_are_let_go_and_not_followed():
    # c = b × b and b = c/2 hold of 0 and of 2 alone; from 3 on every round squares what the one before left
    rows = Product("b", "b", "c"), Line("c", "b", Fraction(1, 2), Fraction(0)), Product("c", "c", "d")
    made = Network(spans(b="[3, ∞)", c="[1, ∞)", d="(-∞, ∞)"), rows)
    outcome = contract(made)
    assert outcome.holds is not True
    assert all(
        end.value is None or abs(end.value) <= 10**MOST_DIGITS
        for end in (outcome.spans["c"].low, outcome.spans["c"].high)
    )
    assert solve(replace(made, spans=spans(b="(-∞, 2]", c="(-∞, ∞)", d="(-∞, ∞)"))).holds is not False


@pytest.mark.parametrize("unit", [Fraction(1, 10**9), 1, 10**10, 10**20])
def test_in_a_cycle_billions_are_narrowed_like_ones(unit):
    # d is a + b, from 5 to 7, and at most e, which is 3; that a is at most d as well closes the circle
    rows = Sum("c", ("a", "b")), Line("c", "d", Fraction(1), Fraction(0)), Order("d", "e"), Order("a", "d")
    ends = {"a": (4, 5), "b": (1, 2), "c": (0, None), "d": (0, None), "e": (0, 3)}
    scaled = {name: tuple(None if end is None else end * Fraction(unit) for end in both) for name, both in ends.items()}
    made = {name: Span.from_interval(Interval(*both, True, both[1] is not None)) for name, both in scaled.items()}
    assert contract(Network(made, rows)).holds is False
    assert contract(Network(made, rows[:2])).spans["d"].low.value == 5 * unit


def parts_of(made: Network) -> Iterator[Network]:
    """Yield the parts of a network that constraints connect, and each quantity without a constraint."""
    sets = [row.over for row in made.constraints] + [(name,) for name in made.spans]
    for part in connected(sets):
        names = {name for index in part for name in sets[index]}
        rows = tuple(made.constraints[index] for index in part if index < len(made.constraints))
        yield Network({name: made.spans[name] for name in names}, rows, made.whole & names)


def test_the_parts_that_hang_together_are_taken_apart_and_lose_nothing():
    rows = Order("a", "c"), Line("d", "e", Fraction(1), Fraction(0))
    made = Network(spans(e="[0, 1]", d="[0, 1]", c="[0, 1]", b="[0, 1]", a="[0, 1]"), rows, frozenset("ad"))
    parts = sorted((sorted(one.spans), one.constraints, one.whole) for one in parts_of(made))
    assert parts == [(["a", "c"], rows[:1], {"a"}), (["b"], (), set()), (["d", "e"], rows[1:], {"d"})]


@given(networks())
def test_a_network_holds_only_if_all_its_parts_do(made):
    parts = [solve(part).holds for part in parts_of(made)]
    assert solve(made).holds is not True or False not in parts
    assert (False in parts) <= (solve(made).holds is not True)


@pytest.mark.parametrize(
    ("rows", "forest"),
    [
        ([], True),
        ([Product("a", "b", "c"), Sum("c", ("d", "e"))], True),
        ([Product("a", "a", "b")], False),  # a square leads back to itself
        ([Order("a", "b"), Line("a", "b", Fraction(1), Fraction(0))], False),
        ([Sum("a", ("b", "c")), Product("d", "b", "c")], False),
        ([Order("a", "b"), Order("c", "d"), Order("b", "c")], True),
    ],
)
def test_a_forest_has_no_way_back(rows, forest):
    assert is_forest(rows) is forest


def steps_of(made: Network, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many times a constraint is asked what it leaves of its quantities."""
    asked = []
    for kind in (Product, Sum, Order, Line):
        own = kind.narrow
        monkeypatch.setattr(kind, "narrow", lambda one, spans, own=own: asked.append(one) or own(one, spans))
    solve(made)
    monkeypatch.undo()
    return len(asked)


def chain(kind: str, length: int) -> Network:
    """Return a chain of constraints between quantities of which only the first is narrow, in an order of its own."""
    names = [f"q{place:04}" for place in range(length + 1)]
    kinds = {
        "line": lambda a, b: Line(a, b, Fraction(1), Fraction(1)),
        "order": lambda a, b: Order(a, b),
        "product": lambda a, b: Product(a, f"{b} by", b),
        "sum": lambda a, b: Sum(b, (a, f"{b} more")),
    }
    rows = [kinds[kind](a, b) for a, b in pairwise(names)]
    made = {name: spans(it="(0, ∞)")["it"] for row in rows for name in row.over}
    made |= {name: spans(it="[1, 2]")["it"] for name in made if name.endswith(("0000", "by", "more"))}
    turned = sorted(range(length), key=lambda place: (place * 7919) % length)
    return Network(made, tuple(rows[place] for place in turned))


@pytest.mark.parametrize("kind", ["line", "order", "product", "sum"])
def test_the_steps_to_settle_a_chain_grow_with_its_length(kind, monkeypatch):
    counts = [steps_of(chain(kind, length), monkeypatch) for length in (75, 150, 300)]
    assert counts[-1] <= 4 * 300
    assert all(later <= 2.2 * earlier for earlier, later in pairwise(counts))
    assert solve(chain(kind, 300)).holds is True
