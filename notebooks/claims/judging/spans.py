"""Spans: the values a quantity can have, between two bounds that remember what they follow from.

All bounds are exact fractions, open or closed, so spans that only touch share nothing. Arithmetic on spans gives every
value that arithmetic on their members can give, and the reasons of both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from claims.ledger.intervals import Interval

__all__ = ["NO_END", "NO_REASONS", "Bound", "Reasons", "Span"]

MOST_DIGITS = 60
Reasons = frozenset[str]
NO_REASONS: Reasons = frozenset()
_ExtendedEnd = tuple[Fraction | float, bool]  # a bound, infinite where there is none, and whether it is reached


@dataclass(frozen=True)
class Bound:
    """One end of a span: its `value` (None for no end), whether that belongs to the span, and what it follows from."""

    value: Fraction | None
    closed: bool = False
    because: Reasons = NO_REASONS


NO_END = Bound(None)


@dataclass(frozen=True)
class Span:
    """All values between two bounds."""

    low: Bound = NO_END
    high: Bound = NO_END

    @classmethod
    def from_interval(cls, interval: Interval, because: Iterable[str] = ()) -> Span:
        """Return an interval as a span whose bounds follow from `because`."""
        reasons = frozenset(because)
        return cls(
            Bound(interval.low, interval.low_closed, reasons if interval.low is not None else NO_REASONS),
            Bound(interval.high, interval.high_closed, reasons if interval.high is not None else NO_REASONS),
        )

    @property
    def interval(self) -> Interval:
        """Return the span without its reasons."""
        return Interval(self.low.value, self.high.value, self.low.closed, self.high.closed)

    @property
    def because(self) -> Reasons:
        """Return all that its bounds follow from."""
        return self.low.because | self.high.because

    @property
    def is_empty(self) -> bool:
        """Return whether no value lies in the span."""
        return self.interval.is_empty

    @property
    def point(self) -> Fraction | None:
        """Return the value at which both bounds lie, None if they differ."""
        return self.low.value if self.low.value == self.high.value else None

    def __and__(self, other: Span) -> Span:
        """Return the values in both; of equal bounds the open one wins, of identical ones the first."""
        return Span(_tighter(self.low, other.low, 1), _tighter(self.high, other.high, -1))

    def __or__(self, other: Span) -> Span:
        """Return all values from the lowest to the highest of both."""
        both = self.because | other.because
        low = _looser(self.low, other.low, 1)
        high = _looser(self.high, other.high, -1)
        return Span(replace(low, because=both), replace(high, because=both))

    def __neg__(self) -> Span:
        high, low = self.high, self.low
        return Span(
            Bound(None if high.value is None else -high.value, high.closed, high.because),
            Bound(None if low.value is None else -low.value, low.closed, low.because),
        )

    def __add__(self, other: Span) -> Span:
        return Span(_sum(self.low, other.low), _sum(self.high, other.high))

    def __sub__(self, other: Span) -> Span:
        return self + -other

    def __mul__(self, other: Span) -> Span:
        if self._is_positive and other._is_positive:
            signs = self.low.because | other.low.because  # high ends make the highest only of what is not below 0
            return Span(_positive_product(self.low, other.low), _positive_product(self.high, other.high, signs))
        corners = [_corner(a, b) for a in self._extended_ends for b in other._extended_ends]
        values = [value for value, _ in corners]
        because = self.because | other.because
        low, high = (
            NO_END if isinstance(value, float) else Bound(value, (value, True) in corners, because)
            for value in (min(values), max(values))
        )
        return Span(low, high)

    def __truediv__(self, other: Span) -> Span:
        """Return all quotients; no bounds where divisor and dividend may be 0, or the divisor may have either sign."""
        if 0 in self.interval and 0 in other.interval:
            return Span()
        if other.low.value is None or other.low.value < 0:
            is_negative = other.high.value is not None and other.high.value <= 0
            return -self / -other if is_negative else Span()
        below = self.low.value is None or self.low.value < 0
        above = self.high.value is None or self.high.value > 0
        low = _quotient(self.low, other.low if below else other.high, other.low.because)
        high = _quotient(self.high, other.low if above else other.high, other.low.because)
        return Span(low, high)

    def with_reasons(self, because: Reasons) -> Span:
        """Return the span with more reasons for each of its ends."""
        return self._each(lambda end: Bound(end.value, end.closed, end.because | because))

    def mapped(self, function: Callable[[Fraction], Fraction]) -> Span:
        """Return the span with a rising function applied to its ends."""
        return self._each(lambda end: end if end.value is None else replace(end, value=function(end.value)))

    def on_integers(self) -> Span:
        """Return the span of the whole numbers inside."""
        inside = self.interval.on_integers()
        ends = ((self.low, inside.low), (self.high, inside.high))
        return Span(*(end if value is None else Bound(value, True, end.because) for end, value in ends))

    def shortened(self) -> Span:
        """Return the span with bounds of at most MOST_DIGITS digits, moved outward."""
        return Span(_shortened(self.low, math.floor), _shortened(self.high, math.ceil))

    def _each(self, change: Callable[[Bound], Bound]) -> Span:
        return Span(*(end if end.value is None else change(end) for end in (self.low, self.high)))

    @property
    def _extended_ends(self) -> tuple[_ExtendedEnd, _ExtendedEnd]:
        low, high = self.low, self.high
        return (
            (-math.inf if low.value is None else low.value, low.closed),
            (math.inf if high.value is None else high.value, high.closed),
        )

    @property
    def _is_positive(self) -> bool:
        return self.low.value is not None and self.low.value >= 0


def _tighter(a: Bound, b: Bound, sign: int) -> Bound:
    """Return the bound that allows less; `sign` is 1 for low ends."""
    if a.value is None or b.value is None:
        return b if a.value is None else a
    if a.value == b.value:
        return b if a.closed and not b.closed else a
    return a if (a.value > b.value) == (sign > 0) else b


def _looser(a: Bound, b: Bound, sign: int) -> Bound:
    if a.value is None or b.value is None:
        return a if a.value is None else b
    if a.value == b.value:
        return a if a.closed else b
    return a if (a.value - b.value) * sign < 0 else b


def _shortened(end: Bound, rounded: Callable[[Fraction], int]) -> Bound:
    most = Fraction(10**MOST_DIGITS)
    if end.value is not None and abs(end.value) > most:
        is_inner = (end.value > 0) == (rounded is math.floor)  # a low end far above 0, or a high one far below
        return replace(end, value=most if end.value > 0 else -most, closed=True) if is_inner else NO_END
    if end.value is None or end.value.denominator < most:
        return end
    scale = 10 ** (MOST_DIGITS // 2)
    return replace(end, value=Fraction(rounded(end.value * scale), scale), closed=True)


def _sum(a: Bound, b: Bound) -> Bound:
    if a.value is None or b.value is None:
        return NO_END
    return Bound(a.value + b.value, a.closed and b.closed, a.because | b.because)


def _positive_product(a: Bound, b: Bound, signs: Reasons = NO_REASONS) -> Bound:
    """Return the product of two low ends or two high ends of spans of 0 or more, which they are because of `signs`."""
    because = a.because | b.because | signs
    if a.value == 0 or b.value == 0:
        return Bound(Fraction(0), any(end.value == 0 and end.closed for end in (a, b)), because)
    if a.value is None or b.value is None:
        return NO_END
    return Bound(a.value * b.value, a.closed and b.closed, because)


def _corner(a: _ExtendedEnd, b: _ExtendedEnd) -> _ExtendedEnd:
    """Return the product of two ends; one closed end at 0 is enough to reach 0."""
    if a[0] == 0 or b[0] == 0:
        return Fraction(0), (0, True) in (a, b)
    return a[0] * b[0], a[1] and b[1]


def _quotient(a: Bound, b: Bound, sign: Reasons) -> Bound:
    """Return an end of a quotient by a divisor of 0 or more, which it is because of `sign`."""
    because = a.because | b.because | sign
    if a.value is None:
        return NO_END
    if b.value is None:
        return Bound(Fraction(0), a.value == 0 and a.closed, because)
    if b.value == 0:
        return NO_END
    return Bound(a.value / b.value, (a.closed and b.closed) or (a.value == 0 and a.closed), because)
