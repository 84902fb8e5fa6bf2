"""The disagreements (`discrepancies`) as the tables, lists and sentences of their chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims.content.phrases import Link, Marked, Phrase, escaped
from claims.judging.causes import OPEN, SUPPORTED, likeliest
from claims.judging.verdict import INCONSISTENT, UNDECIDED, WORDS, Judged, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.ledger.subject import causes_of
from claims.questions.discrepancies import (
    differing,
    gaps,
    one_figure_two_periods,
    printed_alike,
    revision_links,
    with_times,
)
from claims.questions.shown import MOST_LISTED
from claims.results.anchors import anchor
from claims.words.explanations import explain_all
from claims.words.labels import claim_text, source_link, uncapitalised
from claims.words.numerals import number
from claims.words.sentences import for_count, listed_phrases, phrase
from claims.words.values import range_link
from claims.words.verdicts import result_finding, verdict_label

__all__ = [
    "causes_table",
    "checks_table",
    "disagreements_list",
    "groups_table",
    "periods_sentence",
    "periods_table",
    "reasons_table",
    "relations_table",
]

NONE = "–"
CLASHES = {  # by whether the figures touch, and the verdict
    (False, INCONSISTENT): "No value fits all.",
    (True, INCONSISTENT): "They only touch: if they count the same months, no value fits all.",
    (False, UNDECIDED): "No value fits all as usually read; read loosely, some value does.",
    (True, UNDECIDED): "They only touch as usually read; read loosely, they share a value.",
}


def disagreements_list(ledger: Ledger, judged: Judged, explained: bool = False) -> str:
    """Return as a list in Markdown each disagreement with its figures and the likeliest reasons, as recorded.

    If `explained`, the explanation that the ledger has of it follows.
    Of too many, the gravest are listed, and then how many more there are.
    """
    listed: Sequence[Verdict] = judged.disagreements
    if more := max(len(listed) - MOST_LISTED, 0):
        listed = sorted(listed, key=lambda one: (WORDS.index(one.word), not one.flips))[:MOST_LISTED]
    lines = [f"- {_disagreement(ledger, verdict, explained).markdown}" for verdict in listed]
    be = for_count(more, one="is", more="are")
    lines += [f"- <data>{more:,}</data> more {be} in [Table](#tbl-causes)."] if more else []
    return "\n".join(lines) or "No disagreement was found."


def _disagreement(ledger: Ledger, verdict: Verdict, explained: bool) -> Phrase:
    figures: dict[tuple, Claim] = {}
    for claim in verdict.claims:
        figures.setdefault((claim.source, claim.printed.lower(), claim.point), claim)
    printed = [phrase("{a} ({text})", a=claim, text=source_link(claim)) for claim in figures.values()]
    what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
    words = phrase("{what}: {figures}. ", what=what, figures=listed_phrases(printed))
    words = words + CLASHES[verdict.touching is not None, verdict.word] + _reason(ledger, verdict)
    if not explained or verdict.id not in ledger.known:
        return words
    recorded = Marked(ledger.known[verdict.id].explanation.rstrip("."), "citation")
    return words + phrase(" {recorded}.", recorded=recorded)


def _reason(ledger: Ledger, verdict: Verdict) -> Phrase:
    """Return the likeliest of the causes recorded for a disagreement, with the first figure that supports it."""
    recorded = ledger.known[verdict.id].causes if verdict.id in ledger.known else ()
    causes = likeliest(verdict, recorded)
    if not causes:
        return phrase(" No reason is recorded.")
    words = causes_of(ledger.subject)[causes[0]]
    reason = phrase(f" {'Likeliest' if verdict.causes[causes[0]] == SUPPORTED else 'Possible'} reason: {words}")
    for figure in map(ledger.figure, verdict.evidence.get(causes[0], ())[:1]):
        period = Marked(figure.period.label, "date")
        return reason + phrase("; {figure} is also given for {period}.", figure=figure, period=period)
    return reason + "."


def periods_sentence(ledger: Ledger) -> str:
    """Return a sentence template on the figures that one text prints for two periods."""
    pairs = [
        f"{{{a.id}}} ({_label(ledger, a.indicator)}, {{{a.id}:source}}) "
        f"is given for {{{a.id}:period}} and for {{{b.id}:period}}"
        for a, b in one_figure_two_periods(ledger)
    ]
    if not pairs:
        return "No text prints the same figure for periods apart."
    if len(pairs) > MOST_LISTED:
        some = "; ".join(pairs[:MOST_LISTED])
        return f"In {{two_periods}} cases a text ties the same figure to several periods, for example: {some}."
    return f"A text may tie the same figure to several periods: {'; '.join(pairs)}."


def groups_table(ledger: Ledger, verdicts: Iterable[Verdict], reading: Reading) -> list[dict]:
    """Return one row per group: label, period, claims, verdict, spread and gaps, revision, sources, independent.

    The spread and the gaps are empty where the printed points are equal.
    """
    rows = []
    for verdict in verdicts:
        spread, smaller, larger = (gap if gap.value else None for gap in gaps(verdict, ledger, reading))
        target = anchor(verdict.id)
        rows.append(
            {
                "label": Link(ledger.indicators[verdict.indicator].label, target),
                "period": Marked(verdict.claims[0].period.label, "date"),
                "claims": _figures(verdict.claims),
                "verdict": verdict.word,
                "spread": spread,
                "gap_smaller": smaller,
                "gap_larger": larger,
                "revision": revision_links(verdict) or NONE,
                "sources": Link(number(len(verdict.sources)), target),
                "independent": Link(number(verdict.independent), target),
            }
        )
    return rows


def reasons_table(ledger: Ledger, judged: Judged) -> list[dict]:
    """Return one row per disagreement and per group that differs: label, verdict, explanation."""
    return relations_table(ledger, {one.id: one for one in (*judged.disagreements, *differing(judged))}.values())


def relations_table(ledger: Ledger, verdicts: Iterable[Verdict]) -> list[dict]:
    """Return one row per verdict on relations: label, verdict, explanation, and whether it is a disagreement."""
    gravest = (INCONSISTENT, UNDECIDED)
    return [
        {
            "label": each.link,
            "verdict": each.verdict.word,
            "explanation": each.explanation,
            "matters": each.verdict.word in gravest,
        }
        for each in explain_all(ledger, verdicts)
    ]


def causes_table(ledger: Ledger, judged: Judged) -> list[dict]:
    """Return one row per disagreement: label, causes supported and open, story, and the reason pinned in the ledger."""
    return [
        {
            "label": each.link,
            "supported": _causes(ledger, each.verdict, SUPPORTED),
            "open": _causes(ledger, each.verdict, OPEN),
            "story": Link(each.story, each.link.to) if each.story else "no",
            "pinned": _recorded_reason(ledger, each.verdict),
        }
        for each in explain_all(ledger, judged.disagreements)
    ]


def checks_table(ledger: Ledger, verdicts: Iterable[Verdict]) -> list[dict]:
    """Return one row per verdict on a relation: label, claims, range (of its result, if it has one), verdict."""
    rows = []
    for verdict in verdicts:
        rows.append(
            {
                "label": Link(verdict_label(ledger, verdict), anchor(verdict.id)),
                "claims": _figures(verdict.claims),
                "range": _range(ledger, verdict),
                "verdict": verdict.word,
            }
        )
    return rows


def periods_table(ledger: Ledger) -> list[dict]:
    """Return one row per figure that a text prints for two periods: label, source, first, second and their periods."""
    return [
        {
            "label": Link(ledger.indicators[first.indicator].label, first.id),
            "source": source_link(first),
            "first": first,
            "first_period": Marked(first.period.label, "date"),
            "second": second,
            "second_period": Marked(second.period.label, "date"),
        }
        for first, second in one_figure_two_periods(ledger)
    ]


def _label(ledger: Ledger, indicator: str) -> str:
    """Return the label of an indicator within a sentence template."""
    return escaped(uncapitalised(ledger.indicators[indicator].label, ledger.subject))


def _range(ledger: Ledger, verdict: Verdict) -> Link | str:
    """Return the range of a relation's result, if it has one."""
    return range_link(result_finding(ledger, verdict.result)) if verdict.result else NONE


def _causes(ledger: Ledger, verdict: Verdict, state: str) -> Phrase | str:
    """Return the causes in a state, each with the figures that support it by themselves."""
    labels, words = causes_of(ledger.subject), Phrase(())
    for cause in (cause for cause, its_state in verdict.causes.items() if its_state == state):
        figures = [ledger.figure(id) for id in verdict.evidence.get(cause, ())]
        links = [Phrase((Link(f"{claim_text(one)} for {one.period.label}", one.id),)) for one in figures]
        words = words + (", " if words.parts else "") + labels[cause]
        words = words + (phrase(" ({figures})", figures=listed_phrases(links)) if links else "")
    return words if words.parts else NONE


def _recorded_reason(ledger: Ledger, verdict: Verdict) -> Marked | str:
    return Marked(ledger.known[verdict.id].explanation, "citation") if verdict.id in ledger.known else NONE


def _figures(claims: Sequence[Claim]) -> list[Link]:
    """Return the figures of a group each with its text and how often that prints it."""
    return [Link(f"{alike[0].source_name}: {with_times(alike)}", alike[0].id) for alike in printed_alike(claims)]
