"""Relations as constraints: a row of relations.csv with its claims, the quantities it needs, and what ties them.

A quantity is an indicator over a period; a claim is about one. A growth rate and a multiple of one level are about one
ratio between two levels, so they meet there although they are different indicators. An operand that a row leaves out
is a quantity all the same: where the ledger prints it elsewhere that figure is taken, else it is implied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import and_, or_

from claims.judging.network import Constraint, Line, Network, Order, Product, Sum
from claims.judging.spans import Span
from claims.judging.times import dates_of, span_of_dates, time_factor
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Indicator, Ledger, Relation, domain, grouped
from claims.ledger.relation_rules import DIFFERS

__all__ = [
    "DATING", "ORDER", "RESULT", "Quantity", "View", "by_quantity", "difference", "main_role", "network_of_statements",
    "network_of_views", "quantity_of", "view_of", "views_of",
]  # fmt: skip

ANYTHING = Interval(None, None)
NOT_NEGATIVE = Interval(Fraction(0), None, True, False)
RESULT = {
    "growth_of": "growth",
    "multiple_of": "multiple",
    "share_of": "share",
    "sum_of": "total",
    "rate_times_time": "total",
    "converted": "total",
    "duration": "duration",
}
DATING = "since"  # the role of a figure of which only the date counts
ORDER = {"part_of": ("part", "total"), "at_most": ("smaller", "larger"), "annualised": ("quarter", "year")}


@dataclass(frozen=True)
class Quantity:
    """What claims are about, or a relation needs: its unit, the values it can have, whether it is a whole number.

    `indicator` is the id of what it is, or is worked out from. `role` is what it is in the relation that needs it; it
    is empty for an indicator over a period, which claims may print. `period` is the label of its time, or empty.
    """

    key: str
    unit: str
    domain: Interval
    whole: bool = False
    indicator: str = ""
    role: str = ""
    period: str = ""


@dataclass(frozen=True)
class View:
    """A relation with its claims, quantities and constraints.

    `claims` are its figures by role, those taken from elsewhere in the ledger included; of `dating` ones only the date
    counts; `missing` are operands that no
    text prints; `quantities` are all that it needs, by key, and `roles` maps its roles to these keys; `fixed` are
    intervals that follow from the row itself, such as the time between two dates. The constraints of a view with
    `positive_parts_of` are true only while no other part of that claim's quantity is below zero.
    """

    relation: Relation
    claims: Mapping[str, tuple[Claim, ...]]
    missing: tuple[Quantity, ...]
    quantities: Mapping[str, Quantity]
    roles: Mapping[str, str]
    constraints: tuple[Constraint, ...]
    fixed: Mapping[str, Interval]
    positive_parts_of: Claim | None = None

    @property
    def named(self) -> tuple[Claim, ...]:
        """Return the figures of all roles that are confronted, in order, each once."""
        confronted = (claims for role, claims in self.claims.items() if role != DATING)
        return tuple(dict.fromkeys(claim for claims in confronted for claim in claims))

    @property
    def dating(self) -> tuple[Claim, ...]:
        """Return the figures that only give a date."""
        return self.claims.get(DATING, ())

    def narrowest_first(self, ledger: Ledger, reading: Reading) -> View:
        """Return the view with the claims of each role in order, the one with the narrowest interval first."""

        def width(claim: Claim) -> tuple:
            return ledger.interval(claim, reading).width, claim.point, claim.id

        return replace(self, claims={role: tuple(sorted(claims, key=width)) for role, claims in self.claims.items()})


def difference(relation: Relation) -> str:
    """Return in what the figures of a relation differ, so that they are not comparable; "" if they are."""
    what = relation.period_rule.partition(":")[2] if relation.period_rule.startswith(DIFFERS) else ""
    return what or ("" if relation.type != "not_comparable" else relation.reason)


def main_role(relation: Relation) -> str:
    """Return the role of the figure that a relation is about: its result, or the smaller one of an order."""
    return RESULT.get(relation.type) or ORDER[relation.type][0]


def quantity_of(ledger: Ledger, claim: Claim) -> Quantity:
    """Return the quantity that a claim is about."""
    return _quantity(ledger.indicators[claim.indicator], claim.period.key, claim.period.label)


def by_quantity(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Return claims by the quantity they are about."""
    return grouped(claims, lambda claim: claim.quantity)


def views_of(ledger: Ledger, ids: Iterable[str] | None = None) -> dict[str, View]:
    """Return the views of relations by id; without `ids`, of every one whose figures are comparable."""
    if ids is None:
        ids = [id for id, relation in ledger.relations.items() if not difference(relation)]
    kept = ledger.kept.setdefault("views", {})  # no reading changes them
    return {id: kept.get(id) or kept.setdefault(id, view_of(ledger, ledger.relations[id])) for id in ids}


def view_of(ledger: Ledger, relation: Relation) -> View:
    """Return a relation with its claims, quantities and constraints."""
    return _Builder(ledger, relation).build()


def network_of_views(
    ledger: Ledger, views: Iterable[View], printed: Mapping[str, Sequence[Claim]], reading: Reading
) -> Network:
    """Return the network of relations and of all figures printed for their quantities.

    Figures of one quantity that leave no common value (a disagreement of its own) allow anything from the lowest to the
    highest of them here: either may be right.
    """
    network = network_of_statements(ledger, views, {}, reading)
    spans = dict(network.spans)
    for key in spans.keys() & printed.keys():
        own = [Span.from_interval(ledger.interval(claim, reading), [claim.id]) for claim in printed[key]]
        common = reduce(and_, own)
        spans[key] = spans[key] & (reduce(or_, own) if common.is_empty else common)
    return replace(network, spans=spans)


def network_of_statements(
    ledger: Ledger,
    views: Iterable[View],
    claims: Mapping[str, Sequence[Claim]],
    reading: Reading,
    own_readings: Mapping[str, Sequence[Reading]] | None = None,
) -> Network:
    """Return the network of relations and of `claims` by quantity, all of which have to be true.

    Claims in `own_readings`, by id, are read differently from the others: as anything from the lowest to the highest
    value that one of their readings allows.
    """
    views, own_readings = list(views), own_readings or {}
    quantities = {key: quantity for view in views for key, quantity in view.quantities.items()}
    spans = {key: Span.from_interval(quantity.domain) for key, quantity in quantities.items()}
    for view in views:
        for key, interval in view.fixed.items():
            spans[key] = spans[key] & Span.from_interval(interval, [view.relation.id])
    for key, group in claims.items():
        for claim in group:
            intervals = (ledger.interval(claim, own) for own in own_readings.get(claim.id, (reading,)))
            span = reduce(or_, (Span.from_interval(interval, [claim.id]) for interval in intervals))
            spans[key] = spans[key] & span if key in spans else span
            quantities.setdefault(key, quantity_of(ledger, claim))
    constraints: dict[Constraint, Constraint] = {}  # by the constraint without reasons, which two relations may share
    for view in views:
        for constraint in view.constraints:
            constraints.setdefault(replace(constraint, because=frozenset()), constraint)
    whole = frozenset(key for key, quantity in quantities.items() if quantity.whole)
    return Network(spans, tuple(constraints.values()), whole)


def _quantity(indicator: Indicator, period: str, label: str) -> Quantity:
    key = f"{indicator.id}:{period}"
    return Quantity(key, indicator.unit, domain(indicator), bool(indicator.integer), indicator.id, period=label)


class _Builder:
    """Collects the claims, quantities and constraints of a relation, role by role."""

    def __init__(self, ledger: Ledger, relation: Relation) -> None:
        self.ledger, self.relation = ledger, relation
        self.claims = {role: tuple(map(ledger.claim, ids)) for role, ids in relation.operands.items()}
        self.missing: list[Quantity] = []
        self.quantities: dict[str, Quantity] = {}
        self.roles: dict[str, str] = {}
        self.fixed: dict[str, Interval] = {}
        self.because = frozenset([relation.id])
        self.positive_parts_of: Claim | None = None
        for role, claims in self.claims.items():
            for index, claim in enumerate(claims if role != DATING else ()):
                self.roles[role if not index else f"{role}{index}"] = self.add(quantity_of(ledger, claim))

    def build(self) -> View:
        """Return the view."""
        constraints = tuple(_CONSTRAINTS[self.relation.type](self))
        parts = (self.claims, tuple(self.missing), self.quantities, self.roles, constraints, self.fixed)
        return View(self.relation, *parts, self.positive_parts_of)

    def add(self, quantity: Quantity) -> str:
        """Keep a quantity and return its key."""
        self.quantities[quantity.key] = quantity
        return quantity.key

    def add_own(self, role: str, unit: str, values: Interval) -> str:
        """Keep a quantity that only this relation has, and return its key."""
        return self.add(self.own(role, "", unit, values))

    def own(self, role: str, indicator: str, unit: str, values: Interval, period: str = "") -> Quantity:
        """Return a quantity that only this relation has."""
        return Quantity(f"{self.relation.id}:{role}", unit, values, False, indicator, role, period)

    def imply(self, role: str, quantity: Quantity) -> str:
        """Return the key of an operand the row leaves out: printed elsewhere in the ledger, or missing."""
        key = self.add(quantity)
        self.roles[role] = key
        if key in self.ledger.groups:
            self.claims[role] = tuple(self.ledger.groups[key])
        else:
            self.missing.append(quantity)
        return key

    def first(self, role: str) -> Claim:
        """Return the first claim of a role."""
        return self.claims[role][0]

    def level(self, role: str, other: str) -> str:
        """Return the key of the level in `role`; one left out lies a year before or after the `other`.

        Where the rate covers more than a year it lies at the start or the end of that time, which no period names.
        """
        if role in self.roles:
            return self.roles[role]
        known = self.first(other)
        indicator = self.ledger.indicators[known.indicator]
        rate = self.first(RESULT[self.relation.type])
        if self.relation.period_rule == "covers":
            own = self.own(role, indicator.id, indicator.unit, domain(indicator), rate.period.label)
            return self.imply(role, own)
        period = known.period.year_before if role == "first" else rate.period
        if period is None or period.kind == "undated":
            return self.imply(role, self.own(role, indicator.id, indicator.unit, domain(indicator)))
        return self.imply(role, _quantity(indicator, period.key, period.label))

    def ratio(self) -> tuple[str, Constraint]:
        """Return the ratio of the last level to the first, and the product that defines it."""
        last, first = self.level("last", "first"), self.level("first", "last")
        lows = [self.quantities[key].domain.low for key in (last, first)]
        values = NOT_NEGATIVE if all(low is not None and low >= 0 for low in lows) else ANYTHING
        key = self.add(Quantity(f"{last}/{first}", "times", values, role="ratio"))
        return key, Product(first, key, last, self.because)

    def growth(self) -> list[Constraint]:
        rate = self.roles["growth"]
        if self.first("growth").unit == "percentage_points":
            return [Sum(self.level("last", "first"), (self.level("first", "last"), rate), self.because)]
        ratio, product = self.ratio()
        return [Line(rate, ratio, Fraction(1, 100), Fraction(1), self.because), product]

    def multiple(self) -> list[Constraint]:
        ratio, product = self.ratio()
        return [Line(self.roles["multiple"], ratio, Fraction(1), Fraction(0), self.because), product]

    def share(self) -> list[Constraint]:
        share = self.first("share")
        for role, other in (("part", "total"), ("total", "part")):
            if role not in self.roles:
                key, unit = f"{share.indicator}:{share.period.key}:{role}", self.first(other).unit
                implied = Quantity(key, unit, NOT_NEGATIVE, False, share.indicator, role, share.period.label)
                self.imply(role, implied)
        part, total = self.roles["part"], self.roles["total"]
        fraction = self.add(Quantity(f"{part}/{total}", "times", NOT_NEGATIVE, role="fraction"))
        return [
            Line(self.roles["share"], fraction, Fraction(1, 100), Fraction(0), self.because),
            Product(total, fraction, part, self.because),
        ]

    def order(self) -> list[Constraint]:
        smaller, larger = ORDER[self.relation.type]
        low = self.quantities[self.roles[smaller]].domain.low
        is_part = self.relation.type != "at_most" or self.relation.period_rule == "within"
        if is_part and (low is None or low < 0):
            self.positive_parts_of = self.first(larger)
        return [Order(self.roles[smaller], self.roles[larger], self.because)]

    def sum(self) -> list[Constraint]:
        parts = tuple(key for role, key in self.roles.items() if role.startswith("parts"))
        return [Sum(self.roles["total"], parts, self.because)]

    def accumulation(self) -> list[Constraint]:
        time, total = self.first("time"), self.first("total")
        per = f"{total.unit}_per_year"
        if "rate" in self.roles:
            per = self.first("rate").unit
        else:
            self.imply("rate", self.own("rate", total.indicator, per, ANYTHING, total.period.label))
        years = self.add_own("time", "year", NOT_NEGATIVE)
        line = Line(self.roles["time"], years, time_factor(per, time.unit), Fraction(0), self.because)
        if self.relation.period_rule != "ceiling":
            return [line, Product(self.roles["rate"], years, self.roles["total"], self.because)]
        most = self.add_own("most", total.unit, NOT_NEGATIVE)
        kept_up = Product(self.roles["rate"], years, most, self.because)
        return [line, kept_up, Order(self.roles["total"], most, self.because)]

    def conversion(self) -> list[Constraint]:
        rate, amount, total = (self.roles[role] for role in ("rate", "amount", "total"))
        return [Product(rate, amount, total, self.because)]

    def duration(self) -> list[Constraint]:
        length, key = self.first("duration"), self.roles["duration"]
        if dates := dates_of(self.ledger, self.relation):
            self.fixed[key] = span_of_dates(dates, length.unit)
            return []
        for role in ("start", "end"):
            if role not in self.roles:
                self.imply(role, self.own(role, length.indicator, "calendar_year", ANYTHING, length.period.label))
        slack = self.add_own("slack", "year", ANYTHING)  # the days within the two years
        self.fixed[slack] = Interval(Fraction(-1), Fraction(1), False, False)
        years = self.add_own("years", "year", ANYTHING)
        line = Line(key, years, time_factor("per_year", length.unit), Fraction(0), self.because)
        return [line, Sum(self.roles["end"], (self.roles["start"], years, slack), self.because)]


_CONSTRAINTS: dict[str, Callable[[_Builder], list[Constraint]]] = {
    "growth_of": _Builder.growth,
    "multiple_of": _Builder.multiple,
    "share_of": _Builder.share,
    "part_of": _Builder.order,
    "at_most": _Builder.order,
    "annualised": _Builder.order,
    "sum_of": _Builder.sum,
    "rate_times_time": _Builder.accumulation,
    "converted": _Builder.conversion,
    "duration": _Builder.duration,
}
