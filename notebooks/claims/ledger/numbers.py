"""Numbers as they are read and stored: exact fractions of decimals, and floats cut to 12 significant digits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

__all__ = ["decimal_text", "digits12", "exact", "exact_or_none"]


def exact(x: float | int | str | Fraction) -> Fraction:
    """Return `x` as the fraction its shortest decimal writing stands for.

    >>> exact(1.005)
    Fraction(201, 200)
    """
    return Fraction(repr(x)) if isinstance(x, float) else Fraction(x)


def exact_or_none(x: float | int | str | Fraction | None) -> Fraction | None:
    """Return `x` as a fraction, None as None."""
    return None if x is None else exact(x)


def digits12(x: float | Fraction | None) -> int | float | None:
    """Return `x` rounded to 12 significant digits, as an int where it is whole; None as None.

    >>> digits12(Fraction(1, 3)), digits12(Fraction(41_000_000_000))
    (0.333333333333, 41000000000)
    """
    if x is None:
        return None
    rounded = float(f"{float(x):.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 10**15 else rounded


def decimal_text(x: float | Fraction) -> str:
    """Return `x` with up to 12 significant digits and without an exponent.

    >>> decimal_text(4), decimal_text(7.5), decimal_text(Fraction(1, 3 * 10**7))
    ('4', '7.5', '0.0000000333333333333')
    """
    return f"{Decimal(f'{float(x):.12g}'):f}"
