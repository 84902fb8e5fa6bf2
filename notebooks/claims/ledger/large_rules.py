"""The rules of a ledger over columns: rows that surely keep them are passed at once, the others go through `rules`.

What a rule needs is worked out for whole columns, and a row that is not surely right is read as an object, with the
rows it refers to, and judged by the same functions as in a small ledger. So both find the same problems.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

import polars as pl

from claims.ledger import rules
from claims.ledger.bounds import bounds_of
from claims.ledger.intervals import HEDGES, WIDTHLESS
from claims.ledger.large_relation_rules import context_of, sure_relations
from claims.ledger.period_rules import KINDS, find_period_problems
from claims.ledger.relation_rules import find_relation_problems
from claims.tables.cells import DIGITS
from claims.tables.columns import NUMBER, Columns
from claims.tables.faults import Faults
from claims.tables.screening import check_listed
from claims.tables.table import CsvTable, Row

__all__ = ["check_rules"]

SLICE = 20_000  # rows that are objects at a time
SURE_FILE = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
SURE_ADDRESS = r"|https?://[A-Za-z0-9._~/?#=&%:,;@!$()*+-]+"


def check_rules(tables: Mapping[str, Columns], causes: Collection[str], faults: Faults) -> dict[str, pl.DataFrame]:
    """Count in `faults` every problem that takes more than one cell to see, and list the first.

    Returns what claims and official figures may stand for, which the rules need already: see `bounds`.
    """
    usual: dict[str, pl.DataFrame] = {}
    if "indicators" in tables:
        table = tables["indicators"]
        _check_rows(table, ~_sure_indicators(table), rules.INDICATOR_RULES, faults)
    _check_whatever_is_allowed(tables, faults)
    if "sources" in tables:
        _check_rows(tables["sources"], ~_matches(tables["sources"], "file", SURE_FILE), rules.SOURCE_RULES, faults)
    for name in ("claims", "official"):
        if name in tables:
            usual[name] = _check_figures(tables[name], tables, faults)
    if "official" in tables:
        table = tables["official"]
        _check_rows(table, ~_matches(table, "url", SURE_ADDRESS), rules.OFFICIAL_RULES, faults)
    if "claims" in tables:
        _check_repeats(tables["claims"], ("source", "indicator"), faults)
    if "agreements" in tables:
        _check_agreements(tables["agreements"], tables, faults)
    if "relations" in tables:
        _check_relations(tables, faults)
    if "known_disagreements" in tables:
        table = tables["known_disagreements"]
        check_listed(table, "claims", tables.get("claims"), faults)
        everything = pl.repeat(True, table.frame.height, eager=True)
        _check_rows(table, everything, [rules.cause_rule(causes)], faults)
    return usual


def _check_rows(table: Columns, unsure: pl.Series, row_rules: Iterable[rules.Rule], faults: Faults) -> None:
    """Judge the rows of a mask, and every row with a wrong cell, by rules that look at one row each.

    A cell whose value a rule takes out of its row is marked as wrong.
    """
    wrong: dict[str, list[int]] = {}
    chosen = table.frame.with_row_index("at").filter(unsure.fill_null(True) | table.any_faulty())["at"]
    for part in (chosen[start : start + SLICE] for start in range(0, chosen.len(), SLICE)):
        rows = table.table(_mask(table, part))
        for place, row in zip(part, rows.rows, strict=True):
            before = tuple(row.values)
            faults.add_all(problem for rule in row_rules for problem in rule(rows, row))
            for column in before:
                if column not in row.values:
                    wrong.setdefault(column, []).append(place)
    for column, places in wrong.items():
        table.mark(column, _mask(table, pl.Series(places)))


def _check_whatever_is_allowed(tables: Mapping[str, Columns], faults: Faults) -> None:
    """Judge what cells have to be even if the data package allows more: not empty, and ids of rows."""
    for name, table in tables.items():
        needed = [column for column in rules.needed_columns(name, table.fields) if column in table.columns]
        if needed:
            is_full = table.frame.select(pl.all_horizontal(pl.col(column) != "" for column in needed)).to_series()
            _check_rows(table, ~is_full, [rules.needed_rule(needed)], faults)
    for name, column, target in rules.REFERENCES:
        if name in tables and not rules.is_key(column, tables[name].resource):
            check_listed(tables[name], column, tables.get(target), faults)


def _matches(table: Columns, column: str, pattern: str) -> pl.Series:
    return table.frame[column].str.contains(f"^(?:{pattern})$").fill_null(False)


def _mask(table: Columns, places: pl.Series) -> pl.Series:
    return pl.repeat(False, table.frame.height, eager=True).scatter(places, True)


def _sure_indicators(table: Columns) -> pl.Series:
    low, high = (pl.col(name).cast(pl.Int64, strict=False) for name in ("domain_low", "domain_high"))
    in_order = (pl.col("domain_low") == "") | (pl.col("domain_high") == "") | (low <= high).fill_null(False)
    is_doubtful = pl.col("authority").str.contains("unknown", literal=True) & (pl.col("authority") != "unknown")
    return table.frame.select(in_order & ~is_doubtful).to_series()


def _check_figures(table: Columns, tables: Mapping[str, Columns], faults: Faults) -> pl.DataFrame:
    """Judge claims or official figures, each with its indicator, and return what they may stand for."""
    bounds = pl.DataFrame()
    _check_rows(table, ~_sure_written(table), rules.WRITTEN_RULES, faults)
    unsure = ~_sure_figures(table)
    if "indicators" in tables:
        known = tables["indicators"].frame.join(table.frame.select(id="indicator"), on="id", how="semi")
        known = known.unique("id", keep="first", maintain_order=True)
        bounds = bounds_of(table.frame, known)
        unsure = unsure | ~_sure_values(table, known, bounds)
    if not (unsure | table.any_faulty()).any():
        return bounds
    indicators: dict[str, Row] = {}
    if "indicators" in tables:
        named = table.frame.filter(unsure | table.any_faulty())["indicator"].unique().drop_nulls()
        indicators = dict(tables["indicators"].table_of(named).by_id)
    row_rules = [*rules.figure_rules(indicators), *(rules.CLAIM_RULES if table.name == "claims" else ())]
    _check_rows(table, unsure, row_rules, faults)
    return bounds


def _sure_written(table: Columns) -> pl.Series:
    """Return the mask of figures whose id, hedge, kind of period and numbers are surely written as they have to be."""
    sure = _matches(table, "id", rules.NUMBERED.pattern)
    sure = sure & table.frame["hedge"].is_in(list(HEDGES)) & table.frame["period_kind"].is_in(list(KINDS))
    for name in ("value", "precision", "precision_wide"):
        if name in table.frame.columns:
            text = table.frame[name]
            is_short = text.str.len_chars() <= DIGITS
            sure = sure & ((text == "") | (_matches(table, name, rules.FIGURE.pattern) & is_short))
    return sure.fill_null(False)


def _sure_figures(table: Columns) -> pl.Series:
    """Return the mask of figures whose hedge, precision, period and words are surely in order."""
    frame = table.frame
    printed = pl.repeat(True, pl.len())
    if "printed" in frame.columns:
        printed = pl.col("printed").str.count_matches(r"\s+") < rules.MOST_WORDS
    sure = frame.select(printed=printed, precision=_sure_precision("precision_wide" in frame.columns))  # side by side
    return (sure["printed"] & sure["precision"]).fill_null(False) & _sure_periods(table)


def _sure_precision(has_wide: bool) -> pl.Expr:
    """Return an expression for figures whose precision is the default of the value, or has a basis of its own."""
    value, precision, basis, hedge = (pl.col(name) for name in ("value", "precision", "precision_basis", "hedge"))
    is_whole, is_decimal = value.str.contains("^-?[0-9]+$"), value.str.contains(r"^-?[0-9]+\.[0-9]+$")
    places = value.str.len_chars() - value.str.find(".", literal=True) - 1
    steps = {place: f"0.{'0' * (place - 1)}1" for place in range(1, 13)}
    zeros = value.str.len_chars() - value.str.strip_chars_end("0").str.len_chars()
    tens = {zero: f"1{'0' * zero}" for zero in range(13)}
    default = (
        pl.when(is_decimal)
        .then(places.replace_strict(steps, default=None, return_dtype=pl.String))
        .when(is_whole & value.str.contains("[1-9]"))
        .then(zeros.replace_strict(tens, default=None, return_dtype=pl.String))
        .when(is_whole)
        .then(pl.lit("1"))
    )
    is_round = pl.col("unit").is_in(["percent", "percentage_points"]) & (hedge == "none") & is_whole & (default != "1")
    by_default = (basis == "default") & (precision == default) & ~is_round
    is_above_zero = precision.str.contains("[1-9]") & ~precision.str.contains("/", literal=True)
    by_reason = (basis != "") & (basis != "default") & is_above_zero
    no_wide = pl.col("precision_wide") == "" if has_wide else pl.lit(True)
    exact = (hedge != "exact") | is_whole
    return exact & pl.when(hedge.is_in(WIDTHLESS)).then(precision == "").otherwise((by_default | by_reason) & no_wide)


def _sure_periods(table: Columns) -> pl.Series:
    """Return the mask of figures whose period is in order: each distinct period is judged once."""
    parts = ["period_start", "period_end", "period_kind", "period_basis"]
    wrong = table.any_faulty()
    distinct = table.frame.filter(~wrong).select(parts).unique()
    bare = CsvTable(table.name, table.file, table.resource, tuple(parts), ())
    rows = (Row(0, cells, dict(cells)) for cells in distinct.iter_rows(named=True))
    good = [not any(find_period_problems(bare, row)) for row in rows]
    sure = distinct.with_columns(sure=pl.Series(good, dtype=pl.Boolean))
    return table.frame.select(parts).join(sure, on=parts, how="left", maintain_order="left")["sure"].fill_null(False)


def _sure_values(table: Columns, indicators: pl.DataFrame, bounds: pl.DataFrame) -> pl.Series:
    """Return the mask of figures in their indicator's unit and domain, whole where it counts."""
    units = indicators.select(indicator="id", of_indicator="unit", whole=pl.col("integer") == "true")
    facts = table.frame.select("indicator", "unit").join(units, on="indicator", how="left", maintain_order="left")
    both = pl.concat([facts, bounds], how="horizontal")
    low, high, point = pl.col("domain_low"), pl.col("domain_high"), 2 * pl.col("point")
    inside = ((point >= low) | low.is_null()) & ((point <= high) | high.is_null())
    whole = ~pl.col("whole") | (pl.col("point") % pl.col("scale") == 0)
    sure = pl.col("fits") & (pl.col("unit") == pl.col("of_indicator")) & inside & whole
    return both.select(sure.fill_null(False)).to_series()


def _check_repeats(table: Columns, same: tuple[str, ...], faults: Faults) -> None:
    """Judge the rows that restate another."""
    above = _row_named(table, "repeats", ["repeats", *same])
    alike = [pl.col(name) == pl.col(f"{name}_named") for name in same]
    sure = (pl.col(f"{NUMBER}_named") < pl.col(NUMBER)) & (pl.col("repeats_named") == "")
    unsure = above.filter(~pl.all_horizontal(sure, *alike).fill_null(False))
    rule = partial(rules.find_repeat_problems, same=same)
    _check_with_named(table, unsure, "repeats", rule, faults)


def _row_named(table: Columns, column: str, others: list[str]) -> pl.DataFrame:
    """Return the rows that name another in a column, each with the cells of the first row of that id, if any."""
    wanted = list(dict.fromkeys([NUMBER, table.key, column, *others]))
    cells = table.frame.select(wanted).filter(pl.col(column) != "")
    ids = table.frame.select(wanted).filter(pl.col(table.key).is_in(cells[column].unique().implode()))
    first = ids.unique(table.key, keep="first", maintain_order=True)
    return cells.join(first, left_on=column, right_on=table.key, suffix="_named", coalesce=False, maintain_order="left")


def _check_with_named(table: Columns, unsure: pl.DataFrame, column: str, rule: Callable, faults: Faults) -> None:
    """Judge rows together with those that they name in a column."""
    for part in unsure.iter_slices(SLICE):
        named = table.frame[table.key].is_in(part[column].unique().implode())
        rows = table.table((table.frame[NUMBER].is_in(part[NUMBER].implode()) | named).fill_null(False))
        own = {*part[NUMBER]}
        faults.add_all(problem for problem in rule(rows) if problem.row in own)


def _check_agreements(table: Columns, tables: Mapping[str, Columns], faults: Faults) -> None:
    _check_repeats(table, ("source",), faults)
    is_own = pl.col("list").str.starts_with(pl.col("source") + ".")
    is_one = (pl.col("list_kind").n_unique() == 1) & (pl.col("status").n_unique() == 1)
    lists = table.frame.select(sure=(is_own.all() & is_one).over("list")).to_series().fill_null(False)
    if not lists.all():
        faults.add_all(rules.find_list_problems(table.table(~lists)))
    place = _row_named(table, "within", ["source", "within", "repeats"])
    is_above = (pl.col(f"{NUMBER}_named") < pl.col(NUMBER)) & (pl.col("source_named") == pl.col("source"))
    is_counted = (pl.col("within_named") == "") & (pl.col("repeats_named") == "")
    unsure = place.filter(~(is_above & is_counted).fill_null(False))
    _check_with_named(table, unsure, "within", rules.find_within_problems, faults)
    check_listed(table, "sectors", tables.get("sectors"), faults)


def _check_relations(tables: Mapping[str, Columns], faults: Faults) -> None:
    table = tables["relations"]
    unsure = ~sure_relations(tables) | table.any_faulty()
    chosen = unsure.arg_true()
    for part in (chosen[start : start + SLICE] for start in range(0, chosen.len(), SLICE)):
        rows = table.table(_mask(table, part))
        figures, indicators = context_of(rows, tables)
        problems = (find_relation_problems(rows, row, figures, indicators) for row in rows.rows)
        faults.add_all(problem for own in problems for problem in own)
