"""Which figures on one quantity can all be right, for ledgers of a million claims: a group-by on scaled integers.

Figures meet where the highest of their low keys is at most the lowest of their high keys (`ledger.bounds`). A group
with a figure that does not fit in scaled integers is judged as in a small ledger, and every word is the one that
`judge_group` has. A group lies within its indicator, so that ledgers can be cut by indicator and judged in parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from claims.judging.judge import word_of_group
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, UNDECIDED, WORDS
from claims.ledger.bounds import key_interval
from claims.ledger.intervals import Interval, Reading, exact_text
from claims.ledger.large import LargeLedger

__all__ = ["GROUP_COLUMNS", "join_parts", "judge_groups"]

COUNTS = ("claims", "statements", "texts")
GROUP_COLUMNS = ("quantity", "verdict", *COUNTS, "low", "low_closed", "high", "high_closed", "ids")
INTERVAL = ("low", "high", "low_stated", "high_stated")


def judge_groups(ledger: LargeLedger, reading: Reading | None = None) -> pl.DataFrame:
    """Return the verdict on every quantity with two claims or more, the gravest first.

    Columns: quantity, verdict, claims, statements and texts (how many), low and high of what all allow (exact decimals
    or fractions, empty if there is no bound, or nothing is left), whether these belong to it, and ids (a list).
    """
    reading = reading or Reading()
    figures = ledger.with_bounds(ledger.claims["group"].is_duplicated(), reading)
    groups = _groups(figures)
    judged = _judged_by_keys(ledger, groups, figures, reading)
    unfit = groups.filter(~pl.col("fits"))
    if not unfit.is_empty():
        words = pl.DataFrame(list(_words_of_unfit(ledger, unfit, reading)), schema=_WORDS_SCHEMA, orient="row")
        judged = pl.concat([judged, words])
    whole = groups.drop("low", "high").join(judged, on="group")
    return join_parts([whole.select(GROUP_COLUMNS)])


def join_parts(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the verdicts on the parts of a ledger (`LargeLedger.partition`) as those on the whole."""
    gravity = {word: place for place, word in enumerate(WORDS)}
    order = pl.col("verdict").replace_strict(gravity, return_dtype=pl.Int8)
    return pl.concat(parts).sort(order, -pl.col("texts").cast(pl.Int64), "quantity")


_WORDS_SCHEMA = {
    "group": pl.UInt32, "verdict": pl.String, "low": pl.String, "low_closed": pl.Boolean, "high": pl.String,
    "high_closed": pl.Boolean,
}  # fmt: skip


def _groups(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the quantities with their counts, ids, and the keys of what their figures have in common."""
    statement = pl.when(pl.col("repeats") == "").then("id").otherwise("repeats")
    return figures.group_by("group", maintain_order=True).agg(
        quantity=pl.col("quantity").first(),
        claims=pl.len(),
        statements=statement.n_unique(),
        texts=pl.col("source").n_unique(),
        ids=pl.col("id"),
        fits=pl.col("fits").all(),
        scale=pl.col("scale").first(),
        low=pl.col("low").max(),
        high=pl.col("high").min(),
    )


def _judged_by_keys(ledger: LargeLedger, groups: pl.DataFrame, figures: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Return word and common interval of the groups all of whose figures fit."""
    fit = groups.filter(pl.col("fits"))
    meets = (pl.col("low") <= pl.col("high")).fill_null(True)
    agreeing = _agreeing(figures.join(fit.filter(meets).select("group"), on="group", how="semi"))
    apart = fit.filter(~meets).select("group")
    widest = _meeting_at_widest(ledger, figures.join(apart, on="group", how="semi"), reading)
    word = (
        pl.when(~meets & pl.col("group").is_in(widest.implode())).then(pl.lit(UNDECIDED))
        .when(~meets).then(pl.lit(INCONSISTENT))
        .when(pl.col("group").is_in(agreeing.implode())).then(pl.lit(CONSISTENT))
        .otherwise(pl.lit(BY_ROUNDING))
    )  # fmt: skip
    common = {name: pl.when(meets).then(name) for name in ("low", "high")}
    judged = fit.select("group", "scale", verdict=word, **common)
    return _with_bounds(judged)


def _agreeing(figures: pl.DataFrame) -> pl.Series:
    """Return the quantities of which every printed point lies where all figures that are read otherwise allow.

    What the others allow a figure ends at the tightest bound of another interval: of the tightest of all, or, for the
    one interval that has it, at the next.
    """
    distinct = figures.select("group", *INTERVAL).unique()
    low, high = pl.col("low"), pl.col("high")
    ends = distinct.group_by("group").agg(
        low_first=low.max(), low_ties=(low == low.max()).sum(), low_next=low.filter(low < low.max()).max(),
        high_first=high.min(), high_ties=(high == high.min()).sum(), high_next=high.filter(high > high.min()).min(),
    )  # fmt: skip
    others = {
        name: pl.when((pl.col(name) == pl.col(f"{name}_first")).fill_null(False) & (pl.col(f"{name}_ties") == 1))
        .then(f"{name}_next")
        .otherwise(f"{name}_first")
        for name in ("low", "high")
    }
    point = 2 * pl.col("point")
    inside = (point >= others["low"]).fill_null(True) & (point <= others["high"]).fill_null(True)
    both = figures.select("group", "point", "low", "high").join(ends, on="group")
    return both.group_by("group").agg(inside=inside.all()).filter("inside")["group"]


def _meeting_at_widest(ledger: LargeLedger, figures: pl.DataFrame, reading: Reading) -> pl.Series:
    """Return the quantities whose figures have a value in common with every assumed bound at its widest."""
    chosen = ledger.claims["group"].is_in(figures["group"].unique().implode())
    wide = ledger.with_bounds(chosen, replace(reading, widest=True))
    ends = wide.group_by("group").agg(fits=pl.col("fits").all(), low=pl.col("low").max(), high=pl.col("high").min())
    assert ends["fits"].all(), "a figure fits as usually read, and not at its widest"
    return ends.filter((pl.col("low") <= pl.col("high")).fill_null(True))["group"]


def _with_bounds(judged: pl.DataFrame) -> pl.DataFrame:
    """Return keys as exact text, each distinct one worked out once: the only division there is."""
    distinct = judged.select("scale", "low", "high").unique()
    rows = [_interval_row(key_interval(low, high, scale)) for scale, low, high in distinct.iter_rows()]
    names = [name for name in _WORDS_SCHEMA if name not in ("group", "verdict")]
    texts = pl.DataFrame(rows, schema={name: _WORDS_SCHEMA[name] for name in names}, orient="row")
    distinct = pl.concat([distinct, texts.rename({name: f"{name}_text" for name in names})], how="horizontal")
    both = judged.join(distinct, on=["scale", "low", "high"], how="left", nulls_equal=True)
    return both.select("group", "verdict", *(pl.col(f"{name}_text").alias(name) for name in names))


def _interval_row(values: Interval) -> tuple[str, bool, str, bool]:
    low, high = ("" if end is None else exact_text(end) for end in (values.low, values.high))
    return low, bool(low) and values.low_closed, high, bool(high) and values.high_closed


def _words_of_unfit(ledger: LargeLedger, groups: pl.DataFrame, reading: Reading) -> Iterator[tuple]:
    """Yield word and common interval of groups, judged as in a small ledger."""
    small = ledger.part(groups["ids"].explode().to_list())
    for group, ids in groups.select("group", "ids").iter_rows():
        word, common = word_of_group([small.claims[id] for id in ids], small, reading)
        empty = common.is_empty
        yield group, word, *(("", False, "", False) if empty else _interval_row(common))
