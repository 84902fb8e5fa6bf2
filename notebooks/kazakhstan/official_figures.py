"""What do official statistics say? The two series (`mirror`) as tables, figures and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase
from claims.judging.verdict import CONSISTENT, INCONSISTENT
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Period
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.show.charts import each_row
from claims.words.labels import claim_text, listed
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import ranged

from kazakhstan.fit import Crossed, Nearest
from kazakhstan.mirror import (
    CHINA,
    DIRECTIONS,
    EXPLAINS,
    EXPORTS,
    FLOWS,
    IMPORTS,
    IN_PART,
    KAZAKHSTAN,
    OPEN,
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

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "crossed_sentence",
    "crossed_table",
    "flows_sentence",
    "flows_table",
    "gaps_alt",
    "gaps_drawn",
    "gaps_title",
    "nearest_table",
    "over_time",
    "over_time_alt",
    "over_time_title",
    "rest_sentence",
    "shown",
    "turnover_table",
]


def over_time(ledger: Ledger, pairs: Iterable[Pair], reading: Reading) -> pd.DataFrame:
    """Return yearly trade to draw, a row per figure: side ("" of a text), source, label, year, point, low, high, from.

    Texts come once per figure and year, in US dollars; a bound that is not there is drawn at the point.
    """
    import pandas as pd

    yearly = [pair for pair in pairs if pair.period.kind == "year"]
    sides = [
        _drawn(ledger, level, side, SIDES[side], pair.period, reading)
        for side, own in ((CHINA, "china"), (KAZAKHSTAN, "kazakhstan"))
        for pair in yearly
        if (level := getattr(pair, own)) is not None
    ]
    first: dict[tuple, Claim] = {}
    for claim in ledger.of(TURNOVER):
        if claim.period.kind == "year" and claim.id not in ledger.official:
            first.setdefault((claim.period.key, claim.source, claim.point, claim.hedge), claim)
    texts = [_drawn(ledger, claim, "", claim.source, claim.period, reading) for claim in first.values()]
    return pd.DataFrame([*sides, *sorted(texts, key=lambda row: (row["year"], row["source"]))])


def _drawn(ledger: Ledger, level: Level, side: str, label: str, period: Period, reading: Reading) -> dict:
    span = span_of(ledger, level, reading)
    low, high = (float(point(level) if end is None else end) for end in (span.low, span.high))
    source = level.source if isinstance(level, Claim) and not side else ""
    year = int(period.key)
    said = {"side": side, "source": source, "label": label, "year": year, "point": float(point(level))}
    return {**said, "low": low, "high": high, "from": level.id}


def over_time_title(pairs: Sequence[Pair], near: Sequence[Nearest]) -> str:
    """Return a sentence template: how far the series lie apart, and whose level the texts' yearly figures are near."""
    compared = [pair for pair in pairs if pair.ratio and pair.period.kind == "year"]
    ratios = sorted(compared, key=lambda pair: point(pair.ratio))
    least, most = (pair.ratio.id for pair in (ratios[0], ratios[-1]) if pair.ratio)
    yearly = [one for one in near if one.claim.period.kind == "year" and len(one.levels) == len(SIDES)]
    sides = {one.side for one in yearly}
    said = f"Chinese customs count {{{least}}} to {{{most}}} times the trade that Kazakh statistics count"
    return said + (f"; the texts' yearly totals lie near {SIDES[sides.pop()]}" if len(sides) == 1 else "")


def over_time_alt(drawn: pd.DataFrame) -> Phrase:
    """Return the alt text of the figure of `over_time`: every figure of each series, and of the texts, by year."""
    told_of = phrase("Lines for both series and dots for the texts, each on its interval.")
    for side in (*SIDES, ""):
        rows = drawn[drawn["side"] == side]
        what = SIDES.get(side, "The texts")
        shown = [
            phrase(
                "{year} {value}",
                year=Marked(str(row.year), "date"),
                value=Link(f"${row.point / 1e9:.3g} billion", anchor(row.origin)),
            )
            for row in each_row(rows.rename(columns={"from": "origin"}))
        ]
        told_of = told_of + f" {what}: " + listed_phrases(shown) + "."
    return told_of


def gaps_drawn(found: Iterable[Flow]) -> pd.DataFrame:
    """Return the symmetric gaps to draw: label, side (the exporter), word, point, low, high (percent), from."""
    import pandas as pd

    rows = []
    for flow in found:
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


def gaps_title(found: Sequence[Flow]) -> str:
    """Return a sentence template on the direction of the gaps: what transport can explain, and what it cannot."""
    words = {name: {flow.word for flow in found if flow.indicator == name} for name in FLOWS}
    wrong = [name for name, said in words.items() if said == {WRONG_WAY}]
    if len(wrong) == 1:
        largest = max((flow for flow in found if flow.indicator == wrong[0]), key=lambda flow: point(flow.difference))
        return (
            f"Freight and insurance explain none of the gap from {DIRECTIONS[wrong[0]]}: the exporter's figure is the "
            f"larger in every year, by up to {{{largest.difference.id}}}"
        )
    return "How far the two sides' figures for one flow lie apart"


def gaps_alt(found: Iterable[Flow]) -> Phrase:
    """Return the alt text of the figure of gaps: every flow with its gap and the word on it."""
    told_of = phrase("Dots on intervals, a row a flow and year; shaded is what freight and insurance explain.")
    for flow in found:
        what = Link(f"{DIRECTIONS[flow.indicator]}, {flow.period.label}", flow.symmetric.anchor)
        told_of = told_of + phrase(" {what}: {gap}, {word}.", what=what, gap=flow.symmetric, word=flow.word)
    return told_of


def shown(ledger: Ledger, level: Level | None) -> Level | Link | Phrase | None:
    """Return a level as a table shows it: as quoted, or with a mark where it is worked out."""
    if not isinstance(level, Finding):
        return level
    quoted = [ledger.claim(id) for id in claims_of(ledger, level) if id in ledger.claims]
    same = next((one for one in quoted if one.point == level.value), None)
    if level.formula:
        return phrase("{level}\u00a0‡", level=level)
    return Link(claim_text(same), level.anchor) if same else level


def turnover_table(ledger: Ledger, pairs: Iterable[Pair]) -> pd.DataFrame:
    """Return the rows of `turnover` as a table: period, both figures, ratio, its range, gaps, others."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "period": Marked(pair.period.label, "date"),
                "china": shown(ledger, pair.china),
                "kazakhstan": shown(ledger, pair.kazakhstan),
                "ratio": pair.ratio,
                "ratio_range": ranged(pair.ratio) if pair.ratio else None,
                "gap_smaller": pair.gap_smaller,
                "gap_larger": pair.gap_larger,
                "others": list({claim_text(claim): claim for claim in pair.others}.values()) or None,
            }
            for pair in pairs
        ]
    )


def flows_table(ledger: Ledger, found: Iterable[Flow]) -> pd.DataFrame:
    """Return the rows of `flows` as a table: flow, period, both figures, ratio, range, logarithm, gap, word."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "flow": Link(DIRECTIONS[flow.indicator], anchor(f"cif_fob:{flow.indicator}:{flow.period.key}")),
                "period": Marked(flow.period.label, "date"),
                "exporter": shown(ledger, flow.exporter),
                "importer": shown(ledger, flow.importer),
                "difference": flow.difference,
                "ratio": flow.ratio,
                "ratio_range": ranged(flow.ratio),
                "log_ratio": flow.log_ratio,
                "symmetric": flow.symmetric,
                "word": flow.word,
            }
            for flow in found
        ]
    )


def nearest_table(ledger: Ledger, near: Iterable[Nearest]) -> pd.DataFrame:
    """Return the rows of `nearest` as a table: figure, text, period, how far from each series, and which it may be."""
    import pandas as pd

    rows = []
    for one in near:
        may = [SIDES[side] for side, within in one.within.items() if within]
        alone = ", no other" if len(one.levels) == 1 else ""
        row = {
            "figure": one.claim,
            "text": Link(one.claim.source, one.claim.source),
            "period": Marked(one.claim.period.label, "date"),
            "may": (" and ".join(may) if may else "neither") + alone,
        }
        for side in SIDES:
            row[side] = shown(ledger, one.levels.get(side))
            row[f"{side}_distance"] = ranged(one.distances[side]) if side in one.distances else None
        rows.append(row)
    return pd.DataFrame(rows)


def crossed_table(ledger: Ledger, found: Iterable[Crossed]) -> pd.DataFrame:
    """Return the rows of `crossed` as a table: year, level, growth, whose each is, implied and quoted level before."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "year": Marked(one.year, "date"),
                "level": shown(ledger, one.level),
                "level_side": SIDES[one.level_side],
                "growth": one.growth,
                "growth_side": SIDES[one.growth_side],
                "implied": ranged(one.implied),
                "before": shown(ledger, one.before),
                "fits": "yes" if one.word == CONSISTENT else "no",
            }
            for one in found
        ]
    )


def crossed_sentence(ledger: Ledger, found: Sequence[Crossed]) -> str:
    """Return a sentence template: whether rates fit their own series, and the worst misfit with the other."""
    if not found:
        return "No page quotes what it takes to set a rate of a series against a level of the other."
    own, other = ([one for one in found if (one.growth_side == one.level_side) is same] for same in (True, False))
    fitting = all(one.word == CONSISTENT for one in own)
    said = "Every rate that can be tested fits the levels of its own series. " if own and fitting else ""
    misfits = [one for one in other if one.word == INCONSISTENT]
    if not misfits:
        return said + "None contradicts the levels of the other series."
    worst = max(misfits, key=lambda one: abs(float(point(one.implied)) / float(point(one.before)) - 1))
    growth, level, before = (_linked(ledger, one) for one in (worst.growth, worst.level, worst.before))
    return (
        f"{said}Put on the levels of the other series, some do not: growth of {growth} by {SIDES[worst.growth_side]} "
        f"on the {level} of {SIDES[worst.level_side]} implies {{{worst.implied.id}:range}} for the year before, where "
        f"{SIDES[worst.level_side]} are quoted with {before}."
    )


def _linked(ledger: Ledger, level: Level) -> str:
    """Return a level as a table shows it, as Markdown."""
    one = shown(ledger, level)
    return (one if isinstance(one, Phrase) else phrase("{one}", one=one or "")).markdown


def rest_sentence(rest: Sequence[Finding]) -> str:
    """Return a sentence template on what `rest_of_year` found."""
    if not rest:
        return "No ratio of a part of a year differs from that of its year."
    return (
        "The ratio of the latest year and that of its earlier months differ: the months after would have a ratio of "
        "{ratio_rest} ({ratio_rest:range}). The figures may be of different dates of publication, or goods were "
        "recorded at different times; no page says."
    )


def flows_sentence(found: Sequence[Flow]) -> str:
    """Return a sentence template on each direction: how the importer's figure compares, and what transport explains.

    It ends with how the gap of the latest turnover is made up.
    """
    told_of = []
    for name, direction in DIRECTIONS.items():
        own = [flow for flow in found if flow.indicator == name]
        if not own:
            continue
        low, *_, high = sorted(own, key=lambda flow: point(flow.ratio)) if len(own) > 1 else own * 2
        times = f"{{{low.ratio.id}}} to {{{high.ratio.id}}}"
        said = f"From {direction} the importer's figure is {times} times the exporter's. "
        told_of.append(said + f"Freight and insurance {listed([_explained(own, word) for word in _of(own)])}.")
    return " ".join([*told_of, *_made_up(found)])


def _made_up(found: Sequence[Flow]) -> list[str]:
    """Return a sentence template on the latest year with both flows: what of its gap lies in which."""
    years = {flow.period.key for flow in found if flow.indicator == EXPORTS}
    both = [flow for flow in found if flow.indicator == IMPORTS and flow.period.key in years]
    if not both:
        return []
    last = max(both, key=lambda flow: flow.period.key)
    other = next(flow for flow in found if flow.indicator == EXPORTS and flow.period == last.period)
    return [
        f"In <time>{last.period.label}</time> Chinese customs count {{{last.difference.id}}} more than Kazakh "
        f"statistics in what Kazakhstan imports, and {{{other.difference.id}:size}} more in what it exports."
    ]


def _of(flows: Sequence[Flow]) -> list[str]:
    return [word for word in (EXPLAINS, IN_PART, OPEN, WRONG_WAY) if any(flow.word == word for flow in flows)]


def _explained(flows: Sequence[Flow], word: str) -> str:
    years = [flow.period.label for flow in flows if flow.word == word]
    when = "in every year" if len(years) == len(flows) else "in " + listed([f"<time>{year}</time>" for year in years])
    return f"{_EFFECT[word]} {when}"


_EFFECT = {
    EXPLAINS: "could explain the gap",
    IN_PART: "could explain only a part of it",
    OPEN: "may or may not explain all of it",
    WRONG_WAY: "point the other way",
}
