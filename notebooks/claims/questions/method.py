"""How was it done? The formulas and the readings of hedges, as tables built from the code that computes with them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from claims.content.phrases import Link
from claims.judging.formulas import FORMULAS, Formula
from claims.ledger.intervals import HEDGES, Interval, Reading, printed_interval
from claims.ledger.model import Ledger
from claims.ledger.subject import insert_after
from claims.results.finding import Finding, computed
from claims.words.labels import HEDGE_WORDS

__all__ = ["TERMS", "WORDS", "examples", "formulas", "hedge_words", "hedges", "stated", "words"]

WORDS = {**HEDGE_WORDS, "none": "no hedge", "exact": "counted"}


def formulas(ledger: Ledger) -> list[dict]:
    """Return one row per formula: formula (its name in words), expression, unit, rises and falls (its inputs).

    Those for what a ledger does not have, such as two sides' counts of one trade, are left out.
    """
    units = {"percent": "percent", "times": "times", "year": "years", "index": "none"}
    return [
        {
            "formula": formula.name.replace("_", " "),
            "expression": formula.expression.replace("{", "").replace("}", ""),
            "unit": units.get(formula.unit or "", "as its inputs"),
            "rises": ", ".join(formula.rises) or "–",
            "falls": ", ".join(formula.falls) or "–",
        }
        for formula in FORMULAS.values()
        if not _is_of_something_else(formula, ledger)
    ]


def _is_of_something_else(formula: Formula, ledger: Ledger) -> bool:
    """Return whether a formula is for official figures of two sides, or for an aim, and the ledger has none."""
    roles = {*formula.rises, *formula.falls}
    has_aim = any(indicator.kind == "target" and indicator.unit == "times" for indicator in ledger.indicators.values())
    return ("importer" in roles and not ledger.official) or (formula.name in OF_AN_AIM and not has_aim)


def examples(example: int, reading: Reading) -> list[Finding]:
    """Return what `example`, printed to the unit, stands for with each hedge: as usually read, and at its widest."""
    findings = []
    for hedge in HEDGES:
        for name, read in (("usual", reading), ("widest", replace(reading, widest=True))):
            span = printed_interval(Fraction(example), Fraction(1), hedge, read)
            label = f"What {example} printed with the hedge “{hedge_words(hedge)}” stands for, {name} reading"
            expression, inputs = f"{{figure}}, read as {hedge_words(hedge)}", {"figure": str(example)}
            id = f"read_as_{hedge}_{name}"
            findings.append(computed(id, label, None, "count", expression, span, inputs=inputs))
    return findings


def hedges(example: int, reading: Reading) -> list[dict]:
    """Return one row per hedge: what `example` printed with it stands for, its stated bounds, and at its widest."""
    findings = examples(example, reading)
    return [
        {
            "hedge": hedge_words(hedge),
            "interval": Link(str(usual.interval).replace("-", "−"), usual.anchor),
            "stated": stated(usual.interval),
            "widest": Link(str(wide.interval).replace("-", "−"), wide.anchor),
        }
        for hedge, usual, wide in zip(HEDGES, findings[::2], findings[1::2], strict=True)
    ]


def hedge_words(hedge: str) -> str:
    """Return a hedge in words: “more than”, “no hedge”."""
    return WORDS.get(hedge, hedge).strip()


def stated(span: Interval | None) -> str:
    """Return in a word which bounds of `span` the text states; an end without a bound is not stated."""
    if span is None:
        return "none"
    low, high = span.low_stated and span.low is not None, span.high_stated and span.high is not None
    return {(True, True): "both", (True, False): "lower", (False, True): "upper"}.get((low, high), "none")


OF_AN_AIM = ("rate_to_double", "years_to_multiple")
TERMS = {
    "claim": "a figure as a text prints it: a row of the ledger",
    "interval, range": "all values that a printed figure, or a result made from such, may stand for",
    "precision": "the step in which a figure is printed, such as a hundred, or a tenth of a percent",
    "hedge": "a word such as more than, nearly or about before a figure",
    "percent, percentage points": "a share or a relative change; the difference between percentages",
    "flow, stock": "an amount of a period, such as a year; an amount at a date",
    "gross, net": "before, and after, something is deducted",
    "ISIC": "the International Standard Industrial Classification",
    "page": "a web page on which an official figure was found",
    "statement": "what a text says once, however often it repeats it",
    "window": "the years over which a sum is taken",
    "remainder, rest": "what a whole, such as a year, leaves once a part of its time is taken off",
    "group, relation": "figures on the same quantity and period; figures that limit each other, as rate and levels",
    "authority": "the office that compiled a figure",
    "scope": "what a figure covers",
    "stated, assumed bound": "an end of an interval that the digits or the hedge give; an end set by assumption",
    "headline finding": "a statement of this report with a test on its results",
    "reading": "a choice of values for the parameters of this report",
}


def words(ledger: Ledger) -> list[dict]:
    """Return one row per word that is used in a narrow sense, by the engine or the ledger's subject: word, meaning.

    Words for official figures are left out where there are none.
    """
    terms = insert_after(TERMS, ledger.subject.terms)
    return [{"word": word, "meaning": meaning} for word, meaning in terms.items() if word != "page" or ledger.official]
