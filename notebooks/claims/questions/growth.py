"""How fast did things grow? Reported rates against their levels, and the growth the levels themselves imply.

Growth of amounts of money is nominal: nothing is corrected for prices. Every result is a finding whose interval
comes from evaluating its formula as a whole over what the printed figures may stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Relation
from claims.questions.levels import levels_of_one_month, levels_together, shared_level, yearly_levels
from claims.results.finding import Finding, derive
from claims.words.labels import dated_text, uncapitalised
from claims.words.verdicts import relation_result

__all__ = [
    "Reported",
    "between_levels",
    "doubling",
    "doubling_claims",
    "findings_in",
    "levels",
    "quarters",
    "reported_multiples",
    "reported_rates",
    "required_rate",
    "same_figure",
    "target",
    "widest",
]


@dataclass(frozen=True)
class Reported:
    """A growth rate (or multiple) as texts print it, compared with the levels it refers to (`shared_level`).

    Where both levels are printed, `computed` is the rate that they give, and `fits` whether it can be the printed one.
    Otherwise `base` is the earlier level that the rate and the later level imply, `increase` the difference of both.
    `sources` are the texts that print the rate; `indicator` is that of the levels, or of the rate if it has none.
    """

    claim: Claim
    sources: tuple[str, ...]
    indicator: str
    last: Claim | Finding | None
    first: Claim | Finding | None
    computed: Finding | None
    base: Finding | None
    increase: Finding | None
    fits: bool | None


def reported_rates(ledger: Ledger, reading: Reading) -> list[Reported]:
    """Return every reported growth rate with its levels, in the order of relations.csv, a rate and its levels once."""
    rates = []
    for relation in _of_type(ledger, "growth_of"):
        claim, increase = _operand(ledger, relation, "growth"), None
        levels = _levels(ledger, relation, reading)
        if "first" not in levels and claim.unit == "percent":
            last = levels["last"]
            label = f"Increase implied by {_level_text(ledger, last)} and {dated_text(claim)}"
            name = f"increase_{claim.id}_{last.id}"
            increase = derive(ledger, name, label, "implied_increase", reading, last=last, growth=claim)
        rates.append(_reported(ledger, relation, claim, levels, increase, reading))
    return _each_once(rates)


def reported_multiples(ledger: Ledger, reading: Reading) -> list[Reported]:
    """Return every reported multiple (doubled, a hundredfold) with its levels, as `reported_rates` does."""
    multiples = []
    for relation in _of_type(ledger, "multiple_of"):
        claim = _operand(ledger, relation, "multiple")
        label, name = f"Growth that {dated_text(claim)} stands for", f"growth_of_{claim.id}"
        growth = derive(ledger, name, label, "growth_of_multiple", reading, multiple=claim)
        levels = _levels(ledger, relation, reading)
        multiples.append(_reported(ledger, relation, claim, levels, growth, reading))
    return _each_once(multiples)


def _levels(ledger: Ledger, relation: Relation, reading: Reading) -> dict[str, Claim | Finding]:
    """Return the levels that a rate or multiple lies between, as far as they are printed."""
    roles = [role for role in ("last", "first") if relation.operands.get(role)]
    claims = [_operand(ledger, relation, role) for role in roles]
    return dict(zip(roles, levels_together(ledger, claims, reading), strict=True))


def _level_text(ledger: Ledger, level: Claim | Finding) -> str:
    return dated_text(level) if isinstance(level, Claim) else uncapitalised(level.label, ledger.subject)


def _each_once(rates: list[Reported]) -> list[Reported]:
    """Return rates with those taken together that print one figure for one period and have the same levels."""
    alike: dict[tuple, Reported] = {}
    for rate in rates:
        claim, levels = rate.claim, [level and level.id for level in (rate.last, rate.first)]
        key = (claim.quantity, claim.point, claim.precision, claim.hedge, *levels)
        same = alike.get(key)
        if same:
            rate = replace(same, sources=tuple(dict.fromkeys((*same.sources, *rate.sources))))
        alike[key] = rate
    return list(alike.values())


def _reported(
    ledger: Ledger,
    relation: Relation,
    claim: Claim,
    levels: Mapping[str, Claim | Finding],
    increase: Finding | None,
    reading: Reading,
) -> Reported:
    last, first = (levels.get(role) for role in ("last", "first"))
    level = _operand(ledger, relation, "last") if last else claim
    implied = relation_result(ledger, relation, reading, levels) if last else None
    both = Reported(claim, (claim.source,), level.indicator, last, first, implied, None, increase, None)
    if not (last and first):
        return replace(both, computed=None, base=implied)
    if implied is None or implied.interval is None:
        return both
    return replace(both, fits=not (implied.interval & ledger.interval(claim, reading)).is_empty)


def widest(ledger: Ledger, multiples: list[Reported], reading: Reading) -> list[Finding]:
    """Return the growth that each reported multiple stands for, read as widely as its words can be."""
    wide = replace(reading, widest=True)
    return [
        derive(
            ledger,
            f"widest_growth_of_{rate.claim.id}",
            f"Growth that {dated_text(rate.claim)} stands for at its widest",
            "growth_of_multiple",
            wide,
            multiple=rate.claim,
        )
        for rate in {rate.claim.id: rate for rate in multiples}.values()
    ]


def levels(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the yearly levels that several texts print, each as what all of them together allow (`shared_level`).

    A level whose figures leave no common value is none.
    """
    printed = [*yearly_levels(ledger, reading).values(), *levels_of_one_month(ledger, reading).values()]
    levels = [shared_level(ledger, claim, reading) for by_year in printed for claim in by_year.values()]
    return [level for level in levels if isinstance(level, Finding)]


def between_levels(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the growth between any two years of an indicator: simple, compound per year, and doubling time.

    The level of a year is what all its claims allow; of figures that contradict each other it is the narrowest, beside
    what the same text prints for the other year (`levels_together`). A month is compared with the same month of other
    years. One row per pair of years: indicator, label, start and end (as words), first and last (claims or findings),
    first_claim and last_claim, first_year, last_year, years, growth, per_year, doubling (findings; the last two None
    where there is no such growth).
    """
    return [
        _between(ledger, reading, early, late)
        for by_year in (*yearly_levels(ledger, reading).values(), *levels_of_one_month(ledger, reading).values())
        for early, late in combinations(sorted(by_year.items()), 2)
    ]


def doubling(
    ledger: Ledger, reading: Reading, base: Claim, level: Claim, wish: Claim, rates_pct: Iterable[float]
) -> list[dict]:
    """Return how many years from `level` it takes to reach `wish` × `base`, for each yearly rate in percent.

    The wish is its printed multiple, exactly. One row per rate: rate_pct, years (finding), start (the year of `level`).
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
            base=shared_level(ledger, base, reading),
            level=shared_level(ledger, level, reading),
            rate=rate,
        )
        rows.append({"rate_pct": rate, "years": years, "start": start})
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
        base=shared_level(ledger, base, reading),
        level=shared_level(ledger, level, reading),
        years=horizon - start,
    )


def quarters(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return every quarter that relations.csv compares with a year: its share of it, and four times it.

    One row each: quarter, year (claims), level (of the year, as all texts together allow), quarter_share,
    four_quarters, pace_gap (findings). A quarter and a level that several relations compare are in one row, whose year
    is the figure that the quarter's own text prints for both, if there is one.
    """
    pairs: dict[tuple[str, str], tuple[Claim, Claim, Claim | Finding]] = {}
    for relation in _of_type(ledger, "annualised"):
        quarter, year = (_operand(ledger, relation, role) for role in ("quarter", "year"))
        level = shared_level(ledger, year, reading)
        if (quarter.id, level.id) not in pairs or same_figure(quarter, year):
            pairs[quarter.id, level.id] = quarter, year, level
    return [_against_year(ledger, reading, *pair) for pair in pairs.values()]


def _against_year(ledger: Ledger, reading: Reading, quarter: Claim, year: Claim, level: Claim | Finding) -> dict:
    """Return a row of `quarters`, its findings named by the figures that they are computed from."""
    ids = f"{quarter.id}_{level.id if isinstance(level, Claim) else year.id}"
    whole, fourfold = _level_text(ledger, level), f"Four times {dated_text(quarter)}"
    share, pace = f"{dated_text(quarter)} in percent of {whole}", f"{fourfold}, compared with {whole}"
    return {
        "quarter": quarter,
        "year": year,
        "level": level,
        "quarter_share": derive(ledger, f"quarter_share_{ids}", share, "share", reading, part=quarter, total=level),
        "four_quarters": derive(
            ledger, f"four_quarters_{quarter.id}", fourfold, "annualised", reading, quarter=quarter
        ),
        "pace_gap": derive(ledger, f"pace_gap_{ids}", pace, "pace", reading, quarter=quarter, year=level),
    }


def same_figure(quarter: Claim, year: Claim) -> bool:
    """Return whether a text prints the figure of a year for a quarter as well, one of which must be out of place."""
    return quarter.source == year.source and quarter.point == year.point


def doubling_claims(ledger: Ledger, base_year: int, reading: Reading) -> tuple[Claim, Claim, Claim]:
    """Return the claims that the declared doubling is computed from: base (of `base_year`), latest level, and wish.

    The wish is the first target that a relation of type `multiple_of` compares with a level; level and base are of the
    same indicator. Raises ValueError if the ledger has no level for `base_year`, or the latest level has reached the
    wish already.
    """
    for relation in _of_type(ledger, "multiple_of"):
        wish = _operand(ledger, relation, "multiple")
        if relation.operands.get("first") and ledger.indicators[wish.indicator].kind == "target":
            by_year = yearly_levels(ledger, reading)[_operand(ledger, relation, "first").indicator]
            if base_year not in by_year:
                years = ", ".join(map(str, sorted(by_year)))
                raise ValueError(f"no level for the base year {base_year}; doubling_base_year can be {years}")
            base, latest = by_year[base_year], by_year[max(by_year)]
            if wish.point * base.point <= latest.point:
                reached = f"{dated_text(latest)} has reached {wish.text} times the level of {base_year} already"
                raise ValueError(f"{reached}; choose a later doubling_base_year")
            return base, latest, wish
    raise ValueError("no relation of type multiple_of has a target, so there is no declared doubling to compute")


def target(ledger: Ledger, reading: Reading, base: Claim, multiple: Claim) -> Finding:
    """Return the level that a declared multiple of `base` means, the printed multiple taken exactly."""
    label = f"The level that is {multiple.text} times the {base.period.end[:4]} level"
    inputs: dict[str, Any] = {"first": shared_level(ledger, base, reading), "multiple": multiple.point}
    return derive(ledger, "doubling_target", label, "last_of_multiple", reading, **inputs)


def findings_in(*groups: Iterable) -> list[Finding]:
    """Return every finding in rows (mappings or objects), also within mappings in them, in order, each once."""
    findings: dict[str, Finding] = {}

    def add(value: object) -> None:
        if isinstance(value, Finding):
            findings.setdefault(value.id, value)
        elif isinstance(value, Mapping):
            for item in value.values():
                add(item)

    for rows in groups:
        for row in rows:
            add(row if isinstance(row, Mapping) else vars(row))
    return list(findings.values())


def _of_type(ledger: Ledger, kind: str) -> list[Relation]:
    return [relation for relation in ledger.relations.values() if relation.type == kind]


def _operand(ledger: Ledger, relation: Relation, role: str) -> Claim:
    return ledger.claim(relation.operands[role][0])


def _between(ledger: Ledger, reading: Reading, early: tuple[int, Claim], late: tuple[int, Claim]) -> dict:
    (year_a, first), (year_b, last) = early, late
    years, indicator = year_b - year_a, first.indicator
    label = ledger.indicators[indicator].label
    within = uncapitalised(label, ledger.subject)
    first_level, last_level = levels_together(ledger, [first, last], reading)
    inputs: dict[str, Any] = {"last": last_level, "first": first_level}
    month = f"-{first.period.month:02d}" if first.period.month else ""
    start, end = f"{year_a}{month}", f"{year_b}{month}"
    slug = f"{indicator}_{start}_{end}".replace("-", "_")
    growth = derive(ledger, f"growth_{slug}", f"Growth of {within}, {start} to {end}", "growth", reading, **inputs)
    per_year = doubling_time = None
    if years > 1:
        text = f"Compound growth per year of {within}, {start} to {end}"
        per_year = derive(ledger, f"growth_per_year_{slug}", text, "compound_growth", reading, years=years, **inputs)
    if last.point > first.point:
        text = f"Years in which {within} doubles at its pace of {start} to {end}"
        doubling_time = derive(ledger, f"doubling_time_{slug}", text, "doubling_time", reading, years=years, **inputs)
    return {
        "indicator": indicator,
        "label": label,
        "first": inputs["first"],
        "last": inputs["last"],
        "first_claim": first,
        "last_claim": last,
        "start": start,
        "end": end,
        "first_year": year_a,
        "last_year": year_b,
        "years": years,
        "growth": growth,
        "per_year": per_year,
        "doubling": doubling_time,
    }
