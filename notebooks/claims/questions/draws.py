"""How are results spread inside an interval? Where most of them lie if every value of each input is equally likely.

An interval tells what is possible, not what is likely. With one assumption more, that the figures before rounding are
spread evenly over their intervals and independently of each other, it can be said where a result lies most of the
time. The distribution is computed exactly; nothing is drawn at random.
"""

from __future__ import annotations

from fractions import Fraction

from claims.ledger.intervals import Interval
from claims.results.finding import Finding, Inputs, computed

__all__ = ["growth_drawn", "quantile_of_ratio", "ratio_below"]


def ratio_below(ratio: Fraction, last: Interval, first: Interval) -> Fraction:
    """Return the probability that last ÷ first is at most `ratio`, both spread evenly over intervals above 0.

    >>> both = Interval(Fraction(1), Fraction(2))
    >>> [str(ratio_below(Fraction(number, 2), both, both)) for number in (1, 2, 4)]
    ['0', '1/2', '1']
    """
    (a, b), (c, d) = _ends(last), _ends(first)
    start, end = max(c, a / ratio), min(d, b / ratio)  # where the share of `last` below ratio × first grows from 0 to 1
    inside = (ratio * (end**2 - start**2) / 2 - a * (end - start)) / (b - a) if end > start else Fraction(0)
    return (inside + max(Fraction(0), d - max(c, b / ratio))) / (d - c)


def quantile_of_ratio(part: Fraction, last: Interval, first: Interval) -> Fraction:
    """Return the ratio last ÷ first that `part` of all draws stay below, to nine decimals.

    >>> both = Interval(Fraction(1), Fraction(2))
    >>> float(quantile_of_ratio(Fraction(1, 2), both, both))
    1.0
    """
    (a, b), (c, d) = _ends(last), _ends(first)
    low, high = a / d, b / c
    while high - low > Fraction(1, 10**10):
        middle = Fraction(round((low + high) / 2 * 10**12), 10**12)
        low, high = (low, middle) if ratio_below(middle, last, first) >= part else (middle, high)
    return Fraction(round(high * 10**9), 10**9)


def growth_drawn(id: str, label: str, last: Interval, first: Interval, inputs: Inputs) -> Finding:
    """Return the middle growth (percent) from `first` to `last` in such draws, and where 90 of 100 of them lie.

    Raises ValueError for an interval without bounds or without width.
    """
    low, middle, high = (100 * (quantile_of_ratio(Fraction(part, 100), last, first) - 1) for part in (5, 50, 95))
    words = "middle of the growth from {first} to {last}, each spread evenly over its interval; range: 90 of 100 draws"
    return computed(id, label, middle, "percent", words, Interval(low, high, True, True), inputs)


def _ends(span: Interval) -> tuple[Fraction, Fraction]:
    if span.low is None or span.high is None or not 0 < span.low < span.high:
        raise ValueError(f"draws need an interval with two bounds above 0, got {span}")
    return span.low, span.high
