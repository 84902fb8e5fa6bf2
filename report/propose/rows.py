"""A figure as a row of claims.csv: its precision with the reason for it, and its words as printed."""

from __future__ import annotations

from fractions import Fraction

from claims.ledger.intervals import WIDTHLESS, default_precision, exact_text

from report.propose.seen import SeenFigure

__all__ = ["find_precision"]

WHOLE = "whole percent"
_DOUBLE = "word: said of what is close to it; wide: halfway to the next words a writer would have used"
_WHOLE_MULTIPLE = "word: a whole multiple, meant to half a unit; wide: halfway to the next one on either side"
_ROUND_MULTIPLE = "word: a round multiple, meant to its first digit; wide: halfway to half and to three halves of it"


def find_precision(figure: SeenFigure) -> tuple[str, str, str]:
    """Return precision, its basis and the wide precision of a figure, as the ledger's other rows have them.

    >>> fifth = SeenFigure(0, 7, 0, 7, "1/5", 100, "percent", "none", "fraction")
    >>> find_precision(fifth)[::2], find_precision(fifth._replace(value="28.3", multiplier=1, form="digits"))
    (('1/50', '1/30'), ('0.1', 'default', ''))
    """
    if figure.hedge in WIDTHLESS:
        return "", "", ""
    if figure.form == "multiple" and ".." not in figure.value:
        return _of_multiple(Fraction(figure.value))
    default = default_precision(figure.value)
    if default is None:
        return _of_fraction(int(figure.value.rpartition("/")[2]))
    if figure.unit in ("percent", "percentage_points") and figure.hedge == "none" and default >= 10:
        return "1", WHOLE, ""
    return exact_text(default), "default", ""


def _of_fraction(parts: int) -> tuple[str, str, str]:
    """Return the precision of a word such as "a third": a tenth of it, or wide, halfway to a quarter."""
    basis = "word: a tenth of one part; wide: halfway to the next smaller part (full width, on both sides)"
    return f"1/{10 * parts}", basis, f"1/{parts * (parts + 1)}" if parts < 9 else ""


def _of_multiple(value: Fraction) -> tuple[str, str, str]:
    if value <= 2:
        return exact_text(value / 20), _DOUBLE, exact_text(value / 4)
    if value >= 10 and value % 10 == 0:
        return exact_text(value / 10), _ROUND_MULTIPLE, exact_text(value / 2)
    return "0.5", _WHOLE_MULTIPLE, "1"
