"""Two official series of one trade: the statistics of each side, and how far they differ.

What China counts as exports to Kazakhstan, Kazakhstan counts as imports from China: a mirror (Morgenstern, 1963).
Exports are valued free on board (FOB), imports with cost, insurance and freight (CIF), so the importer's figure should
exceed the exporter's by what transport costs, a few percent (Hummels and Lugovskyy, 2006). Figures are as quoted on
pages, so these functions take a ledger that official figures were joined to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from claims.content.phrases import Marked
from claims.judging.verdict import Verdict
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Period, grouped
from claims.ledger.official import join_official
from claims.results.finding import Finding, computed, derive
from claims.words.explanations import Explained
from claims.words.numerals import exact
from claims.words.sentences import phrase
from claims.words.values import range_link

from kazakhstan.doubtful import doubtful_figures

__all__ = [
    "CHINA", "DIRECTIONS", "EXPLAINS", "EXPORTS", "FLOWS", "GAP", "GROWTH", "IMPORTS", "IN_PART", "KAZAKHSTAN", "OPEN",
    "SIDES", "TURNOVER", "WRONG_WAY", "Flow", "Level", "Pair", "add_spans", "authority_of", "cif_fob_word",
    "claims_of", "ends_of", "flows", "interval_of", "joined", "levels_by_side", "point", "series", "slug", "span_of",
    "turnover", "verdicts", "with_doubtful",
]  # fmt: skip

CHINA, KAZAKHSTAN = "china_customs", "kz_statistics"
SIDES = {CHINA: "Chinese customs", KAZAKHSTAN: "Kazakh statistics"}
TURNOVER, GROWTH = "trade_turnover", "trade_turnover_growth"
EXPORTS, IMPORTS = "exports_to_china", "imports_from_china"
FLOWS = {EXPORTS: (KAZAKHSTAN, CHINA), IMPORTS: (CHINA, KAZAKHSTAN)}  # who exports, who imports
DIRECTIONS = {EXPORTS: "Kazakhstan to China", IMPORTS: "China to Kazakhstan"}
GAP = "mirror_gap_imports_from_china"
EXPLAINS, IN_PART, WRONG_WAY, OPEN = "explains", "explains in part", "wrong direction", "undecided"
Level = Claim | Finding
_Levels = dict[tuple[str, str], Level]  # by indicator and the period's key


@dataclass(frozen=True)
class Pair:
    """The turnover of one period in both series; None where no page quotes it.

    `difference` is the Chinese figure less the Kazakh; gaps are over either figure. A figure that is in doubt stands in
    where a series has none (`with_doubtful`).
    """

    period: Period
    china: Level | None
    kazakhstan: Level | None
    others: tuple[Claim, ...]
    difference: Finding | None = None
    ratio: Finding | None = None
    gap_smaller: Finding | None = None
    gap_larger: Finding | None = None


@dataclass(frozen=True)
class Flow:
    """One direction of trade in one period as both sides count it, and what that says of CIF and FOB.

    `difference` is the exporter's figure less the importer's, `ratio` the importer's over the exporter's, `log_ratio`
    its logarithm, `symmetric` the difference over the sum of both, in percent; `word` says whether freight and
    insurance within the band account for the gap.
    """

    indicator: str
    period: Period
    exporter: Level
    importer: Level
    difference: Finding
    ratio: Finding
    log_ratio: Finding
    symmetric: Finding
    word: str


def slug(key: str) -> str:
    """Return the key of a period as a part of an id.

    >>> slug("2023-01-01/2023-10-31")
    '2023_01_01_2023_10_31'
    """
    return key.lower().replace("-", "_").replace("/", "_")


def authority_of(ledger: Ledger, claim: Claim) -> str:
    """Return whose figure a page quotes, "" of a text's own."""
    return ledger.official[claim.id].authority if claim.id in ledger.official else ""


def series(ledger: Ledger, indicator: str, authority: str, reading: Reading) -> dict[str, Level]:
    """Return the figures of an indicator by an authority, by the period's key.

    Of several figures for a period the most precise counts; of equals, one whose page quotes both flows, else the last
    published. Where another cannot be that figure more coarsely rounded (a later page may revise), the range is from
    the lowest to the highest of all. A turnover lies where the flows that are quoted add up to it.
    """
    key = "series", indicator, authority, reading
    if key not in ledger.kept:  # it is asked for by every number worked out from one of its figures
        ledger.kept[key] = _series(ledger, indicator, authority, reading)
    return dict(ledger.kept[key])


def _series(ledger: Ledger, indicator: str, authority: str, reading: Reading) -> dict[str, Level]:
    own = (claim for claim in ledger.of(indicator) if authority_of(ledger, claim) == authority)
    quoted: dict[str, list[Claim]] = grouped(own, lambda claim: claim.period.key)
    levels = {key: _level(ledger, claims, authority, reading) for key, claims in sorted(quoted.items())}
    if indicator == TURNOVER:
        exports, imports = (series(ledger, name, authority, reading) for name in (EXPORTS, IMPORTS))
        for key in levels.keys() & exports.keys() & imports.keys():
            levels[key] = _added_up(ledger, levels[key], exports[key], imports[key], authority, reading)
    return levels


def with_doubtful(ledger: Ledger, indicator: str, authority: str, reading: Reading) -> dict[str, Level]:
    """Return a series, and the doubtful figures for periods of which it has none, by the period's key."""
    return {**doubtful_figures(ledger, indicator, authority), **series(ledger, indicator, authority, reading)}


def _level(ledger: Ledger, claims: Sequence[Claim], authority: str, reading: Reading) -> Level:
    plain = replace(reading, tolerance_pct=Fraction(0))  # a tolerance forgives a difference, and does not undo it
    best = max(claims, key=lambda claim: _preference(ledger, claim, plain))
    if not any((ledger.interval(claim, plain) & ledger.interval(best, plain)).is_empty for claim in claims):
        return best
    spans = [ledger.interval(claim, reading) for claim in claims]
    low = min(spans, key=lambda span: (ends_of(span)[0], not span.low_closed))
    high = max(spans, key=lambda span: ends_of(span)[1])
    return computed(
        f"{best.indicator}_{authority}_{slug(best.period.key)}",
        f"{ledger.indicators[best.indicator].label}, {best.period.label}, {SIDES[authority]}",
        best.point,
        best.unit,
        "the most precise figure quoted; range: from the lowest to the highest quoted",
        Interval(low.low, high.high, low.low_closed, high.high_closed),
        {"figures": [claim.id for claim in claims]},
    )


def _preference(ledger: Ledger, claim: Claim, reading: Reading) -> tuple:
    """Return what a figure is preferred by: its precision, whether its page quotes both flows, its date."""
    quoted = ledger.official[claim.id]
    same_page = [figure for figure in ledger.official.values() if figure.url == quoted.url]
    indicators = {figure.indicator for figure in same_page if figure.period == claim.period}
    return -ledger.interval(claim, reading).width, {EXPORTS, IMPORTS} <= indicators, quoted.date_published, claim.id


def _added_up(ledger: Ledger, level: Level, exports: Level, imports: Level, authority: str, reading: Reading) -> Level:
    """Return a turnover with the range that its flows leave it, or as it is where they leave nothing or no less."""
    quoted = span_of(ledger, level, reading)
    common = quoted & add_spans(span_of(ledger, flow, reading) for flow in (exports, imports))
    if common.is_empty or common == quoted:
        return level
    period = next(claim.period for claim in ledger.of(EXPORTS) if claim.id in claims_of(ledger, exports))
    return computed(
        f"{TURNOVER}_{authority}_{slug(period.key)}",
        f"{ledger.indicators[TURNOVER].label}, {period.label}, {SIDES[authority]}",
        _point_within(common, level),
        "USD",
        "the total as quoted, narrowed to what the quoted exports and imports add up to",
        common,
        {"figures": claims_of(ledger, level), "flows": [exports.id, imports.id]},
    )


def _point_within(common: Interval, level: Level) -> Fraction:
    """Return the figure preferred of pages that differ, if it is in the common interval, else the middle of that."""
    low, high = ends_of(common)
    return point(level) if isinstance(level, Finding) and point(level) in common else (low + high) / 2


def span_of(ledger: Ledger, level: Level, reading: Reading) -> Interval:
    """Return what a level may stand for."""
    return interval_of(level) if isinstance(level, Finding) else ledger.interval(level, reading)


def interval_of(finding: Finding | None) -> Interval:
    """Return the interval of a finding. Raises ValueError if there is none."""
    if finding is None or finding.interval is None:
        raise ValueError(f"{finding.id if finding else 'a finding'} has no interval")
    return finding.interval


def ends_of(span: Interval) -> tuple[Fraction, Fraction]:
    """Return both bounds of an interval. Raises ValueError if one is missing."""
    if span.low is None or span.high is None:
        raise ValueError(f"{span} is open to one side")
    return span.low, span.high


def add_spans(spans: Iterable[Interval]) -> Interval:
    """Return the interval of a sum, with its lower bound and without its upper."""
    lows, highs = zip(*map(ends_of, spans), strict=True)
    return Interval(sum(lows, Fraction(0)), sum(highs, Fraction(0)), True, False)


def turnover(ledger: Ledger, reading: Reading) -> list[Pair]:
    """Return the turnover of every year that a page quotes for either side, and of other periods quoted for both.

    Years of which a side has only a doubtful figure have that.
    """
    china, kazakhstan = (with_doubtful(ledger, TURNOVER, side, reading) for side in SIDES)
    both = china.keys() & kazakhstan.keys()
    periods = {figure.period.key: figure.period for figure in ledger.official.values()}
    keys = {key for key in china.keys() | kazakhstan.keys() if periods[key].kind == "year"} | both
    return [
        _pair(ledger, periods[key], china.get(key), kazakhstan.get(key), reading)
        for key in sorted(keys, key=lambda key: (periods[key].end, periods[key].start))
    ]


def _pair(ledger: Ledger, period: Period, china: Level | None, kazakhstan: Level | None, reading: Reading) -> Pair:
    others = tuple(
        claim
        for claim in ledger.groups.get(f"{TURNOVER}:{period.key}", ())
        if authority_of(ledger, claim) not in ("", *SIDES)
    )
    if china is None or kazakhstan is None:
        return Pair(period, china, kazakhstan, others)
    larger, smaller = sorted((china, kazakhstan), key=point, reverse=True)
    name, label = f"turnover_{slug(period.key)}", f"trade turnover, {period.label}"
    difference = f"Chinese less Kazakh figure, {label}"
    ratio = f"Chinese over Kazakh figure, {label}"
    gap: dict[str, Any] = {"larger": larger, "smaller": smaller}
    return Pair(
        period,
        china,
        kazakhstan,
        others,
        derive(ledger, f"difference_{name}", difference, "difference", reading, one=china, other=kazakhstan),
        derive(ledger, f"ratio_{name}", ratio, "multiple", reading, "index", last=china, first=kazakhstan),
        derive(ledger, f"gap_smaller_{name}", f"Gap over the smaller, {label}", "gap_over_smaller", reading, **gap),
        derive(ledger, f"gap_larger_{name}", f"Gap over the larger, {label}", "gap_over_larger", reading, **gap),
    )


def point(level: Level | None) -> Fraction:
    """Return the value of a claim or finding. Raises ValueError if it is only a range, or missing."""
    value = level.value if isinstance(level, Finding) else level.point if level else None
    if value is None:
        raise ValueError(f"{level.id if level else 'a level'} has no value")
    return exact(value)


def flows(ledger: Ledger, reading: Reading, cif_fob: tuple[float, float]) -> list[Flow]:
    """Return every direction and year for which both sides' figures are quoted, or follow from what is quoted.

    A flow that no page quotes is the turnover less the other flow or, for Chinese exports, the Kazakh figure with the
    gap that a page quotes between both sides.
    """
    sides = levels_by_side(ledger, reading)
    periods = {claim.period.key: claim.period for claim in ledger.claims.values()}
    return [
        _flow(ledger, name, periods[key], sides[exporter][name, key], sides[importer][name, key], cif_fob, reading)
        for name, (exporter, importer) in FLOWS.items()
        for key in sorted(periods)
        if periods[key].kind == "year" and all((name, key) in levels for levels in sides.values())
    ]


def levels_by_side(ledger: Ledger, reading: Reading) -> dict[str, _Levels]:
    """Return turnover and flows by side, and by indicator and key of the period: as quoted, or as `flows` derives."""
    sides = {side: _with_rests(ledger, _quoted_levels(ledger, side, reading), side, reading) for side in SIDES}
    by_gap = _exports_by_gap(ledger, sides[CHINA], sides[KAZAKHSTAN], reading)
    sides[CHINA] = _with_rests(ledger, sides[CHINA] | by_gap, CHINA, reading)
    return sides


def joined(ledger: Ledger, pages: str = "all") -> Ledger:
    """Return a ledger whose claims include the official figures of both sides, as `pages` quote them."""
    quoted = {ledger.official[id].authority for id in ledger.claims.keys() & ledger.official.keys()}
    return ledger if quoted >= SIDES.keys() else join_official(ledger, pages=pages)


def _quoted_levels(ledger: Ledger, side: str, reading: Reading) -> _Levels:
    return {
        (name, key): level
        for name in (TURNOVER, EXPORTS, IMPORTS)
        for key, level in series(ledger, name, side, reading).items()
    }


def _with_rests(ledger: Ledger, levels: _Levels, side: str, reading: Reading) -> _Levels:
    """Return the levels of a side with the flows that are missing and follow from its turnover and the other flow."""
    completed = dict(levels)
    for name, key in levels:
        for flow, other in ((EXPORTS, IMPORTS), (IMPORTS, EXPORTS)):
            if name == TURNOVER and (other, key) in levels and (flow, key) not in levels:
                label = f"{ledger.indicators[flow].label}, {key}, {SIDES[side]}: turnover less the other flow"
                id, last, first = f"{flow}_{side}_{slug(key)}_rest", levels[TURNOVER, key], levels[other, key]
                completed[flow, key] = derive(ledger, id, label, "change", reading, last=last, first=first)
    return completed


def _exports_by_gap(ledger: Ledger, china: _Levels, kazakhstan: _Levels, reading: Reading) -> _Levels:
    """Return Chinese exports that follow from Kazakh imports and the first gap that a page quotes between them."""
    exports: _Levels = {}
    for gap in ledger.of(GAP):
        key = gap.period.key
        flow = IMPORTS, key
        if flow in kazakhstan and flow not in china and flow not in exports:
            label = f"{ledger.indicators[IMPORTS].label}, {key}, Chinese customs: the Kazakh figure and the gap quoted"
            name = f"{IMPORTS}_{CHINA}_{key}_by_gap"
            exports[flow] = derive(ledger, name, label, "last_of_change", reading, first=kazakhstan[flow], change=gap)
    return exports


def _flow(
    ledger: Ledger,
    indicator: str,
    period: Period,
    exporter: Level,
    importer: Level,
    cif_fob: tuple[float, float],
    reading: Reading,
) -> Flow:
    name, label = f"{indicator}_{slug(period.key)}", f"{DIRECTIONS[indicator]}, {period.label}"
    difference_label = f"Exporter’s figure less importer’s, {label}"
    inputs: dict[str, Any]
    if isinstance(exporter, Finding) and exporter.formula == "last_of_change":
        gap, by_gap = ledger.claim(str(exporter.inputs["change"])), "_by_gap"
        inputs = {"importer": importer, "change": gap}  # the importer's figure is in the exporter's, and enters once
        span, quoted = ledger.interval(gap, reading), "the gap as quoted"
        difference = computed(f"difference_{name}", difference_label, gap.point, gap.unit, quoted, span, gap.id)
    else:
        inputs, by_gap = {"importer": importer, "exporter": exporter}, ""
        difference = derive(
            ledger, f"difference_{name}", difference_label, "difference", reading, one=exporter, other=importer
        )
    ratio, log_ratio, symmetric = (
        derive(ledger, f"{kind}_{name}", f"{words}, {label}", kind + by_gap, reading, **inputs)
        for kind, words in (
            ("ratio", "Importer’s over exporter’s figure"),
            ("log_ratio", "Log ratio of importer’s to exporter’s figure"),
            ("symmetric_gap", "Symmetric gap, exporter less importer over both"),
        )
    )
    word = cif_fob_word(interval_of(ratio), *cif_fob)
    return Flow(indicator, period, exporter, importer, difference, ratio, log_ratio, symmetric, word)


def cif_fob_word(ratio: Interval, low: float, high: float) -> str:
    """Return whether freight and insurance of `low` to `high` times the exporter's figure account for a mirror gap.

    *explains* if every ratio the figures allow lies in the band; *explains in part* if all lie above it, so that the
    importer counts more than transport adds; *wrong direction* if all lie below, where transport can add nothing;
    *undecided* if some lie in the band and some do not. Raises ValueError if `low` is above `high`.

    >>> from fractions import Fraction
    >>> exactly = lambda a, b: Interval(Fraction(a), Fraction(b))
    >>> ratios = (("1.05", "1.08"), ("1.05", "1.2"), ("1.2", "1.3"), ("0.6", "0.7"))
    >>> [cif_fob_word(exactly(*ends), 1.0, 1.1) for ends in ratios]
    ['explains', 'undecided', 'explains in part', 'wrong direction']
    """
    if low > high:
        raise ValueError(f"cif_fob_low must not be above cif_fob_high, got {low} and {high}")
    band = Interval(exact(low), exact(high), True, True)
    inside = ratio & band
    if inside == ratio:
        return EXPLAINS
    if not inside.is_empty:
        return OPEN
    return WRONG_WAY if ratio < band else IN_PART


def verdicts(ledger: Ledger, flows: Iterable[Flow], cif_fob: tuple[float, float]) -> list[Explained]:
    """Return the CIF/FOB test of each flow as a verdict on the quoted figures that it rests on."""
    band = Marked(f"{cif_fob[0]:g} to {cif_fob[1]:g}", "parameter")
    explained = []
    for flow in flows:
        ids = dict.fromkeys(claims_of(ledger, flow.exporter) + claims_of(ledger, flow.importer))
        id = f"cif_fob:{flow.indicator}:{flow.period.key}"
        verdict = Verdict(id, "cif_fob", flow.word, tuple(map(ledger.claim, ids)))
        label = f"CIF and FOB, {DIRECTIONS[flow.indicator]}, {flow.period.label}"
        explanation = phrase(
            "The importer's figure is {ratio} times the exporter's; freight and insurance make {band}.",
            ratio=range_link(flow.ratio),
            band=band,
        )
        explained.append(Explained(verdict, label, explanation))
    return explained


def claims_of(ledger: Ledger, level: Level) -> list[str]:
    """Return the ids of the quoted figures that a level is, or is computed from; else those of all its inputs."""
    if not isinstance(level, Finding):
        return [level.id]
    ids = [id for input in level.inputs.values() for id in ([input] if isinstance(input, str) else input)]
    return [id for id in ids if id in ledger.claims] or ids
