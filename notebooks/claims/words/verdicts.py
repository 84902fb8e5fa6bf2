"""Labels for what `judging` computes: verdicts, relations' results, missing operands, revisions and flips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from claims.judging.calculations import Calculation, calculate_relation
from claims.judging.constraints import ORDER, Quantity, View, main_role, views_of
from claims.judging.times import dates_of
from claims.judging.verdict import NOT_COMPARABLE, Flip, Revision, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Relation
from claims.results.finding import Finding, relation_finding
from claims.words import numerals
from claims.words.labels import claim_text, dated_text, figure_text, uncapitalised

__all__ = [
    "assumption_text", "flips_text", "quantity_label", "relation_result", "result_finding", "revision_text",
    "verdict_label",
]  # fmt: skip

CONFRONTED = {
    "growth_of": "the levels",
    "multiple_of": "the levels",
    "share_of": "part and total",
    "sum_of": "the sum of its parts",
    "rate_times_time": "rate and time",
    "converted": "amount and rate of exchange",
    "duration": "the dates",
}
RESULT_LABELS = {  # by formula
    "base_of_change": "{earlier} implied by {last} and {change}",
    "implied_base": "{earlier} implied by {last} and {growth}",
    "base_of_multiple": "{earlier} implied by {last} and {multiple}",
    "last_of_multiple": "Level that {multiple} means, counted from {first}",
    "change": "Change from {first} to {last}",
    "growth": "Growth from {first} to {last}",
    "multiple": "{last} as a multiple of {first}",
    "share": "{part} as a share of {total}",
    "implied_total": "Total implied by {part} and the share {quoted}",
    "implied_part": "Part implied by {total} and the share {quoted}",
    "accumulated": "{rate}, kept up for {time}",
    "converted": "{amount}, converted at {rate}",
    "mean_rate": "Mean rate behind {total} in {time}",
    "remainder": "What {total} leaves without {part}",
    "rest_of_year": "Mean of the other quarters, if {quarter} is a part of {year}",
}


def verdict_label(ledger: Ledger, verdict: Verdict) -> str:
    """Return what a verdict is on, in words."""
    match verdict.kind:
        case "group":
            return f"{ledger.indicators[verdict.indicator].label}, {verdict.claims[0].period.label}"
        case "joint":
            return _joint_label(ledger, _views(ledger, verdict))
        case "whole":
            return _whole_label(ledger, _views(ledger, verdict))
    if verdict.word == NOT_COMPARABLE:
        return _pair_label(ledger, verdict.claims)
    (view,) = _views(ledger, verdict)
    return _relation_label(ledger, view.narrowest_first(ledger, verdict.reading))


def relation_result(
    ledger: Ledger, relation: Relation, reading: Reading, levels: Mapping[str, Claim | Finding] | None = None
) -> Finding | None:
    """Return what the figures of a relation come to, with its label; None where it only orders its figures.

    `levels` are levels, by role, that take the place of the figures which the relation names.
    """
    calculation = calculate_relation(ledger, relation, reading, levels)
    return result_finding(ledger, calculation, levels) if calculation else None


def result_finding(
    ledger: Ledger, calculation: Calculation, levels: Mapping[str, Claim | Finding] | None = None
) -> Finding:
    """Return what the figures of a relation come to as a finding, with its label; `levels` as in `relation_result`."""
    finding, relation = relation_finding(calculation), ledger.relations[calculation.relation]
    if "dates" in calculation.inputs:
        length = dated_text(ledger.claim(relation.operands["duration"][0]))
        label = f"Time that {length} spans by its dates, {dates_of(ledger, relation).replace('..', ' to ')}"
        return replace(finding, label=label, expression="from one date to the other, as far as the texts print them")
    if not calculation.formula:
        return replace(
            finding, label=f"The parts of {dated_text(ledger.claim(relation.operands['total'][0]))}, added up"
        )
    claims = {role: ledger.claims[id] for role, id in calculation.inputs.items() if id in ledger.claims}
    words = {role: dated_text(claim) for role, claim in claims.items()}
    for role in (levels or {}).keys() - claims.keys():
        period = ledger.claim(relation.operands[role][0]).period.label
        words[role] = f"the level of {period} that all texts allow"
    words["earlier"] = f"Level {'at the start of the time' if relation.period_rule == 'covers' else 'a year earlier'}"
    if share := claims.get("share"):
        words["quoted"] = f"“{claim_text(share)}” ({share.source_name})"
    return replace(finding, label=RESULT_LABELS[calculation.formula].format(**words))


def quantity_label(ledger: Ledger, quantity: Quantity) -> str:
    """Return what an operand is that no text prints, in words."""
    label = ledger.indicators[quantity.indicator].label
    match quantity.role:
        case "first" | "last" if quantity.period:
            return f"{label} at the {'start' if quantity.role == 'first' else 'end'} of the time"
        case "first":
            return f"{label}, before"
        case "last":
            return f"{label}, aimed at"
        case "part" | "total":
            return f"The {quantity.role} behind the {uncapitalised(label, ledger.subject)}"
        case "rate":
            return f"The mean rate behind {uncapitalised(label, ledger.subject)}"
        case "start" | "end":
            return f"The {quantity.role} of {uncapitalised(label, ledger.subject)}"
        case _:
            return label


def assumption_text(whole: Claim) -> str:
    """Return what the test of a part against its whole takes for granted, where parts may be below zero."""
    return f"no other part of {dated_text(whole)} is below zero"


def revision_text(revision: Revision) -> str:
    """Return a claim as printed, and as it would be printed once revised."""
    claim = revision.claim
    value = revision.point / claim.multiplier
    decimals = len(claim.text.partition(".")[2])
    revised = replace(claim, value=value, text=numerals.number(value, decimals))
    return f"{claim_text(claim)} → {figure_text(revised)}"


def flips_text(flips: Iterable[Flip]) -> str:
    """Return which signs, ranks, threshold words and orders a disagreement turns over, "" if none."""
    texts = [
        f"the {flip.what} of {claim_text(flip.claim)} ({flip.claim.source_name})"
        if flip.claim
        else "the order that the texts tell"
        for flip in flips
    ]
    return "; ".join(dict.fromkeys(texts))


def _views(ledger: Ledger, verdict: Verdict) -> list[View]:
    return list(views_of(ledger, verdict.relations).values())


def _relation_label(ledger: Ledger, view: View) -> str:
    relation = view.relation
    if relation.type == "rate_times_time" and relation.period_rule == "ceiling":
        total = view.claims["total"][0]
        return f"{ledger.indicators[total.indicator].label} ({total.period.label}), at most capacity over the time"
    main = view.claims[main_role(relation)][0]
    label, period = ledger.indicators[main.indicator].label, main.period.label
    if relation.type in CONFRONTED:
        return f"{label} ({period}), against {CONFRONTED[relation.type]}"
    other = view.claims[ORDER[relation.type][1]][0]
    larger = ledger.indicators[other.indicator].label
    if larger != label:
        return f"{label} ({period}), at most {uncapitalised(larger, ledger.subject)} ({other.period.label})"
    return f"{label}: {period} {'within' if relation.period_rule == 'within' else 'at most'} {other.period.label}"


def _pair_label(ledger: Ledger, claims: Sequence[Claim]) -> str:
    first, second = (ledger.indicators[claim.indicator].label for claim in claims[:2])
    if first == second:
        return f"{first}: {' and '.join(dict.fromkeys(claim.period.label for claim in claims[:2]))}"
    return f"{first} and {uncapitalised(second, ledger.subject)}"


def _joint_label(ledger: Ledger, views: Sequence[View]) -> str:
    mains = (view.claims[main_role(view.relation)][0] for view in views)
    first, *rest = dict.fromkeys(ledger.indicators[claim.indicator].label for claim in mains)
    return " and ".join([first, *(uncapitalised(label, ledger.subject) for label in rest)])


def _whole_label(ledger: Ledger, views: Sequence[View]) -> str:
    """Return the indicators of all levels that are connected, each once."""
    indicators = [ledger.indicators[claim.indicator] for view in views for claim in view.named]
    levels = [indicator for indicator in indicators if indicator.kind not in ("growth", "multiple", "rank")]
    first, *rest = dict.fromkeys(indicator.label for indicator in levels or indicators[:1])
    return "; ".join([first, *(uncapitalised(label, ledger.subject) for label in rest)])
