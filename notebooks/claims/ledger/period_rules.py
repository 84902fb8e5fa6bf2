"""The rules of a period: whether its dates are those of its kind."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from claims.tables.messages import Problem
from claims.tables.table import CsvTable, Row

__all__ = ["KINDS", "find_period_problems"]

KINDS = ("year", "quarter", "window", "moment", "horizon", "undated")


def find_period_problems(table: CsvTable, row: Row) -> Iterator[Problem]:
    """Yield what is wrong with the period of a claim or an official figure."""
    if not row.has("period_start", "period_end", "period_kind"):
        return
    start, end, kind = (row.values[name] for name in ("period_start", "period_end", "period_kind"))
    if start and end and start > end:
        yield table.problem(row, "period_start", f"is after period_end {end}", "swap or fix them")
        return
    expected = {
        "undated": (not start and not end, "both dates are empty"),
        "year": (_is_year(start, end), "the dates are 1 January and 31 December of one year"),
        "quarter": (_is_quarter(start, end), "the dates are the first and last day of a calendar quarter"),
        "moment": (bool(end) and start in ("", end), "period_end is the day, and period_start the same or empty"),
        "window": (bool(start or end), "at least one of the dates is given"),
        "horizon": (bool(end), "period_end is given"),
    }
    if kind != "undated" and row.has("period_basis") and not row.values["period_basis"]:
        yield table.problem(row, "period_basis", "is empty", "write 'stated' or 'inferred'")
    is_right, expectation = expected.get(kind, (True, ""))
    if not is_right:
        remedy = f"in a period of this kind {expectation}; here they are {start or 'empty'} and {end or 'empty'}"
        yield table.problem(row, "period_kind", "", remedy)


def _is_year(start: str, end: str) -> bool:
    return bool(start and end) and start[4:] == "-01-01" and end == f"{start[:4]}-12-31"


def _is_quarter(start: str, end: str) -> bool:
    if not (start and end):
        return False
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    ends_month = last.day == monthrange(last.year, last.month)[1]
    months = (last.year - first.year) * 12 + last.month - first.month
    return first.day == 1 and ends_month and first.month % 3 == 1 and months == 2
