"""Can all of it be true at once? Quantities, what is said of each, and how they hang together.

A network is quantities, each known to lie in a span, and constraints between them: a product, a sum, an order, a line.
Every constraint narrows the spans of its quantities from those of the others (hull consistency, Benhamou et al. 1999),
until nothing moves. A span that runs empty proves that no values satisfy all; because each bound remembers what it
follows from, the proof names the claims and relations it needs. Where the constraints form no cycle, spans that stay
non-empty prove the opposite; where they do, values that satisfy everything are looked for, and shown.

All bounds are exact fractions, open or closed, so intervals that only touch share nothing.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from claims.ledger.intervals import Interval

MOST_DIGITS = 60
PASSES = 40
BOXES = 64
Reasons = frozenset[str]
NOTHING: Reasons = frozenset()


@dataclass(frozen=True)
class Bound:
    """One end of a span: its `value` (None for no end), whether that belongs to the span, and what it follows from."""

    value: Fraction | None
    closed: bool = False
    because: Reasons = NOTHING


NO_END = Bound(None)


@dataclass(frozen=True)
class Span:
    """All values between two bounds."""

    low: Bound = NO_END
    high: Bound = NO_END

    @classmethod
    def of(cls, interval: Interval, because: Iterable[str] = ()) -> Span:
        """Return an interval as a span whose bounds follow from `because`."""
        said = frozenset(because)
        return cls(
            Bound(interval.low, interval.low_closed, said if interval.low is not None else NOTHING),
            Bound(interval.high, interval.high_closed, said if interval.high is not None else NOTHING),
        )

    @property
    def interval(self) -> Interval:
        """Return the span without its reasons."""
        return Interval(self.low.value, self.high.value, self.low.closed, self.high.closed)

    @property
    def because(self) -> Reasons:
        """Return all that its bounds follow from."""
        return self.low.because | self.high.because

    def __and__(self, other: Span) -> Span:
        """Return the values in both; of equal bounds the open one holds, of alike ones the first."""
        return Span(_tighter(self.low, other.low, 1), _tighter(self.high, other.high, -1))

    def __or__(self, other: Span) -> Span:
        """Return all values from the lowest to the highest of both."""
        both = self.because | other.because
        low = _looser(self.low, other.low, 1)
        high = _looser(self.high, other.high, -1)
        return Span(replace(low, because=both), replace(high, because=both))

    def __neg__(self) -> Span:
        return Span(*(replace(end, value=None if end.value is None else -end.value) for end in (self.high, self.low)))

    def __add__(self, other: Span) -> Span:
        return Span(*(_added(a, b) for a, b in zip(self._ends, other._ends, strict=True)))

    def __sub__(self, other: Span) -> Span:
        return self + -other

    def __mul__(self, other: Span) -> Span:
        if self._is_positive and other._is_positive:
            signs = self.low.because | other.low.because  # high ends make the highest only of what is not below 0
            return Span(_multiplied(self.low, other.low), _multiplied(self.high, other.high, signs))
        because = self.because | other.because
        corners = [
            (_sized(a, self_low), _sized(b, other_low), a, b)
            for a, self_low in zip(self._ends, (True, False), strict=True)
            for b, other_low in zip(other._ends, (True, False), strict=True)
        ]
        values = [(_product(x, y), _belongs(a, b, x, y)) for x, y, a, b in corners]
        low, high = min(value for value, _ in values), max(value for value, _ in values)
        return Span(*(_end(x, any(c for v, c in values if v == x), because) for x in (low, high)))

    def __truediv__(self, other: Span) -> Span:
        """Return all quotients; no bounds where divisor and dividend may be 0, or the divisor may have either sign."""
        if 0 in self.interval and 0 in other.interval:
            return Span()
        if other.low.value is None or other.low.value < 0:
            is_negative = other.high.value is not None and other.high.value <= 0
            return -self / -other if is_negative else Span()
        below = self.low.value is None or self.low.value < 0
        above = self.high.value is None or self.high.value > 0
        low = _divided(self.low, other.low if below else other.high, other.low.because)
        high = _divided(self.high, other.low if above else other.high, other.low.because)
        return Span(low, high)

    @property
    def _ends(self) -> tuple[Bound, Bound]:
        return self.low, self.high

    @property
    def _is_positive(self) -> bool:
        return self.low.value is not None and self.low.value >= 0

    @property
    def is_empty(self) -> bool:
        """Return whether no value lies in the span."""
        return self.interval.is_empty


@dataclass(frozen=True)
class Product:
    """`left` × `right` = `product`."""

    left: str
    right: str
    product: str
    because: Reasons = NOTHING

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it holds between."""
        return self.left, self.right, self.product

    def narrowed(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
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
    because: Reasons = NOTHING

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it holds between."""
        return self.total, *self.parts

    def narrowed(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the others."""
        zero = Span.of(Interval(Fraction(0), Fraction(0), True, True))
        before = [zero]
        for part in self.parts:
            before.append(before[-1] + spans[part])
        yield self.total, before[-1]
        after = zero
        for place in range(len(self.parts) - 1, -1, -1):
            yield self.parts[place], spans[self.total] - (before[place] + after)
            after = spans[self.parts[place]] + after


@dataclass(frozen=True)
class Order:
    """`smaller` is at most `larger`."""

    smaller: str
    larger: str
    because: Reasons = NOTHING

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it holds between."""
        return self.smaller, self.larger

    def narrowed(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
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
    because: Reasons = NOTHING

    @property
    def over(self) -> tuple[str, ...]:
        """Return the quantities it holds between."""
        return self.x, self.y

    def narrowed(self, spans: Mapping[str, Span]) -> Iterator[tuple[str, Span]]:
        """Yield what each quantity can be, given the other."""
        x, y = spans[self.x], spans[self.y]
        yield self.y, _moved(x, lambda value: self.factor * value + self.shift)
        yield self.x, _moved(y, lambda value: (value - self.shift) / self.factor)


Constraint = Product | Sum | Order | Line


@dataclass(frozen=True)
class Network:
    """Quantities with what is known of each, those that are whole numbers, and the constraints between them."""

    spans: Mapping[str, Span]
    constraints: tuple[Constraint, ...] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """Whether a network can hold: True with a `witness` where one was looked for, False with what forbids it, or None.

    `spans` is what the constraints leave of each quantity; of one that cannot hold, where it broke.
    """

    holds: bool | None
    spans: Mapping[str, Span] = field(repr=False)
    because: Reasons = NOTHING
    witness: Mapping[str, Fraction] = field(default_factory=dict)
    steady: bool = True


def solved(network: Network) -> Outcome:
    """Return whether some values satisfy all of a network.

    >>> span = lambda a, b, why: Span.of(Interval(Fraction(a), Fraction(b)), [why])
    >>> spans = {"part": span(30, 40, "c1"), "total": span(10, 20, "c2")}
    >>> sorted(solved(Network(spans, (Order("part", "total", frozenset(["r1"])),))).because)
    ['c1', 'c2', 'r1']
    """
    first = contracted(network)
    if first.holds is False:
        return first
    return replace(first, holds=True) if first.steady and _is_exact(network, first.spans) else _searched(network, first)


def contracted(network: Network) -> Outcome:
    """Return what the constraints leave of every quantity: `holds` is False if that is nothing somewhere, else None."""
    spans = {name: _on_whole(span) if name in network.whole else span for name, span in network.spans.items()}
    for span in spans.values():
        if span.is_empty:
            return Outcome(False, spans, span.because)
    of = _touching(network.constraints)
    order = _from_the_leaves(network.constraints, of)
    ends = is_forest(network.constraints)  # where narrowing ends by itself, no bound needs to be shortened
    sweeps, again = deque([*order, *reversed(order)]), {}
    for _ in range(PASSES * (len(order) + 1)):
        if not sweeps and not again:
            return Outcome(None, spans)
        place = sweeps.popleft() if sweeps else next(iter(again))
        again.pop(place, None)
        constraint = network.constraints[place]
        for name, narrowed in constraint.narrowed(spans):
            new = spans[name] & _explained(narrowed, constraint.because)
            new = _on_whole(new) if name in network.whole else new
            if new.is_empty:
                return Outcome(False, {**spans, name: new}, new.because)
            new = new if ends else spans[name] & _shortened(new)
            if new.interval == spans[name].interval:
                continue
            spans[name] = new
            again |= dict.fromkeys(of[name])
    return Outcome(None, spans, steady=False)


def _touching(constraints: Sequence[Constraint]) -> dict[str, list[int]]:
    """Return for each quantity the places of the constraints it stands in."""
    of: dict[str, list[int]] = {}
    for place, constraint in enumerate(constraints):
        for name in constraint.over:
            of.setdefault(name, []).append(place)
    return of


def _from_the_leaves(constraints: Sequence[Constraint], of: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the places of all constraints, in a forest the outer ones first: there and back narrows all there is."""
    seen: set[int] = set()
    order = []
    for start in range(len(constraints)):
        waiting = deque([start] if start not in seen else [])
        seen.add(start)
        while waiting:
            order.append(waiting.popleft())
            for name in constraints[order[-1]].over:
                new = [place for place in of[name] if place not in seen]
                seen.update(new)
                waiting.extend(new)
    return order[::-1]


def is_forest(constraints: Sequence[Constraint]) -> bool:
    """Return whether no way leads from a quantity over constraints back to itself.

    >>> is_forest([Order("a", "b"), Order("b", "c")]), is_forest([Order("a", "b"), Order("b", "c"), Order("a", "c")])
    (True, False)
    """
    root: dict[str, str] = {}

    def found(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = name = root[root[name]]
        return name

    for place, constraint in enumerate(constraints):
        middle = f"constraint {place}"
        for name in constraint.over:
            if found(name) == found(middle):
                return False
            root[found(name)] = found(middle)
    return True


def components(network: Network) -> list[Network]:
    """Return the parts of a network that constraints hold together, in the order of their first names."""
    neighbours: dict[str, list[int]] = {name: [] for name in network.spans}
    for place, constraint in enumerate(network.constraints):
        for name in constraint.over:
            neighbours[name].append(place)
    seen: set[str] = set()
    parts = []
    for start in sorted(network.spans):
        if start in seen:
            continue
        names, places, waiting = {start}, set(), [start]
        while waiting:
            for place in neighbours[waiting.pop()]:
                if place not in places:
                    places.add(place)
                    new = set(network.constraints[place].over) - names
                    names |= new
                    waiting += new
        seen |= names
        constraints = tuple(network.constraints[place] for place in sorted(places))
        parts.append(Network({n: network.spans[n] for n in sorted(names)}, constraints, network.whole & names))
    return parts


def _is_exact(network: Network, spans: Mapping[str, Span]) -> bool:
    """Return whether non-empty spans prove that values exist: no cycles, no zeros to divide by, no whole numbers."""
    for constraint in network.constraints:
        if isinstance(constraint, Order):
            continue
        if not network.whole.isdisjoint(constraint.over):
            return False
        if isinstance(constraint, Product) and not all(_is_above_zero(spans[name]) for name in constraint.over):
            return False
    return is_forest(network.constraints)


def _is_above_zero(span: Span) -> bool:
    return span.low.value is not None and 0 not in span.interval and span.low.value >= 0


def _searched(network: Network, first: Outcome) -> Outcome:
    """Return the outcome of looking for values in ever smaller boxes; undecided where the boxes run out."""
    boxes, because = deque([first.spans]), NOTHING
    for _ in range(BOXES):
        if not boxes:
            return Outcome(False, first.spans, because)
        narrowed = contracted(replace(network, spans=boxes.popleft()))
        if narrowed.holds is False:
            because |= narrowed.because
            continue
        witness = _witness(network, narrowed.spans)
        if witness:
            return Outcome(True, first.spans, witness=witness)
        halves = list(_halves(narrowed.spans))
        if not halves:  # nothing left to cut, and no values found: that proves nothing
            break
        boxes.extend(halves)
    return Outcome(None, first.spans)


def _witness(network: Network, spans: Mapping[str, Span]) -> dict[str, Fraction] | None:
    """Return values that satisfy everything, settled one quantity after the other; None if that leads nowhere."""
    for name in sorted(spans):
        if _point(spans[name]) is not None:
            continue
        for value in _candidates(spans[name].interval, name in network.whole):
            at = Span.of(Interval(value, value, True, True))
            tried = contracted(replace(network, spans={**spans, name: at}))
            if tried.holds is None:
                spans = tried.spans
                break
        else:
            return None
    found = {name: _point(span) for name, span in spans.items()}
    return None if None in found.values() else found


def _point(span: Span) -> Fraction | None:
    return span.low.value if span.low.value == span.high.value else None


def _candidates(interval: Interval, whole: bool) -> Iterator[Fraction]:
    """Yield values of an interval to try, the middle first."""
    low, high = interval.low, interval.high
    if low is None and high is None:
        low, high = Fraction(0), Fraction(2)
    low = high - 2 * max(abs(high), 1) if low is None else low
    high = low + 2 * max(abs(low), 1) if high is None else high
    for weight in (Fraction(1, 2), Fraction(0), Fraction(1), Fraction(1, 4), Fraction(3, 4), Fraction(1, 64)):
        value = low + weight * (high - low)
        values = [Fraction(math.floor(value))] if whole else [value.limit_denominator(1000), value]
        yield from dict.fromkeys(one for one in values if one in interval)


def _halves(spans: Mapping[str, Span]) -> Iterator[Mapping[str, Span]]:
    """Yield the two halves of a box, cut through its relatively widest bounded side."""
    sides = {n: s for n, s in spans.items() if _point(s) is None and None not in (s.low.value, s.high.value)}
    if not sides:
        return
    name = max(sorted(sides), key=lambda one: _width(sides[one]))
    span = sides[name]
    middle = (span.low.value + span.high.value) / 2
    yield {**spans, name: Span(span.low, Bound(middle, True, span.because))}
    yield {**spans, name: Span(Bound(middle, True, span.because), span.high)}


def _width(span: Span) -> Fraction:
    return (span.high.value - span.low.value) / max(abs(span.low.value), abs(span.high.value))


def _tighter(a: Bound, b: Bound, sign: int) -> Bound:
    """Return the bound that allows less; `sign` is 1 for low ends."""
    if a.value is None or b.value is None:
        return b if a.value is None else a
    if a.value == b.value:
        return b if a.closed and not b.closed else a
    return a if (a.value - b.value) * sign > 0 else b


def _looser(a: Bound, b: Bound, sign: int) -> Bound:
    if a.value is None or b.value is None:
        return a if a.value is None else b
    if a.value == b.value:
        return a if a.closed else b
    return a if (a.value - b.value) * sign < 0 else b


def _explained(span: Span, because: Reasons) -> Span:
    return Span(*(end if end.value is None else replace(end, because=end.because | because) for end in span._ends))


def _on_whole(span: Span) -> Span:
    """Return the span of the whole numbers inside."""
    inside = span.interval.on_integers()
    ends = zip(span._ends, (inside.low, inside.high), strict=True)
    return Span(*(end if value is None else Bound(value, True, end.because) for end, value in ends))


def _shortened(span: Span) -> Span:
    """Return the span with bounds of bearable length, moved outward."""
    return Span(_shorter(span.low, math.floor), _shorter(span.high, math.ceil))


def _shorter(end: Bound, rounded: Callable[[Fraction], int]) -> Bound:
    most = Fraction(10**MOST_DIGITS)
    if end.value is not None and abs(end.value) > most:
        is_inner = (end.value > 0) == (rounded is math.floor)  # a low end far above 0, or a high one far below
        return replace(end, value=most if end.value > 0 else -most, closed=True) if is_inner else NO_END
    if end.value is None or end.value.denominator < most:
        return end
    scale = 10 ** (MOST_DIGITS // 2)
    return replace(end, value=Fraction(rounded(end.value * scale), scale), closed=True)


def _moved(span: Span, moved) -> Span:
    return Span(*(end if end.value is None else replace(end, value=moved(end.value)) for end in span._ends))


def _added(a: Bound, b: Bound) -> Bound:
    if a.value is None or b.value is None:
        return NO_END
    return Bound(a.value + b.value, a.closed and b.closed, a.because | b.because)


def _multiplied(a: Bound, b: Bound, signs: Reasons = NOTHING) -> Bound:
    """Return the product of two low ends or two high ends of spans of 0 or more, which they are because of `signs`."""
    because = a.because | b.because | signs
    if 0 in (a.value, b.value):
        return Bound(Fraction(0), _belongs(a, b, a.value, b.value), because)
    if a.value is None or b.value is None:
        return NO_END
    return Bound(a.value * b.value, a.closed and b.closed, because)


def _divided(a: Bound, b: Bound, sign: Reasons) -> Bound:
    """Return an end of a quotient by a divisor of 0 or more, which it is because of `sign`."""
    because = a.because | b.because | sign
    if a.value is None:
        return NO_END
    if b.value is None:
        return Bound(Fraction(0), a.value == 0 and a.closed, because)
    if b.value == 0:
        return NO_END
    return Bound(a.value / b.value, (a.closed and b.closed) or (a.value == 0 and a.closed), because)


def _sized(end: Bound, is_low: bool) -> Fraction | float:
    return end.value if end.value is not None else -math.inf if is_low else math.inf


def _product(x, y):
    if 0 in (x, y):
        return Fraction(0)
    if isinstance(x, float) or isinstance(y, float):
        return math.inf * (x > 0 or -1) * (y > 0 or -1)
    return x * y


def _belongs(a: Bound, b: Bound, x, y) -> bool:
    """Return whether the product of two ends is reached: at 0 one closed end is enough."""
    if x == 0 or y == 0:
        return (x == 0 and a.closed) or (y == 0 and b.closed)
    return a.closed and b.closed


def _end(value, closed: bool, because: Reasons) -> Bound:
    return NO_END if isinstance(value, float) else Bound(value, closed, because)
