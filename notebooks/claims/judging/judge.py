"""Can these figures all hold? One of six words for every set of claims on one quantity, or connected.

A set is a group (one indicator, one period), a relation (a row of relations.csv), a joint set (relations that only
together leave no value), or a whole (everything that relations connect). Each is judged on what its printed figures
may stand for: as usually read, and, where that leaves nothing, with every assumed bound at its widest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from claims.judging.calculations import calculate_relation
from claims.judging.causes import examine
from claims.judging.constraints import (
    ORDER,
    RESULT,
    View,
    by_quantity,
    difference,
    main_role,
    network_of_views,
    view_of,
    views_of,
)
from claims.judging.joint import judge_joint
from claims.judging.network import Network, Outcome, solve
from claims.judging.remainders import Remainder, remainder_of
from claims.judging.repeated_relations import repeated_relations
from claims.judging.revisions import allowed_by_group, allowed_by_relations, meet, meets_without_each
from claims.judging.spans import Span
from claims.judging.times import time_factor
from claims.judging.verdict import (
    BOUND_ONLY,
    BY_ROUNDING,
    CONSISTENT,
    INCONSISTENT,
    NOT_COMPARABLE,
    UNDECIDED,
    WORDS,
    Judged,
    Verdict,
)
from claims.ledger.intervals import Interval, Reading, round_to
from claims.ledger.model import Claim, Ledger, Relation

__all__ = [
    "judge_group", "judge_ledger", "judge_relation", "judge_relations", "word_of_group", "word_of_relation",
]  # fmt: skip


def judge_ledger(ledger: Ledger, reading: Reading | None = None) -> Judged:
    """Return all verdicts on a ledger.

    Restatements in the same text are kept as claims to be confronted but counted once as statements. Of relations about
    the same figures in the same roles only the first is judged.
    """
    reading = reading or Reading()
    groups = [judge_group(key, claims, ledger, reading) for key, claims in ledger.groups.items() if len(claims) > 1]
    groups.sort(key=lambda verdict: (WORDS.index(verdict.word), -len(verdict.sources), verdict.id))
    repeated = repeated_relations(ledger)
    relations = judge_relations(ledger, [one for id, one in ledger.relations.items() if id not in repeated], reading)
    views = {id: view for id, view in views_of(ledger).items() if id not in repeated}
    conflicts, wholes = judge_joint(ledger, views, [*groups, *relations], reading)
    return Judged(tuple(groups), tuple(relations), tuple(conflicts), tuple(wholes))


def judge_group(name: str, claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> Verdict:
    """Return the verdict on `claims`, which are about one quantity.

    The order of the claims never matters. Raises ValueError for fewer than two.
    """
    if len(claims) < 2:
        raise ValueError(f"{name}: a verdict needs two claims or more, got {len(claims)}")
    claims = tuple(claims)
    word, common = word_of_group(claims, ledger, reading)
    if not common.is_empty:
        return Verdict(name, "group", word, claims, common=common, reading=reading)
    touching = common.low if common.low == common.high else None  # they meet without sharing it
    verdict = Verdict(name, "group", word, claims, touching=touching, reading=reading)
    return examine(ledger, verdict, allowed_by_group(claims, ledger, reading))


def word_of_group(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[str, Interval]:
    """Return the word for claims that are about one quantity, and what they have in common."""
    intervals = [ledger.interval(claim, reading) for claim in claims]
    common = meet(intervals)
    if not common.is_empty:
        return CONSISTENT if _agree_as_printed(claims, intervals) else BY_ROUNDING, common
    widest = meet([ledger.interval(claim, replace(reading, widest=True)) for claim in claims])
    return INCONSISTENT if widest.is_empty else UNDECIDED, common


def judge_relations(ledger: Ledger, relations: Iterable[Relation], reading: Reading) -> list[Verdict]:
    """Return the verdict on each relation, those whose figures are not comparable included."""
    views = views_of(ledger)
    return [
        _incomparable(ledger, relation, reading)
        if difference(relation)
        else judge_relation(ledger, views[relation.id], reading)
        for relation in relations
    ]


def judge_relation(ledger: Ledger, view: View, reading: Reading) -> Verdict:
    """Return the verdict on the figures of one relation."""
    relation, view = view.relation, view.narrowest_first(ledger, reading)
    first = {role: claims[0] for role, claims in view.claims.items()}
    result = calculate_relation(ledger, relation, reading, first)
    verdict = Verdict(relation.id, "relation", UNDECIDED, view.named, (relation.id,), result=result, reading=reading)
    if view.missing:
        return replace(verdict, missing=view.missing)
    groups = by_quantity(view.named)
    network = network_of_views(ledger, [view], groups, reading)
    outcome = solve(network)
    if outcome.holds:
        remainder = remainder_of(ledger, relation, first, reading)
        word = _word_of_possible(ledger, view, remainder, reading)
        return replace(verdict, word=word, claims=view.named + view.dating, remainder=remainder)
    verdict = replace(
        verdict,
        word=_word_of_failure(ledger, view, outcome, reading),
        touching=_meeting_point(network, view.roles[main_role(relation)]),
        settled=outcome.holds is False,
    )
    verdict = examine(ledger, verdict, allowed_by_relations(ledger, [view], groups, reading))
    return replace(verdict, claims=view.named + view.dating)


def word_of_relation(ledger: Ledger, relation: Relation, reading: Reading) -> str:
    """Return the word of the verdict on a relation, without what explains it."""
    if difference(relation):
        return NOT_COMPARABLE
    view = view_of(ledger, relation).narrowest_first(ledger, reading)
    if view.missing:
        return UNDECIDED
    outcome = solve(network_of_views(ledger, [view], by_quantity(view.named), reading))
    if not outcome.holds:
        return _word_of_failure(ledger, view, outcome, reading)
    first = {role: claims[0] for role, claims in view.claims.items()}
    return _word_of_possible(ledger, view, remainder_of(ledger, relation, first, reading), reading)


def _word_of_failure(ledger: Ledger, view: View, outcome: Outcome, reading: Reading) -> str:
    """Return the word for a relation that no value satisfies, or that the search has left open."""
    wide = solve(network_of_views(ledger, [view], by_quantity(view.named), replace(reading, widest=True)))
    is_firm = outcome.holds is False and wide.holds is False and not view.positive_parts_of
    return INCONSISTENT if is_firm else UNDECIDED


def _word_of_possible(ledger: Ledger, view: View, remainder: Remainder | None, reading: Reading) -> str:
    """Return the word for a relation that some value satisfies."""
    if remainder and not remainder.is_plausible:
        return BOUND_ONLY
    return CONSISTENT if _all_agree(ledger, view, reading) else BY_ROUNDING


def _incomparable(ledger: Ledger, relation: Relation, reading: Reading) -> Verdict:
    """Return the verdict on a relation whose figures differ in what they are of, so that none is compared."""
    claims = tuple(ledger.claim(name) for names in relation.operands.values() for name in names)
    return Verdict(relation.id, "relation", NOT_COMPARABLE, claims, (relation.id,), reading=reading)


def _agree_as_printed(claims: Sequence[Claim], intervals: Sequence[Interval]) -> bool:
    """Return whether every printed point lies where all claims that are read otherwise allow."""
    distinct = list(dict.fromkeys(intervals))
    rest = dict(zip(distinct, meets_without_each(distinct), strict=True))
    return all(claim.point in rest[interval] for claim, interval in zip(claims, intervals, strict=True))


def _all_agree(ledger: Ledger, view: View, reading: Reading) -> bool:
    """Return whether a relation holds as printed, whichever figure is taken where several are printed for a role.

    Of figures that contradict each other it is enough that one fits.
    """
    disputed = {role for role, claims in view.claims.items() if _is_disputed(ledger, claims, reading)}
    return any(
        all(_agrees(ledger, view, fixed | other, reading) for other in _choices(view, view.claims.keys() - disputed))
        for fixed in _choices(view, disputed)
    )


def _is_disputed(ledger: Ledger, claims: Sequence[Claim], reading: Reading) -> bool:
    quantities = {claim.quantity for claim in claims}
    return len(quantities) == 1 and meet([ledger.interval(claim, reading) for claim in claims]).is_empty


def _choices(view: View, roles: Iterable[str]) -> Iterator[dict[str, Claim]]:
    """Yield every way to take one printed figure for each of these roles."""
    roles = sorted(roles)
    for claims in product(*(_printed_differently(view.claims[role]) for role in roles)):
        yield dict(zip(roles, claims, strict=True))


def _printed_differently(claims: Sequence[Claim]) -> list[Claim]:
    """Return one claim for each way in which they are printed."""
    return list({(claim.point, claim.precision, claim.hedge): claim for claim in claims}.values())


def _agrees(ledger: Ledger, view: View, claims: Mapping[str, Claim], reading: Reading) -> bool:
    """Return whether a relation holds as printed: what the figures make, printed like the claim, is the claim."""
    kind = view.relation.type
    if kind in ORDER:
        smaller, larger = (claims[role].point for role in ORDER[kind])
        return smaller <= larger
    result, claim = calculate_relation(ledger, view.relation, reading, claims), claims[RESULT[kind]]
    if result is None:
        years = claim.point * time_factor("per_year", claim.unit)
        return abs(claims["end"].point - claims["start"].point - years) < 1
    allowed = ledger.interval(claim, reading)
    if result.value is None:
        return _fits(claim, result.interval, allowed)
    if view.relation.period_rule == "ceiling":
        return claim.point <= result.value
    printed = value = Fraction(result.value)
    if claim.precision:
        printed = round_to(value / claim.multiplier, claim.precision, reading.rounding) * claim.multiplier
    return printed in allowed or value in allowed


def _fits(claim: Claim, computed: Interval | None, allowed: Interval) -> bool:
    """Return whether a claim lies in the range that the others make, or that range in what the claim may stand for."""
    if computed is None:
        return False
    ends = (computed.low, computed.high)
    return claim.point in computed or all(end is not None and end in allowed for end in ends)


def _meeting_point(network: Network, key: str) -> Fraction | None:
    """Return the one value left of a quantity if every bound belonged to its interval, None if none or many are."""
    closed = {
        name: Span(*(replace(end, closed=end.value is not None) for end in (span.low, span.high)))
        for name, span in network.spans.items()
    }
    outcome = solve(replace(network, spans=closed))
    return outcome.spans[key].point if outcome.holds else None
