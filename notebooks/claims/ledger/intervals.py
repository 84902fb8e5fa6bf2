"""A printed number is an interval: what a figure, with its rounding and its hedge, may stand for.

Bounds are exact fractions. Each knows whether it belongs to the interval (closed) and whether the text states it or
the reader assumes it: "more than 41 billion" states that the value lies above 41; that it lies below 42 is an
assumption about how people write. Only assumed bounds move when a reading is widened.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

__all__ = [
    "HEDGES", "OF_RANGES", "RANGE", "ROUNDINGS", "WIDEST", "WIDTHLESS", "WORDS", "Interval", "Reading",
    "default_precision", "exact_text", "printed_ends", "printed_interval", "round_to", "rounded_interval",
    "whole_values",
]  # fmt: skip

ROUNDINGS = ("half_up", "half_even", "truncation")
HEDGES = ("none", "exact", "more_than", "less_than", "nearly", "about", "at_least", "at_most")
WIDTHLESS = ("exact", "at_least", "at_most")
OF_RANGES = ("none", "about")  # the hedges that a printed range may have
RANGE = ".."  # between the ends of a printed range: 47..48
WORDS = ("usual", "wide")
WIDEST = 2
_End = tuple[Fraction | None, bool, bool]  # a bound, whether it belongs to the interval, whether the text states it


@dataclass(frozen=True)
class Interval:
    """All values between two exact bounds; a bound of None is no bound.

    >>> print(Interval(Fraction("40.5"), Fraction("41.5")))
    [40.5, 41.5)
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = False
    low_stated: bool = True
    high_stated: bool = True

    @property
    def is_empty(self) -> bool:
        """Return whether no value lies in the interval."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_closed and self.high_closed))

    @property
    def _ends(self) -> tuple[_End, _End]:
        low = self.low, self.low_closed, self.low_stated
        return low, (self.high, self.high_closed, self.high_stated)

    @property
    def width(self) -> Fraction | float:
        """Return the distance between the bounds, infinite where one is missing."""
        return math.inf if self.low is None or self.high is None else self.high - self.low

    @property
    def middle(self) -> Fraction | None:
        """Return the value halfway between the bounds, None where one is missing."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2

    def __contains__(self, value: Fraction | float) -> bool:
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below

    def __and__(self, other: Interval) -> Interval:
        """Return the values in both. Of two equal bounds the open one counts; a bound that either states is stated.

        >>> print(Interval(Fraction(40), Fraction(42)) & Interval(Fraction(41), Fraction(43)))
        [41, 42)
        """
        lows, highs = zip(self._ends, other._ends, strict=True)
        low, low_closed, low_stated = _tighter(*lows, max)
        high, high_closed, high_stated = _tighter(*highs, min)
        return Interval(low, high, low_closed, high_closed, low_stated, high_stated)

    def __lt__(self, other: Interval) -> bool:
        """Return whether every value of this interval lies below every value of `other`; of an empty one, never."""
        if self.is_empty or other.is_empty or self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and not (self.high_closed and other.low_closed))

    def __neg__(self) -> Interval:
        low, high = (None if bound is None else -bound for bound in (self.high, self.low))
        return Interval(low, high, self.high_closed, self.low_closed, self.high_stated, self.low_stated)

    def on_integers(self) -> Interval:
        """Return the closed interval of the whole numbers inside.

        >>> print(Interval(Fraction(40), Fraction(50), low_closed=False).on_integers())
        [41, 49]
        """
        low, high = self.low, self.high
        if low is not None:
            low = Fraction(math.ceil(low) if self.low_closed else math.floor(low) + 1)
        if high is not None:
            high = Fraction(math.floor(high) if self.high_closed else math.ceil(high) - 1)
        return Interval(low, high, low is not None, high is not None, self.low_stated, self.high_stated)

    def scaled(self, factor: Fraction | int) -> Interval:
        """Return the interval of all values times `factor`, which turns it round where it is negative.

        Raises ValueError for 0, which would make a point of an open interval.
        """
        if factor == 0:
            raise ValueError("an interval cannot be scaled by 0")
        if factor < 0:
            return (-self).scaled(-factor)
        low, high = (None if bound is None else bound * factor for bound in (self.low, self.high))
        return Interval(low, high, self.low_closed, self.high_closed, self.low_stated, self.high_stated)

    def widened(self, by: Fraction) -> Interval:
        """Return the interval with each of its bounds moved outward by `by`."""
        low, high = None if self.low is None else self.low - by, None if self.high is None else self.high + by
        return Interval(low, high, self.low_closed, self.high_closed, self.low_stated, self.high_stated)

    def __str__(self) -> str:
        left = "[" if self.low_closed and self.low is not None else "("
        right = "]" if self.high_closed and self.high is not None else ")"
        low = "-∞" if self.low is None else exact_text(self.low)
        high = "∞" if self.high is None else exact_text(self.high)
        return f"{left}{low}, {high}{right}"


@dataclass(frozen=True)
class Reading:
    """How printed figures are read: the rounding rule, and how far assumed bounds reach.

    `hedge_width` multiplies the reach of assumed bounds. With `words` read as "wide", rows with a `precision_wide` are
    taken at that width. `tolerance_pct` moves both bounds of every figure that is no enumeration outward by that
    percentage of what is printed. `widest` takes words wide, and the assumed bounds of all other figures at twice the
    usual reach.
    """

    rounding: str = "half_up"
    hedge_width: Fraction = Fraction(1)
    widest: bool = False
    words: str = "usual"
    tolerance_pct: Fraction = Fraction(0)

    def __post_init__(self):
        for name, choices in (("rounding", ROUNDINGS), ("words", WORDS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}")
        for name in ("hedge_width", "tolerance_pct"):
            value = getattr(self, name)
            object.__setattr__(self, name, Fraction(str(value)) if isinstance(value, float) else Fraction(value))
        if self.hedge_width <= 0:
            raise ValueError(f"hedge_width must be above 0, got {self.hedge_width}")
        if self.tolerance_pct < 0:
            raise ValueError(f"tolerance_pct must not be below 0, got {self.tolerance_pct}")

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Reading) and self._key == other._key)

    @cached_property
    def _key(self) -> tuple:
        """Return the values without fractions, which are slow to compare: every interval is looked up by them."""
        hedges, tolerance = self.hedge_width.as_integer_ratio(), self.tolerance_pct.as_integer_ratio()
        return self.rounding, hedges, self.widest, self.words, tolerance

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)


def printed_interval(
    value: Fraction,
    precision: Fraction | None,
    hedge: str,
    reading: Reading | None = None,
    precision_wide: Fraction | None = None,
    spread: Fraction = Fraction(0),
) -> Interval:
    """Return what `value`, printed with `hedge` at `precision`, may stand for, in the scale of `value`.

    Of a printed range, `value` is the middle and `spread` the distance from there to either end: it stands for all from
    the least that its lower end may stand for to the most that its upper end may stand for.

    A hedge on a negative value is about its size: "a fall of more than 5 per cent", entered as -5, lies below -5. So a
    hedged negative figure is the mirror image of the positive one.

    >>> print(printed_interval(Fraction(41), Fraction(1), "none"))
    [40.5, 41.5)
    >>> print(printed_interval(Fraction(41), Fraction(1), "more_than"))
    (41, 42)
    >>> print(printed_interval(Fraction(-5), Fraction(1), "more_than"))
    (-6, -5)
    >>> print(printed_interval(Fraction("47.5"), Fraction(1), "none", spread=Fraction(1, 2)))  # from 47 to 48
    [46.5, 48.5)
    """
    if spread:
        low, high = (printed_interval(end, precision, hedge, reading) for end in (value - spread, value + spread))
        ends = low.low_closed, high.high_closed, low.low_stated, high.high_stated
        return Interval(low.low, high.high, *ends)
    reading = reading or Reading()
    if hedge not in HEDGES:
        raise ValueError(f"hedge must be one of {', '.join(HEDGES)}, got {hedge!r}")
    reach = reading.hedge_width
    if hedge in WIDTHLESS:
        precision = Fraction(0)
    elif precision is None or precision <= 0:
        raise ValueError(f"a figure with the hedge {hedge} needs a precision above 0, got {precision}")
    elif (reading.widest or reading.words == "wide") and precision_wide is not None:
        precision = precision_wide
    elif reading.widest:
        reach *= WIDEST
    if hedge == "none":  # a word with a wider reach, such as doubled, has no digits to cut off
        rounding = "half_up" if precision_wide is not None else reading.rounding
        return rounded_interval(value, precision, rounding)
    size = _hedged(abs(value), precision, hedge, reading.rounding, reach)
    return -size if value < 0 else size


def rounded_interval(value: Fraction, precision: Fraction, rounding: str) -> Interval:
    """Return all x that `rounding` to whole multiples of `precision` turns into `value`.

    half_up     ties go up, towards +∞, for either sign: x rounds to floor(x/u + 1/2)·u, so [v − u/2, v + u/2)
    half_even   ties go to the even multiple: both ends belong where v/u is even, neither where it is odd; where v is no
                multiple of u there is no parity, and the ends are those of half_up
    truncation  digits are cut off, towards 0: [v, v + u) above 0, (v − u, v] below, (−u, u) at 0

    >>> print(
    ...     rounded_interval(Fraction(2), Fraction(1), "half_even"),
    ...     rounded_interval(Fraction(3), Fraction(1), "half_even"),
    ... )
    [1.5, 2.5] (2.5, 3.5)
    """
    half = precision / 2
    if rounding == "truncation":
        low = value - precision if value <= 0 else value
        high = value + precision if value >= 0 else value
        return Interval(low, high, value > 0, value < 0)
    low_closed, high_closed = _ties(value, precision, rounding)
    return Interval(value - half, value + half, low_closed, high_closed)


def round_to(x: Fraction, precision: Fraction, rounding: str) -> Fraction:
    """Return the whole multiple of `precision` that `rounding` turns `x` into.

    >>> [str(round_to(Fraction(5, 2), Fraction(1), rule)) for rule in ROUNDINGS]
    ['3', '2', '2']
    """
    multiple = x / precision
    if rounding == "truncation":
        return math.trunc(multiple) * precision
    if rounding == "half_even":
        return round(multiple) * precision
    return math.floor(multiple + Fraction(1, 2)) * precision


def printed_ends(text: str) -> tuple[Fraction, Fraction]:
    """Return the ends of a value as the ledger writes it: of a range its two, of any other figure the same twice.

    >>> [str(end) for end in printed_ends("47..48.5")], [str(end) for end in printed_ends("1/3")]
    (['47', '97/2'], ['1/3', '1/3'])
    """
    low, _, high = text.partition(RANGE)
    return Fraction(low), Fraction(high or low)


def default_precision(text: str) -> Fraction | None:
    """Return one unit of the last significant printed digit, None for a fraction; of a range, of its finer end.

    Zeros that end a whole number only hold its place; a zero printed after the decimal point was printed on purpose.

    >>> [str(default_precision(text)) for text in ("41", "500", "1700", "28.3", "2.50", "900..1100")]
    ['1', '100', '100', '1/10', '1/100', '100']
    """
    if RANGE in text:
        steps = [step for step in map(default_precision, text.split(RANGE)) if step]
        return min(steps, default=None)
    if "/" in text:
        return None
    whole, _, decimals = text.lstrip("-").partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else Fraction(1)


def exact_text(value: Fraction) -> str:
    """Return a fraction as a decimal where it has an end, else as numerator/denominator.

    >>> exact_text(Fraction(83, 2)), exact_text(Fraction(1, 3)), exact_text(Fraction(-1, 8))
    ('41.5', '1/3', '-0.125')
    """
    value = Fraction(value)
    places = value.denominator.bit_length()  # at least as many as a decimal with an end has
    scaled = value * 10**places
    if scaled.denominator != 1:
        return str(value)
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").removesuffix(".")
    return f"-{text}" if value < 0 else text


def _hedged(size: Fraction, precision: Fraction, hedge: str, rounding: str, reach: Fraction) -> Interval:
    """Return the interval of a hedged figure of 0 or more; `reach` multiplies the usual distance of assumed bounds."""
    match hedge:
        case "exact":
            return Interval(size, size, True, True)
        case "at_least":
            return Interval(size, None, True, False)
        case "at_most":
            return Interval(None, size, False, True)
        case "more_than":
            return Interval(size, size + precision * reach, False, False, True, False)
        case "less_than":
            return Interval(size - precision * reach, size, False, False, False, True)
        case "nearly":
            low_closed, _ = _ties(size, precision, rounding)
            return Interval(size - precision / 2 * reach, size, low_closed, False, False, True)
        case _:
            return Interval(size - precision * reach, size + precision * reach, True, True, False, False)


def _ties(value: Fraction, precision: Fraction, rounding: str) -> tuple[bool, bool]:
    """Return whether v − u/2 and v + u/2 round to v."""
    multiple = value / precision
    if rounding == "half_even" and multiple.denominator == 1:
        return multiple % 2 == 0, multiple % 2 == 0
    return True, False


def whole_values(values: Interval, point: Fraction, hedge: str) -> Interval:
    """Return the whole numbers in `values`; "more than 40" allows 41 however narrow its assumed reach."""
    whole = values.on_integers()
    if not whole.is_empty or hedge not in ("more_than", "less_than", "nearly"):
        return whole
    beyond = (hedge == "more_than") == (point >= 0)
    only = Fraction(math.floor(point) + 1 if beyond else math.ceil(point) - 1)
    return Interval(only, only, True, True, whole.low_stated, whole.high_stated)


def _tighter(a: _End, b: _End, pick: Callable[[Iterable[Fraction]], Fraction]) -> _End:
    if a[0] is None or b[0] is None:
        return (None, False, a[2] or b[2]) if a[0] is b[0] else b if a[0] is None else a
    if a[0] != b[0]:
        return a if pick((a[0], b[0])) is a[0] else b
    closed = a[1] and b[1]
    return a[0], closed, any(end[2] for end in (a, b) if end[1] == closed)
