"""The formulas of the report, each written once: the expression that a reader sees is the one that is computed.

A formula is evaluated as a whole, every input entering once. Each declares in which inputs it rises and in which it
falls, so its smallest and largest values lie at two known corners of the inputs' intervals; the tests check every
declaration against dense sampling. Growth is nominal unless a formula states otherwise.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from claims.ledger.intervals import Interval

__all__ = ["FORMULAS", "Formula", "evaluate", "stack_code", "value_of"]


@dataclass(frozen=True)
class Formula:
    """A named formula: its expression, and which way each input pushes it.

    An input in `turns` falls, though it is listed as rising, where the input named beside it is negative. Inputs in
    `signed` may be negative; with any other that may be, the formula has no value: a growth from below 0 is none.
    Unless the first of the inputs in `grows` is above the second, it is endless.
    """

    name: str
    unit: str | None
    expression: str
    rises: tuple[str, ...]
    falls: tuple[str, ...]
    signed: tuple[str, ...]
    turns: Mapping[str, str] = field(default_factory=dict, hash=False)
    grows: tuple[str, ...] = ()

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """Return the inputs known exactly, such as a number of years: all that neither rise nor fall."""
        names = dict.fromkeys(re.findall(r"{(\w+)}", self.expression))
        return tuple(name for name in names if name not in self.rises + self.falls)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the names of all inputs."""
        return self.rises + self.falls + self.constants

    @cached_property
    def exact(self) -> bool:
        """Return whether it stays in fractions; one with powers or logarithms passes through floats.

        The bounds of those are pushed outward by 10⁻¹² and one part in 10¹².
        """
        return not re.search(r"\^|\bln\b", self.expression)

    @cached_property
    def python(self) -> str:
        """Return the expression with Python's operators and names."""
        return re.sub(r"ln (\d+)", r"ln(\1)", self.expression.translate(_PYTHON))

    @cached_property
    def function(self) -> Callable[..., Fraction | float]:
        """Return the formula as a function of its inputs."""
        function = eval(f"lambda {', '.join(self.inputs)}: {self.python}", {"ln": _log})
        if not self.grows:
            return function
        higher, lower = self.grows
        return lambda **at: function(**at) if at[higher] > at[lower] else math.inf


def _formula(
    name: str, unit: str | None, expression: str, rises: str, falls: str = "", signed: str = "", **more: Any
) -> Formula:
    """Return a formula; `rises`, `falls` and `signed` are names of inputs with spaces between them."""
    return Formula(name, unit, expression, tuple(rises.split()), tuple(falls.split()), tuple(signed.split()), **more)


def _log(x: Fraction | float) -> float:
    return math.log(float(x))


_PYTHON = str.maketrans({"×": "*", "÷": "/", "−": "-", "^": "**", "{": "", "}": ""})
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}

FORMULAS: dict[str, Formula] = {
    formula.name: formula
    for formula in (
        _formula("growth", "percent", "100 × ({last} ÷ {first} − 1)", "last", "first"),
        _formula("change", None, "{last} − {first}", "last", "first", signed="last first"),
        _formula("difference", None, "{one} − {other}", "one", "other", signed="one other"),
        _formula("multiple", "times", "{last} ÷ {first}", "last", "first"),
        _formula("gap_over_smaller", "percent", "100 × ({larger} − {smaller}) ÷ {smaller}", "larger", "smaller"),
        _formula("gap_over_larger", "percent", "100 × ({larger} − {smaller}) ÷ {larger}", "larger", "smaller"),
        _formula("implied_base", None, "{last} ÷ (1 + {growth} ÷ 100)", "last", "growth", signed="growth"),
        _formula("base_of_change", None, "{last} − {change}", "last", "change", signed="last change"),
        _formula("last_of_change", None, "{first} + {change}", "first change", signed="first change"),
        _formula(
            "implied_increase",
            None,
            "{last} − {last} ÷ (1 + {growth} ÷ 100)",
            "growth last",
            signed="growth",
            turns={"last": "growth"},
        ),
        _formula("base_of_multiple", None, "{last} ÷ {multiple}", "last", "multiple"),
        _formula("last_of_multiple", None, "{first} × {multiple}", "first multiple"),
        _formula("growth_of_multiple", "percent", "100 × ({multiple} − 1)", "multiple", signed="multiple"),
        _formula(
            "compound_growth",
            "percent",
            "100 × (({last} ÷ {first})^(1 ÷ {years}) − 1)",
            "last",
            "first",
        ),
        _formula(
            "doubling_time",
            "year",
            "{years} × ln 2 ÷ ln({last} ÷ {first})",
            "first",
            "last",
            grows=("last", "first"),
        ),
        _formula(
            "years_to_multiple",
            "year",
            "ln({multiple} × {base} ÷ {level}) ÷ ln(1 + {rate} ÷ 100)",
            "base",
            "level",
        ),
        _formula(
            "rate_to_double",
            "percent",
            "100 × (({multiple} × {base} ÷ {level})^(1 ÷ {years}) − 1)",
            "base",
            "level",
        ),
        _formula("annualised", None, "4 × {quarter}", "quarter", signed="quarter"),
        _formula("pace", "percent", "100 × (4 × {quarter} ÷ {year} − 1)", "quarter", "year"),
        _formula("share", "percent", "100 × {part} ÷ {total}", "part", "total"),
        _formula("part_of_sum", "percent", "100 × {part} ÷ ({part} + {rest})", "part", "rest"),
        _formula("ratio", "index", "{importer} ÷ {exporter}", "importer", "exporter"),
        _formula("log_ratio", "index", "ln({importer} ÷ {exporter})", "importer", "exporter"),
        _formula(
            "symmetric_gap",
            "percent",
            "100 × ({exporter} − {importer}) ÷ ({exporter} + {importer})",
            "exporter",
            "importer",
        ),
        _formula("ratio_by_gap", "index", "{importer} ÷ ({importer} + {change})", "importer", "change"),
        _formula("log_ratio_by_gap", "index", "ln({importer} ÷ ({importer} + {change}))", "importer", "change"),
        _formula(
            "symmetric_gap_by_gap", "percent", "100 × {change} ÷ (2 × {importer} + {change})", "change", "importer"
        ),
        _formula("per_unit", None, "{units} × {value} ÷ {number}", "value", "number"),
        _formula(
            "growth_per_unit",
            "percent",
            "100 × ({last} ÷ {first} ÷ (1 + {growth} ÷ 100) − 1)",
            "last",
            "first growth",
            signed="growth",
        ),
        _formula("implied_total", None, "{part} ÷ ({share} ÷ 100)", "part", "share"),
        _formula("implied_part", None, "{total} × {share} ÷ 100", "total share"),
        _formula("accumulated", None, "{rate} × {time} × {factor}", "rate time"),
        _formula("converted", None, "{amount} × {rate}", "amount rate"),
        _formula("mean_rate", None, "{total} ÷ ({time} × {factor})", "total", "time"),
        _formula("remainder", None, "{total} − {part}", "total", "part", signed="total part"),
        _formula("rest_of_year", None, "({year} − {quarter}) ÷ 3", "year", "quarter", signed="quarter year"),
    )
}


def evaluate(formula: Formula, inputs: Mapping[str, Interval]) -> Interval:
    """Return the interval of `formula` over the intervals of its inputs.

    The low end is the formula at the corner where rising inputs are low and falling inputs high; it is closed, or
    stated, only if all bounds it was computed from are. An unbounded corner, or one with a denominator of 0, gives an
    unbounded end.

    >>> exactly = lambda a, b: Interval(Fraction(a), Fraction(b), True, False)
    >>> increase = evaluate(
    ...     FORMULAS["implied_increase"], {"last": exactly("40.5", "41.5"), "growth": exactly("31.5", "32.5")}
    ... )
    >>> round(float(increase.low), 2), round(float(increase.high), 2)
    (9.7, 10.18)
    """
    missing = set(formula.inputs) ^ set(inputs)
    if missing:
        raise ValueError(f"{formula.name} takes {', '.join(formula.inputs)}; check {', '.join(sorted(missing))}")
    if not all(_fits(formula, name, inputs[name].low) for name in formula.inputs):
        return Interval(None, None, False, False, False, False)
    low, low_closed, low_stated = _corner(formula, inputs, low=True)
    high, high_closed, high_stated = _corner(formula, inputs, low=False)
    return Interval(low, high, low_closed, high_closed, low_stated, high_stated)


def value_of(formula: Formula, points: Mapping[str, Fraction | float | None]) -> Fraction | float | None:
    """Return `formula` for the points printed; None where it has no value there."""
    if not all(_fits(formula, name, points[name]) for name in formula.inputs):
        return None
    try:
        return formula.function(**points)
    except ZeroDivisionError:
        return None


def stack_code(formula: Formula) -> str:
    """Return a formula as steps on a stack, which any language can follow: an input, a number, or an operation.

    >>> stack_code(FORMULAS["growth"])
    '100 last first / 1 - *'
    """
    return " ".join(_steps(ast.parse(formula.python, mode="eval").body))


def _steps(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.BinOp(left=left, op=sign, right=right):
            yield from (*_steps(left), *_steps(right), _SIGNS[type(sign)])
        case ast.Call(func=ast.Name(id=name), args=[inside]):
            yield from (*_steps(inside), name)
        case _:
            yield ast.unparse(node)


def _fits(formula: Formula, name: str, low: Fraction | float | None) -> bool:
    """Return whether an input lies where a formula means something."""
    return name in formula.signed or name in formula.constants or (low is not None and low >= 0)


def _corner(formula: Formula, inputs: Mapping[str, Interval], low: bool) -> tuple[Fraction | None, bool, bool]:
    at: dict[str, Fraction | None] = {}
    closed, stated = True, True
    for name in formula.inputs:
        interval = inputs[name]
        turned = name in formula.turns and (at[formula.turns[name]] or 0) < 0
        use_low = low == ((name in formula.rises) != turned)
        at[name] = interval.low if use_low else interval.high
        closed &= interval.low_closed if use_low else interval.high_closed
        stated &= interval.low_stated if use_low else interval.high_stated
    if any(value is None for value in at.values()):
        return None, False, stated
    try:
        value = formula.function(**at)
    except ZeroDivisionError:  # a denominator that may come as near to 0 as it likes
        return None, False, stated
    end = Fraction(value) if formula.exact else _outward(value, low)
    return end, closed and end is not None, stated


def _outward(value: Fraction | float, low: bool) -> Fraction | None:
    """Return a float result as a fraction, pushed outward by more than its rounding error."""
    if not math.isfinite(value):
        return None
    return Fraction(value) + (-1 if low else 1) * (1 + abs(Fraction(value))) / 10**12
