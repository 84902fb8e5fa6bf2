"""What do the texts say, in one page? The few results that matter most, how firm they are, and why figures differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from claims.content.phrases import Link, Phrase
from claims.judging.causes import OPEN, SUPPORTED
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, Judged, Verdict
from claims.ledger.model import Claim, Ledger
from claims.ledger.subject import causes_of
from claims.questions.discrepancies import group_label, several_statements
from claims.questions.robustness import Firmness
from claims.questions.robustness_exhibits import firmness_phrase
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.labels import source_link, uncapitalised
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import range_link
from claims.words.verdicts import verdict_label

__all__ = ["agreed_phrase", "disagreements_phrase", "headlines_table"]


def headlines_table(findings: Mapping[str, Finding], firm: Iterable[Firmness], ids: Iterable[str]) -> list[dict]:
    """Return one row per headline in `ids`: words, value (its number, a finding), range, firm (tests it passes).

    A headline that this run does not have is left out: another reading may lack it. Raises KeyError if none is left.
    """
    headlines = {one.headline.id: one for one in firm}
    shown = [one for id in ids if (one := headlines.get(id)) and one.shows in findings]
    if not shown:
        raise KeyError("no notebook left a number of the overview; fix the headlines to show (SHOWN of the subject)")
    return [
        {"words": one.words, "value": number, "range": range_link(number), "firm": firmness_phrase(one)}
        for one in shown
        for number in [findings[one.shows]]
    ]


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
    labels = causes_of(ledger.subject)
    pinned = ledger.known[verdict.id].causes if verdict.id in ledger.known else ()
    likely = [labels[cause] for cause in pinned if verdict.causes.get(cause) == SUPPORTED]
    possible = [labels[cause] for cause in pinned if verdict.causes.get(cause) == OPEN]
    why = f"likeliest reason: {likely[0]}" if likely else f"possible reason: {(possible or ['none recorded'])[0]}"
    how = "" if verdict.word == INCONSISTENT else " as usually read, which is undecided"
    touching = " touch and share no value if they count the same months"
    ending = " have no value in common" if verdict.touching is None else touching
    what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
    return phrase("{what}: {figures}" + ending + how + " ({why}).", what=what, figures=listed_phrases(printed), why=why)
