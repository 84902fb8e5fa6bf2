"""What relations come to in a ledger of a million claims: joins on ids, then whole numbers cross-multiplied.

`ratios` decides what is sure. What is not (things that are counted, rates over time, lengths between dates, and where
several figures are printed for what a row leaves out) is judged as in a small ledger, with the rows that takes. Either
way the word is the one that `judge_relations` has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from claims.judging.constraints import ORDER
from claims.judging.judge import word_of_relation
from claims.judging.ratios import DECIDED, Scaled, agrees, fits, leaves_plausible_rest
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, NOT_COMPARABLE, UNDECIDED
from claims.ledger.intervals import Reading
from claims.ledger.large import PERIOD_KEY, LargeLedger
from claims.ledger.large_relation_rules import operands_of
from claims.ledger.relation_rules import DIFFERS

__all__ = ["judge_large_relations"]

SLICE = 2_000  # relations that are judged as objects at a time
# What a row may leave out: the role, beside which other one, and where its figures then are.
LEFT_OUT = {"growth_of": ("growth", "last", "first"), "multiple_of": ("multiple", "last", "first")}
NEVER_PRINTED = {"share_of": ("part", "total"), "rate_times_time": ("rate",)}
_BOUNDS = ("scale", "point", "step", "low", "high", "domain_low", "domain_high")
_FIGURE = ("quantity", "unit", *_BOUNDS, "whole", "flow", "days")


@dataclass(frozen=True)
class _Row:
    """A relation between claims: its place in the table, its type, its period rule and its operands by role."""

    at: int
    kind: str
    rule: str
    operands: Mapping[str, tuple[str, ...]]


def judge_large_relations(ledger: LargeLedger, reading: Reading | None = None) -> pl.DataFrame:
    """Return the verdict on every relation between claims, in the order of the file.

    Columns: relation, type, verdict, decided_by ("numbers", or "network" where a small ledger was made of it).
    """
    reading = reading or Reading()
    table = ledger.tables["relations"].frame.with_row_index("at")
    named = operands_of(table)
    beyond = named.join(ledger.claims.select("id"), left_on="operand", right_on="id", how="anti")["at"].unique()
    table = table.filter(~pl.col("at").is_in(beyond.implode()))
    words: dict[int, str | None] = {}
    differs = pl.col("period_rule").str.starts_with(DIFFERS) | (pl.col("type") == "not_comparable")
    words |= dict.fromkeys(table.filter(differs)["at"], NOT_COMPARABLE)
    compared = table.filter(~differs)
    rows = list(_rows(compared, named.join(compared.select("at"), on="at", how="semi")))
    words |= _Numbers(ledger, reading).words(rows)
    left = [row.at for row in rows if words[row.at] is None]
    ids = dict(table.select("at", "id").iter_rows())
    for start in range(0, len(left), SLICE):
        part = {at: ids[at] for at in left[start : start + SLICE]}
        words |= _words_of_network(ledger, part, reading)
    found = pl.DataFrame(
        {"at": list(words), "verdict": list(words.values())}, schema={"at": pl.UInt32, "verdict": pl.String}
    )
    by = pl.when(pl.col("at").is_in(left)).then(pl.lit("network")).otherwise(pl.lit("numbers"))
    whole = table.select("at", "type", relation="id").join(found, on="at", how="left", maintain_order="left")
    return whole.select("relation", "type", "verdict", decided_by=by)


def _rows(table: pl.DataFrame, named: pl.DataFrame) -> Iterator[_Row]:
    by_role = named.group_by("at", "role", maintain_order=True).agg("operand")
    operands: dict[int, dict[str, tuple[str, ...]]] = {}
    for at, role, ids in by_role.iter_rows():
        operands.setdefault(at, {})[role] = tuple(ids)
    for at, kind, rule in table.select("at", "type", "period_rule").iter_rows():
        yield _Row(at, kind, rule, operands[at])


class _Numbers:
    """Judges relations in whole numbers, as far as that is sure."""

    def __init__(self, ledger: LargeLedger, reading: Reading) -> None:
        self.ledger, self.reading = ledger, reading

    def words(self, rows: list[_Row]) -> dict[int, str | None]:
        """Return the word of each relation by its place, None where it is not sure."""
        printed = self._printed_for_left_out(rows)
        complete: list[_Row] = []
        words: dict[int, str | None] = {}
        for row in rows:
            ids = self._left_out(row, printed)
            words[row.at] = UNDECIDED if ids == () else None
            if ids is None:
                complete.append(row)
            elif len(ids) == 1:
                role = next(role for role in LEFT_OUT[row.kind][1:] if role not in row.operands)
                complete.append(replace(row, operands={**row.operands, role: ids}))
        complete = [row for row in complete if row.kind in DECIDED]
        figures = self._figures(complete, self.reading)
        failing = []
        for row in complete:
            words[row.at] = self._word(row, figures)
            if words[row.at] == INCONSISTENT:
                failing.append(row)
        wide = self._figures(failing, replace(self.reading, widest=True))
        for row in failing:
            words[row.at] = self._word_of_failure(row, wide)
        return words

    def _word(self, row: _Row, figures: Mapping[str, Scaled]) -> str | None:
        roles = _roles(row, figures)
        holds = None if roles is None else fits(row.kind, roles)
        if roles is None or holds is None:
            return None
        if not holds:
            return INCONSISTENT
        if row.kind in ORDER and row.rule == "within" and not leaves_plausible_rest(row.kind, roles):
            return None
        is_agreed = agrees(row.kind, roles, self.reading.rounding)
        return None if is_agreed is None else CONSISTENT if is_agreed else BY_ROUNDING

    def _word_of_failure(self, row: _Row, figures: Mapping[str, Scaled]) -> str | None:
        roles = _roles(row, figures)
        holds = None if roles is None else fits(row.kind, roles)
        if roles is None or holds is None:
            return None
        smaller = roles[ORDER[row.kind][0]][0] if row.kind in ORDER else None
        is_part = row.kind != "at_most" or row.rule == "within"
        may_be_negative = smaller is not None and is_part and (smaller.least is None or smaller.least < 0)
        return UNDECIDED if holds or may_be_negative else INCONSISTENT

    def _left_out(self, row: _Row, printed: Mapping[int, tuple[str, ...]]) -> tuple[str, ...] | None:
        """Return the claims printed for the operand that a relation leaves out; None if it leaves out none."""
        if row.kind in NEVER_PRINTED and any(role not in row.operands for role in NEVER_PRINTED[row.kind]):
            return ()
        if row.kind in LEFT_OUT and any(role not in row.operands for role in LEFT_OUT[row.kind]):
            return printed.get(row.at, ())
        return None

    def _printed_for_left_out(self, rows: Iterable[_Row]) -> dict[int, tuple[str, ...]]:
        """Return by place the claims on the quantity that a rate leaves out: its level a year before, or after."""
        wanted = []
        for row in rows:
            if row.kind in LEFT_OUT and row.rule != "covers":
                rate, last, first = LEFT_OUT[row.kind]
                if first not in row.operands:
                    wanted.append((row.at, row.operands[last][0], row.operands[last][0], True))
                elif last not in row.operands:
                    wanted.append((row.at, row.operands[first][0], row.operands[rate][0], False))
        names = {"at": pl.Int64, "level": pl.String, "dated": pl.String, "before": pl.Boolean}
        claims = self.ledger.claims
        asked = pl.DataFrame(wanted, schema=names, orient="row").join(
            claims.select(level="id", of="indicator"), on="level"
        )
        asked = asked.join(claims.select("^period_.*$", dated="id"), on="dated")
        is_dated = pl.when("before").then(pl.col("period_kind").is_in(["year", "quarter"]))
        asked = asked.filter(is_dated.otherwise(pl.col("period_kind") != "undated")).with_columns(
            pl.when("before").then(_year_before(pl.col(name))).otherwise(name).alias(name)
            for name in ("period_start", "period_end")
        )
        keys = asked.select("at", quantity=pl.concat_str("of", pl.lit(":"), PERIOD_KEY))
        found = keys.join(claims.select("quantity", "id"), on="quantity").group_by("at").agg("id")
        return {at: tuple(ids) for at, ids in found.iter_rows()}

    def _figures(self, rows: Iterable[_Row], reading: Reading) -> dict[str, Scaled]:
        """Return the figures of relations by id, those that fit in scaled integers."""
        ids = pl.Series(sorted({id for row in rows for own in row.operands.values() for id in own}), dtype=pl.String)
        indicators = self.ledger.tables["indicators"].frame.select(
            indicator="id", whole=pl.col("integer") == "true", flow=pl.col("flow_or_stock") == "flow"
        )
        start, end = (pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in ("period_start", "period_end"))
        is_stretch = ~pl.col("period_kind").is_in(["moment", "horizon"])
        days = pl.when(is_stretch).then((end - start).dt.total_days() + 1).fill_null(0)
        figures = self.ledger.with_bounds(self.ledger.claims["id"].is_in(ids.implode()), reading).filter("fits")
        both = figures.join(indicators, on="indicator").with_columns(days=days)
        return {id: Scaled(*parts) for id, *parts in both.select("id", *_FIGURE).iter_rows()}


def _year_before(day: pl.Expr) -> pl.Expr:
    """Return ISO dates a year earlier."""
    year = day.str.slice(0, 4).cast(pl.Int32, strict=False) - 1
    return pl.concat_str(year.cast(pl.String), day.str.slice(4))


def _roles(row: _Row, figures: Mapping[str, Scaled]) -> dict[str, list[Scaled]] | None:
    """Return the figures of a relation by role, None if one does not fit in scaled integers."""
    if not all(id in figures for own in row.operands.values() for id in own):
        return None
    return {role: [figures[id] for id in own] for role, own in row.operands.items()}


def _words_of_network(ledger: LargeLedger, relations: Mapping[int, str], reading: Reading) -> dict[int, str | None]:
    """Return the words of relations by place, judged as in a small ledger with all claims on their indicators."""
    frame = ledger.tables["relations"].frame.with_row_index("at").filter(pl.col("at").is_in(list(relations)))
    named = operands_of(frame)["operand"].unique()
    indicators = ledger.claims.filter(pl.col("id").is_in(named.implode()))["indicator"].unique()
    claims = ledger.claims.filter(pl.col("indicator").is_in(indicators.implode()))["id"]
    small = ledger.part(claims.to_list(), relations.values())
    return {at: word_of_relation(small, small.relations[id], reading) for at, id in relations.items()}
