"""How fast did things grow? Reported rates against their levels, and the growth the levels themselves imply.

Growth of amounts of money is nominal: nothing is corrected for prices. Every result is a finding whose interval
comes from evaluating its formula as a whole over what the printed figures may stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Relation, independent
from claims.results.anchors import anchor
from claims.results.finding import Finding, computed, derive
from claims.words.labels import claim_text, told, uncapitalised
from claims.words.sentences import phrase
from claims.words.values import ranged, value_text
from claims.words.verdicts import result

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Reported",
    "between_levels",
    "between_table",
    "doubling",
    "doubling_claims",
    "doubling_table",
    "doubling_title",
    "found_in",
    "latest",
    "levels",
    "quarters",
    "quarters_table",
    "rates_alt",
    "rates_chart",
    "rates_table",
    "rates_title",
    "reported_multiples",
    "reported_rates",
    "required_rate",
    "target",
    "widest",
]


@dataclass(frozen=True)
class Reported:
    """A growth rate (or multiple) as a text prints it, confronted with the levels it speaks of.

    `computed` is the rate the two printed levels give, where both are printed; otherwise `base` is the earlier level
    that the rate and the later level imply, and `increase` the difference between the two.
    """

    relation: Relation
    claim: Claim
    last: Claim | None
    first: Claim | None
    computed: Finding | None
    base: Finding | None
    increase: Finding | None
    fits: bool | None


def reported_rates(ledger: Ledger, reading: Reading) -> list[Reported]:
    """Return every reported growth rate with its levels, in the order of relations.csv."""
    return [_rate(ledger, relation, reading) for relation in _of_type(ledger, "growth_of")]


def reported_multiples(ledger: Ledger, reading: Reading) -> list[Reported]:
    """Return every reported multiple (doubled, a hundredfold) with its levels, in the order of relations.csv."""
    return [_multiple(ledger, relation, reading) for relation in _of_type(ledger, "multiple_of")]


def widest(ledger: Ledger, multiples: list[Reported], reading: Reading) -> list[Finding]:
    """Return the growth that each reported multiple stands for, read as widely as its words can be."""
    wide = replace(reading, widest=True)
    return [
        derive(
            ledger,
            f"widest_growth_of_{rate.claim.id}",
            f"Growth that {told(rate.claim)} stands for at its widest",
            "growth_of_multiple",
            wide,
            multiple=rate.claim,
        )
        for rate in {rate.claim.id: rate for rate in multiples}.values()
    ]


def levels(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the yearly levels that several texts print, each as what all of them together allow.

    The value is that of the narrowest figure; a level whose figures leave no common value is none.
    """
    found = []
    for by_year in _yearly_levels(ledger, reading).values():
        found += [level for claim in by_year.values() if isinstance(level := _level(ledger, claim, reading), Finding)]
    return found


def between_levels(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the growth between any two years of an indicator: simple, compound per year, and doubling time.

    Where several claims speak of one year, what all of them allow stands for it, or the narrowest of figures that
    contradict each other. One row per pair of years: indicator, label, first and last (claims or findings), first_claim
    and last_claim, years, growth, per_year, doubling (findings; the last None where nothing grew).
    """
    rows = []
    for indicator, by_year in _yearly_levels(ledger, reading).items():
        for (year_a, first), (year_b, last) in combinations(sorted(by_year.items()), 2):
            rows.append(_between(ledger, reading, indicator, (year_a, first), (year_b, last)))
    return rows


def doubling(
    ledger: Ledger, reading: Reading, base: Claim, level: Claim, wish: Claim, rates_pct: Iterable[float]
) -> list[dict]:
    """Return how many years from `level` it takes to reach `wish` × `base`, for each yearly rate in percent.

    The wish is taken at its word: its printed multiple, exactly.

    One row per rate: rate_pct, years (finding), year (the calendar year reached, as a fraction).
    """
    start = int(level.period.end[:4])
    rows = []
    for rate in rates_pct:
        slug = f"{rate:g}".replace(".", "_")
        years = derive(
            ledger,
            f"doubling_years_at_{slug}",
            f"Years from the end of {start} to {wish.text} times the {base.period.end[:4]} level at {rate:g}% a year",
            "years_to_multiple",
            reading,
            unit="year",
            multiple=wish.point,
            base=_level(ledger, base, reading),
            level=_level(ledger, level, reading),
            rate=rate,
        )
        rows.append({"rate_pct": rate, "years": years, "year": start + _point(years)})
    return rows


def required_rate(ledger: Ledger, reading: Reading, base: Claim, level: Claim, wish: Claim, horizon: int) -> Finding:
    """Return the yearly rate that reaches `wish` × `base` by the end of the calendar year `horizon`.

    Raises ValueError if the horizon is not after the year of the latest level.
    """
    start = int(level.period.end[:4])
    if horizon <= start:
        raise ValueError(f"doubling_horizon_year must be after {start}, the year of the latest level; got {horizon}")
    return derive(
        ledger,
        "rate_to_double",
        f"Yearly growth from {start} that reaches {wish.text} times the {base.period.end[:4]} level in {horizon}",
        "rate_to_double",
        reading,
        multiple=wish.point,
        base=_level(ledger, base, reading),
        level=_level(ledger, level, reading),
        years=horizon - start,
    )


def doubling_title(doubled: list[dict]) -> str:
    """Return a sentence template that says how long the aim takes at the slowest and at the fastest rate."""
    slow, fast = doubled[0], doubled[-1]
    return (
        f"The level aimed at is reached after {{{slow['years'].id}}} at {_given(slow)} growth a year, "
        f"after {{{fast['years'].id}}} at {_given(fast)}"
    )


def _given(row: dict) -> str:
    """Return the yearly rate of a path as Markdown: a parameter's value."""
    return Phrase((Marked(f"{row['rate_pct']:g}%", "parameter"),)).markdown


def quarters(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return every quarter that relations.csv sets against a year: its share of it, and four times it.

    One row each: relation, quarter, year (claims), quarter_share, four_quarters, pace_gap (findings).
    """
    rows = []
    for relation in _of_type(ledger, "annualised"):
        quarter, year = (_one(ledger, relation, role) for role in ("quarter", "year"))
        ids, share = f"{quarter.id}_{year.id}", f"{told(quarter)} in percent of {told(year)}"
        fourfold = f"Four times {told(quarter)}"
        made = {
            "quarter_share": derive(ledger, f"quarter_share_{ids}", share, "share", reading, part=quarter, total=year),
            "four_quarters": derive(ledger, f"four_quarters_{ids}", fourfold, "annualised", reading, quarter=quarter),
            "pace_gap": derive(
                ledger,
                f"pace_gap_{ids}",
                f"{fourfold}, compared with {told(year)}",
                "pace",
                reading,
                quarter=quarter,
                year=year,
            ),
        }
        rows.append({"relation": relation, "quarter": quarter, "year": year, **made})
    return rows


def rates_table(ledger: Ledger, rates: list[Reported]) -> pd.DataFrame:
    """Return one row per reported rate or multiple with a level: label, period, texts, reported, last, result, range.

    `result` is the finding computed from both levels where the texts print both, else the implied earlier level.
    """
    import pandas as pd

    rows = []
    for rate in rates:
        result = rate.computed or rate.base
        if result is None:
            continue
        texts = dict.fromkeys(claim.source for claim in (rate.claim, rate.last, rate.first) if claim)
        rows.append(
            {
                "label": Link(ledger.indicators[rate.claim.indicator].label, rate.claim.id),
                "period": Marked(rate.claim.period.label, "date"),
                "texts": [Link(source, source) for source in texts],
                "reported": rate.claim,
                "last": rate.last,
                "first": rate.first,
                "result": result,
                "range": ranged(result),
                "fits": {True: "yes", False: "no", None: "–"}[rate.fits],
            }
        )
    return pd.DataFrame(rows)


def rates_chart(ledger: Ledger, rates: list[Reported], between: list[dict], reading: Reading) -> pd.DataFrame:
    """Return the yearly rates to draw: label, kind (reported, computed), shown, point, low, high, claim, field.

    Reported are the growth claims and the multiples over one year, restatements removed; computed is the growth
    between levels of two years in a row.
    """
    import pandas as pd

    rows = []
    for claim in independent(ledger.claims.values()):
        kind = ledger.indicators[claim.indicator].kind
        if kind == "growth" and claim.period.kind in ("year", "quarter"):
            rows.append(
                _drawn(ledger, claim, "reported", claim.point, ledger.interval(claim, reading), claim.indicator)
            )
    for rate in rates:
        if rate.claim.period.kind == "year" and ledger.indicators[rate.claim.indicator].kind == "multiple":
            growth, indicator = rate.increase, (rate.last or rate.claim).indicator
            if growth is None or growth.interval is None:
                continue
            rows.append(_drawn(ledger, rate.claim, "reported", growth.value, growth.interval, indicator))
    for row in between:
        if row["years"] == 1:
            growth = row["growth"]
            drawn = _drawn(ledger, row["last_claim"], "computed", growth.value, growth.interval, row["indicator"])
            label = f"{row['label']}, {row['first_year']} to {row['last_year']}"
            claims = f"{row['first'].id} {row['last'].id}"
            rows.append({**drawn, "label": label, "shown": value_text(growth), "claim": claims, "field": growth.id})
    frame = pd.DataFrame(rows).drop_duplicates(["label", "source", "kind", "point"])
    order = ["order", "period", "source", "label"]
    return frame.sort_values(order, kind="stable", ignore_index=True).drop(columns="order")


def rates_title(ledger: Ledger, drawn: pd.DataFrame) -> str:
    """Return a sentence template on the smallest and largest reported rate and the computed ones of `rates_chart`."""
    reported = drawn[drawn["kind"] == "reported"]
    least, most = reported.iloc[reported["point"].argmin()], reported.iloc[reported["point"].argmax()]
    said = f"Reported yearly growth runs from {{{least.field}}} to {{{most.field}}}"
    computed = []
    for row in drawn[drawn["kind"] == "computed"].to_dict("records"):
        what = Link(uncapitalised(row["label"], ledger.subject), anchor(row["field"]))
        computed.append(f"{{{row['field']}}} for {phrase('{what}', what=what).markdown}")
    return said + (f"; the levels give {' and '.join(computed)}" if computed else "")


def rates_alt(drawn: pd.DataFrame) -> Phrase:
    """Return the alt text of the figure of `rates_chart`: every rate with what it is of."""
    told = Phrase(("Dot plot.",))
    for row in drawn.to_dict("records"):
        what, shown = (Link(row[name], anchor(row["field"])) for name in ("label", "shown"))
        told = told + phrase(" {what}: {kind} {shown}.", what=what, kind=row["kind"], shown=shown)
    return told


def latest(between: list[dict], indicator: str) -> Finding:
    """Return the growth of an indicator between the last two years for which a level is known."""
    own = (row for row in between if row["indicator"] == indicator)
    return max(own, key=lambda row: (row["last_year"], row["first_year"]))["growth"]


def between_table(between: list[dict]) -> pd.DataFrame:
    """Return the rows of `between_levels` as a table: what, and growth, per_year and doubling, each with its range."""
    import pandas as pd

    rows = []
    for row in between:
        measures = ("growth", "per_year", "doubling")
        ranges = {f"{name}_range": ranged(row[name]) if row[name] else None for name in measures}
        years = Marked(f"{row['first_year']}–{row['last_year']}", "date")
        rows.append({**row, **ranges, "what": phrase("{label}, {years}", label=row["label"], years=years)})
    return pd.DataFrame(rows)


def doubling_claims(ledger: Ledger, base_year: int, reading: Reading) -> tuple[Claim, Claim, Claim]:
    """Return the claims the declared doubling hangs on: the level of `base_year`, the latest level, and the wish.

    The wish is the first claim that a relation of type `multiple_of` sets against a level as a target; level and base
    are of the same indicator. Raises ValueError if the ledger has no level for `base_year`, or the latest level has
    reached what is wished for already.
    """
    for relation in _of_type(ledger, "multiple_of"):
        wish, first = _one(ledger, relation, "multiple"), _optional(ledger, relation, "first")
        if first and ledger.indicators[wish.indicator].kind == "target":
            by_year = _yearly_levels(ledger, reading)[first.indicator]
            if base_year not in by_year:
                years = ", ".join(map(str, sorted(by_year)))
                raise ValueError(f"no level for the base year {base_year}; doubling_base_year can be {years}")
            base, latest = by_year[base_year], by_year[max(by_year)]
            if wish.point * base.point <= latest.point:
                said = f"{told(latest)} has reached {wish.text} times the level of {base_year} already"
                raise ValueError(f"{said}; choose a later doubling_base_year")
            return base, latest, wish
    raise ValueError("no relation of type multiple_of holds a target: there is no declared doubling to work out")


def doubling_table(doubled: list[dict]) -> pd.DataFrame:
    """Return the rows of `doubling` as a table: rate, years, range, year (the calendar years it may fall in)."""
    import math

    import pandas as pd

    rows = []
    for row in doubled:
        start = row["year"] - float(row["years"].value)
        early, late = (math.ceil(start + float(end)) for end in (row["years"].interval.low, row["years"].interval.high))
        years = str(early) if early == late else f"{early} or {late}" if late == early + 1 else f"{early} to {late}"
        rate = Marked(f"{row['rate_pct']:g}%", "parameter")
        reached = Link(years, row["years"].anchor)
        rows.append({**row, "rate": rate, "range": ranged(row["years"]), "year": reached})
    return pd.DataFrame(rows)


def quarters_table(ledger: Ledger, rows: list[dict]) -> pd.DataFrame:
    """Return the rows of `quarters` as a table: label, quarter, year, their periods, share, annualised, gap, range."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "label": ledger.indicators[row["quarter"].indicator].label,
                "quarter": row["quarter"],
                "year": row["year"],
                "year_label": Marked(row["year"].period.label, "date"),
                "share": row["quarter_share"],
                "annualised": row["four_quarters"],
                "gap": row["pace_gap"],
                "range": ranged(row["pace_gap"]),
            }
            for row in rows
        ]
    )


def target(ledger: Ledger, reading: Reading, base: Claim, multiple: Claim) -> Finding:
    """Return the level a declared multiple of `base` means, the multiple taken at its word."""
    label = f"The level that is {multiple.text} times the {base.period.end[:4]} level"
    times = multiple.point
    return derive(
        ledger,
        "doubling_target",
        label,
        "last_of_multiple",
        reading,
        first=_level(ledger, base, reading),
        multiple=times,
    )


def found_in(*groups: Iterable) -> list[Finding]:
    """Return every finding in rows (mappings or objects), also within mappings in them, in order, each once."""
    found: dict[str, Finding] = {}

    def add(value: object) -> None:
        if isinstance(value, Finding):
            found.setdefault(value.id, value)
        elif isinstance(value, Mapping):
            for item in value.values():
                add(item)

    for rows in groups:
        for row in rows:
            add(row if isinstance(row, Mapping) else vars(row))
    return list(found.values())


def _drawn(ledger: Ledger, claim: Claim, kind: str, point, span: Interval, indicator: str) -> dict:
    low, high = (float(point) if end is None else float(end) for end in (span.low, span.high))
    label, sector = ledger.indicators[indicator].label, ledger.indicators[indicator].sector
    return {
        "order": list(ledger.sectors).index(sector) if sector else len(ledger.sectors),
        "label": f"{label}, {claim.period.label} ({claim.source})",
        "period": claim.period.key,
        "source": claim.source,
        "kind": kind,
        "shown": claim_text(claim),
        "point": float(point),
        "low": low,
        "high": high,
        "claim": claim.id,
        "field": claim.id,
    }


def _of_type(ledger: Ledger, kind: str) -> list[Relation]:
    return [relation for relation in ledger.relations.values() if relation.type == kind]


def _one(ledger: Ledger, relation: Relation, role: str) -> Claim:
    return ledger.claim(relation.operands[role][0])


def _point(finding: Finding) -> float:
    if finding.value is None:
        raise ValueError(f"{finding.id} is known as a range only")
    return float(finding.value)


def _optional(ledger: Ledger, relation: Relation, role: str) -> Claim | None:
    return _one(ledger, relation, role) if relation.operands.get(role) else None


def _rate(ledger: Ledger, relation: Relation, reading: Reading) -> Reported:
    claim, last = (_one(ledger, relation, role) for role in ("growth", "last"))
    first, made, increase = _optional(ledger, relation, "first"), result(ledger, relation, reading), None
    if not first and claim.unit == "percent":
        label, name = f"Increase implied by {told(last)} and {told(claim)}", f"increase_{claim.id}_{last.id}"
        increase = derive(ledger, name, label, "implied_increase", reading, last=last, growth=claim)
    return _reported(ledger, relation, (claim, last, first), made, increase, reading)


def _multiple(ledger: Ledger, relation: Relation, reading: Reading) -> Reported:
    claim = _one(ledger, relation, "multiple")
    last, first = (_optional(ledger, relation, role) for role in ("last", "first"))
    label = f"Growth that {told(claim)} stands for"
    growth = derive(ledger, f"growth_of_{claim.id}", label, "growth_of_multiple", reading, multiple=claim)
    made = result(ledger, relation, reading) if last else None
    return _reported(ledger, relation, (claim, last, first), made, growth, reading)


def _reported(ledger, relation: Relation, claims: tuple, made: Finding | None, growth, reading: Reading) -> Reported:
    claim, last, first = claims
    rate, base = (made, None) if last and first else (None, made)
    return Reported(relation, claim, last, first, rate, base, growth, _fits(ledger, claim, rate, reading))


def _fits(ledger: Ledger, claim: Claim, computed: Finding | None, reading: Reading) -> bool | None:
    """Return whether what is computed from the levels and what is printed may be one value; None if nothing is."""
    if computed is None or computed.interval is None:
        return None
    return not (computed.interval & ledger.interval(claim, reading)).is_empty


def _yearly_levels(ledger: Ledger, reading: Reading) -> dict[str, dict[int, Claim]]:
    """Return, for each indicator with yearly levels, the narrowest claim of each year.

    Where official figures are claims of the ledger, an indicator they have levels of is taken from them alone, so that
    no growth runs from a level of one series to a level of another.
    """
    levels = [claims for claims in ledger.groups.values() if claims[0].period.kind == "year"]
    series = {claim.indicator for claims in levels for claim in claims if claim.id in ledger.official}
    found: dict[str, dict[int, Claim]] = {}
    for printed in levels:
        claims = [one for one in printed if one.indicator not in series or one.id in ledger.official]
        if not claims:
            continue
        claim = min(independent(claims), key=lambda one: (ledger.interval(one, reading).width, one.id))
        indicator = ledger.indicators[claim.indicator]
        if indicator.kind == "level":
            found.setdefault(indicator.id, {})[int(claim.period.end[:4])] = claim
    return found


def _level(ledger: Ledger, claim: Claim, reading: Reading) -> Claim | Finding:
    """Return the level a claim stands for: with all other figures printed for it, where they narrow it down."""
    claims = ledger.groups[claim.quantity]
    own, common = ledger.interval(claim, reading), ledger.interval(claim, reading)
    for other in claims:
        common = common & ledger.interval(other, reading)
    if common.is_empty or common == own:
        return claim
    indicator = ledger.indicators[claim.indicator]
    label = f"{indicator.label}, {claim.period.label}, as all texts together allow"
    name, said = f"level_{indicator.id}_{claim.period.end[:4]}", "what all figures printed for it allow"
    return computed(name, label, claim.point, claim.unit, said, common, {"claims": tuple(one.id for one in claims)})


def _between(ledger: Ledger, reading: Reading, indicator: str, early: tuple, late: tuple) -> dict:
    (year_a, first), (year_b, last) = early, late
    years = year_b - year_a
    label = ledger.indicators[indicator].label
    within = uncapitalised(label, ledger.subject)
    inputs: dict[str, Any] = {"last": _level(ledger, last, reading), "first": _level(ledger, first, reading)}
    slug = f"{indicator}_{year_a}_{year_b}"
    growth = derive(ledger, f"growth_{slug}", f"Growth of {within}, {year_a} to {year_b}", "growth", reading, **inputs)
    per_year = doubling_time = None
    if years > 1:
        said = f"Compound growth per year of {within}, {year_a} to {year_b}"
        per_year = derive(ledger, f"growth_per_year_{slug}", said, "compound_growth", reading, years=years, **inputs)
    if last.point > first.point:
        said = f"Years in which {within} doubles at its pace of {year_a} to {year_b}"
        doubling_time = derive(ledger, f"doubling_time_{slug}", said, "doubling_time", reading, years=years, **inputs)
    return {
        "indicator": indicator,
        "label": label,
        "first": inputs["first"],
        "last": inputs["last"],
        "first_claim": first,
        "last_claim": last,
        "first_year": year_a,
        "last_year": year_b,
        "years": years,
        "growth": growth,
        "per_year": per_year,
        "doubling": doubling_time,
    }
