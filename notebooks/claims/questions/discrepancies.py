"""Where do the sources disagree? The verdicts sorted by what they are on and by word, and the findings on them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from claims.content.phrases import Link, Phrase
from claims.judging.causes import STATES
from claims.judging.constraints import ORDER
from claims.judging.times import dates_of
from claims.judging.verdict import BOUND_ONLY, NOT_COMPARABLE, POSSIBLE, WORDS, Judged, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.results.anchors import anchor, slug
from claims.results.finding import Finding, counted, derive
from claims.words.explanations import Explained, explain
from claims.words.labels import claim_text, uncapitalised
from claims.words.verdicts import result_finding, revision_text

__all__ = [
    "COMPARABLE",
    "MIME",
    "agreeing",
    "as_json",
    "bounds",
    "checked",
    "differing",
    "differs",
    "emit",
    "equalities",
    "findings_of",
    "gaps",
    "group_label",
    "incomparable",
    "lacking",
    "one_figure_two_periods",
    "only_bounds",
    "printed_alike",
    "repeated",
    "results",
    "revision_links",
    "several_statements",
    "spans_of_dates",
    "with_times",
]

MIME = "application/vnd.ledger.verdicts+json"
COMPARABLE = tuple(word for word in WORDS if word != NOT_COMPARABLE)


def findings_of(ledger: Ledger, judged: Judged, reading: Reading) -> list[Finding]:
    """Return the findings on the verdicts: counts by word, the gaps of groups that differ, the results of relations.

    Counted are groups with two independent statements or more; those that one text only repeats have their own count.
    """
    several = several_statements(judged)
    alone = [verdict for verdict in judged.groups if verdict.independent == 1]
    possible = [verdict for verdict in judged.wholes if verdict.word in POSSIBLE]
    stories = [verdict for verdict in judged.all if verdict.flips]
    pairs = one_figure_two_periods(ledger)
    claims = tuple(dict.fromkeys(claim.id for pair in pairs for claim in pair))
    return [
        _counted("groups_total", "Quantities stated more than once, restatements aside", several),
        _counted("groups_repeated", "Quantities that one text only repeats", alone),
        *_by_word("groups", "Quantities", several, [word for word in COMPARABLE if word != BOUND_ONLY]),
        _counted("relations_judged", "Relations between figures that can be judged", checked(judged)),
        _counted("relations_equalities", "Relations that set figures equal", equalities(ledger, judged)),
        _counted("relations_bounds", "Relations that only bound one figure by another", bounds(ledger, judged)),
        _counted("relations_dates", "Relations of a length of time to its dates", spans_of_dates(ledger, judged)),
        *_by_word("relations", "Relations", checked(judged), COMPARABLE),
        _counted("relations_open", "Relations of which no text prints an operand", lacking(judged)),
        _counted("relations_not_comparable", "Relations whose figures are not comparable", incomparable(judged)),
        _counted("conflicts_total", "Sets of relations that leave no value together", judged.conflicts),
        _counted("wholes_total", "Sets of figures that relations tie together", judged.wholes),
        _counted("wholes_holding", "Such sets in which all figures can hold at once", possible),
        _counted("stories_total", "Disagreements that change the story", stories),
        counted(
            "two_periods",
            "Figures one text ties to several periods",
            len(pairs),
            "pairs of claims with one figure in one text for periods apart",
            inputs={"claims": claims or "claims.csv"},
        ),
        *(gap for verdict in differing(judged) for gap in gaps(verdict, ledger, reading)),
        *results(ledger, judged.relations),
    ]


def _by_word(name: str, label: str, verdicts: Sequence[Verdict], words: Iterable[str]) -> list[Finding]:
    return [
        _counted(f"{name}_{word.replace(' ', '_')}", f"{label} judged {word}", [v for v in verdicts if v.word == word])
        for word in words
    ]


def _counted(id: str, label: str, verdicts: Sequence[Verdict]) -> Finding:
    inputs = {"verdicts": tuple(verdict.id for verdict in verdicts)} if verdicts else {"all": "relations.csv"}
    return counted(id, label, len(verdicts), "verdicts" if verdicts else "none of all verdicts", inputs=inputs)


def results(ledger: Ledger, verdicts: Iterable[Verdict]) -> list[Finding]:
    """Return the results of relations, each finding once."""
    findings = [result_finding(ledger, verdict.result) for verdict in verdicts if verdict.result]
    return list({finding.id: finding for finding in findings}.values())


def several_statements(judged: Judged) -> list[Verdict]:
    """Return the groups of two independent statements or more."""
    return [verdict for verdict in judged.groups if verdict.independent > 1]


def differing(judged: Judged) -> list[Verdict]:
    """Return the groups whose figures differ in print."""
    return [verdict for verdict in judged.groups if differs(verdict)]


def agreeing(judged: Judged) -> list[Verdict]:
    """Return the groups in which independent statements print the same figure."""
    return [verdict for verdict in judged.groups if not differs(verdict) and verdict.independent > 1]


def repeated(judged: Judged) -> list[Verdict]:
    """Return the groups of one statement that its text repeats unchanged."""
    return [verdict for verdict in judged.groups if not differs(verdict) and verdict.independent == 1]


def differs(verdict: Verdict) -> bool:
    """Return whether the figures of a group differ in print, in value or in hedge."""
    return len({(claim.point, claim.hedge) for claim in verdict.claims}) > 1


def checked(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations all of whose figures are printed and comparable, the gravest first."""
    kept = [one for one in judged.relations if not one.missing and one.word != NOT_COMPARABLE]
    return sorted(kept, key=lambda verdict: (WORDS.index(verdict.word), verdict.relations))


def equalities(ledger: Ledger, judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations that set separately printed figures equal: those that can easily fail."""
    weak = {verdict.id for verdict in (*bounds(ledger, judged), *spans_of_dates(ledger, judged))}
    return [verdict for verdict in checked(judged) if verdict.id not in weak]


def bounds(ledger: Ledger, judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations that only ask that a figure does not exceed another, or what a rate allows."""
    return [verdict for verdict in checked(judged) if only_bounds(ledger, verdict)]


def only_bounds(ledger: Ledger, verdict: Verdict) -> bool:
    """Return whether a verdict on a relation only limits one figure by others."""
    relation = ledger.relations[verdict.id]
    return relation.type in ORDER or relation.period_rule == "ceiling"


def spans_of_dates(ledger: Ledger, judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations that compare a printed length of time with dates."""
    return [verdict for verdict in checked(judged) if dates_of(ledger, ledger.relations[verdict.id])]


def lacking(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations of which no text prints an operand."""
    return [verdict for verdict in judged.relations if verdict.missing]


def incomparable(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations whose figures are not comparable."""
    return [verdict for verdict in judged.relations if verdict.word == NOT_COMPARABLE]


def gaps(verdict: Verdict, ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the spread of a group's printed points, in its unit and in percent of its smallest and of its largest."""
    smaller = min(verdict.claims, key=lambda claim: (claim.point, claim.id))
    larger = max(verdict.claims, key=lambda claim: (claim.point, claim.id))
    of = f"between the smallest and the largest figure printed for {group_label(ledger, verdict)}"
    unit = "percentage_points" if larger.unit == "percent" else larger.unit
    name = slug(verdict.id)
    findings = [
        derive(ledger, f"spread_{name}", f"Spread {of}", "difference", reading, unit, one=larger, other=smaller)
    ]
    for side in ("smaller", "larger"):
        formula, label = f"gap_over_{side}", f"Gap {of}, over the {side}"
        findings.append(derive(ledger, f"{formula}_{name}", label, formula, reading, larger=larger, smaller=smaller))
    return findings


def group_label(ledger: Ledger, verdict: Verdict) -> str:
    """Return what a group is on, as it appears within a sentence: “trade turnover, 2023”."""
    label = uncapitalised(ledger.indicators[verdict.indicator].label, ledger.subject)
    return f"{label}, {verdict.claims[0].period.label}"


def one_figure_two_periods(ledger: Ledger) -> list[tuple[Claim, Claim]]:
    """Return the pairs in which one text prints the same figure of one indicator for two separate periods.

    Each is paired with the next that begins after its period ends. A text with one figure for two periods contradicts
    itself about the period, whatever the figure.
    """
    pairs = []
    for claims in ledger.alike.values():
        dated = [one for one in claims if one.period.start and one.period.end and one.period.kind != "horizon"]
        first = {claim.period.key: claim for claim in reversed(dated)}
        ordered = sorted(first.values(), key=lambda claim: (claim.period.start, claim.period.end))
        starts = [claim.period.start for claim in ordered]
        after = [(claim, bisect_right(starts, claim.period.end)) for claim in ordered]
        pairs += [(claim, ordered[place]) for claim, place in after if place < len(ordered)]
    return pairs


def printed_alike(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return the claims grouped into those that one text prints alike, in order."""
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.source, claim.point, claim.hedge, claim.precision), []).append(claim)
    return list(groups.values())


def with_times(alike: Sequence[Claim]) -> str:
    """Return the figure of claims printed alike, with their number if there are several: “$24 billion (×2)”."""
    return claim_text(alike[0]) + (f" (×{len(alike)})" if len(alike) > 1 else "")


def emit(ledger: Ledger, verdicts: Iterable[Verdict | Explained], pin: bool = True) -> None:
    """Pass verdicts to the report, which shows them all.

    Those with a `pin` are compared with data/known_disagreements.csv.
    """
    from IPython.display import display

    explained = [each if isinstance(each, Explained) else explain(ledger, each) for each in verdicts]
    rows = [{**row, "pin": row["pin"] and pin} for row in map(as_json, explained)]
    display({MIME: {"verdicts": rows}, "text/plain": f"{len(rows)} verdicts"}, raw=True)


def as_json(explained: Explained) -> dict:
    """Return what the report stores of a verdict."""
    verdict = explained.verdict
    return {
        "id": verdict.id,
        "anchor": anchor(verdict.id),
        "kind": verdict.kind,
        "label": explained.label,
        "verdict": verdict.word,
        "claims": [claim.id for claim in verdict.claims],
        "relations": list(verdict.relations),
        "independent": verdict.independent,
        "explanation": explained.explanation.to_json(),
        "revisions": [Phrase((link,)).to_json() for link in revision_links(verdict)],
        "causes": {
            state: [name for name, its_state in verdict.causes.items() if its_state == state] for state in STATES
        },
        "evidence": {cause: list(figures) for cause, figures in verdict.evidence.items()},
        "story": explained.story,
        "pin": verdict.needs_pin,
    }


def revision_links(verdict: Verdict) -> list[Link]:
    """Return the revisions that would resolve a disagreement, each linked to the claim that it changes."""
    return [Link(revision_text(revision), revision.claim.id) for revision in verdict.revisions]
