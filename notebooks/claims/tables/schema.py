"""Read a folder of CSV files strictly, against the Table Schema in its datapackage.json.

Nothing is guessed and nothing stops at the first fault: every problem is collected with its file, row, column, value
and remedy, so that one message shows an author everything there is to fix. Rows are counted as a spreadsheet counts
them: the header is row 1. Of the Data Package standard this reads what the ledger's own datapackage.json uses:
resources with a path, and Table Schema fields of type string, integer, number, boolean and date with their constraints,
primary and foreign keys. A string field with a `delimiter` is a list.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from claims.tables.cells import check_cells
from claims.tables.files import read_regular
from claims.tables.locations import display_path
from claims.tables.messages import Problem, did_you_mean, first_problems, unknown_row
from claims.tables.package import PACKAGE, read_package
from claims.tables.table import CsvTable, Row, ids

__all__ = ["COLUMNS", "LINE", "PACKAGE", "check_header", "check_references", "read_table", "read_tables"]

COLUMNS, LINE = 1000, 1_000_000  # the most columns of a table, and characters of a line


def read_tables(
    folder: Path, needed: Mapping[str, Mapping[str, str]]
) -> tuple[dict, dict[str, CsvTable], list[Problem]]:
    """Return the data package of `folder`, its tables by name as far as they could be read, and every problem found.

    `needed` names the resources, with their columns and types, that the caller will use: a data package without them is
    a problem itself. A table that could not be read is absent, and no key is checked against it. Of very many problems
    in a column the first are returned, and how many more there are (`messages.first_problems`).
    """
    package, problems = read_package(folder, needed)
    tables: dict[str, CsvTable] = {}
    for resource in package.get("resources", []):
        table = read_table(folder, resource, problems)
        if table:
            problems += first_problems(check_cells(table))
            tables[table.name] = table
    for table in tables.values():
        problems += first_problems(_check_unique(table))
        problems += first_problems(_check_foreign_keys(table, tables))
    return package, tables, problems


def read_table(folder: Path, resource: Mapping[str, Any], problems: list[Problem]) -> CsvTable | None:
    """Return a table as far as it can be read, None if it cannot, and add what is wrong with it to `problems`."""
    path = folder / resource["path"]
    file, expected = display_path(path), [spec["name"] for spec in resource["schema"]["fields"]]
    lines: list[list[str]] = []
    try:
        text = _decode(read_regular(path), file, problems)
        lines.extend(csv.reader(_bounded_lines(text), strict=True))
    except FileNotFoundError:
        remedy = f"an empty table is its header alone: {','.join(expected)}"
        problems.append(Problem(file, message="is missing", remedy=remedy))
    except OSError as error:
        problems.append(Problem(file, message=error.strerror or str(error), remedy="put the table itself there"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"line {line} holds a byte that is not UTF-8 (0x{error.object[error.start]:02x})"
        problems.append(Problem(file, message=message, remedy="save the file as UTF-8"))
    except csv.Error as error:
        message = f"cannot be read as CSV after row {len(lines)} ({error})"
        problems.append(Problem(file, message=message, remedy='look for a lone "; double it inside quotes'))
    else:
        columns = tuple(lines[0]) if lines else ()
        if check_header(columns, expected, file, problems):
            faults: list[Problem] = []
            rows = tuple(_split_rows(lines[1:], columns, resource["schema"]["primaryKey"][0], file, faults))
            problems += first_problems(faults)
            return CsvTable(resource["name"], file, resource, columns, rows)
    return None


def _decode(raw: bytes, file: str, problems: list[Problem]) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(file, 1, message="begins with a byte order mark", remedy="save as UTF-8 without BOM"))
        raw = raw[3:]
    text = raw.decode("utf-8")
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        message = f"line {line} ends with a carriage return"
        problems.append(Problem(file, message=message, remedy="save the file with Unix line ends (LF)"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _bounded_lines(text: str) -> Iterator[str]:
    """Yield the lines of a table; csv.Error for one that no row can have, which would be millions of cells."""
    for line in io.StringIO(text, newline=""):
        if len(line) > LINE:
            raise csv.Error(f"the next line is longer than {LINE:,} characters")
        yield line


def check_header(header: Sequence[str], expected: Sequence[str], file: str, problems: list[Problem]) -> bool:
    """Return whether the header is of any use for the rows; add what is wrong with it to `problems`."""

    def report(message: str, remedy: str, column: str = "", value: str | None = None) -> None:
        problems.append(Problem(file, 1, column=column, value=value, message=message, remedy=remedy))

    rewrite = f"write {','.join(expected)}"
    if len(header) > COLUMNS:
        report(f"has {len(header):,} columns, this table {len(expected)}", rewrite)
        return False
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    for name in twice:
        report("is there twice", "remove one", name)
    if not header:
        report("has no header", rewrite)
    elif not twice and set(header).isdisjoint(expected):
        report("is not a header of this table", rewrite, value=",".join(header))
    if twice or set(header).isdisjoint(expected):
        return False
    missing = [name for name in expected if name not in header]
    for name in header:
        if name not in expected:
            remedy = did_you_mean(name, missing) or "remove it, or describe it in datapackage.json"
            report("is not a column of this table", remedy, name)
    for name in missing:
        report("is missing from the header", "add the column", name)
    if set(header) == set(expected) and list(header) != list(expected):
        report(f"the columns are in another order: {','.join(header)}", rewrite)
    return True


def _split_rows(
    lines: Iterable[list[str]], columns: Sequence[str], key: str, file: str, problems: list[Problem]
) -> Iterator[Row]:
    """Yield the rows, of one with too many or too few cells its id alone; add what is wrong with them to `problems`."""
    for number, cells in enumerate(lines, start=2):
        if not any(cells):
            problems.append(Problem(file, number, message="is blank", remedy="remove it"))
        elif len(cells) != len(columns):
            id = dict(zip(columns, cells, strict=False)).get(key, "")
            message = f"has {len(cells)} cells, the header {len(columns)}"
            remedy = 'quote cells that hold a comma: "a, b"' if len(cells) > len(columns) else "add the empty cells"
            problems.append(Problem(file, number, id, message=message, remedy=remedy))
            if id:
                yield Row(number, {key: id})
        else:
            yield Row(number, dict(zip(columns, cells, strict=True)))


def _check_unique(table: CsvTable) -> Iterator[Problem]:
    unique = {table.key} | {spec["name"] for spec in table.fields if spec.get("constraints", {}).get("unique")}
    for name in sorted(unique & set(table.columns)):
        first: dict[str, int] = {}
        for row in table.rows:
            value = row.cells.get(name, "")
            if value in first:
                yield table.problem(row, name, f"is in row {first[value]} already", "give it another")
            elif value:
                first[value] = row.number


def _check_foreign_keys(table: CsvTable, tables: Mapping[str, CsvTable]) -> Iterator[Problem]:
    for key in table.foreign_keys:
        yield from check_references(table, key["fields"][0], tables.get(key["reference"].get("resource", table.name)))


def check_references(table: CsvTable, column: str, target: CsvTable | None) -> Iterator[Problem]:
    """Yield a problem for each id in a column that `target` has no row for; such a cell has no value any more.

    Nothing is checked where `target` could not be read, or lacks its key.
    """
    if target and target.key in target.columns:
        known = ids(target)
        for row in table.rows:
            for value in _references(row.values.get(column)):
                if value not in known:
                    fault = unknown_row(value, known, target.file, target.name)
                    yield table.problem(row, column, *fault, value)
                    row.values.pop(column, None)


def _references(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()
