"""What do the texts say, in one page? The few results that matter most, how firm they are, and why figures differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase
from claims.judging.causes import OPEN, SUPPORTED
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, Judged, Verdict
from claims.ledger.model import Ledger
from claims.questions import robustness
from claims.questions.discrepancies import named, stated
from claims.questions.robustness import Firmness
from claims.results.anchors import anchor, slug
from claims.results.finding import Finding
from claims.words.labels import cause_label, listed, uncapitalised
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import ranged
from claims.words.verdicts import verdict_label

if TYPE_CHECKING:
    import pandas as pd

# What stands in the table: the headline that says how firm it is, the finding with its number, and what that is.
SHOWN = (
    ("slower", "growth_trade_turnover_2023_2024", "Growth of printed trade, 2023 to 2024"),
    ("faster", "rate_to_double", "Growth a year that doubles 2023 by 2030"),
    ("series", "ratio_turnover_2023", "Trade in 2023, Chinese ÷ Kazakh statistics"),
    ("missing", "difference_imports_from_china_2023", "China to Kazakhstan 2023, gap of counts"),
    ("quarterly", "distance_c008_kz_statistics", "Trade of 2024 Q1, against a Kazakh figure"),
    ("investment", "", "Spread of 15-year sums of investment"),
    ("share", "", "Spread of China’s shares in trade, 2023"),
    ("spread", "share_culture_media", "Largest share of listed items by sector"),
)


def headlines(found: Mapping[str, Finding], firm: Iterable[Firmness]) -> pd.DataFrame:
    """Return one row per headline of SHOWN: label, value (a finding), range, firm (in how many readings it holds).

    Of a verdict the number is the spread of its figures. A number that this run does not have is left out, for another
    reading may lack it. Raises KeyError if there is none at all.
    """
    import pandas as pd

    known = {one.headline.id: one for one in firm}
    ids = {id: finding or f"spread_{slug(known[id].shows)}" for id, finding, _ in SHOWN if id in known}
    shown = [(id, words, found[ids[id]]) for id, _, words in SHOWN if ids.get(id) in found]
    if not shown:
        raise KeyError("no notebook left a number of the overview; mend SHOWN in claims/overview.py")
    return pd.DataFrame(
        [
            {
                "label": Link(words, finding.anchor),
                "value": finding,
                "range": ranged(finding),
                "firm": robustness.firm_word(known[id]),
            }
            for id, words, finding in shown
        ]
    )


def agreed_sentence(ledger: Ledger, judged: Judged) -> str:
    """Return a sentence template on the quantities (durations and targets left out) that several texts agree on."""
    told = {word: [] for word in (CONSISTENT, BY_ROUNDING)}
    for verdict in stated(judged):
        timed = ledger.indicators[verdict.indicator].kind in ("duration", "target")
        if verdict.word in told and len(verdict.sources) > 1 and not timed:
            what = Link(uncapitalised(named(ledger, verdict)), anchor(verdict.id))
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
    figures = {}
    for claim in verdict.claims:
        figures.setdefault((claim.source, claim.printed.lower(), claim.point), claim)
    told = [phrase("{a} ({text})", a=claim, text=Link(claim.source, claim.source)) for claim in figures.values()]
    pinned = ledger.known[verdict.id].causes if verdict.id in ledger.known else ()
    likely = [cause_label(cause) for cause in pinned if verdict.causes.get(cause) == SUPPORTED]
    possible = [cause_label(cause) for cause in pinned if verdict.causes.get(cause) == OPEN]
    why = f"likeliest reason: {likely[0]}" if likely else f"possible reason: {(possible or ['none recorded'])[0]}"
    how = "" if verdict.word == INCONSISTENT else " as usually read, which is undecided"
    touching = " touch and share no value if they count the same months"
    ending = " have no value in common" if verdict.touching is None else touching
    what = Link(verdict_label(ledger, verdict), anchor(verdict.id))
    return phrase("{what}: {figures}" + ending + how + " ({why}).", what=what, figures=listed_phrases(told), why=why)
