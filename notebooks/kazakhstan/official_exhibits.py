"""The rows, titles and alt texts of the tables and figures of `official_figures`: two series of one trade."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from claims.content.phrases import Link, Marked, Phrase
from claims.judging.verdict import CONSISTENT
from claims.ledger.model import Ledger
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.labels import claim_text, source_link
from claims.words.sentences import phrase
from claims.words.values import range_link

from kazakhstan.doubtful import DOUBTFUL, is_doubtful
from kazakhstan.fit import Crossed, Nearest
from kazakhstan.mirror import (
    DIRECTIONS,
    SIDES,
    Flow,
    Level,
    Pair,
    claims_of,
)

__all__ = [
    "crossed_table",
    "flows_table",
    "level_cell",
    "marked",
    "nearest_table",
    "turnover_table",
]

Shown = Level | Link | Phrase | None


def level_cell(ledger: Ledger, level: Level | None) -> Shown:
    """Return a level as a cell: as quoted, or with a mark where it is derived (‡) or doubtful (†)."""
    if not isinstance(level, Finding):
        return marked(ledger, level, level)
    if level.formula:
        return marked(ledger, level, phrase("{level}\u00a0‡", level=level))
    quoted = [ledger.claims[id] for id in claims_of(ledger, level) if id in ledger.claims]
    same = [claim for claim in quoted if claim.point == level.value]
    return Link(claim_text(same[0]), level.anchor) if same else level


def marked(ledger: Ledger, level: Level | None, cell: Shown) -> Shown:
    """Return a cell with a mark (†) where the level that it shows is doubtful."""
    if cell is None or not is_doubtful(ledger, level):
        return cell
    return (cell if isinstance(cell, Phrase) else phrase("{cell}\u00a0", cell=cell)) + DOUBTFUL


def turnover_table(ledger: Ledger, pairs: Iterable[Pair]) -> pd.DataFrame:
    """Return the rows of `turnover` as a table: period, both figures, ratio, its range, gaps, others."""
    return pd.DataFrame(
        {
            "period": Marked(pair.period.label, "date"),
            "china": level_cell(ledger, pair.china),
            "kazakhstan": level_cell(ledger, pair.kazakhstan),
            "ratio": marked(ledger, pair.ratio, pair.ratio),
            "ratio_range": range_link(pair.ratio) if pair.ratio else None,
            "gap_smaller": pair.gap_smaller,
            "gap_larger": pair.gap_larger,
            "others": list({claim_text(claim): claim for claim in pair.others}.values()) or None,
        }
        for pair in pairs
    )


def flows_table(ledger: Ledger, flows: Iterable[Flow]) -> pd.DataFrame:
    """Return the rows of `flows` as a table: flow, period, both figures, ratio, range, logarithm, gap, word."""
    return pd.DataFrame(
        {
            "flow": Link(DIRECTIONS[flow.indicator], anchor(f"cif_fob:{flow.indicator}:{flow.period.key}")),
            "period": Marked(flow.period.label, "date"),
            "exporter": level_cell(ledger, flow.exporter),
            "importer": level_cell(ledger, flow.importer),
            "difference": flow.difference,
            "ratio": flow.ratio,
            "ratio_range": range_link(flow.ratio),
            "log_ratio": flow.log_ratio,
            "symmetric": flow.symmetric,
            "word": flow.word,
        }
        for flow in flows
    )


def nearest_table(ledger: Ledger, near: Iterable[Nearest]) -> pd.DataFrame:
    """Return the rows of `nearest` as a table: figure, text, period, how far from each series, and which it may be."""
    rows = []
    for one in near:
        sides = [SIDES[side] for side, within in one.within.items() if within]
        row = {
            "figure": one.claim,
            "text": source_link(one.claim),
            "period": Marked(one.claim.period.label, "date"),
            "may": (" and ".join(sides) or "neither") + (", no other" if len(one.levels) == 1 else ""),
        }
        for side in SIDES:
            row[side] = level_cell(ledger, one.levels.get(side))
            row[f"{side}_distance"] = range_link(one.distances[side]) if side in one.distances else None
        rows.append(row)
    return pd.DataFrame(rows)


def crossed_table(ledger: Ledger, rates: Iterable[Crossed]) -> pd.DataFrame:
    """Return the rows of `crossed` as a table: year, level, growth, whose each is, implied and quoted level before."""
    return pd.DataFrame(
        {
            "year": Marked(rate.year, "date"),
            "level": level_cell(ledger, rate.level),
            "level_side": SIDES[rate.level_side],
            "growth": rate.growth,
            "growth_side": SIDES[rate.growth_side],
            "implied": range_link(rate.implied),
            "before": level_cell(ledger, rate.before),
            "fits": "yes" if rate.word == CONSISTENT else "no",
        }
        for rate in rates
    )
