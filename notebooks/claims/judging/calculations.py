"""Formulas evaluated on claims: the value that the printed points give, and the interval that they may stand for.

`calculate` evaluates any formula; `calculate_relation` the one that the figures of a relation fit: what they come to
together, or the operand that they imply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Protocol

from claims.judging.formulas import FORMULAS, evaluate, value_of
from claims.judging.spans import Span
from claims.judging.times import span_of_dates, time_factor
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official, Relation
from claims.ledger.numbers import decimal_text, exact
from claims.ledger.relation_rules import DATES

__all__ = ["Calculation", "Operand", "calculate", "calculate_relation"]

QUANTITIES = (
    "last",
    "first",
    "larger",
    "smaller",
    "part",
    "total",
    "quarter",
    "year",
    "base",
    "level",
    "importer",
    "exporter",
)


class Result(Protocol):
    """A number computed before, such as a finding."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> Fraction | float | None: ...
    @property
    def interval(self) -> Interval | None: ...
    @property
    def unit(self) -> str: ...


Operand = Claim | Official | Result | float | Fraction | str


@dataclass(frozen=True)
class Calculation:
    """A computed number: `value` from the points printed, `interval` from what those points may stand for, in `unit`.

    `inputs` maps each role of the formula to the id of what filled it, or to the constant itself. `formula` is empty
    where the expression is none of `formulas`. Where only a range is known, `value` is None. `relation` is the id of
    the relation it comes from, if any.
    """

    value: Fraction | float | None
    interval: Interval | None
    unit: str
    expression: str
    formula: str = ""
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    relation: str = ""


def calculate(
    ledger: Ledger,
    formula: str,
    operands: Mapping[str, Operand],
    reading: Reading | None = None,
    unit: str | None = None,
    relation: str = "",
) -> Calculation:
    """Return what `formula` gives for its operands: claims or official figures (or ids), results, or constants.

    Raises ValueError if the operands do not fit the formula, or the unit does not follow from them.
    """
    rule = FORMULAS[formula]
    points: dict[str, Fraction | float | None] = {}
    intervals: dict[str, Interval] = {}
    names: dict[str, str | tuple[str, ...]] = {}
    units: dict[str, str] = {}
    for role, operand in operands.items():
        item = ledger.figure(operand) if isinstance(operand, str) else operand
        points[role], intervals[role], name = _input(ledger, item, reading or Reading())
        names[role] = name
        if role in QUANTITIES and not isinstance(item, int | float | Fraction):
            units[role] = item.unit
    if len(set(units.values())) > 1:
        listed = ", ".join(f"{role} in {name}" for role, name in units.items())
        raise ValueError(f"{formula} needs quantities of one unit, got {listed}")
    interval, value = evaluate(rule, intervals), value_of(rule, points)
    unit = unit or rule.unit or next(iter(units.values()), None)
    if unit is None:
        raise ValueError(f"give the unit of {formula}")
    return Calculation(value, interval, unit, rule.expression, formula, names, relation)


def _input(
    ledger: Ledger, item: Claim | Official | Result | float | Fraction, reading: Reading
) -> tuple[Fraction | float | None, Interval, str]:
    """Return the point, the interval and the name of an operand."""
    match item:
        case Claim() | Official():
            return item.point, ledger.interval(item, reading), item.id
        case int() | float() | Fraction():
            point = exact(item)
            return point, Interval(point, point, True, True, True, True), decimal_text(point)
        case _ if item.interval is None:
            raise ValueError(f"{item.id} has no interval to calculate with")
        case _:
            return item.value, item.interval, item.id


def calculate_relation(
    ledger: Ledger, relation: Relation, reading: Reading, elsewhere: Mapping[str, Claim] | None = None
) -> Calculation | None:
    """Return what the figures of a relation come to: what they make together, or the operand that they imply.

    `elsewhere` are operands that the row leaves out and the ledger prints elsewhere. None where a relation only orders
    its figures, or states no more than that they cannot be compared.
    """
    claims = {role: ledger.claim(ids[0]) for role, ids in relation.operands.items()} | dict(elsewhere or {})
    match relation.type:
        case "sum_of":
            return _sum(ledger, relation, claims["total"].unit, reading)
        case "duration":
            return _length(relation, claims["duration"].unit)
        case "growth_of" | "multiple_of" | "share_of" | "rate_times_time" | "annualised":
            formula, operands, unit = _FORMULA_OF[relation.type](claims)
            return calculate(ledger, formula, operands, reading, unit, relation.id)
        case _:
            return None


Fitting = tuple[str, dict[str, Operand], str | None]  # a formula, its operands, and their unit if it does not follow


def _growth(claims: Mapping[str, Claim]) -> Fitting:
    rate, last, first = claims["growth"], claims["last"], claims.get("first")
    if rate.unit == "percentage_points":
        if first:
            return "change", {"last": last, "first": first}, rate.unit
        return "base_of_change", {"last": last, "change": rate}, None
    if first:
        return "growth", {"last": last, "first": first}, None
    return "implied_base", {"last": last, "growth": rate}, None


def _multiple(claims: Mapping[str, Claim]) -> Fitting:
    multiple, last, first = claims["multiple"], claims.get("last"), claims.get("first")
    if last and first:
        return "multiple", {"last": last, "first": first}, None
    if last:
        return "base_of_multiple", {"last": last, "multiple": multiple}, None
    return "last_of_multiple", {"first": claims["first"], "multiple": multiple}, None


def _share(claims: Mapping[str, Claim]) -> Fitting:
    share, part, total = claims["share"], claims.get("part"), claims.get("total")
    if part and total:
        return "share", {"part": part, "total": total}, None
    if part:
        return "implied_total", {"part": part, "share": share}, None
    return "implied_part", {"total": claims["total"], "share": share}, None


def _accumulation(claims: Mapping[str, Claim]) -> Fitting:
    rate, time, total = claims.get("rate"), claims["time"], claims["total"]
    if rate:
        factor = time_factor(rate.unit, time.unit)
        return "accumulated", {"rate": rate, "time": time, "factor": factor}, total.unit
    per = f"{total.unit}_per_year"
    return "mean_rate", {"total": total, "time": time, "factor": time_factor(per, time.unit)}, per


def _rest_of_year(claims: Mapping[str, Claim]) -> Fitting:
    return "rest_of_year", {"quarter": claims["quarter"], "year": claims["year"]}, None


_FORMULA_OF = {
    "growth_of": _growth,
    "multiple_of": _multiple,
    "share_of": _share,
    "rate_times_time": _accumulation,
    "annualised": _rest_of_year,
}


def _sum(ledger: Ledger, relation: Relation, unit: str, reading: Reading) -> Calculation:
    parts = [ledger.claim(name) for name in relation.operands["parts"]]
    total = reduce(add, (Span.from_interval(ledger.interval(part, reading)) for part in parts))
    inputs: dict[str, str | tuple[str, ...]] = {f"part{number}": part.id for number, part in enumerate(parts, start=1)}
    expression = " + ".join(f"{{{role}}}" for role in inputs)
    value = sum((part.point for part in parts), Fraction(0))
    return Calculation(value, total.interval, unit, expression, inputs=inputs, relation=relation.id)


def _length(relation: Relation, unit: str) -> Calculation | None:
    """Return the time between the dates that a relation names, None if it names figures instead."""
    if not DATES.fullmatch(relation.period_rule):
        return None
    span = span_of_dates(relation.period_rule, unit)
    return Calculation(None, span, unit, "{dates}", inputs={"dates": relation.id}, relation=relation.id)
