"""Findings: computed numbers that know their interval, their formula and their inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official
from claims.results.anchors import anchor
from claims.results.formulas import FORMULAS, evaluate, value_of
from claims.words import numerals

MIME = "application/vnd.ledger.findings+json"


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


@dataclass(frozen=True)
class Finding:
    """A computed number: `value` from the points printed, `interval` from what those points may stand for.

    `inputs` maps each role of the formula to the id of what filled it, or to a tuple of ids, or to the constant itself.
    An id is that of a claim, official figure, finding, source, listed item or verdict, or the name of a file of the
    ledger, for all its rows. Values are in `unit`, dollars and tonnes in ones; where only a range is known, `value` is
    None.
    """

    id: str
    label: str
    value: Fraction | float | None
    interval: Interval | None
    unit: str
    expression: str
    formula: str = ""
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the value with its unit, or its range where there is no one value; see `text`."""
        return self.text()

    def text(self, digits: int | None = None) -> str:
        """Return the value with its unit, its range where there is no one value, else the limit that no value reaches.

        Points printed with a hedge may make a value that the hedge excludes: more than 41 ÷ nearly a third is more
        than 123, and never 123.
        """
        span = self.interval
        if self.value is None and span is not None:
            return self.range
        if span is None or self.value in span:
            return numerals.quantity(self.value, self.unit, digits)
        above = span.low is not None and self.value <= span.low
        return numerals.limit(self.value, self.unit, above, digits)

    @property
    def range(self) -> str:
        """Return the interval in words, its bounds rounded outward."""
        if self.interval is None:
            return numerals.quantity(self.value, self.unit)
        return numerals.range_text(self.interval, self.unit)

    @property
    def size(self) -> str:
        """Return the value with its unit and without its sign, for words such as “less by”."""
        return str(self) if self.value is None else numerals.quantity(abs(self.value), self.unit)

    @property
    def anchor(self) -> str:
        """Return where the report explains this number."""
        return anchor(self.id)


def derive(
    ledger: Ledger,
    id: str,
    label: str,
    formula: str,
    reading: Reading | None = None,
    unit: str | None = None,
    **inputs: Claim | Official | Finding | float | Fraction | str,
) -> Finding:
    """Return the finding `formula` gives for `inputs`: claims or official figures (or ids), findings, or constants.

    Raises ValueError if the inputs do not fit the formula, or the unit cannot be told.
    """
    reading = reading or Reading()
    rule = FORMULAS[formula]
    points, intervals, names, units = {}, {}, {}, {}
    for role, given in inputs.items():
        item = ledger.figure(given) if isinstance(given, str) else given
        points[role], intervals[role], names[role] = _input(ledger, item, reading)
        if role in QUANTITIES and hasattr(item, "unit"):
            units[role] = item.unit
    if len(set(units.values())) > 1:
        told = ", ".join(f"{role} in {one}" for role, one in units.items())
        raise ValueError(f"{id}: {formula} needs quantities of one unit, got {told}")
    interval = evaluate(rule, intervals)
    value = value_of(rule, points)
    unit = unit or rule.unit or next(iter(units.values()), None)
    if unit is None:
        raise ValueError(f"{id}: say the unit of {formula}")
    return Finding(id, label, value, interval, unit, rule.expression, formula, names)


Inputs = Mapping[str, object] | Iterable[object] | str | None


def counted(id: str, label: str, count: int, of: str, unit: str = "count", inputs: Inputs = None) -> Finding:
    """Return a finding that counts rows of the ledger; `of` says which, in words, and `inputs` by what they are.

    >>> counted("texts", "Texts", 5, "rows of sources.csv", inputs="sources.csv").inputs
    {'of': 'sources.csv'}
    """
    exactly = Interval(Fraction(count), Fraction(count), True, True, True, True)
    return Finding(id, label, Fraction(count), exactly, unit, of, inputs=named_inputs(inputs))


def computed(
    id: str, label: str, value, unit: str, expression: str, interval: Interval | None = None, inputs: Inputs = None
) -> Finding:
    """Return a finding whose formula is not one of `formulas`, said in `expression`, from what `inputs` names."""
    return Finding(id, label, value, interval, unit, expression, inputs=named_inputs(inputs))


def named_inputs(given: Inputs) -> dict[str, str | tuple[str, ...]]:
    """Return inputs as a finding keeps them: by role, ids instead of claims and findings; without roles, all are "of".

    >>> named_inputs(["c001", "c002"]), named_inputs({"part": "c001", "years": 4})
    ({'of': ('c001', 'c002')}, {'part': 'c001', 'years': '4'})
    """
    if given is None:
        return {}
    roles = given if isinstance(given, Mapping) else {"of": given}
    return {role: _id(one) if _is_single(one) else tuple(map(_id, one)) for role, one in roles.items()}


def _is_single(item) -> bool:
    return isinstance(item, str) or not isinstance(item, Iterable)


def _id(item) -> str:
    if isinstance(item, str) or hasattr(item, "id"):
        return getattr(item, "id", item)
    return numerals.number(item, significant=12)


def _input(ledger: Ledger, item, reading: Reading) -> tuple[Fraction | float, Interval, str]:
    if isinstance(item, Finding):
        return item.value, item.interval, item.id
    if hasattr(item, "point"):
        return item.point, ledger.interval(item, reading), item.id
    point = numerals.exact(item)
    return point, Interval(point, point, True, True, True, True), numerals.number(point, significant=12)


def as_json(finding: Finding) -> dict:
    """Return what the report stores of a finding, floats at 12 significant digits."""
    interval = finding.interval
    return {
        "id": finding.id,
        "anchor": finding.anchor,
        "label": finding.label,
        "value": digits12(finding.value),
        "low": digits12(interval.low) if interval else None,
        "high": digits12(interval.high) if interval else None,
        "low_closed": interval.low_closed if interval else None,
        "high_closed": interval.high_closed if interval else None,
        "unit": finding.unit,
        "text": str(finding),
        "range": finding.range,
        "formula": finding.formula,
        "expression": finding.expression,
        "inputs": {role: given if isinstance(given, str) else list(given) for role, given in finding.inputs.items()},
    }


def digits12(x) -> int | float | None:
    """Return `x` rounded to 12 significant digits, as an int where it is whole.

    >>> digits12(Fraction(1, 3)), digits12(Fraction(41_000_000_000))
    (0.333333333333, 41000000000)
    """
    if x is None:
        return None
    rounded = float(f"{float(x):.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 10**15 else rounded
