"""What printed figures may stand for, as scaled integers: the columns of many figures at once.

Every number of an indicator is multiplied by one scale, a power of ten times what a reading needs, such that values
and bounds are whole. What does not fit in 64 bits, and what is a fraction such as 1/3, `fits` not, and is left to
`records`. A bound is kept as a *key*: twice the scaled bound, one more for an open low end, one less for an open high
end. So keys compare as bounds do: intervals meet where the larger low key is at most the smaller high key, and twice a
scaled point lies between the keys of an interval that holds it. A bound that is not there is null.

    [40.5, 41.5) billion, at a scale of 2   →   low key 162 billion, high key 166 billion − 1

Nothing is divided but to whole numbers where things are counted, and no number is a float.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import polars as pl

from claims.ledger.intervals import WIDEST, WIDTHLESS, Interval, Reading

__all__ = ["bounds_of", "key_interval", "reading_factor"]

DIGITS = 17  # of a scaled number: its key, and sums of a few, fit in 64 bits
DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,12})?$"
HALF = 2
PARTS = ("value", "precision", "precision_wide", "multiplier")
_POWERS = {power: 10**power for power in range(19)}
hedge, size = pl.col("hedge"), pl.col("point").abs()


def key_interval(low: int | None, high: int | None, scale: int) -> Interval:
    """Return the interval of two keys at a scale.

    >>> print(key_interval(162, 165, 2))
    [40.5, 41.5)
    """
    lowest = None if low is None else Fraction(low - low % 2, 2 * scale)
    highest = None if high is None else Fraction(high + high % 2, 2 * scale)
    return Interval(lowest, highest, low is not None and low % 2 == 0, high is not None and high % 2 == 0)


def reading_factor(reading: Reading) -> int:
    """Return what a reading multiplies every scale by, so that all its bounds are whole."""
    tolerance = 100 * reading.tolerance_pct.denominator if reading.tolerance_pct else 1
    return HALF * HALF * reading.hedge_width.denominator * tolerance


def bounds_of(figures: pl.DataFrame, indicators: pl.DataFrame, reading: Reading | None = None) -> pl.DataFrame:
    """Return what figures may stand for, a row for each in their order; see the module for scales and keys.

    `figures` have the columns of claims.csv, and `indicators` those of indicators.csv, as valid text. Columns: fits
    (whether the others are right), scale, point and step (the precision, 0 if there is none; both scaled), low and high
    (keys), low_stated and high_stated, domain_low and domain_high (keys).
    """
    reading = reading or Reading()
    columns = [name for name in PARTS if name in figures.columns]
    parts = figures.select("indicator", "hedge", *columns).with_columns(
        pl.lit("").alias(name) for name in PARTS if name not in columns
    )
    parts = parts.with_columns(*(one for name in PARTS for one in _number(name)))
    parts = _scaled(parts, _domains(indicators), reading)
    parts = parts.with_columns(**_widths(reading)).with_columns(**_printed(reading)).with_columns(**_turned())
    if reading.tolerance_pct:
        parts = parts.with_columns(**_tolerated(reading))
    parts = parts.with_columns(**_whole()).with_columns(**_keys()).with_columns(**_within_domain())
    names = ("scale", "point", "step", "low", "high", "low_stated", "high_stated", "domain_low", "domain_high")
    return parts.select("fits", *(pl.when("fits").then(pl.col(name)).alias(name) for name in names))


def _number(name: str) -> list[pl.Expr]:
    """Return a column of decimals as digits (a whole number without the point) and places (after the point)."""
    text = pl.col(name)
    digits = text.str.replace(".", "", literal=True).cast(pl.Int64, strict=False).fill_null(0)
    places = text.str.len_bytes().cast(pl.Int64) - text.str.find(".", literal=True).cast(pl.Int64) - 1  # if it has one
    is_decimal = (text == "") if name != "value" else pl.lit(False)
    return [
        digits.alias(f"{name}_digits"),
        places.fill_null(0).alias(f"{name}_places"),
        (is_decimal | text.str.contains(DECIMAL)).alias(f"{name}_is_decimal"),
    ]


def _domains(indicators: pl.DataFrame) -> pl.DataFrame:
    """Return the ends of the domain of every indicator as digits and places, and whether it counts whole things."""
    ends = indicators.select("id", "domain_low", "domain_high", whole=pl.col("integer") == "true")
    ends = ends.with_columns(*(one for name in ("domain_low", "domain_high") for one in _number(name)))
    return ends.rename({"id": "indicator"})


def _scaled(parts: pl.DataFrame, domains: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Return figures with scale, point, precision and domain in whole numbers, as far as they fit."""
    factor = reading_factor(reading)
    zeros = pl.col("multiplier").str.len_chars() - pl.col("multiplier").str.strip_chars_end("0").str.len_chars()
    has_zeros = (pl.col("multiplier_places") == 0) & (pl.col("multiplier") != "0")
    lift = pl.when(has_zeros).then(zeros).otherwise(0).cast(pl.Int64) - pl.col("multiplier_places")
    parts = parts.join(domains, on="indicator", how="left", maintain_order="left").with_columns(lift=lift)
    places = [pl.col(f"{name}_places") - pl.col("lift") for name in PARTS[:3]]
    needed = pl.max_horizontal(*places, "domain_low_places", "domain_high_places", 0)
    decimal = reduce(pl.Expr.and_, (pl.col(f"{name}_is_decimal") for name in PARTS))
    decimal = decimal & pl.col("domain_low_is_decimal") & pl.col("domain_high_is_decimal")
    needed = pl.when(decimal).then(needed).otherwise(0).max().over("indicator")
    root = pl.col("multiplier").str.strip_chars_end("0").str.len_chars()
    room = DIGITS - len(str(factor * WIDEST * reading.hedge_width.numerator))
    parts = parts.with_columns(power=needed, fits=decimal.fill_null(False))
    shifts = {name: pl.col("power") + pl.col("lift") - pl.col(f"{name}_places") for name in PARTS[:3]}
    shifts |= {name: pl.col("power") - pl.col(f"{name}_places") for name in ("domain_low", "domain_high")}
    lengths = {name: pl.col(name).str.len_chars().cast(pl.Int64) + shift for name, shift in shifts.items()}
    lengths |= {name: lengths[name] + root for name in PARTS[:3]}
    small = reduce(pl.Expr.and_, ((length <= room) | (pl.col(name) == "") for name, length in lengths.items()))
    parts = parts.with_columns(fits=pl.col("fits") & small)
    unit = pl.col("multiplier_digits") // _ten(pl.when(has_zeros).then(zeros).otherwise(0).cast(pl.Int64))
    return parts.with_columns(
        scale=factor * _ten(pl.col("power")),
        point=pl.col("value_digits") * unit * factor * _ten(shifts["value"]),
        step=pl.col("precision_digits") * unit * factor * _ten(shifts["precision"]),
        wide=pl.when(pl.col("precision_wide") != "").then(
            pl.col("precision_wide_digits") * unit * factor * _ten(shifts["precision_wide"])
        ),
        **{
            name: pl.when(pl.col(name) != "").then(pl.col(f"{name}_digits") * factor * _ten(shifts[name]))
            for name in ("domain_low", "domain_high")
        },
    )


def _ten(power: pl.Expr) -> pl.Expr:
    """Return ten to a power of 0 to 18; to any other, null."""
    return power.replace_strict(_POWERS, default=None, return_dtype=pl.Int64)


def _widths(reading: Reading) -> dict[str, pl.Expr]:
    """Return the precision that a reading takes, and how far it lets assumed bounds reach."""
    takes_wide = pl.lit(reading.widest or reading.words == "wide") & pl.col("wide").is_not_null()
    precision = pl.when(hedge.is_in(WIDTHLESS)).then(0).when(takes_wide).then("wide").otherwise("step")
    times = pl.when(takes_wide).then(1).otherwise(WIDEST if reading.widest else 1)
    reach = precision // reading.hedge_width.denominator * reading.hedge_width.numerator * times
    return {"precision": precision, "reach": reach}


def _printed(reading: Reading) -> dict[str, pl.Expr]:
    """Return the ends of what a figure of 0 or more, or one without a hedge, stands for: see `intervals`."""
    precision, reach, point = pl.col("precision"), pl.col("reach"), pl.col("point")
    half = precision // HALF
    even = pl.lit(reading.rounding == "half_even") & (precision > 0) & (size % precision == 0)
    is_even = size // precision % 2 == 0
    ties = pl.when(even).then(is_even).otherwise(True), pl.when(even).then(is_even).otherwise(False)
    if reading.rounding == "truncation":
        by_digits = pl.col("wide").is_null()
        cut_low, cut_high = (
            point - pl.when(point <= 0).then(precision).otherwise(0),
            point + pl.when(point >= 0).then(precision).otherwise(0),
        )
    else:
        by_digits, cut_low, cut_high = pl.lit(False), point, point
    none = hedge == "none"
    words = none & pl.col("wide").is_not_null()
    low = (
        pl.when(none & by_digits).then(cut_low).when(none).then(point - half)
        .when(hedge.is_in(["exact", "at_least", "more_than"])).then(size)
        .when(hedge == "nearly").then(size - reach // HALF).when(hedge.is_in(["less_than", "about"])).then(size - reach)
    )  # fmt: skip
    high = (
        pl.when(none & by_digits).then(cut_high).when(none).then(point + half)
        .when(hedge.is_in(["exact", "at_most", "less_than", "nearly"])).then(size)
        .when(hedge.is_in(["more_than", "about"])).then(size + reach)
    )  # fmt: skip
    low_closed = (
        pl.when(none & by_digits).then(point > 0).when(words).then(True).when(hedge.is_in(["none", "nearly"]))
        .then(ties[0]).otherwise(hedge.is_in(["exact", "at_least", "about"]))
    )  # fmt: skip
    high_closed = (
        pl.when(none & by_digits).then(point < 0).when(words).then(False).when(none).then(ties[1])
        .otherwise(hedge.is_in(["exact", "at_most", "about"]))
    )  # fmt: skip
    low_stated, high_stated = ~hedge.is_in(["less_than", "nearly", "about"]), ~hedge.is_in(["more_than", "about"])
    ends = {"low": low, "high": high, "low_closed": low_closed, "high_closed": high_closed}
    return ends | {"low_stated": low_stated, "high_stated": high_stated}


def _turned() -> dict[str, pl.Expr]:
    """Return the ends of hedged figures below 0 as the mirror image of those above."""
    turns = (hedge != "none") & (pl.col("point") < 0)
    columns = {}
    for name, other in (("low", "high"), ("high", "low")):
        columns[name] = pl.when(turns).then(-pl.col(other)).otherwise(name)
        for kind in ("closed", "stated"):
            columns[f"{name}_{kind}"] = pl.when(turns).then(f"{other}_{kind}").otherwise(f"{name}_{kind}")
    return columns


def _tolerated(reading: Reading) -> dict[str, pl.Expr]:
    """Return the ends moved outward by the tolerance of a reading."""
    share = reading.tolerance_pct / 100
    by = pl.when(hedge != "exact").then(size // share.denominator * share.numerator).otherwise(0)
    return {"low": pl.col("low") - by, "high": pl.col("high") + by}


def _whole() -> dict[str, pl.Expr]:
    """Return the ends on whole numbers where an indicator counts; "more than 40" allows 41 however narrow its reach."""
    one, low, high, point = pl.col("scale"), pl.col("low"), pl.col("high"), pl.col("point")
    up = pl.when("low_closed").then(-(-low // one)).otherwise(low // one + 1) * one
    down = pl.when("high_closed").then(high // one).otherwise(-(-high // one) - 1) * one
    beyond = (hedge == "more_than") == (point >= 0)
    only = pl.when(beyond).then(point // one + 1).otherwise(-(-point // one) - 1) * one
    whole = pl.col("whole")
    is_only = hedge.is_in(["more_than", "less_than", "nearly"]) & (up > down)
    return {
        "low": pl.when(whole & is_only).then(only).when(whole).then(up).otherwise(low),
        "high": pl.when(whole & is_only).then(only).when(whole).then(down).otherwise(high),
        "low_closed": pl.col("low_closed") | whole,
        "high_closed": pl.col("high_closed") | whole,
    }


def _keys() -> dict[str, pl.Expr]:
    return {
        "low": 2 * pl.col("low") + pl.when("low_closed").then(0).otherwise(1),
        "high": 2 * pl.col("high") - pl.when("high_closed").then(0).otherwise(1),
        "domain_low": 2 * pl.col("domain_low"),
        "domain_high": 2 * pl.col("domain_high"),
    }


def _within_domain() -> dict[str, pl.Expr]:
    """Return the keys within the domain, whose ends are closed and stated."""
    low, high, least, most = (pl.col(name) for name in ("low", "high", "domain_low", "domain_high"))
    is_tighter_low, is_tighter_high = (low > least) | least.is_null(), (high < most) | most.is_null()
    return {
        "low": pl.max_horizontal(low, least),
        "high": pl.min_horizontal(high, most),
        "low_stated": pl.col("low_stated") | ~(is_tighter_low & low.is_not_null()),
        "high_stated": pl.col("high_stated") | ~(is_tighter_high & high.is_not_null()),
    }
