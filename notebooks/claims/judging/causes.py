"""What could explain a disagreement, and what would it change?

Every cause of a fixed list is *supported*, *not excluded* or *excluded* by what the ledger holds: what an indicator
covers, who may have compiled it, which periods are inferred, where a figure is in words. A cause is never assigned;
the ledger only says how far it reaches. Each rule is one function, under the cause's name. The list is that of
`ledger.rules`, with the causes that only a subject has: their rules are `RULES` in the module `causes` of its package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING

from claims.judging.relations import days_meant
from claims.ledger.intervals import ROUNDINGS, Interval, Reading
from claims.ledger.subject import Subject, placed
from claims.words.labels import claim_text

if TYPE_CHECKING:
    from claims.judging.verdicts import Verdict
    from claims.ledger.model import Claim, Ledger

    Rule = Callable[["Case"], str]
    CanHold = Callable[[Ledger, Verdict, Reading, Mapping[str, Reading]], bool]

SUPPORTED, OPEN, EXCLUDED = "supported", "not excluded", "excluded"
STATES = (SUPPORTED, OPEN, EXCLUDED)
LEFT_OPEN = ("not said", "not clear", "unknown", "differ", "assumed", "by context")
WRITTEN = ("rounding", "loose_wording")
VINTAGE_DAYS = 30  # texts less far apart print one vintage of a yearly or quarterly statistic
MOST_RULES = 4  # figures for which every combination of rounding rules is tried
LOWER, UPPER = ("more_than", "at_least"), ("less_than", "nearly", "at_most")


def states(ledger: Ledger, verdict: Verdict, reading: Reading, can_hold: CanHold) -> dict[str, str]:
    """Return the state of every cause for a disagreement, in the order of the fixed list.

    `can_hold` says whether its figures can all hold with other readings for some of them. Figures that one line of a
    text prints for one thing are of one statistic: only how they are written can part them.
    """
    case = Case(ledger, verdict, reading, can_hold)
    rules = rules_of(ledger.subject)
    written = WRITTEN if case.is_one_line else rules
    return {cause: rule(case) if cause in written else EXCLUDED for cause, rule in rules.items()}


def rules_of(subject: Subject) -> dict[str, Rule]:
    """Return the rule of every cause, the engine's and the subject's, in the order of `causes_of`."""
    if not subject.causes:
        return _RULES
    own = import_module(f"{subject.id}.causes").RULES
    return placed(_RULES, {after: {cause: own[cause] for cause in causes} for after, causes in subject.causes.items()})


def flips(ledger: Ledger, verdict: Verdict, allowed: Callable[[Claim], Interval], reading: Reading) -> str:
    """Return which sign, rank or threshold word of a claim the other claims turn over; "" if none.

    The others turn a claim over if all they allow lies on the other side: of 0 for a change, of first place for a
    rank, of the number a hedge such as “more than” names. Measured as usually read.
    """
    told = []
    for claim in sorted(verdict.claims, key=lambda one: one.id):
        others = allowed(claim)
        if others.is_empty:
            continue
        told += [f"{what} of {claim_text(claim)} ({claim.source})" for what in _flipped(ledger, claim, others)]
    if any(ledger.relations[name].type == "at_most" for name in verdict.relations):
        told.append("the order that the texts tell")
    return "; ".join(dict.fromkeys(told))


def _flipped(ledger: Ledger, claim: Claim, others: Interval) -> list[str]:
    kind = ledger.indicators[claim.indicator].kind
    found = []
    if kind == "growth" and _other_side(claim.point, others, 0):
        found.append("the sign")
    if kind == "rank" and claim.point not in others:
        found.append("the rank")
    hedge, size, sized = claim.hedge, abs(claim.point), others if claim.point >= 0 else -others
    if hedge in LOWER and sized.high is not None and _below(sized, size, hedge == "at_least"):
        found.append("the threshold")
    if hedge in UPPER and sized.low is not None and _below(-sized, -size, hedge == "at_most"):
        found.append("the threshold")
    return found


def _below(others: Interval, threshold, allowed_at: bool) -> bool:
    """Return whether all of `others` lies below a threshold, or on one that a claim does not allow."""
    return others.high < threshold or (others.high == threshold and not (allowed_at and others.high_closed))


def _other_side(point, others: Interval, at: int) -> bool:
    if point > at:
        return others.high is not None and others.high <= at
    return point < at and others.low is not None and others.low >= at


class Case:
    """A disagreement, with the indicators its claims are on."""

    def __init__(self, ledger: Ledger, verdict: Verdict, reading: Reading, can_hold: CanHold) -> None:
        self.ledger, self.verdict, self.reading, self.can_hold = ledger, verdict, reading, can_hold
        self.claims = verdict.claims
        self.indicators = [ledger.indicators[name] for name in dict.fromkeys(claim.indicator for claim in self.claims)]

    def of(self, name: str) -> list[str]:
        """Return the different values of a column of indicators.csv."""
        return sorted({str(getattr(one, name)) for one in self.indicators})

    def graded(self, name: str) -> str:
        """Return the state of a cause that is a column's value: unknown leaves it open, different ones support it."""
        values = self.of(name)
        if {"unknown", ""} & set(values):
            return OPEN
        if len(values) > 1:
            return SUPPORTED
        return OPEN if self.leaves_open and len({claim.source for claim in self.claims}) > 1 else EXCLUDED

    @property
    def leaves_open(self) -> bool:
        """Return whether the texts leave open what the figures cover."""
        return any(word in one for one in self.of("coverage") for word in LEFT_OPEN)

    @property
    def authorities(self) -> list[set[str]]:
        """Return who may have compiled each figure: an official one says so, of another its indicator does."""
        official, indicators = self.ledger.official, self.ledger.indicators
        return [
            {official[claim.id].authority} if claim.id in official else set(indicators[claim.indicator].authority)
            for claim in self.claims
        ]

    @property
    def is_one_line(self) -> bool:
        """Return whether one line of one text prints all the figures, for one quantity."""
        return len({(claim.source, claim.line, claim.indicator, claim.period) for claim in self.claims}) == 1

    def holds(self, readings: Mapping[str, Reading]) -> bool:
        """Return whether the figures can all hold with these readings for some of them, by id."""
        return self.can_hold(self.ledger, self.verdict, self.reading, readings)


def authority(case: Case) -> str:
    """Return whether other authorities may explain it: different candidates support that, several leave it open."""
    candidates = case.authorities
    if any("unknown" in one for one in candidates):
        return OPEN
    if not set.intersection(*candidates):
        return SUPPORTED
    return OPEN if len(set.union(*candidates)) > 1 else EXCLUDED


def _window(case: Case) -> str:
    """Other dates support it, dates that are not printed leave it open."""
    if len({(claim.period.start, claim.period.end) for claim in case.claims}) > 1:
        return SUPPORTED
    inferred = any(claim.period.basis != "stated" or not claim.period.start for claim in case.claims)
    return OPEN if inferred else EXCLUDED


def _scope(case: Case) -> str:
    """Other coverage supports it, unless the texts leave open what they cover; so does leaving that open."""
    if case.leaves_open:
        return OPEN
    return SUPPORTED if len(case.of("coverage")) > 1 else EXCLUDED


def _flow_or_stock(case: Case) -> str:
    return case.graded("flow_or_stock")


def _gross_or_net(case: Case) -> str:
    if set(case.of("flow_or_stock")) == {"neither"} or set(case.of("price_basis")) <= {"none", "physical"}:
        return EXCLUDED
    return case.graded("gross_or_net")


def _unit_counted(case: Case) -> str:
    counted = [one for one in case.indicators if one.integer]
    if not counted:
        return EXCLUDED
    return SUPPORTED if len({one.id for one in counted}) > 1 else OPEN


def _volume_or_value(case: Case) -> str:
    """Money is value and tonnes are weight; only a rate or an index may be of either."""
    state = case.graded("price_basis")
    return EXCLUDED if state == OPEN and not {"unknown", ""} & set(case.of("price_basis")) else state


def _revision(case: Case) -> str:
    """Texts whose dates lie apart, as far as they are known, may print other vintages; one text prints one."""
    sources = {claim.source: case.ledger.sources[claim.source] for claim in case.claims}
    if len(sources) == 1:
        return EXCLUDED
    meant = [days_meant(source.reference_date) for source in sources.values() if source.reference_date]
    apart = (max(first for first, _ in meant) - min(last for _, last in meant)).days if meant else 0
    return SUPPORTED if apart >= VINTAGE_DAYS else OPEN


def _rounding(case: Case) -> str:
    """Writers may round by different rules: some that leave a value support it; figures that meet leave it open."""
    figures: dict[tuple, list[str]] = {}
    for claim in case.claims:
        printed = (claim.source, claim.indicator, claim.point, claim.precision, claim.hedge)
        figures.setdefault(printed, []).append(claim.id)
    few = len(figures) <= MOST_RULES
    for rules in product(ROUNDINGS, repeat=len(figures)) if few else ([rule] * len(figures) for rule in ROUNDINGS):
        by_rule = zip(figures.values(), rules, strict=True)
        if case.holds({id: replace(case.reading, rounding=rule) for ids, rule in by_rule for id in ids}):
            return SUPPORTED
    return OPEN if case.verdict.touching is not None else EXCLUDED


def _misplaced_period(case: Case) -> str:
    """The same figure in the same text for another period supports it; a period that is inferred leaves it open."""
    for claim in case.claims:
        alike = case.ledger.alike[claim.source, claim.indicator, claim.point]
        if len({other.period.key for other in alike if other.period.start}) > 1:
            return SUPPORTED
    return OPEN if any(claim.period.basis == "inferred" for claim in case.claims) else EXCLUDED


def _loose_wording(case: Case) -> str:
    """A figure in words that fits once it is read as widely as its words can be supports it; a hedge leaves it open."""
    wide = replace(case.reading, widest=True)
    words = [claim.id for claim in case.claims if claim.precision_wide]
    if words and case.holds(dict.fromkeys(words, wide)):
        return SUPPORTED
    return OPEN if words or any(claim.hedge not in ("none", "exact") for claim in case.claims) else EXCLUDED


_RULES: dict[str, Rule] = {
    "authority": authority,
    "window": _window,
    "scope": _scope,
    "flow_or_stock": _flow_or_stock,
    "gross_or_net": _gross_or_net,
    "unit_counted": _unit_counted,
    "volume_or_value": _volume_or_value,
    "revision": _revision,
    "rounding": _rounding,
    "misplaced_period": _misplaced_period,
    "loose_wording": _loose_wording,
}
