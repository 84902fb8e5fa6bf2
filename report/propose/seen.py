"""What a line of a text prints: a figure, with its place, its unit and its hedge."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from claims.ledger.intervals import printed_ends

__all__ = ["NOT_YET", "UNCLEAR", "SeenFigure", "before"]

NOT_YET = "(not yet expressible)"
UNCLEAR = "a share, or so many in so many places: enter what is meant"

_REACH = 80


def before(line: str, place: int) -> str:
    """Return what is before a place of a line, as far as the grammar looks back.

    >>> before("rose from 12 percent", 10)
    'rose from '
    """
    return line[max(0, place - _REACH) : place]


class SeenFigure(NamedTuple):
    """A figure of a line: where its number and its words are, its value, multiplier, unit and hedge.

    `form` is that of its numeral, or rank, or year. `reason` says why it is not proposed, "" if it is.
    """

    number_start: int
    number_end: int
    start: int
    end: int
    value: str
    multiplier: int | Fraction
    unit: str
    hedge: str
    form: str
    reason: str = ""

    @property
    def point(self) -> Fraction:
        """Return the value times the multiplier; of a range, its middle."""
        low, high = printed_ends(self.value)
        return (low + high) / 2 * self.multiplier
