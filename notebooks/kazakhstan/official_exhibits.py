"""The rows, titles and alt texts of the tables and figures of `official_figures`: two series of one trade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from claims.content.phrases import Link, Marked, Phrase
from claims.judging.verdict import CONSISTENT
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Period
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.labels import claim_text, source_link
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import range_link

from kazakhstan.doubtful import DOUBTFUL, is_doubtful
from kazakhstan.fit import Crossed, Nearest
from kazakhstan.mirror import (
    CHINA,
    DIRECTIONS,
    FLOWS,
    KAZAKHSTAN,
    SIDES,
    TURNOVER,
    WRONG_WAY,
    Flow,
    Level,
    Pair,
    claims_of,
    ends_of,
    interval_of,
    point,
    span_of,
)

__all__ = [
    "crossed_table",
    "flows_table",
    "gaps_alt",
    "gaps_drawn",
    "gaps_title",
    "level_cell",
    "marked",
    "nearest_table",
    "over_time",
    "over_time_alt",
    "over_time_title",
    "turnover_table",
]

Shown = Level | Link | Phrase | None


def over_time(ledger: Ledger, pairs: Iterable[Pair], reading: Reading) -> pd.DataFrame:
    """Return yearly trade to draw, a row per figure.

    Columns: side ("" of a text), source, label, year, point, low, high, doubtful, from. Texts come once per
    figure and year, in US dollars; a missing bound is drawn at the point.
    """
    yearly = [pair for pair in pairs if pair.period.kind == "year"]
    sides = [
        _drawn(ledger, level, side, SIDES[side], pair.period, reading)
        for side, name in ((CHINA, "china"), (KAZAKHSTAN, "kazakhstan"))
        for pair in yearly
        if (level := getattr(pair, name)) is not None
    ]
    first: dict[tuple, Claim] = {}
    for claim in ledger.of(TURNOVER):
        if claim.period.kind == "year" and claim.id not in ledger.official:
            first.setdefault((claim.period.key, claim.source, claim.point, claim.hedge), claim)
    texts = [_drawn(ledger, claim, "", claim.source, claim.period, reading) for claim in first.values()]
    return pd.DataFrame([*sides, *sorted(texts, key=lambda row: (row["year"], row["source"]))])


def _drawn(ledger: Ledger, level: Level, side: str, label: str, period: Period, reading: Reading) -> dict:
    span, value = span_of(ledger, level, reading), float(point(level))
    return {
        "side": side,
        "source": "" if side else label,
        "label": label,
        "year": int(period.key),
        "point": value,
        "low": value if span.low is None else float(span.low),
        "high": value if span.high is None else float(span.high),
        "doubtful": is_doubtful(ledger, level),
        "from": level.id,
    }


def over_time_title(ledger: Ledger, pairs: Sequence[Pair], near: Sequence[Nearest]) -> str:
    """Return a sentence template: how far the series lie apart, and whose level the texts' yearly figures are near.

    Doubtful figures are left out.
    """
    quoted = (pair.ratio for pair in pairs if pair.ratio and pair.period.kind == "year")
    ratios = sorted((ratio for ratio in quoted if not is_doubtful(ledger, ratio)), key=point)
    yearly = [one for one in near if one.claim.period.kind == "year" and len(one.levels) == len(SIDES)]
    sides = {one.side for one in yearly}
    title = (
        f"Chinese customs count {{{ratios[0].id}}} to {{{ratios[-1].id}}} times the trade that Kazakh statistics count"
    )
    return title + (f"; the texts' yearly totals lie near {SIDES[sides.pop()]}" if len(sides) == 1 else "")


def over_time_alt(drawn: pd.DataFrame) -> Phrase:
    """Return the alt text of the figure of `over_time`: every figure of each series, and of the texts, by year."""
    alt = phrase("Lines for both series and dots for the texts, each on its interval.")
    for side in (*SIDES, ""):
        rows = drawn[drawn["side"] == side]
        figures = [
            phrase(
                "{year} {value}" + " (doubtful)" * doubtful,
                year=Marked(str(year), "date"),
                value=Link(f"${usd / 1e9:.3g} billion", anchor(id)),
            )
            for year, usd, doubtful, id in rows[["year", "point", "doubtful", "from"]].itertuples(index=False)
        ]
        alt = alt + f" {SIDES.get(side, 'The texts')}: " + listed_phrases(figures) + "."
    return alt


def gaps_drawn(flows: Iterable[Flow]) -> pd.DataFrame:
    """Return the symmetric gaps to draw: label, side (the exporter), word, point, low, high (percent), from."""
    rows = []
    for flow in flows:
        low, high = ends_of(interval_of(flow.symmetric))
        rows.append(
            {
                "label": f"{DIRECTIONS[flow.indicator]}, {flow.period.label}",
                "side": FLOWS[flow.indicator][0],
                "word": flow.word,
                "point": float(point(flow.symmetric)),
                "low": float(low),
                "high": float(high),
                "from": flow.symmetric.id,
            }
        )
    return pd.DataFrame(rows)


def gaps_title(flows: Sequence[Flow]) -> str:
    """Return a sentence template on the direction of the gaps: what transport can explain, and what it cannot."""
    wrong = [name for name in FLOWS if {flow.word for flow in flows if flow.indicator == name} == {WRONG_WAY}]
    if len(wrong) == 1:
        differences = [flow.difference for flow in flows if flow.indicator == wrong[0]]
        return (
            f"Freight and insurance explain none of the gap from {DIRECTIONS[wrong[0]]}: the exporter's figure is the "
            f"larger in every year, by up to {{{max(differences, key=point).id}}}"
        )
    return "How far the two sides' figures for one flow lie apart"


def gaps_alt(flows: Iterable[Flow]) -> Phrase:
    """Return the alt text of the figure of gaps: every flow with its gap and the word on it."""
    alt = phrase("Dots on intervals, a row a flow and year; shaded is what freight and insurance explain.")
    for flow in flows:
        what = Link(f"{DIRECTIONS[flow.indicator]}, {flow.period.label}", flow.symmetric.anchor)
        alt += phrase(" {what}: {gap}, {word}.", what=what, gap=flow.symmetric, word=flow.word)
    return alt


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
