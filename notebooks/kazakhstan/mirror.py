"""Two official series of one trade: what each side's statistics say, and how far apart they are.

What China counts as exports to Kazakhstan, Kazakhstan counts as imports from China: a mirror (Morgenstern, 1963).
Exports are valued free on board (FOB), imports with cost, insurance and freight (CIF), so the importer's figure should
exceed the exporter's by what transport costs, a few percent (Hummels and Lugovskyy, 2006). Figures are as quoted on
pages; the ledger they come from is one that official figures were joined to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from claims.content.phrases import Marked
from claims.judging.verdict import Verdict
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Period
from claims.questions.growth import found_in
from claims.results.finding import Finding, computed, derive
from claims.words.explanations import Explained
from claims.words.numerals import exact
from claims.words.sentences import phrase
from claims.words.values import ranged

__all__ = [
    "CHINA",
    "DIRECTIONS",
    "EXPLAINS",
    "EXPORTS",
    "FLOWS",
    "GAP",
    "GROWTH",
    "IMPORTS",
    "IN_PART",
    "KAZAKHSTAN",
    "OPEN",
    "SIDES",
    "TURNOVER",
    "WRONG_WAY",
    "Flow",
    "Level",
    "Pair",
    "add_spans",
    "band",
    "cif_fob_word",
    "claims_of",
    "ends_of",
    "flows",
    "found_in",
    "interval_of",
    "levels",
    "point",
    "series",
    "slug",
    "span_of",
    "turnover",
    "verdicts",
]

CHINA, KAZAKHSTAN = "china_customs", "kz_statistics"
SIDES = {CHINA: "Chinese customs", KAZAKHSTAN: "Kazakh statistics"}
TURNOVER, GROWTH = "trade_turnover", "trade_turnover_growth"
EXPORTS, IMPORTS = "exports_to_china", "imports_from_china"
FLOWS = {EXPORTS: (KAZAKHSTAN, CHINA), IMPORTS: (CHINA, KAZAKHSTAN)}  # who exports, who imports
DIRECTIONS = {EXPORTS: "Kazakhstan to China", IMPORTS: "China to Kazakhstan"}
GAP = "mirror_gap_imports_from_china"
EXPLAINS, IN_PART, WRONG_WAY, OPEN = "explains", "explains in part", "wrong direction", "undecided"
Level = Claim | Finding


@dataclass(frozen=True)
class Pair:
    """The turnover of one period in both series; None where no page quotes it. Gaps are over either figure."""

    period: Period
    china: Level | None
    kazakhstan: Level | None
    others: tuple[Claim, ...]
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

    @property
    def slug(self) -> str:
        """Return the flow as a part of an id."""
        return f"{self.indicator}_{slug(self.period)}"


def slug(period: Period) -> str:
    """Return a period as a part of an id.

    >>> slug(Period("2023-01-01", "2023-10-31", "window", "stated"))
    '2023_01_01_2023_10_31'
    """
    return _slug(period.key)


def _slug(key: str) -> str:
    return key.lower().replace("-", "_").replace("/", "_")


def series(ledger: Ledger, indicator: str, authority: str, reading: Reading) -> dict[str, Level]:
    """Return what an authority's statistics say of an indicator, by the period's key.

    Of several figures for a period the most precise stands; of equals, one whose page quotes both flows, else the last
    published. Where another cannot be that figure more coarsely rounded (a later page may revise), the range is from
    the lowest to the highest of all. A turnover lies where the flows that are quoted add up to it.
    """
    found: dict[str, list[Claim]] = {}
    for claim in ledger.of(indicator):
        if claim.id in ledger.official and ledger.official[claim.id].authority == authority:
            found.setdefault(claim.period.key, []).append(claim)
    levels = {key: _level(ledger, claims, authority, reading) for key, claims in sorted(found.items())}
    if indicator != TURNOVER:
        return levels
    exports, imports = (series(ledger, name, authority, reading) for name in (EXPORTS, IMPORTS))
    return {
        key: _added_up(ledger, level, exports[key], imports[key], authority, reading)
        if key in exports and key in imports
        else level
        for key, level in levels.items()
    }


def _level(ledger: Ledger, claims: Sequence[Claim], authority: str, reading: Reading) -> Level:
    plain = replace(reading, tolerance_pct=Fraction(0))  # a tolerance forgives a difference, and does not undo it
    best = max(claims, key=lambda one: _standing(ledger, one, plain))
    if not any((ledger.interval(claim, plain) & ledger.interval(best, plain)).is_empty for claim in claims):
        return best
    label = f"{ledger.indicators[best.indicator].label}, {best.period.label}, {SIDES[authority]}"
    name = f"{best.indicator}_{authority}_{slug(best.period)}"
    said = "the most precise figure quoted; range: from the lowest to the highest quoted"
    span = _hull([ledger.interval(claim, reading) for claim in claims])
    return computed(name, label, best.point, best.unit, said, span, {"figures": tuple(one.id for one in claims)})


def _standing(ledger: Ledger, claim: Claim, reading: Reading) -> tuple:
    """Return what a figure is preferred by: its precision, whether its page quotes both flows, its date."""
    page = ledger.official[claim.id].url
    there = {one.indicator for one in ledger.official.values() if one.url == page and one.period == claim.period}
    date = ledger.official[claim.id].date_published
    return -ledger.interval(claim, reading).width, {EXPORTS, IMPORTS} <= there, date, claim.id


def _added_up(ledger: Ledger, level: Level, exports: Level, imports: Level, authority: str, reading: Reading) -> Level:
    """Return a turnover with the range that its flows leave it, or as it is where they leave nothing or no less."""
    whole, *parts = (span_of(ledger, one, reading) for one in (level, exports, imports))
    flows = add_spans(parts)
    common = whole & flows
    if common.is_empty or common == whole:
        return level
    period = next(claim.period for claim in ledger.of(EXPORTS) if claim.id in claims_of(ledger, exports))
    label = f"{ledger.indicators[TURNOVER].label}, {period.label}, {SIDES[authority]}"
    said = "the figure quoted, or the sum of the flows where they are finer; range: what all allow"
    inputs = {"figures": tuple(claims_of(ledger, level)), "flows": (exports.id, imports.id)}
    name = f"{TURNOVER}_{authority}_{slug(period)}"
    value = point(level) if point(level) in common else point(exports) + point(imports)
    return computed(name, label, value, "USD", said, common, inputs)


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


def _hull(spans: Sequence[Interval]) -> Interval:
    low = min(spans, key=lambda span: (ends_of(span)[0], not span.low_closed))
    high = max(spans, key=lambda span: ends_of(span)[1])
    return Interval(low.low, high.high, low.low_closed, high.high_closed)


def turnover(ledger: Ledger, reading: Reading) -> list[Pair]:
    """Return the turnover of every year that a page quotes for either side, and of other periods quoted for both."""
    china, kazakhstan = (series(ledger, TURNOVER, side, reading) for side in (CHINA, KAZAKHSTAN))
    both = china.keys() & kazakhstan.keys()
    periods = {claim.period.key: claim.period for claim in ledger.of(TURNOVER)}
    told_of = {key for key in china.keys() | kazakhstan.keys() if periods[key].kind == "year"} | both
    return [
        _pair(ledger, periods[key], china.get(key), kazakhstan.get(key), reading)
        for key in sorted(told_of, key=lambda key: (periods[key].end, periods[key].start))
    ]


def _pair(ledger: Ledger, period: Period, china: Level | None, kazakhstan: Level | None, reading: Reading) -> Pair:
    others = tuple(
        claim
        for claim in ledger.groups.get(f"{TURNOVER}:{period.key}", ())
        if claim.id in ledger.official and ledger.official[claim.id].authority not in SIDES
    )
    if china is None or kazakhstan is None:
        return Pair(period, china, kazakhstan, others)
    larger, smaller = sorted((china, kazakhstan), key=point, reverse=True)
    name, label = f"turnover_{slug(period)}", f"trade turnover, {period.label}"
    given: dict[str, Any] = {"larger": larger, "smaller": smaller}
    said = f"Chinese over Kazakh figure, {label}"
    return Pair(
        period,
        china,
        kazakhstan,
        others,
        derive(ledger, f"ratio_{name}", said, "multiple", reading, "index", last=china, first=kazakhstan),
        derive(ledger, f"gap_smaller_{name}", f"Gap over the smaller, {label}", "gap_over_smaller", reading, **given),
        derive(ledger, f"gap_larger_{name}", f"Gap over the larger, {label}", "gap_over_larger", reading, **given),
    )


def point(level: Level | None) -> Fraction:
    """Return the value of a claim or finding. Raises ValueError if it is known as a range only, or there is none."""
    value = level.value if isinstance(level, Finding) else level.point if level else None
    if value is None:
        raise ValueError(f"{level.id if level else 'a level'} has no value")
    return exact(value)


def levels(ledger: Ledger, side: str, reading: Reading) -> dict[tuple[str, str], Level]:
    """Return the directed flows of a side by indicator and period key: those quoted, else what the side's others make.

    A flow that no page quotes is the turnover less the other flow or, for Chinese exports, the Kazakh figure with the
    gap that a page quotes between both sides.
    """
    quoted = {
        (name, key): level
        for name in (TURNOVER, EXPORTS, IMPORTS)
        for key, level in series(ledger, name, side, reading).items()
    }
    return quoted | _rests(ledger, quoted, side, reading)


def _rests(ledger: Ledger, known: Mapping, side: str, reading: Reading) -> dict[tuple[str, str], Level]:
    """Return the flows of a side that are not known and follow from its turnover and the other flow."""
    return {
        (wanted, key): _rest(ledger, wanted, key, side, whole, known[other, key], reading)
        for (name, key), whole in known.items()
        for wanted, other in ((EXPORTS, IMPORTS), (IMPORTS, EXPORTS))
        if name == TURNOVER and (other, key) in known and (wanted, key) not in known
    }


def _rest(ledger: Ledger, wanted: str, key: str, side: str, whole: Level, other: Level, reading: Reading) -> Finding:
    label = f"{ledger.indicators[wanted].label}, {key}, {SIDES[side]}: turnover less the other flow"
    name = f"{wanted}_{side}_{_slug(key)}_rest"
    return derive(ledger, name, label, "change", reading, last=whole, first=other)


def _by_the_gap(ledger: Ledger, own: Mapping, other: Mapping, reading: Reading) -> dict[tuple[str, str], Level]:
    """Return Chinese exports that follow from Kazakh imports and the gap that a page quotes between them."""
    found: dict[tuple[str, str], Level] = {}
    for gap in ledger.of(GAP):
        key = gap.period.key
        if (IMPORTS, key) in other and (IMPORTS, key) not in own and (IMPORTS, key) not in found:
            label = f"{ledger.indicators[IMPORTS].label}, {key}, Chinese customs: the Kazakh figure and the gap quoted"
            name = f"{IMPORTS}_{CHINA}_{key}_by_gap"
            given = {"first": other[IMPORTS, key], "change": gap}
            found[IMPORTS, key] = derive(ledger, name, label, "last_of_change", reading, **given)
    return found


def flows(ledger: Ledger, reading: Reading, cif_fob: tuple[float, float]) -> list[Flow]:
    """Return every direction and year for which both sides' figures are quoted, or follow from what is quoted."""
    kazakhstan, china = levels(ledger, KAZAKHSTAN, reading), levels(ledger, CHINA, reading)
    china |= _by_the_gap(ledger, china, kazakhstan, reading)
    china |= _rests(ledger, china, CHINA, reading)
    sides = {CHINA: china, KAZAKHSTAN: kazakhstan}
    periods = {claim.period.key: claim.period for claim in ledger.claims.values()}
    return [
        _flow(
            ledger,
            name,
            periods[key],
            sides[FLOWS[name][0]][name, key],
            sides[FLOWS[name][1]][name, key],
            cif_fob,
            reading,
        )
        for name in FLOWS
        for key in sorted(periods)
        if periods[key].kind == "year" and all((name, key) in sides[side] for side in SIDES)
    ]


def _flow(ledger, indicator: str, period: Period, exporter: Level, importer: Level, cif_fob, reading) -> Flow:
    name, label = f"{indicator}_{slug(period)}", f"{DIRECTIONS[indicator]}, {period.label}"
    by_gap = isinstance(exporter, Finding) and exporter.formula == "last_of_change"
    given: dict[str, Any] = {"importer": importer, "exporter": exporter}
    if isinstance(exporter, Finding) and by_gap:  # the importer's figure is in the exporter's, and enters once
        given = {"importer": importer, "change": exporter.inputs["change"]}

    def made(kind: str, said: str) -> Finding:
        formula = f"{kind}_by_gap" if by_gap else kind
        return derive(ledger, f"{kind}_{name}", f"{said}, {label}", formula, reading, **given)

    ratio = made("ratio", "Importer’s over exporter’s figure")
    return Flow(
        indicator,
        period,
        exporter,
        importer,
        _difference(ledger, name, label, exporter, importer, reading),
        ratio,
        made("log_ratio", "Log ratio of importer’s to exporter’s figure"),
        made("symmetric_gap", "Symmetric gap, exporter less importer over both"),
        cif_fob_word(interval_of(ratio), *cif_fob),
    )


def _difference(ledger: Ledger, name: str, label: str, exporter: Level, importer: Level, reading: Reading) -> Finding:
    said = f"Exporter’s figure less importer’s, {label}"
    if isinstance(exporter, Finding) and exporter.formula == "last_of_change":
        gap = ledger.claim(str(exporter.inputs["change"]))
        span = ledger.interval(gap, reading)
        return computed(f"difference_{name}", said, gap.point, gap.unit, "the gap as quoted", span, {"of": gap.id})
    return derive(ledger, f"difference_{name}", said, "change", reading, last=exporter, first=importer)


def cif_fob_word(ratio: Interval, low: float, high: float) -> str:
    """Return whether freight and insurance of `low` to `high` times the exporter's figure account for a mirror gap.

    *explains* if every ratio the figures allow lies in the band; *explains in part* if all lie above it, so that the
    importer counts more than transport adds; *wrong direction* if all lie below, where transport can add nothing;
    *undecided* if the band holds some and not all. Raises ValueError for a band that is none.

    >>> from fractions import Fraction
    >>> exactly = lambda a, b: Interval(Fraction(a), Fraction(b))
    >>> tried = (("1.05", "1.08"), ("1.05", "1.2"), ("1.2", "1.3"), ("0.6", "0.7"))
    >>> [cif_fob_word(exactly(*ends), 1.0, 1.1) for ends in tried]
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


def verdicts(ledger: Ledger, found: Iterable[Flow], cif_fob: tuple[float, float]) -> list[Explained]:
    """Return the CIF/FOB test of each flow as a verdict."""
    band = Marked(f"{cif_fob[0]:g} to {cif_fob[1]:g}", "parameter")
    return [
        Explained(
            Verdict(
                f"cif_fob:{flow.indicator}:{flow.period.key}",
                "cif_fob",
                flow.word,
                tuple(map(ledger.claim, _claims(ledger, flow))),
            ),
            f"CIF and FOB, {DIRECTIONS[flow.indicator]}, {flow.period.label}",
            phrase(
                "The importer's figure is {ratio} times the exporter's; freight and insurance make {band}.",
                ratio=ranged(flow.ratio),
                band=band,
            ),
        )
        for flow in found
    ]


def _claims(ledger: Ledger, flow: Flow) -> list[str]:
    """Return the ids of the quoted figures that a flow rests on."""
    return list(dict.fromkeys([*claims_of(ledger, flow.exporter), *claims_of(ledger, flow.importer)]))


def claims_of(ledger: Ledger, level: Level) -> list[str]:
    """Return the ids of the quoted figures that a level is, or is made from; those of findings as they are known."""
    if not isinstance(level, Finding):
        return [level.id]
    ids = [id for given in level.inputs.values() for id in ([given] if isinstance(given, str) else given)]
    known = [id for id in ids if id in ledger.claims]
    return known or ids


def band(cif_fob: tuple[float, float]) -> tuple[float, float]:
    """Return the symmetric gaps (percent) at which freight and insurance of this band explain all, the lower first.

    >>> [round(end, 2) for end in band((1.0, 1.1))]
    [-4.76, 0.0]
    """
    low, high = (100 * (1 - ratio) / (1 + ratio) for ratio in reversed(cif_fob))
    return low, high
