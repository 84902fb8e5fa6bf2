"""A part of a large ledger as bytes, to be judged by another process: its tables as Parquet files."""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl

from claims.ledger.large import LargeLedger
from claims.tables.columns import Columns

__all__ = ["from_parquet", "pack_part", "to_parquet", "unpack_part"]

_NEEDED = ("claims", "indicators", "sources")  # to judge quantities; of relations only the columns


def pack_part(ledger: LargeLedger) -> dict[str, bytes]:
    """Return what it takes to judge the quantities of a ledger, by the name of the table, in Parquet format."""
    frames = {name: ledger.tables[name].frame for name in _NEEDED}
    frames["relations"] = ledger.tables["relations"].frame.clear()
    return {name: to_parquet(frame) for name, frame in frames.items()}


def unpack_part(tables: Mapping[str, bytes], package: Mapping) -> LargeLedger:
    """Return a ledger whose quantities can be judged; `package` is the data package of the whole."""
    resources = {resource["name"]: resource for resource in package["resources"]}
    columns = {
        name: Columns(name, resources[name]["path"], resources[name], from_parquet(content))
        for name, content in tables.items()
    }
    return LargeLedger(columns, dict(package))


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Return a table in Parquet format."""
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def from_parquet(content: bytes) -> pl.DataFrame:
    """Return the table that a file in Parquet format has."""
    return pl.read_parquet(io.BytesIO(content))
