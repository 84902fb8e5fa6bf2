"""Check a cell against the field of its Table Schema, and turn a valid one into a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from operator import gt, le, lt
from typing import Any

from claims.tables.messages import Problem, Remedy, did_you_mean, one_of
from claims.tables.package import PACKAGE
from claims.tables.patterns import Matcher, SlowPattern
from claims.tables.table import CsvTable

__all__ = ["CONTROL", "DIGITS", "LONGEST", "check_cells", "find_fault", "parse_cell", "slow_pattern"]

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
LONGEST, DIGITS = 10_000, 40  # characters of a cell, and of a number
YEARS = "1000", "8999"  # beyond them, what lies years before or after has no date
LIMITS = {"minimum": (lt, "is below"), "maximum": (gt, "is above"), "exclusiveMinimum": (le, "is not above")}


def check_cells(table: CsvTable) -> Iterator[Problem]:
    """Yield a problem for each cell that its field does not allow; put the values of the others into their rows.

    Cells of a column with the same text are checked once and have one value, so that a large ledger stays small.
    """
    fields = table.fields
    judged: dict[str, dict[str, tuple]] = {spec["name"]: {} for spec in fields}
    with Matcher() as matcher:
        try:
            for row in table.rows:
                for spec in fields:
                    name = spec["name"]
                    if name not in row.cells:
                        continue
                    text, earlier = row.cells[name], judged[name]
                    if text not in earlier:
                        fault = find_fault(text, spec, matcher)
                        earlier[text] = fault, None if fault else parse_cell(text, spec)
                    fault, value = earlier[text]
                    if fault:
                        yield table.problem(row, name, *fault)
                    else:
                        row.values[name] = value
        except SlowPattern as pattern:
            yield slow_pattern(table.file, name, str(pattern), row.number)


def slow_pattern(file: str, column: str, pattern: str, row: int) -> Problem:
    """Return the problem of a pattern that was given up at a row."""
    message = f"takes too long to match; row {row} was the last"
    remedy = f"write the pattern in {PACKAGE} without repetitions inside repetitions"
    return Problem(file, column=column, value=pattern, message=message, remedy=remedy)


def find_fault(text: str, spec: Mapping[str, Any], matcher: Matcher) -> tuple[str, Remedy] | None:
    """Return what is wrong with a cell and what to do about it, None if it is right."""
    rules = spec.get("constraints", {})
    if text == "":
        return ("is empty", _example(spec)) if rules.get("required") else None
    if CONTROL.search(text):
        return "contains a line break or a control character", "write it on one line"
    if text != text.strip():
        return "has spaces around it", "remove them"
    if len(text) > LONGEST:
        return f"is longer than {LONGEST:,} characters", "shorten it"
    enum = rules.get("enum")
    if enum and text not in enum:
        return "", partial(one_of, text, enum)
    if fault := _type_fault(text, spec):
        return fault
    pattern = rules.get("pattern")
    if pattern and not matcher.matches(pattern, text):
        bare = re.sub(r"[, ]", "", text)
        meant = f"did you mean {bare!r}?" if matcher.matches(pattern, bare) else _example(spec)
        return "is not written as this column asks", meant
    return _range_fault(text, spec, rules)


def _type_fault(text: str, spec: Mapping[str, Any]) -> tuple[str, str] | None:
    match spec["type"]:
        case "integer" if not re.fullmatch(r"-?[0-9]+", text, re.ASCII):
            return "is not a whole number", _example(spec)
        case "number" if not NUMBER.fullmatch(text):
            return "is not a plain number", _example(spec)
        case "boolean" if text not in ("true", "false"):
            return "is neither true nor false", did_you_mean(text.lower(), ("true", "false")) or "write one of them"
        case "integer" | "number" if len(text) > DIGITS:
            return f"has more than {DIGITS} digits", "round it, or write a unit with a multiplier"
        case "date" if not _is_date(text):
            return "is not a date", "write it as 2024-07-03"
        case "date" if not YEARS[0] <= text[:4] <= YEARS[1]:
            return f"is not in the years {YEARS[0]} to {YEARS[1]}", "leave it empty where the date is not known"
    return None


def _range_fault(text: str, spec: Mapping[str, Any], rules: Mapping[str, Any]) -> tuple[str, str] | None:
    if "maxLength" in rules and len(text) > rules["maxLength"]:
        return f"is longer than {rules['maxLength']} characters", "shorten it"
    if spec["type"] not in ("integer", "number"):
        return None
    for rule, (breaks, message) in LIMITS.items():
        if rule in rules and breaks(Fraction(text), Fraction(str(rules[rule]))):
            return f"{message} {rules[rule]}", _example(spec)
    return None


def _example(spec: Mapping[str, Any]) -> str:
    return f"write it like {spec['example']!r}" if "example" in spec else f"write the {spec['name'].replace('_', ' ')}"


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) and date.fromisoformat(text))
    except ValueError:
        return False


def parse_cell(text: str, spec: Mapping[str, Any]) -> Any:
    """Return a valid cell as a value: numbers exact, dates as ISO text, lists as tuples; an empty number is None."""
    if "delimiter" in spec:
        return tuple(text.split(spec["delimiter"])) if text else ()
    match spec["type"]:
        case "integer":
            return int(text) if text else None
        case "number":
            return Fraction(text) if text else None
        case "boolean":
            return {"true": True, "false": False}.get(text)
    return text
