"""Verdicts on columns: the words that the exact path has, on random ledgers, in whole and in parts."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from claims.judging.judge import word_of_group, word_of_relation
from claims.judging.large_groups import judge_groups
from claims.judging.large_relations import judge_large_relations
from claims.ledger.intervals import OF_RANGES, WIDTHLESS, Reading, exact_text
from claims.ledger.large import LargeLedger, load_large_ledger
from claims.ledger.loading import load_ledger
from claims.ledger.model import TABLES, Ledger, columns_of
from claims.tables.columns import NUMBER, Columns
from hypothesis import given, settings
from hypothesis import strategies as st
from large_ledger import write_ledger
from made_up import INDICATORS

READINGS = (
    Reading(),
    Reading(rounding="half_even", hedge_width=Fraction(1, 3)),
    Reading(rounding="truncation", words="wide"),
    Reading(tolerance_pct=Fraction(5, 2), hedge_width=Fraction(3, 2)),
)
HEDGED = ("none", "none", "none", "more_than", "less_than", "nearly", "about", "at_least", "at_most")
PERIODS = (
    ("2022-01-01", "2022-12-31", "year"),
    ("2023-01-01", "2023-12-31", "year"),
    ("2023-01-01", "2023-03-31", "quarter"),
    ("", "2023-06-30", "moment"),
    ("2020-01-01", "2023-12-31", "window"),
)
SHAPES = (  # type, period rule, and the indicators that its roles can be on
    ("growth_of", "same", {"growth": ("trade_growth",), "last": ("trade", "exports"), "first": ("trade",)}),
    ("growth_of", "same", {"growth": ("trade_growth", "balance_growth"), "last": ("trade", "balance")}),
    ("growth_of", "covers", {"growth": ("trade_growth",), "last": ("trade",)}),
    ("growth_of", "same", {"growth": ("share_change",), "last": ("trade_share",), "first": ("trade_share",)}),
    ("multiple_of", "same", {"multiple": ("trade_multiple",), "last": ("trade",), "first": ("trade", "balance")}),
    ("multiple_of", "same", {"multiple": ("trade_multiple",), "first": ("trade",)}),
    ("share_of", "same", {"share": ("trade_share",), "part": ("exports",), "total": ("trade", "imports")}),
    ("share_of", "same", {"share": ("trade_share",), "part": ("exports",)}),
    ("part_of", "same", {"part": ("exports", "balance", "trade"), "total": ("trade",)}),
    ("part_of", "within", {"part": ("trade",), "total": ("trade", "projects")}),
    ("annualised", "within", {"quarter": ("trade",), "year": ("trade", "exports")}),
    ("at_most", "across", {"smaller": ("exports", "balance"), "larger": ("trade", "balance")}),
    ("sum_of", "same", {"total": ("trade", "balance"), "parts": ("exports", "imports")}),
    ("rate_times_time", "same", {"rate": ("gas_rate",), "time": ("gas_years",), "total": ("gas_total",)}),
    ("rate_times_time", "same", {"time": ("gas_years",), "total": ("gas_total",)}),
    ("converted", "same", {"amount": ("trade_euro",), "rate": ("euro_rate",), "total": ("trade", "exports")}),
    ("duration", "same", {"duration": ("gas_years",), "start": ("first_year",), "end": ("last_year",)}),
    ("not_comparable", "differs: made up", {"a": ("trade",), "b": ("exports",)}),
)
UNITS = {one.id: one for one in INDICATORS}


def table(name: str, rows: list[dict[str, str]]) -> Columns:
    """Return rows as a table of a large ledger, with everything else empty."""
    names = list(columns_of(TABLES[name]))
    kinds = {
        "multiplier": "number",
        "line": "integer",
        "domain_low": "number",
        "domain_high": "number",
        "integer": "boolean",
    }
    fields = [{"name": one, "type": kinds.get(one, "string")} for one in names]
    fields = [{**one, "delimiter": ";"} if one["name"] in ("authority", "isic") else one for one in fields]
    resource = {"name": name, "path": f"{name}.csv", "schema": {"fields": fields, "primaryKey": ["id"]}}
    cells = [{one: row.get(one, "") for one in names} for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_row_index(NUMBER, offset=2)
    return Columns(name, f"{name}.csv", resource, frame)


def indicator_row(id: str) -> dict[str, str]:
    one = UNITS[id]
    ends = {
        name: "" if end is None else exact_text(end)
        for name, end in (("domain_low", one.domain_low), ("domain_high", one.domain_high))
    }
    return {
        "id": id,
        "unit": one.unit,
        "kind": one.kind,
        "integer": str(one.integer).lower(),
        "flow_or_stock": "flow",
        **ends,
    }


@st.composite
def claims(draw, id: str, indicator: str) -> dict[str, str]:
    """Draw a claim on an indicator, mostly on round values that meet those of others."""
    one, hedge = UNITS[indicator], draw(st.sampled_from(HEDGED))
    if one.integer:
        value, precision = str(draw(st.integers(1, 60))), "1"
    else:
        values = ["1", "2", "10", "10.0", "10.4", "12", "25", "40", "100", "1/3", "0.5"]
        ranges = ["9..11", "10.5..12"] if hedge in OF_RANGES else []
        value = draw(st.sampled_from(values + ranges))
        precision = draw(st.sampled_from(["1", "0.1", "5", "1/30"]))
    if indicator in ("balance", "balance_growth", "trade_growth") and ".." not in value and draw(st.booleans()):
        value = f"-{value}"
    wide = draw(st.sampled_from(["", "", "", "9"]))
    start, end, kind = draw(st.sampled_from(PERIODS))
    multiplier = draw(st.sampled_from(["1", "1", "10", "1000000000"])) if one.unit in ("USD", "m3") else "1"
    is_exact = hedge in WIDTHLESS
    return {
        "id": id,
        "indicator": indicator,
        "value": value,
        "multiplier": multiplier,
        "unit": one.unit,
        "hedge": hedge,
        "source": "S1",
        "precision": "" if is_exact else precision,
        "precision_wide": "" if is_exact else wide,
        "line": "1",
        "period_start": start,
        "period_end": end,
        "period_kind": kind,
        "period_basis": "stated",
    }


@st.composite
def large_ledgers(draw) -> LargeLedger:
    """Draw claims on a few indicators, and relations of every shape between them."""
    rows: list[dict[str, str]] = []

    def printed(indicator: str) -> str:
        same = [row["id"] for row in rows if row["indicator"] == indicator]
        if same and draw(st.integers(0, 2)):
            return draw(st.sampled_from(same))
        rows.append(draw(claims(f"c{len(rows):03}", indicator)))
        return rows[-1]["id"]

    relations = []
    for number in range(draw(st.integers(1, 6))):
        kind, rule, roles = draw(st.sampled_from(SHAPES))
        ids = {role: printed(draw(st.sampled_from(choices))) for role, choices in roles.items()}
        if kind == "sum_of":
            ids["parts"] += f"+{printed('imports')}"
        if len(set("+".join(ids.values()).split("+"))) < len("+".join(ids.values()).split("+")):
            continue  # a claim cannot be confronted with itself
        operands = "; ".join(f"{role}={id}" for role, id in ids.items())
        relations.append(
            {"id": f"r{number}", "type": kind, "operands": operands, "period_rule": rule, "reason": "drawn"}
        )
    for _ in range(draw(st.integers(0, 4))):
        rows.append(draw(claims(f"c{len(rows):03}", "trade")))
    return ledger_of(rows, relations)


def ledger_of(rows: list[dict[str, str]], relations: list[dict[str, str]]) -> LargeLedger:
    parts = {"claims": rows, "relations": relations, "indicators": [indicator_row(one) for one in UNITS]}
    parts["sources"] = [{"id": "S1", "name": "one", "short_name": "one"}]
    return LargeLedger({name: table(name, own) for name, own in parts.items()}, {})


def small(ledger: LargeLedger) -> Ledger:
    """Return the whole of a large ledger as objects."""
    return ledger.part(ledger.claims["id"].to_list(), ledger.tables["relations"].frame["id"].to_list())


def group_words(ledger: LargeLedger, reading: Reading) -> dict[str, tuple]:
    columns = ("quantity", "verdict", "low", "low_closed", "high", "high_closed")
    return {id: tuple(own) for id, *own in judge_groups(ledger, reading).select(columns).iter_rows()}


def exact_group_words(ledger: Ledger, reading: Reading) -> dict[str, tuple]:
    words = {}
    for key, own in ledger.groups.items():
        if len(own) > 1:
            word, common = word_of_group(own, ledger, reading)
            ends = [(common.low, common.low_closed), (common.high, common.high_closed)]
            shown = [
                ("", False) if end is None or common.is_empty else (exact_text(end), closed) for end, closed in ends
            ]
            words[key] = (word, *shown[0], *shown[1])
    return words


@settings(max_examples=10, deadline=None)
@given(large_ledgers(), st.sampled_from(READINGS))
def test_random_ledgers_have_the_exact_words(ledger, reading):
    exact = small(ledger)
    assert group_words(ledger, reading) == exact_group_words(exact, reading)
    found = dict(judge_large_relations(ledger, reading).select("relation", "verdict").iter_rows())
    assert found == {id: word_of_relation(exact, one, reading) for id, one in exact.relations.items()}


@pytest.mark.parametrize(
    "reading", [READINGS[0], *(pytest.param(one, marks=pytest.mark.torture) for one in READINGS[1:])]
)
def test_the_real_ledger_has_the_exact_words(reading):
    ledger, exact = load_large_ledger(), load_ledger()
    assert group_words(ledger, reading) == exact_group_words(exact, reading)
    found = dict(judge_large_relations(ledger, reading).select("relation", "verdict").iter_rows())
    assert found == {id: word_of_relation(exact, one, reading) for id, one in exact.relations.items()}


def test_most_relations_are_decided_in_numbers(tmp_path):
    ledger = load_large_ledger(write_ledger(tmp_path / "large", claims=500))
    by = dict(judge_large_relations(ledger)["decided_by"].value_counts().iter_rows())
    assert by["numbers"] > 20 * by.get("network", 0)


def test_parts_have_together_the_verdicts_of_the_whole(tmp_path):
    ledger = load_large_ledger(write_ledger(tmp_path / "large", claims=500))
    whole = judge_groups(ledger).sort("quantity")
    parts = pl.concat(judge_groups(ledger.partition(number, 3)) for number in range(3)).sort("quantity")
    assert whole.height > 30
    assert parts.equals(whole)


def test_figures_too_large_for_64_bits_are_judged_exactly():
    row = {"indicator": "trade", "unit": "USD", "multiplier": "1", "source": "S1", "line": "1", "hedge": "none"}
    row |= {"precision": "1", "period_start": "2023-01-01", "period_end": "2023-12-31", "period_kind": "year"}
    huge = "9" * 40
    rows = [{**row, "id": "c1", "value": huge}, {**row, "id": "c2", "value": huge[:-1] + "7"}]
    assert judge_groups(ledger_of(rows, []))["verdict"].to_list() == ["inconsistent"]
    rows[1]["value"] = huge
    judged = judge_groups(ledger_of(rows, []))
    assert judged.select("verdict", "low").row(0) == ("consistent", f"{huge[:-1]}8.5")


def test_touching_intervals_share_nothing_in_numbers():
    row = {"indicator": "trade", "unit": "USD", "multiplier": "1", "source": "S1", "line": "1", "hedge": "none"}
    row |= {"precision": "1", "period_start": "2023-01-01", "period_end": "2023-12-31", "period_kind": "year"}
    rows = [{**row, "id": "c1", "value": "41"}, {**row, "id": "c2", "value": "42"}]
    assert judge_groups(ledger_of(rows, []))["verdict"].to_list() == ["inconsistent"]
    rows[1] = {**rows[1], "value": "41.4", "precision": "0.1"}
    judged = judge_groups(ledger_of(rows, [])).select("verdict", "low", "high", "high_closed").row(0)
    assert judged == ("consistent by rounding", "41.35", "41.45", False)
