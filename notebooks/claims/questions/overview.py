"""What do the texts say, in one page? The few results that matter most, how firm they are, and why figures differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase
from claims.judging.causes import OPEN, SUPPORTED
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, Judged, Verdict
from claims.ledger.model import Claim, Ledger
from claims.ledger.subject import causes_of
from claims.questions.discrepancies import group_label, several_statements
from claims.questions.robustness import Firmness
from claims.questions.robustness_exhibits import firmness_phrase
from claims.results.anchors import anchor, slug
from claims.results.finding import Finding
from claims.words.labels import listed, uncapitalised
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import ranged
from claims.words.verdicts import verdict_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Shown", "agreed_sentence", "apart_phrase", "headlines"]


@dataclass(frozen=True)
class Shown:
    """A row of the overview's table: the headline that says how firm it is, the finding with its number, its label.

    Without a finding the number is the spread of the verdict that the headline shows.
    """

    headline: str
    finding: str
    label: str


def headlines(found: Mapping[str, Finding], firm: Iterable[Firmness], rows: Iterable[Shown]) -> pd.DataFrame:
    """Return one row per headline to show: label, value (a finding), range, firm (in how many readings it holds).

    A number that this run does not have is left out, for another reading may lack it. Raises KeyError if there is none
    at all.
    """
    import pandas as pd

    known = {one.headline.id: one for one in firm}
    asked = [(row, known[row.headline]) for row in rows if row.headline in known]
    numbers = [(row, one, found.get(row.finding or f"spread_{slug(one.shows)}")) for row, one in asked]
    shown = [(row, one, finding) for row, one, finding in numbers if finding]
    if not shown:
        raise KeyError("no notebook left a number of the overview; fix the rows to show (SHOWN of the subject)")
    return pd.DataFrame(
        [
            {
                "label": Link(row.label, finding.anchor),
                "value": finding,
                "range": ranged(finding),
                "firm": firmness_phrase(one),
            }
            for row, one, finding in shown
        ]
    )


def agreed_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template on the quantities (durations and targets left out) that several texts agree on."""
    told: dict[str, list[str]] = {word: [] for word in (CONSISTENT, BY_ROUNDING)}
    for verdict in several_statements(judged):
        timed = ledger.indicators[verdict.indicator].kind in ("duration", "target")
        if verdict.word in told and len(verdict.sources) > 1 and not timed:
            what = Link(uncapitalised(group_label(ledger, verdict), ledger.subject), anchor(verdict.id))
            texts = listed([phrase("{text}", text=Link(text, text)).markdown for text in verdict.sources])
            told[verdict.word].append(f"{phrase('{what}', what=what).markdown} ({texts})")
    alike, rounded = ("; ".join(items) for items in told.values())
    said = [
        f"Several texts print the same figure for {alike}."
        if alike
        else "No quantity is printed alike by several texts."
    ]
    return " ".join([*said, *([f"Through rounding they agree on {rounded}."] if rounded else [])])


def apart_phrase(ledger: Ledger, judged: Judged) -> Phrase:
    """Return each disagreement with its figures and the likeliest reasons, as the ledger records them."""
    told = [_apart(ledger, verdict) for verdict in judged.disagreements]
    return Phrase(
        tuple(part for place, one in enumerate(told) for part in ((" " if place else ""), *one.parts) if part)
    )


def _apart(ledger: Ledger, verdict: Verdict) -> Phrase:
    figures: dict[tuple, Claim] = {}
    for claim in verdict.claims:
        figures.setdefault((claim.source, claim.printed.lower(), claim.point), claim)
    told = [phrase("{a} ({text})", a=claim, text=Link(claim.source, claim.source)) for claim in figures.values()]
    labels = causes_of(ledger.subject)
    pinned = ledger.known[verdict.id].causes if verdict.id in ledger.known else ()
    likely = [labels[cause] for cause in pinned if verdict.causes.get(cause) == SUPPORTED]
    possible = [labels[cause] for cause in pinned if verdict.causes.get(cause) == OPEN]
    why = f"likeliest reason: {likely[0]}" if likely else f"possible reason: {(possible or ['none recorded'])[0]}"
    how = "" if verdict.word == INCONSISTENT else " as usually read, which is undecided"
    touching = " touch and share no value if they count the same months"
    ending = " have no value in common" if verdict.touching is None else touching
    what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
    return phrase("{what}: {figures}" + ending + how + " ({why}).", what=what, figures=listed_phrases(told), why=why)
