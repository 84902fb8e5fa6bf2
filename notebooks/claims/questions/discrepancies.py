"""Where do the sources disagree? The verdicts (`verdicts`) as findings, tables, a figure and sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase, escaped
from claims.judging.causes import OPEN, STATES, SUPPORTED
from claims.judging.verdict import (
    BY_ROUNDING,
    CONSISTENT,
    INCONSISTENT,
    NOT_COMPARABLE,
    UNDECIDED,
    WORDS,
    Judged,
    Verdict,
)
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.ledger.subject import causes_of
from claims.results.anchors import anchor, slug
from claims.results.finding import Finding, counted, derive
from claims.words import numerals, sentences
from claims.words.explanations import Explained, explain, explain_all
from claims.words.labels import claim_text, listed, uncapitalised
from claims.words.sentences import phrase
from claims.words.values import ranged
from claims.words.verdicts import result_finding, revision_text, verdict_label

if TYPE_CHECKING:
    import pandas as pd

MIME = "application/vnd.ledger.verdicts+json"
NONE = "–"


def found(ledger: Ledger, judged: Judged, reading: Reading) -> list[Finding]:
    """Return the findings on the verdicts: how many of each word, the gaps of groups that differ, what relations make.

    Counted are groups with two independent statements or more; what one text only repeats is counted apart.
    """
    several = stated(judged)
    alone = [verdict for verdict in judged.groups if verdict.independent == 1]
    counts = [
        _counted("groups_total", "Quantities stated more than once, restatements aside", several),
        _counted("groups_repeated", "Quantities that one text only repeats", alone),
        *_by_word("groups", "Quantities", several),
        _counted("relations_judged", "Relations between figures that can be judged", checked(judged)),
        _counted("relations_bounds", "Relations that only bound one figure by another", bounds(judged)),
        *_by_word("relations", "Relations", checked(judged)),
        _counted("relations_open", "Relations of which no text prints an operand", lacking(judged)),
        _counted("relations_not_comparable", "Relations whose figures are not comparable", incomparable(judged)),
        _counted("conflicts_total", "Sets of relations that leave no value together", judged.conflicts),
        _counted("wholes_total", "Sets of figures that relations tie together", judged.wholes),
        _counted("wholes_holding", "Such sets in which all figures can hold at once", _holding(judged.wholes)),
        _counted("stories_total", "Disagreements that change the story", [one for one in judged.all if one.flips]),
    ]
    pairs = one_figure_two_periods(ledger)
    named = tuple(dict.fromkeys(claim.id for pair in pairs for claim in pair))
    said = "pairs of claims with one figure in one text for periods apart"
    counts.append(
        counted(
            "two_periods",
            "Figures one text ties to several periods",
            len(pairs),
            said,
            inputs={"claims": named or "claims.csv"},
        )
    )
    spreads = (gap for verdict in differing(judged) for gap in gaps(verdict, ledger, reading))
    return [*counts, *spreads, *results(ledger, judged.relations)]


def results(ledger: Ledger, verdicts: Iterable[Verdict]) -> list[Finding]:
    """Return what the figures of relations come to, each finding once."""
    findings = [result_finding(ledger, verdict.result) for verdict in verdicts if verdict.result]
    return list({finding.id: finding for finding in findings}.values())


def stated(judged: Judged) -> list[Verdict]:
    """Return the verdicts on groups of two independent statements or more."""
    return [verdict for verdict in judged.groups if verdict.independent > 1]


def bounds(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations that only say that one figure cannot exceed another."""
    return [verdict for verdict in checked(judged) if _only_bounds(verdict)]


def checked(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations all of whose figures are printed and comparable, the gravest first."""
    kept = [one for one in judged.relations if not one.missing and one.word != NOT_COMPARABLE]
    return sorted(kept, key=lambda verdict: (WORDS.index(verdict.word), verdict.relations))


def lacking(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations of which no text prints an operand."""
    return [verdict for verdict in judged.relations if verdict.missing]


def incomparable(judged: Judged) -> list[Verdict]:
    """Return the verdicts on relations whose figures are not comparable."""
    return [verdict for verdict in judged.relations if verdict.word == NOT_COMPARABLE]


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


def gaps(verdict: Verdict, ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the spread of a group's printed points, in its unit and in percent of its smallest and of its largest."""
    smaller = min(verdict.claims, key=lambda claim: (claim.point, claim.id))
    larger = max(verdict.claims, key=lambda claim: (claim.point, claim.id))
    of = f"between the smallest and the largest figure printed for {named(ledger, verdict)}"
    unit = "percentage_points" if larger.unit == "percent" else larger.unit
    name = slug(verdict.id)
    spread = derive(ledger, f"spread_{name}", f"Spread {of}", "change", reading, unit, first=smaller, last=larger)
    over = (
        derive(
            ledger, f"{formula}_{name}", f"Gap {of}, over the {side}", formula, reading, larger=larger, smaller=smaller
        )
        for side, formula in (("smaller", "gap_over_smaller"), ("larger", "gap_over_larger"))
    )
    return [spread, *over]


def one_figure_two_periods(ledger: Ledger) -> list[tuple[Claim, Claim]]:
    """Return the pairs in which one text prints the same figure of one indicator for two periods apart.

    Each is paired with the next that begins after its period ends. A text that ties one figure to two periods
    contradicts itself about the period, whatever the figure.
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


def title(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template that says how many quantities have no value in common, and which."""
    apart = [escaped(_indicator(ledger, verdict)) for verdict in stated(judged) if verdict.word == INCONSISTENT]
    if not apart:
        return "No figures on a quantity are without a value in common"
    return f"Of {{groups_total}} quantities {{groups_inconsistent}} have no value in common: {listed(apart)}"


def alt(ledger: Ledger, judged: Judged) -> Phrase:
    """Return the alt text of the figure: every group that differs, its figures and its verdict."""
    told = phrase("Dots on intervals, a band a group.")
    for verdict in differing(judged):
        figures = sentences.listed_phrases([phrase("{a}", a=link) for link in _told(verdict.claims)])
        what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
        told = told + phrase(" {what}: {figures}, {word}.", what=what, figures=figures, word=verdict.word)
    return told


def apart_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template that tells every group without a common value, with its figures."""
    told = []
    for verdict in stated(judged):
        if verdict.word == INCONSISTENT:
            figures = [f"{{{alike[0].id}}} ({{{alike[0].id}:source}})" for alike in _alike(verdict.claims)]
            told.append(f"{escaped(_indicator(ledger, verdict))} is printed as {listed(figures)}")
    return (
        f"No value fits all figures where {'; and where '.join(told)}."
        if told
        else "Statements on a quantity always have a common value."
    )


def periods_sentence(ledger: Ledger) -> str:
    """Return a sentence template on the figures that one text ties to two periods."""
    pairs = one_figure_two_periods(ledger)
    if not pairs:
        return "No text prints the same figure for periods apart."
    told = [
        f"{{{a.id}}} ({escaped(_named(ledger, a.indicator))}, {{{a.id}:source}}) "
        f"is given for {{{a.id}:period}} and for {{{b.id}:period}}"
        for a, b in pairs
    ]
    return f"A text may tie the same figure to several periods: {'; '.join(told)}."


def conflicts_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template on what only the whole set of relations shows."""
    told = []
    for verdict in judged.conflicts:
        figures = [f"{{{claim.id}}} ({{{claim.id}:source}})" for claim in verdict.claims]
        usually = " as usually read" if verdict.word == UNDECIDED else ""
        told.append(f"{listed(figures)} cannot all hold{usually}")
    if not told:
        return "Held together, no set of relations is without a value that its parts have."
    return f"Figures on different indicators may conflict through the relations they share: {'; '.join(told)}."


def named(ledger: Ledger, verdict: Verdict) -> str:
    """Return what a group is on, as it stands within a sentence: “trade turnover, 2023”."""
    return f"{_indicator(ledger, verdict)}, {verdict.claims[0].period.label}"


def table(ledger: Ledger, verdicts: Sequence[Verdict], reading: Reading) -> pd.DataFrame:
    """Return one row per group: label, period, claims, verdict, spread and gaps, revision, sources, independent.

    The spread and the gaps are empty where the printed points are equal.
    """
    import pandas as pd

    rows = []
    for verdict in verdicts:
        spread, smaller, larger = (gap if gap.value else None for gap in gaps(verdict, ledger, reading))
        rows.append(
            {
                "label": Link(ledger.indicators[verdict.indicator].label, anchor(verdict.id)),
                "period": Marked(verdict.claims[0].period.label, "date"),
                "claims": _told(verdict.claims),
                "verdict": verdict.word,
                "spread": spread,
                "gap_smaller": smaller,
                "gap_larger": larger,
                "revision": _revision_cells(verdict),
                "sources": Link(numerals.number(len(verdict.sources)), anchor(verdict.id)),
                "independent": Link(numerals.number(verdict.independent), anchor(verdict.id)),
            }
        )
    names = (
        "label",
        "period",
        "claims",
        "verdict",
        "spread",
        "gap_smaller",
        "gap_larger",
        "revision",
        "sources",
        "independent",
    )
    return pd.DataFrame(rows, columns=names)


def reasons(ledger: Ledger, judged: Judged) -> pd.DataFrame:
    """Return one row per disagreement and per group that differs: label, verdict, explanation."""
    return relations_table(ledger, {one.id: one for one in (*judged.disagreements, *differing(judged))}.values())


def causes_table(ledger: Ledger, judged: Judged) -> pd.DataFrame:
    """Return one row per disagreement: label, causes supported and open, story, and the reason pinned in the ledger."""
    import pandas as pd

    rows = [
        {
            "label": each.link,
            "supported": _causes(ledger, each.verdict, SUPPORTED),
            "open": _causes(ledger, each.verdict, OPEN),
            "story": Link(each.story, each.link.to) if each.story else "no",
            "pinned": _pinned(ledger, each.verdict),
        }
        for each in explain_all(ledger, judged.disagreements)
    ]
    return pd.DataFrame(rows, columns=["label", "supported", "open", "story", "pinned"])


def _pinned(ledger: Ledger, verdict: Verdict) -> Marked | str:
    """Return the reason that the ledger records for a disagreement."""
    return Marked(ledger.known[verdict.id].explanation, "citation") if verdict.id in ledger.known else NONE


def checks_table(ledger: Ledger, verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row per verdict on a relation: label, claims, range (what its figures come to), verdict."""
    import pandas as pd

    rows = [
        {
            "label": Link(verdict_label(ledger, verdict), anchor(verdict.id)),
            "claims": _told(verdict.claims),
            "range": _range(ledger, verdict),
            "verdict": verdict.word,
        }
        for verdict in verdicts
    ]
    return pd.DataFrame(rows, columns=["label", "claims", "range", "verdict"])


def _only_bounds(verdict: Verdict) -> bool:
    return verdict.result is None or verdict.result.formula == "rest_of_year"


def _range(ledger: Ledger, verdict: Verdict) -> Link | str:
    """Return what the figures of a relation come to, nothing where they only bound one by another."""
    return NONE if not verdict.result or _only_bounds(verdict) else ranged(result_finding(ledger, verdict.result))


def relations_table(ledger: Ledger, verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row per verdict on relations: label, verdict, explanation."""
    import pandas as pd

    rows = [
        {"label": each.link, "verdict": each.verdict.word, "explanation": each.explanation}
        for each in explain_all(ledger, verdicts)
    ]
    return pd.DataFrame(rows, columns=["label", "verdict", "explanation"])


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


def periods_table(ledger: Ledger) -> pd.DataFrame:
    """Return one row per figure that a text ties to two periods: label, source, first, second and their periods."""
    import pandas as pd

    columns = ["label", "source", "first", "first_period", "second", "second_period"]
    rows = [
        {
            "label": Link(ledger.indicators[first.indicator].label, first.id),
            "source": Link(first.source, first.source),
            "first": first,
            "first_period": Marked(first.period.label, "date"),
            "second": second,
            "second_period": Marked(second.period.label, "date"),
        }
        for first, second in one_figure_two_periods(ledger)
    ]
    return pd.DataFrame(rows, columns=columns)


def emit(ledger: Ledger, judged: Judged) -> None:
    """Hand the verdicts to the report, which shows them all and compares them with data/known_disagreements.csv."""
    hand_over(ledger, judged.all)


def hand_over(ledger: Ledger, verdicts: Iterable[Verdict | Explained], pin: bool = True) -> None:
    """Hand verdicts to the report; those without a `pin` need no explanation in data/known_disagreements.csv."""
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
        "revisions": [Phrase((link,)).to_json() for link in _revision_links(verdict)],
        "causes": {state: [name for name, held in verdict.causes.items() if held == state] for state in STATES},
        "story": explained.story,
        "pin": verdict.needs_pin,
    }


def _by_word(name: str, label: str, verdicts: Sequence[Verdict]) -> list[Finding]:
    return [
        _counted(f"{name}_{word.replace(' ', '_')}", f"{label} judged {word}", [v for v in verdicts if v.word == word])
        for word in (INCONSISTENT, UNDECIDED, BY_ROUNDING, CONSISTENT)
    ]


def _counted(id: str, label: str, verdicts: Sequence[Verdict]) -> Finding:
    inputs = {"verdicts": tuple(verdict.id for verdict in verdicts)} if verdicts else {"all": "relations.csv"}
    return counted(id, label, len(verdicts), "verdicts" if verdicts else "none of all verdicts", inputs=inputs)


def _holding(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.word in (CONSISTENT, BY_ROUNDING)]


def _indicator(ledger: Ledger, verdict: Verdict) -> str:
    return _named(ledger, verdict.indicator)


def _named(ledger: Ledger, indicator: str) -> str:
    """Return the label of an indicator as it appears within a sentence."""
    return uncapitalised(ledger.indicators[indicator].label, ledger.subject)


def _causes(ledger: Ledger, verdict: Verdict, state: str) -> str:
    labels = causes_of(ledger.subject)
    named = [labels[name] for name, held in verdict.causes.items() if held == state]
    return ", ".join(named) or NONE


def _told(claims: Sequence[Claim]) -> list[Link]:
    """Return the figures of a group as one would list them, each with its text and how often that prints it."""
    return [Link(f"{alike[0].source}: {claim_text(alike[0])}{_times(alike)}", alike[0].id) for alike in _alike(claims)]


def _times(alike: Sequence[Claim]) -> str:
    return f" (×{len(alike)})" if len(alike) > 1 else ""


def _alike(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return the claims sorted into those that one text prints alike, in order."""
    found: dict[tuple, list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.source, claim.point, claim.hedge, claim.precision), []).append(claim)
    return list(found.values())


def _revision_links(verdict: Verdict) -> list[Link]:
    return [Link(revision_text(revision), revision.claim.id) for revision in verdict.revisions]


def _revision_cells(verdict: Verdict) -> list[Link] | str:
    return _revision_links(verdict) or NONE
