"""Check whole columns against their Table Schema: what is surely right or wrong at once, the rest as `cells` does.

For every field there is an expression for cells that are surely right, and one for cells that are surely wrong. What
is neither is judged by `cells.find_fault`, once for each distinct text. So the result is that of `cells`, cell by cell,
and its messages are those of `cells`, which are written for the first rows only. A pattern is matched at once only if
the time that it takes grows with the length of a cell alone; any other is watched as in `cells`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from claims.tables.cells import CONTROL, DIGITS, LONGEST, find_fault, slow_pattern
from claims.tables.columns import NUMBER, Columns
from claims.tables.faults import Faults
from claims.tables.messages import ALL, Problem, Remedy, unknown_row
from claims.tables.patterns import Matcher, SlowPattern

__all__ = ["check_columns", "check_foreign_keys", "check_listed", "check_unique"]

# What Python and Rust read alike in a pattern, so that a column can be matched at once.
_PORTABLE = re.compile(
    r"""(?:[A-Za-z0-9_ ;:,/#=@%!<>'"-]|\\[./*+?()[\]{}|^$-]|\((?!\?)|[)^$|]|\[\^?[A-Za-z0-9_ ./;:,-]+\]"""
    r"""|[.*+?](?![*+?{])|(?<!\))\{\d{1,3}(?:,(?:\d{1,3})?)?\}(?![*+?{]))*"""
)
_COUNT = re.compile(r"[{,](\d+)")
_MOST_PARTS = 200  # of a pattern, repetitions written out: with more, even a column of few cells may take minutes
_MOST_KNOWN = 2_000  # ids among which a dangling reference is compared with all, for a suggestion


def check_columns(table: Columns, faults: Faults) -> None:
    """Mark the cells that their fields do not allow; count them in `faults`, and list the first."""
    specs = {spec["name"]: spec for spec in table.fields}
    right = table.frame.select(
        (_surely_right(spec) & (table.plain or ~pl.col(name).str.contains(CONTROL.pattern))).fill_null(True).alias(name)
        for name, spec in specs.items()
    )
    with Matcher() as matcher:
        for name, spec in specs.items():
            judge = _Judge(spec, matcher)
            try:
                if not right[name].all():
                    _check_column(table, judge, right[name], faults)
            except SlowPattern as pattern:
                row = table.frame.filter(pl.col(name) == judge.last)[NUMBER].item(0)
                faults.add_all([slow_pattern(table.file, name, str(pattern), row)])
                for column in specs:  # no rule looks at cells that may be unchecked
                    table.mark(column, pl.repeat(True, table.frame.height, eager=True))
                return


@dataclass
class _Judge:
    """Finds what is wrong with a cell of one column; `last` is the text that it judged last."""

    spec: Mapping[str, Any]
    matcher: Matcher
    last: str = ""

    def __call__(self, text: str) -> tuple[str, Remedy] | None:
        self.last = text
        return find_fault(text, self.spec, self.matcher)


def _check_column(table: Columns, judge: _Judge, right: pl.Series, faults: Faults) -> None:
    """Mark, count and list the cells that a field does not allow, of those that are not surely `right`."""
    name = right.name
    wrong = _wrong_cells(table.frame[name], right, judge)
    if wrong.any():
        first = [_problem(table, row, name, judge) for row in _first_rows(table, wrong)]
        table.mark(name, wrong)
        faults.add(table.file, name, int(wrong.sum()), first)


def _wrong_cells(column: pl.Series, right: pl.Series, judge: _Judge) -> pl.Series:
    """Return the mask of the cells that a field does not allow, of those that are not surely `right`."""
    cell, is_right, is_wrong = pl.col(column.name), pl.col("#right"), pl.col("#wrong")
    facts = pl.DataFrame([column, right.alias("#right")])
    facts = facts.with_columns(_surely_wrong(judge.spec).fill_null(False).alias("#wrong"))
    unsure = facts.filter(~is_right & ~is_wrong)[column.name].unique(maintain_order=True).drop_nulls()
    faulty = pl.Series(column.name, [text for text in unsure if judge(text)], dtype=pl.String)
    return facts.select(is_wrong | (~is_right & cell.is_in(faulty.implode())))["#wrong"]


def _problem(table: Columns, row: Mapping[str, Any], name: str, judge: _Judge) -> Problem:
    fault = judge(row[name])
    assert fault, f"{row[name]!r} is surely wrong in {name}, and has no fault"
    return Problem(table.file, row[NUMBER], row.get(table.key) or "", name, row[name], *fault)


def _first_rows(table: Columns, chosen: pl.Series) -> list[dict[str, Any]]:
    """Return the first rows of a mask, as many as are kept."""
    return table.frame[chosen.arg_true().head(ALL)].to_dicts()


def _surely_right(spec: Mapping[str, Any]) -> pl.Expr:
    """Return an expression that is true only of cells that the field allows."""
    cell, rules = pl.col(spec["name"]), spec.get("constraints", {})
    right = (cell.str.strip_chars() == cell) & (cell.str.len_chars() <= min(rules.get("maxLength", LONGEST), LONGEST))
    if "enum" in rules:
        right = right & cell.is_in(rules["enum"])
    if pattern := rules.get("pattern"):
        right = right & (_matches(cell, pattern) if _is_portable(pattern) else pl.lit(False))
    limited = {"minimum", "maximum", "exclusiveMinimum"} & rules.keys()
    match spec["type"]:
        case "integer":
            right = right & _matches(cell, "-?[0-9]{1,18}") & _within_limits(cell, rules)
        case "number":
            is_number = _matches(cell, r"-?[0-9]+(\.[0-9]+)?") & (cell.str.len_chars() <= DIGITS)
            right = right & is_number & pl.lit(not limited)
        case "boolean":
            right = right & cell.is_in(["true", "false"])
        case "date":
            right = right & _matches(cell, "[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
            right = right & cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return right & (cell != "") if rules.get("required") else right | (cell == "")


def _surely_wrong(spec: Mapping[str, Any]) -> pl.Expr:
    """Return an expression that is true only of cells that the field does not allow."""
    cell, rules = pl.col(spec["name"]), spec.get("constraints", {})
    wrong = (cell == "") & pl.lit(bool(rules.get("required")))
    if "enum" in rules:
        wrong = wrong | ((cell != "") & ~cell.is_in(rules["enum"]))
    if (pattern := rules.get("pattern")) and _is_portable(pattern):
        wrong = wrong | ((cell != "") & ~_matches(cell, pattern))
    if spec["type"] == "integer":
        wrong = wrong | ((cell != "") & ~_matches(cell, "-?[0-9]+"))
    return wrong


def _within_limits(cell: pl.Expr, rules: Mapping[str, Any]) -> pl.Expr:
    """Return an expression that is true only of whole numbers within limits that are whole themselves."""
    number, within = cell.cast(pl.Int64, strict=False), pl.lit(True)
    for rule, compare in (("minimum", pl.Expr.ge), ("maximum", pl.Expr.le), ("exclusiveMinimum", pl.Expr.gt)):
        if rule in rules:
            limit = rules[rule]
            is_small = type(limit) is int and abs(limit) < 1 << 62
            within = within & (compare(number, limit) if is_small else pl.lit(False))
    return within.fill_null(False)


def _matches(cell: pl.Expr, pattern: str) -> pl.Expr:
    return cell.str.contains(f"^(?:{pattern})$")


def _is_portable(pattern: str) -> bool:
    """Return whether Python and Rust read a pattern alike, and it has few parts.

    >>> _is_portable("^c[0-9]{3,}$"), _is_portable("(?=a)a"), _is_portable("a++"), _is_portable("([0-9]{9}){9}")
    (True, False, False, False)
    """
    if len(pattern) + sum(map(int, _COUNT.findall(pattern))) > _MOST_PARTS or not _PORTABLE.fullmatch(pattern):
        return False
    try:
        re.compile(pattern, re.ASCII)
        pl.Series([""]).str.contains(f"^(?:{pattern})$")
    except (re.error, OverflowError, pl.exceptions.PolarsError):
        return False
    return True


def check_unique(table: Columns, faults: Faults) -> None:
    """Count and list the rows whose key, or cell of another column without repetitions, is in a row before."""
    unique = {table.key} | {spec["name"] for spec in table.fields if spec.get("constraints", {}).get("unique")}
    for name in sorted(unique & set(table.columns)):
        cell = pl.col(name)
        again = table.frame.select((~cell.is_first_distinct() & (cell != "")).fill_null(False))[name]
        if again.any():
            first = table.frame.select(pl.col(NUMBER).first().over(name))[NUMBER]
            rows = zip(_first_rows(table, again), first.filter(again).head(ALL), strict=True)
            listed = [_repeated(table, row, name, number) for row, number in rows]
            faults.add(table.file, name, int(again.sum()), listed)


def _repeated(table: Columns, row: Mapping[str, Any], name: str, first: int) -> Problem:
    fault = f"is in row {first} already", "give it another"
    return Problem(table.file, row[NUMBER], row.get(table.key) or "", name, row[name], *fault)


def check_foreign_keys(table: Columns, tables: Mapping[str, Columns], faults: Faults) -> None:
    """Count and list the references to rows that are in no table, and mark their cells."""
    for key in table.resource["schema"].get("foreignKeys", []):
        target = tables.get(key["reference"].get("resource", table.name))
        check_listed(table, key["fields"][0], target, faults)


def check_listed(table: Columns, column: str, target: Columns | None, faults: Faults) -> None:
    """Count and list the ids in a column, or in its lists, that `target` has no row for, and mark their cells.

    Nothing is checked where `target` could not be read, or lacks its key.
    """
    if target is None or target.key not in target.columns or column not in table.columns:
        return
    delimiter = next(spec.get("delimiter") for spec in table.fields if spec["name"] == column)
    named = table.frame.select(NUMBER, id=table.key, cell=column).with_row_index("at")
    if column in table.faulty:
        named = named.filter(~table.faulty[column])
    named = named.filter(pl.col("cell") != "")
    if delimiter:
        named = named.with_columns(pl.col("cell").str.split(delimiter)).explode("cell")
    if named.is_empty():
        return
    known = target.frame.select(cell=target.key).filter(pl.col("cell") != "")
    dangling = named.join(known, on="cell", how="anti", maintain_order="left")
    if dangling.is_empty():
        return
    choices = known["cell"].unique(maintain_order=True).to_list() if known.height <= _MOST_KNOWN else ()
    first = (
        Problem(table.file, row[NUMBER], row["id"] or "", column, row["cell"],
                *unknown_row(row["cell"], choices, target.file, target.name))
        for row in dangling.head(ALL).to_dicts()
    )  # fmt: skip
    faults.add(table.file, column, dangling.height, first)
    wrong = pl.repeat(False, table.frame.height, eager=True)
    table.mark(column, wrong.scatter(dangling["at"].unique(), True))
