"""How was it done? The formulas and the readings of hedges, as tables made from the code that computes with them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .findings import HEDGE_WORDS
from .formulas import FORMULAS
from .intervals import HEDGES, Interval, Reading, printed_interval

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE, PRECISION = Fraction(41), Fraction(1)
WORDS = {"none": "no hedge", "exact": "counted"}


def formulas() -> pd.DataFrame:
    """Return one row per formula: formula (its name in words), expression, unit, rises and falls (its inputs)."""
    import pandas as pd

    rows = []
    for formula in FORMULAS.values():
        rows.append(
            {
                "formula": formula.name.replace("_", " "),
                "expression": formula.expression.replace("{", "").replace("}", ""),
                "unit": {"percent": "percent", "times": "times", "year": "years"}.get(formula.unit, "as its inputs"),
                "rises": ", ".join(formula.rises) or "–",
                "falls": ", ".join(formula.falls) or "–",
            }
        )
    return pd.DataFrame(rows)


def hedges(reading: Reading) -> pd.DataFrame:
    """Return one row per hedge: what 41 printed with it stands for, which bounds are stated, and at its widest."""
    import pandas as pd

    widest = Reading(reading.rounding, reading.hedge_width, widest=True)
    rows = []
    for hedge in HEDGES:
        span = printed_interval(EXAMPLE, PRECISION, hedge, reading)
        rows.append(
            {
                "hedge": HEDGE_WORDS.get(hedge, WORDS.get(hedge, hedge)).strip(),
                "interval": str(span),
                "stated": stated(span),
                "widest": str(printed_interval(EXAMPLE, PRECISION, hedge, widest)),
            }
        )
    return pd.DataFrame(rows)


def stated(span: Interval) -> str:
    """Return in a word which bounds of `span` the text states; a bound that is not there is stated by no one."""
    low, high = span.low_stated and span.low is not None, span.high_stated and span.high is not None
    return {(True, True): "both", (True, False): "lower", (False, True): "upper"}.get((low, high), "none")
