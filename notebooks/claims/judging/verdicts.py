"""Can these figures all hold? One of five words for every set of claims that speak of one quantity, or hang together.

A set is a group (one indicator, one period), a relation (a row of relations.csv), a joint set (relations that only
together leave no value), or a whole (everything that relations tie together). Each is judged on what its printed
figures may stand for: as usually read, and, where that leaves nothing, with every assumed bound at its widest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import accumulate, product
from operator import and_, or_

from claims.content.phrases import Phrase
from claims.judging import causes, relations
from claims.judging.network import Network, Outcome, Span, components, contracted, solved
from claims.judging.relations import RESULT, Quantity, View
from claims.ledger.intervals import Interval, Reading, round_to
from claims.ledger.model import Claim, Ledger, Relation, independent
from claims.results.anchors import anchor, slug
from claims.results.finding import Finding
from claims.words import explanations, numerals
from claims.words.explanations import BY_ROUNDING, CONSISTENT, INCONSISTENT, NOT_COMPARABLE, UNDECIDED, WORDS
from claims.words.labels import claim_text, figure_text, uncapitalised

Allowed = Callable[[Claim], Interval]
Core = tuple[list[View], frozenset[str]]
NOTHING_SAID = Phrase(())
SEARCHES = 200


@dataclass(frozen=True)
class Revision:
    """The nearest printable value of one claim that would mend a disagreement, and how far that is."""

    claim: Claim
    point: Fraction
    relative_pct: Fraction | float

    @property
    def text(self) -> str:
        """Return the revised figure as it would be printed."""
        value = self.point / self.claim.multiplier
        decimals = len(self.claim.text.partition(".")[2])
        return figure_text(replace(self.claim, value=value, text=numerals.number(value, decimals)))

    @property
    def change(self) -> str:
        """Return the figure as printed, and as revised."""
        return f"{claim_text(self.claim)} → {self.text}"


@dataclass(frozen=True)
class Verdict:
    """What a set of claims comes to.

    `common` is the interval of values that all claims of a group allow (None if there is none), `touching` the value at
    which they meet without sharing it, `missing` the operands that no text prints. `result` is what a relation's
    figures make together. `story` says which sign, rank or threshold word of a claim it flips. One not `settled` was
    left open by the search for values.
    """

    id: str
    kind: str
    label: str
    word: str
    claims: tuple[Claim, ...]
    relations: tuple[str, ...] = ()
    common: Interval | None = None
    touching: Fraction | None = None
    revisions: tuple[Revision, ...] = ()
    missing: tuple[Quantity, ...] = ()
    result: Finding | None = None
    causes: Mapping[str, str] = field(default_factory=dict, hash=False)
    story: str = ""
    settled: bool = True
    explanation: Phrase = NOTHING_SAID

    @property
    def indicator(self) -> str:
        """Return the indicator of its first claim."""
        return self.claims[0].indicator

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that speak, in order."""
        return tuple(dict.fromkeys(claim.source for claim in self.claims))

    @property
    def independent(self) -> int:
        """Return how many independent statements there are."""
        return len(independent(self.claims))

    @property
    def slug(self) -> str:
        """Return the id as a part of a finding's id."""
        return slug(self.id)

    @property
    def anchor(self) -> str:
        """Return where the report explains this verdict."""
        return anchor(self.id)

    @property
    def needs_pin(self) -> bool:
        """Return whether it is a disagreement that data/known_disagreements.csv has to explain."""
        apart = self.word == INCONSISTENT or (self.word == UNDECIDED and not self.missing)
        return apart and self.kind != "whole"

    @property
    def headline_revisions(self) -> tuple[Revision, ...]:
        """Return the smallest relative revision, with its ties."""
        return tuple(one for one in self.revisions if one.relative_pct == self.revisions[0].relative_pct)


@dataclass(frozen=True)
class Judged:
    """All verdicts on a ledger: on groups (the gravest first), on relations, on joint sets, and on wholes."""

    groups: tuple[Verdict, ...]
    relations: tuple[Verdict, ...]
    conflicts: tuple[Verdict, ...]
    wholes: tuple[Verdict, ...]

    @property
    def all(self) -> tuple[Verdict, ...]:
        """Return every verdict."""
        return self.groups + self.relations + self.conflicts + self.wholes

    def __repr__(self) -> str:
        sizes = (len(kind) for kind in (self.groups, self.relations, self.conflicts, self.wholes))
        return "Judged({} groups, {} relations, {} joint sets, {} wholes)".format(*sizes)

    @property
    def disagreements(self) -> tuple[Verdict, ...]:
        """Return the verdicts that data/known_disagreements.csv has to explain."""
        return tuple(verdict for verdict in self.all if verdict.needs_pin)


def judged(ledger: Ledger, reading: Reading | None = None) -> Judged:
    """Return all verdicts on a ledger.

    Restatements in the same text are kept as claims to be confronted but counted once as statements.
    """
    reading = reading or Reading()
    found = [judge(key, claims, ledger, reading) for key, claims in ledger.groups.items() if len(claims) > 1]
    seen = relations.views(ledger)
    single = tuple(
        judge_relation(ledger, seen[one.id], reading) if one.id in seen else not_comparable(ledger, one)
        for one in ledger.relations.values()
    )
    by_gravity = sorted(found, key=lambda verdict: (WORDS.index(verdict.word), -len(verdict.sources), verdict.id))
    conflicts, wholes = _joint(ledger, seen, [*by_gravity, *single], reading)
    return Judged(tuple(by_gravity), single, tuple(conflicts), tuple(wholes))


def judge(group: str, claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> Verdict:
    """Return the verdict on `claims`, which speak of one quantity.

    The order of the claims never matters. Raises ValueError for fewer than two.
    """
    if len(claims) < 2:
        raise ValueError(f"{group}: a verdict needs two claims or more, got {len(claims)}")
    claims = tuple(claims)
    spans = [ledger.interval(claim, reading) for claim in claims]
    common = _meet(spans)
    label = f"{ledger.indicators[claims[0].indicator].label}, {claims[0].period.label}"
    if not common.is_empty:
        word = CONSISTENT if _agree_as_printed(claims, spans) else BY_ROUNDING
        return _completed(Verdict(group, "group", label, word, claims, common=common), ledger, reading)
    widest = _meet([ledger.interval(claim, replace(reading, widest=True)) for claim in claims])
    word = INCONSISTENT if widest.is_empty else UNDECIDED
    rest = _without_each(claims, ledger, reading)
    revisions = _revisions(claims, ledger, reading, rest)
    verdict = Verdict(group, "group", label, word, claims, touching=_touching(spans), revisions=revisions)
    return _completed(verdict, ledger, reading, others=rest)


def judge_relation(ledger: Ledger, view: View, reading: Reading) -> Verdict:
    """Return the verdict on the figures of one relation."""
    relation = view.relation
    view = replace(view, claims={role: _narrowest_first(ledger, view.claims[role], reading) for role in view.claims})
    more = {role: claims[0] for role, claims in view.claims.items()}
    made = relations.result(ledger, relation, reading, more)
    verdict = Verdict(
        relation.id,
        "relation",
        explanations.relation_label(ledger, view),
        UNDECIDED,
        view.named,
        (relation.id,),
        missing=view.missing,
        result=made,
    )
    if verdict.missing:
        return _completed(verdict, ledger, reading, view)
    said = by_quantity(view.named)
    outcome = solved(_network(ledger, [view], said, reading))
    if outcome.holds:
        word = CONSISTENT if _all_agree(ledger, view, reading) else BY_ROUNDING
        return _completed(replace(verdict, word=word), ledger, reading, view)
    allowed = _allowed_by_others(ledger, [view], said, reading)
    wide = solved(_network(ledger, [view], said, replace(reading, widest=True)))
    firm = outcome.holds is False and wide.holds is False and not view.assumed
    verdict = replace(
        verdict,
        word=INCONSISTENT if firm else UNDECIDED,
        touching=_met(_network(ledger, [view], said, reading), view.roles[relations.main_role(relation)]),
        revisions=_revisions(view.named, ledger, reading, allowed),
        settled=outcome.holds is False,
    )
    return _completed(verdict, ledger, reading, view, allowed)


def smallest_revisions(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[Revision, ...]:
    """Return, for each statement that could mend the group alone, its nearest printable value; smallest change first.

    A printable value is a whole number of the claim's own precision away (of one unit for a count). Restatements are
    revised with the claim they restate.
    """
    return _revisions(claims, ledger, reading, _without_each(claims, ledger, reading))


def can_hold(ledger: Ledger, verdict: Verdict, reading: Reading, apart: Mapping[str, Reading] | None = None) -> bool:
    """Return whether the figures of a verdict can all hold in another reading, or with other readings for some."""
    said = by_quantity(verdict.claims)
    views = [relations.view(ledger, ledger.relations[name]) for name in verdict.relations]
    return solved(relations.network(ledger, views, said, reading, apart=apart)).holds is True


def by_quantity(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Return claims by the quantity they speak of."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.quantity, []).append(claim)
    return found


def _completed(verdict: Verdict, ledger: Ledger, reading: Reading, view: View | None = None, others=None) -> Verdict:
    """Return the verdict with its causes, what it flips, and its explanation."""
    if verdict.word in (INCONSISTENT, UNDECIDED) and not verdict.missing:
        flips = causes.flips(ledger, verdict, others, reading) if others else ""
        verdict = replace(verdict, causes=causes.states(ledger, verdict, reading, can_hold), story=flips)
    return replace(verdict, explanation=explanations.explain(verdict, ledger, view, reading))


def not_comparable(ledger: Ledger, relation: Relation) -> Verdict:
    """Return the verdict on a relation whose figures differ in what the ledger says, so that none is compared."""
    claims = tuple(ledger.claim(name) for names in relation.operands.values() for name in names)
    first, second = (ledger.indicators[claim.indicator].label for claim in claims[:2])
    label = f"{first} and {uncapitalised(second, ledger.subject)}"
    if first == second:
        label = f"{first}: {' and '.join(dict.fromkeys(claim.period.label for claim in claims[:2]))}"
    verdict = Verdict(relation.id, "relation", label, NOT_COMPARABLE, claims, (relation.id,))
    return replace(verdict, explanation=explanations.incomparable(relation))


def _joint(
    ledger: Ledger, seen: Mapping[str, View], single: Sequence[Verdict], reading: Reading
) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts on sets of relations that cannot hold together, and on everything that hangs together."""
    conflicts, wholes = [], []
    for inside in _together(ledger, [seen[name] for name in sorted(seen)], reading):
        found = _conflicts(ledger, inside, single, reading)
        conflicts += found
        if len(inside) > 1:
            wholes.append(_whole(ledger, inside, [*single, *found], reading))
    return conflicts, wholes


def _together(ledger: Ledger, seen: Sequence[View], reading: Reading) -> list[list[View]]:
    """Return the relations sorted into those that share quantities, directly or over others."""
    parts = components(_network(ledger, seen, ledger.groups, reading))
    place = {name: number for number, part in enumerate(parts) for name in part.spans}
    found: dict[int, list[View]] = {}
    for view in seen:
        found.setdefault(place[next(iter(view.roles.values()))], []).append(view)
    return list(found.values())


def _conflicts(ledger: Ledger, inside: Sequence[View], single: Sequence[Verdict], reading: Reading) -> list[Verdict]:
    """Return a verdict for each smallest set of relations, with claims, that cannot all hold.

    Sets that leave no value even at the widest come first, then those that only do as usually read. A relation that
    fails by itself has a verdict already, and is no part of a smallest set with others.
    """
    word = {name: verdict.word for verdict in single if verdict.needs_pin for name in verdict.relations}
    wide = replace(reading, widest=True)
    firm = _cores(ledger, [view for view in inside if word.get(view.relation.id) != INCONSISTENT], wide)
    soft = _cores(ledger, [view for view in inside if view.relation.id not in word], reading)
    cores = firm | {ids: core for ids, core in soft.items() if not any(ids >= other for other in firm)}
    told = [one for ids, one in cores.items() if not (len(ids) == 1 and ids <= word.keys())]
    return [_conflict(ledger, *core, reading) for core in sorted(told, key=lambda core: _ids(core[0]))]


def _cores(ledger: Ledger, inside: Sequence[View], reading: Reading) -> dict[frozenset[str], Core]:
    """Return every smallest set of relations that cannot all hold, by their ids, each with the claims it takes.

    After a set is found each of its relations is left out in turn, and the rest searched (the hitting-set tree of
    Reiter, 1987), so that no set hides another; SEARCHES bounds how long.
    """
    printed = {key: ledger.groups[key] for view in inside for key in view.quantities if key in ledger.groups}
    found: dict[frozenset[str], Core] = {}
    tried, waiting, searches = set(), [tuple(inside)], SEARCHES
    while waiting and searches:
        left = waiting.pop()
        ids = frozenset(_ids(left))
        if ids in tried:
            continue
        tried.add(ids)
        core = next((core for known, core in found.items() if known <= ids), None)
        if core is None:
            searches -= 1
            outcome = solved(_network(ledger, left, printed, reading))
            if outcome.holds is not False:
                continue
            core = _smallest(ledger, left, printed, reading, outcome)
            found[frozenset(_ids(core[0]))] = core
        waiting += [tuple(view for view in left if view is not out) for out in reversed(core[0])]
    return found


def _ids(views: Iterable[View]) -> tuple[str, ...]:
    return tuple(sorted(view.relation.id for view in views))


def _smallest(ledger, left, printed, reading, outcome: Outcome) -> Core:
    """Return relations and claims (ids) that cannot hold together and of which none can be left out."""
    views = [view for view in left if view.relation.id in outcome.because]
    names = frozenset(name for name in outcome.because if name in ledger.claims)

    def breaks(views: Sequence[View], names: frozenset[str]) -> bool:
        kept = {key: [one for one in claims if one.id in names] for key, claims in printed.items()}
        return solved(_network(ledger, views, {k: c for k, c in kept.items() if c}, reading)).holds is False

    if not breaks(views, names):
        views, names = list(left), frozenset(claim.id for claims in printed.values() for claim in claims)
    for view in list(views):
        fewer = [one for one in views if one is not view]
        views = fewer if fewer and breaks(fewer, names) else views
    for name in sorted(names):
        names = names - {name} if breaks(views, names - {name}) else names
    return views, names


def _conflict(ledger: Ledger, views: Sequence[View], names: frozenset[str], reading: Reading) -> Verdict:
    claims = tuple(ledger.claim(name) for name in sorted(names))
    said = by_quantity(claims)
    wide = solved(_network(ledger, views, said, replace(reading, widest=True)))
    firm = wide.holds is False and not any(view.assumed for view in views)
    ids = _ids(views)
    allowed = _allowed_by_others(ledger, views, said, reading)
    verdict = Verdict(
        f"joint:{'+'.join(ids)}",
        "joint",
        explanations.joint_label(ledger, views),
        INCONSISTENT if firm else UNDECIDED,
        claims,
        ids,
        revisions=_revisions(claims, ledger, reading, allowed),
    )
    return _completed(verdict, ledger, reading, others=allowed)


def _whole(ledger: Ledger, inside: Sequence[View], single: Sequence[Verdict], reading: Reading) -> Verdict:
    """Return the verdict on relations that hang together, no better than those `single` ones that are a part of it."""
    keys = {key for view in inside for key in view.roles.values()}
    rows = {view.relation.id for view in inside}
    parts = [one for one in single if one.id in keys or rows.intersection(one.relations)]
    claims = tuple(claim for key, printed in ledger.groups.items() if key in keys for claim in printed)
    conflicts = sorted((one for one in parts if one.needs_pin), key=lambda one: one.id)
    label = explanations.whole_label(ledger, inside)
    word = _word_of_whole(ledger, inside, claims, parts, reading)
    verdict = Verdict(f"whole:{_ids(inside)[0]}", "whole", label, word, claims, _ids(inside))
    return replace(verdict, explanation=explanations.whole(verdict, conflicts, ledger.subject))


def _word_of_whole(ledger: Ledger, inside: Sequence[View], claims, parts: Sequence[Verdict], reading: Reading) -> str:
    words = {one.word for one in parts if not one.missing}
    if any(one.needs_pin for one in parts):
        wide = relations.network(ledger, inside, by_quantity(claims), replace(reading, widest=True))
        fails = solved(wide).holds is False and not any(view.assumed for view in inside)
        return INCONSISTENT if fails or INCONSISTENT in words else UNDECIDED
    if solved(_network(ledger, inside, ledger.groups, reading)).holds is None:
        return UNDECIDED
    return BY_ROUNDING if BY_ROUNDING in words else CONSISTENT


def _network(ledger: Ledger, seen: Iterable[View], printed: Mapping[str, Sequence[Claim]], reading: Reading) -> Network:
    """Return the network of relations and of all figures on what they speak of.

    Figures of one quantity that leave no common value (a disagreement told by itself) allow anything from the lowest to
    the highest of them here: either may be right.
    """
    seen = list(seen)
    made = relations.network(ledger, seen, {}, reading)
    spans = dict(made.spans)
    for key in spans.keys() & printed.keys():
        own = [Span.of(ledger.interval(claim, reading), [claim.id]) for claim in printed[key]]
        common = reduce(and_, own)
        spans[key] = spans[key] & (reduce(or_, own) if common.is_empty else common)
    return replace(made, spans=spans)


def _allowed_by_others(ledger, views: Sequence[View], said: Mapping[str, Sequence[Claim]], reading: Reading) -> Allowed:
    """Return what the other figures of these relations allow a claim to be."""

    def allowed(claim: Claim) -> Interval:
        own = frozenset(one.id for claims in said.values() for one in claims if _statement(one) == _statement(claim))
        outcome = contracted(relations.network(ledger, views, said, reading, without=own))
        return outcome.spans[claim.quantity].interval

    return allowed


def _without_each(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> Allowed:
    """Return what the other statements of a group allow a claim to be."""
    by_statement: dict[str, Interval] = {}
    for claim in claims:
        span = ledger.interval(claim, reading)
        name = _statement(claim)
        by_statement[name] = by_statement[name] & span if name in by_statement else span
    rest = dict(zip(by_statement, _meets_without_each(list(by_statement.values())), strict=True))
    return lambda claim: rest[_statement(claim)]


def _meets_without_each(spans: Sequence[Interval]) -> list[Interval]:
    """Return, for each interval, what all the others have in common.

    >>> one, other = Interval(Fraction(1), Fraction(2)), Interval(Fraction(3), Fraction(4))
    >>> [str(span) for span in _meets_without_each([one, other])]
    ['[3, 4)', '[1, 2)']
    """
    anything = Interval(None, None)
    before = list(accumulate(spans, and_, initial=anything))
    after = list(accumulate(reversed(spans), and_, initial=anything))
    return [before[place] & after[len(spans) - 1 - place] for place in range(len(spans))]


def _revisions(claims: Sequence[Claim], ledger: Ledger, reading: Reading, allowed: Allowed) -> tuple[Revision, ...]:
    """Return for each statement the nearest printable value that the others allow; the smallest change first."""
    found = []
    for claim in independent(sorted(claims, key=lambda one: one.id)):
        others = allowed(claim)
        point = None if others.is_empty else _nearest(claim, others, ledger, reading)
        if point is not None and point != claim.point:
            away = abs(point - claim.point)
            found.append(Revision(claim, point, 100 * away / abs(claim.point) if claim.point else math.inf))
    return tuple(sorted(found, key=lambda revision: (revision.relative_pct, revision.claim.id)))


def _nearest(claim: Claim, others: Interval, ledger: Ledger, reading: Reading) -> Fraction | None:
    """Return the printable point nearest to the claim's whose interval meets `others`, None if none does."""
    unit = claim.precision or Fraction(1)
    span = ledger.interval(claim, reading)
    if not (span & others).is_empty:
        return claim.point
    below = span < others
    gap = others.low - span.high if below else span.low - others.high
    steps = max(math.floor(gap / (unit * claim.multiplier)) - 1, 1)  # one early: truncation turns round at 0
    while True:
        moved = replace(claim, value=claim.value + unit * (steps if below else -steps))
        span = ledger.interval(moved, reading)
        turned = claim.hedge != "none" and moved.value * claim.value < 0  # "more than" would mean less
        if not turned and not (span & others).is_empty:
            return moved.point
        if turned or span.is_empty or (others < span if below else span < others):
            return None
        steps += 1


def _agree_as_printed(claims: Sequence[Claim], spans: Sequence[Interval]) -> bool:
    """Return whether every printed point lies where all claims that are read otherwise allow."""
    distinct = list(dict.fromkeys(spans))
    rest = dict(zip(distinct, _meets_without_each(distinct), strict=True))
    return all(claim.point in rest[span] for claim, span in zip(claims, spans, strict=True))


def _all_agree(ledger: Ledger, view: View, reading: Reading) -> bool:
    """Return whether a relation holds as printed, whichever figure is taken where several are printed for a role.

    Of figures that contradict each other it is enough that one fits.
    """
    apart = {role for role, claims in view.claims.items() if _is_disputed(ledger, claims, reading)}

    def agrees(one: Mapping[str, Claim]) -> bool:
        made = relations.result(ledger, view.relation, reading, one)
        return _recomputed_agrees(ledger, view, one, made, reading)

    return any(
        all(agrees(one | other) for other in _choices(view, view.claims.keys() - apart))
        for one in _choices(view, apart)
    )


def _is_disputed(ledger: Ledger, claims: Sequence[Claim], reading: Reading) -> bool:
    alike = {claim.quantity for claim in claims}
    return len(alike) == 1 and _meet([ledger.interval(claim, reading) for claim in claims]).is_empty


def _choices(view: View, roles: Iterable[str]) -> Iterator[dict[str, Claim]]:
    """Yield every way to take one printed figure for each of these roles."""
    roles = sorted(roles)
    for claims in product(*(_printed_apart(view.claims[role]) for role in roles)):
        yield dict(zip(roles, claims, strict=True))


def _printed_apart(claims: Sequence[Claim]) -> list[Claim]:
    """Return one claim for each way in which they are printed."""
    return list({(claim.point, claim.precision, claim.hedge): claim for claim in claims}.values())


def _recomputed_agrees(
    ledger: Ledger, view: View, one: Mapping[str, Claim], made: Finding | None, reading: Reading
) -> bool:
    """Return whether a relation holds as printed: what the figures make, printed like the claim, is the claim."""
    kind = view.relation.type
    if kind in relations.ORDER:
        smaller, larger = (one[role].point for role in relations.ORDER[kind])
        return smaller <= larger
    claim = one[RESULT[kind]]
    if made is None:
        years = claim.point * relations.time_factor("per_year", claim.unit)
        return abs(one["end"].point - one["start"].point - years) < 1
    if view.relation.period_rule == "ceiling":
        return claim.point <= made.value
    held = ledger.interval(claim, reading)
    if made.value is None:
        return claim.point in made.interval or (made.interval.low in held and made.interval.high in held)
    printed = made.value
    if claim.precision:
        printed = round_to(made.value / claim.multiplier, claim.precision, reading.rounding) * claim.multiplier
    return printed in held or made.value in held


def _narrowest_first(ledger: Ledger, claims: Sequence[Claim], reading: Reading) -> tuple[Claim, ...]:
    """Return claims on one quantity, the one that says most first."""
    return tuple(sorted(claims, key=lambda one: (ledger.interval(one, reading).width, one.point, one.id)))


def _met(network: Network, key: str) -> Fraction | None:
    """Return the one value left of a quantity if every bound belonged to its interval, None if none or many are."""
    closed = {
        name: Span(*(replace(end, closed=end.value is not None) for end in (span.low, span.high)))
        for name, span in network.spans.items()
    }
    outcome = solved(replace(network, spans=closed))
    span = outcome.spans[key].interval
    return span.low if outcome.holds and span.low == span.high else None


def _meet(spans: Sequence[Interval]) -> Interval:
    return reduce(and_, spans)


def _touching(spans: Sequence[Interval]) -> Fraction | None:
    lowest_high = min(span.high for span in spans if span.high is not None)
    highest_low = max(span.low for span in spans if span.low is not None)
    return lowest_high if lowest_high == highest_low else None


def _statement(claim: Claim) -> str:
    return claim.repeats or claim.id
