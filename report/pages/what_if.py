"""What if a printed figure were another? The data with which `what_if.js` works out verdicts and findings again.

Formulas, relations and findings are given as data, so that the page computes by the same ones as the notebooks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from claims.judging.constraints import by_quantity, view_of
from claims.judging.judge import word_of_group, word_of_relation
from claims.judging.program import Program, describe_formula, group_word, relation_word
from claims.judging.revisions import allowed_by_group, allowed_by_relations, turning_points
from claims.judging.verdict import NOT_COMPARABLE
from claims.ledger.intervals import HEDGES, WIDTHLESS, Reading, exact_text, printed_interval
from claims.ledger.model import Claim, Indicator, Ledger, Official, domain
from claims.ledger.official import join_official
from claims.questions.reworked import Rule, dependents, find_rules, finding_steps, users_of_each
from claims.results.anchors import anchor
from claims.words import numerals
from claims.words.labels import HEDGE_WORDS, claim_text, figure_text

__all__ = ["SCRIPT", "what_if_data"]

_MOST, _MOST_IN_GROUP = 500, 40  # figures of texts, and of one quantity, each of which is held against each
SCRIPT = Path(__file__).parent / "templates" / "what_if.js"


def what_if_data(
    ledger: Ledger, findings: Sequence[Mapping], verdicts: Iterable[Mapping], reading: Reading
) -> dict[str, Any] | None:
    """Return all that it takes to work out verdicts and findings with another value of a text's figure, as JSON.

    `findings` and `verdicts` are those of the report, as notebooks store them; in the data they have their anchors.
    Fractions are text. None unless figures are read as usual, or where they are too many for a page.
    """
    if reading != Reading() or len(ledger.claims) > _MOST:
        return None
    joined, program = join_official(ledger), Program()
    about = [row for row in verdicts if row["verdict"] != NOT_COMPARABLE and ledger.claims.keys() & row["claims"]]
    judged = {}
    for row in about:
        own = ledger if row["id"] in ledger.relations else joined
        if (word := _word(program, own, row, reading)) is not None:
            judged[row["id"]] = word, _turns(own, row, reading), *_impossible(own, row)
    rules = find_rules(joined, findings, reading)
    worked = [id for id in dependents(findings) if id in rules.by_id]
    steps = finding_steps(program, joined, rules, sorted(worked))
    named = {name for step in program.steps for name in step[1:] if isinstance(name, str)}
    figures = [
        joined.figure(id) for id in sorted(named | ledger.claims.keys()) if id in joined.claims or id in joined.official
    ]
    units = sorted({figure.unit for figure in figures} | {rules.by_id[id].unit for id in worked})
    formulas = sorted({step[1] for step in program.steps if step[0] in ("value", "range")})
    return {
        "hedges": {hedge: _hedge(hedge) for hedge in HEDGES},
        "units": {unit: numerals.unit_form(unit) for unit in units},
        "scaled": [unit for unit in units if numerals.scale_of(Fraction(10**9), unit)[1]],
        "scales": numerals.SCALES,
        "formulas": {name: describe_formula(name) for name in formulas},
        "kinds": {name: _kind(joined.indicators[name]) for name in sorted({figure.indicator for figure in figures})},
        "figures": {figure.id: _figure(figure) for figure in figures},
        "steps": program.steps,
        "verdicts": {anchor(id): made for id, made in judged.items()},
        "findings": {anchor(id): [*of_id, *_unit(joined, rules.by_id[id])] for id, of_id in steps.items()},
        "others": _others(ledger, findings, about, {*worked, *judged}),
    }


def _word(program: Program, ledger: Ledger, row: Mapping, reading: Reading) -> int | None:
    """Return the step for a verdict on figures of texts; None where the page cannot judge again."""
    if row["kind"] == "group" and len(row["claims"]) <= _MOST_IN_GROUP:
        claims = [ledger.claim(id) for id in row["claims"]]
        return group_word(program, claims) if word_of_group(claims, ledger, reading)[0] == row["verdict"] else None
    if row["kind"] != "relation":
        return None
    relation = ledger.relations[row["id"]]
    is_same = word_of_relation(ledger, relation, reading) == row["verdict"]
    return relation_word(program, ledger, relation) if is_same else None


def _turns(ledger: Ledger, row: Mapping, reading: Reading) -> dict[str, list[str]]:
    """Return the nearest values of each figure with which a verdict turns, by its id."""
    claims = [ledger.claim(id) for id in row["claims"]]
    if row["kind"] == "group":
        allowed = allowed_by_group(claims, ledger, reading)
    else:
        view = view_of(ledger, ledger.relations[row["id"]])
        claims = [] if view.missing else [*view.named]
        allowed = allowed_by_relations(ledger, [view], by_quantity(claims), reading)
    texts = [claim for claim in claims if claim.id not in ledger.official]
    turns = {claim.id: turning_points(claim, allowed(claim), ledger, reading) for claim in texts}
    return {id: [exact_text(value) for value in values] for id, values in turns.items() if values}


def _impossible(ledger: Ledger, row: Mapping) -> list[str]:
    """Return what the page adds where a part would be larger than its whole, or what is at most as large be larger."""
    relation = ledger.relations.get(row["id"])
    is_bound = relation is not None and relation.type in ("part_of", "at_most")
    return [f"; impossible if this holds: {relation.reason}"] if relation is not None and is_bound else []


def _unit(ledger: Ledger, rule: Rule) -> list[str]:
    """Return the unit of a finding, and what the page adds to what is left of a whole where that is below zero.

    Of figures, what is left has no value only where it is below zero, and that lies outside what the whole measures.
    """
    is_rest = rule.formula == "remainder" and all(id in ledger.claims for id in rule.inputs.values())
    return [rule.unit, *["; nothing is left: the part is larger than the whole"] * is_rest]


def _hedge(hedge: str) -> dict[str, Any]:
    """Return a hedge in words, the ends of its interval in precisions from the value, and whether they are sure.

    That is whether the low end, and the high end, belongs to it, and whether the text states them.
    """
    value, precision = Fraction(100), Fraction(1)
    span = printed_interval(value, precision, hedge)
    low, high = (None if end is None else exact_text(end - value) for end in (span.low, span.high))
    sure = [span.low_closed, span.high_closed, span.low_stated, span.high_stated]
    return {
        "words": HEDGE_WORDS.get(hedge, ""),
        "low": low,
        "high": high,
        "sure": sure,
        "isWide": hedge not in WIDTHLESS,
    }


def _kind(indicator: Indicator) -> list[str | bool | None]:
    """Return the ends of what an indicator can be, whether it is counted in whole numbers, and both in words."""
    words = numerals.range_text(domain(indicator), indicator.unit) + ", in whole numbers" * bool(indicator.integer)
    low, high = (None if end is None else exact_text(end) for end in (indicator.domain_low, indicator.domain_high))
    return [low, high, bool(indicator.integer), words]


def _figure(figure: Claim | Official) -> list[str]:
    """Return a figure: what it prints, its indicator and unit, the statement it repeats, and its words, if any."""
    numbers = (figure.precision, figure.precision_wide)
    precision, wide = ("" if number is None else exact_text(number) for number in numbers)
    words = claim_text(figure) if claim_text(figure) != figure_text(figure) else ""
    repeats = getattr(figure, "repeats", "")
    value = [figure.text, exact_text(figure.multiplier), precision, wide, figure.hedge]
    return [*value, figure.indicator, figure.unit, repeats, words]


def _others(
    ledger: Ledger, findings: Sequence[Mapping], verdicts: Sequence[Mapping], known: Collection[str]
) -> dict[str, tuple[int, int]]:
    """Return how many findings and verdicts depend on each figure of a text and are not among those `known`.

    A finding also depends on the figures of a verdict that it counts.
    """
    rows = [*findings, *({"id": row["id"], "inputs": {"of": row["claims"]}} for row in verdicts)]
    judged = {row["id"] for row in verdicts}
    counts = {}
    for id, users in users_of_each(rows, ledger.claims).items():
        left = users - {*known}
        counts[id] = (len(left - judged), len([row for row in verdicts if row["id"] in left and id in row["claims"]]))
    return {id: count for id, count in counts.items() if any(count)}
