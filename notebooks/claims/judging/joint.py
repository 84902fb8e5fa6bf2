"""Do relations hold together? Verdicts on sets that cannot, and on everything that relations connect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from claims.judging.causes import examine
from claims.judging.constraints import View, by_quantity, network_of_statements, network_of_views
from claims.judging.network import Outcome, connected, holds_anyway, solve
from claims.judging.revisions import allowed_by_relations
from claims.judging.spans import Span
from claims.judging.verdict import CONSISTENT, INCONSISTENT, POSSIBLE, UNDECIDED, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger

__all__ = ["judge_joint"]

Core = tuple[list[View], frozenset[str]]  # relations that cannot all hold, with the ids of the claims it takes
SEARCHES = 200


def judge_joint(
    ledger: Ledger, views: Mapping[str, View], verdicts: Sequence[Verdict], reading: Reading
) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts on sets of relations that cannot hold together, and on everything that is connected.

    `verdicts` are those on single groups and relations.
    """
    conflicts: list[Verdict] = []
    wholes: list[Verdict] = []
    ordered = [views[name] for name in sorted(views)]
    open_words = {name: verdict.word for verdict in verdicts if verdict.needs_pin for name in verdict.relations}
    index = _Index(ledger, verdicts)
    for part in connected([view.quantities for view in ordered]):
        component = [ordered[index] for index in sorted(part)]
        new = _conflicts(ledger, component, open_words, reading)
        conflicts += new
        if len(component) > 1:
            wholes.append(_whole(ledger, component, index, new, reading))
    return conflicts, wholes


class _Index:
    """The places of verdicts by their ids and relations, and of quantities, so that no part goes through all."""

    def __init__(self, ledger: Ledger, verdicts: Sequence[Verdict]) -> None:
        self.verdicts = verdicts
        self.places: dict[str, list[int]] = {}
        for place, verdict in enumerate(verdicts):
            for name in {verdict.id, *verdict.relations}:
                self.places.setdefault(name, []).append(place)
        self.order = {key: place for place, key in enumerate(ledger.groups)}

    def parts(self, names: Iterable[str]) -> list[Verdict]:
        """Return the verdicts with one of these ids, or on one of these relations, in order."""
        places = {place for name in names for place in self.places.get(name, ())}
        return [self.verdicts[place] for place in sorted(places)]

    def keys(self, keys: Iterable[str]) -> list[str]:
        """Return those of the keys that claims are on, in the order of the ledger."""
        return sorted((key for key in keys if key in self.order), key=self.order.__getitem__)


def _conflicts(ledger: Ledger, component: Sequence[View], word: Mapping[str, str], reading: Reading) -> list[Verdict]:
    """Return a verdict for each smallest set of relations, with claims, that cannot all hold.

    Sets that leave no value even at the widest come first, then those that only do as usually read. A relation that
    fails by itself has a verdict already, and is no part of a smallest set with others; `word` has its word.
    """
    wide = replace(reading, widest=True)
    firm = _cores(ledger, [view for view in component if word.get(view.relation.id) != INCONSISTENT], wide)
    soft = _cores(ledger, [view for view in component if view.relation.id not in word], reading)
    cores = firm | {ids: core for ids, core in soft.items() if not any(ids >= other for other in firm)}
    new = [core for ids, core in cores.items() if not (len(ids) == 1 and ids <= word.keys())]
    return [_conflict(ledger, *core, reading) for core in sorted(new, key=lambda core: _ids(core[0]))]


def _cores(ledger: Ledger, component: Sequence[View], reading: Reading) -> dict[frozenset[str], Core]:
    """Return every smallest set of relations that cannot all hold, by their ids, each with the claims it takes.

    None of them has a relation that holds whatever the printed values, so without these a component falls into parts.
    """
    printed = {key: ledger.groups[key] for view in component for key in view.quantities if key in ledger.groups}
    spans = network_of_views(ledger, component, printed, reading).spans
    views = [view for view in component if not _agrees_anyway(view, spans)]
    cores: dict[frozenset[str], Core] = {}
    for part in connected([view.quantities for view in views]):
        cores |= _cores_of_part(ledger, [views[index] for index in sorted(part)], printed, reading)
    return cores


def _agrees_anyway(view: View, spans: Mapping[str, Span]) -> bool:
    is_tied = bool(view.constraints) and not view.fixed
    return is_tied and all(holds_anyway(constraint, spans) for constraint in view.constraints)


def _cores_of_part(
    ledger: Ledger, part: Sequence[View], printed: Mapping[str, Sequence[Claim]], reading: Reading
) -> dict[frozenset[str], Core]:
    """Return the smallest sets that cannot hold among relations.

    After each set, every one of its relations is left out in turn, and the rest searched (the hitting-set tree of
    Reiter, 1987), so that no set hides another; SEARCHES bounds how long.
    """
    cores: dict[frozenset[str], Core] = {}
    tried: set[frozenset[str]] = set()
    waiting, searches = [tuple(part)], SEARCHES
    while waiting and searches:
        left = waiting.pop()
        ids = frozenset(_ids(left))
        if ids in tried:
            continue
        tried.add(ids)
        core = next((core for members, core in cores.items() if members <= ids), None)
        if core is None:
            searches -= 1
            outcome = solve(network_of_views(ledger, left, printed, reading))
            if outcome.holds is not False:
                continue
            core = _smallest(ledger, left, printed, reading, outcome)
            cores[frozenset(_ids(core[0]))] = core
        waiting += [tuple(view for view in left if view is not out) for out in reversed(core[0])]
    return cores


def _ids(views: Iterable[View]) -> tuple[str, ...]:
    return tuple(sorted(view.relation.id for view in views))


def _smallest(
    ledger: Ledger, left: Sequence[View], printed: Mapping[str, Sequence[Claim]], reading: Reading, outcome: Outcome
) -> Core:
    """Return relations and claims (ids) that cannot hold together and of which none can be left out."""
    views = [view for view in left if view.relation.id in outcome.because]
    names = frozenset(name for name in outcome.because if name in ledger.claims)

    def breaks(views: Sequence[View], names: frozenset[str]) -> bool:
        kept = {key: [claim for claim in claims if claim.id in names] for key, claims in printed.items()}
        kept = {key: claims for key, claims in kept.items() if claims}
        return solve(network_of_views(ledger, views, kept, reading)).holds is False

    if not breaks(views, names):
        views, names = list(left), frozenset(claim.id for claims in printed.values() for claim in claims)
    for view in list(views):
        fewer = [other for other in views if other is not view]
        views = fewer if fewer and breaks(fewer, names) else views
    for name in sorted(names):
        names = names - {name} if breaks(views, names - {name}) else names
    return views, names


def _conflict(ledger: Ledger, views: Sequence[View], names: frozenset[str], reading: Reading) -> Verdict:
    claims = tuple(ledger.claim(name) for name in sorted(names))
    groups = by_quantity(claims)
    wide = solve(network_of_views(ledger, views, groups, replace(reading, widest=True)))
    is_firm = wide.holds is False and not any(view.positive_parts_of for view in views)
    ids = _ids(views)
    word = INCONSISTENT if is_firm else UNDECIDED
    verdict = Verdict(f"joint:{'+'.join(ids)}", "joint", word, claims, ids, reading=reading)
    return examine(ledger, verdict, allowed_by_relations(ledger, views, groups, reading))


def _whole(
    ledger: Ledger, component: Sequence[View], index: _Index, conflicts_in: Sequence[Verdict], reading: Reading
) -> Verdict:
    """Return the verdict on connected relations, no better than those verdicts that are a part of it."""
    keys = {key for view in component for key in view.roles.values()}
    ids = _ids(component)
    parts = [*index.parts([*keys, *ids]), *conflicts_in]
    claims = tuple(claim for key in index.keys(keys) for claim in ledger.groups[key])
    conflicts = sorted((verdict for verdict in parts if verdict.needs_pin), key=lambda verdict: verdict.id)
    word = _word_of_whole(ledger, component, claims, parts, reading)
    return Verdict(f"whole:{ids[0]}", "whole", word, claims, ids, conflicts=tuple(conflicts), reading=reading)


def _word_of_whole(
    ledger: Ledger, component: Sequence[View], claims: Iterable[Claim], parts: Sequence[Verdict], reading: Reading
) -> str:
    words = {verdict.word for verdict in parts if not verdict.missing}
    if any(verdict.needs_pin for verdict in parts):
        wide = network_of_statements(ledger, component, by_quantity(claims), replace(reading, widest=True))
        fails = solve(wide).holds is False and not any(view.positive_parts_of for view in component)
        return INCONSISTENT if fails or INCONSISTENT in words else UNDECIDED
    if solve(network_of_views(ledger, component, ledger.groups, reading)).holds is None:
        return UNDECIDED
    return next((word for word in POSSIBLE if word in words), CONSISTENT)
