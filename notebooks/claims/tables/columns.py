"""Tables as columns of text, for ledgers too large for a row each: CSV or Parquet, read by Polars.

A CSV file that every line of is plainly a row is read as columns at once; any other is read as `schema` reads it, so
that both find the same faults. `screening` checks the cells.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from claims.tables.cells import parse_cell
from claims.tables.faults import Faults
from claims.tables.files import MOST_BYTES, read_regular
from claims.tables.locations import display_path
from claims.tables.messages import Problem
from claims.tables.schema import COLUMNS, check_header, read_table
from claims.tables.table import CsvTable, Row

__all__ = ["NUMBER", "Columns", "read_columns"]

NUMBER = "#"  # the column that numbers the rows as a spreadsheet does
CONTROLS = bytes(code for code in (*range(32), 127) if code != 10)
UNICODE_BREAKS = ("\u2028".encode(), "\u2029".encode())
MARK = b"\xef\xbb\xbf"
QUOTED = re.compile(rb'"(?<![^,\n]")(?:[^"\n]++|"")*+"(?=[,\n]|\Z)')  # a whole cell, in time with its length
LINE = 100_000  # bytes of the cells of a row: with more, a file is read row by row, which refuses what is too long
MOST_ROWS = 10_000_000  # of Parquet files, which may repeat a row without taking any space


@dataclass
class Columns:
    """A table as columns of text, one more of which numbers the rows; a cell that the file does not have is null.

    Columns that are described and not in the file are null throughout. `faulty` are the rows with a wrong cell in a
    column, by its name, as far as they are known: a mask. One that is `plain` has no control character.
    """

    name: str
    file: str
    resource: Mapping[str, Any]
    frame: pl.DataFrame
    faulty: dict[str, pl.Series] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    plain: bool = False

    def __post_init__(self) -> None:
        described = [spec["name"] for spec in self.resource["schema"]["fields"]]
        self.absent = frozenset(name for name in described if name not in self.frame.columns)
        self.frame = self.frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in self.absent)
        for name in self.frame.columns:
            if self.frame[name].null_count():
                self.mark(name, self.frame[name].is_null())

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that the file has."""
        return tuple(name for name in self.frame.columns if name != NUMBER and name not in self.absent)

    @property
    def fields(self) -> list[Mapping[str, Any]]:
        """Return the descriptions of the columns that the file has."""
        own = set(self.columns)
        return [spec for spec in self.resource["schema"]["fields"] if spec["name"] in own]

    @property
    def key(self) -> str:
        """Return the column that names a row."""
        return self.resource["schema"]["primaryKey"][0]

    def mark(self, column: str, wrong: pl.Series) -> None:
        """Note which rows have a wrong cell in a column, besides those that are known to have one."""
        self.faulty[column] = self.faulty[column] | wrong if column in self.faulty else wrong

    def only(self, names: Collection[str]) -> Columns:
        """Return the table with these of its columns, and its key."""
        schema = self.resource["schema"]
        kept = [spec for spec in schema["fields"] if spec["name"] in (self.key, *names)]
        if len(kept) == len(schema["fields"]):
            return self
        own = [spec["name"] for spec in kept if spec["name"] not in self.absent]
        faulty = {name: wrong for name, wrong in self.faulty.items() if name in own}
        resource = {**self.resource, "schema": {**schema, "fields": kept}}
        return Columns(self.name, self.file, resource, self.frame.select(NUMBER, *own), faulty, plain=self.plain)

    def any_faulty(self) -> pl.Series:
        """Return the mask of the rows that have a wrong or a missing cell."""
        wrong = pl.repeat(False, self.frame.height, eager=True)
        for mask in self.faulty.values():
            wrong = wrong | mask
        return wrong

    def rows(self, chosen: pl.Series) -> Iterator[Row]:
        """Yield the rows of a mask as `schema` reads them: with their cells, and with the values of the valid ones."""
        kept, fields = self.frame.filter(chosen), self.fields
        wrong = {name: mask.filter(chosen).to_list() for name, mask in self.faulty.items()}
        for index, cells in enumerate(kept.iter_rows(named=True)):
            number = cells.pop(NUMBER)
            own = {name: text for name, text in cells.items() if text is not None}
            row = Row(number, own)
            for spec in fields:
                name = spec["name"]
                if name in own and not (name in wrong and wrong[name][index]):
                    row.values[name] = parse_cell(own[name], spec)
            yield row

    def table(self, chosen: pl.Series) -> CsvTable:
        """Return the rows of a mask as a table of their own, in which they keep their numbers."""
        return CsvTable(self.name, self.file, self.resource, self.columns, tuple(self.rows(chosen)))

    def table_of(self, ids: Iterable[str]) -> CsvTable:
        """Return the rows with these ids as a table of their own, in which they keep their numbers."""
        wanted = pl.Series(list(ids), dtype=pl.String)
        return self.table(self.frame[self.key].is_in(wanted.implode()).fill_null(False))


def read_columns(folder: Path, resource: Mapping[str, Any], faults: Faults) -> Columns | None:
    """Return a table of a data package as columns, None if it cannot be read, and add what is wrong to `faults`.

    Its path names a CSV or a Parquet file, or a folder of Parquet files; of a CSV file that is not there, the Parquet
    file or folder of that name is taken.
    """
    path = folder / resource["path"]
    if not path.exists() and path.with_suffix(".parquet").exists():
        path = path.with_suffix(".parquet")
    if path.suffix == ".parquet" and path.exists():
        frame = _read_parquet(path, resource, faults)
    else:
        frame = _read_csv(path, resource, faults)
        if frame is None:
            return _by_rows(folder, resource, faults)
    if frame is None:
        return None
    numbered = frame.with_row_index(NUMBER, offset=2)
    return Columns(resource["name"], display_path(path), resource, numbered, plain=path.suffix == ".csv")


def _read_csv(path: Path, resource: Mapping[str, Any], faults: Faults) -> pl.DataFrame | None:
    """Return a CSV file as columns, None unless every line of it is plainly a row."""
    expected = [spec["name"] for spec in resource["schema"]["fields"]]
    try:
        raw = read_regular(path)
    except OSError:  # which reading it row by row reports
        return None
    if len(raw.translate(None, CONTROLS)) != len(raw) or raw.startswith(MARK) or any(b in raw for b in UNICODE_BREAKS):
        return None
    header, _, body = raw.partition(b"\n")
    separators = _count_separators(body)
    if len(expected) > COLUMNS or header != ",".join(expected).encode() or separators is None:
        return None
    try:
        frame = pl.read_csv(
            body, schema=dict.fromkeys(expected, pl.String), has_header=False, empty_string_is_null=False,
            extra_columns="raise", raise_if_empty=False,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    lines = body.count(b"\n") + (not body.endswith(b"\n") and body != b"")
    is_complete = frame.height == lines and separators == lines * (len(expected) - 1)  # no row has more, so none less
    return frame if is_complete and _are_all_rows(frame) else None


def _count_separators(body: bytes) -> int | None:
    """Return how many commas separate cells; None if quotes are not around whole cells, of one line, or doubled."""
    bare = QUOTED.sub(b"", body)
    return None if b'"' in bare else bare.count(b",")


def _are_all_rows(frame: pl.DataFrame) -> bool:
    """Return whether no row is all empty, or has too many characters."""
    is_empty = frame.filter(pl.col(frame.columns[0]) == "").select(pl.all_horizontal(pl.all() == "").any()).item()
    longest = frame.select(pl.sum_horizontal(pl.all().str.len_bytes()).max()).item()
    return not is_empty and (longest or 0) < LINE


def _by_rows(folder: Path, resource: Mapping[str, Any], faults: Faults) -> Columns | None:
    """Return a table row by row, as `schema` reads it, with every fault of its lines."""
    problems: list[Problem] = []
    table = read_table(folder, resource, problems)
    faults.add_all(problems)
    if table is None:
        return None
    names = [spec["name"] for spec in table.fields]
    cells = {name: [row.cells.get(name) for row in table.rows] for name in names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
    numbers = pl.Series(NUMBER, [row.number for row in table.rows], dtype=pl.UInt32)
    return Columns(table.name, table.file, resource, frame.with_columns(numbers))


def _read_parquet(path: Path, resource: Mapping[str, Any], faults: Faults) -> pl.DataFrame | None:
    """Return a Parquet file, or a folder of them, as columns of text; None if it is none of this table."""
    file, problems = display_path(path), list[Problem]()
    expected = [spec["name"] for spec in resource["schema"]["fields"]]
    try:
        frame = _join_parquet(sorted(path.glob("*.parquet")) if path.is_dir() else [path])
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        text = getattr(error, "strerror", None) or " ".join(str(error).split())
        message = f"cannot be read as Parquet ({text[:200]})"
        faults.add_all([Problem(file, message=message, remedy="write it again, or give the table as CSV")])
        return None
    is_usable = check_header(frame.columns, expected, file, problems)
    frame = frame.select(name for name in frame.columns if name in expected)
    for name, kind in frame.schema.items():
        if not (kind.is_integer() or kind in (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Null)):
            remedy = "store the column as text, so that 2.50 stays 2.50"
            problems.append(Problem(file, 1, column=name, message=f"is a column of {kind}", remedy=remedy))
            is_usable = False
    faults.add_all(problems)
    if not is_usable:
        return None
    return frame.select(pl.col(name).cast(pl.String).fill_null("") for name in frame.columns)


def _join_parquet(files: list[Path]) -> pl.DataFrame:
    """Return Parquet files as one frame. Raises OSError for none, and for more rows or text than is read."""
    frames, rows, size = list[pl.DataFrame](), 0, 0
    for file in files:
        content = io.BytesIO(read_regular(file))
        rows += pl.scan_parquet(content).select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            raise OSError(f"it has more than {MOST_ROWS:,} rows")
        content.seek(0)
        frames.append(pl.read_parquet(content))
        size += sum(frames[-1].select(pl.col(pl.String).str.len_bytes().sum()).row(0))
        if size > MOST_BYTES:
            raise OSError(f"it has more than {MOST_BYTES >> 20:,} MB of text")
    if not frames:
        raise OSError("the folder holds no .parquet file")
    return pl.concat(frames)
