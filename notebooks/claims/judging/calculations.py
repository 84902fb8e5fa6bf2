"""Formulas evaluated on claims: the value that the printed points give, and the interval that they may stand for.

`calculate` evaluates any formula; `calculate_relation` the one that the figures of a relation fit: what they come to
together, or the operand that they imply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Protocol

from claims.judging.constraints import DATING, ORDER
from claims.judging.formulas import FORMULAS, evaluate, value_of
from claims.judging.remainders import days_left
from claims.judging.spans import Span
from claims.judging.times import dates_of, span_of_dates, time_factor
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official, Relation, domain
from claims.ledger.numbers import decimal_text, exact

__all__ = ["Calculation", "Operand", "calculate", "calculate_relation"]

QUANTITIES = (
    "last", "first", "one", "other", "larger", "smaller", "part", "total", "quarter", "year", "base", "level",
    "importer", "exporter",
)  # fmt: skip
FITTING = {  # the formulas of a relation, each with the figures that it takes; the first that has them all counts
    "growth_of": (("growth", "last", "first"), ("implied_base", "last", "growth")),
    "multiple_of": (
        ("multiple", "last", "first"),
        ("base_of_multiple", "last", "multiple"),
        ("last_of_multiple", "first", "multiple"),
    ),
    "share_of": (("share", "part", "total"), ("implied_total", "part", "share"), ("implied_part", "total", "share")),
    "annualised": (("rest_of_year", "quarter", "year"),),
}


class _ComputedNumber(Protocol):
    """A number computed before, such as a finding."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> Fraction | float | None: ...
    @property
    def interval(self) -> Interval | None: ...
    @property
    def unit(self) -> str: ...


Dimensioned = Claim | _ComputedNumber
Operand = Claim | Official | _ComputedNumber | float | Fraction | str


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
        points[role], intervals[role], names[role] = _input(ledger, item, reading or Reading())
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
    ledger: Ledger, item: Claim | Official | _ComputedNumber | float | Fraction, reading: Reading
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
    ledger: Ledger, relation: Relation, reading: Reading, elsewhere: Mapping[str, Dimensioned] | None = None
) -> Calculation | None:
    """Return what the figures of a relation come to: what they make together, or the operand that they imply.

    `elsewhere` are operands that the row leaves out and the ledger prints elsewhere, or that replace its own. Of a part
    within the time of its whole it is what is left. None where a relation only orders its figures, or states no more
    than that they cannot be compared.
    """
    printed = {role: ledger.claim(ids[0]) for role, ids in relation.operands.items()}
    claims: dict[str, Dimensioned] = {**printed, **(elsewhere or {})}
    match relation.type:
        case "sum_of":
            return _sum(ledger, relation, claims["total"].unit, reading)
        case "duration":
            return _length(ledger, relation, claims["duration"].unit)
        case "growth_of" | "multiple_of" | "share_of" | "rate_times_time" | "converted" | "annualised":
            formula, operands, unit = _fitting_formula(relation.type, claims)
            return calculate(ledger, formula, operands, reading, unit, relation.id)
        case "part_of" | "at_most" if days_left(ledger, relation, printed):
            return _rest(ledger, relation, printed, reading)
        case _:
            return None


def _rest(ledger: Ledger, relation: Relation, claims: Mapping[str, Claim], reading: Reading) -> Calculation | None:
    """Return what a part leaves of its whole, None if that lies outside what the whole measures."""
    part, total = (claims[role] for role in ORDER[relation.type])
    rest = calculate(ledger, "remainder", {"total": total, "part": part}, reading, relation=relation.id)
    if rest.interval is None:
        return rest
    possible = rest.interval & domain(ledger.indicators[total.indicator])
    if possible.is_empty:
        return None
    is_inside = rest.value is not None and rest.value in possible
    return replace(rest, interval=possible, value=rest.value if is_inside else None)


def _fitting_formula(kind: str, claims: Mapping[str, Dimensioned]) -> tuple[str, dict[str, Operand], str | None]:
    """Return the formula that the figures of a relation fit, its operands, and its unit if that does not follow."""
    if kind == "rate_times_time":
        return _accumulation(claims)
    if kind == "converted":
        return "converted", {role: claims[role] for role in ("amount", "rate")}, claims["total"].unit
    if kind == "growth_of" and claims["growth"].unit == "percentage_points":
        rate, last = claims["growth"], claims["last"]
        if "first" in claims:
            return "change", {"last": last, "first": claims["first"]}, rate.unit
        return "base_of_change", {"last": last, "change": rate}, None
    formula, *roles = next(fit for fit in FITTING[kind] if claims.keys() >= set(fit[1:]))
    return formula, {role: claims[role] for role in roles}, None


def _accumulation(claims: Mapping[str, Dimensioned]) -> tuple[str, dict[str, Operand], str | None]:
    time, total = claims["time"], claims["total"]
    if rate := claims.get("rate"):
        return "accumulated", {"rate": rate, "time": time, "factor": time_factor(rate.unit, time.unit)}, total.unit
    per = f"{total.unit}_per_year"
    return "mean_rate", {"total": total, "time": time, "factor": time_factor(per, time.unit)}, per


def _sum(ledger: Ledger, relation: Relation, unit: str, reading: Reading) -> Calculation:
    parts = [ledger.claim(name) for name in relation.operands["parts"]]
    total = reduce(add, (Span.from_interval(ledger.interval(part, reading)) for part in parts))
    inputs: dict[str, str | tuple[str, ...]] = {f"part{number}": part.id for number, part in enumerate(parts, start=1)}
    expression = " + ".join(f"{{{role}}}" for role in inputs)
    value = sum((part.point for part in parts), Fraction(0))
    return Calculation(value, total.interval, unit, expression, inputs=inputs, relation=relation.id)


def _length(ledger: Ledger, relation: Relation, unit: str) -> Calculation | None:
    """Return the time between the dates of a relation, None if it names years instead."""
    dates = dates_of(ledger, relation)
    if not dates:
        return None
    inputs = {"dates": relation.id} | {role: ids for role, ids in relation.operands.items() if role == DATING}
    return Calculation(None, span_of_dates(dates, unit), unit, "{dates}", inputs=inputs, relation=relation.id)
