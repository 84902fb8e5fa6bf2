"""Why is a verdict what it is? In words, generated from the numbers that decide it.

Every number in an explanation leads somewhere: a figure to its row of the ledger, a result to its derivation, and what
a verdict itself works out (a common value, where two figures meet) to the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase
from claims.judging import relations
from claims.ledger.intervals import Reading
from claims.results.finding import Finding
from claims.words import numerals
from claims.words.labels import claim_text, uncapitalised
from claims.words.sentences import listed_phrases, phrase

if TYPE_CHECKING:
    from claims.judging.relations import View
    from claims.judging.verdicts import Verdict
    from claims.ledger.model import Claim, Ledger, Relation
    from claims.ledger.subject import Subject

CONSISTENT = "consistent"
BY_ROUNDING = "consistent by rounding"
UNDECIDED = "undecided"
INCONSISTENT = "inconsistent"
NOT_COMPARABLE = "not comparable"
WORDS = (INCONSISTENT, UNDECIDED, BY_ROUNDING, CONSISTENT, NOT_COMPARABLE)


def explain(verdict: Verdict, ledger: Ledger, view: View | None, reading: Reading) -> Phrase:
    """Return why the verdict on a group, a relation or a joint set is what it is."""
    if verdict.kind == "group":
        return _group(verdict, ledger, reading)
    if verdict.kind == "joint":
        return _joint(verdict, ledger, reading)
    return _missing(verdict, ledger.subject) if verdict.missing else _relation(verdict, ledger, view, reading)


def incomparable(relation: Relation) -> Phrase:
    """Return in what the figures of a relation differ, and why that forbids to compare them."""
    what, why = (Marked(text.rstrip("."), "citation") for text in (relations.differs(relation), relation.reason))
    return phrase("They differ: {what}. {why}.", what=what, why=why)


def whole(verdict: Verdict, conflicts: Sequence[Verdict], subject: Subject) -> Phrase:
    """Return whether everything that hangs together can hold at once."""
    figures = Link(numerals.number(len(verdict.claims)), verdict.anchor)
    rows = Link(numerals.number(len(verdict.relations)), verdict.anchor)
    if conflicts:
        usual = " as usually read" if verdict.word == UNDECIDED else ""
        said = phrase(f"{{figures}} figures in {{rows}} relations cannot all hold{usual}", figures=figures, rows=rows)
        for place, conflict in enumerate(conflicts):
            joint = "; " if place else ": "
            said = said + joint + Phrase((Link(uncapitalised(conflict.label, subject), conflict.anchor),))
        return said + "."
    if verdict.word == UNDECIDED:
        said = "Whether {figures} figures in {rows} relations can all hold was not settled."
    elif verdict.word == CONSISTENT:
        said = "{figures} figures in {rows} relations can all hold at once, each at what is printed."
    else:
        said = "{figures} figures in {rows} relations can all hold at once, but only because rounding leaves room."
    return phrase(said, figures=figures, rows=rows)


def relation_label(ledger: Ledger, view: View) -> str:
    """Return what a relation confronts, in words."""
    relation = view.relation
    if relation.type == "rate_times_time" and relation.period_rule == "ceiling":
        total = view.claims["total"][0]
        return f"{ledger.indicators[total.indicator].label} ({total.period.label}), at most capacity over the time"
    main = view.claims[relations.main_role(relation)][0]
    label, period = ledger.indicators[main.indicator].label, main.period.label
    said = {
        "growth_of": "{label}, against the levels",
        "multiple_of": "{label}, against the levels",
        "share_of": "{label}, against part and total",
        "sum_of": "{label}, against the sum of its parts",
        "rate_times_time": "{label}, against rate and time",
        "duration": "{label}, against the dates",
    }.get(relation.type)
    if said:
        return said.format(label=f"{label} ({period})")
    other = view.claims[relations.ORDER[relation.type][1]][0]
    larger = ledger.indicators[other.indicator].label
    if larger == label:
        return (
            f"{label}: {period} within {other.period.label}"
            if relation.period_rule == "within"
            else f"{label}: {period} at most {other.period.label}"
        )
    return f"{label} ({period}), at most {uncapitalised(larger, ledger.subject)} ({other.period.label})"


def joint_label(ledger: Ledger, views: Sequence[View]) -> str:
    """Return what a set of relations confronts, in words."""
    labels = dict.fromkeys(
        ledger.indicators[view.claims[relations.main_role(view.relation)][0].indicator].label for view in views
    )
    first, *rest = labels
    return " and ".join([first, *(uncapitalised(label, ledger.subject) for label in rest)])


def whole_label(ledger: Ledger, views: Sequence[View]) -> str:
    """Return what hangs together, in words: the indicators of all levels, each once."""
    claims = [claim for view in views for claim in view.named]
    labels = dict.fromkeys(
        ledger.indicators[claim.indicator].label
        for claim in claims
        if ledger.indicators[claim.indicator].kind not in ("growth", "multiple", "rank")
    )
    first, *rest = labels or {ledger.indicators[claims[0].indicator].label: None}
    return "; ".join([first, *(uncapitalised(label, ledger.subject) for label in rest)])


def range_of(claim: Claim, ledger: Ledger, reading: Reading) -> Link:
    """Return what a claim may stand for, leading to its row."""
    return Link(numerals.range_text(ledger.interval(claim, reading), claim.unit, most=4), claim.id)


def read(claim: Claim, ledger: Ledger, reading: Reading) -> Phrase:
    """Return a claim with its text and, where that is more than the figure, with what it stands for."""
    if claim.hedge == "exact":
        return quoted(claim)
    text = Link(claim.source, claim.source)
    return phrase("{a} ({text}; {b})", a=claim, text=text, b=range_of(claim, ledger, reading))


def quoted(claim: Claim) -> Phrase:
    """Return a claim with its text: “$24 billion (S1)”."""
    return phrase(
        "{figure} ({source})", figure=Link(claim_text(claim), claim.id), source=Link(claim.source, claim.source)
    )


def _group(verdict: Verdict, ledger: Ledger, reading: Reading) -> Phrase:
    unit = verdict.claims[0].unit
    if verdict.word == CONSISTENT:
        return phrase("Every printed figure lies within what each of the others may stand for.")
    if verdict.word == BY_ROUNDING:
        shared = Link(numerals.range_text(verdict.common, unit), verdict.anchor)
        said = "The printed figures differ; they agree only because all of them may stand for a value of {shared}."
        return phrase(said, shared=shared)
    lower, upper = _apart(verdict.claims, ledger, reading)
    said = phrase(
        "{a} stands for {low}, {b} for {high}",
        a=quoted(lower),
        low=range_of(lower, ledger, reading),
        b=quoted(upper),
        high=range_of(upper, ledger, reading),
    )
    if verdict.touching is not None:
        at = Link(numerals.quantity(verdict.touching, unit), verdict.anchor)
        owners = [claim for claim in (lower, upper) if verdict.touching in ledger.interval(claim, reading)]
        whose = phrase("which only {a} includes", a=quoted(owners[0])) if len(owners) == 1 else "which neither includes"
        said = said + phrase("; they touch at {at}, {whose}, and share no value", at=at, whose=whose)
    else:
        said = said + "; they share no value"
    return said + _when_read(verdict, ledger, reading) + "."


def _when_read(verdict: Verdict, ledger: Ledger, reading: Reading) -> str:
    """Return how far having no value depends on the reading; nothing where no bound of the figures is assumed."""
    if verdict.word == UNDECIDED:
        return " as usually read, and do at their widest"
    other = replace(reading, widest=not reading.widest)
    widens = any(ledger.interval(claim, reading) != ledger.interval(claim, other) for claim in verdict.claims)
    return ", even at their widest" if widens else ", and none of their bounds is assumed"


def _met_or_not(verdict: Verdict, ledger: Ledger, reading: Reading, unit: str) -> Phrase:
    """Return how a relation without a common value ends: its sides meet, or not, and whether the reading matters."""
    if not verdict.settled:
        return phrase("; whether they share a value was not settled")
    if verdict.touching is None:
        return phrase("; they share no value") + _when_read(verdict, ledger, reading)
    at = Link(numerals.quantity(verdict.touching, unit), verdict.anchor)
    return phrase("; they touch at {at} but share no value", at=at) + _when_read(verdict, ledger, reading)


def _joint(verdict: Verdict, ledger: Ledger, reading: Reading) -> Phrase:
    told = listed_phrases([read(claim, ledger, reading) for claim in verdict.claims])
    said = phrase("Taken together, what the texts print leaves no value for ") + told
    views = [relations.view(ledger, ledger.relations[name]) for name in verdict.relations]
    assumed = next((view.assumed for view in views if view.assumed), "")
    if assumed and verdict.word == UNDECIDED:
        return said + phrase(" if {what}.", what=Marked(assumed, "citation"))
    if verdict.word == UNDECIDED:
        return said + " as usually read, but does at their widest."
    return said + _when_read(verdict, ledger, reading) + "."


def _missing(verdict: Verdict, subject: Subject) -> Phrase:
    lacking = verdict.missing[0]
    said = phrase("No text prints {what}", what=uncapitalised(lacking.label, subject))
    if lacking.period:
        said = said + phrase(", {when}", when=Marked(lacking.period, "date"))
    if verdict.result is None:
        return said + "."
    return said + phrase("; the figures imply {range}.", range=ranged(verdict.result))


def ranged(finding: Finding) -> Link:
    """Return the range of a finding, leading to its derivation."""
    return Link(finding.range, finding.anchor)


def _relation(verdict: Verdict, ledger: Ledger, view: View, reading: Reading) -> Phrase:
    kind, one = view.relation.type, {role: claims[0] for role, claims in view.claims.items()}
    main = one[relations.main_role(view.relation)]
    given = {role: quoted(claim) for role, claim in one.items()} | {"main": read(main, ledger, reading)}
    if kind in relations.ORDER:
        larger = read(one[relations.ORDER[kind][1]], ledger, reading)
        said = phrase("{main} may not exceed {larger}", main=given["main"], larger=larger)
    elif verdict.result is None:
        said = phrase("{main} runs from {start} to {end}", **given)
    elif view.relation.period_rule == "ceiling":
        template = "{main} may not exceed what {rate} over {time} allows, {made}"
        said = phrase(template, made=ranged(verdict.result), **given)
    else:
        said = phrase(f"{_MADE[kind]} {{made}}; printed is {{main}}", made=ranged(verdict.result), **given)
    ending = _ending(verdict, view, main, ledger, reading)
    if kind == "annualised":
        ending = ending + phrase(
            "; the other {quarters} would have to average {rest}",
            quarters=Marked("quarters", "date"),
            rest=ranged(verdict.result),
        )
    return said + ending + "."


_MADE = {
    "growth_of": "{first} and {last} imply growth of",
    "multiple_of": "{last} over {first} is",
    "share_of": "{part} of {total} is",
    "sum_of": "The parts add up to",
    "rate_times_time": "{rate} over {time} is",
    "duration": "The dates span",
}


def _ending(verdict: Verdict, view: View, main: Claim, ledger: Ledger, reading: Reading) -> Phrase:
    """Return what follows from the numbers told."""
    ordered = view.relation.type in relations.ORDER or view.relation.period_rule == "ceiling"
    if verdict.word == CONSISTENT:
        return phrase(": it does not" if ordered else ". They agree as printed")
    if verdict.word == BY_ROUNDING and ordered:
        return phrase(". As printed it does; only rounding and hedges leave room")
    if verdict.word == BY_ROUNDING:
        if verdict.result is None or verdict.result.value is None:
            return phrase(". They agree only because of rounding")
        point = Link(str(verdict.result), verdict.result.anchor)
        return phrase(". As printed they come to {point}, and agree only because of rounding", point=point)
    if view.assumed and verdict.word == UNDECIDED:
        return phrase("; they share no value if {what}", what=Marked(view.assumed, "citation"))
    return _met_or_not(verdict, ledger, reading, main.unit)


def _apart(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[Claim, Claim]:
    """Return the claim whose interval ends lowest and the one whose interval begins highest."""
    spans = {claim.id: ledger.interval(claim, reading) for claim in claims}
    bounded_above = [claim for claim in claims if spans[claim.id].high is not None]
    bounded_below = [claim for claim in claims if spans[claim.id].low is not None]
    lower = min(bounded_above, key=lambda claim: (spans[claim.id].high, claim.id))
    upper = max(bounded_below, key=lambda claim: (spans[claim.id].low, claim.id))
    return lower, upper
