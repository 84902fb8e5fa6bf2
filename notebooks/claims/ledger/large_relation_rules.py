"""Which relations of a large ledger surely keep the rules of `relation_rules`, and what judging the others takes.

Whether a relation keeps them follows from its type, its period rule, and the roles, units and periods of its figures.
Those are the *signature* of a relation. Relations share few signatures, and each is judged once, on one relation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from claims.ledger.relation_rules import find_relation_problems
from claims.tables.columns import Columns
from claims.tables.table import CsvTable, Row

__all__ = ["OPERANDS", "context_of", "operands_of", "sure_relations"]

OPERANDS = r"^\w+=\w+(\+\w+)*(; ?\w+=\w+(\+\w+)*)*$"
FIGURE = ("id", "indicator", "period_start", "period_end", "period_kind")


def operands_of(relations: pl.DataFrame) -> pl.DataFrame:
    """Return the operands of relations, a row each in their order: at (the relation's place), role, operand (an id).

    `relations` have a column of places, `at`, and one of operands that are written as OPERANDS.
    """
    parts = relations.select("at", pl.col("operands").str.split(";")).explode("operands")
    halves = pl.col("operands").str.strip_chars().str.split_exact("=", 1)
    named = parts.select("at", role=halves.struct.field("field_0"), operand=halves.struct.field("field_1"))
    return named.with_columns(pl.col("operand").str.split("+")).explode("operand")


def sure_relations(tables: Mapping[str, Columns]) -> pl.Series:
    """Return the mask of the relations that surely keep the rules; a duration, whose text's line counts, never does."""
    table = tables["relations"]
    is_written = table.frame["operands"].str.contains(OPERANDS)
    frame = table.frame.with_row_index("at").filter(~table.any_faulty() & is_written)
    sure = pl.repeat(False, table.frame.height, eager=True)
    if frame.is_empty() or "claims" not in tables or "indicators" not in tables:
        return sure
    signed = _signatures(frame.filter(pl.col("type") != "duration"), tables)
    samples = signed.unique("signature", keep="first", maintain_order=True)
    rows = table.table(sure.scatter(samples["at"], True))
    figures, indicators = context_of(rows, tables)
    good = [not any(find_relation_problems(rows, row, figures, indicators)) for row in rows.rows]
    kept = samples.sort("at").filter(pl.Series(good, dtype=pl.Boolean))["signature"]
    sure = pl.repeat(False, table.frame.height, eager=True)
    return sure.scatter(signed.filter(pl.col("signature").is_in(kept.implode()))["at"], True)


def _signatures(relations: pl.DataFrame, tables: Mapping[str, Columns]) -> pl.DataFrame:
    """Return the signature of each relation all of whose figures are valid rows: at, signature."""
    indicators = tables["indicators"].frame.unique("id", keep="first").select(indicator="id", unit="unit")
    tables_of_figures = [tables[name] for name in ("claims", "official") if name in tables]
    operands = operands_of(relations)
    ids = operands["operand"].unique().implode()
    figures = pl.concat(
        one.frame.select(*FIGURE, faulty=one.any_faulty()).filter(pl.col("id").is_in(ids) & ~pl.col("faulty"))
        for one in tables_of_figures
    )
    figures = figures.unique("id", keep="first", maintain_order=True).join(indicators, on="indicator", how="left")
    named = operands.join(figures, left_on="operand", right_on="id", how="left", maintain_order="left")
    figure = pl.concat_str(["role", "unit", *FIGURE[2:]], separator="|")
    signed = named.group_by("at").agg(
        figures=figure, has_null=figure.is_null().any(), twice=pl.col("operand").is_duplicated().any()
    )
    signed = signed.filter(~pl.col("has_null")).join(relations.select("at", "type", "period_rule", "operands"), on="at")
    own = pl.col("figures").list.join(";")
    roles = pl.col("operands").str.count_matches("=", literal=True).cast(pl.String)
    differs = pl.col("period_rule").str.contains("^differs:.*[^ ]")
    rule = pl.when(differs).then(pl.lit("differs")).otherwise("period_rule")
    signature = pl.concat_str(["type", rule, pl.col("twice").cast(pl.String), roles, own], separator="#")
    return signed.select("at", signature=signature).sort("at")


def context_of(relations: CsvTable, tables: Mapping[str, Columns]) -> tuple[CsvTable | None, Mapping[str, Row]]:
    """Return the figures and indicators that judging relations takes, claims on the lines of durations included."""
    if "claims" not in tables:
        return None, {}
    rows = [row for row in relations.rows if row.has("operands")]
    ids = {name for row in rows for name in _names(row.values["operands"])}
    claims = tables["claims"]
    chosen = claims.frame["id"].is_in(pl.Series(sorted(ids), dtype=pl.String).implode()).fill_null(False)
    lengths = {name for row in rows if row.values.get("type") == "duration" for name in _names(row.values["operands"])}
    if lengths:
        places = claims.frame.filter(pl.col("id").is_in(list(lengths))).select("source", "line").unique()
        beside = claims.frame.select("source", "line").join(
            places.with_columns(beside=True), on=["source", "line"], how="left", maintain_order="left"
        )
        chosen = chosen | beside["beside"].fill_null(False)
    figures = claims.table(chosen)
    if "official" in tables:
        figures = replace(figures, rows=figures.rows + tables["official"].table_of(ids).rows)
    named = {str(row.values.get("indicator")) for row in figures.rows}
    return figures, tables["indicators"].table_of(named).by_id if "indicators" in tables else {}


def _names(text: str) -> set[str]:
    """Return the ids in operands, as far as they can be read."""
    parts = (part.partition("=")[2] for part in text.split(";"))
    return {name.strip() for part in parts for name in part.split("+")}
