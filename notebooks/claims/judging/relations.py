"""How figures hang together: a row of relations.csv as constraints between quantities, and what follows from it.

A quantity is an indicator over a period; a claim speaks of one. A growth rate and a multiple of one level speak of one
ratio between two levels, so they meet there although they are different indicators. An operand that a row leaves out
is a quantity all the same: where the ledger prints it elsewhere that figure is taken, else it is implied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from operator import add

from claims.content.phrases import Link, Marked, Phrase
from claims.judging.network import Constraint, Line, Network, Order, Product, Span, Sum
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Indicator, Ledger, Relation, domain
from claims.ledger.relation_rules import DATES, DIFFERS
from claims.results.finding import Finding, computed, derive
from claims.words.labels import claim_text, uncapitalised
from claims.words.sentences import phrase

DAYS_PER_YEAR = Fraction(3652425, 10000)  # the mean of the Gregorian calendar
ANYTHING = Interval(None, None)
NOT_NEGATIVE = Interval(Fraction(0), None, True, False)
RESULT = {
    "growth_of": "growth",
    "multiple_of": "multiple",
    "share_of": "share",
    "sum_of": "total",
    "rate_times_time": "total",
    "duration": "duration",
}
ORDER = {"part_of": ("part", "total"), "at_most": ("smaller", "larger"), "annualised": ("quarter", "year")}


@dataclass(frozen=True)
class Quantity:
    """What claims speak of: what it is and when, its unit, the values it can have, whether it is a whole number."""

    key: str
    label: str
    unit: str
    domain: Interval
    whole: bool = False
    period: str = ""


@dataclass(frozen=True)
class View:
    """A relation as the engine sees it.

    `claims` are its figures by role, those taken from elsewhere in the ledger included; `missing` are operands
    that no text prints; `quantities` are all it speaks of, `roles` says which is which; `given` are spans that
    hold without a claim, such as the time between two dates. `assumed` says what a constraint takes for granted.
    """

    relation: Relation
    claims: Mapping[str, tuple[Claim, ...]]
    missing: tuple[Quantity, ...]
    quantities: Mapping[str, Quantity]
    roles: Mapping[str, str]
    constraints: tuple[Constraint, ...]
    given: Mapping[str, Interval]
    assumed: str = ""

    @property
    def named(self) -> tuple[Claim, ...]:
        """Return the figures of all roles, in order, each once."""
        return tuple(dict.fromkeys(claim for claims in self.claims.values() for claim in claims))


def differs(relation: Relation) -> str:
    """Return in what the figures of a relation differ, so that they are not comparable; "" if they are."""
    said = relation.period_rule.partition(":")[2] if relation.period_rule.startswith(DIFFERS) else ""
    return said or ("" if relation.type != "not_comparable" else relation.reason)


def main_role(relation: Relation) -> str:
    """Return the role of the figure that a relation is about: its result, or the smaller one of an order."""
    return RESULT.get(relation.type) or ORDER[relation.type][0]


def quantity_of(ledger: Ledger, claim: Claim) -> Quantity:
    """Return the quantity that a claim speaks of."""
    return _quantity(ledger.indicators[claim.indicator], claim.period.key, claim.period.label)


def views(ledger: Ledger) -> dict[str, View]:
    """Return every relation whose figures are comparable, by id."""
    printed = ledger.groups
    return {one.id: view(ledger, one, printed) for one in ledger.relations.values() if not differs(one)}


def view(ledger: Ledger, relation: Relation, printed: Mapping[str, Sequence[Claim]] | None = None) -> View:
    """Return a relation as the engine sees it; `printed` are the claims of each quantity (`ledger.groups`)."""
    printed = ledger.groups if printed is None else printed
    named = {role: tuple(map(ledger.claim, ids)) for role, ids in relation.operands.items()}
    return _Maker(ledger, relation, named, printed).made()


def network(
    ledger: Ledger,
    seen: Sequence[View],
    claims: Mapping[str, Sequence[Claim]],
    reading: Reading,
    without: frozenset[str] = frozenset(),
    apart: Mapping[str, Reading] | None = None,
) -> Network:
    """Return the network of `seen` relations and of the `claims` on each quantity.

    Claims in `without` say nothing; those in `apart` have a reading of their own.
    """
    apart = apart or {}
    quantities: dict[str, Quantity] = {}
    spans: dict[str, Span] = {}
    constraints: dict[tuple, Constraint] = {}
    for one in seen:
        quantities |= one.quantities
    for key, quantity in quantities.items():
        spans[key] = Span.of(quantity.domain)
    for one in seen:
        for key, interval in one.given.items():
            spans[key] = spans[key] & Span.of(interval, [one.relation.id])
    for key, said in claims.items():
        for claim in said:
            if claim.id not in without:
                held = Span.of(ledger.interval(claim, apart.get(claim.id, reading)), [claim.id])
                spans[key] = spans[key] & held if key in spans else held
                quantities.setdefault(key, quantity_of(ledger, claim))
    for one in seen:
        for constraint in one.constraints:
            bare = replace(constraint, because=frozenset())
            constraints[bare] = constraints.get(bare, constraint)
    whole = frozenset(key for key, quantity in quantities.items() if quantity.whole)
    return Network(spans, tuple(constraints.values()), whole)


def result(
    ledger: Ledger, relation: Relation, reading: Reading, more: Mapping[str, Claim] | None = None
) -> Finding | None:
    """Return what the figures of a relation come to: what they make together, or the operand that they imply.

    `more` are operands that the row leaves out and the ledger prints elsewhere. None where a relation only orders its
    figures, or says no more than that they cannot be compared.
    """
    one = {role: ledger.claim(ids[0]) for role, ids in relation.operands.items()} | dict(more or {})
    maker = _RESULTS.get(relation.type)
    return maker(ledger, relation, one, reading) if maker else None


def told(claim: Claim) -> str:
    """Return a claim with its period and text: “$41 billion (2023, S2)”."""
    return f"{claim_text(claim)} ({claim.period.label}, {claim.source})"


def of(ledger: Ledger, claim: Claim) -> Phrase:
    """Return what a claim is of, over which period and in which text: “Bilateral trade, 2023 (S1)”."""
    period, text = Marked(claim.period.label, "date"), Link(claim.source, claim.source)
    label = Link(ledger.indicators[claim.indicator].label, claim.id)
    return phrase("{label}, {period} ({text})", label=label, period=period, text=text)


def span_of_dates(rule: str, unit: str = "year") -> Interval:
    """Return the time between two dates, cut short where only year or month are known, in years or days.

    The first and the last day may both count, or one of them.

    >>> str(span_of_dates("2009-07-02..2024-07-02", "day")), str(span_of_dates("2019..2023"))
    ('[5479, 5480]', '[1096/365, 5]')
    """
    first, last = (days_meant(text) for text in rule.split(".."))
    after = last[1] + timedelta(days=1)
    between = _years_between if unit == "year" else _days_between
    return Interval(between(first[1], last[0]), between(first[0], after), True, True)


def _days_between(first: date, last: date) -> Fraction:
    return Fraction((last - first).days)


def _years_between(first: date, last: date) -> Fraction:
    """Return the anniversaries of `first` up to `last`, and the part of a year since the latest."""
    years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    latest, following = (_anniversary(first, years + more) for more in (0, 1))
    return years + Fraction((last - latest).days, (following - latest).days)


def _anniversary(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if is_leap_day else day.replace(year=day.year + years)


def days_meant(text: str) -> tuple[date, date]:
    """Return the first and the last day that a date, maybe cut short, can mean.

    >>> [str(day) for day in days_meant("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    parts = [int(part) for part in text.split("-")]
    first = date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first, first
    after = date(first.year + 1, 1, 1) if len(parts) == 1 else (first + timedelta(days=31)).replace(day=1)
    return first, after - timedelta(days=1)


def _quantity(indicator: Indicator, period: str, label: str) -> Quantity:
    key = f"{indicator.id}:{period}"
    return Quantity(key, indicator.label, indicator.unit, domain(indicator), indicator.integer, label)


class _Maker:
    """Collects what a relation speaks of, role by role."""

    def __init__(self, ledger: Ledger, relation: Relation, named: dict, printed: Mapping[str, Sequence[Claim]]) -> None:
        self.ledger, self.relation, self.printed = ledger, relation, printed
        self.claims: dict[str, tuple[Claim, ...]] = dict(named)
        self.missing: list[Quantity] = []
        self.quantities: dict[str, Quantity] = {}
        self.roles: dict[str, str] = {}
        self.given: dict[str, Interval] = {}
        self.because = frozenset([relation.id])
        self.assumed = ""
        for role, claims in named.items():
            for place, claim in enumerate(claims):
                own = self.add(quantity_of(ledger, claim))
                self.roles[role if not place else f"{role}{place}"] = own

    def made(self) -> View:
        """Return the view."""
        constraints = getattr(self, f"_{self.relation.type}")()
        shown = (self.relation, self.claims, tuple(self.missing), self.quantities, self.roles)
        return View(*shown, tuple(constraints), self.given, self.assumed)

    def add(self, quantity: Quantity) -> str:
        """Keep a quantity and return its key."""
        self.quantities[quantity.key] = quantity
        return quantity.key

    def implied(self, role: str, quantity: Quantity) -> str:
        """Return the key of an operand the row leaves out: printed elsewhere in the ledger, or missing."""
        key = self.add(quantity)
        self.roles[role] = key
        if key in self.printed:
            self.claims[role] = tuple(self.printed[key])
        else:
            self.missing.append(quantity)
        return key

    def one(self, role: str) -> Claim:
        return self.claims[role][0]

    def within(self, claim: Claim) -> str:
        """Return the label of a claim's indicator as it appears within a sentence."""
        return uncapitalised(self.ledger.indicators[claim.indicator].label, self.ledger.subject)

    def made_up(self, name: str, label: str, unit: str, values: Interval = ANYTHING) -> Quantity:
        return Quantity(f"{self.relation.id}:{name}", label, unit, values)

    def level(self, role: str, other: str) -> str:
        """Return the key of the level in `role`; one left out lies a year before or after the `other`.

        Where the rate covers more than a year it lies at the start or the end of that time, which no period names.
        """
        if role in self.roles:
            return self.roles[role]
        known = self.one(other)
        indicator = self.ledger.indicators[known.indicator]
        rate = self.one(RESULT[self.relation.type])
        if self.relation.period_rule == "covers":
            label = f"{indicator.label} at the {'start' if role == 'first' else 'end'} of the time"
            level = self.made_up(role, label, indicator.unit, domain(indicator))
            return self.implied(role, replace(level, period=rate.period.label))
        period = known.period.year_before if role == "first" else rate.period
        if period is None or period.kind == "undated":
            label = f"{indicator.label}, {'before' if role == 'first' else 'aimed at'}"
            return self.implied(role, self.made_up(role, label, indicator.unit, domain(indicator)))
        return self.implied(role, _quantity(indicator, period.key, period.label))

    def ratio(self) -> tuple[str, Constraint]:
        """Return the ratio of the last level to the first, and the product that makes it one."""
        last, first = self.level("last", "first"), self.level("first", "last")
        levels = [self.quantities[key].domain for key in (last, first)]
        positive = all(values.low is not None and values.low >= 0 for values in levels)
        label = f"{self.quantities[last].label}, as a multiple of {self.quantities[first].label}"
        key = self.add(Quantity(f"{last}/{first}", label, "times", NOT_NEGATIVE if positive else ANYTHING))
        return key, Product(first, key, last, self.because)

    def order(self, smaller: str, larger: str) -> list[Constraint]:
        return [Order(self.roles[smaller], self.roles[larger], self.because)]

    def parts_are_positive(self, role: str, of: str) -> None:
        """Note that a part is no more than its whole only while no other part is below 0."""
        values = self.quantities[self.roles[role]].domain
        if values.low is None or values.low < 0:
            self.assumed = f"no other part of {of} is below zero"

    def _growth_of(self) -> list[Constraint]:
        rate = self.roles["growth"]
        if self.one("growth").unit == "percentage_points":
            return [Sum(self.level("last", "first"), (self.level("first", "last"), rate), self.because)]
        ratio, product = self.ratio()
        return [Line(rate, ratio, Fraction(1, 100), Fraction(1), self.because), product]

    def _multiple_of(self) -> list[Constraint]:
        ratio, product = self.ratio()
        return [Line(self.roles["multiple"], ratio, Fraction(1), Fraction(0), self.because), product]

    def _share_of(self) -> list[Constraint]:
        share = self.one("share")
        said = self.ledger.indicators[share.indicator].label
        for role, other in (("part", "total"), ("total", "part")):
            if role not in self.roles:
                unit = self.one(other).unit
                label = f"The {role} behind the {self.within(share)}"
                key = f"{share.indicator}:{share.period.key}:{role}"
                self.implied(role, Quantity(key, label, unit, NOT_NEGATIVE, period=share.period.label))
        fraction = self.add(Quantity(f"{self.roles['part']}/{self.roles['total']}", said, "times", NOT_NEGATIVE))
        return [
            Line(self.roles["share"], fraction, Fraction(1, 100), Fraction(0), self.because),
            Product(self.roles["total"], fraction, self.roles["part"], self.because),
        ]

    def _part_of(self) -> list[Constraint]:
        self.parts_are_positive("part", told(self.one("total")))
        return self.order("part", "total")

    def _at_most(self) -> list[Constraint]:
        if self.relation.period_rule == "within":
            self.parts_are_positive("smaller", told(self.one("larger")))
        return self.order("smaller", "larger")

    def _annualised(self) -> list[Constraint]:
        self.parts_are_positive("quarter", told(self.one("year")))
        return self.order("quarter", "year")

    def _sum_of(self) -> list[Constraint]:
        parts = tuple(key for role, key in self.roles.items() if role.startswith("parts"))
        return [Sum(self.roles["total"], parts, self.because)]

    def _rate_times_time(self) -> list[Constraint]:
        time, total = self.one("time"), self.one("total")
        if "rate" not in self.roles:
            label = f"The mean rate behind {self.within(total)}"
            rate = self.made_up("rate", label, f"{total.unit}_per_year")
            self.implied("rate", replace(rate, period=total.period.label))
        per = self.one("rate").unit if "rate" in self.claims else f"{total.unit}_per_year"
        factor = time_factor(per, time.unit)
        spent = self.add(self.made_up("time", f"The time of {told(time)}", "year", NOT_NEGATIVE))
        line = Line(self.roles["time"], spent, factor, Fraction(0), self.because)
        if self.relation.period_rule != "ceiling":
            return [line, Product(self.roles["rate"], spent, self.roles["total"], self.because)]
        made = self.add(self.made_up("made", f"The most that {told(time)} allow", total.unit, NOT_NEGATIVE))
        return [
            line,
            Product(self.roles["rate"], spent, made, self.because),
            Order(self.roles["total"], made, self.because),
        ]

    def _duration(self) -> list[Constraint]:
        length = self.one("duration")
        key = self.roles["duration"]
        if DATES.fullmatch(self.relation.period_rule):
            self.given[key] = span_of_dates(self.relation.period_rule, length.unit)
            return []
        for role in ("start", "end"):
            if role not in self.roles:
                label = f"The {role} of {self.within(length)}"
                self.implied(role, replace(self.made_up(role, label, "calendar_year"), period=length.period.label))
        slack = self.add(self.made_up("slack", "The days within the years", "year"))
        self.given[slack] = Interval(Fraction(-1), Fraction(1), False, False)
        years = self.add(self.made_up("years", f"{told(length)} in years", "year"))
        line = Line(key, years, time_factor("per_year", length.unit), Fraction(0), self.because)
        return [line, Sum(self.roles["end"], (self.roles["start"], years, slack), self.because)]


def time_factor(rate_unit: str, time_unit: str) -> Fraction:
    """Return what turns a time into the unit that a rate is per: days into years, years into days.

    >>> time_factor("m3_per_year", "year"), time_factor("m3_per_day", "year")
    (Fraction(1, 1), Fraction(146097, 400))
    """
    days = {"year": DAYS_PER_YEAR, "day": Fraction(1)}
    per = re.search(r"per_(year|day)$", rate_unit)
    if not per or time_unit not in days:
        raise ValueError(f"cannot multiply {rate_unit} by {time_unit}: give a rate per year or day, and years or days")
    return days[time_unit] / days[per[1]]


def _earlier(relation: Relation) -> str:
    return "Level at the start of the time" if relation.period_rule == "covers" else "Level a year earlier"


def _growth(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    rate, last, first = one["growth"], one["last"], one.get("first")
    implied = f"{_earlier(relation)} implied by {told(last)} and {told(rate)}"
    if rate.unit == "percentage_points" and not first:
        name = f"base_{rate.id}_{last.id}"
        return derive(ledger, name, implied, "base_of_change", reading, last=last, change=rate)
    if rate.unit == "percentage_points":
        label = f"Change from {told(first)} to {told(last)}"
        given = {"last": last, "first": first}
        return derive(ledger, f"change_{first.id}_{last.id}", label, "change", reading, rate.unit, **given)
    if first:
        label = f"Growth from {told(first)} to {told(last)}"
        return derive(ledger, f"growth_{first.id}_{last.id}", label, "growth", reading, last=last, first=first)
    return derive(ledger, f"base_{rate.id}_{last.id}", implied, "implied_base", reading, last=last, growth=rate)


def _multiple(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    times, last, first = one["multiple"], one.get("last"), one.get("first")
    if last and first:
        label = f"{told(last)} as a multiple of {told(first)}"
        return derive(ledger, f"multiple_{first.id}_{last.id}", label, "multiple", reading, last=last, first=first)
    if last:
        label = f"{_earlier(relation)} implied by {told(last)} and {told(times)}"
        return derive(
            ledger, f"base_{times.id}_{last.id}", label, "base_of_multiple", reading, last=last, multiple=times
        )
    label = f"Level that {told(times)} means, counted from {told(first)}"
    return derive(
        ledger, f"level_{times.id}_{first.id}", label, "last_of_multiple", reading, first=first, multiple=times
    )


def _share(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    share, part, total = one["share"], one.get("part"), one.get("total")
    if part and total:
        label = f"{told(part)} as a share of {told(total)}"
        return derive(ledger, f"share_{part.id}_{total.id}", label, "share", reading, part=part, total=total)
    if part:
        label = f"Total implied by {told(part)} and the share “{claim_text(share)}” ({share.source})"
        return derive(
            ledger, f"implied_total_{share.id}_{part.id}", label, "implied_total", reading, part=part, share=share
        )
    label = f"Part implied by {told(total)} and the share “{claim_text(share)}” ({share.source})"
    return derive(
        ledger, f"implied_part_{share.id}_{total.id}", label, "implied_part", reading, total=total, share=share
    )


def _sum(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    parts = [ledger.claim(name) for name in relation.operands["parts"]]
    spans = [Span.of(ledger.interval(part, reading)) for part in parts]
    total = reduce(add, spans)
    said = " + ".join(f"{{part{place}}}" for place in range(1, len(parts) + 1))
    inputs = {f"part{place}": part.id for place, part in enumerate(parts, start=1)}
    value, label = sum(part.point for part in parts), f"The parts of {told(one['total'])}, added up"
    return computed(f"sum_{relation.id}", label, value, one["total"].unit, said, total.interval, inputs=inputs)


def _accumulated(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    rate, time, total = one.get("rate"), one["time"], one["total"]
    per = rate.unit if rate else f"{total.unit}_per_year"
    factor = time_factor(per, time.unit)
    if rate:
        label = f"{told(rate)}, kept up for {told(time)}"
        given = {"rate": rate, "time": time, "factor": factor}
        return derive(ledger, f"accumulated_{rate.id}_{time.id}", label, "accumulated", reading, total.unit, **given)
    label = f"Mean rate behind {told(total)} in {told(time)}"
    given = {"total": total, "time": time, "factor": factor}
    return derive(ledger, f"mean_rate_{total.id}_{time.id}", label, "mean_rate", reading, per, **given)


def _length(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding | None:
    length = one["duration"]
    if not DATES.fullmatch(relation.period_rule):
        return None
    span = span_of_dates(relation.period_rule, length.unit)
    said = "from one date to the other, as far as the texts print them"
    label = f"Time that {told(length)} spans by its dates, {relation.period_rule.replace('..', ' to ')}"
    inputs = {"dates": relation.id}
    return computed(f"span_{relation.id}", label, None, length.unit, said, span, inputs=inputs)


def _rest_of_year(ledger: Ledger, relation: Relation, one: Mapping[str, Claim], reading: Reading) -> Finding:
    quarter, year = one["quarter"], one["year"]
    label = f"Mean of the other quarters, if {told(quarter)} is a part of {told(year)}"
    name = f"other_quarters_{quarter.id}_{year.id}"
    return derive(ledger, name, label, "rest_of_year", reading, quarter=quarter, year=year)


_RESULTS: dict[str, Callable[..., Finding | None]] = {
    "annualised": _rest_of_year,
    "growth_of": _growth,
    "multiple_of": _multiple,
    "share_of": _share,
    "sum_of": _sum,
    "rate_times_time": _accumulated,
    "duration": _length,
}
