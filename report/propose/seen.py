"""What a line of a text prints: a figure, with its place, its unit and its hedge."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

__all__ = ["NOT_YET", "Figure"]

NOT_YET = "(not yet expressible)"


class Figure(NamedTuple):
    """A figure of a line: where its number and its words are, its value, multiplier, unit and hedge.

    `form` is that of its numeral, or rank, or year. `reason` says why it is not proposed, "" if it is.
    """

    number_start: int
    start: int
    end: int
    value: str
    multiplier: int
    unit: str
    hedge: str
    form: str
    reason: str = ""

    @property
    def point(self) -> Fraction:
        """Return the value times the multiplier."""
        return Fraction(self.value) * self.multiplier
