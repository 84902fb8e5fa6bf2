"""Findings: computed numbers that know their interval, their formula and their inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Protocol, TypeGuard, runtime_checkable

from claims.judging.calculations import Calculation, Operand, calculate
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Ledger
from claims.ledger.numbers import decimal_text, digits12, exact_or_none
from claims.results.anchors import anchor

__all__ = ["MIME", "Finding", "computed", "counted", "derive", "finding_of", "named_inputs", "relation_finding"]

MIME = "application/vnd.ledger.findings+json"
RELATION_IDS = {  # formula: how the id of a relation's finding begins, and the roles whose ids follow
    "base_of_change": ("base", "change", "last"),
    "implied_base": ("base", "growth", "last"),
    "base_of_multiple": ("base", "multiple", "last"),
    "last_of_multiple": ("level", "multiple", "first"),
    "change": ("change", "first", "last"),
    "growth": ("growth", "first", "last"),
    "multiple": ("multiple", "first", "last"),
    "share": ("share", "part", "total"),
    "implied_total": ("implied_total", "share", "part"),
    "implied_part": ("implied_part", "share", "total"),
    "accumulated": ("accumulated", "rate", "time"),
    "converted": ("converted", "amount", "rate"),
    "mean_rate": ("mean_rate", "total", "time"),
    "remainder": ("remainder", "part", "total"),
    "rest_of_year": ("other_quarters", "quarter", "year"),
}


@dataclass(frozen=True)
class Finding:
    """A computed number: `value` from the points printed, `interval` from what those points may stand for.

    `label` is what its creator calls it. `inputs` maps each role of the formula to the id of what filled it, or to a
    tuple of ids, or to the constant itself. An id is that of a claim, official figure, finding, source, listed item or
    verdict, or the name of a file of the ledger, for all its rows. Values are in `unit`, dollars and tonnes in ones;
    where only a range is known, `value` is None. `words.values` writes the value and the range for readers.
    """

    id: str
    label: str
    value: Fraction | float | None
    interval: Interval | None
    unit: str
    expression: str
    formula: str = ""
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Return where the report explains this number."""
        return anchor(self.id)

    def to_json(self) -> dict:
        """Return the finding as the report stores it, floats at 12 significant digits."""
        interval = self.interval
        return {
            "id": self.id,
            "anchor": self.anchor,
            "label": self.label,
            "value": digits12(self.value),
            "low": digits12(interval.low) if interval else None,
            "high": digits12(interval.high) if interval else None,
            "low_closed": interval.low_closed if interval else None,
            "high_closed": interval.high_closed if interval else None,
            "unit": self.unit,
            "formula": self.formula,
            "expression": self.expression,
            "inputs": {role: ids if isinstance(ids, str) else list(ids) for role, ids in self.inputs.items()},
        }

    @classmethod
    def from_json(cls, row: Mapping) -> Finding:
        """Return a finding from what `to_json` returned; whether its bounds were stated is not kept."""
        interval = None
        if row["low_closed"] is not None:
            low, high = exact_or_none(row["low"]), exact_or_none(row["high"])
            interval = Interval(low, high, row["low_closed"], row["high_closed"], True, True)
        inputs = {role: ids if isinstance(ids, str) else tuple(ids) for role, ids in row["inputs"].items()}
        texts = {name: row[name] for name in ("id", "label", "unit", "expression", "formula")}
        return cls(value=exact_or_none(row["value"]), interval=interval, inputs=inputs, **texts)


def derive(
    ledger: Ledger,
    id: str,
    label: str,
    formula: str,
    reading: Reading | None = None,
    unit: str | None = None,
    **inputs: Operand,
) -> Finding:
    """Return the finding `formula` gives for `inputs`: claims or official figures (or ids), findings, or constants.

    Raises ValueError if the inputs do not fit the formula, or the unit does not follow from them.
    """
    try:
        return finding_of(calculate(ledger, formula, inputs, reading, unit), id, label)
    except ValueError as error:
        raise ValueError(f"{id}: {error}") from None


def finding_of(calculation: Calculation, id: str, label: str = "") -> Finding:
    """Return a calculation as a finding."""
    values = {part.name: getattr(calculation, part.name) for part in fields(Calculation) if part.name != "relation"}
    return Finding(id, label, **values)


def relation_finding(calculation: Calculation) -> Finding:
    """Return what the figures of a relation come to as a finding without a label, its id made of its inputs' ids."""
    if calculation.formula:
        start, *roles = RELATION_IDS[calculation.formula]
        return finding_of(calculation, "_".join([start, *(str(calculation.inputs[role]) for role in roles)]))
    start = "span" if "dates" in calculation.inputs else "sum"
    return finding_of(calculation, f"{start}_{calculation.relation}")


@runtime_checkable
class _HasId(Protocol):
    id: str


Inputs = Mapping[str, object] | Iterable[object] | str | None


def counted(id: str, label: str, count: int | Fraction, of: str, unit: str = "count", inputs: Inputs = None) -> Finding:
    """Return a finding of an exact number, such as a count of rows; `of` names them in words, `inputs` by their ids.

    >>> counted("texts", "Texts", 5, "rows of sources.csv", inputs="sources.csv").inputs
    {'of': 'sources.csv'}
    """
    exactly = Interval(Fraction(count), Fraction(count), True, True, True, True)
    return Finding(id, label, Fraction(count), exactly, unit, of, inputs=named_inputs(inputs))


def computed(
    id: str,
    label: str,
    value: Fraction | float | None,
    unit: str,
    expression: str,
    interval: Interval | None = None,
    inputs: Inputs = None,
) -> Finding:
    """Return a finding whose formula is none of `formulas`, written out in `expression`, from what `inputs` names."""
    return Finding(id, label, value, interval, unit, expression, inputs=named_inputs(inputs))


def named_inputs(inputs: Inputs) -> dict[str, str | tuple[str, ...]]:
    """Return inputs as a finding keeps them: by role, ids instead of claims and findings; without roles, all are "of".

    >>> named_inputs(["c001", "c002"]), named_inputs({"part": "c001", "years": 4})
    ({'of': ('c001', 'c002')}, {'part': 'c001', 'years': '4'})
    """
    if inputs is None:
        return {}
    roles = inputs if isinstance(inputs, Mapping) else {"of": inputs}
    return {role: tuple(map(_id, item)) if _is_many(item) else _id(item) for role, item in roles.items()}


def _is_many(item: object) -> TypeGuard[Iterable[object]]:
    return isinstance(item, Iterable) and not isinstance(item, str)


def _id(item: object) -> str:
    """Return the id of an item, or a constant as text."""
    if isinstance(item, str):
        return item
    if isinstance(item, int | float | Fraction):
        return decimal_text(item)
    if isinstance(item, _HasId):
        return item.id
    raise TypeError(f"an input is an id, a number, or has an id; got {item!r}")
