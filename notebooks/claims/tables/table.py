"""A CSV file as it was read: rows with their cells, their valid values, and the columns that are really there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from claims.tables.messages import Problem, Remedy

__all__ = ["CsvTable", "Row", "ids"]


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in a spreadsheet, its cells as text, and the values of its valid cells."""

    number: int
    cells: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)

    def has(self, *columns: str) -> bool:
        """Return whether all of `columns` have valid cells, so that a rule may use them."""
        return all(column in self.values for column in columns)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file as read: its resource in the data package, its rows, and the columns it really has."""

    name: str
    file: str
    resource: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def fields(self) -> list[Mapping[str, Any]]:
        """Return the descriptions of the columns that the file has."""
        return [spec for spec in self.resource["schema"]["fields"] if spec["name"] in self.columns]

    @property
    def key(self) -> str:
        """Return the column that names a row."""
        return self.resource["schema"]["primaryKey"][0]

    @property
    def foreign_keys(self) -> list[Mapping[str, Any]]:
        """Return the descriptions of the columns that hold ids of rows."""
        return self.resource["schema"].get("foreignKeys", [])

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """Return the rows by id; of rows with one id, the first."""
        rows: dict[str, Row] = {}
        for row in self.rows:
            if id := row.cells.get(self.key):
                rows.setdefault(id, row)
        return rows

    def rows_where(self, values: Mapping[str, Any]) -> list[Row]:
        """Return the rows that have these values in these columns, in order; found without going through all rows."""
        columns = tuple(values)
        if columns not in self._indexes:
            index = self._indexes[columns] = {}
            for row in self.rows:
                index.setdefault(tuple(row.values.get(column) for column in columns), []).append(row)
        return self._indexes[columns].get(tuple(values.values()), [])

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], dict[tuple, list[Row]]]:
        """Return the indexes made so far, by the columns that they are of."""
        return {}

    def problem(
        self, row: Row, column: str, message: str = "", remedy: Remedy = "", value: str | None = None
    ) -> Problem:
        """Return a problem with one cell of this table, or with `value`, an item of the list in it."""
        value = row.cells.get(column) if value is None else value
        return Problem(self.file, row.number, row.cells.get(self.key, ""), column, value, message, remedy)


def ids(table: CsvTable) -> Mapping[str, Row]:
    """Return the rows of a table by id; of rows with one id, the first."""
    return table.by_id
