"""What could explain a disagreement, and what would it change?

Every cause of a fixed list is *supported*, *not excluded* or *excluded* by what the ledger holds: what an indicator
covers, who may have compiled it, which periods are inferred, where a figure is in words. A cause is never assigned;
the ledger only shows how far it reaches. Each rule is one function, under the cause's name. The list is that of
`ledger.rules`, with the causes that only a subject has: their rules are `RULES` in the module `causes` of its package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from itertools import product

from claims.judging.constraints import DATING, by_quantity, network_of_statements, views_of
from claims.judging.network import solve
from claims.judging.revisions import Allowed, smallest_revisions
from claims.judging.times import days_meant, may_repeat
from claims.judging.verdict import Flip, Verdict
from claims.ledger.intervals import ROUNDINGS, Interval, Reading
from claims.ledger.model import Claim, Ledger, Period, grouped
from claims.ledger.subject import Subject, insert_after

__all__ = [
    "EXCLUDED", "OPEN", "STATES", "SUPPORTED", "Case", "authority", "can_hold", "cause_states", "examine", "flips_of",
    "likeliest", "rules_of",
]  # fmt: skip

SUPPORTED, OPEN, EXCLUDED = "supported", "not excluded", "excluded"
STATES = (SUPPORTED, OPEN, EXCLUDED)
LEFT_OPEN = ("not said", "not clear", "unknown", "differ", "assumed", "by context")
WRITTEN = ("rounding", "loose_wording")
ALLOWED_FOR = "rounding"  # every test allows for it, so that what fails a test has hardly failed through it
VINTAGE_DAYS = 30  # texts less far apart print one vintage of a yearly or quarterly statistic
MOST_RULES = 4  # figures for which every combination of rounding rules is tried
LOWER, UPPER = ("more_than", "at_least"), ("less_than", "nearly", "at_most")


def examine(ledger: Ledger, verdict: Verdict, allowed: Allowed) -> Verdict:
    """Return a disagreement with its revisions, its causes with their evidence, and what it flips.

    `allowed` is what the other claims leave each of its claims.
    """
    revisions = smallest_revisions(verdict.claims, ledger, verdict.reading, allowed)
    causes, flips = cause_states(ledger, verdict), flips_of(ledger, verdict, allowed)
    found = Case(ledger, verdict).evidence
    evidence = {cause: figures for cause, figures in found.items() if figures and causes[cause] == SUPPORTED}
    return replace(verdict, revisions=revisions, causes=causes, evidence=evidence, flips=flips)


def likeliest(verdict: Verdict, candidates: Iterable[str]) -> list[str]:
    """Return the candidate causes that are not excluded, those with the most evidence first.

    Before all others come causes that a figure of the ledger supports by itself, then other supported ones; causes
    with equal evidence keep their order. One that the test has allowed for is left out.
    """

    def doubt(cause: str) -> tuple[bool, int]:
        return cause not in verdict.evidence, STATES.index(verdict.causes[cause])

    possible = [cause for cause in candidates if verdict.causes.get(cause, EXCLUDED) != EXCLUDED]
    return sorted((cause for cause in possible if cause != ALLOWED_FOR), key=doubt)


def can_hold(
    ledger: Ledger, verdict: Verdict, reading: Reading, own_readings: Mapping[str, Sequence[Reading]] | None = None
) -> bool:
    """Return whether the claims of a verdict can all be true in another reading, or with readings of their own.

    A claim with several readings of its own, by id, may be anything from the lowest to the highest of them.
    """
    views, claims = views_of(ledger, verdict.relations), by_quantity(verdict.claims)
    network = network_of_statements(ledger, views.values(), claims, reading, own_readings=own_readings)
    return solve(network).holds is True


def cause_states(ledger: Ledger, verdict: Verdict) -> dict[str, str]:
    """Return the state of every cause for a disagreement, in the order of the fixed list.

    Figures that one line of a text prints for one thing are of one statistic: only how they are written can make them
    differ.
    """
    case = Case(ledger, verdict)
    rules = rules_of(ledger.subject)
    possible = WRITTEN if case.is_one_line else rules
    return {cause: rule(case) if cause in possible else EXCLUDED for cause, rule in rules.items()}


def rules_of(subject: Subject) -> dict[str, Rule]:
    """Return the rule of every cause, the engine's and the subject's, in the order of `causes_of`.

    A cause of the subject's without a rule in its module `causes` is open in every disagreement.
    """
    if not subject.causes:
        return _RULES
    module = f"{subject.id}.causes"
    own: Mapping[str, Rule] = import_module(module).RULES if find_spec(module) else {}
    added = {after: {cause: own.get(cause, _untested) for cause in causes} for after, causes in subject.causes.items()}
    return insert_after(_RULES, added)


def _untested(_: Case) -> str:
    return OPEN


def flips_of(ledger: Ledger, verdict: Verdict, allowed: Allowed) -> tuple[Flip, ...]:
    """Return which signs, ranks, threshold words and orders the other claims turn over.

    The others turn a claim over if all they allow lies on the other side: of 0 for a change, of first place for a
    rank, of the number a hedge such as “more than” names. Measured as usually read.
    """
    flips = []
    for claim in sorted(verdict.claims, key=lambda claim: claim.id):
        others = allowed(claim)
        if not others.is_empty:
            flips += [Flip(what, claim) for what in _flipped(ledger, claim, others)]
    if any(ledger.relations[name].type == "at_most" for name in verdict.relations):
        flips.append(Flip("order"))
    return tuple(dict.fromkeys(flips))


def _flipped(ledger: Ledger, claim: Claim, others: Interval) -> list[str]:
    kind = ledger.indicators[claim.indicator].kind
    flipped = []
    hedge, size, sized = claim.hedge, abs(claim.point), others if claim.point >= 0 else -others
    if kind == "growth" and claim.point and sized < Interval(Fraction(0), None, low_closed=False):
        flipped.append("sign")
    if kind == "rank" and claim.point not in others:
        flipped.append("rank")
    if hedge in LOWER and sized < Interval(size, None, low_closed=hedge == "at_least"):
        flipped.append("threshold")
    if hedge in UPPER and -sized < Interval(-size, None, low_closed=hedge == "at_most"):
        flipped.append("threshold")
    return flipped


class Case:
    """A disagreement, with the indicators its claims are on."""

    def __init__(self, ledger: Ledger, verdict: Verdict) -> None:
        self.ledger, self.verdict = ledger, verdict
        self.claims, self.reading = verdict.claims, verdict.reading
        self.indicators = [ledger.indicators[name] for name in dict.fromkeys(claim.indicator for claim in self.claims)]

    def values(self, column: str) -> list[str]:
        """Return the different values of a column of indicators.csv."""
        return sorted({getattr(indicator, column) for indicator in self.indicators})

    def state_of(self, column: str) -> str:
        """Return the state of a cause that is a column's value: unknown leaves it open, different ones support it."""
        values = self.values(column)
        if {"unknown", ""} & set(values):
            return OPEN
        if len(values) > 1:
            return SUPPORTED
        return OPEN if self.leaves_open and len({claim.source for claim in self.claims}) > 1 else EXCLUDED

    @property
    def leaves_open(self) -> bool:
        """Return whether the texts leave open what the figures cover."""
        return any(word in coverage for coverage in self.values("coverage") for word in LEFT_OPEN)

    @property
    def authorities(self) -> list[set[str]]:
        """Return who may have compiled each figure, by the official figure itself or else by its indicator."""
        official, indicators = self.ledger.official, self.ledger.indicators
        return [
            {official[claim.id].authority} if claim.id in official else set(indicators[claim.indicator].authority)
            for claim in self.claims
        ]

    @property
    def dating(self) -> list[Claim]:
        """Return the figures that only give a date from which a time is counted."""
        ids = (id for name in self.verdict.relations for id in self.ledger.relations[name].operands.get(DATING, ()))
        return [self.ledger.claim(id) for id in ids]

    @cached_property
    def evidence(self) -> dict[str, tuple[str, ...]]:
        """Return the figures that support a cause by themselves, by cause: ids, in order.

        They print the value of a claim for the same thing in another time: in one that overlaps its own, so that the
        claim may repeat a sum under another label, or in one apart from it. What another text or page prints counts
        only where the period of the claim is inferred, and its own dates let the claim repeat it (`may_repeat`). Ranks
        do not count: one is first in many years.
        """
        found: dict[str, list[str]] = {"window": [], "misplaced_period": []}
        for claim in (one for one in self.claims if self.ledger.indicators[one.indicator].kind != "rank"):
            for other in self.ledger.equals(claim):
                is_own = isinstance(other, Claim) and other.source == claim.source
                cause = _other_time(claim.period, other.period)
                if cause and (is_own or (claim.period.basis == "inferred" and may_repeat(self.ledger, claim, other))):
                    found[cause].append(other.id)
        return {cause: tuple(dict.fromkeys(ids)) for cause, ids in found.items()}

    @property
    def is_one_line(self) -> bool:
        """Return whether one line of one text prints all the figures, for one quantity."""
        statistics = {(claim.source, claim.line, claim.indicator, claim.period) for claim in self.claims}
        return len(statistics) == 1 and not self.dating

    def rules_that_differ(self, claims: Iterable[Claim]) -> list[str]:
        """Return the rounding rules that give these claims different intervals; a hedged figure has one in all."""
        rules: dict[tuple[Interval, ...], str] = {}
        for rule in ROUNDINGS:
            reading = replace(self.reading, rounding=rule)
            rules.setdefault(tuple(self.ledger.interval(claim, reading) for claim in claims), rule)
        return [*rules.values()]

    def holds(self, readings: Mapping[str, Sequence[Reading]]) -> bool:
        """Return whether the figures can all hold with these readings for some of them, by id."""
        return can_hold(self.ledger, self.verdict, self.reading, readings)


def authority(case: Case) -> str:
    """Return whether other authorities may explain it: different candidates support that, several leave it open."""
    candidates = case.authorities
    if any("unknown" in authorities for authorities in candidates):
        return OPEN
    if not set.intersection(*candidates):
        return SUPPORTED
    return OPEN if len(set.union(*candidates)) > 1 else EXCLUDED


def _window(case: Case) -> str:
    """Other dates support it, and a value printed for an overlapping time; dates that are not printed leave it open."""
    if len({(claim.period.start, claim.period.end) for claim in case.claims}) > 1:
        return SUPPORTED
    if case.evidence["window"] or case.dating:
        return SUPPORTED
    inferred = any(claim.period.basis != "stated" or not claim.period.start for claim in case.claims)
    return OPEN if inferred else EXCLUDED


def _scope(case: Case) -> str:
    """Other coverage supports it, unless the texts leave open what they cover; so does leaving that open."""
    if case.leaves_open:
        return OPEN
    return SUPPORTED if len(case.values("coverage")) > 1 else EXCLUDED


def _flow_or_stock(case: Case) -> str:
    return case.state_of("flow_or_stock")


def _gross_or_net(case: Case) -> str:
    is_neither = all(indicator.flow_or_stock == "neither" for indicator in case.indicators)
    if is_neither or all(indicator.price_basis in ("none", "physical") for indicator in case.indicators):
        return EXCLUDED
    return case.state_of("gross_or_net")


def _unit_counted(case: Case) -> str:
    counted = {indicator.id for indicator in case.indicators if indicator.integer}
    if not counted:
        return EXCLUDED
    return SUPPORTED if len(counted) > 1 else OPEN


def _volume_or_value(case: Case) -> str:
    """Money is value and tonnes are weight; only a rate or an index may be of either."""
    state = case.state_of("price_basis")
    is_known = all(indicator.price_basis not in ("unknown", "") for indicator in case.indicators)
    return EXCLUDED if state == OPEN and is_known else state


def _revision(case: Case) -> str:
    """Texts with distant dates, as far as they are known, may print other vintages; one text prints one."""
    sources = {claim.source: case.ledger.sources[claim.source] for claim in case.claims}
    if len(sources) == 1:
        return EXCLUDED
    days = [days_meant(source.reference_date) for source in sources.values() if source.reference_date]
    distance = (max(first for first, _ in days) - min(last for _, last in days)).days if days else 0
    return SUPPORTED if distance >= VINTAGE_DAYS else OPEN


def _rounding(case: Case) -> str:
    """Writers who round by different rules, or figures that meet, leave it open; that they did nothing supports."""
    anyhow = tuple(replace(case.reading, rounding=rule) for rule in ROUNDINGS)
    if not case.holds({claim.id: anyhow for claim in case.claims}):  # as most do not: then no choice of rules helps
        return OPEN if case.verdict.touching is not None else EXCLUDED
    figures = grouped(
        case.claims, lambda claim: (claim.source, claim.indicator, claim.point, claim.precision, claim.hedge)
    )
    are_few = len(figures) <= MOST_RULES
    one_for_all = ((rule,) * len(figures) for rule in ROUNDINGS)
    for rules in product(*map(case.rules_that_differ, figures.values())) if are_few else one_for_all:
        by_rule = zip(figures.values(), rules, strict=True)
        if case.holds({claim.id: (replace(case.reading, rounding=rule),) for same, rule in by_rule for claim in same}):
            return OPEN
    return OPEN if case.verdict.touching is not None else EXCLUDED


def _misplaced_period(case: Case) -> str:
    """A value that is printed for a time apart as well supports it; a period that is inferred leaves it open."""
    if case.evidence["misplaced_period"]:
        return SUPPORTED
    return OPEN if any(claim.period.basis == "inferred" for claim in case.claims) else EXCLUDED


def _other_time(period: Period, other: Period) -> str:
    """Return the cause that one value in two times supports: "window" if they overlap, "" if they are the same.

    A stretch of time is not set against a day.
    """
    both = (period, other)
    if period.key == other.key or not all(one.start and one.end for one in both):
        return ""
    if (period.start == period.end) != (other.start == other.end):
        return ""
    return "window" if period.start <= other.end and other.start <= period.end else "misplaced_period"


def _loose_wording(case: Case) -> str:
    """A figure in words that fits once it is read as widely as its words can be supports it; a hedge leaves it open."""
    wide = replace(case.reading, widest=True)
    words = [claim.id for claim in case.claims if claim.precision_wide]
    if words and case.holds(dict.fromkeys(words, (wide,))):
        return SUPPORTED
    return OPEN if words or any(claim.hedge not in ("none", "exact") for claim in case.claims) else EXCLUDED


Rule = Callable[[Case], str]
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
