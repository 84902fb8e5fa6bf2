"""How was it done? The formulas and the readings of hedges, as tables made from the code that computes with them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from claims.content.phrases import Link
from claims.judging.formulas import FORMULAS
from claims.ledger.intervals import HEDGES, Interval, Reading, printed_interval
from claims.ledger.model import Ledger
from claims.ledger.subject import insert_after
from claims.results.finding import Finding, computed
from claims.words.labels import HEDGE_WORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TERMS", "WORDS", "examples", "formulas", "hedge_words", "hedges", "stated", "words"]

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
                "unit": {"percent": "percent", "times": "times", "year": "years", "index": "none"}.get(
                    formula.unit or "", "as its inputs"
                ),
                "rises": ", ".join(formula.rises) or "–",
                "falls": ", ".join(formula.falls) or "–",
            }
        )
    return pd.DataFrame(rows)


def examples(example: int, reading: Reading) -> list[Finding]:
    """Return what `example`, printed to the unit, stands for with each hedge: as usually read, and at its widest."""
    found = []
    for hedge in HEDGES:
        for name, read in (("usual", reading), ("widest", replace(reading, widest=True))):
            span = printed_interval(Fraction(example), Fraction(1), hedge, read)
            label = f"What {example} printed with the hedge “{hedge_words(hedge)}” stands for, {name} reading"
            inputs = {"figure": str(example)}
            said = f"{{figure}}, read as {hedge_words(hedge)}"
            found.append(computed(f"read_as_{hedge}_{name}", label, None, "count", said, span, inputs=inputs))
    return found


def hedges(example: int, reading: Reading) -> pd.DataFrame:
    """Return one row per hedge: what `example` printed with it stands for, its stated bounds, and at its widest."""
    import pandas as pd

    made = examples(example, reading)
    rows = []
    for hedge, usual, wide in zip(HEDGES, made[::2], made[1::2], strict=True):
        rows.append(
            {
                "hedge": hedge_words(hedge),
                "interval": Link(str(usual.interval).replace("-", "−"), usual.anchor),
                "stated": stated(usual.interval),
                "widest": Link(str(wide.interval).replace("-", "−"), wide.anchor),
            }
        )
    return pd.DataFrame(rows)


def hedge_words(hedge: str) -> str:
    """Return a hedge as a reader would say it: “more than”, “no hedge”."""
    return HEDGE_WORDS.get(hedge, WORDS.get(hedge, hedge)).strip()


def stated(span: Interval | None) -> str:
    """Return in a word which bounds of `span` the text states; a bound that is not there is stated by no one."""
    if span is None:
        return "none"
    low, high = span.low_stated and span.low is not None, span.high_stated and span.high is not None
    return {(True, True): "both", (True, False): "lower", (False, True): "upper"}.get((low, high), "none")


TERMS = {
    "claim": "a figure as a text prints it: a row of the ledger",
    "interval, range": "all values that a printed figure, or a result made from such, may stand for",
    "precision": "the step in which a figure is printed: to the billion, to the tenth of a percent",
    "hedge": "a word such as more than, nearly or about before a figure",
    "percent, percentage points": "a share or a relative change; the difference between percentages",
    "flow, stock": "an amount of a period, such as a year; an amount at a date",
    "gross, net": "before, and after, deducting what flowed back",
    "ISIC": "the International Standard Industrial Classification",
    "page": "a web page on which an official figure was found",
    "statement": "what a text says once, however often it repeats it",
    "window": "the years over which a sum is taken",
    "group, relation": "figures on the same quantity and period; figures that limit each other, as rate and levels",
    "authority": "the office that compiled a figure",
    "scope": "what a figure covers",
    "stated, assumed bound": "an end of an interval that the digits or the hedge give; an end set by assumption",
    "headline finding": "a statement of this report with a test on its results",
    "reading": "a choice of values for the parameters of this report",
}


def words(ledger: Ledger) -> pd.DataFrame:
    """Return one row per word that is used in a narrow sense, by the engine or the ledger's subject: word, meaning."""
    import pandas as pd

    terms = insert_after(TERMS, ledger.subject.terms)
    return pd.DataFrame([{"word": word, "meaning": meaning} for word, meaning in terms.items()])
