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
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from claims.tables.cells import check_cells
from claims.tables.locations import display_path
from claims.tables.messages import Problem, did_you_mean, unknown_row
from claims.tables.table import CsvTable, Row, ids

__all__ = ["PACKAGE", "read_tables"]

PACKAGE = "datapackage.json"


def read_tables(folder: Path, needed: Mapping[str, Iterable[str]]) -> tuple[dict, dict[str, CsvTable], list[Problem]]:
    """Return the data package of `folder`, its tables by name as far as they could be read, and every problem found.

    `needed` names the resources, with their columns, that the caller will use: a data package without them is a problem
    itself. A table that could not be read is absent, and no key is checked against it.
    """
    package, problems = _read_package(folder, needed)
    tables: dict[str, CsvTable] = {}
    for resource in package.get("resources", []):
        table, table_problems = _read_table(folder, resource)
        problems += table_problems
        if table:
            problems += check_cells(table)
            tables[table.name] = table
    for table in tables.values():
        problems += _check_unique(table)
        problems += _check_foreign_keys(table, tables)
    return package, tables, problems


def _read_package(folder: Path, needed: Mapping[str, Iterable[str]]) -> tuple[dict, list[Problem]]:
    path = folder / PACKAGE
    file = display_path(path)
    if not folder.is_dir():
        remedy = "give the folder of a ledger"
        return {}, [Problem(display_path(folder), message="is missing or no folder", remedy=remedy)]
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Problem(file, message="is missing", remedy="it describes every column; copy it from data/")]
    except UnicodeDecodeError as error:
        return {}, [Problem(file, message=f"byte {error.start} is not UTF-8", remedy="save the file as UTF-8")]
    except json.JSONDecodeError as error:
        return {}, [Problem(file, message=f"line {error.lineno}, column {error.colno}: {error.msg}", remedy="fix it")]
    problems = [Problem(file, message=message, remedy="copy it from data/") for message in _missing(package, needed)]
    return ({} if problems else package), problems


def _missing(package: Any, needed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield what a data package does not describe, though the caller will use it."""
    try:
        described = {one["name"]: {spec["name"] for spec in one["schema"]["fields"]} for one in package["resources"]}
        usable = all(one["path"] and one["schema"]["primaryKey"] for one in package["resources"])
    except (KeyError, TypeError):
        usable = False
    if not usable:
        yield "a resource lacks its name, path, schema or primaryKey"
        return
    for name, columns in needed.items():
        if name not in described:
            yield f"describes no resource {name!r}"
        elif missing := sorted(set(columns) - described[name]):
            yield f"describes no column {', '.join(map(repr, missing))} in {name!r}"


def _read_table(folder: Path, resource: Mapping[str, Any]) -> tuple[CsvTable | None, list[Problem]]:
    path = folder / resource["path"]
    file = display_path(path)
    try:
        raw = path.read_bytes()
    except OSError:
        header = ",".join(spec["name"] for spec in resource["schema"]["fields"])
        return None, [Problem(file, message="is missing", remedy=f"an empty table is its header alone: {header}")]
    text, problems = _decode(raw, file)
    if text is None:
        return None, problems
    lines: list[list[str]] = []
    try:
        lines.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        message = f"cannot be read as CSV after row {len(lines)} ({error})"
        return None, [*problems, Problem(file, message=message, remedy='look for a lone "; double it inside quotes')]
    columns, header_problems = _check_header(lines[0] if lines else [], resource, file)
    problems += header_problems
    if columns is None:
        return None, problems
    rows, row_problems = _split_rows(lines[1:], columns, resource, file)
    table = CsvTable(resource["name"], file, resource, tuple(columns), tuple(rows))
    return table, problems + row_problems


def _decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    problems = []
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(file, 1, message="begins with a byte order mark", remedy="save as UTF-8 without BOM"))
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"line {line} holds a byte that is not UTF-8 (0x{raw[error.start]:02x})"
        return None, [*problems, Problem(file, message=message, remedy="save the file as UTF-8")]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        message = f"line {line} ends with a carriage return"
        problems.append(Problem(file, message=message, remedy="save the file with Unix line ends (LF)"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _check_header(header: list[str], resource: Mapping, file: str) -> tuple[list[str] | None, list[Problem]]:
    """Return the columns to go on with, None if it is no use for the rows, and the header's problems."""
    expected = [spec["name"] for spec in resource["schema"]["fields"]]
    if not header:
        return None, [Problem(file, 1, message="has no header", remedy=f"write {','.join(expected)}")]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        return None, [Problem(file, 1, column=name, message="is there twice", remedy="remove one") for name in twice]
    if not set(header) & set(expected):
        message = "is not a header of this table"
        return None, [Problem(file, 1, value=",".join(header), message=message, remedy=f"write {','.join(expected)}")]
    missing = [name for name in expected if name not in header]
    problems = []
    for name in header:
        if name not in expected:
            remedy = did_you_mean(name, missing) or "remove it, or describe it in datapackage.json"
            problems.append(Problem(file, 1, column=name, message="is not a column of this table", remedy=remedy))
    for name in missing:
        problems.append(Problem(file, 1, column=name, message="is missing from the header", remedy="add the column"))
    if not problems and header != expected:
        message = f"the columns are in another order: {','.join(header)}"
        problems.append(Problem(file, 1, message=message, remedy=f"write {','.join(expected)}"))
    return header, problems


def _split_rows(lines: list[list[str]], columns: list[str], resource: Mapping, file: str):
    key = resource["schema"]["primaryKey"][0]
    at = columns.index(key) if key in columns else None
    rows, problems = [], []
    for number, cells in enumerate(lines, start=2):
        if not any(cells):
            problems.append(Problem(file, number, message="is blank", remedy="remove it"))
        elif len(cells) != len(columns):
            id = cells[at] if at is not None and at < len(cells) else ""
            message = f"has {len(cells)} cells, the header {len(columns)}"
            remedy = 'quote cells that hold a comma: "a, b"' if len(cells) > len(columns) else "add the empty cells"
            problems.append(Problem(file, number, id, message=message, remedy=remedy))
            if at is not None and id:
                rows.append(Row(number, {key: id}))
        else:
            rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    return rows, problems


def _check_unique(table: CsvTable) -> list[Problem]:
    unique = {table.key} | {spec["name"] for spec in table.fields if spec.get("constraints", {}).get("unique")}
    problems = []
    for name in sorted(unique & set(table.columns)):
        first: dict[str, int] = {}
        for row in table.rows:
            value = row.cells.get(name, "")
            if value in first:
                problems.append(table.problem(row, name, f"is in row {first[value]} already", "give it another"))
            elif value:
                first[value] = row.number
    return problems


def _check_foreign_keys(table: CsvTable, tables: Mapping[str, CsvTable]) -> list[Problem]:
    problems = []
    for key in table.resource["schema"].get("foreignKeys", []):
        (column,), (target_column,) = key["fields"], key["reference"]["fields"]
        target = tables.get(key["reference"].get("resource", table.name))
        if target is None or target_column not in target.columns:
            continue
        known = ids(target)
        for row in table.rows:
            for value in _references(row.values.get(column)):
                if value not in known:
                    fault = unknown_row(value, known, target.file, target.name)
                    problems.append(table.problem(row, column, *fault, value))
                    row.values.pop(column, None)
    return problems


def _references(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()
