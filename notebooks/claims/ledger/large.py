"""A ledger too large for an object a row: its tables as columns, validated as a whole, and any part of it as a ledger.

It keeps the rules of a small ledger, and breaks them with the same messages; only the first problems of a file are
listed, and all are counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from claims.ledger.bounds import bounds_of
from claims.ledger.intervals import Reading
from claims.ledger.large_rules import check_rules
from claims.ledger.loading import build_row, find_impossible, in_order
from claims.ledger.model import TABLES, Ledger, LedgerError, column_types, columns_of
from claims.ledger.records import claim_interval
from claims.ledger.subject import Subject, causes_of, read_subject
from claims.tables.columns import Columns, read_columns
from claims.tables.faults import Faults
from claims.tables.locations import data_folder, display_path
from claims.tables.messages import Problem
from claims.tables.package import PACKAGE, read_package
from claims.tables.screening import check_columns, check_foreign_keys, check_unique

__all__ = ["PERIOD_KEY", "LargeLedger", "load_large_ledger"]

_start, _end, _kind = (pl.col(f"period_{part}") for part in ("start", "end", "kind"))
_quarter = ((_start.str.slice(5, 2).cast(pl.Int8, strict=False) + 2) // 3).cast(pl.String)
PERIOD_KEY = (  # `Period.key` of a row
    pl.when(_kind == "year").then(_start.str.slice(0, 4))
    .when(_kind == "quarter").then(pl.concat_str(_start.str.slice(0, 4), pl.lit("-Q"), _quarter))
    .when(_kind == "moment").then(_end)
    .when((_kind == "horizon") & (_start != "")).then(pl.concat_str(_start, pl.lit("/by-"), _end))
    .when(_kind == "horizon").then(pl.concat_str(pl.lit("by-"), _end))
    .when(_kind == "undated").then(pl.lit("undated"))
    .when((_start != "") & (_end != "")).then(pl.concat_str(_start, pl.lit("/"), _end))
    .when(_start != "").then(pl.concat_str(pl.lit("since-"), _start))
    .otherwise(pl.concat_str(pl.lit("until-"), _end))
)  # fmt: skip


@dataclass(frozen=True)
class LargeLedger:
    """The tables of a valid ledger as columns of text, by name, with its data package and its subject.

    `usual` are the bounds of claims and official figures as usually read, as far as they are known already.
    """

    tables: dict[str, Columns]
    package: dict = field(repr=False)
    subject: Subject = field(default_factory=Subject, repr=False)
    usual: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"LargeLedger({self.claims.height} figures of {self.tables['sources'].frame.height} texts)"

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Return the claims, each with its `quantity`, such as trade:2023, and the number of that, its `group`."""
        quantity = pl.concat_str("indicator", pl.lit(":"), PERIOD_KEY)
        keyed = self.tables["claims"].frame.with_columns(quantity=quantity)
        return keyed.with_columns(group=pl.col("quantity").rank("dense"))

    def with_bounds(self, chosen: pl.Series, reading: Reading) -> pl.DataFrame:
        """Return the claims of a mask with what they may stand for, in scaled integers: see `bounds.bounds_of`."""
        claims = self.claims.filter(chosen)
        is_usual = reading == Reading() and "claims" in self.usual
        bounds = self.usual["claims"].filter(chosen) if is_usual else bounds_of(claims, self.indicators, reading)
        return pl.concat([claims, bounds], how="horizontal")

    @property
    def indicators(self) -> pl.DataFrame:
        """Return the indicators."""
        return self.tables["indicators"].frame

    def partition(self, number: int, of: int) -> LargeLedger:
        """Return the ledger with the claims on every `of`-th of its indicators: one of so many parts of its quantities.

        A quantity lies whole in one part, so that the verdicts on the quantities of all parts are those of the whole.
        """
        own = pl.col("indicator").rank("dense") % of == number
        table, chosen = self.tables["claims"], self.claims.select(own).to_series()
        claims = Columns(table.name, table.file, table.resource, table.frame.filter(chosen))
        usual = {name: bounds.filter(chosen) for name, bounds in self.usual.items() if name == "claims"}
        return LargeLedger({**self.tables, "claims": claims}, self.package, self.subject, usual)

    def part(self, claims: Collection[str], relations: Iterable[str] = ()) -> Ledger:
        """Return claims and relations (ids) as a ledger of objects, with their indicators and sources."""
        chosen = {"claims": claims, "relations": relations}
        rows = {name: self.tables[name].table_of(ids) for name, ids in chosen.items()}
        for name, column in (("indicators", "indicator"), ("sources", "source")):
            rows[name] = self.tables[name].table_of({str(row.values[column]) for row in rows["claims"].rows})
        objects = {
            name: {row.values[table.key]: build_row(TABLES[name], row.values) for row in table.rows}
            for name, table in rows.items()
        }
        empty: dict[str, dict] = {name: {} for name in ("sectors", "agreements", "official", "known")}
        return Ledger(**objects, **empty, package=self.package, subject=self.subject)


def load_large_ledger(folder: Path | str | None = None) -> LargeLedger:
    """Return the ledger in `folder`, by default the project's, as columns, of CSV or Parquet files.

    Raises LedgerError with the number of problems of each column, and the first of them.
    """
    folder, faults = Path(folder) if folder else data_folder(), Faults()
    package, problems = read_package(folder, {name: column_types(kind) for name, kind in TABLES.items()})
    file = display_path(folder / PACKAGE)
    subject, subject_problems = read_subject(package.get("subject", ""), file)
    faults.add_all([*problems, *subject_problems])
    tables: dict[str, Columns] = {}
    for resource in package.get("resources", []):
        unfit = [Problem(file, column=place, message=message) for place, message in _find_unfit(resource)]
        faults.add_all(unfit)
        table = None if unfit else read_columns(folder, resource, faults)
        if table is not None:
            check_columns(table, faults)
            tables[table.name] = table
    for table in tables.values():
        check_unique(table, faults)
        check_foreign_keys(table, tables, faults)
    for name in tables.keys() & TABLES.keys():
        tables[name] = tables[name].only(list(columns_of(TABLES[name])))
    usual = check_rules(tables, causes_of(subject), faults)
    ledger = LargeLedger(tables, package, subject, usual)
    if not faults:
        _refuse_impossible(ledger, faults)
    if faults:
        raise LedgerError(in_order(faults.problems, folder, package))
    return ledger


def _find_unfit(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield place and message of what a table as columns cannot have, though one of rows can."""
    name, schema = resource["name"], resource["schema"]
    for spec in schema["fields"]:
        if not re.fullmatch(r"[^\W\d]\w*", spec["name"]):
            yield f"{name}, {spec['name']!r}", "is no plain name; of a large ledger, write it in letters, digits and _"
    if name in TABLES and schema["primaryKey"] != (own := [next(iter(columns_of(TABLES[name])))]):
        yield f"{name}, primaryKey", f"{schema['primaryKey']!r} is another; of a large ledger, write {own!r}"


def _refuse_impossible(ledger: LargeLedger, faults: Faults) -> None:
    """Count and list the figures that could stand for no value at all, such as "less than 0" of a count."""
    for name in ("claims", "official"):
        table = ledger.tables[name]
        empty = (
            ledger.usual[name].select((~pl.col("fits") | (pl.col("low") > pl.col("high"))).fill_null(False)).to_series()
        )
        if not empty.any():
            continue
        rows = table.table(empty)
        indicators = ledger.tables["indicators"].table_of({str(row.values["indicator"]) for row in rows.rows})
        kinds = {row.values["id"]: build_row(TABLES["indicators"], row.values) for row in indicators.rows}
        for row in rows.rows:
            figure = build_row(TABLES[name], row.values)
            values = claim_interval(figure, kinds[figure.indicator])
            faults.add_all(filter(None, [find_impossible(rows, row, figure, values)]))
