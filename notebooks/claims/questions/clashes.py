"""Printed figures that cannot all be right, as one figure: the disagreements, and a figure of a quarter and a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from claims.content.phrases import Link, Phrase
from claims.judging.verdict import INCONSISTENT, Judged, Verdict
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger
from claims.questions import growth
from claims.questions.discrepancies import printed_alike, with_times
from claims.results.anchors import anchor
from claims.results.finding import Finding, counted
from claims.words.labels import claim_text, uncapitalised
from claims.words.numerals import range_text
from claims.words.sentences import listed_phrases, phrase
from claims.words.verdicts import verdict_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_DRAWN", "NO_VALUE", "TWO_PERIODS", "USUALLY", "Clash", "PrintedRow", "alt", "chart", "clashes",
    "count", "growth_of", "most_drawn", "title",
]  # fmt: skip

MOST_DRAWN = 40  # figures: more fill no page, and a chart of thousands takes minutes to draw
NO_VALUE = "no value fits all"
USUALLY = "no value fits all, as usually read"
TWO_PERIODS = "same figure, different periods"


class PrintedRow(NamedTuple):
    """A printed figure as it is compared: its claims, its words, its point and its interval in the clash's `unit`."""

    claims: tuple[Claim, ...]
    words: str
    point: Fraction
    interval: Interval

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Return the bounds of the interval, the point for one that is not there."""
        low, high = self.interval.low, self.interval.high
        return self.point if low is None else low, self.point if high is None else high


class Clash(NamedTuple):
    """Figures that cannot all be right: what they are on, why they cannot, their common unit, and a row for each.

    `turns_story` is whether they turn over what a text claims, such as that something rose.
    """

    what: Link
    why: str
    unit: str
    rows: tuple[PrintedRow, ...]
    turns_story: bool = False

    @property
    def gap(self) -> Fraction:
        """Return how far apart the figures are at most, as a share of the larger."""
        points = [row.point for row in self.rows]
        return (max(points) - min(points)) / (max(map(abs, points)) or 1)


def clashes(ledger: Ledger, judged: Judged, reading: Reading) -> list[Clash]:
    """Return the disagreements over one quantity, then the quarters for which a text prints the figure of the year.

    A multiple and a growth rate of the same level are compared as growth. Disagreements within relations of other kinds
    have no scale in common and are left out.
    """
    compared = (_from_verdict(ledger, verdict, reading) for verdict in judged.disagreements)
    return [*filter(None, compared), *_quarters(ledger, reading)]


def _from_verdict(ledger: Ledger, verdict: Verdict, reading: Reading) -> Clash | None:
    """Return a disagreement as a clash; None if its figures are of several quantities, unless all are growth."""
    kinds = {claim: ledger.indicators[claim.indicator].kind for claim in verdict.claims}
    as_growth = set(kinds.values()) == {"growth", "multiple"}
    main = next((claim for claim, kind in kinds.items() if kind == "growth"), verdict.claims[0])
    if verdict.kind != "group" and not as_growth:
        return None
    rows = []
    for claims in printed_alike(verdict.claims):
        point, interval = claims[0].point, ledger.interval(claims[0], reading)
        if as_growth and kinds[claims[0]] == "multiple":
            low, high = (end if end is None else growth_of(end) for end in (interval.low, interval.high))
            point, interval = growth_of(point), replace(interval, low=low, high=high)
        rows.append(PrintedRow(tuple(claims), with_times(claims), point, interval))
    label = _dated(ledger, main) if as_growth else verdict_label(ledger, verdict)
    why = NO_VALUE if verdict.word == INCONSISTENT else USUALLY
    return Clash(Link(label, anchor(verdict.id)), why, main.unit, tuple(rows), bool(verdict.flips))


def _quarters(ledger: Ledger, reading: Reading) -> Iterator[Clash]:
    """Yield the quarters for which a text prints the figure of a whole year, taken four times."""
    for row in growth.quarters(ledger, reading):
        quarter, year = row["quarter"], row["year"]
        whole, fourfold = ledger.interval(year, reading), row["four_quarters"]
        if growth.same_figure(quarter, year) and (whole & fourfold.interval).is_empty:
            words = f"{claim_text(quarter)} in each quarter"
            rows = (
                PrintedRow((quarter,), words, fourfold.value, fourfold.interval),
                PrintedRow((year,), claim_text(year), year.point, whole),
            )
            what = Link(f"{_dated(ledger, quarter)} and {year.period.label}", quarter.id)
            yield Clash(what, TWO_PERIODS, quarter.unit, rows)


def _dated(ledger: Ledger, claim: Claim) -> str:
    return f"{ledger.indicators[claim.indicator].label}, {claim.period.label}"


def growth_of(multiple: Fraction) -> Fraction:
    """Return a multiple as growth in percent.

    >>> growth_of(Fraction(2))
    Fraction(100, 1)
    """
    return 100 * (multiple - 1)


def chart(found: Sequence[Clash]) -> pd.DataFrame:
    """Return the figures of clashes as drawn, one row each.

    Columns: group (what they are on), verdict (why they clash), source, shown (text and figure), stands_for (its
    interval in words), from (ids of its claims), point, low, high, in the unit of the clash. A bound that is not there
    is drawn at the point.
    """
    import pandas as pd

    rows = []
    for clash in found:
        for row in clash.rows:
            low, high = row.ends
            rows.append(
                {
                    "group": clash.what.text,
                    "verdict": clash.why,
                    "source": row.claims[0].source,
                    "shown": f"{row.claims[0].source_name}: {row.words}",
                    "stands_for": range_text(row.interval, clash.unit),
                    "from": " ".join(claim.id for claim in row.claims),
                    "point": float(row.point),
                    "low": float(low),
                    "high": float(high),
                }
            )
    names = ("group", "verdict", "source", "shown", "stands_for", "from", "point", "low", "high")
    return pd.DataFrame(rows, columns=names)


def most_drawn(found: Sequence[Clash]) -> tuple[Sequence[Clash], str]:
    """Return the clashes that a chart has room for, of MOST_DRAWN figures in all, and a note if there are more.

    Of many the gravest are drawn: those that no reading settles first, then those that change what a text claims, then
    those whose figures are furthest apart. Of a gravest one with too many figures, those at both ends are.
    """
    whole = sum(len(clash.rows) for clash in found)
    if whole <= MOST_DRAWN:
        return found, ""
    first, *others = sorted(found, key=lambda one: (one.why != NO_VALUE, not one.turns_story, -one.gap))
    drawn = [_ends_of(first)]
    for clash in others:
        if sum(len(one.rows) for one in (*drawn, clash)) > MOST_DRAWN:
            break
        drawn.append(clash)
    numbers = whole, len(found), sum(len(clash.rows) for clash in drawn), len(drawn)
    figures, sets, some, of_sets = (f"<data>{number:,}</data>" for number in numbers)
    return drawn, (
        f" Of {figures} figures in {sets} sets only {some} in {of_sets} are drawn: of the sets that no reading "
        "settles, then of the others, first those that change what a text claims, then those furthest apart. The data "
        "of this figure have all."
    )


def _ends_of(clash: Clash) -> Clash:
    """Return a clash with at most MOST_DRAWN figures: those that end lowest, and those that begin highest."""
    if len(clash.rows) <= MOST_DRAWN:
        return clash
    lowest = sorted(clash.rows, key=lambda row: row.ends[1])[: MOST_DRAWN // 2]
    highest = sorted(clash.rows, key=lambda row: row.ends[0])[-MOST_DRAWN // 2 :]
    kept = {id(row) for row in (*lowest, *highest)}
    return clash._replace(rows=tuple(row for row in clash.rows if id(row) in kept))


def count(found: Sequence[Clash]) -> Finding:
    """Return how many sets of printed figures cannot all be right."""
    claims = tuple(dict.fromkeys(claim.id for clash in found for row in clash.rows for claim in row.claims))
    return counted(
        "clashes_total",
        "Sets of printed figures that cannot all be right",
        len(found),
        "sets of claims without a common value",
        inputs={"claims": claims or "claims.csv"},
    )


def title(found: Sequence[Clash]) -> str:
    """Return a sentence template: how many sets of figures cannot all be right."""
    sets = "set" if len(found) == 1 else "sets"
    some = f"As usually read, {{clashes_total}} {sets} of printed figures cannot all be right"
    return some if found else "All printed figures can be right"


def alt(ledger: Ledger, found: Sequence[Clash]) -> Phrase:
    """Return the alt text of the figure: every clash, its figures, and why they clash."""
    text = phrase("Dots on intervals, a band for each set of figures, each on its own scale.")
    for clash in found:
        figures = [
            phrase("{text}: {figure}", text=row.claims[0].source_name, figure=Link(row.words, row.claims[0].id))
            for row in clash.rows
        ]
        what = Link(uncapitalised(clash.what.text, ledger.subject), clash.what.to)
        text += phrase(" On {what}: {figures}; {why}.", what=what, figures=listed_phrases(figures), why=clash.why)
    return text
