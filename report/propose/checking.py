"""Check rows before they are written: each cell by the data package, each row by the ledger's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from claims.ledger import rules
from claims.ledger.model import Ledger
from claims.tables.cells import check_cells
from claims.tables.messages import Problem, did_you_mean
from claims.tables.schema import read_table
from claims.tables.table import CsvTable, Row, ids

from report.propose.proposals import as_claim, columns_of
from report.runs.printed import is_printed, value_is_printed

__all__ = ["Checker"]


@dataclass(frozen=True)
class Checker:
    """The rules for new rows of the ledger in a folder, and of a text if its lines are given."""

    folder: Path
    ledger: Ledger
    lines: Sequence[str] = ()

    @cached_property
    def _resources(self) -> Mapping[str, Mapping[str, Any]]:
        return {resource["name"]: resource for resource in self.ledger.package["resources"]}

    @cached_property
    def _indicators(self) -> Mapping[str, Row]:
        table = read_table(self.folder, self._resources["indicators"], [])
        assert table, "the ledger was loaded, so its indicators can be read"
        list(check_cells(table))
        return ids(table)

    def find_problems(self, table: str, rows: Sequence[Mapping[str, str]], file: str, first: int = 2) -> list[Problem]:
        """Return everything that is wrong with rows of a table; `first` is the number of the first in its file.

        Their ids, and what they repeat, are not looked at: those are given when the rows are added.
        """
        columns = tuple(name for name in columns_of(table) if name not in ("id", "repeats"))
        found = tuple(
            Row(number, {name: row.get(name, "") for name in ("id", *columns)})
            for number, row in enumerate(rows, first)
        )
        checked = CsvTable(table, file, self._without_keys(table), columns, found)
        problems = list(check_cells(checked))
        for row in found:
            problems += self._references(checked, row)
            if table == "claims":
                problems += self._rules_of_claim(checked, row)
        return problems

    def _without_keys(self, table: str) -> Mapping[str, Any]:
        """Return the description of a table without patterns of ids, which proposals have none of yet."""
        resource = self._resources[table]
        fields = [spec for spec in resource["schema"]["fields"] if spec["name"] not in ("id", "repeats")]
        return {**resource, "schema": {**resource["schema"], "fields": fields}}

    def _references(self, table: CsvTable, row: Row) -> Iterator[Problem]:
        """Yield ids that the ledger has no row for, and the remedy."""
        known: dict[str, Mapping[str, object]] = {
            "source": self.ledger.sources, "indicator": self.ledger.indicators, "sectors": self.ledger.sectors,
        }  # fmt: skip
        for name, rows in known.items():
            for id in filter(None, row.cells.get(name, "").split(";")):
                if id not in rows and row.values.pop(name, None) is not None:
                    file = f"{name.removesuffix('s')}s.csv"
                    meant = did_you_mean(id, rows)
                    remedy = f"{meant} Else add its row to {file} first" if meant else f"add its row to {file} first"
                    yield table.problem(row, name, f"is not in {file}", remedy, id)

    def _rules_of_claim(self, table: CsvTable, row: Row) -> Iterator[Problem]:
        for rule in (*rules.WRITTEN_RULES[1:], *rules.figure_rules(self._indicators), *rules.CLAIM_RULES):
            yield from rule(table, row)
        if row.has(*(name for name in table.columns if name not in ("note", "stated_by", "precision_wide"))):
            yield from self._printed(table, row)

    def _printed(self, table: CsvTable, row: Row) -> Iterator[Problem]:
        """Yield what the text does not print as the row says, as a check against the texts would."""
        number = row.values["line"]
        if not self.lines:
            return
        if number > len(self.lines):
            yield table.problem(
                row, "line", f"is past the end of the text, which has {len(self.lines)} lines", "fix it"
            )
            return
        line = self.lines[number - 1]
        if not is_printed(row.cells["printed"], line):
            yield table.problem(row, "printed", f"is not on line {number}", "copy it from the text, whole words only")
            return
        claim = as_claim({**dict.fromkeys(("id", "repeats"), ""), **row.cells})
        year = int(self.ledger.sources[claim.source].reference_date[:4])
        if not value_is_printed(claim, self.ledger.indicators[claim.indicator].kind, year, line):
            message = f"times {row.cells['multiplier']} cannot be read in {claim.printed!r}"
            yield table.problem(row, "value", message, "fix value or multiplier, or include the words that print it")
