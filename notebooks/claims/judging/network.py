"""Can all of it be true at once? Quantities, the values each can have, and the constraints between them.

A network is quantities, each within a span, and constraints between them: a product, a sum, an order, a line.
Every constraint narrows the spans of its quantities from those of the others (hull consistency, Benhamou et al. 1999),
until nothing moves. A span that runs empty proves that no values satisfy all; because each bound remembers what it
follows from, the proof names the claims and relations it needs. Where the constraints form no cycle, spans that stay
non-empty prove the opposite; where they do, values that satisfy everything are searched for, and returned. Searched is
only what lies on cycles, each knot of them by itself: what hangs off one, or agrees whatever the values, is cut first.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from claims.judging.spans import NO_END, NO_REASONS, Bound, Reasons, Span
from claims.ledger.intervals import Interval

__all__ = [
    "Constraint", "Line", "Network", "Order", "Outcome", "Product", "Sum", "connected", "contract", "holds_anyway",
    "is_forest", "solve",
]  # fmt: skip

PASSES = 40
BOXES = 64
_LARGE = 50  # quantities; the outcome of a network with more is not kept, to spare memory


@dataclass(frozen=True)
class Product:
    """`left` × `right` = `product`."""

    left: str
    right: str
    product: str
    because: Reasons = NO_REASONS

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it constrains."""
        return self.left, self.right, self.product

    def narrow(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the others."""
        left, right, product = (spans[name] for name in self.over)
        yield self.product, left * right
        yield self.left, product / right
        yield self.right, product / left


@dataclass(frozen=True)
class Sum:
    """`parts` add up to `total`."""

    total: str
    parts: tuple[str, ...]
    because: Reasons = NO_REASONS

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it constrains."""
        return self.total, *self.parts

    def narrow(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the others."""
        zero = Span.from_interval(Interval(Fraction(0), Fraction(0), True, True))
        before = [zero]
        for part in self.parts:
            before.append(before[-1] + spans[part])
        yield self.total, before[-1]
        after = zero
        for index in range(len(self.parts) - 1, -1, -1):
            yield self.parts[index], spans[self.total] - (before[index] + after)
            after = spans[self.parts[index]] + after


@dataclass(frozen=True)
class Order:
    """`smaller` is at most `larger`."""

    smaller: str
    larger: str
    because: Reasons = NO_REASONS

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it constrains."""
        return self.smaller, self.larger

    def narrow(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the other."""
        yield self.smaller, Span(NO_END, spans[self.larger].high)
        yield self.larger, Span(spans[self.smaller].low, NO_END)


@dataclass(frozen=True)
class Line:
    """`y` = `factor` × `x` + `shift`; the factor is above 0."""

    x: str
    y: str
    factor: Fraction
    shift: Fraction
    because: Reasons = NO_REASONS

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it constrains."""
        return self.x, self.y

    def narrow(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the other."""
        x, y = spans[self.x], spans[self.y]
        yield self.y, x.mapped(lambda value: self.factor * value + self.shift)
        yield self.x, y.mapped(lambda value: (value - self.shift) / self.factor)


Constraint = Product | Sum | Order | Line


@dataclass(frozen=True)
class Network:
    """Quantities with the span of each, those that are whole numbers, and the constraints between them."""

    spans: Mapping[str, Span]
    constraints: tuple[Constraint, ...] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """Whether a network can hold: True, with a `witness` where one was searched for; False, and why not; or None.

    `spans` is what the constraints leave of each quantity; where nothing is left, the spans at that moment. A `steady`
    one is narrowed as far as its constraints can.
    """

    holds: bool | None
    spans: Mapping[str, Span] = field(repr=False)
    because: Reasons = NO_REASONS
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    steady: bool = True


def solve(network: Network) -> Outcome:
    """Return whether some values satisfy all of a network.

    >>> span = lambda a, b, why: Span.from_interval(Interval(Fraction(a), Fraction(b)), [why])
    >>> spans = {"part": span(30, 40, "c1"), "total": span(10, 20, "c2")}
    >>> sorted(solve(Network(spans, (Order("part", "total", frozenset(["r1"])),))).because)
    ['c1', 'c2', 'r1']
    """
    if len(network.spans) > _LARGE:
        return _solve(network)
    return _solve_once(tuple(network.spans.items()), network.constraints, network.whole)


@lru_cache(maxsize=1_000)
def _solve_once(
    spans: tuple[tuple[str, Span], ...], constraints: tuple[Constraint, ...], whole: frozenset[str]
) -> Outcome:
    """Return the outcome of a network by all its parts, their order included, which decides what a proof names.

    Nothing else goes into it. So readings that change no span of a network share its outcome, and so do tests of the
    rules by which writers may have rounded.
    """
    return _solve(Network(dict(spans), constraints, whole))


def _solve(network: Network) -> Outcome:
    first = contract(network)
    if first.holds is False:
        return first
    if first.steady and _is_exact(network, first.spans):
        return replace(first, holds=True)
    knots, rest = _cut(network, first.spans)
    if len(knots) == 1 and not rest.constraints:
        return _search(network, first)
    values: dict[str, Fraction] = {}
    for knot in knots:
        outcome = _search(knot, Outcome(None, knot.spans))
        if not outcome.holds:
            return replace(outcome, spans=first.spans)
        values |= outcome.witness
    points = {name: Span.from_interval(Interval(value, value, True, True)) for name, value in values.items()}
    rest = replace(rest, spans={**rest.spans, **points})
    left = contract(rest)
    is_proved = left.holds is None and left.steady and _is_exact(rest, left.spans)
    return replace(first, holds=True) if is_proved else _search(network, first)


def contract(network: Network) -> Outcome:
    """Return what the constraints leave of every quantity: `holds` is False if that is nothing somewhere, else None."""
    spans = {name: span.on_integers() if name in network.whole else span for name, span in network.spans.items()}
    for span in spans.values():
        if span.is_empty:
            return Outcome(False, spans, span.because)
    sets = [constraint.over for constraint in network.constraints]
    users, parts = _users(sets), connected(sets)
    order = [index for part in reversed(parts) for index in reversed(part)]  # there and back narrows all of a forest
    ends = is_forest(network.constraints)  # where narrowing ends by itself, no bound needs to be shortened
    sweeps: deque[int] = deque([*order, *reversed(order)])
    again: dict[int, None] = {}
    for _ in range(PASSES * (len(order) + 1)):
        if not sweeps and not again:
            return Outcome(None, spans)
        index = sweeps.popleft() if sweeps else next(iter(again))
        again.pop(index, None)
        constraint = network.constraints[index]
        for name, narrowed in constraint.narrow(spans):
            new = spans[name] & narrowed.with_reasons(constraint.because)
            new = new.on_integers() if name in network.whole else new
            if new.is_empty:
                return Outcome(False, {**spans, name: new}, new.because)
            new = new if ends else spans[name] & new.shortened()
            if new.interval == spans[name].interval:
                continue
            spans[name] = new
            again |= dict.fromkeys(users[name])
    return Outcome(None, spans, steady=False)


def _users(sets: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Return for each name the indices of the sets that have it."""
    users: dict[str, list[int]] = {}
    for index, names in enumerate(sets):
        for name in names:
            users.setdefault(name, []).append(index)
    return users


def connected(sets: Sequence[Iterable[str]]) -> list[list[int]]:
    """Return the indices of sets that share names, directly or over others: a list for each part, the nearest first.

    >>> connected([("a", "b"), ("c",), ("d", "b")])
    [[0, 2], [1]]
    """
    users, seen = _users(sets), set[int]()
    parts: list[list[int]] = []
    for start in range(len(sets)):
        part = [] if start in seen else [start]
        seen.add(start)
        for index in part:  # which grows meanwhile
            for name in sets[index]:
                new = [other for other in users[name] if other not in seen]
                seen.update(new)
                part += new
        parts += [part] if part else []
    return parts


def is_forest(constraints: Sequence[Constraint]) -> bool:
    """Return whether no path goes from a quantity over constraints back to itself.

    That is so if uses of quantities, as the edges between constraints and quantities, are as few as connect them.

    >>> is_forest([Order("a", "b"), Order("b", "c")]), is_forest([Order("a", "b"), Order("b", "c"), Order("a", "c")])
    (True, False)
    """
    sets = [constraint.over for constraint in constraints]
    return sum(map(len, sets)) == len(sets) + len(_users(sets)) - len(connected(sets))


def _is_exact(network: Network, spans: Mapping[str, Span]) -> bool:
    """Return whether non-empty spans prove that values exist: no cycles, no zeros to divide by, no whole numbers."""
    return all(_leaves_no_gap(one, spans, network.whole) for one in network.constraints) and is_forest(
        network.constraints
    )


def _leaves_no_gap(constraint: Constraint, spans: Mapping[str, Span], whole: frozenset[str]) -> bool:
    """Return whether each value of a quantity goes with values of the others, once spans are narrowed."""
    if isinstance(constraint, Order):
        return True
    if not whole.isdisjoint(constraint.over):
        return False
    return not isinstance(constraint, Product) or all(_is_above_zero(spans[name]) for name in constraint.over)


def _cut(network: Network, spans: Mapping[str, Span]) -> tuple[list[Network], Network]:
    """Return the knots of a network, each of which has to be searched, and the constraints that hang off them.

    An order that holds whatever the values is in neither. A constraint hangs off if it leaves no gap and shares one
    quantity, or none, with those that are left.
    """
    kept = {index for index, one in enumerate(network.constraints) if not holds_anyway(one, spans)}
    users: dict[str, set[int]] = {}
    for index in kept:
        for name in network.constraints[index].over:
            users.setdefault(name, set()).add(index)
    waiting, hanging = deque(sorted(kept)), list[Constraint]()
    while waiting:
        index = waiting.popleft()
        one, names = network.constraints[index], set(network.constraints[index].over)
        is_leaf = len(names) == len(one.over) and sum(len(users[name]) > 1 for name in names) <= 1
        if index in kept and is_leaf and _leaves_no_gap(one, spans, network.whole):
            kept.remove(index)
            hanging.append(one)
            for name in names:
                users[name].remove(index)
                waiting.extend(users[name] if len(users[name]) == 1 else ())
    left = [network.constraints[index] for index in sorted(kept)]
    parts = ([left[index] for index in sorted(part)] for part in connected([one.over for one in left]))
    return [_part(network, part, spans) for part in parts], _part(network, hanging, spans)


def _part(network: Network, constraints: Sequence[Constraint], spans: Mapping[str, Span]) -> Network:
    own = {name: spans[name] for one in constraints for name in one.over}
    return Network(own, tuple(constraints), network.whole & own.keys())


def holds_anyway(constraint: Constraint, spans: Mapping[str, Span]) -> bool:
    """Return whether a constraint is an order that every value within these spans satisfies."""
    if not isinstance(constraint, Order):
        return False
    most, least = spans[constraint.smaller].high.value, spans[constraint.larger].low.value
    return most is not None and least is not None and most <= least


def _is_above_zero(span: Span) -> bool:
    return span.low.value is not None and 0 not in span.interval and span.low.value >= 0


def _search(network: Network, first: Outcome) -> Outcome:
    """Return the outcome of searching for values in ever smaller boxes; undecided where the boxes run out."""
    boxes: deque[Mapping[str, Span]] = deque([first.spans])
    because = NO_REASONS
    for _ in range(BOXES):
        if not boxes:
            return Outcome(False, first.spans, because)
        narrowed = contract(replace(network, spans=boxes.popleft()))
        if narrowed.holds is False:
            because |= narrowed.because
            continue
        witness = _witness(network, narrowed.spans)
        if witness:
            return Outcome(True, first.spans, witness=witness)
        halves = _halves(narrowed.spans)
        if not halves:  # nothing left to cut, and no values: that proves nothing
            break
        boxes.extend(halves)
    return Outcome(None, first.spans)


def _witness(network: Network, spans: Mapping[str, Span]) -> dict[str, Fraction] | None:
    """Return values that satisfy everything, settled one quantity after the other; None if none of those tried do."""
    for name in sorted(spans):
        if spans[name].point is not None:
            continue
        for value in _candidates(spans[name].interval, name in network.whole):
            at = Span.from_interval(Interval(value, value, True, True))
            tried = contract(replace(network, spans={**spans, name: at}))
            if tried.holds is None:
                spans = tried.spans
                break
        else:
            return None
    values = {name: span.point for name, span in spans.items() if span.point is not None}
    return values if len(values) == len(spans) else None


def _candidates(interval: Interval, whole: bool) -> Iterator[Fraction]:
    """Yield values of an interval to try, the middle first."""
    low, high = _search_range(interval)
    for weight in (Fraction(1, 2), Fraction(0), Fraction(1), Fraction(1, 4), Fraction(3, 4), Fraction(1, 64)):
        value = low + weight * (high - low)
        values = [Fraction(math.floor(value))] if whole else [value.limit_denominator(1000), value]
        yield from dict.fromkeys(value for value in values if value in interval)


def _search_range(interval: Interval) -> tuple[Fraction, Fraction]:
    """Return the bounds of an interval; where one is not there, a value well beyond the other."""
    low, high = interval.low, interval.high
    if low is None:
        low = Fraction(0) if high is None else high - 2 * max(abs(high), Fraction(1))
    return low, low + 2 * max(abs(low), Fraction(1)) if high is None else high


def _halves(spans: Mapping[str, Span]) -> list[Mapping[str, Span]]:
    """Return the two halves of a box, cut through its relatively widest bounded side; none if no side can be cut."""
    widths = {name: width for name, span in spans.items() if (width := _width(span))}
    if not widths:
        return []
    name = max(sorted(widths), key=widths.__getitem__)
    span, (low, high) = spans[name], _search_range(spans[name].interval)
    middle = Bound((low + high) / 2, True, span.because)
    return [{**spans, name: Span(span.low, middle)}, {**spans, name: Span(middle, span.high)}]


def _width(span: Span) -> Fraction:
    """Return the width of a span relative to its larger end, 0 for a point or where an end is not there."""
    low, high = span.low.value, span.high.value
    if low is None or high is None or low == high:
        return Fraction(0)
    return (high - low) / max(abs(low), abs(high))
