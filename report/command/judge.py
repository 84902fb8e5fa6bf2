"""Judge a ledger too large for a report: the verdict on every quantity and relation, counted, and as a table."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
from claims.judging.large_groups import judge_groups
from claims.judging.large_relations import judge_large_relations
from claims.judging.verdict import WORDS
from claims.ledger.large import load_large_ledger
from claims.ledger.model import LedgerError
from claims.tables.locations import display_path

from report.progress import default_progress
from report.runs import extract
from report.runs.printed import refuse_no_figures
from report.stops import WrongInput

__all__ = ["judge_ledger", "verdict_table", "write_verdicts"]

SHOWN = 10  # of the gravest verdicts on quantities
FORMATS = (".csv", ".parquet")


def judge_ledger(folder: Path, output: Path | None = None, dask: str = "") -> str:
    """Return the counts of the verdicts on the ledger in `folder`, with the gravest; write all to `output` if given.

    With the address of a Dask scheduler its workers judge the quantities. Raises WrongInput for a ledger with problems,
    and for an output that cannot be written.
    """
    if output is not None:
        _refuse_output(output)
    try:
        ledger = load_large_ledger(folder)
    except LedgerError as error:
        raise WrongInput(str(error)) from None
    refuse_no_figures(folder, ledger.tables["sources"].frame.height, ledger.claims.height)
    if dask:
        from report.cluster.judging import judge_groups_on_dask

        groups = judge_groups_on_dask(ledger, dask, os.cpu_count() or 1, default_progress(False))
    else:
        groups = judge_groups(ledger)
    relations = judge_large_relations(ledger)
    lines = [f"{display_path(folder)}: {ledger.claims.height:,} claims"]
    lines += _counts("quantities stated more than once", groups)
    lines += _counts("relations between claims", relations)
    gravest = groups.filter(pl.col("verdict") == WORDS[0])
    if not gravest.is_empty():
        more = f", the first {SHOWN}" if gravest.height > SHOWN else ""
        lines.append(f"no value fits all figures on {gravest.height:,} quantities{more}:")
        lines += [f"  {row['quantity']}: {_some(row['ids'])}" for row in gravest.head(SHOWN).to_dicts()]
    if output is not None:
        write_verdicts(verdict_table(groups, relations), output)
        lines.append(f"every verdict is in {display_path(output)}")
    return "\n".join(lines)


def _counts(headline: str, verdicts: pl.DataFrame) -> list[str]:
    counts = dict(verdicts["verdict"].value_counts().iter_rows())
    return [
        f"{headline}: {verdicts.height:,}",
        *(f"  {word:<27} {counts[word]:>9,}" for word in WORDS if word in counts),
    ]


def _some(ids: list[str], most: int = 6) -> str:
    more = f" and {len(ids) - most:,} more" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def verdict_table(groups: pl.DataFrame, relations: pl.DataFrame) -> pl.DataFrame:
    """Return all verdicts as one table of plain columns: groups, the gravest first, then relations as in their file."""
    quantities = groups.with_columns(pl.lit("quantity").alias("kind"), pl.col("ids").list.join(";"))
    rows = relations.select(pl.lit("relation").alias("kind"), pl.col("relation").alias("id"), "type", "verdict")
    both = pl.concat([quantities.rename({"quantity": "id", "ids": "claim_ids"}), rows], how="diagonal")
    first = ["kind", "id", "type", "verdict"]
    return both.select(*first, pl.exclude(first))


def _refuse_output(output: Path) -> None:
    place = display_path(output)
    if output.suffix not in FORMATS:
        raise WrongInput(f"--output: {place} is neither a .csv nor a .parquet file; name it verdicts.parquet")
    if output.exists():
        raise WrongInput(f"--output: {place} exists already, and is not overwritten; give another name, or delete it")
    if not output.parent.is_dir():
        raise WrongInput(f"--output: {display_path(output.parent)} is no folder; make it first")


def write_verdicts(table: pl.DataFrame, output: Path) -> None:
    """Write verdicts into a new file, whole or not at all. Raises WrongInput where that cannot be done."""
    part = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        if output.suffix == ".parquet":
            table.write_parquet(part)
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                extract.write_csv(table.columns, table.iter_rows(), file)
        os.link(part, output)  # fails if somebody has written it meanwhile
    except OSError as error:
        raise WrongInput(f"--output: {display_path(output)}: {error.strerror or error}; write it elsewhere") from None
    finally:
        part.unlink(missing_ok=True)
