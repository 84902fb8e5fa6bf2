"""The disagreements (`discrepancies`) as the tables, the figure and the sentences of their chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase, escaped
from claims.judging.causes import OPEN, SUPPORTED, likeliest
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, UNDECIDED, Judged, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.ledger.subject import causes_of
from claims.questions.discrepancies import (
    differing,
    gaps,
    group_label,
    one_figure_two_periods,
    revision_links,
    several_statements,
)
from claims.results.anchors import anchor
from claims.words.explanations import explain_all
from claims.words.labels import claim_text, listed, source_link, uncapitalised
from claims.words.numerals import number
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import range_link
from claims.words.verdicts import result_finding, verdict_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "agreed_phrase",
    "alt",
    "causes_table",
    "chart",
    "checks_table",
    "conflicts_sentence",
    "disagreements_phrase",
    "disagreements_sentence",
    "groups_table",
    "periods_sentence",
    "periods_table",
    "reasons_table",
    "relations_table",
    "title",
]

NONE = "–"


def agreed_phrase(ledger: Ledger, judged: Judged) -> Phrase:
    """Return in a sentence or two the quantities that several texts agree on, spans of time and aims among them."""
    agreed: dict[str, list[Phrase]] = {CONSISTENT: [], BY_ROUNDING: []}
    for verdict in several_statements(judged):
        if verdict.word in agreed and len(verdict.sources) > 1:
            label = Link(uncapitalised(group_label(ledger, verdict), ledger.subject), anchor(verdict.id))
            texts = listed_phrases([Phrase((link,)) for link in dict.fromkeys(map(source_link, verdict.claims))])
            agreed[verdict.word].append(phrase("{label} ({texts})", label=label, texts=texts))
    same, rounded = agreed.values()
    text = phrase("No quantity is printed alike by several texts.")
    if same:
        text = phrase("Several texts print the same figure for {quantities}.", quantities=_with_semicolons(same))
    if rounded:
        text += phrase(" Through rounding they agree on {quantities}.", quantities=_with_semicolons(rounded))
    return text


def _with_semicolons(phrases: Iterable[Phrase]) -> Phrase:
    """Return phrases that contain commas of their own as one."""
    return reduce(lambda text, each: text + "; " + each, phrases)


def disagreements_phrase(ledger: Ledger, judged: Judged) -> Phrase:
    """Return each disagreement with its figures and the likeliest reasons, as the ledger records them."""
    text = Phrase(())
    for place, verdict in enumerate(judged.disagreements):
        text = text + (" " if place else "") + _disagreement(ledger, verdict)
    return text


def _disagreement(ledger: Ledger, verdict: Verdict) -> Phrase:
    figures: dict[tuple, Claim] = {}
    for claim in verdict.claims:
        figures.setdefault((claim.source, claim.printed.lower(), claim.point), claim)
    printed = [phrase("{a} ({text})", a=claim, text=source_link(claim)) for claim in figures.values()]
    how = "" if verdict.word == INCONSISTENT else " as usually read, which is undecided"
    touching = " touch and share no value if they count the same months"
    ending = " have no value in common" if verdict.touching is None else touching
    what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
    words = phrase("{what}: {figures}" + ending + how, what=what, figures=listed_phrases(printed))
    return words + phrase(" ({why}).", why=_reason(ledger, verdict))


def _reason(ledger: Ledger, verdict: Verdict) -> Phrase:
    """Return the likeliest of the causes recorded for a disagreement, with the first figure that supports it."""
    recorded = ledger.known[verdict.id].causes if verdict.id in ledger.known else ()
    causes = likeliest(verdict, recorded)
    if not causes:
        return phrase("no reason is recorded")
    words = causes_of(ledger.subject)[causes[0]]
    reason = phrase(f"{'likeliest' if verdict.causes[causes[0]] == SUPPORTED else 'possible'} reason: {words}")
    for figure in map(ledger.figure, verdict.evidence.get(causes[0], ())[:1]):
        period = Marked(figure.period.label, "date")
        return reason + phrase(", as {figure} is also given for {period}", figure=figure, period=period)
    return reason


def title(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template: how many quantities have no value in common, and which."""
    labels = [_label(ledger, verdict.indicator) for verdict in _disagreeing(judged)]
    if not labels:
        return "No figures on a quantity are without a value in common"
    return f"Of {{groups_total}} quantities {{groups_inconsistent}} have no value in common: {listed(labels)}"


def alt(ledger: Ledger, judged: Judged) -> Phrase:
    """Return the alt text of the figure: every group that differs, its figures and its verdict."""
    text = phrase("Dots on intervals, a band a group.")
    for verdict in differing(judged):
        figures = listed_phrases([Phrase((link,)) for link in _figures(verdict.claims)])
        what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
        text = text + phrase(" {what}: {figures}, {word}.", what=what, figures=figures, word=verdict.word)
    return text


def disagreements_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template that lists every group without a common value, with its figures."""
    clauses = []
    for verdict in _disagreeing(judged):
        figures = [f"{{{alike[0].id}}} ({{{alike[0].id}:source}})" for alike in _alike(verdict.claims)]
        clauses.append(f"{_label(ledger, verdict.indicator)} is printed as {listed(figures)}")
    if not clauses:
        return "Statements on a quantity always have a common value."
    return f"No value fits all figures where {'; and where '.join(clauses)}."


def periods_sentence(ledger: Ledger) -> str:
    """Return a sentence template on the figures that one text prints for two periods."""
    pairs = [
        f"{{{a.id}}} ({_label(ledger, a.indicator)}, {{{a.id}:source}}) "
        f"is given for {{{a.id}:period}} and for {{{b.id}:period}}"
        for a, b in one_figure_two_periods(ledger)
    ]
    if not pairs:
        return "No text prints the same figure for periods apart."
    return f"A text may tie the same figure to several periods: {'; '.join(pairs)}."


def conflicts_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template on the conflicts that only several relations together have."""
    clauses = []
    for verdict in judged.conflicts:
        figures = listed([f"{{{claim.id}}} ({{{claim.id}:source}})" for claim in verdict.claims])
        clauses.append(f"{figures} cannot all hold{' as usually read' if verdict.word == UNDECIDED else ''}")
    if not clauses:
        return "Held together, no set of relations is without a value that its parts have."
    return f"Figures on different indicators may conflict through the relations they share: {'; '.join(clauses)}."


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


def chart(ledger: Ledger, verdicts: Sequence[Verdict], reading: Reading) -> pd.DataFrame:
    """Return the intervals to draw, one row per distinct figure of every group, in percent of the group's largest.

    Columns: group (label), verdict, source, shown (the figure, with how often its text prints it), from (ids of its
    claims and of the group's largest), point, low, high. A bound that is not there is drawn at the point.
    """
    import pandas as pd

    rows = []
    for verdict in verdicts:
        most = max(verdict.claims, key=lambda claim: abs(claim.point))
        largest = abs(most.point) or 1
        for claims in _alike(verdict.claims):
            claim = claims[0]
            span = ledger.interval(claim, reading)
            ends = [claim.point if end is None else end for end in (span.low, span.high)]
            point, low, high = (float(100 * value / largest) for value in (claim.point, *ends))
            rows.append(
                {
                    "group": verdict_label(ledger, verdict),
                    "verdict": verdict.word,
                    "source": claim.source,
                    "shown": claim_text(claim) + _times(claims),
                    "from": " ".join(dict.fromkeys([*(one.id for one in claims), most.id])),
                    "point": point,
                    "low": low,
                    "high": high,
                }
            )
    names = ("group", "verdict", "source", "shown", "from", "point", "low", "high")
    return pd.DataFrame(rows, columns=names)


def _disagreeing(judged: Judged) -> list[Verdict]:
    return [verdict for verdict in several_statements(judged) if verdict.word == INCONSISTENT]


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
    return [
        Link(f"{alike[0].source_name}: {claim_text(alike[0])}{_times(alike)}", alike[0].id) for alike in _alike(claims)
    ]


def _times(alike: Sequence[Claim]) -> str:
    return f" (×{len(alike)})" if len(alike) > 1 else ""


def _alike(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return the claims grouped into those that one text prints alike, in order."""
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.source, claim.point, claim.hedge, claim.precision), []).append(claim)
    return list(groups.values())
