"""Why is a verdict what it is? In words, generated from the numbers that decide it.

Every number in an explanation is linked: a figure to its row of the ledger, a result to its derivation, and what a
verdict itself works out (a common value, where two figures meet) to the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claims.content.phrases import Link, Marked, Phrase
from claims.judging.constraints import ORDER, View, difference, main_role, views_of
from claims.judging.verdict import BOUND_ONLY, BY_ROUNDING, CONSISTENT, NOT_COMPARABLE, UNDECIDED, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Relation
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words import numerals
from claims.words.labels import source_link, uncapitalised
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import range_link, value_text
from claims.words.verdicts import assumption_text, flips_text, quantity_label, result_finding, verdict_label

__all__ = ["Explained", "claim_title", "explain", "explain_all", "explanation", "quoted"]


@dataclass(frozen=True)
class Explained:
    """A verdict with its words: its label, and what decides it."""

    verdict: Verdict
    label: str
    explanation: Phrase

    @property
    def link(self) -> Link:
        """Return the label, linked to where the report explains the verdict."""
        return Link(self.label, anchor(self.verdict.id))

    @property
    def story(self) -> str:
        """Return which sign, rank, threshold word or order it turns over, "" if none."""
        return flips_text(self.verdict.flips)


def explain(ledger: Ledger, verdict: Verdict) -> Explained:
    """Return a verdict with its label and what decides it."""
    return Explained(verdict, verdict_label(ledger, verdict), explanation(ledger, verdict))


def explain_all(ledger: Ledger, verdicts: Iterable[Verdict]) -> list[Explained]:
    """Return verdicts with their labels and what decides them."""
    return [explain(ledger, verdict) for verdict in verdicts]


def explanation(ledger: Ledger, verdict: Verdict) -> Phrase:
    """Return why a verdict is what it is."""
    if verdict.word == NOT_COMPARABLE:
        return _incomparable(ledger.relations[verdict.id])
    match verdict.kind:
        case "group":
            return _group(verdict, ledger)
        case "joint":
            return _joint(verdict, ledger)
        case "whole":
            return _whole(verdict, ledger)
    result = result_finding(ledger, verdict.result) if verdict.result else None
    if verdict.missing:
        return _missing(verdict, ledger, result)
    view = views_of(ledger, [verdict.id])[verdict.id].narrowest_first(ledger, verdict.reading)
    return _relation(verdict, ledger, view, result)


def claim_title(ledger: Ledger, claim: Claim) -> Phrase:
    """Return a claim's indicator, period and text: “Bilateral trade, 2023 (S1)”."""
    period, text = Marked(claim.period.label, "date"), source_link(claim)
    label = Link(ledger.indicators[claim.indicator].label, claim.id)
    return phrase("{label}, {period} ({text})", label=label, period=period, text=text)


def _incomparable(relation: Relation) -> Phrase:
    """Return in what the figures of a relation differ, and why that forbids to compare them."""
    what, why = (Marked(text.rstrip("."), "citation") for text in (difference(relation), relation.reason))
    return phrase("They differ: {what}. {why}.", what=what, why=why)


def _whole(verdict: Verdict, ledger: Ledger) -> Phrase:
    """Return whether all connected figures can be true at once."""
    figures, rows = (_own(numerals.number(len(items)), verdict) for items in (verdict.claims, verdict.relations))
    if verdict.conflicts:
        usual = " as usually read" if verdict.word == UNDECIDED else ""
        words = phrase(f"{{figures}} figures in {{rows}} relations cannot all hold{usual}", figures=figures, rows=rows)
        for index, conflict in enumerate(verdict.conflicts):
            label = uncapitalised(verdict_label(ledger, conflict), ledger.subject)
            words = words + ("; " if index else ": ") + Phrase((_own(label, conflict),))
        return words + "."
    if verdict.word == UNDECIDED:
        template = "Whether {figures} figures in {rows} relations can all hold was not settled."
    elif verdict.word == CONSISTENT:
        template = "{figures} figures in {rows} relations can all hold at once, each at what is printed."
    elif verdict.word == BOUND_ONLY:
        template = "{figures} figures in {rows} relations can all hold at once, but leave an implausible rest."
    else:
        template = "{figures} figures in {rows} relations can all hold at once, but only because rounding leaves room."
    return phrase(template, figures=figures, rows=rows)


def _own(text: str, verdict: Verdict) -> Link:
    """Return words that link to a verdict."""
    return Link(text, anchor(verdict.id))


def _range_of(claim: Claim, ledger: Ledger, reading: Reading) -> Link:
    """Return what a claim may stand for, linked to its row."""
    return Link(numerals.range_text(ledger.interval(claim, reading), claim.unit, most=4), claim.id)


def _read(claim: Claim, ledger: Ledger, reading: Reading) -> Phrase:
    """Return a claim with its text and, where that is more than the figure, with what it stands for."""
    if claim.hedge == "exact":
        return quoted(claim)
    text = source_link(claim)
    return phrase("{a} ({text}; {b})", a=claim, text=text, b=_range_of(claim, ledger, reading))


def quoted(claim: Claim) -> Phrase:
    """Return a claim with its text: “$24 billion (S1)”."""
    return phrase("{claim} ({text})", claim=claim, text=source_link(claim))


def _group(verdict: Verdict, ledger: Ledger) -> Phrase:
    unit, reading = verdict.claims[0].unit, verdict.reading
    if verdict.word == CONSISTENT:
        return phrase("Every printed figure lies within what each of the others may stand for.")
    if verdict.word == BY_ROUNDING:
        shared = _own(numerals.range_text(verdict.common, unit), verdict)
        template = "The printed figures differ; they agree only because all of them may stand for a value of {shared}."
        return phrase(template, shared=shared)
    lower, upper = _furthest(verdict.claims, ledger, reading)
    low, high = (_range_of(claim, ledger, reading) for claim in (lower, upper))
    words = phrase("{a} stands for {low}, {b} for {high}", a=quoted(lower), low=low, b=quoted(upper), high=high)
    if verdict.touching is not None:
        at = _own(numerals.quantity(verdict.touching, unit), verdict)
        owners = [claim for claim in (lower, upper) if verdict.touching in ledger.interval(claim, reading)]
        whose = phrase("which only {a} includes", a=quoted(owners[0])) if len(owners) == 1 else "which neither includes"
        words = words + phrase("; they touch at {at}, {whose}, and share no value", at=at, whose=whose)
    else:
        words = words + "; they share no value"
    return words + _when_read(verdict, ledger) + "."


def _when_read(verdict: Verdict, ledger: Ledger) -> str:
    """Return how far having no value depends on the reading; nothing where no bound of the figures is assumed."""
    if verdict.word == UNDECIDED:
        return " as usually read, and do at their widest"
    reading = verdict.reading
    other = replace(reading, widest=not reading.widest)
    widens = any(ledger.interval(claim, reading) != ledger.interval(claim, other) for claim in verdict.claims)
    return ", even at their widest" if widens else ", and none of their bounds is assumed"


def _met_or_not(verdict: Verdict, ledger: Ledger, unit: str) -> Phrase:
    """Return how a relation without a common value ends: its sides meet, or not, and whether the reading matters."""
    if not verdict.settled:
        return phrase("; whether they share a value was not settled")
    if verdict.touching is None:
        return phrase("; they share no value") + _when_read(verdict, ledger)
    at = _own(numerals.quantity(verdict.touching, unit), verdict)
    return phrase("; they touch at {at} but share no value", at=at) + _when_read(verdict, ledger)


def _joint(verdict: Verdict, ledger: Ledger) -> Phrase:
    figures = listed_phrases([_read(claim, ledger, verdict.reading) for claim in verdict.claims])
    words = phrase("Taken together, what the texts print leaves no value for ") + figures
    views = views_of(ledger, verdict.relations).values()
    wholes = [view.positive_parts_of for view in views if view.positive_parts_of]
    if wholes and verdict.word == UNDECIDED:
        return words + phrase(" if {what}.", what=Marked(assumption_text(wholes[0]), "citation"))
    if verdict.word == UNDECIDED:
        return words + " as usually read, but does at their widest."
    return words + _when_read(verdict, ledger) + "."


def _missing(verdict: Verdict, ledger: Ledger, result: Finding | None) -> Phrase:
    operand = verdict.missing[0]
    words = phrase("No text prints {what}", what=uncapitalised(quantity_label(ledger, operand), ledger.subject))
    if operand.period:
        words = words + phrase(", {when}", when=Marked(operand.period, "date"))
    return words + (phrase("; the figures imply {range}.", range=range_link(result)) if result else ".")


def _relation(verdict: Verdict, ledger: Ledger, view: View, result: Finding | None) -> Phrase:
    kind, claims = view.relation.type, {role: claims[0] for role, claims in view.claims.items()}
    main = claims[main_role(view.relation)]
    figures: dict[str, Phrase | Link] = {role: quoted(claim) for role, claim in claims.items()}
    figures |= {"main": _read(main, ledger, verdict.reading)}
    for claim in view.dating:
        figures |= {"day": Link(claim.period.start, claim.id), "page": Link(claim.source, claim.source)}
    if kind in ORDER:
        larger = _read(claims[ORDER[kind][1]], ledger, verdict.reading)
        words = phrase("{main} may not exceed {larger}", main=figures["main"], larger=larger)
    elif result is None:
        words = phrase("{main} runs from {start} to {end}", **figures)
    elif view.relation.period_rule == "ceiling":
        template = "{main} may not exceed what {rate} over {time} allows, {result}"
        words = phrase(template, result=range_link(result), **figures)
    else:
        start = _RESULT_WORDS["since" if view.dating else kind]
        words = phrase(f"{start} {{result}}; printed is {{main}}", result=range_link(result), **figures)
    ending = _ending(verdict, view, main, ledger, result)
    if kind == "annualised" or verdict.remainder:
        ending = ending + _rest(verdict, result)
    return words + ending + "."


def _rest(verdict: Verdict, result: Finding | None) -> Phrase:
    """Return what is left of a whole and, where that is implausible, the figure nearest to its pace."""
    if result is None:
        return phrase("")
    if result.formula == "rest_of_year":
        template, quarters = "; the other {quarters} would have to average {rest}", Marked("quarters", "date")
        words = phrase(template, quarters=quarters, rest=range_link(result))
    else:
        words = phrase("; {rest} is left for the rest of the time", rest=range_link(result))
    rest = verdict.remainder
    if rest is None or rest.is_plausible:
        return words
    nearest, how, most = (rest.slowest, "slowly", "slowest") if rest.too_slow else (rest.fastest, "fast", "fastest")
    template = f". No figure in the ledger runs that {how}: the {most} is {{figure}} for {{period}}"
    return words + phrase(template, figure=quoted(nearest), period=Marked(nearest.period.label, "date"))


_RESULT_WORDS = {
    "growth_of": "{first} and {last} imply growth of",
    "multiple_of": "{last} over {first} is",
    "share_of": "{part} of {total} is",
    "sum_of": "The parts add up to",
    "rate_times_time": "{rate} over {time} is",
    "converted": "{amount} at {rate} is",
    "duration": "The dates span",
    "since": "From {day} ({page}) on the dates span",
}


def _ending(verdict: Verdict, view: View, main: Claim, ledger: Ledger, result: Finding | None) -> Phrase:
    """Return what follows from the numbers."""
    is_order = view.relation.type in ORDER or view.relation.period_rule == "ceiling"
    if verdict.word == CONSISTENT or (verdict.word == BOUND_ONLY and _is_in_order(view)):
        return phrase(": it does not" if is_order else ". They agree as printed")
    if verdict.word in (BOUND_ONLY, BY_ROUNDING) and is_order:
        return phrase(". As printed it does; only rounding and hedges leave room")
    if verdict.word == BY_ROUNDING:
        if result is None or result.value is None:
            return phrase(". They agree only because of rounding")
        point = Link(value_text(result), result.anchor)
        return phrase(". As printed they come to {point}, and agree only because of rounding", point=point)
    if view.positive_parts_of and verdict.word == UNDECIDED:
        assumption = Marked(assumption_text(view.positive_parts_of), "citation")
        return phrase("; they share no value if {what}", what=assumption)
    return _met_or_not(verdict, ledger, main.unit)


def _is_in_order(view: View) -> bool:
    """Return whether the figures of an order are printed in that order."""
    smaller, larger = (view.claims[role][0].point for role in ORDER[view.relation.type])
    return smaller <= larger


def _furthest(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[Claim, Claim]:
    """Return the claim whose interval ends lowest and the one whose interval begins highest."""
    intervals = [(ledger.interval(claim, reading), claim.id, claim) for claim in claims]
    *_, lower = min((interval.high, id, claim) for interval, id, claim in intervals if interval.high is not None)
    *_, upper = max((interval.low, id, claim) for interval, id, claim in intervals if interval.low is not None)
    return lower, upper
