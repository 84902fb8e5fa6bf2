"""Rows of relations.csv that come to the same: figures a row leaves out, and rows about the same figures.

A row may leave out a figure. Where the ledger prints it elsewhere, that figure fills its role, so that the row is about
the same figures as another that names it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from claims.judging.constraints import difference, views_of
from claims.ledger.model import Claim, Ledger, Relation

__all__ = ["filled_roles", "repeated_relations"]

TIMED = ("duration", "rate_times_time")  # types of which the rule of periods is part of the arithmetic


def filled_roles(ledger: Ledger) -> dict[str, Mapping[str, tuple[Claim, ...]]]:
    """Return, by the id of a relation, the roles that its row leaves out and the figures that fill them."""
    filled: dict[str, Mapping[str, tuple[Claim, ...]]] = {}
    for id, view in views_of(ledger).items():
        if roles := {role: claims for role, claims in view.claims.items() if role not in view.relation.operands}:
            filled[id] = roles
    return filled


def repeated_relations(ledger: Ledger) -> dict[str, str]:
    """Return the relations about the same figures in the same roles as an earlier one, each with the id of that one."""
    first: dict[Hashable, str] = {}
    kinds = {id: _what_it_compares(ledger, relation) for id, relation in ledger.relations.items()}
    return {id: earlier for id, kind in kinds.items() if (earlier := first.setdefault(kind, id)) != id}


def _what_it_compares(ledger: Ledger, relation: Relation) -> Hashable:
    """Return what two relations have in common that have one verdict: type and figures by role, missing ones too."""
    rule = relation.period_rule if relation.type in TIMED or difference(relation) else ""
    if difference(relation):
        return relation.type, rule, frozenset((role, frozenset(ids)) for role, ids in relation.operands.items())
    view = views_of(ledger, [relation.id])[relation.id]
    claims = {(role, tuple(sorted(claim.id for claim in claims))) for role, claims in view.claims.items()}
    missing = {(one.role, one.key.removeprefix(f"{relation.id}:")) for one in view.missing}
    return relation.type, rule, frozenset(claims), frozenset(missing)
