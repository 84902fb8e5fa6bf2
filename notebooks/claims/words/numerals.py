"""The one formatter: every number a reader sees is written here, and nowhere else.

Ties round half up, away from zero, on the decimal as it is written: 2.5 → 3, 1.005 → 1.01, −0.5 → −1.
Bounds of intervals round outward, so that a printed range never promises more than what was computed.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from claims.ledger.numbers import exact

__all__ = [
    "INFINITY", "MINUS", "MISSING", "UNITS", "bounds", "digits_of", "firm_decimals", "interval_text", "limit",
    "missing", "number", "quantity", "range_text", "round_half_up", "round_outward", "scale_of", "short_decimals",
    "significant_decimals", "unit_form",
]  # fmt: skip

MINUS = "−"
THIRDS = ("", "⅓", "⅔")
MISSING = "–"
INFINITY = "∞"

# The signs of currencies, by ISO 4217; an amount in another one has its code behind it.
CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥"}
# unit → (before, after, decimals); decimals None = three significant digits
UNITS = {
    **{code: (sign, "", None) for code, sign in CURRENCIES.items()},
    "percent": ("", "%", 1),
    "percentage_points": ("", " percentage points", 1),
    "basis_points": ("", " basis points", 0),
    "times": ("", " times", None),
    "t": ("", " tonnes", None),
    "m2": ("", " m²", None),
    "m3": ("", " m³", None),
    "km": ("", " km", 0),
    "day": ("", " days", 0),
    "year": ("", " years", 1),
    "calendar_year": ("", "", 0),
    "MW": ("", " MW", None),
    "count": ("", "", 0),
    "rank": ("no. ", "", 0),
    "index": ("", "", 3),
}
SCALES = ((10**9, " billion"), (10**6, " million"))
SCALED = (*CURRENCIES, "t", "m3")  # written in millions and billions, also by the year or day
PER = "_per_"  # between the units of a rate, such as m3_per_year or USD_per_EUR
AREAS = {"m2": "m²", "km2": "km²", "m3": "m³"}
PERIODS = {base: f"a {base}" for base in ("year", "quarter", "month", "week", "day")} | {"hour": "an hour"}


@lru_cache
def unit_form(unit: str) -> tuple[str, str, int | None]:
    """Return what is written before and after a number in a unit, and its decimals; a rate has those of its amount.

    >>> unit_form("m3_per_year"), unit_form("USD_per_EUR"), unit_form("KZT")
    (('', ' m³ a year', None), ('$', ' per EUR', None), ('', ' KZT', None))
    >>> unit_form("EUR_per_m2_per_month")
    ('€', ' per m² a month', None)
    """
    amount, _, base = unit.rpartition(PER)
    if unit in UNITS or not amount:
        return UNITS.get(unit, ("", f" {unit.replace('_', ' ')}", None))
    before, after, _ = unit_form(amount)
    return (
        before,
        after + (f" {PERIODS[base]}" if base in PERIODS else f" per {AREAS.get(base) or base.replace('_', ' ')}"),
        None,
    )


def round_half_up(x, digits: int = 0) -> Fraction:
    """Return `x` rounded to `digits` decimals, ties away from zero.

    >>> [float(round_half_up(x, d)) for x, d in ((2.5, 0), (0.125, 2), (1.005, 2), (24.5, 0), (-0.5, 0))]
    [3.0, 0.13, 1.01, 25.0, -1.0]
    """
    x = exact(x)
    size = math.floor(abs(x) * 10**digits + Fraction(1, 2))
    return Fraction(size, 10**digits) * (-1 if x < 0 else 1)


def round_outward(x, digits: int, up: bool) -> Fraction:
    """Return `x` rounded to `digits` decimals, upwards if `up`, else downwards.

    >>> float(round_outward(9.701, 1, up=False)), float(round_outward(10.179, 1, up=True))
    (9.7, 10.2)
    """
    scaled = exact(x) * 10**digits
    return Fraction(math.ceil(scaled) if up else math.floor(scaled), 10**digits)


def significant_decimals(x, significant: int = 3) -> int:
    """Return how many decimals show `x` with `significant` digits (never a negative number of them).

    >>> significant_decimals(31.06), significant_decimals(0.01234), significant_decimals(4200)
    (1, 4, 0)
    """
    x, decimals = abs(exact(x)), significant - 1
    while x and x >= 10:
        x, decimals = x / 10, decimals - 1
    while x and x < 1:
        x, decimals = x * 10, decimals + 1
    return max(0, decimals) if x else 0


@lru_cache(maxsize=10_000)  # each number is written in several places
def firm_decimals(x, low, high, unit: str) -> int:
    """Return the decimals of a computed quantity that is known to lie between `low` and `high`.

    The last digit is worth at least a sixth of half the interval's width: a smaller one would promise what nobody
    knows. There are never more decimals than `quantity` writes of itself. There are at least as many as show one digit
    that is not zero, so that a value keeps its sign; and rounding moves a value by no more than two thirds of that half
    width, and not out of its interval. None or infinite bounds say nothing about digits.

    >>> firm_decimals(9_600_000_000, 9_350_000_000, 9_750_000_000, "USD"), quantity(9_600_000_000, "USD", 1)
    (1, '$9.6 billion')
    >>> firm_decimals(6.7, 4.8, 8.6, "percent"), firm_decimals(6.9, 6.8, 7.0, "percent")
    (0, 1)
    >>> firm_decimals(-0.3, -3.1, 2.5, "percent"), firm_decimals(41, None, None, "percent")
    (1, 1)
    >>> firm_decimals(25.2, 25.1, 28.2, "percent"), firm_decimals(25.2, 24.1, 27.2, "percent")
    (1, 0)
    """
    x = exact(x)
    usual = _places(x, unit)
    if any(missing(end) or _infinite(end) for end in (low, high)) or usual == 0:
        return usual
    x, low, high = (each / scale_of(x, unit)[0] for each in (x, exact(low), exact(high)))
    half = (high - low) / 2
    for places in range(min(usual, significant_decimals(x, 1)), usual):
        rounded, next_digit = round_half_up(x, places), Fraction(1, 10 ** (places + 1))
        is_inside = low <= rounded <= high or not low <= x <= high
        if next_digit < half / 6 and abs(rounded - x) <= half * 2 / 3 and is_inside:
            return places
    return usual


def digits_of(x: Fraction, digits: int, keep_zeros: bool = False) -> str:
    """Return `x` written with up to `digits` decimals, thousands set off by commas.

    >>> digits_of(Fraction(1700), 0), digits_of(Fraction(-5, 2), 2), digits_of(Fraction(5, 2), 2, keep_zeros=True)
    ('1,700', '−2.5', '2.50')
    """
    whole, rest = divmod(round(abs(x) * 10**digits), 10**digits)
    decimals = f"{rest:0{digits}d}" if digits else ""
    decimals = decimals if keep_zeros else decimals.rstrip("0")
    text = f"{whole:,}.{decimals}" if decimals else f"{whole:,}"
    return (MINUS if x < 0 and text.strip("0.,") else "") + text


def number(x, digits: int | None = None, significant: int = 3) -> str:
    """Return `x` for a reader, with `digits` decimals or else `significant` digits.

    >>> number(7.3171), number(1234.5), number(None), number(2, digits=1)
    ('7.32', '1,235', '–', '2.0')
    """
    if missing(x) or _infinite(x):
        return _no_number(x)
    if digits is None:
        return digits_of(round_half_up(x, d := significant_decimals(x, significant)), d)
    return digits_of(round_half_up(x, digits), digits, keep_zeros=True)


@lru_cache(maxsize=10_000)
def quantity(x, unit: str, digits: int | None = None) -> str:
    """Return `x` with its unit, money and tonnes in millions and billions, to fixed decimals.

    >>> quantity(41_000_000_000, "USD", 0), quantity(7.0004, "percent"), quantity(28_000_000, "t")
    ('$41 billion', '7.0%', '28.0 million tonnes')
    >>> quantity(1, "year", 0), quantity(-5.5, "percent"), quantity(127, "count")
    ('1 year', '−5.5%', '127')
    """
    if missing(x) or _infinite(x):
        return _no_number(x)
    x = exact(x)
    return _written(x, unit, _places(x, unit) if digits is None else digits, round_half_up)


def limit(x, unit: str, above: bool, digits: int | None = None) -> str:
    """Return “more than x” if `above`, else “less than x”, rounded outward so that the words stay true.

    >>> limit(123_600_000_000, "USD", above=True), limit(Fraction(-99, 20), "percent", above=False)
    ('more than $123 billion', 'less than −4.9%')
    """
    x = exact(x)
    places = _places(x, unit) if digits is None else digits
    return f"{'more' if above else 'less'} than {_outward(x, unit, places, up=not above)}"


@lru_cache(maxsize=10_000)
def bounds(
    low, high, unit: str, digits: int | None = None, closed=(True, True), most: int = 3, finest: int | None = None
) -> str:
    """Return an interval for a reader, each bound rounded outward, both to the same decimals.

    Bounds that take no more than `most` decimals are written exactly; but none has more than `finest`.

    >>> bounds(9_701_100_000, 10_179_200_000, "USD")
    '$9.70 to 10.18 billion'
    >>> bounds(41, None, "percent")
    '41% or more'
    >>> bounds(Fraction(3271, 200), Fraction(3291, 200), "percent")
    '16.355% to 16.455%'
    >>> bounds(13_665_000_000, 13_775_000_000, "USD", finest=2)
    '$13.66 to 13.78 billion'
    >>> bounds(750_000_000, 1_850_000_000, "USD")
    '$0.75 to 1.85 billion'
    """
    low, high = (None if missing(end) or _infinite(end) else exact(end) for end in (low, high))
    ends = [end for end in (low, high) if end is not None]
    places = _common_places(ends, unit, most) if digits is None else digits
    places = places if finest is None or low == high else min(places, finest)
    if low is None and high is None:
        return "any value"
    if high is None:
        return _outward(low, unit, places, up=False) + (" or more" if closed[0] else " and above, exclusive")
    if low is None:
        return _outward(high, unit, places, up=True) + (" or less" if closed[1] else " and below, exclusive")
    if low == high:
        return _written(low, unit, _places(low, unit) if _third(low, unit) else places, round_half_up)
    scale = _common_scale(ends, unit)
    return _joined(_outward(low, unit, places, up=False, scale=scale), _outward(high, unit, places, True, scale), unit)


def range_text(span, unit: str, most: int = 3, finest: int | None = None) -> str:
    """Return an interval in words, each bound rounded outward and with at most `finest` decimals; see `bounds`.

    >>> from claims.ledger.intervals import Interval
    >>> range_text(Interval(Fraction(41), None, low_closed=False), "percent")
    '41% and above, exclusive'
    """
    closed = (span.low_closed, span.high_closed)
    return bounds(span.low, span.high, unit, closed=closed, most=most, finest=finest)


def interval_text(span, unit: str) -> str:
    """Return an interval in brackets, square ones for bounds that belong to it: “[$40.5 billion, $41.5 billion)”."""
    places = _common_places([end for end in (span.low, span.high) if end is not None], unit)
    low = MINUS + INFINITY if span.low is None else _outward(span.low, unit, places, up=False)
    high = INFINITY if span.high is None else _outward(span.high, unit, places, up=True)
    left, right = "[" if span.low_closed else "(", "]" if span.high_closed else ")"
    return f"{left}{low}, {high}{right}"


def missing(x) -> bool:
    """Return whether `x` is no number (None or NaN)."""
    return x is None or (isinstance(x, float) and math.isnan(x))


def _infinite(x) -> bool:
    return isinstance(x, float) and math.isinf(x)


def _no_number(x) -> str:
    return MISSING if missing(x) else (MINUS if x < 0 else "") + INFINITY


def _joined(low: str, high: str, unit: str) -> str:
    """Return “low to high”, a scale word or unit that both share written once (percent signs stay)."""
    before, after, _ = unit_form(unit)
    word = next((word for _, word in SCALES if low.endswith(word + after) and high.endswith(word + after)), "")
    tail = word + after if after != "%" else ""
    if tail and low.endswith(tail) and high.endswith(tail):
        low = low.removesuffix(tail)
    return f"{low} to {high.removeprefix(before) if word else high}"


def _outward(x: Fraction, unit: str, places: int, up: bool, scale: int = 0) -> str:
    return _written(x, unit, places, lambda value, digits: round_outward(value, digits, up), scale)


def _common_scale(ends: list[Fraction], unit: str) -> int:
    """Return the power of ten in which both bounds of an interval are written; 0 where one is too small for that."""
    largest = max(scale_of(end, unit)[0] for end in ends)
    return largest if all(100 * abs(end) >= largest for end in ends) else 0


def scale_of(x: Fraction, unit: str) -> tuple[int, str]:
    """Return the power of ten in which `x` is written, and its word."""
    amount, _, base = unit.partition(PER)
    if amount not in SCALED or (base and base not in PERIODS):
        return 1, ""
    return next(((scale, word) for scale, word in SCALES if abs(x) >= scale), (1, ""))


def short_decimals(x: Fraction, most: int = 3) -> int | None:
    """Return the decimals that write `x` exactly, None if it takes more than `most`."""
    return next((d for d in range(most + 1) if (x * 10**d).denominator == 1), None)


def _places(x: Fraction, unit: str) -> int:
    """Return the decimals a computed quantity is rounded to: its unit's, else those of three significant digits."""
    scaled = x / scale_of(x, unit)[0]
    _, _, decimals = unit_form(unit)
    if unit == "percent" and abs(scaled) >= 100:
        return 0
    return significant_decimals(scaled) if decimals is None else decimals


def _common_places(ends: list[Fraction], unit: str, most: int = 3) -> int:
    """Return the decimals for both bounds of an interval: as few as write both exactly, else those of the finer one."""
    common = _common_scale(ends, unit) if ends else 0
    short = [short_decimals(end / (common or scale_of(end, unit)[0]), most) for end in ends]
    if all(places is not None or _third(end, unit) for places, end in zip(short, ends, strict=True)):
        return max((places or 0 for places in short), default=0)
    return max((_places(end, unit) for end in ends), default=0)


def _third(x: Fraction, unit: str) -> bool:
    """Return whether a percentage is a whole number of thirds, which are written as such."""
    return unit == "percent" and x.denominator == 3 and 0 < x < 100


def _written(x: Fraction, unit: str, places: int, rounding, common: int = 0) -> str:
    before, after, _ = unit_form(unit)
    if unit == "calendar_year":
        return str(math.floor(x))
    if _third(x, unit) and rounding is not round_half_up:
        return f"{math.floor(x)}{THIRDS[x.numerator % 3]}{after}"
    scale = common or scale_of(x, unit)[0]
    rounded = rounding(x / scale, places) * scale
    scale, word = scale_of(Fraction(common) if common else rounded, unit)  # 999.99 million is a billion
    text = digits_of(rounded / scale, places, keep_zeros=True)
    sign, text = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    if after in (" years", " days") and text == "1":
        after = after[:-1]
    return f"{sign}{before}{text}{word}{after}"
