"""What do official statistics say? The tables, the figures and the quoted lists on the two series, each as one call.

Trade is compared in total, against the texts, against growth rates, and flow by flow. `band` is what freight and
insurance make of an exporter's figure: the lowest and the highest multiple, as in (1.0, 1.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.content.phrases import Marked, Phrase
from claims.judging.verdict import CONSISTENT, INCONSISTENT
from claims.questions import discrepancies, growth
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.tables.messages import closest
from claims.words.quoted import Quoted
from claims.words.sentences import listed_phrases, phrase
from claims.words.values import range_link

from kazakhstan import fit, mirror, official_exhibits
from kazakhstan.doubtful import DOUBTFUL_NOTE
from kazakhstan.mirror import EXPLAINS, IN_PART, OPEN, SIDES, WRONG_WAY, Flow, point
from kazakhstan.whose_counts import directions_printed, is_count_named, offices_named

__all__ = [
    "directed_flows",
    "directions_printed",
    "flows_table",
    "is_count_named",
    "judge_flows",
    "latest_gap",
    "latest_year",
    "nearest",
    "offices_named",
    "other_limits",
    "own_rates",
    "rates_on_levels",
    "ratios",
    "rest_of_year",
    "transport",
    "turnover",
    "worst_misfit",
]


def turnover(book: Book) -> Exhibit:
    """Table: the trade turnover of each period in both series, and how far they differ."""
    pairs = mirror.turnover(book.ledger, book.reading)
    return book.table(
        official_exhibits.turnover_table(book.ledger, pairs),
        findings=[*growth.findings_in(pairs), *fit.rest_of_year(book.ledger, pairs, book.reading)],
        id="tbl-series",
        place="appendix",
        title="Trade between China and Kazakhstan by Chinese customs and by Kazakh statistics",
        caption="Every year that a page quotes for either side, and other periods quoted for both. Ratio: the Chinese "
        "figure over the Kazakh. The last column holds figures of an authority that the page does not name, or of "
        "another. " + DOUBTFUL_NOTE,
        columns={
            "period": "Period",
            "china": Column("Chinese customs", align="right"),
            "kazakhstan": Column("Kazakh statistics", align="right"),
            "ratio": Column("Ratio", align="right"),
            "ratio_range": "Range",
            "gap_smaller": Column("Gap, % of smaller", align="right"),
            "gap_larger": Column("Gap, % of larger", align="right"),
            "others": "Other or not named",
        },
    )


def rest_of_year(book: Book) -> Phrase:
    """Return in a sentence how far the counts lay apart in the months that only the latest year covers."""
    pairs = mirror.turnover(book.ledger, book.reading)
    rest = fit.rest_of_year(book.ledger, pairs, book.reading)
    if not rest:
        return Phrase(("Within a year the ratio of both counts did not change.",))
    words = "In the last months of that year the Chinese count was {ratio} times the Kazakh ({range}), unlike before."
    return phrase(words, ratio=rest[-1], range=range_link(rest[-1]))


def nearest(book: Book) -> Exhibit:
    """Table: how far the texts' figures for trade lie from either series."""
    near, means = fit.nearest(book.ledger, book.reading), fit.quarterly_means(book.ledger, book.reading)
    return book.table(
        official_exhibits.nearest_table(book.ledger, near),
        findings=[*growth.findings_in(near), *means, fit.like_for_like(book.ledger, book.reading)],
        id="tbl-nearest",
        place="appendix",
        title="How far the texts' figures for trade lie from either official series",
        caption="Distance: the printed figure less the official, in percent of the official, as a range. The last "
        "column names the series whose interval overlaps that of the printed figure. Equal figures are listed at the "
        "earliest text. ‡ Worked out: the Kazakh <time>quarter</time> follows from the same <time>quarter</time> a "
        "year later and its growth. " + DOUBTFUL_NOTE,
        columns={
            "figure": "Printed",
            "text": "Text",
            "period": "Period",
            "china_customs": Column("Chinese customs", align="right"),
            "china_customs_distance": "Distance from them",
            "kz_statistics": Column("Kazakh statistics", align="right"),
            "kz_statistics_distance": "Distance from these",
            "may": "Compatible with",
        },
    )


def rates_on_levels(book: Book) -> Exhibit:
    """Table: growth rates of each series on the levels of each, and the level of the year before that they imply."""
    crossed = fit.crossed(book.ledger, book.reading)
    return book.table(
        official_exhibits.crossed_table(book.ledger, crossed),
        findings=growth.findings_in(crossed),
        id="tbl-crossed",
        place="appendix",
        title="Growth rates of each series on the levels of each, and the year before that they imply",
        caption="Years for which a page quotes the level, the level before and a growth rate. “Fits”: whether the "
        "implied level overlaps the quoted level; a rate or level that is coarsely rounded may fit where a precise "
        "rate would not.",
        columns={
            "year": "Year",
            "level": Column("Level", align="right"),
            "level_side": "Level counted by",
            "growth": Column("Growth", align="right"),
            "growth_side": "Growth counted by",
            "implied": "Implied level before",
            "before": Column("Quoted level before", align="right"),
            "fits": "Fits",
        },
    )


def own_rates(book: Book) -> Phrase:
    """Return how many of the rates fit the levels of their own series, as the subject of a sentence with "fits"."""
    own = [rate for rate in fit.crossed(book.ledger, book.reading) if rate.growth_side == rate.level_side]
    if not own:
        return Phrase(("No rate can be tested, so none",))
    every = all(rate.word == CONSISTENT for rate in own)
    return Phrase((f"{'Every' if every else 'Not every'} rate that can be tested",))


def worst_misfit(book: Book) -> Phrase:
    """Return the rate that fits the levels of the other series worst, as the end of a sentence on these rates."""
    rates = fit.crossed(book.ledger, book.reading)
    misfits = [rate for rate in rates if rate.growth_side != rate.level_side and rate.word == INCONSISTENT]
    if not misfits:
        return Phrase(("none contradicts them",))
    worst = max(misfits, key=lambda rate: abs(float(point(rate.implied)) / float(point(rate.before)) - 1))
    growth, level, before = (
        official_exhibits.level_cell(book.ledger, quoted) or "" for quoted in (worst.growth, worst.level, worst.before)
    )
    return phrase(
        "some do not: growth of {growth} by {growth_side} on the {level} of {level_side} implies {implied} for the "
        "year before, where {level_side} are quoted with {before}",
        growth=growth,
        growth_side=SIDES[worst.growth_side],
        level=level,
        level_side=SIDES[worst.level_side],
        implied=range_link(worst.implied),
        before=before,
    )


def directed_flows(book: Book, band: tuple[float, float]) -> list[Flow]:
    """Return every direction of trade in every year that both sides count, to pass to the functions below."""
    return mirror.flows(book.ledger, book.reading, band)


def flows_table(book: Book, flows: Sequence[Flow], band: tuple[float, float]) -> Exhibit:
    """Table: each direction of trade as its exporter and its importer count it."""
    return book.table(
        official_exhibits.flows_table(book.ledger, flows),
        findings=growth.findings_in(flows),
        id="tbl-flows",
        place="appendix",
        title="Each direction of trade as its exporter and its importer count it",
        caption="‡ Not quoted, but worked out: the turnover less the other flow or, of Chinese exports, the Kazakh "
        "figure plus the gap that a page quotes. Freight and insurance are taken to make the figure of the importer at "
        f"most <data>{band[1]:g}</data> times that of the exporter: they *explain* a gap if the whole range "
        "lies within that, *explain in part* if it lies above, point in the *wrong direction* if it lies below, and "
        "leave it *undecided* if it lies across. For goods that cross the common border directly that limit is "
        "generous; other [readings](60_robustness.ipynb) take lower limits.",
        columns={
            "flow": "From, to",
            "period": "Year",
            "exporter": Column("Exporter X", align="right"),
            "importer": Column("Importer M", align="right"),
            "difference": Column("X − M", align="right"),
            "ratio": Column("M ÷ X", align="right"),
            "ratio_range": "Range",
            "log_ratio": Column("ln(M÷X)", align="right"),
            "symmetric": Column("Symmetric gap", align="right"),
            "word": "Freight and insurance",
        },
    )


def judge_flows(book: Book, flows: Sequence[Flow], band: tuple[float, float]) -> None:
    """Pass to the report, as a verdict on each flow, whether freight and insurance account for its gap."""
    discrepancies.emit(book.ledger, mirror.verdicts(book.ledger, flows, band), pin=False)


def ratios(flows: Sequence[Flow], direction: str) -> Phrase:
    """Return the lowest and the highest multiple of the exporter's figure that the importer's is, in one direction.

    `direction` is "exports_to_china" or "imports_from_china", in every function here.
    """
    ordered = sorted((flow.ratio for flow in _flows_in(flows, direction)), key=point)
    return phrase("{lowest} to {highest}", lowest=ordered[0], highest=ordered[-1])


def transport(flows: Sequence[Flow], direction: str) -> Phrase:
    """Return what freight and insurance explain of the gaps in one direction, and when, as the end of a sentence."""
    own = _flows_in(flows, direction)
    return listed_phrases([_effect(own, word) for word in _EFFECTS if any(flow.word == word for flow in own)])


def other_limits(flows: Sequence[Flow], direction: str) -> str:
    """Return as a sentence which limit on freight and insurance would change what `transport` says of a direction."""
    words = {flow.word for flow in _flows_in(flows, direction)}
    if EXPLAINS not in words:
        return f"A higher limit would change {'that answer' if len(words) == 1 else 'both answers'}."
    return "A lower limit would change that answer." if len(words) == 1 else "Another limit would change these answers."


def latest_year(flows: Sequence[Flow]) -> Phrase:
    """Return the latest year for which both sides count both directions."""
    return Phrase((Marked(_latest(flows, mirror.IMPORTS).period.label, "date"),))


def latest_gap(flows: Sequence[Flow], direction: str) -> Quoted:
    """Return the exporter's figure less the importer's in the latest year with both directions."""
    return Quoted(_latest(flows, direction).difference)


def _flows_in(flows: Sequence[Flow], direction: str) -> list[Flow]:
    """Return the flows in one direction. Raises ValueError for an unknown direction, and where there are none."""
    if direction not in mirror.FLOWS:
        near = closest(direction, mirror.FLOWS)
        remedy = f"did you mean {near!r}?" if near else f"one of: {', '.join(mirror.FLOWS)}"
        raise ValueError(f"there is no direction {direction!r}; {remedy}")
    own = [flow for flow in flows if flow.indicator == direction]
    if not own:
        raise ValueError(f"in no year do both sides count {direction}; delete the sentence that quotes it")
    return own


def _latest(flows: Sequence[Flow], direction: str) -> Flow:
    years = [{flow.period.key for flow in flows if flow.indicator == each} for each in mirror.FLOWS]
    both = [flow for flow in flows if flow.period.key in set.intersection(*years)]
    return max(_flows_in(both, direction), key=lambda flow: flow.period.key)


def _effect(flows: Sequence[Flow], word: str) -> Phrase:
    years = [Phrase((Marked(flow.period.label, "date"),)) for flow in flows if flow.word == word]
    when = Phrase(("every year",)) if len(years) == len(flows) else listed_phrases(years)
    return phrase(_EFFECTS[word] + " in {when}", when=when)


_EFFECTS = {
    EXPLAINS: "could explain the gap",
    IN_PART: "could explain only a part of the gap",
    OPEN: "may or may not explain the whole gap",
    WRONG_WAY: "point the other way",
}
