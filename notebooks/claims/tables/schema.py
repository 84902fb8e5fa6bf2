"""Read a folder of CSV files strictly, against the Table Schema in its datapackage.json.

Nothing is guessed and nothing stops at the first fault: every problem is collected with its file, row, column, value
and remedy, so that one message tells an author all there is to mend. Rows are counted as a spreadsheet counts them: the
header is row 1. Of the Data Package standard this reads what the ledger's own datapackage.json uses: resources with a
path, and Table Schema fields of type string, integer, number, boolean and date with their constraints, primary and
foreign keys. A string field with a `delimiter` is a list.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from claims.tables.locations import shown

PACKAGE = "datapackage.json"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
WORDY = 5
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, what stands there, what is wrong with it, and what to do."""

    file: str
    row: int | None = None
    id: str = ""
    column: str = ""
    value: str | None = None
    message: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem on one line.

        >>> print(Problem("data/claims.csv", 14, "c013", "hedge", "mor_than", remedy="did you mean 'more_than'?"))
        row 14 (c013), hedge: 'mor_than'; did you mean 'more_than'?
        """
        row = f"row {self.row}" if self.row else ""
        place = ", ".join(part for part in (f"{row} ({self.id})" if row and self.id else row, self.column) if part)
        value = "" if self.value is None else repr(self.value)
        said = "; ".join(part for part in (f"{value} {self.message}".strip(), self.remedy) if part)
        return f"{place}: {said}" if place else said


@dataclass(frozen=True)
class Row:
    """A row of a table: its number in a spreadsheet, its cells as text, and the values of its valid cells."""

    number: int
    cells: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)

    def has(self, *columns: str) -> bool:
        """Return whether all of `columns` hold valid cells, so that a rule may speak of them."""
        return all(column in self.values for column in columns)


@dataclass(frozen=True)
class Table:
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

    def problem(self, row: Row, column: str, message: str = "", remedy: str = "") -> Problem:
        """Return a problem with one cell of this table."""
        return Problem(
            self.file, row.number, row.cells.get(self.key, ""), column, row.cells.get(column), message, remedy
        )


def formatted(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, file by file.

    >>> print(formatted([Problem("data/claims.csv", 3, "c002", "line", "x", "is not a whole number")]))
    data/claims.csv: 1 problem
      row 3 (c002), line: 'x' is not a whole number
    """
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    blocks = []
    for file, found in by_file.items():
        found.sort(key=lambda problem: problem.row or 0)
        count = f"{len(found)} problem" + ("s" if len(found) > 1 else "")
        blocks.append("\n".join([f"{file}: {count}", *(f"  {problem}" for problem in found)]))
    return "\n".join(blocks)


def read(folder: Path, needed: Mapping[str, Iterable[str]]) -> tuple[dict, dict[str, Table], list[Problem]]:
    """Return the data package of `folder`, its tables by name as far as they could be read, and every problem found.

    `needed` names the resources, with their columns, that the caller will use: a data package without them is a problem
    itself. A table that could not be read is absent, and no key is checked against it.
    """
    package, problems = _read_package(folder, needed)
    tables: dict[str, Table] = {}
    for resource in package.get("resources", []):
        table, found = _read_table(folder, resource)
        problems += found
        if table:
            problems += _check_cells(table)
            tables[table.name] = table
    for table in tables.values():
        problems += _check_unique(table)
        problems += _check_foreign_keys(table, tables)
    return package, tables, problems


def did_you_mean(value: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """Return a question naming the known word closest to `value`, empty where none is close.

    >>> did_you_mean("more then", ["more_than", "less_than"])
    "did you mean 'more_than'?"
    """
    close = get_close_matches(value, list(known), n=1, cutoff=likeness)
    return f"did you mean {close[0]!r}?" if close else ""


def unknown_row(value: str, known: Iterable[str], file: str, name: str) -> tuple[str, str]:
    """Return message and remedy for a reference to a row that `file` does not have.

    Serial ids all look alike, so only ids with words in them get a suggestion.
    """
    meant = did_you_mean(value, known, 0.75) if len(value) > WORDY else ""
    return (
        f"is not in {file}",
        f"{meant} Else add the {_singular(name)} first" if meant else f"add the {_singular(name)} first",
    )


def _singular(name: str) -> str:
    return name.removesuffix("s").replace("_", " ")


def _read_package(folder: Path, needed: Mapping[str, Iterable[str]]) -> tuple[dict, list[Problem]]:
    path = folder / PACKAGE
    file = shown(path)
    if not folder.is_dir():
        return {}, [Problem(shown(folder), message="is missing or no folder", remedy="give the folder of a ledger")]
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Problem(file, message="is missing", remedy="it describes every column; copy it from data/")]
    except UnicodeDecodeError as error:
        return {}, [Problem(file, message=f"byte {error.start} is not UTF-8", remedy="save the file as UTF-8")]
    except json.JSONDecodeError as error:
        return {}, [Problem(file, message=f"line {error.lineno}, column {error.colno}: {error.msg}", remedy="mend it")]
    problems = []
    try:
        described = {one["name"]: {spec["name"] for spec in one["schema"]["fields"]} for one in package["resources"]}
        usable = all(one["path"] and one["schema"]["primaryKey"] for one in package["resources"])
    except (KeyError, TypeError):
        usable = False
    if not usable:
        remedy = "copy it from data/"
        return {}, [Problem(file, message="a resource lacks its name, path, schema or primaryKey", remedy=remedy)]
    for name, columns in needed.items():
        lacking = sorted(set(columns) - described[name]) if name in described else []
        if name not in described:
            problems.append(Problem(file, message=f"describes no resource {name!r}", remedy="copy it from data/"))
        elif lacking:
            said = f"describes no column {', '.join(map(repr, lacking))} in {name!r}"
            problems.append(Problem(file, message=said, remedy="copy it from data/"))
    return ({} if problems else package), problems


def _read_table(folder: Path, resource: Mapping[str, Any]) -> tuple[Table | None, list[Problem]]:
    path = folder / resource["path"]
    file = shown(path)
    try:
        raw = path.read_bytes()
    except OSError:
        header = ",".join(spec["name"] for spec in resource["schema"]["fields"])
        return None, [Problem(file, message="is missing", remedy=f"an empty table is its header alone: {header}")]
    text, problems = _decode(raw, file)
    if text is None:
        return None, problems
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        done = _rows_before_fault(text)
        said = f"cannot be read as CSV after row {done} ({error})"
        return None, [*problems, Problem(file, message=said, remedy='look for a lone "; double it inside quotes')]
    columns, found = _check_header(lines[0] if lines else [], resource, file)
    problems += found
    if columns is None:
        return None, problems
    rows, found = _split_rows(lines[1:], columns, resource, file)
    table = Table(resource["name"], file, resource, tuple(columns), tuple(rows))
    return table, problems + found


def _decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    problems = []
    if raw.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem(file, 1, message="begins with a byte order mark", remedy="save as UTF-8 without BOM"))
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        said = f"line {line} holds a byte that is not UTF-8 (0x{raw[error.start]:02x})"
        return None, [*problems, Problem(file, message=said, remedy="save the file as UTF-8")]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        said = f"line {line} ends with a carriage return"
        problems.append(Problem(file, message=said, remedy="save the file with Unix line ends (LF)"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _rows_before_fault(text: str) -> int:
    done = 0
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), strict=True):
            done += 1
    except csv.Error:
        pass
    return done


def _check_header(header: list[str], resource: Mapping, file: str) -> tuple[list[str] | None, list[Problem]]:
    """Return the columns to go on with, None where the rows cannot be told apart, and the problems of the header."""
    expected = [spec["name"] for spec in resource["schema"]["fields"]]
    if not header:
        return None, [Problem(file, 1, message="has no header", remedy=f"write {','.join(expected)}")]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        return None, [Problem(file, 1, column=name, message="is there twice", remedy="remove one") for name in twice]
    if not set(header) & set(expected):
        said = "is not a header of this table"
        return None, [Problem(file, 1, value=",".join(header), message=said, remedy=f"write {','.join(expected)}")]
    missing = [name for name in expected if name not in header]
    problems = []
    for name in header:
        if name not in expected:
            remedy = did_you_mean(name, missing) or "remove it, or describe it in datapackage.json"
            problems.append(Problem(file, 1, column=name, message="is not a column of this table", remedy=remedy))
    for name in missing:
        problems.append(Problem(file, 1, column=name, message="is missing from the header", remedy="add the column"))
    if not problems and header != expected:
        said = f"the columns stand in another order: {','.join(header)}"
        problems.append(Problem(file, 1, message=said, remedy=f"write {','.join(expected)}"))
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
            said = f"has {len(cells)} cells, the header {len(columns)}"
            remedy = 'quote cells that hold a comma: "a, b"' if len(cells) > len(columns) else "add the empty cells"
            problems.append(Problem(file, number, id, message=said, remedy=remedy))
            if at is not None and id:
                rows.append(Row(number, {key: id}))
        else:
            rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    return rows, problems


def _check_cells(table: Table) -> list[Problem]:
    problems = []
    for row in table.rows:
        for spec in table.fields:
            name = spec["name"]
            if name in row.cells:
                problem = _check_cell(table, row, spec)
                if problem:
                    problems.append(problem)
                else:
                    row.values[name] = _parse(row.cells[name], spec)
    return problems


def _check_cell(table: Table, row: Row, spec: Mapping[str, Any]) -> Problem | None:
    text, rules = row.cells[spec["name"]], spec.get("constraints", {})
    fault = _fault(text, spec, rules)
    return table.problem(row, spec["name"], *fault) if fault else None


def _fault(text: str, spec: Mapping[str, Any], rules: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a cell and what to do about it, None if it is right."""
    if text == "":
        return ("is empty", _example(spec)) if rules.get("required") else None
    if CONTROL.search(text):
        return "holds a line break or a control character", "write it on one line"
    if text != text.strip():
        return "has spaces around it", "remove them"
    enum = rules.get("enum")
    if enum and text not in enum:
        return "", f"{did_you_mean(text, enum)} One of: {', '.join(enum)}".strip()
    fault = _type_fault(text, spec)
    if fault:
        return fault
    pattern = rules.get("pattern")
    if pattern and not re.fullmatch(pattern, text, re.ASCII):
        bare = re.sub(r"[, ]", "", text)
        meant = f"did you mean {bare!r}?" if re.fullmatch(pattern, bare, re.ASCII) else _example(spec)
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
        case "date" if not _is_date(text):
            return "is not a date", "write it as 2024-07-03"
    return None


def _range_fault(text: str, spec: Mapping[str, Any], rules: Mapping[str, Any]) -> tuple[str, str] | None:
    if "maxLength" in rules and len(text) > rules["maxLength"]:
        return f"is longer than {rules['maxLength']} characters", "shorten it"
    if spec["type"] not in ("integer", "number"):
        return None
    value = Fraction(text)
    if "minimum" in rules and value < Fraction(str(rules["minimum"])):
        return f"is below {rules['minimum']}", _example(spec)
    if "maximum" in rules and value > Fraction(str(rules["maximum"])):
        return f"is above {rules['maximum']}", _example(spec)
    if "exclusiveMinimum" in rules and value <= Fraction(str(rules["exclusiveMinimum"])):
        return f"is not above {rules['exclusiveMinimum']}", _example(spec)
    return None


def _example(spec: Mapping[str, Any]) -> str:
    return f"write it like {spec['example']!r}" if "example" in spec else f"write the {spec['name'].replace('_', ' ')}"


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) and date.fromisoformat(text))
    except ValueError:
        return False


def _parse(text: str, spec: Mapping[str, Any]) -> Any:
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


def _check_unique(table: Table) -> list[Problem]:
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


def _check_foreign_keys(table: Table, tables: Mapping[str, Table]) -> list[Problem]:
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
                    said, remedy = unknown_row(value, known, target.file, target.name)
                    problems.append(
                        Problem(table.file, row.number, row.cells.get(table.key, ""), column, value, said, remedy)
                    )
                    row.values.pop(column, None)
    return problems


def _references(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def ids(table: Table) -> dict[str, Row]:
    """Return the rows of a table by id; of rows with one id, the first."""
    found: dict[str, Row] = {}
    for row in table.rows:
        found.setdefault(row.cells.get(table.key, ""), row)
    return found
