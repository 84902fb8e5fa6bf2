"""Where do the sources disagree? Verdicts on claims that speak of one quantity.

Two claims disagree when no single value could have been rounded, or hedged, to both printed figures. Every claim is the
interval of values it may stand for (`intervals`); a verdict says whether these intervals have a value in common, and
whether that still holds when every assumed bound is taken at its widest. Figures are judged, not people, and the word
is *inconsistent*: no true value is invented.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

from . import findings, numerals
from .exhibits import Link
from .findings import Finding, claim_text, derive, described, escaped, figure_text, listed, uncapitalised
from .intervals import Interval, Reading
from .ledger import Claim, Ledger, groups, independent

if TYPE_CHECKING:
    import pandas as pd

MIME = "application/vnd.ledger.verdicts+json"

CONSISTENT = "consistent"
BY_ROUNDING = "consistent by rounding"
UNDECIDED = "undecided"
INCONSISTENT = "inconsistent"
NOT_COMPARABLE = "not comparable"
WORDS = (INCONSISTENT, UNDECIDED, BY_ROUNDING, CONSISTENT, NOT_COMPARABLE)


@dataclass(frozen=True)
class Revision:
    """The nearest printable value of one claim that would mend a disagreement, and how far that is."""

    claim: Claim
    point: Fraction
    relative_pct: Fraction | float

    @property
    def text(self) -> str:
        """Return the revised figure as it would be printed."""
        value = self.point / self.claim.multiplier
        decimals = len(self.claim.text.partition(".")[2]) if value.denominator != 1 else 0
        return figure_text(replace(self.claim, value=value, text=numerals.number(value, decimals)))


@dataclass(frozen=True)
class Verdict:
    """What a set of claims on one quantity comes to.

    `common` is the interval of values that all claims allow (None if there is none), `touching` the value at which two
    intervals meet without sharing it, `gaps` the spread of the printed points over the smaller and the larger one.
    """

    group: str
    indicator: str
    word: str
    claims: tuple[Claim, ...]
    common: Interval | None
    touching: Fraction | None
    independent: int
    revisions: tuple[Revision, ...]
    explanation: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that speak, in order."""
        return tuple(dict.fromkeys(claim.source for claim in self.claims))

    @property
    def slug(self) -> str:
        """Return the group as a part of a finding's id."""
        return self.group.replace(":", "_").replace("-", "_").replace("/", "_to_").replace(" ", "_").lower()


def verdicts(ledger: Ledger, reading: Reading | None = None) -> list[Verdict]:
    """Return the verdict on every group of at least two claims, the gravest first.

    A group is all claims on one indicator over one period (`ledger.groups`); restatements in the same text are kept as
    claims to be confronted but counted once as statements.
    """
    found = [
        judge(key, claims, ledger, reading or Reading()) for key, claims in groups(ledger).items() if len(claims) > 1
    ]
    return sorted(found, key=lambda verdict: (WORDS.index(verdict.word), -len(verdict.sources), verdict.group))


def judge(group: str, claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> Verdict:
    """Return the verdict on `claims`, which speak of one quantity.

    The order of the claims never matters. Raises ValueError for fewer than two.
    """
    if len(claims) < 2:
        raise ValueError(f"{group}: a verdict needs two claims or more, got {len(claims)}")
    claims = tuple(claims)
    spans = [ledger.interval(claim, reading) for claim in claims]
    common = _meet(spans)
    widest = _meet([ledger.interval(claim, replace(reading, widest=True)) for claim in claims])
    if not common.is_empty:
        agree = all(
            claim.point in other or own == other for claim, own in zip(claims, spans, strict=True) for other in spans
        )
        word = CONSISTENT if agree else BY_ROUNDING
    else:
        word = INCONSISTENT if widest.is_empty else UNDECIDED
    touching = _touching(spans) if common.is_empty else None
    revisions = smallest_revisions(claims, ledger, reading) if common.is_empty else ()
    verdict = Verdict(
        group=group,
        indicator=claims[0].indicator,
        word=word,
        claims=claims,
        common=None if common.is_empty else common,
        touching=touching,
        independent=len(independent(claims)),
        revisions=revisions,
        explanation="",
    )
    return replace(verdict, explanation=explain(verdict, ledger, reading))


def smallest_revisions(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[Revision, ...]:
    """Return, for each statement that could mend the group alone, its nearest printable value; smallest change first.

    A printable value is a whole number of the claim's own precision away (of one unit for a count). Restatements are
    revised with the claim they restate.
    """
    found = []
    for claim in independent(sorted(claims, key=lambda one: one.id)):
        rest = [other for other in claims if _statement(other) != _statement(claim)]
        others = _meet([ledger.interval(other, reading) for other in rest]) if rest else None
        if others is None or others.is_empty:
            continue
        point = _nearest(claim, others, ledger, reading)
        if point is not None:
            away = abs(point - claim.point)
            found.append(Revision(claim, point, 100 * away / abs(claim.point) if claim.point else math.inf))
    return tuple(sorted(found, key=lambda revision: (revision.relative_pct, revision.claim.id)))


def headline_revisions(verdict: Verdict) -> tuple[Revision, ...]:
    """Return the smallest relative revision of a verdict, with its ties."""
    return tuple(r for r in verdict.revisions if r.relative_pct == verdict.revisions[0].relative_pct)


def explain(verdict: Verdict, ledger: Ledger, reading: Reading) -> str:
    """Return in words, from the numbers that decide it, why the verdict is what it is."""
    unit = verdict.claims[0].unit
    if verdict.word == CONSISTENT:
        return "Every printed figure lies within what each of the others may stand for."
    if verdict.word == BY_ROUNDING:
        shared = numerals.bounds(verdict.common.low, verdict.common.high, unit)
        return f"The printed figures differ, but all of them may stand for a value of {shared}."
    lower, upper = _apart(verdict.claims, ledger, reading)
    low, high = (ledger.interval(claim, reading) for claim in (lower, upper))
    said = (
        f"{_quoted(lower)} stands for {numerals.bounds(low.low, low.high, unit)}, "
        f"{_quoted(upper)} for {numerals.bounds(high.low, high.high, unit)}"
    )
    if verdict.touching is not None:
        said += f"; the two meet at {numerals.quantity(verdict.touching, unit)} but share no value"
    else:
        said += "; the two share no value"
    if verdict.word == UNDECIDED:
        said += ", unless the assumed bounds are taken at their widest"
    return said + "."


def _quoted(claim: Claim) -> str:
    return f"{claim_text(claim)} ({claim.source}, {claim.id})"


def gaps(verdict: Verdict, ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the spread of a group's printed points, in its unit and in percent of its smallest and of its largest."""
    smaller = min(verdict.claims, key=lambda claim: (claim.point, claim.id))
    larger = max(verdict.claims, key=lambda claim: (claim.point, claim.id))
    of = f"between the smallest and the largest figure printed for {named(ledger, verdict)}"
    unit = "percentage_points" if larger.unit == "percent" else larger.unit
    name = f"spread_{verdict.slug}"
    spread = derive(ledger, name, f"Spread {of}", "change", reading, unit, first=smaller, last=larger)
    return [
        spread,
        *(
            derive(
                ledger,
                f"gap_over_{side}_{verdict.slug}",
                f"Gap {of}, over the {side}",
                f"gap_over_{side}",
                reading,
                larger=larger,
                smaller=smaller,
            )
            for side in ("smaller", "larger")
        ),
    ]


def one_figure_two_periods(ledger: Ledger) -> list[tuple[Claim, Claim]]:
    """Return the pairs in which one text prints the same figure of one indicator for two periods apart.

    A text that ties one figure to two periods contradicts itself about the period, whatever the figure.
    """
    pairs = []
    for a, b in combinations(ledger.claims.values(), 2):
        same = (a.source, a.indicator, a.point) == (b.source, b.indicator, b.point)
        dated = a.period.start and b.period.start and a.period.kind != "horizon" and b.period.kind != "horizon"
        if same and dated and (a.period.end < b.period.start or b.period.end < a.period.start):
            pairs.append((a, b))
    return pairs


def found(ledger: Ledger, verdicts: Sequence[Verdict], reading: Reading) -> list[Finding]:
    """Return the findings on the verdicts: how many of each word, and the gaps of groups that differ.

    Counted are groups with two independent statements or more; what one text only repeats is counted apart.
    """
    stated = [verdict for verdict in verdicts if verdict.independent > 1]
    repeated = len(verdicts) - len(stated)
    said = "groups with two independent statements or more"
    counts = [
        findings.counted("groups_total", "Quantities stated independently at least twice", len(stated), said),
        findings.counted(
            "groups_repeated", "Quantities that one text only repeats", repeated, "groups of restatements"
        ),
    ]
    for word in WORDS[:-1]:
        count = sum(verdict.word == word for verdict in stated)
        name = f"groups_{word.replace(' ', '_')}"
        counts.append(findings.counted(name, f"Quantities judged {word}", count, f"{said}, judged {word}"))
    pairs = len(one_figure_two_periods(ledger))
    counts.append(findings.counted("two_periods", "Figures one text ties to two periods", pairs, "pairs of claims"))
    return counts + [gap for verdict in differing(verdicts) for gap in gaps(verdict, ledger, reading)]


def title(ledger: Ledger, verdicts: Sequence[Verdict]) -> str:
    """Return a sentence template that says how many quantities have no value in common, and which."""
    apart = [escaped(named(ledger, verdict)) for verdict in verdicts if verdict.word == INCONSISTENT]
    if not apart:
        return "No two figures on one quantity are without a value in common"
    return f"Of {{groups_total}} quantities {{groups_inconsistent}} have no value in common: {listed(apart)}"


def alt(ledger: Ledger, verdicts: Sequence[Verdict]) -> str:
    """Return the alt text of the figure: every group that differs, its figures and its verdict."""
    told = []
    for verdict in differing(verdicts):
        label, period = ledger.indicators[verdict.indicator].label, verdict.claims[0].period.label
        figures = ", ".join(link.text for link in _told(verdict.claims))
        told.append(escaped(f"{label}, {period}: {figures}, {verdict.word}"))
    return "Dots on intervals, a band a group. " + ". ".join(told) + "."


def apart_sentence(ledger: Ledger, verdicts: Sequence[Verdict]) -> str:
    """Return a sentence template that tells every group without a common value, with its figures."""
    told = []
    for verdict in verdicts:
        if verdict.word == INCONSISTENT:
            figures = [f"{{{alike[0].id}}} ({alike[0].source})" for alike in _alike(verdict.claims)]
            told.append(f"{escaped(named(ledger, verdict))} is printed as {listed(figures)}")
    return (
        f"No value fits all figures where {'; and where '.join(told)}." if told else "Every group has a common value."
    )


def named(ledger: Ledger, verdict: Verdict) -> str:
    """Return what a group is on, as it stands within a sentence: “trade turnover, 2023”."""
    return f"{uncapitalised(ledger.indicators[verdict.indicator].label)}, {verdict.claims[0].period.label}"


def differs(verdict: Verdict) -> bool:
    """Return whether the figures of a group differ in print, in value or in hedge."""
    return len({(claim.point, claim.hedge) for claim in verdict.claims}) > 1


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
                "label": ledger.indicators[verdict.indicator].label,
                "period": verdict.claims[0].period.label,
                "claims": _told(verdict.claims),
                "verdict": verdict.word,
                "spread": spread,
                "gap_smaller": smaller,
                "gap_larger": larger,
                "revision": _revision_cells(verdict),
                "sources": len(verdict.sources),
                "independent": verdict.independent,
            }
        )
    return pd.DataFrame(rows)


def differing(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the groups whose figures differ in print."""
    return [verdict for verdict in verdicts if differs(verdict)]


def agreeing(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the groups in which independent statements print the same figure."""
    return [verdict for verdict in verdicts if not differs(verdict) and verdict.independent > 1]


def repeated(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return the groups of one statement that its text repeats unchanged."""
    return [verdict for verdict in verdicts if not differs(verdict) and verdict.independent == 1]


def reasons(ledger: Ledger, verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row per group: label, period, verdict, what decides it, and the reason pinned in the ledger."""
    import pandas as pd

    rows = [
        {
            "label": ledger.indicators[verdict.indicator].label,
            "period": verdict.claims[0].period.label,
            "verdict": verdict.word,
            "explanation": verdict.explanation,
            "pinned": ledger.known[verdict.group].explanation if verdict.group in ledger.known else "–",
        }
        for verdict in verdicts
    ]
    return pd.DataFrame(rows)


def chart(ledger: Ledger, verdicts: Sequence[Verdict], reading: Reading) -> pd.DataFrame:
    """Return the intervals to draw, one row per distinct figure of every group, in percent of the group's largest.

    Columns: group (label), verdict, source, shown (the figure, with how often its text prints it), claims (ids), point,
    low, high. A bound that is not there is drawn at the point.
    """
    import pandas as pd

    rows = []
    for verdict in verdicts:
        largest = max(abs(claim.point) for claim in verdict.claims) or 1
        label = f"{ledger.indicators[verdict.indicator].label}, {verdict.claims[0].period.label}"
        for claims in _alike(verdict.claims):
            claim = claims[0]
            span = ledger.interval(claim, reading)
            ends = [claim.point if end is None else end for end in (span.low, span.high)]
            point, low, high = (float(100 * value / largest) for value in (claim.point, *ends))
            rows.append(
                {
                    "group": label,
                    "verdict": verdict.word,
                    "source": claim.source,
                    "shown": claim_text(claim) + _times(claims),
                    "claims": " ".join(one.id for one in claims),
                    "point": point,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


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


def periods_table(ledger: Ledger) -> pd.DataFrame:
    """Return one row per figure that a text ties to two periods: label, source, first, second and their periods."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "label": ledger.indicators[first.indicator].label,
                "source": Link(first.source, first.source),
                "first": first,
                "first_period": first.period.label,
                "second": second,
                "second_period": second.period.label,
            }
            for first, second in one_figure_two_periods(ledger)
        ]
    )


def not_comparable(ledger: Ledger) -> pd.DataFrame:
    """Return one row per pair called not comparable: both claims, what they are of, and the reason."""
    import pandas as pd

    rows = []
    for relation in ledger.relations.values():
        if relation.type == "not_comparable":
            first, second = (ledger.claim(relation.operands[role][0]) for role in ("a", "b"))
            rows.append(
                {
                    "first": first,
                    "first_label": described(ledger, first),
                    "second": second,
                    "second_label": described(ledger, second),
                    "reason": relation.reason,
                }
            )
    return pd.DataFrame(rows)


def _revision_cells(verdict: Verdict) -> list[Link] | str:
    if not verdict.revisions:
        return "–"
    return [
        Link(f"{claim_text(revision.claim)} → {revision.text}", revision.claim.id)
        for revision in headline_revisions(verdict)
    ]


def emit(found: Sequence[Verdict]) -> None:
    """Hand the verdicts to the report, which compares them with data/known_disagreements.csv."""
    from IPython.display import display

    rows = [
        {
            "group": verdict.group,
            "verdict": verdict.word,
            "claims": [claim.id for claim in verdict.claims],
            "explanation": verdict.explanation,
        }
        for verdict in sorted(found, key=lambda verdict: verdict.group)
    ]
    display({MIME: {"verdicts": rows}, "text/plain": f"{len(rows)} verdicts"}, raw=True)


def _meet(spans: Sequence[Interval]) -> Interval:
    return reduce(lambda a, b: a & b, spans)


def _touching(spans: Sequence[Interval]) -> Fraction | None:
    lowest_high = min(span.high for span in spans if span.high is not None)
    highest_low = max(span.low for span in spans if span.low is not None)
    return lowest_high if lowest_high == highest_low else None


def _apart(claims: Sequence[Claim], ledger: Ledger, reading: Reading) -> tuple[Claim, Claim]:
    """Return the claim whose interval ends lowest and the one whose interval begins highest."""
    spans = {claim.id: ledger.interval(claim, reading) for claim in claims}
    bounded_above = [claim for claim in claims if spans[claim.id].high is not None]
    bounded_below = [claim for claim in claims if spans[claim.id].low is not None]
    lower = min(bounded_above, key=lambda claim: (spans[claim.id].high, claim.id))
    upper = max(bounded_below, key=lambda claim: (spans[claim.id].low, claim.id))
    return lower, upper


def _statement(claim: Claim) -> str:
    return claim.repeats or claim.id


def _nearest(claim: Claim, others: Interval, ledger: Ledger, reading: Reading) -> Fraction | None:
    """Return the printable point nearest to the claim's whose interval meets `others`, None if none does."""
    unit = claim.precision or Fraction(1)
    span = ledger.interval(claim, reading)
    if not (span & others).is_empty:
        return claim.point
    below = span < others
    gap = others.low - span.high if below else span.low - others.high
    steps = max(math.floor(gap / (unit * claim.multiplier)) - 1, 1)  # one early: truncation turns round at 0
    while True:
        moved = replace(claim, value=claim.value + unit * (steps if below else -steps))
        span = ledger.interval(moved, reading)
        turned = claim.hedge != "none" and moved.value * claim.value < 0  # "more than" would mean less
        if not turned and not (span & others).is_empty:
            return moved.point
        if turned or span.is_empty or (others < span if below else span < others):
            return None
        steps += 1
