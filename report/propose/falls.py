"""The sign of a figure: a minus that is printed, or words that say it is the size of a fall."""

from __future__ import annotations

from claims.ledger.intervals import RANGE

from report.propose import wording
from report.propose.seen import before as look_back

__all__ = ["has_minus", "is_fall", "negated"]

_NEAR = 60  # letters before a figure in which a word for a fall is looked for


def has_minus(line: str, start: int) -> bool:
    """Return whether a minus is printed before the figure that starts at `start`.

    >>> has_minus("minus 3", 6), has_minus("2-3", 2)
    (True, False)
    """
    return wording.MINUS.search(look_back(line, start)) is not None


def is_fall(line: str, start: int, end: int, unit: str) -> bool:
    """Return whether the figure from `start` to `end` is the size of a fall.

    >>> is_fall("fell by 3%", 8, 10, "percent"), is_fall("a 3 percent decline", 2, 11, "percent")
    (True, True)
    """
    is_change = unit in ("percent", "percentage_points")
    before = look_back(line, start)[-_NEAR:]
    return is_change and bool(wording.FALLS.search(before) or wording.FALL_AFTER.match(line, end))


def negated(value: str) -> str:
    """Return the value of a fall: of a range, from the greater fall to the smaller.

    >>> negated("3"), negated("3..4.0")
    ('-3', '-4.0..-3')
    """
    return RANGE.join(f"-{end.lstrip('-')}" for end in reversed(value.split(RANGE)))
